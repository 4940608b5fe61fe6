import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl.returns import AskedColumn, Kind
from cdrp_xl.sources import answers
from cdrp_xl.sources.answers import Misread, Missing
from cdrp_xl.sources.spreadsheets import Cell

TODAY = dt.date(2011, 7, 29)
CHOICES = ("Yes", "No")


def read(kind, value, **marks):
    column = AskedColumn(
        column_id="x", heading="X", kind=kind, most=10_000, choices=CHOICES if kind is Kind.CHOICE else ()
    )
    return answers.read(None if value is None else Cell(value=value, **marks), column, today=TODAY)


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        (4.0, 4),
        (0.0, 0),
        ("4", 4),
        (" 1,477 ", 1477),
        ("1 477", 1477),
        ("1\u00a0477", 1477),
        ("4,0", 4),
        ("4.0", 4),
        ("nil", 0),
        ("None", 0),
        ("n/a", Missing.NOT_AVAILABLE),
        ("N/A.", Missing.NOT_AVAILABLE),
        ("not known", Missing.NOT_AVAILABLE),
        (None, Missing.BLANK),
        ("  ", Missing.BLANK),
    ],
)
def test_a_whole_number_is_read_however_it_was_typed(value, answer):
    assert read(Kind.WHOLE, value) == answer


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (-1.0, "-1"),
        (4.5, "4.5"),
        ("4,5", '"4,5"'),
        ("1.477", '"1.477"'),
        ("1.000", '"1.000"'),
        ("100%", '"100%"'),
        ("-", '"-"'),
        ("about 5", '"about 5"'),
        ("five", '"five"'),
        ("\u0665", '"\u0665"'),
        (10_001.0, "10001"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (dt.date(2011, 5, 4), "the date 4 May 2011"),
        ("9" * 400, f'"{"9" * 60}… (400 characters)"'),
    ],
)
def test_what_may_not_be_a_count_is_queried_with_what_was_found(value, found):
    queried = read(Kind.WHOLE, value)
    assert isinstance(queried, Misread)
    assert queried.found == found
    assert queried.expected == "a whole number from 0 to 10,000; 0 if there were none, n/a if it is not known"


def test_words_in_a_table_are_as_many_as_a_row_can_show():
    column = AskedColumn(column_id="x", heading="X", kind=Kind.TEXT, longest=1_000)
    given = [answers.read(Cell(value=text), column, today=TODAY) for text in ("a" * 1_000, "a\n" * 9 + "a")]
    assert given == ["a" * 1_000, "a\n" * 9 + "a"]
    for text in ("a" * 1_001, "a\n" * 10 + "a"):
        queried = answers.read(Cell(value=text), column, today=TODAY)
        assert queried.expected == "words, at most 1,000 characters on 10 lines"
    assert read(Kind.TEXT, "a\n" * 1_000 + "a") == "a\n" * 1_000 + "a"


def test_per_cent_is_no_count_and_stays_per_cent_in_words():
    assert read(Kind.WHOLE, 1.0, is_percent=True).found == "100%"
    assert read(Kind.TEXT, 0.25, is_percent=True) == "25%"


@pytest.mark.parametrize(
    ("value", "marks", "answer"),
    [
        (10.0, {}, 10),
        (0.1, {"is_percent": True}, 10),
        (0.07, {"is_percent": True}, 7),
        (0.6, {}, 0.6),
        ("1,1", {}, 1.1),
        ("10%", {}, 10),
        ("10.5 %", {}, 10.5),
        ("nil", {}, 0),
        ("n/a", {}, Missing.NOT_AVAILABLE),
    ],
)
def test_a_share_is_in_per_cent_whichever_way_it_is_kept(value, marks, answer):
    assert read(Kind.SHARE, value, **marks) == answer


@pytest.mark.parametrize(
    ("value", "marks", "found"), [(101.0, {}, "101"), (1.5, {"is_percent": True}, "150%"), ("1,234.5", {}, '"1,234.5"')]
)
def test_a_share_out_of_bounds_is_queried(value, marks, found):
    assert read(Kind.SHARE, value, **marks) == Misread(
        found=found, expected="a share in per cent from 0 to 100, such as 10 or 10.5"
    )


