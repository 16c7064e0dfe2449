"""Where the parts of a YAML text stand, noted while it is read."""

from __future__ import annotations

from array import array
from typing import Any

from apiver.contract.document import Place
from apiver.contract.pointer import split, step

# A mark is a line and a column in one number, both counted from 0.
_LINE = 32
_COLUMN = (1 << _LINE) - 1


class YamlPlaces:
    """The marks of every key and item of a document, eight bytes each, container by container."""

    def __init__(self, name: str, start: int) -> None:
        self._name = name
        self._start = start
        self._root: Any = None
        self._marks = array("Q")
        self._first: dict[int, int] = {}

    def note(self, container: dict[str, Any] | list[Any], marks: list[int]) -> None:
        """Keep the marks of the parts of `container`, in their order. The last one noted is the root."""
        self._root = container
        self._first[id(container)] = len(self._marks)
        self._marks.extend(marks)

    def of_parts(self, container: dict[str, Any] | list[Any]) -> array[int]:
        """The marks that were noted for `container`."""
        first = self._first[id(container)]
        return self._marks[first : first + len(container)]

    def locate(self, pointer: str) -> Place:
        """The place of a member's key or of an item; of the nearest part around it where there is none.

        Behind an alias or a merge key that is where the part is written out.
        """
        value, mark = self._root, self._start
        for token in split(pointer):
            try:
                part = step(value, token)
            except LookupError:
                break
            if id(value) not in self._first:
                break  # another document's part was put there
            index = int(token) if isinstance(value, list) else list(value).index(token)
            mark = self._marks[self._first[id(value)] + index]
            value = part
        return Place(self._name, (mark >> _LINE) + 1, (mark & _COLUMN) + 1)


def packed(line: int, column: int) -> int:
    """A mark as one number."""
    return line << _LINE | column
