import csv
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cdrp_xl.errors import FileError, ValueFoundError
from cdrp_xl.sources import population
from cdrp_xl.sources.population import PopulationSettings
from cdrp_xl.tables import People

HEADINGS = ("Area", "Population", "Households")
FENLAND = ("Fenland", "102,080", "43,000")
EAST = ("East Cambridgeshire", "90171", "37000")


@pytest.fixture
def shared_data():
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of public data, ../shared/data, is not here")
    return folder


def as_csv(folder, *rows, name="people.csv"):
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def read(folder, *, file="people.csv", **more):
    return population.read(PopulationSettings(file=file, **more), folder=folder)


def test_people_and_households_are_read_by_area(tmp_path):
    as_csv(tmp_path, HEADINGS, FENLAND, EAST)
    found = read(tmp_path, households="Households")
    assert found.areas == {
        "Fenland": People(population=102080, households=43000),
        "East Cambridgeshire": People(population=90171, households=37000),
    }
    assert (found.origin.files, found.origin.rows_read) == (("people.csv",), 2)


def test_households_are_left_alone_where_no_heading_is_set(tmp_path):
    as_csv(tmp_path, HEADINGS, ("Fenland", "102080", "not known"))
    assert read(tmp_path).areas["Fenland"].households is None


def test_workbook_is_read_from_the_worksheet_that_is_named(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "people.xlsx") as book:
        book.add_worksheet("Notes").write_string(0, 0, "Mid-year estimates")
        page = book.add_worksheet("People")
        page.write_row(2, 1, ["Name", "All ages"])
        page.write_row(3, 1, ["Fenland", 102080.0])
        page.write_row(4, 1, ["East Cambridgeshire", "90,171"])
    found = read(tmp_path, file="people.xlsx", worksheet="People", area="Name", population="All ages")
    assert {area: people.population for area, people in found.areas.items()} == {
        "Fenland": 102080,
        "East Cambridgeshire": 90171,
    }


def test_title_above_and_note_below_the_table_are_not_areas(tmp_path):
    as_csv(tmp_path, ("Mid-2020 population estimates",), (), HEADINGS, FENLAND, (), ("Source: ONS",))
    found = read(tmp_path)
    assert list(found.areas) == ["Fenland"]
    assert found.origin.left_out == {"words without figures": 1}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("Fenland", "0", "5"), r'The population of "Fenland" is 0\.\nWhere: people.csv, row 3, heading "Population"'),
        (
            ("Fenland", "-5", "5"),
            r'The population of "Fenland" is -5, below 0\.\nWhere: people.csv, row 3, heading "Pop',
        ),
        (
            ("Fenland", "", "5"),
            r'The population of "Fenland" is blank\.\nWhere: people.csv, row 3, heading "Population"',
        ),
        (
            ("Fenland", "1.5", "5"),
            r'"Fenland" is 1.5, not a whole number\.\nWhere: people.csv, row 3, heading "Population"',
        ),
        (
            ("Fenland", "many", "5"),
            r'"Fenland" is "many", not a number\.\nWhere: people.csv, row 3, heading "Population"',
        ),
        (
            ("Fenland", "=A1", "5"),
            r'"=A1", which a spreadsheet would take for a formula\.\nWhere: people.csv, row 3, head',
        ),
        (
            ("Fenland", "9", "0"),
            r'number of households of "Fenland" is 0\.\nWhere: people.csv, row 3, heading "Households',
        ),
        (
            ("Fenland", "9", ""),
            r'number of households of "Fenland" is blank\.\nWhere: people.csv, row 3, heading "Househo',
        ),
        (
            ("Fenland", "9", "10"),
            r'"Fenland" has 10 households and 9 people\.\nWhere: people.csv, row 3, heading "Househ',
        ),
        (("", "9", "5"), r'A row has figures but no area\.\nWhere: people.csv, row 3, heading "Area"'),
        (
            (" EAST  Cambridgeshire ", "9", "5"),
            r'Two rows are for "EAST Cambridgeshire"\.\nWhere: .*row 2, .*; and row 3',
        ),
        (("Fen\u202eland", "9", "5"), r'be seen \(U\+202E\)\.\nWhere: people.csv, row 3, heading "Area"'),
    ],
)
def test_row_that_can_not_be_used_is_named(tmp_path, row, message):
    as_csv(tmp_path, HEADINGS, EAST, row)
    with pytest.raises(ValueFoundError, match=message):
        read(tmp_path, households="Households")


