"""The real table is counted a second time with pandas, which the package itself does not use."""

import csv
import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cdrp_xl import offences, periods
from cdrp_xl.errors import CannotBeComputedError, FileError, ValueFoundError
from cdrp_xl.sources import home_office

CLASSIFICATION = offences.load("home-office-2013")
QUARTERS = {str(number): periods.quarter(2017, number) for number in range(1, 5)}
FIRST = QUARTERS["1"]
HEADINGS = (
    "Financial Year",
    "Financial Quarter",
    "Force Name",
    "Offence Description",
    "Offence Group",
    "Offence Subgroup",
    "Offence Code",
    "Number of Offences",
)
PLACES = {
    "30C": ("Burglary Business and Community", "Theft offences", "Non-domestic burglary"),
    "37.2": ("Aggravated vehicle taking", "Theft offences", "Theft of a motor vehicle"),
    "88C": ("Other miscellaneous sexual offences", "Sexual offences", "Other sexual offences"),
    "80": ("Absconding from lawful custody", "Miscellaneous crimes", "Miscellaneous crimes"),
    "AF": ("Fraud offences recorded by Action Fraud", "Fraud offences", "Fraud: action fraud"),
    "1/4.1/4.10/4.2": ("Homicide", "Violence against the person", "Homicide"),
}


@pytest.fixture(scope="module")
def shared_data():
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of public data, ../shared/data, is not here")
    return folder


@pytest.fixture(scope="module")
def table(shared_data):
    return shared_data / "home_office_reference" / "prc-pfa-mar2013-onwards-tables201718.csv"


@pytest.fixture(scope="module")
def counted(table):
    return home_office.read(table, areas=None)


@pytest.fixture(scope="module")
def frame(table):
    rows = pd.read_csv(table, dtype=str, keep_default_na=False)
    rows["n"] = rows["Number of Offences"].str.strip().replace("-00", "0").astype(int)
    return rows


def one(code="30C", count=" 5 ", *, year="2017/18", quarter="1", force="Cambridgeshire", **texts):
    description, group, subgroup = PLACES.get(code, PLACES["30C"])
    return (
        year,
        quarter,
        force,
        description,
        texts.get("group", group),
        texts.get("subgroup", subgroup),
        code,
        count,
    )


def write(folder, *rows, headings=HEADINGS):
    path = folder / "prc.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def read(folder, *rows, areas=None):
    return home_office.read(write(folder, *rows), areas=areas)


def offences_of(counts, row_id, *, area="Cambridgeshire", period=FIRST):
    return counts.offences(area=area, row_id=row_id, period=period)


@pytest.mark.whole
@pytest.mark.shared_data
def test_every_cell_of_the_real_table_agrees_with_pandas(counted, frame):
    by_name = {row.name.casefold(): row.row_id for row in CLASSIFICATION.rows if row.parent}
    expected = {}
    for level in ("Offence Group", "Offence Subgroup"):
        for (force, quarter, name), total in frame.groupby(["Force Name", "Financial Quarter", level]).n.sum().items():
            expected[force, by_name[name.casefold()], QUARTERS[quarter]] = int(total)
    for (force, quarter), total in frame.groupby(["Force Name", "Financial Quarter"]).n.sum().items():
        expected[force, "total-recorded-crime", QUARTERS[quarter]] = int(total)
    assert counted.cells == expected
    assert sum(count for (_, row, _), count in counted.cells.items() if row == "total-recorded-crime") == 5_519_401


@pytest.mark.shared_data
def test_groups_of_the_real_table_have_the_totals_that_pandas_gives(counted, frame):
    totals = {row.row_id: 0 for row in CLASSIFICATION.rows}
    for (_, row_id, _), count in counted.cells.items():
        totals[row_id] += count
    for group, total in frame.groupby("Offence Group").n.sum().items():
        (row,) = (one for one in CLASSIFICATION.rows_named(group) if one.parent == "total-recorded-crime")
        assert totals[row.row_id] == total
    assert totals["violence-against-the-person"] == 1_396_949


@pytest.mark.shared_data
@pytest.mark.parametrize("identity", CLASSIFICATION.identities, ids=lambda identity: identity.whole)
def test_every_group_of_every_force_and_quarter_is_the_sum_of_its_subgroups(counted, identity):
    for area in counted.areas:
        for period in counted.covered[area]:
            whole = offences_of(counted, identity.whole, area=area, period=period)
            assert whole == sum(offences_of(counted, part, area=area, period=period) for part in identity.parts)


