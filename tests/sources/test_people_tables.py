"""Tables of people and households as they are published: title lines, a worksheet to each sex, a column to each age."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
import xlsxwriter

from cdrp_xl.errors import ValueFoundError
from cdrp_xl.sources import people_tables, population
from cdrp_xl.sources.people_tables import HOUSEHOLDS, PEOPLE
from cdrp_xl.sources.population import PopulationSettings
from cdrp_xl.tables import People

AREAS = (
    ("K02000001", "UNITED KINGDOM", "Country", 68_265_209),
    ("E12000006", "EAST", "Region", 6_468_665),
    ("E10000003", "Cambridgeshire", "County", 704_822),
    ("E07000008", "Cambridge", "Non-metropolitan District", 150_014),
    ("E07000012", "South Cambridgeshire", "Non-metropolitan District", 169_262),
    ("E06000023", "Bristol, City of", "Unitary Authority", 482_998),
    ("W06000015", "Cardiff / Caerdydd", "Unitary Authority", 383_536),
)


def estimates(path):
    """A workbook in the manner of mid-year estimates: notes first, a worksheet to each sex, a column to each age."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Cover sheet").write_string(0, 0, "Estimates of the population for England and Wales")
        book.add_worksheet("Notes").write_string(3, 0, "x" * 900)
        for sheet, share in (("MYE2 - Females", 0.51), ("MYE2 - Males", 0.49), ("MYE2 - Persons", 1)):
            page = book.add_worksheet(sheet)
            page.write_string(0, 0, f"{sheet}: Population estimates: by administrative area, sex and age, mid-2023")
            page.write_string(1, 0, "This worksheet contains one table. Some cells refer to notes.")
            page.write_row(7, 0, ["Code", "Name", "Geography [note 1]", "All ages", "0", "1"])
            for at, (code, name, kind, people) in enumerate(AREAS, 8):
                page.write_row(at, 0, [code, name, kind, int(people * share), 1000.0, 900.0])
        page = book.add_worksheet("MYE5")
        page.write_string(0, 0, "MYE5: Population estimates: population density, mid-2011 to mid-2023")
        headings = ["Estimated Population mid-2023", "2023 people per sq. km", "Estimated Population mid-2022"]
        page.write_row(7, 0, ["Code", "Name", "Geography", "Area (sq km)", *headings])
        for at, (code, name, kind, people) in enumerate(AREAS, 8):
            page.write_row(at, 0, [code, name, kind, 100.5, people, 12, people - 5])
        page.write_string(20, 0, "Source: " + "y" * 400)


def read(folder, file, **more):
    return population.read(PopulationSettings(file=file, **more), folder=folder)


def as_csv(path, *rows):
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)


def test_mid_year_estimates_are_read_for_all_ages_of_both_sexes(tmp_path):
    estimates(tmp_path / "mye23tablesew.xlsx")
    found = read(tmp_path, "mye23tablesew.xlsx")
    frame = pd.read_excel(tmp_path / "mye23tablesew.xlsx", sheet_name="MYE2 - Persons", skiprows=7, engine="openpyxl")
    assert {area: each.population for area, each in found.areas.items()} == dict(
        zip(frame["Name"].replace("Cardiff / Caerdydd", "Cardiff"), frame["All ages"], strict=True)
    )
    assert found.origin.remarks == (
        'People are those under "All ages" of mye23tablesew.xlsx on the worksheet "MYE2 - Persons".',
    )
    assert population.people_of(found.areas, "City of Bristol")[0] == People(population=482_998, households=None)


def test_the_latest_year_is_taken_of_several_estimates(tmp_path):
    estimates(tmp_path / "mye.xlsx")
    found = read(tmp_path, "mye.xlsx", worksheet="MYE5")
    assert found.areas["Cambridge"].population == 150_014
    assert found.origin.left_out == {"not a local authority's, or without a number": 1}


