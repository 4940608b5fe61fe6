"""xlwings' own registration of worksheet functions, for real but for pywin32; Excel itself is in the checklist."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cdrp_xl.functions.worksheet import described

STAND_IN = Path(__file__).with_name("excel_stand_in.py")


@pytest.fixture(scope="module")
def excel(demo):
    run = subprocess.run([sys.executable, STAND_IN, demo.folder], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    return json.loads(run.stdout)


@pytest.mark.whole
def test_excel_is_given_every_function_with_its_help(excel):
    assert excel["described"] == {
        name: {"doc": each.words, "arguments": [argument.words for argument in each.arguments]}
        for name, each in sorted(described().items())
    }


@pytest.mark.whole
def test_the_vba_that_xlwings_writes_calls_them_by_name(excel, snapshot):
    assert excel["vba"] == snapshot


def test_excel_is_answered_as_the_report_says(excel):
    sentence = "There is no offence row"
    count, block, of_a_date, compared, change, error, position, days, empty = excel["answers"]
    assert count == [[59]]
    assert (block[0], block[1][0][: len(sentence)]) == ([32], sentence)
    assert of_a_date == [[27]]
    assert compared[1] == ["Shoplifting", 32, 59, 27, 0.84375]
    assert change == [[7 / 3]]
    assert error == [["A cell that the formula looks at holds the error #DIV/0!. Correct that cell first."]]
    assert position == [["No change or still some concern"]]
    assert days == [["2011-04-01 00:00:00", "2011-06-30 00:00:00"]]
    assert empty == [["The cell that should name an offence row is empty. Name an offence row in it."]]


def test_excel_is_answered_by_every_function_as_the_report_says(excel, built):
    """Figures of the published report and of single rules; each answer is a block, as Excel takes it."""
    assert {name for name, _ in excel["every"]} == set(described())
    cells = [(name, answer) for name, answer in excel["every"] if name != "CDRP_COMPARE"]
    (table,) = (answer for name, answer in excel["every"] if name == "CDRP_COMPARE")
    assert table[1:] == [
        [row.row.name, row.earlier, row.later, row.change, row.apparent_change or "No Calc"]
        for row in built.comparison.rows
    ]
    too_many = (
        "The range has 1,048,576 cells, more than the 200,000 that one formula answers. "
        "Give the cells that hold something, not whole columns."
    )
    assert [answer[0][0] for _, answer in cells] == [
        14,
        53,
        "2009-10",
        27,
        "No Calc",
        65,
        pytest.approx(50.163188, abs=1e-6),
        1.84375,
        "59 offences against 32: 1.8 times as many (95% interval 1.2 to 2.9); more than chance in the counts.",
        "9th of 15",
        41,
        "No change or still some concern",
        "No change or still some concern",
        "2011-04-01 00:00:00",
        "2010-11 Q1",
        "All Crime",
        "South Cambridgeshire",
        "2011-07-11 00:00:00",
        too_many,
    ]
    assert excel["every"][2][1] == [["2009-10", 121], ["2010-11", 115]]
