"""What is said about farm crime: every number in it is computed, and the report of 2011 is right where it was wrong."""

from __future__ import annotations

import itertools
import re

import pytest
from scipy import stats

from cdrp_xl import offences, settings
from cdrp_xl.periods import Period
from cdrp_xl.report import farm
from cdrp_xl.selected import FarmOffences
from cdrp_xl.tables import Counts, Origin, Repeats

AREA = "Fen"
SETTINGS = """
[partnership]
name = "Fen CSP"
area = "Fen"
[sources.recorded_crime]
files = ["x.csv"]
[sources.recorded_crime.headings]
offence_reference = "Reference"
date_recorded = "Recorded"
offence = "Offence"
locus_type = "Type"
locus_subtype = "Subtype"
{headings}
[farm]
baseline = "2009-10"
{farm}
"""


def said(by_quarter, *, headings='victim = "Victim"\npremises = "Premises"', more="", repeats=None, group="Burglary"):
    """Farm crime of offences by quarter, all of one group at barns, each a tenth of all crime."""
    own = settings.parse(SETTINGS.format(headings=headings, farm=more))
    cells, covered = {}, set()
    for name, count in by_quarter.items():
        months = [Period(month, month) for month in Period.parse(name).months]
        covered |= set(months)
        cells |= {(AREA, row_id, months[0]): count for row_id in (FarmOffences(), FarmOffences(group, "Barn"))}
        cells[AREA, "all-crime", months[0]] = 10 * count
    ids = [FarmOffences(each.name, locus) for each in offences.load("cadet-2011").groups for locus in ("Barn", "Farm")]
    last = Period.parse(max(by_quarter))
    counts = Counts(
        classification=offences.load("cadet-2011"),
        areas=(AREA,),
        covered={AREA: frozenset(covered)},
        cells=cells,
        selections=(FarmOffences(), *ids),
        origin=Origin(source="Extract"),
        repeats={(FarmOffences(), last): repeats} if repeats else {},
    )
    return farm.result(farm.counted(own, counts=counts, period=last))


def years(first, second, last=0, before=0):
    """Two years, each with all its offences in one quarter, and the quarter reported."""
    found = {f"2009-10 Q{number}": 0 for number in range(1, 5)} | {f"2010-11 Q{number}": 0 for number in range(1, 5)}
    return found | {"2009-10 Q1": before, "2009-10 Q2": first - before, "2010-11 Q2": second, "2011-12 Q1": last}


def test_the_worked_example_is_right_where_the_report_of_2011_was_wrong(built):
    said = built.farm.by_year_text
    assert "Farms had 115 offences in 2010-11, 2.1% of the 5,595 recorded in the area." in said  # it wrote 11%
    assert "That is 6 fewer than in 2009-10 (- 5.0%)." in said
    assert "In 2009-10 it was 49 of 121 (40.5%), a change of + 30.6%." in said  # it wrote 30%
    assert 'locus type "Agricultural" and locus subtype "Barn" or "Farm"' in built.farm.intro


def test_the_worked_examples_quarter_is_set_beside_its_baseline_and_its_repeats_are_reported(built):
    assert built.farm.by_quarter_text == (
        "Farms had 30 offences in April to June 2011, 2.3% of the 1,321 recorded in the area. There were 29 "
        "offences in April to June 2009, the same months of the baseline year (+ 3.4%). The change is no larger than "
        "usual. 5 of the 30 were against someone (4 victims) who had another farm offence recorded in the 12 months "
        "before. 1 offence had no victim recorded, and repeats can't be counted for them. Repeats are counted from "
        "2010-11 Q1: before that there are less than 12 months of figures to look back on."
    )


def test_the_worked_examples_pivot_tables_say_which_year_is_not_whole(built):
    assert built.farm.pivots_intro.endswith("2011-12: not all quarters are available.")


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (10, 13, "That is 3 more than in 2009-10 (+ 30.0%)."),
        (10, 10, "That is as many as in 2009-10."),
        (0, 3, "That is 3 more than in 2009-10."),
        (1, 0, "Farms had 0 offences in 2010-11, no share of the 0 recorded in the area."),
        (1, 1, "Farms had 1 offence in 2009-10, 10.0% of the 10 recorded in the area."),
    ],
)
def test_a_change_between_the_years_is_said_in_words_and_as_cadet_prints_it(first, second, sentence):
    assert sentence in said(years(first, second)).by_year_text


def test_without_offences_in_the_last_year_no_group_is_the_largest():
    assert "largest" not in said(years(5, 0)).by_year_text
    alone = said(years(0, 5)).by_year_text
    assert alone.endswith("Burglary was the largest group in 2010-11: 5 of 5 (100.0%).")


