"""Rules of policy: what is announced of a part's life, what it is called, and how versions are numbered.

Nothing is rejected because of an announcement: what takes back something that clients rely on is risky, the
rest is documentation.
"""

from __future__ import annotations

from collections.abc import Iterator

from apiver.compare.change import Effect
from apiver.compare.rules.rule import Direction, Rule
from apiver.compare.rules.source import Source, openapi, rfc, validation

_OPERATION = openapi("Operation Object")
_PARAMETER = openapi("Parameter Object")
_INFO = openapi("Info Object")
_DEPRECATED = validation("9.3", "deprecated")
_DEPRECATION = rfc(9745, "2", "The Deprecation HTTP response header field")
_SUNSET = rfc(8594, "3", "The Sunset HTTP response header field")
_EXTENSIONS = openapi("Specification Extensions")

_WORKS = "It still works."
_NOTHING = "nothing to do"

# What is announced of a property, in each direction: the end of the id, title, why, instead, effect, source.
_PROPERTY = (
    ("deprecated", "is deprecated now", _WORKS, "say what replaces it", Effect.DOCS, _DEPRECATED),
    (
        "deprecated-with-sunset",
        "is deprecated now, and has a last day",
        f"{_WORKS} Clients know how long.",
        "say what replaces it",
        Effect.DOCS,
        _SUNSET,
    ),
    ("reactivated", "is not deprecated any more", "It goes on working.", _NOTHING, Effect.DOCS, _DEPRECATED),
    (
        "deprecated-sunset-missing",
        "is deprecated without a last day",
        "Clients cannot plan: the policy asks for a sunset.",
        "add x-sunset with a day that leaves enough time",
        Effect.RISKY,
        _SUNSET,
    ),
    (
        "deprecated-sunset-invalid",
        "has or had a sunset that is no date",
        "Neither people nor programs can tell when it ends.",
        'write the day as a date: x-sunset: "2027-01-31"',
        Effect.RISKY,
        _SUNSET,
    ),
    (
        "sunset-date-too-small",
        "is deprecated and ends too soon",
        "Clients have less time to move than the policy grants them.",
        "choose a later day",
        Effect.RISKY,
        _SUNSET,
    ),
    (
        "sunset-deleted",
        "is deprecated still, but its last day is gone",
        "Clients that planned for that day do not know any more.",
        "keep the day, or take back the deprecation as well",
        Effect.RISKY,
        _SUNSET,
    ),
    (
        "sunset-date-changed-too-small",
        "ends earlier than was announced",
        "Clients that planned for the old day come too late.",
        "keep the day that was announced, or choose a later one",
        Effect.RISKY,
        _SUNSET,
    ),
    (
        "sunset-postponed",
        "ends later than was announced",
        "Clients have more time.",
        _NOTHING,
        Effect.DOCS,
        _SUNSET,
    ),
    (
        "stability-decreased",
        "is less stable than it was",
        "Clients were built on a promise that is taken back.",
        "keep the level, and make what is new unstable instead",
        Effect.RISKY,
        _EXTENSIONS,
    ),
    (
        "stability-increased",
        "is more stable than it was",
        "More is promised.",
        _NOTHING,
        Effect.DOCS,
        _EXTENSIONS,
    ),
    (
        "stability-invalid",
        "has or had a stability level that does not exist",
        "How much is promised cannot be read.",
        "write draft, alpha, beta or stable",
        Effect.RISKY,
        _EXTENSIONS,
    ),
)


def _properties() -> Iterator[Rule]:
    directions: tuple[Direction, ...] = ("request", "response")
    for direction in directions:
        for how, said, why, instead, effect, source in _PROPERTY:
            yield Rule(
                f"{direction}-property-{how}",
                f"a property of the {direction} {said}",
                why,
                instead,
                effect,
                direction,
                "lifecycle",
                source,
            )


def _operation(
    rule_id: str, title: str, why: str, instead: str, effect: Effect, source: Source = _OPERATION
) -> Rule:
    return Rule(rule_id, title, why, instead, effect, "none", "lifecycle", source)


