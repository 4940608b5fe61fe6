"""Reading a Word document (.docx) for the gate: the rules take what is under each main heading as a worksheet.

A paragraph is a row of one cell, and the rows of a table are rows. What is in the file and not on the page is found
where it is: hidden texts, tracked changes, fields that fetch, figures that a chart has and no table beside it shows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cdrp_xl.addresses import Rectangle, cell_name
from cdrp_xl.publication.book import CELLS_KEPT, Book, Cell, Drawn, Form, Link, Page, Sheet, Table
from cdrp_xl.publication.kinds import ALLOWED
from cdrp_xl.publication.listed import Listing
from cdrp_xl.publication.open_xml import read_parts, read_properties
from cdrp_xl.publication.places import Spot
from cdrp_xl.publication.word_looks import Styles
from cdrp_xl.writers import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.etree import _Element

    from cdrp_xl.packages import Package

HIDDEN, TRACKED, FIELD, CHARTED = "hidden text", "tracked change", "field", "figure of a chart"
"""Kinds of what is found while a document is read, in the words by which its rules look for them."""

_IN_TYPES = b"wordprocessingml"
_MAIN_HEADINGS = frozenset({"heading 1"})
_TEXTS = {"noBreakHyphen": "-", "tab": "\t", "br": "\n", "cr": "\n", "sym": "?"}
_CHANGES = re.compile(
    r"(ins|del|moveFrom|moveTo|conflictIns|conflictDel|cell(Ins|Del|Merge)|numberingChange|\w+(Change|PrExChange))"
)
_FIELDS = re.compile(
    r"\s*(PAGE|NUMPAGES|SECTIONPAGES|PAGEREF|REF|NOTEREF|SEQ|TOC|STYLEREF|TITLE|SUBJECT|SECTION)\b[^\"]*(\"[\d-]{0,5}\"[^\"]*)?"
    r"|\s*HYPERLINK\s+\\l\s+\"[^\"]*\"\s*",
    re.IGNORECASE,
)
"""Fields whose answer is on the page and in the document alone."""

_NUMBER = re.compile(r"[+-]?[\s\u00a0]?[\d,]+(\.\d+)?%?")
_FORMATS = ("0", "0.0", "0.00", "0.000", "0.0000", "0%", "0.0%", "0.00%")
_FAR_OFF = 22 * 914_400
"""How far from its place nothing is on any page any more, in the units of drawings."""

_Column = list[tuple[str, str]]
"""What a table shows in a column, each cell with the first of its row."""

_LEAST_TWIPS = 60
_LONGEST_SHOWN = 60
_A4, _NEARLY = (11_906, 16_838), 40


def is_one(package: Package) -> bool:
    """Return whether a package says about one of its parts that it is written in Word's language."""
    types = "[Content_Types].xml"
    return bool(package.named(types)) and _IN_TYPES in package.read(types)


def read(package: Package, *, organisations: Iterable[str] = ()) -> Book:
    """Return the document in a package; what can't be read is said in its `unread`."""
    book = read_parts(package, Form.WORD, organisations=organisations)
    roots = {part.kind: part.root for part in book.parts.values()}
    styles = book.attempt(book.workbook_part, Styles, roots.get("styles"), roots.get("theme"))
    book.attempt(book.workbook_part, _read_body, book, styles or Styles(None, None))
    for part in book.parts.values():
        if part.root is not None and part.kind in ALLOWED:
            listing = book.listings.setdefault(part.name, Listing())
            book.attempt(part.name, _outermost, listing, part.root)
    book.attempt("docProps/core.xml", read_properties, book)
    return book


def _outermost(listing: Listing, root: _Element) -> None:
    listing.outermost(root, of_word=True)


