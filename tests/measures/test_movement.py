"""How much a row usually moves: against NumPy, and against counts that are drawn with a known movement."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl.measures.movement import (
    FEWEST_PAIRS,
    PAIRS,
    Basis,
    movements,
    of_kind,
    own_alpha,
    pairs_before,
    prior_alphas,
)
from cdrp_xl.periods import Month, Period
from cdrp_xl.terms import Kind

BEGINS = Month(2024, 4)
pairs_of_counts = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=8)


def month_numbers(period):
    return sum(month.index for month in period.months)


@given(pairs_of_counts)
def test_own_alpha_is_numpys(pairs):
    a, b = np.array(pairs, dtype=float).T + 0.5
    assert own_alpha(pairs) == pytest.approx(((np.log(b / a) ** 2 - 1 / a - 1 / b) / 2).mean(), abs=1e-12)


def test_the_pairs_are_the_eight_quarters_that_have_one_a_year_before_within_36_months():
    found = pairs_before(BEGINS, month_numbers)
    quarters = [Period(Month(2021, 4) + 3 * i, Month(2021, 6) + 3 * i) for i in range(12)]
    assert quarters[-1].last + 1 == BEGINS
    expected = [(month_numbers(quarters[i]), month_numbers(quarters[i + 4])) for i in range(PAIRS)]
    assert list(found) == expected[::-1]


def test_a_quarter_that_the_data_do_not_cover_is_in_no_pair():
    gap = Month(2023, 2)  # in one quarter, which is the later of one pair and the earlier of another
    found = pairs_before(BEGINS, lambda period: None if gap in period.months else 10)
    assert len(found) == PAIRS - 2


@pytest.mark.parametrize("alpha", [0.0, 0.01, 0.05])
def test_own_alpha_finds_the_movement_that_counts_were_drawn_with(alpha):
    draw = np.random.default_rng(13)
    rates = 400 * np.exp(draw.normal(0, math.sqrt(alpha), size=(4000, 2)))
    found = own_alpha([(int(a), int(b)) for a, b in draw.poisson(rates)])
    assert found == pytest.approx(alpha, abs=0.002)


def test_a_rows_movement_is_half_way_to_the_median_of_the_partnerships_rows():
    pairs = {"a": [(100, 100)] * 8, "b": [(100, 150)] * 8, "c": [(100, 200)] * 8, "total": [(1000, 2000)] * 8}
    alphas = {row: own_alpha(found) for row, found in pairs.items()}
    found = movements(pairs, typical=["a", "b", "c"], kinds={})
    for row, alpha in alphas.items():
        assert found[row].alpha == pytest.approx(max(0.0, (alpha + alphas["b"]) / 2))
        assert (found[row].degrees, found[row].basis) == (16, Basis.HISTORY)


def test_rows_with_few_offences_take_no_part_in_the_median():
    """Their alpha is far below 0 where two small counts happen to be alike, and would draw every other row down."""
    many = {"a": [(100, 130)] * 8, "b": [(200, 260)] * 8}
    rare = {f"rare {number}": [(1, 1)] * 8 for number in range(20)}
    alone = movements(many, typical=many, kinds={})
    among = movements(many | rare, typical=[*many, *rare], kinds={})
    assert {row: among[row] for row in many} == alone
    assert among["rare 0"].alpha == 0.0


def test_where_its_kind_is_known_a_row_is_drawn_to_both_the_median_and_the_kind():
    pairs = {row: [(100, 100 + 10 * number)] * 8 for number, row in enumerate("abc")}
    found = movements(pairs, typical=pairs, kinds={"c": Kind.BURGLARY})
    middle = own_alpha(pairs["b"])
    assert found["c"].alpha == pytest.approx((own_alpha(pairs["c"]) + (middle + 0.0317) / 2) / 2)


def test_where_every_row_has_few_offences_the_kind_takes_the_medians_place():
    pairs = {"burglary": [(4, 5)] * 8, "unknown": [(4, 9)] * 8}
    found = movements(pairs, typical=pairs, kinds={"burglary": Kind.BURGLARY})
    assert found["burglary"].alpha == pytest.approx(max(0.0, (own_alpha(pairs["burglary"]) + 0.0317) / 2))
    assert found["unknown"].alpha == pytest.approx(max(0.0, own_alpha(pairs["unknown"])))


def test_a_movement_is_never_below_0():
    still = {row: [(50, 50)] * 8 for row in "abc"}
    assert {each.alpha for each in movements(still, typical="abc", kinds={}).values()} == {0.0}


def test_without_three_years_a_row_moves_as_its_kind_of_offence_does():
    short = {"burglary": [(100, 120)] * (FEWEST_PAIRS - 1), "unknown": []}
    found = movements(short, typical=short, kinds={"burglary": Kind.BURGLARY})
    assert list(found) == ["burglary"]
    assert (found["burglary"].alpha, found["burglary"].degrees) == (0.0317, math.inf)
    assert found["burglary"].basis is Basis.KIND


def test_a_total_moves_as_the_part_that_moves_most():
    kinds = [Kind.VIOLENCE_AND_SEXUAL, Kind.BICYCLE_THEFT, Kind.BURGLARY]
    assert of_kind(Kind.most(kinds)).alpha == max(of_kind(kind).alpha for kind in kinds)


def test_kinds_are_in_the_order_of_their_movement():
    assert list(prior_alphas()) == list(Kind)
    assert list(prior_alphas().values()) == sorted(prior_alphas().values())


def test_the_priors_are_those_of_the_methods():
    expected = [0.0025, 0.008, 0.010, 0.012, 0.021, 0.032, 0.039, 0.040, 0.048, 0.055]
    assert [round(alpha, 4 if alpha < 0.005 else 3) for alpha in prior_alphas().values()] == expected


def test_the_usual_change_is_said_as_a_share():
    assert of_kind(Kind.BURGLARY).usual_change == pytest.approx(0.286, abs=0.001)
