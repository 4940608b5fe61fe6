"""Reading a workbook of Office Open XML (.xlsx, .xlsm) at package level, for the gate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cdrp_xl.packages import TYPES, Walk, content_types, relations_in, sheets_in, source_of, unescaped
from cdrp_xl.publication.book import (
    RELATIONSHIPS_READ,
    SHEETS_READ,
    Book,
    Form,
    Name,
    Part,
    Properties,
    Sheet,
    sheet_in,
)
from cdrp_xl.publication.kinds import ALLOWED, is_usual_prefix, is_xml, kind_of
from cdrp_xl.publication.listed import Listing
from cdrp_xl.publication.open_xml_beside import read_beside
from cdrp_xl.publication.open_xml_drawings import read_drawings, read_tables
from cdrp_xl.publication.open_xml_sheets import CellReader, Strings, read_layout
from cdrp_xl.publication.open_xml_styles import read_looks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

    from cdrp_xl.packages import Package

_BINARY = "sheet.binary"
_PEOPLE = {"creator": "author", "lastModifiedBy": "last saved by", "Manager": "manager", "Company": "organisation"}
_REMARKS = (
    "description",
    "keywords",
    "category",
    "subject",
    "identifier",
    "contentStatus",
    "contentType",
    "version",
    "Template",
)
_PLAIN = {
    "language": re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}"),
    "revision": re.compile(r"[\d.]{1,12}"),
    "AppVersion": re.compile(r"[\d.]{1,12}"),
}
"""What some properties hold where they hold no words."""

_KEPT = 1_000
"""Remarks, instructions and namespaces of one part that are kept."""

_PRINT_NAMES = ("!Print_Area", "!Print_Titles")
_MAIN = (
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "{http://purl.oclc.org/ooxml/spreadsheetml/main}",
)
_CELL_TAGS = tuple(f"{namespace}{name}" for namespace in _MAIN for name in ("row", "f"))
"""Rows and cell formulas; the formulas of sparklines and controls are in other namespaces."""

_READ_APART = frozenset({"worksheet", "shared strings"})
_KINDS_OF_SHEET = {"chart sheet": "chart sheet", "macro sheet": "macro sheet", "dialog sheet": "dialog sheet"}


def read(package: Package, *, organisations: Iterable[str] = ()) -> Book:
    """Return the workbook in a package; what can't be read is said in its `unread`."""
    book = read_parts(package, Form.OPEN_XML, organisations=organisations)
    book.attempt(book.workbook_part, _read_workbook, book)
    if any(_BINARY in part.content_type for part in book.parts.values()):
        from cdrp_xl.publication import binary_workbook

        binary_workbook.read(book)
    else:
        _read_sheets(book)
    book.attempt("docProps/core.xml", read_properties, book)
    for part in book.parts.values():
        if part.root is not None and part.kind in ALLOWED:
            book.attempt(part.name, _listing(book, part.name).outermost, part.root)
    return book


def read_parts(package: Package, form: Form, *, organisations: Iterable[str]) -> Book:
    """Return the parts of a package with how they lead to one another, before it is looked into what they say."""
    book = Book(form=form, package=package, organisations=frozenset(organisations))
    types = _content_types(book)
    _read_relationships(book)
    _read_parts(book, types)
    roots = (line.target for line in book.relationships if not line.source and line.kind == "officeDocument")
    book.workbook_part = next(roots, "")
    return book


def _listing(book: Book, part: str) -> Listing:
    return book.listings.setdefault(part, Listing())


def _content_types(book: Book) -> dict[str, str]:
    """Return the content type of every part that has one, by exact name or by ending."""
    root = book.attempt(TYPES, book.package.parse, TYPES)
    return content_types(() if root is None else root, book.package.parts)


