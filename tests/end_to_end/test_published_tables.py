"""Tables in the current layouts of the Home Office and the Office for National Statistics: counted without a hand."""

from __future__ import annotations

import csv
import datetime as dt
import itertools

import openpyxl
import pytest

from cdrp_xl import conversation, settings
from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.periods import Period
from cdrp_xl.workbooks import gathering, refreshing
from cdrp_xl.workbooks.beginning import Beginning, new

TODAY = dt.date(2026, 7, 20)
YEARS = ("2023/24", "2024/25")
HEADINGS = (
    *("Financial Year", "Financial Quarter", "Police Force", "CSP Name", "Offence Description", "Offence Group"),
    *("Offence Subgroup", "Offence Code", "Offence Count"),
)
VIOLENCE, THEFT, MISCELLANEOUS = "Violence against the person", "Theft offences", "Miscellaneous crimes against society"
DRIVING = "Death or serious injury - unlawful driving"
OFFENCES = (
    ("Homicide", VIOLENCE, "Homicide", "1/4.1/4.10/4.2", "homicide"),
    ("Homicide", VIOLENCE, "Homicide", "1/4.1/4.10/4.2", "homicide"),
    ("Death by aggravated taking", VIOLENCE, DRIVING, "37.1", "death-or-serious-injury-unlawful-driving"),
    ("Assault with injury", VIOLENCE, "Violence with injury", "8N", "violence-with-injury"),
    ("Residential burglary of a home", THEFT, "Residential burglary", "28I", "residential-burglary-of-a-home"),
    ("Burglary residential", THEFT, "Residential burglary", "28E", "residential-burglary-not-divided"),
    ("Burglary of a business", THEFT, "Non-residential burglary", "30C", "burglary-business-and-community"),
    ("Shoplifting", THEFT, "Shoplifting", "46", "shoplifting"),
    ("Blackmail", THEFT, "All other theft offences", "35", "other-theft"),
    ("Other forgery", MISCELLANEOUS, MISCELLANEOUS, "61", "miscellaneous-crimes-against-society"),
)
"""As the sheet of 2024/25 names them, with the row that counts each."""

LATER_CODE = ("Non-fatal strangulation", VIOLENCE, "Violence with injury", "5F")


def home_office():
    """Yield the rows of two years: two areas, offences of none, a correction, and a code of later years elsewhere."""
    for year, quarter in itertools.product(YEARS, (1, 2, 3, 4)):
        for area, times in (("South Cambridgeshire", 1), ("East Cambridgeshire", 2), ("Unassigned Cambridgeshire", 3)):
            for number, (*offence, _) in enumerate(OFFENCES):
                yield year, quarter, "Cambridgeshire", area, *offence, count_of(year, quarter, number) * times or "-00"
        yield year, quarter, "British Transport Police", "Nowhere", *LATER_CODE, 3


def count_of(year, quarter, number):
    return -2 if (year, quarter, number) == ("2024/25", 4, 7) else number * quarter + (year == "2024/25")


def as_csv(folder, rows):
    with (folder / "table.csv").open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([HEADINGS, *rows])
    return folder / "table.csv"


def as_workbook(folder, worksheets):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    for line in ("Police recorded crime open data tables", "Updated: 23 July 2026", "Force notes"):
        book.active.append([line])
    for name, rows in worksheets.items():
        sheet = book.create_sheet(name)
        for row in (HEADINGS, *rows):
            sheet.append(row)
    book.save(folder / "table.xlsx")
    return folder / "table.xlsx"


def by_year(folder):
    return as_workbook(folder, {year.replace("/", "_"): [r for r in home_office() if r[0] == year] for year in YEARS})


def in_one(folder):
    return as_workbook(folder, {"Data": list(home_office())})


def connected(tmp_path, path, *, area):
    new(tmp_path / "csp", Beginning(area=area))
    printed = conversation.connect(tmp_path / "csp", [path], area="", accept=True, as_json=True, today=TODAY)
    gathered = gathering.gather(settings.read(tmp_path / "csp"), tmp_path / "csp", today=TODAY, progress=str)
    return printed, gathered.counts["published"]


def check_home_office(tmp_path, path):
    shown, counts = connected(tmp_path, path, area="South Cambridgeshire")
    assert (shown["headings"]["area"], shown["headings"]["offence"]) == ("CSP Name", "Offence Code")
    for year, quarter in itertools.product(YEARS, (1, 2, 3, 4)):
        period = Period.parse(f"{year.replace('/', '-')} Q{quarter}")
        numbers = {row: 0 for *_, row in OFFENCES}
        for number, (*_, row) in enumerate(OFFENCES):
            numbers[row] += count_of(year, quarter, number)
        found = {row: counts.offences(area="South Cambridgeshire", row_id=row, period=period) for row in numbers}
        assert found == numbers
        total = counts.offences(area="South Cambridgeshire", row_id="total-recorded-crime", period=period)
        assert total == sum(numbers.values())
    assert sum(file.counted for file in counts.origin.ledger) == 8 * len(OFFENCES)
    assert any('"Unassigned Cambridgeshire" is in the table too' in each for each in counts.origin.to_look_at)
    refreshed = refreshing.refresh(tmp_path / "csp", quarter=None, today=TODAY, progress=str)
    assert refreshed.report.period.name == "2024-25 Q4"


@pytest.mark.whole
@pytest.mark.parametrize("write", [by_year, in_one, lambda folder: as_csv(folder, home_office())])
def test_the_home_office_s_table_by_partnership_is_counted_without_a_hand(tmp_path, write):
    check_home_office(tmp_path, write(tmp_path))


