"""The exact test of two counts, against whole-number arithmetic, SciPy's figures and those worked by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdrp_xl.measures.chance import exact_p

offences = st.integers(min_value=0, max_value=20_000)
some_offences = st.integers(min_value=0, max_value=1000)

# Twice the smaller tail of scipy.stats.binom (SciPy 1.17), at most 1: locked here, so that the tests need no SciPy.
BY_SCIPY = [
    (121, 115, 0.7449019491),
    (3, 10, 0.09228515625),
    (32, 59, 0.006105521075),
    (35, 74, 0.0002374680146),
    (104, 61, 0.001015914998),
    (185, 96, 1.206357067e-07),
    (1_477, 1_321, 0.003379443644),
    (870, 672, 5.077535387e-07),
    (0, 7, 0.015625),
    (12, 930, 5.177534847e-257),
    (20_000, 19_000, 4.216841447e-07),
    (3_000_000, 3_010_000, 4.529250622e-05),
]


def by_whole_numbers(earlier, later):
    """Twice the smaller tail of a fair coin, at most 1, as a fraction without any rounding."""
    total = earlier + later
    tail = sum(math.comb(total, count) for count in range(min(earlier, later) + 1))
    return float(min(Fraction(1), Fraction(2 * tail, 2**total)))


@pytest.mark.parametrize(("earlier", "later", "p"), BY_SCIPY)
def test_p_is_that_of_scipy(earlier, later, p):
    assert exact_p(earlier, later) == pytest.approx(p, rel=1e-7, abs=0.0)


@settings(max_examples=300, deadline=None)
@given(some_offences, some_offences)
def test_p_is_that_of_arithmetic_in_whole_numbers(earlier, later):
    assert exact_p(earlier, later) == pytest.approx(by_whole_numbers(earlier, later), rel=1e-11, abs=1e-300)


def test_p_is_that_of_arithmetic_in_whole_numbers_for_every_pair_of_small_counts():
    for earlier in range(40):
        for later in range(40):
            assert exact_p(earlier, later) == pytest.approx(by_whole_numbers(earlier, later), rel=1e-12)


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
    assert exact_p(0, 3_000_000) == 0.0