def _read_body(book: Book, styles: Styles) -> None:
    """Read what is on the pages, and what is in the parts around them."""
    reader = _Reader(book, styles)
    for part in book.parts.values():
        if part.root is None or part.kind not in {"document", "header or footer", "notes of a document"}:
            continue
        reader.part = part.name
        if part.kind == "document":
            body = part.root.find("{*}body")
            reader.blocks(body if body is not None else part.root)
            reader.pages(part.root)
        elif part.kind == "notes of a document":
            reader.begin("Footnotes and endnotes")
            for note in part.root:
                reader.blocks(note)
        else:
            reader.header(part.root)
        reader.beside(part.root)
    reader.compare()


class _Reader:
    """What was read of a document so far: its worksheets, and the row in which the next paragraph is."""

    def __init__(self, book: Book, styles: Styles) -> None:
        self.part = book.workbook_part
        self._book, self._styles = book, styles
        self._sheet = Sheet(name="Cover", part=self.part)
        self._row = 0
        self._kept = CELLS_KEPT
        self._places: dict[str, str] = {}
        self._to_place: list[tuple[Sheet, Link]] = []
        self._charts: list[tuple[Sheet, str, _Element]] = []
        book.sheets.append(self._sheet)

    def begin(self, name: str) -> None:
        """Begin a worksheet."""
        if self._sheet.cells:
            self._sheet = Sheet(name=name, part=self.part)
            self._book.sheets.append(self._sheet)
        self._sheet.name = name
        self._row = 0

    def blocks(self, container: _Element) -> None:
        """Read the paragraphs and tables in the body, a note or whatever else holds such."""
        for child in container:
            match _local(child):
                case "p":
                    self._paragraph(child)
                case "tbl":
                    self._table(child)
                case "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml":
                    self.blocks(child)

    def header(self, root: _Element) -> None:
        """Read a header or footer: its texts are on every page."""
        sheet = self._book.sheets[0]
        for paragraph in root.iter("{*}p"):
            for text, look in self._runs(paragraph, None):
                sheet.page_texts.append((text, look))
            self._hyperlinks(paragraph, sheet, "")

    def pages(self, root: _Element) -> None:
        """Read how large the pages are."""
        sizes = [sorted(int(_attribute(each, name) or 0) for name in ("w", "h")) for each in root.iter("{*}pgSz")]
        is_a4 = all(abs(side - own) <= _NEARLY for size in sizes for side, own in zip(size, _A4, strict=True))
        for sheet in self._book.sheets:
            sheet.page = Page(is_a4=is_a4 if sizes else None)

    def beside(self, root: _Element) -> None:
        """Find changes that are tracked, and fields, wherever in a part they are."""
        authors: dict[str, int] = {}
        for each in root.iter("{*}*"):
            name = _local(each)
            if _CHANGES.fullmatch(name) and _attribute(each, "id"):
                author = _attribute(each, "author")
                authors[author] = authors.get(author, 0) + 1
            elif name == "fldSimple":
                self._field(_attribute(each, "instr"))
        for author, count in authors.items():
            self._also(TRACKED, f'{count:,} by "{author[:_LONGEST_SHOWN]}"')
        for instruction in _instructions(root):
            self._field(instruction)

    def compare(self) -> None:
        """Say of each link within the document to which worksheet it leads, and of each chart what no table shows."""
        for sheet, link in self._to_place:
            target = self._places.get(link.target, "")
            sheet.links.append(Link(cell=link.cell, target=f"'{target}'!A1", is_external=False))
        columns = _columns(self._book.sheets) if self._charts else {}
        for sheet, part, root in self._charts:
            texts = {_plain(cell.text) for cell in sheet.cells.values()}
            unshown = [each for each in dict.fromkeys(_charted(root)) if not _is_shown(each, texts)]
            if unshown and not _is_a_column(root, columns):
                detail = f'{len(unshown):,} such as "{unshown[0][:_LONGEST_SHOWN]}"'
                self._book.also.append((CHARTED, Spot(part=part, sheet=sheet.name, detail=detail)))

    def _paragraph(self, paragraph: _Element) -> None:
        style = next((_attribute(each, "val") for each in paragraph.iterfind("{*}pPr/{*}pStyle")), "")
        runs = self._runs(paragraph, None)
        text = "".join(text for text, _ in runs)
        if self._styles.name(style) in _MAIN_HEADINGS and text.strip():
            if self._sheet.cells:
                self.begin(text.strip())
            self._sheet.name = text.strip()
        self._put(0, runs)
        self._note_bookmarks(paragraph, 0)
        self._row += 1
        self._within(paragraph)

    def _within(self, paragraph: _Element) -> None:
        """Read the text boxes and drawings of a paragraph."""
        for box in paragraph.iter("{*}txbxContent"):
            if next(box.iterancestors("{*}Fallback"), None) is None:
                self.blocks(box)
        for drawing in paragraph.iter("{*}inline", "{*}anchor"):
            self._drawing(drawing)

    def _table(self, table: _Element) -> None:
        """Read a table: the rows that are repeated on every page are its headings."""
        begin, rows = self._row, list(_own(table, "tr"))
        for row in rows:
            self._table_row(row)
        heads = next((number for number, row in enumerate(rows) if row.find("{*}trPr/{*}tblHeader") is None), len(rows))
        width = max((column for row, column in self._sheet.cells if row >= begin), default=0) + 1
        block = Rectangle(row=begin, column=0, rows=max(len(rows), 1), columns=width)
        headings = tuple(self._sheet.text(begin, column) for column in range(width))
        name = f"{len(self._sheet.tables) + 1}"
        self._sheet.tables.append(
            Table(name=name, part=self.part, block=block, headings=headings, heading_rows=min(heads, 1))
        )

    def _table_row(self, row: _Element) -> None:
        column = 0
        self._flat(row)
        for cell in _own(row, "tc"):
            properties = cell.find("{*}tcPr")
            span = next((int(_attribute(each, "val") or 1) for each in cell.iterfind("{*}tcPr/{*}gridSpan")), 1)
            goes_on = [each for each in cell.iterfind("{*}tcPr/{*}vMerge") if _attribute(each, "val") != "restart"]
            ground = self._styles.ground(properties)
            runs: list[tuple[str, Any]] = []
            for paragraph in cell.iter("{*}p"):
                runs += [("\n", runs[-1][1])] if runs else []
                runs += self._runs(paragraph, ground)
                self._note_bookmarks(paragraph, column)
                for drawing in paragraph.iter("{*}inline", "{*}anchor"):
                    self._drawing(drawing, column, is_in_cell=_local(drawing) == "inline")
            self._put(column, runs)
            if (span > 1 or goes_on) and self._row:
                above = self._row - bool(goes_on)
                self._sheet.merged.append(Rectangle(row=above, column=column, rows=1 + self._row - above, columns=span))
            column += span
        self._row += 1

    def _flat(self, row: _Element) -> None:
        """Note a row of a table that is hidden, or too low to be seen."""
        height = row.find("{*}trPr/{*}trHeight")
        if row.find("{*}trPr/{*}hidden") is not None:
            self._sheet.hidden_rows.add(f"{self._row + 1:,}")
        is_exact = height is not None and _attribute(height, "hRule") == "exact"
        if height is not None and is_exact and int(_attribute(height, "val") or 0) < _LEAST_TWIPS:
            self._sheet.flat_rows.add(f"{self._row + 1:,}")

    def _runs(self, paragraph: _Element, ground: str | None) -> list[tuple[str, Any]]:
        """Return the texts of a paragraph, each with its look; those that are hidden are noted."""
        said = self._styles.paragraph(paragraph, ground)
        found, hidden = [], []
        for run in paragraph.iter("{*}r"):
            if next(run.iterancestors("{*}p"), None) is not paragraph:
                continue
            text = "".join(_text(each) for each in run)
            if not text:
                continue
            of_run = self._styles.run(run, said)
            found.append((text, of_run.look))
            if of_run.is_hidden and text.strip():
                hidden.append(text)
        if hidden:
            self._also(HIDDEN, f'"{"".join(hidden).strip()[:_LONGEST_SHOWN]}"')
        return found

    def _put(self, column: int, runs: Sequence[tuple[str, Any]]) -> None:
        """Put a text into its cell; a part of it with a look of its own is a run."""
        text = "".join(text for text, _ in runs).strip()
        if not text:
            return
        sheet, cell = self._sheet, cell_name(self._row, column)
        keys = []
        for _, look in (each for each in runs if each[0].strip()):
            key = repr(look)
            self._book.looks.setdefault(key, look)
            keys.append(key)
        for key in dict.fromkeys(keys[1:]):
            if key != keys[0]:
                sheet.first_of_style.setdefault(key, cell)
        sheet.first_of_style.setdefault(keys[0], cell)
        sheet.cell_count += 1
        self._kept -= 1
        sheet.is_whole = sheet.is_whole and self._kept >= 0
        if sheet.is_whole:
            sheet.cells[self._row, column] = Cell(text, is_number=_NUMBER.fullmatch(text) is not None, style=keys[0])

    def _note_bookmarks(self, paragraph: _Element, column: int) -> None:
        """Note the places that a paragraph gives a name, and where its links lead."""
        for mark in paragraph.iter("{*}bookmarkStart"):
            self._places[_attribute(mark, "name")] = self._sheet.name
        self._hyperlinks(paragraph, self._sheet, cell_name(self._row, column))

    def _hyperlinks(self, paragraph: _Element, sheet: Sheet, cell: str) -> None:
        outside = {line.id: line for line in self._book.relationships if line.source == self.part}
        for link in paragraph.iter("{*}hyperlink"):
            line = outside.get(_attribute(link, "id"))
            if line is not None:
                sheet.links.append(Link(cell=cell, target=line.target, is_external=line.is_external))
            elif anchor := _attribute(link, "anchor"):
                self._to_place.append((sheet, Link(cell=cell, target=anchor, is_external=False)))
            if tip := _attribute(link, "tooltip"):
                sheet.messages.append((cell, tip))

    def _drawing(self, drawing: _Element, column: int = 0, *, is_in_cell: bool = False) -> None:
        """Note a picture, chart or shape; one of no size, or far off every page, is hidden."""
        named = drawing.find("{*}docPr")
        extent = drawing.find("{*}extent")
        sides = [int(_attribute(extent, side) or 0) for side in ("cx", "cy")] if extent is not None else [0]
        offsets = [int(each.text or 0) for each in drawing.iter("{*}posOffset")]
        kind = "chart" if drawing.find(".//{*}chart") is not None else "picture"
        kind = kind if kind == "chart" or drawing.find(".//{*}blip") is not None else "shape"
        crops = drawing.iter("{*}srcRect")
        self._sheet.drawn.append(
            Drawn(
                part=self.part,
                kind=kind,
                name=_attribute(named, "name") if named is not None else "",
                alternative_text=_attribute(named, "descr") if named is not None else "",
                cell=cell_name(self._row, column),
                is_in_cell=is_in_cell,
                is_hidden=named is not None and _attribute(named, "hidden") in {"1", "true"},
                is_flat=min(sides) <= 0 or any(abs(each) > _FAR_OFF for each in offsets),
                is_cropped=any(value not in {"0", "0%"} for each in crops for value in each.attrib.values()),
            )
        )
        if kind == "chart":
            self._chart(drawing)

    def _chart(self, drawing: _Element) -> None:
        """Leave a chart to be compared with the tables of its worksheet, which may come after it."""
        ids = {line.id: line.target for line in self._book.relationships if line.source == self.part}
        for chart in drawing.iter("{*}chart"):
            part = ids.get(_attribute(chart, "id"), "")
            root = self._book.parts[part].root if part in self._book.parts else None
            if root is not None:
                self._charts.append((self._sheet, part, root))

    def _field(self, instruction: str) -> None:
        if instruction.strip() and not _FIELDS.fullmatch(instruction):
            self._also(FIELD, f'"{instruction.strip()[:_LONGEST_SHOWN]}"')

    def _also(self, kind: str, detail: str) -> None:
        self._book.also.append((kind, Spot(part=self.part, detail=detail)))


