"""Figures of many areas, under their file's own headings: an iQuanta export, or counts by area and period."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec
from msgspec import Meta

from cdrp_xl import geography, offences, tables
from cdrp_xl.errors import ValueFoundError, name_some, place, quoted
from cdrp_xl.sources import area_rows, coverage, file_names, files, fitting, given_rates, joined
from cdrp_xl.sources.area_rows import AreaFiguresHeadings
from cdrp_xl.sources.coverage import Found
from cdrp_xl.sources.period_cells import period_in_cell
from cdrp_xl.sources.publisher import IF_UNNAMED, ClassificationName, FiguresSource
from cdrp_xl.sources.sql import identifier
from cdrp_xl.toml_tables import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Period
    from cdrp_xl.selected import RowKey
    from cdrp_xl.sources.area_rows import Figure
    from cdrp_xl.sources.coverage import Ground
    from cdrp_xl.sources.files import RowFile, RowFiles
    from cdrp_xl.tables import Cell

_INCOMPLETE = "in periods that are incomplete there"
_BY_FORCE = "{heading} names forces: an area's period is complete where the force that polices it has rows."


class AreaFiguresSettings(FiguresSource, frozen=True, kw_only=True):
    """Figures of many areas, one row to area, period and offence.

    `offence_row` is that of all figures where no heading names one. With `is_tally` what has no row is 0, and rows that
    are alike are parts to be added up. `called` is the source's name where the settings give it none. Where it
    names no classification, the partnership's is taken, or, where that names none either, that of CADET, and this is
    said.
    """

    files: Annotated[tuple[Text, ...], Meta(min_length=1)]
    headings: AreaFiguresHeadings = AreaFiguresHeadings()
    classification: ClassificationName | None = None
    worksheet: str = ""
    source: str = ""
    offence_row: str = ""
    offence_rows: dict[str, str] = msgspec.field(default_factory=dict)
    is_tally: bool = False

    def __post_init__(self) -> None:
        if bool(self.headings.offence) == bool(self.offence_row):
            raise ValueError("give either headings.offence, or the one offence_row that the file is about")

    called: ClassVar[str]

    def files_read(self, folder: Path) -> tuple[Path, ...]:
        """Return the files of figures."""
        return file_names.found(folder, self.files)

    def has(self, area: str, folder: Path) -> bool:
        """Return whether the files have rows of several areas together, under the name that these have together."""
        wanted = {use: heading for use, heading in self.headings.by_use.items() if heading}
        with files.opened(*file_names.found(folder, self.files), sheet=self.worksheet, headings=wanted) as rows:
            return joined.is_among(area, _areas_in(rows, self))

    def figures(
        self, members: Sequence[str], *, folder: Path, classification: ClassificationName | None
    ) -> tables.AreaFigures:
        """Return the members' figures."""
        return read(self, folder=folder, areas=members, classification=classification)


class IquantaSettings(AreaFiguresSettings, frozen=True, kw_only=True):
    """``[sources.iquanta]``: an export of iQuanta, whose positions are shown beside our own."""

    called: ClassVar[str] = "iQuanta"


class AreaCountsSettings(AreaFiguresSettings, frozen=True, kw_only=True):
    """``[sources.area_counts]``: counts by area and period, of whichever publisher."""

    called: ClassVar[str] = "Counts by area"

    def figures(
        self, members: Sequence[str], *, folder: Path, classification: ClassificationName | None
    ) -> tables.AreaFigures:
        """Return the members' figures without positions, which nobody has published."""
        return replace(read(self, folder=folder, areas=members, classification=classification), positions={})


