"""Whether a change is larger than a row usually moves from one year to the next, and which rises of many rows are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cdrp_xl.measures.chance import RateRatio, e_test_p, exact_p, false_discovery_rates, happened, mid_p, rate_ratio
from cdrp_xl.measures.distributions import t_quantile, t_tails
from cdrp_xl.measures.rates import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.measures.movement import Movement

Test = Literal["usual movement", "exact", "mid-p", "E-test"]
"""Against what a change is held: the row's usual movement, or chance in the counts only by one of three tests."""

SIGNIFICANT = 0.05
"""A change whose p-value is below is larger than usual."""

_ADDED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A change compared with what is usual.

    Attributes
    ----------
    p
        The chance of a change at least as large if nothing but the usual movement was at work. Unit: fraction.
    times
        How many times as many later as earlier, with the interval that leaves out 1 exactly where the change is
        larger than usual; None where there was no offence in either period, or the test has no interval of its own.
    movement
        How much the row usually moves; None where chance in the counts is all that is allowed for.
    """

    p: float
    times: RateRatio | None
    movement: Movement | None

    @property
    def is_larger_than_usual(self) -> bool:
        """Whether the change is larger than the row usually moves."""
        return self.p < SIGNIFICANT


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A row's change among many that are tested together. Unit of the counts: offences in a period."""

    earlier: float
    later: float
    p: float


def verdict(earlier: int, later: int, *, movement: Movement | None, periods: int = 1) -> Verdict:
    """Return whether a change is larger than a row usually moves from one year to the next.

    Parameters
    ----------
    earlier
        The offences of the earlier period, or of several earlier periods together. Unit: offences.
    later
        The offences of the later period. Unit: offences.
    movement
        How much the row usually moves; None gives the exact test of chance in the counts.
    periods
        How many periods of the later one's length the earlier count is of.

    Returns
    -------
    Verdict
        With the p-value, which is never below that of `chance.exact_p`, and the ratio with its 95% interval.

    Notes
    -----
    docs/methods.md, "Usual movement": negative binomial, z = ln(n b / a) / sqrt(1/a + 1/b + alpha (1 + 1/n)) for n
    periods, a and b with 0.5 added, by Student's t. The interval holds every ratio that neither this test nor the exact
    one would reject, so that it never disagrees with the p-value.

    Examples
    --------
    >>> from cdrp_xl.measures.movement import of_kind
    >>> from cdrp_xl.terms import Kind
    >>> found = verdict(167, 114, movement=of_kind(Kind.BURGLARY))
    >>> round(found.p, 2), round(found.times.interval.lower, 2), round(found.times.interval.upper, 2)
    (0.17, 0.4, 1.18)
    """
    earlier, later = happened(earlier), happened(later)
    p = usual_p(earlier, later, movement=movement, periods=periods)
    if earlier == later == 0:
        return Verdict(p=p, times=None, movement=movement)
    times = rate_ratio(earlier, later, exposures=(float(periods), 1.0))
    if movement is None:
        return Verdict(p=p, times=times, movement=None)
    middle, error = _logarithm(earlier, later, movement, periods)
    half = t_quantile(1 - SIGNIFICANT / 2, movement.degrees) * error
    interval = Interval(
        lower=min(times.interval.lower, math.exp(middle - half)),
        upper=max(times.interval.upper, math.exp(middle + half)),
    )
    return Verdict(p=p, times=RateRatio(ratio=times.ratio, interval=interval), movement=movement)


def by_test(earlier: int, later: int, *, test: Test, movement: Movement | None) -> Verdict:
    """Return the verdict on a change by the test that is asked for.

    Parameters
    ----------
    earlier, later
        The offences of two periods of equal length. Unit: offences.
    test
        "usual movement" is that of `verdict`; the others know of chance in the counts only.
    movement
        How much the row usually moves; None where that is not known, which leaves the exact test.

    Returns
    -------
    Verdict
        By mid-p and the E-test without a ratio, since the interval beside it would be that of another method.

    Notes
    -----
    docs/methods.md, "Chance in the counts" and "Usual movement".

    Examples
    --------
    >>> by_test(4, 12, test="mid-p", movement=None).is_larger_than_usual
    True
    """
    earlier, later = happened(earlier), happened(later)
    if test == "usual movement":
        return verdict(earlier, later, movement=movement)
    if test == "exact":
        return verdict(earlier, later, movement=None)
    return Verdict(p=(mid_p if test == "mid-p" else e_test_p)(earlier, later), times=None, movement=None)


def usual_p(earlier: int, later: int, *, movement: Movement | None, periods: int = 1) -> float:
    """Return the p-value of `verdict` alone.

    Parameters
    ----------
    earlier
        The offences of the earlier period, or of several earlier periods together. Unit: offences.
    later
        The offences of the later period. Unit: offences.
    movement
        How much the row usually moves; None gives the exact test of chance in the counts.
    periods
        How many periods of the later one's length the earlier count is of.

    Returns
    -------
    float
        Between 0 and 1.

    Notes
    -----
    docs/methods.md, "Usual movement".
    """
    earlier, later = happened(earlier), happened(later)
    p = exact_p(earlier, later, exposures=(float(periods), 1.0))
    if movement is None or p >= 1:
        return p
    middle, error = _logarithm(earlier, later, movement, periods)
    return max(p, t_tails(middle / error, movement.degrees))


def _logarithm(earlier: int, later: int, movement: Movement, periods: int) -> tuple[float, float]:
    """Return the logarithm of how many times as many there were, and its standard error."""
    middle = math.log(periods * (later + _ADDED) / (earlier + _ADDED))
    return middle, math.sqrt(1 / (earlier + _ADDED) + 1 / (later + _ADDED) + movement.alpha * (1 + 1 / periods))


def emerging_rises(changes: Sequence[RowChange], *, rate: float = SIGNIFICANT, least: int = 10) -> tuple[int, ...]:
    """Return the places of the rows whose rise is larger than usual among all that were tested together.

    Parameters
    ----------
    changes
        Rows of which no offence is in two. Unit of the counts: offences.
    rate
        The share of the rows found that may be found by chance (false discovery rate). Unit: fraction.
    least
        The fewest later offences of an emerging issue. Unit: offences.

    Returns
    -------
    tuple of int
        Places in `changes`, from 0.

    Notes
    -----
    docs/methods.md, "Emerging issues": Benjamini and Hochberg (1995), on the p-values of `verdict`.

    Examples
    --------
    >>> emerging_rises([RowChange(earlier=32, later=95, p=0.001), RowChange(earlier=50, later=20, p=0.001)])
    (0,)
    """
    found = false_discovery_rates([each.p for each in changes])
    return tuple(
        place
        for place, (each, q) in enumerate(zip(changes, found, strict=True))
        if q <= rate and each.later > each.earlier and each.later >= least
    )
