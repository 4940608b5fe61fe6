from __future__ import annotations

import openpyxl
import pytest

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice import UnsupportedInLibreOfficeError

pytestmark = pytest.mark.libreoffice


@pytest.fixture
def block(sheet):
    sheet["A1"].value = [[1, "=A1*2"], [2, "=A2*2"]]
    sheet["A1"].color = (1, 2, 3)
    sheet["A1"].number_format = "0.0"
    return sheet["A1:B2"]


def test_a_copy_takes_values_formulas_and_looks(sheet, block):
    block.copy(sheet["D5"])
    assert sheet["D5:E6"].formula == (("1", "=D5*2"), ("2", "=D6*2"))
    assert sheet["D5"].color == (1, 2, 3)


def test_a_copy_goes_to_another_workbook(book, block):
    block.copy(book.sheets[0]["A1"])
    assert book.sheets[0]["A1:B2"].value == [[1, 2], [2, 4]]
    assert book.sheet_names == ["Sheet1"]


def test_values_alone_are_pasted(sheet, block):
    block.copy()
    sheet["D1"].paste("values")
    assert sheet["D1:E2"].formula == (("1", "2"), ("2", "4"))
    assert sheet["D1"].color is None


def test_pasting_reckons_with_what_stands_there(sheet, block):
    sheet["D1:E2"].value = 10
    block.copy()
    sheet["D1"].paste("values", operation="multiply")
    assert sheet["D1:E2"].value == [[10, 20], [20, 40]]


def test_blanks_are_skipped(sheet):
    sheet["A1:B1"].value = [None, 2]
    sheet["D1:E1"].value = [8, 9]
    sheet["A1:B1"].copy()
    sheet["D1"].paste("values", skip_blanks=True)
    assert sheet["D1:E1"].value == [8, 2]


def test_rows_become_columns(sheet):
    sheet["A1"].value = [[1, 2, 3], [4, 5, 6]]
    sheet["E1"].copy_from(sheet["A1:C2"], transpose=True)
    assert sheet["E1:F3"].value == [[1, 4], [2, 5], [3, 6]]


def test_formulas_are_pasted_without_looks(sheet, block):
    sheet["D1"].copy_from(block, copy_type="formulas")
    assert sheet["D1:E2"].formula == (("1", "=D1*2"), ("2", "=D2*2"))
    assert sheet["D1"].color is None


def test_looks_are_pasted_without_values(sheet, block):
    sheet["D1"].value = "kept"
    sheet["D1"].copy_from(block, copy_type="formats")
    assert sheet["D1"].value == "kept"
    assert sheet["D1"].color == (1, 2, 3)
    assert sheet["E1"].value is None


def test_number_formats_go_with_values(sheet, block):
    block.copy()
    sheet["D1"].paste("values_and_number_formats")
    assert (sheet["D1"].number_format, sheet["D1"].color) == ("0.0", None)


def test_widths_rules_and_notes_are_pasted(sheet, block):
    sheet["A1"].column_width = 30
    sheet["A1"].data_validation.set_list(["a", "b"])
    sheet["A1"].add_note("remark")
    block.copy()
    for part in ("column_widths", "validation", "comments"):
        sheet["D1"].paste(part)
    assert sheet["D1"].column_width == pytest.approx(30, abs=0.02)
    assert sheet["D1"].data_validation.type == "list"
    assert sheet["D1"].note.text == "remark"


def test_cells_move(sheet, block):
    block.move(sheet["D1"])
    assert sheet["A1"].value is None
    assert sheet["E2"].formula == "=D2*2"


@pytest.mark.parametrize(
    ("kind", "values"), [("fill_default", [1, 2, 3, 4]), ("fill_series", [1, 2, 3, 4]), ("fill_copy", [1, 1, 1, 1])]
)
def test_a_pattern_goes_on(sheet, kind, values):
    sheet["A1"].value = [[1], [2]]
    source = sheet["A1"] if kind != "fill_default" else sheet["A1:A2"]
    source.autofill(sheet["A1:A4"], kind)
    assert sheet["A1:A4"].value == values


