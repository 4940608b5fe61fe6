from __future__ import annotations

import pytest

pytestmark = pytest.mark.libreoffice


@pytest.fixture
def pivot(sheet):
    sheet["A1"].value = [["area", "month", "offences"], ["N", "Apr", 1], ["S", "Apr", 2], ["N", "May", 5]]
    return sheet.pivot_tables.add(sheet["A1:C4"], sheet["F1"], rows="area", columns="month", values={"offences": "sum"})


def test_a_pivot_table_adds_up(pivot):
    assert pivot.data_body_range.value == [[1, 5, 6], [2, None, 2], [3, 5, 8]]
    assert pivot.field_names == ["area", "month", "offences"]
    assert [field.name for field in pivot.rows] == ["area"]
    assert [(field.source_field, field.function) for field in pivot.values] == [("offences", "sum")]


def test_fields_that_others_stand_within_have_subtotals_as_in_excel(sheet):
    sheet["A1"].value = [["year", "quarter", "offences"], ["2010", "Q1", 1], ["2010", "Q2", 2], ["2011", "Q1", 4]]
    columns = ["year", "quarter"]
    pivot = sheet.pivot_tables.add(sheet["A1:C4"], sheet["F1"], columns=columns, values={"offences": "sum"})
    assert pivot.data_body_range.value == [1, 2, 3, 4, 4, 7]


def test_a_pivot_table_changes(sheet, pivot):
    pivot.columns["month"].remove()
    pivot.values[0].function = "max"
    pivot.show_row_grand_totals = pivot.show_column_grand_totals = False
    sheet["C2"].value = 9
    pivot.refresh()
    assert pivot.data_body_range.value == [9, 2]


def test_a_pivot_table_of_a_table_follows_it_when_it_grows_and_shrinks(sheet):
    sheet["A1"].value = [["area", "offences"], ["N", 1], ["S", 2], ["S", 4]]
    table = sheet.tables.add(sheet["A1:B3"], name="tblAreas")
    pivot = sheet.pivot_tables.add(table, sheet["F1"], rows="area", values={"offences": "sum"})
    assert pivot.data_body_range.value == [1, 2, 3]
    table.resize(sheet["A1:B4"])
    pivot.refresh()
    assert pivot.data_body_range.value == [1, 6, 7]
    table.resize(sheet["A1:B2"])
    pivot.refresh()
    assert pivot.data_body_range.value == [1, 1]


def test_a_pivot_table_of_cells_that_are_no_table_keeps_them(sheet, pivot):
    sheet["A5"].value = ["N", "Jun", 9]
    pivot.refresh()
    assert pivot.data_body_range.value == [[1, 5, 6], [2, None, 2], [3, 5, 8]]


def test_a_pivot_table_is_named_and_deleted(sheet, pivot):
    pivot.name = "quarter"
    assert sheet.pivot_tables["quarter"].parent == sheet
    pivot.delete()
    assert len(sheet.pivot_tables) == 0
