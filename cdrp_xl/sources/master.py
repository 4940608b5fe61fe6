"""What the analyst typed in the master workbook: read at every refresh and publish, never written.

The same tables are read in one way, from a saved master or from the one that is open in front of the analyst.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from cdrp_xl.errors import CdrpError, ValueFoundError, quoted
from cdrp_xl.periods import Period, named_quarter
from cdrp_xl.sources import named_tables
from cdrp_xl.sources.named_tables import Form, Tables
from cdrp_xl.terms import Decision, Marking, Status, highest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from cdrp_xl.sources.named_tables import Line, NamedTable

SHEET, CONTROL = "Inputs", "Control"

LAST_WORDS = "Last quarter's words"
"""The heading under which a refresh shows the words for the quarter before that of a row; nobody types there."""

COMMENTARY = Form(name="tblCommentary", sheet=SHEET, headings=("Section id", "Commentary", "Quarter"))
OVERRIDES = Form(name="tblOverrides", sheet=SHEET, headings=("Priority id", "Quarter", "Position", "Reason"))
DECISIONS = Form(name="tblDecisions", sheet=SHEET, headings=("Issue", "Decision", "Reason"))
PUBLISHED = "In the copy"
"""The heading under which a local question is marked for partners."""

YES = "Yes"
QUESTIONS = Form(
    name="tblQuestions", sheet=SHEET, headings=("Area or locality", "Offence row", "Flag", "Period", PUBLISHED)
)
_RENAMED = {"Currency": "How up to date the figures are", "For the meeting": "Partner returns"}
"""Worksheets that earlier versions named otherwise."""

MARKINGS = Form(name="tblMarkings", sheet=SHEET, headings=("Worksheet", "Marking"))
CONTACTS = Form(name="tblContacts", sheet=SHEET, headings=("Name", "E-mail"))
EXPLAINED = Form(name="tblExplain", sheet=SHEET, headings=("Figure",))
ACCEPTANCES = Form(name="tblAcceptances", sheet=SHEET, headings=("Finding", "Reason", "Quarter"))

_SETTINGS = Form(name="tblControl", sheet=CONTROL, headings=("Setting", "Value"))
_LOG = Form(name="tblRefreshLog", sheet=CONTROL, headings=("When", "Quarter", "Rows read", "Result"))
_FOLDER, _QUARTER = "Partnership folder", "Quarter"

_EMAIL = re.compile(r"[^\s@<>(),;:\"\\]+@[^\s@<>(),;:\"\\]+\.[^\s@<>(),;:\"\\]+")
_LONGEST_EMAIL = 254

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written about a section for one quarter. Without a quarter it is kept, but not published."""

    section_id: str
    quarter: Period | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """The analyst's own judgement of a priority in one quarter, and why it goes before the rule's."""

    priority_id: str
    quarter: Period
    status: Status
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What the analyst decided about an emerging issue, and why."""

    decision: Decision
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A warning that the analyst accepts for one quarter, and why. Without a quarter it is accepted for none."""

    finding: str
    quarter: Period | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question about an area or locality. `offence_row` is as typed, `where` the place of its row in the master.

    `is_published` says that partners are given the answer, in the copy for the quarter that its period ends in.
    """

    area: str
    offence_row: str
    flag: str | None
    period: Period
    where: str = field(default="", compare=False)
    is_published: bool = False

    def __post_init__(self) -> None:
        """Take a flag in lower-case letters, so that "Domestic" and "domestic" are shown together."""
        if self.flag:
            object.__setattr__(self, "flag", self.flag.casefold())


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Someone who is sent the partners' copy; the name may be empty."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The analyst's words for one quarter: those that its report may hold, and no others.

    Attributes
    ----------
    commentary
        What was written, by section id; sections of which nothing was written are left out.
    overrides
        The analyst's own judgement, by priority id.
    acceptances
        Why a warning of the gate is accepted, by the finding's id.
    """

    commentary: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict)
    acceptances: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that the analyst typed on the worksheet Inputs, for every quarter.

    Attributes
    ----------
    commentary
        What was written, in the order of the rows; rows without words are left out.
    overrides
        The analyst's own judgements.
    decisions
        By emerging issue, as the worksheet Emerging issues names it, with its quarter; those of former quarters stay.
    questions
        In the order of the rows.
    markings
        By worksheet of the partners' copy, where one is marked differently from the whole.
    contacts
        Who is sent the partners' copy.
    explained
        The names of figures that the worksheet Explain leads back to their rows.
    acceptances
        Which warnings of the gate are accepted.
    """

    commentary: tuple[Written, ...] = ()
    overrides: tuple[Override, ...] = ()
    decisions: Mapping[str, Decided] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    markings: Mapping[str, Marking] = field(default_factory=dict)
    contacts: tuple[Contact, ...] = ()
    explained: tuple[str, ...] = ()
    acceptances: tuple[Accepted, ...] = ()

    def words_for(self, quarter: Period) -> Words:
        """Return the words whose rows name a quarter."""
        return Words(
            commentary={each.section_id: each.text for each in self.commentary if each.quarter == quarter},
            overrides={each.priority_id: each for each in self.overrides if each.quarter == quarter},
            acceptances={each.finding: each.reason for each in self.acceptances if each.quarter == quarter},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What is on the worksheet Control: the folder and the quarter as typed, and the log of earlier refreshes."""

    folder: str = ""
    quarter: str = ""
    quarter_place: str = ""
    log: tuple[tuple[str, str, str, str], ...] = ()

    @property
    def last_refreshed(self) -> Period | None:
        """The quarter of the newest refresh in the log, None where the log does not say."""
        return named_quarter(self.log[0][1]) if self.log else None

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


