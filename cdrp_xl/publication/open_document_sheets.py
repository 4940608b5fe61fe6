"""The worksheets of an OpenDocument spreadsheet, its rows read one at a time, and what is beside them."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.addresses import CELL, COLUMNS, QUOTED_SHEET, Rectangle, cell_name, column_letters
from cdrp_xl.publication.book import (
    CELLS_KEPT,
    Cell,
    Condition,
    Drawn,
    Link,
    Look,
    Name,
    Sheet,
    block,
    sheet_in,
)
from cdrp_xl.publication.open_document_styles import CHARACTER, attribute, millimetres, width_characters
from cdrp_xl.publication.open_xml_sheets import TEXTS_KEPT, note_row
from cdrp_xl.publication.places import Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element

    from cdrp_xl.publication.book import Book
    from cdrp_xl.publication.open_document_styles import DocumentStyles

_CONTENT = "content.xml"
_FLAT, _POINT = 0.2, 25.4 / 72
_ADDRESS = re.compile(rf"(?:(?P<sheet>\$?(?:{QUOTED_SHEET}|[^.:' ]+))?\.)?(?P<cell>{CELL})")
_INSIDE = ("Pictures/", "./", "ObjectReplacements/", "media/")
_DRAWN = frozenset({"frame", "custom-shape", "rect", "line", "ellipse", "polygon", "path", "g"})
_BESIDE = {
    "annotation": "comments",
    "tracked-changes": "revisions",
    "data-pilot-table": "pivot table",
    "dde-link": "live data",
    "dde-source": "live data",
    "table-source": "external link",
    "cell-range-source": "external link",
    "form": "form control",
    "event-listener": "macros",
    "script": "macros",
    "floating-frame": "embedded file",
    "plugin": "embedded file",
    "applet": "embedded file",
    "object-ole": "embedded file",
    "database-source-sql": "connections",
    "database-source-table": "connections",
    "database-source-query": "connections",
}
_UNSHOWN = frozenset({"hidden-text", "hidden-paragraph", "conditional-text"})
_LINES = ("}line", "}path", "}polygon", "}g")
_SEEN_FROM = 0.7
"""Millimetres; what is narrower or lower than this can't be seen."""

_BREAKS = {"tab": "\t", "line-break": "\n"}
_MOST_BLANKS, _MOST_COVERED, _FAR = 1_000, 500, 1_000_000
_USUAL_WIDTH, _USUAL_HEIGHT = 10.3, 12.8
_NUMBER = re.compile(r"\d{1,30}(?:\.\d{1,30})?")
_REFERENCE = re.compile(r"(?:'[^']*'|[^' ])+")


