"""Farm crime: Table 1.1 of the report of 2011 and what belongs to it, against pandas over the same extract."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import msgspec
import pandas as pd
import pytest

from cdrp_xl import offences, report
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import Period, quarters_of
from cdrp_xl.report import Inputs, farm, farm_counts
from cdrp_xl.report.farm_model import CrossTable
from cdrp_xl.selected import FarmOffences, FarmRepeats, PriorityOffences
from cdrp_xl.tables import Counts, Origin, Repeats
from cdrp_xl.terms import SUPPRESSED
from cdrp_xl.workbooks.gathering import gather

TABLE_1_1 = {
    "Burglary": (41, 35),
    "Criminal damage": (26, 13),
    "Drug offences": (2, 1),
    "Theft and handling": (49, 64),
    "Violence against the person": (3, 2),
}
"""docs/methods.md, "Farm crime"."""

AREA = "South Cambridgeshire"
QUARTER = Period.parse("2011-12 Q1")

SETTINGS = """
[partnership]
name = "South Cambridgeshire CSP"
area = "South Cambridgeshire"
[sources.recorded_crime]
files = ["x.csv"]
[sources.recorded_crime.headings]
offence_reference = "Reference"
date_recorded = "Recorded"
offence = "Offence"
locus_type = "Type"
locus_subtype = "Subtype"
victim = "Victim"
[farm]
baseline = "2009-10"
"""


def settings(**changed):
    own = settings_file.parse(SETTINGS)
    return own if not changed else replaced(own, **changed)


def replaced(own, **changed):
    return msgspec.structs.replace(own, farm=msgspec.structs.replace(own.farm, **changed))


def counts(*, own=None, first="Apr-09", last="Jun-11", farm_offences=1, others=9, repeats=()):
    """So many burglaries on farms a month, all at barns, and so many offences elsewhere."""
    months = [Period(month, month) for month in Period.parse(f"{first} to {last}").months]
    ids = {selection.counted_as for selection in farm_counts.selections(own or settings())}
    cells = {(AREA, "all-crime", month): farm_offences + others for month in months}
    on_farms = (FarmOffences(), FarmOffences("Burglary", "Barn"))
    cells |= {(AREA, each, month): farm_offences for each in on_farms for month in months}
    return Counts(
        classification=offences.load("cadet-2011"),
        areas=(AREA,),
        covered={AREA: frozenset(months)},
        cells=cells,
        selections=tuple(ids),
        origin=Origin(source="Extract"),
        repeats={(FarmOffences(), Period.parse(name)): value for name, value in repeats},
    )


def result(own=None, *, period=QUARTER, **changed):
    own = own or settings()
    return farm.result(farm.counted(own, counts=counts(own=own, **changed), period=period))


@pytest.fixture(scope="module")
def crime(built):
    return built.farm


@pytest.fixture(scope="module")
def rows(demo):
    """The farm offences of the worked example's extracts as pandas reads them."""
    files = sorted((demo.folder / "data").glob("recorded-crime-*.csv"))
    every = pd.concat([pd.read_csv(file, dtype=str, keep_default_na=False) for file in files])
    chosen = (
        (every["District"] == AREA)
        & (every["Locus Type"] == "Agricultural")
        & every["Locus Subtype"].isin(["Barn", "Farm"])
    )
    found = every[chosen].copy()
    day = pd.to_datetime(found["Date Recorded"], format="%d/%m/%Y")
    quarter = day.dt.to_period("Q-MAR")
    found["year"] = [f"{each.qyear - 1}-{each.qyear % 100:02d}" for each in quarter]
    found["quarter"] = [f"Q{each.quarter}" for each in quarter]
    groups = {code: group.name for group in offences.load("cadet-2011").groups for code in group.codes}
    found["group"] = found["HO Code"].map(groups)
    return found


