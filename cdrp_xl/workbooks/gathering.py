"""Reading every source that a partnership's settings name."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from cdrp_xl.errors import quoted
from cdrp_xl.report import Data, farm_counts, local, localities, parts
from cdrp_xl.report.group import GroupData
from cdrp_xl.selected import OfPriority
from cdrp_xl.sources import population
from cdrp_xl.sources.grids import plain
from cdrp_xl.sources.publisher import Asked, FiguresSource, MembersSource, TableSource
from cdrp_xl.sources.selection import Selection

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cdrp_xl.periods import Period
    from cdrp_xl.settings import Group, Settings
    from cdrp_xl.sources.master import Question
    from cdrp_xl.sources.returns import Collected
    from cdrp_xl.tables import Counts, Origin


def gather(
    settings: Settings,
    folder: Path,
    *,
    today: dt.date,
    progress: Callable[[str], None],
    questions: Sequence[Question] = (),
) -> Data:
    """Return the counts of every source, in the order in which the report prefers them."""
    area = settings.partnership.area
    wanted = (*selections(settings), *local.selections(questions, area=area))
    asked = Asked(folder=folder, area=area, selections=wanted, today=today)
    counts: dict[str, Counts] = {}
    for name, source in settings.sources.named(TableSource).items():
        progress(source.progress)
        counts[name] = source.count(asked)
    if settings.group is None:
        return Data(counts=counts)
    progress("Reading the figures of the most similar group")
    group, others = _group(settings, settings.group, folder)
    return Data(counts=counts, group=group, others=others)


def _group(settings: Settings, group: Group, folder: Path) -> tuple[GroupData, tuple[Origin, ...]]:
    """Return the group's figures, and where they come from: counts, imported positions, people and households."""
    sources = settings.sources
    given = {name: each.figures(group.members, folder=folder) for name, each in sources.named(FiguresSource).items()}
    figures = given.get(group.source)
    counts = {name: each.counts for name, each in given.items()}
    if figures is None:
        source = sources.named(MembersSource)[group.source]
        counts[group.source] = source.count_members(group.members, folder=folder)
    populations = population.read(sources.population, folder=folder) if sources.population else None
    people = {plain(area): each for area, each in populations.areas.items()} if populations else {}
    joined = {
        (member, use): number
        for member in group.members
        if (each := people.get(plain(member)))
        for use, number in (("people", each.population), ("households", each.households))
        if number is not None
    }
    imported = next((each for each in given.values() if each.positions), None)
    data = GroupData(
        counts=counts[group.source],
        residents={**joined, **figures.residents} if figures else joined,
        positions=imported.positions if imported else {},
        positions_source=imported.counts.origin.source if imported else "",
        unjoined=tuple(area for area in figures.areas_in_file if plain(area) not in people)
        if figures and people
        else (),
    )
    listed = sources.named(TableSource)  # these say themselves how current they are
    read = sorted(counts, key=lambda name: name != group.source)
    others = [replace(counts[name].origin, covers=counts[name].coverage) for name in read if name not in listed]
    return data, (*others, *((populations.origin,) if populations else ()))


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