def test_a_pattern_starts_in_the_block_it_fills(sheet):
    with pytest.raises(CannotBeWrittenError, match=r"\$A\$1"):
        sheet["A1"].autofill(sheet["B1:B4"])


def test_looks_or_values_alone_go_on(sheet):
    sheet["A1"].value = [["=B1*2"], ["=B2*2"], [7], [8]]
    sheet["B1"].value = [[1], [2], [3], [4]]
    sheet["A1:A2"].color, sheet["A3"].color = (1, 2, 3), (4, 5, 6)
    sheet["A1:A2"].autofill(sheet["A1:A4"], "fill_formats")
    assert sheet["A1:A4"].formula == (("=B1*2",), ("=B2*2",), ("7",), ("8",))
    assert (sheet["A3"].color, sheet["A4"].color) == ((1, 2, 3), (1, 2, 3))
    sheet["A4"].color = (4, 5, 6)
    sheet["A1:A2"].autofill(sheet["A1:A4"], "fill_values")
    assert sheet["A1:A4"].formula == (("=B1*2",), ("=B2*2",), ("=B3*2",), ("=B4*2",))
    assert (sheet["A3"].color, sheet["A4"].color) == ((1, 2, 3), (4, 5, 6))


def test_a_pattern_of_values_goes_on_without_its_looks(book, tmp_path):
    sheet = book.sheets[0]
    sheet["A1"].value = [[1], [2], [None], [None]]
    sheet["A1"].number_format, sheet["A4"].number_format = "0.0", "0%"
    sheet["A1:A2"].autofill(sheet["A1:A4"], "fill_values")
    book.save(tmp_path / "filled.xlsx")
    saved = openpyxl.load_workbook(tmp_path / "filled.xlsx").active
    assert [saved.cell(row, 1).value for row in range(1, 5)] == [1, 2, 3, 4]
    assert [saved.cell(row, 1).number_format for row in range(1, 5)] == ["0.0", "General", "General", "0%"]


def test_everything_but_borders_is_pasted(sheet, block):
    block.borders.set("all", line_style="dash", color=(9, 9, 9))
    sheet["D1"].borders["edge_top"].line_style = "continuous"
    block.copy()
    sheet["D1"].paste("all_except_borders")
    assert sheet["D1:E2"].formula == (("1", "=D1*2"), ("2", "=D2*2"))
    assert (sheet["D1"].color, sheet["D1"].number_format) == ((1, 2, 3), "0.0")
    assert sheet["D1"].borders["edge_top"].line_style == "continuous"
    assert sheet["E2"].borders["edge_bottom"].line_style is None
    sheet["G1"].paste("all_using_source_theme")
    assert sheet["H2"].borders["edge_bottom"].line_style == "dash"


def test_links_to_the_copied_cells_are_pasted(sheet, block):
    sheet["D1"].copy_from(block, copy_type="link", transpose=True)
    assert sheet["D1:E2"].formula == (("=A1", "=A2"), ("=B1", "=B2"))
    assert sheet["D1:E2"].value == [[1, 2], [2, 4]]
    other = sheet.book.sheets.add()
    other["A1"].copy_from(block, copy_type="link")
    assert other["B2"].formula == f"={sheet.name}!B2"
    other.delete()


def test_links_to_another_workbook_name_themselves(book, block):
    with pytest.raises(UnsupportedInLibreOfficeError, match="from another workbook"):
        book.sheets[0]["A1"].copy_from(block, copy_type="link")


def test_what_cannot_be_pasted_names_itself(sheet, block):
    block.copy()
    with pytest.raises(UnsupportedInLibreOfficeError, match="everything"):
        sheet["D1"].paste("everything")
