import datetime as dt
import zipfile

import openpyxl
import pytest
import xlsxwriter

from cdrp_xl.addresses import parse
from cdrp_xl.errors import FileError
from cdrp_xl.sources import spreadsheets
from cdrp_xl.sources.spreadsheets import Cell
from cdrp_xl.sources.spreadsheets.cells import day, is_date_format

NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def cells(path):
    (sheet,) = spreadsheets.read(path).sheets
    return sheet.cells


def ods(folder, rows, *, more=()):
    path = folder / "form.ods"
    body = f'<office:document-content {NAMESPACES}><table:table table:name="Form">{rows}</table:table>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"{body}</office:document-content>")
        for name in more:
            archive.writestr(name, "x")
    return path


def row(*cells, repeated=1):
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def cell(text="", **attributes):
    shown = "".join(f"<text:p>{line}</text:p>" for line in text.split("\n")) if text else ""
    named = " ".join(f'{name.replace("__", ":").replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f"<table:table-cell {named}>{shown}</table:table-cell>"


def test_cells_of_an_excel_workbook_are_what_they_are(tmp_path):
    path = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Form")
        sheet.write_string("A1", "=1+1")
        sheet.write_number("B1", 5)
        sheet.write_number("C1", 0.1, book.add_format({"num_format": "0%"}))
        sheet.write_datetime("D1", dt.date(2011, 6, 30), book.add_format({"num_format": "d mmmm yyyy"}))
        sheet.write_boolean("E1", True)
        sheet.write_formula("F1", "=2+3", None, 5)
        sheet.write_formula("G1", "=1/0", None, "#DIV/0!")
        sheet.write_rich_string("A2", "two ", book.add_format({"bold": True}), "words")
        sheet.write_string("B2", "_x0041_ and\ttab")
        sheet.merge_range("C2:D3", "merged")
        sheet.write_blank("Z9", None, book.add_format({"bold": True}))
    (read,) = spreadsheets.read(path).sheets
    assert read.name == "Form"
    assert read.cells == {
        (0, 0): Cell(value="=1+1"),
        (0, 1): Cell(value=5.0),
        (0, 2): Cell(value=0.1, is_percent=True),
        (0, 3): Cell(value=dt.date(2011, 6, 30)),
        (0, 4): Cell(value=True),
        (0, 5): Cell(value=5.0, is_formula=True),
        (0, 6): Cell(value="#DIV/0!", is_formula=True, is_error=True),
        (1, 0): Cell(value="two words"),
        (1, 1): Cell(value="_x0041_ and\ttab"),
        (1, 2): Cell(value="merged"),
    }
    assert read.merged_over(1, 2) is None
    assert read.merged_over(2, 3) == parse("C2:D3")


def test_days_are_read_whichever_year_the_workbook_counts_from(tmp_path):
    path = tmp_path / "form.xlsx"
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = dt.date(2011, 6, 30)
    book.save(path)
    assert cells(path) == {(0, 0): Cell(value=dt.date(2011, 6, 30))}


def test_cells_of_an_open_document_are_what_they_are(tmp_path):
    rows = row(
        cell("=1+1", office__value_type="string"),
        cell("5", office__value_type="float", office__value="5"),
        cell("10%", office__value_type="percentage", office__value="0.1"),
        cell("30/06/11", office__value_type="date", office__date_value="2011-06-30"),
        cell("TRUE", office__value_type="boolean", office__boolean_value="true"),
        cell("5", office__value_type="float", office__value="5", table__formula="of:=2+3"),
    ) + row(cell("two<text:s text:c='2'/>words<text:line-break/>or <text:span>three</text:span>\nand more"))
    assert cells(ods(tmp_path, rows)) == {
        (0, 0): Cell(value="=1+1"),
        (0, 1): Cell(value=5.0),
        (0, 2): Cell(value=0.1, is_percent=True),
        (0, 3): Cell(value=dt.date(2011, 6, 30)),
        (0, 4): Cell(value=True),
        (0, 5): Cell(value=5.0, is_formula=True),
        (1, 0): Cell(value="two  words\nor three\nand more"),
    }


def test_blank_cells_and_rows_of_an_open_document_are_passed_over_however_often_they_repeat(tmp_path):
    rows = (
        row(cell(table__number_columns_repeated="16383"), cell("x")) + row(cell(), repeated=1_048_574) + row(cell("y"))
    )
    assert set(cells(ods(tmp_path, rows))) == {(0, 16_383), (1_048_575, 0)}


def test_merged_cells_of_an_open_document_are_known(tmp_path):
    rows = row(
        cell("x", table__number_columns_spanned="2", table__number_rows_spanned="1"), "<table:covered-table-cell/>"
    )
    (sheet,) = spreadsheets.read(ods(tmp_path, rows)).sheets
    assert sheet.merged_over(0, 1) == parse("A1:B1")


@pytest.mark.parametrize(
    ("rows", "more", "why"),
    [
        ("<table:table-source/>", (), "it contains embedded files or links to elsewhere"),
        ("", ("Basic/script-lc.xml",), "it contains macros"),
        ("", ("Object 1/content.xml",), "it contains embedded files"),
        (row(cell("x", table__number_columns_repeated="1000"), repeated=900), (), "more than 50,000 of its cells"),
    ],
)
def test_an_open_document_that_brings_more_than_cells_is_refused(tmp_path, rows, more, why):
    with pytest.raises(FileError, match=rf"form\.ods is not read: {why}"):
        spreadsheets.read(ods(tmp_path, rows, more=more))


def test_notes_and_text_boxes_are_counted(tmp_path):
    path = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_comment("A1", "See the letter")
        sheet.insert_textbox("C3", "Another 3 are expected")
        sheet.insert_textbox("C9", "")
    assert spreadsheets.read(path).notes == 2
    note = "<office:annotation><text:p>See the letter</text:p></office:annotation>"
    drawing = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    box = f"<draw:frame {drawing}><draw:text-box><text:p>Another 3</text:p></draw:text-box></draw:frame>"
    rows = f"<table:shapes>{box}</table:shapes>" + row(f"<table:table-cell>{note}<text:p>5</text:p></table:table-cell>")
    read = spreadsheets.read(ods(tmp_path, rows))
    assert (read.notes, read.sheets[0].cells) == (2, {(0, 0): Cell(value="5")})


def test_a_locked_open_document_is_reported(tmp_path):
    path = ods(tmp_path, "")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    with pytest.raises(FileError, match=r"form\.ods is locked with a password"):
        spreadsheets.read(path)


def test_a_file_that_is_missing_or_too_large_is_reported(tmp_path, monkeypatch):
    with pytest.raises(FileError, match=r"There is no file \"none\.xlsx\"\."):
        spreadsheets.read(tmp_path / "none.xlsx")
    (tmp_path / "form.xlsx").write_bytes(bytes(33 << 20))
    with pytest.raises(FileError, match=r"form\.xlsx is not read: it has 33 MiB"):
        spreadsheets.read(tmp_path / "form.xlsx")


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("d mmmm yyyy", True),
        ("[$-809]dd/mm/yy", True),
        ("hh:mm", True),
        ("0.0", False),
        ("General", False),
        ('0" days"', False),
        ("[Red]0", False),
        ("#,##0", False),
        ("0_d", False),
        ("0*y", False),
    ],
)
def test_a_format_of_a_day_is_distinguished_from_one_of_a_number(code, is_date):
    assert is_date_format(code) is is_date


@pytest.mark.parametrize("number", [0.0, 60.0, -5.0, 3e6, float("inf"), float("nan")])
def test_a_number_that_is_no_day_stays_one(number):
    assert day(number, is_1904=False) is number
