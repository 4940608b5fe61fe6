"""A workbook as the gate sees it: what is in the file, whichever program wrote it, read once for all rules.

The readers fill it; no rule changes it. What a form of file does not have stays at its default.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from cdrp_xl import damage
from cdrp_xl.addresses import Rectangle, parse, unquoted_sheet
from cdrp_xl.errors import FileError
from cdrp_xl.packages import source_of
from cdrp_xl.publication.places import Places, Spot
from cdrp_xl.publication.strings import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element

    from cdrp_xl.packages import Package, Relation
    from cdrp_xl.publication.listed import Listing

T = TypeVar("T")

CELLS_KEPT = 100_000
"""Cells of one workbook whose texts are kept for the rules that read them; the other rules see every cell."""

TAGS_HELD = 400_000
"""Tags of XML that are held of all parts together."""

SHEETS_READ, TABLES_READ, RELATIONSHIPS_READ = 2_000, 200, 50_000
"""Worksheets of a workbook, tables of a worksheet, and relationships, beyond which no more are read."""


class Form(StrEnum):
    """How a workbook is stored."""

    OPEN_XML = "Excel workbook (.xlsx, .xlsm)"
    BINARY = "Excel binary workbook (.xlsb)"
    OPEN_DOCUMENT = "OpenDocument spreadsheet (.ods)"
    WORD = "Word document (.docx)"
    WEB_PAGE = "page of a published copy (.html)"
    DATA = "data of a published copy (.zip)"


class Cell(NamedTuple):
    """One cell with something in it. `style` is its style's number or name."""

    text: str
    is_number: bool
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a style shows a cell. Colours are six hexadecimal digits, None where they can't be worked out.

    `font` is empty where it is an ordinary one; `turns` says that a text is written upwards or downwards; `side` is
    that on which it begins, where the file says so.
    """

    ink: str | None = "000000"
    fill: str | None = "FFFFFF"
    points: float = 11
    number_format: str = ""
    wraps: bool = False
    indent: int = 0
    turns: bool = False
    shrinks: bool = False
    font: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A conditional format: the cells that it may apply to, how it shows them, and whether their values are left out.

    What it leaves alone of a look is None, 0 or empty.
    """

    cells: str
    look: Look
    hides_values: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the package. `unused` counts its bytes that nothing reads; `root` is its XML, where it is XML."""

    name: str
    kind: str
    content_type: str = ""
    root: _Element | None = field(default=None, repr=False)
    comments: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    namespaces: frozenset[str] = frozenset()
    unused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A defined name, what it refers to, and whether programs hide it."""

    name: str
    refers_to: str
    sheet: str = ""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A range that is marked as a table."""

    name: str
    part: str
    block: Rectangle
    headings: tuple[str, ...]
    heading_rows: int = 1
    is_styled: bool = False
    is_filtered: bool = False
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cached:
    """What a chart keeps of the cells that it draws: the reference, and the points by number.

    `unplaced` are points of which only is known that one of the cells has to hold them.
    """

    refers_to: str
    count: int
    points: dict[int, str]
    unplaced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart as its part describes it; `looks` are those of its texts, but of labels, which lie on its bars."""

    part: str
    caches: tuple[Cached, ...]
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Something that lies over the cells: a picture, a chart, a shape.

    `spans` are the cells that it touches, `covers` those of which nothing can be seen beneath it, `looks` those of its
    texts; a flat one has no width or height; one in its cell is there as a word is, and not over it. `box` is where it
    lies, as left, top, right and bottom in units of its own; an opaque one hides what lies beneath, a blank one is a
    shape without words, and an overfull one has more than it has room for.
    """

    part: str
    kind: str
    name: str
    alternative_text: str
    cell: str = ""
    is_hidden: bool = False
    is_flat: bool = False
    is_in_cell: bool = False
    is_cropped: bool = False
    spans: Rectangle | None = None
    covers: Rectangle | None = None
    box: tuple[int, int, int, int] | None = None
    is_opaque: bool = False
    is_blank: bool = False
    is_overfull: bool = False
    looks: tuple[Look, ...] = ()
    macro: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A hyperlink of a cell; `target` is a place in the workbook, or an address outside."""

    cell: str
    target: str
    is_external: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """How a worksheet is printed; None where the file does not say."""

    is_a4: bool | None = None
    is_landscape: bool | None = None
    fits_one_wide: bool | None = None
    repeats_rows: bool = False


