from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from cdrp_xl.errors import CannotBeWrittenError

pytestmark = pytest.mark.libreoffice


@pytest.fixture
def table(sheet):
    sheet["B2"].value = [["area", "offences"], ["Bar Hill", 12], ["Cambourne", 7], ["Sawston", 9]]
    table = sheet.tables.add(sheet["B2:C5"], name=f"table_{sheet.name}")
    sheet["B7"].value = "below"
    return table


def test_a_table_knows_its_parts(sheet, table):
    assert table.range.address == "$B$2:$C$5"
    assert table.header_row_range.value == ["area", "offences"]
    assert table.data_body_range.address == "$B$3:$C$5"
    assert table.totals_row_range is None
    assert table.parent == sheet
    assert table.name == table.display_name == f"table_{sheet.name}"
    assert sheet.tables[table.name] == sheet.tables[0] == table
    assert table.name in sheet.tables
    assert sheet["C3"].table == table
    assert sheet["A1"].table is None
    assert len(sheet.tables) == 1


def test_structured_references_name_a_table_s_parts(sheet, table):
    assert sheet[table.name].address == "$B$3:$C$5"
    assert sheet[f"{table.name}[#All]"].address == "$B$2:$C$5"
    assert sheet[f"{table.name}[#Headers]"].address == "$B$2:$C$2"
    assert sheet[f"{table.name}[offences]"].address == "$C$3:$C$5"


def test_a_table_is_resized_and_renamed(sheet, table):
    table.resize(sheet["B2:C4"])
    assert table.range.address == "$B$2:$C$4"
    table.name = f"renamed_{sheet.name}"
    assert sheet.tables[0].name == f"renamed_{sheet.name}"


def test_a_table_keeps_its_heading_row(sheet, table):
    with pytest.raises(CannotBeWrittenError, match=r"(?s)keeps its heading row.*row 2"):
        table.resize(sheet["B3:C5"])


def test_rows_come_and_go(sheet, table):
    table.rows.add(["Linton", 4])
    assert table.range.address == "$B$2:$C$6"
    assert table.rows[-1].range.value == ["Linton", 4]
    assert sheet["B8"].value == "below"
    table.rows.add(["Bassingbourn", 1], index=1)
    assert table.data_body_range.value[0] == ["Bassingbourn", 1]
    table.rows[0].delete()
    assert len(table.rows) == 4
    assert table.data_body_range.value[0] == ["Bar Hill", 12]


def test_columns_come_and_go(table):
    column = table.columns.add("rate")
    assert (column.name, column.index) == ("rate", 3)
    assert table.range.address == "$B$2:$D$5"
    assert [column.name for column in table.columns] == ["area", "offences", "rate"]
    assert table.columns["offences"].data_body_range.value == [12, 7, 9]
    table.columns["rate"].delete()
    assert table.range.address == "$B$2:$C$5"


def test_a_totals_row_comes_and_goes(sheet, table):
    table.show_totals = True
    assert table.totals_row_range.address == "$B$6:$C$6"
    assert table.data_body_range.address == "$B$3:$C$5"
    table.show_totals = False
    assert table.range.address == "$B$2:$C$5"
    assert sheet["B7"].value == "below"


def test_headings_come_and_go(sheet, table):
    table.show_headers = False
    assert table.range.address == "$B$3:$C$5"
    assert table.header_row_range is None
    assert sheet["B2"].value is None
    table.show_headers = True
    assert table.header_row_range.value == ["Column1", "Column2"]


def test_a_table_is_sorted_below_its_headings(table):
    table.sort(2, ascending=False)
    assert table.range.value == [["area", "offences"], ["Bar Hill", 12], ["Sawston", 9], ["Cambourne", 7]]


def test_a_data_frame_replaces_a_table_s_rows(sheet, table):
    table.update(pd.DataFrame({"area": ["Linton"], "offences": [3.0]}), index=False)
    assert table.range.value == [["area", "offences"], ["Linton", 3]]
    assert sheet["B4:C5"].value == [[None, None], [None, None]]


