"""What the formulas of a workbook refer to, and where they point once rows were inserted or a table resized."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Protocol

from cdrp_xl import addresses
from cdrp_xl.addresses import (
    CELL,
    LAST_ROW,
    QUOTED_SHEET,
    ROWS,
    WHOLE_COLUMNS,
    WHOLE_ROWS,
    Rectangle,
    quoted_sheet,
    unquoted_sheet,
)

_TOKEN = re.compile(
    rf"""
    (?P<text>"(?:[^"]|"")*")
    | (?:(?P<sheet>{QUOTED_SHEET}|(?:\[[^\]]*\])?[\w.]+(?::[\w.]+)?)!)?
      (?P<cells>{CELL}(?::{CELL})?|{WHOLE_ROWS}|{WHOLE_COLUMNS})(?![\w.(!\[])
    | (?P<columns>\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
    | (?P<word>[\w.\\]+)
    | {QUOTED_SHEET}
    """,
    re.VERBOSE | re.IGNORECASE,
)


class Change(Protocol):
    """Something that moves cells of one worksheet."""

    @property
    def sheet(self) -> str:
        """The worksheet's name."""

    def rows_after(self, area: Rectangle) -> tuple[int, int]:
        """Return the first and last row of what an area holds, after the change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inserted:
    """Whole rows put in before the row `at`.

    `under` is the table, with its row of headings, that has them on top of its rows. What covers columns of it whole
    goes on doing so.
    """

    sheet: str
    at: int
    count: int
    under: Rectangle | None = None

    def rows_after(self, area: Rectangle) -> tuple[int, int]:
        """Return where the rows of an area are now; one that the new rows fall into grows."""
        first, last = (row + self.count * (row >= self.at) for row in (area.row, area.last_row))
        if self.under and _covers_whole(area, self.under):
            first = area.row
        return min(first, LAST_ROW), min(last, LAST_ROW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resized:
    """A table that has another number of rows. What covers columns of it whole goes on doing so."""

    former: Rectangle
    """The table with its row of headings."""
    rows: int

    @property
    def sheet(self) -> str:
        """The worksheet's name."""
        return self.former.sheet

    def rows_after(self, area: Rectangle) -> tuple[int, int]:
        """Return the rows that an area covers now."""
        is_whole = _covers_whole(area, self.former)
        return area.row, self.former.row + self.rows - 1 if is_whole else area.last_row


def _covers_whole(area: Rectangle, table: Rectangle) -> bool:
    """Return whether an area covers every row of columns of a table, with or without their headings."""
    return (
        area.row in {table.row, table.row + 1}
        and area.last_row == table.last_row
        and table.column <= area.column
        and area.last_column <= table.last_column
    )


def cells_at(address: str, sheet: str) -> Rectangle:
    """Return the cells of a worksheet at an address without its name, such as ``$A$5:$J$7``.

    Raises
    ------
    ValueError
        If there are no such cells.
    """
    found = addresses.parse(address)
    if found is None:
        raise ValueError(address)
    return replace(found, sheet=sheet)


def absolute(area: Rectangle) -> str:
    """Return cells as a defined name or a chart writes them: ``'Farm crime'!$A$8:$A$16``."""
    return f"{quoted_sheet(area.sheet)}!{area.reference()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """What a formula mentions: areas by their addresses, and words, which may be names, tables or functions."""

    areas: tuple[Rectangle, ...]
    words: frozenset[str]
    is_whole: bool
    """Whether that is all: no other workbook, and no span of worksheets."""


def mentioned(formula: str, *, own: str) -> Mentioned:
    """Return what a formula on a worksheet mentions; cells beyond the grid are words, since a name may read so."""
    found = list(_TOKEN.finditer(formula))
    cells = [(token["cells"], _sheet(token, own)) for token in found if token["cells"]]
    areas = [(addresses.parse(address), sheet) for address, sheet in cells]
    words = [token["word"] for token in found if token["word"]]
    beyond = [address for (address, _), (area, _) in zip(cells, areas, strict=True) if area is None]
    return Mentioned(
        areas=tuple(replace(area, sheet=sheet) for area, sheet in areas if area is not None),
        words=frozenset(word.casefold() for word in (*words, *beyond)),
        is_whole=not any(":" in sheet or "[" in sheet for _, sheet in cells),
    )


def area_of(formula: str) -> Rectangle | None:
    """Return the cells that a formula is nothing but the address of, None for any other formula."""
    return addresses.parse(formula.removeprefix("="))


def in_formula(formula: str, change: Change, *, own: str, single_cells_follow: bool = False) -> str:
    """Return a formula of a worksheet after a change.

    A reference to one cell stays one, even to the only row of a table that grows, unless `single_cells_follow`.
    """
    is_own = own.casefold() == change.sheet.casefold()
    if not is_own and change.sheet.replace("'", "''").casefold() not in formula.casefold():
        return formula

    def pointed(token: re.Match[str]) -> str:
        cells = token["cells"]
        if not cells or _sheet(token, own).casefold() != change.sheet.casefold():
            return token[0]
        return token[0].removesuffix(cells) + _moved(cells, change, single_cells_follow=single_cells_follow)

    return _TOKEN.sub(pointed, formula)


def in_list(cells: str, change: Change, *, single_cells_follow: bool) -> str:
    """Return addresses with spaces between them, all of the change's own worksheet, after it."""
    moved = (_moved(address, change, single_cells_follow=single_cells_follow) for address in cells.split())
    return " ".join(moved)


def with_heading(formula: str, table: str, former: str, heading: str) -> str:
    """Return a formula after a table's heading was rewritten, as in ``tblCadet[Apr-11 to Jun-11]``."""
    before, after = f"[{_escaped(former)}]", f"[{_escaped(heading)}]"
    parts: list[str] = []
    end, is_ours = 0, False
    for token in _TOKEN.finditer(formula):
        if token["columns"] and is_ours:
            columns = token["columns"]
            whole = after if columns == before else columns.replace(before, after)
            parts += [formula[end : token.start()], whole]
            end = token.end()
        is_ours = (token["word"] or "").casefold() == table.casefold()
    return "".join([*parts, formula[end:]])


def whole_columns(formula: str, *, own: str) -> str:
    """Return a formula that mentions the whole of every worksheet that a formula mentions a cell of."""
    sheets = {area.sheet for area in mentioned(formula, own=own).areas}
    words = mentioned(formula, own=own).words
    return "+".join([*(f"{quoted_sheet(sheet)}!A:XFD" for sheet in sorted(sheets)), *sorted(words)])


def _escaped(heading: str) -> str:
    return re.sub(r"(['\[\]#@])", r"'\1", heading)


def _sheet(token: re.Match[str], own: str) -> str:
    return unquoted_sheet(token["sheet"]) if token["sheet"] else own


def _moved(address: str, change: Change, *, single_cells_follow: bool) -> str:
    """Return one address after a change, with its dollar signs."""
    area = addresses.parse(address)
    first, colon, last = address.partition(":")
    if area is None or area.rows == ROWS:
        return address
    if isinstance(change, Resized) and not colon and not single_cells_follow:
        return address
    top, bottom = change.rows_after(replace(area, sheet=change.sheet))
    if not colon and not single_cells_follow:
        top = bottom
    if not colon and top != bottom:
        colon, last = ":", first
    return _at_row(first, top) + colon + (_at_row(last, bottom) if colon else "")


def _at_row(end: str, row: int) -> str:
    return re.sub(r"[0-9]+$", str(row + 1), end)
