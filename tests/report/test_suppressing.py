"""The policy on small counts in the report: what is hidden is nowhere in it, and what is printed can't give it away."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from sums import declared_sums

from cdrp_xl import offences, report
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.measures.attack import Interval, best_bounds
from cdrp_xl.measures.suppression import rounded
from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs, suppressing
from cdrp_xl.report.local import Answer
from cdrp_xl.report.suppressed import Suppressed
from cdrp_xl.tables import Counts, Origin
from cdrp_xl.terms import SUPPRESSED, Flag

AREA = "South Cambridgeshire"
CADET = offences.load("cadet-2011")
EARLIER, LATER = Period.parse("2010-11 Q1"), Period.parse("2011-12 Q1")
PUBLISHED = Path(__file__).parent.parent / "cases" / "cadet_2011_q1.csv"
TODAY = dt.date(2011, 7, 29)

SETTINGS = """
[partnership]
name = "South Cambridgeshire CSP"
area = "South Cambridgeshire"
[suppression]
{suppression}
[sources.cadet]
files = ["x.csv"]
{priorities}
"""

HOMICIDES = """
[[priorities]]
id = "homicides"
title = "Homicides"
objective = "Fewer"
deadline = "2011-12"
measure = { rows = ["Homicides"] }
baseline = { year = "2010-11" }
"""


@pytest.fixture(scope="module")
def counted():
    with PUBLISHED.open(encoding="utf-8", newline="") as lines:
        printed = list(csv.DictReader(lines))
    cells = {
        (AREA, row.row_id, period): int(line[column])
        for row, line in zip(CADET.rows, printed, strict=True)
        for period, column in ((EARLIER, "earlier"), (LATER, "later"))
    }
    return Counts(
        classification=CADET,
        areas=(AREA,),
        covered={AREA: frozenset({EARLIER, LATER})},
        cells=cells,
        origin=Origin(source="CADET"),
    )


def build(counted, suppression="", priorities="", disclosed_before=()):
    own = settings_file.parse(SETTINGS.format(suppression=suppression, priorities=priorities))
    data = report.Data(counts={"cadet": counted})
    return report.build(
        own,
        period=LATER,
        data=data,
        inputs=Inputs(),
        today=TODAY,
        before=report.Before(disclosed=frozenset(disclosed_before)),
    )


def printed(built):
    return {
        (AREA, row.row.row_id, period): count
        for row in built.comparison.rows
        for period, count in ((EARLIER, row.earlier), (LATER, row.later))
    }


def shown_to_the_analyst(built):
    (check,) = [check for check in built.checks if check.what.startswith("Small counts")]
    return check


def test_by_default_the_highlights_print_every_count(counted):
    built = build(counted)
    assert printed(built) == counted.cells
    assert built.suppressed == ()
    assert not [note for note in built.notes if SUPPRESSED in note.text]


def test_hidden_counts_are_symbols_and_so_is_every_change_that_would_give_them_away(counted):
    row = build(counted, 'highlights = "hide"').comparison["homicides"]
    assert (row.earlier, row.later, row.change, row.apparent_change) == (SUPPRESSED, 0, SUPPRESSED, SUPPRESSED)


def test_the_attackers_best_bounds_on_the_printed_highlights_are_as_wide_as_the_policy_wants(counted):
    """A change or a percentage is printed only where both of its counts are: they tell a reader nothing more."""
    built = build(counted, 'highlights = "hide"')
    for row in built.comparison.rows:
        derived = SUPPRESSED in {row.change, row.apparent_change}
        assert derived == (SUPPRESSED in {row.earlier, row.later})
    seen = {
        cell: Interval(1, None) if count == SUPPRESSED else Interval(count, count)
        for cell, count in printed(built).items()
    }
    best = best_bounds(seen, declared_sums(CADET, areas=[AREA], periods=[EARLIER, LATER]))
    assert len(best) == 16
    assert min(interval.width for interval in best.values()) >= 2


def test_what_was_hidden_is_shown_to_readers_in_a_note_and_to_the_analyst_in_numbers(counted):
    built = build(counted, 'highlights = "hide"')
    (note,) = [note for note in built.notes if SUPPRESSED in note.text]
    assert note.text.startswith("Counts from 1 to 2 are hidden")
    assert f"Small counts are hidden {note.citation}." in built.intros.highlights
    (treated,) = built.suppressed
    assert (treated.sheet, treated.unsafe, treated.hidden, treated.exposed) == ("CADET highlights", 11, 16, 0)
    check = shown_to_the_analyst(built)
    assert (check.what, check.holds) == ("Small counts on CADET highlights", True)
    assert check.detail == (
        "Cells hidden: 16, of which small counts: 11. "
        "No reader can work any of them out more closely than the policy allows."
    )


def test_a_count_that_a_priority_prints_is_not_thought_hidden(counted):
    built = build(counted, 'highlights = "hide"', HOMICIDES)
    assert built.priorities[0].baseline == 2
    assert built.comparison["homicides"].earlier == SUPPRESSED
    assert built.suppressed[0].exposed == 1
    check = shown_to_the_analyst(built)
    assert not check.holds
    assert check.detail.endswith(
        "Small counts that figures printed elsewhere or in earlier copies bound more closely than the policy wants: 1."
    )


def counts_printed(built):
    return {(cell, count) for cell, count in printed(built).items() if count != SUPPRESSED}


def seen_in(*copies):
    """What a reader of several copies knows of each count, where it did not change; a hidden count is 1 or more."""
    seen = dict.fromkeys(printed(copies[-1]), Interval(1, None))
    return seen | {cell: Interval(count, count) for copy in copies for cell, count in counts_printed(copy)}


DRUGS = ("all-drugs-offences", "drugs-trafficking", "drugs-simple-possession", "drugs-other-offences")


def revised(counted):
    """Trafficking is revised from 3 to 36, so that simple possession (35) is now the cheapest to hide beside the 1."""
    from dataclasses import replace

    more = {"drugs-trafficking": 33, "all-drugs-offences": 33, "all-crime": 33}
    cells = {
        (area, row, when): n + more.get(row, 0) * (when == EARLIER) for (area, row, when), n in counted.cells.items()
    }
    return replace(counted, cells=cells)


@pytest.mark.whole
def test_a_second_copy_with_revised_counts_does_not_undo_the_first(counted):
    sums = declared_sums(CADET, areas=[AREA], periods=[EARLIER, LATER])
    first = build(counted, 'highlights = "hide"')
    unthinking = build(revised(counted), 'highlights = "hide"')
    small = (AREA, "drugs-other-offences", EARLIER)
    assert best_bounds(seen_in(first, unthinking), sums)[small] == Interval(1, 1)
    second = build(revised(counted), 'highlights = "hide"', disclosed_before=counts_printed(first))
    best = best_bounds(seen_in(first, second), sums)
    print({row: printed(second)[AREA, row, EARLIER] for row in DRUGS}, best[small])  # noqa: T201
    assert min(best[cell].width for cell, count in counted.cells.items() if count in {1, 2}) >= 2
    alone = best_bounds(seen_in(second), sums)
    assert min(alone[cell].width for cell, count in printed(second).items() if count == SUPPRESSED) >= 2
    assert shown_to_the_analyst(second).holds


@pytest.mark.whole
def test_the_same_counts_are_printed_in_the_same_way_again(counted):
    for threshold in (2, 4):
        policy = f'highlights = "hide"\nunsafe_up_to = {threshold}'
        first = build(counted, policy)
        assert printed(build(counted, policy, disclosed_before=counts_printed(first))) == printed(first)


def test_small_counts_that_an_earlier_copy_printed_are_hidden_all_the_same_and_reported_as_exposed(counted):
    every = build(counted)
    hidden = build(counted, 'highlights = "hide"', disclosed_before=counts_printed(every))
    assert printed(hidden) == printed(build(counted, 'highlights = "hide"'))
    assert hidden.suppressed[0].exposed == 11
    assert not shown_to_the_analyst(hidden).holds


def test_rounded_counts_are_printed_with_changes_of_the_rounded_counts(counted):
    built = build(counted, 'highlights = "round"')
    row = built.comparison["all-crime"]
    assert (row.earlier, row.later, row.change) == (1475, 1320, -155)
    assert row.apparent_change == pytest.approx(-155 / 1475)
    assert all(count == rounded(counted.cells[cell]) for cell, count in printed(built).items() if count != SUPPRESSED)
    assert shown_to_the_analyst(built).detail.startswith(
        "All counts are rounded. Cells hidden as well: 1; small counts: 11."
    )


@pytest.mark.whole
def test_in_sensitive_rows_and_small_areas_3_and_4_are_hidden_too(counted):
    sensitive = build(counted, 'highlights = "hide"\nsensitive_rows = ["Drugs (Trafficking)"]')
    assert sensitive.suppressed[0].unsafe == 12
    assert build(counted, 'highlights = "hide"\nunsafe_up_to = 4').suppressed[0].unsafe == 16


def test_a_sensitive_row_that_there_is_not_is_refused(counted):
    with pytest.raises(ValueFoundError, match=r'There is no offence row "rape"') as refused:
        build(counted, 'highlights = "hide"\nsensitive_rows = ["rape"]')
    assert "rapes" in refused.value.remedy


def every_value(thing):
    """Yield every value that a frozen report holds, however deep."""
    if is_dataclass(thing):
        for field in fields(thing):
            yield from every_value(getattr(thing, field.name))
    elif isinstance(thing, tuple):
        for part in thing:
            yield from every_value(part)
    else:
        yield thing


def test_what_was_done_on_a_worksheet_is_asked_for_by_its_whole_name(counted):
    counts = dict.fromkeys(("unsafe", "hidden", "exposed"), 0)
    done = [Suppressed(sheet=name, is_rounded=False, **counts) for name in ("CADET highlights", suppressing.FARM)]
    of = suppressing.Protected.of
    assert [of(SimpleNamespace(suppressed=done), each.sheet) for each in done] == done
    assert of(SimpleNamespace(suppressed=done), "Outcomes") is None


def test_a_hidden_count_is_nowhere_in_the_report(counted):
    """A count that no other figure has is put in; hidden, it is in no field of the report."""
    cells = {**counted.cells}
    for row in ("all-racially-aggravated-crime", "racially-aggravated-violence"):
        cells[AREA, row, LATER] += 86_417
    cells[AREA, "all-crime", LATER] += 86_417
    from dataclasses import replace

    shown = [*every_value(build(replace(counted, cells=cells)))]
    assert 86_417 + 10 in shown
    hidden = build(
        replace(counted, cells=cells), 'highlights = "hide"\nsensitive_rows = ["racially-aggravated-damage"]'
    )
    assert hidden.comparison["racially-aggravated-violence"].later == SUPPRESSED
    values = [*every_value(hidden)]
    assert 86_417 + 10 not in values
    assert not [text for text in values if isinstance(text, str) and "86,427" in text]


def answer(place, later, earlier=10, *, row="Arson", period=LATER, flagged=None):
    return Answer(
        area=place,
        row_id=CADET.row(row).row_id,
        offences_of=row,
        period=period,
        earlier_period=period.earlier(),
        offences=later,
        earlier=earlier,
        change=later - earlier,
        apparent_change=(later - earlier) / earlier if earlier else "No Calc",
        flag=Flag.DOMESTIC if flagged is not None else "[z]",
        flagged="[z]" if flagged is None else flagged,
        share="[z]" if flagged is None else flagged / later,
        remark="[z]",
    )


def local(counted, *answers, suppression=""):
    own = settings_file.parse(SETTINGS.format(suppression=suppression, priorities=""))
    return suppressing.local_answers(answers, highlights=build(counted).comparison, settings=own)


def test_small_counts_of_localities_are_hidden_by_default_with_what_is_worked_out_of_them(counted):
    (found, other), treated = local(counted, answer("Sawston", 2), answer("Histon", 9, flagged=1))
    assert (found.offences, found.change, found.apparent_change) == (SUPPRESSED,) * 3
    assert found.earlier == 10
    assert (other.offences, other.flagged, other.share) == (9, SUPPRESSED, SUPPRESSED)
    assert (treated.sheet, treated.unsafe, treated.exposed) == ("Local analysis", 2, 0)


def test_sensitive_offences_of_a_locality_are_hidden_up_to_4(counted):
    asked = answer("Sawston", 4, row="Drugs (Trafficking)"), answer("Histon", 4)
    (sensitive, other), treated = local(counted, *asked, suppression='sensitive_rows = ["Drugs (Trafficking)"]')
    assert (sensitive.offences, other.offences) == (SUPPRESSED, 4)
    assert treated.unsafe == 1


def test_the_whole_area_is_printed_as_the_highlights_print_it(counted):
    (found,), treated = local(counted, answer(AREA, 2, 2, row="Rapes"))
    assert (found.offences, found.change) == (2, 0)
    assert (treated.unsafe, treated.hidden) == (0, 0)


def test_months_that_make_up_a_printed_quarter_are_not_hidden_alone(counted):
    """Apr 6 and May 4 of a quarter of 12 would give June's 2 away."""
    months = [Period.parse(f"{month}-11") for month in ("Apr", "May", "Jun")]
    asked = [answer("Sawston", count, 0, period=month) for count, month in zip((6, 4, 2), months, strict=True)]
    found, treated = local(counted, answer("Sawston", 12, 20), *asked)
    assert found[3].offences == SUPPRESSED
    assert sum(each.offences == SUPPRESSED for each in found) == 2
    assert treated.exposed == 0


