"""What came of the offences of two periods: the share with a positive outcome, and the share still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.periods import Month
from cdrp_xl.report.of_rows import OutcomeLine, OutcomesOf, OutcomesTable
from cdrp_xl.report.suppressing import OUTCOMES
from cdrp_xl.report.wording import say
from cdrp_xl.selected import RowOffences
from cdrp_xl.sources.outcomes import Outcome
from cdrp_xl.terms import NOT_APPLICABLE, NOT_AVAILABLE, SUPPRESSED

if TYPE_CHECKING:
    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.periods import Period
    from cdrp_xl.report.suppressing import Protected
    from cdrp_xl.sources.outcomes import Outcomes
    from cdrp_xl.tables import Cell

SHEET = OUTCOMES


def cells(outcomes: Outcomes | None, table: Comparison) -> dict[Cell, int]:
    """Return the counts that the table of outcomes discloses, by row and outcome, in both periods.

    Parameters
    ----------
    outcomes
        The counts of outcomes; None where they are not asked for. Unit: offences.
    table
        The two periods that the report compares.
    """
    if outcomes is None:
        return {}
    return {
        (table.area, RowOffences(row_id, flag=outcome.value), period): count
        for row_id in outcomes.rows
        for period in (table.later, table.earlier)
        for outcome in Outcome
        if (count := _count(outcomes, table.area, RowOffences(row_id, flag=outcome.value), period)) is not None
    }


def table_of(outcomes: Outcomes | None, *, table: Comparison, published: Protected) -> OutcomesTable | None:
    """Return the table of outcomes as it is published, None where it is not asked for.

    Parameters
    ----------
    outcomes
        The counts of outcomes. Unit: offences.
    table
        The two periods that the report compares.
    published
        What is published of all counts: a share of a hidden count, or beside one, is hidden.
    """
    if outcomes is None:
        return None
    done = published.of(SHEET)
    is_rounded = done is not None and done.is_rounded
    lines = tuple(
        OutcomeLine(
            row=outcomes.counts.classification.row(row_id),
            later=_outcomes_in_period(outcomes, table, row_id, table.later, published, is_rounded=is_rounded),
            earlier=_outcomes_in_period(outcomes, table, row_id, table.earlier, published, is_rounded=is_rounded),
        )
        for row_id in outcomes.rows
    )
    return OutcomesTable(earlier=table.earlier, later=table.later, lines=lines, how=_how(outcomes, table))


def _outcomes_in_period(
    outcomes: Outcomes, table: Comparison, row_id: str, period: Period, published: Protected, *, is_rounded: bool
) -> OutcomesOf:
    every = _count(outcomes, table.area, row_id, period)
    if every is None:
        return OutcomesOf(NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE)
    of_row = [(table.area, RowOffences(row_id, flag=outcome.value), period) for outcome in Outcome]
    is_hidden = (
        any(published.outcomes[cell] is None for cell in of_row) or (table.area, row_id, period) in published.hidden
    )
    if is_hidden or is_rounded:
        symbol = SUPPRESSED if is_hidden else NOT_APPLICABLE
        return OutcomesOf(SUPPRESSED if is_hidden else every, symbol, symbol, symbol)
    shares = [
        (published.outcomes[table.area, RowOffences(row_id, flag=outcome.value), period] or 0) / every
        if every
        else NOT_APPLICABLE
        for outcome in (Outcome.POSITIVE, Outcome.OPEN, Outcome.NOT_KNOWN)
    ]
    return OutcomesOf(every, *shares)


def _count(outcomes: Outcomes, area: str, key: str | RowOffences, period: Period) -> int | None:
    """Return the offences of a row, or those of it with an outcome, None where they can't be counted."""
    try:
        source = outcomes.whole if isinstance(key, str) else outcomes.counts
        return source.offences(area=area, row_id=key, period=period)
    except CannotBeComputedError:
        return None


def _after(months: int) -> str:
    return (
        "in the last month" if months < 1 else f"{months} {'month' if months == 1 else 'months'} after the last month"
    )


def _how(outcomes: Outcomes, table: Comparison) -> str:
    """Return what the reader must know: what is positive, when the outcomes were taken, and how late they come."""
    origin = outcomes.whole.origin
    as_at = origin.as_at
    sentences = [say("outcomes", "positive")]
    if as_at is None:
        sentences.append(say("outcomes", "no_date", source=origin.source))
    else:
        day = f"{as_at.day} {Month.of(as_at).name}"
        after = _after(Month.of(as_at).index - table.later.last.index)
        sentences.append(say("outcomes", "date", day=day, after=after, words=table.later.words))
    sentences.append(say("outcomes", "lag", later=table.later.words, earlier=table.earlier.words))
    return " ".join(sentences)
