from __future__ import annotations

import csv
import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cdrp_xl import functions, settings
from cdrp_xl.errors import CannotBeComputedError, CdrpError, FileError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.sources import stored_counts

CASES = Path(__file__).parents[1] / "cases" / "cadet_2011_q1.csv"


@pytest.fixture(scope="module")
def figures(demo):
    return functions.load(demo.folder)


@pytest.fixture(scope="module")
def printed():
    with CASES.open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def test_a_count_is_the_reports_own(figures, built):
    for row in built.comparison.rows:
        assert functions.count(figures, row.row.row_id) == row.later
        assert functions.count(figures, row.row.row_id, "", "2010-11 Q1") == row.earlier
        assert functions.count(figures, row.row.row_id, "south cambridgeshire", "Q1 2011/12") == row.later


@pytest.mark.whole
def test_another_source_of_the_same_definitions_answers_for_a_period_that_the_first_lacks(demo, tmp_path):
    shutil.copyfile(demo.folder / "partnership.toml", tmp_path / "partnership.toml")
    counts = {name: cube.whole() for name, cube in stored_counts.load(demo.folder).cubes.items()}
    first = settings.read(tmp_path).table_source(counts)
    (other,) = counts.keys() - {first}
    quarter = Period.parse("2011-12 Q1")
    months = frozenset(Period(month, month) for month in quarter.months)
    cells = {cell: count for cell, count in counts[first].cells.items() if cell[-1] in months}
    counts[first] = replace(counts[first], covered=dict.fromkeys(counts[first].areas, months), cells=cells)
    stored_counts.save(tmp_path, counts, quarter=quarter)
    cut = functions.load(tmp_path)
    assert functions.count(cut, "arson", "", "2010-11 Q1") == 10
    del counts[other]
    stored_counts.save(tmp_path, counts, quarter=quarter)
    with pytest.raises(CannotBeComputedError, match="has no complete figures for Apr-10 to Jun-10"):
        functions.count(functions.load(tmp_path), "arson", "", "2010-11 Q1")


def test_a_name_that_two_rows_of_one_meaning_bear_is_no_riddle(figures):
    assert functions.count(figures, "All Robbery", "", "2010-11 Q1") == 7


def test_a_count_may_be_of_a_locus_or_of_a_flag_or_of_both(figures, demo):
    """Counted anew from the extract's own rows, with nothing of ours."""
    extract = pd.concat(pd.read_csv(file, dtype=str) for file in demo.folder.glob("data/recorded-crime-*.csv"))
    rows = extract[extract["District"] == "South Cambridgeshire"]
    month = pd.to_datetime(rows["Date Recorded"], dayfirst=True).dt.strftime("%Y-%m")
    within = {
        "2011-12 Q1": month.isin(["2011-04", "2011-05", "2011-06"]),
        "2010-11": month.between("2010-04", "2011-03"),
    }
    for period, is_within in within.items():
        for locus in ("", "Barn", "Farm"):
            at = (rows["Locus Type"] == "Agricultural") & (rows["Locus Subtype"] == locus) if locus else is_within
            for flag in ("", "domestic"):
                marked = rows["Domestic"] == "Y" if flag else is_within
                assert functions.count(figures, "All Crime", "", period, locus, flag) == sum(is_within & at & marked)
    assert functions.count(figures, "All Crime", "", "2011-12 Q1", "", "Domestic") == 53


def test_the_loci_of_all_rows_are_farm_crime(figures):
    """The seed's Table 1.1: 121 and 115."""
    years = [["2009-10", "2010-11"]]
    barn, farm = functions.count(figures, "All Crime", "", years, [["barn"], ["FARM"]])
    assert [sum(both) for both in zip(barn, farm, strict=True)] == [121, 115]


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (("Arson", "", "", "Mill"), ValueFoundError, r'(?s)no locus "Mill".*partnership\.toml.*"Barn", "Farm"'),
        (("Arson", "", "", "", "hate"), ValueFoundError, r'(?s)no flag "hate".*the formula.*"domestic"'),
        (("Farm crime", "", "", "Barn"), CannotBeComputedError, r"(?s)can't be counted by locus.*Name an offence row"),
        (("Arson", "", "2031-32", "Barn"), CannotBeComputedError, r"(?s)Apr-31 to Mar-32 can't be counted.*extract"),
        (("Arson", "", "", 3.0), ValueFoundError, r"(?s)3 is not a locus.*the formula"),
    ],
)
def test_a_part_that_can_not_be_counted_says_why(figures, asked, error, said):
    with pytest.raises(error, match=said):
        functions.count(figures, *asked)


