"""What a worksheet of Office Open XML has beside its cells: conditional formats, messages, headers, panes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdrp_xl.addresses import cell_at, column_letters
from cdrp_xl.publication.book import Condition, Look
from cdrp_xl.publication.open_xml_styles import conditional, theme_colours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from cdrp_xl.publication.book import Book, Sheet

_FALSE = frozenset({"0", "false"})
_PAGE_CODE = re.compile(
    r'&(?P<side>[LCR])|&"[^"]*"|&K(?P<ink>[0-9A-F]{6}|\d\d[+-]\d\d\d)|&(?P<points>\d{1,3})|&[A-Z]|&(?P<and>&)',
    re.IGNORECASE,
)
_USUAL_POINTS = 10


def read_beside(book: Book, sheet: Sheet) -> None:
    """Read what is beside the cells of a worksheet and is shown by none of them as it is."""
    root = sheet.root
    if root is None:
        return
    theme = next((part.root for part in book.parts.values() if part.kind == "theme"), None)
    sheet.conditions = [*_conditions(book, root, theme_colours(theme))]
    sheet.messages = [*_messages(root)]
    sheet.page_texts = [text for each in root.iterfind("{*}headerFooter/{*}*") for text in _page_texts(each.text or "")]
    sheet.frozen_out = _frozen_out(root)


def _conditions(book: Book, root: _Element, palette: list[str]) -> Iterator[Condition]:
    """Yield the conditional formats, and those that are in an extension of the format."""
    for block in root.iterfind("{*}conditionalFormatting"):
        for rule in block.iterfind("{*}cfRule"):
            look = book.looks.get(f"dxf {rule.get('dxfId')}", _LEFT_ALONE)
            yield Condition(cells=block.get("sqref", ""), look=look, hides_values=_leaves_values_out(rule))
    for block in root.iterfind("{*}extLst/{*}ext/{*}conditionalFormattings/{*}conditionalFormatting"):
        cells = next((each.text or "" for each in block.iterfind("{*}sqref")), "")
        for rule in block.iterfind("{*}cfRule"):
            style = rule.find("{*}dxf")
            look = conditional(style, palette) if style is not None else _LEFT_ALONE
            yield Condition(cells=cells, look=look, hides_values=_leaves_values_out(rule))


_LEFT_ALONE = Look(ink=None, fill=None, points=0)


def _leaves_values_out(rule: _Element) -> bool:
    return any(each.get("showValue") in _FALSE for each in rule.iterfind("{*}dataBar")) or any(
        each.get("showValue") in _FALSE for each in rule.iterfind("{*}iconSet")
    )


def _messages(root: _Element) -> Iterator[tuple[str, str]]:
    """Yield the messages of cells and the tips of hyperlinks, each with its cells."""
    for each in root.iter("{*}dataValidation"):
        for name in ("promptTitle", "prompt", "errorTitle", "error"):
            if text := each.get(name, "").strip():
                yield each.get("sqref", ""), text
    for link in root.iterfind("{*}hyperlinks/{*}hyperlink"):
        if tip := link.get("tooltip"):
            yield link.get("ref", ""), tip


def _page_texts(coded: str) -> Iterator[tuple[str, Look]]:
    """Yield the texts of a header or footer, each with the look that the codes before it set."""
    at, ink, points = 0, "000000", float(_USUAL_POINTS)
    for code in (*_PAGE_CODE.finditer(coded), None):
        if text := coded[at : code.start() if code else len(coded)].strip():
            yield text, Look(ink=ink, points=points)
        if code is None:
            return
        at = code.end()
        if code["side"]:
            ink, points = "000000", float(_USUAL_POINTS)
        elif code["ink"] and len(code["ink"]) == len("FFFFFF"):
            ink = code["ink"].upper()
        elif code["points"]:
            points = float(code["points"])


def _frozen_out(root: _Element) -> str:
    """Return the rows or columns before the first one that is shown where panes are frozen: nobody can scroll there."""
    for view in root.iterfind("{*}sheetViews/{*}sheetView"):
        first = cell_at(view.get("topLeftCell", "A1"))
        is_frozen = any(each.get("state", "split") != "split" for each in view.iterfind("{*}pane"))
        if first and is_frozen and first[0]:
            return f"rows above row {first[0] + 1:,}"
        if first and is_frozen and first[1]:
            return f"columns before column {column_letters(first[1])}"
    return ""
