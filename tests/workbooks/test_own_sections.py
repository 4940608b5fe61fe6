"""Sections of one's own: from a worksheet that the analyst added to the master, into every form, as values alone."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile

import openpyxl
import pytest
from desk import ROWS, SECTION, add_worksheet, with_section

from cdrp_xl.errors import RefusedByGateError, ValueFoundError
from cdrp_xl.workbooks import publishing, refreshing
from cdrp_xl.writers import data_files, html_file

pytestmark = pytest.mark.whole

TODAY = dt.date(2011, 7, 29)


def refresh(folder):
    return refreshing.refresh(folder, quarter=None, today=TODAY, progress=str)


def publish(folder):
    return publishing.publish(folder, today=TODAY, progress=str)


def write(folder, section, text):
    book = openpyxl.load_workbook(folder / "master.xlsm", keep_vba=True)
    sheet = book["Inputs"]
    row = next(row for row in sheet[sheet.tables["tblCommentary"].ref] if row[0].value == section)
    row[2].value = text
    book.save(folder / "master.xlsm")


def test_a_section_of_ones_own_is_published_as_values_in_every_form(example):
    add_worksheet(example)
    with_section(example)
    done = refresh(example)
    assert done.former is None
    master = openpyxl.load_workbook(example / "master.xlsm")
    assert (master["Licensing (mine)"]["B3"].value, master["Licensing (mine)"]["B3"].font.name) == (
        "Kind of premises",
        "Comic Sans MS",
    )
    assert "Licensed premises" not in master.sheetnames
    write(example, "licensing", "Public houses were looked at first.")
    published = publish(example)
    sheet = openpyxl.load_workbook(published.copy)["Licensed premises"]
    values = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert [row for row in values if len(row) > 1] == [list(row) for row in ROWS]
    texts = [row[0] for row in values if len(row) == 1]
    assert texts[:2] == ["Licensed premises", "OFFICIAL"]
    assert "Public houses were looked at first." in texts
    assert "not counted from the sources of this report. Source: Licensing team, reviews to June 2011." in texts[-1]
    share = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 0.75)
    assert share.number_format == "0.0%"
    assert len(sheet._charts) == 1
    with zipfile.ZipFile(published.copy) as archive:
        everything = b"".join(map(archive.read, archive.namelist()))
    assert b"Not for anyone" not in everything
    assert b"licensing_table" not in everything
    assert published.passed.findings == ()
    (row,) = (row for row in published.report.certified if row[0] == "Not counted here")
    assert 'The figures of "Licensed premises" are the analyst\'s own' in row[1]


def test_a_section_of_ones_own_is_in_the_page_and_in_the_data(example):
    add_worksheet(example)
    with_section(example)
    refresh(example)
    published = publish(example)
    properties = refreshing.properties(published.report, is_final=True)
    page = html_file.write(published.laid_out, properties).decode()
    assert "Licensed premises" in page
    assert '<data value="0.75">75.0%</data>' in page
    with zipfile.ZipFile(io.BytesIO(data_files.write(published.laid_out, properties))) as archive:
        package = json.loads(archive.read("datapackage.json"))
        (resource,) = (each for each in package["resources"] if each["title"] == "Licensed premises")
        rows = [*csv.reader(io.StringIO(archive.read(resource["path"]).decode()))]
    assert rows == [["Kind of premises", "Reviews", "Share"], ["Public houses", "12", "0.75"], ["Clubs", "4", "0.25"]]
    assert "were not counted from the sources" in resource["description"]


def test_personal_data_in_a_range_stop_the_copy(example):
    people = [(f"{name}, born 4 May 19{year}", 1, 0.1) for year, name in enumerate(("Ann Baker", "Tom Carter") * 6, 60)]
    add_worksheet(example, (ROWS[0], *people))
    with_section(example)
    refresh(example)
    before = sorted((example / "published").iterdir())
    with pytest.raises(RefusedByGateError, match="identify people"):
        publish(example)
    assert sorted((example / "published").iterdir()) == before


def test_a_range_that_the_master_has_not_is_named_when_it_is_published(example):
    with_section(example)
    refresh(example)
    with pytest.raises(ValueFoundError, match='The master has no range "licensing_table"'):
        publish(example)


def test_a_range_with_symbols_is_not_drawn_as_noughts(example):
    add_worksheet(example, (ROWS[0], ("Public houses", "[x]", 0.5), ("Clubs", 4, 0.25)))
    with_section(example)
    refresh(example)
    with pytest.raises(ValueFoundError, match="can't be drawn"):
        publish(example)


def test_a_section_with_neither_range_nor_words_is_not_published_and_one_with_words_is(example):
    with_section(example, '\n[[sections]]\nid = "next-steps"\ntitle = "Next steps"\n')
    refresh(example)
    assert "Next steps" not in openpyxl.load_workbook(publish(example).copy).sheetnames
    write(example, "next-steps", "The group meets again.")
    refresh(example)
    assert "Next steps" in openpyxl.load_workbook(publish(example).copy).sheetnames


def test_the_marking_of_a_section_of_ones_own_is_its_worksheets_and_the_wholes(example):
    add_worksheet(example)
    with_section(example, f'{SECTION}marking = "OFFICIAL-SENSITIVE"\n')
    refresh(example)
    report = publish(example).report
    assert report.marking.value == "OFFICIAL-SENSITIVE"
    sheets = {sheet.name: sheet.marking for sheet in publish(example).laid_out}
    assert (sheets["Licensed premises"], sheets["Summary"]) == ("OFFICIAL-SENSITIVE", "OFFICIAL")
