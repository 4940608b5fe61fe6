"""The worked example's charts, in the XML of the published copy: what they draw, what they say, and their colours."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from cdrp_xl.styles import BLUE, GREY, INK, LIGHT_GREY, MID_GREY, ORANGE

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SAFE = {BLUE, ORANGE, GREY, MID_GREY, LIGHT_GREY, INK}
"""Told apart without one kind of cone and in grey (tests/writers/test_xlsx_file.py)."""

# Sheet, title, the two axes, kinds of series, and the table's columns that are drawn, the categories first.
CHARTS = {
    "Dwelling burglary": (
        "Offences by quarter",
        (),
        ("barChart", "lineChart"),
        ["Quarter", "Offences", "Same quarter of 2009-10"],
    ),
    "Dwelling burglary by month": (
        "Offences by month, with the usual level",
        (),
        ("lineChart",),
        ["Month", "Offences", "Usual level", "Lower limit", "Upper limit"],
    ),
    "Dwelling burglary group": (
        "Offences per 1,000 households, 2010-11 Q4, from the lowest to the highest",
        (),
        ("barChart",),
        ["Area", "Offences per 1,000 households", "South Cambridgeshire"],
    ),
    "Dwelling burglary by size": (
        "Dwelling burglary: offences per 1,000 households by size of area, 2010-11 Q4",
        ("Households",),
        ("scatterChart",),
        [
            "Households",
            "All areas",
            "Group average",
            "Lower 95% limit",
            "Upper 95% limit",
            "Lower 99.8% limit",
            "Upper 99.8% limit",
            "South Cambridgeshire",
        ],
    ),
}


@pytest.fixture(scope="module")
def parts(demo):
    with zipfile.ZipFile(demo.copy) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def book(demo):
    return openpyxl.load_workbook(demo.copy)


@pytest.fixture(scope="module")
def charts(parts):
    """The charts by the worksheet that they draw from."""
    found = {}
    for name, content in parts.items():
        if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
            chart = ET.fromstring(content)
            sheet = next(chart.iter(f"{CHART}f")).text.rsplit("!", 1)[0].strip("'")
            found[sheet] = chart
    return found


def said(element):
    return "".join(text.text for text in element.iter(f"{DRAWING}t"))


def cells(book, reference):
    """The values of a range that a chart refers to."""
    sheet, place = reference.rsplit("!", 1)
    left, top, right, bottom = range_boundaries(place.replace("$", ""))
    rows = book[sheet.strip("'")].iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right, values_only=True)
    return [value for row in rows for value in row]


def reference(series, *uses):
    """The range that a series takes its values or its categories from."""
    found = (series.find(f"{CHART}{use}//{CHART}f") for use in uses)
    return next(each.text for each in found if each is not None)


@pytest.mark.parametrize("sheet", CHARTS)
def test_a_chart_says_what_it_shows_and_in_which_units(charts, sheet):
    title, axes, kinds, _ = CHARTS[sheet]
    chart = charts[sheet]
    assert said(chart.find(f"{CHART}chart/{CHART}title")) == title
    area = chart.find(f"{CHART}chart/{CHART}plotArea")
    assert tuple(said(axis) for axis in area.iter(f"{CHART}title")) == axes
    assert tuple(part.tag.removeprefix(CHART) for part in area if part.tag.endswith("Chart")) == kinds


@pytest.mark.parametrize("sheet", CHARTS)
def test_a_chart_draws_whole_columns_of_the_tables_beside_it(charts, book, sheet):
    headings = CHARTS[sheet][3]
    tables = {}
    for table in book[sheet].tables.values():
        left, top, right, bottom = range_boundaries(table.ref)
        for column in range(left, right + 1):
            heading = book[sheet].cell(top, column).value
            rows = [book[sheet].cell(row, column).value for row in range(top + 1, bottom + 1)]
            tables.setdefault(heading, []).append(rows)
    drawn = list(charts[sheet].iter(f"{CHART}ser"))
    assert [cells(book, each.find(f"{CHART}tx//{CHART}f").text) for each in drawn] == [[name] for name in headings[1:]]
    for series, heading in zip(drawn, headings[1:], strict=True):
        assert cells(book, reference(series, "yVal", "val")) in tables[heading]
        assert cells(book, reference(series, "xVal", "cat")) in tables[headings[0]]


@pytest.mark.parametrize("sheet", CHARTS)
def test_the_colours_of_a_chart_are_of_the_safe_ones_and_no_two_series_look_alike(charts, sheet):
    alike = {}
    for series in charts[sheet].iter(f"{CHART}ser"):
        colours = {f"#{each.get('val')}" for each in series.iter(f"{DRAWING}srgbClr")}
        assert colours <= SAFE
        dashes = tuple(each.get("val") for each in series.iter(f"{DRAWING}prstDash"))
        markers = tuple(each.get("val") for each in series.iter(f"{CHART}symbol"))
        name = series.find(f"{CHART}tx//{CHART}v").text
        alike.setdefault((frozenset(colours), dashes, markers), set()).add(re.sub("^(Lower|Upper) ", "", name))
    assert [len(names) for names in alike.values()] == [1] * len(alike)  # the two limits of a pair are one thing


def test_every_chart_has_a_text_that_stands_for_it(parts):
    texts = [
        each.get("descr")
        for name, content in parts.items()
        if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)
        for each in ET.fromstring(content).iter()
        if each.tag.endswith("cNvPr")
    ]
    assert len(texts) == len([name for name in parts if re.fullmatch(r"xl/charts/chart\d+\.xml", name)])
    assert all(text and "table" in text for text in texts)


def test_the_partnerships_bar_lies_over_its_own_place_in_rank_order(charts, book):
    every, own = charts["Dwelling burglary group"].iter(f"{CHART}ser")
    assert {f"#{each.get('val')}" for each in own.iter(f"{DRAWING}srgbClr")} == {BLUE}
    rates = cells(book, reference(every, "val"))
    at = cells(book, reference(own, "cat")).index("South Cambridgeshire")
    assert rates == sorted(rates)
    assert [value for value in cells(book, reference(own, "val")) if value != "[z]"] == [rates[at]]
