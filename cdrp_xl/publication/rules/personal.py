"""Rules on personal data in cells that everyone sees: names, dates of birth, numbers of people, cars and crimes."""

from __future__ import annotations

import functools
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl.addresses import cell_name, column_letters
from cdrp_xl.measures import people
from cdrp_xl.measures.identifying import SIGNS, Sign
from cdrp_xl.publication.findings import Severity, rule
from cdrp_xl.publication.places import Places, Spot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cdrp_xl.publication.book import Book, Sheet

_FEWEST = 3
"""Different texts of one kind in a column that are no contact or single mention any longer, but a list of people."""

_SHARE = 0.3
"""Of the different texts of a column of names, so many are names: a table of places has one or two that look so."""

_GIVEN_SHARE = 0.6
_TEXTS_LOOKED_AT = 50_000
_LONGEST_LOOKED_AT = 2_000

_NAME, _BIRTH, _TELEPHONE, _CAR = "people's names", "dates of birth", "telephone numbers", "vehicle registrations"
_INSURANCE = "National Insurance numbers"
_HEADINGS = {
    _NAME: re.compile(
        r"(?i)\b(fore ?names?|sur ?names?|(first|last|given|family|full) ?names?"
        r"|(offender|victim|client|suspect|complainant|officer|nominal|person|patient|service user)('?s)? names?"
        r"|names? of (the )?(offender|victim|client|suspect|complainant|officer|person|patient|service user)s?)\b"
    ),
    _BIRTH: re.compile(r"(?i)\b(d\.?o\.?b\b\.?|dates? of birth|birth ?dates?)|^born( on)?$"),
    _TELEPHONE: re.compile(
        r"(?i)^((home|work|contact|daytime) )?((tele)?phone|mobile|tel\.?|contact)( phone)? (no\.?|numbers?)$"
        r"|^((home|work|contact) )?(telephone|mobile|tel\.?)$"
    ),
    _CAR: re.compile(r"(?i)^(vehicle )?(vrm|vrn|index (no\.?|number)|reg(istration)? (no\.?|number|mark|plate))s?$"),
    _INSURANCE: re.compile(r"(?i)\b(national insurance|NI|NINO)( (no|number)s?\b\.?|$)"),
}
_REFERENCES = re.compile(
    r"(?:(?<![\w/])[0-9]{7}/[0-9]{2}\b|\b[0-9]{2}\*[0-9]{5,7}\b)"
    r"|\b(?:[0-9]{2}[A-Z]{0,4}/[0-9]{3,7}/[0-9]{2,4}|[A-Z]{2,4}[/-][0-9]{3,7}[/-][0-9]{2,4}"
    r"|[0-9]{2}[A-Z]{2}/[0-9]{3,7}/?[0-9]{0,4}|(?![EWSNKJ][0-9]{8}\b)[A-Z]{1,3}[0-9]{7,10}|[A-Z][0-9]{4}[A-Z]{2}"
    r"|[0-9]{2}/[0-9]{5,7}/[0-9]{2}|[0-9]{2,3}[A-Z]{1,2}[0-9]{6,8})\b"
)
_STREET = (
    r"(?:Road|Rd|Street|St|Avenue|Ave|Close|Lane|Drive|Way|Court|Crescent|Gardens|Grove|Place|Terrace|Square|Hill|Green|"
    r"Row|Walk|Mews|Rise|End|View|Park)"
)
_ADDRESS = re.compile(
    rf"\b(?:flat [0-9]+[a-z]?,? )?[0-9]{{1,4}}[A-Za-z]?,? (?:[A-Z][\w'\u2019-]+ ){{1,4}}{_STREET}\b|"
    r"\b(?:[A-Z][\w'\u2019-]+ (?:Cottage|House|Farm|Barn|Lodge),? |[0-9]{1,4}[A-Za-z]?,? )(?:[\w'\u2019-]+,? ){0,8}"
    r"(?:[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2})\b"
)
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    _BIRTH: SIGNS[Sign.BIRTH],
    _INSURANCE: re.compile(
        r"(?i)\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?(?:[0-9]{2} ?){3}[A-D]\b"
    ),
    _TELEPHONE: re.compile(rf"{SIGNS[Sign.TELEPHONE].pattern}|^(?:447|07?|7)[0-9]{{9}}$"),
    "e-mail addresses": SIGNS[Sign.EMAIL],
    "addresses with a house number": _ADDRESS,
    "crime or case references": _REFERENCES,
    _CAR: re.compile(r"\b[A-HJ-PR-Y][A-HJ-PR-Y](?:0[1-9]|[1-7][0-9]) ?[A-HJ-PR-Z]{3}\b"),
}
_ALONE = frozenset({_INSURANCE, _BIRTH, "crime or case references"})
"""What no report prints of anybody, so that one is enough; a contact's name, number and address may be there."""

