"""What holds of every workbook that a person has changed, open in a program or in its file.

Which texts are ours, in which order rows stay, and in which words it is refused to fill what is not as it was.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

from cdrp_xl.errors import CannotBeWrittenError, name_some, place, quoted
from cdrp_xl.periods import named_quarter
from cdrp_xl.sheets import Table, Text
from cdrp_xl.terms import Marking

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cdrp_xl.addresses import Rectangle
    from cdrp_xl.sheets import Sheet

REWRITE_IT = (
    'save and close the workbook and run "cdrp-xl refresh" with --anew: it is then rewritten, your words are taken '
    "over, and the former workbook is kept beside it."
)

_NUMBERED = re.compile(r"(_\d+)+$")
_CONTINUED = re.compile(r"^(?P<line>.+_)(?P<number>[1-9]\d*)$")
_DIGITS_IN_A_CELL = 15
_MARKING = re.compile(r"(?<![\w-])(?:" + "|".join(sorted(Marking, reverse=True)) + r")(?![\w-])")


class OtherWorksheetsError(CannotBeWrittenError):
    """The workbook was made for a report of another shape: other worksheets, or other sections to write about."""


class EarlierVersionError(OtherWorksheetsError):
    """The workbook was laid out by an earlier version, whose tables of inputs had fewer columns."""


def texts_of(sheet: Sheet) -> list[Text]:
    """Return the texts of a worksheet that a refresh finds again, from the top."""
    return [block for block in sheet.blocks if isinstance(block, Text) and block.name]


def title_of(sheet: Sheet) -> str:
    """Return the name of a worksheet's title, by which the worksheet is identified."""
    return texts_of(sheet)[0].name


def marked(text: str, marking: str) -> str:
    """Return what is over or under a page with another marking, where it has one."""
    return _MARKING.sub(marking, text)


def line_before(name: str) -> str:
    """Return the name of the line before one of several, empty for a first line; a title's first has no number."""
    match = _CONTINUED.match(name)
    if match is None:
        return ""
    line, number = match["line"], int(match["number"])
    return line.removesuffix("_") if line.endswith("_title_") and number == 1 else f"{line}{number - 1}"


def new_lines(wanted: Iterable[str], present: Iterable[str]) -> frozenset[str]:
    """Return the names of texts that a workbook lacks because a text of it has more lines now."""
    wanted = frozenset(wanted)
    return frozenset(name for name in wanted.difference(present) if line_before(name) in wanted)


def lines_of_ours(names: Iterable[str], sheets: Sequence[Sheet]) -> dict[str, Sheet]:
    """Return the worksheet under whose title each line of ours is, by the line's name; other names are not ours."""
    keys = {title_of(sheet).removesuffix("title"): sheet for sheet in sheets}
    ours = {_stem(key, text.name) for key, sheet in keys.items() for text in texts_of(sheet)} - {"marking", ""}
    numbered = [name for name in names if _NUMBERED.search(name)]
    return {name: sheet for name in numbered for key, sheet in keys.items() if _stem(key, name) in ours}


def in_the_analysts_order(former: Sequence[Sequence[Any]], table: Table) -> list[list[Any]]:
    """Return a table's headings and rows; rows that the analyst sorted stay so while they are the same rows.

    A ranked table keeps its own order: sorted by name, last quarter's first would stay the first. Rows of one name are
    not distinguished by anything else, so a table of such rows stays sorted only where they are the same in every
    cell, as "All Robbery", which CADET has twice.
    """
    headings = [column.heading for column in table.columns]
    rows: list[list[Any]] = [list(row) for row in table.rows] or [[None] * len(headings)]
    keys = {plain(row[0]): row for row in rows}
    order = [plain(row[0]) for row in former[1:]]
    is_same = not table.is_ranked and Counter(order) == Counter(plain(row[0]) for row in rows)
    is_same = is_same and all(row == keys[plain(row[0])] for row in rows)
    return [headings, *([keys[key] for key in order] if is_same else rows)]


def added_rows(present: Sequence[Sequence[Any]], table: Table) -> list[tuple[int | None, Sequence[Any]]]:
    """Return the rows that a table of inputs lacks, each with the free row, from 0, that it takes; None without one."""
    known = {_known_by(row, table) for row in present}
    free = _free_rows(present, table)
    added: list[tuple[int | None, Sequence[Any]]] = []
    for row in table.rows:
        if _known_by(row, table) not in known:
            fitting = sorted((at for at in free if free[at] in {None, row[0]}), key=lambda at: free[at] is None)
            added.append((fitting[0] if fitting else None, row))
            free = {at: key for at, key in free.items() if at not in fitting[:1]}
    return added


