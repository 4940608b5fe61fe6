"""Rules on words that stand in the file beside its cells: messages, lists, tips, headers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdrp_xl.publication.findings import Rule, Severity
from cdrp_xl.publication.places import Places, Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.publication.book import Book

_MESSAGES = frozenset({"a message", "a hyperlink's tip"})
_LONGEST_SHOWN, _FEWEST_LETTERS, _MOST_WORDS = 60, 3, 500
_OF_PAGES = re.compile(r"[\W\d_]*((page|of|sheet|printed|on|at)\b[\W\d_]*)*", re.IGNORECASE)


def message_of_a_cell(book: Book) -> Iterator[Spot]:
    """Find messages that only appear when a cell is chosen or pointed at."""
    for sheet in book.sheets:
        told = dict.fromkeys((cell, text) for cell, kind, text in sheet.words if kind in _MESSAGES)
        if told:
            (first, text), *others = told
            more = f" and {len(others):,} more on this worksheet" if others else ""
            detail = f'"{text[:_LONGEST_SHOWN]}"{more}'
            yield Spot(part=sheet.part, sheet=sheet.name, cell=first, detail=detail)


def unshown_words(book: Book) -> Iterator[Spot]:
    """Find words that a list, a rule, a table, a header or a footer holds, and no cell that can be seen."""
    shown, looked_at = book.shown, 0
    for sheet in book.sheets:
        found: dict[tuple[str, str], Places] = {}
        on_pages = [("", "a header or footer", text) for text, _ in sheet.page_texts]
        for cell, kind, text in dict.fromkeys((*sheet.words, *on_pages)):
            if kind in _MESSAGES or len(text) < _FEWEST_LETTERS or _OF_PAGES.fullmatch(text):
                continue
            looked_at += 1
            if looked_at <= _MOST_WORDS and text.strip().casefold() not in shown:
                found.setdefault((cell, kind), Places()).add(f'"{text.strip()[:_LONGEST_SHOWN]}"')
        for (cell, kind), words in found.items():
            yield Spot(part=sheet.part, sheet=sheet.name, cell=cell, detail=f"{kind} holds {words}")
    if looked_at > _MOST_WORDS:
        yield Spot(detail="there are too many to look at them all")


RULES = (
    Rule(
        rule_id="cell-message",
        severity=Severity.LOOK,
        what="A message appears only when its cell is chosen or pointed at",
        why="It was written for whoever filled the cell in, not for those who read it.",
        remedy="In Excel: Data, Data Validation, Clear All; for a hyperlink, Edit Hyperlink, ScreenTip.",
        find=message_of_a_cell,
    ),
    Rule(
        rule_id="unshown-words",
        severity=Severity.LOOK,
        what="There are words that no cell shows",
        why="Lists, rules, tables, headers and footers keep words that whoever checks the cells does not see.",
        remedy="Read them, and take out what is not for the readers.",
        find=unshown_words,
    ),
)
