"""A saved master is refreshed without a spreadsheet program: it shows what a fresh build and a live refresh show."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import zipfile

import openpyxl
import pytest

from cdrp_xl import addin
from cdrp_xl.periods import Period
from cdrp_xl.workbooks import refreshing

TODAY = dt.date(2011, 7, 29)
EARLIER = Period.parse("2010-11 Q3")
WORDS = "=SUM(A1) is text\n+44, -1 and @ too"
OURS = re.compile(r"^(tbl|control_|cover_|summary_|priority_|cadet_|currency_|notes_|inputs_|checks_)")


def refresh(folder, quarter=None, *, today=TODAY, rewrites_master=False):
    return refreshing.refresh(
        folder, quarter=quarter, today=today, progress=str, rewrites_master=rewrites_master
    ).master


def parts_of(master):
    with zipfile.ZipFile(master) as file:
        return {name: file.read(name) for name in file.namelist()}


def charts_of(master):
    """Return what each chart of a workbook draws: its title, the cells that it names, and the points that it keeps."""
    texts = [part.decode() for name, part in parts_of(master).items() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    return sorted(
        re.findall(r"<a:t>[^<]*|<c:f>[^<]*|<c:v>[^<]*|<c:ptCount[^>]*", text.replace("&apos;", "'")) for text in texts
    )


def points_of(master):
    """Return the titles and points of charts, wherever their cells stand."""
    return sorted([item for item in chart if not item.startswith("<c:f>")] for chart in charts_of(master))


def written(sheets):
    """Return what worksheets show and hold without the blanks that a smaller table leaves."""
    return {name: {kind: written_rows(rows) for kind, rows in sheet.items()} for name, sheet in sheets.items()}


def written_rows(rows):
    filled = [max((at for at, cell in enumerate(row, 1) if cell != ""), default=0) for row in rows]
    return [row[:width] for row, width in zip(rows, filled, strict=True) if width]


def rounded(rows):
    """Return values as far as every program keeps them."""
    return [[float(f"{value:.12g}") if isinstance(value, float) else value for value in row] for row in rows]


def rows_under(heading, rows):
    return rows[[row[0] for row in rows].index(heading) + 1 :]


def folders(source, tmp_path, *names):
    return [shutil.copytree(source, tmp_path / name) for name in names]


def test_another_quarter_is_shown_alike_by_all_three_ways(app, libreoffice, demo, tmp_path, ooxml_validate):
    filled, anew, live = folders(demo.folder, tmp_path, "filled", "anew", "live")
    for folder in (filled, anew, live):
        settings = folder / "partnership.toml"
        settings.write_text(settings.read_text("utf-8").replace("2011-12 Q1", EARLIER.name), "utf-8")
    book = app.books.open(str(live / "master.xlsm"))
    addin.refresh(book, today=TODAY)
    book.save(str(live / "saved.xlsm"))
    book.close()
    masters = refresh(filled), refresh(anew, rewrites_master=True), live / "saved.xlsm"
    cells = libreoffice.cells(*masters)
    assert written(cells[masters[0]]) == written(cells[masters[1]])
    live, fresh = (
        {name: written_rows(rounded(sheet["values"])) for name, sheet in cells[each].items()}
        for each in masters[2:0:-1]
    )
    assert live == fresh
    kept = points_of(masters[0])  # a chart for which this quarter has no figures stays, and is empty
    assert [chart for chart in points_of(masters[1]) if chart not in kept] == []
    ooxml_validate(masters[0])


def test_a_folder_of_police_uk_files_is_shown_as_a_fresh_build_shows_it(libreoffice, street_level, tmp_path):
    filled, anew = folders(street_level.folder, tmp_path, "filled", "anew")
    today = dt.date(2026, 1, 5)
    for quarter in ("2024-25 Q4", "2025-26 Q2"):
        masters = [
            refresh(filled, Period.parse(quarter), today=today),
            refresh(anew, Period.parse(quarter), today=today, rewrites_master=True),
        ]
        cells = libreoffice.cells(*masters)
        assert written(cells[masters[0]]) == written(cells[masters[1]])


@pytest.fixture
def edited(app, example):
    """Return the example's folder after an analyst worked in its master with LibreOffice, and saved it there."""
    path = example / "master.xlsm"
    book = app.books.open(str(path))
    inputs, symbols = (table_in(book, name) for name in ("tblCommentary", "tblSymbols"))
    inputs.data_body_range[0, 2].value = f"'{WORDS}"
    symbols.sort(1, ascending=False)
    own, other = book.sheets.add("My sums", before=book.sheets[0]), book.sheets.add("Scratch")
    own["A1:B3"].value = [
        ["=SUM(Summary!D7:D8)", "mine"],
        ["=A1*2", "through another"],
        ['=LEN("Summary!D7")', "not reached"],
    ]
    other["A1:A2"].value = [[3], ["=A1+1"]]
    farm = book.sheets["Farm crime"]
    farm.name = "Farms & barns"
    farm.range("2:2").insert("down")
    farm["A2"].value = "A line of my own"
    farm["B1"].column_width = 33
    first = table_in(book, "tblTrend2").data_body_range[0, 1].get_address(row_absolute=False, column_absolute=False)
    other["B1"].value = f"='Farms & barns'!{first}"
    chart = own.charts.add(10, 200)
    chart.set_source_data(table_in(book, "tblTrend2").range.resize(column_size=2))
    book.sheets["Cover"]["D4"].value = "my note"
    book.save()
    book.close()
    return example