def _free_rows(present: Sequence[Sequence[Any]], table: Table) -> dict[int, Any]:
    """Return the rows in which nobody typed and that may be for something else, with what they are for.

    Those for a quarter are free on top alone, so that the rows for the newest stay there and none stays empty for ever.
    Where rows are for no quarter, one that is for nothing any more is free for anything: a worksheet has a new title.
    """
    wanted = {_known_by(row, table) for row in table.rows}
    dated = table.keys - {table.columns[0].heading}
    typed_in = [at for at, row in enumerate(present) if not _is_blank(row, table, table.inputs)]
    first = typed_in[0] if typed_in else len(present)
    return {
        at: plain(row[0]) if dated else None
        for at, row in enumerate(present)
        if at not in typed_in and _known_by(row, table) not in wanted and (at < first or _is_blank(row, table, dated))
    }


def beside_inputs(former: Sequence[Sequence[Any]], table: Table) -> list[list[Any]]:
    """Return a table of inputs, with its headings, as it is to be: what is typed as it is, the rest as laid out.

    Rows that it lacks take free ones, of which there have to be enough.
    """
    rows = [list(row) for row in former[1:]]
    not_typed = [at for at, column in enumerate(table.columns) if column.heading not in table.inputs]
    for at, added in added_rows(rows, table):
        if at is not None:
            for across in not_typed:
                rows[at][across] = added[across]
    laid_out = {_known_by(row, table): row for row in table.rows}
    for row in rows:
        if wanted := laid_out.get(_known_by(row, table)):
            for across in not_typed:
                if table.columns[across].heading not in table.keys:
                    row[across] = wanted[across]
    return [list(former[0]), *rows]


def _known_by(row: Sequence[Any], table: Table) -> tuple[str, ...]:
    """Return by what a row of a table of inputs is known, a quarter in whatever form it was typed."""
    keys = (value for value, column in zip(row, table.columns, strict=True) if column.heading in table.keys)
    texts = (" ".join(str(value or "").split()) for value in keys)
    return tuple(quarter.name if (quarter := named_quarter(text)) else text.casefold() for text in texts)


def _is_blank(row: Sequence[Any], table: Table, headings: frozenset[str]) -> bool:
    """Return whether a row holds nothing under some headings."""
    cells = zip(row, table.columns, strict=True)
    return all(plain(value) is None for value, column in cells if column.heading in headings)


def plain(value: Any) -> Any:
    """Return a value in the one form in which what is written and what is read back are compared."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a cell has no time zone
    return float(f"{value:.{_DIGITS_IN_A_CELL}g}") if isinstance(value, int | float) else value


def other_worksheets(book: str, *, gone: Sequence[str], surplus: Sequence[str]) -> OtherWorksheetsError:
    """Return the refusal of a workbook with another set of worksheets than the layout has."""
    lacks = f"has no {name_some([*map(quoted, gone)])}"
    if not gone:
        lacks = f"has {name_some([*map(quoted, surplus)])}, which the report no longer has"
    return OtherWorksheetsError(
        f"The report needs different worksheets from those in this workbook: it {lacks}.",
        where=book,
        remedy=f"If you deleted a worksheet, undo that. If the settings changed, {REWRITE_IT}",
    )


def other_sections(book: str, sheet: str, table: Table, others: Sequence[str]) -> OtherWorksheetsError:
    """Return the refusal of a table of inputs with different rows from the report asks for."""
    return OtherWorksheetsError(
        f"The table {table.name} is for sections that the report does not have: {name_some(others)}.",
        where=place(book, sheet=sheet),
        remedy=f"If you changed a row, undo that. If the settings changed, {REWRITE_IT}",
    )


def worksheets_swapped(book: str, name: str, actual: str) -> CannotBeWrittenError:
    """Return the refusal to fill a worksheet that has another's name."""
    return CannotBeWrittenError(
        f"The figures of {quoted(name)} would go onto the worksheet {quoted(actual)}.",
        where=place(book, sheet=actual),
        remedy=f"If you renamed worksheets, give them other names. If the settings changed, {REWRITE_IT}",
    )


def text_gone(book: str, sheet: str, name: str) -> CannotBeWrittenError:
    """Return the refusal where a text's cell or its name was deleted."""
    return CannotBeWrittenError(
        f"The named cell {quoted(name)} is gone.",
        where=place(book, sheet=sheet),
        remedy=f"If you deleted its row or its name, undo that. Otherwise {REWRITE_IT}",
    )


def text_merged(book: str, sheet: str, cell: str) -> CannotBeWrittenError:
    """Return the refusal of a text whose cell is merged with others."""
    return CannotBeWrittenError(
        "A cell of a text is merged with others.",
        where=f"{place(book, sheet=sheet)}, cell {cell}",
        remedy="Unmerge it, then try again.",
    )


