"""What texts hold, on one side and on the other: another schema, another media type, another encoding."""

from __future__ import annotations

from collections.abc import Iterator

from apiver.compare.schemas.branches import Content, Strings
from apiver.compare.schemas.gaps import Gap, Point
from apiver.compare.schemas.occurrences import Strays
from apiver.compare.sides.inner_text import is_json, text_holding

_READ_OTHERWISE = "nothing is rejected for it, but what is in the text is read in another way"


def content_gaps(strays: Strays, inner: Strings, outer: Strings, here: Point) -> Iterator[Gap]:
    """What `outer` says of the content of its texts and `inner` does not imply."""
    mine = next(iter(inner.contents), None)
    theirs = next(iter(outer.contents), None)
    for kind, key in (("content-media-type", "contentMediaType"), ("content-encoding", "contentEncoding")):
        before, after = (_point(each, key, here) for each in (mine, theirs))
        if before.value != after.value:
            yield Gap(kind, before, after, aside=_READ_OTHERWISE)
    if theirs is None or not theirs.schema or not is_json(theirs.media):
        return
    there = Point(f"{theirs.pointer}/contentSchema", theirs.schema[0].raw)
    if mine is None or not mine.schema or not is_json(mine.media):
        yield Gap("content-schema", here, there, iter(("string", "", "0", "null", "{}", '"x"', "[]")))
    elif (some := strays(mine.schema, theirs.schema)) is not None:
        before = Point(f"{mine.pointer}/contentSchema", mine.schema[0].raw)
        yield Gap("content-schema", before, there, (text_holding(value, mine.encoding) for value in some))


def _point(content: Content | None, key: str, here: Point) -> Point:
    value = None if content is None else content.media if key == "contentMediaType" else content.encoding
    return Point(f"{content.pointer}/{key}", value) if content is not None and value is not None else here
