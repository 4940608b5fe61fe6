"""Rules on words that appear only when a cell is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.publication.findings import Severity, rule
from cdrp_xl.publication.places import Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.publication.book import Book

_LONGEST_SHOWN = 60


@rule(
    "cell-message",
    Severity.LOOK,
    what="A message appears only when its cell is selected or the mouse is over it",
    why="It was written for whoever filled the cell in, not for those who read it.",
    remedy="In Excel: Data, Data Validation, Clear All; for a hyperlink, Edit Hyperlink, ScreenTip.",
)
def message_of_a_cell(book: Book) -> Iterator[Spot]:
    """Find messages that only appear when a cell is selected or the mouse is over it."""
    for sheet in book.sheets:
        if sheet.messages:
            (first, text), *others = dict.fromkeys(sheet.messages)
            more = f" and {len(others):,} more on this worksheet" if others else ""
            detail = f'"{text[:_LONGEST_SHOWN]}"{more}'
            yield Spot(part=sheet.part, sheet=sheet.name, cell=first, detail=detail)


RULES = (message_of_a_cell,)
