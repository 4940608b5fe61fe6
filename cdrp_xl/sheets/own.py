"""The worksheets of the partnership's own sections: partners alone have them, the master what they are made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.errors import name_some
from cdrp_xl.report.own_page import Kind
from cdrp_xl.sheets import measured
from cdrp_xl.sheets.blocks import Chart, Column, Series, SeriesKind, Sheet, Table
from cdrp_xl.sheets.pages import LINE_PIXELS
from cdrp_xl.sheets.pages import page as begun
from cdrp_xl.styles import BLUE, NUMBER_FORMATS, ORANGE, PLUM, TEAL, Style

if TYPE_CHECKING:
    from cdrp_xl.report import Report
    from cdrp_xl.report.own_page import OwnPage, OwnTable

_STYLES = {
    Kind.WORDS: Style.TEXT,
    Kind.WHOLE: Style.CHANGE,
    Kind.ONE_DECIMAL: Style.MEAN,
    Kind.TWO_DECIMALS: Style.RATE,
    Kind.SHARE: Style.SHARE,
    Kind.DATE: Style.DATE,
}
_COLOURS = (BLUE, ORANGE, TEAL, PLUM)
_LEAST_WIDTH, _MOST_WIDTH, _FIGURES_WIDTH = 12.0, 40.0, 14.0
_PIXELS_PER_CHARACTER = 7
_PIXELS_HIGH = 260


def page(report: Report, own: OwnPage, *, sheet: str, number: int) -> Sheet:
    """Return a section's worksheet: the analyst's words, the chart, the table, and that the figures are not counted."""
    blocks: list[Chart | Table] = []
    if own.table:
        table = _table(own.table, name=f"tblOwn{number}")
        blocks = [_chart(own, table, number), table] if own.drawn else [table]
    laid_out = begun(sheet, own.title, report, *blocks, key=f"own_{number}", small=own.about, section=own.section_id)
    return replace(laid_out, marking=own.marking.value)


def _table(own: OwnTable, *, name: str) -> Table:
    columns = []
    for at, (heading, kind) in enumerate(zip(own.headings, own.kinds, strict=True)):
        style = Style.NAME if at == 0 and kind is Kind.WORDS else _STYLES[kind]
        words = [heading, *(str(row[at]) for row in own.rows if isinstance(row[at], str))]
        widest = max(measured.width(each) for each in words) / _PIXELS_PER_CHARACTER + 3
        most = _MOST_WIDTH if kind is Kind.WORDS else _FIGURES_WIDTH
        columns.append(Column(heading=heading, style=style, width=min(max(widest, _LEAST_WIDTH), most)))
    return Table(name=name, columns=tuple(columns), rows=own.rows)


def _chart(own: OwnPage, table: Table, number: int) -> Chart:
    """Return the chart of a section: a series to each column that is drawn."""
    kind = SeriesKind.COURSE if own.has_lines else SeriesKind.COLUMNS
    series = (
        Series(heading=heading, kind=kind, colour=_COLOURS[at % len(_COLOURS)]) for at, heading in enumerate(own.drawn)
    )
    style = next(column.style for column in table.columns if column.heading == own.drawn[0])
    return Chart(
        name=f"chtOwn{number}",
        table=table,
        categories=table.columns[0].heading,
        series=tuple(series),
        title=name_some(own.drawn, named=len(own.drawn)),
        across=table.columns[0].heading,
        alt_text=own.chart_alt_text,
        width=LINE_PIXELS,
        height=_PIXELS_HIGH,
        up_format=NUMBER_FORMATS[style],
    )
