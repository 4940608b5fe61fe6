"""What the analyst typed in the master workbook: read at every refresh and publish, never written.

The same tables are read in one way, from a saved master or from the one that is open in front of the analyst.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from cdrp_xl.errors import CdrpError, ValueFoundError, quoted
from cdrp_xl.periods import Period
from cdrp_xl.sources import named_tables
from cdrp_xl.sources.named_tables import Form, Tables
from cdrp_xl.terms import Decision, Flag, Marking, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from cdrp_xl.sources.named_tables import Line

SHEET, CONTROL = "Inputs", "Control"

COMMENTARY = Form(name="tblCommentary", sheet=SHEET, headings=("Section id", "Commentary"))
OVERRIDES = Form(name="tblOverrides", sheet=SHEET, headings=("Priority id", "Quarter", "Position", "Reason"))
DECISIONS = Form(name="tblDecisions", sheet=SHEET, headings=("Issue", "Decision", "Reason"))
QUESTIONS = Form(name="tblQuestions", sheet=SHEET, headings=("Area or locality", "Offence row", "Flag", "Period"))
MARKINGS = Form(name="tblMarkings", sheet=SHEET, headings=("Worksheet", "Marking"))
CONTACTS = Form(name="tblContacts", sheet=SHEET, headings=("Name", "E-mail"))
ACCEPTANCES = Form(name="tblAcceptances", sheet=SHEET, headings=("Finding", "Reason"))

_SETTINGS = Form(name="tblControl", sheet=CONTROL, headings=("Setting", "Value"))
_LOG = Form(name="tblRefreshLog", sheet=CONTROL, headings=("When", "Quarter", "Rows read", "Result"))
_FOLDER, _QUARTER = "Partnership folder", "Quarter"

_EMAIL = re.compile(r"[^\s@<>(),;:\"\\]+@[^\s@<>(),;:\"\\]+\.[^\s@<>(),;:\"\\]+")
_LONGEST_EMAIL = 254

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """The analyst's own judgement of a priority in one quarter, and why it goes before the rule's."""

    quarter: Period
    status: Status
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What the analyst decided about an emerging issue, and why."""

    decision: Decision
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question about an area or locality. `offence_row` is as typed, `where` the place of its row in the master."""

    area: str
    offence_row: str
    flag: Flag | None
    period: Period
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Someone who is sent the partners' copy; the name may be empty."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that the analyst typed on the worksheet Inputs.

    Attributes
    ----------
    commentary
        What was written, by section id.
    overrides
        The analyst's own judgement, by priority id.
    decisions
        By emerging issue, as the worksheet Emerging issues names it; those of former quarters stay.
    questions
        In the order in which they stand.
    markings
        By worksheet of the partners' copy, where one is marked otherwise than the whole.
    contacts
        Who is sent the partners' copy.
    acceptances
        Why a warning of the gate is accepted, by the finding's id.
    """

    commentary: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict)
    decisions: Mapping[str, Decided] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    markings: Mapping[str, Marking] = field(default_factory=dict)
    contacts: tuple[Contact, ...] = ()
    acceptances: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands on the worksheet Control: the folder and the quarter as typed, and the log of earlier refreshes."""

    folder: str = ""
    quarter: str = ""
    quarter_place: str = ""
    log: tuple[tuple[str, str, str, str], ...] = ()

    def period(self) -> Period | None:
        """Return the quarter that was typed, None where the cell is empty.

        Raises
        ------
        ValueFoundError
            If what was typed is not a quarter of a financial year.
        """
        if not self.quarter:
            return None
        remedy = 'Write it as "2011-12 Q1", or empty the cell: then partnership.toml says which quarter.'
        return _quarter(self.quarter, where=self.quarter_place, remedy=remedy)


def read_inputs(master: Path) -> Inputs:
    """Return what the analyst typed in a saved master; nothing where there is no master yet.

    Parameters
    ----------
    master
        The master workbook.

    Raises
    ------
    FileError
        If the master can't be opened.
    ValueFoundError
        If a table or a heading is gone, or what is typed can't be used; the row is named.
    """
    return inputs_in(named_tables.saved(master)) if master.exists() else Inputs()


def inputs_in(tables: Tables) -> Inputs:
    """Return what the analyst typed in a master's tables; one that an earlier version did not have holds nothing.

    Parameters
    ----------
    tables
        The tables of a saved master, or of the open one.

    Raises
    ------
    ValueFoundError
        If a table or a heading is gone, or what is typed can't be used; the row is named.
    """
    return Inputs(
        commentary=_commentary(tables),
        overrides={line.text("Priority id"): _override(line) for line in _typed_beside(tables, OVERRIDES)},
        decisions={line.text("Issue"): _decided(line) for line in _once(_added(tables, DECISIONS), "Issue")},
        questions=tuple(_question(line) for line in _added(tables, QUESTIONS)),
        markings={line.text("Worksheet"): _word(line, "Marking", Marking) for line in _typed_beside(tables, MARKINGS)},
        contacts=tuple(_contact(line) for line in _once(_added(tables, CONTACTS), "E-mail")),
        acceptances={
            line.text("Finding"): _needed(line, "Reason") for line in _once(_added(tables, ACCEPTANCES), "Finding")
        },
    )


def read_control(master: Path) -> Typed:
    """Return what stands on the worksheet Control of a saved master; nothing where there is no such table in it.

    Parameters
    ----------
    master
        The master workbook.

    Raises
    ------
    FileError
        If the master can't be opened.
    ValueFoundError
        If the table of settings has lost its name or a heading.
    """
    return control_in(named_tables.saved(master)) if master.exists() else Typed()


def control_in(tables: Tables) -> Typed:
    """Return what stands in the tables of the worksheet Control; nothing where a master has no such tables.

    Parameters
    ----------
    tables
        The tables of a saved master, or of the open one.

    Raises
    ------
    ValueFoundError
        If a table has lost a heading.
    """
    lines = {line.text("Setting"): line for line in reversed(list(_standing(tables, _SETTINGS)))}
    typed = {name: line.text("Value") for name, line in lines.items()}
    log = [line.texts for line in _standing(tables, _LOG)]
    return Typed(
        folder=typed.get(_FOLDER, ""),
        quarter=typed.get(_QUARTER, ""),
        quarter_place=lines[_QUARTER].place("Value") if _QUARTER in lines else "",
        log=tuple((each["When"], each["Quarter"], each["Rows read"], each["Result"]) for each in log),
    )


def _commentary(tables: Tables) -> dict[str, str]:
    """Return the texts as they were typed; rows without a section are no one's."""
    if tables.read(COMMENTARY) is None:
        raise named_tables.gone(COMMENTARY, tables.workbook)
    lines = [line for line in _standing(tables, COMMENTARY) if line.text("Section id")]
    return {line.text("Section id"): line.texts["Commentary"] for line in _once(lines, "Section id")}


