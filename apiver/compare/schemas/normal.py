"""Schema -> normal form, lazily: only the in-place keywords are opened, members and items stay closed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from apiver.compare.schemas.branches import (
    TYPES,
    Arrays,
    Branch,
    Doubt,
    Fact,
    Listed,
    Normal,
    Numbers,
    Objects,
    Rest,
    Strings,
    contradicts,
    meet,
    surviving,
    type_of,
)
from apiver.compare.schemas.conditions import conditional, dependent
from apiver.compare.schemas.discriminators import tag_of, tag_values
from apiver.compare.schemas.evaluation import TooManyError, left_over
from apiver.compare.schemas.keywords import arrays, count, flaw, listed_values, numbers, strings
from apiver.compare.schemas.negation import Opposite, Opposites, without
from apiver.compare.schemas.rivals import alone, rivals
from apiver.compare.schemas.vacancy import Vacancy
from apiver.compare.sides.space import UNREAD, Conjunction, Mode, Node, canonical, is_nullable_union

LIMIT = 64
"""Branches of one type beyond which a schema is no longer split."""

_WITHIN = ("allOf", "anyOf", "oneOf", "$ref", "if", "dependentSchemas", "$dynamicRef", "contains")
TOO_DEEP = "it is nested too deeply to be read"
_UNION = 0  # a mark on the trail: a union was entered here

ANYTHING: Normal = {
    "null": (Branch("null"),),
    "boolean": (Branch("boolean"),),
    "number": (Numbers(),),
    "string": (Strings(),),
    "array": (Arrays(),),
    "object": (Objects(),),
}


class Unread(NamedTuple):
    """A part that nobody could read (`x-apiver-unknown`): it is compared with nothing."""

    reason: str
    node: Node


class Form(NamedTuple):
    """The normal form of a conjunction, and the parts of it that are not known."""

    branches: Normal
    unread: tuple[Unread, ...]


class Normalizer:
    """Normal forms for one mode, each worked out once."""

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        self._hidden = "readOnly" if mode == "request" else "writeOnly"
        self._forms: dict[tuple[int, ...], tuple[Form, Conjunction]] = {}
        self.vacancy = Vacancy(self.branches)
        self.unusable: dict[str, Unread] = {}
        self.opposites = Opposites()
        self._tags: dict[tuple[int, int], tuple[Conjunction, Node, Node]] = {}

    def form(self, conjunction: Conjunction) -> Form:
        """The normal form of schemas that hold together."""
        key = tuple(id(node.raw) for node in conjunction)
        known = self._forms.get(key)
        if known is None:
            # The conjunction is kept beside its form: identities stay taken for as long as the answer is.
            known = self._forms[key] = (self._read(conjunction), conjunction)
        return known[0]

    def _read(self, conjunction: Conjunction) -> Form:
        reading, branches = _Reading(self), ANYTHING
        try:
            for node in conjunction:
                branches = reading.both(branches, reading.schema(node, ()))
        except RecursionError:
            unread = self.unusable[conjunction[0].pointer] = Unread(TOO_DEEP, conjunction[0])
            return Form(ANYTHING, (unread,))
        return Form(_settled(branches), tuple(reading.unread))

    def branches(self, conjunction: Conjunction) -> Normal:
        """The branches of the normal form alone."""
        return self.form(conjunction).branches

    def tagged(self, node: Node, part: Node) -> Conjunction:
        """What the discriminator of a union says of one alternative: the values of the tag that name it."""
        key = id(node.raw), id(part.raw)
        if key not in self._tags:
            tag, values = tag_of(node), tag_values(node, part)
            raw = {"properties": {tag: {"enum": values}}}
            said = (
                ()
                if tag is None or values is None
                else (Node(node.space, raw, f"{node.pointer}/discriminator"),)
            )
            self._tags[key] = said, node, part
        return self._tags[key][0]

    def is_hidden(self, node: Node, depth: int = 0) -> bool:
        """Whether the member belongs to the other direction alone (readOnly, writeOnly)."""
        raw = node.raw
        if not isinstance(raw, dict) or depth > 8:
            return False
        if raw.get(self._hidden) is True:
            return True
        if "$ref" in raw:
            target = node.space.target(raw["$ref"], node.pointer)
            if target is not None and self.is_hidden(target, depth + 1):
                return True
        return "allOf" in raw and any(self.is_hidden(part, depth + 1) for part in node.items("allOf"))


class _Reading:
    """One walk over the in-place keywords of a conjunction."""

    def __init__(self, normalizer: Normalizer) -> None:
        self.normalizer = normalizer
        self.unread: list[Unread] = []

    def schema(self, node: Node, trail: tuple[int, ...]) -> Normal:
        raw = node.raw
        if raw is False:
            return {}
        if not isinstance(raw, dict):
            return ANYTHING
        if id(raw) in trail:
            # A schema that leads back to itself adds nothing: no branch to a union, no fact to a conjunction.
            return {} if _UNION in trail[trail.index(id(raw)) :] else ANYTHING
        if UNREAD in raw:
            self.unread.append(Unread(str(raw[UNREAD]), node))
            return ANYTHING
        if (reason := flaw(raw)) is not None:
            self.unread.append(Unread(reason, node))
            self.normalizer.unusable[node.pointer] = self.unread[-1]
            return ANYTHING
        trail = (*trail, id(raw))
        result: Normal | None = None
        if "$ref" in raw:
            target = node.space.target(raw["$ref"], node.pointer)
            if target is None:
                return _doubted(ANYTHING, Doubt("$ref", canonical(raw["$ref"]), f"{node.pointer}/$ref"))
            result = self.schema(target, trail)
            if node.space.legacy or len(raw) == 1:
                return result
        own = self.own(node)
        result = own if result is None else self.both(result, own)
        for part in node.items("allOf"):
            result = self.both(result, self.schema(part, trail))
        if isinstance(raw.get("anyOf"), list):
            result = self.both(result, self._any_of(self.alternatives(node, "anyOf"), trail))
        if isinstance(raw.get("oneOf"), list):
            result = self.both(result, self._one_of(self.alternatives(node, "oneOf"), trail))
        if node.space.legacy and is_nullable_union(raw):
            result = {
                "null": ANYTHING["null"],
                **{kind: each for kind, each in result.items() if kind != "null"},
            }
        if "not" in raw:
            rejected = (
                node.child("not") if not isinstance(raw, Opposite) else self.normalizer.opposites.of(node)
            )
            result = self.without(result, rejected, split=False)
        if "if" in raw and ("then" in raw or "else" in raw):
            result = conditional(self, result, node, trail)
        if "dependentSchemas" in raw:
            result = dependent(self, result, node, trail)
        if "$dynamicRef" in raw:
            target = node.space.dynamic_target(raw["$dynamicRef"], node.pointer)
            if target is not None:
                result = self.both(result, self.schema(target, trail))
            else:
                text = canonical({"$dynamicRef": raw["$dynamicRef"]})
                result = _doubted(result, Doubt("$dynamicRef", text, f"{node.pointer}/$dynamicRef"))
        if ("unevaluatedProperties" in raw or "unevaluatedItems" in raw) and _composes(raw):
            result = self._left_over(node, result, trail)
        return result

    def _left_over(self, node: Node, result: Normal, trail: tuple[int, ...]) -> Normal:
        try:
            return left_over(self, result, node, trail, ANYTHING)
        except TooManyError:
            for keyword in ("unevaluatedProperties", "unevaluatedItems"):
                if keyword in node.raw:
                    # All keywords in place decide what is left over: only the same ones mean the same.
                    doubt = Doubt(keyword, canonical(node.raw), f"{node.pointer}/{keyword}")
                    result = _doubted(result, doubt)
            return result

    def alternatives(self, node: Node, keyword: str) -> list[Conjunction]:
        """The alternatives of a union, each with what the discriminator says of its tag."""
        if "discriminator" not in node.raw:
            return [(part,) for part in node.items(keyword)]
        return [(part, *self.normalizer.tagged(node, part)) for part in node.items(keyword)]

    def _alternative(self, parts: Conjunction, trail: tuple[int, ...]) -> Normal:
        result = self.schema(parts[0], trail)
        for part in parts[1:]:
            result = self.both(result, self.schema(part, trail))
        return result

    def both(self, one: Normal, other: Normal) -> Normal:
        """The meet of two unions, type by type."""
        if one is ANYTHING or other is ANYTHING:
            return other if one is ANYTHING else one
        result: Normal = {}
        for kind in TYPES:
            if kind not in one or kind not in other:
                continue
            if len(one[kind]) > 1 and len(other[kind]) > 1 and len(one[kind]) * len(other[kind]) > LIMIT:
                kept = min(one[kind], other[kind], key=len)
                result[kind] = _doubted({kind: kept}, _too_many(one[kind], other[kind]))[kind]
                continue
            met = (meet(a, b) for a in one[kind] for b in other[kind])
            found = tuple(branch for branch in met if branch is not None)
            if found:
                result[kind] = found
        return result

    def _any_of(self, alternatives: list[Conjunction], trail: tuple[int, ...]) -> Normal:
        result: dict[str, tuple[Branch, ...]] = {}
        for parts in alternatives:
            for kind, branches in self._alternative(parts, (*trail, _UNION)).items():
                result[kind] = result.get(kind, ()) + _from(parts[0], branches)
        return {kind: result[kind] for kind in TYPES if kind in result}

    def _one_of(self, alternatives: list[Conjunction], trail: tuple[int, ...]) -> Normal:
        forms = [self._alternative(parts, (*trail, _UNION)) for parts in alternatives]
        result: dict[str, tuple[Branch, ...]] = {}
        for kind in TYPES:
            having = [
                (each, form[kind]) for each, form in zip(alternatives, forms, strict=True) if kind in form
            ]
            found = rivals([branches for _, branches in having], self.normalizer.vacancy)
            for index, (parts, branches) in enumerate(having):
                if found is None:
                    doubt = Doubt("oneOf", f"{len(having)} alternatives".encode(), parts[0].pointer)
                    branches = _doubted({kind: branches}, doubt)[kind]
                elif found[index]:
                    branches = alone(branches, [having[at] for at in found[index]])
                if branches:
                    result[kind] = result.get(kind, ()) + _from(parts[0], branches)
        return result

    def without(self, branches: Normal, rejected: Node, *, split: bool) -> Normal:
        """What is left of the branches without the values of a schema; into more branches only to `split`."""
        inner = self.schema(rejected, (_UNION,))
        result: Normal = {}
        for kind, each in branches.items():
            if kind not in inner:
                result[kind] = each
            elif any(_is_everything(branch) for branch in inner[kind]):
                continue
            else:
                others = self.normalizer.opposites.of_branches(inner[kind])
                left = self.both({kind: each}, {kind: others}).get(kind, ()) if others is not None else None
                if left is None or (len(left) > len(each) and not split):
                    left = without(each, (rejected,))
                if left:
                    result[kind] = left
        return result

    def own(self, node: Node) -> Normal:
        """What the schema object says itself, apart from its in-place applicators."""
        kinds = self._types(node)
        values = listed_values(node)
        result: Normal = {}
        for kind in TYPES:
            if kind not in kinds:
                continue
            allowed = None
            if values is not None:
                allowed = Fact(Listed(v for v in values.value if type_of(v) == kind), values.pointer)
                if not allowed.value:
                    continue
            if kind == "number":
                branch: Branch = numbers(node, whole="number" not in kinds[kind])
            elif kind == "string":
                branch = strings(node)
            elif kind == "array":
                alone = "unevaluatedItems" in node.raw and "items" not in node.raw and not _composes(node.raw)
                branch = arrays(node, "unevaluatedItems" if alone else "items")
            elif kind == "object":
                branch = self._objects(node)
            else:
                branch = Branch(kind)
            if contradicts(branch):
                continue
            result[kind] = (replace(branch, values=allowed) if allowed else branch,)
        return result

    def _types(self, node: Node) -> dict[str, set[str]]:
        """The allowed JSON types, each with the names by which the schema calls it."""
        said = node.raw.get("type")
        names = [said] if isinstance(said, str) else said if isinstance(said, list) else None
        if names is None:
            return {kind: {kind} for kind in TYPES}
        if node.space.legacy and node.raw.get("nullable") is True:
            names = [*names, "null"]
        kinds: dict[str, set[str]] = {}
        for name in names:
            kinds.setdefault("number" if name == "integer" else str(name), set()).add(str(name))
        return kinds

    def _objects(self, node: Node) -> Objects:
        raw = node.raw
        properties: dict[str, Conjunction] = {}
        foreign = set()
        absent = {}
        for name, member in node.entries("properties"):
            if self.normalizer.is_hidden(member):
                foreign.add(name)
            else:
                properties[name] = (member,)
                if member.raw is False:
                    absent[name] = member.pointer
        names = frozenset(raw["properties"]) if isinstance(raw.get("properties"), dict) else frozenset()
        patterns = tuple((pattern, (schema,)) for pattern, schema in node.entries("patternProperties"))
        rests: tuple[Rest, ...] = ()
        keyword = "additionalProperties"
        if keyword not in raw and "unevaluatedProperties" in raw and not _composes(raw):
            keyword = "unevaluatedProperties"
        if keyword in raw:
            schema = node.child(keyword)
            shut = schema.raw is False
            conjunction = (schema,) if isinstance(schema.raw, dict) and schema.raw else ()
            rests = (Rest(names, tuple(p for p, _ in patterns), conjunction, shut, schema.pointer),)
        if raw.get("propertyNames") is False:
            rests = (*rests, Rest(frozenset(), (), (), True, f"{node.pointer}/propertyNames"))
        required = raw.get("required")
        listed = required if isinstance(required, list) else ()
        dependents = raw.get("dependentRequired")
        return Objects(
            properties=properties,
            required={
                name: f"{node.pointer}/required/{index}"
                for index, name in enumerate(listed)
                if isinstance(name, str) and name not in foreign
            },
            rests=rests,
            patterns=patterns,
            min_properties=count(node, "minProperties"),
            max_properties=count(node, "maxProperties"),
            absent=absent,
            names=(node.child("propertyNames"),) if isinstance(raw.get("propertyNames"), dict) else (),
            dependents=tuple(
                (name, Fact(needs, f"{node.pointer}/dependentRequired"))
                for name, needs in (dependents.items() if isinstance(dependents, dict) else ())
                if isinstance(needs, list)
            ),
            foreign=frozenset(foreign),
        )


def _from(part: Node, branches: tuple[Branch, ...]) -> tuple[Branch, ...]:
    """The branches of an alternative, marked with where it comes from."""
    origin = part.space.follow(part).pointer
    return tuple(branch if branch.origin else replace(branch, origin=origin) for branch in branches)


def _composes(raw: dict[str, Any]) -> bool:
    return any(keyword in raw for keyword in _WITHIN)


def _doubted(branches: Normal, doubt: Doubt) -> Normal:
    return {
        kind: tuple(replace(branch, doubts=(*branch.doubts, doubt)) for branch in each)
        for kind, each in branches.items()
    }


def _too_many(one: tuple[Branch, ...], other: tuple[Branch, ...]) -> Doubt:
    return Doubt("alternatives", f"{len(one)} x {len(other)}".encode(), "")


def _is_everything(branch: Branch) -> bool:
    """Whether the branch holds every value of its type."""
    plain = ANYTHING[branch.type][0]
    return all(
        getattr(branch, name) == getattr(plain, name)
        for cls in type(branch).__mro__
        for name in getattr(cls, "__slots__", ())
        if name != "origin"
    )


def _settled(branches: Normal) -> Normal:
    """Listed values that the other facts rule out are taken off the lists; a branch without any is gone."""
    result: Normal = {}
    for kind, each in branches.items():
        kept = []
        for branch in each:
            if branch.values is not None:
                values = surviving(branch)
                if not values:
                    continue
                if len(values) < len(branch.values.value):
                    branch = replace(branch, values=Fact(Listed(values), branch.values.pointer))
            kept.append(branch)
        if kept:
            result[kind] = tuple(kept)
    return result
