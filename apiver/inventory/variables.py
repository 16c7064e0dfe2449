"""Rules whose path names the version with a variable: `/api/<version>/books` serves each of the versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from apiver.inventory.labels import is_below_api
from apiver.inventory.routes import PathParameter, Route
from apiver.manifest import Selector
from apiver.manifest.selector import NUMBER, VERSION, spelled

_NAME = re.compile(r"(?:api_?)?v(?:er(?:sion)?)?", re.IGNORECASE)
_SEGMENT = re.compile(r"([^{}]*)\{(\w+)\}([^{}]*)")
_ALTERNATIVES = re.compile(r"\^?(?:\(\?:)?([\w.|-]+)\)?\$?")
_MOST = 30


class Variable(NamedTuple):
    """The variable of a rule that names the version: the segment it stands in, and what is around it."""

    parameter: PathParameter
    at: int
    before: str
    after: str

    def value(self, segment: str) -> str | None:
        """What the variable is where the segment reads so; None where the rule does not match it."""
        if not segment.startswith(self.before) or not segment.endswith(self.after):
            return None
        text = segment[len(self.before) : len(segment) - len(self.after)]
        return text if text and _accepts(self.parameter.schema, text) else None


class Served(NamedTuple):
    """One version that a rule with a variable serves: its base path, label, the segment, and the route."""

    base: str
    label: str
    segment: str
    route: Route


def version_variable(route: Route, selector: Selector | None = None) -> Variable | None:
    """The variable of a rule that names the version, or None.

    The manifest's `selector.path` says which it is. Else it is a variable that is called so (`version`, `v`,
    `api_version`) in the first segment or just below an API's root: `/releases/<version>` is something else.
    """
    segments = route.path.split("/")[1:]
    parameters = {parameter.name: parameter for parameter in route.parameters}
    wanted = selector.path.split("/")[1:] if selector is not None and selector.path is not None else None
    if wanted is not None and segments[: len(wanted) - 1] == wanted[:-1] and len(segments) >= len(wanted):
        found = _variable(segments, len(wanted) - 1, parameters)
        if found is not None and _fits(wanted[-1], found):
            return found
    at = next((index for index, segment in enumerate(segments) if "{" in segment), None)
    if at is None or not is_below_api(segments, at):
        return None
    found = _variable(segments, at, parameters)
    return found if found is not None and _NAME.fullmatch(found.parameter.name) else None


def _variable(segments: list[str], at: int, parameters: dict[str, PathParameter]) -> Variable | None:
    parts = _SEGMENT.fullmatch(segments[at])
    if parts is None or parts[2] not in parameters:
        return None
    return Variable(parameters[parts[2]], at, parts[1], parts[3])


def _fits(wanted: str, variable: Variable) -> bool:
    """Whether the segment of a rule may be the one that the manifest's template ends with."""
    before, _, after = re.sub(r"\{[^{}]*\}", "\0", wanted).partition("\0")
    return before.startswith(variable.before) and after.endswith(variable.after)


def served(
    route: Route, variable: Variable, selector: Selector | None, labels: Iterable[str]
) -> Iterator[Served]:
    """The versions that a rule with a variable serves: those of the manifest, those its converter lists."""
    segments = route.path.split("/")
    template = VERSION
    if selector is not None and selector.path is not None:
        template = selector.path.rpartition("/")[2]
    elif variable.before:
        template = f"{variable.before}{NUMBER}{variable.after}"
    spellings = {spelled(template, label): label for label in labels}
    for text in listed(variable.parameter):
        segment = f"{variable.before}{text}{variable.after}"
        spellings.setdefault(segment, segment)
    for segment, label in spellings.items():
        value = variable.value(segment)
        if value is None:
            continue
        path = "/".join([*segments[: variable.at + 1], segment, *segments[variable.at + 2 :]])
        pinned = replace(
            route,
            path=path,
            parameters=tuple(one for one in route.parameters if one is not variable.parameter),
            pinned=(*route.pinned, (variable.parameter, value)),
        )
        yield Served("/".join(segments[: variable.at + 1]), label, segment, pinned)


def listed(parameter: PathParameter) -> tuple[str, ...]:
    """The values of a variable where its converter lists them: `any(v1,v2)`, `v1|v2`, `int(min=1,max=3)`."""
    schema = parameter.schema
    if "enum" in schema:
        return tuple(map(str, schema["enum"]))
    if "minimum" in schema and "maximum" in schema and schema.get("type") == "integer":
        values = range(schema["minimum"], schema["maximum"] + 1)
        return tuple(map(str, values)) if len(values) <= _MOST else ()
    alternatives = _ALTERNATIVES.fullmatch(schema.get("pattern", ""))
    if alternatives is not None and "|" in alternatives[1]:
        # A dot in an expression is any character; in a version it is meant as one.
        return tuple(alternatives[1].split("|"))
    return ()


def _accepts(schema: dict[str, object], text: str) -> bool:
    """Whether a variable of that schema may read so in a URL."""
    if "enum" in schema:
        return text in schema["enum"]  # type: ignore[operator]
    if schema.get("type") in ("integer", "number"):
        digits = r"\d+" if schema["type"] == "integer" else r"\d+\.\d+"
        return re.fullmatch(digits, text) is not None
    pattern = schema.get("pattern")
    return re.search(pattern, text) is not None if isinstance(pattern, str) else True
