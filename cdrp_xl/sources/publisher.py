"""What a publisher's module gives: its table of settings, which reads what it publishes and knows its files.

Tables of settings are read at every click, and most of them name no more than two publishers: what reads a file is
imported where it is used.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple, Protocol, runtime_checkable

from cdrp_xl import geography
from cdrp_xl.toml_tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Period
    from cdrp_xl.selected import RowKey
    from cdrp_xl.sources.known_files import KnownFiles
    from cdrp_xl.sources.named_rows import NamedRows
    from cdrp_xl.sources.selection import Selection
    from cdrp_xl.tables import AreaFigures, Counts

ApartBy = Literal["locality", "lsoa", "outcome"]
"""What rows of an area are counted by: the place that they name, their LSOA, or what came of them."""

ClassificationName = Literal["cadet-2011", "home-office-2013", "home-office-2026", "police-uk", "police-uk-2026"]

CURRENT: ClassificationName = "home-office-2026"
"""The classification that a new partnership begins with."""

IF_UNNAMED: ClassificationName = "cadet-2011"
"""What offences are counted by where the settings name no classification, as they were before these could name one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a report asks of every source: the offences of its area, and, of rows, selections beside them.

    `parts` are the areas that are joined in it, each counted by the source; none where it has rows of the whole.
    `classification` is the partnership's own, used by a source that names none; None where there is none.
    `last_day` is the day whose boundaries are counted in, None for those of the data's own last day.
    """

    folder: Path
    area: str
    today: dt.date
    parts: tuple[str, ...] = ()
    selections: Sequence[Selection] = ()
    classification: ClassificationName | None = None
    last_day: dt.date | None = None

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas to count: those that are joined, otherwise the one."""
        return self.parts or (self.area,)

    def is_of(self, name: str) -> bool:
        """Return whether a name is one of the areas'."""
        names = (each for area in self.areas for each in (area, *geography.names_of(area)))
        return geography.fold(name) in map(geography.fold, names)


class Publisher(Table, frozen=True, kw_only=True):
    """A table under ``[sources]``: what each says about its date, when it was taken and when the next is due."""

    publisher: str = ""
    as_at: dt.date | None = None
    next_release: dt.date | None = None

    def files_read(self, folder: Path) -> Iterable[Path]:
        """Return the files that are read, relative to the partnership's folder; one that is missing is named too."""
        raise NotImplementedError

    def has(self, area: str, folder: Path) -> bool:  # noqa: ARG002 - for those whose files may name partnerships
        """Return whether the files have rows of several areas together, under the name that these have together."""
        return False


class TableSource(Publisher, frozen=True, kw_only=True):
    """A publisher that counts the partnership's area, so that the report's table can be made of it.

    `progress` is what is being done while it counts, `how_counted` the note that the report has on its counts.
    """

    progress: ClassVar[str]
    how_counted: ClassVar[str]

    def count(self, asked: Asked) -> Counts:
        """Return the counts of an area, or of each that is joined in it. Unit: offences."""
        raise NotImplementedError

    def name_rows(self, asked: Asked, row: RowKey, period: Period) -> tuple[NamedRows, ...]:  # noqa: ARG002
        """Return the rows that make a count of the area; nothing where the source does not look them up."""
        return ()

    def held(self, folder: Path, known: KnownFiles | None = None) -> HeldTable | None:  # noqa: ARG002 - for those that can be held
        """Return the source, of which files that are not known are read once; None where each area reads it itself."""
        return None


NO_PLACE = ""
"""What rows have that name no place, and no LSOA."""


class RowsOfPlace(NamedTuple):
    """Counted rows of the area with one place, or LSOA: `reason` says why there is none, empty where there is one."""

    file: str
    worksheet: str
    written: str
    reason: str
    period: Period
    row_ids: tuple[str, ...]
    rows: int

    def rows_in(self, classification: Classification) -> tuple[str, ...]:
        """Return the ids of the offence rows that count them, the partnership's own sums of rows among these."""
        own = (each.row_id for each in classification.composites if not set(self.row_ids).isdisjoint(each.parts))
        return (*self.row_ids, *own)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPlace:
    """Every counted row of the area by place, and the first rows in none, by file, worksheet and reason."""

    rows: Sequence[RowsOfPlace]
    first: Mapping[tuple[str, str, str], tuple[str, ...]]


class PlacesSource(TableSource, frozen=True, kw_only=True):
    """A publisher of single rows, which have the LSOA or the name of a place within the area, or an outcome."""

    def has_column_for(self, use: str) -> bool:
        """Return whether rows have what is under a use's heading."""
        raise NotImplementedError

    def count_by_place(self, asked: Asked, *, by: ApartBy, reason_of: Callable[[str], str]) -> ByPlace:
        """Return the area's counted rows by what is in one column; `reason_of` says why there is none. Unit: rows."""
        raise NotImplementedError


@runtime_checkable
class HeldTable(Protocol):
    """A source that was read once, and answers for any of its areas from then on. Unit: offences."""

    progress: ClassVar[str]

    @property
    def areas(self) -> tuple[str, ...]:
        """The names of areas in the source."""

    def count(self, asked: Asked) -> Counts:
        """Return the counts of an area, as the source itself gives them."""

    def count_members(self, members: Sequence[str], *, folder: Path) -> Counts:
        """Return the counts of the members of a group, as the source itself gives them."""


class MembersSource(Publisher, frozen=True, kw_only=True):
    """A publisher that counts any areas that are asked for, such as the members of a group."""

    def count_members(self, members: Sequence[str], *, folder: Path) -> Counts:
        """Return the counts of the members of a group. Unit: offences."""
        raise NotImplementedError


class FiguresSource(Publisher, frozen=True, kw_only=True):
    """A publisher of figures by area, which may give residents and positions beside the counts."""

    def figures(
        self, members: Sequence[str], *, folder: Path, classification: ClassificationName | None
    ) -> AreaFigures:
        """Return the figures of a group, by the partnership's `classification` where the source names none."""
        raise NotImplementedError
