"""The tidy tables that sources hand on: counts of offences, and populations.

They are plain frozen mappings, a few thousand cells at most: rows stay in the sources, where DuckDB counts them.
(A data frame would cost a Refresh click several times what the counting does, in start-up alone.)
"""

from __future__ import annotations

import difflib
import functools
import itertools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cdrp_xl.errors import OFFENDERS_NAMED, CannotBeComputedError, ValueFoundError, name_some, place, quoted
from cdrp_xl.periods import Month, Period, runs, runs_in_words
from cdrp_xl.selected import FarmRepeats, RowKey, Selected

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cdrp_xl.offences import Classification, Composite
    from cdrp_xl.offences.reading import Reading

Cell = tuple[str, RowKey, Period]
"""Area, offence row or what is selected beside the rows, and a month or another period for which a count is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Rows of a file that were not counted, for one reason.

    Attributes
    ----------
    reason
        Why, in words that follow "were not counted:".
    rows
        How many. Unit: rows.
    first
        The first of them, as a spreadsheet numbers rows: ``row 12``. Empty where the source does not look them up.
    is_usual
        Whether every such file has rows like these, so that nobody has to look at them.
    """

    reason: str
    rows: int
    first: tuple[str, ...] = ()
    is_usual: bool = True

    @property
    def places(self) -> str:
        """The first of them, in brackets: `` (row 2; row 3; row 7 and 12 more)``; empty where none is known."""
        return f" ({_and_more(self.first, self.rows)})" if self.first else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLedger:
    """What became of the rows of one file, or of one worksheet: each was counted, or left out for a reason.

    Raises
    ------
    ValueError
        If a row is unaccounted for, which is a fault of the source's module.
    """

    file: str
    worksheet: str = ""
    read: int
    counted: int
    left_out: tuple[LeftOut, ...] = ()

    def __post_init__(self) -> None:
        if self.read != self.counted + sum(each.rows for each in self.left_out):
            raise ValueError(
                f"{self.file}: {self.read} rows were read, {self.counted} counted, left out {self.left_out}"
            )

    @classmethod
    def of(cls, file: str, *, counted: int, left_out: Mapping[str, int] | None = None) -> FileLedger:
        """Return the ledger of a file whose reasons are usual and need no places; a reason without rows is dropped."""
        lines = tuple(LeftOut(reason=reason, rows=rows) for reason, rows in (left_out or {}).items() if rows)
        return cls(file=file, read=counted + sum(line.rows for line in lines), counted=counted, left_out=lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a table's figures come from, and how current they are.

    Attributes
    ----------
    source
        The source in words, as a reader of the report knows it.
    files
        The names of the files that were read.
    ledger
        What became of every row of the files, headings not counted.
    remarks
        What the analyst should know; each a sentence.
    to_look_at
        What the analyst must look at before the figures are used; each a sentence.
    notes
        What a reader of the figures must know, since it says what was counted; each a sentence.
    covers
        The span of its figures in words, where they are not counts that say it themselves.
    """

    source: str
    publisher: str = ""
    files: tuple[str, ...] = ()
    as_at: dt.date | None = None
    next_release: dt.date | None = None
    ledger: tuple[FileLedger, ...] = ()
    remarks: tuple[str, ...] = ()
    to_look_at: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    covers: str = ""

    @property
    def rows_read(self) -> int:
        """Rows in the files, headings not counted."""
        return sum(each.read for each in self.ledger)

    @property
    def rows_counted(self) -> int:
        """Rows in the files that were counted."""
        return sum(each.counted for each in self.ledger)

    @property
    def left_out(self) -> Mapping[str, int]:
        """Rows that were not counted, by reason."""
        return {line.reason: line.rows for line in self.left_out_lines}

    @property
    def left_out_lines(self) -> tuple[LeftOut, ...]:
        """Rows that were not counted, those of all files with one reason together."""
        alike: dict[str, list[tuple[str, LeftOut]]] = {}
        for each in self.ledger:
            for line in each.left_out:
                alike.setdefault(line.reason, []).append((place(each.file, sheet=each.worksheet), line))
        is_one = len(self.ledger) == 1
        return tuple(
            LeftOut(
                reason=reason,
                rows=sum(line.rows for _, line in found),
                first=tuple(row if is_one else f"{where}, {row}" for where, line in found for row in line.first)[
                    :OFFENDERS_NAMED
                ],
                is_usual=all(line.is_usual for _, line in found),
            )
            for reason, found in alike.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """The offences of a selection whose victim had suffered another shortly before (repeat victimisation).

    Attributes
    ----------
    offences
        Repeat offences. Unit: offences.
    victims
        Whom they were against, each counted once. Unit: victims, or premises where repeats are counted by these.
    unnamed
        Offences for which the extract names no victim, so that repeats can't be counted for them. Unit: offences.
    """

    offences: int = 0
    victims: int = 0
    unnamed: int = 0

    def counted(self, what: FarmRepeats) -> int:
        """Return one of the three."""
        return {"offences": self.offences, "victims": self.victims, "unnamed": self.unnamed}[what.counted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Offences by area, offence row and period.

    Attributes
    ----------
    cells
        Unit: offences. A cell that is absent in a period that its area is covered in is 0.
    covered
        The months, or other periods, that the source has complete figures for, by area.
    selections
        What was counted beside the classification's rows, such as the offences at a locus.
    rows_missing
        The ids of rows that the source gives no figures for in any period: not counted is not 0.
    readings
        What each offence that the source's rows name is counted under; empty where they name the table's own rows.
    repeats
        Repeat offences by the selection that asks for them, and quarter; absent where there were no offences.
    """

    classification: Classification
    areas: tuple[str, ...]
    covered: Mapping[str, frozenset[Period]]
    cells: Mapping[Cell, int]
    origin: Origin
    selections: tuple[Selected, ...] = ()
    rows_missing: frozenset[str] = frozenset()
    readings: tuple[Reading, ...] = ()
    repeats: Mapping[tuple[Selected, Period], Repeats] = field(default_factory=dict)

    def with_composites(self, composites: Sequence[Composite], *, where: str) -> Counts:
        """Return the counts with those of a partnership's own rows; see `Classification.with_composites`."""
        classification = self.classification.with_composites(composites, where=where)
        wholes: dict[str, list[str]] = {}
        for each in classification.composites:
            for part in each.parts:
                wholes.setdefault(part, []).append(each.row_id)
        cells = dict(self.cells)
        for (area, row_id, period), count in self.cells.items():
            for whole in wholes.get(row_id, ()) if isinstance(row_id, str) else ():
                cells[area, whole, period] = cells.get((area, whole, period), 0) + count
        return replace(self, classification=classification, cells=cells)

    def offences(self, *, area: str, row_id: RowKey, period: Period) -> int:
        """Return the offences of a row in an area and period.

        Raises
        ------
        ValueFoundError
            If the area or the row is not in the table; the nearest are offered.
        CannotBeComputedError
            If the source does not cover the whole period in this area (the missing months are named), has no such row,
            or did not count what is selected.
        """
        self.check_area(area)
        self.check_row(row_id)
        if period in self.covered[area]:
            return self.cells.get((area, row_id, period), 0)
        months = [Period(month, month) for month in period.months]
        if not self.covered[area].issuperset(months):
            self.check_covers(period, area=area)
        return sum(self.cells.get((area, row_id, month), 0) for month in months)

    def covers(self, period: Period, *, area: str) -> bool:
        """Return whether an area has complete figures for every month of a period."""
        return period in self.covered[area] or not self.missing_months(period, area=area)

    def missing_months(self, period: Period, *, area: str) -> tuple[Month, ...]:
        """Return the months of a period for which the source has no complete figures of an area."""
        return tuple(month for month in period.months if Period(month, month) not in self.covered[area])

    def check_covers(self, period: Period, *, area: str) -> None:
        """Refuse a period that the source does not wholly cover in an area."""
        if self.covers(period, area=area):
            return
        missing = runs_in_words(Period(month, month) for month in self.missing_months(period, area=area))
        raise CannotBeComputedError(
            f"{period.heading} can't be counted: {area} has no complete figures for {missing}.",
            where=f"{self.origin.source}, which covers {in_words(self.covered[area])}",
            remedy="Add the files for these months, or choose a period that the data cover.",
        )

    def check_area(self, area: str) -> None:
        """Refuse an area that the table does not hold, and offer the nearest names."""
        if area not in self.areas:
            raise unknown_area(area, self.areas, where=self.origin.source)

    def check_row(self, row_id: RowKey) -> None:
        """Refuse a row that the classification does not have or that has no figures, and what was not selected."""
        if not isinstance(row_id, str):
            if row_id not in self.selections:
                raise CannotBeComputedError(
                    "These offences were not counted separately.",
                    where=self.origin.source,
                    remedy="Check that partnership.toml names the extract's headings for them; then refresh.",
                )
            return
        row = next((row for row in self.classification.rows if row.row_id == row_id), None)
        if row_id in self.rows_missing:
            raise CannotBeComputedError(
                f"{quoted(row.name if row else row_id)} can't be counted: the data have no row for it.",
                where=f"{self.origin.source}, {name_some(self.origin.files)}",
                remedy="Add the row to the file, with 0 where there were no offences.",
            )
        if row is None:
            raise self.classification.no_row(row_id)

    def months(self, area: str) -> frozenset[Month]:
        """Return the months that the source has complete figures of an area for, one by one."""
        return frozenset(period.first for period in self.covered[area] if period.first == period.last)

    @property
    def has_gaps(self) -> bool:
        """Whether months are missing between those that any area is covered in; a table of two periods has none."""
        covered = {period for periods in self.covered.values() for period in periods}
        return len(runs(covered)) > 1 and all(period.first == period.last for period in covered)

    @property
    def coverage(self) -> str:
        """The periods that any area is covered in, in words: ``Apr-24, Jun-24 (May-24 is missing)``."""
        return in_words(frozenset[Period]().union(*self.covered.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cube:
    """Offences of many areas by row and month as running totals, so that a year costs no more than a month.

    Attributes
    ----------
    first_month
        The month at which the running totals begin.
    running_totals
        By area and row, the offences before each month and after the last. Unit: offences.
    given
        The counts of periods that are not months. Unit: offences.
    """

    classification: Classification
    areas: tuple[str, ...]
    covered: Mapping[str, frozenset[Period]]
    first_month: Month
    running_totals: Mapping[tuple[str, RowKey], Sequence[int]]
    given: Mapping[Cell, int]
    origin: Origin
    selections: tuple[Selected, ...] = ()
    rows_missing: frozenset[str] = frozenset()

    def offences(self, *, area: str, row_id: RowKey, period: Period) -> int:
        """Return the offences of a row in an area and period, as `Counts.offences` does."""
        totals = self.running_totals.get((area, row_id))
        if totals is None or not self._is_summed(period, self.covered[area]):
            return self.of_area(area).offences(area=area, row_id=row_id, period=period)
        begins = period.first.index - self.first_month.index
        return totals[begins + period.months_count] - totals[begins]

    def of_area(self, area: str) -> Counts:
        """Return the counts of one area.

        Raises
        ------
        ValueFoundError
            If the area is not in the table; the nearest are offered.
        """
        if area not in self.areas:
            raise unknown_area(area, self.areas, where=self.origin.source)
        return self._counts((area,))

    def whole(self) -> Counts:
        """Return the counts of all areas, for where they are few."""
        return self._counts(self.areas)

    def _counts(self, areas: tuple[str, ...]) -> Counts:
        cells = {cell: count for cell, count in self.given.items() if cell[0] in areas}
        for (area, row_id), totals in self.running_totals.items():
            if area in areas:
                cells |= {
                    (area, row_id, Period(month, month)): after - before
                    for month, before, after in self._months_of(totals)
                    if after > before
                }
        return Counts(
            classification=self.classification,
            areas=areas,
            covered={area: self.covered[area] for area in areas},
            cells=cells,
            origin=self.origin,
            selections=self.selections,
            rows_missing=self.rows_missing,
        )

    def _months_of(self, totals: Sequence[int]) -> Iterator[tuple[Month, int, int]]:
        for number, (before, after) in enumerate(itertools.pairwise(totals)):
            yield self.first_month + number, before, after

    @staticmethod
    def _is_summed(period: Period, covered: frozenset[Period]) -> bool:
        """Return whether a period is the sum of months that are all there, and not given as a whole."""
        if period in covered:
            return period.first == period.last
        return all(Period(month, month) in covered for month in period.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who lives in an area. Units: people; households, None where the file has none."""

    population: int
    households: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Populations:
    """People and households by area."""

    areas: Mapping[str, People]
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFigures:
    """Offences of several areas, with what else their file says about them.

    Attributes
    ----------
    residents
        People or households by area and by which of the two they are. Unit: people or households.
    positions
        The positions that the file itself gives, 1 for the lowest rate.
    areas_in_file
        Every area that the file names, counted here or not.
    """

    counts: Counts
    residents: Mapping[tuple[str, str], int]
    positions: Mapping[Cell, int]
    areas_in_file: tuple[str, ...]


def _and_more(first: Sequence[str], rows: int) -> str:
    rest = rows - len(first)
    return f"{'; '.join(first)}{f' and {rest:,} more' if rest > 0 else ''}"


def covered_by_area(
    areas: Sequence[str], given: Iterable[tuple[str, Period]]
) -> tuple[dict[str, frozenset[Period]], list[str]]:
    """Return the periods in which each area has figures, and a sentence on each that lacks some that others have.

    Parameters
    ----------
    areas
        The areas that were asked for.
    given
        Area and period of the figures that a source holds.
    """
    pairs = set(given)
    covered = {area: frozenset(period for other, period in pairs if other == area) for area in areas}
    every = frozenset[Period]().union(*covered.values())
    remarks = [
        f"{area} has no figures for {runs_in_words(every - periods)}."
        for area, periods in covered.items()
        if every - periods
    ]
    return covered, remarks


def in_words(covered: Iterable[Period]) -> str:
    """Return covered periods in words; where they are months, those missing between them are named.

    Examples
    --------
    >>> in_words(map(Period.parse, ("Apr-24", "Jun-24")))
    'Apr-24, Jun-24 (May-24 is missing)'
    """
    return _in_words(frozenset(covered))


@functools.lru_cache(maxsize=64)
def _in_words(covered: frozenset[Period]) -> str:
    """Return covered periods in words; asked again for every period that they lack."""
    periods = sorted(covered)
    if not periods:
        return "no period"
    months = {month for period in periods for month in period.months}
    whole = Period(periods[0].first, max(months))
    holes = [Period(month, month) for month in whole.months if month not in months]
    joined = runs(periods)
    shown = ", ".join(run.heading for run in joined) if len(joined) <= OFFENDERS_NAMED else whole.heading
    if not holes or any(period.first != period.last for period in periods):
        return shown
    return f"{shown} ({runs_in_words(holes)} {'is' if len(holes) == 1 else 'are'} missing)"


def unknown_area(area: str, known: Iterable[str], *, where: str) -> ValueFoundError:
    """Return the error for an area that a source does not hold, offering the nearest names."""
    names = sorted(known)
    near = difflib.get_close_matches(area, names, n=3, cutoff=0.5) or names
    return ValueFoundError(
        f'There is no row for the area "{area}".',
        where=where,
        remedy=f"Did you mean {name_some([quoted(name) for name in near])}?"
        if names
        else "Name an area that the file holds.",
    )
