"""Which names may be written down: those that the program itself spells, and no others.

The key of a mapping may be a customer's name as well as the name of a property, and nothing about the word
tells which. What tells is the code: a property that an app answers with stands somewhere in it, as a text, a
keyword or an attribute, and a customer does not. So nothing comes into the store that does not stand in the
source of the program or of a library that works with Flask.
"""

from __future__ import annotations

import glob
import re
import sys
import sysconfig
from collections.abc import Iterator
from types import CodeType, ModuleType
from typing import Any

_NAME = re.compile(r"[$@_]?[^\W\d][\w$.:-]{0,63}")
_DATA = re.compile(r"\d{4}|[0-9a-f]{2}-[0-9a-f]{2}-|^(?=[a-f]*\d)[0-9a-f]{8,}$", re.IGNORECASE)
_SQL = re.compile(r"\s*(?:select|insert|update|create|alter|with|delete)\s", re.IGNORECASE)
_CREATE = re.compile(r"create\s+(?:\w+\s+)?table\s[^;]*", re.IGNORECASE)
_QUOTED = re.compile(r"'[^']*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_FILES, _SIZE = 50, 1 << 20
_WORD = re.compile(r"[^\W\d]\w{0,63}")
_MEDIA = re.compile(r"[a-zA-Z]+/[\w!#$&^.+-]+")
_TESTS = re.compile(r"(?:^|\.)(?:tests?|testing|conftest|test_\w+|\w+_tests?)(?:\.|$)")

# Libraries that answer for an app without importing Flask: what they call the parts of an error.
_ANSWERING = frozenset({"marshmallow", "pydantic", "pydantic_core", "webargs"})
_SILENT = frozenset({"apiver", "flask", "werkzeug", "jinja2", "click", "sitecustomize", "usercustomize"})


class Words:
    """The names that the modules loaded so far spell; modules that come later are read when a name is new."""

    def __init__(self) -> None:
        self._views: set[str] = set()
        self._folders: set[str] = set()
        self._read: set[str] = set()
        self._loaded = -1
        self._own: set[str] = set()
        self._media: set[str] = set()
        self._libraries: set[str] = set()
        self._decided: dict[str, bool] = {}

    def belong(self, views: set[str], folder: str) -> None:
        """Count these modules as the program's own, even where they look like tests: views stand in them.

        `folder` is that of the app: the columns of tables that `.sql` files in it create are names too.
        """
        if folder not in self._folders:
            self._folders.add(folder)
            for text in _tables(folder):
                self._own.update(folded(word) for word in _sql_words(text))
            self._decided.clear()
        if not views <= self._views:
            self._views |= views
            self._loaded = -1

    def is_name(self, word: str) -> bool:
        """Whether a key is a property's name: spelled by the program or by a library that answers for it."""
        self._refresh()
        known = self._decided.get(word)
        if known is None:
            known = looks_like_a_name(word) and (self.is_own(word) or folded(word) in self._libraries)
            if len(self._decided) < 100_000:
                self._decided[word] = known
        return known

    def is_own(self, word: str) -> bool:
        """Whether the program itself spells the word; `first_name` is taken for `firstName` too."""
        self._refresh()
        return folded(word) in self._own

    def is_text(self, media: str) -> bool:
        """Whether the program or such a library spells the media type."""
        self._refresh()
        return media in self._media

    def _refresh(self) -> None:
        if len(sys.modules) == self._loaded:
            return
        self._loaded = len(sys.modules)
        self._decided.clear()
        libraries: dict[str, list[CodeType]] = {}
        for name, module in list(sys.modules.items()):
            top = name.partition(".")[0]
            if name in self._read or top in _SILENT:
                continue
            kind = _kind(module)
            if kind == "own" and _TESTS.search(name) and name not in self._views:
                continue  # what tests spell is data as often as names
            self._read.add(name)
            code = _code(name, module) if kind else None
            if code is None:
                continue
            if kind == "own":
                self._take(code, self._own)
            else:
                libraries.setdefault(top, []).append(code)
        for top, codes in libraries.items():
            if top in _ANSWERING or any("flask" in code.co_names for code in codes):
                for code in codes:
                    self._take(code, self._libraries)

    def _take(self, code: CodeType, names: set[str]) -> None:
        for text in _texts(code):
            if _NAME.fullmatch(text):
                names.add(folded(text))
            elif _MEDIA.fullmatch(text):
                self._media.add(text.lower())
            elif _SQL.match(text):
                names.update(folded(word) for word in _sql_words(text))


def looks_like_a_name(word: str) -> bool:
    """Whether a word could be a property's name: no number, no UUID, no hash, no address, no sentence."""
    return _NAME.fullmatch(word) is not None and not _DATA.search(word)


def folded(word: str) -> str:
    """A word without the differences between `first_name`, `firstName` and `First-Name`."""
    return word.replace("_", "").replace("-", "").lower()


def _kind(module: ModuleType | None) -> str:
    """Whether a module is the program's own, a library's, or neither ('')."""
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or not file.endswith((".py", ".pyc")):
        return ""
    if "site-packages" in file or "dist-packages" in file:
        return "library"
    return "" if file.startswith(_standard()) else "own"


def _standard() -> tuple[str, ...]:
    return tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib")})


def _code(name: str, module: Any) -> CodeType | None:
    loader: Any = getattr(getattr(module, "__spec__", None), "loader", None) or getattr(
        module, "__loader__", None
    )
    try:
        if hasattr(loader, "get_code"):
            code = loader.get_code(name)
        else:  # pytest's own way to import tests, and apps that stand in them
            with open(module.__file__, "rb") as source:  # noqa: PTH123 - pathlib may be patched here
                code = compile(source.read(), module.__file__, "exec", dont_inherit=True)
    except Exception:  # noqa: BLE001 - a loader may be anything; such a module spells nothing
        return None
    return code if isinstance(code, CodeType) else None


def _sql_words(text: str) -> list[str]:
    """The words of a statement, without those in texts: these are data."""
    return _WORD.findall(_QUOTED.sub(" ", text))


def _tables(folder: str) -> Iterator[str]:
    """What creates tables in the `.sql` files of a folder and of the folders in it."""
    files = sorted(glob.glob(f"{glob.escape(folder)}/*.sql") + glob.glob(f"{glob.escape(folder)}/*/*.sql"))  # noqa: PTH207
    for file in files[:_FILES]:
        try:
            with open(file, encoding="utf-8", errors="replace") as source:  # noqa: PTH123
                yield from _CREATE.findall(source.read(_SIZE))
        except OSError:
            continue


def _texts(code: CodeType) -> Iterator[str]:
    """Every name and every text in the code."""
    todo: list[Any] = [code]
    while todo:
        value = todo.pop()
        if isinstance(value, CodeType):
            todo += [value.co_consts, value.co_names, value.co_varnames, value.co_cellvars, value.co_freevars]
        elif isinstance(value, tuple | frozenset):
            todo += value
        elif isinstance(value, str):
            yield value
