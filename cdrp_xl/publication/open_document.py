"""Reading an OpenDocument spreadsheet (.ods) at package level, for the gate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdrp_xl.packages import Walk
from cdrp_xl.publication.book import Book, Cached, Chart, Form, Look, Part, Properties, Sheet
from cdrp_xl.publication.kinds import ALLOWED, UNKNOWN
from cdrp_xl.publication.listed import Listing
from cdrp_xl.publication.open_document_sheets import SheetsReader, plain_reference, read_beside, read_conditions
from cdrp_xl.publication.open_document_styles import DocumentStyles, attribute
from cdrp_xl.publication.open_xml import seen
from cdrp_xl.publication.places import Spot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

    from cdrp_xl.packages import Package

MIMETYPE, CONTENT, MANIFEST = "mimetype", "content.xml", "META-INF/manifest.xml"

_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_CHART = "opendocument.chart"
_KINDS = (
    ("mimetype", r"mimetype"),
    ("content", r"content\.xml"),
    ("document styles", r"styles\.xml"),
    ("core properties", r"meta\.xml"),
    ("settings", r"settings\.xml"),
    ("manifest", r"META-INF/manifest\.xml|manifest\.rdf"),
    ("thumbnail", r"Thumbnails/.*|ObjectReplacements/.*"),
    ("picture", r"Pictures/.*|media/.*"),
    ("macros", r"(Basic|Scripts|Dialogs)/.*"),
    ("ribbon", r"Configurations2/.*"),
    ("data source", r"(database|forms|reports)/.*"),
)
_OBJECT = re.compile(r"(?P<folder>[^/]+)/(content|styles|meta|settings)\.xml")
_PEOPLE = {"initial-creator": "author", "creator": "last saved by", "printed-by": "printed by"}
_REMARKS = ("description", "keyword", "subject")
_PRINTERS_OF_NOBODY = frozenset({"", "Generic Printer", "<Same as default>"})


def is_one(package: Package) -> bool:
    """Return whether a package is an OpenDocument file."""
    return MIMETYPE in package.parts or (CONTENT in package.parts and MANIFEST in package.parts)


def read(package: Package, *, organisations: Iterable[str] = ()) -> Book:
    """Return the workbook in a package; what can't be read is said in its `unread`."""
    book = Book(form=Form.OPEN_DOCUMENT, package=package, organisations=frozenset(organisations), workbook_part=CONTENT)
    types = _media_types(book)
    if MIMETYPE not in package.parts or package.read(MIMETYPE).strip() != _SPREADSHEET:
        book.unread[MIMETYPE] = "It does not say that this is a spreadsheet, and nothing else"
    for name in package.parts:
        kind = _kind(book, name, types)
        part = Part(name=name, kind=kind, content_type=types.get(name, ""))
        book.parts[name] = part if name == CONTENT else book.attempt(name, _read_part, book, part) or part
    styles = DocumentStyles()
    if (root := _root(book, "styles.xml")) is not None:
        styles.add(root)
    _read_charts(book, book.attempt(CONTENT, _read_content, book, styles) or {})
    _read_meta(book)
    _read_settings(book)
    _read_page_texts(book)
    for part in book.parts.values():
        if part.root is not None and part.kind in ALLOWED:
            listing = book.listings.setdefault(part.name, Listing(is_object="/" in part.name))
            book.attempt(part.name, listing.outermost, part.root)
    return book


def _media_types(book: Book) -> dict[str, str]:
    """Return what the manifest says about each part; a part that it says is encrypted can't be looked into."""
    if MANIFEST not in book.package.parts:
        return {}
    root = book.attempt(MANIFEST, book.package.parse, MANIFEST)
    types = {}
    for entry in root.iterfind("{*}file-entry") if root is not None else ():
        named = {name.rpartition("}")[2]: value for name, value in entry.attrib.items()}
        types[named.get("full-path", "")] = named.get("media-type", "")
        if entry.find("{*}encryption-data") is not None:
            raise book.package.refused("is encrypted with a password, so nobody can look into it")
    return types


def _kind(book: Book, name: str, types: dict[str, str]) -> str:
    for kind, pattern in _KINDS:
        if re.fullmatch(pattern, name):
            is_empty = kind == "ribbon" and not book.package.parts[name].file_size
            return "settings" if is_empty else kind
    if found := _OBJECT.fullmatch(name):
        return "chart" if _CHART in types.get(f"{found['folder']}/", "") else "embedded file"
    return UNKNOWN


