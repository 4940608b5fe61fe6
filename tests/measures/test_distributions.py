"""Distributions and quantiles in plain Python, against SciPy over wide ranges."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cdrp_xl.measures.distributions import (
    beta_below,
    chi_square_quantile,
    negative_binomial_below,
    normal_quantile,
    t_quantile,
    t_tails,
)

SHARES = (1e-6, 0.001, 0.005, 0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975, 0.995, 0.999, 1 - 1e-6)
DEGREES = (0.1, 0.5, 1, 2, 3, 10, 30, 61, 500, 12_000, 1_000_000)


@pytest.mark.parametrize("degrees", DEGREES)
def test_a_quantile_of_chi_square_is_that_of_scipy(degrees):
    for share in SHARES:
        expected = stats.chi2.ppf(share, degrees)
        assert chi_square_quantile(share, degrees) == pytest.approx(expected, rel=1e-10, abs=1e-300)


@given(st.floats(1e-9, 1 - 1e-6), st.floats(0.05, 1e5))
def test_a_quantile_of_chi_square_is_that_of_scipy_anywhere(share, degrees):
    expected = stats.chi2.ppf(share, degrees)
    assert chi_square_quantile(share, degrees) == pytest.approx(expected, rel=1e-9, abs=1e-280)


@given(st.floats(0.001, 0.99), st.floats(0.001, 0.009), st.floats(0.5, 1e4))
def test_a_larger_share_has_a_larger_quantile(share, more, degrees):
    assert chi_square_quantile(share + more, degrees) > chi_square_quantile(share, degrees)


def test_without_degrees_of_freedom_all_lies_at_0():
    assert chi_square_quantile(0.025, 0) == 0.0


@pytest.mark.parametrize("share", SHARES)
def test_a_quantile_of_the_normal_distribution_is_that_of_scipy(share):
    assert normal_quantile(share) == pytest.approx(stats.norm.ppf(share), rel=1e-12, abs=1e-14)


@given(st.floats(1e-6, 1 - 1e-6), st.floats(0.01, 1e4), st.floats(0.01, 1e4))
def test_the_beta_distribution_is_scipys(at, first, second):
    assert beta_below(at, first, second) == pytest.approx(stats.beta.cdf(at, first, second), rel=1e-8, abs=1e-12)


@given(st.floats(-50, 50), st.sampled_from([3, 8, 16, 40, math.inf]))
def test_the_tails_of_t_are_scipys(value, degrees):
    expected = 2 * (stats.norm if math.isinf(degrees) else stats.t(degrees)).sf(abs(value))
    assert t_tails(value, degrees) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@given(st.floats(0.001, 0.999), st.sampled_from([3, 8, 16, 40, math.inf]))
def test_the_quantile_of_t_is_scipys(share, degrees):
    expected = (stats.norm if math.isinf(degrees) else stats.t(degrees)).ppf(share)
    assert t_quantile(share, degrees) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(st.integers(0, 5000), st.floats(0.01, 5000), st.one_of(st.just(0.0), st.floats(1e-5, 2)))
def test_counts_are_predicted_as_scipy_does(count, mean, alpha):
    law = stats.nbinom(1 / alpha, 1 / (1 + alpha * mean)) if alpha else stats.poisson(mean)
    assert negative_binomial_below(count, mean, alpha) == pytest.approx(law.cdf(count), rel=1e-6, abs=1e-9)
