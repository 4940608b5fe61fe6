"""Colour scales, data bars and icon sets: LibreOffice shows them, reads them and writes them, but makes none by UNO.

UNO makes such a rule without its thresholds, and setting them ends LibreOffice. So the rule is written into a small
file, and LibreOffice takes it from there into a cell that nobody uses, from which UNO can move it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdrp_xl import temporary
from cdrp_xl.libreoffice.fonts import uno_colour
from cdrp_xl.libreoffice.office import file_url, struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdrp_xl.libreoffice.sheet import Sheet

_TYPES = {"lowest_value": "minimum", "highest_value": "maximum"}
_EXCELS_NEGATIVE = "#ff0000"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
_FILE = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="{_OASIS}:office:1.0" xmlns:table="{_OASIS}:table:1.0" xmlns:calcext="{_CALC}"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:body><office:spreadsheet><table:table table:name="Rule">
<table:table-row><table:table-cell/></table:table-row>
<calcext:conditional-formats><calcext:conditional-format calcext:target-range-address="Rule.A1:Rule.A1">
%s
</calcext:conditional-format></calcext:conditional-formats>
</table:table></office:spreadsheet></office:body></office:document>
"""
# In the order of com.sun.star.sheet.IconSetType, which has smileys, too, and not Excel's stars, triangles and boxes.
ICON_SETS = (
    *("3_arrows", "3_arrows_gray", "3_flags", "3_traffic_lights_1", "3_traffic_lights_2"),
    *("3_signs", "3_symbols", "3_symbols_2", "3_smilies", "3_color_smilies"),
    *("4_arrows", "4_arrows_gray", "4_red_to_black", "4_rating", "4_traffic_lights"),
    *("5_arrows", "5_arrows_gray", "5_rating", "5_quarters"),
)


def colour_scale(spec: Mapping[str, Any]) -> str:
    """Return a colour scale as OpenDocument writes it, from xlwings' description of it."""
    entries = (
        _element("color-scale-entry", {"value": value, "type": kind, "color": _hexadecimal(colour)})
        for (value, kind), colour in zip(_thresholds(spec), spec["colors"], strict=True)
    )
    return _element("color-scale", {}, *entries)


def data_bar(spec: Mapping[str, Any]) -> str:
    """Return a data bar as OpenDocument writes it."""
    (low, low_kind), (high, high_kind) = _thresholds(spec)
    looks = {
        "max-length": "100",
        "positive-color": _hexadecimal(spec["bar_color"]),
        "negative-color": _EXCELS_NEGATIVE,
        "axis-color": "#000000",
        "gradient": str(spec["gradient"]).lower(),
    }
    ends = (
        _entry(low, "auto-minimum" if low_kind == "automatic" else low_kind),
        _entry(high, "auto-maximum" if high_kind == "automatic" else high_kind),
    )
    return _element("data-bar", looks, *ends)


def icon_set(spec: Mapping[str, Any]) -> str:
    """Return an icon set as OpenDocument writes it."""
    name = "".join(word.capitalize() for word in spec["icon_set"].split("_"))
    entries = (_entry(value, kind) for value, kind in (("0", "percent"), *_thresholds(spec)))
    return _element("icon-set", {"icon-set-type": name}, *entries)


def _thresholds(spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    values = ("0" if value is None else f"{value:.15g}" for value in spec["thresholds"])
    return [(value, _TYPES.get(kind, kind)) for value, kind in zip(values, spec["threshold_types"], strict=True)]


def _hexadecimal(colour: Any) -> str:
    return f"#{uno_colour(colour):06x}"


def _entry(value: str, kind: str) -> str:
    return _element("formatting-entry", {"value": value, "type": kind})


def _element(name: str, attributes: Mapping[str, str], *content: str) -> str:
    written = "".join(f' calcext:{key}="{value}"' for key, value in attributes.items())
    return f"<calcext:{name}{written}>{''.join(content)}</calcext:{name}>"


def bring(rule: str, sheet: Sheet) -> Any:
    """Read a rule into the worksheet's last cell, and return UNO's format there, the last of the worksheet's."""
    area = last_cell(sheet).RangeAddress
    place = struct("table.CellAddress", Sheet=area.Sheet, Column=area.EndColumn, Row=area.EndRow)
    links = sheet.book.xl.AreaLinks
    folder = temporary.make("rule")
    try:
        path = folder.path / "rule.fods"
        path.write_text(_FILE % rule, encoding="utf-8")
        url = file_url(path)
        links.insertAtPosition(place, url, "Rule.A1:A1", "OpenDocument Spreadsheet Flat XML", "")
        ours = next(number for number in range(links.Count) if links.getByIndex(number).Url == url)
        links.removeByIndex(ours)
    finally:
        folder.remove()
    return sheet.xl.ConditionalFormats.getConditionalFormats()[-1]


def last_cell(sheet: Sheet) -> Any:
    """Return UNO's range of the worksheet's last cell, for which a worksheet of a million rows has least use."""
    area = sheet.xl.RangeAddress
    return sheet.xl.getCellRangeByPosition(area.EndColumn, area.EndRow, area.EndColumn, area.EndRow)
