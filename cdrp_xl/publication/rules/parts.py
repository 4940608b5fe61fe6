"""Rules on what a package holds: an allow-list of parts, and each kind that a partners' copy may not have."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.errors import name_some, quoted
from cdrp_xl.packages import TYPES
from cdrp_xl.publication.book import Form
from cdrp_xl.publication.findings import Rule, Severity, rule
from cdrp_xl.publication.kinds import ALLOWED, UNKNOWN
from cdrp_xl.publication.places import Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element

    from cdrp_xl.publication.book import Book, Part

_LABELS = "{http://schemas.microsoft.com/office/2020/mipLabelMetadata}"
_OF_LABELS = frozenset(f"{_LABELS}{name}" for name in ("labelList", "label", "extLst"))
_LABEL_VALUE = re.compile(
    r"\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?|Standard|Privileged|Auto|\d{1,3}|true|false|"
)
_LABEL = re.compile(
    r"MSIP_Label_[0-9A-Fa-f-]{36}_(Enabled|SetDate|Method|Name|SiteId|ActionId|ContentBits|Removed|Tag|Ref)"
)
"""Custom properties in which older versions of Office keep a label; its owner's address is not among them."""

_ROOTS = frozenset({"content types", "relationships"})
_LONGEST_SHOWN = 60
_KEPT_BY_LIBREOFFICE = frozenset(
    {
        "AppVersion",
        "Company",
        "DocSecurity",
        "HyperlinksChanged",
        "LinksUpToDate",
        "OOXMLCorePropertyContentStatus",
        "ScaleCrop",
        "ShareDoc",
        "SharedDoc",
    }
)

_VALUES = "Make the copy from values only: copy the cells and paste them as values into a new workbook."
_INSPECT = "In Excel: File, Info, Check for Issues, Inspect Document, Remove All; then check again."


def of_kind(kind: str, *, unless: frozenset[str] = frozenset()) -> Callable[[Book], Iterator[Spot]]:
    """Return the rule that finds the parts of a kind as one finding, since one remedy puts them all right.

    Where there is one of the kinds of `unless`, of which programs write both, that is the finding.
    """

    def find(book: Book) -> Iterator[Spot]:
        kinds = {part.kind for part in book.parts.values()}
        if unless & kinds:
            return
        spots = [Spot(part=part.name, sheet=book.sheet_of(part.name)) for part in _of(book, kind)]
        spots += [spot for also, spot in book.also if also == kind]
        for spot in spots[:1]:
            yield replace(spot, detail=f"{len(spots):,} parts") if len(spots) > 1 else spot

    return find


def _of(book: Book, kind: str) -> Iterator[Part]:
    """Give the parts of a kind without those that only say what these lead to."""
    return (part for part in book.parts.values() if part.kind == kind and not part.name.endswith(".rels"))


@rule(
    "custom-property",
    Severity.BLOCKS,
    what="There are custom properties",
    why="They hold what people or programs said of the file, such as its number in a records system.",
    remedy=_INSPECT,
)
def custom_property(book: Book) -> Iterator[Spot]:
    """Find custom properties, but for those into which LibreOffice puts what Excel keeps elsewhere."""
    for part in book.parts.values():
        if part.kind == "custom properties":
            named = [str(each.get("name", "")) for each in (part.root if part.root is not None else ())]
            unknown = [
                quoted(name) for name in named if name not in _KEPT_BY_LIBREOFFICE and not _LABEL.fullmatch(name)
            ]
            is_one = part.root is not None and part.root.tag.endswith("}Properties") and _is_plain(part.root)
            if unknown or not is_one:
                yield Spot(part=part.name, detail=name_some(unknown))
    for also, spot in book.also:
        if also == "custom properties" and spot.detail.strip('"') not in _KEPT_BY_LIBREOFFICE:
            yield spot


def _is_plain(root: _Element) -> bool:
    """Return whether a list of properties has nothing between them, and no attributes but their own."""
    return not (_loose(root) or root.attrib or any(set(each.attrib) - _OF_PROPERTY for each in root))


_OF_PROPERTY = frozenset({"fmtid", "pid", "name"})


def _loose(root: _Element) -> str:
    """Return the text between the elements of a part that has none."""
    return "".join([root.text or "", *(each.tail or "" for each in root)]).strip()


@rule(
    "sensitivity-label",
    Severity.LOOK,
    what="The workbook has a sensitivity label",
    why="It says by a number which organisation labelled it and how; it names nobody.",
    remedy="Check that the label is the one for what leaves, such as Public: in Excel: Home, Sensitivity. It need "
    "not be taken off.",
)
def sensitivity_label(book: Book) -> Iterator[Spot]:
    """Find a sensitivity label that says nothing but which it is, by numbers, and how it was given."""
    for part in book.parts.values():
        if part.kind == "sensitivity label" and not any(_beside_label(part)):
            yield Spot(part=part.name)
        if part.kind == "custom properties" and part.root is not None:
            of_label = [each for each in part.root if _LABEL.fullmatch(str(each.get("name", "")))]
            names = ["".join(each.itertext()) for each in of_label if str(each.get("name", "")).endswith("_Name")]
            if of_label:
                yield Spot(part=part.name, detail=name_some([quoted(name[:_LONGEST_SHOWN]) for name in names]))


