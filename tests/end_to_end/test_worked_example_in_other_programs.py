"""The workbooks in other programs: the Open XML SDK validator, LibreOffice, openpyxl and Calamine find the same.

Three folders: the worked example, one that data.police.uk's own files fill, and one of odd texts and twelve priorities.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import shutil
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from python_calamine import CalamineWorkbook

from cdrp_xl.sheets import measured
from cdrp_xl.sheets.pages import LINE_PIXELS

CASE = Path(__file__).parents[1] / "cases" / "cadet_2011_q1.csv"
with CASE.open(encoding="utf-8", newline="") as case_file:
    PRINTED = list(csv.DictReader(case_file))

HEADINGS = ["Offence group", "Apr-10 to Jun-10", "Apr-11 to Jun-11", "Numeric change", "Apparent change"]
EXCEL_DAY_0 = dt.datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's days have no zone
TYPED_INTO = "odd master, typed into by openpyxl"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

NAME = '=1+1 "Fen & <Forest>" \U0001f693 \u0639\u0646\u0641'
TITLES = [
    "Summary",
    "notes",
    "History",
    "Violence against the person in the villages by day",
    "Violence against the person in the villages by night",
    "[Theft]: a/b\\\\c *all*?",
    "'Quoted'",
    "Burglary of farms and parishes' barns",
    "=Summary!$A$1",
    "\U0001f693" * 30,
    "\u0639\u0646\u0641 \u0623\u0633\u0631\u064a",
    "[]:*?/",
]
COMMENTARY = (
    "=SUM(A:A)\n+x to y\n-z\n@SUM(A:A)\n\U0001f693 \u0639\u0646\u0641 " + "A long line goes on in the next row. " * 40
)


def priority(number, title):
    rows = ["burglary-dwelling", "homicides", "arson"][number % 3]
    given = ', quarters = [0, 1, 2, 3], source = "Typed"' if number % 4 == 0 else ""
    year = "2008-09" if number % 5 == 1 else "2009-10"
    rule = ['"exact test"', '"tolerance", tolerance_per_cent = 5', '"any fall"'][number % 3]
    return f"""
