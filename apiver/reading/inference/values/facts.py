"""What a path through a view has established about the request.

A fact holds on every request that gets to the point where it is known. The reader carries facts along each
path; where two paths meet, only what holds on both is kept. What is left where a view answers with success
is what the view demands: that is how `if "title" not in data: abort(400)` becomes a required property.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PRESENT = "present"  # the key was sent
ABSENT = "absent"  # the key was not sent
EMPTY = "empty"  # it was not sent, or its value is null
FALSY = "falsy"  # it was not sent, or its value is falsy: null, "", 0, []
FILLED = "filled"  # the value is truthy
GIVEN = "given"  # the value is not null
SET = "set"  # the program has put a value of its own in its place
FILLED_IN = "filled in"  # the program has put one there on some path, perhaps only where none was sent
OUTSIDE = "outside"  # the value is none of a list that the program holds it against
DESCRIBED = "described"  # it is a value of one of these finished schemas
UNREAD = "unread"  # a test that was not understood went this way: (its place, the way)
SEARCHED = "searched"  # `"x" in part` went this way, whatever the part is: (its place, the way)

# Facts of every other kind carry a JSON Schema keyword and its value: ("enum", ("a", "b")), ("minimum", 1).
# They say something about the value *if it was sent*, so that a path on which it was not sent agrees with
# them; so do FILLED and GIVEN, but not with a path that a null takes.
_PRESENCE = frozenset({PRESENT, ABSENT, EMPTY, FALSY, SET, OUTSIDE})
# From the weakest to the strongest.
_UNSENT = (FALSY, EMPTY, ABSENT)
_NOT_NULL = frozenset({FILLED, GIVEN})


@dataclass(frozen=True, slots=True)
class Subject:
    """A part of the request: where it travels, and the keys that lead to it.

    `location` is query, header, cookie, form, file, json or raw. In a path, None stands for every item
    of an array. The empty path is the whole collection or body.
    """

    location: str
    path: tuple[str | None, ...] = ()

    def at(self, key: str | None) -> Subject:
        """The part of this one that `key` leads to."""
        return Subject(self.location, (*self.path, key))

    def below(self, other: Subject) -> bool:
        """Whether this is a part inside `other`, and not `other` itself."""
        size = len(other.path)
        return self.location == other.location and len(self.path) > size and self.path[:size] == other.path

    def __str__(self) -> str:
        keys = "".join("[]" if key is None else f".{key}" for key in self.path)
        return f"{self.location}{keys}"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known of one part of the request."""

    subject: Subject
    kind: str
    value: Any = True


Facts = frozenset[Fact]

NOTHING: Facts = frozenset()


def join(one: Facts, other: Facts) -> Facts:
    """What is known where two paths meet.

    A path on which a part was not sent says nothing about its value, so what the other path found out about
    that value (or about what is inside it) is kept. Two closed lists of values (or of schemas) become
    one that holds both.
    """
    if one is other or one == other:
        return one
    kept = set(one & other)
    for mine, theirs in ((one, other), (other, one)):
        unsent = {fact.subject: fact.kind for kind in _UNSENT for fact in theirs if fact.kind == kind}
        if unsent:
            kept.update(_widened(fact, unsent) for fact in mine if _silent(fact, unsent))
    kept.update(fact for fact in one | other if fact.kind == FILLED_IN)
    for kind in ("enum", DESCRIBED):
        # Of several lists of one part the longest counts: an order that no hash decides.
        found = sorted((f for f in other if f.kind == kind), key=lambda f: (len(f.value), str(f.value)))
        lists = {fact.subject: fact.value for fact in found}
        for fact in one:
            if fact.kind == kind and fact.subject in lists and fact.value != lists[fact.subject]:
                both = (*fact.value, *(value for value in lists[fact.subject] if value not in fact.value))
                kept.add(Fact(fact.subject, kind, both))
    return frozenset(kept)


def _silent(fact: Fact, unsent: Mapping[Subject, str]) -> bool:
    """Whether a path on which the subjects of `unsent` are missing agrees with `fact`."""
    if fact.kind in _UNSENT:
        return False
    own = unsent.get(fact.subject)
    if own == EMPTY and fact.kind == FILLED:
        return True
    if own is not None and fact.kind not in _PRESENCE and not (own != ABSENT and fact.kind in _NOT_NULL):
        return own != FALSY or not _refuses_falsy(fact)
    return any(fact.subject.below(subject) for subject in unsent) and not _may_lack(fact, unsent)


def _may_lack(fact: Fact, unsent: Mapping[Subject, str]) -> bool:
    """Whether a key may be missing because an empty object around it takes the path of what was not sent."""
    around = Subject(fact.subject.location, fact.subject.path[:-1])
    return fact.kind == PRESENT and fact.subject.path[-1:] != (None,) and unsent.get(around) == FALSY


def _refuses_falsy(fact: Fact) -> bool:
    """Whether a rule shuts out an empty string or list, or the number 0."""
    refused = {
        "minSize": lambda limit: limit > 0,
        "minimum": lambda limit: limit > 0,
        "exclusiveMinimum": lambda limit: limit >= 0,
        "maximum": lambda limit: limit < 0,
        "exclusiveMaximum": lambda limit: limit <= 0,
    }
    return fact.kind in refused and refused[fact.kind](fact.value)


def _widened(fact: Fact, unsent: Mapping[Subject, str]) -> Fact:
    """What is left of a rule beside the empty values that take another path.

    A pattern or a list of words that is asked of what is not empty lets the empty string pass. Where null
    alone passes, what was demanded to be true may still be no empty text or list.
    """
    if fact.kind == FILLED and unsent.get(fact.subject) == EMPTY:
        return Fact(fact.subject, "minSize", 1)
    if unsent.get(fact.subject) != FALSY:
        return fact
    if fact.kind == "pattern" and not fact.value.startswith("^$|"):
        return Fact(fact.subject, fact.kind, f"^$|{fact.value}")
    if fact.kind == "enum" and "" not in fact.value and all(type(value) is str for value in fact.value):
        return Fact(fact.subject, fact.kind, (*fact.value, ""))
    return fact
