"""Reading what an Excel binary workbook (.xlsb) says in its records: worksheets, hidden rows and columns, formulas."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from cdrp_xl.addresses import cell_name, column_letters
from cdrp_xl.packages import binary_records, binary_sheets, binary_text
from cdrp_xl.publication.book import Cell, Form, Name, Sheet
from cdrp_xl.publication.open_xml_sheets import note_row

if TYPE_CHECKING:
    from cdrp_xl.packages import BinaryRecord
    from cdrp_xl.publication.book import Book

_ROW, _NUMBERS, _TEXTS, _SHARED_TEXT = 0, {2: "<I", 5: "<d"}, {6, 8}, 7
_CELLS, _FORMULAS = range(1, 12), range(8, 12)
_ITEM, _NAME, _COLUMN, _MERGED = 19, 39, 60, 176
_STATES = ("visible", "hidden", "veryHidden")
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x10, 0x01
_KINDS_OF_SHEET = {"macro sheet": "macro sheet", "dialog sheet": "dialog sheet"}


def read(book: Book) -> None:
    """Fill a book whose parts and relationships are read with its worksheets, names and texts."""
    book.form = Form.BINARY
    book.attempt(book.workbook_part, _read_workbook, book)
    texts: list[str] = []
    for part in book.parts.values():
        if part.kind == "shared strings":
            found = (
                binary_text(record.content, 1)
                for record in binary_records(book.package.read(part.name))
                if record.kind == _ITEM
            )
            texts = book.attempt(part.name, list, found) or []
    for sheet in book.sheets:
        book.attempt(sheet.part, _read_sheet, book, sheet, texts)


def _read_workbook(book: Book) -> None:
    targets = {line.id: line.target for line in book.relationships if line.source == book.workbook_part}
    records = list(binary_records(book.package.read(book.workbook_part)))
    for sheet in binary_sheets(records):
        part = targets.get(sheet.relation_id, "")
        kind = book.parts[part].kind if part in book.parts else ""
        book.sheets.append(
            Sheet(
                name=sheet.name,
                part=part,
                state=_STATES[min(sheet.state, 2)],
                kind=_KINDS_OF_SHEET.get(kind, "worksheet"),
            )
        )
    for record in records:
        if record.kind == _NAME:
            flags, _, number = struct.unpack_from("<IBI", record.content)
            own = book.sheets[number].name if number < len(book.sheets) else ""
            name = binary_text(record.content, 9)
            is_built_in = bool(flags & 0x20)
            book.names.append(
                Name(
                    name=f"_xlnm.{name.removeprefix('_xlnm.')}" if is_built_in else name,
                    refers_to="",
                    sheet=own,
                    is_hidden=bool(flags & 1),
                )
            )


def _read_sheet(book: Book, sheet: Sheet, texts: list[str]) -> None:
    row = 0
    for record in binary_records(book.package.read(sheet.part)):
        if record.kind == _ROW:
            row = _read_row(sheet, record)
        elif record.kind in _CELLS:
            _read_cell(sheet, record, row, texts)
        elif record.kind == _COLUMN:
            _read_columns(sheet, record)


def _read_row(sheet: Sheet, record: BinaryRecord) -> int:
    row = int(struct.unpack_from("<I", record.content)[0])
    height, flags = struct.unpack_from("<HxB", record.content, 8)
    if flags & _ROW_HIDDEN:
        sheet.hidden_rows.add(str(row + 1))
    elif height == 0:
        sheet.flat_rows.add(str(row + 1))
    return row


def _read_columns(sheet: Sheet, record: BinaryRecord) -> None:
    first, last, width, _, flags = struct.unpack_from("<IIIIH", record.content)
    letters = f"{column_letters(first)}:{column_letters(last)}"
    if flags & _COLUMN_HIDDEN:
        sheet.hidden_columns.add(letters)
    elif width == 0:
        sheet.flat_columns.add(letters)


def _read_cell(sheet: Sheet, record: BinaryRecord, row: int, texts: list[str]) -> None:
    column = struct.unpack_from("<I", record.content)[0]
    if record.kind in _FORMULAS:
        sheet.formulas.add(cell_name(row, column))
    if record.kind == 1:
        return
    sheet.cell_count += 1
    note_row(sheet, row)
    sheet.columns_used.setdefault(column, cell_name(row, column))
    text = ""
    if record.kind == _SHARED_TEXT:
        number = struct.unpack_from("<I", record.content, 8)[0]
        text = texts[number] if number < len(texts) else ""
    elif record.kind in _TEXTS:
        text = binary_text(record.content, 8)
    elif record.kind in _NUMBERS:
        text = str(struct.unpack_from(_NUMBERS[record.kind], record.content, 8)[0])
    if text:
        sheet.cells[row, column] = Cell(text, record.kind in _NUMBERS, "")
