"""Cells, charts and shapes as pictures and PDFs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdrp_xl.libreoffice.office import file_url, properties

if TYPE_CHECKING:
    from cdrp_xl.libreoffice.book import Book


def selection_to_pdf(book: Book, selection: Any, path: str | Path) -> None:
    """Write some cells or a shape as a PDF."""
    book.export_pdf(Path(path), properties(Selection=selection))


def shape_to_pdf(book: Book, shape: Any, path: str | Path) -> None:
    """Write a shape, which a chart or picture lies in, as a PDF of one page."""
    shapes = book.app.office.service("drawing.ShapeCollection")
    shapes.add(shape)
    selection_to_pdf(book, shapes, path)


def shape_to_png(book: Book, shape: Any, path: str | Path) -> None:
    """Write a shape, which a chart or picture lies in, as a PNG."""
    export = book.app.office.service("drawing.GraphicExportFilter")
    export.setSourceDocument(shape)
    export.filter(properties(URL=file_url(Path(path).resolve()), MediaType="image/png"))
