"""The default response that an extension gives every operation, for what its error handlers answer."""

from __future__ import annotations

from typing import Any


def refusals_alone(operation: dict[str, Any]) -> None:
    """Let `default` stand for 4XX and 5XX where nothing is declared for when it goes well.

    It would stand for a success otherwise, which no error handler answers.
    """
    responses = operation.get("responses", {})
    if "default" in responses and not any(str(status)[0] in "123" for status in responses):
        error = responses.pop("default")
        responses |= {status: error for status in ("4XX", "5XX") if status not in responses}
