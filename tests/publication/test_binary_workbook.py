"""Binary workbooks: what their records say is found, and that their looks are not read is said."""

from __future__ import annotations

import io

import pytest
from corpus_binary import (
    GOOD_ROWS,
    binary_workbook,
    columns,
    defined_name,
    formula_cell,
    number_cell,
    row,
    text_cell,
    worksheet,
)
from python_calamine import CalamineWorkbook

from cdrp_xl.publication import Severity, inspect

DATA = worksheet(row(1), text_cell(1, "Held at 14 Chapel Lane"))


def blocking(content):
    return {
        finding.rule_id: finding for finding in inspect(content, "made.xlsb") if finding.severity is Severity.BLOCKS
    }


def test_another_reader_reads_what_the_corpus_writes():
    book = CalamineWorkbook.from_filelike(io.BytesIO(binary_workbook(more=DATA)))
    assert book.get_sheet_by_name("Offences").to_python() == [
        ["Offences by group", ""],
        ["OFFICIAL", ""],
        ["", 61.0],
    ]
    assert book.get_sheet_by_name("Data").to_python() == [["Held at 14 Chapel Lane"]]


def test_of_a_good_one_only_that_its_looks_are_not_read_is_reported():
    assert set(blocking(binary_workbook())) == {"formats-unread"}


@pytest.mark.parametrize(
    ("content", "rule", "sheet", "cell", "what"),
    [
        (binary_workbook(more=DATA, state=1), "hidden-sheet", "Data", "", "1 cells"),
        (binary_workbook(more=DATA, state=2), "very-hidden-sheet", "Data", "", "1 cells"),
        (binary_workbook(sheet=worksheet(*GOOD_ROWS, row(4, hidden=True))), "hidden-row", "Offences", "", "row 4"),
        (binary_workbook(sheet=worksheet(*GOOD_ROWS, row(4, height=0))), "flat-row", "Offences", "", "row 4"),
        (
            binary_workbook(sheet=worksheet(*GOOD_ROWS, before=columns(2, 3, hidden=True))),
            "hidden-column",
            "Offences",
            "",
            "column B:C",
        ),
        (
            binary_workbook(sheet=worksheet(*GOOD_ROWS, before=columns(2, 2, width=0))),
            "flat-column",
            "Offences",
            "",
            "column B:B",
        ),
        (
            binary_workbook(sheet=worksheet(*GOOD_ROWS, row(4), formula_cell(2, 2.0))),
            "formula",
            "Offences",
            "B4",
            "B4",
        ),
        (binary_workbook(names=defined_name("Victims")), "defined-name", "", "", '"Victims"'),
        (
            binary_workbook(sheet=worksheet(*GOOD_ROWS, row(900), number_cell(1, 3.0))),
            "far-cell",
            "Offences",
            "",
            "row 900, after row 3",
        ),
        (binary_workbook(sheet=worksheet(*GOOD_ROWS)[:-20]), "unread-part", "Offences", "", "not laid out as a part"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_is_found_in_its_records(content, rule, sheet, cell, what):
    found = blocking(content)[rule]
    assert (found.sheet, found.cell) == (sheet, cell)
    assert what in found.what
