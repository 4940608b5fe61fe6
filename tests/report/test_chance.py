"""Which changes are larger than usual: the worked example's issues, what the analyst decides, what is never given."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from cdrp_xl.measures.comparison import ComparedRow, Comparison
from cdrp_xl.measures.movement import Basis, Movement, of_kind
from cdrp_xl.measures.rates import share_interval
from cdrp_xl.measures.verdict import by_test
from cdrp_xl.periods import Period
from cdrp_xl.report import ChanceRow, HighlightsRow, chance
from cdrp_xl.report.localities import LocalRise, LocalRises
from cdrp_xl.settings import SignificanceSettings
from cdrp_xl.sources.master import Decided
from cdrp_xl.terms import Decision, Kind

CASE = Path(__file__).parents[1] / "cases" / "usual_movement_2011_q1.csv"
Q1 = Period.parse("2011-12 Q1")
SHOPLIFTING, DRUGS = "Shoplifting, 2011-12 Q1", "Drugs (Simple Possession), 2011-12 Q1"
FOUND_AND_DISMISSED = "Found and dismissed by the analyst: 1."
NO_PLACES = LocalRises()
ACCEPTED = Decided(decision=Decision.ACCEPTED, reason="Two new stores.")
DISMISSED = Decided(decision=Decision.DISMISSED, reason="A weekend of searches.")


def names(issues):
    return [issue.row.name for issue in issues]


WITHIN, LARGER = "not clearly more than chance in the counts", "more than chance in the counts"


@pytest.mark.parametrize(
    ("earlier", "later", "words"),
    [
        (32, 59, f"59 offences against 32: 1.8 times as many (95% interval 1.2 to 2.9); {LARGER}."),
        (3, 10, f"10 offences against 3: 3.3 times as many (95% interval 0.86 to 18.8); {WITHIN}."),
        (7, 1, f"1 offence against 7: 0.14 times as many (95% interval 0.003 to 1.1); {WITHIN}."),
        (6, 0, f"0 offences against 6; {LARGER}."),
        (0, 4, f"4 offences against 0; {WITHIN}."),
        (500, 1, f"1 offence against 500; {LARGER}."),
        (1000, 1200, f"1,200 offences against 1,000: 1.2 times as many (95% interval 1.1 to 1.3); {LARGER}."),
        (9000, 9400, f"9,400 offences against 9,000: 1.04 times as many (95% interval 1.01 to 1.1); {LARGER}."),
        (29, 29, "Unchanged at 29."),
        (0, 0, "No offences in either period."),
    ],
)
def test_a_change_is_reported_in_one_plain_sentence(earlier, later, words):
    assert chance.in_words(earlier, later, judged=by_test(earlier, later, test="exact", movement=None)) == words


def test_a_row_whose_movement_is_known_is_held_against_that():
    judged = by_test(32, 59, test="usual movement", movement=of_kind(Kind.SHOPLIFTING))
    assert chance.in_words(32, 59, judged=judged) == (
        "59 offences against 32: 1.8 times as many (95% interval 0.91 to 3.7); no larger than usual."
    )


def test_a_test_without_an_interval_of_its_own_has_none_beside_it():
    assert by_words(4, 12, "exact").endswith(f"(95% interval 0.91 to 12.8); {WITHIN}.")
    assert by_words(4, 12, "mid-p") == f"12 offences against 4: 3.0 times as many; {LARGER}."
    assert by_words(4, 12, "E-test") == f"12 offences against 4: 3.0 times as many; {LARGER}."


def by_words(earlier, later, test):
    return chance.in_words(earlier, later, judged=by_test(earlier, later, test=test, movement=None))


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

    def emerging(
        decisions=None, *, highlights=built.comparison, is_rounded=False, known=None, test="exact", **settings
    ):
        return chance.emerging(
            table,
            highlights,
            quarter=Q1,
            known=known or {},
            settings=SignificanceSettings(test=test, **settings),
            decisions=decisions or {},
            local=NO_PLACES,
            is_rounded=is_rounded,
        )

    return emerging


def test_by_chance_in_the_counts_only_the_examples_rises_are_shoplifting_and_possession_of_drugs(found):
    issues = found()
    assert [issue.name for issue in issues.rises] == [SHOPLIFTING, DRUGS]
    assert [issue.meaning for issue in issues.rises] == [
        "More offences than before",
        "May reflect more policing",
    ]
    assert issues.rises[0].sentence == by_words(32, 59, "exact")
    assert "All Racially Aggravated Violence" not in names(issues.rises)


def test_its_falls_are_improvements_the_surest_first(found):
    issues = found()
    assert [(issue.row.name, issue.meaning) for issue in issues.falls] == [
        ("Theft from vehicle", "An improvement"),
        ("Burglary Dwelling", "An improvement"),
    ]


def test_what_was_tested_and_how_is_reported(found):
    assert found().how == (
        "26 offence groups that share no offence were tested: April to June 2011 against April to "
        "June 2010. They were tested against chance in the counts only (exact test). At most 5% of the changes"
        " listed are likely to be false alarms. Only groups with at least 10 offences are listed."
    )
    other = found(test="E-test", false_discovery_per_cent=2.5, least_offences=1_000)
    assert "against chance in the counts only (E-test)" in other.how
    assert "At most 2.5% of the changes" in other.how
    assert "at least 1,000 offences are listed" in other.how


def test_a_stricter_rate_and_a_higher_number_leave_issues_out(found):
    assert names(found(false_discovery_per_cent=1.0).rises) == ["Drugs (Simple Possession)"]
    assert names(found(least_offences=60).rises) == ["Drugs (Simple Possession)"]
    assert [issue.name for issue in found(least_offences=59).rises] == [SHOPLIFTING, DRUGS]
    assert not found(least_offences=200).rises


def test_there_are_none_is_only_said_where_the_list_is_empty(found):
    assert found(least_offences=200).found == ("No offence group rose by more than usual to 200 offences or more.")
    assert found(least_offences=1).found.startswith("2 emerging issues")
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
    (shown,) = chance.decided(found(), stray, Q1)
    assert (shown.what, shown.holds) == ("Emerging issues", False)
    assert shown.detail == (
        f"Not decided: {SHOPLIFTING}; {DRUGS}. Accept or dismiss each on the worksheet Inputs. Until then partners see "
        "that it is not decided yet. A decision is about something that is not an emerging issue this quarter: "
        "Arson, 2011-12 Q1."
    )
    decided = {SHOPLIFTING: ACCEPTED, DRUGS: DISMISSED}
    assert [check.holds for check in chance.decided(found(decided), decided, Q1)] == [True]
    assert chance.decided(found(least_offences=200), {}, Q1) == ()


def test_by_its_usual_movement_no_row_of_the_example_rises_beyond_doubt(built, found, table):
    """docs/methods.md, "Usual movement": the alpha of each kind, worked through by SciPy in the case."""
    with CASE.open(encoding="utf-8") as file:
        worked = [row for row in csv.DictReader(file) if row["table"] == "highlights"]
    known = {each.row.row_id: of_kind(each.row.kind) for each in chance.leaves_of(table)}
    assert len(worked) == 4
    for row in worked:
        a, b, alpha = int(row["earlier"]), int(row["later"]), float(row["alpha"])
        z = math.log((b + 0.5) / (a + 0.5)) / math.sqrt(1 / (a + 0.5) + 1 / (b + 0.5) + 2 * alpha)
        by_us = by_test(a, b, test="usual movement", movement=known[row["row_id"]]).p
        assert by_us == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-9)
        assert round(by_us, 4) == float(row["p"])
    issues = found(test="usual movement", known=known)
    assert (issues.rises, built.emerging.rises, built.emerging.falls) == ((), (), ())
    assert built.emerging.found.endswith("No offence group rose by more than usual to 10 offences or more.")
    assert "against how much each usually changes from year to year" in built.emerging.how


def quarters_that_move(table, printed, *, quarters, alpha):
    """Yield the emerging issues of quarters in which every row moves by its usual movement and nothing else."""
    source = np.random.default_rng(2011)
    leaves = chance.leaves_of(table)
    mean = np.array([(each.earlier + each.later) / 2 for each in leaves])
    known = {each.row.row_id: Movement(alpha=alpha, degrees=math.inf, basis=Basis.KIND) for each in leaves}
    for _ in range(quarters):
        drawn = source.poisson(mean * np.exp(source.normal(0, math.sqrt(alpha), (2, len(leaves))))).tolist()
        rows = tuple(
            ComparedRow(row=each.row, earlier=earlier, later=later)
            for each, earlier, later in zip(leaves, *drawn, strict=True)
        )
        compared = replace(table, rows=rows)
        for test in ("usual movement", "exact"):
            own = SignificanceSettings(test=test)
            yield (
                test,
                chance.emerging(
                    compared, printed, quarter=Q1, known=known, settings=own, decisions={}, local=NO_PLACES
                ),
            )


@pytest.mark.whole
def test_rows_that_move_as_usual_are_listed_in_few_quarters_where_the_exact_test_lists_some_in_many(built, table):
    found = list(quarters_that_move(table, built.comparison, quarters=300, alpha=0.04))
    listed = {
        test: sum(bool(each.rises) for name, each in found if name == test) for test in ("usual movement", "exact")
    }
    assert share_interval(listed["usual movement"], 300).upper <= 0.05
    assert listed["exact"] > 100


def hidden(highlights, row_id):
    """The highlights with one row's earlier count hidden."""
    rows = tuple(
        HighlightsRow(row=row.row, earlier="[c]", later=row.later, change="[c]", apparent_change="[c]")
        if row.row.row_id == row_id
        else row
        for row in highlights.rows
    )
    return replace(highlights, rows=rows)


