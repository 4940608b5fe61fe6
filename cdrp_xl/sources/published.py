"""Tables of offences by area as publishers lay them out: a row to each period, or a column to each period.

The Metropolitan Police's borough file has a column a month. What a table writes for an offence is read as an extract's
offences are, so that groups are added up from what the table has.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple

import msgspec
from msgspec import Meta

from cdrp_xl import geography, offences, tables
from cdrp_xl.errors import CdrpError, ValueFoundError, name_some, place, quoted
from cdrp_xl.offences.reading import OffenceReader, to_paste
from cdrp_xl.offences.reading import Written as WrittenOffence
from cdrp_xl.periods import Month, Period
from cdrp_xl.sources import file_names, files
from cdrp_xl.sources.cadet_forms import period_in_cell
from cdrp_xl.sources.publisher import CURRENT, Asked, ClassificationName, MembersSource, TableSource
from cdrp_xl.sources.sql import identifier, literal
from cdrp_xl.toml_tables import Table, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.offences.reading import Reading
    from cdrp_xl.sources.files import RowFile, RowFiles

_YEAR_AND_MONTH = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])")
_JOINED = re.compile(r"\w+(?:\.\w+)?(?:/\w+(?:\.\w+)?){2,}")
_WHOLE = re.compile(r"-?\d{1,3}(?:[, ]?\d{3})*(?:\.0+)?")
_NOUGHTS = frozenset({"-", "-00"})
_NOT_GIVEN = frozenset({"", "[x]", "x", "[z]", "z", "..", ":", "[c]", "c", "[u]", "[low]", "n/a"})
_FEWER_THAN = re.compile(r"<\s*\d+|[*]+")
_IN_WORDS = (
    'Write a whole number. The symbols [x], [c], [z], ".." and "<5" are read as not given, as the Government Analysis '
    'Function says, and "-" as none.'
)


class PublishedHeadings(Table, frozen=True, kw_only=True):
    """``[sources.published.headings]``: the table's own headings.

    Without `period` and `offences` every column whose heading is a period holds its figures. `quarter` is that of the
    number of a quarter, where `period` gives the financial year alone.
    """

    area: Text
    offence: Text
    offence_words: str = ""
    period: str = ""
    quarter: str = ""
    offences: str = ""

    def __post_init__(self) -> None:
        if bool(self.period) != bool(self.offences) or (self.quarter and not self.period):
            raise ValueError("name both period and offences, or neither where each period has a column of its own")

    @property
    def named(self) -> dict[str, str]:
        """The headings that the settings name, by what they are for."""
        return {use: heading for use, heading in msgspec.structs.asdict(self).items() if heading}


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
        """Return the table's counts of the area."""
        return read(self, folder=asked.folder, areas=(asked.area,))

    def count_members(self, members: Sequence[str], *, folder: Path) -> tables.Counts:
        """Return the table's counts of each member."""
        return read(self, folder=folder, areas=members)


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
    where: str