@pytest.mark.whole
def test_without_an_extract_of_rows_no_flag_is_counted(street_level):
    figures = functions.load(street_level.folder)
    with pytest.raises(CannotBeComputedError, match=r"(?s)can't be counted by domestic.*refresh"):
        functions.count(figures, "Burglary", flag="domestic")
    with pytest.raises(ValueFoundError, match=r'(?s)no locus "Barn".*partnership\.toml.*refresh'):
        functions.count(figures, "Burglary", locus="Barn")


def test_a_priority_is_asked_for_by_its_title(figures):
    assert functions.count(figures, "Farm crime", "", "2009-10") == 121
    assert functions.count(figures, "farm-crime", "", "2010-11") == 115
    assert functions.count(figures, "FARM CRIME") == 30


def test_a_block_is_answered_cell_by_cell(figures):
    rows, periods = [["Shoplifting"], ["no such row"], ["Arson"]], [["2010-11 Q1", "2011-12 Q1"]]
    first, second, third = functions.count(figures, rows, "", periods)
    assert (first, third) == ([32, 59], [10, 12])
    assert second[0] == second[1]
    assert second[0].startswith('There is no offence row "no such row" in CADET highlights (2008 to 2011 definitions).')


def test_in_a_block_too_the_nearest_is_offered(figures):
    ((said,), (found,)) = functions.count(figures, [["Shopliftng"], ["Shoplifting"]])
    assert said.endswith('Did you mean "Shoplifting"?')
    assert found == 59


def test_asked_again_a_count_is_remembered_and_the_same(figures):
    assert functions.count(figures, "Arson") == functions.count(figures, "Arson") == 12
    assert figures.answered["Arson", "", ""] == 12


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (("Shopliftng",), ValueFoundError, r'(?s)no offence row "Shopliftng".*Did you mean "Shoplifting"'),
        (("BURGLARY DWELLINGS",), ValueFoundError, r'(?s)"BURGLARY DWELLINGS".*Did you mean "Burglary Dwelling" or'),
        (("Farm crimes",), ValueFoundError, r'(?s)no offence row "Farm crimes".*Did you mean "Farm crime"'),
        (("Arson", "South Cambridgeshir"), ValueFoundError, r'(?s)area "South Cambridgeshir".*"South Cambridgeshire"'),
        (
            ("Arson", "", "2031-32"),
            CannotBeComputedError,
            r"(?s)Apr-31 to Mar-32 can't be counted.*no complete figures",
        ),
        (("Arson", "", "some time"), ValueFoundError, r'(?s)"some time" is not a period.*2011-12 Q1'),
        ((3.0,), ValueFoundError, r"(?s)3 is not an offence row.*the formula"),
        (("#REF!",), ValueFoundError, r"(?s)the error #REF!.*the formula"),
        (("",), ValueFoundError, r"(?s)should name an offence row is empty.*the formula"),
    ],
)
def test_what_can_not_be_counted_says_why_and_offers_the_nearest(figures, asked, error, said):
    with pytest.raises(error, match=said):
        functions.count(figures, *asked)


def test_a_series_is_counted_by_months_quarters_and_years(figures):
    assert functions.series(figures, "Farm crime", by="quarter")[-1] == ["2011-12 Q1", 30]
    assert functions.series(figures, "Farm crime", first="2009-10", last="2010-11", by="Year") == [
        ["2009-10", 121],
        ["2010-11", 115],
    ]
    months = functions.series(figures, "Shoplifting", first="Apr-11")
    assert [name for name, _ in months] == ["Apr-11", "May-11", "Jun-11"]
    assert sum(count for _, count in months) == 59


def test_a_series_has_whole_quarters_only(figures):
    assert functions.series(figures, "Farm crime", first="May-10", last="Feb-11", by="quarter") == [
        ["2010-11 Q2", 33],
        ["2010-11 Q3", 30],
    ]


