"""Rules on worksheets that everybody can read (Analysis Function, "Releasing statistics in spreadsheets")."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from cdrp_xl.addresses import cell_at, cell_name
from cdrp_xl.colours import contrast
from cdrp_xl.publication.book import Form, Look, sheet_in
from cdrp_xl.publication.findings import Severity, rule
from cdrp_xl.publication.places import Places, Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.publication.book import Book, Sheet, Table

_LEAST_CONTRAST, _SEEN = 4.5, 1.25
_SHEETS_TO_LIST = 3
_SHORT = 4
_USUAL_HEIGHT, _LETTER, _LETTERS_OVER = 15, 0.5, 6
"""Points of a row that says no height, how high a letter is in the size of its font when it is turned, and how many
letters may be cut off."""

_AS_IT_IS = frozenset({"", "General", "0", "Standard", "@"})
_FIGURES_OF_A_TABLE = 4
_COVER = re.compile(r"\b(cover|title|front|about|information|introduction|read ?me)\b", re.IGNORECASE)
_NOTES = re.compile(r"\bnotes?\b", re.IGNORECASE)
_USUAL_NAME = re.compile(r"(sheet|table|chart|tabelle|feuil|hoja)\s*\d*|\d+", re.IGNORECASE)
_USUAL_HEADING = re.compile(r"(column|spalte|colonne)\s*\d+|\s*", re.IGNORECASE)
_CITED = re.compile(r"\[note (\d+)\]", re.IGNORECASE)
_BLANKS_EXPLAINED = re.compile(r"\b(blank|empty)\b", re.IGNORECASE)

_GUIDANCE = "The Analysis Function's guidance asks for it, so that people who use a screen reader can follow."
_LISTEN = "A screen reader reads cell by cell, and takes it for the end or for something else than it is."


@rule(
    "no-cover",
    Severity.LOOK,
    what="There is no cover",
    why=_GUIDANCE,
    remedy="Begin with a worksheet that says what this is.",
)
def no_cover(book: Book) -> Iterator[Spot]:
    """Find a workbook of several worksheets that begins without a cover, or with one page of headlines before it."""
    if len(book.visible) >= _SHEETS_TO_LIST:
        first, second = book.visible[:2]
        has_cover = _COVER.search(first.name) or _COVER.search(second.name)
        if not has_cover and (first.tables or first.charts or len(_figures(first)) > _FIGURES_OF_A_TABLE):
            yield Spot(part=first.part, sheet=first.name)


@rule(
    "no-contents",
    Severity.LOOK,
    what="No worksheet lists the others with links to them",
    why=_GUIDANCE,
    remedy="List the worksheets with links on the cover, or on a worksheet after it.",
)
def no_contents(book: Book) -> Iterator[Spot]:
    """Find a workbook of several worksheets none of which links to the others."""
    names = {sheet.name.casefold() for sheet in book.visible}
    if len(names) < _SHEETS_TO_LIST:
        return
    for sheet in book.visible:
        led_to = {sheet_in(link.target.lstrip("#")).casefold() for link in sheet.links if not link.is_external}
        if len(names - led_to) <= len(names) // 3 + 1:
            return
    yield Spot()


@rule(
    "no-notes",
    Severity.LOOK,
    what="There is no worksheet of notes",
    why=_GUIDANCE,
    remedy="Add one, with sources and symbols.",
)
def no_notes(book: Book) -> Iterator[Spot]:
    """Find a workbook of several worksheets without one for notes."""
    if len(book.visible) >= _SHEETS_TO_LIST and not any(_NOTES.search(sheet.name) for sheet in book.visible):
        yield Spot()


@rule(
    "unmarked-table",
    Severity.LOOK,
    what="Figures are outside any table",
    why=_GUIDANCE,
    remedy="In Excel: choose them with their headings; Insert, Table.",
)
def unmarked_table(book: Book) -> Iterator[Spot]:
    """Find figures that are in no range marked as a table."""
    if book.form is not Form.OPEN_XML:
        return
    for sheet in book.visible:
        loose = [cell for cell in _figures(sheet) if not any(table.block.holds(*cell) for table in sheet.tables)]
        if len(loose) >= _FIGURES_OF_A_TABLE:
            yield Spot(part=sheet.part, sheet=sheet.name, cell=cell_name(*loose[0]), detail=f"{len(loose):,} figures")


def _figures(sheet: Sheet) -> list[tuple[int, int]]:
    return [cell for cell, held in sheet.cells.items() if held.is_number]


def _tables(book: Book) -> Iterator[tuple[Sheet, Table]]:
    for sheet in book.visible:
        if sheet.is_whole:
            for table in sheet.tables:
                yield sheet, table


@rule(
    "heading-rows",
    Severity.LOOK,
    what="A table has no heading row",
    why=_LISTEN,
    remedy="Give every column one heading.",
)
def heading_rows(book: Book) -> Iterator[Spot]:
    """Find tables that have no heading row."""
    for sheet, table in _tables(book):
        if table.heading_rows != 1:
            yield _at(sheet, table, table.block.row, table.block.column, f"table {table.name}")


def _at(sheet: Sheet, table: Table, row: int, column: int, detail: str) -> Spot:
    return Spot(part=table.part, sheet=sheet.name, cell=cell_name(row, column), detail=detail)


@rule(
    "merged-cell",
    Severity.LOOK,
    what="Cells are merged",
    why=_LISTEN,
    remedy="Split them; wrap the text or make the column wider.",
)
def merged_cell(book: Book) -> Iterator[Spot]:
    """Find merged cells."""
    for sheet in book.visible:
        if sheet.merged:
            places = Places()
            for area in sheet.merged:
                places.add(area.address)
            yield Spot(part=sheet.part, sheet=sheet.name, cell=places.first[0], detail=str(places))


@rule(
    "blank-row",
    Severity.LOOK,
    what="A row inside a table is blank",
    why=_LISTEN,
    remedy="Delete the row.",
)
def blank_row(book: Book) -> Iterator[Spot]:
    """Find rows inside a table with nothing in them."""
    for sheet, table in _tables(book):
        across = range(table.block.column, table.block.last_column + 1)
        filled = {row for row, column in sheet.cells if column in across}
        body = range(table.block.row + table.heading_rows, table.block.last_row + 1)
        blank = [row for row in body if row not in filled]
        if blank and len(body) > 1:
            yield _at(sheet, table, blank[0], table.block.column, f"table {table.name}, row {blank[0] + 1:,}")


@rule(
    "blank-column",
    Severity.LOOK,
    what="A column inside a table is blank",
    why=_LISTEN,
    remedy="Delete the column.",
)
def blank_column(book: Book) -> Iterator[Spot]:
    """Find columns inside a table with nothing under their heading."""
    for sheet, table in _tables(book):
        body = range(table.block.row + table.heading_rows, table.block.last_row + 1)
        filled = {column for row, column in (*sheet.cells, *_with_lines(sheet)) if row in body}
        for column in range(table.block.column, table.block.last_column + 1):
            if filled and column not in filled:
                yield _at(sheet, table, table.block.row, column, f"table {table.name}")


def _with_lines(sheet: Sheet) -> set[tuple[int, int]]:
    """Return the cells in which a small chart of one line is drawn: they hold nothing and are not blank."""
    drawn = sheet.root.iterfind(".//{*}sparkline/{*}sqref") if sheet.root is not None else ()
    cells = [*(each.text or "" for each in drawn), *(each.cell for each in sheet.drawn if each.is_in_cell)]
    return {cell for each in cells if (cell := cell_at(each)) is not None}


@rule(
    "blank-heading",
    Severity.LOOK,
    what="A column of a table has no heading",
    why=_LISTEN,
    remedy="Give it one.",
)
def blank_heading(book: Book) -> Iterator[Spot]:
    """Find headings of tables that say nothing."""
    for sheet, table in _tables(book):
        for column, heading in enumerate(table.headings, table.block.column):
            if _USUAL_HEADING.fullmatch(heading):
                yield _at(sheet, table, table.block.row, column, f"table {table.name}")


@rule(
    "unexplained-blank",
    Severity.LOOK,
    what="A cell of a table is blank, and nothing says why",
    why="A blank may mean nought, not known or left out, and readers can't see which.",
    remedy="Write [x] (not available), [z] (not applicable) or [c] (suppressed); "
    "or say above the table what a blank is.",
)
def unexplained_blank(book: Book) -> Iterator[Spot]:
    """Find blank cells in tables where no text of the worksheet says what a blank means."""
    for sheet, table in _tables(book):
        body = (cell for cell in table.block.cells() if cell[0] >= table.block.row + table.heading_rows)
        lines = _with_lines(sheet)
        blank = next((cell for cell in body if cell not in sheet.cells and cell not in lines), None)
        if blank and not any(_BLANKS_EXPLAINED.search(held.text) for held in sheet.cells.values()):
            yield _at(sheet, table, *blank, f"table {table.name}")


def _notes(book: Book) -> tuple[dict[str, tuple[Sheet, str]], dict[str, tuple[Sheet, str]]]:
    """Return where each note is cited, and where it is listed: on a worksheet of notes it is at the beginning."""
    cited: dict[str, tuple[Sheet, str]] = {}
    listed: dict[str, tuple[Sheet, str]] = {}
    for sheet in book.visible:
        for cell, held in sheet.cells.items():
            for match in () if held.is_number else _CITED.finditer(held.text):
                is_listed = bool(_NOTES.search(sheet.name)) and match.start() == 0
                (listed if is_listed else cited).setdefault(match[1], (sheet, cell_name(*cell)))
    return cited, listed


@rule(
    "note-not-listed",
    Severity.LOOK,
    what="A note is cited and not listed",
    why=_GUIDANCE,
    remedy="Add it to the notes.",
)
def note_not_listed(book: Book) -> Iterator[Spot]:
    """Find notes that are cited and not listed."""
    cited, listed = _notes(book)
    for number in cited.keys() - listed.keys():
        sheet, cell = cited[number]
        yield Spot(part=sheet.part, sheet=sheet.name, cell=cell, detail=f"[note {number}]")


@rule(
    "note-not-cited",
    Severity.LOOK,
    what="A note is listed and not cited",
    why=_GUIDANCE,
    remedy="Cite it where it applies.",
)
def note_not_cited(book: Book) -> Iterator[Spot]:
    """Find notes that are listed and not cited."""
    cited, listed = _notes(book)
    for number in listed.keys() - cited.keys():
        sheet, cell = listed[number]
        yield Spot(part=sheet.part, sheet=sheet.name, cell=cell, detail=f"[note {number}]")


@rule(
    "usual-sheet-name",
    Severity.LOOK,
    what="A worksheet's name says nothing",
    why="The name is the first thing that a screen reader says.",
    remedy="Name it after what it shows.",
)
def usual_sheet_name(book: Book) -> Iterator[Spot]:
    """Find worksheets whose name says nothing."""
    for sheet in book.visible:
        if _USUAL_NAME.fullmatch(sheet.name.strip()):
            yield Spot(part=sheet.part, sheet=sheet.name)


@rule(
    "colour-alone",
    Severity.LOOK,
    what="A conditional format says something by colour or icon alone",
    why="One man in twelve can't see red and green as different colours.",
    remedy="Say it in words beside.",
)
def colour_alone(book: Book) -> Iterator[Spot]:
    """Find conditional formats that say something by colour or icon alone."""
    for sheet in book.visible:
        for block in sheet.root.iterfind("{*}conditionalFormatting") if sheet.root is not None else ():
            for condition in block.iterfind("{*}cfRule"):
                icons = condition.find("{*}iconSet")
                if condition.get("type") == "colorScale" or (
                    icons is not None and icons.get("showValue") in {"0", "false"}
                ):
                    yield Spot(part=sheet.part, sheet=sheet.name, cell=block.get("sqref", ""))


@rule(
    "low-contrast",
    Severity.LOOK,
    what="A text is hard to read against its background",
    why="WCAG 2.2 asks for a contrast of 4.5 to 1.",
    remedy="Make the text darker or its background lighter.",
)
def low_contrast(book: Book) -> Iterator[Spot]:
    """Find texts that are hard to read against their background."""
    for sheet in book.visible:
        for style, first in sheet.first_of_style.items():
            look = book.looks.get(style, Look())
            if look.ink and look.fill and _SEEN <= (found := contrast(look.ink, look.fill)) < _LEAST_CONTRAST:
                yield Spot(part=sheet.part, sheet=sheet.name, cell=first, detail=f"{found:.1f} to 1")


@rule(
    "cut-text",
    Severity.LOOK,
    what="A text is cut off by the next cell or by its row",
    why=_GUIDANCE,
    remedy="Wrap it, or make the column wider and the row higher.",
)
def cut_text(book: Book) -> Iterator[Spot]:
    """Find what does not fit its cell and can't flow on, since the next one is filled or their row is low."""
    for sheet in book.visible:
        places = Places()
        for (row, column), held in sheet.cells.items():
            if len(held.text) > _SHORT and _is_cut(sheet, row, column, book.looks.get(held.style, Look())):
                places.add(cell_name(row, column))
        if places:
            yield Spot(part=sheet.part, sheet=sheet.name, cell=places.first[0], detail=str(places))


