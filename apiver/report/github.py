"""A comparison as workflow commands of GitHub Actions: notes beside the lines of a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from apiver.compare.change import Change, Comparison, Effect, NotCompared
from apiver.contract.document import Place
from apiver.report.account import account
from apiver.report.location import location, place_of
from apiver.report.shown import shown
from apiver.report.sides import Labels, labels
from apiver.report.text import counted, reached, summary

_COMMAND = {
    Effect.BREAKING: "error",
    Effect.RISKY: "warning",
    Effect.COMPATIBLE: "notice",
    Effect.DOCS: "notice",
}
_LISTED = (Effect.BREAKING, Effect.RISKY)


def github(comparison: Comparison, *, everything: bool = False) -> str:
    """A line for each change that breaks or may break, with `everything` for all and for what was left out.

    The last line is the summary. Every line is a command, so that nothing in a contract can be one.
    """
    names = labels(comparison)
    lines = [
        _change(change, names) for change in comparison.changes if everything or change.effect in _LISTED
    ]
    if everything:
        lines += [_left_out(part) for part in comparison.not_compared]
    said = [f"{shown(comparison.old.name)} -> {shown(comparison.new.name)}: {summary(comparison)}"]
    if comparison.not_compared and not everything:
        said.append(f"{counted(len(comparison.not_compared), 'part')} could not be compared in full.")
    lines.append(_command("notice", None, "apiver diff", said))
    return "\n".join(lines) + "\n"


def _change(change: Change, names: Labels) -> str:
    title = f"{reached(change.operations, 3)}: {shown(change.title)}"
    said = [f"{title} ({change.rule})", *account(change, names)]
    return _command(_COMMAND[change.effect], location(change), title, said)


def _left_out(part: NotCompared) -> str:
    said = f"{part.side} {shown(part.pointer)}: {shown(part.reason)}"
    return _command("notice", place_of(part), "not compared", [said])


def _command(name: str, place: Place | None, title: str, lines: list[str]) -> str:
    """One workflow command. A message may have lines; they are escaped as all that would end it early."""
    settings = []
    if place is not None:
        settings += [f"file={_setting(place.file)}", f"line={place.line}"]
        settings += [f"col={place.column}"] if place.column else []
    settings.append(f"title={_setting(title)}")
    return f"::{name} {','.join(settings)}::{_message(chr(10).join(lines))}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _setting(text: str) -> str:
    return _message(shown(text)).replace(":", "%3A").replace(",", "%2C")
