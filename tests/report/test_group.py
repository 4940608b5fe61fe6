"""A priority in the most similar group: positions in words, their labels, and real districts worked out by pandas."""

from __future__ import annotations

import datetime as dt
import random
import re
from dataclasses import replace

import pandas as pd
import pytest

from cdrp_xl import offences, report
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs
from cdrp_xl.report import group as groups
from cdrp_xl.report.group import GroupData, GroupResult, ordinal
from cdrp_xl.settings import Group
from cdrp_xl.settings.priorities import Baseline, Measure, Priority
from cdrp_xl.tables import Counts, Origin
from cdrp_xl.terms import Standing
from cdrp_xl.workbooks.gathering import gather

AREA = "South Cambridgeshire"
MEMBERS = (AREA, "Area A", "Area B", "Area C")
BURGLARY = "burglary-dwelling"
QUARTERS = ("2010-11 Q1", "2010-11 Q2", "2010-11 Q3", "2010-11 Q4")
Q1 = Period.parse("2011-12 Q1")


def data(*, offences_a_quarter=(40, 20, 60, 80), quarters=QUARTERS, row_id=BURGLARY, **other):
    periods = [Period.parse(name) for name in quarters]
    cells = {
        (area, row_id, period): count
        for area, count in zip(MEMBERS, offences_a_quarter, strict=True)
        for period in periods
    }
    every = {row.row_id for row in offences.load("cadet-2011").rows}
    counts = Counts(
        classification=offences.load("cadet-2011"),
        areas=MEMBERS,
        covered=dict.fromkeys(MEMBERS, frozenset(periods)),
        cells=cells,
        origin=Origin(source="iQuanta"),
        rows_missing=frozenset(every - {row_id}),
    )
    residents = {(area, use): 10_000 for area in MEMBERS for use in ("people", "households")}
    filled = {"counts": counts, "residents": residents, "positions": {}, "positions_source": "", "unjoined": ()}
    return GroupData(**{**filled, **other})


def priority(*, rows=(BURGLARY,), rate_per="households", measure=None):
    return Priority(
        id="burglary",
        title="Burglary",
        objective="Fewer",
        measure=measure or Measure(rows=rows),
        baseline=Baseline(year=Period.parse("2009-10")),
        deadline=Period.parse("2011-12"),
        rate_per=rate_per,
    )


def result(found=None, *, period=Q1, wanted=None, **group):
    own = Group(members=MEMBERS, source="iquanta", **group)
    return groups.result(wanted or priority(), group=own, data=found or data(), area=AREA, period=period)


SENTENCE = re.compile(
    r"Most similar group, 2010-11 Q4: (?P<position>(?:joint )?[1-4](?:st|nd|rd|th)) of 4 \(1st is the lowest\), at "
    r"(?P<rate>[\d.,]+) offences per 1,000 households\. This is (?P<standing>above|in line with|below) the average of "
    r"(?P<average>[\d.,]+)\."
)


