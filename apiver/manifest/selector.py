"""How a client names the version it wants: the `selector:` of the manifest."""

from __future__ import annotations

import re
from dataclasses import dataclass

from apiver.manifest.source import Part

VERSION = "{version}"
NUMBER = "{number}"
ACCEPT = "accept"
"""The location of a way that goes by the media type in the `Accept` header."""

_MARK = re.compile(r"\{[^{}]*\}")
# What may stand in a header or in a gateway's file: printable ASCII (RFC 9110, section 5.5), no variable.
_PLAIN = re.compile(r"[\x20-\x23\x25-\x7e]*")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_MEDIA = re.compile(r"[\w!#&^.+-]+/[\w!#&^.+{}-]+(?:\s*;.*)?")


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a request names its version beside the path of its URL.

    `location` is `accept`, `header` or `query`; `name` is the header or the parameter that carries it.
    `template` is what is sent, with `{version}` for the label or `{number}` for the label without its `v`.
    """

    location: str
    name: str
    template: str

    def spelled(self, label: str) -> str:
        """What a request for the version `label` sends."""
        return spelled(self.template, label)

    def __str__(self) -> str:
        if self.location == ACCEPT:
            return f"media type {self.template}"
        plain = self.template == VERSION
        shown = {"header": f"header {self.name}", "query": f"query parameter {self.name}"}[self.location]
        return shown if plain else f"{shown}: {self.template}"


@dataclass(frozen=True, slots=True)
class Selector:
    """How a request names its version; the first that is present wins: the path, then `ways` in order.

    `path` is the template of the URL's beginning (`/api/{version}`), `default` the label of the version that
    answers where nothing is named. `where` is the place in the manifest.
    """

    path: str | None = None
    ways: tuple[Way, ...] = ()
    default: str | None = None
    where: str | None = None


def spelled(template: str, label: str) -> str:
    """A template of a selector for one version: `v{number}` for `v2` or `2` gives `v2`."""
    number = label[1:] if re.match(r"[vV]\d", label) else label
    return template.replace(VERSION, label).replace(NUMBER, number)


def read_selector(part: Part) -> Selector:
    """The selector written at `part`; InputError with file:line:column for what it cannot mean."""
    entries = part.only(("path", "accept", "header", "query", "default"))
    ways: list[Way] = []
    if "accept" in entries:
        ways.append(Way(ACCEPT, "Accept", _media_type(entries["accept"])))
    if "header" in entries:
        ways.append(_header(entries["header"]))
    if "query" in entries:
        ways.append(_query(entries["query"]))
    path = _path(entries["path"]) if "path" in entries else None
    if path is None and not ways:
        part.refuse(
            "the selector names no place where a request says its version",
            "give one or more of  path, accept, header, query",
        )
    default = _plain(entries["default"]) if "default" in entries else None
    return Selector(path, tuple(ways), default, part.where)


def _plain(part: Part) -> str:
    if part.is_null:
        part.refuse(f"{part.path} says nothing")
    if part.is_mapping or part.is_list:
        part.text()
    if part.node.tag != "tag:yaml.org,2002:str":
        part.refuse(f"{part.path} must be a string, not {part.node.value}", f'write  "{part.node.value}"')
    text = part.text()
    if not text or not _PLAIN.fullmatch(text):
        part.refuse(
            f"{part.path} must be printable ASCII without $", "it goes into headers and gateway files"
        )
    return text


def _marked(part: Part, text: str, example: str) -> str:
    """`text`, which must hold one mark that stands for the version."""
    marks = _MARK.findall(text)
    wrong = next((mark for mark in marks if mark not in (VERSION, NUMBER)), None)
    if wrong is not None:
        part.refuse(
            f"{part.path}: {wrong} is not known",
            "{version} is the label, {number} the label without its v",
        )
    if len(marks) != 1 or "{" in _MARK.sub("", text) or "}" in _MARK.sub("", text):
        part.refuse(f"{part.path} must hold {{version}} once", f"for example  {part.path}: {example}")
    return text


def _path(part: Part) -> str:
    text = _marked(part, _plain(part), "/api/{version}").rstrip("/")
    segments = text.split("/")
    if segments[0] or not any(_MARK.search(segment) for segment in segments):
        part.refuse(f"{part.path} must begin with /", f"for example  {part.path}: /api/{{version}}")
    if not _MARK.search(segments[-1]):
        part.refuse(f"{part.path} must end with the version", f"for example  {part.path}: /api/{{version}}")
    return text


def _media_type(part: Part) -> str:
    text = _marked(part, _plain(part), "application/vnd.bookshop.{version}+json")
    if not _MEDIA.fullmatch(text):
        part.refuse(
            f"{part.path} must be a media type",
            f"for example  {part.path}: application/vnd.bookshop.{{version}}+json",
        )
    return text


def _header(part: Part) -> Way:
    """`API-Version`, or with what it holds: `API-Version: v{number}`."""
    name, colon, value = (piece.strip() for piece in _plain(part).partition(":"))
    if not _TOKEN.fullmatch(name):
        part.refuse(f"{part.path}: {name!r} is not the name of a header", "for example  API-Version")
    if name.lower() == ACCEPT:
        part.refuse(
            f"{part.path} must not be Accept", "write  accept: application/vnd.bookshop.{version}+json"
        )
    return Way("header", name, _marked(part, value, f'"{name}: {{number}}"') if colon else VERSION)


def _query(part: Part) -> Way:
    """`version`, or with what it holds: `version=v{number}`."""
    name, equals, value = (piece.strip() for piece in _plain(part).partition("="))
    if not name or re.search(r"[\s?&#/{}]", name):
        part.refuse(f"{part.path}: {name!r} is not the name of a query parameter", "for example  version")
    return Way("query", name, _marked(part, value, f'"{name}={{number}}"') if equals else VERSION)
