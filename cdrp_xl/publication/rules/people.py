"""Rules on what identifies people and their computers, in the workbook's properties and in its pictures."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from cdrp_xl import geography
from cdrp_xl.errors import name_some
from cdrp_xl.measures import people
from cdrp_xl.publication import pictures
from cdrp_xl.publication.findings import Severity, rule
from cdrp_xl.publication.places import Spot
from cdrp_xl.publication.strings import odd_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cdrp_xl.publication.book import Book

_ORGANISATION = re.compile(
    r"\b(council|police|constabulary|partnerships?|group|team|unit|services?|office|department|ministry|authority|trust|"
    r"directorate|research|analysis|analytics|analysts|agency|board|committee|association|limited|ltd|plc|university|nhs|"
    r"college|commissioner|bureau|force|borough|county|city|government|statistics|intelligence|performance|data|safety|"
    r"openpyxl|xlsxwriter|libreoffice|microsoft|apache|excel|calc|cdrp-xl|unknown|author)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"[^\W\d_][\w'\u2019-]+(,? [^\W\d_]\.?){0,2},? [^\W\d_][\w'\u2019-]+"  # "Ann Lee", "Lee, Ann", "Ann B. Lee"
    r"|[^\s@]+@[^\s@]+"  # an address of e-mail
    r"|[\w.-]+\\[\w.$-]+"  # an account with its domain
    r"|[a-z]+[.\d]?[a-z]*\d*"  # an account
)
_LONGEST_SHOWN, _LONGEST_NAME = 60, 80
_MOST_UNPACKED = 1 << 30
"""The most bytes that the pictures of a workbook may have in all."""

_INSPECT = "In Excel: File, Info, Check for Issues, Inspect Document, Document Properties and Personal Information."


@rule(
    "person-as-author",
    Severity.BLOCKS,
    what="The properties name what may be a person",
    why="A report is an organisation's; whose computer it was made on is not for its readers.",
    remedy=_INSPECT,
)
def person_as_author(book: Book) -> Iterator[Spot]:
    """Find authors, managers and organisations that can't be distinguished from a person's name."""
    yield from _named(book, lambda name: not _is_organisations(book, name) and _is_a_persons(name))


def _named(book: Book, is_meant: Callable[[str], bool]) -> Iterator[Spot]:
    """Give each name in the properties that is meant, with the places where it is."""
    roles: dict[str, list[str]] = {}
    for role, name in book.properties.people.items():
        if is_meant(name):
            roles.setdefault(name, []).append(role)
    for name, found in roles.items():
        yield Spot(part=book.properties.part, detail=f'{name_some(found)} "{name[:_LONGEST_SHOWN]}"')


def _is_organisations(book: Book, name: str) -> bool:
    """Return whether a name is that of an organisation: one that is known, or made of words that name nobody."""
    other_words = [word for word in _WORDS.findall(_ORGANISATION.sub(" ", name).casefold()) if word not in _of_places()]
    is_named = _ORGANISATION.search(name) is not None and next(people.names(name), None) is None
    return name in book.organisations or (is_named and not other_words)


_WORDS = re.compile(r"\w{3,}")
_JOINING = (
    "and the for community crime analyst district home national unitary safer public health youth housing "
    "worked example"
)


@functools.cache
def _of_places() -> frozenset[str]:
    """Return the words of which names of areas and of police forces are made, and those that join them."""
    areas = (name for area in geography.areas() for name in area.names)
    found = (geography.force_of(area.code) for area in geography.areas())
    forces = (f"{force.police_uk_name} {force.home_office_name}" for force in found if force is not None)
    return frozenset(_WORDS.findall(f"{' '.join((*areas, *forces))} {_JOINING}".casefold()))


def _is_a_persons(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and _PERSON.fullmatch(name) is not None


@rule(
    "other-author",
    Severity.LOOK,
    what="The properties name somebody who may not be an organisation",
    why="A report is an organisation's; whose computer it was made on is not for its readers.",
    remedy=f"If it is a person or an account, remove it. {_INSPECT}",
)
def other_author(book: Book) -> Iterator[Spot]:
    """Find authors that look like neither a person nor an organisation that is known, and that no cell shows."""

    def is_meant(name: str) -> bool:
        is_known = _is_organisations(book, name) or _is_a_persons(name)
        return not is_known and name.casefold() not in book.shown  # our own copies name their producer on the cover

    yield from _named(book, is_meant)


@rule(
    "remark",
    Severity.LOOK,
    what="The properties hold a remark",
    why="It was written for those who keep the file, and readers see it too.",
    remedy=f"Read it, and remove it if it is not for them. {_INSPECT}",
)
def remark(book: Book) -> Iterator[Spot]:
    """Find remarks, keywords and the like in the properties that no cell shows."""
    shown = book.shown if book.properties.remarks else ""
    for name, text in book.properties.remarks.items():
        if not all(part.casefold() in shown for part in text.split(", ")):
            yield Spot(part=book.properties.part, detail=f'{name} "{text[:_LONGEST_SHOWN]}"')


@rule(
    "saved-path",
    Severity.BLOCKS,
    what="The workbook says in which folder it was saved, or its template",
    why="The path has the account of whoever saved it, and the names of servers.",
    remedy=_INSPECT,
)
def saved_path(book: Book) -> Iterator[Spot]:
    """Find the folder in which the workbook was saved, or from which its template came."""
    root = book.workbook
    for each in root.iter("{*}absPath") if root is not None else ():
        yield Spot(part=book.workbook_part, detail=f'"{each.get("url", "")[:_LONGEST_SHOWN]}"')
    template = book.properties.remarks.get("Template", "")
    if "/" in template or "\\" in template:
        yield Spot(part=book.properties.part, detail=f'template "{template[:_LONGEST_SHOWN]}"')


@rule(
    "base-of-links",
    Severity.BLOCKS,
    what="The workbook says from which folder its hyperlinks are counted",
    why="The path has names of people and servers.",
    remedy="In Excel: File, Info, Properties, Advanced Properties, Hyperlink base; empty it.",
)
def base_of_links(book: Book) -> Iterator[Spot]:
    """Find the folder from which hyperlinks are counted."""
    for part in book.parts.values():
        if part.kind == "extended properties" and part.root is not None:
            for each in part.root.iter("{*}HyperlinkBase"):
                yield Spot(part=part.name, detail=f'"{(each.text or "")[:_LONGEST_SHOWN]}"')


@rule(
    "reserved-by",
    Severity.BLOCKS,
    what="The workbook says who reserved it for writing",
    why="It names an account, and a password that only stops editing protects nothing.",
    remedy="In Excel: File, Save As, Tools, General Options; empty the password to modify.",
)
def shared_by(book: Book) -> Iterator[Spot]:
    """Find who reserved the workbook for writing."""
    root = book.workbook
    for each in root.iterfind("{*}fileSharing") if root is not None else ():
        if each.get("userName"):
            yield Spot(part=book.workbook_part, detail=f'"{each.get("userName")}"')


@rule(
    "named-style",
    Severity.LOOK,
    what="There is a style of somebody's own",
    why="Styles travel from workbook to workbook with the names that people gave them.",
    remedy="In Excel: Home, Cell Styles; delete it.",
)
def named_style(book: Book) -> Iterator[Spot]:
    """Find styles of cells and of tables that people named."""
    styles = next((part for part in book.parts.values() if part.kind == "styles"), None)
    root = styles.root if styles else None
    if styles is None or root is None:
        return
    for each in (*root.iterfind("{*}cellStyles/{*}cellStyle"), *root.iterfind("{*}tableStyles/{*}tableStyle")):
        name = each.get("name", "")
        is_usual = not odd_words("cell:style", name) if each.get("builtinId") else _USUAL_STYLE.fullmatch(name)
        if not is_usual:
            yield Spot(part=styles.name, detail=f'"{name[:_LONGEST_SHOWN]}"')


_USUAL_STYLE = re.compile(
    r"(ConditionalStyle|Default|Heading|Result|Accent|Status|Good|Neutral|Bad|Warning|Error|Footnote|Note|Text|Comma|"
    r"Hyperlink|Footnote|Currency|Percent|Normal|Total|Title|Output|Input|Followed)\b.*|Excel_BuiltIn.*|.*Accent ?\d",
    re.IGNORECASE,
)


def _pictures(book: Book) -> Iterator[tuple[str, bytes]]:
    for part in book.parts.values():
        if part.kind == "picture" and part.name not in book.unread:
            content = book.attempt(part.name, book.package.read, part.name)
            if content is not None:
                yield part.name, content
    yield from book.pictures.items()


@rule(
    "picture-metadata",
    Severity.BLOCKS,
    what="A picture holds more than it shows",
    why="Cameras and programs write into it where, when, with what and by whom it was made.",
    remedy="In Excel: copy the picture, paste it as PNG, and delete the first one.",
)
def picture_metadata(book: Book) -> Iterator[Spot]:
    """Find pictures that say where, when and by whom they were taken."""
    room = _MOST_UNPACKED
    for name, content in _pictures(book):
        room -= pictures.unpacked_bytes(content)
        if room < 0:
            yield Spot(part=name, sheet=book.sheet_of(name), detail="there is too much to look into every picture")
            return
        if held := pictures.metadata(content):
            yield Spot(part=name, sheet=book.sheet_of(name), detail=held)


@rule(
    "picture-appended",
    Severity.BLOCKS,
    what="There is something after the end of a picture",
    why="A whole archive may be there, and programs show nothing but the picture.",
    remedy="In Excel: copy the picture, paste it as PNG, and delete the first one.",
)
def picture_appended(book: Book) -> Iterator[Spot]:
    """Find pictures with something after their end."""
    for name, content in _pictures(book):
        end = pictures.end(content)
        if end is not None and end < len(content):
            detail = f"{len(content) - end:,} bytes{pictures.named(content[end:])}"
            yield Spot(part=name, sheet=book.sheet_of(name), detail=detail)


@rule(
    "picture-unseen",
    Severity.LOOK,
    what="A picture has different colours where it is wholly transparent",
    why="A program that drops the transparency shows what is drawn there.",
    remedy="In Excel: copy the picture, paste it as JPEG, and delete the first one.",
)
def picture_unseen(book: Book) -> Iterator[Spot]:
    """Find pictures that draw something where they are wholly transparent."""
    for name, content in _pictures(book):
        if pictures.draws_where_transparent(content):
            yield Spot(part=name, sheet=book.sheet_of(name))


@rule(
    "picture-unknown",
    Severity.BLOCKS,
    what="A picture is of a form that is not looked into",
    why="Drawings such as EMF and SVG hold texts and layers that may not be seen.",
    remedy="In Excel: copy the picture, paste it as PNG, and delete the first one.",
)
def picture_unknown(book: Book) -> Iterator[Spot]:
    """Find pictures of a form that can't be looked into."""
    for name, content in _pictures(book):
        if pictures.end(content) is None:
            yield Spot(part=name, sheet=book.sheet_of(name))


RULES = (
    person_as_author,
    other_author,
    remark,
    saved_path,
    base_of_links,
    shared_by,
    named_style,
    picture_metadata,
    picture_appended,
    picture_unseen,
    picture_unknown,
)