@pytest.mark.whole
def test_the_sentence_on_the_group_claims_what_its_figures_say():
    """300 groups at random, and some whose rate would be printed as its own limit."""
    draw = random.Random(3)  # noqa: S311  the same on every run
    odd = [([1, 1, 4, 1], [66_578, 10_000, 21_590, 42_613]), ([36, 36, 25, 41], [10_000, 65_821, 10_000, 10_000])]
    odd += [([3, 0, 0, 0], [89_300, 81_835, 83_190, 21_688]), ([0, 0, 0, 0], [9_000, 8_000, 9_000, 7_000])]
    for _ in range(300):
        usual = draw.choice([0, 1, 3, 10, 40, 200, 3000])
        counts = [max(0, round(draw.gauss(usual, usual**0.5 * draw.choice([1, 2, 3])))) for _ in MEMBERS]
        odd.append((counts, [draw.randint(300, 90_000) for _ in MEMBERS]))
    seen = set()
    for counts, households in odd:
        residents = {(area, "households"): number for area, number in zip(MEMBERS, households, strict=True)}
        found = result(data(offences_a_quarter=counts, residents=residents), period=Period.parse("2010-11 Q4"))
        said = SENTENCE.fullmatch(found.findings[0])
        assert said, found.findings[0]
        rates = [1000 * count / number for count, number in zip(counts, households, strict=True)]
        lower_ones = sum(rate < rates[0] for rate in rates)
        is_joint = rates.count(rates[0]) > 1
        assert said["position"] == ("joint " if is_joint else "") + ordinal(1 + lower_ones)
        decimals = len(said["rate"].partition(".")[2])
        assert said["rate"] == f"{rates[0]:,.{decimals}f}"
        assert said["average"] == f"{sum(rates) / 4:,.{decimals}f}"
        rate, average = (float(said[key].replace(",", "")) for key in ("rate", "average"))
        (placed,) = (each for each in found.periods if each.period == found.shown)
        lower, upper = (round(limit, decimals) for limit in (placed.lower, placed.upper))  # as precise as the sentence
        assert lower <= average <= upper
        side = (rate > upper) - (rate < lower)
        assert said["standing"] == {1: "above", 0: "in line with", -1: "below"}[side], found.findings[0]
        seen.add(side)
    assert seen == {-1, 0, 1}


def test_a_position_of_quarter_4_in_a_report_of_quarter_1_is_labelled_so():
    found = result()
    assert found.shown == Period.parse("2010-11 Q4")
    assert found.findings[0].startswith("Most similar group, 2010-11 Q4: 2nd of 4 (1st is the lowest), at 4.00 off")
    assert found.findings[1] == (
        "This is the position for 2010-11 Q4. The group's figures for 2011-12 Q1 are not published yet."
    )


def test_a_position_of_the_reports_own_quarter_needs_no_label():
    found = result(period=Period.parse("2010-11 Q4"))
    assert not [finding for finding in found.findings if "This is the position" in finding]


def test_positions_are_given_for_four_quarters_and_for_the_year_that_is_over():
    found = result(data(quarters=("2009-10 Q4", *QUARTERS)))
    assert [each.period.name for each in found.periods] == [*QUARTERS, "2010-11"]
    assert {each.position for each in found.periods} == {"2nd of 4"}
    year = found.periods[-1]
    assert (year.rate, year.average) == (16.0, 20.0)
    assert found.findings[2].startswith("Most similar group, 2010-11: 2nd of 4")


def test_a_year_that_is_not_over_or_not_covered_has_no_position():
    assert [each.period.name for each in result(period=Period.parse("2010-11 Q3")).periods] == list(QUARTERS[:3])


def test_a_figure_of_the_year_goes_before_the_sum_of_its_quarters():
    given = data(quarters=(*QUARTERS, "2010-11"), offences_a_quarter=(40, 20, 60, 80))
    assert result(given).periods[-1].rate == 4.0


def test_equal_rates_are_a_joint_position():
    assert result(data(offences_a_quarter=(40, 20, 40, 80))).periods[0].position == "joint 2nd of 4"


def test_limits_for_overdispersion_can_be_switched_off():
    wide, narrow = result(), result(overdispersion=False)
    assert wide.periods[0].upper > narrow.periods[0].upper
    assert narrow.members[-1].limits == (narrow.members[0].limits)  # all are of one size
    assert (
        result(data(offences_a_quarter=(400, 20, 60, 80)), overdispersion=False).periods[0].standing is Standing.ABOVE
    )


def test_an_imported_position_that_agrees_is_beside_ours_and_one_that_does_not_is_said():
    last = Period.parse("2010-11 Q4")
    positions = {(AREA, BURGLARY, period): 2 for period in map(Period.parse, QUARTERS)}
    agreed = result(data(positions=positions, positions_source="iQuanta"))
    assert [each.imported for each in agreed.periods] == ["2nd of 4"] * 4 + ["[x]"]
    assert agreed.disagreements == ()
    other = result(data(positions=positions | {(AREA, BURGLARY, last): 3}, positions_source="iQuanta"))
    assert other.disagreements == ("iQuanta gives 3rd of 4 for 2010-11 Q4. Worked out from the counts it is 2nd of 4.",)
    assert other.disagreements[0] in other.findings


