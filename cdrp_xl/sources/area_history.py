"""Every area's months in a file of counts by area, for trying rules on: `area_figures` reads what a report shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from cdrp_xl import offences
from cdrp_xl.errors import ValueFoundError, place, quoted
from cdrp_xl.sources import area_rows, file_names, files, grids
from cdrp_xl.sources.period_cells import period_in_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Month, Period
    from cdrp_xl.sources.area_figures import AreaFiguresSettings
    from cdrp_xl.sources.files import RowFile

ByMonth = dict[str, dict[str, dict["Month", int]]]
"""Offences by area, row and month; of a tally, a month without rows of an area is absent, and else 0."""


def read(settings: AreaFiguresSettings, *, folder: Path) -> ByMonth:
    """Return the offences of every area in the files, by row and month.

    Parameters
    ----------
    settings
        The files and their headings. With a classification its leaves are counted; without one each offence is a row.
    folder
        The folder from which the settings' paths are taken.

    Raises
    ------
    FileError
        If a file is missing, empty, or is not what its name says.
    ValueFoundError
        If a heading is missing, a value is not what its heading says, a period is not a month, or a figure appears
        twice and the rows are not tallies.
    """
    paths = file_names.found(folder, settings.files)
    headings = {use: heading for use, heading in settings.headings.by_use.items() if heading}
    counts: dict[str, dict[str, Counter[Month]]] = defaultdict(lambda: defaultdict(Counter))
    with files.opened(*paths, sheet=settings.worksheet, headings=headings) as rows:
        for file in rows.files:
            names = [name for (name,) in rows.fetch(_areas(settings, file)) if name]
            written = area_rows.rows_of(rows, file, settings.headings, names)
            for area, row, month, offences_ in _figures(settings, file, written):
                if month in counts[area][row] and not settings.is_tally:
                    raise ValueFoundError(
                        f"Two rows are for {quoted(row)} in {area}, {month.name}.",
                        where=file.path.name,
                        remedy="Delete the copy; or, if each row is a part to be added up, write is_tally = true.",
                    )
                counts[area][row][month] += offences_
    return {area: _whole(by_row, is_tally=settings.is_tally) for area, by_row in sorted(counts.items())}


def _areas(settings: AreaFiguresSettings, file: RowFile) -> str:
    from cdrp_xl.sources.sql import identifier

    return f"SELECT DISTINCT trim({identifier(settings.headings.area)}) FROM {file.relation}"


def _figures(
    settings: AreaFiguresSettings, file: RowFile, written: Iterator[area_rows.Written]
) -> Iterator[tuple[str, str, Month, int]]:
    """Yield the area, row, month and offences of each row that is of a leaf, or of any offence."""
    classification = offences.load(settings.classification) if settings.classification else None
    known: dict[str, str] = {}
    months: dict[str, Month] = {}
    for each in written:
        where = place(file.path, sheet=file.sheet, row=each.row)
        if each.offence not in known:
            known[each.offence] = _row(settings, classification, each.offence)
        if each.period not in months:
            months[each.period] = _month(period_in_cell(each.period, settings.headings.period, where), where)
        if row := known[each.offence]:
            count = grids.whole(each.offences, what="number of offences", where=where)
            yield each.area, row, months[each.period], count


def _row(settings: AreaFiguresSettings, classification: Classification | None, offence: str) -> str:
    """Return the leaf that an offence is, or the offence itself; empty where it is not a leaf."""
    if classification is None:
        return offence or settings.offence_row
    named = settings.offence_rows.get(offence, offence or settings.offence_row)
    leaves = [row for row in classification.leaves if row.row_id == named or row in classification.rows_named(named)]
    return leaves[0].row_id if leaves else ""


def _month(period: Period, where: str) -> Month:
    if period.first != period.last:
        raise ValueFoundError(
            f"{period.heading} is not a month.", where=where, remedy="Give counts by month; a season needs them."
        )
    return period.first


def _whole(by_row: Mapping[str, Counter[Month]], *, is_tally: bool) -> dict[str, dict[Month, int]]:
    """Return an area's counts, of a tally with 0 in the months that have rows of the area."""
    if not is_tally:
        return {row: dict(months) for row, months in by_row.items()}
    every = {month for months in by_row.values() for month in months}
    return {row: {month: months[month] for month in every} for row, months in by_row.items()}