def _is_cut(sheet: Sheet, row: int, column: int, look: Look) -> bool:
    """Return whether a cell cuts off what it holds; of a figure, signs are shown in its place."""
    held, room = sheet.cells[row, column], 1.2 * sheet.widths.get(column, 8.43) + 2
    if look.turns:
        height = sheet.heights.get(row, _USUAL_HEIGHT)
        return len(held.text) > _LETTERS_OVER + height / (_LETTER * (look.points or 11))
    if held.is_number:
        return look.number_format in _AS_IT_IS and len(held.text.partition(".")[0]) > room
    if look.wraps:
        return _is_too_high(held.text, room, look, sheet.heights.get(row))
    beside = {"right": (-1,), "center": (-1, 1), "fill": ()}.get(look.side, (1,))
    flows = beside and not any((row, column + by) in sheet.cells for by in beside)
    return len(held.text) > room and not flows


def _is_too_high(text: str, room: float, look: Look, height: float | None) -> bool:
    """Return whether a wrapped text has half as many lines again as its row has room for."""
    lines = sum(max(1, math.ceil(len(line) / room)) for line in text.split("\n"))
    return height is not None and lines > 1.5 * max(1, height // (1.15 * (look.points or 11)))


@rule(
    "cursor-elsewhere",
    Severity.LOOK,
    what="A worksheet does not open at its first cell",
    why="A screen reader begins there.",
    remedy="Choose A1 on every worksheet before saving.",
)
def cursor_elsewhere(book: Book) -> Iterator[Spot]:
    """Find worksheets that don't open at their first cell."""
    for sheet in book.visible:
        if sheet.cursor != "A1":
            yield Spot(part=sheet.part, sheet=sheet.name, cell=sheet.cursor)


@rule(
    "opens-elsewhere",
    Severity.LOOK,
    what="The workbook does not open at its first worksheet",
    why="A screen reader begins there.",
    remedy="Choose the first worksheet before saving.",
)
def opens_elsewhere(book: Book) -> Iterator[Spot]:
    """Find a workbook that does not open at its first worksheet."""
    if 0 < book.active_sheet < len(book.sheets):
        yield Spot(part=book.workbook_part, sheet=book.sheets[book.active_sheet].name)


@rule(
    "no-title",
    Severity.LOOK,
    what="The properties have no title",
    why="A screen reader says it when the workbook opens.",
    remedy="In Excel: File, Info, Title.",
)
def no_title(book: Book) -> Iterator[Spot]:
    """Find a workbook whose properties have no title."""
    if not book.properties.title:
        yield Spot(part=book.properties.part)


@rule(
    "no-language",
    Severity.LOOK,
    what="The properties do not say the language",
    why="A screen reader needs it to pronounce the words.",
    remedy='Set the property "language" to en-GB; reports of cdrp-xl have it.',
)
def no_language(book: Book) -> Iterator[Spot]:
    """Find a workbook whose properties do not say its language."""
    if not book.properties.language:
        yield Spot(part=book.properties.part)


@rule(
    "picture-unsaid",
    Severity.LOOK,
    what="A picture or shape has no alternative text",
    why="Anyone who can't see it gets nothing from it.",
    remedy="In Excel: right-click it; Edit Alt Text.",
)
def picture_unsaid(book: Book) -> Iterator[Spot]:
    """Find pictures and shapes without a text for those who can't see them."""
    for sheet in book.visible:
        for each in sheet.drawn:
            if each.kind != "chart" and not each.alternative_text:
                yield Spot(part=each.part, sheet=sheet.name, cell=each.cell, detail=f'{each.kind} "{each.name}"')


@rule(
    "chart-unsaid",
    Severity.LOOK,
    what="A chart has no alternative text",
    why="Anyone who can't see it gets nothing from it.",
    remedy="In Excel: right-click it; Edit Alt Text.",
)
def chart_unsaid(book: Book) -> Iterator[Spot]:
    """Find charts without a text for those who can't see them."""
    for sheet in book.visible:
        for each in sheet.drawn:
            if each.kind == "chart" and not each.alternative_text:
                yield Spot(part=each.part, sheet=sheet.name, cell=each.cell, detail=f'"{each.name}"')


@rule(
    "chart-without-figures",
    Severity.LOOK,
    what="A chart's figures are not beside it",
    why="Who can't see the chart needs its table.",
    remedy="Put the table on the same worksheet.",
)
def chart_without_figures(book: Book) -> Iterator[Spot]:
    """Find charts whose figures are on another worksheet."""
    for sheet in book.visible:
        for chart in sheet.charts:
            sources = {sheet_in(cached.refers_to.strip("(")).casefold() for cached in chart.caches}
            if sources and sheet.name.casefold() not in sources:
                yield Spot(part=chart.part, sheet=sheet.name)


RULES = (
    no_cover,
    no_contents,
    no_notes,
    unmarked_table,
    heading_rows,
    merged_cell,
    blank_row,
    blank_column,
    blank_heading,
    unexplained_blank,
    note_not_listed,
    note_not_cited,
    usual_sheet_name,
    colour_alone,
    low_contrast,
    cut_text,
    cursor_elsewhere,
    opens_elsewhere,
    no_title,
    no_language,
    picture_unsaid,
    chart_unsaid,
    chart_without_figures,
)
