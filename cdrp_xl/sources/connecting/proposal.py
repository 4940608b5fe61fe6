"""What an extract would be read by, and what it would give: nothing of it is written yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.offences.reading import NOT_COUNTED

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from cdrp_xl.offences.reading import Reading
    from cdrp_xl.periods import Month
    from cdrp_xl.sources.recorded_crime import RecordedCrimeSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A name of an area as rows write it, how many have it, and whether they are ours."""

    written: str
    rows: int
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFound:
    """A month, the rows of the area that were recorded in it, and whether the extract has the whole of it."""

    month: Month
    rows: int
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """A row of the extract as it would be counted; `counted_under` is empty where it would not be."""

    file: str
    row: int
    reference: str
    recorded: dt.date | None
    area: str
    written: str
    counted_under: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What an extract would be read by, and what it would give.

    Attributes
    ----------
    paths
        The files.
    settings
        The proposed settings.
    columns
        Every heading of the files, in order.
    worksheets
        Those that are read, of workbooks.
    areas
        The names under the area's heading, those of most rows first; none where every row is taken for the area's.
    months
        The months that rows of the area were recorded in, in order.
    offences
        What each offence would be counted under, those of most rows first; unknown ones have a suggestion.
    rows
        Ten rows as they would be counted.
    notes
        What is good to know, in sentences.
    """

    paths: tuple[Path, ...]
    settings: RecordedCrimeSettings
    columns: tuple[str, ...]
    worksheets: tuple[str, ...]
    areas: tuple[Written, ...]
    months: tuple[MonthFound, ...]
    offences: tuple[Reading, ...]
    rows: tuple[RowShown, ...]
    notes: tuple[str, ...]

    @property
    def unknown(self) -> tuple[Reading, ...]:
        """The offences of which somebody has to say what they are."""
        return tuple(each for each in self.offences if each.is_unknown)


def counted_under(reading: Reading) -> str | None:
    """Return the name of the row that an offence is counted under, "not counted" where the settings say so, or None."""
    if reading.is_left_out:
        return NOT_COUNTED
    return reading.row.name if reading.row else None
