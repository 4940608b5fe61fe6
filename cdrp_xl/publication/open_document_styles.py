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
_LEFT_ALONE = Look(ink=None, fill=None, points=0)
_HIDDEN_ALTOGETHER = "hidden-and-protected"
_FAINT, _WASHED_OUT, _UPRIGHT = 10, 70, range(60, 121)
"""Hundredths below which a picture lets everything through, and above which it is as good as white; and degrees by
which a text is turned so far that its row has to be as high as it is long."""

CHARACTER = 2.2
"""Millimetres that a character of ordinary text takes."""


class DocumentStyles:
    """The styles of a document, from its two parts that have them; each may have a parent."""

    def __init__(self) -> None:
        self.looks: dict[str, Look] = {"": Look(points=10)}
        self.heights: dict[str, float] = {}
        self.widths: dict[str, float] = {}
        self.hides: dict[str, bool] = {}
        self.applied: dict[str, Look] = {}
        self.faint: set[str] = set()
        self.conditions: dict[str, list[str]] = {}
        self._formats: dict[str, str] = {}
        self._layouts: dict[str, Page] = {}
        self._masters: dict[str, str] = {}
        self._master_of: dict[str, str] = {}

    def add(self, root: _Element) -> None:
        """Take the styles of one part."""
        formats = {attribute(each, "name"): each for each in root.iter() if _is_number_style(each)}
        self._formats |= {name: _number_format(each, formats) for name, each in formats.items()}
        for layout in root.iter("{*}page-layout"):
            self._layouts[attribute(layout, "name")] = _page(layout)
        for master in root.iter("{*}master-page"):
            self._masters[attribute(master, "name")] = attribute(master, "page-layout-name")
        waiting = {attribute(each, "name"): each for each in root.iter("{*}style", "{*}default-style")}
        for style in list(waiting.values()):
            self._add_after_its_parents(style, waiting)

    def page(self, table_style: str) -> Page:
        """Return how the worksheets of a style are printed."""
        master = self._master_of.get(table_style, "Default")
        return self._layouts.get(self._masters.get(master, ""), Page())

    def _add_after_its_parents(self, style: _Element, waiting: dict[str, _Element]) -> None:
        line = [style]
        while (parent := waiting.pop(attribute(line[-1], "parent-style-name"), None)) is not None:
            line.append(parent)
        for each in reversed(line):
            self._add(each)

    def _add(self, style: _Element) -> None:
        family, name = attribute(style, "family"), attribute(style, "name")
        properties = {each.tag.rpartition("}")[2]: each for each in style}
        if family == "table-cell":
            parent = attribute(style, "parent-style-name")
            self.looks[name] = self._look(style, properties, self.looks.get(parent, self.looks[""]))
            applied = self._look(style, properties, self.applied.get(parent, _LEFT_ALONE))
            self.applied |= dict.fromkeys((name, attribute(style, "display-name")), applied)
            self.conditions[name] = [attribute(each, "apply-style-name") for each in style.iterfind("{*}map")]
        elif family in {"text", "paragraph", "graphic"}:
            self._add_words(f"{family} {name}", properties)
        elif family == "table-row" and "table-row-properties" in properties:
            self.heights[name] = millimetres(attribute(properties["table-row-properties"], "row-height"))
        elif family == "table-column" and "table-column-properties" in properties:
            self.widths[name] = millimetres(attribute(properties["table-column-properties"], "column-width"))
        elif family == "table":
            self.hides[name] = any(attribute(each, "display") == "false" for each in properties.values())
            self._master_of[name] = attribute(style, "master-page-name")

    def _add_words(self, name: str, properties: dict[str, _Element]) -> None:
        """Take the style of a run of words, of a paragraph, or of something drawn."""
        if (text := properties.get("text-properties")) is not None:
            self.looks[name] = text_look(text, self.looks[""])
        if (drawn := properties.get("graphic-properties")) is not None:
            shares = {each: _share(attribute(drawn, each)) for each in ("image-opacity", "luminance")}
            is_faint = (shares["image-opacity"] or 0) < _FAINT and shares["image-opacity"] is not None
            if is_faint or (shares["luminance"] or 0) > _WASHED_OUT:
                self.faint.add(name)

    def _look(self, style: _Element, properties: dict[str, _Element], look: Look) -> Look:
        text, cell = properties.get("text-properties"), properties.get("table-cell-properties")
        if text is not None:
            look = text_look(text, look)
        if cell is not None:
            if fill := attribute(cell, "background-color"):
                look = replace(look, fill="FFFFFF" if fill == "transparent" else _colour(fill))
            if wraps := attribute(cell, "wrap-option"):
                look = replace(look, wraps=wraps == "wrap")
            if (shrinks := attribute(cell, "shrink-to-fit")) or attribute(cell, "rotation-angle"):
                turned = re.match(r"\d{1,3}", attribute(cell, "rotation-angle"))
                turns = turned is not None and int(turned[0]) % 180 in _UPRIGHT
                look = replace(look, shrinks=shrinks == "true", turns=turns)
        if data_style := attribute(style, "data-style-name"):
            look = replace(look, number_format=self._formats.get(data_style, ""))
        if cell is not None and attribute(cell, "cell-protect") == _HIDDEN_ALTOGETHER:
            look = replace(look, number_format=";;;")
        return look


def text_look(text: _Element, look: Look) -> Look:
    """Return a look with what properties of a text set."""
    if colour := attribute(text, "color"):
        look = replace(look, ink=_colour(colour))
    if name := attribute(text, "font-family") or attribute(text, "font-name"):
        look = replace(look, font=name.strip("'\""))
    size = attribute(text, "font-size")
    points = float(size.removesuffix("pt")) if size.endswith("pt") else look.points * (_share(size) or 100) / 100
    for of_size in (attribute(text, "text-scale"), attribute(text, "text-position").rpartition(" ")[2]):
        points *= (_share(of_size) or 100) / 100
    return replace(look, points=0.01 if attribute(text, "display") == "none" else points)


def _share(text: str) -> float | None:
    """Return how many hundredths a text says, None if it says none."""
    number = text.removesuffix("%")
    return float(number) if text.endswith("%") and re.fullmatch(r"-?[\d.]{1,9}", number) else None


def width_characters(width: float) -> float:
    """Return how many characters of ordinary text a column of that many millimetres takes."""
    return width / CHARACTER


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


def _number_format(element: _Element, formats: dict[str, _Element]) -> str:
    """Return a number's style as a number format of Excel, as far as what it shows of a value is concerned."""
    conditions = [attribute(each, "condition").removeprefix("value()") for each in element.iterfind("{*}map")]
    applied = [formats.get(attribute(each, "apply-style-name")) for each in element.iterfind("{*}map")]
    found = [
        f"[{condition}]{_section(each)}"
        for condition, each in zip(conditions, applied, strict=True)
        if each is not None
    ]
    is_for_text = element.tag.endswith("}text-style")
    found += ["General"] * (3 - len(found)) if is_for_text else []
    own = _section(element)
    return "" if {*found, own} <= {"0", "@", "General"} else ";".join((*found, own))


def _section(element: _Element) -> str:
    names = {each.tag.rpartition("}")[2] for each in element if isinstance(each.tag, str)}
    if "text-content" in names:
        return "@"
    return "0" if names - {"text", "text-properties", "map", "currency-symbol", "fill-character"} else '"words"'


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
