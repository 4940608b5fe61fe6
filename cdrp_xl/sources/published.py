"""Tables of offences by area as publishers lay them out: a row or a column to each period, or a column to each offence.

The Metropolitan Police's borough file has a column a month, the Office for National Statistics' tables by partnership
one an offence group. What a table writes for an offence is read as an extract's offences are, so that groups are added
up from what the table has; rows of which it has no figures are left out.
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec
from msgspec import Meta

from cdrp_xl import geography, offences, tables
from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.folding import fold
from cdrp_xl.offences import words
from cdrp_xl.offences.reading import OffenceReader, to_paste
from cdrp_xl.offences.reading import Written as WrittenOffence
from cdrp_xl.periods import Period
from cdrp_xl.sources import (
    coverage,
    file_names,
    joined,
    published_definitions,
    published_figures,
    published_rows,
    published_totals,
)
from cdrp_xl.sources.coverage import Found, Ground
from cdrp_xl.sources.published_rows import PublishedHeadings, Scanned
from cdrp_xl.sources.publisher import CURRENT, Asked, ClassificationName, HeldTable, MembersSource, TableSource
from cdrp_xl.toml_tables import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.offences.reading import Reading
    from cdrp_xl.sources.coverage import Complete
    from cdrp_xl.sources.known_files import KnownFiles
    from cdrp_xl.sources.published_figures import Figure, Offence
    from cdrp_xl.sources.published_totals import Totals

NOT_COUNTED = "not counted, as partnership.toml says about their offence"

_UNASSIGNED = "Unassigned"
_SUMS = "sums of other rows"
_INCOMPLETE = "in periods that are incomplete there"
_BY_FORCE = "{heading} names forces: an area's period is complete where the force that polices it has rows."


class PublishedSettings(TableSource, MembersSource, frozen=True, kw_only=True):
    """``[sources.published]``: a table of offences by area, offence and period, as it is published.

    `offence_columns` are the headings of columns that hold the figures of an offence each; `period` is that of all
    figures, where no heading and no title gives it. `totals` are rows of the table that are the sum of others, and are
    not counted beside them; those that their figures prove to be need not be named. With `is_tally` rows that are alike
    are parts to be added up, and an offence without a row is 0; those of a code that joins several, as the Home Office
    has of homicide ("1/4.1/4.10/4.2"), are added up without it.
    """

    files: Annotated[tuple[Text, ...], Meta(min_length=1)]
    headings: PublishedHeadings
    offence_columns: tuple[Text, ...] = ()
    period: Period | None = None
    classification: ClassificationName = CURRENT
    worksheet: str = ""
    source: str = "Published table"
    offence_codes: dict[str, str] = msgspec.field(default_factory=dict)
    not_counted: tuple[Text, ...] = ()
    totals: tuple[Text, ...] = ()
    is_tally: bool = False

    def __post_init__(self) -> None:
        if bool(self.headings.offence) == bool(self.offence_columns):
            raise ValueError("give either headings.offence, or the offence_columns that hold an offence each")

    progress: ClassVar[str] = "Reading the published table"
    how_counted: ClassVar[str] = "Offences are as published, added up by the offences that the table names."

    def files_read(self, folder: Path) -> tuple[Path, ...]:
        """Return the files of the table."""
        return file_names.found(folder, self.files)

    def count(self, asked: Asked) -> tables.Counts:
        """Return the table's counts of each area."""
        return read(self, folder=asked.folder, areas=asked.areas)

    def has(self, area: str, folder: Path) -> bool:
        """Return whether the table has rows of several areas together, under the name that these have together."""
        return joined.is_among(area, _scanned(self, folder, ()).there)

    def count_members(self, members: Sequence[str], *, folder: Path) -> tables.Counts:
        """Return the table's counts of each member."""
        return read(self, folder=folder, areas=members)

    def held(self, folder: Path, known: KnownFiles | None = None) -> HeldTable:  # noqa: ARG002 - a table is quickly read
        """Return the table as it is read once, for the counts of any areas."""
        return _Held(self, _scanned(self, folder, None))


