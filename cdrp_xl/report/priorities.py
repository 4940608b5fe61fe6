"""One priority of the partnership: counted, compared with its pinned baseline, judged, and followed over quarters."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from cdrp_xl.errors import CdrpError, ValueFoundError
from cdrp_xl.measures import comparison, rag
from cdrp_xl.periods import Period, financial_year_of, quarter_of, quarters_of, year_to_date
from cdrp_xl.report import farm_counts, series, usual, year_end
from cdrp_xl.report.model import Check, PriorityResult, TrendPoint
from cdrp_xl.report.wording import in_brackets, in_offences, say
from cdrp_xl.selected import PriorityOffences
from cdrp_xl.terms import NOT_AVAILABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.measures.movement import Movement
    from cdrp_xl.periods import Month
    from cdrp_xl.report.year_end import YearEnd
    from cdrp_xl.selected import RowKey, Selected
    from cdrp_xl.settings import Settings
    from cdrp_xl.settings.priorities import Priority
    from cdrp_xl.sources.master import Override
    from cdrp_xl.tables import Counts

QUARTERS_SHOWN = 13
"""Three years and the quarter itself, so that the same quarter of each year can be seen."""


class _Counted:
    """The offences of one priority in any period, always by the definitions that count the period to date."""

    def __init__(self, priority: Priority, sources: Sequence[Counts], *, area: str, to_date: Period) -> None:
        by_locus, own = priority.measure.is_by_locus, PriorityOffences(priority.id)
        usable = [source for source in sources if own in source.selections] if by_locus else list(sources)
        self.why_not = (
            "no row-level extract with a locus is named in partnership.toml." if by_locus and not usable else ""
        )
        self._rows: tuple[RowKey, ...] = (own,) if by_locus else priority.measure.rows
        self._area = area
        self._sources = self._of_one_definition(usable, to_date)
        self._given = dict(zip(quarters_of(priority.baseline.year), priority.baseline.quarters, strict=False))

    def offences(self, period: Period) -> int | None:
        """Return the offences of a period, None (and why in `why_not`) where no source covers it."""
        refusals: list[str] = []
        for source in self._sources:
            try:
                return self._in(source, period)
            except CdrpError as refused:
                refusals.append(refused.what)
        self.why_not = refusals[0] if refusals else self.why_not
        return None

    def movement(self, first: Month) -> Movement | None:
        """Return how much the priority's count usually moves, by what is known before a month."""
        if not self._sources:
            return None
        rows = [self._id(self._sources[0], row) for row in self._rows]
        return usual.of_sum(self._sources, rows, area=self._area, first=first)

    def other_baselines(self, named: str) -> tuple[str, ...]:
        """Return a sentence on each quarter whose baseline in the settings differs from what is counted."""
        both = [(quarter, given, self.offences(quarter)) for quarter, given in self._given.items()]
        return tuple(
            say("priority", "other_baseline", given=f"{given:,}", source=named, quarter=quarter.name, own=f"{own:,}")
            for quarter, given, own in both
            if own is not None and own != given
        )

    def baseline(self, period: Period) -> int | None:
        """Return the baseline's offences: as given in the settings, whole quarters only, otherwise as counted."""
        quarters = [quarter for quarter in self._given if quarter in period]
        if self._given and sum(quarter.months_count for quarter in quarters) == period.months_count:
            return sum(self._given[quarter] for quarter in quarters)
        return self.offences(period)

    def _of_one_definition(self, sources: Sequence[Counts], to_date: Period) -> Sequence[Counts]:
        """Leave out sources whose rows are defined otherwise than those of the first that covers the year to date."""
        for source in sources:
            with contextlib.suppress(CdrpError):
                self._in(source, to_date)
                return [other for other in sources if other.classification.counts_alike(source.classification)]
        return sources

    def _in(self, source: Counts, period: Period) -> int:
        return sum(self._of_row(source, row, period) for row in self._rows)

    def _of_row(self, source: Counts, row: RowKey, period: Period) -> int:
        return source.offences(area=self._area, row_id=self._id(source, row), period=period)

    @staticmethod
    def _id(source: Counts, row: RowKey) -> RowKey:
        return source.classification.row(row).row_id if isinstance(row, str) else row


