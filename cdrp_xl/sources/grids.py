"""Small worksheets and CSV files read cell by cell, as text, with rows numbered as a spreadsheet does.

For forms and lists of a few thousand rows, where headings may be anywhere; extracts of crimes go through `files`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl import damage, errors
from cdrp_xl.errors import FileError, ValueFoundError, quoted
from cdrp_xl.folding import fold
from cdrp_xl.sources import counting_engine, csv_headings, files, worksheets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_TEXT = 250
"""Characters in a cell that is used; names of areas and offences have fewer than a hundred."""

_DELIMITERS = ",;\t|"
_LINES_LOOKED_AT = 20
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MOST_SHOWN = 40
HIGHEST_NUMBER = 100_000_000
"""No whole number of people, households or offences is above it: the United Kingdom has 69 million people."""

_WHOLE_NUMBER = re.compile(r"(?:[0-9]{1,12}|[0-9]{1,3}(?:[, ][0-9]{3}){1,3})(?:\.0+)?")
_NUMBER = re.compile(r"-?[0-9][0-9, ]*(?:\.[0-9]+)?")
_MINUSES = str.maketrans({"\u2212": "-", "\u2013": "-"})
_FORMULA_STARTS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The cells of one worksheet or CSV file as they are; every row has the same number of cells."""

    path: Path
    sheet: str
    cells: tuple[tuple[str, ...], ...]

    def rows(self, *, after: int = 0) -> Iterator[int]:
        """Yield the numbers, from 1, of the rows that are not blank."""
        for number, row in enumerate(self.cells[after:], after + 1):
            if any(cell.strip() for cell in row):
                yield number

    def width(self) -> int:
        """Return the number of columns."""
        return len(self.cells[0]) if self.cells else 0

    def text(self, row: int, column: int, *, heading: str = "") -> str:
        """Return the text of a cell, with single spaces between its words.

        Parameters
        ----------
        row
            From 1, as a spreadsheet numbers rows.
        column
            From 0, as `cells` holds them.
        heading
            The cell's heading, for the message.

        Raises
        ------
        ValueFoundError
            If the text is longer than any name, or holds a character that can't be seen.
        """
        cell = self.cells[row - 1][column]
        if len(cell) > LONGEST_TEXT or not cell.isprintable():
            self._check(cell, self.place(row, heading))
        return " ".join(cell.split())

    def place(self, row: int, heading: str = "") -> str:
        """Return a place in this file as an analyst reads it."""
        return errors.place(self.path, sheet=self.sheet, row=row, heading=heading)

    def _check(self, cell: str, where: str) -> None:
        if len(cell) > LONGEST_TEXT:
            raise ValueFoundError(
                f"A cell holds {len(cell):,} characters, beginning {quoted(' '.join(cell[:_MOST_SHOWN].split()))}.",
                where=where,
                remedy=f"Shorten it to {LONGEST_TEXT} characters or fewer, or ask for the file again.",
            )
        unseen = [sign for sign in cell if unicodedata.category(sign) in {"Cc", "Cf"} and sign not in "\n\r\t"]
        if unseen:
            seen = "".join(sign for sign in cell if sign not in unseen)
            raise ValueFoundError(
                f"{quoted(' '.join(seen.split()))} holds a character that can't be seen (U+{ord(unseen[0]):04X}).",
                where=where,
                remedy="Type the cell again.",
            )


def read(path: Path, *, sheet: str = "") -> Grid:
    """Return the cells of a CSV file, or of one worksheet of a workbook (the first where none is named).

    Parameters
    ----------
    path
        The file.
    sheet
        The worksheet's name; nothing for a CSV file.

    Raises
    ------
    FileError
        If the file is missing, empty, locked, or is not what its name says.
    ValueFoundError
        If there is no such worksheet, or the quotation marks of a CSV file do not close.
    """
    damage.check_is_file(path)
    if path.suffix.lower() in files.EXCEL_SUFFIXES:
        sheet, rows = _worksheet(path, sheet)
    else:
        sheet, rows = "", _csv(path)
    width = max((len(row) for row in rows), default=0)
    cells = tuple((*row, *[""] * (width - len(row))) for row in rows)
    grid = Grid(path=path, sheet=sheet, cells=cells)
    if next(grid.rows(), None) is None:
        raise damage.empty(path)
    return grid