def test_homicides_of_a_locality_are_not_hidden_alone_beside_the_other_parts_of_most_serious_violence(counted):
    """11 less 9 less 0 would give the 2 away."""
    rows = {
        "Most Serious Violence": 11,
        "Homicides": 2,
        "Wounding Endangering Life": 9,
        "Grievous Bodily Harm without Intent": 0,
    }
    found, treated = local(counted, *(answer("Sawston", count, 30, row=row) for row, count in rows.items()))
    hidden = {each.offences_of for each in found if each.offences == SUPPRESSED}
    assert hidden == {"Homicides", "Wounding Endangering Life"}
    assert treated.exposed == 0


def test_the_attackers_best_bounds_on_a_printed_locality_table_are_as_wide_as_the_policy_wants(counted):
    """The table is read as a reader does: the answers as they are printed, and the published sums between rows."""
    rows = {
        "violence-with-injury": 85,
        "assaults-with-less-serious-injury": 74,
        "most-serious-violence": 11,
        "homicides": 2,
        "wounding-endangering-life": 9,
        "grievous-bodily-harm-without-intent": 0,
        "all-drugs-offences": 12,
        "drugs-trafficking": 2,
        "drugs-simple-possession": 7,
        "drugs-other-offences": 3,
    }
    names = {row.row_id: row.name for row in CADET.rows}
    found, treated = local(counted, *(answer("Sawston", count, 30, row=names[row]) for row, count in rows.items()))
    seen = {
        ("Sawston", row, LATER): Interval(1, None)
        if each.offences == SUPPRESSED
        else Interval(each.offences, each.offences)
        for row, each in zip(rows, found, strict=True)
    }
    known = [each for each in declared_sums(CADET, areas=["Sawston"], periods=[LATER]) if seen.keys() >= {*each.cells}]
    best = best_bounds(seen, known)
    print(*(f"{row}: {least} to {most}" for (_, row, _), (least, most) in best.items()), sep="\n")  # noqa: T201
    assert len(known) == 3
    assert {row for (_, row, _) in best} >= {row for row, count in rows.items() if count in {1, 2}}
    assert min(interval.width for interval in best.values()) >= 2
    assert treated.exposed == 0


