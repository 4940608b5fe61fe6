"""The analyst's open master: the blocks of a layout are found in it, checked, filled, and put back if a write fails.

Blocks are found by their names, wherever the analyst has moved them. What holds already is not written again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeWrittenError, CdrpError, name_some, quoted
from cdrp_xl.writers.existing_workbook import texts_of
from cdrp_xl.writers.open_workbook import cells, pivots
from cdrp_xl.writers.open_workbook.adding import add_worksheets
from cdrp_xl.writers.open_workbook.filling import Filling
from cdrp_xl.writers.open_workbook.finding import Found, find
from cdrp_xl.writers.open_workbook.room import make_room
from cdrp_xl.writers.open_workbook.steps import Steps
from cdrp_xl.writers.open_workbook.walking import Walk, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import xlwings as xw

    from cdrp_xl.sheets import Sheet, Value

__all__ = ["MAY_BE_MIXED", "Found", "Walk", "fill", "find", "say", "walk"]

STATUS = "control_status"
"""The name of the master's status line."""

MAY_BE_MIXED = "Refreshing: figures may be mixed until this says otherwise"
"""What it says from before the first write to after the last, so that nobody trusts what a killed program left."""


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
        Called with what is being filled, in a few words.

    Raises
    ------
    CannotBeWrittenError
        If a block is not found or can't be written, before anything is; or if a write fails, and then the former
        values are put back, or the message names the worksheets where they are not.
    """
    found, steps = find(book, sheets), Steps()
    present, missing = [found.walk.sheets[name] for name in found.worksheets.values()], found.missing
    progress("Filling the worksheets")
    status = found.walk.named.get(STATUS)
    former = found.walk.shown(status)[0][0] if status else None
    try:
        Filling(found=found, steps=Steps()).put_texts({STATUS: MAY_BE_MIXED} if status else {})
        steps.before(sheets[0].name, lambda: pivots.count_again(present))
        if missing:
            add_worksheets(found, sheets, steps, content=as_file())
            found = find(book, sheets)
        filling = Filling(found=found, steps=steps, former_rows=make_room(found, sheets, steps))
        for sheet in sheets:
            filling.fill(sheet, last=STATUS)
        # The cells and names of lines that the layout no longer has stay for the next time.
        filling.put_texts(dict.fromkeys(found.left))
        pivots.make(found, missing)
        pivots.count_again(present)
        filling.put_texts(_status_in(sheets))
    except BaseException as stopped:
        progress("Putting the former figures back")
        mixed = steps.put_back()
        if status and not mixed:
            say(book, former)
        if isinstance(stopped, CdrpError) and not isinstance(stopped, CannotBeWrittenError):
            raise  # the program itself has ended, and says so
        if mixed:
            raise _mixed(book, mixed) from stopped
        if isinstance(stopped, Exception):
            raise _failed(book, stopped) from stopped
        raise


def say(book: xw.Book, text: str | None) -> None:
    """Say something in the status line of the open master."""
    cells.put(book.names[STATUS].refers_to_range, [[text]])


def _status_in(sheets: Sequence[Sheet]) -> dict[str, Value]:
    return {text.name: text.value for sheet in sheets for text in texts_of(sheet) if text.name == STATUS}


def _mixed(book: xw.Book, sheets: list[str]) -> CannotBeWrittenError:
    return CannotBeWrittenError(
        f"Figures are mixed, new beside former, on {name_some([quoted(name) for name in sheets], named=len(sheets))}.",
        where=book.name,
        remedy="Close the workbook without saving it, open it again and refresh.",
    )


def _failed(book: xw.Book, stopped: Exception) -> CannotBeWrittenError:
    reason = stopped.what if isinstance(stopped, CdrpError) else f"{book.app.engine.name} says: {stopped}"
    return CannotBeWrittenError(
        "The workbook could not be filled; the former figures are back.",
        where=stopped.where if isinstance(stopped, CdrpError) else book.name,
        remedy=f"See what is in the way, then try again. {reason}",
    )
