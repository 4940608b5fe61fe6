"""The Excel tables of a workbook by their names, wherever they are in it: as texts, the same saved or open."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl import damage, errors
from cdrp_xl.addresses import Rectangle, parse
from cdrp_xl.errors import CdrpError, ValueFoundError, quoted
from cdrp_xl.sources import grids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from lxml.etree import _Element

    from cdrp_xl.packages import Package
    from cdrp_xl.sources.grids import Grid

_PUT_BACK = "Put a copy of it back in its place, or move it to another folder and refresh: a new one is written."


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is known of a table before it is read: its name, the worksheet that it is laid out on, its headings."""

    name: str
    sheet: str
    headings: tuple[str, ...]

    def without(self, heading: str) -> Form:
        """Return the form of the table before it had a heading."""
        return replace(self, headings=tuple(each for each in self.headings if each != heading))


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTable:
    """A table as it is in a workbook. `first_row` is the worksheet's row, from 1, under the headings.

    `below` are the texts of the row under the last one.
    """

    name: str
    workbook: str
    sheet: str
    first_row: int
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    below: tuple[str, ...]

    def place(self, *rows: int, heading: str = "") -> str:
        """Return a place in the table as an analyst reads it."""
        parts = [errors.place(self.workbook, sheet=self.sheet), f"table {self.name}"]
        parts += [f"row {' and '.join(f'{row:,}' for row in rows)}"] if rows else []
        return ", ".join([*parts, *([f"heading {quoted(heading)}"] if heading else [])])

    def with_column(self, heading: str, text: str) -> NamedTable:
        """Return the table with one more column, which holds a text in every row that is not blank."""
        rows = tuple((*row, text if any(each.strip() for each in row) else "") for row in self.rows)
        return replace(self, headings=(*self.headings, heading), rows=rows)

    def lines(self, form: Form) -> Iterator[Line]:
        """Yield the rows that are not blank, with the texts of a form's headings.

        Parameters
        ----------
        form
            Which headings are read.

        Raises
        ------
        ValueFoundError
            If the table has lost one of the headings.
        """
        if lost := [heading for heading in form.headings if heading not in self.headings]:
            raise ValueFoundError(
                f"The table {self.name} has no heading {quoted(lost[0])}.",
                where=self.place(self.first_row - 1),
                remedy="Write the heading again as it was; what is typed is read from under it.",
            )
        columns = {heading: self.headings.index(heading) for heading in form.headings}
        for number, row in enumerate(self.rows, self.first_row):
            texts = {heading: row[column] for heading, column in columns.items()}
            if any(text.strip() for text in texts.values()):
                yield Line(table=self, row=number, texts=texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table, with its texts by heading."""

    table: NamedTable
    row: int
    texts: dict[str, str]

    def text(self, heading: str) -> str:
        """Return a text with single spaces between its words."""
        return " ".join(self.texts[heading].split())

    def place(self, heading: str = "") -> str:
        """Return the place of the row, or of one of its cells."""
        return self.table.place(self.row, heading=heading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables of a workbook, which is named as the analyst knows it. `read` gives None where there is no such."""

    workbook: str
    read: Callable[[Form], NamedTable | None]


def saved(path: Path) -> Tables:
    """Return the tables of a saved workbook; its worksheets are opened as they are asked for, each once.

    Parameters
    ----------
    path
        An .xlsx or .xlsm file.

    Raises
    ------
    FileError
        If the file is missing, locked, or is not a workbook.
    """
    areas = _areas(path)
    opened = functools.cache(functools.partial(_opened, path))
    return Tables(workbook=path.name, read=functools.partial(_read, path, areas, opened))


def gone(form: Form, where: str) -> ValueFoundError:
    """Return the error for a table whose name is not found in the workbook."""
    return ValueFoundError(
        f"The table {form.name} is gone.",
        where=where,
        remedy=f'Undo the change, or give the table its name "{form.name}" again (Table Design, Table Name): what you '
        "typed is read from there.",
    )


def _opened(path: Path, sheet: str) -> Grid:
    return grids.read(path, sheet=sheet)


def _read(path: Path, areas: Mapping[str, Rectangle], opened: Callable[[str], Grid], form: Form) -> NamedTable | None:
    if area := areas.get(form.name.casefold()):
        return _table(form.name, area, opened(area.sheet))
    _check_never_stood(form, path, opened)
    return None


def _check_never_stood(form: Form, path: Path, opened: Callable[[str], Grid]) -> None:
    """Refuse a worksheet on which a table's headings are without its name; an earlier version's has neither."""
    try:
        grid = opened(form.sheet)
    except CdrpError:  # there is no such worksheet, or it is blank
        return
    for row in grid.rows():
        if set(form.headings) <= set(grid.cells[row - 1]):
            raise gone(form, errors.place(path, sheet=form.sheet, row=row))


def _table(name: str, area: Rectangle, grid: Grid) -> NamedTable:
    def cells(row: int) -> tuple[str, ...]:
        found = grid.cells[row][area.column : area.last_column + 1] if row < len(grid.cells) else ()
        return (*found, *[""] * (area.columns - len(found)))

    return NamedTable(
        name=name,
        workbook=grid.path.name,
        sheet=grid.sheet,
        first_row=area.row + 2,
        headings=cells(area.row),
        rows=tuple(cells(row) for row in range(area.row + 1, area.last_row + 1)),
        below=cells(area.last_row + 1),
    )


def _areas(path: Path) -> dict[str, Rectangle]:
    """Return where the tables of a workbook are, by their names in lower-case letters."""
    from cdrp_xl import packages  # an open workbook's tables don't need it

    content = damage.read_file(path, if_empty=_PUT_BACK)
    with damage.reported(path, damage.damaged(path, remedy=_PUT_BACK)):
        package = packages.open_package(content, path.name, remedy=_PUT_BACK)
        return {name.casefold(): area for name, area in _tables_in(package)}


def _tables_in(package: Package) -> Iterator[tuple[str, Rectangle]]:
    from cdrp_xl.packages import sheets_in

    book = package.workbook()
    for sheet, page in sheets_in(package.parse(book), package.relations(book)):
        for part in package.related(page.target, "table") if page else ():
            table = package.parse(part)
            yield table.get("displayName", ""), _area(sheet.get("name", ""), table)


def _area(sheet: str, table: _Element) -> Rectangle:
    """Return the cells of a table from its headings to the last row that is not a total."""
    cells = parse(table.get("ref", ""))
    if cells is None:
        raise ValueError(table.get("ref", ""))
    totals = int(table.get("totalsRowCount", "0"))
    return replace(cells, rows=cells.rows - totals, sheet=sheet)
