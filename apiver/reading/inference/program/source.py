"""The syntax tree of a live function: each file is parsed once, nothing is imported or run."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import CodeType, FunctionType

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_MUTATORS = frozenset(
    [
        "append",
        "extend",
        "insert",
        "pop",
        "popitem",
        "remove",
        "clear",
        "update",
        "setdefault",
        "add",
        "discard",
        "sort",
        "reverse",
        "appendleft",
        "difference_update",
        "intersection_update",
    ]
)


@dataclass(frozen=True, eq=False)
class SourceFile:
    """One parsed file. `name` is how messages call it: relative where it lies below the working directory."""

    name: str
    tree: ast.Module | None

    @cached_property
    def functions(self) -> dict[tuple[int, str], list[FunctionNode]]:
        """Every function by the line at which its code object begins, and its name."""
        found: dict[tuple[int, str], list[FunctionNode]] = {}
        for node in ast.walk(self.tree) if self.tree else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                found.setdefault((first, node.name), []).append(node)
            elif isinstance(node, ast.Lambda):
                found.setdefault((node.lineno, "<lambda>"), []).append(node)
        return found

    @cached_property
    def mutated(self) -> frozenset[str]:
        """The names that some statement of this file changes in place or rebinds through `global`."""
        return frozenset(_mutated(self.tree)) if self.tree else frozenset()


def _mutated(tree: ast.Module) -> Iterator[str]:
    inside = [node for node in tree.body if not isinstance(node, ast.Assign | ast.AnnAssign)]
    for top in inside:
        for node in ast.walk(top):
            if isinstance(node, ast.Global):
                yield from node.names
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in _MUTATORS and isinstance(node.func.value, ast.Name):
                    yield node.func.value.id
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
                if isinstance(node.value, ast.Name):
                    yield node.value.id
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                yield node.target.id


@dataclass(slots=True)
class Sources:
    """The files that were parsed so far."""

    _files: dict[str, SourceFile] = field(default_factory=dict)
    _generators: dict[FunctionNode, bool] = field(default_factory=dict)

    def file(self, path: str) -> SourceFile:
        """The parsed file at `path`; its tree is None where there is no readable source."""
        if path not in self._files:
            try:
                tree = ast.parse("".join(linecache.getlines(path))) if linecache.getlines(path) else None
            except (SyntaxError, ValueError):
                tree = None
            self._files[path] = SourceFile(_relative(path), tree)
        return self._files[path]

    def function(self, function: FunctionType) -> FunctionNode | None:
        """The syntax of `function`, or None: no source, or two lambdas on its line."""
        code = function.__code__
        found = self.file(code.co_filename).functions.get((code.co_firstlineno, code.co_name), [])
        if len(found) > 1:
            found = [node for node in found if _parameters(node) == _code_parameters(code)]
        return found[0] if len(found) == 1 else None

    def is_generator(self, node: FunctionNode) -> bool:
        """Whether a function yields."""
        if node not in self._generators:
            self._generators[node] = any(
                isinstance(part, ast.Yield | ast.YieldFrom) for part in _own_nodes(node)
            )
        return self._generators[node]


def _own_nodes(node: FunctionNode) -> Iterator[ast.AST]:
    """The nodes of a function without those of the functions inside of it."""
    todo: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
    while todo:
        part = todo.pop()
        yield part
        if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            todo += ast.iter_child_nodes(part)


def _parameters(node: FunctionNode) -> tuple[str, ...]:
    arguments = node.args
    return tuple(a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))


def _code_parameters(code: CodeType) -> tuple[str, ...]:
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _relative(path: str) -> str:
    absolute = Path(path)
    try:
        return absolute.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except (OSError, ValueError):
        return path