def result(
    priority: Priority,
    *,
    sources: Sequence[Counts],
    area: str,
    period: Period,
    override: Override | None = None,
    projection: str = "from quarter 2",
) -> PriorityResult:
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
    override
        The analyst's own judgement for the period.
    projection
        From which quarter on the year's end is projected, as the settings say it.

    Returns
    -------
    PriorityResult
        Counts that can't be had are None, with the reason in the sentence and the assessment.

    Raises
    ------
    ValueFoundError
        If no source's classification has a row of the measure, or two rows count the same offences.

    Notes
    -----
    docs/methods.md, "Position of a priority": the period to date is compared with the same months of the baseline year,
    and with nothing where that year is not over before the period begins; the analyst may override the rule, with a
    reason. docs/methods.md, "Offence definitions": figures of two definitions are never mixed.
    """
    _check_rows(priority, sources)
    to_date = year_to_date(period.last)
    baseline_period = to_date.same_months_of(priority.baseline.year)
    counted = _Counted(priority, sources, area=area, to_date=to_date)
    later = counted.offences(to_date)
    baseline = counted.baseline(baseline_period) if later is not None and _is_before(priority, to_date) else None
    why_not = counted.why_not
    if later is not None and not _is_before(priority, to_date):
        why_not = say("priority", "not_before", baseline=priority.baseline.year.name, words=to_date.words)
    trend = _trend(counted, period, priority.baseline.year if _is_before(priority, to_date) else None)
    can_compare = later is not None and baseline is not None
    by_month = series.monthly(
        priority.title,
        offences=counted.offences,
        direction=priority.direction,
        period=period,
        target=_target_a_month(priority, counted, to_date),
    )
    disagreements = counted.other_baselines(priority.baseline.source)
    end, end_sentence = _year_end(priority, counted, to_date, later, baseline, projection)
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
        assessment=_judged(_assessment(priority, counted, later, baseline, to_date), override),
        sentence=_sentence(later, baseline, to_date, baseline_period, why_not),
        trend=trend,
        chart_title=say("priority", "chart", title=priority.title),
        chart_alt_text=_alt_text(priority, trend),
        series=by_month,
        year_end=end,
        findings=(*end_sentence, *(by_month.findings if by_month else ()), *disagreements),
        disagreements=disagreements,
    )


def offences(priority: Priority, *, sources: Sequence[Counts], area: str, period: Period) -> int | None:
    """Return the offences of a priority in a period, None where no source covers it. Unit: offences."""
    return _Counted(priority, sources, area=area, to_date=period).offences(period)


def _check_rows(priority: Priority, sources: Sequence[Counts]) -> None:
    """Refuse a row that no source's classification has, and rows whose offences would be counted twice."""
    where = f"partnership.toml, the priority {priority.id}"
    for row_id in priority.measure.rows:
        unknown: list[ValueFoundError] = []
        for source in sources:
            try:
                source.classification.row(row_id)
            except ValueFoundError as refused:
                unknown.append(refused)
        if unknown and len(unknown) == len(sources):
            raise ValueFoundError(unknown[0].what, where=where, remedy=unknown[0].remedy)
    for source in sources:
        source.classification.check_apart(priority.measure.rows, where=where)


def _year_end(
    priority: Priority, counted: _Counted, to_date: Period, later: int | None, baseline: int | None, projection: str
) -> tuple[YearEnd | None, tuple[str, ...]]:
    """Return the projection to the year's end, and it in words or why there is none, where it is asked for."""
    if later is None or baseline is None or not year_end.is_asked_for(projection, to_date):
        return None, ()
    target, movement = counted.baseline(priority.baseline.year), counted.movement(to_date.last + 1)
    if target is None or movement is None or priority.deadline.last < to_date.last:
        return None, ()
    end = year_end.projected(
        counted.offences,
        to_date=to_date,
        movement=movement,
        baseline=priority.baseline.year,
        target=target,
        direction=priority.direction,
    )
    if end is None:
        return None, (say("projection", "no_history", year=financial_year_of(to_date.last).name),)
    return end, (end.sentence,)