@dataclass(slots=True, kw_only=True)
class Sheet:
    """One worksheet. `cells` has every cell with something in it, unless `is_whole` says that there were too many.

    `messages` appear when a cell is chosen, each with its cells; `page_texts` are in headers and footers;
    `frozen_out` are rows or columns to which nobody can scroll.
    """

    name: str
    part: str
    state: str = "visible"
    kind: str = "worksheet"
    root: _Element | None = field(default=None, repr=False)
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict, repr=False)
    is_whole: bool = True
    cell_count: int = 0
    formulas: Places = field(default_factory=Places)
    hidden_rows: Places = field(default_factory=Places)
    flat_rows: Places = field(default_factory=Places)
    hidden_columns: Places = field(default_factory=Places)
    flat_columns: Places = field(default_factory=Places)
    hides_rows_by_default: bool = False
    row_runs: list[list[int]] = field(default_factory=list)
    columns_used: dict[int, str] = field(default_factory=dict)
    first_of_style: dict[str, str] = field(default_factory=dict)
    runs: list[tuple[str, str, Look]] = field(default_factory=list)
    merged: list[Rectangle] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    messages: list[tuple[str, str]] = field(default_factory=list)
    page_texts: list[tuple[str, Look]] = field(default_factory=list)
    frozen_out: str = ""
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    filters: Places = field(default_factory=Places)
    print_areas: list[Rectangle] = field(default_factory=list)
    cursor: str = "A1"
    page: Page = field(default_factory=Page)

    def text(self, row: int, column: int) -> str:
        """Return what a cell holds, empty where it holds nothing."""
        cell = self.cells.get((row, column))
        return cell.text if cell else ""

    def held_in(self, area: Rectangle) -> Iterator[tuple[int, int]]:
        """Yield the cells of a block that hold something."""
        if area.size <= len(self.cells):
            return (cell for cell in area.cells() if cell in self.cells)
        return (cell for cell in self.cells if area.holds(*cell))


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """What a workbook says about itself."""

    part: str = ""
    title: str = ""
    language: str = ""
    people: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Book:
    """A workbook. `unread` says by part what could not be read of it; `organisations` may be named as authors.

    `listings` have by part what is on no list. `also` has what is no part of its own but is of a kind that the rules on
    parts look for, such as a comment of .ods.
    `personal` is what was found to identify people, and whether it is a list, once that was looked for.
    """

    form: Form
    package: Package
    organisations: frozenset[str] = frozenset()
    parts: dict[str, Part] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    """Those that are not parts of a package, by name."""
    relationships: list[Relation] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    looks: dict[str, Look] = field(default_factory=dict)
    unshown_texts: Places = field(default_factory=Places)
    properties: Properties = field(default_factory=Properties)
    workbook_part: str = ""
    active_sheet: int = 0
    unread: dict[str, str] = field(default_factory=dict)
    also: list[tuple[str, Spot]] = field(default_factory=list)
    listings: dict[str, Listing] = field(default_factory=dict, repr=False)
    personal: list[tuple[Spot, bool]] | None = None
    room_for_tags: int = TAGS_HELD

    @property
    def visible(self) -> list[Sheet]:
        """The worksheets that a reader sees."""
        return [sheet for sheet in self.sheets if sheet.state == "visible"]

    @property
    def shown(self) -> str:
        """All that the cells which a reader sees say, in lower-case letters."""
        return "\n".join(dict.fromkeys(cell.text for sheet in self.visible for cell in sheet.cells.values())).casefold()

    @property
    def shown_words(self) -> frozenset[str]:
        """The words that a reader sees in cells, shapes and charts."""
        texts = dict.fromkeys(cell.text for sheet in self.visible for cell in sheet.cells.values())
        drawn = (listing.shown for listing in self.listings.values())
        return frozenset(words("\n".join(texts))).union(*drawn)

    @property
    def workbook(self) -> _Element | None:
        """The root of the part that lists the worksheets."""
        part = self.parts.get(self.workbook_part)
        return part.root if part else None

    def hold(self, part: str, tags: int) -> None:
        """Take room for the XML of a part, all of which is held; refuse it if there is none left."""
        self.room_for_tags -= tags
        if self.room_for_tags < 0:
            raise self.package.refused("has more XML than can be looked into", part)

    def attempt(self, part: str, work: Callable[..., T], *arguments: Any) -> T | None:
        """Do a piece of reading; where the part can't be read, say so and go on with the others."""
        odd = FileError("It is not laid out as a part of its kind should be", where=part, remedy="")
        try:
            with damage.reported(part, lambda _: odd):
                return work(*arguments)
        except FileError as wrong:
            self.unread[part] = wrong.what
        return None

    def sheet_of(self, part: str) -> str:
        """Return the name of the worksheet that leads to a part, over as many others as there are between."""
        by_part = (
            {} if self.form in {Form.OPEN_DOCUMENT, Form.WORD} else {sheet.part: sheet.name for sheet in self.sheets}
        )
        came_from = {line.target: line.source for line in reversed(self.relationships) if not line.is_external}
        seen, part = set(), source_of(part) or part
        while part and part not in by_part and part not in seen:
            seen.add(part)
            part = came_from.get(part, "")
        return by_part.get(part, "")

    def sheet_named(self, name: str) -> Sheet | None:
        """Return the worksheet of a name, in any case of letters."""
        wanted = name.casefold()
        return next((sheet for sheet in self.sheets if sheet.name.casefold() == wanted), None)


def block(reference: str) -> Rectangle | None:
    """Return the cells that a reference such as "Data!$A$1:B2" names, None if it is not a plain block of cells."""
    return parse(reference.rpartition("!")[2])


def sheet_in(reference: str) -> str:
    """Return the worksheet that a reference names, without its quotation marks; empty if it names none."""
    return unquoted_sheet(reference.rpartition("!")[0])
