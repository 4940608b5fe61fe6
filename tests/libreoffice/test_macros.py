from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

import cdrp_xl
from cdrp_xl.errors import ValueFoundError

pytestmark = pytest.mark.libreoffice

SECONDS = 300  # to wait for a Python that starts on a busy machine
BASIC = """
Function Added(a, b)
    Added = a + b
End Function

Sub Mark
    ThisComponent.Sheets.getByIndex(0).getCellRangeByName("A1").String = "marked"
End Sub

Sub Click(command, arguments)
    Shell(command, 0, arguments, False)
End Sub
"""

CALLED = """
import sys
sys.path[:0] = {path!r}
import xlwings as xw
import cdrp_xl.libreoffice
cdrp_xl.libreoffice.activate()
book = xw.Book.caller()
book.sheets[0]["B2"].value = [[book.name, 1], ["from", "=C2+1"]]
book.sheets[0]["A5"].value = "done"
"""


@pytest.fixture
def macro_book(book):
    libraries = book.api.BasicLibraries
    libraries.createLibrary("Standard")
    libraries.getByName("Standard").insertByName("Module1", BASIC)
    return book


def test_a_function_takes_arguments_and_gives_its_value(app, macro_book):
    assert macro_book.macro("Added")(1, 2) == 3
    assert macro_book.macro("Module1.Added")("a", "b") == "ab"
    macro_book.activate()
    assert app.macro("Added")(1.5, 2) == 3.5


def test_a_sub_works_on_its_workbook(macro_book):
    macro_book.macro("Mark")()
    assert macro_book.sheets[0]["A1"].value == "marked"


def test_an_unknown_macro_is_named(macro_book):
    with pytest.raises(ValueFoundError, match=r"(?s)There is no macro .*Nothing.*Module\.Name"):
        macro_book.macro("Nothing")()


def test_a_python_that_a_macro_starts_finds_its_workbook(macro_book, tmp_path):
    """The whole click: xlwings' own arguments, Book.caller(), the live workbook."""
    path = tmp_path / "master.xlsm"
    macro_book.save(path)
    script = tmp_path / "called.py"
    root = str(Path(cdrp_xl.__file__).parents[1])
    script.write_text(CALLED.format(path=[root]), encoding="utf-8")
    macro_book.macro("Click")(sys.executable, f'"{script}" --wb=master.xlsm --from_xl=1')
    sheet = macro_book.sheets[0]
    deadline = time.monotonic() + SECONDS
    while sheet["A5"].value != "done" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sheet["B2:C3"].value == [["master.xlsm", 1], ["from", 2]]
