"""Projections to the year's end: against SciPy's distributions, and against simulated years."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from cdrp_xl.measures.projection import by_season, pro_rata
from cdrp_xl.terms import Direction

FEWER = Direction.REDUCE


@settings(max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 3000), st.integers(1, 11), st.integers(0, 8000))
def test_pro_rata_is_scipys_negative_binomial(to_date, months, target):
    found = pro_rata(to_date, months=months, target=target, direction=FEWER)
    to_come = stats.nbinom(to_date + 0.5, months / 12)
    expected = [to_date + to_come.ppf(share) for share in (0.025, 0.5, 0.975)]
    assert [found.lower, found.middle, found.upper] == expected
    assert found.chance == pytest.approx(to_come.cdf(target - 1 - to_date), rel=1e-8, abs=1e-12)


def cumulated(shape, before, after, count):
    """The beta negative binomial distribution up to a count; SciPy's own is for whole numbers of `shape` only."""
    counts = np.arange(count + 1)
    ways = special.gammaln(shape + counts) - special.gammaln(counts + 1) - special.gammaln(shape)
    chances = special.betaln(before + shape, after + counts) - special.betaln(before, after)
    return float(np.exp(ways + chances).sum())


@settings(max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 2000), st.integers(10, 2000), st.integers(0, 6), st.integers(0, 8000))
def test_by_season_is_the_beta_negative_binomial_of_scipys_functions(to_date, before, times, target):
    after = times * before
    found = by_season(to_date, baseline_to_date=before, baseline_to_come=after, target=target, direction=FEWER)
    to_come = (to_date + 0.5, before + 0.5, after + 0.5)
    for bound, share in ((found.lower, 0.025), (found.middle, 0.5), (found.upper, 0.975)):
        below, at = cumulated(*to_come, bound - to_date - 1), cumulated(*to_come, bound - to_date)
        assert below - 1e-7 <= share <= at + 1e-7
    assert found.chance == pytest.approx(cumulated(*to_come, target - 1 - to_date), abs=1e-7)


def test_a_rise_that_is_wanted_is_met_above_the_target():
    fewer = pro_rata(61, months=3, target=244, direction=FEWER)
    more = pro_rata(61, months=3, target=244, direction=Direction.INCREASE)
    just = stats.nbinom(61.5, 0.25).pmf(244 - 61)
    assert fewer.chance + more.chance == pytest.approx(1 - just)


def test_dwelling_burglary_of_2011_12_q1_would_end_below_its_baseline_by_either_way():
    season = by_season(61, baseline_to_date=123, baseline_to_come=369, target=492, direction=FEWER)
    plain = pro_rata(61, months=3, target=492, direction=FEWER)
    assert season.lower < plain.lower < plain.upper < season.upper  # the season's share is itself uncertain
    assert plain.chance > season.chance > 0.999


def test_the_later_in_the_year_the_narrower_the_interval():
    widths = []
    for months, to_date in ((3, 60), (6, 120), (9, 180), (11, 220)):
        found = pro_rata(to_date, months=months, target=240, direction=FEWER)
        widths.append(found.upper - found.lower)
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 3 * widths[-1]


def test_without_any_offence_so_far_a_year_without_one_is_possible_and_not_certain():
    found = pro_rata(0, months=3, target=1, direction=FEWER)
    assert (found.lower, found.middle) == (0, 0)
    assert found.upper > 0
    assert 0.4 < found.chance < 0.6


def test_a_target_that_is_passed_already_can_not_be_met():
    assert pro_rata(61, months=3, target=61, direction=FEWER).chance == 0.0
    assert pro_rata(61, months=3, target=61, direction=Direction.INCREASE).chance == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("rate", [3, 20, 100])
def test_of_simulated_years_the_intervals_hold_95_in_100(rate):
    draw = np.random.default_rng(20110729)
    held = {"pro rata": 0, "season": 0}
    years = 2000
    for _ in range(years):
        to_date, to_come, before, after = draw.poisson([3 * rate, 9 * rate, 3 * rate + 10, 9 * rate + 30])
        whole = to_date + to_come
        plain = pro_rata(int(to_date), months=3, target=0, direction=FEWER)
        held["pro rata"] += plain.lower <= whole <= plain.upper
        season = by_season(
            int(to_date), baseline_to_date=int(before), baseline_to_come=int(after), target=0, direction=FEWER
        )
        held["season"] += season.lower <= whole <= season.upper
    for count in held.values():
        assert 0.94 < count / years < 0.975