def test_tables_do_not_overlap(sheet, table):
    with pytest.raises(CannotBeWrittenError, match=table.name):
        sheet.tables.add(sheet["C3:D4"])


def test_a_range_without_headings_gets_some(sheet):
    sheet["A1"].value = [[1, 2], [3, 4]]
    table = sheet.tables.add(sheet["A1:B2"], has_headers=False)
    assert table.range.value == [["Column1", "Column2"], [1, 2], [3, 4]]


def test_a_table_survives_an_xlsx_file(app, book, tmp_path):
    sheet = book.sheets[0]
    sheet["A1"].value = [["area", "offences"], ["Bar Hill", 12]]
    sheet.tables.add(sheet["A1:B2"], name="tblOffences")
    book.save(tmp_path / "tables.xlsx")
    book.close()
    again = app.books.open(tmp_path / "tables.xlsx")
    assert again.sheets[0].tables["tblOffences"].range.address == "$A$1:$B$2"
    again.close()


def styles_in(path):
    """Return the style of each table of a file as openpyxl reads it."""
    tables = (table for sheet in openpyxl.load_workbook(path) for table in sheet.tables.values())
    return {table.displayName: dict(table.tableStyleInfo) for table in tables}


def test_a_table_style_is_saved_in_an_excel_file(book, tmp_path):
    sheet = book.sheets[0]
    sheet["A1"].value = sheet["D1"].value = [["area", "offences"], ["Bar Hill", 12]]
    plain = sheet.tables.add(sheet["A1:B2"], name="plain")
    table = sheet.tables.add(sheet["D1:E2"], name="before", table_style_name="TableStyleLight9")
    assert (plain.table_style, plain.show_table_style_row_stripes) == ("TableStyleMedium2", True)
    table.name = "renamed"
    table.show_table_style_first_column = table.show_table_style_column_stripes = True
    table.show_table_style_row_stripes = False
    book.save(tmp_path / "styles.xlsx")
    assert styles_in(tmp_path / "styles.xlsx") == {
        "plain": {
            "name": "TableStyleMedium2",
            "showFirstColumn": "0",
            "showLastColumn": "0",
            "showRowStripes": "1",
            "showColumnStripes": "0",
        },
        "renamed": {
            "name": "TableStyleLight9",
            "showFirstColumn": "1",
            "showLastColumn": "0",
            "showRowStripes": "0",
            "showColumnStripes": "1",
        },
    }


def test_a_file_s_table_styles_survive_saving(app, tmp_path):
    path = tmp_path / "styled.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        options = {"name": "styled", "style": "Table Style Dark 3", "last_column": True, "banded_rows": False}
        workbook.add_worksheet().add_table("A1:B3", options)
    before = styles_in(path)
    book = app.books.open(path)
    table = book.sheets[0].tables["styled"]
    assert (table.table_style, table.show_table_style_last_column) == ("TableStyleDark3", True)
    assert (table.show_table_style_row_stripes, table.show_table_style_column_stripes) == (False, False)
    book.save()
    assert styles_in(path) == before
    table.table_style = "TableStyleMedium7"
    table.show_table_style_last_column = False
    book.save(tmp_path / "again.xlsx")
    after = styles_in(tmp_path / "again.xlsx")["styled"]
    assert (after["name"], after["showLastColumn"]) == ("TableStyleMedium7", "0")
    book.close()


def test_tables_stay_when_another_worksheet_is_deleted(book):
    """LibreOffice 7 by itself takes a table of a worksheet before it away too."""
    first = book.sheets[0]
    second = book.sheets.add("Second", after=first)
    for number, sheet in enumerate((first, second), 1):
        sheet["A1:B2"].value = [["Quarter", "Offences"], ["Q1", number]]
        sheet.tables.add(sheet["A1:B2"], name=f"tblTrend{number}")
    second.delete()
    assert [(table.name, table.range.address) for table in first.tables] == [("tblTrend1", "$A$1:$B$2")]
    assert first.tables["tblTrend1"].show_headers