def test_a_row_between_two_others_need_not_be_asked_about_to_be_worked_out(counted):
    """Violence with injury less assaults is most serious violence, which nobody asked about."""
    rows = {
        "All Recorded Violence with Injury": 85,
        "Assaults With Less Serious Injury": 74,
        "Homicides": 2,
        "Wounding Endangering Life": 9,
        "Grievous Bodily Harm without Intent": 0,
    }
    found, treated = local(counted, *(answer("Sawston", count, 300, row=row) for row, count in rows.items()))
    assert sum(each.offences == SUPPRESSED for each in found) == 2
    assert treated.exposed == 0


def test_the_flagged_offences_of_a_locality_add_up_too(counted):
    rows = {
        "Most Serious Violence": (40, 11),
        "Homicides": (10, 2),
        "Wounding Endangering Life": (20, 9),
        "Grievous Bodily Harm without Intent": (10, 0),
    }
    asked = [answer("Sawston", count, 50, row=row, flagged=flagged) for row, (count, flagged) in rows.items()]
    found, treated = local(counted, *asked)
    assert sum(each.flagged == SUPPRESSED for each in found) == 2
    assert treated.exposed == 0


def test_parts_that_are_not_all_asked_about_bound_their_whole(counted):
    """Of three parts two are asked about: 11 less 9 would leave homicides 1 or 2."""
    asked = [
        answer("Sawston", count, 30, row=row)
        for row, count in (("Most Serious Violence", 11), ("Homicides", 2), ("Wounding Endangering Life", 9))
    ]
    found, treated = local(counted, *asked)
    assert [each.offences for each in found] == [11, SUPPRESSED, SUPPRESSED]
    assert treated.exposed == 0


def test_localities_may_print_every_count_or_rounded_ones(counted):
    asked = (answer("Sawston", 2, 8), answer("Histon", 9))
    assert local(counted, *asked, suppression='localities = "off"') == (asked, None)
    (found, _), treated = local(counted, *asked, suppression='localities = "round"')
    assert (found.offences, found.earlier, found.change) == (0, 10, -10)
    assert treated.is_rounded


def test_without_a_local_question_nothing_is_reported(counted):
    assert local(counted) == ((), None)


@pytest.mark.parametrize(
    ("name", "called", "key"),
    [
        ("Littleport", "", "littleport"),
        ("Littleport", "Ward", "ward: littleport"),
        ("Anywhere", "Ward", "ward: anywhere"),
        ("Anywhere", "", ": anywhere"),
    ],
)
def test_a_ward_or_the_areas_own_name_is_no_locality_of_that_name(name, called, key):
    assert suppressing.place_key(name, whole="anywhere", called=called) == key
