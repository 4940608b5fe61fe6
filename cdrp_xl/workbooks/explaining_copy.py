"""Explain a cell of a published copy from the copy and its certificate alone: what anyone who has both may know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.errors import FileError
from cdrp_xl.terms import SYMBOLS
from cdrp_xl.workbooks import cells, certificate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.workbook import Workbook

    from cdrp_xl.workbooks.cells import FoundCell
    from cdrp_xl.workbooks.certificate import Certificate

_NOTE = re.compile(r"\[note \d+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """What may be said about a cell: each with what it is, in the order in which a person asks."""

    said: tuple[tuple[str, str], ...]


def explain(copy: Path, asked: str) -> Certified:
    """Return what a copy and its certificate say about a cell: never a row, a reference or a count that it hides.

    Parameters
    ----------
    copy
        The published copy; its certificate is beside it.
    asked
        The cell, such as ``CADET highlights!D12``.

    Raises
    ------
    FileError
        If there is no certificate, it is damaged, or the copy is not the one that it certifies.
    ValueFoundError
        If the cell is empty or is on no worksheet.
    """
    held = certificate.read(certificate.path_of(copy))
    if certificate.hashed_file(copy).sha256 != held.copy.sha256:
        raise FileError(
            f"{copy.name} is not the copy that was certified: it was changed since, or is another file.",
            where=str(copy),
            remedy="Ask whoever published it for the copy again.",
        )
    cell = cells.find(copy, asked)
    return Certified(said=(*_facts_on_cell(cell, cells.opened(copy)), *_facts_on_certificate(cell, held)))


def _facts_on_cell(cell: FoundCell, book: Workbook) -> Iterator[tuple[str, str]]:
    of = ", ".join(filter(None, (cell.label, cell.heading)))
    yield "Cell", f"{cell.sheet}, {cell.address}{f': {of}' if of else ''}"
    yield "Shown", str(cell.value)
    if meaning := SYMBOLS.get(str(cell.value)):
        yield "Symbol", meaning
    texts = " ".join(_texts(book, cell.sheet))
    pages = {table: sheet for sheet in book.worksheets for table in sheet.tables}
    listed = pages["tblNotes"].iter_rows(max_col=2, values_only=True) if "tblNotes" in pages else ()
    notes = {row[0]: row[1] for row in listed if row[0]}
    for cited in dict.fromkeys(_NOTE.findall(texts)):
        if cited in notes:
            yield cited.strip("[]").capitalize(), str(notes[cited])
    if "tblChanged" in pages:
        for row in pages["tblChanged"].iter_rows(values_only=True):
            if row[0] == cell.label and cell.label:
                yield "Revised", ", ".join(str(value) for value in row[1:] if value is not None)


def _texts(book: Workbook, sheet: str) -> Iterator[str]:
    for (value,) in book[sheet].iter_rows(max_col=1, values_only=True):
        if isinstance(value, str):
            yield value


def _facts_on_certificate(cell: FoundCell, held: Certificate) -> Iterator[tuple[str, str]]:
    yield "Copy", f"{held.area}, {held.quarter}, certified on {held.date}; SHA-256 {held.copy.sha256}"
    for file in held.read:
        yield "Made of", f"{file.name}, {file.size:,} bytes, SHA-256 {file.sha256}"
    for each in held.definitions:
        yield "Definitions", f"{each.title} ({each.name}, SHA-256 {each.sha256})"
    for small in held.small_counts:
        if cell.sheet in small.sheet.split(", "):
            rounded = "counts are rounded; " if small.rounded else ""
            yield "Small counts", f"{rounded}{small.hidden:,} cells are hidden"
    for judged in (*held.judgements, *held.accepted):
        if judged.what in {cell.label, cell.sheet}:
            yield "Judged", f"{judged.judgement}: {judged.reason}"
    yield "Worked out by", held.made_by
