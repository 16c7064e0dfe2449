"""Rules of responses: statuses, media types, bodies."""

from __future__ import annotations

from apiver.compare.change import Effect
from apiver.compare.rules.rule import Rule
from apiver.compare.rules.source import openapi, rfc

_RESPONSES = openapi("Responses Object")
_REDIRECT = rfc(9110, "15.4", "Redirection 3xx")
_MEDIA = openapi("Media Type Object")

RULES = (
    Rule(
        "response-success-status-removed",
        "a success is answered with another status",
        "Clients that check for the old status take it for a failure.",
        "keep the old status for clients of the old version",
        Effect.BREAKING,
        "response",
        "response",
        _RESPONSES,
    ),
    Rule(
        "response-success-status-added",
        "a new success status may be answered",
        "Clients that check for the known ones take it for a failure.",
        "answer with a known status",
        Effect.BREAKING,
        "response",
        "response",
        _RESPONSES,
    ),
    Rule(
        "response-redirect-status-added",
        "a new redirect may be answered",
        "Clients that do not follow redirects stop here.",
        "answer with the content",
        Effect.RISKY,
        "response",
        "response",
        _REDIRECT,
    ),
    Rule(
        "response-non-success-status-added",
        "a new error status may be answered",
        "Clients deal with errors by their class.",
        "nothing to do",
        Effect.COMPATIBLE,
        "response",
        "response",
        _RESPONSES,
    ),
    Rule(
        "response-non-success-status-removed",
        "an error status is not answered any more",
        "There is one error less.",
        "nothing to do",
        Effect.COMPATIBLE,
        "response",
        "response",
        _RESPONSES,
    ),
    Rule(
        "response-media-type-removed",
        "a media type is not answered any more",
        "Clients that ask for it, or parse it, get something else.",
        "keep the old media type for those who ask for it",
        Effect.BREAKING,
        "response",
        "response",
        _MEDIA,
    ),
    Rule(
        "response-media-type-added",
        "another media type can be answered",
        "The old ones still are.",
        "nothing to do",
        Effect.COMPATIBLE,
        "response",
        "response",
        _MEDIA,
    ),
    Rule(
        "response-body-removed",
        "the response has no body any more",
        "Clients parse nothing.",
        "keep sending the body to clients of the old version",
        Effect.BREAKING,
        "response",
        "response",
        _MEDIA,
    ),
    Rule(
        "response-body-added",
        "the response has a body now",
        "Clients that did not read one do not miss it.",
        "nothing to do",
        Effect.COMPATIBLE,
        "response",
        "response",
        _MEDIA,
    ),
    Rule(
        "response-body-encoding-changed",
        "a part of the response body is written in another way",
        "The new text is read as another value, or not at all.",
        "send it under a new name, and the old one as before",
        Effect.BREAKING,
        "response",
        "response",
        openapi("Encoding Object"),
    ),
)