class _Read(NamedTuple):
    """One file or worksheet: how many rows it has, and the figures of the areas that are asked for."""

    file: RowFile
    rows: int
    figures: list[_Figure]


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
        Unit: offences. An area is covered in the periods for which all of its figures are given; an offence without a
        row is 0. Figures below 0 are corrections of earlier periods, and are kept.

    Raises
    ------
    FileError
        If a file is missing, empty, or is not what its name says.
    ValueFoundError
        If a heading is missing, a value is not what its heading says, an area is in no file, an offence is not known, a
        figure is there twice, or rows of the table share offences and it is not plain which is a sum.
    """
    paths = file_names.found(folder, settings.files)
    names, by_file = _scan(settings, paths, areas)
    figures = [figure for each in by_file for figure in each.figures]
    if not settings.is_tally:
        _check_none_twice(figures)
    classification = offences.load(settings.classification)
    readings = _readings(figures, settings, classification)
    where = f"{paths[0].name}, heading {quoted(settings.headings.offence)}"
    totals = _totals(figures, readings, where=where)
    readings = {offence: reading for offence, reading in readings.items() if offence not in totals}
    _check_known(readings.values(), where=where)
    given, missing = _given(figures, names)
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
            ledger=tuple(map(_ledger, by_file)),
            to_look_at=(*missing, *gaps),
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
    _, by_file = _scan(settings, file_names.found(folder, settings.files), areas)
    figures = [figure for each in by_file for figure in each.figures]
    return tuple(_readings(figures, settings, offences.load(settings.classification)).values())


def _scan(
    settings: PublishedSettings, paths: Sequence[Path], areas: Sequence[str]
) -> tuple[dict[str, str], list[_Read]]:
    """Return the area that each name in the table is of, and what every file or worksheet has of these."""
    with files.opened(*paths, sheet=settings.worksheet, headings=settings.headings.named) as rows:
        names = _names(areas, rows, settings.headings.area, where=name_some([path.name for path in paths]))
        by_file = [
            _Read(
                file=file,
                rows=rows.fetch(f"SELECT count(*) FROM {file.relation}")[0][0],
                figures=list(_figures(rows, file, settings.headings, names)),
            )
            for file in rows.files
        ]
    return names, by_file


def _ledger(each: _Read) -> tables.FileLedger:
    inside = len({figure.row for figure in each.figures})
    ledger = tables.FileLedger.of(each.file.path.name, counted=inside, left_out={"in other areas": each.rows - inside})
    return replace(ledger, worksheet=each.file.sheet)


def _figures(rows: RowFiles, file: RowFile, headings: PublishedHeadings, names: Iterable[str]) -> Iterator[_Figure]:
    """Give every figure of some areas in a file, whichever way it is laid out."""
    columns = {headings.offences: None} if headings.offences else _period_columns(file, headings)
    asked = [headings.area, headings.offence, headings.offence_words, headings.period, headings.quarter, *columns]
    wanted = ", ".join(map(literal, names))
    texts = ", ".join(f"coalesce(trim({identifier(name)}), '')" if name else "''" for name in asked)
    area_text = f"trim({identifier(headings.area)})"
    for row, area, offence, beside, when, quarter, *numbers in rows.fetch(
        f"SELECT cdrp_xl_row, {texts} FROM {rows.numbered(file)} WHERE {area_text} IN ({wanted}) ORDER BY cdrp_xl_row"
    ):
        for (heading, period), number in zip(columns.items(), numbers, strict=True):
            where = place(file.path, sheet=file.sheet, row=row, heading=heading)
            yield _Figure(
                row=(file.key, row),
                area=area,
                offence=_Offence(" ".join(offence.split()), " ".join(beside.split())),
                period=period or _period_of_row(when, quarter, headings, where),
                offences=_number(number, where),
                where=where,
            )


def _period_of_row(when: str, quarter: str, headings: PublishedHeadings, where: str) -> Period:
    """Return the period that a row gives, in one column or as a financial year and the number of its quarter."""
    text = f"{when} Q{quarter.removeprefix('Q').removesuffix('.0')}" if headings.quarter else when
    return period_in_cell(text, headings.period, where)


def _period_columns(file: RowFile, headings: PublishedHeadings) -> dict[str, Period | None]:
    """Return the columns whose heading is a period."""
    others = set(headings.named.values())
    found = {name: period_of_heading(name) for name in file.headings if name not in others}
    columns: dict[str, Period | None] = {name: period for name, period in found.items() if period}
    if not columns:
        raise ValueFoundError(
            "No column's heading is a period.",
            where=place(file.path, sheet=file.sheet, row=file.heading_row),
            remedy="Name the columns of the period and of the number of offences in headings, as period and offences.",
        )
    return columns


def period_of_heading(heading: str) -> Period | None:
    """Return the period that a column's heading names, None where it names none."""
    if month := _YEAR_AND_MONTH.fullmatch(heading):
        own = Month(int(month[1]), int(month[2]))
        return Period(own, own)
    try:
        return period_in_cell(heading, "", "")
    except CdrpError:
        return None


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


def _names(areas: Sequence[str], rows: RowFiles, heading: str, *, where: str) -> dict[str, str]:
    """Return the area that each name in the table is of, for those that are asked for."""
    column = f"trim({identifier(heading)})"
    there = sorted(name for (name,) in rows.fetch(f"SELECT DISTINCT {column} FROM ({rows.relation()})") if name)
    names: dict[str, str] = {}
    for area in areas:
        own = {geography.fold(name) for name in (area, *geography.names_of(area), *geography.codes_of(area))}
        found = [name for name in there if geography.fold(name) in own]
        if not found:
            raise tables.unknown_area(area, there, where=where)
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