class _Held:
    """A published table that was read once, and answers for any area from then on."""

    progress: ClassVar[str] = PublishedSettings.progress

    def __init__(self, settings: PublishedSettings, table: Scanned) -> None:
        self._settings = settings
        self._table = table

    @property
    def areas(self) -> tuple[str, ...]:
        """The names of areas in the table."""
        return self._table.there

    def count(self, asked: Asked) -> tables.Counts:
        """Return the table's counts of each area."""
        return self.count_members(asked.areas, folder=asked.folder)

    def count_members(self, members: Sequence[str], *, folder: Path) -> tables.Counts:  # noqa: ARG002 - as publishers do
        """Return the table's counts of each member."""
        return _counts(self._settings, self._table, members, _names(members, self._table))


def read(settings: PublishedSettings, *, folder: Path, areas: Sequence[str]) -> tables.Counts:
    """Return the counts of areas by offence row and period, from a published table.

    Parameters
    ----------
    settings
        The files and their headings.
    folder
        The partnership's folder, from which the settings' paths are taken.
    areas
        The areas to hand on, under any of their names.

    Returns
    -------
    Counts
        Unit: offences. An area is covered in the periods for which all of its figures are given, and, where the table
        names forces, for which its own force has rows; an offence without a row is 0. Figures below 0 are corrections
        of earlier periods, and are kept.

    Raises
    ------
    FileError
        If a file is missing, empty, or is not what its name says.
    ValueFoundError
        If a heading is missing, a value is not what its heading says, an area is in no file, an offence is not known, a
        figure appears twice, or rows of the table share offences and it is not plain which is a sum.
    """
    table = _scanned(settings, folder, areas)
    return _counts(settings, table, areas, _names(areas, table))


def _scanned(settings: PublishedSettings, folder: Path, areas: Sequence[str] | None) -> Scanned:
    return published_rows.scanned(
        settings.files,
        settings.headings,
        offence_columns=settings.offence_columns,
        period=settings.period,
        worksheet=settings.worksheet,
        folder=folder,
        areas=areas,
    )


def _counts(
    settings: PublishedSettings, table: Scanned, areas: Sequence[str], names: Mapping[str, str]
) -> tables.Counts:
    """Return the counts of areas; mistakes in the rows of others do not count against these."""
    read = _Read(settings, table, names)
    complete = _complete(table, areas, read.figures, names)
    given, missing = _given(read.figures, names)
    given = {(area, period) for area, period in given if area not in complete or period in complete[area].periods}
    covered, gaps = tables.covered_by_area(tuple(areas), given)
    classification, notes = read.definitions()
    return tables.Counts(
        classification=classification,
        areas=tuple(areas),
        covered=covered,
        cells=_cells(read, names, classification, covered),
        rows_missing=read.all_rows - {row.row_id for row in classification.rows},
        readings=tuple(read.counted.values()),
        origin=tables.Origin(
            source=settings.source,
            publisher=settings.publisher,
            files=tuple(dict.fromkeys(path.name for path in table.paths)),
            as_at=settings.as_at,
            next_release=settings.next_release,
            ledger=_ledgers(read, names, complete),
            remarks=tuple(_remarks(read, names, covered, is_by_force=bool(complete))),
            to_look_at=(
                *missing,
                *gaps,
                *(said for each in complete.values() for said in each.to_look_at),
                *_unassigned(table, areas),
            ),
            notes=notes,
        ),
    )


