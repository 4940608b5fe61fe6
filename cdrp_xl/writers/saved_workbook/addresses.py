"""Addresses of cells as a workbook's file writes them, and where they point once rows were inserted or a table resized.

Rows and columns count from 0, as in the layout.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Protocol

from cdrp_xl.sheets import cell_name as cell

LAST_ROW, LAST_COLUMN = 1_048_575, 16_383
_REMEMBERED = 8192

_CELL = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}"
_ROWS, _COLUMNS = r"\$?[0-9]{1,7}:\$?[0-9]{1,7}", r"\$?[A-Z]{1,3}:\$?[A-Z]{1,3}"
_TOKEN = re.compile(
    rf"""
    (?P<text>"(?:[^"]|"")*")
    | (?:(?P<sheet>'(?:[^']|'')+'|(?:\[[^\]]*\])?[\w.]+(?::[\w.]+)?)!)?
      (?P<cells>{_CELL}(?::{_CELL})?|{_ROWS}|{_COLUMNS})(?![\w.(!\[])
    | (?P<columns>\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
    | (?P<word>[\w.\\]+)
    | '(?:[^']|'')+'
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PARTS = re.compile(r"(\$?)([A-Z]*)(\$?)([0-9]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle of cells on one worksheet, named as the workbook names it now."""

    sheet: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def last_row(self) -> int:
        """The last of its rows."""
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        """The last of its columns."""
        return self.column + self.columns - 1

    @property
    def address(self) -> str:
        """The rectangle as a person reads it: ``A5`` or ``A5:J7``."""
        first, last = cell(self.row, self.column), cell(self.last_row, self.last_column)
        return first if first == last else f"{first}:{last}"

    def meets(self, other: Area) -> bool:
        """Return whether a cell lies in both."""
        return (
            self.sheet == other.sheet
            and self.row <= other.last_row
            and other.row <= self.last_row
            and self.column <= other.last_column
            and other.column <= self.last_column
        )


class Change(Protocol):
    """Something that moves cells of one worksheet."""

    @property
    def sheet(self) -> str:
        """The worksheet's name."""

    def rows_after(self, area: Area) -> tuple[int, int]:
        """Return the first and last row of what an area holds, after the change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inserted:
    """Whole rows put in before the row `at`."""

    sheet: str
    at: int
    count: int

    def rows_after(self, area: Area) -> tuple[int, int]:
        """Return where the rows of an area stand now; one that the new rows fall into grows."""
        first, last = (row + self.count * (row >= self.at) for row in (area.row, area.last_row))
        return min(first, LAST_ROW), min(last, LAST_ROW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resized:
    """A table that has another number of rows. What covers columns of it whole goes on doing so."""

    former: Area
    """The table with its row of headings."""
    rows: int

    @property
    def sheet(self) -> str:
        """The worksheet's name."""
        return self.former.sheet

    def rows_after(self, area: Area) -> tuple[int, int]:
        """Return the rows that an area covers now."""
        table = self.former
        is_whole = (
            area.row in {table.row, table.row + 1}
            and area.last_row == table.last_row
            and table.column <= area.column
            and area.last_column <= table.last_column
        )
        return area.row, table.row + self.rows - 1 if is_whole else area.last_row


@functools.lru_cache(maxsize=_REMEMBERED)
def parse(address: str, sheet: str) -> Area:
    """Return the area of an address without a worksheet's name, such as ``A5``, ``$A$5:$J$7``, ``5:7`` or ``A:J``."""
    first, _, last = address.partition(":")
    top, left = _row_and_column(first)
    bottom, right = _row_and_column(last or first)
    row, column = top or 0, left or 0
    return Area(
        sheet=sheet,
        row=row,
        column=column,
        rows=(LAST_ROW if bottom is None else bottom) - row + 1,
        columns=(LAST_COLUMN if right is None else right) - column + 1,
    )


def absolute(area: Area) -> str:
    """Return an area as a defined name or a chart writes it: ``'Farm crime'!$A$8:$A$16``."""
    first, _, last = area.address.partition(":")
    ends = (re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", end) for end in (first, last) if end)
    return f"{quoted_sheet(area.sheet)}!{':'.join(ends)}"


def quoted_sheet(name: str) -> str:
    """Return a worksheet's name as a formula writes it."""
    doubled = name.replace("'", "''")
    return f"'{doubled}'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """What a formula mentions: areas by their addresses, and words, which may be names, tables or functions."""

    areas: tuple[Area, ...]
    words: frozenset[str]
    is_whole: bool
    """Whether that is all: no other workbook, and no span of worksheets."""


def mentioned(formula: str, *, own: str) -> Mentioned:
    """Return what a formula on a worksheet mentions."""
    found = list(_TOKEN.finditer(formula))
    sheets = [_sheet(token, own) for token in found if token["cells"]]
    areas = (parse(token["cells"], _sheet(token, own)) for token in found if token["cells"])
    return Mentioned(
        areas=tuple(areas),
        words=frozenset(token["word"].casefold() for token in found if token["word"]),
        is_whole=not any(":" in sheet or "[" in sheet for sheet in sheets),
    )


@functools.lru_cache(maxsize=_REMEMBERED)
def area_of(formula: str, *, own: str = "") -> Area | None:
    """Return the area that a formula is nothing but the address of, None for any other formula."""
    token = _TOKEN.fullmatch(formula.removeprefix("="))
    if token is None or not token["cells"]:
        return None
    return parse(token["cells"], _sheet(token, own))


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


def in_list(addresses: str, change: Change, *, single_cells_follow: bool) -> str:
    """Return addresses with spaces between them, all of the change's own worksheet, after it."""
    moved = (_moved(address, change, single_cells_follow=single_cells_follow) for address in addresses.split())
    return " ".join(moved)


def with_heading(formula: str, table: str, former: str, heading: str) -> str:
    """Return a formula after a table's heading was written anew, as in ``tblCadet[Apr-11 to Jun-11]``."""
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


def around(one: Area, other: Area) -> Area:
    """Return the smallest area that holds two areas of one worksheet."""
    row, column = min(one.row, other.row), min(one.column, other.column)
    rows, columns = max(one.last_row, other.last_row) - row + 1, max(one.last_column, other.last_column) - column + 1
    return Area(sheet=one.sheet, row=row, column=column, rows=rows, columns=columns)


def whole_columns(formula: str, *, own: str) -> str:
    """Return a formula that mentions the whole of every worksheet that a formula mentions a cell of."""
    sheets = {area.sheet for area in mentioned(formula, own=own).areas}
    words = mentioned(formula, own=own).words
    return "+".join([*(f"{quoted_sheet(sheet)}!A:XFD" for sheet in sorted(sheets)), *sorted(words)])


def _escaped(heading: str) -> str:
    return re.sub(r"(['\[\]#@])", r"'\1", heading)


def _sheet(token: re.Match[str], own: str) -> str:
    sheet = token["sheet"]
    if not sheet:
        return own
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet


def _moved(address: str, change: Change, *, single_cells_follow: bool) -> str:
    """Return one address after a change, with its dollar signs."""
    area = parse(address, change.sheet)
    first, colon, last = address.partition(":")
    if _row_and_column(first)[0] is None:
        return address
    if isinstance(change, Resized) and not colon and not single_cells_follow:
        return address
    top, bottom = change.rows_after(area)
    if not colon and top != bottom:
        colon, last = ":", first
    return _at_row(first, top) + colon + (_at_row(last, bottom) if colon else "")


def _at_row(end: str, row: int) -> str:
    return re.sub(r"[0-9]+$", str(row + 1), end)


def column_of(address: str) -> int:
    """Return the column of one cell."""
    return _column(address.rstrip("0123456789"))


@functools.lru_cache(maxsize=LAST_COLUMN)
def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = 26 * column + ord(letter) - 64
    return column - 1


def _row_and_column(end: str) -> tuple[int | None, int | None]:
    parts = _PARTS.fullmatch(end)
    if parts is None:
        raise ValueError(end)
    return (int(parts[4]) - 1 if parts[4] else None), (_column(parts[2]) if parts[2] else None)
