"""Rules on what is in the workbook and can't be seen."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cdrp_xl.publication.book import Look, Range, Sheet, address, sheet_in
from cdrp_xl.publication.colours import contrast
from cdrp_xl.publication.findings import Places, Rule, Severity, Spot
from cdrp_xl.publication.open_xml_drawings import cells_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cdrp_xl.publication.book import Book, Cached

_ROWS_APART, _COLUMNS_APART = 40, 12
_SMALLEST_POINTS = 5
_SEEN = 1.25
"""The contrast below which a text can't be told from its ground."""

_MOST_STEPS = 20_000_000


def hidden_sheet(book: Book) -> Iterator[Spot]:
    """Find worksheets that can be unhidden."""
    for sheet in book.sheets:
        if sheet.state == "hidden":
            yield Spot(part=sheet.part, sheet=sheet.name, detail=f"{sheet.cell_count:,} cells")


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


def rows_hidden_by_default(book: Book) -> Iterator[Spot]:
    """Find worksheets whose rows are hidden unless they say otherwise."""
    for sheet in book.sheets:
        if sheet.hides_rows_by_default:
            yield Spot(part=sheet.part, sheet=sheet.name)


def active_filter(book: Book) -> Iterator[Spot]:
    """Find filters that leave rows out."""
    for sheet in book.sheets:
        if sheet.filters:
            yield Spot(part=sheet.part, sheet=sheet.name, cell=sheet.filters.first[0])
        for table in sheet.tables:
            if table.is_filtered:
                yield Spot(part=table.part, sheet=sheet.name, detail=f"table {table.name}")


def same_colour(book: Book) -> Iterator[Spot]:
    """Find cells whose text has the colour of its ground."""
    for sheet in book.sheets:
        heads = [Range(top, left, top, right) for top, left, _, right in _styled_blocks(sheet)]
        for style, first in _styled(book, sheet, heads):
            if _is_unseen(book.looks.get(style, Look())):
                yield Spot(part=sheet.part, sheet=sheet.name, cell=first)
        for cell, style, run in sheet.runs:
            fill = book.looks.get(style, Look()).fill
            if run.ink and fill and contrast(run.ink, fill) < _SEEN:
                yield Spot(part=sheet.part, sheet=sheet.name, cell=cell, detail="a part of its text")


def _styled_blocks(sheet: Sheet) -> list[Range]:
    return [table.block for table in sheet.tables if table.is_styled]


def _styled(book: Book, sheet: Sheet, left_out: list[Range]) -> Iterator[tuple[str, str]]:
    """Give each style with the first cell that has it; an unseen one begins after the headings of styled tables."""
    for style, first in sheet.first_of_style.items():
        if not left_out or not _is_unseen(book.looks.get(style, Look())):
            yield style, first
            continue
        styled = (cell for cell, held in sheet.cells.items() if held.style == style)
        cells = (cell for cell in styled if not any(head.holds(cell) for head in left_out))
        if (other := next(cells, None)) is not None:
            yield style, address(*other)


def _is_unseen(look: Look) -> bool:
    return look.ink is not None and look.fill is not None and contrast(look.ink, look.fill) < _SEEN


def hiding_format(book: Book) -> Iterator[Spot]:
    """Find cells whose number format shows nothing."""
    for sheet in book.sheets:
        for style, first in sheet.first_of_style.items():
            if shows_nothing(book.looks.get(style, Look()).number_format):
                yield Spot(part=sheet.part, sheet=sheet.name, cell=first)


def shows_nothing(number_format: str) -> bool:
    """Return whether a number format leaves figures unseen, as ";;;" does."""
    sections = number_format.split(";")
    return len(sections) > 1 and not any(section.strip(' "') for section in sections[:2])


def tiny_text(book: Book) -> Iterator[Spot]:
    """Find cells whose text is too small to be seen."""
    for sheet in book.sheets:
        for style, first in sheet.first_of_style.items():
            if 0 < (points := book.looks.get(style, Look()).points) < _SMALLEST_POINTS:
                yield Spot(part=sheet.part, sheet=sheet.name, cell=first, detail=f"{points:g} points")
        for cell, _, run in sheet.runs:
            if run.points < _SMALLEST_POINTS:
                yield Spot(part=sheet.part, sheet=sheet.name, cell=cell, detail=f"{run.points:g} points, a part of it")