def test_an_imported_position_that_is_shared_agrees_with_a_joint_one():
    positions = {(AREA, BURGLARY, period): 2 for period in map(Period.parse, QUARTERS)}
    found = result(data(offences_a_quarter=(40, 20, 40, 80), positions=positions, positions_source="iQuanta"))
    assert found.disagreements == ()


def test_the_group_is_reported_with_the_day_from_which_it_holds():
    about = result(effective=dt.date(2010, 4, 1)).about
    assert about == "The group has 4 members, as of 1 April 2010. Source: iQuanta."


def test_a_selection_by_place_has_no_position():
    found = result(wanted=priority(measure=Measure(locus_types=("Agricultural",))))
    assert found == (
        "Burglary is counted by place, which no other area does. It has no position in the most similar group."
    )


def test_a_row_that_the_groups_source_does_not_count_has_no_position():
    assert result(wanted=priority(rows=("arson",))) == (
        'There is no position in the most similar group: "Arson" can\'t be counted: the data have no row for it.'
    )


def test_a_group_whose_figures_are_years_old_has_no_position():
    why = "iQuanta covers Apr-10 to Mar-11, and none of the last 8 quarters."
    assert result(period=Period.parse("2014-15 Q1")) == f"There is no position in the most similar group: {why}"


def test_every_member_without_people_is_named():
    lacking = {(area, "people"): 10_000 for area in MEMBERS[:2]}
    with pytest.raises(CannotBeComputedError, match='2 members of the group have no number of people: "Area B", "Ar'):
        result(data(residents=lacking), wanted=priority(rate_per="people"))
    with pytest.raises(CannotBeComputedError, match=r'rate_per = "people"') as refused:
        result(data(residents={(AREA, "households"): 10_000}))
    assert refused.value.where == 'partnership.toml, group.members, for the priority "Burglary"'


def test_without_people_of_any_member_there_is_no_position():
    assert result(data(residents={(area, "people"): 10_000 for area in MEMBERS})) == (
        "There is no position in the most similar group: its source has no number of households for the members."
    )


def test_a_group_without_any_offence_is_joint_first():
    found = result(data(offences_a_quarter=(0, 0, 0, 0)))
    assert found.periods[0].position == "joint 1st of 4"
    assert (found.average, found.periods[0].upper) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (112, "112th"),
    ],
)
def test_a_position_is_written_as_it_is_said(number, words):
    assert ordinal(number) == words


# Districts that data.police.uk and the mid-2020 estimates both name, and that are rural like South Cambridgeshire.
REAL = (
    "South Cambridgeshire",
    "East Hampshire",
    "Test Valley",
    "Winchester",
    "Cotswold",
    "Tewkesbury",
    "Vale of White Horse",
    "South Oxfordshire",
    "West Oxfordshire",
    "Horsham",
    "Mid Sussex",
    "Uttlesford",
    "Harborough",
    "Stratford-on-Avon",
    "Huntingdonshire",
)

SETTINGS = """
[partnership]
name = "South Cambridgeshire CSP"
area = "South Cambridgeshire"
[sources.police_uk]
path = "police_uk/cambridgeshire"
[sources.population]
file = "geography/lad_population_mid2020_EW.csv"
area = "Name"
population = "All ages"
[sources.area_counts]
files = ["csp_counts/*.csv"]
source = "Counts by district"
classification = "police-uk"
headings = {{ area = "District (from LSOA name)", period = "Month", offence = "Crime type", offences = "Count" }}
is_tally = true
[group]
source = "area_counts"
members = [{members}]
[[priorities]]
id = "burglary"
title = "Burglary"
objective = "Fewer"
deadline = "2025-26"
measure = {{ rows = ["burglary"] }}
baseline = {{ year = "2023-24", quarters = [1, 1, 1, 1], source = "none" }}
"""


