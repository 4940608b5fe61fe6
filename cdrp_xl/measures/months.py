"""A row month by month with its season divided out: its limits, unusual months, and where the usual level moved."""

from __future__ import annotations

import itertools
import math
import statistics
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cdrp_xl.measures.season import MONTHS, MONTHS_FOR_SEASON, season_of
from cdrp_xl.measures.series import POINTS_FOR_LIMITS, RUN, Limits, Signal, limits_of, signals
from cdrp_xl.terms import Direction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.measures.season import Season

LATEST = 3
"""The months that are judged by those before them, and together: a quarter."""

_SIGMAS = 3.0

_TOGETHER = 2.8
"""From so many sigma on the latest three months together are unusual: by chance 1 quarter in 200 is."""


class Variation(StrEnum):
    """What the latest month shows, as the icons of Making Data Count do."""

    COMMON_CAUSE = "common cause"
    IMPROVEMENT_LOW = "improvement, lower"
    IMPROVEMENT_HIGH = "improvement, higher"
    CONCERN_LOW = "concern, lower"
    CONCERN_HIGH = "concern, higher"


class Assurance(StrEnum):
    """Whether a target a month will be met if nothing changes, as the icons of Making Data Count show it."""

    PASSES = "will consistently be met"
    FAILS = "will consistently be missed"
    HIT_OR_MISS = "may be met or missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartedMonth:
    """One month of a series.

    Attributes
    ----------
    offences
        Unit: offences.
    expected, lower, upper
        The usual level in this month of the year, and its limits. Unit: offences.
    signal, side
        What stands out, if anything does, and whether it points up (1) or down (-1).
    is_improvement
        Whether it is what is wanted; None where nothing stands out.
    """

    offences: int
    expected: float
    lower: float
    upper: float
    signal: Signal | None
    side: int
    is_improvement: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyChart:
    """A series month by month.

    Attributes
    ----------
    months
        In the order of the counts.
    levels
        The places at which the usual level moved for good, with 0 before them.
    limits
        The last level's mean and limits with the season divided out. Unit: offences a month.
    season
        All factors are 1 where there are fewer than two years.
    """

    months: tuple[ChartedMonth, ...]
    levels: tuple[int, ...]
    limits: Limits
    season: Season

    @property
    def is_judged(self) -> bool:
        """Whether there are two years of months, without which the season can't be divided out."""
        return len(self.months) >= MONTHS_FOR_SEASON

    @property
    def variation(self) -> Variation:
        """What the latest month shows."""
        latest = self.months[-1]
        if latest.is_improvement is None:
            return Variation.COMMON_CAUSE
        if latest.is_improvement:
            return Variation.IMPROVEMENT_HIGH if latest.side > 0 else Variation.IMPROVEMENT_LOW
        return Variation.CONCERN_HIGH if latest.side > 0 else Variation.CONCERN_LOW

    def assurance(self, target: float, direction: Direction) -> Assurance:
        """Return whether a target a month will be met if nothing changes.

        Parameters
        ----------
        target
            The count that an average month is to stay below, or to exceed. Unit: offences a month.
        direction
            Which way the count is wanted to move.
        """
        beyond = (self.limits.upper < target) - (self.limits.lower >= target)
        if direction is Direction.INCREASE:
            beyond = (self.limits.lower > target) - (self.limits.upper <= target)
        return {1: Assurance.PASSES, -1: Assurance.FAILS, 0: Assurance.HIT_OR_MISS}[beyond]


