"""Whether two counts differ by more than chance, by how much, and how many of many rows do.

Worked out in plain Python, since importing SciPy would cost a Refresh click more than all counting; the tests compare.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures.rates import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEGLIGIBLE = 1e-18
_LAST_DIGIT = 1e-14
_STEPS = 200
_EVEN = (1.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRatio:
    """How many times as many later as earlier, for the same exposure; infinite where there were none earlier."""

    ratio: float
    interval: Interval


def happened(count: int) -> int:
    """Return a count of what happened: 0 where it is below 0, since more was corrected than recorded.

    Parameters
    ----------
    count
        As it is published. Unit: offences.

    Examples
    --------
    >>> happened(-2), happened(3)
    (0, 3)
    """
    return max(count, 0)


def exact_p(earlier: int, later: int, *, exposures: tuple[float, float] = _EVEN) -> float:
    """Return the two-sided p-value that two counts came from one rate.

    Parameters
    ----------
    earlier, later
        Counts in two periods. Unit: offences.
    exposures
        What the counts are out of, earlier and later; equal by default, as for periods of equal length.

    Returns
    -------
    float
        The exact conditional binomial p-value, central: twice the smaller tail, at most 1. Two counts of 0 give 1.

    Notes
    -----
    docs/methods.md, "Chance in the counts": central, so that it agrees with the central interval of the rate ratio.

    Examples
    --------
    >>> round(exact_p(121, 115), 2)
    0.74
    >>> round(exact_p(2, 10, exposures=(17887, 20000)), 4)
    0.0604
    """
    total, share = earlier + later, exposures[1] / sum(exposures)
    return min(1.0, 2.0 * min(_below(later, total, share), _below(earlier, total, 1 - share)))


def mid_p(earlier: int, later: int, *, exposures: tuple[float, float] = _EVEN) -> float:
    """Return the mid-p form of `exact_p`: only half of the chance of the counts found is in the tail.

    Parameters
    ----------
    earlier, later
        Counts in two periods. Unit: offences.
    exposures
        What the counts are out of, earlier and later; equal by default.

    Notes
    -----
    docs/methods.md, "Chance in the counts". Less cautious than the exact test, and nearer to its level on small counts.

    Examples
    --------
    >>> round(mid_p(32, 59), 4)
    0.0046
    """
    total, share = earlier + later, exposures[1] / sum(exposures)
    here = _mass(later, total, share)
    tail = min(_below(later, total, share), _below(earlier, total, 1 - share)) - here / 2
    return min(1.0, 2.0 * tail)


def e_test_p(earlier: int, later: int, *, exposures: tuple[float, float] = _EVEN) -> float:
    """Return the p-value of the E-test that two counts came from one rate.

    Parameters
    ----------
    earlier, later
        Counts in two periods. Unit: offences.
    exposures
        What the counts are out of, earlier and later; equal by default.

    Notes
    -----
    Krishnamoorthy and Thomson (2004), by SciPy. docs/methods.md, "Chance in the counts".

    Examples
    --------
    >>> round(e_test_p(0, 3, exposures=(100, 100)), 4)
    0.0884
    """
    if earlier + later == 0:
        return 1.0
    from scipy.stats import poisson_means_test

    return float(poisson_means_test(earlier, exposures[0], later, exposures[1]).pvalue)


@functools.lru_cache(maxsize=4096)
def rate_ratio(
    earlier: int, later: int, *, exposures: tuple[float, float] = _EVEN, confidence: float = 0.95
) -> RateRatio:
    """Return how many times as many offences there were later as earlier, with the central exact interval.

    Parameters
    ----------
    earlier, later
        Counts in two periods, not both 0. Unit: offences.
    exposures
        What the counts are out of, earlier and later; equal by default.
    confidence
        The interval's level. Unit: fraction.

    Returns
    -------
    RateRatio
        Unit: times. Infinite where earlier is 0.

    Notes
    -----
    docs/methods.md, "Chance in the counts": the limits of Clopper and Pearson for the later count's share of both, as
    odds. The interval leaves out 1 exactly where `exact_p` is under one less the confidence.

    Examples
    --------
    >>> found = rate_ratio(32, 59)
    >>> round(found.ratio, 2), round(found.interval.lower, 2), round(found.interval.upper, 2)
    (1.84, 1.18, 2.93)
    """
    tail = (1 - confidence) / 2
    scale = exposures[0] / exposures[1]
    total = earlier + later
    fewest = _odds(later, total, tail) if earlier else math.inf
    # The upper limit is the lower one of the other count, turned round.
    least = 1 / _odds(earlier, total, tail) if later else 0.0
    return RateRatio(
        ratio=later / earlier * scale if earlier else math.inf,
        interval=Interval(lower=least * scale, upper=fewest * scale),
    )


def false_discovery_rates(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return for each p-value the smallest false discovery rate at which it is found among all of them (q-value).

    Parameters
    ----------
    p_values
        One for each row tested. Unit: fraction.

    Returns
    -------
    tuple of float
        In the order of the p-values. Unit: fraction.

    Notes
    -----
    Benjamini and Hochberg (1995). docs/methods.md, "Emerging issues".

    Examples
    --------
    >>> "".join(str(int(q <= 0.05)) for q in false_discovery_rates([0.5, 0.01, 0.001, 0.69, 0.02, 0.05, 0.0025]))
    '0110101'
    """
    found, smallest = [1.0] * len(p_values), 1.0
    ranked = sorted(range(len(p_values)), key=lambda number: p_values[number])
    for rank in range(len(ranked), 0, -1):
        number = ranked[rank - 1]
        smallest = min(smallest, p_values[number] * len(p_values) / rank)
        found[number] = smallest
    return tuple(found)


def _mass(count: int, total: int, share: float) -> float:
    """Return the chance of just `count` of `total`, each with a chance of `share`."""
    if share in {0.0, 1.0}:
        return float(count == total * share)
    ways = math.lgamma(total + 1) - math.lgamma(count + 1) - math.lgamma(total - count + 1)
    return math.exp(ways + count * math.log(share) + (total - count) * math.log1p(-share))


def _below(count: int, total: int, share: float) -> float:
    """Return the chance of `count` or fewer of `total`, each with a chance of `share`.

    Summed away from the mean, in which each term is the one before times a ratio: no term can overflow.
    """
    if count >= total:
        return 1.0
    if count > total * share:
        return 1.0 - _below(total - count - 1, total, 1 - share)
    term = summed = 1.0
    odds = (1 - share) / share if share else math.inf
    for k in range(count, 0, -1):
        term *= k / (total - k + 1) * odds
        summed += term
        if term < _NEGLIGIBLE * summed:
            break
    return _mass(count, total, share) * summed


def _odds(count: int, total: int, tail: float) -> float:
    """Return the odds at which the chance of `count` or fewer of `total` is `tail`; `count` is less than `total`.

    Newton's method on the share, between bounds that close in at each step.
    """
    low, high = count / total, 1.0
    share = min((count + 1) / (total + 1), (1 + high) / 2)
    for _ in range(_STEPS):
        excess = _below(count, total, share) - tail
        low, high = (share, high) if excess > 0 else (low, share)
        slope = (total - count) * _mass(count, total, share) / (1 - share)
        after = share + excess / slope if slope else (low + high) / 2
        if not low < after < high:
            after = (low + high) / 2
        if abs(after - share) <= _LAST_DIGIT * (1 - after):
            break
        share = after
    return share / (1 - share)
