"""From an import string to the object that it names: Flask's own rules, and what they leave out.

The rules are those of `flask --app` (`module`, `module:name`, `module:factory(args)`, `path/file.py:name`).
Beyond them a name may be dotted, the object may be a WSGI wrapper around a Flask app, and a
manifest may hold the factory's arguments.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Flask
from flask.cli import prepare_import

from apiver.errors import AppLoadError
from apiver.inventory.frames import place
from apiver.inventory.mounts import flask_apps
from apiver.inventory.views import definition_of

_APP_NAMES = ("app", "application")
_FACTORY_NAMES = ("create_app", "make_app")
_CONVENTIONAL_FILES = ("wsgi.py", "app.py")
_LOOKS_LIKE_FACTORY = re.compile(r"(create|make|build|get|init)_?\w*(app|server|api)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """An import string taken apart: the module or file, the name in it, and arguments for the factory."""

    module: str
    name: str | None = None
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    called: bool = False

    def __str__(self) -> str:
        return f"{self.module}:{self.name}" if self.name else self.module


def parse(import_name: str) -> Target:
    """Take `module:name(args)` apart. Raises AppLoadError where it is no such thing."""
    module, _, expression = _split(import_name.strip())
    remedy = "write it as  package.module:app  or  package.module:create_app('argument')"
    if not module:
        raise AppLoadError(f"the import string {import_name!r} names no module", remedy=remedy)
    if not expression:
        return Target(module)
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError:
        raise AppLoadError(
            f"{expression!r} in {import_name!r} is not a name or a call", remedy=remedy
        ) from None
    function, args, kwargs = (
        (tree.func, tree.args, tree.keywords) if isinstance(tree, ast.Call) else (tree, [], [])
    )
    if not _is_dotted_name(function):
        raise AppLoadError(f"{expression!r} in {import_name!r} is not a name or a call", remedy=remedy)
    try:
        return Target(
            module,
            ast.unparse(function),
            tuple(ast.literal_eval(arg) for arg in args),
            {keyword.arg: ast.literal_eval(keyword.value) for keyword in kwargs if keyword.arg},
            called=isinstance(tree, ast.Call),
        )
    except ValueError:
        raise AppLoadError(
            f"the arguments in {import_name!r} are not plain values",
            remedy="strings, numbers, lists and dicts can be given; for more, write a small wsgi.py",
        ) from None


def _split(import_name: str) -> tuple[str, str, str]:
    # A colon before a slash belongs to a Windows drive.
    module, *rest = re.split(r":(?![\\/])", import_name, maxsplit=1)
    return module.strip(), ":", rest[0].strip() if rest else ""


def _is_dotted_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _is_dotted_name(node.value))


def conventional() -> Target:
    """What Flask takes where nothing is named: `wsgi.py`, then `app.py`, in the working directory."""
    for file in _CONVENTIONAL_FILES:
        if Path(file).exists():
            return Target(file)
    seen = _modules_with_an_app()
    raise AppLoadError(
        "no app was named, and there is no wsgi.py or app.py here",
        where=str(Path.cwd()),
        remedy=f"name it:  apiver --app {seen[0] if seen else 'MODULE:NAME'} ...  or  app:  in apiver.yaml"
        + (f"\nmodules here that make a Flask app: {', '.join(seen[:5])}" if seen else ""),
    )


def _modules_with_an_app() -> list[str]:
    files = [*Path().glob("*.py"), *Path().glob("*/__init__.py"), *Path().glob("src/*/__init__.py")]
    found = []
    for file in sorted(files)[:200]:
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if re.search(r"\bFlask\(", text):
            found.append(str(file.parent if file.name == "__init__.py" else file))
    return found


def import_module(target: Target) -> ModuleType:
    """Import the module of a target; the working directory is put on `sys.path` as Flask does it.

    Whatever the module raises comes through unchanged.
    """
    if target.module.endswith(".py") and not Path(target.module).is_file():
        raise AppLoadError(f"there is no file {target.module}", where=f"looked in {Path.cwd()}")
    name = prepare_import(target.module)
    importlib.invalidate_caches()
    return importlib.import_module(name)


def find(module: ModuleType, target: Target) -> object:
    """The object that the target names in its module: a Flask app or something that leads to one.

    Calls a factory; what the factory raises comes through unchanged. AppLoadError where nothing is found.
    """
    if target.name is None:
        return _best(module, target)
    found: object = module
    for attribute in target.name.split("."):
        if not hasattr(found, attribute):
            raise _no_such_name(module, target)
        found = getattr(found, attribute)
    if flask_apps(found):
        return found
    if inspect.isfunction(found) or (target.called and callable(found)):
        return _call(found, module, target)
    raise AppLoadError(
        f"{target} is {_article(type(found).__name__)}, not a Flask app",
        where=_file(module),
        remedy=_candidates(module),
    )


def _best(module: ModuleType, target: Target) -> object:
    """Flask's search: `app`, `application`, the only Flask object, `create_app()`, `make_app()`."""
    for name in _APP_NAMES:
        if flask_apps(getattr(module, name, None)):
            return getattr(module, name)
    apps = [name for name, value in vars(module).items() if isinstance(value, Flask)]
    if len({id(vars(module)[name]) for name in apps}) > 1:
        raise AppLoadError(
            f"{target} holds several Flask apps: {', '.join(apps)}",
            where=_file(module),
            remedy=f"say which:  --app {target.module}:{apps[0]}",
        )
    if apps:
        return vars(module)[apps[0]]
    for name in _FACTORY_NAMES:
        factory = getattr(module, name, None)
        if inspect.isfunction(factory):
            return _call(factory, module, Target(target.module, name, target.args, target.kwargs))
    raise AppLoadError(f"no Flask app was found in {target}", where=_file(module), remedy=_candidates(module))


