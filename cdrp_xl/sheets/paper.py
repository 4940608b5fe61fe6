"""How a worksheet is laid out for its paper: columns as wide as their words, charts to the edge, and where pages end.

Nothing is made smaller to fit. Lengths are in pixels at 96 to the inch across, and in points down, as the writers have
them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl.sheets import measured
from cdrp_xl.sheets.blocks import POINTS_PER_ROW, Chart, Table, Text, heading_type, last_row
from cdrp_xl.sheets.over_cells import Picture
from cdrp_xl.styles import NUMBERS, Style

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from cdrp_xl.sheets.blocks import Block, Column, Sheet, Value

_TEXT_POINTS = {Style.TITLE: 28.0, Style.FINDING: 18.0, Style.SUBHEADING: 24.0}
_HEADS = frozenset({Style.TITLE, Style.FINDING, Style.SUBHEADING, Style.MARKING})
_LEFT_OVER = 0.35
"""The least share of a page that is used, where the page before it can spare as much."""

_ROWS_TOGETHER = 2
_GAP = 24
_PADDING, _LEAST_FILLED = 5, 20
_NARROWEST, _AROUND, _MOST_GIVEN_UP = 36.0, 11, 3
_RAGGED, _STEP, _LINES_OF_HEADING = 1.12, 8, 2
_IN_ONE_LINE = NUMBERS | {Style.DATE, Style.LINK}
"""What no cell wraps."""
_LONGEST_DATE = "30 September 2000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What of a page may be written on."""

    width: int
    height: float


LANDSCAPE = Paper(width=964, height=476.0)
PORTRAIT = Paper(width=656, height=722.0)
"""A4 within its margins, less the 6% by which LibreOffice makes columns of Arial wider than Excel does."""


def fitted(sheet: Sheet, *, is_final: bool) -> Sheet:
    """Return a worksheet with charts up to the paper's edge, and in the partners' copy with its columns and pages set.

    The columns of the master stay as wide as they were laid out, since what comes with the next refresh is not known.
    """
    paper = LANDSCAPE if sheet.is_wide else PORTRAIT
    if is_final:
        words = _widths(sheet.tables, paper.width) if sheet.tables else list(sheet.widths[:-1])
        sheet = _with_widths(sheet, _filled_up(words, paper.width))
    blocks = tuple(_to_the_edge(block, sheet.widths, paper.width) for block in sheet.blocks)
    sheet = replace(sheet, blocks=blocks)
    return replace(sheet, breaks=tuple(_breaks(sheet, paper.height))) if is_final else sheet


def holds(tables: Sequence[Table], paper: Paper) -> bool:
    """Return whether tables under one another fit a paper's width with every word whole."""
    columns = list(_columns(tables).values())
    least = sum(max(each.least for each in of) for of in columns)
    return least + (_AROUND - _MOST_GIVEN_UP) * len(columns) <= paper.width


def heights(sheet: Sheet) -> dict[int, float]:
    """Return how high the rows of a worksheet are that are not of the usual height. Unit: points."""
    found: dict[int, float] = {}
    for block in sheet.blocks:
        if isinstance(block, Text) and block.style in _TEXT_POINTS:
            found[block.row] = _TEXT_POINTS[block.style]
        elif isinstance(block, Table):
            rows = [block.heading_points, *(max(block.points(row), block.least_points) for row in block.rows)]
            found |= {row: points for row, points in enumerate(rows, block.row) if points}
    return found


def _filled_up(widths: list[float], pixels: int) -> list[float]:
    """Return widths with one more column up to the paper's edge, since words end where the printed page does."""
    room = pixels - sum(map(measured.pixels_of, widths))
    return [*widths, (room - _PADDING) / measured.PIXELS_PER_CHARACTER] if room > _LEAST_FILLED else widths


