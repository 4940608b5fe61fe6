"""What is more than chance: the worked example's issues, what the analyst decides, and what is never told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cdrp_xl.measures import comparison
from cdrp_xl.measures.comparison import ComparedRow, Comparison
from cdrp_xl.measures.rates import share_interval
from cdrp_xl.periods import Period
from cdrp_xl.report import ChanceRow, HighlightsRow, chance, series
from cdrp_xl.report.localities import LocalRise, LocalRises
from cdrp_xl.settings import SignificanceSettings
from cdrp_xl.sources.master import Decided
from cdrp_xl.tables import Counts, Origin
from cdrp_xl.terms import Decision

Q1 = Period.parse("2011-12 Q1")
SHOPLIFTING, DRUGS = "Shoplifting, 2011-12 Q1", "Drugs (Simple Possession), 2011-12 Q1"
FOUND_AND_DISMISSED = "Found and dismissed by the analyst: 1."
NO_MONTHS = series.Rising(quarter=Q1, months=0, words={}, offences={})
NO_PLACES = LocalRises()
IN_MAY = "May 2011: above the upper limit"
ACCEPTED = Decided(decision=Decision.ACCEPTED, reason="Two new stores.")
DISMISSED = Decided(decision=Decision.DISMISSED, reason="A weekend of searches.")


def names(issues):
    return [issue.row.name for issue in issues]


@pytest.mark.parametrize(
    ("earlier", "later", "words"),
    [
        (32, 59, "59 offences against 32: 1.8 times as many (95% interval 1.2 to 2.9); unlikely to be chance."),
        (3, 10, "10 offences against 3: 3.3 times as many (95% interval 0.86 to 18.8); could well be chance."),
        (7, 1, "1 offence against 7: 0.14 times as many (95% interval 0.00 to 1.1); could well be chance."),
        (6, 0, "0 offences against 6: 0.00 times as many (95% interval 0.00 to 0.85); unlikely to be chance."),
        (0, 4, "4 offences against 0: no ratio can be worked out (95% interval from 0.66); could well be chance."),
        (
            1000,
            1200,
            "1,200 offences against 1,000: 1.2 times as many (95% interval 1.1 to 1.3); unlikely to be chance.",
        ),
        (
            9000,
            9400,
            "9,400 offences against 9,000: 1.04 times as many (95% interval 1.01 to 1.1); unlikely to be chance.",
        ),
        (0, 0, "0 offences against 0."),
    ],
)
def test_a_change_is_told_in_one_plain_sentence(earlier, later, words):
    assert chance.in_words(earlier, later) == words


def test_the_test_that_is_asked_for_decides_what_is_called_chance():
    assert chance.in_words(4, 12).endswith("could well be chance.")
    assert chance.in_words(4, 12, test="mid-p").endswith("unlikely to be chance.")


@pytest.fixture(scope="module")
def table(built):
    """The worked example's two periods, every row with its counts."""
    rows = tuple(ComparedRow(row=row.row, earlier=row.earlier, later=row.later) for row in built.comparison.rows)
    printed = built.comparison
    return Comparison(
        area=printed.area,
        classification=printed.classification,
        earlier=printed.earlier,
        later=printed.later,
        rows=rows,
    )


@pytest.fixture
def found(built, table):
    """Return a function that gives the worked example's emerging issues under decisions and settings."""

    def emerging(decisions=None, *, highlights=built.comparison, is_rounded=False, rising=NO_MONTHS, **settings):
        own = SignificanceSettings(**settings)
        decided = decisions or {}
        return chance.emerging(
            table, highlights, rising=rising, settings=own, decisions=decided, local=NO_PLACES, is_rounded=is_rounded
        )

    return emerging


def test_the_worked_examples_rises_are_shoplifting_and_possession_of_drugs_and_no_other(found):
    issues = found()
    assert [issue.name for issue in issues.rises] == [SHOPLIFTING, DRUGS]
    assert [issue.meaning for issue in issues.rises] == [
        "More offences than before",
        "May show more policing, not more offences",
    ]
    assert issues.rises[0].sentence == chance.in_words(32, 59)
    assert "All Racially Aggravated Violence" not in names(issues.rises)