def never_met(settings: Settings, counts: Counts | None) -> tuple[Check, ...]:
    """Return a line on each selection by locus, of a priority or of farm crime, that no offence in any month meets."""
    if counts is None:
        return ()
    by_locus = [each for each in settings.priorities if each.measure.is_by_locus]
    titles: dict[Selected, str] = {PriorityOffences(each.id): each.title for each in by_locus}
    titles |= {farm_counts.ALL: say("farm", "title")} if settings.farm else {}
    met = {row_id for (_, row_id, _), offences in counts.cells.items() if offences}
    return tuple(
        Check(what=title, holds=False, detail=say("priority", "no_locus"))
        for selected, title in titles.items()
        if selected in counts.selections and selected not in met
    )


def _assessment(
    priority: Priority, counted: _Counted, later: int | None, baseline: int | None, to_date: Period
) -> rag.Assessment:
    if later is None:
        return rag.not_assessed(f"{to_date.words} can't be counted")
    if not _is_before(priority, to_date):
        return rag.not_assessed(f"The baseline {priority.baseline.year.name} is not before {to_date.words}")
    if baseline is None:
        return rag.not_assessed(f"The baseline {priority.baseline.year.name} can't be counted")
    return rag.assess(
        later=later,
        baseline=baseline,
        direction=priority.direction,
        rule=priority.rag,
        movement=counted.movement(to_date.first) if priority.rag.rule == "usual movement" else None,
        deadline=priority.deadline,
        period=to_date,
    )


def _judged(by_rule: rag.Assessment, override: Override | None) -> rag.Assessment:
    """Return the analyst's own judgement, with what the rule gave beside it; otherwise what the rule gave."""
    if override is None:
        return by_rule
    reason = override.reason if override.reason.endswith((".", "!", "?")) else f"{override.reason}."
    said = say("priority", "judged", reason=reason, status=by_rule.status, by_rule=by_rule.reason)
    return rag.Assessment(status=override.status, reason=said)


def _sentence(later: int | None, baseline: int | None, to_date: Period, before: Period, why: str) -> str:
    if later is None:
        return say("priority", "not_counted", words=to_date.words, why=why)
    if baseline is None:
        return say("priority", "no_baseline", words=to_date.words, later=in_offences(later), why=why)
    if later == baseline:
        return say("priority", "same", words=to_date.words, later=in_offences(later), baseline_words=before.words)
    return say(
        "priority",
        "counted",
        words=to_date.words,
        later=in_offences(later),
        baseline=f"{baseline:,}",
        baseline_words=before.words,
        printed=in_brackets(baseline, later),
    )


def _target_a_month(priority: Priority, counted: _Counted, to_date: Period) -> float | None:
    """Return what an average month of the baseline year had, which the year's months are to stay below or to exceed."""
    of_year = counted.baseline(priority.baseline.year) if _is_before(priority, to_date) else None
    return None if of_year is None else of_year / priority.baseline.year.months_count


def _is_before(priority: Priority, to_date: Period) -> bool:
    """Return whether the baseline year is over before the period begins."""
    return priority.baseline.year.last < to_date.first


def _trend(counted: _Counted, period: Period, baseline_year: Period | None) -> tuple[TrendPoint, ...]:
    """Return the quarters up to the period's last, from the first that can be counted; of none if the last can't be."""
    last = quarter_of(period.last)
    points: list[TrendPoint] = []
    for back in reversed(range(QUARTERS_SHOWN)):
        quarter = Period(last.first + -3 * back, last.last + -3 * back)
        offences = counted.offences(quarter)
        if offences is not None or points:
            baseline = counted.baseline(quarter.same_months_of(baseline_year)) if baseline_year else None
            points.append(TrendPoint(quarter=quarter, offences=offences, baseline=baseline))
    return tuple(points) if points and points[-1].offences is not None else ()


def _alt_text(priority: Priority, trend: Sequence[TrendPoint]) -> str:
    if not trend:
        return ""
    has_line = all(point.baseline is not None for point in trend)
    return say(
        "priority",
        "chart_alt" if has_line else "chart_alt_without_baseline",
        title=priority.title,
        first=trend[0].quarter.name,
        first_offences=in_offences(trend[0].offences or 0),
        last=trend[-1].quarter.name,
        last_offences=f"{trend[-1].offences or 0:,}",
        baseline=priority.baseline.year.name,
    )
