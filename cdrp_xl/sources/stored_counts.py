"""The counts that the last refresh made, kept for what is asked between refreshes: one Parquet file per partnership.

Only counts are in it, no row of an extract. What a count means (classification, what is covered, source and date)
is in the file's own metadata, so that the two can't part.
"""

from __future__ import annotations

import datetime as dt
import functools
from array import array
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING

import duckdb
import msgspec
from msgspec import Struct

from cdrp_xl import beside, damage, offences
from cdrp_xl.errors import CannotBeWrittenError, FileError
from cdrp_xl.offences import Composite
from cdrp_xl.periods import Month, Period
from cdrp_xl.selected import Selected
from cdrp_xl.sources import counting_engine
from cdrp_xl.sources.sql import literal, only
from cdrp_xl.tables import Cube, Origin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.selected import RowKey
    from cdrp_xl.tables import Cell, Counts

VERSION = 6

_PLACE = ("counts", "counts.parquet")
_KEY = "cdrp_xl"
_GROUP = "group"  # no source of the settings is called so
_NOBODY: Mapping[tuple[str, str], int] = MappingProxyType({})
_NO_OTHERS: Mapping[str, str] = MappingProxyType({})
_GROUPS_AT_A_TIME = 1_000
_ROWS: msgspec.json.Decoder[RowKey] = msgspec.json.Decoder(str | Selected)
_COLUMNS = ("source", "area", "row_id", "first_month", "last_month", "offences")


