"""Counts give a figure, nought where a covered cell is absent, or say why there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl import offences, tables
from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.periods import Month, Period, financial_year, quarter
from cdrp_xl.selected import OfPriority
from cdrp_xl.tables import Counts, Origin

AREA = "South Cambridgeshire"
SOURCE = "Police recorded crime extract"


def _month(year, month):
    return Period(Month(year, month), Month(year, month))


def _counts(months=(4, 5, 6), areas=(AREA,), selections=(), **more):
    covered = frozenset(_month(2011, month) for month in months)
    return Counts(
        classification=offences.load("cadet-2011"),
        areas=areas,
        covered=more.pop("covered", covered),
        cells=more.pop("cells", {(AREA, "arson", _month(2011, month)): month for month in months}),
        origin=Origin(source=SOURCE),
        selections=selections,
    )


def test_a_periods_offences_are_the_sum_of_its_months():
    assert _counts().offences(area=AREA, row_id="arson", period=quarter(2011, 1)) == 4 + 5 + 6


def test_a_cell_that_is_absent_in_a_covered_period_is_nought():
    assert _counts().offences(area=AREA, row_id="shoplifting", period=quarter(2011, 1)) == 0


def test_a_period_that_the_source_gives_whole_is_not_added_up_from_months():
    whole = quarter(2011, 1)
    counts = _counts(covered=frozenset({whole}), cells={(AREA, "arson", whole): 12})
    assert counts.offences(area=AREA, row_id="arson", period=whole) == 12
    assert counts.covers(whole)
    assert not counts.covers(_month(2011, 4))
    assert counts.months == frozenset()


def test_a_selection_is_counted_under_its_own_key():
    farm = OfPriority("farm")
    counts = _counts(selections=(farm,), cells={(AREA, farm, _month(2011, 4)): 3})
    assert counts.offences(area=AREA, row_id=farm, period=_month(2011, 4)) == 3


def test_a_selection_that_was_not_counted_is_refused_and_never_nought():
    with pytest.raises(CannotBeComputedError) as refused:
        _counts().offences(area=AREA, row_id=OfPriority("farm"), period=_month(2011, 4))
    assert str(refused.value) == (
        "These offences were not counted by themselves.\n"
        "Where: Police recorded crime extract\n"
        "What to do: See that partnership.toml names the extract's headings for them; then refresh."
    )


@pytest.mark.parametrize("row_id", ["arsn", "Arson"])
def test_a_row_that_is_not_counted_is_refused_and_never_nought(row_id):
    with pytest.raises(ValueFoundError, match=f'^There is no offence row "{row_id}" in CADET highlights'):
        _counts().offences(area=AREA, row_id=row_id, period=_month(2011, 4))


@pytest.mark.parametrize(
    ("months", "missing"),
    [
        ((4, 6), "May-11 is"),
        ((5,), "Apr-11, Jun-11 are"),
        ((7,), "Apr-11, May-11, Jun-11 are"),
    ],
)
def test_a_month_missing_inside_a_period_is_named(months, missing):
    counts = _counts(months=months)
    covers = f"{_month(2011, months[0])} to Jun-11" if len(months) > 1 else str(_month(2011, months[0]))
    with pytest.raises(CannotBeComputedError, match="not in the data") as refused:
        counts.offences(area=AREA, row_id="arson", period=quarter(2011, 1))
    assert str(refused.value) == (
        f"Apr-11 to Jun-11 can't be counted: {missing} not in the data.\n"
        f"Where: {SOURCE}, which covers {covers}\n"
        "What to do: Add the files for these months, or choose a period that the data cover."
    )


def test_only_the_first_missing_months_are_named_and_the_rest_counted():
    with pytest.raises(CannotBeComputedError, match="Apr-10, May-10, Jun-10 and 9 more are not in the data"):
        _counts().check_covers(financial_year(2010))


def test_a_source_without_any_period_says_so():
    with pytest.raises(CannotBeComputedError, match=r"which covers no period\n") as refused:
        _counts(months=()).check_covers(_month(2011, 4))
    assert refused.value.where == f"{SOURCE}, which covers no period"


def test_an_unknown_area_is_refused_and_the_nearest_are_offered():
    counts = _counts(areas=("South Cambridgeshire", "East Cambridgeshire", "Fenland"))
    with pytest.raises(ValueFoundError, match="South Cambs") as refused:
        counts.offences(area="South Cambs", row_id="arson", period=_month(2011, 4))
    assert str(refused.value) == (
        f'No row is for the area "South Cambs".\nWhere: {SOURCE}\nWhat to do: Did you mean "South Cambridgeshire"?'
    )


@pytest.mark.parametrize(
    ("known", "remedy"),
    [
        (("Hull", "York", "Leeds", "Bradford"), 'Did you mean "Bradford", "Hull", "Leeds" and 1 more?'),
        ((), "Name an area that the file holds."),
    ],
)
def test_where_no_area_is_near_those_there_are_offered(known, remedy):
    error = tables.unknown_area("South Cambridgeshire", known, where="a.csv")
    assert str(error) == f'No row is for the area "South Cambridgeshire".\nWhere: a.csv\nWhat to do: {remedy}'


def test_the_span_of_what_is_covered_is_told_in_words():
    assert _counts(months=(4, 6, 9)).coverage == "Apr-11 to Sep-11"
    assert _counts(months=(4,)).coverage == "Apr-11"


@given(st.dictionaries(st.integers(1, 12), st.integers(0, 500), min_size=12, max_size=12))
def test_quarters_add_up_to_their_year(offences_of_month):
    months = dict(enumerate(financial_year(2011).months, 1))
    cells = {(AREA, "arson", Period(months[n], months[n])): count for n, count in offences_of_month.items()}
    counts = _counts(covered=frozenset(period for *_, period in cells), cells=cells)
    year = counts.offences(area=AREA, row_id="arson", period=financial_year(2011))
    quarters = [counts.offences(area=AREA, row_id="arson", period=quarter(2011, n)) for n in (1, 2, 3, 4)]
    assert year == sum(quarters) == sum(offences_of_month.values())
