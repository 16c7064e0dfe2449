"""The independent check: does a whole HTTP message satisfy a contract? Schemas are left to `jsonschema`.

Nothing here knows about containment. A counterexample counts only if this judge accepts it on the one side
and rejects it on the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource
from referencing.jsonschema import DRAFT202012

from apiver.compare.change import ABSENT, Exchange
from apiver.compare.proofs.payload import read_form, read_multipart, value_of, wrong_parts, wrong_texts
from apiver.compare.proofs.reception import (
    MOST_READINGS,
    count_of,
    forms_of,
    place_of,
    sent,
    values_of,
)
from apiver.compare.proofs.translation import NOWHERE, SCHEME, Translator
from apiver.compare.schemas.branches import ASSERTED_FORMATS
from apiver.compare.schemas.patterns import compiled, is_bounded
from apiver.compare.sides.content import (
    URLENCODED,
    content_of,
    essence,
    is_form,
    is_text,
    media_of,
    media_range,
    request_body,
    response_for,
)
from apiver.compare.sides.credentials import CERTIFICATE, Scheme, describe, requirements
from apiver.compare.sides.inner_text import is_json, value_in
from apiver.compare.sides.space import Mode, Node, Space
from apiver.compare.sides.styles import read, style_of
from apiver.compare.sides.surface import Operation
from apiver.compare.sides.texts import text_of

_LONGEST_REASON = 200


class Objection(NamedTuple):
    """Why a message does not satisfy a contract: in which part of the message, and what the matter is."""

    where: tuple[str | int, ...]
    message: str


class UnjudgedError(Exception):
    """The check itself could not be carried out, for the reason given."""


class Judge:
    """Judges values and messages by the schemas of one document, for one direction."""

    def __init__(self, space: Space, mode: Mode) -> None:
        self.space = space
        self._translator = Translator(mode)
        self._resources: dict[str, Resource[Any]] = {}
        self._registry: Registry[Any] = Registry(retrieve=self._retrieve)  # type: ignore[call-arg]
        self._validator = validators.extend(  # type: ignore[no-untyped-call]
            Draft202012Validator,
            {
                "$ref": self._reference,
                "pattern": _pattern,
                "patternProperties": _pattern_properties,
                "additionalProperties": _additional_properties,
                "multipleOf": _multiple_of,
                "contentSchema": _content_schema,
            },
        )
        self._validators: dict[int, tuple[Any, Any]] = {}
        self._formats = FormatChecker(formats=sorted(ASSERTED_FORMATS))

    def value(self, schema: Node, value: Any) -> list[Objection]:
        """What `jsonschema` has against a value; `where` is the path within the value.

        Raises `UnjudgedError` where the validator cannot work: a pattern that Python cannot read, say.
        """
        try:
            validator = self._validator_of(schema)
            return [
                Objection(tuple(error.absolute_path), _sentence(error))
                for error in validator.iter_errors(value)
            ]
        except UnjudgedError:
            raise
        except RecursionError as error:
            raise UnjudgedError("the schema is too deeply nested for the validator") from error
        except Exception as error:
            raise UnjudgedError(f"the validator could not work: {error}") from error

    def _validator_of(self, schema: Node) -> Any:
        """The validator of a schema, made once; the schema is kept, so that its identity stays taken."""
        known = self._validators.get(id(schema.raw))
        if known is None:
            translated = self._translator.schema(schema)
            made = self._validator(translated, registry=self._registry, format_checker=self._formats)
            known = self._validators[id(schema.raw)] = made, schema.raw
        return known[0]

    def request(self, operation: Operation, exchange: Exchange) -> list[Objection]:
        """What the operation has against the request; empty means it is accepted."""
        return [
            *self._parameter_objections(operation, exchange),
            *self._security_objections(operation, exchange),
            *self._request_body_objections(operation, exchange),
        ]

    def response(self, operation: Operation, exchange: Exchange) -> list[Objection]:
        """What the operation has against the response; empty means that it may be sent."""
        declared = response_for(operation, str(exchange.status))
        if declared is None:
            known = ", ".join(sorted(map(str, operation.node.raw.get("responses") or {})))
            return [
                Objection(("status",), f"status {exchange.status} is not declared, only {known or 'none'}")
            ]
        found: list[Objection] = []
        headers = {name.lower(): text for name, text in exchange.headers}
        for name, entry in declared.entries("headers"):
            header, place = self.space.follow(entry), ("header", name.lower())
            text = headers.get(name.lower())
            if not isinstance(header.raw, dict) or name.lower() == "content-type":
                continue
            if text is None:
                if header.raw.get("required") is True:
                    found.append(Objection(place, f"the header {name} is missing"))
            elif "content" in header.raw:
                found += self._content_text(header, text, place)
            elif "schema" in header.raw:
                forms = list(read(style_of(header), name.lower(), [text]))
                found += self._texts(header.child("schema"), forms, place)
        return found + self._content_objections(declared, exchange, missing_body=True)

    def _parameter_objections(self, operation: Operation, exchange: Exchange) -> Iterator[Objection]:
        given = sent(operation, exchange)
        for parameter in operation.parameters:
            raw, place = parameter.raw, place_of(parameter)
            if place[0] == "header" and place[1] in ("accept", "content-type", "authorization"):
                continue  # OpenAPI 3.1, 4.8.12.1: such parameters are ignored
            forms = forms_of(parameter, operation, given)
            if forms is None:
                if raw.get("required") is True:
                    yield Objection(place, f"the required {raw['in']} parameter {raw['name']!r} is missing")
            elif "content" in raw:
                yield from self._content_text(parameter, forms[0], place)
            elif "schema" in raw and forms != [ABSENT]:
                times = len(given.texts(*place) or ())
                if times > 1 and not style_of(parameter).repeats:
                    yield Objection(place, f"{place[-1]!r} is sent {times} times, where one is expected")
                elif forms:
                    yield from self._texts(parameter.child("schema"), forms, place)
                else:
                    yield Objection(place, f"{place[-1]!r} is not written as {style_of(parameter)}")

    def _content_text(self, parameter: Node, text: str, place: tuple[str, ...]) -> Iterator[Objection]:
        """A parameter or header in a media type: JSON and forms are looked into, anything else is not."""
        for name, media in parameter.entries("content"):
            if not isinstance(media.raw, dict) or "schema" not in media.raw:
                continue
            if "json" in name:
                try:
                    value = json.loads(unquote(text) if place[0] == "querystring" else text)
                except ValueError:
                    yield Objection(place, "the text is not JSON")
                    return
                for each in self.value(media.child("schema"), value):
                    yield Objection((*place, *each.where), each.message)
            elif essence(name) == URLENCODED:
                yield from self._texts(media.child("schema"), list(read_form(media, text)), place)

    def _texts(self, schema: Node, forms: list[Any], place: tuple[str | int, ...]) -> list[Objection]:
        """Texts as they stand on the wire satisfy a schema if any reading of them does."""
        found: list[list[Objection]] = []
        untried = False
        for form in forms:
            for value in islice(values_of(form), MOST_READINGS):
                objections = self.value(schema, value)
                if not objections:
                    return []
                found.append(objections)
            untried = untried or count_of(form) > MOST_READINGS
        nearest = min(
            found, key=lambda objections: [" is not of type " in each.message for each in objections]
        )
        if untried and not all(any(each in other for other in found) for each in nearest):
            raise UnjudgedError("the texts may be read in too many ways")
        return [Objection((*place, *each.where), each.message) for each in nearest]

    def _security_objections(self, operation: Operation, exchange: Exchange) -> Iterator[Objection]:
        alternatives = requirements(operation)
        if not alternatives:
            return
        headers = {name.lower(): text for name, text in exchange.headers}
        query = dict(parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True))
        cookies = dict(part.strip().partition("=")[::2] for part in headers.get("cookie", "").split(";"))
        for alternative in alternatives:
            if all(_carries(scheme, headers, query, cookies) for scheme in alternative):
                return
        yield Objection(("security",), f"credentials are required: {describe(alternatives)}")

    def _request_body_objections(self, operation: Operation, exchange: Exchange) -> list[Objection]:
        body = request_body(operation)
        if body is None:
            return []
        if exchange.body is ABSENT:
            required = body.raw.get("required") is True
            return [Objection(("body",), "a request body is required")] if required else []
        return self._content_objections(body, exchange, missing_body=False)

    def _content_objections(self, holder: Node, exchange: Exchange, *, missing_body: bool) -> list[Objection]:
        content = content_of(holder)
        if not content:
            return []
        if exchange.body is ABSENT:
            return [Objection(("body",), "a body is expected")] if missing_body else []
        sent = next((text for name, text in exchange.headers if name.lower() == "content-type"), "")
        name = media_range(content, sent)
        if name is None:
            known = ", ".join(sorted(content))
            return [Objection(("content-type",), f"media type {sent} is not among those declared: {known}")]
        media = media_of(holder, name)
        return self._body_objections(name, media, exchange.body) if isinstance(media.raw, dict) else []

    def _body_objections(self, name: str, media: Node, body: Any) -> list[Objection]:
        found = []
        if "itemSchema" in media.raw:  # OpenAPI 3.2: a sequence, judged item by item
            if not isinstance(body, list):
                return [Objection(("body",), "a sequence of items is expected")]
            for index, item in enumerate(body):
                objections = self.value(media.child("itemSchema"), item)
                found += [Objection(("body", index, *each.where), each.message) for each in objections]
        return found + (self._whole_body(name, media, body) if "schema" in media.raw else [])

    def _whole_body(self, name: str, media: Node, body: Any) -> list[Objection]:
        schema = media.child("schema")
        if is_form(name):
            if isinstance(body, str) and essence(name) == URLENCODED:
                wrong = [Objection(("body", each), message) for each, message in wrong_texts(media, body)]
                return [*wrong, *self._texts(schema, list(read_form(media, body)), ("body",))]
            if isinstance(body, str):
                parts = read_multipart(body)
                wrong = [Objection(("body", part), message) for part, message in wrong_parts(media, parts)]
                return [*wrong, *self._texts(schema, [value_of(parts)], ("body",))]
            forms = [body]
            if isinstance(body, dict):
                forms.append({member: _spelled(value) for member, value in body.items()})
            return self._texts(schema, forms, ("body",))
        if is_text(name) and not isinstance(body, list | dict):
            return self._texts(schema, [body, text_of(body)], ("body",))
        return [Objection(("body", *each.where), each.message) for each in self.value(schema, body)]

    def _reference(self, validator: Any, uri: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
        """`$ref` without the registry's crawl through every resource: all references here are absolute."""
        yield from validator.descend(instance, self._retrieve(uri).contents)

    def _retrieve(self, uri: str) -> Resource[Any]:
        found = self._resources.get(uri)
        if found is None:
            pointer = unquote(uri.removeprefix(SCHEME))
            node = None if pointer.startswith(NOWHERE) else self.space.node(pointer)
            if node is None:
                raise NoSuchResource(uri)
            found = Resource.from_contents(self._translator.schema(node), default_specification=DRAFT202012)
            self._resources[uri] = found
        return found