def test_the_years_table_is_table_1_1_with_its_totals(crime):
    assert {line.group: line.offences for line in crime.lines} == TABLE_1_1 | {"All farm crime": (121, 115)}
    assert crime.lines[-1].group == "All farm crime"
    theft = next(line for line in crime.lines if line.group == "Theft and handling")
    assert theft.shares == (49 / 121, 64 / 115)
    assert (theft.change, theft.apparent_change) == (15, 15 / 49)  # the report of 2011 wrote 30%; it is 30.6%


def test_the_quarter_has_30_offences_of_which_5_are_against_4_repeat_victims(crime):
    last = crime.quarters[-1]
    assert (last.quarter.name, last.offences, last.baseline) == ("2011-12 Q1", 30, 29)
    assert (last.repeats.offences, last.repeats.victims) == (5, 4)
    assert [each.offences for each in crime.quarters[:4]] == [29, 36, 31, 25]


def test_every_cell_of_the_cross_tables_is_what_pandas_counts(crime, rows):
    by_year = pd.crosstab(rows["group"], rows["year"], margins=True)
    assert crime.by_year.down == tuple(by_year.index[:-1])
    assert crime.by_year.counts == tuple(map(tuple, by_year.to_numpy().tolist()))
    by_quarter = pd.crosstab(rows["group"], [rows["year"], rows["quarter"]], margins=True)
    for column, counted in zip(crime.by_quarter.across, zip(*crime.by_quarter.counts, strict=True), strict=True):
        if len(column) == 2:
            assert list(counted) == by_quarter[column].tolist()
        else:
            assert list(counted) == by_year["All" if not column else column[0]].tolist()


def test_each_entry_of_the_data_is_one_offence_as_pandas_counts_them(crime, rows):
    columns = ["group", "year", "quarter", "Locus Subtype"]
    wanted = sorted(map(tuple, rows[columns].to_numpy().tolist()))
    assert sorted(map(tuple, crime.farm_offences)) == wanted


def test_the_parts_of_the_cross_table_make_up_its_wholes(crime):
    crossed = crime.by_quarter
    assert crossed.counts[-1] == tuple(map(sum, zip(*crossed.counts[:-1], strict=True)))
    for row in crossed.counts:
        single = [count for column, count in zip(crossed.across, row, strict=True) if len(column) == 2]
        assert sum(single) == row[-1]


def test_without_the_section_in_the_settings_there_is_none():
    own = settings_file.parse(SETTINGS.partition("[farm]")[0])
    assert farm.counted(own, counts=counts(), period=QUARTER) is None
    assert farm_counts.selections(own) == ()


def test_an_extract_without_farm_offences_gives_noughts_and_says_so():
    crime = result(farm_offences=0)
    assert crime.farm_offences == crime.groups == ()
    assert [line.offences for line in crime.lines] == [(0, 0)]
    assert crime.lines[0].shares == (None, None)
    assert crime.by_quarter.across == ((),)
    assert crime.pivots_intro == (
        "No farm offences are in the extract, which covers Apr-09 to Jun-11; there is nothing to tabulate."
    )


def test_a_year_that_the_extract_lacks_is_missing_and_never_nought():
    crime = result(first="Oct-09")
    assert crime.lines[-1].offences == (None, 12)
    assert crime.lines[-1].shares == (None, 1.0)
    assert (crime.lines[-1].change, crime.lines[-1].apparent_change) == (None, None)
    assert [each.baseline for each in crime.quarters[:2]] == [3, 3]
    assert crime.quarters[-1].baseline is None
    assert not crime.has_whole_baseline
    assert crime.by_year_text.endswith(
        "Apr-09 to Mar-10 can't be counted: South Cambridgeshire has no complete figures for Apr-09 to Sep-09."
    )


def test_a_year_that_is_not_over_is_not_counted_though_some_of_it_is_there():
    own = settings(years=(Period.parse("2010-11"), Period.parse("2011-12")))
    assert result(own).lines[-1].offences == (12, None)
    assert "2011-12 was not over by April to June 2011." in result(own).by_year_text


