"""The count at the year's end, as an interval with the chance of meeting the target; never a single number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.terms import Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LEAST_FOR_SEASON = 10
"""Offences in the baseline's same months below which they say nothing of the season."""

_MONTHS = 12
_TAIL = 0.025
_NEGLIGIBLE = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """The whole year's count, as far as it can be told. Units: offences; `chance` is a fraction.

    `lower` and `upper` bound 95% of what may come, `middle` halves it; `chance` is that of meeting the target.
    """

    lower: int
    middle: int
    upper: int
    chance: float


def pro_rata(to_date: int, *, months: int, target: int, direction: Direction) -> Projection:
    """Return the year's count if the months to come are as those so far.

    Parameters
    ----------
    to_date
        Offences in the year so far. Unit: offences.
    months
        Months of the year that are over, 1 to 11.
    target
        The count that the year is to stay below, or, where a rise is wanted, to exceed. Unit: offences.
    direction
        Which way the count is wanted to move.

    Returns
    -------
    Projection
        A 95% prediction interval of a Poisson count, of which the rate is known by `to_date` alone.

    Notes
    -----
    METHODS.md, section 8: our decision. With the prior of Jeffreys for the rate, what is to come is negative binomial.
    Offences that come in series make the true interval wider.

    Examples
    --------
    >>> projection = pro_rata(61, months=3, target=420, direction=Direction.REDUCE)
    >>> projection.lower, projection.middle, projection.upper
    (196, 244, 302)
    """
    share = months / _MONTHS
    shape = to_date + 0.5
    masses = _masses(lambda count: (shape + count) * (1 - share) / (count + 1), start=int(to_date * (1 / share - 1)))
    return _projection(to_date, masses, target, direction)


def by_season(
    to_date: int, *, baseline_to_date: int, baseline_to_come: int, target: int, direction: Direction
) -> Projection:
    """Return the year's count if its months bear the share of the year that they bore in the baseline year.

    Parameters
    ----------
    to_date
        Offences in the year so far. Unit: offences.
    baseline_to_date
        Offences in the same months of the baseline year, at least `LEAST_FOR_SEASON`. Unit: offences.
    baseline_to_come
        Offences in the other months of the baseline year. Unit: offences.
    target
        The count that the year is to stay below, or, where a rise is wanted, to exceed. Unit: offences.
    direction
        Which way the count is wanted to move.

    Returns
    -------
    Projection
        A 95% prediction interval that also allows for the chance in the baseline's own share.

    Notes
    -----
    METHODS.md, section 8: our decision. The share of the months to date is taken as beta distributed by the baseline's
    counts; what is to come is then beta negative binomial.

    Examples
    --------
    >>> projection = by_season(61, baseline_to_date=105, baseline_to_come=317, target=422, direction=Direction.REDUCE)
    >>> projection.lower, projection.upper, projection.chance > 0.99
    (187, 323, True)
    """
    shape, before, after = to_date + 0.5, baseline_to_date + 0.5, baseline_to_come + 0.5
    masses = _masses(
        lambda count: (shape + count) * (after + count) / ((count + 1) * (shape + before + after + count)),
        start=int(to_date * after / before),
    )
    return _projection(to_date, masses, target, direction)


def _masses(ratio: Callable[[int], float], *, start: int) -> tuple[int, Sequence[float]]:
    """Return the chances of counts from a first one on, worked outwards from one of the likeliest.

    `ratio` gives the chance of the count after one, as a multiple of that one's.
    """
    up = [1.0]
    while up[-1] > _NEGLIGIBLE or ratio(start + len(up)) >= 1:
        up.append(up[-1] * ratio(start + len(up) - 1))
    down = [1.0]
    while down[-1] > _NEGLIGIBLE and start - len(down) >= 0:
        down.append(down[-1] / ratio(start - len(down)))
    masses = [*reversed(down[1:]), *up]
    total = sum(masses)
    return start - len(down) + 1, [mass / total for mass in masses]


def _projection(to_date: int, to_come: tuple[int, Sequence[float]], target: int, direction: Direction) -> Projection:
    first, masses = to_come
    counts = range(to_date + first, to_date + first + len(masses))
    is_reduced = direction is Direction.REDUCE
    chance = sum(
        mass for count, mass in zip(counts, masses, strict=True) if (count < target if is_reduced else count > target)
    )
    return Projection(
        lower=_quantile(counts, masses, _TAIL),
        middle=_quantile(counts, masses, 0.5),
        upper=_quantile(counts, masses, 1 - _TAIL),
        chance=min(chance, 1.0),
    )


def _quantile(counts: Sequence[int], masses: Sequence[float], share: float) -> int:
    below = 0.0
    for count, mass in zip(counts, masses, strict=True):
        below += mass
        if below >= share:
            return count
    return counts[-1]
