"""Rules on what is on no list: every element, attribute and text is compared with the schema of the format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.publication.findings import Rule, Severity, rule
from cdrp_xl.publication.kinds import ALLOWED, is_known_extension, is_known_namespace
from cdrp_xl.publication.places import Places, Spot
from cdrp_xl.publication.strings import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cdrp_xl.publication.book import Book

_LONGEST_SHOWN = 60
_TABS = frozenset({"x:sheet@name", "table:table@table:name"})
"""Names of worksheets: readers see them on the screen and not on paper."""

_SAVE_AGAIN = "Open the workbook, save it under another name, and check that."
_VALUES = "Make the copy from values only: copy the cells and paste them as values into a new workbook."


@rule(
    "foreign-xml",
    Severity.BLOCKS,
    what="There is XML in a language that workbooks are not written in",
    why="Programs pass over it, yet whoever looks into the file can read it.",
    remedy=_SAVE_AGAIN,
)
def foreign_xml(book: Book) -> Iterator[Spot]:
    """Find namespaces that no workbook is written in, and prefixes that are words."""
    for part in book.parts.values():
        foreign = {each for each in part.namespaces if not is_known_namespace(each)}
        if foreign and part.kind in ALLOWED:
            yield Spot(part=part.name, sheet=book.sheet_of(part.name), detail=min(foreign)[:_LONGEST_SHOWN])


@rule(
    "unknown-extension",
    Severity.BLOCKS,
    what="There is an extension of the format that is on no list",
    why="Extensions hold slicers, models and more, and any program may add its own.",
    remedy=_VALUES,
)
def unknown_extension(book: Book) -> Iterator[Spot]:
    """Find extensions of the format that are on no list."""
    for part in book.parts.values():
        if part.root is None or part.kind not in ALLOWED:
            continue
        uris = {each.get("uri", "") for each in part.root.iter("{*}ext") if each.get("uri") is not None}
        for uri in sorted(uris):
            if not is_known_extension(uri):
                yield Spot(part=part.name, sheet=book.sheet_of(part.name), detail=uri[:_LONGEST_SHOWN])


def _on_no_list(*kinds: str) -> Callable[[Book], Iterator[Spot]]:
    """Return the rule that finds odd things of some kinds, those of one place in a part as one."""

    def find(book: Book) -> Iterator[Spot]:
        for part, listing in book.listings.items():
            found: dict[str, Places] = {}
            for each in listing.odd:
                if each.kind in kinds:
                    found.setdefault(each.place, Places()).add(f'"{each.held[:_LONGEST_SHOWN]}"')
            for place, held in found.items():
                yield Spot(part=part, sheet=book.sheet_of(part), detail=f"in {place}, {held}")

    return find


@rule(
    "beside-the-value",
    Severity.BLOCKS,
    what="A cell holds something beside the value that it shows",
    why="Programs show one of the two; the other is there to be read.",
    remedy=_SAVE_AGAIN,
)
def beside_the_value(book: Book) -> Iterator[Spot]:
    """Find cells with more than one value, with a value of another kind, or in the place of another cell."""
    for part, listing in book.listings.items():
        found = [each for each in listing.odd if each.kind == "cell"]
        for each in found[:1]:
            more = f" and {len(found) - 1:,} more cells" if len(found) > 1 else ""
            detail = f'"{each.held[:_LONGEST_SHOWN]}"{more}'
            yield Spot(part=part, sheet=book.sheet_of(part), cell=each.place, detail=detail)


@rule(
    "unshown-words",
    Severity.LOOK,
    what="There are words that no cell shows",
    why="Names, lists, rules, formats and headers keep words that whoever checks the cells does not see.",
    remedy="Read them, and take out what is not for the readers.",
)
def unshown_words(book: Book) -> Iterator[Spot]:
    """Find free strings, such as names, lists and rules, with words that no cell shows."""
    waiting = [(part, each) for part, listing in book.listings.items() for each in listing.odd if each.kind == "words"]
    shown = book.shown_words if waiting else frozenset()
    named = (*(name.name for name in book.names), *(sheet.name for sheet in book.visible))
    seen = shown.union(*map(words, named))
    found: dict[tuple[str, str, str], Places] = {}
    reported: set[tuple[str, ...]] = set()
    for part, each in waiting:
        unseen = tuple(word for word in each.words if word not in (shown if each.place in _TABS else seen))
        if unseen and (part, *unseen) not in reported:
            reported.add((part, *unseen))
            found.setdefault((part, each.place, each.cells), Places()).add(f'"{each.held[:_LONGEST_SHOWN]}"')
    for (part, place, cells), held in found.items():
        yield Spot(part=part, sheet=book.sheet_of(part), cell=cells, detail=f"{place} holds {held}")


_UNSEEN = "No program shows it, yet whoever looks into the file can read it."


RULES = (
    foreign_xml,
    unknown_extension,
    Rule(
        rule_id="unknown-element",
        severity=Severity.BLOCKS,
        what="A part holds what a workbook for reading has no place for",
        why=_UNSEEN,
        remedy=f"{_SAVE_AGAIN} If it is still there: {_VALUES[0].lower()}{_VALUES[1:]}",
        find=_on_no_list("element", "attribute", "text"),
    ),
    Rule(
        rule_id="unknown-value",
        severity=Severity.BLOCKS,
        what="There are words where the format has a number, a switch or a word of its own",
        why=_UNSEEN,
        remedy=f"{_SAVE_AGAIN} If it is still there: {_VALUES[0].lower()}{_VALUES[1:]}",
        find=_on_no_list("value"),
    ),
    beside_the_value,
    unshown_words,
)
