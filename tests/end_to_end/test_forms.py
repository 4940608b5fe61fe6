"""A copy in other forms: every figure and word is read back and is the workbook's, and what is hidden stays hidden."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import forms_read
import frictionless
import lxml.html
import pytest

from cdrp_xl import frames, settings
from cdrp_xl.terms import SYMBOLS
from cdrp_xl.workbooks import publishing, refreshing, ways_out
from cdrp_xl.workbooks.forms import FORMS

WRITTEN = [form for form in FORMS if form.is_checked]
HIDING = '[suppression]\nhighlights = "hide"\nfarm = "hide"\n[report]'


def in_forms(folder, today):
    done = publishing.publish(folder, today=today, progress=str)
    return done, ways_out.in_forms(done, WRITTEN, settings.read(folder), progress=str).files


@pytest.fixture(scope="module")
def hiding(demo, tmp_path_factory):
    """Return the worked example's folder, refreshed so that its copy hides small counts."""
    folder = Path(shutil.copytree(demo.folder, tmp_path_factory.mktemp("hiding") / "example"))
    file = folder / "partnership.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[report]", HIDING), encoding="utf-8")
    (folder / "counts" / "printed.json").unlink()
    refreshing.refresh(folder, quarter=None, today=dt.date(2011, 7, 29), progress=str)
    return folder


@pytest.fixture(scope="module", params=["worked example", "hiding", "police.uk alone"])
def made(request, tmp_path_factory):
    """Return the publish of one of three folders, and where its forms are."""
    source = {"worked example": "demo", "hiding": "hiding", "police.uk alone": "street_level"}[request.param]
    of = request.getfixturevalue(source)
    today = dt.date(2025, 8, 29) if source == "street_level" else dt.date(2011, 7, 29)
    copied = shutil.copytree(getattr(of, "folder", of), tmp_path_factory.mktemp("forms") / "csp")
    done, places = in_forms(Path(copied), today)
    return request.param, done, places


def test_every_figure_of_the_page_is_that_of_the_workbook(made):
    _, done, places = made
    of_copy = forms_read.of_copy(done.copy)
    of_copy.pop("tblContents")  # the page's contents are links, looked at below
    assert forms_read.differing(of_copy, forms_read.of_page(places["html"])) == []


def test_every_figure_of_the_data_is_that_of_the_workbook(made, tmp_path):
    _, done, places = made
    of_copy = forms_read.without_empty_columns(forms_read.of_copy(done.copy))
    of_copy.pop("tblContents")
    of_data = forms_read.of_data(places["data"], tmp_path)
    assert len(of_data) == len(of_copy)
    assert forms_read.differing(of_copy, dict(zip(of_copy, of_data.values(), strict=True))) == []


def test_the_data_is_a_valid_data_package_that_explains_its_symbols(made, tmp_path):
    _, _, places = made
    forms_read.of_data(places["data"], tmp_path)
    report = frictionless.Package(tmp_path / "datapackage.json").validate()
    assert (report.valid, report.stats["errors"]) == (True, 0)
    assert report.stats["tasks"] > 5
    described = json.loads((tmp_path / "datapackage.json").read_bytes())
    shown = {
        symbol: meaning for symbol, meaning in SYMBOLS.items() if f"{symbol}: {meaning}" in described["description"]
    }
    assert shown == SYMBOLS
    figures = [each for each in described["resources"] if {"integer", "number"} & types_of(each)]
    assert len(figures) > 2
    assert [each["name"] for each in figures if each["schema"]["missingValues"] != ["", *SYMBOLS]] == []
    words = {
        each["title"].partition(":")[0]: each["description"] for each in described["resources"] if each["description"]
    }
    of_page = forms_read.texts_of_page(places["html"])
    assert len(words) > 4
    assert {name: " ".join(text.split()) for name, text in words.items()} == {
        name: without_marking(of_page[name]) for name in words
    }


def types_of(resource):
    return {field["type"] for field in resource["schema"]["fields"]}


def without_marking(text):
    return text.replace(" OFFICIAL", "", 1)


def test_every_figure_of_the_published_frames_is_that_of_the_workbook(made):
    _, done, _ = made
    of_copy = forms_read.of_copy(done.copy)
    of_copy.pop("tblContents")
    tables = frames.published(done.copy.parents[1], today=done.report.date)
    tables.pop("tblCertificate", None)
    of_copy.pop("tblCertificate")  # which a copy alone has
    assert forms_read.differing(of_copy, forms_read.of_frames(tables)) == []


