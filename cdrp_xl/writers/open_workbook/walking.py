"""One walk through the open workbook: its worksheets, tables and named cells, and the values in them.

Every question to a spreadsheet program takes its time, so that each is asked once and then remembered for the walk.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import xlwings as xw

from cdrp_xl.addresses import Rectangle, parse
from cdrp_xl.writers.open_workbook import cells
from cdrp_xl.writers.open_workbook.programs import is_libreoffice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdrp_xl.writers.open_workbook.cells import Rows


@dataclass(slots=True, kw_only=True)
class Walk:
    """What was found on one walk; `tables` and `areas` go by the tables' names in lower-case letters."""

    book: xw.Book
    sheets: dict[str, xw.Sheet]
    tables: dict[str, xw.main.Table]
    areas: dict[str, Rectangle]
    named: dict[str, Rectangle]
    _shown: dict[str, Rows] = field(default_factory=dict)

    def range(self, place: Rectangle) -> xw.Range:
        """Return the cells of a block."""
        return self.sheets[place.sheet].range(place.reference())

    def look_at(self, places: Iterable[Rectangle]) -> None:
        """Read all worksheets on which the blocks are, each in one call, from its first cell on."""
        seen: dict[str, Rectangle] = {}
        for place in places:
            first = Rectangle(row=0, column=0, sheet=place.sheet)
            seen[place.sheet] = seen.get(place.sheet, first).joined(place)
        for sheet, block in seen.items():
            self._shown[sheet] = cells.read(self.range(block))

    def note(self, place: Rectangle, rows: Rows) -> None:
        """Remember what was written into a block."""
        seen = self._shown.get(place.sheet, [])
        if len(seen) > place.last_row and len(seen[0]) > place.last_column:
            for row, values in enumerate(rows, place.row):
                seen[row][place.column : place.last_column + 1] = values

    def with_row_below(self, table: str) -> Rows:
        """Return the headings and the rows of a table, and the row under it, which should be empty.

        All tables of its worksheet are read together.
        """
        taller = {name: area.of_height(area.rows + 1) for name, area in self.areas.items()}
        place = taller[table]
        if place.sheet not in self._shown:
            self.look_at(each for each in taller.values() if each.sheet == place.sheet)
        return self.shown(place)

    def moved_down(self, sheet: str, *, first: int, rows: int) -> None:
        """Take note that rows were inserted before a row: what is there or further down has moved."""
        for places in (self.areas, self.named):
            for name, place in places.items():
                if place.sheet == sheet and place.last_row >= first:
                    above = place.row < first
                    places[name] = replace(
                        place, row=place.row + (0 if above else rows), rows=place.rows + (rows if above else 0)
                    )

    def shown(self, place: Rectangle) -> Rows:
        """Return the values of a block, in a form in which they can be compared."""
        seen = self._shown.get(place.sheet, [])
        if len(seen) <= place.last_row or len(seen[0]) <= place.last_column:
            return cells.all_plain(cells.read(self.range(place)))
        rows = seen[place.row : place.last_row + 1]
        return cells.all_plain([row[place.column : place.last_column + 1] for row in rows])


def walk(book: xw.Book) -> Walk:
    """Return where every table and named cell of a workbook is now."""
    sheets: dict[str, xw.Sheet] = {}
    tables: dict[str, xw.main.Table] = {}
    areas: dict[str, Rectangle] = {}
    for name, sheet, live in _worksheets(book):
        sheets[name] = sheet
        for table in live:
            key = table.name.casefold()
            tables[key], areas[key] = table, _place_of(name, table.range)
    return Walk(book=book, sheets=sheets, tables=tables, areas=areas, named=_named_areas(book))


def _worksheets(book: xw.Book) -> Iterator[tuple[str, xw.Sheet, list[xw.main.Table]]]:
    if is_libreoffice(book):
        for name, sheet, tables in book.sheets.impl.with_tables():
            yield name, xw.Sheet(impl=sheet), [xw.main.Table(impl=table) for table in tables]
    else:
        for sheet in book.sheets:
            yield sheet.name, sheet, list(sheet.tables)


def _named_areas(book: xw.Book) -> dict[str, Rectangle]:
    """Return where the workbook's names are; without a name of another kind, or whose cells were deleted."""
    if is_libreoffice(book):
        return {name: replace(area, sheet=sheet) for name, (sheet, area) in book.names.impl.places().items()}
    found = ((name.name, _fixed(str(name.refers_to).removeprefix("="))) for name in book.names)
    return {name: place for name, place in found if place}


def _fixed(formula: str) -> Rectangle | None:
    """Return the cells of a worksheet that a formula means wherever it is written, None for any other formula."""
    place = parse(formula)
    is_fixed = place is not None and place.sheet and formula.endswith(f"!{place.reference()}")
    return place if is_fixed else None


def _place_of(sheet: str, cells: xw.Range) -> Rectangle:
    rows, columns = cells.shape
    return Rectangle(sheet=sheet, row=cells.row - 1, column=cells.column - 1, rows=rows, columns=columns)
