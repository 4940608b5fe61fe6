"""A partnership of several areas: every figure is the sum over them, and no area stands in for another."""

from __future__ import annotations

import csv
import datetime as dt
import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from cdrp_xl import functions
from cdrp_xl import settings as settings_file
from cdrp_xl.commands import app
from cdrp_xl.errors import CannotBeComputedError, CdrpError, ValueFoundError
from cdrp_xl.periods import Period, quarter
from cdrp_xl.sources.master import Question
from cdrp_xl.terms import Flag
from cdrp_xl.workbooks import asking, connecting, refreshing
from cdrp_xl.workbooks.gathering import gather
from cdrp_xl.workbooks.national import plan, running

TODAY = dt.date(2026, 8, 1)
WHOLE = "Greater Cambridge"
PARTS = ("Cambridge", "South Cambridgeshire")
Q1 = quarter(2026, 1)
EXTRACT = """
[partnership]
name = "A partnership"
area = "Greater Cambridge"
areas = ["Cambridge", "South Cambridgeshire"]
[report]
classification = "home-office-2026"
[sources.recorded_crime]
files = ["data/*.csv"]
[sources.recorded_crime.headings]
offence_reference = "Ref"
date_recorded = "Recorded"
offence = "Code"
area = "District"
locality = "Parish"
domestic = "DA"
"""
HEADINGS = ("Ref", "Recorded", "Code", "District", "Parish", "DA")
CODES = ("28E", "8N", "105A", "46", "56A")


def rows_of(months, areas):
    """Rows in number and kind that differ by month, area and code; a fifth are flagged."""
    return [
        (
            f"{month}/{area}/{code}/{number}",
            f"{month}-{1 + number % 28:02d}",
            code,
            area,
            "A parish",
            "Y" if number % 5 == 0 else "N",
        )
        for at, month in enumerate(months)
        for of, area in enumerate(areas)
        for kind, code in enumerate(CODES)
        for number in range(3 + (7 * at + 5 * of + 3 * kind) % 11)
    ]


def months(first, count):
    return [str(first + step) for first in [pd.Period(first, "M")] for step in range(count)]


def written(folder, rows, name="extract.csv"):
    file = folder / "data" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([HEADINGS, *rows])
    return pd.DataFrame(rows, columns=HEADINGS)


def settings_in(folder, text=EXTRACT):
    (folder / "partnership.toml").write_text(text, encoding="utf-8")
    return settings_file.read(folder)


def gathered(folder, text=EXTRACT, questions=()):
    return gather(settings_in(folder, text), folder, today=TODAY, progress=str, questions=questions)


@pytest.fixture
def extract(tmp_path):
    """Two years and a quarter of both districts, of another one, and of rows without any."""
    return written(tmp_path, rows_of(months("2024-04", 27), (*PARTS, "Fenland", "")))


def test_the_rows_of_every_month_are_those_of_the_areas_together(tmp_path, extract):
    counts = gathered(tmp_path).counts["recorded_crime"]
    own = extract[extract.District.isin(PARTS)]
    by_month = own.groupby([own.Recorded.str[:7], "Code"]).size()
    assert len(by_month) == 27 * len(CODES)
    of_row = {"28E": "residential-burglary-home", "8N": "assault-with-injury", "56A": "arson"}
    rows = {code: row for code, row in of_row.items() if any(each.row_id == row for each in counts.classification.rows)}
    assert rows
    for (month, code), expected in by_month.items():
        if code in rows:
            period = Period.parse(month)
            assert counts.offences(area=WHOLE, row_id=rows[code], period=period) == expected
    top = next(row.row_id for row in counts.classification.rows if not row.parent)
    assert counts.offences(area=WHOLE, row_id=top, period=Period.parse("2026-05")) == by_month["2026-05"].sum()
    assert counts.areas == (WHOLE,)
    assert counts.origin.rows_counted == len(own)
    assert counts.origin.left_out == {
        "in other areas": int((extract.District == "Fenland").sum()),
        "the area is not known (blank, or an error such as #N/A)": int((extract.District == "").sum()),
    }


