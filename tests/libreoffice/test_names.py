from __future__ import annotations

import pytest
import xlwings as xw

pytestmark = pytest.mark.libreoffice


def test_a_name_of_the_workbook_refers_to_cells(book):
    name = book.names.add("quarter", "=Sheet1!$A$1:$B$2")
    assert (name.name, name.refers_to) == ("quarter", "=Sheet1!$A$1:$B$2")
    assert name.refers_to_range.address == "$A$1:$B$2"
    assert book.names["QUARTER"].name == "quarter"
    assert "quarter" in book.names
    assert len(book.names) == 1


def test_a_name_changes_its_text_and_its_cells(book):
    name = book.names.add("old", "=Sheet1!$A$1")
    name.name = "new"
    name.refers_to = "=Sheet1!$C$3"
    assert book.names["new"].refers_to_range.address == "$C$3"
    assert "old" not in book.names


def test_a_name_of_a_worksheet_goes_before_one_of_the_workbook(book):
    sheet = book.sheets[0]
    sheet["A1:B1"].value = [1, 2]
    book.names.add("figure", "=Sheet1!$A$1")
    sheet.names.add("figure", "=Sheet1!$B$1")
    assert sheet["figure"].value == 2
    assert {name.name for name in book.names} == {"figure", "Sheet1!figure"}
    assert [name.name for name in sheet.names] == ["Sheet1!figure"]
    assert book.names["Sheet1!figure"].refers_to_range.value == 2


def test_a_name_is_deleted(book):
    book.names["rate"] = "=Sheet1!$A$1"
    del book.names["rate"]
    assert "rate" not in book.names
    with pytest.raises(KeyError, match="rate"):
        _ = book.names["rate"]


def test_a_name_for_a_number_is_no_range(book):
    name = book.names.add("per_thousand", "=1000")
    assert name.refers_to == "=1000"
    with pytest.raises(xw.NoSuchObjectError, match="per_thousand"):
        _ = name.refers_to_range


def test_a_formula_uses_a_name(book):
    sheet = book.sheets[0]
    sheet["A1"].value = 5
    book.names.add("base", "=Sheet1!$A$1")
    sheet["B1"].value = "=base*2"
    assert sheet["B1"].value == 10
    assert sheet["B1"].formula == "=base*2"


def test_all_names_places_are_told_at_once_and_other_names_are_left_out(book):
    book.sheets.add("It's 'odd' & spaced. 1")
    book.names.add("one", "=Sheet1!$B$3")
    book.names.add("block", "='It''s ''odd'' & spaced. 1'!$A$1:$C$2")
    book.names.add("rate", "=1000")
    book.names.add("gone", "=#REF!")
    book.sheets.add("Deleted")
    book.names.add("deleted", "=Deleted!$A$1")
    book.sheets["Deleted"].delete()
    assert {name: (sheet, area.reference()) for name, (sheet, area) in book.names.impl.places().items()} == {
        "one": ("Sheet1", "$B$3"),
        "block": ("It's 'odd' & spaced. 1", "$A$1:$C$2"),
    }


def test_a_workbook_without_names_has_no_places(book):
    assert book.names.impl.places() == {}