def _override(line: Line) -> Override:
    status, reason, quarter = _word(line, "Position", Status), _needed(line, "Reason"), _needed(line, "Quarter")
    remedy = 'Write the quarter that you judged, such as "2011-12 Q1": no judgement holds for another.'
    judged = _quarter(quarter, where=line.place("Quarter"), remedy=remedy)
    return Override(quarter=judged, status=status, reason=reason)


def _decided(line: Line) -> Decided:
    return Decided(decision=_word(line, "Decision", Decision), reason=_needed(line, "Reason"))


def _question(line: Line) -> Question:
    period = _needed(line, "Period")
    try:
        asked = Period.parse(period)
    except CdrpError as wrong:
        raise ValueFoundError(wrong.what, where=line.place("Period"), remedy=wrong.remedy) from wrong
    return Question(
        area=_needed(line, "Area or locality"),
        offence_row=_needed(line, "Offence row"),
        flag=_word(line, "Flag", Flag) if line.text("Flag") else None,
        period=asked,
        where=line.place(),
    )


def _contact(line: Line) -> Contact:
    email = line.text("E-mail")
    if not _EMAIL.fullmatch(email) or not email.isprintable() or len(email) > _LONGEST_EMAIL:
        raise ValueFoundError(
            f"{quoted(email)} is not an e-mail address.",
            where=line.place("E-mail"),
            remedy="Write one address to a row, such as partner@example.org.",
        )
    return Contact(name=line.text("Name"), email=email)


def _standing(tables: Tables, form: Form) -> Iterator[Line]:
    """Give the rows of a table that are not blank, none where the master has no such table."""
    table = tables.read(form)
    return table.lines(form) if table else iter(())


def _typed_beside(tables: Tables, form: Form) -> list[Line]:
    """Return the rows of a table in which the layout gives the first text and the analyst types beside it."""
    lines = [line for line in _standing(tables, form) if any(line.text(heading) for heading in form.headings[1:])]
    return _once(lines, form.headings[0])


def _added(tables: Tables, form: Form) -> Iterator[Line]:
    """Give the rows of a table in which the analyst adds rows; what stands right under it would be lost."""
    table = tables.read(form)
    if table is None:
        return iter(())
    if any(text.strip() for text in table.below):
        raise ValueFoundError(
            f"What stands right under the table {table.name} is not in it.",
            where=table.place(table.first_row + len(table.rows)),
            remedy="Move it into an empty row of the table, or draw the table's lower right corner down over it.",
        )
    return table.lines(form)


def _once(lines: Iterable[Line], key: str) -> list[Line]:
    """Return rows that each have a key, or refuse two with the same key, and lose neither."""
    rows: dict[str, Line] = {}
    for line in lines:
        name = _needed(line, key).casefold()
        if name in rows:
            raise ValueFoundError(
                f"{quoted(line.text(key))} stands twice.",
                where=line.table.place(rows[name].row, line.row, heading=key),
                remedy="Put what both rows say into one of them, and empty the other.",
            )
        rows[name] = line
    return list(rows.values())


def _needed(line: Line, heading: str) -> str:
    if text := line.texts[heading].strip():
        return text if heading == "Reason" else line.text(heading)
    raise ValueFoundError(
        f"A row of the table {line.table.name} has no {heading.lower()}.",
        where=line.place(heading),
        remedy="Fill the cell, or empty the whole row.",
    )


def _word(line: Line, heading: str, words: type[Word]) -> Word:
    typed = _needed(line, heading)
    for word in words:
        if word.casefold() == typed.casefold():
            return word
    raise ValueFoundError(
        f"{quoted(typed)} is not a {heading.lower()} that is known.",
        where=line.place(heading),
        remedy=f"Choose one of {', '.join(quoted(word) for word in words)}.",
    )


def _quarter(typed: str, *, where: str, remedy: str) -> Period:
    try:
        period = Period.parse(typed)
    except ValueFoundError:
        period = None
    if period is None or not period.is_quarter:
        raise ValueFoundError(f"{quoted(typed)} is not a quarter of a financial year.", where=where, remedy=remedy)
    return period
