"""What a worksheet is made of: texts, tables, charts and inputs, described first and then placed on the grid.

Rows and columns count from 0. A block knows its place and its words; it never computes a figure.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from cdrp_xl.sheets import measured
from cdrp_xl.sheets.over_cells import Button, Picture
from cdrp_xl.styles import BLUE, COUNT_FORMAT, LIGHT_BLUE, NUMBERS, POINTS, Style

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Value = str | int | float | dt.date | None

GRAND_TOTAL = "Grand Total"
"""What Excel calls the totals of a whole pivot table."""

POINTS_PER_ROW = 15.0
PIXELS_PER_ROW = 20
"""How high a row is that holds one line."""

_LABEL_POINTS = 9.0
_STEPS_OF_MONTHS = (1, 2, 3, 6, 12)
_OF_NAMES, _OF_PARTS = re.compile(r"\s+"), re.compile(r"\s+|(?<=-)")

_POINTS_PER_LINE, _POINTS_AROUND = 12.0, 3.0
INDENT = 12
"""How far words begin from the left of their column. Unit: pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One cell of words, with the name under which a refresh finds it again, and the worksheet that it links to.

    Without a name it is written once, and no refresh looks for it. `goes_on` says that it is a further line of the
    text above it, so that a form which wraps lines itself can join the two.
    """

    name: str
    value: Value
    style: Style = Style.LINE
    link: str = ""
    row: int = 0
    column: int = 0
    goes_on: bool = field(default=False, repr=False)  # kept out of the hash of what a copy shows

    @property
    def height(self) -> int:
        """Rows that the block takes."""
        return 1


class FigureKind(StrEnum):
    """What kind of figure may be typed."""

    WHOLE = "whole number"
    DECIMAL = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The figure that may be typed into a cell, and the words that may replace one; a date has no bounds."""

    kind: FigureKind
    least: int = 0
    most: int = 0
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table: its heading and what its cells are."""

    heading: str
    style: Style
    width: float
    """In characters of the default font."""
    choices: tuple[str, ...] = ()
    """What may be typed, where that is a choice; an empty cell is always allowed."""
    choices_of: str = ""
    """The table whose first column holds what may be typed, wherever it is; without it anything may be."""
    hint: str = ""
    """What is shown while the cell is typed into."""
    figure: Figure | None = None
    """What may be typed, where that is a figure."""
    lines: int = 1
    """How many lines high a cell is at least."""
    least_pixels: int = 0
    """How wide it is at least, where something is drawn into it."""
    has_gap: bool = field(default=False, repr=False)  # kept out of the hash of what a copy shows
    """Whether its figures keep away from what is drawn into the next column."""

    @property
    def indent(self) -> int:
        """How far words and figures keep away from the column's edge, in pixels."""
        return INDENT * (self.has_gap or self.style not in NUMBERS)

    @property
    def pixels(self) -> int:
        """How wide the column is, in pixels."""
        return measured.pixels_of(self.width)

    @property
    def room(self) -> float:
        """How wide its words may be without going on in a second line, in pixels."""
        return self.pixels - measured.PIXELS_AROUND - self.indent


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with one heading row. Its name is that of the Excel table, one in the workbook.

    `links` names, for each row, the worksheet that its first cell links to; empty where nothing is linked. `inputs`
    are the headings of the columns in which the analyst types. Where such a table has `keys`, a refresh knows each
    row by what is under these headings, adds the rows that a workbook lacks on top, and lets others stay; without
    keys the rows have to be the same. A dense table has many columns, under small headings. The order of a ranked
    table's rows is part of what it says, so that a refresh puts them into it again. `caption` says what the table is
    where its page has several; no worksheet shows it, other forms do.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    links: tuple[str, ...] = ()
    inputs: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    is_ranked: bool = False
    is_dense: bool = False
    row: int = 0
    column: int = 0
    caption: str = field(default="", repr=False)  # kept out of the hash of what a copy shows

    @property
    def height(self) -> int:
        """Rows that the block takes: the heading row and at least one more."""
        return 1 + max(len(self.rows), 1)

    @property
    def is_all_typed(self) -> bool:
        """Whether the analyst types in every column, and so adds rows."""
        return {column.heading for column in self.columns} <= self.inputs

    def column_of(self, heading: str) -> int:
        """Return the worksheet's column that has a heading."""
        return self.column + [column.heading for column in self.columns].index(heading)

    def without(self, drawn_in: Collection[int]) -> Table:
        """Return the table without some of the worksheet's columns, such as those that hold small charts alone."""
        kept = [at for at in range(len(self.columns)) if self.column + at not in drawn_in]
        rows = tuple(tuple(row[at] for at in kept) for row in self.rows)
        return replace(self, columns=tuple(self.columns[at] for at in kept), rows=rows)

    def points(self, row: Sequence[Value]) -> float:
        """Return the height that a row of values needs, 0 where each of them takes one line.

        Not every program makes rows high enough itself on opening.
        """
        return _points(max(_lines(value, column) for value, column in zip(row, self.columns, strict=True)))

    @property
    def heading_points(self) -> float:
        """The height of the heading row, 0 where one line is enough."""
        lines = (
            sum(1 for _ in measured.wrapped(column.heading, column.room, points=points, is_bold=is_bold))
            for column, (points, is_bold) in ((column, heading_type(column, self)) for column in self.columns)
        )
        return _points(max(lines))

    @property
    def least_points(self) -> float:
        """The height of a row that holds nothing yet, 0 where one line is enough."""
        return _points(max(column.lines for column in self.columns))


