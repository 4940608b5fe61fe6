"""The attacker: the best bounds of a hidden count are exactly those of every table that could be the true one."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures.attack import Interval, Sum, best_bounds, groups_of, narrower, possible_counts

HIDDEN = Interval(0, None)
MOST_SERIOUS = Sum(whole="most serious", parts=("homicides", "wounding", "grievous"))


def shown(**counts):
    return {name.replace("_", " "): Interval(count, count) for name, count in counts.items()}


def test_hiding_homicides_alone_is_undone_by_most_serious_violence_less_two_children():
    seen = {**shown(most_serious=11, wounding=7, grievous=2), "homicides": HIDDEN}
    assert best_bounds(seen, [MOST_SERIOUS]) == {"homicides": Interval(2, 2)}


def test_hiding_two_of_three_parts_leaves_their_sum():
    seen = {**shown(most_serious=11, wounding=7), "homicides": HIDDEN, "grievous": HIDDEN}
    assert best_bounds(seen, [MOST_SERIOUS]) == {"homicides": Interval(0, 4), "grievous": Interval(0, 4)}


def test_a_count_under_no_sum_has_no_bound():
    assert best_bounds({"bicycles": HIDDEN}, []) == {"bicycles": HIDDEN}
    assert HIDDEN.width == float("inf")


def test_a_bound_bounds_above_and_below():
    bound = Sum(whole="all", parts=("handling",), is_bound=True)
    assert best_bounds({**shown(all=208), "handling": HIDDEN}, [bound]) == {"handling": Interval(0, 208)}
    assert best_bounds({**shown(handling=3), "all": HIDDEN}, [bound]) == {"all": Interval(3, None)}


def test_what_is_worked_out_of_one_sum_is_used_in_the_next():
    sums = [MOST_SERIOUS, Sum(whole="injury", parts=("most serious", "less serious"))]
    seen = {**shown(injury=79, less_serious=74, wounding=4, grievous=1), "homicides": HIDDEN, "most serious": HIDDEN}
    assert best_bounds(seen, sums) == {"most serious": Interval(5, 5), "homicides": Interval(0, 0)}


def test_rounded_parts_can_give_their_counts_away():
    """Four counts printed as 0, each at most 2, under a total printed as 10, so at least 8: each is 2."""
    seen = dict.fromkeys("abcd", Interval(0, 2)) | {"total": Interval(8, 12)}
    found = best_bounds(seen, [Sum(whole="total", parts=tuple("abcd"))])
    assert found == dict.fromkeys("abcd", Interval(2, 2)) | {"total": Interval(8, 8)}


def test_whole_numbers_are_bounded_more_tightly_than_fractions():
    """2a + 1 = c, by a = b: fractions would let a be half of 3 where c is at most 4."""
    sums = [Sum(whole="c", parts=("a", "b", "one")), Sum(whole="a", parts=("b",))]
    seen = {"a": HIDDEN, "b": HIDDEN, "c": Interval(0, 4), "one": Interval(1, 1)}
    assert best_bounds(seen, sums)["a"] == Interval(0, 1)


def test_only_the_cells_that_are_asked_for_are_looked_at():
    seen = {**shown(most_serious=11, wounding=7), "homicides": HIDDEN, "grievous": HIDDEN}
    assert best_bounds(seen, [MOST_SERIOUS], of={"grievous"}) == {"grievous": Interval(0, 4)}


def test_figures_that_contradict_each_other_are_refused():
    seen = {**shown(most_serious=5, wounding=7, grievous=2), "homicides": HIDDEN}
    with pytest.raises(CannotBeComputedError, match="contradict each other") as refused:
        best_bounds(seen, [MOST_SERIOUS])
    assert refused.value.where == "homicides"


@pytest.mark.parametrize(("width", "narrow"), [(4, []), (5, ["homicides", "grievous"])])
def test_a_cell_is_wide_enough_at_exactly_the_width_that_is_wanted(width, narrow):
    seen = {**shown(most_serious=11, wounding=7), "homicides": HIDDEN, "grievous": HIDDEN}
    counts = {"most serious": 11, "wounding": 7, "homicides": 1, "grievous": 3}
    assert narrower(seen, [MOST_SERIOUS], wanted=dict.fromkeys(narrow or ["grievous"], width), counts=counts) == narrow


def test_cells_are_grouped_by_the_sums_that_join_them():
    sums = [Sum(whole=1, parts=(2, 3)), Sum(whole=3, parts=(4,)), Sum(whole=5, parts=(6, 9))]
    assert sorted(map(sorted, groups_of(range(1, 8), sums))) == [[1, 2, 3, 4], [5, 6], [7]]


MOST = 2
FAR = 3 * MOST
CELLS = ("whole", "a", "b", "c", "other")
SUMS = (
    Sum(whole="whole", parts=("a", "b", "c")),
    Sum(whole="other", parts=("a", "b"), is_bound=True),
)
PARTS = st.integers(0, MOST)


@st.composite
def tables(draw):
    a, b, c = draw(PARTS), draw(PARTS), draw(PARTS)
    counts = {"whole": a + b + c, "a": a, "b": b, "c": c, "other": a + b + draw(PARTS)}
    hidden = draw(st.sets(st.sampled_from(CELLS)))
    return counts, hidden


def ranges(hidden, counts, top):
    return [range(top + 1) if cell in hidden else [counts[cell]] for cell in CELLS]


@settings(max_examples=settings.default.max_examples // 2)
@given(tables())
def test_the_bounds_are_those_of_every_table_that_could_be_the_true_one(drawn):
    counts, hidden = drawn
    seen = {cell: Interval(0, FAR) if cell in hidden else Interval(count, count) for cell, count in counts.items()}
    possible = [
        table
        for values in itertools.product(*ranges(hidden, counts, FAR))
        if all(each.holds(table := dict(zip(CELLS, values, strict=True))) for each in SUMS)
    ]
    expected = {
        cell: Interval(min(table[cell] for table in possible), max(table[cell] for table in possible))
        for cell in CELLS
        if cell in hidden
    }
    assert best_bounds(seen, SUMS) == expected


@pytest.mark.whole
@given(tables(), st.integers(0, 6))
def test_the_cells_found_too_narrow_are_those_whose_best_bounds_are(drawn, width):
    counts, hidden = drawn
    seen = {cell: HIDDEN if cell in hidden else Interval(count, count) for cell, count in counts.items()}
    best = best_bounds(seen, SUMS)
    expected = [cell for cell in CELLS if (best[cell].width if cell in best else 0) < width]
    assert narrower(seen, SUMS, wanted=dict.fromkeys(CELLS, width), counts=counts) == expected


def test_where_sources_disagree_counts_that_nothing_gives_are_no_larger_than_either_says():
    counts = {"total": 7, "rest": 2, "total elsewhere": 9}
    sums = [
        Sum(whole="total", parts=("rest", "part")),
        Sum(whole="total elsewhere", parts=("rest", "part")),
        *(Sum(whole=whole, parts=("part",)) for whole in ("one", "other")),
    ]
    found = possible_counts(counts, sums)
    assert 5 <= found["part"] <= 7
    assert found["one"] == found["other"] == found["part"]
