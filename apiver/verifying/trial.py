"""The requests that are made of one operation, and how its answers are judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from apiver.contract.document import Document, Place
from apiver.contract.pointer import join, resolve
from apiver.inventory.frames import shown, spots_of_traceback, users_spot
from apiver.verifying.lie import Lie

_BASE = "http://localhost"
# What a request of the right form may be answered with for another reason than its form.
_NO_REFUSAL = frozenset({401, 403, 404, 409, 410, 412, 423, 428, 429})
_LARGEST = 2**31
_SECRET = re.compile(r"auth|cookie|token|key|secret|session|passw", re.IGNORECASE)
_MARKS = ("x-apiver-unknown", "x-apiver-incomplete")
_ADDED = re.compile(
    r" -H '?(?:X-Schemathesis-TestCaseId|User-Agent|Accept-Encoding|Connection|Accept): [^']*'?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Trial:
    """The requests that are made of one operation."""

    name: str
    operation: Any
    wsgi: Any
    document: Document
    pointer: str
    broken: str = ""
    requests: int = 0
    statuses: set[int] = field(default_factory=set)
    _found: dict[tuple[str, int | None, str], Lie] = field(default_factory=dict)

    def run(self, examples: int, seeded: int, headers: Mapping[str, str]) -> str | None:
        """Make the requests; the reason why there were none, or no more."""
        if self.operation is None:
            return self.broken
        import hypothesis
        from hypothesis import HealthCheck, Phase, given, seed, settings

        @seed(seeded)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=self.operation.as_strategy().filter(_is_bounded))
        def ask(case: Any) -> None:
            self._ask(case, headers)

        try:
            ask()
        except hypothesis.errors.HypothesisException as error:
            return str(error).partition("\n")[0]
        except Exception as error:  # noqa: BLE001 - the generator may stumble over any schema
            return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        return None

    def lies(self) -> Iterable[Lie]:
        """Each lie once, with the shortest request that showed it."""
        return self._found.values()

    def _ask(self, case: Any, headers: Mapping[str, str]) -> None:
        case.body = _as_clients_write(case.body)
        self.requests += 1
        try:
            response = case.call(app=self.wsgi, base_url=_BASE, headers=dict(headers))
        except Exception as error:  # noqa: BLE001 - what a view raises comes through
            failure = _failure(error)
            self._tell("server-error", None, f"it fails with {failure}", failure, case, headers)
            return
        status = response.status_code
        self.statuses.add(status)
        if status >= 500:
            self._tell("server-error", status, f"{status} was answered", "", case, headers)
            return
        for kind, message, about in self._disagreements(case, response):
            if kind == "status" and status == 401 and self._asks_for_credentials():
                continue  # a contract that names the credentials need not say what happens without them
            self._tell(kind, status, message, about, case, headers)
        if 400 <= status < 500 and status not in _NO_REFUSAL and not self._is_open_request():
            said = _said(response)
            about = re.sub(r"-?\d+|'[^']*'|\"[^\"]*\"", "", said)
            message = f"{status} was answered: {said}" if said else f"{status} was answered"
            self._tell("refused", status, message, about, case, headers)

    def _disagreements(self, case: Any, response: Any) -> Iterator[tuple[str, str, str]]:
        """What is wrong with the answer: the kind, the message, and what makes it the same as another."""
        from schemathesis.core.failures import FailureGroup
        from schemathesis.specs.openapi import checks

        judged = (
            ("status", checks.status_code_conformance),
            ("media-type", checks.content_type_conformance),
            ("header", checks.response_headers_conformance),
            ("schema", checks.response_schema_conformance),
        )
        for kind, check in judged:
            try:
                case.validate_response(response, checks=[check])
            except FailureGroup as group:
                for failure in group.exceptions:
                    message = _message(kind, failure, response)
                    steps = [step for step in getattr(failure, "instance_path", ()) if isinstance(step, str)]
                    rule = [str(step) for step in getattr(failure, "schema_path", ())][-1:]
                    same = rule and rule != ["required"]
                    yield kind, message, " ".join([*steps, *rule]) if same else message

    def _asks_for_credentials(self) -> bool:
        root = self.document.root
        return bool(resolve(root, self.pointer).get("security", root.get("security")))

    def _is_open_request(self) -> bool:
        """Whether the contract itself says that the code checks more than it can tell."""
        root = self.document.root
        raw = resolve(root, self.pointer)
        return any(_holds_mark(raw.get(part), root, frozenset()) for part in ("parameters", "requestBody"))

    def _tell(
        self, kind: str, status: int | None, message: str, about: str, case: Any, headers: Mapping[str, str]
    ) -> None:
        """Keep a lie; of those of one kind and about the same, the one with the shortest request."""
        try:
            curl = _ADDED.sub("", case.as_curl_command(headers=_presentable(headers)).partition("\n")[0])
        except Exception:  # noqa: BLE001 - the lie is told without it
            curl = ""
        key = kind, status, about
        held = self._found.get(key)
        if held is None or (len(curl), curl) < (len(held.curl), held.curl):
            self._found[key] = Lie(kind, self.name, status, message, curl, self._place(kind, status))

    def _place(self, kind: str, status: int | None) -> Place | None:
        pointer = self.pointer
        if kind in ("schema", "media-type", "header") and status is not None:
            pointer = join(pointer, "responses", str(status))
        return self.document.place(pointer)


def _message(kind: str, failure: Any, response: Any) -> str:
    status = response.status_code
    if kind == "status":
        return f"{status} was answered, the contract has {', '.join(failure.defined_status_codes)}"
    if kind == "media-type" and hasattr(failure, "defined_content_types"):
        defined, given = ", ".join(failure.defined_content_types), failure.content_type.partition(";")[0]
        return f"{given} was answered, the contract has {defined}"
    if hasattr(failure, "instance_path"):
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in failure.instance_path)
        where = f"body{path}" if kind == "schema" else "header"
        _ = failure.message  # what the validator says is worked out with it
        said = str(failure.validation_message).partition("\n")[0]
        return f"{where}: {said[:200]}"
    return str(failure.message).replace("\n", " ").strip()[:200]


def _said(response: Any) -> str:
    """What the app says of a refusal, as far as it is one line of text."""
    try:
        value = response.json()
    except Exception:  # noqa: BLE001 - it is no JSON
        text = re.sub(
            r"<(?:title|style|script).*?</\w+>|<[^>]*>",
            " ",
            response.content[:2000].decode(errors="replace"),
            flags=re.DOTALL,
        )
        return re.sub(r"\s+", " ", text).strip()[:120]
    while isinstance(value, dict):
        value = next(
            (
                value[key]
                for key in ("message", "error", "description", "detail", "msg", "errors")
                if key in value
            ),
            "",
        )
    return re.sub(r"\s+", " ", str(value))[:120]


def _failure(error: Exception) -> str:
    """An exception by its type, and the line of the program that it came from; its text may hold data."""
    spot = users_spot(spots_of_traceback(error.__traceback__))
    return f"{type(error).__name__} at {shown(spot[0])}:{spot[1]}" if spot else type(error).__name__


def _presentable(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that the user gave, for a report: credentials are not written there."""
    return {name: "..." if _SECRET.search(name) else value for name, value in headers.items()}