def _widths(tables: Sequence[Table], pixels: int) -> list[float]:
    """Return the widths of a worksheet's columns: as their words need them, the tallest widened while there is room."""
    every = list(_columns(tables).values())
    room = pixels - _AROUND * len(every)
    whole = [max(each.whole for each in of) for of in every]
    if sum(whole) > room:
        whole = _widened([max(each.least for each in of) for of in every], whole, every, room)
    widths = [measured.width_of(each) for each in whole]
    too_wide = max(0, sum(map(measured.pixels_of, widths)) - pixels)
    given_up = min(math.ceil(too_wide / max(1, len(every))), _MOST_GIVEN_UP)  # of the gap beside the words of each
    return [measured.width_of(each - given_up) for each in whole]


def _columns(tables: Sequence[Table]) -> dict[int, list[_Words]]:
    """Return the words of each of a worksheet's columns, from the left."""
    columns: dict[int, list[_Words]] = defaultdict(list)
    for table in tables:
        for at, column in enumerate(table.columns):
            columns[table.column + at].append(_words(column, table, [row[at] for row in table.rows]))
    return dict(sorted(columns.items()))


def _widened(
    least: Sequence[float], whole: Sequence[float], columns: Sequence[Sequence[_Words]], room: float
) -> list[float]:
    """Return how wide columns with that much room together are: whichever has most lines is widened, step by step."""
    wide = list(least)
    lines = [_most_lines(of, width) for of, width in zip(columns, wide, strict=True)]
    left = room - sum(wide)
    while left >= _STEP:
        tallest = max(lines)
        at = min((at for at in range(len(wide)) if lines[at] == tallest), key=lambda at: wide[at] / whole[at])
        if tallest == 1:
            break
        wide[at] += _STEP
        left -= _STEP
        lines[at] = _most_lines(columns[at], wide[at])
    return wide


