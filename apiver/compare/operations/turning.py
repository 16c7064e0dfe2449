"""What a change is called where the API sends the request and the client answers: webhooks and callbacks.

The parts of a turned pair are compared as they always are, with the sides swapped: what the sender of the
request may do, and what its receiver accepts. Seen from the client, who receives the request, each finding
then has another name: a parameter that "is required now" of the swapped sides is one that may be missing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from apiver.compare.change import ABSENT, Effect

_MISSED = "clients must deal with its absence already, but it is never there now"
_IGNORED = "nothing is rejected, but what the client answers there is ignored now"
_ANSWERS = "whether clients answer in that way is not in the contract"


class Turned(NamedTuple):
    """How a finding reads from the other side. An effect of None is that of the swapped sides."""

    rule: str
    title: str
    effect: Effect | None = None
    reason: str | None = None

    def said(self, subject: str, old: Any, new: Any) -> str:
        """The title of a change of `subject`."""
        return self.title.format(subject=subject, old=_listed(old), new=_listed(new))


TURNED = {
    "new-required-request-parameter": Turned("webhook-parameter-removed", "{subject} is gone"),
    "new-optional-request-parameter": Turned(
        "webhook-parameter-removed", "{subject} is not sent any more", Effect.RISKY, _MISSED
    ),
    "request-parameter-removed": Turned("webhook-parameter-added", "{subject} is new", Effect.COMPATIBLE),
    "request-parameter-became-required": Turned(
        "webhook-parameter-became-optional", "{subject} may be missing now"
    ),
    "request-parameter-became-optional": Turned(
        "webhook-parameter-became-required", "{subject} is always there now"
    ),
    "request-parameter-serialization-changed": Turned(
        "webhook-parameter-serialization-changed", "{subject} is written in another way now"
    ),
    "request-body-added-required": Turned("webhook-body-removed", "the body is gone"),
    "request-body-added-optional": Turned(
        "webhook-body-removed", "no body is sent any more", Effect.RISKY, _MISSED
    ),
    "request-body-removed": Turned("webhook-body-added", "a body is sent now", Effect.COMPATIBLE),
    "request-body-became-required": Turned("webhook-body-became-optional", "the body may be missing now"),
    "request-body-became-optional": Turned("webhook-body-became-required", "a body is always there now"),
    "request-body-media-type-removed": Turned("webhook-media-type-added", "the body may be in {new} now"),
    "request-body-media-type-added": Turned(
        "webhook-media-type-removed", "the body is not sent in {old} any more"
    ),
    "request-body-encoding-changed": Turned(
        "webhook-body-encoding-changed", "{subject} is written in another way now"
    ),
    "response-success-status-added": Turned(
        "webhook-status-removed", "the answer {old} is not understood any more"
    ),
    "response-redirect-status-added": Turned(
        "webhook-status-removed", "the answer {old} is not understood any more", None, _ANSWERS
    ),
    "response-non-success-status-added": Turned(
        "webhook-status-removed", "the answer {old} is not declared any more"
    ),
    "response-success-status-removed": Turned(
        "webhook-status-added", "the answer {new} is understood too", Effect.COMPATIBLE
    ),
    "response-non-success-status-removed": Turned("webhook-status-added", "the answer {new} is declared now"),
    "response-body-removed": Turned(
        "webhook-answer-body-required", "the answer {subject} must have a body now"
    ),
    "response-body-added": Turned(
        "webhook-answer-body-removed", "the body of the answer is not read any more", Effect.RISKY, _IGNORED
    ),
    "response-media-type-removed": Turned(
        "webhook-answer-media-type-changed", "the answer is understood in {new} now"
    ),
    "response-media-type-added": Turned(
        "webhook-answer-media-type-changed",
        "an answer in {old} is not understood any more",
        Effect.RISKY,
        _ANSWERS,
    ),
    "response-header-added": Turned(
        "webhook-answer-header-removed",
        "{subject} of the answer is not read any more",
        Effect.RISKY,
        _IGNORED,
    ),
    "optional-response-header-removed": Turned(
        "webhook-answer-header-added", "{subject} of the answer is read now", Effect.COMPATIBLE
    ),
    "required-response-header-removed": Turned(
        "webhook-answer-header-required", "{subject} must be in the answer now"
    ),
    "response-header-became-optional": Turned(
        "webhook-answer-header-required", "{subject} must be in the answer now"
    ),
    "response-header-serialization-changed": Turned(
        "webhook-answer-header-serialization-changed", "{subject} of the answer is read in another way now"
    ),
    "response-body-encoding-changed": Turned(
        "webhook-answer-encoding-changed", "{subject} of the answer is read in another way now"
    ),
    "api-security-added": Turned(
        "webhook-security-changed", "the API may call without the credentials that it had to show"
    ),
    "api-security-scope-added": Turned(
        "webhook-security-changed", "the API may call without the credentials that it had to show"
    ),
    "api-security-scope-removed": Turned("webhook-security-added", "the API shows more credentials now"),
    "api-security-removed": Turned("webhook-security-added", "the API shows more credentials now"),
}
"""The findings of the swapped sides by their rule. What is only said, not done, is compared unswapped."""


def _listed(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is ABSENT else str(value)
