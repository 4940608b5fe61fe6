"""The worksheet of emerging issues: which rows changed by more than usual, what was tested, what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.settings.sections import EMERGING, NAMES
from cdrp_xl.sheets.blocks import Column, Sheet, Table
from cdrp_xl.sheets.pages import page as begun
from cdrp_xl.styles import Style
from cdrp_xl.terms import NOT_APPLICABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.report import Issue, Report
    from cdrp_xl.sheets.blocks import Value

TABLE = "tblEmergingIssues"
_NOT_DECIDED = "Not decided yet"


def page(report: Report, *, sees_all: bool) -> Sheet:
    """Return the worksheet. The analyst sees all rises; partners do not see those that were dismissed.

    The master has both tables even where one is empty, since a refresh of the open workbook makes no new table.
    """
    found = report.emerging
    tables = _rises(report, found.rises if sees_all else found.reported), _falls(report, found.falls)
    shown = [table for table in tables if table.rows or sees_all]
    name = report.called(EMERGING, NAMES[EMERGING])
    return begun(name, name, report, *shown, key="emerging", finding=found.found, small=found.how, section=EMERGING)


def _rises(report: Report, rises: Sequence[Issue]) -> Table:
    return Table(
        name=TABLE,
        caption="Rises larger than usual",
        columns=(
            Column(heading="Issue", style=Style.NAME, width=26),
            *_columns(report),
            Column(heading="Found by", style=Style.TEXT, width=26),
            Column(heading="Decision", style=Style.TEXT, width=12),
            Column(heading="Why", style=Style.TEXT, width=24),
        ),
        rows=tuple(
            (
                issue.name,
                *_cells(issue),
                issue.found_by,
                issue.decision.value if issue.decision else _NOT_DECIDED,
                issue.reason or NOT_APPLICABLE,
            )
            for issue in rises
        ),
    )


def _falls(report: Report, falls: Sequence[Issue]) -> Table:
    return Table(
        name="tblFalls",
        caption="Falls larger than usual",
        columns=(Column(heading="Falls", style=Style.NAME, width=26), *_columns(report)),
        rows=tuple((issue.row.name, *_cells(issue)) for issue in falls),
    )


def _columns(report: Report) -> tuple[Column, ...]:
    return (
        Column(heading=report.emerging.earlier.heading, style=Style.COUNT, width=11),
        Column(heading=report.emerging.later.heading, style=Style.COUNT, width=11),
        Column(heading="Change", style=Style.TEXT, width=36),
        Column(heading="Meaning", style=Style.TEXT, width=20),
    )


def _cells(issue: Issue) -> tuple[Value, ...]:
    return issue.earlier, issue.later, issue.sentence, issue.meaning
