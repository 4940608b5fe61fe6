"""One form that came back: whose it is, and each of its answers, accepted or queried.

Rows are found by their references and columns by their headings, wherever they were moved. What is written where
nothing is asked is reported too, so that nothing is dropped in silence.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl import returns
from cdrp_xl.addresses import cell_name
from cdrp_xl.errors import FileError, ValueFoundError, name_some, quoted
from cdrp_xl.periods import Period
from cdrp_xl.returns import FORM_LINE, LAST_QUARTER, QUERY, REFERENCE, Asked, Form
from cdrp_xl.sources import answers
from cdrp_xl.sources.answers import Answer, Misread, Missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cdrp_xl.returns import AskedColumn, AskedRow
    from cdrp_xl.sources.spreadsheets import Cell, SheetCells, Spreadsheet

EXPECTED = "; expected "
"""What is between the two halves of every query."""

_NOT_OURS = "Ask for the form that was sent out, filled in; or take the file out of the folder."


class Identity(NamedTuple):
    """What a form's line says: which form, in which version, about which quarter, of which agency."""

    form_id: str
    version: int
    quarter: Period
    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """An answer that can't be used: where it is, what was found, what is expected. `cell` is empty without one."""

    reference: str
    label: str
    sheet: str
    cell: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Return the query in one line."""
        place = f'worksheet "{self.sheet}", cell {self.cell}, ' if self.cell else ""
        return f"{place}{self.reference} ({self.label}): {self.said}"

    @property
    def said(self) -> str:
        """What was found and what is expected."""
        return f"found {self.found}{EXPECTED}{self.expected}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """A form that came back. Its answers are by row's reference and column's key; every one asked for is there."""

    file: str
    form: Form
    identity: Identity
    asked: tuple[Asked, ...]
    answers: Mapping[tuple[str, str], Answer]
    queries: tuple[Query, ...]
    remarks: tuple[str, ...]
    """What is written where nothing is asked, and was not read."""

    @property
    def lead(self) -> str:
        """Who answers for the return, empty if that is not said."""
        lead = self.answers[returns.ABOUT, returns.LEAD]
        return lead if isinstance(lead, str) and not isinstance(lead, Missing) else ""

    @property
    def returned_on(self) -> dt.date | None:
        """The day on which the form was filled in, None if that is not said."""
        day = self.answers[returns.ABOUT, returns.RETURNED_ON]
        return day if isinstance(day, dt.date) else None


class _SheetCell(NamedTuple):
    """A cell of one of the worksheets."""

    sheet: SheetCells
    row: int
    column: int

    @property
    def cell(self) -> Cell | None:
        return self.sheet.cells.get((self.row, self.column))


def identify(book: Spreadsheet, path: Path) -> Identity:
    """Return what the form's line says.

    Parameters
    ----------
    book
        The workbook that came back.
    path
        Its file, for messages.

    Raises
    ------
    ValueFoundError
        If there is no such line, or more than one.
    """
    lines = [(sheet, found) for sheet in book.sheets for found in map(_form_line, sheet.cells.values()) if found]
    if not lines:
        raise ValueFoundError(
            f"{path.name} is not one of our forms: the line that begins with {quoted('Form')} is not in it.",
            where=str(path),
            remedy=_NOT_OURS,
        )
    if len(lines) > 1:
        names = name_some([quoted(sheet.name) for sheet, _ in lines])
        raise ValueFoundError(
            f"{path.name} holds {len(lines)} forms, on the worksheets {names}.",
            where=str(path),
            remedy="Keep one form in the workbook, and save each other one in a workbook of its own.",
        )
    return lines[0][1]


def read(
    book: Spreadsheet, path: Path, form: Form, identity: Identity, *, areas: tuple[str, ...], today: dt.date
) -> FilledForm:
    """Return a form's answers, each accepted or queried.

    Parameters
    ----------
    book
        The workbook that came back.
    path
        Its file.
    form
        The form that it says to be.
    identity
        What its line says.
    areas
        The areas that the form asks about.
    today
        No answer is dated after it.
    """
    asked = returns.asked(form, quarter=identity.quarter, areas=areas)
    found = _Found(book, frozenset(row.reference for each in asked for row in each.rows))
    given: dict[tuple[str, str], Answer] = {}
    queries: list[Query] = []
    for each in asked:
        for row in each.rows:
            read, doubted = _row(each, row, found, today)
            given |= {(row.reference, key): answer for key, answer in read.items()}
            queries += doubted
    known = returns.words(form, asked, identity.quarter)
    remarks = [*found.unasked(known), *_beside_cells(book)]
    return FilledForm(
        file=path.name,
        form=form,
        identity=identity,
        asked=asked,
        answers=given,
        queries=tuple(queries),
        remarks=tuple(remarks),
    )


def check_version(identity: Identity, form: Form, path: Path) -> None:
    """Refuse a form of another version."""
    if identity.version != form.version:
        raise FileError(
            f"{path.name} is version {identity.version} of {quoted(form.title)}; version {form.version} is asked for.",
            where=str(path),
            remedy='Send the form out again with "cdrp-xl returns send", and ask for that one.',
        )


def _form_line(cell: Cell) -> Identity | None:
    found = FORM_LINE.fullmatch(_plain(cell))
    return Identity(found[1], int(found[2]), Period.parse(found[3]), found[4]) if found else None


class _Found:
    """Where the references and headings of a form are in what came back."""

    def __init__(self, book: Spreadsheet, references: frozenset[str]) -> None:
        self._book = book
        self._rows: dict[str, list[_SheetCell]] = defaultdict(list)
        self._headings: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._used: set[tuple[str, int, int]] = set()
        for sheet in book.sheets:
            for row, column in sorted(sheet.cells):
                text = _plain(sheet.cells[row, column])
                if text == REFERENCE:
                    self._headings[sheet.name, column].append(row)
                elif text in references and (sheet.name, column) in self._headings:
                    self._rows[text].append(_SheetCell(sheet, row, column))  # elsewhere it is someone's answer

    def row(self, reference: str) -> list[_SheetCell]:
        """Return where a reference is: nowhere, once, or more often."""
        return self._rows.get(reference, [])

    def columns(self, at: _SheetCell) -> dict[str, list[int]]:
        """Return the columns to the right of a reference by their headings, as its table has them."""
        above = [row for row in self._headings.get((at.sheet.name, at.column), []) if row < at.row]
        columns: dict[str, list[int]] = defaultdict(list)
        for row, column in at.sheet.cells if above else ():
            if row == max(above) and column > at.column:
                columns[_plain(at.sheet.cells[row, column])].append(column)
        self._beside(at, columns)
        return columns

    def _beside(self, at: _SheetCell, columns: Mapping[str, list[int]]) -> None:
        """Note what we wrote beside a row; a figure, or other words than a query's, are someone's answer there."""
        for heading, ours in ((LAST_QUARTER, ""), (QUERY, EXPECTED)):
            for column in columns.get(heading, ()):
                cell = at.sheet.cells.get((at.row, column))
                if cell and ours in _plain(cell) != "":
                    self._used.add((at.sheet.name, at.row, column))

    def used(self, spot: _SheetCell) -> None:
        """Note that a cell was read."""
        self._used.add((spot.sheet.name, spot.row, spot.column))

    def unasked(self, known: frozenset[str]) -> Iterator[str]:
        """Yield in words what is written where nothing is asked."""
        for sheet in self._book.sheets:
            odd = [
                at
                for at, cell in sorted(sheet.cells.items())
                if (sheet.name, *at) not in self._used and not _is_known(cell, known)
            ]
            if odd:
                named = name_some([f"{cell_name(*at)} {answers.shown(sheet.cells[at])}" for at in odd])
                yield f"Not read, since nothing is asked there: worksheet {quoted(sheet.name)}, {named}."


def _row(asked: Asked, row: AskedRow, found: _Found, today: dt.date) -> tuple[dict[str, Answer], list[Query]]:
    """Return the answers of one row by column, and the queries about them."""
    spots = found.row(row.reference)
    if len(spots) != 1:
        how = "no row has this reference" if not spots else f"{len(spots)} rows have this reference"
        doubt = _query(asked, row, None, None, how, "the row as it was sent, once")
        return dict.fromkeys((column.key for column in asked.columns), Missing.QUERIED), [doubt]
    columns = found.columns(spots[0])
    read = {column.key: _answer(column, spots[0], columns, found, today) for column in asked.columns}
    if other := _wrong_row(asked, row, spots[0], columns, found):
        return dict.fromkeys(read, Missing.QUERIED), [other]
    if above := _part_above_whole(asked, row, read):
        counts = [column.key for column in asked.columns if column.column_id in asked.question.share_columns]
        read |= {key: (Missing.QUERIED, read[key][1]) for key in counts if isinstance(read[key][0], int)}
    is_empty_row = asked.is_blank and all(answer in answers.NO_ANSWER for answer, _ in read.values())
    queries, given = [above] if above else [], dict[str, Answer]()
    has_figure = any(isinstance(answer, int | float) for answer, _ in read.values())
    for column in asked.columns:
        answer, spot = read[column.key]
        is_needed = column.required and not is_empty_row and (column.column_id != "as_at" or has_figure)
        if answer is Missing.BLANK and is_needed:
            answer = Misread(found="nothing", expected=answers.expected(column, today))
        if isinstance(answer, Misread):
            queries.append(_query(asked, row, column, spot, answer.found, answer.expected))
            answer = Missing.QUERIED
        given[column.key] = answer
    return given, queries


def _answer(
    column: AskedColumn, row: _SheetCell, columns: Mapping[str, list[int]], found: _Found, today: dt.date
) -> tuple[Answer | Misread, _SheetCell | None]:
    """Return what is in a row under a heading, and where that is."""
    places = columns.get(returns.spaced(column.heading), [])
    if len(places) != 1:
        how = "no column has" if not places else f"{len(places)} columns have"
        return Misread(
            found=f"{how} the heading {quoted(column.heading)}", expected="the headings as they were sent"
        ), None
    spot = _SheetCell(row.sheet, row.row, places[0])
    found.used(spot)
    if block := row.sheet.merged_over(spot.row, spot.column):
        first, last = cell_name(block.row, block.column), cell_name(block.last_row, block.last_column)
        what = f"the cell is merged with {first} to {last}"
        return Misread(found=what, expected="an answer in a cell of its own"), spot
    return answers.read(spot.cell, column, today=today), spot


def _wrong_row(
    asked: Asked, row: AskedRow, at: _SheetCell, columns: Mapping[str, list[int]], found: _Found
) -> Query | None:
    """Return the query about a row whose label is not that of its reference, as after sorting one without the other."""
    places = columns.get(returns.spaced(asked.label_heading), []) if asked.label_heading else []
    spot = _SheetCell(at.sheet, at.row, places[0]) if len(places) == 1 else None
    label = _plain(spot.cell) if spot and spot.cell else ""
    if not spot or not label:
        return None
    found.used(spot)
    if label.casefold() == returns.spaced(row.label).casefold():
        return None
    wanted = f"the row as it was sent, with the label {quoted(row.label)}"
    return _query(asked, row, None, spot, f"the label {quoted(answers.cut(label))}", wanted)


def _part_above_whole(
    asked: Asked, row: AskedRow, read: Mapping[str, tuple[Answer | Misread, _SheetCell | None]]
) -> Query | None:
    """Return the query about a row in which what is a part of the other counts is more than they are."""
    share = asked.question.share
    if not share or not share.whole:
        return None
    parts, wholes = (
        [read[column.key][0] for column in asked.columns if column.column_id in names]
        for names in (share.part, share.whole)
    )
    part, whole = (sum(count for count in counts if isinstance(count, int)) for counts in (parts, wholes))
    if part <= whole or not all(isinstance(count, int) for count in wholes):
        return None
    first = next(column for column in asked.columns if column.column_id in share.part)
    wanted = f"no more than the {whole:,} of which it is a part"
    return _query(asked, row, first, read[first.key][1], f"{part:,}", wanted)


def _query(
    asked: Asked, row: AskedRow, column: AskedColumn | None, spot: _SheetCell | None, found: str, expected: str
) -> Query:
    parts = [asked.question.title, row.label, column.heading if column else ""]
    label = ", ".join(dict.fromkeys(part for part in parts if part))
    sheet, cell = (spot.sheet.name, cell_name(spot.row, spot.column)) if spot else ("", "")
    return Query(reference=row.reference, label=label, sheet=sheet, cell=cell, found=found, expected=expected)


def _beside_cells(book: Spreadsheet) -> Iterator[str]:
    if book.pictures:
        yield f"Pictures are not read; the workbook holds {book.pictures}."
    if book.notes:
        yield f"Notes on cells and text boxes are not read; the workbook holds {book.notes}."


def _is_known(cell: Cell, known: frozenset[str]) -> bool:
    """Return whether a cell holds what the form itself says there, or only spaces."""
    is_space = isinstance(cell.value, str) and not cell.is_formula and not cell.value.strip()
    return is_space or _plain(cell) in known or _form_line(cell) is not None


def _plain(cell: Cell) -> str:
    """Return a text with single spaces between its words; empty for what is not text."""
    return returns.spaced(cell.value) if isinstance(cell.value, str) and not cell.is_formula else ""
