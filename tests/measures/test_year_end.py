"""Projections to the year's end: their limits, what a target can and can't do, and simulated years."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures.movement import Basis, Movement, of_kind
from cdrp_xl.measures.year_end import project
from cdrp_xl.terms import Direction, Kind

FEWER, MORE = Direction.REDUCE, Direction.INCREASE
OWN = Movement(alpha=0.02, degrees=16.0, basis=Basis.HISTORY)

some_years = st.lists(st.lists(st.integers(0, 400), min_size=12, max_size=12), min_size=1, max_size=3)
some_months = st.lists(st.integers(0, 400), min_size=1, max_size=11)


def projected(*, years, to_date, movement=OWN, target=0, direction=FEWER):
    return project(years=years, to_date=to_date, movement=movement, target=target, direction=direction)


def by_numpy(years, to_date, alpha, degrees, share):
    """A quantile of the whole year, worked with NumPy and SciPy from the formulas of the docstring."""
    pooled = np.array(years).sum(axis=0) + 0.5
    season = 12 * pooled / pooled.sum()
    counts = np.array([*np.ravel(years), *to_date], dtype=float)
    signal = 0.0015 * (counts.sum() + 0.5 / 2 * 2) / len(counts)
    gain = (math.sqrt(signal**2 + 4 * signal) - signal) / 2
    weights = (1 - gain) ** np.arange(len(counts))[::-1]
    expected = weights * np.resize(season, len(counts))
    level = ((weights * counts).sum() + 0.25) / expected.sum()
    behind = level * expected.sum() ** 2 / (weights * expected).sum()
    middle, over = 1.01 * level * season[len(to_date) :].sum(), len(to_date)
    varies = alpha + 1 / (behind + 1) + 1 / (pooled[over:].sum() + 1)
    at = np.arcsinh(math.sqrt(varies * (middle + 0.375))) + stats.t.ppf(share, degrees) * math.sqrt(varies) / 2
    count = np.sinh(max(at, 0.0)) ** 2 / varies - 0.375
    return sum(to_date) + max(0, math.ceil(round(count - 0.5, 9)))


@given(
    some_years,
    some_months,
    st.floats(0, 0.1),
    st.sampled_from([(16.0, Basis.HISTORY, 16), (math.inf, Basis.KIND, 3.5)]),
)
def test_the_interval_is_numpys(years, to_date, alpha, known):
    degrees, basis, by_degrees = known
    found = projected(years=years, to_date=to_date, movement=Movement(alpha=alpha, degrees=degrees, basis=basis))
    expected = [by_numpy(years, to_date, alpha, by_degrees, share) for share in (0.025, 0.5, 0.975)]
    assert [found.lower, found.middle, found.upper] == pytest.approx(expected, abs=1)  # a half may round either way


@given(some_years, some_months, st.integers(0, 5000))
def test_a_chance_is_0_or_1_only_where_the_target_is_decided(years, to_date, target):
    so_far = sum(to_date)
    fewer = projected(years=years, to_date=to_date, target=target)
    more = projected(years=years, to_date=to_date, target=target, direction=MORE)
    assert (fewer.chance == 0.0) is (target <= so_far)
    assert (more.chance == 1.0) is (target < so_far)
    assert fewer.chance < 1.0
    assert more.chance > 0.0
    assert fewer.lower <= fewer.middle <= fewer.upper
    assert so_far <= fewer.lower


def test_a_target_of_0_is_impossible_and_not_unlikely():
    assert projected(years=[[0] * 12] * 3, to_date=[0] * 6, target=0).chance == 0.0


def test_the_chance_of_the_target_agrees_with_the_interval():
    years, to_date = [[30, 20, 25] * 4] * 3, [28, 22, 30]
    found = projected(years=years, to_date=to_date)
    for count, share in ((found.lower, 0.025), (found.upper, 0.975)):
        assert projected(years=years, to_date=to_date, target=count).chance < share
        assert projected(years=years, to_date=to_date, target=count + 1).chance >= share


def test_below_and_not_below_are_certain_together():
    years, to_date = [[30, 20, 25] * 4] * 3, [28, 22, 30]
    for target in (250, 300, 350):
        below = projected(years=years, to_date=to_date, target=target).chance
        above = projected(years=years, to_date=to_date, target=target - 1, direction=MORE).chance
        assert below + above == pytest.approx(1)


def test_the_season_of_the_years_before_is_expected_of_the_rest():
    years = [[10] * 6 + [30] * 6] * 3
    assert projected(years=years, to_date=[10] * 6).middle == pytest.approx(240, abs=3)


def test_the_latest_level_counts_for_more_the_more_offences_there_are():
    """A fall by a fifth six months ago: of many offences it is believed, of few hardly."""
    shares = []
    for size in (1, 10, 100):
        found = projected(years=[[5 * size] * 12] * 3, to_date=[4 * size] * 6)
        shares.append((found.middle - 24 * size) / (36 * size))
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 0.7


def test_fewer_years_and_other_areas_movement_make_the_interval_wider():
    own = Movement(alpha=0.032, degrees=16.0, basis=Basis.HISTORY)
    ends = [projected(years=[[30] * 12] * 3, to_date=[30] * 6, movement=own)]
    ends += [
        projected(years=[[30] * 12] * count, to_date=[30] * 6, movement=of_kind(Kind.BURGLARY)) for count in (3, 2, 1)
    ]
    widths = [end.upper - end.lower for end in ends]
    assert widths == sorted(widths)
    assert len(set(widths)) == len(widths)
    assert [end.years for end in ends] == [3, 3, 2, 1]


def test_the_later_in_the_year_the_narrower_the_interval():
    ends = [projected(years=[[20] * 12] * 3, to_date=[20] * months) for months in (3, 6, 9, 11)]
    widths = [end.upper - end.lower for end in ends]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 2 * widths[-1]


def test_quarters_give_nearly_what_their_months_give():
    months = projected(years=[[30, 20, 25] * 4] * 3, to_date=[30, 20, 25])
    quarters = projected(years=[[75] * 4] * 3, to_date=[75])
    assert quarters.lower == pytest.approx(months.lower, rel=0.02)
    assert quarters.upper == pytest.approx(months.upper, rel=0.02)


def test_a_year_without_any_before_it_is_not_projected():
    with pytest.raises(CannotBeComputedError, match="no whole year before") as caught:
        projected(years=[], to_date=[10] * 6)
    assert "twelve months before" in caught.value.remedy


@pytest.mark.parametrize("rate", [1, 10, 100])
def test_of_simulated_years_that_move_as_usual_the_intervals_hold_95_in_100(rate):
    """Years whose rates are independent around one level are kinder than real ones, for which the spread was chosen."""
    draw, alpha, held, times = np.random.default_rng(13), 0.02, 0, 600
    for _ in range(times):
        rates = rate * np.exp(draw.normal(-alpha / 2, math.sqrt(alpha), size=(16, 1)))
        months = draw.poisson(np.repeat(rates, 3, axis=1)).ravel()
        found = projected(years=months[:36].reshape(3, 12).tolist(), to_date=months[36:42].tolist())
        held += found.lower <= months[36:].sum() <= found.upper
    assert held / times > 0.93
