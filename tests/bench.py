"""How fast, beside the bare libraries: every figure is a ratio of two things timed in turn, within one run.

``make bench`` runs it. Absolute times say nothing on a shared machine; the median of each side is compared.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import io
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import openpyxl
import xlsxwriter
from lxml import etree
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table as ExcelTable

from cdrp_xl import offences, report, settings, sheets, worked_example
from cdrp_xl.periods import Period
from cdrp_xl.prose import commentary
from cdrp_xl.publication import inspect
from cdrp_xl.report import Inputs
from cdrp_xl.sheets import Audience, Chart, Sparkline, Table, Text
from cdrp_xl.sources import street_scan
from cdrp_xl.styles import STATUS_FILLS, Style
from cdrp_xl.terms import STATUS_ICONS
from cdrp_xl.workbooks import master
from cdrp_xl.workbooks.gathering import gather
from cdrp_xl.workbooks.refreshing import properties
from cdrp_xl.writers import html_file, saved_workbook, xlsx_file

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = dt.date(2026, 1, 1)
FILES = 120
FORCES_IN_50_MILLION = 10

PRELUDE = """
import sys, duckdb
from pathlib import Path
duckdb.execute("SET enable_progress_bar = false")
folder = Path(sys.argv[1])
"""
OURS_POLICE_UK = """
from cdrp_xl.sources.police_uk import PoliceUkSettings
from cdrp_xl.sources import police_uk
police_uk.read(PoliceUkSettings(path="."), folder=folder, areas=["District 7"])
"""
BARE_POLICE_UK = """
from cdrp_xl.sources.street_scan import HEADINGS
columns = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in HEADINGS) + "}"
rows = f"read_csv('{folder}/*.csv', auto_detect=false, header=true, delim=',', quote='\\"', columns={columns})"
area = \"\"\"left("LSOA name", length("LSOA name") - strpos(reverse("LSOA name"), ' '))\"\"\"
duckdb.execute(f'SELECT {area}, "Month", "Crime type", count(*) FROM {rows} GROUP BY ALL').fetchall()
"""
PANDAS_POLICE_UK = """
import pandas
columns = ["LSOA name", "Month", "Crime type"]
for path in folder.glob("*.csv"):
    pandas.read_csv(path, usecols=columns, dtype=str).groupby(columns).size()
"""
OURS_EXCEL = """
import datetime as dt
from cdrp_xl import settings
from cdrp_xl.sources import recorded_crime
own = settings.read(folder)
recorded_crime.read(own.sources.recorded_crime, folder=folder, area="South Cambridgeshire", today=dt.date(2026, 1, 1))
"""
BARE_EXCEL = """
import fastexcel
sheet = fastexcel.read_excel(folder / "data" / "extract.xlsx").load_sheet(0, dtypes="string")
day = 'CAST(try_strptime("Date Recorded", \\'%Y-%m-%d %H:%M:%S\\') AS DATE)'
duckdb.execute(f'SELECT "HO Code", year({day}), month({day}), count(*) FROM sheet GROUP BY ALL').fetchall()
"""
OURS_REFRESH = """
import datetime as dt
from cdrp_xl.workbooks.refreshing import refresh
refresh(folder, quarter=None, today=dt.date(2026, 1, 1), progress=lambda _: None)
"""
OURS_CHECK = """
import sys
from pathlib import Path
from cdrp_xl.publication import inspect
from cdrp_xl.prose import commentary
inspect(Path(sys.argv[1], "book.xlsx").read_bytes(), "book.xlsx")
"""
BARE_CHECK = """
import sys, zipfile
from lxml import etree
with zipfile.ZipFile(f"{sys.argv[1]}/book.xlsx") as archive:
    for name in archive.namelist():
        etree.fromstring(archive.read(name))
"""
OURS_CANARIES = """
import sys
from pathlib import Path
from cdrp_xl import settings
from cdrp_xl.publication import canaries
from cdrp_xl.sources import row_values
folder = Path(sys.argv[1])
extract = settings.read(folder).sources.recorded_crime
texts = canaries.texts_in((folder / "book.xlsx").read_bytes(), "book.xlsx")
found = row_values.with_ends(extract, folder=folder, runs=texts.runs(), letters=canaries.END).found
assert not canaries.found_in(texts, [canaries.Canary(each.value, each.heading, True) for each in found])
"""
BARE_CANARIES = """
import sys
from pathlib import Path
from cdrp_xl import settings
from cdrp_xl.sources import files
folder = Path(sys.argv[1])
wanted = ", ".join(f'"{heading}"' for heading in ("Reference", "Victim", "Premises", "Location", "Remarks"))
with files.opened(folder / "data" / "extract.csv", sheet="", headings={}) as rows:
    values = rows.fetch(f"SELECT {wanted} FROM ({rows.relation()})")
