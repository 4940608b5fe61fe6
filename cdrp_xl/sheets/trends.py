"""The worksheet of the main offence rows month by month: a chart of each, and below them the table of all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.settings.sections import MONTHS, NAMES
from cdrp_xl.sheets.blocks import Chart, Column, Series, SeriesKind, Sheet, Table
from cdrp_xl.sheets.pages import page as begun
from cdrp_xl.styles import BLUE, LIGHT_BLUE, ORANGE, Style

if TYPE_CHECKING:
    from cdrp_xl.report import Report
    from cdrp_xl.report.trends import Trend, Trends

HOLDS = "All recorded crime and each main offence group, month by month"
TABLE = "tblByMonth"
MONTH = "Month"

_FIRST_PIXELS, _PIXELS, _BESIDE = 280, 180, 2
_WITHOUT_SEASON = "without the season"


def page(report: Report, found: Trends, *, sees_all: bool) -> Sheet:
    """Return the worksheet: all recorded crime across the page, the others two to a row, then the tables.

    Partners see no line and no table of a season that is not known; the master has them, empty, since a refresh of the
    open workbook makes neither and takes neither away.
    """
    counted = _counted(found)
    adjusted = _adjusted(found) if sees_all or found.have_season else None
    first, *others = [_chart(trend, number, counted, adjusted) for number, trend in enumerate(found.rows, 1)]
    rows = [replace(each, height=_PIXELS) for each in others[::_BESIDE]]
    tables = (counted, adjusted) if adjusted else (counted,)
    name = report.called(MONTHS, NAMES[MONTHS])
    laid_out = begun(
        name,
        name,
        report,
        first,
        *rows,
        *tables,
        key="month_by_month",
        finding=found.finding,
        intro=found.intro,
        section=MONTHS,
    )
    placed = {block.name: block for block in laid_out.blocks if isinstance(block, Chart)}
    beside = []
    for left, chart in zip(others[::_BESIDE], [*others[1::_BESIDE], None], strict=False):
        at = placed[left.name]
        beside += [replace(at, beside=(0, _BESIDE))]
        beside += [_beside(chart, at)] if chart else []
    blocks = [block for block in laid_out.blocks if block.name not in {each.name for each in beside}]
    return replace(laid_out, blocks=tuple(sorted([*blocks, *beside], key=lambda block: block.row)))


def _beside(chart: Chart, at: Chart) -> Chart:
    """Return a chart at the right of another, with the same tables."""
    tables = {each.table.name: each.table for each in at.series if each.table}
    series = tuple(replace(each, table=each.table and tables[each.table.name]) for each in chart.series)
    return replace(chart, table=at.table, series=series, row=at.row, height=at.height, beside=(1, _BESIDE))


def _counted(found: Trends) -> Table:
    columns = (Column(heading=trend.row.name, style=Style.COUNT, width=11) for trend in found.rows)
    return Table(
        name=TABLE,
        caption="Recorded offences by month",
        is_dense=True,
        columns=(Column(heading=MONTH, style=Style.NAME, width=10), *columns),
        rows=tuple(
            (month.heading, *(trend.offences[at] for trend in found.rows)) for at, month in enumerate(found.months)
        ),
    )


def _adjusted(found: Trends) -> Table:
    columns = (
        Column(heading=f"{trend.row.name}, {_WITHOUT_SEASON}", style=Style.MEAN, width=11) for trend in found.rows
    )
    return Table(
        name="tblWithoutSeason",
        caption=f"Recorded offences by month, {_WITHOUT_SEASON}",
        is_dense=True,
        columns=(Column(heading=MONTH, style=Style.NAME, width=10), *columns),
        rows=tuple(
            (month.heading, *(trend.without_season[at] if trend.without_season else None for trend in found.rows))
            for at, month in enumerate(found.months)
        ),
    )


def _chart(trend: Trend, number: int, counted: Table, adjusted: Table | None) -> Chart:
    line = Series(heading=f"{trend.row.name}, {_WITHOUT_SEASON}", kind=SeriesKind.LEVEL, colour=ORANGE, table=adjusted)
    return Chart(
        name=f"chtByMonth{number}",
        table=counted,
        categories=MONTH,
        series=(
            Series(
                heading=trend.row.name,
                kind=SeriesKind.COURSE if number == 1 else SeriesKind.COLUMNS,
                colour=BLUE if number == 1 else LIGHT_BLUE,
                table=counted,
            ),
            *((line,) if adjusted else ()),
        ),
        title=trend.row.name,
        across=MONTH,
        alt_text=trend.chart_alt_text,
        height=_FIRST_PIXELS if number == 1 else _PIXELS,
    )
