"""Figures of many areas, under their file's own headings: an iQuanta export, or counts by area and period."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple

import msgspec
from msgspec import Meta

from cdrp_xl import offences, tables
from cdrp_xl.errors import ValueFoundError, name_some, place, quoted
from cdrp_xl.sources import file_names, files, grids
from cdrp_xl.sources.cadet_forms import period_in_cell
from cdrp_xl.sources.grids import plain
from cdrp_xl.sources.publisher import ClassificationName, FiguresSource
from cdrp_xl.sources.sql import identifier, literal
from cdrp_xl.toml_tables import Table, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Period
    from cdrp_xl.sources.files import RowFile, RowFiles
    from cdrp_xl.tables import Cell

PEOPLE, HOUSEHOLDS = "people", "households"
PER = 1000

_RATE = re.compile(r"\d+(\.\d+)?")


class AreaFiguresHeadings(Table, frozen=True, kw_only=True):
    """The headings of figures by area; those left empty are not in the file."""

    area: Text = "Area"
    period: Text = "Period"
    offences: Text = "Offences"
    offence: str = ""
    population: str = ""
    households: str = ""
    rate: str = ""
    position: str = ""


class AreaFiguresSettings(FiguresSource, frozen=True, kw_only=True):
    """Figures of many areas, one row to area, period and offence.

    `offence_row` is that of all figures where no heading names one. With `is_tally` what has no row is 0, and rows that
    are alike are parts to be added up. `called` is the source's name where the settings give it none.
    """

    files: Annotated[tuple[Text, ...], Meta(min_length=1)]
    headings: AreaFiguresHeadings = AreaFiguresHeadings()
    classification: ClassificationName = "cadet-2011"
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

    def figures(self, members: Sequence[str], *, folder: Path) -> tables.AreaFigures:
        """Return the members' figures."""
        return read(self, folder=folder, areas=members)


class IquantaSettings(AreaFiguresSettings, frozen=True, kw_only=True):
    """``[sources.iquanta]``: an export of iQuanta, whose positions are shown beside our own."""

    called: ClassVar[str] = "iQuanta"


class AreaCountsSettings(AreaFiguresSettings, frozen=True, kw_only=True):
    """``[sources.area_counts]``: counts by area and period, of whichever publisher."""

    called: ClassVar[str] = "Counts by area"

    def figures(self, members: Sequence[str], *, folder: Path) -> tables.AreaFigures:
        """Return the members' figures without positions, which nobody has published for them."""
        return replace(read(self, folder=folder, areas=members), positions={})


class _Written(NamedTuple):
    """One row of a file as it is written; a column that the file has not is empty."""

    row: int
    area: str
    period: str
    offences: str
    offence: str
    population: str
    households: str
    rate: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    """One row of a file, checked."""

    cell: Cell
    offences: int
    residents: Mapping[str, int]
    rate: str
    position: int | None
    where: str


def read(settings: AreaFiguresSettings, *, folder: Path, areas: Sequence[str]) -> tables.AreaFigures:
    """Return the figures of several areas by offence row and period.

    Parameters
    ----------
    settings
        The files, their headings, and the classification whose rows they have.
    folder
        The partnership's folder, from which the settings' paths are taken.
    areas
        The areas to hand on; spaces and capitals do not matter.

    Returns
    -------
    AreaFigures
        Units: offences; people; households. Covered are the periods that each area has rows for; what it lacks of those
        of the others is named in the remarks. Offences that are no row of the classification are left out, by name.

    Raises
    ------
    FileError
        If a file is missing, empty, or is not what its name says.
    ValueFoundError
        If a heading is missing, a value is not what its heading says, an area is in no file, a figure stands twice, or
        one is missing, unless the rows are tallies.

    Notes
    -----
    METHODS.md, section 3. A whole that the files do not give is the sum of its declared parts.
    """
    paths = file_names.found(folder, settings.files)
    classification = offences.load(settings.classification)
    headings = {use: heading for use, heading in _headings(settings).items() if heading}
    with files.opened(*paths, sheet=settings.worksheet, headings=headings) as rows:
        names = _areas_in(rows, settings)
        spelt = _spelt_as_asked(areas, names, paths)
        reader = _Reader(settings, classification, spelt)
        wanted = [name for name in names if plain(name) in spelt]
        by_file = [
            [figure for each in _rows_of(rows, file, settings, wanted) if (figure := reader.figure(each, file))]
            for file in rows.files
        ]
        ledger = [
            _ledger(rows, file, len(found), reader.left_out) for file, found in zip(rows.files, by_file, strict=True)
        ]
    figures = list(itertools.chain.from_iterable(by_file))
    origin = tables.Origin(
        source=settings.source or settings.called,
        publisher=settings.publisher,
        files=tuple(path.name for path in paths),
        as_at=settings.as_at,
        next_release=settings.next_release,
        ledger=tuple(ledger),
        remarks=tuple(_rates_that_differ(figures)),
    )
    return tables.AreaFigures(
        counts=_counts(figures, areas, classification, origin, is_tally=settings.is_tally),
        residents=_latest_residents(figures),
        positions={figure.cell: figure.position for figure in figures if figure.position is not None},
        areas_in_file=tuple(names),
    )


