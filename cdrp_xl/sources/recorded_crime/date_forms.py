"""The SQL of dates as forces' systems write them, each read in one way or not at all.

Days come before months, as they do here. A year of two digits is read only in files of which it is known which part
the year is (`DateForms.short_years`). A time with a zone is put into British time, whatever the machine's own zone is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cdrp_xl.sources.sql import FILE_COLUMN, literal

_DAY_0, _DAY_0_FROM_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
"""The days that a number of 0 is in Excel's two calendars."""

_BRITISH_TIME = literal("Europe/London")
_CLOCK = "(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?:[:.][0-5][0-9](?:[.,][0-9]+)?)?"
_TIME = f"(?:(?:t|,? +){_CLOCK}(?: *[ap][.]?m[.]?)?)?"
_ZONE = "z|utc|gmt|bst|[+-][0-9]{2}(?::?[0-9]{2})?"
_MONTH_NAMES = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_REST_OF_NAME = "(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?[.]?"
_NUMBER, _NAME = "([0-9]{1,2})", f"({_MONTH_NAMES}){_REST_OF_NAME}"
_WEEKDAY = "(?:mon|tues?|wed(?:s|nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[,.]? +"
_BETWEEN = "(?:[-/.,]| +|, +)"
_DAY = "([0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = "([0-9]{4})"
_NUMBERS = {
    f"{_NUMBER}{_BETWEEN}{_NUMBER}{_BETWEEN}{_YEAR}": r"\3-\2-\1",
    f"{_YEAR}{_BETWEEN}{_NUMBER}{_BETWEEN}{_NUMBER}": r"\1-\2-\3",
    "((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])": r"\1-\2-\3",
}
"""Forms of numbers alone, and how they are put in order to be read: year, month, day."""

_NAMES = {
    f"{_DAY}{_BETWEEN}{_NAME}{_BETWEEN}{_YEAR}": r"\1-\2-\3",
    f"{_NAME} +{_DAY},? +{_YEAR}": r"\2-\1-\3",
    f"{_YEAR}{_BETWEEN}{_NAME}{_BETWEEN}{_NUMBER}": r"\3-\2-\1",
    f"{_WEEKDAY}{_DAY}{_BETWEEN}{_NAME}{_BETWEEN}{_YEAR}": r"\1-\2-\3",
}
"""Forms with a month's name, and how they are put in order to be read: day, month, year."""

