"""Connect: made-up extracts in the manner of four systems, counted after three commands and no hand on the settings."""

from __future__ import annotations

import datetime as dt
import os
import random
import zoneinfo

import duckdb
import pandas as pd
import pytest
import xlsxwriter

from cdrp_xl import commands, settings
from cdrp_xl.periods import Period
from cdrp_xl.workbooks.gathering import gather

ROWS = 40_000 if os.environ.get("CDRP_XL_ALL_TESTS") == "1" else 4_000
AREAS = ("South Cambridgeshire", "Fenland", "Huntingdonshire")
CODES = {"South Cambridgeshire": "E07000012", "Fenland": "E07000010", "Huntingdonshire": "E07000011"}
ALL = ("Total recorded crime", "Total recorded crime excluding fraud")
VIOLENCE = (*ALL, "Violence against the person")
THEFT = (*ALL, "Theft offences")
TAKEN = ("Neighbourhood crime", "Serious acquisitive crime")
# Home Office code, category, the list's words, and every row that has it by the list's Class and Sub class.
OFFENCES = [
    ("001/01", "1", "Murder of persons aged 1 yr or over", (*VIOLENCE, "Homicide", "Serious violence")),
    ("002/00", "2", "Attempted murder", (*VIOLENCE, "Violence with injury", "Serious violence")),
    ("003/01", "3B", "Threats to Kill", (*VIOLENCE, "Violence without injury", "Serious violence")),
    ("105/01", "105A", "Common assault and battery", (*VIOLENCE, "Violence without injury")),
    ("004/04", "4.4", "Causing death by dangerous driving", (*VIOLENCE, "Death or serious injury - unlawful driving")),
    ("035/00", "35", "Blackmail", (*THEFT, "Other theft")),
    ("039/00", "39", "Theft from the person of another", (*THEFT, "Theft from the person", *TAKEN)),
    ("044/00", "44", "Theft of a pedal cycle", (*THEFT, "Bicycle theft")),
    ("046/00", "46", "Theft from shops and stalls", (*THEFT, "Shoplifting")),
    ("045/10", "45", "Theft from a motor vehicle", (*THEFT, "Vehicle offences", "Theft from a vehicle", *TAKEN)),
    (
        "037/02",
        "37.2",
        "Aggravated vehicle taking",
        (*THEFT, "Vehicle offences", "Theft of a motor vehicle", "Aggravated vehicle taking", *TAKEN),
    ),
    (
        "028/03",
        "28I",
        "Residential burglary of a home",
        (*THEFT, "Burglary", "Residential burglary", "Residential burglary of a home", *TAKEN),
    ),
    ("056/01", "56A", "Arson endangering life", (*ALL, "Criminal damage and arson", "Arson")),
    (
        "058/04",
        "58J",
        "Racially or religiously Aggravated Criminal Damage",
        (*ALL, "Criminal damage and arson", "Criminal damage"),
    ),
    ("077/50", "92A", "Manufacturing a scheduled substance", (*ALL, "Drug offences", "Trafficking of drugs")),
    ("008/03", "10A", "Setting spring guns etc to injure trespassers", (*ALL, "Possession of weapons")),
    ("015/00", "15", "Concealment of birth", (*ALL, "Miscellaneous crimes against society")),
    ("051/01", "NFIB9", "False statements by company directors etc", ("Total recorded crime", "Fraud offences")),
]
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# The code 028/03 is of homes and of unconnected buildings: without its category it is in the row that holds both.
IS_EITHER = {"Residential burglary of a home": "Residential burglary (not divided)"}


def made_up(seed):
    """Return rows of three years, each with its number in OFFENCES, its area and the moment when it was recorded."""
    draw = random.Random(seed)  # noqa: S311 - made-up rows
    first = dt.datetime(2022, 4, 1)  # noqa: DTZ001 - as systems write it, without a zone
    moments = sorted(first + dt.timedelta(minutes=draw.randrange(3 * 365 * 1440)) for _ in range(ROWS))
    weights = [draw.randint(1, 30) for _ in OFFENCES]
    return [(draw.choices(range(len(OFFENCES)), weights)[0], draw.choice(AREAS), moment) for moment in moments]


