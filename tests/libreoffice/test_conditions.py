from __future__ import annotations

import re
import zipfile

import openpyxl
import pytest
import xlsxwriter
from xlwings.base_classes import CONDITIONAL_FORMAT_ICON_SETS

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


def saved_rules(book, tmp_path):
    """Return the conditional formats of a workbook's first worksheet as openpyxl reads them, by their cells."""
    book.save(tmp_path / "rules.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "rules.xlsx").worksheets[0]
    return {str(cells.sqref): cells.rules[0] for cells in sheet.conditional_formatting}


def test_a_colour_scale_is_made_and_saved(book, tmp_path):
    sheet = book.sheets[0]
    two = sheet["A1:A9"].conditional_formats.add_color_scale([(255, 0, 0), "#00ff00"])
    three = sheet["B1:B9"].conditional_formats.add_color_scale(
        ["#f8696b", "#ffeb84", "#63be7b"], thresholds=[0, 2.5, 100], threshold_type="percent"
    )
    assert (two.type, two.colors) == ("color_scale", ((255, 0, 0), (0, 255, 0)))
    assert (two.threshold_types, two.thresholds) == (("lowest_value", "highest_value"), (None, None))
    assert (three.threshold_types, three.thresholds) == (("percent",) * 3, (0, 2.5, 100))
    saved = saved_rules(book, tmp_path)
    assert [colour.rgb for colour in saved["A1:A9"].colorScale.color] == ["FFFF0000", "FF00FF00"]
    assert [limit.type for limit in saved["A1:A9"].colorScale.cfvo] == ["min", "max"]
    assert [colour.rgb for colour in saved["B1:B9"].colorScale.color] == ["FFF8696B", "FFFFEB84", "FF63BE7B"]
    assert [(limit.type, limit.val) for limit in saved["B1:B9"].colorScale.cfvo] == [
        ("percent", 0),
        ("percent", 2.5),
        ("percent", 100),
    ]


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # openpyxl's, of what Excel 2010 added
def test_a_data_bar_is_made_and_saved(book, tmp_path):
    sheet = book.sheets[0]
    plain = sheet["A1:A9"].conditional_formats.add_data_bar("#638ec6")
    bar = sheet["B1:B9"].conditional_formats.add_data_bar(
        (1, 2, 3), minimum=5, maximum=90, threshold_type="percentile", gradient=False, show_value=False
    )
    assert (plain.type, plain.bar_color, plain.gradient, plain.show_value) == ("data_bar", (99, 142, 198), True, True)
    assert (plain.threshold_types, plain.thresholds) == (("automatic", "automatic"), (None, None))
    assert (bar.bar_color, bar.gradient, bar.show_value) == ((1, 2, 3), False, False)
    assert (bar.threshold_types, bar.thresholds) == (("percentile", "percentile"), (5, 90))
    assert (bar.colors, bar.icon_set, bar.reverse_order, bar.stop_if_true) == (None, None, None, None)
    saved = saved_rules(book, tmp_path)["B1:B9"].dataBar
    assert (saved.color.rgb, saved.showValue) == ("FF010203", False)
    assert [(limit.type, limit.val) for limit in saved.cfvo] == [("percentile", 5), ("percentile", 90)]


@pytest.mark.parametrize("name", CONDITIONAL_FORMAT_ICON_SETS)
def test_an_icon_set_is_made_and_saved(book, tmp_path, name):
    rule = book.sheets[0]["A1:A9"].conditional_formats.add_icon_set(name)
    assert (rule.type, rule.show_value, rule.reverse_order) == ("icon_set", True, False)
    assert rule.icon_set == (None if name in {"3_stars", "3_triangles"} else name)
    icons = int(name[0])
    assert rule.thresholds == tuple(round(number * 100 / icons) for number in range(1, icons))
    book.save(tmp_path / "icons.xlsx")
    with zipfile.ZipFile(tmp_path / "icons.xlsx") as file:
        written = re.findall(r'iconSet="(\w+)"', file.read("xl/worksheets/sheet1.xml").decode())
    assert [word.lower() for word in written] == [name.replace("_", "")]


def test_an_icon_set_of_its_own_order_and_limits(book, tmp_path):
    rule = book.sheets[0]["A1:A9"].conditional_formats.add_icon_set(
        "3_traffic_lights_1", thresholds=[60, 80], reverse_order=True, show_value=False
    )
    assert (rule.thresholds, rule.threshold_types) == ((60, 80), ("number", "number"))
    assert (rule.reverse_order, rule.show_value) == (True, False)
    saved = saved_rules(book, tmp_path)["A1:A9"].iconSet
    assert (saved.iconSet, saved.reverse, saved.showValue) == ("3TrafficLights1", True, False)
    assert [(limit.type, limit.val) for limit in saved.cfvo] == [("percent", 0), ("num", 60), ("num", 80)]


def test_a_scale_leaves_cells_and_other_rules_as_they_are(sheet):
    sheet["A1"].value = [["k", "n"], ["a", 1], ["b", 2], ["c", 3]]
    sheet["B2:B4"].formula = "=ROW()"
    sheet["A2:A3"].merge()
    sheet["A1:B4"].conditional_formats.add_cell_value("greater_than", 2, fill_color="#ff0000")
    sheet["B1:B4"].conditional_formats.add_color_scale(["#ff0000", "#00ff00"])
    sheet["B2:B3"].conditional_formats.add_icon_set("3_arrows")
    every = sheet["A1:B4"].conditional_formats
    assert [rule.type for rule in every] == ["cell_value", "color_scale", "icon_set"]
    assert len(sheet["A1"].conditional_formats) == 1
    assert [rule.type for rule in sheet["B4"].conditional_formats] == ["cell_value", "color_scale"]
    assert sheet["B2:B4"].formula == (("=ROW()",),) * 3
    assert sheet.used_range.address == "$A$1:$B$4"
    assert sheet.book.api.AreaLinks.Count == 0
    every[1].delete()
    assert [rule.type for rule in sheet["B1:B4"].conditional_formats] == ["cell_value", "icon_set"]


def test_a_rule_is_drawn_at_once(sheet, tmp_path, colours_of):
    sheet["A1"].value = [[1], [2], [3]]
    sheet["A1:A3"].conditional_formats.add_color_scale(["#ff0000", "#ffff00", "#00ff00"])
    sheet["B1:B3"].conditional_formats.add_custom("=$A1=2", fill_color="#0000ff")
    sheet["A1:B3"].impl.to_png(tmp_path / "drawn.png")
    assert {(255, 0, 0), (255, 255, 0), (0, 255, 0), (0, 0, 255)} <= colours_of(tmp_path / "drawn.png")


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
