"""The most similar group: rates, positions, the group's average, and the limits within which chance moves a member."""

from __future__ import annotations

import functools
import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures.distributions import chi_square_quantile, negative_binomial_below, normal_quantile, t_tails
from cdrp_xl.measures.rates import PER, Interval, rate_per_1000
from cdrp_xl.terms import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CONFIDENCE = 0.95
"""Of the limits by which a member is above or below its group."""

WIDE_CONFIDENCE = 0.998
"""Of the outer limits of a funnel."""

_TENTHS = 10
_LEAST = 2
_OF_A_NORMAL = 0.6787
"""What is left of a normal variance where the outer tenths are drawn in."""

_BEYOND_CHANCE = 0.9
_SLACK = 1.2
"""By how much of itself a tail may be larger than asked for, where that brings it nearer: 3% for 2.5%."""


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
    alpha
        How much the members' rates differ beyond chance: the variance of a rate as a multiple of the average; 0 where
        they don't, or where nothing is allowed for it.
    """

    members: tuple[Member, ...]
    average: float
    alpha: float

    def member(self, area: str) -> Member:
        """Return a member of the group."""
        return next(member for member in self.members if member.area == area)

    def position(self, area: str) -> int:
        """Return a member's position: 1 has the lowest rate, and equal rates share a position."""
        return 1 + sum(other.rate < self.member(area).rate for other in self.members)

    def limits(self, residents: int, *, confidence: float = CONFIDENCE) -> Interval:
        """Return the limits of the rates that are in line with the average, for so many people or households.

        Parameters
        ----------
        residents
            Unit: people or households.
        confidence
            Unit: fraction.

        Returns
        -------
        Interval
            A rate within them is that of a count within `count_limits`. Unit: offences per 1,000 people or households.

        Notes
        -----
        docs/methods.md, "Most similar group": between whole counts the limits are interpolated, so that they are curves
        (Spiegelhalter 2005). They are drawn in a little, by the square root of 1 less the member's own share in the
        average.
        """
        expected = self.average * residents / PER
        counts = _curves(expected, alpha=self.alpha, confidence=self._confidence(confidence))
        return Interval(lower=PER * counts.lower / residents, upper=PER * counts.upper / residents)

    def standing(self, area: str) -> Standing:
        """Return whether a member is above its group's average, in line with it, or below, by the 95% limits."""
        member = self.member(area)
        expected = self.average * member.residents / PER
        lowest, highest = count_limits(expected, alpha=self.alpha, confidence=self._confidence(CONFIDENCE))
        if member.offences > highest:
            return Standing.ABOVE
        return Standing.BELOW if member.offences < lowest else Standing.IN_LINE

    def _confidence(self, confidence: float) -> float:
        """Return the confidence that limits around an average need of which each member is itself a part."""
        reach = normal_quantile((1 + confidence) / 2) * math.sqrt(1 - 1 / len(self.members))
        return 1 - t_tails(reach, math.inf)


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
    docs/methods.md, "Most similar group": the average is the simple mean of the members' rates, the partnership's
    included.

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
    alpha = _alpha(ordered, average) if is_overdispersed else 0.0
    return GroupComparison(members=ordered, average=average, alpha=alpha)


