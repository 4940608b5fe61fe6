"""Counting in a warehouse: the engine is tried, asked once, and its counts are put into a file.

The counts of every engine go through DuckDB into the file, sorted there: engines sort texts in ways of their own.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl import beside
from cdrp_xl.errors import CannotBeComputedError, FileError, name_some
from cdrp_xl.sources import counting_engine, file_names, files
from cdrp_xl.sources.sql import identifier, literal, only
from cdrp_xl.sources.warehouse import probe, query
from cdrp_xl.sources.warehouse.embedded import Embedded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb

    from cdrp_xl.sources.known_files import KnownFiles
    from cdrp_xl.sources.warehouse import WarehouseSettings
    from cdrp_xl.sources.warehouse.query import Counted
    from cdrp_xl.sources.warehouse.server import Server
    from cdrp_xl.sources.warehouse.spark import Spark

HEADINGS = ("Area", "Offence", "Offence in words", "Force", "Month", "Offences")
"""The headings of the file of counts, which the template's ``[sources.published]`` names."""

_NUMBERS = ("year", "month", "rows", "without_reference")
_COLUMNS = {**dict.fromkeys(query.TEXTS, "VARCHAR"), **dict.fromkeys(_NUMBERS, "BIGINT")}
_SUMS = ("rows", "without_reference")
_KEPT = "warehouse-*.parquet"
_ROWS_AT_A_TIME = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The file of counts that was written, and of how many rows it is. Unit: rows."""

    file: Path
    rows: int
    without_reference: int


def count(settings: WarehouseSettings, folder: Path, known: KnownFiles | None = None) -> Kept:
    """Count the rows of a warehouse and put the counts into their file; the same counts leave it as it is.

    Parameters
    ----------
    settings
        Where the rows are.
    folder
        The folder from which the settings' paths are taken.
    known
        Where the counts of each Parquet file are kept: one that did not change is not read again. None reads all.

    Raises
    ------
    CdrpError
        If the engine can't be reached, refuses, counts the probe wrongly, or has a column of another type; or if there
        is no row.
    """
    with counting_engine.connected() as connection:
        if settings.spark:
            _ask_spark(settings, folder, connection)
        elif settings.files:
            _scan_files(settings, folder, connection, known)
        else:
            _ask_server(settings, connection)
        return write(
            connection, folder / settings.counts, name=settings.database or settings.table or name_some(settings.files)
        )


def make(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table that counts are put into."""
    declared = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {query.COUNTS} ({declared})")


def add(connection: duckdb.DuckDBPyConnection, counted: Iterable[Counted]) -> None:
    """Put counts into their table, some at a time."""
    rows = iter(counted)
    unnested = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in _COLUMNS.values())
    while some := list(itertools.islice(rows, _ROWS_AT_A_TIME)):
        every = [(*each.texts, each.year, each.month, each.rows, each.without_reference) for each in some]
        columns = [list(column) for column in zip(*every, strict=True)]
        connection.execute(f"INSERT INTO {query.COUNTS} SELECT {unnested}", columns)


def write(connection: duckdb.DuckDBPyConnection, file: Path, *, name: str) -> Kept:
    """Write the table of counts into a file, unless that has the same already; nulls are empty there.

    Parameters
    ----------
    connection
        The connection that has the table.
    file
        The file.
    name
        The engine's, for a message.

    Raises
    ------
    CannotBeComputedError
        If there is no count.
    """
    sums = f"SELECT coalesce(sum(rows), 0), coalesce(sum(without_reference), 0) FROM {query.COUNTS}"
    ((rows, without_reference),) = connection.execute(sums).fetchall()
    if not rows:
        remedy = "Check that the table is the right one."
        raise CannotBeComputedError("There is no row to count.", where=name, remedy=remedy)
    texts = [f"coalesce({use}, '')" for use in query.TEXTS]
    month = "CASE WHEN year IS NULL OR month IS NULL THEN '' ELSE printf('%04d-%02d', year, month) END"
    named = zip((*texts, month, "rows"), HEADINGS, strict=True)
    selected = ", ".join(f"{sql} AS {identifier(heading)}" for sql, heading in named)
    with files.put_aside() as scratch:
        aside = scratch / "counts.csv"
        connection.execute(
            f"COPY (SELECT {selected} FROM {query.COUNTS} ORDER BY ALL) TO {literal(aside)} (FORMAT csv, HEADER)"
        )
        content = aside.read_bytes()
    if not (file.is_file() and file.read_bytes() == content):
        beside.replace(file, content)
    return Kept(file=file, rows=int(rows), without_reference=int(without_reference))