_WHO = "Whoever is named can be harmed, and it may not be published: a report counts people, it does not list them."


class _Column(NamedTuple):
    """The different texts of a column, each with its cells."""

    number: int
    texts: dict[str, list[tuple[int, int]]]


class _Kind(NamedTuple):
    """What was found of one kind in one column, and whether it is a list of people."""

    what: str
    places: Places
    is_list: bool


@rule(
    "personal-data",
    Severity.BLOCKS,
    what="Cells hold details that identify people",
    why=_WHO,
    remedy="Delete the column, or put counts in its place; a place instead of an address, a year for a date.",
)
def personal_data(book: Book) -> Iterator[Spot]:
    """Find columns that list people, or what leads to them."""
    yield from (spot for spot, is_list in _looked_for(book) if is_list)


@rule(
    "personal-mention",
    Severity.LOOK,
    what="A cell may name a person, or how to reach one",
    why="A contact's name and number may be printed if they know of it; nobody else's may.",
    remedy="See whose it is; delete it unless it is the contact for the report.",
)
def personal_mention(book: Book) -> Iterator[Spot]:
    """Find single names, numbers and addresses, which may be those of a contact."""
    yield from (spot for spot, is_list in _looked_for(book) if not is_list)


def _looked_for(book: Book) -> list[tuple[Spot, bool]]:
    """Return what was found, looked for once for both rules."""
    if book.personal is None:
        book.personal = list(_found(book))
    return book.personal


def _found(book: Book) -> Iterator[tuple[Spot, bool]]:
    room = _TEXTS_LOOKED_AT
    for what in _kinds_in(book.properties.title):
        yield Spot(part=book.properties.part, detail=f"the title holds one of: {what}"), True
    for sheet in book.visible:
        columns = _columns(sheet)
        given = {number for number, each in columns.items() if _holds_given_names(each.texts)}
        for number, column in sorted(columns.items()):
            room -= len(column.texts)
            if room < 0:
                yield (
                    Spot(part=sheet.part, sheet=sheet.name, detail="there are too many texts to look at them all"),
                    False,
                )
                return
            for kind in _in_column(sheet, column, is_beside_given=bool({number, number - 1, number + 1} & given)):
                first = kind.places.first[0]
                count = kind.places.count
                cells = f"{count:,} {'cell' if count == 1 else 'cells'}"
                detail = f"{kind.what} in column {column_letters(column.number)}, {cells}: {kind.places}"
                yield Spot(part=sheet.part, sheet=sheet.name, cell=first, detail=detail), kind.is_list


_MOBILE = re.compile(r"(44)?7[0-9]{9}")
"""A mobile telephone's number that a program took for a figure, so that its nought is lost."""


def _columns(sheet: Sheet) -> dict[int, _Column]:
    found: dict[int, _Column] = {}
    for place, held in sheet.cells.items():
        if held.text.strip() and (not held.is_number or _MOBILE.fullmatch(held.text)):
            column = found.setdefault(place[1], _Column(place[1], {}))
            column.texts.setdefault(held.text[:_LONGEST_LOOKED_AT], []).append(place)
    return found


