"""Tables of the analyst's own: named ranges of the master, read as values, with their formats and nothing else.

No formula, link, comment or hidden row goes any further than here, and whatever a partner could not read is refused.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.addresses import cell_name, parse
from cdrp_xl.errors import ValueFoundError, name_some, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cdrp_xl.addresses import Rectangle

    Ranges = Callable[[str], "Cells | None"]
    """Gives the named range of a workbook by its name, None where there is none."""

Value = str | int | float | dt.date

MOST_ROWS, MOST_COLUMNS = 60, 10
"""What a page holds: below the headings, and beside one another."""


class Kind(StrEnum):
    """What the cells of a column are, by their number format."""

    WORDS = "words"
    WHOLE = "whole number"
    ONE_DECIMAL = "one decimal"
    TWO_DECIMALS = "two decimals"
    SHARE = "per cent"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A named range as it is in a workbook: its values, how each is formatted, and which cells nobody sees.

    `row` and `column` are those of its first cell, from 0; `hidden` are cells within it, from 0.
    """

    workbook: str
    name: str
    sheet: str
    row: int
    column: int
    values: tuple[tuple[object, ...], ...]
    formats: tuple[tuple[str, ...], ...]
    hidden: frozenset[tuple[int, int]] = frozenset()

    def place(self, row: int, column: int) -> str:
        """Return the address of a cell of the range."""
        return cell_name(self.row + row, self.column + column)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTable:
    """A table of the analyst's own: headings, what each column holds, and the rows below."""

    headings: tuple[str, ...]
    kinds: tuple[Kind, ...]
    rows: tuple[tuple[Value, ...], ...]


_PLAIN = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\\.|_.|\*.")
_KINDS = (
    (Kind.SHARE, re.compile(r"0(\.0+)?%")),
    (Kind.TWO_DECIMALS, re.compile(r"(#,##)?0\.00")),
    (Kind.ONE_DECIMAL, re.compile(r"(#,##)?0\.0")),
    (Kind.WHOLE, re.compile(r"general|(#,##)?0")),
    (Kind.DATE, re.compile(r"[dmy/\-\s.,;@]*[dy][dmy/\-\s.,;@]*")),
)


def table(found: Cells) -> OwnTable:
    """Return a named range as a table: its first row are the headings.

    Parameters
    ----------
    found
        The range as it is in the workbook.

    Raises
    ------
    ValueFoundError
        If a cell is hidden, empty, in error, or in a format that no copy has; the first are named.
    """
    columns = len(found.values[0])
    if faults := list(_faults(found)):
        what, remedy = faults[0][1:]
        same = [place for place, said, _ in faults if said == what]
        rest = len(faults) - len(same)
        more = f" {rest:,} more {'cell' if rest == 1 else 'cells'} can't be published." if rest else ""
        raise ValueFoundError(
            f"The range {quoted(found.name)} {what}: {name_some(same)}.{more}", where=_where(found), remedy=remedy
        )
    headings = tuple(" ".join(str(value).split()) for value in found.values[0])
    kinds = tuple(next(iter(_kinds_in(found, column)), Kind.WORDS) for column in range(columns))
    return OwnTable(
        headings=headings,
        kinds=kinds,
        rows=tuple(tuple(map(_plain, row, kinds)) for row in found.values[1:]),
    )


def check_size(name: str, place: Rectangle, workbook: str) -> None:
    """Refuse a range that no page holds, before its cells are read.

    Parameters
    ----------
    name, place
        The range.
    workbook
        The workbook, as the analyst knows it.

    Raises
    ------
    ValueFoundError
        If it has no row below the headings, or too many rows or columns.
    """
    if not (1 < place.rows <= MOST_ROWS + 1 and place.columns <= MOST_COLUMNS):
        rows, columns = (
            f"{count:,} {noun}{'' if count == 1 else 's'}"
            for count, noun in ((place.rows, "row"), (place.columns, "column"))
        )
        raise ValueFoundError(
            f"The range {quoted(name)} has {rows} and {columns}.",
            where=f"{workbook}, worksheet {quoted(place.sheet)}, cells {place.address}",
            remedy=f"Give it a row of headings, and 1 to {MOST_ROWS} rows and 1 to {MOST_COLUMNS} columns of figures.",
        )


def read(master: Path) -> Ranges:
    """Return what gives the named ranges of a saved master; it is opened when one is asked for.

    Parameters
    ----------
    master
        The master workbook.
    """
    return functools.partial(_saved, master)


