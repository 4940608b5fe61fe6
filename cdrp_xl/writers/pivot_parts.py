"""The parts that make pre-rendered cells a native pivot table, put into a package that XlsxWriter wrote.

The cache is lean: it has the labels of rows, columns and filters, and none of the rows that are counted. Excel and
LibreOffice count the table itself on opening; until then, and in Protected View, the cells show what they were written
with. The same blocks give the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from cdrp_xl.addresses import Rectangle
from cdrp_xl.packages import MAIN, OFFICE, Parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from cdrp_xl.sheets import Pivot, Sheet

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_WORKBOOK = "xl/workbook.xml"
_AFTER_CACHES = ("smartTagPr", "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst")
_STYLE = "PivotStyleLight16"
_WHOLE_NUMBERS = 3  # Excel's own number format "#,##0"
_VERSION = {"createdVersion": 6, "minRefreshableVersion": 3}


def add(content: bytes, sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook in which the pivot tables of its worksheets are native; without any, as it was.

    Parameters
    ----------
    content
        The workbook as the file writer wrote it.
    sheets
        The worksheets that were written, in the workbook's order.
    """
    pivots = [(number, pivot) for number, sheet in enumerate(sheets, 1) for pivot in sheet.pivots]
    if not pivots:
        return content
    parts = Parts(content, name="the new workbook")
    tables = dict.fromkeys(pivot.table.name for _, pivot in pivots)
    number = 0
    for cache_id, table in enumerate(tables, 1):
        alike = [(sheet, pivot) for sheet, pivot in pivots if pivot.table.name == table]
        cache = _add_cache(parts, cache_id, cache_definition([pivot for _, pivot in alike]))
        for sheet, pivot in alike:
            number += 1
            part = f"xl/pivotTables/pivotTable{number}.xml"
            parts.add(part, pivot_table(pivot, cache_id=cache_id), content_type=f"{_CONTENT_TYPE}pivotTable+xml")
            parts.relate(part, "pivotCacheDefinition", to=cache)
            parts.relate(f"xl/worksheets/sheet{sheet}.xml", "pivotTable", to=part)
    return parts.content()


def _add_cache(parts: Parts, cache_id: int, content: bytes) -> str:
    """Add a cache, name it in the workbook, and return its part."""
    part = f"xl/pivotCache/pivotCacheDefinition{cache_id}.xml"
    parts.add(part, content, content_type=f"{_CONTENT_TYPE}pivotCacheDefinition+xml")
    link = parts.relate(_WORKBOOK, "pivotCacheDefinition", to=part)
    book = parts.tree(_WORKBOOK)
    caches = book.find(f"{{{MAIN}}}pivotCaches")
    if caches is None:
        caches = _add(book, "pivotCaches")
        for later in [each for each in book if etree.QName(each).localname in _AFTER_CACHES]:
            book.append(later)
    _add(caches, "pivotCache", cacheId=cache_id).set(f"{{{OFFICE}}}id", link)
    parts.altered(_WORKBOOK)
    return part


def cache_definition(pivots: Sequence[Pivot]) -> bytes:
    """Return the part of the cache that pivot tables over one table share."""
    table = pivots[0].table
    root = etree.Element(f"{{{MAIN}}}pivotCacheDefinition", nsmap={None: MAIN})
    _set(root, saveData=0, refreshOnLoad=1, refreshedBy="cdrp-xl", missingItemsLimit=0, refreshedVersion=6, **_VERSION)
    _add(_add(root, "cacheSource", type="worksheet"), "worksheetSource", name=table.name)
    fields = _add(root, "cacheFields", count=len(table.columns))
    for heading, items in _items(pivots).items():
        field = _add(fields, "cacheField", name=heading, numFmtId=0)
        shared = _add(field, "sharedItems", **({"count": len(items)} if items else {}))
        for item in items:
            _add(shared, "s", v=item)
    return _written(root)


