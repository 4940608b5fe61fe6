"""What worksheet functions are given and give back: single cells and blocks of them, read as an analyst means them."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from types import MappingProxyType
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError, CdrpError, ValueFoundError, quoted
from cdrp_xl.periods import FORMS, Month, Period

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Cell = str | float | dt.date | None
"""What one cell holds; an error in a cell is its text, such as ``#N/A``."""

Block = list[list[Cell]] | tuple[tuple[Cell, ...], ...]
Cells = Cell | Block
Answer = Cell | list[list[Cell]]

MOST_CELLS = 200_000
"""Cells that one call answers at most: whole columns are handed over by a slip of the hand."""

_WHERE = "the formula"
_NOTHING: Mapping[tuple[Cell, ...], Cell] = MappingProxyType({})
_EXCEL_DAY_0 = dt.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 110_000  # 1954 to 2201: smaller numbers are years, or slips


def each(function: Callable[..., Cell], *arguments: Cells, known: Mapping[tuple[Cell, ...], Cell] = _NOTHING) -> Answer:
    """Return a function's answer for every cell of the blocks among its arguments, single values going with each.

    A block of one row or one column goes with every row or column of the others. In a block a cell that can't be
    answered says why, and the others are answered all the same. What is `known` by its arguments is not asked.

    Raises
    ------
    CannotBeComputedError
        If the blocks are of unequal size, or too large.
    """
    blocks = [argument for argument in arguments if isinstance(argument, list | tuple)]
    if not blocks:
        return function(*arguments)
    rows, columns = _size(blocks)
    spread = [_spread(argument, rows, columns) for argument in arguments]
    answers = [
        _answer_or_reason(function, cells) if (answer := known.get(cells)) is None else answer
        for cells in zip(*spread, strict=True)
    ]
    if columns == 1:
        return [[answer] for answer in answers]
    return [answers[at : at + columns] for at in range(0, rows * columns, columns)]


def each_row(function: Callable[..., tuple[Cell, ...]], *arguments: Cells) -> list[list[Cell]]:
    """Return a function's answers of several cells side by side, one row for every row of the arguments' columns.

    Raises
    ------
    CannotBeComputedError
        If a block has several columns, or the blocks are of unequal height.
    """
    blocks = [argument for argument in arguments if isinstance(argument, list | tuple)]
    rows, columns = _size(blocks)
    if columns > 1:
        raise CannotBeComputedError(
            f"The range has {columns:,} columns, and the answer needs the cells beside it.",
            where=_WHERE,
            remedy="Give one column of cells.",
        )
    spread = [_spread(argument, rows, columns) for argument in arguments]
    answers = [_row_or_reason(function, cells, alone=not blocks) for cells in zip(*spread, strict=True)]
    width = max(len(answer) for answer in answers)
    return [[*answer, *[""] * (width - len(answer))] for answer in answers]


def listed(argument: Cells) -> list[Cell]:
    """Return the cells of an argument that are not empty, row by row."""
    cells = itertools.chain.from_iterable(argument) if isinstance(argument, list | tuple) else [argument]
    return [cell for cell in cells if not is_empty(cell)]


def is_empty(cell: Cell) -> bool:
    """Return whether a cell holds nothing but spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_in(cell: Cell, *, what: str) -> str:
    """Return a text that an argument must be, empty where nothing is given; refuse a number, a date or an error."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        _check_error(cell)
        return cell.strip()
    raise ValueFoundError(f"{shown(cell)} is not {what}.", where=_WHERE, remedy="Give a text.")


def count_in(cell: Cell, *, what: str) -> int:
    """Return a count that an argument must be: a whole number, 0 or more."""
    number = number_in(cell, what=what)
    if number < 0 or number != int(number):
        raise ValueFoundError(
            f"{number:g} is not {what}: counts are whole numbers, 0 or more.", where=_WHERE, remedy="Give a count."
        )
    return int(number)


