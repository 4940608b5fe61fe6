"""A worksheet function as it is typed into a cell, led back to the rows and periods that it asks for."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from cdrp_xl.errors import ValueFoundError, quoted
from cdrp_xl.functions import load
from cdrp_xl.functions.cells import period_in
from cdrp_xl.functions.worksheet import described
from cdrp_xl.report.meant import CHANGE, COUNT, Meant

if TYPE_CHECKING:
    from pathlib import Path

    from cdrp_xl.functions import Figures
    from cdrp_xl.functions.worksheet import WorksheetFunction
    from cdrp_xl.periods import Period

_FORMULA = re.compile(r"=\s*(CDRP_\w+)\s*\((.*)\)\s*", re.IGNORECASE | re.DOTALL)
_PERIODS = ("period", "later", "earlier")


def is_formula(text: str) -> bool:
    """Return whether a text is a worksheet function with its arguments: ``=CDRP_COUNT("Arson")``."""
    return _FORMULA.fullmatch(text.strip()) is not None


def meant(folder: Path, text: str) -> tuple[str, list[Meant]]:
    """Return what a function answers from the counts of the last refresh, and the counts that it is made of.

    Parameters
    ----------
    folder
        The partnership's folder.
    text
        The formula, with texts and numbers as its arguments.

    Raises
    ------
    ValueFoundError
        If there is no such function, it takes other arguments, or it does not count offences in the partnership's area.
    CdrpError
        If it can't be answered.
    """
    found = _FORMULA.fullmatch(text.strip())
    name = found[1].upper() if found else ""
    function = described().get(name)
    given = _arguments(found[2]) if found else []
    if function is None or not function.takes(len(given)):
        takes = f"{name} takes {function.declared}." if function else "See docs/worksheet-functions.md."
        raise ValueFoundError(
            f"{quoted(text)} is not a function of cdrp-xl.", where="the figure asked about", remedy=takes
        )
    figures = load(folder)
    answer = function.asked([_number_or_text(each) for each in given], lambda: figures)
    if isinstance(answer, list):
        raise ValueFoundError(
            f"{name} answers with several cells.",
            where="the figure asked about",
            remedy="Ask for one of its figures, as with CDRP_COUNT.",
        )
    named = dict(zip((each.name for each in function.arguments), given, strict=False))
    return str(answer), _counts(function, named, figures)


def _arguments(text: str) -> list[str]:
    """Return the arguments of a formula: texts in quotation marks, separated by commas or semicolons."""
    if not text.strip():
        return []
    outside = re.sub(r'"[^"]*"', "", text)
    delimiter = ";" if ";" in outside else ","
    (row,) = csv.reader([text], delimiter=delimiter, skipinitialspace=True)
    return [each.strip() for each in row]


def _number_or_text(text: str) -> float | str:
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


def _counts(function: WorksheetFunction, given: dict[str, str], figures: Figures) -> list[Meant]:
    offence = given.get("offence", "")
    area = figures.area(given.get("area", ""))
    if not offence or given.get("locus") or given.get("flag") or area != figures.settings.partnership.area:
        raise ValueFoundError(
            f"{function.name} is explained only for an offence row or a priority in the partnership's area.",
            where="the figure asked about",
            remedy="Ask for the count that it is made of, as with CDRP_COUNT.",
        )
    title, rows = figures.row_named(offence)
    periods = _periods(given, figures, compares="later" in {each.name for each in function.arguments})
    what = COUNT if len(periods) == 1 else CHANGE
    return [Meant(name=title, what=what, row=row, periods=periods) for row in rows]


def _periods(given: dict[str, str], figures: Figures, *, compares: bool) -> tuple[Period, ...]:
    asked = {name: period_in(given[name]) for name in _PERIODS if given.get(name)}
    later = asked.get("later") or asked.get("period") or figures.quarter
    return (later, asked.get("earlier") or later.earlier()) if compares else (later,)
