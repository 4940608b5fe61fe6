"""What makes an area's figures complete: real counts of 331 districts, against tables written by hand and pandas."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from cdrp_xl import geography
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.sources import area_figures, coverage
from cdrp_xl.sources.area_figures import AreaCountsSettings, AreaFiguresHeadings
from cdrp_xl.sources.coverage import Found

AREA, FORCE, MONTH, KIND = "District (from LSOA name)", "Falls within", "Month", "Crime type"

FORMER = {
    "Bournemouth, Christchurch and Poole": ("Bournemouth", "Christchurch", "Poole"),
    "Buckinghamshire": ("Aylesbury Vale", "Chiltern", "South Bucks", "Wycombe"),
    "Central Bedfordshire": ("Mid Bedfordshire", "South Bedfordshire"),
    "Cheshire East": ("Congleton", "Crewe and Nantwich", "Macclesfield"),
    "Cheshire West and Chester": ("Chester", "Ellesmere Port & Neston", "Vale Royal"),
    "Cornwall": ("Caradon", "Carrick", "Kerrier", "North Cornwall", "Penwith", "Restormel"),
    "County Durham": ("Chester-le-Street", "Derwentside", "Easington", "Sedgefield", "Teesdale", "Wear Valley"),
    "Cumberland": ("Allerdale", "Carlisle", "Copeland"),
    "Dorset": ("East Dorset", "North Dorset", "Purbeck", "West Dorset", "Weymouth and Portland"),
    "East Suffolk": ("Suffolk Coastal", "Waveney"),
    "North Northamptonshire": ("Corby", "East Northamptonshire", "Kettering", "Wellingborough"),
    "North Yorkshire": ("Craven", "Hambleton", "Harrogate", "Richmondshire", "Ryedale", "Scarborough", "Selby"),
    "Northumberland": ("Alnwick", "Berwick-upon-Tweed", "Blyth Valley", "Castle Morpeth", "Tynedale", "Wansbeck"),
    "Shropshire": ("Bridgnorth", "North Shropshire", "Oswestry", "Shrewsbury and Atcham", "South Shropshire"),
    "Somerset": (
        *("Mendip", "Sedgemoor", "South Somerset", "Somerset West and Taunton"),
        *("Taunton Deane", "West Somerset"),
    ),
    "West Northamptonshire": ("Daventry", "Northampton", "South Northamptonshire"),
    "West Suffolk": ("Forest Heath", "St Edmundsbury"),
    "Westmorland and Furness": ("Barrow-in-Furness", "Eden", "South Lakeland"),
    "Wiltshire": ("Kennet", "North Wiltshire", "Salisbury", "West Wiltshire"),
}
"""Areas of today in the counts, and all districts that were merged into them since 2009, written by hand."""

RENAMED = {
    "Folkestone and Hythe": "Shepway",
    "Bristol": "Bristol, City of",
    "Vale of Glamorgan": "The Vale of Glamorgan",
}
"""The same ground under another name: asked for by either, it keeps that name."""

NO_FILE = {"Metropolitan Police", "Greater Manchester", "West Midlands", "West Yorkshire"}
"""Forces that sent no file: the districts that they police have a few rows of others, the railway's above all."""

OTHER_NAMES = {"Bristol": "Bristol, City of", "Herefordshire": "Herefordshire, County of"} | {
    "Kingston upon Hull": "Kingston upon Hull, City of",
    "Folkestone and Hythe": "Shepway",
    "The Vale of Glamorgan": "Vale of Glamorgan",
    "Rhondda Cynon Taf": "Rhondda Cynon Taff",
}
"""Names in the counts, and those of January 2017."""


@pytest.fixture(scope="module")
def rows(shared_data):
    """The counts as they are published, each under the area of today."""
    found = pd.concat(pd.read_csv(file) for file in sorted((shared_data / "csp_counts").glob("*.csv")))
    today = {name: area for area, names in FORMER.items() for name in names}
    found = found[found[AREA].notna()]
    return found.assign(area=found[AREA].replace(today))


