"""The first page: its title, sentences and lines say one thing, and nothing that the pages behind it hide."""

from __future__ import annotations

import dataclasses
import itertools
import re

import pytest
from scipy import stats

from cdrp_xl.measures.comparison import ComparedRow, Comparison
from cdrp_xl.offences import load
from cdrp_xl.periods import Period, year_ending
from cdrp_xl.report import Highlights, HighlightsRow, chance, headlines
from cdrp_xl.report.localities import LocalRises
from cdrp_xl.report.rates_beside import NO_RATES, Rates
from cdrp_xl.selected import PriorityOffences
from cdrp_xl.settings import SignificanceSettings
from cdrp_xl.sources.master import Decided
from cdrp_xl.terms import SUPPRESSED, Decision, Status

LATER = Period.parse("2025-26 Q1")
YEARS = {"2025": 4_000, "2024": 5_000}
EXACT = SignificanceSettings(test="exact")


def page(counts, *, hidden=(), rounded=False, of_year=None, decisions=None, priorities=(), measures=None, rates=None):
    """The first page of an area whose rows have the same count in both periods but for some: {row: (before, now)}."""
    classification = load("police-uk")
    both = {row.row_id: counts.get(row.row_id, (40, 40)) for row in classification.rows}
    periods = {"area": "Cambridge", "classification": classification, "earlier": LATER.earlier(), "later": LATER}
    rows = [ComparedRow(row=row, earlier=both[row.row_id][0], later=both[row.row_id][1]) for row in classification.rows]
    table = Comparison(rows=tuple(rows), **periods)
    shown = Highlights(rows=tuple(printed(each, is_hidden=each.row.row_id in hidden) for each in rows), **periods)
    emerging = chance.emerging(
        table,
        shown,
        quarter=LATER,
        known={},
        settings=EXACT,
        decisions=decisions or {},
        local=LocalRises(),
        is_rounded=rounded,
    )
    return headlines.build(
        headlines.Found(
            table=table,
            highlights=shown,
            of_year=of_year or (lambda _row, year: YEARS[str(year.last.year)]),
            judged=None if rounded else chance.judge("exact", {}),
            settings=EXACT,
            priorities=priorities,
            measures=measures or {},
            emerging=emerging,
            rates=rates or (lambda _offences, _rows: NO_RATES),
            force="Cambridgeshire",
        )
    )


def in_years(counts):
    return lambda _row, year: counts[year.last.year]


def printed(each, *, is_hidden):
    if is_hidden:
        return HighlightsRow(
            row=each.row, earlier=each.earlier, later=SUPPRESSED, change=SUPPRESSED, apparent_change=SUPPRESSED
        )
    share = each.apparent_change
    return HighlightsRow(
        row=each.row,
        earlier=each.earlier,
        later=each.later,
        change=each.change,
        apparent_change="No Calc" if share is None else share,
    )


def verdicts(made):
    return {line.key: line.verdict for line in made.lines}


def test_a_rise_is_the_title_a_sentence_and_a_line():
    made = page({"all-crime": (1000, 1100), "burglary": (50, 150), "drugs": (20, 90)})
    assert made.title == "2 offence groups rose by more than usual"
    assert made.sentences[0] == (
        "1,100 offences were recorded in April to June 2025, 100 more than in April to June 2024 (+"
        " 10.0%): more than the usual change."
    )
    assert made.sentences[1] == (
        "In the twelve months to June 2025 there were 4,000 offences, against 5,000 in the twelve "
        "months before (- 20.0%)."
    )
    assert made.sentences[2] == (
        "Rose by more than usual: Burglary (50 to 150); Drugs (20 to 90; this may reflect more or less policing)."
    )
    said = verdicts(made)
    assert said["burglary"] == "▼ Larger rise than usual"
    assert said["drugs"] == "● Larger rise; may be policing"
    assert said["robbery"] == "As usual"


def test_one_rise_alone_is_named_in_the_title():
    assert page({"burglary": (50, 150)}).title == "Burglary rose by more than usual"


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ({}, "Recorded crime changed no more than usual"),
        ({"all-crime": (1000, 1200)}, "Recorded crime rose by more than usual"),
        ({"all-crime": (1200, 1000), "burglary": (150, 50)}, "Recorded crime fell by more than usual"),
        ({"burglary": (150, 50)}, "Burglary fell by more than usual"),
        ({"burglary": (150, 50), "robbery": (150, 50)}, "2 offence groups fell by more than usual"),
    ],
)
def test_the_title_names_what_matters_most(counts, title):
    assert page(counts).title == title


