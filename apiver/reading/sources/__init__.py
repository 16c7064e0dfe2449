"""Where apps declare their contracts: one module for each extension.

Each has `layers(app)`, which yields what that extension says of a loaded app, and nothing where it is not
in use.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.sources import (
    apifairy,
    apiflask,
    apispec,
    appbuilder,
    connexion,
    docstrings,
    flasgger,
    flask_apispec,
    flask_pydantic,
    openapi,
    openapi3,
    pydantic_spec,
    rebar,
    restful,
    restx,
    smorest,
    spectree,
    webargs,
)

# By precedence: where two speak of one operation, the first whole document wins. apispec comes late, for
# others are built on it, and docstrings last, for others read them too.
SOURCES: tuple[Callable[[Flask], Iterator[Layer]], ...] = (
    apifairy.layers,
    apiflask.layers,
    smorest.layers,
    spectree.layers,
    flask_pydantic.layers,
    openapi.layers,
    openapi3.layers,
    pydantic_spec.layers,
    rebar.layers,
    restx.layers,
    restful.layers,
    connexion.layers,
    appbuilder.layers,
    flasgger.layers,
    flask_apispec.layers,
    apispec.layers,
    docstrings.layers,
    webargs.layers,
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the extensions of an app say, by precedence, and why some of them could not be asked."""

    layers: tuple[Layer, ...]
    failures: tuple[str, ...]


def found_in(app: Flask) -> Found:
    """Everything that extensions declare for `app`.

    An extension that fails at it, or whose data are broken, is a sentence among the failures.
    """
    layers: list[Layer] = []
    failures: list[str] = []
    for source in SOURCES:
        name = source.__module__.rpartition(".")[2]
        try:
            with warnings.catch_warnings():
                # What an extension has to say of its own writing is for those who look at its documents.
                warnings.simplefilter("ignore")
                layers += source(app)
        except Exception as problem:  # noqa: BLE001 - it runs code of extensions, on data of the app
            failures.append(f"what {name} declares could not be read: {type(problem).__name__}: {problem}")
    return Found(tuple(layers), tuple(failures))
