"""Rules on what is in the workbook and can't be seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdrp_xl.addresses import Rectangle, cell_name
from cdrp_xl.publication.book import Look, Sheet
from cdrp_xl.publication.findings import Rule, Severity, rule
from cdrp_xl.publication.listed import UNSEEN_CHARACTERS
from cdrp_xl.publication.places import Places, Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cdrp_xl.publication.book import Book

_ROWS_APART, _COLUMNS_APART = 40, 12
_MOST_STEPS = 20_000_000
_MOST_INDENTED = 30
_FAR_ON = 60
"""Blanks after which a text is out of sight."""

_BLANK = r"\s\u00ad\u115f\u1160\u180e\u200b-\u200f\u2060\u2800\u3164\ufeff\uffa0"
_BLANKS = re.compile(rf"[{_BLANK}]{{15,}}(?=[^{_BLANK}])")
_WIDE = {"\t": 4, "\n": 4, "\u2003": 2, "\u2001": 2, "\u3000": 2}
"""How many blanks a wider one is."""
_LONGEST_SHOWN = 60

_THERE = "Whoever receives the file can show it with a click: this is how 9,483 people were exposed in August 2023."
_UNHIDE = "Show it and delete what is not for the readers; or copy the values that they need into a new workbook."


@rule(
    "hidden-sheet",
    Severity.BLOCKS,
    what="A worksheet is hidden",
    why=_THERE,
    remedy=_UNHIDE,
)
def hidden_sheet(book: Book) -> Iterator[Spot]:
    """Find worksheets that can be unhidden."""
    for sheet in book.sheets:
        if sheet.state == "hidden":
            yield Spot(part=sheet.part, sheet=sheet.name, detail=f"{sheet.cell_count:,} cells")


@rule(
    "very-hidden-sheet",
    Severity.BLOCKS,
    what='A worksheet is "very hidden", so that Excel does not even list it',
    why=_THERE,
    remedy="Copy the values that readers need into a new workbook.",
)
def very_hidden_sheet(book: Book) -> Iterator[Spot]:
    """Find worksheets that programs don't even list."""
    for sheet in book.sheets:
        if sheet.state not in {"visible", "hidden"}:
            yield Spot(part=sheet.part, sheet=sheet.name, detail=f"{sheet.cell_count:,} cells")


def _each(places: Callable[[Sheet], Places], word: str) -> Callable[[Book], Iterator[Spot]]:
    """Return the rule that finds rows or columns of one kind in every worksheet."""

    def find(book: Book) -> Iterator[Spot]:
        for sheet in book.sheets:
            if found := places(sheet):
                yield Spot(part=sheet.part, sheet=sheet.name, detail=f"{word} {found}")

    return find


@rule(
    "rows-hidden-by-default",
    Severity.BLOCKS,
    what="All rows are hidden but those that say otherwise",
    why=_THERE,
    remedy=_UNHIDE,
)
def rows_hidden_by_default(book: Book) -> Iterator[Spot]:
    """Find worksheets whose rows are hidden unless they say otherwise."""
    for sheet in book.sheets:
        if sheet.hides_rows_by_default:
            yield Spot(part=sheet.part, sheet=sheet.name)


@rule(
    "active-filter",
    Severity.BLOCKS,
    what="A filter leaves rows out",
    why="The rows that it leaves out are all there, and a click shows them.",
    remedy="Clear the filter, and delete the rows that are not for the readers.",
)
def active_filter(book: Book) -> Iterator[Spot]:
    """Find filters that leave rows out."""
    for sheet in book.sheets:
        if sheet.filters:
            yield Spot(part=sheet.part, sheet=sheet.name, cell=sheet.filters.first[0])
        for table in sheet.tables:
            if table.is_filtered:
                yield Spot(part=table.part, sheet=sheet.name, detail=f"table {table.name}")


@rule(
    "far-cell",
    Severity.BLOCKS,
    what="Cells, pictures or shapes are far from all others",
    why="Nobody scrolls there, so nobody has checked what they hold.",
    remedy="Delete them, or move them beside the others.",
)
def far_cell(book: Book) -> Iterator[Spot]:
    """Find cells, pictures and shapes that are far from all others, where nobody scrolls."""
    for sheet in book.visible:
        spans = [each.spans for each in sheet.drawn if each.spans]
        rows = sorted([*map(tuple, sheet.row_runs), *((span.row, span.last_row) for span in spans)])
        last = rows[0][1] if rows else 0
        for first, end in rows:
            if first - last > _ROWS_APART:
                yield Spot(part=sheet.part, sheet=sheet.name, detail=f"row {first + 1:,}, after row {last + 1:,}")
            last = max(last, end)
        columns = sorted(
            [*((each, each) for each in sheet.columns_used), *((span.column, span.last_column) for span in spans)]
        )
        last = columns[0][1] if columns else 0
        for first, end in columns:
            if first - last > _COLUMNS_APART:
                cell = sheet.columns_used.get(first, cell_name(0, first))
                yield Spot(part=sheet.part, sheet=sheet.name, cell=cell)
            last = max(last, end)
        yield from _pushed_aside(book, sheet)


