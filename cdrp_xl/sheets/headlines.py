"""The worksheet behind the cover: the finding as its title, the quarter in a few sentences, the main offence rows."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from cdrp_xl.selected import PriorityOffences
from cdrp_xl.settings.sections import HEADLINES, NAMES
from cdrp_xl.sheets import paper, series, trends, upright
from cdrp_xl.sheets.blocks import Column, Sheet, Sparkline, Table, Text
from cdrp_xl.sheets.pages import page as begun
from cdrp_xl.sheets.pages import text_lines
from cdrp_xl.styles import Style
from cdrp_xl.terms import NOT_APPLICABLE, NOT_AVAILABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cdrp_xl.report import Report
    from cdrp_xl.report.model import Headline
    from cdrp_xl.report.trends import Trends
    from cdrp_xl.sheets.blocks import Value

_TABLE = "tblHeadlines"
_LINE_PIXELS, _UPRIGHT_PIXELS = 76, 44
_QUARTER_PIXELS, _YEAR_PIXELS = 52, 60
"""Within which a heading such as "12 months to Jun-11" goes on two lines, and the month is not broken."""
HOLDS = "The quarter on one page: what changed, and the main figures"


def page(report: Report, *, has_lines: bool) -> Sheet:
    """Return the worksheet; the partners' copy has a column for small charts, and as many lines as one page holds.

    Where it does not hold what has to be there, the rates that are beside the area's own give way, then its own.
    """
    found = report.headlines
    every = tuple(found.of_rates)
    whole = _page(report, len(found.lines), has_lines=has_lines, rates=every)
    if not has_lines:
        return whole
    least = sum(not line.is_extra for line in found.lines)
    fewer = (
        _page(report, number, has_lines=True, rates=rates)
        for rates in dict.fromkeys((every, every[:1], ()))
        for number in range(len(found.lines), least - 1, -1)
    )
    return next((page for page in fewer if _is_one_page(page, is_upright=report.is_upright)), whole)


def _is_one_page(sheet: Sheet, *, is_upright: bool) -> bool:
    """Return whether a page is one, and upright where that is asked for."""
    turned = upright.turned(sheet) if is_upright else sheet
    return turned.is_wide is not is_upright and not paper.fitted(turned, is_final=True).breaks


def _page(report: Report, number: int, *, has_lines: bool, rates: Collection[str]) -> Sheet:
    """Return the worksheet with that many lines, and with these rates.

    On A4 upright there is no room for the twelve months before; their change is there.
    """
    found, compared = report.headlines, report.comparison
    month, before = (str(each.last) for each in (compared.later, compared.earlier))
    year = Column(heading=f"12 months to {month}", style=Style.COUNT, width=12, least_pixels=_YEAR_PIXELS)
    figures = [
        Column(heading=compared.later.heading, style=Style.COUNT, width=11, least_pixels=_QUARTER_PIXELS),
        Column(heading=compared.earlier.heading, style=Style.COUNT, width=11, least_pixels=_QUARTER_PIXELS),
        Column(heading="Change", style=Style.APPARENT_CHANGE, width=11),
        year,
        *([] if report.is_upright else [replace(year, heading=f"12 months to {before}")]),
        Column(heading="Change over 12 months", style=Style.APPARENT_CHANGE, width=12),
        *_rate_columns(rates),
    ]
    drawn = (_lines(report.trends, report),) if has_lines and report.trends else ()
    table = Table(
        name=_TABLE,
        columns=(
            Column(heading="Offence", style=Style.NAME, width=34),
            *figures[:-1],
            replace(figures[-1], has_gap=bool(drawn)),
            *drawn,
            Column(heading="Verdict", style=Style.VERDICT, width=38),
        ),
        rows=tuple(_row(line, rates, report, has_lines=has_lines) for line in found.first(number)),
    )
    notes = [found.note, *(said for whose, said in found.of_rates.items() if whose in rates)]
    notes += [found.part] if number < len(found.lines) else []
    said = text_lines("headlines_said", "\n".join(found.sentences))
    where = f"{report.partnership}, {compared.later.words}"
    texts = [Text(name="headlines_where", value=where, style=Style.SMALL), *said]
    name, small = report.called(HEADLINES, NAMES[HEADLINES]), " ".join(filter(None, notes))
    return begun(name, found.title, report, table, key="headlines", intro=texts, section=HEADLINES, small=small)


def _rate_columns(rates: Collection[str]) -> tuple[Column, ...]:
    headings = {"own": "Per 1,000 people", "force": "Force", "group": "Group"}
    return tuple(
        Column(heading=heading, style=Style.MEAN, width=9) for whose, heading in headings.items() if whose in rates
    )


def with_lines(sheets: Sequence[Sheet], report: Report) -> tuple[Sheet, ...]:
    """Return worksheets, the headlines' with a small chart of every row's months where these are on another."""
    by_name = {table.name: (sheet, table) for sheet in sheets for table in sheet.tables}
    if report.trends is None or trends.TABLE not in by_name:
        return tuple(sheets)
    first, table = by_name[_TABLE]
    column = table.column_of(_lines(report.trends, report).heading)
    drawn = []
    for row, line in enumerate(report.headlines.first(len(table.rows)), table.row + 1):
        if months := _months_of(line, report):
            other, drawn_of = by_name[months[0]]
            drawn.append(Sparkline(sheet=other.name, table=drawn_of, heading=months[1], row=row, column=column))
    return tuple(replace(sheet, blocks=(*sheet.blocks, *drawn)) if sheet is first else sheet for sheet in sheets)


def _months_of(line: Headline, report: Report) -> tuple[str, str] | None:
    """Return the table and the column that have a line's months, None where these are not those of the others."""
    if report.trends is None:
        return None
    months = list(report.trends.months)
    if isinstance(line.key, PriorityOffences):
        for number, result in enumerate(report.priorities, 1):
            if result.priority_id == line.key.priority_id and result.series:
                is_alike = [point.month for point in result.series.points] == months
                return (f"{series.TABLE}{number}", series.COUNTED) if is_alike else None
    known = (trend.row for trend in report.trends.rows)
    return next(((trends.TABLE, row.name) for row in known if row.row_id == line.key), None)


def _lines(found: Trends, report: Report) -> Column:
    pixels = _UPRIGHT_PIXELS if report.is_upright else _LINE_PIXELS
    return Column(heading=f"{len(found.months)} months", style=Style.TEXT, width=20, least_pixels=pixels)


def _cell_of(line: Headline, report: Report) -> tuple[Value, ...]:
    """Return the cell of a small chart, empty under one; a line that has no months to itself says so."""
    if report.trends is None:
        return ()
    return (None if _months_of(line, report) else NOT_APPLICABLE,)


def _row(line: Headline, rates: Collection[str], report: Report, *, has_lines: bool) -> tuple[Value, ...]:
    years = (line.year, *(() if report.is_upright else (line.year_before,)), line.year_change)
    return (
        line.name,
        line.later,
        line.earlier,
        line.apparent_change,
        *(NOT_AVAILABLE if value is None else value for value in years),
        *(rate for whose, rate in asdict(line.rates).items() if whose in rates),
        *(_cell_of(line, report) if has_lines else ()),
        line.verdict,
    )
