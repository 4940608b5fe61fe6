"""Addresses of cells: written, read back, and what rectangles of cells have in common."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter, quote_sheetname, range_boundaries

from cdrp_xl import addresses
from cdrp_xl.addresses import LAST_COLUMN, LAST_ROW, Rectangle, cell_at, cell_name, parse

rows, columns = st.integers(0, LAST_ROW), st.integers(0, LAST_COLUMN)
cells = st.tuples(rows, columns)
rectangles = st.builds(Rectangle.between, cells, cells)
small = st.builds(Rectangle.between, *[st.tuples(st.integers(0, 6), st.integers(0, 6))] * 2)
sheets = st.text(st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="[]:*?/\\"), min_size=1)


@given(columns)
def test_the_letters_of_a_column_lead_back_to_it_and_are_those_of_another_library(column):
    letters = addresses.column_letters(column)
    assert addresses.column_number(letters) == addresses.column_number(letters.lower()) == column
    assert letters == get_column_letter(column + 1)


@given(rows, columns)
def test_every_cell_has_a_name_and_every_name_its_cell(row, column):
    assert cell_at(cell_name(row, column)) == (row, column)
    assert parse(cell_name(row, column)) == Rectangle(row=row, column=column)


@given(rectangles, st.booleans(), st.booleans())
def test_an_address_is_read_back_as_it_was_written_and_as_another_library_reads_it(area, row_absolute, column_absolute):
    assert parse(area.address) == area
    assert parse(area.reference(row_absolute=row_absolute, column_absolute=column_absolute)) == area
    left, top, right, bottom = range_boundaries(area.address)
    assert (top or 1, bottom or LAST_ROW + 1) == (area.row + 1, area.last_row + 1)
    assert (left or 1, right or LAST_COLUMN + 1) == (area.column + 1, area.last_column + 1)


@given(rectangles, sheets)
def test_a_worksheets_name_is_read_back_with_the_cells(area, sheet):
    assert addresses.unquoted_sheet(addresses.quoted_sheet(sheet)) == sheet
    for name in (addresses.quoted_sheet(sheet), addresses.shown_sheet(sheet), quote_sheetname(sheet)):
        found = parse(f"{name}!{area.reference()}")
        assert (found.sheet, found.address) == (sheet, area.address)


@given(small, small)
def test_what_two_rectangles_have_in_common_is_what_their_cells_have(one, other):
    common = set(one.cells()) & set(other.cells())
    part = one.clipped(other)
    assert one.overlaps(other) == other.overlaps(one) == bool(common)
    assert (set(part.cells()) if part else set()) == common
    assert one.contains(other) == (common == set(other.cells()))
    assert one.joined(other).contains(one)
    assert one.joined(other).contains(other)
    assert all(one.holds(*cell) == (cell in set(one.cells())) for cell in other.cells())
    assert one.size == len(set(one.cells()))


@given(small, st.integers(1, 5))
def test_what_is_below_a_rectangle_begins_where_it_ends(area, count):
    below = area.below(count)
    assert not area.overlaps(below)
    assert area.joined(below) == area.of_height(area.rows + count)


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("A1", Rectangle(row=0, column=0)),
        ("$B$2:d4", Rectangle(row=1, column=1, rows=3, columns=3)),
        ("D4 : B2", Rectangle(row=1, column=1, rows=3, columns=3)),
        ("XFD1048576", Rectangle(row=LAST_ROW, column=LAST_COLUMN)),
        ("A:$C", Rectangle(row=0, column=0, rows=1_048_576, columns=3)),
        ("3:2", Rectangle(row=1, column=0, rows=2, columns=16_384)),
        ("'It''s'!A5", Rectangle(row=4, column=0, sheet="It's")),
        ("[1]Summary!A5", Rectangle(row=4, column=0, sheet="[1]Summary")),
    ],
)
def test_an_address_of_any_form_names_cells(text, area):
    assert parse(text) == area


@pytest.mark.parametrize(
    "text",
    [
        *("", ":", "$", "!", "A", "1", "A0", "A1:", ":A1", "A1:B", "A1:2", "A:1", "A1:B2:C3", "total", "Table1[x]"),
        *("XFE1", "A1048577", "XFD1048577", "A1:XFE9", "1:1048577", "A:XFE", "AAAA1", "A12345678"),
        *("Summary!", "!A1", "Farm crime!A1", "'Summary!A1", "A1+Summary!B1", "SUM(Summary!B1", "Summary!#REF!"),
        *("\u0663:\u0664", "A\u0663", "\u0410\u0031", "A1\n:\nB2\u2028C"),
    ],
)
def test_what_is_no_address_of_cells_on_the_grid_is_none(text):
    assert parse(text) is None
    assert cell_at(text) is None


@pytest.mark.parametrize("text", ["A1:A1", "Summary!A1", "A:A", "1:1", " A1"])
def test_the_address_of_more_than_a_cell_alone_is_none_of_a_cell(text):
    assert cell_at(text) is None


@given(st.text())
def test_any_text_is_an_address_or_is_none(text):
    found = parse(text)
    assert found is None or addresses.WHOLE_SHEET.overlaps(parse(found.address))


def test_whole_rows_and_columns_are_written_as_excel_writes_them():
    assert parse("B:C").reference() == "$B:$C"
    assert parse("2:3").reference() == "$2:$3"
    assert parse("B2:C3").reference(row_absolute=False) == "$B2:$C3"
    assert addresses.WHOLE_SHEET.address == "1:1048576"


def test_rectangles_of_two_worksheets_have_nothing_in_common():
    here, there = Rectangle(row=0, column=0, sheet="S"), Rectangle(row=0, column=0, sheet="T")
    assert not here.overlaps(there)
    assert not here.contains(there)
    assert here.clipped(there) is None


def test_a_rectangle_without_rows_holds_no_cell():
    area = parse("A5:C5").of_height(0)
    assert not list(area.cells())
    assert not area.holds(4, 0)
    assert not area.overlaps(parse("A1:C9"))
    assert parse("A1:C9").clipped(area) is None


def test_only_a_plain_word_is_shown_without_apostrophes():
    assert [addresses.shown_sheet(name) for name in ("Data", "May 2011", "A1", "It's", "2011")] == [
        "Data",
        "'May 2011'",
        "'A1'",
        "'It''s'",
        "'2011'",
    ]


@given(rectangles)
def test_the_patterns_find_an_address_within_a_formula(area):
    any_of = rf"{addresses.CELL}(?::{addresses.CELL})?|{addresses.WHOLE_ROWS}|{addresses.WHOLE_COLUMNS}"
    assert re.fullmatch(any_of, area.reference())
    assert re.fullmatch(any_of, area.address)
