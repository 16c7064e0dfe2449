"""A comparison as one page of HTML that needs nothing but a browser.

What a contract holds reaches the page as text only: the template escapes everything, the page's own style
and script are the only ones that its Content-Security-Policy lets run, and no data stands in the script.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from importlib.resources import files

from apiver import __version__
from apiver.compare.change import Comparison
from apiver.report.html.content import page


def html(comparison: Comparison) -> str:
    """The whole comparison as one file: summary, filter, every change with both sides and its proof.

    It loads nothing from anywhere, and is complete without its script, which only filters.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    # Line ends are part of what the policy's hashes vouch for: a browser reads all of them as \n.
    style, script = (f"\n{_own(f'comparison.{kind}')}" for kind in ("css", "js"))
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(_own("comparison.html")).render(
        page=page(comparison),
        generator=f"apiver {__version__}",
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - a file of this package
    )


def _own(name: str) -> str:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


def _hash(text: str) -> str:
    """What a Content-Security-Policy calls an inline script or style by (CSP level 3, 2.3.1)."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
