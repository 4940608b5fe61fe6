"""The cells of one worksheet in a workbook's file."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from typing import TYPE_CHECKING

from lxml import etree

from cdrp_xl.addresses import Rectangle, cell_name, column_number
from cdrp_xl.packages import MAIN, unescaped
from cdrp_xl.writers.existing_workbook import marked
from cdrp_xl.writers.saved_workbook.references import cells_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cdrp_xl.sheets import Value

    Held = str | float | bool | None
    """What a cell holds: a date is a number."""

_VALUE, _FORMULA, _INLINE = (f"{{{MAIN}}}{name}" for name in ("v", "f", "is"))
_SPILT = frozenset({"array", "dataTable"})
"""Formulas whose results are in the cells around them too, in which there is nothing else."""

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_DAY_0 = dt.date(1899, 12, 30)
_DAY_0_OF_1904 = dt.date(1904, 1, 1)
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

BEFORE_LINKS = (
    *("sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState"),
    *("dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations"),
)
"""What comes before the hyperlinks in a worksheet's part, in the order of the standard."""


class Worksheet:
    """One worksheet: its cells are read and written here, and `altered` is called before a part's first change."""

    def __init__(
        self, name: str, root: etree._Element, *, strings: Sequence[str], is_1904: bool, altered: Callable[[], None]
    ) -> None:
        self.name = name
        self.root = root
        self.lost_formulas = False
        """Whether a formula was written over or moved, so that the list of cells with formulas is no longer right."""
        self._altered = altered
        self._strings = strings
        self._day_0 = _DAY_0_OF_1904 if is_1904 else _DAY_0
        self._data = _part(root, "sheetData")
        self._rows: dict[int, tuple[etree._Element, dict[int, etree._Element]]] = {}
        for row, element in _numbered(self._data, "row", lambda r: int(r) - 1):
            cells = dict(_numbered(element, "c", lambda r: column_number(r.rstrip("0123456789"))))
            self._rows[row] = (element, cells)
            for column, each in cells.items():
                if "r" not in each.attrib:
                    each.set("r", cell_name(row, column))
        self._order = sorted(self._rows)

    def values(self, area: Rectangle) -> list[list[Held]]:
        """Return what the cells of an area hold, row by row."""
        return [
            [self.value(row, column) for column in range(area.column, area.last_column + 1)]
            for row in range(area.row, area.last_row + 1)
        ]

    def value(self, row: int, column: int) -> Held:
        """Return what a cell holds, None where it is empty or its formula was not worked out."""
        element = self._element(row, column)
        if element is None:
            return None
        for child in element:
            if child.tag == _VALUE:
                return self._read(child.text, element.get("t", "n")) if child.text else None
            if child.tag == _INLINE:
                return text_of(child)
        return None

    def _read(self, held: str, kind: str) -> Held:
        match kind:
            case "s":
                return self._strings[int(held)]
            case "b":
                return held in {"1", "true"}
            case "n":
                return float(held)
        return unescaped(held)

    def filed(self, value: Value) -> Held:
        """Return a value of the layout as a cell of a file holds it."""
        if value == "":
            return None
        return float((value - self._day_0).days) if isinstance(value, dt.date) else value

    def put(self, row: int, column: int, value: Held) -> None:
        """Let a cell hold a value; how it looks stays, and a formula in it goes."""
        self._altered()
        element = self._made(row, column)
        if element.find(_FORMULA) is not None:
            expand_shared_formulas(self.root)
            self.lost_formulas = True
        element[:] = []
        element.attrib.pop("t", None)
        if isinstance(value, str):
            element.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(element, _INLINE), f"{{{MAIN}}}t")
            text.text = _LOOKS_ESCAPED.sub("_x005F_", value)
            if value != value.strip() or "\n" in value:
                text.set(_SPACE, "preserve")
        elif value is not None:
            etree.SubElement(element, _VALUE).text = number(value)

    def look_like(self, row: int, column: int, *, as_in: int) -> None:
        """Give a cell the looks of the one in another row of its column."""
        model = self._element(as_in, column)
        if model is None:
            return
        self._altered()
        element = self._made(row, column)
        if "s" in model.attrib:
            element.set("s", model.get("s", ""))
        else:
            element.attrib.pop("s", None)

    def make_high_enough(self, row: int, points: float) -> None:
        """Make a row as high as its text needs; one that is high enough stays as it is."""
        element = self._row(row)[0]
        if float(element.get("ht", "0")) < points:
            self._altered()
            element.set("ht", number(points))
            element.set("customHeight", "1")

    def insert_rows(self, at: int, count: int) -> None:
        """Move the rows from one on down; what points at them is moved elsewhere."""
        self._altered()
        moved: dict[int, tuple[etree._Element, dict[int, etree._Element]]] = {}
        for row, (element, cells) in self._rows.items():
            now = row + count if row >= at else row
            moved[now] = (element, cells)
            if now != row:
                element.set("r", str(now + 1))
                for column, each in cells.items():
                    each.set("r", cell_name(now, column))
                    self.lost_formulas |= each.find(_FORMULA) is not None
        self._rows, self._order = moved, sorted(moved)

    def link(self, row: int, column: int, location: str, shown: str) -> None:
        """Let a cell lead to a place in this workbook; an empty place takes its link away."""
        links = self.root.find(f"{{{MAIN}}}hyperlinks")
        address = cell_name(row, column)
        found = None if links is None else next((each for each in links if each.get("ref") == address), None)
        if found is not None and links is not None and not location:
            self._altered()
            links.remove(found)
            if not len(links):
                self.root.remove(links)
        if not location or (found is not None and found.get("location") == location):
            return
        self._altered()
        if found is None:
            found = etree.SubElement(self._links(), f"{{{MAIN}}}hyperlink", ref=address)
        for attribute in [name for name in found.attrib if name != "ref"]:
            del found.attrib[attribute]
        found.set("location", location)
        found.set("display", shown)

    def mark_pages(self, marking: str) -> None:
        """Let what is printed over and under every page have a marking where it has one."""
        lines = self.root.find(f"{{{MAIN}}}headerFooter")
        for line in () if lines is None else lines:
            text = marked(line.text or "", marking)
            if text != (line.text or ""):
                self._altered()
                line.text = text

    def formulas(self) -> Iterator[tuple[Rectangle, etree._Element]]:
        """Yield every formula and the cells that hold its results: its own, and those that an array spills over."""
        for formula in self._data.iter(_FORMULA):
            is_spilt = formula.get("t") in _SPILT and formula.get("ref")
            yield cells_at((formula.get("ref") if is_spilt else "") or _address(formula), self.name), formula

    def forget_results(self, area: Rectangle) -> None:
        """Take away what the cells of an area hold; their formulas stay."""
        for row in range(area.row, area.last_row + 1):
            for column in range(area.column, area.last_column + 1):
                self._forget_result(self._element(row, column))

    def _forget_result(self, element: etree._Element | None) -> None:
        if element is None:
            return
        for held in (*element.findall(_VALUE), *element.findall(_INLINE)):
            self._altered()
            element.remove(held)
            element.attrib.pop("t", None)

    def update_used_range(self) -> None:
        """Say again which cells are in use, as far as they reach further than was said."""
        dimension = self.root.find(f"{{{MAIN}}}dimension")
        used = [(row, column) for row, (_, cells) in self._rows.items() for column in cells]
        if dimension is None or not used:
            return
        first = cell_name(min(row for row, _ in used), min(column for _, column in used))
        last = cell_name(max(row for row, _ in used), max(column for _, column in used))
        dimension.set("ref", first if first == last else f"{first}:{last}")

    def _links(self) -> etree._Element:
        links = self.root.find(f"{{{MAIN}}}hyperlinks")
        if links is None:
            links = etree.Element(f"{{{MAIN}}}hyperlinks")
            last = [child for child in self.root if etree.QName(child).localname in BEFORE_LINKS][-1]
            last.addnext(links)
        return links

    def _element(self, row: int, column: int) -> etree._Element | None:
        return self._rows[row][1].get(column) if row in self._rows else None

    def _row(self, row: int) -> tuple[etree._Element, dict[int, etree._Element]]:
        if row not in self._rows:
            self._altered()
            element = etree.Element(f"{{{MAIN}}}row", r=str(row + 1))
            at = bisect.bisect(self._order, row)
            if at < len(self._order):
                self._rows[self._order[at]][0].addprevious(element)
            else:
                self._data.append(element)
            self._order.insert(at, row)
            self._rows[row] = (element, {})
        return self._rows[row]

    def _made(self, row: int, column: int) -> etree._Element:
        """Return the element of a cell, made if need be."""
        element, cells = self._row(row)
        if column not in cells:
            made = etree.Element(f"{{{MAIN}}}c", r=cell_name(row, column))
            after = [each for each in cells if each < column]
            if after:
                cells[max(after)].addnext(made)
            else:
                element.insert(0, made)
            cells[column] = made
            element.attrib.pop("spans", None)
        return cells[column]


