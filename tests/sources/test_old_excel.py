"""Workbooks of Excel 97-2003, written by LibreOffice and then spoilt record by record."""

import datetime as dt
import io
import re
import struct

import olefile
import pytest

from cdrp_xl.addresses import parse
from cdrp_xl.errors import FileError
from cdrp_xl.sources import spreadsheets, worksheets
from cdrp_xl.sources.spreadsheets import Cell
from cdrp_xl.sources.spreadsheets.old_excel import check_chains
from cdrp_xl.writers import compound_file

FORMULA, END, LOCK, LINK, TEXTS, BEGIN = 0x0006, 0x000A, 0x002F, 0x01AE, 0x00FC, 0x0809


@pytest.fixture(scope="module")
def saved(app, tmp_path_factory):
    """Return a workbook with a cell of every kind, as LibreOffice saves it."""
    path = tmp_path_factory.mktemp("xls") / "form.xls"
    book = app.books.add()
    sheet = book.sheets[0]
    sheet.range("A1").value = [["words", 5, 0.1, dt.datetime(2011, 6, 30), 4.25, 1e9]]  # noqa: DTZ001
    sheet.range("C1").number_format = "0%"
    sheet.range("D1").number_format = "dd/mm/yyyy"
    sheet.range("A2").formula = "=2+3"
    sheet.range("B2").formula = '="a"&"b"'
    sheet.range("C2").formula = "=1/0"
    sheet.range("D2").formula = "=1=1"
    sheet.range("A3").value = "\u05e9\u05dc\u05d5\u05dd \U0001f600"
    sheet.range("A4:B5").merge()
    for row in range(10, 260):
        sheet.range((row, 1)).value = f"text {row} " + "\u0101" * 40
    book.sheets.add("Second", after=sheet).range("B2").value = 7
    book.save(path)
    book.close()
    return path.read_bytes()


@pytest.fixture
def path(saved, tmp_path):
    path = tmp_path / "form.xls"
    path.write_bytes(saved)
    return path


def records(content):
    """Return the place of every record of the workbook's stream in the file, if it lies there in one piece."""
    with olefile.OleFileIO(io.BytesIO(content)) as container:
        stream = container.openstream("Workbook").read()
    begin = content.index(stream[:512])
    assert content[begin : begin + len(stream)] == stream
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, begin + at
        at += 4 + length


def spoil(path, kind, change):
    """Change the first record of a kind."""
    content = bytearray(path.read_bytes())
    at = next(at for found, at in records(bytes(content)) if found == kind)
    change(content, at)
    path.write_bytes(bytes(content))


def test_cells_are_what_they_are(path):
    first, second = spreadsheets.read(path).sheets
    assert [first.cells[0, column] for column in range(6)] == [
        Cell(value="words"),
        Cell(value=5.0),
        Cell(value=0.1, is_percent=True),
        Cell(value=dt.date(2011, 6, 30)),
        Cell(value=4.25),
        Cell(value=1e9),
    ]
    assert first.cells[1, 0] == Cell(value=5.0, is_formula=True)
    assert first.cells[1, 1] == Cell(value="ab", is_formula=True)
    assert first.cells[1, 2].is_error
    assert first.cells[1, 3] == Cell(value=True, is_formula=True)
    assert first.cells[2, 0] == Cell(value="\u05e9\u05dc\u05d5\u05dd \U0001f600")
    assert first.merged_over(4, 1) == parse("A4:B5")
    assert (second.name, second.cells) == ("Second", {(1, 1): Cell(value=7.0)})


def test_texts_that_go_on_in_the_next_record_are_whole(path):
    (sheet, _) = spreadsheets.read(path).sheets
    assert sum(kind == 0x003C for kind, _ in records(path.read_bytes())) > 0
    assert [sheet.cells[row - 1, 0].value for row in range(10, 260)] == [
        f"text {row} " + "\u0101" * 40 for row in range(10, 260)
    ]


def test_a_locked_workbook_is_reported(path):
    spoil(path, 0x0042, lambda content, at: content.__setitem__(slice(at, at + 2), struct.pack("<H", LOCK)))
    with pytest.raises(FileError, match=r"form\.xls is locked with a password"):
        spreadsheets.read(path)


def test_a_workbook_with_links_is_refused(path):
    spoil(path, 0x0042, lambda content, at: content.__setitem__(slice(at, at + 2), struct.pack("<H", LINK)))
    with pytest.raises(FileError, match=r"form\.xls is not read: it contains links to other workbooks or programs"):
        spreadsheets.read(path)


def test_a_workbook_of_before_97_is_refused(path):
    spoil(path, BEGIN, lambda content, at: content.__setitem__(slice(at + 4, at + 6), struct.pack("<H", 0x0500)))
    with pytest.raises(FileError, match="it is not a workbook of Excel 97 or later"):
        spreadsheets.read(path)


