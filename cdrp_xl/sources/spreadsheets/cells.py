"""Cells as they are in a workbook from outside, how many of them are read, and how a workbook is refused."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cdrp_xl.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cdrp_xl.addresses import Rectangle

MOST_SHEETS = 200
MOST_CELLS = 50_000
"""Cells that hold something, in all worksheets together; a form has a few hundred."""

MOST_SEEN = 1_500_000
"""Rows and cells looked at, blank ones too: a worksheet has 1,048,576 rows."""

MOST_CHARACTERS = 10_000_000
"""Characters of all texts together; each text of a form has 32,767 at most."""

DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
PERCENT_FORMATS = frozenset({9, 10})
"""Numbers of the formats that every program knows by itself."""

_SAVE_OR_ASK_AGAIN = (
    "Open it in Excel or LibreOffice and save it again as an Excel workbook (.xlsx), or ask for it again."
)
_NO_PLACE_OF_THE_VALUE = re.compile(r'"[^"]*"|[\\_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_IN_A_DATE = re.compile("[dmyhs]", re.IGNORECASE)
_EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
_FIRST_DAY, _LAST_DAY = 61, 2_957_003  # before March 1900 Excel's days are off by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell that holds something. A formula's `value` is what it showed when the file was saved.

    `is_error` says that a formula failed (``#REF!``), `is_percent` that 0.1 is shown as 10%.
    """

    value: str | float | bool | dt.date
    is_formula: bool = False
    is_percent: bool = False
    is_error: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCells:
    """The cells of one worksheet by row and column, counted from 0, and its merged blocks."""

    name: str
    cells: Mapping[tuple[int, int], Cell]
    merged: tuple[Rectangle, ...] = ()

    def merged_over(self, row: int, column: int) -> Rectangle | None:
        """Return the merged block that hides a cell: one in which it lies and is not the first."""
        over = (each for each in self.merged if each.holds(row, column) and (row, column) != (each.row, each.column))
        return next(over, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreadsheet:
    """The worksheets of a workbook, and how many pictures, notes and text boxes it holds, which are not read."""

    sheets: tuple[SheetCells, ...]
    pictures: int = 0
    notes: int = 0


@dataclass(slots=True, kw_only=True)
class Reading:
    """How much of a file was read so far, and the cells of the worksheet that is being read."""

    path: Path
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    _put: int = 0
    _seen: int = 0
    _characters: int = 0

    def saw(self) -> None:
        """Count a row or a cell, and refuse a file that has more of them than a worksheet has rows."""
        self._seen += 1
        if self._seen > MOST_SEEN:
            raise refusal(self.path, f"it has more than {MOST_SEEN:,} rows and cells")

    def spelled(self, characters: int) -> None:
        """Count the characters of a text, and refuse a file that holds more of them than any form."""
        self._characters += characters
        if self._characters > MOST_CHARACTERS:
            raise refusal(self.path, f"its texts have more than {MOST_CHARACTERS:,} characters")

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Note a cell that holds something, and refuse a file that holds more of them than any form."""
        self._put += 1
        self.spelled(len(cell.value) if isinstance(cell.value, str) else 0)
        if self._put > MOST_CELLS:
            raise refusal(self.path, f"more than {MOST_CELLS:,} of its cells hold something")
        self.cells[row, column] = cell

    def sheet(self, name: str, merged: tuple[Rectangle, ...]) -> SheetCells:
        """Return the worksheet that was read; the next one begins empty."""
        cells, self.cells = self.cells, {}
        return SheetCells(name=name, cells=cells, merged=merged)


def refusal(path: Path, why: str) -> FileError:
    """Return the error for a file of which nothing is read."""
    return FileError(f"{path.name} is not read: {why}.", where=str(path), remedy=_SAVE_OR_ASK_AGAIN)


def locked(path: Path) -> FileError:
    """Return the error for a file that nobody can look into."""
    return FileError(
        f"{path.name} is locked with a password.",
        where=str(path),
        remedy="Open it with the password, take the password off, save it, and put it here again.",
    )


def is_date_format(code: str) -> bool:
    """Return whether a number format shows a day or a time."""
    first = _NO_PLACE_OF_THE_VALUE.sub("", code.partition(";")[0])
    return bool(_IN_A_DATE.search(first)) and "general" not in first.lower()


def day(number: float, *, is_1904: bool) -> dt.date | float:
    """Return the day that a number means, or the number where it means none."""
    is_day = _FIRST_DAY <= number <= _LAST_DAY  # of no number and of infinity this is not so
    return _EPOCHS[is_1904] + dt.timedelta(days=int(number)) if is_day else number
