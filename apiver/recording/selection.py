"""Which version a request asks for, where the manifest says how: the label, never what was sent."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

SELECTION = "APIVER_RECORDING_SELECTION"
"""The environment variable that carries the selection into the observed processes."""


class Selection(NamedTuple):
    """The ways in which a request may name its version, each with what it sends for which label.

    `ways` are `(location, name, {sent: label})` with `path`, `accept`, `header` or `query` as location, in
    the order in which they count. `default` is the label where nothing is sent.
    """

    ways: tuple[tuple[str, str, dict[str, str]], ...] = ()
    default: str | None = None

    @classmethod
    def read(cls, text: str) -> Selection:
        """The selection that `written` wrote; the empty one for an empty text."""
        if not text:
            return cls()
        ways, default = json.loads(text)
        return cls(tuple((location, name, sent) for location, name, sent in ways), default)

    def written(self) -> str:
        """The selection as the text of an environment variable."""
        return json.dumps([self.ways, self.default], sort_keys=True)

    def label(self, environ: dict[str, Any]) -> str | None:
        """The label of the version that a request asks for. A value that no version has gives None."""
        for location, name, sent in self.ways:
            label, present = _LOOKS[location](environ, name, sent)
            if present:
                return label
        return self.default

    def is_media(self, name: str) -> bool:
        """Whether a media type is one that selects a version."""
        return any(
            location == "accept" and name in {text.partition(";")[0].strip().lower() for text in sent}
            for location, _, sent in self.ways
        )


Look = tuple["str | None", bool]


def _path(environ: dict[str, Any], name: str, sent: dict[str, str]) -> Look:
    path = str(environ.get("SCRIPT_NAME", "")) + str(environ.get("PATH_INFO", ""))
    for prefix, label in sent.items():
        if path == prefix or path.startswith(f"{prefix}/"):
            return label, True
    return None, False


def _accept(environ: dict[str, Any], name: str, sent: dict[str, str]) -> Look:
    held = str(environ.get("HTTP_ACCEPT", "")).lower()
    for text, label in sent.items():
        wanted = text.lower()
        if any(
            part.strip() == wanted or part.partition(";")[0].strip() == wanted for part in held.split(",")
        ):
            return label, True
    return None, False


def _header(environ: dict[str, Any], name: str, sent: dict[str, str]) -> Look:
    held = environ.get("HTTP_" + name.upper().replace("-", "_"))
    return (None, False) if held is None else (sent.get(str(held).strip()), True)


def _query(environ: dict[str, Any], name: str, sent: dict[str, str]) -> Look:
    for key, value in parse_qsl(str(environ.get("QUERY_STRING", "")), keep_blank_values=True):
        if key == name:
            return sent.get(value), True
    return None, False


_LOOKS = {"path": _path, "accept": _accept, "header": _header, "query": _query}
