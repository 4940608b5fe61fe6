"""Formulas in two grammars: Excel's English A1, and the one that UNO reads and writes.

UNO separates arguments with ``;``, the columns of a matrix with ``;`` and its rows with ``|``, and joins sheet and cell
with ``.``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cdrp_xl.addresses import CELL, COLUMN, QUOTED_SHEET, ROW, WHOLE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable

_STRING = r'"(?:[^"]|"")*"'
_SHEET, _PLAIN_SHEET = rf"(?:{QUOTED_SHEET}|[^\W\d][\w.]*)", rf"(?:{QUOTED_SHEET}|[^\W\d]\w*)"
_BRACKETED = r"\[(?:[^\[\]]|\[[^\]]*\])*\]"
_ERROR = r"#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)"
_REFERENCE = rf"(?:{CELL}|{COLUMN}(?=:)|{ROW}(?=:))"

_FROM_EXCEL = re.compile(
    rf"(?P<string>{_STRING})"
    rf"|(?P<error>{_ERROR})"
    rf"|(?P<sheet>{_SHEET}(?::{_SHEET})?)!(?P<rest>{_REFERENCE}|#REF!)?"
    rf"|(?P<columns>(?<![\w.$!:]){WHOLE_COLUMNS}(?![\w(.:]))"
    rf"|(?P<bracketed>{_BRACKETED})"
    r"|(?P<sign>[{},;])"
)
_TO_EXCEL = re.compile(
    rf"(?P<string>{_STRING})"
    rf"|(?P<error>{_ERROR})"
    rf"|\$?(?P<sheet>{_PLAIN_SHEET})\.(?={_REFERENCE}|#REF!)"
    rf"|:\$?(?P<end_sheet>{_PLAIN_SHEET})\.(?={_REFERENCE})"
    rf"|(?P<bracketed>{_BRACKETED})"
    r"|(?P<sign>[{}|;~])"
)


@lru_cache(maxsize=4096)
def to_uno(formula: str) -> str:
    """Return Excel's formula as UNO reads it; a text that is no formula comes back as it is.

    Examples
    --------
    >>> to_uno("=SUM('May 2011'!A1:B2,{1,2;3,4})")
    "=SUM($'May 2011'.A1:B2;{1;2|3;4})"
    """
    if not formula.startswith("="):
        return formula
    return _Converter(_FROM_EXCEL, _excel_token).convert(formula)


@lru_cache(maxsize=4096)
def to_excel(formula: str) -> str:
    """Return UNO's formula as Excel writes it; a text that is no formula comes back as it is.

    Examples
    --------
    >>> to_excel("=SUM($'May 2011'.A1:B2;{1;2|3;4})")
    "=SUM('May 2011'!A1:B2,{1,2;3,4})"
    """
    if formula.startswith("{=") and formula.endswith("}"):
        formula = formula[1:-1]
    if not formula.startswith("="):
        return formula
    return _Converter(_TO_EXCEL, _uno_token).convert(formula)


class _Converter:
    """One pass over a formula's tokens; knows whether it is inside a matrix constant."""

    def __init__(self, tokens: re.Pattern[str], rewrite: Callable[[re.Match[str], bool], str]) -> None:
        self._tokens = tokens
        self._rewrite = rewrite
        self._depth = 0

    def convert(self, formula: str) -> str:
        return self._tokens.sub(self._one, formula)

    def _one(self, match: re.Match[str]) -> str:
        sign = match["sign"]
        if sign == "{":
            self._depth += 1
        elif sign == "}":
            self._depth -= 1
        return self._rewrite(match, self._depth > 0)


def _excel_token(match: re.Match[str], in_matrix: bool) -> str:  # noqa: FBT001 - a callback's place
    if match["sheet"]:
        first, *last = _split_sheets(match["sheet"])
        span = f"${first}.{match['rest'] or ''}"
        # UNO writes a span over sheets as $Sheet1.A1:$Sheet3.A1.
        return f"{span}:${last[0]}.{match['rest'] or ''}" if last else span
    if match["bracketed"]:
        return match["bracketed"].replace(",", ";")
    if match["sign"] == ",":
        return ";"
    if match["sign"] == ";" and in_matrix:
        return "|"
    return match[0]


def _uno_token(match: re.Match[str], in_matrix: bool) -> str:  # noqa: FBT001 - a callback's place
    if match["sheet"]:
        return f"{match['sheet']}!"
    if match["end_sheet"]:
        return f":{match['end_sheet']}!"
    if match["bracketed"]:
        return match["bracketed"].replace(";", ",")
    return {";": ",", "|": ";" if in_matrix else "|", "~": ","}.get(match["sign"] or "", match[0])


def _split_sheets(sheets: str) -> list[str]:
    return re.findall(_SHEET, sheets)
