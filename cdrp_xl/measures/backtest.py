"""How often the rules of chance and projection would have been wrong on past counts, where what came next is known."""

from __future__ import annotations

import functools
import itertools
import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures.months import monthly_chart
from cdrp_xl.measures.movement import movements, pairs_before
from cdrp_xl.measures.rare import is_rare, rare_chart
from cdrp_xl.measures.verdict import SIGNIFICANT, RowChange, emerging_rises, usual_p
from cdrp_xl.measures.year_end import YEARS, project
from cdrp_xl.periods import Month, Period
from cdrp_xl.terms import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cdrp_xl.measures.movement import Movement
    from cdrp_xl.measures.year_end import YearEnd
    from cdrp_xl.terms import Kind

PANDEMIC = Period(Month(2020, 3), Month(2022, 2))
"""Months that no rule can be blamed for: comparisons and projections that touch them are left out."""

LENGTHS = (3, 6, 9, 12)
KNOWN = (3, 6, 9)
BINS = (0.0, 0.01, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 0.99, 1.0)
"""Bounds of the stated chances of meeting a target that are put together."""

MONTHS_CHARTED = 36

_APRIL, _QUARTER, _YEAR = 4, 3, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The monthly counts of one area.

    Attributes
    ----------
    area
        Its name.
    first
        The month of the first count.
    counts
        By row, month by month; None where a month is not in the data. Unit: offences.
    kinds
        By row, its kind of offence, for rows without three years of history.
    """

    area: str
    first: Month
    counts: Mapping[str, Sequence[int | None]]
    kinds: Mapping[str, Kind]

    @property
    def months(self) -> int:
        """How many months the rows have."""
        return max((len(counts) for counts in self.counts.values()), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A period compared with the one a year before, or against those a year before and after together.

    Attributes
    ----------
    earlier
        Of as many periods as `periods`. Unit: offences.
    later
        Of the period itself. Unit: offences.
    movement
        What was known by then of how much the row usually moves.
    p, exact_p
        The p-values of the verdict and of the exact test. Unit: fraction.
    """

    area: str
    row: str
    period: Period
    earlier: int
    later: int
    periods: int
    movement: Movement | None
    p: float
    exact_p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """A year as it was projected and as it came. Units: offences."""

    area: str
    row: str
    year: Period
    known: int
    to_date: int
    end: YearEnd
    actual: int
    target: int

    @property
    def is_covered(self) -> bool:
        """Whether the year ended within the interval."""
        return self.end.lower <= self.actual <= self.end.upper

    @property
    def is_decided(self) -> bool:
        """Whether it was known already that the target could not be met."""
        return self.target <= self.to_date

    @property
    def is_met(self) -> bool:
        """Whether the year ended below the target."""
        return self.actual < self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceboRate:
    """Placebo comparisons of one length: how many, and how many were called different. Unit: comparisons."""

    months: int
    n: int
    different: int
    exact: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Projections with so many months known: how many years ended within their interval. Unit: years.

    `width` is the typical upper bound as a multiple of the lower one, each with half an offence added.
    """

    known: int
    n: int
    covered: int
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Targets whose chance was stated to be about the same, and how many of them were met. Units: fractions; years."""

    stated: float
    met: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTest:
    """How often the rules would have been wrong.

    Attributes
    ----------
    months, flagged
        Months of charts of three years, and those said to stand out.
    reports, with_a_rise
        Quarters of an area as placebo reports, and those that would have listed an emerging rise.
    """

    placebo: tuple[PlaceboRate, ...]
    projection: tuple[Coverage, ...]
    target: tuple[Reliability, ...]
    months: int
    flagged: int
    reports: int
    with_a_rise: int