def _most_lines(columns: Sequence[_Words], width: float) -> int:
    return max(each.lines_within(width) for each in columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The words of a column, with how wide it has to be, and is where each cell takes one line. Unit: pixels."""

    heading: str
    texts: Sequence[str]
    is_bold: bool
    indent: int
    least: float
    whole: float

    def lines_within(self, width: float) -> int:
        """Return how many lines the longest cell takes; a heading may take two more before it counts."""
        room = width - self.indent
        cells = (measured.lines(text, room, is_bold=self.is_bold) for text in self.texts)
        heading = measured.lines(self.heading, room, is_bold=True)
        return max(1, heading - _LINES_OF_HEADING, *cells)


def _words(column: Column, table: Table, values: Sequence[Value]) -> _Words:
    is_whole, is_bold = column.style in _IN_ONE_LINE, column.style is Style.STATUS
    texts = [_shown(value, column) for value in values]
    points, is_heading_bold = heading_type(column, table)
    word = measured.longest_word(column.heading, points=points, is_bold=is_heading_bold)
    head = max(word, measured.width(column.heading, points=points, is_bold=is_heading_bold) / 2 * _RAGGED)
    whole = max((measured.width(line, is_bold=is_bold) for text in texts for line in text.split("\n")), default=0)
    widest = whole if is_whole else max((measured.longest_word(text, is_bold=is_bold) for text in texts), default=0)
    return _Words(
        heading=column.heading,
        texts=() if is_whole else tuple(dict.fromkeys(texts)),
        is_bold=is_bold,
        indent=column.indent,
        least=max(_NARROWEST, word, widest, column.least_pixels) + column.indent,
        whole=max(_NARROWEST, head, whole, column.least_pixels) + column.indent,
    )


def _shown(value: Value, column: Column) -> str:
    """Return a value about as long as it is shown."""
    if isinstance(value, str) or value is None:
        return value or ""
    if column.style is Style.DATE:
        return _LONGEST_DATE
    if column.style in {Style.APPARENT_CHANGE, Style.SHARE}:
        return f"+ {float(value):.1%}" if isinstance(value, int | float) else ""
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _with_widths(sheet: Sheet, widths: Sequence[float]) -> Sheet:
    """Return a worksheet whose columns have these widths."""
    tables = {
        table.name: replace(
            table,
            columns=tuple(replace(column, width=widths[table.column + at]) for at, column in enumerate(table.columns)),
        )
        for table in sheet.tables
    }

    def moved(block: Block) -> Block:
        if isinstance(block, Table):
            return tables[block.name]
        if isinstance(block, Chart):
            series = tuple(replace(each, table=each.table and tables[each.table.name]) for each in block.series)
            return replace(block, table=tables[block.table.name], series=series)
        return block

    return replace(sheet, blocks=tuple(map(moved, sheet.blocks)), widths=tuple(widths))


def _to_the_edge(block: Block, widths: Sequence[float], pixels: int) -> Block:
    if isinstance(block, Picture):
        return replace(block, left=pixels - block.width)
    if not isinstance(block, Chart):
        return block
    before = widths[: block.column]
    gap = _GAP if before else 0
    room = pixels - sum(map(measured.pixels_of, before)) - gap
    place, charts = block.beside
    return replace(block, width=room // charts, left=gap + place * (room // charts))


def _breaks(sheet: Sheet, height: float) -> Iterator[int]:
    """Yield the rows with which new pages begin: no heading, chart or top of a table is separated from its own."""
    if not sheet.blocks:
        return
    high = heights(sheet)
    last = sheet.last_row
    down = [high.get(row, POINTS_PER_ROW) for row in range(last + 1)]
    free = _free_to_break(sheet, last, high, height)
    within = {row for table in sheet.tables for row in _rows_within(table)}
    first, room = 0, height
    while sum(down[first:]) > room:
        at = _next_break(down, free, within, first, room)
        if at is None:
            return
        yield at
        first = at
        if repeats_headings(sheet, at):
            room = height - down[sheet.tables[0].row]


def repeats_headings(sheet: Sheet, *breaks: int) -> bool:
    """Return whether a page that begins with one of some rows parts its only table: headings are then repeated."""
    return len(sheet.tables) == 1 and any(row in _rows_within(sheet.tables[0]) for row in breaks)


def _next_break(
    down: Sequence[float], free: Sequence[bool], within: Container[int], first: int, height: float
) -> int | None:
    """Return the row with which the next page begins: as late as it may, but for a last page that would be bare.

    Rather than that a page holds a last line or two alone, a table that one page would hold is split.
    """
    fits = [row for row in range(first + 1, len(down)) if sum(down[first:row]) <= height]
    # A table that follows its heading at once is split where the two are more than one page holds.
    fitting = [row for row in fits if free[row]] or [row for row in fits if row in within]
    if not fitting:
        return None
    at = fitting[-1]
    if sum(down[at:]) < _LEFT_OVER * height:
        earlier = [
            row
            for row in fits
            if _LEFT_OVER * height <= sum(down[row:]) <= height and sum(down[first:row]) >= _LEFT_OVER * height
        ]
        at = max(
            (row for row in earlier if free[row]), default=max((row for row in earlier if row in within), default=at)
        )
    return at


def _rows_within(table: Table) -> range:
    """Return the rows of a table with which a page may begin where no page holds it whole."""
    return range(table.row + 1 + _ROWS_TOGETHER, table.row + len(table.rows) - _ROWS_TOGETHER + 2)


def _points(table: Table, high: Mapping[int, float]) -> float:
    """Return how high a table is on paper."""
    return sum(high.get(table.row + at, POINTS_PER_ROW) for at in range(table.height))


def _free_to_break(sheet: Sheet, last: int, high: Mapping[int, float], height: float) -> list[bool]:
    """Return for each row whether a page may begin with it: within a table if none holds it whole or it is a list."""
    free = [False] * (last + 1)
    for block in sheet.blocks:
        free[block.row] = True
        is_long = isinstance(block, Table) and _points(block, high) > height
        if isinstance(block, Table) and (is_long or block.links):
            for row in _rows_within(block):
                free[row] = True
    ordered = sorted(sheet.blocks, key=lambda block: block.row)
    for block, following in zip(ordered, [*ordered[1:], None], strict=True):
        if isinstance(block, Text) and block.style in _HEADS and following is not None:
            free[following.row] = False
        if isinstance(block, Chart):
            for row in range(block.row + 1, last_row(block) + 1):
                free[row] = False
    free[0] = False
    return free