@pytest.mark.shared_data
def test_real_table_says_what_a_reader_should_know(counted):
    assert counted.origin.rows_read == 23_068
    assert len(counted.areas) == 48
    assert counted.covered["Cambridgeshire"] == set(QUARTERS.values())
    assert counted.origin.to_look_at == (
        "Financial Fraud Action UK has no figures for Jul-17 to Mar-18.",
        "UK Finance has no figures for Apr-17 to Jun-17.",
    )
    assert counted.origin.remarks == (
        "36 figures are below 0 (115 offences in all): corrections of earlier quarters, kept as published.",
        'The offence code "1/4.1/4.10/4.2" has 4 rows for each force and quarter, which are added up.',
    )


@pytest.mark.whole
@pytest.mark.shared_data
def test_one_force_of_the_real_table_is_counted_alone(table, counted):
    alone = home_office.read(table, areas=["Cambridgeshire"], as_at=dt.date(2018, 7, 19))
    assert alone.cells == {cell: count for cell, count in counted.cells.items() if cell[0] == "Cambridgeshire"}
    assert alone.origin.left_out == {"of other forces": 23_068 - 4 * 131}
    said = 'The table has no figures for Fraud offences, which are not in "Total recorded crime".'
    assert (alone.origin.notes, "fraud-offences" in alone.rows_missing) == ((said,), True)


@pytest.mark.whole
@pytest.mark.shared_data
def test_quarter_that_a_body_lacks_in_the_real_table_is_not_taken_for_0(table):
    counts = home_office.read(table, areas=["UK Finance"])
    with pytest.raises(CannotBeComputedError, match=r"can't be counted.*\nWhere: Home Office police recorded crime"):
        offences_of(counts, "fraud-offences", area="UK Finance", period=FIRST)


@pytest.mark.parametrize(
    ("text", "count"),
    [(" 66776 ", 66776), ("-00 ", 0), ("-45 ", -45), ("1,477", 1477), ("7.0", 7), ("0", 0)],
)
def test_number_is_read_as_the_tables_write_it(tmp_path, text, count):
    assert offences_of(read(tmp_path, one(count=text)), "non-domestic-burglary") == count


def test_corrections_below_0_are_kept_and_said(tmp_path):
    counts = read(tmp_path, one("88C", "-45 "), one("80", "50"))
    assert offences_of(counts, "sexual-offences") == -45
    assert offences_of(counts, "total-recorded-crime") == 5
    assert "1 figure is below 0 (45 offences in all): corrections of earlier quarters, kept as published." in (
        counts.origin.remarks
    )


def test_a_row_that_the_table_has_no_figures_of_is_not_taken_for_0(tmp_path):
    counts = read(tmp_path, one())
    assert {row.row_id for row in counts.classification.rows}.isdisjoint(counts.rows_missing)
    (said,) = counts.origin.notes
    assert "Fraud offences" in said
    assert said.endswith(', which are not in "Total recorded crime".')
    with pytest.raises(CannotBeComputedError, match="the data have no row for it"):
        offences_of(counts, "fraud-offences")


def test_rows_of_homicide_under_their_joined_code_are_added_up(tmp_path):
    rows = [one("1/4.1/4.10/4.2", count) for count in ("1", "-00", "2", "1")]
    counts = read(tmp_path, *rows)
    assert offences_of(counts, "homicide") == 4
    with pytest.raises(
        ValueFoundError, match=r'5 rows are for .* code "1/4.*\nWhere: prc.csv, rows 2, 3, 4 and 2 more'
    ):
        read(tmp_path, *rows, one("1/4.1/4.10/4.2", "0"))


def test_workbook_is_read_from_the_worksheet_that_is_named(tmp_path):
    path = tmp_path / "prc.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Cover").write_string(0, 0, "Police recorded crime")
        page = book.add_worksheet("2017-18")
        page.write_row(0, 0, HEADINGS)
        page.write_row(1, 0, ["2017/18", 1, *one("37.2")[2:6], 37.2, 1477])
    assert offences_of(home_office.read(path, areas=None, worksheet="2017-18"), "theft-of-a-motor-vehicle") == 1477