def _is_bounded(case: Any) -> bool:
    """Whether every number is one that a database takes: beyond that, every app with one fails."""
    todo: list[Any] = [case.path_parameters, case.query, case.headers, case.cookies, case.body]
    while todo:
        value = todo.pop()
        if isinstance(value, Mapping):
            todo += value.values()
        elif isinstance(value, list):
            todo += value
        elif isinstance(value, int | float) and abs(value) >= _LARGEST:
            return False
    return True


def _as_clients_write(value: Any) -> Any:
    """The same JSON value as clients write it: to JSON Schema 1.0 is an integer, to Python it is none."""
    if isinstance(value, dict):
        return {key: _as_clients_write(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_clients_write(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _holds_mark(value: Any, root: Mapping[str, Any], above: frozenset[str]) -> bool:
    if isinstance(value, list):
        return any(_holds_mark(part, root, above) for part in value)
    if not isinstance(value, dict):
        return False
    name = value.get("$ref")
    if isinstance(name, str) and name.startswith("#/components/schemas/") and name not in above:
        target = root.get("components", {}).get("schemas", {}).get(name.rpartition("/")[2], {})
        if _holds_mark(target, root, above | {name}):
            return True
    return any(mark in value for mark in _MARKS) or any(
        _holds_mark(part, root, above) for part in value.values()
    )
