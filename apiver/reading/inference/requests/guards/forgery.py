"""Flask-WTF's `CSRFProtect`: a hook that refuses what may have been forged by another site."""

from __future__ import annotations

import ast
import sys
import types
from typing import Any

from apiver.reading.inference.frame import Frame, Read
from apiver.reading.inference.values.facts import Subject
from apiver.reading.inference.values.shapes import Object
from apiver.reading.sources.objects import free_variables

MODULE = "flask_wtf.csrf"


def hook(function: Any, frame: Frame, node: ast.AST) -> bool:
    """Whether a before_request function is that of `CSRFProtect`; what it demands is written down.

    The token may come in a header or in a form, so neither of them is required.
    """
    if type(function) is not types.FunctionType or function.__globals__.get("__name__") != MODULE:
        return False
    protect = free_variables(function).get("self")
    if protect is None or _passes(protect, frame):
        return True
    error = getattr(sys.modules.get(MODULE), "CSRFError", ValueError)
    place = frame.place(node)
    for name in frame.reader.shared.app.config.get("WTF_CSRF_HEADERS", ()):
        subject = Subject("header", (str(name).lower(),))
        frame.reader.journal.reads.append(Read(subject, place, str, spelling=str(name)))
    frame.may_raise(Object(error, {}), place)
    return True


def _passes(protect: Any, frame: Frame) -> bool:
    """Whether the hook lets every request to this view pass."""
    app, route = frame.reader.shared.app, frame.reader.route
    config = app.config
    if not (config.get("WTF_CSRF_ENABLED", True) and config.get("WTF_CSRF_CHECK_DEFAULT", True)):
        return True
    if route.method not in config.get("WTF_CSRF_METHODS", ()):
        return True
    blueprint = app.blueprints.get(route.endpoint.rpartition(".")[0])
    view = route.view
    dotted = f"{getattr(view, '__module__', '')}.{getattr(view, '__name__', '')}"
    exempt = getattr(protect, "_exempt_blueprints", ())
    return (
        blueprint in exempt
        or (blueprint is not None and blueprint.name in exempt)
        or dotted in getattr(protect, "_exempt_views", ())
    )