def real_settings(members=REAL):
    return settings_file.parse(SETTINGS.format(members=", ".join(f'"{member}"' for member in members)))


@pytest.fixture(scope="module")
def real(shared_data):
    own, today = real_settings(), dt.date(2026, 1, 20)
    gathered = gather(own, shared_data, today=today, progress=str)
    built = report.build(own, period=Period.parse("2024-25 Q4"), data=gathered, inputs=Inputs(), today=today)
    return gathered, built


def by_pandas(shared_data, months):
    """The members' burglaries, people and rates, read without the package."""
    rows = pd.concat(pd.read_csv(file) for file in sorted((shared_data / "csp_counts").glob("*.csv")))
    rows = rows[rows["Month"].isin(months) & (rows["Crime type"] == "Burglary")]
    table = rows.groupby("District (from LSOA name)")["Count"].sum().reindex(REAL).to_frame("offences")
    people = pd.read_csv(shared_data / "geography" / "lad_population_mid2020_EW.csv").set_index("Name")["All ages"]
    table["rate"] = 1000 * table["offences"] / people.reindex(REAL)
    assert table.notna().all(axis=None)
    return table.assign(position=table["rate"].rank(method="min").astype(int))


@pytest.mark.whole
@pytest.mark.parametrize(("quarter", "year"), [("2023-24 Q4", 2024), ("2024-25 Q4", 2025)])
def test_a_real_group_of_15_has_the_rates_positions_and_average_of_pandas(real, shared_data, quarter, year):
    table = by_pandas(shared_data, [f"{year}-{month:02}" for month in (1, 2, 3)])
    gathered, built = real
    wanted = built.priorities[0].group
    (shown,) = (each for each in wanted.periods if each.period.name == quarter)
    own = table.loc[AREA]
    ties = (table["position"] == own["position"]).sum()
    assert shown.rate == pytest.approx(own["rate"])
    assert shown.average == pytest.approx(table["rate"].mean())
    assert shown.position.removeprefix("joint ") == f"{ordinal(int(own['position']))} of 15"
    assert shown.position.startswith("joint ") == (ties > 1)
    assert shown.lower < shown.average < shown.upper
    assert gathered.group.counts.origin.source == "Counts by district"


def test_every_district_of_the_counts_joins_the_estimates_under_one_of_its_names(real):
    gathered, built = real
    assert gathered.group.unjoined == ()
    assert not [check for check in built.checks if check.what.startswith("Areas of the group's source")]


def test_the_members_of_a_real_group_have_the_offences_rates_and_positions_of_pandas(real, shared_data):
    table = by_pandas(shared_data, ["2025-01", "2025-02", "2025-03"])
    _, built = real
    found = built.priorities[0].group
    assert found.shown.name == "2024-25 Q4"
    assert {member.area: member.position for member in found.members} == table["position"].to_dict()
    assert {member.area: member.offences for member in found.members} == table["offences"].to_dict()
    assert {member.area: member.rate for member in found.members} == pytest.approx(table["rate"].to_dict())


@pytest.mark.whole
def test_a_real_member_that_replaced_others_has_their_people(shared_data):
    gathered = gather(real_settings((*REAL, "North Northamptonshire")), shared_data, today=TODAY, progress=str)
    people = pd.read_csv(shared_data / "geography" / "lad_population_mid2020_EW.csv").set_index("Name")["All ages"]
    parts = ["Corby", "East Northamptonshire", "Kettering", "Wellingborough"]
    assert gathered.group.residents["North Northamptonshire", "people"] == people[parts].sum()
    (origin,) = (each for each in gathered.others if each.source == "Population estimates")
    assert origin.remarks == (f"The people of North Northamptonshire are the sum of {', '.join(parts)}.",)


@pytest.mark.whole
def test_a_real_member_that_no_file_has_is_refused_by_name(shared_data):
    with pytest.raises(ValueFoundError, match='There is no row for the area "East Marsh"'):
        gather(real_settings((*REAL, "East Marsh")), shared_data, today=TODAY, progress=str)