def test_a_list_of_areas_is_called_by_all_of_their_names(tmp_path, extract):
    text = EXTRACT.replace('area = "Greater Cambridge"\nareas = ', "area = ")
    data = gathered(tmp_path, text)
    name = "Cambridge and South Cambridgeshire"
    assert data.counts["recorded_crime"].areas == (name,)
    assert data.counts["recorded_crime"].origin.rows_counted == extract.District.isin(PARTS).sum()


@pytest.mark.parametrize("name", ["one.csv", "one for each"])
def test_a_month_that_one_area_lacks_is_not_covered_and_the_area_is_named(tmp_path, name):
    every = months("2025-04", 15)
    first, second = rows_of(every, PARTS[:1]), rows_of(every[:-1], PARTS[1:])
    if name == "one.csv":
        written(tmp_path, [*first, *second])
    else:
        written(tmp_path, first, "cambridge.csv")
        written(tmp_path, second, "south.csv")
    counts = gathered(tmp_path).counts["recorded_crime"]
    top = next(row.row_id for row in counts.classification.rows if not row.parent)
    with pytest.raises(CannotBeComputedError, match=rf"{WHOLE} has no complete figures for Jun-26"):
        counts.offences(area=WHOLE, row_id=top, period=Q1)
    assert (
        f"{WHOLE} is not counted for Jun-26: South Cambridgeshire has no complete figures." in counts.origin.to_look_at
    )


def test_an_area_with_few_rows_may_have_none_in_a_month_and_this_is_said(tmp_path):
    every = months("2026-04", 3)
    few = [row for row in rows_of(every[:2], PARTS[1:]) if row[0].endswith("/0")]
    written(tmp_path, [*rows_of(every, PARTS[:1]), *few])
    counts = gathered(tmp_path).counts["recorded_crime"]
    assert counts.covers(Q1, area=WHOLE)
    assert counts.origin.to_look_at == ("There is no row of South Cambridgeshire in Jun-26: this is counted as 0.",)


def test_an_area_that_no_row_is_of_is_refused_by_its_own_name(tmp_path):
    written(tmp_path, rows_of(months("2026-04", 3), ("Cambridge", "South Cambs")))
    with pytest.raises(ValueFoundError, match=r'There is no row for the area "South Cambridgeshire"\.[^"]*"District"'):
        gathered(tmp_path)


def test_a_column_of_partnerships_is_counted_by_the_name_of_the_whole(tmp_path):
    frame = written(tmp_path, rows_of(months("2026-04", 3), (WHOLE.upper(), "Fenland")))
    counts = gathered(tmp_path).counts["recorded_crime"]
    assert counts.origin.rows_counted == (frame.District == WHOLE.upper()).sum()
    assert counts.covers(Q1, area=WHOLE)


def test_an_extract_without_areas_is_of_the_whole(tmp_path):
    frame = written(tmp_path, rows_of(months("2026-04", 3), ("",)))
    counts = gathered(tmp_path, EXTRACT.replace('area = "District"\n', "")).counts["recorded_crime"]
    assert (counts.areas, counts.origin.rows_counted) == ((WHOLE,), len(frame))


