"""The worksheet Revisions: what moved since an earlier refresh, and which figures differ from earlier copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.report.revisions import CAUSES
from cdrp_xl.settings.sections import NAMES, REVISIONS
from cdrp_xl.sheets import pages
from cdrp_xl.sheets.blocks import Column, Table
from cdrp_xl.styles import Style
from cdrp_xl.terms import NOT_AVAILABLE, SUPPRESSED

if TYPE_CHECKING:
    from cdrp_xl.report import Report
    from cdrp_xl.report.model import ChangedFigure
    from cdrp_xl.report.revisions import Revised
    from cdrp_xl.sheets.blocks import Sheet, Value

HOLDS = "What moved since the previous refresh, split by what changed"
HOLDS_CHANGED = "Which figures differ from earlier copies, with both values and why"


def page(report: Report) -> Sheet:
    """Return the master's worksheet: every count that moved, then the figures that differ from earlier copies."""
    found, changed = report.revisions, report.changed
    assert found is not None and changed is not None  # noqa: PT018, S101 - only a report that has both has the page
    table = Table(
        name="tblRevisions",
        columns=(
            Column(heading="Offence row", style=Style.NAME, width=34),
            Column(heading="Source", style=Style.TEXT, width=26),
            Column(heading="Period", style=Style.TEXT, width=20),
            Column(heading="Was", style=Style.COUNT, width=10),
            Column(heading="Is now", style=Style.COUNT, width=10),
            Column(heading="Change", style=Style.CHANGE, width=10),
            *(Column(heading=cause, style=Style.CHANGE, width=12) for cause in CAUSES),
        ),
        rows=tuple(_line(each) for each in found.lines),
    )
    intro = f"{found.intro}\n{changed.intro}"
    return _page(report, table, _changed(changed.figures), intro=intro)


def changed_page(report: Report) -> Sheet:
    """Return the partners' worksheet: the figures that differ from earlier copies."""
    assert report.changed is not None  # noqa: S101 - only a report that has them has the page
    return _page(report, _changed(report.changed.figures), intro=report.changed.intro)


def _page(report: Report, *tables: Table, intro: str) -> Sheet:
    name = report.called(REVISIONS, NAMES[REVISIONS])
    return pages.page(name, name, report, *tables, key="revisions", intro=intro, section=REVISIONS)


def _line(each: Revised) -> tuple[Value, ...]:
    was, now = (NOT_AVAILABLE if count is None else count for count in (each.was, each.now))
    return (each.row, each.source, each.period, was, now, each.change, *each.parts)


def _changed(figures: tuple[ChangedFigure, ...]) -> Table:
    return Table(
        name="tblChanged",
        columns=(
            Column(heading="Figure", style=Style.NAME, width=34),
            Column(heading="Period", style=Style.TEXT, width=26),
            Column(heading="Earlier copy", style=Style.TEXT, width=20),
            Column(heading="Was", style=Style.COUNT, width=10),
            Column(heading="Is now", style=Style.COUNT, width=10),
            Column(heading="Why", style=Style.TEXT, width=40),
        ),
        rows=tuple(
            (
                each.figure,
                each.period,
                each.copy,
                *(SUPPRESSED if count is None else count for count in (each.was, each.now)),
                each.why,
            )
            for each in figures
        ),
    )