def _carries(scheme: Scheme, headers: dict[str, str], query: dict[str, str], cookies: dict[str, str]) -> bool:
    if scheme.kind == "apiKey":
        where = {"header": headers, "query": query, "cookie": cookies}.get(scheme.place, {})
        return (scheme.name.lower() if scheme.place == "header" else scheme.name) in where
    if scheme.kind == "mutualTLS":
        return CERTIFICATE.lower() in headers
    text = headers.get("authorization", "")
    granted = set(text.partition("scopes: ")[2].rstrip(">").split())
    return text.lower().startswith(scheme.name + " ") and scheme.scopes <= granted


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """`pattern`, but never on a text on which the search might not end."""
    if isinstance(instance, str) and not _found(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: dict[str, Any], instance: Any, schema: Any
) -> Iterator[ValidationError]:
    """`patternProperties`, with the same care."""
    for pattern, subschema in patterns.items():
        for name, value in instance.items() if isinstance(instance, dict) else ():
            if _found(pattern, name):
                yield from validator.descend(value, subschema, path=name, schema_path=pattern)


def _additional_properties(
    validator: Any, rule: Any, instance: Any, schema: dict[str, Any]
) -> Iterator[ValidationError]:
    """`additionalProperties`, with the patterns beside it read as everywhere."""
    patterns = schema.get("patternProperties")
    if isinstance(instance, dict) and patterns:
        instance = {
            name: value
            for name, value in instance.items()
            if not any(_found(pattern, name) for pattern in patterns)
        }
        schema = {keyword: value for keyword, value in schema.items() if keyword != "patternProperties"}
    yield from Draft202012Validator.VALIDATORS["additionalProperties"](validator, rule, instance, schema)