def test_a_rounded_count_is_reported_in_no_sentence(found):
    issues = found(is_rounded=True)
    assert issues.rises[0].sentence == "More than before, and larger than usual; the counts are not given."
    assert {each.sentence[:4] for each in issues.falls} == {"Fewe"}


def test_a_row_with_a_hidden_count_is_not_listed_since_that_would_bound_the_count(built, found):
    """Whoever knows the test knows from which counts on 59 would be too much for chance."""
    rows = hidden(built.comparison, "shoplifting")
    issues = found(highlights=rows)
    assert "Shoplifting, 2011-12 Q1" in {each.name for each in found().rises}
    assert "Shoplifting, 2011-12 Q1" not in {each.name for each in issues.rises}
    assert issues.how.startswith("25 offence groups that share no offence were tested")
    assert "Groups with a hidden count (1) were not tested" in issues.how


def test_the_analyst_is_told_which_rows_with_hidden_counts_changed(built, table):
    def withheld_check(highlights, local=NO_PLACES):
        own = SignificanceSettings(test="exact")
        return chance.withheld(table, highlights, known={}, settings=own, local=local)

    assert withheld_check(built.comparison) == ()
    (quiet,) = withheld_check(hidden(built.comparison, "homicides"))
    assert (quiet.holds, quiet.detail) == (True, "No such row changed by more than usual.")
    (found,) = withheld_check(hidden(built.comparison, "shoplifting"))
    assert not found.holds
    assert found.detail.endswith("give away a hidden count: Shoplifting.")
    compared = chance.leaves_of(table)[0]
    judged = by_test(compared.earlier, compared.later, test="exact", movement=None)
    rise = LocalRise(locality="Cambourne", compared=compared, judged=judged)
    (in_a_place,) = withheld_check(built.comparison, local=LocalRises(withheld=(rise,)))
    assert in_a_place.detail.endswith(f": {rise.name}.")
    assert rise.name.endswith(" in Cambourne")


def test_beside_the_legacy_columns_stand_ratio_interval_and_words(built):
    rows = chance.beside(hidden(built.comparison, "arson"), test="exact", known={})
    by_name = dict(zip((row.row.row_id for row in built.comparison.rows), rows, strict=True))
    shoplifting = by_name["shoplifting"]
    assert (shoplifting.ratio, shoplifting.lower, shoplifting.upper) == pytest.approx(
        (1.84375, 1.1795, 2.9304), abs=5e-5
    )
    assert by_name["arson"] == ChanceRow(ratio="[c]", lower="[c]", upper="[c]", sentence="[c]")
    from_none = by_name["aggravated-vehicle-taking"]
    assert (from_none.ratio, from_none.upper) == ("[x]", "[x]")
