"""The names of a contract's parts: stable across versions, so that they hold neither label nor blueprint."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus

_VERSION = re.compile(
    r"(?:^|(?<=[-_. ]))v?\d+(?:[._]\d+)*(?:alpha\d*|beta\d*|rc\d*)?(?=$|[-_. ])", re.IGNORECASE
)

# Python 3.13 has the names of RFC 9110 for these, versions before it those of older standards.
_RENAMED = {
    "413": "Request Entity Too Large",
    "414": "Request-URI Too Long",
    "416": "Requested Range Not Satisfiable",
    "422": "Unprocessable Entity",
}


def operation_id(method: str, path: str) -> str:
    """`GET /books/{id}/reviews` -> `get_books_by_id_reviews`, and the same for `{book_id}`."""
    words = [method.lower()]
    for segment in path.split("/"):
        for part in re.findall(r"\{[^}]*\}|[^{}]+", segment):
            if part.startswith("{"):
                words += ["by", part[1:-1].rpartition("_")[2] or part[1:-1]]
            else:
                words.append(part)
    text = re.sub(r"[^0-9A-Za-z]+", "_", "_".join(words)).strip("_")
    return text if len(words) > 1 and text != method.lower() else f"{method.lower()}_root"


def tag(blueprint: str | None) -> str | None:
    """The last name in a chain of blueprints that says more than a version: `api_v1.books` -> `books`."""
    for name in reversed((blueprint or "").split(".")):
        words = re.sub(r"^[-_. ]+|[-_. ]+$", "", _VERSION.sub("", name))
        words = re.sub(r"[-_]{2,}", "_", words)
        if words and words.lower() not in ("api", "rest"):
            return words
    return None


def unique(name: str, taken: Callable[[str], bool]) -> str:
    """`name`, or with the first number behind it under which nothing else is known."""
    number, found = 1, name
    while taken(found):
        number += 1
        found = f"{name}_{number}"
    return found


def texts(docstring: str | None) -> tuple[str | None, str | None]:
    """The summary and the description that a docstring gives: its first paragraph, and the rest."""
    if not docstring or not docstring.strip():
        return None, None
    first, _, rest = inspect.cleandoc(docstring).partition("\n\n")
    # What follows a line of dashes is data for another tool, not prose.
    rest = re.split(r"^---\s*$", rest, maxsplit=1, flags=re.MULTILINE)[0].strip()
    summary = " ".join(re.split(r"^---\s*$", first, maxsplit=1, flags=re.MULTILINE)[0].split())
    return summary.rstrip(".") or None, rest or None


def phrase(status: str) -> str:
    """What a status means, the same in every Python: the description of a response that has none."""
    if status in _RENAMED:
        return _RENAMED[status]
    named = {"default": "Any other status", "4XX": "Any other refusal"}
    return python_phrase(status) or named.get(status, f"Status {status}")


def python_phrase(status: str) -> str | None:
    """What the running Python calls a status; None for what it does not know."""
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return None


def is_generated(operation_id: str, method: str, rule: str, names: Iterable[str]) -> bool:
    """Whether an `operationId` was made of the method, the rule and the names of a view.

    `names` are the endpoint and the view's own ones. Such an id changes with the version, so it is no name to
    keep. `listBooks` of a view `list_books` was written by a person.
    """
    known = {method.lower()}
    for name in (*names, rule):
        known.update(_words(name), _words(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)))
    return all(word in known for word in _words(operation_id))


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[^0-9A-Za-z]+", text.lower()) if word]
