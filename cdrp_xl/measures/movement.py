"""How much an offence row usually moves from one year to the next, beyond chance in its counts.

Recorded crime varies more than a Poisson count does. What it varies by is measured on the row's own past where three
years of it exist, and taken from its kind of offence where they don't.
"""

from __future__ import annotations

import functools
import importlib.resources
import math
import statistics
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from cdrp_xl.measures.chance import happened
from cdrp_xl.periods import Period
from cdrp_xl.terms import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from cdrp_xl.periods import Month

Key = TypeVar("Key", bound="Hashable")
"""What is counted: an offence row, or what is selected beside the rows."""

Pair = tuple[int, int]
"""The offences of a quarter and of the same quarter a year later."""

PAIRS = 8
"""Quarters of the 36 months before that have the same quarter a year earlier within them."""

FEWEST_PAIRS = 6
"""As many as three years hold, the quarter asked about among them, if one quarter more is missing."""

FEWEST_A_QUARTER = 10
"""Offences of a usual quarter below which a row says too little of its movement to speak for others."""

_FILE = "usual_movement.toml"
_ADDED = 0.5
_MONTHS_IN_QUARTER, _MONTHS_IN_YEAR = 3, 12


class Basis(StrEnum):
    """What the usual movement of a row was measured on."""

    HISTORY = "the row's own last three years"
    KIND = "other areas' movement in this kind of offence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """How much a row usually moves.

    Attributes
    ----------
    alpha
        The variance of the logarithm of its rate in one year, chance in the counts taken off. Unit: fraction.
    degrees
        Degrees of freedom with which that is known; infinite where it comes from many areas.
    basis
        What it was measured on.
    """

    alpha: float
    degrees: float
    basis: Basis

    @property
    def usual_change(self) -> float:
        """The usual change from one year to the next, as a share: 0.25 is a quarter more or a fifth less."""
        return math.expm1(math.sqrt(2 * self.alpha))


def pairs_before(first: Month, offences: Callable[[Period], int | None]) -> tuple[Pair, ...]:
    """Return the same-quarter pairs, a year apart, of the 36 months before a month.

    Parameters
    ----------
    first
        The first month of the period asked about, which is not in its own history.
    offences
        Gives the offences of three months, None where the data don't cover them. Unit: offences.

    Returns
    -------
    tuple of (int, int)
        Eight pairs at most, the latest first; quarters are counted back from the month. None where there are fewer than
        six, of which nothing is measured. Unit: offences.

    Notes
    -----
    docs/methods.md, "Usual movement". Twelve quarters fit into 36 months; the last eight have one a year before them.
    """
    found: list[Pair] = []
    for back in reversed(range(PAIRS)):  # the oldest first, since a short history lacks those
        end = first + -_MONTHS_IN_QUARTER * back
        quarter = Period(end + -_MONTHS_IN_QUARTER, end + -1)
        earlier = offences(quarter.earlier())
        later = None if earlier is None else offences(quarter)
        if earlier is not None and later is not None:
            found.append((earlier, later))
        elif len(found) + back < FEWEST_PAIRS:
            return ()
    return tuple(reversed(found))


def own_alpha(pairs: Sequence[Pair]) -> float:
    """Return what a row's own pairs say of its alpha, by moments; it may fall below 0.

    Parameters
    ----------
    pairs
        Counts of the same quarter in two years, one pair at least. Unit: offences.

    Notes
    -----
    docs/methods.md, "Usual movement": the mean of (ln(b/a)² - 1/a - 1/b) / 2, each count with 0.5 added.

    Examples
    --------
    >>> round(own_alpha([(100, 120), (100, 80)]), 4)
    0.0104
    """
    return statistics.fmean(
        (math.log((later + _ADDED) / (earlier + _ADDED)) ** 2 - 1 / (earlier + _ADDED) - 1 / (later + _ADDED)) / 2
        for earlier, later in ((happened(one), happened(other)) for one, other in pairs)
    )


def movements(
    pairs: Mapping[Key, Sequence[Pair]], *, typical: Iterable[Key], kinds: Mapping[Key, Kind]
) -> dict[Key, Movement]:
    """Return how much each row of a partnership usually moves.

    Parameters
    ----------
    pairs
        By row, the pairs of `pairs_before`. Unit: offences.
    typical
        The rows whose median the others are drawn to: the leaves of the classification.
    kinds
        By row, its kind of offence; none for a row of which that is not known.

    Returns
    -------
    dict of row to Movement
        A row without three years of history and without a kind is left out.

    Notes
    -----
    docs/methods.md, "Usual movement". A row's own alpha is drawn half-way to the median of the partnership's rows, and
    is never below 0: eight pairs say little of one row, and the median says much of all (Smyth 2004). Rows with few
    offences take no part in the median, since their own alpha is hardly more than chance in the counts. Where the row's
    kind is known, it is drawn half-way to the mean of the median and the kind's prior: violence moves less than the
    median row does, and other crime more (docs/calibration.md).
    """
    own = {row: own_alpha(found) for row, found in pairs.items() if len(found) >= FEWEST_PAIRS}
    known = [own[row] for row in typical if row in own and _mean(pairs[row]) >= FEWEST_A_QUARTER]
    middle = [statistics.median(known)] if known else []
    prior = {row: of_kind(kinds[row]) for row in pairs if row in kinds}
    found = {}
    for row in pairs:
        if row in own:
            others = [*middle, *([prior[row].alpha] if row in prior else [])] or [own[row]]
            alpha = max(0.0, (own[row] + statistics.fmean(others)) / 2)
            found[row] = Movement(alpha=alpha, degrees=float(2 * PAIRS), basis=Basis.HISTORY)
        elif row in prior:
            found[row] = prior[row]
    return found


def _mean(pairs: Sequence[Pair]) -> float:
    """Return the offences of a usual quarter."""
    return statistics.fmean(count for pair in pairs for count in pair)


def of_kind(kind: Kind) -> Movement:
    """Return how much a row without history usually moves, as other areas' rows of its kind do.

    Parameters
    ----------
    kind
        The row's kind of offence; of several together, that of `Kind.most`.

    Notes
    -----
    docs/methods.md, "Usual movement": fitted on public data of half of the districts, and tested on the other half.

    Examples
    --------
    >>> from cdrp_xl.terms import Kind
    >>> of_kind(Kind.most([Kind.BURGLARY, Kind.ROBBERY])).alpha
    0.0317
    """
    return Movement(alpha=prior_alphas()[kind], degrees=math.inf, basis=Basis.KIND)


@functools.cache
def prior_alphas() -> Mapping[Kind, float]:
    """Return the alpha of each kind of offence, as public data have it."""
    text = importlib.resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
    return {Kind(kind): alpha for kind, alpha in tomllib.loads(text)["alpha"].items()}
