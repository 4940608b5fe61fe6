"""The worksheet of outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.settings.sections import NAMES, OUTCOMES
from cdrp_xl.sheets.blocks import Column, Sheet, Table
from cdrp_xl.sheets.pages import page as begun
from cdrp_xl.styles import Style

if TYPE_CHECKING:
    from cdrp_xl.report import Report
    from cdrp_xl.report.of_rows import OutcomesTable

HOLDS = "What came of offences: the share with a positive outcome, and the share still open"


def page(report: Report, outcomes: OutcomesTable) -> Sheet:
    """Return the worksheet: a line to each offence row."""
    columns = [Column(heading="Offence", style=Style.NAME, width=34)]
    for period in (outcomes.later, outcomes.earlier):
        columns += [
            Column(heading=f"Offences, {period.heading}", style=Style.COUNT, width=17),
            Column(heading=f"Positive outcome, {period.heading}", style=Style.SHARE, width=17),
            Column(heading=f"Still open, {period.heading}", style=Style.SHARE, width=17),
            Column(heading=f"Not known, {period.heading}", style=Style.SHARE, width=17),
        ]
    rows = tuple((line.row.name, *line.later, *line.earlier) for line in outcomes.lines)
    table = Table(name="tblOutcomes", columns=tuple(columns), rows=rows)
    intro = " ".join(filter(None, (outcomes.how, report.intros.outcomes)))
    name, title = report.called(OUTCOMES, NAMES[OUTCOMES]), report.called(OUTCOMES, "Outcomes of recorded crime")
    return begun(name, title, report, table, key="outcomes", intro=intro, section=OUTCOMES)
