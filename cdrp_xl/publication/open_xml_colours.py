"""Colours in drawings and charts of Office Open XML: their names, and how they are made lighter or transparent."""

from __future__ import annotations

import colorsys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_SCHEME = ("dk1", "lt1", "dk2", "lt2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
_SAME_AS = {"tx1": "dk1", "bg1": "lt1", "tx2": "dk2", "bg2": "lt2"}
_COLOURS_BY_NAME = {"white": "FFFFFF", "black": "000000", "windowText": "000000", "window": "FFFFFF"}
_ALL_OF_IT, _SEEN_THROUGH = 100_000, 10_000
"""All of something, and how little of an ink can't be seen, in thousandths of a hundredth."""


def ink_of(font: _Element, ground: str | None, palette: list[str]) -> str | None:
    """Return the colour that a font writes in on a ground; letters without fill, or transparent, have the ground's."""
    if font.find("{*}noFill") is not None and font.find("{*}ln") is None:
        return ground
    fill = font.find("{*}solidFill")
    if fill is None:
        return None
    alphas = (each.get("val", "") for each in fill.iter("{*}alpha"))
    is_transparent = any(alpha.isdigit() and int(alpha) < _SEEN_THROUGH for alpha in alphas)
    return ground if is_transparent else colour_of(fill, palette)


def colour_of(fill: _Element, palette: list[str]) -> str | None:
    """Return a colour of a drawing as six digits, None where it is changed in a way that is not worked out here."""
    for each in fill:
        if isinstance(each.tag, str) and (plain := _plain(each, palette)) is not None:
            return _changed(plain, each)
    return None


def _plain(element: _Element, palette: list[str]) -> str | None:
    """Return a colour before it is changed."""
    kind, value = element.tag.rpartition("}")[2], element.get("val", "")
    if kind == "srgbClr":
        return value.upper() or None
    if kind == "schemeClr":
        name = _SAME_AS.get(value, value)
        return palette[_SCHEME.index(name)] if name in _SCHEME else None
    return (element.get("lastClr") or _COLOURS_BY_NAME.get(value)) if kind in {"sysClr", "prstClr"} else None


def _changed(rgb: str, element: _Element) -> str | None:
    """Return a colour made lighter or darker (ECMA-376 part 1, 20.1.2.3), None if it is changed otherwise."""
    hue, light, saturation = colorsys.rgb_to_hls(*(int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)))
    for change in element:
        share = int(change.get("val", "0")) / _ALL_OF_IT if change.get("val", "").lstrip("-").isdigit() else 0.0
        kind = change.tag.rpartition("}")[2]
        if kind in {"lumMod", "shade"}:
            light *= share
        elif kind == "lumOff":
            light += share
        elif kind == "tint":
            light = light * share + 1 - share
        elif kind != "alpha":
            return None
    return "".join(
        f"{round(255 * part):02X}" for part in colorsys.hls_to_rgb(hue, max(0.0, min(light, 1.0)), saturation)
    )