def test_a_series_without_a_whole_quarter_says_so(figures):
    with pytest.raises(CannotBeComputedError, match=r"(?s)May-11 to Jun-11 has no whole quarter in it.*the formula"):
        functions.series(figures, "Arson", first="May-11", by="quarter")


@pytest.mark.parametrize("asked", ["offence", "area", "first", "last", "by"])
def test_a_series_is_of_one_row_one_area_and_one_span(figures, asked):
    given = {"offence": "Arson", asked: [["Apr-10"], ["May-10"]]}
    with pytest.raises(ValueFoundError, match=r"(?s)is 2 cells, and can only be one.*the formula.*copy the formula"):
        functions.series(figures, **given)


def test_blank_cells_beside_the_one_that_is_asked_for_do_not_matter(figures):
    assert functions.series(figures, "Arson", first=[["Jun-11"], [None]]) == [["Jun-11", 6]]
    assert functions.count(figures, "Arson", "", "Jun-11") == 6


def test_a_series_by_anything_else_is_refused(figures):
    with pytest.raises(ValueFoundError, match=r'(?s)"week" is not month, quarter or year.*the formula'):
        functions.series(figures, "Arson", by="week")


def test_changes_are_those_of_the_printed_table(figures, printed):
    table = functions.compare(figures)
    assert table[0] == ["Offence row", "Apr-10 to Jun-10", "Apr-11 to Jun-11", "Change", "Apparent change"]
    assert len(table) == 46
    for line in table[1:]:
        assert functions.change(line[1], line[2]) == line[3]
        assert functions.pctchange(line[1], line[2]) == line[4]
    assert [[line[0], line[1], line[2]] for line in table[1:]] == [
        [case["row"], int(case["earlier"]), int(case["later"])] for case in printed
    ]


def test_rows_in_any_two_periods_of_equal_length_are_compared(figures):
    table = functions.compare(figures, [["Shoplifting"], ["Farm crime"]], "", "2009-10", "2010-11")
    assert table[2][:4] == ["Farm crime", 121, 115, -6]
    with pytest.raises(CannotBeComputedError, match=r"(?s)can't be compared.*the two periods"):
        functions.compare(figures, "Shoplifting", "", "2009-10", "2011-12 Q1")


def test_a_row_that_is_unknown_says_so_in_its_line_and_the_others_are_compared(figures):
    _, shoplifting, unknown, burglary = functions.compare(
        figures, [["Shoplifting", "Shopliftng"], ["burglary-dwelling", None]]
    )
    assert shoplifting == ["Shoplifting", 32, 59, 27, 0.84375]
    assert (unknown[0], unknown[2:]) == ("Shopliftng", ["", "", ""])
    assert unknown[1].endswith('Did you mean "Shoplifting"?')
    assert burglary[:3] == ["Burglary Dwelling", 104, 61]
    with pytest.raises(ValueFoundError, match=r'(?s)no offence row "Shopliftng".*classification'):
        functions.compare(figures, "Shopliftng")


def test_several_cells_where_one_is_wanted_are_refused(figures):
    with pytest.raises(ValueFoundError, match=r"(?s)The later period is 2 cells.*the formula"):
        functions.compare(figures, "Shoplifting", "", "", [["2010-11"], ["2011-12"]])


def test_no_change_and_no_earlier_count_are_no_calc():
    assert functions.pctchange([[0], [7], [1]], [[4], [7], [0]]) == [["No Calc"], ["No Calc"], [-1.0]]
    assert functions.change(3, 10) == 7


def test_a_position_in_the_group_is_the_reports_own(figures, built):
    (burglary, *_) = built.priorities
    for placed in burglary.group.periods:
        assert functions.position(figures, "Dwelling burglary", "", placed.period.name) == placed.position
    assert functions.position(figures, "Burglary Dwelling", "", "2010-11") == "9th of 15"
    assert functions.position(figures, "Burglary Dwelling", "area a", "2010-11 Q1") == "1st of 15"


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (("Burglary Dwelling", "Area Z"), ValueFoundError, r'(?s)"Area Z" is not in the most similar group.*"Area A"'),
        (("Burglary Dwelling", "", "2031-32 Q1"), CannotBeComputedError, r"(?s)can't be counted.*covers"),
        (("Farm crime", "", "2010-11"), CannotBeComputedError, r"(?s)counted by locus.*Name an offence row"),
    ],
)
def test_a_position_that_is_not_known_says_why(figures, asked, error, said):
    with pytest.raises(error, match=said):
        functions.position(figures, *asked)


