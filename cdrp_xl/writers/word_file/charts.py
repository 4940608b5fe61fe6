"""The charts of a Word document: those of the workbook, drawn by Word itself from figures of their own.

A chart of a workbook refers to cells. Here its figures are in it, as the workbook's chart keeps them, and nothing is
referred to: no workbook is hidden behind a chart, and none is looked for when the document is opened.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from cdrp_xl.errors import CannotBeWrittenError, place
from cdrp_xl.packages import open_package, sheets_in
from cdrp_xl.sheets import Chart, SeriesKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element

    from cdrp_xl.packages import Package
    from cdrp_xl.sheets import Sheet

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_LITERALS = {f"{_C}strRef": (f"{_C}strLit", f"{_C}strCache"), f"{_C}numRef": (f"{_C}numLit", f"{_C}numCache")}
_DRAWN = 0.75
"""How much of a chart's width its axis takes."""

_LOWER = 0.85
"""How high a chart is of what it is on a worksheet, where it is narrower."""


def in_workbook(workbook: bytes, name: str, sheets: Sequence[Sheet]) -> dict[str, _Element]:
    """Return the charts of a workbook by the names that its layout gives them.

    Raises
    ------
    CannotBeWrittenError
        If the workbook has different charts from its layout.
    """
    package = open_package(workbook, name)
    main = package.workbook()
    parts = [
        relation.target if relation else "" for _, relation in sheets_in(package.parse(main), package.relations(main))
    ]
    found: dict[str, _Element] = {}
    for sheet, part in zip(sheets, parts, strict=True):
        laid_out = [block for block in sheet.blocks if isinstance(block, Chart)]
        drawn = list(_drawn(package, part)) if laid_out else []
        if [alt_text for alt_text, _ in drawn] != [chart.alt_text for chart in laid_out]:
            raise CannotBeWrittenError(
                "The workbook has different charts from the report.",
                where=place(sheet=sheet.name),
                remedy="Publish again: the workbook and the document are made together.",
            )
        found |= {chart.name: package.parse(target) for chart, (_, target) in zip(laid_out, drawn, strict=True)}
    return found


def _drawn(package: Package, sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the charts of a worksheet in their order, each with its alternative text and its part."""
    for drawing in package.related(sheet, "drawing"):
        targets = {relation.id: relation.target for relation in package.relations(drawing)}
        for frame in package.parse(drawing).iter("{*}graphicFrame"):
            named, chart = frame.find(".//{*}cNvPr"), frame.find(f".//{_C}chart")
            if named is not None and chart is not None:
                yield named.get("descr", ""), targets[next(iter(chart.attrib.values()))]


def size(chart: Chart, width: int) -> tuple[int, int]:
    """Return how wide and how high a chart is where there is that much room across. Unit: pixels."""
    room = width // chart.beside[1]
    is_lower = room < chart.width and not any(series.kind is SeriesKind.BARS for series in chart.series)
    return min(room, chart.width), round(chart.height * (_LOWER if is_lower else 1))


def with_own_figures(root: _Element, chart: Chart, *, width: int) -> bytes:
    """Return a chart as a part of a document: its figures in it, its names as many as there is room for."""
    for reference in list(root.iter(*_LITERALS)):
        _put(reference)
    for settings in root.findall(f"{_C}printSettings"):
        root.remove(settings)
    if not chart.along and not chart.is_over_numbers and not chart.is_across:
        _name_every(root, replace(chart, width=int(width * _DRAWN)).label_every)
    _say_what_is_left_out(root, chart.up_format)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _put(reference: _Element) -> None:
    """Put what a reference keeps of its cells in its place; the name of a series is a text alone."""
    tag, cache = _LITERALS[str(reference.tag)]
    kept = reference.find(cache)
    parent = reference.getparent()
    if kept is None or parent is None:
        return
    if parent.tag == f"{_C}tx":
        literal = etree.Element(f"{_C}v")
        literal.text = "".join(kept.itertext(f"{_C}v"))
    else:
        literal = etree.Element(tag)
        literal.extend(list(kept))
    parent.replace(reference, literal)


def _name_every(root: _Element, every: int) -> None:
    """Say of how many categories one is named below a chart."""
    for axis in root.iter(f"{_C}catAx"):
        for name in ("tickMarkSkip", "tickLblSkip"):  # the other way round than they are written
            found = axis.find(f"{_C}{name}")
            if found is None and every > 1:
                found = etree.Element(f"{_C}{name}")
                axis.find(f"{_C}lblOffset").addnext(found)
            if found is not None:
                found.set("val", str(every))


def _say_what_is_left_out(root: _Element, number_format: str) -> None:
    """Say what the workbook's chart leaves to the program, which in a document takes it otherwise."""
    for labels in root.iter(f"{_C}dLbls"):
        if labels.find(f"{_C}numFmt") is None:
            labels.insert(0, etree.Element(f"{_C}numFmt", formatCode=number_format, sourceLinked="0"))
    for parent, name, before in _NOT_SO:
        for element in root.iter(f"{_C}{parent}"):
            _add(element, name, "0", before)
    for kind in ("lineChart", "scatterChart"):
        for series in root.iterfind(f".//{_C}{kind}/{_C}ser"):
            _add(series, "smooth", "0", frozenset())
    for chart in root.iterfind(f"{_C}chart"):
        _add(chart, "dispBlanksAs", "gap", frozenset())


def _add(element: _Element, name: str, value: str, before: frozenset[str]) -> None:
    """Add a switch that is not there, before the first of some others or as the last."""
    if element.find(f"{_C}{name}") is not None:
        return
    switch = etree.Element(f"{_C}{name}", val=value)
    later = next((each for each in element if str(each.tag).removeprefix(_C) in before), None)
    if later is None:
        element.append(switch)
    else:
        later.addprevious(switch)


_LABEL_SWITCHES = ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize")
_NOT_SO = (
    *(("dLbls", name, frozenset(_LABEL_SWITCHES[at:])) for at, name in enumerate(_LABEL_SWITCHES)),
    *((axis, "delete", frozenset({"axPos"})) for axis in ("catAx", "valAx", "dateAx")),
    *((kind, "varyColors", frozenset({"ser"})) for kind in ("barChart", "lineChart", "scatterChart")),
    ("title", "overlay", frozenset({"spPr", "txPr"})),
    ("legend", "overlay", frozenset({"spPr", "txPr"})),
    ("chartSpace", "roundedCorners", frozenset({"style", "clrMapOvr", "chart"})),
)
"""Switches of a chart, each with what it is part of and what comes after it."""
