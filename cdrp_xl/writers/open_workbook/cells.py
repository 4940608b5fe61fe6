"""Values of a block of cells, written and read back in one call each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from cdrp_xl.styles import Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xlwings as xw

    Rows = list[list[Any]]

_FIGURES = frozenset({Style.COUNT, Style.CHANGE, Style.APPARENT_CHANGE, Style.MEAN, Style.RATE, Style.DATE})
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
    """Return whether a column's cells take text as it is; those of words are made so, and those of figures not."""
    is_text = column.number_format == _TEXT
    if is_text and style in _FIGURES:
        column.number_format = "General"  # or a figure would become text, which no chart draws
        return False
    if not is_text and style not in _FIGURES and style is not Style.LINK:
        column.number_format = _TEXT
        return True
    return is_text


def _guarded(value: Any, *, is_text: bool) -> Any:
    """Return a value as it is written: before text an apostrophe, which no cell shows, where it might turn."""
    if isinstance(value, str) and value:
        return value if is_text and not value.startswith("'") else f"'{value}"
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a cell has no time zone
    return value


def plain(value: Any) -> Any:
    """Return a value in the one form in which what is written and what is read back are compared."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a cell has no time zone
    # A workbook keeps 15 digits of a number.
    return float(f"{value:.15g}") if isinstance(value, int | float) else value


def all_plain(rows: Rows) -> Rows:
    """Return rows of values in that form."""
    return [[plain(value) for value in row] for row in rows]
