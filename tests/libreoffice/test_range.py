from __future__ import annotations

import openpyxl
import pytest
import xlwings as xw

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice import UnsupportedInLibreOfficeError

pytestmark = pytest.mark.libreoffice


def test_a_range_knows_its_place(sheet):
    block = sheet["B2:D4"]
    assert (block.row, block.column, block.shape, block.size, len(block)) == (2, 2, (3, 3), 9, 9)
    assert block.address == "$B$2:$D$4"
    assert block.get_address(row_absolute=False, column_absolute=False) == "B2:D4"
    assert block.get_address(external=True) == f"[{sheet.book.name}]{sheet.name}!$B$2:$D$4"
    assert block.get_address(include_sheetname=True) == f"{sheet.name}!$B$2:$D$4"
    assert block.last_cell.address == "$D$4"
    assert block.offset(1, 1).address == "$C$3:$E$5"
    assert block.resize(1, 2).address == "$B$2:$C$2"
    assert block[0, 0].address == block(1, 1).address == "$B$2"
    assert block[1:, 0].address == "$B$3:$B$4"
    assert block.rows[1].address == "$B$3:$D$3"
    assert block.columns[-1 + 1].address == "$B$2:$B$4"
    assert sheet[0, 0].address == "$A$1"
    assert sheet.range((1, 1), (2, 3)).address == "$A$1:$C$2"
    assert xw.Range(sheet["A1"], sheet["B2"]).address == "$A$1:$B$2"


def test_a_range_counts_from_one(sheet):
    with pytest.raises(IndexError, match="count from 1"):
        sheet.range((0, 1))


def test_an_unknown_name_is_no_range(sheet):
    with pytest.raises(xw.NoSuchObjectError, match="no_such_name"):
        sheet["no_such_name"]


def test_expand_follows_the_filled_cells(sheet):
    sheet["B2"].value = [[1, 2, 3], [4, 5, 6], [None, 8, 9]]
    assert sheet["B2"].expand().address == "$B$2:$D$3"
    assert sheet["B2"].expand("right").address == "$B$2:$D$2"
    assert sheet["B2"].expand("down").address == "$B$2:$B$3"
    assert sheet["B2"].current_region.address == "$B$2:$D$4"
    assert sheet.used_range.address.endswith("$D$4")


def test_a_formula_fills_a_range_with_moving_references(sheet):
    sheet["A1"].value = [[1], [2], [3]]
    sheet["B1:C3"].formula = "=$A1*2+A$1"
    assert sheet["C3"].formula == "=$A3*2+B$1"
    assert sheet["B1:B3"].value == [3, 5, 7]


def test_formulas_read_as_text_in_rows(sheet):
    sheet["A1"].value = [[1.5, "=A1*2"], ["text", True]]
    assert sheet["A1:B2"].formula == (("1.5", "=A1*2"), ("text", "TRUE"))


def test_a_formula_of_several_values_spills(book, tmp_path):
    sheet = book.sheets[0]
    sheet["A1"].value = [[1, 2], [3, 4], [5, 6]]
    sheet["D1"].formula2 = "=A1:B3*10"
    assert sheet["D1:E3"].value == [[10, 20], [30, 40], [50, 60]]
    assert sheet["D1"].formula2 == "=A1:B3*10"
    sheet["D1"].formula2 = "=TRANSPOSE(A1:B3)"
    assert sheet["D1:F3"].value == [[1, 3, 5], [2, 4, 6], [None] * 3]
    sheet["D5"].formula2 = "=SUM(A1:B3)"
    assert (sheet["D5"].value, sheet["D5"].has_array) == (21, False)
    sheet["D6:D7"].formula2 = "=A1"
    assert sheet["D6:D7"].formula == (("=A1",), ("=A2",))
    book.save(tmp_path / "spilled.xlsx")
    saved = openpyxl.load_workbook(tmp_path / "spilled.xlsx").active["D1"].value
    assert (saved.ref, saved.text) == ("D1:F2", "=TRANSPOSE(A1:B3)")


