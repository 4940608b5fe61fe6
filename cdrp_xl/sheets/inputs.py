"""The worksheet in which the analyst types: a refresh reads it, keeps every word, and never writes over one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cdrp_xl.report import LAST_WORDS, PUBLISHED, YES, Inputs
from cdrp_xl.sheets.blocks import Column, Sheet, Table, Text, down, widths_of
from cdrp_xl.sheets.emerging import TABLE as ISSUES
from cdrp_xl.sheets.pages import text_lines
from cdrp_xl.styles import Style
from cdrp_xl.terms import Decision, Flag, Marking, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cdrp_xl.periods import Period
    from cdrp_xl.report import Report, Section
    from cdrp_xl.sheets.blocks import Value

SPARE_ROWS = 5
"""Empty rows at the end of a table in which the analyst adds rows: typing under it makes it grow in Excel only."""

_INTRO = "Write in the shaded cells. A refresh reads them, keeps every word, and never writes over them."
_HINTS = {
    "tblCommentary": (
        "Commentary",
        "Goes into the partners' copy for the quarter in its row. A new quarter has its own rows, above the former.",
    ),
    "tblOverrides": (
        "Your own judgement of a priority",
        "Shown with your reason, beside what the rule gave, in the partners' copy for the quarter in its row alone.",
    ),
    "tblDecisions": (
        "Emerging issues, accepted or dismissed",
        "Choose the issue from those on the worksheet Emerging issues. Partners do not see what you dismiss.",
    ),
    "tblQuestions": (
        "Local questions",
        "Answered at the next refresh. Partners are given the answers that you mark, in the copy for their quarter.",
    ),
    "tblMarkings": ("Markings", "Where a worksheet of the partners' copy is marked differently from the whole."),
    "tblContacts": ("Contacts", "Who is sent the partners' copy. The name may be left out."),
    "tblExplain": (
        "Figures to explain",
        "By their names on the worksheet Names of figures. The next refresh says on Explain where they come from.",
    ),
    "tblAcceptances": (
        "Warnings accepted",
        "Which warning you accept, by its finding, why, and for which quarter. The next quarter asks again.",
    ),
}


def page(report: Report, *, worksheets: Sequence[str]) -> Sheet:
    """Return the worksheet with what was typed; `worksheets` are those of the partners' copy."""
    return _page(
        report.inputs,
        quarter=report.period,
        marking=report.marking.value,
        sections=report.sections,
        priorities=[result.priority_id for result in report.priorities],
        worksheets=worksheets,
        flags=report.of_rows.flags,
    )


def unfilled_page() -> Sheet:
    """Return the worksheet of a master before its first refresh."""
    return _page(Inputs(), quarter=None, marking="", sections=(), priorities=(), worksheets=())


def _page(
    typed: Inputs,
    *,
    quarter: Period | None,
    marking: str,
    sections: Sequence[Section],
    priorities: Sequence[str],
    worksheets: Sequence[str],
    flags: tuple[str, ...] = tuple(Flag),
) -> Sheet:
    tables = (
        _commentary(typed, quarter, sections),
        _overrides(typed, quarter, priorities),
        _decisions(typed),
        _questions(typed, flags),
        _markings(typed, worksheets),
        _contacts(typed),
        _explained(typed),
        _acceptances(typed),
    )
    head = (
        Text(name="inputs_title", value="What you type", style=Style.TITLE),
        Text(name="inputs_marking", value=marking, style=Style.MARKING),
        *text_lines("inputs_intro", _INTRO),
    )
    blocks = down(*head, *(block for table in tables for block in _with_hint(table)))
    return Sheet(name="Inputs", blocks=blocks, widths=widths_of(*tables))


def _with_hint(table: Table) -> tuple[Text | Table, ...]:
    key = f"inputs_{table.name.removeprefix('tbl').lower()}"
    heading, hint = _HINTS[table.name]
    # Masters have cells named so: a refresh finds its hints again by "_told".
    return Text(name=key, value=heading, style=Style.SUBHEADING), *text_lines(f"{key}_told", hint), table


def _commentary(typed: Inputs, quarter: Period | None, sections: Sequence[Section]) -> Table:
    """Return a row for each section of the quarter, then every other row with words, the latest quarter first.

    What was written for the quarter before is beside each row: nobody types there, and no row is changed by it.
    """
    written = {(each.section_id, each.quarter): each.text for each in typed.commentary}
    titles = {section.section_id: section.title for section in sections}
    now = [(section_id, quarter) for section_id in titles]
    others = sorted((key for key in written if key not in now), key=lambda key: _latest_first(key[1]))

    def row(section_id: str, of: Period | None) -> tuple[Value, ...]:
        before = written.get((section_id, of.previous_quarter())) if of else None
        return (
            section_id,
            titles.get(section_id, section_id),
            written.get((section_id, of)),
            of.name if of else None,
            before,
        )

    return Table(
        name="tblCommentary",
        columns=(
            Column(heading="Section id", style=Style.NAME, width=26),
            Column(heading="Section", style=Style.TEXT, width=34),
            Column(heading="Commentary", style=Style.INPUT, width=76),
            _quarter_column("Published in the copy for this quarter and in no other."),
            Column(heading=LAST_WORDS, style=Style.TEXT, width=60),
        ),
        rows=tuple(row(*key) for key in (*now, *others)),
        inputs=frozenset({"Commentary"}),
        keys=frozenset({"Section id", "Quarter"}),
    )


