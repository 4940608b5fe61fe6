"""The ledger of all that a copy tells of counts: what is worked out of it, and what the most exact reader finds."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
import pytest
from attacker import AREA as ANYWHERE
from attacker import CADET, EARLIER, LATER, LEAVES, MONTHS, PLACES, Reader, attack, settings_of, world_of
from msgspec import structs

from cdrp_xl import report
from cdrp_xl import settings as settings_file
from cdrp_xl.measures.attack import Interval, Sum, best_bounds, possible_counts
from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs, suppressing
from cdrp_xl.report.disclosed import Declared, Disclosed, ledger
from cdrp_xl.report.local import Answer
from cdrp_xl.report.model import Highlights
from cdrp_xl.selected import FarmOffences, PriorityOffences, RemainingOffences, RowBeforeRevision, RowOffences
from cdrp_xl.sources.master import Question
from cdrp_xl.tables import Counts, Origin
from cdrp_xl.terms import SUPPRESSED, Flag

PLACE = "littleport"
DECLARED = Declared(area=ANYWHERE, classification=CADET)
CADET_ONLY = '[partnership]\nname = "X"\narea = "Anywhere"\n{suppression}[sources.cadet]\nfiles = ["x.csv"]\n'
VEHICLES = ("aggravated-vehicle-taking", "theft-from-vehicle", "theft-of-a-vehicle")


def quarter(name):
    return Period.parse(name)


def holds_everywhere(found):
    counts = possible_counts(found.counts, found.sums)
    return found.unknown <= counts.keys() and all(each.holds(counts) for each in found.sums)


def test_the_month_that_is_missing_from_a_quarter_is_in_the_ledger():
    months = dict(zip(("Apr-11", "Jun-11", "2011-12 Q1"), (6, 4, 12), strict=True))
    found = ledger({(PLACE, "arson", quarter(name)): count for name, count in months.items()}, DECLARED)
    may = (PLACE, "arson", quarter("May-11"))
    assert (found.counts[may], found.derivable) == (2, {may})
    assert holds_everywhere(found)
    assert found.sums


def test_what_lies_between_two_years_that_overlap_is_in_the_ledger():
    """Of two years ending a month apart, each less what both have is a month."""
    counts = {"Apr-10 to Mar-11": 40, "May-10 to Apr-11": 41, "Apr-11": 2}
    found = ledger({(PLACE, "arson", quarter(name)): count for name, count in counts.items()}, DECLARED)
    assert found.counts[PLACE, "arson", quarter("Apr-10")] == 1
    assert holds_everywhere(found)


def test_a_month_within_a_quarter_bounds_it_where_nothing_tells_the_other_months():
    may, whole = ((PLACE, "arson", quarter(name)) for name in ("May-11", "2011-12 Q1"))
    found = ledger({may: 2, whole: 9}, DECLARED)
    assert Sum(whole=whole, parts=(may,), is_bound=True) in found.sums


@pytest.mark.parametrize(("asked", "rest"), [(1, RemainingOffences(VEHICLES[1:])), (2, VEHICLES[2])])
def test_what_is_left_of_a_whole_is_in_the_ledger(asked, rest):
    counts = {
        (PLACE, row, LATER): count for row, count in zip(("vehicle-crime", *VEHICLES[:asked]), (16, 8, 6), strict=False)
    }
    found = ledger(counts, DECLARED)
    assert found.counts[PLACE, rest, LATER] == 16 - sum((8, 6)[:asked])
    assert holds_everywhere(found)


def test_sources_that_disagree_make_up_no_count_below_0():
    counts = {(PLACE, "arson", quarter(name)): count for name, count in (("Apr-11", 9), ("2011-12 Q1", 4))}
    found = ledger(counts, DECLARED)
    assert min(found.counts.values()) == 4
    assert len(found.counts) == 2


def test_what_a_quarter_gives_is_known_though_the_sources_disagree_on_another():
    counts = {"Apr-11": 9, "2011-12 Q1": 4, "Apr-12": 6, "Jun-12": 4, "2012-13 Q1": 12}
    found = ledger({(PLACE, "arson", quarter(name)): count for name, count in counts.items()}, DECLARED)
    assert found.counts[PLACE, "arson", quarter("May-12")] == 2


def test_a_row_that_holds_all_codes_of_a_farm_group_bounds_it():
    arson = CADET.row("arson")
    farm, row = ((PLACE, key, LATER) for key in (FarmOffences("Arson"), "arson"))
    found = ledger({farm: 1, row: 5}, replace(DECLARED, farm_codes={"Arson": arson.codes}))
    assert Sum(whole=row, parts=(farm,), is_bound=True) in found.sums


def test_earlier_copies_are_known_and_a_count_that_was_revised_is_another_one():
    cells = {row: (PLACE, row, LATER) for row in VEHICLES}
    before = [
        Disclosed(("Littleport", VEHICLES[0], LATER), 2, "hidden"),
        Disclosed(("Littleport", VEHICLES[1], LATER), 8),
        Disclosed(("Littleport", VEHICLES[2], LATER), 5, "rounded"),
    ]
    found = ledger({cells[VEHICLES[1]]: 9, cells[VEHICLES[2]]: 6}, DECLARED, before=before)
    was = (PLACE, RowBeforeRevision(VEHICLES[1]), LATER)
    assert (found.exact, found.withheld) == ({was}, {cells[VEHICLES[0]]})
    assert (found.counts[was], found.counts[cells[VEHICLES[1]]]) == (8, 9)
    assert found.known == {cells[VEHICLES[2]]: Interval(3, 7)}
    assert ledger({cells[VEHICLES[1]]: 8}, DECLARED, before=before).exact == {cells[VEHICLES[1]]}


def test_what_was_added_up_before_a_revision_is_so_still_of_counts_that_were_not_revised():
    """20 was 15 and 5 together, and 3 of those 5 are printed now: the rest is 2, whatever became of the 15."""
    cells = {row: (PLACE, row, LATER) for row in ("vehicle-crime", *VEHICLES)}
    before = [
        Disclosed(cells["vehicle-crime"], 20),
        Disclosed(cells[VEHICLES[0]], 15),
        Disclosed(cells[VEHICLES[1]], 3, "hidden"),
        Disclosed(cells[VEHICLES[2]], 2, "hidden"),
    ]
    found = ledger(dict(zip(cells.values(), (21, 16, 3, 2), strict=True)), DECLARED, before=before)
    was = {row: (PLACE, RowBeforeRevision(row), LATER) for row in ("vehicle-crime", VEHICLES[0])}
    assert found.exact == {*was.values()}
    parts = (was[VEHICLES[0]], cells[VEHICLES[1]], cells[VEHICLES[2]])
    assert Sum(whole=was["vehicle-crime"], parts=parts) in found.sums
    assert holds_everywhere(found)


def test_by_how_many_a_whole_was_revised_its_part_was():
    """187 is 186 now, and nothing but a part of it was revised, which is 0 now: so it was 1."""
    whole, part = ((ANYWHERE, row, LATER) for row in ("violence-against-the-person", "violence-with-injury"))
    before = [Disclosed(whole, 187), Disclosed(part, 1, "hidden")]
    found = ledger({whole: 186, part: 0}, DECLARED, before=before)
    was = {cell: (ANYWHERE, RowBeforeRevision(cell[1]), LATER) for cell in (whole, part)}
    seen = {cell: Interval(found.counts[cell], found.counts[cell]) for cell in (whole, part, was[whole])}
    seen |= dict.fromkeys({cell for each in found.sums for cell in each.cells} - seen.keys(), Interval(0, None))
    assert best_bounds(seen, found.sums)[was[part]] == Interval(1, 1)
    otherwise = ledger({whole: 185, part: 0}, DECLARED, before=before)
    assert all(each.is_bound for each in otherwise.sums)


def answers(rows, earlier, later):
    return [
        Answer(
            area="Littleport",
            row_id=row,
            offences_of=row,
            period=later,
            earlier_period=earlier,
            offences=then,
            earlier=before,
            change=then - before,
            apparent_change=0.0,
            flag="[z]",
            flagged="[z]",
            share="[z]",
            remark="",
        )
        for row, before, then in rows
    ]


def test_this_years_copy_prints_nothing_that_gives_away_what_last_years_copy_hid():
    """Last year's prints two parts of vehicle crime and hides the third; this year's is asked for the whole too."""
    own = settings_file.parse(CADET_ONLY.format(suppression=""))
    years = [quarter(f"{year} Q1") for year in ("2009-10", "2010-11", "2011-12")]
    seen = {}

    def copy(rows, earlier, later, before=()):
        table = Highlights(area=ANYWHERE, classification=CADET, earlier=earlier, later=later, rows=())
        shown, _ = suppressing.local_answers(
            answers(rows, earlier, later), highlights=table, settings=own, disclosed_before=before
        )
        for each in shown:
            for period, count in ((each.earlier_period, each.earlier), (each.period, each.offences)):
                if count != SUPPRESSED:
                    seen[PLACE, each.row_id, period] = Interval(count, count)
        return shown

    copy([(VEHICLES[0], 0, 2), (VEHICLES[1], 9, 8), (VEHICLES[2], 7, 6)], *years[:2])
    disclosed = [Disclosed(cell, interval.least) for cell, interval in seen.items()]
    this = [("vehicle-crime", 16, 20), (VEHICLES[0], 2, 3), (VEHICLES[1], 8, 9), (VEHICLES[2], 6, 8)]
    copy(this, *years[1:], before=disclosed)
    cells = [(PLACE, row, years[1]) for row in ("vehicle-crime", *VEHICLES)]
    reader = dict.fromkeys(cells, Interval(1, None)) | {cell: seen[cell] for cell in cells if cell in seen}
    best = best_bounds(reader, [Sum(whole=cells[0], parts=tuple(cells[1:]))])
    assert best[cells[1]].width >= 2


def world_with(leaves, *, elsewhere=(), domestic=(), priority=""):
    """Return a world in which Littleport has these offences of vehicle crime, and the rest of the area 20 of each.

    Other numbers for the rest are given by row, and by row how many of Littleport's are domestic.
    """
    happened = np.zeros((3, len(LEAVES), len(MONTHS)), dtype=int)
    borne = np.zeros_like(happened)
    for period, number in ((EARLIER, 0), (LATER, 1)):
        month = MONTHS.index(Period(period.first, period.first))
        happened[0, :, month] = 20
        for values, place, of_row in (
            (happened, 0, dict(elsewhere)),
            (happened, 1, leaves),
            (borne, 1, dict(domestic)),
        ):
            for row_id, counts in of_row.items():
                values[place, LEAVES.index(row_id), month] = counts[number]
    return world_of(happened, borne, settings_of(highlights="off", localities="hide", priority=priority))


def asked_about(*questions):
    return tuple(
        Question(area=place, offence_row=CADET.row(row).name, flag=flag, period=quarter(period))
        for place, row, flag, period in questions
    )


def test_rows_that_nobody_asked_about_have_no_more_offences_in_a_place_than_in_its_area():
    """Of 3 all but one row's are no more than the 1 that the area has: so that row has 2 at least."""
    world = world_with(
        dict(zip(VEHICLES, ((5, 0), (5, 1), (5, 2)), strict=True)), elsewhere={VEHICLES[0]: (5, 0), VEHICLES[1]: (5, 0)}
    )
    asked = asked_about(*((PLACES[0], row, None, "2011-12 Q1") for row in ("vehicle-crime", VEHICLES[2])))
    built, _ = world.copy(asked)
    assert Reader([(world, built)]).narrow(only_small=False) == {}
    assert [each.offences for each in built.answers] == [SUPPRESSED, SUPPRESSED]
    assert built.suppressed[0].exposed == 1  # the rest itself, which the area's table bounds


