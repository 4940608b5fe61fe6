"""Worksheets: their cells, what lies on them, their order and how they look."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

import functools
import itertools
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import NoSuchObjectError, base_classes

from cdrp_xl.addresses import COLUMNS, ROWS, WHOLE_SHEET, Rectangle, parse, unquoted_sheet
from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice.charts import Charts
from cdrp_xl.libreoffice.interface import engine_class, plainly
from cdrp_xl.libreoffice.left_out import View
from cdrp_xl.libreoffice.names import Names
from cdrp_xl.libreoffice.notes import notes_of
from cdrp_xl.libreoffice.office import from_uno
from cdrp_xl.libreoffice.pivots import PivotTables
from cdrp_xl.libreoffice.range import Range
from cdrp_xl.libreoffice.shapes import Pictures, Shapes
from cdrp_xl.libreoffice.tables import Table, Tables, remembered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.libreoffice.book import Book
    from cdrp_xl.libreoffice.notes import Note


@engine_class
class Sheets(base_classes.Sheets):
    """The worksheets of a workbook.

    Parameters
    ----------
    book
        The workbook.
    """

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def xl(self) -> Any:
        """UNO's collection."""
        return self.book.xl.Sheets

    @property
    def api(self) -> Any:
        return self.xl

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.xl.CurrentController.ActiveSheet)

    def __call__(self, name_or_index: int | str) -> Sheet:
        if isinstance(name_or_index, str):
            for name in self.xl.ElementNames:
                if name.casefold() == name_or_index.casefold():
                    return Sheet(self.book, self.xl.getByName(name))
        elif 1 <= name_or_index <= len(self):
            return self.book.sheet_at(int(name_or_index) - 1)
        raise NoSuchObjectError(
            f'"{self.book.name}" has no worksheet "{name_or_index}"; it has {", ".join(self.xl.ElementNames)}.'
        )

    def __len__(self) -> int:
        return int(self.xl.Count)

    def __iter__(self) -> Iterator[Sheet]:
        return iter([self.book.sheet_at(index) for index in range(len(self))])

    def __contains__(self, key: int | str) -> bool:
        try:
            return self(key) is not None
        except NoSuchObjectError:
            return False

    @functools.partial(plainly, label="Book.sheets")
    def with_tables(self) -> list[tuple[str, Sheet, list[Table]]]:
        """Return every worksheet with its name and its tables, each asked for once.

        ``sheet.tables`` looks through the tables of the whole workbook, for each worksheet anew.
        """
        found = [(name, self.book.sheet_at(index)) for index, name in enumerate(self.xl.ElementNames)]
        tables: list[list[Table]] = [[] for _ in found]
        ranges = self.book.xl.DatabaseRanges
        for xl in map(ranges.getByName, ranges.ElementNames):
            position = xl.DataArea.Sheet
            tables[position].append(Table(found[position][1], xl))
        return [(name, sheet, tables[position]) for position, (name, sheet) in enumerate(found)]

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """Add a worksheet and make it the active one; without a place it goes before the active one."""
        if name is None:
            taken = {taken.casefold() for taken in self.xl.ElementNames}
            name = next(name for i in itertools.count(len(taken) + 1) if (name := f"Sheet{i}").casefold() not in taken)
        place = after.index if after else (before or self.active).index - 1
        self.xl.insertNewByName(name, place)
        sheet = self(name)
        sheet.activate()
        return sheet