@rule(
    "words-in-label",
    Severity.BLOCKS,
    what="The part of the sensitivity label holds more than the label",
    why="No program shows it, yet whoever looks into the file can read it.",
    remedy="Choose another label and then the right one again, save the workbook, and check that: in Excel: Home, "
    "Sensitivity.",
)
def words_in_label(book: Book) -> Iterator[Spot]:
    """Find what the part of a sensitivity label holds beside the label."""
    for part in book.parts.values():
        if part.kind == "sensitivity label":
            yield from (Spot(part=part.name, detail=f'"{text[:_LONGEST_SHOWN]}"') for text in _beside_label(part))


def _beside_label(part: Part) -> Iterator[str]:
    """Give what in the part of a label is neither an element of it nor a number, a word of its own or a switch."""
    if part.root is None:
        yield "what can't be read"
        return
    for element in part.root.iter():
        if not isinstance(element.tag, str) or element.tag not in _OF_LABELS:
            yield str(element.tag)
        yield from (f"{name} {value}" for name, value in element.items() if not _LABEL_VALUE.fullmatch(value))
        yield from (text.strip() for text in (element.text, element.tail) if text and text.strip())


@rule(
    "unknown-part",
    Severity.BLOCKS,
    what="There is a part that a workbook for reading does not need",
    why="What is on no list may hold anything.",
    remedy=_VALUES,
)
def unknown_part(book: Book) -> Iterator[Spot]:
    """Find parts that are on no list; those of one folder were written for one reason."""
    by_folder: dict[str, list[Part]] = {}
    for part in _of(book, UNKNOWN):
        by_folder.setdefault(part.name.rpartition("/")[0], []).append(part)
    for first, *others in by_folder.values():
        detail = [f'content type "{first.content_type}"'] if first.content_type else []
        detail += [f"and {len(others):,} more in its folder"] if others else []
        yield Spot(part=first.name, sheet=book.sheet_of(first.name), detail=" ".join(detail))


@rule(
    "unreached-part",
    Severity.BLOCKS,
    what="There is a part to which nothing in the workbook leads",
    why="No program shows it, yet whoever looks into the file can read it.",
    remedy="Open the workbook, save it under another name, and check that.",
)
def unreached_part(book: Book) -> Iterator[Spot]:
    """Find parts of a known kind to which nothing in the workbook leads."""
    if book.form in {Form.OPEN_DOCUMENT, Form.DATA}:
        return
    reached = {line.target for line in book.relationships if not line.is_external}
    for part in book.parts.values():
        if part.kind in ALLOWED - _ROOTS and part.name not in reached:
            yield Spot(part=part.name)


@rule(
    "missing-part",
    Severity.LOOK,
    what="A part is spoken of that is not there",
    why="Excel may offer to repair the workbook, which alarms its readers.",
    remedy="Open the workbook, save it under another name, and check that.",
)
def missing_part(book: Book) -> Iterator[Spot]:
    """Find relationships that lead nowhere."""
    for line in book.relationships:
        is_missing = not line.is_external and line.target not in book.parts
        if is_missing and line.target not in {"NULL", "", "."} and line.kind != "hyperlink":
            yield Spot(part=line.source, sheet=book.sheet_of(line.source), detail=line.target[:_LONGEST_SHOWN])
    yield from _spoken_of(book)


def _spoken_of(book: Book) -> Iterator[Spot]:
    """Find content types of parts that are not there."""
    root = book.attempt(TYPES, book.package.parse, TYPES) if book.form in {Form.OPEN_XML, Form.WORD} else None
    there = {f"/{name}".casefold() for name in book.package.parts}
    for each in root.iterfind("{*}Override") if root is not None else ():
        if each.get("PartName", "").casefold() not in there:
            yield Spot(part=TYPES, detail=each.get("PartName", "")[:_LONGEST_SHOWN])


@rule(
    "xml-comment",
    Severity.BLOCKS,
    what="There is a remark in the XML",
    why="No program shows it, yet whoever looks into the file can read it.",
    remedy="Open the workbook, save it under another name, and check that.",
)
def xml_comment(book: Book) -> Iterator[Spot]:
    """Find remarks in the XML."""
    for part in book.parts.values():
        for remark in part.comments[:1]:
            shown = f'"{remark.strip()[:_LONGEST_SHOWN]}"'
            yield Spot(part=part.name, sheet=book.sheet_of(part.name), detail=shown)


