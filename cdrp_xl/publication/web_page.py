"""Reading a page (.html) as `publish --html` writes it, for the gate.

Such a page is well-formed XML, made of few elements. Whatever else is in one is found: another script or style than our
own, an attribute or a value that is on no list, a figure that is not the one shown.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from lxml import etree

from cdrp_xl.addresses import Rectangle
from cdrp_xl.colours import LEAST_CONTRAST, WHITE, contrast
from cdrp_xl.errors import FileError, place
from cdrp_xl.packages import MEBIBYTE, Limits, Package
from cdrp_xl.publication.book import (
    CELLS_KEPT,
    TAGS_HELD,
    Book,
    Cell,
    Drawn,
    Form,
    Link,
    Look,
    Part,
    Properties,
    Sheet,
    Table,
)
from cdrp_xl.publication.listed import Listing, Odd
from cdrp_xl.publication.strings import words
from cdrp_xl.styles import BLUE
from cdrp_xl.writers import html_file, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

DOCTYPE = b"<!DOCTYPE html>\n"

_BYTES = 64 * MEBIBYTE
_NUMBER = r"-?\d{1,9}(\.\d{1,9})?"
_CELL = frozenset(["n", "words", "strong", "better", "concern", "worse", "not-assessed"])
_CLASSES = {
    "a": frozenset({"skip"}),
    "p": frozenset(["marking", "name", "small", "back", "finding", "chart-title"]),
    "span": frozenset({"said", "whole"}),
    "th": _CELL,
    "td": _CELL,
    "div": frozenset({"table", "row"}),
    "ul": frozenset({"keys"}),
    "svg": frozenset({"chart", "bars", "spark", "key"}),
    "text": frozenset({"narrow", "wide"}),
    "img": frozenset({"logo"}),
    "header": frozenset({"across"}),
    "section": frozenset({"across"}),
}
_ID = r"((page-\d{1,4}|contents)(-title)?|note-\d{1,4}|figures|(tbl|cht)[A-Za-z0-9]{1,40}(-caption|-title|-said)?)"
_VALUES = {
    "lang": "en-GB",
    "charset": "utf-8",
    "http-equiv": "Content-Security-Policy",
    "name": "viewport",
    "href": f"#{_ID}",
    "id": _ID,
    "aria-labelledby": _ID,
    "aria-describedby": _ID,
    "role": "group|img",
    "tabindex": "0",
    "scope": "col|row",
    "aria-hidden": "true",
    "value": r"-?\d{1,20}(\.\d{1,20})?(e[+-]?\d{1,3})?",
    "src": r"data:image/(png|jpeg);base64,[A-Za-z0-9+/]{1,700000}={0,2}",
    "datetime": r"\d{4}-\d\d-\d\d",
    "fill": "#[0-9A-Fa-f]{6}",
    "stroke": "#[0-9A-Fa-f]{6}",
    "stroke-dasharray": "6 4",
    "text-anchor": "middle|end",
    "font-weight": "bold",
    "overflow": "visible",
    "points": rf"({_NUMBER},{_NUMBER} ?){{4}}",
    **dict.fromkeys(("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "dy", "r"), f"{_NUMBER}%?"),
    **dict.fromkeys(("width", "height", "stroke-width"), f"{_NUMBER}%?"),
}
_COMPILED = {name: re.compile(pattern) for name, pattern in _VALUES.items()}
_HOLDING_TEXT = frozenset(
    {
        *("title", "style", "script", "a", "h1", "h2", "h3", "p", "span", "li", "figcaption", "caption"),
        *("th", "td", "data", "time", "text"),
    }
)
_ELEMENTS = _HOLDING_TEXT | frozenset(
    {
        *("html", "head", "meta", "body", "header", "nav", "main", "section", "ul", "div"),
        *("table", "thead", "tbody", "tr", "figure", "img", "svg", "rect", "line", "circle", "polygon"),
    }
)
_ACCENT = re.compile(r":root\{--accent:(#[0-9A-Fa-f]{6});")
_SMALL_CHART = "small chart"
_CELL_TAGS = frozenset({"h1", "h2", "h3", "p", "li", "figcaption", "caption", "title"})
_UNSEEN = frozenset({"said", "skip"})
"""The classes of what only a screen reader says, or only shows when it is reached by the keyboard."""


def is_one(content: bytes) -> bool:
    """Return whether a file is a page and no package."""
    return (
        content.lstrip()[: len(DOCTYPE)].upper().startswith(b"<!DOCTYPE HTML")
        or content.lstrip()[:5].lower() == b"<html"
    )


def read(content: bytes, name: str, *, organisations: Iterable[str] = ()) -> Book:
    """Return a page as the rules see it: its sections as worksheets.

    Raises
    ------
    FileError
        If it is not well-formed as our pages are, or too large to be looked into.
    """
    root = _root(content, name)
    package = Package(name=name, content=b"", limits=Limits())  # a page is not a package: those rules find nothing
    book = Book(form=Form.WEB_PAGE, package=package, organisations=frozenset(organisations), workbook_part=name)
    comments = tuple(str(each.text) for each in root.iter(etree.Comment))
    targets = tuple(str(each.target) for each in root.iter(etree.ProcessingInstruction))
    book.parts[name] = Part(name=name, kind="page", comments=comments, instructions=targets)
    listing = book.listings.setdefault(name, Listing())
    listing.odd.update(dict.fromkeys(_odd(root)))
    title = root.findtext("head/title") or ""
    book.looks[""] = Look(wraps=True)  # a browser never cuts off a cell's words
    book.properties = Properties(part=name, title=title, language=root.get("lang", ""))
    names = {each.get("id", ""): _name(each) for each in _sections(root)}
    book.sheets += [_sheet(each, names, part=name) for each in _sections(root)]
    for number, each in enumerate(root.iter("img"), 1):
        _add_picture(book, each, part=f"{name}, picture {number}")
    return book


def _add_picture(book: Book, picture: _Element, *, part: str) -> None:
    """Add a picture, so that it is looked into as those of workbooks are."""
    book.pictures[part] = _bytes_of(picture.get("src", ""))
    sheet = next((each for each in book.sheets), None)
    if sheet is not None:
        text = picture.get("alt", "").strip()
        sheet.drawn.append(Drawn(part=part, kind="picture", name=part, alternative_text=text))


def _bytes_of(source: str) -> bytes:
    try:
        return base64.b64decode(source.partition(",")[2], validate=True)
    except ValueError:
        return b""


def _root(content: bytes, name: str) -> _Element:
    refused = FileError(
        f"{name} is not the web page of a published copy, so it can't be looked into.",
        where=place(name),
        remedy="Publish the copy again with --html, and send that.",
    )
    if not content.startswith(DOCTYPE) or len(content) > _BYTES or content.count(b"<") > TAGS_HELD:
        raise refused
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root: _Element = etree.fromstring(content.removeprefix(DOCTYPE), parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise refused from wrong
    if root.getroottree().docinfo.doctype:
        raise refused
    return root


def _odd(root: _Element) -> Iterator[Odd]:
    """Yield what is on no list."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag not in _ELEMENTS:
            yield Odd("element", "the page", f"{element.tag} {_text(element)}")
        yield from _odd_attributes(element)
        yield from _odd_texts(element)
        if unlike := _unlike(element):
            yield Odd("cell", element.tag, unlike)


