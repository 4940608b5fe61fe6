"""Partner returns: what each form asks, kept as TOML files, and how that is laid out for one quarter and its areas.

A form asks numbered questions; each is a table of rows and columns, or one text. A row's reference ("Q2-1") is how its
answers are found again, wherever the row was moved. Eight forms come with cdrp-xl; a partnership may keep its own.
"""

from __future__ import annotations

import importlib.resources
import re
import textwrap
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from cdrp_xl import toml_tables
from cdrp_xl.errors import FileError, ValueFoundError, name_some, quoted
from cdrp_xl.terms import Marking
from cdrp_xl.toml_tables import Mistake, Table

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from cdrp_xl.periods import Month, Period

Text = Annotated[str, Meta(min_length=1, max_length=400)]
Title = Annotated[str, Meta(min_length=1, max_length=80)]

REFERENCE, AS_AT, ANSWER, LAST_QUARTER, QUERY = "Ref", "As at", "Answer", "Last quarter", "Query"
"""Headings that forms have."""

ABOUT, LEAD, RETURNED_ON = "D-1", "lead", "returned_on"
"""The reference and the columns of who answers for a return, and of the day on which it was filled in."""

CHANGE_HEADINGS = ("Change (percentage points)", "What the change says")
"""Headings that the report adds where a change is worked out."""

NOT_SENSITIVE = "No"
"""What has to be answered beside an item for publicity before it is used."""

LONGEST_TEXT, LONGEST_IN_A_TABLE = 32_767, 1_000
"""Characters that a cell holds, in code units of UTF-16, and those that a row of a table can show."""

LINE_CHARACTERS = 110
HIGHEST_FIGURE = 1_000_000

HOW_TO = (
    "Fill in the shaded cells. Everything else is locked, so that your answers are found again.",
    "Write 0 or nil where there were none, n/a where it is not known or does not apply. Type figures; no formulas.",
    "Save the workbook under any name, as .xlsx or .ods, without a password, and send it back.",
)
"""What is on the first worksheet of every form."""

_ID = re.compile(r"[a-z][a-z0-9_]{0,40}")
_FORM_ID = re.compile(r"[a-z][a-z0-9-]{0,40}")
_REMEDY = "Correct the form's file as the message says; the forms that come with cdrp-xl are examples."


def spaced(text: str) -> str:
    """Return a text with single spaces between its words, as texts of forms are compared."""
    return " ".join(text.split())


class Kind(StrEnum):
    """What an answer is. A share is written in per cent: 10 is 10%."""

    TEXT = "text"
    WHOLE = "whole number"
    SHARE = "share"
    DATE = "date"
    YEAR = "year"
    CHOICE = "choice"


class Gathers(StrEnum):
    """Where the answers of a question are also brought together."""

    NOWHERE = ""
    CONCERNS = "concerns"
    PUBLICITY = "publicity"


class Column(Table, frozen=True, kw_only=True):
    """One column of a question's table; with `each_month` one for every month of the quarter."""

    id: str
    title: Title
    kind: Kind
    each_month: bool = False
    required: bool = True
    most: Annotated[int, Meta(ge=1)] = HIGHEST_FIGURE
    choices: tuple[Title, ...] = ()

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"the id {quoted(self.id)} must be lower-case letters, digits and underscores, at most 41")
        if bool(self.choices) != (self.kind is Kind.CHOICE):
            raise ValueError('give `choices` where the kind is "choice", and nowhere else')


class Share(Table, frozen=True, kw_only=True):
    """A share worked out for each row: its `part`, over its `whole`, or over the `part` of all rows together."""

    title: Title
    part: Annotated[tuple[str, ...], Meta(min_length=1)]
    whole: tuple[str, ...] = ()


