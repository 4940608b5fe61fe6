"""Rules on what a Word document may hold that a workbook has not: tracked changes, hidden texts, fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.publication.findings import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cdrp_xl.publication.book import Book
    from cdrp_xl.publication.places import Spot


def _found_while_read(kind: str) -> Callable[[Book], Iterator[Spot]]:
    """Return what lists the findings of one kind that were made while the document was read."""

    def find(book: Book) -> Iterator[Spot]:
        return (spot for also, spot in book.also if also == kind)

    return find


RULES = (
    Rule(
        rule_id="hidden-text",
        severity=Severity.BLOCKS,
        what="Text in the document is hidden",
        why="Whoever receives the document can show it with a click.",
        remedy="In Word: File, Info, Check for Issues, Inspect Document; remove hidden text, and check again.",
        find=_found_while_read("hidden text"),
    ),
    Rule(
        rule_id="tracked-change",
        severity=Severity.BLOCKS,
        what="There are tracked changes",
        why="They keep what was deleted, with the names of those who changed it.",
        remedy="In Word: Review, Accept, Accept All Changes and Stop Tracking; then check again.",
        find=_found_while_read("tracked change"),
    ),
    Rule(
        rule_id="field",
        severity=Severity.BLOCKS,
        what="A field may fetch something, or show what is not on the page",
        why="Fields take texts from files, databases and properties, such as the name of whoever saved the document.",
        remedy="In Word: choose it and press Ctrl+Shift+F9, which leaves its text alone.",
        find=_found_while_read("field"),
    ),
    Rule(
        rule_id="figure-of-chart",
        severity=Severity.BLOCKS,
        what="A chart of the document holds what no table under its heading shows, and no column elsewhere in full",
        why="The figures of a chart are in the file, whatever the tables show or hide.",
        remedy="Put its table under the same heading, or put the chart in as a picture.",
        find=_found_while_read("figure of a chart"),
    ),
)
