"""The most similar group: figures of FunnelPlotR's tests, against pandas, NumPy and SciPy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures.group import WIDE_CONFIDENCE, Member, compare, count_limits
from cdrp_xl.measures.rates import exact_count_interval
from cdrp_xl.terms import Standing

groups = st.lists(st.tuples(st.integers(0, 3000), st.integers(1000, 400_000)), min_size=2, max_size=20).map(
    lambda rows: [Member(area=f"Area {i:02}", offences=n, residents=p) for i, (n, p) in enumerate(rows)]
)


@pytest.mark.parametrize(
    ("expected", "confidence", "lower", "upper"),
    [
        (15, 0.95, 0.5596924, 1.649348),
        (20, 0.95, 0.6108260, 1.544419),
        (30, 0.95, 0.6746958, 1.427562),
        (15, 0.998, 0.3862650, 2.082907),
        (20, 0.998, 0.4479107, 1.902094),
        (30, 0.998, 0.5289724, 1.702771),
    ],
)
def test_the_interval_of_a_mean_is_that_of_funnelplotrs_tests(expected, confidence, lower, upper):
    """Limits as FunnelPlotR's tests have them: they bound a mean, not the next count."""
    interval = exact_count_interval(expected, confidence=confidence)
    assert interval.lower / expected == pytest.approx(lower, abs=5e-8)
    assert interval.upper / expected == pytest.approx(upper, abs=5e-7)


expected_counts = st.one_of(st.floats(0.01, 20), st.floats(20, 2000))
overdispersions = st.one_of(st.just(0.0), st.floats(0.001, 0.3))


def predicted(expected, alpha):
    return stats.poisson(expected) if alpha == 0 else stats.nbinom(1 / alpha, 1 / (1 + alpha * expected))


@settings(max_examples=settings.default.max_examples * 3)
@given(expected_counts, overdispersions, st.sampled_from([0.95, WIDE_CONFIDENCE]))
def test_what_is_outside_the_limits_is_as_near_to_what_was_asked_for_as_whole_counts_allow(expected, alpha, confidence):
    tail, law = (1 - confidence) / 2, predicted(expected, alpha)
    lowest, highest = count_limits(expected, alpha=alpha, confidence=confidence)
    for one, other in ((law.cdf(lowest - 1), law.cdf(lowest)), (law.sf(highest), law.sf(highest - 1))):
        assert one <= 1.2 * tail * (1 + 1e-9)
        further = other - tail >= tail - one - 1e-12
        assert further or other > 1.2 * tail * (1 - 1e-9) or (lowest == 0 and other > tail)


@pytest.mark.parametrize("expected", [40, 55.5, 70, 100, 200, 300, 500, 707.1, 1000])
def test_2_to_3_in_100_are_below_and_as_many_above_where_counts_are_fine_enough(expected):
    lowest, highest = count_limits(expected)
    assert 0.02 <= stats.poisson.cdf(lowest - 1, expected) <= 0.03
    assert 0.02 <= stats.poisson.sf(highest, expected) <= 0.03


@given(st.floats(0.1, 3.68))
def test_0_is_in_line_unless_the_quantile_is_above_it(expected):
    assert stats.poisson.ppf(0.025, expected) == 0
    assert count_limits(expected)[0] == 0


def test_of_an_expected_0_only_0_is_in_line():
    assert count_limits(0.0) == (0, 0)


