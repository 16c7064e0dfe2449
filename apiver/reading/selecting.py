"""What selects a version, as a part of its contract: the header or parameter that a request must carry."""

from __future__ import annotations

from typing import Any

from apiver.inventory.selection import Selection, Sent

SELECTOR = "x-apiver-selector"
"""Marks the parameter of a contract that selects its version; its value is the label of the version."""

_PLACES = {"accept": "header", "header": "header", "query": "query"}


def selecting(operation: dict[str, Any], selection: Selection | None, label: str) -> dict[str, Any]:
    """The operation with the parameter that selects the version `label`; what was said of it before is kept.

    It has one value, and must be sent unless this is the version that answers without it. OpenAPI has readers
    ignore a header parameter `Accept` (3.1, 4.8.12.1); it stands here for those that know better.
    """
    if selection is None:
        return operation
    sent = selection.sent[0]
    schema: dict[str, Any] = {"type": "string", "enum": [sent.value]}
    if selection.default:
        schema["default"] = sent.value
    parameter: dict[str, Any] = {"name": sent.name, "in": _PLACES[sent.location]}
    if not selection.default:
        parameter["required"] = True
    parameter |= {"schema": schema, SELECTOR: label}
    kept = []
    for one in operation.get("parameters", ()):
        if any(_is_same(one, other) for other in selection.sent):
            if "description" in one and _is_same(one, sent):
                parameter = {**parameter, "description": one["description"]}
        else:
            kept.append(one)
    at = sum(one["in"] == "path" for one in kept)
    return _with_parameters(operation, [*kept[:at], parameter, *kept[at:]])


def _is_same(parameter: dict[str, Any], sent: Sent) -> bool:
    if parameter.get("in") != _PLACES[sent.location]:
        return False
    name = str(parameter.get("name"))
    return name == sent.name or (parameter["in"] == "header" and name.lower() == sent.name.lower())


def _with_parameters(operation: dict[str, Any], parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """The operation with its parameters where people look for them: before the body and the responses."""
    after = ("requestBody", "security", "responses", "x-apiver-source")
    head = {key: part for key, part in operation.items() if key not in (*after, "parameters")}
    tail = {key: part for key, part in operation.items() if key in after}
    return {**head, "parameters": parameters, **tail}