def test_every_word_beside_the_tables_is_in_the_page(made):
    _, done, places = made
    of_copy, of_page = forms_read.texts_of_copy(done.copy), forms_read.texts_of_page(places["html"])
    assert of_page.pop("Contents") == "Contents"  # over the links; in the workbook it is their heading
    assert of_copy == of_page
    assert len(of_copy) > 5


def test_the_contents_lead_to_every_other_worksheet(made):
    _, done, places = made
    page = lxml.html.parse(str(places["html"]))
    (rows,) = (rows for name, rows in forms_read.of_copy(done.copy).items() if name == "tblContents")
    links = page.findall(".//nav//a")
    assert [[link.text_content(), link.getnext().text_content()] for link in links] == rows[1:]
    ids = [link.get("href").removeprefix("#") for link in links]
    assert [each.get("id") for each in page.iter("section")] == ids


def test_a_figure_is_shown_in_the_page_as_in_a_cell(made, as_libreoffice_shows):
    _, done, places = made
    in_cells = forms_read.shown_in_copy(done.copy, as_libreoffice_shows(done.copy))
    in_page = forms_read.shown_in_page(places["html"])
    held = forms_read.of_copy(done.copy)
    shown = [
        (name, down, across, in_page[name][down][across], in_cells[name][down][across])
        for name, rows in held.items()
        for down, row in enumerate(rows)
        for across, value in enumerate(row)
        if name != "tblContents" and value is not None
    ]
    assert len(shown) > 300
    assert [each for each in shown if each[3].split() != each[4].split()] == []


def test_a_figure_is_shown_in_the_document_as_in_a_cell(made, as_libreoffice_shows):
    _, done, places = made
    shown = forms_read.shown_in_copy(done.copy, as_libreoffice_shows(done.copy))
    shown.pop("tblContents")  # the document's contents are links, looked at below
    in_document = forms_read.of_document(places["docx"])
    assert len(in_document) == len(shown)
    said = [
        (name, down, across, value, in_document[number][down][across])
        for number, (name, rows) in enumerate(shown.items())
        for down, row in enumerate(rows)
        for across, value in enumerate(row)
    ]
    assert len(said) > 300
    assert [(len(rows), len(rows[0])) for rows in in_document] == [(len(rows), len(rows[0])) for rows in shown.values()]
    assert [each for each in said if each[3].split() != each[4].split()] == []


def test_a_chart_of_the_document_holds_what_the_one_of_the_workbook_keeps(made):
    _, done, places = made
    charts, _ = forms_read.charts_of_document(places["docx"])
    assert charts == forms_read.charts_of_copy(done.copy)
    assert len(charts) > 2


def test_a_small_chart_of_the_document_holds_the_cells_that_the_one_of_the_workbook_draws(made):
    which, done, places = made
    _, small = forms_read.charts_of_document(places["docx"])
    assert [held for _, held in small] == forms_read.small_charts_of_copy(done.copy)
    assert (len(small) > 3) == (which != "hiding")  # without figures there is nothing to draw
    drawn = lxml.html.parse(str(places["html"])).iterfind(".//svg[@class='spark']")
    assert [said for said, _ in small] == [each.get("aria-label") for each in drawn]


@pytest.mark.validator
def test_the_document_is_valid_by_microsofts_validator(made, ooxml_validate):
    _, _, places = made
    ooxml_validate(places["docx"])


def test_every_word_beside_the_tables_is_in_the_document(made):
    _, done, places = made
    of_copy = forms_read.texts_of_copy(done.copy)
    cover, *others = of_copy.values()
    # The heading over the links of the document's contents is in the workbook that of their column.
    assert forms_read.texts_of_document(places["docx"]) == [f"{cover} Contents", *others]
    assert len(of_copy) > 5


def test_what_the_copy_hides_no_form_holds(made, tmp_path):
    which, done, places = made
    hidden = symbols_in(forms_read.of_copy(done.copy))
    assert (hidden > 1) == (which == "hiding")  # one is among the symbols that the notes explain
    assert symbols_in(forms_read.of_page(places["html"])) == hidden
    assert symbols_in(forms_read.of_data(places["data"], tmp_path)) == hidden
    assert symbols_in(dict(enumerate(forms_read.of_document(places["docx"])))) == hidden


def symbols_in(tables):
    return sum(row.count("[c]") for rows in tables.values() for row in rows)


def test_the_same_copy_gives_the_same_forms(made):
    _, done, places = made
    for form in WRITTEN:
        assert form.make(done) == places[form.name].read_bytes()