def test_where_all_offences_bear_a_flag_those_of_rows_that_nobody_asked_about_do_too():
    """All 12 are domestic, and so is the one row's 1; the area has no more than 1 of these."""
    leaves = dict(zip(VEHICLES, ((0, 1), (0, 5), (0, 6)), strict=True))
    world = world_with(leaves, domestic=leaves)
    asked = ((PLACES[0], "vehicle-crime"), (ANYWHERE, VEHICLES[0]))
    flagged = [(place, row, Flag.DOMESTIC, "2011-12 Q1") for place, row in asked]
    built, _ = world.copy(asked_about(*flagged, (PLACES[0], VEHICLES[0], None, "2011-12 Q1")))
    assert Reader([(world, built)]).narrow(only_small=False) == {}
    assert (built.answers[0].flagged, built.answers[2].offences) == (SUPPRESSED, SUPPRESSED)
    assert built.suppressed[0].exposed == 0


def test_rows_of_a_place_are_no_more_together_than_their_whole_in_the_area_though_nobody_asked_about_it_there():
    """A priority prints 21 for April; Littleport has 13 of them and two rows of Sutton 7: so Sutton's third has 1."""
    world = world_with(dict(zip(VEHICLES, ((0, 2), (0, 5), (0, 6)), strict=True)), priority="vehicle-crime")
    for row, here, there in zip(VEHICLES, (0, 0, 0), (3, 1, 4), strict=True):
        world.happened[[0, 2], LEAVES.index(row), MONTHS.index(quarter("Apr-11"))] = here, there
    asked = asked_about(
        (PLACES[0], "vehicle-crime", None, "Apr-11"), *((PLACES[1], row, None, "Apr-11") for row in VEHICLES)
    )
    built, _ = world.copy(asked)
    assert Reader([(world, built)]).narrow(only_small=False) == {}
    assert built.suppressed[0].exposed == 0


