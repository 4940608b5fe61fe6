"""Control charts: limits of short series, the order of the signals, and pandas."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures.series import Limits, Signal, limits_of, signals

ONE_HIGH = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
counts = st.lists(st.integers(0, 500), min_size=2, max_size=60)


def signals_of(values):
    return [signal for signal, _ in signals(values, limits_of(values))]


def test_limits_leave_out_a_moving_range_that_is_too_wide():
    limits = limits_of(ONE_HIGH)
    assert [round(value, 2) for value in (limits.mean, limits.lower, limits.upper)] == [1.94, -0.72, 4.60]


def test_limits_keep_every_moving_range_where_that_is_asked():
    limits = limits_of(ONE_HIGH, is_screened=False)
    assert [round(value, 2) for value in (limits.mean, limits.lower, limits.upper)] == [1.94, -3.06, 6.95]


@given(counts, st.booleans())
def test_limits_are_those_of_pandas(values, is_screened):
    series = pd.Series(values, dtype=float)
    ranges = series.diff().abs().dropna()
    kept = ranges[ranges <= 3.267 * ranges.mean()] if is_screened else ranges
    kept = kept if kept.any() else ranges
    limits = limits_of(values, is_screened=is_screened)
    half = 2.66 * kept.mean()
    expected = (series.mean(), series.mean() - half, series.mean() + half)
    assert (limits.mean, limits.lower, limits.upper) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_limits_of_rare_offences_do_not_fall_together_at_their_mean():
    """Two homicides in one month of 27: every moving range but two is 0, and those two are wide."""
    rare = [0] * 13 + [2] + [0] * 13
    limits = limits_of(rare)
    assert (limits.mean, limits.upper) == (pytest.approx(2 / 27), pytest.approx(2 / 27 + 2.66 * 4 / 26))
    assert Signal.OUTSIDE not in signals_of(rare)[:13]
    assert signals_of(rare)[13] is Signal.OUTSIDE


def test_seven_rising_points_are_a_trend():
    assert signals_of([1, 2, 3, 4, 5, 6, 7])[-1] is not None
    wide = Limits(mean=4.0, lower=-100.0, upper=100.0)
    assert signals([1, 2, 3, 4, 5, 6, 7], wide) == [(Signal.TREND, 1)] * 7


def test_a_step_that_does_not_rise_breaks_a_trend():
    wide = Limits(mean=3.5, lower=-100.0, upper=100.0)
    assert {signal for signal, _ in signals([1, 2, 3, 3, 4, 5, 6], wide)} == {None}


def test_where_a_rise_and_a_fall_meet_the_point_belongs_to_the_later():
    wide = Limits(mean=4.0, lower=-100.0, upper=100.0)
    found = signals([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1], wide)
    assert [side for _, side in found] == [1] * 6 + [-1] * 7


def test_points_near_opposite_limits_are_common_cause():
    values = [1.0, -1.0] * 8
    values[14:] = [5.5, -5.5]
    limits = limits_of(values)
    assert abs(limits.near(1)) < 5.5 < limits.upper
    assert [signal for signal, _ in signals(values, limits)][-2:] == [None, None]


def test_two_of_three_points_near_the_same_limit_are_a_signal():
    limits = Limits(mean=10.0, lower=4.0, upper=16.0)
    near = (Signal.NEAR_LIMIT, 1)
    none = (None, 0)
    assert signals([10, 15, 11, 15, 10], limits) == [none, near, none, near, none]
    assert signals([10, 15, 9, 15, 10], limits) == [none] * 5  # the middle one is on the other side of the mean
    assert signals([10, 14, 11, 14, 10], limits) == [none] * 5  # 14 is the near limit itself
    assert signals([10, 5, 5, 9, 10], limits) == [none, (Signal.NEAR_LIMIT, -1), (Signal.NEAR_LIMIT, -1), none, none]


def test_seven_points_on_one_side_of_the_mean_are_a_signal_and_six_are_not():
    limits = Limits(mean=10.0, lower=0.0, upper=20.0)
    assert signals([11, 12] * 3 + [11], limits) == [(Signal.SHIFT, 1)] * 7
    assert signals([11, 12] * 3, limits) == [(None, 0)] * 6
    assert signals([11, 12, 11, 10, 12, 11, 12, 11], limits) == [(None, 0)] * 8  # one lies on the mean


def test_a_point_outside_the_limits_is_named_so_before_all_else():
    limits = Limits(mean=10.0, lower=5.0, upper=15.0)
    found = signals([11, 12, 13, 14, 14.5, 14.8, 15.5], limits)
    assert [signal for signal, _ in found] == [Signal.TREND] * 6 + [Signal.OUTSIDE]


def test_a_series_of_nothing_but_0_has_no_signal():
    limits = limits_of([0] * 24)
    assert (limits.mean, limits.lower, limits.upper) == (0.0, 0.0, 0.0)
    assert {signal for signal, _ in signals([0] * 24, limits)} == {None}


@pytest.mark.parametrize(("values", "points"), [([], "0 points"), ([5], "1 point")])
def test_a_series_without_a_moving_range_is_refused(values, points):
    with pytest.raises(CannotBeComputedError, match=f"can't be drawn of {points}"):
        limits_of(values)


@given(counts)
def test_upside_down_every_signal_stays_and_turns_its_side(values):
    limits = limits_of(values)
    turned = Limits(mean=-limits.mean, lower=-limits.upper, upper=-limits.lower)
    found = signals([-value for value in values], turned)
    assert found == [(signal, -side) for signal, side in signals(values, limits)]
