"""A priority month by month: its usual level with the season in it, what is unusual, and what a target may expect."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures.months import LATEST, Assurance, Variation, monthly_chart
from cdrp_xl.measures.rare import is_rare, month_limit, rare_chart
from cdrp_xl.measures.season import MONTHS_FOR_SEASON
from cdrp_xl.measures.series import Signal
from cdrp_xl.periods import Period, runs_in_words
from cdrp_xl.report.wording import in_offences, say
from cdrp_xl.terms import Direction, Meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cdrp_xl.measures.months import MonthlyChart
    from cdrp_xl.measures.rare import RareChart

MONTHS_SHOWN = 36
"""Three years."""

_MONTHS_LOOKED_AT = 60
_FEWEST_MONTHS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPoint:
    """One month of a priority, and what is unusual about it, in words. Unit: offences; None without figures.

    `usual`, `lower` and `upper` are the usual level in this month of the year and its limits; None before a gap.
    """

    month: Period
    offences: int | None
    usual: float | None
    lower: float | None
    upper: float | None
    signal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlySeries:
    """A priority month by month. Units: offences a month.

    `about` are sentences on the limits, `findings` on what stands out in the report's period.
    """

    points: tuple[MonthPoint, ...]
    about: tuple[str, ...]
    findings: tuple[str, ...]
    chart_title: str
    chart_alt_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marked:
    """One month, and in words what is unusual about it; empty where nothing is."""

    month: Period
    offences: int
    usual: float
    lower: float
    upper: float
    signal: str = ""
    meaning: Meaning | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """The months since the last gap. `together` says in words what is unusual about the latest three."""

    months: tuple[_Marked, ...]
    about: tuple[str, ...]
    is_judged: bool
    together: str = ""


def monthly(
    title: str,
    *,
    offences: Callable[[Period], int | None],
    direction: Direction,
    period: Period,
    target: float | None = None,
) -> MonthlySeries | None:
    """Return a priority month by month up to the period's last month.

    Parameters
    ----------
    title
        The priority.
    offences
        Gives the offences of a month, None where it can't be counted. Unit: offences.
    direction
        Which way the priority wants the count to move.
    period
        The report's period.
    target
        The count that an average month is to stay below, or to exceed. Unit: offences a month.

    Returns
    -------
    MonthlySeries or None
        The months from the first that can be counted, three years at most; those between that can't be are points
        without a count. None where the last month or the one before can't be counted.

    Notes
    -----
    docs/methods.md, "Months". Up to five years are looked at. Months before a gap have no limits, since a season
    can't be divided out over it.
    """
    by_month = _with_gaps(offences, period)
    known = list(itertools.takewhile(lambda each: each[1] is not None, reversed(by_month)))[::-1]
    if len(known) < _FEWEST_MONTHS:
        return None
    months, counts = [month for month, _ in known], [count or 0 for _, count in known]
    read = _rare(months, counts, direction) if is_rare(counts) else _usual(months, counts, direction, target)
    shown = list(itertools.dropwhile(lambda each: each[1] is None, by_month[-MONTHS_SHOWN:]))
    points = _points(shown, read, period)
    return MonthlySeries(
        points=points,
        about=(*read.about, *_gaps(points)),
        findings=tuple(_findings(read, period)),
        chart_title=say("series", "chart", title=title),
        chart_alt_text=say(
            "series",
            "chart_alt",
            title=title,
            first=points[0].month.words,
            first_offences=in_offences(points[0].offences or 0),
            last=points[-1].month.words,
            last_offences=f"{counts[-1]:,}",
        ),
    )


def _with_gaps(offences: Callable[[Period], int | None], period: Period) -> list[tuple[Period, int | None]]:
    """Return the months up to the period's last, from the first that can be counted, with their counts."""
    months = [Period(period.last + -back, period.last + -back) for back in reversed(range(_MONTHS_LOOKED_AT))]
    return list(itertools.dropwhile(lambda each: each[1] is None, ((month, offences(month)) for month in months)))


def _usual(months: Sequence[Period], counts: Sequence[int], direction: Direction, target: float | None) -> _Read:
    """Return months compared with their usual level, with its season."""
    chart = monthly_chart(counts, direction=direction)
    marked = []
    for month, point in zip(months, chart.months, strict=True):
        is_alone = point.signal is not None and point.signal is not Signal.TOGETHER
        marked.append(
            _Marked(
                month=month,
                offences=point.offences,
                usual=point.expected,
                lower=point.lower,
                upper=point.upper,
                signal=_signal(point.signal, point.side) if point.signal else "",
                meaning=_meaning(is_improvement=point.is_improvement) if is_alone else None,
            )
        )
    latest = next((point for point in chart.months[-LATEST:] if point.signal is Signal.TOGETHER), None)
    return _Read(
        months=tuple(marked),
        about=tuple(_about_usual(months, chart, direction, target)),
        is_judged=chart.is_judged,
        together="" if latest is None else _together(months, counts, latest.side, direction),
    )


def _about_usual(
    months: Sequence[Period], chart: MonthlyChart, direction: Direction, target: float | None
) -> Iterator[str]:
    last, moved = chart.months[-1], chart.levels[-1]
    lower, upper = f"{last.lower:,.1f}", f"{last.upper:,.1f}"
    yield say(
        "series",
        "limits" if lower != upper else "steady",
        mean=f"{chart.limits.mean:,.1f}",
        since=say("series", "moved", month=months[moved].words) if moved else "",
        last=months[-1].words,
        lower=lower,
        upper=upper,
    )
    if not chart.is_judged:
        yield say("series", "short", months=len(months), needed=MONTHS_FOR_SEASON)
        return
    yield say("variation", _VARIATIONS[chart.variation])
    if target is not None:
        yield say("assurance", _ASSURANCES[chart.assurance(target, direction)], target=f"{target:,.1f}")