def test_the_years_are_the_baseline_and_the_last_that_is_over_unless_they_are_named():
    assert [year.name for year in result().years] == ["2009-10", "2010-11"]
    at_the_end = result(period=Period.parse("2010-11 Q4"))
    assert [year.name for year in at_the_end.years] == ["2009-10", "2010-11"]
    assert [year.name for year in result(period=Period.parse("2010-11 Q3")).years] == ["2009-10"]


def test_nothing_after_the_quarter_reported_is_shown():
    crime = result(period=Period.parse("2010-11 Q2"))
    assert crime.quarters[-1].quarter.name == "2010-11 Q2"
    assert max((each.financial_year, each.quarter) for each in crime.farm_offences) == ("2010-11", "Q2")


def test_repeats_are_counted_only_where_the_months_before_are_there():
    repeats = [("2010-11 Q1", Repeats(offences=2, victims=1))]
    crime = result(repeats=repeats)
    assert [each.repeats for each in crime.quarters[:5]] == [None] * 4 + [(2, 1)]
    assert crime.quarters[-1].repeats == (0, 0)


def test_a_baseline_year_that_is_not_over_before_the_reported_one_is_no_baseline():
    crime = result(settings(baseline=Period.parse("2011-12")))
    assert {each.baseline for each in crime.quarters} == {None}


@pytest.mark.whole
def test_a_locus_that_no_offence_is_at_is_refused(example):
    settings = example / "partnership.toml"
    assert not looked_at(example)
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('["Barn", "Farm"]', '["Barns", "Farm"]'), encoding="utf-8")
    with pytest.raises(ValueFoundError, match='No row has the locus subtype "Barns"') as refused:
        looked_at(example)
    assert str(refused.value).split("\n")[1:] == [
        'Where: partnership.toml, priority "farm-crime"; partnership.toml, [farm]',
        'What to do: For "Barns", did you mean "Barn"? Write it as the extract does, or take it out of the settings.',
    ]


def looked_at(folder):
    """What is to be looked at of farm crime, by its title."""
    own, today = settings_file.read(folder), dt.date(2011, 7, 29)
    data = gather(own, folder, today=today, progress=str)
    built = report.build(own, period=own.report.quarter, data=data, inputs=Inputs(), today=today)
    return {check.what: check.detail for check in built.checks if not check.holds and "Farm" in check.what}


def test_what_is_selected_is_each_group_at_each_locus_and_all_of_it_with_repeats():
    whole, *parts = farm_counts.selections(settings())
    assert (whole.counted_as, whole.locus_subtypes, whole.repeats_by) == (FarmOffences(), ("Barn", "Farm"), "victim")
    assert len(parts) == 2 * len(offences.load("cadet-2011").groups)
    assert {part.locus[:2] for part in parts} == {(("Agricultural",), ("Barn",)), (("Agricultural",), ("Farm",))}
    by_type = farm_counts.selections(settings(locus_types=("Farm", "Barn"), locus_subtypes=()))
    assert {part.locus[:2] for part in by_type[1:]} == {(("Farm",), ()), (("Barn",), ())}
    assert result(settings(locus_subtypes=()), farm_offences=0).locus_heading == "Locus type"


def test_quarters_before_the_table_are_in_the_data_only_as_far_as_they_are_shown():
    crime = result(settings(years=(Period.parse("2010-11"),)), first="Apr-04")
    assert len(crime.quarters) == farm_counts.QUARTERS_SHOWN
    shown = {*(each.quarter for each in crime.quarters), *quarters_of(Period.parse("2010-11"))}
    assert {(each.financial_year, each.quarter) for each in crime.farm_offences} == {
        tuple(quarter.name.split()) for quarter in shown
    }


