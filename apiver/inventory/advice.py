"""The lines of a manifest that say what is known of an app's versions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import yaml

from apiver.manifest import Selector, Way
from apiver.manifest.selector import ACCEPT, VERSION


def advice(selector: Selector | None, labels: Iterable[str]) -> str:
    """The `selector:` and `versions:` of a manifest, ready to be copied."""
    return "\n".join(_lines(selector, labels))


def _lines(selector: Selector | None, labels: Iterable[str]) -> Iterator[str]:
    if selector is not None:
        yield "selector:"
        if selector.path is not None:
            yield f"  path: {selector.path}"
        for way in selector.ways:
            yield f"  {way.location}: {_written(way)}"
        if selector.default is not None:
            yield f"  default: {_text(selector.default)}"
    yield "versions:"
    for label in labels:
        yield f"  {_text(label)}: {{}}"


def _written(way: Way) -> str:
    if way.location == ACCEPT:
        return way.template
    sign = {"header": ": ", "query": "="}[way.location]
    return _text(way.name if way.template == VERSION else f"{way.name}{sign}{way.template}")


def _text(value: str) -> str:
    """A string as YAML reads it back: `1.10` and `2024-10-01` need their quotes."""
    node = yaml.SafeLoader(value).get_single_node()
    plain = isinstance(node, yaml.ScalarNode) and node.tag.endswith(":str") and node.value == value
    return value if plain else json.dumps(value)
