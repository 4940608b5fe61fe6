"""Quantiles in plain Python, against SciPy over wide ranges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cdrp_xl.measures.distributions import chi_square_quantile, normal_quantile

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