[[priorities]]
id = "p{number}"
title = "{title}"
objective = "@Objective {number}"
deadline = "{"2009-10" if number == 11 else "2011-12"}"
direction = "{"increase" if number % 2 else "reduce"}"
measure = {{ rows = ["{rows}"] }}
baseline = {{ year = "{year}"{given} }}
rag = {{ rule = {rule} }}
"""


@pytest.fixture(scope="session")
def odd(demo, tmp_path_factory, cdrp_xl):
    """The worked example's extracts under odd names, with twelve priorities and an analyst's odd words."""
    folder = Path(shutil.copytree(demo.folder, tmp_path_factory.mktemp("odd") / "csp"))
    shutil.rmtree(folder / "published")
    file = folder / "partnership.toml"
    text = file.read_text(encoding="utf-8").partition("[[priorities]]")[0]
    quoted = NAME.replace('"', '\\"')
    text = text.replace('name = "South Cambridgeshire Community Safety Partnership"', f'name = "{quoted}"')
    text = text.replace("as_at = 2011-07-11", "").replace("next_release = 2011-10-10", "")
    text += "".join(priority(number, title) for number, title in enumerate(TITLES))
    file.write_text(text, encoding="utf-8")
    assert cdrp_xl("refresh", folder).returncode == 0
    as_written = Path(shutil.copy(folder / "master.xlsm", folder / "as written.xlsm"))
    book = openpyxl.load_workbook(folder / "master.xlsm")
    (corner, last) = book["Inputs"].tables["tblCommentary"].ref.split(":")
    cells = {row[0].value: row[2] for row in book["Inputs"][f"{corner}:{last}"]}
    for section in ("summary", "p0", "p9", "highlights"):
        cells[section].value, cells[section].data_type = COMMENTARY, "s"
    book.save(folder / "master.xlsm")
    for command in ("refresh", "publish"):
        run = cdrp_xl(command, folder)
        assert (run.returncode, run.stderr) == (0, "")
    (copy,) = (folder / "published").glob("*.xlsx")
    return as_written, folder / "master.xlsm", copy


@pytest.fixture(scope="session")
def workbooks(demo, odd, request):
    """Every workbook that is written, by what it is."""
    found = {"demo master": demo.master, "demo copy": demo.copy, "odd master": odd[0], "odd copy": odd[2]}
    found |= {TYPED_INTO: odd[1]}
    if (Path(__file__).parents[3] / "shared" / "data").is_dir():
        street = request.getfixturevalue("street_level")
        found |= {"street-level master": street.master, "street-level copy": street.copy}
    return found


@pytest.fixture(scope="session")
def in_libreoffice(workbooks, libreoffice):
    """What LibreOffice shows and holds, by workbook."""
    found = libreoffice.cells(*workbooks.values())
    return {name: found[path] for name, path in workbooks.items()}


def shown_table(sheet, heading):
    """The rows of a table as shown, from the one that begins with a heading to the next blank one."""
    at = next(number for number, row in enumerate(sheet) if row[0] == heading)
    rows = [row[: len([cell for cell in sheet[at] if cell])] for row in sheet[at:]]
    blank = next((number for number, row in enumerate(rows) if not any(row)), len(rows))
    return rows[:blank]


def published_cadet(libreoffice, copy):
    shown = libreoffice.cells(copy)[copy]["CADET highlights"]["shown"]
    return shown_table(shown, "Offence group")


def as_printed(line):
    counts = [f"{int(line[name]):,}" for name in ("earlier", "later", "numeric_change")]
    return [line["row"], *counts, line["apparent_change"]]


@pytest.mark.parametrize("source", ["recorded_crime", "cadet"])
def test_all_45_rows_are_shown_as_printed_in_2011_whether_counted_or_read(source, example, cdrp_xl, libreoffice):
    settings = example / "partnership.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[report]", f'[report]\ntable_source = "{source}"'), encoding="utf-8")
    for command in ("refresh", "publish"):
        run = cdrp_xl(command, example)
        assert (run.returncode, run.stderr) == (0, "")
    copy = example / "published" / "South-Cambridgeshire-2011-12-Q1.xlsx"
    rows = published_cadet(libreoffice, copy)
    assert rows == [HEADINGS, *map(as_printed, PRINTED)]
    sheet = openpyxl.load_workbook(copy)["CADET highlights"]
    held = [[cell.value for cell in row[:4]] for row in sheet.iter_rows() if isinstance(row[1].value, int)]
    assert held == [
        [line["row"], *(int(line[name]) for name in ("earlier", "later", "numeric_change"))] for line in PRINTED
    ]
    checks = openpyxl.load_workbook(example / "master.xlsm")["Checks"]
    results = {row[0].value: row[1].value for row in checks.iter_rows()}
    (agree,) = [name for name in results if name and name.endswith(" agree")]
    assert (results[agree], results["Rows add up"]) == ("Holds", "Holds")


@pytest.mark.parametrize(
    ("row", "earlier", "later"),
    [
        ("Burglary", 173, 126),
        ("Robbery", 8, 16),
        ("Theft from the person", 11, 9),
        ("Anti-social behaviour", 436, 524),
    ],
)
def test_street_level_files_give_the_counts_of_april_to_june_2025(street_level, row, earlier, later):
    sheet = openpyxl.load_workbook(street_level.copy)["Crime by offence group"]
    rows = {cells[0]: cells[1:3] for cells in sheet.iter_rows(values_only=True)}
    assert rows["Offence group"] == ("Apr-24 to Jun-24", "Apr-25 to Jun-25")
    assert rows[row] == (earlier, later)


def test_the_check_finds_nothing_in_a_copy_of_street_level_files(street_level, cdrp_xl):
    assert cdrp_xl("check", street_level.copy).stdout == f"{street_level.copy.name}: nothing was found.\n"


def test_the_open_xml_sdk_finds_no_fault_in_any_workbook(workbooks, ooxml_validate):
    # What openpyxl wrote into the master's styles is not ours, stays, and is at fault.
    ooxml_validate(*(path for name, path in workbooks.items() if name != TYPED_INTO))


def test_libreoffice_openpyxl_and_calamine_read_the_same_values_in_every_cell(workbooks, in_libreoffice):
    for name, path in workbooks.items():
        by_openpyxl = openpyxl.load_workbook(path)
        by_calamine = CalamineWorkbook.from_path(path)
        assert list(in_libreoffice[name]) == by_openpyxl.sheetnames == by_calamine.sheet_names
        for sheet in by_openpyxl.sheetnames:
            cells = {
                (row - 1, column - 1): plain(cell.value)
                for (row, column), cell in by_openpyxl[sheet]._cells.items()
                if cell.value is not None
            }
            assert cells
            shown = filled(in_libreoffice[name][sheet]["values"])
            assert shown == (in_libreoffices_words(cells) if sheet == "Farm crime pivots" else cells), (name, sheet)
            assert filled(by_calamine.get_sheet_by_name(sheet).to_python(skip_empty_area=False)) == cells, (name, sheet)


def in_libreoffices_words(cells):
    """The cells of pivot tables as LibreOffice shows what it has counted itself: a nought is left blank."""
    words = {"(All)": "- all -", "Grand Total": "Total Result"}
    words |= {f"{year} Total": f"{year} Result" for year in ("2009-10", "2010-11", "2011-12")}
    return {at: words.get(value, value) for at, value in cells.items() if value != 0}


def filled(rows):
    return {
        (i, j): plain(value) for i, row in enumerate(rows) for j, value in enumerate(row) if value not in {"", None}
    }


def plain(value):
    """A value as all three hold it: days as numbers, and numbers to 12 digits."""
    if isinstance(value, dt.datetime):
        value = (value - EXCEL_DAY_0).days
    elif isinstance(value, dt.date):
        value = (dt.datetime.combine(value, dt.time()) - EXCEL_DAY_0).days
    return float(f"{value:.12g}") if isinstance(value, int | float) else value


def test_libreoffice_shows_no_error_in_any_cell(in_libreoffice):
    for name, sheets in in_libreoffice.items():
        for sheet, cells in sheets.items():
            for row in cells["shown"]:
                assert not [cell for cell in row if re.match(r"#|Err:", cell)], (name, sheet)


def test_odd_texts_stay_text_in_libreoffice(in_libreoffice):
    sheets = in_libreoffice["odd copy"]
    assert sheets["Cover"]["values"][0][0] == f"{NAME}: Performance report"
    summary = [row[0] for row in sheets["Summary 2" if "Summary 2" not in sheets else "Summary"]["values"]]
    at = summary.index("Commentary")
    assert summary[at + 1 : at + 5] == ["=SUM(A:A)", "+x to y", "-z", "@SUM(A:A)"]
    assert summary[at + 5].startswith("\U0001f693 \u0639\u0646\u0641 A long line")
    assert all(measured.width(str(line)) <= LINE_PIXELS for line in summary[at:])


def test_odd_titles_become_names_that_every_program_takes(workbooks):
    names = openpyxl.load_workbook(workbooks["odd copy"]).sheetnames
    further = re.compile(r" by month( \d+)?$| group( \d+)?$| funnel( \d+)?$")
    assert [name for name in names if not further.search(name)][3:15] == [
        "Summary 2",
        "notes 2",
        "History 2",
        "Violence against the person in",
        "Violence against the person i 2",
        "Theft a b c all",
        "Quoted",
        "Burglary of farms and parishes",
        "=Summary!$A$1",
        "\U0001f693" * 15,
        "\u0639\u0646\u0641 \u0623\u0633\u0631\u064a",
        "Priority",
    ]
    assert all(len(name.encode("utf-16-le")) <= 62 for name in names)


def test_every_link_leads_to_a_worksheet(workbooks):
    for path in workbooks.values():
        book = openpyxl.load_workbook(path)
        links = [cell.hyperlink for row in book["Cover"].iter_rows() for cell in row if cell.hyperlink]
        targets = [re.fullmatch(r"'(.*)'!A1", link.location)[1].replace("''", "'") for link in links]
        others = {"Control", "Cover", "xlwings.conf"}
        assert targets == [name for name in book.sheetnames if name not in others]


def is_of_small_charts(table, heading):
    return table == "tblHeadlines" and re.fullmatch(r"\d+ months", heading)


def test_tables_have_names_of_their_own_and_headings_like_their_cells(workbooks):
    for name, path in workbooks.items():
        book = openpyxl.load_workbook(path)
        tables = [table.casefold() for sheet in book for table in sheet.tables]
        assert len(tables) == len(set(tables))
        assert tables
        for sheet in book:
            for table in sheet.tables.values():
                left, top, right, bottom = range_boundaries(table.ref)
                cells = [sheet.cell(top, column).value for column in range(left, right + 1)]
                assert [column.name for column in table.tableColumns] == cells
                inside = list(sheet.iter_rows(top + 1, bottom, left, right, values_only=True))
                small_charts = [at for at, heading in enumerate(cells) if is_of_small_charts(table.name, heading)]
                assert all(row[at] in {None, "[z]"} for row in inside for at in small_charts)
                if name.endswith("copy"):  # in the master the analyst types, and a table may wait for its first row
                    values = [value for row in inside for at, value in enumerate(row) if at not in small_charts]
                    assert all(value not in {None, ""} for value in values), (path, table.name)


def charts_in(path):
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name))
        drawings = [name for name in archive.namelist() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)]
        descriptions = [
            frame.get("descr")
            for name in drawings
            for frame in ET.fromstring(archive.read(name)).iter()
            if frame.tag.endswith("}cNvPr") and frame.get("name", "").startswith("Chart")
        ]
        return [ET.fromstring(archive.read(name)) for name in names], descriptions


def cells_at(book, reference):
    sheet, cells = reference.rpartition("!")[::2]
    sheet = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
    left, top, right, bottom = range_boundaries(cells.replace("$", ""))
    return [value for row in book[sheet].iter_rows(top, bottom, left, right, values_only=True) for value in row]


def test_every_charts_kept_points_are_the_cells_that_it_draws(workbooks):
    drawn = {}
    for name, path in workbooks.items():
        book = openpyxl.load_workbook(path)
        charts, _ = charts_in(path)
        drawn[name] = len(charts)
        for chart in charts:
            references = [each for each in chart.iter() if each.tag in {f"{CHART}strRef", f"{CHART}numRef"}]
            assert references
            for reference in references:
                cells = cells_at(book, reference.find(f"{CHART}f").text)
                count = reference.find(f".//{CHART}ptCount")
                points = {int(point.get("idx")): point.find(f"{CHART}v").text for point in reference.iter(f"{CHART}pt")}
                assert int(count.get("val")) == len(cells)
                if reference.tag == f"{CHART}numRef":  # a symbol is not a point
                    points = {at: float(text) for at, text in points.items()}
                    cells = [None if isinstance(value, str) else value for value in cells]
                    kept = {at: value for at, value in enumerate(cells) if value is not None}
                    wanted = pytest.approx(kept, rel=1e-14)  # a cell keeps 16 digits
                else:
                    wanted = {at: str(value) for at, value in enumerate(cells)}
                assert points == wanted, (name, reference.find(f"{CHART}f").text)
    assert drawn["demo master"] - 1 == drawn["demo copy"] == 17  # partners have no worksheet Calibration
    assert drawn["odd master"] - 1 == drawn["odd copy"] > 8


def test_every_chart_has_a_title_text_that_stands_for_it_and_a_name_for_an_axis_of_numbers(workbooks):
    by_quarter = []
    for name, path in workbooks.items():
        charts, descriptions = charts_in(path)
        assert len(charts) == len(descriptions)
        assert all(text and "table" in text for text in descriptions), name
        for chart in charts:
            titles = titles_of(chart)
            # What categories are, and what the figures count, the title or the text above says.
            assert len(titles) == (2 if chart.find(f".//{CHART}scatterChart") is not None else 1), titles
            assert all(titles)
        by_quarter += [
            first for first, *_ in map(titles_of, charts) if first.casefold().endswith("offences by quarter")
        ]
    assert by_quarter


def titles_of(chart):
    return ["".join(text.text for text in title.iter(f"{DRAWING}t")) for title in chart.iter(f"{CHART}title")]


def test_the_series_of_a_chart_differ_in_colour_and_in_shape(workbooks):
    charts, _ = charts_in(workbooks["demo copy"])
    by_quarter = [chart for chart in charts if titles_of(chart)[0].endswith("Offences by quarter")]
    assert len(by_quarter) == 3
    for chart in by_quarter:
        colours = [
            series.find(f"{CHART}spPr").find(f".//{DRAWING}srgbClr").get("val") for series in chart.iter(f"{CHART}ser")
        ]
        assert colours == ["12436D", "F46A25"]
        assert len(list(chart.iter(f"{CHART}barChart"))) == len(list(chart.iter(f"{CHART}lineChart"))) == 1


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"},
        {"TZ": "America/Anchorage", "PYTHONHASHSEED": "2", "LC_ALL": "C", "LANG": "de_DE.UTF-8"},
    ],
    ids=["east", "west"],
)
def test_the_same_inputs_give_the_same_bytes_in_another_process_zone_and_locale(demo, tmp_path, cdrp_xl, environment):
    run = cdrp_xl("demo", tmp_path / "demo", **environment)
    assert (run.returncode, run.stderr) == (0, "")
    assert (tmp_path / "demo" / "master.xlsm").read_bytes() == demo.master.read_bytes()
    assert (tmp_path / "demo" / "published" / demo.copy.name).read_bytes() == demo.copy.read_bytes()


def test_the_published_copy_prints_every_worksheet_with_the_marking_on_every_page(demo, to_pdf):
    content = to_pdf(demo.copy).read_bytes()
    assert content.startswith(b"%PDF")
    pages = len(re.findall(rb"/Type\s*/Page\b", content))
    assert 20 <= pages <= 30