def _parameter(
    rule_id: str, title: str, why: str, instead: str, effect: Effect, source: Source = _PARAMETER
) -> Rule:
    return Rule(rule_id, title, why, instead, effect, "request", "lifecycle", source)


RULES = (
    *_properties(),
    _operation(
        "endpoint-deprecated",
        "an operation is deprecated now",
        _WORKS,
        "name a sunset date and a successor",
        Effect.DOCS,
        _DEPRECATION,
    ),
    _operation(
        "endpoint-deprecated-with-sunset",
        "an operation is deprecated now, and has a last day",
        f"{_WORKS} Clients know how long.",
        "name a successor, and send the Deprecation and Sunset header fields",
        Effect.DOCS,
        _SUNSET,
    ),
    _operation(
        "endpoint-reactivated",
        "an operation is not deprecated any more",
        "It goes on working.",
        _NOTHING,
        Effect.DOCS,
        _DEPRECATION,
    ),
    _operation(
        "api-deprecated-sunset-missing",
        "an operation is deprecated without a last day",
        "Clients cannot plan: the policy asks for a sunset.",
        "add x-sunset with a day that leaves enough time",
        Effect.RISKY,
        _SUNSET,
    ),
    _operation(
        "api-deprecated-sunset-parse",
        "an operation is deprecated with a sunset that is no date",
        "Neither people nor programs can tell when it ends.",
        'write the day as a date: x-sunset: "2027-01-31"',
        Effect.RISKY,
        _SUNSET,
    ),
    _operation(
        "api-path-sunset-parse",
        "the sunset of a deprecated operation was or is no date",
        "Neither people nor programs can tell when it ends.",
        'write the day as a date: x-sunset: "2027-01-31"',
        Effect.RISKY,
        _SUNSET,
    ),
    _operation(
        "api-sunset-date-too-small",
        "an operation is deprecated and ends too soon",
        "Clients have less time to move than the policy grants them.",
        "choose a later day",
        Effect.RISKY,
        _SUNSET,
    ),
    _operation(
        "api-sunset-date-changed-too-small",
        "an operation ends earlier than was announced",
        "Clients that planned for the old day come too late.",
        "keep the day that was announced, or choose a later one",
        Effect.RISKY,
        _SUNSET,
    ),
    _operation(
        "api-sunset-postponed",
        "an operation ends later than was announced",
        "Clients have more time.",
        _NOTHING,
        Effect.DOCS,
        _SUNSET,
    ),
    _operation(
        "sunset-deleted",
        "a deprecated operation has no last day any more",
        "Clients that planned for that day do not know any more.",
        "keep the day, or take back the deprecation as well",
        Effect.RISKY,
        _SUNSET,
    ),
    _operation(
        "api-stability-decreased",
        "an operation is less stable than it was",
        "Clients were built on a promise that is taken back.",
        "keep the level, and make what is new unstable instead",
        Effect.RISKY,
        _EXTENSIONS,
    ),
    _operation(
        "api-stability-increased",
        "an operation is more stable than it was",
        "More is promised.",
        _NOTHING,
        Effect.DOCS,
        _EXTENSIONS,
    ),
    _operation(
        "api-invalid-stability-level",
        "an operation has or had a stability level that does not exist",
        "How much is promised cannot be read.",
        "write draft, alpha, beta or stable",
        Effect.RISKY,
        _EXTENSIONS,
    ),
    _operation(
        "api-operation-id-added",
        "an operation has an operationId now",
        "Generated clients name its method after it from now on.",
        "tell those who generate their client",
        Effect.DOCS,
    ),
    _operation(
        "api-operation-id-removed",
        "an operation is called something else, or nothing",
        "No request changes, but generated clients name its method after it: their callers must be edited.",
        "keep the operationId",
        Effect.DOCS,
    ),
    _operation(
        "api-tag-added",
        "an operation has another tag",
        "No request changes; some generated clients sort methods into classes by tag.",
        "add it at the end of the list",
        Effect.DOCS,
    ),
    _operation(
        "api-tag-removed",
        "an operation lost a tag",
        "No request changes; some generated clients sort methods into classes by tag.",
        "keep the tag",
        Effect.DOCS,
    ),
    _operation(
        "api-version-not-bumped",
        "something breaks and the version is the same",
        "Whoever goes by the number takes the new contract for the old one.",
        "raise the first part of info.version",
        Effect.DOCS,
        _INFO,
    ),
    _operation(
        "api-version-decreased",
        "something breaks and the version went back",
        "Whoever goes by the number takes the new contract for an older one.",
        "raise the first part of info.version",
        Effect.DOCS,
        _INFO,
    ),
    _operation(
        "api-major-version-not-bumped",
        "something breaks and only a lesser part of the version grew",
        "Whoever goes by the number takes it for an update that breaks nothing.",
        "raise the first part of info.version",
        Effect.DOCS,
        _INFO,
    ),
    _parameter(
        "request-parameter-deprecated",
        "a parameter is deprecated now",
        _WORKS,
        "say what replaces it",
        Effect.DOCS,
    ),
    _parameter(
        "request-parameter-reactivated",
        "a parameter is not deprecated any more",
        "It goes on working.",
        _NOTHING,
        Effect.DOCS,
    ),
    _parameter(
        "request-parameter-deprecated-sunset-missing",
        "a parameter is deprecated without a last day",
        "Clients cannot plan: the policy asks for a sunset.",
        "add x-sunset with a day that leaves enough time",
        Effect.RISKY,
        _SUNSET,
    ),
    _parameter(
        "request-parameter-sunset-parse",
        "a deprecated parameter has or had a sunset that is no date",
        "Neither people nor programs can tell when it ends.",
        'write the day as a date: x-sunset: "2027-01-31"',
        Effect.RISKY,
        _SUNSET,
    ),
    _parameter(
        "request-parameter-sunset-date-too-small",
        "a parameter is deprecated and ends too soon",
        "Clients have less time to move than the policy grants them.",
        "choose a later day",
        Effect.RISKY,
        _SUNSET,
    ),
    _parameter(
        "request-parameter-sunset-date-changed-too-small",
        "a parameter ends earlier than was announced",
        "Clients that planned for the old day come too late.",
        "keep the day that was announced, or choose a later one",
        Effect.RISKY,
        _SUNSET,
    ),
    _parameter(
        "request-parameter-sunset-postponed",
        "a parameter ends later than was announced",
        "Clients have more time.",
        _NOTHING,
        Effect.DOCS,
        _SUNSET,
    ),
    _parameter(
        "request-parameter-sunset-deleted",
        "a deprecated parameter has no last day any more",
        "Clients that planned for that day do not know any more.",
        "keep the day, or take back the deprecation as well",
        Effect.RISKY,
        _SUNSET,
    ),
    _parameter(
        "request-parameter-removed-with-deprecation",
        "a deprecated parameter is not read any more",
        "Nothing is rejected, and clients were told to leave it out.",
        _NOTHING,
        Effect.COMPATIBLE,
    ),
    _parameter(
        "request-parameter-removed-before-sunset",
        "a deprecated parameter is not read any more, before its last day",
        "Nothing is rejected, but what clients ask for with it is ignored sooner than they were told.",
        "keep reading it until that day has ended",
        Effect.RISKY,
        _SUNSET,
    ),
    _parameter(
        "request-parameter-x-extensible-enum-value-removed",
        "a parameter does not list a known value any more",
        "Nothing in the contract rejects it, but whether it is understood is not said any more.",
        "keep listing it for as long as it is understood",
        Effect.RISKY,
        _EXTENSIONS,
    ),
    _parameter(
        "request-property-x-extensible-enum-value-removed",
        "a property of the request does not list a known value any more",
        "Nothing in the contract rejects it, but whether it is understood is not said any more.",
        "keep listing it for as long as it is understood",
        Effect.RISKY,
        _EXTENSIONS,
    ),
)