def read(
    settings: AreaFiguresSettings,
    *,
    folder: Path,
    areas: Sequence[str],
    classification: ClassificationName | None = None,
) -> tables.AreaFigures:
    """Return the figures of several areas by offence row and period.

    Parameters
    ----------
    settings
        The files, their headings, and the classification whose rows they have.
    folder
        The partnership's folder, from which the settings' paths are taken.
    areas
        The areas to hand on, under any of their names.
    classification
        The partnership's own, for a source that names none.

    Returns
    -------
    AreaFigures
        Units: offences; people; households. An area is covered in the periods that it has rows for, under its own name
        or those of all areas that it replaced; of a tally that names forces, in those for which its own force has rows.
        What it lacks of others' periods is named, and so are offences that are not a row of the classification.

    Raises
    ------
    FileError
        If a file is missing, empty, or is not what its name says.
    ValueFoundError
        If a heading is missing, a value is not what its heading says, an area is in no file, a figure appears twice, or
        one is missing, unless the rows are tallies; if no row is counted, or more would be by another classification.

    Notes
    -----
    docs/methods.md, "Most similar group". A whole that the files do not give is the sum of its declared parts.
    """
    paths = file_names.found(folder, settings.files)
    counted_by = offences.load(settings.classification or classification or IF_UNNAMED)
    headings_wanted = {use: heading for use, heading in settings.headings.by_use.items() if heading}
    with files.opened(*paths, sheet=settings.worksheet, headings=headings_wanted) as rows:
        names = _areas_in(rows, settings)
        wanted = coverage.grounds(areas, last_day=_last_day(rows, settings), where="partnership.toml, group.members")
        spelt = _spelt_as_asked(wanted, names, paths)
        headings = msgspec.structs.replace(settings.headings, force=_force_heading(rows, settings))
        reader = area_rows.Reader(
            headings, counted_by, spelt, offence_rows=settings.offence_rows, offence_row=settings.offence_row
        )
        written = [name for name in names if geography.fold(name) in spelt]
        by_file = [
            [figure for row in area_rows.rows_of(rows, file, headings, written) if (figure := reader.figure(row, file))]
            for file in rows.files
        ]
        read_rows = [rows.fetch(f"SELECT count(*) FROM {file.relation}")[0][0] for file in rows.files]
    figures = list(itertools.chain.from_iterable(by_file))
    where = place(name_some([path.name for path in paths]), heading=settings.headings.offence)
    if not figures:
        raise fitting.none_counted(counted_by, reader.offences, where=where)
    if not (settings.classification or settings.offence_row):
        fitting.check_best(counted_by, reader.offences, where=where)
    given = [(each.rate, each.offences, tuple(each.residents.values()), each.cell) for each in figures]
    by_force = [_BY_FORCE.format(heading=quoted(headings.force))] if headings.force else []
    is_named = settings.classification or classification or not reader.offences
    origin = replace(
        _origin(settings, paths),
        remarks=(*by_force, *given_rates.differing(given)),
        to_look_at=() if is_named else (fitting.unnamed(counted_by),),
    )
    counts = _counts(figures, wanted, counted_by, origin, settings=settings, by_force=bool(headings.force))
    used = _used(figures, wanted, counts, is_tally=settings.is_tally)
    ledger = [
        _ledger(file, number, found, used, reader.left_out)
        for file, number, found in zip(rows.files, read_rows, by_file, strict=True)
    ]
    return tables.AreaFigures(
        counts=replace(counts, origin=replace(counts.origin, ledger=tuple(ledger))),
        residents=coverage.of_grounds(_latest_residents(figures), wanted),
        positions={figure.cell: figure.position for figure in figures if figure.position is not None},
        areas_in_file=tuple(names),
    )


def _origin(settings: AreaFiguresSettings, paths: Sequence[Path]) -> tables.Origin:
    return tables.Origin(
        source=settings.source or settings.called,
        publisher=settings.publisher,
        files=tuple(path.name for path in paths),
        as_at=settings.as_at,
        next_release=settings.next_release,
    )


def _used(
    figures: Iterable[Figure], wanted: Sequence[Ground], counts: tables.Counts, *, is_tally: bool
) -> set[tuple[str, Period]]:
    """Return the names and periods that figures are made of: all of a tally, or the area's or its predecessors'."""
    names: dict[Period, set[str]] = defaultdict(set)
    for figure in figures:
        names[figure.cell[-1]].add(figure.cell[0])
    return {
        (name, period)
        for ground in wanted
        for period in counts.covered[ground.area]
        for name in (names[period] if is_tally else ground.made_up_of(names[period]))
        if geography.fold(name) in ground.folded
    }


