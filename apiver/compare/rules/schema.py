"""Rules of schemas: a product of a direction, the part that holds the schema, and what became of its values.

A new kind of change is one entry in `KINDS`, and one in `_SAID` where the words for limits do not fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from apiver.compare.change import Effect
from apiver.compare.rules.rule import Direction, Rule
from apiver.compare.rules.source import Source, core, validation

Move = Literal["narrowed", "widened"]
"""What happened to the set of values: fewer are allowed now, or more."""

_WHERE: dict[Direction, dict[str, str]] = {
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


class Kind(NamedTuple):
    """What a gap between two schemas can be about.

    `narrowed` and `widened` are the ends of the rule's id, each for "changed" and for "was not there before"
    (or "is not there now"). Where the same id cannot serve both ways, `changed` is its stem: what hurts is
    `<changed>-changed`, what does not `<changed>-generalized` in a request, `-specialized` in a response.
    `effect` is that of the way which hurts. The other way is not told where `doubtful`: a union that takes
    more in one place may take less in another.
    """

    source: Source
    narrowed: tuple[str, str]
    widened: tuple[str, str]
    changed: str = ""
    effect: Effect = Effect.BREAKING
    doubtful: bool = False


def _floor(stem: str, section: str, keyword: str) -> Kind:
    """A lower limit: raising it leaves fewer values."""
    return Kind(
        validation(section, keyword),
        (f"{stem}-increased", f"{stem}-set"),
        (f"{stem}-decreased", f"{stem}-unset"),
    )


def _ceiling(stem: str, section: str, keyword: str) -> Kind:
    """An upper limit: lowering it leaves fewer values."""
    return Kind(
        validation(section, keyword),
        (f"{stem}-decreased", f"{stem}-set"),
        (f"{stem}-increased", f"{stem}-unset"),
    )


def _demand(
    source: Source, added: str, removed: str, effect: Effect = Effect.BREAKING, *, doubtful: bool = False
) -> Kind:
    """A demand that is there or not."""
    return Kind(source, (added, added), (removed, removed), effect=effect, doubtful=doubtful)


KINDS: dict[str, Kind] = {
    "type": Kind(validation("6.1.1", "type"), ("", ""), ("", ""), "type"),
    "nullable": _demand(validation("6.1.1", "type"), "became-not-nullable", "became-nullable"),
    "enum": Kind(
        validation("6.1.2", "enum"),
        ("enum-value-removed", "became-enum"),
        ("enum-value-added", "enum-removed"),
    ),
    "min": _floor("min", "6.2.4", "minimum"),
    "max": _ceiling("max", "6.2.2", "maximum"),
    "exclusive-min": _floor("exclusive-min", "6.2.5", "exclusiveMinimum"),
    "exclusive-max": _ceiling("exclusive-max", "6.2.3", "exclusiveMaximum"),
    "multiple-of": Kind(
        validation("6.2.1", "multipleOf"), ("", "multiple-of-set"), ("", "multiple-of-unset"), "multiple-of"
    ),
    "min-length": _floor("min-length", "6.3.2", "minLength"),
    "max-length": _ceiling("max-length", "6.3.1", "maxLength"),
    "pattern": Kind(
        validation("6.3.3", "pattern"), ("", "pattern-added"), ("", "pattern-removed"), "pattern"
    ),
    "content-schema": Kind(
        validation("8.5", "contentSchema"),
        ("", "content-schema-added"),
        ("", "content-schema-removed"),
        "content-schema",
    ),
    "content-media-type": _demand(
        validation("8.4", "contentMediaType"),
        "content-media-type-changed",
        "content-media-type-changed",
        Effect.RISKY,
    ),
    "content-encoding": _demand(
        validation("8.3", "contentEncoding"),
        "content-encoding-changed",
        "content-encoding-changed",
        Effect.RISKY,
    ),
    "format": Kind(validation("7", "format"), ("", "format-added"), ("", "format-removed"), "format"),
    "min-items": _floor("min-items", "6.4.2", "minItems"),
    "max-items": _ceiling("max-items", "6.4.1", "maxItems"),
    "unique-items": _demand(validation("6.4.3", "uniqueItems"), "unique-items-set", "unique-items-unset"),
    "min-properties": _floor("min-properties", "6.5.2", "minProperties"),
    "max-properties": _ceiling("max-properties", "6.5.1", "maxProperties"),
    "additional": _demand(
        core("10.3.2.3", "additionalProperties"),
        "additional-properties-narrowed",
        "additional-properties-widened",
    ),
    "dependent-required": _demand(
        validation("6.5.4", "dependentRequired"), "dependent-required-added", "dependent-required-removed"
    ),
    "contains": Kind(
        core("10.3.1.3", "contains"),
        ("", "contains-added"),
        ("", "contains-removed"),
        "contains",
    ),
    "min-contains": _demand(  # `contains` alone asks for one: the limit is never new
        validation("6.4.5", "minContains"), "min-contains-increased", "min-contains-decreased"
    ),
    "max-contains": _ceiling("max-contains", "6.4.4", "maxContains"),
    "property-names": Kind(
        core("10.3.2.4", "propertyNames"),
        ("", "property-names-added"),
        ("", "property-names-removed"),
        "property-names",
    ),
    "alternatives": _demand(core("10.2.1.2", "anyOf"), "any-of-removed", "any-of-added", doubtful=True),
    "excluded": _demand(core("10.2.1.4", "not"), "not-added", "not-removed", doubtful=True),
    "one-of": _demand(
        core("10.2.1.3", "oneOf"), "one-of-overlap-added", "one-of-overlap-removed", doubtful=True
    ),
    "budget": _demand(
        core("10", "Applying subschemas"), "undecided", "undecided", Effect.RISKY, doubtful=True
    ),
}

# Texts have no null, and a list without elements has no text: nothing of the kind happens to a header.
_NEVER = frozenset(
    f"response-header-{how}"
    for how in ("became-nullable", "became-not-nullable", "min-items-set", "min-items-unset")
)

# The title of a rule, and the sentence of a change: {where} is the part in general, {subject} the very one.
_SAID: dict[str, tuple[str, str]] = {
    "type-changed": ("the type of {where} changed", "{subject} was {old} and is {new} now"),
    "type-generalized": ("the type of {where} became wider", "{subject} was {old} and may be {new} now"),
    "type-specialized": ("the type of {where} became narrower", "{subject} was {old} and is only {new} now"),
    "became-not-nullable": ("{where} may not be null any more", "{subject} may not be null any more"),
    "became-nullable": ("{where} may be null now", "{subject} may be null now"),
    "enum-value-removed": ("a listed value of {where} is gone", "{subject} no longer takes {lost}"),
    "enum-value-added": ("{where} has a new listed value", "{subject} may now be {lost}"),
    "became-enum": ("{where} is limited to listed values now", "{subject} takes only {new} now"),
    "enum-removed": (
        "{where} is not limited to listed values any more",
        "{subject} may be anything now, not only {old}",
    ),
    "additional-properties-narrowed": (
        "{where} takes fewer members that it does not name",
        "{subject} takes fewer members that it does not name",
    ),
    "additional-properties-widened": (
        "{where} takes more members that it does not name",
        "{subject} takes more members that it does not name",
    ),
    "dependent-required-added": (
        "a member of {where} needs another one now",
        "{subject} has a limit now: dependent required {new}",
    ),
    "dependent-required-removed": (
        "a member of {where} does not need another one any more",
        "{subject} lost its limit: dependent required {old}",
    ),
    "any-of-removed": ("an alternative of {where} is gone", "{subject} lost an alternative"),
    "any-of-added": ("{where} has a new alternative", "{subject} has another alternative now"),
    "not-added": ("{where} excludes values that it allowed", "{subject} excludes values that it allowed"),
    "not-removed": ("{where} allows values that it excluded", "{subject} allows values that it excluded"),
    "one-of-overlap-added": (
        "alternatives of {where} that exclude one another overlap now",
        "{subject} rejects what fits more than one of its alternatives",
    ),
    "one-of-overlap-removed": (
        "alternatives of {where} that exclude one another overlapped before",
        "{subject} may now be what fitted more than one of its alternatives",
    ),
    "undecided": (
        "whether {where} changed its meaning could not be decided",
        "{subject} changed in a way that could not be decided",
    ),
}

# The same for a keyword, by the last word of the id: {keyword} is its name, {what} is that in words.
_LIMITS: dict[str, tuple[str, str]] = {
    "set": ("{where} has a limit now: {keyword}", "{subject} has a limit now: {what} {new}"),
    "unset": ("{where} has a limit less: {keyword}", "{subject} lost its limit: {what} {old}"),
    "increased": (
        "{keyword} of {where} is higher now",
        "{subject}: {what} went from {old} to {new}",
    ),
    "decreased": (
        "{keyword} of {where} is lower now",
        "{subject}: {what} went from {old} to {new}",
    ),
    "changed": ("{keyword} of {where} is another one now", "{subject}: {what} went from {old} to {new}"),
    "generalized": ("{keyword} of {where} lets more through", "{subject}: {what} went from {old} to {new}"),
    "specialized": ("{keyword} of {where} lets less through", "{subject}: {what} went from {old} to {new}"),
}
_LIMITS["added"], _LIMITS["removed"] = _LIMITS["set"], _LIMITS["unset"]

_WHY: dict[tuple[Direction, Move], str] = {
    ("request", "narrowed"): "A client that sends what the old contract allowed is turned away.",
    ("request", "widened"): "Everything that clients send today is still accepted.",
    ("response", "widened"): (
        "A client that was written for the old contract receives something it never had to expect."
    ),
    ("response", "narrowed"): "Clients receive only what they already had to expect.",
}
_INSTEAD: dict[tuple[Direction, Move], str] = {
    ("request", "narrowed"): "keep accepting the old values for as long as clients of the old version exist",
    ("request", "widened"): "nothing to do",
    ("response", "widened"): (
        "send the old form to clients of the old version, or put the new one into a new property"
    ),
    ("response", "narrowed"): "nothing to do",
}
_BETTER: dict[tuple[Direction, str], str] = {
    ("request", "became-not-nullable"): "treat null as the absence of a value, or fill in a default",
    ("request", "type-changed"): "accept both types for as long as clients of the old version exist",
    ("response", "type-changed"): "add a property of the new type beside the old one",
    ("response", "enum-value-added"): "map the new value to a known one for clients of the old version",
    ("response", "became-nullable"): (
        "leave it out where that is allowed, or send an empty value, to clients of the old version"
    ),
}
_UNDECIDED = (
    "Nobody knows yet: it may be nothing, and it may turn clients away. The change says what was in the way.",
    "look at both schemas, or say the same in simpler words",
)
_DEFAULTS: dict[str, tuple[str, Effect]] = {
    "added": ("{where} has a default now", Effect.COMPATIBLE),
    "changed": ("the default of {where} changed", Effect.RISKY),
    "removed": ("{where} has no default any more", Effect.RISKY),
}


def suffix(kind: str, direction: Direction, move: Move, *, bare: bool) -> str:
    """The last part of a schema rule's id. `bare` says that the wider side has no such keyword at all."""
    known = KINDS.get(kind, KINDS["budget"])
    ends = known.narrowed if move == "narrowed" else known.widened
    if end := ends[1 if bare else 0]:
        return end
    if _hurts(direction, move):
        return f"{known.changed}-changed"
    return f"{known.changed}-{'generalized' if direction == 'request' else 'specialized'}"


