"""Documents behind URLs: read within limits, and never from an address that is not public.

Whoever writes a reference or answers with a redirect could otherwise have apiver ask services that only this
machine can reach. Names are looked up once, every address is judged, and the connection goes to an
address that was judged: a name that answers differently the next time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

from apiver.errors import InputError

if TYPE_CHECKING:
    from apiver.contract.location import Location, Reach

LARGEST = 50_000_000
"""The most bytes that a document from the network may have."""

PATIENCE = 30.0
"""Seconds that reading one document may take, all redirects together."""

_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS = {
    "Accept": "application/json, application/yaml, text/yaml, text/plain, */*;q=0.5",
    "Accept-Encoding": "identity",
    "User-Agent": "apiver",
}
# Special addresses that not every Python takes for such (RFC 6890, RFC 8215).
_SPECIAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "64:ff9b:1::/48")))
_ALLOWED = "--allow-network"
_PRIVATE = "--allow-private-network"


class WebLocation(NamedTuple):
    """A document behind a URL. Its references are URLs too, and never lead to a file of this machine."""

    name: str
    reach: Reach

    @classmethod
    def of(cls, url: str, reach: Reach) -> WebLocation:
        """The location of a URL. Raises InputError where it may not be read, whatever lies there."""
        _split(url)
        if not reach.network:
            raise InputError(f"{url} is on the network", remedy=f"allow that with  {_ALLOWED}")
        return cls(url, reach)

    def read(self) -> bytes:
        """The text there. Raises InputError where it cannot be had within the limits."""
        return fetch(self.name, private=self.reach.private)

    def beside(self, reference: str) -> Location:
        """What a relative or absolute URL leads to from here."""
        return WebLocation.of(urljoin(self.name, reference), self.reach)


def fetch(url: str, *, private: bool = False, largest: int = LARGEST, patience: float = PATIENCE) -> bytes:
    """What an http or https URL answers with.

    `largest` is in bytes, `patience` in seconds. Unless `private`, only public addresses are asked. Raises
    InputError for whatever goes wrong; its place is the URL.
    """
    ends = time.monotonic() + patience
    asked = url
    for _ in range(_MOST_REDIRECTS + 1):
        parts = _split(asked)
        following = _answer(asked, parts, _address(asked, parts, private, ends), largest, ends)
        if isinstance(following, bytes):
            return following
        if parts.scheme == "https" and urlsplit(following).scheme == "http":
            raise InputError(f"it redirects from https to {following}", where=asked)
        asked = following
    raise InputError(f"it redirects more than {_MOST_REDIRECTS} times", where=url)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(sign <= " " or sign == "\x7f" for sign in url):
        raise InputError(f"{url!r} is no http or https URL that can be read")
    if parts.username is not None or parts.password is not None:
        raise InputError(
            "a URL with a name or password in it is not read", remedy="fetch it yourself and name the file"
        )
    return parts


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network, and stands for no other address that is not."""
    found = ipaddress.ip_address(address.partition("%")[0])
    meant: list[Any] = [found]
    if isinstance(found, ipaddress.IPv6Address):
        meant += [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
    return all(
        each.is_global
        and not (each.is_multicast or each.is_reserved or each.is_unspecified)
        and not any(each in network for network in _SPECIAL)
        for each in meant
        if each is not None
    )


def _address(url: str, parts: SplitResult, private: bool, ends: float) -> tuple[Any, ...]:
    """The first address of the host that may be asked, as `getaddrinfo` gives it."""
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    found: list[Any] = []
    failure: list[str] = []

    def look_up() -> None:
        try:
            found.extend(socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failure.append(getattr(error, "strerror", None) or str(error))

    thread = threading.Thread(target=look_up, daemon=True)  # nothing else can be given a limit of time
    thread.start()
    thread.join(max(ends - time.monotonic(), 0))
    if failure or not found:
        reason = failure[0] if failure else "no answer in time"
        raise InputError(f"the host {parts.hostname} is not known: {reason}", where=url)
    for each in found:
        if private or is_public(each[4][0]):
            return tuple(each)
    raise InputError(
        f"the host {parts.hostname} has no public address, only {found[0][4][0]}",
        where=url,
        remedy=f"allow addresses of this machine and its network with  {_PRIVATE}",
    )


def _answer(url: str, parts: SplitResult, address: tuple[Any, ...], largest: int, ends: float) -> bytes | str:
    """The body that one request is answered with, or the URL that it is redirected to."""
    family, kind, protocol, _, target = address
    late = threading.Event()
    connection: http.client.HTTPConnection | None = None
    plain: Any = socket.socket(family, kind, protocol)

    def stop() -> None:
        late.set()
        with suppress(OSError):
            plain.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(ends - time.monotonic(), 0), stop)  # a server may drip byte by byte
    timer.daemon = True
    timer.start()
    try:
        plain.settimeout(max(ends - time.monotonic(), 0.001))
        plain.connect(target)
        if parts.scheme == "https":
            plain = ssl.create_default_context().wrap_socket(
                plain, server_hostname=parts.hostname, do_handshake_on_connect=False
            )
            plain.do_handshake()
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        connection.sock = plain
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        host = parts.netloc.rpartition("@")[2]
        connection.request("GET", path, headers={**_HEADERS, "Host": host})
        text = _body(url, connection.getresponse(), largest)
        if late.is_set():  # what was cut off may look like an end
            raise TimeoutError
        return text
    except TimeoutError:
        raise InputError("it did not answer in time", where=url) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if late.is_set():
            raise InputError("it did not answer in time", where=url) from None
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise InputError(f"it cannot be read: {reason}", where=url) from None
    finally:
        timer.cancel()
        if connection is not None:
            connection.close()
        plain.close()


def _body(url: str, response: http.client.HTTPResponse, largest: int) -> bytes | str:
    location = response.getheader("Location")
    if response.status in _REDIRECTS and location:
        return urljoin(url, location)
    if response.status != 200:
        raise InputError(f"it answers with {response.status} {response.reason}".rstrip(), where=url)
    if response.getheader("Content-Encoding", "identity").lower() != "identity":
        raise InputError("it answers with a compressed text, which was not asked for", where=url)
    text = response.read(largest + 1)
    if len(text) > largest:
        raise InputError(f"it has more than {largest / 1e6:g} MB", where=url)
    if response.length:
        raise InputError("the answer ends too early", where=url)
    return text
