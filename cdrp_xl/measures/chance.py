"""Whether two counts differ by more than chance."""

from __future__ import annotations

import math

_NEGLIGIBLE = 1e-18


def exact_p(earlier: int, later: int) -> float:
    """Return the two-sided p-value that two counts over equal periods came from one rate.

    Parameters
    ----------
    earlier, later
        Counts over periods of equal length. Unit: offences.

    Returns
    -------
    float
        The exact conditional binomial p-value, central: twice the smaller tail, at most 1. Two counts of 0 give 1.

    Notes
    -----
    METHODS.md, section 4: central, so that it agrees with the central interval of the rate ratio.

    Examples
    --------
    >>> round(exact_p(121, 115), 2)
    0.74
    """
    total = earlier + later
    return min(1.0, 2.0 * _tail(min(earlier, later), total)) if total else 1.0


def _tail(count: int, total: int) -> float:
    """Return the chance of `count` or fewer heads in `total` throws of a fair coin.

    Summed downwards from the largest term, in which each is the one before times a ratio: no term can overflow.
    """
    largest = math.exp(
        math.lgamma(total + 1) - math.lgamma(count + 1) - math.lgamma(total - count + 1) - total * math.log(2)
    )
    term = share = 1.0
    for k in range(count, 0, -1):
        term *= k / (total - k + 1)
        share += term
        if term < _NEGLIGIBLE * share:
            break
    return largest * share