def test_a_partnership_without_a_group_says_so(street_level):
    with pytest.raises(CannotBeComputedError, match=r"(?s)no most similar group.*partnership\.toml.*\[group\]"):
        functions.position(functions.load(street_level.folder), "Burglary")


def test_farm_crime_is_counted_by_group_period_and_locus(figures):
    """The seed's Table 1.1."""
    printed = {
        "Burglary": (41, 35),
        "Criminal damage": (26, 13),
        "Drug offences": (2, 1),
        "Theft and handling": (49, 64),
    }
    for group, counts in printed.items():
        assert functions.farm(figures, group, [["2009-10", "2010-11"]]) == [list(counts)]
    assert functions.farm(figures, "", [["2009-10", "2010-11", "2011-12 Q1"]]) == [[121, 115, 30]]
    assert functions.farm(figures) == 30
    parts = functions.farm(figures, "burglary", "2009-10", [["Barn"], ["Farm"]])
    assert sum(count for (count,) in parts) == 41


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (("Arsony",), ValueFoundError, r'(?s)no offence group "Arsony".*partnership\.toml, farm.*"Burglary"'),
        (("", "", "Mill"), ValueFoundError, r'(?s)no locus subtype "Mill".*"Barn", "Farm"'),
        (("", "2031-32"), CannotBeComputedError, r"(?s)2031-32 was not over.*farm crime"),
        (("", "2001-02"), CannotBeComputedError, r"(?s)can't be counted.*farm crime"),
    ],
)
def test_farm_crime_that_can_not_be_counted_says_why(figures, asked, error, said):
    with pytest.raises(error, match=said):
        functions.farm(figures, *asked)


def test_a_partnership_without_farm_crime_says_so(street_level):
    with pytest.raises(CannotBeComputedError, match=r"(?s)not counted here.*partnership\.toml.*\[farm\]"):
        functions.farm(functions.load(street_level.folder))


def test_rates_have_their_published_intervals():
    """docs/methods.md, "Rates and shares"."""
    assert functions.rate(65, 1000) == 65
    assert functions.rate(5, 100, 100) == 5
    (byar,) = functions.rateinterval(65, 1000)
    assert byar == pytest.approx([50.163188, 82.849139], abs=1e-6)
    (exact,) = functions.rateinterval(5, 100, 100)
    assert exact == pytest.approx([1.623486, 11.668332], abs=1e-6)


def test_a_ratio_has_its_exact_interval():
    """docs/methods.md, "Chance in the counts"."""
    (found,) = functions.ratio(59, 32)
    assert found == pytest.approx([1.84375, 1.18, 2.93], abs=0.005)
    assert functions.ratio(4, 0)[0][0] == functions.ratio(4, 0)[0][2] == "No Calc"
    with pytest.raises(CannotBeComputedError, match=r"(?s)both counts are 0.*the formula"):
        functions.ratio(0, 0)


def test_a_change_is_distinguished_from_chance_in_words():
    said = "59 offences against 32: 1.8 times as many (95% interval 1.2 to 2.9); more than chance in the counts."
    assert functions.significant(32, 59) == said
    assert functions.significant([[32], [3]], [[59], [10]])[0] == [said]


def test_intervals_of_a_column_stand_row_by_row_and_a_refusal_among_them():
    first, second = functions.rateinterval([[65], ["x"]], 1000)
    assert first == pytest.approx([50.163188, 82.849139], abs=1e-6)
    assert second == ['"x" is not a number: the count must be one. Give a number.', ""]
    with pytest.raises(CannotBeComputedError, match=r"(?s)2 columns.*the formula.*one column"):
        functions.rateinterval([[65, 66]], 1000)


@pytest.mark.parametrize("population", [0, -5])
def test_nobody_has_no_rate(population):
    with pytest.raises(CannotBeComputedError, match=rf"(?s)a population of {population}.*the formula"):
        functions.rate(5, population)


