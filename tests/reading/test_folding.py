"""Values that are known whole are computed with as they are; what is open anywhere is not."""

from __future__ import annotations

import pytest

from apiver.reading.inference.program.folding import Open, concrete
from apiver.reading.inference.values.shapes import Field, Known, Listing, Record, Tuple, Typed, Unknown
from apiver.reading.inference.values.state import State

NOWHERE = State({}, {})


def test_a_value_that_is_known_whole_is_made() -> None:
    inner = Listing(Known(1), (Known(1), Tuple((Known("a"), Known(None)))))
    assert concrete(Record({"a": Field(inner)}), NOWHERE) == {"a": [1, ("a", None)]}


@pytest.mark.parametrize(
    "value",
    [
        Record({"a": Field(Known(1), required=False)}),
        Record({"a": Field(Known(1))}, rest=Typed(int)),
        Record({"a": Field(Known(1))}, open=Unknown("it may have more")),
        Record({"a": Field(Typed(int))}),
        Listing(Known(1)),
        Typed(str),
    ],
)
def test_a_value_that_is_open_anywhere_is_not(value: object) -> None:
    with pytest.raises(Open):
        concrete(value, NOWHERE)  # type: ignore[arg-type]