@pytest.mark.parametrize(
    ("both", "beginning", "end"),
    [
        ((40, 40), "The number recorded was the same in ", ": 40 offences."),
        ((0, 0), "The number recorded was the same in ", ": 0 offences."),
        ((0, 1), "1 offence was recorded in ", "1 more than in April to June 2024: no more than the usual change."),
        ((2, 0), "0 offences were recorded in ", "2024 (- 100.0%): no more than the usual change."),
    ],
)
def test_the_total_is_said_in_one_true_sentence(both, beginning, end):
    said = page({"all-crime": both}).sentences[0]
    assert said.startswith(beginning)
    assert said.endswith(end)


TOTAL = re.compile(
    r"(?P<later>[\d,]+) (?P<noun>offences were|offence was) recorded in April to June 2025, (?P<difference>[\d,]+) "
    r"(?P<way>more|fewer) than in April to June 2024(?: \((?P<percent>[+-] [\d,.]+%)\))?: "
    r"(?P<verdict>more|no more) than the usual change\."
)
YEAR = re.compile(
    r"In the twelve months to June 2025 there (?P<noun>were [\d,]+ offences|was 1 offence), against "
    r"(?P<before>[\d,]+) in the twelve months before(?: \((?P<percent>[+-] [\d,.]+%)\))?\."
)
ODD = [0, 1, 2, 3, 5, 6, 12, 29, 59, 100, 141, 999, 1_000, 9_400, 1_000_000]


@pytest.mark.whole
def test_the_sentences_on_the_total_and_its_year_claim_what_their_figures_say():
    for before, now in itertools.product(ODD, ODD):
        total, year = page({"all-crime": (before, now)}, of_year=in_years({2024: before, 2025: now})).sentences[:2]
        if now == before:
            noun = "1 offence" if now == 1 else f"{now:,} offences"
            assert total == f"The number recorded was the same in April to June 2025 as in April to June 2024: {noun}."
            assert year.endswith(f"the number was the same as in the twelve months before: {noun}.")
            continue
        said, of_year = TOTAL.fullmatch(total), YEAR.fullmatch(year)
        assert said, total
        assert of_year, year
        assert (said["later"], said["difference"]) == (f"{now:,}", f"{abs(now - before):,}")
        assert (said["noun"] == "offence was") == (now == 1) == (of_year["noun"] == "was 1 offence")
        assert now == 1 or of_year["noun"] == f"were {now:,} offences"
        assert of_year["before"] == f"{before:,}"
        assert (said["way"] == "more") == (now > before)
        assert (said["percent"] is None) == (before == 0)
        assert said["percent"] == of_year["percent"]
        if before:
            percent = float(said["percent"].replace(",", "").replace(" ", "").rstrip("%"))
            assert percent == pytest.approx(100 * (now - before) / before, abs=0.05001)
        p = min(1.0, 2 * stats.binom.cdf(min(before, now), before + now, 0.5))
        assert (said["verdict"] == "more") == (p < 0.05), total


def test_without_a_rise_or_fall_that_is_said_and_no_line_says_otherwise():
    made = page({})
    assert made.sentences[-1] == "No offence group rose or fell by more than usual."
    assert set(verdicts(made).values()) == {"As usual"}


def test_a_dismissed_rise_is_neither_title_nor_sentence_and_its_line_says_so():
    dismissed = {"Burglary, 2025-26 Q1": Decided(decision=Decision.DISMISSED, reason="One series.")}
    made = page({"burglary": (50, 150)}, decisions=dismissed)
    assert made.title == "Recorded crime changed no more than usual"
    assert made.sentences[-1] == (
        "No offence group rose or fell by more than usual, apart from what the analyst dismissed."
    )
    assert verdicts(made)["burglary"] == "Larger rise than usual, dismissed by the analyst"


def test_a_hidden_count_has_no_verdict_and_stands_in_no_sentence():
    made = page({"burglary": (50, 3), "all-crime": (100, 2)}, hidden={"burglary", "all-crime"})
    said = verdicts(made)
    assert (said["burglary"], said["all-crime"]) == ("[z]", "[z]")
    assert made.title == "Recorded crime: [c]"
    assert "3" not in " ".join(made.sentences[1:])
    assert made.sentences[-1] == "No offence group rose or fell by more than usual."


def test_rounded_counts_have_no_verdicts_of_their_own():
    made = page({"all-crime": (1000, 1200)}, rounded=True)
    assert set(verdicts(made).values()) == {"[z]"}
    assert made.title == "Recorded crime: 1,200"
    assert "usual" not in made.sentences[0]


def test_where_a_year_can_not_be_given_none_is():
    made = page({}, of_year=lambda _row, year: 10 if year.last.year == 2025 else None)
    assert {(line.year, line.year_before, line.year_change) for line in made.lines} == {(10, None, "[x]")}
    assert not [sentence for sentence in made.sentences if "twelve months" in sentence]


