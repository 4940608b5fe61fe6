"""The master's worksheet on how often the rules would have been wrong on the partnership's own past counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.sheets import pages
from cdrp_xl.sheets.blocks import Chart, Column, Series, SeriesKind, Table
from cdrp_xl.styles import BLUE, GREY, Style

if TYPE_CHECKING:
    from cdrp_xl.report import Report
    from cdrp_xl.report.calibration import Calibration
    from cdrp_xl.sheets.blocks import Sheet

SHEET = "Calibration"
HOLDS = "How often the rules would have been wrong on your own past counts"

_OURS, _EXACT = "Called larger than usual", "By chance in the counts only"


def page(report: Report, found: Calibration) -> Sheet:
    """Return the worksheet: comparisons without a change, projections, targets, months and lists of rises."""
    first = Table(
        name="tblPlacebo",
        columns=(
            Column(heading="Nothing changed on average", style=Style.NAME, width=28),
            Column(heading=_OURS, style=Style.SHARE, width=14),
            Column(heading=_EXACT, style=Style.SHARE, width=14),
            Column(heading="Comparisons", style=Style.COUNT, width=13),
        ),
        rows=found.placebo,
    )
    others = (
        Table(
            name="tblProjected",
            columns=(
                Column(heading="Months known of a year", style=Style.NAME, width=28),
                Column(heading="Ended within the range", style=Style.SHARE, width=14),
                Column(heading="Upper as multiple of lower", style=Style.RATIO, width=14),
                Column(heading="Years", style=Style.COUNT, width=13),
            ),
            rows=found.projection,
        ),
        Table(
            name="tblTargets",
            columns=(
                Column(heading="Chance stated", style=Style.NAME, width=28),
                Column(heading="Stated on average", style=Style.SHARE, width=14),
                Column(heading="Target met", style=Style.SHARE, width=14),
                Column(heading="Targets", style=Style.COUNT, width=13),
            ),
            rows=found.target,
        ),
        Table(
            name="tblFlagged",
            columns=(
                Column(heading="What stood out", style=Style.NAME, width=28),
                Column(heading="Share", style=Style.SHARE, width=14),
                Column(heading="Of how many", style=Style.COUNT, width=14),
            ),
            rows=found.flagged,
        ),
    )
    sheet = pages.page(SHEET, "How often the rules would have been wrong", report, first, *others, intro=found.intro)
    return replace(sheet, blocks=(*sheet.blocks, _chart(found, sheet.tables[0])))


def _chart(found: Calibration, table: Table) -> Chart:
    return Chart(
        name="chtPlacebo",
        table=table,
        categories=table.columns[0].heading,
        series=(
            Series(heading=_OURS, kind=SeriesKind.COLUMNS, colour=BLUE),
            Series(heading=_EXACT, kind=SeriesKind.COLUMNS, colour=GREY),
        ),
        title=found.chart_title,
        across="Months compared",
        alt_text=found.chart_alt_text,
        row=table.row,
        column=len(table.columns),
        height=300,
    )
