"""Adding the worksheets of a layout that the open workbook does not have: a new master has none, a priority may be new.

They are taken from the same layout written as a file, so that they look as if they had been there from the beginning.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from cdrp_xl import temporary
from cdrp_xl.addresses import Rectangle, quoted_sheet
from cdrp_xl.writers.existing_workbook import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import xlwings as xw

    from cdrp_xl.sheets import Sheet
    from cdrp_xl.writers.open_workbook.finding import Found
    from cdrp_xl.writers.open_workbook.steps import Steps


def add_worksheets(found: Found, sheets: Sequence[Sheet], steps: Steps, *, content: bytes) -> None:
    """Add the worksheets that are missing, each after the one that it follows in the layout.

    Parameters
    ----------
    found
        What the open workbook has.
    sheets
        The whole layout.
    steps
        Given how each step is put back.
    content
        The layout as a workbook file with macros: LibreOffice ends when a worksheet without a module of its own comes
        into a workbook that has modules.
    """
    book = found.walk.book
    active = book.sheets.active
    last: xw.Sheet | None = None
    with _opened_beside(book, content) as beside:
        for sheet in sheets:
            if sheet in found.missing:
                last = _copied(beside.sheets[sheet.name], book, last)
                steps.before(sheet.name, last.delete)
                _make_known(last, sheet)
            else:
                last = found.walk.sheets[found.worksheets[sheet.name]]
    active.activate()


@contextlib.contextmanager
def _opened_beside(book: xw.Book, content: bytes) -> Iterator[xw.Book]:
    """Open a file in the same program, unseen, for as long as its worksheets are taken from it."""
    is_shown = book.app.screen_updating
    book.app.screen_updating = False
    with temporary.folder("layout") as folder:
        path = folder / "layout.xlsm"
        path.write_bytes(content)
        try:
            beside = book.app.books.open(str(path))
            try:
                yield beside
            finally:
                beside.close()
                book.activate()
        finally:
            book.app.screen_updating = is_shown


def _copied(sheet: xw.Sheet, book: xw.Book, after: xw.Sheet | None) -> xw.Sheet:
    """Copy a worksheet; to the first place by way of the last: LibreOffice may end when it comes there at once."""
    copy = sheet.copy(after=after or book.sheets[-1])
    if after is None:
        copy.move(before=book.sheets[0])
    return copy


def _make_known(copy: xw.Sheet, sheet: Sheet) -> None:
    """Give a copied worksheet the tables and names by which it is found; Excel brings the tables along."""
    present = {table.name for table in copy.tables}
    for table in sheet.tables:
        if table.name not in present:
            cells = Rectangle(row=table.row, column=table.column, rows=table.height, columns=len(table.columns))
            copy.tables.add(copy.range(cells.reference()), name=table.name, table_style_name="")
    for text in texts_of(sheet):
        cell = Rectangle(row=text.row, column=text.column)
        copy.book.names.add(text.name, f"={quoted_sheet(copy.name)}!{cell.reference()}")