_SHORT_YEAR = f"([0-9]{{1,2}}){_BETWEEN}([0-9]{{1,2}}|{_MONTH_NAMES}){_REST_OF_NAME}{_BETWEEN}([0-9]{{2}})"
_MONTH_IS_FIRST = "^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.](?:[0-9]{4}|[0-9]{2})(?:[^0-9].*)?$"
_ISO_WITH_ZONE = "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
_WITH_ZONE = (
    f"([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}})(?:t|,? +)([0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}})?) *({_ZONE})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateForms:
    """In which forms the dates of which files are written, beyond those that can be read in one way only.

    Attributes
    ----------
    days_from_1904
        Files whose day numbers begin in 1904.
    short_years
        Files of which dates with a year of two digits are read, day first.
    """

    days_from_1904: tuple[str, ...] = ()
    short_years: tuple[str, ...] = ()

    def sql(self, text: str) -> str:
        """Return the SQL of the date that a text is; NULL where it can't be read in only one way."""
        short = f"WHEN {_in(self.short_years)} AND {is_short(text)} THEN {_short(text)}" if self.short_years else ""
        is_iso = f"length({text}) = 10 OR (length({text}) = 19 AND {text}[17] = ':')"
        # Failed attempts are the slowest: the punctuation picks the usual forms out first.
        return f"""CASE WHEN {text} = '' THEN NULL
            WHEN {text}[5] = '-' AND ({is_iso}) THEN CAST(try_cast({text} AS TIMESTAMP) AS DATE) {short}
            ELSE coalesce({self._number(text)}, {_others(text)}) END"""

    def _number(self, text: str) -> str:
        """Return the SQL of a date as a spreadsheet's day number."""
        is_number = f"regexp_full_match({text}, '[0-9]{{5}}([.][0-9]+)?')"
        day_0 = day_sql(_DAY_0)
        if self.days_from_1904:
            day_0 = f"CASE WHEN {_in(self.days_from_1904)} THEN {day_sql(_DAY_0_FROM_1904)} ELSE {day_0} END"
        return f"CASE WHEN {is_number} THEN {day_0} + CAST(floor(CAST({text} AS DOUBLE)) AS INTEGER) END"


def day_sql(day: dt.date) -> str:
    """Return a day as SQL writes it."""
    return f"DATE {literal(day.isoformat())}"


def is_short(text: str) -> str:
    """Return the condition that a text is a date whose year may have two digits."""
    return f"regexp_matches({text}, {_pattern(_SHORT_YEAR)})"


def numbers_of_short(text: str) -> str:
    """Return the SQL of the first and third number of such a date, and of the second, NULL for a month's name."""
    replaced = (
        f"try_cast(regexp_replace({text}, {_pattern(_SHORT_YEAR)}, '\\{part}') AS INTEGER)" for part in (1, 3, 2)
    )
    return ", ".join(replaced)


def is_month_first(text: str) -> str:
    """Return the condition that a text can only be a date with its month first, as American systems write it."""
    month, day = (f"try_cast(regexp_extract({text}, {literal(_MONTH_IS_FIRST)}, {part}) AS INTEGER)" for part in (1, 2))
    return f"coalesce({month} BETWEEN 1 AND 12 AND {day} BETWEEN 13 AND 31, false)"


def _short(text: str) -> str:
    """Return the SQL of a date with a year of two digits, day first: 69 and later are of the last century."""
    made = _ordered(text, _SHORT_YEAR, r"\1-\2-\3")
    return f"""CAST(CASE WHEN regexp_full_match({made}, '[0-9-]+') THEN try_strptime({made}, '%d-%m-%y')
        ELSE try_strptime({made}, '%d-%b-%y') END AS DATE)"""


def _others(text: str) -> str:
    """Return the SQL of a date in the rarer forms, and of one with a zone."""
    in_british_time = f"AT TIME ZONE {_BRITISH_TIME} AS DATE)"
    slashed = literal(f"(?i)^{_WITH_ZONE}$")
    zone = rf"upper(regexp_replace({text}, {slashed}, '\5'))"
    offset = f"CASE WHEN {zone} = 'BST' THEN '+01' WHEN {zone} IN ('GMT', 'UTC', 'Z') THEN '+00' ELSE {zone} END"
    moment = rf"regexp_replace({text}, {slashed}, '\3-\2-\1 \4') || {offset}"
    read = {
        **{form: f"try_cast({_ordered(text, form, order)} AS DATE)" for form, order in _NUMBERS.items()},
        **{
            form: f"CAST(try_strptime({_ordered(text, form, order)}, '%d-%b-%Y') AS DATE)"
            for form, order in _NAMES.items()
        },
    }
    forms = " ".join(f"WHEN regexp_matches({text}, {_pattern(form)}) THEN {date}" for form, date in read.items())
    return f"""CASE {forms}
        WHEN regexp_full_match({text}, {literal(_ISO_WITH_ZONE)})
            THEN CAST(try_cast({text} AS TIMESTAMPTZ) {in_british_time}
        WHEN regexp_matches({text}, {slashed}) THEN CAST(try_cast({moment} AS TIMESTAMPTZ) {in_british_time} END"""


def _ordered(text: str, form: str, order: str) -> str:
    return f"regexp_replace({text}, {_pattern(form)}, {literal(order)})"


def _pattern(form: str) -> str:
    return literal(f"(?i)^{form}{_TIME}$")


def _in(files: tuple[str, ...]) -> str:
    return f"{FILE_COLUMN} IN ({', '.join(map(literal, files))})"
