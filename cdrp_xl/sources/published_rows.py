"""The rows of a published table as they are written, read in one pass: the name, force and period of each.

A table is laid out in one of three ways: a row to each offence and period, a column to each period, or a column to each
offence, whose period is in a column of its own, or in the title above.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from cdrp_xl import geography
from cdrp_xl.errors import CdrpError, ValueFoundError, name_some, place
from cdrp_xl.periods import Month, Period
from cdrp_xl.sources import file_names, files
from cdrp_xl.sources.period_cells import period_in_cell
from cdrp_xl.sources.sql import identifier, literal
from cdrp_xl.toml_tables import Table, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.sources.files import RowFile, RowFiles

_YEAR_AND_MONTH = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])")
_FIRST_DAY = re.compile(r"0?1/(0?[1-9]|1[0-2])/((?:19|20)\d\d)")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[ \u2019'-]*(?:\d{4}|\d{2})\b"
_IN_TITLE = re.compile(
    rf"(?:year|12 months) (?:ending|to)\s+(?P<ends>{_MONTH})|(?P<from>{_MONTH})\s+(?:to|-|\u2013)\s+(?P<to>{_MONTH})",
    re.IGNORECASE,
)


class PublishedHeadings(Table, frozen=True, kw_only=True):
    """``[sources.published.headings]``: the table's own headings.

    Without `period` and `offences` every column whose heading is a period holds its figures; without `offence`, the
    columns that the settings name as `offence_columns` hold those of an offence each. `quarter` is that of the
    number of a quarter, where `period` gives the financial year alone. `force` names who recorded a row, so that an
    area's period is complete where the force that polices it has rows.
    """

    area: Text
    offence: str = ""
    offence_words: str = ""
    period: str = ""
    quarter: str = ""
    offences: str = ""
    force: str = ""

    def __post_init__(self) -> None:
        is_by_row = self.offence and bool(self.period) != bool(self.offences)
        if is_by_row or (self.offences and not self.offence) or (self.quarter and not self.period):
            raise ValueError("name both period and offences, or neither where each period has a column of its own")
        if self.force and not self.period:
            raise ValueError("force needs a row to each period: name period and offences too")

    @property
    def named(self) -> dict[str, str]:
        """The headings that the settings name, by what they are for."""
        return {use: heading for use, heading in msgspec.structs.asdict(self).items() if heading}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureColumn:
    """A column of figures: `period` is None and `offence` empty where the row has a column that says it."""

    heading: str
    period: Period | None = None
    offence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """The rows of a table as they are written, by the name of their area: what any area's counts are made of.

    Attributes
    ----------
    columns
        The columns of figures of each file.
    offences
        What the whole table writes for offences, in one or two columns, whichever areas are wanted.
    there
        The names of areas in the table.
    read_rows
        How many rows each file has. Unit: rows.
    rows
        By the name of their area, each row's file, number and texts.
    sent
        By force, the texts of the periods for which the table has rows of it.
    """

    headings: PublishedHeadings
    paths: tuple[Path, ...]
    files: tuple[RowFile, ...]
    columns: tuple[tuple[FigureColumn, ...], ...]
    offences: tuple[tuple[str, str], ...]
    there: tuple[str, ...]
    read_rows: tuple[int, ...]
    rows: Mapping[str, Sequence[tuple[int, int, tuple[str, ...]]]]
    sent: Mapping[str, Sequence[tuple[str, str]]]

    @property
    def where(self) -> str:
        """The table's files."""
        return name_some([path.name for path in self.paths])


def scanned(
    names: Sequence[str],
    headings: PublishedHeadings,
    *,
    offence_columns: Sequence[str] = (),
    period: Period | None = None,
    worksheet: str,
    folder: Path,
    areas: Sequence[str] | None = None,
) -> Scanned:
    """Return the rows of a published table, of some areas or of all, in one pass; nothing in them is checked yet.

    Parameters
    ----------
    names
        The names of the files.
    headings
        The table's own headings.
    offence_columns
        The headings of columns that hold the figures of an offence each.
    period
        The period of all figures, where neither a heading nor a title gives it.
    worksheet
        The one worksheet to read; empty takes all that have the headings.
    folder
        The partnership's folder, from which the settings' paths are taken.
    areas
        Whose rows are wanted, under any of their names; None takes all.

    Raises
    ------
    FileError
        If a file is missing, empty, or is not what its name says.
    ValueFoundError
        If a heading is missing.
    """
    paths = file_names.found(folder, names)
    rows_of: dict[str, list[tuple[int, int, tuple[str, ...]]]] = defaultdict(list)
    shared: dict[str, str] = {}  # each text once, however many rows have it
    wanted_headings = {**headings.named, **{f"offence {name}": name for name in offence_columns}}
    with files.opened(*paths, sheet=worksheet, headings=wanted_headings) as rows:
        columns = tuple(_columns(file, headings, offence_columns, period) for file in rows.files)
        column = f"trim({identifier(headings.area)})"
        there = sorted(name for (name,) in rows.fetch(f"SELECT DISTINCT {column} FROM ({rows.relation()})") if name)
        wanted = None if areas is None else [name for area in areas for name in written_as(area, there)]
        for number, file in enumerate(rows.files):
            for row, area, *texts in rows.fetch(_rows_sql(rows.numbered(file), headings, columns[number], wanted)):
                rows_of[area].append((number, row, tuple(shared.setdefault(text, text) for text in texts)))
        read_rows = [rows.fetch(f"SELECT count(*) FROM {file.relation}")[0][0] for file in rows.files]
        offences = _offences(rows, headings) or [(name, "") for name in offence_columns]
        sent = _sent(rows, headings)
    return Scanned(
        headings=headings,
        paths=tuple(paths),
        files=rows.files,
        columns=columns,
        offences=tuple(offences),
        there=tuple(there),
        read_rows=tuple(read_rows),
        rows=rows_of,
        sent=sent,
    )