"""
OURS_HELP = """
import contextlib, io, sys
from cdrp_xl.__main__ import main
sys.argv = ["cdrp-xl", "--help"]
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()
"""
MEASURED = """
import os, subprocess, sys, time
begun = time.perf_counter()
process = subprocess.Popen([sys.executable, "-c", *sys.argv[1:]], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print([time.perf_counter() - begun, usage.ru_maxrss])
sys.exit(os.waitstatus_to_exitcode(status))
"""
BARE_REFRESH = "import duckdb, xlsxwriter"


def main() -> None:
    """Run every comparison, or those named, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", choices=[[], *COMPARISONS], help="which to run; all where none is named")
    parser.add_argument("--rows", type=int, default=5_000_000, help="rows of data.police.uk to generate")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cdrp-xl-bench-") as scratch:
        for name in chosen.only or COMPARISONS:
            COMPARISONS[name](Path(scratch), chosen.rows)


def ingest(scratch: Path, rows: int) -> None:
    """Compare counting data.police.uk files with DuckDB's bare typed scan and with pandas; then look at memory."""
    folder = scratch / "police_uk"
    _police_uk_files(folder, rows)
    ours, bare = in_turn(PRELUDE + OURS_POLICE_UK, PRELUDE + BARE_POLICE_UK, folder, runs=5)
    say(f"count {rows:,} data.police.uk rows, against DuckDB's bare typed scan", ours.seconds / bare.seconds, 1.2)
    again, pandas = in_turn(PRELUDE + OURS_POLICE_UK, PRELUDE + PANDAS_POLICE_UK, folder, runs=1)
    say("the same, against pandas reading the three columns", again.seconds / pandas.seconds, 0.9)
    say(f"the same, peak memory in MiB at {rows:,} rows", ours.mebibytes, 300)
    for force in range(1, FORCES_IN_50_MILLION):
        for file in sorted(folder.glob("*-force-0-street.csv")):
            os.link(file, file.with_name(file.name.replace("force-0", f"force-{force}")))
    tenfold = run(PRELUDE + OURS_POLICE_UK, folder)
    say(f"the same, peak memory in MiB at {rows * FORCES_IN_50_MILLION:,} rows", tenfold.mebibytes, 300)
    shutil.rmtree(folder)


def excel(scratch: Path, _rows: int) -> None:
    """Compare counting an Excel extract of 50,000 rows with fastexcel and DuckDB alone."""
    folder = scratch / "excel"
    _extract(folder, "xlsx")
    ours, bare = in_turn(PRELUDE + OURS_EXCEL, PRELUDE + BARE_EXCEL, folder, runs=7)
    say("count an .xlsx extract of 50,000 rows, against fastexcel and DuckDB alone", ours.seconds / bare.seconds, 1.25)


def refresh(scratch: Path, _rows: int) -> None:
    """Compare a whole refresh, as the button runs it, with importing the two libraries that it can't do without."""
    folder = scratch / "refresh"
    _extract(folder, "csv")
    ours, bare = in_turn(PRELUDE + OURS_REFRESH, BARE_REFRESH, folder, runs=15)
    say("refresh a 50,000-row extract, against importing duckdb and xlsxwriter", ours.seconds / bare.seconds, 4.73)


def write(scratch: Path, _rows: int) -> None:
    """Compare writing the published copy with the bare libraries writing the same cells."""
    folder = scratch / "write"
    folder.mkdir()
    worked_example.write(folder)
    own = settings.read(folder)
    data = gather(own, folder, today=TODAY, progress=lambda _: None)
    built = report.build(own, period=own.report.quarter, data=data, inputs=Inputs(), today=TODAY)
    laid_out = sheets.lay_out(built, Audience.PARTNERS)
    pages = [Page(sheet) for sheet in laid_out]
    contenders = {
        "ours": lambda: xlsx_file.write(laid_out, properties(built, is_final=True)),
        "page": lambda: html_file.write(laid_out, properties(built, is_final=True)),
        "bare": lambda: _bare_xlsxwriter(pages),
        "openpyxl": lambda: _bare_openpyxl(pages),
    }
    ours, page, bare, other = _medians(contenders)
    count = sum(len(page.cells) for page in pages)
    say(f"write the published copy ({count} cells), against bare XlsxWriter in memory", ours / bare, 1.25)
    say("write the same as a page (.html), against writing the copy", page / ours, 1)
    say("the same copy, against openpyxl writing the same cells, formats, tables and charts", ours / other, 0.5)


def fill(scratch: Path, _rows: int) -> None:
    """Compare filling the saved master with rewriting it: the same quarter again, then one that changes it all."""
    folder = scratch / "fill"
    folder.mkdir()
    worked_example.write(folder)
    own = settings.read(folder)
    data = gather(own, folder, today=TODAY, progress=lambda _: None)
    content = b""
    for name, goal in (("2011-12 Q1", 0.5), ("2010-11 Q4", 0.5)):
        built = report.build(own, period=Period.parse(name), data=data, inputs=Inputs(), today=TODAY)
        laid_out, said = (
            sheets.lay_out(built, Audience.ANALYST, checked=commentary.check(built)),
            properties(built, is_final=False),
        )
        content = content or master.content(laid_out, said)
        contenders = {
            "filled": functools.partial(saved_workbook.fill, content, laid_out, said, name="master.xlsm"),
            "anew": functools.partial(master.content, laid_out, said),
        }
        filled, anew = _medians(contenders)
        what = "the same quarter" if name == "2011-12 Q1" else "a quarter that changes every table"
        say(f"fill the saved master with {what}, against rewriting it", filled / anew, goal)


def _medians(contenders: dict[str, Callable[[], object]]) -> list[float]:
    """Return the median time of each, all timed in turn."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(25):
        for name, work in contenders.items():
            begun = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - begun)
    return [statistics.median(each) for each in times.values()]


def check(scratch: Path, _rows: int) -> None:
    """Compare a check with unzipping and parsing the same parts; then look at a workbook of 100 MB."""
    sys.path.insert(0, str(Path(__file__).parent / "publication"))
    from corpus_hostile import large

    folder = scratch / "check"
    content = _published(folder / "example")
    contenders = {"ours": lambda: inspect(content, "x.xlsx"), "bare": lambda: _parsed(content)}
    checked, parsed = _medians(contenders)
    say("check the published copy, again and again in one process, against parsing its parts", checked / parsed, 1.5)
    (folder / "book.xlsx").write_bytes(large(rows=40_000))
    ours, bare = in_turn(OURS_CHECK, BARE_CHECK, folder, runs=5)
    say("check 480,000 cells, against unzipping and parsing the same parts", ours.seconds / bare.seconds, 1.5)
    content = large(rows=95_000, sheets=6)
    (folder / "book.xlsx").write_bytes(content)
    big = run(OURS_CHECK, folder)
    say(f"check a workbook of {len(content) / 1e6:.0f} MB, in seconds", big.seconds, 60)
    say("the same, peak memory in MiB", big.mebibytes, 300)


def canaries(scratch: Path, _rows: int) -> None:
    """Compare looking for a million values of single rows in a published copy with reading them."""
    folder = scratch / "canaries"
    (folder / "data").mkdir(parents=True)
    (folder / "book.xlsx").write_bytes(_published(folder / "example"))
    chance = random.Random(1)  # noqa: S311  rows to time, nothing secret
    with (folder / "data" / "extract.csv").open("w", encoding="utf-8") as rows:
        rows.write("Reference,Date Recorded,HO Code,District,Victim,Premises,Location,Remarks\n")
        for number in range(200_000):
            street = f"{chance.randrange(200)} {chance.choice(['High', 'Mill'])} {chance.choice(['Street', 'Road'])}"
            rows.write(
                f"35{number:07d}/11,01/04/2011,28A,South Cambridgeshire,V{number:08d},PR{number % 90_000:07d},"
                f"{street} {number % 999},stolen from garage {number}\n"
            )
    (folder / "partnership.toml").write_text(_CANARIES, encoding="utf-8")
    ours, bare = in_turn(OURS_CANARIES, BARE_CANARIES, folder, runs=5)
    say("look for 1,000,000 values of single rows, against reading them", ours.seconds / bare.seconds, 2.0)
    say("the same, peak memory in MiB", ours.mebibytes, 300)


def _published(folder: Path) -> bytes:
    """Return the partners' copy of the worked example."""
    folder.mkdir(parents=True)
    worked_example.write(folder)
    own = settings.read(folder)
    data = gather(own, folder, today=TODAY, progress=lambda _: None)
    built = report.build(own, period=own.report.quarter, data=data, inputs=Inputs(), today=TODAY)
    return xlsx_file.write(sheets.lay_out(built, Audience.PARTNERS), properties(built, is_final=True))


def _parsed(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            etree.fromstring(archive.read(name))


def start(scratch: Path, _rows: int) -> None:
    """Compare importing the package with starting Python, and the first help with importing what prints it."""
    ours, bare = in_turn("import cdrp_xl", "pass", scratch, runs=25)
    say("import cdrp_xl, against bare Python", ours.seconds / bare.seconds, 2.0)
    ours, bare = in_turn(OURS_HELP, "import typer, rich", scratch, runs=15)
    say("cdrp-xl --help, against importing typer and rich", ours.seconds / bare.seconds, 1.3)


COMPARISONS = {
    "ingest": ingest,
    "excel": excel,
    "write": write,
    "fill": fill,
    "refresh": refresh,
    "check": check,
    "canaries": canaries,
    "start": start,
}


class Run:
    """What one process took."""

    def __init__(self, seconds: float, mebibytes: float) -> None:
        self.seconds = seconds
        self.mebibytes = mebibytes


def in_turn(one: str, other: str, folder: Path, *, runs: int) -> tuple[Run, Run]:
    """Run two programs in turn, after one run of each that is not counted, and return the median of each."""
    taken: tuple[list[Run], list[Run]] = ([], [])
    for number in range(runs + 1):
        for program, results in zip((one, other), taken, strict=True):
            result = run(program, folder)
            if number or runs == 1:
                results.append(result)
    medians = [
        Run(statistics.median(each.seconds for each in results), max(each.mebibytes for each in results))
        for results in taken
    ]
    return medians[0], medians[1]


def run(program: str, folder: Path) -> Run:
    """Run a program by a small process of its own: what is begun by a large one counts that one's memory as its own."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", MEASURED, program, str(folder)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"A program of the comparison ended with {done.returncode}:\n{program}")
    seconds, kibibytes = json.loads(done.stdout)
    return Run(seconds, kibibytes / 1024)


def say(what: str, figure: float, goal: float) -> None:
    verdict = "" if figure <= goal else "  MISSED"
    sys.stdout.write(f"{figure:8.2f}  (goal: at most {goal:g}){verdict}  {what}\n")
    sys.stdout.flush()


def _police_uk_files(folder: Path, rows: int) -> None:
    """Write files as data.police.uk gives them: 300 districts, 14 categories, one file a month."""
    folder.mkdir()
    categories = json.dumps(list(offences.load("police-uk").descriptions.values())).replace('"', "'")
    headings = ", ".join(
        f'{value} AS "{name}"' for name, value in zip(street_scan.HEADINGS, _POLICE_UK_VALUES, strict=True)
    )
    for number in range(FILES):
        month = f"{2014 + number // 12}-{number % 12 + 1:02d}"
        select = headings.format(month=month, categories=categories)
        target = folder / f"{month}-force-0-street.csv"
        numbered = f"SELECT r, 1 + CAST(hash(r) % 14 AS INTEGER) AS t FROM range({rows // FILES}) x(r)"
        duckdb.execute(f"COPY (SELECT {select} FROM ({numbered})) TO '{target}' (HEADER)")


_POLICE_UK_VALUES = (
    "CASE WHEN t = 1 THEN NULL ELSE sha256(r::VARCHAR || '{month}') END",
    "'{month}'",
    "'Force'",
    "'Force'",
    "round(0.1 + (r % 1000) / 5000, 6)",
    "round(52.1 + (r % 777) / 3000, 6)",
    "'On or near Street ' || (r % 5000)",
    "'E0' || (1000000 + r % 30000)",
    "'District ' || ((r * 7919) % 300) || ' 00' || (r % 9) || 'A'",
    "({categories})[t]",
    "CASE WHEN t = 1 THEN NULL ELSE 'Investigation complete; no suspect identified' END",
    "NULL",
)


def _extract(folder: Path, kind: str) -> None:
    """Write a partnership's folder with an extract of 50,000 rows."""
    (folder / "data").mkdir(parents=True)
    chance = random.Random(1)  # noqa: S311  rows to time, nothing secret
    codes = list(offences.load("cadet-2011").descriptions)
    first = dt.date(2009, 4, 1)
    rows = [
        (
            f"R{number:06d}",
            first + dt.timedelta(days=int(chance.random() * 820)),
            codes[int(chance.random() * len(codes))],
            "South Cambridgeshire" if chance.random() < 0.7 else "Cambridge City",
            "Cambourne",
            "Residential" if number % 20 else "Agricultural",
            "House",
            "YN"[number % 2],
            f"V{number}",
            f"P{number}",
            "1 High Street",
            "note",
        )
        for number in range(50_000)
    ]
    headings = (
        "Reference",
        "Date Recorded",
        "HO Code",
        "District",
        "Parish",
        "Locus Type",
        "Locus Subtype",
        "Domestic",
        "Victim",
        "Premises",
        "Location",
        "Remarks",
    )
    (folder / "partnership.toml").write_text(_SETTINGS.format(kind=kind), encoding="utf-8")
    if kind == "csv":
        lines = [",".join(headings), *(",".join([row[0], f"{row[1]:%d/%m/%Y}", *row[2:]]) for row in rows)]
        (folder / "data" / "extract.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return
    book = xlsxwriter.Workbook(
        folder / "data" / "extract.xlsx", {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
    )
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, headings)
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, 0, row)
    book.close()


_CANARIES = """
[partnership]
name = "Bench"
area = "South Cambridgeshire"
[sources.recorded_crime]
files = ["data/extract.csv"]
[sources.recorded_crime.headings]
offence_reference = "Reference"
date_recorded = "Date Recorded"
offence = "HO Code"
area = "District"
victim = "Victim"
premises = "Premises"
"""
_SETTINGS = """
[partnership]
name = "Bench"
area = "South Cambridgeshire"
[report]
quarter = "2011-12 Q1"
[sources.recorded_crime]
files = ["data/extract.{kind}"]
[sources.recorded_crime.headings]
offence_reference = "Reference"
date_recorded = "Date Recorded"
offence = "HO Code"
area = "District"
locality = "Parish"
locus_type = "Locus Type"
locus_subtype = "Locus Subtype"
domestic = "Domestic"
[[priorities]]
id = "dwelling-burglary"
title = "Dwelling burglary"
objective = "Less"
deadline = "2011-12"
measure = {{ rows = ["burglary-dwelling"] }}
baseline = {{ year = "2009-10" }}
[[priorities]]
id = "farm-crime"
title = "Farm crime"
objective = "Less"
deadline = "2011-12"
measure = {{ locus_types = ["Agricultural"] }}
baseline = {{ year = "2009-10" }}
"""


class Page:
    """What a worksheet holds, as flat lists, so that the bare libraries need not think."""

    def __init__(self, sheet: sheets.Sheet) -> None:
        self.name = sheet.name
        self.widths = sheet.widths
        self.charts = [block for block in sheet.blocks if isinstance(block, Chart)]
        self.tables = sheet.tables
        self.sparklines = [block for block in sheet.blocks if isinstance(block, Sparkline)]
        texts = [block for block in sheet.blocks if isinstance(block, Text)]
        self.cells = [(text.row, text.column, text.value, text.style) for text in texts]
        for table in sheet.tables:
            self.cells += [
                (row, column, value, table.columns[column - table.column].style)
                for row, values in enumerate(table.rows, table.row + 1)
                for column, value in enumerate(values, table.column)
            ]

    def corners(self, table: Table) -> tuple[int, int, int, int]:
        """Return the first and last row and column of a table."""
        return table.row, table.column, table.row + len(table.rows), table.column + len(table.columns) - 1


def _bare_xlsxwriter(pages: list[Page]) -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    formats = {style: book.add_format(_looks(style)) for style in Style}
    fills = [book.add_format({"bg_color": fill}) for fill in STATUS_FILLS.values()]
    for page in pages:
        sheet = book.add_worksheet(page.name)
        for column, width in enumerate(page.widths):
            sheet.set_column(column, column, width)
        for row, column, value, style in page.cells:
            sheet.write(row, column, value, formats[style])
        for table in page.tables:
            headings = [{"header": column.heading, "header_format": formats[Style.HEADING]} for column in table.columns]
            sheet.add_table(*page.corners(table), {"name": table.name, "columns": headings, "style": None})
            for column in (column for column in table.columns if column.style is Style.STATUS):
                _bare_fills(sheet, fills, *page.corners(table), table.column_of(column.heading))
        for chart in page.charts:
            sheet.insert_chart(chart.row, chart.column, _bare_chart(book, page, chart))
        for line in page.sparklines:
            first, column, last = (
                line.table.row + 1,
                line.table.column_of(line.heading),
                line.table.row + len(line.table.rows),
            )
            cells = xlsxwriter.utility.xl_range_abs(first, column, last, column)
            sheet.add_sparkline(line.row, line.column, {"range": f"'{line.sheet}'!{cells}", "type": "column"})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_header("&COFFICIAL")
        sheet.set_footer("&L&A&RPage &P of &N")
        sheet.protect()
    book.close()


def _bare_fills(sheet: object, fills: list[object], *place: int) -> None:
    first, _, last, _, column = place
    for icon, fill in zip(STATUS_ICONS.values(), fills, strict=True):
        rule = {"type": "text", "criteria": "begins with", "value": icon, "format": fill}
        sheet.conditional_format(first + 1, column, last, column, rule)


def _bare_chart(book: xlsxwriter.Workbook, page: Page, chart: Chart) -> object:
    drawn = [book.add_chart({"type": kind}) for kind in ("column", "line")]
    for number, series in enumerate(chart.series):
        part, table = drawn[min(number, 1)], series.table or chart.table
        first, _, last, _ = page.corners(table)
        column = table.column_of(series.heading)
        part.add_series(
            {
                "name": [page.name, first, column],
                "categories": [page.name, first + 1, 0, last, 0],
                "values": [page.name, first + 1, column, last, column],
            }
        )
    drawn[0].combine(drawn[1])
    drawn[0].set_title({"name": chart.title})
    drawn[0].set_x_axis({"name": chart.across})
    return drawn[0]


def _bare_openpyxl(pages: list[Page]) -> None:
    book = openpyxl.Workbook()
    fonts = {style: Font(name="Arial", size=10, bold="bold" in _looks(style)) for style in Style}
    wrapped = Alignment(wrap_text=True, vertical="top")
    for page in pages:
        sheet = book.create_sheet(page.name)
        for row, column, value, style in page.cells:
            cell = sheet.cell(row + 1, column + 1, value)
            cell.font, cell.alignment = fonts[style], wrapped
            cell.number_format = _looks(style).get("num_format", "General")
        for table in page.tables:
            top, left, bottom, right = page.corners(table)
            for column, heading in enumerate(table.columns, left):
                sheet.cell(top + 1, column + 1, heading.heading).font = fonts[Style.HEADING]
            corners = f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right + 1)}{bottom + 1}"
            sheet.add_table(ExcelTable(displayName=table.name, ref=corners))
        for chart in page.charts:
            sheet.add_chart(_openpyxl_chart(sheet, page, chart), "G6")
    book.save(io.BytesIO())


def _openpyxl_chart(sheet: object, page: Page, chart: Chart) -> object:
    parts = [BarChart(), LineChart()]
    for number, series in enumerate(chart.series):
        part, table = parts[min(number, 1)], series.table or chart.table
        top, _, bottom, _ = page.corners(table)
        column = table.column_of(series.heading) + 1
        data = Reference(sheet, min_col=column, min_row=top + 1, max_row=bottom + 1)
        part.add_data(data, titles_from_data=True)
        part.set_categories(Reference(sheet, min_col=1, min_row=top + 2, max_row=bottom + 1))
    drawn = parts[0]
    drawn.title = chart.title
    drawn += parts[1]
    return drawn


def _looks(style: Style) -> dict[str, object]:
    return {**xlsx_file._BASE, **xlsx_file._FORMATS[style]}


if __name__ == "__main__":
    main()
