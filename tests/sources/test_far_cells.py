"""A stray cell far from the others costs nothing: it is left out, or named; what only looks formatted is not a cell."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
import zipfile

import pytest
import xlsxwriter

from cdrp_xl.errors import FileError
from cdrp_xl.sources import files, grids
from cdrp_xl.writers import compound_file

ROWS = [["Ref", "Offence"], *[[f"r{number}", "28A"] for number in range(50)]]
SECONDS = 10
FAR = r"Something is written far from all other cells, in or near {}\.\nWhere: .*{}\nWhat to do: Delete that"


def written(path, *strays, formatted=()):
    """Write the rows, further texts at addresses, and cells that have a format and nothing else."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Data")
        for number, row in enumerate(ROWS):
            page.write_row(number, 0, row)
        page.write_datetime("C2", dt.date(2011, 4, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
        for address in strays:
            page.write_string(address, "x")
        for address in formatted:
            page.write_blank(address, None, book.add_format({"bold": True}))
    return path


def read(path):
    """Return what both readers make of a workbook: the rows as counted, and the grid."""
    began = time.process_time()
    with files.opened(path) as opened:
        rows = opened.fetch(f'SELECT "Ref", "Offence" FROM ({opened.relation()})')
    grid = grids.read(path)
    assert time.process_time() - began < SECONDS
    assert [list(row) for row in rows] == ROWS[1:]
    return grid


@pytest.mark.whole
@pytest.mark.parametrize("strays", [(), ("XFD1",), ("XFD30",), ("AAA1", "XFD1048576"), ("ZZ7", "XFD9")])
def test_cells_far_to_the_right_are_left_out_and_the_others_are_as_they_were(tmp_path, strays):
    plain, grid = read(written(tmp_path / "plain.xlsx")), read(written(tmp_path / "rows.xlsx", *strays))
    assert grid.cells == plain.cells
    assert grid.cells[1] == ("r0", "28A", "2011-04-01 00:00:00")


@pytest.mark.whole
@pytest.mark.parametrize("formatted", [("XFD1",), ("A1048576",), ("XFD1048576", "B1048570")])
def test_cells_that_only_have_a_format_are_no_cells(tmp_path, formatted):
    assert read(written(tmp_path / "rows.xlsx", formatted=formatted)).width() == 3


def test_wide_and_long_tables_are_read_whole(tmp_path):
    wide = written(tmp_path / "wide.xlsx", *(f"{letter}B1" for letter in "ABCDEFGHIJKLMNOPQ"))
    assert grids.read(wide).width() == len("ABCDEFGHIJKLMNOPQ") * 26 + 2
    assert len(grids.read(written(tmp_path / "long.xlsx", "A9000")).cells) == 9000


@pytest.mark.whole
@pytest.mark.parametrize("stray", ["A1048576", "B500000"])
def test_a_cell_far_below_is_named(tmp_path, stray):
    path = written(tmp_path / "rows.xlsx", stray)
    for look in (read, grids.read):
        with pytest.raises(FileError, match=FAR.format(stray, f'worksheet "Data", cell {stray}')):
            look(path)


def with_sheet(path, change):
    """Write a workbook whose worksheet's XML was changed."""
    with zipfile.ZipFile(written(path.with_name("plain.xlsx"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("inside", ["<is><t>a</t></is>", "<v>1</v>"])
@pytest.mark.parametrize("between", ["", "\n  "])
def test_a_cell_with_two_values_is_refused_since_it_is_read_as_two(tmp_path, inside, between):
    kind = "inlineStr" if "is" in inside else "n"
    cell = f'<c r="A2" t="{kind}">{inside}{between}{inside}</c>'.encode()
    path = with_sheet(tmp_path / "rows.xlsx", lambda sheet: re.sub(rb'<c r="A2".*?</c>', cell, sheet))
    for look in (read, grids.read):
        with pytest.raises(FileError, match=r"^rows\.xlsx has a cell with two values\.\nWhere: .*\nWhat to do: "):
            look(path)


def test_a_reference_that_was_changed_among_others_makes_no_wide_grid(tmp_path):
    path = with_sheet(tmp_path / "rows.xlsx", lambda sheet: sheet.replace(b'r="C2"', b'r="XFC2"'))
    assert read(path).width() == 2


NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
BLANK = '<table:table-cell table:number-columns-repeated="{}"/>'


TO_THE_END = BLANK.format(16_000)


def open_document(path, *more, beside=TO_THE_END):
    rows = "".join(f"<table:table-row>{CELL.format(a)}{CELL.format(b)}{beside}</table:table-row>" for a, b in ROWS)
    sheet = f'<table:table table:name="Data">{rows}{"".join(more)}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", f"<office:document-content {NAMES}>{body}</office:document-content>")
    return path


def blank_rows(count):
    return f'<table:table-row table:number-rows-repeated="{count}">{BLANK.format(16_384)}</table:table-row>'


def test_blank_cells_and_rows_of_an_open_document_repeat_to_the_end_and_cost_nothing(tmp_path):
    assert read(open_document(tmp_path / "rows.ods", blank_rows(1_048_000))).width() == 2


@pytest.mark.parametrize(
    ("more", "beside", "cell"),
    [
        ((blank_rows(900_000), f"<table:table-row>{CELL.format('x')}</table:table-row>"), "", "A900052"),
        ((), BLANK.format(16_000) + CELL.format("x"), "WQM1"),
        (
            (),
            CELL.format("x").replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="9000"'),
            "MHF1",
        ),
        (
            (f'<table:table-row table:number-rows-repeated="900000">{CELL.format("x")}</table:table-row>',),
            "",
            "A900051",
        ),
    ],
    ids=["below", "beside", "repeated beside", "repeated below"],
)
def test_a_far_cell_of_an_open_document_is_named(tmp_path, more, beside, cell):
    path = open_document(tmp_path / "rows.ods", *more, beside=beside)
    with pytest.raises(FileError, match=FAR.format(cell, f"cell {cell}")):
        read(path)


def old_excel(*cells):
    """Return a workbook of Excel 97-2003 with texts at places, as its records have them."""

    def record(kind, data):
        return kind.to_bytes(2, "little") + len(data).to_bytes(2, "little") + data

    def small(*numbers):
        return b"".join(number.to_bytes(2, "little") for number in numbers)

    head = record(0x0809, small(0x0600, 5, 0, 0) + bytes(8)) + record(0x0042, small(1200))
    place = len(head) + 4 + 8 + len("Data") + 4
    head += record(0x0085, place.to_bytes(4, "little") + bytes([0, 0, 4, 0]) + b"Data") + record(0x000A, b"")
    texts = b"".join(
        record(0x0204, small(row, column, 0, len(text)) + b"\x01" + text.encode("utf-16-le"))
        for row, column, text in cells
    )
    stream = head + record(0x0809, small(0x0600, 0x10, 0, 0) + bytes(8)) + texts + record(0x000A, b"")
    return compound_file.pack({"Workbook": stream + bytes(max(0, 4096 - len(stream)))})


def test_a_far_cell_of_an_old_workbook_is_named(tmp_path):
    path = tmp_path / "rows.xls"
    cells = [(row, column, text) for row, texts in enumerate(ROWS) for column, text in enumerate(texts)]
    path.write_bytes(old_excel(*cells))
    assert read(path).width() == 2
    path.write_bytes(old_excel(*cells, (65_535, 255, "x")))
    with pytest.raises(FileError, match=FAR.format("IV65536", "cell IV65536")):
        read(path)


def test_an_old_workbooks_container_without_a_workbook_is_reported(tmp_path):
    path = tmp_path / "rows.xls"
    path.write_bytes(compound_file.pack({"Elsewhere": bytes(5000)}))
    with pytest.raises(FileError, match=r"^rows\.xls is not a workbook, or it is damaged\.\nWhere: "):
        read(path)


def test_a_blank_heading_is_a_column_without_a_name(tmp_path):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(ROWS):
            page.write_row(number, 0, [*row, "y"] if number else [*row, "z"])
    path = tmp_path / "rows.xlsx"
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<t>z</t>", b"<t></t>"))
    with files.opened(path) as opened:
        assert opened.files[0].headings == ("Ref", "Offence", "__UNNAMED__2")
        assert opened.fetch(f"SELECT * FROM ({opened.relation()})")[0][:3] == ("r0", "28A", "y")