@rule(
    "xml-instruction",
    Severity.BLOCKS,
    what="There is a processing instruction in the XML",
    why="No program shows it, yet whoever looks into the file can read it.",
    remedy="Open the workbook, save it under another name, and check that.",
)
def xml_instruction(book: Book) -> Iterator[Spot]:
    """Find processing instructions in the XML."""
    for part in book.parts.values():
        for target in part.instructions[:1]:
            yield Spot(part=part.name, sheet=book.sheet_of(part.name), detail=target[:_LONGEST_SHOWN])


def _kind(rule_id: str, kind: str, what: str, why: str, remedy: str, *unless: str) -> Rule:
    find = of_kind(kind, unless=frozenset(unless))
    return Rule(rule_id=rule_id, severity=Severity.BLOCKS, what=what, why=why, remedy=remedy, find=find)


_ROWS = "It keeps the rows that the figures were counted from, whatever the worksheets show."
_FETCHES = "It says where the figures come from, and a program may fetch from there when the workbook is opened."
_RUNS = "It can run on the reader's computer, and may hold more than the worksheets show."
_SAID = "It holds what people wrote while they worked, with their names."


RULES = (
    _kind("pivot-cache", "pivot cache", "There is a pivot cache", _ROWS, _VALUES),
    _kind("pivot-table", "pivot table", "There is a pivot table", _ROWS, _VALUES, "pivot cache"),
    _kind("slicer", "slicer", "There is a slicer or a timeline", "It lists the values of a pivot's source.", _VALUES),
    _kind("external-link", "external link", "There is a link to another workbook", _FETCHES, _VALUES),
    _kind("connection", "connections", "There is a data connection", _FETCHES, _VALUES),
    _kind("query-table", "query table", "There is a table that is filled by a query", _FETCHES, _VALUES, "connections"),
    _kind("data-model", "data model", "There is a data model", _ROWS, _VALUES),
    _kind("live-data", "live data", "There are cells that a server keeps up to date", _FETCHES, _VALUES),
    _kind("macros", "macros", "There are macros", _RUNS, "Save it as an .xlsx workbook, and check that."),
    _kind("macro-sheet", "macro sheet", "There is a macro sheet of Excel 4", _RUNS, _VALUES),
    _kind("dialog-sheet", "dialog sheet", "There is a dialog sheet of Excel 5", _RUNS, _VALUES),
    _kind("form-control", "form control", "There is a form control, such as a button", _RUNS, "Delete the control."),
    _kind("activex-control", "ActiveX control", "There is an ActiveX control", _RUNS, "Delete the control."),
    _kind("ribbon", "ribbon", "The workbook changes the ribbon", _RUNS, _VALUES),
    _kind("web-extension", "web extension", "There is an Office add-in in the workbook", _RUNS, _VALUES),
    _kind(
        "embedded-file",
        "embedded file",
        "There is a file inside the workbook",
        "A whole workbook or document may lie behind what looks like a picture or a chart.",
        "Delete the object, or paste it as a picture.",
    ),
    _kind("comment", "comments", "There are comments (notes) on cells", _SAID, _INSPECT, "threaded comments"),
    _kind("threaded-comment", "threaded comments", "There are threaded comments", _SAID, _INSPECT),
    _kind(
        "person",
        "persons",
        "There is a list of people who commented",
        "It names them with their accounts.",
        _INSPECT,
        "threaded comments",
    ),
    _kind("revision", "revisions", "There is a record of changes", _SAID, "Stop sharing the workbook, and save it."),
    Rule(
        rule_id="custom-xml",
        severity=Severity.BLOCKS,
        what="There is custom XML",
        why="Programs keep there what no worksheet shows.",
        remedy=_INSPECT,
        find=of_kind("custom XML"),
    ),
    sensitivity_label,
    words_in_label,
    _kind("xml-map", "XML map", "There is a map to an XML file", _FETCHES, _INSPECT),
    custom_property,
    Rule(
        rule_id="printer-settings",
        severity=Severity.BLOCKS,
        what="There are settings of a printer",
        why="They name the printer, often with the building or the person that it belongs to.",
        remedy="In Excel: copy the worksheets' cells into a new workbook, and save that without printing it.",
        find=of_kind("printer settings"),
    ),
    _kind(
        "legacy-drawing",
        "legacy drawing",
        "There is a drawing of the old form (VML)",
        "Comments, controls and pictures in headers are kept in it, in a form that can't be checked.",
        "Delete comments, controls and pictures in headers and footers.",
        *("comments", "threaded comments", "form control", "ActiveX control"),
    ),
    Rule(
        rule_id="thumbnail",
        severity=Severity.LOOK,
        what="There is a small picture of the workbook as it was when it was saved",
        why="It shows what the first worksheet showed then, whatever it shows now.",
        remedy="Save without a preview picture: in Excel: File, Info, Properties, Advanced Properties.",
        find=of_kind("thumbnail"),
    ),
    unknown_part,
    unreached_part,
    missing_part,
    xml_comment,
    xml_instruction,
)
