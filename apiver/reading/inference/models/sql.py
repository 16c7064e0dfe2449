"""SQL expressions: what a column or a function yields in the rows of a query, and under which name."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from apiver.reading.inference.frame import Arguments, argument
from apiver.reading.inference.models.members import column_value, is_model, model_attribute
from apiver.reading.inference.values.shapes import (
    NONE,
    Column,
    Expression,
    Field,
    Known,
    Listing,
    Live,
    Object,
    Record,
    Rows,
    Tuple,
    Typed,
    Unknown,
    Value,
    general,
    options,
    union,
)

AN_EXPRESSION = Unknown("an SQL expression")

_WHOLE = frozenset(
    [
        "count",
        "length",
        "char_length",
        "character_length",
        "row_number",
        "rank",
        "dense_rank",
        "ntile",
        "strpos",
    ]
)
_TEXT = frozenset(
    [
        "lower",
        "upper",
        "trim",
        "ltrim",
        "rtrim",
        "btrim",
        "replace",
        "substr",
        "substring",
        "left",
        "right",
        "initcap",
        "md5",
        "to_char",
        "string_agg",
        "group_concat",
        "strftime",
    ]
)
_MOMENTS = frozenset({"now", "current_timestamp", "localtimestamp", "sysdate"})
_SAME = frozenset(
    [
        "desc",
        "asc",
        "nullslast",
        "nullsfirst",
        "nulls_last",
        "nulls_first",
        "distinct",
        "over",
        "within_group",
        "filter",
        "collate",
        "self_group",
        "op",
        "correlate",
        "where",
    ]
)
_TESTS = frozenset(
    [
        "is_",
        "isnot",
        "is_not",
        "in_",
        "notin_",
        "not_in",
        "like",
        "ilike",
        "notlike",
        "not_like",
        "between",
        "startswith",
        "endswith",
        "contains",
        "any",
        "has",
        "match",
        "regexp_match",
        "is_distinct_from",
    ]
)
_AGGREGATES = frozenset(
    ["count", "sum", "max", "min", "avg", "array_agg", "string_agg", "group_concat", "bool_or", "bool_and"]
)


def is_sql(held: Any) -> bool:
    """Whether a live object is a mapped attribute or a column of a table."""
    return type(held).__name__ in ("InstrumentedAttribute", "Column", "MappedColumn")


def expression(value: Value) -> Expression | None:
    """`value` as an SQL expression; None where it is none."""
    if isinstance(value, Expression):
        return value
    held: Any = value.object if isinstance(value, Live) else None
    if type(held).__name__ == "InstrumentedAttribute" and isinstance(held.class_, type):
        found = model_attribute(held.class_, held.key) or Unknown("a column that is not known")
        return Expression(found, held.key, held.class_)
    if type(held).__name__ in ("Column", "MappedColumn"):
        column = getattr(held, "column", held)
        item = column_value(column.type)
        return Expression(union((item, NONE)) if column.nullable else item, column.name, object)
    if isinstance(value, Unknown):
        return Expression(value)
    if isinstance(value, Known | Typed):
        return Expression(general(value))
    return None


def entity(value: Value) -> tuple[Value, Column]:
    """What one argument of `select()` or `query()` yields in a row, and under which name."""
    held = value.object if isinstance(value, Live) else None
    if isinstance(held, type) and is_model(held):
        return Typed(held), Column(held.__name__, held)
    if isinstance(value, Typed):
        return value, Column(value.cls.__name__, value.cls)
    if isinstance(value, Rows):  # a scalar subquery
        first = value.item.items[0] if isinstance(value.item, Tuple) and value.item.items else value.item
        return union((first, NONE)), Column(None, None)
    found = expression(value)
    if found is None:
        return AN_EXPRESSION, Column(None, None)
    return found.item, Column(found.name, found.owner, found.grouped)


def selected(values: Iterable[Value]) -> Rows:
    """The rows of `select(A, B.name)`: each is a tuple with names."""
    given = tuple(values)
    found = [entity(value) for value in given]
    counted = [expression(value) for value in given if isinstance(value, Expression)]
    always = bool(given) and len(counted) == len(given) and all(one and one.aggregate for one in counted)
    return Rows(Tuple(tuple(item for item, _ in found), tuple(column for _, column in found)), always)


def outer(rows: Rows, target: Value) -> Rows:
    """The rows of an outer join: what comes of the joined side may be missing."""
    item = rows.item
    if not isinstance(item, Tuple):
        return rows
    cls = target.object if isinstance(target, Live) and isinstance(target.object, type) else None
    found = tuple(
        union((value, NONE))
        if column.grouped is not None or (column.owner is not None and cls in (None, column.owner))
        else value
        for value, column in zip(item.items, item.columns, strict=False)
    )
    # What a group has nothing of on the joined side adds up to null.
    columns = tuple(column._replace(grouped=None) for column in item.columns)
    return replace(rows, item=replace(item, items=found, columns=columns)) if item.columns else rows


def in_groups(rows: Rows) -> Rows:
    """The rows of a query with `group_by`: a group has a row, of which there is a sum."""
    item = rows.item
    if not isinstance(item, Tuple) or not item.columns:
        return replace(rows, always=False)
    found = tuple(
        value if column.grouped is None else column.grouped
        for value, column in zip(item.items, item.columns, strict=False)
    )
    return replace(rows, item=replace(item, items=found), always=False)


def sql_function(name: str, arguments: Arguments) -> Expression:
    """`func.NAME(...)`."""
    if name == "cast":
        first = expression(argument(arguments, 0, "element"))
        return _cast(first, argument(arguments, 1, "type_")) or Expression(AN_EXPRESSION)
    given = [found.item for value in arguments.positional if (found := expression(value)) is not None]
    made = _result(name, given, arguments)
    in_group = given[0] if given and name in ("sum", "max", "min") and not isinstance(made, Unknown) else None
    return Expression(made, aggregate=name in _AGGREGATES, grouped=in_group)


def _result(name: str, given: list[Value], arguments: Arguments) -> Value:
    first = given[0] if given else AN_EXPRESSION
    if name in _WHOLE:
        return (
            Typed(int)
            if name in ("count", "row_number", "rank", "dense_rank", "ntile")
            else _like(Typed(int), first)
        )
    if name in ("max", "min"):
        return union((first, NONE))
    if name == "sum":
        return union((first, NONE)) if _adds_up(arguments) else Unknown("the type of an SQL sum is not known")
    if name in ("coalesce", "ifnull"):
        present = [option for value in given for option in options(value) if option != NONE]
        return union(present if any(NONE not in options(value) for value in given) else [*present, NONE])
    if name in _TEXT:
        return union((_like(Typed(str), first), NONE) if name in _AGGREGATES else (_like(Typed(str), first),))
    if name == "concat":
        return Typed(str)
    if name in _MOMENTS:
        return Typed(datetime.datetime)
    if name == "date_trunc":
        return _like(Typed(datetime.datetime), given[1] if len(given) > 1 else NONE)
    if name == "current_date":
        return Typed(datetime.date)
    if name in ("bool_or", "bool_and"):
        return union((Typed(bool), NONE))
    if name == "array_agg":
        return union((Listing(first), NONE))
    if name == "nullif":
        return union((first, NONE))
    if name in ("abs", "greatest", "least"):
        return union(given) if given else AN_EXPRESSION
    return Unknown(f"the SQL function {name}() does not say what it yields")


def _like(made: Value, argument: Value) -> Value:
    """`made`, and null where the argument is null."""
    return union((made, NONE)) if NONE in options(argument) or isinstance(argument, Unknown) else made


def _adds_up(arguments: Arguments) -> bool:
    # A database gives the sum of large whole numbers as a decimal, so only these are certain.
    held = (
        arguments.positional[0].object
        if arguments.positional and isinstance(arguments.positional[0], Live)
        else None
    )
    if type(held).__name__ != "InstrumentedAttribute":
        return False
    column = getattr(getattr(held, "property", None), "columns", [None])[0]
    names = {parent.__name__ for parent in type(getattr(column, "type", None)).__mro__}
    return bool(names & {"Integer", "Numeric", "Float"}) and "BigInteger" not in names


def sql_call(name: str, arguments: Arguments) -> Value | None:
    """A function of SQLAlchemy itself that makes an expression; None where it makes none that is known."""
    first = expression(argument(arguments, 0, "element"))
    if name in ("cast", "type_coerce", "try_cast"):
        return _cast(first, argument(arguments, 1, "type_"))
    if (
        name in ("desc", "asc", "nulls_first", "nulls_last", "distinct", "over", "funcfilter")
        and first is not None
    ):
        return first
    if name in ("and_", "or_", "not_", "exists", "between", "true", "false"):
        return Expression(Typed(bool))
    if name == "literal" and first is not None:
        return replace(first, name=None)
    if name == "label":
        second = expression(argument(arguments, 1, "element"))
        return None if second is None else _named(second, argument(arguments, 0, "name"))
    if name == "extract":
        return Expression(Unknown("the type of an SQL EXTRACT depends on the database"))
    if name == "null":
        return Expression(NONE)
    if name == "case":
        return _case(arguments)
    if name == "inspect":
        return _inspected(argument(arguments, 0, "subject"))
    if name == "aliased":
        return argument(arguments, 0, "element")
    return None


def _inspected(subject: Value) -> Value | None:
    """`inspect(book).mapper` and `inspect(Book)`, as far as they lead to the columns of a model."""
    cls = subject.object if isinstance(subject, Live) else getattr(subject, "cls", None)
    mapper = cls.__dict__.get("__mapper__") if isinstance(cls, type) else None
    if mapper is None:
        return None
    return Live(mapper) if isinstance(subject, Live) else Object(SimpleNamespace, {"mapper": Live(mapper)})


def _case(arguments: Arguments) -> Expression:
    found: list[Value] = []
    for branch in arguments.positional:
        parts = branch.items if isinstance(branch, Tuple) else ()
        made = expression(parts[1]) if len(parts) == 2 else None
        found.append(made.item if made is not None else AN_EXPRESSION)
    other = expression(arguments.keywords["else_"]) if "else_" in arguments.keywords else None
    found.append(NONE if other is None else other.item)
    return Expression(union(found))


def _cast(first: Expression | None, kind: Value) -> Expression | None:
    held = kind.object if isinstance(kind, Live) else None
    if isinstance(kind, Typed) and kind.cls.__module__.startswith("sqlalchemy"):
        held = kind.cls
    try:
        made = column_value(held() if isinstance(held, type) else held)
    except Exception:  # noqa: BLE001 - a type that cannot be made without arguments says nothing
        return None
    name = None if first is None else first.name
    return Expression(_like(made, AN_EXPRESSION if first is None else first.item), name)


def _named(found: Expression, name: Value) -> Expression:
    known = name.value if isinstance(name, Known) and isinstance(name.value, str) else found.name
    return replace(found, name=known)


def expression_method(found: Expression, name: str, arguments: Arguments) -> Value:
    """A method of an SQL expression."""
    if name == "label":
        return _named(found, argument(arguments, 0, "name"))
    if name in _SAME:
        return replace(found, aggregate=found.aggregate and name != "over")
    if name in _TESTS:
        return Expression(Typed(bool))
    if name == "cast":
        return _cast(found, argument(arguments, 0, "type_")) or Expression(AN_EXPRESSION)
    if name == "concat":
        return replace(found, item=_like(Typed(str), found.item), name=None)
    return Expression(AN_EXPRESSION)


def columns_of(rows: Rows) -> dict[str, Value]:
    """The columns of a subquery by name: `sub.c.name`."""
    item = rows.item
    if not isinstance(item, Tuple):
        return {}
    pairs = zip(item.columns, item.items, strict=False)
    return {column.name: Expression(value, column.name, object) for column, value in pairs if column.name}


def row_fields(row: Tuple) -> dict[str, Value]:
    """The values of a row by the names of its columns."""
    return {column.name: value for column, value in zip(row.columns, row.items, strict=False) if column.name}


def row_record(row: Tuple) -> Record:
    """The mapping that a row is too. A column that nobody named has a name that SQLAlchemy makes up."""
    fields = {name: Field(value) for name, value in row_fields(row).items()}
    named = all(column.name for column in row.columns)
    return Record(fields, open=None if named else Unknown("a column of the row has no name"))
