"""Check words: any text, or the commentary, against the report of a quarter; nothing is written."""

from __future__ import annotations

import codecs
import contextlib
from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.errors import FileError
from cdrp_xl.prose import commentary
from cdrp_xl.prose.checking import Checker
from cdrp_xl.workbooks import record
from cdrp_xl.workbooks.refreshing import prepare

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from cdrp_xl.periods import Period
    from cdrp_xl.prose.findings import Checked


def check(
    folder: Path,
    *,
    text: Path | None,
    quarter: Period | None,
    today: dt.date,
    progress: Callable[[str], None],
) -> tuple[Period, Checked]:
    """Return the quarter reported, and what a text says that its figures do not bear out.

    Parameters
    ----------
    folder
        The partnership's folder.
    text
        A file of plain text; None checks the commentary of the folder's master.
    quarter
        The quarter whose figures are meant; None takes the one last refreshed.
    today
        The day on which this is done.
    progress
        Called with what is being done, in a few words.

    Raises
    ------
    FileError
        If the text can't be read as one.
    CdrpError
        If a source is at fault.
    """
    said = None if text is None else _read(text)
    period = quarter or record.last_quarter(folder)
    built = prepare(folder, quarter=period, today=today, progress=progress).report
    progress("Checking the words")
    checked = commentary.check(built).checked if said is None else Checker.of(built).check(said)
    return built.period, checked


def _read(file: Path) -> str:
    """Return a file's text: UTF-8 or UTF-16 where it says so, otherwise as Windows wrote text before."""
    content = damage.read_file(file)
    encodings = (
        ("utf-16",) if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ("utf-8-sig", "cp1252")
    )
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if "\0" not in text:
                return text
    raise FileError(
        "The text is not plain text.",
        where=str(file),
        remedy="Save it as plain text (in Word: Save As, Plain Text), or paste it into a text file.",
    )
