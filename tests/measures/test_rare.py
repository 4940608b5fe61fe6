"""Charts of the months between offences."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cdrp_xl.measures.rare import is_rare, rare_chart
from cdrp_xl.terms import Direction

FEWER = Direction.REDUCE


def gaps_of(counts, direction=FEWER):
    return rare_chart([int(count) for count in counts], direction=direction).gaps


def test_a_row_is_rare_where_most_months_are_empty():
    assert is_rare([0, 0, 1])
    assert not is_rare([0, 1])


def test_one_offence_after_35_empty_months_is_no_concern():
    found = rare_chart([0] * 35 + [1], direction=FEWER)
    assert [gap.side for gap in found.gaps] == [0]
    assert (found.mean, found.upper, found.latest_side) == (None, None, 0)


def test_no_offences_are_no_gaps():
    assert gaps_of([0] * 36) == ()


def test_the_upper_limit_is_the_quantile_of_the_geometric_distribution():
    found = rare_chart([1, 0, 0, 0] * 12, direction=FEWER)
    assert found.mean == 4
    assert found.upper == pytest.approx(math.log(0.00135) / math.log(4 / 5) - 1)
    assert {gap.side for gap in found.gaps} == {0}


def test_a_gap_that_is_longer_than_usual_is_what_is_wanted_open_or_closed():
    often = [1, 0] * 15
    closed = gaps_of([*often, *[0] * 30, 1])
    still = gaps_of([*often, *[0] * 30])
    assert (closed[-2].side, closed[-2].is_open, closed[-2].is_improvement) == (1, False, True)
    assert (still[-1].side, still[-1].is_open, still[-1].is_improvement) == (1, True, True)
    assert gaps_of([*often, *[0] * 30], Direction.INCREASE)[-1].is_improvement is False


def test_seven_gaps_shorter_than_most_are_a_concern():
    found = gaps_of([*[1, *[0] * 8] * 10, *[1] * 8])
    assert [gap.side for gap in found][-8:-1] == [-1] * 7
    assert found[-3].is_improvement is False


def test_the_latest_three_months_together_are_held_against_those_before():
    assert rare_chart([0, 0, 0, 1] * 8 + [1, 3, 3], direction=FEWER).latest_side == 1
    assert rare_chart([0, 0, 0, 1] * 8 + [0, 1, 1], direction=FEWER).latest_side == 0
    assert rare_chart([10] * 300 + [3, 3, 4], direction=FEWER).latest_side == -1


@pytest.mark.parametrize("mean", [0.1, 0.3, 0.6])
def test_of_offences_that_come_by_chance_hardly_a_gap_stands_out(mean):
    draw, marked, gaps = np.random.default_rng(4), 0, 0
    for _ in range(200):
        found = gaps_of(draw.poisson(mean, size=60))
        marked += sum(gap.side != 0 for gap in found)
        gaps += len(found)
    assert marked / gaps < 0.01
