"""One walk through the open workbook: its worksheets, tables and named cells, and the values that stand in them.

Every question to a spreadsheet program takes its time, so that each is asked once and then remembered for the walk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import xlwings as xw

from cdrp_xl.writers.open_workbook import cells
from cdrp_xl.writers.open_workbook.programs import is_libreoffice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdrp_xl.writers.open_workbook.cells import Rows

_REFERENCE = re.compile(
    r"^=(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!\$(?P<first>[A-Z]+\$\d+)(?::\$(?P<last>[A-Z]+\$\d+))?$"
)
_LETTERS = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A block of cells: the name of its worksheet, its first row and column from 1, and its size."""

    sheet: str
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
    def is_one_cell(self) -> bool:
        """Whether the block is a single cell."""
        return (self.rows, self.columns) == (1, 1)

    @property
    def address(self) -> str:
        """The block as an analyst reads it: ``A5:E50``."""
        first = f"{_letters(self.column)}{self.row}"
        return first if self.is_one_cell else f"{first}:{_letters(self.last_column)}{self.last_row}"

    def below(self, rows: int) -> Place:
        """Return so many rows under the block."""
        return replace(self, row=self.last_row + 1, rows=rows)

    def of_height(self, rows: int) -> Place:
        """Return the block with as many rows from its first."""
        return replace(self, rows=rows)


@dataclass(slots=True, kw_only=True)
class Walk:
    """What was found on one walk; `tables` and `areas` go by the tables' names in small letters."""

    book: xw.Book
    sheets: dict[str, xw.Sheet]
    tables: dict[str, xw.main.Table]
    areas: dict[str, Place]
    named: dict[str, Place]
    _shown: dict[str, Rows] = field(default_factory=dict)

    def range(self, place: Place) -> xw.Range:
        """Return the cells of a block."""
        return self.sheets[place.sheet].range((place.row, place.column), (place.last_row, place.last_column))

    def look_at(self, places: Iterable[Place]) -> None:
        """Read all worksheets on which the blocks stand, each in one call, from its first cell on."""
        corners: dict[str, tuple[int, int]] = {}
        for place in places:
            row, column = corners.get(place.sheet, (1, 1))
            corners[place.sheet] = max(row, place.last_row), max(column, place.last_column)
        for sheet, corner in corners.items():
            self._shown[sheet] = cells.read(self.sheets[sheet].range((1, 1), corner))

    def note(self, place: Place, rows: Rows) -> None:
        """Remember what was written into a block."""
        seen = self._shown.get(place.sheet, [])
        if len(seen) >= place.last_row and len(seen[0]) >= place.last_column:
            for row, values in enumerate(rows, place.row - 1):
                seen[row][place.column - 1 : place.last_column] = values

    def with_row_below(self, table: str) -> Rows:
        """Return the headings and the rows of a table, and the row under it, in which nothing should stand.

        All tables of its worksheet are read together.
        """
        taller = {name: area.of_height(area.rows + 1) for name, area in self.areas.items()}
        place = taller[table]
        if place.sheet not in self._shown:
            self.look_at(each for each in taller.values() if each.sheet == place.sheet)
        return self.shown(place)

    def moved_down(self, sheet: str, *, first: int, rows: int) -> None:
        """Take note that rows were inserted before a row: what stands there or further down has moved."""
        for places in (self.areas, self.named):
            for name, place in places.items():
                if place.sheet == sheet and place.last_row >= first:
                    above = place.row < first
                    places[name] = replace(
                        place, row=place.row + (0 if above else rows), rows=place.rows + (rows if above else 0)
                    )

    def shown(self, place: Place) -> Rows:
        """Return the values of a block, in a form in which they can be compared."""
        seen = self._shown.get(place.sheet, [])
        if len(seen) < place.last_row or len(seen[0]) < place.last_column:
            return cells.all_plain(cells.read(self.range(place)))
        rows = seen[place.row - 1 : place.last_row]
        return cells.all_plain([row[place.column - 1 : place.last_column] for row in rows])


def walk(book: xw.Book) -> Walk:
    """Return where every table and named cell of a workbook stands now."""
    sheets: dict[str, xw.Sheet] = {}
    tables: dict[str, xw.main.Table] = {}
    areas: dict[str, Place] = {}
    for name, sheet, live in _worksheets(book):
        sheets[name] = sheet
        for table in live:
            key = table.name.casefold()
            tables[key], areas[key] = table, _place_of(name, table.range)
    return Walk(book=book, sheets=sheets, tables=tables, areas=areas, named=_named(book))


def _worksheets(book: xw.Book) -> Iterator[tuple[str, xw.Sheet, list[xw.main.Table]]]:
    if is_libreoffice(book):
        for name, sheet, tables in book.sheets.impl.with_tables():
            yield name, xw.Sheet(impl=sheet), [xw.main.Table(impl=table) for table in tables]
    else:
        for sheet in book.sheets:
            yield sheet.name, sheet, list(sheet.tables)


def _named(book: xw.Book) -> dict[str, Place]:
    """Return where the workbook's names stand; without a name of another kind, or whose cells were deleted."""
    if is_libreoffice(book):
        return {
            name: Place(sheet=sheet, row=area.row, column=area.column, rows=area.rows, columns=area.columns)
            for name, (sheet, area) in book.names.impl.places().items()
        }
    found = ((name.name, _REFERENCE.match(str(name.refers_to))) for name in book.names)
    return {name: _place(reference) for name, reference in found if reference}


def _place(reference: re.Match[str]) -> Place:
    sheet = (reference["quoted"] or reference["plain"]).replace("''", "'")
    (left, top), (right, bottom) = (
        (_number(letters), int(row)) for letters, row in (end.split("$") for end in _ends(reference))
    )
    return Place(sheet=sheet, row=top, column=left, rows=bottom - top + 1, columns=right - left + 1)


def _ends(reference: re.Match[str]) -> tuple[str, str]:
    return reference["first"], reference["last"] or reference["first"]


def _place_of(sheet: str, cells: xw.Range) -> Place:
    rows, columns = cells.shape
    return Place(sheet=sheet, row=cells.row, column=cells.column, rows=rows, columns=columns)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
