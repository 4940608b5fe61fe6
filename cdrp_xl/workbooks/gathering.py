"""Reading every source that a partnership's settings name."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from cdrp_xl.report import Data, farm_counts, local, localities, parts
from cdrp_xl.report.group import GroupData
from cdrp_xl.sources.grids import plain
from cdrp_xl.sources.selection import Selection

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cdrp_xl.periods import Period
    from cdrp_xl.settings import AreaFiguresSettings, Group, Settings
    from cdrp_xl.sources.master import Question
    from cdrp_xl.sources.returns import Collected
    from cdrp_xl.tables import AreaFigures, Counts, Origin, Populations


def gather(
    settings: Settings,
    folder: Path,
    *,
    today: dt.date,
    progress: Callable[[str], None],
    questions: Sequence[Question] = (),
) -> Data:
    """Return the counts of every source, in the order in which the report prefers them."""
    counts: dict[str, Counts] = {}
    area = settings.partnership.area
    if settings.sources.recorded_crime:
        from cdrp_xl.sources import recorded_crime

        progress("Counting the recorded-crime extract")
        wanted = (*selections(settings), *local.selections(questions, area=area))
        counts["recorded_crime"] = recorded_crime.read(
            settings.sources.recorded_crime, folder=folder, area=area, selections=wanted, today=today
        )
    if settings.sources.police_uk:
        from cdrp_xl.sources import police_uk

        progress("Counting data.police.uk files")
        counts["police_uk"] = police_uk.read(settings.sources.police_uk, folder=folder, areas=(area,))
    if settings.sources.cadet:
        from cdrp_xl.sources import cadet

        progress("Reading the CADET export")
        counts["cadet"] = cadet.read(settings.sources.cadet, folder=folder, areas=(area,))
    if settings.group is None:
        return Data(counts=counts)
    progress("Reading the figures of the most similar group")
    group, others = _group(settings, settings.group, folder)
    return Data(counts=counts, group=group, others=others)


def _group(settings: Settings, group: Group, folder: Path) -> tuple[GroupData, tuple[Origin, ...]]:
    """Return the group's figures, and where they come from: counts, imported positions, people and households."""
    sources = settings.sources
    imported = _area_figures(sources.iquanta, group, folder, "iQuanta")
    counted = _area_figures(sources.area_counts, group, folder, "Counts by area")
    figures = {"iquanta": imported, "area_counts": counted}.get(group.source)
    counts = figures.counts if figures else _counts_of_members(settings, group, folder)
    populations = _populations(settings, folder)
    people = {plain(area): each for area, each in populations.areas.items()} if populations else {}
    joined = {
        (member, use): number
        for member in group.members
        if (each := people.get(plain(member)))
        for use, number in (("people", each.population), ("households", each.households))
        if number is not None
    }
    data = GroupData(
        counts=counts,
        residents={**joined, **figures.residents} if figures else joined,
        positions=imported.positions if imported else {},
        positions_source=imported.counts.origin.source if imported else "",
        unjoined=tuple(area for area in figures.areas_in_file if plain(area) not in people)
        if figures and people
        else (),
    )
    read = [counts, *(other.counts for other in (imported, counted) if other and other is not figures)]
    others = [replace(each.origin, covers=each.coverage) for each in read if group.source != "police_uk"]
    return data, (*others, *((populations.origin,) if populations else ()))


def _area_figures(source: AreaFiguresSettings | None, group: Group, folder: Path, name: str) -> AreaFigures | None:
    if source is None:
        return None
    from cdrp_xl.sources import area_figures

    return area_figures.read(source, folder=folder, areas=group.members, source=name)


def _counts_of_members(settings: Settings, group: Group, folder: Path) -> Counts:
    """Return the members' counts from a source that counts many areas itself."""
    if settings.sources.police_uk and group.source == "police_uk":
        from cdrp_xl.sources import police_uk

        return police_uk.read(settings.sources.police_uk, folder=folder, areas=group.members)
    from cdrp_xl.sources import home_office

    own = settings.sources.home_office
    assert own is not None  # noqa: S101  the settings have checked that the group's source is there
    return home_office.read(
        folder / own.file,
        areas=group.members,
        worksheet=own.worksheet,
        as_at=own.as_at,
        next_release=own.next_release,
    )


def _populations(settings: Settings, folder: Path) -> Populations | None:
    if settings.sources.population is None:
        return None
    from cdrp_xl.sources import population

    return population.read(settings.sources.population, folder=folder)


def returned(
    settings: Settings, folder: Path, *, quarter: Period, today: dt.date, progress: Callable[[str], None]
) -> Collected | None:
    """Return what partners returned for a quarter, None where nothing is expected of them."""
    if not settings.returns:
        return None
    from cdrp_xl.sources import returns

    progress("Reading the partners' returns")
    return returns.collect(settings, folder, quarter=quarter, today=today)


def selections(settings: Settings) -> tuple[Selection, ...]:
    """Return what priorities, farm crime, localities and worksheet functions count by place or flag."""
    by_priority = (
        Selection(
            selection_id=priority.selection_id,
            locus_types=priority.measure.locus_types,
            locus_subtypes=priority.measure.locus_subtypes,
            rows=priority.measure.rows,
        )
        for priority in settings.priorities
        if priority.measure.is_by_locus
    )
    others = (module.selections(settings) for module in (farm_counts, localities, parts))
    return (*by_priority, *chain.from_iterable(others))