class _Covered(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Areas that are covered in the same periods; of each, the first and the last month."""

    areas: tuple[str, ...]
    periods: tuple[tuple[int, int], ...]


class _Described(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source of the file. Months are their positions in the count of all months."""

    name: str
    classification: str
    areas: tuple[str, ...]
    covered: tuple[_Covered, ...]
    selections: tuple[Selected, ...]
    rows_missing: tuple[str, ...]
    composites: tuple[Composite, ...]
    source: str
    publisher: str
    as_at: dt.date | None
    next_release: dt.date | None
    incidents: tuple[str, ...] = ()


class _Versioned(Struct, frozen=True, kw_only=True):
    """Which version of the file's form it has, which is looked at before the rest."""

    version: int = 0


class _Contents(_Versioned, frozen=True, kw_only=True):
    """What the file's metadata say about it."""

    quarter: str = ""
    sources: tuple[_Described, ...] = ()
    group: _Described | None = None
    residents: tuple[tuple[str, str, int], ...] = ()
    counted_as: dict[str, str] = msgspec.field(default_factory=dict)
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the last refresh kept: the quarter that it reported, and the counts by the source's name in the settings.

    The sources are in the order in which the report prefers them. `group` has the counts of the most similar group's
    members, `residents` their people and households, by area and by which of the two. `counted_as` has the area of
    today for each that the settings call by the name of one that has ended. `state` says what they were counted from
    and by. Units: offences; residents.
    """

    quarter: Period
    cubes: Mapping[str, Cube]
    group: Cube | None
    residents: Mapping[tuple[str, str], int]
    counted_as: Mapping[str, str]
    state: str = ""


def place(folder: Path) -> Path:
    """Return the file in which a partnership's counts are kept."""
    return folder.joinpath(*_PLACE)


def save(
    folder: Path,
    counts: Mapping[str, Counts],
    *,
    quarter: Period,
    group: Counts | None = None,
    residents: Mapping[tuple[str, str], int] = _NOBODY,
    counted_as: Mapping[str, str] = _NO_OTHERS,
) -> None:
    """Keep the counts of every source, by the source's name in the settings, in place of what was kept before.

    Parameters
    ----------
    folder
        The partnership's folder.
    counts, quarter, group, residents, counted_as
        As `write` has them.

    Raises
    ------
    CannotBeWrittenError
        If the file can't be written; the one that was there is kept.
    """
    write(place(folder), counts, quarter=quarter, group=group, residents=residents, counted_as=counted_as)


def write(
    path: Path,
    counts: Mapping[str, Counts],
    *,
    quarter: Period,
    group: Counts | None = None,
    residents: Mapping[tuple[str, str], int] = _NOBODY,
    counted_as: Mapping[str, str] = _NO_OTHERS,
    state: str = "",
) -> None:
    """Write counts into a file of their own.

    Parameters
    ----------
    path
        The file.
    counts
        Every source's counts, in the order in which the report prefers them. Unit: offences.
    quarter
        The quarter that was refreshed.
    group
        The counts of the most similar group's members, None where there is no group. Unit: offences.
    residents
        Their people and households, by area and by which of the two. Unit: residents.
    counted_as
        Which area each was counted as that has ended.
    state
        What they were counted from and by, as whoever asks for the file again wants to know it.

    Raises
    ------
    CannotBeWrittenError
        If the file can't be written; the one that was there is kept.
    """
    described = tuple(_described(name, each) for name, each in counts.items())
    contents = _Contents(
        version=VERSION,
        quarter=quarter.name,
        sources=described,
        group=_described(_GROUP, group) if group else None,
        residents=tuple((area, use, number) for (area, use), number in sorted(residents.items())),
        counted_as=dict(counted_as),
        state=state,
    )
    cells = [
        (name, *cell)
        for name, each in (*counts.items(), *([(_GROUP, group)] if group else []))
        for cell in sorted(
            (area, _as_text(row), period.first.index, period.last.index, offences)
            for (area, row, period), offences in each.cells.items()
        )
    ]
    columns = [list(column) for column in zip(*cells, strict=True)] or [[] for _ in _COLUMNS]
    types = ("VARCHAR", "VARCHAR", "VARCHAR", "INTEGER", "INTEGER", "BIGINT")
    selected = ", ".join(f"unnest(CAST(? AS {kind}[])) AS {name}" for name, kind in zip(_COLUMNS, types, strict=True))
    metadata = f"{{{_KEY}: {literal(msgspec.json.encode(contents).decode())}}}"
    try:
        with beside.written(path) as new, counting_engine.connected() as connection:
            how = f"FORMAT parquet, USE_TMP_FILE false, KV_METADATA {metadata}"
            connection.execute(f"COPY (SELECT {selected}) TO {literal(new)} ({how})", columns)
    except (CannotBeWrittenError, duckdb.IOException) as refused:
        raise CannotBeWrittenError(
            f"{path.name}, which keeps the counts, could not be written.",
            where=str(path),
            remedy="Check that the folder can be written to and the disk has room, then refresh again.",
        ) from refused


def load(folder: Path) -> Stored:
    """Return what the last refresh of a partnership's folder kept.

    Parameters
    ----------
    folder
        The partnership's folder.

    Raises
    ------
    FileError
        If there is no such file, it is damaged, or another version of this program wrote it.
    """
    path = place(folder)
    if not path.is_file():
        raise FileError(
            "No counts are stored yet.", where=str(path), remedy="Refresh the master once; the counts are kept then."
        )
    return read(path)


def read(path: Path) -> Stored:
    """Return what a file of counts holds.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    FileError
        If it is damaged, or another version of this program wrote it.
    """
    with damage.reported(path, lambda _: _unusable(path)):
        with counting_engine.connected() as connection:
            contents = _contents(connection, path)
            cubes = {described.name: _cube(connection, path, described) for described in contents.sources}
            group = _cube(connection, path, contents.group) if contents.group else None
        residents = {(area, use): number for area, use, number in contents.residents}
        quarter, counted_as = Period.parse(contents.quarter), contents.counted_as
        return Stored(
            quarter=quarter,
            cubes=cubes,
            group=group,
            residents=residents,
            counted_as=counted_as,
            state=contents.state,
        )


def _unusable(path: Path) -> FileError:
    counting_engine.give_up()  # one that met a damaged file may answer nothing more
    return FileError(
        "The stored counts are damaged, or of another version.", where=str(path), remedy="Refresh the master again."
    )


def _contents(connection: duckdb.DuckDBPyConnection, path: Path) -> _Contents:
    sql = f"SELECT value FROM parquet_kv_metadata({only(path)}) WHERE key = {literal(_KEY)}"
    found = connection.execute(sql).fetchone()
    if not found or msgspec.json.decode(found[0], type=_Versioned).version != VERSION:
        raise FileError(
            "The stored counts were written by another version of cdrp-xl.",
            where=str(path),
            remedy="Refresh the master again.",
        )
    return msgspec.json.decode(found[0], type=_Contents)


@functools.cache
def _as_text(row: RowKey) -> str:
    """Return what a count is of as it is kept in the file: JSON, so that the id of a row can look like anything."""
    return msgspec.json.encode(row).decode()


@functools.cache
def _decoded_key(text: str) -> RowKey:
    return _ROWS.decode(text)


def _described(name: str, counts: Counts) -> _Described:
    return _Described(
        name=name,
        classification=counts.classification.classification_id,
        areas=counts.areas,
        covered=_covered(counts),
        selections=counts.selections,
        rows_missing=tuple(sorted(counts.rows_missing)),
        composites=counts.classification.composites,
        incidents=counts.classification.incidents,
        source=counts.origin.source,
        publisher=counts.origin.publisher,
        as_at=counts.origin.as_at,
        next_release=counts.origin.next_release,
    )


def _covered(counts: Counts) -> tuple[_Covered, ...]:
    alike: dict[frozenset[Period], list[str]] = {}
    for area in counts.areas:
        alike.setdefault(counts.covered[area], []).append(area)
    return tuple(
        _Covered(areas=tuple(areas), periods=tuple((each.first.index, each.last.index) for each in sorted(periods)))
        for periods, areas in alike.items()
    )


def _cube(connection: duckdb.DuckDBPyConnection, path: Path, described: _Described) -> Cube:
    months = sorted(first for each in described.covered for first, last in each.periods if first == last)
    first, count = (months[0], months[-1] - months[0] + 1) if months else (0, 0)
    return Cube(
        classification=_definitions(described).with_composites(described.composites, where=str(path)),
        areas=described.areas,
        covered={
            area: periods
            for each in described.covered
            for periods in [frozenset(Period(Month.at(begins), Month.at(ends)) for begins, ends in each.periods)]
            for area in each.areas
        },
        first_month=Month.at(first),
        running_totals=_running_totals(connection, path, described.name, first=first, count=count),
        given=_given(connection, path, described.name),
        selections=described.selections,
        rows_missing=frozenset(described.rows_missing),
        origin=Origin(
            source=described.source,
            publisher=described.publisher,
            as_at=described.as_at,
            next_release=described.next_release,
        ),
    )


def _definitions(described: _Described) -> Classification:
    return offences.with_incidents(offences.load(described.classification), described.incidents)


def _running_totals(
    connection: duckdb.DuckDBPyConnection, path: Path, source: str, *, first: int, count: int
) -> dict[tuple[str, RowKey], array[int]]:
    """Return, by area and row, the offences before each month and after the last."""
    found = connection.execute(
        f"""SELECT area, row_id, list(first_month), list(offences) FROM read_parquet({only(path)})
        WHERE source = {literal(source)} AND first_month = last_month GROUP BY ALL"""
    )
    totals: dict[tuple[str, RowKey], array[int]] = {}
    names: dict[str, str] = {}
    while groups := found.fetchmany(_GROUPS_AT_A_TIME):
        for area, text, months, offences_of in groups:
            key = (names.setdefault(area, area), _decoded_key(text))
            totals[key] = _summed(months, offences_of, first=first, count=count)
    return totals


def _summed(months: Sequence[int], counted: Sequence[int], *, first: int, count: int) -> array[int]:
    by_month = [0] * count
    for month, offences_of in zip(months, counted, strict=True):
        by_month[month - first] = offences_of
    return array("q", accumulate(by_month, initial=0))


def _given(connection: duckdb.DuckDBPyConnection, path: Path, source: str) -> dict[Cell, int]:
    """Return the counts of periods that are not months, as a two-period table gives them."""
    found = connection.execute(
        f"""SELECT area, row_id, first_month, last_month, offences FROM read_parquet({only(path)})
        WHERE source = {literal(source)} AND first_month != last_month"""
    ).fetchall()
    return {
        (area, _decoded_key(text), Period(Month.at(first), Month.at(last))): offences
        for area, text, first, last, offences in found
    }