def monthly_chart(counts: Sequence[int], *, direction: Direction) -> MonthlyChart:
    """Return a series month by month, with its season divided out and its limits reset where the level moved.

    Parameters
    ----------
    counts
        Month by month, the oldest first, at least two. Unit: offences.
    direction
        Which way is an improvement.

    Returns
    -------
    MonthlyChart
        With fewer than two years there is no season, and nothing is said to stand out. The latest three months take no
        part in the season and the limits that they are judged by, where two years lie before them.

    Raises
    ------
    CannotBeComputedError
        If there are fewer than two months.

    Notes
    -----
    docs/methods.md, "Months": XmR as NHS Making Data Count. Limits are reset from the first month of a run of
    seven on one side of the mean where twelve months from it on are, together, as far from the mean as three sigma
    would have them by chance. One rule is ours: the latest three months together, which a quarterly report asks about.
    """
    before = counts[:-LATEST] if len(counts) - LATEST >= MONTHS_FOR_SEASON else counts
    season = season_of(before)
    level = statistics.fmean(before)
    dispersion = _dispersion(before, level, season)
    scales = [_scale(season.at(place), dispersion) for place in range(len(counts))]
    adjusted = [level + (count - level * season.at(place)) / scales[place] for place, count in enumerate(counts)]
    levels = _levels(adjusted)
    months: list[ChartedMonth] = []
    for start, end in itertools.pairwise([*levels, len(counts)]):
        limits = _limits(adjusted[start:end], is_last=end == len(counts))
        found = _signals(adjusted[start:end], limits, season, years=len(before) / MONTHS, is_last=end == len(counts))
        if len(counts) < MONTHS_FOR_SEASON:
            found = [(None, 0)] * len(found)
        for place, (signal, side) in zip(range(start, end), found, strict=True):
            expected = level * season.at(place) + (limits.mean - level) * scales[place]
            months.append(
                ChartedMonth(
                    offences=counts[place],
                    expected=max(expected, 0.0),
                    lower=max(expected - (limits.mean - limits.lower) * scales[place], 0.0),
                    upper=expected + (limits.upper - limits.mean) * scales[place],
                    signal=signal,
                    side=side,
                    is_improvement=None if signal is None else (side < 0) == (direction is Direction.REDUCE),
                )
            )
    return MonthlyChart(months=tuple(months), levels=tuple(levels), limits=limits, season=season)


def _dispersion(counts: Sequence[int], level: float, season: Season) -> float:
    """Return how much more months vary than Poisson counts of their season do, at least 1."""
    expected = [max(level * season.at(place), 1.0) for place in range(len(counts))]
    return max(1.0, statistics.fmean((count - mean) ** 2 / mean for count, mean in zip(counts, expected, strict=True)))


def _scale(factor: float, dispersion: float) -> float:
    """Return how far a month of the year swings, an average one as 1: in part as a Poisson count, in part as its rate.

    A Poisson count swings by the square root of what is expected of it, a rate by as much as is expected of it.
    """
    return math.sqrt((factor + (dispersion - 1) * factor * factor) / dispersion)


def _levels(values: Sequence[float]) -> list[int]:
    """Return the places from which on the usual level is another, with 0 before them."""
    levels = [0]
    while (shift := _shift(values[levels[-1] :])) is not None:
        levels.append(levels[-1] + shift)
    return levels


def _shift(values: Sequence[float]) -> int | None:
    """Return the first place at which a level moves for good, with a year on either side of it to show it."""
    places = range(POINTS_FOR_LIMITS, len(values) - POINTS_FOR_LIMITS + 1)
    first = next((place for place in places if _move(values, place) > 1), None)
    if first is None:
        return None
    return max(range(first, min(first + RUN, places.stop)), key=lambda place: _move(values, place))


def _move(values: Sequence[float], place: int) -> float:
    """Return how far the year from a place on is from the mean before it, in three sigma; 0 if no run begins there."""
    limits = limits_of(values[:place])
    if len({(value > limits.mean) - (value < limits.mean) for value in values[place : place + RUN]}) > 1:
        return 0.0
    away = abs(statistics.fmean(values[place : place + POINTS_FOR_LIMITS]) - limits.mean)
    reach = (limits.upper - limits.mean) * math.sqrt(1 / place + 1 / POINTS_FOR_LIMITS)
    return away / reach if reach else math.inf * away if away else 0.0


def _limits(values: Sequence[float], *, is_last: bool) -> Limits:
    """Return the limits of a level; the latest three months take no part in them where there are enough others."""
    others = values[:-LATEST] if is_last and len(values) - LATEST >= POINTS_FOR_LIMITS else values
    return limits_of(others)


def _signals(
    values: Sequence[float], limits: Limits, season: Season, *, years: float, is_last: bool
) -> list[tuple[Signal | None, int]]:
    found = signals(values, limits)
    if not is_last or len(values) - LATEST < POINTS_FOR_LIMITS:
        return found
    sigma = (limits.upper - limits.mean) / _SIGMAS * math.sqrt(1 + season.certainty / years)
    away = statistics.fmean(values[-LATEST:]) - limits.mean
    if abs(away) <= _TOGETHER * sigma / math.sqrt(LATEST):
        return found
    side = 1 if away > 0 else -1
    return found[:-LATEST] + [each if each[0] else (Signal.TOGETHER, side) for each in found[-LATEST:]]