def a_worksheet_a_year(path, years):
    """Write a workbook as the Home Office publishes it: notes first, then a worksheet for each year under a title."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes").write_string(0, 0, "Police recorded crime")
        for name, year, count in years:
            page = book.add_worksheet(name)
            page.write_string(0, 0, f"Recorded crime in {year}")
            page.write_row(2, 0, HEADINGS)
            page.write_row(3, 0, [year, 1, *one("37.2")[2:6], 37.2, count])
    return path


def test_every_worksheet_that_has_the_headings_is_read_and_its_rows_are_accounted_for(tmp_path):
    path = a_worksheet_a_year(tmp_path / "prc.xlsx", [("2016-17", "2016/17", 1200), ("2017-18", "2017/18", 1477)])
    counts = home_office.read(path, areas=None)
    assert offences_of(counts, "theft-of-a-motor-vehicle", period=periods.quarter(2016, 1)) == 1200
    assert offences_of(counts, "theft-of-a-motor-vehicle") == 1477
    assert [(each.worksheet, each.read, each.counted) for each in counts.origin.ledger] == [
        ("2016-17", 1, 1),
        ("2017-18", 1, 1),
    ]


def test_rows_that_are_on_two_worksheets_are_refused_with_both_places(tmp_path):
    path = a_worksheet_a_year(tmp_path / "prc.xlsx", [("2017-18", "2017/18", 1477), ("Copy", "2017/18", 1477)])
    with pytest.raises(
        ValueFoundError,
        match=r'2 rows are for .* code "37.2"\.\nWhere: .*"2017-18", rows 4; .*"Copy", rows 4',
    ):
        home_office.read(path, areas=None)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (one(count=""), r'number of offences is blank\.\nWhere: prc.csv, row 3, heading "Number of Offences"'),
        (
            one(count="few"),
            r'number of offences is "few", not a whole number\.\nWhere: prc.csv, row 3, heading "Number',
        ),
        (
            one(count="1.5"),
            r'number of offences is "1.5", not a whole number\.\nWhere: prc.csv, row 3, heading "Number',
        ),
        (one(count="=1+1"), r'is "=1\+1", not a whole number\.\nWhere: prc.csv, row 3, heading "Number of Offences"'),
        (one(count="9" * 30), r"is \"9{30}\", not a whole number\.\nWhere: prc.csv, row 3, heading"),
        (one(force=""), r'names no police force\.\nWhere: prc.csv, row 3, heading "Force Name"'),
        (one(year="2017"), r'"2017" is not a financial year\.\nWhere: prc.csv, row 3, heading "Financial Year"'),
        (one(year="Apr-17"), r'"Apr-17" is not a financial year\.\nWhere: prc.csv, row 3, heading "Financial Year"'),
        (one(quarter="5"), r'"5" is not a quarter of a financial year\.\nWhere: prc.csv, row 3, heading "Financial Q'),
        (one(code="30E"), r'"30E" is not an offence code .*\nWhere: prc.csv, row 3, heading "Offence Code"\n.*"30C"'),
        (
            one(group="Robbery"),
            r'"30C" is under "Robbery", and belongs to "Theft.*\nWhere: .*row 3, heading "Offence Group"',
        ),
        (
            one(subgroup="Shoplifting"),
            r'under "Shoplifting", and belongs to "Non-.*\nWhere: .*row 3, heading "Offence Sub',
        ),
        (
            one("80"),
            r'2 rows are for Cambridgeshire, 2017/18 quarter 1, offence code "80"\.\nWhere: prc.csv, rows 2, 3',
        ),
    ],
)
def test_row_that_can_not_be_counted_is_named(tmp_path, row, message):
    with pytest.raises(ValueFoundError, match=message):
        read(tmp_path, one("80"), row)


def test_missing_heading_is_named(tmp_path):
    path = write(tmp_path, one(), headings=("Year", *HEADINGS[1:]))
    with pytest.raises(ValueFoundError, match=r'no heading "Financial Year" .*\nWhere: prc.csv, row 1'):
        home_office.read(path, areas=None)


def test_file_with_headings_only_is_refused(tmp_path):
    with pytest.raises(FileError, match=r"prc.csv is empty\.\nWhere: .*prc.csv"):
        read(tmp_path)


def test_nearest_forces_are_offered(tmp_path):
    with pytest.raises(ValueFoundError, match=r'Where: prc.csv, heading "Force Name"\nWhat to do: .*"Cambridgeshire"'):
        read(tmp_path, one(), areas=["Cambridgshire"])


def test_quarter_that_one_of_the_forces_lacks_is_not_covered_there_and_said(tmp_path):
    rows = [one(), one(quarter="2"), one(force="Norfolk")]
    counts = read(tmp_path, *rows, areas=["Cambridgeshire", "Norfolk"])
    assert counts.covered == {"Cambridgeshire": {FIRST, QUARTERS["2"]}, "Norfolk": {FIRST}}
    assert "Norfolk has no figures for Jul-17 to Sep-17." in counts.origin.to_look_at


@pytest.mark.whole
@settings(max_examples=settings.default.max_examples // 4)
@given(data=st.data())
def test_order_of_rows_does_not_matter(tmp_path, data):
    forces = ("Cambridgeshire", "Norfolk")
    keys = [(code, quarter, force) for code in ("30C", "37.2", "88C", "80") for quarter in "1234" for force in forces]
    rows = [
        one(code, f" {data.draw(st.integers(-50, 90_000))} ", quarter=quarter, force=force)
        for code, quarter, force in keys
    ]
    first = read(tmp_path, *rows)
    again = read(tmp_path, *data.draw(st.permutations(rows)))
    assert again.cells == first.cells
    total = sum(int(row[-1]) for row in rows if row[1] == "1" and row[2] == "Norfolk")
    assert offences_of(first, "total-recorded-crime", area="Norfolk") == total
