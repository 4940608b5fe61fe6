"""Suppression: no reader bounds a small count more tightly than the policy allows; no more is hidden than need be."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sums import area_sums, declared_sums

from cdrp_xl import offences
from cdrp_xl.measures.attack import Interval, Sum, best_bounds
from cdrp_xl.measures.suppression import Policy, rounded, suppress
from cdrp_xl.periods import Period

CADET = offences.load("cadet-2011")
AREA = "South Cambridgeshire"
EARLIER, LATER = Period.parse("2010-11 Q1"), Period.parse("2011-12 Q1")
PUBLISHED = Path(__file__).parent.parent / "cases" / "cadet_2011_q1.csv"


def cadet():
    with PUBLISHED.open(encoding="utf-8", newline="") as lines:
        printed = list(csv.DictReader(lines))
    return {
        (AREA, row.row_id, period): int(line[column])
        for row, line in zip(CADET.rows, printed, strict=True)
        for period, column in ((EARLIER, "earlier"), (LATER, "later"))
    }


CADET_SUMS = declared_sums(CADET, areas=[AREA], periods=[EARLIER, LATER])


def seen_by_a_reader(done, *, knows_noughts=True):
    """What stands in print. A reader who knows that no 0 is hidden knows a hidden count to be 1 or more."""
    return {
        cell: Interval(int(knows_noughts), None) if count is None else Interval(count, count)
        for cell, count in done.published.items()
    }


def seen_rounded(done, elsewhere=()):
    return {
        cell: Interval(0, None)
        if count is None
        else Interval(count, count)
        if cell in elsewhere
        else Interval(max(0, count - 2), count + 2)
        for cell, count in done.published.items()
    }


def row(name, period=EARLIER):
    return (AREA, name, period)


def test_homicides_are_not_hidden_alone():
    done = suppress(cadet(), CADET_SUMS, Policy())
    hidden = {name for _, name, period in done.hidden if period == EARLIER}
    assert {"homicides", "grievous-bodily-harm-without-intent"} <= hidden
    assert best_bounds(seen_by_a_reader(done), CADET_SUMS)[row("homicides")] == Interval(1, 3)


def test_every_count_of_1_or_2_in_the_published_table_is_hidden_with_five_others():
    counts = cadet()
    done = suppress(counts, CADET_SUMS, Policy())
    assert done.unsafe == {cell for cell, count in counts.items() if count in {1, 2}}
    assert done.unsafe <= done.hidden
    assert sorted(counts[cell] for cell in done.hidden - done.unsafe) == [3, 3, 3, 4, 10]
    assert all(done.published[cell] == (None if cell in done.hidden else count) for cell, count in counts.items())
    assert done.exposed == frozenset()


@pytest.mark.whole
@pytest.mark.parametrize("threshold", [2, 4])
def test_the_attackers_best_bounds_on_the_published_table_are_no_tighter_than_the_policy(threshold):
    done = suppress(cadet(), CADET_SUMS, Policy(threshold=threshold))
    best = best_bounds(seen_by_a_reader(done), CADET_SUMS)
    assert set(best) == done.hidden
    assert min(interval.width for interval in best.values()) >= threshold
    assert done.unsafe
    assert min(math.inf if best[cell].most is None else best[cell].most for cell in done.unsafe) > threshold


def test_a_sensitive_row_hides_3_and_4_too():
    sensitive = frozenset({"racially-aggravated-violence"})
    done = suppress(cadet(), CADET_SUMS, Policy(sensitive=sensitive))
    assert row("racially-aggravated-violence") in done.unsafe
    assert row("drugs-trafficking") not in done.unsafe


def test_a_table_of_safe_counts_is_printed_as_it_is():
    counts = {row("a"): 0, row("b"): 3, row("c"): 3}
    done = suppress(counts, [Sum(whole=row("c"), parts=(row("a"), row("b")))], Policy())
    assert (done.published, done.hidden, done.unsafe) == (counts, frozenset(), frozenset())


def test_a_sum_that_does_not_hold_discloses_nothing_to_a_reader():
    counts = {row("a"): 1, row("b"): 30, row("c"): 99}
    done = suppress(counts, [Sum(whole=row("c"), parts=(row("a"), row("b")))], Policy())
    assert done.hidden == {row("a")}


VILLAGES = ("Sawston", "Histon", "Cambourne", "Linton")


def by_village(*counts):
    table = {(village, "homicides", LATER): count for village, count in zip(VILLAGES, counts, strict=True)}
    table[AREA, "homicides", LATER] = sum(counts)
    return table, area_sums(AREA, VILLAGES, row_ids=["homicides"], periods=[LATER])


def hidden_villages(done):
    return {area for area, _, _ in done.hidden}


def test_the_cheapest_other_village_is_hidden_and_every_0_printed():
    table, sums = by_village(1, 0, 3, 60)
    done = suppress(table, sums, Policy(), elsewhere=[(AREA, "homicides", LATER)])
    assert hidden_villages(done) == {"Sawston", "Cambourne"}
    assert done.exposed == frozenset()


def test_two_counts_of_1_are_not_thought_to_protect_each_other():
    """Their sum is 2, and no 0 is hidden: a reader would know both."""
    table, sums = by_village(1, 1, 0, 60)
    done = suppress(table, sums, Policy(), elsewhere=[(AREA, "homicides", LATER)])
    assert hidden_villages(done) == {"Sawston", "Histon", "Linton"}


def test_where_the_printed_total_is_as_small_noughts_are_hidden_too():
    table, sums = by_village(2, 0, 0, 0)
    done = suppress(table, sums, Policy(), elsewhere=[(AREA, "homicides", LATER)])
    assert "Sawston" in hidden_villages(done)
    assert len(done.hidden) > 1
    best = best_bounds(seen_by_a_reader(done, knows_noughts=False), sums)
    assert best["Sawston", "homicides", LATER] == Interval(0, 2)
    assert done.exposed == {("Sawston", "homicides", LATER)}


def test_what_no_pattern_can_protect_is_protected_as_far_as_can_be_and_reported():
    table, sums = by_village(0, 1, 0, 0)
    done = suppress(table, sums, Policy(), elsewhere=[(AREA, "homicides", LATER)])
    assert done.exposed == {("Histon", "homicides", LATER)}
    best = best_bounds(seen_by_a_reader(done, knows_noughts=False), sums)
    assert best["Histon", "homicides", LATER] == Interval(0, 1)


def test_what_is_printed_elsewhere_is_not_hidden_here():
    table, sums = by_village(1, 30, 20, 10)
    done = suppress(table, sums, Policy(), elsewhere=[("Sawston", "homicides", LATER)])
    assert (done.unsafe, done.hidden) == (frozenset(), frozenset())


def test_an_earlier_copy_of_the_same_quarter_is_part_of_what_a_reader_sees():
    """Each copy protects by itself: Sawston with Histon in one, Sawston with Linton in the other, but not both."""
    table, sums = by_village(1, 5, 7, 4)
    total = (AREA, "homicides", LATER)
    first = suppress(table, sums, Policy(), elsewhere=[total])
    assert hidden_villages(first) == {"Sawston", "Linton"}
    before = [cell for cell in table if cell not in {(v, "homicides", LATER) for v in ("Sawston", "Histon")}]
    second = suppress(table, sums, Policy(), elsewhere=before)
    assert hidden_villages(second) == {"Sawston", "Histon"}
    both = {
        cell: interval
        for copy in (first, second)
        for cell, interval in seen_by_a_reader(copy).items()
        if interval.width == 0
    }
    assert best_bounds(dict.fromkeys(table, Interval(1, None)) | both, sums) == {
        ("Sawston", "homicides", LATER): Interval(1, 1)
    }


@pytest.mark.parametrize(
    ("ends_in", "becomes"), [(0, 0), (1, 0), (2, 0), (3, 5), (4, 5), (5, 5), (6, 5), (7, 5), (8, 10), (9, 10)]
)
def test_counts_are_rounded_to_base_5_as_published(ends_in, becomes):
    """docs/methods.md, "Small counts": what ends in 1, 2 to 0; 3, 4, 6, 7 to 5; 8, 9 to 10."""
    assert [rounded(10 * tens + ends_in) for tens in (0, 1, 147)] == [10 * t + becomes for t in (0, 1, 147)]


@pytest.mark.whole
def test_rounding_prints_every_count_rounded_and_hides_only_what_sums_give_away():
    counts = cadet()
    done = suppress(counts, CADET_SUMS, Policy(is_rounded=True))
    assert all(done.published[cell] == rounded(counts[cell]) for cell in counts if cell not in done.hidden)
    assert len(done.hidden) <= 2
    best = best_bounds(seen_rounded(done), CADET_SUMS)
    assert min(best[cell].width for cell in done.unsafe) >= 2


def test_rounded_parts_that_their_total_would_give_away_are_protected():
    table, sums = by_village(2, 2, 2, 2)
    done = suppress(table, sums, Policy(is_rounded=True))
    assert done.hidden
    best = best_bounds(seen_rounded(done), sums)
    assert min(best[cell].width for cell in done.unsafe) >= 2


COUNTS = st.one_of(st.integers(0, 3), st.integers(0, 30))
ROWS, COLUMNS = ("r1", "r2", "r3"), ("c1", "c2", "c3")


@st.composite
def two_way_tables(draw):
    """A table with the totals of its rows, its columns and itself, some of them printed elsewhere."""
    inner = {(column, r, LATER): draw(COUNTS) for r in ROWS for column in COLUMNS}
    counts = inner | {("all", r, LATER): sum(inner[column, r, LATER] for column in COLUMNS) for r in ROWS}
    counts |= {(column, "total", LATER): sum(counts[column, r, LATER] for r in ROWS) for column in (*COLUMNS, "all")}
    sums = area_sums("all", COLUMNS, row_ids=[*ROWS, "total"], periods=[LATER])
    sums += [
        Sum(whole=(column, "total", LATER), parts=tuple((column, r, LATER) for r in ROWS))
        for column in (*COLUMNS, "all")
    ]
    totals = [cell for cell in counts if "all" in cell or "total" in cell]
    return counts, sums, draw(st.sets(st.sampled_from(totals)))


@pytest.mark.whole
@settings(max_examples=settings.default.max_examples // 2)
@given(two_way_tables(), st.sampled_from([2, 4]))
def test_no_reader_bounds_a_hidden_count_more_tightly_than_the_policy_unless_that_is_reported(drawn, threshold):
    counts, sums, elsewhere = drawn
    done = suppress(counts, sums, Policy(threshold=threshold), elsewhere=elsewhere)
    knowing = seen_by_a_reader(done) | {cell: Interval(0, 0) for cell in counts if not counts[cell]}
    best = best_bounds(knowing, sums)
    assert [cell for cell in done.unsafe - done.exposed if best[cell].width < threshold] == []
    assert done.unsafe <= done.hidden
    assert done.hidden.isdisjoint(elsewhere)


@pytest.mark.whole
@settings(max_examples=settings.default.max_examples // 2)
@given(two_way_tables())
def test_rounding_protects_as_well(drawn):
    counts, sums, elsewhere = drawn
    done = suppress(counts, sums, Policy(is_rounded=True), elsewhere=elsewhere)
    seen = seen_rounded(done, elsewhere) | {cell: Interval(counts[cell], counts[cell]) for cell in elsewhere}
    best = best_bounds(seen, sums)
    assert [cell for cell in done.unsafe - done.exposed if best[cell].width < 2] == []


def test_what_is_left_of_a_printed_whole_may_be_worked_out_where_it_is_not_small():
    when = Period.parse("2025-26 Q1")
    wards = {"a": (1, 40), "b": (9, 50), "c": (12, 60), "d": (7, 30), "e": (15, 80)}
    counts, sums = {}, []
    for ward, (burglaries, every) in wards.items():
        counts |= {(ward, "burglary", when): burglaries, (ward, "all", when): every}
        counts[ward, "rest", when] = every - burglaries
        parts = ((ward, "burglary", when), (ward, "rest", when))
        sums.append(Sum(whole=(ward, "all", when), parts=parts))
    for row in ("burglary", "all", "rest"):
        parts = tuple((ward, row, when) for ward in wards)
        counts["whole", row, when] = sum(counts[part] for part in parts)
        sums.append(Sum(whole=("whole", row, when), parts=parts))
    done = suppress(
        counts,
        sums,
        {cell: Policy() for cell in counts if cell[0] != "whole" and cell[1] != "rest"},
        elsewhere={cell for cell in counts if cell[0] == "whole"},
        derivable={cell for cell in counts if cell[0] != "whole" and cell[1] == "rest"},
    )
    assert ("a", "burglary", when) in done.hidden
    assert len(done.hidden) == 2
    seen = {cell: Interval(0, None) for cell in counts} | seen_by_a_reader(done)
    bounds = best_bounds(seen, sums, of=sorted(done.hidden))
    assert all(bounds[cell].width >= Policy().threshold for cell in done.hidden)


def test_what_is_left_of_a_printed_whole_hides_nothing_more_where_printed_counts_give_it_away():
    """30 less 10 is 20 without any doubt; of its three parts the 1 is hidden with the cheaper of the others."""
    counts = {row("whole"): 30, row("known"): 10, row("left"): 20, row("a"): 1, row("b"): 9, row("c"): 10}
    parts = tuple(row(name) for name in "abc")
    sums = [Sum(whole=row("whole"), parts=(row("known"), row("left"))), Sum(whole=row("left"), parts=parts)]
    done = suppress(counts, sums, Policy(), elsewhere={row("whole"), row("known")}, derivable={row("left")})
    assert done.hidden == {row("a"), row("b")}


def test_counts_that_nothing_gives_are_thought_of_as_any_that_fit_in_with_the_others():
    """Of 3, the area's 1 bounds the rest, which nobody counted: hiding the 2 alone would leave it 2 or 3."""
    counts = {row("all"): 3, row("asked"): 2, ("Everywhere", "rest", EARLIER): 1}
    sums = [
        Sum(whole=row("all"), parts=(row("asked"), row("rest"))),
        Sum(whole=("Everywhere", "rest", EARLIER), parts=(row("rest"),), is_bound=True),
    ]
    done = suppress(counts, sums, Policy(), elsewhere={("Everywhere", "rest", EARLIER)})
    assert done.hidden == {row("all"), row("asked")}
    assert row("rest") not in done.published


def test_where_sources_disagree_all_that_can_hold_is_thought_of():
    """Nothing fits in with 3 of which 5 are asked about; of another 3, the rest is no more than 1 all the same."""
    counts = {row("all"): 3, row("asked"): 5, row("whole"): 3, row("part"): 2}
    elsewhere = {("Everywhere", "rest", EARLIER): 1, ("Everywhere", "both", EARLIER): 9}
    sums = [
        Sum(whole=row("all"), parts=(row("asked"), row("other"))),
        Sum(whole=row("whole"), parts=(row("part"), row("rest"))),
        Sum(whole=("Everywhere", "rest", EARLIER), parts=(row("rest"),), is_bound=True),
        Sum(whole=("Everywhere", "both", EARLIER), parts=(row("rest"), row("other")), is_bound=True),
    ]
    done = suppress(counts | elsewhere, sums, Policy(), elsewhere=elsewhere)
    assert done.hidden == {row("whole"), row("part")}


def test_counts_that_nothing_fits_in_with_are_not_thought_of():
    counts = {row("all"): 3, row("asked"): 5}
    sums = [Sum(whole=row("all"), parts=(row("asked"), row("rest")))]
    assert suppress(counts, sums, Policy()).published == counts