@pytest.mark.parametrize(
    ("before", "now", "sentence"),
    [
        (4, 4, "That is as many as in April to June 2009, the same months of the baseline year."),
        (4, 6, "(+ 50.0%). The change is no larger than usual."),
        (
            4,
            40,
            "the same months of the baseline year (+ 900.0%). The change is larger than usual.",
        ),
        (
            1,
            0,
            "There was 1 offence in April to June 2009, the same months of the baseline year (- 100.0%).",
        ),
    ],
)
def test_a_quarter_is_called_different_only_where_it_moved_more_than_usual(before, now, sentence):
    assert sentence in said(years(20, 20, now, before)).by_quarter_text


ODD = [0, 1, 2, 3, 5, 6, 12, 29, 59, 100, 141, 999, 1_000, 9_400, 100_000]
AGAINST = re.compile(
    r"There (?P<were>was|were) (?P<before>[\d,]+) (?P<noun>offences?) in April to June 2009, the same months of the "
    r"baseline year(?: \((?P<percent>[+-] [\d,.]+%)\))?\. The change is (?P<verdict>[^.]+)\."
)


@pytest.mark.whole
def test_the_sentences_on_a_quarter_claim_what_its_counts_say():
    for before, now in itertools.product(ODD, ODD):
        text = said(years(before, 20, now, before), more='[significance]\ntest = "exact"').by_quarter_text
        share = "10.0%" if now else "no share"
        noun = "1 offence" if now == 1 else f"{now:,} offences"
        assert text.startswith(
            f"Farms had {noun} in April to June 2011, {share} of the {10 * now:,} recorded in the area."
        )
        if now == before:
            assert "That is as many as in April to June 2009" in text
            continue
        found = AGAINST.search(text)
        assert found, text
        assert found["before"] == f"{before:,}"
        assert (found["were"] == "was") == (found["noun"] == "offence") == (before == 1)
        assert (found["percent"] is None) == (before == 0)
        if before:
            percent = float(found["percent"].replace(",", "").replace(" ", "").rstrip("%"))
            assert percent == pytest.approx(100 * (now - before) / before, abs=0.05001)
        p = min(1.0, 2 * stats.binom.cdf(min(before, now), before + now, 0.5))
        assert found["verdict"] == (
            "more than chance in the counts" if p < 0.05 else "not clearly more than chance in the counts"
        )


def test_without_the_baselines_quarter_nothing_is_compared():
    quarters = {name: count for name, count in years(20, 20, 3).items() if name != "2009-10 Q1"}
    assert "There is no figure for the same months of 2009-10 to compare it with." in said(quarters).by_quarter_text


@pytest.mark.parametrize(
    ("repeats", "more", "sentence"),
    [
        (
            Repeats(offences=1, victims=1),
            "",
            "1 of the 8 was against someone (1 victim) who had another farm offence recorded in the 12 months before.",
        ),
        (
            Repeats(offences=3, victims=1),
            'repeats_by = "premises"\nrepeat_months = 6',
            "3 of the 8 were at a place (1 premises) that had another farm offence recorded in the 6 months before.",
        ),
        (
            Repeats(offences=3, victims=2, unnamed=2),
            "",
            "2 offences had no victim recorded, and repeats can't be counted for them.",
        ),
        (None, "", "None of the 8 is known to be against someone who had another farm offence"),
        (Repeats(unnamed=8), "", "8 offences had no victim recorded, and repeats can't be counted for them."),
    ],
)
def test_repeat_offences_and_their_victims_are_both_said(repeats, more, sentence):
    assert sentence in said(years(20, 20, 8), repeats=repeats, more=more).by_quarter_text


def test_why_repeats_are_not_counted_is_said():
    text = said(years(20, 20, 8), headings="").by_quarter_text
    assert text.endswith(
        "Repeats can't be counted: The extract names no victims (sources.recorded_crime.headings.victim)."
    )
    short = {name: count for name, count in years(20, 20, 8).items() if name > "2010-11 Q2"}
    assert (
        "Repeats can't be counted: Apr-10 to Jun-11 can't be counted: Fen has no complete figures for Apr-10 to Sep-10."
        in said(short).by_quarter_text
    )


def test_a_quarter_without_farm_offences_has_no_repeats_to_report():
    assert "None of" not in said(years(20, 20)).by_quarter_text


def test_the_chart_has_words_for_those_who_do_not_see_it(built):
    assert built.farm.chart_alt_text == (
        "Farm crime, columns by quarter from 2009-10 Q1 (29 offences) to 2011-12 Q1 (30), with a line for the same "
        "quarters of 2009-10. The figures are in the table of this section."
    )
    quarters = {name: count for name, count in years(20, 20, 3).items() if name != "2009-10 Q1"}
    assert "with a line" not in said(quarters).chart_alt_text
