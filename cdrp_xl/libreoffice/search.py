"""Looking through a block: where it ends, what it holds, sorting, finding and thinning it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdrp_xl.addresses import LAST_COLUMN, LAST_ROW, Rectangle
from cdrp_xl.libreoffice.number_formats import by_format
from cdrp_xl.libreoffice.office import bridge, constant, from_uno, properties, struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.libreoffice.range import Range

_IN_VALUES, _IN_FORMULAS = 1, 0  # SearchType of a search descriptor
_RESULTS = {"numbers": "VALUE", "text": "STRING", "errors": "ERROR"}


def end(cell: Range, down: int, right: int) -> Rectangle:
    """Return the place that Ctrl and an arrow key lead to from a cell."""
    used = cell.sheet.used_range.area
    is_filled = _line(cell, used, down)
    row, column = cell.area.row, cell.area.column
    start, step, last = (row, down, used.last_row) if down else (column, right, used.last_column)
    limit = (LAST_ROW if down else LAST_COLUMN) if step > 0 else 0
    stop = max(start, last)

    def filled(place: int) -> bool:
        return 0 <= place <= stop and is_filled[place]

    place = start + step
    if filled(start) and filled(place):
        while filled(place + step):
            place += step
    else:
        while 0 <= place <= stop and not filled(place):
            place += step
        if not filled(place):
            place = limit
    return Rectangle(row=place, column=column) if down else Rectangle(row=row, column=place)


def _line(cell: Range, used: Rectangle, down: int) -> list[bool]:
    """Say of every cell of the row or column, up to the last one used, whether it holds anything."""
    if down:
        area = Rectangle(row=0, column=cell.area.column, rows=max(used.last_row, cell.area.row) + 1)
    else:
        area = Rectangle(row=cell.area.row, column=0, columns=max(used.last_column, cell.area.column) + 1)
    data = cell.sheet.cover(area).cells.getFormulaArray()
    return [row[0] != "" for row in data] if down else [text != "" for text in data[0]]


def sort(block: Range, keys: Sequence[int], ascending: Sequence[bool], *, has_headers: bool) -> None:
    """Sort the rows of a block by columns that count from 1."""
    fields = tuple(
        struct("table.TableSortField", Field=key - 1, IsAscending=is_ascending, IsCaseSensitive=False)
        for key, is_ascending in zip(keys, ascending, strict=True)
    )
    descriptor = properties(ContainsHeader=has_headers, IsSortColumns=False, BindFormatsToContent=True)
    typed = struct("beans.PropertyValue", Name="SortFields")
    typed.Value = bridge().Any("[]com.sun.star.table.TableSortField", fields)
    bridge().invoke(block.cells, "sort", ((*descriptor, typed),))


def remove_duplicates(block: Range, columns: Sequence[int], *, has_headers: bool) -> None:
    """Keep the first row of each combination of values in some columns; the rest of the block moves up."""
    seen: set[tuple[Any, ...]] = set()
    kept: list[int] = []
    for index, row in enumerate(block.cells.getDataArray()):
        key = tuple(value.casefold() if isinstance(value, str) else value for value in (row[c - 1] for c in columns))
        if (has_headers and index == 0) or key not in seen:
            kept.append(index)
            if index or not has_headers:
                seen.add(key)
    for target, source in enumerate(kept):
        if target != source:
            _move_row(block, source, target)
    block.sheet.book.app.count_structure()
    if len(kept) < block.area.rows:
        rest = block.area.of_height(len(kept)).below(block.area.rows - len(kept))
        block.sheet.cover(rest).clear_contents()


def _move_row(block: Range, source: int, target: int) -> None:
    here, there = (block.sheet.cover(block.area.of_height(down).below(1)) for down in (source, target))
    block.sheet.xl.moveRange(there.corner, here.cells.RangeAddress)


def special_cells(block: Range, cell_type: str, value_type: str | None) -> list[Rectangle]:
    """Return the places of the blanks, constants, formulas or visible cells of a block, top to bottom."""
    inner = block.area.clipped(block.sheet.used_range.area)
    if inner is None:
        return []
    cells = block.sheet.cover(inner).cells
    if cell_type == "blanks":
        found = cells.queryEmptyCells()
    elif cell_type == "visible":
        found = cells.queryVisibleCells()
    elif cell_type == "formulas":
        found = cells.queryFormulaCells(_formula_results(value_type))
    else:
        found = cells.queryContentCells(_constant_flags(value_type))
    areas = [from_uno(address) for address in found.RangeAddresses]
    if value_type in ("logical", "numbers"):
        areas = _of_kind(block, areas, is_logical=value_type == "logical")
    return sorted(areas, key=lambda area: (area.row, area.column))


def _formula_results(value_type: str | None) -> int:
    name = _RESULTS.get(value_type or "", "VALUE")
    if value_type is None:
        return sum(int(constant(f"sheet.FormulaResult.{result}")) for result in _RESULTS.values())
    return int(constant(f"sheet.FormulaResult.{name}"))


def _constant_flags(value_type: str | None) -> int:
    names = {None: ("VALUE", "DATETIME", "STRING"), "text": ("STRING",), "errors": ()}.get(
        value_type, ("VALUE", "DATETIME")
    )
    return sum(int(constant(f"sheet.CellFlags.{name}")) for name in names)


def _of_kind(block: Range, areas: Sequence[Rectangle], *, is_logical: bool) -> list[Rectangle]:
    formats = block.sheet.book.formats
    kept = []
    for area in areas:
        for key, place in by_format(block.sheet.cover(area).cells):
            if formats.is_logical(key) == is_logical:
                kept.append(place)
    return kept


def find(block: Range, text: str, *, whole: bool, direction: str, order: str, match_case: bool) -> Rectangle | None:
    """Return the place of the first cell, in the order asked for, that shows a text."""
    descriptor = block.cells.createSearchDescriptor()
    descriptor.SearchString = text
    descriptor.SearchType = _IN_VALUES
    descriptor.SearchWords = whole
    descriptor.SearchCaseSensitive = match_case
    descriptor.SearchWildcard = True  # * and ? stand for text in Excel's search too
    found = block.cells.findAll(descriptor)
    if found is None:
        return None
    areas = [from_uno(address) for address in found.RangeAddresses]
    corners = [_first(a) for a in areas] if direction == "forward" else [_last(a) for a in areas]
    ordered = sorted(corners, key=lambda a: (a.row, a.column) if order == "rows" else (a.column, a.row))
    return ordered[0] if direction == "forward" else ordered[-1]


def _first(area: Rectangle) -> Rectangle:
    return Rectangle(row=area.row, column=area.column)


def _last(area: Rectangle) -> Rectangle:
    return Rectangle(row=area.last_row, column=area.last_column)


def replace_all(block: Range, old: str, new: str, *, whole: bool, match_case: bool) -> None:
    """Replace a text in values and formulas."""
    descriptor = block.cells.createReplaceDescriptor()
    descriptor.SearchString = old
    descriptor.ReplaceString = new
    descriptor.SearchType = _IN_FORMULAS
    descriptor.SearchWords = whole
    descriptor.SearchCaseSensitive = match_case
    descriptor.SearchWildcard = True
    block.cells.replaceAll(descriptor)
