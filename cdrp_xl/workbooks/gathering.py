"""Reading every source that a partnership's settings name."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from cdrp_xl import geography
from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.offences import Composite
from cdrp_xl.report import Data, farm_counts, local, localities, parts
from cdrp_xl.report.group import GroupData
from cdrp_xl.report.rates_beside import PEOPLE as PER_PEOPLE
from cdrp_xl.report.rates_beside import Force
from cdrp_xl.selected import PriorityOffences
from cdrp_xl.sources import joined, outcomes, places, population
from cdrp_xl.sources.file_names import NOT_DATA
from cdrp_xl.sources.files import EXCEL_SUFFIXES
from cdrp_xl.sources.publisher import (
    Asked,
    FiguresSource,
    HeldTable,
    MembersSource,
    PlacesSource,
    Publisher,
    TableSource,
)
from cdrp_xl.sources.selection import Selection
from cdrp_xl.tables import Populations
from cdrp_xl.workbooks import record

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Period
    from cdrp_xl.settings import CompositeSettings, Group, Settings
    from cdrp_xl.sources.joined import Joined
    from cdrp_xl.sources.master import Question
    from cdrp_xl.sources.outcomes import Outcomes
    from cdrp_xl.sources.places import Places
    from cdrp_xl.sources.returns import Collected
    from cdrp_xl.tables import Counts, Origin

Kind = TypeVar("Kind", TableSource, MembersSource)

PEOPLE = "population"
"""The source of people and households, by its name in the settings."""

Held: TypeAlias = "HeldTable | Populations"
"""What a source gives that was read already: a table of all areas, or people by area."""

NOTHING_HELD: Mapping[str, Held] = MappingProxyType({})

NOTHING_GIVEN: Mapping[tuple[str, str], int] = MappingProxyType({})

_OWN_ROWS = "partnership.toml, composites"
_DATA = EXCEL_SUFFIXES | {".csv", ".tsv", ".txt", ".parquet", ".zip", ".7z", ".gz"}


def gather(
    settings: Settings,
    folder: Path,
    *,
    today: dt.date,
    progress: Callable[[str], None],
    questions: Sequence[Question] = (),
    held: Mapping[str, Held] = NOTHING_HELD,
) -> Data:
    """Return the counts of every source, in the order in which the report prefers them; what is held is not read."""
    own = settings.partnership
    area = own.area
    asked = Asked(
        folder=folder,
        area=area,
        parts=own.areas,
        selections=(*selections(settings), *local.selections(questions, area=area, flags=parts.flags(settings))),
        today=today,
        classification=settings.report.classification,
    )
    sources = {name: _held(held, name, source) for name, source in settings.sources.named(TableSource).items()}
    counts, of_parts = _counted(own.joined, asked, sources, progress)
    names = _names_of_today([area] * len(counts), [each.areas[0] for each in counts.values()])
    group: GroupData | None = None
    force: Force | None = None
    people = _people(settings, folder, held)
    if settings.group is not None:
        progress("Reading the figures of the most similar group")
        group, others, force = _group(settings, settings.group, names, folder, held, people)
        names |= _names_of_today(settings.group.members, group.counts.areas)
    now = names.get(area, area)
    if group is None:
        residents, others = _residents(people, [now, *own.areas], own.joined, needed=now)
    for name, source in sources.items():  # of which some may end before an area does
        if counts[name].areas != (now,) and not own.areas:
            counts[name] = source.count(replace(asked, area=now))
    of_rows = _ByRows(settings, replace(asked, area=now), counts, progress)
    counts, group = _with_composites(settings, counts, group)
    return Data(
        counts=counts,
        of_parts=of_parts,
        group=group,
        others=others,
        counted_as=names,
        unread=_unread(settings, folder),
        places=of_rows.places(),
        outcomes=of_rows.outcomes(),
        people=(group.residents if group else residents).get((now, PER_PEOPLE)),
        force=force,
    )


def count_one(
    source: TableSource, asked: Asked, *, together: Joined, composites: Sequence[CompositeSettings]
) -> Counts:
    """Return what one source counts of an area, alone or joined of several, with a partnership's own rows.

    Parameters
    ----------
    source
        The source.
    asked
        What is asked of it.
    together
        What the area is made of, where it is several.
    composites
        The rows that the partnership puts together itself.
    """
    counted, _ = _counted(together, asked, {"": source}, lambda _: None)
    return _with_known(counted[""], _own_rows(composites))


def count_group(settings: Settings, folder: Path, *, counted_as: Mapping[str, str]) -> Counts:
    """Return the counts of the most similar group's members, as `gather` counts them.

    Parameters
    ----------
    settings
        The partnership's settings, which name a group.
    folder
        Its folder.
    counted_as
        The area of today for each member that the settings call by the name of one that has ended.
    """
    assert settings.group is not None  # noqa: S101 - only who has a group asks
    people = _people(settings, folder, NOTHING_HELD)
    found, *_ = _group(settings, settings.group, counted_as, folder, NOTHING_HELD, people)
    return _with_known(found.counts, _own_rows(settings.composites))


def _counted(
    together: Joined, asked: Asked, sources: Mapping[str, TableSource | HeldTable], progress: Callable[[str], None]
) -> tuple[dict[str, Counts], dict[str, Counts]]:
    """Return every source's counts of the area, and of the areas that are joined in it where it separates these."""
    area = asked.area
    counts: dict[str, Counts] = {}
    of_parts: dict[str, Counts] = {}
    for name, source in sources.items():
        progress(source.progress)
        read_as = _read_as((area,), together, source, asked.folder) if together else ()
        counts[name] = counted = source.count(replace(asked, parts=() if read_as == (area,) else read_as))
        if together and counted.areas != (area,):
            counts[name], of_parts[name] = joined.added_up(counted, read_as, (area,), together), counted
    return counts, of_parts