def _read_part(book: Book, part: Part) -> Part:
    if not part.name.endswith((".xml", ".rdf")) or not book.package.parts[part.name].file_size:
        stream = book.package.stream(part.name)
        while stream.read(1 << 18):
            pass
        return Part(name=part.name, kind=part.kind, content_type=part.content_type, unused=stream.unused)
    walk = Walk(book.package, part.name, events=("comment", "pi", "start-ns"))
    read_part = seen(part, walk, list(walk))
    book.hold(part.name, walk.tags_held)
    return read_part


def _root(book: Book, part: str) -> _Element | None:
    return book.parts[part].root if part in book.parts else None


def _read_content(book: Book, styles: DocumentStyles) -> dict[str, Sheet]:
    """Read the part that has all worksheets, and return to which of them each object with parts of its own belongs."""
    walk = Walk(
        book.package, CONTENT, tags=("{*}table-row", "{*}automatic-styles"), events=("comment", "pi", "start-ns")
    )
    reader = SheetsReader(book, styles)
    listing = book.listings.setdefault(CONTENT, Listing())

    def others() -> Iterator[tuple[str, object]]:
        for event, item in walk:
            if event != "end":
                yield event, item
            elif item.tag.endswith("}automatic-styles"):
                styles.add(item)
                listing.piece(item, "od/office:automatic-styles")
            else:
                reader.row(item)
                listing.piece(item, "od/table:table-row")

    book.parts[CONTENT] = seen(book.parts[CONTENT], walk, others())
    reader.end(walk.root)
    read_beside(book, walk.root)
    read_conditions(book, walk.root, styles)
    book.looks = styles.looks
    return reader.sheet_of_object


def _read_charts(book: Book, sheet_of_object: dict[str, Sheet]) -> None:
    """Read of each chart how many rows it keeps, beside the cells that it draws."""
    for part in book.parts.values():
        if part.kind != "chart" or part.root is None or not part.name.endswith("content.xml"):
            continue
        kept = sum(1 for rows in part.root.iter("{*}table-rows") for _ in rows.iterfind("{*}table-row"))
        drawn = [
            plain_reference(value)
            for element in part.root.iter("{*}series", "{*}categories")
            for name, value in element.attrib.items()
            if name.endswith(("}values-cell-range-address", "}cell-range-address"))
        ]
        chart = Chart(part=part.name, caches=tuple(Cached(refers_to=each, count=kept, points={}) for each in drawn))
        owner = sheet_of_object.get(part.name.rpartition("/")[0]) or next(iter(book.sheets), None)
        if owner is not None:
            owner.charts.append(chart)


def _read_meta(book: Book) -> None:
    people, remarks, found = {}, {}, {"title": "", "language": ""}
    root = _root(book, "meta.xml")
    for element in root.iter("{*}*") if root is not None else ():
        name, text = element.tag.rpartition("}")[2], (element.text or "").strip()
        if name in _PEOPLE and text:
            people[_PEOPLE[name]] = text
        elif name in _REMARKS and text:
            remarks[name] = text
        elif name in found and text:
            found[name] = text
        elif name == "template":
            remarks["Template"] = attribute(element, "href")
        elif name == "user-defined":
            named = next((value for key, value in element.attrib.items() if key.endswith("}name")), "")
            book.also.append(("custom properties", Spot(part="meta.xml", detail=f'"{named}"')))
    book.properties = Properties(part="meta.xml", people=people, remarks=remarks, **found)


def _read_page_texts(book: Book) -> None:
    """Read the texts of headers and footers; which worksheet is printed with them is not looked at."""
    root = _root(book, "styles.xml")
    for master in root.iter("{*}master-page") if root is not None and book.sheets else ():
        for part in master:
            texts = ("".join(line.itertext()).strip() for line in part.iter("{*}p"))
            book.sheets[0].page_texts += [(text, Look()) for text in texts if text]


def _read_settings(book: Book) -> None:
    root = _root(book, "settings.xml")
    for item in root.iter("{*}config-item") if root is not None else ():
        is_printer = any(value == "PrinterName" for value in item.attrib.values())
        if is_printer and (item.text or "").strip() not in _PRINTERS_OF_NOBODY:
            book.also.append(("printer settings", Spot(part="settings.xml", detail=f'"{(item.text or "").strip()}"')))