def number_in(cell: Cell, *, what: str) -> float:
    """Return a number that an argument must be, refuse a text, a date, an error or nothing."""
    if isinstance(cell, str):
        _check_error(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and math.isfinite(cell):
        return cell
    if is_empty(cell):
        raise ValueFoundError(f"The cell for {what} is empty.", where=_WHERE, remedy="Give a number.")
    raise ValueFoundError(f"{shown(cell)} is not a number: {what} must be one.", where=_WHERE, remedy="Give a number.")


def one(argument: Cells, *, what: str) -> Cell:
    """Return the one cell of an argument that can't be several, empty where none holds anything."""
    cells = listed(argument)
    if len(cells) > 1:
        raise ValueFoundError(
            f"{what[0].upper()}{what[1:]} is {len(cells):,} cells, and can only be one.",
            where=_WHERE,
            remedy="Give one cell, and copy the formula down for the others.",
        )
    return cells[0] if cells else ""


def sentence(refused: CdrpError) -> str:
    """Return a refusal as a cell shows it: what happened and what to do, without the place."""
    return f"{refused.what} {refused.remedy}"


def period_in(cell: Cell) -> Period:
    """Return the period that a cell names: as text, or as any day of a month, which a spreadsheet makes of ``Apr-11``.

    Raises
    ------
    ValueFoundError
        If it names none.
    """
    if isinstance(cell, str):
        _check_error(cell)
        return Period.parse(cell)
    if isinstance(cell, dt.date):
        return _month_of(cell)
    if isinstance(cell, (int, float)) and _FIRST_SERIAL <= cell <= _LAST_SERIAL:
        return _month_of(_EXCEL_DAY_0 + dt.timedelta(days=int(cell)))
    raise ValueFoundError(f"{shown(cell)} is not a period.", where=_WHERE, remedy=f"Write it as {FORMS}.")


def shown(cell: Cell) -> str:
    """Return a cell's value as a message names it."""
    if is_empty(cell):
        return "An empty cell"
    if isinstance(cell, dt.date):
        return f"{cell:%d/%m/%Y}"
    return quoted(cell) if isinstance(cell, str) else f"{cell:g}"


def _size(blocks: Sequence[Block]) -> tuple[int, int]:
    heights, widths = {len(block) for block in blocks} - {1}, {len(block[0]) for block in blocks} - {1}
    if len(heights) > 1 or len(widths) > 1:
        sizes = " and ".join(f"{len(block):,} by {len(block[0]):,}" for block in blocks)
        raise CannotBeComputedError(
            f"The ranges are of unequal size ({sizes} cells).",
            where=_WHERE,
            remedy="Give ranges of the same height and width; one row, one column or one cell goes with any.",
        )
    rows, columns = max(heights, default=1), max(widths, default=1)
    if rows * columns > MOST_CELLS:
        raise CannotBeComputedError(
            f"The range has {rows * columns:,} cells, more than the {MOST_CELLS:,} that one formula answers.",
            where=_WHERE,
            remedy="Give the cells that hold something, not whole columns.",
        )
    return rows, columns


def _spread(argument: Cells, rows: int, columns: int) -> itertools.chain[Cell] | itertools.repeat[Cell]:
    """Return an argument's cells, row by row, as if it were of the full size."""
    if not isinstance(argument, list | tuple):
        return itertools.repeat(argument, rows * columns)
    across = argument if columns == 1 else [[row[0]] * columns if len(row) == 1 else row for row in argument]
    across = across * rows if len(across) == 1 else across
    return itertools.chain.from_iterable(across)


def _answer_or_reason(function: Callable[..., Cell], arguments: tuple[Cell, ...]) -> Cell:
    try:
        return function(*arguments)
    except CdrpError as refused:
        return sentence(refused)


def _row_or_reason(
    function: Callable[..., tuple[Cell, ...]], cells: tuple[Cell, ...], *, alone: bool
) -> tuple[Cell, ...]:
    try:
        return function(*cells)
    except CdrpError as refused:
        if alone:
            raise
        return (sentence(refused),)


def _month_of(day: dt.date) -> Period:
    month = Month.of(day)
    return Period(month, month)


def _check_error(text: str) -> None:
    if text.startswith("#"):
        raise ValueFoundError(
            f"A cell that the formula looks at holds the error {text}.", where=_WHERE, remedy="Correct that cell first."
        )
