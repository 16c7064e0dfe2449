"""Authentication: what is read before a 401 or 403, and the guards of extensions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from apiver.reading.inference.frame import Credential, Guard, Journal
from apiver.reading.inference.requests.demands import Asking
from apiver.reading.inference.requests.guards.credentials import http, key, session, subject_of
from apiver.reading.inference.requests.presence import AUTHORIZATION
from apiver.reading.inference.responses.answers import Outcome
from apiver.reading.inference.values.facts import FILLED, PRESENT, Fact, Subject

_KEY_HEADER = re.compile(r"(^|-)(api-?key|auth|token|secret|access-key|access-token)($|-)", re.IGNORECASE)
_KEY_COOKIE = re.compile(r"(^|[-_.])(auth|jwt|session|sessionid|sid|token)($|[-_.])", re.IGNORECASE)
# A token against forged requests says nothing of who is asking.
_FORGERY = re.compile(r"csrf|xsrf", re.IGNORECASE)
_KEY_QUERY = re.compile(r"(api|access)[-_]?(key|token)|apikey|token|auth", re.IGNORECASE)

Way = tuple[Credential, ...]
Requirement = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Security:
    """What an operation demands: `requirements` as OpenAPI writes them, `schemes` by name.

    `subjects` are the parts of the request that are no parameters because they are credentials.
    """

    requirements: list[Requirement]
    schemes: dict[str, dict[str, Any]]
    subjects: frozenset[Subject]


@dataclass(frozen=True, slots=True)
class _Check:
    """A part of the request that says who is asking, and the ways to pass: any of them will do."""

    subject: Subject
    ways: tuple[Way, ...]
    optional: bool = False


def security(app: Flask, journal: Journal, asking: Asking, outcomes: Iterable[Outcome]) -> Security:
    """The security of an operation; no requirements where it asks nobody who he is."""
    refusals = [outcome for outcome in outcomes if outcome.status in (401, 403)]
    checks = [check for guard in journal.guards if (check := _of_guard(guard, journal, app)) is not None]
    if refusals:
        checks += _of_reads(journal, app)
    certain = [check for check in checks if not check.optional and _is_sent(check.subject, asking.must)]
    asked = certain or [check for check in checks if check.optional or refusals]
    requirements: list[Requirement] = []
    if not asked:
        return Security([], {}, frozenset(_hidden(journal)))
    if certain:
        requirements = [{}]
        for check in certain:
            requirements = [{**held, **_requirement(way)} for held in requirements for way in check.ways]
    else:
        requirements = [_requirement(way) for check in asked for way in check.ways]
        demanding = [check for check in asked if not check.optional]
        if not demanding or not _refuses_without(asked, refusals):
            requirements.insert(0, {})  # who does not try to sign in is let through
    credentials = {one.name: one for check in asked for way in check.ways for one in way}
    subjects = (
        _hidden(journal) | {check.subject for check in asked} | {_part(one) for one in credentials.values()}
    )
    return Security(
        _shortest(requirements),
        {name: dict(one.scheme) for name, one in credentials.items()},
        frozenset(subjects),
    )


def _hidden(journal: Journal) -> set[Subject]:
    """The parts of the request that the loaders of an extension look at: they are no parameters."""
    return {one for guard in journal.guards for way in guard.ways for one in way if isinstance(one, Subject)}


def _shortest(requirements: list[Requirement]) -> list[Requirement]:
    """The requirements without those that ask for more than another one that will do."""
    found: list[Requirement] = []
    for position, one in enumerate(requirements):
        others = [*requirements[:position], *(each for each in requirements[position:] if each != one)]
        if one and any(other and other.keys() <= one.keys() for other in others):
            continue
        if one not in found:
            found.append(one)
    return found


def _requirement(way: Way) -> Requirement:
    return {credential.name: [] for credential in way}


def _part(credential: Credential) -> Subject:
    """The part of the request in which a credential travels."""
    scheme = dict(credential.scheme)
    if scheme["type"] != "apiKey":
        return AUTHORIZATION
    name = scheme["name"]
    return Subject(scheme["in"], (name.lower() if scheme["in"] == "header" else name,))


def _of_guard(guard: Guard, journal: Journal, app: Flask) -> _Check | None:
    ways: list[Way] = []
    for way in guard.ways:
        found = [_credential(one, journal, app) if isinstance(one, Subject) else one for one in way]
        if all(found):
            ways.append(tuple(one for one in found if one is not None))
    return _Check(subject_of(guard), tuple(dict.fromkeys(ways)), guard.optional) if ways else None


def _of_reads(journal: Journal, app: Flask) -> list[_Check]:
    found: list[_Check] = []
    for subject in dict.fromkeys(read.subject for read in journal.reads):
        credential = _credential(subject, journal, app)
        if credential is not None:
            found.append(_Check(subject, ((credential,),)))
    return found


def _is_sent(subject: Subject, must: Iterable[Fact]) -> bool:
    return any(fact.subject == subject and fact.kind in (PRESENT, FILLED) for fact in must)


def _refuses_without(checks: list[_Check], refusals: list[Outcome]) -> bool:
    """Whether who sends none of what is checked is refused."""
    return any(not any(_is_sent(check.subject, outcome.facts) for check in checks) for outcome in refusals)


def _credential(subject: Subject, journal: Journal, app: Flask) -> Credential | None:
    """What a part of the request is as a credential, if it looks like one."""
    name = str(subject.path[0]) if subject.path else ""
    if subject == AUTHORIZATION:
        return _authorization(journal)
    if subject.location == "header" and _KEY_HEADER.search(name) and not _FORGERY.search(name):
        return key("header", next(read.spelling for read in journal.reads if read.subject == subject))
    if subject.location == "query" and _KEY_QUERY.fullmatch(name):
        return key("query", name)
    if subject.location == "cookie" and _KEY_COOKIE.search(name):
        return key("cookie", name)
    if subject.location == "session":
        return session(app.config)
    return None


def _authorization(journal: Journal) -> Credential:
    words = {word for word, _ in journal.schemes}
    for word in ("bearer", "basic", "digest"):
        if word in words:
            return http(word)
    return key("header", "Authorization", "authorization")