def test_rows_under_the_names_of_former_districts_are_counted_in_their_part(tmp_path):
    text = EXTRACT.replace("Greater Cambridge", "Two counties").replace(
        '["Cambridge", "South Cambridgeshire"]', '["Cumberland", "Westmorland and Furness"]'
    )
    rows = rows_of(months("2026-04", 3), ("Allerdale", "Carlisle", "Copeland", "Eden", "Westmorland and Furness"))
    written(tmp_path, [row for row in rows if row[3] != "Westmorland and Furness" or "2026-06" in row[0]])
    counts = gathered(tmp_path, text).counts["recorded_crime"]
    assert counts.origin.rows_counted == counts.origin.rows_read
    assert counts.covers(Q1, area="Two counties")


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        ('["Cumberland", "Carlisle"]', 'partnership: "Cumberland" and "Carlisle" are one area, or the one is part of'),
        ('["Cambridge", "cambridge"]', 'partnership: "Cambridge" and "cambridge" are one area'),
        ('["Shepway", "Folkestone and Hythe"]', 'partnership: "Shepway" and "Folkestone and Hythe" are one area'),
    ],
)
def test_areas_that_share_ground_are_refused(tmp_path, areas, said):
    with pytest.raises(ValueFoundError, match=said):
        settings_in(tmp_path, EXTRACT.replace('["Cambridge", "South Cambridgeshire"]', areas))


def test_a_local_question_may_ask_for_one_of_the_areas(tmp_path, extract):
    asked = Question(area="cambridge", offence_row="Arson", flag=Flag.DOMESTIC, period=Q1, where="a test")
    settings_in(tmp_path, EXTRACT + '[suppression]\nlocalities = "off"\n')
    answer, _ = asking.answered(tmp_path, asked, today=TODAY, progress=str)
    own = extract[(extract.District == "Cambridge") & (extract.Code == "56A")]
    own = own[own.Recorded.between("2026-04-01", "2026-06-30")]
    assert (answer.offences, answer.flagged) == (len(own), int((own.DA == "Y").sum()))


def test_formulas_answer_for_the_whole_and_for_each_area(tmp_path, extract):
    settings_in(tmp_path)
    refreshing.refresh(tmp_path, quarter=Q1, today=TODAY, progress=str)
    figures = functions.load(tmp_path)
    of_quarter = extract[extract.Recorded.between("2026-04-01", "2026-06-30") & (extract.Code == "56A")]
    expected = [int((of_quarter.District == part).sum()) for part in PARTS]
    assert [functions.count(figures, "Arson", part) for part in PARTS] == expected
    assert functions.count(figures, "Arson") == functions.count(figures, "Arson", WHOLE) == sum(expected)


def test_a_small_count_of_one_area_is_not_had_from_the_whole_less_the_other(tmp_path):
    rows = [row for row in rows_of(months("2025-04", 15), PARTS) if row[2] != "56A"]
    rows += [(f"arson {n}", "2026-05-03", "56A", "Cambridge", "", "N") for n in range(9)]
    rows += [("arson x", "2026-05-04", "56A", "South Cambridgeshire", "", "N")]
    written(tmp_path, rows)
    settings_in(tmp_path, EXTRACT + '[suppression]\nlocalities = "hide"\n')
    asked = Question(area="Cambridge", offence_row="Arson", flag=None, period=Q1, where="a test")
    answer, _ = asking.answered(tmp_path, asked, today=TODAY, progress=str)
    assert answer.offences == "[c]"


STREET = """
[partnership]
name = "A partnership"
area = "Greater Cambridge"
areas = ["Cambridge", "South Cambridgeshire"]
[sources.police_uk]
path = "{path}"
[sources.population]
file = "people.csv"
[group]
source = "police_uk"
members = ["Greater Cambridge", "Fenland", "Huntingdonshire"]
[[priorities]]
id = "burglary"
title = "Burglary"
objective = "Fewer"
deadline = "2025-26"
measure = {{ rows = ["burglary"] }}
baseline = {{ year = "2024-25" }}
"""
PEOPLE = {"Cambridge": 145_674, "South Cambridgeshire": 162_119, "Fenland": 102_462, "Huntingdonshire": 180_833}


def people(folder, without=()):
    lines = [f"{name},{number}" for name, number in PEOPLE.items() if name not in without]
    (folder / "people.csv").write_text("\n".join(["Area,Population", *lines]), encoding="utf-8")


