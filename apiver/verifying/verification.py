"""A contract and an app -> the lies of the contract, by schemathesis."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from apiver.contract.document import Document
from apiver.contract.pointer import join
from apiver.contract.shape import METHODS
from apiver.verifying.lie import KINDS, Lie, Verification
from apiver.verifying.trial import Trial

SAFE = frozenset({"get", "head", "options"})
"""Methods that a well-behaved app answers without a change (RFC 9110, section 9.2.1)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to try: methods in lower case, patterns of paths (`/books*`), headers that every request has.

    `examples` is the number of requests for each operation, `seed` what they are made from.
    """

    methods: frozenset[str] = SAFE
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    examples: int = 20
    seed: int = 0

    def takes(self, path: str, method: str) -> bool:
        """Whether an operation is to be tried."""
        if method not in self.methods or any(fnmatchcase(path, pattern) for pattern in self.exclude):
            return False
        return not self.include or any(fnmatchcase(path, pattern) for pattern in self.include)


def verify(document: Document, wsgi: Any, plan: Plan) -> Verification:
    """Make requests that the contract allows, and hold the answers against it.

    The views of the app do run; what they log meanwhile is dropped. The same seed makes the same requests;
    whether the answers are the same is up to the app. Raises ImportError where schemathesis is missing.
    """
    trials = list(_trials(document, wsgi, plan))
    lies: list[Lie] = []
    untried, unauthorised = [], []
    requests = operations = 0
    for trial in trials:
        with _quiet():
            reason = trial.run(plan.examples, plan.seed, plan.headers)
        requests += trial.requests
        if reason is not None and not trial.requests:
            untried.append((trial.name, reason))
            continue
        operations += 1
        lies += trial.lies()
        if trial.statuses and trial.statuses <= {401, 403}:
            unauthorised.append(trial.name)
    order = list(KINDS)
    lies.sort(
        key=lambda lie: (lie.operation.split(" ")[::-1], order.index(lie.kind), lie.status or 0, lie.message)
    )
    return Verification(document.name, operations, requests, tuple(lies), tuple(untried), tuple(unauthorised))


@contextmanager
def _quiet() -> Iterator[None]:
    """Drop what the app logs meanwhile: a failure is told once, and not for each request that shows it."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _trials(document: Document, wsgi: Any, plan: Plan) -> Iterator[Trial]:
    import schemathesis
    from schemathesis.config import SchemathesisConfig
    from schemathesis.core.result import Err

    root = document.root
    server = _path_of(root)
    names: dict[tuple[str, str], tuple[str, str]] = {}
    paths: dict[str, Any] = {}
    for path, item in root.get("paths", {}).items():
        for method in METHODS:
            if method in item and plan.takes(path, method):
                # schemathesis knows one server for all, and an operation may have one of its own.
                whole = (_path_of(item[method]) or server).rstrip("/") + path
                entry = {key: part for key, part in item[method].items() if key != "servers"}
                paths.setdefault(whole, {})[method] = entry
                names[whole, method] = path, join("/paths", path, method)
    # The configuration is ours alone: a file that lies about belongs to somebody else's use.
    config = SchemathesisConfig.from_dict(
        {
            "generation": {"allow-x00": False, "with-security-parameters": False},
            "output": {"sanitization": {"enabled": False}},
        }
    )
    schema = schemathesis.openapi.from_dict(
        {**root, "paths": paths, "servers": [{"url": "/"}]}, config=config
    )
    for found in schema.get_all_operations():
        if isinstance(found, Err):
            error = found.err()
            label = f"{str(error.method or '?').upper()} {error.path or '?'}"
            yield Trial(label, None, wsgi, document, "", str(error).partition("\n")[0])
            continue
        operation = found.ok()
        path, pointer = names[operation.path, operation.method.lower()]
        yield Trial(f"{operation.method.upper()} {path}", operation, wsgi, document, pointer)


def _path_of(holder: Mapping[str, Any]) -> str:
    servers = holder.get("servers")
    url = servers[0].get("url", "") if isinstance(servers, list) and servers else ""
    return re.sub(r"^[a-z][a-z0-9+.-]*://[^/]*", "", str(url)).rstrip("/")
