"""A warehouse that holds the rows already: it counts them itself, with one portable query, and only counts travel.

DuckDB counts Parquet files where no server is named. An engine is believed after it has counted a few rows whose answer
is known. `query` has the query, `dialects` writes it for other engines, `probe` has the rows, `embedded`, `server` and
`spark` ask, and `counting` writes the counts into a file that `[sources.published]` reads.
"""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from msgspec import Meta

from cdrp_xl.toml_tables import Table, Text

_SECRETS = re.compile(r"pass|pwd|token|secret|credential|user|uid|key", re.IGNORECASE)
_NO_CREDENTIALS = (
    "the database is named with a user, password or key, and settings are read by many: leave it out, and set "
    "CDRP_XL_WAREHOUSE_USER and CDRP_XL_WAREHOUSE_PASSWORD, or use the files of the database's own driver"
)


class WarehouseColumns(Table, frozen=True, kw_only=True):
    """``[warehouse.columns]``: the table's own columns. `date` has to be of the type DATE, the others text."""

    area: Text
    offence: Text
    date: Text
    offence_words: str = ""
    force: str = ""
    reference: str = ""


class WarehouseSettings(Table, frozen=True, kw_only=True):
    """``[warehouse]``: where the rows are, and the file that their counts are written into.

    Either `files` are Parquet files, which DuckDB counts here; or `database` is the address of a server, without
    credentials, and `table` its table or view. `spark` is the master of Apache Spark, which counts `files` or a
    `table` of its catalogue.
    """

    counts: Text
    columns: WarehouseColumns
    files: tuple[Text, ...] = ()
    database: str = ""
    table: str = ""
    spark: str = ""
    timeout_seconds: Annotated[int, Meta(ge=1, le=86_400)] = 600

    def __post_init__(self) -> None:
        for address in (self.spark, *self.files):
            if "://" in address:
                _check_address(address)
        if self.spark:
            if self.database or bool(self.files) == bool(self.table):
                raise ValueError("Spark counts either files or a table, and no database")
            return
        if bool(self.files) == bool(self.database):
            raise ValueError("name either files, or a database and its table")
        if bool(self.table) != bool(self.database):
            raise ValueError("a database needs the table, and files need none")
        if self.database:
            _check_address(self.database)


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    if not re.fullmatch(r"[A-Za-z][\w+]*", parts.scheme):
        raise ValueError('database must be an address such as "postgresql://server.example.org/crime"')
    if "@" in parts.netloc or any(_SECRETS.search(name) for name, _ in parse_qsl(parts.query, keep_blank_values=True)):
        raise ValueError(_NO_CREDENTIALS)
