"""Dates of an extract: which forms are read and as which day, which are refused, and in what words."""

from __future__ import annotations

import csv
import datetime as dt
import os
import subprocess
import sys

import duckdb
import pytest
import xlsxwriter

from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import Month
from cdrp_xl.sources import recorded_crime
from cdrp_xl.sources.recorded_crime import RecordedCrimeHeadings, RecordedCrimeSettings
from cdrp_xl.sources.recorded_crime.date_forms import DateForms

AREA = "South Cambridgeshire"
TODAY = dt.date(2011, 7, 20)
HEADINGS = {"offence_reference": "Ref", "date_recorded": "Recorded", "offence": "Code", "area": "District"}


def _read(folder, name="a.csv", today=TODAY):
    source = RecordedCrimeSettings(files=(name,), headings=RecordedCrimeHeadings(**HEADINGS))
    return recorded_crime.read(source, folder=folder, area=AREA, today=today)


def _of(folder, *dates, today=TODAY, districts=()):
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS.values())
        for number, date in enumerate(dates):
            writer.writerow([f"R{number}", date, "28A", districts[number] if districts else AREA])
    return _read(folder, today=today)


def _days(texts, forms=None):
    """The days that texts are read as; the rule itself, without files."""
    sql = (forms or DateForms()).sql("text")
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE TABLE texts AS SELECT unnest($1) AS text, 'a' AS cdrp_xl_file", [list(texts)])
        return dict(connection.execute(f"SELECT text, {sql} FROM texts").fetchall())


@pytest.mark.parametrize(
    "text",
    [
        *("30-Apr-2011", "30-APR-2011", "30 April 2011", "30 apr 2011", "30th April 2011", "30/Apr/2011"),
        *("Sat 30 Apr 2011", "Saturday, 30 April 2011", "April 30, 2011", "Apr 30 2011 11:15PM", "Apr 30th, 2011"),
        *("30.04.2011", "30-04-2011", "30/4/2011", "30 04 2011", "30/04/2011 9:05", "30/04/2011 23:59:59.123"),
        *("30/04/2011 11:15 PM", "30-APR-2011 23:15", "30.04.2011 23.15", "30/04/2011, 23:15"),
        *("2011/04/30", "2011-4-30", "2011-Apr-30", "20110430", "2011-04-30T23:15", "2011-04-30 23:15:00.000"),
    ],
)
def test_a_date_that_can_be_read_in_one_way_only_is_read(text):
    assert _days([text]) == {text: dt.date(2011, 4, 30)}


@pytest.mark.parametrize("text", ["1 Sept 2011", "1st September 2011", "01-SEP-2011"])
def test_september_is_known_in_each_of_its_short_forms(text):
    assert _days([text]) == {text: dt.date(2011, 9, 1)}


@pytest.mark.parametrize(
    "text",
    [
        *("infinity", "-infinity", "epoch", "today", "now", "NaT", "nan", "null", "1900-01-00", "0", "0.75", "-1"),
        *("2011-02-30", "30/02/2011", "2011-13-01", "00/04/2011", "2011-00-10", "31 June 2011", "04/30/2011"),
        *("April 2011", "Apr-11", "2011", "Q1 2011", "30 Nonember 2011", "2011-04-30 (BC)", "2011-04-30T25:00"),
        *("30/04/11", "30-APR-11", "110430", "1304121600", "2011-04-30 23:15 America/New_York", "30//04//2011"),
    ],
)
def test_what_is_no_date_or_could_be_several_is_not_read(text):
    assert _days([text]) == {text: None}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2011-06-30T22:59:59Z", dt.date(2011, 6, 30)),
        ("2011-06-30T23:00:00Z", dt.date(2011, 7, 1)),
        ("2011-06-30 23:30:00+00", dt.date(2011, 7, 1)),
        ("2011-06-30T23:30:00.123+01:00", dt.date(2011, 6, 30)),
        ("2011-06-30T20:30:00-0500", dt.date(2011, 7, 1)),
        ("2011-01-31T23:30:00Z", dt.date(2011, 1, 31)),
        ("30/06/2011 23:30 GMT", dt.date(2011, 7, 1)),
        ("30/06/2011 23:30 BST", dt.date(2011, 6, 30)),
        ("30/06/2011 23:30:15 +00:00", dt.date(2011, 7, 1)),
    ],
)
def test_a_time_with_a_zone_is_of_the_british_day(text, day):
    assert _days([text]) == {text: day}


