"""Which names an area's rows may have, who polices it, and what became of it.

The tables of this file were written by hand from the orders and look-ups that docs/geography.md names, not from the
product's own data.
"""

from __future__ import annotations

import ast
import collections
import csv
import datetime as dt
import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from cdrp_xl import geography

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parent.parent
FIRST_YEAR = 2009

MERGED = {
    ("Cheshire East", 2009): "Congleton; Crewe and Nantwich; Macclesfield",
    ("Cheshire West and Chester", 2009): "Chester; Ellesmere Port & Neston; Vale Royal",
    ("Cornwall", 2009): "Caradon; Carrick; Kerrier; North Cornwall; Penwith; Restormel",
    ("County Durham", 2009): "Chester-le-Street; Derwentside; Durham; Easington; Sedgefield; Teesdale; Wear Valley",
    ("Northumberland", 2009): "Alnwick; Berwick-upon-Tweed; Blyth Valley; Castle Morpeth; Tynedale; Wansbeck",
    ("Shropshire", 2009): "Bridgnorth; North Shropshire; Oswestry; Shrewsbury and Atcham; South Shropshire",
    ("Wiltshire", 2009): "Kennet; North Wiltshire; Salisbury; West Wiltshire",
    ("Central Bedfordshire", 2009): "Mid Bedfordshire; South Bedfordshire",
    ("Bournemouth, Christchurch and Poole", 2019): "Bournemouth; Christchurch; Poole",
    ("Dorset", 2019): "East Dorset; North Dorset; Purbeck; West Dorset; Weymouth and Portland",
    ("East Suffolk", 2019): "Suffolk Coastal; Waveney",
    ("West Suffolk", 2019): "Forest Heath; St Edmundsbury",
    ("Somerset West and Taunton", 2019): "Taunton Deane; West Somerset",
    ("Buckinghamshire", 2020): "Aylesbury Vale; Chiltern; South Bucks; Wycombe",
    ("North Northamptonshire", 2021): "Corby; East Northamptonshire; Kettering; Wellingborough",
    ("West Northamptonshire", 2021): "Daventry; Northampton; South Northamptonshire",
    ("Cumberland", 2023): "Allerdale; Carlisle; Copeland",
    ("Westmorland and Furness", 2023): "Barrow-in-Furness; Eden; South Lakeland",
    ("North Yorkshire", 2023): "Craven; Hambleton; Harrogate; Richmondshire; Ryedale; Scarborough; Selby",
    ("Somerset", 2023): "Mendip; Sedgemoor; South Somerset; Somerset West and Taunton",
}
"""Each area that was made of whole others, the April it began in, and the others."""

FORMER_WITHIN = {"Somerset": "Taunton Deane; West Somerset"}
"""Areas whose predecessors had predecessors."""

SPELLINGS = (
    ("Bristol, City of", "Bristol"),
    ("Herefordshire, County of", "Herefordshire"),
    ("Kingston upon Hull, City of", "Kingston upon Hull"),
    ("Folkestone and Hythe", "Shepway"),
    ("Rhondda Cynon Taf", "Rhondda, Cynon, Taff", "Rhondda Cynon Taff"),
    ("Vale of Glamorgan", "The Vale of Glamorgan"),
    ("St. Helens", "St Helens", "ST.  HELENS"),
    ("Isle of Anglesey", "Anglesey", "Ynys Môn", "ynys mon"),
    (
        "King's Lynn and West Norfolk",
        "Kings Lynn & West Norfolk",
        "King\N{RIGHT SINGLE QUOTATION MARK}s Lynn & West Norfolk",
    ),
    ("Weymouth and Portland", "Weymouth & Portland"),
    ("Stratford-on-Avon", "Stratford on Avon", "Stratford-upon-Avon"),
    ("Stoke-on-Trent", "stoke on trent"),
    ("South Cambridgeshire", "South\N{NO-BREAK SPACE}Cambridgeshire ", "  south   cambridgeshire"),
)
"""Names of the same ground."""

