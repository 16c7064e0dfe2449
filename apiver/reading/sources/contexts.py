"""The contexts of Flask that an extension needs to write its document, without the app noticing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask


@contextmanager
def request_context(app: Flask) -> Iterator[None]:
    """A request to `/` that runs nothing of the app's, neither before nor at the end of it."""
    with _no_teardown(app), app.test_request_context():
        yield


@contextmanager
def app_context(app: Flask) -> Iterator[None]:
    """The context of the app, which ends without what the app does at the end of one."""
    with _no_teardown(app), app.app_context():
        yield


@contextmanager
def _no_teardown(app: Flask) -> Iterator[None]:
    kept = app.teardown_request_funcs, app.teardown_appcontext_funcs
    app.teardown_request_funcs, app.teardown_appcontext_funcs = type(kept[0])(), type(kept[1])()
    try:
        yield
    finally:
        app.teardown_request_funcs, app.teardown_appcontext_funcs = kept