def plain(text: str) -> str:
    """Return a text as names and headings are compared: spaces and capitals do not matter, ``&`` is ``and``."""
    return fold(text.replace("&", " and "))


def whole(text: str, *, what: str, where: str) -> int:
    """Return the whole number, 0 or more, that a cell holds.

    Parameters
    ----------
    text
        The cell: ``1477``, ``1,477``, or ``1477.0`` as a spreadsheet may keep it.
    what
        What the number is, for the message.
    where
        The cell's place.

    Raises
    ------
    ValueFoundError
        If the cell is blank, or holds text, a formula, a fraction or a number below 0 or above `HIGHEST_NUMBER`.
    """
    number = text.translate(_MINUSES)
    if _WHOLE_NUMBER.fullmatch(number) and (count := int(re.sub(r"[, ]|\..*", "", number))) <= HIGHEST_NUMBER:
        return count
    raise ValueFoundError(f"The {what} {_fault(text, number)}.", where=where, remedy=_remedy(number))


def above_0(text: str, *, what: str, where: str) -> int:
    """Return the whole number above 0 that a cell holds, such as of people: no rate can be worked out over nobody.

    Parameters
    ----------
    text
        The cell, as for `whole`.
    what
        What the number is, for the message.
    where
        The cell's place.

    Raises
    ------
    ValueFoundError
        As for `whole`, or if it is 0.
    """
    number = whole(text, what=what, where=where) if text else 0
    if number == 0:
        found = "0" if text else "blank"
        raise ValueFoundError(f"The {what} is {found}.", where=where, remedy="Write the number, or take out the row.")
    return number


def _fault(text: str, number: str) -> str:
    if not number:
        return "is blank"
    if _WHOLE_NUMBER.fullmatch(number):
        return f"is {text}, more than there are people in the United Kingdom"
    if not _NUMBER.fullmatch(number):
        if number.startswith(_FORMULA_STARTS):
            return f"is {quoted(text)}, which a spreadsheet would take for a formula"
        return f"is {quoted(text)}, not a number"
    if number.startswith("-"):
        return f"is {text}, below 0"
    return f"is {text}, not a whole number" if "." in number else f"is {quoted(text)}, with its separators out of place"


def _remedy(number: str) -> str:
    if not number:
        return "Write the number, or 0 if there were none."
    return 'Write a whole number, such as "1477" or "1,477", without signs or words.'


def _worksheet(path: Path, sheet: str) -> tuple[str, list[list[str]]]:
    name, cells = worksheets.load(path, sheet, heading_row=None)
    columns = cells.available_columns()
    if not columns:
        raise damage.empty(path)
    # The reader leaves out blank columns on the left; rows keep their numbers.
    before = [""] * (columns[0].absolute_index)
    with counting_engine.connected() as connection:
        connection.register("cells", cells)
        fetched = connection.execute("SELECT * FROM cells").fetchall()
    return name, [[*before, *(cell or "" for cell in row)] for row in fetched]


def _csv(path: Path) -> list[list[str]]:
    text = _decoded(path)
    outside = [re.sub(r'"[^"]*"', "", line) for line in text.splitlines()[:_LINES_LOOKED_AT]]
    delimiter = max(_DELIMITERS, key=lambda sign: sum(line.count(sign) for line in outside))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as wrong:
        raise ValueFoundError(
            f"Row {len(rows) + 1:,} of {path.name} can't be read: a quotation mark is out of place, or never closed.",
            where=errors.place(path, row=len(rows) + 1),
            remedy="Put the value in quotation marks, and double those inside it, or ask for the file again.",
        ) from wrong
    return rows


def _decoded(path: Path) -> str:
    data = damage.read_file(path)
    csv_headings.check_is_text(data, path)
    encodings = ("utf-16",) if data.startswith(_UTF16_MARKS) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError(
        f"{path.name} is neither UTF-8 nor Windows-1252 text.",
        where=str(path),
        remedy='Open it in Excel and save it again, as "CSV UTF-8" or as an Excel workbook.',
    )