RECODED = (
    ("E07000002", "E06000055", "Bedford"),
    ("E07000025", "E06000053", "Isles of Scilly"),
    ("W06000007", "W06000023", "Powys"),
    ("W06000017", "W06000024", "Merthyr Tydfil"),
    ("E07000100", "E07000240", "St Albans"),
    ("E07000104", "E07000241", "Welwyn Hatfield"),
    ("E07000097", "E07000242", "East Hertfordshire"),
    ("E07000101", "E07000243", "Stevenage"),
    ("E06000048", "E06000057", "Northumberland"),
    ("E08000020", "E08000037", "Gateshead"),
    ("E08000016", "E08000038", "Barnsley"),
    ("E08000019", "E08000039", "Sheffield"),
)

BOUNDARIES = (
    (dt.date(2009, 6, 1), "Powys", "Merthyr Tydfil"),
    (dt.date(2013, 4, 1), "East Hertfordshire", "Stevenage"),
    (dt.date(2013, 4, 1), "Gateshead", "Northumberland"),
    (dt.date(2025, 4, 1), "Barnsley", "Sheffield"),
)
"""A part of the first went to the second."""

SHARED_PARTNERSHIPS = {
    "Cwm Taf": "Merthyr Tydfil; Rhondda Cynon Taf",
    "Dartford and Gravesham": "Dartford; Gravesham",
    "East and Mid Devon": "East Devon; Mid Devon",
    "North Devon": "North Devon; Torridge",
    "North Hampshire": "Basingstoke and Deane; Hart; Rushmoor",
    "North Worcestershire": "Bromsgrove; Redditch; Wyre Forest",
    "South Devon and Dartmoor": "South Hams; Teignbridge; West Devon",
    "South Nottinghamshire": "Broxtowe; Gedling; Rushcliffe",
    "South Warwickshire": "Stratford-on-Avon; Warwick",
    "South Worcester": "Malvern Hills; Worcester; Wychavon",
    "Western Suffolk": "Babergh; Mid Suffolk; West Suffolk",
}

ONLY_CRUMBS = {
    "Greater Manchester Police": (
        "Bolton; Bury; Manchester; Oldham; Rochdale; Salford; Stockport; Tameside; Trafford; Wigan"
    ),
    "Metropolitan Police Service": (
        "Barking and Dagenham; Barnet; Bexley; Brent; Bromley; Camden; Croydon; Ealing; Enfield; Greenwich; Hackney; "
        "Hammersmith and Fulham; Haringey; Harrow; Havering; Hillingdon; Hounslow; Islington; Kensington and Chelsea; "
        "Kingston upon Thames; Lambeth; Lewisham; Merton; Newham; Redbridge; Richmond upon Thames; Southwark; Sutton; "
        "Tower Hamlets; Waltham Forest; Wandsworth; Westminster"
    ),
    "West Midlands Police": "Birmingham; Coventry; Dudley; Sandwell; Solihull; Walsall; Wolverhampton",
    "West Yorkshire Police": "Bradford; Calderdale; Kirklees; Leeds; Wakefield",
}
"""Districts of the counts whose own force sent no rows, so that all rows that bear their names are others'."""

DISTRICTS_COUNTED = 331
DISTRICTS_WITH_OWN_ROWS = 277


def split(names: str) -> list[str]:
    return names.split("; ")


def grounds() -> dict[str, set[str]]:
    """Return, by every name of the tables above, the names under which rows for its ground may be found."""
    found: dict[str, set[str]] = {}
    for (later, _), formers in MERGED.items():
        found[later] = {later, *split(formers), *split(FORMER_WITHIN.get(later, later))}
        for former in split(formers):
            found.setdefault(former, {former})
    for same, *others in SPELLINGS:
        for name in (same, *others):
            found[name] = {same, *others}
    return found


def all_areas() -> list[geography.Area]:
    return list(dict.fromkeys(geography._tables().by_code.values()))


@pytest.fixture
def counts(shared_data: Path) -> pd.DataFrame:
    """Return the public counts: "Falls within", "District (from LSOA name)", "Month", "Crime type" and "Count"."""
    files = sorted((shared_data / "csp_counts").glob("*.csv"))
    return pd.concat(pd.read_csv(path, keep_default_na=False) for path in files)


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_geography", ROOT / "docs" / "geography.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("names", SPELLINGS, ids=lambda names: names[0])
def test_all_spellings_of_a_name_find_the_same_area(names):
    found = {geography.find(name) for name in names}

    assert len(found) == 1
    assert found.pop().name == names[0]


