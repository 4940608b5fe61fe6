"""The period that a cell of a table gives, and whether a column's periods can be distinguished from slips."""

from __future__ import annotations

import datetime as dt
import re

from cdrp_xl.errors import CdrpError, ValueFoundError, quoted
from cdrp_xl.periods import FORMS, Month, Period
from cdrp_xl.sources.grids import plain

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00:00(?:\.0+)?)?")
_YEAR_AND_NUMBER = re.compile(r"\d{4}-\d{2}(?:[ \-,]*Q[1-4])?", re.IGNORECASE)
_MONTH = "month"


class Periods:
    """The periods of a column, each text read once.

    Where the heading is not "Month", months written "2012-11" beside financial years written "2010-11" are refused: one
    may be the other, mistyped.
    """

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], Period] = {}
        self._written: dict[bool, str] = {}  # the first month in digits, and the first text with a financial year

    def read(self, text: str, heading: str, where: str) -> Period:
        """Return the period that a cell of the column gives."""
        if (text, heading) not in self._read:
            period = period_in_cell(text, heading, where)
            if _YEAR_AND_NUMBER.fullmatch(text) and not _is_month(heading):
                self._check_apart(text, period, where)
            self._read[text, heading] = period
        return self._read[text, heading]

    def _check_apart(self, text: str, period: Period, where: str) -> None:
        self._written.setdefault(period.first == period.last, text)
        if len(self._written) > 1:
            month = Month.parse(self._written[True])
            raise ValueFoundError(
                f"{quoted(self._written[True])} is read as {month.name}, but {quoted(self._written[False])} as a year.",
                where=where,
                remedy=f"Correct the one that is mistyped; if neither is, write the month as {quoted(str(month))}.",
            )


def period_in_cell(text: str, heading: str, where: str) -> Period:
    """Return the period that a cell gives; under "Month", "2011-12" is December, elsewhere it is the financial year."""
    if not text:
        raise ValueFoundError("The period is blank.", where=where, remedy=f"Write it as {FORMS}.")
    if date := _DATE.fullmatch(text):
        return _month_of_date(text, date, where)
    readers = (_one_month, Period.parse) if _is_month(heading) else (Period.parse,)
    for reader in readers:
        try:
            return reader(text)
        except CdrpError:
            continue
    raise ValueFoundError(f"{quoted(text)} is not a period.", where=where, remedy=f"Write it as {FORMS}.")


def _is_month(heading: str) -> bool:
    return plain(heading).removesuffix(":") == _MONTH


def _one_month(text: str) -> Period:
    month = Month.parse(text)
    return Period(month, month)


def _month_of_date(text: str, date: re.Match[str], where: str) -> Period:
    """Return the month that a date means: a workbook keeps "Apr-11" as the first of April."""
    try:
        day = dt.date(int(date[1]), int(date[2]), int(date[3]))
    except ValueError:
        day = None
    month = Month.of(day) if day else None
    if month is None or day not in {month.first_day, month.last_day}:
        raise ValueFoundError(
            f"{quoted(text)} is not a month: a date means one only if it is its first or last day.",
            where=where,
            remedy='Write the month, as "Apr-11".',
        )
    return Period(month, month)
