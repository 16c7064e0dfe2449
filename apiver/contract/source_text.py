"""The text of a file as bytes, and which line and column a byte is in."""

from __future__ import annotations

from apiver.contract.document import Place
from apiver.errors import InputError

_BLOCK = 1 << 12
_CONTINUATION = bytes(range(0x80, 0xC0))  # the bytes of a UTF-8 character after its first


class SourceText:
    """A UTF-8 text whose byte offsets can be turned into places.

    `text` holds one character for each byte (Latin-1): JSON's own signs are ASCII, so it can be searched as
    it is, takes no more memory than the file, and offsets are byte offsets. The lines are counted in blocks,
    so that a place costs the same wherever in a large file it lies.
    """

    def __init__(self, raw: bytes, name: str) -> None:
        self.text = raw.decode("latin-1")
        self.name = name
        self._lines_before: list[int] = []

    def place(self, offset: int) -> Place:
        """The place of the byte at `offset`; columns count characters, lines end with a line feed."""
        text = self.text
        if not self._lines_before:
            counted = 0
            for start in range(0, len(text) + 1, _BLOCK):
                self._lines_before.append(counted)
                counted += text.count("\n", start, start + _BLOCK)
        block = offset // _BLOCK
        line = self._lines_before[block] + text.count("\n", block * _BLOCK, offset)
        start = text.rfind("\n", 0, offset) + 1
        return Place(self.name, line + 1, _characters(text[start:offset]) + 1)


def _characters(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text.encode("latin-1").translate(None, _CONTINUATION))


def decoded(raw: bytes, name: str) -> str:
    """The text as Unicode; raises InputError at the first byte that is not UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in raw[:4]:
            problem = "the file is UTF-16 or UTF-32, not UTF-8"
        else:
            problem = f"the file is not UTF-8: byte 0x{raw[error.start]:02x} is out of place"
        place = SourceText(raw, name).place(error.start)
        raise InputError(problem, where=str(place), remedy="save it as UTF-8") from None