def test_a_formula_does_not_spill_over_what_is_there(sheet):
    sheet["A1"].value = [[1], [2], [3]]
    sheet["C3"].value = "kept"
    with pytest.raises(CannotBeWrittenError, match=r"(?s)needs 3 cells, and 1 of them.*C1:C3"):
        sheet["C1"].formula2 = "=A1:A3*2"
    assert sheet["C1:C3"].value == [None, None, "kept"]


def test_an_array_formula_covers_its_block(sheet):
    sheet["A1"].value = [[1], [2]]
    sheet["B1:B2"].formula_array = "=A1:A2*10"
    assert sheet["B1:B2"].value == [10, 20]
    assert sheet["B1:B2"].formula_array == "=A1:A2*10"
    assert sheet["B1"].has_array
    assert not sheet["A1"].has_array


def test_colours_are_red_green_and_blue(sheet):
    sheet["A1"].color = (255, 128, 0)
    sheet["A2"].color = "#0000ff"
    assert sheet["A1"].color == (255, 128, 0)
    assert sheet["A2"].color == (0, 0, 255)
    assert sheet["A1:A2"].color is None
    sheet["A1"].color = None
    assert sheet["A1"].color is None
    sheet["A1:B1"].set_colors([[(1, 2, 3), ...]])
    assert (sheet["A1"].color, sheet["B1"].color) == ((1, 2, 3), None)


@pytest.mark.parametrize("value", ["general", "left", "center", "right", "fill", "justify", "distributed"])
def test_text_stands_where_it_is_put_across(sheet, value):
    sheet["A1"].horizontal_alignment = value
    assert sheet["A1"].horizontal_alignment == value


@pytest.mark.parametrize("value", ["top", "center", "bottom", "justify", "distributed"])
def test_text_stands_where_it_is_put_upright(sheet, value):
    sheet["A1"].vertical_alignment = value
    assert sheet["A1"].vertical_alignment == value


def test_distributed_text_is_saved_so(book, tmp_path):
    cells = book.sheets[0]["A1:A2"]
    cells.horizontal_alignment = cells.vertical_alignment = "distributed"
    assert (cells.horizontal_alignment, cells.vertical_alignment) == ("distributed", "distributed")
    book.sheets[0]["A2"].horizontal_alignment = "justify"
    assert cells.horizontal_alignment is None
    book.save(tmp_path / "aligned.xlsx")
    saved = openpyxl.load_workbook(tmp_path / "aligned.xlsx").active
    assert [saved[name].alignment.horizontal for name in ("A1", "A2")] == ["distributed", "justify"]
    assert saved["A1"].alignment.vertical == "distributed"


def test_text_wraps(sheet):
    sheet["A1"].wrap_text = True
    assert sheet["A1"].wrap_text is True
    assert sheet["A1:A2"].wrap_text is None


def test_clearing_takes_values_or_formats_or_both(sheet):
    cell = sheet["A1"]
    cell.value, cell.color = 5, (1, 2, 3)
    cell.clear_contents()
    assert (cell.value, cell.color) == (None, (1, 2, 3))
    cell.value = 5
    cell.clear_formats()
    assert (cell.value, cell.color) == (5, None)
    cell.clear()
    assert cell.value is None


def test_cells_are_inserted_and_deleted(sheet):
    sheet["A1"].value = [[1, 2], [3, 4]]
    sheet["A1"].insert("down")
    assert sheet["A1:B3"].value == [[None, 2], [1, 4], [3, None]]
    sheet["A1"].delete("up")
    assert sheet["A1:B2"].value == [[1, 2], [3, 4]]
    sheet["1:1"].insert("down")
    assert sheet["A1:B3"].value == [[None, None], [1, 2], [3, 4]]
    sheet["A:A"].delete()
    assert sheet["A1:A3"].value == [None, 2, 4]