def _read_relationships(book: Book) -> None:
    for part in book.package.parts:
        if (source := source_of(part)) is None:
            continue
        root = book.attempt(part, book.package.parse, part)
        book.relationships += relations_in(() if root is None else root, source)
        if len(book.relationships) > RELATIONSHIPS_READ:
            book.unread[part] = f"There are more than {RELATIONSHIPS_READ:,} relationships"
            break


def _read_parts(book: Book, types: dict[str, str]) -> None:
    led: dict[str, list[str]] = {}
    for line in book.relationships:
        if not line.is_external:
            led.setdefault(line.target, []).append(line.type)
    for name in book.package.parts:
        kind = kind_of(name, types[name], " ".join(led.get(name, ())), of_word=book.form is Form.WORD)
        part = Part(name=name, kind=kind, content_type=types[name])
        if kind not in _READ_APART or not is_xml(name, types[name]):
            part = book.attempt(name, _read_part, book, part) or part
        book.parts[name] = part


def _read_part(book: Book, part: Part) -> Part:
    """Return a part with what its XML holds beside its elements, or with the bytes that nothing reads."""
    if not is_xml(part.name, part.content_type):
        stream = book.package.stream(part.name)
        while stream.read(1 << 18):
            pass
        return Part(name=part.name, kind=part.kind, content_type=part.content_type, unused=stream.unused)
    walk = Walk(book.package, part.name, events=("comment", "pi", "start-ns"))
    read_part = seen(part, walk, list(walk))
    book.hold(part.name, walk.tags_held)
    return read_part


def seen(part: Part, walk: Walk, events: Iterable[tuple[str, Any]]) -> Part:
    """Return a part with the root of its XML and what its other events gave."""
    namespaces: set[str] = set()
    texts: dict[str, list[str]] = {"comment": [], "pi": []}
    for event, item in events:
        if event == "start-ns":
            if len(namespaces) < _KEPT:
                namespaces |= {item[1]} if is_usual_prefix(item[0] or "") else {item[1], item[0]}
        elif len(texts[event]) < _KEPT:
            texts[event].append((item.text or "") if event == "comment" else str(item.target))
    return Part(
        name=part.name,
        kind=part.kind,
        content_type=part.content_type,
        root=walk.root,
        comments=tuple(texts["comment"]),
        instructions=tuple(texts["pi"]),
        namespaces=frozenset(namespaces),
        unused=walk.unused,
    )


def _read_workbook(book: Book) -> None:
    """Read the list of worksheets, the names, and which worksheet is open."""
    root = book.workbook
    if root is None:
        return
    own = (line for line in book.relationships if line.source == book.workbook_part)
    for element, line in sheets_in(root, own):
        if len(book.sheets) == SHEETS_READ:
            book.unread[book.workbook_part] = f"There are more than {SHEETS_READ:,} worksheets"
            break
        part = line.target if line else ""
        kind = book.parts[part].kind if part in book.parts else ""
        book.sheets.append(
            Sheet(
                name=unescaped(element.get("name", "")),
                part=part,
                state=element.get("state", "visible"),
                kind=_KINDS_OF_SHEET.get(kind, "worksheet"),
            )
        )
    for element in root.iterfind("{*}definedNames/{*}definedName"):
        book.names.append(_name(book, element))
    view = root.find("{*}bookViews/{*}workbookView")
    book.active_sheet = int(view.get("activeTab", "0")) if view is not None else 0


def _name(book: Book, element: _Element) -> Name:
    own = element.get("localSheetId", "")
    refers_to = element.text or ""
    is_own = own.isdigit() and int(own) < len(book.sheets)
    return Name(
        name=element.get("name", ""),
        refers_to=refers_to,
        sheet=book.sheets[int(own)].name if is_own else sheet_in(refers_to),
        is_hidden=element.get("hidden", "0") in {"1", "true"},
    )