def _ledger(
    file: RowFile,
    read_rows: int,
    found: Sequence[Figure],
    used: Collection[tuple[str, Period]],
    left_out: Mapping[tuple[str, str], int],
) -> tables.FileLedger:
    counted = sum((figure.cell[0], figure.cell[-1]) in used for figure in found)
    reasons = {reason: number for (of, reason), number in left_out.items() if of == file.key}
    reasons[_INCOMPLETE] = len(found) - counted
    elsewhere = {"in other areas": read_rows - len(found) - sum(reasons.values()) + reasons[_INCOMPLETE]}
    ledger = tables.FileLedger.of(file.path.name, counted=counted, left_out=reasons | elsewhere)
    return replace(ledger, worksheet=file.sheet)


def _areas_in(rows: RowFiles, settings: AreaFiguresSettings) -> list[str]:
    """Return the areas that the files name."""
    return sorted(_different(rows, settings.headings.area))


def _different(rows: RowFiles, heading: str) -> set[str]:
    """Return the different values under a heading, blanks aside."""
    column = f"trim({identifier(heading)})"
    found = (rows.fetch(f"SELECT DISTINCT {column} FROM {file.relation}") for file in rows.files)
    return {value for values in found for (value,) in values if value}


def _last_day(rows: RowFiles, settings: AreaFiguresSettings) -> dt.date:
    """Return the last day of the last period; what is not a period is refused where its row is read."""
    last = dt.date.min
    for text in _different(rows, settings.headings.period):
        with contextlib.suppress(ValueFoundError):
            last = max(last, period_in_cell(text, settings.headings.period, "").last_day)
    return last


def _force_heading(rows: RowFiles, settings: AreaFiguresSettings) -> str:
    """Return the heading of the force that recorded a tally's rows: the one named, or one over nothing but forces."""
    if settings.headings.force or not settings.is_tally:
        return settings.headings.force
    used = set(settings.headings.by_use.values())
    shared = [name for name in rows.files[0].headings if all(name in file.headings for file in rows.files)]
    for heading in shared:
        if heading not in used and (values := _different(rows, heading)) and all(map(geography.find_force, values)):
            return heading
    return ""


def _spelt_as_asked(wanted: Sequence[Ground], names: Sequence[str], paths: Sequence[Path]) -> dict[str, str]:
    """Return what each area in the files is called here, by its folded name: as it was asked for, or as written."""
    there = {geography.fold(name): name for name in names}
    missing = [each for each in wanted if not any(geography.fold(name) in there for name in each.names)]
    if missing:
        first = tables.unknown_area(missing[0].asked, names, where=name_some([path.name for path in paths]))
        named = name_some([quoted(each.asked) for each in missing], named=len(missing))
        if len(missing) == 1:
            raise first
        raise ValueFoundError(
            f"There are no rows for {len(missing)} of the areas: {named}.",
            where=first.where,
            remedy=f"Write them in group.members as the file does. For the first: {first.remedy}",
        )
    spelt: dict[str, str] = {}
    for ground in wanted:
        own = {geography.fold(name) for name in ground.own_names}
        spelt |= {name: ground.area if name in own else there[name] for name in ground.folded & there.keys()}
    return spelt


def _counts(
    figures: Sequence[Figure],
    wanted: Sequence[Ground],
    classification: Classification,
    origin: tables.Origin,
    *,
    settings: AreaFiguresSettings,
    by_force: bool,
) -> tables.Counts:
    """Return the counts, with the periods that each area has complete figures for."""
    written = _cells(figures, is_tally=settings.is_tally)
    areas = tuple(ground.area for ground in wanted)
    to_look_at: tuple[str, ...] = ()
    if settings.is_tally:
        given, cells, to_look_at = _tallied(figures, written, wanted, by_force=by_force)
    else:
        by_name = {(name, (row_id, period)): count for (name, row_id, period), count in written.items()}
        summed = coverage.of_grounds(by_name, wanted)
        cells = {(area, row_id, period): count for (area, (row_id, period)), count in summed.items()}
        given = [(area, period) for area, _, period in cells]
    covered, gaps = tables.covered_by_area(areas, given)
    if not settings.is_tally:
        _check_none_is_missing(cells, covered, classification, origin.files)
    _add_wholes(cells, classification)
    names = {figure.cell[0] for figure in figures}
    return tables.Counts(
        classification=classification,
        areas=areas,
        covered=covered,
        cells=cells,
        origin=replace(
            origin,
            to_look_at=(*origin.to_look_at, *gaps, *to_look_at),
            notes=tuple(note for ground in wanted for note in ground.notes(names)),
        ),
        rows_missing=frozenset(row.row_id for row in classification.rows) - {row_id for _, row_id, _ in cells},
    )


