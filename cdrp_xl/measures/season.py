"""The season of a monthly series: how many times its usual level each month of the year has."""

from __future__ import annotations

import cmath
import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MONTHS = 12
MONTHS_FOR_SEASON = 24
"""Two years: with fewer, a season can't be distinguished from what happened once."""

_ROUNDS = 6
_LEAST = 0.1
_ADDED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """The season of a series.

    Attributes
    ----------
    factors
        By month of the year, in the order of the series. Unit: multiples of the usual level; their mean is 1.
    certainty
        How much of the season is known, from 0 (none was found) to 1 (each month's share is taken as it was). Unit:
        fraction.
    """

    factors: tuple[float, ...]
    certainty: float

    def at(self, place: int) -> float:
        """Return the factor of a place in the series."""
        return self.factors[place % MONTHS]


NO_SEASON = Season(factors=(1.0,) * MONTHS, certainty=0.0)


def season_of(counts: Sequence[float]) -> Season:
    """Return the season of a series, none where there are fewer than two years or no offences.

    Parameters
    ----------
    counts
        Month by month, the oldest first. Unit: offences.

    Returns
    -------
    Season
        Month 0 is that of the first count.

    Notes
    -----
    docs/methods.md, "Months": two years at least. Year and month effects of a Poisson table (by proportional fitting)
    give each month's share; of its six waves a year each is kept as far as it is larger than chance makes waves (James
    and Stein 1961), so that a series without a season keeps none.
    """
    if len(counts) < MONTHS_FOR_SEASON or not any(counts):
        return NO_SEASON
    levels, shares = _fitted(counts)
    excess = sum(
        (count - mean) ** 2 / mean
        for place, count in enumerate(counts)
        for mean in [max(levels[place // MONTHS] * shares[place % MONTHS], _LEAST)]
    )
    freedom = len(counts) - MONTHS - len(levels) + 1
    offences_of_a_month = (sum(counts) + _ADDED) / MONTHS
    return _waves(shares, max(1.0, excess / freedom) / offences_of_a_month)


def without_season(counts: Sequence[int]) -> tuple[float, ...] | None:
    """Return a series with its season divided out, None where there are fewer than two years.

    Parameters
    ----------
    counts
        Month by month, the oldest first. Unit: offences.

    Returns
    -------
    tuple of float or None
        Each count over its month's factor. Unit: offences a month.

    Notes
    -----
    docs/methods.md, "Months". A series without a season stays as it is.

    Examples
    --------
    >>> without_season([12] * 24) == (12.0,) * 24
    True
    """
    if len(counts) < MONTHS_FOR_SEASON:
        return None
    season = season_of(counts)
    return tuple(count / season.at(place) for place, count in enumerate(counts))


def _fitted(counts: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return the level of each year, the last may be a part of one, and the share of each month; their mean is 1."""
    years = [counts[start : start + MONTHS] for start in range(0, len(counts), MONTHS)]
    shares, levels = [1.0] * MONTHS, [1.0] * len(years)
    for _ in range(_ROUNDS):
        levels = [sum(year) / max(sum(shares[: len(year)]), _LEAST) for year in years]
        shares = [
            sum(counts[month::MONTHS]) / max(sum(levels[: len(counts[month::MONTHS])]), _LEAST)
            for month in range(MONTHS)
        ]
        usual = statistics.fmean(shares) or 1.0
        shares = [share / usual for share in shares]
    return levels, shares


def _waves(shares: Sequence[float], variance: float) -> Season:
    """Return the season with each of its waves drawn to nothing as chance makes it; `variance` is that of a share."""
    turns = [cmath.exp(-2j * math.pi * step / MONTHS) for step in range(MONTHS)]
    factors, kept_in_all = [1.0] * MONTHS, 0.0
    for wave in range(1, MONTHS // 2 + 1):
        size = sum((share - 1) * turns[wave * month % MONTHS] for month, share in enumerate(shares)) / MONTHS
        power = abs(size) ** 2
        kept = max(0.0, 1 - variance / MONTHS / power) if power else 0.0
        both = 1 if wave == MONTHS // 2 else 2
        kept_in_all += both * kept
        for month in range(MONTHS):
            factors[month] += both * kept * (size * turns[wave * month % MONTHS].conjugate()).real
    factors = [max(factor, _LEAST) for factor in factors]
    usual = statistics.fmean(factors)
    return Season(factors=tuple(factor / usual for factor in factors), certainty=kept_in_all / (MONTHS - 1))
