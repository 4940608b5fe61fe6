"""Finding the blocks of a layout in the analyst's workbook, and every reason for which they can't be written."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdrp_xl.addresses import Rectangle
from cdrp_xl.errors import CannotBeWrittenError, place, quoted
from cdrp_xl.sheets import Table
from cdrp_xl.writers import existing_workbook
from cdrp_xl.writers.existing_workbook import plain, texts_of, title_of
from cdrp_xl.writers.open_workbook.programs import is_protected, is_read_only
from cdrp_xl.writers.open_workbook.walking import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import xlwings as xw

    from cdrp_xl.sheets import Sheet, Text
    from cdrp_xl.writers.open_workbook.walking import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where the blocks of a layout are in the open workbook.

    `missing` are the worksheets that the workbook does not have yet. `lines` are the texts that it lacks, each the
    next line of one that it has; `left` are lines of ours that the layout no longer has. `worksheets` gives the name
    that the analyst's workbook has for each worksheet of the layout.
    """

    walk: Walk
    missing: tuple[Sheet, ...]
    lines: frozenset[str]
    left: tuple[str, ...]
    worksheets: dict[str, str]

    def area(self, table: Table) -> Rectangle:
        """Return where a table is."""
        return self.walk.areas[table.name.casefold()]


def find(book: xw.Book, sheets: Sequence[Sheet]) -> Found:
    """Return where every block of a layout is, once it is sure that all of them can be written.

    Raises
    ------
    CannotBeWrittenError
        If the workbook is open read-only, a table or named cell is gone, a worksheet is one too many, or a block can't
        be written as it is.
    """
    if is_read_only(book):
        raise CannotBeWrittenError(
            f"{book.name} is open read-only, so changes could not be saved.",
            where=book.fullname,
            remedy="Close it, clear its read-only mark or wait until nobody else has it open, and open it again.",
        )
    walked = walk(book)
    present, missing = _present_and_missing(walked, sheets)
    _check_surplus(walked, sheets)
    for sheet in present:
        for table in sheet.tables:
            if table.name.casefold() not in walked.areas:
                raise existing_workbook.table_gone(book.name, sheet.name, table)
    wanted = {text.name for sheet in sheets for text in texts_of(sheet)}
    lines = existing_workbook.new_lines(wanted, walked.named)
    for sheet in present:
        _check_texts(walked, sheet, lines)
    existing_workbook.check_apart(book.name, blocks_of(walked, present))
    worksheets = {sheet.name: walked.named[title_of(sheet)].sheet for sheet in present}
    _check_order(walked, worksheets)
    walked.look_at(at for _, at in blocks_of(walked, present))
    for name in set(worksheets.values()):
        _check_worksheet(walked, name, present)
    found = Found(
        walk=walked,
        missing=missing,
        lines=lines,
        left=tuple(_left(walked, present, wanted)),
        worksheets=worksheets,
    )
    _check_inputs_and_ways(found, present)
    return found


def blocks_of(walked: Walk, sheets: Sequence[Sheet]) -> Iterator[tuple[Text | Table, Rectangle]]:
    """Yield the blocks of a layout that the workbook has, and where they are."""
    for sheet in sheets:
        yield from ((text, walked.named[text.name]) for text in texts_of(sheet) if text.name in walked.named)
        yield from ((table, walked.areas[table.name.casefold()]) for table in sheet.tables)


def rows_on_top(found: Found, table: Table) -> int:
    """Return how many more rows a table of inputs needs."""
    present = found.walk.shown(found.area(table))[1:]
    return sum(at is None for at, _ in existing_workbook.added_rows(present, table))


def new_inputs(found: Found, table: Table) -> list[list[Any]]:
    """Return the rows that a table of inputs does not have yet, to go under the others."""
    present = set(_keys(found, table))
    return [list(row) for row in table.rows if _key(row, table) not in present]


def empty_rows(found: Found, table: Table) -> list[int]:
    """Return which rows of a table of inputs are for nothing yet, the row of headings being 0."""
    rows = found.walk.shown(found.area(table))
    return [at for at, row in enumerate(rows) if all(value is None for value in _key(row, table))]


def rows_needed(found: Found, table: Table) -> int:
    """Return how many rows a table will take, its headings among them; those that come on top are not counted."""
    if table.is_all_typed or table.keys:
        return found.area(table).rows
    if table.inputs:
        return max(1 + len(_keys(found, table)) + len(new_inputs(found, table)), 2)
    return table.height


def is_free(walked: Walk, area: Rectangle, extra: int) -> bool:
    """Return whether the rows under a table, and one more to part it from what follows, are empty."""
    return all(value is None for row in walked.shown(area.below(extra + 1)) for value in row)


def _left(walked: Walk, sheets: Sequence[Sheet], wanted: set[str]) -> Iterator[str]:
    """Return the named lines under the layout's titles that it no longer has; other names are the analyst's."""
    others = [name for name, cell in walked.named.items() if name not in wanted and cell.is_one_cell]
    for name, sheet in existing_workbook.lines_of_ours(others, sheets).items():
        cell, title = walked.named[name], walked.named[title_of(sheet)]
        if (cell.sheet, cell.column) == (title.sheet, title.column):
            yield name