def _call(factory: Callable[..., object], module: ModuleType, target: Target) -> object:
    where = place(definition_of(inspect.unwrap(factory))) or _file(module)
    try:
        # Not through decorators: one of them may fill in arguments.
        inspect.signature(factory, follow_wrapped=False).bind(*target.args, **target.kwargs)
    except TypeError as error:
        raise _wrong_arguments(factory, target, where, str(error)) from None
    except ValueError:
        pass  # a callable that has no signature is called on trust
    made = factory(*target.args, **target.kwargs)
    if flask_apps(made):
        return made
    if made is None:
        raise AppLoadError(
            f"the factory {target} returned nothing",
            where=where,
            remedy="a factory ends with  return app",
        )
    raise AppLoadError(
        f"the factory {target} returned {_article(type(made).__name__)}, not a Flask app",
        where=where,
        remedy=_candidates(module),
    )


def _wrong_arguments(
    factory: Callable[..., object], target: Target, where: str | None, why: str
) -> AppLoadError:
    parameters = inspect.signature(factory).parameters.values()
    needed = [
        one.name
        for one in parameters
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    example = ", ".join(f"{name}='...'" for name in needed)
    remedy = (
        f'give them:  --app "{target}({example})"\nor in apiver.yaml:  '
        f"app: {{import: {target}, args: {{{', '.join(f'{name}: ...' for name in needed)}}}}}"
    )
    if not target.args and not target.kwargs:
        names = ", ".join(repr(name) for name in needed)
        what = f"the factory {target} needs the argument{'s' if len(needed) > 1 else ''} {names}"
    else:
        what = f"the factory {target} cannot be called with the arguments given: {why}"
    return AppLoadError(what, where=where, remedy=remedy)


def _no_such_name(module: ModuleType, target: Target) -> AppLoadError:
    return AppLoadError(
        f"the module {module.__name__} has no {target.name}", where=_file(module), remedy=_candidates(module)
    )


def _candidates(module: ModuleType) -> str:
    """What in a module could have been meant."""
    apps, factories = [], []
    for name, value in vars(module).items():
        if name.startswith("_"):
            continue
        if flask_apps(value):
            apps.append(name)
        elif inspect.isfunction(value) and (name in _FACTORY_NAMES or _makes_an_app(name, value)):
            factories.append(f"{name}()")
    if not apps and not factories:
        return f"nothing in {module.__name__} is a Flask app or looks like a factory; name another module"
    return f"could it be {' or '.join(f'{module.__name__}:{one}' for one in [*apps, *factories])}?"


def _makes_an_app(name: str, function: Callable[..., object]) -> bool:
    returns = getattr(function, "__annotations__", {}).get("return")
    annotated = returns in ("Flask", "flask.Flask") or (
        isinstance(returns, type) and issubclass(returns, Flask)
    )
    return annotated or bool(_LOOKS_LIKE_FACTORY.match(name))


def _file(module: ModuleType) -> str | None:
    file = getattr(module, "__file__", None)
    return place((file, 1)) if file else None


def _article(type_name: str) -> str:
    return f"{'an' if type_name[0].lower() in 'aeiou' else 'a'} {type_name}"