@pytest.mark.parametrize("per", [0, -1_000])
def test_there_is_no_rate_per_nobody(per):
    with pytest.raises(CannotBeComputedError, match=rf"(?s)no rate for every {per:g} people.*the formula"):
        functions.rate(5, 60_000, per)


def test_the_position_of_a_priority_is_the_reports_own(figures, built):
    for result in built.priorities:
        assert functions.rag(figures, result.title) == result.assessment.status.value
    with pytest.raises(ValueFoundError, match=r'(?s)no priority "Litter".*partnership\.toml.*"Farm crime"'):
        functions.rag(figures, "Litter")


def test_the_position_of_two_counts_without_an_offence_is_by_chance_in_the_counts_only_and_says_so():
    assert functions.ragfrom(115, 121) == "No change or still some concern (by chance in the counts only)"
    assert functions.ragfrom(59, 32) == "Worse position (by chance in the counts only)"
    assert functions.ragfrom(59, 32, "increase") == "Better position (by chance in the counts only)"
    with pytest.raises(ValueFoundError, match=r'(?s)"halve" is not reduce or increase.*the formula'):
        functions.ragfrom(1, 2, "halve")


def test_the_position_of_two_counts_of_an_offence_is_by_how_much_it_usually_moves(figures):
    def position(*asked):
        return functions.ragfrom(*asked, figures_of=lambda: figures)

    assert position(59, 32, "", "Shoplifting") == "No change or still some concern"
    assert position(159, 71, "", "Shoplifting") == "Worse position"
    assert position(71, 159, "", "Dwelling burglary") == "Better position"  # a priority's title
    assert position([[159], [59]], [[71], [32]], "", "Shoplifting") == [
        ["Worse position"],
        ["No change or still some concern"],
    ]
    said = functions.significant(71, 159, "Shoplifting", figures_of=lambda: figures)
    assert said.endswith("; larger than usual.")
    with pytest.raises(ValueFoundError, match='no offence row "Shoplift"'):
        position(59, 32, "", "Shoplift")


def test_a_period_is_given_by_its_days_and_its_name_a_year_before():
    assert functions.period("year ending June 2011") == [[dt.date(2010, 7, 1), dt.date(2011, 6, 30)]]
    assert functions.earlier([["2011-12 Q1"], ["Apr-11"]]) == [["2010-11 Q1"], ["Apr-10"]]


def test_lists_are_for_data_validation(figures):
    names = functions.offences(figures)
    assert (len(names), names[0]) == (44, ["All Crime"])
    assert functions.areas(figures) == [["South Cambridgeshire"]]


def test_a_source_is_as_at_its_own_date(figures):
    assert functions.asat(figures) == functions.asat(figures, "recorded_crime") == dt.date(2011, 7, 11)
    assert functions.asat(figures, "iQuanta") == dt.date(2011, 5, 24)
    with pytest.raises(
        ValueFoundError, match=r'(?s)no source "Census".*partnership\.toml.*"cadet", "iquanta", "recorded_crime"'
    ):
        functions.asat(figures, "Census")


def test_a_folder_that_was_never_refreshed_says_so(demo, tmp_path):
    shutil.copy(demo.folder / "partnership.toml", tmp_path)
    with pytest.raises(FileError, match=r"(?s)No counts are stored yet.*Refresh"):
        functions.load(tmp_path)
    stored_counts.save(tmp_path, {}, quarter=Period.parse("2011-12 Q1"))
    with pytest.raises(CannotBeComputedError, match=r"(?s)hold no source.*Refresh"):
        functions.load(tmp_path)


def test_only_sources_of_the_tables_own_rows_are_asked(street_level):
    """data.police.uk counts different rows from CADET, and its figures are never mixed with CADET's."""
    figures = functions.load(street_level.folder)
    assert settings.read(street_level.folder).sources.police_uk is not None
    assert functions.count(figures, "Burglary", "", "2025-26 Q1") == 126
    assert functions.count(figures, "Burglary", "", "2024-25 Q1") == 173
    with pytest.raises(CdrpError, match=r"(?s)no offence row"):
        functions.count(figures, "Shoplifting in CADET")
