"""The count at the year's end, as an interval that has held its promise on other areas' past years."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures.chance import happened
from cdrp_xl.measures.distributions import t_quantile, t_tails
from cdrp_xl.measures.movement import Basis
from cdrp_xl.terms import Direction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.measures.movement import Movement

YEARS = 3
"""Whole years before the one projected that are looked at, at most."""

RISE = 1.01
"""How many times its level the rest of a year is taken to have: without it, targets were met less often than stated."""

_WANDERING = 0.0015
"""How far the level wanders in a month: the variance of its logarithm. With it the level of many offences is taken from
the latest months, and that of few from all years.
"""

_DEGREES_OF_A_KIND = 3.5
"""Degrees of freedom where the usual movement is other areas': of rows of one kind some move far more than others."""

_TAIL = 0.025
_SURE = 1e-12
_ADDED = 0.5
_ANSCOMBE = 0.375
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class YearEnd:
    """The whole year's count, as far as it can be known. Units: offences; `chance` is a fraction.

    Attributes
    ----------
    lower, upper
        Bounds of 95% of what may come.
    middle
        As likely to be passed as not.
    chance
        The chance that the target is met: 0 where it no longer can be, 1 where it already is, and never either of
        these otherwise.
    years
        How many whole years the season was taken from.
    """

    lower: int
    middle: int
    upper: int
    chance: float
    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rest:
    """What is still to come: its middle, and what its rate varies by. Unit: offences; `alpha` is a fraction.

    A negative binomial count, on the scale on which all of these vary alike (Anscombe 1948), by Student's t.
    """

    middle: float
    alpha: float
    degrees: float

    def _scaled(self, count: float) -> float:
        return 2 * math.asinh(math.sqrt(self.alpha * (count + _ANSCOMBE))) / math.sqrt(self.alpha)

    def quantile(self, share: float) -> int:
        """Return the smallest count that at least a share of what may come does not exceed."""
        at = max(self._scaled(self.middle) + t_quantile(share, self.degrees), 0.0)
        count = math.sinh(at * math.sqrt(self.alpha) / 2) ** 2 / self.alpha - _ANSCOMBE
        return max(0, math.ceil(count - _ADDED))

    def chance_below(self, count: int) -> float:
        """Return the chance of fewer than a count, which is 1 or more."""
        value = self._scaled(count - _ADDED) - self._scaled(self.middle)
        tail = t_tails(value, self.degrees) / 2
        return tail if value < 0 else 1 - tail


def project(
    *, years: Sequence[Sequence[int]], to_date: Sequence[int], movement: Movement, target: int, direction: Direction
) -> YearEnd:
    """Return the year's count if its offences go on at their latest level, with the season of the years before.

    Parameters
    ----------
    years
        The whole years before, the latest last, each month by month or quarter by quarter. Unit: offences.
    to_date
        The months or quarters of the year so far, one at least and fewer than all. Unit: offences.
    movement
        How much the row usually moves.
    target
        The count that the year is to stay below, or, where a rise is wanted, to exceed. Unit: offences.
    direction
        Which way the count is wanted to move.

    Returns
    -------
    YearEnd
        With a 95% prediction interval, which is the wider the fewer years there are.

    Raises
    ------
    CannotBeComputedError
        If there is no whole year before.

    Notes
    -----
    docs/methods.md, "The year's end": exponential smoothing (Hyndman and Athanasopoulos), with the constant of Muth
    (1960) for a level that wanders by a known amount, on counts with their season divided out, which is pooled over the
    years. The rate of what is to come varies by what the level and the season are uncertain by, and the usual movement.
    The constants were chosen on 16 London boroughs up to 2018; docs/calibration.md has the coverage on the others and
    on later years.

    Examples
    --------
    >>> from cdrp_xl.measures.movement import of_kind
    >>> from cdrp_xl.terms import Kind
    >>> end = project(
    ...     years=[[30] * 12] * 3,
    ...     to_date=[30] * 6,
    ...     movement=of_kind(Kind.BURGLARY),
    ...     target=400,
    ...     direction=Direction.REDUCE,
    ... )
    >>> end.lower, end.middle, end.upper, round(end.chance, 2)
    (278, 362, 511, 0.79)
    """
    known = [list(year) for year in years[-YEARS:]]
    if not known:
        raise CannotBeComputedError(
            "The year's end can't be projected: there is no whole year before it in the data.",
            where="a projection",
            remedy="Add the twelve months before the year to the data.",
        )
    rest = _rest(known, to_date, movement)
    so_far = sum(to_date)
    return YearEnd(
        lower=so_far + rest.quantile(_TAIL),
        middle=so_far + rest.quantile(0.5),
        upper=so_far + rest.quantile(1 - _TAIL),
        chance=_chance(rest, target - so_far, direction),
        years=len(known),
    )


def _rest(years: Sequence[Sequence[int]], to_date: Sequence[int], movement: Movement) -> _Rest:
    """Return the rest of the year at the latest level."""
    parts, over = len(years[0]), len(to_date)
    pooled = [sum(map(happened, part)) + _ADDED for part in zip(*years, strict=True)]
    season = [parts * part / sum(pooled) for part in pooled]
    counts = [happened(count) for year in (*years, to_date) for count in year]
    kept = 1 - _gain(statistics.fmean(counts) + _ADDED / len(counts), parts)
    weights = [kept**age for age in range(len(counts) - 1, -1, -1)]
    expected = [weight * season[place % parts] for place, weight in enumerate(weights)]
    level = (sum(weight * count for weight, count in zip(weights, counts, strict=True)) + _ADDED / 2) / sum(expected)
    behind = level * sum(expected) ** 2 / sum(weight * each for weight, each in zip(weights, expected, strict=True))
    return _Rest(
        middle=RISE * level * sum(season[over:]),
        alpha=movement.alpha + 1 / (behind + 1) + 1 / (sum(pooled[over:]) + 1),
        degrees=_DEGREES_OF_A_KIND if movement.basis is Basis.KIND else movement.degrees,
    )


def _gain(mean: float, parts: int) -> float:
    """Return how much the level follows each new count: the more offences there are, the more."""
    signal = _WANDERING * _MONTHS / parts * mean
    return (math.sqrt(signal * signal + 4 * signal) - signal) / 2


def _chance(rest: _Rest, left: int, direction: Direction) -> float:
    """Return the chance that what is to come stays below what the target leaves, or exceeds it."""
    if direction is Direction.REDUCE:
        return _open(rest.chance_below(left)) if left > 0 else 0.0
    return _open(1 - rest.chance_below(left + 1)) if left >= 0 else 1.0


def _open(chance: float) -> float:
    """Keep a chance off 0 and 1, which mean that the target is decided."""
    return min(max(chance, _SURE), 1 - _SURE)