class _ByRows(NamedTuple):
    """What is counted from single rows once more: places in the area, and what came of offences."""

    settings: Settings
    asked: Asked
    counts: Mapping[str, Counts]
    progress: Callable[[str], None]

    def places(self) -> Places | None:
        """Return the counts of places, where they are asked for."""
        wanted = self.settings.places
        if wanted is None:
            return None
        self.progress(f"Counting by {wanted.called.lower()}")
        name, source = self._having("locality" if not wanted.lookups else "lsoa")
        return places.count(wanted, source, self.asked, self.counts[name])

    def outcomes(self) -> Outcomes | None:
        """Return the counts of outcomes, where they are asked for."""
        if self.settings.outcomes is None:
            return None
        self.progress("Counting outcomes")
        name, source = self._having("outcome")
        return outcomes.count(self.settings.outcomes, source, self.asked, self.counts[name], name=name)

    def _having(self, use: str) -> tuple[str, PlacesSource]:
        """Return the table's own source where it has what is asked for, otherwise the first that has."""
        sources = self.settings.sources.named(PlacesSource)
        usable = [name for name, source in sources.items() if source.has_column_for(use)]
        own = self.settings.table_source(self.counts)
        name = own if own in usable else usable[0]
        return name, sources[name]


def _read_as(areas: Sequence[str], together: Joined, source: Publisher | HeldTable, folder: Path) -> tuple[str, ...]:
    """Return the names under which a source is asked for areas: its own where it has rows of it, or of all parts."""

    def names(area: str) -> tuple[str, ...]:
        if isinstance(source, HeldTable):
            return (area,) if joined.is_among(area, source.areas) else together[area]
        return (area,) if source.has(area, folder) else together[area]

    return tuple(dict.fromkeys(chain.from_iterable(names(area) if area in together else (area,) for area in areas)))


