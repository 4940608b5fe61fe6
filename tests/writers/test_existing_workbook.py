"""What holds of every workbook that a person has changed, however it is opened."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest

from cdrp_xl.addresses import Rectangle
from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.sheets import Column, Table
from cdrp_xl.styles import Style
from cdrp_xl.writers import existing_workbook
from cdrp_xl.writers.existing_workbook import EarlierVersionError, in_the_analysts_order

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


def test_a_table_that_lacks_one_of_two_rows_printed_alike_has_both_again():
    assert ordered([ROWS[1], ROWS[2], ROWS[0]], ROWS) == list(ROWS)


def test_a_table_without_rows_has_a_blank_one():
    assert ordered([("Arson", 10)], ()) == [(None, None)]


INPUTS = Table(
    name="tblCommentary",
    columns=tuple(
        Column(heading=heading, style=Style.TEXT, width=10) for heading in ("Id", "Title", "Words", "Quarter", "Last")
    ),
    rows=(("a", "A", None, "2011-12 Q1", "before"), ("b", "B", None, "2011-12 Q1", None)),
    inputs=frozenset({"Words"}),
    keys=frozenset({"Id", "Quarter"}),
)
INPUT_HEADINGS = ["Id", "Title", "Words", "Quarter", "Last"]


def added(*present):
    return [(at, row[0]) for at, row in existing_workbook.added_rows(present, INPUTS)]


@pytest.mark.parametrize(
    ("present", "wanted"),
    [
        ([("a", "A", "x", "2010-11 Q4", None), ("b", "B", "y", "2010-11 Q4", None)], [(None, "a"), (None, "b")]),
        ([("a", "A", "x", "Q1 2011/12", None), (" B ", "B", None, "2011-12 Q1", None)], []),
        ([(None, None, None, None, None)], [(0, "a"), (None, "b")]),
        ([("b", "B", None, None, None), (None, None, None, None, None)], [(1, "a"), (0, "b")]),
        ([(None, None, None, None, None)] * 2, [(0, "a"), (1, "b")]),
        ([("a", "A", None, "2010-11 Q4", None), ("b", "B", "y", "2010-11 Q4", None)], [(0, "a"), (None, "b")]),
        ([("b", "B", "y", "2010-11 Q4", None), ("a", "A", None, "2010-11 Q4", None)], [(None, "a"), (None, "b")]),
        ([("a", "A", "when?", None, None), ("b", "B", None, None, None)], [(None, "a"), (1, "b")]),
    ],
    ids=[
        "written",
        "there",
        "blank",
        "undated",
        "two blank",
        "untouched on top",
        "untouched below",
        "words without a quarter",
    ],
)
def test_rows_that_a_table_of_inputs_lacks_take_free_ones_and_never_one_with_words(present, wanted):
    assert added(*present) == wanted


def test_a_row_of_a_table_for_no_quarter_is_taken_by_a_new_title_unless_somebody_typed_there():
    table = Table(
        name="tblMarkings",
        columns=tuple(Column(heading=heading, style=Style.TEXT, width=10) for heading in ("Worksheet", "Marking")),
        rows=(("Cover", None), ("Our priorities", None), ("Endnotes", None)),
        inputs=frozenset({"Marking"}),
        keys=frozenset({"Worksheet"}),
    )
    present = [("Cover", None), ("Summary", None), ("Notes", "OFFICIAL-SENSITIVE")]
    assert [(at, row[0]) for at, row in existing_workbook.added_rows(present, table)] == [
        (1, "Our priorities"),
        (None, "Endnotes"),
    ]


def test_what_nobody_types_is_said_beside_and_what_is_typed_stays():
    present = [
        INPUT_HEADINGS,
        [None] * 5,
        ["a", "Old title", "mine", "Q1 2011/12", None],
        ["c", "C", "dropped", "2010-11 Q4", "x"],
    ]
    assert existing_workbook.beside_inputs(present, INPUTS) == [
        INPUT_HEADINGS,
        ["b", "B", None, "2011-12 Q1", None],
        ["a", "A", "mine", "Q1 2011/12", "before"],
        ["c", "C", "dropped", "2010-11 Q4", "x"],
    ]


@pytest.mark.parametrize(
    ("headings", "is_earlier"),
    [
        (INPUT_HEADINGS, False),
        (INPUT_HEADINGS[:-1], True),
        (["Id", "Words"], False),
        ([*INPUT_HEADINGS, "Mine"], False),
    ],
)
def test_inputs_without_their_last_columns_are_those_of_an_earlier_version(headings, is_earlier):
    says_so = pytest.raises(EarlierVersionError, match='without "Last"') if is_earlier else contextlib.nullcontext()
    with says_so:
        existing_workbook.check_version("master.xlsm", "Inputs", INPUTS, headings)


def test_a_table_of_figures_is_of_no_version():
    table = Table(name="tblCadet", columns=COLUMNS, rows=ROWS)
    existing_workbook.check_version("master.xlsm", "Crime", table, HEADINGS[:1])


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"is_filtered": True}, "is filtered"),
        ({"is_merged": True}, "holds merged cells"),
        ({"has_headings_alone": False}, "has no heading row, or a row of totals"),
        ({"columns": 3}, "has 3 columns; the report has 2"),
    ],
)
def test_a_table_whose_cells_are_not_what_they_seem_is_refused(state, said):
    table = Table(name="tblCadet", columns=COLUMNS, rows=ROWS)
    sound = {"columns": 2, "is_filtered": False, "is_merged": False, "has_headings_alone": True}
    existing_workbook.check_table(table, where="master.xlsm", **sound)
    with pytest.raises(CannotBeWrittenError, match=f"The table tblCadet {said}"):
        existing_workbook.check_table(table, where="master.xlsm", **(sound | state))


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        (Rectangle(row=3, column=0, sheet="Crime"), True),
        (Rectangle(row=4, column=0, sheet="Crime"), False),
        (Rectangle(row=3, column=0, sheet="Farm"), False),
    ],
)
def test_tables_that_share_cells_are_refused(other, overlaps):
    tables = [Table(name=name, columns=COLUMNS, rows=ROWS) for name in ("tblCadet", "tblFarm")]
    found = zip(tables, (Rectangle(row=0, column=0, rows=4, columns=2, sheet="Crime"), other), strict=True)
    with pytest.raises(CannotBeWrittenError, match="tblFarm") if overlaps else contextlib.nullcontext():
        existing_workbook.check_apart("master.xlsm", found)


NINE = dt.datetime.fromisoformat("2011-07-29T09:00")  # as cells have it, without a time zone


@pytest.mark.parametrize(
    ("value", "compared"),
    [
        (None, None),
        ("", None),
        ("Arson", "Arson"),
        (0, 0.0),
        (0.1 + 0.2, 0.3),
        (dt.date(2011, 7, 29), NINE.replace(hour=0)),
        (NINE, NINE),
    ],
)
def test_what_is_written_and_what_is_read_back_have_one_form(value, compared):
    assert existing_workbook.plain(value) == compared


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("summary_intro_0", ""),
        ("summary_intro_1", "summary_intro_0"),
        ("summary_title_1", "summary_title"),
        ("summary_title_2", "summary_title_1"),
        ("summary_title", ""),
    ],
)
def test_each_line_but_the_first_is_under_another(name, before):
    assert existing_workbook.line_before(name) == before
