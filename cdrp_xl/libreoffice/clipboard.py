"""Copying and filling: cells to a place, through LibreOffice's clipboard, and onwards from a pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice.interface import UnsupportedInLibreOfficeError
from cdrp_xl.libreoffice.office import enum, properties, struct

if TYPE_CHECKING:
    from cdrp_xl.libreoffice.book import Book
    from cdrp_xl.libreoffice.range import Range

# The letters of LibreOffice's Paste Special: Strings, Values, Dates, Formulas, Notes, formaTs.
_FLAGS = {
    "all": "A",
    "values": "SVD",
    "formulas": "SVDF",
    "formats": "T",
    "comments": "N",
    "formulas_and_number_formats": "SVDFT",
    "values_and_number_formats": "SVDT",
}
_OPERATIONS = {None: 0, "add": 1, "subtract": 2, "multiply": 3, "divide": 4}
_FILL_MODES = {
    "fill_copy": ("SIMPLE", "FILL_DATE_DAY"),
    "fill_series": ("LINEAR", "FILL_DATE_DAY"),
    "linear_trend": ("LINEAR", "FILL_DATE_DAY"),
    "growth_trend": ("GROWTH", "FILL_DATE_DAY"),
    "fill_days": ("DATE", "FILL_DATE_DAY"),
    "fill_weekdays": ("DATE", "FILL_DATE_WEEKDAY"),
    "fill_months": ("DATE", "FILL_DATE_MONTH"),
    "fill_years": ("DATE", "FILL_DATE_YEAR"),
}
_NO_LIMIT = 1.7e307


def copy(source: Range, destination: Range | None) -> None:
    """Copy cells to a place, or into the clipboard where none is given."""
    if destination is None:
        _dispatch(source, ".uno:Copy")
        source.sheet.book.app.cut_copy_mode = "copy"
    elif destination.sheet.book.uid == source.sheet.book.uid:
        destination.check_writable(is_format=True)
        place = struct(
            "table.CellAddress",
            Sheet=destination.sheet.index - 1,
            Column=destination.column - 1,
            Row=destination.row - 1,
        )
        destination.sheet.xl.copyRange(place, source.cells.RangeAddress)
    else:
        copy(source, None)
        paste(destination, "all", None, skip_blanks=False, transpose=False)


def paste(target: Range, part: str, operation: str | None, *, skip_blanks: bool, transpose: bool) -> None:
    """Paste what was copied, all of it or a part, as it is or reckoned with what stands there."""
    if part not in _FLAGS:
        raise UnsupportedInLibreOfficeError(f'Range.paste("{part}")')
    if target.sheet.book.app.cut_copy_mode is None:
        raise CannotBeWrittenError("Nothing was copied.", where=target.where, remedy="Call copy() on a range first.")
    _dispatch(
        target(1, 1) if len(target) == 1 or transpose else target,
        ".uno:InsertContents",
        Flags=_FLAGS[part],
        FormulaCommand=_OPERATIONS[operation],
        SkipEmptyCells=skip_blanks,
        Transpose=transpose,
        AsLink=False,
        MoveMode=4,
    )


def _dispatch(block: Range, command: str, **named: Any) -> None:
    block.select()
    book: Book = block.sheet.book
    helper = book.app.office.service("frame.DispatchHelper")
    helper.executeDispatch(book.xl.CurrentController.Frame, command, "", 0, properties(**named))


def autofill(source: Range, destination: Range, mode: str) -> None:
    """Fill a block onwards from the cells that begin it."""
    destination.check_writable()
    if not destination.area.contains(source.area):
        raise CannotBeWrittenError(
            "The block to fill does not hold the cells to fill from.",
            where=destination.where,
            remedy=f"Give a destination that begins with {source.address}.",
        )
    direction, count = _direction(source, destination)
    if mode == "fill_default":
        destination.cells.fillAuto(direction, count)
    elif mode in _FILL_MODES:
        kind, unit = _FILL_MODES[mode]
        series = enum("sheet.FillMode", kind), enum("sheet.FillDateMode", unit)
        destination.cells.fillSeries(direction, *series, 1.0 if kind != "GROWTH" else 2.0, _NO_LIMIT)
    else:
        raise UnsupportedInLibreOfficeError(f'Range.autofill(type_="{mode}")')


def _direction(source: Range, destination: Range) -> tuple[Any, int]:
    if destination.area.rows > source.area.rows:
        up = destination.area.row < source.area.row
        return enum("sheet.FillDirection", "TO_TOP" if up else "TO_BOTTOM"), source.area.rows
    left = destination.area.column < source.area.column
    return enum("sheet.FillDirection", "TO_LEFT" if left else "TO_RIGHT"), source.area.columns
