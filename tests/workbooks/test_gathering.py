"""Areas that have ended are counted and called what they are today, by every source, from the settings to a formula."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from cdrp_xl import functions
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.sources.street_scan import HEADINGS
from cdrp_xl.workbooks import asking, refreshing
from cdrp_xl.workbooks.gathering import gather

TODAY = dt.date(2025, 9, 1)
NOW = "West Northamptonshire"
SINCE = f"Daventry has been part of {NOW} since 1 April 2021, which is counted."
ROWS = f'Rows named "Daventry" are counted: this district became part of {NOW} on 1 April 2021.'

SETTINGS = """
[partnership]
name = "A partnership"
area = "Daventry"
[sources.police_uk]
path = "street"
"""

GROUP = """
[sources.area_counts]
files = ["counts.csv"]
classification = "police-uk"
headings = { area = "Area", period = "Period", offence = "Offence", offences = "Count" }
[sources.population]
file = "people.csv"
[group]
source = "area_counts"
members = ["Daventry", "Corby", "Bedford"]
[[priorities]]
id = "burglary"
title = "Burglary"
objective = "Fewer"
deadline = "2025-26"
measure = { rows = ["burglary"] }
rate_per = "people"
baseline = { year = "2023-24", quarters = [1, 1, 1, 1], source = "A report" }
"""


def put(folder, months, name):
    for month in months:
        file = folder / "street" / f"{month}-northamptonshire-street.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", newline="", encoding="utf-8") as written:
            rows = csv.writer(written)
            rows.writerow(HEADINGS)
            for number in range(3):
                row = {
                    "Crime ID": f"{month}{number}",
                    "Month": month,
                    "LSOA code": "E01027000",
                    "Crime type": "Burglary",
                }
                rows.writerow([(row | {"LSOA name": f"{name} 001A"}).get(heading, "x") for heading in HEADINGS])


@pytest.fixture
def folder(tmp_path):
    """A partnership that is called by the name of a district that ended; rows of 2024 have that name."""
    put(tmp_path, ("2024-04", "2024-05", "2024-06"), "Daventry")
    put(tmp_path, ("2025-04", "2025-05", "2025-06"), NOW)
    (tmp_path / "partnership.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def test_a_report_on_an_area_that_has_ended_is_on_the_one_of_today_and_says_so(folder):
    done = refreshing.refresh(folder, quarter=None, today=TODAY, progress=str)
    assert (done.report.area, done.report.comparison.area) == (NOW, NOW)
    burglary = done.report.comparison["burglary"]
    assert (burglary.earlier, burglary.later) == (9, 9)
    assert done.notes == (SINCE, ROWS)
    assert [note.text for note in done.report.notes][-2:] == [SINCE, ROWS]
    assert {SINCE, ROWS} <= {check.detail for check in done.report.checks}


def test_a_query_is_on_the_area_of_today_and_says_so(folder):
    compared, notes = asking.compared(folder, quarter=None, earlier=None, later=None, today=TODAY, progress=str)
    assert (compared.area, compared["burglary"].later, notes[:2]) == (NOW, 9, (SINCE, ROWS))
    (part,) = notes[2:]
    assert part.startswith(f"data.police.uk street-level crime: Apr-24 to Jun-24 have rows of a part of {NOW} alone: ")


def test_a_formula_is_answered_for_the_area_of_today_and_refused_for_one_that_has_ended(folder):
    refreshing.refresh(folder, quarter=None, today=TODAY, progress=str)
    figures = functions.load(folder)
    assert functions.count(figures, "Burglary") == functions.count(figures, "Burglary", NOW) == 9
    with pytest.raises(ValueFoundError, match=rf"^Northampton is now part of {NOW}, and is not counted separately\.\n"):
        functions.count(figures, "Burglary", "Northampton")


def test_every_source_counts_the_area_of_today_and_the_groups_members_are_named_so(folder):
    names = ("Daventry", "Northampton", "South Northamptonshire", "Bedford", "North Northamptonshire")
    quarters = ("2024-25 Q1", "2025-26 Q1")
    with (folder / "counts.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("Area", "Period", "Offence", "Count"))
        rows.writerows((name, quarter, "Burglary", "4") for name in names for quarter in quarters)
    people = "\n".join(f"{name},1000" for name in names)
    (folder / "people.csv").write_text(f"Area,Population\n{people}\n", encoding="utf-8")
    own = settings_file.parse(SETTINGS + GROUP)
    data = gather(own, folder, today=TODAY, progress=str)
    assert data.counted_as == {"Daventry": NOW, "Corby": "North Northamptonshire"}
    assert own.counted_as(data.counted_as).group.members == (NOW, "North Northamptonshire", "Bedford")
    assert data.group.residents[NOW, "people"] == 3000
    quarter = Period.parse("2025-26 Q1")
    assert data.group.counts.offences(area=NOW, row_id="burglary", period=quarter) == 12
    assert data.counts["police_uk"].areas == (NOW,)


def street_of(folder, areas):
    """Write three burglaries of each area in every month of a year, as data.police.uk has them."""
    for at in range(12):
        year, month = 2024 + (at + 6) // 12, (at + 6) % 12 + 1
        file = folder / "street" / f"{year}-{month:02}-cambridgeshire-street.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", newline="", encoding="utf-8") as written:
            rows = csv.writer(written)
            rows.writerow(HEADINGS)
            for place, area in enumerate(areas):
                row = {"Month": f"{year}-{month:02}", "LSOA code": f"E0101{place}000", "Crime type": "Burglary"}
                row |= {"LSOA name": f"{area} 001A"}
                for number in range(3):
                    own = row | {"Crime ID": f"{file.name}{place}{number}"}
                    rows.writerow([own.get(heading, "x") for heading in HEADINGS])


FORCE = ("Cambridge", "East Cambridgeshire", "Fenland", "Huntingdonshire", "Peterborough", "South Cambridgeshire")
WITH_PEOPLE = """
[partnership]
name = "A partnership"
area = "Fenland"
[sources.police_uk]
path = "street"
[sources.population]
file = "people.csv"
"""
WITHOUT = "the headlines have no rates"
WITH_GROUP = '[group]\nsource = "police_uk"\nmembers = ["Fenland", "Huntingdonshire"]\n'


@pytest.mark.parametrize(
    ("people", "group", "expected"),
    [
        (FORCE, WITH_GROUP, (100_000, 600_000)),
        (FORCE, "", (100_000, None)),
        (FORCE[:3], "", (100_000, None)),
        (FORCE[:4], WITH_GROUP, (100_000, None)),
        (FORCE[:2], "", (None, None)),
        (FORCE[:2], WITH_GROUP, (None, None)),
    ],
)
def test_people_are_the_areas_and_a_force_is_there_where_all_its_areas_have_theirs(tmp_path, people, group, expected):
    street_of(tmp_path, FORCE)
    text = "Area,Population\n" + "".join(f"{area},100000\n" for area in people)
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    (tmp_path / "partnership.toml").write_text(WITH_PEOPLE + group, encoding="utf-8")
    data = gather(settings_file.read(tmp_path), tmp_path, today=TODAY, progress=str)
    assert (data.people, data.force and data.force.people) == expected
    (said,) = [origin.to_look_at for origin in data.origins if origin.source == "Population estimates"]
    assert said == (() if data.people else (f"No number of people is given for Fenland, so that {WITHOUT}.",))
    if data.force:
        assert data.force.counts.areas == FORCE
        assert data.group.counts.areas == ("Fenland", "Huntingdonshire")


@pytest.mark.parametrize("group", [WITH_GROUP, ""])
def test_which_table_of_people_was_recognised_is_said(tmp_path, group):
    street_of(tmp_path, FORCE)
    rows = "".join(f"E07{number:06},{area},100000\n" for number, area in enumerate(FORCE))
    (tmp_path / "people.csv").write_text(f"Code,Name,All ages\n{rows}", encoding="utf-8")
    (tmp_path / "partnership.toml").write_text(WITH_PEOPLE + group, encoding="utf-8")
    data = gather(settings_file.read(tmp_path), tmp_path, today=TODAY, progress=str)
    (people,) = [origin for origin in data.origins if origin.source == "Population estimates"]
    (said,) = people.remarks
    assert said.startswith("People are those under ")
    assert "All ages" in said
