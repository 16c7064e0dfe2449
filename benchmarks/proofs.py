"""The proofs of a comparison of two large contracts, judged again by code that shares nothing with apiver.

    python benchmarks/proofs.py [OLD.json NEW.json] [--json]

Without arguments the contracts are two releases of GitHub's REST description. For each breaking change the
exchange that apiver shows is put to both contracts: plain `jsonschema` for bodies and texts, and a few
lines for paths, statuses, media types and parameters. It has to satisfy the one and break the other. Exit 1
where a proof is not confirmed or more than 2 % of the findings are undecided.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from github_contracts import contracts
from jsonschema import Draft202012Validator, FormatChecker

from apiver.compare import diff
from apiver.compare.change import ABSENT, Change, Exchange
from apiver.contract.reader import read

UNDECIDED = re.compile(r"no (value|message) was found|not decided|could not|does not reason|budget")
MOST_UNDECIDED = 2.0  # percent of the findings
_FORMATS = FormatChecker(["date", "date-time", "uuid", "ipv4", "ipv6", "email"])
_BITS = {"int32": 31, "int64": 63}


class UnfitError(Exception):
    """The exchange has something that this judge does not know."""


class Referee:
    """Judges exchanges by one contract, of OpenAPI 3.0 or 3.1, in JSON."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root
        self._schemas: dict[str, Any] = {}

    def objections(self, exchange: Exchange) -> list[str]:
        """What the contract has against a request (`status` is None) or a response."""
        operation, variables = self._operation(exchange)
        if operation is None:
            return ["no operation serves it"]
        if exchange.status is None:
            return [
                *self._parameters(operation, variables, exchange),
                *self._request_body(operation, exchange),
            ]
        answers = operation.get("responses") or {}
        status = str(exchange.status)
        answer = answers.get(status, answers.get(f"{status[0]}XX", answers.get("default")))
        if answer is None:
            return [f"status {status} is not declared"]
        return self._content(self._followed(answer), exchange, "response", empty=False)

    def _operation(self, exchange: Exchange) -> tuple[dict[str, Any] | None, dict[str, str]]:
        path = urlsplit(exchange.url).path
        servers = self.root.get("servers") or [{"url": ""}]
        bases = {urlsplit(each["url"]).path.rstrip("/") for each in servers}
        fitting = []
        for template, item in self.root["paths"].items():
            names = re.findall(r"\{([^{}]*)\}", template)
            pattern = "([^/]+)".join(map(re.escape, re.split(r"\{[^{}]*\}", template)))
            for base in bases:
                found = re.fullmatch(re.escape(base) + pattern, path)
                if found and exchange.method.lower() in item:
                    fitting.append(
                        (len(names), item, dict(zip(names, map(unquote, found.groups()), strict=True)))
                    )
        if not fitting:
            return None, {}
        _, item, variables = min(fitting, key=lambda each: each[0])
        operation = item[exchange.method.lower()]
        parameters = [*(item.get("parameters") or []), *(operation.get("parameters") or [])]
        return {**operation, "parameters": [self._followed(each) for each in parameters]}, variables

    def _parameters(
        self, operation: dict[str, Any], variables: dict[str, str], exchange: Exchange
    ) -> Iterator[str]:
        query: dict[str, list[str]] = {}
        for name, text in parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True):
            query.setdefault(name, []).append(text)
        headers = {name.lower(): text for name, text in exchange.headers}
        for parameter in operation["parameters"]:
            name, place = parameter["name"], parameter["in"]
            if place == "query":
                texts = query.get(name)
            elif place == "path":
                texts = [variables[name]] if name in variables else None
            elif place == "header":
                texts = [headers[name.lower()]] if name.lower() in headers else None
            else:
                raise UnfitError("cookies")
            if texts is None:
                if parameter.get("required"):
                    yield f"{name} is missing"
            elif "schema" in parameter and not self._reads(parameter, texts):
                yield f"{name} is not {texts}"

    def _reads(self, parameter: dict[str, Any], texts: list[str]) -> bool:
        """Whether some reading of the texts satisfies the schema: alone, or as the elements of an array."""
        style = parameter.get("style", "form" if parameter["in"] in ("query", "cookie") else "simple")
        if style not in ("form", "simple"):
            raise UnfitError(f"style {style}")
        joined = parameter["in"] != "query" or parameter.get("explode") is False
        parts = texts[0].split(",") if joined and len(texts) == 1 else texts
        ways: list[Any] = list(_meanings(texts[0])) if len(texts) == 1 else []
        ways += [list(each) for each in product(*map(_meanings, parts[:6]))]
        validator = self._validator(parameter["schema"], "request")
        return any(validator.is_valid(each) for each in ways)

    def _request_body(self, operation: dict[str, Any], exchange: Exchange) -> list[str]:
        body = self._followed(operation.get("requestBody") or {})
        if exchange.body is ABSENT:
            return ["a body is required"] if body.get("required") else []
        return self._content(body, exchange, "request", empty=True)

    def _content(
        self, holder: dict[str, Any], exchange: Exchange, direction: str, *, empty: bool
    ) -> list[str]:
        content = holder.get("content") or {}
        if not content:
            return []
        if exchange.body is ABSENT:
            return [] if empty else ["a body is expected"]
        sent = next((text for name, text in exchange.headers if name.lower() == "content-type"), "")
        sent = sent.partition(";")[0].strip().lower()
        ranges = [sent, sent.partition("/")[0] + "/*", "*/*"]
        known = {name.partition(";")[0].strip().lower(): media for name, media in content.items()}
        media = next((known[each] for each in ranges if each in known), None)
        if media is None:
            return [f"media type {sent}"]
        if "schema" not in media:
            return []
        if "json" not in sent:
            raise UnfitError(f"media type {sent}")
        errors = self._validator(media["schema"], direction).iter_errors(exchange.body)
        return [error.message[:200] for error in errors]

    def _followed(self, part: Any) -> Any:
        for _ in range(20):
            if not (isinstance(part, dict) and isinstance(part.get("$ref"), str)):
                break
            part = self._at(part["$ref"])
        return part

    def _at(self, reference: str) -> Any:
        part: Any = self.root
        for step in reference.removeprefix("#/").split("/"):
            part = part[unquote(step).replace("~1", "/").replace("~0", "~")]
        return part

    def _validator(self, schema: Any, direction: str) -> Any:
        """A validator for the schema with the components that it reaches."""
        flag = "readOnly" if direction == "request" else "writeOnly"
        definitions: dict[str, Any] = {}
        todo = [schema]
        while todo:
            for reference in _references(todo.pop()):
                if reference not in definitions:
                    definitions[reference] = None
                    todo.append(self._at(reference))
        names = {reference: f"#/$defs/{number}" for number, reference in enumerate(definitions)}
        legacy = self.root["openapi"].startswith("3.0")
        held = {
            str(number): _plain(self._at(each), flag, legacy, names)
            for number, each in enumerate(definitions)
        }
        root = {"$defs": held, "allOf": [_plain(schema, flag, legacy, names)]}
        return Draft202012Validator(root, format_checker=_FORMATS)


