"""Servers that an operation had and has no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from apiver.compare.change import ABSENT, Effect
from apiver.compare.proofs.findings import Finding
from apiver.compare.schemas.gaps import Point
from apiver.compare.sides.pairing import Pair, Pairing, is_version, unversioned
from apiver.compare.sides.servers import Address
from apiver.compare.sides.surface import Operation, blanked

_UNKNOWN = "whether it still answers is not in the contract"


def lost_servers(pairing: Pairing) -> Iterator[Finding]:
    """The old servers at which some paired operation is not found any more, by the entry that named them."""
    lost: dict[tuple[str, Address], list[Pair]] = {}
    for pair in pairing.pairs:
        if pair.moved or not pair.new.servers:
            continue  # a moved operation is told as such; without servers nothing is said of hosts
        places = [_place(address, pair.new) for each in pair.new.servers for address in each.addresses]
        for server in pair.old.servers:
            for address in server.addresses:
                if not any(_reaches(_place(address, pair.old), place) for place in places):
                    lost.setdefault((server.pointer, address), []).append(pair)
    for (pointer, address), pairs in sorted(lost.items(), key=lambda each: each[0]):
        yield _finding(pointer, address, pairs)


class _Place(NamedTuple):
    """Where an operation is at an address, without the version and the names of variables."""

    scheme: str
    host: str
    path: str


def _place(address: Address, operation: Operation) -> _Place:
    labels = [label for label in address.host.split(".") if not is_version(label)]
    return _Place(address.scheme, ".".join(labels), unversioned(blanked(address.base + operation.path)))


def _reaches(old: _Place, new: _Place) -> bool:
    """Whether both are the same place, as far as both say so: a relative URL leaves the host open."""
    open_host = not old.host or not new.host
    same_scheme = old.scheme == new.scheme or not old.scheme or not new.scheme
    return old.path == new.path and (open_host or (old.host == new.host and same_scheme))


def _finding(pointer: str, address: Address, pairs: list[Pair]) -> Finding:
    new = pairs[0].new
    listed = sorted({str(address) for each in new.servers for address in each.addresses})
    holder = new.servers[0].pointer.rpartition("/")[0]
    said = str(address)
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
