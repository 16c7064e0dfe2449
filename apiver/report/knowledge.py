"""How much of each version is known, for people and for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apiver.contract.document import Place
    from apiver.reading.account import Account, Gap
    from apiver.reading.reasons import Group

_NAMED = 4


def sentence(account: Account) -> str:
    """The share that is known, in one line."""
    said = (
        f"{account.name}: {_counted(account.operations, 'operation')}, "
        f"{_share(account.answered, account.operations)} with a response schema, "
        f"{_share(account.complete, account.operations)} known completely"
    )
    return f"{said}; --explain says what is not" if account.gaps else said


def knowledge_text(accounts: Sequence[Account], width: int | None = None) -> str:
    """The share that is known of each version; then what is not, by kind of reason, with the remedy.

    Lines are wrapped to `width` columns where it is given.
    """
    return "\n".join("\n".join(_version(account, width)) + "\n" for account in accounts)


def _version(account: Account, width: int | None) -> list[str]:
    from apiver.reading.reasons import grouped

    total = account.operations
    lines = [f"{account.name}: {_counted(total, 'operation')}{_by(account)}"]
    lines.append(f"  {_share(account.answered, total)} have a response schema")
    if account.bodies:
        lines.append(
            f"  {account.bodies} read a body: {_share(account.described_bodies, account.bodies)} "
            f"have a schema for it, {_share(account.known_bodies, account.bodies)} one that is complete"
        )
    lines.append(f"  {_share(account.complete, total)} are known completely")
    if not account.gaps:
        return [*lines, "  nothing is unknown"]
    lines.append(
        f"  {_counted(len(account.gaps), 'part')} {'is' if len(account.gaps) == 1 else 'are'} not known"
    )
    for group in grouped(account.gaps):
        lines += ["", *_group(group, total, width)]
    return lines


def _group(group: Group, total: int, width: int | None) -> list[str]:
    reach = f"in {_share(len(group.operations), total)} of the operations" if group.operations else "in none"
    said = f"{_counted(len(group.gaps), 'part')}, {reach}: {group.kind.title}"
    lines = _wrapped(said, "  ", width)
    lines += _wrapped(f"remedy: {group.kind.remedy}", "    ", width)
    for (place, reason), gaps in _places(group):
        lines += ["", *_wrapped(f"{place or 'no place'}  {reason}", "    ", width)]
        for gap in gaps[:_NAMED]:
            lines.append(f"      {gap.subject}{_reach(gap)}")
        if len(gaps) > _NAMED:
            lines.append(f"      and {len(gaps) - _NAMED} more")
    return lines


def _places(group: Group) -> list[tuple[tuple[Place | None, str], list[Gap]]]:
    """What one line of code is the reason for; the line that reaches most operations first."""
    found: dict[tuple[Place | None, str], list[Gap]] = {}
    for gap in group.gaps:
        found.setdefault((gap.place, gap.reason), []).append(gap)
    return sorted(found.items(), key=lambda item: -len({name for gap in item[1] for name in gap.operations}))


def _reach(gap: Gap) -> str:
    """Which operations a part reaches, where its name does not say it."""
    if not gap.operations or gap.subject.startswith(gap.operations[0]):
        return ""
    more = len(gap.operations) - 1
    return f"  in {gap.operations[0]}" + (f" and {more} more" if more else "")


def _wrapped(text: str, indent: str, width: int | None) -> list[str]:
    if width is None:
        return [indent + text]
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _by(account: Account) -> str:
    if set(account.sources) <= {"inferred"}:
        return ""
    return " (" + ", ".join(f"{count} {by}" for by, count in account.sources.items()) + ")"


def _share(part: int, whole: int) -> str:
    """A number with the percentage that it is: `all` and `none` where it is that."""
    if not part or part == whole:
        return "all" if part else "none"
    return f"{part} ({min(99, max(1, round(100 * part / whole)))} %)"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def knowledge_json(accounts: Sequence[Account]) -> dict[str, Any]:
    """The same as plain values: an account of each version, its reasons by the operations that they reach."""
    from apiver.reading.reasons import grouped

    return {
        account.name: {
            "operations": account.operations,
            "answered": account.answered,
            "complete": account.complete,
            "bodies": {
                "read": account.bodies,
                "described": account.described_bodies,
                "complete": account.known_bodies,
            },
            "sources": account.sources,
            "reasons": [
                {
                    "kind": group.kind.name.lower().replace("_", "-"),
                    "title": group.kind.title,
                    "remedy": group.kind.remedy,
                    "operations": list(group.operations),
                    "parts": [_part(gap) for gap in group.gaps],
                }
                for group in grouped(account.gaps)
            ],
        }
        for account in accounts
    }


def _part(gap: Gap) -> dict[str, Any]:
    return {
        "subject": gap.subject,
        "pointer": gap.pointer,
        "reason": gap.reason,
        "file": gap.place.file if gap.place else None,
        "line": gap.place.line if gap.place else None,
        "operations": list(gap.operations),
    }
