"""The master's worksheet Explain: where the figures come from whose names the analyst typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.sheets import pages
from cdrp_xl.sheets.blocks import Column, Table
from cdrp_xl.styles import Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.report import Report
    from cdrp_xl.sheets.blocks import Sheet

SHEET = "Explain"
HOLDS = "Where the figures come from that you named on Inputs"

_INTRO = (
    "Type the name of a figure on the worksheet Inputs, under Figures to explain: the worksheet Names of figures lists "
    "them. The next refresh says here which rows of which files it counts, and what else it rests on.\n"
    "cdrp-xl explain does the same for any cell, of a worksheet function and of a sentence."
)


def page(report: Report, explained: Sequence[tuple[str, str, str]]) -> Sheet:
    """Return the worksheet; `explained` has the figure's name, what is said about it, and that in words."""
    table = Table(
        name="tblExplained",
        columns=(
            Column(heading="Figure", style=Style.NAME, width=30),
            Column(heading="What", style=Style.TEXT, width=18),
            Column(heading="Where it comes from", style=Style.TEXT, width=100),
        ),
        rows=tuple(explained),
    )
    return pages.page(SHEET, SHEET, report, table, intro=_INTRO)
