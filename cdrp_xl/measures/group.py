"""The most similar group: rates, positions, the group's average, and the limits within which chance moves a member."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures.distributions import normal_quantile
from cdrp_xl.measures.rates import PER, Interval, exact_count_interval, rate_per_1000
from cdrp_xl.terms import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CONFIDENCE = 0.95
"""Of the limits by which a member stands above or below its group."""

WIDE_CONFIDENCE = 0.998
"""Of the outer limits of a funnel."""

_TENTHS = 10
_LEAST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One area of a group. Units: offences; people or households."""

    area: str
    offences: int
    residents: int

    @property
    def rate(self) -> float:
        """Offences per 1,000 people or households."""
        return rate_per_1000(self.offences, self.residents, area=self.area)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupComparison:
    """A group in one period, its members from the lowest rate to the highest.

    Attributes
    ----------
    average
        The simple mean of the members' rates. Unit: offences per 1,000 people or households.
    between
        How much members differ beyond chance: a standard deviation, on the scale of the square root of a member's
        rate as a multiple of the average; 0 where nothing is allowed for it.
    """

    members: tuple[Member, ...]
    average: float
    between: float

    def member(self, area: str) -> Member:
        """Return a member of the group."""
        return next(member for member in self.members if member.area == area)

    def position(self, area: str) -> int:
        """Return a member's position: 1 has the lowest rate, and equal rates share a position."""
        return 1 + sum(other.rate < self.member(area).rate for other in self.members)

    def limits(self, residents: float, *, confidence: float = CONFIDENCE) -> Interval:
        """Return the limits of the rate of an area with so many people or households.

        Parameters
        ----------
        residents
            Unit: people or households.
        confidence
            Unit: fraction.

        Returns
        -------
        Interval
            Unit: offences per 1,000 people or households.

        Notes
        -----
        METHODS.md, section 3. Where members differ beyond chance, their variance is added to that of chance on the
        square-root scale (Spiegelhalter 2005).
        """
        expected = self.average * residents / PER
        if expected == 0:
            return Interval(lower=0.0, upper=0.0)
        if self.between == 0:
            ratios = funnel_limits(expected, confidence=confidence)
            return Interval(lower=self.average * ratios.lower, upper=self.average * ratios.upper)
        half = normal_quantile((1 + confidence) / 2) * math.sqrt(1 / (4 * expected) + self.between**2)
        return Interval(lower=self.average * max(1 - half, 0.0) ** 2, upper=self.average * (1 + half) ** 2)

    def standing(self, area: str) -> Standing:
        """Return whether a member is above its group's average, in line with it, or below, by the 95% limits."""
        member = self.member(area)
        limits = self.limits(member.residents)
        if member.rate > limits.upper:
            return Standing.ABOVE
        return Standing.BELOW if member.rate < limits.lower else Standing.IN_LINE


def compare(members: Sequence[Member], *, is_overdispersed: bool = True) -> GroupComparison:
    """Return the members of a group by rate, and the group's average.

    Parameters
    ----------
    members
        Every member with its counts, the partnership's own area included. Units: offences; people or households.
    is_overdispersed
        Whether members may differ by more than chance without that being remarkable.

    Returns
    -------
    GroupComparison
        Equal rates in order of the areas' names.

    Raises
    ------
    CannotBeComputedError
        If the group has fewer than two members, or nobody lives in one of them.

    Notes
    -----
    METHODS.md, section 3: the average is the simple mean of the members' rates, the partnership's included.

    Examples
    --------
    >>> group = compare([Member(area=area, offences=n, residents=1000) for area, n in (("A", 5), ("B", 3), ("C", 5))])
    >>> group.position("B"), group.position("A"), group.position("C"), round(group.average, 3)
    (1, 2, 2, 4.333)
    """
    if len(members) < _LEAST:
        raise CannotBeComputedError(
            f"A group of {len(members)} can't be compared.",
            where="partnership.toml, group.members",
            remedy="Name the areas of the most similar group, the partnership's own among them.",
        )
    ordered = tuple(sorted(members, key=lambda member: (member.rate, member.area)))
    average = sum(member.rate for member in ordered) / len(ordered)
    between = _between(ordered, average) if is_overdispersed else 0.0
    return GroupComparison(members=ordered, average=average, between=between)


def funnel_limits(expected: float, *, confidence: float = CONFIDENCE) -> Interval:
    """Return the Poisson limits of a ratio of offences to expected ones.

    Parameters
    ----------
    expected
        Unit: offences, above 0, not only whole numbers.
    confidence
        Unit: fraction.

    Returns
    -------
    Interval
        Unit: multiples of the expected count.

    Notes
    -----
    METHODS.md, section 3.

    Examples
    --------
    >>> limits = funnel_limits(15)
    >>> round(limits.lower, 7), round(limits.upper, 6)
    (0.5596924, 1.649348)
    """
    counts = exact_count_interval(expected, confidence=confidence)
    return Interval(lower=counts.lower / expected, upper=counts.upper / expected)


def _between(members: Iterable[Member], average: float) -> float:
    """Return the standard deviation between members: additive, of 10% winsorised scores (Spiegelhalter 2005)."""
    expected = [average * member.residents / PER for member in members]
    if average == 0:
        return 0.0
    scores = [
        2 * (math.sqrt(member.offences) - math.sqrt(count)) for member, count in zip(members, expected, strict=True)
    ]
    lowest, *_, highest = statistics.quantiles(scores, n=_TENTHS, method="inclusive")
    squares = sum(min(max(score, lowest), highest) ** 2 for score in scores)
    weights = [4 * count for count in expected]
    spread = sum(weights) - sum(weight**2 for weight in weights) / sum(weights)
    return math.sqrt(max(0.0, (squares - (len(scores) - 1)) / spread))
