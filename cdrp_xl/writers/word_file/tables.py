"""Tables of a Word document: their heading row is repeated on each page, and no row is split between two."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from cdrp_xl.sheets import measured
from cdrp_xl.styles import FILLS_BY_BEGINNING, NUMBER_FORMATS, NUMBERS, Style
from cdrp_xl.writers import shown
from cdrp_xl.writers.word_file import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from cdrp_xl.sheets import Column, Table, Value

    _Drawn = Mapping[tuple[int, int], Callable[[int], str]]
    """What draws the small chart of each cell that has one, at some width."""

TWIPS_PER_PIXEL = 15
_AROUND = 16
"""What a cell has beside its words, in pixels."""

_SMALL, _USUAL = 9.0, 10.0
_BEFORE_MONTH = re.compile(r" (?=[A-Z][a-z]{2}-\d\d\b)")
_LINES, _SHORT = 2, 12
"""How many lines a heading wants at most, and up to how many characters a column's words stay on one line."""

_KEPT_WHOLE = 12
"""The most rows of a table that is kept on one page."""


def least_width(table: Table, wider: float, drawn: Collection[tuple[int, int]]) -> int:
    """Return how narrow a table may be without a word, a figure or a chart that is split. Unit: pixels."""
    return sum(least for least, *_ in _rooms(table, wider, drawn))


def xml(
    table: Table,
    ids: Mapping[str, str],
    notes: frozenset[str],
    *,
    width: int,
    wider: float,
    called: str,
    drawn: _Drawn,
) -> str:
    """Return a table that takes that much room across at most.

    Parameters
    ----------
    table
        The table.
    ids
        The document's ids of styles, by their names.
    notes
        The notes that are listed, to which citations lead.
    width
        The room across, in pixels.
    wider
        How much wider than Arial's the letters may be.
    called
        What the table is, for those who can't see it.
    drawn
        What draws the small charts, by the row and the column of the worksheet that each is in.
    """
    widths = _widths(table, width, wider, drawn)
    cell = ids["Report small cell" if table.is_dense else "Report cell"]
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    said = texts.attribute(called)
    rows = [_row(_headings(table, cell), widths, is_heading=True)]
    is_whole = len(table.rows) <= _KEPT_WHOLE
    for number, row in enumerate(table.rows, 1):
        stays = is_whole and number < len(table.rows)
        small = {
            at: draw(room // TWIPS_PER_PIXEL - _AROUND)
            for at, room in enumerate(widths)
            if (draw := drawn.get((table.row + number, table.column + at)))
        }
        rows.append(_row(_cells(table, row, cell, notes, stays=stays, small=small), widths, is_heading=False))
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{ids["Report table"]}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1"'
        f' w:noVBand="1"/><w:tblCaption w:val={said}/><w:tblDescription w:val={said}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _headings(table: Table, cell: str) -> list[tuple[str, str]]:
    """Return the cells of the heading row, each as its paragraph and its fill; it stays with the row below it."""
    return [
        (texts.paragraph(column.heading, cell, is_bold=True, is_right=column.style in NUMBERS, stays=True), "")
        for column in table.columns
    ]


def _cells(
    table: Table,
    row: Sequence[Value],
    cell: str,
    notes: frozenset[str],
    *,
    stays: bool,
    small: Mapping[int, str],
) -> list[tuple[str, str]]:
    cells = []
    for number, (value, column) in enumerate(zip(row, table.columns, strict=True)):
        text = as_shown(value, column.style)
        paragraph = texts.paragraph(
            text,
            cell,
            is_bold=column.style is Style.STATUS,
            is_right=column.style in NUMBERS,
            stays=stays,
            notes=notes,
            names_note=number == 0 and text in notes,
            drawn=small.get(number, ""),
        )
        cells.append((paragraph, _fill(text, column)))
    return cells


def as_shown(value: Value, style: Style) -> str:
    """Return what a cell shows."""
    if isinstance(value, dt.date):
        return shown.date(value)
    if isinstance(value, int | float) and style in NUMBER_FORMATS:
        return shown.figure(value, NUMBER_FORMATS[style])
    return "" if value is None else str(value)


def _fill(text: str, column: Column) -> str:
    fills = FILLS_BY_BEGINNING.get(column.style, {})
    return next((fill.removeprefix("#") for beginning, fill in fills.items() if text.startswith(beginning)), "")


def _row(cells: Sequence[tuple[str, str]], widths: Sequence[int], *, is_heading: bool) -> str:
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_shading(fill)}</w:tcPr>{paragraph}</w:tc>'
        for (paragraph, fill), width in zip(cells, widths, strict=True)
    )
    repeated = "<w:tblHeader/>" if is_heading else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inside}</w:tr>"


def _shading(fill: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""


def _widths(table: Table, width: int, wider: float, drawn: Collection[tuple[int, int]]) -> list[int]:
    """Return how wide each column is, in twips: as its words and its heading want it, or as far as there is room."""
    least, by_words, wanted = zip(*_rooms(table, wider, drawn), strict=True)
    if sum(least) > width:
        pixels = [each * width / sum(least) for each in least]
    elif sum(by_words) > width:
        pixels = _between(least, by_words, width)
    else:
        pixels = _between(by_words, wanted, width)
    return [int(each * TWIPS_PER_PIXEL) for each in pixels]


def _between(low: Sequence[int], high: Sequence[int], width: int) -> list[float]:
    """Return widths as near to the high ones as there is room for, each as near as the others."""
    if sum(high) <= width:
        return [float(each) for each in high]
    share = (width - sum(low)) / (sum(high) - sum(low))
    return [one + (other - one) * share for one, other in zip(low, high, strict=True)]


def _rooms(table: Table, wider: float, drawn: Collection[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Return for each column, in pixels: how narrow it may be, how wide its words want it, and its heading too."""
    drawn_in = {column - table.column for _, column in drawn}
    points = wider * (_SMALL if table.is_dense else _USUAL)
    rooms = []
    for at, column in enumerate(table.columns):
        shown = [as_shown(row[at], column.style) for row in table.rows]
        is_parted = column.style not in NUMBERS and any(len(each) > _SHORT for each in shown)
        widest, is_bold = measured.longest_word if is_parted else measured.width, column.style is Style.STATUS
        least = max([widest(each, points=points, is_bold=is_bold) for each in shown], default=0.0)
        least = max(least, measured.longest_word(_unparted(column.heading), points=points, is_bold=True))
        least = max(least, column.least_pixels if at in drawn_in else 0)
        by_words = max([least, *(measured.width(each, points=points, is_bold=is_bold) for each in shown)])
        wanted = max(by_words, _heading_width(column, points))
        rooms.append((int(least) + _AROUND, int(by_words) + _AROUND, int(wanted) + _AROUND))
    return rooms


def _unparted(heading: str) -> str:
    """Return a heading in which a month such as Jun-11 is one word with that before it, lest a line end within it."""
    return _BEFORE_MONTH.sub("_", heading)


def _heading_width(column: Column, points: float) -> float:
    """Return how wide a heading in two lines is: no column is made wide by its heading alone."""
    whole = measured.width(column.heading, points=points, is_bold=True)
    fitting = (
        each / 10 * whole
        for each in range(5, 10)
        if len(list(measured.wrapped(column.heading, each / 10 * whole, points=points, is_bold=True))) <= _LINES
    )
    return next(fitting, whole)
