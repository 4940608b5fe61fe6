"""Tables of offences by area as publishers lay them out: a row to each period, or a column to each period.

The Metropolitan Police's borough file has a column a month. What a table writes for an offence is read as an extract's
offences are, so that groups are added up from what the table has.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple

import msgspec
from msgspec import Meta

from cdrp_xl import geography, offences, tables
from cdrp_xl.errors import ValueFoundError, name_some, place, quoted
from cdrp_xl.offences.reading import OffenceReader, to_paste
from cdrp_xl.offences.reading import Written as WrittenOffence
from cdrp_xl.sources import coverage, file_names, joined, published_rows
from cdrp_xl.sources.coverage import Found, Ground
from cdrp_xl.sources.published_rows import PublishedHeadings, Scanned
from cdrp_xl.sources.publisher import CURRENT, Asked, ClassificationName, HeldTable, MembersSource, TableSource
from cdrp_xl.toml_tables import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.offences.reading import Reading
    from cdrp_xl.periods import Period
    from cdrp_xl.sources.coverage import Complete

_JOINED = re.compile(r"\w+(?:\.\w+)?(?:/\w+(?:\.\w+)?){2,}")
_WHOLE = re.compile(r"-?\d{1,3}(?:[, ]?\d{3})*(?:\.0+)?")
_NOUGHTS = frozenset({"-", "-00"})
_NOT_GIVEN = frozenset({"", "[x]", "x", "[z]", "z", "..", ":", "[c]", "c", "[u]", "[low]", "n/a"})
_FEWER_THAN = re.compile(r"<\s*\d+|[*]+")
_INCOMPLETE = "in periods that are not complete there"
_BY_FORCE = "{heading} names forces: an area's period is complete where the force that polices it has rows."
_IN_WORDS = (
    'Write a whole number. The symbols [x], [c], [z], ".." and "<5" are read as not given, as the Government Analysis '
    'Function says, and "-" as none.'
)


class PublishedSettings(TableSource, MembersSource, frozen=True, kw_only=True):
    """``[sources.published]``: a table of offences by area, offence and period, as it is published.

    `totals` are rows of the table that are the sum of others, and are not counted beside them; those that their figures
    prove to be need not be named. With `is_tally` rows that are alike are parts to be added up; those of a code that
    joins several, as the Home Office has of homicide ("1/4.1/4.10/4.2"), are so without it.
    """

    files: Annotated[tuple[Text, ...], Meta(min_length=1)]
    headings: PublishedHeadings
    classification: ClassificationName = CURRENT
    worksheet: str = ""
    source: str = "Published table"
    offence_codes: dict[str, str] = msgspec.field(default_factory=dict)
    not_counted: tuple[Text, ...] = ()
    totals: tuple[Text, ...] = ()
    is_tally: bool = False

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

    def held(self, folder: Path) -> HeldTable:
        """Return the table as it is read once, for the counts of any areas."""
        return _Held(self, _scanned(self, folder, None))


class _Offence(NamedTuple):
    """An offence as the table writes it, in one or two columns."""

    text: str
    beside: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    """One figure: `offences` is None where it is not given."""

    row: tuple[str, int]
    area: str
    offence: _Offence
    period: Period
    offences: int | None
    force: str
    where: str


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
        figure is there twice, or rows of the table share offences and it is not plain which is a sum.
    """
    table = _scanned(settings, folder, areas)
    return _counts(settings, table, areas, _names(areas, table))


def _scanned(settings: PublishedSettings, folder: Path, areas: Sequence[str] | None) -> Scanned:
    return published_rows.scanned(
        settings.files, settings.headings, worksheet=settings.worksheet, folder=folder, areas=areas
    )


def _counts(
    settings: PublishedSettings, table: Scanned, areas: Sequence[str], names: Mapping[str, str]
) -> tables.Counts:
    """Return the counts of areas; what is wrong in the rows of others is no fault of these."""
    paths = table.paths
    figures = list(_figures(table, names))
    if not settings.is_tally:
        _check_none_twice(figures)
    classification = offences.load(settings.classification)
    readings = _readings(figures, settings, classification)
    where = f"{paths[0].name}, heading {quoted(settings.headings.offence)}"
    totals = _totals(figures, readings, where=where)
    readings = {offence: reading for offence, reading in readings.items() if offence not in totals}
    _check_known(readings.values(), where=where)
    given, missing = _given(figures, names)
    complete = _complete(table, areas, figures, names)
    given = {(area, period) for area, period in given if area not in complete or period in complete[area].periods}
    covered, gaps = tables.covered_by_area(tuple(areas), given)
    counted = [figure for figure in figures if figure.offence not in totals]
    return tables.Counts(
        classification=classification,
        areas=tuple(areas),
        covered=covered,
        cells=_cells(counted, names, readings, classification, covered),
        readings=tuple(readings.values()),
        origin=tables.Origin(
            source=settings.source,
            publisher=settings.publisher,
            files=tuple(dict.fromkeys(path.name for path in paths)),
            as_at=settings.as_at,
            next_release=settings.next_release,
            ledger=_ledgers(table, figures, names, complete),
            remarks=(_BY_FORCE.format(heading=quoted(settings.headings.force)),) if complete else (),
            to_look_at=(*missing, *gaps, *(said for each in complete.values() for said in each.to_look_at)),
        ),
    )


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
    figures = list(_figures(table, _names(areas, table)))
    return tuple(_readings(figures, settings, offences.load(settings.classification)).values())