class SheetsReader:
    """Takes the rows of all worksheets in turn, and keeps what the rules ask of their cells."""

    def __init__(self, book: Book, styles: DocumentStyles) -> None:
        self._book = book
        self._styles = styles
        self._room, self._letters = CELLS_KEPT, TEXTS_KEPT
        self._table: _Element | None = None
        self.sheet_of_object: dict[str, Sheet] = {}
        self._row = 0
        self._usual_styles: dict[int, str] = {}

    def row(self, row: _Element) -> None:
        """Take one row, which may represent several that are alike."""
        groups = list(itertools.takewhile(lambda each: not each.tag.endswith("}table"), row.iterancestors()))
        table = (groups[-1] if groups else row).getparent()
        if table is None:
            return
        if table is not self._table:
            self._begin(table)
        sheet = self._book.sheets[-1]
        number = self._row
        repeated = int(attribute(row, "number-rows-repeated") or 1)
        self._row += repeated
        if any(attribute(each, "display") == "false" for each in groups):
            sheet.hidden_rows.add(str(number + 1))
        self._note_visibility(sheet, row, number)
        before = sheet.cell_count
        self._cells(sheet, row, number, min(repeated, 3))
        if sheet.cell_count > before:
            note_row(sheet, number)
            note_row(sheet, self._row - 1)

    def end(self, root: _Element) -> None:
        """Read of every worksheet what is beside its rows, now that all of them are read."""
        names = {sheet.name for sheet in self._book.sheets}
        for table in root.iter("{*}table"):
            if attribute(table, "name") not in names and table.getparent().tag.endswith("}spreadsheet"):
                self._begin(table)
        for shapes in root.iterfind(".//{*}spreadsheet/{*}table/{*}shapes"):
            sheet = self._book.sheet_named(attribute(shapes.getparent(), "name"))
            for element in shapes:
                if sheet is not None:
                    sheet.drawn.append(self._drawn(element, ""))
                    self._note_object(element, sheet)

    def _begin(self, table: _Element) -> None:
        """Begin the next worksheet: its state, its columns, its page."""
        self._table, self._row, self._usual_styles = table, 0, {}
        style = attribute(table, "style-name")
        page = self._styles.page(style)
        has_titles = table.find("{*}table-header-rows") is not None
        sheet = Sheet(
            name=attribute(table, "name"),
            part=_CONTENT,
            state="hidden" if self._styles.hides.get(style) else "visible",
            page=replace(page, repeats_rows=has_titles),
        )
        column = 0
        for each in table.iter("{*}table-column"):
            repeated = int(attribute(each, "number-columns-repeated") or 1)
            letters = f"{column_letters(column)}:{column_letters(min(column + repeated, COLUMNS) - 1)}"
            width = self._styles.widths.get(attribute(each, "style-name"), 22.0)
            is_folded = any(
                attribute(group, "display") == "false" for group in each.iterancestors("{*}table-column-group")
            )
            if is_folded or attribute(each, "visibility") in {"collapse", "filter"}:
                sheet.hidden_columns.add(letters)
            elif width < _FLAT:
                sheet.flat_columns.add(letters)
            for number in range(column, min(column + repeated, column + 256)):
                sheet.widths[number] = width_characters(width)
                self._usual_styles[number] = attribute(each, "default-cell-style-name")
            column += repeated
        sheet.print_areas = [
            area
            for area in map(block, plain_reference(attribute(table, "print-ranges")).split(" "))
            if area is not None
        ]
        self._book.sheets.append(sheet)

    def _note_visibility(self, sheet: Sheet, row: _Element, number: int) -> None:
        visibility = attribute(row, "visibility")
        if visibility == "collapse":
            sheet.hidden_rows.add(str(number + 1))
        elif visibility == "filter":
            sheet.filters.add(cell_name(number, 0))
        height = self._styles.heights.get(attribute(row, "style-name"))
        if height is not None and len(sheet.heights) < CELLS_KEPT:
            sheet.heights[number] = height / _POINT
            if height < _FLAT and visibility not in {"collapse", "filter"}:
                sheet.flat_rows.add(str(number + 1))

    def _cells(self, sheet: Sheet, row: _Element, number: int, rows: int) -> None:
        column, usual = 0, attribute(row, "default-cell-style-name")
        for cell in row:
            if not isinstance(cell.tag, str) or not cell.tag.endswith("-cell"):
                continue
            repeated = int(attribute(cell, "number-columns-repeated") or 1)
            if len(cell) or cell.attrib:
                self._cell(sheet, cell, number, column)
                text = _text(cell)
                if text or attribute(cell, "value"):
                    for again in range(min(repeated, 256) * rows):
                        at = (number + again % rows, column + again // rows)
                        self._note(sheet, cell, at, text, usual or self._usual_styles.get(at[1], ""))
            column += repeated

    def _cell(self, sheet: Sheet, cell: _Element, row: int, column: int) -> None:
        """Note what a cell has beside its value: a formula, a comment, links, pictures, how far it is merged."""
        where = cell_name(row, column)
        if attribute(cell, "formula"):
            sheet.formulas.add(where)
        across, down = (int(attribute(cell, f"number-{which}-spanned") or 1) for which in ("columns", "rows"))
        if across * down > 1:
            sheet.merged.append(Rectangle(row=row, column=column, rows=down, columns=across))
        for element in cell.iter("{*}*"):
            name = element.tag.rpartition("}")[2]
            if name == "a":
                target = attribute(element, "href")
                sheet.links.append(Link(cell=where, target=_place(target), is_external=not target.startswith("#")))
            elif name in _DRAWN:
                sheet.drawn.append(self._drawn(element, where))
                self._note_object(element, sheet)
            elif name in _UNSHOWN:
                self._book.unshown_texts.add(f'"{attribute(element, "string-value")[:60]}" in {sheet.name}, {where}')
            else:
                note_kind(self._book, element, sheet=sheet.name, cell=where)
        value = attribute(cell, "string-value") or _other_value(cell)
        if value and value.split() != _text(cell).split():
            self._book.unshown_texts.add(f'"{value[:60]}" in {sheet.name}, {where}')

    def _drawn(self, element: _Element, cell: str) -> Drawn:
        """Return what lies over the cells, with its alternative text: its title or its description."""
        names = [each.tag.rpartition("}")[2] for each in element if isinstance(each.tag, str)]
        descriptions = [each.text or "" for tag in ("{*}desc", "{*}title") for each in element.iterfind(tag)]
        sizes = [millimetres(attribute(element, side)) for side in ("width", "height")]
        styled = [("text", each) for each in element.iter("{*}span")]
        styled += [("paragraph", each) for each in element.iter("{*}p")]
        spans = [self._styles.looks.get(f"{family} {attribute(each, 'style-name')}") for family, each in styled]
        is_faint = f"graphic {attribute(element, 'style-name')}" in self._styles.faint
        kind = "chart" if "object" in names else "picture" if "image" in names else "shape"
        place = block(cell) if cell else None
        covers = self._covered(element, place) if place and kind != "shape" else None
        return Drawn(
            part=_CONTENT,
            kind=kind,
            name=attribute(element, "name"),
            alternative_text=" ".join(descriptions).strip(),
            cell=cell,
            is_hidden=attribute(element, "display") == "none" or is_faint,
            is_flat=min(sizes) < _SEEN_FROM and not element.tag.endswith(_LINES),
            spans=place,
            covers=covers,
            box=_box(element, place),
            is_opaque=kind != "shape",
            is_blank=kind == "shape" and not any("".join(each.itertext()).strip() for each in element.iter("{*}p")),
            looks=tuple(look for look in spans if look),
        )

    def _covered(self, element: _Element, place: Rectangle) -> Rectangle | None:
        """Return the cells of which nothing can be seen beneath something that begins in a cell."""
        across, down, width, height = (_length(element, each) for each in ("x", "y", "width", "height"))
        sheet = self._book.sheets[-1]
        sizes = (
            (place.column, across, width, lambda at: sheet.widths.get(at, _USUAL_WIDTH) * CHARACTER),
            (place.row, down, height, lambda at: sheet.heights.get(at, _USUAL_HEIGHT) * _POINT),
        )
        (first, last), (upper, lower) = (_covered(*each) for each in sizes)
        if last < first or lower < upper:
            return None
        return Rectangle.between((upper, first), (lower, last))

    def _note_object(self, element: _Element, sheet: Sheet) -> None:
        """Note to which worksheet an object belongs, such as a chart that has parts of its own."""
        for each in element.iterfind("{*}object"):
            self.sheet_of_object[attribute(each, "href").removeprefix("./")] = sheet

    def _note(self, sheet: Sheet, cell: _Element, at: tuple[int, int], text: str, usual_style: str) -> None:
        row, column = at
        style = attribute(cell, "style-name") or usual_style
        sheet.cell_count += 1
        where = cell_name(row, column)
        sheet.first_of_style.setdefault(style, where)
        sheet.columns_used.setdefault(column, where)
        for span in cell.iter("{*}span"):
            if (look := self._styles.looks.get(f"text {attribute(span, 'style-name')}")) is not None:
                sheet.runs.append((where, style, look))
        self._letters -= len(text)
        if self._room <= 0 or self._letters <= 0:
            sheet.is_whole = False
            return
        self._room -= 1
        is_number = attribute(cell, "value-type") in {"float", "percentage", "currency", "date", "time"}
        sheet.cells[row, column] = Cell(attribute(cell, "value") or text if is_number else text, is_number, style)


def _covered(begin: int, offset: float, size: float, size_of: Callable[[int], float]) -> tuple[int, int]:
    """Return the first and the last column, or row, that lie wholly within something."""
    first, end, at, reached = begin + (offset > _SEEN_FROM), offset + size, begin, 0.0
    while at < begin + _MOST_COVERED and reached + size_of(at) <= end + _SEEN_FROM:
        reached += size_of(at)
        at += 1
    return first, at - 1


def _box(element: _Element, place: Rectangle | None) -> tuple[int, int, int, int] | None:
    """Return where something lies, in hundredths of a millimetre from its cell, far from those of other cells."""
    if place is None:
        return None
    left, top = (int(100 * _length(element, each)) for each in ("x", "y"))
    width, height = (int(100 * _length(element, each)) for each in ("width", "height"))
    left, top = left + place.column * _FAR, top + place.row * _FAR
    return left, top, left + width, top + height


def _length(element: _Element, name: str) -> float:
    text = attribute(element, name)
    return millimetres(text) if text else 0.0


def _text(cell: _Element) -> str:
    """Return what a cell shows as text, its comment left out, with the blanks that elements represent."""
    return "\n".join("".join(_pieces(paragraph)) for paragraph in cell.iterfind("{*}p"))


def _pieces(element: _Element) -> Iterator[str]:
    yield element.text or ""
    for each in element:
        name = each.tag.rpartition("}")[2] if isinstance(each.tag, str) else ""
        if name == "s":
            yield " " * min(int(attribute(each, "c") or 1), _MOST_BLANKS)
        else:
            yield _BREAKS.get(name, "")
            yield from _pieces(each)
        yield each.tail or ""


def _other_value(cell: _Element) -> str:
    """Return the figure or date that a cell holds if it shows another, however it is rounded or scaled."""
    value, shown = attribute(cell, "value"), _NUMBER.findall(_text(cell).replace(",", ""))
    if day := attribute(cell, "date-value"):
        parts = {int(part) for part in re.findall(r"\d+", day.partition(".")[0])}
        known = parts | {part % 100 for part in parts} | {part % 12 for part in parts}
        return "" if all(float(each) in known for each in shown) else day
    if not re.fullmatch(r"-?[\d.]{1,30}", value) or not _text(cell) or (not shown and not float(value)):
        return ""
    return "" if any(_is_rounded(abs(float(value)), each) for each in shown) else value


def _is_rounded(value: float, shown: str) -> bool:
    """Return whether a figure is another as it is shown: rounded, in hundredths, or in thousands or millions."""
    half = 0.51 * 10.0 ** -len(shown.partition(".")[2])
    return any(abs(value * scale - float(shown)) <= half for scale in (1, 100, 1e-3, 1e-6, 1e-9))


def read_beside(book: Book, root: _Element) -> None:
    """Read what is beside all rows: names, filters, links outside, and what has a kind of its own in a workbook."""
    for element in root.iter("{*}*"):
        name = element.tag.rpartition("}")[2]
        note_kind(book, element)
        if name in {"named-range", "named-expression"}:
            value = attribute(element, "expression")
            cells = plain_reference(attribute(element, "cell-range-address"))
            book.names.append(Name(name=attribute(element, "name"), refers_to=cells or value))
        elif name == "scenario":
            sheet = attribute(element.getparent(), "name")
            book.also.append(("scenario", Spot(part=_CONTENT, sheet=sheet)))
        elif name == "content-validation" and book.sheets:
            book.sheets[0].messages += _messages_of(element)
        elif name == "database-range" and element.find("{*}filter") is not None:
            _note_filter(book, plain_reference(attribute(element, "target-range-address")))


def _messages_of(validation: _Element) -> Iterator[tuple[str, str]]:
    """Yield the messages of cells."""
    for each in validation.iterfind("{*}*"):
        texts = (attribute(each, "title"), *("".join(line.itertext()) for line in each.iterfind("{*}p")))
        yield from (("", text) for text in texts if text.strip())


def read_conditions(book: Book, root: _Element, styles: DocumentStyles) -> None:
    """Read the conditional formats: those of the cells' styles, and those of LibreOffice's own."""
    for sheet in book.sheets:
        for style, first in sheet.first_of_style.items():
            looks = [styles.applied[name] for name in styles.conditions.get(style, ()) if name in styles.applied]
            sheet.conditions += [Condition(cells=first, look=look) for look in looks]
    for each in root.iter("{*}conditional-format"):
        references = _REFERENCE.findall(attribute(each, "target-range-address"))
        cells = [plain_reference(reference).rpartition("!") for reference in references]
        sheet_name = cells[0][0].strip("'") if cells else ""
        if (at := book.sheet_named(sheet_name)) is None:
            continue
        named = [styles.applied.get(attribute(rule, "apply-style-name")) for rule in each.iterfind("{*}condition")]
        hides = [attribute(rule, "show-value") == "false" for rule in each.iterfind("{*}*")]
        looks = [look for look in named if look] or [Look(ink=None, fill=None, points=0)]
        where = " ".join(cell for _, _, cell in cells)
        at.conditions += [Condition(cells=where, look=look, hides_values=any(hides)) for look in looks]


def note_kind(book: Book, element: _Element, *, sheet: str = "", cell: str = "") -> None:
    """Note an element that is of a kind which has a part of its own in other workbooks, or that leads outside."""
    name = element.tag.rpartition("}")[2]
    if name in _BESIDE:
        spot = Spot(part=_CONTENT, sheet=sheet, cell=cell, detail=attribute(element, "name"))
        book.also.append((_BESIDE[name], spot))
    elif name == "image" and not attribute(element, "href").startswith(_INSIDE):
        spot = Spot(part=_CONTENT, sheet=sheet, cell=cell, detail=attribute(element, "href")[:80])
        book.also.append(("outside", spot))


def _note_filter(book: Book, reference: str) -> None:
    sheet = book.sheet_named(sheet_in(reference))
    if sheet is not None:
        sheet.filters.add(reference.rpartition("!")[2].partition(":")[0].replace("$", ""))


def plain_reference(reference: str) -> str:
    """Return an OpenDocument reference in Excel's form: ``'Farm crime'!$B$8:$B$16``."""
    first = _ADDRESS.match(reference)
    if not first:
        return ""
    found = [match["cell"] for match in _ADDRESS.finditer(reference)]
    sheet = (first["sheet"] or "").lstrip("$")
    return f"{sheet}!{':'.join(found[:2])}" if sheet else ":".join(found[:2])


def _place(target: str) -> str:
    """Return where a link leads to, in Excel's form if it leads to a place in the workbook."""
    return plain_reference(target[1:]) or target[1:] if target.startswith("#") else target
