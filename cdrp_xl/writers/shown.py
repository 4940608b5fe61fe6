"""Figures, dates and texts as a worksheet shows them: number formats put into words, and lines of a text joined."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from cdrp_xl.periods import Month
from cdrp_xl.sheets import Text
from cdrp_xl.styles import COUNT_FORMAT

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from cdrp_xl.sheets import Block, Sparkline, Value

_SECTION = re.compile(r"(?:\[>=(?P<least>[\d.]+)\])?(?P<sign>[+-] ?)?(?P<comma>#,##)?0(?P<places>\.0+)?(?P<share>%)?")


def figure(value: float, number_format: str) -> str:
    """Return a figure as a cell of this number format shows it.

    Parameters
    ----------
    value
        The figure.
    number_format
        One of those in `styles`: for positive, negative and zero figures, or by a least figure.
    """
    sections = [found for part in number_format.split(";") if (found := _SECTION.fullmatch(part))]
    first = sections[0]
    if first["least"]:
        return _shown(value, first if value >= float(first["least"]) else sections[-1])
    if value == 0:
        return _shown(value, sections[-1])
    if value < 0 and len(sections) > 1:
        return _shown(-value, sections[1])
    return _shown(value, first)


def _shown(value: float, section: re.Match[str]) -> str:
    """Return a figure as one section of a format shows it, halves rounded up as spreadsheet programs do."""
    places = len(section["places"] or ".") - 1
    exact = Decimal(repr(value)) * (100 if section["share"] else 1)
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    comma = "," if section["comma"] else ""
    return f"{section['sign'] or ''}{rounded:{comma}f}{section['share'] or ''}"


def date(day: dt.date) -> str:
    """Return a date as a cell shows it."""
    return f"{day.day} {Month.of(day).name}"


def months(line: Sparkline) -> list[tuple[str, float | None]]:
    """Return what a small chart draws: each month with its figure, None where a symbol is in the place of one."""
    at = line.table.column_of(line.heading) - line.table.column
    return [(str(row[0]), _number(row[at])) for row in line.table.rows]


def ends(line: Sparkline) -> str:
    """Return a small chart in words: what it is of, and its first and its last figure."""
    at = line.table.column_of(line.heading) - line.table.column
    said = [f"{row[0]} {_as_text(row[at])}" for row in (line.table.rows[0], line.table.rows[-1])]
    return f"{line.heading}: {' to '.join(said)}"


def _as_text(value: Value) -> str:
    number = _number(value)
    return str(value) if number is None else figure(number, COUNT_FORMAT)


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def texts(blocks: Sequence[Block]) -> list[Text]:
    """Return the texts among some blocks, the lines of each joined to one."""
    found: list[Text] = []
    for block in blocks:
        if isinstance(block, Text) and block.goes_on:
            found[-1] = replace(found[-1], value=f"{found[-1].value} {block.value}")
        elif isinstance(block, Text):
            found.append(block)
    return found
