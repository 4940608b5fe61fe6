"""Published tables: a column or a row to each period, symbols, totals, and what is left over."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter

import openpyxl
import pytest

from cdrp_xl.errors import CannotBeComputedError, CdrpError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.sources import published
from cdrp_xl.sources.published import PublishedHeadings, PublishedSettings
from cdrp_xl.sources.publisher import Asked

WIDE = PublishedHeadings(area="BoroughName", offence="MinorText")
LONG = PublishedHeadings(
    area="CSP Name", offence="Code", period="Financial Year", quarter="Financial Quarter", offences="Number"
)
MONTHS = ("202401", "Feb-24", "2024-03")
Q4 = Period.parse("2023-24 Q4")


def as_csv(folder, *rows, headings=("MajorText", "MinorText", "BoroughName", *MONTHS), name="table.csv"):
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])


def of(offence, *numbers, area="Camden"):
    return ("", offence, area, *numbers)


def read(folder, *, areas=("Camden",), headings=WIDE, **more):
    return published.read(PublishedSettings(files=("table.*",), headings=headings, **more), folder=folder, areas=areas)


def count(counts, row_id, period=Q4, area="Camden"):
    return counts.offences(area=area, row_id=row_id, period=period)


def test_a_column_to_each_month_is_read_and_groups_are_added_up(tmp_path):
    as_csv(
        tmp_path,
        of("SHOPLIFTING", 1, 2, 3),
        of("RES BURGLARY OF A HOME", 10, 0, 1),
        of("RES BURGLARY OF UNCONNECTED BUILDING", 0, 0, 0),
        of("ARSON", 1, 1, 1, area="Barnet"),
    )
    counts = read(tmp_path)
    assert counts.coverage == "Jan-24 to Mar-24"
    assert (count(counts, "shoplifting"), count(counts, "residential-burglary"), count(counts, "arson")) == (6, 11, 0)
    assert count(counts, "total-recorded-crime") == 17
    (file,) = counts.origin.ledger
    assert (file.read, file.counted, dict(counts.origin.left_out)) == (4, 3, {"in other areas": 1})


def test_rows_of_which_the_table_has_no_whole_figures_are_left_out_and_that_is_said(tmp_path):
    """Robbery undivided says nothing of personal robbery; violence with injury is only a part of serious violence."""
    as_csv(
        tmp_path,
        *(of(name, 1, 2, 3) for name in ("Homicide", "Violence with injury", "Rape", "Other sexual offences")),
        *(of(name, 1, 1, 1) for name in ("Robbery", "Theft from the person", "Residential burglary", "Arson")),
        *(of(name, 1, 1, 1) for name in ("Criminal damage", "Possession of drugs", "Theft from a vehicle")),
    )
    counts = read(tmp_path)
    rows = {row.row_id for row in counts.classification.rows}
    assert {"robbery", "sexual-offences", "criminal-damage-and-arson", "residential-burglary"} <= rows
    lacking = {
        "robbery-of-personal-property",
        "serious-violence",
        "neighbourhood-crime",
        "shoplifting",
        "theft-offences",
    }
    lacking |= {"residential-burglary-of-a-home", "drug-offences", "violence-against-the-person", "fraud-offences"}
    assert not lacking & rows
    assert lacking <= counts.rows_missing
    assert {row.row_id for row in counts.classification.leaves} >= {"robbery", "residential-burglary"}
    (said,) = counts.origin.notes
    assert said.startswith("The table has no figures for Death or serious injury - unlawful driving, ")
    assert said.endswith('which are not in "Total recorded crime".')
    with pytest.raises(CannotBeComputedError, match='"shoplifting" can\'t be counted: the data have no row for it'):
        count(counts, "shoplifting")
    parts = {each.whole: each.parts for each in counts.classification.identities}
    assert parts["sexual-offences"] == ("rape", "other-sexual-offences", "sexual-offences-not-divided")
    assert "robbery" not in parts


def test_what_is_left_out_is_named_with_its_number_and_not_among_the_rows_counted(tmp_path):
    as_csv(tmp_path, of("Shoplifting", 1, 2, 3), of("FRAUD AND FORGERY", 4, 0, 1), of("TOTAL", 5, 2, 4))
    counts = read(tmp_path, not_counted=("FRAUD AND FORGERY",))
    assert count(counts, "total-recorded-crime") == 6
    assert dict(counts.origin.left_out) == {
        "not counted, as partnership.toml says about their offence": 1,
        "sums of other rows": 1,
    }
    assert list(counts.origin.remarks) == [
        '"FRAUD AND FORGERY" is not counted, as partnership.toml says: 5 offences in the periods covered.',
        'Sums of other rows in the table, which agree with them and are not counted twice: "TOTAL".',
    ]


@pytest.mark.whole
def test_a_total_that_is_not_the_sum_of_its_parts_is_refused_with_both_sides(tmp_path):
    as_csv(tmp_path, of("Shoplifting", 1, 2, 3), of("Bicycle theft", 1, 2, 3), of("All offences", 2, 5, 6))
    with pytest.raises(
        ValueFoundError,
        match='"All offences" is 5 for Camden, Feb-24, and its parts in the table add up to 4: a difference of 1',
    ):
        read(tmp_path)
    assert count(read(tmp_path, not_counted=("All offences",)), "total-recorded-crime") == 12


def test_a_total_that_agrees_but_for_one_figure_is_not_taken_for_what_is_left_over(tmp_path):
    parts = (of("Bicycle theft", 1, 2, 3), of("Shoplifting", 5, 6, 7))
    as_csv(tmp_path, *parts, of("Theft offences", 6, 8, 9))
    with pytest.raises(ValueFoundError, match="may be sums or what is left over"):
        read(tmp_path)


@pytest.mark.whole
def test_a_workbook_with_notes_first_and_a_worksheet_a_year_is_read_by_year_and_quarter(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Notes: figures below 0 are corrections"])
    for year, numbers in (("2023/24", ("-00", 4)), ("2024/25", (7, -2))):
        sheet = book.create_sheet(year.replace("/", "_"))
        sheet.append(["Financial Year", "Financial Quarter", "CSP Name", "Code", "Number"])
        sheet.append([year, 4, "Camden", "46", numbers[0]])
        sheet.append([year, 4, "Camden", "28E", numbers[1]])
        sheet.append([year, 4, "Elsewhere", "999Z", 5])
    book.save(tmp_path / "table.xlsx")
    counts = read(tmp_path, headings=LONG)
    assert count(counts, "total-recorded-crime") == 4
    assert count(counts, "residential-burglary", Period.parse("2024-25 Q4")) == -2
    assert count(counts, "shoplifting", Period.parse("2024-25 Q4")) == 7


@pytest.mark.parametrize(("written", "means"), [("-", 0), ("-00", 0), ("1,234", 1234), ("12.0", 12)])
def test_noughts_and_numbers_are_read_however_they_are_written(tmp_path, written, means):
    as_csv(tmp_path, of("SHOPLIFTING", written, 0, 0))
    assert count(read(tmp_path), "shoplifting") == means


@pytest.mark.parametrize("symbol", ["[x]", "[c]", "[z]", "..", "<5", "", "[u]"])
def test_a_period_with_a_figure_that_is_not_given_is_not_covered_and_that_is_said(tmp_path, symbol):
    as_csv(tmp_path, of("SHOPLIFTING", 1, symbol, 3), of("ARSON", 1, 2, 3))
    counts = read(tmp_path)
    assert counts.covered["Camden"] == {Period.parse("January 2024"), Period.parse("March 2024")}
    assert "Camden, Feb-24: no figure is given for SHOPLIFTING, so the period is incomplete." in (
        counts.origin.to_look_at
    )


def test_a_total_is_proved_by_its_figures_and_not_counted_beside_its_parts(tmp_path):
    parts = (of("Shoplifting", 1, 2, 3), of("Bicycle theft", 5, 5, 5))
    as_csv(tmp_path, of("Theft offences", 6, 7, 8), *parts, of("Total recorded crime", 6, 7, 8))
    assert count(read(tmp_path), "total-recorded-crime") == 21


def test_a_total_that_is_not_given_somewhere_is_a_total_all_the_same(tmp_path):
    as_csv(tmp_path, of("Theft offences", 6, "[c]", 8), of("Shoplifting", 6, 7, 8))
    assert count(read(tmp_path), "theft-offences", Period.parse("January 2024")) == 6


def test_what_is_left_over_beside_its_parts_is_added(tmp_path):
    as_csv(tmp_path, of("BURGLARY - RESIDENTIAL", 1, 0, 0), of("RES BURGLARY OF A HOME", 5, 6, 7))
    counts = read(tmp_path)
    assert count(counts, "residential-burglary") == 19
    assert count(counts, "residential-burglary-of-a-home") == 18


@pytest.mark.whole
def test_a_row_that_may_be_either_is_refused_until_somebody_says_which(tmp_path):
    as_csv(tmp_path, of("Theft offences", 20, 20, 20), of("Shoplifting", 1, 2, 3))
    with pytest.raises(ValueFoundError, match='may be sums or what is left over: "Theft offences" holds "Shoplifting"'):
        read(tmp_path)
    counts = read(tmp_path, totals=("Theft offences",))
    assert (count(counts, "theft-offences"), count(counts, "shoplifting")) == (60, 6)
    assert count(counts, "theft-offences-not-divided") == 54
    left_over = {"Theft offences": "Theft offences (not divided)"}
    assert count(read(tmp_path, offence_codes=left_over), "theft-offences") == 66


@pytest.mark.whole
def test_offences_that_are_not_known_are_named_at_once_as_lines_to_paste(tmp_path):
    as_csv(tmp_path, of("Fraud and forgery", 1, 1, 1), of("qwerty", 1, 1, 1), of("Other theft", 0, 0, 0))
    with pytest.raises(ValueFoundError, match='are unknown: "Fraud and forgery", "qwerty"') as refused:
        read(tmp_path)
    assert [line.split(" = ")[0] for line in refused.value.lines] == ['"Fraud and forgery"', '"qwerty"']
    counts = read(tmp_path, offence_codes={"Fraud and forgery": "Fraud offences"}, not_counted=("qwerty",))
    assert count(counts, "total-recorded-crime") == 3


def test_figures_that_are_there_twice_are_refused_unless_they_are_parts(tmp_path):
    as_csv(tmp_path, of("Shoplifting", 1, 2, 3), of("Shoplifting", 1, 1, 1))
    with pytest.raises(ValueFoundError, match="Two figures are for Camden, Shoplifting, Jan-24"):
        read(tmp_path)
    assert count(read(tmp_path, is_tally=True), "shoplifting") == 9


@pytest.mark.parametrize(
    ("rows", "headings", "fault"),
    [
        ([of("Shoplifting", "many", 1, 1)], WIDE, 'The number of offences is "many"'),
        ([of("Shoplifting", 1, 1, 1, area="Barnet")], WIDE, 'There is no row for the area "Camden"'),
        ([of("Shoplifting", 1, 1, 1)], PublishedHeadings(area="Borough", offence="MinorText"), 'no heading "Borough"'),
        ([of("Shoplifting", 1, 1, 1)], LONG, "There is no heading"),
    ],
)
def test_what_can_not_be_read_is_named(tmp_path, rows, headings, fault):
    as_csv(tmp_path, *rows)
    with pytest.raises(CdrpError, match=fault):
        read(tmp_path, headings=headings)


def test_a_table_without_a_column_for_a_period_is_refused(tmp_path):
    as_csv(tmp_path, ("", "Shoplifting", "Camden", 1), headings=("MajorText", "MinorText", "BoroughName", "Number"))
    with pytest.raises(ValueFoundError, match="No column's heading is a period"):
        read(tmp_path)


def test_period_and_offences_are_named_together():
    with pytest.raises(ValueError, match="name both period and offences, or neither"):
        PublishedHeadings(area="a", offence="b", period="c")


OWN_WORDS = {
    "FRAUD AND FORGERY": "Fraud offences",
    "NFIB": "Fraud offences",
    "OTHER OFFENCES PUBLIC ORDER": "Public order offences",
    "RACE OR RELIGIOUS AGG PUBLIC FEAR": "Public order offences",
}


@pytest.mark.whole
def test_the_borough_file_is_read_as_it_is_published(shared_data):
    folder = shared_data / "mps_borough"
    settings = PublishedSettings(files=("MPS Borough*.csv",), headings=WIDE, offence_codes=OWN_WORDS)
    counts = published.read(settings, folder=folder, areas=("Camden", "Barnet"))
    assert counts.coverage == "Apr-10 to Nov-25"
    expected = Counter()
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                for month in ("202404", "202405", "202406"):
                    expected[row["BoroughName"], row["MinorText"]] += int(row.get(month) or 0)
    for area in ("Camden", "Barnet"):
        quarter = Period.parse("2024-25 Q1")
        whole = sum(number for (where, _), number in expected.items() if where == area)
        assert count(counts, "total-recorded-crime", quarter, area) == whole > 5000
        assert count(counts, "shoplifting", quarter, area) == expected[area, "SHOPLIFTING"] > 100


def test_the_table_by_force_is_counted_under_today_s_groups(shared_data):
    folder = shared_data / "home_office_reference"
    headings = PublishedHeadings(
        area="Force Name",
        offence="Offence Code",
        period="Financial Year",
        quarter="Financial Quarter",
        offences="Number of Offences",
    )
    settings = PublishedSettings(files=("prc-pfa-*.csv",), headings=headings, is_tally=True)
    counts = published.read(settings, folder=folder, areas=("Cambridgeshire",))
    quarter = Period.parse("2017-18 Q1")
    assert count(counts, "total-recorded-crime", quarter, "Cambridgeshire") == 17_126


BY_FORCE = PublishedHeadings(area="Area", offence="Offence", period="Month", offences="Number", force="Force")


def of_forces(folder, *rows):
    as_csv(folder, *rows, headings=("Force", "Area", "Month", "Offence", "Number"))
    return PublishedSettings(files=("table.csv",), headings=BY_FORCE, classification="police-uk", is_tally=True)


def test_a_month_is_complete_where_the_force_that_polices_the_area_has_rows(tmp_path):
    settings = of_forces(
        tmp_path,
        ("Cambridgeshire Constabulary", "Cambridge", "2024-01", "Burglary", 5),
        ("British Transport Police", "Cambridge", "2024-01", "Burglary", 1),
        ("British Transport Police", "Cambridge", "2024-02", "Burglary", 2),
        ("Cambridgeshire Constabulary", "Fenland", "2024-02", "Burglary", 7),
        ("Cambridgeshire Constabulary", "Cambridge", "2024-03", "Burglary", 4),
    )
    counts = published.read(settings, folder=tmp_path, areas=("Cambridge",))
    assert counts.coverage == "Jan-24, Mar-24 (Feb-24 is missing)"
    assert sum(counts.cells[cell] for cell in counts.cells if cell[1] == "burglary") == 10
    (file,) = counts.origin.ledger
    assert (file.read, file.counted) == (5, 3)
    assert dict(counts.origin.left_out) == {"in other areas": 1, "in periods that are incomplete there": 1}


@pytest.mark.whole
def test_a_table_that_is_held_gives_the_counts_of_each_area_as_it_is_read_alone(tmp_path):
    settings = of_forces(
        tmp_path,
        ("Cambridgeshire Constabulary", "Cambridge", "2024-01", "Burglary", 5),
        ("Cambridgeshire Constabulary", "Fenland", "2024-01", "Drugs", 3),
        ("British Transport Police", "Fenland", "2024-02", "Drugs", 1),
    )
    held = settings.held(tmp_path)
    assert held.areas == ("Cambridge", "Fenland")
    for area in held.areas:
        asked = Asked(folder=tmp_path, area=area, today=dt.date(2024, 5, 1))
        assert held.count(asked) == settings.count(asked)
    assert held.count_members(held.areas, folder=tmp_path) == settings.count_members(held.areas, folder=tmp_path)


def test_bad_data_of_one_area_is_no_fault_of_another_in_a_table_that_is_held(tmp_path):
    settings = of_forces(
        tmp_path,
        ("Cambridgeshire Constabulary", "Cambridge", "2024-01", "Burglary", 5),
        ("Cambridgeshire Constabulary", "Fenland", "2024-01", "Drugs", "several"),
    )
    held = settings.held(tmp_path)
    assert held.count(Asked(folder=tmp_path, area="Cambridge", today=dt.date(2024, 5, 1))).cells
    with pytest.raises(ValueFoundError, match='"several"'):
        held.count(Asked(folder=tmp_path, area="Fenland", today=dt.date(2024, 5, 1)))