def test_a_count_that_local_analysis_hides_is_not_among_the_emerging_issues():
    leaves = dict(zip(VEHICLES, ((2, 2), (5, 30), (6, 5)), strict=True))
    asked = tuple(
        Question(area=PLACES[0], offence_row=CADET.row(row).name, flag=None, period=LATER)
        for row in ("vehicle-crime", *VEHICLES)
    )
    built, _ = world_with(leaves).copy(asked)
    hidden = {
        (each.row_id, which)
        for each in built.answers
        for which, count in (("earlier", each.earlier), ("later", each.offences))
        if count == SUPPRESSED
    }
    disclosed = {(issue.row.row_id, "earlier") for issue in built.emerging.rises if PLACES[0] in issue.name}
    assert ("theft-from-vehicle", "earlier") in hidden
    assert hidden.isdisjoint(disclosed)
    (check,) = [each for each in built.checks if each.what == "Emerging issues among rows with hidden counts"]
    assert "Theft from vehicle in Littleport" in check.detail


@pytest.mark.whole
def test_whether_a_rounded_row_is_listed_depends_on_what_is_printed_alone():
    """2 to 15 and 0 to 15 print alike; the one was listed and the other not."""
    own = settings_file.parse(CADET_ONLY.format(suppression='[suppression]\nhighlights = "round"\n'))
    listed = {}
    for earlier, later in itertools.product((0, 1, 2), (13, 14, 15, 16, 17)):
        cells = {}
        for period, count in ((EARLIER, earlier), (LATER, later)):
            leaves = {row.row_id: 100 for row in CADET.rows if row.is_leaf} | {"shoplifting": count}
            for row in CADET.rows:
                parts = next((each.parts for each in CADET.identities if each.whole == row.row_id), ())
                cells[ANYWHERE, row.row_id, period] = (
                    sum(leaves.get(part, 100) for part in parts) if parts else leaves.get(row.row_id, 9000)
                )
        counts = Counts(
            classification=CADET,
            areas=(ANYWHERE,),
            covered={ANYWHERE: frozenset({EARLIER, LATER})},
            cells=cells,
            origin=Origin(source="Drawn"),
        )
        built = report.build(
            own,
            period=LATER,
            data=report.Data(counts={"cadet": counts}),
            inputs=Inputs(),
            today=dt.date(2011, 7, 29),
        )
        printed = built.comparison["shoplifting"]
        listed.setdefault((printed.earlier, printed.later), set()).add(
            tuple(each.name for each in built.emerging.rises)
        )
    assert {key: len(lists) for key, lists in listed.items()} == {(0, 15): 1}