def _saved(master: Path, name: str) -> Cells | None:
    """Return a named range of a saved workbook, None without one; a formula has the result that was saved with it."""
    if not master.is_file():
        return None
    import io

    import openpyxl
    from openpyxl.utils import get_column_letter

    with damage.reported(master, damage.damaged(master)):
        book = openpyxl.load_workbook(io.BytesIO(damage.read_file(master)), data_only=True, keep_links=False)
        known = {key.casefold(): each for key, each in book.defined_names.items()}
        place = parse(str(known[name.casefold()].attr_text)) if name.casefold() in known else None
        if place is None or place.sheet not in book.sheetnames:
            return None
        check_size(name, place, master.name)
        sheet = book[place.sheet]
        left, top, right, bottom = place.column + 1, place.row + 1, place.last_column + 1, place.last_row + 1
        cells = [[sheet.cell(row, column) for column in range(left, right + 1)] for row in range(top, bottom + 1)]
    off = {
        (row, column)
        for row in range(bottom - top + 1)
        for column in range(right - left + 1)
        if sheet.row_dimensions[top + row].hidden or sheet.column_dimensions[get_column_letter(left + column)].hidden
    }
    return Cells(
        workbook=master.name,
        name=name,
        sheet=sheet.title,
        row=top - 1,
        column=left - 1,
        values=tuple(tuple(cell.value for cell in row) for row in cells),
        formats=tuple(tuple(str(cell.number_format) for cell in row) for row in cells),
        hidden=frozenset(off),
    )


def _faults(found: Cells) -> Iterator[tuple[str, str, str]]:
    """Yield each cell that no partner could be given, with what is wrong with it and what to do."""
    headings = [" ".join(str(value or "").split()).casefold() for value in found.values[0]]
    for row, values in enumerate(found.values):
        for column, value in enumerate(values):
            if said := _fault(found, row, column, value):
                yield found.place(row, column), *said
            elif row == 0 and headings.index(headings[column]) != column:
                yield found.place(row, column), "has one heading twice", "Give every column a heading of its own."
    for column in range(len(headings)):
        if len(_kinds_in(found, column)) > 1:
            one_format = "Give all figures of a column one number format."
            yield found.place(0, column), "has figures in several formats under one heading", one_format


def _fault(found: Cells, row: int, column: int, value: object) -> tuple[str, str] | None:
    if (row, column) in found.hidden:
        return "has hidden cells", "Show its rows and columns, or leave them out of the range."
    if value is None or not str(value).strip():
        calculated = "If it is a formula, open the master, calculate and save it"
        return "has empty cells", f"Write [x] for not available, [z] for not applicable or 0. {calculated}."
    if isinstance(value, str) and value.startswith("#") and value.rstrip("!?").isupper():
        return "has formulas that failed", "Correct the formulas."
    if row and not isinstance(value, str) and _kind(value, found.formats[row][column]) is None:
        return (
            f"has a number format that a copy does not have, {quoted(found.formats[row][column])}",
            "Format them as whole numbers, with one or two decimals, as percentages or as dates; or write words.",
        )
    if isinstance(value, float) and not value.is_integer() and _is_whole(found.formats[row][column]):
        return "has figures that its number format rounds to whole ones", "Round them, or show their decimals."
    return None


def _is_whole(number_format: str) -> bool:
    return number_format.lower() != "general" and _kind(0, number_format) is Kind.WHOLE


def _kinds_in(found: Cells, column: int) -> list[Kind]:
    """Return what the figures of a column are, each once."""
    cells = zip(found.values[1:], found.formats[1:], strict=True)
    kinds = (_kind(row[column], formats[column]) for row, formats in cells if not isinstance(row[column], str))
    return [*dict.fromkeys(kind for kind in kinds if kind)]


def _kind(value: object, number_format: str) -> Kind | None:
    """Return what a figure is by its format, None where no copy has that."""
    if isinstance(value, bool) or not isinstance(value, int | float | dt.date):
        return None
    if isinstance(value, dt.date):
        return Kind.DATE
    positive = _PLAIN.sub("", number_format.split(";", maxsplit=1)[0]).strip().lower()
    kind = next((kind for kind, pattern in _KINDS if pattern.fullmatch(positive)), None)
    is_plain = number_format.lower() == "general"
    return Kind.TWO_DECIMALS if is_plain and value != round(value) else kind


def _plain(value: object, kind: Kind) -> Value:
    """Return a value as a cell of the copy has it."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, float) and kind is Kind.WHOLE and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float | dt.date) else " ".join(str(value).split())


def _where(found: Cells) -> str:
    last = found.place(len(found.values) - 1, len(found.values[0]) - 1)
    return f"{found.workbook}, worksheet {quoted(found.sheet)}, cells {found.place(0, 0)}:{last}"
