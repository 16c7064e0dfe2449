"""A comparison as one page of HTML that needs nothing but a browser.

What a contract holds reaches the page as text only: the template escapes everything, the page's own style
and script are the only ones that its Content-Security-Policy lets run, and no data stands in the script.
"""

from __future__ import annotations

from apiver.compare.change import Comparison
from apiver.report.html.content import page
from apiver.report.html.rendering import rendered


def html(comparison: Comparison) -> str:
    """The whole comparison as one file: summary, filter, every change with both sides and its proof.

    It loads nothing from anywhere, and is complete without its script, which only filters.
    """
    return rendered("comparison.html", script="comparison.js", page=page(comparison))
