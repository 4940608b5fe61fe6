"""The headings of a CSV file: below titles, whatever is between them, in UTF-8, UTF-16 or Windows-1252."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl import damage
from cdrp_xl.errors import FileError, ValueFoundError, place
from cdrp_xl.sources import heading_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_DELIMITERS = ",;\t|"
_HEAD = 1 << 16
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")


class CsvHeadings(NamedTuple):
    """The headings of a CSV file, the character between them, where they are, and what is written above them.

    `row` is their row, `lines_above` how many lines there are above it, and `lines` over how many they go.
    """

    headings: tuple[str, ...]
    delimiter: str
    row: int
    lines_above: int
    lines: int
    above: tuple[str, ...]


def find(head: bytes, path: Path, wanted: Mapping[str, str] | None) -> CsvHeadings:
    """Return the headings of a CSV file, and where they are; without wanted ones they are in the first row."""
    check_is_text(head, path)
    text = decoded(head)
    delimiters = by_use(text)
    names = tuple((wanted or {}).values())
    for delimiter in delimiters if names else ():
        rows = first_rows(text, delimiter)
        at = heading_rows.find([row for row, _ in rows], names)
        if at is not None:
            return _headings_at(rows, at, delimiter, path, names)
    rows = first_rows(text, delimiters[0])
    if not rows or not any(cell.strip() for cell in rows[0][0]):
        if not text.strip(" \t\r\n,;|"):
            raise damage.empty(path)
        what_to_do = "Take out what is above the heading row."
        raise ValueFoundError("The first row holds no headings.", where=place(path, row=1), remedy=what_to_do)
    return _headings_at(rows, 0, delimiters[0], path, names)


def by_use(text: str) -> list[str]:
    """Return what may be between cells, the sign that the first line has most of first."""
    outside = re.split(r"[\r\n]", re.sub(r'"[^"]*"', "", text), maxsplit=1)[0]
    return sorted(_DELIMITERS, key=outside.count, reverse=True)


def first_rows(text: str, delimiter: str) -> list[tuple[list[str], int]]:
    """Return the first rows of a CSV file, each with the lines above it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, above = [], 0
    with contextlib.suppress(csv.Error):
        for row in itertools.islice(reader, heading_rows.ROWS_LOOKED_AT):
            rows.append((row, above))
            above = reader.line_num
    return rows


def _headings_at(
    rows: Sequence[tuple[list[str], int]], at: int, delimiter: str, path: Path, wanted: Collection[str]
) -> CsvHeadings:
    row, lines_above = rows[at]
    headings = heading_rows.named(row, wanted, path, number=at + 1)
    lines = rows[at + 1][1] - lines_above if at + 1 < len(rows) else 1
    above = heading_rows.texts_above([cells for cells, _ in rows], at)
    return CsvHeadings(
        headings=headings, delimiter=delimiter, row=at + 1, lines_above=lines_above, lines=lines, above=above
    )


def decoded(head: bytes) -> str:
    """Return the beginning of a file as text; a character that the beginning cuts in two is left off."""
    if head.startswith(UTF16_MARKS):
        return codecs.getincrementaldecoder("utf-16")().decode(head)
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head, final=len(head) < _HEAD)
    except UnicodeDecodeError:
        return head.decode("cp1252", errors="replace")


def check_is_text(head: bytes, path: Path) -> None:
    """Refuse a workbook or an archive that is called a text file."""
    if head.startswith(_NOT_TEXT):
        raise FileError(
            f"{path.name} is a workbook or an archive, not text.",
            where=str(path),
            remedy="Give it the ending of what it is (.xlsx, .zip), or save it as CSV.",
        )


def head(path: Path) -> bytes:
    """Return the beginning of a file, in which its headings are."""
    with damage.reported(path), path.open("rb") as file:
        return file.read(_HEAD)
