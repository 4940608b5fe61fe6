"""The cells and the layout of a worksheet of Office Open XML, its rows read one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from cdrp_xl.addresses import cell_name, column_letters, column_number
from cdrp_xl.packages import unescaped
from cdrp_xl.publication.book import (
    CELLS_KEPT,
    Cell,
    Link,
    Look,
    Page,
    block,
)
from cdrp_xl.publication.open_xml_drawings import leaves_out
from cdrp_xl.publication.open_xml_styles import font_name, ink, points, theme_colours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from cdrp_xl.publication.book import Book, Sheet
    from cdrp_xl.publication.listed import Listing

TEXTS_KEPT = 32 << 20
"""Characters of shared texts that are kept; of those beyond, only whether a cell shows them."""

PRONOUNCED_KEPT = 100
"""How many phonetic texts, which say how others are pronounced, are kept."""

_A4, _PAPER_UNSAID = "9", "1"
_TRUE = frozenset({"1", "true", "on"})
_FLAT, _FLAT_WITH_TEXT = 0.5, 4
"""A row of less than half a point, or a column of less than half a character, shows nothing. A row with something in
it has to have 4 points, and a column 1 character."""
_NARROW = 1


_STYLES, _STRINGS = (etree.XPath(path, smart_strings=False) for path in ("*[*]/@s", "*[@t='s']/*/text()"))


class Strings:
    """The shared texts of a workbook, and which of them a cell shows; `looks` has those whose runs look different."""

    def __init__(self, theme: _Element | None) -> None:
        self._texts: list[str] = []
        self.looks: dict[int, list[Look]] = {}
        self._palette = theme_colours(theme)
        self._room = TEXTS_KEPT
        self._shown = bytearray()
        self._pronounced: list[str] = []

    def add(self, element: _Element) -> None:
        """Take the next text from the part that holds them."""
        text = text_of(element)
        self._room -= len(text)
        if len(element) > 1 and len(self._pronounced) < PRONOUNCED_KEPT:
            self._pronounced += [
                reading for each in element.iterfind("{*}rPh/{*}t") if (reading := (each.text or "").strip())
            ]
        if looks := _run_looks(element, self._palette):
            self.looks[len(self._texts)] = looks
        self._texts.append(text if self._room > 0 else text[:1].strip() or "-")
        self._shown.append(0)

    def show(self, number: int) -> str:
        """Return a text, and note that a cell shows it."""
        if not 0 <= number < len(self._texts):
            return ""
        self._shown[number] = 1
        return self._texts[number]

    def has_room(self, text: str, number: int) -> bool:
        """Whether a cell's text can be kept: a shared one is kept already, one of its own takes room."""
        if number < 0:
            self._room -= len(text)
        return number >= 0 or self._room > 0

    def __bool__(self) -> bool:
        return bool(self._texts)

    def are_plain(self, numbers: list[str]) -> bool:
        """Whether texts are there, and none has a run with a look of its own."""
        return not numbers or (not self.looks and all(map(str.isdigit, numbers)))

    def unshown(self) -> Iterator[str]:
        """Yield the texts that no cell shows, and what texts hold to be pronounced by."""
        yield from (text for text, shown in zip(self._texts, self._shown, strict=True) if not shown and text.strip())
        yield from self._pronounced


def text_of(element: _Element) -> str:
    """Return the text of a shared or inline string, its runs together; how it is pronounced is left out."""
    if len(element) == 1 and _is_plain(element):
        return unescaped(element[0].text or "")
    runs = (part.text or "" for part in element.iter("{*}t") if not part.getparent().tag.endswith("}rPh"))
    return unescaped("".join(runs))


def _run_looks(element: _Element, palette: list[str]) -> list[Look]:
    fonts = element.findall("{*}r/{*}rPr") if len(element) > 1 or not _is_plain(element) else ()
    return [Look(ink=ink(font, palette), points=points(font), font=font_name(font)) for font in fonts]


def _is_plain(element: _Element) -> bool:
    return len(element) == 0 or str(element[0].tag).endswith("}t")


