"""Native pivot tables: what the Open XML SDK does not see is checked here, and the rest by it."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from cdrp_xl.sheets import Column, Pivot, Sheet, Table
from cdrp_xl.styles import Style
from cdrp_xl.writers import pivot_parts, xlsx_file
from cdrp_xl.writers.xlsx_file import Properties

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PROPERTIES = Properties(
    title="T", subject="S", author="A", date=dt.date(2011, 7, 29), marking="OFFICIAL", is_final=False
)
ODD = '=1+1 <&> "Fen" \U0001f69c'
HEADINGS = ("Number", "Group", "Year", "Quarter", "Locus")
ROWS = (
    (1, "Theft", "2010-11", "Q1", "Farm"),
    (2, ODD, "2010-11", "Q4", "Barn"),
    (3, ODD, "2011-12", "Q1", "Farm"),
    (4, ODD, "2011-12", "Q1", "Farm"),
)
DATA = Table(
    name="tblData",
    columns=tuple(Column(heading=heading, style=Style.TEXT, width=12) for heading in HEADINGS),
    rows=ROWS,
    row=2,
)
BY_YEAR = Pivot(
    name="pvtYear",
    table=DATA,
    down="Group",
    across=("Year",),
    filtered_by="Locus",
    counted="Number",
    caption="Offences",
    row_items=(ODD, "Theft"),
    column_items=(("2010-11",), ("2011-12",), ()),
    figures=((1, 2, 3), (1, 0, 1), (2, 2, 4)),
    row=3,
)
BY_QUARTER = replace(
    BY_YEAR,
    name="pvtQuarter",
    across=("Year", "Quarter"),
    column_items=(("2010-11", "Q1"), ("2010-11", "Q4"), ("2010-11",), ("2011-12", "Q1"), ("2011-12",), ()),
    figures=((0, 1, 1, 2, 2, 3), (1, 0, 1, 0, 0, 1), (1, 1, 2, 2, 2, 4)),
    row=30,
    column=25,
)
SHEETS = (
    Sheet(name="Pivots", blocks=(BY_YEAR, BY_QUARTER), widths=(20,)),
    Sheet(name="Data", blocks=(DATA,), widths=(20,)),
)


def written(sheets=SHEETS):
    return pivot_parts.add(xlsx_file.write(sheets, PROPERTIES), sheets)


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_indexes_counts_headings_and_cells_agree(pivots_in, check_pivot):
    found = pivots_in(written())
    assert [pivot.get("name") for pivot, *_ in found] == ["pvtYear", "pvtQuarter"]
    for each in found:
        check_pivot(*each)


@pytest.mark.whole
def test_the_worked_examples_pivot_tables_agree_with_their_cells_and_their_table(demo, pivots_in, check_pivot):
    found = pivots_in(demo.master.read_bytes())
    assert [pivot.get("name") for pivot, *_ in found] == ["pvtFarmByYear", "pvtFarmByQuarter"]
    for each in found:
        check_pivot(*each)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("pivotTable2", rb'<x v="1"/>', rb'<x v="7"/>'),
        ("pivotTable1", rb'<item x="1"/>', rb'<item x="9"/>'),
        ("pivotTable1", rb'ref="A6', rb'ref="A7'),
        ("pivotTable1", rb'<field x="1"/>', rb'<field x="3"/>'),
        ("pivotTable1", rb'<pivotField compact="0" outline="0" showAll="0" dataField="1"/>', rb""),
        ("pivotCacheDefinition1", rb'name="Group"', rb'name="Groups"'),
        ("pivotCacheDefinition1", rb'<s v="Theft"/>', rb'<s v="Arson"/>'),
    ],
)
def test_the_checks_of_these_tests_see_what_is_wrong(part, old, new, pivots_in, check_pivot):
    parts = parts_of(written())
    name = next(name for name in parts if name.endswith(f"/{part}.xml"))
    spoilt = re.sub(old, new, parts[name], count=1)
    assert spoilt != parts[name]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for each, content in {**parts, name: spoilt}.items():
            package.writestr(each, content)
    with pytest.raises((AssertionError, IndexError, KeyError)):  # noqa: PT012
        for each in pivots_in(made.getvalue()):
            check_pivot(*each)


def test_the_sdk_finds_no_fault_and_pivot_tables_on_one_table_share_a_cache(tmp_path, ooxml_validate):
    file = tmp_path / "pivots.xlsx"
    file.write_bytes(written())
    ooxml_validate(file)
    assert [name for name in parts_of(written()) if "pivotCacheDefinition" in name] == [
        "xl/pivotCache/pivotCacheDefinition1.xml"
    ]


def test_pivot_tables_over_two_tables_have_a_cache_each(tmp_path, ooxml_validate, pivots_in):
    other = replace(DATA, name="tblOther", row=20)
    sheets = (
        Sheet(name="Pivots", blocks=(BY_YEAR, replace(BY_QUARTER, table=other)), widths=(20,)),
        Sheet(name="Data", blocks=(DATA, other), widths=(20,)),
    )
    file = tmp_path / "pivots.xlsx"
    file.write_bytes(written(sheets))
    ooxml_validate(file)
    found = pivots_in(file.read_bytes())
    sources = [cache.find(f".//{MAIN}worksheetSource").get("name") for _, cache, *_ in found]
    assert sources == ["tblData", "tblOther"]
    book = ET.fromstring(parts_of(file.read_bytes())["xl/workbook.xml"])
    caches = [cache.get("cacheId") for cache in book.find(f"{MAIN}pivotCaches")]
    assert [pivot.get("cacheId") for pivot, *_ in found] == caches == ["1", "2"]


def test_the_cache_holds_labels_and_no_row_and_is_counted_anew_on_opening(pivots_in):
    (cache,) = {ET.tostring(cache) for _, cache, *_ in pivots_in(written())}
    definition = ET.fromstring(cache)
    assert (definition.get("saveData"), definition.get("refreshOnLoad"), definition.get("refreshedBy")) == (
        *("0", "1"),
        "cdrp-xl",
    )
    assert definition.get(f"{LINKS}id") is None
    assert not [name for name in parts_of(written()) if "Records" in name]
    assert [field.find(f"{MAIN}sharedItems").get("count") for field in definition.iter(f"{MAIN}cacheField")] == [
        *(None, "2", "2", "2", "2"),
    ]


@pytest.mark.whole
def test_the_worksheet_of_pivot_tables_is_not_protected_since_none_could_be_refreshed_there(demo):
    book = openpyxl.load_workbook(demo.master)
    assert not book["Farm crime pivots"].protection.sheet
    assert not book["Farm crime data"].protection.sheet


def test_what_stood_in_the_package_stays_and_the_same_blocks_give_the_same_bytes():
    plain, content = xlsx_file.write(SHEETS, PROPERTIES), written()
    assert content == written()
    before, after = parts_of(plain), parts_of(content)
    changed = {name for name, part in before.items() if after[name] != part}
    assert changed <= {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_workbook_without_pivot_tables_is_left_as_it_is():
    sheets = SHEETS[1:]
    plain = xlsx_file.write(sheets, PROPERTIES)
    assert pivot_parts.add(plain, sheets) is plain


def test_the_published_copy_has_no_part_of_a_pivot_table(demo):
    with zipfile.ZipFile(demo.copy) as package:
        assert not [name for name in package.namelist() if "pivot" in name.lower()]
        assert b"tblFarmOffences" not in b"".join(package.read(name) for name in package.namelist())
