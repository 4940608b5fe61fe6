"""Finding the blocks of a layout in the analyst's workbook, and every reason for which they can't be written."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdrp_xl.errors import CannotBeWrittenError, name_some, place, quoted
from cdrp_xl.sheets import Text
from cdrp_xl.writers.open_workbook import cells as values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import xlwings as xw

    from cdrp_xl.sheets import Sheet, Table

WRITE_ANEW = (
    'save and close the workbook, run "cdrp-xl refresh" for its folder, and open it again; your words are kept.'
)

_NUMBERED = re.compile(r"(_\d+)+$")
_CONTINUED = re.compile(r"^(?P<line>.+_)(?P<number>\d+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where the blocks of a layout stand in the open workbook.

    `lines` are the texts that it has not, each the next line of one that it has; `left` are lines of ours that the
    layout has no more. `worksheets` gives the name that the analyst's workbook has for each worksheet of the layout.
    """

    book: xw.Book
    tables: dict[str, xw.main.Table]
    names: dict[str, xw.Name]
    cells: dict[str, xw.Range]
    lines: frozenset[str]
    left: tuple[str, ...]
    worksheets: dict[str, str]


def find(book: xw.Book, sheets: Sequence[Sheet]) -> Found:
    """Return where every block of a layout stands, once it is sure that all of them can be written.

    Raises
    ------
    CannotBeWrittenError
        If a worksheet, table or named cell is gone or is one too many, or can't be written as it stands.
    """
    tables, names = tables_of(book), {name.name: name for name in book.names}
    cells = {name: cell for name in names if (cell := _cell(names[name])) is not None}
    _check_worksheets(book, sheets, tables=tables, cells=cells)
    for sheet in sheets:
        for table in sheet.tables:
            _check_table(book, sheet, table, tables.get(table.name.casefold()))
    texts = [text for sheet in sheets for text in texts_of(sheet)]
    wanted = {text.name for text in texts}
    lines = frozenset(name for name in wanted - cells.keys() if line_before(name) in wanted)
    for sheet in sheets:
        _check_texts(book, sheet, cells=cells, lines=lines)
    worksheets = {sheet.name: cells[_title(sheet)].sheet.name for sheet in sheets}
    _check_order(book, worksheets)
    for name in set(worksheets.values()):
        _check_protection(book, book.sheets[name])
    found = Found(
        book=book,
        tables={table.name: tables[table.name.casefold()] for sheet in sheets for table in sheet.tables},
        names=names,
        cells=cells,
        lines=lines,
        left=tuple(_left(sheets, cells, wanted)),
        worksheets=worksheets,
    )
    _check_ways(found, sheets)
    return found


def tables_of(book: xw.Book) -> dict[str, xw.main.Table]:
    """Return the tables of every worksheet by their names in small letters."""
    return {table.name.casefold(): table for sheet in book.sheets for table in sheet.tables}


def texts_of(sheet: Sheet) -> list[Text]:
    """Return the texts of a worksheet, from the top."""
    return [block for block in sheet.blocks if isinstance(block, Text) and block.name]


def _title(sheet: Sheet) -> str:
    return texts_of(sheet)[0].name


def _cell(name: xw.Name) -> xw.Range | None:
    """Return the cell that a name stands for; None for a name of another kind, or whose cell was deleted."""
    try:
        return None if "#REF!" in str(name.refers_to) else name.refers_to_range
    except Exception:  # noqa: BLE001 - each program has an error of its own for a name without cells
        return None


def line_before(name: str) -> str:
    """Return the name of the line before one of several, empty for a first line."""
    match = _CONTINUED.match(name)
    return f"{match['line']}{int(match['number']) - 1}" if match else ""


def _left(sheets: Sequence[Sheet], cells: dict[str, xw.Range], wanted: set[str]) -> Iterator[str]:
    """Return the named lines under the layout's titles that it has no more; other names are the analyst's."""
    ours = {_stem(sheet, text.name) for sheet in sheets for text in texts_of(sheet)} - {"title", "marking", ""}
    for sheet in sheets:
        title = cells[_title(sheet)]
        for name, cell in cells.items():
            is_under_it = (cell.sheet.name, cell.column, cell.count) == (title.sheet.name, title.column, 1)
            if name not in wanted and _NUMBERED.search(name) and _stem(sheet, name) in ours and is_under_it:
                yield name


