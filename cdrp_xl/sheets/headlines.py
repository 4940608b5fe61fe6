"""The worksheet behind the cover: the finding as its title, the quarter in a few sentences, the main offence rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.sheets import trends
from cdrp_xl.sheets.blocks import Column, Sheet, Sparkline, Table, Text
from cdrp_xl.sheets.pages import page as begun
from cdrp_xl.sheets.pages import text_lines
from cdrp_xl.styles import Style
from cdrp_xl.terms import NOT_APPLICABLE, NOT_AVAILABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.report import Headline, Report
    from cdrp_xl.report.trends import Trends
    from cdrp_xl.sheets.blocks import Value

NAME = "Headlines"
_TABLE = "tblHeadlines"
_LINE_PIXELS = 130
HOLDS = "The quarter on one page: what changed, and the main figures"


def page(report: Report, *, has_lines: bool) -> Sheet:
    """Return the worksheet; the partners' copy has a column for small charts of the months."""
    found, compared = report.headlines, report.comparison
    month, before = (str(each.last) for each in (compared.later, compared.earlier))
    table = Table(
        name=_TABLE,
        columns=(
            Column(heading="Offence", style=Style.NAME, width=34),
            Column(heading=compared.later.heading, style=Style.COUNT, width=11),
            Column(heading=compared.earlier.heading, style=Style.COUNT, width=11),
            Column(heading="Change", style=Style.APPARENT_CHANGE, width=11),
            Column(heading=f"12 months to {month}", style=Style.COUNT, width=12),
            Column(heading=f"12 months to {before}", style=Style.COUNT, width=12),
            Column(heading="Change over 12 months", style=Style.APPARENT_CHANGE, width=12),
            *((_lines(report.trends),) if has_lines and report.trends else ()),
            Column(heading="Compared with usual", style=Style.VERDICT, width=38),
        ),
        rows=tuple(_row(line, _cell_of(line, report.trends) if has_lines else ()) for line in found.lines),
    )
    said = text_lines("headlines_said", "\n".join(found.sentences))
    where = f"{report.partnership}, {compared.later.words}"
    texts = [Text(name="headlines_where", value=where, style=Style.SMALL), *said]
    return begun(NAME, found.title, report, table, intro=texts, section="headlines")


def with_lines(sheets: Sequence[Sheet], report: Report) -> tuple[Sheet, ...]:
    """Return worksheets, the headlines' with a small chart of every row's months where these are on another."""
    by_name = {table.name: (sheet, table) for sheet in sheets for table in sheet.tables}
    if report.trends is None or trends.TABLE not in by_name:
        return tuple(sheets)
    (first, table), (other, months) = by_name[_TABLE], by_name[trends.TABLE]
    column = table.column_of(_lines(report.trends).heading)
    known = {trend.row.row_id: trend.row.name for trend in report.trends.rows}
    drawn = [
        Sparkline(sheet=other.name, table=months, heading=known[line.row.row_id], row=row, column=column)
        for row, line in enumerate(report.headlines.lines, table.row + 1)
        if line.row.row_id in known
    ]
    return tuple(replace(sheet, blocks=(*sheet.blocks, *drawn)) if sheet is first else sheet for sheet in sheets)


def _lines(found: Trends) -> Column:
    heading = f"{len(found.months)} months to {found.months[-1].heading}"
    return Column(heading=heading, style=Style.TEXT, width=20, least_pixels=_LINE_PIXELS)


def _cell_of(line: Headline, found: Trends | None) -> tuple[Value, ...]:
    """Return the cell of a small chart, empty under one; a row that has no months to itself says so."""
    if found is None:
        return ()
    has_months = any(trend.row.row_id == line.row.row_id for trend in found.rows)
    return (None if has_months else NOT_APPLICABLE,)


def _row(line: Headline, lines: tuple[Value, ...]) -> tuple[Value, ...]:
    years = (line.year, line.year_before, line.year_change)
    return (
        line.row.name,
        line.later,
        line.earlier,
        line.apparent_change,
        *(NOT_AVAILABLE if value is None else value for value in years),
        *lines,
        line.verdict,
    )