def _with_composites(
    settings: Settings, counts: dict[str, Counts], group: GroupData | None
) -> tuple[dict[str, Counts], GroupData | None]:
    """Return the counts with the partnership's own rows, wherever all of their parts are; somewhere they have to be."""
    if not settings.composites:
        return counts, group
    own = _own_rows(settings.composites)
    main = settings.table_source(counts)
    counts[main] = counts[main].with_composites(own, where=_OWN_ROWS)
    for name in counts.keys() - {main}:
        counts[name] = _with_known(counts[name], own)
    return counts, replace(group, counts=_with_known(group.counts, own)) if group else None


def _own_rows(composites: Sequence[CompositeSettings]) -> list[Composite]:
    return [Composite(row_id=each.id, name=each.name, parts=each.rows) for each in composites]


def _with_known(counts: Counts, own: Sequence[Composite]) -> Counts:
    """Return counts with the partnership's own rows, where they have every part."""
    there = [each for each in own if _has_all(counts.classification, each)]
    return counts.with_composites(there, where=_OWN_ROWS)


def _has_all(classification: Classification, own: Composite) -> bool:
    try:
        return bool([classification.row(part) for part in own.parts])
    except ValueFoundError:
        return False


def _unread(settings: Settings, folder: Path) -> tuple[str, ...]:
    """Return the names of files that could hold data, lie beside those of an extract, and are read by no source."""
    extract = settings.sources.recorded_crime
    read = set(record.files_read(settings, folder).values()) if extract else set()
    beside = {path.parent for path in extract.files_read(folder)} if extract else set()
    there = (path for parent in sorted(beside - {folder}) for path in sorted(parent.iterdir()) if path not in read)
    return tuple(path.name for path in there if path.suffix.lower() in _DATA and not path.name.startswith(NOT_DATA))


def _names_of_today(asked: Sequence[str], counted: Sequence[str]) -> dict[str, str]:
    """Return under which name each area was counted that was asked for by the name of one that has ended."""
    return {before: now for before, now in zip(asked, counted, strict=True) if now != before}


def _group(
    settings: Settings,
    group: Group,
    of_today: Mapping[str, str],
    folder: Path,
    held: Mapping[str, Held],
    people: Populations | None,
) -> tuple[GroupData, tuple[Origin, ...], Force | None]:
    """Return the group's figures, where they come from (counts, imported positions, residents), and the area's force.

    The force is counted where the group's source counts any areas, so that its files are read no second time. Areas
    that the settings call by the name of one that has ended are called as they are `of_today`.
    """
    sources, together, own = settings.sources, settings.joined, settings.partnership.area
    members = [of_today.get(member, member) for member in group.members]
    given = {}
    for name, each in sources.named(FiguresSource).items():
        names = _read_as(members, together, each, folder)
        found = each.figures(names, folder=folder, classification=settings.report.classification)
        given[name] = replace(found, counts=joined.added_up(found.counts, names, members, together))
    figures = given.get(group.source)
    counts = {name: each.counts for name, each in given.items()}
    force: Force | None = None
    if figures is None:
        source = _held(held, group.source, sources.named(MembersSource)[group.source])
        if isinstance(source, TableSource) and people:
            source = source.held(folder) or source
        names = _read_as(members, together, source, folder)
        counted = source.count_members(names, folder=folder)
        counts[group.source] = joined.added_up(counted, names, members, together)
        force = _force(settings, source, folder, people) if people else None
    areas = tuple(dict.fromkeys((*counts[group.source].areas, *chain.from_iterable(together.values()))))
    given_here = figures.residents if figures else {}
    residents, of_people = _residents(people, areas, together, given=given_here, needed=of_today.get(own, own))
    imported = next((each for each in given.values() if each.positions), None)
    data = GroupData(
        counts=counts[group.source],
        residents=residents,
        positions=imported.positions if imported else {},
        positions_source=imported.counts.origin.source if imported else "",
        unjoined=tuple(area for area in figures.areas_in_file if not population.people_of(people.areas, area)[1])
        if figures and people
        else (),
    )
    listed = sources.named(TableSource)  # these say themselves how current they are
    read = sorted(counts, key=lambda name: name != group.source)
    others = [replace(counts[name].origin, covers=counts[name].coverage) for name in read if name not in listed]
    return data, (*others, *of_people), force


