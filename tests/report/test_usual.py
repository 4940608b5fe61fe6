"""How much what is compared usually moves: its own three years drawn to the leaves', otherwise its kind's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cdrp_xl import offences
from cdrp_xl.measures.movement import Basis, movements, of_kind, pairs_before
from cdrp_xl.periods import Month, Period
from cdrp_xl.report import usual
from cdrp_xl.selected import PriorityOffences
from cdrp_xl.tables import Counts, Origin
from cdrp_xl.terms import Kind

AREA = "Fen"
FIRST = Month(2011, 4)
CADET = offences.load("cadet-2011")


def counts(years, *, leaves_only=False):
    """So many years of every row before April 2011, drawn from a fixed seed."""
    source = np.random.default_rng(11)
    months = [Period(FIRST + -back, FIRST + -back) for back in range(1, 12 * years + 1)]
    rows = CADET.leaves if leaves_only else CADET.rows
    cells = {(AREA, row.row_id, month): int(source.poisson(12 + row.number)) for row in rows for month in months}
    return Counts(
        classification=CADET,
        areas=(AREA,),
        covered={AREA: frozenset(months)},
        cells=cells,
        origin=Origin(source="Drawn"),
    )


def test_with_three_years_each_row_has_its_own_and_is_drawn_to_the_leaves():
    source = counts(3)
    found = usual.of_rows(source, area=AREA, first=FIRST)
    pairs = {
        row.row_id: pairs_before(
            FIRST, lambda period, key=row.row_id: source.offences(area=AREA, row_id=key, period=period)
        )
        for row in CADET.rows
    }
    kinds = {row.row_id: row.kind for row in CADET.rows}
    assert found == movements(pairs, typical=[row.row_id for row in CADET.leaves], kinds=kinds)
    assert {each.basis for each in found.values()} == {Basis.HISTORY}


def test_with_less_each_row_has_its_kinds():
    found = usual.of_rows(counts(2), area=AREA, first=FIRST)
    assert found == {row.row_id: of_kind(row.kind) for row in CADET.rows}


def test_rows_together_have_their_own_sum_and_without_history_the_kind_that_moves_most():
    source = counts(3)
    rows = ["burglary-dwelling", "shoplifting"]
    both = usual.of_sum([source], rows, area=AREA, first=FIRST)
    one = usual.of_sum([source], rows[:1], area=AREA, first=FIRST)
    assert both.basis is one.basis is Basis.HISTORY
    assert both.alpha != one.alpha == usual.of_rows(source, area=AREA, first=FIRST)["burglary-dwelling"].alpha
    assert usual.of_sum([counts(1)], rows, area=AREA, first=FIRST) == of_kind(Kind.SHOPLIFTING)


def test_a_selection_may_hold_any_kind_and_is_counted_where_it_was_selected():
    key = PriorityOffences("farm-crime")
    assert usual.of_sum([counts(3)], [key], area=AREA, first=FIRST) == of_kind(Kind.BICYCLE_THEFT)
    source = counts(3)
    selected = replace(
        source,
        selections=(key,),
        cells={**source.cells, **{(AREA, key, month): 9 for month in source.covered[AREA]}},
    )
    assert usual.of_sum([selected], [key], area=AREA, first=FIRST).basis is Basis.HISTORY


def test_sources_of_one_definition_make_up_a_history_together():
    whole = counts(3)
    later = frozenset(month for month in whole.covered[AREA] if month.first.year > 2009)
    parts = [replace(whole, covered={AREA: later}), replace(whole, covered={AREA: whole.covered[AREA] - later})]
    found = usual.of_sum(parts, ["shoplifting"], area=AREA, first=FIRST)
    assert found == usual.of_sum([whole], ["shoplifting"], area=AREA, first=FIRST)


def test_a_row_that_a_source_lacks_has_no_movement_of_its_own():
    source = replace(counts(3, leaves_only=True), rows_missing=frozenset({"arson", "all-crime"}))
    found = usual.of_rows(source, area=AREA, first=FIRST)
    assert not {"arson", "all-crime"} & set(found)
    assert usual.of_sum([source], ["arson"], area=AREA, first=FIRST) == of_kind(Kind.CRIMINAL_DAMAGE_AND_ARSON)