def _ledgers(
    table: Scanned, figures: Iterable[_Figure], names: Mapping[str, str], complete: Mapping[str, Complete]
) -> tuple[tables.FileLedger, ...]:
    inside, incomplete = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
    for figure in figures:
        key, row = figure.row
        inside[key].add(row)
        if (whole := complete.get(names[figure.area])) and figure.period not in whole.periods:
            incomplete[key].add(row)
    return tuple(
        replace(
            tables.FileLedger.of(
                file.path.name,
                counted=len(inside[file.key]) - len(incomplete[file.key]),
                left_out={
                    "in other areas": rows - len(inside[file.key]),
                    _INCOMPLETE: len(incomplete[file.key]),
                },
            ),
            worksheet=file.sheet,
        )
        for file, rows in zip(table.files, table.read_rows, strict=True)
    )


def _complete(
    table: Scanned, areas: Sequence[str], figures: Iterable[_Figure], names: Mapping[str, str]
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


def _figures(table: Scanned, names: Iterable[str]) -> Iterator[_Figure]:
    """Give every figure of some areas, whichever way the table is laid out, in the order of files and rows."""
    headings = table.headings
    columns = [
        {headings.offences: None} if headings.offences else published_rows.period_columns(file, headings)
        for file in table.files
    ]
    rows = sorted((number, row, area, texts) for area in names for number, row, texts in table.rows.get(area, ()))
    for file_number, row, area, (offence, beside, force, when, quarter, *numbers) in rows:
        file = table.files[file_number]
        for (heading, period), number in zip(columns[file_number].items(), numbers, strict=True):
            where = place(file.path, sheet=file.sheet, row=row, heading=heading)
            yield _Figure(
                row=(file.key, row),
                area=area,
                offence=_Offence(" ".join(offence.split()), " ".join(beside.split())),
                period=period or published_rows.period_of_row(when, quarter, headings, where),
                offences=_number(number, where),
                force=published_rows.force_of(force),
                where=where,
            )


def _number(text: str, where: str) -> int | None:
    """Return a figure, None where a symbol says that it is not given."""
    plain = text.strip().replace("\u2212", "-").lower()
    if plain in _NOUGHTS:
        return 0
    if plain in _NOT_GIVEN or _FEWER_THAN.fullmatch(plain):
        return None
    if _WHOLE.fullmatch(plain):
        return int(re.sub(r"[, ]|\..*", "", plain))
    raise ValueFoundError(f"The number of offences is {quoted(text)}.", where=where, remedy=_IN_WORDS)


def _check_none_twice(figures: Iterable[_Figure]) -> None:
    """Refuse figures that are there twice; a code that joins several may have a row to each on its worksheet."""
    there: dict[tuple[str, _Offence, Period], list[_Figure]] = defaultdict(list)
    for figure in figures:
        before = there[figure.area, figure.offence, figure.period]
        is_apart = any(figure.row[0] != other.row[0] for other in before)
        if before and (is_apart or len(before) >= _parts(figure.offence.text)):
            raise ValueFoundError(
                f"Two figures are for {figure.area}, {figure.offence.text}, {figure.period.heading}.",
                where=f"{before[0].where}; {figure.where}",
                remedy="Take one of the two out; or, if each row is a part to be added up, write is_tally = true.",
            )
        before.append(figure)


def _parts(code: str) -> int:
    """Return how many codes are joined in one: three at least, since "28/3" is a single one."""
    return code.count("/") + 1 if _JOINED.fullmatch(code) else 1


def _names(areas: Sequence[str], table: Scanned) -> dict[str, str]:
    """Return the area that each name in the table is of, for those that are asked for."""
    names: dict[str, str] = {}
    for area in areas:
        found = published_rows.written_as(area, table.there)
        if not found:
            raise tables.unknown_area(area, table.there, where=table.where)
        names |= dict.fromkeys(found, area)
    return names


def _readings(
    figures: Iterable[_Figure], settings: PublishedSettings, classification: Classification
) -> dict[_Offence, Reading]:
    """Return what every offence of the table is counted under, or can be."""
    rows: dict[_Offence, int] = defaultdict(int)
    for figure in figures:
        rows[figure.offence] += 1
    reader = OffenceReader(
        classification, own=settings.offence_codes, not_counted=(*settings.not_counted, *settings.totals)
    )
    return {each: reader.read(WrittenOffence(each.text, each.beside, number)) for each, number in sorted(rows.items())}


def _check_known(readings: Iterable[Reading], *, where: str) -> None:
    """Refuse offences that are not known: all of them, as lines to paste."""
    if unknown := [reading for reading in readings if reading.is_unknown]:
        raise ValueFoundError(
            f"Offences of the table are not known: {name_some([quoted(each.written.text) for each in unknown])}.",
            where=where,
            remedy="Look over these lines, and paste them into partnership.toml under sources.published.offence_codes:",
            lines=to_paste(unknown).split("\n"),
        )


def _totals(figures: Iterable[_Figure], readings: Mapping[_Offence, Reading], *, where: str) -> frozenset[_Offence]:
    """Return the rows of a table that are the sums of others there, as their figures prove.

    A row that holds another's offences is what is left over beside it if it is anywhere less than the rows that it
    holds, and their sum if it is everywhere the same; else somebody has to say which.
    """
    codes = {each: frozenset(reading.could_be) for each, reading in readings.items() if not reading.is_left_out}
    known = {each: own for each, own in codes.items() if not readings[each].is_unknown}
    parts = {whole: [part for part, own in known.items() if own < all_of] for whole, all_of in codes.items()}
    lacking = {(figure.area, figure.period) for figure in figures if figure.offences is None}
    counts: dict[_Offence, dict[tuple[str, Period], int]] = defaultdict(lambda: defaultdict(int))
    for figure in figures:
        if figure.offences is not None and (figure.area, figure.period) not in lacking:
            counts[figure.offence][figure.area, figure.period] += figure.offences
    totals, open_ = set(), []
    for whole, held in parts.items():
        outermost = _outermost(held, codes)
        pairs = [(own, sum(counts[part][at] for part in outermost)) for at, own in counts[whole].items()]
        if not held or any(own < summed for own, summed in pairs):
            continue
        if all(own == summed for own, summed in pairs):
            totals.add(whole)
        else:
            open_.append(f"{quoted(whole.text)} holds {quoted(held[0].text)}")
    if open_:
        raise ValueFoundError(
            f"Rows of the table share offences, and may be sums or what is left over: {name_some(open_)}.",
            where=where,
            remedy="Name those that are sums of others as totals, in partnership.toml under [sources.published], and "
            'those that are left over as such a row, for example "Burglary (not divided)", in offence_codes.',
        )
    return frozenset(totals)


def _outermost(held: Sequence[_Offence], codes: Mapping[_Offence, frozenset[str]]) -> list[_Offence]:
    """Return the rows that no other of them holds, so that none is added up twice."""
    return [part for part in held if not any(codes[part] < codes[other] for other in held)]


def _given(figures: Iterable[_Figure], names: Mapping[str, str]) -> tuple[set[tuple[str, Period]], list[str]]:
    """Return the area and period of figures that are all given, and a sentence on those that are not."""
    there: set[tuple[str, Period]] = set()
    lacking: dict[tuple[str, Period], list[str]] = defaultdict(list)
    for figure in figures:
        key = names[figure.area], figure.period
        there.add(key)
        if figure.offences is None:
            lacking[key].append(figure.offence.text)
    said = [
        f"{area}, {period.heading}: no figure is given for {name_some(texts)}, so that the period is not complete."
        for (area, period), texts in sorted(lacking.items())
    ]
    return there - lacking.keys(), said


def _cells(
    figures: Iterable[_Figure],
    names: Mapping[str, str],
    readings: Mapping[_Offence, Reading],
    classification: Classification,
    covered: Mapping[str, frozenset[Period]],
) -> dict[tables.Cell, int]:
    cells: dict[tables.Cell, int] = defaultdict(int)
    for figure in figures:
        area, code = names[figure.area], readings[figure.offence].code
        if code is not None and figure.offences is not None and figure.period in covered[area]:
            for row in classification.rows:
                if code in row.codes:
                    cells[area, row.row_id, figure.period] += figure.offences
    return dict(cells)
