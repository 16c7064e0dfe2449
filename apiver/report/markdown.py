"""A comparison as Markdown, for the comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from apiver.compare.change import Change, Comparison, Effect, OperationRef, Part
from apiver.report.advice import instead
from apiver.report.proof import proof
from apiver.report.shown import shown
from apiver.report.sides import Labels, labels, standing
from apiver.report.text import counted, reached, summary

_LISTED = (Effect.BREAKING, Effect.RISKY)
_LINE = 100
_FEW = 5
"""Up to so many changes that matter, their proofs are not folded away."""
LONGEST = 65_000
"""GitHub takes comments of up to 65,536 characters."""
_TAIL = 400  # kept for what is said at the end in any case
_PROOF = "  - <details><summary>proof</summary>"
_SPECIAL = re.compile(r"[\\`*_{}\[\]()<>#+!|~&$-]")
_NUMBERED = re.compile(r"\A([0-9]+)([.)])")


def markdown(
    comparison: Comparison, *, everything: bool = False, docs: bool = False, room: int = LONGEST
) -> str:
    """The comparison as GitHub-flavoured Markdown, in about `room` characters.

    What breaks and what may break is written out; compatible changes and what was not compared are counted,
    or folded away in full where `everything` is asked for, changes of words where `docs` is. Where all of it
    is too long for a comment, the last of it is counted. Nothing in a contract acts as Markdown or HTML, or
    notifies anybody.
    """
    comment = _Comment(room)
    comment.add([f"## {_head(comparison)}", "", f"**{escaped(summary(comparison))}**"])
    names = labels(comparison)
    few = sum(change.effect in _LISTED for change in comparison.changes) <= _FEW
    for effect in Effect:
        changes = [change for change in comparison.changes if change.effect is effect]
        if not changes:
            continue
        blocks = _changes(changes, names, unfolded=few)
        if effect in _LISTED:
            comment.section(["", f"### {effect.value.capitalize()}"], blocks, [], f"{effect.value} change")
        elif everything or (docs and effect is Effect.DOCS):
            head, foot = _folding(f"{effect.value.capitalize()} ({len(changes)})")
            comment.section(head, blocks, foot, f"{effect.value} change")
    count = len(comparison.not_compared)
    if count and everything:
        head, foot = _folding(f"Not compared ({count})")
        parts = [
            [f"- {part.side} {code(str(part.place or part.pointer))}: {escaped(part.reason)}"]
            for part in comparison.not_compared
        ]
        comment.section([*head, ""], parts, foot, "part that was not compared")
    elif count:
        comment.add(["", f"{counted(count, 'part')} could not be compared in full."], always=True)
    return comment.written()


class _Comment:
    """Lines with a bound on how long they are together. What does not fit is counted by its noun."""

    def __init__(self, room: int) -> None:
        self._lines: list[str] = []
        self._room = room - _TAIL
        self._left_out: dict[str, int] = {}

    def add(self, lines: list[str], *, always: bool = False) -> bool:
        """Take lines in if they fit, or `always`; whether they were taken."""
        size = sum(len(line) + 1 for line in lines)
        if size > self._room and not always:
            return False
        self._room -= size
        self._lines += lines
        return True

    def section(self, head: list[str], blocks: Iterable[list[str]], foot: list[str], noun: str) -> None:
        """Take in as many blocks as fit, in their order, between a head and a foot."""
        blocks = list(blocks)
        taken = 0
        if self.add([*head, *blocks[0]]):
            taken = 1
            while taken < len(blocks) and self.add(blocks[taken]):
                taken += 1
            self.add(foot, always=True)
        if taken < len(blocks):
            self._left_out[noun] = len(blocks) - taken
            self._room = 0  # what comes after would hide that something is missing before it

    def written(self) -> str:
        """The whole comment."""
        if self._left_out:
            rest = ", ".join(_more(count, noun) for noun, count in self._left_out.items())
            self._lines += ["", f"**Too long for a comment: {rest}.** Other formats hold all of them."]
        return "\n".join(self._lines) + "\n"


def _more(count: int, noun: str) -> str:
    first, _, rest = noun.partition(" ")
    if first == "part":
        return f"{count} more part{'' if count == 1 else 's'} {rest}"
    return f"{count} more {noun}{'' if count == 1 else 's'}"


def _head(comparison: Comparison) -> str:
    title = comparison.new.title or comparison.old.title
    return f"{escaped(title)} {code(comparison.old.name)} → {code(comparison.new.name)}".strip()


def _folding(title: str) -> tuple[list[str], list[str]]:
    """The lines before and after what is folded away."""
    return ["", "<details>", f"<summary>{title}</summary>"], ["", "</details>"]


def _changes(changes: list[Change], names: Labels, *, unfolded: bool) -> Iterator[list[str]]:
    """The lines of each change; the first of those of the same operations names them."""
    groups: dict[tuple[OperationRef, ...], list[Change]] = {}
    for change in changes:
        groups.setdefault(change.operations, []).append(change)
    for operations, group in groups.items():
        head = ["", f"#### {_reached(operations)}", ""]
        for change in group:
            yield [*head, *_change(change, names, unfolded=unfolded)]
            head = []


def _reached(operations: tuple[OperationRef, ...]) -> str:
    if not operations:
        return reached(operations, 3)
    few = [code(str(operation)) for operation in operations[:3]]
    return ", ".join(few) + (f" and {len(operations) - 3} more" if len(operations) > 3 else "")


def _change(change: Change, names: Labels, *, unfolded: bool) -> Iterator[str]:
    yield f"- **{escaped(change.title)}** ({code(change.rule)})"
    for name, part in zip(names, (change.old, change.new), strict=True):
        said = _stands(change, part)
        if said:
            yield f"  - {escaped(name)}: {said}"
    if change.inferred:
        yield "  - rests on what was read from the code"
    written = [f"{step.message}\n    {step.verdict}" for step in proof(change, names, 3 * _LINE)]
    if written:
        block = [f"    {line}" for line in _block("\n".join(written)).splitlines()]
        yield from ["  - proof:", *block] if unfolded else [_PROOF, "", *block, "", "    </details>"]
    if change.reason:
        yield f"  - why: {escaped(change.reason)}"
    if change.effect is Effect.BREAKING and instead(change):
        yield f"  - instead: {escaped(instead(change))}"
    if change.steps:
        yield "  - steps:"
        yield from (f"    1. {escaped(step)}" for step in change.steps)


def _stands(change: Change, part: Part) -> str:
    said = [code(str(part.place))] if part.place else []
    written = standing(change, part, _LINE)
    return " ".join([*said, *([code(written)] if written else [])])


def escaped(text: str) -> str:
    """The text as a text of Markdown, whatever it holds: no markup, no HTML, no mention of anybody."""
    text = _SPECIAL.sub(r"\\\g<0>", shown(text)).replace("@", "@\u200b")
    return _NUMBERED.sub(r"\1\\\2", text)


def code(text: str) -> str:
    """The text as inline code (CommonMark 6.1), whatever it holds."""
    text = shown(text)
    fence = "`" * (_longest_run(text) + 1)
    # One space at each end is taken off again, unless there is nothing but spaces.
    padding = " " if not text or (text.strip(" ") and (text[0] in "` " or text[-1] in "` ")) else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def _block(text: str) -> str:
    """The lines as a block of code (CommonMark 4.5)."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}text\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