TODAY = dt.date(2026, 1, 20)
GAPS = Period.parse("2025-26 Q3")
"""The quarter up to December 2025: Avon and Somerset sent 2 of the 6 months before, Thames Valley 5."""


@pytest.fixture(scope="module")
def everyone(shared_data):
    """The counts and people of every area of today of which a force sent rows; which months it sent, without it."""
    rows = pd.concat(pd.read_csv(file) for file in sorted((shared_data / "csp_counts").glob("*2025*.csv")))
    rows = rows.rename(columns={"District (from LSOA name)": "area", "Falls within": "force"}).dropna(subset=["area"])
    rows = rows.assign(area=rows["area"].replace(TODAYS))
    most = rows.groupby(["area", "force"])["Count"].sum().reset_index().sort_values("Count").groupby("area").last()
    policed = most[(most["Count"] > 1000) | (most.index == "Isles of Scilly")]["force"].to_dict()  # others: 228 at most
    own = rows[[policed.get(area) == force for area, force in zip(rows["area"], rows["force"], strict=True)]]
    months = own.groupby("area")["Month"].agg(set).to_dict()
    burglaries = rows[rows["Crime type"] == "Burglary"].groupby(["area", "Month"])["Count"].sum().to_dict()
    data = gather(real_settings((AREA, *sorted(set(months) - {AREA}))), shared_data, today=TODAY, progress=str).group
    return data, months, burglaries


TODAYS = {
    **dict.fromkeys(("Mendip", "Sedgemoor", "South Somerset", "Somerset West and Taunton"), "Somerset"),
    **dict.fromkeys(("Allerdale", "Carlisle", "Copeland"), "Cumberland"),
    **dict.fromkeys(("Barrow-in-Furness", "Eden", "South Lakeland"), "Westmorland and Furness"),
    **dict.fromkeys(
        ("Craven", "Hambleton", "Harrogate", "Richmondshire", "Ryedale", "Scarborough", "Selby"), "North Yorkshire"
    ),
}


def of_members(found, members):
    counts = replace(found.counts, areas=members, covered={member: found.counts.covered[member] for member in members})
    return replace(found, counts=counts)


def groups_of_15(areas):
    """A group of 15 for each area, drawn with a seed; each has a member of which months are missing."""
    drawn = random.Random(12)  # noqa: S311 - no secret
    for area in areas:
        others = drawn.sample([other for other in areas if other not in {area, "South Oxfordshire"}], 13)
        members = (area, *others, "South Oxfordshire" if area != "South Oxfordshire" else "Cotswold")
        yield area, members


@pytest.mark.whole
@pytest.mark.shared_data
def test_no_area_of_the_country_has_a_position_from_incomplete_figures_and_every_gap_is_named(everyone):
    data, months, burglaries = everyone
    areas = sorted(months)
    assert len(areas) == 264
    wanted = priority(rows=("burglary",), rate_per="people")
    seen = 0
    for area, members in groups_of_15(areas):
        own = Group(members=members, source="area_counts")
        found = groups.result(wanted, group=own, data=of_members(data, members), area=area, period=GAPS)
        if isinstance(found, str):
            pytest.fail(f"{area}: {found}")
        assert [each.period.name for each in found.periods] == QUARTERS_OF_2025, area
        for each in found.periods:
            names = [f"{month.year}-{month.month:02}" for month in each.period.months]
            whole = [member for member in members if set(names) <= months[member]]
            people = {member: data.residents[member, "people"] for member in whole}
            rates = pd.Series(
                {m: 1000 * sum(burglaries.get((m, name), 0) for name in names) / people[m] for m in whole}
            )
            assert len(each.lacking) == 15 - len(whole)
            assert all(any(line.startswith(f"{m} has no") for line in each.lacking) for m in set(members) - set(whole))
            assert each.average == pytest.approx(rates.mean())
            if area not in whole:
                assert (each.rate, each.position, each.standing) == (None, "[x]", None)
                continue
            assert each.rate == pytest.approx(rates[area])
            position = f"{ordinal(int(rates.rank(method='min')[area]))} of {len(whole)}"
            have = "has" if len(whole) == 14 else "have"
            lacking = f" ({15 - len(whole)} of 15 {have} no complete figures)" if len(whole) < 15 else ""
            assert each.position.removeprefix("joint ") == f"{position}{lacking}"
            seen += len(whole) < 15
    assert seen > 250