class Change(Table, frozen=True, kw_only=True):
    """The change between two shares of a survey, each with its standard error: the columns in which they are."""

    earlier: str
    earlier_error: str
    later: str
    later_error: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The ids of its columns."""
        return self.earlier, self.earlier_error, self.later, self.later_error


class Question(Table, frozen=True, kw_only=True):
    """One question: without columns it asks for a text; with them for a table of `rows`, areas or blank rows."""

    id: str
    title: Title
    section: str = ""
    guidance: str = ""
    required: bool = True
    publish: bool = True
    gathers: Gathers = Gathers.NOWHERE
    columns: tuple[Column, ...] = ()
    rows: tuple[Title, ...] = ()
    row_heading: str = ""
    areas: bool = False
    blank_rows: Annotated[int, Meta(ge=0, le=40)] = 0
    as_at: bool = False
    total: str = ""
    share: Share | None = None
    change: Change | None = None
    chart: bool = False

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"the id {quoted(self.id)} must be lower-case letters, digits and underscores, at most 41")
        kinds = [bool(self.rows), self.areas, bool(self.blank_rows)]
        if self.columns and sum(kinds) != 1:
            raise ValueError("a table has either rows, areas or blank_rows")
        if not self.columns and (any(kinds) or self.as_at or self.share or self.change or self.chart):
            raise ValueError("a question without columns asks for a text, and has nothing of a table")
        ids = [column.id for column in self.columns]
        if len(set(ids)) < len(ids):
            raise ValueError("two columns have the same id")
        named = {
            *self.share_columns,
            *(self.change.columns if self.change else ()),
        }
        if unknown := sorted(named - set(ids)):
            raise ValueError(f"there is no column {name_some([quoted(name) for name in unknown])}")
        self._check_headings()
        self._check_use()

    def _check_headings(self) -> None:
        """Refuse headings that could be confused, on the form or in the report."""
        own = (REFERENCE, LAST_QUARTER, QUERY, AS_AT if self.as_at else "")
        worked = (self.total, self.share.title if self.share else "", *(CHANGE_HEADINGS if self.change else ()))
        titles = (column.title for column in self.columns)
        headings = [spaced(text).casefold() for text in (*own, self.label_heading, *worked, *titles)]
        if twice := sorted({text for text in headings if text and headings.count(text) > 1}):
            raise ValueError(f"two columns, or one of the form's own, have the heading {quoted(twice[0])}")

    def _check_use(self) -> None:
        """Refuse what could not be worked out or brought together."""
        kinds = [column.kind for column in self.columns]
        counts = {column.id for column in self.columns if column.kind is Kind.WHOLE}
        if ((self.total or self.chart) and not counts) or not counts.issuperset(self.share_columns):
            raise ValueError("a total, a share and a chart are made of whole numbers")
        if self.change and any(each.kind is not Kind.SHARE for each in self.columns if each.id in self.change.columns):
            raise ValueError("a change is one between shares")
        if self.gathers is Gathers.CONCERNS and kinds not in ([], [Kind.TEXT], [Kind.TEXT, Kind.TEXT]):
            raise ValueError("concerns are a text, or a table with one or two columns of text")
        is_marked_safe = kinds == [Kind.TEXT, Kind.CHOICE] and NOT_SENSITIVE in self.columns[1].choices
        if self.gathers is Gathers.PUBLICITY and not is_marked_safe:
            raise ValueError(f"publicity needs two columns: a text, and a choice that has {quoted(NOT_SENSITIVE)}")

    @property
    def label_heading(self) -> str:
        """The heading of the column of labels, empty where the rows have none."""
        if self.blank_rows:
            return ""
        return self.row_heading or ("Area" if self.areas else "Question")

    @property
    def share_columns(self) -> tuple[str, ...]:
        """The ids of the columns that a share is worked out from."""
        return self.share.part + self.share.whole if self.share else ()

    @property
    def has_figures(self) -> bool:
        """Whether anything but words and choices is asked."""
        return any(column.kind not in {Kind.TEXT, Kind.CHOICE} for column in self.columns)


class Form(Table, frozen=True, kw_only=True):
    """The whole of a form's file."""

    id: str
    version: Annotated[int, Meta(ge=1)]
    title: Title
    intro: tuple[Text, ...] = ()
    marking: Marking = Marking.OFFICIAL
    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        if not self.questions:
            raise ValueError("a form has to ask something")
        if any(question.id == DETAILS.id for question in self.questions):
            raise ValueError(f"the id {quoted(DETAILS.id)} is that of the question that every form asks first")
        if not _FORM_ID.fullmatch(self.id):
            raise ValueError(f"the id {quoted(self.id)} must be lower-case letters, digits and hyphens, at most 41")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedColumn:
    """One column as it is on the form: a month's, or one of its own. `column_id` is "as_at" for the date.

    No answer is dated before `earliest`: nobody can return a quarter that is not over.
    """

    column_id: str
    heading: str
    kind: Kind
    required: bool = True
    most: int = HIGHEST_FIGURE
    choices: tuple[str, ...] = ()
    longest: int = LONGEST_TEXT
    month: Month | None = None
    earliest: dt.date | None = None

    @property
    def key(self) -> str:
        """The name of the column's answers."""
        return f"{self.column_id} {self.month}" if self.month else self.column_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """One row as it is on the form; a blank one has no label."""

    reference: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question as it is on the form of a quarter."""

    question: Question
    rows: tuple[AskedRow, ...]
    columns: tuple[AskedColumn, ...]

    @property
    def is_blank(self) -> bool:
        """Whether only as many rows need filling as there is something to say."""
        return bool(self.question.blank_rows)

    @property
    def label_heading(self) -> str:
        """The heading of the column of labels, empty where the rows have none."""
        return self.question.label_heading

    @property
    def guidance_lines(self) -> tuple[str, ...]:
        """The guidance as lines that fit a page."""
        return tuple(textwrap.wrap(self.question.guidance, LINE_CHARACTERS))


DETAILS = Question(
    id="details",
    title="About this return",
    rows=("This return",),
    row_heading="About",
    columns=(
        Column(id=LEAD, title="Lead officer", kind=Kind.TEXT),
        Column(id=RETURNED_ON, title="Date of this return", kind=Kind.DATE),
    ),
    publish=False,
)
"""What every form asks first."""


def asked(form: Form, *, quarter: Period, areas: tuple[str, ...]) -> tuple[Asked, ...]:
    """Return what a form asks about a quarter, question by question, with the references of its rows."""
    questions = [
        _question_asked(question, f"Q{number}", quarter, areas) for number, question in enumerate(form.questions, 1)
    ]
    return (_question_asked(DETAILS, "D", quarter, areas), *questions)


def heading(form: Form, quarter: Period) -> str:
    """Return what is at the top of a form."""
    return f"{form.title}: return for {quarter.words}"


def words(form: Form, every: tuple[Asked, ...], quarter: Period) -> frozenset[str]:
    """Return every text that is on a form before anyone writes on it."""
    heads = (question for each in every for question in (each.question.title, each.question.section))
    columns = (column.heading for each in every for column in each.columns)
    labels = (part for each in every for row in each.rows for part in (row.reference, row.label))
    lines = (line for each in every for line in (*each.guidance_lines, each.label_heading))
    own = (REFERENCE, LAST_QUARTER, QUERY, heading(form, quarter), form.marking.value, *HOW_TO, *intro_lines(form))
    return frozenset(map(spaced, [*own, *heads, *columns, *labels, *lines])) - {""}


def intro_lines(form: Form) -> tuple[str, ...]:
    """Return a form's introduction as lines that fit a page."""
    return tuple(line for text in form.intro for line in textwrap.wrap(text, LINE_CHARACTERS))


