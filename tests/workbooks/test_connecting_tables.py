"""Connect: tables of counts, as publishers lay them out, are recognised, written into the settings and counted."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections import Counter

import openpyxl
import pytest

from cdrp_xl import conversation, settings
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import Month, Period
from cdrp_xl.workbooks import gathering
from cdrp_xl.workbooks.beginning import Beginning, new

TODAY = dt.date(2025, 7, 20)
WIDE = (
    "MajorText,MinorText,BoroughName,202404,202405,202406\n"
    "THEFT,SHOPLIFTING,Fenland,1,2,3\nTHEFT,OTHER THEFT,Fenland,1,2,3\n"
)
LONG = (
    "Financial Year,Financial Quarter,CSP Name,Offence Description,Offence Group,Offence Code,Offence Count\n"
    "2024/25,1,Fenland,Shoplifting,Theft offences,46,7\n2024/25,1,Fenland,Bicycle theft,Theft offences,44,5\n"
)


@pytest.fixture
def folder(tmp_path):
    new(tmp_path / "csp", Beginning(area="Fenland"))
    return tmp_path / "csp"


def connect(folder, *names, accept=True):
    files = [folder / "data" / name for name in names]
    return conversation.connect(folder, files, area="", accept=accept, as_json=True, today=TODAY)


def count(folder, row_id="total-recorded-crime", quarter="2024-25 Q1"):
    counts = gathering.gather(settings.read(folder), folder, today=TODAY, progress=str).counts["published"]
    return counts.offences(area="Fenland", row_id=row_id, period=Period.parse(quarter))


def text_of(folder):
    return (folder / "partnership.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "headings"),
    [
        (WIDE, {"area": "BoroughName", "offence": "MinorText"}),
        (
            LONG,
            {
                "area": "CSP Name",
                "offence": "Offence Code",
                "period": "Financial Year",
                "quarter": "Financial Quarter",
                "offences": "Offence Count",
            },
        ),
    ],
)
def test_a_table_of_counts_is_recognised_and_written_into_the_settings(folder, content, headings):
    (folder / "data" / "table.csv").write_text(content, encoding="utf-8")
    before = text_of(folder)
    proposed = connect(folder, "table.csv", accept=False)
    assert text_of(folder) == before
    printed = connect(folder, "table.csv")
    assert (proposed["headings"], printed["files"]) == (headings, ["data/table.csv"])
    assert text_of(folder).startswith(before)
    assert settings.read(folder).sources.published.headings.named == headings
    assert count(folder) == 12


def test_a_workbook_of_the_home_office_is_read_without_a_hand(folder):
    """Notes come first, then a worksheet a year; a joined code has a row to each; a later code is of another area."""
    book = openpyxl.Workbook()
    book.active.append(["Police recorded crime open data tables"])
    for year, numbers in (("2023/24", ("-00", 1, 2, 4)), ("2024/25", (7, 0, 1, -2))):
        sheet = book.create_sheet(year.replace("/", "_"))
        sheet.append(LONG.split("\n", maxsplit=1)[0].split(","))
        rows = zip(("46", "1/4.1/4.10/4.2", "1/4.1/4.10/4.2", "44"), numbers, strict=True)
        for code, number in rows:
            sheet.append([year, 1, "Fenland", "As the code says", "A group", code, number])
        sheet.append([year, 1, "Elsewhere", "An offence of later years", "A group", "999Z", 5])
    book.save(folder / "data" / "table.xlsx")
    printed = connect(folder, "table.xlsx")
    assert printed["headings"]["offence"] == "Offence Code"
    assert printed["periods"] == ["2023-24 Q1", "2024-25 Q1"]
    assert [count(folder, row) for row in ("total-recorded-crime", "homicide", "bicycle-theft")] == [6, 1, -2]


def test_an_offence_that_its_own_column_leaves_open_is_counted_in_the_group_that_another_names(folder):
    more = "SEXUAL OFFENCES,RAPE,Fenland,1,0,0\nTHEFT,BICYCLE THEFT,Fenland,1,0,0\n"
    more += "PUBLIC ORDER OFFENCES,OTHER OFFENCES PUBLIC ORDER,Fenland,4,5,6\n"
    (folder / "data" / "table.csv").write_text(WIDE + more, encoding="utf-8")
    printed = connect(folder, "table.csv")
    assert printed["headings"]["offence_words"] == "MajorText"
    assert (count(folder, "public-order-offences"), count(folder, "shoplifting")) == (15, 6)


def test_an_offence_that_nobody_knows_is_left_to_the_analyst_as_a_line_and_an_incident_is_not_counted(folder):
    more = "X,Concern for safety,Fenland,1,1,1\nX,burgalry dwelling,Fenland,1,1,1\n"
    (folder / "data" / "table.csv").write_text(WIDE + more, encoding="utf-8")
    connect(folder, "table.csv")
    own = settings.read(folder).sources.published
    assert (own.not_counted, own.offence_codes) == (("Concern for safety",), {})
    assert '# "burgalry dwelling" = "Residential burglary"  # 3 rows; a suggestion.' in text_of(folder)


def test_a_further_file_is_added_and_to_connect_again_changes_nothing(folder):
    (folder / "data" / "table.csv").write_text(WIDE, encoding="utf-8")
    connect(folder, "table.csv")
    (folder / "data" / "later.csv").write_text(WIDE.replace("20240", "20250"), encoding="utf-8")
    connect(folder, "later.csv")
    after = text_of(folder)
    assert settings.read(folder).sources.published.files == ("data/table.csv", "data/later.csv")
    assert connect(folder, "later.csv", "table.csv")["former_settings_kept"] is None
    assert text_of(folder) == after
    assert count(folder, quarter="2025-26 Q1") == 12


def test_what_a_refresh_would_stop_at_is_said(folder):
    (folder / "data" / "table.csv").write_text(WIDE + "THEFT,SHOPLIFTING,Fenland,1,2,3\n", encoding="utf-8")
    note = connect(folder, "table.csv")["notes"][0]
    assert note.startswith("Two figures are for Fenland, SHOPLIFTING, Apr-24.")
    assert "A refresh stops at this." in note
    assert str(folder) not in note


def test_a_table_without_the_area_is_refused_and_nothing_is_written(folder):
    before = text_of(folder)
    (folder / "data" / "table.csv").write_text(WIDE.replace("Fenland", "Camden"), encoding="utf-8")
    with pytest.raises(ValueFoundError, match='There is no row for the area "Fenland"'):
        connect(folder, "table.csv")
    assert text_of(folder) == before


@pytest.mark.parametrize(("answer", "is_written"), [("y", True), ("n", False)])
def test_a_person_is_asked_before_anything_is_written(folder, monkeypatch, capsys, answer, is_written):
    (folder / "data" / "table.csv").write_text(WIDE, encoding="utf-8")
    before = text_of(folder)
    monkeypatch.setattr("builtins.input", lambda *_: answer)
    conversation.connect(folder, [folder / "data" / "table.csv"], area="", accept=False, as_json=False, today=TODAY)
    assert 'Offence (code or words): "MinorText"' in capsys.readouterr().out
    assert (text_of(folder) != before) == is_written


OF_BOROUGHS = {
    "ARSON": "arson",
    "CRIMINAL DAMAGE": "criminal-damage",
    "BURGLARY BUSINESS AND COMMUNITY": "burglary-business-and-community",
    "DOMESTIC BURGLARY": "residential-burglary-not-divided",
    "BURGLARY - RESIDENTIAL": "residential-burglary-not-divided",
    "RES BURGLARY OF A HOME": "residential-burglary-of-a-home",
    "RES BURGLARY OF UNCONNECTED BUILDING": "residential-burglary-of-unconnected-building",
    "POSSESSION OF DRUGS": "possession-of-drugs",
    "TRAFFICKING OF DRUGS": "trafficking-of-drugs",
    "MISC CRIMES AGAINST SOCIETY": "miscellaneous-crimes-against-society",
    "POSSESSION OF WEAPONS": "possession-of-weapons",
    "OTHER OFFENCES PUBLIC ORDER": "public-order-offences",
    "PUBLIC FEAR ALARM OR DISTRESS": "public-order-offences",
    "RACE OR RELIGIOUS AGG PUBLIC FEAR": "public-order-offences",
    "VIOLENT DISORDER": "public-order-offences",
    "ROBBERY OF BUSINESS PROPERTY": "robbery-of-business-property",
    "ROBBERY OF PERSONAL PROPERTY": "robbery-of-personal-property",
    "OTHER SEXUAL OFFENCES": "other-sexual-offences",
    "RAPE": "rape",
    "BICYCLE THEFT": "bicycle-theft",
    "OTHER THEFT": "other-theft",
    "SHOPLIFTING": "shoplifting",
    "THEFT FROM THE PERSON": "theft-from-the-person",
    "AGGRAVATED VEHICLE TAKING": "aggravated-vehicle-taking",
    "INTERFERING WITH A MOTOR VEHICLE": "interfering-with-a-motor-vehicle",
    "THEFT FROM A VEHICLE": "theft-from-a-vehicle",
    "THEFT OR UNAUTH TAKING OF A MOTOR VEH": "theft-or-unauthorised-taking-of-a-motor-vehicle",
    "DEATH SERIOUS INJURY ILLEGAL DRIVING": "death-or-serious-injury-unlawful-driving",
    "HOMICIDE": "homicide",
    "STALKING AND HARASSMENT": "stalking-and-harassment",
    "VIOLENCE WITH INJURY": "violence-with-injury",
    "VIOLENCE WITHOUT INJURY": "violence-without-injury",
    "NFIB": "fraud-offences",
}
"""The row of each group of the borough file that has no parts, read off the file and the published groups by hand."""


def numbers_of_boroughs(files):
    expected = Counter()
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                row_id = OF_BOROUGHS.get(row["MinorText"], "left out")
                expected.update(
                    {(row["BoroughName"], row_id, month): int(row[month] or 0) for month in row if month.isdigit()}
                )
    return expected


@pytest.mark.whole
def test_the_borough_file_is_connected_and_counted_without_a_hand(shared_data, tmp_path):
    """Every row without parts, in every month of every third borough, is what the file has."""
    files = sorted((shared_data / "mps_borough").glob("*.csv"))
    expected = numbers_of_boroughs(files)
    boroughs = sorted({borough for borough, _, _ in expected})[1::3]
    assert len(boroughs) == 11
    new(tmp_path / "csp", Beginning(area=boroughs[0]))
    printed = conversation.connect(
        tmp_path / "csp", files, area="", accept=True, as_json=True, today=TODAY.replace(2025, 12)
    )
    assert printed["headings"] == {"area": "BoroughName", "offence": "MinorText", "offence_words": "MajorText"}
    assert [each["written"] for each in printed["codes"] if each["counted_under"] is None] == ["FRAUD AND FORGERY"]
    own = settings.read(tmp_path / "csp").sources.published
    assert own.not_counted == ("FRAUD AND FORGERY",)
    counts = own.count_members(boroughs, folder=tmp_path / "csp")
    months = sorted({month for _, _, month in expected})
    assert len(months) == 188
    for borough, row_id, month in itertools.product(boroughs, set(OF_BOROUGHS.values()), months):
        own = Month(int(month[:4]), int(month[4:]))
        found = counts.cells.get((borough, row_id, Period(own, own)), 0)
        assert found == expected[borough, row_id, month], (borough, row_id, month)
    number = sum(expected[borough, "left out", month] for borough, month in itertools.product(boroughs, months))
    assert (
        f'"FRAUD AND FORGERY" is not counted, as partnership.toml says: {number:,} offences' in counts.origin.remarks[0]
    )
    assert {"serious-violence"} <= counts.rows_missing


def test_a_group_that_is_no_longer_one_is_left_out_by_name_with_the_reason(folder):
    more = "FRAUD AND FORGERY,FRAUD AND FORGERY,Fenland,4,5,6\nTOTAL,TOTAL,Fenland,6,9,12\n"
    (folder / "data" / "table.csv").write_text(WIDE + more, encoding="utf-8")
    proposed = connect(folder, "table.csv", accept=False)
    assert [each["written"] for each in proposed["codes"] if each["counted_under"] is None] == ["FRAUD AND FORGERY"]
    said = conversation.connect(
        folder, [folder / "data" / "table.csv"], area="", accept=True, as_json=False, today=TODAY
    )
    assert said["not_counted"].startswith('"FRAUD AND FORGERY" (A group until 2013. Fraud is now recorded nationally')
    assert settings.read(folder).sources.published.not_counted == ("FRAUD AND FORGERY",)
    assert count(folder) == 12


def test_to_connect_a_table_again_needs_no_file(folder):
    (folder / "data" / "table.csv").write_text(WIDE, encoding="utf-8")
    first = connect(folder, "table.csv")
    assert connect(folder)["headings"] == first["headings"]


def test_what_a_comparison_lacks_is_said(folder):
    (folder / "data" / "table.csv").write_text(WIDE, encoding="utf-8")
    said = "A report compares 2024-25 Q1 with 2023-24 Q1, which is not covered: connect the file with it too."
    assert connect(folder, "table.csv")["notes"][-1] == said
    (folder / "data" / "earlier.csv").write_text(WIDE.replace("20240", "20230"), encoding="utf-8")
    assert not any("which is not covered" in note for note in connect(folder, "earlier.csv")["notes"])


def test_a_table_of_the_categories_of_data_police_uk_is_counted_by_these(folder):
    rows = [
        f"Fenland,01/{month:02}/{year},{category},{number}.0"
        for year in (2023, 2024)
        for month in (4, 5, 6)
        for category, number in (("Violence and sexual offences", 5), ("Other crime", 2), ("Anti-social behaviour", 9))
    ]
    content = "\n".join(["Area name,Month,Crime type,Total", *rows])
    (folder / "data" / "table.csv").write_text(content, encoding="utf-8")
    printed = connect(folder, "table.csv")
    assert settings.read(folder).sources.published.classification == "police-uk-2026"
    assert [each["written"] for each in printed["codes"] if each["counted_under"] is None] == []
    assert [count(folder, row) for row in ("violence-and-sexual-offences", "other-crime", "anti-social-behaviour")] == [
        15,
        6,
        27,
    ]
