"""Rules on markings (Government Security Classifications, 2014 and 2024), and on stories of few people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdrp_xl.addresses import cell_name
from cdrp_xl.publication.findings import Severity, rule
from cdrp_xl.publication.places import Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.publication.book import Book, Sheet

_MARKING = re.compile(
    r"(?i:(?:(?:security |protective )?(?:marking|classification)\s*[:-]?\s*)?)"
    r"OFFICIAL(?P<sensitive>\s*[-\u2013: ]\s*SENSITIVE)?\b.{0,60}"
)
_OLD = re.compile(
    r"(?i:\b(?:not )?protectively marked\b)"
    r"|(?:(?i:(?:protective )?marking\s*:?\s*))?\b"
    r"(?:NOT PROTECTIVELY MARKED|UNCLASSIFIED|PROTECT|RESTRICTED|CONFIDENTIAL)\b(?:\s*[-\u2013:].{0,40})?"
)
_PUBLICITY = re.compile(r"\b(publicity|press release|good news)\b", re.IGNORECASE)
_SENSITIVE = re.compile(r"\bOFFICIAL\s*[-\u2013: ]\s*SENSITIVE\b")
_FEW = re.compile(
    r"\b(one|two|three|four|[1-4])\s+(?:\w+\s+){0,2}"
    r"(case|client|victim|offender|famil|person|people|individual|household|resident|wom[ae]n|m[ae]n\b|child|young)",
    re.IGNORECASE,
)
_STORY = re.compile(r"[\u201c\"][^\u201d\"]{12,}[\u201d\"]|\b(she|he|her|his|him|hers)\b", re.IGNORECASE)

_SCHEME = "The Government Security Classifications have OFFICIAL, with SENSITIVE where it needs more care."


def marking(sheet: Sheet) -> str:
    """Return a worksheet's marking, the highest that a cell of its own bears; empty if none does."""
    found = [_MARKING.fullmatch(cell.text.strip()) for cell in sheet.cells.values() if not cell.is_number]
    marks = [match for match in found if match]
    if any(match["sensitive"] for match in marks):
        return "OFFICIAL-SENSITIVE"
    return "OFFICIAL" if marks else ""


@rule(
    "unmarked-sheet",
    Severity.LOOK,
    what="A worksheet has no marking in a cell",
    why="A header or footer is only seen on paper. Readers have to know with whom they may share it.",
    remedy="Write OFFICIAL or OFFICIAL-SENSITIVE into a cell at its top.",
)
def unmarked_sheet(book: Book) -> Iterator[Spot]:
    """Find worksheets without a marking in a cell."""
    for sheet in book.visible:
        if sheet.cells and sheet.is_whole and not marking(sheet):
            yield Spot(part=sheet.part, sheet=sheet.name)


@rule(
    "marked-too-low",
    Severity.BLOCKS,
    what="A worksheet is marked OFFICIAL-SENSITIVE and the workbook only OFFICIAL",
    why="The workbook goes where its first worksheet says that it may.",
    remedy="Mark the first worksheet OFFICIAL-SENSITIVE, or take the sensitive worksheet out.",
)
def marked_too_low(book: Book) -> Iterator[Spot]:
    """Find a workbook whose first worksheet bears a lower marking than one of the others."""
    if not book.visible or marking(book.visible[0]) != "OFFICIAL":
        return
    for sheet in book.visible[1:]:
        if marking(sheet) == "OFFICIAL-SENSITIVE":
            yield Spot(part=sheet.part, sheet=sheet.name)


@rule(
    "old-marking",
    Severity.LOOK,
    what="A marking is of the scheme that ended in 2014",
    why=_SCHEME,
    remedy="Write OFFICIAL or OFFICIAL-SENSITIVE in its place.",
)
def old_marking(book: Book) -> Iterator[Spot]:
    """Find markings of the scheme that ended in 2014."""
    for sheet in book.visible:
        for cell, held in sheet.cells.items():
            if not held.is_number and _OLD.fullmatch(held.text.strip()):
                yield Spot(
                    part=sheet.part, sheet=sheet.name, cell=cell_name(*cell), detail=f'"{held.text.strip()[:60]}"'
                )


@rule(
    "sensitive-publicity",
    Severity.BLOCKS,
    what="An item for publicity is marked as sensitive",
    why="What is for publicity is read by everybody.",
    remedy="Take the item out, or let its owner say that it is not sensitive.",
)
def sensitive_publicity(book: Book) -> Iterator[Spot]:
    """Find items for publicity that are marked as sensitive, by their row or by their worksheet."""
    for sheet in book.visible:
        rows = {row for (row, _), held in sheet.cells.items() if _SENSITIVE.search(held.text)}
        is_sensitive = marking(sheet) == "OFFICIAL-SENSITIVE"
        for (row, column), held in sheet.cells.items():
            if not held.is_number and (is_sensitive or row in rows) and _PUBLICITY.search(held.text):
                yield Spot(part=sheet.part, sheet=sheet.name, cell=cell_name(row, column), detail=f'"{held.text[:60]}"')


@rule(
    "story-of-few",
    Severity.LOOK,
    what="A story is beside a count under 5",
    why="Neighbours and family may recognise the person.",
    remedy="Take out the count or what identifies the person, or ask whoever it is about.",
)
def story_of_few(book: Book) -> Iterator[Spot]:
    """Find a caseload under 5 beside an individual's story or words."""
    for sheet in book.visible:
        for (row, column), held in sheet.cells.items():
            if held.is_number or not (few := _FEW.search(held.text)):
                continue
            around = " ".join(sheet.text(row + down, column) for down in (-1, 0, 1))
            if _STORY.search(around):
                yield Spot(part=sheet.part, sheet=sheet.name, cell=cell_name(row, column), detail=f'"{few[0]}"')


RULES = (unmarked_sheet, marked_too_low, old_marking, sensitive_publicity, story_of_few)
