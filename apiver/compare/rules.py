"""The catalogue: for every rule its title, why it matters, and what to do instead.

An id reads `<direction>-<what>-<how>` and equals oasdiff's id wherever the meaning is the same. The rules of
schemas are a product: a direction, the part that holds the schema, and what happened to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

Direction = Literal["request", "response", "none"]
Move = Literal["narrowed", "widened"]
"""What happened to the set of values: fewer are allowed now, or more."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of change. `title` is what happened, `why` whom it hurts, `instead` the way round it."""

    id: str
    title: str
    why: str
    instead: str


_WHERE = {
    "request": {
        "body": "the request body",
        "property": "a property of the request",
        "parameter": "a parameter",
        "parameter-property": "a property of a parameter",
    },
    "response": {
        "body": "the response body",
        "property": "a property of the response",
        "header": "a response header",
    },
}

# How a set of values changed: suffix when it narrowed, suffix when it widened. A pair of suffixes stands for
# "changed" and for "was not there before" (or "is not there now").
_SUFFIXES: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "type": (("type-changed", "type-changed"), ("type-generalized", "type-generalized")),
    "nullable": (("became-not-nullable",) * 2, ("became-nullable",) * 2),
    "enum": (("enum-value-removed", "became-enum"), ("enum-value-added", "enum-removed")),
    "min": (("min-increased", "min-set"), ("min-decreased", "min-unset")),
    "max": (("max-decreased", "max-set"), ("max-increased", "max-unset")),
    "exclusive-min": (
        ("exclusive-min-increased", "exclusive-min-set"),
        ("exclusive-min-decreased", "exclusive-min-unset"),
    ),
    "exclusive-max": (
        ("exclusive-max-decreased", "exclusive-max-set"),
        ("exclusive-max-increased", "exclusive-max-unset"),
    ),
    "multiple-of": (("multiple-of-changed", "multiple-of-set"), ("multiple-of-changed", "multiple-of-unset")),
    "min-length": (("min-length-increased", "min-length-set"), ("min-length-decreased", "min-length-unset")),
    "max-length": (("max-length-decreased", "max-length-set"), ("max-length-increased", "max-length-unset")),
    "pattern": (("pattern-changed", "pattern-added"), ("pattern-changed", "pattern-removed")),
    "format": (("format-changed", "format-added"), ("format-changed", "format-removed")),
    "min-items": (("min-items-increased", "min-items-set"), ("min-items-decreased", "min-items-unset")),
    "max-items": (("max-items-decreased", "max-items-set"), ("max-items-increased", "max-items-unset")),
    "unique-items": (("unique-items-set",) * 2, ("unique-items-unset",) * 2),
    "min-properties": (
        ("min-properties-increased", "min-properties-set"),
        ("min-properties-decreased", "min-properties-unset"),
    ),
    "max-properties": (
        ("max-properties-decreased", "max-properties-set"),
        ("max-properties-increased", "max-properties-unset"),
    ),
    "additional": (("additional-properties-narrowed",) * 2, ("additional-properties-widened",) * 2),
    "dependent-required": (("dependent-required-added",) * 2, ("dependent-required-removed",) * 2),
    "alternatives": (("any-of-removed",) * 2, ("any-of-added",) * 2),
    "excluded": (("not-added",) * 2, ("not-removed",) * 2),
    "one-of": (("one-of-overlap-added",) * 2, ("one-of-overlap-removed",) * 2),
    "budget": (("undecided",) * 2, ("undecided",) * 2),
}

_TITLES = {
    "type-changed": "the type of {where} changed",
    "type-generalized": "the type of {where} became wider",
    "type-specialized": "the type of {where} became narrower",
    "became-not-nullable": "{where} may not be null any more",
    "became-nullable": "{where} may be null now",
    "enum-value-removed": "a listed value of {where} is gone",
    "enum-value-added": "{where} has a new listed value",
    "became-enum": "{where} is limited to listed values now",
    "enum-removed": "{where} is not limited to listed values any more",
    "additional-properties-narrowed": "{where} takes fewer members that it does not name",
    "additional-properties-widened": "{where} takes more members that it does not name",
    "dependent-required-added": "a member of {where} needs another one now",
    "dependent-required-removed": "a member of {where} does not need another one any more",
    "any-of-removed": "an alternative of {where} is gone",
    "any-of-added": "{where} has a new alternative",
    "not-added": "{where} excludes values that it allowed",
    "not-removed": "{where} allows values that it excluded",
    "one-of-overlap-added": "alternatives of {where} that exclude one another overlap now",
    "one-of-overlap-removed": "alternatives of {where} that exclude one another overlapped before",
    "undecided": "whether {where} changed its meaning could not be decided",
    "default-value-added": "{where} has a default now",
    "default-value-changed": "the default of {where} changed",
    "default-value-removed": "{where} has no default any more",
}

