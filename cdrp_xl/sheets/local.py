"""The worksheet that answers the analyst's local questions; it stands in the master alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.sheets.blocks import Column, Sheet, Table
from cdrp_xl.sheets.pages import page as begun
from cdrp_xl.styles import Style

if TYPE_CHECKING:
    from cdrp_xl.report import Report

NAME = "Local analysis"


def page(report: Report) -> Sheet:
    """Return the answers, in the order of the questions."""
    table = Table(
        name="tblLocalAnswers",
        columns=(
            Column(heading="Area or locality", style=Style.NAME, width=24),
            Column(heading="Offences of", style=Style.TEXT, width=30),
            Column(heading="Period", style=Style.TEXT, width=18),
            Column(heading="Offences", style=Style.COUNT, width=12),
            Column(heading="Earlier period", style=Style.TEXT, width=18),
            Column(heading="Earlier offences", style=Style.COUNT, width=12),
            Column(heading="Numeric change", style=Style.CHANGE, width=12),
            Column(heading="Apparent change", style=Style.APPARENT_CHANGE, width=12),
            Column(heading="Flag", style=Style.TEXT, width=12),
            Column(heading="With the flag", style=Style.COUNT, width=12),
            Column(heading="Share", style=Style.SHARE, width=10),
            Column(heading="Remark", style=Style.TEXT, width=30),
        ),
        rows=tuple(
            (
                answer.area,
                answer.offences_of,
                answer.period.heading,
                answer.offences,
                answer.earlier_period.heading,
                answer.earlier,
                answer.change,
                answer.apparent_change,
                str(answer.flag),
                answer.flagged,
                answer.share,
                answer.remark,
            )
            for answer in report.answers
        ),
    )
    intro = "The questions that you typed on the worksheet Inputs. Small counts may point to people: partners get none."
    return begun(NAME, NAME, report, table, key="local", intro=intro)
