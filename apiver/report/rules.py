"""The catalogue of rules for people and programs: the list, and one rule with an example and its proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from difflib import ndiff
from typing import Any

from apiver.compare import diff
from apiver.compare.change import Comparison, Effect
from apiver.compare.rules import Rule
from apiver.compare.rules.examples import Example, example, others
from apiver.contract.reader import parse
from apiver.report.json import FORMAT, json_text, report
from apiver.report.markdown import code, escaped
from apiver.report.page import Page, cells
from apiver.report.proof import Step, proof
from apiver.report.shown import shown
from apiver.report.sides import labels
from apiver.report.text import counted

_STYLES = {
    Effect.BREAKING: "bold red",
    Effect.RISKY: "bold yellow",
    Effect.COMPATIBLE: "bold green",
    Effect.DOCS: "bold",
}
_LABEL = 10
_ROOM = 400


def listed_text(rules: list[Rule], *, width: int | None = None, color: bool = False) -> str:
    """The rules by area, one a line: the effect that it usually has, its id, what happened."""
    page = Page(width, color)
    for area in dict.fromkeys(rule.area for rule in rules):
        group = [rule for rule in rules if rule.area == area]
        page.line((area.upper(), "bold"))
        column = max(len(rule.id) for rule in group) + 2
        beside = width is None or all(14 + column + cells(rule.title) <= width for rule in group)
        for rule in group:
            name = rule.id.ljust(column) if beside else rule.id
            head = ((f"  {rule.effect.value:<12}", _STYLES[rule.effect]), (name, ""))
            if beside:
                page.line(*head, (rule.title, "dim"))
            else:
                page.line(*head)
                page.hanging(rule.title, 14)
        page.line()
    page.hanging(f"{counted(len(rules), 'rule')}.   apiver rules ID explains one.", 0)
    return page.written()


def listed_json(rules: list[Rule]) -> str:
    """The rules as one JSON object."""
    return json_text({"apiver": FORMAT, "rules": [_record(rule) for rule in rules]})


def listed_markdown(rules: list[Rule]) -> str:
    """The rules as one table."""
    rows = (
        f"| {code(rule.id)} | {rule.effect.value} | {rule.area} | {escaped(rule.title)} |" for rule in rules
    )
    return "\n".join(["| rule | effect | area | what happened |", "|---|---|---|---|", *rows]) + "\n"


def explained_text(rule: Rule, *, width: int | None = None, color: bool = False) -> str:
    """One rule: what happened, what breaks and for whom, what to do instead, an example with its proof."""
    page = Page(width, color)
    page.line((rule.id, "bold"), ("   ", ""), (_kind(rule), _STYLES[rule.effect]))
    page.hanging(rule.title, 2)
    page.line()
    page.labelled("why", rule.why, _LABEL, indent=2)
    page.labelled("instead", rule.instead, _LABEL, indent=2)
    page.labelled("source", rule.source.name, _LABEL, indent=2)
    page.labelled("", rule.source.url, _LABEL, indent=2)
    for number, name in enumerate(_elsewhere(rule)):
        page.labelled("" if number else "oasdiff", name, _LABEL, indent=2)
    shows = example(rule.id)
    if shows is None:
        return page.written()
    comparison = _compared(shows)
    page.line()
    page.line((f"EXAMPLE{_given(shows)}", "bold"))
    page.line()
    for line in _differences(shows):
        page.line(("  ", ""), (line, {"-": "red", "+": "green"}.get(line[:1], "")))
    page.line()
    for step in _steps(rule, comparison):
        page.labelled("proof", step.message, _LABEL, indent=2)
        page.labelled("", step.verdict, _LABEL, indent=2)
    for reason in _reasons(rule, comparison):
        page.labelled("risky", reason, _LABEL, indent=2)
    return page.written().rstrip("\n") + "\n"


def explained_json(rule: Rule) -> str:
    """One rule as a JSON object, with the pair and the report on it, null where it was not installed."""
    shows = example(rule.id)
    written: dict[str, Any] = {"apiver": FORMAT, "rule": _record(rule), "example": None}
    if shows is not None:
        written["example"] = {
            "old": shows.old,
            "new": shows.new,
            "settings": shows.settings,
            "report": report(_compared(shows)),
        }
    return json_text(written)


def explained_markdown(rule: Rule) -> str:
    """One rule as a section."""
    lines = [
        f"## {code(rule.id)}",
        "",
        f"**{_kind(rule)}**: {escaped(rule.title)}",
        "",
        f"- **why**: {escaped(rule.why)}",
        f"- **instead**: {escaped(rule.instead)}",
        f"- **source**: [{escaped(rule.source.name)}]({rule.source.url})",
    ]
    if elsewhere := _elsewhere(rule):
        lines.append(f"- **oasdiff**: {', '.join(map(code, elsewhere))}")
    shows = example(rule.id)
    if shows is not None:
        comparison = _compared(shows)
        lines += ["", "```diff", *_differences(shows), "```", ""]
        lines += [f"{code(step.message)}  \n{escaped(step.verdict)}" for step in _steps(rule, comparison)]
        lines += [f"Not proved: {escaped(reason)}" for reason in _reasons(rule, comparison)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _kind(rule: Rule) -> str:
    direction = "" if rule.direction == "none" else f" · {rule.direction}"
    return f"{rule.effect.value}{direction} · {rule.area}"


def _record(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "why": rule.why,
        "instead": rule.instead,
        "effect": rule.effect.value,
        "direction": rule.direction,
        "area": rule.area,
        "source": {"name": rule.source.name, "url": rule.source.url},
        "oasdiff": _elsewhere(rule),
    }


def _elsewhere(rule: Rule) -> list[str]:
    """The ids of oasdiff's rules that say the same, or a part of it."""
    return [name for name, entry in others().items() if rule.id in entry.get("rules", ())]


def _compared(shows: Example) -> Comparison:
    """The example compared now: what is shown as its proof is one."""
    given = dict(shows.settings)
    if "today" in given:
        given["today"] = date.fromisoformat(given["today"])
    old, new = (
        parse(text.encode(), name) for text, name in ((shows.old, "old.yaml"), (shows.new, "new.yaml"))
    )
    return diff(old, new, **given)


def _given(shows: Example) -> str:
    """The options with which the example shows the rule."""
    return "".join(f"  --{name} {value}" for name, value in shows.settings.items())


def _differences(shows: Example) -> Iterator[str]:
    """Both contracts in one text: what only the old one has begins with `-`, the new one's with `+`."""
    for line in ndiff(shows.old.splitlines(), shows.new.splitlines()):
        if not line.startswith("?"):
            yield line.rstrip()


def _steps(rule: Rule, comparison: Comparison) -> Iterable[Step]:
    for change in comparison.changes:
        if change.rule == rule.id:
            yield from proof(change, labels(comparison), _ROOM)


def _reasons(rule: Rule, comparison: Comparison) -> Iterator[str]:
    for change in comparison.changes:
        if change.rule == rule.id and change.reason:
            yield shown(change.reason)
