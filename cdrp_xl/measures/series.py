"""A series of counts over time: its mean, its control limits, and the points that stand out from chance."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError

if TYPE_CHECKING:
    from collections.abc import Sequence

POINTS_FOR_LIMITS = 12
"""With fewer points limits are not to be trusted."""

RUN = 7
"""Points in a strict trend, and points on one side of the mean, that are a signal."""

_LIMITS = 2.66
_SCREEN = 3.267
_NEAR = 2 / 3
_WINDOW, _NEAR_IN_WINDOW = 3, 2
_LEAST = 2


class Signal(StrEnum):
    """Why a point is unlikely to be chance, in the order in which it is asked."""

    OUTSIDE = "outside the limits"
    TREND = "part of a trend"
    NEAR_LIMIT = "near a limit"
    SHIFT = "part of a run on one side of the mean"
    TOGETHER = "one of the latest three months, which together are outside their limits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The mean of a series, and the limits within which chance moves it. Units: as the series."""

    mean: float
    lower: float
    upper: float

    def near(self, side: int) -> float:
        """Return where the outer third begins: below the upper limit for side 1, above the lower for -1."""
        return self.mean + _NEAR * ((self.upper if side > 0 else self.lower) - self.mean)


def limits_of(values: Sequence[float], *, is_screened: bool = True) -> Limits:
    """Return the mean and the limits of a series: the mean, and 2.66 mean moving ranges to either side.

    Parameters
    ----------
    values
        Values over periods of equal length, in order, at least two. Unit: the series' own.
    is_screened
        Whether moving ranges over 3.267 times their mean are left out first.

    Raises
    ------
    CannotBeComputedError
        If there are fewer than two values.

    Notes
    -----
    docs/methods.md, "Months". Where nearly all ranges are 0, as of offences that are rare, none is left out: else both
    limits would be the mean, and every value outside them.
    """
    if len(values) < _LEAST:
        raise CannotBeComputedError(
            f"A control chart can't be drawn of {len(values)} {'point' if len(values) == 1 else 'points'}.",
            where="a monthly series",
            remedy="Add earlier months to the data.",
        )
    mean = sum(values) / len(values)
    ranges = [abs(later - earlier) for earlier, later in itertools.pairwise(values)]
    if is_screened:
        highest = _SCREEN * sum(ranges) / len(ranges)
        kept = [each for each in ranges if each <= highest]
        ranges = kept if any(kept) else ranges
    half = _LIMITS * sum(ranges) / len(ranges)
    return Limits(mean=mean, lower=mean - half, upper=mean + half)


def signals(values: Sequence[float], limits: Limits) -> list[tuple[Signal | None, int]]:
    """Return for each point its signal, and whether it points up (1) or down (-1).

    Parameters
    ----------
    values
        Values in order. Unit: the series' own.
    limits
        Their limits.

    Returns
    -------
    list of (Signal or None, int)
        The first that holds of: outside the limits; one of 7 in a strict trend; one of 2 in 3 points near the same
        limit, all three on its side of the mean; one of 7 on one side of the mean.

    Notes
    -----
    docs/methods.md, "Months".
    """
    sides = [(value > limits.mean) - (value < limits.mean) for value in values]
    outside = [(value > limits.upper) - (value < limits.lower) for value in values]
    asked = {
        Signal.OUTSIDE: outside,
        Signal.TREND: _trends(values),
        Signal.NEAR_LIMIT: _near_limits(values, limits, sides, outside),
        Signal.SHIFT: _runs(sides, RUN),
    }
    return [
        next(((signal, marks[place]) for signal, marks in asked.items() if marks[place]), (None, 0))
        for place in range(len(values))
    ]


def _trends(values: Sequence[float]) -> list[int]:
    """Mark every point of a run of 7 that rises or falls at each step; where two meet, by the later."""
    steps = [(later > earlier) - (later < earlier) for earlier, later in itertools.pairwise(values)]
    marks = [0] * len(values)
    for place, mark in enumerate(_runs(steps, RUN - 1)):
        if mark:
            marks[place] = marks[place + 1] = mark
    return marks


def _runs(sides: Sequence[int], length: int) -> list[int]:
    """Keep the sides that are part of a run of at least a length, 0 elsewhere."""
    marks: list[int] = []
    for side, run in itertools.groupby(sides):
        count = len(list(run))
        marks += [side if count >= length else 0] * count
    return marks


def _near_limits(values: Sequence[float], limits: Limits, sides: list[int], outside: list[int]) -> list[int]:
    near = [
        side if side and not out and (abs(value - limits.mean) > abs(limits.near(side) - limits.mean)) else 0
        for value, side, out in zip(values, sides, outside, strict=True)
    ]
    marks = [0] * len(values)
    for first in range(len(values) - _WINDOW + 1):
        window = range(first, first + _WINDOW)
        is_one_side = len({sides[place] for place in window}) == 1
        close = [place for place in window if near[place]]
        if is_one_side and len(close) >= _NEAR_IN_WINDOW:
            for place in close:
                marks[place] = near[place]
    return marks
