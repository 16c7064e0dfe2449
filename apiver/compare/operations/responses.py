"""Responses of a pair: statuses, media types, bodies, headers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from apiver.compare.change import ABSENT
from apiver.compare.operations.documentation import wordless
from apiver.compare.operations.headers import compare_headers
from apiver.compare.operations.media import compare_media
from apiver.compare.operations.naming import Label
from apiver.compare.operations.workbench import Message, Workbench, at, unread
from apiver.compare.proofs.messages import Cargo, sample_of
from apiver.compare.schemas.gaps import Point
from apiver.compare.sides.content import (
    concrete,
    content_of,
    matching_media,
    response_for,
)
from apiver.compare.sides.selection import media_types
from apiver.compare.sides.space import UNREAD, Node
from apiver.compare.sides.surface import Operation

_USUAL = {"1": "100", "2": "201", "3": "302", "4": "400", "5": "500"}


def compare_responses(bench: Workbench) -> None:
    """Everything that differs in the responses of both operations, status by status."""
    old, new = bench.pair.old, bench.pair.new
    holders = [each.node.raw.get("responses") for each in (old, new)]
    if not all(isinstance(each, dict) and UNREAD not in each for each in holders):
        return
    cells = [(code, _declared(old, code), _declared(new, code)) for code in _codes(old, new)]
    lost = [code for code, before, after in cells if after is None and before is not None]
    seen = set()
    for code, before, after in cells:
        if after is None or unread(before, after):
            continue
        if before is None:
            _status_added(bench, code, after, lost)
        elif (id(before.raw), id(after.raw)) not in seen and not bench.same(before, after):
            seen.add((id(before.raw), id(after.raw)))
            compare_headers(bench, code, before, after)
            _compare_bodies(bench, code, before, after)
            _compare_links(bench, *bench.sides(before, after))
    come = [code for code, before, after in cells if before is None and after is not None]
    for code, before, after in cells:
        replaced = code[0] == "2" and any(each[0] == "2" for each in come)
        if before is not None and after is None and not replaced:
            _status_removed(bench, code, before)


def _codes(old: Operation, new: Operation) -> Iterator[str]:
    """The statuses to look at: every code that is named, and one more of each class that is covered."""
    keys = [str(key) for side in (old, new) for key in side.node.raw["responses"]]
    named = [key for key in dict.fromkeys(keys) if key.isdigit() and len(key) == 3]
    yield from named
    for digit in "12345":
        if any(key.upper() == f"{digit}XX" or key == "default" for key in keys):
            others = (f"{digit}{number:02}" for number in range(100))
            yield next(code for code in (_USUAL[digit], *others) if code not in named)


def _declared(operation: Operation, code: str) -> Node | None:
    """The response for a code. `default` speaks of success only where nothing else does."""
    response = response_for(operation, code)
    keys = operation.node.raw["responses"]
    named = any(key in keys for key in (code, f"{code[0]}XX", f"{code[0]}xx"))
    if named or code[0] not in "123":
        return response
    return None if code[0] != "2" or any(key[:1] == "2" for key in keys) else response


def _name(node: Node, code: str) -> str:
    """A status as its contract spells it: the code, or the range that stands for it."""
    key = node.pointer.rpartition("/responses/")[2]
    return key if key.upper().endswith("XX") or key == "default" else code


def _status_added(bench: Workbench, code: str, after: Node, lost: list[str]) -> None:
    name = _name(after, code)
    here, there = Point(f"{bench.pair.old.node.pointer}/responses", ABSENT), at(after, name)
    subject, title = f"status {name}", f"{name} may be answered now"
    if code[0] == "2":
        gone = [each for each in lost if each[0] == "2"]
        rule = "response-success-status-added"
        if gone:
            rule, subject = "response-success-status-removed", f"status {gone[0]}"
            title = f"{name} is answered instead of {' and '.join(gone)}"
            here = Point(f"{here.pointer}/{gone[0]}", gone[0])
        if unread(response_for(bench.pair.old, "default")):
            reason = "the old contract has statuses that could not be read; it may be one of them"
            bench.risky(rule, subject, title, here, there, reason)
            return
        message = partial(bench.response, Cargo(status=code))
        bench.breaking(rule, subject, title, here, there, ("status",), message)
    elif code[0] == "3":
        reason = "clients differ in whether they follow redirects"
        bench.risky("response-redirect-status-added", subject, title, here, there, reason)
    else:
        bench.compatible("response-non-success-status-added", subject, title, here, there)


def _status_removed(bench: Workbench, code: str, before: Node) -> None:
    name = _name(before, code)
    there = Point(f"{bench.pair.new.node.pointer}/responses", ABSENT)
    subject, title = f"status {name}", f"{name} is not answered any more"
    if code[0] != "2":
        bench.compatible("response-non-success-status-removed", subject, title, at(before, name), there)
    elif any(
        _declared(bench.pair.new, key) for key in bench.pair.new.node.raw["responses"] if key[:1] == "2"
    ):
        bench.compatible("response-success-status-removed", subject, title, at(before, name), there)
    else:
        reason = "no success is left in the new contract"
        bench.risky("response-success-status-removed", subject, title, at(before, name), there, reason)


def _compare_bodies(bench: Workbench, code: str, old: Node, new: Node) -> None:
    ours, theirs = content_of(old), content_of(new)
    name = _name(new, code)
    if ours and not theirs:
        message = partial(bench.response, Cargo(status=code))
        title = f"the body of the {name} response is gone"
        bench.breaking("response-body-removed", f"status {name}", title, at(old), at(new), ("body",), message)
    elif theirs and not ours:
        title = f"the {name} response has a body now"
        bench.compatible("response-body-added", f"status {name}", title, at(old), at(new))
    elif ours:
        _media(bench, code, name, old, new)


def _media(bench: Workbench, code: str, status: str, old: Node, new: Node) -> None:
    pairs = list(matching_media(old, new, media_types(bench.pair.old, bench.pair.new)))
    kept = any(mine is not None and its is not None for _, mine, its in pairs)
    for name, mine, its in pairs:
        if unread(mine, its):
            continue
        if its is None:
            if mine is not None and kept:
                title = f"{status} is not answered in {name} any more"
                reason = "only a client that asks for that media type alone misses it"
                bench.risky(
                    "response-media-type-removed", "Content-Type", title, at(mine, name), at(new), reason
                )
        elif mine is None and kept:
            title = f"{status} may be answered in {name} too"
            bench.compatible("response-media-type-added", "Content-Type", title, at(old), at(its, name))
        elif mine is None:
            ours = list(content_of(old))
            title = f"{status} is answered in {name} now, not in {', '.join(ours)}"
            body = sample_of(bench.engines.response.sampler, its)
            message = partial(_with_body, bench, code, concrete(name, content_of(old)), body)
            here = Point(f"{old.pointer}/content", ours)
            where = ("content-type",)
            bench.breaking(
                "response-media-type-removed", "Content-Type", title, here, at(its, name), where, message
            )
        else:
            label = "body" if code[0] == "2" else f"{status} body"
            carry = partial(_with_body, bench, code)
            compare_media(bench, Label("response", "body", label), concrete(name), mine, its, carry)


def _compare_links(bench: Workbench, old: Node, new: Node) -> None:
    """What is said of operations to call next (OpenAPI 3.1, 4.8.20): nothing of it is in the response."""
    ours, theirs = (
        {name: side.space.follow(link) for name, link in side.entries("links")} for side in (old, new)
    )
    for name in {**ours, **theirs}:
        mine, its, subject = ours.get(name), theirs.get(name), f"link {name}"
        if its is None and mine is not None:
            title = f"the link {name} is gone"
            bench.docs("response-link-removed", subject, title, at(mine, name), at(new))
        elif mine is None and its is not None:
            title = f"the link {name} is new"
            bench.docs("response-link-added", subject, title, at(old), at(its, name))
        elif mine is not None and its is not None and wordless(mine.raw) != wordless(its.raw):
            title = f"the link {name} is described otherwise"
            bench.docs("response-link-changed", subject, title, at(mine), at(its))


def _with_body(bench: Workbench, code: str, media_type: str, value: Any) -> Message:
    return bench.response(Cargo(status=code, media_type=media_type, body=value))