def test_the_report_holds_the_section_and_the_analyst_may_write_about_it(built):
    assert built.farm is not None
    assert (farm.SECTION, "Farm crime by group") in [(each.section_id, each.title) for each in built.sections]


def test_an_unknown_code_in_a_group_is_refused_before_anything_is_read(example):
    file = example / "partnership.toml"
    file.write_text(file.read_text(encoding="utf-8") + '[farm.groups]\n"Metal" = ["49", "4Z"]\n', encoding="utf-8")
    with pytest.raises(ValueFoundError, match=r'^"4Z" is not an offence code, row or group .*') as refused:
        gather(settings_file.read(example), example, today=dt.date(2011, 7, 29), progress=str)
    assert refused.value.where == "partnership.toml, farm.groups"


PRIORITY = """
[[priorities]]
id = "farm-crime"
title = "Farm crime"
objective = "Less"
deadline = "2011-12"
measure = { locus_types = ["Agricultural"], locus_subtypes = ["Barn", "Farm"] }
baseline = { year = "2009-10" }
"""


def grouped(each_quarter, *, repeats=(), last_quarter=None, own=None):
    """The same offences in the first month of every quarter by group; the last quarter may have others."""
    found = counts(own=own, farm_offences=0, others=200, repeats=repeats)
    cells = {cell: count for cell, count in found.cells.items() if cell[1] == "all-crime"}
    for month in found.covered[AREA]:
        if month.first.month % 3 == 1:
            these = (last_quarter or each_quarter) if month in QUARTER else each_quarter
            cells[AREA, FarmOffences(), month] = cells[AREA, PriorityOffences("farm-crime"), month] = sum(
                these.values()
            )
            cells |= {(AREA, FarmOffences(group, "Barn"), month): count for group, count in these.items()}
    return replace(found, cells=cells, selections=(*found.selections, PriorityOffences("farm-crime")))


def policed(counted, policy='farm = "hide"', *, priorities="", disclosed_before=()):
    own = settings_file.parse(f"{SETTINGS}[suppression]\n{policy}\n{priorities}")
    data = report.Data(counts={"recorded_crime": counted})
    return report.build(
        own,
        period=QUARTER,
        data=data,
        inputs=Inputs(),
        today=dt.date(2011, 7, 29),
        before=report.Before(disclosed=frozenset(disclosed_before)),
    )


def for_partners(built):
    """All that partners are shown of farm crime: not the pivot tables and their rows."""
    none = CrossTable(down=(), across=(), counts=())
    return replace(built.farm, farm_offences=(), by_year=none, by_quarter=none)


USUAL = {"Burglary": 20, "Drug offences": 5, "Theft and handling": 40}


def test_by_default_every_count_of_farm_crime_is_printed(built):
    assert built.farm.suppressed is None
    assert built.suppressed == ()
    assert built.intros.farm == ""


def test_what_is_made_of_a_hidden_count_is_hidden_with_it_and_the_rest_stays():
    built = policed(grouped(USUAL, last_quarter={"Burglary": 20, "Drug offences": 1, "Theft and handling": 40}))
    last = built.farm.quarters[-1]
    assert (last.offences, last.by_group) == (61, (SUPPRESSED, SUPPRESSED, 40))
    (counts_hidden,) = built.suppressed
    assert (counts_hidden.unsafe, counts_hidden.hidden, counts_hidden.exposed) == (1, 2, 0)


def test_shares_and_changes_of_a_hidden_year_are_symbols():
    quarterly = {"Burglary": 20, "Drug offences": 1, "Theft and handling": 40}
    drugs = policed(grouped(quarterly), 'farm = "hide"\nunsafe_up_to = 4').farm.lines[1]
    assert drugs.offences == drugs.shares == (SUPPRESSED, SUPPRESSED)
    assert (drugs.change, drugs.apparent_change) == (SUPPRESSED, SUPPRESSED)


