"""Reading every source that a partnership's settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.report import Data, farm_counts, local
from cdrp_xl.sources.recorded_crime import Selection

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cdrp_xl.periods import Period
    from cdrp_xl.settings import Settings
    from cdrp_xl.sources.master import Question
    from cdrp_xl.sources.returns import Collected
    from cdrp_xl.tables import Counts


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
    return Data(counts=counts)


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
    """Return what the settings' priorities and farm section count by locus."""
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
    return (*by_priority, *farm_counts.selections(settings))
