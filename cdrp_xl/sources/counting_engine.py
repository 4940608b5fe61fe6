"""The one DuckDB of a process, which counts rows and keeps counts: to start another takes longer than to use it."""

from __future__ import annotations

import atexit
import contextlib
import functools
from typing import TYPE_CHECKING

from cdrp_xl import temporary

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb


@contextlib.contextmanager
def connected() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection to this process's DuckDB; what is made in it is gone at the end."""
    with _engine().cursor() as connection:
        connection.execute("SET enable_progress_bar = false")  # it would be drawn into what is printed for programs
        connection.execute("SET TimeZone = 'UTC'")  # the machine's own says nothing of the data
        yield connection


def give_up() -> None:
    """Leave this DuckDB, which may answer nothing more after an internal error; the next connection starts another."""
    _engine.cache_clear()


def end() -> None:
    """Close it, and with it its threads: a process that is forked with them leaves its child waiting for ever."""
    if _engine.cache_info().currsize:
        _engine().close()
        _engine.cache_clear()


@functools.cache
def _engine() -> duckdb.DuckDBPyConnection:
    """Return DuckDB in memory; it fetches nothing from outside."""
    import duckdb

    aside = temporary.make("engine")
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(aside.path),
    }
    atexit.register(aside.remove)
    return duckdb.connect(":memory:", config=settings)
