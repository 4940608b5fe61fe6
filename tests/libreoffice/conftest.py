"""One LibreOffice for the whole folder, a fresh worksheet for each test."""

from __future__ import annotations

import pytest
import xlwings as xw

import cdrp_xl.libreoffice
from cdrp_xl.libreoffice.office import OfficeUnavailableError, bridge


@pytest.fixture(scope="session")
def engine():
    try:
        bridge()
    except OfficeUnavailableError as error:
        pytest.skip(f"{error.what} {error.remedy}")
    before = xw.engines.active
    yield cdrp_xl.libreoffice.activate()
    xw.engines.active = before


@pytest.fixture(scope="session")
def app(engine):  # the engine has to be active first
    app = xw.App(visible=False, add_book=False)
    yield app
    app.quit()


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
