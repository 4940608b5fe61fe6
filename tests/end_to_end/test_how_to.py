"""The pages of docs/how-to: every command is run as it is typed there, on what the walk of ten minutes leaves."""

from __future__ import annotations

import datetime as dt
import shutil

import duckdb
import openpyxl
import pytest
from as_typed import DOCS, Desk, drawn_rows, made_up_files, steps, take_the_walk, write_extract

PAGES = {page.stem: page for page in sorted((DOCS / "how-to").glob("*.md"))}
PARQUET = """
copy (select "Occurrence No" as crime_reference, strptime("Date Reported", '%d/%m/%Y %H:%M')::date as date_recorded,
"HO Code" as ho_code, "District" as district from read_csv('rows.csv', all_varchar = true)) to 'crime.parquet'
"""


def new_quarter(folder):
    write_extract(folder / "extract-q2.csv", drawn_rows(12, dt.date(2025, 7, 1), 92))


def connect_an_extract(folder):
    words = "028/03\nTheft from shop\nMislaid property\n"
    (folder / "words.txt").write_text(words, encoding="utf-8")


def a_definition_that_changed(folder):
    """Make the folder of a partnership that counts by the definitions of 2013, with a copy of the quarter."""
    write_extract(folder / "rows.csv", drawn_rows(13, dt.date(2022, 4, 1), 1187))
    yield from ("new marshland --area Fenland", "connect marshland rows.csv --accept")
    settings = folder / "marshland" / "partnership.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("home-office-2026", "home-office-2013", 1), encoding="utf-8")
    yield from ("refresh marshland", "publish marshland")


def when_a_check_blocks(folder):
    with (folder / "extract.csv").open("a", encoding="cp1252") as file:
        file.write("36/999999/25,30/06/2025 09:30,028/03,Fenland,Ward 1,DWELLING,HOUSE\n")
    (folder / "press-release.txt").write_text("There were 70 residential burglaries in April to June 2025.\n")
    book = openpyxl.Workbook()
    book.active["A1"] = "OFFICIAL"
    book.create_sheet("Rows").sheet_state = "hidden"
    book.save(folder / "for partners.xlsx")


def move_to_a_warehouse(folder):
    write_extract(folder / "rows.csv", drawn_rows(13, dt.date(2022, 4, 1), 1187))
    duckdb.execute(PARQUET)


BEFORE = {
    "new-quarter": new_quarter,
    "connect-an-extract": connect_an_extract,
    "a-definition-that-changed": a_definition_that_changed,
    "when-a-check-blocks": when_a_check_blocks,
    "move-to-a-warehouse": move_to_a_warehouse,
}
"""What a page says that is there before it begins."""


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """Return a folder after the walk of ten minutes; made by the first page's desk."""
    return tmp_path_factory.mktemp("walked")


@pytest.mark.parametrize("name", PAGES)
def test_every_command_of_a_page_does_what_the_page_says(name, walked, tmp_path, monkeypatch, capsys):
    if not list(walked.iterdir()):
        made_up_files(walked)
        take_the_walk(Desk(walked, monkeypatch, capsys))
    folder = tmp_path / "desk"
    shutil.copytree(walked, folder)
    desk = Desk(folder, monkeypatch, capsys)
    for command in BEFORE.get(name, lambda _: ())(folder) or ():
        desk.type(command)
    taken = steps(PAGES[name])
    assert any(step.command for step in taken)
    for step in taken:
        desk.take(step)
