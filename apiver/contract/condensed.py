"""A smaller document that is valid exactly where the whole one is: what says the same stands there once.

Whether a schema is valid OpenAPI depends on its own keywords and on whether its parts are valid, wherever
it stands. A large API repeats itself: the same errors at every operation, the same kinds of properties in
every schema.
"""

from __future__ import annotations

from typing import Any

import orjson

Schema = dict[str, Any]

_PART = "properties"
_ONE = ("items", "additionalProperties", "not")
_SEVERAL = ("anyOf", "oneOf")
# A default is held against all that its schema says, and `required` against what stands in `allOf`.
_WHOLE = ("default", "allOf")
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_SCHEMAS = "#/components/schemas/"


def condensed(root: dict[str, Any]) -> dict[str, Any]:
    """The document without the parts of which an equal one is left in it.

    Of the schemas of `root` each is there once, with `{}` where the schemas inside it stood. Operations keep
    their id and path parameters, and what no operation before them has. Raises TypeError, AttributeError or
    orjson.JSONEncodeError where the document is so far from OpenAPI that there is nothing to condense.
    """
    held = _Parts()
    made = dict(root)
    if "paths" in root:
        made["paths"] = {
            path: {key: held.operation(part) if key in _METHODS else part for key, part in item.items()}
            for path, item in root["paths"].items()
        }
    components = root.get("components", {})
    made["components"] = {**components, "schemas": held.schemas(components.get("schemas", {}))}
    return made


class _Parts:
    """The parts that were met, by what they say."""

    def __init__(self) -> None:
        self.distinct: dict[bytes, Schema] = {}
        self.referred: list[str] = []
        self.seen: set[bytes] = set()
        # One and the same object, which a validator needs to look at once.
        self.anything: Schema = {}

    def schemas(self, named: dict[str, Schema]) -> dict[str, Schema]:
        """All distinct schemas under names: those of the document under their own."""
        made = {
            name: self.shallow(schema) if isinstance(schema, dict) else schema
            for name, schema in named.items()
        }
        done: set[str] = set()
        while self.referred:
            name = self.referred.pop()
            if name in named and name not in done:
                done.add(name)
                made[name] = named[name]
                self.refer(named[name])
        spare = (
            f"part{number}"
            for number in range(len(named) + len(self.distinct))
            if f"part{number}" not in named
        )
        return made | dict(zip(spare, self.distinct.values(), strict=False))

    def place(self, schema: Any) -> Any:
        """What stands where `schema` stood; it is kept among the distinct ones."""
        if not isinstance(schema, dict):
            return schema
        made = self.shallow(schema)
        self.distinct.setdefault(orjson.dumps(made, option=orjson.OPT_SORT_KEYS), made)
        return self.anything

    def shallow(self, schema: Schema) -> Schema:
        """`schema` without extensions, and without what stands inside it."""
        if any(key in schema for key in _WHOLE):
            self.refer(schema)
            return schema
        made = {key: value for key, value in schema.items() if not key.startswith("x-")}
        for key in _ONE:
            if key in made:
                made[key] = self.place(made[key])
        for key in _SEVERAL:
            if isinstance(made.get(key), list):
                made[key] = _once([self.place(part) for part in made[key]])
        parts = made.get(_PART)
        if isinstance(parts, dict):
            left = {name: self.place(part) for name, part in parts.items()}
            plain = all(part == {} for part in left.values())
            made[_PART] = dict(list(left.items())[:1]) if plain else left
        return made

    def refer(self, value: Any) -> None:
        """Remember the schemas that a part which is kept whole leans on."""
        if isinstance(value, dict):
            target = value.get("$ref")
            if isinstance(target, str) and target.startswith(_SCHEMAS):
                self.referred.append(target[len(_SCHEMAS) :].partition("/")[0])
            value = list(value.values())
        if isinstance(value, list):
            for part in value:
                self.refer(part)

    def operation(self, entry: dict[str, Any]) -> dict[str, Any]:
        made = {key: value for key, value in entry.items() if not key.startswith("x-")}
        if "parameters" in made:
            made["parameters"] = self.parameters(made["parameters"])
        if "requestBody" in made and self.known("body", made["requestBody"]):
            del made["requestBody"]
        if made.get("responses"):
            fresh = {
                status: self.response(response)
                for status, response in made["responses"].items()
                if not self.known(status, response)
            }
            made["responses"] = fresh or {"default": {"description": ""}}
        return made

    def parameters(self, entries: list[Any]) -> list[Any]:
        if len({(entry.get("in"), entry.get("name")) for entry in entries}) < len(entries):
            return entries
        left = [e for e in entries if e.get("in") == "path" or "$ref" in e or not self.known("parameter", e)]
        return [{**e, "schema": self.place(e["schema"])} if "schema" in e else e for e in left]

    def response(self, entry: dict[str, Any]) -> dict[str, Any]:
        if "content" not in entry:
            return entry
        content = {
            media: {**held, "schema": self.place(held["schema"])} if "schema" in held else held
            for media, held in entry["content"].items()
        }
        return {**entry, "content": content}

    def known(self, kind: str, part: Any) -> bool:
        """Whether an equal part was met before."""
        text = kind.encode() + orjson.dumps(part, option=orjson.OPT_SORT_KEYS)
        if text in self.seen:
            return True
        self.seen.add(text)
        return False


def _once(parts: list[Any]) -> list[Any]:
    """Alternatives that are all `{}` are as good as one."""
    return parts[:1] if parts and all(part == {} for part in parts) else parts
