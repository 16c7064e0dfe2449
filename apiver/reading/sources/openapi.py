"""flask-openapi 5, which flask-openapi3 is called since its fifth version; its documents are OpenAPI 3.2."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.sources.openapi3 import declared


def layers(app: Flask) -> Iterator[Layer]:
    """The operations of a `flask_openapi.OpenAPI`."""
    yield from declared(app, "flask_openapi", "flask-openapi")
