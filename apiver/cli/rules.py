"""`apiver rules`: every rule by which changes are named, and what one of them means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from apiver.cli import terminal, write_result
from apiver.errors import UsageError

if TYPE_CHECKING:
    from apiver.compare.rules import Rule

_EFFECTS = ("breaking", "risky", "compatible", "docs")
_DIRECTIONS = ("request", "response", "none")


@click.command(
    epilog="\b\nExamples:\n"
    "  apiver rules request-property-became-required\n"
    "  apiver rules --effect breaking --direction response --find enum\n"
    "  apiver rules --format markdown --output rules.md\n"
    "\n\b\n"
    "Ends with 2 where there is no rule of that id."
)
@click.argument("rule_id", metavar="[ID]", required=False)
@click.option("--effect", type=click.Choice(_EFFECTS), help="Rules that usually have this effect.")
@click.option("--direction", type=click.Choice(_DIRECTIONS), help="Rules of what clients send, or receive.")
@click.option("--area", metavar="AREA", help="Rules of one area, such as schema, header or lifecycle.")
@click.option("--find", metavar="TEXT", help="Rules in whose id or words the text stands.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How the result is written.",
)
@click.option("--output", metavar="FILE", help="Write to a file instead of standard output.")
def rules(
    rule_id: str | None,
    effect: str | None,
    direction: str | None,
    area: str | None,
    find: str | None,
    form: str,
    output: str | None,
) -> None:
    """List the rules by which `apiver diff` names changes, or explain one.

    With an ID: what it means, what breaks and for whom, what to do instead, and an example with its proof.
    The ID may be one of oasdiff's.
    """
    from apiver.report import rules as report

    width, color = terminal() if output is None else (None, False)
    if rule_id is not None:
        if effect or direction or area or find:
            raise UsageError(
                "a rule by its id is one rule already",
                remedy="leave out the id to filter, or the filters to explain it",
            )
        rule = _rule(rule_id)
        if form == "text":
            written = report.explained_text(rule, width=width, color=color)
        else:
            written = (report.explained_json if form == "json" else report.explained_markdown)(rule)
    else:
        found = _matching(effect, direction, area, find)
        if form == "text":
            written = report.listed_text(found, width=width, color=color)
        else:
            written = (report.listed_json if form == "json" else report.listed_markdown)(found)
    write_result(written, output)


def _matching(effect: str | None, direction: str | None, area: str | None, find: str | None) -> list[Rule]:
    from apiver.compare.rules import catalogue

    known = catalogue().values()
    areas = sorted({rule.area for rule in known})
    if area is not None and area not in areas:
        raise UsageError(f"there is no area {area!r}", remedy=f"areas are {', '.join(areas)}")
    wanted = (find or "").casefold()
    return [
        rule
        for rule in known
        if effect in (None, rule.effect.value)
        and direction in (None, rule.direction)
        and area in (None, rule.area)
        and wanted in f"{rule.id} {rule.title} {rule.why} {rule.instead}".casefold()
    ]


def _rule(rule_id: str) -> Rule:
    """The rule of that id, or the only one that says the same as oasdiff's rule of that id."""
    from difflib import get_close_matches

    from apiver.compare.rules import catalogue
    from apiver.compare.rules.examples import others

    known = catalogue()
    if rule_id in known:
        return known[rule_id]
    other = others().get(rule_id, {})
    same, reason = other.get("rules", []), other.get("reason", "")
    if len(same) == 1:
        return known[same[0]]
    if other:
        here = f"here it is  {'  or  '.join(same)}" if same else "there is no such rule here"
        raise UsageError(f"{rule_id} is a rule of oasdiff", remedy="\n".join(filter(None, (here, reason))))
    near = get_close_matches(rule_id, known, n=3, cutoff=0.6)
    hint = f"did you mean  {'  or  '.join(near)}\n" if near else ""
    raise UsageError(f"there is no rule {rule_id!r}", remedy=f"{hint}apiver rules  lists them all")
