"""A contract as text: JSON, or YAML that is easy on the eye.

The YAML is written here and not by PyYAML, which takes as long for a contract of a thousand operations as
reading all of their code does, for it builds a tree of nodes first.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

# What readers of YAML 1.1 take for something else than a text.
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
# In the middle of a text without quotes `: ` and ` #` would end it. Further characters have to be escaped
# (YAML 1.2.2, 5.1 and 7.3.3).
_SHOWN = r"[!-9;-~\u00a1-\u1fff\u2030-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\uffef]"
_PLAIN = re.compile(rf"[A-Za-z_$/](?:{_SHOWN}| (?! |#|\Z)|:(?! |\Z))*\Z")
_RELEASE = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\Z")  # two points: a number in no version of YAML
_LINE = re.compile(rf"(?:{_SHOWN}|[ :])*\Z")
_ESCAPED = re.compile(r"[\x7f-\xa0\u2000-\u202f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\uffff]")


def as_json(root: Any) -> str:
    """The document as indented JSON."""
    import orjson

    return orjson.dumps(root, option=orjson.OPT_INDENT_2).decode() + "\n"


def as_yaml(root: dict[str, Any]) -> str:
    """The document as YAML, which every reader of YAML 1.1 and 1.2 reads as the same JSON value.

    Keys stay in their order, nothing is an alias, and texts of several lines stand as they are.
    """
    lines: list[str] = []
    _Writer(lines).mapping(root, "", "")
    return "\n".join(lines) + "\n" if lines else "{}\n"


class _Writer:
    """Writes values line by line. The same keys and words come again and again: each is judged once."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.words: dict[str, str] = {}

    def mapping(self, value: dict[str, Any], pad: str, first: str) -> None:
        """The members of a mapping; the first of them begins with `first`, which may hold dashes of lists."""
        for key, item in value.items():
            self.value(item, pad, f"{first}{self.text(key)}:", "  ")
            first = pad

    def value(self, item: Any, pad: str, head: str, deeper: str) -> None:
        """A value behind what it belongs to: a key, or the dash of a list."""
        if isinstance(item, dict) and item:
            if head.endswith("-"):
                self.mapping(item, f"{pad}  ", f"{head} ")
            else:
                self.lines.append(head)
                self.mapping(item, pad + deeper, pad + deeper)
        elif isinstance(item, list) and item:
            if head.endswith(":"):
                self.lines.append(head)
                head = f"{pad}  -"
                pad += deeper
            else:
                head, pad = f"{head} -", f"{pad}  "
            for entry in item:
                self.value(entry, pad, head, "  ")
                head = f"{pad}-"
        elif isinstance(item, str) and "\n" in item and _is_block(item):
            self.block(item, pad + "  ", head)
        else:
            self.lines.append(f"{head} {self.scalar(item)}")

    def block(self, item: str, pad: str, head: str) -> None:
        """A text of several lines as it stands."""
        ends = item.endswith("\n")
        self.lines.append(f"{head} |" if ends else f"{head} |-")
        self.lines += [f"{pad}{line}" if line else "" for line in item.removesuffix("\n").split("\n")]

    def scalar(self, item: Any) -> str:
        if isinstance(item, str):
            return self.text(item)
        if item is None or item is True or item is False:
            return {None: "null", True: "true", False: "false"}[item]
        if isinstance(item, float):
            return _number(item)
        return json.dumps(item)

    def text(self, item: str) -> str:
        found = self.words.get(item)
        if found is None:
            found = self.words[item] = _quoted(item)
        return found


def _is_block(text: str) -> bool:
    lines = text.removesuffix("\n").split("\n")
    return bool(lines[0].strip()) and lines[0][0] != " " and bool(lines[-1]) and all(map(_LINE.match, lines))


def _quoted(text: str) -> str:
    if (_PLAIN.match(text) and text.lower() not in _WORDS) or _RELEASE.match(text):
        return text
    if _LINE.match(text):
        return "'" + text.replace("'", "''") + "'"
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _number(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    # YAML 1.1 wants a point in every float, and a sign in every exponent.
    digits, e, exponent = repr(value).partition("e")
    if not e:
        return digits
    digits = digits if "." in digits else f"{digits}.0"
    return f"{digits}e{exponent if exponent[0] in '+-' else '+' + exponent}"