@engine_class
class Sheet(base_classes.Sheet):
    """One worksheet.

    Parameters
    ----------
    book
        Its workbook.
    xl
        UNO's sheet.
    """

    book: Book

    def __init__(self, book: Book, xl: Any) -> None:
        self.book = book
        self._xl = xl
        self._structure = book.app.structure

    @property
    def xl(self) -> Any:
        """UNO's sheet, fetched anew where cells have moved since: a cell deleted makes the object end a row early."""
        if self._structure != self.book.app.structure:
            self._xl = self.book.xl.Sheets.getByName(self._xl.Name)
            self._structure = self.book.app.structure
        return self._xl

    @property
    def api(self) -> Any:
        """LibreOffice's sheet, ``com.sun.star.sheet.Spreadsheet``."""
        return self.xl

    @property
    def name(self) -> str:
        return str(self.xl.Name)

    @name.setter
    def name(self, value: str) -> None:
        taken = {name.casefold() for name in self.book.xl.Sheets.ElementNames} - {self.name.casefold()}
        if value.casefold() in taken:
            raise CannotBeWrittenError(
                f'There is already a worksheet "{value}".', where=self.book.name, remedy="Choose another name."
            )
        views, before = self.book.kept.views, self.name.casefold()
        self.xl.Name = value
        views[value.casefold()] = views.pop(before, View())

    @property
    def index(self) -> int:
        return int(self.xl.RangeAddress.Sheet) + 1

    @property
    def names(self) -> Names:
        return Names(self.book, self)

    @property
    def cells(self) -> Range:
        return self.cover(WHOLE_SHEET)

    @property
    def used_range(self) -> Range:
        cursor = self.xl.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return self.cover(from_uno(cursor.RangeAddress))

    def cover(self, area: Rectangle) -> Range:
        """Return a block of this sheet."""
        return Range(self, area)

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        """Return the block that an address, a name, a pair of places or two corners stand for."""
        if isinstance(arg1, int) and isinstance(arg2, int):
            arg1, arg2 = (arg1, arg2), None
        first = self._found(arg1)
        return first if arg2 is None else self.cover(first.area.joined(self._found(arg2).area))

    def _found(self, place: Any) -> Range:
        if isinstance(place, Range):
            return place
        if isinstance(place, tuple):
            if 0 in place[:2]:
                raise IndexError("Attempted to access 0-based Range. Ranges count from 1.")
            row, column, *size = place
            rows, columns = size or (1, 1)
            return self.cover(Rectangle(row=row - 1, column=column - 1, rows=rows, columns=columns))
        area = parse(place)
        return self.cover(area) if area and not area.sheet else self._named(place)

    def _named(self, text: str) -> Range:
        if "!" in text:
            sheet_name, rest = text.rsplit("!", 1)
            return self.book.sheets(unquoted_sheet(sheet_name)).range(rest)
        for names in (self.names, self.book.names):
            if names.contains(text):
                return names(text).refers_to_range
        table_name, _, part = text.partition("[")
        for table in self.tables:
            if table.name.casefold() == table_name.casefold():
                return _part_of(table, part.rstrip("]").casefold())
        raise NoSuchObjectError(f"The address or named range '{text}' doesn't exist.")

    def activate(self) -> None:
        self.book.xl.CurrentController.setActiveSheet(self.xl)

    select = activate

    def clear_contents(self) -> None:
        self.used_range.clear_contents()

    def clear_formats(self) -> None:
        self.used_range.clear_formats()

    def clear(self) -> None:
        self.used_range.clear()

    def autofit(self, axis: str | None = None) -> None:
        self.used_range.autofit(axis)

    def delete(self) -> None:
        if len(self.book.sheets) == 1:
            raise CannotBeWrittenError(
                "A workbook keeps at least one worksheet.",
                where=f'{self.book.name}, worksheet "{self.name}"',
                remedy="Add another worksheet first.",
            )
        others = [tables for _, sheet, tables in self.book.sheets.with_tables() if sheet.name != self.name]
        kept = [remembered(table) for tables in others for table in tables]
        self.book.kept.views.pop(self.name.casefold(), None)
        self.book.xl.Sheets.removeByName(self.name)
        for table in kept:
            table.put_back()

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        target = before or after or self
        place = target.index - 1 if before else target.index
        sheets = target.book.xl.Sheets
        if target.book.uid != self.book.uid:
            if _has_modules(target.book) and not _has_modules(self.book):
                raise CannotBeWrittenError(
                    f'"{self.name}" of {self.book.name} can\'t be copied: it comes from a workbook without VBA.',
                    where=f"{target.book.name}, which has VBA",
                    remedy="Save the workbook that it comes from as an .xlsm with VBA first: LibreOffice would end.",
                )
            sheets.importSheet(self.book.xl, self.name, place)
            return
        taken = set(sheets.ElementNames)
        name = next(name for i in itertools.count(2) if (name := f"{self.name} ({i})") not in taken)
        sheets.copyByName(self.name, name, place)

    def move(self, before: Sheet | None, after: Sheet | None) -> None:
        self.book.xl.Sheets.moveByName(self.name, before.index - 1 if before else after.index if after else 0)

    @property
    def charts(self) -> Charts:
        return Charts(self)

    @property
    def shapes(self) -> Shapes:
        return Shapes(self)

    @property
    def pictures(self) -> Pictures:
        return Pictures(self)

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def pivot_tables(self) -> PivotTables:
        """The pivot tables of this sheet."""
        return PivotTables(self)

    @property
    def notes(self) -> list[Note]:
        return notes_of(self)

    @property
    def comments(self) -> list[Any]:
        # LibreOffice has no threaded comments, hence a sheet of its holds none.
        return []

    @property
    def visible(self) -> bool:
        return bool(self.xl.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        others = any(sheet.xl.IsVisible for sheet in self.book.sheets if sheet.name != self.name)
        if not value and not others:
            raise CannotBeWrittenError(
                "A workbook shows at least one worksheet.",
                where=f'{self.book.name}, worksheet "{self.name}"',
                remedy="Show another worksheet first.",
            )
        self.xl.IsVisible = bool(value)

    @property
    def show_gridlines(self) -> bool:
        if self.book.app.office.is_shown:
            return bool(self._in_view(lambda view: view.ShowGrid))
        return self._kept_view.has_gridlines

    @show_gridlines.setter
    def show_gridlines(self, value: bool) -> None:
        # UNO's own property is that of all worksheets; where there is no window, the file alone shows any.
        if self.book.app.office.is_shown:
            self._in_view(lambda view: setattr(view, "ShowGrid", bool(value)))
        self.book.kept.views[self.name.casefold()] = replace(self._kept_view, has_gridlines=bool(value))

    @property
    def _kept_view(self) -> View:
        return self.book.kept.views.get(self.name.casefold(), View())

    def _in_view(self, act: Any) -> Any:
        """Do something to the view, which is always that of the active sheet."""
        controller = self.book.xl.CurrentController
        shown = controller.ActiveSheet
        self.activate()
        try:
            return act(controller)
        finally:
            controller.setActiveSheet(shown)

    @property
    def freeze_panes(self) -> FreezePanes:
        return FreezePanes(self)

    @property
    def page_setup(self) -> PageSetup:
        return PageSetup(self)

    def to_html(self, path: str) -> None:
        """Write this sheet alone as a web page."""
        alone = self.book.app.books.add()
        try:
            self.copy(before=alone.sheets(1), after=None)
            for name in alone.xl.Sheets.ElementNames[1:]:
                alone.xl.Sheets.removeByName(name)
            alone.export(Path(path).resolve(), "HTML (StarCalc)")
        finally:
            alone.close()
            self.book.activate()


def _has_modules(book: Book) -> bool:
    return bool(book.xl.BasicLibraries.VBACompatibilityMode)


def _part_of(table: Table, part: str) -> Range:
    found = {"": table.data_body_range, "#all": table.range, "#data": table.data_body_range}
    found["#headers"] = table.header_row_range
    if part in found and found[part] is not None:
        return found[part]  # type: ignore[return-value]
    for column in table.columns:
        if column.name.casefold() == part and column.data_body_range is not None:
            return column.data_body_range
    raise NoSuchObjectError(f"The table '{table.name}' has no part '{part}'.")


@engine_class
class FreezePanes(base_classes.FreezePanes):
    """The frozen rows and columns of a worksheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def freeze_at(self, frozen_range: Any) -> None:
        """Freeze the rows and columns of a range, given as an address."""
        area = self._sheet.range(frozen_range).area
        rows = 0 if area.rows == ROWS else area.last_row + 1
        columns = 0 if area.columns == COLUMNS else area.last_column + 1
        self._sheet._in_view(lambda view: view.freezeAtPosition(columns, rows))  # noqa: SLF001 - one module

    def unfreeze(self) -> None:
        self._sheet._in_view(lambda view: view.freezeAtPosition(0, 0))  # noqa: SLF001 - one module


@engine_class
class PageSetup(base_classes.PageSetup):
    """How a worksheet prints."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def api(self) -> Any:
        """The page style of the sheet."""
        styles = self._sheet.book.xl.StyleFamilies.getByName("PageStyles")
        return styles.getByName(self._sheet.xl.PageStyle)

    @property
    def print_area(self) -> str | None:
        areas = [from_uno(address).reference() for address in self._sheet.xl.getPrintAreas()]
        return ",".join(areas) or None

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        parts = [part for part in (value or "").split(",") if part]
        self._sheet.xl.setPrintAreas(tuple(self._sheet.range(part).cells.RangeAddress for part in parts))
