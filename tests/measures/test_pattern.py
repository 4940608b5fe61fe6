"""The integer programme: of all patterns that protect, the one that loses least, and an end to every search."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cdrp_xl.measures import pattern
from cdrp_xl.measures.attack import Interval, Sum, best_bounds
from cdrp_xl.measures.pattern import Programme, Table

COUNTY, DISTRICT, VILLAGES, OTHER = 0, 1, (2, 3, 4, 5), 6
SUMS = (Sum(whole=COUNTY, parts=(DISTRICT, OTHER)), Sum(whole=DISTRICT, parts=VILLAGES))
COUNTS = st.lists(st.integers(0, 6), min_size=5, max_size=5)


def programme(villages, other, *, elsewhere=(COUNTY,), width=2):
    counts = dict(enumerate([sum(villages) + other, sum(villages), *villages, other]))
    unsafe = frozenset(cell for cell, count in counts.items() if 0 < count <= width and cell not in elsewhere)
    table = Table(counts=counts, unsafe=unsafe, widths=[width] * 7, elsewhere=frozenset(elsewhere))
    return Programme(table=table, sums=SUMS)


def loss(counts, hidden):
    return sum(1 + math.log1p(counts[cell]) for cell in hidden)


def protects(counts, hidden):
    seen = {cell: Interval(1, None) if cell in hidden else Interval(count, count) for cell, count in counts.items()}
    best = best_bounds(seen, SUMS)
    return all(best[cell].width >= 2 for cell in hidden)


@pytest.mark.whole
@settings(max_examples=settings.default.max_examples // 2)
@given(COUNTS)
def test_no_pattern_that_protects_loses_less(drawn):
    *villages, other = drawn
    one = programme(villages, other)
    hidden, counts = one.solve(), one.table.counts
    assume(not one.exposed)
    may_be = [cell for cell, count in counts.items() if count and cell != COUNTY and cell not in one.table.unsafe]
    patterns = [
        one.table.unsafe | set(more) for size in range(len(may_be) + 1) for more in itertools.combinations(may_be, size)
    ]
    assert protects(counts, hidden)
    assert loss(counts, hidden) <= min(loss(counts, each) for each in patterns if protects(counts, each)) + 1e-9


def test_a_search_that_takes_many_turns_keeps_what_was_hidden_and_ends(monkeypatch):
    monkeypatch.setattr(pattern, "_TURNS", 0)
    one = programme([1, 1, 0, 5], 3)
    hidden = one.solve()
    assert protects(one.table.counts, hidden)


def test_where_all_is_hidden_that_may_be_the_search_ends():
    one = programme([1, 0, 0, 0], 3, elsewhere=(COUNTY, DISTRICT, 3, 4, 5, OTHER))
    assert one.solve() == {2}
    assert one.exposed == [2]


@pytest.mark.parametrize(("count", "lost"), [(0, 1 + math.log(11)), (1, 1 + math.log(2)), (10, 1 + math.log(11))])
def test_hiding_a_nought_loses_as_much_as_hiding_10(count, lost):
    assert pattern._loss(count) == pytest.approx(lost)
