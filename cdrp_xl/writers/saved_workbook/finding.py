"""Finding the blocks of a layout in a saved workbook, and every reason for which they can't be written there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl.errors import place
from cdrp_xl.writers import existing_workbook
from cdrp_xl.writers.existing_workbook import texts_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cdrp_xl.addresses import Rectangle
    from cdrp_xl.sheets import Sheet, Table, Text
    from cdrp_xl.writers.saved_workbook.book import Book, SavedTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What of a layout a saved workbook holds, and how it differs.

    `lines` are the texts that it lacks, each the next line of one that it has; `left` are lines of ours that the
    layout no longer has. `worksheets` gives the name that the workbook has for each worksheet of the layout.
    """

    book: Book
    lines: frozenset[str]
    left: tuple[str, ...]
    worksheets: dict[str, str]

    def table(self, table: Table) -> SavedTable:
        """Return a table of the layout as it is."""
        return self.book.tables[table.name.casefold()]


def find(book: Book, sheets: Sequence[Sheet]) -> Found:
    """Return where the blocks of a layout are, once it is sure that all of them can be written.

    Raises
    ------
    CannotBeWrittenError
        If a worksheet, table or named cell is gone or is one too many, or can't be written as it is.
    """
    cells = book.named_areas()
    _check_worksheets(book, sheets, cells)
    for sheet in sheets:
        for table in sheet.tables:
            _check_table(book, sheet, table)
    wanted = {text.name for sheet in sheets for text in texts_of(sheet)}
    lines = existing_workbook.new_lines(wanted, cells)
    for sheet in sheets:
        _check_texts(book, sheet, cells=cells, lines=lines)
    existing_workbook.check_apart(book.name, _blocks_in(book, sheets, cells))
    worksheets = {sheet.name: cells[title_of(sheet)].sheet for sheet in sheets}
    for name, actual in worksheets.items():
        if actual != name and actual in worksheets:
            raise existing_workbook.worksheets_swapped(book.name, name, actual)
    left = _left(sheets, cells, cells.keys() - wanted)
    found = Found(book=book, lines=lines, left=left, worksheets=worksheets)
    for sheet in sheets:
        for table in sheet.tables:
            _check_way(found, table, ours=[*cells.values(), *(each.area for each in book.tables.values())])
    return found


def is_free(book: Book, area: Rectangle, extra: int) -> bool:
    """Return whether the rows under a table, and one more to part it from what follows, are empty."""
    below = area.below(extra + 1)
    merged = any(each.overlaps(below) for each in book.merged(area.sheet))
    values = book.worksheet(area.sheet).values(below)
    return not merged and all(value in {None, ""} for row in values for value in row)


def _blocks_in(
    book: Book, sheets: Sequence[Sheet], cells: dict[str, Rectangle]
) -> Iterator[tuple[Text | Table, Rectangle]]:
    for sheet in sheets:
        yield from ((text, cells[text.name]) for text in texts_of(sheet) if text.name in cells)
        yield from ((table, book.tables[table.name.casefold()].area) for table in sheet.tables)


def _check_worksheets(book: Book, sheets: Sequence[Sheet], cells: dict[str, Rectangle]) -> None:
    titles = {title_of(sheet) for sheet in sheets}
    gone = [
        sheet.name
        for sheet in sheets
        if title_of(sheet) not in cells and not any(table.name.casefold() in book.tables for table in sheet.tables)
    ]
    surplus = [
        cell.sheet
        for name, cell in cells.items()
        if name.endswith("_title") and name not in titles and f"{name.removesuffix('title')}marking" in cells
    ]
    if gone or surplus:
        raise existing_workbook.other_worksheets(book.name, gone=gone, surplus=surplus)


def _check_table(book: Book, sheet: Sheet, table: Table) -> None:
    saved = book.tables.get(table.name.casefold())
    if saved is None:
        raise existing_workbook.table_gone(book.name, sheet.name, table)
    area = saved.area
    existing_workbook.check_version(book.name, saved.sheet, table, book.worksheet(saved.sheet).values(area)[0])
    existing_workbook.check_table(
        table,
        where=f"{place(book.name, sheet=saved.sheet)}, cells {area.address}",
        columns=area.columns,
        is_filtered=saved.is_filtered,
        is_merged=any(each.overlaps(area) for each in book.merged(saved.sheet)),
        has_headings_alone=saved.has_headings_alone,
    )
    if table.inputs and not table.keys and not table.is_all_typed:
        others = existing_workbook.sections_that_differ(book.worksheet(saved.sheet).values(area)[1:], table)
        if others:
            raise existing_workbook.other_sections(book.name, saved.sheet, table, others)


def _check_texts(book: Book, sheet: Sheet, *, cells: dict[str, Rectangle], lines: frozenset[str]) -> None:
    for text in texts_of(sheet):
        cell = cells.get(text.name)
        if text.name in lines:
            continue
        if cell is None or not cell.is_one_cell:
            raise existing_workbook.text_gone(book.name, sheet.name, text.name)
        if any(each.overlaps(cell) for each in book.merged(cell.sheet)):
            raise existing_workbook.text_merged(book.name, cell.sheet, cell.address)


def _left(sheets: Sequence[Sheet], cells: dict[str, Rectangle], others: Iterable[str]) -> tuple[str, ...]:
    """Return the named lines under a worksheet's title, in its column, that the layout no longer has."""
    lines = existing_workbook.lines_of_ours(others, sheets)
    titles = {name: cells[title_of(sheet)] for name, sheet in lines.items()}
    return tuple(name for name, title in sorted(titles.items()) if replace(cells[name], row=title.row) == title)


def _check_way(found: Found, table: Table, *, ours: Sequence[Rectangle]) -> None:
    """Refuse a table that would grow over what the analyst wrote under it; our own blocks move down."""
    area = found.table(table).area
    extra = 0 if table.inputs else table.height - area.rows
    if extra < 1 or is_free(found.book, area, extra):
        return
    below = range(area.last_row + 1, area.last_row + extra + 2)
    if not any(block.sheet == area.sheet and block.row in below for block in ours):
        way = area.below(extra).address
        raise existing_workbook.no_room(found.book.name, area.sheet, table, extra=extra, way=way)
