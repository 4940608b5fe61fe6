"""The exact test of two counts, against SciPy and the figures worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cdrp_xl.measures.chance import exact_p

offences = st.integers(min_value=0, max_value=20_000)


def by_scipy(earlier, later):
    """Twice the smaller tail of a fair coin, at most 1."""
    total = earlier + later
    lower = stats.binom.cdf(later, total, 0.5)
    upper = stats.binom.sf(later - 1, total, 0.5)
    return min(1.0, 2 * min(lower, upper))


@settings(max_examples=500, deadline=None)
@given(offences, offences)
def test_p_is_that_of_scipy(earlier, later):
    assert exact_p(earlier, later) == pytest.approx(by_scipy(earlier, later), rel=1e-9, abs=1e-300)


def test_p_is_that_of_scipy_for_every_pair_of_small_counts():
    for earlier in range(60):
        for later in range(60):
            assert exact_p(earlier, later) == pytest.approx(by_scipy(earlier, later), rel=1e-12), (earlier, later)


@given(offences, offences)
def test_p_does_not_depend_on_which_count_comes_first(earlier, later):
    assert exact_p(earlier, later) == exact_p(later, earlier)


@given(offences)
def test_equal_counts_are_never_told_apart(count):
    assert exact_p(count, count) == 1.0


@given(offences, offences)
def test_p_is_a_probability(earlier, later):
    assert 0.0 <= exact_p(earlier, later) <= 1.0


@given(st.integers(min_value=1, max_value=2000), st.integers(min_value=1, max_value=200))
def test_p_falls_as_the_counts_move_apart(count, further):
    assert exact_p(count, count + further + 1) < exact_p(count, count + further) or exact_p(count, count + further) == 1


@pytest.mark.parametrize(
    ("earlier", "later", "p"),
    [
        (121, 115, 0.7448),  # farm crime, 2009-10 and 2010-11
        (0, 1, 1.0),
        (0, 5, 0.0625),  # 2 / 2 ** 5
        (0, 6, 0.03125),
        (1, 0, 1.0),
        (32, 59, 0.00613),  # shoplifting
        (3, 10, 0.0923),  # racially aggravated violence: + 233.3%, and no more than chance
    ],
)
def test_p_is_as_worked_by_hand(earlier, later, p):
    assert exact_p(earlier, later) == pytest.approx(p, rel=5e-3)


def test_counts_as_large_as_a_countrys_do_not_overflow():
    assert exact_p(3_000_000, 3_000_000) == 1.0
    assert exact_p(3_000_000, 3_010_000) == pytest.approx(by_scipy(3_000_000, 3_010_000), rel=1e-6)
    assert exact_p(0, 3_000_000) == 0.0
