"""Made-up counts of many partnerships, and the settings of a national run of them."""

from __future__ import annotations

import csv
import random

from cdrp_xl import geography

FORCES = ("Cambridgeshire Constabulary", "Norfolk Constabulary", "Suffolk Constabulary")
AREAS = [
    *sorted(area.name for force in FORCES for area in geography.areas_of(force))[:16],
    *("Forest of Dean", "Gloucester", "Stroud", "Tewkesbury"),
]
CATEGORIES = ("Burglary", "Shoplifting", "Drugs", "Anti-social behaviour", "Violence and sexual offences")
MONTHS = ("2024-01", "2024-02", "2024-03", "2025-01", "2025-02", "2025-03")
TEMPLATE = """
[partnership]
name = "Example Community Safety Partnership"
area = "Example"
producer = "Research group"

[report]
date = 2025-05-01

[sources.published]
files = ["data/counts.csv"]
classification = "police-uk"
is_tally = true
headings = { area = "District", offence = "Crime type", period = "Month", offences = "Count", force = "Force" }

[sources.population]
file = "data/people.csv"

[[priorities]]
id = "burglary"
title = "Burglary"
objective = "Fewer burglaries than in 2023-24"
deadline = "2026-27"
measure = { rows = ["burglary"] }
baseline = { year = "2023-24", quarters = [90, 90, 90, 90], source = "Made up for a test" }
"""
NATIONAL = 'template = "template/"\nareas = "all"\nquarter = "2024-25 Q4"\nout = "packs/"\n'


def rows_of(areas, seed=1):
    draw = random.Random(seed)  # noqa: S311 - made-up counts
    return [
        [geography.force_of(area).police_uk_name, area, month, category, draw.randint(20, 400)]
        for area in areas
        for month in MONTHS
        for category in CATEGORIES
    ]


def write_rows(folder, rows):
    file = folder / "template" / "data" / "counts.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["Force", "District", "Month", "Crime type", "Count"], *rows])


def made_of(folder, areas, national=NATIONAL):
    (folder / "template" / "data").mkdir(parents=True)
    (folder / "template" / "partnership.toml").write_text(TEMPLATE, encoding="utf-8")
    write_rows(folder, rows_of(areas))
    people = "".join(f"{area},{100_000 + at}\n" for at, area in enumerate(areas))
    (folder / "template" / "data" / "people.csv").write_text(f"Area,Population\n{people}", encoding="utf-8")
    (folder / "national.toml").write_text(national, encoding="utf-8")
    return folder
