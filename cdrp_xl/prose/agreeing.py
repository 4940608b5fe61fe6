"""Whether a number as it is written agrees with a figure: exactly, as rounded, or as far as "about" and "nearly" go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdrp_xl.prose.catalogue import rounded
from cdrp_xl.prose.numerals import Kind

if TYPE_CHECKING:
    from cdrp_xl.prose.numerals import Number

_ABOUT = re.compile(
    r"\b(?:about|around|approximately|approx\.?|roughly|some|circa|closer? to|nearer(?: to)?|"
    r"in the region of)\s+(?:an? )?$",
    re.IGNORECASE,
)
_NEARLY = re.compile(
    r"\b(?:almost|nearly|just under|just below|not quite|approaching|close to)\s+(?:an? )?$",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:more than|over|just over|just above|at least|upwards of|above|exceed(?:ed|ing|s)?)\s+(?:an? )?$",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"\b(?:less than|fewer than|under|below|up to|at most|no more than)\s+(?:an? )?$",
    re.IGNORECASE,
)
_LOOSELY, _MANY = 0.03, 20
_NEAR, _FAR = 0.1, 0.25
_LOOSE = {Kind.PART: 0.06, Kind.TIMES: 0.05}


def agrees(number: Number, value: float, before: str) -> bool:
    """Return whether a number agrees with a value in its own unit: offences, per cent, times, a fraction, a place.

    Parameters
    ----------
    number
        As it is written.
    value
        The figure without its sign.
    before
        What is written before the number, whose last words may be "about", "nearly", "over" or "under".
    """
    said = number.value
    if _NEARLY.search(before):
        return said * (1 - _NEAR) <= value < said or _rounds(number, value)
    if _OVER.search(before):
        return said < value <= said * (1 + _FAR) or (said == value and "at least" in before[-20:])
    if _UNDER.search(before):
        return said * (1 - _FAR) <= value < said or (
            said == value and re.search(r"up to|at most|no more", before) is not None
        )
    if _ABOUT.search(before):
        return _rounds(number, value) or abs(value - said) <= said * _roughly(number)
    return _rounds(number, value, exact=number.kind is Kind.COUNT and not number.decimals)


def _rounds(number: Number, value: float, *, exact: bool = False) -> bool:
    if exact:
        return value == number.value
    if number.kind in _LOOSE and not number.decimals and (number.kind is Kind.PART or number.text.isalpha()):
        return abs(value - number.value) <= _LOOSE[number.kind] * number.value
    return rounded(value, number.decimals) == number.value


def _roughly(number: Number) -> float:
    """Return how far "about" reaches: half of the last place that is not a zero, as a share of the number."""
    if number.kind in _LOOSE:
        return _NEAR
    if number.decimals or not number.value or number.value % 1:
        return 0.01
    zeros = len(str(int(number.value))) - len(str(int(number.value)).rstrip("0"))
    return float(10**zeros) / 2 / number.value if zeros else _LOOSELY if number.value >= _MANY else 0
