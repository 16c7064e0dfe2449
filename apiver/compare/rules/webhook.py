"""Rules of webhooks and callbacks: requests that the API sends and that its clients answer.

What clients receive is a `response` rule here too, and what they answer a `request` rule.
"""

from __future__ import annotations

from apiver.compare.change import Effect
from apiver.compare.rules.rule import Direction, Rule
from apiver.compare.rules.source import Source, openapi

_WEBHOOKS = openapi("Path Item Object")
_CALLBACK = openapi("Callback Object")
_PARAMETER = openapi("Parameter Object")
_BODY = openapi("Request Body Object")
_RESPONSES = openapi("Responses Object")
_KEEP_SENDING = "keep sending it to clients of the old version"
_KEEP_ACCEPTING = "keep accepting the old answers for as long as clients of the old version exist"
_ABSENCE = "A client reads it without a check."
_IGNORES = "A client ignores what it does not know."
_NOTHING = "nothing to do"


def _rule(
    id: str, title: str, why: str, instead: str, effect: Effect, direction: Direction, source: Source
) -> Rule:
    return Rule(id, title, why, instead, effect, direction, "webhook", source)


RULES = (
    _rule(
        "webhook-removed",
        "a webhook is not sent any more",
        "A client that waits for it waits for ever.",
        "keep sending it until its sunset, and name what replaces it",
        Effect.BREAKING,
        "response",
        _WEBHOOKS,
    ),
    _rule(
        "webhook-added",
        "a webhook is new",
        "Nobody has asked for it yet.",
        _NOTHING,
        Effect.COMPATIBLE,
        "response",
        _WEBHOOKS,
    ),
    _rule(
        "callback-removed",
        "a callback is not sent any more",
        "A client that waits for it waits for ever.",
        "keep sending it until its sunset, and name what replaces it",
        Effect.BREAKING,
        "response",
        _CALLBACK,
    ),
    _rule(
        "callback-added",
        "a callback is new",
        "Nobody has asked for it yet.",
        _NOTHING,
        Effect.COMPATIBLE,
        "response",
        _CALLBACK,
    ),
    _rule(
        "callback-url-changed",
        "a callback goes to another URL",
        "A client that has put its URL into the old place receives nothing.",
        "read the URL from both places for as long as clients of the old version exist",
        Effect.RISKY,
        "response",
        _CALLBACK,
    ),
    _rule(
        "webhook-parameter-removed",
        "a parameter that the API sends is gone",
        _ABSENCE,
        _KEEP_SENDING,
        Effect.BREAKING,
        "response",
        _PARAMETER,
    ),
    _rule(
        "webhook-parameter-added",
        "the API sends a new parameter",
        _IGNORES,
        _NOTHING,
        Effect.COMPATIBLE,
        "response",
        _PARAMETER,
    ),
    _rule(
        "webhook-parameter-became-optional",
        "a parameter that the API always sent may be missing now",
        _ABSENCE,
        "always send it",
        Effect.BREAKING,
        "response",
        _PARAMETER,
    ),
    _rule(
        "webhook-parameter-became-required",
        "the API always sends a parameter now",
        "Clients already deal with it.",
        _NOTHING,
        Effect.COMPATIBLE,
        "response",
        _PARAMETER,
    ),
    _rule(
        "webhook-parameter-serialization-changed",
        "the API writes a parameter in another way",
        "The new text is read as another value, or not at all.",
        "send it under a new name, and the old one as before",
        Effect.BREAKING,
        "response",
        openapi("Style Values"),
    ),
    _rule(
        "webhook-body-removed",
        "the API sends no body any more",
        "A client that reads it finds nothing.",
        _KEEP_SENDING,
        Effect.BREAKING,
        "response",
        _BODY,
    ),
    _rule(
        "webhook-body-added",
        "the API sends a body now",
        "A client that did not read one does not miss it.",
        _NOTHING,
        Effect.COMPATIBLE,
        "response",
        _BODY,
    ),
    _rule(
        "webhook-body-became-optional",
        "the body that the API always sent may be missing now",
        _ABSENCE,
        "always send it",
        Effect.BREAKING,
        "response",
        _BODY,
    ),
    _rule(
        "webhook-body-became-required",
        "the API always sends a body now",
        "Clients already deal with it.",
        _NOTHING,
        Effect.COMPATIBLE,
        "response",
        _BODY,
    ),
    _rule(
        "webhook-body-encoding-changed",
        "the API writes a part of the body in another way",
        "The new text is read as another value, or not at all.",
        "send it under a new name, and the old one as before",
        Effect.BREAKING,
        "response",
        openapi("Encoding Object"),
    ),
    _rule(
        "webhook-media-type-added",
        "the API may send the body in another media type",
        "A client that knows the old media types cannot read it.",
        "send the new media type only to clients that ask for it",
        Effect.BREAKING,
        "response",
        _BODY,
    ),
    _rule(
        "webhook-media-type-removed",
        "the API does not send one of the media types any more",
        "The others are known to clients.",
        _NOTHING,
        Effect.COMPATIBLE,
        "response",
        _BODY,
    ),
    _rule(
        "webhook-security-changed",
        "the API may call without the credentials that it had to show",
        "A client that checks them turns the call away.",
        "go on showing the old credentials",
        Effect.BREAKING,
        "response",
        openapi("Security Requirement Object"),
    ),
    _rule(
        "webhook-security-added",
        "the API shows more credentials",
        "A client that does not check them does not notice.",
        _NOTHING,
        Effect.COMPATIBLE,
        "response",
        openapi("Security Requirement Object"),
    ),
    _rule(
        "webhook-status-removed",
        "a status of the client's answer is not understood any more",
        "A client that answers with it is taken for failing, and may be called again or given up.",
        _KEEP_ACCEPTING,
        Effect.BREAKING,
        "request",
        _RESPONSES,
    ),
    _rule(
        "webhook-status-added",
        "another status of the client's answer is understood",
        "The old ones still are.",
        _NOTHING,
        Effect.COMPATIBLE,
        "request",
        _RESPONSES,
    ),
    _rule(
        "webhook-answer-body-required",
        "the client's answer must have a body now",
        "A client that answers without one is not understood.",
        _KEEP_ACCEPTING,
        Effect.BREAKING,
        "request",
        _RESPONSES,
    ),
    _rule(
        "webhook-answer-body-removed",
        "the body of the client's answer is not read any more",
        "Nothing is rejected, but what the client says there is ignored.",
        "keep reading it",
        Effect.RISKY,
        "request",
        _RESPONSES,
    ),
    _rule(
        "webhook-answer-media-type-changed",
        "the client's answer is understood in other media types",
        "A client that answers in an old one is not understood.",
        _KEEP_ACCEPTING,
        Effect.BREAKING,
        "request",
        _RESPONSES,
    ),
    _rule(
        "webhook-answer-header-required",
        "a header must be in the client's answer now",
        "A client that answers without it is not understood.",
        _KEEP_ACCEPTING,
        Effect.BREAKING,
        "request",
        openapi("Header Object"),
    ),
    _rule(
        "webhook-answer-header-added",
        "a header of the client's answer is read now",
        "It may be left out.",
        _NOTHING,
        Effect.COMPATIBLE,
        "request",
        openapi("Header Object"),
    ),
    _rule(
        "webhook-answer-header-removed",
        "a header of the client's answer is not read any more",
        "Nothing is rejected, but what the client says there is ignored.",
        "keep reading it",
        Effect.RISKY,
        "request",
        openapi("Header Object"),
    ),
    _rule(
        "webhook-answer-header-serialization-changed",
        "a header of the client's answer is read in another way",
        "The old text is read as another value, or not at all.",
        _KEEP_ACCEPTING,
        Effect.BREAKING,
        "request",
        openapi("Style Values"),
    ),
    _rule(
        "webhook-answer-encoding-changed",
        "a part of the client's answer is read in another way",
        "The old text is read as another value, or not at all.",
        _KEEP_ACCEPTING,
        Effect.BREAKING,
        "request",
        openapi("Encoding Object"),
    ),
)
