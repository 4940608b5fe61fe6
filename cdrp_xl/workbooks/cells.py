"""One cell of a workbook as a person names it: what it holds, and in which table, row and column it is."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.errors import FileError, ValueFoundError, name_some, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_CELL = re.compile(r"(?P<sheet>'(?:[^']|'')+'|[^!]+)!\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>[1-9]\d{0,6})")
_NOTE = re.compile(r" \[note \d+\]")
"""What is behind the name of a row that cites a note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCell:
    """A cell, what it holds, and the table that it is in, empty where it is in none.

    Attributes
    ----------
    label, same_before
        What the first cell of its row in the table says, and how many rows above begin alike.
    heading
        What is over it in the table.
    sentence
        The whole sentences that it has a part of, where it is words.
    """

    sheet: str
    address: str
    value: object
    table: str
    label: str
    same_before: int
    heading: str
    sentence: str


def is_address(text: str) -> bool:
    """Return whether a text names a cell: ``CADET highlights!D12``."""
    return _CELL.fullmatch(text.strip()) is not None


def find(file: Path, text: str) -> FoundCell:
    """Return the cell of a workbook that a text names.

    Parameters
    ----------
    file
        The workbook.
    text
        Worksheet and cell, such as ``CADET highlights!D12``.

    Raises
    ------
    FileError
        If there is no such workbook, or it is damaged.
    ValueFoundError
        If it has no such worksheet, or nothing is in the cell.
    """
    named = _CELL.fullmatch(text.strip())
    assert named is not None  # noqa: S101 - `is_address` said so
    name = named["sheet"].strip().removeprefix("'").removesuffix("'").replace("''", "'")
    book = opened(file)
    known = {sheet.casefold(): sheet for sheet in book.sheetnames}
    if name.casefold() not in known:
        raise ValueFoundError(
            f"There is no worksheet {quoted(name)}.",
            where=file.name,
            remedy=f"Name one of {name_some([quoted(each) for each in book.sheetnames], named=40)}.",
        )
    sheet = book[known[name.casefold()]]
    address = f"{named['column'].upper()}{named['row']}"
    cell = sheet[address]
    if cell.value is None:
        raise ValueFoundError(
            f"{address} is empty.", where=f"{file.name}, worksheet {quoted(sheet.title)}", remedy="Name another cell."
        )
    table, label, same_before, heading = _in_table(sheet, cell)
    return FoundCell(
        sheet=sheet.title,
        address=address,
        value=cell.value,
        table=table,
        label=label,
        same_before=same_before,
        heading=heading,
        sentence=str(cell.value) if table else _sentence(sheet, cell),
    )


def opened(file: Path) -> Workbook:
    """Return a workbook to look cells up in; what the reading library leaves out, such as a sparkline, is not there.

    Raises
    ------
    FileError
        If there is no such workbook, or it is damaged.
    """
    import openpyxl

    content = damage.read_file(file)
    # The library prints of damage what it raises as well; where JSON is printed, nothing else may be.
    unread = contextlib.redirect_stdout(io.StringIO())
    with damage.reported(file, lambda _: _damaged(file)), warnings.catch_warnings(), unread:
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content), data_only=True)


def _in_table(sheet: Worksheet, cell: Cell) -> tuple[str, str, int, str]:
    """Return the table that a cell is in, what its row begins with, how many above begin so, and what is over it."""
    from openpyxl.utils import range_boundaries

    for table in sheet.tables.values():
        left, top, right, bottom = range_boundaries(table.ref)
        if left <= cell.column <= right and top < cell.row <= bottom:
            labels = [_NOTE.sub("", str(sheet.cell(row, left).value)) for row in range(top + 1, cell.row + 1)]
            heading = str(sheet.cell(top, cell.column).value)
            return table.name, labels[-1], labels[:-1].count(labels[-1]), heading
    return "", "", 0, ""


def _sentence(sheet: Worksheet, cell: Cell) -> str:
    """Return the sentences of a cell whole: what goes on in the rows above and below belongs to them."""
    lines = [str(cell.value)]
    row = cell.row - 1
    while row and (above := sheet.cell(row, cell.column).value) and not str(above).rstrip().endswith((".", ":")):
        lines.insert(0, str(above))
        row -= 1
    row = cell.row + 1
    while not lines[-1].rstrip().endswith(".") and (below := sheet.cell(row, cell.column).value):
        lines.append(str(below))
        row += 1
    return " ".join(lines)


def _damaged(file: Path) -> FileError:
    return FileError(
        f"{file.name} is not an Excel workbook, or it is damaged.",
        where=str(file),
        remedy="Name a master or a published copy.",
    )
