"""The worked example: its rows are counted by the package and, independently, by pandas."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pandas as pd
import pytest

import cdrp_xl
from cdrp_xl import offences, periods, settings, worked_example
from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.periods import Period
from cdrp_xl.selected import FarmOffences
from cdrp_xl.sources import recorded_crime
from cdrp_xl.sources.selection import Selection

AREA = "South Cambridgeshire"
QUARTERS = {"earlier": "2010-11 Q1", "later": "2011-12 Q1"}
FILES = [
    "data/cadet-2011-12-q1.csv",
    "data/most-similar-group-2010-11.csv",
    "data/recorded-crime-2009-10.csv",
    "data/recorded-crime-2010-11.csv",
    "data/recorded-crime-2011-12-q1.csv",
    "partnership.toml",
]
RETURNS = ["returns/2011-12-Q1/drug-and-alcohol.xlsx", "returns/2011-12-Q1/reducing-reoffending.xlsx"]
# Of all text files in order of name: a changed byte is another example, and every Python has to write this one.
DIGEST = "a70cce13952ec3a1bd50c75cd4414f1344250be6b60b6cc992aefe5ac318abd9"

# Worked by hand from the report of 2011: all 45 rows of its Appendix 1, as printed there.
CASE = Path(__file__).parents[1] / "cases" / "cadet_2011_q1.csv"
with CASE.open(encoding="utf-8", newline="") as case_file:
    PRINTED = list(csv.DictReader(case_file))

# Its Table 1.1, and the codes of each group as the Counting Rules number them.
FARM_CRIME = {
    "Burglary": {"2009-10": 41, "2010-11": 35},
    "Criminal damage": {"2009-10": 26, "2010-11": 13},
    "Drugs": {"2009-10": 2, "2010-11": 1},
    "Theft and handling": {"2009-10": 49, "2010-11": 64},
    "Violence": {"2009-10": 3, "2010-11": 2},
}
BURGLARY = {"28", "28A", "28B", "28C", "28D", "29", "30", "30A", "30B", "31"}
GROUP_ROWS = {
    "Criminal damage": "criminal-damage",
    "Drugs": "all-drugs-offences",
    "Theft and handling": "all-theft-and-handling",
    "Violence": "violence-against-the-person",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("worked-example")
    worked_example.write(made)
    return made


@pytest.fixture(scope="module")
def extract(folder):
    """Every row of the extracts, all columns as text but for the two dates."""
    files = sorted(folder.glob("data/recorded-crime-*.csv"))
    rows = pd.concat([pd.read_csv(file, dtype=str, keep_default_na=False) for file in files], ignore_index=True)
    for heading in ("Date Committed", "Date Recorded"):
        rows[heading] = pd.to_datetime(rows[heading], format="%d/%m/%Y")
    return rows


@pytest.fixture(scope="module")
def area_rows(extract):
    return extract[extract["District"] == AREA]


@pytest.fixture(scope="module")
def farm_rows(area_rows):
    return area_rows[(area_rows["Locus Type"] == "Agricultural") & area_rows["Locus Subtype"].isin(["Farm", "Barn"])]


@pytest.fixture(scope="module")
def counts(folder):
    own = settings.read(folder)
    farm = next(priority for priority in own.priorities if priority.id == "farm-crime").measure
    chosen = {FarmOffences(): (), **{FarmOffences(group): (row,) for group, row in GROUP_ROWS.items()}}
    selections = [
        Selection(counted_as=name, locus_types=farm.locus_types, locus_subtypes=farm.locus_subtypes, rows=rows)
        for name, rows in chosen.items()
    ]
    return recorded_crime.read(
        own.sources.recorded_crime, folder=folder, area=AREA, selections=selections, today=dt.date(2011, 7, 29)
    )


def within(rows, period_name):
    period = Period.parse(period_name)
    first, last = pd.Timestamp(period.first_day), pd.Timestamp(period.last_day)
    return rows[rows["Date Recorded"].between(first, last)]


def codes_of(group):
    if group == "Burglary":
        return BURGLARY
    return offences.load("cadet-2011").row(GROUP_ROWS[group]).codes


def repeat_offences(rows, *, party, date):
    """The rows of April to June 2011 whose victim or premises is in another row of the 12 months before."""
    named = rows[rows[party] != ""]
    repeats = []
    for place, row in within(named, QUARTERS["later"]).iterrows():
        others = named[(named[party] == row[party]) & (named.index != place)]
        start = row[date] - pd.DateOffset(years=1)
        if others[date].between(start, row[date]).any():
            repeats.append(row)
    return pd.DataFrame(repeats)


def test_the_folder_holds_the_settings_extracts_and_two_returns(folder):
    assert sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()) == sorted(
        FILES + RETURNS
    )


@pytest.mark.parametrize("printed", PRINTED, ids=lambda printed: printed["number"])
@pytest.mark.parametrize("side", ["earlier", "later"])
def test_every_row_of_the_printed_table_is_counted_by_the_package(counts, printed, side):
    row = counts.classification.rows[int(printed["number"]) - 1]
    assert row.name == printed["row"]
    counted = counts.offences(area=AREA, row_id=row.row_id, period=Period.parse(QUARTERS[side]))
    assert counted == int(printed[side])


@pytest.mark.parametrize("side", ["earlier", "later"])
def test_every_row_of_the_printed_table_is_counted_by_pandas(area_rows, side):
    by_code = within(area_rows, QUARTERS[side])["HO Code"].value_counts()
    rows = offences.load("cadet-2011").rows
    counted = [int(by_code[by_code.index.isin(row.codes)].sum()) for row in rows]
    assert counted == [int(printed[side]) for printed in PRINTED]


def test_every_offence_of_the_extract_has_a_known_code(extract):
    known = offences.load("cadet-2011")
    assert all(known.code(code) == code for code in extract["HO Code"].unique())


def test_the_export_is_the_printed_table(folder):
    text = (folder / "data/cadet-2011-12-q1.csv").read_bytes().decode("utf-8")
    first, second, third, *rows = csv.reader(text.splitlines())
    assert first == ["", "Earlier Period", "", "Later Period", "", "Numeric Change", "Apparent Change"]
    assert second == ["", "From", "To", "From", "To", "", ""]
    assert third == ["", "Apr-10", "Jun-10", "Apr-11", "Jun-11", "", ""]
    assert rows == [
        [
            printed["row"],
            f"{int(printed['earlier']):,}",
            "",
            f"{int(printed['later']):,}",
            "",
            printed["numeric_change"],
            printed["apparent_change"],
        ]
        for printed in PRINTED
    ]
    assert text.startswith(",Earlier Period,,Later Period,,Numeric Change,Apparent Change\r\n")
    assert 'All Crime,"1,477",,"1,321",,-156,- 10.6%\r\n' in text


@pytest.mark.parametrize("group", FARM_CRIME)
@pytest.mark.parametrize("year", ["2009-10", "2010-11"])
def test_farm_crime_is_table_1_1(farm_rows, group, year):
    rows = within(farm_rows, year)
    assert rows["HO Code"].isin(codes_of(group)).sum() == FARM_CRIME[group][year]


@pytest.mark.parametrize("group", GROUP_ROWS)
@pytest.mark.parametrize("year", ["2009-10", "2010-11"])
def test_farm_crime_is_counted_as_in_table_1_1(counts, group, year):
    counted = counts.offences(area=AREA, row_id=FarmOffences(group), period=Period.parse(year))
    assert counted == FARM_CRIME[group][year]


@pytest.mark.parametrize(("period", "total"), [("2009-10", 121), ("2010-11", 115), ("2011-12 Q1", 30)])
def test_farm_crime_adds_up(farm_rows, counts, period, total):
    assert len(within(farm_rows, period)) == total
    assert counts.offences(area=AREA, row_id=FarmOffences(), period=Period.parse(period)) == total


def test_every_farm_offence_is_of_one_group_of_table_1_1(farm_rows):
    grouped = [code for group in FARM_CRIME for code in farm_rows["HO Code"] if code in codes_of(group)]
    assert len(grouped) == len(farm_rows)


def test_farm_crime_is_about_what_it_was_in_the_baseline_quarter(farm_rows):
    assert 28 <= len(within(farm_rows, "2009-10 Q1")) <= 31


@pytest.mark.parametrize("party", ["Victim Reference", "Premises Reference"])
@pytest.mark.parametrize("date", ["Date Recorded", "Date Committed"])
def test_five_farm_offences_are_against_four_repeat_victims(farm_rows, party, date):
    repeats = repeat_offences(farm_rows, party=party, date=date)
    assert len(repeats) == 5
    assert repeats[party].nunique() == 4


def test_repeat_victims_are_the_same_when_the_year_before_the_quarter_is_asked(farm_rows):
    before = within(farm_rows, "2010-11")
    now = within(farm_rows, "2011-12 Q1")
    known = set(before["Victim Reference"]) - {""}
    assert now["Victim Reference"].isin(known).sum() == 5


def test_offences_without_a_victim_are_in_both_years_and_would_pass_for_repeats(farm_rows):
    unnamed = farm_rows[farm_rows["Victim Reference"] == ""]
    assert [len(within(unnamed, period)) for period in ("2010-11", "2011-12 Q1")] == [1, 1]


def test_some_victims_only_look_like_repeats(area_rows, farm_rows):
    now = within(farm_rows, "2011-12 Q1")
    lapsed = set(within(farm_rows, "2009-10")["Victim Reference"]) - set(
        within(farm_rows, "2010-11")["Victim Reference"]
    )
    assert now["Victim Reference"].isin(lapsed).sum() == 2
    off_farms = within(area_rows.drop(farm_rows.index), "2010-11")
    assert now[now["Victim Reference"] != ""]["Victim Reference"].isin(off_farms["Victim Reference"]).sum() == 1


def test_cambourne_has_20_violence_offences_of_which_8_are_domestic(area_rows):
    violence = offences.load("cadet-2011").row("violence-against-the-person").codes
    rows = within(area_rows, "2011-12 Q1")
    rows = rows[(rows["Parish"] == "Cambourne") & rows["HO Code"].isin(violence)]
    assert len(rows) == 20
    assert (rows["Domestic"] == "Y").sum() == 8


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_dwelling_burglary_of_the_baseline_lies_well_above_the_61_of_2011(counts, number):
    quarter = periods.quarter(2009, number)
    assert 110 <= counts.offences(area=AREA, row_id="burglary-dwelling", period=quarter) <= 140


def test_what_only_looks_like_farm_crime_is_in_every_year_and_not_counted(extract, farm_rows, counts):
    for year in ("2009-10", "2010-11", "2011-12 Q1"):
        rows = within(extract, year)
        inside = rows[rows["District"] == AREA].drop(farm_rows.index, errors="ignore")
        assert ((inside["Locus Type"] == "Agricultural") & (inside["Locus Subtype"] == "Field")).any()
        assert ((inside["Locus Type"] == "Residential") & (inside["Locus Subtype"] == "Barn")).any()
        assert (inside["Locus Subtype"] == "Farm Shop").any()
        assert inside["Location"].str.contains("Barnes Close").any()
        assert ((rows["District"] != AREA) & (rows["Locus Subtype"] == "Farm")).any()
        counted = counts.offences(area=AREA, row_id=FarmOffences(), period=Period.parse(year))
        assert counted == len(within(farm_rows, year))


def test_neighbouring_districts_are_left_out(extract, counts):
    elsewhere = extract[extract["District"] != AREA]
    assert set(elsewhere["District"]) == {"Cambridge City", "East Cambridgeshire"}
    assert counts.origin.left_out == {"in other areas": len(elsewhere)}
    assert counts.origin.rows_read == len(extract)


def test_every_month_from_april_2009_to_june_2011_is_covered(counts):
    assert counts.coverage == "Apr-09 to Jun-11"
    assert len(counts.months(AREA)) == 27


def test_references_are_unique_and_recognisable(extract):
    assert extract["Crime Reference"].is_unique
    assert extract["Crime Reference"].str.fullmatch(r"SYN/(09|10|11)/\d{6}").all()
    assert extract["Victim Reference"].str.fullmatch(r"(V\d{6})?").all()
    assert extract["Premises Reference"].str.fullmatch(r"(P\d{6})?").all()


def test_no_offence_is_recorded_before_it_is_committed(extract):
    assert (extract["Date Committed"] <= extract["Date Recorded"]).all()


def test_a_premises_is_always_at_one_place(extract):
    places = extract[["Premises Reference", "District", "Parish", "Locus Type", "Locus Subtype", "Location"]]
    assert places[places["Premises Reference"] != ""].drop_duplicates()["Premises Reference"].is_unique


def test_settings_are_accepted_and_say_what_is_synthetic(folder):
    own = settings.read(folder)
    assert own.partnership.name == "South Cambridgeshire Community Safety Partnership"
    assert own.report.quarter == periods.quarter(2011, 1)
    assert "synthetic" in own.report.about[0]
    assert "published 2011 report" in own.report.about[1]
    assert [priority.id for priority in own.priorities] == ["dwelling-burglary", "farm-crime"]
    assert all(priority.baseline.year < priority.deadline for priority in own.priorities)


def test_settings_read_no_address(folder, extract):
    headings = msgspec.structs.astuple(settings.read(folder).sources.recorded_crime.headings)
    assert set(extract.columns) - set(headings) == {"Location"}


def test_the_same_bytes_are_written_everywhere(folder):
    digest = hashlib.sha256(b"".join((folder / name).read_bytes() for name in FILES)).hexdigest()
    assert digest == DIGEST


@pytest.mark.whole
@pytest.mark.parametrize(("zone", "hash_seed"), [("UTC", "0"), ("Pacific/Auckland", "4242")])
def test_the_same_bytes_are_written_in_another_time_zone_and_order_of_sets(folder, tmp_path, zone, hash_seed):
    program = "import pathlib, sys; from cdrp_xl import worked_example as e; e.write(pathlib.Path(sys.argv[1]))"
    package = str(Path(cdrp_xl.__file__).parents[1])
    environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": package}
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], env=environment, check=True)
    assert all((tmp_path / name).read_bytes() == (folder / name).read_bytes() for name in FILES + RETURNS)


def test_line_ends_are_fixed_and_the_text_is_plain(folder):
    for name in FILES:
        written = (folder / name).read_bytes()
        assert written.isascii()
        assert written.count(b"\r") == (written.count(b"\n") if name.endswith(".csv") else 0)


def test_write_refuses_a_folder_that_holds_something(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CannotBeWrittenError, match="is not empty"):
        worked_example.write(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_write_refuses_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(CannotBeWrittenError, match='There is no folder "nowhere"'):
        worked_example.write(tmp_path / "nowhere")


@pytest.mark.whole
def test_write_names_the_file_that_could_not_be_written(tmp_path, monkeypatch):
    def full(_path, _written):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CannotBeWrittenError, match=r'"partnership\.toml" could not be written: No space left'):
        worked_example.write(tmp_path)
