"""Distributions and quantiles in plain Python: importing SciPy would cost a Refresh click more than all counting.

The tests compare them with SciPy over wide ranges.
"""

from __future__ import annotations

import functools
import math
from statistics import NormalDist

_NEGLIGIBLE = 1e-17
_POISSON = 1e-9  # of an alpha too small to matter
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


def poisson_below(count: float, mean: float) -> float:
    """Return the chance that a Poisson count is no larger than a count; the formula's own curve between whole counts.

    Parameters
    ----------
    count
        Above -1. Unit: offences.
    mean
        0 or more. Unit: offences.

    Examples
    --------
    >>> round(poisson_below(0, 1.0), 4)
    0.3679
    """
    return 1.0 - _gamma_below(count + 1, mean)


def negative_binomial_below(count: float, mean: float, alpha: float) -> float:
    """Return the chance that a negative binomial count, of variance mean + alpha * mean**2, is no larger than a count.

    Parameters
    ----------
    count
        Above -1. Unit: offences.
    mean
        0 or more. Unit: offences.
    alpha
        The square of the rate's coefficient of variation; at 0 the count is Poisson. Unit: fraction.

    Examples
    --------
    >>> round(negative_binomial_below(0, 2.0, 0.5), 4)
    0.25
    """
    if alpha < _POISSON:
        return poisson_below(count, mean)
    return beta_below(1 / (1 + alpha * mean), 1 / alpha, count + 1)


def beta_below(at: float, first: float, second: float) -> float:
    """Return the share of a beta distribution below a value.

    Parameters
    ----------
    at
        Between 0 and 1. Unit: fraction.
    first, second
        The two parameters, above 0.

    Notes
    -----
    The continued fraction, by the method of Lentz, from whichever side it comes to rest sooner on.

    Examples
    --------
    >>> round(beta_below(0.5, 2.0, 2.0), 4)
    0.5
    """
    if at <= 0 or at >= 1:
        return float(at >= 1)
    front = math.exp(
        math.lgamma(first + second)
        - math.lgamma(first)
        - math.lgamma(second)
        + first * math.log(at)
        + second * math.log1p(-at)
    )
    if at < (first + 1) / (first + second + 2):
        return front / first * _beta_fraction(at, first, second)
    return 1.0 - front / second * _beta_fraction(1 - at, second, first)


def t_tails(value: float, degrees: float) -> float:
    """Return the chance that Student's t lies at least as far from 0 as a value, on either side.

    Parameters
    ----------
    value
        Either sign.
    degrees
        Degrees of freedom; infinite for the normal distribution.

    Examples
    --------
    >>> round(t_tails(2.12, 16), 3), round(t_tails(1.96, math.inf), 3)
    (0.05, 0.05)
    """
    if math.isinf(degrees):
        return math.erfc(abs(value) / math.sqrt(2))
    square = value * value
    if square < degrees:  # the share near the middle, since 1 minus a tiny share would round that share away
        return 1.0 - beta_below(square / (degrees + square), 0.5, degrees / 2)
    return beta_below(degrees / (degrees + square), degrees / 2, 0.5)


@functools.lru_cache(maxsize=256)
def t_quantile(share: float, degrees: float) -> float:
    """Return the value below which a share of Student's t distribution lies.

    Parameters
    ----------
    share
        Between 0 and 1, both excluded. Unit: fraction.
    degrees
        Degrees of freedom, 3 or more; infinite for the normal distribution.

    Examples
    --------
    >>> round(t_quantile(0.975, 16), 4)
    2.1199
    """
    if math.isinf(degrees) or share == 0.5:  # noqa: PLR2004  the middle
        return normal_quantile(share)
    if share < 0.5:  # noqa: PLR2004
        return -t_quantile(1 - share, degrees)
    tails = 2 * (1 - share)
    low, high = 0.0, normal_quantile(share)
    while t_tails(high, degrees) > tails:
        low, high = high, 2 * high
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (middle, high) if t_tails(middle, degrees) > tails else (low, middle)
    return high


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
    """Return the continued fraction of a gamma distribution's upper share, by the method of Lentz."""
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


def _beta_fraction(at: float, first: float, second: float) -> float:
    """Return the continued fraction of a beta distribution's share below a value, by the method of Lentz."""
    ratio, share = 1.0, 1 / _not_0(1 - (first + second) * at / (first + 1))
    total, number, factor = share, 0, 0.0
    while abs(factor - 1) > _LAST_DIGIT:
        number += 1
        end = first + 2 * number
        for part in (
            number * (second - number) * at / ((end - 1) * end),
            -(first + number) * (first + second + number) * at / (end * (end + 1)),
        ):
            share = 1 / _not_0(1 + part * share)
            ratio = _not_0(1 + part / ratio)
            factor = ratio * share
            total *= factor
    return total


def _not_0(value: float) -> float:
    return value if abs(value) > _SMALLEST else _SMALLEST
