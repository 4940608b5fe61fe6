"""What a worksheet is made of: texts, tables, charts and inputs, described first and then placed on the grid.

Rows and columns count from 0. A block knows its place and its words; it never computes a figure.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from cdrp_xl.styles import Style

Value = str | int | float | dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One cell of words, with the name under which a refresh finds it again, and the worksheet that it links to.

    Without a name it is written once, and no refresh looks for it.
    """

    name: str
    value: Value
    style: Style = Style.LINE
    link: str = ""
    row: int = 0
    column: int = 0

    @property
    def height(self) -> int:
        """Rows that the block takes."""
        return 1


class Allows(StrEnum):
    """What may be typed into a cell."""

    TEXT = "text"
    WHOLE = "whole number"
    DECIMAL = "number"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What may be typed into a column's cells, and what a spreadsheet program says of it.

    `prompt` is said where the cell is entered (255 characters at most), and where something else is typed. Words that
    stand in place of a figure are in `instead`.
    """

    allows: Allows
    prompt: str
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table: its heading and what its cells are, and what may be typed into them."""

    heading: str
    style: Style
    width: float
    """In characters of the default font."""
    lines: int = 1
    """How many lines high its cells are at least."""
    entry: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with one heading row. Its name is that of the Excel table, one in the workbook.

    `links` names, for each row, the worksheet that its first cell links to; empty where nothing is linked.
    `inputs` are the headings of the columns in which the analyst types.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    links: tuple[str, ...] = ()
    inputs: frozenset[str] = frozenset()
    row: int = 0
    column: int = 0

    @property
    def height(self) -> int:
        """Rows that the block takes: the heading row and at least one more."""
        return 1 + max(len(self.rows), 1)

    def column_of(self, heading: str) -> int:
        """Return the worksheet's column in which a heading stands."""
        return self.column + [column.heading for column in self.columns].index(heading)


class SeriesKind(StrEnum):
    """How a series is drawn."""

    COLUMNS = "columns"
    LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series of a chart: the column of its table, how it is drawn and in which colour."""

    heading: str
    kind: SeriesKind
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart of a table on the same worksheet, with the text that stands for it where it can't be seen.

    Width and height are in pixels at 96 to the inch.
    """

    name: str
    table: Table
    categories: str
    series: tuple[Series, ...]
    title: str
    across: str
    up: str
    alt_text: str
    row: int = 0
    column: int = 0
    width: int = 640
    height: int = 340


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button of the master, what stands on it and the macro that it runs.

    `left` is its distance from the left of its column; lengths are in pixels at 96 to the inch.
    """

    caption: str
    macro: str
    row: int = 0
    column: int = 0
    left: int = 0
    width: int = 130
    height: int = 32

    @property
    def name(self) -> str:
        """The name by which it is told from other blocks."""
        return f"btn{self.macro}"


Block = Text | Table | Chart | Button


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One worksheet: placed blocks, and the widths of its columns in characters."""

    name: str
    blocks: tuple[Block, ...]
    widths: tuple[float, ...]
    tab_colour: str = ""
    is_wide: bool = True
    is_hidden: bool = False

    @property
    def tables(self) -> tuple[Table, ...]:
        """The worksheet's tables, from the top."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


def down(*blocks: Text | Table) -> tuple[Text | Table, ...]:
    """Place texts and tables under one another from the first row: texts close together, a free row around a table."""
    placed: list[Text | Table] = []
    row = 0
    for block in blocks:
        row += bool(placed) and not (isinstance(block, Text) and isinstance(placed[-1], Text))
        placed.append(replace(block, row=row))
        row += block.height
    return tuple(placed)


def widths_of(*tables: Table, least: float = 10.0) -> tuple[float, ...]:
    """Return column widths that hold every table of a worksheet."""
    count = max(len(table.columns) for table in tables)
    return tuple(
        max([least, *(table.columns[i].width for table in tables if i < len(table.columns))]) for i in range(count)
    )