def _pushed_aside(book: Book, sheet: Sheet) -> Iterator[Spot]:
    """Find texts that begin far to the right, or far down, inside their own cell."""
    for style, first in sheet.first_of_style.items():
        if (indent := book.looks.get(style, Look()).indent) > _MOST_INDENTED:
            yield Spot(part=sheet.part, sheet=sheet.name, cell=first, detail=f"indented by {indent}")
    for cell, held in sheet.cells.items():
        if not held.is_number and _goes_far(held.text):
            detail = "a text goes on after many blanks"
            yield Spot(part=sheet.part, sheet=sheet.name, cell=cell_name(*cell), detail=detail)


def _goes_far(text: str) -> bool:
    """Return whether words come after so many blanks, of whichever kind, that nobody looks for them."""
    return any(sum(_WIDE.get(blank, 1) for blank in run[0]) >= _FAR_ON for run in _BLANKS.finditer(text))


@rule(
    "unseen-characters",
    Severity.BLOCKS,
    what="A text has characters that can't be seen",
    why="Whole sentences can be written in them, which any program can read.",
    remedy="Type the text again, and delete the old one.",
)
def unseen_characters(book: Book) -> Iterator[Spot]:
    """Find texts with characters that nothing is drawn for, by which words can be written that nobody sees."""
    for sheet in book.sheets:
        if found := UNSEEN_CHARACTERS.findall("\n".join((sheet.name, *(text for text, _ in sheet.page_texts)))):
            count = sum(map(len, found))
            yield Spot(part=sheet.part, sheet=sheet.name, detail=f"{count:,} characters in its name or header")
    for sheet in book.sheets:
        for cell, held in sheet.cells.items():
            if not held.is_number and not held.text.isascii() and (found := UNSEEN_CHARACTERS.findall(held.text)):
                count = sum(map(len, found))
                yield Spot(part=sheet.part, sheet=sheet.name, cell=cell_name(*cell), detail=f"{count:,} characters")


@rule(
    "outside-print-area",
    Severity.BLOCKS,
    what="Cells are outside the print area",
    why="Whoever reads a print or a PDF does not see them; whoever opens the workbook does.",
    remedy="Delete them, or print them too.",
)
def outside_print_area(book: Book) -> Iterator[Spot]:
    """Find cells outside what is printed, where a print area is set."""
    for sheet in book.visible:
        if sheet.print_areas and sheet.is_whole:
            outside = Places()
            for cell in sheet.cells:
                if not any(area.holds(*cell) for area in sheet.print_areas):
                    outside.add(cell_name(*cell))
            for each in sheet.drawn:
                if each.spans and not any(_meet(area, each.spans) for area in sheet.print_areas):
                    outside.add(cell_name(each.spans.row, each.spans.column))
            if outside:
                yield Spot(part=sheet.part, sheet=sheet.name, cell=outside.first[0], detail=str(outside))


def _meet(one: Rectangle, other: Rectangle) -> bool:
    """Return whether two blocks have a cell in common."""
    is_beside = one.last_column < other.column or other.last_column < one.column
    return not (is_beside or one.last_row < other.row or other.last_row < one.row)


@rule(
    "beneath-merged",
    Severity.BLOCKS,
    what="Values lie beneath a merged cell",
    why="They show as soon as the cell is split, or in any program that reads the cells.",
    remedy="Split the merged cell, delete what lies beneath, and leave it split.",
)
def beneath_merged(book: Book) -> Iterator[Spot]:
    """Find values in cells that lie beneath a merged cell."""
    steps = 0
    for sheet in book.sheets:
        beneath = Places()
        for area in sheet.merged:
            steps += min(area.size, len(sheet.cells))
            if steps > _MOST_STEPS:
                yield Spot(part=sheet.part, sheet=sheet.name, detail="there are too many to look beneath them all")
                return
            for cell in sheet.held_in(area):
                if cell != (area.row, area.column):
                    beneath.add(cell_name(*cell))
        if beneath:
            yield Spot(part=sheet.part, sheet=sheet.name, cell=beneath.first[0], detail=str(beneath))


