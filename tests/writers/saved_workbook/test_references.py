"""References in formulas: what they mention, and where they point after rows were inserted or a table resized."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl.addresses import Rectangle
from cdrp_xl.writers.saved_workbook.references import (
    Inserted,
    Resized,
    absolute,
    area_of,
    cells_at,
    in_formula,
    in_list,
    mentioned,
    with_heading,
)

INSERTED = Inserted(sheet="Farm crime", at=7, count=2)
TABLE = Rectangle(sheet="Farm crime", row=6, column=0, rows=10, columns=3)
GROWN = Resized(former=TABLE, rows=12)

areas = st.builds(
    Rectangle,
    sheet=st.just("S"),
    row=st.integers(0, 1000),
    column=st.integers(0, 16_000),
    rows=st.integers(1, 1000),
    columns=st.integers(1, 300),
)


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("SUM('Farm crime'!B8:B16)", "SUM('Farm crime'!B10:B18)"),
        ("'Farm crime'!$B$7+'Farm crime'!B7", "'Farm crime'!$B$7+'Farm crime'!B7"),
        ("SUM('farm CRIME'!B5:B9)", "SUM('farm CRIME'!B5:B11)"),
        ("Summary!B8+B8", "Summary!B8+B8"),
        ("'Farm crime'!8:9", "'Farm crime'!10:11"),
        ("'Farm crime'!B:B", "'Farm crime'!B:B"),
        ("'Farm crime'!$A$1:$J$7", "'Farm crime'!$A$1:$J$7"),
        ("\"'Farm crime'!B8\"&'Farm crime'!B8", "\"'Farm crime'!B8\"&'Farm crime'!B10"),
        ("'[1]Farm crime'!B8", "'[1]Farm crime'!B8"),
        ("[1]Summary!B8", "[1]Summary!B8"),
        ("tblTrend1[B8]", "tblTrend1[B8]"),
        ("LOG10('Farm crime'!C9)", "LOG10('Farm crime'!C11)"),
        ("'Farm crime'!rate+'It''s'!B8", "'Farm crime'!rate+'It''s'!B8"),
    ],
)
def test_formulas_follow_rows_that_are_inserted_on_the_worksheet_that_they_name(formula, after):
    assert in_formula(formula, INSERTED, own="Other") == after


@pytest.mark.parametrize(
    ("formula", "after"), [("B8*2", "B10*2"), ("LOG10(B8)", "LOG10(B10)"), ("SUM(B1:B7)", "SUM(B1:B7)"), ("A1", "A1")]
)
def test_formulas_of_the_worksheet_itself_follow_without_naming_it(formula, after):
    assert in_formula(formula, INSERTED, own="Farm crime") == after


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("SUM('Farm crime'!B8:B16)", "SUM('Farm crime'!B8:B18)"),
        ("'Farm crime'!$A$7:$C$16", "'Farm crime'!$A$7:$C$18"),
        ("SUM('Farm crime'!B8:B15)", "SUM('Farm crime'!B8:B15)"),
        ("SUM('Farm crime'!B8:D16)", "SUM('Farm crime'!B8:D16)"),
        ("'Farm crime'!B16", "'Farm crime'!B16"),
    ],
)
def test_what_covers_columns_of_a_table_whole_follows_it(formula, after):
    assert in_formula(formula, GROWN, own="Other") == after


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("SUM('Farm crime'!B8:B16)", "SUM('Farm crime'!B8:B18)"),
        ("'Farm crime'!$A$7:$C$16", "'Farm crime'!$A$7:$C$18"),
        ("SUM('Farm crime'!B8:B15)", "SUM('Farm crime'!B10:B17)"),
        ("'Farm crime'!B8+'Farm crime'!B16", "'Farm crime'!B10+'Farm crime'!B18"),
        ("SUM('Farm crime'!B18:B20)", "SUM('Farm crime'!B20:B22)"),
    ],
)
def test_what_covers_columns_of_a_table_whole_covers_rows_that_come_on_top_and_the_rest_moves_with_its_cells(
    formula, after
):
    assert in_formula(formula, Inserted(sheet="Farm crime", at=7, count=2, under=TABLE), own="Other") == after


def test_what_may_be_typed_into_a_tables_only_row_may_be_typed_into_those_that_come_on_top_of_it():
    one_row = Inserted(sheet="S", at=7, count=2, under=Rectangle(sheet="S", row=6, column=0, rows=2, columns=3))
    assert in_list("B8 F8", one_row, single_cells_follow=True) == "B8:B10 F10"
    assert in_list("B8", one_row, single_cells_follow=False) == "B10"


def test_only_a_chart_or_a_format_of_a_tables_only_row_follows_as_it_grows():
    one_row = Resized(former=Rectangle(sheet="S", row=6, column=0, rows=2, columns=3), rows=4)
    assert in_formula("S!$B$8", one_row, own="", single_cells_follow=True) == "S!$B$8:$B$10"
    assert in_formula("S!$B$8", one_row, own="") == "S!$B$8"
    assert in_list("B8 D1:D2", one_row, single_cells_follow=True) == "B8:B10 D1:D2"
    assert in_list("B8", one_row, single_cells_follow=False) == "B8"


@given(areas, st.integers(0, 2000), st.integers(1, 50))
def test_what_an_area_holds_is_no_less_after_rows_were_inserted(area, at, count):
    first, last = Inserted(sheet="S", at=at, count=count).rows_after(area)
    assert last - first + 1 in {area.rows, area.rows + count}
    assert first in {area.row, area.row + count}


def test_a_formula_that_is_nothing_but_an_address_is_an_area():
    area = Rectangle(sheet="It's", row=4, column=0, rows=3, columns=10)
    assert absolute(area) == "'It''s'!$A$5:$J$7"
    assert area_of(absolute(area)) == area
    assert area_of("=" + absolute(area)) == area
    assert area_of("SUM(A1)") is None
    assert area_of("#REF!") is None


def test_what_a_formula_mentions_is_known_or_known_to_be_more():
    found = mentioned("SUM(Summary!D6:D7)*rate+tblKey[Meaning]", own="Mine")
    assert found.areas == (Rectangle(sheet="Summary", row=5, column=3, rows=2),)
    assert {"sum", "rate", "tblkey"} <= found.words
    assert found.is_whole
    assert not mentioned("SUM(First:Last!A1)", own="Mine").is_whole
    assert not mentioned("[1]Summary!XFE1", own="Mine").is_whole
    assert not mentioned("[1]Summary!A1", own="Mine").is_whole


def test_a_name_that_reads_like_a_cell_beyond_the_grid_is_a_word():
    found = mentioned("XFE1*2+RATE2011+A1", own="Mine")
    assert found.areas == (Rectangle(sheet="Mine", row=0, column=0),)
    assert {"xfe1", "rate2011"} <= found.words
    assert in_formula("XFE8+A8", INSERTED, own="Farm crime") == "XFE8+A10"


def test_cells_of_a_worksheet_are_read_by_their_address_alone():
    assert cells_at("$A$5:$J$7", "It's") == Rectangle(sheet="It's", row=4, column=0, rows=3, columns=10)
    with pytest.raises(ValueError, match="XFE1"):
        cells_at("XFE1", "S")


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("SUM(tblCadet[Apr-10 to Jun-10])", "SUM(tblCadet[Jan-11 to Mar-11])"),
        ("SUM(TBLCADET[[#All],[Apr-10 to Jun-10]])", "SUM(TBLCADET[[#All],[Jan-11 to Mar-11]])"),
        ("SUM(tblOther[Apr-10 to Jun-10])", "SUM(tblOther[Apr-10 to Jun-10])"),
        ('"tblCadet[Apr-10 to Jun-10]"', '"tblCadet[Apr-10 to Jun-10]"'),
    ],
)
def test_formulas_name_a_tables_heading_as_it_is_written_now(formula, after):
    assert with_heading(formula, "tblCadet", "Apr-10 to Jun-10", "Jan-11 to Mar-11") == after
