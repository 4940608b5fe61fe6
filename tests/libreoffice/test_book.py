# ruff: noqa: DTZ001 - a cell has no time zone
from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
import xlsxwriter
import xlwings as xw

from cdrp_xl.errors import CannotBeWrittenError, FileError
from cdrp_xl.libreoffice import UnsupportedInLibreOfficeError

pytestmark = pytest.mark.libreoffice


def test_new_workbooks_are_numbered(app, book):
    assert book.name.startswith("Book")
    assert book.fullname == book.name
    assert app.books[book.name] == book
    assert app.books.active == book
    assert book in list(app.books)
    assert book.app == app


def test_the_active_workbook_is_the_one_activated(app, book):
    other = app.books.add()
    book.activate()
    assert app.books.active == book
    assert xw.books.active == book
    other.close()


@pytest.mark.parametrize("ending", [".xlsx", ".xlsm", ".ods", ".xls"])
def test_a_workbook_survives_saving(app, book, tmp_path, ending):
    sheet = book.sheets[0]
    sheet["A1"].value = [["area", 12.5, True], [dt.datetime(2011, 4, 1), "=B1*2", "00123"]]
    sheet["C2"].number_format = "@"
    sheet["C2"].value = "00123"
    book.names.add("rate", "=Sheet1!$B$1")
    path = tmp_path / f"saved{ending}"
    book.save(path)
    assert book.fullname == str(path)
    book.close()
    again = xw.Book(path)
    assert again.sheets[0]["A1:C2"].value == [["area", 12.5, True], [dt.datetime(2011, 4, 1), 25.0, "00123"]]
    assert again.sheets[0]["B2"].formula == "=B1*2"
    assert again.names["rate"].refers_to_range.value == 12.5
    again.close()


def test_another_library_reads_what_was_saved(book, tmp_path):
    sheet = book.sheets[0]
    sheet["A1"].value = ["text", 1.5, dt.datetime(2011, 4, 1), True]
    sheet["B1"].number_format = "0.0%"
    sheet["A1"].font.bold = True
    book.save(tmp_path / "read.xlsx")
    read = openpyxl.load_workbook(tmp_path / "read.xlsx").active
    assert [cell.value for cell in read[1]] == ["text", 1.5, dt.datetime(2011, 4, 1), True]
    assert read["B1"].number_format == "0.0%"
    assert read["A1"].font.bold


def test_a_password_guards_a_workbook(app, book, tmp_path):
    path = tmp_path / "guarded.xlsx"
    book.sheets[0]["A1"].value = 5
    book.save(path, password="correct horse")  # noqa: S106 - of a file that the test makes
    book.close()
    with pytest.raises(FileError, match=r"(?s)guarded\.xlsx.*password"):
        app.books.open(path)
    again = app.books.open(path, password="correct horse")  # noqa: S106
    assert again.sheets[0]["A1"].value == 5
    again.close()


def test_a_workbook_is_printed_into_a_pdf(book, tmp_path):
    book.sheets[0]["A1"].value = "recorded crime"
    book.to_pdf(tmp_path / "book.pdf")
    assert (tmp_path / "book.pdf").read_bytes().startswith(b"%PDF")
    book.sheets[0].to_pdf(tmp_path / "sheet.pdf", quality="minimum")
    assert (tmp_path / "sheet.pdf").exists()


def test_a_csv_file_opens_as_a_workbook(app, tmp_path):
    (tmp_path / "offences.csv").write_text("area;offences\nBar Hill;12\n", encoding="utf-8")
    book = app.books.open(tmp_path / "offences.csv", delimiter=";")
    assert book.sheets[0]["A1:B2"].value == [["area", "offences"], ["Bar Hill", 12]]
    book.close()


def test_the_same_file_opens_once(app, book, tmp_path):
    book.save(tmp_path / "once.xlsx")
    assert app.books.open(tmp_path / "once.xlsx") == book
    assert xw.Book(tmp_path / "once.xlsx") == book
    assert xw.Book("once.xlsx") == book


