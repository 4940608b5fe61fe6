"""Pivot tables of a saved master: counted again where they stand, or left to the program that opens it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io

import openpyxl
import pytest

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.sheets import Pivot, Properties, Table
from cdrp_xl.writers import saved_workbook

pytestmark = pytest.mark.whole

PROPERTIES = Properties(
    title="Master", subject="", author="cdrp-xl", date=dt.date(2011, 7, 29), marking="OFFICIAL", is_final=False
)
SHEET = "Farm crime pivots"
BY_YEAR, BY_QUARTER = "xl/pivotTables/pivotTable1.xml", "xl/pivotTables/pivotTable2.xml"
RECORDS = "xl/pivotCache/pivotCacheRecords1.xml"
RECORDS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheRecords+xml"
CACHE = "xl/pivotCache/pivotCacheDefinition1.xml"


PROPERTIES = Properties(title="", subject="", author="", date=dt.date(2011, 7, 29), marking="OFFICIAL", is_final=False)


def fill(content, layout):
    return saved_workbook.fill(content, layout, PROPERTIES, name="master.xlsm")


def pivots_of(layout):
    return [pivot for sheet in layout for pivot in sheet.pivots]


def shown(content, pivot, *, moved=0):
    """The cells of a pivot table as the worksheet has them, from its captions."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))[SHEET]
    first = pivot.body_row + 1 + moved
    rows = sheet.iter_rows(min_row=first, max_row=first + len(pivot.cells) - 1, max_col=len(pivot.cells[0]))
    return tuple(tuple(cell.value for cell in row) for row in rows)


def figures_in(content):
    sheet = openpyxl.load_workbook(io.BytesIO(content))[SHEET]
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)]


def filled_rows(content):
    sheet = openpyxl.load_workbook(io.BytesIO(content))[SHEET]
    return {row[0].row for row in sheet.iter_rows() if any(cell.value is not None for cell in row)}


def with_one_more(layout, *, group="Arson of ricks"):
    """The layout with one more farm offence, of a group that comes first, in the last quarter shown."""

    def changed(block):
        if isinstance(block, Table) and block.name == "tblFarmOffences":
            return more_rows(block)
        if isinstance(block, Pivot):
            row = tuple(int(column in {(), ("2011-12",), ("2011-12", "Q1")}) for column in block.column_items)
            *lines, totals = block.figures
            return dataclasses.replace(
                block,
                table=more_rows(block.table),
                row_items=(group, *block.row_items),
                figures=(row, *lines, tuple(map(sum, zip(totals, row, strict=True)))),
            )
        return block

    def more_rows(table):
        last = table.rows[-1]
        return dataclasses.replace(table, rows=(*table.rows, (last[0] + 1, group, "2011-12", "Q1", last[4])))

    return tuple(dataclasses.replace(sheet, blocks=tuple(map(changed, sheet.blocks))) for sheet in layout)


def test_another_quarter_is_counted_in_cells_and_parts_alike(
    saved, earlier_layout, pivots_in, check_pivot, tmp_path, ooxml_validate
):
    filled = fill(saved, earlier_layout)
    found = pivots_in(filled)
    assert len(found) == 2
    for each in found:
        check_pivot(*each)
    for pivot in pivots_of(earlier_layout):
        assert shown(filled, pivot) == pivot.cells
    file = tmp_path / "master.xlsm"
    file.write_bytes(filled)
    ooxml_validate(file)


def test_what_holds_already_is_not_written_again(saved, layout, parts_of):
    before, after = parts_of(saved), parts_of(fill(saved, layout))
    assert [name for name in before if "pivot" in name.lower() and before[name] != after[name]] == []


def test_there_and_back_gives_the_same_pivot_tables(saved, layout, earlier_layout, pivots_in, check_pivot):
    back = fill(fill(saved, earlier_layout), layout)
    for each in pivots_in(back):
        check_pivot(*each)
    for pivot in pivots_of(layout):
        assert shown(back, pivot) == pivot.cells
    assert filled_rows(back) == filled_rows(saved)


def test_a_pivot_table_that_grows_has_its_new_group(saved, layout, pivots_in, check_pivot):
    grown = with_one_more(layout)
    filled = fill(saved, grown)
    for each in pivots_in(filled):
        check_pivot(*each)
    assert [shown(filled, pivot) for pivot in pivots_of(grown)] == [pivot.cells for pivot in pivots_of(grown)]


def test_a_pivot_table_is_counted_where_the_analyst_moved_it(saved, earlier_layout, pivots_in, check_pivot):
    filled = fill(saved, earlier_layout)
    book = openpyxl.load_workbook(io.BytesIO(saved), keep_vba=True)
    pivot = book[SHEET]._pivots[1]
    assert pivot.location.ref == "A30:N38"
    pivot.location.ref = "A33:N41"
    for row in range(28, 39):
        for column in range(1, 15):
            book[SHEET].cell(row + 3 if row > 35 else row, column).value = None
    moved = io.BytesIO()
    book.save(moved)
    found = pivots_in(fill(moved.getvalue(), earlier_layout))
    for each in found:
        check_pivot(*each)
    by_quarter = pivots_of(earlier_layout)[1]
    assert shown(fill(moved.getvalue(), earlier_layout), by_quarter, moved=3) == by_quarter.cells
    assert shown(filled, by_quarter) == by_quarter.cells