_WHY: dict[tuple[Direction, Move], str] = {
    ("request", "narrowed"): "A client that sends what the old contract allowed is turned away.",
    ("request", "widened"): "Everything that clients send today is still accepted.",
    (
        "response",
        "widened",
    ): "A client that was written for the old contract receives something it never had to expect.",
    ("response", "narrowed"): "Clients receive only what they already had to expect.",
}
_INSTEAD: dict[tuple[Direction, Move], str] = {
    ("request", "narrowed"): "keep accepting the old values for as long as clients of the old version exist",
    ("request", "widened"): "nothing to do",
    (
        "response",
        "widened",
    ): "send the old form to clients of the old version, or put the new one into a new property",
    ("response", "narrowed"): "nothing to do",
}
_BETTER = {
    ("request", "became-not-nullable"): "treat null as the absence of a value, or fill in a default",
    ("request", "type-changed"): "accept both types for as long as clients of the old version exist",
    ("response", "type-changed"): "add a property of the new type beside the old one",
    ("response", "enum-value-added"): "map the new value to a known one for clients of the old version",
    (
        "response",
        "became-nullable",
    ): "leave the property out or send an empty value to clients of the old version",
}

_SPECIAL = (
    Rule(
        "api-removed-without-deprecation",
        "an operation is gone",
        "Every call of it fails.",
        "deprecate it first, name its successor, and keep it until its sunset",
    ),
    Rule(
        "api-moved",
        "an operation has another URL or method now",
        "Calls of the old URL fail.",
        "keep the old URL as an alias, or answer it with 308 Permanent Redirect until its sunset",
    ),
    Rule("endpoint-added", "an operation is new", "Nobody calls it yet.", "nothing to do"),
    Rule(
        "endpoint-deprecated",
        "an operation is marked as deprecated",
        "It still works.",
        "name a sunset date and a successor",
    ),
    Rule(
        "endpoint-reactivated",
        "an operation is not deprecated any more",
        "It goes on working.",
        "nothing to do",
    ),
    Rule(
        "api-server-removed",
        "a server is gone",
        "Clients that call that host reach nothing.",
        "keep the old host for as long as clients use it",
    ),
    Rule(
        "api-security-added",
        "credentials are required that were not",
        "Requests without them, or with the old ones, are turned away.",
        "accept the old credentials too for as long as clients of the old version exist",
    ),
    Rule(
        "api-security-removed",
        "fewer credentials are required",
        "Every request is still let in.",
        "nothing to do",
    ),
    Rule(
        "new-required-request-parameter",
        "a new parameter is required",
        "Requests without it are turned away.",
        "give it a default, or make it optional",
    ),
    Rule(
        "new-optional-request-parameter",
        "a new parameter is optional",
        "Requests without it still work.",
        "nothing to do",
    ),
    Rule(
        "request-parameter-removed",
        "a parameter is not read any more",
        "Nothing is rejected, but what the client asks for with it is ignored.",
        "keep reading it, or reject it loudly once nobody sends it",
    ),
    Rule(
        "request-parameter-became-required",
        "an optional parameter is required now",
        "Requests without it are turned away.",
        "give it a default",
    ),
    Rule(
        "request-parameter-became-optional",
        "a required parameter is optional now",
        "It may be left out.",
        "nothing to do",
    ),
    Rule(
        "request-parameter-serialization-changed",
        "a parameter is written in another way",
        "The old text is read as another value, or not at all.",
        "accept both ways of writing it",
    ),
    Rule(
        "request-parameter-deprecated",
        "a parameter is marked as deprecated",
        "It still works.",
        "say what replaces it",
    ),
    Rule(
        "request-body-added-required",
        "a body is required now",
        "Requests without one are turned away.",
        "make it optional",
    ),
    Rule(
        "request-body-added-optional",
        "a body may be sent now",
        "Requests without one still work.",
        "nothing to do",
    ),
    Rule(
        "request-body-removed",
        "the body is not read any more",
        "Nothing is rejected, but what the client sends is ignored.",
        "keep reading it",
    ),
    Rule(
        "request-body-became-required",
        "an optional body is required now",
        "Requests without one are turned away.",
        "keep it optional",
    ),
    Rule(
        "request-body-became-optional",
        "a required body is optional now",
        "It may be left out.",
        "nothing to do",
    ),
    Rule(
        "request-body-media-type-removed",
        "a media type is not accepted any more",
        "Requests in that media type are turned away.",
        "accept both media types",
    ),
    Rule(
        "request-body-media-type-added",
        "another media type is accepted",
        "The old ones still are.",
        "nothing to do",
    ),
    Rule(
        "new-required-request-property",
        "a new property is required in the request",
        "Requests without it are turned away.",
        "accept its absence for as long as clients of the old version exist, or fill it in on the server",
    ),
    Rule(
        "request-property-became-required",
        "an optional property of the request is required now",
        "Requests without it are turned away.",
        "accept its absence for as long as clients of the old version exist, or fill it in on the server",
    ),
    Rule(
        "request-property-became-optional",
        "a required property of the request is optional now",
        "It may be left out.",
        "nothing to do",
    ),
    Rule(
        "new-optional-request-property",
        "the request has a new optional property",
        "It may be left out.",
        "nothing to do",
    ),
    Rule(
        "request-property-removed",
        "a property of the request is not read any more",
        "It is rejected where other members are forbidden, and ignored where they are not.",
        "keep reading it",
    ),
    Rule(
        "response-required-property-removed",
        "a property that was always there is gone",
        "Clients read it without a check.",
        "keep sending it to clients of the old version",
    ),
    Rule(
        "response-property-became-optional",
        "a property that was always there may be missing now",
        "Clients read it without a check.",
        "always send it, null or empty if need be and allowed",
    ),
    Rule(
        "response-property-became-required",
        "a property is always there now",
        "Clients already deal with it.",
        "nothing to do",
    ),
    Rule(
        "response-optional-property-removed",
        "an optional property is not sent any more",
        "Clients must deal with its absence, but one that shows it shows nothing now.",
        "keep sending it",
    ),
    Rule(
        "response-forbidden-property-added",
        "the response has a property that was forbidden",
        "Clients that validate what they receive reject it.",
        "leave it out for clients of the old version",
    ),
    Rule(
        "response-optional-property-added",
        "the response has a new property",
        "Clients ignore what they do not know.",
        "nothing to do",
    ),
    Rule(
        "response-required-property-added",
        "the response always has a new property",
        "Clients ignore what they do not know.",
        "nothing to do",
    ),
    Rule(
        "response-success-status-removed",
        "a success is answered with another status",
        "Clients that check for the old status take it for a failure.",
        "keep the old status for clients of the old version",
    ),
    Rule(
        "response-success-status-added",
        "a new success status may be answered",
        "Clients that check for the known ones take it for a failure.",
        "answer with a known status",
    ),
    Rule(
        "response-redirect-status-added",
        "a new redirect may be answered",
        "Clients that do not follow redirects stop here.",
        "answer with the content",
    ),
    Rule(
        "response-non-success-status-added",
        "a new error status may be answered",
        "Clients deal with errors by their class.",
        "nothing to do",
    ),
    Rule(
        "response-non-success-status-removed",
        "an error status is not answered any more",
        "There is one error less.",
        "nothing to do",
    ),
    Rule(
        "response-media-type-removed",
        "a media type is not answered any more",
        "Clients that ask for it, or parse it, get something else.",
        "keep the old media type for those who ask for it",
    ),
    Rule(
        "response-media-type-added",
        "another media type can be answered",
        "The old ones still are.",
        "nothing to do",
    ),
    Rule(
        "response-body-removed",
        "the response has no body any more",
        "Clients parse nothing.",
        "keep sending the body to clients of the old version",
    ),
    Rule(
        "response-body-added",
        "the response has a body now",
        "Clients that did not read one do not miss it.",
        "nothing to do",
    ),
    Rule(
        "required-response-header-removed",
        "a header that was always there is gone",
        "Clients read it without a check.",
        "keep sending it",
    ),
    Rule(
        "optional-response-header-removed",
        "an optional header is not sent any more",
        "Clients must deal with its absence, but those that use it lose it.",
        "keep sending it",
    ),
    Rule(
        "response-header-became-optional",
        "a header that was always there may be missing now",
        "Clients read it without a check.",
        "always send it",
    ),
    Rule(
        "response-header-added",
        "the response has a new header",
        "Clients ignore what they do not know.",
        "nothing to do",
    ),
)


