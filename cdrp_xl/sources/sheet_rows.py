"""The worksheets of a workbook of rows: those with the headings are kept as tables of DuckDB's, the others are named.

A worksheet that was passed over in silence would be a part of the offences that nobody counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.errors import quoted
from cdrp_xl.sources import heading_rows, hidden_rows, worksheets
from cdrp_xl.sources.sql import identifier

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    import duckdb
    import fastexcel

_ROWS_OF_A_COVER = 60
"""A worksheet without the headings that has more rows than this may be a part of the extract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRows:
    """One worksheet: the table of its cells, and where its headings are.

    Attributes
    ----------
    table
        The table of DuckDB's, whose ``rowid`` is the row as a spreadsheet numbers it, less 1.
    columns
        The table's columns, as many as `headings`.
    heading_row
        From 1.
    above
        What is written above the headings.
    is_whole
        Whether it has every heading that is wanted.
    is_meant
        Whether it has some of them.
    rows
        Rows below the headings that are not blank.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    headings: tuple[str, ...]
    heading_row: int
    above: tuple[str, ...]
    is_whole: bool
    is_meant: bool
    is_hidden: bool
    rows: int


def load(
    connection: duckdb.DuckDBPyConnection, path: Path, sheet: str, wanted: Collection[str] | None, *, begins: int
) -> list[SheetRows]:
    """Return the worksheets of a workbook that hold anything: the one named, the first, or all if headings are wanted.

    Parameters
    ----------
    connection
        Where the tables are made.
    path
        The workbook.
    sheet
        The one worksheet to read; empty for all, or for the first where no headings are wanted.
    wanted
        The headings to look for; None takes the first row of the first worksheet for the headings.
    begins
        The number of the first table.

    Raises
    ------
    FileError
        If the file is not a spreadsheet, is damaged, locked, or empty.
    """
    names = (sheet,) if sheet or wanted is None else worksheets.names(path)
    found = [
        loaded
        for number, name in enumerate(names)
        if (loaded := _load(connection, path, name, wanted or (), table=f"cdrp_xl_sheet_{begins + number}"))
    ]
    if not found:
        raise damage.empty(path)
    return found


def _load(
    connection: duckdb.DuckDBPyConnection, path: Path, sheet: str, wanted: Collection[str], *, table: str
) -> SheetRows | None:
    # Kept as a table of DuckDB's: reading the library's own cells takes longer than most queries over them.
    name, cells = worksheets.load(path, sheet, heading_row=None)
    if not cells.available_columns():
        return None
    connection.register("cdrp_xl_cells", cells)
    connection.execute(f"CREATE TEMP TABLE {table} AS FROM cdrp_xl_cells")
    connection.unregister("cdrp_xl_cells")
    return _described(connection, path, name, wanted, cells, table)


def _described(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    wanted: Collection[str],
    cells: fastexcel.ExcelSheet,
    table: str,
) -> SheetRows:
    columns = tuple(column.name for column in cells.available_columns())
    first = connection.execute(f"FROM {table} LIMIT {heading_rows.ROWS_LOOKED_AT}").fetchall()
    at = heading_rows.find(first, wanted)
    is_whole = at is not None
    if at is None:
        at = heading_rows.likest(first, wanted)
    headings = (
        heading_rows.named(first[at], wanted, path, sheet=name, number=at + 1) if is_whole or not wanted else first[at]
    )
    filled = f"coalesce({', '.join(map(identifier, columns))}) IS NOT NULL"
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {table} WHERE rowid > {at} AND {filled}").fetchall()
    return SheetRows(
        name=name,
        table=table,
        columns=columns,
        headings=tuple(heading or "" for heading in headings),
        heading_row=at + 1,
        above=heading_rows.texts_above(first, at),
        is_whole=is_whole,
        is_meant=heading_rows.are_meant(first[at], wanted),
        is_hidden=cells.visible != "visible",
        rows=rows,
    )


def remarks(path: Path, passed_over: Sequence[SheetRows]) -> Iterator[str]:
    """Yield a sentence on each worksheet that was not read and may well be a cover or notes."""
    for each in passed_over:
        if each.rows <= _ROWS_OF_A_COVER:
            yield f"{path.name}: the worksheet {quoted(each.name)} has none of the headings and was not read."


def look_at(path: Path, read: Sequence[SheetRows], passed_over: Sequence[SheetRows]) -> Iterator[str]:
    """Yield a sentence on each worksheet that may be a part of the extract and was not read, and on what is hidden."""
    for each in passed_over:
        if each.rows > _ROWS_OF_A_COVER:
            said = f"the worksheet {quoted(each.name)} has {each.rows:,} rows and none of the headings: it was not read"
            yield f"{path.name}: {said}."
    for each in read:
        if each.is_hidden:
            yield f"{path.name}: the worksheet {quoted(each.name)} is hidden; its {each.rows:,} rows were read."
    for name, rows in hidden_rows.counted(path, {each.name: each.heading_row for each in read}).items():
        was = (
            "1 row is hidden, perhaps by a filter; it was"
            if rows == 1
            else f"{rows:,} rows are hidden, perhaps by a filter; they were"
        )
        yield f"{path.name}, worksheet {quoted(name)}: {was} read too."