def _odd_attributes(element: _Element) -> Iterator[Odd]:
    at = str(element.tag)
    for name, value in element.attrib.items():
        if name in {"aria-label", "alt"}:
            yield Odd("words", str(name), str(value), tuple(words(str(value))))
        elif name not in {"class", "content", *_COMPILED}:
            yield Odd("attribute", at, f"{name} {value}")
        elif not _is_listed(element, str(name), str(value)):
            yield Odd("value", f"{at}@{name}", str(value))


def _is_listed(element: _Element, name: str, value: str) -> bool:
    """Return whether an attribute has one of the values that our pages give it."""
    if name == "class":
        return _CLASSES.get(str(element.tag), frozenset()).issuperset(value.split())
    if name == "content":
        has_picture = element.getroottree().getroot().find("body/header/img") is not None
        policy = html_file.policy(_accent(element), has_picture=has_picture, is_upright=_is_upright(element))
        return value in {policy, html_file.VIEWPORT}
    return _COMPILED[name].fullmatch(value) is not None


def _odd_texts(element: _Element) -> Iterator[Odd]:
    """Yield texts where our pages have none, another style or script than theirs, and words of drawings alone."""
    if element.tag in {"style", "script"}:
        style = html_file.style(_accent(element), is_upright=_is_upright(element))
        if element.text != (style if element.tag == "style" else html_file.script()):
            yield Odd("text", str(element.tag), element.text or "")
    elif element.tag not in _HOLDING_TEXT:
        for loose in (element.text, *(each.tail for each in element)):
            if (loose or "").strip():
                yield Odd("text", str(element.tag), loose.strip())
    elif element.tag == "text" or (element.get("class") in _UNSEEN and element.text != html_file.SKIP):
        yield Odd("words", "the page", element.text or "", tuple(words(element.text or "")))