def test_nothing_that_partners_are_shown_depends_on_which_hidden_count_is_which():
    """Two tables differ in hidden counts alone: what is made of them for partners is the same to the letter."""
    one, other = (
        policed(grouped(USUAL, last_quarter={"Burglary": 20, "Drug offences": small, "Robbery": 3 - small}))
        for small in (1, 2)
    )
    assert one.farm.by_quarter != other.farm.by_quarter
    assert for_partners(one) == for_partners(other)
    assert (one.suppressed, one.checks) == (other.suppressed, other.checks)


@pytest.mark.whole
def test_a_note_says_what_is_hidden_on_the_farm_worksheets_alone():
    built = policed(grouped({"Burglary": 20, "Drug offences": 1}))
    (note,) = [note for note in built.notes if SUPPRESSED in note.text]
    assert built.intros.farm == f"Small counts are hidden {note.citation}."
    assert note.citation not in built.intros.highlights
    (check,) = [check for check in built.checks if check.what.startswith("Small counts")]
    assert check.what == "Small counts on Farm crime by group, Farm crime by quarter"


def test_a_quarter_whose_total_is_small_is_hidden_in_words_in_the_chart_and_as_a_repeat():
    repeats = [("2011-12 Q1", Repeats(offences=1, victims=1, unnamed=1))]
    crime = policed(grouped({"Burglary": 2}, repeats=repeats)).farm
    last = crime.quarters[-1]
    assert (last.offences, last.baseline, last.repeats) == (SUPPRESSED, SUPPRESSED, (SUPPRESSED, SUPPRESSED))
    assert not crime.has_whole_baseline
    assert crime.by_quarter_text == (
        "The number of offences at farms in April to June 2011 is hidden. The chart has no column "
        "for a quarter whose count is hidden."
    )
    assert crime.chart_alt_text.startswith(
        "Farm crime, columns by quarter from 2009-10 Q1 (number hidden) to 2011-12 Q1 (number hidden)."
    )


@pytest.mark.whole
def test_small_repeats_and_what_is_not_known_are_not_reported():
    repeats = [("2011-12 Q1", Repeats(offences=1, victims=1, unnamed=2))]
    crime = policed(grouped(USUAL, repeats=repeats)).farm
    assert crime.quarters[-1].offences == 65
    assert "victim" not in crime.by_quarter_text
    shown = policed(grouped(USUAL, repeats=[("2011-12 Q1", Repeats(offences=9, victims=8, unnamed=7))])).farm
    assert "9 of the 65 were against someone" in shown.by_quarter_text
    assert "7 offences had no victim recorded" in shown.by_quarter_text


@pytest.mark.whole
def test_the_largest_group_is_not_named_where_that_would_bound_a_hidden_one():
    hidden = policed(grouped({"Burglary": 1, "Drug offences": 1, "Robbery": 3, "Theft and handling": 2}), LOOSE)
    assert "largest" not in hidden.farm.by_year_text
    apart = policed(grouped({"Burglary": 30, "Drug offences": 1, "Theft and handling": 400}), LOOSE)
    assert "Theft and handling was the largest group in 2010-11" in apart.farm.by_year_text


LOOSE = 'farm = "hide"\nunsafe_up_to = 10'


@pytest.mark.whole
def test_small_totals_that_a_priority_of_the_same_locus_prints_are_reported_as_exposed():
    counted = grouped({"Burglary": 1, "Drug offences": 1})
    alone = policed(counted)
    assert alone.suppressed[0].exposed == 0
    beside = policed(counted, priorities=PRIORITY)
    assert beside.priorities[0].later == 2
    assert beside.farm.quarters[-1].offences == SUPPRESSED
    assert beside.suppressed[0].exposed > 0
    (check,) = [check for check in beside.checks if check.what.startswith("Small counts")]
    assert not check.holds


