"""What moved since an earlier refresh, as the master's worksheet Revisions says it: every count, with its parts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from cdrp_xl.measures.revision import Cause, year_together
from cdrp_xl.periods import Month, Period, year_ending
from cdrp_xl.report.wording import say
from cdrp_xl.selected import FarmOffences, PriorityOffences
from cdrp_xl.tables import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.measures.revision import Moved
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import Settings
    from cdrp_xl.tables import Counts

CAUSES = tuple(cause.value.capitalize() for cause in Cause)
"""What may move a count, as headings."""

LINES_SHOWN = 2_000
"""More are counted, not listed: a worksheet is for a person to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSource:
    """The counts of one source that moved, and what has to be said about how they were split.

    `counts` are the current ones or, for a source that is no longer read, the previous ones. Where it `is_of_members`
    of the most similar group, each count is of the area that it names.
    """

    counts: Counts
    moved: tuple[Moved, ...]
    remarks: tuple[str, ...] = ()
    is_of_members: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """One count that moved, or all of a row that are new. Units: offences; None where it was, or is, not counted.

    `parts` has what each cause moved, in the order of `Cause`.
    """

    source: str
    row: str
    period: str
    was: int | None
    now: int | None
    parts: tuple[int, ...]

    @property
    def change(self) -> int:
        """What the parts add up to. Unit: offences."""
        return sum(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisions:
    """All that moved since an earlier refresh; `intro` says since when, and sums it up."""

    intro: str
    lines: tuple[Revised, ...]


def build(found: Sequence[OfSource], settings: Settings, *, day: str, quarter: Period) -> Revisions:
    """Return what moved since an earlier refresh, in words and lines.

    Parameters
    ----------
    found
        What moved, by source.
    settings
        The partnership's settings, which name its priorities.
    day, quarter
        The day of the earlier refresh, as ISO writes it, and the quarter that it reported.

    Returns
    -------
    Revisions
        A line to every row and month that moved, and to twelve months to that quarter's end; what is new of a row is
        one line. Unit: offences.
    """
    year = year_ending(quarter.last)
    lines = [line for each in found for line in _lines(_with_years(each, (year, year.earlier())), settings)]
    earlier = dt.date.fromisoformat(day)
    since = say("revisions", "since", day=f"{earlier.day} {Month.of(earlier).name}", quarter=quarter.name)
    said = [since, *(_summed(each) for each in found), *(remark for each in found for remark in each.remarks)]
    if len(lines) > LINES_SHOWN:
        said.append(say("revisions", "more", shown=f"{LINES_SHOWN:,}", more=f"{len(lines) - LINES_SHOWN:,}"))
    said.append(say("revisions", "how"))
    return Revisions(intro="\n".join(filter(None, said)), lines=tuple(lines[:LINES_SHOWN]))


def none_yet() -> Revisions:
    """Return what the worksheet says where no earlier refresh is known."""
    return Revisions(intro=say("revisions", "first"), lines=())


def row_name(row: RowKey, counts: Counts, settings: Settings) -> str:
    """Return what a row is called, empty for what is counted for other figures alone.

    Parameters
    ----------
    row
        The row.
    counts
        Counts of the classification that it is of.
    settings
        The partnership's settings, which name its priorities.
    """
    if isinstance(row, str):
        return next((each.name for each in counts.classification.rows if each.row_id == row), row)
    if isinstance(row, PriorityOffences):
        titles = {priority.id: priority.title for priority in settings.priorities}
        return titles.get(row.priority_id, row.priority_id)
    if isinstance(row, FarmOffences) and not row.locus:
        return say("revisions", "farm_group", group=row.group) if row.group else say("farm", "all")
    return ""


def _with_years(found: OfSource, years: Sequence[Period]) -> OfSource:
    """Return what moved of a source with its totals of twelve months, whose parts are those of their months."""
    if found.is_of_members:
        return found
    rows = dict.fromkeys(each.row for each in found.moved)
    totals = (year_together(found.moved, found.counts, row=row, year=year) for row in rows for year in years)
    return replace(found, moved=(*found.moved, *(each for each in totals if each)))


def _lines(found: OfSource, settings: Settings) -> Iterator[Revised]:
    """Yield the lines of a source: first what is new of each row, then what moved of what was counted before."""
    counts = found.counts
    order = {row.row_id: number for number, row in enumerate(counts.classification.rows)}
    named = [(each, _count_name(each, found, settings)) for each in found.moved]
    rows = sorted(
        ((each, name) for each, name in named if name),
        key=lambda pair: (order.get(pair[0].row, len(order)) if isinstance(pair[0].row, str) else len(order), pair[1]),
    )
    revised: list[tuple[Moved, str]] = []
    for name, of_row in groupby(rows, key=lambda pair: pair[1]):
        new: list[tuple[Moved, str]] = []
        for each, _ in of_row:
            (new if set(each.parts) == {Cause.NEW_DATA} else revised).append((each, name))
        if new:
            yield _new([each for each, _ in new], name, counts)
    for each, name in revised:
        parts = tuple(each.parts.get(cause, 0) for cause in Cause)
        yield Revised(
            source=counts.origin.source, row=name, period=each.period.heading, was=each.was, now=each.now, parts=parts
        )


def _count_name(moved: Moved, found: OfSource, settings: Settings) -> str:
    """Return what a count is called: its row, and of the group's members the area too."""
    name = row_name(moved.row, found.counts, settings)
    return say("revisions", "of_member", row=name, area=moved.area) if name and found.is_of_members else name


def _new(moved: Sequence[Moved], name: str, counts: Counts) -> Revised:
    """Return one line for the periods of a row that were not covered before."""
    total = sum(each.now or 0 for each in moved)
    return Revised(
        source=counts.origin.source,
        row=name,
        period=in_words(each.period for each in moved),
        was=None,
        now=total,
        parts=tuple(total if cause is Cause.NEW_DATA else 0 for cause in Cause),
    )


def _summed(found: OfSource) -> str:
    """Return in a sentence what each cause moved of a source's first row, which is of all offences."""
    earlier = sum(set(each.parts) != {Cause.NEW_DATA} for each in found.moved if isinstance(each.row, str))
    if found.is_of_members:
        return say("revisions", "summed_members", source=found.counts.origin.source, earlier=f"{earlier:,}")
    first = found.counts.classification.rows[0]
    parts: dict[Cause, int] = {}
    for each in found.moved:
        if each.row == first.row_id:
            for cause, part in each.parts.items():
                parts[cause] = parts.get(cause, 0) + part
    listed = ", ".join(f"{cause.value} {part:+,}" for cause in Cause if (part := parts.get(cause, 0)))
    return say(
        "revisions",
        "summed" if listed else "summed_nothing",
        source=found.counts.origin.source,
        row=first.name,
        parts=listed,
        earlier=f"{earlier:,}",
    )
