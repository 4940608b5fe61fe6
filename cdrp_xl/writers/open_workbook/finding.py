"""Finding the blocks of a layout in the analyst's workbook, and every reason for which they can't be written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdrp_xl.errors import CannotBeWrittenError, name_some, place, quoted
from cdrp_xl.sheets import Text
from cdrp_xl.writers.open_workbook import cells as values
from cdrp_xl.writers.open_workbook.walking import is_protected, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import xlwings as xw

    from cdrp_xl.sheets import Sheet, Table
    from cdrp_xl.writers.open_workbook.walking import Place, Walk

WRITE_ANEW = (
    'save and close the workbook, run "cdrp-xl refresh" for its folder, and open it again; your words are kept.'
)

_NUMBERED = re.compile(r"(_\d+)+$")
_CONTINUED = re.compile(r"^(?P<line>.+_)(?P<number>\d+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where the blocks of a layout stand in the open workbook.

    `missing` are the worksheets that the workbook does not have yet. `lines` are the texts that it has not, each the
    next line of one that it has; `left` are lines of ours that the layout has no more. `worksheets` gives the name that
    the analyst's workbook has for each worksheet of the layout.
    """

    walk: Walk
    missing: tuple[Sheet, ...]
    lines: frozenset[str]
    left: tuple[str, ...]
    worksheets: dict[str, str]

    def area(self, table: Table) -> Place:
        """Return where a table stands."""
        return self.walk.areas[table.name.casefold()]


def find(book: xw.Book, sheets: Sequence[Sheet]) -> Found:
    """Return where every block of a layout stands, once it is sure that all of them can be written.

    Raises
    ------
    CannotBeWrittenError
        If a table or named cell is gone, a worksheet is one too many, or a block can't be written as it stands.
    """
    walked = walk(book)
    present, missing = _present_and_missing(walked, sheets)
    _check_worksheets(walked, sheets)
    for sheet in present:
        for table in sheet.tables:
            _check_table(walked, sheet, table)
    wanted = {text.name for sheet in sheets for text in texts_of(sheet)}
    lines = frozenset(name for name in wanted - walked.named.keys() if line_before(name) in wanted)
    for sheet in present:
        _check_texts(walked, sheet, lines)
    worksheets = {sheet.name: walked.named[_title(sheet)].sheet for sheet in present}
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


def texts_of(sheet: Sheet) -> list[Text]:
    """Return the texts of a worksheet, from the top."""
    return [block for block in sheet.blocks if isinstance(block, Text) and block.name]


def line_before(name: str) -> str:
    """Return the name of the line before one of several, empty for a first line."""
    match = _CONTINUED.match(name)
    return f"{match['line']}{int(match['number']) - 1}" if match else ""


def _title(sheet: Sheet) -> str:
    return texts_of(sheet)[0].name


def blocks_of(walked: Walk, sheets: Sequence[Sheet]) -> Iterator[tuple[Text | Table, Place]]:
    """Yield the blocks of a layout that the workbook has, and where they stand."""
    for sheet in sheets:
        yield from ((text, walked.named[text.name]) for text in texts_of(sheet) if text.name in walked.named)
        yield from ((table, walked.areas[table.name.casefold()]) for table in sheet.tables)


def _left(walked: Walk, sheets: Sequence[Sheet], wanted: set[str]) -> Iterator[str]:
    """Return the named lines under the layout's titles that it has no more; other names are the analyst's."""
    ours = {_stem(sheet, text.name) for sheet in sheets for text in texts_of(sheet)} - {"title", "marking", ""}
    for sheet in sheets:
        title = walked.named[_title(sheet)]
        for name, cell in walked.named.items():
            is_under_it = (cell.sheet, cell.column) == (title.sheet, title.column) and cell.is_one_cell
            if name not in wanted and _NUMBERED.search(name) and _stem(sheet, name) in ours and is_under_it:
                yield name


def _stem(sheet: Sheet, name: str) -> str:
    """Return what a line's name says beside its worksheet's key and its number: "intro" of "summary_intro_0"."""
    key = _title(sheet).removesuffix("title")
    return _NUMBERED.sub("", name.removeprefix(key)) if name.startswith(key) else ""


