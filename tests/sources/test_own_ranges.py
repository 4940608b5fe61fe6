"""Named ranges of the master as tables: values and formats alone, and every cell that no copy can have is named."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from cdrp_xl.errors import ValueFoundError
from cdrp_xl.sources import own_ranges
from cdrp_xl.sources.own_ranges import Cells, Kind

HEADINGS = ("Premises", "Reviews", "Share")


def cells(*rows, formats=("General", "0", "0.0%"), hidden=()):
    values = (HEADINGS, *rows)
    return Cells(
        workbook="master.xlsm",
        name="licensing",
        sheet="Mine",
        row=2,
        column=1,
        values=values,
        formats=(formats,) * len(values),
        hidden=frozenset(hidden),
    )


def test_a_range_is_its_headings_its_kinds_and_its_values():
    found = own_ranges.table(cells(("Public  houses", 12.0, 0.4), ("Clubs", "[x]", 0.25)))
    assert found.headings == HEADINGS
    assert found.kinds == (Kind.WORDS, Kind.WHOLE, Kind.SHARE)
    assert found.rows == (("Public houses", 12, 0.4), ("Clubs", "[x]", 0.25))
    assert type(found.rows[0][1]) is int


@pytest.mark.parametrize(
    ("value", "number_format", "kind"),
    [
        (1234, "#,##0", Kind.WHOLE),
        (1234, "General", Kind.WHOLE),
        (-3, "#,##0;[Red]-#,##0", Kind.WHOLE),
        (1.5, "General", Kind.TWO_DECIMALS),
        (1.5, "0.0", Kind.ONE_DECIMAL),
        (1.5, "#,##0.00_);(#,##0.00)", Kind.TWO_DECIMALS),
        (0.5, "0%", Kind.SHARE),
        (dt.date(2011, 6, 30), "dd/mm/yyyy", Kind.DATE),
    ],
)
def test_a_column_is_what_its_number_format_says(value, number_format, kind):
    found = own_ranges.table(cells(("A", value, "[z]"), formats=("General", number_format, "General")))
    assert found.kinds[1] is kind


def test_a_date_has_no_time():
    read = dt.datetime(2011, 6, 30, 9)  # noqa: DTZ001 - a cell has no time zone
    found = own_ranges.table(cells(("A", read, 0.1), formats=("General", "d mmm yyyy", "0%")))
    assert found.rows[0][1] == dt.date(2011, 6, 30)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (cells(("A", 1, None)), "has empty cells: D4"),
        (cells(("A", 1, " "), (None, 2, 0.1)), "has empty cells: D4, B5"),
        (cells(("A", "#DIV/0!", 0.1)), r"has formulas that failed: C4"),
        (cells(("A", "#N/A", 0.1)), r"has formulas that failed: C4"),
        (cells(("A", 1, 0.1), hidden=((1, 2),)), "has hidden cells: D4"),
        (cells(("A", 1.5, 0.1)), "has figures that its number format rounds to whole ones: C4"),
        (cells(("A", 5, 0.1), formats=("General", "£#,##0.000", "0%")), 'does not have, "£#,##0.000": C4'),
        (cells(("A", True, 0.1)), "has a number format that a copy does not have"),
        (cells((7, 1, 0.1), formats=("0", "0", "0%"), hidden=((1, 0), (1, 1))), "has hidden cells: B4, C4"),
    ],
)
def test_what_no_copy_can_have_is_refused_with_its_cells(found, said):
    with pytest.raises(ValueFoundError, match=said) as refused:
        own_ranges.table(found)
    assert 'master.xlsm, worksheet "Mine", cells B3:' in str(refused.value)


def test_faults_of_other_kinds_are_counted():
    with pytest.raises(ValueFoundError, match=r"has empty cells: C4\. 1 more cell can't be published\."):
        own_ranges.table(cells(("A", None, 0.1), ("B", "#REF!", 0.1)))


def test_one_heading_twice_is_refused():
    found = Cells(
        workbook="m", name="n", sheet="s", row=0, column=0, values=(("A", "a"), ("x", "y")), formats=(("@",) * 2,) * 2
    )
    with pytest.raises(ValueFoundError, match="has one heading twice: B1"):
        own_ranges.table(found)


def test_figures_of_one_column_have_one_format():
    found = cells(("A", 1, 0.1), ("B", 2, 0.2))
    mixed = (*found.formats[:2], ("General", "0.00", "0.0%"))
    with pytest.raises(ValueFoundError, match="in several formats under one heading: C3"):
        own_ranges.table(Cells(workbook="m", name="n", sheet="s", row=2, column=1, values=found.values, formats=mixed))


@pytest.fixture
def master(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Bob's own"
    for row in (HEADINGS, ("Public houses", 12, 0.4), ("Clubs", 3, 0.5)):
        sheet.append(row)
    for row in (2, 3):
        sheet.cell(row, 3).number_format = "0.0%"
    book.defined_names["Licensing"] = DefinedName("Licensing", attr_text="'Bob''s own'!$A$1:$C$3")
    book.defined_names["Other"] = DefinedName("Other", attr_text="1+1")
    book.save(tmp_path / "master.xlsx")
    return tmp_path / "master.xlsx"


def test_a_saved_workbooks_range_is_read_by_its_name_in_any_case(master):
    found = own_ranges.read(master)("licensing")
    assert found.values == (HEADINGS, ("Public houses", 12, 0.4), ("Clubs", 3, 0.5))
    assert (found.sheet, found.place(1, 2), found.formats[1][2]) == ("Bob's own", "C2", "0.0%")


def test_a_hidden_row_and_a_hidden_column_are_noticed(master):
    book = openpyxl.load_workbook(master)
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.save(master)
    assert own_ranges.read(master)("Licensing").hidden == {(1, 0), (1, 1), (1, 2), (0, 1), (2, 1)}


def test_a_name_that_is_not_there_or_no_range_gives_nothing(master, tmp_path):
    assert own_ranges.read(master)("Nobody") is None
    assert own_ranges.read(master)("Other") is None
    assert own_ranges.read(tmp_path / "missing.xlsm")("Licensing") is None


def test_a_formula_without_a_saved_result_is_an_empty_cell(master):
    book = openpyxl.load_workbook(master)
    book.active["B2"] = "=6+6"
    book.save(master)
    with pytest.raises(ValueFoundError, match="has empty cells: B2") as refused:
        own_ranges.table(own_ranges.read(master)("Licensing"))
    assert "If it is a formula, open the master, calculate and save it" in str(refused.value)


@pytest.mark.parametrize(
    ("cells_of", "said"),
    [
        ("$A$1:$C$1", "has 1 row and 3 columns"),
        ("$A$1:$C$62", "has 62 rows and 3 columns"),
        ("$A:$C", "has 1,048,576 rows and 3 columns"),
        ("$A$1:$K$3", "has 3 rows and 11 columns"),
    ],
)
def test_a_range_that_no_page_holds_is_refused_before_its_cells_are_read(master, cells_of, said):
    book = openpyxl.load_workbook(master)
    book.defined_names["Licensing"].attr_text = f"'Bob''s own'!{cells_of}"
    book.save(master)
    with pytest.raises(ValueFoundError, match=f'The range "Licensing" {said}'):
        own_ranges.read(master)("Licensing")