def hiding_condition(book: Book) -> Iterator[Spot]:
    """Find conditional formats that make what they apply to unseen."""
    for sheet in book.sheets:
        for block in sheet.root.iterfind("{*}conditionalFormatting") if sheet.root is not None else ():
            for rule in block.iterfind("{*}cfRule"):
                look = book.looks.get(f"dxf {rule.get('dxfId')}")
                if look and (shows_nothing(look.number_format) or _is_hidden_by(look)):
                    yield Spot(part=sheet.part, sheet=sheet.name, cell=block.get("sqref", ""))


def _is_hidden_by(look: Look) -> bool:
    return look.ink is not None and contrast(look.ink, look.fill or "FFFFFF") < _SEEN


def far_cell(book: Book) -> Iterator[Spot]:
    """Find cells that stand far from all others, where nobody scrolls."""
    for sheet in book.visible:
        runs = sheet.row_runs
        for before, run in pairwise(runs):
            if run[0] - before[1] > _ROWS_APART:
                yield Spot(part=sheet.part, sheet=sheet.name, detail=f"row {run[0]:,}, after row {before[1]:,}")
        columns = sorted(sheet.columns_used)
        for left, right in pairwise(columns):
            if right - left > _COLUMNS_APART:
                yield Spot(part=sheet.part, sheet=sheet.name, cell=sheet.columns_used[right])


def outside_print_area(book: Book) -> Iterator[Spot]:
    """Find cells outside what is printed, where a print area is set."""
    for sheet in book.visible:
        if sheet.print_areas and sheet.is_whole:
            outside = Places()
            for cell in sheet.cells:
                if not any(area.holds(cell) for area in sheet.print_areas):
                    outside.add(address(*cell))
            if outside:
                yield Spot(part=sheet.part, sheet=sheet.name, cell=outside.first[0], detail=str(outside))


def beneath_merged(book: Book) -> Iterator[Spot]:
    """Find values in cells that lie beneath a merged cell."""
    steps = 0
    for sheet in book.sheets:
        for area in sheet.merged:
            beneath = Places()
            steps += min(area.cells, len(sheet.cells))
            if steps > _MOST_STEPS:
                yield Spot(part=sheet.part, sheet=sheet.name, detail="there are too many to look beneath them all")
                return
            if area.cells <= len(sheet.cells):
                found = (cell for cell in area.addresses() if cell in sheet.cells)
            else:
                found = (cell for cell in sheet.cells if area.holds(cell))
            for cell in found:
                if cell != (area.top, area.left):
                    beneath.add(address(*cell))
            if beneath:
                yield Spot(part=sheet.part, sheet=sheet.name, cell=beneath.first[0], detail=str(beneath))


def unshown_text(book: Book) -> Iterator[Spot]:
    """Find shared texts that no cell shows."""
    if book.unshown_texts:
        part = next((part.name for part in book.parts.values() if part.kind == "shared strings"), "")
        yield Spot(part=part, detail=str(book.unshown_texts))


def hidden_shape(book: Book) -> Iterator[Spot]:
    """Find pictures, charts and shapes that are hidden."""
    for sheet in book.sheets:
        for each in sheet.drawn:
            if each.is_hidden:
                yield Spot(part=each.part, sheet=sheet.name, cell=each.cell, detail=f'{each.kind} "{each.name}"')


def hidden_window(book: Book) -> Iterator[Spot]:
    """Find a workbook whose window is hidden."""
    root = book.workbook
    for view in root.iterfind("{*}bookViews/{*}workbookView") if root is not None else ():
        if view.get("visibility", "visible") != "visible" or view.get("showSheetTabs") in {"0", "false"}:
            yield Spot(part=book.workbook_part)


def scenario(book: Book) -> Iterator[Spot]:
    """Find scenarios: values that take the place of others at a click."""
    for sheet in book.sheets:
        for each in sheet.root.iterfind("{*}scenarios/{*}scenario") if sheet.root is not None else ():
            yield Spot(part=sheet.part, sheet=sheet.name, detail=f'"{each.get("name", "")}"')
    yield from (spot for kind, spot in book.also if kind == "scenario")


