from __future__ import annotations

import pytest

pytestmark = pytest.mark.libreoffice


@pytest.fixture
def block(sheet):
    sheet["A1"].value = [["k", "n"], ["a", 1], ["b", 3], ["c", 5], [None, 7]]
    return sheet["A1:B5"]


def shown(block):
    areas = block.columns[1].get_special_cells("visible")
    return [value for area in areas for value in area.options(ndim=1).value][1:]


def test_a_table_is_filtered_by_values(sheet, block):
    table = sheet.tables.add(block, name=f"filtered_{sheet.name}")
    table.autofilter.apply_values(1, ["a", "c"])
    assert shown(block) == [1, 5]
    assert (table.autofilter.criteria[0].type, table.autofilter.criteria[0].values) == ("values", ["a", "c"])
    table.autofilter.clear()
    assert shown(block) == [1, 3, 5, 7]


@pytest.mark.parametrize(
    ("operator", "limits", "numbers"),
    [
        ("greater_than", (3,), [5, 7]),
        ("less_than_or_equal", (3,), [1, 3]),
        ("between", (2, 5), [3, 5]),
        ("not_between", (2, 5), [1, 7]),
        ("not_equal_to", (3,), [1, 5, 7]),
    ],
)
def test_a_range_is_filtered_by_comparing(block, operator, limits, numbers):
    block.autofilter.apply_comparison(2, operator, *limits)
    assert shown(block) == numbers
    assert block.autofilter.criteria[1].operator == operator
    block.autofilter.clear(2)
    assert shown(block) == [1, 3, 5, 7]


def test_a_range_is_filtered_by_rank_and_by_blanks(block):
    block.autofilter.apply_top_items(2, 2)
    assert shown(block) == [5, 7]
    block.autofilter.clear()
    block.autofilter.apply_bottom_items(2, 1)
    assert shown(block) == [1]
    assert block.autofilter.criteria[1].type == "bottom_items"
    block.autofilter.clear()
    block.autofilter.apply_comparison(1, "equal_to", None)
    assert shown(block) == [7]


def test_a_worksheet_has_one_filter_beside_its_tables(sheet, block):
    block.autofilter.apply_values(1, ["a"])
    with pytest.raises(ValueError, match="already has an AutoFilter"):
        sheet["D1:E3"].autofilter.apply_values(1, ["a"])