def _own(element: _Element, name: str) -> Iterator[_Element]:
    """Yield the rows of a table or the cells of a row, but not those of a table within it."""
    for child in element:
        if _local(child) == name:
            yield child
        elif _local(child) in {"sdt", "sdtContent", "ins", "moveTo"}:
            yield from _own(child, name)


def _text(element: _Element) -> str:
    """Return what a piece of a run shows."""
    name = _local(element)
    return (element.text or "") if name == "t" else _TEXTS.get(name, "")


def _instructions(root: _Element) -> Iterator[str]:
    """Yield the instructions of the fields that are written in pieces; one may be within another."""
    waiting: list[list[str]] = []
    for each in root.iter("{*}fldChar", "{*}instrText"):
        kind = _attribute(each, "fldCharType")
        if kind == "begin":
            waiting.append([])
        elif kind == "end" and waiting:
            yield "".join(waiting.pop())
        elif kind == "" and waiting:
            waiting[-1].append(each.text or "")
        elif kind == "":
            yield each.text or ""


def _charted(root: _Element) -> Iterator[str]:
    """Yield the figures and names that a chart holds."""
    for value in root.iter("{*}v"):
        if value.text:
            yield value.text


def _columns(sheets: Iterable[Sheet]) -> dict[str, list[_Column]]:
    """Return the columns of all tables by their headings."""
    found: dict[str, list[_Column]] = {}
    for sheet in sheets:
        for table in sheet.tables:
            body = range(table.block.row + table.heading_rows, table.block.last_row + 1)
            for column, heading in enumerate(table.headings):
                cells = [(_plain(sheet.text(row, 0)), _plain(sheet.text(row, column))) for row in body]
                found.setdefault(_plain(heading), []).append(cells)
    return found