@pytest.mark.parametrize(
    "value",
    [
        dt.date(2011, 3, 31),
        "31/03/2011",
        "31.3.2011",
        "31-03-11",
        "2011-03-31",
        "2011-03-31 00:00:00",
        "31 March 2011",
        "31st March 2011",
        "31-Mar-11",
        " 31  mar 2011 ",
    ],
)
def test_a_day_is_read_as_a_date_or_as_text(value):
    assert read(Kind.DATE, value) == dt.date(2011, 3, 31)


@pytest.mark.parametrize(
    "value",
    ["03/31/2011", "30/02/2011", "March 2011", "30/07/2011", dt.date(2011, 7, 30), 40_633.0, "soon", "31 Mai 2011"],
)
def test_a_day_that_is_none_or_lies_ahead_is_queried(value):
    queried = read(Kind.DATE, value)
    assert isinstance(queried, Misread)
    assert queried.expected == "a day such as 30/06/2011, not after 29 July 2011"


@pytest.mark.parametrize(("value", "answer"), [(2008.0, 2008), ("2008", 2008), ("n/a", Missing.NOT_AVAILABLE)])
def test_a_year_is_read(value, answer):
    assert read(Kind.YEAR, value) == answer


@pytest.mark.parametrize("value", [2012.0, 1066.0, "08", 2008.5, "2008/09", dt.date(2008, 1, 1)])
def test_what_is_no_year_of_a_survey_is_queried(value):
    assert isinstance(read(Kind.YEAR, value), Misread)


@pytest.mark.parametrize(("value", "answer"), [("Yes", "Yes"), ("NO", "No"), ("n", "No"), (None, Missing.BLANK)])
def test_a_choice_is_read(value, answer):
    assert read(Kind.CHOICE, value) == answer


@pytest.mark.parametrize("value", ["Perhaps", 1.0, "yes and no"])
def test_what_is_not_among_the_choices_is_queried(value):
    assert read(Kind.CHOICE, value).expected == "Yes or No"


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("  Two lines\r\nof words. ", "Two lines\nof words."),
        ("=1+1", "=1+1"),
        (2010.0, "2010"),
        (dt.date(2011, 5, 4), "4 May 2011"),
        ("nil", Missing.NOTHING),
        ("-", Missing.NOTHING),
        ("None.", Missing.NOTHING),
        ("n/a", Missing.NOT_AVAILABLE),
        ("\u05e9\u05dc\u05d5\u05dd caf\u00e9 e\u0301", "\u05e9\u05dc\u05d5\u05dd caf\u00e9 e\u0301"),
    ],
)
def test_words_stay_as_they_were_written(value, answer):
    assert read(Kind.TEXT, value) == answer


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("x" * 32_768, "32,768 characters, beginning"),
        ("\U0001f600" * 16_384, "32,768 characters, beginning"),
        ("abc\u202edef", r"a character that reverses the direction of what follows (U+202E), beginning"),
        ("Z\u0300\u0301\u0302\u0303\u0304", "a letter with too many marks on it, beginning"),
        ("bell\x07", "a character that can't be shown (U+0007), beginning"),
    ],
)
def test_words_that_no_report_can_show_are_queried(value, found):
    assert read(Kind.TEXT, value).found.startswith(found)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    ("value", "marks", "found"),
    [
        (5.0, {"is_formula": True}, "a formula, which shows 5"),
        ("", {"is_formula": True}, "a formula"),
        ("#REF!", {"is_error": True}, 'a formula, which shows "#REF!"'),
        (True, {}, "TRUE"),
    ],
)
def test_neither_formulas_nor_true_are_answers(kind, value, marks, found):
    assert read(kind, value, **marks).found == found


@given(st.integers(min_value=0, max_value=10_000))
def test_every_count_is_read_alike_as_a_number_and_as_text(number):
    assert read(Kind.WHOLE, float(number)) == read(Kind.WHOLE, f"{number:,}") == read(Kind.WHOLE, str(number)) == number


@given(st.text())
def test_no_text_raises_whatever_is_asked(text):
    for kind in Kind:
        assert isinstance(read(kind, text), int | float | str | dt.date | Misread)
