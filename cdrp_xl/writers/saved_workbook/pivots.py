"""The pivot tables of a saved workbook: what they show, and the labels that they keep, follow the table they count.

One that the analyst deleted stays away. One that they made, arranged or filtered otherwise, or whose cache another
pivot table shares, keeps its form; its former figures go, and the program that opens the workbook counts it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lxml import etree

from cdrp_xl.addresses import Rectangle, cell_name, quoted_sheet
from cdrp_xl.errors import CannotBeWrittenError, place
from cdrp_xl.packages import MAIN, OFFICE
from cdrp_xl.writers import pivot_parts
from cdrp_xl.writers.saved_workbook.references import cells_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.sheets import Pivot, Value
    from cdrp_xl.writers.saved_workbook.book import Book
    from cdrp_xl.writers.saved_workbook.formulas import Reach

_STYLE = f"{{{MAIN}}}pivotTableStyleInfo"
_LIBREOFFICES_WORDS = {"- all -": "(All)", "Total Result": "Grand Total"}
_RESULT = re.compile(" Result$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saved:
    """One pivot table of the workbook: its part, its cache's, and the worksheet that it is on."""

    part: str
    cache: str
    sheet: str
    root: etree._Element

    @property
    def name(self) -> str:
        """Its name, as programs compare names."""
        return str(self.root.get("name", "")).casefold()

    @property
    def area(self) -> Rectangle:
        """Its cells, the filter above not counted."""
        at = self.root.find(f"{{{MAIN}}}location")
        return cells_at("A1" if at is None else at.get("ref", "A1"), self.sheet)


def count_again(book: Book, pivots: Sequence[Pivot], reach: Reach) -> list[Rectangle]:
    """Let pivot tables show what their table holds now, and no former figure; return the cells that changed."""
    wanted = {pivot.name.casefold(): pivot for pivot in pivots}
    by_cache: dict[str, list[_Saved]] = {}
    for saved in _saved_in(book):
        by_cache.setdefault(saved.cache, []).append(saved)
    changed: list[Rectangle] = []
    for cache, sharing in by_cache.items():
        ours = {saved.part: wanted[saved.name] for saved in sharing if saved.name in wanted}
        if len(ours) == len(sharing) and all(_is_as_laid_out(book, saved, ours[saved.part]) for saved in sharing):
            areas = [area for saved in sharing for area in _show(book, saved, ours[saved.part])]
            if areas:
                _put_labels(book, cache, list(ours.values()))
            changed += areas
        elif any(reach.reaches(_source(each)) for each in book.parts.tree(cache).iter(f"{{{MAIN}}}worksheetSource")):
            book.parts.tree(cache).set("refreshOnLoad", "1")
            book.parts.altered(cache)
            changed += [_without_figures(book, saved) for saved in sharing]
    return changed


def _source(source: etree._Element) -> str:
    """Return what a pivot table counts as a formula: a table or a name, or else cells of a worksheet."""
    return str(source.get("name") or f"{quoted_sheet(source.get('sheet', ''))}!{source.get('ref')}")


def _without_figures(book: Book, saved: _Saved) -> Rectangle:
    """Empty the figures of a pivot table, and return its cells."""
    worksheet = book.worksheet(saved.sheet)
    for row, values in enumerate(worksheet.values(saved.area), saved.area.row):
        for column, value in enumerate(values, saved.area.column):
            if isinstance(value, float):
                worksheet.put(row, column, None)
    return saved.area


def _saved_in(book: Book) -> Iterator[_Saved]:
    for sheet in book.sheets:
        for part in book.parts.related(book.part_of(sheet), "pivotTable"):
            for cache in book.parts.related(part, "pivotCacheDefinition"):
                yield _Saved(part=part, cache=cache, sheet=sheet, root=book.parts.tree(part))


