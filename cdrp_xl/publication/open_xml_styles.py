"""What the styles of a workbook of Office Open XML look like: ink, fill, size, number format."""

from __future__ import annotations

import colorsys
import re
from typing import TYPE_CHECKING

from cdrp_xl.publication.book import Look

if TYPE_CHECKING:
    from lxml.etree import _Element

_INDEXED = re.findall(
    r"\w{6}",
    "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF "
    "800000 008000 000080 808000 800080 008080 C0C0C0 808080 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF "
    "000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 "
    "3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 003366 339966 003300 333300 993300 993366 333399 333333",
)
"""The colours of Excel 97 by number (ECMA-376 part 1, 18.8.27)."""

_SYSTEM_INK, _SYSTEM_PAPER = 64, 65
_SWAPPED = {0: 1, 1: 0, 2: 3, 3: 2}
"""A cell's theme colours 0 to 3 are light 1, dark 1, light 2, dark 2; the theme lists each dark one first."""

_THEME = re.findall(r"\w{6}", "000000FFFFFF1F497DEEECE14F81BDC0504D9BBB598064A24BACC6F796460000FF800080")
_TRUE = frozenset({"1", "true", "on"})
_UPRIGHT = frozenset(map(str, (*range(60, 91), *range(150, 181), 255)))
"""Degrees by which a text is turned so far that its row has to be as high as it is long."""

_BUILT_IN = {0: "General", 9: "0%", 10: "0.00%", 14: "dd/mm/yyyy", 49: "@"}


def read_looks(styles: _Element | None, theme: _Element | None) -> dict[str, Look]:
    """Return the look of each cell style by its number; "dxf 0" and so on are those of conditional formats."""
    if styles is None:
        return {"0": Look()}
    palette = theme_colours(theme)
    formats = {each.get("numFmtId"): each.get("formatCode", "") for each in styles.iterfind("{*}numFmts/{*}numFmt")}
    fonts = list(styles.iterfind("{*}fonts/{*}font"))
    fills = list(styles.iterfind("{*}fills/{*}fill"))
    looks = {}
    for number, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        font = _of(fonts, style.get("fontId"))
        number_format = style.get("numFmtId", "0")
        aligned = style.find("{*}alignment")
        alignment = aligned.attrib if aligned is not None else {}
        looks[str(number)] = Look(
            ink=ink(font, palette),
            fill=_fill(_of(fills, style.get("fillId")), palette),
            points=points(font),
            number_format=formats.get(number_format, _BUILT_IN.get(int(number_format), "")),
            wraps=alignment.get("wrapText") in _TRUE,
            indent=int(alignment.get("indent", "0")),
            turns=alignment.get("textRotation", "0") in _UPRIGHT,
            shrinks=alignment.get("shrinkToFit") in _TRUE,
            font=font_name(font),
            side=str(alignment.get("horizontal", "")),
        )
    for number, style in enumerate(styles.iterfind("{*}dxfs/{*}dxf")):
        looks[f"dxf {number}"] = conditional(style, palette)
    return looks


def conditional(style: _Element, palette: list[str]) -> Look:
    """Return what a conditional format sets; what it leaves alone is None or 0."""
    font, fill, number_format = style.find("{*}font"), style.find("{*}fill"), style.find("{*}numFmt")
    sets_ink = font is not None and font.find("{*}color") is not None
    background = fill.find(".//{*}bgColor") if fill is not None else None
    return Look(
        ink=ink(font, palette) if sets_ink else None,
        fill=colour(background, palette, "FFFFFF") if background is not None else None,
        points=0,
        number_format=number_format.get("formatCode", "") if number_format is not None else "",
    )


def _of(elements: list[_Element], number: str | None) -> _Element | None:
    at = int(number or 0)
    return elements[at] if 0 <= at < len(elements) else None


def ink(font: _Element | None, palette: list[str]) -> str | None:
    """Return the colour that a font writes in."""
    found = font.find("{*}color") if font is not None else None
    return colour(found, palette, "000000") if found is not None else "000000"


def points(font: _Element | None) -> float:
    """Return the size that a font writes in."""
    found = font.find("{*}sz") if font is not None else None
    return float(found.get("val", "11")) if found is not None else 11


def font_name(font: _Element | None) -> str:
    """Return the name of a font."""
    found = next(font.iterfind("{*}name"), next(font.iterfind("{*}rFont"), None)) if font is not None else None
    return str(found.get("val", "")) if found is not None else ""


def _fill(fill: _Element | None, palette: list[str]) -> str | None:
    """Return the colour of a plain fill; that of a pattern or of a gradient is not known, unless it has only one."""
    if fill is None:
        return "FFFFFF"
    pattern = fill.find("{*}patternFill")
    kind = pattern.get("patternType", "none") if pattern is not None else ""
    if kind == "none":
        return "FFFFFF"
    tags = ("{*}fgColor",) if kind == "solid" else ("{*}fgColor", "{*}bgColor", "{*}color")
    colours = [colour(each, palette, "FFFFFF") for each in fill.iter(*tags)]
    is_one = len(set(colours)) == 1 and (kind == "solid" or len(colours) > 1)
    return colours[0] if is_one else None


def theme_colours(theme: _Element | None) -> list[str]:
    """Return the twelve colours of a theme, in its own order."""
    scheme = theme.find(".//{*}clrScheme") if theme is not None else None
    if scheme is None:
        return list(_THEME)
    colours = [each[0].get("lastClr") or each[0].get("val", "") if len(each) else "" for each in scheme]
    return [each.upper() if _is_colour(each) else usual for each, usual in zip(colours, _THEME, strict=False)]


def colour(element: _Element, palette: list[str], automatic: str) -> str | None:
    """Return a colour as six digits, None if it can't be worked out."""
    if (rgb := element.get("rgb")) is not None:
        return rgb[-6:].upper() if _is_colour(rgb[-6:]) else None
    if (theme := element.get("theme")) is not None:
        number = _SWAPPED.get(int(theme), int(theme))
        return tinted(palette[number], float(element.get("tint", "0"))) if number < len(palette) else None
    if (indexed := element.get("indexed")) is not None:
        number = int(indexed)
        if number in {_SYSTEM_INK, _SYSTEM_PAPER}:
            return "000000" if number == _SYSTEM_INK else "FFFFFF"
        return _INDEXED[number] if number < len(_INDEXED) else None
    return automatic


def tinted(rgb: str, tint: float) -> str:
    """Return a colour made lighter (tint above 0) or darker, as ECMA-376 part 1, 18.8.19 has it."""
    hue, light, saturation = colorsys.rgb_to_hls(*(int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(255 * part):02X}" for part in colorsys.hls_to_rgb(hue, min(light, 1.0), saturation))


def _is_colour(text: str) -> bool:
    return len(text) == len("FFFFFF") and all(letter in "0123456789abcdefABCDEF" for letter in text)