def _is_a_column(root: _Element, columns: dict[str, list[_Column]]) -> bool:
    """Return whether all that a chart holds is one column of a table: its heading, its names and its figures.

    A small chart is in a different table from its figures are. That each of its figures is somewhere in the document
    would not be enough: small counts are.
    """
    series = list(root.iter("{*}ser"))
    if len(series) != 1:
        return False
    named = series[0].find("{*}tx")
    heading = "" if named is None else _held(named)
    names, figures = (_points(series[0], kind) for kind in ("cat", "val"))
    if sum(1 for _ in _charted(root)) != 1 + len(names) + len(figures):
        return False
    return any(_is_same(names, figures, column) for column in columns.get(_plain(heading), ()))


def _held(element: _Element) -> str:
    return "".join(element.itertext("{*}v"))


def _points(series: _Element, kind: str) -> dict[str, str]:
    """Return the points of a series by their numbers."""
    return {point.get("idx", ""): _held(point) for point in series.iterfind(f"{{*}}{kind}//{{*}}pt")}


def _is_same(names: dict[str, str], figures: dict[str, str], column: _Column) -> bool:
    """Return whether each point is in its row of a column, and a row without one shows no figure."""
    if len(names) != len(column):
        return False
    for row, (name, shown_there) in enumerate(column):
        held = figures.get(str(row))
        is_alike = not _NUMBER.fullmatch(shown_there) if held is None else _is_shown(held, {shown_there})
        if not is_alike or _plain(names.get(str(row), "")) != name:
            return False
    return figures.keys() <= names.keys()


def _plain(text: str) -> str:
    """Return a text without what is only for the eye in a figure."""
    if _NUMBER.fullmatch(text):
        return text.translate(_FOR_THE_EYE).lstrip("+")
    return " ".join(text.split())


_FOR_THE_EYE = dict.fromkeys(map(ord, ", \u00a0"))


def _is_shown(held: str, texts: set[str]) -> bool:
    """Return whether what a chart holds is in a cell, rounded as it is there."""
    try:
        value = float(held)
    except ValueError:
        return _plain(held) in texts
    return any(shown.figure(value, each) in texts for each in _FORMATS)


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _attribute(element: _Element, name: str) -> str:
    """Return an attribute in whichever language it is written."""
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), "")
