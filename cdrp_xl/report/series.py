"""A priority month by month, with its control limits, and projected to the year's end."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures import projection
from cdrp_xl.measures.series import control_chart
from cdrp_xl.periods import Period
from cdrp_xl.report.wording import in_offences, say
from cdrp_xl.tables import runs_in_words
from cdrp_xl.terms import Direction, Meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cdrp_xl.measures.series import ControlChart, Point, Signal

MONTHS_SHOWN = 36
"""Three years."""

_FEWEST_MONTHS = 2
_MONTHS_OF_A_QUARTER, _MONTHS_OF_A_YEAR = 3, 12
_SURE = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPoint:
    """One month of a priority, and what is unusual about it, in words. Unit: offences; None without figures."""

    month: Period
    offences: int | None
    signal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlySeries:
    """A priority month by month, with its mean and control limits. Units: offences a month.

    `about` are sentences on the limits, `findings` on what stands out in the report's period.
    """

    points: tuple[MonthPoint, ...]
    mean: float
    lower: float
    upper: float
    about: tuple[str, ...]
    findings: tuple[str, ...]
    chart_title: str
    chart_alt_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearEnd:
    """The count at the year's end by one way of projecting it. Units: offences; the chance in words."""

    way: str
    lower: int
    middle: int
    upper: int
    chance: str


def monthly(
    title: str, *, offences: Callable[[Period], int | None], direction: Direction, period: Period
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

    Returns
    -------
    MonthlySeries or None
        The months from the first that can be counted, three years at most; those between that can't be are points
        without a count. None where fewer than two can be counted, or the last can't.

    Notes
    -----
    METHODS.md, section 5. Mean and limits are of the months that can be counted.
    """
    by_month = _with_gaps(offences, period)
    counts = [count for _, count in by_month if count is not None]
    if len(counts) < _FEWEST_MONTHS or by_month[-1][1] is None:
        return None
    chart = control_chart(counts, direction=direction)
    signals = iter(chart.points)
    points = tuple(
        MonthPoint(
            month=month, offences=count, signal=say("series", "gap") if count is None else _in_words(next(signals))
        )
        for month, count in by_month
    )
    limits = {name: f"{getattr(chart.limits, name):,.1f}" for name in ("mean", "lower", "upper")}
    return MonthlySeries(
        points=points,
        mean=chart.limits.mean,
        lower=chart.limits.lower,
        upper=chart.limits.upper,
        about=_about(points, chart, limits),
        findings=_findings(points, chart, period),
        chart_title=say("series", "chart", title=title),
        chart_alt_text=say(
            "series",
            "chart_alt",
            title=title,
            first=points[0].month.words,
            first_offences=in_offences(counts[0]),
            last=points[-1].month.words,
            last_offences=f"{counts[-1]:,}",
            **limits,
        ),
    )


def year_end(
    *, to_date: int, period: Period, baseline_to_date: int, baseline_year: int, direction: Direction
) -> tuple[YearEnd, ...]:
    """Return the year's count by the baseline year's season and pro rata; none once the year is over.

    Parameters
    ----------
    to_date
        Offences in the year so far. Unit: offences.
    period
        The year so far.
    baseline_to_date, baseline_year
        Offences in the same months of the baseline year, and in all of it. Unit: offences.
    direction
        Which way the priority wants the count to move: the target is to end below the baseline year, or above it.

    Notes
    -----
    METHODS.md, section 8. A baseline of few offences says nothing of the season, so that only pro rata is left.
    """
    if period.months_count >= _MONTHS_OF_A_YEAR:
        return ()
    ways = {}
    if baseline_to_date >= projection.LEAST_FOR_SEASON:
        ways["season"] = projection.by_season(
            to_date,
            baseline_to_date=baseline_to_date,
            baseline_to_come=baseline_year - baseline_to_date,
            target=baseline_year,
            direction=direction,
        )
    ways["pro_rata"] = projection.pro_rata(
        to_date, months=period.months_count, target=baseline_year, direction=direction
    )
    return tuple(
        YearEnd(
            way=say("projection", way),
            lower=found.lower,
            middle=found.middle,
            upper=found.upper,
            chance=_chance(found.chance),
        )
        for way, found in ways.items()
    )


def year_end_sentence(ends: Sequence[YearEnd], *, year: Period, baseline: Period, target: int, below: bool) -> str:
    """Return the first projection in one sentence."""
    first = ends[0]
    return say(
        "projection",
        "sentence",
        way=first.way,
        year=year.name,
        lower=f"{first.lower:,}",
        upper=f"{first.upper:,}",
        side="below" if below else "above",
        target=f"{target:,}",
        baseline=baseline.name,
        chance=first.chance,
    )


def is_asked_for(setting: str, period: Period) -> bool:
    """Return whether the settings want a projection so early in the year."""
    return setting == "from quarter 1" or (setting == "from quarter 2" and period.months_count > _MONTHS_OF_A_QUARTER)


def _with_gaps(offences: Callable[[Period], int | None], period: Period) -> list[tuple[Period, int | None]]:
    """Return the months up to the period's last, from the first that can be counted, with their counts."""
    months = [Period(period.last + -back, period.last + -back) for back in reversed(range(MONTHS_SHOWN))]
    return list(itertools.dropwhile(lambda each: each[1] is None, ((month, offences(month)) for month in months)))


def _in_words(point: Point) -> str:
    if point.signal is None:
        return say("signal", "none")
    return say("signal", "told", signal=_signal(point.signal, point.side), meaning=_meaning(point))


def _meaning(point: Point) -> Meaning:
    return Meaning.IMPROVEMENT if point.is_improvement else Meaning.CONCERN


def _signal(signal: Signal, side: int) -> str:
    return say("signal", f"{signal.name.lower()}_{'up' if side > 0 else 'down'}")


def _about(points: Sequence[MonthPoint], chart: ControlChart, limits: dict[str, str]) -> tuple[str, ...]:
    said = [say("series", "limits", months=len(chart.points), last=points[-1].month.words, **limits)]
    if gaps := [point.month for point in points if point.offences is None]:
        said.append(say("series", "gaps", months=runs_in_words(gaps)))
    return (*said, say("series", "trial")) if chart.has_trial_limits else tuple(said)


def _findings(points: Sequence[MonthPoint], chart: ControlChart, period: Period) -> tuple[str, ...]:
    """Return what stands out in the report's period, one sentence to a month."""
    unusual = [
        say(
            "series",
            "unusual",
            month=shown.month.words,
            offences=in_offences(shown.offences or 0),
            signal=_signal(point.signal, point.side),
            meaning=_meaning(point).lower(),
        )
        for shown, point in zip((each for each in points if each.offences is not None), chart.points, strict=True)
        if point.signal is not None and shown.month in period
    ]
    return tuple(unusual) or (say("series", "usual", words=period.words),)


def _chance(chance: float) -> str:
    """Return a chance in whole per cent, never as certain."""
    if chance > _SURE:
        return say("projection", "nearly_sure")
    return say("projection", "hardly") if chance < 1 - _SURE else f"{100 * chance:.0f}%"
