"""How often the rules would have been wrong, as the report shows it: fixed rows, and one sentence for readers."""

from __future__ import annotations

import numpy as np
import pytest

from cdrp_xl import offences
from cdrp_xl.measures.backtest import back_test
from cdrp_xl.periods import Month, Period
from cdrp_xl.report import calibration
from cdrp_xl.tables import Counts, Origin

AREA = "Fen"


def counts(months, *, seed=3):
    classification = offences.load("police-uk")
    source = np.random.default_rng(seed)
    span = [Period(Month(2010, 4) + each, Month(2010, 4) + each) for each in range(months)]
    cells = {(AREA, row.row_id, month): int(source.poisson(25)) for row in classification.leaves for month in span}
    return Counts(
        classification=classification,
        areas=(AREA,),
        covered={AREA: frozenset(span)},
        cells=cells,
        origin=Origin(source="Drawn"),
    )


@pytest.mark.whole
def test_its_figures_are_those_of_the_back_test():
    source = counts(96)
    found, wanted = calibration.build(source, area=AREA), back_test(calibration.histories(source, areas=[AREA]))
    assert [row[-1] for row in found.placebo] == [each.n for each in wanted.placebo]
    assert [row[1] for row in found.placebo] == [each.different / each.n for each in wanted.placebo]
    assert [row[2] for row in found.placebo] == [each.exact / each.n for each in wanted.placebo]
    assert [row[1] for row in found.projection] == [each.covered / each.n for each in wanted.projection]
    assert sum(row[-1] for row in found.target) == sum(each.n for each in wanted.target)
    assert [row[-1] for row in found.flagged] == [wanted.months, wanted.reports]
    quarters = wanted.placebo[0]
    covered, years = sum(each.covered for each in wanted.projection), sum(each.n for each in wanted.projection)
    assert found.note == (
        f"The rules were tried on past counts of Fen. Of {quarters.n:,} quarters in which nothing changed on average, "
        f"they called {100 * quarters.different / quarters.n:.1f}% larger than usual. Of {years:,} years, "
        f"{100 * covered / years:.1f}% ended within the projected range."
    )


@pytest.mark.whole
def test_the_tables_have_the_same_rows_whatever_there_is_so_that_an_open_master_can_be_filled():
    much, little = calibration.build(counts(96), area=AREA), calibration.build(counts(3), area=AREA)
    for name in ("placebo", "projection", "target", "flagged"):
        assert [row[0] for row in getattr(much, name)] == [row[0] for row in getattr(little, name)]
    assert {row[1:] for row in little.placebo} == {("[x]", "[x]", 0)}
    assert little.note == ""
    assert little.intro.startswith("There is nothing to try the rules on yet")


def test_the_readers_sentence_stands_in_a_note_that_is_cited(built):
    assert built.calibration.note == (  # two years say nothing of a projection
        "The rules were tried on past counts of South Cambridgeshire. Of 26 quarters in which nothing changed on "
        "average, they called 0.0% larger than usual. The history is too short to try projections."
    )
    (note,) = [note for note in built.notes if built.calibration.note in note.text]
    assert f"[note {note.number}]" in built.intros.summary