def back_test(histories: Iterable[History], *, left_out: Period | None = PANDEMIC) -> BackTest:
    """Return how often the rules of chance and projection would have been wrong on past counts.

    Parameters
    ----------
    histories
        The monthly counts of each area, of rows of which no offence is in two.
    left_out
        Months that no comparison, projection or chart may touch, though a row's history may.

    Returns
    -------
    BackTest
        Bins, lengths and months known of which there are no cases are left out, and so are comparisons of rows of which
        neither three years nor a kind of offence are known.

    Notes
    -----
    docs/methods.md, "Backtests". Periods begin in April, and quarters at every quarter of the financial year.
    """
    areas = list(histories)
    every = [case for area in areas for case in placebos(area, left_out=left_out)]
    cases = [case for case in every if case.movement is not None]
    projected = [each for area in areas for each in projections(area, left_out=left_out)]
    charted = [marks for area in areas for marks in charts(area, left_out=left_out)]
    with_a_rise = list(reports(cases))
    return BackTest(
        placebo=tuple(placebo_rates(cases)),
        projection=tuple(coverages(projected)),
        target=tuple(reliabilities(projected)),
        months=sum(len(marks) for marks in charted),
        flagged=sum(sum(marks) for marks in charted),
        reports=len(with_a_rise),
        with_a_rise=sum(with_a_rise),
    )


def placebos(history: History, *, left_out: Period | None, lengths: Sequence[int] = LENGTHS) -> Iterator[Case]:
    """Yield every period compared with those a year before and after together: on average nothing changed.

    Parameters
    ----------
    history
        The area's monthly counts.
    left_out
        Months that no comparison may touch.
    lengths
        The periods' months.
    """
    yield from _cases(history, left_out, lengths, others=(1, -1))


def neighbours(history: History, *, left_out: Period | None, lengths: Sequence[int] = LENGTHS) -> Iterator[Case]:
    """Yield every period compared with the one a year before, as a report does: some of these did change.

    Parameters
    ----------
    history
        The area's monthly counts.
    left_out
        Months that no comparison may touch.
    lengths
        The periods' months.
    """
    yield from _cases(history, left_out, lengths, others=(1,))


def projections(
    history: History, *, left_out: Period | None, starts: Sequence[int] = (_APRIL,), years: int = YEARS
) -> Iterator[Projected]:
    """Yield every year's projection that an area's counts allow; the target is to end below the year before.

    Parameters
    ----------
    history
        The area's monthly counts.
    left_out
        Months that neither the year nor those before it that are looked at may touch.
    starts
        Months of the calendar year in which a year may begin.
    years
        Whole years before to look at. Unit: years.
    """
    for place in range(_YEAR * years, history.months - _YEAR + 1):
        first = history.first + place
        year = Period(first, first + (_YEAR - 1))
        if first.month not in starts or _touches(Period(first + -_YEAR * years, year.last), left_out):
            continue
        for known in KNOWN:
            moves = _movements(history, first + known)
            for row, counts in history.counts.items():
                seen = counts[place - _YEAR * years : place + _YEAR]
                if row in moves and len(seen) == _YEAR * (years + 1) and None not in seen:
                    yield _projected(history.area, row, year, [int(count or 0) for count in seen], known, moves[row])


def charts(history: History, *, left_out: Period | None) -> Iterator[tuple[bool, ...]]:
    """Yield for each row and financial year's end whether each month of the three years to it is said to stand out.

    Parameters
    ----------
    history
        The area's monthly counts.
    left_out
        Months that no chart may hold.

    Notes
    -----
    Of a row with few offences, the gaps between them are what may stand out. A row without any has no chart.
    """
    for place in range(history.months - MONTHS_CHARTED + 1):
        first = history.first + place
        if first.month != _APRIL or _touches(Period(first, first + (MONTHS_CHARTED - 1)), left_out):
            continue
        for counts in history.counts.values():
            seen = counts[place : place + MONTHS_CHARTED]
            if None in seen or not any(seen) or len(seen) < MONTHS_CHARTED:
                continue
            known = [int(count or 0) for count in seen]
            if is_rare(known):
                yield tuple(gap.side != 0 for gap in rare_chart(known, direction=Direction.REDUCE).gaps)
            else:
                months = monthly_chart(known, direction=Direction.REDUCE).months
                yield tuple(month.signal is not None for month in months)


def placebo_rates(cases: Iterable[Case]) -> Iterator[PlaceboRate]:
    """Yield how many placebo comparisons of each length were called different, by ours and by the exact test."""
    by_length: dict[int, list[Case]] = {}
    for case in cases:
        by_length.setdefault(case.period.months_count, []).append(case)
    for months, found in sorted(by_length.items()):
        yield PlaceboRate(
            months=months,
            n=len(found),
            different=sum(case.p < SIGNIFICANT for case in found),
            exact=sum(case.exact_p < SIGNIFICANT for case in found),
        )


