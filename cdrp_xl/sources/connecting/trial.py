"""The rows of an extract read by the settings that are proposed, as a refresh would read them."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cdrp_xl.errors import CdrpError
from cdrp_xl.folding import fold
from cdrp_xl.periods import Month, Period
from cdrp_xl.sources import recorded_crime
from cdrp_xl.sources.connecting import names, uses
from cdrp_xl.sources.connecting.proposal import MonthFound, Proposal, RowShown, Written, counted_under
from cdrp_xl.sources.recorded_crime import counting, faults
from cdrp_xl.sources.recorded_crime.scan import RECORDED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cdrp_xl.offences.reading import Reading
    from cdrp_xl.sources.connecting.columns import Column
    from cdrp_xl.sources.recorded_crime import RecordedCrimeSettings
    from cdrp_xl.sources.recorded_crime.scan import Group, Scan

ROWS_SHOWN = 10
_LONGEST_GAP = 7
"""Days without an offence that a month may begin or end with, at most, and still be whole."""


def tried(
    settings: RecordedCrimeSettings,
    seen: Mapping[str, Column],
    sheets: tuple[str, ...],
    *,
    area: str,
    parts: Sequence[str],
    today: dt.date,
) -> Proposal:
    """Return the proposal of settings, after the rows were read by them; see `propose`."""
    with recorded_crime.scanned(settings, folder=Path(), area=area, parts=parts, today=today) as (scan, groups):
        recorded_crime.check(scan, groups)
        repeated = _repeat_as_several_offences(scan)
        if repeated:
            settings = msgspec.structs.replace(settings, references_repeat=True)
        read = counting.readings(scan, groups, settings.counted_by())
        by_rows = sorted(read.values(), key=lambda each: (-each.written.rows, each.written))
        return Proposal(
            paths=tuple(dict.fromkeys(file.path for file in scan.rows.files)),
            settings=settings,
            columns=tuple(seen),
            worksheets=sheets,
            areas=_areas(scan, seen.get(settings.headings.area)),
            months=_months(scan, groups),
            offences=tuple(by_rows),
            rows=tuple(_rows(scan, read)),
            notes=(*_notes(scan, seen, repeated=repeated), *scan.rows.look_at, *scan.rows.remarks),
        )


def _areas(scan: Scan, column: Column | None) -> tuple[Written, ...]:
    own = {fold(name) for name in scan.areas}
    values = column.values if column else {}
    return tuple(Written(written=value, rows=rows, is_ours=fold(value) in own) for value, rows in values.items())


def _months(scan: Scan, groups: Sequence[Group]) -> tuple[MonthFound, ...]:
    """Return the months of the area's rows.

    Notes
    -----
    A month in the middle is whole where it has rows, of areas that are joined of each; the first and the last are where
    rows of any area reach its first and last day, but for as many days as the extract lacks elsewhere, and a week at
    most.
    """
    counted = f"SELECT {RECORDED}, count(*) FILTER ({scan.inside}) FROM {scan.all_rows} WHERE {scan.usable}"
    days = scan.rows.fetch(f"{counted} GROUP BY 1 ORDER BY 1")
    if not days:
        return ()
    gaps = [(later - day).days - 1 for (day, _), (later, _) in itertools.pairwise(days)]
    gap = min(max(gaps, default=0), _LONGEST_GAP)
    first, last = days[0][0], days[-1][0]
    covered, _ = counting.months_covered(scan, groups)
    by_month = Counter[Month]()
    for day, rows in days:
        by_month[Month.of(day)] += rows
    return tuple(
        MonthFound(
            month=month,
            rows=rows,
            is_whole=_is_whole(month, first, last, gap=gap)
            and all(Period(month, month) in months for months in covered.values()),
        )
        for month, rows in sorted(by_month.items())
        if rows
    )


def _is_whole(month: Month, first: dt.date, last: dt.date, *, gap: int) -> bool:
    begins = dt.date(month.year, month.month, 1)
    ends = dt.date(month.year, month.month, calendar.monthrange(month.year, month.month)[1])
    return (first - begins).days <= gap and (ends - last).days <= gap


def _rows(scan: Scan, read: Mapping[tuple[str, str], Reading]) -> list[RowShown]:
    """Return ten rows of the area, spread over its files."""
    text = scan.columns.text
    shown: list[RowShown] = []
    each = max(1, ROWS_SHOWN // len(scan.rows.files))
    for file in scan.rows.files:
        asked = ", ".join(text(use) for use in ("offence_reference", "area", "offence", "offence_words"))
        prepared = scan.prepared(scan.rows.numbered(file))
        sql = f"""SELECT cdrp_xl_row, {RECORDED}, {asked}
            FROM (SELECT *, row_number() OVER (ORDER BY cdrp_xl_row) AS nth, count(*) OVER () AS of_all
                FROM {prepared} WHERE {scan.inside})
            WHERE (nth - 1) % greatest(1, of_all // {each}) = 0 ORDER BY nth LIMIT {each}"""
        for row, recorded, reference, area, written, beside in scan.rows.fetch(sql):
            reading = read.get((written, beside))
            shown.append(
                RowShown(
                    file=file.path.name,
                    row=row,
                    reference=reference,
                    recorded=recorded,
                    area=area or scan.area,
                    written=f"{written} {beside}".strip(),
                    counted_under=counted_under(reading) or "" if reading else "",
                )
            )
    return shown[:ROWS_SHOWN]


def _repeat_as_several_offences(scan: Scan) -> bool:
    """Return whether references repeat, and each time for another offence, so that none is a copy."""
    text = scan.columns.text
    reference = text("offence_reference")
    distinct = " || chr(0) || ".join(text(use) for use in ("offence", "offence_words", "victim"))
    sql = f"""SELECT count(*) FILTER (n > 1), count(*) FILTER (n > different)
        FROM (SELECT count(*) AS n, count(DISTINCT {distinct}) AS different FROM {scan.all_rows}
            WHERE {scan.inside} AND {reference} != '' GROUP BY {reference})"""
    ((repeated, copied),) = scan.rows.fetch(sql)
    return bool(repeated and not copied)


def _notes(scan: Scan, seen: Mapping[str, Column], *, repeated: bool) -> list[str]:
    own = scan.settings.headings
    notes = []
    if repeated:
        notes.append("Some references are on several rows, each time for another offence or victim: all are counted.")
    else:
        try:
            faults.check_references(scan)
        except CdrpError as wrong:
            notes.append(f"{wrong.what} ({wrong.where}) A refresh stops at this. {wrong.remedy}")
    if not own.area:
        notes.append(f"No column names areas: every row is taken to be in {scan.area}.")
    flags = [
        heading
        for heading, column in seen.items()
        if not own.domestic and names.likeness("domestic", heading) > 1 and not uses.is_yes_or_no(column)
    ]
    notes += [
        f'"{heading}" holds more than a yes or a no, and is not read as the flag for domestic abuse.'
        for heading in flags
    ]
    if names.likeness("date_recorded", own.date_recorded) == 0:
        notes.append(
            f'Offences are dated by "{own.date_recorded}": check that it is the day on which each was recorded.'
        )
    return notes
