"""The command line: the options that all commands share, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from apiver import __version__
from apiver.errors import DEFECT, ApiverError, InputError

if TYPE_CHECKING:
    from apiver.inventory import Inventory, LoadedApp
    from apiver.manifest import AppSettings

MANIFEST = "apiver.yaml"
INTERRUPTED = 130
BROKEN_PIPE = 141

# Name, module that holds a click command of that name, and what `apiver --help` says about it.
# The text stands here so that the list can be shown without importing a single command.
_COMMANDS = {
    "inspect": ("apiver.cli.inspect", "Show the routes of the app by version."),
    "export": ("apiver.cli.export", "Write the OpenAPI contract of a version."),
    "record": ("apiver.cli.record", "Record the shapes of what an app takes and answers."),
    "verify": ("apiver.cli.verify", "Ask the app whether it does what its contract says."),
    "diff": ("apiver.cli.diff", "Say what changed between two contracts, with proof."),
    "changelog": ("apiver.cli.changelog", "Tell clients what changed, and how to move."),
    "rules": ("apiver.cli.rules", "List the rules that changes are named by, or explain one."),
}

_OPTIONS = "apiver.options"


@dataclass(frozen=True, slots=True)
class Options:
    """What was given before the command: app, manifest, how long loading may take, recorded traffic."""

    app: str | None = None
    manifest: str | None = None
    load_timeout: float = 30.0
    traffic: str | None = None


class CommandLine(click.Group):
    """A group that imports a command only when it runs, and turns every error into its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order of the table."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with that name, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(_COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in _COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for; what goes wrong is told on stderr."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException):
            raise
        except ApiverError as error:
            _tell(error)
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            # The reader has gone. What is still buffered must not be written when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            ctx.exit(BROKEN_PIPE)
        except Exception as error:  # noqa: BLE001 - the last resort for a defect of apiver
            _report_defect(ctx, error)


def _tell(error: ApiverError) -> None:
    """Say on stderr what went wrong; what a terminal would act on is spelled out."""
    from apiver.report.shown import shown

    click.secho("error", fg="red", bold=True, err=True, nl=False)
    click.echo(f": {shown(error.what)}", err=True)
    for part in (error.where, error.remedy):
        for line in part.split("\n") if part else ():
            click.echo(f"  {shown(line)}", err=True)


def _report_defect(ctx: click.Context, error: Exception) -> NoReturn:
    import tempfile
    import traceback

    text = "".join(traceback.format_exception(error))
    first = f"apiver failed: {type(error).__name__}: {error}".partition("\n")[0]
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="apiver-", suffix=".txt", delete=False
        ) as kept:
            kept.write(f"apiver {__version__}, Python {sys.version}\n{sys.argv}\n\n{text}")
    except OSError:
        click.echo(text, err=True)
        _tell(ApiverError(first, remedy="this is a defect of apiver: please report it with the text above"))
    else:
        _tell(
            ApiverError(
                first,
                where=f"the traceback is in {kept.name}",
                remedy="this is a defect of apiver: please report it with that file",
            )
        )
    ctx.exit(DEFECT)


@click.group(
    cls=CommandLine,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nExample:\n  apiver --app shop:create_app inspect\n  apiver --app shop diff v1 v2",
)
@click.option(
    "--app",
    metavar="IMPORT",
    help="The Flask app or factory, as Flask takes it: module, module:name or 'module:factory(argument)'. "
    "Without it: app in the manifest, FLASK_APP, wsgi.py, app.py.",
)
@click.option("--manifest", metavar="FILE", help=f"The manifest; {MANIFEST} where that is there.")
@click.option(
    "--load-timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    default=30.0,
    show_default=True,
    help="How long the app may take to load; 0 for no limit.",
)
@click.option(
    "--traffic",
    metavar="FILE",
    help="What `apiver record` has recorded; .apiver/traffic.json where that is there. none: do without.",
)
@click.version_option(__version__, prog_name="apiver", message="%(prog)s %(version)s")
@click.pass_context
def apiver(
    ctx: click.Context, app: str | None, manifest: str | None, load_timeout: float, traffic: str | None
) -> None:
    """Manage the versions of a Flask API.

    Reads the contract of each version out of the running code, and says what breaks between two of them.
    """
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    # In ctx.meta, because under `flask apiver` ctx.obj belongs to Flask.
    ctx.meta[_OPTIONS] = Options(app, manifest, load_timeout, traffic)


