"""Reading every source that a partnership's settings name."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from cdrp_xl.errors import name_some, quoted
from cdrp_xl.report import Data, farm_counts, local, localities, parts
from cdrp_xl.report.group import GroupData
from cdrp_xl.selected import OfPriority
from cdrp_xl.sources import population
from cdrp_xl.sources.file_names import NOT_DATA
from cdrp_xl.sources.files import EXCEL_SUFFIXES
from cdrp_xl.sources.publisher import Asked, FiguresSource, HeldTable, MembersSource, TableSource
from cdrp_xl.sources.selection import Selection
from cdrp_xl.tables import Populations
from cdrp_xl.workbooks import record

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.periods import Period
    from cdrp_xl.settings import Group, Settings
    from cdrp_xl.sources.master import Question
    from cdrp_xl.sources.population import PopulationSettings
    from cdrp_xl.sources.returns import Collected
    from cdrp_xl.tables import Counts, Origin

Kind = TypeVar("Kind", TableSource, MembersSource)

PEOPLE = "population"
"""The source of people and households, by its name in the settings."""

Held: TypeAlias = "HeldTable | Populations"
"""What a source gives that was read already: a table of all areas, or people by area."""

NOTHING_HELD: Mapping[str, Held] = MappingProxyType({})

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
    area = settings.partnership.area
    wanted = (*selections(settings), *local.selections(questions, area=area))
    asked = Asked(
        folder=folder, area=area, selections=wanted, today=today, classification=settings.report.classification
    )
    sources = {name: _held(held, name, source) for name, source in settings.sources.named(TableSource).items()}
    counts: dict[str, Counts] = {}
    for name, source in sources.items():
        progress(source.progress)
        counts[name] = source.count(asked)
    names = _of_today([area] * len(counts), [each.areas[0] for each in counts.values()])
    group: GroupData | None = None
    others: tuple[Origin, ...] = ()
    if settings.group is not None:
        progress("Reading the figures of the most similar group")
        members = [names.get(member, member) for member in settings.group.members]
        group, others = _group(settings, settings.group, members, folder, held)
        names |= _of_today(settings.group.members, group.counts.areas)
    now = names.get(area, area)
    for name, source in sources.items():  # of which some may end before an area does
        if counts[name].areas != (now,):
            counts[name] = source.count(replace(asked, area=now))
    unread = _unread(settings, folder)
    return Data(counts=counts, group=group, others=others, counted_as=names, unread=unread)


def _unread(settings: Settings, folder: Path) -> tuple[str, ...]:
    """Return the names of files that could hold data, lie beside those of an extract, and are read by no source."""
    extract = settings.sources.recorded_crime
    read = set(record.files_read(settings, folder).values()) if extract else set()
    beside = {path.parent for path in extract.files_read(folder)} if extract else set()
    there = (path for parent in sorted(beside - {folder}) for path in sorted(parent.iterdir()) if path not in read)
    return tuple(path.name for path in there if path.suffix.lower() in _DATA and not path.name.startswith(NOT_DATA))


def _of_today(asked: Sequence[str], counted: Sequence[str]) -> dict[str, str]:
    """Return under which name each area was counted that was asked for by the name of one that has ended."""
    return {before: now for before, now in zip(asked, counted, strict=True) if now != before}


def _group(
    settings: Settings, group: Group, members: Sequence[str], folder: Path, held: Mapping[str, Held]
) -> tuple[GroupData, tuple[Origin, ...]]:
    """Return the group's figures, and where they come from: counts, imported positions, people and households."""
    sources = settings.sources
    given = {
        name: each.figures(members, folder=folder, classification=settings.report.classification)
        for name, each in sources.named(FiguresSource).items()
    }
    figures = given.get(group.source)
    counts = {name: each.counts for name, each in given.items()}
    if figures is None:
        source = _held(held, group.source, sources.named(MembersSource)[group.source])
        counts[group.source] = source.count_members(members, folder=folder)
    populations = _people(sources.population, folder, held.get(PEOPLE)) if sources.population else None
    counted = counts[group.source].areas
    joined, remarks = _joined(populations, counted) if populations else ({}, ())
    imported = next((each for each in given.values() if each.positions), None)
    data = GroupData(
        counts=counts[group.source],
        residents={**joined, **figures.residents} if figures else joined,
        positions=imported.positions if imported else {},
        positions_source=imported.counts.origin.source if imported else "",
        unjoined=tuple(area for area in figures.areas_in_file if not population.people_of(populations.areas, area)[1])
        if figures and populations
        else (),
    )
    listed = sources.named(TableSource)  # these say themselves how current they are
    read = sorted(counts, key=lambda name: name != group.source)
    others = [replace(counts[name].origin, covers=counts[name].coverage) for name in read if name not in listed]
    return data, (*others, *((replace(populations.origin, remarks=remarks),) if populations else ()))


def _held(held: Mapping[str, Held], name: str, source: Kind) -> Kind | HeldTable:
    """Return a source, or the table that was read of it already."""
    found = held.get(name)
    return found if isinstance(found, HeldTable) else source


def _people(settings: PopulationSettings, folder: Path, found: Held | None) -> Populations:
    return found if isinstance(found, Populations) else population.read(settings, folder=folder)


def _joined(populations: Populations, areas: Sequence[str]) -> tuple[dict[tuple[str, str], int], tuple[str, ...]]:
    """Return the people and households of areas, and a sentence on each whose people are those of former areas."""
    joined: dict[tuple[str, str], int] = {}
    remarks = []
    for area in areas:
        people, names = population.people_of(populations.areas, area)
        if people is None:
            continue
        joined[area, "people"] = people.population
        if people.households is not None:
            joined[area, "households"] = people.households
        if len(names) > 1:
            remarks.append(f"The people of {area} are the sum of {name_some(names, named=len(names))}.")
    return joined, tuple(remarks)


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
            counted_as=OfPriority(priority.id),
            locus_types=priority.measure.locus_types,
            locus_subtypes=priority.measure.locus_subtypes,
            rows=priority.measure.rows,
            asked_at=f"partnership.toml, priority {quoted(priority.id)}",
        )
        for priority in settings.priorities
        if priority.measure.is_by_locus
    )
    others = (module.selections(settings) for module in (farm_counts, localities, parts))
    return (*by_priority, *chain.from_iterable(others))
