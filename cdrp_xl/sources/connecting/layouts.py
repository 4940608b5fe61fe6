"""Tables of counts, which are no extracts: whether a file is one, and by which headings it would be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.offences.reading import Written
from cdrp_xl.sources import files
from cdrp_xl.sources.connecting import columns, names, tops, uses
from cdrp_xl.sources.published import PublishedHeadings, period_of_heading

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from cdrp_xl.offences.reading import OffenceReader
    from cdrp_xl.sources.connecting.columns import Column

_LEAST_PERIODS = 2
_OFFENCES_TRIED = 60


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
    has_references = any(column.are_references for column in seen.values())
    if has_references and any(column.are_dates for column in seen.values()):
        return None
    area = _called("area", others)
    used = {area, count, _called("period", others), _called("quarter", others)}
    left = [heading for heading in others if heading not in used]
    called = [heading for heading in left if names.likeness("offence", heading) > 0]
    offence = max(called or left, key=lambda heading: _read(seen[heading], reader), default="")
    if not area or not offence or not _read(seen[offence], reader):
        return None
    if len(periods) >= _LEAST_PERIODS:
        return PublishedHeadings(area=area, offence=offence)
    return PublishedHeadings(
        area=area,
        offence=offence,
        period=_called("period", others),
        quarter=_called("quarter", others),
        offences=count,
    )


def _called(use: str, headings: list[str]) -> str:
    """Return the heading whose name fits a use best, "" where none does."""
    best = max(headings, key=lambda heading: names.likeness(use, heading), default="")
    return best if best and names.likeness(use, best) > 0 else ""


def _read(column: Column, reader: OffenceReader) -> float:
    """Return the share of a column's values that are read as offences, those that could be several counted less."""
    tried = list(column.values)[:_OFFENCES_TRIED]
    return sum(uses.worth(reader, Written(text)) for text in tried) / max(1, len(tried))
