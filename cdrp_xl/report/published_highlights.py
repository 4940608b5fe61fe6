"""The offence rows of a copy as they are published once small counts are hidden."""

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


def highlights(table: Comparison, published: Mapping[Cell, int | None]) -> Highlights:
    """Return a table's rows as they are published.

    Parameters
    ----------
    table
        Every offence row in two periods. Unit: offences.
    published
        What is published of every count, None where it is hidden. Unit: offences.
    """
    return Highlights(
        area=table.area,
        classification=table.classification,
        earlier=table.earlier,
        later=table.later,
        rows=tuple(
            _published(
                each.row, *(published[table.area, each.row.row_id, when] for when in (table.earlier, table.later))
            )
            for each in table.rows
        ),
    )


def _published(row: Row, earlier: int | None, later: int | None) -> HighlightsRow:
    """Return a row as it is published; what either count would be worked out of is hidden with the other."""
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


def as_published(table: Comparison, highlights: Highlights) -> Comparison:
    """Return a table with its counts as they are published; a row of which one is hidden stays as it is.

    Parameters
    ----------
    table
        Every offence row in two periods. Unit: offences.
    highlights
        The same rows as they are published.
    """
    rows = []
    for each in table.rows:
        published = highlights[each.row.row_id]
        if isinstance(published.earlier, int) and isinstance(published.later, int):
            rows.append(replace(each, earlier=published.earlier, later=published.later))
        else:
            rows.append(each)
    return replace(table, rows=tuple(rows))
