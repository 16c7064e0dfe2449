"""An inventory as text for a terminal, as JSON, and as Markdown."""

from __future__ import annotations

import io
import json as json_text
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apiver.inventory.versions import Inventory
from apiver.inventory.warnings import relative_path

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.padding import Padding

    from apiver.inventory.routes import Route
    from apiver.inventory.versions import Version

    Rows = list[tuple[str, Route]]

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
                    "selection": _selection(version),
                    "routes": [_route(route) for route in version.routes],
                    "inherits": [
                        {"version": part.name, "method": route.method, "path": route.path}
                        for part in version.inherits
                        for route in part.routes
                    ],
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


def _selection(version: Version) -> dict[str, Any] | None:
    if version.selection is None:
        return None
    return {
        "default": version.selection.default,
        "sent": [
            {"location": one.location, "name": one.name, "value": one.value} for one in version.selection.sent
        ],
    }


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
        "pinned": {parameter.name: text for parameter, text in route.pinned},
        "host": route.host,
        "subdomain": route.subdomain,
        "strict_slashes": route.strict_slashes,
    }


def text(inventory: Inventory, *, width: int | None = None, color: bool = False) -> str:
    """The inventory for people: a table for each version, then what is unversioned, skipped and odd.

    `width` is in columns; None never wraps a line. Where a table is wider, all are split by blueprint, so
    that the names that their rows share are said once.
    """
    from rich.console import Console

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
    for section in _sections(inventory, console):
        console.print(section)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _sections(inventory: Inventory, console: Console) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text.assemble((plain(inventory.title), "bold"), f"  {plain(inventory.app)}")
    groups = [
        (
            version.name,
            version.how,
            [(relative_path(route, version), route) for route in version.routes],
            _inherited(version),
        )
        for version in inventory.versions
    ]
    if inventory.unversioned:
        groups.append(("no version", "", [(route.path, route) for route in inventory.unversioned], []))
    tables = [_whole_table(rows) for _, _, rows, _ in groups]
    whole = all(_fits(table, console) for table in tables)
    for (name, how, rows, inherited), table in zip(groups, tables, strict=True):
        yield Text()
        yield Text.assemble((plain(name), "bold cyan"), f"  {_count(len(rows))}  {plain(how)}")
        yield from [table] if whole else _tables_of_blueprints(rows)
        for line in inherited:
            yield _indented(line)
    if inventory.skipped:
        yield Text()
        yield Text("skipped", style="bold")
        for what, reason in inventory.skipped:
            yield _indented(f"{what}: {reason}")
    if inventory.warnings:
        yield Text()
        yield Text("warnings", style="bold yellow")
        for warning in inventory.warnings:
            said, *lines = warning.message.split("\n")
            yield _indented(said)
            if warning.where:
                yield _indented(warning.where, by=4, style="dim")
            for line in lines:
                yield _indented(line, by=6)


def _inherited(version: Version) -> list[str]:
    return [f"and {_count(len(part.routes))} of {part.name}, which it extends" for part in version.inherits]


def _indented(line: str, *, by: int = 2, style: str = "") -> Padding:
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(plain(line), style=style), (0, 0, 0, by))


def _whole_table(rows: Rows) -> Padding:
    return _table(
        ("method", "path", "endpoint", "view", "blueprint"),
        (
            (route.method, path, route.endpoint, route.where or "no source", route.blueprint or "")
            for path, route in rows
        ),
    )


def _fits(table: RenderableType, console: Console) -> bool:
    unlimited = console.options.update(width=_ANY_WIDTH)
    return console.measure(table, options=unlimited).maximum <= console.width


def _tables_of_blueprints(rows: Rows) -> Iterator[RenderableType]:
    for blueprint in dict.fromkeys(route.blueprint for _, route in rows):
        yield from _table_of_blueprint(blueprint, [row for row in rows if row[1].blueprint == blueprint])


def _table_of_blueprint(blueprint: str | None, rows: Rows) -> Iterator[RenderableType]:
    files = sorted({route.file for _, route in rows if route.file})
    folder = f"{os.path.commonpath(Path(file).parent for file in files)}{os.sep}" if files else ""
    title = f"blueprint {blueprint}" if blueprint else "no blueprint"
    yield _indented(f"{title}  {folder}".rstrip(), style="dim")
    chain = f"{blueprint}." if blueprint else ""
    yield _table(
        ("method", "path", "endpoint", "view"),
        (
            (
                route.method,
                path,
                route.endpoint.removeprefix(chain),
                (route.where or "no source").removeprefix(folder),
            )
            for path, route in rows
        ),
        header=False,
        indent=4,
    )


def _table(
    titles: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, header: bool = True, indent: int = 2
) -> Padding:
    from rich.padding import Padding
    from rich.table import Table

    table = Table(
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style="dim",
        show_edge=False,
        show_header=header,
    )
    for title in titles:
        table.add_column(title, overflow="fold", min_width=len("DELETE"))
    for row in rows:
        table.add_row(*(plain(cell) for cell in row))
    return Padding(table, (0, 0, 0, indent))


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
        for line in _inherited(version):
            lines += ["", _escaped(line)]
    if inventory.unversioned:
        lines += ["", "## No version", ""]
        lines += _markdown_table((route.path, route) for route in inventory.unversioned)
    if inventory.skipped:
        lines += ["", "## Skipped", ""]
        lines += [f"- {_code(what)}: {_escaped(reason)}" for what, reason in inventory.skipped]
    if inventory.warnings:
        lines += ["", "## Warnings", ""]
        for one in inventory.warnings:
            said, *advice = one.message.split("\n")
            lines.append(f"- {_escaped(said)}" + (f" ({_code(one.where)})" if one.where else ""))
            if advice:
                lines += ["", "  ```yaml", *(f"  {plain(line)}" for line in advice), "  ```", ""]
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
