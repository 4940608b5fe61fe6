"""Months, quarters, financial years and the other periods that a report compares.

A financial year runs from April to March and is written ``2011-12``; its quarters are ``2011-12 Q1`` (April to
June) to ``2011-12 Q4`` (January to March).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError, ValueFoundError, name_some

if TYPE_CHECKING:
    from collections.abc import Iterable

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
FORMS = (
    '"2011-12 Q1", "Q1 2011-12", "2011-12", "2011/12", "Apr-11", "April 2011", "Apr-11 to Jun-11", '
    '"year ending June 2011" or "year to date June 2011"'
)

_APRIL = 4
_MONTHS_IN_YEAR = 12
_MONTHS_IN_QUARTER = 3
_TWO_DIGITS = 100
_YEARS = range(1900, 2200)  # a year outside is a slip of the hand
_CENTURY_TURNS = 70  # "69" is 2069, "70" is 1970, as spreadsheets read them


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One calendar month."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Return the month that a text names: ``2011-04``, ``Apr-11``, ``April 2011`` or ``04/2011``.

        Raises
        ------
        ValueFoundError
            If the text is none of these.
        """
        found = _month(text.strip())
        if found is None:
            raise ValueFoundError(
                f'"{text}" is not a month.', where="a month", remedy='Write it as "2011-04", "Apr-11" or "April 2011".'
            )
        return found

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """Return the month in which a day lies."""
        return cls(day.year, day.month)

    @classmethod
    def at(cls, index: int) -> Month:
        """Return the month at a position in the count of all months (see `index`)."""
        return cls(index // _MONTHS_IN_YEAR, index % _MONTHS_IN_YEAR + 1)

    @property
    def index(self) -> int:
        """The month's position in the count of all months, so that months can be subtracted."""
        return self.year * _MONTHS_IN_YEAR + self.month - 1

    @property
    def first_day(self) -> dt.date:
        """The first day of the month."""
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        """The last day of the month."""
        return (self + 1).first_day - dt.timedelta(days=1)

    @property
    def name(self) -> str:
        """The month in words: ``April 2011``."""
        return f"{MONTH_NAMES[self.month - 1]} {self.year}"

    def __add__(self, months: int) -> Month:
        return Month.at(self.index + months)

    def __str__(self) -> str:
        """Return the form of the tables: ``Apr-11``."""
        return f"{MONTH_NAMES[self.month - 1][:3]}-{self.year % _TWO_DIGITS:02d}"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A run of whole months, from the first to the last, both included."""

    first: Month
    last: Month

    def __hash__(
        self,
    ) -> int:  # thousands of counts are kept by period: a third of what is usual
        return hash((self.first.year, self.first.month, self.last.year, self.last.month))

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueFoundError(
                f"The period ends ({self.last}) before it begins ({self.first}).",
                where="a period",
                remedy="Write the earlier month first.",
            )

    @classmethod
    def parse(cls, text: str) -> Period:
        """Return the period that a text names.

        Parameters
        ----------
        text
            A quarter, a financial year, a month, a range of months, a year ending or a year to date, in any of the
            forms that the field uses. ``2011-12`` is the financial year, not December 2011; ``2011-04`` is April.

        Raises
        ------
        ValueFoundError
            If the text is none of these.

        Examples
        --------
        >>> Period.parse("Q1 2011/12").name
        '2011-12 Q1'
        >>> Period.parse("year ending June 2011").months_count
        12
        """
        plain = " ".join(text.strip().split())
        for read in (_quarter, _financial_year, _one_month, _range, _year_ending, _year_to_date):
            found = read(plain)
            if found is not None:
                return found
        raise ValueFoundError(f'"{text}" is not a period.', where="a period", remedy=f"Write it as {FORMS}.")

    @property
    def months(self) -> tuple[Month, ...]:
        """The months of the period, in order."""
        return tuple(self.first + i for i in range(self.months_count))

    @property
    def months_count(self) -> int:
        """How many months the period has."""
        return self.last.index - self.first.index + 1

    @property
    def first_day(self) -> dt.date:
        """The first day of the period."""
        return self.first.first_day

    @property
    def last_day(self) -> dt.date:
        """The last day of the period."""
        return self.last.last_day

    @property
    def is_quarter(self) -> bool:
        """Whether the period is a quarter of a financial year."""
        return self.months_count == _MONTHS_IN_QUARTER and self.first.month % _MONTHS_IN_QUARTER == 1

    @property
    def is_financial_year(self) -> bool:
        """Whether the period is a whole financial year."""
        return self.months_count == _MONTHS_IN_YEAR and self.first.month == _APRIL

    @property
    def name(self) -> str:
        """The period's short name: ``2011-12 Q1``, ``2011-12``, ``Apr-11``, else ``Apr-11 to Aug-11``."""
        if self.is_quarter:
            return f"{_year_name(_year_of(self.first))} Q{_quarter_of(self.first)}"
        if self.is_financial_year:
            return _year_name(self.first.year)
        return self.heading

    @property
    def heading(self) -> str:
        """The period as a table's heading: ``Apr-11 to Jun-11``, or ``Apr-11`` for one month."""
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"

    @property
    def words(self) -> str:
        """The period in words: ``April to June 2011``, ``October 2010 to March 2011``."""
        if self.first == self.last:
            return self.first.name
        first = MONTH_NAMES[self.first.month - 1]
        return f"{first if self.first.year == self.last.year else self.first.name} to {self.last.name}"

    def earlier(self, years: int = 1) -> Period:
        """Return the same months so many years before."""
        return Period(self.first + -_MONTHS_IN_YEAR * years, self.last + -_MONTHS_IN_YEAR * years)

    def previous_quarter(self) -> Period:
        """Return the three months before the period: of a quarter, the quarter before it."""
        return Period(self.first + -_MONTHS_IN_QUARTER, self.first + -1)

    def same_months_of(self, year: Period) -> Period:
        """Return the months of a financial year that match this period's months.

        Raises
        ------
        CannotBeComputedError
            If `year` is not a financial year, or this period reaches across two of them.
        """
        begins = Month(_year_of(self.first), _APRIL)
        moved = Period(self.first + (year.first.index - begins.index), self.last + (year.first.index - begins.index))
        if not year.is_financial_year or moved not in year:
            raise CannotBeComputedError(
                f"{self.heading} has no matching months in {year.name}.",
                where=f"the baseline {year.name}",
                remedy="Compare a month, a quarter or a year to date with one financial year.",
            )
        return moved

    def __contains__(self, other: Period) -> bool:
        return self.first <= other.first and other.last <= self.last

    def __str__(self) -> str:
        return self.name


def quarter(financial_year: int, number: int) -> Period:
    """Return quarter 1 to 4 of the financial year that begins in April of `financial_year`."""
    first = Month(financial_year, _APRIL) + _MONTHS_IN_QUARTER * (number - 1)
    return Period(first, first + (_MONTHS_IN_QUARTER - 1))


def named_quarter(text: str) -> Period | None:
    """Return the quarter of a financial year that a text names, None where it names none."""
    try:
        found = Period.parse(text)
    except ValueFoundError:
        return None
    return found if found.is_quarter else None


def financial_year(begins: int) -> Period:
    """Return the financial year that begins in April of the year `begins`."""
    return Period(Month(begins, _APRIL), Month(begins + 1, _APRIL - 1))


def financial_year_of(month: Month) -> Period:
    """Return the financial year in which a month lies."""
    return financial_year(_year_of(month))


def quarter_of(month: Month) -> Period:
    """Return the quarter of the financial year in which a month lies."""
    return quarter(_year_of(month), _quarter_of(month))


def year_to_date(month: Month) -> Period:
    """Return the financial year so far, from its April to the month."""
    return Period(Month(_year_of(month), _APRIL), month)


def year_ending(month: Month) -> Period:
    """Return the rolling 12 months that end with the month."""
    return Period(month + -(_MONTHS_IN_YEAR - 1), month)


def quarters_of(year: Period) -> tuple[Period, ...]:
    """Return the four quarters of a financial year, in order."""
    return tuple(quarter(year.first.year, number) for number in range(1, 5))


def last_complete_quarter(months: frozenset[Month]) -> Period:
    """Return the latest quarter of which every month is among `months`.

    Raises
    ------
    CannotBeComputedError
        If no quarter is complete.
    """
    whole = [quarter_of(month) for month in months if set(quarter_of(month).months) <= months]
    if not whole:
        shown = runs_in_words(Period(month, month) for month in months) or "no month"
        raise CannotBeComputedError(
            "No quarter of a financial year is complete in the data.",
            where=f"months covered: {shown}",
            remedy="Add the months that are missing, or name a period that the data cover.",
        )
    return max(whole)


def runs_in_words(periods: Iterable[Period]) -> str:
    """Return periods in words, those that follow one another as one: ``May-24, Jul-24 to Sep-24``."""
    return name_some([run.heading for run in runs(periods)])


def runs(periods: Iterable[Period]) -> list[Period]:
    """Return periods in order, joined where one begins no later than the month after another ends."""
    joined: list[Period] = []
    for period in sorted(periods):
        if joined and period.first <= joined[-1].last + 1:
            joined[-1] = Period(joined[-1].first, max(joined[-1].last, period.last))
        else:
            joined.append(period)
    return joined


def _year_of(month: Month) -> int:
    return month.year if month.month >= _APRIL else month.year - 1


def _quarter_of(month: Month) -> int:
    return (month.month - _APRIL) % _MONTHS_IN_YEAR // _MONTHS_IN_QUARTER + 1


def _year_name(begins: int) -> str:
    return f"{begins}-{(begins + 1) % _TWO_DIGITS:02d}"


def _begins(first: str, second: str) -> int | None:
    """Return the year in which a financial year begins, None if the two years do not follow one another."""
    follows = str(int(first) + 1)
    return int(first) if second in {follows, follows[-len("12") :]} and int(first) in _YEARS else None


def _month(text: str) -> Month | None:
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return _valid(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{1,2})/(\d{4})", text):
        return _valid(int(found[2]), int(found[1]))
    if found := re.fullmatch(r"([A-Za-z]+)[ \-/.']*(\d{4}|\d{2})", text):
        names = [
            name for name in MONTH_NAMES if name.lower() == found[1].lower() or name[:3].lower() == found[1].lower()
        ]
        names += ["September"] if found[1].lower() == "sept" else []
        return _valid(_four_digits(found[2]), MONTH_NAMES.index(names[0]) + 1) if names else None
    return None


def _valid(year: int, month: int) -> Month | None:
    return Month(year, month) if 1 <= month <= _MONTHS_IN_YEAR and year in _YEARS else None


def _four_digits(year: str) -> int:
    if len(year) > len("11"):
        return int(year)
    return int(year) + (2000 if int(year) < _CENTURY_TURNS else 1900)


_YEAR = r"(\d{4})[-/\u2013](\d{4}|\d{2})"


def _quarter(text: str) -> Period | None:
    if found := re.fullmatch(rf"{_YEAR}[ \-,]*Q([1-4])", text, re.IGNORECASE):
        begins, number = _begins(found[1], found[2]), found[3]
    elif found := re.fullmatch(rf"Q([1-4])[ \-,]*{_YEAR}", text, re.IGNORECASE):
        begins, number = _begins(found[2], found[3]), found[1]
    else:
        return None
    return None if begins is None else quarter(begins, int(number))


def _financial_year(text: str) -> Period | None:
    found = re.fullmatch(_YEAR, text)
    begins = _begins(found[1], found[2]) if found else None
    return None if begins is None else financial_year(begins)


def _one_month(text: str) -> Period | None:
    found = _month(text)
    return None if found is None else Period(found, found)


def _range(text: str) -> Period | None:
    parts = re.split(r"\s+(?:to|-|\u2013)\s+", text)
    if len(parts) != len(("first", "last")):
        return None
    last = _month(parts[1])
    first = _month(parts[0]) or (_month(f"{parts[0]} {last.year}") if last else None)
    return Period(first, last) if first and last else None


def _year_ending(text: str) -> Period | None:
    found = re.fullmatch(r"(?:year ending|(?:rolling )?12 months (?:to|ending))\s+(.+)", text, re.IGNORECASE)
    month = _month(found[1]) if found else None
    return None if month is None else year_ending(month)


def _year_to_date(text: str) -> Period | None:
    found = re.fullmatch(r"(?:year to date|YTD)(?: to)?\s+(.+)", text, re.IGNORECASE)
    month = _month(found[1]) if found else None
    return None if month is None else year_to_date(month)