@pytest.mark.whole
def test_a_total_that_a_priority_prints_is_not_hidden_to_protect_another_count():
    """1 and 2 of 3 are too close, so that the 3 is hidden too; a priority tells it, and Checks says so."""
    counted = grouped(USUAL, last_quarter={"Burglary": 1, "Drug offences": 2})
    assert policed(counted).farm.quarters[-1].offences == SUPPRESSED
    beside = policed(counted, priorities=PRIORITY)
    assert beside.farm.quarters[-1].offences == 3
    assert (policed(counted).suppressed[0].exposed, beside.suppressed[0].exposed) == (0, 2)
    elsewhere = PRIORITY.replace('"Barn", "Farm"', '"Barn"')
    assert policed(counted, priorities=elsewhere).farm.quarters[-1].offences == SUPPRESSED


def test_groups_of_sensitive_offences_are_hidden_up_to_4():
    groups = '[farm.groups]\nRobberies = ["all-robbery"]\n'
    own = settings_file.parse(f'{SETTINGS}{groups}[suppression]\nfarm = "hide"\nsensitive_rows = ["all-robbery"]\n')
    counted = grouped({"Robberies": 4, "Other offences": 64}, own=own)
    data = report.Data(counts={"recorded_crime": counted})
    crime = report.build(own, period=QUARTER, data=data, inputs=Inputs(), today=dt.date(2011, 7, 29)).farm
    assert crime.suppressed.unsafe == 9
    assert crime.suppressed.hidden > 9
    assert {each.by_group[crime.groups.index("Robberies")] for each in crime.quarters} == {SUPPRESSED}
    with pytest.raises(ValueFoundError, match=r'There is no offence row "robberies"'):
        policed(grouped(USUAL), 'farm = "hide"\nsensitive_rows = ["robberies"]')


def test_rounded_farm_crime_reports_no_test_and_nothing_but_multiples_of_5():
    repeats = [("2011-12 Q1", Repeats(offences=1, victims=1, unnamed=1))]
    last = {"Burglary": 23, "Drug offences": 1, "Theft and handling": 42}
    built = policed(grouped(USUAL, last_quarter=last, repeats=repeats), 'farm = "round"')
    crime = built.farm
    quarter = crime.quarters[-1]
    assert (quarter.offences, quarter.by_group, quarter.repeats) == (65, (25, 0, 40), (0, 0))
    printed = [count for each in crime.quarters for count in (each.offences, each.baseline, *each.by_group)]
    printed += [count for line in crime.lines for count in line.offences]
    assert {count % 5 for count in printed} == {0}
    assert crime.lines[0].shares[-1] == crime.lines[0].offences[-1] / crime.lines[-1].offences[-1]
    assert crime.by_quarter_text == (
        "Farms had 65 offences in April to June 2011, 10.8% of the 600 recorded in the "
        "area. There were 65 offences in April to June 2009, the same months of the baseline year. "
        "Repeats are counted from 2010-11 Q1: before that there are less than 12 months of figures "
        "to look back on."
    )
    assert built.intros.farm.startswith("Counts of offences at farms are rounded [note ")
    assert {each.how for each in of_farm(built)} == {"rounded"}


def of_farm(built):
    return [each for each in built.disclosed if isinstance(each.cell[1], FarmOffences | FarmRepeats)]


@pytest.mark.whole
def test_small_counts_of_farm_crime_that_an_earlier_copy_printed_are_reported_as_exposed():
    counted = grouped(USUAL, last_quarter={"Burglary": 20, "Drug offences": 1, "Theft and handling": 40})
    every = of_farm(policed(counted, 'farm = "off"'))
    assert ((AREA, FarmOffences("Drug offences"), QUARTER), 1, "printed") in every
    again = policed(counted, disclosed_before=every)
    assert again.suppressed[0].exposed == 1
    first = policed(counted)
    second = policed(counted, disclosed_before=of_farm(first))
    assert for_partners(second) == for_partners(first)
    assert second.suppressed[0].exposed == 0