def _in_column(sheet: Sheet, column: _Column, *, is_beside_given: bool) -> Iterator[_Kind]:
    """Give what a column holds, by its headings and by its texts; what both find is given once."""
    headed = dict(_below_headings(sheet, column))
    kinds = {text: _kinds_in(text) for text in column.texts}
    for what in (_NAME, *_PATTERNS):
        texts = {text: cells for text, cells in column.texts.items() if what in kinds[text]}
        if what == _NAME and len(texts) < _SHARE * len(column.texts):
            texts |= _full_names(column)
        places = _places(headed.get(what, []), *texts.values())
        if not places:
            continue
        is_list = what in headed or what in _ALONE or len(texts) >= _FEWEST
        if what == _NAME and what not in headed:
            is_list = len(texts) >= _FEWEST and len(texts) >= _SHARE * len(column.texts)
        yield _Kind(what, places, is_list)
    if _NAME not in headed and is_beside_given and _holds_given_names(column.texts):
        single = {text: cells for text, cells in column.texts.items() if text.strip().casefold() in _given_names()}
        yield _Kind("people's given names", _places([], *single.values()), is_list=True)


def _full_names(column: _Column) -> dict[str, list[tuple[int, int]]]:
    """Return the texts of a column of full names, in whichever order and case: nearly all of them, or none."""
    found = {text: cells for text, cells in column.texts.items() if _has_given_name(text)}
    return found if len(found) >= max(_FEWEST, _GIVEN_SHARE * len(column.texts)) else {}


@functools.lru_cache(maxsize=5_000)
def _has_given_name(text: str) -> bool:
    """Return whether a text of two to four words has a given name and no word of places or of months."""
    found = [word.casefold() for word in _NAME_WORD.findall(text)]
    return (
        1 < len(found) <= _MOST_NAMES and any(word in _given_names() for word in found) and not _OF_PLACES & set(found)
    )


_NAME_WORD, _MOST_NAMES = re.compile(r"[^\W\d_][\w'\u2019-]*"), 4
_OF_PLACES = frozenset(
    re.findall(
        r"\w+",
        "road rd street st avenue ave close lane drive way court crescent gardens grove place terrace square hill "
        "green row walk mews rise end view park ward north south east west central and of the to january february "
        "march april may june july august september october november december",
    )
)


def _below_headings(sheet: Sheet, column: _Column) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Give the cells below a heading that says what they are: words under names, and anything under dates of birth."""
    symbols = {cell for text, at in column.texts.items() if _SYMBOL.fullmatch(text.strip()) for cell in at}
    for text, cells in column.texts.items():
        for what in _kinds_headed(text) if len(text) <= _LONGEST_HEADING else ():
            below = [
                cell
                for cell, held in sheet.cells.items()
                if cell[1] == column.number
                and cell[0] > min(cells)[0]
                and cell not in symbols
                and not (held.is_number and what == _NAME)
            ]
            if below:
                yield what, below


@functools.lru_cache(maxsize=5_000)
def _kinds_headed(text: str) -> tuple[str, ...]:
    return tuple(what for what, heading in _HEADINGS.items() if heading.search(text))


_LONGEST_HEADING = 60
_SYMBOL = re.compile(r"\[\w\]|n/?a|-+|total|all", re.IGNORECASE)


def _places(*of: Iterable[tuple[int, int]]) -> Places:
    places = Places()
    for cell in sorted({cell for cells in of for cell in cells}):
        places.add(cell_name(*cell))
    return places


def _holds_given_names(texts: Mapping[str, object]) -> bool:
    """Return whether most texts of a column are given names and nothing else."""
    words = [text.strip().casefold() for text in texts if " " not in text.strip()]
    found = Counter(word in _given_names() for word in words)
    return found[True] >= _FEWEST and found[True] >= _GIVEN_SHARE * len(texts)


@functools.cache
def _given_names() -> frozenset[str]:
    return frozenset(name.casefold() for name in people.given_names())


@functools.lru_cache(maxsize=5_000)
def _kinds_in(text: str) -> tuple[str, ...]:
    """Return the kinds of details that a text holds; worksheets, and the copies of one run, repeat most of theirs."""
    kinds = [_NAME] if any(len(name.split()) > 1 for name in people.names(" ".join(text.split()))) else []
    if _DIGIT_OR_AT.search(text):
        kinds += [what for what, pattern in _PATTERNS.items() if pattern.search(text)]
    return tuple(kinds)


_DIGIT_OR_AT = re.compile(r"[\d@]")
"""One of these is in whatever a pattern finds."""


RULES = (personal_data, personal_mention)
