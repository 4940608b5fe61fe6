"""Charts of a saved workbook: their words, and the points that its file keeps for a program that only shows it.

A text box that shows a cell keeps its words in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from cdrp_xl.packages import OFFICE
from cdrp_xl.writers.saved_workbook.pointers import local
from cdrp_xl.writers.saved_workbook.references import area_of
from cdrp_xl.writers.saved_workbook.worksheet import number as as_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdrp_xl.addresses import Rectangle
    from cdrp_xl.sheets import Chart
    from cdrp_xl.writers.saved_workbook.book import Book
    from cdrp_xl.writers.saved_workbook.worksheet import Held

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_CACHES = {"numRef": "numCache", "strRef": "strCache", "multiLvlStrRef": "multiLvlStrCache"}

_OTHER_CACHES = {"datalabelsRange": "dlblRangeCache", "strDim": "lvl", "numDim": "lvl", "txData": "v"}
"""Labels taken from cells, and the points and titles of the kinds of charts that came with Excel 2016."""


def describe(book: Book, sheet: str, chart: Chart, *, number: int) -> None:
    """Give a chart the title and the text for who can't see it; one that the analyst deleted stays away."""
    for drawing in book.parts.related(book.part_of(sheet), "drawing"):
        for frame in book.parts.tree(drawing).iter(f"{_DRAWING}graphicFrame"):
            about = frame.find(f"{_DRAWING}nvGraphicFramePr/{_DRAWING}cNvPr")
            shown = frame.find(f".//{_CHART}chart")
            if about is None or shown is None or about.get("name") not in {chart.name, f"Chart {number}"}:
                continue
            if about.get("descr") != chart.alt_text:
                about.set("descr", chart.alt_text)
                book.parts.altered(drawing)
            relation = shown.get(f"{{{OFFICE}}}id", "")
            for each in book.parts.relations(drawing):
                if each.id == relation:
                    _entitle(book, each.target, chart.title)


def draw_again(book: Book, is_changed: Callable[[str], bool]) -> None:
    """Let every chart keep the points that its cells hold now, where the formula that names them says they changed."""
    for part in book.parts.reached("chart"):
        for kind, cache in _CACHES.items():
            for reference in book.parts.tree(part).iter(f"{_CHART}{kind}"):
                formula = reference.findtext(f"{_CHART}f") or ""
                kept = reference.find(f"{_CHART}{cache}")
                if kept is None or not is_changed(formula):
                    continue
                area = area_of(formula)
                if kind == "multiLvlStrRef" or area is None or area.sheet not in book.sheets:
                    reference.remove(kept)
                else:
                    _keep(kept, _points(book, area))
                book.parts.altered(part)
    _forget_other_points(book, is_changed)
    _forget_linked_texts(book, is_changed)


def _forget_other_points(book: Book, is_changed: Callable[[str], bool]) -> None:
    """Take away what charts keep in other forms; the program that opens the workbook draws it from the cells."""
    for part in (*book.parts.reached("chart"), *book.parts.reached("chartEx")):
        for reference in [*book.parts.tree(part).iter(*(f"{{*}}{kind}" for kind in _OTHER_CACHES))]:
            formula = next((each.text or "" for each in reference if local(each) == "f"), "")
            for kept in [each for each in reference if local(each) == _OTHER_CACHES[local(reference)]]:
                if is_changed(formula):
                    reference.remove(kept)
                    book.parts.altered(part)


def _forget_linked_texts(book: Book, is_changed: Callable[[str], bool]) -> None:
    """Empty the text boxes that show a cell which changed."""
    for part in (*book.parts.reached("drawing"), *book.parts.reached("chartUserShapes")):
        for shape in book.parts.tree(part).iter("{*}sp"):
            link = shape.get("textlink")
            if link and is_changed(link):
                for run in [each for each in shape.iter(_TEXT) if each.text]:
                    run.text = ""
                    book.parts.altered(part)


def _entitle(book: Book, part: str, title: str) -> None:
    runs = [*book.parts.tree(part).iterfind(f"{_CHART}chart/{_CHART}title/{_CHART}tx/{_CHART}rich//{_TEXT}")]
    if not runs or "".join(run.text or "" for run in runs) == title:
        return
    runs[0].text = title
    for run in runs[1:]:
        run.text = ""
    book.parts.altered(part)


def _points(book: Book, area: Rectangle) -> list[Held]:
    return [value for row in book.worksheet(area.sheet).values(area) for value in row]


def _keep(cache: etree._Element, points: list[Held]) -> None:
    """Rewrite the points of a cache; a number format before them stays, and so does what follows."""
    for former in cache.findall(f"{_CHART}pt"):
        cache.remove(former)
    count = cache.find(f"{_CHART}ptCount")
    if count is None:
        count = etree.SubElement(cache, f"{_CHART}ptCount")
    count.set("val", str(len(points)))
    after = count
    for index, value in enumerate(points):
        if value is not None and (isinstance(value, int | float) or not cache.tag.endswith("numCache")):
            point = etree.Element(f"{_CHART}pt", idx=str(index))
            etree.SubElement(point, f"{_CHART}v").text = value if isinstance(value, str) else as_number(value)
            after.addnext(point)
            after = point
