"""The cells of a workbook of Excel 97-2003 (.xls); locked workbooks of today come in the same container."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

import olefile

from cdrp_xl.addresses import Rectangle
from cdrp_xl.sources.spreadsheets.cells import (
    DATE_FORMATS,
    MOST_CELLS,
    MOST_SHEETS,
    PERCENT_FORMATS,
    Cell,
    Reading,
    SheetCells,
    Spreadsheet,
    day,
    is_date_format,
    locked,
    refusal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class _Record(IntEnum):
    """The kinds of records that are looked at."""

    FORMULA = 0x0006
    END = 0x000A
    DATE_MODE = 0x0022
    LOCK = 0x002F
    MORE = 0x003C
    SHEET = 0x0085
    NUMBERS = 0x00BD
    CELL_FORMAT = 0x00E0
    MERGED = 0x00E5
    PICTURES = 0x00EB
    TEXTS = 0x00FC
    TEXT_OF_BOOK = 0x00FD
    LINKED_BOOK = 0x01AE
    TEXT_BOX = 0x01B6
    NUMBER = 0x0203
    TEXT = 0x0204
    YES_OR_ERROR = 0x0205
    FORMULAS_TEXT = 0x0207
    SHORT_NUMBER = 0x027E
    FORMAT = 0x041E
    BEGIN = 0x0809


_VERSION_OF_97 = 0x0600
_OWN_SHEETS, _FUNCTIONS = b"\x01\x04", b"\x01\x3a"
_STORE_OF_PICTURES = b"\x01\xf0"
_YES_OR_NO, _FAILED = 1, 2
"""What a formula gave, if neither a number nor a text, which the next record gives."""

_LENGTH_IN_A_BOX = 10
"""Where the record of a text box, or of a note's, says how many characters it holds."""

_ERROR = "#ERROR"
_LEADS_BACK = "a chain of sectors leads back to itself"
_ENTRY, _BEGIN_IN_ENTRY = 128, 116
"""How long an entry of a container's directory is, and where in it the first sector is named."""

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SHORTEST_CELL = 6
_WITH_CELLS = frozenset(
    {
        _Record.TEXT_OF_BOOK,
        _Record.TEXT,
        _Record.NUMBER,
        _Record.NUMBERS,
        _Record.SHORT_NUMBER,
        _Record.FORMULA,
        _Record.YES_OR_ERROR,
    }
)