def table_gone(book: str, sheet: str, table: Table) -> CannotBeWrittenError:
    """Return the refusal where a table is not found by its name."""
    return CannotBeWrittenError(
        f"The table {table.name} is gone.",
        where=place(book, sheet=sheet),
        remedy=f'If you renamed it, name it "{table.name}" again (Table Design, Table Name); if you deleted it, '
        f"undo that. If neither helps, {REWRITE_IT}",
    )


def check_apart(book: str, found: Iterable[tuple[Text | Table, Rectangle]]) -> None:
    """Refuse blocks that share cells, as when one of them was moved into another: each would write over the other.

    Raises
    ------
    CannotBeWrittenError
        If two do.
    """
    on_sheets: dict[str, list[tuple[Text | Table, Rectangle]]] = {}
    for block, cells in found:
        on_sheets.setdefault(cells.sheet, []).append((block, cells))
    for sheet, blocks in on_sheets.items():
        for (block, cells), (other, others) in combinations(blocks, 2):
            if cells.overlaps(others):
                raise CannotBeWrittenError(
                    f"The same cells hold {_block_in_words(block)} and {_block_in_words(other)}.",
                    where=f"{place(book, sheet=sheet)}, cells {cells.address} and {others.address}",
                    remedy=f"If you moved one of them, undo that. Otherwise {REWRITE_IT}",
                )


def check_version(book: str, sheet: str, table: Table, headings: Sequence[Any]) -> None:
    """Refuse a table of inputs as an earlier version laid it out: its words are taken over into a new workbook.

    Raises
    ------
    EarlierVersionError
        If it has the first of its columns, and the last are not there yet.
    """
    wanted = [column.heading for column in table.columns]
    if table.inputs and len(headings) < len(wanted) and wanted[: len(headings)] == list(headings):
        lacks = name_some([quoted(heading) for heading in wanted[len(headings) :]])
        raise EarlierVersionError(
            f"The table {table.name} was laid out by an earlier version, without {lacks}.",
            where=place(book, sheet=sheet),
            remedy='Save and close the workbook and run "cdrp-xl refresh". It writes a new one with your words, and '
            "keeps this one beside it.",
        )


def check_table(
    table: Table,
    *,
    where: str,
    columns: int,
    is_filtered: bool,
    is_merged: bool,
    has_headings_alone: bool,
) -> None:
    """Refuse a table in a state in which its cells are not what they seem.

    Raises
    ------
    CannotBeWrittenError
        If it is filtered, holds merged cells, lacks its headings, has totals, or has another number of columns.
    """
    faults = {
        "is filtered": ("Clear the filter, then try again.", is_filtered),
        "holds merged cells": ("Unmerge them, then try again.", is_merged),
        "has no heading row, or a row of totals": (
            "Switch the heading row on and the total row off (Table Design), then try again.",
            not has_headings_alone,
        ),
        f"has {columns} columns; the report has {len(table.columns)}": (
            f"If you added or deleted a column, undo that. If the settings changed, {REWRITE_IT}",
            columns != len(table.columns),
        ),
    }
    for what, (remedy, is_so) in faults.items():
        if is_so:
            raise CannotBeWrittenError(f"The table {table.name} {what}.", where=where, remedy=remedy)


def sections_that_differ(present: Sequence[Sequence[Any]], table: Table) -> list[str]:
    """Return what a table of inputs with these rows has and the layout's lacks, or the other way round, by name."""
    kept = [i for i, column in enumerate(table.columns) if column.heading not in table.inputs]
    wanted = {tuple(plain(row[i]) for i in kept) for row in table.rows}
    found = {tuple(plain(row[i]) for i in kept) for row in present}
    return sorted({str(row[0]) for row in wanted ^ found})


def no_room(book: str, sheet: str, table: Table, *, extra: int, way: str) -> CannotBeWrittenError:
    """Return the refusal of a table that would grow over what the analyst wrote under it."""
    return CannotBeWrittenError(
        f"The table {table.name} needs {extra:,} more {'row' if extra == 1 else 'rows'}, and the cells under it are "
        "not empty.",
        where=f"{place(book, sheet=sheet)}, cells {way}",
        remedy="Move what is there further down or to another worksheet, then try again.",
    )


def _block_in_words(block: Text | Table) -> str:
    return f"the named cell {quoted(block.name)}" if isinstance(block, Text) else f"the table {block.name}"


def _stem(key: str, name: str) -> str:
    """Return what a line's name says beside its worksheet's key and its number: "intro" of "summary_intro_0"."""
    return _NUMBERED.sub("", name.removeprefix(key)) if name.startswith(key) else ""