def by_niche(folder, rows):
    """Two Windows-1252 files, dates with times, codes with noughts; free text with line breaks and quotation marks."""
    headings = ["Occurrence No", "Date Reported", "Date From", "HO Code", "Beat", "Ward", "District", "DA Flag", "MO"]
    lines = [
        [
            *(f"36/{number:07}/22", f"{when:%d/%m/%Y %H:%M}", f"{when - dt.timedelta(hours=5):%d/%m/%Y %H:%M}"),
            *(
                OFFENCES[kind][0],
                "B1",
                f"Ward {number % 7}",
                area,
                "YN"[number % 2],
                'Café \N{EN DASH} \N{LEFT DOUBLE QUOTATION MARK}tools" worth £300\nfled',
            ),
        ]
        for number, (kind, area, when) in enumerate(rows)
    ]
    half = len(lines) // 2
    for name, part in (("niche 1.csv", lines[:half]), ("niche 2.csv", lines[half:])):
        pd.DataFrame(part, columns=headings).to_csv(folder / name, index=False, encoding="cp1252")
    return ["niche 1.csv", "niche 2.csv"]


def by_athena(folder, rows):
    """Semicolons below a title, UTF-8 with its mark, headings in one word, ISO moments, codes without a stroke."""
    headings = ["CrimeRefNo", "OffenceCode", "RecordedDate", "CSP_Name", "LocationType"]
    lines = [
        [f"AT{number}", OFFENCES[kind][0].replace("/", ""), f"{when:%Y-%m-%dT%H:%M:%S}", area.upper(), "Dwelling;House"]
        for number, (kind, area, when) in enumerate(rows)
    ]
    text = pd.DataFrame(lines, columns=headings).to_csv(index=False, sep=";")
    (folder / "athena.csv").write_text(f"Recorded crime extract\n\n{text}", encoding="utf-8-sig")
    return ["athena.csv"]


def by_connect(folder, rows):
    """A workbook with a cover and a worksheet for each half, Excel dates, and the offences in words and capitals."""
    with xlsxwriter.Workbook(folder / "connect.xlsx", {"default_date_format": "dd/mm/yyyy hh:mm"}) as book:
        book.add_worksheet("Cover").write_column(0, 0, ["Recorded crime", "For official use"])
        half = len(rows) // 2
        for name, first, part in (("Year 1", 0, rows[:half]), ("Year 2", half, rows[half:])):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Crime Number", "Created Date", "Offence", "Local Authority", "Victim ID"])
            for number, (kind, area, when) in enumerate(part, 1):
                sheet.write_string(number, 0, f"C{first + number}")
                sheet.write_datetime(number, 1, when)
                sheet.write_string(number, 2, OFFENCES[kind][2].upper())
                sheet.write_string(number, 3, CODES[area])
                sheet.write_string(number, 4, f"V{number % 900}")
    return ["connect.xlsx"]


def by_own_make(folder, rows):
    """Tabs, UTF-16, short headings, days as 01-APR-22, and the category's code in a column of its own."""
    headings = ["URN", "Recd Dt", "Comm Dt", "Offence Class", "Offence Desc", "Council", "Outcome Date"]
    lines = [
        [
            *(f"{number}", f"{when:%d}-{MONTHS[when.month - 1].upper()}-{when:%y}", f"{when:%d/%m/%Y}"),
            *(OFFENCES[kind][1], OFFENCES[kind][2], f" {area} ", "" if number % 3 else f"{when:%d/%m/%Y}"),
        ]
        for number, (kind, area, when) in enumerate(rows)
    ]
    text = pd.DataFrame(lines, columns=headings).to_csv(index=False, sep="\t")
    (folder / "own.txt").write_text(text, encoding="utf-16")
    return ["own.txt"]


def by_sap(folder, rows):
    """UTF-16 with the last byte first, bars between, ISO moments with a zone, codes with blanks that do not break."""
    headings = ["GUID", "Status", "Date/Time Crime Recorded", "Home Office Classification", "Offence Title", "LPA"]
    nbsp = "\N{NO-BREAK SPACE}"
    london = zoneinfo.ZoneInfo("Europe/London")
    lines = [
        [
            *(f"{{{number:08X}-CA}}", "Filed", when.replace(tzinfo=london).astimezone(dt.UTC).isoformat()),
            *(f"{OFFENCES[kind][0]}{nbsp}", OFFENCES[kind][1], f"{nbsp}{area.replace(' ', nbsp)} "),
        ]
        for number, (kind, area, when) in enumerate(rows)
    ]
    text = pd.DataFrame(lines, columns=headings).to_csv(index=False, sep="|")
    (folder / "sap.csv").write_bytes(b"\xfe\xff" + text.encode("utf-16-be"))
    return ["sap.csv"]