def _content_schema(
    validator: Any, content: Any, instance: Any, schema: dict[str, Any]
) -> Iterator[ValidationError]:
    """`contentSchema` where the text is JSON: a note by the letter, meant by everybody who writes it."""
    if not isinstance(instance, str) or not is_json(schema.get("contentMediaType")):
        return
    encoding = schema.get("contentEncoding")
    try:
        value = value_in(instance, encoding.lower() if isinstance(encoding, str) else None)
    except ValueError:
        yield ValidationError(f"{instance!r} does not hold JSON")
        return
    if value is ABSENT:
        raise UnjudgedError(f"what is encoded as {encoding!r} cannot be read")
    for error in validator.descend(value, content):
        yield ValidationError(f"what {instance!r} holds is wrong: {error.message}")
        return


def _multiple_of(validator: Any, step: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """`multipleOf` by the digits that were written: by those of doubles 0.07 is no multiple of 0.01."""
    if validator.is_type(instance, "number") and Fraction(str(instance)) % Fraction(str(step)):
        yield ValidationError(f"{instance!r} is not a multiple of {step}")


def _found(pattern: str, text: str) -> bool:
    if not is_bounded(pattern, text):
        raise UnjudgedError(f"the pattern {pattern!r} might take for ever")
    regex = compiled(pattern)
    if regex is None:
        raise UnjudgedError(f"the pattern {pattern!r} is not one that Python reads")
    return regex.search(text) is not None


def _spelled(part: Any) -> Any:
    """A member of a form as it is written: forms carry texts."""
    return part if isinstance(part, list | dict) else text_of(part)


def _sentence(error: ValidationError) -> str:
    deepest = best_match([error]) or error
    if len(deepest.message) <= _LONGEST_REASON:
        return str(deepest.message)
    short = {
        "anyOf": "is not valid under any of the given schemas",
        "oneOf": "is not valid under exactly one schema",
    }
    return f"the value {short.get(str(deepest.validator), f'violates {deepest.validator}')}"
