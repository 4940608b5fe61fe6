"""Trying the report's rules on all past counts that a folder's sources hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import offences, settings
from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures.backtest import History, back_test
from cdrp_xl.report import calibration
from cdrp_xl.workbooks.gathering import gather

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from cdrp_xl.measures.backtest import BackTest
    from cdrp_xl.sources.area_figures import AreaCountsSettings


def tried(folder: Path, *, today: dt.date, progress: Callable[[str], None]) -> BackTest:
    """Return how often the rules would have been wrong on the past counts of a folder's sources.

    Parameters
    ----------
    folder
        The partnership's folder; its settings may also hold ``[sources.area_counts]`` and nothing else.
    today
        The day on which this is done.
    progress
        Called with what is being done, in a few words.

    Raises
    ------
    CdrpError
        If the settings or a source are at fault, or no source has months.
    """
    alone = settings.area_counts_alone(folder)
    found = _all_histories(alone, folder, progress) if alone else _own_histories(folder, today, progress)
    if not found:
        raise CannotBeComputedError(
            "No source has counts by month, so there is nothing to try the rules on.",
            where=str(folder),
            remedy="Name a source that has months, such as recorded_crime, police_uk or area_counts.",
        )
    progress("Trying the rules on past counts")
    return back_test(found)


def _own_histories(folder: Path, today: dt.date, progress: Callable[[str], None]) -> list[History]:
    """Return the partnership's own months, and those of its group's other members."""
    data = gather(settings.read(folder), folder, today=today, progress=progress)
    found: list[History] = []
    for counts in data.counts.values():
        found = found or calibration.histories(counts, areas=counts.areas)
    own = {each.area for each in found}
    if data.group:
        others = [area for area in data.group.counts.areas if area not in own]
        found += calibration.histories(data.group.counts, areas=others)
    return found


def _all_histories(alone: AreaCountsSettings, folder: Path, progress: Callable[[str], None]) -> list[History]:
    from cdrp_xl.sources import area_history

    progress("Reading the counts by area")
    by_area = area_history.read(alone, folder=folder)
    leaves = offences.load(alone.classification).leaves if alone.classification else ()
    kinds = {row.row_id: row.kind for row in leaves}
    found = []
    for area, by_row in by_area.items():
        months = {month for counts in by_row.values() for month in counts}
        first, last = min(months), max(months)
        span = [first + each for each in range(last.index - first.index + 1)]
        counts = {row: [known.get(month) for month in span] for row, known in sorted(by_row.items())}
        found.append(History(area=area, first=first, counts=counts, kinds=kinds))
    return found