def by_hand(folder, rows):
    """A workbook with a title and blank rows above, day numbers without a format, and codes that became numbers."""
    with xlsxwriter.Workbook(folder / "by hand.xlsx") as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write(0, 0, "Crimes by CSP, run on a Monday")
        sheet.write_row(3, 0, ["Crime No.", "Recorded On", "HO Code", "HO Category", "District Council", "Remarks"])
        for number, (kind, area, when) in enumerate(rows, 4):
            first, second = OFFENCES[kind][0].split("/")
            sheet.write_string(number, 0, f"{number:06}")
            sheet.write_number(number, 1, (when - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1))  # noqa: DTZ001
            sheet.write_number(number, 2, float(f"{int(first)}.{second}"))
            sheet.write_string(number, 3, OFFENCES[kind][1])
            sheet.write_string(number, 4, f"{area} District Council")
    return ["by hand.xlsx"]


def by_short_days(folder, rows):
    """Windows-1252 with tabs, days of two figures each, categories with their words, and incidents among the crimes."""
    headings = [
        "Investigation \N{NUMERO SIGN}".replace("\N{NUMERO SIGN}", "n\N{DEGREE SIGN}"),
        "Rec. Date",
        "Crime Type",
    ]
    headings += ["Borough/District", "Officer\N{RIGHT SINGLE QUOTATION MARK}s remark"]
    lines = [
        [
            *(f"INV/{number}", f"{when:%d/%m/%y}", f"{OFFENCES[kind][1]} - {OFFENCES[kind][2]}", area),
            "seen \N{EN DASH} Café",
        ]
        for number, (kind, area, when) in enumerate(rows)
    ]
    text = pd.DataFrame(lines, columns=headings).to_csv(index=False, sep="\t")
    (folder / "short.txt").write_text(text, encoding="cp1252")
    return ["short.txt"]


def by_warehouse(folder, rows):
    """Parquet with moments, whole numbers for codes without a stroke, and the partnership's code."""
    frame = pd.DataFrame(
        {
            "crime_ref": [f"{number}" for number in range(len(rows))],
            "dt_recorded": [when for _, _, when in rows],
            "ho_offence_code": [int(OFFENCES[kind][0].replace("/", "")) for kind, _, _ in rows],
            "ho_subgroup": [OFFENCES[kind][2].title() for kind, _, _ in rows],
            "lad_code": [CODES[area] for _, area, _ in rows],
        }
    )
    file = str(folder / "warehouse.parquet")
    duckdb.from_df(frame).write_parquet(file)
    return ["warehouse.parquet"]


def run(*arguments):
    commands.app([str(argument) for argument in arguments], standalone_mode=False)


@pytest.mark.parametrize(
    ("system", "areas", "instead"),
    [
        (by_niche, AREAS[:1], IS_EITHER),
        (by_athena, AREAS[1:2], IS_EITHER),
        (by_connect, AREAS[2:], {}),
        (by_own_make, AREAS[:2], {}),
        (by_sap, AREAS[:1], {}),
        (by_hand, AREAS[1:2], {}),
        (by_short_days, AREAS[2:], {}),
        (by_warehouse, AREAS[:1], {}),
    ],
)
def test_three_commands_count_what_pandas_counts(tmp_path, system, areas, instead):
    rows = made_up(system.__name__)
    names = system(tmp_path, rows)
    for area in areas:
        folder = tmp_path / area
        run("new", folder, "--area", area)
        run("connect", folder, *(tmp_path / name for name in names), "--accept")
        run("refresh", folder)
        own = settings.read(folder)
        counts = gather(own, folder, today=dt.date(2025, 6, 1), progress=str).counts["recorded_crime"]
        assert counts.classification.classification_id == "home-office-2026"
        expected = by_pandas(rows, area, instead)
        found = {
            (row.name, str(quarter)): counts.offences(area=area, row_id=row.row_id, period=Period.parse(quarter))
            for row in counts.classification.rows
            for quarter in QUARTERS
        }
        assert {key: count for key, count in found.items() if count} == expected
        assert counts.origin.rows_read == len(rows)


QUARTERS = [f"{year}-{year % 100 + 1} Q{number}" for year in (2022, 2023, 2024) for number in (1, 2, 3, 4)]


def by_pandas(rows, area, instead):
    """Return the offences of an area by row and quarter, counted by pandas alone."""
    frame = pd.DataFrame([(kind, where, when) for kind, where, when in rows], columns=["kind", "area", "when"])
    frame = frame[frame["area"] == area]
    years = frame["when"].dt.to_period("Q-MAR")
    frame = frame.assign(
        quarter=[f"{each.qyear - 1}-{each.qyear % 100} Q{each.quarter}" for each in years],
        row=[[instead.get(name, name) for name in OFFENCES[kind][3]] for kind in frame["kind"]],
    ).explode("row")
    counted = frame.groupby(["row", "quarter"]).size()
    assert counted["Total recorded crime"].sum() == sum(where == area for _, where, _ in rows) > 1000
    return {key: int(count) for key, count in counted.items()}
