"""Documents behind URLs: limits that hold against whatever answers, and addresses that are not asked."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from apiver.contract.location import Reach
from apiver.contract.reader import read
from apiver.contract.web import fetch, is_public
from apiver.errors import InputError

DOCUMENT = b"openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {$ref: 'parts/a.yaml'}}\n"
PART = b"get: {responses: {'200': {description: ok}}}\n"
OPEN = Reach(network=True, private=True)

Answer = Callable[[BaseHTTPRequestHandler], None]


def text(body: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


@pytest.fixture
def site() -> Iterator[tuple[str, dict[str, Answer], list[str]]]:
    """A server on loopback: its URL, the answers by path, and the paths that were asked for."""
    answers: dict[str, Answer] = {}
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answers.get(self.path, text(b"nothing", 404))(self)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", answers, asked
    server.shutdown()
    server.server_close()


Site = tuple[str, dict[str, Answer], list[str]]


def refused(url: str, **limits: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        fetch(url, **{"private": True, **limits})
    return caught.value


def test_a_document_and_its_references_are_read(site: Site) -> None:
    url, answers, _ = site
    answers.update({"/v1/api.yaml?x=1": text(DOCUMENT), "/v1/parts/a.yaml": text(PART)})
    document = read(f"{url}/v1/api.yaml?x=1", OPEN)
    assert list(document.root["paths"]["/a"]) == ["get"]
    assert str(document.place("/paths/~1a/get")) == f"{url}/v1/parts/a.yaml:1:1"
    assert document.name == f"{url}/v1/api.yaml?x=1"


def test_nothing_is_asked_unless_the_network_is_allowed(site: Site) -> None:
    url, _, asked = site
    with pytest.raises(InputError, match="is on the network") as caught:
        read(f"{url}/api.yaml")
    assert caught.value.remedy == "allow that with  --allow-network"
    assert asked == []


def test_this_machine_is_not_asked_unless_that_is_allowed(site: Site) -> None:
    url, answers, asked = site
    answers["/api.yaml"] = text(DOCUMENT)
    with pytest.raises(InputError, match=r"the host 127\.0\.0\.1 has no public address") as caught:
        read(f"{url}/api.yaml", Reach(network=True))
    assert caught.value.remedy is not None
    assert "--allow-private-network" in caught.value.remedy
    assert asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


def test_a_name_is_looked_up_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere when it is asked a second time (DNS rebinding) is not asked twice."""
    _, answers, asked = site
    answers["/api.yaml"] = text(PART)
    looked_up = []

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        looked_up.append(host)
        address = "203.0.113.1" if len(looked_up) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr("apiver.contract.web.is_public", lambda address: address == "203.0.113.1")
    connected = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, target: connected.append(target) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fetch("http://rebound.example:8080/api.yaml")
    assert looked_up == ["rebound.example"]
    assert connected == [("203.0.113.1", 8080)]
    assert asked == []


def test_redirects_are_followed_and_judged_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    url, answers, asked = site
    answers.update(
        {
            "/a": text(b"", 302, Location="/b?c"),
            "/b?c": text(b"", 308, Location=f"{url}/d"),
            "/d": text(b"there"),
        }
    )
    assert fetch(f"{url}/a", private=True) == b"there"
    judged = []
    monkeypatch.setattr(
        "apiver.contract.web.is_public", lambda address: not judged.append(address) and len(judged) < 3
    )
    asked.clear()
    with pytest.raises(InputError, match="has no public address"):
        fetch(f"{url}/a")
    assert asked == ["/a", "/b?c"]
    assert len(judged) == 3


@pytest.mark.parametrize(
    ("location", "what"),
    [
        ("/a", "it redirects more than 5 times"),
        ("file:///etc/passwd", "is no http or https URL"),
        ("gopher://127.0.0.1/", "is no http or https URL"),
        ("http://name:word@127.0.0.1/", "a URL with a name or password"),
        ("http://127.0.0.1:99999/", "is no http or https URL"),
    ],
)
def test_redirects_that_are_refused(site: Site, location: str, what: str) -> None:
    url, answers, _ = site
    answers["/a"] = text(b"", 301, Location=location)
    assert what in refused(f"{url}/a").what


def test_a_document_that_is_too_large_is_refused(site: Site) -> None:
    url, answers, _ = site

    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        with suppress(OSError):
            for _ in range(200):
                request.wfile.write(b"x" * 100_000)

    answers.update({"/exact": text(b"x" * 1000), "/endless": endless})
    assert len(fetch(f"{url}/exact", private=True, largest=1000)) == 1000
    assert refused(f"{url}/exact", largest=999).what == "it has more than 0.000999 MB"
    assert refused(f"{url}/endless", largest=1_000_000).what == "it has more than 1 MB"


def test_a_server_that_takes_its_time_is_left(site: Site) -> None:
    url, answers, _ = site

    def dripping(request: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            request.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
            for _ in range(100):
                request.wfile.write(b"x")
                time.sleep(0.1)

    answers["/drip"] = dripping
    started = time.monotonic()
    assert refused(f"{url}/drip", patience=0.5).what == "it did not answer in time"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (text(b"no", 404), "it answers with 404 Not Found"),
        (text(b"", 204), "it answers with 204"),
        (text(b"x", Content_Encoding="gzip"), "a compressed text, which was not asked for"),
        (text(b"x", Content_Length="5"), "the answer ends too early"),
        (lambda request: request.wfile.write(b"SSH-2.0-x\r\n\r\n"), "it cannot be read"),
        (lambda request: None, "it cannot be read"),
    ],
)
def test_answers_that_are_none(site: Site, answer: Answer, what: str) -> None:
    url, answers, _ = site
    answers["/a"] = answer
    error = refused(f"{url}/a")
    assert what in error.what
    assert error.where == f"{url}/a"


def test_a_host_that_does_not_answer() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        assert "it cannot be read" in refused(f"http://127.0.0.1:{taken.getsockname()[1]}/").what


def test_https_needs_a_certificate_that_holds(site: Site) -> None:
    url, _, _ = site
    assert "it cannot be read" in refused(url.replace("http:", "https:")).what


def test_a_document_of_the_network_reads_no_file_of_this_machine(site: Site) -> None:
    url, answers, asked = site
    for reference in ("/etc/hostname", "../../etc/hostname", "file:///etc/hostname"):
        answers["/api.yaml"] = text(
            f"openapi: 3.1.0\ncomponents: {{schemas: {{A: {{$ref: '{reference}'}}}}}}\n".encode()
        )
        with pytest.raises(InputError, match=r"404|no http or https URL") as caught:
            read(f"{url}/api.yaml", OPEN)
        assert caught.value.where == f"{url}/api.yaml:2:28"
    assert asked.count("/etc/hostname") == 2