def _ledger(rows: RowFiles, file: RowFile, counted: int, left_out: Mapping[tuple[str, str], int]) -> tables.FileLedger:
    ((read,),) = rows.fetch(f"SELECT count(*) FROM {file.relation}")
    reasons = {reason: number for (name, reason), number in left_out.items() if name == file.path.name}
    elsewhere = {"in other areas": read - counted - sum(reasons.values())}
    return tables.FileLedger.of(file.path.name, counted=counted, left_out=reasons | elsewhere)


def _areas_in(rows: RowFiles, settings: AreaFiguresSettings) -> list[str]:
    """Return the areas that the files name."""
    names: set[str] = set()
    for file in rows.files:
        names |= {
            area
            for (area,) in rows.fetch(
                f"SELECT DISTINCT trim({identifier(settings.headings.area)}) FROM {file.relation}"
            )
            if area
        }
    return sorted(names)


def _headings(settings: AreaFiguresSettings) -> dict[str, str]:
    """Return the headings by use, in the order of a row as it is written."""
    return {use: getattr(settings.headings, use) for use in _Written._fields[1:]}


def _spelt_as_asked(areas: Sequence[str], names: Sequence[str], paths: Sequence[Path]) -> dict[str, str]:
    """Return the areas as they were asked for, by their plain spelling; every one that is not there is named."""
    there = {plain(name) for name in names}
    missing = [area for area in areas if plain(area) not in there]
    if missing:
        first = tables.unknown_area(missing[0], names, where=name_some([path.name for path in paths]))
        if len(missing) == 1:
            raise first
        named = name_some([quoted(area) for area in missing], named=len(missing))
        raise ValueFoundError(
            f"No row is for {len(missing)} of the areas: {named}.",
            where=first.where,
            remedy=f"Write them in group.members as the file does. For the first: {first.remedy}",
        )
    return {plain(area): area for area in areas}


def _rows_of(rows: RowFiles, file: RowFile, settings: AreaFiguresSettings, names: Sequence[str]) -> Iterator[_Written]:
    columns = ", ".join(
        f"coalesce(trim({identifier(heading)}), '')" if heading else "''" for heading in _headings(settings).values()
    )
    wanted = ", ".join(literal(name) for name in names)
    area = f"trim({identifier(settings.headings.area)})"
    fetched = rows.fetch(
        f"SELECT cdrp_xl_row, {columns} FROM {rows.numbered(file)} WHERE {area} IN ({wanted}) ORDER BY cdrp_xl_row"
    )
    return (_Written(*row) for row in fetched)


