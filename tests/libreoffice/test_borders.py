from __future__ import annotations

import pytest

pytestmark = pytest.mark.libreoffice


def test_a_border_runs_around_a_block(sheet):
    block = sheet["B2:C3"]
    block.borders.set("outside", line_style="dash", weight="medium", color="#ff0000")
    top = block.borders["edge_top"]
    assert (top.line_style, top.weight, top.color) == ("dash", "medium", (255, 0, 0))
    assert block.borders["inside_vertical"].line_style is None
    assert sheet["B2"].borders["edge_right"].line_style is None
    assert sheet["C3"].borders["edge_bottom"].line_style == "dash"


@pytest.mark.parametrize("style", ["continuous", "dash", "dash_dot", "dash_dot_dot", "dot", "double"])
def test_a_line_style_is_read_back(sheet, style):
    sheet["B2"].borders["edge_left"].line_style = style
    assert sheet["B2"].borders["edge_left"].line_style == style


def test_all_borders_come_and_go(sheet):
    borders = sheet["B2:C3"].borders
    borders.line_style = "continuous"
    borders.color = (0, 0, 255)
    assert (borders.line_style, borders.weight, borders.color) == ("continuous", "thin", (0, 0, 255))
    borders["diagonal_down"].line_style = "continuous"
    assert sheet["B2"].borders["diagonal_down"].line_style == "continuous"
    borders.clear()
    assert borders.line_style is None
    assert sheet["B2"].borders["diagonal_down"].line_style is None
