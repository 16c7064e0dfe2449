"""Authentication: headers, cookies and sessions whose absence ends in 401 or 403."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from apiver.reading.inference.answers import Outcome
from apiver.reading.inference.facts import FILLED, PRESENT, Fact, Subject
from apiver.reading.inference.frame import Journal
from apiver.reading.inference.requests import Asking

AUTHORIZATION = Subject("header", ("authorization",))

_KEY_HEADER = re.compile(r"(^|-)(api-?key|auth|token|secret|access-key|access-token)($|-)", re.IGNORECASE)
_KEY_QUERY = re.compile(r"(api|access)[-_]?(key|token)|apikey|token|auth", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Security:
    """What an operation demands: `requirements` as OpenAPI writes them, `schemes` by name.

    `subjects` are the parts of the request that are no parameters because they are credentials.
    """

    requirements: list[dict[str, list[str]]]
    schemes: dict[str, dict[str, Any]]
    subjects: frozenset[Subject]


def security(app: Flask, journal: Journal, asking: Asking, outcomes: Iterable[Outcome]) -> Security | None:
    """The security of an operation, or None where it refuses nobody with 401 or 403."""
    refusals = [outcome for outcome in outcomes if outcome.status in (401, 403)]
    if not refusals:
        return None
    found: list[tuple[Subject, str, dict[str, Any]]] = []
    for subject in dict.fromkeys(read.subject for read in journal.reads):
        scheme = _scheme(subject, journal, app)
        if scheme is not None and subject not in (held for held, _, _ in found):
            found.append((subject, *scheme))
    if not found:
        return None
    schemes = {name: scheme for _, name, scheme in found}
    certain = [name for subject, name, _ in found if _is_sent(subject, asking.must)]
    if certain:
        requirements: list[dict[str, list[str]]] = [{name: [] for name in certain}]
    else:
        requirements = [{name: []} for name in schemes]
        if not any(_refuses_without(subject, refusals) for subject, _, _ in found):
            requirements.insert(0, {})  # who does not try to sign in is let through
    return Security(requirements, schemes, frozenset(subject for subject, _, _ in found))


def _is_sent(subject: Subject, must: Iterable[Fact]) -> bool:
    return any(fact.subject == subject and fact.kind in (PRESENT, FILLED) for fact in must)


def _refuses_without(subject: Subject, refusals: list[Outcome]) -> bool:
    return any(not _is_sent(subject, outcome.facts) for outcome in refusals)


def _scheme(subject: Subject, journal: Journal, app: Flask) -> tuple[str, dict[str, Any]] | None:
    name = str(subject.path[0]) if subject.path else ""
    if subject == AUTHORIZATION:
        return _authorization(journal)
    if subject.location == "header" and _KEY_HEADER.search(name):
        spelled = next(read.spelling for read in journal.reads if read.subject == subject)
        return spelled, {"type": "apiKey", "in": "header", "name": spelled}
    if subject.location == "query" and _KEY_QUERY.fullmatch(name):
        return name, {"type": "apiKey", "in": "query", "name": name}
    if subject.location == "session":
        cookie = str(app.config.get("SESSION_COOKIE_NAME", "session"))
        return "session", {"type": "apiKey", "in": "cookie", "name": cookie}
    return None


def _authorization(journal: Journal) -> tuple[str, dict[str, Any]]:
    words = {word for word, _ in journal.schemes}
    for word in ("bearer", "basic", "digest"):
        if word in words:
            return f"{word}Auth", {"type": "http", "scheme": word}
    return "authorization", {"type": "apiKey", "in": "header", "name": "Authorization"}
