"""Every place in a workbook's file that points at cells by their address, so that all can follow when cells move."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.packages import MAIN
from cdrp_xl.writers.saved_workbook.references import Inserted, in_formula, in_list, with_heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from cdrp_xl.packages import Parts
    from cdrp_xl.writers.saved_workbook.references import Change

_FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula"})
_NOT_FOLLOWED = frozenset({"dimension", "sheetViews", "customSheetViews", "sheetData"})
"""What a program keeps where it is, or what is written again: the view, and the size."""

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_VML_ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)(</x:Anchor>)")
_VML_ROW = re.compile(rb"(<x:Row>)\s*([0-9]+)\s*(</x:Row>)")
_VML_ROWS = (2, 6)
"""Which of an anchor's eight numbers are rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """One place: an element's text or attribute, in a part, as seen from the worksheet `own`."""

    part: str
    element: etree._Element
    own: str
    attribute: str = ""
    is_formula: bool = True
    single_cells_follow: bool = False

    @property
    def text(self) -> str:
        """What is there."""
        return (self.element.get(self.attribute) if self.attribute else self.element.text) or ""

    def put(self, text: str) -> None:
        """Write another text."""
        if self.attribute:
            self.element.set(self.attribute, text)
        else:
            self.element.text = text

    def after(self, change: Change) -> str:
        """Return what will be there after a change; for a list of addresses, one on its own worksheet."""
        if self.is_formula:
            return in_formula(self.text, change, own=self.own, single_cells_follow=self.single_cells_follow)
        return in_list(self.text, change, single_cells_follow=self.attribute != "ref")


def of_names(parts: Parts, workbook: str, sheets: list[str]) -> Iterator[Pointer]:
    """Yield the formulas of the workbook's names."""
    for name in parts.tree(workbook).iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName"):
        local = name.get("localSheetId")
        yield Pointer(part=workbook, element=name, own=sheets[int(local)] if local else "")


def of_worksheet(parts: Parts, part: str, sheet: str) -> Iterator[Pointer]:
    """Yield what a worksheet points at: its formulas, merged cells, formats, checks, links, and the tables on it."""
    root = parts.tree(part)
    for formula in root.iterfind(f".//{{{MAIN}}}sheetData//{{{MAIN}}}f"):
        yield Pointer(part=part, element=formula, own=sheet)
        yield from _lists(part, formula, sheet)
    for child in root:
        if isinstance(child.tag, str) and local(child) not in _NOT_FOLLOWED:
            yield from _all_in(part, child, sheet)
    for kind in ("table", "comments", "threadedComment", "pivotTable"):
        for other in parts.related(part, kind):
            yield from _all_in(other, parts.tree(other), sheet)


def of_drawings(parts: Parts, kind: str) -> Iterator[Pointer]:
    """Yield what charts and drawn shapes show of cells; a chart of a table's only row follows the table too."""
    for part in parts.reached(kind):
        for formula in parts.tree(part).iter("{*}f"):
            yield Pointer(part=part, element=formula, own="", single_cells_follow=True)
        for shape in parts.tree(part).iter("{*}sp"):
            if shape.get("textlink"):
                yield Pointer(part=part, element=shape, own="", attribute="textlink")


def of_pivot_sources(parts: Parts) -> Iterator[Pointer]:
    """Yield the cells from which pivot tables are made, where they are not a table by its name."""
    for part in parts.reached("pivotCacheDefinition"):
        for source in parts.tree(part).iter(f"{{{MAIN}}}worksheetSource"):
            if source.get("ref"):
                sheet = source.get("sheet", "")
                yield Pointer(part=part, element=source, own=sheet, attribute="ref", is_formula=False)


def move_what_floats(parts: Parts, part: str, change: Inserted) -> None:
    """Move the charts, pictures, buttons and comments of a worksheet with the rows that they are on."""
    for drawing in parts.related(part, "drawing"):
        _move_anchors(parts, drawing, change, f"{_DRAWING}twoCellAnchor", f"{_DRAWING}oneCellAnchor")
    _move_anchors(parts, part, change, f"{{{MAIN}}}anchor")
    for row_break in parts.tree(part).iterfind(f"{{{MAIN}}}rowBreaks/{{{MAIN}}}brk"):
        if int(row_break.get("id", "0")) >= change.at:
            row_break.set("id", str(int(row_break.get("id", "0")) + change.count))
            parts.altered(part)
    for legacy in parts.related(part, "vmlDrawing"):
        now = _VML_ROW.sub(lambda found: _row_moved(found, change), parts.content_of(legacy))
        parts.replace(legacy, _VML_ANCHOR.sub(lambda found: _anchor_moved(found, change), now))


def rename_heading(pointer: Pointer, table: str, former: str, heading: str) -> bool:
    """Let a formula name a table's heading as it is written now; return whether it names it."""
    text = pointer.text
    if not pointer.is_formula or "[" not in text:
        return False
    now = with_heading(text, table, former, heading)
    if now != text:
        pointer.put(now)
    return now != text


def _all_in(part: str, parent: etree._Element, sheet: str) -> Iterator[Pointer]:
    for element in parent.iter():
        if isinstance(element.tag, str):
            yield from _lists(part, element, sheet)
            if local(element) in _FORMULAS:
                yield Pointer(part=part, element=element, own=sheet)
            elif local(element) == "sqref":
                yield Pointer(part=part, element=element, own=sheet, is_formula=False)


def _lists(part: str, element: etree._Element, sheet: str) -> Iterator[Pointer]:
    for attribute in ("ref", "sqref"):
        if element.get(attribute):
            yield Pointer(part=part, element=element, own=sheet, attribute=attribute, is_formula=False)


def local(element: etree._Element) -> str:
    """Return the name of an element, without that of its vocabulary."""
    return str(element.tag).rpartition("}")[2]


def _move_anchors(parts: Parts, part: str, change: Inserted, *tags: str) -> None:
    for anchor in parts.tree(part).iter(*tags):
        if anchor.get("editAs") != "absolute" and _move_anchor(anchor, change):
            parts.altered(part)


def _move_anchor(anchor: etree._Element, change: Inserted) -> bool:
    """Move what is anchored under the new rows; what they fall into keeps its size, unless it is tied to both ends."""
    rows = list(anchor.iter(f"{_DRAWING}row"))
    if not rows:
        return False
    stays = int(rows[0].text or "0") < change.at
    moved = False
    for row in rows[1:] if stays and anchor.get("editAs", "twoCell") == "twoCell" else () if stays else rows:
        if int(row.text or "0") >= change.at:
            row.text = str(int(row.text or "0") + change.count)
            moved = True
    return moved


def _row_moved(found: re.Match[bytes], change: Inserted) -> bytes:
    row = int(found[2])
    return found[1] + str(row + change.count * (row >= change.at)).encode() + found[3]


def _anchor_moved(found: re.Match[bytes], change: Inserted) -> bytes:
    numbers = [int(each) for each in found[2].split(b",")]
    if len(numbers) > _VML_ROWS[-1] and numbers[_VML_ROWS[0]] >= change.at:
        for at in _VML_ROWS:
            numbers[at] += change.count
    return found[1] + ", ".join(map(str, numbers)).encode() + found[3]
