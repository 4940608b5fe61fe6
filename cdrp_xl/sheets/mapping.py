"""The master's worksheet on how each offence of the extract was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.sheets import pages
from cdrp_xl.sheets.blocks import Column, Table
from cdrp_xl.styles import Style

if TYPE_CHECKING:
    from cdrp_xl.report import Report
    from cdrp_xl.report.mapping import MappedOffence, OffenceMapping
    from cdrp_xl.sheets.blocks import Sheet, Value

SHEET = "How each offence was counted"
NOT_COUNTED = "Not counted"
HOLDS = "Every offence of the extract, and the row that it was counted under"


def page(report: Report, mapping: OffenceMapping) -> Sheet:
    """Return the worksheet: what changed since the quarter before on top, then the offences of most rows."""
    has_more = any(each.beside for each in mapping.offences)
    table = Table(
        name="tblMapping",
        columns=(
            Column(heading="Offence in the extract", style=Style.NAME, width=30),
            *((Column(heading="Beside it", style=Style.TEXT, width=24),) if has_more else ()),
            Column(heading="Read as", style=Style.TEXT, width=34),
            Column(heading="Rows", style=Style.COUNT, width=10),
            Column(heading="Counted under", style=Style.TEXT, width=34),
            Column(heading="By", style=Style.TEXT, width=26),
            Column(heading="What changed", style=Style.TEXT, width=30),
            Column(heading="What to know", style=Style.TEXT, width=44),
        ),
        rows=tuple(_row(each, has_more=has_more) for each in mapping.offences),
    )
    return pages.page(SHEET, SHEET, report, table, intro=mapping.intro)


def _row(each: MappedOffence, *, has_more: bool) -> tuple[Value, ...]:
    counted_under = each.counted_under or NOT_COUNTED
    beside = (each.beside,) if has_more else ()
    return (each.written, *beside, each.offence, each.rows, counted_under, each.rule, each.change, each.remark)
