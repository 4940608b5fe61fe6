"""Good workbooks of several kinds, from several programs: the gate lets every one pass."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from corpus_good import EDITED, OPENPYXL, XLSXWRITER

from cdrp_xl.publication import Severity, inspect

GOOD = [
    pytest.param(make, id=f"{program}, {kind}")
    for program, made in (("XlsxWriter", XLSXWRITER), ("openpyxl", OPENPYXL), ("edited", EDITED))
    for kind, make in made.items()
]


@pytest.mark.parametrize("make", GOOD)
def test_nothing_in_a_good_workbook_blocks(make):
    assert [finding for finding in inspect(make(), "good.xlsx") if finding.severity is Severity.BLOCKS] == []


def test_a_cell_with_a_small_chart_in_it_is_not_blank():
    rows = [["Burglary", 61, 104, None], ["Arson", 12, 10, None]]
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet("Offences")
        headings = [{"header": heading} for heading in ("Offence", "2011", "2010", "Two years")]
        sheet.add_table(0, 0, 2, 3, {"data": rows, "columns": headings})
        blank = held_to_be_blank(book_of=rows, headings=headings)
        for row in (1, 2):
            sheet.add_sparkline(row, 3, {"range": f"Offences!B{row + 1}:C{row + 1}"})
    assert blank == {"blank-column", "unexplained-blank"}
    assert not blank & {finding.rule_id for finding in inspect(held.getvalue(), "good.xlsx")}


def held_to_be_blank(*, book_of, headings):
    """Return what is found of the same table without small charts."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        book.add_worksheet("Offences").add_table(0, 0, 2, 3, {"data": book_of, "columns": headings})
    found = {finding.rule_id for finding in inspect(held.getvalue(), "good.xlsx")}
    return found & {"blank-column", "unexplained-blank"}