@pytest.mark.parametrize(("earlier", "later", "name"), RECODED)
def test_a_new_code_is_the_same_area(earlier, later, name):
    area = geography.find(earlier)

    assert area is geography.find(later) is geography.find(name) is geography.find(f" {later.lower()} ")
    assert (area.name, area.code) == (name, later)
    assert area.codes == (later, earlier)
    assert geography.successor_of(earlier) is None


@pytest.mark.parametrize(("later", "year"), MERGED)
def test_a_merged_area_is_found_under_its_predecessors_names(later, year):
    expected = {later, *split(MERGED[later, year]), *split(FORMER_WITHIN.get(later, later))}
    area = geography.find(later)

    own = {geography.find(name).name for name in geography.names_of(later)}
    assert own == expected
    assert geography.names_of(later)[0] == later
    assert area.first_day == dt.date(year, 4, 1)
    assert {one.name for one in geography.predecessors_of(later)} == expected - {later}


@pytest.mark.parametrize(
    ("former", "later"), [(former, later) for (later, _), formers in MERGED.items() for former in split(formers)]
)
def test_a_district_that_was_merged_keeps_its_own_ground_and_names_its_successor(former, later):
    ended, begun = geography.find(former), geography.find(later)

    assert ended.last_day == begun.first_day - dt.timedelta(days=1)
    assert later not in geography.names_of(former)
    today = {"Somerset West and Taunton": "Somerset"}.get(later, later)
    assert geography.successor_of(former).name == today
    assert geography.force_of(former) == geography.force_of(later)


def test_a_successor_of_a_successor_is_followed_to_today():
    assert geography.successor_of("Taunton Deane").name == "Somerset"
    assert geography.names_of("Somerset West and Taunton") == (
        "Somerset West and Taunton",
        "Taunton Deane",
        "West Somerset",
    )


def test_a_change_comes_with_its_day_and_its_source():
    (first, *_) = geography.changes_of("Cumberland")

    assert (first.day, first.kind, first.from_name) == (dt.date(2023, 4, 1), "merged", "Allerdale")
    assert first.source == "SI 2022/331, The Cumbria (Structural Changes) Order 2022"
    assert first.register == "ONS Code History Database, 2023-12"
    assert first in geography.changes_of("Allerdale")
    assert geography.changes_of("South Cambridgeshire") == ()


@pytest.mark.parametrize(("day", "giving", "taking"), BOUNDARIES)
def test_a_part_that_went_to_a_neighbour_is_listed_and_not_added_up(day, giving, taking):
    moved = [change for change in geography.changes_of(taking) if change.kind == "boundary"]

    assert [(change.day, change.from_name, change.to_name) for change in moved] == [(day, giving, taking)]
    assert moved[0] in geography.changes_of(giving)
    assert giving not in geography.names_of(taking)
    assert taking not in geography.names_of(giving)


def test_there_are_no_other_boundary_changes():
    assert sum(change.kind == "boundary" for change in geography._tables().changes) == len(BOUNDARIES)


@pytest.mark.parametrize("name", ["Borsetshire", "", "  ", "E07999999", "Scotland"])
def test_an_area_that_is_not_known_is_answered_with_nothing(name):
    assert geography.find(name) is None
    assert geography.force_of(name) is None
    assert geography.successor_of(name) is None
    assert geography.names_of(name) == ()
    assert geography.codes_of(name) == ()
    assert geography.predecessors_of(name) == ()
    assert geography.changes_of(name) == ()
    assert geography.partnerships_of(name) == ()
    assert geography.areas_of(name) == ()
    assert geography.areas_of_partnership(name) == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("South Cambridgshire", "South Cambridgeshire"),
        ("Kings Lynn", "King's Lynn and West Norfolk"),
        ("Upon Hull", "Kingston upon Hull, City of"),
        ("Northamton", "Northampton"),
        ("Folkestone", "Folkestone and Hythe"),
    ],
)
def test_the_nearest_names_are_offered(written, meant):
    assert geography.find(written) is None
    assert geography.nearest(written)[0] == meant


def test_nothing_is_offered_for_what_is_like_nothing():
    assert geography.nearest("Borsetshire Xyz") == ()


