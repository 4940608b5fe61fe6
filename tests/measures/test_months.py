"""Monthly charts with the season divided out: how often they cry wolf, what they find, what they say of a target."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures.months import Assurance, Variation, monthly_chart
from cdrp_xl.measures.series import Limits, Signal
from cdrp_xl.terms import Direction

SEASONS = {
    "none": np.ones(12),
    "bicycle theft": np.array([0.55, 0.6, 0.75, 0.95, 1.15, 1.3, 1.4, 1.35, 1.3, 1.15, 0.85, 0.65]),
    "burglary": np.array([1.15, 1.1, 1.1, 0.95, 0.9, 0.85, 0.85, 0.88, 0.9, 1.05, 1.2, 1.12]),
}

monthly = st.lists(st.integers(0, 300), min_size=2, max_size=60)


def chart(counts, direction=Direction.REDUCE):
    return monthly_chart([int(count) for count in counts], direction=direction)


def drawn(draw, season, mean, months=36):
    start = draw.integers(12)
    expected = mean * np.roll(np.resize(SEASONS[season], months + 12), start)[:months]
    return expected, draw.poisson(expected)


@given(monthly)
def test_every_month_has_what_is_usual_between_limits_of_0_or_more(counts):
    found = chart(counts)
    assert [month.offences for month in found.months] == counts
    for month in found.months:
        assert 0 <= month.lower <= month.expected <= month.upper or month.expected == pytest.approx(month.upper)
        assert (month.signal is None) == (month.side == 0) == (month.is_improvement is None)


@given(st.lists(st.integers(0, 300), min_size=2, max_size=23))
def test_with_under_two_years_nothing_is_said_to_stand_out(counts):
    found = chart(counts)
    assert not found.is_judged
    assert {month.signal for month in found.months} == {None}


def test_one_month_is_no_series():
    with pytest.raises(CannotBeComputedError, match="1 point"):
        chart([5])


@pytest.mark.whole
@pytest.mark.parametrize("season", SEASONS)
@pytest.mark.parametrize("mean", [10, 30, 100])
def test_of_months_that_only_follow_their_season_about_1_in_20_stands_out(season, mean):
    draw, flagged, series = np.random.default_rng(11), 0, 150
    for _ in range(series):
        found = chart(drawn(draw, season, mean)[1])
        flagged += sum(month.signal is not None for month in found.months)
    assert 0.03 < flagged / (36 * series) < 0.075


@pytest.mark.whole
@pytest.mark.parametrize("months", [36, 60])
def test_a_step_of_40_in_100_is_found_within_three_months_in_4_series_of_5_with_30_a_month(months):
    draw, found, series = np.random.default_rng(12), 0, 100
    for season in SEASONS:
        for _ in range(series):
            expected, counts = drawn(draw, season, 30, months)
            counts[-3:] = draw.poisson(1.4 * expected[-3:])
            found += any(
                month.side > 0 for over in (1, 2, 3) for month in chart(counts[: months - 3 + over]).months[-over:]
            )
    assert found / (len(SEASONS) * series) > 0.8


def test_the_season_is_a_line_and_no_signal():
    counts = np.round(40 * np.tile(SEASONS["bicycle theft"], 3))
    found = chart(counts)
    assert [month.expected for month in found.months] == pytest.approx(counts, rel=0.1)
    assert {month.signal for month in found.months} == {None}


def test_limits_are_set_anew_where_the_level_moved_for_good():
    draw = np.random.default_rng(13)
    counts = [*draw.poisson(100, size=24), *draw.poisson(50, size=24)]
    found = chart(counts)
    assert found.levels[0] == 0
    assert len(found.levels) == 2
    assert abs(found.levels[1] - 24) <= 2
    assert np.mean([month.expected for month in found.months[-12:]]) == pytest.approx(50, abs=5)
    assert sum(month.signal is not None for month in found.months[26:]) <= 4


@pytest.mark.parametrize(("above", "levels"), [(3, (0,)), (7, (0, 24))])
def test_a_year_moves_the_level_only_where_it_is_outside_what_a_year_may_be(above, levels):
    counts = np.tile([26, 33, 30, 25, 36], 5)[:24]
    assert chart([*counts, *(30 + above + place % 2 for place in range(14))]).levels == levels


def test_a_level_that_moved_less_than_a_year_ago_is_a_run_and_the_limits_stay():
    counts = [*np.tile([28, 32, 30, 31, 29, 30], 5), 36, 36, 37, 36, 37, 36, 36, 37]
    found = chart(counts)
    assert found.levels == (0,)
    assert found.months[-1].signal in {Signal.SHIFT, Signal.OUTSIDE, Signal.NEAR_LIMIT}
    assert found.variation is Variation.CONCERN_HIGH


@pytest.mark.parametrize(("last", "side"), [((44, 43, 44), 1), ((16, 17, 16), -1)])
def test_the_latest_three_months_together_are_found_where_none_is_outside_alone(last, side):
    counts = [*np.tile([24, 36, 27, 33, 30, 21, 39, 26, 34, 31, 29, 38, 22], 3)[:33], *last]
    latest = chart(counts).months[-3:]
    assert {(month.signal, month.side) for month in latest} == {(Signal.TOGETHER, side)}


@pytest.mark.parametrize(
    ("direction", "step", "variation"),
    [
        (Direction.REDUCE, 60, Variation.CONCERN_HIGH),
        (Direction.REDUCE, 4, Variation.IMPROVEMENT_LOW),
        (Direction.INCREASE, 60, Variation.IMPROVEMENT_HIGH),
        (Direction.INCREASE, 4, Variation.CONCERN_LOW),
        (Direction.REDUCE, 30, Variation.COMMON_CAUSE),
    ],
)
def test_the_latest_month_gives_the_icon_of_variation(direction, step, variation):
    counts = [*np.tile([28, 32, 30, 31, 29, 30], 6)[:35], step]
    assert chart(counts, direction).variation is variation


@pytest.mark.parametrize(
    ("target", "direction", "assurance"),
    [
        (60, Direction.REDUCE, Assurance.PASSES),
        (10, Direction.REDUCE, Assurance.FAILS),
        (30, Direction.REDUCE, Assurance.HIT_OR_MISS),
        (10, Direction.INCREASE, Assurance.PASSES),
        (60, Direction.INCREASE, Assurance.FAILS),
        (30, Direction.INCREASE, Assurance.HIT_OR_MISS),
    ],
)
def test_the_limits_give_the_icon_of_assurance(target, direction, assurance):
    found = chart(np.tile([28, 32, 30, 31, 29, 30], 6))
    assert isinstance(found.limits, Limits)
    assert found.assurance(target, direction) is assurance
