"""The worksheets that answer local questions: all of them in the master, and for partners those that are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.report import other_issues
from cdrp_xl.settings.sections import NAMES, OTHER
from cdrp_xl.sheets.blocks import Column, Sheet, Table, Text
from cdrp_xl.sheets.pages import page as begun
from cdrp_xl.sheets.pages import text_lines
from cdrp_xl.styles import Style
from cdrp_xl.terms import NOT_APPLICABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.report import Report
    from cdrp_xl.report.local import Answer
    from cdrp_xl.sheets.blocks import Value

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
        rows=tuple((*_row(answer, has_flags=True), answer.remark) for answer in report.answers),
    )
    intro = "The questions that you typed on the worksheet Inputs. Partners are given the answers that you mark there."
    return begun(NAME, NAME, report, table, key="local", intro=intro)


HOLDS_FOR_PARTNERS = "Questions that were asked about places or offences, with their answers"


def for_partners(report: Report) -> Sheet:
    """Return the answers that are marked for partners, in sentences and in a table."""
    answers = [answer for answer in report.answers if answer.is_published]
    name = report.called(OTHER, NAMES[OTHER])
    texts = [
        line
        for number, answer in enumerate(answers)
        for line in text_lines(f"other_issues_said_{number}", other_issues.said(answer))
    ]
    blocks: list[Text | Table] = [*texts, _published(answers)] if answers else []
    small = report.intros.other_issues if answers else ""
    return begun(name, name, report, *blocks, key="other_issues", small=small, section=OTHER)


def _published(answers: Sequence[Answer]) -> Table:
    """Return the answers as a table, with what has a flag where any question asks for one."""
    has_flags = any(answer.flag != NOT_APPLICABLE for answer in answers)
    of_flag = (
        Column(heading="Flag", style=Style.TEXT, width=12),
        Column(heading="With the flag", style=Style.COUNT, width=10),
        Column(heading="Share", style=Style.SHARE, width=9),
    )
    return Table(
        name="tblOtherIssues",
        caption="Answers to questions",
        columns=(
            Column(heading="Area or locality", style=Style.NAME, width=18),
            Column(heading="Offences of", style=Style.TEXT, width=26),
            Column(heading="Period", style=Style.TEXT, width=17),
            Column(heading="Offences", style=Style.COUNT, width=10),
            Column(heading="Earlier period", style=Style.TEXT, width=17),
            Column(heading="Earlier offences", style=Style.COUNT, width=10),
            Column(heading="Numeric change", style=Style.CHANGE, width=10),
            Column(heading="Apparent change", style=Style.APPARENT_CHANGE, width=11),
            *(of_flag if has_flags else ()),
        ),
        rows=tuple(_row(answer, has_flags=has_flags) for answer in answers),
    )


def _row(answer: Answer, *, has_flags: bool) -> tuple[Value, ...]:
    return (
        answer.area,
        answer.offences_of,
        answer.period.heading,
        answer.offences,
        answer.earlier_period.heading,
        answer.earlier,
        answer.change,
        answer.apparent_change,
        *((str(answer.flag), answer.flagged, answer.share) if has_flags else ()),
    )