def test_its_falls_are_improvements_the_surest_first(found):
    issues = found()
    assert [(issue.row.name, issue.meaning) for issue in issues.falls] == [
        ("Theft from vehicle", "An improvement"),
        ("Burglary Dwelling", "An improvement"),
    ]


def test_what_was_tested_and_how_is_told(found):
    assert found().how == (
        "26 offence rows that share no offence were tested, April to June 2011 against April to June 2010, by an exact "
        "test of the two counts. A change is listed where at most 5% of those listed are expected to be false "
        "discoveries (Benjamini and Hochberg), from 10 offences on."
    )
    other = found(test="E-test", false_discovery_per_cent=2.5, least_offences=1_000)
    assert "by the E-test of the two counts" in other.how
    assert "at most 2.5% of those" in other.how
    assert "from 1,000 offences on" in other.how


def test_a_stricter_rate_and_a_higher_number_leave_issues_out(found):
    assert names(found(false_discovery_per_cent=1.0).rises) == ["Drugs (Simple Possession)"]
    assert names(found(least_offences=60).rises) == ["Drugs (Simple Possession)"]
    assert not found(least_offences=200).rises


def test_there_are_none_is_only_said_where_the_list_is_empty(found):
    assert (
        found(least_offences=200).found == "There are none: no row rose by more than chance, to 200 offences or more."
    )
    assert "none" not in found({SHOPLIFTING: DISMISSED, DRUGS: DISMISSED}).found


@pytest.mark.parametrize(
    ("decisions", "reported", "undecided", "said"),
    [
        (
            {},
            [SHOPLIFTING, DRUGS],
            [SHOPLIFTING, DRUGS],
            "2 emerging issues reported. Not decided yet: 2.",
        ),
        (
            {SHOPLIFTING: ACCEPTED, DRUGS: DISMISSED},
            [SHOPLIFTING],
            [],
            f"1 emerging issue reported. {FOUND_AND_DISMISSED}",
        ),
        ({SHOPLIFTING: ACCEPTED, DRUGS: ACCEPTED}, [SHOPLIFTING, DRUGS], [], "2 emerging issues reported."),
        (
            {SHOPLIFTING.upper(): DISMISSED, DRUGS: DISMISSED},
            [],
            [],
            "No emerging issue is reported. Found and dismissed by the analyst: 2.",
        ),
        (
            {SHOPLIFTING: DISMISSED, "Shoplifting, 2010-11 Q4": ACCEPTED},
            [DRUGS],
            [DRUGS],
            f"1 emerging issue reported. Not decided yet: 1. {FOUND_AND_DISMISSED}",
        ),
    ],
)
def test_the_analyst_decides_and_nothing_undecided_is_dropped(found, decisions, reported, undecided, said):
    issues = found(decisions)
    assert [issue.name for issue in issues.reported] == reported
    assert [issue.name for issue in issues.undecided] == undecided
    assert issues.found == said


def test_the_analyst_is_told_of_what_is_undecided_and_of_decisions_about_nothing(found):
    stray = {"Arson, 2011-12 Q1": ACCEPTED, "Arson, 2010-11 Q4": ACCEPTED}
    (told,) = chance.decided(found(), stray, Q1)
    assert (told.what, told.holds) == ("Emerging issues", False)
    assert told.detail == (
        f"Not decided: {SHOPLIFTING}; {DRUGS}. Accept or dismiss each on the worksheet Inputs; until then partners are "
        "told that it is not decided yet. A decision stands for what is no emerging issue of this quarter: "
        "Arson, 2011-12 Q1."
    )
    decided = {SHOPLIFTING: ACCEPTED, DRUGS: DISMISSED}
    assert [check.holds for check in chance.decided(found(decided), decided, Q1)] == [True]
    assert chance.decided(found(least_offences=200), {}, Q1) == ()


def standing_out(*row_ids, months=27, offences=10):
    """Rows that stand out in May, each with so many offences in the quarter."""
    return series.Rising(
        quarter=Q1, months=months, words=dict.fromkeys(row_ids, IN_MAY), offences=dict.fromkeys(row_ids, offences)
    )


