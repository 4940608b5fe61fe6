"""A database server as the engine that counts, through SQLAlchemy: it reads alone, for a limited time."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import exc
from sqlalchemy.types import Date, DateTime, String

from cdrp_xl.errors import CannotBeComputedError, CdrpError, FileError, ValueFoundError, quoted
from cdrp_xl.sources.warehouse import dialects
from cdrp_xl.sources.warehouse.embedded import DATE, TEXT, check_types
from cdrp_xl.sources.warehouse.query import table as as_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.engine import URL, Connection

    from cdrp_xl.sources.warehouse import WarehouseColumns, WarehouseSettings

USER, PASSWORD = "CDRP_XL_WAREHOUSE_USER", "CDRP_XL_WAREHOUSE_PASSWORD"

_DRIVERS = {"postgresql": "postgresql+psycopg"}
_ROWS_AT_A_TIME = 10_000
_LONGEST_MESSAGE = 200
_CONNECTION = ("08", "28", "3D")
"""How the states of a connection that is lost, of a user who is not known, and of a missing database begin."""

_NO_TABLE, _NO_COLUMN, _NO_RIGHT, _CANCELLED = "42P01", "42703", "42501", "57014"


class Server:
    """A server's table, in one transaction that can only read."""

    def __init__(self, connection: Connection, settings: WarehouseSettings, dialect: dialects.Dialect) -> None:
        self._connection = connection
        self._settings = settings
        self._dialect = dialect
        self.name = _where(settings)

    @property
    def relation(self) -> str:
        """The table's name as the query writes it."""
        return as_table(self._settings.table)

    def check(self, columns: WarehouseColumns) -> None:
        """Refuse a table that is missing, or whose columns are not as they have to be."""
        schema, _, name = self._settings.table.rpartition(".")
        with _reported(self._settings):
            try:
                found = sqlalchemy.inspect(self._connection).get_columns(name, schema=schema or None)
            except exc.NoSuchTableError:
                raise _no_table(self._settings) from None
        types = {column["name"]: _kind(column["type"]) for column in found}
        check_types(columns, types, where=self.name, date=(DATE,), text=(TEXT,))

    def rows(self, sql: str) -> Iterator[Sequence[object]]:
        """Yield the answer to a query, some rows at a time."""
        written = dialects.write(sql, self._dialect)
        with _reported(self._settings):
            plain = self._connection.execution_options(no_parameters=True)  # a per cent sign is one
            found = plain.exec_driver_sql(written)
            while some := found.cursor.fetchmany(_ROWS_AT_A_TIME):  # plain tuples, which cost least
                yield from some

    def copy(self, sql: str, file: Path) -> bool:
        """Write the answer to a query into a CSV file, and return True, where the engine does that by itself."""
        if self._dialect != "postgres":
            return False
        written = dialects.write(sql, self._dialect)
        driver: Any = self._connection.connection.driver_connection
        with _reported(self._settings), file.open("wb") as out, driver.cursor() as cursor:
            try:
                with cursor.copy(f"COPY ({written}) TO STDOUT (FORMAT csv)") as answer:
                    out.writelines(answer)
            except self._connection.dialect.loaded_dbapi.Error as refused:
                raise _refused(self._settings, refused) from None
        return True


@contextlib.contextmanager
def connected(settings: WarehouseSettings, *, environment: Mapping[str, str] = os.environ) -> Iterator[Server]:
    """Yield a server's table, in a transaction that reads alone and ends after the time that the settings allow.

    Parameters
    ----------
    settings
        Where the server is, without credentials.
    environment
        Has the user and the password; without them the database's own driver looks for its own files.

    Raises
    ------
    CdrpError
        If there is no such engine, its driver is missing, or it refuses the connection.
    """
    url = _address(settings, environment)
    dialect = dialects.DIALECT_BY_ADDRESS[url.get_backend_name()]
    with contextlib.ExitStack() as stack:
        with _reported(settings):
            engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool, **_options(dialect, settings))
            connection = stack.enter_context(engine.connect())
            if dialect == "postgres":
                connection = connection.execution_options(postgresql_readonly=True)
            stack.enter_context(connection.begin())
        yield Server(connection, settings, dialect)


def _options(dialect: dialects.Dialect, settings: WarehouseSettings) -> dict[str, Any]:
    """Return how a connection is opened; what other engines take is left to their drivers' own settings."""
    if dialect != "postgres":
        return {}
    limits = f"-c default_transaction_read_only=on -c statement_timeout={settings.timeout_seconds * 1000}"
    limits += " -c client_encoding=UTF8"
    return {"connect_args": {"options": limits, "connect_timeout": min(settings.timeout_seconds, 30)}}