def test_offences_with_a_flag_are_no_more_than_all_in_the_rest_of_an_area_either():
    """Of 9, 4 domestic and none of these in Littleport: so 4 at least were elsewhere."""
    domestic = RowOffences("arson", flag=Flag.DOMESTIC)
    counts = {(ANYWHERE, "arson", LATER): 9, (ANYWHERE, domestic, LATER): 4}
    counts |= {(PLACE, "arson", LATER): 6, (PLACE, domestic, LATER): 2}
    found = ledger(counts, DECLARED)
    seen = {cell: Interval(count, count) for cell, count in counts.items() if cell[0] == ANYWHERE}
    seen |= dict.fromkeys(found.unknown, Interval(0, None))
    seen |= {(PLACE, "arson", LATER): Interval(0, None), (PLACE, domestic, LATER): Interval(0, 0)}
    assert best_bounds(seen, found.sums)[PLACE, "arson", LATER] == Interval(0, 5)


def test_the_months_of_a_priority_bound_those_of_its_row_in_a_locality():
    own = settings_of(highlights="off", localities="round", priority="arson")
    declared = Declared(area=ANYWHERE, classification=CADET, priorities=own.priorities)
    may = quarter("May-11")
    found = ledger({(ANYWHERE, PriorityOffences("own"), may): 1, (PLACE, "arson", may): 1}, declared)
    assert (ANYWHERE, "arson", may) in found.exact
    whole = Sum(whole=(ANYWHERE, "arson", may), parts=((PLACE, "arson", may),), is_bound=True)
    assert whole in found.sums


def test_a_priority_at_a_locus_is_part_of_its_row():
    (own,) = settings_of(highlights="off", localities="off", priority="arson").priorities
    at_farms = structs.replace(own, measure=structs.replace(own.measure, locus_types=("Farm",)))
    whole, part = ((ANYWHERE, key, LATER) for key in ("arson", PriorityOffences(own.id)))
    found = ledger({whole: 5, part: 1}, replace(DECLARED, priorities=(at_farms,)))
    assert Sum(whole=whole, parts=(part,), is_bound=True) in found.sums


