"""A fresh worksheet for each test, in the one LibreOffice that xlwings drives."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def shared_book(app):
    return app.books.add()


@pytest.fixture
def sheet(shared_book):
    """Return an empty worksheet in a workbook that other tests use too."""
    sheet = shared_book.sheets.add()
    yield sheet
    if len(shared_book.sheets) > 1:
        sheet.delete()


@pytest.fixture
def book(app):
    """Return a workbook of the test's own."""
    book = app.books.add()
    yield book
    if book.impl.uid in [open_book.impl.uid for open_book in app.books]:
        book.close()
