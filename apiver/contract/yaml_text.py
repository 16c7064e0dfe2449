"""YAML as users write it: the value and the places of its parts, or what is wrong with the text and where.

PyYAML's C parser reads the text. The values are made here, because PyYAML follows YAML 1.1 (`on` is true,
`2024-10-01` a date, `12:30` a number) where OpenAPI asks for YAML 1.2 and for what JSON can hold.
"""

from __future__ import annotations

import gc
from typing import Any, NoReturn

import yaml
from yaml.composer import Composer
from yaml.error import Mark, MarkedYAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner

from apiver.contract.source_text import SourceText, decoded
from apiver.contract.yaml_places import YamlPlaces, packed
from apiver.contract.yaml_scalar import TAG, Scalar, plain, spelled, tagged
from apiver.errors import InputError

# Deeper than any real document, and within what the parsers and Python's stack bear.
_DEEPEST = 250
# How many values aliases and merge keys may add to those that are written out.
_MOST_REPEATED = 1_000_000

_REMEDIES = {
    "tab character": "indent with spaces: YAML allows no tabs there",
    "cannot start any token": "indent with spaces, not tabs; put a text that begins with @, ` or % in quotes",
    "mapping values are not allowed": "put a text that holds ': ' in quotes",
    "did not find expected key": "check the indentation of this line and the one above, and the quotes",
    "could not find expected ':'": "a key needs a colon and a space after it",
    "undefined alias": "define the anchor (&name) before the alias (*name)",
    "single document": "one file holds one document: remove what follows the second '---'",
}


def read_yaml(raw: bytes, name: str) -> tuple[Any, set[str], YamlPlaces | None]:
    """The value of a YAML text, every text that is given as a `$ref`, and the places of the parts.

    An empty text is None, without places. Raises InputError with line and column where the text is not
    YAML or says what JSON cannot: several documents, keys that are no texts, a key twice in one mapping,
    unknown tags, infinities, an alias within what it stands for, aliases that blow a small text up.
    """
    text = decoded(raw, name)
    collecting = gc.isenabled()
    gc.disable()  # nodes and values grow by the hundred thousand, and none of them is garbage yet
    try:
        try:
            root = _Loader(text).get_single_node()
        except ReaderError as error:
            odd = Reader.NON_PRINTABLE.search(text)
            place = SourceText(raw, name).place(len(text[: odd.start()].encode()) if odd else 0)
            raise InputError(f"not YAML: {error.reason}", where=str(place)) from None
        except MarkedYAMLError as error:
            _refuse(error, name)
        except _TooDeepError as error:
            raise InputError("the document is nested too deeply", where=_where(name, error.mark)) from None
        if root is None:
            return None, set(), None
        reading = _Reading(name, root)
        return reading.document(root), reading.references, reading.places
    finally:
        if collecting:
            gc.enable()


class _TooDeepError(Exception):
    def __init__(self, mark: Mark) -> None:
        self.mark = mark


class _Plain:
    """What the parsers ask of a resolver: nothing is resolved, but the depth is watched."""

    depth = 0

    def resolve(self, kind: type[Node], value: str | None, implicit: object) -> None:
        """No tag: what is plain is decided by `yaml_scalar`."""

    def descend_resolver(self, parent: Node | None, index: object) -> None:
        """One level down. The C parser would end the process some ten thousand levels further down."""
        self.depth += 1
        if self.depth > _DEEPEST and parent is not None:
            raise _TooDeepError(parent.start_mark)

    def ascend_resolver(self) -> None:
        """One level up."""
        self.depth -= 1


class _PythonLoader(Reader, Scanner, Parser, Composer, _Plain):
    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)


_Loader: Any = _PythonLoader
if yaml.__with_libyaml__:
    from yaml._yaml import CParser

    class _CLoader(CParser, _Plain):
        pass

    _Loader = _CLoader


