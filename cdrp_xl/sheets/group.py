"""The worksheets of a priority in its most similar group: positions and rates, and the funnel by size of area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.sheets.blocks import Chart, Column, Series, SeriesKind, Sheet, Table
from cdrp_xl.sheets.pages import page
from cdrp_xl.styles import BLUE, INK, LIGHT_GREY, MID_GREY, ORANGE, RATE_FORMAT, Style
from cdrp_xl.terms import NOT_APPLICABLE, NOT_AVAILABLE

if TYPE_CHECKING:
    from cdrp_xl.report import Report
    from cdrp_xl.report.group import GroupResult

_AVERAGE = "Group average"
_LIMITS = ("Lower 95% limit", "Upper 95% limit", "Lower 99.8% limit", "Upper 99.8% limit")
_PIXELS_OF_TITLE, _PIXELS_PER_BAR = 50, 18


def rates(report: Report, title: str, group: GroupResult, *, sheet: str, number: int) -> Sheet:
    """Return every member's rate in the last quarter, in rank order, and the partnership's position in each period.

    The partnership's rate has a column of its own too, over which its bar is drawn.
    """
    members = Table(
        name=f"tblGroupRates{number}",
        caption="Every area in the group, the lowest rate first",
        columns=(
            Column(heading="Area", style=Style.NAME, width=22),
            Column(heading=_per(group), style=Style.RATE, width=13),
            Column(heading=group.area, style=Style.RATE, width=16),
            Column(heading=_AVERAGE, style=Style.RATE, width=12),
            Column(heading="Position", style=Style.COUNT, width=12),
            Column(heading="Offences", style=Style.COUNT, width=12),
            Column(heading=group.residents.capitalize(), style=Style.COUNT, width=14),
        ),
        rows=tuple(
            (
                member.area,
                member.rate,
                member.rate if member.is_own else NOT_APPLICABLE,
                group.average,
                member.position,
                member.offences,
                member.residents,
            )
            for member in group.members
        ),
        is_ranked=True,
    )
    return page(
        sheet,
        f"{title} in the most similar group",
        report,
        _rates_chart(group, members, number),
        _positions(group, number),
        members,
        key=f"group_{number}",
        finding=group.finding,
        intro="\n".join((f"{report.intros.group}", group.about, *group.lacking, *group.disagreements)),
    )


def funnel(report: Report, title: str, group: GroupResult, *, sheet: str, number: int) -> Sheet:
    """Return every member's rate by its size, with the limits that narrow as areas grow."""
    residents = group.residents.capitalize()
    own = Table(
        name=f"tblFunnelOwn{number}",
        caption=f"{group.area} by size",
        columns=(
            Column(heading=residents, style=Style.COUNT, width=16),
            Column(heading=group.area, style=Style.RATE, width=15),
        ),
        rows=tuple((member.residents, member.rate) for member in group.members if member.is_own),
    )
    members = Table(
        name=f"tblFunnel{number}",
        caption="Every area in the group by size, with the limits",
        columns=(
            Column(heading=residents, style=Style.COUNT, width=16),
            Column(heading="All areas", style=Style.RATE, width=15),
            Column(heading=_AVERAGE, style=Style.RATE, width=11),
            *(Column(heading=limit, style=Style.RATE, width=13) for limit in _LIMITS),
            Column(heading="Area", style=Style.TEXT, width=24),
        ),
        rows=tuple(
            (member.residents, member.rate, group.average, *member.limits, *member.wide_limits, member.area)
            for member in sorted(group.members, key=lambda member: (member.residents, member.area))
        ),
        is_ranked=True,
    )
    return page(
        sheet,
        f"{title} by size of area",
        report,
        _funnel_chart(group, own, members, number),
        own,
        members,
        key=f"funnel_{number}",
        finding=group.finding,
        intro=report.intros.group,
    )


def _funnel_chart(group: GroupResult, own: Table, members: Table, number: int) -> Chart:
    return Chart(
        name=f"chtFunnel{number}",
        table=members,
        categories=group.residents.capitalize(),
        series=(
            Series(heading="All areas", kind=SeriesKind.POINTS, colour=MID_GREY),
            Series(heading=_AVERAGE, kind=SeriesKind.CURVE, colour=INK),
            *(
                Series(heading=limit, kind=SeriesKind.CURVE, colour=ORANGE, is_dashed="95%" in limit)
                for limit in _LIMITS
            ),
            Series(heading=group.area, kind=SeriesKind.OWN_POINT, colour=BLUE, table=own),
        ),
        title=group.funnel_title,
        across=group.residents.capitalize(),
        alt_text=group.funnel_alt_text,
        height=380,
        up_format=RATE_FORMAT,
    )


def _positions(group: GroupResult, number: int) -> Table:
    return Table(
        name=f"tblGroup{number}",
        caption="Position in each period",
        columns=(
            Column(heading="Period", style=Style.NAME, width=22),
            Column(heading=_per(group), style=Style.RATE, width=13),
            Column(heading=_AVERAGE, style=Style.RATE, width=12),
            Column(heading="Lower limit", style=Style.RATE, width=12),
            Column(heading="Upper limit", style=Style.RATE, width=12),
            Column(heading="Position", style=Style.TEXT, width=20),
            Column(heading="Against the average", style=Style.TEXT, width=14),
            Column(heading="Position as imported", style=Style.TEXT, width=14),
        ),
        rows=tuple(
            (
                each.period.name,
                _or_symbol(each.rate),
                each.average,
                _or_symbol(each.lower),
                _or_symbol(each.upper),
                each.position,
                each.standing.value if each.standing else NOT_AVAILABLE,
                each.imported,
            )
            for each in group.periods
        ),
    )


def _rates_chart(group: GroupResult, table: Table, number: int) -> Chart:
    return Chart(
        name=f"chtGroupRates{number}",
        table=table,
        categories="Area",
        series=(
            Series(heading=_per(group), kind=SeriesKind.BARS, colour=LIGHT_GREY),
            Series(heading=group.area, kind=SeriesKind.OWN_BAR, colour=BLUE),
        ),
        title=group.rates_title,
        across="Area",
        alt_text=group.rates_alt_text,
        height=_PIXELS_OF_TITLE + _PIXELS_PER_BAR * len(group.members),
        up_format=RATE_FORMAT,
    )


def _or_symbol(figure: float | None) -> float | str:
    return NOT_AVAILABLE if figure is None else figure


def _per(group: GroupResult) -> str:
    return f"Offences per 1,000 {group.residents}"
