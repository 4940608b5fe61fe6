"""Cells that lie far from all others of their worksheet, which would make a grid of millions of blank cells.

fastexcel gives the rectangle that holds every cell: one stray cell in XFD1 makes it 16,384 columns wide. Such a cell
is in nobody's column and is left out; one far below the others would be a row, and is named instead.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.addresses import cell_name, column_number
from cdrp_xl.errors import FileError, place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from lxml.etree import _Element

    from cdrp_xl.packages import Package

FAR_ROWS, FAR_COLUMNS = 10_000, 500
"""So many blank rows or columns between cells make the further ones far."""

SAVE_AGAIN = "Open it in Excel and save it again as an Excel workbook (.xlsx), or ask for it again."

_ZIP = b"PK\x03\x04"
_ROWS_NOT_LOOKED_AT, _COLUMNS_NOT_LOOKED_AT = 99_999, 25
_BEYOND = re.compile(rb' r="(?=[A-Z]{2}|[A-Z]?[0-9]{6})([A-Z]*)([0-9]+)"')
"""References of columns behind Z, and of rows from 100,000 on: others of most worksheets need no look."""

_CELL = re.compile(rb"<((?:\w+:)?c)\s[^>]*?(?:/>|></\1>|>(?P<held>.*?)</\1>)", re.DOTALL)
_TWO_VALUES = tuple(re.compile(rb"%s>\s*<(?:\w+:)?%s[ />]" % (tag, tag)) for tag in (b"is", b"v"))
_CHUNK_BYTES = 1 << 20
_LARGEST_TRIMMED = 256 << 20
"""Bytes of a worksheet's XML from which a cell is taken; others are read piece by piece."""

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_ROW_OF_BINARY, _CELLS_OF_BINARY = 0, range(2, 12)


class _Reach:
    """How far the cells of one worksheet reach that hold something; they come row by row."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last_row: int | None = None
        self._columns: set[int] = set()

    def add(self, row: int, first: int, last: int) -> None:
        """Note cells beside one another, from a first column to a last; refuse what lies far below the others."""
        if (self._last_row is not None and row - self._last_row > FAR_ROWS) or last - first > FAR_COLUMNS:
            raise _far_cell_error(row, last, self._path)
        self._last_row = max(row, self._last_row or 0)
        self._columns.update(range(first, last + 1))

    def end(self) -> None:
        """Refuse cells that lie far to the right of the others."""
        if far := _first_far(self._columns, FAR_COLUMNS):
            raise _far_cell_error(0, far, self._path)


def left_out(path: Path, sheet: str) -> Path | bytes:
    """Return a workbook for fastexcel to read: the file itself, or what it holds less the cells far to the right.

    Parameters
    ----------
    path
        The file; what is not a workbook is left to fastexcel to refuse.
    sheet
        The worksheet that will be read; empty for the first.

    Raises
    ------
    FileError
        If the file is damaged, or a cell lies far from all others and can't be left out.
    """
    from cdrp_xl import packages

    content = damage.read_file(path)
    if not content.startswith(_ZIP):
        return path
    limits = packages.Limits(whole_part_bytes=_LARGEST_TRIMMED)
    package = packages.open_package(content, path.name, limits=limits, remedy=SAVE_AGAIN)
    if package.named("content.xml"):
        return _checked_open_document(package, path)
    book = package.workbook()
    if book.casefold().endswith(".bin"):
        for part in package.related(book, "worksheet"):
            check(_spans_of_binary(package, part), path)
        return path
    return _checked_office_open(package, book, path, sheet)


def _checked_office_open(package: Package, book: str, path: Path, sheet: str) -> Path | bytes:
    """Return the file, or its bytes without cells far to the right, once no cell lies far below the others."""
    from cdrp_xl import packages

    listed = packages.sheets_in(package.parse(book), package.relations(book))
    wanted = [(line.target, each.get("name", "")) for each, line in listed if line and sheet in {"", each.get("name")}]
    if not wanted or not package.named(wanted[0][0]):
        return path
    part, name = wanted[0]
    if not _may_be_far(package, part):
        return path
    text = package.read(part)
    held = list(_held_beyond(package, part, text))
    far = _first_far({_COLUMNS_NOT_LOOKED_AT, *(column for column, _, _ in held)}, FAR_COLUMNS)
    below = [(row, column) for column, row, _ in held if far is None or column < far]
    if low := _first_far({_ROWS_NOT_LOOKED_AT, *(row for row, _ in below)}, FAR_ROWS):
        raise _far_cell_error(low, next(column for row, column in below if row == low), path, name)
    if far is None:
        return path
    parts = packages.Parts(package.content, name=path.name)
    parts.replace(part, _without(text, [cell for column, _, cell in held if column >= far]))
    return parts.content()


def _held_beyond(package: Package, part: str, text: bytes) -> Iterator[tuple[int, int, re.Match[bytes]]]:
    """Yield the column, the row and the XML of the further cells of a worksheet that hold something."""
    for found in _BEYOND.finditer(text):
        if found[1]:
            cell = _CELL.match(text, text.rfind(b"<", 0, found.start()))
            if cell is None:
                raise package.refused("is damaged", part)
            if cell["held"]:
                yield column_number(found[1].decode()), int(found[2]) - 1, cell


def _may_be_far(package: Package, part: str) -> bool:
    """Return whether any reference of a worksheet reaches far, which is quick to see; a cell may hold one value."""
    columns, last_row = set[bytes](), _ROWS_NOT_LOOKED_AT
    stream, rest = package.stream(part), b""
    while piece := stream.read(_CHUNK_BYTES):
        text = rest + piece
        if any(two.search(text) for two in _TWO_VALUES):
            raise package.refused("has a cell with two values", part)
        for column, row in _BEYOND.findall(text):
            columns.add(column)
            if int(row) > last_row + FAR_ROWS:
                return True
            last_row = max(int(row), last_row)
        rest = text[max(text.rfind(b"<c "), text.rfind(b"<row "), len(text) - 1000) :]
    return max((column_number(column.decode()) for column in columns - {b""}), default=0) > FAR_COLUMNS


def _first_far(used: set[int], blank: int) -> int | None:
    """Return the first row or column before which there are more blank ones than that many."""
    return next((after for before, after in itertools.pairwise(sorted(used)) if after - before > blank), None)


def _without(text: bytes, cells: Iterable[re.Match[bytes]]) -> bytes:
    """Return a worksheet's XML without some of its cells."""
    pieces, at = [], 0
    for cell in cells:
        pieces.append(text[at : cell.start()])
        at = cell.end()
    return b"".join([*pieces, text[at:]])


