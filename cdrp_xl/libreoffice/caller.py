"""What a button in LibreOffice starts: attaches to the workbook that has the button, then runs the button's command.

The user's macro ``RunPython`` writes a job (profile, the workbook's URL and title, command) and waits until the file is
gone; a reason why the workbook could not be reached is in a file beside it. Run as a script and with nothing but
Python's own modules at first, so that a package that is missing or damaged is such a reason too.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import xlwings as xw

_ANSWER_SECONDS = 20.0
_OK_BUTTON = 1


class _Job(NamedTuple):
    profile: str
    url: str
    title: str
    command: str


def main() -> None:
    """Do the job named by the last argument."""
    file = Path(sys.argv[-1])
    job = _Job(*file.read_text(encoding="utf-8").split("\n", maxsplit=3))
    try:
        _find_package()
        book = _attach(job)
    except Exception as error:
        _put(file.with_name(f"{file.name}.failed"), _in_one_line(error))
        file.unlink(missing_ok=True)
        raise
    if _take(file):
        _run(job.command, book)


def _find_package() -> None:
    """Import the package that this file is part of, whatever other cdrp-xl this Python may know."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    import cdrp_xl  # noqa: F401

    del sys.path[0]  # nothing else that lies beside the package goes before Python's own modules


def _attach(job: _Job) -> xw.Book:
    """Return the workbook, in the LibreOffice that started this Python, as ``xw.Book.caller()`` will too."""
    import xlwings as xw

    import cdrp_xl.libreoffice
    from cdrp_xl.errors import CdrpError
    from cdrp_xl.libreoffice.office import ACCEPT_VARIABLE, Office, open_door

    cdrp_xl.libreoffice.activate()
    if not os.environ.get(ACCEPT_VARIABLE):
        accept = open_door(f"-env:UserInstallation={job.profile.removesuffix('/user')}")
        Office(accept, patience=_ANSWER_SECONDS)  # the door may take a moment to open
        os.environ[ACCEPT_VARIABLE] = accept
    for book in xw.books:
        if job.url == book.api.URL and (job.url or book.api.Title == job.title):
            sys.argv[:] = ["cdrp-xl", f"--wb={book.name}", "--from_xl=1"]
            book.set_mock_caller()  # on Windows xlwings would look for the window in Excel
            return book
    raise CdrpError(
        f"The workbook {job.title} is not open in the LibreOffice that answers.",
        where=os.environ[ACCEPT_VARIABLE],
        remedy="Close every LibreOffice, open the workbook again and press its button.",
    )


def _run(command: str, book: xw.Book) -> None:
    from cdrp_xl.errors import CdrpError

    try:
        exec(command, {"__name__": "__main__"})  # noqa: S102 - a button's own statement, as xlwings runs it in Excel
    except CdrpError as fault:
        _show(book, str(fault))
        raise
    except Exception as error:
        _show(book, f"{_in_one_line(error)}\n\n{traceback.format_exc()}")
        raise


def _take(file: Path) -> bool:
    """Remove the job; False where it is gone, since whoever waited for it has given up."""
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    return True


def _put(file: Path, text: str) -> None:
    beside = file.with_name(f"{file.name}.tmp")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)


def _in_one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _show(book: xw.Book, text: str) -> None:
    """Show a message before the workbook, where there is a screen to show it on."""
    from cdrp_xl.libreoffice.office import enum

    window = book.api.CurrentController.Frame.ContainerWindow
    if window is not None and window.isVisible():
        kind = enum("awt.MessageBoxType", "ERRORBOX")
        window.Toolkit.createMessageBox(window, kind, _OK_BUTTON, "cdrp-xl", text).execute()


if __name__ == "__main__":
    main()
