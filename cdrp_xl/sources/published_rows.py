"""The rows of a published table as they are written, read in one pass: the name, force and period of each."""

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
from cdrp_xl.sources.cadet_forms import period_in_cell
from cdrp_xl.sources.sql import identifier, literal
from cdrp_xl.toml_tables import Table, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.sources.files import RowFile, RowFiles

_YEAR_AND_MONTH = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])")


class PublishedHeadings(Table, frozen=True, kw_only=True):
    """``[sources.published.headings]``: the table's own headings.

    Without `period` and `offences` every column whose heading is a period holds its figures. `quarter` is that of the
    number of a quarter, where `period` gives the financial year alone. `force` names who recorded a row, so that an
    area's period is complete where the force that polices it has rows.
    """

    area: Text
    offence: Text
    offence_words: str = ""
    period: str = ""
    quarter: str = ""
    offences: str = ""
    force: str = ""

    def __post_init__(self) -> None:
        if bool(self.period) != bool(self.offences) or (self.quarter and not self.period):
            raise ValueError("name both period and offences, or neither where each period has a column of its own")
        if self.force and not self.period:
            raise ValueError("force needs a row to each period: name period and offences too")

    @property
    def named(self) -> dict[str, str]:
        """The headings that the settings name, by what they are for."""
        return {use: heading for use, heading in msgspec.structs.asdict(self).items() if heading}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """The rows of a table as they are written, by the name of their area: what any area's counts are made of.

    Attributes
    ----------
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
    with files.opened(*paths, sheet=worksheet, headings=headings.named) as rows:
        column = f"trim({identifier(headings.area)})"
        there = sorted(name for (name,) in rows.fetch(f"SELECT DISTINCT {column} FROM ({rows.relation()})") if name)
        wanted = None if areas is None else [name for area in areas for name in written_as(area, there)]
        for number, file in enumerate(rows.files):
            for row, area, *texts in rows.fetch(_rows_sql(rows, file, headings, wanted)):
                rows_of[area].append((number, row, tuple(shared.setdefault(text, text) for text in texts)))
        read_rows = [rows.fetch(f"SELECT count(*) FROM {file.relation}")[0][0] for file in rows.files]
        sent = _sent(rows, headings)
    return Scanned(
        headings=headings,
        paths=tuple(paths),
        files=rows.files,
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
    try:
        return period_in_cell(text, "", "")
    except CdrpError:
        return None


def period_columns(file: RowFile, headings: PublishedHeadings) -> dict[str, Period | None]:
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


def _rows_sql(rows: RowFiles, file: RowFile, headings: PublishedHeadings, wanted: Sequence[str] | None) -> str:
    """Return the SQL of the rows of some areas in a file, or of all, as texts."""
    columns = (headings.offences,) if headings.offences else period_columns(file, headings)
    asked = [headings.area, headings.offence, headings.offence_words, headings.force]
    asked += [headings.period, headings.quarter, *columns]
    texts = ", ".join(f"coalesce(trim({identifier(name)}), '')" if name else "''" for name in asked)
    area = f"trim({identifier(headings.area)})"
    of_these = "true" if wanted is None else f"{area} IN ({', '.join(map(literal, wanted))})" if wanted else "false"
    return f"SELECT cdrp_xl_row, {texts} FROM {rows.numbered(file)} WHERE {of_these} ORDER BY cdrp_xl_row"


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