def test_a_row_that_rose_and_stands_out_in_its_months_alone_comes_after_those_of_the_test(found):
    issues = found(rising=standing_out("arson", "shoplifting"))
    assert [(issue.name, issue.is_by_months, issue.found_by) for issue in issues.rises] == [
        (SHOPLIFTING, False, f"The test of the two counts, and its months ({IN_MAY})"),
        (DRUGS, False, "The test of the two counts"),
        ("Arson, 2011-12 Q1", True, f"Its months alone ({IN_MAY})"),
    ]
    assert issues.rises[-1].sentence == chance.in_words(10, 12)
    assert issues.found == ("3 emerging issues reported. Found by the months alone: 1. Not decided yet: 3.")


def test_the_analyst_decides_about_a_row_found_by_its_months_too(found):
    decisions = {"Arson, 2011-12 Q1": DISMISSED, SHOPLIFTING: ACCEPTED, DRUGS: ACCEPTED}
    issues = found(decisions, rising=standing_out("arson"))
    assert [issue.name for issue in issues.reported] == [SHOPLIFTING, DRUGS]
    assert issues.found == f"2 emerging issues reported. {FOUND_AND_DISMISSED}"
    assert chance.decided(issues, decisions, Q1)[0].holds


@pytest.mark.parametrize(
    ("row_id", "offences"),
    [("arson", 9), ("all-other-damage", 9), ("theft-of-pedal-cycles", 65), ("burglary-dwelling", 61)],
)
def test_a_row_of_few_offences_or_that_did_not_rise_is_not_listed_for_its_months(found, row_id, offences):
    assert found(rising=standing_out(row_id, offences=offences)) == found(rising=standing_out())


def test_what_the_test_finds_is_the_same_whatever_the_months_say(found, table):
    every = standing_out(*(each.row.row_id for each in table.rows), offences=1_000)
    issues = found(rising=every)
    assert names(issue for issue in issues.rises if not issue.is_by_months) == names(found().rises)
    assert names(issues.falls) == names(found().falls)
    assert {issue.found_by for issue in issues.falls} == {"The test of the two counts"}
    assert "All Crime" not in names(issues.rises)


def test_what_is_promised_of_the_months_is_told_and_that_too_few_have_trial_limits(found):
    assert found(rising=standing_out()).how.endswith(
        "\nA row that rose is listed too where, on the control chart (XmR) of its 27 months to June 2011, a month of "
        "April to June 2011 stands out upwards, from 10 offences in that quarter on. The 5% is not promised of rows "
        "found by their months alone."
    )
    assert found(rising=standing_out(months=11)).how.endswith(
        "\nNo row is listed for its months: there are 11, and with fewer than 12 the limits are trial limits."
    )


def quarters_without_a_true_change(table, printed, *, quarters, months=27):
    """Give the emerging issues of quarters in which every row's months are drawn from one rate, by a fixed seed."""
    source = np.random.default_rng(2011)
    rates = {each.row.row_id: (each.earlier + each.later) / 6 for each in chance.leaves_of(table)}
    last = [Period(Q1.last + -back, Q1.last + -back) for back in reversed(range(months))]
    for _ in range(quarters):
        drawn = source.poisson(list(rates.values()), (months, len(rates))).tolist()
        counts = Counts(
            classification=table.classification,
            areas=(table.area,),
            covered={table.area: frozenset(last)},
            cells={
                (table.area, row_id, month): count
                for month, counted in zip(last, drawn, strict=True)
                for row_id, count in zip(rates, counted, strict=True)
            },
            origin=Origin(source="Drawn"),
        )
        compared = comparison.compare(counts, area=table.area, earlier=table.earlier, later=table.later)
        rising = series.rising(counts, rates, area=table.area, quarter=Q1)
        yield chance.emerging(
            compared, printed, rising=rising, settings=SignificanceSettings(), decisions={}, local=NO_PLACES
        )


