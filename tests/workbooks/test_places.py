"""Wards, beats and parishes: every row of the area is in one or in none for a reason, small counts are hidden."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import json
from collections import defaultdict

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from cdrp_xl import settings as settings_file
from cdrp_xl.commands import app
from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.periods import quarter
from cdrp_xl.workbooks import publishing, refreshing
from cdrp_xl.workbooks.gathering import gather

TODAY = dt.date(2026, 8, 1)
Q1, BEFORE = quarter(2026, 1), quarter(2025, 1)
AREA = "South Cambridgeshire"
WARDS = ("Bar Hill", "Cambourne", "Foxton", "Girton", "Linton", "Melbourn")
SETTINGS = """
[partnership]
name = "A partnership"
area = "South Cambridgeshire"
[report]
classification = "home-office-2026"
[sources.recorded_crime]
files = ["extract.csv"]
[sources.recorded_crime.headings]
offence_reference = "Ref"
date_recorded = "Recorded"
offence = "Code"
area = "District"
locality = "Beat"
lsoa = "LSOA"
[places]
"""
BY_LSOA = 'lookups = ["lsoa*.csv"]\npopulation = "wards.csv"\n'
HEADINGS = ("Ref", "Recorded", "Code", "District", "Beat", "LSOA")
LOOKUP_HEADINGS = ("LSOA{}CD", "LSOA{}NM", "WD24CD", "WD24NM", "LAD24CD", "LAD24NM", "ObjectId")


def lsoas_of(ward):
    return [f"E0101{WARDS.index(ward):02d}{number}" for number in range(3)]


def lookup(folder, year, wards, more=()):
    """A look-up in the manner of ONS: its headings, and rows of another district as well."""
    rows = [
        (code, f"{AREA} 00{number}A", f"E0500{WARDS.index(ward):02d}", ward, "E07000012", AREA, number)
        for ward in wards
        for number, code in enumerate(lsoas_of(ward))
    ]
    rows += [("E01099999", "Fenland 001A", "E05009999", "Girton", "E07000010", "Fenland", 9), *more]
    with (folder / f"lsoa{year}.csv").open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([[name.format(year) for name in LOOKUP_HEADINGS], *rows])


def people(folder, without=()):
    rows = [("E05009999", "Girton", "Fenland", 4_000)]
    rows += [(f"E0500{at:02d}", ward, AREA, 5_000 + 100 * at) for at, ward in enumerate(WARDS) if ward not in without]
    with (folder / "wards.csv").open("w", newline="", encoding="utf-8") as file:
        titles = [["Ward-level population estimates, mid-2024"], []]
        csv.writer(file).writerows([*titles, ["Ward 2024 Code", "Ward 2024 Name", "LAD 2024 Name", "Total"], *rows])
    return {ward: 5_000 + 100 * at for at, ward in enumerate(WARDS) if ward not in without}


def extract(folder, first="2022-04", count=51):
    """Four years and a quarter: every ward has its own level; some rows have no LSOA, or one that is not ours."""
    rows = []
    for month, (at, ward) in itertools.product(range(count), enumerate(WARDS)):
        when = pd.Period(first, "M") + month
        for code, base in (("28E", 3), ("8N", 5), ("56A", 0)):
            number = base + (at * 2 + month) % 4 + at if base else (month + at) % 2
            for each in range(number):
                lsoa = lsoas_of(ward)[each % 3]
                day = f"{when}-{1 + each % 28:02d}"
                rows.append((f"{month}/{at}/{code}/{each}", day, code, AREA, ward.upper() if each % 2 else ward, lsoa))
    last = str(pd.Period(first, "M") + count - 1)
    rows += [(f"none {n}", f"{last}-02", "28E", AREA, "", "") for n in range(4)]
    rows += [(f"odd {n}", f"{last}-03", "28E", AREA, "#N/A", "E01077777") for n in range(3)]
    rows += [("theirs", f"{last}-03", "28E", AREA, "Girton", "E01099999")]
    rows += [("other", f"{last}-03", "28E", "Fenland", "Girton", "E01099999")]
    with (folder / "extract.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADINGS, *rows])
    return pd.DataFrame(rows, columns=HEADINGS)


@pytest.fixture
def folder(tmp_path):
    lookup(tmp_path, 11, WARDS[:3])
    lookup(tmp_path, 21, WARDS[2:])
    people(tmp_path)
    return tmp_path


def put(folder, more, suppression=""):
    (folder / "partnership.toml").write_text(SETTINGS + more + suppression, encoding="utf-8")
    return settings_file.read(folder)


def refreshed(folder, more, suppression='[suppression]\nlocalities = "off"\n'):
    put(folder, more, suppression)
    return refreshing.refresh(folder, quarter=Q1, today=TODAY, progress=str)


def ward_of(frame):
    wards = {code: ward for ward in WARDS for code in lsoas_of(ward)}
    return frame.LSOA.map(wards).fillna("Ward not known")


def within(frame, period):
    return frame[frame.Recorded.between(str(period.first_day), str(period.last_day))]


def test_counts_changes_and_rates_by_ward_are_those_of_pandas(folder):
    frame = extract(folder)
    done = refreshed(folder, BY_LSOA)
    own = frame[frame.District == AREA].assign(Ward=ward_of)
    later, earlier = (within(own, period).Ward.value_counts() for period in (Q1, BEFORE))
    numbers = people(folder)
    found = {line.place: line for line in done.report.places.lines}
    assert list(found) == [*sorted(WARDS), "Ward not known"]
    for place, line in found.items():
        assert (line.later, line.earlier) == (later.get(place, 0), earlier.get(place, 0))
        assert line.change == line.later - line.earlier
    assert {place: line.rate for place, line in found.items() if place in numbers} == {
        ward: pytest.approx(1000 * later[ward] / number) for ward, number in numbers.items()
    }
    assert found["Ward not known"].rate == "[z]"
    assert sum(line.later for line in found.values()) == done.report.comparison.rows[0].later == len(within(own, Q1))


def test_rows_in_no_ward_are_in_the_ledger_by_name(folder):
    extract(folder)
    put(folder, BY_LSOA)
    data = gather(settings_file.read(folder), folder, today=TODAY, progress=str)
    (ledger,) = data.places.counts.origin.ledger
    assert [(line.reason, line.rows, len(line.first)) for line in ledger.left_out] == [
        ("no LSOA is given", 4, 3),
        ("their LSOA is in a ward of another area (E01099999)", 1, 1),
        ("their LSOA is not in lsoa11.csv, lsoa21.csv (E01077777)", 3, 3),
    ]
    done = refreshed(folder, BY_LSOA)
    assert any("no LSOA is given (row " in check.detail for check in done.report.checks if not check.holds)
    assert done.ledger[-1][0] == "Police recorded crime extract, by ward"


def test_a_column_of_beats_is_counted_as_it_is_written_in_any_capitals(folder):
    frame = extract(folder)
    more = 'called = "Beat"\nrows = ["Residential burglary of a home", "Arson"]\n'
    names = [row.name for row in put_classification(folder)]
    more = more.replace("Residential burglary of a home", next(n for n in names if "esidential burglary" in n))
    done = refreshed(folder, more)
    own = within(frame[frame.District == AREA], Q1)
    by_beat = own[own.Code == "28E"].Beat.str.title().str.strip().value_counts()
    lines = {line.place: line.later for line in done.report.places.lines if line.row.row_id != "arson"}
    assert {place: count for place, count in lines.items() if place != "Beat not known"} == {
        ward: by_beat[ward] for ward in sorted(WARDS)
    }
    assert lines["Beat not known"] == 7
    assert (done.report.places.title, done.report.places.has_rates) == ("Beats", False)


def put_classification(folder):
    put(folder, "")
    data = gather(settings_file.read(folder), folder, today=TODAY, progress=str)
    return data.counts["recorded_crime"].classification.rows


@pytest.mark.whole
def test_small_counts_are_hidden_in_the_master_and_in_the_copy_and_can_not_be_worked_out(folder):
    frame = extract(folder)
    done = refreshed(folder, BY_LSOA + 'rows = ["Arson"]\n', '[suppression]\nlocalities = "hide"\nunsafe_up_to = 2\n')
    own = within(frame[(frame.District == AREA) & (frame.Code == "56A")].assign(Ward=ward_of), Q1)
    true = own.Ward.value_counts()
    lines = {line.place: line for line in done.report.places.lines}
    small = {ward for ward, count in true.items() if count <= 2}
    hidden = {place for place, line in lines.items() if line.later == "[c]"}
    assert small
    assert small <= hidden
    assert len(hidden) >= 2
    for place in hidden:
        assert (lines[place].change, lines[place].verdict) == ("[c]", "[z]")
        assert lines[place].rate in {"[c]", "[z]"}
    published = publishing.publish(folder, today=TODAY, progress=str)
    book = openpyxl.load_workbook(published.copy)
    shown = {row[0]: row for row in book["Wards"].iter_rows(values_only=True) if row[0] in lines}
    assert {place for place, row in shown.items() if "[c]" in row[1:2]} == hidden
    assert [sheet.sheet for sheet in done.report.suppressed] == ["Wards"]


def test_a_master_without_places_has_no_such_worksheet(folder):
    extract(folder)
    text = SETTINGS.replace("[places]\n", "")
    (folder / "partnership.toml").write_text(text, encoding="utf-8")
    done = refreshing.refresh(folder, quarter=Q1, today=TODAY, progress=str)
    assert done.report.places is None


def test_wards_without_people_have_no_rate_and_are_named(folder):
    extract(folder)
    people(folder, without=["Foxton"])
    done = refreshed(folder, BY_LSOA)
    rates = {line.place: line.rate for line in done.report.places.lines}
    assert [place for place, rate in rates.items() if rate == "[x]"] == ["Foxton"]
    assert any("no population for Foxton: no rate is given" in check.detail for check in done.report.checks)


def test_look_ups_to_wards_of_different_years_are_refused(folder):
    extract(folder)
    text = (folder / "lsoa11.csv").read_text(encoding="utf-8-sig").replace("WD24NM", "WD19NM")
    (folder / "lsoa11.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueFoundError, match=r'The look-ups are to different places: lsoa11\.csv has "WD19NM"'):
        refreshed(folder, BY_LSOA)


def test_a_look_up_with_lsoas_of_both_years_is_read_for_both_and_blanks_of_every_kind_make_no_difference(folder):
    """One file with LSOA11CD and LSOA21CD, blank rows, and blanks that do not break around codes and names."""
    frame = extract(folder)
    nbsp = "\N{NO-BREAK SPACE}"
    before = refreshed(folder, BY_LSOA).report.places.lines
    rows = []
    for ward in WARDS:
        first, second, third = lsoas_of(ward)
        code = f"E0500{WARDS.index(ward):02d}{nbsp}"
        rows += [
            (first, f"{second}{nbsp}", code, f" {ward.replace(' ', nbsp)}", AREA),
            (first, third, code, ward, AREA),
        ]
    rows += [("", "", "E05000001", "Cambourne", AREA), ("", "", "E05000002", "Foxton", AREA), ("", "", "", "", "")]
    for old in folder.glob("lsoa*.csv"):
        old.unlink()
    with (folder / "lsoa.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("LSOA11CD", "LSOA21CD", "WD24CD", "WD24NM", "LAD24NM"), *rows])
    assert len(frame)
    assert refreshed(folder, BY_LSOA).report.places.lines == before


@pytest.mark.parametrize("number", ["-5", "0", "five", "1e3", "1234.5", "n/k"])
def test_people_of_a_ward_that_are_no_number_above_0_are_named(folder, number):
    extract(folder)
    text = (folder / "wards.csv").read_text(encoding="utf-8").replace("5200", number)
    assert number in text
    (folder / "wards.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueFoundError, match=r"(?s)population of \"Foxton\".*wards\.csv, row 7"):
        refreshed(folder, BY_LSOA)


def test_two_numbers_of_people_for_one_ward_are_refused(folder):
    extract(folder)
    with (folder / "wards.csv").open("a", encoding="utf-8") as file:
        file.write(f"E050002X,foxton,{AREA},6000\n")
    with pytest.raises(ValueFoundError, match=r'Two rows are for "Foxton"'):
        refreshed(folder, BY_LSOA.replace('lookups = ["lsoa*.csv"]\n', ""))


def test_an_lsoa_in_two_wards_is_refused(folder):
    extract(folder)
    twice = [(lsoas_of("Linton")[0], "", "E050003", "Girton", "E07000012", AREA, 1)]
    lookup(folder, 21, WARDS[2:], more=twice)
    with pytest.raises(ValueFoundError, match=rf"{twice[0][0]} is in two places"):
        refreshed(folder, BY_LSOA)


def test_look_ups_of_other_lsoas_are_refused(folder):
    extract(folder)
    for year in (11, 21):
        text = (folder / f"lsoa{year}.csv").read_text(encoding="utf-8-sig").replace("E0101", "E0202")
        (folder / f"lsoa{year}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CannotBeComputedError, match="There are no rows in any ward"):
        refreshed(folder, BY_LSOA)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('lookups = ["a.csv"]\n', "name it as lsoa in sources.recorded_crime.headings"),
        ("", "name it as locality in sources.recorded_crime.headings"),
    ],
)
def test_settings_name_the_heading_that_is_needed(folder, more, said):
    text = SETTINGS.replace('locality = "Beat"\nlsoa = "LSOA"\n', "")
    (folder / "partnership.toml").write_text(text + more, encoding="utf-8")
    with pytest.raises(ValueFoundError, match=said):
        settings_file.read(folder)


@pytest.mark.whole
def test_real_rows_by_lsoa_are_those_of_pandas(tmp_path, shared_data):
    street = shared_data / "police_uk" / "cambridgeshire"
    frame = pd.concat(pd.read_csv(path, dtype=str) for path in sorted(street.glob("*.csv")))
    frame = frame[frame["LSOA name"].str.rsplit(" ", n=1).str[0] == AREA]
    codes = sorted(frame["LSOA code"].unique())
    ward = {code: f"Ward {at % 20 + 1}" for at, code in enumerate(codes)}
    left_out = codes[-1]
    rows = [(code, ward[code], AREA) for code in codes[:-1]]
    with (tmp_path / "lookup.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("LSOA21CD", "WD24NM", "LAD24NM"), *rows])
    text = f"""
