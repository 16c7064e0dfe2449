"""What a contract announces of a part's life: whether it is deprecated, its last day, how stable it is.

`deprecated` is OpenAPI's own word. `x-sunset` is the day of the Sunset header field (RFC 8594, 3): the part
is there until that day ends. `x-stability-level` says how much of a promise the contract is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple

from apiver.compare.change import ABSENT
from apiver.compare.schemas.branches import Listed
from apiver.compare.schemas.gaps import Point

STABLE = "stable"
LEVELS = ("draft", "alpha", "beta", STABLE)
"""From no promise to a whole one."""

EXTENSIBLE = "x-extensible-enum-value-removed"
PROPERTY = {
    "deprecated": "deprecated",
    "deprecated-with-sunset": "deprecated-with-sunset",
    "reactivated": "reactivated",
    "sunset-missing": "deprecated-sunset-missing",
    "sunset-unreadable": "deprecated-sunset-invalid",
    "sunset-garbled": "deprecated-sunset-invalid",
    "sunset-too-small": "sunset-date-too-small",
    "sunset-deleted": "sunset-deleted",
    "sunset-earlier": "sunset-date-changed-too-small",
    "sunset-later": "sunset-postponed",
    "stability-decreased": "stability-decreased",
    "stability-increased": "stability-increased",
    "stability-invalid": "stability-invalid",
}
"""From what happened to the announcement of a property to the end of the id of its rule."""

_UNSTABLE = ("draft", "alpha")
_LONGEST = 40  # of a date in any of the forms
_FEW = 5
_KEYS = ("deprecated", "x-sunset", "x-stability-level", "x-extensible-enum")
_TAKEN_BACK = "nothing is rejected, but clients were told something else"
_UNREADABLE = "nothing is rejected, but until when it is there cannot be read"
_SHORT = "nothing is rejected yet, but clients have less time to move than they need"
_RFC_3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?"
)


class Calendar(NamedTuple):
    """By which days a comparison judges.

    `today` is the day on which the new contract takes effect, in UTC; None where it is not known, and then no
    sunset counts as past. `notice` is how many days there must be from an announcement to its sunset; with 0
    a sunset need not be announced at all.
    """

    today: date | None = None
    notice: int = 0

    def is_past(self, last_day: date) -> bool:
        """Whether that day has ended."""
        return self.today is not None and self.today > last_day

    def is_too_soon(self, last_day: date) -> bool:
        """Whether less than the notice is left until that day."""
        return self.today is not None and last_day < self.today + timedelta(days=self.notice)


class Announcement(NamedTuple):
    """What stands there: `deprecated`, `x-sunset`, `x-stability-level`, `x-extensible-enum`.

    The last lists the values that are known today, and says that there may be others tomorrow.
    """

    deprecated: bool = False
    sunset: Any = ABSENT
    stability: Any = ABSENT
    extensible: Any = ABSENT

    @property
    def last_day(self) -> date | None:
        """The day at whose end it is gone; None where there is none, or none that can be read."""
        return day(self.sunset)

    @property
    def level(self) -> str | None:
        """How stable it is, one of `LEVELS`; None where the word is not one of them."""
        return STABLE if self.stability is ABSENT else self.stability if self.stability in LEVELS else None

    @property
    def is_unstable(self) -> bool:
        """Whether the contract says that it promises nothing yet."""
        return self.level in _UNSTABLE


NOTHING = Announcement()
"""What most parts announce."""


class Remark(NamedTuple):
    """One way in which an announcement changed.

    `how` is what the tables of rules know it by, `said` the end of a sentence, `old` and `new` what stood and
    stands there. `reason` says why clients may mind; it is empty where they need not.
    """

    how: str
    said: str
    old: Any
    new: Any
    reason: str = ""

    def points(self, old: str, new: str) -> tuple[Point, Point]:
        """The places of both values: the word itself, or where there is none the part at the pointer."""
        if self.how in ("deprecated", "reactivated", "sunset-missing"):
            key = "deprecated"
        elif self.how == EXTENSIBLE:
            key = "x-extensible-enum"
        else:
            key = "x-stability-level" if self.how.startswith("stability") else "x-sunset"
        ends = ((old, self.old), (new, self.new))
        here, there = (
            Point(pointer if value in (ABSENT, False) else f"{pointer}/{key}", value)
            for pointer, value in ends
        )
        return here, there


def announced(raw: Any) -> Announcement:
    """What an Operation, a Parameter or a Schema Object announces; nothing where it is no object."""
    if not isinstance(raw, dict) or not any(key in raw for key in _KEYS):
        return NOTHING
    sunset, level = (_said(raw.get(key, ABSENT)) for key in _KEYS[1:3])
    listed = raw.get("x-extensible-enum")
    known = tuple(each for each in listed if _is_scalar(each)) if isinstance(listed, list) else ABSENT
    return Announcement(raw.get("deprecated") is True, sunset, level, known)


def _said(value: Any) -> Any:
    """A value that may be compared and shown: what is no scalar is no day and no level, whatever it holds."""
    return value if _is_scalar(value) else "a list" if isinstance(value, list) else "an object"


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, list | dict)


def day(value: Any) -> date | None:
    """The day in UTC that a sunset names, None where it cannot be read.

    It is a full-date or a date-time (RFC 3339, 5.6), or an HTTP-date as in the field (RFC 9110, 5.6.7).
    """
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    found = _RFC_3339.fullmatch(value)
    try:
        if found is None:
            return _http_day(value)
        whole, time, offset = found.groups()
        if time is None:
            return date.fromisoformat(whole)
        moment = datetime.fromisoformat(f"{whole}T{time}{offset.upper().replace('Z', '+00:00')}")
        return moment.astimezone(timezone.utc).date()
    except (ValueError, OverflowError):
        return None


def _http_day(text: str) -> date | None:
    if not text.endswith(" GMT"):
        return None
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text).date()
    except (TypeError, IndexError):
        return None


def remarks(old: Announcement, new: Announcement, calendar: Calendar) -> Iterator[Remark]:
    """How an announcement changed."""
    if old == new:
        return
    yield from _stability(old, new)
    yield from _extensible(old, new)
    if old.deprecated and not new.deprecated:
        yield Remark("reactivated", "is not deprecated any more", True, False)
    elif new.deprecated and not old.deprecated:
        yield _deprecated(new, calendar)
    elif new.deprecated and old.sunset != new.sunset:
        yield from _sunset(old, new, calendar)


def _deprecated(new: Announcement, calendar: Calendar) -> Remark:
    until = new.last_day
    if new.sunset is ABSENT and calendar.notice:
        said = "is deprecated now, without a sunset"
        return Remark("sunset-missing", said, False, True, _UNREADABLE)
    if new.sunset is ABSENT:
        return Remark("deprecated", "is deprecated now", False, True)
    if until is None:
        said = "is deprecated now, with a sunset that is no date"
        return Remark("sunset-unreadable", said, ABSENT, new.sunset, _UNREADABLE)
    return _dated(ABSENT, new, until, calendar)


def _dated(before: Any, new: Announcement, until: date, calendar: Calendar) -> Remark:
    if calendar.is_too_soon(until):
        return Remark("sunset-too-small", f"is deprecated, until {until} only", before, new.sunset, _SHORT)
    return Remark("deprecated-with-sunset", f"is deprecated now, until {until}", before, new.sunset)


def _sunset(old: Announcement, new: Announcement, calendar: Calendar) -> Iterator[Remark]:
    """What became of the sunset of something that was deprecated before and is."""
    before, after, values = old.last_day, new.last_day, (old.sunset, new.sunset)
    if new.sunset is ABSENT:
        yield Remark("sunset-deleted", "has no sunset any more", *values, _TAKEN_BACK)
    elif after is None or (before is None and old.sunset is not ABSENT):
        which = "has" if after is None else "had"
        yield Remark("sunset-garbled", f"{which} a sunset that is no date", *values, _UNREADABLE)
    elif before is None:
        yield _dated(ABSENT, new, after, calendar)
    elif after < before:
        yield Remark("sunset-earlier", f"ends earlier: {after}, not {before}", *values, _TAKEN_BACK)
    elif after > before:
        yield Remark("sunset-later", f"ends later: {after}, not {before}", *values)


def _stability(old: Announcement, new: Announcement) -> Iterator[Remark]:
    if old.stability == new.stability:
        return
    before, after, values = old.level, new.level, (old.stability, new.stability)
    if before is None or after is None:
        said = f"{'has' if after is None else 'had'} a stability level that is none of {', '.join(LEVELS)}"
        yield Remark("stability-invalid", said, *values, "how much the contract promises cannot be read")
    elif LEVELS.index(after) < LEVELS.index(before):
        said = f"is {after} now, not {before} any more"
        yield Remark("stability-decreased", said, *values, "nothing is rejected, but less is promised")
    elif after != before:
        yield Remark("stability-increased", f"is {after} now, not {before} any more", *values)


def _extensible(old: Announcement, new: Announcement) -> Iterator[Remark]:
    if isinstance(old.extensible, tuple) and isinstance(new.extensible, tuple):
        kept = Listed(new.extensible)
        lost = [str(each) for each in old.extensible if not kept.has(each)]
        if lost:
            more = f" and {len(lost) - _FEW} more" if len(lost) > _FEW else ""
            said = f"no longer lists {', '.join(lost[:_FEW])}{more}"
            reason = "nothing is rejected, but whether a value that is not listed is understood is not said"
            yield Remark(EXTENSIBLE, said, list(old.extensible), list(new.extensible), reason)