class CellReader:
    """Takes the rows and formulas of one worksheet, and keeps what the rules ask of its cells.

    It sees every cell of workbooks of ten million, so the way of an ordinary cell through it is short.
    """

    def __init__(self, sheet: Sheet, strings: Strings, *, room: int, listing: Listing) -> None:
        self._sheet = sheet
        self._listing = listing
        self._strings = strings
        self._room = CELLS_KEPT - room
        self._last_row = -1
        self._shapes: set[tuple[str, str, int]] = set()

    def take(self, element: _Element) -> None:
        """Take the next row, or a formula of the row that comes next; what the formula says is not kept."""
        if element.tag.endswith("}row"):
            self._listing.row(element)
            self._row(element)
            return
        cell = element.getparent()
        if cell is not None:
            self._sheet.formulas.add(cell.get("r") or f"row {self._last_row + 2}")

    def _row(self, row: _Element) -> None:
        number = int(row.get("r") or self._last_row + 2) - 1
        self._last_row = number
        height = row.get("ht")
        if row.get("hidden") in _TRUE:
            self._sheet.hidden_rows.add(str(number + 1))
        before = self._sheet.cell_count
        if self._room > 0 or not self._is_as_before(row):
            self._cells(row, number)
        is_filled = self._sheet.cell_count > before
        if is_filled:
            note_row(self._sheet, number)
        if height is not None and row.get("hidden") not in _TRUE:
            self._note_height(number, float(height), is_filled=is_filled)

    def _note_height(self, row: int, points: float, *, is_filled: bool) -> None:
        if points < (_FLAT_WITH_TEXT if is_filled else _FLAT):
            self._sheet.flat_rows.add(str(row + 1))
        if len(self._sheet.heights) < CELLS_KEPT:
            self._sheet.heights[row] = points

    def _cells(self, row: _Element, number: int) -> None:
        column = -1
        for cell in row:
            name = cell.get("r")
            column = column_number(name.rstrip("0123456789")) if name else column + 1
            if children := len(cell):
                self._cell(cell, number, column, children)

    def _is_as_before(self, row: _Element) -> bool:
        """Take a row whole if it is shaped as one before it, in styles that were met, and say whether it is."""
        if not len(row):
            return True
        shape = (_letters(row[0]), _letters(row[-1]), len(row))
        styles, strings = _STYLES(row), _STRINGS(row) if self._strings else []
        needed = {*styles, "0"} if len(styles) < len(row) else set(styles)
        are_met = self._sheet.first_of_style.keys() >= needed
        if shape not in self._shapes or not are_met or not self._strings.are_plain(strings):
            self._shapes.add(shape)
            return False
        for string in strings:
            self._strings.show(int(string))
        self._sheet.cell_count += len(row)
        self._sheet.is_whole = False
        return True

    def _cell(self, cell: _Element, row: int, column: int, children: int) -> None:
        """Take one cell that may hold something: one part of a cell is its value, or a formula without one."""
        kind, style, string = cell.get("t"), cell.get("s", "0"), -1
        text = (cell[0].text or "") if children == 1 and kind != "inlineStr" else _value(cell)
        if kind == "s" and text.isdigit():
            string = int(text)
            text = self._strings.show(string)
        if not text:
            return
        sheet = self._sheet
        sheet.cell_count += 1
        if style not in sheet.first_of_style or column not in sheet.columns_used:
            where = cell_name(row, column)
            sheet.first_of_style.setdefault(style, where)
            sheet.columns_used.setdefault(column, where)
        if string in self._strings.looks:
            where = cell_name(row, column)
            sheet.runs.extend((where, style, look) for look in self._strings.looks[string])
        if self._room > 0 and self._strings.has_room(text, string):
            self._room -= 1
            sheet.cells[row, column] = Cell(text, kind is None or kind == "n", style)
        else:
            sheet.is_whole = False


def _letters(cell: _Element) -> str:
    return str(cell.get("r", "")).rstrip("0123456789")


def _value(cell: _Element) -> str:
    """Return the value of a cell that holds more than one thing, or holds its text itself."""
    text = ""
    for part in cell:
        if part.tag.endswith("}v"):
            text = part.text or ""
        elif part.tag.endswith("}is"):
            text = text_of(part)
    return text


def note_row(sheet: Sheet, row: int) -> None:
    """Note that a row has something in it, as one more of a run or as the first of another."""
    runs = sheet.row_runs
    if runs and runs[-1][1] in {row, row - 1}:
        runs[-1][1] = row
    else:
        runs.append([row, row])