@pytest.mark.parametrize(
    ("part", "former", "now"),
    [
        (BY_YEAR, 'hier="-1"', 'hier="-1" item="1"'),
        (BY_YEAR, '<rowFields count="1"><field x="1"/>', '<rowFields count="1"><field x="4"/>'),
        (BY_QUARTER, 'subtotal="count"', 'subtotal="max"'),
        (BY_YEAR, 'dataCaption="Values"', 'dataCaption="Values" colGrandTotals="0"'),
        (BY_YEAR, '<item x="1"/>', '<item x="1" h="1"/>'),
        (BY_QUARTER, 'name="pvtFarmByQuarter"', 'name="Mine"'),
    ],
)
def test_what_the_analyst_arranged_is_left_to_the_program_that_opens_it(
    saved, earlier_layout, with_parts, parts_of, part, former, now
):
    own = with_parts(saved, {part: [(former, now)], CACHE: [('refreshOnLoad="1" ', "")]})
    filled = fill(own, earlier_layout)
    before, after = parts_of(own), parts_of(filled)
    assert (before[BY_YEAR], before[BY_QUARTER]) == (after[BY_YEAR], after[BY_QUARTER])
    assert b'refreshOnLoad="1"' in after[CACHE]
    assert figures_in(own)
    assert not figures_in(filled)


def test_a_pivot_table_that_the_analyst_deleted_stays_away(saved, earlier_layout, pivots_in):
    book = openpyxl.load_workbook(io.BytesIO(saved), keep_vba=True)
    del book[SHEET]._pivots[0]
    without = io.BytesIO()
    book.save(without)
    assert [pivot.get("name") for pivot, *_ in pivots_in(fill(without.getvalue(), earlier_layout))] == [
        "pvtFarmByQuarter"
    ]


def test_when_no_row_is_left_to_count_no_former_figure_is_shown(saved, layout, pivots_in, check_pivot):
    def emptied(block):
        return dataclasses.replace(block, rows=()) if block.name == "tblFarmOffences" else block

    none = tuple(
        dataclasses.replace(
            sheet, blocks=tuple(emptied(block) for block in sheet.blocks if not isinstance(block, Pivot))
        )
        for sheet in layout
    )
    filled = fill(saved, none)
    sheet = openpyxl.load_workbook(io.BytesIO(filled))[SHEET]
    assert not [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)]
    assert [pivot.get("name") for pivot, *_ in pivots_in(filled)] == ["pvtFarmByYear", "pvtFarmByQuarter"]
    back = fill(filled, layout)
    for each in pivots_in(back):
        check_pivot(*each)
    assert [shown(back, pivot) for pivot in pivots_of(layout)] == [pivot.cells for pivot in pivots_of(layout)]


def test_records_that_a_program_kept_in_the_cache_are_taken_out(saved, earlier_layout, with_parts, parts_of):
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kept = with_parts(
        saved,
        {
            CACHE: [('saveData="0" ', f'xmlns:r="{links}" r:id="rId1" recordCount="266" ')],
            "[Content_Types].xml": [
                (
                    "</Types>",
                    f'<Override PartName="/{RECORDS}" ContentType="{RECORDS_TYPE}"/></Types>',
                )
            ],
        },
        new={
            RECORDS: f'<pivotCacheRecords xmlns="{main}" count="0"/>',
            "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
                f'Id="rId1" Type="{links}/pivotCacheRecords" Target="pivotCacheRecords1.xml"/></Relationships>'
            ),
        },
    )
    after = parts_of(fill(kept, earlier_layout))
    assert RECORDS not in after
    assert b"recordCount" not in after[CACHE]
    assert b'saveData="0"' in after[CACHE]
    assert b"pivotCacheRecords" not in after["[Content_Types].xml"]


def test_the_style_that_the_analyst_chose_stays(saved, earlier_layout, with_parts, parts_of):
    styled = with_parts(saved, {BY_YEAR: [("PivotStyleLight16", "PivotStyleDark2")]})
    assert b"PivotStyleDark2" in parts_of(fill(styled, earlier_layout))[BY_YEAR]


def test_cells_that_libreoffice_counted_hold_already(saved, layout, parts_of):
    book = openpyxl.load_workbook(io.BytesIO(saved), keep_vba=True)
    words = {"(All)": "- all -", "Grand Total": "Total Result", "2009-10 Total": "2009-10 Result", 0: None}
    for row in book[SHEET].iter_rows():
        for cell in row:
            cell.value = words.get(cell.value, cell.value)
    counted = io.BytesIO()
    book.save(counted)
    before, after = parts_of(counted.getvalue()), parts_of(fill(counted.getvalue(), layout))
    assert [name for name in before if "pivotTable" in name and before[name] != after[name]] == []


def test_a_pivot_table_that_would_grow_over_the_analysts_cells_is_refused(saved, layout):
    book = openpyxl.load_workbook(io.BytesIO(saved), keep_vba=True)
    book[SHEET]["B39"] = "Mine"
    own = io.BytesIO()
    book.save(own)
    with pytest.raises(CannotBeWrittenError, match="pvtFarmByQuarter has grown") as refused:
        fill(own.getvalue(), with_one_more(layout))
    assert refused.value.where == f'master.xlsm, worksheet "{SHEET}", cell B39'
    assert "Move what is there" in refused.value.remedy