def _meanings(text: str) -> Iterator[Any]:
    yield text
    if text in ("true", "false"):
        yield text == "true"
    try:
        number = json.loads(text)
    except ValueError:
        return
    if isinstance(number, int | float) and not isinstance(number, bool):
        yield number


def _references(schema: Any, names: bool = False) -> Iterator[str]:
    """The references below a schema, or below a map from `names` to schemas."""
    if isinstance(schema, list):
        for each in schema:
            yield from _references(each)
    elif isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str) and not names:
            yield schema["$ref"]
        for key, each in schema.items():
            if names or key not in ("enum", "const", "example", "examples", "default"):
                yield from _references(each, names=not names and key == "properties")


def _plain(schema: Any, flag: str, legacy: bool, names: dict[str, str]) -> Any:
    """The schema in JSON Schema 2020-12: `nullable`, exclusive bounds and integer formats in its words.

    Members with the flag (those of the other direction) are free.
    """
    if isinstance(schema, list):
        return [_plain(each, flag, legacy, names) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str):
        referred = {"$ref": names[schema["$ref"]]}
        if legacy:
            return referred
    said = {
        key: value if key in ("enum", "const", "required", "type") else _plain(value, flag, legacy, names)
        for key, value in schema.items()
        if key
        not in ("example", "examples", "default", "$ref", "nullable", "discriminator", "xml", "externalDocs")
    }
    if "properties" in schema:
        said["properties"] = {}
        for name, member in schema["properties"].items():
            hidden = isinstance(member, dict) and member.get(flag) is True
            said["properties"][name] = True if hidden else _plain(member, flag, legacy, names)
            if hidden and "required" in said:
                said["required"] = [need for need in said["required"] if need != name]
    if isinstance(schema.get("$ref"), str):
        said |= referred
    if legacy:
        if schema.get("nullable") and isinstance(schema.get("type"), str):
            said["type"] = [schema["type"], "null"]
        for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if said.pop(strict, False) is True and bound in said:
                said[strict] = said.pop(bound)
    if schema.get("format") in _BITS:
        bits = _BITS[said.pop("format")]
        said["allOf"] = [*said.get("allOf", ()), {"minimum": -(2**bits), "maximum": 2**bits - 1}]
    return said


