"""Native pivot tables, and everything about them that the Open XML SDK does not look at."""

from __future__ import annotations

import io
import posixpath
import zipfile
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="session")
def pivots_in():
    """Return a function from a workbook's bytes to every pivot table, with its cache, its worksheet and its book."""
    return lambda content: list(_pivots_in(content))


@pytest.fixture(scope="session")
def check_pivot():
    """Return a function that asserts that a pivot table's parts, its cells and its table agree."""
    return _check


def _parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def root(parts, name):
    return ET.fromstring(parts[name])


def linked(parts, part, kind):
    """The parts that a part has relations of a kind to."""
    folder, file = posixpath.split(part)
    links = root(parts, f"{folder}/_rels/{file}.rels")
    return [
        posixpath.normpath(posixpath.join(folder, link.get("Target"))).lstrip("/")
        for link in links
        if link.get("Type").endswith(f"/{kind}")
    ]


def _pivots_in(content):
    """Every pivot table of a workbook, with its cache and the worksheet's cells, found by following relations."""
    parts = _parts_of(content)
    book = openpyxl.load_workbook(io.BytesIO(content))
    for number, sheet in enumerate(book.worksheets, 1):
        part = f"xl/worksheets/sheet{number}.xml"
        names = linked(parts, part, "pivotTable") if f"xl/worksheets/_rels/sheet{number}.xml.rels" in parts else []
        for name in names:
            (cache,) = linked(parts, name, "pivotCacheDefinition")
            yield root(parts, name), root(parts, cache), sheet, book


def _check(pivot, cache, sheet, book):
    """Everything of a pivot table that the Open XML SDK does not look at."""
    fields = pivot.findall(f"{MAIN}pivotFields/{MAIN}pivotField")
    cached = cache.findall(f"{MAIN}cacheFields/{MAIN}cacheField")
    shared = [[item.get("v") for item in field.find(f"{MAIN}sharedItems")] for field in cached]
    check_source(cache, cached, book)
    assert len(fields) == len(cached)
    for field, items in zip(fields, shared, strict=True):
        indexes = [int(item.get("x")) for item in field.findall(f"{MAIN}items/{MAIN}item[@x]")]
        assert indexes == (list(range(len(items))) if field.get("axis") else [])
    check_axes(pivot, fields)
    check_cells(pivot, shared, sheet)
    check_counts(pivot, cache)


def check_source(cache, cached, book):
    name = cache.find(f"{MAIN}cacheSource/{MAIN}worksheetSource").get("name")
    (source, table) = next((sheet, sheet.tables[name]) for sheet in book.worksheets if name in sheet.tables)
    headings, *rows = source[table.ref]
    assert [cell.value for cell in headings] == [field.get("name") for field in cached]
    assert [column.name for column in table.tableColumns] == [field.get("name") for field in cached]
    for place, field in enumerate(cached):
        labels = {item.get("v") for item in field.find(f"{MAIN}sharedItems")}
        assert not labels or labels == {str(row[place].value) for row in rows}


def check_axes(pivot, fields):
    axes = {"rowFields": "axisRow", "colFields": "axisCol", "pageFields": "axisPage"}
    for name, axis in axes.items():
        listed = [int(field.get("x") or field.get("fld")) for field in pivot.find(f"{MAIN}{name}")]
        assert listed
        assert {fields[at].get("axis") for at in listed} == {axis}
    (counted,) = pivot.find(f"{MAIN}dataFields")
    assert fields[int(counted.get("fld"))].get("dataField") == "1"


def check_cells(pivot, shared, sheet):
    """The pre-rendered cells bear the labels that the items stand for, and lie just where the pivot table says."""
    at = pivot.find(f"{MAIN}location")
    left, top, right, bottom = range_boundaries(at.get("ref"))
    down = [int(field.get("x")) for field in pivot.find(f"{MAIN}rowFields")]
    across = [int(field.get("x")) for field in pivot.find(f"{MAIN}colFields")]
    assert int(at.get("firstDataRow")) == 1 + len(across)
    first = top + int(at.get("firstDataRow"))
    lines = items_of(pivot.find(f"{MAIN}rowItems"))
    columns = items_of(pivot.find(f"{MAIN}colItems"))
    assert (len(lines), len(columns)) == (bottom - first + 1, right - left)
    for row, (_, (number,)) in enumerate(lines[:-1], first):
        assert sheet.cell(row, left).value == shared[down[0]][number]
    shown = [None] * len(across)
    for column, (kind, numbers) in enumerate(columns, left + 1):
        for level, cell in enumerate(sheet.cell(top + 1 + level, column).value for level in range(len(across))):
            shown[level] = cell or shown[level]
        if kind is None:
            assert shown == [shared[field][number] for field, number in zip(across, numbers, strict=True)]
    assert not [
        cell.coordinate
        for row in sheet.iter_rows(min_row=top, max_row=bottom + 1, min_col=right + 1, max_col=right + 1)
        for cell in row
        if cell.value is not None
    ]


def items_of(element):
    """The kind of each item of an axis, and its labels' numbers, those repeated from the item before included."""
    found = []
    before = []
    for item in element:
        own = [int(x.get("v", 0)) for x in item]
        numbers = before[: int(item.get("r", 0))] + own
        found.append((item.get("t"), numbers))
        before = numbers
    return found


def check_counts(pivot, cache):
    for element in (*pivot.iter(), *cache.iter()):
        if element.get("count") is not None:
            assert int(element.get("count")) == len(element), element.tag