def read_inputs(master: Path, *, last_refreshed: Period | None = None) -> Inputs:
    """Return what the analyst typed in a saved master; nothing where there is no master yet.

    Parameters
    ----------
    master
        The master workbook.
    last_refreshed
        The quarter of the folder's last refresh, for a master whose own log does not say it.

    Raises
    ------
    FileError
        If the master can't be opened.
    ValueFoundError
        If a table or a heading is gone, or what is typed can't be used; the row is named.
    """
    return inputs_in(named_tables.saved(master), last_refreshed=last_refreshed) if master.exists() else Inputs()


def inputs_in(tables: Tables, *, last_refreshed: Period | None = None) -> Inputs:
    """Return what the analyst typed in a master's tables; one that an earlier version did not have holds nothing.

    Parameters
    ----------
    tables
        The tables of a saved master, or of the open one.
    last_refreshed
        The quarter of the folder's last refresh, for a master whose own log does not say it.

    Raises
    ------
    ValueFoundError
        If a table or a heading is gone, or what is typed can't be used; the row is named.

    Notes
    -----
    Rows of an earlier version name no quarter. Their words are for the quarter that was last refreshed: they were
    written beside its figures. Where nobody knows that quarter, they have none.
    """
    dated = _dated(tables, last_refreshed)
    return Inputs(
        commentary=_commentary(dated),
        overrides=tuple(_override(line) for line in _typed_beside(tables, OVERRIDES, "Priority id", "Quarter")),
        decisions={line.text("Issue"): _decided(line) for line in _once(_added(tables, DECISIONS), "Issue")},
        questions=tuple(_question(line) for line in _added(_with_marks(tables), QUESTIONS)),
        markings=_markings(tables),
        contacts=tuple(_contact(line) for line in _once(_added(tables, CONTACTS), "E-mail")),
        explained=tuple(line.text("Figure") for line in _once(_added(tables, EXPLAINED), "Figure")),
        acceptances=tuple(_accepted(line) for line in _once(_added(dated, ACCEPTANCES), "Finding", "Quarter")),
    )


def _markings(tables: Tables) -> dict[str, Marking]:
    """Return the markings by worksheet, under the names that worksheets have today; of two the higher holds."""
    found: dict[str, Marking] = {}
    for line in _typed_beside(tables, MARKINGS, "Worksheet"):
        name, marking = line.text("Worksheet"), _word(line, "Marking", Marking)
        name = _RENAMED.get(name, re.sub(" funnel$", " by size", name))
        found[name] = highest([marking, found.get(name, marking)])
    return found


