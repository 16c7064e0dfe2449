"""Where a contract and its app disagree, for people and for programs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from apiver.report.shown import shown

if TYPE_CHECKING:
    from apiver.verifying.lie import Verification


def verification_text(found: Verification) -> str:
    """The lies by operation, each with a request that shows it; what could not be tried; a summary."""
    lines: list[str] = []
    for operation, lies in groupby(found.lies, key=lambda lie: lie.operation):
        lines += [shown(operation)]
        for lie in lies:
            lines.append(f"  {shown(lie.message)}  [{lie.kind}]")
            if lie.place is not None:
                lines.append(f"    contract  {shown(str(lie.place))}")
            if lie.curl:
                lines.append(f"    request   {shown(lie.curl)}")
        lines.append("")
    for operation, reason in found.untried:
        lines += [f"{shown(operation)} could not be tried: {shown(reason)}", ""]
    made = f"{_many(found.requests, 'request')} of {_many(found.operations, 'operation')}"
    lines.append(f"{found.name}: {made}, {_verdict(found)}")
    if found.unauthorised:
        count = _many(len(found.unauthorised), "operation")
        lines.append(f"{count} answered every request with 401 or 403: give credentials with --header")
    return "\n".join(lines) + "\n"


def _verdict(found: Verification) -> str:
    return (
        f"{_many(len(found.lies), 'disagreement')} with the contract"
        if found.lies
        else "as the contract says"
    )


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def verification_json(found: Verification) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "version": found.name,
        "operations": found.operations,
        "requests": found.requests,
        "disagreements": [
            {
                "kind": lie.kind,
                "operation": lie.operation,
                "status": lie.status,
                "message": lie.message,
                "request": lie.curl,
                "file": lie.place.file if lie.place else None,
                "line": lie.place.line if lie.place else None,
            }
            for lie in found.lies
        ],
        "untried": [{"operation": operation, "reason": reason} for operation, reason in found.untried],
        "unauthorised": list(found.unauthorised),
    }
