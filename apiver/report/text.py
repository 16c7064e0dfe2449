"""A comparison as text for a terminal: what breaks, with the proof, then what may, then what was left out."""

from __future__ import annotations

from apiver.compare.change import Change, Comparison, Effect, OperationRef, Part
from apiver.report.advice import instead
from apiver.report.page import LABEL, Page, cells
from apiver.report.proof import proof
from apiver.report.shown import shown
from apiver.report.sides import UNNAMED, Labels, labels, standing

_STYLES = {
    Effect.BREAKING: "bold red",
    Effect.RISKY: "bold yellow",
    Effect.COMPATIBLE: "bold green",
    Effect.DOCS: "bold",
}
_ALWAYS = (Effect.BREAKING, Effect.RISKY)


def text(
    comparison: Comparison,
    *,
    everything: bool = False,
    docs: bool = False,
    verdict: str = "",
    width: int | None = None,
    color: bool = False,
) -> str:
    """The comparison for people.

    `everything` lists compatible changes and what was not compared too, which are counted otherwise, and
    `docs` the changes of words.
    `verdict` is the last line: how the command ends and why. `width` is in columns: longer lines are wrapped;
    None wraps nothing. Without `color` the text holds no control sequence at all.
    """
    page = Page(width, color)
    names = labels(comparison)
    _head(page, comparison, names)
    listed = (*_ALWAYS, Effect.DOCS) if docs else _ALWAYS
    for effect in Effect:
        changes = [change for change in comparison.changes if change.effect is effect]
        if changes and (everything or effect in listed):
            page.line()
            page.line((effect.value.upper(), _STYLES[effect]))
            _changes(page, changes, names, everything)
    if everything and comparison.not_compared:
        _not_compared(page, comparison)
    page.line()
    _foot(page, comparison, [] if everything else [each for each in Effect if each not in listed], verdict)
    return page.written()


def summary(comparison: Comparison) -> str:
    """How many changes there are: `2 breaking, 1 risky, 4 compatible`, or that none of them breaks."""
    if not comparison.changes:
        return f"No changes in {counted(comparison.new.operations, 'operation')}."
    numbers = [(comparison.count(effect), effect) for effect in Effect]
    tally = [f"{number} {effect.value}" for number, effect in numbers if number or effect is not Effect.DOCS]
    if comparison.count(Effect.BREAKING):
        return ", ".join(tally)
    return f"No breaking changes. {', '.join(tally[1:])}"


def reached(operations: tuple[OperationRef, ...], most: int) -> str:
    """The operations that a change reaches, the first `most` of them by name."""
    if not operations:
        return "the whole API"
    names = [shown(str(operation)) for operation in operations]
    if len(names) <= most:
        return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"


def _head(page: Page, comparison: Comparison, names: Labels) -> None:
    title = shown(comparison.new.title or comparison.old.title)
    tally = summary(comparison)
    if names != UNNAMED:
        title = f"{title}  {names.old} -> {names.new}".strip()
        if cells(title) + 6 + cells(tally) <= page.measure:
            page.line((title, "bold"), ("      ", ""), (tally, ""))
            return
    if title:
        page.line((title, "bold"))
    if names == UNNAMED:
        page.labelled("old", shown(comparison.old.name), 5, indent=2)
        page.labelled("new", shown(comparison.new.name), 5, indent=2)
    page.line((tally, ""))


def _changes(page: Page, changes: list[Change], names: Labels, everything: bool) -> None:
    groups: dict[tuple[OperationRef, ...], list[Change]] = {}
    for change in changes:
        groups.setdefault(change.operations, []).append(change)
    for operations, group in groups.items():
        page.line()
        page.line((reached(operations, len(operations) if everything else 3), "bold"))
        for change in group:
            _change(page, change, names)


def _change(page: Page, change: Change, names: Labels) -> None:
    page.heading(shown(change.title), change.rule)
    width = max(len(name) for name in names)
    for name, part in zip(names, (change.old, change.new), strict=True):
        stands = _stands(part, change)
        if stands:
            page.labelled(name.ljust(width), stands, width + 2)
    if change.effect in _ALWAYS:
        page.proof(list(proof(change, names, 2 * (page.measure - 4 - LABEL))))
        if change.reason:
            page.labelled("why", shown(change.reason), LABEL)
        if change.effect is Effect.BREAKING:
            page.labelled("instead", instead(change), LABEL)
    for number, step in enumerate(change.steps, 1):
        page.labelled("steps" if number == 1 else "", f"{number}. {shown(step)}", LABEL)


def _stands(part: Part, change: Change) -> str:
    """Where a part stands and what stands there."""
    said = standing(change, part, 60)
    if part.place is None:
        return said
    place = shown(str(part.place))
    if change.inferred and part.place.file.endswith(".py"):
        place = f"read at {place}"
    return f"{place}  {said}" if said else place


def _not_compared(page: Page, comparison: Comparison) -> None:
    page.line()
    page.line(("NOT COMPARED", "bold"))
    page.line()
    for part in comparison.not_compared:
        page.line(("  ", ""), (shown(str(part.place or part.pointer)), ""))
        page.hanging(f"{part.side}: {shown(part.reason)}", 4)


def _foot(page: Page, comparison: Comparison, unlisted: list[Effect], verdict: str) -> None:
    quiet = [(comparison.count(effect), effect.value) for effect in unlisted]
    tally = " and ".join(f"{number} {name}" for number, name in quiet if number)
    if tally:
        one = sum(number for number, _ in quiet) == 1
        page.hanging(f"{tally} {'change' if one else 'changes'}: --all shows {'it' if one else 'them'}.", 0)
    left_out = len(comparison.not_compared)
    if left_out:
        hint = ": --all says which and why" if unlisted else ""
        page.hanging(f"{counted(left_out, 'part')} could not be compared in full{hint}.", 0)
    inferred = sum(change.inferred for change in comparison.changes)
    if inferred:
        rest = "rests" if inferred == 1 else "rest"
        page.hanging(f"{counted(inferred, 'change')} {rest} on what was read from the code.", 0)
    if verdict:
        page.hanging(verdict, 0)


def counted(count: int, noun: str) -> str:
    """A number of things: `1 part`, `2 parts`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