@pytest.mark.parametrize(
    ("area", "force_id", "police_uk_name", "home_office_name"),
    [
        ("South Cambridgeshire", "cambridgeshire", "Cambridgeshire Constabulary", "Cambridgeshire"),
        ("Isles of Scilly", "devon-and-cornwall", "Devon & Cornwall Police", "Devon and Cornwall"),
        ("City of London", "city-of-london", "City of London Police", "London, City of"),
        ("Westminster", "metropolitan", "Metropolitan Police Service", "Metropolitan Police"),
        ("Slough", "thames-valley", "Thames Valley Police", "Thames Valley"),
        ("Gwynedd", "north-wales", "North Wales Police", "North Wales"),
        ("Blyth Valley", "northumbria", "Northumbria Police", "Northumbria"),
        ("Darlington", "durham", "Durham Constabulary", "Durham"),
        ("Tunbridge Wells", "kent", "Kent Police", "Kent"),
    ],
)
def test_an_area_has_one_force_under_each_publishers_name(area, force_id, police_uk_name, home_office_name):
    force = geography.force_of(area)

    assert (force.force_id, force.police_uk_name, force.home_office_name) == (
        force_id,
        police_uk_name,
        home_office_name,
    )
    for name in (force_id, police_uk_name, home_office_name, force.code, police_uk_name.replace("&", "and")):
        assert geography.find_force(name) == force
    assert geography.find(area) in geography.areas_of(police_uk_name) or geography.successor_of(area)


def test_forces_without_ground_police_no_area():
    for force in ("British Transport Police", "btp", "Police Service of Northern Ireland"):
        assert geography.find_force(force) is not None
        assert geography.areas_of(force) == ()
    assert geography.find_force("Borsetshire Constabulary") is None


def test_a_force_is_asked_for_its_areas_of_today():
    assert [area.name for area in geography.areas_of("cumbria")] == ["Cumberland", "Westmorland and Furness"]
    assert [area.name for area in geography.areas_of("Durham")] == ["County Durham", "Darlington"]
    assert len(geography.areas_of("Metropolitan Police Service")) == 32


@pytest.mark.parametrize("partnership", SHARED_PARTNERSHIPS)
def test_a_partnership_of_several_areas_has_them_all(partnership):
    areas = split(SHARED_PARTNERSHIPS[partnership])

    assert [area.name for area in geography.areas_of_partnership(partnership)] == areas
    for area in areas:
        assert [one.name for one in geography.partnerships_of(area)] == [partnership]


def test_an_area_whose_partnerships_are_coded_as_before_its_merger_has_several():
    names = [one.name for one in geography.partnerships_of("West Northamptonshire")]

    assert names == ["Northampton", "Daventry and South Northamptonshire"]


def test_partnerships_that_were_merged_are_listed():
    merged = collections.defaultdict(list)
    for change in geography.partnership_changes():
        merged[change.day, change.to_name].append(change.from_name)

    assert merged[dt.date(2010, 4, 1), "South Nottinghamshire"] == ["Broxtowe", "Gedling", "Rushcliffe"]
    assert merged[dt.date(2017, 1, 16), "Cwm Taf"] == ["Rhondda Cynon Taf", "Merthyr Tydfil"]
    assert merged[dt.date(2012, 4, 1), "Somerset"] == ["Sedgemoor", "Somerset East", "Taunton Deane", "West Somerset"]


def test_no_name_and_no_code_leads_to_two_areas():
    areas = all_areas()
    names = [(geography.fold(name), area.code) for area in areas for name in area.names]
    codes = [code for area in areas for code in area.codes]

    assert len({name for name, _ in names}) == len(set(names))
    assert len(codes) == len(set(codes))


def test_every_change_has_known_areas_a_day_and_a_source():
    for change in geography._tables().changes:
        assert change.day.year >= FIRST_YEAR
        assert change.kind in ("merged", "renamed", "recoded", "boundary")
        assert change.level in ("authority", "partnership")
        assert change.source
        assert dt.date.fromisoformat(change.register.rpartition(", ")[2] + "-01").year > FIRST_YEAR
    of_authorities = [change for change in geography._tables().changes if change.level == "authority"]
    assert of_authorities
    for change in of_authorities:
        for code, name in ((change.from_code, change.from_name), (change.to_code, change.to_name)):
            assert name in geography.find(code).names


def test_every_area_of_today_is_policed_and_has_a_partnership():
    for area in all_areas():
        assert area.force.code
        assert area.last_day or area.partnerships
    assert len(geography._today()) == 318


