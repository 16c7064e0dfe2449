"""An inventory as text for a terminal, as JSON, and as Markdown."""

from __future__ import annotations

import io
import json as json_text
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from apiver.inventory.versions import Inventory
from apiver.inventory.warnings import relative_path

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from apiver.inventory.routes import Route

_ANY_WIDTH = 100_000


def json(inventory: Inventory) -> str:
    """The whole inventory as one JSON object; its keys are described in docs/inspect.md and stay."""
    return json_text.dumps(
        {
            "apiver": "1",
            "app": inventory.app,
            "title": inventory.title,
            "versions": [
                {
                    "name": version.name,
                    "label": version.label,
                    "base": version.base,
                    "prefix": version.prefix,
                    "how": version.how,
                    "routes": [_route(route) for route in version.routes],
                }
                for version in inventory.versions
            ],
            "unversioned": [_route(route) for route in inventory.unversioned],
            "skipped": [{"what": what, "reason": reason} for what, reason in inventory.skipped],
            "warnings": [
                {"kind": one.kind, "message": one.message, "where": one.where, "version": one.version}
                for one in inventory.warnings
            ],
        },
        indent=2,
        ensure_ascii=False,
        default=repr,
    )


def _route(route: Route) -> dict[str, Any]:
    return {
        "method": route.method,
        "path": route.path,
        "rule": route.rule,
        "endpoint": route.endpoint,
        "blueprint": route.blueprint,
        "file": route.file,
        "line": route.line,
        "parameters": [
            {"name": one.name, "converter": one.converter, "schema": one.schema} for one in route.parameters
        ],
        "defaults": dict(route.defaults),
        "host": route.host,
        "subdomain": route.subdomain,
        "strict_slashes": route.strict_slashes,
    }


def text(inventory: Inventory, *, width: int | None = None, color: bool = False) -> str:
    """The inventory for people: a table for each version, then what is unversioned, skipped and odd.

    `width` is in columns; None never wraps a line.
    """
    from rich.console import Console, Group

    out = io.StringIO()
    console = Console(
        file=out,
        width=width or _ANY_WIDTH,
        force_terminal=color,
        color_system="auto" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.print(Group(*_sections(inventory)))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _sections(inventory: Inventory) -> Iterable[RenderableType]:
    from rich.text import Text

    yield Text.assemble((plain(inventory.title), "bold"), f"  {plain(inventory.app)}")
    for version in inventory.versions:
        yield Text()
        yield Text.assemble(
            (plain(version.name), "bold cyan"), f"  {_count(len(version.routes))}  {plain(version.how)}"
        )
        yield _table((relative_path(route, version), route) for route in version.routes)
    if inventory.unversioned:
        yield Text()
        yield Text.assemble(("no version", "bold"), f"  {_count(len(inventory.unversioned))}")
        yield _table((route.path, route) for route in inventory.unversioned)
    if inventory.skipped:
        yield Text()
        yield Text("skipped", style="bold")
        for what, reason in inventory.skipped:
            yield Text(f"  {plain(what)}: {plain(reason)}")
    if inventory.warnings:
        yield Text()
        yield Text("warnings", style="bold yellow")
        for warning in inventory.warnings:
            yield Text(f"  {plain(warning.message)}")
            if warning.where:
                yield Text(f"    {plain(warning.where)}", style="dim")


def _table(rows: Iterable[tuple[str, Route]]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    for title in ("  method", "path", "endpoint", "view", "blueprint"):
        table.add_column(title, overflow="fold")
    for path, route in rows:
        table.add_row(
            f"  {plain(route.method)}",
            plain(path),
            plain(route.endpoint),
            plain(route.where or "no source"),
            plain(route.blueprint or ""),
        )
    return table


def _count(number: int) -> str:
    return f"{number} operation{'' if number == 1 else 's'}"


def plain(value: str) -> str:
    """A string of the app's with its control characters shown instead of obeyed."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda found: f"\\x{ord(found[0]):02x}", value)


def markdown(inventory: Inventory) -> str:
    """The inventory as Markdown, a table for each version."""
    lines = [f"# {_escaped(inventory.title)}", "", f"App: {_code(inventory.app)}"]
    for version in inventory.versions:
        lines += [
            "",
            f"## {_escaped(version.name)}",
            "",
            f"{_count(len(version.routes))}, {_escaped(version.how)}",
            "",
        ]
        lines += _markdown_table((relative_path(route, version), route) for route in version.routes)
    if inventory.unversioned:
        lines += ["", "## No version", ""]
        lines += _markdown_table((route.path, route) for route in inventory.unversioned)
    if inventory.skipped:
        lines += ["", "## Skipped", ""]
        lines += [f"- {_code(what)}: {_escaped(reason)}" for what, reason in inventory.skipped]
    if inventory.warnings:
        lines += ["", "## Warnings", ""]
        lines += [
            f"- {_escaped(one.message)}" + (f" ({_code(one.where)})" if one.where else "")
            for one in inventory.warnings
        ]
    return "\n".join(lines) + "\n"


def _markdown_table(rows: Iterable[tuple[str, Route]]) -> list[str]:
    lines = ["| Method | Path | Endpoint | View | Blueprint |", "|---|---|---|---|---|"]
    for path, route in rows:
        cells = [route.method, path, route.endpoint, route.where or "", route.blueprint or ""]
        lines.append(f"| {' | '.join(_code(cell) if cell else '' for cell in cells)} |")
    return lines


def _code(value: str) -> str:
    """Inline code that may stand in a table cell, whatever it holds (GFM 4.10, CommonMark 6.1)."""
    value = plain(value).replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", value)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if longest else ""
    return f"{fence}{padding}{value}{padding}{fence}"


def _escaped(value: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", plain(value))