def number(value: float) -> str:
    """Return a number as a file holds it: to 16 digits, as those of a new master are written."""
    return f"{value:.16G}"


def text_of(element: etree._Element | None) -> str:
    """Return the text of a shared or inline string, its runs together; what only says how to read it aloud is left."""
    if element is None:
        return ""
    parts = [*element.findall(f"{{{MAIN}}}t"), *element.findall(f"{{{MAIN}}}r/{{{MAIN}}}t")]
    return unescaped("".join(part.text or "" for part in parts))


def expand_shared_formulas(root: etree._Element) -> bool:
    """Write out every formula that a worksheet's cells share; return whether there were any.

    A shared formula is there once and holds for its neighbours by their distance from it, which is no longer right
    when rows are put in between them.
    """
    shared = [each for each in root.iter(_FORMULA) if each.get("t") == "shared"]
    if not shared:
        return False
    from openpyxl.formula.translate import Translator

    models: dict[str, Translator] = {}
    for formula in shared:
        address, group = _address(formula), formula.get("si", "")
        if formula.text:
            models[group] = Translator(f"={formula.text}", origin=address)
        else:
            formula.text = models[group].translate_formula(address).removeprefix("=")
        for attribute in ("t", "si", "ref"):
            formula.attrib.pop(attribute, None)
    return True


def _address(formula: etree._Element) -> str:
    element = formula.getparent()
    return "" if element is None else element.get("r", "")


def _part(root: etree._Element, name: str) -> etree._Element:
    found = root.find(f"{{{MAIN}}}{name}")
    return etree.SubElement(root, f"{{{MAIN}}}{name}") if found is None else found


def _numbered(
    parent: etree._Element, name: str, number_of: Callable[[str], int]
) -> Iterator[tuple[int, etree._Element]]:
    """Yield rows or cells with their numbers from 0; one that does not say its own comes after the one before it."""
    last = -1
    for element in parent.iterchildren(f"{{{MAIN}}}{name}"):
        said = element.get("r")
        last = number_of(said) if said else last + 1
        yield last, element