class _Read:
    """The figures of some areas, what each offence is counted under, and which are the sums of others.

    Attributes
    ----------
    figures
        Every figure of the areas.
    readings
        What every offence of the areas is counted under, or can be.
    totals
        Those that are sums of others.
    counted
        The readings of offences that are counted, or left out as the settings say: of sums, those with offences that
        are in no other row of the table.
    """

    def __init__(self, settings: PublishedSettings, table: Scanned, names: Mapping[str, str]) -> None:
        self.table = table
        self.figures = list(published_figures.figures(table, names))
        if not settings.is_tally:
            published_figures.check_none_twice(self.figures)
        self._settings = settings
        self._reader = _reader(settings)
        self.readings = _readings(self.figures, self._reader)
        heading = f", heading {quoted(settings.headings.offence)}" if settings.headings.offence else ""
        where = f"{table.paths[0].name}{heading}"
        self.totals: Totals = published_totals.found(self.figures, self.readings, settings.totals, where=where)
        undivided = {offence for offence, _, _ in self.totals.undivided}
        sums = self.totals.held.keys() - undivided
        self.counted = {each: reading for each, reading in self.readings.items() if each not in sums}
        _check_known(self.counted.values(), where=where)

    @property
    def all_rows(self) -> frozenset[str]:
        """The ids of the rows by which the table is counted, those of which it has no figures too."""
        return frozenset(row.row_id for row in _definitions(self._settings).rows)

    def definitions(self) -> tuple[Classification, tuple[str, ...]]:
        """Return the rows that the table can give, and what it lacks in words; a tally has all of them."""
        classification = _definitions(self._settings)
        if self._settings.is_tally:
            return classification, ()
        own = list(self.readings.values())
        others = [
            self._reader.read(WrittenOffence(" ".join(text.split()), " ".join(beside.split())))
            for text, beside in self.table.offences
        ]
        undivided = [self.readings[offence] for offence, _, _ in self.totals.undivided]
        return published_definitions.fitted(classification, [*own, *others], undivided)

    def shares(self) -> Iterator[tuple[Offence, str, Period, int]]:
        """Yield what is counted of each figure: of a sum, what it has more than the rows that it is the sum of."""
        for figure in self.figures:
            if figure.offence not in self.totals.held and figure.offences is not None:
                yield figure.offence, figure.area, figure.period, figure.offences
        for (offence, area, period), more in self.totals.undivided.items():
            yield offence, area, period, more


def readings(settings: PublishedSettings, *, folder: Path, areas: Sequence[str]) -> tuple[Reading, ...]:
    """Return what every offence of a table is counted under, or can be, where an area that is asked for has it.

    Parameters
    ----------
    settings, folder, areas
        As for `read`.

    Returns
    -------
    tuple of Reading
        Unit: figures in which each offence is written so.

    Raises
    ------
    FileError
        As for `read`.
    ValueFoundError
        If a heading is missing, a value is not what its heading says, or an area is in no file.
    """
    table = _scanned(settings, folder, areas)
    figures = list(published_figures.figures(table, _names(areas, table)))
    read = _readings(figures, _reader(settings))
    named = {fold(name) for name in settings.totals}
    return tuple(
        reading
        for offence, reading in read.items()
        if not (reading.is_unknown and (words.is_said_of_totals(offence.text) or fold(offence.text) in named))
    )


def _ledgers(read: _Read, names: Mapping[str, str], complete: Mapping[str, Complete]) -> tuple[tables.FileLedger, ...]:
    """Return what became of every row: it is counted if any of its figures is."""
    reasons: dict[tuple[str, int], str] = {}
    for figure in read.figures:
        whole = complete.get(names[figure.area])
        if figure.offence in read.totals.held:
            reason = _SUMS
        elif read.readings[figure.offence].is_left_out:
            reason = NOT_COUNTED
        else:
            reason = _INCOMPLETE if whole and figure.period not in whole.periods else ""
        reasons[figure.row] = min(reason, reasons.get(figure.row, reason), key=bool)
    ledgers = []
    for file, rows in zip(read.table.files, read.table.read_rows, strict=True):
        own = Counter(reason for (key, _), reason in reasons.items() if key == file.key)
        left_out = {"in other areas": rows - own.total(), **{each: own[each] for each in sorted(own) if each}}
        ledger = tables.FileLedger.of(file.path.name, counted=own[""], left_out=left_out)
        ledgers.append(replace(ledger, worksheet=file.sheet))
    return tuple(ledgers)


def _remarks(
    read: _Read, names: Mapping[str, str], covered: Mapping[str, Collection[Period]], *, is_by_force: bool
) -> Iterator[str]:
    """Yield what the analyst should know: what was left out, with its number, and which rows are sums of others."""
    if is_by_force:
        yield _BY_FORCE.format(heading=quoted(read.table.headings.force))
    left_out = Counter[str]()
    for offence, area, period, number in read.shares():
        if read.readings[offence].is_left_out and period in covered[names[area]]:
            left_out[offence.text] += number
    for text, number in left_out.items():
        yield f"{quoted(text)} is not counted, as partnership.toml says: {number:,} offences in the periods covered."
    if read.totals.held:
        sums = name_some([quoted(each.text) for each in read.totals.held])
        yield f"Sums of other rows in the table, which agree with them and are not counted twice: {sums}."


