"""The position of a priority by every rule, mirrored where a rise is wanted."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cdrp_xl.measures import rag
from cdrp_xl.measures.chance import exact_p
from cdrp_xl.measures.movement import Basis, Movement, of_kind
from cdrp_xl.measures.verdict import verdict
from cdrp_xl.periods import Period
from cdrp_xl.settings.priorities import RagRule
from cdrp_xl.terms import Direction, Kind, Status

QUARTER = Period.parse("2011-12 Q1")
DEADLINE = Period.parse("2011-12")
MIRRORED = {Status.BETTER: Status.WORSE, Status.WORSE: Status.BETTER, Status.CONCERN: Status.CONCERN}
RULES = [
    RagRule(),
    RagRule(rule="exact test"),
    RagRule(rule="tolerance", tolerance_per_cent=5),
    RagRule(rule="any fall"),
]

offences = st.integers(min_value=0, max_value=3000)


def assess(baseline, later, **other):
    given_or_usual = {
        "direction": Direction.REDUCE,
        "rule": RagRule(),
        "movement": None,
        "deadline": DEADLINE,
        "period": QUARTER,
        **other,
    }
    return rag.assess(later=later, baseline=baseline, **given_or_usual)


def test_farm_crime_of_2011_is_amber_since_the_fall_could_be_chance():
    found = assess(121, 115, period=Period.parse("2010-11"))
    assert found.status is Status.CONCERN
    assert found.reason == "The fall may be chance."


@given(offences, offences, st.sampled_from(Direction))
def test_no_position_is_better_or_worse_where_the_exact_test_does_not_tell_the_counts_apart(baseline, later, direction):
    status = assess(baseline, later, direction=direction).status
    assert (status is Status.CONCERN) == (exact_p(baseline, later) >= 0.05)


@pytest.mark.whole
def test_the_edge_of_significance_is_exact_for_every_pair_of_small_counts():
    for baseline in range(60):
        for later in range(60):
            is_amber = assess(baseline, later).status is Status.CONCERN
            assert is_amber == (exact_p(baseline, later) >= 0.05), (baseline, later)


@given(offences, offences, st.sampled_from(Kind), st.sampled_from(RULES[:2]))
def test_green_and_red_need_more_than_the_row_usually_moves_unless_the_exact_test_is_asked_for(a, b, kind, rule):
    found = assess(a, b, rule=rule, movement=of_kind(kind))
    p = verdict(a, b, movement=of_kind(kind)).p if rule.rule == "usual movement" else exact_p(a, b)
    assert (found.status is Status.CONCERN) == (p >= 0.05)


@pytest.mark.parametrize(
    ("movement", "said"),
    [
        (of_kind(Kind.BURGLARY), " With too few years of its own figures, changes in other areas are the guide."),
        (Movement(alpha=0.0317, degrees=16, basis=Basis.HISTORY), ""),
    ],
)
def test_what_the_usual_movement_was_measured_on_is_said(movement, said):
    found = assess(167, 114, movement=movement)
    assert found.reason == f"The fall is no larger than usual.{said}"
    assert assess(167, 14, movement=movement).reason.startswith("The fall is larger than usual.")


@given(offences, offences)
def test_a_fall_that_is_no_chance_is_better_and_a_rise_worse(baseline, later):
    status = assess(baseline, later).status
    assume(status is not Status.CONCERN)
    assert status is (Status.BETTER if later < baseline else Status.WORSE)


@given(offences, offences, st.sampled_from(RULES))
def test_wanting_a_rise_mirrors_every_position(baseline, later, rule):
    reduce = assess(baseline, later, rule=rule)
    increase = assess(baseline, later, rule=rule, direction=Direction.INCREASE)
    assert increase.status is MIRRORED[reduce.status]
    assert increase.reason == reduce.reason


@given(offences, st.sampled_from(RULES), st.sampled_from(Direction))
def test_equal_counts_are_amber_by_every_rule(count, rule, direction):
    found = assess(count, count, rule=rule, direction=direction)
    assert (found.status, found.reason) == (Status.CONCERN, "The two counts are the same.")


@pytest.mark.parametrize(
    ("baseline", "later", "status", "reason"),
    [
        (100, 95, Status.CONCERN, "The change is within the tolerance of 5%."),
        (100, 105, Status.CONCERN, "The change is within the tolerance of 5%."),
        (100, 94, Status.BETTER, "The change is beyond the tolerance of 5%."),
        (100, 106, Status.WORSE, "The change is beyond the tolerance of 5%."),
        (0, 1, Status.WORSE, "The change is beyond the tolerance of 5%."),
    ],
)
def test_a_tolerance_is_a_share_of_the_baseline_and_its_edge_is_still_amber(baseline, later, status, reason):
    found = assess(baseline, later, rule=RagRule(rule="tolerance", tolerance_per_cent=5))
    assert (found.status, found.reason) == (status, reason)


@pytest.mark.parametrize(("baseline", "later", "status"), [(100, 99, Status.BETTER), (100, 101, Status.WORSE)])
def test_by_the_rule_any_fall_one_offence_is_enough(baseline, later, status):
    found = assess(baseline, later, rule=RagRule(rule="any fall"))
    assert (found.status, found.reason) == (status, "By this rule any change from the baseline counts.")


@pytest.mark.parametrize(
    ("deadline", "period", "reason"),
    [
        ("2009-10", "2011-12 Q1", "The deadline, March 2010, passed before June 2011."),
        ("2010-11", "2011-12 Q1", "The deadline, March 2011, passed before June 2011."),
        ("2011-12 Q1", "Apr-11 to Sep-11", "The deadline, June 2011, passed before September 2011."),
    ],
)
def test_nothing_is_assessed_once_the_deadline_has_passed(deadline, period, reason):
    found = assess(100, 10, deadline=Period.parse(deadline), period=Period.parse(period))
    assert (found.status, found.reason) == (Status.NOT_ASSESSED, reason)


def test_a_period_that_ends_with_the_deadline_is_assessed():
    assert assess(100, 10, deadline=QUARTER).status is Status.BETTER
    assert assess(100, 10, deadline=DEADLINE, period=DEADLINE).status is Status.BETTER