def _read_sheets(book: Book) -> None:
    by_kind = {part.kind: part.name for part in book.parts.values()}
    theme = book.parts[by_kind["theme"]].root if "theme" in by_kind else None
    styles = book.parts[by_kind["styles"]].root if "styles" in by_kind else None
    book.looks = book.attempt(by_kind.get("styles", ""), read_looks, styles, theme) or {}
    strings = Strings(theme)
    if texts := by_kind.get("shared strings"):
        book.attempt(texts, _read_strings, book, texts, strings)
    for sheet in book.sheets:
        if sheet.part not in book.parts:
            book.unread[sheet.part or sheet.name] = f'The worksheet "{sheet.name}" has no part'
            continue
        book.attempt(sheet.part, _read_sheet, book, sheet, strings)
    if texts:
        for text in strings.unshown():
            book.unshown_texts.add(f'"{text[:60]}"')


def _read_strings(book: Book, part: str, strings: Strings) -> None:
    walk = Walk(book.package, part, tags=("{*}si",), events=("comment", "pi", "start-ns"))
    listing = _listing(book, part)

    def take(element: _Element) -> None:
        strings.add(element)
        listing.piece(element, "x:CT_Rst/x:si")

    book.parts[part] = seen(book.parts[part], walk, _others(walk, take))


def _others(walk: Walk, take: Any) -> Iterable[tuple[str, Any]]:
    """Yield the elements of a walk to their taker, and the other events on."""
    for event, item in walk:
        if event == "end":
            take(item)
        else:
            yield event, item


def _read_sheet(book: Book, sheet: Sheet, strings: Strings) -> None:
    room = sum(len(other.cells) for other in book.sheets)
    cells = CellReader(sheet, strings, room=room, listing=_listing(book, sheet.part))
    if book.parts[sheet.part].root is None:
        walk = Walk(book.package, sheet.part, tags=_CELL_TAGS, events=("comment", "pi", "start-ns"))
        book.parts[sheet.part] = seen(book.parts[sheet.part], walk, _others(walk, cells.take))
        book.hold(sheet.part, walk.tags_held)
    sheet.root = book.parts[sheet.part].root
    if sheet.root is not None:
        read_layout(book, sheet)
        read_tables(book, sheet)
        read_drawings(book, sheet)
        read_beside(book, sheet)


def read_properties(book: Book) -> None:
    """Read what a file says about itself, and of a former version."""
    people, remarks, found = {}, {}, {"title": "", "language": ""}
    place = ""
    for part in book.parts.values():
        if part.kind not in {"core properties", "extended properties"} or part.root is None:
            continue
        place = part.name if part.kind == "core properties" else place
        for element in part.root.iter("{*}*"):
            name, text = element.tag.rpartition("}")[2], (element.text or "").strip()
            if name in _PEOPLE and text:
                people[_PEOPLE[name]] = text
            elif text and (name in _REMARKS or (name in _PLAIN and not _PLAIN[name].fullmatch(text))):
                remarks[name] = text
            elif name in found and text:
                found[name] = text
        remarks |= dict(_former(book, part.root))
    book.properties = Properties(part=place, people=people, remarks=remarks, **found)


def _former(book: Book, properties: _Element) -> Iterator[tuple[str, str]]:
    """Yield what the properties keep of a former version: a worksheet that is not there, and hyperlinks."""
    if sheet := _not_there(book, properties):
        yield "a worksheet that is not there", sheet
    for links in properties.iterfind("{*}HLinks"):
        if addresses := " ".join(" ".join(links.itertext()).split()):
            yield "hyperlinks of a former version", addresses


def _not_there(book: Book, properties: _Element) -> str:
    """Return the first worksheet or name that the properties list and that the workbook does not have."""
    there = {sheet.name for sheet in book.sheets} | {name.name for name in book.names}
    listed = [each.text or "" for each in properties.iterfind("{*}TitlesOfParts/{*}vector/{*}lpstr")]
    return next((name for name in listed if name not in there and not name.endswith(_PRINT_NAMES)), "")
