"""Values of a block of cells, written and read back in one call each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from cdrp_xl.writers.existing_workbook import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xlwings as xw

    Rows = list[list[Any]]

_TEXT, _GENERAL = "@", "General"
_TURNING = frozenset("=+-@'#")
_LONGEST_DATE = 20


def read(cells: xw.Range) -> Rows:
    """Return a block's values, row by row."""
    values: Rows = cells.options(ndim=2).value
    return values


def put(cells: xw.Range, values: Sequence[Sequence[Any]]) -> None:
    """Write a block of the range's own size in one call; words stay words, whatever they begin with."""
    is_text = [_is_text(cells[:, i], [row[i] for row in values]) for i in range(len(values[0]))]
    prepared = cells.sheet.book.app.engine.impl.prepare_xl_data_element
    # Straight to the engine: xlwings would ask for the range's size and worksheet in a dozen calls of its own.
    cells.raw_value = [
        [prepared(_guarded(value, is_text=kept), {}) for value, kept in zip(row, is_text, strict=True)]
        for row in values
    ]


def take_figures(column: xw.Range) -> None:
    """Let a column that the analyst made one of texts take figures again: no chart draws a figure that is a text."""
    if column.number_format == _TEXT:
        column.number_format = _GENERAL


def _is_text(column: xw.Range, values: Sequence[Any]) -> bool:
    """Return whether all cells of a column take text as it is; asked only where a text might turn into more."""
    return any(isinstance(value, str) and _might_turn(value) for value in values) and column.number_format == _TEXT


def _might_turn(text: str) -> bool:
    """Return whether a program may take a text for a formula, a number, a date or a truth."""
    if text[:1] in _TURNING or text.upper() in {"TRUE", "FALSE"}:
        return True
    return any(map(str.isdigit, text)) and (not text[0].isalpha() or len(text) <= _LONGEST_DATE)


def _guarded(value: Any, *, is_text: bool) -> Any:
    """Return a value as it is written: before text an apostrophe, which no cell shows, where it might turn."""
    if isinstance(value, str) and value and _might_turn(value):
        return value if is_text and not value.startswith("'") else f"'{value}"
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a cell has no time zone
    return value


def all_plain(rows: Rows) -> Rows:
    """Return rows of values in that form."""
    return [[plain(value) for value in row] for row in rows]
