"""A comparison as Markdown, for the comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apiver.compare.change import Change, Comparison, Effect, OperationRef, Part
from apiver.report.advice import instead
from apiver.report.proof import proof
from apiver.report.shown import shown
from apiver.report.sides import Labels, labels, standing
from apiver.report.text import counted, reached, summary

_LISTED = (Effect.BREAKING, Effect.RISKY)
_LINE = 100
_SPECIAL = re.compile(r"[\\`*_{}\[\]()<>#+!|~&$-]")
_NUMBERED = re.compile(r"\A([0-9]+)([.)])")


def markdown(comparison: Comparison, *, everything: bool = False, docs: bool = False) -> str:
    """The comparison as GitHub-flavoured Markdown.

    What breaks and what may break is written out; compatible changes and what was not compared are counted,
    or folded away in full where `everything` is asked for, changes of words where `docs` is. Nothing in a
    contract acts as Markdown or HTML, or notifies anybody.
    """
    names = labels(comparison)
    lines = [f"## {_head(comparison)}", "", f"**{escaped(summary(comparison))}**"]
    for effect in Effect:
        changes = [change for change in comparison.changes if change.effect is effect]
        if not changes:
            continue
        if effect in _LISTED:
            lines += ["", f"### {effect.value.capitalize()}", *_changes(changes, names)]
        elif everything or (docs and effect is Effect.DOCS):
            lines += ["", *_folded(f"{effect.value.capitalize()} ({len(changes)})", _changes(changes, names))]
    if comparison.not_compared:
        count = len(comparison.not_compared)
        parts = (
            f"- {part.side} {code(str(part.place or part.pointer))}: {escaped(part.reason)}"
            for part in comparison.not_compared
        )
        folded = _folded(f"Not compared ({count})", ["", *parts])
        lines += [
            "",
            *(folded if everything else [f"{counted(count, 'part')} could not be compared in full."]),
        ]
    return "\n".join(lines) + "\n"


def _head(comparison: Comparison) -> str:
    title = comparison.new.title or comparison.old.title
    return f"{escaped(title)} {code(comparison.old.name)} → {code(comparison.new.name)}".strip()


def _folded(title: str, lines: Iterator[str] | list[str]) -> list[str]:
    return ["<details>", f"<summary>{title}</summary>", *lines, "", "</details>"]


def _changes(changes: list[Change], names: Labels) -> Iterator[str]:
    groups: dict[tuple[OperationRef, ...], list[Change]] = {}
    for change in changes:
        groups.setdefault(change.operations, []).append(change)
    for operations, group in groups.items():
        yield from ("", f"#### {_reached(operations)}", "")
        for change in group:
            yield from _change(change, names)


def _reached(operations: tuple[OperationRef, ...]) -> str:
    if not operations:
        return reached(operations, 3)
    few = [code(str(operation)) for operation in operations[:3]]
    return ", ".join(few) + (f" and {len(operations) - 3} more" if len(operations) > 3 else "")


def _change(change: Change, names: Labels) -> Iterator[str]:
    yield f"- **{escaped(change.title)}** ({code(change.rule)})"
    for name, part in zip(names, (change.old, change.new), strict=True):
        said = _stands(change, part)
        if said:
            yield f"  - {escaped(name)}: {said}"
    if change.inferred:
        yield "  - rests on what was read from the code"
    steps = list(proof(change, names, 3 * _LINE))
    if steps:
        yield "  - proof:"
        written = [f"{step.message}\n    {step.verdict}" for step in steps]
        yield from (f"    {line}" for line in _block("\n".join(written)).splitlines())
    if change.reason:
        yield f"  - why: {escaped(change.reason)}"
    if change.effect is Effect.BREAKING and instead(change):
        yield f"  - instead: {escaped(instead(change))}"


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