def _stem(sheet: Sheet, name: str) -> str:
    """Return what a line's name says beside its worksheet's key and its number: "intro" of "summary_intro_0"."""
    key = _title(sheet).removesuffix("title")
    return _NUMBERED.sub("", name.removeprefix(key)) if name.startswith(key) else ""


def _check_worksheets(
    book: xw.Book, sheets: Sequence[Sheet], *, tables: dict[str, xw.main.Table], cells: dict[str, xw.Range]
) -> None:
    """Refuse a workbook with another set of worksheets than the layout has."""
    titles = {_title(sheet) for sheet in sheets}
    gone = [
        quoted(sheet.name)
        for sheet in sheets
        if _title(sheet) not in cells and not any(table.name.casefold() in tables for table in sheet.tables)
    ]
    surplus = [
        quoted(cell.sheet.name)
        for name, cell in cells.items()
        if name.endswith("_title") and name not in titles and f"{name.removesuffix('title')}marking" in cells
    ]
    if gone or surplus:
        lacks = f"has no {name_some(gone)}" if gone else f"has {name_some(surplus)}, which the report has no more"
        raise CannotBeWrittenError(
            f"The report needs other worksheets than this workbook holds: it {lacks}.",
            where=book.name,
            remedy=f"If you deleted a worksheet, undo that. If the settings changed, {WRITE_ANEW}",
        )


def _check_order(book: xw.Book, worksheets: dict[str, str]) -> None:
    """Refuse to fill a worksheet that bears another's name, as when priorities changed places in the settings."""
    for name, actual in worksheets.items():
        if actual != name and actual in worksheets:
            raise CannotBeWrittenError(
                f"The figures of {quoted(name)} would go onto the worksheet {quoted(actual)}.",
                where=place(book.name, sheet=actual),
                remedy=f"If you renamed worksheets, give them other names. If the settings changed, {WRITE_ANEW}",
            )


def _check_protection(book: xw.Book, sheet: xw.Sheet) -> None:
    if _is_protected(sheet):
        raise CannotBeWrittenError(
            f"The worksheet {quoted(sheet.name)} is protected.",
            where=place(book.name, sheet=sheet.name),
            remedy="Lift the protection (Review, Unprotect Sheet), then try again.",
        )


def _is_protected(sheet: xw.Sheet) -> bool:
    """Return whether a worksheet is protected; xlwings has no word for it, so each program is asked in its own."""
    if sheet.book.app.engine.name == "libreoffice":
        return bool(sheet.api.isProtected())
    return bool(sheet.api.protect_contents.get() if sys.platform == "darwin" else sheet.api.ProtectContents)


def _check_table(book: xw.Book, sheet: Sheet, table: Table, live: xw.main.Table | None) -> None:
    """Refuse a table that is gone, or in a state in which its cells are not what they seem."""
    if live is None:
        raise CannotBeWrittenError(
            f"The table {table.name} is gone.",
            where=place(book.name, sheet=sheet.name),
            remedy=f'If you renamed it, name it "{table.name}" again (Table Design, Table Name); if you deleted it, '
            f"undo that. If neither helps, {WRITE_ANEW}",
        )
    cells = live.range
    faults = {
        "is filtered": ("Clear the filter, then try again.", any(each.type != "none" for each in _criteria(live))),
        "holds merged cells": ("Unmerge them, then try again.", cells.merge_cells is not False),
        "has no row of headings, or a row of totals": (
            "Switch the heading row on and the total row off (Table Design), then try again.",
            not live.show_headers or bool(live.show_totals),
        ),
        f"has {cells.columns.count} columns; the report has {len(table.columns)}": (
            f"If you added or deleted a column, undo that. If the settings changed, {WRITE_ANEW}",
            cells.columns.count != len(table.columns),
        ),
    }
    for what, (remedy, is_so) in faults.items():
        if is_so:
            raise CannotBeWrittenError(
                f"The table {table.name} {what}.",
                where=f"{place(book.name, sheet=cells.sheet.name)}, cells {cells.get_address(False, False)}",
                remedy=remedy,
            )
    if table.inputs and not table.is_all_typed:
        _check_inputs(book, table, live)


