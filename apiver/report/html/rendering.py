"""Filling the templates of this package: what is filled in is escaped, and only their own script may run."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from importlib.resources import files

from apiver import __version__
from apiver.report.shown import shown


def rendered(template: str, *, script: str = "", **values: object) -> str:
    """A template of this package as a page. `script` is the name of the file that it runs, if it runs one."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    style = f"\n{_own('page.css')}"
    code = f"\n{_own(script)}" if script else ""
    allowed = f"script-src {_hash(code)}; " if code else ""
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    environment.filters["shown"] = shown
    return environment.from_string(_own(template)).render(
        generator=f"apiver {__version__}",
        policy=f"default-src 'none'; style-src {_hash(style)}; {allowed}img-src data:; base-uri 'none'; "
        "form-action 'none'",
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(code),  # noqa: S704 - a file of this package
        **values,
    )


def _own(name: str) -> str:
    # Line ends are part of what the policy's hashes vouch for: a browser reads all of them as \n.
    return files(__package__ or "").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _hash(text: str) -> str:
    """What a Content-Security-Policy calls an inline script or style by (CSP level 3, 2.3.1)."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