def _scan_files(
    settings: WarehouseSettings, folder: Path, connection: duckdb.DuckDBPyConnection, known: KnownFiles | None
) -> None:
    engine = Embedded(connection, file_names.found(folder, settings.files))
    engine.check(settings.columns)
    probe.check(engine, settings.columns)
    make(connection)
    names = ", ".join(_count_columns(settings))
    if known is None:
        engine.do(f"INSERT INTO {query.COUNTS} ({names}) {query.counting(settings.columns, engine.relation)}")
        return
    with files.put_aside() as scratch:
        counted = [_counts_of(path, settings, connection, known, scratch) for path in engine.paths]
        groups = ", ".join(map(query.counted, _count_columns(settings)[: -len(_SUMS)]))
        sums = ", ".join(f"CAST(sum({query.counted(name)}) AS BIGINT)" for name in _SUMS)
        scan = f"read_parquet([{', '.join(map(only, counted))}], hive_partitioning=false)"
        connection.execute(f"INSERT INTO {query.COUNTS} ({names}) SELECT {groups}, {sums} FROM {scan} GROUP BY ALL")
    known.forget(counted, of=_KEPT)


def _counts_of(
    path: Path, settings: WarehouseSettings, connection: duckdb.DuckDBPyConnection, known: KnownFiles, scratch: Path
) -> Path:
    """Return the file that has the counts of one Parquet file: as they are kept, or counted now."""
    key = known.key(path, repr(settings.columns))
    kept = known.folder / _KEPT.replace("*", key)
    if kept.is_file():
        return kept
    aside = scratch / kept.name
    engine = Embedded(connection, [path])
    engine.do(f"COPY ({query.counting(settings.columns, engine.relation)}) TO {literal(aside)} (FORMAT parquet)")
    if known.key(path, repr(settings.columns)) != key:  # it changed while it was read
        return aside
    beside.replace(kept, aside.read_bytes())
    return kept


def _ask_server(settings: WarehouseSettings, connection: duckdb.DuckDBPyConnection) -> None:
    try:
        from cdrp_xl.sources.warehouse import server
    except ModuleNotFoundError as missing:
        raise FileError(
            f"{missing.name} is not installed; querying a database needs it.",
            where=settings.database,
            remedy='Install it: pip install "cdrp-xl[warehouse]".',
        ) from missing
    with server.connected(settings) as engine:
        _ask(engine, settings, connection)


def _ask_spark(settings: WarehouseSettings, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    try:
        from cdrp_xl.sources.warehouse import spark
    except ModuleNotFoundError as missing:
        raise FileError(
            f"{missing.name} is not installed; querying Spark needs it.",
            where=f"[warehouse], spark = {settings.spark!r}",
            remedy='Install it: pip install "cdrp-xl[spark]". It needs Java 17 or later.',
        ) from missing
    with spark.connected(settings, folder) as engine:
        _ask(engine, settings, connection)


def _ask(engine: Server | Spark, settings: WarehouseSettings, connection: duckdb.DuckDBPyConnection) -> None:
    """Put what an engine counts into the table of counts, after it was tried."""
    engine.check(settings.columns)
    probe.check(engine, settings.columns)
    make(connection)
    sql = query.counting(settings.columns, engine.relation)
    with files.put_aside() as scratch:
        if engine.copy(sql, scratch / "answer.csv"):
            _read_answer(settings, scratch / "answer.csv", connection)
        else:
            add(connection, (query.read(settings.columns, row)[1] for row in engine.rows(sql)))


def _read_answer(settings: WarehouseSettings, file: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Read an answer that a server wrote as CSV into the table of counts."""
    named = _count_columns(settings)
    columns = ", ".join(f"{literal(name)}: {literal(_COLUMNS[name])}" for name in named)
    scan = (
        f"read_csv({literal(file)}, auto_detect=false, header=false, delim=',', quote='\"', escape='\"', "
        f"nullstr='', columns={{{columns}}})"
    )
    connection.execute(f"INSERT INTO {query.COUNTS} ({', '.join(named)}) SELECT * FROM {scan}")


def _count_columns(settings: WarehouseSettings) -> tuple[str, ...]:
    """Return the columns of counts that the query gives, in its order."""
    return (*(use for use in query.TEXTS if getattr(settings.columns, use)), *_NUMBERS)
