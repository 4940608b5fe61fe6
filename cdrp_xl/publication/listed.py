"""One walk over a part of Office Open XML that holds each element, attribute and text against the schema."""

from __future__ import annotations

import functools
import re
from string import ascii_uppercase
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from cdrp_xl.publication import schema
from cdrp_xl.publication.strings import odd_words
from cdrp_xl.publication.strings import words as words_of

if TYPE_CHECKING:
    from lxml.etree import _Element

    from cdrp_xl.publication.schema import Body

_KEPT = 2_000
"""Odd things of one part that are kept."""

_LONGEST_KEPT = 500
_FALLBACK, _UNSHOWN = "}Fallback", "a text outside the cells"
_PAGES = "style:master-page"
_ROW_BODY, _READ_IN_PLACE = "x:CT_Row/x:row", frozenset({"a:t", "m:t", "w:t"})
_DELETE = "{*}delete"
_LABEL, _WAYS, _OFF = "c:dLbl", 5, frozenset({"0", "false"})
"""A single label of a chart, and in how many ways it may show something."""

UNSEEN_CHARACTERS = re.compile(
    "[\U000e0000-\U000e007f]+|[\U000e0100-\U000e01ef]{2,}"
    "|[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]{8,}"
)
"""Tag characters, and rows of characters without width."""

_ROW = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row"
_SHOWN_TEXTS = frozenset({"a:t", "m:t", "w:t", "x:v", "x:t", "c:v", "cx:v", "cx:pt", "text:p", "text:span", "text:a"})

_NAMES = etree.XPath("*/@r", smart_strings=False)
_PLAIN_ROW = re.compile(
    rb'<row(?: xmlns(?::[a-z0-9]{1,9})?="[^<>"]*"| r="[0-9]{1,7}"| spans="[0-9]{1,5}:[0-9]{1,5}"| s="[0-9]{1,5}"'
    rb'| ht="[0-9]{1,3}(?:\.[0-9]{1,17})?"| custom(?:Height|Format)="[01]")*+(?P<others>[^<>]*?)(?:/>|>(?:'
    rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,5}")?'
    rb'(?:/>|(?: t="n")?>(?:<v>[-+0-9.eE]{1,25}</v>)?</c>| t="s"><v>[0-9]{1,9}</v></c>)'
    rb")*+</row>)"
)
"""A row with nothing but cells that hold a number or that of a shared text: nearly all rows are such."""

_POINT_CACHES = frozenset({"c:numCache", "c:strCache"})
_PLAIN_POINTS = re.compile(
    rb"<c:(?P<kind>num|str)Cache[^<>]*>(?:<c:formatCode>(?P<format>[^<>&]*)</c:formatCode>)?"
    rb'<c:ptCount val="[0-9]{1,7}"/>(?:<c:pt idx="[0-9]{1,7}"><c:v>[^<>]*</c:v></c:pt>)*</c:(?P=kind)Cache>'
)
"""What a chart keeps of cells, as nearly all programs write it: the points are compared with the cells by a rule."""

_ANYTHING = re.compile(r".*", re.DOTALL)
_CELL_VALUES = {
    "n": re.compile(r"\s*([+-]?[\d.]{1,330}([eE][+-]?\d{1,3})?|[+-]?INF|NaN|)\s*"),
    "s": re.compile(r"\s*\d{1,10}\s*"),
    "b": re.compile(r"\s*(0|1|true|false)\s*", re.IGNORECASE),
    "e": re.compile(r"\s*(#[A-Z0-9_/!?]{1,20}|Err:\d{3})\s*"),
    "d": re.compile(r"[\d.:TZ+-]{0,40}"),
}
"""What the value of a cell may be, by the kind of the cell; only texts can hold words."""


class Odd(NamedTuple):
    """Something on no list: what it is ("element", "attribute", "text", "value" or "words"), its place, what it holds.

    `words` are those of a free string that may give something away, where no cell shows them.
    """

    kind: str
    place: str
    held: str
    words: tuple[str, ...] = ()
    cells: str = ""