def judged(change: Change, old: Referee, new: Referee) -> str:
    """`confirmed`, or what is wrong with the proof of a breaking change, or why it was not judged."""
    witness = change.witness
    if witness is None:
        return "no proof"
    sides = {"old": old, "new": new}
    if "security" in change.rule:
        return "not judged: credentials"
    try:
        against = sides[witness.accepted_by].objections(witness.accepted)
        if against:
            return f"{witness.accepted_by} refuses it: {against[0]}"
        if not sides[witness.rejected_by].objections(witness.rejected):
            return f"{witness.rejected_by} takes it"
    except UnfitError as error:
        return f"not judged: {error}"
    return "confirmed"


def run(old_path: Path, new_path: Path) -> dict[str, Any]:
    """Compare the contracts; the share of what is undecided, and what became of each proof."""
    comparison = diff(read(str(old_path)), read(str(new_path)))
    old, new = (Referee(json.loads(path.read_bytes())) for path in (old_path, new_path))
    effects = Counter(change.effect.value for change in comparison.changes)
    undecided = [
        change
        for change in comparison.changes
        if change.effect.value == "risky" and UNDECIDED.search(change.reason or "")
    ]
    verdicts = [
        (change, judged(change, old, new))
        for change in comparison.changes
        if change.effect.value == "breaking"
    ]
    return {
        "changes": len(comparison.changes),
        "effects": effects,
        "undecided": [f"{change.title}: {change.reason}" for change in undecided],
        "undecided_percent": 100 * len(undecided) / max(len(comparison.changes), 1),
        "proofs": Counter(
            verdict if verdict.startswith(("confirmed", "not judged")) else "wrong" for _, verdict in verdicts
        ),
        "wrong": [
            f"{change.rule}: {change.title}: {verdict}"
            for change, verdict in verdicts
            if not verdict.startswith(("confirmed", "not judged"))
        ],
    }


def held(result: dict[str, Any]) -> bool:
    """Whether every proof stands and few enough findings are undecided."""
    return not result["wrong"] and result["undecided_percent"] <= MOST_UNDECIDED


def told(result: dict[str, Any]) -> Iterator[str]:
    """The result in lines."""
    effects = ", ".join(f"{count} {name}" for name, count in result["effects"].items())
    yield f"{result['changes']} changes: {effects}"
    percent = result["undecided_percent"]
    state = "ok" if percent <= MOST_UNDECIDED else "OVER"
    yield f"undecided            {percent:>10.2f} %   <= {MOST_UNDECIDED:g} %     {state}"
    yield from (f"  {each}" for each in result["undecided"])
    proofs = ", ".join(f"{count} {name}" for name, count in result["proofs"].items())
    yield f"proofs judged again: {proofs}"
    yield from (f"  {each}" for each in result["wrong"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "paths", type=Path, nargs="*", help="two contracts in JSON; GitHub's where there are none"
    )
    parser.add_argument("--json", action="store_true", help="write the result as JSON")
    options = parser.parse_args()
    result = run(*(options.paths or contracts()))
    print(json.dumps(result, indent=2) if options.json else "\n".join(told(result)))
    return 0 if held(result) else 1


if __name__ == "__main__":
    sys.exit(main())
