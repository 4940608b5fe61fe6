from __future__ import annotations

import datetime as dt

import pytest

pytestmark = pytest.mark.libreoffice


def test_a_list_of_choices(sheet):
    sheet["A1:A3"].data_validation.set_list(["Red", "Amber", "Green"], in_cell_dropdown=False)
    rule = sheet["A2"].data_validation
    assert (rule.type, rule.source, rule.in_cell_dropdown) == ("list", "Red,Amber,Green", False)
    assert (rule.show_error, rule.alert_style) == (True, "stop")
    assert sheet["A1:B1"].data_validation.type == "inconsistent"


def test_choices_from_cells(sheet):
    sheet["A1"].data_validation.set_list(sheet["C1:C3"])
    assert sheet["A1"].data_validation.source == f"={sheet.name}!$C$1:$C$3"


def test_limits(sheet):
    sheet["A1"].data_validation.set_whole_number("between", 1, 10)
    rule = sheet["A1"].data_validation
    assert (rule.type, rule.operator, rule.formula1, rule.formula2) == ("whole_number", "between", "=1", "=10")
    sheet["A1"].data_validation.set_date("greater_than", dt.date(2011, 4, 1))
    assert sheet["A1"].data_validation.formula1 == "=DATE(2011,4,1)"
    sheet["A1"].data_validation.set_custom("=LEN(A1)>2")
    assert sheet["A1"].data_validation.formula == "=LEN(A1)>2"


def test_a_rule_is_lifted(sheet):
    sheet["A1"].data_validation.set_decimal("less_than", 5)
    sheet["A1"].data_validation.delete()
    assert sheet["A1"].data_validation.type == "none"
    assert sheet["A1"].data_validation.operator is None