def test_households_come_from_a_file_of_their_own(tmp_path):
    estimates(tmp_path / "mye.xlsx")
    lines = (["Census 2021: number of households"], [], ["local authority: district / unitary", "mnemonic", "2021"])
    rows = (["Cambridge", "E07000008", "52,600"], ["South Cambridgeshire", "E07000012", "66500"], ["Total", "", ""])
    as_csv(tmp_path / "households.csv", *lines, *rows, ["In order to protect confidentiality, counts are perturbed."])
    found = read(tmp_path, "mye.xlsx", households_file="households.csv")
    assert found.areas["Cambridge"] == People(population=150_014, households=52_600)
    assert found.areas["South Cambridgeshire"].households == 66_500
    assert found.areas["Bristol, City of"].households is None
    assert found.origin.files == ("mye.xlsx", "households.csv")
    assert found.origin.remarks[1] == 'Households are those under "2021" of households.csv.'


def test_people_of_districts_and_households_of_their_predecessors_are_matched(tmp_path):
    as_csv(tmp_path / "people.csv", ("Name", "All ages"), ("Cumberland", "277000"))
    rows = (("Allerdale", "43000"), ("Carlisle", "50000"), ("Copeland", "31000"))
    as_csv(tmp_path / "households.csv", ("Area name", "Number of households"), *rows)
    assert read(tmp_path, "people.csv", households_file="households.csv").areas == {
        "Cumberland": People(population=277_000, households=124_000)
    }


@pytest.mark.parametrize(
    ("headings", "what", "column"),
    [
        (("ladcode23", "laname23", "country", "population_2023", "population_2022"), PEOPLE, "population_2023"),
        (("LAD23CD", "LAD23NM", "Mid-2022", "Mid-2023"), PEOPLE, "Mid-2023"),
        (
            ("Lower tier local authorities Code", "Lower tier local authorities", "Number of households"),
            HOUSEHOLDS,
            "Number of households",
        ),
        (("Area code", "Area name", "Households 2021", "Households 2020"), HOUSEHOLDS, "Households 2021"),
    ],
)
def test_headings_as_they_are_published_are_recognised(tmp_path, headings, what, column):
    row = ("E07000008", "Cambridge", *range(100, 98 + len(headings)))
    as_csv(tmp_path / "table.csv", headings, row)
    found = people_tables.recognised(tmp_path / "table.csv", what)
    assert (found.headings["name"], found.headings["value"]) == (headings[1], column)


def test_projections_are_refused_until_a_year_is_named(tmp_path):
    rows = (("Area code", "Area name", "2018", "2024", "2043"), ("E07000008", "Cambridge", "5", "6", "9"))
    as_csv(tmp_path / "table.csv", ("Household projections, 2018-based",), *rows)
    with pytest.raises(ValueFoundError, match=r"The file has projections for 3 years\.\nWhere: table\.csv, row 2"):
        people_tables.recognised(tmp_path / "table.csv", HOUSEHOLDS)
    found = read(tmp_path, "table.csv", area="Area name", population="2024")
    assert found.areas["Cambridge"].population == 6


def test_rows_by_age_are_refused_since_an_area_stands_twice(tmp_path):
    rows = (("ladcode23", "laname23", "age", "population_2023"), ("E07000008", "Cambridge", "0", "5"))
    as_csv(tmp_path / "table.csv", *rows, ("E07000008", "Cambridge", "1", "6"))
    with pytest.raises(ValueFoundError, match=r'Two rows are for "Cambridge"\.\nWhere: table\.csv, row 2; and row 3'):
        read(tmp_path, "table.csv")


def test_a_number_that_is_not_given_is_left_out_and_one_that_is_wrong_is_refused(tmp_path):
    as_csv(tmp_path / "table.csv", ("Code", "Name", "All ages"), ("E07000008", "Cambridge", "[x]"), (*AREAS[4][:2], 7))
    assert list(read(tmp_path, "table.csv").areas) == ["South Cambridgeshire"]
    as_csv(tmp_path / "table.csv", ("Code", "Name", "All ages"), ("E07000008", "Cambridge", "many"))
    with pytest.raises(ValueFoundError, match=r'population of "Cambridge" is "many".*\nWhere: table\.csv, row 2'):
        read(tmp_path, "table.csv")


def test_the_real_estimates_are_read_as_published(shared_data):
    file = shared_data / "geography" / "lad_population_mid2020_EW.csv"
    frame = pd.read_csv(file, encoding="utf-8-sig")
    found = read(file.parent, file.name)
    assert {area: each.population for area, each in found.areas.items()} == dict(
        zip(frame["Name"].str.strip(), frame["All ages"], strict=True)
    )
