"""The worksheets of what partners returned: the state of each return, its answers, what the meeting should consider."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.report.returned import ReturnedTable, Unit
from cdrp_xl.settings.sections import NAMES, RETURNS
from cdrp_xl.sheets import pages
from cdrp_xl.sheets.blocks import Chart, Column, Series, SeriesKind, Sheet, Table, Text, down, widths_of
from cdrp_xl.sheets.pages import text_lines
from cdrp_xl.styles import BLUE, ORANGE, PLUM, TEAL, Style
from cdrp_xl.terms import NOT_AVAILABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.report import Report
    from cdrp_xl.report.returned import Returned, ReturnedColumn, ReturnedText, ReturnSection
    from cdrp_xl.sheets.blocks import Block

WARNINGS = "Warnings"
HOLDS_WARNINGS = "What in the returns may identify a person"

_STYLES = {
    Unit.WORDS: Style.TEXT,
    Unit.COUNT: Style.COUNT,
    Unit.SHARE: Style.SHARE,
    Unit.POINTS: Style.DECIMAL,
    Unit.DATE: Style.DATE,
    Unit.YEAR: Style.TEXT,
}
_WIDTHS = {Unit.WORDS: 36, Unit.DATE: 18}
_COLOURS = (BLUE, ORANGE, TEAL, PLUM)
_FIGURE_WIDTH = 15


def overview(report: Report, returned: Returned, *, sees_all: bool) -> Sheet:
    """Return what the meeting is to consider, and which returns came and when.

    Partners see no table without rows; the master has all, since a refresh of the open workbook makes no new table.
    """
    meeting = [table for table in (_concerns(returned), _publicity(returned)) if sees_all or table.rows]
    heading = Text(name="returns_meeting", value="For the meeting", style=Style.SUBHEADING)
    blocks: list[Text | Table] = [_lines(returned)]
    blocks += [heading, *meeting] if meeting else []
    name = report.called(RETURNS, NAMES[RETURNS])
    return pages.page(
        name,
        name,
        report,
        *blocks,
        key="partner_returns",
        finding=returned.finding,
        intro=returned.intro,
        section=RETURNS,
    )


def _lines(returned: Returned) -> Table:
    return Table(
        name="tblReturns",
        caption="Each return, its state and its dates",
        columns=(
            Column(heading="Return", style=Style.NAME, width=28),
            Column(heading="Agency", style=Style.TEXT, width=44),
            Column(heading="Detail", style=Style.TEXT, width=44),
            Column(heading="State", style=Style.TEXT, width=18),
            Column(heading="Due", style=Style.DATE, width=18),
            Column(heading="Returned", style=Style.DATE, width=18),
        ),
        rows=tuple(
            (
                line.title,
                line.agency,
                line.detail or "Every answer is accepted.",
                line.state,
                line.due,
                line.returned_on or NOT_AVAILABLE,
            )
            for line in returned.lines
        ),
    )


def _concerns(returned: Returned) -> Table:
    return Table(
        name="tblConcerns",
        caption="Areas of concern",
        columns=(
            Column(heading="Return", style=Style.NAME, width=28),
            Column(heading="Area of concern", style=Style.TEXT, width=44),
            Column(heading="Recommendation", style=Style.TEXT, width=44),
        ),
        rows=tuple((each.title, each.concern, each.recommendation) for each in returned.concerns),
    )


def _publicity(returned: Returned) -> Table:
    return Table(
        name="tblPublicity",
        caption="Items for publicity",
        columns=(
            Column(heading="Return", style=Style.NAME, width=28),
            Column(heading="Item for publicity, not sensitive", style=Style.TEXT, width=44),
        ),
        rows=returned.publicity,
    )


def warnings(report: Report, returned: Returned) -> Sheet:
    """Return what in the returns may identify a person; for the analyst, never for partners."""
    table = Table(
        name="tblWarnings",
        columns=(
            Column(heading="Finding", style=Style.NAME, width=34),
            Column(heading="What was found", style=Style.TEXT, width=36),
            Column(heading="Where", style=Style.TEXT, width=36),
            Column(heading="Words", style=Style.TEXT, width=50),
            Column(heading="Accepted because", style=Style.TEXT, width=40),
        ),
        rows=tuple((each.mark, each.what, each.where, each.excerpt, each.accepted) for each in returned.warnings),
    )
    intro = (
        "What in the returns may identify a person. Ask for other words, or accept a warning: write its finding on "
        "the worksheet Inputs, and why. Until each is accepted nothing is published."
    )
    return pages.page(WARNINGS, WARNINGS, report, table, intro=intro)


def section(report: Report, of: ReturnSection, *, sheet: str, number: int, is_for_analyst: bool) -> Sheet:
    """Return one return's worksheet. Partners see of it what has come and may be published."""
    key = f"return_{number}"
    head = [
        *pages.title_lines(key, of.title),
        Text(name=f"{key}_marking", value=report.marking.value, style=Style.MARKING),
        *text_lines(f"{key}_status", of.status),
    ]
    parts = [part for part in of.parts if is_for_analyst or (of.has_come and _is_for_partners(part))]
    blocks: list[Block] = list(down(*head))
    tables = []
    for at, part in enumerate(parts, 1):
        placed = _part(part, _below(blocks), key=f"{key}_{at}", table=f"tblReturn{number}Part{at}")
        tables += [block for block in placed if isinstance(block, Table)]
        blocks += placed
    widths = widths_of(*tables) if tables else (float(pages.LINE_CHARACTERS),)
    return Sheet(name=sheet, blocks=tuple(blocks), widths=widths, marking=of.marking.value)