def _present_and_missing(walked: Walk, sheets: Sequence[Sheet]) -> tuple[tuple[Sheet, ...], tuple[Sheet, ...]]:
    """Return the layout's worksheets of which the workbook has anything, and those of which it has nothing."""

    def is_present(sheet: Sheet) -> bool:
        tables = (table.name.casefold() for table in sheet.tables)
        return title_of(sheet) in walked.named or any(name in walked.areas for name in tables)

    present = tuple(sheet for sheet in sheets if is_present(sheet))
    return present, tuple(sheet for sheet in sheets if sheet not in present)


def _check_surplus(walked: Walk, sheets: Sequence[Sheet]) -> None:
    """Refuse a workbook with a worksheet of ours that the layout no longer has."""
    titles = {title_of(sheet) for sheet in sheets}
    surplus = [
        cell.sheet
        for name, cell in walked.named.items()
        if name.endswith("_title") and name not in titles and f"{name.removesuffix('title')}marking" in walked.named
    ]
    if surplus:
        raise existing_workbook.other_worksheets(walked.book.name, gone=(), surplus=surplus)


def _check_order(walked: Walk, worksheets: dict[str, str]) -> None:
    """Refuse to fill a worksheet that has another's name, as when priorities changed places in the settings."""
    for name, actual in worksheets.items():
        if actual != name and actual in worksheets:
            raise existing_workbook.worksheets_swapped(walked.book.name, name, actual)


def _check_worksheet(walked: Walk, name: str, sheets: Sequence[Sheet]) -> None:
    """Refuse a worksheet that is protected, or on which a block of ours is not as it was laid out."""
    sheet = walked.sheets[name]
    if is_protected(sheet):
        raise CannotBeWrittenError(
            f"The worksheet {quoted(name)} is protected.",
            where=place(walked.book.name, sheet=name),
            remedy="Lift the protection (Review, Unprotect Sheet), then try again.",
        )
    blocks = [(block, at) for block, at in blocks_of(walked, sheets) if at.sheet == name]
    every = functools.reduce(Rectangle.joined, (at for _, at in blocks), Rectangle(row=0, column=0, sheet=name))
    has_merged = walked.range(every).merge_cells is not False
    for block, at in blocks:
        is_merged = has_merged and walked.range(at).merge_cells is not False
        if isinstance(block, Table):
            _check_table(walked, block, at, is_merged=is_merged)
        elif is_merged:
            raise existing_workbook.text_merged(walked.book.name, name, at.address)


def _check_table(walked: Walk, table: Table, area: Rectangle, *, is_merged: bool) -> None:
    """Refuse a table in a state in which its cells are not what they seem."""
    live = walked.tables[table.name.casefold()]
    existing_workbook.check_version(walked.book.name, area.sheet, table, walked.shown(area)[0])
    existing_workbook.check_table(
        table,
        where=f"{place(walked.book.name, sheet=area.sheet)}, cells {area.address}",
        columns=area.columns,
        is_filtered=live.show_autofilter and any(each.type != "none" for each in live.autofilter.criteria),
        is_merged=is_merged,
        has_headings_alone=live.show_headers and not live.show_totals,
    )


def _key(row: Sequence[Any], table: Table) -> tuple[Any, ...]:
    """Return what a row of a table of inputs is for: what is in the columns that nobody types in."""
    return tuple(
        plain(value) for value, column in zip(row, table.columns, strict=True) if column.heading not in table.inputs
    )


def _keys(found: Found, table: Table) -> list[tuple[Any, ...]]:
    """Return what the rows of a table of inputs are for; an empty row is for nothing yet."""
    keys = [_key(row, table) for row in found.walk.shown(found.area(table))[1:]]
    return [key for key in keys if any(value is not None for value in key)]


def _check_inputs_and_ways(found: Found, sheets: Sequence[Sheet]) -> None:
    """Refuse inputs for what the report no longer has, and a table that would grow over what the analyst wrote."""
    for sheet in sheets:
        for table in sheet.tables:
            if table.inputs and not table.keys and not table.is_all_typed:
                _check_inputs(found, table)
            _check_way(found, table)


def _check_inputs(found: Found, table: Table) -> None:
    """Refuse a table of inputs with rows that the report does not ask for; their order is the analyst's."""
    wanted = {_key(row, table) for row in table.rows}
    others = sorted({str(key[0]) for key in _keys(found, table) if key not in wanted})
    if others:
        raise existing_workbook.other_sections(found.walk.book.name, found.area(table).sheet, table, others)


def _check_way(found: Found, table: Table) -> None:
    """Refuse a table that would grow over what the analyst wrote under it; our own blocks move down."""
    area = found.area(table)
    extra = rows_needed(found, table) - area.rows
    if extra < 1 or is_free(found.walk, area, extra):
        return
    below = range(area.last_row + 1, area.last_row + extra + 2)
    ours = [*(cell for cell in found.walk.named.values() if cell.is_one_cell), *found.walk.areas.values()]
    if not any(block.sheet == area.sheet and block.row in below for block in ours):
        way = area.below(extra).address
        raise existing_workbook.no_room(found.walk.book.name, area.sheet, table, extra=extra, way=way)


def _check_texts(walked: Walk, sheet: Sheet, lines: frozenset[str]) -> None:
    for text in texts_of(sheet):
        cell = walked.named.get(text.name)
        if text.name not in lines and (cell is None or not cell.is_one_cell):
            raise existing_workbook.text_gone(walked.book.name, sheet.name, text.name)
