"""The worksheet behind the cover: the finding as its title, the quarter in a few sentences, the main offence rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.sheets.blocks import Column, Sheet, Table, Text
from cdrp_xl.sheets.pages import page as begun
from cdrp_xl.sheets.pages import text_lines
from cdrp_xl.styles import Style
from cdrp_xl.terms import NOT_AVAILABLE

if TYPE_CHECKING:
    from cdrp_xl.report import Headline, Report
    from cdrp_xl.sheets.blocks import Value

NAME = "Headlines"
HOLDS = "The quarter on one page: what matters most, and the main figures"


def page(report: Report) -> Sheet:
    """Return the worksheet."""
    found, compared = report.headlines, report.comparison
    month, before = (str(each.last) for each in (compared.later, compared.earlier))
    table = Table(
        name="tblHeadlines",
        columns=(
            Column(heading="Offence", style=Style.NAME, width=34),
            Column(heading=compared.later.heading, style=Style.COUNT, width=11),
            Column(heading=compared.earlier.heading, style=Style.COUNT, width=11),
            Column(heading="Change", style=Style.APPARENT_CHANGE, width=11),
            Column(heading=f"12 months to {month}", style=Style.COUNT, width=12),
            Column(heading=f"12 months to {before}", style=Style.COUNT, width=12),
            Column(heading="Change over 12 months", style=Style.APPARENT_CHANGE, width=12),
            Column(heading="Against usual movement", style=Style.SIGNAL, width=38),
        ),
        rows=tuple(_row(line) for line in found.lines),
    )
    said = text_lines("headlines_said", "\n".join(found.sentences))
    where = f"{report.partnership}, {compared.later.words}"
    texts = [Text(name="headlines_where", value=where), *said]
    return begun(NAME, found.title, report, table, texts=texts, section="headlines")


def _row(line: Headline) -> tuple[Value, ...]:
    years = (line.year, line.year_before, line.year_change)
    return (
        line.row.name,
        line.later,
        line.earlier,
        line.apparent_change,
        *(NOT_AVAILABLE if value is None else value for value in years),
        line.verdict,
    )