def period_of_row(when: str, quarter: str, headings: PublishedHeadings, where: str) -> Period:
    """Return the period that a row gives, in one column or as a financial year and the number of its quarter."""
    text = f"{when} Q{quarter.removeprefix('Q').removesuffix('.0')}" if headings.quarter else when
    return _period_in(text) or period_in_cell(text, headings.period, where)


@functools.cache
def _period_in(text: str) -> Period | None:
    if first_day := _FIRST_DAY.fullmatch(text):
        own = Month(int(first_day[2]), int(first_day[1]))
        return Period(own, own)
    try:
        return period_in_cell(text, "", "")
    except CdrpError:
        return None


def _columns(
    file: RowFile, headings: PublishedHeadings, offence_columns: Sequence[str], period: Period | None
) -> tuple[FigureColumn, ...]:
    """Return the columns that hold a file's figures."""
    if headings.offences:
        return (FigureColumn(heading=headings.offences),)
    if offence_columns:
        when = None if headings.period else period or _title_period(file)
        return tuple(FigureColumn(heading=name, period=when, offence=name) for name in offence_columns)
    others = set(headings.named.values())
    found = {name: period_of_heading(name) for name in file.headings if name not in others}
    columns = tuple(FigureColumn(heading=name, period=when) for name, when in found.items() if when)
    if not columns:
        raise ValueFoundError(
            "No column's heading is a period.",
            where=place(file.path, sheet=file.sheet, row=file.heading_row),
            remedy="Name the columns of the period and of the number of offences in headings, as period and offences.",
        )
    return columns


def _title_period(file: RowFile) -> Period:
    named = periods_in_title(file.above)
    if len(named) == 1:
        return named.pop()
    said = f"names {name_some([each.heading for each in sorted(named)])}" if named else "names no period"
    raise ValueFoundError(
        f"What is written above the headings {said}, but the figures are for one.",
        where=place(file.path, sheet=file.sheet, row=file.heading_row),
        remedy='Write it in partnership.toml under [sources.published], as period = "year ending March 2025".',
    )


def periods_in_title(above: Iterable[str]) -> set[Period]:
    """Return the periods of several months that the texts above a table's headings name.

    Parameters
    ----------
    above
        The texts, each of one cell.

    Examples
    --------
    >>> [each.heading for each in periods_in_title(["Recorded crime by area, year ending March 2025 [note 1]"])]
    ['Apr-24 to Mar-25']
    """
    found = (each for text in above for each in _IN_TITLE.finditer(text))
    texts = [f"year ending {each['ends']}" if each["ends"] else f"{each['from']} to {each['to']}" for each in found]
    return {period for text in texts if (period := _period_in(text))}


def period_of_heading(heading: str) -> Period | None:
    """Return the period that a column's heading names, None where it names none."""
    if month := _YEAR_AND_MONTH.fullmatch(heading):
        own = Month(int(month[1]), int(month[2]))
        return Period(own, own)
    return _period_in(heading)


def force_of(text: str) -> str:
    """Return the id of a force, or its name where it is not known."""
    known = geography.find_force(text) if text else None
    return known.force_id if known else text


def written_as(area: str, there: Iterable[str]) -> list[str]:
    """Return those of some names that are an area's own, or those of areas that it replaced."""
    own = {geography.fold(name) for name in (area, *geography.names_of(area), *geography.codes_of(area))}
    return [name for name in there if _fold(name) in own]


@functools.cache
def _fold(name: str) -> str:
    return geography.fold(name)


def _rows_sql(
    numbered: str, headings: PublishedHeadings, columns: Iterable[FigureColumn], wanted: Sequence[str] | None
) -> str:
    """Return the SQL of the rows of some areas in a file, or of all, as texts."""
    asked = [headings.area, headings.offence, headings.offence_words, headings.force]
    asked += [headings.period, headings.quarter, *(column.heading for column in columns)]
    texts = ", ".join(f"coalesce(trim({identifier(name)}), '')" if name else "''" for name in asked)
    area = f"trim({identifier(headings.area)})"
    of_these = "true" if wanted is None else f"{area} IN ({', '.join(map(literal, wanted))})" if wanted else "false"
    return f"SELECT cdrp_xl_row, {texts} FROM {numbered} WHERE {of_these} ORDER BY cdrp_xl_row"


def _offences(rows: RowFiles, headings: PublishedHeadings) -> list[tuple[str, str]]:
    """Return what the rows write for offences, in one or two columns."""
    if not headings.offence:
        return []
    asked = (headings.offence, headings.offence_words)
    texts = ", ".join(f"coalesce(trim({identifier(name)}), '')" if name else "''" for name in asked)
    return rows.fetch(f"SELECT DISTINCT {texts} FROM ({rows.relation()}) ORDER BY ALL")


def _sent(rows: RowFiles, headings: PublishedHeadings) -> dict[str, list[tuple[str, str]]]:
    """Return the periods for which there are rows of each force, as they are written."""
    if not headings.force:
        return {}
    asked = (headings.force, headings.period, headings.quarter)
    texts = ", ".join(f"coalesce(trim({identifier(name)}), '')" if name else "''" for name in asked)
    sent: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for force, *when in rows.fetch(f"SELECT DISTINCT {texts} FROM ({rows.relation()}) ORDER BY ALL"):
        sent[force_of(force)].append((when[0], when[1]))
    return sent
