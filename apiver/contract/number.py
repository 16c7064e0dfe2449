"""Numbers as JSON and YAML write them, kept exact where a float would round them."""

from __future__ import annotations

import re
from decimal import Decimal
from math import isinf

EXACT_DIGITS = 15  # every decimal number of so many digits survives the way through a double
LONGEST = 308  # the digits of the largest whole number that a double holds

TOO_LARGE = "this number is too large for JSON"
_SIGNS = str.maketrans("", "", "+-.")


def integer(text: str) -> int:
    """An integer literal, exact; raises ValueError where it is beyond every double."""
    if len(text.lstrip("+-0")) > LONGEST:
        raise ValueError(TOO_LARGE)
    return int(text)


def fraction(text: str) -> float | int:
    """A literal with a point or an exponent.

    A whole number that a double cannot hold (`9007199254740993.0`) comes back as an int. Raises
    ValueError where the number is beyond every double (`1e999`): it could not be written down again.
    """
    value = float(text)
    if isinf(value):
        raise ValueError(TOO_LARGE)
    mantissa = re.split("[eE]", text, maxsplit=1)[0].translate(_SIGNS)
    if EXACT_DIGITS < len(mantissa) <= LONGEST and value.is_integer():
        exact = Decimal(text)
        if exact == exact.to_integral_value():
            return int(exact)
    return value
