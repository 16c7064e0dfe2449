"""`apiver verify`: requests that a contract allows are made of the app, and its answers held against it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from apiver.cli import loaded_app, settings_of, write_result
from apiver.cli.traffic import traffic_of
from apiver.errors import FINDING, UsageError

if TYPE_CHECKING:
    from apiver.inventory.loader import LoadedApp

_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.*)", re.DOTALL)


@click.command(
    epilog="\b\nExample:\n  apiver --app shop verify v1\n"
    "  apiver --app 'shop:create_app(\"testing\")' verify v1 --all-methods\n"
    "  apiver --app shop verify v1 --include '/orders*' --header 'Authorization: Bearer ...'"
)
@click.argument("version")
@click.option(
    "--all-methods",
    is_flag=True,
    help="Also make requests that change something: POST, PUT, PATCH, DELETE. The app may write to its "
    "database.",
)
@click.option("--include", multiple=True, metavar="PATTERN", help="Only paths like this: '/books*'.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="No paths like this.")
@click.option("--header", multiple=True, metavar="'NAME: VALUE'", help="A header of every request.")
@click.option(
    "--max-examples",
    metavar="N",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Requests for each operation.",
)
@click.option("--seed", metavar="N", type=int, default=0, show_default=True, help="Other requests.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the result is written.",
)
@click.option("--output", metavar="FILE", help="Write to a file instead of standard output.")
@click.pass_context
def verify(
    ctx: click.Context,
    version: str,
    all_methods: bool,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    header: tuple[str, ...],
    max_examples: int,
    seed: int,
    form: str,
    output: str | None,
) -> None:
    """Make requests that the contract of VERSION allows, and tell where the app does not do what it says.

    The views run, in this process. Without --all-methods only GET, HEAD and OPTIONS are asked.
    """
    from apiver.contract.shape import METHODS
    from apiver.contract.writing import as_json
    from apiver.inventory.surroundings import environment, folder, stdout_on_stderr
    from apiver.reading import contract, inspect
    from apiver.report.verification import verification_json, verification_text
    from apiver.verifying.verification import SAFE, Plan
    from apiver.verifying.verification import verify as tried

    _demand_schemathesis()
    methods = frozenset(METHODS) if all_methods else SAFE
    plan = Plan(methods, include, exclude, dict(_header(one) for one in header), max_examples, seed)
    traffic, settings = traffic_of(ctx), settings_of(ctx)
    loaded = loaded_app(ctx)
    document = contract(inspect(loaded), version, traffic=traffic)
    click.echo(f"the views of {document.name} are called: {_which(all_methods)}", err=True)
    with folder(settings.cwd), environment(settings.env), stdout_on_stderr():
        found = tried(document, _served(loaded), plan)
    if not found.operations and not found.untried:
        raise UsageError(
            f"no operation of {document.name} is left to be tried",
            remedy="see --include and --exclude"
            if include or exclude
            else "other methods than GET: --all-methods",
        )
    text = as_json(verification_json(found)) if form == "json" else verification_text(found)
    write_result(text, output)
    if found.lies:
        ctx.exit(FINDING)


def _which(all_methods: bool) -> str:
    if all_methods:
        return "all methods, so the app may write to its database"
    return "GET, HEAD and OPTIONS alone; --all-methods for the others"


def _demand_schemathesis() -> None:
    from importlib.util import find_spec

    if find_spec("schemathesis") is None:
        raise UsageError(
            "verify needs schemathesis, which is not installed", remedy="pip install 'flask-apiver[verify]'"
        )


def _header(text: str) -> tuple[str, str]:
    found = _HEADER.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            f"--header {text!r} is no header", remedy="write it as  --header 'Authorization: Bearer ...'"
        )
    return found[1], found[2]


def _served(loaded: LoadedApp) -> Any:
    """The app as a server would see it, with those that are mounted below it."""
    from werkzeug.exceptions import NotFound
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    mounts: dict[str, Any] = {prefix: app for prefix, app in loaded.mounts if prefix}
    if loaded.prefix:
        return DispatcherMiddleware(NotFound(), {loaded.prefix: loaded.app, **mounts})
    return DispatcherMiddleware(loaded.app, mounts) if mounts else loaded.app