def sentence(how: str, subject: str, old: Any, new: Any, lost: str = "") -> str:
    """What happened to `subject` in one sentence; `old` and `new` say what stood and what stands there."""
    what, said = _words(how)
    if what.startswith("exclusive") and old == new:
        return f"{subject} may not be {new} itself any more"
    return said[1].format(subject=subject, old=old, new=new, lost=lost, what=what)


def schema_rules() -> Iterator[Rule]:
    """Every rule of the product that a comparison can yield; some come twice."""
    moves: tuple[Move, ...] = ("narrowed", "widened")
    for direction, places in _WHERE.items():
        for place, where in places.items():
            for kind, known in KINDS.items():
                for move in moves:
                    ends = KINDS[kind].narrowed
                    if ends[0] and ends == KINDS[kind].widened and not _hurts(direction, move):
                        continue  # one rule for both ways
                    for bare in (False, True):
                        found = _composed(kind, direction, place, where, move, bare)
                        told = _hurts(direction, move) or not known.doubtful
                        if told and found.id not in _NEVER:
                            yield found
            yield from _defaults(direction, place, where)


def _composed(kind: str, direction: Direction, place: str, where: str, move: Move, bare: bool) -> Rule:
    how = suffix(kind, direction, move, bare=bare)
    _, said = _words(how)
    known = KINDS[kind]
    keyword = known.source.name.rpartition(" ")[2]
    return Rule(
        f"{direction}-{place}-{how}",
        said[0].format(where=where, keyword=keyword),
        _UNDECIDED[0] if how == "undecided" else _WHY[direction, move],
        _UNDECIDED[1] if how == "undecided" else _advice(direction, place, how, move),
        known.effect if _hurts(direction, move) else Effect.COMPATIBLE,
        direction,
        "schema",
        known.source,
    )


def _advice(direction: Direction, place: str, how: str, move: Move) -> str:
    found = _BETTER.get((direction, how), _INSTEAD[direction, move])
    return found.replace("new property", "new header") if place == "header" else found


def _defaults(direction: Direction, place: str, where: str) -> Iterator[Rule]:
    """A default changes behaviour, not acceptance: in a response it is but a remark."""
    for how, (title, effect) in _DEFAULTS.items():
        yield Rule(
            f"{direction}-{place}-default-value-{how}",
            title.format(where=where),
            "Nothing is rejected, but whoever leaves it out gets something else."
            if direction == "request"
            else "Nothing is rejected; a client that fills it in itself fills in something else.",
            "keep the old default in the old version",
            effect if direction == "request" else Effect.DOCS,
            direction,
            "schema",
            validation("9.2", "default"),
        )


def _words(how: str) -> tuple[str, tuple[str, str]]:
    """The keyword in words, and the two sentences that speak of the end of an id."""
    what, _, verb = how.rpartition("-")
    return what.replace("-", " "), _SAID.get(how) or _LIMITS[verb]


def _hurts(direction: Direction, move: Move) -> bool:
    """Whether the move may break a client: fewer values to send, or more to receive."""
    return (direction == "request") == (move == "narrowed")
