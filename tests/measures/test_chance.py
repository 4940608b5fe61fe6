"""The exact test of two counts, against whole-number arithmetic, SciPy's figures and those worked by hand."""

from __future__ import annotations

import csv
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from cdrp_xl import offences as classifications
from cdrp_xl.measures.chance import e_test_p, exact_p, false_discovery_rates, mid_p, rate_ratio
from cdrp_xl.measures.rates import share_interval

CASE = Path(__file__).parents[1] / "cases" / "cadet_2011_q1.csv"

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


@pytest.mark.whole
@settings(max_examples=settings.default.max_examples * 3)
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


@given(st.integers(min_value=1, max_value=2000), st.integers(min_value=2, max_value=200))
def test_p_falls_as_the_counts_move_apart(count, further):
    assert exact_p(count, count + 1) == pytest.approx(1.0, rel=1e-11)
    assert exact_p(count, count + further) < exact_p(count, count + further - 1)


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


def test_an_interval_of_the_rate_ratio_and_its_p_agree_where_the_smallest_likelihood_would_not():
    """(10, 2) on (20000, 17887): the interval is that of R's poisson.test, whose p of 0.0421 is another."""
    found = rate_ratio(2, 10, exposures=(17887, 20000))
    assert found.ratio == pytest.approx(4.47175, abs=5e-6)
    assert (found.interval.lower, found.interval.upper) == pytest.approx((0.9529548, 41.9743814), abs=5e-8)
    assert exact_p(2, 10, exposures=(17887, 20000)) == pytest.approx(0.0604, abs=5e-5)
    assert stats.binomtest(10, 12, 20000 / 37887).pvalue == pytest.approx(0.0421, abs=5e-5)


@pytest.mark.parametrize(
    ("earlier", "later", "exposures", "confidence", "ratio", "lower", "upper"),
    [
        (619, 930, (1.0, 1.0), 0.95, 1.502423, 1.355716, 1.665905),
        (901, 909, (14.0, 12.0), 0.99, 1.177026, 1.041626, 1.330051),
        (32, 59, (1.0, 1.0), 0.95, 1.84, 1.18, 2.93),
    ],
)
def test_rate_ratios_are_those_published(earlier, later, exposures, confidence, ratio, lower, upper):
    found = rate_ratio(earlier, later, exposures=exposures, confidence=confidence)
    digits = 5e-3 if earlier == 32 else 5e-7
    assert (found.ratio, found.interval.lower, found.interval.upper) == pytest.approx((ratio, lower, upper), abs=digits)


@settings(max_examples=settings.default.max_examples * 2)
@given(some_offences, some_offences, st.sampled_from([0.8, 0.95, 0.998]), st.sampled_from([0.01, 1.0, 37.5]))
def test_limits_are_those_of_scipys_beta_distribution(earlier, later, confidence, exposure):
    assume(earlier or later)
    found = rate_ratio(earlier, later, exposures=(exposure, 1.0), confidence=confidence).interval
    tail = (1 - confidence) / 2
    lower = stats.beta.ppf(tail, later, earlier + 1) if later else 0.0
    upper = stats.beta.ppf(1 - tail, later + 1, earlier) if earlier else 1.0
    assert found.lower == pytest.approx(exposure * lower / (1 - lower), rel=1e-6)
    assert found.upper == (pytest.approx(exposure * upper / (1 - upper), rel=1e-6) if earlier else math.inf)


@settings(max_examples=settings.default.max_examples * 2)
@given(some_offences, some_offences)
def test_the_interval_leaves_out_1_exactly_where_the_test_tells_the_counts_apart(earlier, later):
    assume(earlier or later)
    found = rate_ratio(earlier, later).interval
    p = exact_p(earlier, later)
    assume(abs(p - 0.05) > 1e-9)
    assert (found.lower > 1 or found.upper < 1) == (p < 0.05)


