"""The offence rows of a copy as they are printed once small counts are hidden."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.measures.comparison import apparent_change
from cdrp_xl.report.model import Highlights, HighlightsRow
from cdrp_xl.terms import NO_CALC, SUPPRESSED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.offences import Row
    from cdrp_xl.tables import Cell


def highlights(table: Comparison, printed: Mapping[Cell, int | None]) -> Highlights:
    """Return a table's rows as they are printed.

    Parameters
    ----------
    table
        Every offence row in two periods. Unit: offences.
    printed
        What is printed of every count, None where it is hidden. Unit: offences.
    """
    return Highlights(
        area=table.area,
        classification=table.classification,
        earlier=table.earlier,
        later=table.later,
        rows=tuple(
            _printed(each.row, *(printed[table.area, each.row.row_id, when] for when in (table.earlier, table.later)))
            for each in table.rows
        ),
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


def as_printed(table: Comparison, highlights: Highlights) -> Comparison:
    """Return a table with its counts as they are printed; a row of which one is hidden stays as it is.

    Parameters
    ----------
    table
        Every offence row in two periods. Unit: offences.
    highlights
        The same rows as they are printed.
    """
    rows = []
    for each in table.rows:
        printed = highlights[each.row.row_id]
        if isinstance(printed.earlier, int) and isinstance(printed.later, int):
            rows.append(replace(each, earlier=printed.earlier, later=printed.later))
        else:
            rows.append(each)
    return replace(table, rows=tuple(rows))
