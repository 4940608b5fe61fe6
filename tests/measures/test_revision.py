"""However many things change between two counts, the parts of every difference add up to it."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st
from sums import unexplained

from cdrp_xl import offences, tables
from cdrp_xl.measures.revision import Cause, Step, split, together, value
from cdrp_xl.periods import Month, Period
from cdrp_xl.selected import PriorityOffences, QuestionOffences

CLASSIFICATION = offences.load("police-uk")
MONTHS = [Period(Month(2024, number), Month(2024, number)) for number in (1, 2, 3)]
ROWS = ["all-crime", "burglary", PriorityOffences("p"), QuestionOffences(1)]
CAUSES = [Cause.REVISED, Cause.DEFINITION, Cause.BOUNDARY, Cause.SETTINGS]


def counts(cells, months=tuple(MONTHS)):
    return tables.Counts(
        classification=CLASSIFICATION,
        areas=("A",),
        covered={"A": frozenset(months)},
        cells={("A", row, month): count for (row, month), count in cells.items() if month in months},
        origin=tables.Origin(source="Drawn", as_at=dt.date(2024, 5, 1)),
        selections=(PriorityOffences("p"), QuestionOffences(1)),
    )


states = st.builds(
    counts,
    st.dictionaries(st.tuples(st.sampled_from(ROWS), st.sampled_from(MONTHS)), st.integers(1, 9)),
    st.lists(st.sampled_from(MONTHS), unique=True).map(tuple),
)


@given(states, st.lists(states, min_size=4, max_size=4), st.lists(st.booleans(), min_size=4, max_size=4))
def test_the_parts_of_every_count_add_up_and_no_difference_is_left_out(former, after, whole):
    steps = [
        Step(cause=cause, counts=each, has_selections=has or cause is Cause.SETTINGS)
        for cause, each, has in zip(CAUSES, after, whole, strict=True)
    ]
    found = {(each.row, each.period): each for each in split(former, steps)}
    assert not any(unexplained(each) for each in found.values())
    assert not any(isinstance(row, QuestionOffences) for row, _ in found)
    for row in ROWS[:3]:
        for month in MONTHS:
            was, now = value(former, row, month), value(after[-1], row, month)
            moved = found.get((row, month))
            assert (was or 0) == (now or 0) or moved is not None
            assert moved is None or (moved.was, moved.now) == (was, now)


def test_all_of_a_month_that_was_not_covered_is_new_data_by_whatever_it_is_counted():
    former = counts({}, MONTHS[:1])
    now = counts({("burglary", MONTHS[1]): 5})
    steps = [
        Step(cause=Cause.REVISED, counts=counts({("burglary", MONTHS[1]): 3})),
        Step(cause=Cause.DEFINITION, counts=now),
    ]
    (found,) = split(former, steps)
    assert (found.was, found.now, found.parts) == (None, 5, {Cause.NEW_DATA: 5})


def test_parts_that_cancel_each_other_are_reported():
    former = counts({("burglary", MONTHS[0]): 4})
    steps = [
        Step(cause=Cause.REVISED, counts=counts({("burglary", MONTHS[0]): 6})),
        Step(cause=Cause.SETTINGS, counts=counts({("burglary", MONTHS[0]): 4})),
    ]
    (found,) = split(former, steps)
    assert (found.change, found.parts) == (0, {Cause.REVISED: 2, Cause.SETTINGS: -2})


def test_a_selection_that_a_step_could_not_count_is_not_separated():
    former = counts({(PriorityOffences("p"), MONTHS[0]): 4})
    steps = [
        Step(cause=Cause.REVISED, counts=counts({}), has_selections=False),
        Step(cause=Cause.SETTINGS, counts=counts({(PriorityOffences("p"), MONTHS[0]): 7})),
    ]
    (found,) = split(former, steps)
    assert found.parts == {Cause.NOT_SEPARATED: 3}


def test_the_parts_of_months_are_those_of_their_quarter_together():
    former = counts({("burglary", MONTHS[0]): 4, ("burglary", MONTHS[1]): 1})
    now = counts({("burglary", MONTHS[0]): 6, ("burglary", MONTHS[1]): 1, ("burglary", MONTHS[2]): 2})
    moved = split(former, [Step(cause=Cause.REVISED, counts=now)])
    assert together(moved, row="burglary", period=Period(Month(2024, 1), Month(2024, 3))) == {Cause.REVISED: 4}
    assert together(moved, row="all-crime", period=MONTHS[0]) == {}
