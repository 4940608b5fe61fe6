"""The worksheet of a priority's months: the projection to the year's end, and a chart with its data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.sheets.blocks import Chart, Column, Series, SeriesKind, Sheet, Table
from cdrp_xl.sheets.pages import page
from cdrp_xl.styles import BLUE, GREY, ORANGE, Style

if TYPE_CHECKING:
    from cdrp_xl.report import PriorityResult, Report
    from cdrp_xl.report.series import MonthlySeries

TABLE = "tblMonths"
"""The name of the table of a priority's months, before the priority's number."""

COUNTED = "Offences"

_NO_PROJECTION = ("No projection for this quarter", None, None, None, None)


def months(report: Report, result: PriorityResult, *, sheet: str, number: int, sees_all: bool) -> Sheet:
    """Return a priority's projection, and its months with their usual level and what stands out in words.

    The analyst sees the table of the projection in quarters without one too, since a refresh makes no new table. Nor
    does it make a finding: where no month is judged, it is the first sentence on the usual level.
    """
    series = result.series
    findings, about = (series.findings, series.about) if series else ((), ())
    findings, about = (findings, about) if findings else (about[:1], about[1:])
    said = [report.intros.projection] if result.year_end else []
    said += [*about, report.intros.series] if series else []
    by_month = _months(series, number) if series else None
    return page(
        sheet,
        f"{result.title} by month",
        report,
        *((_chart(series, by_month, number),) if series and by_month else ()),
        *((_year_end(result, number),) if result.year_end or sees_all else ()),
        *((by_month,) if by_month else ()),
        key=f"months_{number}",
        finding=" ".join(findings),
        intro="\n".join(said),
    )


def _year_end(result: PriorityResult, number: int) -> Table:
    end = result.year_end
    return Table(
        name=f"tblYearEnd{number}",
        caption="The likely total for the year",
        columns=(
            Column(heading="Projection", style=Style.NAME, width=22),
            Column(heading="From", style=Style.COUNT, width=10),
            Column(heading="Middle", style=Style.COUNT, width=10),
            Column(heading="To", style=Style.COUNT, width=10),
            Column(heading="Chance that the target is met", style=Style.TEXT, width=16),
        ),
        rows=((end.based_on, end.lower, end.middle, end.upper, end.chance) if end else _NO_PROJECTION,),
    )


def _months(series: MonthlySeries, number: int) -> Table:
    return Table(
        name=f"{TABLE}{number}",
        caption="Offences by month, with the usual level",
        columns=(
            Column(heading="Month", style=Style.NAME, width=12),
            Column(heading=COUNTED, style=Style.COUNT, width=10),
            Column(heading="Usual level", style=Style.MEAN, width=10),
            Column(heading="Lower limit", style=Style.MEAN, width=12),
            Column(heading="Upper limit", style=Style.MEAN, width=12),
            Column(heading="Compared with usual", style=Style.SIGNAL, width=50),
        ),
        rows=tuple(
            (point.month.heading, point.offences, point.usual, point.lower, point.upper, point.signal)
            for point in series.points
        ),
    )


def _chart(series: MonthlySeries, table: Table, number: int) -> Chart:
    return Chart(
        name=f"chtMonths{number}",
        table=table,
        categories="Month",
        series=(
            Series(heading=COUNTED, kind=SeriesKind.COURSE, colour=BLUE),
            Series(heading="Usual level", kind=SeriesKind.LEVEL, colour=GREY),
            Series(heading="Lower limit", kind=SeriesKind.LEVEL, colour=ORANGE, is_dashed=True),
            Series(heading="Upper limit", kind=SeriesKind.LEVEL, colour=ORANGE, is_dashed=True),
        ),
        title=series.chart_title,
        across="Month",
        alt_text=series.chart_alt_text,
        height=300,
    )
