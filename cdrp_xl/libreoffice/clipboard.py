"""Copying and filling: cells to another place, all of them or a part, and onwards from a pattern.

LibreOffice's own clipboard needs a window and can end a LibreOffice that has none, so what was copied is kept as a
place.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from cdrp_xl.addresses import Rectangle, shown_sheet
from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice.interface import UnsupportedInLibreOfficeError
from cdrp_xl.libreoffice.number_formats import by_format
from cdrp_xl.libreoffice.office import bounds, constant, enum, from_uno

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cdrp_xl.libreoffice.range import Range

_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "add": lambda there, copied: there + copied,
    "subtract": lambda there, copied: there - copied,
    "multiply": lambda there, copied: there * copied,
    "divide": lambda there, copied: there / copied,
}
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
_FILL_PARTS = ("fill_default", "fill_formats", "fill_values")
_BORDERS = ("TopBorder2", "BottomBorder2", "LeftBorder2", "RightBorder2")
_NO_LIMIT = 1.7e307

_Grid = list[list[Any]]


def copy(source: Range, destination: Range | None) -> None:
    """Copy cells to a place, or keep them for paste() where none is given."""
    app = source.sheet.book.app
    if destination is None:
        app.copied = source
        app.cut_copy_mode = "copy"
    else:
        destination.check_writable(is_format=True)
        _copy_cells(source, destination)


def _copy_cells(source: Range, target: Range) -> None:
    if source.sheet.book.uid == target.sheet.book.uid:
        target.sheet.xl.copyRange(target.corner, source.cells.RangeAddress)
        return
    # A copy goes no further than its workbook, so the worksheet visits the other one.
    sheets = target.sheet.book.xl.Sheets
    place = sheets.importSheet(source.sheet.book.xl, source.sheet.name, sheets.Count)
    visitor = sheets.getByIndex(place)
    try:
        cells = visitor.getCellRangeByPosition(*bounds(source.area))
        target.sheet.xl.copyRange(target.corner, cells.RangeAddress)
    finally:
        sheets.removeByName(visitor.Name)


def paste(target: Range, part: str, operation: str | None, *, skip_blanks: bool, transpose: bool) -> None:
    """Paste what was copied, all of it or a part, as it is or combined with what is there."""
    source: Range | None = target.sheet.book.app.copied
    if source is None:
        raise CannotBeWrittenError("Nothing was copied.", where=target.where, remedy="Call copy() on a range first.")
    parts: dict[str, Callable[[Range, Range, bool], None]] = {
        "all": _paste_all,
        "all_using_source_theme": _paste_all,
        "all_merging_conditional_formats": _paste_all,
        "all_except_borders": _paste_all_but_borders,
        "link": _paste_links,
        "formats": _paste_formats,
        "formulas": _paste_formulas,
        "column_widths": _paste_widths,
        "validation": _paste_validation,
        "comments": _paste_notes,
        "values_and_number_formats": _paste_number_formats,
        "formulas_and_number_formats": _paste_number_formats,
    }
    block = _block(target, source, transpose=transpose)
    if part in ("values", "values_and_number_formats") or operation or skip_blanks:
        _paste_values(source, block, operation, skip_blanks=skip_blanks, transpose=transpose)
    elif part == "formulas_and_number_formats":
        _paste_formulas(source, block, transpose)
    if part in parts and not operation and not skip_blanks:
        parts[part](source, block, transpose)
    elif part not in ("values", "all", *parts):
        raise UnsupportedInLibreOfficeError(f'Range.paste("{part}")')


def _block(target: Range, source: Range, *, transpose: bool) -> Range:
    rows, columns = source.shape[::-1] if transpose else source.shape
    return target.sheet.cover(replace(target.area, rows=rows, columns=columns))


def _pairs(source: Range, target: Range, *, transpose: bool) -> Iterator[tuple[Range, Range]]:
    """Yield each cell with the one it is pasted into; the whole block at once where nothing is turned."""
    if not transpose:
        yield source, target
        return
    for row, column in _places(source):
        yield source(row, column), target(column, row)


def _places(source: Range) -> Iterator[tuple[int, int]]:
    return product(range(1, source.area.rows + 1), range(1, source.area.columns + 1))


def _paste_all(source: Range, target: Range, transpose: bool) -> None:  # noqa: FBT001 - one of a table of functions
    for one, place in _pairs(source, target, transpose=transpose):
        _copy_cells(one, place)


def _paste_all_but_borders(source: Range, target: Range, transpose: bool) -> None:  # noqa: FBT001 - one of a table
    groups = target.cells.getUniqueCellFormatRanges()
    own = [
        (group.RangeAddresses, {name: getattr(group, name) for name in _BORDERS})
        for group in map(groups.getByIndex, range(groups.Count))
    ]
    _paste_all(source, target, transpose)
    for addresses, borders in own:
        for address in addresses:
            cells = target.sheet.cover(from_uno(address)).cells
            for name, line in borders.items():
                setattr(cells, name, line)


def _paste_links(source: Range, target: Range, transpose: bool) -> None:  # noqa: FBT001 - one of a table of functions
    if source.sheet.book.uid != target.sheet.book.uid:
        raise UnsupportedInLibreOfficeError('Range.paste("link") from another workbook')
    sheet = "" if source.sheet.name == target.sheet.name else f"{shown_sheet(source.sheet.name)}!"
    links = [[f"={sheet}{cell.area.address}" for cell in row.columns] for row in source.rows]
    target.raw_value = [list(row) for row in zip(*links, strict=True)] if transpose else links


def _paste_values(source: Range, target: Range, operation: str | None, *, skip_blanks: bool, transpose: bool) -> None:
    copied: _Grid = [list(row) for row in source.cells.getDataArray()]
    if transpose:
        copied = [list(row) for row in zip(*copied, strict=True)]
    there = target.cells.getDataArray()
    for row, line in enumerate(copied):
        for column, value in enumerate(line):
            if value is None:
                line[column] = "#N/A"
            elif value == "" and skip_blanks:
                line[column] = there[row][column]
            elif operation and value != "":
                line[column] = _OPERATIONS[operation](float(there[row][column] or 0.0), float(value))
    target.cells.setDataArray(tuple(map(tuple, copied)))


def _paste_formats(source: Range, target: Range, transpose: bool) -> None:  # noqa: FBT001 - one of a table
    kept = target.cells.getFormulaArray()
    _paste_all(source, target, transpose)
    target.clear_contents()
    target.cells.setFormulaArray(kept)


def _paste_formulas(source: Range, target: Range, transpose: bool) -> None:  # noqa: FBT001 - one of a table
    texts: Sequence[Sequence[str]] = source.cells.getFormulaArray()
    target.cells.setFormulaArray(tuple(zip(*texts, strict=True)) if transpose else texts)
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            if text.startswith("="):
                # A formula's tokens hold its references as steps from its cell.
                place = (row, column) if transpose else (column, row)
                tokens = source.cells.getCellByPosition(column, row).getTokens()
                target.cells.getCellByPosition(*place).setTokens(tokens)


def _paste_number_formats(source: Range, target: Range, transpose: bool) -> None:  # noqa: FBT001 - one of a table
    theirs, ours = source.sheet.book.formats, target.sheet.book.formats
    for key, place in by_format(source.cells):
        row, column = place.row - source.area.row, place.column - source.area.column
        rows, columns = place.rows, place.columns
        if transpose:
            row, column, rows, columns = column, row, columns, rows
        part = Rectangle(row=target.area.row + row, column=target.area.column + column, rows=rows, columns=columns)
        target.sheet.cover(part).cells.NumberFormat = ours.key(theirs.code(key))


def _paste_widths(source: Range, target: Range, _transpose: bool) -> None:  # noqa: FBT001 - one of a table
    for number in range(source.area.columns):
        width = source.cells.Columns.getByIndex(number).Width
        target.cells.Columns.getByIndex(number).Width = width


def _paste_validation(source: Range, target: Range, transpose: bool) -> None:  # noqa: FBT001 - one of a table
    for row, column in _places(source):
        place = target(column, row) if transpose else target(row, column)
        place.cells.Validation = source(row, column).cells.Validation


def _paste_notes(source: Range, target: Range, transpose: bool) -> None:  # noqa: FBT001 - one of a table
    for note in source.sheet.notes:
        place = note.location.area
        if source.area.contains(place):
            row, column = place.row - source.area.row + 1, place.column - source.area.column + 1
            cell = target(column, row) if transpose else target(row, column)
            cell.add_note(note.text)


def take_formats_of_next(block: Range, *, is_right: bool) -> None:
    """Give empty cells the looks of those right of them or below."""
    lines = block.columns if is_right else block.rows
    after = lines[-1].area
    area = replace(after, column=after.column + 1) if is_right else replace(after, row=after.row + 1)
    for line in lines:
        _copy_cells(block.sheet.cover(area), line)
    block.clear_contents()
    block.cells.clearContents(constant("sheet.CellFlags.ANNOTATION"))


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
    if mode in _FILL_PARTS:
        _fill_part(destination, direction, count, mode)
    elif mode in _FILL_MODES:
        kind, unit = _FILL_MODES[mode]
        series = enum("sheet.FillMode", kind), enum("sheet.FillDateMode", unit)
        destination.cells.fillSeries(direction, *series, 1.0 if kind != "GROWTH" else 2.0, _NO_LIMIT)
    else:
        raise UnsupportedInLibreOfficeError(f'Range.autofill(type_="{mode}")')


def _fill_part(destination: Range, direction: Any, count: int, mode: str) -> None:
    """Go on with values and looks, or with one of them alone, the other staying as it is."""
    kept = destination.cells.getFormulaArray()
    undo = destination.sheet.book.xl.UndoManager
    if mode == "fill_values":
        undo.enterUndoContext(mode)
    destination.cells.fillAuto(direction, count)
    if mode == "fill_formats":
        destination.clear_contents()
        destination.cells.setFormulaArray(kept)
    elif mode == "fill_values":
        filled = destination.cells.getFormulaArray()
        undo.leaveUndoContext()
        undo.undo()
        destination.cells.setFormulaArray(filled)


def _direction(source: Range, destination: Range) -> tuple[Any, int]:
    if destination.area.rows > source.area.rows:
        up = destination.area.row < source.area.row
        return enum("sheet.FillDirection", "TO_TOP" if up else "TO_BOTTOM"), source.area.rows
    left = destination.area.column < source.area.column
    return enum("sheet.FillDirection", "TO_LEFT" if left else "TO_RIGHT"), source.area.columns
