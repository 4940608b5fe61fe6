"""A return that comes while the master is open is filled in by its next refresh, and published from there."""

from __future__ import annotations

import datetime as dt

import openpyxl

from cdrp_xl import addin
from cdrp_xl.workbooks import refreshing

TODAY = dt.date(2011, 7, 29)


def texts(sheet):
    return {value for row in sheet.used_range.options(ndim=2).value for value in row}


def test_a_return_that_was_missing_is_filled_in_when_it_has_come(app, example):
    form = example / "returns" / "2011-12-Q1" / "drug-and-alcohol.xlsx"
    content = form.read_bytes()
    form.unlink()
    refreshing.refresh(example, quarter=None, today=TODAY, progress=str)
    book = app.books.open(example / "master.xlsm")
    try:
        assert {"Missing", "It has not come."} <= texts(book.sheets["Partner returns"])
        assert 102 not in texts(book.sheets["Drug and alcohol"])
        form.write_bytes(content)
        addin.refresh(book, today=TODAY)
        assert "Missing" not in texts(book.sheets["Partner returns"])
        shown = texts(book.sheets["Drug and alcohol"])
        assert {102, 64, 9, "7.0 points lower (likely between 4.5 and 9.5): unlikely to be chance."} <= shown
        officer = "lead officer: Drug and alcohol action team manager"
        dates = "returned this on 19 July 2011. It was due on 21 July 2011."
        assert f"Drug and alcohol action team ({officer}) {dates}" in shown
        addin.publish(book, today=TODAY)
        (copy,) = (example / "published").glob("*Q1.xlsx")
        published = {cell.value for row in openpyxl.load_workbook(copy)["Drug and alcohol"] for cell in row}
        assert {102, 64, 9, "7.0 points lower (likely between 4.5 and 9.5): unlikely to be chance."} <= published
    finally:
        book.close()
