"""What one source says of an app: an OpenAPI document, and how far its word goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

INJECTED = "x-apiver-injected"
"""Marks a default response that an extension gives every operation, whatever was declared of it.

It says that errors may be answered, and of none that it is: which ones are, the code says.
"""


@dataclass(frozen=True, slots=True)
class Layer:
    """The operations that one source knows, as an OpenAPI document.

    `by` is `declared` or `observed`, `source` the name of the extension on PyPI or of a file. `root` is the
    document as it was made: Swagger 2.0 or OpenAPI 3.0, 3.1 or 3.2; None values and integer keys are
    taken care of by who reads it. `base` is what stands before its paths (`basePath`), '' where these are
    whole. `partial` says that it speaks of nothing but what it holds, as the arguments of a decorator do:
    what it leaves out is not said to be absent. `enforced` says that the extension itself checks requests
    and writes responses by it, so that the view sees and sends no more than it holds; `handed` that it checks
    requests alone, and hands what they hold to the view as arguments. `documentation` are
    the endpoints that serve the extension's own pages and documents: they are no part of the API. `failures`
    say what of it the extension could not write, and why. `broken` says the same of the operations, by path
    and method in capitals, that may be declared by somebody else as well: then it does not matter.
    """

    by: str
    source: str
    root: dict[str, Any]
    base: str = ""
    partial: bool = False
    enforced: bool = False
    handed: bool = False
    documentation: frozenset[str] = frozenset()
    failures: tuple[str, ...] = ()
    broken: Mapping[tuple[str, str], str] = field(default_factory=dict)
