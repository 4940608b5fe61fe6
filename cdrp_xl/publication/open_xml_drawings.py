"""Tables, charts, pictures and shapes of a worksheet of Office Open XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.publication.book import TABLES_READ, Cached, Chart, Drawn, Range, Table, address, block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from cdrp_xl.publication.book import Book, Sheet

_KINDS = {"pic": "picture", "graphicFrame": "chart", "sp": "shape", "cxnSp": "shape", "grpSp": "group"}


def read_tables(book: Book, sheet: Sheet) -> None:
    """Read the ranges of a worksheet that are marked as tables."""
    for part in _led_to(book, sheet.part, "table"):
        root = book.parts[part].root
        found = block(root.get("ref", "")) if root is not None else None
        if root is None or found is None:
            continue
        if len(sheet.tables) == TABLES_READ:
            book.unread[part] = f"There are more than {TABLES_READ:,} tables on one worksheet"
            return
        style = root.find("{*}tableStyleInfo")
        sheet.tables.append(
            Table(
                name=root.get("displayName", root.get("name", "")),
                part=part,
                block=found,
                headings=tuple(column.get("name", "") for column in root.iterfind("{*}tableColumns/{*}tableColumn")),
                heading_rows=int(root.get("headerRowCount", "1")),
                total_rows=int(root.get("totalsRowCount", "0")),
                is_styled=style is not None and bool(style.get("name")),
                is_filtered=root.find("{*}autoFilter/{*}filterColumn") is not None,
                formulas=tuple(
                    each.text or ""
                    for each in root.iter("{*}calculatedColumnFormula", "{*}totalsRowFormula")
                    if each.text
                ),
            )
        )


def read_drawings(book: Book, sheet: Sheet) -> None:
    """Read what lies over the cells of a worksheet."""
    for part in _led_to(book, sheet.part, "drawing"):
        root = book.parts[part].root
        if root is None:
            continue
        for anchor in root:
            sheet.drawn.extend(_drawn(part, anchor))
        for chart in _led_to(book, part, "chart"):
            if (chart_root := book.parts[chart].root) is not None:
                sheet.charts.append(Chart(part=chart, caches=tuple(_caches(chart_root))))


def _led_to(book: Book, source: str, kind: str) -> list[str]:
    """Return the parts of a kind to which a part's relationships lead."""
    targets = [line.target for line in book.relationships if line.source == source and not line.is_external]
    return [target for target in targets if target in book.parts and book.parts[target].kind == kind]


def _drawn(part: str, anchor: _Element) -> Iterator[Drawn]:
    """Give what one anchor holds; the cell is the one that it begins in."""
    row, column = anchor.find("{*}from/{*}row"), anchor.find("{*}from/{*}col")
    is_placed = row is not None and column is not None
    cell = address(int(row.text or 0) + 1, int(column.text or 0) + 1) if is_placed else ""
    for told in anchor.iter("{*}cNvPr"):
        holder = told.getparent().getparent() if told.getparent() is not None else None
        kind = _KINDS.get(holder.tag.rpartition("}")[2], "shape") if holder is not None else "shape"
        yield Drawn(
            part=part,
            kind=kind,
            name=told.get("name", ""),
            alternative_text=told.get("descr", "").strip(),
            cell=cell,
            is_hidden=told.get("hidden") in {"1", "true"},
            macro=holder.get("macro", "") if holder is not None else "",
        )


def _caches(chart: _Element) -> Iterator[Cached]:
    """Give every reference of a chart with the points that are kept for it."""
    for reference in chart.iter("{*}numRef", "{*}strRef", "{*}multiLvlStrRef"):
        formula = reference.find("{*}f")
        for cache in reference.iter("{*}numCache", "{*}strCache", "{*}multiLvlStrCache"):
            count = cache.find("{*}ptCount")
            points = {int(each.get("idx", "-1")): _value(each) for each in cache.iterfind("{*}pt")}
            is_plain = not cache.tag.endswith("multiLvlStrCache")
            yield Cached(
                refers_to=(formula.text or "") if formula is not None else "",
                count=int(count.get("val", "0")) if count is not None else 0,
                points=points if is_plain else {},
            )


def _value(point: _Element) -> str:
    value = point.find("{*}v")
    return (value.text or "") if value is not None else ""


def cells_of(refers_to: str) -> tuple[Range, ...]:
    """Return the blocks of cells that a chart's reference names; several stand in brackets, apart by commas."""
    found = (block(each) for each in refers_to.strip("()").split(","))
    return tuple(each for each in found if each)
