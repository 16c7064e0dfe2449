"""A YAML file whose parts know where they stand, so that every complaint can name line and column."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from apiver.errors import InputError


@dataclass(frozen=True, slots=True)
class Part:
    """One value of the file: its YAML node, the dotted path that leads to it, and its source."""

    source: Source
    node: yaml.Node
    path: str

    def refuse(self, what: str, remedy: str | None = None) -> NoReturn:
        """Raise the `InputError` that stands at this part."""
        self.source.refuse(self.node, what, remedy)

    @property
    def where(self) -> str:
        """The place of this part: `apiver.yaml:3:9`."""
        return self.source.place(self.node)

    @property
    def is_null(self) -> bool:
        """Whether nothing, `~` or `null` was written here."""
        return self.node.tag == "tag:yaml.org,2002:null"

    @property
    def is_mapping(self) -> bool:
        """Whether a mapping was written here."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether a list was written here."""
        return isinstance(self.node, yaml.SequenceNode)

    def value(self) -> Any:
        """The plain Python value: dict, list, str, int, float, bool, date or None."""
        try:
            return self.source.loader.construct_object(self.node, deep=True)
        except yaml.constructor.ConstructorError as error:
            self.refuse(f"{self.path} cannot be understood: {error.problem}")

    def text(self) -> str:
        """The string that was written here; InputError for any other type."""
        if self.node.tag != "tag:yaml.org,2002:str":
            self.refuse(f"{self.path} must be a string, not {kind(self)}", "put it in quotes")
        return str(self.node.value)

    def entries(self) -> dict[str, Part]:
        """The entries of a mapping, in order; InputError for any other type, and for a key given twice."""
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse(f"{self.path} must be a mapping, not {kind(self)}")
        self.source.loader.flatten_mapping(self.node)
        found: dict[str, Part] = {}
        for key, value in self.node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name in found:
                self.source.refuse(key, f"{name} is given twice", "keep one of the two")
            found[name] = Part(self.source, value, f"{self.path}.{name}" if self.path else name)
        return found

    def items(self) -> list[Part]:
        """The items of a list; InputError for any other type."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.refuse(f"{self.path} must be a list, not {kind(self)}")
        return [Part(self.source, item, f"{self.path}[{i}]") for i, item in enumerate(self.node.value)]

    def only(self, known: Iterable[str]) -> dict[str, Part]:
        """The entries of a mapping that may hold the known keys alone; InputError names the stranger."""
        entries = self.entries()
        names = list(known)
        for name, part in entries.items():
            if name not in names:
                meant = difflib.get_close_matches(name, names, n=1)
                self.source.refuse(
                    self.key(name),
                    f"unknown key {part.path}",
                    f"did you mean {meant[0]}?" if meant else f"known here: {', '.join(names)}",
                )
        return entries

    def key(self, name: str) -> yaml.Node:
        """The node of a mapping's key, for saying where it stands and what type it has."""
        keys = [key for key, _ in self.node.value if isinstance(key, yaml.ScalarNode)]
        return next(key for key in keys if key.value == name)


@dataclass(frozen=True, slots=True)
class Source:
    """An open YAML file: the name that the user knows it by, and the loader that builds its values."""

    name: str
    loader: yaml.SafeLoader

    def refuse(self, node: yaml.Node, what: str, remedy: str | None = None) -> NoReturn:
        """Raise the `InputError` that stands at `node`."""
        raise InputError(what, where=self.place(node), remedy=remedy)

    def place(self, node: yaml.Node) -> str:
        """Where a node stands: `apiver.yaml:3:9`."""
        return f"{self.name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"


def kind(part: Part) -> str:
    """What was written at a part, in a user's words."""
    return {"map": "a mapping", "seq": "a list", "null": "nothing", "str": "a string"}.get(
        part.node.tag.rpartition(":")[2], f"{part.node.value}"
    )


def read_source(path: str) -> Part | None:
    """The top of the YAML file at `path`, or None where the file holds nothing.

    Raises InputError with file:line:column where it cannot be read or is no single YAML document.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"there is no file {path}", remedy="check the path given to --manifest") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text", where=f"{path}: byte {error.start}") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        raise InputError(f"not valid YAML: {error.problem or error.context}", where=where) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise InputError(f"not valid YAML: {error.reason}", where=f"{path}:{line}") from None
    return None if node is None else Part(Source(path, loader), node, "")
