"""The layers of an app, looked up by route."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from apiver.inventory import Route
from apiver.inventory.url_map import template
from apiver.reading.layering.adoption import Adoption
from apiver.reading.layering.declared import Said, blanked, said
from apiver.reading.layering.layers import Layer
from apiver.reading.layering.merge import Declared
from apiver.reading.naming import is_generated
from apiver.reading.sources import found_in
from apiver.reading.sources.routes import rules


@dataclass(frozen=True, slots=True)
class Declarations:
    """What all layers say of one app, by precedence. `failures` says what could not be used.

    `routes` are the paths and methods of all that the app serves.
    """

    said: tuple[Said, ...] = ()
    failures: tuple[str, ...] = ()
    documentation: frozenset[str] = field(default_factory=frozenset)
    routes: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def of(self, route: Route, adoption: Adoption) -> Iterator[Declared]:
        """What is said of `route`, by precedence, with the schemas that it names taken into `adoption`."""
        for one in self.said:
            template = self._template(one, route)
            if template is not None:
                operation = adoption.operation(one, dict(one.operations[template, route.method]))
                if _is_generated(operation.get("operationId"), route):
                    del operation["operationId"]
                yield Declared(one.layer, template, operation)

    def broken(self, route: Route) -> Iterator[str]:
        """Why what is said of `route` cannot be used, with the place of its view."""
        place = f"{route.file}:{route.line}: " if route.file else ""
        for one in self.said:
            for path in _paths(route):
                if (path, route.method) in one.layer.broken:
                    yield f"{place}{one.layer.broken[path, route.method]}"

    def _template(self, one: Said, route: Route) -> str | None:
        """What a layer calls the path of a route: as it is, or with other names for its variables.

        Those that are the very path of another route are that route's: `/users/<int:id>`, `/users/<name>`.
        """
        paths = _paths(route)
        for path in paths:
            if (path, route.method) in one.operations:
                return path
        for path in paths:
            for other in one.shapes.get(blanked(path), ()):
                key = other, route.method
                if key in one.operations and key not in self.routes:
                    return other
        return None


def declarations(route: Route, layers: Sequence[Layer] = ()) -> Declarations:
    """What the extensions in the app of `route` declare, below `layers`, which somebody else declares."""
    found = found_in(route.app)
    everything: list[Said] = []
    failures = list(found.failures)
    for layer in (*layers, *found.layers):
        try:
            one = said(layer)
        except Exception as problem:  # noqa: BLE001 - the data of extensions may be anything
            failures.append(f"what {layer.source} declares could not be read: {problem}")
        else:
            everything.append(one)
            failures += [f"{layer.source}: {sentence}" for sentence in (*layer.failures, *one.failures)]
    pages = frozenset(endpoint for layer in (*layers, *found.layers) for endpoint in layer.documentation)
    routes = frozenset((rule.path, rule.method.upper()) for rule in rules(route.app))
    return Declarations(tuple(everything), tuple(failures), pages, routes)


def _paths(route: Route) -> tuple[str, str]:
    """What a document may call the path of a route in its own app: with the slash at the end, or without."""
    path = template(route.rule[len(route.mount) :])
    return path, path[:-1] if path.endswith("/") and path != "/" else f"{path}/"


def _is_generated(operation_id: object, route: Route) -> bool:
    if not isinstance(operation_id, str):
        return False
    function = inspect.unwrap(route.handler)
    names = [route.endpoint, *(str(getattr(function, key, "")) for key in ("__name__", "__qualname__"))]
    return is_generated(operation_id, route.method, route.rule, [*names, str(route.blueprint or "")])
