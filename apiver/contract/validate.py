"""Whether a document is valid OpenAPI, as openapi-spec-validator sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from apiver.contract.condensed import condensed
from apiver.contract.pointer import join, resolve

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_LONGEST = 200
_NOWHERE = object()
_OPERATION = re.compile(r"'(?P<method>[a-z]+)' (?:operation )?in '(?P<path>/[^']*)'")


def problems(root: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """What the OpenAPI specification has against a document: JSON pointers and sentences, in order.

    Nothing where the document is valid OpenAPI 3.0, 3.1 or 3.2. A document that the validator itself
    cannot cope with (no version, a reference that leads nowhere) is one problem at the root. A valid document
    of several megabytes takes less than a second, one with problems as many seconds as it has megabytes.
    """
    found = set()
    try:
        if _is_valid(root):
            return ()
        for error in _errors(root):
            cause = _cause(error)
            found.add((_pointer(root, cause), _shortened(cause.message)))
    except Exception as error:  # noqa: BLE001 - it raises what its own parts happen to raise
        found.add(("", _shortened(f"{type(error).__name__}: {error}".rstrip(": "))))
    return tuple(sorted(found))


def _is_valid(root: dict[str, Any]) -> bool:
    """Whether the document is valid for certain: the validator takes its time for all that is said twice."""
    from openapi_spec_validator.shortcuts import get_validator_cls

    try:
        small = condensed(root)
        return next(get_validator_cls(small)(small).iter_errors(), None) is None
    except Exception:  # noqa: BLE001 - what is so odd that it cannot be condensed is for the validator to judge
        return False


def _errors(root: dict[str, Any]) -> Iterator[ValidationError]:
    """What `iter_errors` of openapi-spec-validator says, with the branches that were tried.

    Where jsonschema-rs is installed that one judges by it, whose errors say nothing of branches.
    """
    from jsonschema.validators import validator_for
    from openapi_spec_validator.shortcuts import get_validator_cls

    validator = get_validator_cls(root)(root)
    schema = validator.schema_validator.schema
    yield from validator_for(schema)(schema).iter_errors(root)
    yield from validator.root_validator(validator.schema_path)


def _cause(error: ValidationError) -> ValidationError:
    """The deepest error that explains this one: of an anyOf, that of the branch which fits best."""
    while error.context:
        error = max(error.context, key=lambda inner: (len(inner.path), inner.message[:6] != "'$ref'"))
    return error


def _pointer(root: Any, error: ValidationError) -> str:
    """Where the error is. Some come without a path, or with one that begins at a schema somewhere."""
    pointer = join("", *error.absolute_path)
    named = _OPERATION.search(error.message)
    if named:
        pointer = join("/paths", named["path"], named["method"])
    try:
        value = resolve(root, pointer)
    except LookupError:
        value = _NOWHERE
    if named or value is error.instance:
        return pointer if value is not _NOWHERE else ""
    ending = pointer or "/default"  # only a wrong default comes without any path
    parts = _parts(root, "")
    return next((place for place, part in parts if part is error.instance and place.endswith(ending)), "")


def _parts(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    yield pointer, value
    if isinstance(value, (dict, list)):
        for token, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _parts(part, join(pointer, token))


def _shortened(message: str) -> str:
    """The validator's sentence, with the middle of a long value left out."""
    if len(message) <= _LONGEST:
        return message
    half = _LONGEST // 2 - 3
    return f"{message[:half]} ... {message[-half:]}"
