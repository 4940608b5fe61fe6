"""Rates and shares with their intervals: the figures that docs/methods.md, "Rates and shares", gives, and SciPy's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures.rates import (
    count_interval,
    difference_of_shares,
    exact_count_interval,
    rate_per_1000,
    share_interval,
)


@pytest.mark.parametrize(("offences", "lower", "upper"), [(65, 50.163188, 82.849139), (1045, 982.593202, 1110.331213)])
def test_from_10_on_the_interval_of_a_count_is_byars(offences, lower, upper):
    interval = count_interval(offences)
    assert (interval.lower, interval.upper) == pytest.approx((lower, upper), abs=5e-7)


def test_below_10_the_interval_of_a_count_is_exact():
    interval = count_interval(5)
    assert (interval.lower, interval.upper) == pytest.approx((1.623486, 11.668332), abs=5e-7)
    assert count_interval(9) == exact_count_interval(9)
    assert count_interval(10) != exact_count_interval(10)


def test_the_interval_of_no_offence_begins_at_0():
    interval = count_interval(0)
    assert interval.lower == 0.0
    assert interval.upper == pytest.approx(3.688879, abs=5e-7)  # -log(0.025)


@given(st.integers(0, 5000), st.sampled_from([0.9, 0.95, 0.99, 0.998]))
def test_the_exact_interval_is_that_of_scipys_poisson_tails(offences, confidence):
    interval = exact_count_interval(offences, confidence=confidence)
    tail = (1 - confidence) / 2
    assert stats.poisson.cdf(offences, interval.upper) == pytest.approx(tail, rel=1e-8)
    assert stats.poisson.sf(offences - 1, interval.lower) == pytest.approx(tail if offences else 1.0, rel=1e-8)


@given(st.integers(10, 100_000))
def test_byars_interval_is_close_to_the_exact_one(offences):
    byar, exact = count_interval(offences), exact_count_interval(offences)
    assert (byar.lower, byar.upper) == pytest.approx((exact.lower, exact.upper), rel=0.01)


@pytest.mark.parametrize(
    ("count", "out_of", "lower", "upper"), [(65, 100, 0.552544, 0.736358), (1, 100, 0.001767, 0.054486)]
)
def test_the_interval_of_a_share_is_wilsons(count, out_of, lower, upper):
    interval = share_interval(count, out_of)
    assert (interval.lower, interval.upper) == pytest.approx((lower, upper), abs=5e-7)


@given(st.integers(1, 10_000), st.floats(0, 1), st.sampled_from([0.9, 0.95, 0.998]))
def test_the_interval_of_a_share_is_that_of_scipy_and_lies_between_0_and_1(out_of, part, confidence):
    count = round(part * out_of)
    interval = share_interval(count, out_of, confidence=confidence)
    expected = stats.binomtest(count, out_of).proportion_ci(confidence, method="wilson")
    assert (interval.lower, interval.upper) == pytest.approx((expected.low, expected.high), rel=1e-9, abs=1e-12)
    assert 0 <= interval.lower <= count / out_of <= interval.upper <= 1


@pytest.mark.parametrize(("count", "out_of"), [(1, 0), (0, 0), (101, 100), (-1, 100)])
def test_a_share_of_nothing_or_of_more_than_all_is_refused(count, out_of):
    with pytest.raises(CannotBeComputedError, match="can't be shown as a share"):
        share_interval(count, out_of)


def test_a_change_of_a_surveys_share_is_judged_by_its_standard_errors():
    found = difference_of_shares(10, 1.1, 3, 0.6)
    assert found.difference == 7.0
    assert found.standard_error == pytest.approx(1.25, abs=0.005)
    assert found.z == pytest.approx(5.59, abs=0.005)
    assert (found.interval.lower, found.interval.upper) == pytest.approx((4.5, 9.5), abs=0.05)


@pytest.mark.parametrize("errors", [(0, 0), (-1, 2), (2, -1)])
def test_standard_errors_that_are_none_are_refused(errors):
    first, second = errors
    with pytest.raises(CannotBeComputedError, match=r"Standard errors of .* can't be used"):
        difference_of_shares(10, first, 3, second)


@given(st.integers(0, 10_000), st.integers(1, 1_000_000))
def test_twice_the_people_halve_the_rate(offences, people):
    assert rate_per_1000(offences, people, area="A") == pytest.approx(2 * rate_per_1000(offences, 2 * people, area="A"))


def test_rate_refuses_an_area_without_people():
    with pytest.raises(CannotBeComputedError, match="A rate of Fenland can't be worked out over 0 people") as refused:
        rate_per_1000(5, 0, area="Fenland")
    assert refused.value.where == "the population of Fenland"
