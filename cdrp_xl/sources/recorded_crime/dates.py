"""Dates that can't be read: which further form a file writes them in, or what is wrong with them, all at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.periods import Month
from cdrp_xl.sources.recorded_crime import date_forms
from cdrp_xl.sources.recorded_crime.faults import Faulty, error_for
from cdrp_xl.sources.recorded_crime.scan import RECORDED, Kind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from cdrp_xl.sources.files import RowFile
    from cdrp_xl.sources.recorded_crime.date_forms import DateForms
    from cdrp_xl.sources.recorded_crime.scan import Group, Scan

_LONGEST_MONTH, _MONTHS = 31, 12
_USE = "date_recorded"
_WRITE_DATES = "Write dates as dd/mm/yyyy, as 2011-04-30 or as Excel dates."
_MONTH_FIRST = (
    "Some dates of this file have the month first, as American systems write it, so that none of them can be relied "
    "on. Ask for the extract with dates as dd/mm/yyyy or as 2011-04-30."
)
_SHORT = (
    "Nothing in this file shows which part of a date with a year of two digits is the year. Ask for years of four "
    "digits."
)


def further_forms(scan: Scan, groups: Sequence[Group]) -> DateForms | None:
    """Return the forms in which dates of two-digit years can be read too; None where there are no such files.

    Notes
    -----
    A file's dates such as 01/04/11 or 01-APR-11 are read day first if at least one of them can be read in no other
    order: its first number is not a month (above 12, or the month has a name), and no year (later than the extract's
    own; or the last number of some date is above 31, so that the year is last).
    """
    wrong = {group.file for group in groups if group.month is None and group.kind in {Kind.INSIDE, Kind.ELSEWHERE}}
    text = scan.columns.text(_USE)
    proven = tuple(file.key for file in scan.rows.files if file.key in wrong and _is_proven(scan, file, text))
    return replace(scan.forms, short_years=proven) if proven else None


def _is_proven(scan: Scan, file: RowFile, text: str) -> bool:
    year = scan.latest.year % 100
    sql = f"""
        SELECT coalesce(max(last), 0), coalesce(max(first) FILTER (month IS NULL OR first > {_MONTHS}), 0)
        FROM (SELECT unnest([{{'first': a, 'last': b, 'month': c}}], recursive := true)
            FROM (SELECT {date_forms.numbers_of_short(text)} FROM {scan.prepared(file.relation)}
                WHERE {date_forms.is_short(text)}) AS numbers(a, b, c))"""
    ((last, first),) = scan.rows.fetch(sql)
    return bool(first and (first > year or last > _LONGEST_MONTH))


def check(scan: Scan, groups: Sequence[Group]) -> None:
    """Refuse dates that can't be read, or lie outside what can be; all of them at once, in order of how many there are.

    A file in which any date has its month first is refused whole, even where that date is of another area.
    """
    wrong = [group for group in groups if group.month is None and group.kind in {Kind.INSIDE, Kind.ELSEWHERE}]
    files = [file for file in scan.rows.files if file.key in {group.file for group in wrong}]
    if not files:
        return
    text = scan.columns.text(_USE)
    month_first = [file for file in files if scan.first_rows(date_forms.is_month_first(text), file, count=1)]
    of_area = [file for file in files if any(group.is_inside and group.file == file.key for group in wrong)]
    condition = date_forms.is_month_first(text) if month_first else f"{scan.inside} AND ({scan.usable}) IS NOT TRUE"
    if found := [Faulty.look(scan, file, _USE, condition) for file in month_first or of_area]:
        raise error_for(
            found, use=_USE, scan=scan, what="not a date that can be used", remedy=_remedy(scan, found, month_first)
        )


def _remedy(scan: Scan, found: Sequence[Faulty], month_first: Sequence[RowFile]) -> str:
    if month_first:
        return _MONTH_FIRST
    is_short = date_forms.is_short(scan.columns.text(_USE))
    is_future = f"coalesce({RECORDED} > {date_forms.day_sql(scan.latest)}, false)"
    future = f"Correct the date, or `as_at` in partnership.toml: nothing is known after {_in_words(scan.latest)}."
    others = f"({scan.usable}) IS NOT TRUE AND NOT ({is_short}) AND NOT ({is_future})"
    said = ((others, _WRITE_DATES), (is_future, future), (f"{is_short} AND {RECORDED} IS NULL", _SHORT))
    return " ".join(
        remedy
        for condition, remedy in said
        if any(scan.first_rows(f"{scan.inside} AND {condition}", each.file, count=1) for each in found)
    )


def _in_words(day: dt.date) -> str:
    return f"{day.day} {Month.of(day).name}"
