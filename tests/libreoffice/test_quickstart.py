"""The steps of xlwings' quickstart, one after the other, as a reader types them: only the engine is another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlwings as xw

pytestmark = pytest.mark.libreoffice


@pytest.fixture
def here(app, tmp_path, monkeypatch):
    """Return the working directory of a reader whose LibreOffice has no other workbook in front."""
    monkeypatch.chdir(tmp_path)
    app.activate()
    opened_before = {book.fullname for book in app.books}
    yield tmp_path
    if hasattr(xw.Book, "_mock_caller"):
        del xw.Book._mock_caller
    for book in list(app.books):
        if book.fullname not in opened_before:
            book.close()


def test_a_script_reads_and_writes(app, here):
    wb = xw.Book()
    assert wb in list(app.books)
    wb.save("FileName.xlsx")
    assert xw.Book("FileName.xlsx") == xw.apps[app.pid].books["FileName.xlsx"] == wb
    wb.close()
    wb = xw.Book("FileName.xlsx")
    assert wb.fullname == str(here / "FileName.xlsx")

    sheet = wb.sheets["Sheet1"]
    assert sheet == wb.sheets[0]
    sheet["A1"].value = "Foo 1"
    assert sheet["A1"].value == "Foo 1"
    sheet["A1"].value = [["Foo 1", "Foo 2", "Foo 3"], [10.0, 20.0, 30.0]]
    assert sheet["A1"].expand().value == [["Foo 1", "Foo 2", "Foo 3"], [10.0, 20.0, 30.0]]
    assert sheet.range("A1:C1").value == ["Foo 1", "Foo 2", "Foo 3"]

    sheet.clear()
    df = pd.DataFrame([[1, 2], [3, 4]], columns=["a", "b"])
    sheet["A1"].value = df
    back = sheet["A1"].options(pd.DataFrame, expand="table").value
    pd.testing.assert_frame_equal(back, df, check_dtype=False, check_index_type=False)

    wb.save()
    wb.close()
    saved = openpyxl.load_workbook("FileName.xlsx").active
    assert list(saved.iter_rows(values_only=True)) == [(None, "a", "b"), (0, 1, 2), (1, 3, 4)]


def test_a_picture_is_added_and_updated(here):
    """The quickstart's picture is a figure of Matplotlib's, which xlwings turns into a file like these."""
    for name, width in (("one.svg", 40), ("two.svg", 80)):
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20"/>'
        (here / name).write_text(drawing, encoding="utf-8")
    sheet = xw.Book().sheets[0]
    first = sheet.pictures.add("one.svg", name="MyPlot", update=True)
    size = first.width, first.height
    again = sheet.pictures.add("two.svg", name="MyPlot", update=True)
    assert [picture.name for picture in sheet.pictures] == ["MyPlot"]
    assert (again.width, again.height) == pytest.approx(size)


@pytest.mark.usefixtures("here")
def test_a_notebook_views_and_loads(app):
    df = pd.DataFrame({"area": ["Bar Hill", "Sawston"], "offences": [12.0, 9.0]})
    xw.view(df)
    sheet = app.books.active.sheets.active
    assert sheet.tables[0].range.value == [[" ", "area", "offences"], [0, "Bar Hill", 12], [1, "Sawston", 9]]
    sheet["A1"].select()
    pd.testing.assert_frame_equal(xw.load().reset_index(drop=True), df)
    xw.view([[1, 2], [3, 4]], sheet=sheet)
    assert xw.load(index=False, header=False).to_numpy().tolist() == [[1, 2], [3, 4]]


def test_the_project_that_the_quickstart_makes_runs(here, monkeypatch):
    subprocess.run([sys.executable, "-m", "xlwings.cli", "quickstart", "myproject"], check=True, capture_output=True)
    monkeypatch.chdir(here / "myproject")
    for greeting in ("Hello xlwings!", "Bye xlwings!"):
        # Not by runpy, which puts another module in __main__'s place: there UNO keeps what it knows.
        exec(Path("myproject.py").read_text(encoding="utf-8"), {"__name__": "__main__"})  # noqa: S102 - xlwings' own
        assert xw.books["myproject.xlsm"].sheets[0]["A1"].value == greeting
