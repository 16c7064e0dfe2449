"""`apiver export`: the OpenAPI contract of a version, read out of the code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from apiver.cli import inventory_of, terminal, write_result
from apiver.cli.collector import without_collector
from apiver.cli.traffic import traffic_of
from apiver.errors import ApiverError, InputError, UsageError

if TYPE_CHECKING:
    from apiver.inventory import Inventory
    from apiver.reading.traffic.observations import Observations


@click.command(
    epilog="\b\nExample:\n  apiver --app shop export v1\n"
    "  apiver --app shop export v1 --output contracts/v1.yaml\n"
    "  apiver --app shop export --all --output-dir contracts"
)
@click.argument("version", required=False)
@click.option(
    "--openapi",
    type=click.Choice(["3.1", "3.0"]),
    default="3.1",
    show_default=True,
    help="The OpenAPI version that is written.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["yaml", "json"]),
    default="yaml",
    show_default=True,
    help="How the contract is written, or what is shown in its place.",
)
@click.option("--output", metavar="FILE", help="Write to a file instead of standard output.")
@click.option("--all", "every", is_flag=True, help="Export every version, one file for each.")
@click.option("--output-dir", metavar="DIR", help="Where --all puts its files.")
@click.option(
    "--explain",
    is_flag=True,
    help="Show how much is known, and what is not, where, why and what to do, instead of the contract.",
)
@click.option(
    "--drift",
    is_flag=True,
    help="Show where declarations and code disagree, instead of the contract; exit 1 if they do.",
)
@click.option(
    "--sources", is_flag=True, help="Keep the line of code of every part, not just of every operation."
)
@click.option("--unchecked", is_flag=True, hidden=True, help="Write the contract as it was read.")
@click.pass_context
def export(
    ctx: click.Context,
    version: str | None,
    openapi: str,
    form: str,
    output: str | None,
    every: bool,
    output_dir: str | None,
    explain: bool,
    drift: bool,
    sources: bool,
    unchecked: bool,
) -> None:
    """Write the OpenAPI contract of VERSION: what the app declares, and the code of its views for the rest.

    Every contract is validated before it is written. What could not be read says so in x-apiver-unknown.
    """
    _refuse_contradictions(version, every, output, output_dir, explain or drift)
    if explain and drift:
        raise UsageError(
            "--explain and --drift each take the place of the contract", remedy="give one of them"
        )
    ctx.with_resource(without_collector())
    traffic = traffic_of(ctx)
    inventory = inventory_of(ctx)
    names = [one.name for one in inventory.versions] if every else [version or ""]
    if every and not names:
        raise UsageError(
            "the app has no versions to export",
            where=f"in {inventory.app}",
            remedy="see what was found with  apiver inspect",
        )
    if explain:
        write_result(_explained(inventory, names, traffic, form, to_terminal=output is None), output)
        return
    if drift:
        _write_drift(ctx, inventory, names, traffic, form, output)
        return
    texts = {
        name: _text(inventory, name, traffic, openapi, form, sources, check=not unchecked) for name in names
    }
    if not every:
        write_result(texts[names[0]], output)
        return
    directory = _directory(output_dir or ".")
    for name, text in texts.items():
        path = directory / f"{_file_name(name)}.{form}"
        write_result(text, str(path))
        click.echo(f"wrote {path}", err=True)


def _refuse_contradictions(
    version: str | None, every: bool, output: str | None, output_dir: str | None, explain: bool
) -> None:
    if version is None and not every:
        raise UsageError(
            "export needs a version", remedy="apiver export v1, or  apiver export --all --output-dir DIR"
        )
    if version is not None and every:
        raise UsageError(f"export takes {version} or --all, not both")
    if every and output is not None and not explain:
        raise UsageError("--all writes several files", remedy="give --output-dir DIR instead of --output")
    if every and output_dir is None and not explain:
        raise UsageError("--all needs a directory", remedy="apiver export --all --output-dir contracts")
    if not every and output_dir is not None:
        raise UsageError("--output-dir belongs to --all", remedy="use --output FILE for one version")


def _directory(name: str) -> Path:
    path = Path(name)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{name} cannot be made: {error.strerror}", where=name) from None
    return path


def _file_name(version: str) -> str:
    return version.strip("/").replace("/", "-")


def _text(
    inventory: Inventory,
    name: str,
    traffic: Observations | None,
    openapi: str,
    form: str,
    sources: bool,
    *,
    check: bool,
) -> str:
    from apiver.contract.lowering import to_30
    from apiver.contract.validate import problems
    from apiver.contract.writing import as_json, as_yaml
    from apiver.reading import contract
    from apiver.reading.account import UNREAD, account
    from apiver.report.knowledge import sentence as known

    document = contract(inventory, name, traffic=traffic)
    share = known(account(document))
    for sentence in document.root.pop(UNREAD, ()):
        click.echo(f"warning: {sentence}", err=True)
    root = document.root if sources else _without_sources(document.root)
    if openapi == "3.0":
        root = to_30(root)
    found = problems(root) if check else ()
    if found:
        pointer, sentence = found[0]
        raise ApiverError(
            f"the contract of {document.name} that apiver made is not valid OpenAPI {openapi}",
            where=f"{pointer or '/'}: {sentence}",
            remedy="this is a defect of apiver: please report it; nothing was written",
        )
    if check:
        click.echo(share, err=True)
    return as_json(root) if form == "json" else as_yaml(root)


def _without_sources(root: dict[str, Any]) -> dict[str, Any]:
    """The contract with the source of each operation, and of every part that was only observed."""

    def strip(value: Any, depth: int) -> Any:
        if isinstance(value, list):
            return [strip(item, depth + 1) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            k: strip(v, depth + 1)
            for k, v in value.items()
            if k != "x-apiver-source" or depth == 2 or v.get("by") == "observed"
        }

    paths = {
        path: {method: strip(value, 2) for method, value in item.items()}
        for path, item in root["paths"].items()
    }
    return {key: paths if key == "paths" else strip(value, 9) for key, value in root.items()}


def _write_drift(
    ctx: click.Context,
    inventory: Inventory,
    names: list[str],
    traffic: Observations | None,
    form: str,
    output: str | None,
) -> None:
    from apiver.contract.writing import as_json
    from apiver.reading.build import read
    from apiver.report.drift import drift_json, drift_text

    found = {name: read(inventory, name, traffic=traffic).drift for name in names}
    write_result(as_json(drift_json(found)) if form == "json" else drift_text(found), output)
    if any(found.values()):
        ctx.exit(1)


def _explained(
    inventory: Inventory, names: list[str], traffic: Observations | None, form: str, *, to_terminal: bool
) -> str:
    from apiver.contract.writing import as_json
    from apiver.reading import contract
    from apiver.reading.account import account
    from apiver.report.knowledge import knowledge_json, knowledge_text

    accounts = [account(contract(inventory, name, traffic=traffic)) for name in names]
    if form == "json":
        return as_json(knowledge_json(accounts))
    return knowledge_text(accounts, terminal()[0] if to_terminal else None)