def test_without_a_true_change_the_test_lists_few_and_the_months_alone_a_row_in_a_third_of_quarters(built, table):
    quarters = list(quarters_without_a_true_change(table, built.comparison, quarters=300))
    by_test = sum(any(not issue.is_by_months for issue in (*each.rises, *each.falls)) for each in quarters)
    by_months = share_interval(sum(any(issue.is_by_months for issue in each.rises) for each in quarters), 300)
    assert share_interval(by_test, 300).upper <= 0.05
    assert by_months.lower <= 1 / 3 <= by_months.upper


def test_the_worked_examples_months_tell_of_the_same_two_rows(built):
    assert [(issue.name, issue.found_by) for issue in built.emerging.rises] == [
        (SHOPLIFTING, "The test of the two counts, and its months (April 2011: above the upper limit)"),
        (
            DRUGS,
            "The test of the two counts, and its months (May 2011, June 2011: 2 of 3 months near the upper limit)",
        ),
    ]


def hidden(highlights, row_id):
    """The highlights with one row's earlier count hidden."""
    rows = tuple(
        HighlightsRow(row=row.row, earlier="[c]", later=row.later, change="[c]", apparent_change="[c]")
        if row.row.row_id == row_id
        else row
        for row in highlights.rows
    )
    return replace(highlights, rows=rows)


def test_a_rounded_count_is_told_in_no_sentence(found):
    issues = found(is_rounded=True)
    assert issues.rises[0].sentence == "More than before, unlikely to be chance; the counts are not told."
    assert {each.sentence[:4] for each in issues.falls} == {"Fewe"}
    by_months = found(is_rounded=True, rising=standing_out("arson")).rises[-1]
    assert by_months.sentence == "More than before; the counts are not told."


def test_a_row_with_a_hidden_count_is_not_listed_since_that_would_bound_the_count(built, found):
    """Whoever knows the test knows from which counts on 59 would be too much for chance."""
    rows = hidden(built.comparison, "shoplifting")
    issues = found(highlights=rows)
    assert "Shoplifting, 2011-12 Q1" in {each.name for each in found().rises}
    assert "Shoplifting, 2011-12 Q1" not in {each.name for each in issues.rises}
    assert issues.how.startswith("25 offence rows that share no offence were tested")
    assert "Rows with a hidden count (1) are not among them" in issues.how
    by_months = found(highlights=hidden(built.comparison, "arson"), rising=standing_out("arson"))
    assert "Arson, 2011-12 Q1" not in {each.name for each in by_months.rises}


def test_the_analyst_is_told_which_rows_with_hidden_counts_changed(built, table):
    def told(highlights, rising=NO_MONTHS, local=NO_PLACES):
        return chance.withheld(table, highlights, rising=rising, settings=SignificanceSettings(), local=local)

    assert told(built.comparison) == ()
    (quiet,) = told(hidden(built.comparison, "homicides"))
    assert (quiet.holds, quiet.detail) == (True, "No such row changed by more than chance.")
    (found,) = told(hidden(built.comparison, "shoplifting"))
    assert not found.holds
    assert found.detail.endswith("tell of a hidden count: Shoplifting.")
    (by_months,) = told(hidden(built.comparison, "arson"), standing_out("arson"))
    assert by_months.detail.endswith(": Arson.")
    rise = LocalRise(locality="Cambourne", compared=chance.leaves_of(table)[0])
    (in_a_place,) = told(built.comparison, local=LocalRises(withheld=(rise,)))
    assert in_a_place.detail.endswith(f": {rise.name}.")
    assert rise.name.endswith(" in Cambourne")


def test_beside_the_legacy_columns_stand_ratio_interval_and_words(built):
    rows = chance.beside(hidden(built.comparison, "arson"), test="exact")
    by_name = dict(zip((row.row.row_id for row in built.comparison.rows), rows, strict=True))
    shoplifting = by_name["shoplifting"]
    assert (shoplifting.ratio, shoplifting.lower, shoplifting.upper) == pytest.approx(
        (1.84375, 1.1795, 2.9304), abs=5e-5
    )
    assert by_name["arson"] == ChanceRow(ratio="[c]", lower="[c]", upper="[c]", sentence="[c]")
    from_none = by_name["aggravated-vehicle-taking"]
    assert (from_none.ratio, from_none.upper) == ("[x]", "[x]")
