"""Values of single rows: which columns they are taken from, and which of them are handed on."""

from __future__ import annotations

import csv

import pytest

from cdrp_xl.sources.recorded_crime import RecordedCrimeHeadings, RecordedCrimeSettings
from cdrp_xl.sources.row_values import CATEGORY_VALUES, with_ends

HEADINGS = ("Ref", "Recorded", "Offence", "Ward", "Victim", "Where", "Status", "Logged")
SETTINGS = RecordedCrimeSettings(
    files=("extract.csv",),
    headings=RecordedCrimeHeadings(
        offence_reference="Ref", date_recorded="Recorded", offence="Offence", locality="Ward", victim="Victim"
    ),
)
ROWS = [
    (
        f"35/{number:04}/11",
        "01/04/2011",
        "Arson",
        "Milton",
        f"V{number:06}",
        f"{number} Chapel Lane",
        "Undetected",
        "01/04/2011 12:33",
    )
    for number in range(CATEGORY_VALUES + 10)
]


@pytest.fixture
def values(tmp_path):
    """Return a function from rows and runs of letters to the values that begin and end so."""

    def found(*runs, rows=ROWS, settings=SETTINGS):
        with (tmp_path / "extract.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADINGS, *rows])
        return with_ends(settings, folder=tmp_path, runs=runs, letters=6)

    return found


def test_only_values_that_begin_and_end_as_asked_are_handed_on(values):
    ends = [f"{number:04}/11"[-6:] for number in range(30)]
    found = values("35/000", "v00001", *ends, *(f"0000{number}" for number in range(10, 20)), "nothing")
    shown = [(value.value, value.heading, value.is_named) for value in found.found]
    assert len(shown) == 20
    assert shown[0] == ("35/0000/11", "Ref", True)
    assert shown[-1] == ("V000019", "Victim", True)


def test_a_column_that_the_settings_do_not_name_counts_unless_it_is_of_categories(values):
    found = values("7 chap", "l lane", "undete", "tected", "01/04/", " 12:33")
    assert found.headings == ("Ref", "Victim", "Where")
    assert [(value.value, value.is_named) for value in found.found] == [("7 Chapel Lane", False)]


def test_what_was_looked_for_is_counted(values):
    found = values()
    assert (found.found, found.looked_for, found.too_short) == ((), 3 * len(ROWS), {})


def test_short_values_and_small_numbers_of_the_named_columns_are_counted_and_not_looked_for(values):
    rows = [*ROWS, ("35/9", "01/04/2011", "Arson", "Milton", "1234567", "A14", "", "")]
    found = values("35/9", "123456", "234567", rows=rows)
    assert (found.found, found.too_short) == ((), {"Ref": 1, "Victim": 1})


def test_a_number_of_eight_digits_is_looked_for(values):
    rows = [*ROWS, ("35/9999/11", "01/04/2011", "Arson", "Milton", "12345678", "", "", "")]
    assert [value.value for value in values("123456", "345678", rows=rows).found] == ["12345678"]


def test_what_stands_in_a_column_that_is_printed_from_is_none_of_a_row(values):
    rows = [*ROWS, ("35/9999/11", "01/04/2011", "Arson", "Milton Road", "V9", "MILTON ROAD", "", "")]
    assert values("milton", "n road", rows=rows).found == ()


@pytest.mark.parametrize(
    "value", ["\u0416\u0437\u0438\u0439\u043a\u043b", "O\u2019Brien", "12\u201314 High Street", "\u0130stanbul"]
)
def test_an_end_in_other_letters_than_runs_have_is_taken_to_be_as_asked(values, value):
    rows = [*ROWS, ("35/9999/11", "01/04/2011", "Arson", "Milton", value, "", "", "")]
    ends = {value.lower()[:6], value.lower()[-6:]}
    assert [found.value for found in values(*filter(str.isascii, ends), rows=rows).found] == [value]


def test_a_value_in_other_letters_between_its_ends_is_not_handed_on_for_them(values):
    rows = [*ROWS, ("35/9999/11", "01/04/2011", "Arson", "Milton", "14 Rue du Caf\u00e9, Milton", "", "", "")]
    assert values(rows=rows).found == ()
    assert len(values("14 rue", "milton", rows=rows).found) == 1


def test_a_value_of_which_one_end_alone_is_as_asked_is_not_handed_on(values):
    rows = [*ROWS, ("35/9999/11", "01/04/2011", "Arson", "Milton", "stolen from garage 17", "", "", "")]
    assert values("stolen", rows=rows).found == ()
    assert values("age 17", rows=rows).found == ()


def test_spaces_around_a_value_and_capitals_make_no_difference(values):
    rows = [*ROWS, (" \t abcDEF/1 \n ", "01/04/2011", "Arson", "Milton", "", "", "", "")]
    assert [value.value for value in values("abcdef", "cdef/1", rows=rows).found] == ["abcDEF/1"]


@pytest.mark.parametrize("spaces", ["  ", "\t", "\n", " \v "])
def test_an_end_has_one_space_where_the_value_has_several(values, spaces):
    value = f"14{spaces}Chapel{spaces}Lane"
    rows = [*ROWS, ("35/9999/11", "01/04/2011", "Arson", "Milton", value, "", "", "")]
    assert [found.value for found in values("14 cha", "l lane", rows=rows).found if found.heading == "Victim"] == [
        value
    ]