def test_the_rows_fit_on_a_page_in_every_table_and_begin_with_the_total():
    for name in ("cadet-2011", "police-uk", "home-office-2013", "home-office-2026"):
        rows = headlines.main_rows(load(name))
        assert 8 <= len(rows) <= headlines.MOST_ROWS
        assert rows[0] == load(name).rows[0]


def test_a_priority_in_a_worse_position_is_the_title_where_nothing_rose(built):
    first, second = built.priorities
    worse = dataclasses.replace(first, assessment=dataclasses.replace(first.assessment, status=Status.WORSE))
    made = page({}, priorities=(worse, second))
    assert made.title == "Dwelling burglary is in a worse position than in 2009-10"
    assert made.sentences[2].startswith("Dwelling burglary: worse position, 61 against 126 in April to ")
    many = page({}, priorities=(worse, second, second))
    assert many.sentences[2] == "Priorities: 1 worse position; 2 no change or still some concern."


def test_the_worked_example_has_its_years_and_its_positions(built):
    made = built.headlines
    assert made.title == "Recorded crime changed no more than usual"
    keys = [line.key for line in made.lines[:4]]
    assert keys == [
        "all-crime",
        PriorityOffences("dwelling-burglary"),
        PriorityOffences("farm-crime"),
        "bcs-comparator-crime",
    ]
    assert (made.lines[0].earlier, made.lines[0].later) == (1477, 1321)
    assert made.lines[0].year - made.lines[0].year_before == 5439 - 6169
    farm = dataclasses.replace(built.priorities[1], later=29)
    assert page({}, priorities=(farm,)).sentences[2] == (
        "Farm crime: no change or still some concern, unchanged at 29 as in April to June 2009."
    )
    assert "Farm crime: no change or still some concern, 30 against 29 in April to June 2009" in made.sentences[2]


def test_a_priority_is_a_line_of_what_its_own_page_prints(built):
    burglary, farm = built.priorities
    line = next(each for each in built.headlines.lines if each.key == PriorityOffences(burglary.priority_id))
    quarters = {point.quarter: point.offences for point in burglary.trend}
    later, earlier = built.comparison.later, built.comparison.earlier
    assert (line.name, line.later, line.earlier) == (burglary.title, quarters[later], quarters[earlier])
    assert line.year == sum(quarters[each] for each in list(quarters)[-4:])
    assert line.year_before == sum(quarters[each] for each in list(quarters)[-8:-4])
    assert line.verdict == "▲ Better position"
    gap = dataclasses.replace(farm, trend=farm.trend[-3:])
    (short,) = [each for each in page({}, priorities=(gap,)).lines if each.key == PriorityOffences("farm-crime")]
    assert (short.year, short.year_before, short.year_change) == (None, None, "[x]")


def test_a_row_that_is_a_priority_has_one_line_which_also_says_that_it_moved(built):
    first, second = built.priorities
    measures = {first.priority_id: ("burglary",), second.priority_id: ("robbery", "drugs")}
    made = page({"burglary": (50, 150), "drugs": (20, 90)}, priorities=(first, second), measures=measures)
    said = verdicts(made)
    assert "burglary" not in said
    assert said[PriorityOffences(first.priority_id)] == "▲ Better position; larger rise than usual"
    assert said[PriorityOffences(second.priority_id)] == "● No change or still some concern"
    assert said["drugs"] == "● Larger rise; may be policing"


def test_a_page_keeps_the_total_the_priorities_and_what_moved_before_the_largest_others(built):
    counts = {"drugs": (20, 90), "shoplifting": (700, 700)}
    made = page(counts, priorities=built.priorities)
    assert [line.key for line in made.first(5)] == [
        "all-crime",
        *(PriorityOffences(each.priority_id) for each in built.priorities),
        "drugs",
        "shoplifting",
    ]
    assert {line.key for line in made.lines if not line.is_extra} == {line.key for line in made.first(4)}


def test_of_each_rate_that_is_known_the_page_says_what_it_is():
    assert page({}).of_rates == {}
    own = page({}, rates=lambda offences, _rows: Rates(own=offences / 10))
    assert own.lines[0].rates.own == own.lines[0].year / 10
    assert own.of_rates == {"own": "Rates are offences per 1,000 people in the twelve months."}
    beside = page({}, rates=lambda _offences, _rows: Rates(own=1.0, force=2.0, group=3.0))
    assert list(beside.of_rates) == ["own", "force", "group"]
    assert beside.of_rates["force"] == "The force is Cambridgeshire."


def test_years_are_of_what_is_covered_and_are_in_the_ledger(built):
    disclosed = {each.cell: each.offences for each in built.disclosed}
    year = year_ending(built.comparison.later.last)
    main = [line for line in built.headlines.lines if isinstance(line.key, str)]
    assert len(main) > 5
    for line in main:
        assert disclosed[built.area, line.key, year] == line.year
        assert disclosed[built.area, line.key, year.earlier()] == line.year_before
