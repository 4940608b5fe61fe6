"""What a workbook says beside its cells: rows that are hidden, by hand or by a filter, and from when days are counted.

Readers of cells give hidden rows like all others. They are counted; an analyst has to know of them, since whoever hid
them may not have meant them to be.
"""

from __future__ import annotations

import io
import re
import struct
from typing import TYPE_CHECKING

from cdrp_xl import damage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cdrp_xl.packages import Package

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_IS_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_NUMBER = re.compile(rb"\br=[\"'](\d+)[\"']")
_IS_FROM_1904 = re.compile(rb"\bdate1904=[\"'](?:1|true)[\"']")
_CHUNK_BYTES = 1 << 20

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"

_DATE_MODE, _BEGIN, _ROW_RECORD = 0x0022, 0x0809, 0x0208
_IS_ROW_HIDDEN = 0x20

_BINARY = "xl/workbook.bin"
_OF_BINARY_BOOK, _BINARY_ROW = 153, 0
_IS_BINARY_ROW_HIDDEN = 0x10


def counted(path: Path, heading_rows: Mapping[str, int]) -> dict[str, int]:
    """Return how many rows of each worksheet are hidden below its headings; worksheets without such are not named.

    Parameters
    ----------
    path
        The workbook.
    heading_rows
        The worksheets that are read, with the row of their headings, from 1.

    Raises
    ------
    FileError
        If the workbook is damaged.
    """
    found = {
        name: sum(row > heading_rows[name] for row in rows) for name, rows in _hidden(path) if name in heading_rows
    }
    return {name: rows for name, rows in found.items() if rows}


def is_from_1904(path: Path) -> bool:
    """Return whether a workbook counts days from 1904, as those of old Macs do."""
    from cdrp_xl import packages

    if package := _package(path):
        if part := package.named(_BINARY):
            with damage.reported(path):
                records = packages.binary_records(package.read(part))
                return any(kind == _OF_BINARY_BOOK and content[0] & 1 for kind, content in records)
        part = package.named("xl/workbook.xml")
        return bool(part and _IS_FROM_1904.search(package.read(part)))
    return any(kind == _DATE_MODE and content[:1] == b"\1" for kind, content in _records(path))


def _hidden(path: Path) -> Iterator[tuple[str, list[int]]]:
    """Yield each worksheet with the numbers of its hidden rows, from 1."""
    package = _package(path)
    if package is None:
        yield from _hidden_in_old_excel(path)
    elif package.named("content.xml"):
        yield from _hidden_in_open_document(package)
    elif package.named("xl/workbook.xml"):
        yield from _hidden_in_office_open(package)
    elif package.named(_BINARY):
        with damage.reported(path):
            yield from _hidden_in_binary(package)


def _package(path: Path) -> Package | None:
    """Return the package that a workbook is, None for an older .xls."""
    from cdrp_xl import packages
    from cdrp_xl.sources.far_cells import SAVE_AGAIN

    content = damage.read_file(path)
    return (
        None
        if content.startswith(packages.COMPOUND_FILE)
        else packages.open_package(content, path.name, remedy=SAVE_AGAIN)
    )


def _hidden_in_office_open(package: Package) -> Iterator[tuple[str, list[int]]]:
    from cdrp_xl import packages

    book = package.workbook()
    for sheet, relation in packages.sheets_in(package.parse(book), package.relations(book)):
        if relation and package.named(relation.target):
            yield sheet.get("name", ""), list(_hidden_in(package, relation.target))


def _hidden_in(package: Package, part: str) -> Iterator[int]:
    stream, rest, row = package.stream(part), b"", 0
    while piece := stream.read(_CHUNK_BYTES):
        text = rest + piece
        end = text.rfind(b"<")
        for said in _ROW.findall(text[:end]):
            number = _NUMBER.search(said)
            row = int(number[1]) if number else row + 1
            if _IS_HIDDEN.search(said):
                yield row
        rest = text[end:]


def _hidden_in_binary(package: Package) -> Iterator[tuple[str, list[int]]]:
    from cdrp_xl import packages

    parts = {relation.id: relation.target for relation in package.relations(_BINARY)}
    for sheet in packages.binary_sheets(packages.binary_records(package.read(_BINARY))):
        if part := package.named(parts.get(sheet.relation_id, "")):
            rows = (content for kind, content in packages.binary_records(package.read(part)) if kind == _BINARY_ROW)
            yield sheet.name, [struct.unpack_from("<I", row)[0] + 1 for row in rows if row[11] & _IS_BINARY_ROW_HIDDEN]


def _hidden_in_open_document(package: Package) -> Iterator[tuple[str, list[int]]]:
    from cdrp_xl.packages import Walk

    rows: list[int] = []
    row = 0
    for _, element in Walk(package, "content.xml", tags=(f"{_TABLE}table-row", f"{_TABLE}table")):
        if element.tag == f"{_TABLE}table":
            yield element.get(f"{_TABLE}name", ""), rows
            rows, row = [], 0
            continue
        repeated = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
        if element.get(f"{_TABLE}visibility") in {"collapse", "filter"} and any(len(cell) for cell in element):
            rows += range(row + 1, row + repeated + 1)
        row += repeated


def _hidden_in_old_excel(path: Path) -> Iterator[tuple[str, list[int]]]:
    from cdrp_xl.sources import worksheets

    sheets: list[list[int]] = []
    for kind, content in _records(path):
        if kind == _BEGIN:
            sheets.append([])
        elif kind == _ROW_RECORD and sheets and content[12] & _IS_ROW_HIDDEN:
            sheets[-1].append(int(struct.unpack_from("<H", content)[0]) + 1)
    yield from zip(worksheets.names(path), sheets[1:], strict=False)  # the first are the workbook's own records


def _records(path: Path) -> Iterator[tuple[int, bytes]]:
    import olefile

    with damage.reported(path), olefile.OleFileIO(io.BytesIO(path.read_bytes())) as container:
        name = next((each for each in ("Workbook", "Book") if container.exists(each)), "")
        stream: bytes = container.openstream(name).read() if name else b""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
