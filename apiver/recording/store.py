"""What has been recorded, as one value: `.apiver/traffic.json`. The format is described in docs/record.md.

A store is what `record` found out about each operation. Two stores are joined part by part; joining is the
same in any order, and a store joined with itself stays what it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from apiver.errors import InputError
from apiver.recording.joining import added, greater
from apiver.recording.shapes import Shape, weighted
from apiver.recording.soundness import is_sound

STORE = ".apiver/traffic.json"
FORMAT = 1
_KEY = "apiver-traffic"

Part = dict[str, Any]
Count = Callable[[int, int], int]


class Tally(NamedTuple):
    """What one run has seen: requests in all, on how many operations of how many, what came of the rest."""

    requests: int
    operations: int
    known: int
    unrouted: int
    raised: int
    unseen: tuple[tuple[str, int], ...]


def collect(entries: Iterable[tuple[Any, ...]]) -> tuple[Part, Tally]:
    """The store of one run, out of the entries of its journals (`read_journal`)."""
    apps: dict[str, Part] = {}
    known: set[tuple[str, str, str]] = set()
    seen: dict[str, int] = {"requests": 0, "unrouted": 0, "raised": 0}
    unseen: dict[str, int] = {}
    found: dict[tuple[str, str, str, str], list[tuple[Part, int]]] = {}
    for entry in entries:
        if entry[0] == "app":
            known |= {(entry[1], rule, method) for rule, methods in entry[2] for method in methods}
        elif entry[0] == "unseen":
            unseen[entry[1]] = unseen.get(entry[1], 0) + 1
        else:
            _, observation, times = entry
            seen["requests"] += times
            if "raised" in observation:
                seen["raised"] += times
            elif "rule" not in observation:
                seen["unrouted"] += times
                statuses = apps.setdefault(observation["app"], {}).setdefault("unrouted", {})
                status = str(observation["status"])
                statuses[status] = statuses.get(status, 0) + times
            elif "by_itself" not in observation:
                key = tuple(observation.get(name) or "" for name in ("app", "rule", "method", "version"))
                found.setdefault(key, []).append((observation, times))  # type: ignore[arg-type]
    for (app, rule, method, version), observations in sorted(found.items()):
        head = {"rule": rule, "method": method, **({"version": version} if version else {})}
        operation = {**head, **_operation(observations)}
        apps.setdefault(app, {}).setdefault("operations", []).append(operation)
    routed = {key[:3] for key in found} & known
    tally = Tally(
        seen["requests"],
        len(routed),
        len(known),
        seen["unrouted"],
        seen["raised"],
        tuple(sorted(unseen.items())),
    )
    return _whole(apps), tally


def _operation(observations: list[tuple[Part, int]]) -> Part:
    found: Part = {"requests": sum(times for _, times in observations)}
    accepted = [(one, times) for one, times in observations if one["status"] < 400]
    found["accepted"] = sum(times for _, times in accepted)
    for section in ("query", "headers"):
        named = _named([(one.get(section, {}), times) for one, times in accepted])
        if named:
            found[section] = named
    bodies = _content([(one["body"], times) for one, times in accepted if "body" in one])
    if bodies:
        found["bodies"] = bodies
    found["responses"] = {}
    for status in sorted({one["status"] for one, _ in observations}):
        these = [(one, times) for one, times in observations if one["status"] == status]
        response: Part = {"requests": sum(times for _, times in these)}
        headers = _named([(one.get("answer", {}), times) for one, times in these])
        content = _content([(one["content"], times) for one, times in these if "content" in one])
        if headers:
            response["headers"] = headers
        if content:
            response["content"] = content
        found["responses"][str(status)] = response
    return found


def _named(parts: list[tuple[Part, int]]) -> Part:
    """Parameters or headers by name: how often each was there, and its shape."""
    found: Part = {}
    for name in sorted({name for part, _ in parts for name in part}):
        held = [(part[name], times) for part, times in parts if name in part]
        found[name] = {"requests": sum(times for _, times in held), "schema": _weighed(held)}
    return found


def _content(parts: list[tuple[Part, int]]) -> Part:
    """Bodies by media type: how often each was there, and the shape of those that could be read."""
    found: Part = {}
    for media in sorted({part["media"] for part, _ in parts}):
        held = [(part, times) for part, times in parts if part["media"] == media]
        found[media] = {"requests": sum(times for _, times in held)}
        shapes = [(part["shape"], times) for part, times in held if "shape" in part]
        if shapes:
            found[media]["schema"] = _weighed(shapes)
    return found


def _weighed(held: list[tuple[Shape, int]]) -> Shape:
    return added(weighted(one, times) for one, times in held)


def _whole(apps: dict[str, Part]) -> Part:
    return {_KEY: FORMAT, "apps": {name: apps[name] for name in sorted(apps)}}


def joined(one: Part, other: Part) -> Part:
    """Two stores as one. Of two counts of the same thing the greater one stays."""
    apps: dict[str, Part] = {}
    for name in {*one["apps"], *other["apps"]}:
        held = [store["apps"][name] for store in (one, other) if name in store["apps"]]
        by_key: dict[tuple[str, str, str], Part] = {}
        for app in held:
            for operation in app.get("operations", ()):
                key = (operation["rule"], operation["method"], operation.get("version", ""))
                by_key[key] = both(by_key[key], operation) if key in by_key else operation
        apps[name] = {}
        if by_key:
            apps[name]["operations"] = [by_key[key] for key in sorted(by_key)]
        statuses: dict[str, int] = {}
        for app in held:
            for status, times in app.get("unrouted", {}).items():
                statuses[status] = max(statuses.get(status, 0), times)
        if statuses:
            apps[name]["unrouted"] = dict(sorted(statuses.items()))
    return _whole(apps)


def both(one: Any, other: Any) -> Any:
    """The same part of two stores, or of two operations, as one."""
    if isinstance(one, int) and isinstance(other, int):
        return max(one, other)
    if not isinstance(one, dict) or not isinstance(other, dict):
        return one
    found = {}
    for key in sorted({*one, *other}):
        held = [part[key] for part in (one, other) if key in part]
        if key == "schema":
            found[key] = greater(held)
        else:
            found[key] = held[0] if len(held) == 1 else both(*held)
    return found


def written(store: Part) -> str:
    """A store as text: the same bytes for the same content."""
    return json.dumps(store, indent=1, sort_keys=True, ensure_ascii=True) + "\n"


def read_store(path: Path) -> Part:
    """The store at `path`. Raises InputError where it cannot be read or is none."""
    try:
        store = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"the recorded traffic cannot be read: {error.strerror}", where=str(path)) from None
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"the recorded traffic is not JSON: {error}", where=str(path), remedy=_ANEW
        ) from None
    if not isinstance(store, dict) or store.get(_KEY) != FORMAT or not is_sound(store.get("apps")):
        raise InputError("this is no recorded traffic that this apiver reads", where=str(path), remedy=_ANEW)
    return store


_ANEW = "record it anew:  apiver record --fresh -- COMMAND"
