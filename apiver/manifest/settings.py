"""What the manifest says of the app: how it is loaded, its title, its versions and how they are selected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from apiver.manifest.selector import Selector, read_selector
from apiver.manifest.source import Part, kind, read_source
from apiver.manifest.versions import VersionSettings, read_versions

TOP_LEVEL = ("apiver", "app", "title", "selector", "versions", "policy", "rules", "accepted")
"""The keys of a manifest. What is not read here is read by the rooms that need it."""

FORMAT = 1


@dataclass(frozen=True, slots=True)
class AppSettings:
    """How the app is loaded, and what is said of its versions.

    `import_name` is an import string as Flask takes it (`shop`, `shop:create_app`, `src/shop.py:app`).
    `args` and `kwargs` are handed to the factory. `env` is set while the app loads, `cwd` is the folder
    in which it loads, and `preload` a script that runs before it (absolute, or relative to `cwd`).
    `title` is the name of the API. `where` is the place in the manifest that says `app:`. `selector` is how a
    client names a version, and `versions` are those that the manifest names.
    """

    import_name: str | None = None
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str | None = None
    preload: str | None = None
    title: str | None = None
    where: str | None = None
    selector: Selector | None = None
    versions: tuple[VersionSettings, ...] = ()


def read_settings(path: str) -> AppSettings:
    """The settings in the manifest at `path`; relative folders in it are relative to the manifest's own.

    Raises InputError with file:line:column for broken YAML, wrong types and unknown keys.
    """
    top = read_source(path)
    folder = Path(path).resolve().parent
    if top is None:
        return AppSettings(cwd=str(folder))
    if not top.is_mapping:
        top.refuse("a manifest must be a mapping", 'begin it with  app: "package:create_app"')
    entries = top.only(TOP_LEVEL)
    if "apiver" in entries and entries["apiver"].value() != FORMAT:
        entries["apiver"].refuse(
            f"this manifest has format {entries['apiver'].node.value}, this apiver reads format {FORMAT}",
            f"write  apiver: {FORMAT}  or install the apiver that the manifest was made for",
        )
    title = entries["title"].text() if "title" in entries else None
    app = (
        _app(entries["app"], folder, title)
        if "app" in entries
        else AppSettings(None, cwd=str(folder), title=title)
    )
    return replace(app, versions=_versions(entries), selector=_selector(entries))


def _versions(entries: Mapping[str, Part]) -> tuple[VersionSettings, ...]:
    given = entries.get("versions")
    return () if given is None or given.is_null else read_versions(given)


def _selector(entries: Mapping[str, Part]) -> Selector | None:
    """The selector, checked against the versions that the manifest names."""
    given = entries.get("selector")
    if given is None:
        return None
    selector = read_selector(given)
    labels = [version.label for version in _versions(entries)]
    if selector.default is not None and labels and selector.default not in labels:
        given.entries()["default"].refuse(
            f"selector.default names {selector.default}, which is no version of this manifest",
            f"known here: {', '.join(labels)}",
        )
    for name, part in given.entries().items():
        if name != "default" and (label := _doubled(str(part.node.value), labels)) is not None:
            part.refuse(
                f"{part.path} with the version {label} would be v{label}",
                "write {version} for the label itself, or v{number}",
            )
    return selector


def _doubled(template: str, labels: list[str]) -> str | None:
    """The label that would get a second `v` in front of it."""
    if not re.search(r"(?<![A-Za-z])[vV]\{version\}", template):
        return None
    return next((label for label in labels if re.match(r"[vV]\d", label)), None)


def _app(app: Part, folder: Path, title: str | None) -> AppSettings:
    mark = app.node.start_mark
    where = f"{app.source.name}:{mark.line + 1}:{mark.column + 1}"
    if not app.is_mapping:
        return AppSettings(import_name=_import_name(app), cwd=str(folder), title=title, where=where)
    entries = app.only(("import", "args", "env", "cwd", "preload"))
    args, kwargs = _arguments(entries["args"]) if "args" in entries else ((), {})
    return AppSettings(
        import_name=_import_name(entries["import"]) if "import" in entries else None,
        args=args,
        kwargs=kwargs,
        env=_environment(entries["env"]) if "env" in entries else {},
        cwd=str(_folder(entries["cwd"], folder)) if "cwd" in entries else str(folder),
        preload=entries["preload"].text() if "preload" in entries else None,
        title=title,
        where=where,
    )


def _import_name(part: Part) -> str:
    if part.is_null or not part.node.value:
        part.refuse(f"{part.path} says nothing", 'name the app, for example  app: "shop:create_app"')
    if part.is_mapping or part.is_list:
        part.refuse(f"{part.path} must be a string, not {kind(part)}")
    return part.text()


def _arguments(part: Part) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Positional arguments from a list, keyword arguments from a mapping."""
    if part.is_list:
        return tuple(item.value() for item in part.items()), {}
    if not part.is_mapping:
        part.refuse(
            f"{part.path} must be a list or a mapping, not {kind(part)}",
            "positional arguments as [testing], keyword arguments as {config: testing}",
        )
    return (), {name: value.value() for name, value in part.entries().items()}


def _environment(part: Part) -> dict[str, str]:
    """The variables as they are written: `PORT: 5000` and `DEBUG: true` mean "5000" and "true"."""
    found = {}
    for name, value in part.entries().items():
        if value.is_null or value.is_mapping or value.is_list:
            value.refuse(f"{value.path} must be a string, not {kind(value)}", 'an empty value is written ""')
        found[name] = str(value.node.value)
    return found


def _folder(part: Part, beside: Path) -> Path:
    folder = beside / part.text()
    if not folder.is_dir():
        part.refuse(f"{part.path}: there is no folder {folder}", "it is taken relative to the manifest")
    return folder
