"""Who may call an operation, in both contracts: which credentials are enough, and where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from apiver.compare.change import ABSENT
from apiver.compare.operations.workbench import Workbench, at
from apiver.compare.proofs.messages import Cargo
from apiver.compare.schemas.gaps import Point
from apiver.compare.sides.credentials import Alternative, definitions, describe, enough, requirements
from apiver.compare.sides.space import Node
from apiver.compare.sides.surface import Operation
from apiver.contract.pointer import join

_LOOK_ALIKE = "a message does not show the difference: the old credentials may still be taken"
_ELSEWHERE = "whether the old address still serves clients is not in the contract"
_NOT_GRANTED = "tokens that were granted before may still be taken"
_URLS = {
    "authorizationUrl": "api-security-component-oauth-url-changed",
    "deviceAuthorizationUrl": "api-security-component-oauth-url-changed",
    "tokenUrl": "api-security-component-oauth-token-url-changed",
    "refreshUrl": "api-security-component-oauth-token-url-changed",
}
_DISCOVERY = ("openIdConnectUrl", "oauth2MetadataUrl")


def compare_security(bench: Workbench) -> None:
    """Every set of credentials that the old contract accepts must be enough for the new one."""
    old, new = bench.pair.old, bench.pair.new
    ours, theirs = requirements(old) or [frozenset()], requirements(new) or [frozenset()]
    if set(ours) != set(theirs):
        here, there = _point(old), _point(new)
        lost = next((each for each in ours if not any(enough(each, other) for other in theirs)), None)
        if lost is None:
            rule = "api-security-scope-removed" if _kinds(ours) == _kinds(theirs) else "api-security-removed"
            bench.compatible(rule, "security", "fewer credentials are required", here, there)
        else:
            rule = "api-security-added"
            if _kinds([lost])[0] in _kinds(theirs):
                rule = "api-security-scope-added"
            title = f"{describe([lost])} is not enough any more: {describe(theirs)} is required"
            message = partial(bench.request, Cargo(credentials=lost))
            bench.breaking(rule, "security", title, here, there, ("security",), message, reason=_LOOK_ALIKE)
    if not bench.pair.turned:
        theirs_by_key = definitions(new)
        for key, before in definitions(old).items():
            after = theirs_by_key.get(key)
            if after is not None and before.raw != after.raw:
                _compare_definition(bench, before, after)


def _kinds(alternatives: list[Alternative]) -> list[frozenset[tuple[str, str, str]]]:
    """The credentials without their scopes."""
    return [frozenset(scheme[:3] for scheme in each) for each in alternatives]


def _point(operation: Operation) -> Point:
    own = "security" in operation.node.raw
    holder = operation.node.raw if own else operation.space.root
    return Point(f"{operation.node.pointer}/security" if own else "/security", holder.get("security", ABSENT))


def _compare_definition(bench: Workbench, old: Node, new: Node) -> None:
    """How clients come by the credentials: what a message does not show."""
    for key in _DISCOVERY:
        before, after = old.raw.get(key, ABSENT), new.raw.get(key, ABSENT)
        if before != after and before is not ABSENT:
            title = f"the provider is found at {_said(after)} now, not at {before}"
            rule = "api-security-component-discovery-url-changed"
            bench.risky(rule, "security", title, _part(old, key), _part(new, key), _ELSEWHERE)
    before, after = old.raw.get("bearerFormat", ABSENT), new.raw.get("bearerFormat", ABSENT)
    if before != after:
        title = f"the format of the token is said to be {_said(after)}, not {_said(before)}"
        rule = "api-security-component-bearer-format-changed"
        bench.docs(rule, "security", title, _part(old, "bearerFormat"), _part(new, "bearerFormat"))
    ours, theirs = dict(old.entries("flows")), dict(new.entries("flows"))
    for name in {**ours, **theirs}:
        if name.startswith("x-"):
            continue
        mine, its = ours.get(name), theirs.get(name)
        if its is None and mine is not None:
            title = f"tokens are not granted by the flow {name} any more"
            rule = "api-security-component-oauth-flow-removed"
            bench.risky(rule, "security", title, at(mine, name), at(new), _NOT_GRANTED)
        elif mine is None and its is not None:
            title = f"tokens are granted by the flow {name} too"
            rule = "api-security-component-oauth-flow-added"
            bench.compatible(rule, "security", title, at(old), at(its, name))
        elif mine is not None and its is not None:
            _compare_flow(bench, name, mine, its)


def _compare_flow(bench: Workbench, name: str, old: Node, new: Node) -> None:
    for key, rule in _URLS.items():
        before, after = _text(old, key), _text(new, key)
        if before is not ABSENT and before != after:
            title = f"the {key} of the flow {name} is {_said(after)} now, not {before}"
            bench.risky(rule, "security", title, _part(old, key), _part(new, key), _ELSEWHERE)
    ours, theirs = dict(_scopes(old)), dict(_scopes(new))
    for scope in {**ours, **theirs}:
        before, after = ours.get(scope, ABSENT), theirs.get(scope, ABSENT)
        rule = "api-security-component-oauth-scope-"
        here, there = _part(old, "scopes", scope), _part(new, "scopes", scope)
        if after is ABSENT:
            title = f"the scope {scope} is not granted by the flow {name} any more"
            bench.risky(f"{rule}removed", "security", title, here, there, _NOT_GRANTED)
        elif before is ABSENT:
            title = f"the scope {scope} is granted by the flow {name} too"
            bench.compatible(f"{rule}added", "security", title, here, there)
        elif before != after:
            title = f"the scope {scope} is described in other words"
            bench.docs(f"{rule}changed", "security", title, here, there)


def _scopes(flow: Node) -> Iterator[tuple[str, Any]]:
    for name, scope in flow.entries("scopes"):
        yield name, scope.raw


def _text(node: Node, key: str) -> Any:
    return node.raw.get(key, ABSENT) if isinstance(node.raw, dict) else ABSENT


def _part(node: Node, *keys: str) -> Point:
    """A part of a node as a place, whether it is there or not."""
    raw: Any = node.raw
    for key in keys:
        raw = raw.get(key, ABSENT) if isinstance(raw, dict) else ABSENT
    return Point(node.pointer + join("", *keys), raw)


def _said(value: Any) -> str:
    return "nothing" if value is ABSENT else str(value)