def custom_view(book: Book) -> Iterator[Spot]:
    """Find views that people saved, which can hide and show at a click."""
    root = book.workbook
    for each in root.iterfind("{*}customWorkbookViews/{*}customWorkbookView") if root is not None else ():
        yield Spot(part=book.workbook_part, detail=f'"{each.get("name", "")}"')


def chart_keeps_more(book: Book) -> Iterator[Spot]:
    """Find charts that keep more points than the cells they refer to, or points without any cells."""
    for sheet in book.sheets:
        for chart in sheet.charts:
            for cached in chart.caches:
                cells = sum(area.cells for area in cells_of(cached.refers_to))
                kept = max(cached.count, len(cached.points), max(cached.points, default=-1) + 1)
                if kept > max(cells, 0):
                    detail = f"{kept:,} points kept for {cells:,} cells ({cached.refers_to or 'no reference'})"
                    yield Spot(part=chart.part, sheet=sheet.name, detail=detail)


def chart_differs(book: Book) -> Iterator[Spot]:
    """Find charts whose points are not what their cells hold."""
    for sheet in book.sheets:
        for chart in sheet.charts:
            for cached in chart.caches:
                if differing := _differing(book, cached):
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
            return f"{source.name}, cell {address(*cell)} holds {held[:40]}, the chart keeps {kept[:40]}"
    return ""


def _nth(areas: tuple[Range, ...], number: int) -> tuple[int, int] | None:
    """Return the cell of a number, counted row by row through blocks of cells."""
    for area in areas:
        if 0 <= number < area.cells:
            down, across = divmod(number, area.right - area.left + 1)
            return area.top + down, area.left + across
        number -= area.cells
    return None


def _agree(kept: str, held: str) -> bool:
    try:
        return abs(float(kept) - float(held or "0")) <= 1e-9 * max(1.0, abs(float(kept)))
    except ValueError:
        return kept.strip() == held.strip() or not held


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


def message_of_a_cell(book: Book) -> Iterator[Spot]:
    """Find messages that only appear when a cell is chosen."""
    for sheet in book.sheets:
        for each in sheet.root.iter("{*}dataValidation") if sheet.root is not None else ():
            text = each.get("prompt") or each.get("error") or ""
            if text.strip():
                yield Spot(part=sheet.part, sheet=sheet.name, cell=each.get("sqref", ""), detail=f'"{text[:60]}"')


_THERE = "Whoever receives the file can show it with a click: this is how 9,483 people were exposed in August 2023."
_UNHIDE = "Show it and delete what is not for the readers; or copy the values that they need into a new workbook."
_SEE = "Give the cell a colour and a size that can be read, or delete what it holds."

