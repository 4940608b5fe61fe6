"""The verdict on a change: two quarters of public data, SciPy, and counts drawn with a known movement."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from cdrp_xl.measures.chance import exact_p, rate_ratio
from cdrp_xl.measures.movement import Basis, Movement, of_kind
from cdrp_xl.measures.verdict import RowChange, by_test, emerging_rises, verdict
from cdrp_xl.terms import Kind

offences = st.integers(0, 3000)
alphas = st.one_of(st.just(0.0), st.floats(1e-4, 0.3))


def own(alpha):
    return Movement(alpha=alpha, degrees=16.0, basis=Basis.HISTORY)


@pytest.mark.parametrize(
    ("kind", "earlier", "later", "p", "digits"), [("burglary", 167, 114, 0.17, 2), ("shoplifting", 71, 159, 0.011, 3)]
)
def test_south_cambridgeshire_january_to_march_2024_and_2025(kind, earlier, later, p, digits):
    assert exact_p(earlier, later) < 0.0025
    assert round(verdict(earlier, later, movement=of_kind(Kind(kind))).p, digits) == p


@settings(max_examples=settings.default.max_examples * 3)
@given(offences, offences, alphas, st.integers(1, 4))
def test_p_is_scipys_and_never_below_the_exact_one(earlier, later, alpha, periods):
    a, b = earlier + 0.5, later + 0.5
    z = math.log(periods * b / a) / math.sqrt(1 / a + 1 / b + alpha * (1 + 1 / periods))
    exact = exact_p(earlier, later, exposures=(periods, 1))
    expected = max(exact, 2 * stats.t.sf(abs(z), 16)) if earlier + later else 1.0
    assert verdict(earlier, later, movement=own(alpha), periods=periods).p == pytest.approx(expected, rel=1e-9)


@pytest.mark.whole
def test_the_interval_leaves_out_1_exactly_where_the_change_is_larger_than_usual():
    for movement in (None, own(0.0), own(0.02), of_kind(Kind.BURGLARY)):
        for periods in (1, 2, 3):
            for earlier in range(0, 120, 3):
                for later in range(0, 120, 7):
                    found = verdict(earlier, later, movement=movement, periods=periods)
                    if found.times is None:
                        assert earlier == later == 0
                        continue
                    holds_1 = found.times.interval.lower <= 1 <= found.times.interval.upper
                    assert holds_1 is not found.is_larger_than_usual


@given(offences, offences, alphas)
def test_the_interval_holds_the_ratio_and_is_never_narrower_than_chance_in_the_counts(earlier, later, alpha):
    assume(earlier + later > 0)
    found = verdict(earlier, later, movement=own(alpha))
    exact = rate_ratio(earlier, later).interval
    assert found.times.interval.lower <= exact.lower <= found.times.ratio <= exact.upper <= found.times.interval.upper


def test_without_a_known_movement_the_verdict_is_the_exact_test():
    found = verdict(32, 59, movement=None)
    assert (found.p, found.times) == (exact_p(32, 59), rate_ratio(32, 59))


@pytest.mark.parametrize("counts", [(0, 0), (29, 29)])
def test_equal_counts_are_no_change(counts):
    assert verdict(*counts, movement=own(0.01)).p == 1.0


@pytest.mark.whole
@pytest.mark.parametrize("periods", [1, 2])
@pytest.mark.parametrize("mean", [20, 200, 2000])
def test_of_counts_that_only_move_as_usual_some_5_in_100_are_called_larger(mean, periods):
    draw, alpha, times = np.random.default_rng(2026), 0.02, 3000
    rates = mean * np.exp(draw.normal(-alpha / 2, math.sqrt(alpha), size=(times, periods + 1)))
    counts = draw.poisson(rates)
    called = [
        verdict(int(row[:-1].sum()), int(row[-1]), movement=own(alpha), periods=periods).is_larger_than_usual
        for row in counts
    ]
    assert 0.02 < np.mean(called) < 0.06


def test_an_emerging_rise_is_up_large_enough_and_left_by_all_that_were_tested():
    rows = [
        RowChange(earlier=32, later=95, p=0.001),
        RowChange(earlier=95, later=32, p=0.001),
        RowChange(earlier=0, later=9, p=0.001),
        RowChange(earlier=0, later=10, p=0.001),
        RowChange(earlier=40, later=60, p=0.04),
        *[RowChange(earlier=10, later=11, p=0.9)] * 10,
    ]
    assert emerging_rises(rows) == (0, 3)
    assert emerging_rises(rows, least=9) == (0, 2, 3)
    assert emerging_rises(rows, rate=0.5) == (0, 3, 4)
    assert emerging_rises([]) == ()


@pytest.mark.parametrize("test", ["usual movement", "exact", "mid-p", "E-test"])
@pytest.mark.parametrize(("earlier", "later"), [(-2, 5), (5, -2), (-2, -1), (-1, 0)])
def test_a_count_below_0_is_judged_as_none(test, earlier, later):
    """A published table has such figures where more was corrected than recorded."""
    movement = of_kind(Kind.ROBBERY)
    found = by_test(earlier, later, test=test, movement=movement)
    assert found == by_test(max(earlier, 0), max(later, 0), test=test, movement=movement)
