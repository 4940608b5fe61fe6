"""The pages of published copies as LibreOffice prints them: nothing cut, covered, small, bare or left alone."""

from __future__ import annotations

import csv
import datetime as dt

import pytest
from desk import VIOLENCE, add_worksheet, ask, with_section
from printed_pages import faults, pages_of

from cdrp_xl.workbooks.publishing import publish
from cdrp_xl.workbooks.refreshing import refresh

pytestmark = [pytest.mark.whole, pytest.mark.libreoffice]

TODAY = dt.date(2025, 10, 20)
AREA = "North Northamptonshire and the Welland Valley"
OTHERS = tuple(f"Valley {letter}" for letter in "ABCDEFGHI")
CATEGORIES = (
    *("Anti-social behaviour", "Bicycle theft", "Burglary", "Criminal damage and arson", "Drugs", "Other crime"),
    *("Other theft", "Possession of weapons", "Public order", "Robbery", "Shoplifting", "Theft from the person"),
    *("Vehicle crime", "Violence and sexual offences"),
)
PRIORITIES = (
    ("burglary", "Burglary of dwellings, sheds and outbuildings in the parishe"),
    ("vehicle-crime", "Vehicle crime, with theft from vans at the roadside"),
    ("robbery", "Robbery of personal and business property in the three towns"),
    ("drugs", "Drugs offences, trafficking and possession"),
    ("shoplifting", "Shoplifting from convenience stores, pharmacies and farms"),
    ("public-order", "Public order and harassment in the centres of the towns"),
    ("bicycle-theft", "Bicycle theft at stations, schools and the leisure centres"),
    ("violence-and-sexual-offences", "Violence and sexual offences, in and out of the home"),
)


def street_files(folder):
    """Write 36 months of made-up rows in the form of data.police.uk, the same each time."""
    folder.mkdir(parents=True)
    headings = ["Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code"]
    headings += ["LSOA name", "Crime type", "Last outcome category", "Context"]
    number = 0
    for at in range(36):
        year, month = divmod(2022 * 12 + 9 + at, 12)
        name = f"{year}-{month + 1:02}"
        with (folder / f"{name}-northamptonshire-street.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(headings)
            for place, category in enumerate(CATEGORIES):
                own = 4 + 3 * place + (at * (place + 5)) % 9 + (place == 4 and at > 32) * 30
                for area in (*[AREA] * own, *OTHERS):
                    number += 1
                    force = "Northamptonshire Police"
                    lsoa = f"E0100000{(*OTHERS, AREA).index(area)}"
                    where = ["", "", "On or near Station Road", lsoa, f"{area} 001A"]
                    rows.writerow([f"{number:064x}", name, force, force, *where, category, "", ""])


@pytest.fixture(scope="module")
def with_eight_priorities(tmp_path_factory):
    """A folder with eight priorities of long names, rates, and every worksheet that its data fill."""
    folder = tmp_path_factory.mktemp("eight") / "csp"
    street_files(folder / "data")
    priorities = "".join(
        f'\n[[priorities]]\nid = "priority-{row}"\ntitle = "{title}"\nobjective = "Fewer offences than in 2022-23, '
        f'in each of the three areas"\nmeasure = {{ rows = ["{row}"] }}\n'
        'baseline = { year = "2023-24" }\ndeadline = "2025-26"\n'
        for row, title in PRIORITIES
    )
    people = "".join(f"{area},{30_000 + 500 * len(area)}\n" for area in (AREA, *OTHERS))
    (folder / "data" / "people.csv").write_text(f"Area,Population\n{people}", encoding="utf-8")
    text = (
        f'[partnership]\nname = "{AREA} Community Safety Partnership"\narea = "{AREA}"\n\n'
        f'[report]\nquarter = "2025-26 Q2"\n\n[sources.police_uk]\npath = "data"\n\n'
        f'[sources.population]\nfile = "data/people.csv"\n\n[group]\nsource = "police_uk"\n'
        f"members = {[AREA, *OTHERS]}\n{priorities}"
    )
    (folder / "partnership.toml").write_text(text, encoding="utf-8")
    refresh(folder, quarter=None, today=TODAY, progress=str)
    return publish(folder, today=TODAY, progress=str).copy


def test_the_worked_examples_pages_are_whole(demo, to_pdf):
    assert faults(to_pdf(demo.copy), demo.copy) == []


def test_the_pages_of_eight_priorities_with_long_names_are_whole(with_eight_priorities, to_pdf):
    printed = to_pdf(with_eight_priorities)
    assert faults(printed, with_eight_priorities) == []
    assert [page.sheet for page in pages_of(printed)].count("Headlines") == 1


@pytest.mark.parametrize(("orientation", "sides"), [("landscape", {"across"}), ("portrait", {"across", "upright"})])
def test_the_pages_of_questions_and_of_sections_of_ones_own_are_whole(example, to_pdf, orientation, sides):
    """In an order and under titles of the settings, with who leads on each and where it is on the agenda."""
    report = f"""[report]
orientation = "{orientation}"
order = ["other/issues", "licensing", "highlights"]
titles = {{ summary = "Our priorities", "other/issues" = "Questions asked" }}
lead_officers = {{ farm-crime = "Rural crime lead", licensing = "Licensing manager" }}
agenda = {{ "other/issues" = "item 9" }}
"""
    settings = example / "partnership.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("[report]\n", report), encoding="utf-8")
    add_worksheet(example)
    with_section(example)
    ask(example, VIOLENCE, ("Cambourne", "Arson", "2011-12 Q1", None, "Yes"))
    day = dt.date(2011, 7, 29)
    refresh(example, quarter=None, today=day, progress=str)
    copy = publish(example, today=day, progress=str).copy
    printed = to_pdf(copy)
    assert faults(printed, copy) == []
    assert {"across" if page.width > page.height else "upright" for page in pages_of(printed)} == sides


@pytest.mark.shared_data
def test_the_pages_of_police_uk_alone_are_whole(street_level, to_pdf):
    assert faults(to_pdf(street_level.copy), street_level.copy) == []
