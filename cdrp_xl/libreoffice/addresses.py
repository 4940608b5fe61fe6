"""Blocks of cells: their place, and how Excel writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384

_CELL = re.compile(r"^\$?([A-Za-z]{1,3})\$?(\d{1,7})$")
_COLUMN = re.compile(r"^\$?([A-Za-z]{1,3})$")
_ROW = re.compile(r"^\$?(\d{1,7})$")
_PLAIN_NAME = re.compile(r"^[^\W\d]\w*$")
_LETTERS = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A block of cells on one sheet; rows and columns count from 1, as in Excel."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def last_row(self) -> int:
        """The lowest row of the block."""
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        """The rightmost column of the block."""
        return self.column + self.columns - 1

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """The block as UNO's getCellRangeByPosition takes it: left, top, right, bottom, from 0."""
        return self.column - 1, self.row - 1, self.last_column - 1, self.last_row - 1

    def intersects(self, other: Area) -> bool:
        """Say whether the two blocks share a cell."""
        return (
            self.row <= other.last_row
            and other.row <= self.last_row
            and self.column <= other.last_column
            and other.column <= self.last_column
        )

    def contains(self, other: Area) -> bool:
        """Say whether the whole of the other block lies in this one."""
        return (
            self.row <= other.row
            and other.last_row <= self.last_row
            and self.column <= other.column
            and other.last_column <= self.last_column
        )

    def joined(self, other: Area) -> Area:
        """Return the smallest block that holds both."""
        row, column = min(self.row, other.row), min(self.column, other.column)
        return Area(
            row=row,
            column=column,
            rows=max(self.last_row, other.last_row) - row + 1,
            columns=max(self.last_column, other.last_column) - column + 1,
        )

    def clipped(self, other: Area) -> Area | None:
        """Return the part that lies in the other block too, or None."""
        if not self.intersects(other):
            return None
        row, column = max(self.row, other.row), max(self.column, other.column)
        return Area(
            row=row,
            column=column,
            rows=min(self.last_row, other.last_row) - row + 1,
            columns=min(self.last_column, other.last_column) - column + 1,
        )

    def address(self, *, row_absolute: bool = True, column_absolute: bool = True) -> str:
        """Return the block as Excel writes it: ``$A$1:$B$2``, ``$1:$3`` for whole rows, ``$A:$B`` for whole columns."""
        rows, columns = "$" * row_absolute, "$" * column_absolute
        if self.rows == MAX_ROWS and self.columns < MAX_COLUMNS:
            return f"{columns}{column_letters(self.column)}:{columns}{column_letters(self.last_column)}"
        if self.columns == MAX_COLUMNS:
            return f"{rows}{self.row}:{rows}{self.last_row}"
        first = f"{columns}{column_letters(self.column)}{rows}{self.row}"
        if (self.rows, self.columns) == (1, 1):
            return first
        return f"{first}:{columns}{column_letters(self.last_column)}{rows}{self.last_row}"


WHOLE_SHEET = Area(row=1, column=1, rows=MAX_ROWS, columns=MAX_COLUMNS)


def from_uno(address: Any) -> Area:
    """Return UNO's CellRangeAddress as a block."""
    return Area(
        row=address.StartRow + 1,
        column=address.StartColumn + 1,
        rows=address.EndRow - address.StartRow + 1,
        columns=address.EndColumn - address.StartColumn + 1,
    )


def parse(address: str) -> Area | None:
    """Return the block that an A1 address names, or None where the text is not an address."""
    ends = [part.strip() for part in address.split(":")]
    if len(ends) > 2:  # noqa: PLR2004 - a block has two corners
        return None
    cells = [_CELL.match(end) for end in ends]
    if all(cells):
        corners = [Area(row=int(cell[2]), column=column_number(cell[1])) for cell in cells if cell]
        return _on_the_grid(corners[0].joined(corners[-1]))
    if len(ends) == 1:
        return None
    columns = [_COLUMN.match(end) for end in ends]
    if all(columns):
        first, last = sorted(column_number(column[1]) for column in columns if column)
        return _on_the_grid(Area(row=1, column=first, rows=MAX_ROWS, columns=last - first + 1))
    rows = [_ROW.match(end) for end in ends]
    if all(rows):
        first, last = sorted(int(row[1]) for row in rows if row)
        return _on_the_grid(Area(row=first, column=1, rows=last - first + 1, columns=MAX_COLUMNS))
    return None


def _on_the_grid(area: Area) -> Area | None:
    # Excel reads XFE1 as a name, since its grid ends at XFD.
    return area if area.row >= 1 and WHOLE_SHEET.contains(area) else None


def column_number(letters: str) -> int:
    """Return a column's number from 1: ``AA`` is 27."""
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """Return a column's letters: 27 is ``AA``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def quoted(sheet_name: str) -> str:
    """Return a sheet's name as a reference needs it: in apostrophes unless it is a plain word."""
    if _PLAIN_NAME.match(sheet_name) and not _CELL.match(sheet_name):
        return sheet_name
    return "'" + sheet_name.replace("'", "''") + "'"


def unquoted(sheet_name: str) -> str:
    """Return a sheet's name without the apostrophes of a reference."""
    if sheet_name.startswith("'") and sheet_name.endswith("'"):
        return sheet_name[1:-1].replace("''", "'")
    return sheet_name