@pytest.fixture(scope="module")
def street(shared_data):
    """The street-level files, and their own rows in pandas."""
    folder = shared_data / "police_uk" / "cambridgeshire"
    frame = pd.concat(pd.read_csv(path, dtype=str) for path in sorted(folder.glob("*.csv")))
    return folder, frame.assign(District=frame["LSOA name"].str.rsplit(" ", n=1).str[0])


@pytest.mark.whole
def test_real_districts_are_added_up_in_the_table_and_in_the_group(tmp_path, street):
    folder, frame = street
    people(tmp_path)
    own = settings_in(tmp_path, STREET.format(path=folder))
    done = refreshing.refresh(tmp_path, quarter=quarter(2025, 1), today=TODAY, progress=str)
    of_quarter = frame[frame.Month.between("2025-04", "2025-06")]
    of_quarter = of_quarter[of_quarter["Crime ID"].isna() | ~of_quarter.duplicated()]
    burglaries = of_quarter[of_quarter["Crime type"] == "Burglary"].District.value_counts()
    assert done.report.comparison["burglary"].later == sum(burglaries[part] for part in PARTS)
    group = done.report.priorities[0].group
    members = {each.area: (each.offences, each.residents) for each in group.members}
    assert members == {
        WHOLE: (sum(burglaries[part] for part in PARTS), sum(PEOPLE[part] for part in PARTS)),
        "Fenland": (burglaries["Fenland"], PEOPLE["Fenland"]),
        "Huntingdonshire": (burglaries["Huntingdonshire"], PEOPLE["Huntingdonshire"]),
    }
    assert own.partnership.joined == {WHOLE: PARTS}


@pytest.mark.whole
def test_a_whole_of_which_one_area_has_no_people_is_refused_by_name(tmp_path, street):
    folder, _ = street
    people(tmp_path, without=["Cambridge"])
    settings_in(tmp_path, STREET.format(path=folder))
    with pytest.raises(CdrpError, match=rf'1 member of the group has no number of people: "{WHOLE}"'):
        refreshing.refresh(tmp_path, quarter=quarter(2025, 1), today=TODAY, progress=str)
    data = gathered(tmp_path, STREET.format(path=folder))
    said = f'{WHOLE} has no number of people: none is given for "Cambridge".'
    assert said in [each for origin in data.others for each in origin.to_look_at]


def test_new_and_connect_take_an_area_several_times_and_what_they_write_is_counted(tmp_path):
    run = CliRunner()
    frame = written(tmp_path, rows_of(months("2024-04", 27), (*PARTS, "Fenland")))
    folder = tmp_path / "csp"
    named = [word for part in PARTS for word in ("--area", part)]
    assert run.invoke(app, ["new", str(folder), *named]).exit_code == 0
    done = run.invoke(app, ["connect", str(folder), str(tmp_path / "data/extract.csv"), "--accept", "--json"])
    assert done.exit_code == 0
    printed = json.loads(done.stdout)
    assert (printed["area"], printed["headings"]["area"]) == ("Cambridge and South Cambridgeshire", "District")
    assert [each["written"] for each in printed["areas"] if each["ours"]] == sorted(PARTS)
    refreshed = refreshing.refresh(folder, quarter=Q1, today=TODAY, progress=str)
    own = frame[frame.District.isin(PARTS) & frame.Recorded.between("2026-04-01", "2026-06-30")]
    top = refreshed.report.comparison.rows[0]
    assert (refreshed.report.area, top.later) == ("Cambridge and South Cambridgeshire", len(own))


def test_connect_calls_a_month_whole_where_every_area_has_rows(tmp_path):
    every = months("2025-04", 15)
    written(tmp_path, [*rows_of(every, PARTS[:1]), *rows_of(every[:-1], PARTS[1:])])
    settings_in(tmp_path)
    own = connecting.existing_settings(tmp_path)
    found = connecting.look(own, (), chosen=own.chosen, today=TODAY)
    assert [str(each.month) for each in found.months if not each.is_whole] == [str(Period.parse("Jun-26").first)]


