"""How counts moved from one refresh to the next, split by what changed between the two."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cdrp_xl.selected import QuestionOffences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cdrp_xl.periods import Period
    from cdrp_xl.selected import RowKey
    from cdrp_xl.tables import Counts


class Cause(StrEnum):
    """What moved a count, in the order in which one is changed after another."""

    NEW_DATA = "new data"
    REVISED = "revised earlier figures"
    DEFINITION = "changed definition"
    BOUNDARY = "changed boundary"
    SETTINGS = "corrected settings"
    NOT_SEPARATED = "not separated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The counts after one more thing has changed, all else being as before.

    Where `has_selections` is false, what is selected beside the rows could not be counted in this step.
    """

    cause: Cause
    counts: Counts
    has_selections: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One count that moved. Units: offences; None where the month was not covered, or the row not counted.

    `area` is the area that it is of, `parts` has what each cause moved; those that moved nothing are not in it.
    """

    area: str
    row: RowKey
    period: Period
    was: int | None
    now: int | None
    parts: Mapping[Cause, int]

    @property
    def change(self) -> int:
        """The count now less that before, where what could not be counted is nothing. Unit: offences."""
        return (self.now or 0) - (self.was or 0)


def split(former: Counts, steps: Sequence[Step]) -> tuple[Moved, ...]:
    """Return every count of an area that moved, with the parts of its change.

    Parameters
    ----------
    former
        The counts of one area that an earlier refresh kept. Unit: offences.
    steps
        The same source counted again, with one more thing as it is now in each; the last are the counts of now.

    Returns
    -------
    tuple of Moved
        By row and period, in their order. The parts of each add up to its change. A count whose parts cancel each
        other is among them.

    Notes
    -----
    Each part is the difference that one change makes after those before it: data, definition, boundary, settings. It
    is exact, but not the only way: taken in another order, what two changes move together would go to the other. All
    of a period that was not covered before is new data, by whatever it is counted.
    """
    now = steps[-1].counts if steps else former
    (area,) = former.areas
    found = []
    for row, period in sorted(_keys([former, *(step.counts for step in steps)]), key=_in_order):
        was, is_now = value(former, row, period), value(now, row, period)
        parts = _parts(former, steps, row, period)
        if parts or (was or 0) != (is_now or 0):
            found.append(Moved(area=area, row=row, period=period, was=was, now=is_now, parts=parts))
    return tuple(found)


def year_together(moved: Iterable[Moved], now: Counts, *, row: RowKey, year: Period) -> Moved | None:
    """Return how the twelve months of a row moved together; None where they did not, or were not all counted before.

    Parameters
    ----------
    moved
        The months of one area that moved.
    now
        The counts of now.
    row
        The row.
    year
        Twelve months. Unit: offences.

    Returns
    -------
    Moved or None
        Its parts are the sums of those of its months, so that they add up to its change.
    """
    (area,) = now.areas
    months = [each for each in moved if each.row == row and each.period.months_count == 1 and each.period in year]
    if not months or any(each.was is None or each.now is None for each in months) or not now.covers(year, area=area):
        return None
    parts = together(months, row=row, period=year)
    total = now.offences(area=area, row_id=row, period=year)
    return Moved(area=area, row=row, period=year, was=total - sum(parts.values()), now=total, parts=parts)


def together(moved: Iterable[Moved], *, row: RowKey, period: Period) -> dict[Cause, int]:
    """Return what each cause moved of a row in a period: that of its months together, or of the period as given.

    Parameters
    ----------
    moved
        The counts that moved.
    row
        The row.
    period
        The period; counts of longer ones are not looked at.

    Returns
    -------
    dict
        By cause. Unit: offences.
    """
    found: dict[Cause, int] = {}
    for each in moved:
        if each.row == row and each.period in period:
            for cause, part in each.parts.items():
                found[cause] = found.get(cause, 0) + part
    return {cause: part for cause, part in found.items() if part}


def value(counts: Counts, row: RowKey, period: Period) -> int | None:
    """Return a count as it is given, None where the period is not covered or the row not counted.

    Parameters
    ----------
    counts
        The counts of one area.
    row
        The row, or what is selected beside the rows.
    period
        A month, or a period that is given as a whole.

    Returns
    -------
    int or None
        Unit: offences.
    """
    (area,) = counts.areas
    if period not in counts.covered[area] or not _has(counts, row):
        return None
    return counts.cells.get((area, row, period), 0)


def _has(counts: Counts, row: RowKey) -> bool:
    if not isinstance(row, str):
        return row in counts.selections
    return row not in counts.rows_missing and any(each.row_id == row for each in counts.classification.rows)


def _keys(states: Iterable[Counts]) -> set[tuple[RowKey, Period]]:
    """Return every row and period that has a count; what answers the analyst's own questions is no figure to keep."""
    return {
        (row, period) for counts in states for _, row, period in counts.cells if not isinstance(row, QuestionOffences)
    }


def _in_order(key: tuple[RowKey, Period]) -> tuple[bool, str, Period]:
    row, period = key
    return not isinstance(row, str), str(row), period


def _parts(former: Counts, steps: Sequence[Step], row: RowKey, period: Period) -> dict[Cause, int]:
    (area,) = former.areas
    if period not in former.covered[area]:
        now = value(steps[-1].counts, row, period) if steps else None
        return {Cause.NEW_DATA: now} if now else {}
    found: dict[Cause, int] = {}
    for cause, part in _differences(former, steps, row, period):
        found[cause] = found.get(cause, 0) + part
    return {cause: part for cause, part in found.items() if part}


def _differences(former: Counts, steps: Sequence[Step], row: RowKey, period: Period) -> Iterator[tuple[Cause, int]]:
    before = value(former, row, period) or 0
    is_joint = False
    for step in steps:
        if not (isinstance(row, str) or step.has_selections):
            is_joint = True
            continue
        after = value(step.counts, row, period) or 0
        if after != before:
            yield Cause.NOT_SEPARATED if is_joint else step.cause, after - before
        before, is_joint = after, False
