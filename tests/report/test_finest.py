"""The finest counts: what is said about them is true, and whatever is asked about is made of them."""

from __future__ import annotations

import random

import pytest

from cdrp_xl.measures.attack import Sum
from cdrp_xl.periods import Period
from cdrp_xl.report.finest import finest_sums, untouched
from cdrp_xl.selected import PriorityOffences, RemainingOffences, RowOffences
from cdrp_xl.terms import Flag

AREA, PLACES, WARDS = "Anywhere", ("littleport", "sutton"), ("ward: a", "ward: b")
PARTS_OF = {"all": ("vehicle", "arson"), "vehicle": ("from", "of"), "drugs": ("dealing", "use")}
LEAVES = ("arson", "from", "of", "dealing", "use")
MONTHS = tuple(Period.parse(f"{name}-11") for name in ("Apr", "May", "Jun", "Jul", "Aug", "Sep"))
PERIODS = (*MONTHS, Period.parse("2011-12 Q1"), Period.parse("2011-12 Q2"), Period.parse("Apr-11 to Sep-11"))
Q1, Q2, HALF = PERIODS[-3:]


def leaves_of(row):
    ids = row.row_ids if isinstance(row, RemainingOffences) else [row.row_id if isinstance(row, RowOffences) else row]
    leaves = set()
    for each in ids:
        leaves |= leaves_of(RemainingOffences(PARTS_OF[each])) if each in PARTS_OF else {each}
    return leaves


class World:
    """Offences by where they were, row, month and flag: the wards are all of the area, each place in none or one."""

    def __init__(self, rng):
        self.offences = [
            (place, ward, leaf, month, rng.random() < 0.5)
            for place in (*PLACES, None)
            for ward in WARDS
            for leaf in LEAVES
            for month in MONTHS
            for _ in range(rng.choice([0, 0, 1, 2]))
        ]

    def count(self, cell):
        place, row, when = cell
        leaves, flag = leaves_of(row), row.flag if isinstance(row, RowOffences | RemainingOffences) else None
        return sum(
            place in {AREA, locality, ward} and leaf in leaves and month in when and (is_borne or not flag)
            for locality, ward, leaf, month, is_borne in self.offences
        )


def drawn(rng):
    cells = []
    for _ in range(rng.choice([4, 8, 20])):
        row = rng.choice([*LEAVES, *PARTS_OF])
        key = RowOffences(row, flag=Flag.DOMESTIC) if rng.random() < 0.4 else row
        cells.append((rng.choice([AREA, *PLACES, *WARDS]), key, rng.choice(PERIODS)))
    return list(dict.fromkeys(cells))


@pytest.mark.parametrize("seed", range(40))
def test_what_is_said_of_the_finest_counts_is_true(seed):
    rng = random.Random(seed)  # noqa: S311 - drawn again from its seed
    world, cells = World(rng), drawn(rng)
    sums = finest_sums(cells, whole=AREA, divisions=[WARDS], parts_of=PARTS_OF, made=())
    counts = {cell: world.count(cell) for each in sums for cell in each.cells if not cell[0].startswith(" ")}
    for each in sums:
        for rest in each.parts:  # what is left of an area is what the other parts leave
            if rest[0].startswith(" ") and each.whole[0] == AREA:
                counts[rest] = counts[each.whole] - sum(counts[part] for part in each.parts if part != rest)
    assert [each for each in sums if not each.holds(counts)] == []
    assert min(counts.values(), default=0) >= 0


def test_a_whole_and_a_row_of_it_in_a_place_are_made_of_that_row_and_all_others():
    cells = [("sutton", "vehicle", Q1), ("sutton", "of", Q1), (AREA, "of", HALF), (AREA, PriorityOffences("own"), Q1)]
    assert finest_sums(cells, whole=AREA, divisions=[], parts_of=PARTS_OF, made=()) == [
        Sum(whole=("sutton", "vehicle", Q1), parts=(("sutton", "from", Q1), ("sutton", "of", Q1))),
        Sum(whole=(AREA, "of", Q1), parts=(("sutton", "of", Q1),), is_bound=True),
        Sum(whole=(AREA, "of", HALF), parts=((AREA, "of", Q1),), is_bound=True),
    ]


def test_a_revision_touches_the_least_that_explains_it():
    """Vehicle crime was revised since thefts of vehicles were; those from them need not have been."""
    revised = [("sutton", "vehicle", Q1), ("sutton", "of", Q1)]
    cells = [("sutton", "from", Q1), ("sutton", "of", MONTHS[0]), ("sutton", "of", Q2), ("littleport", "of", Q1)]
    assert untouched(cells, revised, whole=AREA, parts_of=PARTS_OF) == [cells[0], cells[2], cells[3]]