def test_a_count_that_an_earlier_copy_rounded_is_known_though_no_other_copy_has_it():
    cell = (PLACE, "arson", quarter("May-11"))
    before = [Disclosed(cell, 5, "rounded"), Disclosed(cell, 3, "hidden")]
    found = ledger({(PLACE, "arson", LATER): 7}, DECLARED, before=before)
    assert (found.counts[cell], found.known[cell], found.withheld) == (3, Interval(3, 7), {cell})


@pytest.mark.parametrize("mode", ["hide", "round"])
def test_the_areas_small_counts_on_local_analysis_are_accounted_for_where_places_have_no_policy(mode):
    """An earlier copy gave the area's quarter, which is Littleport's: so June's 1 in Littleport is the area's."""
    happened = np.zeros((3, len(LEAVES), len(MONTHS)), dtype=int)
    happened[1, LEAVES.index("theft-from-vehicle"), MONTHS.index(quarter("Apr-11")) :] = [5, 7, 1]
    world = world_of(happened, happened * 0, settings_of(highlights=mode, localities="off"))
    asked = tuple(
        Question(area=place, offence_row="Theft from Vehicle", flag=None, period=when, is_published=True)
        for place, when in ((ANYWHERE, quarter("Jun-11")), (PLACES[0], quarter("Jun-11")), (PLACES[0], LATER))
    )
    built, _ = world.copy(asked, [Disclosed((ANYWHERE, "theft-from-vehicle", LATER), 13)])
    treated = {each.sheet: each for each in built.suppressed}["Local analysis"]
    assert (built.answers[0].offences, treated.unsafe, treated.exposed) == (SUPPRESSED, 1, 1)
    (check,) = [each for each in built.checks if each.what == "Small counts on Local analysis"]
    assert not check.holds
    assert "of the whole area" in built.intros.other_issues


def test_the_months_of_a_row_that_a_priority_prints_are_recorded_as_printed_beside_rounded_counts():
    happened = np.zeros((3, len(LEAVES), len(MONTHS)), dtype=int)
    happened[1, LEAVES.index("theft-from-vehicle")] = 7
    own = settings_of(highlights="round", localities="round", priority="theft-from-vehicle")
    _, said = world_of(happened, happened * 0, own).copy(())
    april = (ANYWHERE, "theft-from-vehicle", quarter("Apr-11"))
    assert [each for each in said if each.cell == april] == [Disclosed(april, 7, "printed")]


def test_which_part_of_a_revised_row_changed_is_not_said_by_that_row_alone():
    """From 3 to 7 to 8 to 12: a reader who knows that thefts from vehicles were revised takes them for 1 or more."""
    whole, part = ((PLACE, row, LATER) for row in ("vehicle-crime", "theft-from-vehicle"))
    before = [Disclosed(whole, 5, "rounded"), Disclosed(whole, 6, "hidden")]
    found = ledger({whole: 8, part: 2}, DECLARED, before=before)
    assert holds_everywhere(found)
    seen = {cell: Interval(0, None) for cell in (*found.counts, *found.unknown)} | found.known
    seen |= {whole: Interval(8, 12), part: Interval(0, 2)}
    assert best_bounds(seen, found.sums, of=[part])[part] == Interval(1, 2)


@pytest.mark.whole
@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(141, id="a part of a rounded row that was revised, and that no earlier copy was asked about"),
        pytest.param(1337, id="months of the area, where places have no policy"),
        pytest.param(1857, id="months of the row of a priority that was revised"),
        pytest.param(1002, id="domestic offences elsewhere"),
        pytest.param(1006, id="months of a priority"),
        pytest.param(1047, id="an earlier copy that rounds"),
        pytest.param(53, id="an earlier copy before a revision"),
        pytest.param(487, id="flags of rows that nobody asked about"),
        pytest.param(560, id="months of a priority, and rows whose whole nobody asked about"),
        pytest.param(658, id="months of the area with a flag, quarters of its places"),
        pytest.param(2021, id="a whole revised by as many as a part of it"),
        pytest.param(2052, id="a count that was revised, and that the copy no longer has"),
        pytest.param(94, id="a presolve that finds no solution where there is one"),
    ],
)
def test_what_gave_a_count_away_once_does_so_no_longer(seed):
    assert attack(seed)[0] == []


@pytest.mark.whole
@pytest.mark.parametrize("seed", range(8))
def test_a_reader_who_kept_every_copy_bounds_no_hidden_count_of_a_random_report(seed):
    """More of them: make attack."""
    assert attack(seed)[0] == []
