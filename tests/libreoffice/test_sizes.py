from __future__ import annotations

import pytest

from cdrp_xl.libreoffice.office import enum

pytestmark = pytest.mark.libreoffice


def test_column_width_is_in_characters(sheet):
    for width in (0.5, 1, 8.43, 20, 100):
        sheet["B1"].column_width = width
        assert sheet["B1"].column_width == pytest.approx(width, abs=0.02)
    assert sheet["A1:B1"].column_width is None


def test_row_height_is_in_points(sheet):
    sheet["A2"].row_height = 30
    assert sheet["A2"].row_height == pytest.approx(30, abs=0.05)
    assert sheet["A2"].height == pytest.approx(30, abs=0.05)
    assert sheet["A3"].top == pytest.approx(sheet["A2"].top + 30, abs=0.1)


def test_a_column_fits_what_it_holds(sheet):
    sheet["A1"].value = "a heading that needs more room than a column has"
    narrow = sheet["A1"].column_width
    sheet["A:A"].autofit()
    assert sheet["A1"].column_width > narrow
    sheet.autofit()


def test_rows_and_columns_hide(sheet):
    sheet["A1:C3"].value = 1
    sheet["A2"].rows.hidden = True
    assert sheet["A2"].rows.hidden is True
    assert sheet["A1:A3"].rows.hidden is None
    sheet["C1"].columns.hidden = True
    assert sheet["C1"].columns.hidden is True
    assert sheet["A1"].columns.hidden is False


def test_rows_and_columns_are_grouped(sheet):
    sheet["2:3"].group()
    sheet["5:6"].group()
    sheet["5:6"].ungroup()
    sheet["B:C"].group()
    for orientation in ("ROWS", "COLUMNS"):
        sheet.api.showLevel(0, enum("table.TableOrientation", orientation))  # folds every group
    assert [sheet[f"A{row}"].rows.hidden for row in range(1, 7)] == [False, True, True, False, False, False]
    assert [sheet[f"{letter}1"].columns.hidden for letter in "ABCD"] == [False, True, True, False]
