"""Cells, charts and shapes as pictures and PDFs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdrp_xl import temporary
from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice.office import file_url, properties

if TYPE_CHECKING:
    from cdrp_xl.libreoffice.book import Book
    from cdrp_xl.libreoffice.range import Range

_PAGE_OF_THE_CELLS = "cdrp-xl picture"
_BARE: dict[str, Any] = {
    **dict.fromkeys(("LeftMargin", "RightMargin", "TopMargin", "BottomMargin"), 0),
    **dict.fromkeys(("HeaderIsOn", "FooterIsOn", "PrintGrid", "PrintHeaders", "PrintAnnotations"), False),
    "ScaleToPages": 1,
}


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


def cells_to_png(block: Range, path: str | Path) -> None:
    """Write some cells as a PNG of a screen's resolution.

    LibreOffice draws pictures of pages, so the cells get a page of their own size.
    """
    target = Path(path).resolve()
    folder = temporary.make("picture")
    try:
        page = folder.path / "page.pdf"
        _print_on_a_bare_page(block, page)
        provider = block.sheet.book.app.office.service("graphic.GraphicProvider")
        graphic = provider.queryGraphic(properties(URL=file_url(page)))
        if graphic is None or not target.parent.is_dir():
            raise CannotBeWrittenError(
                f'"{target.name}" could not be written.',
                where=str(target),
                remedy="Check that the folder exists, or use to_pdf(): this LibreOffice may draw no pictures of PDFs.",
            )
        provider.storeGraphic(graphic, properties(URL=file_url(target), MimeType="image/png"))
    finally:
        folder.remove()


def _print_on_a_bare_page(block: Range, path: Path) -> None:
    """Write cells as a PDF of one page of their size, without margins, headers and footers."""
    document, sheet, size = block.sheet.book.xl, block.sheet.xl, block.cells.Size
    styles, own, was_modified = document.StyleFamilies.getByName("PageStyles"), sheet.PageStyle, document.isModified()
    styles.insertByName(_PAGE_OF_THE_CELLS, document.createInstance("com.sun.star.style.PageStyle"))
    try:
        style = styles.getByName(_PAGE_OF_THE_CELLS)
        for name, value in {**_BARE, "Width": size.Width, "Height": size.Height}.items():
            setattr(style, name, value)
        sheet.PageStyle = _PAGE_OF_THE_CELLS
        selection_to_pdf(block.sheet.book, block.cells, path)
    finally:
        sheet.PageStyle = own
        styles.removeByName(_PAGE_OF_THE_CELLS)
        document.setModified(was_modified)
