"""Quantiles that the measures need, in plain Python: importing SciPy would cost a Refresh click more than all counting.

The tests compare them with SciPy over wide ranges.
"""

from __future__ import annotations

import functools
import math
from statistics import NormalDist

_NEGLIGIBLE = 1e-17
_SMALLEST = 1e-300
_LAST_DIGIT = 1e-15
_STEPS = 200


def normal_quantile(share: float) -> float:
    """Return the value below which a share of the standard normal distribution lies.

    Parameters
    ----------
    share
        Between 0 and 1, both excluded. Unit: fraction.

    Examples
    --------
    >>> round(normal_quantile(0.975), 4)
    1.96
    """
    return NormalDist().inv_cdf(share)


@functools.lru_cache(maxsize=4096)
def chi_square_quantile(share: float, degrees: float) -> float:
    """Return the value below which a share of a chi-square distribution lies.

    Parameters
    ----------
    share
        Between 0 and 1, both excluded. Unit: fraction.
    degrees
        Degrees of freedom, 0 or more, not only whole numbers; with 0 all of the distribution lies at 0.

    Notes
    -----
    Newton's method from the approximation of Wilson and Hilferty (1931), between bounds that close in at each step.

    Examples
    --------
    >>> round(chi_square_quantile(0.025, 30) / 30, 7)
    0.5596924
    """
    if degrees == 0:
        return 0.0
    shape = degrees / 2
    at = shape * max(1 - 1 / (9 * shape) + normal_quantile(share) / (3 * math.sqrt(shape)), 0.0) ** 3
    if at < shape / 10:  # far in the lower tail the distribution is all but a power
        at = math.exp((math.log(share) + math.lgamma(shape + 1)) / shape)
    low, high = 0.0, math.inf
    for _ in range(_STEPS):
        excess = _gamma_below(shape, at) - share
        low, high = (at, high) if excess < 0 else (low, at)
        density = math.exp((shape - 1) * math.log(at) - at - math.lgamma(shape)) if at > _SMALLEST else 0.0
        step = excess / density if density else math.inf
        after = at - step
        if not low < after < high:
            after = (low + high) / 2 if high < math.inf else 2 * at
        if abs(after - at) <= _LAST_DIGIT * at:
            break
        at = after
    return 2 * after


def _gamma_below(shape: float, at: float) -> float:
    """Return the share of a gamma distribution (scale 1) below a value: a series below its mean, a fraction above."""
    if at <= 0:
        return 0.0
    front = math.exp(shape * math.log(at) - at - math.lgamma(shape))
    if at < shape + 1:
        return front * _series(shape, at)
    return 1.0 - front * _fraction(shape, at)


def _series(shape: float, at: float) -> float:
    term = total = 1 / shape
    part = shape
    while term > _NEGLIGIBLE * total:
        part += 1
        term *= at / part
        total += term
    return total


def _fraction(shape: float, at: float) -> float:
    """Return the continued fraction of the upper share, by the method of Lentz."""
    below = at + 1 - shape
    ratio, share = 1 / _SMALLEST, 1 / below
    total, number = share, 0
    factor = 0.0
    while abs(factor - 1) > _LAST_DIGIT:
        number += 1
        part = -number * (number - shape)
        below += 2
        share = 1 / _not_0(part * share + below)
        ratio = _not_0(below + part / ratio)
        factor = ratio * share
        total *= factor
    return total


def _not_0(value: float) -> float:
    return value if abs(value) > _SMALLEST else _SMALLEST
