"""A saved master, filled without any spreadsheet program: its file's parts are changed where our blocks are.

Every part that holds none of our blocks, and points at none, is written back as it was: the analyst's worksheets,
styles, pictures and macros. No library that loads a whole workbook and saves it again does that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import damage, packages
from cdrp_xl.packages import Parts
from cdrp_xl.writers.saved_workbook import charts, pivots
from cdrp_xl.writers.saved_workbook.book import Book
from cdrp_xl.writers.saved_workbook.filling import Filling
from cdrp_xl.writers.saved_workbook.finding import find
from cdrp_xl.writers.saved_workbook.formulas import Reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.sheets import Properties, Sheet

__all__ = ["fill"]


def fill(content: bytes, sheets: Sequence[Sheet], properties: Properties, *, name: str) -> bytes:
    """Return a saved master with the blocks of a layout filled in, wherever they are in it; inputs are left alone.

    Parameters
    ----------
    content
        The master's file.
    sheets
        The layout that it is to show.
    properties
        What it is to say about itself.
    name
        The file's name, for messages.

    Raises
    ------
    FileError
        If the file is damaged, or is not a macro-enabled workbook.
    OtherWorksheetsError
        If the layout has other worksheets or sections than the master was made for.
    CannotBeWrittenError
        If a block is not found, or can't be written as it is.
    """
    with damage.reported(name, damage.damaged(name, remedy=packages.SAVE_AGAIN)):
        return _filled(Book(Parts(content, name=name)), sheets, properties)


def _filled(book: Book, sheets: Sequence[Sheet], properties: Properties) -> bytes:
    filling = Filling(found=find(book, sheets))
    for sheet in sheets:
        filling.fill(sheet)
    filling.blank_what_is_left()
    ours = [pivot for sheet in sheets for pivot in sheet.pivots]
    counted = pivots.count_again(book, ours, Reach(book, filling.changed))
    reach = Reach(book, [*filling.changed, *counted])
    if reach.forget_results():
        book.calculate_on_opening()
    charts.draw_again(book, reach.reaches)
    book.say_of_itself(properties)
    book.finish()
    return book.parts.content()
