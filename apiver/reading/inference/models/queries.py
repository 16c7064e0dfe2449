"""SQLAlchemy and Flask-SQLAlchemy: which model the rows of a query are."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from typing import Any

from werkzeug.exceptions import NotFound

from apiver.reading.inference.frame import Arguments, Frame, Read, argument
from apiver.reading.inference.models.sql import entity, in_groups, outer, row_record, selected
from apiver.reading.inference.requests.columns import note_column
from apiver.reading.inference.values.facts import Subject
from apiver.reading.inference.values.shapes import (
    NONE,
    Known,
    Listing,
    Live,
    Method,
    Object,
    Page,
    Rows,
    Tuple,
    Typed,
    Value,
    options,
    union,
)

_SAME = frozenset(
    [
        "filter",
        "filter_by",
        "where",
        "order_by",
        "options",
        "distinct",
        "select_from",
        "execution_options",
        "with_for_update",
        "unique",
        "yield_per",
        "populate_existing",
        "params",
        "autoflush",
        "reset_joinpoint",
        "union",
        "union_all",
        "except_",
        "intersect",
        "correlate",
        "prefix_with",
    ]
)
_ONE_OR_NONE = frozenset({"first", "fetchone", "one_or_none", "scalar_one_or_none", "get", "scalar"})
_ONE = frozenset({"one", "scalar_one", "get_one"})
_OR_404 = frozenset({"get_or_404", "first_or_404", "one_or_404"})
_NOTHING = frozenset(
    [
        "add",
        "add_all",
        "commit",
        "delete",
        "flush",
        "rollback",
        "refresh",
        "expire",
        "expunge",
        "close",
        "merge",
        "remove",
        "begin",
        "begin_nested",
        "create_all",
        "drop_all",
        "expire_all",
        "bulk_save_objects",
        "no_autoflush",
    ]
)


def rows_method(rows: Rows, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """A method of a query, a select or a result."""
    if name == "filter_by":
        for key, value in arguments.keywords.items():
            for option in options(_scalar(rows.item)):
                if isinstance(option, Typed):
                    note_column(option.cls, key, value, frame, node)
        return rows
    if name in ("outerjoin", "join"):
        outside = name == "outerjoin" or _is_true(arguments, "isouter")
        rows = replace(rows, always=False)
        return (
            outer(rows, argument(arguments, 0, "target")) if outside or _is_true(arguments, "full") else rows
        )
    if name in ("add_columns", "add_column"):
        return _with_columns(rows, arguments)
    if name == "mappings":
        item = rows.item
        return replace(rows, item=row_record(item)) if isinstance(item, Tuple) and item.columns else rows
    if name in ("subquery", "cte", "alias", "scalar_subquery", "as_scalar", "lateral", "label"):
        return rows
    if name == "group_by":
        return in_groups(rows)
    if name in ("having", "limit", "offset", "slice"):
        return replace(rows, always=False)
    if name in _SAME:
        return rows
    if name == "scalars":
        return replace(rows, item=_scalar(rows.item))
    if name in _OR_404:
        frame.may_raise(Object(NotFound, {}), frame.place(node))
        return rows.item
    if name in ("scalar", "scalar_one_or_none"):
        return _scalar(rows.item) if rows.always else union((_scalar(rows.item), NONE))
    if name == "scalar_one":
        return _scalar(rows.item)
    if name in _ONE_OR_NONE:
        return rows.item if rows.always else union((rows.item, NONE))
    if name in _ONE:
        return rows.item
    if name in ("all", "fetchall", "partitions", "fetchmany"):
        return frame.allocate(Listing(rows.item))
    if name in ("count", "delete", "update"):
        return Typed(int)
    if name == "exists":
        return Typed(bool)
    if name in ("with_entities", "with_only_columns", "add_entity"):
        return selected(arguments.positional)
    if name == "paginate":
        return paginate(rows.item, arguments, frame, node)
    return frame.unknown(f"the query method {name} is not read yet", node)


def _scalar(item: Value) -> Value:
    return item.items[0] if isinstance(item, Tuple) and item.items else item


def _is_true(arguments: Arguments, name: str) -> bool:
    return arguments.keywords.get(name, Known(False)) != Known(False)


def _with_columns(rows: Rows, arguments: Arguments) -> Rows:
    more = selected(arguments.positional).item
    held = rows.item if isinstance(rows.item, Tuple) else selected((rows.item,)).item
    assert isinstance(more, Tuple) and isinstance(held, Tuple)
    return Rows(Tuple((*held.items, *more.items), (*held.columns, *more.columns)))


def select(arguments: Arguments) -> Value:
    """`select(A, B.name)`: each row is a tuple."""
    return selected(arguments.positional)


def is_session(cls: type) -> bool:
    """Whether `cls` is a SQLAlchemy session or a proxy of one."""
    return any(
        parent.__module__.startswith("sqlalchemy.orm") and parent.__name__ in ("Session", "scoped_session")
        for parent in cls.__mro__
    )


def session_method(name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """A method of a session."""
    first = argument(arguments, 0, "entity")
    if name in ("get", "get_one"):
        found = entity(first)[0]
        return union((found, NONE)) if name == "get" else found
    if name in ("execute", "scalars", "scalar"):
        rows = (
            first if isinstance(first, Rows) else Rows(frame.unknown("it comes from an SQL statement", node))
        )
        return rows if name == "execute" else rows_method(rows, name, Arguments(), frame, node)
    if name == "query":
        rows = selected(arguments.positional)
        return Rows(_scalar(rows.item)) if len(arguments.positional) == 1 and _is_class(first) else rows
    if name == "merge":
        return first
    if name in _NOTHING:
        return NONE
    return frame.unknown(f"the session method {name} is not read yet", node)


def _is_class(value: Value) -> bool:
    return isinstance(value, Live) and isinstance(value.object, type)


def is_extension(owner: Any) -> bool:
    """Whether `owner` is a Flask-SQLAlchemy object (`db`)."""
    return any(parent.__module__.startswith("flask_sqlalchemy") for parent in type(owner).__mro__)


def extension_attribute(owner: Any, name: str) -> Value | None:
    """`db.name`: what the object holds itself, then what it hands on from SQLAlchemy."""
    if any(name in vars(parent) for parent in type(owner).__mro__) or name in vars(owner):
        return None
    for module in ("sqlalchemy", "sqlalchemy.orm"):
        held = getattr(sys.modules.get(module), name, None)
        if held is not None:
            return Live(held)
    return None


def extension_method(name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value | None:
    """A method of a Flask-SQLAlchemy object; None where it is not one about rows."""
    first = argument(arguments, 0, "entity")
    if name == "get_or_404":
        frame.may_raise(Object(NotFound, {}), frame.place(node))
        return entity(first)[0]
    if name in ("first_or_404", "one_or_404"):
        frame.may_raise(Object(NotFound, {}), frame.place(node))
        return _scalar(first.item) if isinstance(first, Rows) else frame.unknown("an SQL statement", node)
    if name == "paginate":
        item = _scalar(first.item) if isinstance(first, Rows) else frame.unknown("an SQL statement", node)
        return paginate(item, Arguments((), arguments.keywords), frame, node)
    return NONE if name in _NOTHING else None


def paginate(item: Value, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`paginate(page, per_page, error_out)`: reads ?page and ?per_page itself where they are not given."""
    for position, name in enumerate(("page", "per_page")):
        if arguments.get(position, name) in (None, NONE):
            subject = Subject("query", (name,))
            default = 1 if name == "page" else 20
            frame.reader.journal.reads.append(Read(subject, frame.place(node), int, default, spelling=name))
    if argument(arguments, 2, "error_out", Known(True)) != Known(False):
        frame.may_raise(Object(NotFound, {}), frame.place(node))
    return Page(item)


def page_attribute(page: Page, name: str) -> Value:
    """An attribute of a page."""
    if name == "items":
        return Listing(page.item)
    if name in ("total", "pages", "page", "per_page", "first", "last"):
        return Typed(int)
    if name in ("has_next", "has_prev"):
        return Typed(bool)
    if name in ("next_num", "prev_num"):
        return union((Typed(int), NONE))
    return Method(page, name)