def _criteria(live: xw.main.Table) -> list[Any]:
    return list(live.autofilter.criteria) if live.show_autofilter else []


def _check_inputs(book: xw.Book, table: Table, live: xw.main.Table) -> None:
    """Refuse a table of inputs with other rows than the report asks for; their order is the analyst's."""
    kept = [i for i, column in enumerate(table.columns) if column.heading not in table.inputs]
    wanted = {tuple(row[i] for i in kept) for row in table.rows}
    present = {tuple(row[i] for i in kept) for row in values.read(live.range)[1:]}
    if wanted != present:
        others = sorted(str(row[0]) for row in wanted ^ present)
        raise CannotBeWrittenError(
            f"The table {table.name} is for other sections than the report has: {name_some(others)}.",
            where=place(book.name, sheet=live.range.sheet.name),
            remedy=f"If you changed a row, undo that. If the settings changed, {WRITE_ANEW}",
        )


def _check_texts(book: xw.Book, sheet: Sheet, *, cells: dict[str, xw.Range], lines: frozenset[str]) -> None:
    for text in texts_of(sheet):
        cell = cells.get(text.name)
        if text.name in lines:
            continue
        if cell is None or cell.count != 1:
            raise CannotBeWrittenError(
                f"The named cell {quoted(text.name)} is gone.",
                where=place(book.name, sheet=sheet.name),
                remedy=f"If you deleted its row or its name, undo that. Else {WRITE_ANEW}",
            )
    present = [cells[text.name] for text in texts_of(sheet) if text.name in cells]
    for block in blocks_of(present):
        merged = [] if block.merge_cells is False else [cell for cell in present if cell.merge_cells is not False]
        if merged:
            raise CannotBeWrittenError(
                "A cell of a text is merged with others.",
                where=f"{place(book.name, sheet=merged[0].sheet.name)}, cell {merged[0].get_address(False, False)}",
                remedy="Unmerge it, then try again.",
            )


def blocks_of(cells: Sequence[xw.Range]) -> list[xw.Range]:
    """Return for each column the block that all of its cells lie in, so that they are looked at in one call."""
    columns: dict[tuple[str, int], list[xw.Range]] = {}
    for cell in cells:
        columns.setdefault((cell.sheet.name, cell.column), []).append(cell)
    blocks = []
    for (_, column), found in columns.items():
        rows = [cell.row for cell in found]
        blocks.append(found[0].sheet.range((min(rows), column), (max(rows), column)))
    return blocks


def _check_ways(found: Found, sheets: Sequence[Sheet]) -> None:
    """Refuse a table that would grow over what the analyst wrote under it; our own blocks move down."""
    ours = [cell for cell in found.cells.values() if cell.count == 1] + [live.range for live in found.tables.values()]
    for sheet in sheets:
        for table in sheet.tables:
            live = found.tables[table.name].range
            extra = 0 if table.inputs else table.height - live.rows.count
            if extra < 1 or is_free(live, extra):
                continue
            below = range(live.row + live.rows.count, live.row + live.rows.count + extra + 1)
            if not any(block.sheet.name == live.sheet.name and block.row in below for block in ours):
                way = live.offset(live.rows.count).resize(extra).get_address(False, False)
                raise CannotBeWrittenError(
                    f"The table {table.name} needs {extra:,} more {'row' if extra == 1 else 'rows'}, and the cells "
                    "under it are not empty.",
                    where=f"{place(found.book.name, sheet=live.sheet.name)}, cells {way}",
                    remedy="Move what stands there further down or to another worksheet, then try again.",
                )


def is_free(cells: xw.Range, extra: int) -> bool:
    """Return whether the rows under a table, and one more to part it from what follows, are empty."""
    below = cells.offset(cells.rows.count).resize(extra + 1)
    return all(value in {None, ""} for row in values.read(below) for value in row)
