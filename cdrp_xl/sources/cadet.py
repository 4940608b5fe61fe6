"""CADET: offences by row of its highlights table, in its two-period form or in long form."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar

from msgspec import Meta

from cdrp_xl import offences, tables
from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.sources import cadet_forms, file_names, grids, joined
from cdrp_xl.sources.grids import plain
from cdrp_xl.sources.named_rows import NamedRows
from cdrp_xl.sources.publisher import Asked, ClassificationName, TableSource
from cdrp_xl.toml_tables import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification, Row
    from cdrp_xl.periods import Period
    from cdrp_xl.selected import RowKey
    from cdrp_xl.sources.cadet_forms import Figure, Reading
    from cdrp_xl.tables import Cell

SOURCE = "CADET"

_NUMBERS = {2: "Two", 3: "Three", 4: "Four"}


class CadetSettings(TableSource, frozen=True, kw_only=True):
    """``[sources.cadet]``: the CADET export of the two periods, or in long form."""

    files: Annotated[tuple[Text, ...], Meta(min_length=1)]
    classification: ClassificationName = "cadet-2011"
    worksheet: str = ""

    progress: ClassVar[str] = "Reading the CADET export"
    how_counted: ClassVar[str] = "Offences are as counted in the CADET export for the two periods."

    def files_read(self, folder: Path) -> tuple[Path, ...]:
        """Return the files of the export."""
        return file_names.found(folder, self.files)

    def count(self, asked: Asked) -> tables.Counts:
        """Return the export's counts of each area."""
        return read(self, folder=asked.folder, areas=asked.areas)

    def has(self, area: str, folder: Path) -> bool:
        """Return whether the export has rows of several areas together; its two-period form names no area at all."""
        classification = offences.load(self.classification)
        found = [grids.read(path, sheet=self.worksheet) for path in file_names.found(folder, self.files)]
        readings = [cadet_forms.read(grid, classification, (area,)) for grid in found]
        return joined.is_among(area, (figure.area for reading in readings for figure in reading.figures))

    def name_rows(self, asked: Asked, row: RowKey, period: Period) -> tuple[NamedRows, ...]:
        """Return the rows of the export that hold a count of the area: one, or one to a month."""
        classification = offences.load(self.classification)
        found: list[NamedRows] = []
        for path in file_names.found(asked.folder, self.files):
            grid = grids.read(path, sheet=self.worksheet)
            figures = cadet_forms.read(grid, classification, (asked.area,)).figures
            inside = [figure for figure in figures if plain(figure.area) == plain(asked.area)]
            taken = _taken(inside, {plain(asked.area): asked.area})
            for row_id in (row, *_equal_to(row, classification)):
                own = [each for (_, of, when), each in taken.items() if of == row_id and when in period]
                if own:
                    found.append(_named_rows(own, path, grid.sheet))
                    break
        return tuple(found)


def _named_rows(figures: Sequence[Figure], path: Path, sheet: str) -> NamedRows:
    return NamedRows(
        file=path.name,
        worksheet=sheet,
        rows=tuple(sorted(figure.row for figure in figures)),
        references=(),
        heading=figures[0].heading,
        offences=sum(figure.count for figure in figures),
    )


def _equal_to(row: RowKey, classification: Classification) -> list[str]:
    """Return the rows that the classification declares to be the same as one."""
    equals = [{identity.whole, *identity.parts} for identity in classification.identities if len(identity.parts) == 1]
    return [other for each in equals if row in each for other in sorted(each - {row})]


def read(settings: CadetSettings, *, folder: Path, areas: Sequence[str]) -> tables.Counts:
    """Return the counts of CADET by area, offence row and period, from the two-period form or the long form.

    Which form a file has is seen by its headings: the two-period form has "Earlier Period" and "Later Period".

    Parameters
    ----------
    settings
        The files, the worksheet, and the classification whose rows they have.
    folder
        The partnership's folder, from which the settings' paths are taken.
    areas
        The areas to hand on; spaces and capitals do not matter. The two-period form names none, so give exactly one.

    Returns
    -------
    Counts
        Unit: offences. Periods are as the files give them: months, quarters, or the two periods of the two-period form.
        Covered are the periods for which every area has figures; `rows_missing` are the rows that no file has.

    Raises
    ------
    FileError
        If a file is missing, empty, or is not what its name says.
    ValueFoundError
        If a heading is missing, a value is not what its heading says, an offence row or area is unknown, a figure
        appears twice, periods overlap, or a change as given is not that of the counts.

    Notes
    -----
    docs/methods.md, "Comparing two periods". Rows are kept by id: of two rows with one name ("All Robbery"), the first
    in the file is the first of the classification, and where there is one only, it is used for both, which are declared
    equal.
    """
    classification = offences.load(settings.classification)
    paths = file_names.found(folder, settings.files)
    readings = [cadet_forms.read(grids.read(path, sheet=settings.worksheet), classification, areas) for path in paths]
    figures = [figure for reading in readings for figure in reading.figures]
    spelt = _spelt_as_asked(areas, figures, paths)
    inside = [figure for figure in figures if plain(figure.area) in spelt]
    _check_no_overlap(inside)
    cells = _cells(inside, spelt)
    _fill_equals(cells, classification)
    covered, gaps = tables.covered_by_area(areas, ((area, period) for area, _, period in cells))
    return tables.Counts(
        classification=classification,
        areas=tuple(areas),
        covered=covered,
        cells=cells,
        rows_missing=frozenset(row.row_id for row in classification.rows) - {row_id for _, row_id, _ in cells},
        origin=replace(
            _origin(settings, paths, readings, spelt),
            remarks=tuple(_missing_rows(cells, covered)),
            to_look_at=tuple(gaps),
        ),
    )


