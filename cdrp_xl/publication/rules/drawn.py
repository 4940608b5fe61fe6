"""Rules on what lies over the cells: pictures, shapes and charts, and what they hide or keep."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from cdrp_xl.addresses import Rectangle, cell_name
from cdrp_xl.publication.book import sheet_in
from cdrp_xl.publication.findings import Severity, rule
from cdrp_xl.publication.open_xml_drawings import cells_of
from cdrp_xl.publication.places import Places, Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.publication.book import Book, Cached, Drawn, Sheet

_MOST_STEPS, _MOST_COMPARED = 20_000_000, 1_000

_THERE = "Whoever receives the file can show it with a click: this is how 9,483 people were exposed in August 2023."


@rule(
    "hidden-shape",
    Severity.BLOCKS,
    what="A picture, chart or shape can't be seen",
    why=_THERE,
    remedy="In Excel: Home, Find & Select, Selection Pane; delete it.",
)
def hidden_shape(book: Book) -> Iterator[Spot]:
    """Find pictures, charts and shapes that are hidden, or so narrow, low or transparent that they can't be seen."""
    for sheet in book.sheets:
        for each in sheet.drawn:
            if each.is_hidden or each.is_flat or each.is_overfull:
                yield Spot(part=each.part, sheet=sheet.name, cell=each.cell, detail=f'{each.kind} "{each.name}"')
        yield from _beneath_others(sheet)


def _beneath_others(sheet: Sheet) -> Iterator[Spot]:
    """Find what lies wholly beneath something that was drawn after it."""
    placed = [each for each in sheet.drawn if each.box][:_MOST_COMPARED]
    for below, above in itertools.combinations(placed, 2):
        if above.is_opaque and not below.is_blank and below.part == above.part and _lies_within(below, above):
            detail = f'{below.kind} "{below.name}" beneath {above.kind} "{above.name}"'
            yield Spot(part=below.part, sheet=sheet.name, cell=below.cell, detail=detail)


def _lies_within(inner: Drawn, outer: Drawn) -> bool:
    if inner.box is None or outer.box is None:
        return False
    (left, top, right, bottom), (first, upper, last, lower) = inner.box, outer.box
    return first <= left and upper <= top and right <= last and bottom <= lower


@rule(
    "covered-cell",
    Severity.BLOCKS,
    what="Cells lie beneath a picture, a chart or a shape",
    why="Whoever moves it, or reads the cells with any program, sees what they hold.",
    remedy="Move it beside the cells, or delete what they hold.",
)
def covered_cell(book: Book) -> Iterator[Spot]:
    """Find cells that hold something beneath a picture, a chart or a filled shape."""
    steps = 0
    for sheet in book.sheets:
        for each in sheet.drawn:
            if each.covers is None:
                continue
            steps += min(each.covers.size, len(sheet.cells))
            if steps > _MOST_STEPS:
                yield Spot(part=each.part, sheet=sheet.name, detail="there are too many to look beneath them all")
                return
            beneath = Places()
            for cell in sheet.held_in(each.covers):
                beneath.add(cell_name(*cell))
            if beneath:
                detail = f'{each.kind} "{each.name}" over {beneath}'
                yield Spot(part=each.part, sheet=sheet.name, cell=beneath.first[0], detail=detail)


@rule(
    "cropped-picture",
    Severity.BLOCKS,
    what="A picture is cropped",
    why="What was cut off is still in the file, and a click shows it again.",
    remedy="In Excel: Picture Format, Compress Pictures, Delete cropped areas of pictures.",
)
def cropped_picture(book: Book) -> Iterator[Spot]:
    """Find pictures of which a part is cut off."""
    for sheet in book.sheets:
        for each in sheet.drawn:
            if each.is_cropped:
                yield Spot(part=each.part, sheet=sheet.name, cell=each.cell, detail=f'"{each.name}"')