def _rare(months: Sequence[Period], counts: Sequence[int], direction: Direction) -> _Read:
    """Return months of few offences, where the gaps between offences may stand out."""
    chart = rare_chart(counts, direction=direction)
    usual, upper = sum(counts) / len(counts), month_limit(counts)
    signals = _gaps_that_stand_out(chart, counts)
    marked = tuple(
        _Marked(
            month=month,
            offences=count,
            usual=usual,
            lower=0.0,
            upper=upper,
            signal=_signal(Signal.OUTSIDE, 1) if count > upper else signals.get(place, ("", None))[0],
            meaning=_meaning_of_side(1, direction) if count > upper else signals.get(place, ("", None))[1],
        )
        for place, (month, count) in enumerate(zip(months, counts, strict=True))
    )
    side = chart.latest_side
    return _Read(
        months=marked,
        about=tuple(_about_rare(chart)),
        is_judged=chart.mean is not None,
        together=_together(months, counts, side, direction) if side else "",
    )


def _gaps_that_stand_out(chart: RareChart, counts: Sequence[int]) -> dict[int, tuple[str, Meaning]]:
    """Return by the month's place what a gap that ends there shows, or one that is still open."""
    places = [place for place, count in enumerate(counts) for _ in range(count)]
    ends = [*places[1:], len(counts) - 1]
    return {
        ends[number]: (
            say("signal", ("gap_open" if gap.is_open else "gap_long") if gap.side > 0 else "gap_short"),
            _meaning(is_improvement=gap.is_improvement),
        )
        for number, gap in enumerate(chart.gaps)
        if gap.side
    }


def _about_rare(chart: RareChart) -> Iterator[str]:
    yield say("series", "rare")
    if chart.mean is None or chart.upper is None:
        yield say("series", "rare_short")
    else:
        yield say("series", "rare_gaps", mean=f"{chart.mean:,.1f}", upper=f"{chart.upper:,.1f}")


def _points(shown: Sequence[tuple[Period, int | None]], read: _Read, period: Period) -> tuple[MonthPoint, ...]:
    marked = {each.month: each for each in read.months}
    return tuple(
        _point(marked[month], read, is_reported=month in period)
        if month in marked
        else MonthPoint(
            month=month,
            offences=count,
            usual=None,
            lower=None,
            upper=None,
            signal=say("series", "gap" if count is None else "before_gap"),
        )
        for month, count in shown
    )


def _point(each: _Marked, read: _Read, *, is_reported: bool) -> MonthPoint:
    """Return a month as it is shown: only one of the report's period is called a concern or an improvement."""
    nothing = say("signal", "none" if read.is_judged else "not_judged")
    words = f"{each.signal[:1].upper()}{each.signal[1:]}"
    if each.meaning and is_reported:
        words = say("signal", "with_meaning", signal=each.signal, meaning=each.meaning)
    return MonthPoint(
        month=each.month,
        offences=each.offences,
        usual=each.usual,
        lower=each.lower,
        upper=each.upper,
        signal=words or nothing,
    )


def _gaps(points: Sequence[MonthPoint]) -> list[str]:
    gaps = [point.month for point in points if point.offences is None]
    return [say("series", "gaps", months=runs_in_words(gaps))] if gaps else []


def _findings(read: _Read, period: Period) -> Iterator[str]:
    """Yield a sentence on each unusual month of the report's period, and one on the latest three months together."""
    unusual = [
        say(
            "series",
            "unusual",
            month=each.month.words,
            offences=in_offences(each.offences),
            signal=each.signal,
            meaning=each.meaning.lower(),
        )
        for each in read.months
        if each.meaning is not None and each.month in period
    ]
    yield from unusual
    if read.together:
        yield read.together
    elif not unusual and read.is_judged:
        yield say("series", "usual", words=period.words)


def _together(months: Sequence[Period], counts: Sequence[int], side: int, direction: Direction) -> str:
    latest = Period(months[-LATEST].first, months[-1].last)
    return say(
        "series",
        "together",
        words=latest.words,
        offences=in_offences(sum(counts[-LATEST:])),
        signal=say("signal", f"together_{'up' if side > 0 else 'down'}"),
        meaning=_meaning_of_side(side, direction).lower(),
    )


def _signal(signal: Signal, side: int) -> str:
    return say("signal", f"{signal.name.lower()}_{'up' if side > 0 else 'down'}")


def _meaning(*, is_improvement: bool | None) -> Meaning:
    return Meaning.IMPROVEMENT if is_improvement else Meaning.CONCERN


def _meaning_of_side(side: int, direction: Direction) -> Meaning:
    return _meaning(is_improvement=(side < 0) == (direction is Direction.REDUCE))


_VARIATIONS = {
    Variation.COMMON_CAUSE: "common_cause",
    Variation.IMPROVEMENT_LOW: "improvement_low",
    Variation.IMPROVEMENT_HIGH: "improvement_high",
    Variation.CONCERN_LOW: "concern_low",
    Variation.CONCERN_HIGH: "concern_high",
}
_ASSURANCES = {Assurance.PASSES: "passes", Assurance.FAILS: "fails", Assurance.HIT_OR_MISS: "hit_or_miss"}
