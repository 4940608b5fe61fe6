"""Connect: tables of people and households are told from extracts, and their settings written."""

from __future__ import annotations

import csv
import json

import pytest
import xlsxwriter
from typer.testing import CliRunner

from cdrp_xl import settings
from cdrp_xl.commands import app
from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.sources import population
from cdrp_xl.workbooks import connecting, connecting_people

SETTINGS = """
[partnership]
name = "A partnership"
area = "Greater Cambridge" # together
areas = ["Cambridge", "South Cambridgeshire"]
[sources.police_uk]
path = "street"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "partnership.toml").write_text(SETTINGS, encoding="utf-8")
    with xlsxwriter.Workbook(tmp_path / "mye24tablesew.xlsx") as book:
        book.add_worksheet("Cover").write_string(0, 0, "Population estimates")
        page = book.add_worksheet("MYE2 - Persons")
        page.write_row(5, 0, ["Code", "Name", "Geography", "All ages", "0"])
        page.write_row(6, 0, ["E07000008", "Cambridge", "District", 150_014, 1_400])
        page.write_row(7, 0, ["E07000012", "South Cambridgeshire", "District", 169_262, 1_700])
    rows = (("Area code", "Area name", "2024"), ("E07000008", "Cambridge", "1"), ("E07000012", "South Cambs", "2"))
    with (tmp_path / "households.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["Household estimates"], *rows])
    return tmp_path


def test_people_and_households_are_connected_and_read_by_what_is_written(folder):
    files = [str(folder / name) for name in ("mye24tablesew.xlsx", "households.csv")]
    done = CliRunner().invoke(app, ["connect", str(folder), *files, "--accept", "--json"])
    assert done.exit_code == 0
    printed = json.loads(done.stdout)
    assert printed["people_by_area"] == {"Cambridge": 150_014, "South Cambridgeshire": 169_262}
    assert printed["households_by_area"] == {"Cambridge": 1, "South Cambridgeshire": 2}
    written = (folder / "partnership.toml").read_text(encoding="utf-8")
    assert 'area = "Greater Cambridge" # together' in written
    own = settings.read(folder).sources.population
    assert (own.file, own.worksheet, own.households_file) == ("mye24tablesew.xlsx", "MYE2 - Persons", "households.csv")
    found = population.read(own, folder=folder).areas
    assert (found["Cambridge"].population, found["Cambridge"].households) == (150_014, 1)


def test_an_area_without_a_row_is_refused_by_name(folder):
    text = SETTINGS.replace('"South Cambridgeshire"', '"Fenland"')
    (folder / "partnership.toml").write_text(text, encoding="utf-8")
    own = connecting.existing_settings(folder)
    with pytest.raises(ValueFoundError, match=r'The table of people has no row for "Fenland"\.'):
        connecting_people.look(own, [folder / "mye24tablesew.xlsx"])


def test_an_extract_is_no_table_of_people(folder):
    rows = [("Ref", "Recorded", "Code", "District"), ("1", "2026-04-01", "28E", "Cambridge")]
    with (folder / "persons.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    own = connecting.existing_settings(folder)
    assert connecting_people.look(own, [folder / "persons.csv"]) is None
    with pytest.raises(ValueFoundError, match=r"mye24tablesew\.xlsx and persons\.csv are not alike"):
        connecting_people.look(own, [folder / "mye24tablesew.xlsx", folder / "persons.csv"])


def test_people_are_not_connected_before_anything_is_counted(folder):
    (folder / "partnership.toml").write_text(SETTINGS.split("[sources", maxsplit=1)[0], encoding="utf-8")
    own = connecting.existing_settings(folder)
    found = connecting_people.look(own, [folder / "mye24tablesew.xlsx"])
    with pytest.raises(CannotBeComputedError, match="Nothing that counts offences is connected yet"):
        connecting_people.write(own, found)