def _tallied(
    figures: Sequence[Figure], written: Mapping[Cell, int], wanted: Sequence[Ground], *, by_force: bool
) -> tuple[list[tuple[str, Period]], dict[Cell, int], tuple[str, ...]]:
    """Return the periods in which tallies are complete, their sums over an area's names, and what to look at."""
    sent: dict[str, set[Period]] = defaultdict(set)
    by_name: dict[str, list[Found]] = defaultdict(list)
    for figure in figures:
        name, _, period = figure.cell
        sent[figure.force].add(period)
        by_name[name].append(Found(force=figure.force, period=period, name=name, rows=figure.offences))
    counted: dict[str, list[tuple[RowKey, Period, int]]] = defaultdict(list)
    for (name, row_id, period), count in written.items():
        counted[name].append((row_id, period, count))
    folded = {name: geography.fold(name) for name in by_name}
    complete: dict[str, coverage.Complete] = {}
    cells: dict[Cell, int] = {}
    for ground in wanted:
        names = [name for name in by_name if folded[name] in ground.folded]
        found = [each for name in names for each in by_name[name]]
        whole = coverage.complete(ground, found, sent=sent) if by_force else coverage.complete_by_name(ground, found)
        complete[ground.area] = whole
        for row_id, period, count in (each for name in names for each in counted[name]):
            if period in whole.periods:
                cell = (ground.area, row_id, period)
                cells[cell] = cells.get(cell, 0) + count
    given = [(area, period) for area, each in complete.items() for period in each.periods]
    return given, cells, tuple(said for each in complete.values() for said in each.to_look_at)


def _cells(figures: Iterable[Figure], *, is_tally: bool) -> dict[Cell, int]:
    cells: dict[Cell, int] = {}
    places: dict[Cell, str] = {}
    for figure in figures:
        if figure.cell in cells and not is_tally:
            area, _, period = figure.cell
            raise ValueFoundError(
                f"Two rows are for {area} in {period.heading}.",
                where=f"{places[figure.cell]}; {figure.where}",
                remedy="Delete the copy; or, if each row is a part to be added up, write is_tally = true.",
            )
        cells[figure.cell] = cells.get(figure.cell, 0) + figure.offences
        places[figure.cell] = figure.where
    return cells


def _check_none_is_missing(
    cells: Mapping[Cell, int],
    covered: Mapping[str, frozenset[Period]],
    classification: Classification,
    names: Sequence[str],
) -> None:
    """Refuse figures of which one is missing that its neighbours have: it would be shown as 0."""
    given = {row_id for _, row_id, _ in cells}
    rows = sorted((row for row in classification.rows if row.row_id in given), key=lambda row: row.row_id)
    missing = [
        f"{area}, {period.heading}, {quoted(row.name)}"
        for period in sorted({period for periods in covered.values() for period in periods})
        for row in rows
        for area, periods in covered.items()
        if period in periods and (area, row.row_id, period) not in cells
    ]
    if missing:
        number = "A figure is" if len(missing) == 1 else f"{len(missing):,} figures are"
        raise ValueFoundError(
            f"{number} missing: {name_some(missing, named=1)}.",
            where=name_some(names),
            remedy="Add the rows, with 0 where there were no offences; or, if no row means 0, write is_tally = true.",
        )


def _add_wholes(cells: dict[Cell, int], classification: Classification) -> None:
    """Add the rows that no file gives and that are the sum of rows that the files give."""
    given = {row_id for _, row_id, _ in cells}
    places = {(area, period) for area, _, period in cells}
    for identity in classification.identities:
        if identity.whole in given or not given.issuperset(identity.parts):
            continue
        for area, period in places:
            cells[area, identity.whole, period] = sum(cells.get((area, part, period), 0) for part in identity.parts)


def _latest_residents(figures: Iterable[Figure]) -> dict[tuple[str, str], int]:
    latest: dict[tuple[str, str], int] = {}
    for figure in sorted(figures, key=lambda figure: figure.cell[-1].last):
        latest |= {(figure.cell[0], use): number for use, number in figure.residents.items()}
    return latest
