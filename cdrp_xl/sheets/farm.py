"""The worksheets of farm crime: the section, and in the master the pivot tables over its countable rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.settings.sections import FARM, NAMES, worksheets
from cdrp_xl.sheets.blocks import Chart, Column, Pivot, Series, SeriesKind, Sheet, Table
from cdrp_xl.sheets.pages import page
from cdrp_xl.styles import BLUE, ORANGE, Style
from cdrp_xl.terms import NO_CALC, NOT_APPLICABLE, NOT_AVAILABLE

if TYPE_CHECKING:
    from cdrp_xl.report import Report
    from cdrp_xl.report.farm_model import CrossTable, FarmCrime, FarmQuarter, GroupLine
    from cdrp_xl.sheets.blocks import Value

_PIVOTS, _DATA = "Farm crime pivots", "Farm crime data"
DATA_TABLE = "tblFarmOffences"

_ROOM_TO_GROW = 12
"""Rows left free under a pivot table for groups that are not there yet: Excel does not let one grow over another."""

_OFFENCE, _GROUP, _YEAR, _QUARTER = "Offence", "Offence group", "Financial year", "Quarter"


def section(report: Report, crime: FarmCrime, *, with_pivots: bool) -> tuple[Sheet, ...]:
    """Return the figures by group and year, and by quarter; without pivot tables, what these show in a plain one."""
    more = () if with_pivots else (_groups_by_quarter(crime),)
    return (_by_group(report, crime, *more), _by_quarter(report, crime))


def pivots(report: Report, crime: FarmCrime) -> tuple[Sheet, ...]:
    """Return the pivot tables, and the rows that they count."""
    data = _data(report, crime)
    return (_pivots(report, crime, data.tables[0]), data)


def _by_group(report: Report, crime: FarmCrime, *more: Table) -> Sheet:
    called = report.called(FARM, NAMES[FARM])
    name, _ = worksheets(FARM, called)
    title = f"{called} by offence group and year"
    intro = " ".join(filter(None, (crime.intro, report.intros.farm)))
    tables = (_years(crime), *more)
    return page(
        name,
        title,
        report,
        *tables,
        key="farm_by_group",
        finding=crime.by_year_text,
        intro=intro,
        section=FARM,
    )


def _by_quarter(report: Report, crime: FarmCrime) -> Sheet:
    """Return the quarters beside those of the baseline year, with their chart."""
    intro = " ".join(filter(None, (crime.by_quarter_text, report.intros.farm)))
    _, name = worksheets(FARM, report.called(FARM, NAMES[FARM]))
    laid_out = replace(
        page(name, name, report, _quarters(crime), key="farm_crime_by_quarter", intro=intro), section=FARM
    )
    if not crime.quarters:
        return laid_out
    return replace(laid_out, blocks=(*laid_out.blocks, _chart(crime, laid_out.tables[0])))


def _years(crime: FarmCrime) -> Table:
    names = [year.name for year in crime.years]
    return Table(
        name="tblFarm",
        caption="Offence groups by year",
        columns=(
            Column(heading=_GROUP, style=Style.NAME, width=28),
            *(Column(heading=name, style=Style.COUNT, width=12) for name in names),
            *(Column(heading=f"{name} share", style=Style.SHARE, width=12) for name in names),
            Column(heading="Numeric change", style=Style.CHANGE, width=12),
            Column(heading="Apparent change", style=Style.APPARENT_CHANGE, width=12),
        ),
        rows=tuple(_line(line) for line in crime.lines),
    )


def _line(line: GroupLine) -> tuple[Value, ...]:
    change: tuple[Value, Value] = (NOT_AVAILABLE, NOT_AVAILABLE)
    if line.change is not None:
        change = (line.change, NO_CALC if line.apparent_change is None else line.apparent_change)
    counts = [NOT_AVAILABLE if count is None else count for count in line.offences]
    shares = [
        share if share is not None else NOT_AVAILABLE if count is None else NOT_APPLICABLE
        for count, share in zip(line.offences, line.shares, strict=True)
    ]
    return (line.group, *counts, *shares, *change)


def _quarters(crime: FarmCrime) -> Table:
    return Table(
        name="tblFarmQuarters",
        columns=(
            Column(heading=_QUARTER, style=Style.NAME, width=14),
            Column(heading="Offences", style=Style.COUNT, width=12),
            Column(heading=f"Same quarter of {crime.baseline_year.name}", style=Style.COUNT, width=12),
            Column(heading="Repeat offences", style=Style.COUNT, width=12),
            Column(heading=crime.repeats_heading, style=Style.COUNT, width=12),
        ),
        rows=tuple(_quarter(each) for each in crime.quarters),
    )


def _quarter(each: FarmQuarter) -> tuple[Value, ...]:
    repeats: tuple[Value, Value] = (NOT_AVAILABLE, NOT_AVAILABLE)
    if each.repeats is not None:
        repeats = (each.repeats.offences, each.repeats.victims)
    return (each.quarter.name, each.offences, NOT_AVAILABLE if each.baseline is None else each.baseline, *repeats)


def _groups_by_quarter(crime: FarmCrime) -> Table:
    """Return what the master's pivot tables show by quarter, as a plain table."""
    return Table(
        name="tblFarmGroups",
        caption="Offence groups by quarter",
        columns=(
            Column(heading=_QUARTER, style=Style.NAME, width=14),
            *(Column(heading=group, style=Style.COUNT, width=18) for group in crime.groups),
            Column(heading=crime.lines[-1].group, style=Style.COUNT, width=16),
        ),
        rows=tuple((each.quarter.name, *each.by_group, each.offences) for each in crime.quarters),
    )