@pytest.fixture(scope="module")
def police(shared_data, rows):
    """The force of each area of today, by the look-up of January 2017."""
    looked_up = pd.read_csv(shared_data / "geography" / "LAD_to_CSP_to_PFA_Jan2017.csv", encoding="utf-8-sig")
    name, force = (next(each for each in looked_up if each.startswith(start)) for start in ("LAD", "PFA"))
    name, force = name.replace("CD", "NM"), force.replace("CD", "NM")
    by_name = dict(zip(looked_up[name], looked_up[force], strict=True))
    found = {}
    for area in sorted(set(rows["area"])):
        tried = (area, OTHER_NAMES.get(area, ""), *FORMER.get(area, ()))
        found[area] = next((by_name[each] for each in tried if each in by_name), None)
    return found


def of_force(name, force):
    """Whether a name of data.police.uk is that of a force of the look-up."""
    alike = {"London, City of": "City of London Police", "Metropolitan Police": "Metropolitan Police Service"}
    return name == alike.get(force, "") or name.replace(" & ", " and ").startswith(force.replace(" & ", " and "))


@pytest.fixture(scope="module")
def complete(rows, police):
    """Which months have rows of an area's own force, by area of today."""
    pairs = rows[["area", FORCE, MONTH]].drop_duplicates()
    own = [of_force(force, police[area]) for area, force in zip(pairs["area"], pairs[FORCE], strict=True)]
    return pairs[own].groupby("area")[MONTH].agg(set).to_dict()


def read(shared_data, areas):
    settings = AreaCountsSettings(
        files=("csp_counts/*.csv",),
        classification="police-uk",
        headings=AreaFiguresHeadings(area=AREA, period=MONTH, offence=KIND, offences="Count"),
        is_tally=True,
    )
    return area_figures.read(settings, folder=shared_data, areas=areas).counts


def in_months(counts, area):
    return {f"{period.first.year}-{period.first.month:02}" for period in counts.covered[area]}


def by_pandas(rows, complete, kind):
    """The offences of a category by area of today, in the months that are complete there."""
    kept = rows[(rows[KIND] == kind)]
    kept = kept[[month in complete.get(area, ()) for area, month in zip(kept["area"], kept[MONTH], strict=True)]]
    return kept.groupby("area")["Count"].sum().to_dict()


def total(counts, area, row_id):
    return sum(counts.offences(area=area, row_id=row_id, period=period) for period in counts.covered[area])


@pytest.mark.whole
@pytest.mark.shared_data
def test_every_area_of_today_is_counted_over_all_its_names_and_no_other_is_counted(shared_data, rows, police, complete):
    names = sorted(police)
    without_file = {area for area, force in police.items() if force in NO_FILE}
    assert (len(names), len(without_file)) == (318, 54)
    counts = read(shared_data, names)
    assert {area for area in names if not counts.covered[area]} == without_file
    for row_id, kind in (("burglary", "Burglary"), ("violence-and-sexual-offences", "Violence and sexual offences")):
        sums = by_pandas(rows, complete, kind)
        assert {area: total(counts, area, row_id) for area in names if counts.covered[area]} == sums
    assert {area: in_months(counts, area) for area in names if counts.covered[area]} == complete
    said = " ".join(counts.origin.to_look_at)
    assert all(f"{area} has no complete figures: there are none of " in said for area in without_file)
    for area, months in complete.items():
        assert (f"{area} has no figures for " in said) == (len(months) < 16), area


FORMER_BY_ROUND = [
    [(area, names[number]) for area, names in FORMER.items() if number < len(names)] for number in range(7)
]


@pytest.mark.whole
@pytest.mark.shared_data
@pytest.mark.parametrize("number", range(7))
def test_an_area_asked_for_by_a_former_name_is_the_one_of_today_and_said_to_be(shared_data, rows, complete, number):
    asked = FORMER_BY_ROUND[number]
    counts = read(shared_data, [former for _, former in asked])
    assert counts.areas == tuple(area for area, _ in asked)
    sums = by_pandas(rows, complete, "Burglary")
    for area, former in asked:
        assert total(counts, area, "burglary") == sums[area], former
        assert any(note.startswith(f"{former} has been part of {area} since ") for note in counts.origin.notes)


@pytest.mark.whole
@pytest.mark.shared_data
def test_an_area_of_another_name_on_the_same_ground_keeps_the_name_that_it_was_asked_for_by(shared_data):
    counts = [read(shared_data, names) for names in (list(RENAMED), list(RENAMED.values()))]
    for now, other in RENAMED.items():
        assert total(counts[0], now, "burglary") == total(counts[1], other, "burglary") > 0


