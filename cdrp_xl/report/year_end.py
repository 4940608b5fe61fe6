"""A priority's count at the year's end, in words: a range, and the chance that the target is met."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures import year_end
from cdrp_xl.periods import Period, financial_year_of
from cdrp_xl.report.wording import in_offences, say
from cdrp_xl.terms import Direction

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdrp_xl.measures.movement import Movement

_MONTHS_OF_A_QUARTER, _MONTHS_OF_A_YEAR = 3, 12
_SURE = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class YearEnd:
    """The count at the year's end. Units: offences; `based_on` and `chance` in words, `sentence` with both."""

    based_on: str
    lower: int
    middle: int
    upper: int
    chance: str
    sentence: str


def is_asked_for(setting: str, period: Period) -> bool:
    """Return whether the settings want a projection so early in the year, and the year is not over."""
    if period.months_count >= _MONTHS_OF_A_YEAR:
        return False
    return setting == "from quarter 1" or (setting == "from quarter 2" and period.months_count > _MONTHS_OF_A_QUARTER)


def projected(
    offences: Callable[[Period], int | None],
    *,
    to_date: Period,
    movement: Movement,
    baseline: Period,
    target: int,
    direction: Direction,
) -> YearEnd | None:
    """Return the year's count if the rest of it follows the usual pattern.

    Parameters
    ----------
    offences
        Gives the offences of a month or quarter, None where it can't be counted. Unit: offences.
    to_date
        The year so far, less than all of it.
    movement
        How much the count usually moves from one year to the next.
    baseline
        The year that the target is taken from.
    target
        The count that the year is to stay below, or to exceed. Unit: offences.
    direction
        Which way the count is wanted to move.

    Returns
    -------
    YearEnd or None
        None without a whole year before this one.

    Notes
    -----
    docs/methods.md, "The year's end".
    """
    years, so_far = _history(offences, to_date)
    if not years:
        return None
    end = year_end.project(years=years, to_date=so_far, movement=movement, target=target, direction=direction)
    based_on = say("projection", "based_on_1" if end.years == 1 else "based_on", years=end.years)
    return YearEnd(
        based_on=based_on,
        lower=end.lower,
        middle=end.middle,
        upper=end.upper,
        chance=_chance(end.chance),
        sentence=_sentence(end, based_on, to_date=to_date, baseline=baseline, target=target, direction=direction),
    )


def _history(offences: Callable[[Period], int | None], to_date: Period) -> tuple[list[list[int]], list[int]]:
    """Return the whole years before, and the year so far, by months, or by quarters where months can't be counted."""
    year = financial_year_of(to_date.last)
    for months in (1, _MONTHS_OF_A_QUARTER):
        so_far = _parts(offences, to_date, months)
        before = (_parts(offences, year.earlier(back), months) for back in range(1, year_end.YEARS + 1))
        years = [parts for parts in itertools.takewhile(lambda parts: parts is not None, before) if parts]
        if years and so_far:
            return years[::-1], so_far
    return [], []


def _parts(offences: Callable[[Period], int | None], period: Period, months: int) -> list[int] | None:
    """Return a period's counts by that many months each, None where one of them can't be counted."""
    firsts = [period.first + each for each in range(0, period.months_count, months)]
    counts = [offences(Period(first, first + (months - 1))) for first in firsts]
    return None if None in counts else [count or 0 for count in counts]


def _sentence(
    end: year_end.YearEnd, based_on: str, *, to_date: Period, baseline: Period, target: int, direction: Direction
) -> str:
    is_reduced = direction is Direction.REDUCE
    words = {
        "year": financial_year_of(to_date.last).name,
        "count": in_offences(end.lower) if end.lower == end.upper else f"{end.lower:,} to {in_offences(end.upper)}",
        "based_on": based_on,
        "side": "below" if is_reduced else "above",
        "target": f"{target:,}",
        "baseline": baseline.name,
        "chance": _chance(end.chance),
    }
    if 0 < end.chance < 1:
        return say("projection", "sentence", **words)
    if is_reduced and target == 0:
        return say("projection", "impossible", **words)
    return say("projection", "met" if end.chance else "missed", **words)


def _chance(chance: float) -> str:
    """Return a chance in whole per cent, never as certain unless the target is decided."""
    if chance in {0.0, 1.0}:
        return say("projection", "decided_met" if chance else "decided_missed")
    if chance > _SURE:
        return say("projection", "nearly_sure")
    return say("projection", "hardly") if chance < 1 - _SURE else f"{100 * chance:.0f}%"
