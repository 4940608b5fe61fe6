"""The season of a monthly series: found where there is one, and not where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl.measures.season import NO_SEASON, season_of

BICYCLES = np.array([0.55, 0.6, 0.75, 0.95, 1.15, 1.3, 1.4, 1.35, 1.3, 1.15, 0.85, 0.65])

monthly = st.lists(st.integers(0, 300), min_size=0, max_size=60)


@given(monthly)
def test_factors_are_above_0_with_a_mean_of_1(counts):
    season = season_of(counts)
    assert min(season.factors) > 0
    assert np.mean(season.factors) == pytest.approx(1)
    assert 0 <= season.certainty <= 1


@pytest.mark.parametrize("counts", [[30] * 23, [0] * 36, [30] * 36])
def test_with_under_two_years_without_offences_and_without_any_season_there_is_none(counts):
    assert season_of(counts).factors == pytest.approx(NO_SEASON.factors)


def test_a_season_is_found_whatever_the_years_levels():
    expected = np.outer([1000, 2500, 4000], BICYCLES).ravel()
    assert season_of(expected.tolist()).factors == pytest.approx(BICYCLES / BICYCLES.mean(), abs=0.03)


def test_a_year_that_is_not_whole_counts_for_what_it_has():
    expected = np.outer([1000, 2500, 4000], BICYCLES).ravel()[:-3]
    assert season_of(expected.tolist()).factors == pytest.approx(BICYCLES / BICYCLES.mean(), abs=0.03)


def test_twice_the_offences_have_the_same_season():
    counts = np.outer([400, 500], BICYCLES).ravel()
    assert season_of((2 * counts).tolist()).factors == pytest.approx(season_of(counts.tolist()).factors, abs=0.02)


def test_of_chance_alone_little_season_is_made():
    """The free shares of 36 months wander by 1 in √90; what is kept of them wanders less than half as far."""
    draw = np.random.default_rng(1)
    kept = [season_of(draw.poisson(30, size=36).tolist()) for _ in range(300)]
    assert np.std([season.factors for season in kept]) < 0.6 / np.sqrt(90)
    assert np.mean([season.certainty for season in kept]) < 0.25


@pytest.mark.parametrize("size", [10, 30, 100])
def test_what_is_kept_of_a_season_is_nearer_to_it_than_the_months_own_shares(size):
    draw, ours, free = np.random.default_rng(2), 0.0, 0.0
    season = BICYCLES / BICYCLES.mean()
    for _ in range(200):
        counts = draw.poisson(size * np.tile(season, 3))
        shares = counts.reshape(3, 12).sum(axis=0)
        ours += ((np.array(season_of(counts.tolist()).factors) - season) ** 2).sum()
        free += ((12 * shares / shares.sum() - season) ** 2).sum()
    assert ours < free