RULES = (
    Rule(
        rule_id="hidden-sheet",
        severity=Severity.BLOCKS,
        what="A worksheet is hidden",
        why=_THERE,
        remedy=_UNHIDE,
        find=hidden_sheet,
    ),
    Rule(
        rule_id="very-hidden-sheet",
        severity=Severity.BLOCKS,
        what='A worksheet is "very hidden", so that Excel does not even list it',
        why=_THERE,
        remedy="Copy the values that readers need into a new workbook.",
        find=very_hidden_sheet,
    ),
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
    Rule(
        rule_id="rows-hidden-by-default",
        severity=Severity.BLOCKS,
        what="All rows are hidden but those that say otherwise",
        why=_THERE,
        remedy=_UNHIDE,
        find=rows_hidden_by_default,
    ),
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
    Rule(
        rule_id="active-filter",
        severity=Severity.BLOCKS,
        what="A filter leaves rows out",
        why="The rows that it leaves out are all there, and a click shows them.",
        remedy="Clear the filter, and delete the rows that are not for the readers.",
        find=active_filter,
    ),
    Rule(
        rule_id="same-colour",
        severity=Severity.BLOCKS,
        what="A text has the colour of its ground",
        why="It can't be seen, yet it is there to be read.",
        remedy=_SEE,
        find=same_colour,
    ),
    Rule(
        rule_id="hiding-format",
        severity=Severity.BLOCKS,
        what="A number format shows nothing of what the cell holds",
        why="It can't be seen, yet it is there to be read.",
        remedy="Give the cell a number format that shows it, or delete what it holds.",
        find=hiding_format,
    ),
    Rule(
        rule_id="tiny-text",
        severity=Severity.BLOCKS,
        what="A text is too small to be seen",
        why="It can't be seen, yet it is there to be read.",
        remedy=_SEE,
        find=tiny_text,
    ),
    Rule(
        rule_id="hiding-condition",
        severity=Severity.BLOCKS,
        what="A conditional format hides what it applies to",
        why="It can't be seen, yet it is there to be read.",
        remedy="Delete the conditional format, and what it hid.",
        find=hiding_condition,
    ),
    Rule(
        rule_id="far-cell",
        severity=Severity.BLOCKS,
        what="Cells stand far from all others",
        why="Nobody scrolls there, so nobody has checked what they hold.",
        remedy="Delete them, or move them beside the others.",
        find=far_cell,
    ),
    Rule(
        rule_id="outside-print-area",
        severity=Severity.BLOCKS,
        what="Cells stand outside the print area",
        why="Whoever reads a print or a PDF does not see them; whoever opens the workbook does.",
        remedy="Delete them, or print them too.",
        find=outside_print_area,
    ),
    Rule(
        rule_id="beneath-merged",
        severity=Severity.BLOCKS,
        what="Values lie beneath a merged cell",
        why="They show as soon as the cell is split, or in any program that reads the cells.",
        remedy="Split the merged cell, delete what lies beneath, and leave it split.",
        find=beneath_merged,
    ),
    Rule(
        rule_id="unshown-text",
        severity=Severity.BLOCKS,
        what="The file keeps texts that no cell shows",
        why="They were in cells once, and whoever looks into the file can read them.",
        remedy="Open the workbook, save it under another name, and check that.",
        find=unshown_text,
    ),
    Rule(
        rule_id="hidden-shape",
        severity=Severity.BLOCKS,
        what="A picture, chart or shape is hidden",
        why=_THERE,
        remedy="In Excel: Home, Find & Select, Selection Pane; delete it.",
        find=hidden_shape,
    ),
    Rule(
        rule_id="hidden-window",
        severity=Severity.BLOCKS,
        what="The workbook's window or its worksheet tabs are hidden",
        why="Readers can't see which worksheets there are.",
        remedy="In Excel: View, Unhide; File, Options, Advanced, Show sheet tabs.",
        find=hidden_window,
    ),
    Rule(
        rule_id="scenario",
        severity=Severity.BLOCKS,
        what="There is a scenario",
        why="It keeps other values for the cells, with the name of whoever made it.",
        remedy="In Excel: Data, What-If Analysis, Scenario Manager; delete it.",
        find=scenario,
    ),
    Rule(
        rule_id="custom-view",
        severity=Severity.BLOCKS,
        what="There is a custom view",
        why="It can hide rows and columns at a click, and often bears the name of a person.",
        remedy="In Excel: View, Custom Views; delete it.",
        find=custom_view,
    ),
    Rule(
        rule_id="chart-keeps-more",
        severity=Severity.BLOCKS,
        what="A chart keeps more points than it draws from cells",
        why="The points are in the file, whatever the worksheet shows.",
        remedy="Make the chart again from the cells that it shall show.",
        find=chart_keeps_more,
    ),
    Rule(
        rule_id="chart-differs",
        severity=Severity.BLOCKS,
        what="A chart keeps other figures than its cells hold",
        why="It shows, or holds, figures that are not those of the workbook.",
        remedy="Let Excel draw the chart again: change a cell that it shows and change it back.",
        find=chart_differs,
    ),
    Rule(
        rule_id="chart-of-hidden",
        severity=Severity.BLOCKS,
        what="A chart draws from a worksheet that readers can't see",
        why="Its figures can't be checked, and are kept in the chart whatever is deleted elsewhere.",
        remedy="Put its figures on the same worksheet as the chart.",
        find=chart_of_hidden,
    ),
    Rule(
        rule_id="cell-message",
        severity=Severity.LOOK,
        what="A message appears only when its cell is chosen",
        why="It was written for whoever filled the cell in, not for those who read it.",
        remedy="In Excel: Data, Data Validation, Clear All.",
        find=message_of_a_cell,
    ),
)
