"""Values of a block of cells, written and read back in one call each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from cdrp_xl.styles import Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xlwings as xw

    Rows = list[list[Any]]

_NOT_WORDS = frozenset({Style.COUNT, Style.CHANGE, Style.APPARENT_CHANGE, Style.DATE, Style.LINK})
_TEXT = "@"


def read(cells: xw.Range) -> Rows:
    """Return a block's values, row by row."""
    values: Rows = cells.options(ndim=2).value
    return values


def put(
    cells: xw.Range, values: Sequence[Sequence[Any]], styles: Sequence[Style], *, has_headings: bool = False
) -> None:
    """Write a block in one call; words stay words, whatever they begin with."""
    is_text = [_is_text(cells[has_headings:, i], style) for i, style in enumerate(styles)]
    top = [False] * len(styles) if has_headings else is_text
    cells.value = [
        [_guarded(value, is_text=kept) for value, kept in zip(row, is_text if number else top, strict=True)]
        for number, row in enumerate(values)
    ]


def _is_text(column: xw.Range, style: Style) -> bool:
    """Return whether a column's cells take text as it is; those of words are made so."""
    number_format = column.number_format
    if number_format == _TEXT:
        return True
    if style in _NOT_WORDS:
        return False
    column.number_format = _TEXT
    return True


def _guarded(value: Any, *, is_text: bool) -> Any:
    """Return a value as it is written: before text an apostrophe, which no cell shows, where it might turn."""
    if isinstance(value, str) and value:
        return value if is_text else f"'{value}"
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a cell has no time zone
    return value


def plain(value: Any) -> Any:
    """Return a value in the one form in which what is written and what is read back are compared."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a cell has no time zone
    return float(value) if isinstance(value, int) else value


def all_plain(rows: Rows) -> Rows:
    """Return rows of values in that form."""
    return [[plain(value) for value in row] for row in rows]
