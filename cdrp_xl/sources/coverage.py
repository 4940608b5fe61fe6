"""What makes an area's figures complete: every name that its rows have, the force that polices it, and whole months."""

from __future__ import annotations

import datetime as dt
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from cdrp_xl import geography
from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.periods import Month, runs_in_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cdrp_xl.geography import Area, Force
    from cdrp_xl.periods import Period

FEW = 0.5
"""The share of a month's usual rows below which it is looked at.

In the public counts of 41 forces and 277 districts over 16 months, complete months have 0.73 of the median or more, and
those of a force that sent a part have 0.04 to 0.32.
"""

LEAST_USUAL = 50
"""Of fewer rows a month, half as many mean nothing: the Isles of Scilly have 2 to 16."""

Key = TypeVar("Key")

_A_DAY = dt.timedelta(days=1)
_FEWEST_MONTHS = 3
_MOST_NAMES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """An area as it was asked for, and what is counted for it.

    Attributes
    ----------
    asked, area
        The name that was asked for, and the one that is counted: another where the first has ended.
    names
        Every name that its rows may have: its own, then those of the areas that it replaced.
    force
        The force that polices it; None where that is not known.
    """

    asked: str
    area: str
    names: tuple[str, ...]
    force: Force | None

    @property
    def own_names(self) -> tuple[str, ...]:
        """The names of the area itself, those of areas that it replaced aside."""
        known = geography.find(self.area)
        return (self.area, *known.names) if known else (self.area,)

    @property
    def folded(self) -> frozenset[str]:
        """All names that its rows may have, as they are compared."""
        return frozenset(map(geography.fold, self.names))

    def made_up_of(self, written: Collection[str]) -> tuple[str, ...]:
        """Return those of some names that are all of the area's ground: its own, or else all that it was made from."""
        own = next((name for name in written if geography.fold(name) == geography.fold(self.area)), None)
        return (own,) if own is not None else geography.made_up_of(self.area, written)

    def notes(self, written: Collection[str]) -> tuple[str, ...]:
        """Return what a reader must know of what is counted, by the names that the rows have."""
        return (*self._has_ended(), *self._replaced(written))

    def _has_ended(self) -> tuple[str, ...]:
        former = geography.find(self.asked)
        if self.asked == self.area or former is None or former.last_day is None:
            return ()
        since = _after(former.last_day)
        return (f"{self.asked} has been part of {self.area} since {since}, which is counted.",)

    def _replaced(self, written: Collection[str]) -> tuple[str, ...]:
        """Return a sentence on the former areas whose rows are counted, one to each day on which they ended."""
        there = {geography.fold(name) for name in written}
        by_day: dict[dt.date, list[str]] = {}
        for former in geography.predecessors_of(self.area):
            found = next((name for name in former.names if geography.fold(name) in there), None)
            if found:
                by_day.setdefault(_last_day_before(former, self.area), []).append(quoted(found))
        return tuple(
            f"Rows named {_listed(names)} are counted: {_became(names)} {self.area} on {_after(day)}."
            for day, names in sorted(by_day.items())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Rows of an area in a period: the force that recorded them, the name that they have, and how many."""

    force: str
    period: Period
    name: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    """The periods in which an area's figures are complete, whose force makes them so, and what to look at."""

    periods: frozenset[Period]
    force: str
    to_look_at: tuple[str, ...]


def complete(ground: Ground, found: Sequence[Found], *, sent: Mapping[str, Collection[Period]]) -> Complete:
    """Return the periods for which the force that polices an area sent rows of it, under any of its names.

    Parameters
    ----------
    ground
        The area.
    found
        The rows under any of its names. Unit: rows.
    sent
        The periods for which each force sent figures, of whichever area.

    Notes
    -----
    Where it is not known which force polices an area, or where no force of the data is known, it is the one that has
    most rows there, and this is said. Rows of other forces, such as British Transport Police, never make a period
    complete; in one that is, they are the area's as well. A period with rows of a part of its former areas alone is
    said: the others may have had no offence, or their rows are missing.
    """
    most = _with_most_rows(found)
    own = ground.force.force_id if ground.force else ""
    force, said = own, []
    if most and own not in sent and not (own and geography.find_force(most)):
        force, said = most, [_taken_for(most, ground)]
    names: dict[Period, set[str]] = {period: set() for period in sent.get(force, ())}
    rows = dict.fromkeys(names, 0)
    for each in found:
        if each.period in names:
            rows[each.period] += each.rows
            names[each.period] |= {each.name} if each.force == force else set()
    periods = frozenset(period for period, written in names.items() if written)
    if not periods:
        said.append(_no_figures(ground, force, found))
    said += _parts_without_rows(ground, {period: names[period] for period in periods})
    of_these = {period: rows[period] for period in periods}
    return Complete(periods=periods, force=force, to_look_at=(*said, *few_rows(of_these, of=ground.area)))


def complete_by_name(ground: Ground, found: Sequence[Found]) -> Complete:
    """Return the periods with rows of all of an area's ground, where it is not known which force recorded them."""
    names: dict[Period, set[str]] = {}
    rows: dict[Period, int] = {}
    for each in found:
        names.setdefault(each.period, set()).add(each.name)
        rows[each.period] = rows.get(each.period, 0) + each.rows
    periods = frozenset(period for period, written in names.items() if ground.made_up_of(written))
    return Complete(
        periods=periods,
        force="",
        to_look_at=few_rows({period: rows[period] for period in periods}, of=ground.area),
    )


def grounds(asked: Sequence[str], *, last_day: dt.date, where: str = "partnership.toml") -> tuple[Ground, ...]:
    """Return what is counted for areas, by the names that they had on the last day of the data.

    Parameters
    ----------
    asked
        The areas, under any of their names. One that geography does not know is its own name alone.
    last_day
        The last day that the data reach: an area that had ended by then is the one that it became part of.
    where
        Where the areas are named, for the message.

    Raises
    ------
    ValueFoundError
        If two areas that were asked for are one, or one of them is part of the other.
    """
    found = tuple(_ground(name, last_day) for name in asked)
    for ground in found:
        alike = [other for other in found if not ground.folded.isdisjoint(other.folded)]
        if len(alike) > 1:
            largest = max(alike, key=lambda other: len(other.names))
            raise ValueFoundError(
                f"{_listed([quoted(other.asked) for other in alike])} are counted over the same rows.",
                where=where,
                remedy=f"Name {quoted(largest.area)} alone.",
            )
    return found


def of_grounds(by_name: Mapping[tuple[str, Key], int], wanted: Sequence[Ground]) -> dict[tuple[str, Key], int]:
    """Return figures by area: its own, otherwise the sum of those of all areas that it replaced.

    Parameters
    ----------
    by_name
        Figures by the name that a file has for their area, and by whatever else distinguishes them.
    wanted
        The areas.
    """
    names: dict[Key, list[str]] = {}
    for name, key in by_name:
        names.setdefault(key, []).append(name)
    return {
        (ground.area, key): sum(by_name[name, key] for name in parts)
        for key, there in names.items()
        for ground in wanted
        if (parts := ground.made_up_of(there))
    }


def few_rows(rows: Mapping[Period, int], *, of: str) -> tuple[str, ...]:
    """Return a sentence on each period with less than half of its usual rows, which may be a part of it only.

    Parameters
    ----------
    rows
        Rows by period; those longer than the shortest are not compared. Unit: rows.
    of
        Whose rows they are.
    """
    shortest = min((period.months_count for period in rows), default=0)
    rows = {period: count for period, count in rows.items() if period.months_count == shortest}
    usual = statistics.median(rows.values()) if len(rows) >= _FEWEST_MONTHS else 0
    if usual < LEAST_USUAL:
        return ()
    return tuple(
        f"{period.heading} has {count:,} rows of {of}, {count / usual:.0%} of the usual {usual:,.0f}. It may be a part."
        for period, count in sorted(rows.items())
        if count < FEW * usual
    )


def as_written(names: Sequence[str]) -> tuple[Ground, ...]:
    """Return areas each under its own name alone, as a file has them."""
    return tuple(Ground(asked=name, area=name, names=(name,), force=geography.force_of(name)) for name in names)


def force_named(force_id: str) -> str:
    """Return a force's name in words, as far as it is known."""
    known = geography.find_force(force_id)
    return known.police_uk_name if known else force_id


def _with_most_rows(found: Sequence[Found]) -> str:
    rows: dict[str, int] = {}
    for each in found:
        rows[each.force] = rows.get(each.force, 0) + each.rows
    return max(sorted(rows), key=lambda force: rows[force], default="")


def _taken_for(most: str, ground: Ground) -> str:
    if ground.force is None:
        return (
            f"It is not known which force polices {ground.area}. {force_named(most)}, with most rows there, is taken "
            "to be that force."
        )
    return (
        f"{quoted(most)} is not a known force, and is treated as {ground.force.police_uk_name}, which polices "
        f"{ground.area}."
    )


def _parts_without_rows(ground: Ground, names: Mapping[Period, Collection[str]]) -> list[str]:
    """Return a sentence on the periods in which there are rows of a part of an area's former areas alone."""
    partial = {period: written for period, written in names.items() if not ground.made_up_of(written)}
    if not partial or geography.find(ground.area) is None:
        return []
    there = {geography.fold(name) for written in partial.values() for name in written}
    former = [each.name for each in geography.predecessors_of(ground.area) if geography.fold(each.name) not in there]
    have = "has" if len(partial) == 1 else "have"
    missing = name_some([quoted(name) for name in former])
    return [f"{runs_in_words(partial)} {have} rows of a part of {ground.area} alone: none is named {missing}."]


def _no_figures(ground: Ground, force: str, found: Sequence[Found]) -> str:
    rows = sum(each.rows for each in found if each.force != force)
    name = force_named(force)
    return (
        f"{ground.area} has no complete figures: there are none of {name}, which polices it. {rows:,} rows there are "
        "of other forces."
    )


def _ground(asked: str, last_day: dt.date) -> Ground:
    own, then = geography.find(asked), geography.area_on(asked, last_day)
    if own is None or then is None:
        return Ground(asked=asked, area=asked, names=(asked,), force=None)
    area = asked if then is own else then.name
    return Ground(
        asked=asked, area=area, names=tuple(dict.fromkeys((area, *geography.names_of(area)))), force=then.force
    )


def _listed(names: Sequence[str]) -> str:
    """Return names as a sentence has them: ``a, b and c``; many are cut."""
    if len(names) > _MOST_NAMES:
        return name_some(names)
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _became(names: Sequence[str]) -> str:
    return "these districts became" if len(names) > 1 else "this district became part of"


def _last_day_before(former: Area, area: str) -> dt.date:
    """Return the last day on which an area, or what it had become part of, was not yet part of a later one."""
    while (last := former.last_day) is not None:
        later = geography.area_on(former.code, last + _A_DAY)
        if later is None or later is former or later is geography.find(area):
            return last
        former = later
    return dt.date.max - _A_DAY


def _after(day: dt.date) -> str:
    """Return the day after a day as a sentence has it: ``1 April 2021``."""
    later = day + _A_DAY
    return f"{later.day} {Month.of(later).name}"