@given(some_offences, some_offences)
def test_the_mid_p_is_half_a_chance_less_cautious(earlier, later):
    total = earlier + later
    mass = stats.binom.pmf(later, total, 0.5)
    tail = min(stats.binom.cdf(later, total, 0.5), stats.binom.sf(later - 1, total, 0.5))
    assert mid_p(earlier, later) == pytest.approx(min(1.0, 2 * tail - mass), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(
    ("earlier", "later", "exposures", "p"), [(0, 3, (100, 100), 0.0884), (6, 2, (1, 1), 0.1749), (0, 0, (1, 1), 1.0)]
)
def test_the_e_test_is_that_of_krishnamoorthy_and_thomson(earlier, later, exposures, p):
    assert e_test_p(earlier, later, exposures=exposures) == pytest.approx(p, abs=5e-5)


def test_false_discovery_rates_of_the_published_vector():
    found = false_discovery_rates([0.50, 0.01, 0.001, 0.69, 0.02, 0.05, 0.0025])
    assert "".join(str(int(rate <= 0.05)) for rate in found) == "0110101"


@given(st.lists(st.floats(min_value=0, max_value=1), max_size=60))
def test_false_discovery_rates_are_those_of_scipy(p_values):
    wanted = stats.false_discovery_control(p_values) if p_values else []
    assert false_discovery_rates(p_values) == pytest.approx(tuple(wanted), rel=1e-12)


def rates(rows):
    """The false discovery rates of rows of the worked example's quarter, by name."""
    return dict(
        zip((name for name, _, _ in rows), false_discovery_rates([exact_p(a, b) for _, a, b in rows]), strict=True)
    )


def printed():
    with CASE.open(encoding="utf-8") as file:
        return [(row["row"], int(row["earlier"]), int(row["later"])) for row in csv.DictReader(file)]


def test_of_the_44_distinct_rows_of_2011_ten_are_significant():
    found = rates(dict.fromkeys(printed()))
    significant = {name for name, rate in found.items() if rate <= 0.05}
    assert significant == {
        "Theft from vehicle",
        "Serious Acquisitive Crime",
        "BCS Comparator Crime",
        "Vehicle Crime",
        "All Drugs Offences",
        "Drugs (Simple Possession)",
        "Burglary Dwelling",
        "All Crime",
        "All Theft and Handling",
        "Shoplifting",
    }
    assert found["All Drugs Offences"] == pytest.approx(0.0014, abs=5e-5)
    assert found["Shoplifting"] == pytest.approx(0.027, abs=5e-4)
    assert found["All Racially Aggravated Violence"] > 0.05


def test_of_the_26_leaves_of_2011_four_are_significant():
    numbers = {row.number for row in classifications.load("cadet-2011").leaves}
    found = rates([row for number, row in enumerate(printed(), 1) if number in numbers])
    assert len(found) == 26
    assert {name for name, rate in found.items() if rate <= 0.05} == {
        "Theft from vehicle",
        "Drugs (Simple Possession)",
        "Burglary Dwelling",
        "Shoplifting",
    }
    assert found["Shoplifting"] == pytest.approx(0.040, abs=5e-4)


@pytest.mark.whole
def test_without_any_true_change_one_quarter_in_twenty_at_most_has_a_discovery():
    """1,000 quarters of the 26 leaves, both periods drawn from one rate: every discovery is a false one."""
    numbers = {row.number for row in classifications.load("cadet-2011").leaves}
    means = [(a + b) / 2 for number, (_, a, b) in enumerate(printed(), 1) if number in numbers]
    drawn = np.random.default_rng(2011).poisson(means, size=(1000, 2, len(means)))
    quarters = [false_discovery_rates(list(map(exact_p, before.tolist(), after.tolist()))) for before, after in drawn]
    false = sum(min(quarter) <= 0.05 for quarter in quarters)
    interval = share_interval(false, 1000)
    assert interval.upper <= 0.05, (false, interval)
