"""Tables of counts, which are no extracts: whether a file is one, and by which headings it would be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.folding import spaced_sql
from cdrp_xl.offences.reading import Written
from cdrp_xl.sources import files
from cdrp_xl.sources.connecting import columns, names, tops, uses
from cdrp_xl.sources.published_rows import PublishedHeadings, period_of_heading
from cdrp_xl.sources.sql import identifier

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from cdrp_xl.offences.reading import OffenceReader
    from cdrp_xl.sources.connecting.columns import Column
    from cdrp_xl.sources.files import RowFiles

_LEAST_PERIODS = 2
_OFFENCES_TRIED = 60
_MOST_OFFENCES = 500


def of_table(path: Path, *, reader: OffenceReader, today: dt.date) -> PublishedHeadings | None:
    """Return the headings of a table of offences by area and period, None for a file that is not one.

    Parameters
    ----------
    path
        The file.
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
    count = _called("count", others)
    if len(periods) < _LEAST_PERIODS and not (count and _called("period", others)):
        return None
    with files.opened(path, headings={heading: heading for heading in found}) as rows:
        seen = columns.looked_at(rows, latest=today, among=others)
        return _recognised(rows, seen, reader, is_wide=len(periods) >= _LEAST_PERIODS)


def _recognised(
    rows: RowFiles, seen: Mapping[str, Column], reader: OffenceReader, *, is_wide: bool
) -> PublishedHeadings | None:
    """Return what the columns beside those of periods are for."""
    others = list(seen)
    has_references = any(column.are_references for column in seen.values())
    if has_references and any(column.are_dates for column in seen.values()):
        return None
    area = _called("area", others)
    count = _called("count", others)
    used = {area, count, _called("period", others), _called("quarter", others)}
    left = [heading for heading in others if heading not in used]
    called = [heading for heading in left if names.likeness("offence", heading) > 0]
    offence = max(called or left, key=lambda heading: _read(seen[heading], reader), default="")
    if not area or not offence or not _read(seen[offence], reader):
        return None
    second = [name for name in left if name != offence and 1 < seen[name].different <= _MOST_OFFENCES]
    beside = _beside(rows, offence, sorted(second, key=lambda name: name not in called), reader)
    if is_wide:
        return PublishedHeadings(area=area, offence=offence, offence_words=beside)
    return PublishedHeadings(
        area=area,
        offence=offence,
        offence_words=beside,
        period=_called("period", others),
        quarter=_called("quarter", others),
        offences=count,
    )


def _beside(rows: RowFiles, offence: str, others: list[str], reader: OffenceReader) -> str:
    """Return the column that says of most offences what they are where the first leaves it open, "" if none does."""

    def unknown(beside: str) -> int:
        asked = ", ".join(spaced_sql(identifier(name)) if name else "''" for name in (offence, beside))
        written = rows.fetch(f"SELECT DISTINCT {asked} FROM ({rows.relation()}) ORDER BY ALL")
        return sum(reader.read(Written(text or "", more or "")).is_unknown for text, more in written)

    return min(("", *others), key=unknown)


def _called(use: str, headings: list[str]) -> str:
    """Return the heading whose name fits a use best, "" where none does."""
    best = max(headings, key=lambda heading: names.likeness(use, heading), default="")
    return best if best and names.likeness(use, best) > 0 else ""


def _read(column: Column, reader: OffenceReader) -> float:
    """Return the share of a column's values that are read as offences, those that could be several counted less."""
    tried = list(column.values)[:_OFFENCES_TRIED]
    return sum(uses.worth(reader, Written(text)) for text in tried) / max(1, len(tried))