@pytest.mark.parametrize(("expected", "fewest"), [(1, 0.0), (2, 0.0), (10, 0.012), (30, 0.016), (300, 0.017)])
@pytest.mark.parametrize("alpha", [0.0, 0.02])
def test_of_15_areas_that_differ_by_chance_alone_or_as_all_do_few_are_called_different(expected, fewest, alpha):
    draw, groups_drawn, called = np.random.default_rng(3), 400, {Standing.BELOW: 0, Standing.ABOVE: 0}
    for _ in range(groups_drawn):
        rates = np.full(15, float(expected)) if alpha == 0 else draw.gamma(1 / alpha, alpha * expected, size=15)
        found = compare(
            [Member(area=f"{i:02}", offences=int(n), residents=1000) for i, n in enumerate(draw.poisson(rates))]
        )
        for member in found.members:
            standing = found.standing(member.area)
            if standing in called:
                called[standing] += 1
    for count in called.values():
        assert count / (15 * groups_drawn) <= 0.032
    assert called[Standing.ABOVE] / (15 * groups_drawn) >= min(fewest, 0.012)
    assert called[Standing.BELOW] / (15 * groups_drawn) >= fewest


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
    """How much members differ beyond chance, worked with NumPy and SciPy."""
    offences = np.array([m.offences for m in members], dtype=float)
    people = np.array([m.residents for m in members], dtype=float)
    average = (offences * 1000 / people).mean()
    if average == 0:
        return 0.0
    expected = average * people / 1000
    if stats.chi2.sf(((offences - expected) ** 2 / expected).sum(), len(members) - 1) >= 0.05:
        return 0.0
    scores = 2 * (np.sqrt(offences) - np.sqrt(expected))
    scores = scores.clip(*np.quantile(scores, [0.1, 0.9]))
    edge = stats.norm.ppf(0.9)
    left_of_a_normal = 0.8 - 2 * edge * stats.norm.pdf(edge) + 0.2 * edge**2
    above = (scores**2).sum() / left_of_a_normal - (len(members) - 1)
    return max(0.0, above / (expected.sum() - (expected**2).sum() / expected.sum()))


@given(groups)
def test_how_much_members_differ_beyond_chance_is_that_of_numpy(members):
    assert compare(members).alpha == pytest.approx(by_numpy(members), rel=1e-3, abs=1e-9)
    assert compare(members, is_overdispersed=False).alpha == 0.0


@pytest.mark.parametrize("alpha", [0.01, 0.1])
def test_how_much_members_differ_is_what_they_were_drawn_with(alpha):
    draw = np.random.default_rng(5)
    found = [
        compare(
            [
                Member(area=f"{i:02}", offences=int(n), residents=1000)
                for i, n in enumerate(draw.poisson(draw.gamma(1 / alpha, 500 * alpha, size=20)))
            ]
        ).alpha
        for _ in range(300)
    ]
    assert np.mean(found) == pytest.approx(alpha, rel=0.15)


def test_limits_widen_where_members_differ_beyond_chance():
    members = [Member(area=f"{i:02}", offences=300 + 60 * i, residents=100_000) for i in range(15)]
    wide, narrow = compare(members), compare(members, is_overdispersed=False)
    assert wide.alpha > 0
    assert wide.limits(100_000).upper > narrow.limits(100_000).upper
    assert wide.limits(100_000).lower < narrow.limits(100_000).lower
    assert narrow.standing("14") is Standing.ABOVE
    assert wide.standing("07") is Standing.IN_LINE


@pytest.mark.whole
@given(groups)
def test_a_member_is_in_line_exactly_where_its_rate_is_within_the_limits(members):
    group = compare(members)
    for member in group.members:
        limits = group.limits(member.residents)
        expected = (
            Standing.ABOVE
            if member.rate > limits.upper
            else Standing.BELOW
            if member.rate < limits.lower
            else Standing.IN_LINE
        )
        assert group.standing(member.area) is expected


def test_a_member_is_above_in_line_or_below_by_the_95_per_cent_limits():
    offences = {"low": 40, "just in": 84, "middle": 96, "high": 180}
    members = [Member(area=area, offences=n, residents=10_000) for area, n in offences.items()]
    group = compare(members, is_overdispersed=False)
    limits = group.limits(10_000)
    assert (limits.lower, limits.upper) == pytest.approx(
        (8.33, 11.73), abs=0.01
    )  # 100 expected, of four with this one among them
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
    assert group.average == group.alpha == 0.0
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
    assert other.alpha == pytest.approx(one.alpha, rel=1e-6, abs=1e-6)
    assert [one.position(m.area) for m in members] == [other.position(m.area) for m in members]


@given(groups)
def test_the_order_of_the_members_does_not_matter(members):
    one, other = compare(members), compare(members[::-1])
    assert one.members == other.members
    assert one.average == pytest.approx(other.average)