TABLE = """
[partnership]
name = "Template"
area = "Template"
[report]
date = 2026-08-01
[sources.published]
files = ["counts.csv"]
classification = "police-uk"
headings = { area = "Area", offence = "Offence", period = "Period", offences = "Count" }
"""


def counts_of(folder, areas, lacking=()):
    rows = [
        (area, month, offence, 20 + 3 * at + of)
        for at, area in enumerate(areas)
        for month in (*months("2025-04", 3), *months("2026-04", 3))
        for of, offence in enumerate(("Burglary", "Robbery", "Drugs"))
        if (area, month) not in lacking
    ]
    with (folder / "counts.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("Area", "Period", "Offence", "Count"), *rows])
    return pd.DataFrame(rows, columns=("Area", "Period", "Offence", "Count"))


def test_a_published_table_is_added_up_and_one_with_the_name_of_the_whole_is_taken_as_it_is(tmp_path):
    text = TABLE.replace(
        'area = "Template"', 'area = "Greater Cambridge"\nareas = ["Cambridge", "South Cambridgeshire"]'
    )
    frame = counts_of(tmp_path, (*PARTS, "Fenland"))
    found = gathered(tmp_path, text).counts["published"].offences(area=WHOLE, row_id="burglary", period=Q1)
    own = frame[frame.Area.isin(PARTS) & (frame.Offence == "Burglary") & (frame.Period >= "2026")]
    assert found == own.Count.sum()
    frame = counts_of(tmp_path, (WHOLE, *PARTS))
    found = gathered(tmp_path, text).counts["published"].offences(area=WHOLE, row_id="burglary", period=Q1)
    own = frame[(frame.Area == WHOLE) & (frame.Offence == "Burglary") & (frame.Period >= "2026")]
    assert found == own.Count.sum()


class Silent:
    """Progress that nobody looks at."""

    def doing(self, what):
        """Say nothing."""

    def made(self, done, of, area):
        """Say nothing."""


def test_a_national_run_makes_a_partnership_of_several_areas_in_their_place(tmp_path):
    template = tmp_path / "template"
    template.mkdir()
    settings_in(template, TABLE)
    counts_of(template, (*PARTS, "Fenland"))
    (tmp_path / "national.toml").write_text(
        'template = "template"\nout = "packs"\nquarter = "2026-27 Q1"\n'
        '[area."Greater Cambridge"]\nareas = ["Cambridge", "South Cambridgeshire"]\n',
        encoding="utf-8",
    )
    read = plan.read(tmp_path / "national.toml")
    areas, unknown = plan.listed(read, [*PARTS, "Fenland"])
    assert (areas, unknown) == (["Fenland", WHOLE], [])
    made = plan.partnerships(read, areas)
    assert [each.settings.partnership.areas for each in made] == [(), PARTS]
    ran = running.run(tmp_path / "national.toml", today=TODAY, progress=Silent(), workers=1)
    assert [(each.area, each.force, each.is_made) for each in ran.outcomes] == [
        ("Fenland", "Cambridgeshire Constabulary", True),
        (WHOLE, "Cambridgeshire Constabulary", True),
    ]


MEMBERS = """
[sources.area_counts]
files = ["group.csv"]
classification = "police-uk"
is_tally = true
headings = { area = "Area", period = "Period", offence = "Offence", offences = "Count", force = "Force" }
[sources.population]
file = "people.csv"
[group]
source = "area_counts"
members = ["Greater Cambridge", "South Nottinghamshire", "E07000010"]
[[priorities]]
id = "burglary"
title = "Burglary"
objective = "Fewer"
deadline = "2026-27"
measure = { rows = ["burglary"] }
baseline = { year = "2025-26", quarters = [9, 9, 9, 9], source = "A report" }
"""
DISTRICTS = {
    "Cambridge": "Cambridgeshire Constabulary",
    "South Cambridgeshire": "Cambridgeshire Constabulary",
    "Fenland": "Cambridgeshire Constabulary",
    "Broxtowe": "Nottinghamshire Police",
    "Gedling": "Nottinghamshire Police",
    "Rushcliffe": "Nottinghamshire Police",
}


def group_in(folder, lacking=()):
    """Counts of districts by month, and their people; of those that lack a month another force has a row there."""
    rows = [
        (area, month, "Burglary", 30 + 7 * at + of, "British Transport Police" if (area, month) in lacking else force)
        for at, (area, force) in enumerate(DISTRICTS.items())
        for of, month in enumerate((*months("2025-04", 3), *months("2026-04", 3)))
    ]
    with (folder / "group.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("Area", "Period", "Offence", "Count", "Force"), *rows])
    people_of = {area: 100_000 + 1_000 * at for at, area in enumerate(DISTRICTS)}
    lines = [f"{area},{number}" for area, number in people_of.items()]
    (folder / "people.csv").write_text("\n".join(["Area,Population", *lines]), encoding="utf-8")
    return pd.DataFrame(rows, columns=("Area", "Period", "Offence", "Count", "Force")), people_of


def members_of(folder):
    own = 'area = "Greater Cambridge"\nareas = ["Cambridge", "South Cambridgeshire"]'
    settings_in(folder, TABLE.replace('area = "Template"', own) + MEMBERS)
    return refreshing.refresh(folder, quarter=Q1, today=TODAY, progress=str)


def test_members_are_named_by_code_or_by_a_partnership_of_several_areas(tmp_path):
    counts_of(tmp_path, (*PARTS, "Fenland"))
    frame, people_of = group_in(tmp_path)
    done = members_of(tmp_path)
    made_of = {WHOLE: PARTS, "South Nottinghamshire": ("Broxtowe", "Gedling", "Rushcliffe"), "Fenland": ("Fenland",)}
    later = frame[frame.Period >= "2026"].groupby("Area").Count.sum()
    found = {each.area: (each.offences, each.residents) for each in done.report.priorities[0].group.members}
    assert found == {
        name: (sum(later[part] for part in parts), sum(people_of[part] for part in parts))
        for name, parts in made_of.items()
    }


def test_a_member_of_several_areas_lacks_a_month_that_the_force_of_one_of_them_lacks(tmp_path):
    counts_of(tmp_path, (*PARTS, "Fenland"))
    group_in(tmp_path, lacking={("Gedling", "2026-05")})
    done = members_of(tmp_path)
    group = done.report.priorities[0].group
    assert {each.area for each in group.members} == {WHOLE, "Fenland"}
    assert any("South Nottinghamshire" in each and "May-26" in each for each in group.lacking)


def test_two_names_of_one_member_are_refused(tmp_path):
    text = TABLE.replace('area = "Template"', 'area = "Fenland"') + MEMBERS
    text = text.replace('"Greater Cambridge", "South Nottinghamshire"', '"Fenland", "Gedling"')
    with pytest.raises(ValueFoundError, match=r'group\.members: "Fenland" and "E07000010" are one area'):
        settings_in(tmp_path, text)


def test_formulas_answer_for_each_area_in_a_row_of_the_partnerships_own(tmp_path, extract):
    own = '[[composites]]\nid = "watched"\nname = "Watched offences"\nrows = ["Burglary", "Arson"]\n'
    settings_in(tmp_path, EXTRACT + own)
    refreshing.refresh(tmp_path, quarter=Q1, today=TODAY, progress=str)
    figures = functions.load(tmp_path)
    of_quarter = extract[extract.Recorded.between("2026-04-01", "2026-06-30") & extract.Code.isin(["28E", "56A"])]
    expected = [int((of_quarter.District == part).sum()) for part in PARTS]
    assert [functions.count(figures, "Watched offences", part) for part in PARTS] == expected
    assert functions.count(figures, "Watched offences") == sum(expected)
