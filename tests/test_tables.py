"""Counts give a figure, nought where a covered cell is absent, or say why there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl import offences, tables
from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.periods import Month, Period, financial_year, quarter
from cdrp_xl.selected import PriorityOffences
from cdrp_xl.tables import Counts, FileLedger, LeftOut, Origin

AREA = "South Cambridgeshire"
SOURCE = "Police recorded crime extract"


def _month(year, month):
    return Period(Month(year, month), Month(year, month))


def _counts(months=(4, 5, 6), areas=(AREA,), selections=(), **more):
    covered = frozenset(_month(2011, month) for month in months)
    return Counts(
        classification=offences.load("cadet-2011"),
        areas=areas,
        covered=dict.fromkeys(areas, more.pop("covered", covered)),
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
    assert counts.covers(whole, area=AREA)
    assert not counts.covers(_month(2011, 4), area=AREA)
    assert counts.months(AREA) == frozenset()


def test_a_selection_is_counted_under_its_own_key():
    farm = PriorityOffences("farm")
    counts = _counts(selections=(farm,), cells={(AREA, farm, _month(2011, 4)): 3})
    assert counts.offences(area=AREA, row_id=farm, period=_month(2011, 4)) == 3


def test_a_selection_that_was_not_counted_is_refused_and_never_nought():
    with pytest.raises(CannotBeComputedError) as refused:
        _counts().offences(area=AREA, row_id=PriorityOffences("farm"), period=_month(2011, 4))
    assert str(refused.value) == (
        "These offences were not counted separately.\n"
        "Where: Police recorded crime extract\n"
        "What to do: Check that partnership.toml names the extract's headings for them; then refresh."
    )


@pytest.mark.parametrize("row_id", ["arsn", "Arson"])
def test_a_row_that_is_not_counted_is_refused_and_never_nought(row_id):
    with pytest.raises(ValueFoundError, match=f'^There is no offence row "{row_id}" in CADET highlights'):
        _counts().offences(area=AREA, row_id=row_id, period=_month(2011, 4))


@pytest.mark.parametrize(
    ("months", "missing"),
    [
        ((4, 6), "May-11"),
        ((5,), "Apr-11, Jun-11"),
        ((7,), "Apr-11 to Jun-11"),
    ],
)
def test_a_month_missing_inside_a_period_is_named(months, missing):
    counts = _counts(months=months)
    covers = "Apr-11, Jun-11 (May-11 is missing)" if len(months) > 1 else str(_month(2011, months[0]))
    with pytest.raises(CannotBeComputedError, match="no complete figures") as refused:
        counts.offences(area=AREA, row_id="arson", period=quarter(2011, 1))
    assert str(refused.value) == (
        f"Apr-11 to Jun-11 can't be counted: {AREA} has no complete figures for {missing}.\n"
        f"Where: {SOURCE}, which covers {covers}\n"
        "What to do: Add the files for these months, or choose a period that the data cover."
    )


def test_missing_months_that_follow_one_another_are_named_as_one():
    with pytest.raises(CannotBeComputedError, match=r"figures for Apr-10 to Mar-11\."):
        _counts().check_covers(financial_year(2010), area=AREA)


def test_a_source_without_any_period_says_so():
    with pytest.raises(CannotBeComputedError, match=r"which covers no period\n") as refused:
        _counts(months=()).check_covers(_month(2011, 4), area=AREA)
    assert refused.value.where == f"{SOURCE}, which covers no period"


def test_an_unknown_area_is_refused_and_the_nearest_are_offered():
    counts = _counts(areas=("South Cambridgeshire", "East Cambridgeshire", "Fenland"))
    with pytest.raises(ValueFoundError, match="South Cambs") as refused:
        counts.offences(area="South Cambs", row_id="arson", period=_month(2011, 4))
    assert str(refused.value) == (
        f'There is no row for the area "South Cambs".\nWhere: {SOURCE}\nWhat to do: Did you mean "South '
        'Cambridgeshire"?'
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
    assert str(error) == f'There is no row for the area "South Cambridgeshire".\nWhere: a.csv\nWhat to do: {remedy}'


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ((4,), "Apr-11"),
        ((), "no period"),
        ((4, 5, 6), "Apr-11 to Jun-11"),
        ((4, 6), "Apr-11, Jun-11 (May-11 is missing)"),
        ((4, 5, 9), "Apr-11 to May-11, Sep-11 (Jun-11 to Aug-11 are missing)"),
        ((1, 3, 5, 7), "Jan-11 to Jul-11 (Feb-11, Apr-11, Jun-11 are missing)"),
    ],
)
def test_what_is_covered_is_said_with_the_months_that_are_missing_between(months, words):
    assert _counts(months=months).coverage == words


def test_periods_that_a_table_compares_are_said_without_the_months_between_them():
    covered = frozenset({quarter(2010, 1), quarter(2011, 1)})
    assert _counts(covered=covered).coverage == "Apr-10 to Jun-10, Apr-11 to Jun-11"


def test_a_month_that_one_area_lacks_is_nought_in_no_figure_of_it():
    full, partial = frozenset({_month(2011, 4), _month(2011, 5)}), frozenset({_month(2011, 4)})
    cells = {(area, "arson", _month(2011, 4)): 3 for area in ("A", "B")}
    counts = replace(_counts(areas=("A", "B"), cells=cells), covered={"A": full, "B": partial})
    both = Period(Month(2011, 4), Month(2011, 5))
    assert counts.offences(area="A", row_id="arson", period=both) == 3
    assert (counts.covers(both, area="A"), counts.covers(both, area="B")) == (True, False)
    with pytest.raises(
        CannotBeComputedError, match=r"B has no complete figures for May-11.\nWhere: .* covers Apr-11\n"
    ):
        counts.offences(area="B", row_id="arson", period=both)
    assert counts.coverage == "Apr-11 to May-11"


def test_what_an_area_lacks_of_the_periods_of_others_is_said_by_name():
    given = [("A", _month(2011, 4)), ("A", _month(2011, 5)), ("A", _month(2011, 6)), ("B", _month(2011, 5))]
    covered, remarks = tables.covered_by_area(("A", "B", "C"), given)
    assert {area: len(periods) for area, periods in covered.items()} == {"A": 3, "B": 1, "C": 0}
    assert remarks == ["B has no figures for Apr-11, Jun-11.", "C has no figures for Apr-11 to Jun-11."]


@given(st.dictionaries(st.integers(1, 12), st.integers(0, 500), min_size=12, max_size=12))
def test_quarters_add_up_to_their_year(offences_of_month):
    months = dict(enumerate(financial_year(2011).months, 1))
    cells = {(AREA, "arson", Period(months[n], months[n])): count for n, count in offences_of_month.items()}
    counts = _counts(covered=frozenset(period for *_, period in cells), cells=cells)
    year = counts.offences(area=AREA, row_id="arson", period=financial_year(2011))
    quarters = [counts.offences(area=AREA, row_id="arson", period=quarter(2011, n)) for n in (1, 2, 3, 4)]
    assert year == sum(quarters) == sum(offences_of_month.values())


def test_a_row_that_is_neither_counted_nor_left_out_is_refused():
    with pytest.raises(ValueError, match=r"a\.csv: 10 rows were read, 8 counted"):
        FileLedger(file="a.csv", read=10, counted=8, left_out=(LeftOut(reason="in other areas", rows=1),))


def test_rows_left_out_are_added_up_by_reason_and_their_files_named():
    blank = LeftOut(reason="no area", rows=2, first=("row 5", "row 9"), is_usual=False)
    one = FileLedger(file="a.xlsx", worksheet="May", read=10, counted=8, left_out=(blank,))
    origin = Origin(source=SOURCE, ledger=(one, FileLedger.of("b.csv", counted=3, left_out={"no area": 1, "none": 0})))
    assert (origin.rows_read, origin.rows_counted, dict(origin.left_out)) == (14, 11, {"no area": 3})
    (line,) = origin.left_out_lines
    assert line.places == ' (a.xlsx, worksheet "May", row 5; a.xlsx, worksheet "May", row 9 and 1 more)'
    assert not line.is_usual
    assert Origin(source=SOURCE, ledger=(one,)).left_out_lines[0].places == " (row 5; row 9)"