def _spelt_as_asked(areas: Sequence[str], figures: Sequence[Figure], paths: Sequence[Path]) -> dict[str, str]:
    """Return the areas as they were asked for, by their plain spelling."""
    there = {plain(figure.area): figure.area for figure in figures}
    for area in areas:
        if plain(area) not in there:
            raise tables.unknown_area(area, there.values(), where=name_some([path.name for path in paths]))
    return {plain(area): area for area in areas}


def _check_no_overlap(figures: Sequence[Figure]) -> None:
    places = {figure.period: figure.where for figure in reversed(figures)}
    periods = sorted(places)
    for earlier, later in itertools.pairwise(periods):
        if later.first <= earlier.last:
            raise ValueFoundError(
                f"The periods {earlier.heading} and {later.heading} overlap.",
                where=f"{places[earlier]}; {places[later]}",
                remedy="Keep periods that do not overlap. If a month was meant, "
                'write it as "Dec-11": "2011-12" is the financial year.',
            )


def _cells(figures: Iterable[Figure], spelt: Mapping[str, str]) -> dict[Cell, int]:
    return {cell: figure.count for cell, figure in _taken(figures, spelt).items()}


def _taken(figures: Iterable[Figure], spelt: Mapping[str, str]) -> dict[Cell, Figure]:
    """Return every figure under its own row, and refuse one that appears twice."""
    alike: dict[tuple[str, tuple[Row, ...], Period], list[Figure]] = {}
    for figure in figures:
        alike.setdefault((spelt[plain(figure.area)], figure.rows, figure.period), []).append(figure)
    taken: dict[Cell, Figure] = {}
    # Rows named by id or number take their places first, so that a bare name is left the one that is free.
    for (area, rows, period), copies in sorted(alike.items(), key=lambda entry: len(entry[0][1])):
        cells = [(area, row.row_id, period) for row in rows]
        free = [cell for cell in cells if cell not in taken]
        if len(copies) > len(free):
            raise _too_many([taken[cell] for cell in cells if cell in taken] + copies, area, rows)
        taken |= dict(zip(free, copies, strict=False))
    return taken


def _too_many(copies: Sequence[Figure], area: str, rows: Sequence[Row]) -> ValueFoundError:
    number = _NUMBERS.get(len(copies), f"{len(copies):,}")
    more = f", of which the table has {len(rows)}" if len(rows) > 1 else ""
    places = [figure.where for figure in copies]
    return ValueFoundError(
        f"{number} rows are {quoted(rows[0].name)} for {area}, {copies[0].period.heading}{more}.",
        where="; ".join(places[:3]) + (f"; and {len(places) - 3} more" if len(places) > len("123") else ""),
        remedy="Delete the row that is a copy, or name the offence row that was meant.",
    )


def _fill_equals(cells: dict[Cell, int], classification: Classification) -> None:
    """Fill in a row that the classification declares to be the same as one other, where only one of them was given."""
    equals = [(identity.whole, *identity.parts) for identity in classification.identities if len(identity.parts) == 1]
    for whole, part in equals:
        for area, row_id, period in list(cells):
            if row_id in {whole, part}:
                other = part if row_id == whole else whole
                cells.setdefault((area, other, period), cells[area, row_id, period])


def _missing_rows(cells: Mapping[Cell, int], covered: Mapping[str, frozenset[Period]]) -> list[str]:
    """Return a sentence on the counts that have no row in the files."""
    rows = {row_id for _, row_id, _ in cells}
    missing = sum(
        (area, row_id, period) not in cells
        for area, periods in covered.items()
        for row_id in rows
        for period in periods
    )
    if not missing:
        return []
    have = "count has" if missing == 1 else "counts have"
    return [f"{missing:,} {have} no row in the files, and {'is' if missing == 1 else 'are'} counted as 0."]


def _origin(
    settings: CadetSettings, paths: Sequence[Path], readings: Sequence[Reading], spelt: Mapping[str, str]
) -> tables.Origin:
    return tables.Origin(
        source=SOURCE,
        publisher=settings.publisher,
        files=tuple(path.name for path in paths),
        as_at=settings.as_at,
        next_release=settings.next_release,
        ledger=tuple(_ledger(path, reading, spelt) for path, reading in zip(paths, readings, strict=True)),
    )


def _ledger(path: Path, reading: Reading, spelt: Mapping[str, str]) -> tables.FileLedger:
    elsewhere = sum(plain(figure.area) not in spelt for figure in reading.figures)
    left_out = {"in other areas": elsewhere, "words without figures": reading.words_only}
    return tables.FileLedger.of(path.name, counted=reading.rows_read - elsewhere, left_out=left_out)
