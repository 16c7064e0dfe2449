"""Serializers: functions and methods that make a record out of an instance. Their records get names."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, replace
from types import FunctionType

from apiver.contract.document import Place
from apiver.reading.inference.frame import Arguments, Frame
from apiver.reading.inference.models.members import is_model
from apiver.reading.inference.program.scope import package_of
from apiver.reading.inference.values.shapes import (
    Asked,
    Known,
    Label,
    Listing,
    Object,
    Record,
    Ref,
    Typed,
    Union,
    Value,
    mapped,
    options,
)
from apiver.reading.inference.values.state import State

_USUAL = frozenset(
    [
        "to_dict",
        "as_dict",
        "to_json",
        "as_json",
        "serialize",
        "serialized",
        "to_representation",
        "dump",
        "json",
        "dict",
        "asdict",
        "todict",
        "tojson",
        "get_json",
        "serialise",
        "jsonify",
        "format",
        "represent",
    ]
)
_AFFIXES = frozenset(
    [
        "serialize",
        "serialise",
        "serialized",
        "serializer",
        "to",
        "as",
        "dict",
        "json",
        "dump",
        "render",
        "make",
        "build",
        "present",
        "from",
        "of",
        "for",
        "get",
        "repr",
        "represent",
        "representation",
        "payload",
        "view",
        "schema",
    ]
)
_VERSION = re.compile(r"v\d+(beta\d+|alpha\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Serializer:
    """A call whose record gets a name: the label, and the key under which its result is remembered.

    `symbolic` says that the result depends on the types of the arguments alone.
    """

    label: Label
    key: tuple[object, ...]
    symbolic: bool


def serializer(
    function: FunctionType,
    receiver: Value | None,
    arguments: Arguments,
    frame: Frame,
    place: Place,
) -> Serializer | None:
    """What the call of `function` serializes, or None where it is no serializer."""
    subject = receiver if receiver is not None else next(iter(arguments.positional), None)
    rest = arguments.positional if receiver is not None else arguments.positional[1:]
    cls = _instance_class(subject, frame)
    if cls is None and receiver is not None and arguments.positional:
        # A serializer object that is handed the instance: `BookSerializer().serialize(book)`.
        subject, rest = arguments.positional[0], arguments.positional[1:]
        cls = _instance_class(subject, frame)
        if cls is None:
            return None
        name = _from_words(function.__name__, cls)
    elif cls is None or subject is None:
        return None
    elif receiver is not None:
        if not (_is_data(cls) or function.__name__ in _USUAL):
            return None
        name = cls.__name__ if function.__name__ in _USUAL else _from_method(function.__name__, cls)
    else:
        if not _is_data(cls):
            return None
        name = _from_words(function.__name__, cls)
    given: list[tuple[int | str, Value]] = [*enumerate(rest, 1), *sorted(arguments.keywords.items())]
    name += "".join(_suffix(word, value) for word, value in given)
    frozen = tuple((word, _frozen(value, frame)) for word, value in given)
    symbolic = isinstance(subject, Typed) and all(value is not None for _, value in frozen)
    key = (function.__code__, function.__qualname__, cls, frozen if symbolic else id(frame))
    return Serializer(
        Label(name, f"{function.__module__}.{function.__qualname__}:{name}", place), key, symbolic
    )


def _instance_class(value: Value | None, frame: Frame) -> type | None:
    content = frame.state.cell(value) if isinstance(value, Ref) else value
    if isinstance(content, Typed | Object) and package_of(content.cls.__module__) in frame.reader.shared.own:
        return None if issubclass(content.cls, BaseException) else content.cls
    return None


def _is_data(cls: type) -> bool:
    return is_model(cls) or dataclasses.is_dataclass(cls) or hasattr(cls, "_fields")


def _from_words(name: str, cls: type) -> str:
    words = [word for word in re.split(r"[_\W]+", name) if word]
    kept = [word for word in words if word.lower() not in _AFFIXES and not _VERSION.fullmatch(word)]
    return "".join(word[:1].upper() + word[1:] for word in kept) or cls.__name__


def _from_method(name: str, cls: type) -> str:
    words = _from_words(name, cls)
    return words if words.startswith(cls.__name__) else cls.__name__ + words


def _suffix(word: int | str, value: Value) -> str:
    # `to_dict(include_lines=True)` is another shape than `to_dict()`.
    if isinstance(word, str) and value == Known(True):
        return "".join(part[:1].upper() + part[1:] for part in word.split("_"))
    return ""


def _frozen(value: Value, frame: Frame) -> Value | None:
    frozen = frame.state.frozen(value)
    return (
        None
        if any(isinstance(option, Asked | Record | Listing | Object) for option in options(frozen))
        else frozen
    )


def labelled(value: Value, label: Label, state: State) -> Value:
    """`value` with the label on its record; as it was where it is not one record (and perhaps None)."""
    frozen = state.frozen(value)
    records = [option for option in options(frozen) if isinstance(option, Record)]
    if len(records) != 1 or not records[0].fields or records[0].label is not None:
        return value
    named = replace(records[0], label=label)
    if isinstance(frozen, Union):
        return mapped(frozen, lambda option: named if isinstance(option, Record) else option)
    return named
