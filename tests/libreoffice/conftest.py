"""A fresh worksheet for each test, in the one LibreOffice that xlwings drives."""

from __future__ import annotations

import struct

import pytest

from cdrp_xl.libreoffice.office import file_url, properties


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


@pytest.fixture
def colours_of(app):
    """Return a function that gives the colours of a picture's pixels, which LibreOffice itself reads for it."""

    def colours(path):
        provider = app.impl.office.service("graphic.GraphicProvider")
        bitmap = path.with_suffix(".bmp")
        graphic = provider.queryGraphic(properties(URL=file_url(path)))
        provider.storeGraphic(graphic, properties(URL=file_url(bitmap), MimeType="image/x-MS-bmp"))
        content = bitmap.read_bytes()
        start, bits = struct.unpack_from("<I", content, 10)[0], struct.unpack_from("<H", content, 28)[0]
        assert bits == 24
        return {
            (red, green, blue)
            for blue, green, red in struct.iter_unpack("3B", content[start : start + (len(content) - start) // 3 * 3])
        }

    return colours
