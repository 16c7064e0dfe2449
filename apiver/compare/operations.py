"""One operation in both contracts: parameters, body, responses, headers, media types, statuses, security."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from apiver.compare.change import ABSENT, Effect, Exchange
from apiver.compare.containment import Containment
from apiver.compare.findings import Attempt, Finding, Findings, Slot, Where, compare_slot
from apiver.compare.gaps import Point
from apiver.compare.judge import Scheme, media_range, request_body, requirements, response_for
from apiver.compare.messages import Cargo, Composer, concrete, schema_of
from apiver.compare.normal import Normalizer
from apiver.compare.pairing import Operation, Pair
from apiver.compare.space import Conjunction, Node, Sameness
from apiver.compare.wire import style_of

_IGNORED_HEADERS = ("accept", "content-type", "authorization")
_Message = Callable[[], tuple[Exchange, Exchange] | None]


class Engines(NamedTuple):
    """The containment engines of a comparison, one for each way in which values travel."""

    request: Containment
    response: Containment
    wire: Containment
    header: Containment

    @classmethod
    def between(cls, sameness: Sameness) -> Engines:
        """Fresh engines for two spaces."""
        requests, responses = Normalizer("request"), Normalizer("response")
        return cls(
            Containment(requests, sameness),
            Containment(responses, sameness),
            Containment(requests, sameness, wire=True),
            Containment(responses, sameness, wire=True),
        )


class OperationComparer:
    """Compares paired operations and collects what it finds."""

    def __init__(self, sameness: Sameness) -> None:
        self.sameness = sameness
        self.engines = Engines.between(sameness)
        self.composer = Composer(self.engines.request.sampler, self.engines.response.sampler)
        self.findings = Findings()

    def compare(self, pair: Pair) -> None:
        """Everything that differs between the two operations of a pair."""
        if self._same(pair):
            return
        self._parameters(pair)
        self._request_body(pair)
        self._responses(pair)
        self._security(pair)
        self._lifecycle(pair)

    def _same(self, pair: Pair) -> bool:
        """Whether both operations say the same in every part that matters here."""
        old, new = pair.old, pair.new
        return (
            not pair.moved
            and self.sameness.same(old.node.raw, new.node.raw)
            and len(old.parameters) == len(new.parameters)
            and all(
                self.sameness.same(a.raw, b.raw) for a, b in zip(old.parameters, new.parameters, strict=True)
            )
            and requirements(old) == requirements(new)
            and old.variables == new.variables
        )

    # Parameters ------------------------------------------------------------------------------------------

    def _parameters(self, pair: Pair) -> None:
        old = dict(_placed(pair.old, pair.old))
        new = dict(_placed(pair.new, pair.old))
        for place, parameter in old.items():
            if place not in new:
                self._parameter_removed(pair, place, parameter)
            else:
                self._parameter_changed(pair, place, parameter, new[place])
        for place, parameter in new.items():
            if place not in old:
                self._parameter_added(pair, place, parameter)

    def _parameter_removed(self, pair: Pair, place: tuple[str, str], parameter: Node) -> None:
        if place[0] == "path":
            return  # the path's own variables were paired by position
        subject = _named(place, parameter)
        self._say(
            pair,
            ("request-parameter-removed", Effect.RISKY, "request"),
            subject,
            f"{subject} is not read any more",
            Point(parameter.pointer, ABSENT),
            Point(pair.new.node.pointer, ABSENT),
            reason="nothing is rejected, but what the client asks for with it is ignored now",
        )

    def _parameter_added(self, pair: Pair, place: tuple[str, str], parameter: Node) -> None:
        subject = _named(place, parameter)
        before, after = Point(pair.old.node.pointer, ABSENT), Point(parameter.pointer, ABSENT)
        if parameter.raw.get("required") is not True or place[0] == "path":
            self._say(
                pair,
                ("new-optional-request-parameter", Effect.COMPATIBLE, "request"),
                subject,
                f"{subject} is new and optional",
                before,
                after,
            )
            return
        self._say(
            pair,
            ("new-required-request-parameter", Effect.BREAKING, "request"),
            subject,
            f"{subject} is new and required",
            before,
            after,
            self._attempt(pair, place, lambda: self.composer.request(pair, Cargo())),
        )

    def _parameter_changed(self, pair: Pair, place: tuple[str, str], old: Node, new: Node) -> None:
        subject = _named(place, old)
        here, there = Point(old.pointer, ABSENT), Point(new.pointer, ABSENT)
        required = old.raw.get("required") is True, new.raw.get("required") is True
        if required == (False, True) and place[0] != "path":
            self._say(
                pair,
                ("request-parameter-became-required", Effect.BREAKING, "request"),
                subject,
                f"{subject} is required now",
                here,
                there,
                self._attempt(pair, place, lambda: self.composer.request(pair, Cargo())),
            )
        elif required == (True, False) and place[0] != "path":
            self._say(
                pair,
                ("request-parameter-became-optional", Effect.COMPATIBLE, "request"),
                subject,
                f"{subject} is optional now",
                here,
                there,
            )
        self._serialization(pair, place, old, new)
        if old.raw.get("deprecated") is not True and new.raw.get("deprecated") is True:
            kind = ("request-parameter-deprecated", Effect.DOCS, "request")
            self._say(pair, kind, subject, f"{subject} is deprecated now", here, there)
        slot = Slot(
            "request",
            "parameter",
            subject,
            place,
            lambda value: self.composer.request(pair, Cargo(parameters={place: value})),
        )
        if "content" in old.raw or "content" in new.raw:
            slots = [next((n for _, n in holder.entries("content")), None) for holder in (old, new)]
            schemas = [schema_of(each) if each is not None else () for each in slots]
            self._slot(pair, self.engines.request, slot, schemas[0], schemas[1])
        else:
            self._slot(pair, self.engines.wire, slot, schema_of(old), schema_of(new))

    def _serialization(self, pair: Pair, place: tuple[str, str], old: Node, new: Node) -> None:
        """`style` and `explode`, with their defaults filled in (OpenAPI 3.1, 4.8.12.2.1)."""
        before, after = style_of(old), style_of(new)
        kinds = {
            kind for each in (old, new) for kind in self.engines.wire.normalizer.branches(schema_of(each))
        }
        exploding = "object" in kinds or before.name == "form"
        if before == after or (before.name == after.name and not exploding):
            return
        if not kinds & {"array", "object"}:
            return  # scalars are written alike in every style of query and header
        subject = _named(place, old)
        sample = [*_two_items(self.engines.request, old)]
        self._say(
            pair,
            ("request-parameter-serialization-changed", Effect.BREAKING, "request"),
            subject,
            f"{subject} is written as {after} now, not as {before}",
            Point(old.pointer, before.name),
            Point(new.pointer, after.name),
            self._attempt(
                pair,
                place,
                lambda: self.composer.request(pair, Cargo(parameters={place: sample})) if sample else None,
            ),
        )

    # Request body ----------------------------------------------------------------------------------------

    def _request_body(self, pair: Pair) -> None:
        old, new = request_body(pair.old), request_body(pair.new)
        here, there = Point(pair.old.node.pointer, ABSENT), Point(pair.new.node.pointer, ABSENT)
        if old is None and new is None:
            return
        if new is None:
            assert old is not None
            self._say(
                pair,
                ("request-body-removed", Effect.RISKY, "request"),
                "body",
                "the request body is not read any more",
                Point(old.pointer, ABSENT),
                there,
                reason="nothing is rejected, but what the client sends is ignored now",
            )
            return
        required = old is not None and old.raw.get("required") is True, new.raw.get("required") is True
        empty = partial(self.composer.request, pair, Cargo(media_type=""))
        if required == (False, True):
            how = "added" if old is None else "became"
            self._say(
                pair,
                (f"request-body-{how}-required", Effect.BREAKING, "request"),
                "body",
                "a request body is required now",
                here if old is None else Point(old.pointer, ABSENT),
                Point(new.pointer, ABSENT),
                self._attempt(pair, ("body",), empty),
            )
        elif old is None:
            kind = ("request-body-added-optional", Effect.COMPATIBLE, "request")
            self._say(pair, kind, "body", "a request body may be sent now", here, Point(new.pointer, ABSENT))
        elif required == (True, False):
            kind = ("request-body-became-optional", Effect.COMPATIBLE, "request")
            self._say(
                pair,
                kind,
                "body",
                "the request body is optional now",
                Point(old.pointer, ABSENT),
                Point(new.pointer, ABSENT),
            )
        if old is not None:
            self._request_media(pair, old, new)

    def _request_media(self, pair: Pair, old: Node, new: Node) -> None:
        ours, theirs = _content(old), _content(new)
        if not theirs:
            return  # nothing is said of the media types: nothing can be rejected for one
        for name in ours:
            media = old.child("content", name)
            fitting = media_range(theirs, name)
            if fitting is None:
                body = self.engines.request.sampler.sample(schema_of(media))
                self._say(
                    pair,
                    ("request-body-media-type-removed", Effect.BREAKING, "request"),
                    "Content-Type",
                    f"a body in {name} is not accepted any more, only in {', '.join(theirs)}",
                    Point(media.pointer, name),
                    Point(f"{new.pointer}/content", list(theirs)),
                    self._attempt(
                        pair,
                        ("content-type",),
                        lambda name=name, body=body: self.composer.request(
                            pair, Cargo(media_type=concrete(name, theirs), body=body)
                        ),  # type: ignore[misc]
                    ),
                )
                continue
            slot = Slot(
                "request",
                "body",
                "body",
                ("body",),
                lambda value, name=name: self.composer.request(
                    pair, Cargo(media_type=concrete(name, theirs), body=value)
                ),  # type: ignore[misc]
            )
            self._slot(
                pair, self.engines.request, slot, schema_of(media), schema_of(new.child("content", fitting))
            )
        for name in theirs:
            if media_range(ours, name) is None and ours:
                kind = ("request-body-media-type-added", Effect.COMPATIBLE, "request")
                there = Point(new.child("content", name).pointer, name)
                self._say(
                    pair,
                    kind,
                    "Content-Type",
                    f"a body in {name} is accepted too",
                    Point(old.pointer, ABSENT),
                    there,
                )

    # Responses -------------------------------------------------------------------------------------------

    def _responses(self, pair: Pair) -> None:
        old, new = dict(pair.old.node.entries("responses")), dict(pair.new.node.entries("responses"))
        gone = [key for key in old if key not in new and not self._covers(pair.new, key)]
        for key in new:
            declared = old[key] if key in old else response_for(pair.old, key)
            before = pair.old.space.follow(declared) if declared is not None else None
            after = pair.new.space.follow(new[key])
            if not isinstance(after.raw, dict):
                continue
            if before is None or not isinstance(before.raw, dict):
                self._status_added(pair, key, after, gone)
            else:
                self._response(pair, key, before, after)
        replaced = any(key[:1] == "2" for key in new if key not in old)
        for key in gone:
            if key[:1] == "2" and replaced:
                continue  # told together with the status that took its place
            success = key[:1] == "2"
            rule = f"response-{'' if success else 'non-'}success-status-removed"
            effect = Effect.COMPATIBLE
            here, there = Point(old[key].pointer, key), Point(f"{pair.new.node.pointer}/responses", ABSENT)
            self._say(
                pair,
                (rule, effect, "response"),
                f"status {key}",
                f"{key} is not answered any more",
                here,
                there,
            )

    def _covers(self, operation: Operation, key: str) -> bool:
        return key == "default" or (key.isdigit() and response_for(operation, key) is not None)

    def _status_added(self, pair: Pair, key: str, after: Node, gone: list[str]) -> None:
        there = Point(after.pointer, key)
        here = Point(f"{pair.old.node.pointer}/responses", ABSENT)
        subject, title = f"status {key}", f"{key} may be answered now"
        attempt = self._attempt(pair, ("status",), lambda: self.composer.response(pair, Cargo(status=key)))
        if key[:1] == "2":
            lost = [each for each in gone if each[:1] == "2"]
            if lost:
                here = Point(f"{pair.old.node.pointer}/responses/{lost[0]}", lost[0])
                title = f"{key} is answered instead of {', '.join(lost)}"
                kind = ("response-success-status-removed", Effect.BREAKING, "response")
            else:
                kind = ("response-success-status-added", Effect.BREAKING, "response")
            self._say(pair, kind, subject, title, here, there, attempt)
        elif key[:1] == "3":
            reason = "clients differ in whether they follow redirects"
            kind = ("response-redirect-status-added", Effect.RISKY, "response")
            self._say(pair, kind, subject, title, here, there, reason=reason)
        else:
            kind = ("response-non-success-status-added", Effect.COMPATIBLE, "response")
            self._say(pair, kind, subject, title, here, there)

    def _response(self, pair: Pair, key: str, old: Node, new: Node) -> None:
        self._response_headers(pair, key, old, new)
        ours, theirs = _content(old), _content(new)
        if not ours and not theirs:
            return
        here, there = Point(old.pointer, ABSENT), Point(new.pointer, ABSENT)
        if not theirs:
            self._say(
                pair,
                ("response-body-removed", Effect.BREAKING, "response"),
                f"status {key}",
                f"the body of the {key} response is gone",
                here,
                there,
                self._attempt(pair, ("body",), lambda: self.composer.response(pair, Cargo(status=key))),
            )
            return
        if not ours:
            kind = ("response-body-added", Effect.COMPATIBLE, "response")
            self._say(pair, kind, f"status {key}", f"the {key} response has a body now", here, there)
            return
        kept = [name for name in ours if media_range(theirs, name) is not None]
        for name in theirs:
            fitting = media_range(ours, name)
            media = new.child("content", name)
            if fitting is None:
                self._media_added(pair, key, name, media, old, new, kept=bool(kept))
                continue
            slot = Slot(
                "response",
                "body",
                "body",
                ("body",),
                lambda value, name=name: self.composer.response(
                    pair, Cargo(status=key, media_type=name, body=value)
                ),  # type: ignore[misc]
            )
            if key[:1] in "45d":
                slot = slot._replace(label=f"{key} body")
            self._slot(
                pair, self.engines.response, slot, schema_of(old.child("content", fitting)), schema_of(media)
            )
        for name in ours:
            if name not in kept and kept:
                kind = ("response-media-type-removed", Effect.RISKY, "response")
                point = Point(old.child("content", name).pointer, name)
                reason = "only a client that asks for that media type alone misses it"
                self._say(
                    pair,
                    kind,
                    "Content-Type",
                    f"{key} is not answered in {name} any more",
                    point,
                    there,
                    reason=reason,
                )

    def _media_added(
        self, pair: Pair, key: str, name: str, media: Node, old: Node, new: Node, *, kept: bool
    ) -> None:
        point = Point(media.pointer, name)
        if kept:
            kind = ("response-media-type-added", Effect.COMPATIBLE, "response")
            self._say(
                pair,
                kind,
                "Content-Type",
                f"{key} may be answered in {name} too",
                Point(old.pointer, ABSENT),
                point,
            )
            return
        body = self.engines.response.sampler.sample(schema_of(media))
        self._say(
            pair,
            ("response-media-type-removed", Effect.BREAKING, "response"),
            "Content-Type",
            f"{key} is answered in {name} now, not in {', '.join(_content(old))}",
            Point(f"{old.pointer}/content", list(_content(old))),
            point,
            self._attempt(
                pair,
                ("content-type",),
                lambda: self.composer.response(pair, Cargo(status=key, media_type=name, body=body)),
            ),
        )

    def _response_headers(self, pair: Pair, key: str, old: Node, new: Node) -> None:
        ours = {name.lower(): (name, pair.old.space.follow(each)) for name, each in old.entries("headers")}
        theirs = {name.lower(): (name, pair.new.space.follow(each)) for name, each in new.entries("headers")}
        for low, (name, header) in ours.items():
            if low == "content-type" or not isinstance(header.raw, dict):
                continue
            subject, here = f"header {name}", Point(header.pointer, ABSENT)
            required = header.raw.get("required") is True
            other = theirs.get(low)
            there = Point(other[1].pointer if other else new.pointer, ABSENT)
            promised = (
                other is not None and isinstance(other[1].raw, dict) and other[1].raw.get("required") is True
            )
            if required and not promised:
                rule = (
                    "required-response-header-removed" if other is None else "response-header-became-optional"
                )
                title = f"the header {name} {'is gone' if other is None else 'may be missing now'}"
                without = Cargo(status=key, header=(low, ABSENT))
                attempt = self._attempt(pair, ("header", low), partial(self.composer.response, pair, without))
                self._say(pair, (rule, Effect.BREAKING, "response"), subject, title, here, there, attempt)
            elif other is None:
                kind = ("optional-response-header-removed", Effect.RISKY, "response")
                reason = "clients must deal with its absence already, but it is never there now"
                self._say(
                    pair, kind, subject, f"the header {name} is not sent any more", here, there, reason=reason
                )
            if other is not None:
                slot = Slot(
                    "response",
                    "header",
                    subject,
                    ("header", low),
                    lambda value, low=low: self.composer.response(
                        pair, Cargo(status=key, header=(low, value))
                    ),  # type: ignore[misc]
                )
                self._slot(pair, self.engines.header, slot, schema_of(header), schema_of(other[1]))
        for low, (name, header) in theirs.items():
            if low not in ours and low != "content-type":
                kind = ("response-header-added", Effect.COMPATIBLE, "response")
                here = Point(old.pointer, ABSENT)
                self._say(
                    pair,
                    kind,
                    f"header {name}",
                    f"the header {name} is new",
                    here,
                    Point(header.pointer, ABSENT),
                )

    # Security and lifecycle ------------------------------------------------------------------------------

    def _security(self, pair: Pair) -> None:
        """Every set of credentials that the old contract accepts must be enough for the new one."""
        ours, theirs = requirements(pair.old) or [frozenset()], requirements(pair.new) or [frozenset()]
        if set(ours) == set(theirs):
            return
        here, there = _security_point(pair.old), _security_point(pair.new)
        lost = [each for each in ours if not any(_enough(each, other) for other in theirs)]
        for alternative in lost[:1]:
            before = " and ".join(sorted(scheme.describe() for scheme in alternative)) or "no credentials"
            after = " or ".join(
                " and ".join(sorted(scheme.describe() for scheme in each)) or "no credentials"
                for each in theirs
            )
            self._say(
                pair,
                ("api-security-added", Effect.BREAKING, "request"),
                "security",
                f"{before} is not enough any more: {after} is required",
                here,
                there,
                self._attempt(
                    pair,
                    ("security",),
                    partial(
                        self.composer.request, pair, Cargo(scheme_set=alternative, anonymous=not alternative)
                    ),
                ),
            )
        if not lost:
            kind = ("api-security-removed", Effect.COMPATIBLE, "request")
            self._say(pair, kind, "security", "fewer credentials are required", here, there)

    def _lifecycle(self, pair: Pair) -> None:
        before, after = (each.node.raw.get("deprecated") is True for each in pair[:2])
        if before != after:
            rule = "endpoint-deprecated" if after else "endpoint-reactivated"
            title = "the operation is deprecated now" if after else "the operation is not deprecated any more"
            here, there = Point(pair.old.node.pointer, before), Point(pair.new.node.pointer, after)
            self._say(pair, (rule, Effect.DOCS, "none"), "operation", title, here, there)

    # What they share -------------------------------------------------------------------------------------

    def _slot(self, pair: Pair, engine: Containment, slot: Slot, old: Conjunction, new: Conjunction) -> None:
        if old or new:
            compare_slot(self.findings, engine, pair, slot, old, new)

    def _attempt(self, pair: Pair, where: Where, message: _Message) -> Attempt:
        def build() -> Iterator[tuple[Exchange, Exchange]]:
            made = message()
            if made is not None:
                yield made

        return Attempt(pair, where, build)

    def _say(
        self,
        pair: Pair,
        kind: tuple[str, Effect, Any],
        subject: str,
        title: str,
        old: Point,
        new: Point,
        *attempts: Attempt,
        reason: str | None = None,
    ) -> None:
        rule, effect, direction = kind
        self.findings.add(
            Finding(rule, effect, direction, subject, title, old, new, reason=reason), pair, *attempts
        )


def _placed(operation: Operation, old: Operation) -> Iterator[tuple[tuple[str, str], Node]]:
    """Parameters by place and name; path parameters by the old name at the same position."""
    for parameter in operation.parameters:
        where, name = parameter.raw["in"], parameter.raw["name"]
        if where == "header":
            name = name.lower()
            if name in _IGNORED_HEADERS:
                continue
        if where == "path" and operation is not old and name in operation.variables:
            at = operation.variables.index(name)
            name = old.variables[at] if at < len(old.variables) else name
        yield (where, name), parameter


def _named(place: tuple[str, str], parameter: Node) -> str:
    """A parameter as people write it: `?limit`, `{id}`, `header X-Token`, `cookie session`."""
    where, name = place[0], parameter.raw["name"]
    return {"query": f"?{name}", "path": f"{{{place[1]}}}"}.get(where, f"{where} {name}")


def _two_items(engine: Containment, parameter: Node) -> Iterator[Any]:
    for schema in schema_of(parameter):
        if isinstance(schema.raw, dict) and "items" in schema.raw:
            item = engine.sampler.sample((schema.child("items"),))
            if item is not ABSENT:
                yield from (item, item)


def _content(holder: Node) -> dict[str, Any]:
    content = holder.raw.get("content")
    return content if isinstance(content, dict) else {}


def _enough(given: frozenset[Scheme], wanted: frozenset[Scheme]) -> bool:
    """Whether what satisfies `given` satisfies `wanted` too: every scheme is there, no scope is new."""
    return all(any(one[:3] == other[:3] and other.scopes <= one.scopes for one in given) for other in wanted)


def _security_point(operation: Operation) -> Point:
    own = "security" in operation.node.raw
    holder = operation.node.raw if own else operation.space.root
    return Point(f"{operation.node.pointer}/security" if own else "/security", holder.get("security", ABSENT))
