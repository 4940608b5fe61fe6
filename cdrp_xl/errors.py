"""What went wrong, where, and what to do: the one family of errors that a user sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OFFENDERS_NAMED = 3
_LONGEST_SHOWN = 200


class CdrpError(Exception):
    """A fault in the data, the settings or the workbook, in three lines.

    Parameters
    ----------
    what
        One sentence that is clear by itself and says the value found: a worksheet cell may show no more.
    where
        The place as the analyst sees it: file, worksheet, cell, row from 1, heading in quotation marks.
    remedy
        What to do about it.
    lines
        What goes with the remedy, such as lines to paste into the settings: each stays a line of its own.
    """

    def __init__(self, what: str, *, where: str, remedy: str, lines: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy
        self.lines = tuple(lines)

    def __str__(self) -> str:
        lines = (self.what, f"Where: {self.where}", f"What to do: {self.remedy}", *self.lines)
        return "\n".join(line.replace("\n", "\\n") for line in lines)  # the name of a file may hold a line end


class FileError(CdrpError):
    """A file is missing, is not what its name says, or can't be opened."""


class ValueFoundError(CdrpError):
    """A value in an extract, a workbook or the settings is not one that can be used."""


class CannotBeComputedError(CdrpError):
    """A figure was asked for that the data do not carry."""


class CannotBeWrittenError(CdrpError):
    """A workbook or file could not be written; what was there before is kept."""


class RefusedByGateError(CdrpError):
    """The partners' copy may not leave as it is."""


def quoted(name: str) -> str:
    """Return a name in quotation marks, one that nobody would read to its end cut short."""
    return f'"{name}"' if len(name) <= _LONGEST_SHOWN else f'"{name[:_LONGEST_SHOWN]}…" ({len(name):,} characters)'


def name_some(offenders: Sequence[str], *, named: int = OFFENDERS_NAMED) -> str:
    """Name the first offenders and count the rest: ``"a, b, c and 4 more"``."""
    shown = ", ".join(offenders[:named])
    rest = len(offenders) - named
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def place(file: Path | str | None = None, *, sheet: str = "", row: int | None = None, heading: str = "") -> str:
    """Return a place as an analyst reads it: ``burglaries.csv, worksheet "Data", row 25, heading "Offence group"``."""
    parts = [str(file) if file is not None and isinstance(file, str) else getattr(file, "name", "")]
    parts += [f'worksheet "{sheet}"' if sheet else "", f"row {row:,}" if row is not None else ""]
    parts += [f'heading "{heading}"' if heading else ""]
    return ", ".join(part for part in parts if part)