def _present_and_missing(walked: Walk, sheets: Sequence[Sheet]) -> tuple[tuple[Sheet, ...], tuple[Sheet, ...]]:
    """Return the layout's worksheets of which the workbook has anything, and those of which it has nothing."""

    def is_present(sheet: Sheet) -> bool:
        tables = (table.name.casefold() for table in sheet.tables)
        return _title(sheet) in walked.named or any(name in walked.areas for name in tables)

    present = tuple(sheet for sheet in sheets if is_present(sheet))
    return present, tuple(sheet for sheet in sheets if sheet not in present)


def _check_worksheets(walked: Walk, sheets: Sequence[Sheet]) -> None:
    """Refuse a workbook with a worksheet of ours that the layout has no more."""
    titles = {_title(sheet) for sheet in sheets}
    surplus = [
        quoted(cell.sheet)
        for name, cell in walked.named.items()
        if name.endswith("_title") and name not in titles and f"{name.removesuffix('title')}marking" in walked.named
    ]
    if surplus:
        raise CannotBeWrittenError(
            f"This workbook has {name_some(surplus)}, which the report has no more.",
            where=walked.book.name,
            remedy=f"If the settings changed, {WRITE_ANEW}",
        )


def _check_order(walked: Walk, worksheets: dict[str, str]) -> None:
    """Refuse to fill a worksheet that bears another's name, as when priorities changed places in the settings."""
    for name, actual in worksheets.items():
        if actual != name and actual in worksheets:
            raise CannotBeWrittenError(
                f"The figures of {quoted(name)} would go onto the worksheet {quoted(actual)}.",
                where=place(walked.book.name, sheet=actual),
                remedy=f"If you renamed worksheets, give them other names. If the settings changed, {WRITE_ANEW}",
            )


def _check_worksheet(walked: Walk, name: str, sheets: Sequence[Sheet]) -> None:
    """Refuse a worksheet that is protected, or on which a block of ours holds merged cells."""
    sheet = walked.sheets[name]
    if is_protected(sheet):
        raise CannotBeWrittenError(
            f"The worksheet {quoted(name)} is protected.",
            where=place(walked.book.name, sheet=name),
            remedy="Lift the protection (Review, Unprotect Sheet), then try again.",
        )
    blocks = [(block, at) for block, at in blocks_of(walked, sheets) if at.sheet == name]
    corner = max(at.last_row for _, at in blocks), max(at.last_column for _, at in blocks)
    if sheet.range((1, 1), corner).merge_cells is False:
        return
    for block, at in blocks:
        if walked.range(at).merge_cells is not False:
            is_text = isinstance(block, Text)
            raise CannotBeWrittenError(
                "A cell of a text is merged with others." if is_text else f"The table {block.name} holds merged cells.",
                where=f"{place(walked.book.name, sheet=name)}, {_cells(at)}",
                remedy="Unmerge it, then try again." if is_text else "Unmerge them, then try again.",
            )


def _cells(block: Place) -> str:
    return f"{'cell' if block.is_one_cell else 'cells'} {block.address}"


def _check_table(walked: Walk, sheet: Sheet, table: Table) -> None:
    """Refuse a table that is gone, or in a state in which its cells are not what they seem."""
    live = walked.tables.get(table.name.casefold())
    if live is None:
        raise CannotBeWrittenError(
            f"The table {table.name} is gone.",
            where=place(walked.book.name, sheet=sheet.name),
            remedy=f'If you renamed it, name it "{table.name}" again (Table Design, Table Name); if you deleted it, '
            f"undo that. If neither helps, {WRITE_ANEW}",
        )
    area = walked.areas[table.name.casefold()]
    faults = {
        "is filtered": ("Clear the filter, then try again.", any(each.type != "none" for each in _criteria(live))),
        "has no row of headings, or a row of totals": (
            "Switch the heading row on and the total row off (Table Design), then try again.",
            not live.show_headers or bool(live.show_totals),
        ),
        f"has {area.columns} columns; the report has {len(table.columns)}": (
            f"If you added or deleted a column, undo that. If the settings changed, {WRITE_ANEW}",
            area.columns != len(table.columns),
        ),
    }
    for what, (remedy, is_so) in faults.items():
        if is_so:
            raise CannotBeWrittenError(
                f"The table {table.name} {what}.",
                where=f"{place(walked.book.name, sheet=area.sheet)}, {_cells(area)}",
                remedy=remedy,
            )


