"""What the styles of an OpenDocument spreadsheet look like, and how its pages are printed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.publication.book import Look, Page

if TYPE_CHECKING:
    from lxml.etree import _Element

_LENGTH = re.compile(r"(?P<number>-?[\d.]+)(?P<unit>mm|cm|in|pt|pc|px)")
_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6, "px": 25.4 / 96}
_A4 = (210, 297)
_CHARACTER = 2.2
"""Millimetres that a character of ordinary text takes."""


class DocumentStyles:
    """The styles of a document, from its two parts that have them; each may have a parent."""

    def __init__(self) -> None:
        self.looks: dict[str, Look] = {"": Look(points=10)}
        self.heights: dict[str, float] = {}
        self.widths: dict[str, float] = {}
        self.hides: dict[str, bool] = {}
        self._hiding_formats: set[str] = set()
        self._layouts: dict[str, Page] = {}
        self._masters: dict[str, str] = {}
        self._master_of: dict[str, str] = {}

    def add(self, root: _Element) -> None:
        """Take the styles of one part."""
        formats = {attribute(each, "name"): each for each in root.iter() if _is_number_style(each)}
        self._hiding_formats |= {name for name, each in formats.items() if _shows_nothing(each, formats)}
        for layout in root.iter("{*}page-layout"):
            self._layouts[attribute(layout, "name")] = _page(layout)
        for master in root.iter("{*}master-page"):
            self._masters[attribute(master, "name")] = attribute(master, "page-layout-name")
        for style in root.iter("{*}style", "{*}default-style"):
            self._add(style)

    def page(self, table_style: str) -> Page:
        """Return how the worksheets of a style are printed."""
        master = self._master_of.get(table_style, "Default")
        return self._layouts.get(self._masters.get(master, ""), Page())

    def _add(self, style: _Element) -> None:
        family, name = attribute(style, "family"), attribute(style, "name")
        properties = {each.tag.rpartition("}")[2]: each for each in style}
        if family == "table-cell":
            self.looks[name] = self._look(style, properties)
        elif family == "text" and "text-properties" in properties:
            self.looks[f"text {name}"] = text_look(properties["text-properties"], self.looks[""])
        elif family == "table-row" and "table-row-properties" in properties:
            self.heights[name] = millimetres(attribute(properties["table-row-properties"], "row-height"))
        elif family == "table-column" and "table-column-properties" in properties:
            self.widths[name] = millimetres(attribute(properties["table-column-properties"], "column-width"))
        elif family == "table":
            self.hides[name] = any(attribute(each, "display") == "false" for each in properties.values())
            self._master_of[name] = attribute(style, "master-page-name")

    def _look(self, style: _Element, properties: dict[str, _Element]) -> Look:
        look = self.looks.get(attribute(style, "parent-style-name"), self.looks[""])
        text, cell = properties.get("text-properties"), properties.get("table-cell-properties")
        if text is not None:
            look = text_look(text, look)
        if cell is not None:
            if fill := attribute(cell, "background-color"):
                look = replace(look, fill="FFFFFF" if fill == "transparent" else _colour(fill))
            if wraps := attribute(cell, "wrap-option"):
                look = replace(look, wraps=wraps == "wrap")
        if data_style := attribute(style, "data-style-name"):
            look = replace(look, number_format=";;;" if data_style in self._hiding_formats else "")
        return look


def text_look(text: _Element, look: Look) -> Look:
    """Return a look with what properties of a text set."""
    if colour := attribute(text, "color"):
        look = replace(look, ink=_colour(colour))
    size = attribute(text, "font-size")
    return replace(look, points=float(size.removesuffix("pt"))) if size.endswith("pt") else look


def width_characters(width: float) -> float:
    """Return how many characters of ordinary text a column of so many millimetres takes."""
    return width / _CHARACTER


def attribute(element: _Element, name: str) -> str:
    """Return an attribute by its name in whatever namespace, empty where there is none."""
    ending = f"}}{name}"
    return next((str(value) for key, value in element.attrib.items() if key.endswith(ending)), "")


def millimetres(length: str) -> float:
    """Return a length in millimetres; a length that is not said counts as usual, not as none."""
    found = _LENGTH.fullmatch(length)
    return float(found["number"]) * _MILLIMETRES[found["unit"]] if found else 10.0


def _colour(text: str) -> str | None:
    digits = text.removeprefix("#").upper()
    return digits if re.fullmatch("[0-9A-F]{6}", digits) else None


def _is_number_style(element: _Element) -> bool:
    return isinstance(element.tag, str) and element.tag.endswith("-style") and "datastyle" in element.tag


def _shows_nothing(element: _Element, formats: dict[str, _Element]) -> bool:
    """Return whether a number's style prints nothing, under any of its conditions."""
    printed = [each for each in element if not each.tag.endswith(("}map", "}text-properties"))]
    if any((each.text or "").strip() or not each.tag.endswith("}text") for each in printed):
        return False
    mapped = [formats.get(attribute(each, "apply-style-name")) for each in element.iterfind("{*}map")]
    return all(each is None or each is element or _prints_nothing(each) for each in mapped)


def _prints_nothing(element: _Element) -> bool:
    return not any(
        (each.text or "").strip() or not each.tag.endswith(("}text", "}map", "}text-properties")) for each in element
    )


def _page(layout: _Element) -> Page:
    properties = next(iter(layout.iterfind("{*}page-layout-properties")), None)
    if properties is None:
        return Page()
    width, height = (millimetres(attribute(properties, name)) for name in ("page-width", "page-height"))
    sides = sorted((round(width), round(height)))
    return Page(
        is_a4=tuple(sides) == _A4,
        is_landscape=width > height,
        fits_one_wide=attribute(properties, "scale-to-X") == "1" or attribute(properties, "scale-to-pages") == "1",
    )