@rule(
    "frozen-out",
    Severity.BLOCKS,
    what="Rows or columns come before the frozen panes, where nobody can scroll",
    why=_THERE,
    remedy="In Excel: View, Freeze Panes, Unfreeze Panes; then scroll to the first cell and freeze them again.",
)
def frozen_out(book: Book) -> Iterator[Spot]:
    """Find rows and columns before the first one that is shown, where frozen panes keep readers from scrolling."""
    for sheet in book.visible:
        if sheet.frozen_out:
            yield Spot(part=sheet.part, sheet=sheet.name, detail=sheet.frozen_out)


@rule(
    "unshown-text",
    Severity.BLOCKS,
    what="The file keeps texts that no cell shows",
    why="They were in cells once, and whoever looks into the file can read them.",
    remedy="Open the workbook, save it under another name, and check that.",
)
def unshown_text(book: Book) -> Iterator[Spot]:
    """Find shared texts that no cell shows."""
    if book.unshown_texts:
        part = next((part.name for part in book.parts.values() if part.kind == "shared strings"), "")
        yield Spot(part=part, detail=str(book.unshown_texts))


@rule(
    "hidden-window",
    Severity.BLOCKS,
    what="The workbook's window or its worksheet tabs are hidden",
    why="Readers can't see which worksheets there are.",
    remedy="In Excel: View, Unhide; File, Options, Advanced, Show sheet tabs.",
)
def hidden_window(book: Book) -> Iterator[Spot]:
    """Find a workbook whose window is hidden."""
    root = book.workbook
    for view in root.iterfind("{*}bookViews/{*}workbookView") if root is not None else ():
        if view.get("visibility", "visible") != "visible" or view.get("showSheetTabs") in {"0", "false"}:
            yield Spot(part=book.workbook_part)


@rule(
    "scenario",
    Severity.BLOCKS,
    what="There is a scenario",
    why="It keeps other values for the cells, with the name of whoever made it.",
    remedy="In Excel: Data, What-If Analysis, Scenario Manager; delete it.",
)
def scenario(book: Book) -> Iterator[Spot]:
    """Find scenarios: values that take the place of others at a click."""
    for sheet in book.sheets:
        for each in sheet.root.iterfind("{*}scenarios/{*}scenario") if sheet.root is not None else ():
            yield Spot(part=sheet.part, sheet=sheet.name, detail=f'"{each.get("name", "")}"')
    yield from (spot for kind, spot in book.also if kind == "scenario")


@rule(
    "custom-view",
    Severity.BLOCKS,
    what="There is a custom view",
    why="It can hide rows and columns at a click, and often has the name of a person.",
    remedy="In Excel: View, Custom Views; delete it.",
)
def custom_view(book: Book) -> Iterator[Spot]:
    """Find views that people saved, which can hide and show at a click."""
    root, is_listed = book.workbook, False
    for each in root.iterfind("{*}customWorkbookViews/{*}customWorkbookView") if root is not None else ():
        is_listed = True
        yield Spot(part=book.workbook_part, detail=f'"{each.get("name", "")}"')
    for sheet in book.sheets if not is_listed else ():
        if sheet.root is not None and sheet.root.find("{*}customSheetViews/{*}customSheetView") is not None:
            yield Spot(part=sheet.part, sheet=sheet.name)


RULES = (
    hidden_sheet,
    very_hidden_sheet,
    Rule(
        rule_id="hidden-row",
        severity=Severity.BLOCKS,
        what="Rows are hidden",
        why=_THERE,
        remedy=_UNHIDE,
        find=_each(lambda sheet: sheet.hidden_rows, "row"),
    ),
    Rule(
        rule_id="flat-row",
        severity=Severity.BLOCKS,
        what="Rows have no height",
        why=_THERE,
        remedy=_UNHIDE,
        find=_each(lambda sheet: sheet.flat_rows, "row"),
    ),
    rows_hidden_by_default,
    Rule(
        rule_id="hidden-column",
        severity=Severity.BLOCKS,
        what="Columns are hidden",
        why=_THERE,
        remedy=_UNHIDE,
        find=_each(lambda sheet: sheet.hidden_columns, "column"),
    ),
    Rule(
        rule_id="flat-column",
        severity=Severity.BLOCKS,
        what="Columns have no width",
        why=_THERE,
        remedy=_UNHIDE,
        find=_each(lambda sheet: sheet.flat_columns, "column"),
    ),
    active_filter,
    far_cell,
    unseen_characters,
    outside_print_area,
    beneath_merged,
    frozen_out,
    unshown_text,
    hidden_window,
    scenario,
    custom_view,
)
