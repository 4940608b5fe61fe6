"""The analyst's open master: the blocks of a layout are found in it, checked, filled, and put back if a write fails.

Blocks are found by their names, wherever the analyst has moved them. What holds already is not written again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeWrittenError, CdrpError, name_some, quoted
from cdrp_xl.writers.open_workbook.adding import add_worksheets
from cdrp_xl.writers.open_workbook.filling import Filling
from cdrp_xl.writers.open_workbook.finding import Found, find
from cdrp_xl.writers.open_workbook.room import make_room
from cdrp_xl.writers.open_workbook.steps import Steps
from cdrp_xl.writers.open_workbook.walking import Walk, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import xlwings as xw

    from cdrp_xl.sheets import Sheet

__all__ = ["Found", "Walk", "fill", "find", "walk"]


def fill(
    book: xw.Book, sheets: Sequence[Sheet], *, as_file: Callable[[], bytes], progress: Callable[[str], None]
) -> None:
    """Fill the blocks of a layout into the open master; worksheets that it lacks are added, inputs are left alone.

    Parameters
    ----------
    book
        The open master.
    sheets
        The layout that it is to show.
    as_file
        Returns the same layout as a workbook file with macros, from which worksheets are taken that the master does not
        have yet.
    progress
        Told what is being filled, in a few words.

    Raises
    ------
    CannotBeWrittenError
        If a block is not found or can't be written, before anything is; or if a write fails, and then the former
        values stand again, or the message says on which worksheets they do not.
    """
    found, steps = find(book, sheets), Steps()
    progress("Filling the worksheets")
    try:
        if found.missing:
            add_worksheets(found, sheets, steps, content=as_file())
            found = find(book, sheets)
        filling = Filling(found=found, steps=steps, former_rows=make_room(found, sheets, steps))
        for sheet in sheets:
            filling.fill(sheet)
        # The cells and names of lines that the layout has no more stay for the next time.
        filling.put_texts(dict.fromkeys(found.left))
    except BaseException as stopped:
        progress("Putting the former figures back")
        mixed = steps.put_back()
        if mixed:
            raise _mixed(book, mixed) from stopped
        if isinstance(stopped, Exception):
            raise _failed(book, stopped) from stopped
        raise


def _mixed(book: xw.Book, sheets: list[str]) -> CannotBeWrittenError:
    return CannotBeWrittenError(
        f"Figures are mixed, new beside former, on {name_some([quoted(name) for name in sheets], named=len(sheets))}.",
        where=book.name,
        remedy="Close the workbook without saving it, open it again and refresh.",
    )


def _failed(book: xw.Book, stopped: Exception) -> CannotBeWrittenError:
    reason = stopped.what if isinstance(stopped, CdrpError) else f"{book.app.engine.name} says: {stopped}"
    return CannotBeWrittenError(
        "The workbook could not be filled; the former figures stand again.",
        where=stopped.where if isinstance(stopped, CdrpError) else book.name,
        remedy=f"See what is in the way, then try again. {reason}",
    )
