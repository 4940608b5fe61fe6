"""Ranges: the values, formulas, looks and structure of a block of cells."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.addresses import COLUMNS, ROWS, Rectangle, shown_sheet
from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice import clipboard, search, values
from cdrp_xl.libreoffice.alignment import Alignment
from cdrp_xl.libreoffice.autofilter import AutoFilter
from cdrp_xl.libreoffice.borders import Borders
from cdrp_xl.libreoffice.cell_formulas import Formulas
from cdrp_xl.libreoffice.conditions import ConditionalFormats
from cdrp_xl.libreoffice.fonts import Characters, Font, as_rgb, shared, uno_colour
from cdrp_xl.libreoffice.interface import engine_class
from cdrp_xl.libreoffice.notes import Note
from cdrp_xl.libreoffice.number_formats import by_format
from cdrp_xl.libreoffice.office import bounds, constant, enum, from_uno, struct
from cdrp_xl.libreoffice.sizes import Sizes
from cdrp_xl.libreoffice.validation import DataValidation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.libreoffice.names import Name
    from cdrp_xl.libreoffice.sheet import Sheet
    from cdrp_xl.libreoffice.tables import Table

_STEPS = {"down": (1, 0), "up": (-1, 0), "right": (0, 1), "left": (0, -1)}
_CONTENTS = ("VALUE", "DATETIME", "STRING", "FORMULA")
_AMBIGUOUS = "AMBIGUOUS_VALUE"  # com.sun.star.beans.PropertyState: the cells differ
_FORMATS = ("HARDATTR", "STYLES", "EDITATTR", "FORMATTED")


@engine_class
class Range(Sizes, Alignment, Formulas, base_classes.Range):
    """A block of cells.

    Parameters
    ----------
    sheet
        The worksheet.
    area
        The block's place; one without rows or columns stands for no cell at all, as a slice may give it.
    """

    # UNO takes a block of any size at once.
    max_cells_per_read: int | None = None
    max_cells_per_write: int | None = None
    sheet: Sheet

    def __init__(self, sheet: Sheet, area: Rectangle) -> None:
        self.sheet = sheet
        self.area = area
        self.options: dict[str, Any] = {}
        self._cells: Any = None
        self._structure = -1

    @property
    def cells(self) -> Any:
        """UNO's range."""
        if self._structure != self.sheet.book.app.structure:
            self._structure = self.sheet.book.app.structure
            self._cells = self.sheet.xl.getCellRangeByPosition(*bounds(self.area))
        return self._cells

    @property
    def corner(self) -> Any:
        """UNO's address of the first cell."""
        row, column = self.area.row, self.area.column
        return struct("table.CellAddress", Sheet=self.sheet.index - 1, Column=column, Row=row)

    @property
    def api(self) -> Any:
        """LibreOffice's cells, ``com.sun.star.table.XCellRange``; None for a range without cells."""
        return self.cells if len(self) else None

    @property
    def arg1_input(self) -> str:
        """The address, in which xlwings looks for whole rows or columns."""
        return self.address

    @property
    def coords(self) -> tuple[Any, int, int, int, int]:
        return self.sheet, self.row, self.column, *self.shape

    @property
    def row(self) -> int:
        return self.area.row + 1

    @property
    def column(self) -> int:
        return self.area.column + 1

    @property
    def shape(self) -> tuple[int, int]:
        return self.area.rows, self.area.columns

    @property
    def where(self) -> str:
        """The block's place as a person reads it."""
        return f"{self.sheet.book.name}, {shown_sheet(self.sheet.name)}!{self.area.address}"

    def __len__(self) -> int:
        return self.area.size

    def __call__(self, arg1: int | tuple[int, int], arg2: int | None = None) -> Range:
        if isinstance(arg1, tuple):
            arg1, arg2 = arg1
        if arg2 is None:
            row, column = divmod(arg1 - 1, self.area.columns)
        else:
            row, column = arg1 - 1, arg2 - 1
        place = Rectangle(row=self.area.row + row, column=self.area.column + column)
        if place.row < 0 or place.column < 0:
            at = f"row {place.row + 1}, column {place.column + 1}"
            raise IndexError(f"There is no cell in {at}. Ranges count from 1.")
        return self.sheet.cover(place)

    def _each_row(self) -> Iterator[Range]:
        for row in range(self.area.row, self.area.last_row + 1):
            yield self.sheet.cover(replace(self.area, row=row, rows=1))

    @property
    def rows(self) -> list[Range]:
        return list(self._each_row())

    @property
    def columns(self) -> list[Range]:
        columns = range(self.area.column, self.area.last_column + 1)
        return [self.sheet.cover(replace(self.area, column=column, columns=1)) for column in columns]

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:  # noqa: FBT001 - xlwings'
        address = self.area.reference(row_absolute=row_absolute, column_absolute=col_absolute)
        if not external:
            return address
        book, name = self.sheet.book.name, shown_sheet(self.sheet.name)
        if name.startswith("'") or not re.fullmatch(r"[\w.]+", book):
            return f"'[{book}]{name.strip(chr(39))}'!{address}"
        return f"[{book}]{name}!{address}"

    @property
    def address(self) -> str:
        return self.area.reference()

    def check_writable(self, *, is_format: bool = False) -> None:
        """Refuse a change that LibreOffice would leave out in silence: the worksheet is protected.

        Raises
        ------
        CannotBeWrittenError
            If a cell is locked, or, for a format, if the worksheet is protected at all.
        """
        if self.sheet.xl.isProtected() and (is_format or self._has_locked_cells()):
            raise CannotBeWrittenError(
                f'Worksheet "{self.sheet.name}" is protected.',
                where=self.where,
                remedy="Lift the protection (Review, Unprotect Sheet), or write to its unlocked cells only.",
            )

    def _has_locked_cells(self) -> bool:
        groups = self.cells.getUniqueCellFormatRanges()
        return any(groups.getByIndex(index).CellProtection.IsLocked for index in range(groups.Count))

    @property
    def raw_value(self) -> Any:
        if not len(self):
            return None
        rows = values.read(self.cells, self.area, self.sheet.book.formats)
        return rows[0][0] if self.shape == (1, 1) else rows

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        if not len(self):
            return
        self.check_writable()
        if isinstance(data, str) and data[:1] == "=" and len(data) > 1 and len(self) > 1:
            self._fill_formula(data)
            return
        target, rows = self._block(data)
        values.write(target.cells, target.area, target.sheet.book.formats, rows, where=target.where)

    def _block(self, data: Any) -> tuple[Range, Sequence[Sequence[Any]]]:
        """Return the block that a value fills and its rows: one value fills all, a list its first row."""
        if not isinstance(data, list | tuple):
            return self, [[data] * self.area.columns] * self.area.rows
        rows = data if data and isinstance(data[0], list | tuple) else [data]
        if len({len(row) for row in rows}) > 1:
            raise CannotBeWrittenError(
                "The rows to write are of different lengths.",
                where=self.where,
                remedy="Give every row a value a column.",
            )
        area = replace(self.area, rows=len(rows), columns=len(rows[0]))
        return (self if area == self.area else self.sheet.cover(area)), rows

    def clear_contents(self) -> None:
        self._clear(_CONTENTS)

    def clear_formats(self) -> None:
        self._clear(_FORMATS, is_format=True)

    def clear(self) -> None:
        self._clear((*_CONTENTS, *_FORMATS, "ANNOTATION"), is_format=True)

    def _clear(self, flags: Sequence[str], *, is_format: bool = False) -> None:
        if len(self):
            self.check_writable(is_format=is_format)
            self.cells.clearContents(sum(constant(f"sheet.CellFlags.{flag}") for flag in flags))

    def end(self, direction: str) -> Range:
        """Return the cell that Ctrl and an arrow key lead to."""
        if direction not in _STEPS:
            raise ValueError(f"'{direction}' is no direction; use {', '.join(_STEPS)}.")
        return self.sheet.cover(search.end(self(1, 1), *_STEPS[direction]))

    @property
    def current_region(self) -> Range:
        cursor = self.sheet.xl.createCursorByRange(self(1, 1).cells)
        cursor.collapseToCurrentRegion()
        return self.sheet.cover(from_uno(cursor.RangeAddress))

    @property
    def number_format(self) -> str | None:
        formats = self.sheet.book.formats
        if self.cells.getPropertyState("NumberFormat").value != _AMBIGUOUS:
            return formats.code(self.cells.NumberFormat)
        codes = {formats.code(key) for key, _place in by_format(self.cells)}
        return codes.pop() if len(codes) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.check_writable(is_format=True)
        self.cells.NumberFormat = self.sheet.book.formats.key(value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        return as_rgb(shared(self.cells, "CellBackColor"))

    @color.setter
    def color(self, value: Any) -> None:
        self.check_writable(is_format=True)
        self.cells.CellBackColor = -1 if value is None else uno_colour(value)

    def set_colors(self, colors: Sequence[Sequence[Any]]) -> None:
        for row, line in enumerate(colors, start=1):
            for column, colour in enumerate(line, start=1):
                if colour is not ...:
                    self(row, column).color = colour

    @property
    def font(self) -> Font:
        return Font(self.cells, before_change=lambda: self.check_writable(is_format=True))

    @property
    def characters(self) -> Characters:
        return Characters(self(1, 1).cells)

    @property
    def borders(self) -> Borders:
        return Borders(self)

    @property
    def data_validation(self) -> DataValidation:
        return DataValidation(self)

    @property
    def conditional_formats(self) -> ConditionalFormats:
        return ConditionalFormats(self)

    @property
    def autofilter(self) -> AutoFilter:
        return AutoFilter.of_range(self)

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        self.check_writable(is_format=True)
        wanted = shift or ("right" if self.area.rows > self.area.columns else "down")
        self.sheet.xl.insertCells(self.cells.RangeAddress, self._mode("CellInsertMode", wanted.upper()))
        self.sheet.book.app.count_structure()
        if copy_origin == "format_from_right_or_below":
            is_right = self.area.columns < COLUMNS and (self.area.rows == ROWS or wanted == "right")
            clipboard.take_formats_of_next(self, is_right=is_right)

    def delete(self, shift: str | None = None) -> None:
        self.check_writable(is_format=True)
        wanted = shift or ("left" if self.area.rows > self.area.columns else "up")
        self.sheet.xl.removeRange(self.cells.RangeAddress, self._mode("CellDeleteMode", wanted.upper()))
        self.sheet.book.app.count_structure()

    def _mode(self, kind: str, shift: str) -> Any:
        whole = "ROWS" if self.area.columns == COLUMNS else "COLUMNS" if self.area.rows == ROWS else shift
        return enum(f"sheet.{kind}", whole)

    def copy(self, destination: Any = None) -> None:
        clipboard.copy(self, _impl(destination))

    def copy_from(
        self,
        source_range: Any,
        copy_type: str = "all",
        skip_blanks: bool = False,  # noqa: FBT001, FBT002 - xlwings' signature
        transpose: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        clipboard.copy(_impl(source_range), None)
        self.paste(copy_type, skip_blanks=skip_blanks, transpose=transpose)

    def paste(
        self,
        paste: str | None = None,
        operation: str | None = None,
        skip_blanks: bool = False,  # noqa: FBT001, FBT002 - xlwings' signature
        transpose: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        self.check_writable(is_format=True)
        clipboard.paste(self, paste or "all", operation, skip_blanks=skip_blanks, transpose=transpose)

    def move(self, destination: Any) -> None:
        target = _impl(destination)
        target.check_writable(is_format=True)
        self.sheet.xl.moveRange(target.corner, self.cells.RangeAddress)
        self.sheet.book.app.count_structure()

    def autofill(self, destination: Any, type_: str) -> None:
        clipboard.autofill(self, _impl(destination), type_)

    def sort(self, keys: Sequence[int], ascending: Sequence[bool], has_headers: bool) -> None:  # noqa: FBT001
        self.check_writable()
        search.sort(self, keys, ascending, has_headers=has_headers)

    def remove_duplicates(self, columns: Sequence[int], has_headers: bool) -> None:  # noqa: FBT001 - xlwings'
        self.check_writable()
        search.remove_duplicates(self, columns, has_headers=has_headers)

    def get_special_cells(self, cell_type: str, value_type: str | None) -> list[Range]:
        return [self.sheet.cover(area) for area in search.special_cells(self, cell_type, value_type)]

    def find(self, text: str, whole: bool, direction: str, order: str, match_case: bool) -> Range | None:  # noqa: FBT001
        area = search.find(self, text, whole=whole, direction=direction, order=order, match_case=match_case)
        return self.sheet.cover(area) if area else None

    def replace_all(self, old: str, new: str, whole: bool, match_case: bool) -> None:  # noqa: FBT001 - xlwings'
        self.check_writable()
        search.replace_all(self, old, new, whole=whole, match_case=match_case)

    @property
    def hyperlink(self) -> str:
        fields = self(1, 1).cells.getCellByPosition(0, 0).TextFields.createEnumeration()
        while fields.hasMoreElements():
            field = fields.nextElement()
            if hasattr(field, "URL"):
                return str(field.URL)
        raise ValueError(f"The cell {self.address} doesn't seem to contain a hyperlink!")

    def add_hyperlink(
        self,
        address: str,
        text_to_display: str | None = None,
        screen_tip: str | None = None,  # noqa: ARG002 - LibreOffice shows the address
    ) -> None:
        self.check_writable()
        field = self.sheet.book.xl.createInstance("com.sun.star.text.TextField.URL")
        field.URL, field.Representation = address, text_to_display or address
        cell = self.cells.getCellByPosition(0, 0)
        cell.setString("")
        cell.insertTextContent(cell.createTextCursor(), field, False)

    @property
    def name(self) -> Name | None:
        for _text, name in self.sheet.book.names.snapshot():
            cells = name.api.getReferredCells()
            address = cells.RangeAddress if cells is not None else None
            if address and (address.Sheet, from_uno(address)) == (self.sheet.index - 1, self.area):
                return name
        return None

    @name.setter
    def name(self, value: str) -> None:
        self.sheet.book.names.add(value, f"={shown_sheet(self.sheet.name)}!{self.address}")

    @property
    def table(self) -> Table | None:
        first = replace(self.area, rows=1, columns=1)
        return next((table for table in self.sheet.tables if table.range.area.contains(first)), None)

    @property
    def note(self) -> Note | None:
        note = Note(self(1, 1))
        return note if note.exists else None

    def add_note(self, text: str) -> Note:
        self.check_writable()
        note = Note(self)
        note.text = text
        return note

    @property
    def comment(self) -> None:
        # LibreOffice has no threaded comments, hence a cell of its has none.
        return None

    def select(self) -> None:
        self.sheet.activate()
        self.sheet.book.xl.CurrentController.select(self.cells)

    @property
    def merge_area(self) -> Range:
        cursor = self.sheet.xl.createCursorByRange(self(1, 1).cells)
        cursor.collapseToMergedArea()
        return self.sheet.cover(from_uno(cursor.RangeAddress))

    @property
    def merge_cells(self) -> bool | None:
        # Into a block that begins in A1 no merged cells reach from elsewhere, so that one question is enough.
        if self.area.row == self.area.column == 0 and not self.cells.getIsMerged():
            return False
        area = self.merge_area.area
        if area.contains(self.area):
            return area.size > 1
        return None if self.cells.getIsMerged() else False

    def merge(self, across: bool) -> None:  # noqa: FBT001 - xlwings' signature
        self.check_writable(is_format=True)
        for block in self._each_row() if across else [self]:
            block.cells.merge(True)

    def unmerge(self) -> None:
        self.check_writable(is_format=True)
        self.merge_area.cells.merge(False)
        self.cells.merge(False)

    def to_pdf(self, path: str, quality: str = "standard") -> None:  # noqa: ARG002 - the quality is of pictures alone
        from cdrp_xl.libreoffice.export import selection_to_pdf

        selection_to_pdf(self.sheet.book, self.cells, path)

    def to_png(self, path: str) -> None:
        from cdrp_xl.libreoffice.export import cells_to_png

        cells_to_png(self, path)


def _impl(place: Any) -> Any:
    """Return the engine's range behind xlwings' one."""
    return getattr(place, "impl", place)