@pytest.mark.whole
def test_the_same_table_as_an_open_document_is_counted_without_a_hand(tmp_path, libreoffice):
    (tmp_path / "ods").mkdir()
    check_home_office(tmp_path, libreoffice.saved(by_year(tmp_path), folder=tmp_path / "ods", suffix=".ods")[0])


GROUPS = {
    VIOLENCE: ("Homicide", "Violence with injury", "Violence without injury", "Stalking and harassment"),
    "Sexual offences": (),
    "Robbery": (),
    THEFT: ("Burglary", "Vehicle offences", "Theft from the person", "Bicycle theft", "Shoplifting", "All other theft"),
    "Criminal damage and arson": (),
    "Drug offences": (),
    "Possession of weapons offences": (),
    "Public order offences": (),
    MISCELLANEOUS: (),
}
TOTAL = "Total recorded crime\r\n (excluding fraud) [note 2]"
AREAS = ("Fenland", "Huntingdonshire", "Medway")


def numbers_of(area, year):
    """Return made-up figures by group and subgroup: wholes are the sums of their parts."""
    parts = {part: 10 * len(part) + AREAS.index(area) + year % 10 for own in GROUPS.values() for part in own}
    parts |= {group: sum(parts[each] for each in own) or 7 * len(group) + year % 10 for group, own in GROUPS.items()}
    return {TOTAL: sum(parts[group] for group in GROUPS)} | {
        name: parts[name] for group, own in GROUPS.items() for name in (group, *own)
    }


def national_statistics(folder, year):
    """Write the workbook of one year: cover, notes, percentage changes, numbers and rates, each under its title."""
    book = openpyxl.Workbook()
    book.active.append(["Recorded crime data by Community Safety Partnership area"])
    book.create_sheet("Notes").append(["Note 2", "Fraud is not in these figures."])
    named = ("Community Safety Partnership code", "Community Safety Partnership name", "Local Authority name")
    for name, title, of in (
        ("Table C1", "percentage change", lambda number: 1.5 + number % 3),
        ("Table C3", "number of offences", lambda number: number),
        ("Table C5", "rate per 1,000 population", lambda number: number % 9),
    ):
        sheet = book.create_sheet(name)
        sheet.append([f"{name}: Police recorded crime by area, {title}, year ending March {year} [note 1][note 2]"])
        sheet.append(["Some shorthand is used in this table: [x] is not available."])
        sheet.append([])
        sheet.append([*named, *numbers_of("Fenland", year)])
        for area in AREAS:
            figures = ["[x]" if area == "Medway" else of(number) for number in numbers_of(area, year).values()]
            sheet.append(["E22000001", area, area, *figures])
    book.save(folder / f"csp-tables-{year}.xlsx")
    return folder / f"csp-tables-{year}.xlsx"


def check_national_statistics(tmp_path, first, second):
    shown, counts = connected(tmp_path, first, area="Fenland")
    assert (shown["worksheet"], shown["headings"]) == ("Table C3", {"area": "Community Safety Partnership name"})
    assert any(note.startswith("A report needs the months of a quarter") for note in shown["notes"])
    conversation.connect(tmp_path / "csp", [second], area="", accept=True, as_json=True, today=TODAY)
    own = settings.read(tmp_path / "csp").sources.published
    counts = own.count_members(AREAS, folder=tmp_path / "csp")
    for area, year in itertools.product(AREAS[:2], (2024, 2025)):
        expected = numbers_of(area, year)
        period = Period.parse(f"year ending March {year}")
        found = {row.name: counts.cells.get((area, row.row_id, period), 0) for row in counts.classification.rows}
        assert found.pop("Total recorded crime") == expected.pop(TOTAL)
        expected["Other theft"] = expected.pop("All other theft")
        expected["Possession of weapons"] = expected.pop("Possession of weapons offences")
        assert {name: found[name] for name in expected} == expected
    assert not counts.covered["Medway"]
    with pytest.raises(CannotBeComputedError, match="The data have neither quarters nor months"):
        refreshing.refresh(tmp_path / "csp", quarter=None, today=TODAY, progress=str)
    assert {"rape", "residential-burglary", "neighbourhood-crime"} <= counts.rows_missing


@pytest.mark.whole
def test_the_national_statistics_by_partnership_are_counted_without_a_hand(tmp_path):
    check_national_statistics(tmp_path, national_statistics(tmp_path, 2024), national_statistics(tmp_path, 2025))


@pytest.mark.whole
def test_the_same_statistics_as_open_documents_are_counted_without_a_hand(tmp_path, libreoffice):
    (tmp_path / "ods").mkdir()
    paths = [national_statistics(tmp_path, year) for year in (2024, 2025)]
    check_national_statistics(tmp_path, *libreoffice.saved(*paths, folder=tmp_path / "ods", suffix=".ods"))


def test_a_table_with_a_column_to_each_offence_and_a_row_to_each_month_is_counted(tmp_path):
    path = tmp_path / "table.csv"
    lines = ["District,Month,Burglary,Robbery,Shoplifting,Arson"]
    months = ("Apr-24", "May-24", "Jun-24", "Apr-25", "May-25", "Jun-25")
    lines += [f"{area},{month},{n},{n + 1},{n + 2},0" for area in ("Fenland", "Ely") for n, month in enumerate(months)]
    path.write_text("\n".join(lines), encoding="utf-8")
    shown, counts = connected(tmp_path, path, area="Fenland")
    assert shown["headings"] == {"area": "District", "period": "Month"}
    found = [
        counts.offences(area="Fenland", row_id=row, period=Period.parse("2025-26 Q1"))
        for row in ("burglary", "robbery")
    ]
    assert found == [12, 15]
    assert not any("A report" in note for note in shown["notes"])
