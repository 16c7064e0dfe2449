"""The rules of oasdiff and which of ours say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.rules import catalogue
from apiver.compare.rules.examples import others
from tests.compare.operation_pairs import JSON, OK, contract, told

THEIRS = json.loads(
    (Path(__file__).parents[2] / "fixtures/conformance/oasdiff-rules.json").read_text(encoding="utf-8")
)


def test_every_rule_of_theirs_is_one_of_ours_or_has_a_reason() -> None:
    assert sorted(others()) == sorted(rule["id"] for rule in THEIRS)
    assert len(others()) == 509
    for name, entry in others().items():
        assert set(entry) in ({"rules"}, {"reason"}, {"rules", "reason"}), name
        assert entry.get("rules", [""])
        assert len(entry.get("reason", "a long enough reason")) > 15


def test_every_rule_of_ours_that_is_named_exists() -> None:
    named = {rule for entry in others().values() for rule in entry.get("rules", ())}

    assert named <= catalogue().keys()


def test_a_rule_that_has_the_same_id_means_the_same() -> None:
    for name, entry in others().items():
        if name in catalogue():
            assert entry["rules"] == [name]


def test_what_is_harmless_for_them_hurts_nobody_in_the_same_rule_of_ours() -> None:
    """Their levels and our effects, where the ids are the same: each difference is meant."""
    effects = {"error": ("breaking", "risky"), "warning": ("breaking", "risky")}
    meant = {
        # a default fills in what is missing: what was sent before is still understood
        "request-parameter-default-value-added": "compatible",
        # a request without credentials is turned away, whatever the tool calls it
        "api-security-added": "breaking",
        "api-security-scope-added": "breaking",
        # a client that has the old address or scope at heart asks in vain
        "api-security-component-oauth-scope-removed": "risky",
        "api-security-component-oauth-token-url-changed": "risky",
        "api-security-component-oauth-url-changed": "risky",
        # nobody is told which day it is
        "api-removed-with-deprecation": "breaking",
        # clients that do not know the status take it for a failure
        "response-success-status-added": "breaking",
        # a client may get a text that the old pattern ruled out
        "response-property-pattern-changed": "breaking",
        "response-property-pattern-removed": "breaking",
        # other alternatives are other values
        "response-body-any-of-added": "breaking",
        "response-property-any-of-added": "breaking",
        # whoever leaves it out gets something else
        "request-body-default-value-changed": "risky",
        "request-body-default-value-removed": "risky",
        "request-property-default-value-changed": "risky",
        "request-property-default-value-removed": "risky",
    }
    levels = {rule["id"]: rule["level"] for rule in THEIRS}
    differing = {
        name: known.effect.value
        for name, known in catalogue().items()
        if name in levels and known.effect.value not in effects.get(levels[name], ("compatible", "docs"))
    }
    assert differing == meant


PLAIN: dict[str, Any] = {"type": "string"}


@pytest.mark.parametrize(
    ("direction", "mark", "required", "there", "back"),
    [
        (
            "request",
            "readOnly",
            False,
            ("risky", "request-property-removed"),
            ("compatible", "new-optional-request-property"),
        ),
        (
            "request",
            "readOnly",
            True,
            ("risky", "request-property-removed"),
            ("breaking", "new-required-request-property"),
        ),
        (
            "response",
            "writeOnly",
            False,
            ("risky", "response-optional-property-removed"),
            ("compatible", "response-optional-property-added"),
        ),
        (
            "response",
            "writeOnly",
            True,
            ("breaking", "response-required-property-removed"),
            ("compatible", "response-required-property-added"),
        ),
        ("request", "writeOnly", True, None, None),
        ("response", "readOnly", False, None, None),
    ],
)
def test_a_member_that_changes_hands_is_gone_here_or_new_here(
    direction: str, mark: str, required: bool, there: Any, back: Any
) -> None:
    def shop(**marks: Any) -> Any:
        schema = {"type": "object", "properties": {"isbn": {**PLAIN, **marks}}}
        body = {"content": {JSON: {"schema": {**schema, "required": ["isbn"] if required else []}}}}
        operation = {"requestBody": body, "responses": OK}
        if direction == "response":
            operation = {"responses": {"200": {"description": "fine", **body}}}
        return contract({"/books": {"post": operation}})

    marked = shop(**{mark: True})
    assert told(diff(shop(), marked)) == ([(*there, "body.isbn")] if there else [])
    assert told(diff(marked, shop())) == ([(*back, "body.isbn")] if back else [])
