"""A page for a terminal: lines of one width, with labels, hanging paragraphs and a right margin."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from apiver.report.proof import Step

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Styled = tuple[str, str]
"""A text and the style that it is shown in, such as `bold red`."""

NARROWEST = 40
USUAL = 80  # what a line is set for where it may be of any length
LABEL = 9
# What build servers take for a command in a log: `::name` at the start of a line, `##name[` anywhere.
_COMMAND = re.compile(r"(\A\s*):(?=:)|(##\w*)\[")


class Page:
    """Lines of one width, on their way to a string.

    `width` is in columns, None wraps nothing. What is put on a page must have gone through `shown`.
    """

    def __init__(self, width: int | None, color: bool) -> None:
        self.width = None if width is None else max(width, NARROWEST)
        self.measure = self.width or USUAL
        self._out = io.StringIO()
        self._console: Console | None = None
        if color or width is not None:
            from rich.console import Console

            self._console = Console(
                file=self._out,
                width=self.measure,
                force_terminal=color,
                color_system="standard" if color else None,
                highlight=False,
                markup=False,
                emoji=False,
                legacy_windows=False,
            )

    def written(self) -> str:
        """Everything so far."""
        return self._out.getvalue()

    def line(self, *parts: Styled) -> None:
        """One line of texts with their styles, wrapped at the margin."""
        self._put(parts, "", "")

    def hanging(self, said: str, indent: int) -> None:
        """A paragraph that is indented as a whole."""
        self._put([(said, "")], " " * indent, " " * indent)

    def heading(self, title: str, rule: str) -> None:
        """A sentence with the id of its rule at the right margin, or below it where both do not fit."""
        gap = self.measure - 2 - cells(title) - cells(rule)
        if gap >= 2:
            self._put([(title + " " * gap, ""), (rule, "dim")], "  ", "  ")
        else:
            self._put([(title, "")], "  ", "    ")
            self._put([(rule.rjust(self.measure - 4) if self.width else rule, "dim")], "    ", "    ")

    def labelled(self, label: str, said: str, column: int, *, indent: int = 4) -> None:
        """A dim label and a paragraph beside it; nothing where there is nothing to say."""
        if said:
            self._put([(said, "")], " " * indent + label.ljust(column), " " * (indent + column))

    def proof(self, steps: list[Step]) -> None:
        """Messages and what is said to them: side by side where there is room for all of them, else below."""
        room = self.measure - 4 - LABEL
        column = max((cells(step.message) for step in steps), default=0) + 3
        beside = all(column + cells(step.verdict) <= room for step in steps)
        for number, step in enumerate(steps):
            label = "" if number else "proof"
            if beside:
                gap = " " * (column - cells(step.message))
                self.labelled(label, f"{step.message}{gap}{step.verdict}", LABEL)
            else:
                self.labelled(label, step.message, LABEL)
                self.hanging(step.verdict, 4 + LABEL + 2)

    def _put(self, parts: Sequence[Styled], first: str, rest: str) -> None:
        if self._console is None:
            self._out.write(_inert((first + "".join(said for said, _ in parts)).rstrip()) + "\n")
            return
        from rich.text import Text

        text = Text.assemble(*parts)
        lines: Iterable[Text] = [text]
        if self.width is not None:
            lines = text.wrap(self._console, self.width - max(len(first), len(rest)), overflow="fold")
        for number, line in enumerate(lines):
            line.rstrip()
            if _COMMAND.search(line.plain):
                line = Text(_inert(line.plain))
            whole = Text.assemble((rest if number else first, "dim"), line)
            self._console.print(whole, no_wrap=True, crop=False, overflow="ignore", soft_wrap=True)


def _inert(line: str) -> str:
    """The line with what a build server would obey spelled out."""
    return _COMMAND.sub(lambda found: f"{found[2]}\\x5b" if found[2] else f"{found[1]}\\x3a", line)


def cells(said: str) -> int:
    """How many columns a text takes: two for each wide character."""
    if said.isascii():
        return len(said)
    from rich.cells import cell_len

    return cell_len(said)