QUARTERS_OF_2025 = ["2024-25 Q4", "2025-26 Q1", "2025-26 Q2", "2025-26 Q3"]


def without(found, area, *missing):
    """The group's data without an area's figures for some quarters."""
    lacking = {Period.parse(name) for name in missing}
    counts = found.counts
    return replace(found, counts=replace(counts, covered={**counts.covered, area: counts.covered[area] - lacking}))


def test_a_member_without_complete_figures_has_no_position_and_is_not_in_the_average():
    found = result(without(data(), "Area A", "2010-11 Q4"))
    last = found.periods[3]
    assert (last.position, last.average) == ("1st of 3 (1 of 4 has no complete figures)", 6.0)
    assert [member.area for member in found.members] == ["South Cambridgeshire", "Area B", "Area C"]
    said = "Area A has no complete figures for 2010-11 Q4 (Jan-11 to Mar-11). It has no position and is not in the"
    assert (found.lacking[0].startswith(said), found.lacking[0] in found.findings) == (True, True)
    assert [each.position for each in found.periods[:3]] == ["2nd of 4"] * 3
    assert len(found.periods) == 5
    assert found.periods[4].position == "1st of 3 (1 of 4 has no complete figures)"


def test_the_areas_own_gap_is_a_symbol_and_an_earlier_position_is_shown_as_that():
    found = result(without(data(), AREA, "2010-11 Q4"), period=Period.parse("2010-11 Q4"))
    assert [each.position for each in found.periods] == ["2nd of 4", "2nd of 4", "2nd of 4", "[x]"]
    assert (found.shown.name, found.periods[3].rate) == ("2010-11 Q3", None)
    assert found.findings[1] == (
        "This is the position for 2010-11 Q3. The group's figures for 2010-11 Q4 are not published yet."
    )


def test_an_area_that_no_late_quarter_is_complete_in_has_no_position():
    assert "and none of the last 8 quarters" in result(without(data(), AREA, *QUARTERS))


def test_a_position_that_is_asked_for_by_itself_is_refused_without_the_areas_own_figures():
    own = Group(members=MEMBERS, source="iquanta")
    asked = {"group": own, "rate_per": "people", "period": Period.parse("2010-11 Q4")}
    found = without(data(), "Area A", "2010-11 Q4")
    assert groups.position((BURGLARY,), data=found, area=AREA, **asked) == "1st of 3 (1 of 4 has no complete figures)"
    with pytest.raises(CannotBeComputedError, match=r"Area A has no complete figures for Jan-11 to Mar-11\."):
        groups.position((BURGLARY,), data=found, area="Area A", **asked)


def test_a_count_of_the_group_that_is_not_the_reports_is_said_with_both():
    counted = {Period.parse("2010-11 Q4"): 43, Period.parse("2010-11 Q3"): 40}
    own = Group(members=MEMBERS, source="iquanta")
    found = groups.result(priority(), group=own, data=data(), area=AREA, period=Q1, counted=counted.get)
    said = "For 2010-11 Q4 iQuanta has 40 offences for South Cambridgeshire; this report counts 43."
    assert found.disagreements == (said,)
    assert said in found.findings


def test_the_worked_examples_positions_are_those_of_the_report_of_2011(built):
    found = built.priorities[0].group
    assert isinstance(found, GroupResult)
    assert {each.period.name: each.position for each in found.periods} == {
        "2010-11 Q1": "8th of 15",
        "2010-11 Q2": "12th of 15",
        "2010-11 Q3": "12th of 15",
        "2010-11 Q4": "5th of 15",
        "2010-11": "9th of 15",
    }
    assert found.periods[-1].standing is Standing.IN_LINE
    assert found.disagreements == ()