def form_line(form: Form, *, quarter: Period, agency: str) -> str:
    """Return the line by which a form that came back is known."""
    return f"Form {form.id}, version {form.version}, {quarter.name}, {agency}"


FORM_LINE = re.compile(r"Form ([a-z][a-z0-9-]*), version ([0-9]{1,6}), ([0-9]{4}-[0-9]{2} Q[1-4]), (.+)")


def load(name: str, folder: Path) -> Form:
    """Return a form: one that ships, by its id, or a partnership's own, by its file's name within the folder.

    Raises
    ------
    FileError
        If the file can't be opened or is not TOML.
    ValueFoundError
        If there is no such form, or its file has mistakes; each is named with its line and key.
    """
    if not name.endswith(".toml"):
        return _shipped(name)
    file = folder / name
    try:
        data = file.read_bytes()
    except OSError as wrong:
        raise FileError(
            f"There is no form {quoted(name)}, or it can't be opened.",
            where=str(file),
            remedy="Put the file there, or correct its name in partnership.toml.",
        ) from wrong
    return parse(toml_tables.decoded(data, file), file_name=file.name)


def shipped() -> tuple[Form, ...]:
    """Return the forms that come with cdrp-xl, in order of their ids."""
    folder = importlib.resources.files("cdrp_xl").joinpath("returns")
    return tuple(
        parse(file.read_text(encoding="utf-8"), file_name=file.name)
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    )


def parse(text: str, *, file_name: str) -> Form:
    """Return the form that a TOML text describes; see `load`."""
    form, mistakes = toml_tables.parse(Form, text, file_name=file_name)
    mistakes += list(_twins(form)) if form else []
    if mistakes or form is None:
        raise toml_tables.named(mistakes, text, file_name=file_name, remedy=_REMEDY)
    return form


def _shipped(name: str) -> Form:
    forms = {form.id: form for form in shipped()}
    if name not in forms:
        raise ValueFoundError(
            f"There is no form {quoted(name)}.",
            where="partnership.toml, returns, form",
            remedy=f"Name one of {', '.join(forms)}, or a file of your own, such as returns/housing.toml.",
        )
    return forms[name]


def _twins(form: Form) -> Iterator[Mistake]:
    ids = [question.id for question in form.questions]
    for number, name in enumerate(ids):
        if name in ids[:number]:
            yield Mistake(("questions", number, "id"), f"two questions have the id {quoted(name)}")


def _question_asked(question: Question, reference: str, quarter: Period, areas: tuple[str, ...]) -> Asked:
    if not question.columns:
        answer = AskedColumn(column_id="answer", heading=ANSWER, kind=Kind.TEXT, required=question.required)
        row = AskedRow(reference=reference, label=question.title)
        return Asked(question=question, rows=(row,), columns=(answer,))
    labels = areas if question.areas else question.rows or ("",) * question.blank_rows
    rows = tuple(AskedRow(reference=f"{reference}-{number}", label=label) for number, label in enumerate(labels, 1))
    columns = [asked for column in question.columns for asked in _columns_by_month(column, quarter)]
    if question.as_at:
        columns.append(AskedColumn(column_id="as_at", heading=AS_AT, kind=Kind.DATE))
    return Asked(question=question, rows=rows, columns=tuple(columns))


def _columns_by_month(column: Column, quarter: Period) -> Iterator[AskedColumn]:
    for month in quarter.months if column.each_month else (None,):
        yield AskedColumn(
            column_id=column.id,
            heading=f"{column.title}, {month.name}" if month else column.title,
            kind=column.kind,
            required=column.required,
            most=column.most,
            choices=column.choices,
            longest=LONGEST_IN_A_TABLE,
            month=month,
            earliest=quarter.last_day if column in DETAILS.columns and column.kind is Kind.DATE else None,
        )