def suffix(kind: str, direction: Direction, move: Move, *, bare: bool) -> str:
    """The last part of a schema rule's id. `bare` says that the wider side has no such keyword at all."""
    narrowed, widened = _SUFFIXES.get(kind, (("undecided",) * 2,) * 2)
    chosen = (narrowed if move == "narrowed" else widened)[1 if bare else 0]
    if kind == "type" and direction == "response":
        chosen = "type-changed" if move == "widened" else "type-specialized"
    return chosen


def direction_of(rule_id: str) -> Direction:
    """Which direction a rule speaks of, by its id."""
    if "response" in rule_id:
        return "response"
    return "none" if rule_id.startswith(("endpoint-", "api-server-")) else "request"


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Rule]:
    """Every rule by id, in order of id."""
    rules = {rule.id: rule for rule in (*_schema_rules(), *_SPECIAL)}
    return dict(sorted(rules.items()))


def rule(rule_id: str) -> Rule:
    """The rule of that id. Raises KeyError where there is none."""
    return catalogue()[rule_id]


def _schema_rules() -> Iterator[Rule]:
    directions: tuple[Direction, ...] = ("request", "response")
    moves: tuple[Move, ...] = ("narrowed", "widened")
    for direction in directions:
        for where, words in _WHERE[direction].items():
            for kind in _SUFFIXES:
                for move in moves:
                    for bare in (False, True):
                        yield _composed(
                            direction, where, words, suffix(kind, direction, move, bare=bare), move
                        )
            for how in ("added", "changed", "removed"):
                yield Rule(
                    f"{direction}-{where}-default-value-{how}",
                    _TITLES[f"default-value-{how}"].format(where=words),
                    "Nothing is rejected, but whoever leaves it out gets something else.",
                    "keep the old default in the old version",
                )


