# ruff: noqa: DTZ001 - a cell has no time zone
from __future__ import annotations

import datetime as dt
import decimal
import gc
import random

import numpy as np
import pandas as pd
import pytest

from cdrp_xl.errors import CannotBeWrittenError

pytestmark = pytest.mark.libreoffice


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (1, 1.0),
        (2.5, 2.5),
        (2**40, float(2**40)),
        (-(2**31) - 1, float(-(2**31) - 1)),
        ("text", "text"),
        ("", None),
        (None, None),
        (True, True),
        (False, False),
        (float("nan"), None),
        (decimal.Decimal("1.25"), 1.25),
        (dt.date(2024, 2, 29), dt.datetime(2024, 2, 29)),
        (dt.datetime(2024, 2, 29, 13, 45, 59), dt.datetime(2024, 2, 29, 13, 45, 59)),
        (dt.time(6, 0), 0.25),
        (dt.timedelta(hours=36), 1.5),
        (np.float64(1.5), 1.5),
        (np.int64(7), 7.0),
        (np.bool_(True), True),
        (np.datetime64("2024-02-29"), dt.datetime(2024, 2, 29)),
        (np.datetime64("NaT"), None),
        (pd.Timestamp("2024-02-29 06:00"), dt.datetime(2024, 2, 29, 6)),
        (pd.NaT, None),
        (pd.NA, None),
        ("00123", 123.0),
        ("'00123", "00123"),
        ("12%", 0.12),
        ("naïve £ 日本 😀", "naïve £ 日本 😀"),
    ],
    ids=repr,
)
def test_a_value_is_read_back_as_excel_would_read_it(sheet, written, read):
    sheet["A1"].value = written
    found = sheet["A1"].value
    assert found == read
    assert type(found) is type(read)


def test_the_same_values_pass_within_a_block(sheet):
    rows = [[1, "a", True], [dt.datetime(2024, 1, 2), None, 2.5], ["=1+1", "007", False]]
    sheet["B2"].value = rows
    assert sheet["B2:D4"].value == [[1.0, "a", True], [dt.datetime(2024, 1, 2), None, 2.5], [2.0, 7.0, False]]


@pytest.mark.parametrize("is_on", [True, False])
def test_python_looks_for_cycles_afterwards_as_it_did_before(sheet, is_on):
    (gc.enable if is_on else gc.disable)()
    try:
        sheet["A1"].value = [[1, "a"]]
        assert sheet["A1:B1"].value == [1, "a"]
        with pytest.raises(CannotBeWrittenError, match="A cell can't hold this value"):
            sheet["A1"].value = [[object(), 1]]
        assert gc.isenabled() is is_on
    finally:
        gc.enable()


def test_a_list_fills_a_row_and_its_transpose_a_column(sheet):
    sheet["A1"].value = [1, 2, 3]
    sheet["A3"].options(transpose=True).value = [4, 5]
    assert sheet["A1:C1"].value == [1, 2, 3]
    assert sheet["A3:A4"].value == [4, 5]


def test_one_value_fills_a_whole_range(sheet):
    sheet["A1:B2"].value = "x"
    assert sheet["A1:B2"].value == [["x", "x"], ["x", "x"]]


def test_none_empties_a_cell(sheet):
    sheet["A1:A2"].value = [[1], [2]]
    sheet["A1"].value = None
    assert sheet["A1:A2"].value == [None, 2]


def test_a_text_cell_keeps_what_is_entered(sheet):
    sheet["A1:A3"].number_format = "@"
    sheet["A1"].value = [["00123"], ["=1+1"], [5]]
    assert sheet["A1:A3"].value == ["00123", "=1+1", "5"]


def test_a_number_over_a_truth_is_a_number(sheet):
    sheet["A1"].value = True
    sheet["A1"].value = 5
    assert sheet["A1"].value == 5
    assert type(sheet["A1"].value) is float


def test_a_date_brings_its_format_only_where_there_is_none(sheet):
    sheet["B1"].number_format = "0.0"
    sheet["A1"].value = [dt.datetime(2024, 1, 2), dt.datetime(2024, 1, 2)]
    assert sheet["A1"].number_format == "m/d/yyyy"
    assert sheet["B1"].number_format == "0.0"
    assert sheet["B1"].value == 45293.0


def test_a_formatted_number_is_read_as_a_date(sheet):
    sheet["A1"].value = 45293.5
    sheet["A1"].number_format = "yyyy-mm-dd"
    assert sheet["A1"].value == dt.datetime(2024, 1, 2, 12)
    assert sheet["A1"].options(dates=dt.date).value == dt.date(2024, 1, 2)
    assert sheet["A1"].options(numbers=int).value == dt.datetime(2024, 1, 2, 12)


@pytest.mark.parametrize(
    ("formula", "error"),
    [
        ("=NA()", "#N/A"),
        ("=1/0", "#DIV/0!"),
        ('="a"*1', "#VALUE!"),
        ("=no_such_name", "#NAME?"),
        ("=SQRT(-1)", "#NUM!"),
        ("#N/A", "#N/A"),
    ],
)
def test_an_error_is_none_or_its_text(sheet, formula, error):
    sheet["A1"].value = formula
    assert sheet["A1"].value is None
    assert sheet["A1"].options(err_to_str=True).value == error
    assert sheet["A1:B1"].options(err_to_str=True).value == [error, None]


def test_reading_takes_xlwings_options(sheet):
    sheet["A1"].value = [[1, None], [2.4, "x"]]
    assert sheet["A1:B2"].options(numbers=int, empty="-").value == [[1, "-"], [2, "x"]]
    assert sheet["A1"].options(ndim=2).value == [[1]]
    assert sheet["A1"].options(expand="table", ndim=2).value == [[1.0], [2.4]]


def test_a_data_frame_passes_both_ways(sheet):
    frame = pd.DataFrame(
        {
            "area": ["Bar Hill", "Cambourne"],
            "offences": [12.0, 7.0],
            "month": pd.to_datetime(["2011-04-01", "2011-05-01"]),
        }
    )
    sheet["A1"].options(index=False).value = frame
    found = sheet["A1"].expand().options(pd.DataFrame, index=False).value
    assert found["area"].tolist() == ["Bar Hill", "Cambourne"]
    assert found["month"].tolist() == frame["month"].tolist()
    assert found["offences"].tolist() == [12.0, 7.0]


def test_what_no_cell_can_hold_is_refused_with_its_place(sheet):
    with pytest.raises(CannotBeWrittenError, match=r"(?s)A cell can't hold this value.*B2"):
        sheet["B2"].value = [[object()]]


def test_rows_of_different_lengths_are_refused(sheet):
    with pytest.raises(CannotBeWrittenError, match="different lengths"):
        sheet["A1"].raw_value = [[1, 2], [3]]


def test_scattered_dates_and_truths_are_formatted_where_they_stand(sheet):
    chooser = random.Random(1)  # noqa: S311 - the same choice each time
    kinds = (1.5, "text", True, dt.datetime(2024, 1, 2), None)
    rows = [[chooser.choice(kinds) for _column in range(6)] for _row in range(40)]
    sheet["A1"].value = rows
    assert sheet["A1:F40"].value == rows


def test_a_large_block_is_read_back_unchanged(sheet):
    rows = [[float(row), f"offence {row % 7}", row * 0.5] for row in range(20_000)]
    sheet["A1"].value = rows
    assert sheet["A1:C20000"].value == rows
