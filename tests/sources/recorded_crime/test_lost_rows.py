"""A tenth of the rows is lost in one of many ways: it is refused, or the rows are reported with their number."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import corpus_binary as binary
import duckdb
import pytest
import xlsxwriter

from cdrp_xl.errors import CdrpError
from cdrp_xl.periods import Period
from cdrp_xl.selected import PriorityOffences
from cdrp_xl.sources import recorded_crime
from cdrp_xl.sources.recorded_crime import RecordedCrimeHeadings, RecordedCrimeSettings
from cdrp_xl.sources.selection import Selection

if TYPE_CHECKING:
    from pathlib import Path

    from cdrp_xl.tables import Counts

AREA = "South Cambridgeshire"
TODAY = dt.date(2011, 7, 20)
QUARTER = Period.parse("2011-12 Q1")
USES = {
    "offence_reference": "Crime Reference",
    "date_recorded": "Date Recorded",
    "offence": "HO Code",
    "area": "District",
    "locality": "Parish",
    "locus_type": "Locus Type",
    "locus_subtype": "Locus Subtype",
    "domestic": "Domestic",
}
HEADINGS = tuple(USES.values())
ROWS = 300
TENTH = range(0, ROWS, 10)
LOST = len(TENTH)
FARM = PriorityOffences("farm")
SELECTIONS = (Selection(counted_as=FARM, locus_types=("Agricultural",), locus_subtypes=("Barn", "Farm")),)


def extract():
    """An extract of 91 days: every row is of the area, but each seventh."""
    codes = ("28A", "46", "45", "30A", "58C")
    loci = (("Agricultural", "Farm"), ("Agricultural", "Barn"), ("Dwelling", "House"), ("Retail", "Shop"))
    return [
        {
            "Crime Reference": f"CB/{number:05}",
            "Date Recorded": (dt.date(2011, 4, 1) + dt.timedelta(number % 91)).strftime("%d/%m/%Y"),
            "HO Code": codes[number % 5],
            "District": "Fenland" if number % 7 == 3 else AREA,
            "Parish": "Girton" if number % 2 else "Histon",
            "Locus Type": loci[number % 4][0],
            "Locus Subtype": loci[number % 4][1],
            "Domestic": "Y" if number % 3 == 0 else "N",
        }
        for number in range(ROWS)
    ]


@dataclass
class Files:
    """What is written into the folder: text files by name, and workbooks of worksheets of rows."""

    texts: dict[str, bytes] = field(default_factory=dict)
    books: dict[str, dict[str, Any]] = field(default_factory=dict)


def as_csv(rows, headings=HEADINGS, *, between=",", encoding="utf-8"):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=between)
    writer.writerow(headings)
    writer.writerows([row[heading] for heading in headings] for row in rows)
    return text.getvalue().encode(encoding)


def as_cells(rows, headings=HEADINGS):
    return [list(headings), *([row[heading] for heading in headings] for row in rows)]


def spoilt(heading, value, rows=TENTH):
    """The extract with a value in a column of a tenth of its rows."""
    found = extract()
    for number in rows:
        found[number][heading] = value(found[number][heading]) if callable(value) else value
    return found


def of_area(numbers=TENTH):
    """How many of some rows are of the area in the whole extract."""
    return sum(extract()[number]["District"] == AREA for number in numbers)


def put(folder: Path, found: Files) -> None:
    for name, content in found.texts.items():
        (folder / name).write_bytes(content)
    for name, sheets in found.books.items():
        with xlsxwriter.Workbook(folder / name) as book:
            for sheet, cells in sheets.items():
                _fill(book.add_worksheet(sheet), cells)


def _fill(page, cells):
    if page.name.startswith("Hidden"):
        page.hide()
    for row, line in enumerate(cells):
        if "hidden" in page.name and row - 1 in TENTH:
            page.set_row(row, options={"hidden": True})
        for column, value in enumerate(line):
            if value:
                page.write(row, column, value)


def read(folder: Path, *, names=("*.csv", "*.xlsx", "*.xlsb", "*.parquet"), **more) -> Counts:
    source = RecordedCrimeSettings(
        files=tuple(name for name in names if any(folder.glob(name))), headings=RecordedCrimeHeadings(**USES), **more
    )
    return recorded_crime.read(source, folder=folder, area=AREA, selections=SELECTIONS, today=TODAY)


def outcome(folder: Path, **more):
    """What became of an extract: "refused" with its words, or what was reported; every row must be accounted for."""
    try:
        counts = read(folder, **more)
    except CdrpError as refused:
        return None, str(refused)
    for file in counts.origin.ledger:
        assert file.read == file.counted + sum(line.rows for line in file.left_out)
    lines = [f"{line.rows} {line.reason}" for line in counts.origin.left_out_lines if not line.is_usual]
    return counts, "\n".join([*lines, *counts.origin.to_look_at, *counts.origin.remarks])


def whole(folder):
    put(folder, Files(texts={"a.csv": as_csv(extract())}))
    return read(folder)


def total(counts):
    return counts.offences(area=AREA, row_id="all-crime", period=QUARTER)


def test_the_whole_extract_is_counted(tmp_path):
    counts = whole(tmp_path)
    expected = Counter(row["District"] for row in extract())
    assert total(counts) == expected[AREA]
    assert (counts.origin.rows_read, dict(counts.origin.left_out)) == (ROWS, {"in other areas": expected["Fenland"]})
    assert counts.origin.to_look_at == ()


BLANKS = dict.fromkeys(HEADINGS, "")
AREAS = {
    "blank": "",
    "an error": "#N/A",
    "another error": "#REF!",
    "an uncalculated formula": "=VLOOKUP(F2,Wards!A:B,2,FALSE)",
    "nought for a look-up of nothing": "0",
    "a dash": "-",
    "the word for nothing": "NULL",
    "not known": "Not known",
    "misspelt": "South Cambridgshire",
    "with a full stop": "South Cambridgeshire.",
    "with words of any area": "South Cambridgeshire District",
    "shortened": "S Cambs",
}


@pytest.mark.whole
@pytest.mark.parametrize("way", AREAS)
def test_rows_whose_area_is_not_known_or_misspelt_are_reported_with_number_and_places(tmp_path, way):
    put(tmp_path, Files(texts={"a.csv": as_csv(spoilt("District", AREAS[way]))}))
    counts, reported = outcome(tmp_path)
    assert f"{LOST} " in reported
    assert total(counts) == total(whole(tmp_path)) - of_area()
    (line,) = [line for line in counts.origin.left_out_lines if not line.is_usual]
    assert line.first == ("row 2", "row 12", "row 22")


SAME_AREA = {
    "no-break space": "South\u00a0Cambridgeshire",
    "two spaces": "South  Cambridgeshire",
    "spaces around": "  South Cambridgeshire ",
    "wrong case": "SOUTH cambridgeshire",
    "a line break": "South\nCambridgeshire",
    "a tab": "South\tCambridgeshire",
    "a zero-width space": "\u200bSouth Cambridgeshire\ufeff",
    "an em space": "South\u2003Cambridgeshire",
    "its code": "E07000012",
}


@pytest.mark.whole
@pytest.mark.parametrize("way", SAME_AREA)
def test_white_space_and_capitals_lose_no_row(tmp_path, way):
    expected = total(whole(tmp_path))
    rows = [row for row in range(ROWS) if row % 10 == 0 and extract()[row]["District"] == AREA]
    put(tmp_path, Files(texts={"a.csv": as_csv(spoilt("District", SAME_AREA[way], rows))}))
    assert total(read(tmp_path)) == expected


FAULTS = {
    "no date": ("Date Recorded", "", "date that can be used"),
    "date in words": ("Date Recorded", "in April", "date that can be used"),
    "infinity": ("Date Recorded", "infinity", "date that can be used"),
    "day 0": ("Date Recorded", "1900-01-00", "date that can be used"),
    "epoch": ("Date Recorded", "1970-01-01", "date that can be used"),
    "month first": ("Date Recorded", "04/30/2011", "month first"),
    "far future": ("Date Recorded", "01/04/2111", "date that can be used"),
    "no offence": ("HO Code", "", "not a known offence"),
    "unknown offence": ("HO Code", "ZZ9", "not a known offence"),
    "error for an offence": ("HO Code", "#N/A", "not a known offence"),
    "no reference": ("Crime Reference", "", "have no offence reference"),
    "one reference": ("Crime Reference", "CB/00000", "The offence reference"),
    "a flag of another kind": ("Domestic", "maybe", "neither yes nor no"),
}


@pytest.mark.whole
@pytest.mark.parametrize("way", FAULTS)
def test_faults_in_rows_of_the_area_are_refused_with_their_number_and_the_first(tmp_path, way):
    heading, value, said = FAULTS[way]
    put(tmp_path, Files(texts={"a.csv": as_csv(spoilt(heading, value))}))
    counts, reported = outcome(tmp_path)
    assert counts is None
    assert said in reported
    assert f"{LOST if way == 'month first' else of_area()} rows" in reported
    assert "Where: a.csv, row 2" in reported


def test_a_locus_word_that_matches_nothing_is_refused_with_the_nearest(tmp_path):
    rows = extract()
    for row in rows:
        row["Locus Subtype"] = "BARN/OUTBUILDING" if row["Locus Subtype"] == "Barn" else row["Locus Subtype"]
    put(tmp_path, Files(texts={"a.csv": as_csv(rows)}))
    counts, reported = outcome(tmp_path)
    assert counts is None
    assert reported.startswith('No row has the locus subtype "Barn".\n')
    assert 'For "Barn", did you mean "BARN/OUTBUILDING"?' in reported


def test_all_words_that_match_nothing_are_named_at_once(tmp_path):
    put(tmp_path, Files(texts={"a.csv": as_csv(extract())}))
    asked = (
        Selection(counted_as=FARM, locus_types=("Agriculture",), locus_subtypes=("Barn", "Byre"), asked_at="[farm]"),
        Selection(counted_as=PriorityOffences("g"), localities=("Girtn",), asked_at="[g]"),
    )
    source = RecordedCrimeSettings(files=("a.csv",), headings=RecordedCrimeHeadings(**USES))
    with pytest.raises(CdrpError, match=r"^No row has") as refused:
        recorded_crime.read(source, folder=tmp_path, area=AREA, selections=asked, today=TODAY)
    assert str(refused.value) == (
        'No row has the locus type "Agriculture", the locus subtype "Byre", the locality "Girtn".\n'
        "Where: [farm]; [g]\n"
        'What to do: For "Agriculture", did you mean "Agricultural"? For "Byre", the extract has "Barn", "Farm", '
        '"House" and 1 more. For "Girtn", did you mean "Girton"? '
        "Write it as the extract does, or take it out of the settings."
    )


def test_words_that_a_quiet_quarter_may_lack_are_to_be_looked_at(tmp_path):
    put(tmp_path, Files(texts={"a.csv": as_csv(extract())}))
    more = {"not_counted": ("Incident",), "area_spellings": ("S Cambs",), "domestic_yes": ("DV",)}
    counts, _ = outcome(tmp_path, offence_codes={"DWELLING BURG": "28A"}, domestic_no=("Y", "N"), **more)
    assert counts.origin.to_look_at == (
        'No row has any of the flags for domestic abuse: "DV".',
        'No row has the area spelt "S Cambs", as area_spellings says.',
        'No row of the area has the offence "DWELLING BURG", "Incident", which offence_codes or not_counted names.',
    )


def halves():
    rows = extract()
    return [rows[number] for number in range(ROWS) if number not in TENTH], [rows[number] for number in TENTH]


@pytest.mark.whole
def test_every_worksheet_with_the_headings_is_read(tmp_path):
    expected = total(whole(tmp_path))
    (tmp_path / "a.csv").unlink()
    most, tenth = halves()
    cover = [["Extract of recorded crime"], [], ["Produced on 11 July 2011"]]
    sheets = {"Cover": cover, "Part 1": as_cells(most), "Part 2": as_cells(tenth, tuple(reversed(HEADINGS)))}
    put(tmp_path, Files(books={"a.xlsx": sheets}))
    counts = read(tmp_path)
    assert total(counts) == expected
    assert [(file.worksheet, file.read) for file in counts.origin.ledger] == [("Part 1", len(most)), ("Part 2", LOST)]
    assert 'a.xlsx: the worksheet "Cover" has none of the headings and was not read.' in counts.origin.remarks


SHEETS = {
    "without headings": (lambda rows: as_cells(rows)[1:] * 3, f"{3 * LOST - 1} rows and none of the headings"),
    "with a misspelt heading": (
        lambda rows: [[*HEADINGS[:2], "Code", *HEADINGS[3:]], *as_cells(rows)[1:]],
        'There is no heading "HO Code" (for the offence)',
    ),
}


@pytest.mark.parametrize("way", SHEETS)
def test_a_second_worksheet_that_can_not_be_read_is_named(tmp_path, way):
    most, tenth = halves()
    make, said = SHEETS[way]
    put(tmp_path, Files(books={"a.xlsx": {"Part 1": as_cells(most), "Part 2": make(tenth)}}))
    _, reported = outcome(tmp_path)
    assert said in reported
    assert '"Part 2"' in reported


@pytest.mark.whole
def test_a_hidden_worksheet_and_hidden_rows_are_read_and_said(tmp_path):
    expected = total(whole(tmp_path))
    (tmp_path / "a.csv").unlink()
    most, tenth = halves()
    put(tmp_path, Files(books={"a.xlsx": {"Part 1": as_cells(most), "Hidden": as_cells(tenth)}}))
    counts, reported = outcome(tmp_path)
    assert total(counts) == expected
    assert f'the worksheet "Hidden" is hidden; its {LOST} rows were read' in reported
    put(tmp_path, Files(books={"a.xlsx": {"Some hidden": as_cells(extract())}}))
    counts, reported = outcome(tmp_path)
    assert total(counts) == expected
    assert f'a.xlsx, worksheet "Some hidden": {LOST} rows are hidden' in reported


@pytest.mark.whole
@pytest.mark.parametrize("from_1904", [False, True])
def test_hidden_rows_and_days_from_1904_of_a_binary_workbook_are_known(tmp_path, from_1904):
    expected = total(whole(tmp_path))
    (tmp_path / "a.csv").unlink()
    day_0 = dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 30)
    headings, *rows = as_cells(extract())
    lines = [binary.row(1) + b"".join(binary.text_cell(column, words) for column, words in enumerate(headings, 1))]
    for number, (reference, day, *words) in enumerate(rows):
        date = dt.date(*map(int, reversed(day.split("/"))))
        cells = b"".join(binary.text_cell(column, word) for column, word in enumerate(words, 3))
        written = binary.text_cell(1, reference) + binary.number_cell(2, (date - day_0).days) + cells
        lines.append(binary.row(number + 2, hidden=number in TENTH) + written)
    sheet = binary.worksheet(*lines)
    (tmp_path / "a.xlsb").write_bytes(binary.binary_workbook(sheet=sheet, from_1904=from_1904))
    counts, reported = outcome(tmp_path)
    assert total(counts) == expected
    assert f'a.xlsb, worksheet "Offences": {LOST} rows are hidden' in reported


@pytest.mark.whole
def test_errors_and_formulas_without_a_value_in_a_workbook_are_no_area(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page = book.add_worksheet()
        for row, line in enumerate(as_cells(extract())):
            page.write_row(row, 0, line)
            if row - 1 in TENTH:
                value = ("#N/A", "#REF!", "", 0)[row // 10 % 4]
                page.write_formula(row, HEADINGS.index("District"), "=VLOOKUP(E2,Wards!A:B,2,FALSE)", None, value)
    counts, reported = outcome(tmp_path)
    assert reported.startswith(f"{LOST} the area is not known")
    (tmp_path / "a.xlsx").unlink()
    assert total(counts) == total(whole(tmp_path)) - of_area()


TITLES = [["Recorded crime, April to June 2011"], [], ["Force:", "Cambridgeshire"], []]
FEET = [["Total", "", "", f"{ROWS}"], [], ["Source: crime system"], ["End of report"]]


@pytest.mark.whole
def test_titles_above_and_totals_below_a_worksheet_are_no_rows(tmp_path):
    expected = total(whole(tmp_path))
    (tmp_path / "a.csv").unlink()
    put(tmp_path, Files(books={"a.xlsx": {"Data": [*TITLES, *as_cells(extract()), *FEET]}}))
    counts = read(tmp_path)
    assert total(counts) == expected
    (file,) = counts.origin.ledger
    left_out = {line.reason: (line.rows, line.first) for line in file.left_out}
    below = len(TITLES) + 1 + ROWS
    assert left_out["they are totals"] == (1, (f"row {below + 1}",))
    assert left_out["they have words in one cell and nothing else"] == (2, (f"row {below + 3}", f"row {below + 4}"))
    assert file.read == ROWS + 3


@pytest.mark.whole
def test_titles_above_the_headings_of_a_csv_file_are_no_rows(tmp_path):
    expected = total(whole(tmp_path))
    above = 'Recorded crime;"April, May\nand June"\n\nForce: Cambridgeshire\n'
    (tmp_path / "a.csv").write_bytes(above.encode() + as_csv(spoilt("Date Recorded", "soon", [4]), between=";"))
    _, reported = outcome(tmp_path)
    assert 'Where: a.csv, row 9, heading "Date Recorded"' in reported
    (tmp_path / "a.csv").write_bytes(above.encode() + as_csv(extract(), between=";"))
    assert total(read(tmp_path)) == expected


def test_totals_repeated_headings_and_blank_rows_within_a_csv_file_are_named(tmp_path):
    rows = extract()
    for number in (10, 20, 30):
        rows[number] = dict(BLANKS)
    rows[40] = {heading: heading for heading in HEADINGS}
    rows[50] = {**BLANKS, "District": f"{AREA} Total", "Domestic": "250"}
    rows[60] = {**BLANKS, "Crime Reference": "Grand total", "Date Recorded": "1,234"}
    put(tmp_path, Files(texts={"a.csv": as_csv(rows)}))
    counts, reported = outcome(tmp_path)
    assert counts.origin.rows_read == ROWS
    assert "3 nothing is under the headings that are read" in reported
    assert "1 the headings are repeated" in reported
    assert "2 they are totals" in reported


def test_a_row_that_is_cut_short_is_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(as_csv(extract()) + b"CB/99999,01/05/2011,28A\r\n")
    _, reported = outcome(tmp_path)
    assert reported.startswith("A row has 3 of the 8 values of the heading row.\n")


@pytest.mark.parametrize("name", ["a (1).csv", "b.csv"])
def test_the_same_file_twice_is_refused(tmp_path, name):
    put(tmp_path, Files(texts={"a.csv": as_csv(extract()), name: as_csv(extract())}))
    _, reported = outcome(tmp_path, references_repeat=True)
    assert "are the same file" in reported


def test_a_copy_with_other_rows_is_to_be_looked_at(tmp_path):
    most, tenth = halves()
    put(tmp_path, Files(texts={"a.csv": as_csv(most), "a (1).csv": as_csv(tenth)}))
    counts, reported = outcome(tmp_path)
    assert counts.origin.rows_read == ROWS
    assert "a (1).csv has the name of a copy of a.csv" in reported


def test_a_copy_with_most_of_the_same_rows_is_refused_by_its_references(tmp_path):
    most, _ = halves()
    put(tmp_path, Files(texts={"a.csv": as_csv(extract()), "a (1).csv": as_csv(most)}))
    _, reported = outcome(tmp_path)
    assert "more are on" in reported
    assert "a (1).csv has the name of a copy of a.csv" in reported


@pytest.mark.whole
@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_another_encoding_loses_no_row(tmp_path, encoding):
    rows = spoilt("Parish", "St John\u2019s \u2013 Caf\u00e9 Row")
    put(tmp_path, Files(texts={"a.csv": as_csv(rows)}))
    expected = total(read(tmp_path))
    put(tmp_path, Files(texts={"a.csv": as_csv(rows, encoding=encoding)}))
    counts = read(tmp_path)
    assert (total(counts), counts.origin.rows_read) == (expected, ROWS)


@pytest.mark.whole
@pytest.mark.parametrize("name", ["A.CSV", "extract [final].csv", "re\u0301sume\u0301.csv", "a (1).csv", "what?.csv"])
def test_a_files_name_loses_no_row(tmp_path, name):
    folder = tmp_path / "folder [final] *"
    folder.mkdir()
    put(folder, Files(texts={name: as_csv(extract())}))
    expected = total(read(folder, names=("*.csv", "*.CSV")))
    source = RecordedCrimeSettings(files=("*.csv",), headings=RecordedCrimeHeadings(**USES))
    counts = recorded_crime.read(source, folder=folder, area=AREA, today=TODAY)
    assert total(counts) == expected
    assert counts.origin.remarks == ()


def test_a_month_that_is_missing_is_not_nought(tmp_path):
    rows = [row for row in extract() if row["Date Recorded"][3:5] != "05"]
    put(tmp_path, Files(texts={"a.csv": as_csv(rows)}))
    with pytest.raises(CdrpError, match="May-11"):
        total(read(tmp_path))


@pytest.mark.whole
def test_a_parquet_file_with_zones_is_counted_by_the_british_day(tmp_path):
    expected = total(whole(tmp_path))
    (tmp_path / "a.csv").unlink()
    names = ", ".join(f'"{heading}"' for heading in HEADINGS)
    marks = ", ".join("?" for _ in HEADINGS)
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TABLE rows ({', '.join(f'{name} VARCHAR' for name in names.split(', '))})")
        connection.executemany(f"INSERT INTO rows VALUES ({marks})", [list(row.values()) for row in extract()])
        moment = "strptime(\"Date Recorded\", '%d/%m/%Y') - INTERVAL 1 HOUR"
        connection.execute(
            f"""COPY (SELECT * REPLACE (CAST({moment} AS TIMESTAMPTZ) AS "Date Recorded") FROM rows)
            TO '{tmp_path / "a.parquet"}'"""
        )
    assert total(read(tmp_path)) == expected


@pytest.mark.whole
def test_twenty_spoilings_together_are_all_accounted_for(tmp_path):
    """Read is counted and left out, exactly, with twenty kinds of spoilt rows planted in one extract."""
    rows = extract()
    planted = {
        **dict(enumerate(["", "#N/A", "#REF!", "=A1", "0", "NULL", "Not known", "-", "n/a", "(blank)"], 100)),
        **dict(enumerate(["South Cambridgshire", "South Cambridgeshire.", "S Cambs", "Soth Cambridgeshire"], 110)),
        **dict(enumerate(["South\u00a0Cambridgeshire", "SOUTH CAMBRIDGESHIRE"], 114)),
    }
    for number, area in planted.items():
        rows[number]["District"] = area
    rows[120] = dict(BLANKS)
    rows[121] = {heading: heading for heading in HEADINGS}
    rows[122] = {**BLANKS, "Crime Reference": "Total", "Domestic": "300"}
    rows[123] = {**BLANKS, "Crime Reference": "End of report"}
    put(tmp_path, Files(texts={"a.csv": as_csv(rows)}))
    counts, _ = outcome(tmp_path)
    left_out = {line.reason.split(",")[0].split(" (")[0]: line.rows for line in counts.origin.left_out_lines}
    assert left_out == {
        "in other areas": sum(row["District"] == "Fenland" for row in rows),
        "the area is not known": 10,
        'in "South Cambridgshire"': 1,
        'in "South Cambridgeshire."': 1,
        'in "S Cambs"': 1,
        'in "Soth Cambridgeshire"': 1,
        "nothing is under the headings that are read": 1,
        "the headings are repeated": 1,
        "they are totals": 1,
        "they have words in one cell and nothing else": 1,
    }
    assert counts.origin.rows_counted == ROWS - sum(left_out.values()) == total(counts)