class _Reader:
    """Checks one row after another, and counts those whose offence is no row of the classification."""

    def __init__(self, settings: AreaFiguresSettings, classification: Classification, spelt: Mapping[str, str]) -> None:
        self.left_out: dict[tuple[str, str], int] = defaultdict(int)
        self._headings = settings.headings
        self._classification = classification
        self._spelt = spelt
        self._mapped = {plain(name): classification.row(row).row_id for name, row in settings.offence_rows.items()}
        self._always = classification.row(settings.offence_row).row_id if settings.offence_row else ""
        self._row_ids: dict[str, str] = {}
        self._periods: dict[str, Period] = {}

    def figure(self, written: _Written, file: RowFile) -> _Figure | None:
        """Return one row's figure, None where it is of an offence that is no row."""

        def where(heading: str) -> str:
            return place(file.path, sheet=file.sheet, row=written.row, heading=heading)

        headings = self._headings
        row_id = self._always or self._row_id(written.offence, where(headings.offence))
        if not row_id:
            reason = f"{quoted(written.offence)} is no row of {self._classification.title}"
            self.left_out[file.path.name, reason] += 1
            return None
        area = self._spelt[plain(written.area)]
        period = self._period(written.period, where(headings.period))
        residents = {
            use: grids.above_0(text, what=f"{what} of {quoted(area)}", where=where(heading))
            for use, text, what, heading in (
                (PEOPLE, written.population, "population", headings.population),
                (HOUSEHOLDS, written.households, "number of households", headings.households),
            )
            if heading
        }
        return _Figure(
            cell=(area, row_id, period),
            offences=grids.whole(written.offences, what="number of offences", where=where(headings.offences)),
            residents=residents,
            rate=_rate(written.rate, where=where(headings.rate)),
            position=grids.above_0(written.position, what="position", where=where(headings.position))
            if written.position
            else None,
            where=where(headings.area),
        )

    def _row_id(self, text: str, where: str) -> str:
        if not text:
            raise ValueFoundError(
                "The offence is blank.", where=where, remedy="Write the offence, or take out the row."
            )
        if text not in self._row_ids:
            named = self._classification.rows_named(text)
            by_id = [row.row_id for row in self._classification.rows if row.row_id == text]
            found = [self._mapped.get(plain(text), ""), *by_id, *(row.row_id for row in named)]
            self._row_ids[text] = next((row_id for row_id in found if row_id), "")
        return self._row_ids[text]

    def _period(self, text: str, where: str) -> Period:
        if text not in self._periods:
            self._periods[text] = period_in_cell(text, self._headings.period, where)
        return self._periods[text]


def _rate(text: str, *, where: str) -> str:
    if text and not _RATE.fullmatch(text):
        raise ValueFoundError(
            f"The rate is {quoted(text)}, not a number.", where=where, remedy='Write it as "1.43", or leave it blank.'
        )
    return text


def _counts(
    figures: Sequence[_Figure],
    areas: Sequence[str],
    classification: Classification,
    origin: tables.Origin,
    *,
    is_tally: bool,
) -> tables.Counts:
    """Return the counts, with the periods that each area has figures for."""
    cells = _cells(figures, is_tally=is_tally)
    covered, remarks = tables.covered_by_area(areas, ((area, period) for area, _, period in cells))
    if not is_tally:
        _check_none_is_missing(cells, covered, classification, origin.files)
    _add_wholes(cells, classification)
    return tables.Counts(
        classification=classification,
        areas=tuple(areas),
        covered=covered,
        cells=cells,
        origin=replace(origin, remarks=(*remarks, *origin.remarks)),
        rows_missing=frozenset(row.row_id for row in classification.rows) - {row_id for _, row_id, _ in cells},
    )


def _cells(figures: Iterable[_Figure], *, is_tally: bool) -> dict[Cell, int]:
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


def _latest_residents(figures: Iterable[_Figure]) -> dict[tuple[str, str], int]:
    latest: dict[tuple[str, str], int] = {}
    for figure in sorted(figures, key=lambda figure: figure.cell[-1].last):
        latest |= {(figure.cell[0], use): number for use, number in figure.residents.items()}
    return latest


def _rates_that_differ(figures: Sequence[_Figure]) -> list[str]:
    """Return a sentence on the file's own rates that are not those of its counts."""
    differing = [figure for figure in figures if figure.rate and not _is_rate(figure)]
    if not differing:
        return []
    first = differing[0]
    number = "1 rate is" if len(differing) == 1 else f"{len(differing):,} rates are"
    whose = f"{first.cell[0]} in {first.cell[-1].heading}"
    said = f"{number} not per 1,000 of the row's own people or households; the first, {first.rate}, is that of {whose}."
    return [f"{said} Rates are worked out anew."]


def _is_rate(figure: _Figure) -> bool:
    """Return whether a printed rate is that of the row's own count, as far as its decimals tell."""
    half = 0.5000001 * 10.0 ** -len(figure.rate.partition(".")[2])
    rates = [PER * figure.offences / residents for residents in figure.residents.values()]
    return not rates or any(abs(rate - float(figure.rate)) <= half for rate in rates)
