"""Servers that an operation had and has no more."""

from __future__ import annotations

from collections.abc import Iterator

from apiver.compare.change import ABSENT, Effect
from apiver.compare.findings import Finding
from apiver.compare.gaps import Point
from apiver.compare.pairing import Pair, Pairing, unversioned
from apiver.compare.servers import Address
from apiver.compare.surface import Operation, blanked

_UNKNOWN = "whether it still answers is not in the contract"


def lost_servers(pairing: Pairing) -> Iterator[Finding]:
    """The old servers at which some paired operation is not found any more, by the entry that named them."""
    lost: dict[tuple[str, Address], list[Pair]] = {}
    for pair in pairing.pairs:
        if pair.moved or not pair.new.servers:
            continue  # a moved operation is told as such; without servers nothing is said of hosts
        places = {_place(address, pair.new) for each in pair.new.servers for address in each.addresses}
        paths = {path for _, path in places}
        for server in pair.old.servers:
            for address in server.addresses:
                host, path = _place(address, pair.old)
                anywhere = not host or any(not each for each, _ in places)
                if path not in paths or not (anywhere or (host, path) in places):
                    lost.setdefault((server.pointer, address), []).append(pair)
    for (pointer, address), pairs in sorted(lost.items(), key=lambda each: each[0]):
        yield _finding(pointer, address, pairs)


def _place(address: Address, operation: Operation) -> tuple[str, str]:
    """Where an operation is at an address: host, and path without its version and the names of variables."""
    return address.host, unversioned(blanked(address.base + operation.path))


def _finding(pointer: str, address: Address, pairs: list[Pair]) -> Finding:
    new = pairs[0].new
    listed = sorted({f"{a.host}{a.base}" or "/" for each in new.servers for a in each.addresses})
    holder = new.servers[0].pointer.rpartition("/")[0]
    said = f"{address.host}{address.base}" or "/"
    general = pointer.startswith("/servers") and holder == "/servers"
    return Finding(
        "api-server-removed",
        Effect.RISKY,
        "none",
        "servers",
        f"the server {said} is not listed any more",
        Point(pointer, said),
        Point(holder or "/servers", listed if listed else ABSENT),
        {} if general else {pair.old.ref: None for pair in pairs},
        reason=_UNKNOWN,
    )
