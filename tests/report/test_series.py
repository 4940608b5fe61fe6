"""A priority's months in words, and its projection: when it is made, and how its chance is told."""

from __future__ import annotations

import pytest

from cdrp_xl.periods import Period, year_to_date
from cdrp_xl.report import series
from cdrp_xl.terms import Direction

JUNE = Period.parse("2011-12 Q1")


def monthly(counts, *, direction=Direction.REDUCE, period=JUNE):
    """The series of counts that end with the period's last month."""
    by_month = {Period(period.last + -back, period.last + -back): count for back, count in enumerate(reversed(counts))}
    return series.monthly("Burglary", offences=by_month.get, direction=direction, period=period)


def test_a_month_between_that_can_not_be_counted_is_a_gap_and_is_in_no_mean():
    found = monthly([None, 6, None, 3, 4, 7])
    assert [(point.month.heading, point.offences) for point in found.points] == [
        ("Feb-11", 6),
        ("Mar-11", None),
        ("Apr-11", 3),
        ("May-11", 4),
        ("Jun-11", 7),
    ]
    assert (found.mean, found.points[1].signal) == (5.0, "No complete figures")
    assert found.about[1].startswith("There are no complete figures for Mar-11, which the line leaves out;")


def test_three_years_are_shown_at_most():
    assert len(monthly([5] * 50).points) == 36


@pytest.mark.parametrize("counts", [[], [None], [4], [3, 4, None]])
def test_one_month_is_no_series(counts):
    assert monthly(counts) is None


def test_fewer_than_12_months_have_trial_limits_and_the_reader_is_told():
    assert monthly([5] * 11).about[-1] == "With fewer than 12 months these are trial limits."
    assert len(monthly([5] * 12).about) == 1


def test_a_series_of_nothing_but_0_stands_out_nowhere():
    found = monthly([0] * 24)
    assert (found.mean, found.lower, found.upper) == (0, 0, 0)
    assert {point.signal for point in found.points} == {"None"}
    assert found.findings == ("No month of April to June 2011 stands out from chance.",)


@pytest.mark.parametrize(("direction", "meaning"), [(Direction.REDUCE, "concern"), (Direction.INCREASE, "improvement")])
def test_a_month_that_stands_out_in_the_period_is_told_with_what_it_means(direction, meaning):
    found = monthly([*[8, 14] * 7, 40], direction=direction)
    assert found.findings == (f"June 2011 (40 offences): above the upper limit ({meaning}).",)


def test_a_month_with_one_offence_is_told_in_the_singular():
    assert monthly([*[0] * 13, 1]).findings[-1] == "June 2011 (1 offence): above the upper limit (concern)."


def test_a_month_that_stood_out_before_the_period_is_in_the_table_alone():
    found = monthly([8, 14, 40, *[8, 14] * 6])
    assert found.points[2].signal == "Concern: above the upper limit"
    assert found.findings == ("No month of April to June 2011 stands out from chance.",)


@pytest.mark.parametrize(
    ("counts", "signal"),
    [
        ([9, 10, 9, 10, 9, 10, 1, 2, 3, 4, 5, 6, 7, 8], "Concern: rising for 7 months or more"),
        ([1, 2, 1, 2, 1, 2, 9, 8, 7, 6, 5, 4, 3, 2], "Improvement: falling for 7 months or more"),
        ([10, 14, 10, 14, 10, 14, 10, 15, 17, 16, 15, 17, 16, 15], "Concern: 7 months or more above the mean"),
        ([10, 14, 10, 14, 10, 14, 10, 9, 7, 8, 9, 7, 8, 9], "Improvement: 7 months or more below the mean"),
    ],
)
def test_each_signal_has_its_words(counts, signal):
    assert signal in {point.signal for point in monthly(counts).points}


def test_the_chart_is_told_in_words_for_those_who_do_not_see_it():
    found = monthly([10, 12, 11, 13, 12])
    told = "Burglary, a line by month from February 2011 (10 offences) to June 2011 (12), with level lines for the mean"
    assert found.chart_alt_text.startswith(f"{told} (11.6)")


def year_end(to_date, month, *, before=120, year=480, direction=Direction.REDUCE):
    return series.year_end(
        to_date=to_date,
        period=year_to_date(Period.parse(month).last),
        baseline_to_date=before,
        baseline_year=year,
        direction=direction,
    )


def test_the_year_is_projected_by_its_season_and_pro_rata():
    season, plain = year_end(110, "Jun-11")
    assert (season.way, plain.way) == ("By the baseline year's season", "Pro rata")
    assert season.lower < plain.lower < plain.middle < plain.upper < season.upper
    assert (season.chance, plain.chance) == ("77%", "85%")


def test_a_baseline_of_few_offences_says_nothing_of_the_season():
    assert [end.way for end in year_end(5, "Jun-11", before=9, year=40)] == ["Pro rata"]


def test_a_year_that_is_over_is_not_projected():
    assert year_end(110, "Mar-12", before=480) == ()


@pytest.mark.parametrize(("to_date", "chance"), [(40, "over 99%"), (250, "under 1%")])
def test_a_chance_is_never_told_as_certain(to_date, chance):
    assert {end.chance for end in year_end(to_date, "Jun-11")} == {chance}


@pytest.mark.parametrize(
    ("setting", "month", "is_made"),
    [
        ("from quarter 2", "Jun-11", False),
        ("from quarter 2", "Sep-11", True),
        ("from quarter 1", "Jun-11", True),
        ("never", "Dec-11", False),
    ],
)
def test_the_year_is_projected_from_quarter_2_on_unless_the_settings_ask_otherwise(setting, month, is_made):
    assert series.is_asked_for(setting, year_to_date(Period.parse(month).last)) is is_made
