from __future__ import annotations

import pytest
import xlwings as xw

from cdrp_xl.errors import CannotBeWrittenError

pytestmark = pytest.mark.libreoffice


def test_worksheets_are_added_where_they_are_wanted(book):
    book.sheets.add("Last", after="Sheet1")
    book.sheets.add("First", before="Sheet1")
    assert book.sheet_names == ["First", "Sheet1", "Last"]
    assert book.sheets.active.name == "First"
    assert book.sheets["last"].index == 3
    assert [sheet.name for sheet in book.sheets] == book.sheet_names
    assert book.sheets[-1].name == "Last"


def test_a_new_worksheet_goes_before_the_active_one(book):
    assert book.sheets.add().name == "Sheet2"
    assert book.sheet_names == ["Sheet2", "Sheet1"]


def test_an_unknown_worksheet_is_named(book):
    with pytest.raises(xw.NoSuchObjectError, match=r'"Book\d+" has no worksheet "Nowhere"; it has Sheet1'):
        _ = book.sheets["Nowhere"]


def test_a_worksheet_is_renamed_but_not_twice_the_same(book):
    book.sheets[0].name = "Data"
    other = book.sheets.add("Other")
    with pytest.raises(CannotBeWrittenError, match='already a worksheet "data"'):
        other.name = "data"
    assert book.sheet_names == ["Other", "Data"]


def test_a_worksheet_is_copied_and_moved(app, book):
    sheet = book.sheets[0]
    sheet["A1"].value = "here"
    copied = sheet.copy(name="Copied")
    assert copied["A1"].value == "here"
    copied.move(before=sheet)
    assert book.sheet_names == ["Copied", "Sheet1"]
    other = app.books.add()
    assert sheet.copy(after=other.sheets[0])["A1"].value == "here"
    other.close()


def test_the_last_worksheet_stays(book):
    with pytest.raises(CannotBeWrittenError, match="at least one worksheet"):
        book.sheets[0].delete()
    with pytest.raises(CannotBeWrittenError, match="shows at least one worksheet"):
        book.sheets[0].visible = False


def test_a_worksheet_is_hidden_and_shown(book):
    sheet = book.sheets.add()
    sheet.visible = False
    assert not sheet.visible
    sheet.visible = True
    assert sheet.visible


def test_a_worksheet_is_cleared(sheet):
    sheet["B2"].value = 5
    sheet["B2"].color = (1, 2, 3)
    sheet.clear_contents()
    assert (sheet["B2"].value, sheet["B2"].color) == (None, (1, 2, 3))
    sheet.clear()
    assert sheet["B2"].color is None


def test_a_worksheet_looks_as_it_is_told(sheet):
    sheet.show_gridlines = False
    assert sheet.show_gridlines is False
    sheet.freeze_panes.freeze_at("A1:B2")
    assert sheet.book.api.CurrentController.hasFrozenPanes()
    sheet.freeze_panes.unfreeze()
    sheet.page_setup.print_area = "$A$1:$C$9"
    assert sheet.page_setup.print_area == "$A$1:$C$9"
    sheet.page_setup.print_area = None
    assert sheet.page_setup.print_area is None


def test_gridlines_are_a_worksheet_s_own(book):
    first = book.sheets[0]
    first.show_gridlines = False
    second = book.sheets.add()
    assert (first.show_gridlines, second.show_gridlines) == (False, True)
    first.show_gridlines = True
    second.show_gridlines = False
    assert (first.show_gridlines, second.show_gridlines) == (True, False)


def test_a_worksheet_becomes_a_web_page(sheet, tmp_path):
    sheet["A1"].value = "recorded crime"
    books = len(sheet.book.app.books)
    sheet.to_html(tmp_path / "sheet.html")
    assert "recorded crime" in (tmp_path / "sheet.html").read_text(encoding="utf-8", errors="replace")
    assert len(sheet.book.app.books) == books


def test_a_worksheet_without_comments_has_none(sheet):
    assert list(sheet.comments) == []
    assert sheet["A1"].comment is None


def test_a_worksheet_from_a_workbook_without_vba_is_not_copied_into_one_with_vba(app, book, demo):
    """LibreOffice ends when that is tried."""
    master = app.books.open(str(demo.master), read_only=True)
    with pytest.raises(CannotBeWrittenError, match="comes from a workbook without VBA"):
        book.sheets[0].copy(after=master.sheets[0])
    master.close()