def test_rows_under_former_names_are_said_with_the_day_on_which_each_ended():
    (ground,) = coverage.grounds(["Somerset"], last_day=dt.date(2025, 3, 31))
    assert ground.notes({"Mendip", "Somerset", "West Somerset", "Taunton Deane"}) == (
        (
            'Rows named "Mendip", "Taunton Deane" and "West Somerset" are counted: these districts became Somerset on '
            "1 April 2023."
        ),
    )


@pytest.mark.parametrize(
    ("day", "area"),
    [
        (dt.date(2019, 3, 31), "Taunton Deane"),
        (dt.date(2019, 4, 30), "Somerset West and Taunton"),
        (dt.date(2023, 4, 1), "Somerset"),
    ],
)
def test_an_area_that_ended_is_what_it_had_become_on_the_last_day_of_the_data(day, area):
    assert coverage.grounds(["Taunton Deane"], last_day=day)[0].area == area


def test_areas_of_which_one_is_part_of_the_other_are_refused():
    with pytest.raises(ValueFoundError, match=r'^"Mendip" and "Somerset" are counted over the same rows\.\nWhere: x\n'):
        coverage.grounds(["Mendip", "Somerset"], last_day=dt.date(2021, 1, 1), where="x")


def found(*rows):
    return [Found(force=force, period=Period.parse(month), name=name, rows=n) for force, month, name, n in rows]


def test_a_period_is_complete_where_the_areas_force_has_rows_of_it_and_a_part_of_them_is_said():
    (ground,) = coverage.grounds(["Cumberland"], last_day=dt.date(2024, 3, 31))
    parts = [("cumbria", "Jan-24", name, 5) for name in ("Allerdale", "Carlisle", "Copeland")]
    rows = found(*parts, ("cumbria", "Feb-24", "Allerdale", 5), ("btp", "Mar-24", "Cumberland", 2))
    sent = {
        "cumbria": [Period.parse(month) for month in ("Jan-24", "Feb-24", "Mar-24")],
        "btp": [Period.parse("Mar-24")],
    }
    whole = coverage.complete(ground, rows, sent=sent)
    assert whole.periods == {Period.parse("Jan-24"), Period.parse("Feb-24")}
    assert whole.to_look_at == ('Feb-24 has rows of a part of Cumberland alone: none is named "Carlisle", "Copeland".',)
    assert coverage.complete_by_name(ground, rows).periods == {Period.parse("Jan-24"), Period.parse("Mar-24")}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((100, 110, 49), 1),
        ((100, 110, 51), 0),
        ((40, 40, 1), 0),  # too few for half of them to be a sign
        ((100, 1), 0),  # no month is the usual one
        ((100, 100, 100, 4, 8), 2),
    ],
)
def test_a_month_with_less_than_half_of_the_usual_rows_is_said(rows, said):
    months = (Period.parse(name) for name in ("Jan-24", "Feb-24", "Mar-24", "Apr-24", "May-24"))
    sentences = coverage.few_rows(dict(zip(months, rows, strict=False)), of="Area")
    assert len(sentences) == said
    assert all("% of the usual 1" in sentence for sentence in sentences)


@pytest.mark.whole
@pytest.mark.shared_data
def test_in_the_public_counts_only_months_of_which_a_part_was_sent_are_said(shared_data):
    areas = ["Carmarthenshire", "Powys", "South Cambridgeshire", "Cotswold", "Isles of Scilly", "Ceredigion"]
    said = [each for each in read(shared_data, areas).origin.to_look_at if "usual" in each]
    assert {sentence.split(" rows of ")[1].split(",")[0] for sentence in said} == {areas[0], areas[1], areas[5]}
    assert {sentence[:6] for sentence in said} == {"Jan-24", "Feb-24", "Mar-24", "Apr-24"}
    assert len(said) == 12


def test_names_are_compared_as_geography_does():
    (ground,) = coverage.grounds(["st. albans"], last_day=dt.date(2025, 1, 1))
    assert ground.made_up_of(["St Albans"]) == ("St Albans",)
    assert geography.fold("St Albans") in ground.folded