def _criteria(live: xw.main.Table) -> list[Any]:
    return list(live.autofilter.criteria) if live.show_autofilter else []


def _key(row: Sequence[Any], table: Table) -> tuple[Any, ...]:
    """Return what a row of a table of inputs is for: what stands in the columns in which nobody types."""
    return tuple(
        values.plain(value)
        for value, column in zip(row, table.columns, strict=True)
        if column.heading not in table.inputs
    )


def _check_inputs_and_ways(found: Found, sheets: Sequence[Sheet]) -> None:
    """Refuse inputs for what the report has no more, and a table that would grow over what the analyst wrote."""
    for sheet in sheets:
        for table in sheet.tables:
            if table.inputs:
                _check_inputs(found, table)
            _check_way(found, table)


def _check_inputs(found: Found, table: Table) -> None:
    """Refuse a table of inputs with rows that the report does not ask for; their order is the analyst's."""
    wanted = {_key(row, table) for row in table.rows}
    area = found.area(table)
    others = [str(row[0]) for row in _keys(found, table) if row not in wanted]
    if others:
        raise CannotBeWrittenError(
            f"The table {table.name} has rows for what is not in the report: {name_some(sorted(others))}.",
            where=place(found.walk.book.name, sheet=area.sheet),
            remedy=f"If you changed a row, undo that. If the settings changed, {WRITE_ANEW}",
        )


def _keys(found: Found, table: Table) -> list[tuple[Any, ...]]:
    """Return what the rows of a table of inputs are for; an empty row is for nothing yet."""
    keys = [_key(row, table) for row in found.walk.shown(found.area(table))[1:]]
    return [key for key in keys if any(value is not None for value in key)]


def new_inputs(found: Found, table: Table) -> list[list[Any]]:
    """Return the rows that a table of inputs has not yet, to go under the others."""
    present = set(_keys(found, table))
    return [list(row) for row in table.rows if _key(row, table) not in present]


def empty_rows(found: Found, table: Table) -> list[int]:
    """Return which rows of a table of inputs are for nothing yet, the row of headings being 0."""
    rows = found.walk.shown(found.area(table))
    return [at for at, row in enumerate(rows) if all(value is None for value in _key(row, table))]


def rows_needed(found: Found, table: Table) -> int:
    """Return how many rows a table will take, its headings among them."""
    if table.inputs:
        return max(1 + len(_keys(found, table)) + len(new_inputs(found, table)), 2)
    return table.height


def _check_way(found: Found, table: Table) -> None:
    """Refuse a table that would grow over what the analyst wrote under it; our own blocks move down."""
    area = found.area(table)
    extra = rows_needed(found, table) - area.rows
    if extra < 1 or is_free(found.walk, area, extra):
        return
    below = range(area.last_row + 1, area.last_row + extra + 2)
    ours = [*(cell for cell in found.walk.named.values() if cell.is_one_cell), *found.walk.areas.values()]
    if not any(block.sheet == area.sheet and block.row in below for block in ours):
        raise CannotBeWrittenError(
            f"The table {table.name} needs {extra:,} more {'row' if extra == 1 else 'rows'}, and the cells "
            "under it are not empty.",
            where=f"{place(found.walk.book.name, sheet=area.sheet)}, cells {area.below(extra).address}",
            remedy="Move what stands there further down or to another worksheet, then try again.",
        )


def is_free(walked: Walk, area: Place, extra: int) -> bool:
    """Return whether the rows under a table, and one more to part it from what follows, are empty."""
    return all(value is None for row in walked.shown(area.below(extra + 1)) for value in row)


def _check_texts(walked: Walk, sheet: Sheet, lines: frozenset[str]) -> None:
    for text in texts_of(sheet):
        cell = walked.named.get(text.name)
        if text.name in lines or (cell is not None and cell.is_one_cell):
            continue
        raise CannotBeWrittenError(
            f"The named cell {quoted(text.name)} is gone.",
            where=place(walked.book.name, sheet=sheet.name),
            remedy=f"If you deleted its row or its name, undo that. Else {WRITE_ANEW}",
        )
