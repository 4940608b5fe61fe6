"""Rates and shares with their intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures.distributions import chi_square_quantile, normal_quantile

PER = 1000
"""A rate is per 1,000 people or households."""

_LEAST_FOR_BYAR = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An interval of a figure, in the figure's own unit."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first of two shares less the second. Unit: as the shares were given."""

    difference: float
    standard_error: float
    z: float
    interval: Interval


def rate_per_1000(offences: int, residents: int, *, area: str) -> float:
    """Return the offences per 1,000 people or households.

    Parameters
    ----------
    offences
        Unit: offences.
    residents
        People, or households for offences against homes. Unit: people or households.
    area
        Whose rate it is, for the message.

    Returns
    -------
    float
        Unit: offences per 1,000 people or households.

    Raises
    ------
    CannotBeComputedError
        If nobody lives there.

    Notes
    -----
    docs/methods.md, "Rates and shares".

    Examples
    --------
    >>> round(rate_per_1000(61, 59_500, area="South Cambridgeshire"), 2)
    1.03
    """
    if residents <= 0:
        raise CannotBeComputedError(
            f"A rate of {area} can't be worked out over {residents:,} people or households.",
            where=f"the population of {area}",
            remedy="Write the number in the file of populations, or take the area out of the group.",
        )
    return PER * offences / residents


def count_interval(offences: int, *, confidence: float = 0.95) -> Interval:
    """Return the interval of a count: Byar's from 10 on, the exact one below.

    Parameters
    ----------
    offences
        Unit: offences.
    confidence
        Unit: fraction.

    Returns
    -------
    Interval
        Unit: offences. Times 1,000 and divided by the people it is the interval of a rate.

    Notes
    -----
    docs/methods.md, "Rates and shares".

    Examples
    --------
    >>> interval = count_interval(65)
    >>> round(interval.lower, 6), round(interval.upper, 6)
    (50.163188, 82.849139)
    """
    return (
        _byar(offences, confidence=confidence)
        if offences >= _LEAST_FOR_BYAR
        else exact_count_interval(offences, confidence=confidence)
    )


def exact_count_interval(offences: float, *, confidence: float = 0.95) -> Interval:
    """Return the exact interval of a Poisson count, by the chi-square distribution.

    Parameters
    ----------
    offences
        A count, or an expected one, which need not be whole. Unit: offences.
    confidence
        Unit: fraction.

    Notes
    -----
    docs/methods.md, "Rates and shares".
    """
    tail = (1 - confidence) / 2
    return Interval(
        lower=chi_square_quantile(tail, 2 * offences) / 2,
        upper=chi_square_quantile(1 - tail, 2 * (offences + 1)) / 2,
    )


def share_interval(count: int, out_of: int, *, confidence: float = 0.95) -> Interval:
    """Return Wilson's interval of a share.

    Parameters
    ----------
    count, out_of
        How many, and of how many. `out_of` is at least 1.
    confidence
        Unit: fraction.

    Returns
    -------
    Interval
        Unit: fraction.

    Raises
    ------
    CannotBeComputedError
        If there is nothing to take a share of, or more than all of it is taken.

    Notes
    -----
    docs/methods.md, "Rates and shares".

    Examples
    --------
    >>> interval = share_interval(65, 100)
    >>> round(interval.lower, 6), round(interval.upper, 6)
    (0.552544, 0.736358)
    """
    if not 0 <= count <= out_of or out_of == 0:
        raise CannotBeComputedError(
            f"{count:,} can't be shown as a share of {out_of:,}.",
            where="a share",
            remedy="Write a part that is no larger than its whole, and a whole above 0.",
        )
    z = normal_quantile((1 + confidence) / 2)
    share = count / out_of
    middle = share + z * z / (2 * out_of)
    half = z * math.sqrt((share * (1 - share) + z * z / (4 * out_of)) / out_of)
    whole = 1 + z * z / out_of
    return Interval(
        lower=(middle - half) / whole if count else 0.0, upper=(middle + half) / whole if count < out_of else 1.0
    )


def difference_of_shares(
    first: float, first_error: float, second: float, second_error: float, *, confidence: float = 0.95
) -> Difference:
    """Return the first of two independent shares less the second, from the standard errors that a survey prints.

    Parameters
    ----------
    first, first_error
        A share and its standard error, in one unit, such as per cent.
    second, second_error
        The other share and its standard error, in the same unit; one of the two errors is above 0.
    confidence
        Unit: fraction.

    Returns
    -------
    Difference
        Unit: as the shares were given.

    Raises
    ------
    CannotBeComputedError
        If both standard errors are 0, or one is below.

    Notes
    -----
    docs/methods.md, "Rates and shares": what a survey prints as "±" may be its standard error, which is about half an
    interval.

    Examples
    --------
    >>> round(difference_of_shares(10, 1.1, 3, 0.6).z, 2)
    5.59
    """
    error = math.hypot(first_error, second_error)
    if min(first_error, second_error) < 0 or error == 0:
        raise CannotBeComputedError(
            f"Standard errors of {first_error:g} and {second_error:g} can't be used.",
            where="a difference of two shares",
            remedy="Write the standard errors that the survey gives, both 0 or more and one of them above 0.",
        )
    half = normal_quantile((1 + confidence) / 2) * error
    difference = first - second
    return Difference(
        difference=difference,
        standard_error=error,
        z=difference / error,
        interval=Interval(lower=difference - half, upper=difference + half),
    )


def _byar(offences: int, *, confidence: float) -> Interval:
    z = normal_quantile((1 + confidence) / 2)
    above = offences + 1
    return Interval(
        lower=offences * (1 - 1 / (9 * offences) - z / (3 * math.sqrt(offences))) ** 3,
        upper=above * (1 - 1 / (9 * above) + z / (3 * math.sqrt(above))) ** 3,
    )
