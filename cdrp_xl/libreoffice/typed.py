"""Text as Excel takes it when it is entered into a cell: "00123" is a number, "=A1" a formula, "12%" a share."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from cdrp_xl.libreoffice.number_formats import DATE, DATE_AND_TIME, TIME

FIRST_CHARACTERS = frozenset("0123456789=+-.'#($£€tTfF% ")
"""What a text must begin with to be more than text; every other text is written as it is."""

_OF_TRUE_AND_FALSE = frozenset("tTfF")
_NUMBER = re.compile(r"^[ ]*[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:[eE][+-]?\d+)?[ ]*$")
_HAS_DIGIT = re.compile(r"\d")
_PERCENT = re.compile(r"^[ ]*(?P<number>[+-]?[\d.,]+)[ ]*%[ ]*$")
_ISO_DATE = re.compile(r"^(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?P<time>[ T].+)?$")
_US_DATE = re.compile(r"^(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})(?P<time> .+)?$")
_NAMED_DATE = re.compile(r"^(?P<day>\d{1,2})[- ](?P<name>[A-Za-z]{3,9})[- ](?P<year>\d{4})(?P<time> .+)?$")
_TIME = re.compile(r"^(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?$")
_ERRORS = frozenset({"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_DATE_FORMAT = "d-mmm-yy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a text becomes in a cell: a value with the number format that it brings along, or a formula."""

    value: float | str | bool | dt.datetime
    number_format: str = ""
    formula: str = ""


def entered(text: str) -> Entry | None:
    """Return what Excel makes of a text, or None where it stays the text that it is.

    Dates are read as Excel's own object model reads them, whatever the locale: month, day, year.
    """
    if len(text) > 1 and text[0] == "=":
        return Entry(value="", formula=text)
    if text[:1] == "'":
        return Entry(value=text[1:])
    if text in _ERRORS:
        return Entry(value="", formula=f"={text}")
    if text[:1] in _OF_TRUE_AND_FALSE:
        return Entry(value=text.upper() == "TRUE") if text.upper() in {"TRUE", "FALSE"} else None
    if _HAS_DIGIT.search(text) is None:
        return None
    return _number(text) or _moment(text)


def _number(text: str) -> Entry | None:
    if _NUMBER.match(text):
        return Entry(value=float(text.replace(",", "")))
    percent = _PERCENT.match(text)
    if percent and _NUMBER.match(percent["number"]):
        number = percent["number"].replace(",", "")
        return Entry(value=float(number) / 100, number_format="0.00%" if "." in number else "0%")
    return None


def _moment(text: str) -> Entry | None:
    time = _TIME.match(text)
    if time:
        fraction = _day_fraction(time)
        return fraction and Entry(value=fraction[0], number_format=TIME if time["second"] else "h:mm")
    for pattern in (_ISO_DATE, _US_DATE, _NAMED_DATE):
        match = pattern.match(text)
        if match:
            return _date(match, _NAMED_DATE_FORMAT if pattern is _NAMED_DATE else DATE)
    return None


def _date(match: re.Match[str], number_format: str) -> Entry | None:
    found = match.groupdict()
    name = (found.get("name") or "").casefold()[:3]
    if "name" in found and name not in _MONTHS:
        return None
    month = _MONTHS.index(name) + 1 if name else int(found["month"])
    time = _TIME.match((found["time"] or " 0:00")[1:].strip())
    fraction = time and _day_fraction(time)
    if not fraction:
        return None
    try:
        day = dt.datetime(int(found["year"]), month, int(found["day"]))  # noqa: DTZ001 - a cell has no time zone
    except ValueError:
        return None
    moment = day + dt.timedelta(days=fraction[0])
    return Entry(value=moment, number_format=DATE_AND_TIME if found["time"] else number_format)


def _day_fraction(time: re.Match[str]) -> tuple[float] | None:
    # In a tuple, since midnight is 0.0 and yet a time.
    hour, minute, second = int(time["hour"]), int(time["minute"]), int(time["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004 - a clock
        return None
    return (((hour * 60 + minute) * 60 + second) / 86_400.0,)
