"""Watching a Flask app from inside of its process: what each request is like, and each answer.

`Flask.wsgi_app` is the place that every request passes: those of the test client, of any server, of an app
that is mounted in another one, and of middleware around it. It is wrapped on the class. The wrapper passes
on what it sees unchanged; whatever goes wrong in the watching itself is counted and goes no further.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl
from weakref import WeakKeyDictionary

from apiver.recording.headers import is_answered, is_asked
from apiver.recording.journal import FOLDER, Journal
from apiver.recording.media import media_type, named
from apiver.recording.selection import SELECTION, Selection
from apiver.recording.shapes import Shape, form_shape, shape, text_shape, wire_shape
from apiver.recording.words import Words

LIMIT = 1 << 20
"""Bytes of a body beyond which only its media type is kept."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"})
_BODILESS = frozenset({204, 205, 304})


def observe(flask_app: ModuleType) -> None:
    """Have every app of the module `flask.app` observed, where a recording runs."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    observer = Observer(Journal(folder), Selection.read(os.environ.get(SELECTION, "")))
    flask_app.Flask.wsgi_app = observer.around(flask_app.Flask.wsgi_app)


class Observer:
    """What watches the apps of one process."""

    def __init__(self, journal: Journal, selection: Selection) -> None:
        self.journal = journal
        self.selection = selection
        self.words = Words()
        self._known: WeakKeyDictionary[Any, tuple[str, int, frozenset[str]]] = WeakKeyDictionary()

    def around(self, wsgi_app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """`Flask.wsgi_app`, observed."""

        @functools.wraps(wsgi_app)
        def observed(app: Any, environ: Any, start_response: Any) -> Iterable[bytes]:
            exchange = Exchange(self, app, environ)

            def starting(status: Any, headers: Any, *rest: Any) -> Any:
                exchange.guard(exchange.started, status, headers)
                return start_response(status, headers, *rest)

            try:
                body = wsgi_app(app, environ, starting)
            except BaseException:
                exchange.guard(exchange.raised)
                raise
            return exchange.watched(body)

        return observed

    def app(self, app: Any, rule: str | None = None) -> str:
        """The name of an app that `rule` belongs to; its operations are written down where they are new."""
        name, views, rules = self._known.get(app, ("", -1, frozenset()))
        if views == len(app.view_functions) and (rule is None or rule in rules):
            return name
        name = app_name(app.import_name)
        modules = {view.__module__ for view in app.view_functions.values() if _module(view)}
        self.words.belong(modules, str(app.root_path))
        self.journal.app(name, _operations(app))
        known = frozenset(one.rule for one in app.url_map.iter_rules())
        self._known[app] = name, len(app.view_functions), known
        return name


def app_name(import_name: str) -> str:
    """The name by which an app is known: its import name, for a script that of its file."""
    if import_name != "__main__":
        return import_name
    main = sys.modules.get("__main__")
    spec = getattr(main, "__spec__", None)
    if spec is not None:
        return str(spec.name).removesuffix(".__main__")
    return os.path.splitext(os.path.basename(getattr(main, "__file__", None) or "__main__"))[0]  # noqa: PTH119, PTH122


def _module(view: Any) -> bool:
    return isinstance(getattr(view, "__module__", None), str)


def _operations(app: Any) -> list[tuple[str, list[str]]]:
    found = []
    for rule in app.url_map.iter_rules():
        if (
            rule.endpoint == "static"
            or rule.endpoint.endswith(".static")
            or rule.build_only
            or rule.websocket
        ):
            continue
        methods = {method for method in rule.methods or () if answers(rule, method)}
        if methods:
            found.append((rule.rule, sorted(methods)))
    return sorted(found)


def answers(rule: Any, method: str) -> bool:
    """Whether the view behind the rule answers the method itself, and not Werkzeug or Flask for it."""
    methods = rule.methods or ()
    if method == "HEAD" and "GET" in methods:
        return False
    if method == "OPTIONS" and getattr(rule, "provide_automatic_options", False):
        return False
    return method in _METHODS


class Exchange:
    """One request and its answer, while they pass."""

    __slots__ = ("_app", "_done", "_environ", "_kept", "_length", "_observer", "_seen", "_size", "_wanted")

    def __init__(self, observer: Observer, app: Any, environ: Any) -> None:
        self._observer = observer
        self._app = app
        self._environ = environ
        self._seen: dict[str, Any] | None = None
        self._wanted = False
        self._kept: list[bytes] = []
        self._size = 0
        self._length = -1
        self._done = False

    def guard(self, act: Callable[..., None], *args: Any) -> None:
        """Do something that must not disturb the app."""
        try:
            act(*args)
        except Exception as error:  # noqa: BLE001 - told at the end of the recording
            self._done = True
            trace = error.__traceback__
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            place = ""
            if trace is not None:
                place = f" at {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"  # noqa: PTH119
            # Never the message: it may quote what was sent.
            self._observer.journal.unseen(f"{type(error).__name__}{place}")

    def started(self, status: Any, headers: Any) -> None:
        """The app has decided on an answer. The request is still at hand; it is let go after this."""
        method = str(self._environ.get("REQUEST_METHOD", "GET")).upper()
        code = int(str(status)[:3])
        request = self._environ.get("werkzeug.request")
        rule = getattr(request, "url_rule", None)
        name = self._observer.app(self._app, None if rule is None else rule.rule)
        self._seen = {"app": name, "status": code}
        if rule is None or (method not in ("HEAD", "OPTIONS") and not answers(rule, method)):
            return
        self._seen |= {"rule": rule.rule, "method": method}
        if not answers(rule, method):
            self._seen["by_itself"] = True  # Werkzeug's HEAD, Flask's OPTIONS
            return
        label = self._observer.selection.label(self._environ)
        if label is not None:
            self._seen["version"] = label
        if code < 400:
            self._seen |= self._asked(request)
        self._seen |= self._answered(code, method, headers)

    def _asked(self, request: Any) -> dict[str, Any]:
        """What an accepted request was like. Only what the app has read itself is looked at."""
        words = self._observer.words
        query: dict[str, list[str]] = {}
        for key, value in parse_qsl(self._environ.get("QUERY_STRING", ""), keep_blank_values=True):
            if named(key, words):
                query.setdefault(key, []).append(value)
        found: dict[str, Any] = {
            "query": {key: wire_shape(values) for key, values in query.items()},
            "headers": self._request_headers(),
        }
        media = media_type(self._environ.get("CONTENT_TYPE"), words, self._observer.selection)
        if media is not None and str(self._environ.get("CONTENT_LENGTH") or "1") != "0":
            body: dict[str, Any] = {"media": media}
            held = self._request_shape(media, vars(request))
            found["body"] = body if held is None else {**body, "shape": held}
        return {key: value for key, value in found.items() if value}

    def _request_headers(self) -> dict[str, Shape]:
        found = {}
        for key, value in self._environ.items():
            if not key.startswith("HTTP_"):
                continue
            name = key[5:].replace("_", "-").title()
            if is_asked(name, self._observer.words):
                found[name] = wire_shape([str(value)])
        return found

    def _request_shape(self, media: str, held: dict[str, Any]) -> Shape | None:
        words = self._observer.words
        if is_json(media):
            data = held.get("_cached_data")
            if not data or len(data) > LIMIT:
                return None
            return _json_shape(data, words)
        if media in ("application/x-www-form-urlencoded", "multipart/form-data") and "form" in held:
            files = held.get("files")
            return form_shape(
                [(key, held["form"].getlist(key)) for key in held["form"]],
                [key for key in files or () if isinstance(key, str)],
                lambda name: named(name, words),
            )
        return None

    def _answered(self, code: int, method: str, headers: Any) -> dict[str, Any]:
        words = self._observer.words
        plain = {str(key).lower(): str(value) for key, value in headers}
        found: dict[str, Any] = {
            "answer": {
                key.title(): _header_shape(value) for key, value in plain.items() if is_answered(key, words)
            }
        }
        media = media_type(plain.get("content-type"), words, self._observer.selection)
        bodiless = method == "HEAD" or code in _BODILESS or plain.get("content-length") == "0"
        if media is not None and not bodiless:
            found["content"] = {"media": media}
            encoding = plain.get("content-encoding", "identity").lower()
            if is_json(media) and encoding in ("identity", "gzip", "deflate"):
                self._wanted = True
                length = plain.get("content-length", "")
                self._length = int(length) if length.isdigit() else -1
        return {key: value for key, value in found.items() if value}

    def raised(self) -> None:
        """The app let an exception through, as apps under test do: the server would have answered 500."""
        self._done = True
        self._observer.journal.seen({"app": self._observer.app(self._app), "raised": True})

    def watched(self, body: Iterable[bytes]) -> Iterable[bytes]:
        """The body of the answer, looked at on its way where it is wanted."""
        if not self._wanted or self._done:
            self.guard(self.finish)
            return body
        if isinstance(body, list | tuple):
            for part in body:
                self.keep(part)
            self.guard(self.finish, True)
            return body
        return _Watched(body, self)

    def keep(self, part: bytes) -> None:
        """Keep a part of the body until the whole of it has passed, or it has become too big."""
        if self._done or self._size > LIMIT:
            return
        self._size += len(part)
        self._kept.append(part)
        if self._size == self._length:
            self.guard(self.finish, True)
        elif self._size > LIMIT:
            self._kept.clear()

    def finish(self, whole: bool = False) -> None:
        """Write down what was seen, once. `whole` says that all of the body has passed."""
        if self._done or self._seen is None:
            return
        self._done = True
        if whole and self._wanted and self._size <= LIMIT:
            held = _json_shape(_unpacked(b"".join(self._kept)), self._observer.words)
            if held is not None:
                self._seen["content"]["shape"] = held
        self._kept.clear()
        self._observer.journal.seen(self._seen)


class _Watched:
    """The body of an answer, with a look at each part."""

    __slots__ = ("_body", "_exchange", "_parts")

    def __init__(self, body: Iterable[bytes], exchange: Exchange) -> None:
        self._body = body
        self._parts = iter(body)
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            part = next(self._parts)
        except StopIteration:
            self._exchange.guard(self._exchange.finish, True)
            raise
        self._exchange.guard(self._exchange.keep, part)
        return part

    def close(self) -> None:
        """Close the body; where that comes before its end, the client has gone."""
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._exchange.guard(self._exchange.finish)

    def __del__(self) -> None:
        self._exchange.guard(self._exchange.finish)


def is_json(media: str) -> bool:
    """Whether a media type is JSON (RFC 6839, section 3.1)."""
    return media == "application/json" or media.endswith("+json")


def _header_shape(value: str) -> Shape:
    return {"type": "integer"} if value.isascii() and value.isdigit() else text_shape(value)


def _json_shape(data: bytes, words: Words) -> Shape | None:
    """The shape of a JSON text; None where it is none."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return shape(value, words.is_name)


def _unpacked(data: bytes) -> bytes:
    """A body without its Content-Encoding, to the limit."""
    if data[:1] in (b"\x1f", b"\x78"):
        try:
            return zlib.decompressobj(wbits=47).decompress(data, LIMIT)
        except zlib.error:
            return data
    return data