def _composed(direction: Direction, where: str, words: str, how: str, move: Move) -> Rule:
    title = _TITLES.get(how)
    if title is None:
        what, _, verb = how.rpartition("-")
        title = f"the {what} of {{where}} was {verb}"
    instead = _BETTER.get((direction, how), _INSTEAD[direction, move])
    return Rule(f"{direction}-{where}-{how}", title.format(where=words), _WHY[direction, move], instead)


def sentence(how: str, subject: str, old: Any, new: Any, lost: str = "") -> str:
    """What happened to `subject` in one sentence; `old` and `new` say what stood and what stands there."""
    said = {
        "type-changed": f"{subject} was {old} and is {new} now",
        "type-generalized": f"{subject} was {old} and may be {new} now",
        "type-specialized": f"{subject} was {old} and is only {new} now",
        "became-not-nullable": f"{subject} may not be null any more",
        "became-nullable": f"{subject} may be null now",
        "enum-value-removed": f"{subject} no longer takes {lost}",
        "enum-value-added": f"{subject} may now be {lost}",
        "became-enum": f"{subject} takes only {new} now",
        "enum-removed": f"{subject} may be anything now, not only {old}",
        "additional-properties-narrowed": f"{subject} takes fewer members that it does not name",
        "additional-properties-widened": f"{subject} takes more members that it does not name",
        "any-of-removed": f"{subject} lost an alternative",
        "any-of-added": f"{subject} has another alternative now",
        "not-added": f"{subject} excludes values that it allowed",
        "not-removed": f"{subject} allows values that it excluded",
        "one-of-overlap-added": f"{subject} rejects what fits more than one of its alternatives",
        "one-of-overlap-removed": f"{subject} may now be what fitted more than one of its alternatives",
        "undecided": f"{subject} changed in a way that could not be decided",
    }.get(how)
    if said is not None:
        return said
    what, _, verb = how.rpartition("-")
    what = what.replace("-", " ")
    if what.startswith("exclusive") and old == new:
        return f"{subject} may not be {new} itself any more"
    if verb in ("set", "added"):
        return f"{subject} has a limit now: {what} {new}"
    if verb in ("unset", "removed"):
        return f"{subject} lost its limit: {what} {old}"
    return f"{subject}: {what} went from {old} to {new}"