def pivot_table(pivot: Pivot, *, cache_id: int) -> bytes:
    """Return the part of one pivot table: tabular, all items shown, counted in whole numbers."""
    root = etree.Element(f"{{{MAIN}}}pivotTableDefinition", nsmap={None: MAIN})
    _set(root, name=pivot.name, cacheId=cache_id, dataCaption="Values", applyNumberFormats=0, applyBorderFormats=0)
    _set(root, applyFontFormats=0, applyPatternFormats=0, applyAlignmentFormats=0, applyWidthHeightFormats=1)
    _set(root, missingCaption="0", updatedVersion=6, useAutoFormatting=1, itemPrintTitles=1, indent=0)
    _set(root, compact=0, compactData=0, multipleFieldFilters=0, **_VERSION)
    _location(root, pivot)
    _fields(root, pivot)
    _axis(root, "row", [pivot.down], [*((item,) for item in pivot.row_items), ()], pivot)
    _axis(root, "col", pivot.across, pivot.column_items, pivot)
    filters = _add(root, "pageFields", count=1)
    _add(filters, "pageField", fld=_index(pivot, pivot.filtered_by), hier=-1)
    values = _add(root, "dataFields", count=1)
    counted = _index(pivot, pivot.counted)
    _add(values, "dataField", name=pivot.caption, fld=counted, subtotal="count", baseField=0, baseItem=0)
    _set(values[0], numFmtId=_WHOLE_NUMBERS)
    _add(root, "pivotTableStyleInfo", name=_STYLE, showRowHeaders=1, showColHeaders=1, showRowStripes=0)
    _set(root[-1], showColStripes=0, showLastColumn=1)
    return _written(root)


def _location(root: _Element, pivot: Pivot) -> None:
    """Say which cells are the pivot table's, the filter above not counted, and where its figures begin."""
    columns = 1 + len(pivot.column_items)
    body = Rectangle(row=pivot.body_row, column=pivot.column, rows=len(pivot.cells), columns=columns)
    at = _add(root, "location", ref=body.address, firstHeaderRow=1, firstDataCol=1)
    _set(at, firstDataRow=1 + len(pivot.across), rowPageCount=1, colPageCount=1)


def _fields(root: _Element, pivot: Pivot) -> None:
    """Describe every column of the table: on which axis it is, with which items, or that it is counted."""
    axes = {pivot.down: "axisRow", pivot.filtered_by: "axisPage"} | dict.fromkeys(pivot.across, "axisCol")
    fields = _add(root, "pivotFields", count=len(pivot.table.columns))
    for heading, items in _items([pivot]).items():
        field = _add(fields, "pivotField", compact=0, outline=0, showAll=0)
        if heading == pivot.counted:
            _set(field, dataField=1)
        if heading in axes:
            _set(field, axis=axes[heading], sortType="ascending")
            listed = _add(field, "items", count=len(items) + 1)
            for number in range(len(items)):
                _add(listed, "item", x=number)
            _add(listed, "item", t="default")


def _axis(root: _Element, name: str, headings: Sequence[str], items: Sequence[tuple[str, ...]], pivot: Pivot) -> None:
    """List the fields of rows or columns, and what each row or column is for."""
    every = _items([pivot])
    fields = _add(root, f"{name}Fields", count=len(headings))
    for heading in headings:
        _add(fields, "field", x=_index(pivot, heading))
    listed = _add(root, f"{name}Items", count=len(items))
    for item, before in zip(items, [(), *items], strict=False):
        entry = _add(listed, "i")
        if len(item) < len(headings):
            _set(entry, t="default" if item else "grand")
        same = _same_at_first(item, before) if len(item) == len(before) == len(headings) else 0
        if same:
            _set(entry, r=same)
        numbers = [every[heading].index(label) for heading, label in zip(headings, item, strict=False)]
        for number in numbers[same:] or [0]:
            _add(entry, "x", **({"v": number} if number else {}))


def _items(pivots: Sequence[Pivot]) -> dict[str, list[str]]:
    """Return the labels of every column of the table, in their order; none where the column is on no axis."""
    table = pivots[0].table
    on_an_axis = {heading for pivot in pivots for heading in (pivot.down, *pivot.across, pivot.filtered_by)}
    return {
        column.heading: sorted({str(row[at]) for row in table.rows}) if column.heading in on_an_axis else []
        for at, column in enumerate(table.columns)
    }


def _same_at_first(item: Sequence[str], before: Sequence[str]) -> int:
    """Return how many labels at the beginning of an item are those of the item before."""
    return next((number for number, (one, other) in enumerate(zip(item, before, strict=True)) if one != other), 0)


def _index(pivot: Pivot, heading: str) -> int:
    return [column.heading for column in pivot.table.columns].index(heading)


def _add(parent: _Element, tag: str, **attributes: str | int) -> _Element:
    element = etree.SubElement(parent, f"{{{MAIN}}}{tag}")
    _set(element, **attributes)
    return element


def _set(element: _Element, **attributes: str | int) -> None:
    for name, value in attributes.items():
        element.set(name, str(value))


def _written(root: _Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
