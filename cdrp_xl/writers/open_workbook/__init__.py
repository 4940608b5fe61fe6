"""The analyst's open master: the blocks of a layout are found in it, checked, filled, and put back if a write fails.

Blocks are found by their names, wherever the analyst has moved them. What holds already is not written again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdrp_xl.errors import CannotBeWrittenError, CdrpError, name_some, quoted
from cdrp_xl.writers.open_workbook import cells as values
from cdrp_xl.writers.open_workbook.filling import Filling
from cdrp_xl.writers.open_workbook.finding import Found, find, tables_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import xlwings as xw

    from cdrp_xl.sheets import Sheet

__all__ = ["Found", "fill", "find", "rows_of", "tables_of"]


def fill(book: xw.Book, sheets: Sequence[Sheet], *, progress: Callable[[str], None]) -> None:
    """Fill the blocks of a layout into the open master; inputs are left alone.

    Parameters
    ----------
    book
        The open master.
    sheets
        The layout that it is to show.
    progress
        Told what is being filled, in a few words.

    Raises
    ------
    CannotBeWrittenError
        If a block is not found or can't be written, before anything is; or if a write fails, and then the former
        values stand again, or the message says on which worksheets they do not.
    """
    found = find(book, sheets)
    filling = Filling(found=found)
    try:
        for sheet in sheets:
            progress(f"Filling the worksheet {sheet.name}")
            filling.fill(sheet)
        filling.blank_what_is_left()
    except BaseException as stopped:
        progress("Putting the former figures back")
        mixed = filling.put_back()
        if mixed:
            raise _mixed(book, mixed) from stopped
        if isinstance(stopped, Exception):
            raise _failed(book, stopped) from stopped
        raise


def rows_of(live: xw.main.Table) -> list[list[Any]]:
    """Return the headings and the rows of a table, and the row under it, in which nothing should stand."""
    cells = live.range
    return values.read(cells.resize(cells.rows.count + 1))


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