def test_every_other_name_says_where_it_was_read():
    with (ROOT / "cdrp_xl" / "geography" / "other-names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["source"]
            assert row["name"] in geography.find(row["code"]).names


def test_white_space_capitals_and_punctuation_make_no_difference():
    for text in ("Bristol, City of", "BRISTOL CITY OF", "bristol\N{NO-BREAK SPACE}city\tof", " Bristol-City_of. "):
        assert geography.fold(text) == "bristol city of"
    assert geography.fold("Hammersmith&Fulham") == geography.fold("Hammersmith and Fulham")


def test_a_click_does_not_pay_for_geography():
    code = "import cdrp_xl.geography as g, sys; g.find('York'); print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    heavy = {"difflib", "msgspec", "duckdb", "pandas", "openpyxl", "tomllib", "lxml"}
    assert not heavy & set(ast.literal_eval(loaded))


def test_the_areas_are_as_built_from_the_look_up(shared_data: Path):
    look_up = shared_data / "geography" / "LAD_to_CSP_to_PFA_Jan2017.csv"

    built = builder().as_csv(look_up)

    assert built == (ROOT / "cdrp_xl" / "geography" / "areas.csv").read_text(encoding="utf-8")


def test_every_district_of_2017_has_the_force_and_partnership_that_were_published(shared_data: Path):
    with (shared_data / "geography" / "LAD_to_CSP_to_PFA_Jan2017.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 348
    for row in rows:
        area = geography.find(row["LAD17NM"])
        assert row["LAD17CD"] in area.codes
        assert area.force.code == row["PFA17CD"]
        assert [(one.code, one.name) for one in area.partnerships] == [(row["CSP17CD"], row["CSP17NM"])]


def test_a_successors_population_is_the_sum_of_its_predecessors(shared_data: Path):
    with (shared_data / "geography" / "lad_population_mid2020_EW.csv").open(encoding="utf-8-sig", newline="") as file:
        people = {row["Name"]: int(row["All ages"]) for row in csv.DictReader(file)}
    worked = {
        "Cumberland": 97_761 + 108_678 + 68_183,
        "Westmorland and Furness": 67_049 + 53_253 + 105_088,
        "North Northamptonshire": 72_218 + 94_527 + 101_776 + 79_707,
        "West Northamptonshire": 85_950 + 224_610 + 94_490,
        "Somerset": people["Mendip"]
        + people["Sedgemoor"]
        + people["South Somerset"]
        + people["Somerset West and Taunton"],
    }

    for later, expected in worked.items():
        assert sum(people.get(name, 0) for name in geography.names_of(later)) == expected
    found = [name for area in geography._today() for name in geography.names_of(area.code) if name in people]
    assert sorted(found) == sorted(people)


def test_every_area_is_counted_under_any_of_its_names(counts: pd.DataFrame):
    by_name = counts.groupby("District (from LSOA name)")["Count"].sum().to_dict()
    by_hand = grounds()
    plain = {name: {name} for name in by_name if name and name not in by_hand}
    asked = {**plain, **by_hand}

    for name, ground in asked.items():
        expected = sum(by_name.get(one, 0) for one in ground)
        assert sum(by_name.get(one, 0) for one in geography.names_of(name)) == expected, name
    today = {
        area.name: sum(by_name.get(one, 0) for one in geography.names_of(area.name)) for area in geography._today()
    }
    assert all(today.values())
    assert sum(today.values()) == sum(total for name, total in by_name.items() if name)


def test_an_areas_force_distinguishes_its_rows_from_crumbs(counts: pd.DataFrame):
    own: dict[str, int] = collections.defaultdict(int)
    all_rows: dict[str, int] = collections.defaultdict(int)
    for (district, force), total in (
        counts.groupby(["District (from LSOA name)", "Falls within"])["Count"].sum().items()
    ):
        if district:
            all_rows[district] += total
            own[district] += total if geography.force_of(district).police_uk_name == force else 0

    assert len(all_rows) == DISTRICTS_COUNTED
    without: dict[Any, set[str]] = collections.defaultdict(set)
    for district in all_rows:
        if not own[district]:
            without[geography.force_of(district).police_uk_name].add(district)
    assert without == {force: set(split(districts)) for force, districts in ONLY_CRUMBS.items()}
    shares = [own[district] / all_rows[district] for district in all_rows if own[district]]
    assert len(shares) == DISTRICTS_WITH_OWN_ROWS
    assert min(shares) > 0.93
