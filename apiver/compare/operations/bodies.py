"""Request bodies of a pair: gone, new, required now, in other media types, of another schema."""

from __future__ import annotations

from functools import partial
from typing import Any

from apiver.compare.operations.media import compare_media
from apiver.compare.operations.naming import Label
from apiver.compare.operations.workbench import Message, Workbench, at, unread
from apiver.compare.proofs.messages import Cargo, sample_of
from apiver.compare.schemas.gaps import Point
from apiver.compare.sides.content import (
    concrete,
    content_of,
    matching_media,
    request_body,
)
from apiver.compare.sides.selection import media_types
from apiver.compare.sides.space import Node


def compare_request_body(bench: Workbench) -> None:
    """Everything that differs in the request bodies of both operations."""
    old, new = request_body(bench.pair.old), request_body(bench.pair.new)
    if unread(old, new):
        return
    if new is None:
        if old is not None:
            title = "the request body is not read any more"
            reason = "nothing is rejected, but what the client sends is ignored now"
            bench.risky("request-body-removed", "body", title, at(old), bench.new(), reason)
        return
    here = bench.old() if old is None else at(old)
    required = old is not None and old.raw.get("required") is True, new.raw.get("required") is True
    if required == (False, True):
        rule = "request-body-added-required" if old is None else "request-body-became-required"
        without = partial(bench.request, Cargo(media_type=""))
        bench.breaking(rule, "body", "a request body is required now", here, at(new), ("body",), without)
    elif old is None:
        bench.compatible(
            "request-body-added-optional", "body", "a request body may be sent now", here, at(new)
        )
    elif required == (True, False):
        bench.compatible(
            "request-body-became-optional", "body", "the request body is optional now", here, at(new)
        )
    if old is not None and content_of(new):
        _media(bench, old, new)


def _media(bench: Workbench, old: Node, new: Node) -> None:
    theirs = content_of(new)
    for name, mine, its in matching_media(old, new, media_types(bench.pair.old, bench.pair.new)):
        if unread(mine, its):
            continue
        if mine is None:
            if its is not None and content_of(old):
                title = f"a body in {name} is accepted too"
                bench.compatible(
                    "request-body-media-type-added", "Content-Type", title, at(old), at(its, name)
                )
            continue
        sent = concrete(name, None if its is not None else theirs)
        if its is None:
            body = sample_of(bench.engines.request.sampler, mine)
            bench.breaking(
                "request-body-media-type-removed",
                "Content-Type",
                f"a body in {name} is not accepted any more, only in {', '.join(theirs)}",
                at(mine, name),
                Point(f"{new.pointer}/content", list(theirs)),
                ("content-type",),
                partial(_with_body, bench, sent, body),
            )
        else:
            compare_media(
                bench, Label("request", "body", "body"), sent, mine, its, partial(_with_body, bench)
            )


def _with_body(bench: Workbench, media_type: str, value: Any) -> Message:
    return bench.request(Cargo(media_type=media_type, body=value))
