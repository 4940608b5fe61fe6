"""Filling the blocks of a layout into a saved workbook: what holds already is not written again."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cdrp_xl.addresses import Rectangle, quoted_sheet
from cdrp_xl.sheets import Chart, Table, Text
from cdrp_xl.writers import existing_workbook
from cdrp_xl.writers.saved_workbook import charts
from cdrp_xl.writers.saved_workbook.finding import is_free

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.sheets import Sheet, Value
    from cdrp_xl.writers.saved_workbook.book import Book, SavedTable
    from cdrp_xl.writers.saved_workbook.finding import Found
    from cdrp_xl.writers.saved_workbook.worksheet import Held


@dataclass(slots=True, kw_only=True)
class Filling:
    """One filling of a workbook, and which of its areas it changed."""

    found: Found
    changed: list[Rectangle] = field(default_factory=list)

    @property
    def _book(self) -> Book:
        return self.found.book

    def fill(self, sheet: Sheet) -> None:
        """Fill the texts, tables and charts of a worksheet."""
        if sheet.marking:
            self._book.worksheet(self.found.worksheets[sheet.name]).mark_pages(sheet.marking)
        drawn = 0
        for block in sheet.blocks:
            match block:
                case Text() if block.name:
                    self._text(block)
                case Table() if block.keys:
                    self._inputs(block)
                case Table() if not block.inputs:
                    self._table(block)
                case Chart():
                    drawn += 1
                    charts.describe(self._book, self.found.worksheets[sheet.name], block, number=drawn)

    def blank_what_is_left(self) -> None:
        """Empty the lines that the layout no longer has; their cells and names stay for the next time."""
        for name in self.found.left:
            self._put_text(name, None)

    def _text(self, text: Text) -> None:
        if text.name in self.found.lines:
            self._insert_line(text)
        self._put_text(text.name, text.value)

    def _insert_line(self, text: Text) -> None:
        """Make a row under the line before, and give its cell the name."""
        above = self._book.named_areas()[existing_workbook.line_before(text.name)]
        cell = replace(above, row=above.row + 1)
        self._book.insert_rows(above.sheet, cell.row, 1)
        self._book.worksheet(above.sheet).look_like(cell.row, cell.column, as_in=above.row)
        self._book.add_name(text.name, cell)

    def _put_text(self, name: str, value: Value) -> None:
        cell = self._book.named_areas()[name]
        worksheet = self._book.worksheet(cell.sheet)
        self._put(cell, [[worksheet.filed(value)]], held=worksheet.values(cell))

    def _table(self, table: Table) -> None:
        """Write a table's headings and rows, and let it cover as many rows as it has."""
        saved = self.found.table(table)
        worksheet = self._book.worksheet(saved.sheet)
        filed = replace(table, rows=tuple(tuple(map(worksheet.filed, row)) for row in table.rows))
        before = saved.area
        held = worksheet.values(before)
        rows = existing_workbook.in_the_analysts_order(held, filed)
        if len(rows) > before.rows:
            self._grow(saved, len(rows) - before.rows)
        elif len(rows) < before.rows:
            self._shrink(saved, before.rows - len(rows))
        for row in self._put(saved.area, rows, held=held):
            if points := table.points(rows[row - before.row]):
                worksheet.make_high_enough(row, points)
        for number, column in enumerate(table.columns):
            self._book.rename_heading(saved, number, column.heading)
        if table.links:
            self._link(saved.area)

    def _inputs(self, table: Table) -> None:
        """Add the rows that a table of inputs lacks, and say beside all rows what they are for; no input is touched."""
        saved = self.found.table(table)
        worksheet = self._book.worksheet(saved.sheet)
        added = existing_workbook.added_rows(worksheet.values(saved.area)[1:], table)
        if extra := sum(at is None for at, _ in added):
            self._grow_on_top(saved, extra)
        held = worksheet.values(saved.area)
        rows = existing_workbook.beside_inputs(held, table)
        for row in self._put(saved.area, rows, held=held):
            if points := table.points(rows[row - saved.area.row]):
                worksheet.make_high_enough(row, points)

    def _grow_on_top(self, saved: SavedTable, extra: int) -> None:
        """Give a table more rows under its headings, of the looks of the one that was the first."""
        area = saved.area
        first = area.row + 1
        self._book.insert_rows(area.sheet, first, extra, under=area)
        worksheet = self._book.worksheet(area.sheet)
        for row in range(first, first + extra):
            for column in range(area.column, area.last_column + 1):
                worksheet.look_like(row, column, as_in=first + extra)

    def _grow(self, saved: SavedTable, extra: int) -> None:
        """Give a table more rows of the looks that its last one has; what is ours under it moves down."""
        area = saved.area
        if not is_free(self._book, area, extra):
            self._book.insert_rows(area.sheet, area.last_row + 1, extra)
        self._book.resize(saved, area.rows + extra)
        worksheet = self._book.worksheet(area.sheet)
        for row in range(area.last_row + 1, area.last_row + 1 + extra):
            for column in range(area.column, area.last_column + 1):
                worksheet.look_like(row, column, as_in=area.last_row)

    def _shrink(self, saved: SavedTable, fewer: int) -> None:
        """Let a table end earlier; the cells that it held before are emptied."""
        area = saved.area
        rest = replace(area, row=area.last_row + 1 - fewer, rows=fewer)
        worksheet = self._book.worksheet(area.sheet)
        self._put(rest, [[None] * area.columns] * fewer, held=worksheet.values(rest))
        for row in range(rest.row, rest.last_row + 1):
            worksheet.link(row, area.column, "", "")
        self._book.resize(saved, area.rows - fewer)
        self.changed.append(area)

    def _put(
        self, area: Rectangle, rows: Sequence[Sequence[Held]], *, held: Sequence[Sequence[Held]] = ()
    ) -> list[int]:
        """Write the cells that differ from what they hold, and return the rows in which there were any.

        Rows that `held` lacks, where it is given at all, are empty.
        """
        worksheet, changed = self._book.worksheet(area.sheet), []
        empty = [[None] * area.columns] * (len(rows) - len(held))
        for down, row, former in zip(range(area.row, area.last_row + 1), rows, [*held, *empty], strict=False):
            others = [across for across, value in enumerate(row) if not _is_same(former[across], value)]
            for across in others:
                worksheet.put(down, area.column + across, row[across])
            if others:
                changed.append(down)
        self.changed += [replace(area, row=row, rows=1) for row in changed]
        return changed

    def _link(self, area: Rectangle) -> None:
        """Let each name of a worksheet in the first column lead to it, under the name that it now has."""
        worksheet = self._book.worksheet(area.sheet)
        for row in range(area.row + 1, area.last_row + 1):
            name = str(worksheet.value(row, area.column))
            if actual := self.found.worksheets.get(name):
                worksheet.link(row, area.column, f"{quoted_sheet(actual)}!A1", name)


def _is_same(held: Held, value: Held) -> bool:
    """Return whether a cell holds a value already; programs keep a number with 15 to 17 digits."""
    if held == value:
        return True
    if isinstance(held, int | float) and isinstance(value, int | float):
        return math.isclose(held, value, rel_tol=1e-14)
    return bool(existing_workbook.plain(held) == existing_workbook.plain(value))
