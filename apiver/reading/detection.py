"""The versions of an app that chooses them itself: its code is asked where nobody says how.

`request.headers.get("X-API-Version") == "2"` says that there is a version 2, and how a request gets it. The
code counts as clear where such a part of the request is called a version and is compared with two versions or
more; short of that, only what was seen is told.
"""

from __future__ import annotations

import inspect as inspection
import linecache
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from apiver.contract.document import Place
from apiver.inventory import Inventory, LoadedApp, Route, Warning
from apiver.inventory import inspect as told_versions
from apiver.inventory.advice import advice
from apiver.inventory.grouping import Told
from apiver.inventory.labels import is_label, is_number, natural_order
from apiver.inventory.variables import Variable, version_variable
from apiver.manifest import Selector, VersionSettings, Way
from apiver.manifest.selector import ACCEPT, NUMBER, VERSION

if TYPE_CHECKING:
    from apiver.reading.inference.frame import Choice, Shared

_NAME = re.compile(r"(?:.*[-_.])?(?:api)?v(?:er(?:sion)?)?", re.IGNORECASE)
_CALLED_SO = re.compile(
    r"""["'](?:\w+-)+version["']|["']HTTP_\w*VERSION["']|application/vnd|;\s*version="""
    r"""|(?:args|values|headers)\b[^\n]{0,40}["'](?:api_?)?v(?:er(?:sion)?)?["']""",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\((?:\?P<\w+>)?\\d\+?\)")
_IN_MEDIA_TYPE = re.compile(r"(?<=[.;=+-])(v?\d+(?:\.\d+)*)(?=$|[+;,-])")
_ORDER = (ACCEPT, "header", "query", "path")
_MOST_ROUTES = 200
_NO_VERSION = "999999"


@dataclass(slots=True)
class _Seen:
    """What the code does with one part of the request that may name the version.

    `template` is the beginning of the URL up to the segment that a variable stands in. `closed` says that the
    code answers any other version with errors alone.
    """

    location: str
    name: str
    place: Place
    template: str = VERSION
    texts: dict[str, None] = field(default_factory=dict)
    defaults: dict[str, None] = field(default_factory=dict)
    closed: bool = False


def inspect(loaded: LoadedApp | Flask) -> Inventory:
    """Every route of an app by version, as the manifest names these, else as its URLs or its code do.

    Nothing of the app is run or changed. Raises InputError where the manifest says what cannot be.
    """
    if isinstance(loaded, Flask):
        loaded = LoadedApp(loaded, loaded.name)
    found = told_versions(loaded)
    settings = loaded.settings
    routes = _open_routes(found)
    if settings.versions or not routes or not _may_choose(routes):
        return found
    seen = _seen(found, routes[:_MOST_ROUTES])
    told = _told(seen, settings.selector)
    # Where URLs name versions, a header that a hook looks at is as likely another way to the same ones.
    by_url = any(version.prefix for version in found.versions)
    ways = told.selector.ways if told is not None and told.selector is not None else ()
    if told is not None and (settings.selector is not None or not ways or not by_url):
        return told_versions(loaded, told)
    variables = any(one.location == "path" for one in seen)
    kept = [one for one in found.warnings if not (variables and one.kind == "version-in-variable")]
    return replace(found, warnings=(*kept, *map(_doubtful, seen)))


def _open_routes(inventory: Inventory) -> list[Route]:
    """The routes of which no version is known: those of none, and those of an app that has none at all."""
    implicit = [route for version in inventory.versions if not version.prefix for route in version.routes]
    return [*inventory.unversioned, *implicit]


def _may_choose(routes: list[Route]) -> bool:
    """Whether a file of the program holds a word that a choice of versions needs: most apps are done here."""
    if any(version_variable(route) is not None for route in routes):
        return True
    return any(_CALLED_SO.search("".join(linecache.getlines(file))) for file in _files(routes))


def _files(routes: list[Route]) -> Iterator[str]:
    own = {_package(route.app.import_name) for route in routes} - {"", "flask", "werkzeug"}
    folders = set()
    for route in routes:
        code = getattr(inspection.unwrap(route.handler), "__code__", None)
        if code is not None:
            own.add(_package(getattr(route.handler, "__module__", None) or ""))
            folders.add(Path(code.co_filename).parent)
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or not file.endswith(".py"):
            continue
        if _package(name) in own or Path(file).parent in folders:
            yield file


def _package(module: str) -> str:
    return module.partition(".")[0]


def _seen(inventory: Inventory, routes: list[Route]) -> list[_Seen]:
    """Every part of the request that the code takes for a version, in the order that a selector has."""
    from apiver.reading.build import packages
    from apiver.reading.inference.frame import Shared
    from apiver.reading.inference.program.calls import known_calls
    from apiver.reading.inference.program.source import Sources
    from apiver.reading.inference.views import read_view

    found: dict[tuple[str, str], _Seen] = {}
    shared: dict[Flask, Shared] = {}
    watched = frozenset(
        variable.parameter.name for route in routes if (variable := version_variable(route)) is not None
    )
    own = packages(inventory)
    for route in routes:
        if route.app not in shared:
            shared[route.app] = Shared(route.app, own, Sources(), *known_calls(), watched=watched)
        journal = read_view(route, shared[route.app]).journal
        for choice in journal.choices:
            location, name = _place(choice.subject.location, str(choice.subject.path[0]))
            variable = version_variable(route) if location == "path" else None
            known = variable is not None and name == variable.parameter.name
            known = known or (location in ("header", "query") and _NAME.fullmatch(name) is not None)
            if location != ACCEPT and not known:
                continue
            spelled = next((read.spelling for read in journal.reads if read.subject == choice.subject), name)
            template, constants = VERSION, choice.constants
            if variable is not None:
                template = "/".join([*route.path.split("/")[: variable.at + 1], VERSION])
                constants = tuple(f"{variable.before}{text}{variable.after}" for text in constants)
            key = (location, template if variable is not None else name)
            seen = found.setdefault(key, _Seen(location, spelled or name, choice.place, template))
            seen.template = _by_expression(choice) or seen.template
            seen.texts |= dict.fromkeys(constants)
            if variable is not None and not seen.closed:
                seen.closed = _refuses(_with_text(route, variable, _NO_VERSION), shared[route.app])
            given = [read.default for read in journal.reads if read.subject == choice.subject]
            for default in (choice.default, *given):
                if type(default) in (str, int, float):
                    seen.defaults[str(default)] = None
    return [
        one
        for one in sorted(found.values(), key=lambda one: (_ORDER.index(one.location), one.name))
        if _versions(one) or NUMBER in one.template
    ]


def _with_text(route: Route, variable: Variable, text: str) -> Route:
    rest = tuple(one for one in route.parameters if one is not variable.parameter)
    return replace(route, parameters=rest, pinned=((variable.parameter, text),))


def _refuses(route: Route, shared: Shared) -> bool:
    """Whether a view answers with nothing but errors."""
    from apiver.reading.inference.views import read_view

    statuses = [outcome.status for outcome in read_view(route, shared).outcomes]
    return all(status is not None and status >= 400 for status in statuses)


def _by_expression(choice: Choice) -> str | None:
    """The expression that Accept is held against as a template: it tells how versions are named, no more."""
    template = _GROUP.sub("\0", (choice.expression or "").strip("^$"))
    template = re.sub(r"\\([.+/-])", r"\1", template)
    plain = template.count("\0") == 1 and not re.search(r"[\\()\[\]*?|^$]", template)
    return template.replace("\0", NUMBER) if plain else None


def _place(location: str, name: str) -> tuple[str, str]:
    if (location, name) == ("header", "accept"):
        return ACCEPT, "Accept"
    return ("query" if location == "values" else location), name


def _versions(seen: _Seen) -> dict[str, tuple[str, str]]:
    """The versions among the texts: for each text its label and the template that it follows."""
    if seen.location != ACCEPT:
        texts = [*seen.texts, *seen.defaults]
        return {text: (text, seen.template) for text in texts if is_label(text) or is_number(text)}
    found = {}
    for text in seen.texts:
        parts = list(_IN_MEDIA_TYPE.finditer(text))
        if "/" in text and parts:
            last = parts[-1]
            found[text] = (last[1], f"{text[: last.start()]}{VERSION}{text[last.end() :]}")
    templates = [template for _, template in found.values()]
    usual = max(templates, key=templates.count) if templates else ""
    return {text: one for text, one in found.items() if one[1] == usual}


def _told(seen: list[_Seen], selector: Selector | None) -> Told | None:
    """How the versions are selected and which there are, where the code is clear about it.

    Where the manifest has a selector already, it is that one of which the versions are looked for.
    """
    if selector is not None:
        names = {(way.location, way.name.lower()) for way in selector.ways}
        seen = [one for one in seen if one.location == "path" or (one.location, one.name.lower()) in names]
    clear = [one for one in seen if _is_clear(one)]
    if not clear:
        return None
    spellings = [label for one in clear for label, _ in _versions(one).values()]
    # Labels have their v where every way has it.
    marked = all(label[:1] in "vV" for label in spellings)
    labels = {(label if marked else _bare(label)): None for label in spellings}
    ordered = sorted(labels, key=lambda label: (natural_order(label), label))
    versions = tuple(VersionSettings(label) for label in ordered)
    read = str(clear[0].place)
    if selector is not None:
        return Told(selector, versions, read)
    path = next((_way(one, marked).template for one in clear if one.location == "path"), None)
    ways = tuple(_way(one, marked) for one in clear if one.location != "path")
    defaults = [one for each in clear for one in each.defaults if each.location != "path"]
    default = next((label for label in ordered if _bare(label) in map(_bare, defaults)), None)
    return Told(Selector(path, ways, default), versions, read)


def _is_clear(seen: _Seen) -> bool:
    """Whether it is known which versions there are: two at least, or one where all others are refused."""
    found = {_bare(label) for label, _ in _versions(seen).values()}
    return len(found) > 1 or (len(found) == 1 and seen.closed)


def _bare(label: str) -> str:
    return label[1:] if re.match(r"[vV]\d", label) else label


def _way(seen: _Seen, marked: bool) -> Way:
    versions = list(_versions(seen).values())
    template = versions[0][1] if versions else seen.template
    if versions and not marked and all(label[:1] in "vV" for label, _ in versions):
        template = template.replace(VERSION, f"v{NUMBER}")
    return Way(seen.location, seen.name, template)


def _doubtful(seen: _Seen) -> Warning:
    """What to say of a part that may name a version, where the code does not say which there are."""
    labels = [label for label, _ in _versions(seen).values()]
    marked = not labels or labels[0][:1] in "vV"
    example = sorted({*labels, *(["v1", "v2"] if marked else ["1", "2"])}, key=natural_order)
    way = _way(seen, marked=True)
    selector = Selector(way.template, ()) if seen.location == "path" else Selector(None, (way,))
    where = f"the variable {seen.name}" if seen.location == "path" else str(way)
    return Warning(
        "selector-seen",
        f"the code looks for {', '.join(labels) or 'a version'} in {where}; "
        f"if that selects versions, say so in apiver.yaml:\n{advice(selector, example)}",
        str(seen.place),
    )