[partnership]
name = "A partnership"
area = "{AREA}"
[sources.police_uk]
path = "{street}"
[suppression]
localities = "off"
[places]
lookups = ["lookup.csv"]
rows = ["burglary", "anti-social-behaviour"]
"""
    (tmp_path / "partnership.toml").write_text(text, encoding="utf-8")
    done = refreshing.refresh(tmp_path, quarter=quarter(2025, 1), today=TODAY, progress=str)
    once = frame[frame["Crime ID"].isna() | ~frame.duplicated()]
    once = once.assign(Ward=once["LSOA code"].map(ward).where(once["LSOA code"] != left_out, "Ward not known"))
    expected = defaultdict(int)
    kinds = {"Burglary": "burglary", "Anti-social behaviour": "anti-social-behaviour"}
    for period, which in ((quarter(2025, 1), "later"), (quarter(2024, 1), "earlier")):
        months = {f"{month.year}-{month.month:02d}" for month in period.months}
        inside = once[once.Month.isin(months)]
        for (place, kind), count in inside.groupby(["Ward", "Crime type"]).size().items():
            if kind in kinds:
                expected[place, kinds[kind], which] = count
    found = {
        (line.place, line.row.row_id, which): getattr(line, which)
        for line in done.report.places.lines
        for which in ("later", "earlier")
    }
    assert {key: count for key, count in found.items() if count} == dict(expected)
    assert len({place for place, _, _ in found}) == 21


def test_query_prints_the_table_as_the_report_does(folder):
    extract(folder)
    done = refreshed(folder, BY_LSOA)
    asked = CliRunner().invoke(app, ["query", str(folder), "places", "--quarter", "2026-27-Q1", "--json"])
    assert asked.exit_code == 0
    printed = json.loads(asked.stdout)
    assert [(line["place"], line["later"], line["rate_per_1000_people"]) for line in printed["lines"]] == [
        (line.place, line.later, line.rate) for line in done.report.places.lines
    ]
    as_text = CliRunner().invoke(app, ["query", str(folder), "places", "--quarter", "2026-27-Q1"])
    assert "Ward not known" in as_text.stdout


def test_a_row_of_the_partnerships_own_is_the_sum_of_its_parts_in_every_ward(folder):
    frame = extract(folder)
    own = '[[composites]]\nid = "watched"\nname = "Watched offences"\nrows = ["Burglary", "Arson"]\n'
    done = refreshed(folder, BY_LSOA + 'rows = ["Watched offences"]\n', own + '[suppression]\nlocalities = "off"\n')
    ours = within(frame[(frame.District == AREA) & frame.Code.isin(["28E", "56A"])].assign(Ward=ward_of), Q1)
    expected = ours.Ward.value_counts()
    assert {line.place: line.later for line in done.report.places.lines} == {
        place: expected.get(place, 0) for place in (*sorted(WARDS), "Ward not known")
    }
