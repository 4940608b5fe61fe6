"""Counting in a warehouse: the engine is tried, asked once, and its counts are put into a file."""

from __future__ import annotations

import contextlib
import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl import beside
from cdrp_xl.errors import CannotBeComputedError, FileError
from cdrp_xl.sources import file_names, files
from cdrp_xl.sources.warehouse import probe, query
from cdrp_xl.sources.warehouse.embedded import Embedded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cdrp_xl.sources.warehouse import WarehouseSettings
    from cdrp_xl.sources.warehouse.query import Counted
    from cdrp_xl.sources.warehouse.server import Server

HEADINGS = ("Area", "Offence", "Offence in words", "Force", "Month", "Offences")
"""The headings of the file of counts, which the template's ``[sources.published]`` names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The file of counts that was written, and of how many rows it is. Unit: rows."""

    file: Path
    rows: int
    without_reference: int


def count(settings: WarehouseSettings, folder: Path) -> Kept:
    """Count the rows of a warehouse and put the counts into their file; the same counts leave it as it is.

    Parameters
    ----------
    settings
        Where the rows are.
    folder
        The folder from which the settings' paths are taken.

    Raises
    ------
    CdrpError
        If the engine can't be reached, refuses, counts the probe wrongly, or has a column of another type; or if there
        is no row.
    """
    with _engine(settings, folder) as engine:
        engine.check(settings.columns)
        probe.check(engine, settings.columns)
        answer = engine.rows(query.counting(settings.columns, engine.relation))
        counted = [query.read(settings.columns, row)[1] for row in answer]
        name = engine.name
    if not counted:
        raise CannotBeComputedError(
            "There is no row to count.", where=name, remedy="See that the table is the right one."
        )
    file = folder / settings.counts
    content = as_csv(counted)
    if not (file.is_file() and file.read_bytes() == content):
        beside.replace(file, content)
    return Kept(
        file=file,
        rows=sum(each.rows for each in counted),
        without_reference=sum(each.without_reference for each in counted),
    )


def as_csv(counted: Iterable[Counted]) -> bytes:
    """Return counts as the file has them: sorted here, since engines sort in ways of their own."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows(sorted((*(text or "" for text in each.texts), _month(each), each.rows) for each in counted))
    return out.getvalue().encode()


def _month(counted: Counted) -> str:
    return "" if counted.year is None or counted.month is None else f"{counted.year:04d}-{counted.month:02d}"


@contextlib.contextmanager
def _engine(settings: WarehouseSettings, folder: Path) -> Iterator[Embedded | Server]:
    if settings.files:
        with files.connected() as connection:
            yield Embedded(connection, file_names.found(folder, settings.files))
        return
    try:
        from cdrp_xl.sources.warehouse import server
    except ModuleNotFoundError as missing:
        raise FileError(
            f"{missing.name} is not installed, which a database is asked through.",
            where=settings.database,
            remedy='Install it: pip install "cdrp-xl[warehouse]".',
        ) from missing
    with server.connected(settings) as engine:
        yield engine
