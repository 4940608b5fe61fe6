"""The checks of a report's figures: that rows add up, that sources agree, and what each source lacks or left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl import geography
from cdrp_xl.errors import OFFENDERS_NAMED, name_some, quoted
from cdrp_xl.measures import comparison
from cdrp_xl.report import ledgers, mapping
from cdrp_xl.report.model import Check
from cdrp_xl.report.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cdrp_xl.measures.comparison import ComparedRow, Comparison
    from cdrp_xl.report.data import Data
    from cdrp_xl.report.model import PriorityResult
    from cdrp_xl.report.suppressed import Suppressed
    from cdrp_xl.tables import Counts


_UNREAD_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """The rows of the highlights by another source, in the same periods; `differing` has each row by both."""

    source: str
    than: str
    rows: int
    differing: tuple[tuple[ComparedRow, ComparedRow], ...]


def others(table: Comparison, data: Data, counts: Counts) -> tuple[Other, ...]:
    """Return the highlights by each other source that has the same rows and covers both periods."""
    found = []
    for other in data.counts.values():
        periods = (table.earlier, table.later)
        if other is counts or not other.classification.counts_alike(counts.classification):
            continue
        if all(other.covers(period, area=table.area) for period in periods):
            again = comparison.compare(other, area=table.area, earlier=table.earlier, later=table.later)
            differing = tuple(comparison.differences(table, again))
            rows = len({each.row.row_id for each in table.rows} & {each.row.row_id for each in again.rows})
            found.append(Other(source=counts.origin.source, than=other.origin.source, rows=rows, differing=differing))
    return tuple(found)


def disagreements(found: Sequence[Other], *, with_figures: bool) -> list[str]:
    """Return a sentence on each other source whose figures differ, with both figures where no count is hidden."""
    return [
        f"{each.than} has other figures for {ledgers.rows(len(each.differing), '', '').strip()}"
        + (f": {_both(each, OFFENDERS_NAMED)}." if with_figures else ".")
        for each in found
        if each.differing
    ]


def of_figures(
    table: Comparison, found: Sequence[Other], data: Data, results: Sequence[PriorityResult]
) -> tuple[Check, ...]:
    """Return whether rows add up and sources agree, and what each source says about its rows and of what it lacks."""
    checks = [_sums_hold(table), *map(_agreement, found)]
    for source in data.counts.values():
        checks += _gaps(source)
        checks += too_wide(source)
        checks += ledgers.checks(source.origin)
    if data.places:
        checks += ledgers.checks(data.places.counts.origin)
    if data.unread:
        detail = f"No source reads {name_some(data.unread, named=_UNREAD_NAMED)}."
        checks.append(Check(what="Files beside those that are read", holds=True, detail=detail))
    for result in results:
        what = f"{result.title}: the baseline given is that of the data"
        checks += [Check(what=what, holds=False, detail=sentence) for sentence in result.disagreements]
    checks += _group_checks(data, results)
    for origin in data.others:
        checks += ledgers.checks(origin)
    return tuple(dict.fromkeys(checks))


def too_wide(counts: Counts) -> Iterator[Check]:
    """Yield a line on offences whose words are too wide for rows that they may belong to, which are then too low.

    Rows below the one that an offence is counted in are not meant: what is not divided among these has a line there.

    Parameters
    ----------
    counts
        The counts of a source.
    """
    above = {row.row_id: row.parent for row in counts.classification.rows}
    lacking: dict[str, None] = {}
    offences: list[str] = []
    rows = 0
    for reading in counts.readings:
        own = reading.row.row_id if reading.row else ""
        others = [row for row in reading.undecided if row.row_id in above and not _is_below(row.row_id, own, above)]
        if others:
            lacking |= dict.fromkeys(row.name for row in others)
            offences.append(quoted(reading.text[: mapping.LONGEST_TEXT]))
            rows += reading.written.rows
    if lacking:
        said = say(
            "mapping",
            "too_wide",
            rows=ledgers.rows(rows, "", "").strip(),
            offences=name_some(offences),
            names=name_some(list(lacking), named=len(lacking)),
        )
        yield Check(what=counts.origin.source, holds=False, detail=said)


def _is_below(row_id: str, other: str, above: Mapping[str, str]) -> bool:
    """Return whether a row is one of those that another one is made up of."""
    while row_id and row_id != other:
        row_id = above.get(row_id, "")
    return bool(row_id)


def _gaps(counts: Counts) -> list[Check]:
    """Return what a source covers, where months are missing between."""
    return (
        [Check(what=counts.origin.source, holds=False, detail=f"Covers {counts.coverage}.")] if counts.has_gaps else []
    )


def _group_checks(data: Data, results: Sequence[PriorityResult]) -> list[Check]:
    """Return what to know about the group: areas that do not join, positions that disagree, what its source says."""
    if data.group is None:
        return []
    checks = []
    what = "Areas of the group's source that have no population"
    if data.group.unjoined:
        named = name_some(data.group.unjoined, named=len(data.group.unjoined))
        detail = f"{len(data.group.unjoined):,} can't be members of a group: {named}."
        members = {*map(geography.fold, data.group.counts.areas)}
        is_of_others = members.isdisjoint(map(geography.fold, data.group.unjoined))
        checks.append(Check(what=what, holds=is_of_others, detail=detail))
    checks += [
        Check(what=f"{result.title}: the group's figures agree", holds=False, detail=sentence)
        for result in results
        if result.group
        for sentence in result.group.disagreements
    ]
    checks += _gaps(data.group.counts)
    checks += ledgers.checks(replace(data.group.counts.origin, ledger=()))
    return checks


def _sums_hold(table: Comparison) -> Check:
    broken = comparison.broken_sums(table)
    declared = len(table.classification.identities) + len(table.classification.bounds)
    detail = f"All {declared} declared sums and bounds hold in both periods."
    return Check(
        what="Rows add up", holds=not broken, detail=" ".join(f"{each}." for each in broken) if broken else detail
    )


def protected(done: Suppressed) -> Check:
    """Return what was done to a worksheet's small counts, and whether any stays exposed."""
    treated = say("checks", "rounded" if done.is_rounded else "hidden", unsafe=done.unsafe, hidden=done.hidden)
    exposed = say("checks", "exposed", exposed=done.exposed) if done.exposed else say("checks", "protected")
    return Check(what=f"Small counts on {done.sheet}", holds=not done.exposed, detail=f"{treated} {exposed}")


def _agreement(other: Other) -> Check:
    """Return whether another source of the same rows says the same."""
    what = f"{other.source} and {other.than} agree"
    if not other.differing:
        return Check(what=what, holds=True, detail=f"All {other.rows} rows are the same in both periods.")
    differs = ledgers.rows(len(other.differing), "differs", "differ")
    return Check(what=what, holds=False, detail=f"{differs}: {_both(other, len(other.differing))}.")


def _both(other: Other, named: int) -> str:
    """Return the first rows that differ, with the counts of both sources."""
    rows = [
        f"{one.row.name}: {one.earlier:,} and {one.later:,}, against {two.earlier:,} and {two.later:,}"
        for one, two in other.differing
    ]
    more = len(rows) - named
    return "; ".join([*rows[:named], *([f"and {more:,} more"] if more > 0 else [])])
