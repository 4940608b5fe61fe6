"""The most similar group: the figures of METHODS.md, section 3, against pandas, NumPy and SciPy."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures.group import WIDE_CONFIDENCE, Member, compare, funnel_limits
from cdrp_xl.terms import Standing

groups = st.lists(st.tuples(st.integers(0, 3000), st.integers(1000, 400_000)), min_size=2, max_size=20).map(
    lambda rows: [Member(area=f"Area {i:02}", offences=n, residents=p) for i, (n, p) in enumerate(rows)]
)


@pytest.mark.parametrize(
    ("expected", "lower", "upper"),
    [(15, 0.5596924, 1.649348), (20, 0.6108260, 1.544419), (30, 0.6746958, 1.427562)],
)
def test_funnel_limits_at_95_per_cent_are_those_of_funnelplotr(expected, lower, upper):
    limits = funnel_limits(expected)
    assert (limits.lower, limits.upper) == (pytest.approx(lower, abs=5e-8), pytest.approx(upper, abs=5e-7))


@pytest.mark.parametrize(
    ("expected", "lower", "upper"),
    [(15, 0.3862650, 2.082907), (20, 0.4479107, 1.902094), (30, 0.5289724, 1.702771)],
)
def test_funnel_limits_at_99_8_per_cent_are_those_of_funnelplotr(expected, lower, upper):
    limits = funnel_limits(expected, confidence=WIDE_CONFIDENCE)
    assert (limits.lower, limits.upper) == (pytest.approx(lower, abs=5e-8), pytest.approx(upper, abs=5e-7))


@given(st.floats(0.01, 50_000), st.sampled_from([0.95, 0.998]))
def test_funnel_limits_are_those_of_scipys_chi_square(expected, confidence):
    tail = (1 - confidence) / 2
    limits = funnel_limits(expected, confidence=confidence)
    assert limits.lower == pytest.approx(stats.chi2.ppf(tail, 2 * expected) / (2 * expected), rel=1e-9, abs=1e-290)
    assert limits.upper == pytest.approx(stats.chi2.ppf(1 - tail, 2 * (expected + 1)) / (2 * expected), rel=1e-9)


@given(groups)
def test_positions_rates_and_average_are_those_of_pandas(members):
    table = pd.DataFrame([(m.area, m.offences, m.residents) for m in members], columns=["area", "offences", "people"])
    table["rate"] = table["offences"] * 1000 / table["people"]
    table["position"] = table["rate"].rank(method="min").astype(int)
    group = compare(members)
    assert group.average == pytest.approx(table["rate"].mean())
    for row in table.itertuples():
        assert group.position(row.area) == row.position
        assert group.member(row.area).rate == row.rate
    assert [member.area for member in group.members] == list(table.sort_values(["rate", "area"])["area"])


def test_the_average_is_of_rates_and_holds_the_partnership_itself():
    ours, other = (
        Member(area="Ours", offences=10, residents=1000),
        Member(area="Other", offences=400, residents=100_000),
    )
    assert compare([ours, other]).average == pytest.approx((10 + 4) / 2)  # not 410 / 101


def by_numpy(members):
    """The standard deviation between members as Spiegelhalter 2005 has it, worked with numpy."""
    offences = np.array([m.offences for m in members], dtype=float)
    people = np.array([m.residents for m in members], dtype=float)
    average = (offences * 1000 / people).mean()
    if average == 0:
        return 0.0
    expected = average * people / 1000
    scores = 2 * (np.sqrt(offences) - np.sqrt(expected))
    scores = scores.clip(*np.quantile(scores, [0.1, 0.9]))
    weights = 4 * expected
    above = (scores**2).sum() - (len(members) - 1)
    return math.sqrt(max(0.0, above / (weights.sum() - (weights**2).sum() / weights.sum())))


@given(groups)
def test_the_spread_between_members_is_that_of_numpy(members):
    assert compare(members).between == pytest.approx(by_numpy(members), rel=1e-9, abs=1e-9)
    assert compare(members, is_overdispersed=False).between == 0.0


def test_limits_widen_where_members_differ_beyond_chance():
    members = [Member(area=f"{i:02}", offences=300 + 60 * i, residents=100_000) for i in range(15)]
    wide, narrow = compare(members), compare(members, is_overdispersed=False)
    assert wide.between > 0
    assert wide.limits(100_000).upper > narrow.limits(100_000).upper
    assert wide.limits(100_000).lower < narrow.limits(100_000).lower
    assert narrow.standing("14") is Standing.ABOVE
    assert wide.standing("07") is Standing.IN_LINE


def test_a_member_is_above_in_line_or_below_by_the_95_per_cent_limits():
    offences = {"low": 40, "just in": 82, "middle": 98, "high": 180}
    members = [Member(area=area, offences=n, residents=10_000) for area, n in offences.items()]
    group = compare(members, is_overdispersed=False)
    limits = group.limits(10_000)
    assert (limits.lower, limits.upper) == pytest.approx((8.136, 12.163), abs=5e-4)  # 100 expected: 81.4 to 121.6
    assert [group.standing(member.area) for member in group.members] == [
        Standing.BELOW,
        Standing.IN_LINE,
        Standing.IN_LINE,
        Standing.ABOVE,
    ]


def test_a_group_without_any_offence_has_everybody_first_and_in_line():
    members = [Member(area=area, offences=0, residents=1000) for area in ("A", "B", "C")]
    group = compare(members)
    assert [group.position(area) for area in ("A", "B", "C")] == [1, 1, 1]
    assert group.average == group.between == 0.0
    assert {group.standing(area) for area in ("A", "B", "C")} == {Standing.IN_LINE}


def test_a_group_of_one_can_not_be_compared():
    with pytest.raises(CannotBeComputedError, match="A group of 1 can't be compared"):
        compare([Member(area="Alone", offences=5, residents=1000)])


def test_a_member_without_people_is_named():
    members = [Member(area="Ours", offences=5, residents=1000), Member(area="Fenland", offences=5, residents=0)]
    with pytest.raises(CannotBeComputedError, match="A rate of Fenland can't be worked out over 0 people"):
        compare(members)


@given(groups, st.integers(2, 9))
def test_twice_the_people_everywhere_halve_the_rates_and_move_no_position(members, times):
    larger = [Member(area=m.area, offences=m.offences, residents=times * m.residents) for m in members]
    one, other = compare(members), compare(larger)
    assert other.average == pytest.approx(one.average / times)
    assert other.between == pytest.approx(one.between, rel=1e-6, abs=1e-6)
    assert [one.position(m.area) for m in members] == [other.position(m.area) for m in members]


@given(groups)
def test_the_order_of_the_members_does_not_matter(members):
    one, other = compare(members), compare(members[::-1])
    assert one.members == other.members
    assert one.average == pytest.approx(other.average)