def test_inserted_cells_look_like_those_above_or_those_below(sheet):
    sheet["A1:B3"].value = [["head", 1], ["first", 2], ["second", 3]]
    sheet["A1:B1"].color, sheet["A2:B2"].color = (1, 2, 3), (4, 5, 6)
    sheet["A2"].add_note("stays")
    sheet["2:2"].insert("down", copy_origin="format_from_right_or_below")
    assert (sheet["A2"].color, sheet["A3"].color) == ((4, 5, 6), (4, 5, 6))
    assert sheet["A1:B4"].value == [["head", 1], [None, None], ["first", 2], ["second", 3]]
    assert [note.location.address for note in sheet.notes] == ["$A$3"]
    sheet["2:3"].insert("down")
    assert (sheet["A2"].color, sheet["B3"].color) == ((1, 2, 3), (1, 2, 3))
    sheet["A1:A2"].insert("right", copy_origin="format_from_right_or_below")
    assert (sheet["A1"].color, sheet["B1"].value) == ((1, 2, 3), "head")


def test_cells_merge_and_part(sheet):
    sheet["A1:B2"].merge()
    assert sheet["B2"].merge_area.address == "$A$1:$B$2"
    assert sheet["A1:B2"].merge_cells is True
    assert sheet["A1:C3"].merge_cells is None
    sheet["A1:B2"].unmerge()
    assert sheet["A1"].merge_cells is False
    sheet["A1:B2"].merge(across=True)
    assert sheet["A2"].merge_area.address == "$A$2:$B$2"


def test_a_hyperlink_is_found_again(sheet):
    sheet["A1"].add_hyperlink("www.example.org", "Example")
    assert sheet["A1"].value == "Example"
    assert sheet["A1"].hyperlink == "http://www.example.org"


def test_a_cell_without_a_link_says_so(sheet):
    sheet["A1"].value = "plain"
    with pytest.raises(ValueError, match=r"\$A\$1 doesn't seem to contain a hyperlink"):
        _ = sheet["A1"].hyperlink


def test_a_range_takes_a_name(sheet):
    sheet["B2:C3"].name = "named_block"
    assert sheet["B2:C3"].name.name == "named_block"
    assert sheet["named_block"].address == "$B$2:$C$3"
    assert sheet["A1"].name is None


def test_selecting_makes_a_range_the_selection(sheet):
    sheet.book.activate()
    sheet["B2:C3"].select()
    assert sheet.book.app.selection.address == "$B$2:$C$3"
    assert sheet.book.sheets.active == sheet


@pytest.mark.parametrize(
    "change",
    [
        lambda cell: setattr(cell, "value", 1),
        lambda cell: setattr(cell, "formula", "=1"),
        lambda cell: setattr(cell, "color", (1, 2, 3)),
        lambda cell: setattr(cell, "number_format", "0"),
        lambda cell: setattr(cell.font, "bold", True),
        lambda cell: cell.clear(),
        lambda cell: cell.insert("down"),
        lambda cell: cell.merge(),
    ],
)
def test_a_protected_worksheet_says_so_instead_of_doing_nothing(sheet, change):
    sheet.api.protect("")
    try:
        with pytest.raises(CannotBeWrittenError, match=rf'(?s)Worksheet "{sheet.name}" is protected.*B2'):
            change(sheet["B2"])
    finally:
        sheet.api.unprotect("")


def test_an_unlocked_cell_of_a_protected_worksheet_takes_values(sheet):
    protection = sheet["B2"].api.CellProtection
    protection.IsLocked = False
    sheet["B2"].api.CellProtection = protection
    sheet.api.protect("")
    try:
        sheet["B2"].value = 5
        assert sheet["B2"].value == 5
    finally:
        sheet.api.unprotect("")


def test_what_is_unsupported_names_itself(sheet):
    with pytest.raises(UnsupportedInLibreOfficeError, match=r"Range\.copy_picture is not supported in LibreOffice"):
        sheet["A1"].copy_picture()
    with pytest.raises(NotImplementedError, match=r"Range\.add_comment"):
        sheet["A1"].add_comment("threaded")
