"""The two-period comparison: worked figures of 2011, the laws of the apparent change, and sums that must hold."""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cdrp_xl import offences
from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.measures import comparison
from cdrp_xl.periods import Period
from cdrp_xl.tables import Counts, Origin

# Worked by hand from the report of 2011: all 45 rows of its Appendix 1, as printed there.
CASE = Path(__file__).parents[1] / "cases" / "cadet_2011_q1.csv"
with CASE.open(encoding="utf-8", newline="") as case_file:
    PRINTED = list(csv.DictReader(case_file))

CADET = offences.load("cadet-2011")
AREA = "South Cambridgeshire"
EARLIER, LATER = Period.parse("2010-11 Q1"), Period.parse("2011-12 Q1")
TYPED = {row.row_id: (int(line["earlier"]), int(line["later"])) for row, line in zip(CADET.rows, PRINTED, strict=True)}
IN_A_SUM = sorted({row_id for identity in CADET.identities for row_id in (identity.whole, *identity.parts)})

counts_of_offences = st.integers(min_value=0, max_value=10**7)


def counts(typed):
    """Counts of one area, as typed by row id: offences in the earlier and the later period."""
    cells = {}
    for row_id, (earlier, later) in typed.items():
        cells |= {(AREA, row_id, EARLIER): earlier, (AREA, row_id, LATER): later}
    return Counts(
        classification=CADET,
        areas=(AREA,),
        covered={AREA: frozenset({EARLIER, LATER})},
        cells=cells,
        origin=Origin(source="Typed"),
    )


def compared(typed):
    return comparison.compare(counts(typed), area=AREA, earlier=EARLIER, later=LATER)


@pytest.mark.parametrize("line", PRINTED, ids=lambda line: f"{line['number']} {line['row']}")
def test_every_row_printed_in_2011_is_reproduced(line):
    row = compared(TYPED).rows[int(line["number"]) - 1]
    assert row.row.name == line["row"]
    assert (row.earlier, row.later) == (int(line["earlier"]), int(line["later"]))
    assert row.change == int(line["numeric_change"])
    assert row.printed == line["apparent_change"]


def test_a_row_is_found_by_its_id_and_not_by_its_name():
    table = compared(TYPED)
    assert [row.row.number for row in table.rows if row.row.name == "All Robbery"] == [5, 24]
    assert {table[row.row.row_id].row.number for row in table.rows} == set(range(1, 46))


@pytest.mark.whole
@given(counts_of_offences, counts_of_offences)
def test_there_is_no_calc_where_the_earlier_count_is_0_or_nothing_changed_and_nowhere_else(earlier, later):
    is_missing = comparison.apparent_change(earlier, later) is None
    assert is_missing == (earlier in {0, later})
    assert is_missing == (comparison.printed_change(earlier, later) == "No Calc")


@given(st.integers(min_value=1, max_value=10**7), counts_of_offences)
def test_the_apparent_change_has_the_sign_of_the_numeric_change(earlier, later):
    change = comparison.apparent_change(earlier, later)
    if later == earlier:
        assert change is None
    else:
        assert (change > 0) == (later > earlier)
        assert comparison.printed_change(earlier, later).startswith("+ " if later > earlier else "- ")


@given(st.integers(min_value=1, max_value=10**5), counts_of_offences, st.integers(min_value=2, max_value=50))
def test_the_apparent_change_does_not_depend_on_the_size_of_the_unit(earlier, later, times):
    assert comparison.apparent_change(earlier * times, later * times) == comparison.apparent_change(earlier, later)
    assert comparison.printed_change(earlier * times, later * times) == comparison.printed_change(earlier, later)


@given(st.integers(min_value=1, max_value=10**7), counts_of_offences)
def test_the_printed_change_is_the_exact_share_rounded_half_up_in_size(earlier, later):
    assume(earlier != later)
    share = abs(Decimal(later - earlier)) * 100 / Decimal(earlier)
    rounded = share.quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert comparison.printed_change(earlier, later)[2:] == f"{rounded}%"


@given(st.integers(min_value=1, max_value=10**7), counts_of_offences)
def test_the_apparent_change_is_the_share_to_16_digits(earlier, later):
    assume(earlier != later)
    assert comparison.apparent_change(earlier, later) == pytest.approx((later - earlier) / earlier, rel=2e-15, abs=0.0)


def test_a_half_of_the_last_digit_is_never_held_short_of_it():
    assert comparison.apparent_change(80, 29) == -0.6375000000000001
    assert comparison.apparent_change(80, 131) == 0.6375000000000001
    assert comparison.apparent_change(16, 17) == 0.0625
    assert comparison.apparent_change(32, 59) == 0.84375


