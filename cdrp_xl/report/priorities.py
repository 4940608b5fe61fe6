"""One priority of the partnership: counted, compared with its pinned baseline, judged, and followed over quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.errors import CdrpError
from cdrp_xl.measures import comparison, rag
from cdrp_xl.periods import Period, financial_year_of, quarter_of, quarters_of, year_to_date
from cdrp_xl.report.model import PriorityResult, TrendPoint
from cdrp_xl.report.wording import say
from cdrp_xl.terms import NOT_AVAILABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.settings import Priority
    from cdrp_xl.tables import Counts

QUARTERS_SHOWN = 13
"""Three years and the quarter itself, so that the same quarter of each year can be seen."""


class _Counted:
    """The offences of one priority in any period, from the source that can count it."""

    def __init__(self, priority: Priority, sources: Sequence[Counts], area: str) -> None:
        by_locus = priority.measure.is_by_locus
        usable = (
            [source for source in sources if priority.selection_id in source.selections] if by_locus else list(sources)
        )
        self.why_not = (
            "no row-level extract with a locus is named in partnership.toml." if by_locus and not usable else ""
        )
        self._row_ids = (priority.selection_id,) if by_locus else priority.measure.rows
        self._sources = usable
        self._area = area
        self._given = dict(zip(quarters_of(priority.baseline.year), priority.baseline.quarters, strict=False))

    def offences(self, period: Period) -> int | None:
        """Return the offences of a period, None (and why in `why_not`) where no source covers it."""
        for source in self._sources:
            try:
                return sum(self._of_row(source, row_id, period) for row_id in self._row_ids)
            except CdrpError as refused:
                self.why_not = refused.what
        return None

    def baseline(self, period: Period) -> int | None:
        """Return the baseline's offences: as given in the settings, whole quarters only, else as counted."""
        quarters = [quarter for quarter in self._given if quarter in period]
        if self._given and sum(quarter.months_count for quarter in quarters) == period.months_count:
            return sum(self._given[quarter] for quarter in quarters)
        return self.offences(period)

    def _of_row(self, source: Counts, row_id: str, period: Period) -> int:
        known = row_id if row_id in source.selections else source.classification.row(row_id).row_id
        return source.offences(area=self._area, row_id=known, period=period)


def result(priority: Priority, *, sources: Sequence[Counts], area: str, period: Period) -> PriorityResult:
    """Return one priority's result for the financial year to the end of a period.

    Parameters
    ----------
    priority
        What is measured, against which baseline year, by which rule.
    sources
        Counts to measure it in, in order of preference.
    area
        The partnership's area.
    period
        The report's period; the priority is judged on the year to date.

    Returns
    -------
    PriorityResult
        Counts that can't be had are None, with the reason in the sentence and the assessment.

    Notes
    -----
    METHODS.md, section 2: the period to date is compared with the same months of the baseline year.
    """
    counted = _Counted(priority, sources, area)
    to_date = year_to_date(period.last)
    baseline_period = to_date.same_months_of(priority.baseline.year)
    later = counted.offences(to_date)
    why_later = counted.why_not
    baseline = counted.baseline(baseline_period)
    why_baseline = counted.why_not
    trend = _trend(counted, period, priority.baseline.year)
    can_compare = later is not None and baseline is not None
    return PriorityResult(
        priority_id=priority.id,
        title=priority.title,
        objective=priority.objective,
        period=to_date,
        baseline_year=priority.baseline.year,
        baseline_period=baseline_period,
        later=later,
        baseline=baseline,
        apparent_change=comparison.apparent_change(baseline or 0, later or 0) if can_compare else None,
        printed=comparison.printed_change(baseline or 0, later or 0) if can_compare else NOT_AVAILABLE,
        assessment=_assessment(priority, later, baseline, to_date),
        sentence=_sentence(later, baseline, to_date, baseline_period, why_later if later is None else why_baseline),
        trend=trend,
        chart_title=say("priority", "chart", title=priority.title),
        chart_alt_text=_alt_text(priority, trend),
    )


def _assessment(priority: Priority, later: int | None, baseline: int | None, to_date: Period) -> rag.Assessment:
    if later is None:
        return rag.not_assessed(f"{to_date.words} can't be counted")
    if baseline is None:
        return rag.not_assessed(f"the baseline {priority.baseline.year.name} can't be counted")
    if priority.baseline.year.last >= to_date.first:
        return rag.not_assessed(f"the baseline {priority.baseline.year.name} is not before {to_date.words}")
    return rag.assess(
        later=later,
        baseline=baseline,
        direction=priority.direction,
        rule=priority.rag,
        deadline=priority.deadline,
        period=to_date,
    )


def _sentence(later: int | None, baseline: int | None, to_date: Period, before: Period, why: str) -> str:
    if later is None:
        return say("priority", "not_counted", words=to_date.words, why=why)
    if baseline is None:
        return say("priority", "no_baseline", words=to_date.words, later=f"{later:,}", why=why)
    return say(
        "priority",
        "counted",
        words=to_date.words,
        later=f"{later:,}",
        baseline=f"{baseline:,}",
        baseline_words=before.words,
        printed=comparison.printed_change(baseline, later),
    )


def _trend(counted: _Counted, period: Period, year: Period) -> tuple[TrendPoint, ...]:
    """Return the quarters up to the period's last, as far back as they can be counted without a gap."""
    points: list[TrendPoint] = []
    last = quarter_of(period.last)
    for back in range(QUARTERS_SHOWN):
        quarter = Period(last.first + -3 * back, last.last + -3 * back)
        offences = counted.offences(quarter)
        if offences is None:
            break
        same = quarters_of(year)[quarters_of(financial_year_of(quarter.first)).index(quarter)]
        points.append(TrendPoint(quarter=quarter, offences=offences, baseline=counted.baseline(same)))
    return tuple(reversed(points))


def _alt_text(priority: Priority, trend: Sequence[TrendPoint]) -> str:
    if not trend:
        return ""
    has_baseline = any(point.baseline is not None for point in trend)
    return say(
        "priority",
        "chart_alt" if has_baseline else "chart_alt_without_baseline",
        title=priority.title.lower(),
        first=trend[0].quarter.name,
        first_offences=f"{trend[0].offences:,}",
        last=trend[-1].quarter.name,
        last_offences=f"{trend[-1].offences:,}",
        baseline=priority.baseline.year.name,
    )