def table_in(book, name):
    return next(table for sheet in book.sheets for table in sheet.tables if table.name == name)


def test_what_the_analyst_did_in_libreoffice_stays_and_figures_change_under_it(
    edited, libreoffice, tmp_path, ooxml_validate
):
    (plain,) = folders(edited, tmp_path, "plain")
    before = parts_of(edited / "master.xlsm")
    master = refresh(edited, EARLIER)
    after = parts_of(master)
    # LibreOffice keeps the records that a pivot table counted; they are of the former quarter, and not kept.
    assert list(after) == [name for name in before if "pivotCacheRecords" not in name]
    ooxml_validate(master)
    fresh = refresh(plain, EARLIER, rewrites_master=True)
    cells = libreoffice.cells(master, fresh)
    shown, wanted = (cells[each] for each in (master, fresh))
    shown["Farm crime"] = shown.pop("Farms & barns")
    mine = {name: shown.pop(name)["values"] for name in ("My sums", "Scratch")}
    assert shown["Farm crime"]["values"].pop(1)[0] == "A line of my own"
    assert [row[3:4] for row in shown["Cover"]["values"]][3] == ["my note"]
    for name, sheet in wanted.items():
        found = [row[: len(sheet["values"][0])] for row in shown[name]["values"]]
        if name == "Notes":  # the analyst sorted the key to the symbols, and it stays as sorted
            key = next(i for i, row in enumerate(found, 1) if row[0] == "Symbol")
            assert found[key : key + 4] != sheet["values"][key : key + 4]
            found[key : key + 4] = sorted(found[key : key + 4], key=sheet["values"].index)
        if name == "Inputs":  # rows that the last quarter left without words stay where they are
            found = [row for row in found if not (row[3] == "2011-12 Q1" and row[2] == "")]
        assert written_rows(rounded(found)) == written_rows(rounded(sheet["values"])), name
    counts = [row[3] for row in rows_under("Priority", wanted["Summary"]["values"])[:2]]
    assert [row[:2] for row in mine["My sums"][:3]] == [
        [sum(counts), "mine"],
        [2 * sum(counts), "through another"],
        [10, "not reached"],
    ]
    assert mine["Scratch"] == [[3, rows_under("Quarter", wanted["Farm crime"]["values"])[0][1]], [4, ""]]


def test_parts_of_the_analyst_stay_byte_for_byte_and_no_former_result_stands_in_the_file(edited):
    before = parts_of(edited / "master.xlsm")
    after = parts_of(refresh(edited, EARLIER))
    sheets = [name for name in before if name.startswith("xl/worksheets/sheet")]
    scratch, sums = sorted(
        (name for name in sheets if b"<f " in before[name]), key=lambda name: b"LEN(" in before[name]
    )
    results = dict(re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f[^>]*>[^<]*</f>(<v>[^<]*</v>)?', after[sums].decode()))
    assert results == {"A1": "", "A2": "", "A3": "<v>10</v>"}
    results = dict(re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f[^>]*>[^<]*</f>(<v>[^<]*</v>)?', after[scratch].decode()))
    assert results == {"A2": "<v>4</v>", "B1": ""}
    assert b'fullCalcOnLoad="1"' in after["xl/workbook.xml"]
    stay = {name for name in before if before[name] == after.get(name)}
    assert {"xl/styles.xml", "xl/sharedStrings.xml", "xl/vbaProject.bin", "docProps/app.xml"} <= stay
    assert "xl/drawings/vmlDrawing1.vml" in stay


def test_a_chart_of_the_analyst_follows_the_table_that_it_draws(edited):
    charts = charts_of(refresh(edited, EARLIER))
    book = openpyxl.load_workbook(io.BytesIO((edited / "master.xlsm").read_bytes()))
    trend = book["Farms & barns"].tables["tblTrend2"]
    top, last = re.findall(r"\d+", trend.ref)
    drawn = [each for each in charts if sum("Farms &amp; barns" in item for item in each) > 0]
    assert len(drawn) == 2
    for chart in drawn:
        first = f"$A${int(top) + 1}:"
        ends = [item.rpartition("$")[2] for item in chart if item.startswith("<c:f>") and first in item]
        assert set(ends) == {last}
