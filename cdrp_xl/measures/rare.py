"""A row with few offences: not how many a month, but how many months lie between one and the next."""

from __future__ import annotations

import itertools
import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures.chance import exact_p
from cdrp_xl.measures.distributions import poisson_below
from cdrp_xl.measures.months import LATEST
from cdrp_xl.measures.series import POINTS_FOR_LIMITS, RUN
from cdrp_xl.terms import Direction

if TYPE_CHECKING:
    from collections.abc import Sequence

GAPS_FOR_LIMITS = 8
"""With fewer gaps between offences nothing is said to stand out."""

_TAIL = 0.00135
"""What lies above the upper limit of three sigma of a normal distribution. Unit: fraction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The months from one offence to the next, or, for the last, to the end of the series without another.

    `side` is 1 where it is longer than usual, -1 where it is one of seven that are shorter than most; 0 otherwise.
    """

    months: int
    is_open: bool
    side: int
    is_improvement: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RareChart:
    """The gaps between offences.

    Attributes
    ----------
    mean, upper
        The gaps' mean and upper limit, None where there are too few. Unit: months.
    latest_side
        1 where the latest three months together have more offences than the months before make likely, -1 where they
        have fewer, else 0.
    """

    gaps: tuple[Gap, ...]
    mean: float | None
    upper: float | None
    latest_side: int


def is_rare(counts: Sequence[int]) -> bool:
    """Return whether more than half of the months are without an offence."""
    return 2 * sum(count == 0 for count in counts) > len(counts)


def rare_chart(counts: Sequence[int], *, direction: Direction) -> RareChart:
    """Return the gaps between the offences of a row that has few.

    Parameters
    ----------
    counts
        Month by month, the oldest first. Unit: offences.
    direction
        Which way is an improvement: fewer offences are longer gaps.

    Returns
    -------
    RareChart
        Two offences in one month have a gap of 0. Units: months.

    Notes
    -----
    docs/methods.md, "Rows with few offences": the g chart (Benneyan 2001), with the limit at the quantile of the
    geometric distribution that three sigma are of a normal one, and runs of seven below its median. What came before
    the first offence is not a gap, so that one offence after many empty months says nothing; the gap that is still open
    is one only once it is longer than usual. The latest three months together are compared with those before by the
    exact test.

    Examples
    --------
    >>> chart = rare_chart([1, 0, 0, 1, 0, 2], direction=Direction.REDUCE)
    >>> [gap.months for gap in chart.gaps], chart.upper
    ([3, 2, 0, 0], None)
    """
    places = [place for place, count in enumerate(counts) for _ in range(count)]
    closed = [later - earlier for earlier, later in itertools.pairwise(places)]
    still = [len(counts) - 1 - places[-1]] if places else []
    if len(closed) < GAPS_FOR_LIMITS:
        gaps = _gaps(closed, still, [0] * len(closed + still), direction)
        return RareChart(gaps=gaps, mean=None, upper=None, latest_side=_latest_side(counts))
    mean = statistics.fmean(closed)
    longer = math.log(mean / (1 + mean)) if mean else -math.inf
    upper = max(0.0, math.log(_TAIL) / longer - 1)
    median = max(0.0, math.log(0.5) / longer - 1)
    sides = _short_runs(closed, median)
    sides = [1 if months > upper else side for months, side in zip(closed, sides, strict=True)]
    sides += [int(months > upper) for months in still]
    gaps = _gaps(closed, still, sides, direction)
    return RareChart(gaps=gaps, mean=mean, upper=upper, latest_side=_latest_side(counts))


def month_limit(counts: Sequence[int]) -> int:
    """Return the most offences that a month of a row with few may have by chance in the counts. Unit: offences.

    Parameters
    ----------
    counts
        Month by month. Unit: offences.

    Notes
    -----
    docs/methods.md, "Rows with few offences": the quantile of a Poisson count that three sigma are of a normal one.

    Examples
    --------
    >>> month_limit([0] * 35 + [1])
    1
    """
    mean = statistics.fmean(counts)
    return next(count for count in itertools.count() if 1 - poisson_below(count, mean) <= _TAIL)


def _latest_side(counts: Sequence[int]) -> int:
    """Return which way the latest three months together are outside three sigma of those before, by the exact test."""
    before, latest = sum(counts[:-LATEST]), sum(counts[-LATEST:])
    months = len(counts) - LATEST
    if months < POINTS_FOR_LIMITS or exact_p(before, latest, exposures=(months, LATEST)) >= 2 * _TAIL:
        return 0
    return 1 if latest * months > before * LATEST else -1


def _short_runs(gaps: Sequence[int], median: float) -> list[int]:
    """Mark with -1 the gaps that are part of a run of seven below the median."""
    marks: list[int] = []
    for is_short, run in itertools.groupby(gaps, key=lambda months: months < median):
        count = len(list(run))
        marks += [-1 if is_short and count >= RUN else 0] * count
    return marks


def _gaps(closed: Sequence[int], still: Sequence[int], sides: Sequence[int], direction: Direction) -> tuple[Gap, ...]:
    wanted = 1 if direction is Direction.REDUCE else -1
    return tuple(
        Gap(
            months=months,
            is_open=place >= len(closed),
            side=side,
            is_improvement=side == wanted if side else None,
        )
        for place, (months, side) in enumerate(zip([*closed, *still], sides, strict=True))
    )