def test_missing_heading_is_named_with_those_that_are_there(tmp_path):
    as_csv(tmp_path, ("Mid-2020",), ("Area", "Inhabitants"), ("Fenland", "102080"))
    message = r'There is no heading "Population"\.\nWhere: people.csv, row 2\n.*"Area", "Inhabitants"'
    with pytest.raises(ValueFoundError, match=message):
        read(tmp_path)


def test_heading_that_stands_twice_is_refused(tmp_path):
    as_csv(tmp_path, ("Area", "Population", "Population"), ("Fenland", "1", "2"))
    with pytest.raises(ValueFoundError, match=r'The heading "Population" appears 2 times\.\nWhere: people.csv, row 1'):
        read(tmp_path)


def test_file_without_an_area_is_refused(tmp_path):
    as_csv(tmp_path, HEADINGS)
    with pytest.raises(ValueFoundError, match=r"has headings but no areas below them\.\nWhere: people.csv, row 1"):
        read(tmp_path)


def test_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileError, match=r'There is no file "people.csv"\.\nWhere: the folder'):
        read(tmp_path)


@pytest.mark.shared_data
def test_mid_2020_populations_of_england_and_wales_are_read_whole(shared_data):
    found = read(shared_data, file="geography/lad_population_mid2020_EW.csv", area="Name", population="All ages")
    with (shared_data / "geography" / "lad_population_mid2020_EW.csv").open(newline="", encoding="utf-8") as file:
        expected = {row["Name"]: int(row["All ages"]) for row in csv.DictReader(file)}
    assert len(found.areas) == 336
    assert {area: people.population for area, people in found.areas.items()} == expected
    assert found.areas["South Cambridgeshire"].population == 159_086


NAMES = st.lists(st.text("abcdefgh", min_size=1, max_size=8), min_size=1, max_size=20, unique=True)


@settings(max_examples=settings.default.max_examples // 4)
@given(names=NAMES, data=st.data())
def test_order_of_areas_does_not_matter(tmp_path, names, data):
    rows = [(name, f"{data.draw(st.integers(1, 70_000_000)):,}") for name in names]
    as_csv(tmp_path, HEADINGS[:2], *rows)
    first = read(tmp_path).areas
    as_csv(tmp_path, HEADINGS[:2], *data.draw(st.permutations(rows)))
    assert read(tmp_path).areas == first
    assert {area: f"{people.population:,}" for area, people in first.items()} == dict(rows)


PARTS = {
    name: People(population=number, households=households)
    for name, number, households in (("Allerdale", 100, 40), ("Carlisle", 200, 80), ("Copeland", 300, 120))
}


def test_the_people_of_an_area_that_replaced_others_are_their_sum_unless_it_has_a_row_of_its_own():
    summed = population.people_of(PARTS, "Cumberland")
    assert summed == (People(population=600, households=240), ("Allerdale", "Carlisle", "Copeland"))
    own = PARTS | {"Cumberland": People(population=610, households=None)}
    assert population.people_of(own, "cumberland") == (People(population=610, households=None), ("Cumberland",))


def test_the_people_of_an_area_are_not_the_sum_of_a_part_of_the_areas_that_it_replaced():
    assert population.people_of({"Allerdale": PARTS["Allerdale"]}, "Cumberland") == (None, ())
    unhoused = PARTS | {"Carlisle": People(population=200, households=None)}
    assert population.people_of(unhoused, "Cumberland")[0] == People(population=600, households=None)


@pytest.mark.parametrize("asked", ["Bristol", "bristol,  city of"])
def test_people_are_found_under_any_name_of_the_area_and_of_one_that_is_not_known_under_its_own(asked):
    people = People(population=1, households=None)
    assert population.people_of({"Bristol, City of": people, "West Marsh": people}, asked)[0] == people
    assert population.people_of({"West  Marsh": people}, "west marsh") == (people, ("West  Marsh",))


def test_the_real_people_of_somerset_are_those_of_its_four_districts(shared_data):
    found = read(shared_data, file="geography/lad_population_mid2020_EW.csv", area="Name", population="All ages")
    own = [found.areas[name] for name in ("Mendip", "Sedgemoor", "South Somerset", "Somerset West and Taunton")]
    people, names = population.people_of(found.areas, "Somerset")
    assert (people.population, len(names)) == (sum(each.population for each in own), 4)


@pytest.mark.parametrize("number", ["99,999,999,999", "100000001", "99999999999.0"])
def test_more_people_than_there_are_in_the_country_are_refused_by_row(tmp_path, number):
    as_csv(tmp_path, HEADINGS, FENLAND, ("East Cambridgeshire", number, "37000"))
    with pytest.raises(ValueFoundError, match=r"more than there are people in the United Kingdom") as refused:
        read(tmp_path)
    assert refused.value.where == 'people.csv, row 3, heading "Population"'