def _is_for_partners(part: ReturnedTable | ReturnedText) -> bool:
    """Return whether a part is in the partners' copy: an empty table would be a puzzle there."""
    return not part.aside and not (isinstance(part, ReturnedTable) and not part.rows)


def _below(blocks: Sequence[Block]) -> int:
    """Return the row under everything that was placed, with a free one between."""
    ends = (
        block.row + (block.rows_high if isinstance(block, Chart) else block.height)
        for block in blocks
        if isinstance(block, Text | Table | Chart)
    )
    return max(ends) + 1


def _part(part: ReturnedTable | ReturnedText, row: int, *, key: str, table: str) -> list[Block]:
    title = f"{part.title} ({part.aside})" if part.aside else part.title
    heading = Text(name=f"{key}_title", value=title, style=Style.SUBHEADING, row=row)
    if not isinstance(part, ReturnedTable):
        lines = text_lines(f"{key}_text", part.text)
        return [heading, *(_moved(line, row + 1 + i) for i, line in enumerate(lines))]
    placed = Table(
        name=table,
        columns=tuple(_column(column, is_first=i == 0) for i, column in enumerate(part.columns)),
        rows=part.rows,
        row=row + 1,
        caption=title,
    )
    return [heading, placed, *([_chart(part, placed)] if _can_be_drawn(part) else [])]


def _moved(text: Text, row: int) -> Text:
    return replace(text, row=row)


def _column(column: ReturnedColumn, *, is_first: bool) -> Column:
    is_name = is_first and column.unit is Unit.WORDS
    style = Style.NAME if is_name else _STYLES[column.unit]
    return Column(heading=column.heading, style=style, width=_WIDTHS.get(column.unit, _FIGURE_WIDTH))


def _can_be_drawn(part: ReturnedTable) -> bool:
    """Return whether a table has a chart: a symbol in place of a figure would be drawn as 0."""
    return bool(part.chart_alt_text and part.drawn) and (part.is_monthly or len(part.drawn) == len(part.rows))


def _chart(part: ReturnedTable, table: Table) -> Chart:
    """Return the chart of a table: over the months a series to each row that is whole, otherwise one to each column."""
    headings = tuple(column.heading for column in part.columns if column.is_drawn)
    rows = part.drawn if part.is_monthly else range(len(headings))
    names = [str(part.rows[row][0]) for row in rows] if part.is_monthly else headings
    series = (
        Series(heading=name, kind=SeriesKind.COLUMNS, colour=_COLOURS[i % len(_COLOURS)], row=row)
        for i, (row, name) in enumerate(zip(rows, names, strict=True))
    )
    return Chart(
        name=f"cht{table.name.removeprefix('tbl')}",
        table=table,
        categories=part.columns[0].heading,
        series=tuple(series),
        title=part.title,
        across="Month" if part.is_monthly else part.columns[0].heading,
        alt_text=part.chart_alt_text,
        row=table.row + table.height + 1,
        height=240,
        along=headings if part.is_monthly else (),
    )
