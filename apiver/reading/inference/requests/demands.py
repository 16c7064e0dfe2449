"""What an operation asks of a request: what its code reads, with what holds where it succeeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from apiver.contract.document import Place
from apiver.reading.inference.frame import NO_DEFAULT, Hint, Journal, Read
from apiver.reading.inference.requests.secrets import is_secret
from apiver.reading.inference.values.described import followed, part_of
from apiver.reading.inference.values.facts import (
    DESCRIBED,
    FILLED,
    GIVEN,
    NOTHING,
    OUTSIDE,
    PRESENT,
    SEARCHED,
    UNREAD,
    Facts,
    Subject,
    join,
)
from apiver.reading.inference.values.kinds import class_schema, column_schema, fitting, kinds_of
from apiver.reading.inference.values.shapes import Described, Unknown

Schema = dict[str, Any]

_BODIES = ("json", "form", "file", "raw")
_DIGITS = (r"^\d+$", r"^$|^\d+$")  # `isdigit()`: no sign
_NUMERIC = ("integer", "number")
_LOWER, _UPPER = ("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the request as it goes into the contract."""

    name: str
    required: bool
    schema: Schema
    place: Place | None
    lenient: bool = False


class Asking:
    """Everything that one operation asks for. `must` holds on every path that ends in success.

    `describe` writes down a finished schema, and its definitions as components. The first `hooked` reads are
    those of hooks: a body that nothing but a hook looks at, and can do without, is no body of the operation.
    `refused` is what holds where a 401 or 403 is answered.
    """

    def __init__(
        self,
        journal: Journal,
        successes: Iterable[Facts],
        describe: Callable[[Described], Schema],
        hooked: int = 0,
        refused: Iterable[Facts] = (),
    ) -> None:
        known = list(successes)
        self._describe = describe
        self._keys = {fact.subject for facts in refused for fact in facts if fact.kind == OUTSIDE}
        self.must: Facts = reduce(join, known) if known else NOTHING
        self._reads: dict[Subject, list[Read]] = {}
        self._hints: dict[Subject, list[Hint]] = {}
        self._objects = self._read_by_key(journal)
        for read in journal.reads:
            if not read.searched or Subject(read.subject.location, read.subject.path[:-1]) in self._objects:
                self._reads.setdefault(read.subject, []).append(read)
        for hint in journal.hints:
            self._hints.setdefault(hint.subject, []).append(hint)
        self._own = {read.subject.location for read in journal.reads[hooked:]}
        self._own |= {fact.subject.location for fact in self.must if fact.kind == DESCRIBED}
        whole = [fact.subject for fact in sorted(self.must, key=str) if fact.kind == DESCRIBED]
        self._subjects = dict.fromkeys((*self._reads, *self._hints, *self._parents(), *whole))

    def _read_by_key(self, journal: Journal) -> frozenset[Subject]:
        """The parts that are objects, by what is read of them: `"x" in part` alone makes none."""
        found = {fact.subject for fact in self.must if fact.kind == "type" and fact.value == ("object",)}
        used = [read.subject for read in journal.reads if not read.searched]
        for subject in (*used, *(hint.subject for hint in journal.hints)):
            for size, key in enumerate(subject.path):
                if key is not None:
                    found.add(Subject(subject.location, subject.path[:size]))
        return frozenset(found)

    def _parents(self) -> list[Subject]:
        found: list[Subject] = []
        for subject in (*self._reads, *self._hints):
            found += [Subject(subject.location, subject.path[:size]) for size in range(len(subject.path))]
        return found

    def reads(self, subject: Subject) -> list[Read]:
        """The places that read a part."""
        return self._reads.get(subject, [])

    def asks_for(self, location: str) -> bool:
        """Whether anything of that location is read."""
        if location in _BODIES and location not in self._own:
            demanded = any(fact.subject.location == location and fact.kind == PRESENT for fact in self.must)
            if not demanded and not any(hint.location == location for hint in self._hints):
                return False
        return any(subject.location == location for subject in self._subjects)

    def holds(self, subject: Subject, kind: str) -> bool:
        """Whether a fact of that kind is known of a part."""
        return any(fact.subject == subject and fact.kind == kind for fact in self.must)

    def parts(self, location: str) -> list[Part]:
        """The named parts of a location (query, header, ...), in the order of their first read."""
        if not self.asks_for(location):
            return []
        return [self.part(Subject(location, (name,))) for name in self.keys(Subject(location))]

    def part(self, subject: Subject) -> Part:
        """A named part."""
        reads = self.reads(subject)
        name = next((read.spelling for read in reads if read.spelling), str(subject.path[-1]))
        place = reads[0].place if reads else self._hint_place(subject)
        required = self.is_required(subject)
        lenient = bool(reads) and all(read.lenient for read in reads) and not required
        return Part(name, required, self.schema(subject), place, lenient)

    def is_required(self, subject: Subject) -> bool:
        """Whether a part has to be sent."""
        if self.holds(subject, PRESENT):
            return True
        around = self._described(Subject(subject.location, subject.path[:-1])) if subject.path else None
        return around is not None and subject.path[-1] in followed(around).get("required", ())

    def keys(self, subject: Subject) -> list[str]:
        """The keys of an object or a collection that are read, or that a schema names."""
        around = self._described(subject)
        named = followed(around).get("properties", {}) if around is not None else {}
        return list(dict.fromkeys((*named, *self.children(subject))))

    def _described(self, subject: Subject) -> Described | None:
        """The finished schema that a part is held against, alone or as a part of what holds it."""
        for size in range(len(subject.path), -1, -1):
            outer = Subject(subject.location, subject.path[:size])
            held = self._alternatives(outer)
            if len(held) == 1:
                return part_of(held[0], subject.path[size:])
        return None

    def _alternatives(self, subject: Subject) -> tuple[Described, ...]:
        """The finished schemas of which a part has to be a value of one."""
        held = [fact.value for fact in self._facts(subject) if fact.kind == DESCRIBED]
        return min(held, key=lambda found: (len(found), str(found)), default=())

    def _hint_place(self, subject: Subject) -> Place | None:
        hints = self._hints.get(subject)
        return hints[0].place if hints else None

    def children(self, subject: Subject) -> list[str]:
        """The keys of an object that are read."""
        size = len(subject.path)
        found = [s.path[size] for s in self._subjects if s.below(subject) and len(s.path) == size + 1]
        return [key for key in found if key is not None]

    def has_items(self, subject: Subject) -> bool:
        """Whether the part is gone through as an array."""
        item = subject.at(None)
        return item in self._subjects or any(fact.subject == item for fact in self.must)

    def _is_array(self, subject: Subject) -> bool:
        """Whether a part is an array: it is checked to be one, or its items are used as no key would be.

        `for name in data: if name not in KNOWN: ...` may as well go through the keys of an object.
        """
        said = self._type(subject)
        if said or not self.has_items(subject):
            return said == ["array"]
        item = subject.at(None)
        if self.children(item) or self.has_items(item) or self._type(item) or self._hints.get(item):
            return True
        return any(read.cls is list for read in self.reads(subject)) or bool(self.reads(item))

    def type_of(self, subject: Subject) -> Schema:
        """The type of a part alone, where something says it."""
        return {key: value for key, value in self.schema(subject).items() if key in ("type", "format")}

    def item_of(self, subject: Subject) -> Schema:
        """The type of the items of an array alone, where something says it."""
        items = self.schema(subject).get("items", {})
        return {key: value for key, value in items.items() if key in ("type", "format")}

    def schema(self, subject: Subject) -> Schema:
        """The schema of a part; it says so where the code checks more than could be read."""
        several, described = self._alternatives(subject), self._described(subject)
        if len(several) > 1:
            found: Schema = {"anyOf": [self._describe(one) for one in sorted(several, key=str)]}
        else:
            found = self._schema(subject) if described is None else self._enlarged(described, subject)
        unread = (UNREAD,) if subject in self._objects else (UNREAD, SEARCHED)
        checks = sorted(fact.value[0] for fact in self._facts(subject) if fact.kind in unread)
        if checks:
            found = {**found, "x-apiver-incomplete": f"the check at {checks[0]} could not be read"}
        return found

    def _enlarged(self, described: Described, subject: Subject) -> Schema:
        """A finished schema, with the keys that the code reads beside those that it names."""
        found = self._describe(described)
        if "properties" not in found or found.get("additionalProperties", True) is False:
            return found
        more = [key for key in self.children(subject) if key not in found["properties"]]
        if not more:
            return found
        parts = {key: self.part(subject.at(key)) for key in more}
        found = {**found, "properties": {**found["properties"]}}
        for key, part in parts.items():
            found["properties"][key] = {**part.schema, **_source(part.place)}
        needed = [key for key, part in parts.items() if part.required]
        if needed:
            found["required"] = [*found.get("required", []), *needed]
        return found

    def _schema(self, subject: Subject) -> Schema:
        """The schema of a part: by what reads it, by what is checked, and last by what becomes of it."""
        if subject.location in ("json", "form", "file") and (self.children(subject) or not subject.path):
            return self._object(subject)
        if subject.location == "json" and self._is_array(subject):
            return self._array(subject)
        reads = self.reads(subject)
        if any(read.many for read in reads):
            found = {"type": "array", "items": self._single(subject.at(None), reads)}
            return self._sized(found, subject)
        found = self._single(subject, reads)
        certain = any(hint.certain for hint in self._hints.get(subject, []))
        if subject.location == "json" and (self._type(subject) or "enum" in found or certain):
            found = self._nullable(found, subject)
        if "type" not in found:
            found["x-apiver-unknown"] = "nothing in the code says what type it has"
        if not self.holds(subject, PRESENT) and not self._is_secret(subject):
            self._default(found, reads)
        return found

    def _single(self, subject: Subject, reads: list[Read]) -> Schema:
        """The schema of one value: its type, and what is checked of it."""
        found = self._typed(subject, reads)
        facts = {fact.kind: fact.value for fact in sorted(self._facts(subject), key=str)}
        self._close(found, subject)
        self._bound(found, facts, subject)
        text = found.get("type", "string") == "string"
        patterns = sorted(fact.value for fact in self._facts(subject) if fact.kind == "pattern")
        if text and len(patterns) == 1:
            found["pattern"] = patterns[0]
        elif text and patterns:
            found["allOf"] = [{"pattern": pattern} for pattern in patterns]
        if "format" in facts and text:
            found |= {"type": "string", "format": facts["format"]}
        return found

    def _facts(self, subject: Subject) -> list[Any]:
        return [fact for fact in self.must if fact.subject == subject]

    def _type(self, subject: Subject) -> list[str]:
        said = sorted((f.value for f in self._facts(subject) if f.kind == "type"), key=lambda v: (len(v), v))
        return list(said[0]) if said else []

    def _typed(self, subject: Subject, reads: list[Read]) -> Schema:
        classes = dict.fromkeys(read.cls for read in reads if read.cls is not None)
        precise = [cls for cls in classes if cls is not str]
        kinds = self._type(subject)
        if len(precise) == 1:
            return class_schema(precise[0])
        if kinds:
            kinds = [kind for kind in kinds if kind != "integer" or "number" not in kinds]
            return {"type": kinds[0] if len(kinds) == 1 else kinds}
        hinted = self._hinted(subject, plain=bool(classes))
        if hinted is not None:
            return hinted
        return {"type": "string"} if classes else {}

    def _hinted(self, subject: Subject, *, plain: bool) -> Schema | None:
        """The type of the column that the part is put into, where all its columns agree."""
        found: list[Schema] = []
        for hint in self._hints.get(subject, []):
            schema = column_schema(hint.value)
            if schema is not None and schema not in found:
                found.append(schema)
        if len(found) != 1:
            return None
        schema = found[0]
        if plain or self.holds(subject, GIVEN) or self.holds(subject, FILLED):
            schema = {**schema, "type": next(kind for kind in kinds_of(schema["type"]) if kind != "null")}
        return schema

    def _nullable(self, found: Schema, subject: Subject) -> Schema:
        """A checked value that null gets past: `if value is not None and value not in FORMATS: ...`."""
        kinds = kinds_of(found.get("type"))
        if not kinds or "null" in kinds or self.holds(subject, GIVEN) or self.holds(subject, FILLED):
            return found
        widened = {**found, "type": [*kinds, "null"]}
        if "enum" in found:
            widened["enum"] = [*found["enum"], None]
        return widened

    def _close(self, found: Schema, subject: Subject) -> None:
        lists = sorted(
            (f.value for f in self._facts(subject) if f.kind == "enum"), key=lambda v: (len(v), str(v))
        )
        if not lists:
            return
        values = [value for value in lists[0] if all(value in other for other in lists[1:])]
        kind = found.get("type")
        if kind in (None, "string") and all(type(value) is str for value in values):
            found["type"] = "string"
        elif kind is None and all(type(value) is int for value in values):
            found["type"] = "integer"
        if self._is_secret(subject):
            return
        if not values or any(type(value) is str for value in values) is not (found.get("type") == "string"):
            return
        found["enum"] = values

    def _is_secret(self, subject: Subject) -> bool:
        """Whether the constants that a part is held against are passwords or keys."""
        return subject in self._keys or any(key is not None and is_secret(key) for key in subject.path[-1:])

    def _bound(self, found: Schema, facts: Mapping[str, Any], subject: Subject) -> None:
        kinds = kinds_of(found.get("type"))
        mine = [fact for fact in self._facts(subject) if isinstance(fact.value, int | float)]
        if not kinds or any(kind in _NUMERIC for kind in kinds):
            whole = kinds == ["integer"]
            digits = whole and any(f.kind == "pattern" and f.value in _DIGITS for f in self._facts(subject))
            for names, tightest, step in ((_LOWER, max, 1), (_UPPER, min, -1)):
                limits = [
                    (f.value + (step if whole and f.kind == names[1] else 0), f.kind)
                    for f in mine
                    if f.kind in names
                ]
                if digits and names == _LOWER:
                    limits.append((0, "minimum"))
                if limits:
                    limit, kind = tightest(limits)
                    found[names[0] if whole else kind] = limit
        if FILLED in facts and kinds == ["string"] and "enum" not in found and subject.location != "file":
            found["minLength"] = 1
        for kind, name, tightest in (("minSize", "minLength", max), ("maxSize", "maxLength", min)):
            sizes = [fact.value for fact in mine if fact.kind == kind]
            if sizes and ("string" in kinds or not kinds):
                found[name] = tightest([*sizes, *([found[name]] if name in found else [])])

    def _default(self, found: Schema, reads: list[Read]) -> None:
        defaults = [read.default for read in reads if read.default is not NO_DEFAULT]
        if not defaults or any(default != defaults[0] for default in defaults):
            return
        value = fitting(defaults[0], found)
        if value is not NO_DEFAULT:
            found["default"] = value

    def _object(self, subject: Subject) -> Schema:
        closed = self._only_keys(subject)
        keys = list(dict.fromkeys((*self.children(subject), *closed)))
        found: Schema = {"type": "object"}
        handed_on = [h for h in self._hints.get(subject, []) if isinstance(h.value, Unknown)]
        if subject.location == "json" and not keys:
            said = self._type(subject)
            if said and said != ["object"]:
                return (
                    self._array(subject)
                    if said == ["array"]
                    else {"type": said[0] if len(said) == 1 else said}
                )
            if not said and self._is_array(subject):
                return self._array(subject)
            reason = handed_on[0].value if handed_on else Unknown("the body is not read key by key")
            assert isinstance(reason, Unknown)
            return {**({"type": "object"} if said else {}), "x-apiver-unknown": reason.reason}
        properties: dict[str, Schema] = {}
        for key in keys:
            part = self.part(subject.at(key))
            properties[key] = {**part.schema, **_source(part.place)}
        found["properties"] = properties
        if self._type(subject) == ["object"]:
            handed_on = []
        required = [key for key in keys if self.holds(subject.at(key), PRESENT)]
        if required:
            found["required"] = required
        if closed:
            found["additionalProperties"] = False
        if handed_on and isinstance(handed_on[0].value, Unknown):
            del found["type"]
            found["x-apiver-unknown"] = handed_on[0].value.reason
        return found

    def _only_keys(self, subject: Subject) -> tuple[str, ...]:
        """The keys of an object beside which the code takes no others; none where it takes any."""
        if subject.location != "json" or not (self._type(subject) == ["object"] or self.children(subject)):
            return ()
        lists = [fact.value for fact in self._facts(subject.at(None)) if fact.kind == "enum"]
        shortest: tuple[str, ...] = min(lists, key=lambda names: (len(names), names), default=())
        return shortest

    def _array(self, subject: Subject) -> Schema:
        item = subject.at(None)
        items = (
            self.schema(item) if self.has_items(subject) else {"x-apiver-unknown": "its items are not read"}
        )
        return self._sized({"type": "array", "items": items}, subject)

    def _sized(self, found: Schema, subject: Subject) -> Schema:
        """The bounds on the number of items."""
        sizes = {fact.kind: fact.value for fact in sorted(self._facts(subject), key=str)}
        if FILLED in sizes:
            found["minItems"] = 1
        for kind, name in (("minSize", "minItems"), ("maxSize", "maxItems")):
            if kind in sizes:
                found[name] = sizes[kind]
        return found


def _source(place: Place | None) -> Schema:
    if place is None or not place.line:
        return {}
    return {"x-apiver-source": {"by": "inferred", "file": place.file, "line": place.line}}