def read_control(master: Path) -> Typed:
    """Return what is on the worksheet Control of a saved master; nothing where there is no such table in it.

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
    """Return what is in the tables of the worksheet Control; nothing where a master has no such tables.

    Parameters
    ----------
    tables
        The tables of a saved master, or of the open one.

    Raises
    ------
    ValueFoundError
        If a table has lost a heading.
    """
    lines = {line.text("Setting"): line for line in reversed(list(_filled_rows(tables, _SETTINGS)))}
    typed = {name: line.text("Value") for name, line in lines.items()}
    log = [line.texts for line in _filled_rows(tables, _LOG)]
    return Typed(
        folder=typed.get(_FOLDER, ""),
        quarter=typed.get(_QUARTER, ""),
        quarter_place=lines[_QUARTER].place("Value") if _QUARTER in lines else "",
        log=tuple((each["When"], each["Quarter"], each["Rows read"], each["Result"]) for each in log),
    )


def _dated(tables: Tables, last_refreshed: Period | None) -> Tables:
    """Return a master's tables with a quarter in every row: an earlier version's rows are given the one refreshed last.

    An earlier version's commentary has neither the quarter nor the words for the quarter before. Where only the quarter
    is gone, the analyst deleted it, and the table is reported as missing it.
    """
    found = tables.read(COMMENTARY.without("Quarter"))
    if found is None:
        raise named_tables.gone(COMMENTARY, tables.workbook)
    if "Quarter" in found.headings or LAST_WORDS in found.headings:
        return tables
    quarter = control_in(tables).last_refreshed or last_refreshed
    name = quarter.name if quarter else ""

    def read(form: Form) -> NamedTable | None:
        table = tables.read(form.without("Quarter"))
        return table.with_column("Quarter", name) if table and "Quarter" not in table.headings else table

    return Tables(workbook=tables.workbook, read=read)


def _with_marks(tables: Tables) -> Tables:
    """Return a master's tables as this version reads them: an earlier one's questions are marked for nobody."""

    def read(form: Form) -> NamedTable | None:
        table = tables.read(form.without(PUBLISHED))
        is_former = table is not None and PUBLISHED not in table.headings
        return table.with_column(PUBLISHED, "") if table and is_former else table

    return Tables(workbook=tables.workbook, read=read)


def _commentary(tables: Tables) -> tuple[Written, ...]:
    """Return the texts as they were typed; rows without a section are left out."""
    lines = [line for line in _filled_rows(tables, COMMENTARY) if line.text("Section id") and line.text("Commentary")]
    return tuple(
        Written(
            section_id=line.text("Section id"),
            quarter=_quarter_in(line),
            text=line.texts["Commentary"],
        )
        for line in _once(lines, "Section id", "Quarter")
    )


def _override(line: Line) -> Override:
    status, reason = _word(line, "Position", Status), _needed(line, "Reason")
    _needed(line, "Quarter")
    quarter = _quarter_in(line)
    assert quarter is not None  # noqa: S101  it is needed
    return Override(priority_id=line.text("Priority id"), quarter=quarter, status=status, reason=reason)


def _accepted(line: Line) -> Accepted:
    return Accepted(finding=line.text("Finding"), quarter=_quarter_in(line), reason=_needed(line, "Reason"))


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
        flag=line.text("Flag") or None,
        period=asked,
        where=line.place(),
        is_published=_is_marked(line),
    )


def _is_marked(line: Line) -> bool:
    """Return whether a question's answer is for partners; anything but yes or nothing is refused."""
    typed = line.text(PUBLISHED)
    if typed.casefold() not in {"", YES.casefold()}:
        raise ValueFoundError(
            f"{quoted(typed)} does not say whether partners are given the answer.",
            where=line.place(PUBLISHED),
            remedy=f"Write {YES}, or empty the cell.",
        )
    return bool(typed)


def _contact(line: Line) -> Contact:
    email = line.text("E-mail")
    if not _EMAIL.fullmatch(email) or not email.isprintable() or len(email) > _LONGEST_EMAIL:
        raise ValueFoundError(
            f"{quoted(email)} is not an e-mail address.",
            where=line.place("E-mail"),
            remedy="Write one address to a row, such as partner@example.org.",
        )
    return Contact(name=line.text("Name"), email=email)


def _filled_rows(tables: Tables, form: Form) -> Iterator[Line]:
    """Yield the rows of a table that are not blank, none where the master has no such table."""
    table = tables.read(form)
    return table.lines(form) if table else iter(())


def _typed_beside(tables: Tables, form: Form, *keys: str) -> list[Line]:
    """Return the rows of a table in which the layout gives the keys and the analyst typed beside them."""
    typed = [heading for heading in form.headings if heading not in keys]
    return _once([line for line in _filled_rows(tables, form) if any(map(line.text, typed))], *keys)


def _added(tables: Tables, form: Form) -> Iterator[Line]:
    """Yield the rows of a table in which the analyst adds rows; what is right under it would be lost."""
    table = tables.read(form)
    if table is None:
        return iter(())
    if any(text.strip() for text in table.below):
        raise ValueFoundError(
            f"What is directly under the table {table.name} is not part of it.",
            where=table.place(table.first_row + len(table.rows)),
            remedy="Move it into an empty row of the table, or draw the table's lower right corner down over it.",
        )
    return table.lines(form)


def _once(lines: Iterable[Line], key: str, *more: str) -> list[Line]:
    """Return rows that each have a key, or refuse two with the same keys, and lose neither."""
    rows: dict[tuple[str, ...], Line] = {}
    for line in lines:
        name = (_needed(line, key).casefold(), *(_name_of_quarter(line.text(heading)) for heading in more))
        if name in rows:
            said = " for ".join(filter(None, (quoted(line.text(key)), *name[1:])))
            raise ValueFoundError(
                f"{said} appears twice.",
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
        f"{quoted(typed)} is not a known {heading.lower()}.",
        where=line.place(heading),
        remedy=f"Choose one of {', '.join(quoted(word) for word in words)}.",
    )


def _quarter_in(line: Line) -> Period | None:
    """Return the quarter that a row is for, None where it names none."""
    typed = line.text("Quarter")
    remedy = 'Write the quarter that the words are for, such as "2011-12 Q1": they are published for no other.'
    return _quarter(typed, where=line.place("Quarter"), remedy=remedy) if typed else None


def _quarter(typed: str, *, where: str, remedy: str) -> Period:
    period = named_quarter(typed)
    if period is None:
        raise ValueFoundError(f"{quoted(typed)} is not a quarter of a financial year.", where=where, remedy=remedy)
    return period


def _name_of_quarter(typed: str) -> str:
    """Return a quarter in the one form in which rows are compared, otherwise what was typed."""
    period = named_quarter(typed)
    return period.name if period else typed
