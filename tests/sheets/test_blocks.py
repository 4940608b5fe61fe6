"""Blocks: what a worksheet is made of, and how it is placed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdrp_xl.sheets.blocks import Chart, Column, Pivot, Sheet, Table, Text, down, widths_of
from cdrp_xl.styles import Style


def text(name):
    return Text(name=name, value=name)


def table(name, rows=2, widths=(8, 20)):
    columns = tuple(Column(heading=f"Heading {i}", style=Style.TEXT, width=width) for i, width in enumerate(widths))
    return Table(name=name, columns=columns, rows=(("a",) * len(widths),) * rows)


def rows_of(*blocks):
    return {block.name: block.row for block in down(*blocks)}


def test_texts_stand_in_rows_that_follow_one_another():
    assert rows_of(text("a"), text("b"), text("c")) == {"a": 0, "b": 1, "c": 2}


def test_a_table_has_a_free_row_before_and_after_it():
    assert rows_of(text("a"), table("t", rows=3), text("b"), table("u"), table("v")) == {
        "a": 0,
        "t": 2,
        "b": 7,
        "u": 9,
        "v": 13,
    }


def test_nothing_is_free_above_the_first_block():
    assert rows_of(table("t")) == {"t": 0}


@pytest.mark.parametrize(("rows", "height"), [(0, 2), (1, 2), (2, 3)])
def test_a_table_takes_its_heading_row_and_at_least_one_more(rows, height):
    assert table("t", rows=rows).height == height


def test_blocks_never_stand_in_one_row():
    taken = [
        row
        for block in down(text("a"), table("t", rows=0), table("u", rows=4), text("b"), text("c"))
        for row in range(block.row, block.row + block.height)
    ]
    assert len(taken) == len(set(taken))


def test_placing_leaves_the_described_blocks_as_they_were():
    described = text("b")
    (_, placed) = down(text("a"), described)
    assert (described.row, placed.row) == (0, 1)


def test_a_column_is_found_by_its_heading_from_where_the_table_stands():
    placed = Table(name="t", columns=table("t").columns, rows=(), column=3)
    assert placed.column_of("Heading 1") == 4
    with pytest.raises(ValueError, match="'Nothing' is not in list"):
        placed.column_of("Nothing")


def test_columns_are_as_wide_as_the_widest_table_needs_and_never_too_narrow_to_read():
    assert widths_of(table("t", widths=(8, 20)), table("u", widths=(12, 5, 30))) == (12, 20, 30)
    assert widths_of(table("t", widths=(1,)), least=7.5) == (7.5,)


def test_a_sheet_lists_its_tables_from_the_top():
    one, two = table("t"), table("u")
    chart = Chart(name="c", table=one, categories="Heading 0", series=(), title="c", across="x", alt_text="alt")
    assert Sheet(name="S", blocks=(text("a"), one, chart, two), widths=(10,)).tables == (one, two)


PIVOT = Pivot(
    name="pvt",
    table=table("t"),
    down="Group",
    across=("Year", "Quarter"),
    filtered_by="Locus",
    counted="Offence",
    caption="Offences",
    row_items=("Burglary", "Theft"),
    column_items=(("2010-11", "Q3"), ("2010-11", "Q4"), ("2010-11",), ("2011-12", "Q3"), ("2011-12",), ()),
    figures=((1, 2, 3, 4, 4, 7), (0, 0, 0, 1, 1, 1), (1, 2, 3, 5, 5, 8)),
    row=5,
)


def test_a_pivot_table_reads_as_excel_lays_it_out_in_tabular_form():
    assert PIVOT.filter_cells == ("Locus", "(All)")
    assert PIVOT.cells == (
        ("Offences", "Year", "Quarter", None, None, None, None),
        (None, "2010-11", None, "2010-11 Total", "2011-12", "2011-12 Total", "Grand Total"),
        ("Group", "Q3", "Q4", None, "Q3", None, None),
        ("Burglary", 1, 2, 3, 4, 4, 7),
        ("Theft", 0, 0, 0, 1, 1, 1),
        ("Grand Total", 1, 2, 3, 5, 5, 8),
    )
    assert (PIVOT.body_row, PIVOT.height) == (7, 8)
    assert Sheet(name="S", blocks=(text("a"), PIVOT), widths=(10,)).pivots == (PIVOT,)


def test_a_pivot_table_of_one_field_across_has_one_row_of_headings():
    years = replace(PIVOT, across=("Year",), column_items=(("2010-11",), ()), figures=((3, 3), (0, 0), (3, 3)))
    assert years.cells[:3] == (("Offences", "Year", None), ("Group", "2010-11", "Grand Total"), ("Burglary", 3, 3))