def _latest_first(quarter: Period | None) -> int:
    """Return by what rows are sorted: those without a quarter first, since the analyst has to name it."""
    return -quarter.first.index if quarter else -sys.maxsize


def _quarter_column(hint: str) -> Column:
    return Column(heading="Quarter", style=Style.INPUT, width=16, hint=hint)


def _overrides(typed: Inputs, quarter: Period | None, priorities: Sequence[str]) -> Table:
    """Return a row for each priority of the quarter, then every other judgement, the latest quarter first."""
    judged = {(each.priority_id, each.quarter): each for each in typed.overrides}
    now = [(priority, quarter) for priority in priorities]
    others = sorted((key for key in judged if key not in now), key=lambda key: _latest_first(key[1]))

    def row(priority: str, of: Period | None) -> tuple[Value, ...]:
        name = of.name if of else None
        override = judged.get((priority, of)) if of else None
        return (priority, override.status.value, override.reason, name) if override else (priority, None, None, name)

    position = "Your own judgement; leave it empty to keep the rule's."
    return Table(
        name="tblOverrides",
        columns=(
            Column(heading="Priority id", style=Style.NAME, width=26),
            Column(heading="Position", style=Style.INPUT, width=34, choices=tuple(Status), hint=position),
            Column(heading="Reason", style=Style.INPUT, width=76, hint="Needed: it is shown to partners."),
            _quarter_column("The judgement holds for this quarter and for no other."),
        ),
        rows=tuple(row(*key) for key in (*now, *others)),
        inputs=frozenset({"Position", "Reason"}),
        keys=frozenset({"Priority id", "Quarter"}),
    )


def _decisions(typed: Inputs) -> Table:
    return _added_to(
        "tblDecisions",
        Column(heading="Issue", style=Style.INPUT, width=26, choices_of=ISSUES),
        Column(heading="Decision", style=Style.INPUT, width=34, choices=tuple(Decision)),
        Column(heading="Reason", style=Style.INPUT, width=76, hint="Needed, for either decision."),
        rows=((issue, made.decision.value, made.reason) for issue, made in typed.decisions.items()),
    )


def _questions(typed: Inputs, flags: tuple[str, ...]) -> Table:
    return _added_to(
        "tblQuestions",
        Column(heading="Area or locality", style=Style.INPUT, width=26),
        Column(heading="Offence row", style=Style.INPUT, width=34),
        Column(heading="Period", style=Style.INPUT, width=76, hint='Such as "2011-12 Q1" or "Apr-11 to Jun-11".'),
        Column(
            heading="Flag", style=Style.INPUT, width=16, choices=tuple(flags), hint="Left empty, no share is given."
        ),
        Column(heading=PUBLISHED, style=Style.INPUT, width=60, choices=(YES,), hint="Left empty, only you see it."),
        rows=(
            (
                each.area,
                each.offence_row,
                each.period.name,
                str(each.flag) if each.flag else None,
                YES if each.is_published else None,
            )
            for each in typed.questions
        ),
    )


def _markings(typed: Inputs, worksheets: Sequence[str]) -> Table:
    """Return a row for each worksheet, then what was typed for others, which may come back."""
    names = dict.fromkeys((*worksheets, *typed.markings))
    marking = "Left empty, the worksheet is marked as the whole is."
    return Table(
        name="tblMarkings",
        columns=(
            Column(heading="Worksheet", style=Style.NAME, width=26),
            Column(heading="Marking", style=Style.INPUT, width=34, choices=tuple(Marking), hint=marking),
        ),
        rows=tuple((name, typed.markings[name].value if name in typed.markings else None) for name in names),
        inputs=frozenset({"Marking"}),
        keys=frozenset({"Worksheet"}),
    )


def _contacts(typed: Inputs) -> Table:
    return _added_to(
        "tblContacts",
        Column(heading="Name", style=Style.INPUT, width=26),
        Column(heading="E-mail", style=Style.INPUT, width=34, hint="One address, such as partner@example.org."),
        rows=((contact.name, contact.email) for contact in typed.contacts),
    )


def _explained(typed: Inputs) -> Table:
    column = Column(heading="Figure", style=Style.INPUT, width=26, hint="Such as all-crime.later.")
    return _added_to("tblExplain", column, rows=((name,) for name in typed.explained))


def _acceptances(typed: Inputs) -> Table:
    return _added_to(
        "tblAcceptances",
        Column(heading="Finding", style=Style.INPUT, width=26),
        Column(heading="Reason", style=Style.INPUT, width=34, hint="Needed: why it may be published as it is."),
        Column(heading="Quarter", style=Style.INPUT, width=76, hint='The quarter accepted for, such as "2011-12 Q1".'),
        rows=((each.finding, each.reason, each.quarter.name if each.quarter else None) for each in typed.acceptances),
    )


def _added_to(name: str, *columns: Column, rows: Iterable[tuple[Value, ...]]) -> Table:
    """Return a table in which the analyst adds rows: what was typed, and empty rows to type in."""
    spare = ((None,) * len(columns),) * SPARE_ROWS
    return Table(
        name=name, columns=columns, rows=(*rows, *spare), inputs=frozenset(column.heading for column in columns)
    )