@rule(
    "chart-keeps-more",
    Severity.BLOCKS,
    what="A chart keeps more points than it draws from cells",
    why="The points are in the file, whatever the worksheet shows.",
    remedy="Make the chart again from the cells that it shall show.",
)
def chart_keeps_more(book: Book) -> Iterator[Spot]:
    """Find charts that keep more points than the cells they refer to, or points without any cells."""
    for sheet in book.sheets:
        for chart in sheet.charts:
            found = Places()
            for cached in chart.caches:
                cells = sum(area.size for area in cells_of(cached.refers_to))
                kept = max(cached.count, len(cached.points), max(cached.points, default=-1) + 1, len(cached.unplaced))
                if kept > max(cells, 0):
                    found.add(f"{kept:,} points kept for {cells:,} cells ({cached.refers_to or 'no reference'})")
            if found:
                yield Spot(part=chart.part, sheet=sheet.name, detail=str(found))


@rule(
    "chart-differs",
    Severity.BLOCKS,
    what="A chart keeps other figures than its cells hold",
    why="It shows, or holds, figures that are not those of the workbook.",
    remedy="Let Excel draw the chart again: change a cell that it shows and change it back.",
)
def chart_differs(book: Book) -> Iterator[Spot]:
    """Find charts whose points are not what their cells hold."""
    for sheet in book.sheets:
        for chart in sheet.charts:
            if differing := next(filter(None, (_differing(book, cached) for cached in chart.caches)), ""):
                yield Spot(part=chart.part, sheet=sheet.name, detail=differing)


def _differing(book: Book, cached: Cached) -> str:
    """Return the first cell that holds something else than the chart keeps for it, empty if none does."""
    source = book.sheet_named(sheet_in(cached.refers_to.strip("(").split(",")[0]))
    areas = cells_of(cached.refers_to)
    if source is None or not source.is_whole:
        return ""
    for number, kept in sorted(cached.points.items()):
        cell = _nth(areas, number)
        if cell is not None and not _agree(kept, source.text(*cell)):
            held = source.text(*cell) or "nothing"
            return f"{source.name}, cell {cell_name(*cell)} holds {held[:40]}, the chart keeps {kept[:40]}"
    shown = [source.text(*cell) for area in areas for cell in source.held_in(area)] if cached.unplaced else []
    strange = (kept for kept in cached.unplaced if not any(_agree(kept, text) for text in dict.fromkeys(shown)))
    return next((f"no cell of {cached.refers_to} holds {kept[:40]}" for kept in strange), "")


def _nth(areas: tuple[Rectangle, ...], number: int) -> tuple[int, int] | None:
    """Return the cell of a number, counted row by row through blocks of cells."""
    for area in areas:
        if 0 <= number < area.size:
            down, across = divmod(number, area.columns)
            return area.row + down, area.column + across
        number -= area.size
    return None


def _agree(kept: str, held: str) -> bool:
    if kept == held:
        return True
    try:
        return abs(float(kept) - float(held or "0")) <= 1e-9 * max(1.0, abs(float(kept)))
    except ValueError:
        return kept.strip() == held.strip() or not held


@rule(
    "chart-of-hidden",
    Severity.BLOCKS,
    what="A chart draws from a worksheet that readers can't see",
    why="Its figures can't be checked, and are kept in the chart whatever is deleted elsewhere.",
    remedy="Put its figures on the same worksheet as the chart.",
)
def chart_of_hidden(book: Book) -> Iterator[Spot]:
    """Find charts that draw from a worksheet that can't be seen or is not there."""
    for sheet in book.visible:
        for chart in sheet.charts:
            for cached in chart.caches:
                name = sheet_in(cached.refers_to.strip("(").split(",")[0])
                source = book.sheet_named(name)
                if name and (source is None or source.state != "visible"):
                    yield Spot(part=chart.part, sheet=sheet.name, detail=cached.refers_to)
                    break


RULES = (hidden_shape, covered_cell, cropped_picture, chart_keeps_more, chart_differs, chart_of_hidden)
