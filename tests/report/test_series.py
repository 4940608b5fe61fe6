"""A priority's months in words: usual level and season, what stands out, gaps, and rows with few offences."""

from __future__ import annotations

import numpy as np
import pytest

from cdrp_xl.measures.months import monthly_chart
from cdrp_xl.measures.rare import rare_chart
from cdrp_xl.periods import Period
from cdrp_xl.report import series
from cdrp_xl.terms import Direction

JUNE = Period.parse("2011-12 Q1")
NOTHING = ("No month in April to June 2011 was unusual.",)


def monthly(counts, *, direction=Direction.REDUCE, period=JUNE, target=None):
    """The series of counts that end with the period's last month."""
    by_month = {Period(period.last + -back, period.last + -back): count for back, count in enumerate(reversed(counts))}
    return series.monthly("Burglary", offences=by_month.get, direction=direction, period=period, target=target)


def test_the_season_is_a_line_and_the_limits_follow_it():
    counts = [20, 40] * 18
    found, chart = monthly(counts), monthly_chart(counts, direction=Direction.REDUCE)
    assert [point.usual for point in found.points] == [month.expected for month in chart.months]
    assert (found.points[0].usual, found.points[1].usual) == pytest.approx((20, 40), abs=4)
    assert all(point.lower <= point.usual <= point.upper for point in found.points)
    assert found.findings == NOTHING


def test_of_five_years_three_are_shown():
    found = monthly([*[10] * 24, *[9, 11] * 18])
    assert len(found.points) == 36
    whole = monthly_chart([*[10] * 24, *[9, 11] * 18], direction=Direction.REDUCE)
    assert [point.usual for point in found.points] == [month.expected for month in whole.months[-36:]]


def test_months_before_a_gap_are_not_judged_and_the_blanks_are_explained():
    found = monthly([None, 6, None, 3, 4, 7])
    assert [(point.month.heading, point.offences, point.usual is None) for point in found.points] == [
        ("Feb-11", 6, True),
        ("Mar-11", None, True),
        ("Apr-11", 3, False),
        ("May-11", 4, False),
        ("Jun-11", 7, False),
    ]
    assert [point.signal for point in found.points[:2]] == [
        "Not judged: later figures are missing",
        "No complete figures",
    ]
    assert found.about[-1].startswith("Figures for Mar-11 are incomplete, and the line leaves them out.")
    assert "blank" in found.about[-1]


@pytest.mark.parametrize("counts", [[], [None], [4], [3, 4, None], [5, 6, None, 4]])
def test_one_month_is_no_series(counts):
    assert monthly(counts) is None


def test_with_fewer_than_two_years_no_month_is_said_to_stand_out():
    found = monthly([*[8, 14] * 11, 90])
    assert {point.signal for point in found.points} == {"Not judged"}
    assert found.about[1].startswith("There are 23 months of figures. At least 24 are needed")
    assert found.findings == ()
    assert monthly([*[10, 12, 11] * 7, 10, 12, 90]).findings[-1].startswith("June 2011 had 90 offences: ")


@pytest.mark.parametrize(("direction", "meaning"), [(Direction.REDUCE, "concern"), (Direction.INCREASE, "improvement")])
def test_a_month_that_stands_out_in_the_period_is_reported_with_what_it_means(direction, meaning):
    found = monthly([*[8, 14, 11] * 9, 60], direction=direction)
    assert found.findings[0] == f"June 2011 had 60 offences: above the upper limit ({meaning})."


def test_the_latest_three_months_together_are_said_once():
    counts = [290, 310, 300, 280, 320] * 8
    counts[-3:] = [334, 333, 335]
    found, chart = monthly(counts), monthly_chart(counts, direction=Direction.REDUCE)
    together = [sentence for sentence in found.findings if " together " in sentence]
    assert {month.signal.name for month in chart.months[-3:]} & {"TOGETHER"}
    assert together == ["April to June 2011 together had 1,002 offences: more than usual for three months (concern)."]
    assert found.points[-1].signal


def test_after_a_level_moved_for_good_it_is_judged_by_the_new_one():
    counts = [*[39, 41, 40] * 8, *[19, 21, 20] * 8]
    found = monthly(counts)
    assert found.findings == NOTHING
    assert "when it changed" in found.about[0]
    red = [point for point in found.points if point.signal.startswith("Concern")]
    assert red == []


def test_variation_and_assurance_are_said_as_making_data_count_has_them():
    counts = [19, 21, 20] * 12
    for target, said in (
        (60.0, "every month will be better"),
        (5.0, "every month will be worse"),
        (20.0, "some months"),
    ):
        about = monthly(counts, target=target).about
        assert about[1] == "The latest month is as usual."
        assert about[2].startswith(f"If nothing changes, {said}")
    assert monthly([*counts, 90], target=20.0).about[1] == "The latest months are higher than usual: a concern."
    up = monthly([*counts, 90], direction=Direction.INCREASE).about
    assert up[1] == "The latest months are higher than usual: an improvement."
    assert len(up) == 2


def test_one_offence_after_35_empty_months_is_no_concern():
    found = monthly([0] * 35 + [1])
    assert found.findings == ()
    assert found.points[-1].signal == "Not judged"
    assert (found.points[0].lower, found.points[0].upper) == (0, 1)


def test_a_row_with_few_offences_is_described_by_the_months_between_them():
    counts = [1, 0, 0, 0] * 12
    counts[-12:] = [0] * 12
    found, chart = monthly(counts), rare_chart(counts, direction=Direction.REDUCE)
    assert chart.gaps[-1].months == 15
    assert found.about[0].startswith("There are few offences")
    assert f"The usual gap is {chart.mean:.1f} months" in found.about[1]
    longer = monthly([*([1, 0] * 12)[:-1], *[0] * 37])
    assert longer.points[-1].signal == "Improvement: a longer time without an offence than usual"
    assert longer.findings[0] == "June 2011 had 0 offences: a longer time without an offence than usual (improvement)."


def test_many_offences_at_once_in_a_row_with_few_are_a_concern():
    found = monthly([*[1, 0, 0, 0] * 9, 0, 0, 6])
    assert "June 2011 had 6 offences: above the upper limit (concern)." in found.findings
    assert "April to June 2011 together had 6 offences: more than usual for three months (concern)." in found.findings


def test_a_series_of_nothing_but_0_stands_out_nowhere():
    found = monthly([0] * 24)
    assert {(point.usual, point.lower, point.upper) for point in found.points} == {(0, 0, 0)}
    assert {point.signal for point in found.points} == {"Not judged"}
    assert found.findings == ()


def test_the_chart_is_described_in_words_for_those_who_do_not_see_it():
    found = monthly([10, 12, 11, 13, 12])
    shown = (
        "Burglary: a line by month from February 2011 (10 offences) to June 2011 (12). Other lines show the usual level"
    )
    assert found.chart_alt_text.startswith(shown)


@pytest.mark.whole
def test_what_is_said_of_a_month_is_what_the_chart_found_for_it():
    source = np.random.default_rng(13)
    for _ in range(60):
        counts = source.poisson(source.uniform(2, 60) * (1 + 0.4 * np.sin(np.arange(48) / 6 * np.pi))).tolist()
        found, chart = monthly(counts), monthly_chart(counts, direction=Direction.REDUCE)
        assert len(found.points) == 36
        for point, month in zip(found.points, chart.months[-36:], strict=True):
            assert (point.signal == "As usual") == (month.signal is None)
            if "below the usual level" in point.signal:
                assert point.offences < point.usual
            if "above the upper limit" in point.signal:
                assert point.offences > point.upper