class SeriesKind(StrEnum):
    """How a series is drawn, over categories or, as points and curves are, over numbers.

    A line is dashed with a marker at each value; a course is solid, with a dot at each; a level has no markers. Bars
    run across, the first on top, with their figures; an own bar lies over one of them.
    """

    COLUMNS = "columns"
    BARS = "bars"
    OWN_BAR = "own bar"
    LINE = "line"
    COURSE = "course"
    LEVEL = "level"
    POINTS = "points"
    OWN_POINT = "own point"
    CURVE = "curve"


OVER_NUMBERS = frozenset({SeriesKind.POINTS, SeriesKind.OWN_POINT, SeriesKind.CURVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series of a chart: the column of its table, how it is drawn and in which colour.

    `table` is its own one, on the same worksheet and with the same categories, where it is not that of the chart.
    Where the chart's series run along rows, `row` is the one, from 0, and `heading` what its first cell says.
    """

    heading: str
    kind: SeriesKind
    colour: str
    is_dashed: bool = False
    table: Table | None = None
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart of a table on the same worksheet, with the text for those who can't see it.

    Lengths are in pixels at 96 to the inch, `left` from the left of its column. `beside` is its place, from 0, among so
    many charts side by side. `along` are the headings, side by side, over which its series run where they run along
    rows; otherwise they run down columns.
    """

    name: str
    table: Table
    categories: str
    series: tuple[Series, ...]
    title: str
    across: str
    alt_text: str
    row: int = 0
    column: int = 0
    left: int = 0
    width: int = 640
    height: int = 280
    beside: tuple[int, int] = (0, 1)
    up_format: str = COUNT_FORMAT

    @property
    def rows_high(self) -> int:
        """Rows that it covers."""
        return -(-self.height // PIXELS_PER_ROW)

    @property
    def is_across(self) -> bool:
        """Whether it has bars, whose names are one under another."""
        return any(series.kind is SeriesKind.BARS for series in self.series)

    @property
    def label_every(self) -> int:
        """Of how many categories one is named, so that names fit level beside one another."""
        fitting = -(-self._widest_label(_OF_NAMES) // self._room_of_label) if self._room_of_label else 1
        return next((every for every in _STEPS_OF_MONTHS if every >= fitting), _STEPS_OF_MONTHS[-1])

    @property
    def has_room_for_parts(self) -> bool:
        """Whether every category may be named where a program parts a name such as Apr-09 at its hyphen."""
        return self._widest_label(_OF_PARTS) <= self._room_of_label

    @property
    def _room_of_label(self) -> float:
        return self.width / max(len(self.table.rows), 1)

    def _widest_label(self, parted: re.Pattern[str]) -> float:
        names = (str(row[self.table.column_of(self.categories) - self.table.column]) for row in self.table.rows)
        parts = (part for name in names for part in parted.split(name))
        return max((measured.width(part, points=_LABEL_POINTS) for part in parts), default=0.0)

    @property
    def is_over_numbers(self) -> bool:
        """Whether the axis across has numbers and not categories."""
        return any(series.kind in OVER_NUMBERS for series in self.series)

    along: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pivot:
    """A native pivot table of the master, which counts the rows of a table, and the figures that it shows at first.

    `down` and `across` are headings of the table, and `row_items` and `column_items` their values as they are shown.
    A column item of fewer values than `across` is the total of those that begin so, one of none the total of all; the
    last line of `figures` has the totals of the columns.
    """

    name: str
    table: Table
    down: str
    across: tuple[str, ...]
    filtered_by: str
    counted: str
    caption: str
    row_items: tuple[str, ...]
    column_items: tuple[tuple[str, ...], ...]
    figures: tuple[tuple[int, ...], ...]
    row: int = 0
    column: int = 0

    @property
    def height(self) -> int:
        """Rows that the block takes: the filter, a free row, the headings, the items and their totals."""
        return self.body_row - self.row + len(self.cells)

    @property
    def body_row(self) -> int:
        """The first row under the filter and the free row below it."""
        return self.row + 2

    @property
    def filter_cells(self) -> tuple[str, str]:
        """The row of the filter, as it is shown until something is chosen."""
        return self.filtered_by, "(All)"

    @property
    def cells(self) -> tuple[tuple[Value, ...], ...]:
        """The rows from the captions to the totals, as Excel lays them out in tabular form."""
        width = len(self.column_items)
        captions = (self.caption, *self.across, *[None] * width)[: 1 + width]
        firsts = (*[None] * (len(self.across) - 1), self.down)
        headings: list[tuple[Value, ...]] = [(first, *self._labels(level)) for level, first in enumerate(firsts)]
        names = (*self.row_items, GRAND_TOTAL)
        lines: list[tuple[Value, ...]] = [(name, *row) for name, row in zip(names, self.figures, strict=True)]
        return (captions, *headings, *lines)

    def _labels(self, level: int) -> list[Value]:
        """Return the headings of one field: each value once, over the first column that it holds for."""
        labels: list[Value] = []
        before: tuple[str, ...] = ()
        for item in self.column_items:
            if len(item) == len(self.across):
                labels.append(None if item[: level + 1] == before[: level + 1] else item[level])
            else:
                total = f"{item[-1]} Total" if item else GRAND_TOTAL
                labels.append(total if level == max(len(item) - 1, 0) else None)
            before = item
        return labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """A column of a table on another worksheet, drawn small in one cell."""

    sheet: str
    table: Table
    heading: str
    row: int
    column: int
    colours: tuple[str, str] = field(default=(LIGHT_BLUE, BLUE), repr=False)
    """That of the months, and of the last one."""

    @property
    def name(self) -> str:
        """The name that distinguishes it from other blocks."""
        return f"line{self.row}"


Block = Text | Table | Chart | Pivot | Button | Sparkline | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One worksheet: placed blocks, the widths of its columns in characters, and the marking on its pages.

    `section` is the id of the report's section that it belongs to.
    """

    name: str
    blocks: tuple[Block, ...]
    widths: tuple[float, ...]
    marking: str = ""
    is_wide: bool = True
    is_hidden: bool = False
    breaks: tuple[int, ...] = ()
    """The rows with which a new page begins."""
    section: str = field(default="", repr=False)  # kept out of the hash of what a copy shows

    @property
    def last_row(self) -> int:
        """The last row that a block takes."""
        return max((last_row(block) for block in self.blocks), default=0)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The worksheet's tables, from the top."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def pivots(self) -> tuple[Pivot, ...]:
        """The worksheet's pivot tables, from the top."""
        return tuple(block for block in self.blocks if isinstance(block, Pivot))


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """What a workbook says about itself.

    `is_final` protects every worksheet and recommends opening it read-only; `is_form` protects all but what is to be
    filled in. `accent` is the colour of titles.
    """

    title: str
    subject: str
    author: str
    date: dt.date
    marking: str
    is_final: bool
    is_form: bool = False
    accent: str = BLUE

    @property
    def is_protected(self) -> bool:
        """Whether its worksheets are, and so have neither names nor filters for a person to use."""
        return self.is_final or self.is_form


def down(*blocks: Text | Table | Chart) -> tuple[Text | Table | Chart, ...]:
    """Place blocks under one another from the first row: texts close together, a free row around anything else.

    A chart is given the table that it draws, where that is.
    """
    placed: list[Text | Table | Chart] = []
    row = 0
    for block in blocks:
        row += bool(placed) and not (isinstance(block, Text) and isinstance(placed[-1], Text))
        placed.append(replace(block, row=row))
        row += block.rows_high if isinstance(block, Chart) else block.height
    tables = {block.name: block for block in placed if isinstance(block, Table)}
    return tuple(of_placed(block, tables) if isinstance(block, Chart) else block for block in placed)


def of_placed(chart: Chart, tables: Mapping[str, Table]) -> Chart:
    """Return a chart with its table, and those of its series, as they are placed."""
    series = tuple(replace(each, table=each.table and tables.get(each.table.name, each.table)) for each in chart.series)
    return replace(chart, table=tables.get(chart.table.name, chart.table), series=series)


def heading_type(column: Column, table: Table) -> tuple[float, bool]:
    """Return the size of a heading's type, and whether it is bold."""
    if table.is_dense and column.style in NUMBERS:
        return POINTS[Style.SMALL_HEADING], False
    return measured.TEXT_POINTS, True


def last_row(block: Block) -> int:
    """Return the last row that a block takes."""
    if isinstance(block, Button | Sparkline | Picture):
        return block.row
    return block.row + (block.rows_high if isinstance(block, Chart) else block.height) - 1


def widths_of(*tables: Table, least: float = 10.0) -> tuple[float, ...]:
    """Return column widths that hold every table of a worksheet."""
    count = max(len(table.columns) for table in tables)
    return tuple(
        max([least, *(table.columns[i].width for table in tables if i < len(table.columns))]) for i in range(count)
    )


def _points(lines: int) -> float:
    return _POINTS_PER_LINE * lines + _POINTS_AROUND if lines > 1 else 0


def _lines(value: Value, column: Column) -> int:
    """Return how many lines a value takes in a wrapped cell of a column."""
    is_bold = column.style is Style.STATUS
    if not isinstance(value, str) or ("\n" not in value and measured.width(value, is_bold=is_bold) <= column.room):
        return 1
    return sum(1 for _ in measured.wrapped(value, column.room, is_bold=is_bold))