def _accent(element: _Element) -> str:
    """Return the accent of an element's page, ours where it has none in which words can be read."""
    found = _ACCENT.match(_style(element))
    is_read = found is not None and contrast(found[1][1:], WHITE) >= LEAST_CONTRAST
    return found[1] if found is not None and is_read else BLUE


def _is_upright(element: _Element) -> bool:
    """Return whether an element's page is printed upright."""
    return html_file.UPRIGHT in _style(element)


def _style(element: _Element) -> str:
    return element.getroottree().getroot().findtext("head/style") or ""


def _unlike(element: _Element) -> str:
    """Return what a figure or date holds if that is not what is shown, empty if it is."""
    shown = (element.text or "").strip()
    if element.tag == "data":
        value = element.get("value", "")
        return "" if _is_shown(value, shown) else f"{value} shown as {shown}"
    if element.tag == "time":
        day = element.get("datetime", "")
        return "" if _day(day) == shown else f"{day} shown as {shown}"
    return ""


def _is_shown(value: str, shown: str) -> bool:
    """Return whether a figure, rounded as it is shown, is what is shown."""
    share = shown.endswith("%")
    digits = shown.removesuffix("%").replace(",", "").replace(" ", "")
    try:
        held, seen = Decimal(value) * (100 if share else 1), Decimal(digits)
    except InvalidOperation:
        return False
    exponent = seen.as_tuple().exponent
    return isinstance(exponent, int) and abs(held - seen) * 2 <= Decimal(1).scaleb(exponent)


def _day(text: str) -> str:
    try:
        return shown.date(dt.date.fromisoformat(text))
    except ValueError:
        return ""


def _sections(root: _Element) -> list[_Element]:
    return list(root.iter("header", "section"))


def _name(section: _Element) -> str:
    """Return what a section is called in the contents; the first is the cover."""
    if section.tag == "header":
        return "Cover"
    named = section.find("p[@class='name']")
    return _text(named if named is not None else section.find("h2"))


def _sheet(section: _Element, names: dict[str, str], *, part: str) -> Sheet:
    """Return a section as a worksheet: its texts under one another, the rows of tables beside one another."""
    sheet = Sheet(name=_name(section), part=part)
    first_rows: dict[_Element, int] = {}
    for row, element in enumerate(section.iter(*_CELL_TAGS, "tr")):
        if element.tag == "tr":
            first_rows.setdefault(next(element.iterancestors("table")), row)
        for column, cell in enumerate(element if element.tag == "tr" else (element,)):
            _add(sheet, row, column, cell)
    sheet.tables += [_table(table, row, part=part) for table, row in first_rows.items()]
    for link in section.iter("a"):
        target = names.get(link.get("href", "").removeprefix("#"), "")
        sheet.links.append(Link(cell="", target=f"'{target}'!A1", is_external=not link.get("href", "").startswith("#")))
    return sheet


def _add(sheet: Sheet, row: int, column: int, element: _Element) -> None:
    """Add a cell: a figure as the page holds it, or the words, but none that only a screen reader says."""
    figure = element.find("data") if len(element) == 1 else None
    text = figure.get("value", "") if figure is not None else _text(element)
    text = _SMALL_CHART if element.find("svg[@aria-label]") is not None else text
    if text and element.find("span[@class='said']") is None:
        sheet.cell_count += 1
        sheet.is_whole = sheet.cell_count <= CELLS_KEPT
        if sheet.is_whole:
            sheet.cells[row, column] = Cell(text, is_number=figure is not None, style="")


def _table(table: _Element, row: int, *, part: str) -> Table:
    headings = tuple(_text(each) for each in table.iterfind("thead/tr/th"))
    rows = sum(1 for _ in table.iter("tr"))
    block = Rectangle(row=row, column=0, rows=rows, columns=max(len(headings), 1))
    return Table(name=table.get("id", ""), part=part, block=block, headings=headings)


def _text(element: _Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())
