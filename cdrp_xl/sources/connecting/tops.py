"""The row of headings of an extract that nobody has described yet, in whichever format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.folding import spaced
from cdrp_xl.sources import counting_engine, csv_headings, files, heading_rows, worksheets
from cdrp_xl.sources.connecting import names
from cdrp_xl.sources.heading_rows import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_LEAST_COLUMNS = 3
"""A reference, a date and an offence: an extract has as many columns at least."""


def shared(paths: Sequence[Path], *, sheet: str = "") -> tuple[str, ...]:
    """Return the headings that all files of an extract have, in the order of the first.

    Raises
    ------
    FileError
        As for `headings`.
    ValueFoundError
        As for `headings`, or if a file has different headings from the first.
    """
    first, *others = [headings(path, sheet=sheet) for path in paths]
    for path, found in zip(paths[1:], others, strict=True):
        both = _in_both(first, found)
        if len(both) < max(_LEAST_COLUMNS, len(first) // 2):
            raise ValueFoundError(
                f"{path.name} has different headings from {paths[0].name}: it is not part of the same extract.",
                where=f"{path.name}, headings {name_some(list(map(quoted, found)), named=12)}",
                remedy="Connect the files of one extract at a time.",
            )
        first = both
    return first


def headings(path: Path, *, sheet: str = "") -> tuple[str, ...]:
    """Return the headings of a file: those of the row in which most are known by their names.

    Of a workbook they are those that all worksheets with such a row have.

    Raises
    ------
    FileError
        If the file is missing, empty, locked, or is not what its name says.
    ValueFoundError
        If no row can be one of headings.
    """
    damage.check_is_file(path)
    likest = [_filled(max(rows, key=_likeness)) for rows in _tops(path, sheet) if rows]
    found = max(likest, key=_likeness, default=())
    if path.suffix.lower() in files.EXCEL_SUFFIXES:
        for other in likest:
            both = _in_both(found, other)
            found = both if 2 * len(both) > len(found) else found
    if len({fold(heading) for heading in found}) < _LEAST_COLUMNS:
        raise ValueFoundError(
            f"{path.name} has no heading row like that of an extract of crimes.",
            where=path.name,
            remedy="Name a file with a row for each offence, under headings: a reference, a date and an offence.",
        )
    return found


def _in_both(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    there = set(map(fold, other))
    return tuple(heading for heading in one if fold(heading) in there)


def _filled(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cell for cell in map(spaced, row) if cell))


def _likeness(row: Sequence[str]) -> tuple[int, int]:
    """Return how many cells of a row are known as headings, and how many are words at all."""
    filled = [cell for cell in map(spaced, row) if cell]
    return sum(map(names.is_known, {fold(cell): cell for cell in filled}.values())), sum(
        not any(letter.isdigit() for letter in cell) for cell in filled
    )


def _tops(path: Path, sheet: str) -> Iterator[list[list[str]]]:
    """Yield the first rows of each worksheet, or of the file by each sign that may be between its cells."""
    suffix = path.suffix.lower()
    if suffix in files.EXCEL_SUFFIXES:
        for name in (sheet,) if sheet else worksheets.names(path):
            yield _of_worksheet(path, name)
    elif suffix == ".parquet":
        with files.opened(path) as rows:
            yield [list(rows.files[0].headings)]
    else:
        head = csv_headings.head(path)
        csv_headings.check_is_text(head, path)
        text = csv_headings.decoded(head)
        if not text.strip():
            raise damage.empty(path)
        for delimiter in csv_headings.by_use(text):
            yield [row for row, _ in csv_headings.first_rows(text, delimiter)]


def _of_worksheet(path: Path, sheet: str) -> list[list[str]]:
    _, cells = worksheets.load(path, sheet, heading_row=None)
    if not cells.available_columns():
        return []
    with counting_engine.connected() as connection:
        connection.register("cells", cells)
        rows = connection.execute(f"FROM cells LIMIT {heading_rows.ROWS_LOOKED_AT}").fetchall()
    return [[cell or "" for cell in row] for row in rows]