def coverages(cases: Sequence[Projected]) -> Iterator[Coverage]:
    """Yield how many years ended within their interval, by how many of their months were known."""
    for known in KNOWN:
        found = [case for case in cases if case.known == known]
        if found:
            yield Coverage(
                known=known,
                n=len(found),
                covered=sum(case.is_covered for case in found),
                width=math.exp(
                    statistics.fmean(math.log((case.end.upper + 0.5) / (case.end.lower + 0.5)) for case in found)
                ),
            )


def reliabilities(cases: Sequence[Projected]) -> Iterator[Reliability]:
    """Yield how often targets were met, by the chance that was stated; decided ones are left out."""
    open_cases = [case for case in cases if not case.is_decided]
    for lower, upper in itertools.pairwise(BINS):
        found = [case for case in open_cases if lower <= case.end.chance < upper]
        if found:
            yield Reliability(
                stated=statistics.fmean(case.end.chance for case in found),
                met=statistics.fmean(case.is_met for case in found),
                n=len(found),
            )


def reports(cases: Iterable[Case]) -> Iterator[bool]:
    """Yield for each quarter of an area whether its report would have listed an emerging rise."""
    quarters: dict[tuple[str, Period], list[RowChange]] = {}
    for case in cases:
        if case.period.is_quarter:
            change = RowChange(earlier=case.earlier / case.periods, later=case.later, p=case.p)
            quarters.setdefault((case.area, case.period), []).append(change)
    for changes in quarters.values():
        yield bool(emerging_rises(changes))


def _cases(
    history: History, left_out: Period | None, lengths: Sequence[int], *, others: Sequence[int]
) -> Iterator[Case]:
    """Yield every period compared with those so many years before it together."""
    for period in _periods(history, lengths):
        compared = [period, *(period.earlier(years) for years in others)]
        if any(_touches(each, left_out) for each in compared):
            continue
        known = _movements(history, period.first)
        for row in history.counts:
            counts = [_offences(history, row, each) for each in compared]
            if None in counts or not any(counts):
                continue
            later, *earlier = (int(count or 0) for count in counts)
            before, periods, movement = sum(earlier), len(earlier), known.get(row)
            yield Case(
                area=history.area,
                row=row,
                period=period,
                earlier=before,
                later=later,
                periods=periods,
                movement=movement,
                p=usual_p(before, later, movement=movement, periods=periods),
                exact_p=usual_p(before, later, movement=None, periods=periods),
            )


def _periods(history: History, lengths: Sequence[int]) -> Iterator[Period]:
    for place, months in itertools.product(range(history.months), lengths):
        first = history.first + place
        if first.month == _APRIL or (months == _QUARTER and first.month % _QUARTER == 1):
            yield Period(first, first + (months - 1))


def _touches(period: Period, left_out: Period | None) -> bool:
    return left_out is not None and period.first <= left_out.last and left_out.first <= period.last


def _offences(history: History, row: str, period: Period) -> int | None:
    """Return the offences of a row in a period, None where some month of it is not in the data."""
    start = period.first.index - history.first.index
    counts = history.counts[row][max(start, 0) : start + period.months_count] if start >= 0 else ()
    if len(counts) < period.months_count or None in counts:
        return None
    return sum(int(count or 0) for count in counts)


def _movements(history: History, first: Month) -> Mapping[str, Movement]:
    pairs = {row: pairs_before(first, functools.partial(_offences, history, row)) for row in history.counts}
    return movements(pairs, typical=history.counts, kinds=history.kinds)


def _projected(area: str, row: str, year: Period, seen: Sequence[int], known: int, movement: Movement) -> Projected:
    """Return a year as it was projected and as it came; `seen` holds the whole years before it, and it."""
    years = [seen[start : start + _YEAR] for start in range(0, len(seen) - _YEAR, _YEAR)]
    this, target = seen[-_YEAR:], sum(years[-1])
    end = project(years=years, to_date=this[:known], movement=movement, target=target, direction=Direction.REDUCE)
    return Projected(
        area=area,
        row=row,
        year=year,
        known=known,
        to_date=sum(this[:known]),
        end=end,
        actual=sum(this),
        target=target,
    )