def _checked_open_document(package: Package, path: Path) -> Path:
    """Return the file, once no cell of any worksheet lies far from the others."""
    from cdrp_xl.packages import Walk

    reach, row = _Reach(path), 0
    for _, element in Walk(package, "content.xml", tags=(f"{_TABLE}table-row", f"{_TABLE}table")):
        if element.tag == f"{_TABLE}table":
            reach.end()
            reach, row = _Reach(path), 0
            continue
        repeated = _times(element, "rows")
        for first, last in _filled_in_row(element):
            reach.add(row, first, last)
            reach.add(row + repeated - 1, first, last)
        row += repeated
    return path


def _filled_in_row(element: _Element) -> Iterator[tuple[int, int]]:
    column = 0
    for cell in element:
        if cell.tag in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            repeated = _times(cell, "columns")
            if len(cell) or cell.get(_OFFICE_TYPE):
                yield column, column + repeated - 1
            column += repeated


def _times(element: _Element, way: str) -> int:
    said = element.get(f"{_TABLE}number-{way}-repeated", "1")
    return max(1, int(said)) if said.isdecimal() else 1


def check(spans: Iterable[tuple[int, int, int]], path: Path) -> None:
    """Refuse a worksheet, given as rows with their first and last column that hold something, with far cells."""
    reach = _Reach(path)
    for span in spans:
        reach.add(*span)
    reach.end()


def _spans_of_binary(package: Package, part: str) -> Iterator[tuple[int, int, int]]:
    from cdrp_xl.packages import binary_records

    row = 0
    for record in binary_records(package.read(part)):
        if record.kind == _ROW_OF_BINARY:
            row = int.from_bytes(record.content[:4], "little")
        elif record.kind in _CELLS_OF_BINARY:
            column = int.from_bytes(record.content[:4], "little")
            yield row, column, column


def _far_cell_error(row: int, column: int, path: Path, sheet: str = "") -> FileError:
    """Return the error that names a cell far from all others."""
    where = cell_name(row, column)
    return FileError(
        f"Something is written far from all other cells, in or near {where}.",
        where=f"{place(path, sheet=sheet)}, cell {where}",
        remedy="Delete that row or column, and save the file; or move what belongs to the table up to it.",
    )