class Listing:
    """What was found in one part that is on no list, each thing once; and the words that its shapes and charts show."""

    def __init__(self, *, is_object: bool = False) -> None:
        self.odd: dict[Odd, None] = {}
        self.shown: set[str] = set()
        self._is_object = is_object
        self._last_row = 0
        self._shapes: set[str] = set()

    def look(self, element: _Element, body: Body, *, is_unshown: bool = False) -> None:
        """Hold an element of a type, and all in it, against the list."""
        self._attributes(element, body)
        if element.text:
            self._text(element, body, element.text, is_unshown=is_unshown)
        if not len(element) or self._holds_points(element, body):
            return
        is_unshown = is_unshown or body.name == _PAGES or _is_deleted(element, body)
        is_unshown = is_unshown or (self._is_object and body.name == "table:table")
        for child in element:
            tag = child.tag
            if child.tail:
                self._tail(child, body, is_unshown=is_unshown)
            if not isinstance(tag, str):
                continue
            known = body.child(tag)
            if known is not None:
                self.look(child, known, is_unshown=is_unshown)
            elif tag == schema.ALTERNATE:
                self._alternate(child, body)
            else:
                self._add("element", body.name, _name_and_words(child))

    def _holds_points(self, element: _Element, body: Body) -> bool:
        """Return whether an element holds nothing but points that a chart keeps; their number format is looked at."""
        plain = (
            _PLAIN_POINTS.fullmatch(etree.tostring(element, with_tail=False)) if body.name in _POINT_CACHES else None
        )
        if plain and plain["format"]:
            self._free("c:formatCode", plain["format"].decode(), element)
        return plain is not None

    def outermost(self, root: _Element, *, of_word: bool = False) -> None:
        """Hold a part against the list from its outermost element on."""
        body = schema.root_body(root.tag, of_word=of_word)
        if body is None:
            self._add("element", "the part", _name_and_words(root))
        else:
            self.look(root, body)

    def row(self, row: _Element) -> None:
        """Hold a row against the list, and the text after the one before it."""
        body = schema.body(_ROW_BODY)
        self._before(row, "x:sheetData")
        number = row.get("r", "")
        if number:
            self._places(row, number)
        if body is None:
            return
        plain = _PLAIN_ROW.fullmatch(etree.tostring(row, with_tail=False)) if row.tag == _ROW else None
        if plain is not None:
            if plain["others"]:
                self._attributes(row, body)
            return
        self.look(row, body)
        for cell in row.iterfind("{*}c"):
            self._cell(cell)

    def _places(self, row: _Element, number: str) -> None:
        """Look for two cells at one address, and for cells of another row."""
        names = _NAMES(row)
        shape = f"{' '.join(names)} ".replace(f"{number} ", " ")
        if shape not in self._shapes:
            if len(set(names)) == len(names) and all(name.lstrip(ascii_uppercase) == number for name in names):
                self._shapes.add(shape)
            else:
                odd = (each for each in names if names.count(each) > 1 or each.lstrip(ascii_uppercase) != number)
                self._add("cell", next(odd, "")[:12], "two cells at one address, or a cell of another row")
        at = int(number) if number.isdigit() else 0
        if at <= self._last_row:
            self._add("cell", f"row {at:,}", "a row that comes twice, or before the one above it")
        self._last_row = at

    def _cell(self, cell: _Element) -> None:
        """Look at what a cell holds beside what it shows."""
        kind, where = cell.get("t", "n"), cell.get("r", "")
        values = [each for each in cell if str(each.tag).endswith("}v")]
        inline = [each for each in cell if str(each.tag).endswith("}is")]
        text = "".join(values[0].itertext()) if values else ""
        if len(values) + len(inline) > 1 or bool(inline) != (kind == "inlineStr"):
            if values or inline:
                self._add("cell", where, f"{text} {''.join(''.join(each.itertext()) for each in inline)}")
        elif values and not _CELL_VALUES.get(kind, _ANYTHING).fullmatch(text):
            self._add("cell", where, text)

    def piece(self, element: _Element, name: str) -> None:
        """Hold one of many elements of a type against the list, such as a row, and the text after the one before it."""
        body = schema.body(name)
        self._before(element, name.rpartition("/")[2])
        if body is not None:
            self.look(element, body)

    def _before(self, element: _Element, place: str) -> None:
        before = element.getprevious()
        if before is not None and before.tail and before.tail.strip():
            self._add("text", place, before.tail)

    def _alternate(self, element: _Element, body: Body) -> None:
        """Look into every branch as if it were there alone: programs show one, and the others are in the file."""
        self._no_attributes(element, "attribute", "mc:AlternateContent")
        for branch in element:
            if not isinstance(branch.tag, str):
                continue
            is_known = branch.tag.endswith((_FALLBACK, "}Choice")) and branch.tag.startswith(schema.COMPATIBILITY)
            if not is_known:
                self._add("element", "mc:AlternateContent", _name_and_words(branch))
                continue
            self._no_attributes(branch, "value", "mc:Choice")
            self._branch(branch, body)
        for loose in (element.text, *(each.tail for each in element)):
            if loose:
                self._loose(body, loose)

    def _no_attributes(self, element: _Element, kind: str, place: str) -> None:
        """Find every attribute, but for one that says which languages a branch needs."""
        for name, value in element.attrib.items():
            if name != "Requires" or not _are_prefixes(element, value):
                self._add(kind, place, f"{_local(name)} {value}")

    def _branch(self, branch: _Element, body: Body) -> None:
        for child in branch:
            if not isinstance(child.tag, str):
                continue
            known = body.child(child.tag) or _in_extension(child.tag)
            if known is None:
                self._add("element", body.name, _name_and_words(child))
            else:
                self.look(child, known, is_unshown=branch.tag.endswith(_FALLBACK))
        for loose in (branch.text, *(each.tail for each in branch)):
            if loose:
                self._loose(body, loose)

    def _attributes(self, element: _Element, body: Body) -> None:
        for name, value in _doubtful(body, tuple(element.items())):
            known = body.attribute(name)
            if known is None:
                self._add("attribute", body.name, f"{_local(name)} {value}")
            elif known.kind == schema.FREE:
                self._free(f"{body.name}@{known.name}", value, element)
            elif known.kind == "prefixes":
                if not _are_prefixes(element, value):
                    self._add("value", f"{body.name}@{known.name}", value)
            elif not schema.fits(known.kind, value):
                self._add("value", f"{body.name}@{known.name}", value)

    def _text(self, element: _Element, body: Body, text: str, *, is_unshown: bool) -> None:
        if not body.text:
            self._loose(body, text)
        elif body.text != schema.FREE:
            if not schema.fits(body.text, text):
                self._add("value", body.name, text)
        elif is_unshown and body.name in _SHOWN_TEXTS:
            self._free(_UNSHOWN, text, element)
        elif body.name == "c:v" and str(element.getparent().tag).endswith("}tx"):
            self._free("c:tx", text, element)
        elif body.name in _READ_IN_PLACE:
            self.shown.update(words_of(text))
            for unseen in UNSEEN_CHARACTERS.findall(text):
                self._add("words", body.name, f"{len(unseen):,} characters that can't be seen", (unseen,))
        else:
            self._free(body.name, text, element)

    def _tail(self, child: _Element, body: Body, *, is_unshown: bool) -> None:
        """Hold the text after a child against the list: a paragraph may go on there."""
        if body.text and child.tail.strip():
            self._free(_UNSHOWN if is_unshown else body.name, child.tail, child)
        else:
            self._loose(body, child.tail)

    def _loose(self, body: Body, text: str) -> None:
        if text.strip():
            self._add("text", body.name, text)

    def _free(self, place: str, value: str, element: _Element) -> None:
        if found := odd_words(place, value):
            self._add("words", place, value, found[:50], _cells_of(element))

    def _add(self, kind: str, place: str, held: str, words: tuple[str, ...] = (), cells: str = "") -> None:
        if len(self.odd) < _KEPT:
            self.odd[Odd(kind, place, held.strip()[:_LONGEST_KEPT], words, cells)] = None


