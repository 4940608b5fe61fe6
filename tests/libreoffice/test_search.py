from __future__ import annotations

import pytest

pytestmark = pytest.mark.libreoffice


@pytest.mark.parametrize(
    ("start", "direction", "end"),
    [
        ("B2", "down", "$B$4"),
        ("B4", "down", "$B$7"),
        ("B7", "down", "$B$1048576"),
        ("B7", "up", "$B$4"),
        ("B2", "up", "$B$1"),
        ("B2", "right", "$D$2"),
        ("D2", "right", "$XFD$2"),
        ("D2", "left", "$B$2"),
        ("XFD2", "left", "$D$2"),
        ("A1048576", "up", "$A$1"),
        ("B1048576", "up", "$B$7"),
    ],
)
def test_the_end_is_where_control_and_an_arrow_lead(sheet, start, direction, end):
    sheet["B2"].value = [[1, 2, 3], [4, None, 6], [7, 8, 9]]
    sheet["B7"].value = "last"
    assert sheet[start].end(direction).address == end


def test_rows_are_sorted_by_several_columns(sheet):
    sheet["A1"].value = [["k", "n"], ["b", 1], ["a", 2], ["a", 1], ["B", 0]]
    sheet["A1:B5"].sort([1, 2], ascending=[True, False], has_headers=True)
    assert sheet["A1:B5"].value == [["k", "n"], ["a", 2], ["a", 1], ["b", 1], ["B", 0]]


def test_duplicates_go_and_the_cells_below_stay(sheet):
    sheet["A1"].value = [["k", "n"], ["a", 1], ["A", 1], ["b", 1], ["a", 1], ["below", 0]]
    sheet["A1:B5"].remove_duplicates([1, 2], has_headers=True)
    assert sheet["A1:B6"].value == [["k", "n"], ["a", 1], ["b", 1], [None, None], [None, None], ["below", 0]]


def test_special_cells_are_found_by_their_kind(sheet):
    sheet["A1"].value = [[1, "text", "=1+1"], [None, True, '="a"']]

    def found(*kind):
        return [area.address for area in sheet["A1:C2"].get_special_cells(*kind)]

    assert found("blanks") == ["$A$2"]
    assert found("formulas") == ["$C$1:$C$2"]
    assert found("formulas", "text") == ["$C$2"]
    assert found("constants", "text") == ["$B$1"]
    assert found("constants", "numbers") == ["$A$1"]
    assert found("constants", "logical") == ["$B$2"]
    assert found("visible") == ["$A$1:$C$2"]


def test_a_text_is_found_in_the_order_asked_for(sheet):
    sheet["A1"].value = [["x", "Burglary"], ["burglary dwelling", "y"], ["burglary", None]]
    block = sheet["A1:B3"]
    assert block.find("burglary").address == "$B$1"
    assert block.find("burglary", order="columns").address == "$A$2"
    assert block.find("burglary", direction="backward").address == "$A$3"
    assert block.find("burglary", whole=True, match_case=True).address == "$A$3"
    assert block.find("burg*dwelling").address == "$A$2"
    assert block.find("robbery") is None


def test_a_text_is_replaced_everywhere(sheet):
    sheet["A1"].value = [["Anti social", "anti social"], ["=LEN(A1)", None]]
    sheet["A1:B2"].replace_all("anti social", "anti-social")
    assert sheet["A1:B1"].value == ["anti-social", "anti-social"]
    assert sheet["A2"].value == 11