@functools.lru_cache(maxsize=4096)
def count_limits(expected: float, *, alpha: float = 0.0, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """Return the lowest and the highest count that are in line with an expected one.

    Parameters
    ----------
    expected
        0 or more, not only whole numbers. Unit: offences.
    alpha
        How much rates differ beyond chance, as `GroupComparison.alpha`.
    confidence
        Unit: fraction.

    Returns
    -------
    tuple of int
        Unit: offences.

    Notes
    -----
    docs/methods.md, "Most similar group": quantiles of the count that is predicted, Poisson or negative binomial
    (Spiegelhalter 2005). A whole count can't leave just 2.5% outside. On each side the limit is where what is left
    outside is nearest to 2.5%, and never over 3%; 0 is outside only where the 2.5% quantile itself is above it.

    Examples
    --------
    >>> count_limits(1.0), count_limits(10.0), count_limits(100.0)
    ((0, 3), (5, 16), (81, 120))
    """
    if expected == 0:
        return 0, 0
    tail = (1 - confidence) / 2
    low, high = (_nearby(expected, alpha, share) for share in (tail, 1 - tail))
    below = functools.cache(functools.partial(_below, expected, alpha))
    lowest = _first(lambda count: not _is_outside(below(count), below(count - 1), tail, is_0=count == 0), low)
    highest = _first(lambda count: _is_outside(1 - below(count), 1 - below(count + 1), tail, is_0=False), high)
    return lowest, highest


def _curves(expected: float, *, alpha: float, confidence: float) -> Interval:
    """Return the limits of counts where they would be if there were counts between whole ones."""
    lowest, highest = count_limits(expected, alpha=alpha, confidence=confidence)
    tail = (1 - confidence) / 2

    def half_way(count: int) -> float:
        """Return the chance of fewer, and half of the chance of just as many."""
        return (_below(expected, alpha, count) + _below(expected, alpha, count - 1)) / 2

    lower, upper = float(lowest), float(highest)
    if lowest:
        outside, inside = half_way(lowest - 1), half_way(lowest)
        lower = min(lower, lowest - 1 + (tail - outside) / (inside - outside))
    if expected:
        inside, outside = 1 - half_way(highest), 1 - half_way(highest + 1)
        upper = max(upper, highest + 1 - (tail - outside) / (inside - outside))
    return Interval(lower=lower, upper=upper)


def _nearby(expected: float, alpha: float, share: float) -> int:
    """Return a count near a quantile, as if it were gamma distributed (Wilson and Hilferty 1931)."""
    ninth = (alpha + 1 / expected) / 9
    return int(expected * max(1 - ninth + normal_quantile(share) * math.sqrt(ninth), 0.0) ** 3)


def _below(expected: float, alpha: float, count: int) -> float:
    return negative_binomial_below(count, expected, alpha) if count >= 0 else 0.0


def _is_outside(tail_with: float, tail_without: float, tail: float, *, is_0: bool) -> bool:
    """Return whether a count, with whose chance a tail is one size and without it another, is better left outside."""
    if is_0:
        return tail_with <= tail
    return (tail_with + tail_without) / 2 < tail and tail_with <= _SLACK * tail


def _first(holds: Callable[[int], bool], near: int) -> int:
    """Return the first count, 0 or more, from which on something holds, searching outwards from one nearby."""
    step = 1
    low, high = near - 1, near
    while not holds(high):
        low, high, step = high, high + step, 2 * step
    while low >= 0 and holds(low):
        low, high, step = max(low - step, -1), low, 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _alpha(members: Sequence[Member], average: float) -> float:
    """Return how much members' rates differ beyond chance, 0 where chance alone would as often as 1 time in 10.

    Additive, of 10% winsorised scores on the scale of square roots (Spiegelhalter 2005). Winsorising takes a third off
    the variance of scores that are normal already; what is left is scaled up again.
    """
    if average == 0:
        return 0.0
    expected = [average * member.residents / PER for member in members]
    pairs = list(zip((member.offences for member in members), expected, strict=True))
    freedom = len(members) - 1
    if sum((count - mean) ** 2 / mean for count, mean in pairs) <= chi_square_quantile(_BEYOND_CHANCE, freedom):
        return 0.0
    scores = [2 * (math.sqrt(count) - math.sqrt(mean)) for count, mean in pairs]
    lowest, *_, highest = statistics.quantiles(scores, n=_TENTHS, method="inclusive")
    squares = sum(min(max(score, lowest), highest) ** 2 for score in scores) / _OF_A_NORMAL
    spread = sum(expected) - sum(mean**2 for mean in expected) / sum(expected)
    return max(0.0, (squares - freedom) / spread)