@functools.lru_cache(maxsize=20_000)
def _doubtful(body: Body, attributes: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the attributes of an element that are not plainly in order; most elements have the same as many others."""
    return tuple((name, value) for name, value in attributes if not _is_in_order(body, name, value))


def _is_in_order(body: Body, name: str, value: str) -> bool:
    known = body.attribute(name)
    if known is None or known.kind == "prefixes":
        return False
    return (
        not odd_words(f"{body.name}@{known.name}", value)
        if known.kind == schema.FREE
        else schema.fits(known.kind, value)
    )


def _is_deleted(element: _Element, body: Body) -> bool:
    """Return whether a part of a chart, such as a label or an axis, is not drawn: it is deleted, or shows nothing."""
    if not body.may_be_deleted or (body.name != _LABEL and element.find(_DELETE) is None):
        return False
    switches = {_local(str(each.tag)): each.get("val", "1") not in _OFF for each in element if len(each) == 0}
    shows = [on for name, on in switches.items() if name.startswith("show")]
    return switches.get("delete", False) or (body.name == _LABEL and len(shows) >= _WAYS and not any(shows))


def _name_and_words(element: _Element) -> str:
    """Return an element's name, and the first words in it."""
    held = " ".join([*map(str, element.attrib.values()), *(text for text in element.itertext() if text.strip())])
    return f"{_local(str(element.tag))} {held}".strip()


def _cells_of(element: _Element) -> str:
    """Return the cells that an element is about: its own, or those of what it is in."""
    for each in (element, *element.iterancestors()):
        if cells := each.get("sqref") or each.get("ref"):
            return str(cells)[:60]
    return ""


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _in_extension(tag: str) -> Body | None:
    extension = schema.body(schema.EXTENSION)
    return extension.child(tag) if extension else None


def _are_prefixes(element: _Element, value: str) -> bool:
    return all(each in element.nsmap for each in value.split())
