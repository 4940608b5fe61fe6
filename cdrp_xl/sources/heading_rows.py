"""Where the headings of a table are, and what they are called: below titles, and whatever their capitals and spaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdrp_xl import folding
from cdrp_xl.errors import ValueFoundError, place, quoted
from cdrp_xl.folding import spaced

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

ROWS_LOOKED_AT = 40
"""So many rows of a file or worksheet are looked through for its headings."""

UNNAMED = "__UNNAMED__"
"""What a column without a heading is called, with its number."""

_FEWEST_HEADINGS = 2
_NOTE = re.compile(r"\s*\[notes?\s[^\]]*\]", re.IGNORECASE)


def without_notes(heading: str) -> str:
    """Return a heading with single spaces and without the marks of its notes, whose numbering differs between files.

    Examples
    --------
    >>> without_notes("Total recorded crime  (excluding fraud) [note 2]")
    'Total recorded crime (excluding fraud)'
    """
    return spaced(_NOTE.sub("", heading) if "[" in heading else heading)


def fold(heading: str) -> str:
    """Return what two headings have alike that mean the same: their words, without the marks of notes."""
    return folding.fold(without_notes(heading))


def find(rows: Sequence[Sequence[str | None]], wanted: Collection[str]) -> int | None:
    """Return the first row, from 0, that has every wanted heading; None if none has.

    Without wanted headings it is the first row that is not blank.
    """
    asked = {fold(heading) for heading in wanted}
    for number, row in enumerate(rows):
        there = {fold(cell) for cell in row if cell}
        if there - {""} and asked <= there:
            return number
    return None


def likest(rows: Sequence[Sequence[str | None]], wanted: Collection[str]) -> int:
    """Return the row, from 0, that has most of the wanted headings: the first filled one, where none has any."""
    filled = [number for number, row in enumerate(rows) if any(cell and cell.strip() for cell in row)] or [0]
    return max(filled, key=lambda number: (found(rows[number], wanted), -number)) if rows else 0


def texts_above(rows: Sequence[Sequence[str | None]], heading_row: int) -> tuple[str, ...]:
    """Return what is written above the headings, such as a title; `heading_row` is counted from 0."""
    return tuple(text for row in rows[:heading_row] for cell in row if cell and (text := spaced(cell)))


def found(row: Sequence[str | None], wanted: Collection[str]) -> int:
    """Return how many of the wanted headings are in a row."""
    there = {fold(cell) for cell in row if cell}
    return sum(fold(heading) in there for heading in wanted)


def are_meant(row: Sequence[str | None], wanted: Collection[str]) -> bool:
    """Return whether a row looks as if it were the headings, and some were missing or misspelt."""
    return found(row, wanted) >= min(_FEWEST_HEADINGS, len(wanted))


def named(
    row: Sequence[str | None], wanted: Collection[str], path: Path, *, sheet: str = "", number: int = 1
) -> tuple[str, ...]:
    """Return the headings of a row, spelt as they are wanted, with a name for each column that has none.

    Raises
    ------
    ValueFoundError
        If a heading appears twice.
    """
    spelt = {fold(heading): heading for heading in wanted}
    written = [cell.strip() if cell else "" for cell in row]
    for heading in filter(None, written):
        alike = [other for other in written if fold(other) == fold(heading)]
        if len(alike) > 1:
            in_capitals = "" if len(set(alike)) == 1 else ", in different capitals"
            raise ValueFoundError(
                f"The heading {quoted(spaced(heading))} appears {len(alike)} times{in_capitals}.",
                where=place(path, sheet=sheet, row=number),
                remedy="Give each column a heading of its own.",
            )
    return tuple(spelt.get(fold(heading), heading) or f"{UNNAMED}{column}" for column, heading in enumerate(written))