def _chart(crime: FarmCrime, table: Table) -> Chart:
    _, offences, baseline, *_ = (column.heading for column in table.columns)
    series = [Series(heading=offences, kind=SeriesKind.COLUMNS, colour=BLUE)]
    series += [Series(heading=baseline, kind=SeriesKind.LINE, colour=ORANGE)] if crime.has_whole_baseline else []
    return Chart(
        name="chtFarmQuarters",
        table=table,
        categories=_QUARTER,
        series=tuple(series),
        title=crime.chart_title,
        across="Quarter of the financial year",
        alt_text=crime.chart_alt_text,
        row=table.row,
        column=len(table.columns),
        height=260,
    )


def _data(report: Report, crime: FarmCrime) -> Sheet:
    table = Table(
        name=DATA_TABLE,
        columns=(
            Column(heading=_OFFENCE, style=Style.COUNT, width=12),
            Column(heading=_GROUP, style=Style.NAME, width=28),
            Column(heading=_YEAR, style=Style.TEXT, width=16),
            Column(heading=_QUARTER, style=Style.TEXT, width=12),
            Column(heading=crime.locus_heading, style=Style.TEXT, width=20),
        ),
        rows=tuple((number, *offence) for number, offence in enumerate(crime.farm_offences, 1)),
    )
    return page(_DATA, "Farm offences, one by one", report, table, intro=crime.data_intro)


def _pivots(report: Report, crime: FarmCrime, data: Table) -> Sheet:
    """Return the pivot tables by year and by quarter, or only the words where there is nothing to count."""
    head = page(_PIVOTS, "Farm crime in pivot tables", report, intro=crime.pivots_intro)
    if not crime.farm_offences:
        return head
    row = len(head.blocks) + 1
    by_year = _pivot("pvtFarmByYear", crime.by_year, crime, data, row=row)
    by_quarter = _pivot("pvtFarmByQuarter", crime.by_quarter, crime, data, row=row + by_year.height + _ROOM_TO_GROW)
    widths = (28.0, *[14.0] * len(crime.by_quarter.across))
    return Sheet(name=_PIVOTS, blocks=(*head.blocks, by_year, by_quarter), widths=widths)


def _pivot(name: str, crossed: CrossTable, crime: FarmCrime, data: Table, *, row: int) -> Pivot:
    return Pivot(
        name=name,
        table=data,
        down=_GROUP,
        across=(_YEAR, _QUARTER)[: max(map(len, crossed.across))],
        filtered_by=crime.locus_heading,
        counted=_OFFENCE,
        caption="Offences",
        row_items=crossed.down,
        column_items=crossed.across,
        figures=crossed.counts,
        row=row,
    )
