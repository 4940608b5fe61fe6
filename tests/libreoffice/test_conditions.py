from __future__ import annotations

import pytest
import xlsxwriter

from cdrp_xl.libreoffice import UnsupportedInLibreOfficeError

pytestmark = pytest.mark.libreoffice


def test_a_rule_on_values(sheet):
    formats = sheet["A1:A9"].conditional_formats
    rule = formats.add_cell_value("between", 1, 5, fill_color="#ff0000", font_bold=True)
    assert (rule.type, rule.operator, rule.formula1, rule.formula2) == ("cell_value", "between", "=1", "=5")
    assert (rule.fill_color, rule.font_bold) == ((255, 0, 0), True)
    rule.set(operator="greater_than", formula1=7, fill_color=(0, 0, 255))
    assert (rule.operator, rule.formula1, rule.formula2, rule.fill_color) == ("greater_than", "=7", None, (0, 0, 255))
    assert len(formats) == len(sheet["A5:B5"].conditional_formats) == 1
    assert len(sheet["B1"].conditional_formats) == 0


def test_a_rule_by_formula(sheet):
    rule = sheet["A1:A9"].conditional_formats.add_custom('=$B1="Red"', font_color=(0, 128, 0), font_italic=True)
    assert (rule.type, rule.formula) == ("custom", '=$B1="Red"')
    assert (rule.font_color, rule.font_italic) == ((0, 128, 0), True)


def test_a_rule_that_libreoffice_s_interface_cannot_make_is_named(sheet):
    with pytest.raises(UnsupportedInLibreOfficeError, match=r"ConditionalFormats\.add_color_scale"):
        sheet["A1:A9"].conditional_formats.add_color_scale([(255, 0, 0), (0, 255, 0)])


@pytest.fixture
def painted(app, tmp_path):
    path = tmp_path / "painted.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        colours = {"min_color": "#FF0000", "mid_color": "#FFFF00", "max_color": "#00FF00"}
        workbook.add_worksheet().conditional_format("A1:A9", {"type": "3_color_scale", **colours})
    book = app.books.open(path)
    yield book
    book.close()


def test_a_colour_scale_is_read(painted):
    rule = painted.sheets[0]["A1"].conditional_formats[0]
    assert rule.type == "color_scale"
    assert rule.colors == ((255, 0, 0), (255, 255, 0), (0, 255, 0))
    assert rule.threshold_types == ("lowest_value", "percentile", "highest_value")
    assert rule.thresholds == (None, 50, None)
    assert (rule.operator, rule.fill_color, rule.stop_if_true) == (None, None, None)


def test_rules_go(sheet):
    formats = sheet["A1"].conditional_formats
    first = formats.add_cell_value("equal_to", 1)
    formats.add_cell_value("equal_to", 2)
    first.delete()
    assert [rule.formula1 for rule in formats] == ["=2"]
    formats.clear()
    assert len(formats) == 0
