"""Back-tests: which periods are compared with which, and what comes of counts whose law is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cdrp_xl.measures.backtest import (
    PANDEMIC,
    History,
    back_test,
    charts,
    neighbours,
    placebo_rates,
    placebos,
    projections,
    reliabilities,
    reports,
)
from cdrp_xl.measures.movement import Basis
from cdrp_xl.measures.verdict import verdict
from cdrp_xl.periods import Month, Period
from cdrp_xl.terms import Kind

FIRST = Month(2010, 4)


def history(counts, *, first=FIRST, kinds=None):
    return History(area="Ours", first=first, counts=counts, kinds=kinds or {})


def moving(draw, *, rows=8, years=9, mean=40, alpha=0.02):
    """Rows whose quarters move by alpha around one level."""
    quarters = draw.gamma(1 / alpha, alpha * mean, size=(rows, 4 * years))
    months = draw.poisson(np.repeat(quarters, 3, axis=1))
    return {f"row {number}": [int(count) for count in counts] for number, counts in enumerate(months)}


def test_a_placebo_is_held_against_the_same_months_a_year_before_and_after():
    counts = {"row": list(range(36))}
    (found,) = placebos(history(counts), left_out=None, lengths=(12,))
    assert found.period == Period(Month(2011, 4), Month(2012, 3))
    assert (found.earlier, found.later, found.periods) == (sum(range(12)) + sum(range(24, 36)), sum(range(12, 24)), 2)


def test_a_neighbour_is_held_against_the_year_before_alone():
    counts = {"row": list(range(24))}
    (found,) = neighbours(history(counts), left_out=None, lengths=(12,))
    assert (found.earlier, found.later, found.periods) == (sum(range(12)), sum(range(12, 24)), 1)
    assert found.p == verdict(found.earlier, found.later, movement=None).p


def test_quarters_begin_with_the_financial_years_and_longer_periods_in_april():
    found = [case.period for case in placebos(history({"row": [5] * 60}), left_out=None)]
    assert {period.first.month for period in found if period.months_count == 3} == {1, 4, 7, 10}
    assert {period.first.month for period in found if period.months_count > 3} == {4}
    assert {period.months_count for period in found} == {3, 6, 9, 12}


def test_a_case_knows_only_what_was_known_before_its_period():
    counts = {"row": [50] * 48 + [500] * 24}
    at_the_step = next(
        case for case in placebos(history(counts), left_out=None, lengths=(3,)) if case.period.first == Month(2014, 4)
    )
    assert at_the_step.movement.alpha == 0.0
    assert at_the_step.movement.basis is Basis.HISTORY


def test_periods_that_touch_what_is_left_out_are_not_compared_though_history_may_hold_it():
    counts = {"row": [30] * 188}
    found = [case.period for case in placebos(history(counts), left_out=PANDEMIC)]
    for period in found:
        for each in (period, period.earlier(), period.earlier(-1)):
            assert each.last < PANDEMIC.first or PANDEMIC.last < each.first
    assert {Period(Month(year, 4), Month(year, 6)) for year in (2018, 2023)} <= set(found)


def test_months_that_are_not_in_the_data_are_in_no_case():
    counts = {"row": [30] * 24 + [None] + [30] * 35}
    gap = FIRST + 24
    for case in placebos(history(counts), left_out=None):
        for each in (case.period, case.period.earlier(), case.period.earlier(-1)):
            assert gap not in each.months
    for case in projections(history(counts), left_out=None):
        assert gap not in Period(case.year.first + -36, case.year.last).months
    assert len(list(charts(history(counts), left_out=None))) == 0


def test_a_row_without_offences_and_a_row_that_nothing_is_known_of():
    assert list(placebos(history({"row": [0] * 60}), left_out=None)) == []
    (first, *_) = placebos(history({"row": [5] * 60}), left_out=None)
    assert first.movement is None
    assert first.p == first.exact_p
    (first, *_) = placebos(history({"row": [5] * 60}, kinds={"row": Kind.BURGLARY}), left_out=None)
    assert first.movement.alpha == pytest.approx(0.0317)


def test_a_projection_knows_three_years_and_the_months_to_date():
    counts = {"row": [*[10] * 36, *range(12)]}
    found = list(projections(history(counts), left_out=None))
    assert [case.known for case in found] == [3, 6, 9]
    assert [case.to_date for case in found] == [3, 15, 36]
    assert {(case.actual, case.target, case.is_met) for case in found} == {(66, 120, True)}
    assert {case.end.years for case in found} == {3}


def test_a_target_that_is_passed_already_is_in_no_bin():
    counts = {"row": [*[1] * 36, *[12] * 12]}
    found = list(projections(history(counts), left_out=None))
    assert [case.is_decided for case in found] == [True, True, True]
    assert list(reliabilities(found)) == []


@pytest.mark.whole
def test_of_rows_that_move_as_they_always_did_few_are_called_different_and_intervals_hold():
    draw = np.random.default_rng(8)
    kinds = {f"row {number}": Kind.ROBBERY for number in range(8)}
    found = back_test([history(moving(draw), kinds=kinds) for _ in range(4)], left_out=None)
    for rate in found.placebo:
        assert rate.different / rate.n < 0.06
        assert rate.exact > rate.different
    for coverage in found.projection:
        assert coverage.covered / coverage.n > 0.85  # rates drawn again each quarter are harder than real ones
        assert coverage.width > 1
    assert [each.known for each in found.projection] == [3, 6, 9]
    assert found.months == 4 * 8 * 7 * 36
    assert 0 < found.flagged / found.months < 0.15
    assert found.with_a_rise / found.reports < 0.05
    stated = [bin_.stated for bin_ in found.target]
    assert stated == sorted(stated)
    assert sum(bin_.n for bin_ in found.target) <= sum(each.n for each in found.projection)


def test_a_report_lists_a_rise_that_is_planted():
    draw = np.random.default_rng(9)
    counts = moving(draw, mean=100)
    counts["row 0"][60:63] = [400, 400, 400]
    found = list(neighbours(history(counts), left_out=None, lengths=(3,)))
    planted = [case for case in found if case.period.first == FIRST + 60]
    assert list(reports(planted)) == [True]
    (rate,) = placebo_rates(planted)
    assert rate.different >= 1


def test_rare_rows_are_charted_by_their_gaps():
    rare = [int(place % 5 == 0) for place in range(36)]
    (marks,) = charts(history({"row": rare}), left_out=None)
    assert len(marks) == sum(rare)
    assert not any(marks)


def test_no_history_is_no_case():
    found = back_test([history({})])
    assert (found.placebo, found.projection, found.target, found.months, found.reports) == ((), (), (), 0, 0)
    assert math.isfinite(found.flagged)
