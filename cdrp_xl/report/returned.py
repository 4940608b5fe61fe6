"""What partners returned, as the report shows it: frozen, every word and figure as it is on a worksheet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdrp_xl.terms import Marking

Shown = str | int | float | dt.date | None
"""What is in a cell: a figure, words, or a symbol where there is none."""


class Unit(StrEnum):
    """What the figures of a column are; a share is a fraction, shown in per cent."""

    WORDS = "words"
    COUNT = "count"
    SHARE = "share"
    POINTS = "percentage points"
    DATE = "date"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedColumn:
    """One column: its heading and what its figures are; `is_drawn` where a chart shows it."""

    heading: str
    unit: Unit
    is_drawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedTable:
    """One question's answers, with what was worked out from them.

    Partners see it unless there is an `aside`, which says why not. If it `is_monthly`, its counts run over the months.
    """

    key: str
    title: str
    columns: tuple[ReturnedColumn, ...]
    rows: tuple[tuple[Shown, ...], ...]
    chart_alt_text: str = ""
    aside: str = ""
    is_monthly: bool = False

    @property
    def drawn(self) -> tuple[int, ...]:
        """The rows of which every figure is known, so that each can be drawn; none where nothing is."""
        columns = [i for i, column in enumerate(self.columns) if column.is_drawn]
        known = [all(isinstance(row[i], int) for i in columns) for row in self.rows]
        return tuple(number for number, is_known in enumerate(known) if is_known and columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedText:
    """One question's answer in words; `aside` as above."""

    key: str
    title: str
    text: str
    aside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnSection:
    """One return: whose it is, its state, and its answers; `parts` are there whether or not it came."""

    key: str
    title: str
    agency: str
    has_come: bool
    status: str
    marking: Marking
    parts: tuple[ReturnedTable | ReturnedText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLine:
    """The state of one return, with its dates."""

    title: str
    agency: str
    state: str
    due: dt.date
    returned_on: dt.date | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One area of concern, and what is recommended."""

    title: str
    concern: str
    recommendation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """One thing in a return that may identify a person, by a mark; `accepted` says why it may stay."""

    mark: str
    what: str
    where: str
    excerpt: str
    accepted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """All that partners returned for the quarter."""

    intro: str
    finding: str
    lines: tuple[ReturnLine, ...]
    sections: tuple[ReturnSection, ...]
    concerns: tuple[Concern, ...]
    publicity: tuple[tuple[str, str], ...]
    warnings: tuple[Warned, ...]