@dataclass(slots=True, kw_only=True)
class _Book:
    """What comes before the worksheets: their names and places, the texts they share, the formats of their cells."""

    sheets: list[tuple[str, int]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    shapes: list[int] = field(default_factory=list)
    is_1904: bool = False
    pictures: int = 0
    notes: int = 0

    def number(self, value: float, shape: int, *, is_formula: bool = False) -> Cell:
        """Return the cell of a number: a day or a share, if its format shows one."""
        code = self.shapes[shape] if shape < len(self.shapes) else 0
        own = self.formats.get(code, "")
        if code in PERCENT_FORMATS or "%" in own:
            return Cell(value=value, is_formula=is_formula, is_percent=True)
        if code in DATE_FORMATS or (own and is_date_format(own)):
            return Cell(value=day(value, is_1904=self.is_1904), is_formula=is_formula)
        return Cell(value=value, is_formula=is_formula)


def read(content: bytes, path: Path) -> Spreadsheet:
    """Return the worksheets of a workbook.

    Parameters
    ----------
    content
        The file's bytes.
    path
        The file, for messages.

    Raises
    ------
    FileError
        If it is not a workbook of Excel 97-2003, is locked or damaged, brings macros, links or embedded files, or holds
        more than any form.
    """
    if _ENCRYPTED in content:
        raise locked(path)
    reading = Reading(path=path)
    stream = _stream(content, path)
    book = _book(stream, reading)
    sheets = tuple(_sheet(name, stream, place, book, reading) for name, place in book.sheets)
    return Spreadsheet(sheets=sheets, pictures=book.pictures, notes=book.notes)


def check_chains(content: bytes) -> None:
    """Refuse a container in which a chain of sectors leads back to itself: who follows it asks for ever more memory.

    Raises
    ------
    OSError
        If one does, or leads out of the file.
    """
    with olefile.OleFileIO(io.BytesIO(content)) as container:
        container.loadminifat()
        tables = (container.fat, container.minifat or ())
        ended: tuple[set[int], set[int]] = (set(), set())
        directory = _chain(tables[0], container.first_dir_sector, ended[0])
        entries = b"".join(map(container.getsect, directory))
        begins = [struct.unpack_from("<I", entries, at)[0] for at in range(_BEGIN_IN_ENTRY, len(entries), _ENTRY)]
        for begin in (container.first_mini_fat_sector, *begins):
            for table, known in zip(tables, ended, strict=True):
                _chain(table, begin, known)
        sector, passed = container.first_difat_sector, set[int]()
        while sector < olefile.MAXREGSECT:
            if sector in passed:
                raise OSError(_LEADS_BACK)
            passed.add(sector)
            sector = int.from_bytes(container.getsect(sector)[-4:], "little")


def _chain(table: Sequence[int], begin: int, ended: set[int]) -> list[int]:
    """Return the sectors of a chain, up to one that is known to end; those that do are noted."""
    passed: dict[int, None] = {}
    sector = begin
    while sector < len(table) and sector not in ended:
        if sector in passed:
            raise OSError(_LEADS_BACK)
        passed[sector] = None
        sector = table[sector]
    ended.update(passed)
    return list(passed)


def filled(content: bytes) -> Iterator[list[tuple[int, int, int]]]:
    """Yield for every worksheet the rows, with their first and last column, of the records that hold cells.

    A workbook of today under a password gives none.

    Raises
    ------
    OSError
        If there is no workbook in the container.
    """
    if _ENCRYPTED in content:
        return
    with olefile.OleFileIO(io.BytesIO(content)) as container:
        name = next((each for each in ("Workbook", "Book") if container.exists(each)), "Workbook")
        stream: bytes = container.openstream(name).read()
    at = 0
    while at + 4 <= len(stream):
        spans, at = _spans(stream, at)
        yield spans


def _spans(stream: bytes, at: int) -> tuple[list[tuple[int, int, int]], int]:
    """Return where the records from a place to the next end hold cells, and where that end is."""
    spans = []
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind in _WITH_CELLS and length >= _SHORTEST_CELL and at + 4 + length <= len(stream):
            row, column = struct.unpack_from("<HH", stream, at + 4)
            spans.append((row, column, column + (length - 6) // 6 - 1 if kind == _Record.NUMBERS else column))
        at += 4 + length
        if kind == _Record.END:
            break
    return spans, at


def _stream(content: bytes, path: Path) -> bytes:
    """Return the workbook's records, if nothing else in the container is a danger."""
    with olefile.OleFileIO(io.BytesIO(content)) as container:
        names = ["/".join(parts) for parts in container.listdir(storages=True)]
        if any(name.startswith("_VBA_PROJECT") for name in names):
            raise refusal(path, "it contains macros, which no form has")
        if any(name.startswith("MBD") for name in names):
            raise refusal(path, "it contains embedded files, which no form has")
        if "Workbook" not in names:
            raise refusal(path, "it is not a workbook of Excel 97 or later")
        stream: bytes = container.openstream("Workbook").read()
        return stream


def _records(stream: bytes, at: int, reading: Reading) -> Iterator[tuple[int, bytes, int]]:
    """Yield the records from a place on: what each is, what it holds, and where it begins."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        reading.saw()
        yield kind, stream[at + 4 : at + 4 + length], at
        at += 4 + length


def _book(stream: bytes, reading: Reading) -> _Book:
    book = _Book()
    texts: list[bytes] = []
    before: int = _Record.BEGIN
    for kind, data, _ in _records(stream, 0, reading):
        if kind == _Record.END:
            break
        _note(kind, data, book, reading)
        if kind == _Record.TEXTS or (kind == _Record.MORE and before == _Record.TEXTS):
            texts.append(data)
        before = before if kind == _Record.MORE else kind
    book.texts = _shared_texts(texts, reading) if texts else []
    return book


def _note(kind: int, data: bytes, book: _Book, reading: Reading) -> None:
    """Note what a record says about the whole workbook."""
    _check(kind, data, reading)
    match kind:
        case _Record.DATE_MODE:
            book.is_1904 = data[0] == 1
        case _Record.SHEET:
            _note_sheet(data, book, reading)
        case _Record.FORMAT:
            book.formats[struct.unpack_from("<H", data)[0]] = _Text([data[2:]]).whole()
        case _Record.CELL_FORMAT:
            book.shapes.append(struct.unpack_from("<H", data, 2)[0])
        case _Record.PICTURES if _STORE_OF_PICTURES in data:
            book.pictures = 1


def _check(kind: int, data: bytes, reading: Reading) -> None:
    """Refuse a workbook of another age, a locked one, and one with links to elsewhere."""
    if kind == _Record.LOCK:
        raise locked(reading.path)
    if kind == _Record.BEGIN and struct.unpack_from("<H", data)[0] != _VERSION_OF_97:
        raise refusal(reading.path, "it is not a workbook of Excel 97 or later")
    if kind == _Record.LINKED_BOOK and data[2:4] not in {_OWN_SHEETS, _FUNCTIONS}:
        raise refusal(reading.path, "it contains links to other workbooks or programs, which no form has")


def _note_sheet(data: bytes, book: _Book, reading: Reading) -> None:
    place, _, kind, length = struct.unpack_from("<IBBB", data)
    if kind != 0:
        raise refusal(reading.path, "it contains macros or sheets that are only a chart, which no form has")
    book.sheets.append((_Text([data[7:]]).characters(length), place))
    if len(book.sheets) > MOST_SHEETS:
        raise refusal(reading.path, f"it has more than {MOST_SHEETS} worksheets")


def _sheet(name: str, stream: bytes, place: int, book: _Book, reading: Reading) -> SheetCells:
    merged: list[Rectangle] = []
    waiting: tuple[int, int] | None = None  # the formula whose text comes in the next record
    depth = 0
    for kind, data, _ in _records(stream, place, reading):
        depth += (kind == _Record.BEGIN) - (kind == _Record.END)
        if depth == 0:
            break
        if depth > 1:  # a chart within the worksheet
            continue
        if kind == _Record.MERGED:
            merged += _blocks(data)
        elif kind == _Record.FORMULAS_TEXT and waiting:
            reading.put(*waiting, Cell(value=_Text([data]).whole(), is_formula=True))
        elif kind == _Record.TEXT_BOX:
            book.notes += struct.unpack_from("<H", data, _LENGTH_IN_A_BOX)[0] > 0
        else:
            for row, column, cell in _cells(kind, data, book):
                reading.put(row, column, cell)
        waiting = struct.unpack_from("<HH", data) if kind == _Record.FORMULA else None
    return reading.sheet(name, tuple(merged[:MOST_CELLS]))


def _cells(kind: int, data: bytes, book: _Book) -> Iterator[tuple[int, int, Cell]]:
    """Yield the cells that a record holds; most hold one or none."""
    if kind not in _WITH_CELLS:
        return
    row, column, shape = struct.unpack_from("<HHH", data)
    if kind == _Record.NUMBERS:
        for number in range((len(data) - 6) // 6):
            (own,) = struct.unpack_from("<H", data, 4 + 6 * number)
            yield row, column + number, book.number(_short(data[6 + 6 * number : 10 + 6 * number]), own)
    elif (cell := _cell(kind, data[6:], book, shape)).value != "" or cell.is_formula:
        yield row, column, cell


def _cell(kind: int, data: bytes, book: _Book, shape: int) -> Cell:
    match kind:
        case _Record.TEXT_OF_BOOK:
            return Cell(value=book.texts[struct.unpack_from("<I", data)[0]])
        case _Record.TEXT:
            return Cell(value=_Text([data]).whole())
        case _Record.NUMBER:
            return book.number(struct.unpack_from("<d", data)[0], shape)
        case _Record.SHORT_NUMBER:
            return book.number(_short(data[:4]), shape)
        case _Record.FORMULA:
            return _formula(data[:8], book, shape)
        case _:
            return Cell(value=_ERROR, is_error=True) if data[1] else Cell(value=bool(data[0]))


def _formula(result: bytes, book: _Book, shape: int) -> Cell:
    if result[6:] != b"\xff\xff":
        return book.number(struct.unpack("<d", result)[0], shape, is_formula=True)
    if result[0] == _YES_OR_NO:
        return Cell(value=bool(result[2]), is_formula=True)
    is_error = result[0] == _FAILED
    return Cell(value=_ERROR if is_error else "", is_formula=True, is_error=is_error)


def _short(data: bytes) -> float:
    """Return a number that is kept in four bytes: the upper half of a float, or a whole number, perhaps times 100."""
    (packed,) = struct.unpack("<i", data)
    value = (
        float(packed >> 2) if packed & 2 else struct.unpack("<d", bytes(4) + struct.pack("<I", packed & 0xFFFFFFFC))[0]
    )
    return value / 100 if packed & 1 else value


def _blocks(data: bytes) -> list[Rectangle]:
    (count,) = struct.unpack_from("<H", data)
    found = [struct.unpack_from("<HHHH", data, 2 + 8 * number) for number in range(count)]
    return [Rectangle.between((top, left), (bottom, right)) for top, bottom, left, right in found]


def _shared_texts(parts: Sequence[bytes], reading: Reading) -> list[str]:
    (count,) = struct.unpack_from("<I", parts[0], 4)
    if count > MOST_CELLS:
        raise refusal(reading.path, f"it holds more than {MOST_CELLS:,} texts")
    text = _Text([parts[0][8:], *parts[1:]])
    return [text.whole() for _ in range(count)]


class _Text:
    """Texts as records keep them, one after another; a long row of them goes on in the next record."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = parts
        self._part = self._at = 0

    def whole(self) -> str:
        """Return the next text: its length, then its characters, then how its parts look and are spoken."""
        (length,) = struct.unpack("<H", self._bytes(2))
        return self.characters(length)

    def characters(self, length: int) -> str:
        """Return the next text of a known length."""
        (flags,) = self._bytes(1)
        (runs,) = struct.unpack("<H", self._bytes(2)) if flags & 8 else (0,)
        (spoken,) = struct.unpack("<I", self._bytes(4)) if flags & 4 else (0,)
        text = self._signs(length, is_wide=bool(flags & 1))
        self._bytes(4 * runs + spoken)
        return text

    def _bytes(self, count: int) -> bytes:
        taken = b""
        while len(taken) < count:
            if self._at >= len(self._parts[self._part]):
                self._part, self._at = self._part + 1, 0
            piece = self._parts[self._part][self._at : self._at + count - len(taken)]
            taken, self._at = taken + piece, self._at + len(piece)
        return taken

    def _signs(self, count: int, *, is_wide: bool) -> str:
        """Return that many characters; where they go on in the next record, it says again how wide they are."""
        pieces = []
        while count:
            if self._at >= len(self._parts[self._part]):
                self._part, self._at = self._part + 1, 0
                is_wide = bool(self._bytes(1)[0] & 1)
            width = 2 if is_wide else 1
            here = min(count, (len(self._parts[self._part]) - self._at) // width) or 1
            pieces.append(self._bytes(here * width).decode("utf-16-le" if is_wide else "latin-1", "surrogatepass"))
            count -= here
        return "".join(pieces).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
