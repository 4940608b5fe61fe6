"""Tables of counts, which are not extracts: whether a file is one, and how it is laid out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl import geography
from cdrp_xl.folding import fold, spaced_sql
from cdrp_xl.offences import words
from cdrp_xl.offences.reading import Written
from cdrp_xl.sources import files, published_figures
from cdrp_xl.sources.connecting import columns, names, tops, uses
from cdrp_xl.sources.heading_rows import without_notes
from cdrp_xl.sources.published_rows import PublishedHeadings, period_of_heading, periods_in_title
from cdrp_xl.sources.sql import identifier

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences.reading import OffenceReader
    from cdrp_xl.sources.connecting.columns import Column
    from cdrp_xl.sources.files import RowFile, RowFiles

_LEAST_PERIODS = 2
_LEAST_OFFENCES = 3
_OFFENCES_TRIED = 60
_MOST_OFFENCES = 500
_NOT_COUNTS = re.compile(r"\bper (?:cent|1,?000|head)\b|%|\brates?\b|\bpercentage\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a table of counts is laid out; `worksheet` is empty where all that have the headings are read."""

    headings: PublishedHeadings
    offence_columns: tuple[str, ...] = ()
    worksheet: str = ""


def of_table(path: Path, *, area: str, reader: OffenceReader, today: dt.date) -> Layout | None:
    """Return how a table of offences by area and period is laid out, None for a file that is not one.

    Parameters
    ----------
    path
        The file.
    area
        The partnership's area.
    reader
        What reads offences under the partnership's definitions.
    today
        No period of a table is after it.

    Raises
    ------
    FileError
        If the file is missing, empty, locked, or is not what its name says.
    ValueFoundError
        If no row can be one of headings.
    """
    found = tops.headings(path)
    periods = [heading for heading in found if period_of_heading(heading)]
    others = [heading for heading in found if heading not in periods]
    offences = [heading for heading in others if _is_offence(heading, reader)]
    is_wide = len(periods) >= _LEAST_PERIODS
    has_counts = bool(_called("count", others) and _called("period", others))
    if not (is_wide or has_counts or len(offences) >= _LEAST_OFFENCES):
        return None
    with files.opened(path, headings={heading: heading for heading in found}) as rows:
        seen = columns.looked_at(rows, latest=today, among=others)
        if any(each.are_references for each in seen.values()) and any(each.are_dates for each in seen.values()):
            return None
        own = _area(seen, area)
        if not own:
            return None
        if not (is_wide or has_counts):
            return _with_a_column_an_offence(rows, seen, own, offences)
        return _with_a_row_an_offence(rows, seen, own, reader, is_wide=is_wide)


def _with_a_column_an_offence(
    rows: RowFiles, seen: Mapping[str, Column], area: str, offences: Sequence[str]
) -> Layout | None:
    """Return the layout of a table with a column to each offence; of worksheets that with counts, and not rates."""
    there = [file for file in rows.files if _holds_counts(rows, file, offences)]
    if not there:
        return None
    is_one = len(there) == len(rows.files)
    when = "" if any(periods_in_title(file.above) for file in there) else _called("period", [*seen.keys() - {area}])
    return Layout(
        headings=PublishedHeadings(area=area, period=when),
        offence_columns=tuple(map(without_notes, offences)),
        worksheet="" if is_one else there[0].sheet,
    )


def _holds_counts(rows: RowFiles, file: RowFile, offences: Sequence[str]) -> bool:
    """Return whether a file or worksheet has whole numbers under its offences, and no title that says otherwise."""
    if any(_NOT_COUNTS.search(text) for text in (*file.above[:1], *offences)):
        return False
    asked = " UNION ".join(f"SELECT {spaced_sql(identifier(name))} AS t FROM {file.relation}" for name in offences)
    return all(published_figures.is_figure(text or "") for (text,) in rows.fetch(f"{asked} ORDER BY ALL"))


def _with_a_row_an_offence(
    rows: RowFiles, seen: Mapping[str, Column], area: str, reader: OffenceReader, *, is_wide: bool
) -> Layout | None:
    """Return what the columns beside those of periods are for."""
    others = list(seen)
    count = _called("count", others)
    used = {area, count, _called("period", others), _called("quarter", others)}
    left = [heading for heading in others if heading not in used]
    called = [heading for heading in left if names.likeness("offence", heading) > 0]

    def fit(heading: str) -> tuple[float, float]:
        return round(_read(seen[heading], reader), 1), names.likeness("offence", heading)

    offence = max(called or left, key=fit, default="")
    if not offence or not _read(seen[offence], reader):
        return None
    second = [name for name in left if name != offence and 1 < seen[name].different <= _MOST_OFFENCES]
    beside = _beside(rows, offence, sorted(second, key=lambda name: name not in called), reader)
    if is_wide:
        return Layout(headings=PublishedHeadings(area=area, offence=offence, offence_words=beside))
    return Layout(
        headings=PublishedHeadings(
            area=area,
            offence=offence,
            offence_words=beside,
            period=_called("period", others),
            quarter=_called("quarter", others),
            offences=count,
        )
    )


def _area(seen: Mapping[str, Column], area: str) -> str:
    """Return the column that has the area's own name; otherwise the one whose name fits best, "" where none does."""
    own = {fold(name) for name in (area, *geography.names_of(area), *geography.codes_of(area))}
    having = [heading for heading, column in seen.items() if column.holding(frozenset(own))]
    if having:
        return max(having, key=lambda heading: names.likeness("area", heading))
    return _called("area", list(seen))


def _is_offence(heading: str, reader: OffenceReader) -> bool:
    """Return whether a heading is that of a column of one offence or group; the sum of others is one too."""
    text = without_notes(heading)
    return words.is_said_of_totals(text) or not reader.read(Written(text)).is_unknown


def _beside(rows: RowFiles, offence: str, others: list[str], reader: OffenceReader) -> str:
    """Return the column that says about most offences what they are where the first leaves it open, "" if none does."""

    def unknown(beside: str) -> int:
        asked = ", ".join(spaced_sql(identifier(name)) if name else "''" for name in (offence, beside))
        written = rows.fetch(f"SELECT DISTINCT {asked} FROM ({rows.relation()}) ORDER BY ALL")
        return sum(reader.read(Written(text or "", more or "")).is_unknown for text, more in written)

    return min(("", *others), key=unknown)


def _called(use: str, headings: Sequence[str]) -> str:
    """Return the heading whose name fits a use best, "" where none does."""
    best = max(headings, key=lambda heading: names.likeness(use, heading), default="")
    return best if best and names.likeness(use, best) > 0 else ""


def _read(column: Column, reader: OffenceReader) -> float:
    """Return the share of a column's values that are read as offences, those that could be several counted less."""
    tried = list(column.values)[:_OFFENCES_TRIED]
    return sum(uses.worth(reader, Written(text)) for text in tried) / max(1, len(tried))