def read_layout(book: Book, sheet: Sheet) -> None:
    """Read what a worksheet has beside its rows: columns, filters, merged cells, links, view and page."""
    root = sheet.root
    if root is None:
        return
    sheet.hides_rows_by_default = any(each.get("zeroHeight") in _TRUE for each in root.iterfind("{*}sheetFormatPr"))
    _read_columns(sheet, root)
    _read_usual_sizes(sheet, root)
    for filtered in root.iterfind("{*}autoFilter"):
        if any(leaves_out(column) for column in filtered.iterfind("{*}filterColumn")):
            sheet.filters.add(filtered.get("ref", ""))
    merged = (block(each.get("ref", "")) for each in root.iterfind("{*}mergeCells/{*}mergeCell"))
    sheet.merged = [found for found in merged if found]
    targets = {line.id: line.target for line in book.relationships if line.source == sheet.part}
    for link in root.iterfind("{*}hyperlinks/{*}hyperlink"):
        related = next((value for name, value in link.attrib.items() if name.endswith("}id")), "")
        target = targets.get(related, link.get("location", ""))
        sheet.links.append(Link(cell=link.get("ref", ""), target=target, is_external=bool(related)))
    sheet.cursor = _cursor(root)
    sheet.page = _page(book, sheet, root)
    sheet.print_areas = [
        area
        for name in book.names
        if name.name == "_xlnm.Print_Area" and name.sheet == sheet.name
        for area in map(block, name.refers_to.split(","))
        if area
    ]


def _read_columns(sheet: Sheet, root: _Element) -> None:
    for each in root.iterfind("{*}cols/{*}col"):
        first, last = int(each.get("min", "1")) - 1, int(each.get("max", "1")) - 1
        width = float(each.get("width", "8.43"))
        letters = column_letters(first) if first == last else f"{column_letters(first)}:{column_letters(last)}"
        if each.get("hidden") in _TRUE:
            sheet.hidden_columns.add(letters)
        elif width < _FLAT or (width < _NARROW and any(first <= column <= last for column in sheet.columns_used)):
            sheet.flat_columns.add(letters)
        for column in range(first, min(last, first + 255) + 1):
            sheet.widths[column] = width


def _read_usual_sizes(sheet: Sheet, root: _Element) -> None:
    """Note rows and columns that show nothing since the usual height or width of the worksheet is next to nothing."""
    for each in root.iterfind("{*}sheetFormatPr"):
        if float(each.get("defaultRowHeight", "15")) < _FLAT_WITH_TEXT and sheet.cell_count and not sheet.flat_rows:
            sheet.flat_rows.add("by default")
        if float(each.get("defaultColWidth", "8.43")) < _NARROW:
            for column in sheet.columns_used:
                if column not in sheet.widths:
                    sheet.flat_columns.add(column_letters(column))


def _cursor(root: _Element) -> str:
    """Return the cell that is chosen when the worksheet opens; the top left one, unless the view begins elsewhere."""
    view = root.find("{*}sheetViews/{*}sheetView")
    if view is None:
        return "A1"
    if view.get("topLeftCell", "A1") != "A1":
        return str(view.get("topLeftCell"))
    chosen = [str(each.get("activeCell", "A1")) for each in view.iterfind("{*}selection")]
    return next((cell for cell in chosen if cell != "A1"), "A1")


def _page(book: Book, sheet: Sheet, root: _Element) -> Page:
    setup = root.find("{*}pageSetup")
    fits = root.find("{*}sheetPr/{*}pageSetUpPr")
    is_fitted = fits is not None and fits.get("fitToPage") in _TRUE
    repeats = any(name.name == "_xlnm.Print_Titles" and name.sheet == sheet.name for name in book.names)
    if setup is None:
        return Page(is_a4=False, is_landscape=False, fits_one_wide=False, repeats_rows=repeats)
    return Page(
        is_a4=setup.get("paperSize", _PAPER_UNSAID) == _A4,
        is_landscape=setup.get("orientation") == "landscape",
        fits_one_wide=is_fitted and setup.get("fitToWidth", "1") == "1",
        repeats_rows=repeats,
    )
