"""Apache Spark as the engine that counts: Parquet files or a table of its catalogue, here or on a cluster."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import threading
from typing import TYPE_CHECKING

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.types import DateType, StringType

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.sources import file_names
from cdrp_xl.sources.warehouse import dialects
from cdrp_xl.sources.warehouse.embedded import DATE, TEXT, check_types
from cdrp_xl.sources.warehouse.query import table as as_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pyspark.sql import DataFrame

    from cdrp_xl.sources.warehouse import WarehouseColumns, WarehouseSettings

_VIEW = "cdrp_xl_rows"
_LONGEST_MESSAGE = 200
_LOCAL_MODE_SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",  # nobody else's business
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
}
_AS_WRITTEN = {
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.session.timeZone": "UTC",
}


class Spark:
    """A session of Spark, in which rows are read as they are written."""

    def __init__(self, session: SparkSession, settings: WarehouseSettings, paths: Sequence[str]) -> None:
        self._session = session
        self._settings = settings
        self._paths = paths
        self._is_late = threading.Event()
        self.name = f"{settings.table or ', '.join(settings.files)}, {settings.spark}"

    @property
    def relation(self) -> str:
        """The rows as the query names them."""
        return as_table(self._settings.table or _VIEW)

    def check(self, columns: WarehouseColumns) -> None:
        """Refuse a table or files in which a column is missing, or has the wrong type."""
        with self._reported():
            if self._settings.table:
                sources = {self.name: self._session.table(dialects.name(self.relation, "spark"))}
            else:
                sources = {path: self._session.read.parquet(path) for path in self._paths}
                self._session.read.parquet(*self._paths).createOrReplaceTempView(_VIEW)
            found = {where: _types(frame) for where, frame in sources.items()}
        for where, types in found.items():
            check_types(columns, types, where=where, date=(DATE,), text=(TEXT,))

    def rows(self, sql: str) -> Iterator[Sequence[object]]:
        """Yield the answer to a query; one that takes longer than the settings allow is ended."""
        written = dialects.write(sql, "spark")
        limit = threading.Timer(self._settings.timeout_seconds, self._end)
        limit.start()
        try:
            with self._reported():
                yield from self._session.sql(written).toLocalIterator(prefetchPartitions=True)
        finally:
            limit.cancel()

    def copy(self, sql: str, file: Path) -> bool:  # noqa: ARG002 - as a server's
        """Return False: Spark would write on the cluster's computers, and not here."""
        return False

    def _end(self) -> None:
        self._is_late.set()
        self._session.sparkContext.cancelAllJobs()

    @contextlib.contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except (PySparkException, Py4JError) as refused:
            remedy = "Check that the table or files, and the columns in [warehouse.columns], are as Spark has them."
            if self._is_late.is_set():
                remedy = f"Raise timeout_seconds (now {self._settings.timeout_seconds}), or take a larger cluster."
            what = f"Spark refuses: {_first_line(refused)}."
            raise CannotBeComputedError(what, where=self.name, remedy=remedy) from None


@contextlib.contextmanager
def connected(settings: WarehouseSettings, folder: Path) -> Iterator[Spark]:
    """Yield Spark over a table or files, on the master that the settings name; it is stopped unless it ran before.

    Parameters
    ----------
    settings
        The master, and the table or files.
    folder
        The folder from which paths are taken.

    Raises
    ------
    CdrpError
        If a file is missing, Java is not installed, or the master can't be reached.
    """
    paths = [path for name in settings.files for path in _paths(name, folder)]
    ran_before = SparkSession.getActiveSession() is not None
    session = _started(settings)
    try:
        own = session.newSession()
        for name, value in _AS_WRITTEN.items():
            own.conf.set(name, value)
        yield Spark(own, settings, paths)
    finally:
        if not ran_before:
            session.stop()


def _started(settings: WarehouseSettings) -> SparkSession:
    builder = SparkSession.builder.master(settings.spark).appName("cdrp-xl")
    given = {"spark.ui.showConsoleProgress": "false"}
    given |= _LOCAL_MODE_SETTINGS if settings.spark.startswith("local") else {}
    for name, value in given.items():
        builder = builder.config(name, value)
    try:
        with _unheard():
            return builder.getOrCreate()
    except (PySparkException, Py4JError, OSError) as refused:
        raise CannotBeComputedError(
            f"Spark does not start: {_first_line(refused)}.",
            where=f"[warehouse], spark = {settings.spark!r}",
            remedy="Check that Java 17 or later is installed, and that the master's address is right and can be "
            "reached.",
        ) from None


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """Let Java say nothing meanwhile, nor later: its log would be among our own lines, which say what went wrong."""
    sys.stderr.flush()
    before = os.dup(2)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - no file of ours
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def _paths(name: str, folder: Path) -> list[str]:
    """Return the files of a name as Spark takes them: an address of other storage as it is, here no pattern."""
    if "://" in name:
        return [name]
    return [
        "file://" + re.sub(r"([\\{}\[\]*?])", r"\\\1", str(path.resolve()))
        for path in file_names.found(folder, (name,))
    ]


def _types(frame: DataFrame) -> dict[str, str]:
    """Return the type of each column: a DATE, a text, or its own name."""
    return {field.name: _kind(field.dataType) for field in frame.schema.fields}


def _kind(kind: object) -> str:
    if isinstance(kind, DateType):
        return DATE
    return TEXT if isinstance(kind, StringType) else str(kind)


def _first_line(refused: Exception) -> str:
    """Return the first line of what Spark or Java says, which has no credentials: it is given none."""
    lines = [line.strip() for line in str(refused).splitlines() if line.strip()]
    java = [line for line in lines if "Exception: " in line]
    said = java[0].partition("Exception: ")[2] if java else lines[0] if lines else "it does not say why"
    return said.rstrip(".:")[:_LONGEST_MESSAGE]