class _Reading:
    """The way from the nodes of one text to its value."""

    def __init__(self, name: str, root: Node) -> None:
        self.name = name
        self.references: set[str] = set()
        self.places = YamlPlaces(name, _packed(root.start_mark))
        self._done: dict[int, Any] = {}
        self._open: set[int] = set()
        self._keys: dict[str, str] = {}
        self._aliased = False
        self._merged = 0

    def document(self, root: Node) -> Any:
        """The value of the whole text."""
        value = self._value(root)
        if self._aliased:
            written, meant, depth = _sizes(value, {})
            if meant - written > _MOST_REPEATED:
                self._refuse("the aliases of this document stand for too many values", root)
            if depth > _DEEPEST:
                self._refuse("the aliases of this document are nested too deeply", root)
        return value

    def _value(self, node: Node) -> Any:
        if type(node) is ScalarNode:
            return self._scalar(node)
        identity = id(node)
        if identity in self._done:
            self._aliased = True
            return self._done[identity]
        if identity in self._open:
            self._refuse("what this anchor names contains itself", node)
        self._open.add(identity)
        if node.tag is not None and node.tag != TAG + ("map" if type(node) is MappingNode else "seq"):
            self._refuse(f"the tag {spelled(node.tag)} has no meaning in OpenAPI", node)
        value = self._mapping(node) if type(node) is MappingNode else self._sequence(node)
        self._open.remove(identity)
        self._done[identity] = value
        return value

    def _scalar(self, node: ScalarNode) -> Scalar:
        try:
            if node.tag is not None:
                return tagged(node.tag, node.value)
            return node.value if node.style else plain(node.value)
        except ValueError as error:
            self._refuse(str(error), node)

    def _sequence(self, node: Node) -> list[Any]:
        value = [self._value(item) for item in node.value]
        self.places.note(value, [_packed(item.start_mark) for item in node.value])
        return value

    def _mapping(self, node: Node) -> dict[str, Any]:
        value: dict[str, Any] = {}
        marks: list[int] = []
        merges: list[tuple[ScalarNode, Node]] = []
        for key, member in node.value:
            if type(key) is not ScalarNode:
                self._refuse("a key that is a list or a mapping cannot stand in JSON", key)
            name = key.value
            if name == "<<" and not key.style and key.tag is None:
                merges.append((key, member))
                continue
            if name in value:
                self._refuse(
                    f"the key {name!r} stands twice in one mapping", key, "remove or rename one of them"
                )
            name = self._keys.setdefault(name, name)
            if type(member) is ScalarNode:
                value[name] = self._scalar(member)
                if name == "$ref":
                    self.references.add(member.value)
            else:
                value[name] = self._value(member)
            mark = key.start_mark
            marks.append(mark.line << 32 | mark.column)
        for key, member in merges:
            self._merge(key, member, value, marks)
        self.places.note(value, marks)
        return value

    def _merge(self, key: ScalarNode, source: Node, value: dict[str, Any], marks: list[int]) -> None:
        """Add what a merge key (`<<`, https://yaml.org/type/merge.html) names, where it is not there yet."""
        sources = source.value if type(source) is SequenceNode else [source]
        for each in sources:
            if type(each) is not MappingNode:
                self._refuse("a merge key (<<) takes a mapping or a list of mappings", key)
            members = self._value(each)
            self._merged += len(members)
            if self._merged > _MOST_REPEATED:
                self._refuse("the merge keys of this document repeat too many values", key)
            for (name, member), mark in zip(members.items(), self.places.of_parts(members), strict=True):
                if name not in value:
                    value[name] = member
                    marks.append(mark)

    def _refuse(self, what: str, node: Node, remedy: str | None = None) -> NoReturn:
        raise InputError(what, where=_where(self.name, node.start_mark), remedy=remedy)


def _refuse(error: MarkedYAMLError, name: str) -> NoReturn:
    parts = [error.problem or "the text cannot be read", error.context or ""]
    if parts[0].startswith("but "):
        parts.reverse()
    sentence = " ".join(parts).strip()
    remedy = next((remedy for part, remedy in _REMEDIES.items() if part in sentence), None)
    mark = error.problem_mark or error.context_mark
    where = _where(name, mark) if mark else name
    if "maximum nesting depth" in sentence:  # the scanner of PyYAML 6.0.4 has a limit of its own
        raise InputError("the document is nested too deeply", where=where) from None
    raise InputError(f"not YAML: {sentence}", where=where, remedy=remedy) from None


def _where(name: str, mark: Mark) -> str:
    return f"{name}:{mark.line + 1}:{mark.column + 1}"


def _packed(mark: Mark) -> int:
    return packed(mark.line, mark.column)


def _sizes(value: Any, known: dict[int, tuple[int, int, int]]) -> tuple[int, int, int]:
    """How many parts `value` has as written, how many with every alias written out, and how deep they go."""
    if not isinstance(value, (dict, list)):
        return 0, 0, 0
    if id(value) in known:
        return 0, *known[id(value)][1:]
    parts = [_sizes(part, known) for part in (value.values() if isinstance(value, dict) else value)]
    size = (
        len(parts) + sum(written for written, _, _ in parts),
        len(parts) + sum(meant for _, meant, _ in parts),
        1 + max((depth for _, _, depth in parts), default=0),
    )
    known[id(value)] = size
    return size