def test_a_missing_file_is_named(app, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.xlsx"):
        app.books.open(tmp_path / "nowhere.xlsx")


@pytest.mark.parametrize("content", [b"this is no workbook", b"PK\x03\x04" + b"\0" * 300, b""])
def test_a_file_that_is_no_workbook_is_named(app, tmp_path, content):
    (tmp_path / "broken.xlsx").write_bytes(content)
    with pytest.raises(FileError, match=r'(?s)"broken\.xlsx" is not a workbook.*ending says'):
        app.books.open(tmp_path / "broken.xlsx")


@pytest.fixture
def locked(app, book, tmp_path):
    path = tmp_path / "locked.xlsx"
    book.save(path)
    book.close()
    lock = tmp_path / ".~lock.locked.xlsx#"

    def lock_by(profile):
        lock.write_text(f",somebody,elsewhere,22.11.2026 17:00,{profile};", encoding="utf-8")
        return path

    return lock_by


def test_a_file_open_elsewhere_is_named(app, locked):
    path = locked("file:///elsewhere/profile")
    with pytest.raises(FileError, match=r'(?s)"locked\.xlsx" is open elsewhere.*read_only=True'):
        app.books.open(path)
    book = app.books.open(path, read_only=True)
    assert book.sheet_names == ["Sheet1"]
    book.close()


def test_the_lock_of_a_killed_libreoffice_is_no_obstacle(app, locked, tmp_path):
    path = locked((tmp_path / "cdrp-xl-libreoffice-gone").as_uri())
    book = app.books.open(path)
    book.sheets[0]["A1"].value = 1
    book.save()
    book.close()


def test_an_unknown_ending_is_not_saved(book, tmp_path):
    with pytest.raises(CannotBeWrittenError, match=r"(?s)book\.docx.*\.xlsx"):
        book.save(tmp_path / "book.docx")


def test_a_missing_folder_is_named(book, tmp_path):
    with pytest.raises(CannotBeWrittenError, match=r"(?s)could not be saved.*nowhere"):
        book.save(tmp_path / "nowhere" / "book.xlsx")


def test_arguments_that_libreoffice_lacks_are_named(app, book, tmp_path):
    book.save(tmp_path / "args.xlsx")
    book.close()
    with pytest.raises(UnsupportedInLibreOfficeError, match="write_res_password"):
        app.books.open(tmp_path / "args.xlsx", write_res_password="x")  # noqa: S106


def test_frozen_panes_gridlines_and_the_active_worksheet_are_saved_in_an_excel_file(book, tmp_path):
    first = book.sheets[0]
    first.freeze_panes.freeze_at("A1:B2")
    first.show_gridlines = False
    rows, columns, hidden, last = (
        book.sheets.add(name, after=book.sheets[-1]) for name in ("Rows", "Columns", "Hidden", "Last")
    )
    rows.freeze_panes.freeze_at("1:3")
    columns.freeze_panes.freeze_at("A:A")
    hidden.visible = False
    rows.activate()
    for _ in range(2):  # saving once more finds the file that was completed
        book.save(tmp_path / "views.xlsx")
    saved = openpyxl.load_workbook(tmp_path / "views.xlsx")
    assert [sheet.freeze_panes for sheet in saved] == ["C3", "A4", "B1", None, None]
    assert [sheet.sheet_view.pane.activePane for sheet in saved.worksheets[:3]] == [
        "bottomRight",
        "bottomLeft",
        "topRight",
    ]
    assert [sheet.sheet_view.showGridLines for sheet in saved] == [False, True, True, True, True]
    assert [sheet.sheet_view.tabSelected for sheet in saved] == [False, True, False, False, False]
    assert (saved.active.title, saved["Hidden"].sheet_state) == ("Rows", "hidden")
    assert book.sheets.active == rows
    rows.freeze_panes.unfreeze()
    last.activate()
    book.save()
    saved = openpyxl.load_workbook(tmp_path / "views.xlsx")
    assert (saved.active.title, saved["Rows"].freeze_panes) == ("Last", None)


def test_a_file_s_frozen_panes_and_zoom_survive_saving(app, tmp_path):
    path = tmp_path / "frozen.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet, bare = workbook.add_worksheet("Data"), workbook.add_worksheet("Bare")
        sheet.freeze_panes(1, 0)
        sheet.set_zoom(85)
        bare.hide_gridlines(2)
    path.chmod(0o640)
    book = app.books.open(path)
    book.sheets[0]["A2"].value = 5
    assert [sheet.show_gridlines for sheet in book.sheets] == [True, False]
    book.sheets["Bare"].name = "Renamed"
    book.save()
    book.close()
    workbook = openpyxl.load_workbook(path)
    assert [sheet.sheet_view.showGridLines for sheet in workbook] == [True, False]
    saved = workbook["Data"]
    assert (saved.freeze_panes, saved.sheet_view.zoomScale, saved["A2"].value) == ("A2", 85, 5)
    assert path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in tmp_path.iterdir()] == ["frozen.xlsx"]
