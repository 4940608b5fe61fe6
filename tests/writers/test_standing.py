"""What holds of every workbook that a person has changed, however it is opened."""

from __future__ import annotations

import pytest

from cdrp_xl.sheets import Column, Table
from cdrp_xl.styles import Style
from cdrp_xl.writers.standing import in_the_analysts_order

HEADINGS = ("Offence group", "Apr-11 to Jun-11")
COLUMNS = tuple(Column(heading=each, style=Style.COUNT, width=20) for each in HEADINGS)


def ordered(former, rows, **said):
    table = Table(name="tblCadet", columns=COLUMNS, rows=rows, **said)
    return [tuple(row) for row in in_the_analysts_order([HEADINGS, *former], table)[1:]]


ROWS = (("Arson", 10), ("All Robbery", 7), ("Rapes", 2), ("All Robbery", 7))


@pytest.mark.parametrize(
    "former", [ROWS[::-1], (ROWS[1], ROWS[3], ROWS[2], ROWS[0])], ids=["turned round", "by the count"]
)
def test_rows_that_the_analyst_sorted_stay_so_though_two_are_printed_alike(former):
    assert ordered([(name, 0) for name, _ in former], ROWS) == list(former)


def test_rows_of_one_name_with_other_figures_come_in_the_reports_order():
    rows = (*ROWS[:3], ("All Robbery", 8))
    assert ordered(rows[::-1], rows) == list(rows)


def test_other_rows_and_ranked_ones_come_in_the_reports_order():
    assert ordered([("Arson", 1)] * 4, ROWS) == list(ROWS)
    assert ordered(ROWS[::-1], ROWS, is_ranked=True) == list(ROWS)
