"""Addresses of cells: how a spreadsheet names the cells of its grid, and rectangles of them.

Rows and columns count from 0 in all of this package, as in XlsxWriter and UNO: ``A1`` is row 0, column 0. A number
from 1 is part of a text (an address, or a row as the analyst reads it), or is what xlwings' interface asks for.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS, COLUMNS = 1_048_576, 16_384
"""How many a worksheet has, in Excel and in LibreOffice."""

LAST_ROW, LAST_COLUMN = ROWS - 1, COLUMNS - 1

COLUMN, ROW = r"\$?[A-Za-z]{1,3}", r"\$?[0-9]{1,7}"
CELL, WHOLE_COLUMNS, WHOLE_ROWS = f"{COLUMN}{ROW}", f"{COLUMN}:{COLUMN}", f"{ROW}:{ROW}"
QUOTED_SHEET = r"'(?:[^']|'')+'"
"""Patterns of what a formula is made of, without groups of their own."""

_CELL = re.compile(r"\$?(?P<letters>[A-Za-z]{1,3})\$?(?P<number>[0-9]{1,7})")
_END = re.compile(r"(?:\$?(?P<letters>[A-Za-z]{1,3}))?(?:\$?(?P<number>[0-9]{1,7}))?")
_SHEET = re.compile(rf"""{QUOTED_SHEET}|[^\s'"!(),;{{}}+*/^&=<>%-]+""")
_PLAIN_SHEET = re.compile(r"[^\W\d]\w*")
_LETTERS, _BEFORE_A = 26, ord("A") - 1
_REMEMBERED = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """Cells beside and under one another: the row and column of the first, and how many rows and columns there are.

    `sheet` is the name of their worksheet, empty where it is plain which is meant.
    """

    row: int
    column: int
    rows: int = 1
    columns: int = 1
    sheet: str = ""

    @classmethod
    def between(cls, one: tuple[int, int], other: tuple[int, int], *, sheet: str = "") -> Rectangle:
        """Return the rectangle with two cells, each a row and a column, in opposite corners."""
        (top, bottom), (left, right) = sorted((one[0], other[0])), sorted((one[1], other[1]))
        return cls(row=top, column=left, rows=bottom - top + 1, columns=right - left + 1, sheet=sheet)

    @property
    def last_row(self) -> int:
        """The last of its rows."""
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        """The last of its columns."""
        return self.column + self.columns - 1

    @property
    def size(self) -> int:
        """How many cells it has."""
        return self.rows * self.columns

    @property
    def is_one_cell(self) -> bool:
        """Whether it is a single cell."""
        return self.rows == self.columns == 1

    @property
    def address(self) -> str:
        """The cells as a person reads them: ``A5``, ``A5:J7``, ``5:7`` for whole rows, ``A:J`` for whole columns."""
        return self.reference(row_absolute=False, column_absolute=False)

    def reference(self, *, row_absolute: bool = True, column_absolute: bool = True) -> str:
        """Return the address as a formula writes it, which stays when it is copied to other rows or columns.

        Examples
        --------
        >>> Rectangle(row=4, column=0, rows=3, columns=10).reference()
        '$A$5:$J$7'
        """
        rows, columns = "$" * row_absolute, "$" * column_absolute
        left, right = (f"{columns}{column_letters(column)}" for column in (self.column, self.last_column))
        top, bottom = (f"{rows}{row + 1}" for row in (self.row, self.last_row))
        if self.columns == COLUMNS:
            return f"{top}:{bottom}"
        if self.rows == ROWS:
            return f"{left}:{right}"
        return f"{left}{top}" if self.is_one_cell else f"{left}{top}:{right}{bottom}"

    def cells(self) -> Iterator[tuple[int, int]]:
        """Yield the row and column of every cell, row by row."""
        for row in range(self.row, self.row + self.rows):
            for column in range(self.column, self.column + self.columns):
                yield row, column

    def holds(self, row: int, column: int) -> bool:
        """Return whether a cell of the same worksheet is in it."""
        return 0 <= row - self.row < self.rows and 0 <= column - self.column < self.columns

    def contains(self, other: Rectangle) -> bool:
        """Return whether the whole of another is in it."""
        first, last = (other.row, other.column), (other.last_row, other.last_column)
        return self.sheet == other.sheet and self.holds(*first) and self.holds(*last)

    def overlaps(self, other: Rectangle) -> bool:
        """Return whether a cell is in both."""
        return (
            self.sheet == other.sheet
            and max(self.row, other.row) <= min(self.last_row, other.last_row)
            and max(self.column, other.column) <= min(self.last_column, other.last_column)
        )

    def clipped(self, other: Rectangle) -> Rectangle | None:
        """Return the cells that are in both, None if there are none."""
        if not self.overlaps(other):
            return None
        first = max(self.row, other.row), max(self.column, other.column)
        last = min(self.last_row, other.last_row), min(self.last_column, other.last_column)
        return Rectangle.between(first, last, sheet=self.sheet)

    def joined(self, other: Rectangle) -> Rectangle:
        """Return the smallest that holds both."""
        first = min(self.row, other.row), min(self.column, other.column)
        last = max(self.last_row, other.last_row), max(self.last_column, other.last_column)
        return Rectangle.between(first, last, sheet=self.sheet)

    def below(self, rows: int) -> Rectangle:
        """Return that many rows under it, of the same columns."""
        return replace(self, row=self.row + self.rows, rows=rows)

    def of_height(self, rows: int) -> Rectangle:
        """Return it with that many rows from its first."""
        return replace(self, rows=rows)


WHOLE_SHEET = Rectangle(row=0, column=0, rows=ROWS, columns=COLUMNS)


def column_letters(column: int) -> str:
    """Return the letters of a column.

    Examples
    --------
    >>> [column_letters(column) for column in (0, 25, 26, LAST_COLUMN)]
    ['A', 'Z', 'AA', 'XFD']
    """
    letters, left = "", column + 1
    while left > 0:
        left, letter = divmod(left - 1, _LETTERS)
        letters = chr(_BEFORE_A + 1 + letter) + letters
    return letters


@functools.lru_cache(maxsize=COLUMNS)
def column_number(letters: str) -> int:
    """Return the column of its letters, small or capital: 0 for ``A``."""
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + ord(letter) - _BEFORE_A
    return number - 1


def cell_name(row: int, column: int) -> str:
    """Return the address of one cell.

    Examples
    --------
    >>> cell_name(6, 1)
    'B7'
    """
    return f"{column_letters(column)}{row + 1}"


def cell_at(name: str) -> tuple[int, int] | None:
    """Return the row and column of a cell by its address, None where the text is not an address of one on the grid."""
    found = _CELL.fullmatch(name)
    if found is None:
        return None
    row, column = int(found["number"]) - 1, column_number(found["letters"])
    return (row, column) if 0 <= row <= LAST_ROW and column <= LAST_COLUMN else None


@functools.lru_cache(maxsize=_REMEMBERED)
def parse(text: str) -> Rectangle | None:
    """Return the cells of an address in the form ``A1``, None where the text is not an address.

    Parameters
    ----------
    text
        One cell, two opposite corners, or whole rows or columns, in any case, with or without dollar signs: ``a5``,
        ``$A$5:$J$7``, ``5:7``, ``A:J``; before it may come a worksheet's name, as in ``'Farm crime'!A5``.

    Returns
    -------
    Rectangle or None
        None too where the grid has no such cell: Excel takes ``XFE1`` for a name, since its columns end at XFD.
    """
    name, mark, cells = text.rpartition("!")
    first, colon, last = cells.partition(":")
    one, other = _END.fullmatch(first.strip()), _END.fullmatch((last if colon else first).strip())
    if one is None or other is None or (mark and not _SHEET.fullmatch(name)):
        return None
    has_columns, has_rows = bool(one["letters"]), bool(one["number"])
    if (bool(other["letters"]), bool(other["number"])) != (has_columns, has_rows):
        return None
    if not (has_columns and has_rows) and not (colon and (has_columns or has_rows)):
        return None
    rows = [int(end["number"]) - 1 for end in (one, other)] if has_rows else [0, LAST_ROW]
    columns = [column_number(end["letters"]) for end in (one, other)] if has_columns else [0, LAST_COLUMN]
    if min(rows) < 0 or max(rows) > LAST_ROW or max(columns) > LAST_COLUMN:
        return None
    return Rectangle.between((rows[0], columns[0]), (rows[1], columns[1]), sheet=unquoted_sheet(name))


def quoted_sheet(name: str) -> str:
    """Return a worksheet's name in apostrophes, in which a formula takes any."""
    doubled = name.replace("'", "''")
    return f"'{doubled}'"


def shown_sheet(name: str) -> str:
    """Return a worksheet's name as Excel shows it in a formula: in apostrophes unless it is a plain word."""
    return name if _PLAIN_SHEET.fullmatch(name) and not _CELL.fullmatch(name) else quoted_sheet(name)


def unquoted_sheet(name: str) -> str:
    """Return a worksheet's name without the apostrophes of a formula."""
    return name[1:-1].replace("''", "'") if name.startswith("'") and name.endswith("'") else name
