"""DuckDB as the engine that counts: Parquet files, in one scan, with the types that the files declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.errors import ValueFoundError, name_some, place, quoted
from cdrp_xl.sources.sql import only
from cdrp_xl.sources.warehouse.query import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import duckdb

    from cdrp_xl.sources.warehouse import WarehouseColumns

DATE, TEXT = "DATE", "VARCHAR"


class Embedded:
    """The DuckDB of this process, over Parquet files."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> None:
        self._connection = connection
        self.paths = paths
        self.name = name_some([path.name for path in paths])

    @property
    def relation(self) -> str:
        """The SQL of the files' rows."""
        return f"read_parquet([{', '.join(map(only, self.paths))}], hive_partitioning=false)"

    def check(self, columns: WarehouseColumns) -> None:
        """Refuse files in which a column is missing, or has the wrong type; all are named at once.

        Raises
        ------
        FileError
            If a file is not Parquet, or is damaged.
        ValueFoundError
            If a column is not as it has to be.
        """
        for path in self.paths:
            with damage.reported(path):
                scan = f"read_parquet([{only(path)}], hive_partitioning=false)"
                found = {name: kind for name, kind, *_ in self._connection.execute(f"DESCRIBE FROM {scan}").fetchall()}
            check_types(columns, found, where=path.name, date=(DATE,), text=(TEXT,))

    def rows(self, sql: str) -> Iterable[Sequence[object]]:
        """Return the answer to a query; see `do`."""
        self.do(sql)
        found: list[tuple[object, ...]] = self._connection.fetchall()
        return found

    def do(self, sql: str) -> None:
        """Run a statement.

        Raises
        ------
        FileError
            If a file is damaged.
        """
        with damage.reported(self.paths[0]):
            self._connection.execute(sql)


def check_types(
    columns: WarehouseColumns, found: dict[str, str], *, where: str, date: Sequence[str], text: Sequence[str]
) -> None:
    """Refuse columns that are missing or not of the type that they have to be.

    Parameters
    ----------
    columns
        The columns that the settings name.
    found
        The type of every column that is there, by its name.
    where
        The table or file.
    date, text
        The types that are dates, and those that are texts.

    Raises
    ------
    ValueFoundError
        If any is; nothing is inferred from what a column holds.
    """
    asked = {columns.date: ("DATE", date)}
    asked |= {name: ("text", text) for use in (*TEXTS, "reference") if (name := getattr(columns, use))}
    missing = [quoted(name) for name in asked if name not in found]
    if missing:
        there = name_some([quoted(name) for name in found], named=12)
        raise ValueFoundError(
            f"There is no column {name_some(missing)}.",
            where=place(where),
            remedy=f"The columns are {there}: write the right one in [warehouse.columns], spelt as there, capitals "
            "included.",
        )
    wrong = [
        f"{quoted(name)} is {found[name]}, not {wanted}"
        for name, (wanted, types) in asked.items()
        if name != columns.reference and found[name] not in types
    ]
    if wrong:
        raise ValueFoundError(
            f"{name_some(wrong)}.",
            where=place(where),
            remedy="Types are taken as they are declared. Ask for a view that gives the date as a DATE, and the others "
            "as text.",
        )
