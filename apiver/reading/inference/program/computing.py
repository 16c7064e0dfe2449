"""Functions that only compute: what they make of the same values is worked out once for all views."""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType, FunctionType

from werkzeug.local import LocalProxy

from apiver.reading.inference.frame import Arguments, Frame
from apiver.reading.inference.values.shapes import Known, Live, Tuple, Typed, Value, options

_Key = tuple[object, ...]


class Watch:
    """What a call may have left behind: taken before it, asked after it."""

    __slots__ = ("_cells", "_facts", "_mark", "_raised", "_touched", "key")

    def __init__(self, key: _Key, frame: Frame) -> None:
        self.key = key
        self._mark = frame.reader.journal.mark()
        self._raised = len(frame.raises)
        self._facts = frame.state.facts
        self._cells = dict(frame.state.heap)
        self._touched = frame.reader.touched

    def remember(self, value: Value, frame: Frame) -> None:
        """Keep `value` for the next call, if it is plain and the call left nothing behind."""
        heap = frame.state.heap
        if (
            _is_plain(value)
            and frame.reader.journal.mark() == self._mark
            and len(frame.raises) == self._raised
            and frame.state.facts == self._facts
            and frame.reader.touched == self._touched
            and all(heap.get(address) is cell for address, cell in self._cells.items())
        ):
            frame.reader.shared.computed[self.key] = value


def key_of(function: FunctionType, receiver: Value | None, arguments: Arguments, frame: Frame) -> _Key | None:
    """The key of a call of which the result may be kept; None where its values have parts of their own.

    A function that names a part of the request, or any other proxy, marks all calls around it.
    """
    if _touches(function, frame):
        frame.reader.touched += 1
        return None
    given = (*arguments.positional, *arguments.keywords.values())
    plain = receiver is None or isinstance(receiver, Live) or _is_plain(receiver)
    if not plain or arguments.open is not None or arguments.optional or arguments.spread:
        return None
    if not all(isinstance(value, Live) or _is_plain(value) for value in given):
        return None
    return (function, receiver, arguments.positional, tuple(arguments.keywords.items()))


def _is_plain(value: Value) -> bool:
    for option in options(value):
        if isinstance(option, Tuple):
            if not all(_is_plain(item) for item in option.items):
                return False
        elif isinstance(option, Typed):
            if option.when_true or option.when_false:
                return False
        elif not isinstance(option, Known):
            return False
    return not any(getattr(value, "given", ()))


def _touches(function: FunctionType, frame: Frame) -> bool:
    known = frame.reader.shared.touching.get(function)
    if known is None:
        names = set(_names(function.__code__))
        held = [function.__globals__[name] for name in names if name in function.__globals__]
        for cell in function.__closure__ or ():
            try:
                held.append(cell.cell_contents)
            except ValueError:  # the cell was never filled
                continue
        known = any(type(value) is LocalProxy or _is_flask(value) for value in held)
        frame.reader.shared.touching[function] = known
    return known


def _is_flask(value: object) -> bool:
    # `flask.g`, `flask.request` by way of the module.
    return type(value).__name__ == "module" and getattr(value, "__name__", "").partition(".")[0] == "flask"


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
