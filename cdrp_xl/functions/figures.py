"""What worksheet functions answer from: one partnership's settings, and the counts that its last refresh kept."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cdrp_xl.errors import CannotBeComputedError, CdrpError, ValueFoundError, name_some, quoted
from cdrp_xl.selected import PriorityOffences, RowOffences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.measures.movement import Movement
    from cdrp_xl.offences import Row
    from cdrp_xl.periods import Month, Period
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import Settings
    from cdrp_xl.settings.priorities import Priority
    from cdrp_xl.sources.stored_counts import Stored
    from cdrp_xl.tables import Counts, Cube, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One partnership's settings and kept counts, with what was asked of them already."""

    settings: Settings
    stored: Stored
    answered: dict[tuple[Any, ...], int] = field(default_factory=dict)
    counts_by_area: dict[str, dict[str, Counts]] = field(default_factory=dict)

    @property
    def table(self) -> Cube:
        """The source that the report's table comes from."""
        cubes = self.stored.cubes
        return cubes[self.settings.table_source(cubes)]

    @property
    def quarter(self) -> Period:
        """The quarter that was last refreshed."""
        return self.stored.quarter

    def area(self, name: str) -> str:
        """Return the area that a name means, ignoring case; without a name, the partnership's own.

        Raises
        ------
        ValueFoundError
            If the counts hold no such area; the nearest are offered.
        """
        if not name:
            return self.settings.partnership.area
        known = {area.casefold(): area for cube in self.stored.cubes.values() for area in cube.areas}
        if (found := known.get(name.casefold())) is None:
            self._check_is_no_part(name, known)
            self.table.of_area(name)  # refuses it, and offers the nearest
        return found or name

    def first_month(self, area: str) -> Month:
        """Return the first month that the table's source covers in an area; that of the quarter if it covers none."""
        return min(self.table.covered.get(area, ()), default=self.quarter).first

    def rows(self, name: str) -> tuple[RowKey, ...]:
        """Return the rows that a name stands for: an offence row, or all those of a priority.

        Raises
        ------
        ValueFoundError
            If nothing is called so; the nearest offence rows are offered.
        """
        if priority := self._priority(name):
            measure = priority.measure
            return (PriorityOffences(priority.id),) if measure.is_by_locus else tuple(map(self._row_id, measure.rows))
        return (self._row_id(name),)

    def parts(self, name: str, *, locus: str, flag: str) -> tuple[RowKey, ...]:
        """Return a row's offences, or a priority's, at a locus, with a flag, or both.

        Raises
        ------
        ValueFoundError
            If there is no such row, locus or flag; those that there are are named.
        CannotBeComputedError
            If what is named is counted by locus already, or no extract records the locus or the flag.
        """
        from cdrp_xl.report import parts

        rows = self.rows(name)
        known = [each.name for each in parts.loci(self.settings)]
        at = _one_of(known, locus, what="locus", where="partnership.toml, farm and priorities") if locus else ""
        marked = _one_of(parts.flags(self.settings), flag, what="flag", where="the formula") if flag else ""
        bearing = marked or None
        found = tuple(RowOffences(row, locus=at, flag=bearing) for row in rows if isinstance(row, str))
        if len(found) < len(rows) or not any(set(found) <= set(cube.selections) for cube in self._alike()):
            raise CannotBeComputedError(
                f"{quoted(name)} can't be counted by {' and '.join(filter(None, ['locus' * bool(at), marked]))}.",
                where=self.table.origin.source,
                remedy="Name an offence row, and check that partnership.toml names the extract's headings for it; then "
                "refresh.",
            )
        return found

    def row_named(self, name: str) -> tuple[str, tuple[RowKey, ...]]:
        """Return a row's own name, or a priority's title, and the rows that it stands for, as `rows` does.

        Raises
        ------
        ValueFoundError
            If nothing is called so; the nearest offence rows are offered.
        """
        if priority := self._priority(name):
            return priority.title, self.rows(name)
        row_id = self._row_id(name)
        return self.table.classification.row(row_id).name, (row_id,)

    def priority(self, name: str) -> Priority:
        """Return the priority with an id or a title.

        Raises
        ------
        ValueFoundError
            If no priority is called so; those that there are are named.
        """
        if priority := self._priority(name):
            return priority
        titles = [quoted(each.title) for each in self.settings.priorities]
        raise ValueFoundError(
            f"There is no priority {quoted(name)}.",
            where="partnership.toml, priorities",
            remedy=f"Name one of {name_some(titles)}." if titles else "Add it to partnership.toml.",
        )

    def table_rows(self) -> list[tuple[str, tuple[RowKey, ...]]]:
        """Return the name and the key of every row of the report's table, in its order."""
        return [(row.name, (row.row_id,)) for row in self.table.classification.rows]

    def offences(self, *, area: str, rows: tuple[RowKey, ...], period: Period) -> int:
        """Return the offences of rows in an area and period, from the first source of the table's rows that has them.

        Raises
        ------
        CdrpError
            Why the source that the report prefers does not have them, if none has.
        """
        alike = self._alike()
        refusals: list[CdrpError] = []
        having = [cube for cube in alike if not isinstance(rows[0], str) and rows[0] in cube.selections]
        for cube in having or alike:
            try:
                return sum(cube.offences(area=area, row_id=row, period=period) for row in rows)
            except CdrpError as refused:
                refusals.append(refused)
        raise refusals[0]

    def movement(self, name: str) -> Movement:
        """Return how much a row, or a priority's count, usually moves, by what is known before the quarter.

        Raises
        ------
        ValueFoundError
            If nothing is called so; the nearest offence rows are offered.
        """
        from cdrp_xl.report import usual

        area, rows = self.settings.partnership.area, self.rows(name)
        first, *others = self._alike()
        alike = [first.of_area(area), *(cube.of_area(area) for cube in others if area in cube.areas)]
        return usual.of_sum(alike, rows, area=area, first=self.quarter.first)

    def farm_offences(self, group: str, period: Period, *, locus: str) -> int:
        """Return the farm offences of a group, at one locus or at all; without a group, of all.

        Raises
        ------
        ValueFoundError
            If there is no such group or locus; those that there are are named.
        CannotBeComputedError
            If partnership.toml has no farm section, or the period can't be counted.
        """
        from cdrp_xl.report.farm_counts import ALL, FarmCounts

        farm, area = self.settings.farm, self.settings.partnership.area
        if farm is None:
            raise CannotBeComputedError(
                "Farm crime is not counted here.", where="partnership.toml", remedy="Add the section [farm] to it."
            )
        counts = next((each for each in self.counts(area).values() if ALL in each.selections), None)
        if counts is None:
            raise CannotBeComputedError(
                "Farm crime is not among the stored counts.",
                where="partnership.toml, farm",
                remedy="Refresh the master again.",
            )
        counted = FarmCounts(self.settings, farm, counts, self.quarter)
        if why := counted.why_not(period):
            raise CannotBeComputedError(why, where="farm crime", remedy="Name a period that the extract covers.")
        named = functools.partial(_one_of, within=" in farm crime", where="partnership.toml, farm")
        at = named(farm.loci, locus, what="locus subtype") if locus else ""
        groups = [named(counted.groups, group, what="offence group")] if group else counted.groups
        return sum(counted.of_group(each, period, locus=at) or 0 for each in groups)

    def position(self, rows: tuple[RowKey, ...], *, area: str, period: Period) -> str:
        """Return an area's position in the most similar group, by the residents that a priority of the rows is per.

        Raises
        ------
        CannotBeComputedError
            If there is no group, or its source does not cover the period.
        ValueFoundError
            If the area is not a member of it.
        """
        from cdrp_xl.report import group

        settings, members = self.settings.group, self.stored.group
        if settings is None or members is None:
            raise CannotBeComputedError(
                "There is no most similar group.", where="partnership.toml", remedy="Add the section [group] to it."
            )
        row_ids = tuple(row for row in rows if isinstance(row, str))
        if len(row_ids) < len(rows) or not set(row_ids) <= {row.row_id for row in members.classification.rows}:
            raise CannotBeComputedError(
                "The most similar group has no figures for what is counted by locus.",
                where=members.origin.source,
                remedy="Name an offence row.",
            )
        placed = next((each for each in settings.members if each.casefold() == area.casefold()), area)
        own = (each for each in self.settings.priorities if each.measure.rows)
        per = [each.rate_per for each in own if tuple(map(self._row_id, each.measure.rows)) == row_ids]
        data = group.GroupData(
            counts=members.whole(),
            residents=self.stored.residents,
            positions={},
            positions_source="",
            unjoined=(),
        )
        return group.position(
            row_ids, group=settings, data=data, rate_per=per[0] if per else "people", area=placed, period=period
        )

    def counts(self, area: str) -> dict[str, Counts]:
        """Return every source's counts of an area, by the source's name in the settings."""
        if area not in self.counts_by_area:
            cubes = self.stored.cubes
            self.counts_by_area[area] = {name: cube.of_area(area) for name, cube in cubes.items() if area in cube.areas}
        return self.counts_by_area[area]

    def source(self, name: str) -> Origin:
        """Return a source by its name in the settings or in words; without one, the table's.

        Raises
        ------
        ValueFoundError
            If no source is called so.
        """
        if not name:
            return self.table.origin
        group, members = self.settings.group, self.stored.group
        cubes = ({group.source: members} if group and members else {}) | dict(self.stored.cubes)
        for key, cube in cubes.items():
            if name.casefold() in {key.casefold(), cube.origin.source.casefold()}:
                return cube.origin
        raise ValueFoundError(
            f"There is no source {quoted(name)}.",
            where="partnership.toml, sources",
            remedy=f"Name one of {name_some([quoted(key) for key in sorted(cubes)], named=len(cubes))}.",
        )

    @staticmethod
    def _check_is_no_part(name: str, known: Mapping[str, str]) -> None:
        """Refuse an area that has ended, and name the one that it is part of: that one's figures are not its own."""
        from cdrp_xl import geography

        now = geography.successor_of(name)
        area = known.get(now.name.casefold()) if now else None
        if area:
            raise ValueFoundError(
                f"{name} is now part of {area}, and is not counted separately.",
                where="the formula",
                remedy=f"Ask for {quoted(area)}.",
            )

    def _alike(self) -> list[Cube]:
        """Return the sources that count the same rows as the table's, that one first."""
        first = self.table
        others = (cube for cube in self.stored.cubes.values() if cube is not first)
        return [first, *(cube for cube in others if cube.classification.counts_alike(first.classification))]

    def _priority(self, name: str) -> Priority | None:
        wanted = name.casefold()
        return next(
            (each for each in self.settings.priorities if wanted in {each.id.casefold(), each.title.casefold()}), None
        )

    def _row_id(self, name: str) -> str:
        """Return the id of a row; where several of a name count the same codes, of the first: they are one figure."""
        classification = self.table.classification
        rows: tuple[Row, ...] = classification.rows_named(name)
        if rows and all(row.codes == rows[0].codes for row in rows):
            return rows[0].row_id
        if rows or any(row.row_id == name for row in classification.rows):
            return classification.row(name).row_id
        titles = [each.title for each in self.settings.priorities]
        raise classification.no_row(name, offered=[*titles, *(row.name for row in classification.rows)])


def _one_of(names: Sequence[str], name: str, *, what: str, where: str, within: str = "") -> str:
    found = next((each for each in names if each.casefold() == name.casefold()), None)
    if found is None:
        raise ValueFoundError(
            f"There is no {what} {quoted(name)}{within}.",
            where=where,
            remedy=f"Name one of {name_some([quoted(each) for each in names], named=len(names))}."
            if names
            else f"Name it in {where}, and refresh.",
        )
    return found


def load(folder: Path) -> Figures:
    """Return what a partnership's folder answers from.

    Raises
    ------
    CdrpError
        If the settings can't be used, nothing was refreshed yet, or what was kept is damaged.
    """
    from cdrp_xl import settings
    from cdrp_xl.sources import stored_counts

    own, stored = settings.read(folder), stored_counts.load(folder)
    if not stored.cubes:
        raise CannotBeComputedError(
            "The stored counts hold no source.", where=str(folder), remedy="Refresh the master again."
        )
    return Figures(settings=own.counted_as(stored.counted_as), stored=stored)