def options_of(ctx: click.Context) -> Options:
    """The options that were given before the command."""
    options: Options = ctx.meta.get(_OPTIONS, Options())
    return options


def inventory_of(ctx: click.Context) -> Inventory:
    """The inventory of the app that the command line, the manifest or the environment names.

    Raises AppLoadError where the app does not load, InputError where the manifest cannot be read.
    """
    from apiver.reading import inspect

    return inspect(loaded_app(ctx))


def loaded_app(ctx: click.Context) -> LoadedApp:
    """The app that the command line, the manifest or the environment names. Raises as `inventory_of` does."""
    import atexit

    try:
        return _load(ctx)
    finally:
        # Handlers run last first: this one before those that the app registered, whose output is not ours.
        atexit.register(_divert_stdout)


def settings_of(ctx: click.Context) -> AppSettings:
    """What the manifest says. Raises InputError where it cannot be read."""
    from apiver.manifest import AppSettings, read_settings

    options = options_of(ctx)
    manifest = options.manifest or (MANIFEST if Path(MANIFEST).exists() else None)
    return read_settings(manifest) if manifest else AppSettings()


def _load(ctx: click.Context) -> LoadedApp:
    from apiver.inventory.loader import load_app, load_with

    options, settings = options_of(ctx), settings_of(ctx)
    flask = ctx.find_root()
    if options.app is None and flask.obj is not None:
        from flask.cli import ScriptInfo

        if isinstance(flask.obj, ScriptInfo):
            if flask.get_parameter_source("app") is click.core.ParameterSource.COMMANDLINE:
                return load_app(flask.obj.app_import_path, settings=settings, timeout=options.load_timeout)
            if settings.import_name is None and flask.obj.create_app is not None:
                name = flask.info_name or "flask"
                return load_with(flask.obj.create_app, name, settings=settings, timeout=options.load_timeout)
    return load_app(options.app, settings=settings, timeout=options.load_timeout)


def _divert_stdout() -> None:
    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
        sys.stdout = sys.stderr
        os.dup2(2, 1)


def write_result(text: str, output: str | None) -> None:
    """Write a command's result to stdout, or to the file `output`: the whole of it or nothing.

    Raises InputError where the file cannot be written.
    """
    text = text if text.endswith("\n") else f"{text}\n"
    if output is None and sys.stdout is None:
        raise InputError(
            "there is no standard output to write to", remedy="write to a file with  --output FILE"
        )
    if output is None:
        # A sign that the encoding of stdout does not know is spelled out.
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        try:
            click.echo(text.encode(encoding, "backslashreplace").decode(encoding), nl=False)
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InputError(f"the result cannot be written: {error.strerror}") from None
        return
    path = Path(output).resolve()  # a link stays a link
    try:
        if Path(output).exists() and not path.is_file() and not path.is_dir():
            Path(output).write_text(text, encoding="utf-8")  # a device or a pipe cannot be replaced
        else:
            _replace(path, text)
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from None


def _replace(path: Path, text: str) -> None:
    import tempfile

    mode = path.stat().st_mode if path.exists() else 0o666 & ~_umask()
    made = tempfile.NamedTemporaryFile(  # noqa: SIM115 - it outlives the block that closes it
        "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=f".{path.name}.", delete=False
    )
    try:
        with made:
            made.write(text)
            made.flush()
            os.fsync(made.fileno())
        Path(made.name).chmod(mode)
        Path(made.name).replace(path)
    except BaseException:
        Path(made.name).unlink(missing_ok=True)
        raise


def terminal() -> tuple[int | None, bool]:
    """The width that text on stdout may take, None for any, and whether it may be coloured.

    COLUMNS gives the width where it is set; what is piped is never wrapped nor coloured.
    """
    import shutil

    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_terminal or os.environ.get("COLUMNS") else None
    color = is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return width, color


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