def _address(settings: WarehouseSettings, environment: Mapping[str, str]) -> URL:
    """Return the address with the credentials, which are nowhere else."""
    try:
        url = sqlalchemy.make_url(settings.database)
    except exc.ArgumentError:
        raise _unusable(settings, f"{quoted(settings.database)} is not an address of a database") from None
    if url.get_backend_name() not in dialects.DIALECT_BY_ADDRESS:
        known = ", ".join(sorted(dialects.DIALECT_BY_ADDRESS))
        raise _unusable(settings, f'"{url.get_backend_name()}" is not a known engine; the choices are {known}')
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    user, password = environment.get(USER), environment.get(PASSWORD)
    if user and not password:
        password = _from_keyring(settings, user)
    return url.set(username=user, password=password)


def _from_keyring(settings: WarehouseSettings, user: str) -> str | None:
    """Return a password that the system's keyring holds, where that can be asked."""
    try:
        import keyring
    except ImportError:
        return None
    found: str | None = keyring.get_password(settings.database, user)
    return found


@contextlib.contextmanager
def _reported(settings: WarehouseSettings) -> Iterator[None]:
    """Report what a server or its driver refuses in three lines."""
    try:
        yield
    except CdrpError:
        raise
    except ModuleNotFoundError as missing:
        raise FileError(
            f"The driver {quoted(missing.name or 'of this database')} is not installed.",
            where=_where(settings),
            remedy="Install it: for PostgreSQL, pip install cdrp-xl[warehouse].",
        ) from None
    except exc.NoSuchModuleError:
        raise _unusable(settings, "SQLAlchemy has no dialect for this database; its package may be missing") from None
    except exc.SQLAlchemyError as refused:
        raise _refused(settings, refused) from None


def _refused(settings: WarehouseSettings, refused: Exception) -> CdrpError:
    own = getattr(refused, "orig", None) or refused
    state = getattr(own, "sqlstate", None)
    if state == _NO_TABLE:
        return _no_table(settings)
    if state == _CANCELLED:
        return CannotBeComputedError(
            f"The server ended the query: {_first_line(own)}.",
            where=_where(settings),
            remedy=f"Run it when the server is less busy, or raise timeout_seconds (now {settings.timeout_seconds}).",
        )
    remedies = {
        _NO_COLUMN: "Write the column in [warehouse.columns] as the table has it.",
        _NO_RIGHT: f"Ask for the right to read {settings.table}.",
        None: "Check that the server runs, that its address is right, and that this computer may reach it. The user "
        f"and password are taken from {USER} and {PASSWORD}, or from the driver's own files.",
    }
    is_connection = isinstance(refused, exc.OperationalError) and (state is None or state.startswith(_CONNECTION))
    remedy = remedies[None] if is_connection else remedies.get(state, "Ask whoever runs the database.")
    return CannotBeComputedError(f"The database refuses: {_first_line(own)}.", where=_where(settings), remedy=remedy)


def _first_line(own: object) -> str:
    """Return the first line of what a server said, which has no password in it."""
    lines = [line.strip() for line in str(own).splitlines() if line.strip()]
    said = (lines[0] if lines else "it does not say why").removeprefix("ERROR: ").rstrip(".")
    password = os.environ.get(PASSWORD)
    return (said.replace(password, "…") if password else said)[:_LONGEST_MESSAGE]


def _no_table(settings: WarehouseSettings) -> ValueFoundError:
    return ValueFoundError(
        f"There is no table or view {quoted(settings.table)}, or you may not see it.",
        where=settings.database,
        remedy='Write it in [warehouse] with its schema, as the database has it: table = "crime.recorded".',
    )


def _unusable(settings: WarehouseSettings, what: str) -> ValueFoundError:
    return ValueFoundError(f"{what}.", where=f"[warehouse], {settings.database}", remedy="See docs/national.md.")


def _where(settings: WarehouseSettings) -> str:
    return f"{settings.table}, {settings.database}"


def _kind(kind: object) -> str:
    """Return what a declared type is: a DATE, a text, or its own name."""
    if isinstance(kind, Date) and not isinstance(kind, DateTime):
        return DATE
    return TEXT if isinstance(kind, String) else str(kind)
