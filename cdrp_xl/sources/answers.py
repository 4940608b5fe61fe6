"""What a partner wrote into one cell of a form: read as the kind of answer that is asked for, or queried.

Nothing is guessed: what could mean two things is queried, with what was found and what is expected.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cdrp_xl.errors import quoted
from cdrp_xl.periods import MONTH_NAMES, Month
from cdrp_xl.returns import LONGEST_TEXT, Kind

if TYPE_CHECKING:
    from cdrp_xl.returns import AskedColumn
    from cdrp_xl.sources.spreadsheets import Cell


class Missing(StrEnum):
    """Why there is no answer in a cell."""

    BLANK = "blank"
    NOTHING = "nothing to report"
    NOT_AVAILABLE = "not available"
    QUERIED = "queried"


Answer = int | float | str | dt.date | Missing
"""A whole number, a share in per cent, a text, a day, or why there is none."""

NO_ANSWER = (Missing.BLANK, Missing.NOTHING, Missing.NOT_AVAILABLE)
"""What a row of a table without rows of its own holds throughout, if it holds nothing."""

EARLIEST = 1990
MOST_LINES = 10
"""Lines that someone may begin in a row of a table."""

_LONGEST_SHOWN = 60
_MARKS_ON_A_LETTER = 4
_ZERO = frozenset({"nil", "none", "zero", "nought"})
_NOTHING = frozenset({"nil", "none", "nothing", "nothing to report", "no", "-"})
_NOT_AVAILABLE = frozenset(
    {
        "n/a",
        "na",
        "n.a.",
        "n.a",
        "not available",
        "not applicable",
        "not known",
        "unknown",
        "not recorded",
        "[x]",
        "[z]",
    }
)
_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
_WHOLE_NUMBER = re.compile(
    r"([0-9]{1,12}|[0-9]{1,3}(?:[, ][0-9]{3})+)(?:[.,]0{0,2})?"
)  # 1.000 may be one, or a thousand
_SHARE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,12}))? ?(?:%|per cent)?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.]+)?")
_NUMBERS = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})")
_WORDS = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]+)\.?,?[ -]([0-9]{4}|[0-9]{2})")
_UNSHOWN = frozenset({"Cc", "Cs", "Co", "Cn"})
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """What was found in a cell, and what is expected there."""

    found: str
    expected: str


def read(cell: Cell | None, column: AskedColumn, *, today: dt.date) -> Answer | Misread:
    """Return the answer in a cell, or why it can't be used.

    Parameters
    ----------
    cell
        The cell as it is; None where it is blank.
    column
        What is asked for there.
    today
        No answer is dated after it.
    """
    if cell is None or (isinstance(cell.value, str) and not cell.value.strip() and not cell.is_formula):
        return Missing.BLANK
    wanted = expected(column, today)
    if cell.is_formula or cell.is_error:
        showed = f", which shows {shown(cell)}" if cell.value != "" else ""
        return Misread(found=f"a formula{showed}", expected=f"{wanted}, typed")
    if isinstance(cell.value, bool):
        return Misread(found=str(cell.value).upper(), expected=wanted)
    found = _READ[column.kind](cell, column, today)
    if found is not None:
        return found
    return Misread(found=shown(cell), expected=wanted)


def shown(cell: Cell) -> str:
    """Return what is in a cell, as a message says it."""
    if isinstance(cell.value, str):
        fault = _fault(cell.value)
        return f"{fault}, beginning {quoted(cut(cell.value))}" if fault else quoted(cut(cell.value))
    if isinstance(cell.value, dt.date):
        return f"the date {date_in_words(cell.value)}"
    return f"{cell.value * 100:.15g}%" if cell.is_percent else f"{cell.value:.15g}"


def cut(text: str) -> str:
    """Return a text on one line, a long one cut short."""
    line = "".join(sign if sign.isprintable() else " " for sign in " ".join(text[: 4 * _LONGEST_SHOWN].split()))
    return line if len(text) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}… ({len(text):,} characters)"


def date_in_words(day: dt.date) -> str:
    """Return a day as it is written: ``30 June 2011``."""
    return f"{day.day} {Month.of(day).name}"


def _text(cell: Cell, column: AskedColumn, _: dt.date) -> Answer | None:
    if isinstance(cell.value, dt.date):
        return date_in_words(cell.value)
    if not isinstance(cell.value, str):
        return shown(cell)
    text = re.sub(r"\r\n?|\u2028|\u2029", "\n", cell.value).strip()
    word = _word(text)
    if word in _NOTHING:
        return Missing.NOTHING
    if word in _NOT_AVAILABLE:
        return Missing.NOT_AVAILABLE
    return text if _fits(text, column) and not _fault(text) else None


def _whole(cell: Cell, column: AskedColumn, _: dt.date) -> Answer | None:
    number = _number(cell)
    if isinstance(number, Missing) or number is None:
        return number
    if isinstance(number, str):
        found = _WHOLE_NUMBER.fullmatch(number)
        number = float(re.sub("[, ]", "", found[1])) if found else -1.0
    return int(number) if number.is_integer() and 0 <= number <= column.most and not cell.is_percent else None


def _share(cell: Cell, _: AskedColumn, __: dt.date) -> Answer | None:
    number = _number(cell)
    if isinstance(number, Missing) or number is None:
        return number
    if isinstance(number, str):
        found = _SHARE.fullmatch(number)
        number = float(f"{found[1]}.{found[2] or 0}") if found else -1.0
    elif cell.is_percent:
        number = round(number * 100, 10)
    return number if 0 <= number <= 100 else None  # noqa: PLR2004 - per cent


def _year(cell: Cell, _: AskedColumn, today: dt.date) -> Answer | None:
    number = _number(cell)
    if isinstance(number, str) and number.isascii() and number.isdecimal() and len(number) == len("2011"):
        number = float(number)
    if isinstance(number, float):
        return int(number) if number.is_integer() and EARLIEST <= number <= today.year else None
    return number if isinstance(number, Missing) else None


def _day(cell: Cell, column: AskedColumn, today: dt.date) -> Answer | None:
    day = cell.value
    if isinstance(day, str):
        if _word(day) in _NOT_AVAILABLE:
            return Missing.NOT_AVAILABLE
        day = _written_day(" ".join(day.split())) or day
    earliest = column.earliest or dt.date(EARLIEST, 1, 1)
    return day if isinstance(day, dt.date) and earliest <= day <= today else None


def _choice(cell: Cell, column: AskedColumn, _: dt.date) -> Answer | None:
    word = _word(str(cell.value))
    fitting = [choice for choice in column.choices if word in {choice.casefold(), choice[0].casefold()}]
    return fitting[0] if len(fitting) == 1 else None


_READ = {
    Kind.TEXT: _text,
    Kind.WHOLE: _whole,
    Kind.SHARE: _share,
    Kind.YEAR: _year,
    Kind.DATE: _day,
    Kind.CHOICE: _choice,
}


def _number(cell: Cell) -> float | str | Missing | None:
    """Return the number of a cell, or its text with plain signs, or why there is none; None where it can be neither."""
    if isinstance(cell.value, dt.date):
        return None
    if not isinstance(cell.value, str):
        return cell.value if math.isfinite(cell.value) else None
    word = _word(cell.value)
    if word in _ZERO:
        return 0.0
    return Missing.NOT_AVAILABLE if word in _NOT_AVAILABLE else word


def _word(text: str) -> str:
    return " ".join(text.translate(_SIGNS).casefold().split()).removesuffix(".") or text.strip()


def _written_day(text: str) -> dt.date | None:
    if found := _ISO.fullmatch(text):
        return _valid(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(text):
        return _valid(_four_digits(found[3]), int(found[2]), int(found[1]))
    if found := _WORDS.fullmatch(text):
        word = found[2].casefold()
        named = (number for number, name in enumerate(MONTH_NAMES, 1) if word in {name.casefold(), name[:3].casefold()})
        return _valid(_four_digits(found[3]), next(named, 0), int(found[1]))
    return None


def _four_digits(year: str) -> int:
    return int(year) if len(year) > len("11") else 2000 + int(year)


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _fits(text: str, column: AskedColumn) -> bool:
    """Return whether a row of a table can show a text; one on its own has as many rows as it needs."""
    return column.longest == LONGEST_TEXT or (len(text) <= column.longest and text.count("\n") < MOST_LINES)


def _fault(text: str) -> str:
    """Return what is wrong with a text, empty where nothing is."""
    length = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if length > LONGEST_TEXT:
        return f"{length:,} characters"
    if odd := [sign for sign in text if unicodedata.category(sign) in _UNSHOWN and sign not in "\n\t"]:
        return f"a character that can't be shown (U+{ord(odd[0]):04X})"
    if turns := _TURNS & set(text):
        return f"a character that reverses the direction of what follows (U+{ord(min(turns)):04X})"
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) in {"Mn", "Me"} else 0
        if marks > _MARKS_ON_A_LETTER:
            return "a letter with too many marks on it"
    return ""


def expected(column: AskedColumn, today: dt.date) -> str:
    """Return what is expected in the cells of a column, in words."""
    match column.kind:
        case Kind.TEXT:
            lines = "" if column.longest == LONGEST_TEXT else f" on {MOST_LINES} lines"
            return f"words, at most {column.longest:,} characters{lines}"
        case Kind.WHOLE:
            return f"a whole number from 0 to {column.most:,}; 0 if there were none, n/a if it is not known"
        case Kind.SHARE:
            return "a share in per cent from 0 to 100, such as 10 or 10.5"
        case Kind.YEAR:
            return f"a year from {EARLIEST} to {today.year}"
        case Kind.DATE:
            since = f"not before {date_in_words(column.earliest)} and " if column.earliest else ""
            return f"a day such as 30/06/2011, {since}not after {date_in_words(today)}"
        case Kind.CHOICE:
            return " or ".join(column.choices)