def _force(settings: Settings, source: MembersSource | HeldTable, folder: Path, people: Populations) -> Force | None:
    """Return the counts and the people of the area's force, None where any of its areas lacks either."""
    own = settings.partnership
    polices = {geography.force_of(area) for area in own.areas or (own.area,)}
    force = polices.pop() if len(polices) == 1 else None
    areas = [area.name for area in geography.areas_of(force.force_id)] if force else []
    numbers = [found.population for area in areas if (found := population.people_of(people.areas, area)[0])]
    there = source.areas if isinstance(source, HeldTable) else ()
    if not force or len(numbers) < len(areas) or not all(joined.is_among(area, there) for area in areas):
        return None
    return Force(
        name=force.home_office_name or force.police_uk_name,
        counts=source.count_members(areas, folder=folder),
        people=sum(numbers),
    )


def _held(held: Mapping[str, Held], name: str, source: Kind) -> Kind | HeldTable:
    """Return a source, or the table that was read of it already."""
    found = held.get(name)
    return found if isinstance(found, HeldTable) else source


def _people(settings: Settings, folder: Path, held: Mapping[str, Held]) -> Populations | None:
    """Return people by area, where the settings name a file of them."""
    found, source = held.get(PEOPLE), settings.sources.population
    if source is None or isinstance(found, Populations):
        return found if source and isinstance(found, Populations) else None
    return population.read(source, folder=folder)


def _residents(
    populations: Populations | None,
    areas: Sequence[str],
    together: Joined,
    *,
    given: Mapping[tuple[str, str], int] = NOTHING_GIVEN,
    needed: str = "",
) -> tuple[dict[tuple[str, str], int], tuple[Origin, ...]]:
    """Return the people and households of areas, also as another source gives them, and where people come from.

    A sentence is said on each area whose people are those of former areas, and on each that lacks some of its own.
    """
    residents: dict[tuple[str, str], int] = {}
    remarks = []
    for area in areas if populations else ():
        assert populations is not None  # noqa: S101 - there are areas
        people, names = population.people_of(populations.areas, area)
        if people is None:
            continue
        residents[area, PER_PEOPLE] = people.population
        if people.households is not None:
            residents[area, "households"] = people.households
        if len(names) > 1:
            remarks.append(f"The people of {area} are the sum of {name_some(names, named=len(names))}.")
    residents, lacking = joined.residents_of({**residents, **given}, together)
    if populations is None:
        return residents, ()
    if needed and (needed, PER_PEOPLE) not in residents:
        lacking = (*lacking, f"No number of people is given for {needed}, so that the headlines have no rates.")
    own = populations.origin
    said = replace(own, remarks=(*own.remarks, *remarks), to_look_at=(*own.to_look_at, *lacking))
    return residents, (said,)


def returned(
    settings: Settings, folder: Path, *, quarter: Period, today: dt.date, progress: Callable[[str], None]
) -> Collected | None:
    """Return what partners returned for a quarter, None where nothing is expected of them."""
    if not settings.returns:
        return None
    from cdrp_xl.sources import returns

    progress("Reading the partners' returns")
    return returns.collect(settings.returns, folder, quarter=quarter, today=today)


def selections(settings: Settings) -> tuple[Selection, ...]:
    """Return what priorities, farm crime, localities and worksheet functions count by place or flag."""
    by_priority = (
        Selection(
            counted_as=PriorityOffences(priority.id),
            locus_types=priority.measure.locus_types,
            locus_subtypes=priority.measure.locus_subtypes,
            flag=priority.measure.flag or None,
            rows=priority.measure.rows,
            asked_at=f"partnership.toml, priority {quoted(priority.id)}",
        )
        for priority in settings.priorities
        if priority.measure.is_by_locus
    )
    others = (module.selections(settings) for module in (farm_counts, localities, parts))
    return (*by_priority, *chain.from_iterable(others))