def _is_as_laid_out(book: Book, saved: _Saved, pivot: Pivot) -> bool:
    """Return whether a pivot table has the fields, the totals and the form that it was laid out with, unfiltered."""
    headings = [field.get("name", "") for field in book.parts.tree(saved.cache).iter(f"{{{MAIN}}}cacheField")]

    def listed(axis: str, number: str) -> list[str]:
        return [headings[int(each.get(number, "0"))] for each in saved.root.iterfind(f"{{{MAIN}}}{axis}/*")]

    fields = (listed("rowFields", "x"), listed("colFields", "x"), listed("pageFields", "fld"))
    fields_of_layout = ([pivot.down], list(pivot.across), [pivot.filtered_by])
    chosen = [each for each in saved.root.iter(f"{{{MAIN}}}pageField") if each.get("item")]
    hidden = [each for each in saved.root.iter(f"{{{MAIN}}}item") if each.get("h") in {"1", "true"}]
    switched = [saved.root.get(name) for name in ("rowGrandTotals", "colGrandTotals")]
    switched += [each.get("defaultSubtotal") for each in saved.root.iter(f"{{{MAIN}}}pivotField")]
    counted = [each.get("subtotal") for each in saved.root.iter(f"{{{MAIN}}}dataField")]
    is_whole = not chosen and not hidden and not {"0", "false"} & set(switched)
    return fields == fields_of_layout and is_whole and counted == ["count"]


def _show(book: Book, saved: _Saved, pivot: Pivot) -> list[Rectangle]:
    """Write the cells of a pivot table where it is now, unless they hold already; return those that changed."""
    former = saved.area
    placed = replace(pivot, row=former.row - (pivot.body_row - pivot.row), column=former.column)
    worksheet, cells = book.worksheet(saved.sheet), _cells(placed)
    first, last = (placed.row, former.column), (former.last_row, former.last_column)
    covered = set(Rectangle.between(first, last).cells())
    held = {at: worksheet.value(*at) for at in covered | cells.keys()}
    if all(_in_excels_words(held[at]) == (cells.get(at) or None) for at in held):
        return []
    _check_is_free(book, saved, sorted(at for at in cells if at not in covered and held[at] is not None))
    for row, column in sorted(held):
        if row > former.last_row:
            worksheet.look_like(row, column, as_in=former.last_row)
        worksheet.put(row, column, worksheet.filed(cells.get((row, column))))
    _put(saved.root, pivot_parts.pivot_table(placed, cache_id=int(saved.root.get("cacheId", "1"))), kept=_STYLE)
    book.parts.altered(saved.part)
    return [former.joined(saved.area)]


def _check_is_free(book: Book, saved: _Saved, in_the_way: Sequence[tuple[int, int]]) -> None:
    if in_the_way:
        raise CannotBeWrittenError(
            f"The pivot table {saved.root.get('name')} has grown, and the cells that it needs are not empty.",
            where=f"{place(book.name, sheet=saved.sheet)}, cell {cell_name(*in_the_way[0])}",
            remedy="Move what is there to another worksheet, then try again.",
        )


def _cells(pivot: Pivot) -> dict[tuple[int, int], Value]:
    lines = [(pivot.row, pivot.filter_cells), *enumerate(pivot.cells, pivot.body_row)]
    return {
        (row, column): value
        for row, values in lines
        for column, value in enumerate(values, pivot.column)
        if value is not None
    }


def _in_excels_words(held: Value) -> Value:
    """Return what a cell of a pivot table says, whichever program counted it; a zero may be left blank."""
    if not isinstance(held, str):
        return held or None
    return _LIBREOFFICES_WORDS.get(held) or _RESULT.sub(" Total", held)


def _put_labels(book: Book, cache: str, pivots: Sequence[Pivot]) -> None:
    """Let a cache keep the labels of the table as it is now, and none of its rows."""
    for records in book.parts.related(cache, "pivotCacheRecords"):
        book.parts.remove(records, of=cache)
    root = book.parts.tree(cache)
    root.attrib.pop(f"{{{OFFICE}}}id", None)
    _put(root, pivot_parts.cache_definition(pivots))
    book.parts.altered(cache)


def _put(root: etree._Element, content: bytes, *, kept: str = "") -> None:
    """Put another part's content into a root element; the child that is to be kept stays as it was."""
    made = etree.fromstring(content)
    former = root.find(kept) if kept else None
    for name in [name for name in root.attrib if not str(name).startswith("{")]:
        del root.attrib[name]
    root.attrib.update(made.attrib)
    root[:] = list(made)
    now = root.find(kept) if kept else None
    if former is not None and now is not None:
        root.replace(now, former)
