from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.functions.cells import MOST_CELLS, count_in, each, listed, number_in, period_in, text_in

SIZES = st.integers(1, 4)


def test_single_values_are_answered_singly():
    assert each(lambda a, b: f"{a}{b}", "x", 2) == "x2"


@given(rows=SIZES, columns=SIZES)
def test_rows_columns_and_single_values_go_with_every_cell_of_a_block(rows, columns):
    block = [[10 * i + j for j in range(columns)] for i in range(rows)]
    down, across = [[i] for i in range(rows)], [list(range(columns))]
    answer = each(lambda *cells: cells, block, down, across, "x")
    assert answer == [[(10 * i + j, i, j, "x") for j in range(columns)] for i in range(rows)]


def test_a_column_against_a_row_fills_the_table_between_them():
    assert each(lambda a, b: a * b, [[1], [2], [3]], [[10, 20]]) == [[10, 20], [20, 40], [30, 60]]


def test_blocks_of_unequal_size_are_refused():
    with pytest.raises(CannotBeComputedError, match=r"(?s)unequal size \(2 by 1 and 3 by 1 cells\).*the formula"):
        each(lambda *cells: cells[0], [[1], [2]], [[1], [2], [3]])


def test_a_whole_column_is_refused_before_anything_is_answered():
    asked = []
    with pytest.raises(CannotBeComputedError, match=r"(?s)1,048,576 cells, more than the 200,000.*not whole columns"):
        each(asked.append, [[None]] * 1_048_576)
    assert asked == []
    assert MOST_CELLS == 200_000


def test_a_cell_that_can_not_be_answered_says_why_and_the_others_are_answered():
    assert each(lambda cell: count_in(cell, what="the count"), [[1], ["x"]]) == [
        [1],
        ['"x" is not a number: the count must be one. Give a number.'],
    ]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("2011-12 Q1", "2011-12 Q1"),
        (" Apr-11 ", "Apr-11"),
        (dt.datetime.combine(dt.date(2011, 4, 1), dt.time()), "Apr-11"),
        (dt.date(2011, 4, 30), "Apr-11"),
        (40634.0, "Apr-11"),
        (20_000, "Oct-54"),
        (110_000, "Mar-01"),
    ],
)
def test_a_period_is_read_as_text_or_as_the_date_that_a_spreadsheet_made_of_it(cell, name):
    assert period_in(cell).name == name


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (2011.0, "2011 is not a period"),
        (19_999, "19999 is not a period"),
        (110_001, "110001 is not a period"),
        (None, "An empty cell is not a period"),
        ("soon", '"soon" is not a period'),
    ],
)
def test_what_is_no_period_is_named(cell, said):
    with pytest.raises(ValueFoundError, match=rf"(?s){said}.*a period|{said}.*the formula"):
        period_in(cell)


@pytest.mark.parametrize(
    "read", [period_in, lambda cell: text_in(cell, what="an area"), lambda cell: number_in(cell, what="the rate")]
)
def test_an_error_in_a_cell_is_named(read):
    with pytest.raises(ValueFoundError, match=r"(?s)holds the error #N/A.*the formula.*Correct that cell"):
        read("#N/A")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (-1, "-1 is not the count"),
        (1.5, r"1\.5 is not the count"),
        ("", "The cell for the count is empty"),
        (None, "The cell for the count is empty"),
        (dt.date(2011, 4, 1), "01/04/2011 is not a number"),
        (True, "1 is not a number"),
        (float("nan"), "nan is not a number"),
        (float("inf"), "inf is not a number"),
    ],
)
def test_what_is_no_count_is_named(cell, said):
    with pytest.raises(ValueFoundError, match=rf"(?s){said}.*the formula"):
        count_in(cell, what="the count")


def test_a_number_where_text_belongs_is_named():
    with pytest.raises(ValueFoundError, match=r"(?s)3 is not an area.*the formula.*Give a text"):
        text_in(3.0, what="an area")


def test_cells_are_listed_without_the_empty_ones():
    assert listed([["a", None], [" ", 3]]) == ["a", 3]
    assert listed("a") == ["a"]
    assert listed("") == []