@pytest.mark.parametrize(
    ("earlier", "later", "printed"),
    [
        (16, 17, "+ 6.3%"),  # 6.25
        (16, 15, "- 6.3%"),
        (2000, 2007, "+ 0.4%"),  # 0.35, which no binary number is
        (2000, 1993, "- 0.4%"),
        (2000, 2001, "+ 0.1%"),  # 0.05
        (100_000, 100_001, "+ 0.0%"),
        (100_000, 99_999, "- 0.0%"),
        (1, 0, "- 100.0%"),
        (3, 10, "+ 233.3%"),
        (1, 1001, "+ 100000.0%"),
        (0, 0, "No Calc"),
        (0, 4, "No Calc"),
        (7, 7, "No Calc"),
    ],
)
def test_ties_and_extremes_print_as_worked_by_hand(earlier, later, printed):
    assert comparison.printed_change(earlier, later) == printed


def test_periods_of_unequal_length_are_refused():
    year = Period.parse("2010-11")
    with pytest.raises(CannotBeComputedError) as refused:
        comparison.compare(counts(TYPED), area=AREA, earlier=year, later=LATER)
    assert str(refused.value) == (
        "Apr-11 to Jun-11 (3 months) can't be compared with Apr-10 to Mar-11 (12 months).\n"
        "Where: the two periods of the comparison\n"
        "What to do: Choose periods of the same number of months, or compare rates."
    )


def test_a_period_that_the_counts_do_not_cover_is_refused():
    with pytest.raises(
        CannotBeComputedError, match=r"^Jul-11 to Sep-11 can't be counted: .* figures for Jul-11 to Sep-11\."
    ):
        comparison.compare(counts(TYPED), area=AREA, earlier=EARLIER, later=Period.parse("2011-12 Q2"))


def test_an_area_that_the_counts_do_not_hold_is_refused():
    with pytest.raises(ValueFoundError, match=r'There is no row for the area "Fenland"\.\nWhere: Typed\n'):
        comparison.compare(counts(TYPED), area="Fenland", earlier=EARLIER, later=LATER)


def test_nothing_is_broken_in_the_published_figures():
    assert comparison.broken_sums(compared(TYPED)) == ()


@given(st.lists(st.tuples(counts_of_offences, counts_of_offences), min_size=45, max_size=45))
def test_nothing_is_broken_where_every_whole_is_the_sum_of_its_parts(pairs):
    typed = dict(zip((row.row_id for row in CADET.rows), pairs, strict=True))
    wholes = {identity.whole: identity.parts for identity in CADET.identities}

    def offences_of(row_id):
        parts = [offences_of(part) for part in wholes.get(row_id, ())]
        return tuple(map(sum, zip(*parts, strict=True))) if parts else typed[row_id]

    consistent = {row_id: offences_of(row_id) for row_id in typed}
    broken = comparison.broken_sums(compared(consistent))
    assert [each for each in broken if not each.is_bound] == []


@pytest.mark.parametrize("row_id", IN_A_SUM)
@pytest.mark.parametrize("place", [0, 1], ids=["earlier", "later"])
@pytest.mark.parametrize("by", [1, -1])
def test_one_offence_too_many_or_too_few_in_any_row_of_a_sum_is_found(row_id, place, by):
    wrong = list(TYPED[row_id])
    wrong[place] += by
    broken = comparison.broken_sums(compared({**TYPED, row_id: tuple(wrong)}))
    names = {name for each in broken for name in (each.whole, *each.parts)}
    assert CADET.row(row_id).name in names
    assert all(each.holds[1 - place] and not each.holds[place] for each in broken)


def test_a_bound_that_is_passed_is_found():
    more = TYPED["all-crime"][1] + 1
    (broken,) = comparison.broken_sums(compared({**TYPED, "bcs-comparator-crime": (870, more)}))
    assert str(broken) == (
        "All Crime is less than BCS Comparator Crime: "
        "1,477 against 870 in Apr-10 to Jun-10 (holds); 1,321 against 1,322 in Apr-11 to Jun-11 (a difference of 1)"
    )


def test_a_broken_sum_names_both_sides_both_periods_and_the_difference():
    (broken,) = comparison.broken_sums(compared({**TYPED, "arson": (10, 15)}))
    assert str(broken) == (
        "Criminal Damage is not All Damage to Dwellings + All Damage to Other Buildings + All Damage to Vehicles + "
        "All Other Damage + Arson: 264 against 264 in Apr-10 to Jun-10 (holds); "
        "245 against 248 in Apr-11 to Jun-11 (a difference of 3)"
    )


def test_rows_that_differ_between_two_tables_are_paired_and_all_others_left_out():
    one, other = compared(TYPED), compared({**TYPED, "homicides": (2, 1), "rapes": (3, 2)})
    differing = comparison.differences(one, other)
    assert [(a.row.name, a.earlier, a.later, b.earlier, b.later) for a, b in differing] == [
        ("Homicides", 2, 0, 2, 1),
        ("Rapes", 2, 2, 3, 2),
    ]
    assert comparison.differences(one, one) == ()


@pytest.mark.parametrize(("earlier", "later"), [(-2, 5), (-5, -2), (-1, 0)])
def test_no_share_is_worked_out_of_a_count_below_0(earlier, later):
    assert comparison.apparent_change(earlier, later) is None
    assert comparison.printed_change(earlier, later) == "No Calc"