def _complete(
    table: Scanned, areas: Sequence[str], figures: Iterable[Figure], names: Mapping[str, str]
) -> dict[str, Complete]:
    """Return the periods in which each area's figures are complete by its force; nothing where none is named."""
    headings = table.headings
    if not headings.force:
        return {}
    period = functools.partial(
        published_rows.period_of_row, headings=headings, where=f"{table.where}, {headings.period}"
    )
    sent = {force: {period(*each) for each in when} for force, when in table.sent.items()}
    found: dict[str, list[Found]] = defaultdict(list)
    for each in figures:
        rows = each.offences or 0
        found[names[each.area]].append(Found(force=each.force, period=each.period, name=each.area, rows=rows))
    grounds = (
        Ground(
            asked=area,
            area=area,
            names=tuple(published_rows.written_as(area, table.there)),
            force=geography.force_of(area),
        )
        for area in areas
    )
    return {ground.area: coverage.complete(ground, found[ground.area], sent=sent) for ground in grounds}


def _names(areas: Sequence[str], table: Scanned) -> dict[str, str]:
    """Return the area that each name in the table is of, for those that are asked for."""
    names: dict[str, str] = {}
    for area in areas:
        found = published_rows.written_as(area, table.there)
        if not found:
            raise tables.unknown_area(area, table.there, where=table.where)
        names |= dict.fromkeys(found, area)
    return names


def _unassigned(table: Scanned, areas: Sequence[str]) -> Iterator[str]:
    """Yield a sentence on offences that an area's force gave to none of its areas: some of them may be the area's."""
    for area in areas:
        force = geography.force_of(area)
        named = fold(f"{_UNASSIGNED} {force.home_office_name}") if force else ""
        for name in table.there:
            if fold(name) == named:
                yield f"{quoted(name)} is in the table too: some of its offences may be in {area}, and are not counted."


def _definitions(settings: PublishedSettings) -> Classification:
    return offences.with_incidents(offences.load(settings.classification), settings.offence_codes.values())


def _reader(settings: PublishedSettings) -> OffenceReader:
    return OffenceReader(_definitions(settings), own=settings.offence_codes, not_counted=settings.not_counted)


def _readings(figures: Iterable[Figure], reader: OffenceReader) -> dict[Offence, Reading]:
    """Return what every offence of the figures is counted under, or can be."""
    rows = Counter(figure.offence for figure in figures)
    return {each: reader.read(WrittenOffence(each.text, each.beside, number)) for each, number in sorted(rows.items())}


def _check_known(readings: Iterable[Reading], *, where: str) -> None:
    """Refuse offences that are not known: all of them, as lines to paste."""
    if unknown := [reading for reading in readings if reading.is_unknown]:
        raise ValueFoundError(
            f"Offences in the table are unknown: {name_some([quoted(each.written.text) for each in unknown])}.",
            where=where,
            remedy="Check these lines, and paste them into partnership.toml under sources.published.offence_codes:",
            lines=to_paste(unknown).split("\n"),
        )


def _given(figures: Iterable[Figure], names: Mapping[str, str]) -> tuple[set[tuple[str, Period]], list[str]]:
    """Return the area and period of figures that are all given, and a sentence on those that are not."""
    there: set[tuple[str, Period]] = set()
    lacking: dict[tuple[str, Period], list[str]] = defaultdict(list)
    for figure in figures:
        key = names[figure.area], figure.period
        there.add(key)
        if figure.offences is None:
            lacking[key].append(figure.offence.text)
    said = [
        f"{area}, {period.heading}: no figure is given for {name_some(texts)}, so the period is incomplete."
        for (area, period), texts in sorted(lacking.items())
    ]
    return there - lacking.keys(), said


def _cells(
    read: _Read,
    names: Mapping[str, str],
    classification: Classification,
    covered: Mapping[str, Collection[Period]],
) -> dict[tables.Cell, int]:
    rows_of: dict[str, tuple[str, ...]] = {}
    cells: dict[tables.Cell, int] = defaultdict(int)
    for offence, name, period, number in read.shares():
        area, code = names[name], read.readings[offence].code
        if code is not None and period in covered[area]:
            if code not in rows_of:
                rows_of[code] = tuple(row.row_id for row in classification.rows if code in row.codes)
            for row_id in rows_of[code]:
                cells[area, row_id, period] += number
    return dict(cells)
