"""The policy on small counts, applied to each worksheet's figures before they reach the report.

The report holds a symbol where a count is hidden, and the count nowhere: what is made of the report can't give it away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cdrp_xl.measures.attack import Sum
from cdrp_xl.measures.comparison import apparent_change
from cdrp_xl.measures.suppression import Policy, declared_sums, suppress
from cdrp_xl.report.model import Highlights, HighlightsRow, Suppressed
from cdrp_xl.terms import NO_CALC, SUPPRESSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.offences import Classification, Row
    from cdrp_xl.report.model import PriorityResult
    from cdrp_xl.settings import Priority, Settings
    from cdrp_xl.tables import Cell

Mode = Literal["off", "hide", "round"]


def policy(settings: Settings, mode: Mode, classification: Classification) -> Policy | None:
    """Return the policy of a worksheet, None where it prints every count as it is.

    Parameters
    ----------
    settings
        The partnership's settings.
    mode
        What the settings say of the worksheet.
    classification
        The classification that its rows are of.

    Raises
    ------
    ValueFoundError
        If a sensitive row is not one of the classification's.
    """
    if mode == "off":
        return None
    own = settings.suppression
    sensitive = frozenset(classification.row(name).row_id for name in own.sensitive_rows)
    return Policy(threshold=own.unsafe_up_to, sensitive=sensitive, is_rounded=mode == "round")


def highlights(
    table: Comparison, *, settings: Settings, priorities: Sequence[PriorityResult]
) -> tuple[Highlights, Suppressed | None]:
    """Return the highlights as they are printed, and what was done to their small counts.

    Parameters
    ----------
    table
        Every offence row in two periods.
    settings
        The partnership's settings, with the policy.
    priorities
        The results that stand on worksheets of their own: their counts are printed, whatever is hidden here.

    Returns
    -------
    tuple
        The rows with symbols where counts are hidden; None where there is no policy. Units: offences.

    Raises
    ------
    ValueFoundError
        If a sensitive row is not one of the classification's.
    """
    own = policy(settings, settings.suppression.highlights, table.classification)
    if own is None:
        rows = [_printed(each.row, each.earlier, each.later) for each in table.rows]
        return _highlights(table, rows), None
    counts = dict(_counts(table))
    also = dict(_also_printed(settings.priorities, priorities, table))
    sums = declared_sums(table.classification, areas=[table.area], periods=[table.earlier, table.later])
    sums += [
        Sum(whole=cell, parts=tuple((table.area, table.classification.row(row).row_id, cell[2]) for row in rows))
        for cell, (rows, _) in also.items()
    ]
    done = suppress(counts | {cell: count for cell, (_, count) in also.items()}, sums, own, printed=also.keys())
    rows = [
        _printed(each.row, *(done.printed[table.area, each.row.row_id, when] for when in (table.earlier, table.later)))
        for each in table.rows
    ]
    told = Suppressed(
        sheet=table.classification.table,
        is_rounded=own.is_rounded,
        unsafe=len(done.unsafe),
        hidden=len(done.hidden),
        exposed=len(done.exposed),
    )
    return _highlights(table, rows), told


def _highlights(table: Comparison, rows: Sequence[HighlightsRow]) -> Highlights:
    return Highlights(
        area=table.area,
        classification=table.classification,
        earlier=table.earlier,
        later=table.later,
        rows=tuple(rows),
    )


def _printed(row: Row, earlier: int | None, later: int | None) -> HighlightsRow:
    """Return a row as it is printed; what either count would be worked out of is hidden with the other."""
    if earlier is None or later is None:
        change: int | str = SUPPRESSED
        apparent: float | str = SUPPRESSED
    else:
        change = later - earlier
        share = apparent_change(earlier, later)
        apparent = NO_CALC if share is None else share
    return HighlightsRow(
        row=row,
        earlier=SUPPRESSED if earlier is None else earlier,
        later=SUPPRESSED if later is None else later,
        change=change,
        apparent_change=apparent,
    )


def _counts(table: Comparison) -> Iterator[tuple[Cell, int]]:
    for each in table.rows:
        yield (table.area, each.row.row_id, table.earlier), each.earlier
        yield (table.area, each.row.row_id, table.later), each.later


def _also_printed(
    settings: Sequence[Priority], results: Sequence[PriorityResult], table: Comparison
) -> Iterator[tuple[Cell, tuple[tuple[str, ...], int]]]:
    """Give the counts of the priorities in the table's two periods, each with the rows that it adds up."""
    for priority, result in zip(settings, results, strict=True):
        if priority.measure.is_by_locus:
            continue  # a selection of offences bounds no row that is hidden
        shown = {point.quarter: point.offences for point in result.trend}
        shown |= {
            period: count
            for period, count in ((result.baseline_period, result.baseline), (result.period, result.later))
            if count is not None
        }
        for period in (table.earlier, table.later):
            if period in shown:
                yield (table.area, priority.selection_id, period), (priority.measure.rows, shown[period])
