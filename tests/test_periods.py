"""Every form in which the field writes a period, and the laws that periods keep."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cdrp_xl import periods
from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.periods import Month, Period

APRIL_2011, JUNE_2011 = Month(2011, 4), Month(2011, 6)
NAMED = st.builds(Month, st.integers(1970, 2068), st.integers(1, 12))
"""Months whose two-digit years can be told apart."""
SPANS = st.builds(lambda first, length: Period(first, first + length), NAMED, st.integers(0, 11))
YEARS = st.integers(1970, 2067)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2011-12 Q1", (2011, 4), (2011, 6)),
        ("2011-12 Q2", (2011, 7), (2011, 9)),
        ("2011-12 Q3", (2011, 10), (2011, 12)),
        ("2011-12 Q4", (2012, 1), (2012, 3)),
        ("2011-12-Q1", (2011, 4), (2011, 6)),
        ("2011/12 q1", (2011, 4), (2011, 6)),
        ("2011\u201312 Q1", (2011, 4), (2011, 6)),
        ("2011-2012, Q1", (2011, 4), (2011, 6)),
        ("Q1 2011-12", (2011, 4), (2011, 6)),
        ("Q4, 2011/12", (2012, 1), (2012, 3)),
        ("  Q1   2011/2012 ", (2011, 4), (2011, 6)),
        ("2011-12", (2011, 4), (2012, 3)),
        ("2011/12", (2011, 4), (2012, 3)),
        ("2011-2012", (2011, 4), (2012, 3)),
        ("1999-00", (1999, 4), (2000, 3)),
        ("1999-2000", (1999, 4), (2000, 3)),
        ("2011-04", (2011, 4), (2011, 4)),
        ("2012-12", (2012, 12), (2012, 12)),
        ("04/2011", (2011, 4), (2011, 4)),
        ("4/2011", (2011, 4), (2011, 4)),
        ("Apr-11", (2011, 4), (2011, 4)),
        ("apr 11", (2011, 4), (2011, 4)),
        ("APRIL 2011", (2011, 4), (2011, 4)),
        ("Sept 2011", (2011, 9), (2011, 9)),
        ("Sep-11", (2011, 9), (2011, 9)),
        ("May 2011", (2011, 5), (2011, 5)),
        ("Dec '11", (2011, 12), (2011, 12)),
        ("Jan-69", (2069, 1), (2069, 1)),
        ("Jan-70", (1970, 1), (1970, 1)),
        ("Apr-11 to Jun-11", (2011, 4), (2011, 6)),
        ("April to June 2011", (2011, 4), (2011, 6)),
        ("Apr-11 - Jun-11", (2011, 4), (2011, 6)),
        ("Apr 2010 \u2013 Mar 2011", (2010, 4), (2011, 3)),
        ("2003-04 to 2003-06", (2003, 4), (2003, 6)),
        ("year ending June 2011", (2010, 7), (2011, 6)),
        ("Year Ending Jun-11", (2010, 7), (2011, 6)),
        ("12 months to June 2011", (2010, 7), (2011, 6)),
        ("rolling 12 months ending 2011-06", (2010, 7), (2011, 6)),
        ("year to date June 2011", (2011, 4), (2011, 6)),
        ("year to date to Feb-12", (2011, 4), (2012, 2)),
        ("YTD March 2012", (2011, 4), (2012, 3)),
    ],
)
def test_a_period_is_read_in_every_form_of_the_field(text, first, last):
    assert Period.parse(text) == Period(Month(*first), Month(*last))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2011",
        "2011-12 Q5",
        "2011-12 Q0",
        "Q1",
        "Q1 2011",
        "2011-13",
        "2011-2013",
        "2011-1912",
        "2011-2112 Q1",
        "2011-00",
        "13/2011",
        "0000-04",
        "0000-01",
        "Apr 0000",
        "Avril 2011",
        "Apr-111",
        "30/04/2011",
        "Apr-11 to",
        "Apr-11 to May-11 to Jun-11",
        "year ending 2011-12 Q1",
        "year to date soon",
    ],
)
def test_what_is_no_period_is_named_with_the_forms_that_are(text):
    with pytest.raises(ValueFoundError, match="is not a period") as refused:
        Period.parse(text)
    assert str(refused.value) == (
        f'"{text}" is not a period.\n'
        "Where: a period\n"
        'What to do: Write it as "2011-12 Q1", "Q1 2011-12", "2011-12", "2011/12", "Apr-11", "April 2011", '
        '"Apr-11 to Jun-11", "year ending June 2011" or "year to date June 2011".'
    )


def test_every_form_that_the_message_offers_is_read():
    forms = re.findall(r'"([^"]+)"', periods.FORMS)
    assert len([Period.parse(form) for form in forms]) == 9


@pytest.mark.parametrize("text", ["Jun-11 to Apr-11", "October to March 2011"])
def test_a_period_that_ends_before_it_begins_is_refused(text):
    with pytest.raises(
        ValueFoundError, match=r"^The period ends \(\w{3}-11\) before it begins \(\w{3}-11\)\."
    ) as found:
        Period.parse(text)
    assert found.value.where == "a period"
    assert found.value.remedy == "Write the earlier month first."


@pytest.mark.parametrize("text", ["2003-04", "04/2003", " Apr-03", "April 2003"])
def test_a_month_alone_is_never_taken_for_a_financial_year(text):
    assert Month.parse(text) == Month(2003, 4)


def test_what_is_no_month_is_named():
    with pytest.raises(ValueFoundError, match="is not a month") as refused:
        Month.parse("2011-12 Q1")
    assert str(refused.value) == (
        '"2011-12 Q1" is not a month.\nWhere: a month\nWhat to do: Write it as "2011-04", "Apr-11" or "April 2011".'
    )


def test_a_month_knows_its_days_and_names():
    february = Month(2012, 2)
    assert (february.first_day, february.last_day) == (dt.date(2012, 2, 1), dt.date(2012, 2, 29))
    assert (str(february), february.name) == ("Feb-12", "February 2012")
    assert Month.of(dt.date(2011, 12, 31)) + 1 == Month(2012, 1)


@pytest.mark.parametrize(
    ("period", "name", "heading", "words"),
    [
        (periods.quarter(2011, 1), "2011-12 Q1", "Apr-11 to Jun-11", "April to June 2011"),
        (periods.quarter(2011, 4), "2011-12 Q4", "Jan-12 to Mar-12", "January to March 2012"),
        (periods.financial_year(2010), "2010-11", "Apr-10 to Mar-11", "April 2010 to March 2011"),
        (periods.financial_year(1999), "1999-00", "Apr-99 to Mar-00", "April 1999 to March 2000"),
        (Period(APRIL_2011, APRIL_2011), "Apr-11", "Apr-11", "April 2011"),
        (Period(APRIL_2011, Month(2011, 8)), "Apr-11 to Aug-11", "Apr-11 to Aug-11", "April to August 2011"),
        (Period(Month(2011, 5), Month(2011, 7)), "May-11 to Jul-11", "May-11 to Jul-11", "May to July 2011"),
    ],
)
def test_a_period_is_named_as_the_field_names_it(period, name, heading, words):
    assert (period.name, period.heading, period.words, str(period)) == (name, heading, words, name)


def test_a_year_to_date_and_a_year_ending_are_told_apart():
    assert periods.year_to_date(JUNE_2011) == Period(APRIL_2011, JUNE_2011)
    assert periods.year_to_date(Month(2012, 3)) == periods.financial_year(2011)
    assert periods.year_ending(JUNE_2011) == Period(Month(2010, 7), JUNE_2011)


def test_the_last_complete_quarter_needs_each_of_its_months():
    months = frozenset(Month(2011, number) for number in (1, 2, 3, 4, 5, 7, 8, 9, 10))
    assert periods.last_complete_quarter(months) == periods.quarter(2011, 2)


@pytest.mark.parametrize(
    ("months", "shown"),
    [
        (frozenset({Month(2011, 5), Month(2011, 4)}), "Apr-11 to May-11"),
        (frozenset({Month(2011, 4)}), "Apr-11"),
        (frozenset({Month(2011, 4), Month(2011, 6)}), "Apr-11, Jun-11"),
        (frozenset(), "no month"),
    ],
)
def test_no_complete_quarter_is_said_with_the_months_there_are(months, shown):
    with pytest.raises(CannotBeComputedError, match="No quarter") as refused:
        periods.last_complete_quarter(months)
    assert str(refused.value) == (
        "No quarter of a financial year is complete in the data.\n"
        f"Where: months covered: {shown}\n"
        "What to do: Add the months that are missing, or name a period that the data cover."
    )


@pytest.mark.parametrize(
    ("period", "year"),
    [
        (Period(Month(2011, 1), Month(2011, 6)), periods.financial_year(2009)),
        (periods.year_ending(JUNE_2011), periods.financial_year(2009)),
        (periods.quarter(2011, 1), Period(Month(2009, 1), Month(2009, 12))),
    ],
)
def test_months_that_a_baseline_cannot_match_are_refused(period, year):
    with pytest.raises(CannotBeComputedError, match=f"^{period.heading} has no matching months in ") as refused:
        period.same_months_of(year)
    assert str(refused.value) == (
        f"{period.heading} has no matching months in {year.name}.\n"
        f"Where: the baseline {year.name}\n"
        "What to do: Compare a month, a quarter or a year to date with one financial year."
    )


@given(YEARS, st.integers(1, 4))
def test_a_quarter_has_three_months_of_its_financial_year(year, number):
    quarter = periods.quarter(year, number)
    assert quarter.months_count == len(quarter.months) == 3
    assert quarter.is_quarter
    assert not quarter.is_financial_year
    assert quarter in periods.financial_year(year)
    assert periods.quarters_of(periods.financial_year(year))[number - 1] == quarter
    assert {periods.quarter_of(month) for month in quarter.months} == {quarter}


@given(YEARS)
def test_four_quarters_are_the_months_of_their_year(year):
    whole = periods.financial_year(year)
    assert whole.is_financial_year
    assert [month for quarter in periods.quarters_of(whole) for month in quarter.months] == list(whole.months)
    assert {periods.financial_year_of(month) for month in whole.months} == {whole}


@given(SPANS)
def test_a_period_that_is_named_is_read_back(period):
    assert Period.parse(period.name) == period
    assert Period.parse(period.heading) == period


@given(SPANS)
def test_a_period_in_words_is_read_back(period):
    assert Period.parse(period.words) == period


@given(SPANS)
def test_months_of_a_period_follow_one_another_without_a_gap(period):
    months = period.months
    assert (months[0], months[-1]) == (period.first, period.last)
    assert all(
        later.first_day - earlier.last_day == dt.timedelta(days=1) for earlier, later in itertools.pairwise(months)
    )


@given(SPANS, st.integers(0, 40))
def test_the_same_months_years_before_are_as_many_and_bear_the_same_names(period, years):
    before = period.earlier(years)
    assert before.months_count == period.months_count
    assert [month.month for month in before.months] == [month.month for month in period.months]
    assert before.first.year == period.first.year - years
    assert before.earlier(-years) == period


@given(SPANS, YEARS)
def test_the_same_months_of_a_year_lie_in_it(period, year):
    baseline = periods.financial_year(year)
    assume(period in periods.financial_year_of(period.first))
    moved = period.same_months_of(baseline)
    assert moved in baseline
    assert [month.month for month in moved.months] == [month.month for month in period.months]
    assert moved.same_months_of(periods.financial_year_of(period.first)) == period


@given(NAMED, st.integers(-600, 600))
def test_months_added_are_months_counted(month, months):
    assert (month + months).index - month.index == months
    assert Month.at(month.index) == month
    assert (month < month + months) == (months > 0)