@pytest.mark.whole
@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Auckland", "Europe/London"])
def test_the_machines_zone_changes_nothing(tmp_path, zone):
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            f"""COPY (SELECT 'r' || n AS "Ref",
            TIMESTAMPTZ '2011-06-30 22:30:00+00' + n * INTERVAL 1 HOUR AS "Recorded",
            '28A' AS "Code", '{AREA}' AS "District" FROM range(2) AS t(n)) TO '{tmp_path / "a.parquet"}'"""
        )
    code = (
        "import datetime as dt, pathlib, sys\n"
        "from cdrp_xl.sources import recorded_crime as r\n"
        f"headings = r.RecordedCrimeHeadings(**{HEADINGS!r})\n"
        "source = r.RecordedCrimeSettings(files=('a.parquet',), headings=headings)\n"
        f"counts = r.read(source, folder=pathlib.Path(sys.argv[1]), area={AREA!r}, today=dt.date(2011, 7, 20))\n"
        "print(sorted((str(p.first), n) for (_, row, p), n in counts.cells.items() if row == 'all-crime'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[('Jul-11', 1), ('Jun-11', 1)]"


@pytest.mark.parametrize("is_from_1904", [False, True])
def test_days_of_a_workbook_are_counted_from_its_own_first_day(tmp_path, is_from_1904):
    day_0 = dt.date(1904, 1, 1) if is_from_1904 else dt.date(1899, 12, 30)
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": is_from_1904}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, tuple(HEADINGS.values()))
        page.write_row(1, 0, ("R1", (dt.date(2011, 4, 30) - day_0).days, "28A", AREA))
        page.write_row(2, 0, ("R2", None, "28A", AREA))
        page.write_datetime(2, 1, dt.datetime(2011, 4, 30), book.add_format({"num_format": "dd/mm/yyyy"}))  # noqa: DTZ001
    counts = _read(tmp_path, "a.xlsx")
    assert counts.months(AREA) == {Month(2011, 4)}
    assert counts.origin.rows_counted == 2


@pytest.mark.parametrize("date", ["1900-01-01", "01/01/1970", "1970-01-01 00:00:00", "25569", "31/12/1969"])
def test_what_systems_write_for_no_date_is_refused(tmp_path, date):
    with pytest.raises(ValueFoundError, match=r"is not a date that can be used\.\nWhere: a\.csv, row 3, heading"):
        _of(tmp_path, "30/04/2011", date)


def test_infinity_is_refused_by_row(tmp_path):
    with pytest.raises(ValueFoundError, match=r'^"infinity" is not a date that can be used\.\nWhere: a\.csv, row 3,'):
        _of(tmp_path, "01/04/2011", "infinity")


def test_all_dates_that_can_not_be_used_are_named_at_once(tmp_path):
    with pytest.raises(ValueFoundError, match="rows have") as refused:
        _of(tmp_path, "soon", "", "30/04/2011", "soon", "31/02/2011", "99999")
    assert str(refused.value) == (
        "5 rows have what is not a date that can be used: "
        '"soon" (2 rows), "" (1 row), "31/02/2011" (1 row) and 1 more.\n'
        'Where: a.csv, row 2, 3, 5, heading "Recorded"\n'
        "What to do: Write dates as dd/mm/yyyy, as 2011-04-30 or as Excel dates. "
        "Correct the date, or `as_at` in partnership.toml: nothing is known after 20 July 2011."
    )


@pytest.mark.parametrize("districts", [(), (AREA, AREA, "Fenland")])
def test_a_file_with_any_date_month_first_is_refused_whole(tmp_path, districts):
    with pytest.raises(ValueFoundError, match="month first") as refused:
        _of(tmp_path, "04/05/2011", "04/06/2011", "04/30/2011", districts=districts)
    assert str(refused.value).startswith(
        '"04/30/2011" is not a date that can be used.\nWhere: a.csv, row 4, heading "Recorded"\nWhat to do: Some dates'
    )


@pytest.mark.parametrize(
    "dates", [("30/04/11", "01/04/11"), ("30-APR-11", "1-apr-11"), ("30.4.11 23:15", "1.4.11 0:05")]
)
def test_years_of_two_digits_are_read_where_one_date_shows_which_part_is_the_year(tmp_path, dates):
    counts = _of(tmp_path, *dates)
    assert (counts.months(AREA), counts.origin.rows_counted) == ({Month(2011, 4)}, 2)


@pytest.mark.parametrize("dates", [("11/04/10", "10/04/11"), ("10-APR-11", "11-APR-10"), ("05/30/11",)])
def test_years_of_two_digits_are_refused_where_nothing_shows_which_part_is_the_year(tmp_path, dates):
    with pytest.raises(ValueFoundError, match=r"part of a date with a year of two digits|have the month first"):
        _of(tmp_path, *dates)
