"""The headlines' rates: the area's offences per 1,000 people in twelve months, beside its force's and its group's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures.group import Member, compare
from cdrp_xl.measures.rates import rate_per_1000
from cdrp_xl.periods import Period
from cdrp_xl.report.group import LEAST_MEMBERS
from cdrp_xl.terms import NOT_AVAILABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cdrp_xl.report.group import GroupData
    from cdrp_xl.tables import Counts

PEOPLE = "people"
_QUARTER = 3
"""Months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """The police force of the area: the counts of all areas that it polices, and all its people.

    Attributes
    ----------
    name
        The force.
    counts
        Unit: offences.
    people
        Unit: people.
    """

    name: str
    counts: Counts
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Offences per 1,000 people in twelve months, or the symbol of what is not available.

    `force` is that of all its areas together, `group` the average of the members of the most similar group.
    """

    own: float | str = NOT_AVAILABLE
    force: float | str = NOT_AVAILABLE
    group: float | str = NOT_AVAILABLE


NO_RATES = Rates()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What rates are worked out from.

    Attributes
    ----------
    people
        Those of the area, None where they are not known. Unit: people.
    force, group
        Its force, and its most similar group, where their counts are there.
    counts
        The source of the report's table: others are beside it only if they count alike.
    area
        The partnership's area.
    year
        The twelve months.
    """

    people: int | None
    force: Force | None
    group: GroupData | None
    counts: Counts
    area: str
    year: Period

    def rates(self, offences: int | None, rows: Sequence[str]) -> Rates:
        """Return the rates of a line of the headlines.

        Parameters
        ----------
        offences
            What the line shows of the twelve months, so that a rate discloses no more than the line; without it
            there are no rates. Unit: offences.
        rows
            The offence rows that it adds up; empty for what other areas can't be counted by, such as a locus.

        Returns
        -------
        Rates
            Units: offences per 1,000 people.

        Notes
        -----
        docs/methods.md, "Rates and shares".
        """
        if offences is None or self.people is None:
            return NO_RATES
        own = rate_per_1000(offences, self.people, area=self.area)
        return Rates(own=own, force=self._force_rate(rows), group=self._group_rate(rows))

    def _force_rate(self, rows: Sequence[str]) -> float | str:
        force = self.force
        if force is None or not self._can_count(force.counts, rows):
            return NOT_AVAILABLE
        every = [self._offences(force.counts, area, rows) for area in force.counts.areas]
        known = [each for each in every if each is not None]
        if len(known) < len(every):
            return NOT_AVAILABLE
        return rate_per_1000(sum(known), force.people, area=force.name)

    def _group_rate(self, rows: Sequence[str]) -> float | str:
        group = self.group
        if group is None or not self._can_count(group.counts, rows):
            return NOT_AVAILABLE
        members = dict(_members(self._by_area(group.counts, rows), group.residents))
        if self.area not in members or len(members) < LEAST_MEMBERS:
            return NOT_AVAILABLE
        return compare(list(members.values())).average

    def _can_count(self, counts: Counts, rows: Sequence[str]) -> bool:
        known = {row.row_id for row in counts.classification.rows} - counts.rows_missing
        return bool(rows) and {*rows} <= known and counts.classification.counts_alike(self.counts.classification)

    def _by_area(self, counts: Counts, rows: Sequence[str]) -> Iterable[tuple[str, int]]:
        """Yield the areas with complete figures for the twelve months, and their offences."""
        for area in counts.areas:
            offences = self._offences(counts, area, rows)
            if offences is not None:
                yield area, offences

    def _offences(self, counts: Counts, area: str, rows: Sequence[str]) -> int | None:
        """Return an area's offences in the twelve months, as such or by quarters, None where these are not complete."""
        last, quarters = self.year.last, range(0, self.year.months_count, _QUARTER)
        by_quarter = tuple(Period(last + -(back + _QUARTER - 1), last + -back) for back in quarters)
        parts = (self.year,) if counts.covers(self.year, area=area) else by_quarter
        if not all(counts.covers(part, area=area) for part in parts):
            return None
        return sum(counts.offences(area=area, row_id=row, period=part) for row in rows for part in parts)


def _members(
    counted: Iterable[tuple[str, int]], residents: Mapping[tuple[str, str], int]
) -> Iterable[tuple[str, Member]]:
    for area, offences in counted:
        if people := residents.get((area, PEOPLE)):
            yield area, Member(area=area, offences=offences, residents=people)
