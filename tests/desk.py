"""What an analyst does in a saved master: asks local questions, and adds a worksheet with a named range."""

from __future__ import annotations

import openpyxl
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName

VIOLENCE = ("Cambourne", "All Violence Against the Person", "2011-12 Q1", "domestic", "Yes")
SECTION = """
[[sections]]
id = "licensing"
title = "Licensed premises"
range = "licensing_table"
source = "Licensing team, reviews to June 2011"
chart = "columns"
"""
ROWS = (("Kind of premises", "Reviews", "Share"), ("Public houses", 12, 0.75), ("Clubs", 4, 0.25))


def ask(folder, *questions):
    book = openpyxl.load_workbook(folder / "master.xlsm", keep_vba=True)
    sheet = book["Inputs"]
    rows = sheet[sheet.tables["tblQuestions"].ref][1:]
    for row, question in zip(rows, questions, strict=False):
        for cell, value in zip(row, question, strict=True):
            cell.value = value
    book.save(folder / "master.xlsm")


def with_section(folder, text=SECTION):
    with (folder / "partnership.toml").open("a", encoding="utf-8") as settings:
        settings.write(text)


def add_worksheet(folder, rows=ROWS):
    """Add a worksheet of the analyst's own to the master, with a table under a name, in a font of its own."""
    book = openpyxl.load_workbook(folder / "master.xlsm", keep_vba=True)
    sheet = book.create_sheet("Licensing (mine)")
    for at, row in enumerate(rows, 3):
        for column, value in enumerate(row, 2):
            sheet.cell(at, column).value = value
        sheet.cell(at, 4).number_format = "0.0%"
    sheet["B3"].font = Font(name="Comic Sans MS", bold=True)
    sheet["F1"] = "Not for anyone"
    place = f"'Licensing (mine)'!$B$3:$D${2 + len(rows)}"
    book.defined_names["licensing_table"] = DefinedName("licensing_table", attr_text=place)
    book.save(folder / "master.xlsm")