def test_a_macro_sheet_is_refused(path):
    spoil(path, 0x0085, lambda content, at: content.__setitem__(at + 9, 1))
    with pytest.raises(FileError, match="it contains macros or sheets that are only a chart"):
        spreadsheets.read(path)


def test_macros_and_embedded_files_are_refused(path, monkeypatch):
    content = path.read_bytes()
    name = "Workbook".encode("utf-16-le")
    for other, why in (("_VBA_PRO", "it is not a workbook|macros"), ("MBD12345", "embedded files")):
        path.write_bytes(content.replace(name, other.encode("utf-16-le")))
        with pytest.raises(FileError, match=why):
            spreadsheets.read(path)


def test_more_texts_than_any_form_has_are_not_even_counted(path):
    spoil(path, TEXTS, lambda content, at: content.__setitem__(slice(at + 8, at + 12), struct.pack("<I", 10**9)))
    with pytest.raises(FileError, match="it holds more than 50,000 texts"):
        spreadsheets.read(path)


@pytest.mark.parametrize("kept", [100, 600, 2_000, 5_000])
def test_a_workbook_that_is_cut_off_is_refused(path, kept):
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(FileError, match=r"form\.xls is not read: it is (damaged|no workbook)"):
        spreadsheets.read(path)


def test_a_wrong_ending_is_reported(path):
    other = path.rename(path.with_suffix(".xlsx"))
    with pytest.raises(FileError, match=r"its content is that of an \.xls file, but its name ends differently"):
        spreadsheets.read(other)


def led_back(content, chain):
    """Return a container in which one chain of sectors leads back to its first."""
    spoilt = bytearray(content)
    with olefile.OleFileIO(io.BytesIO(content)) as container:
        fat = (int.from_bytes(content[76:80], "little") + 1) * 512
        begins = {
            "the directory": container.first_dir_sector,
            "a stream": container.direntries[container._find("Workbook")].isectStart,
        }
        container.loadminifat()
        mini_fat = (container.first_mini_fat_sector + 1) * 512
        small = container.direntries[container._find("Small")].isectStart
    if chain == "the list of tables":
        struct.pack_into("<I", spoilt, 68, 0)
        struct.pack_into("<I", spoilt, 2 * 512 - 4, 0)
    elif chain == "a small stream":
        struct.pack_into("<I", spoilt, mini_fat + 4 * small, small)
    else:
        struct.pack_into("<I", spoilt, fat + 4 * begins[chain], begins[chain])
    return bytes(spoilt)


CHAINS = ("the directory", "a stream", "a small stream", "the list of tables")


@pytest.mark.parametrize("name", ["rows.xls", "rows.xlsx"])
@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_of_sectors_that_leads_back_to_itself_is_damage_and_takes_no_memory(tmp_path, chain, name):
    path = tmp_path / name
    path.write_bytes(led_back(compound_file.pack({"Workbook": bytes(9_000), "Small": bytes(500)}), chain))
    with pytest.raises(FileError, match=f"^{re.escape(name)} is not a workbook, or it is damaged"):
        worksheets.names(path)
    with pytest.raises(FileError, match=f"^{re.escape(name)} is not a workbook, or it is damaged"):
        worksheets.load(path, "", heading_row=None)


def test_chains_that_end_are_followed(tmp_path):
    check_chains(compound_file.pack({"Workbook": bytes(5_000_000), "Small": bytes(500)}))


def with_a_cell_at(row, column):
    """Return a workbook of one worksheet with a text in its first cell and another further off."""

    def record(kind, data):
        return struct.pack("<HH", kind, len(data)) + data

    def begin(what):
        return record(0x0809, struct.pack("<HHHH", 0x0600, what, 0, 0) + bytes(8))

    def text(row, column):
        return record(0x0204, struct.pack("<HHHH", row, column, 0, 4) + b"\x01" + "Data".encode("utf-16-le"))

    pages = begin(0x0005) + record(0x0042, struct.pack("<H", 1200))
    place = len(pages) + 4 + 12 + 4
    pages += record(0x0085, struct.pack("<IBBBB", place, 0, 0, 4, 0) + b"Data") + record(0x000A, b"")
    stream = pages + begin(0x0010) + text(0, 0) + text(row, column) + record(0x000A, b"")
    return compound_file.pack({"Workbook": stream.ljust(4_096, b"\0")})


def test_a_cell_far_off_is_named_before_room_is_made_for_all_up_to_it(tmp_path):
    path = tmp_path / "rows.xls"
    path.write_bytes(with_a_cell_at(1, 2))
    assert worksheets.names(path) == ("Data",)
    path.write_bytes(with_a_cell_at(23_592, 21_252))
    for look in (worksheets.names, lambda path: worksheets.load(path, "", heading_row=None)):
        with pytest.raises(FileError, match="far"):
            look(path)
