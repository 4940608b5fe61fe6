"""The SQL of reading files, put together from headings and paths; every one of them goes through here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILE_COLUMN = "cdrp_xl_file"
"""The column beside a file's own, which holds its path."""

_LONGEST_LINE = 8 << 20


def csv_relation(paths: Sequence[Path | str], headings: Sequence[str], delimiter: str = ",") -> str:
    """Return the SQL that gives the rows of CSV files with the same headings, every column as text."""
    columns = ", ".join(f"{literal(heading)}: 'VARCHAR'" for heading in headings)
    files = ", ".join(only(path) for path in paths)
    return (
        f"read_csv([{files}], auto_detect=false, header=true, delim={literal(delimiter)}, quote='\"', escape='\"', "
        f"max_line_size={_LONGEST_LINE}, hive_partitioning=false, filename={literal(FILE_COLUMN)}, "
        f"columns={{{columns}}})"
    )


def literal(value: Path | str) -> str:
    """Return a text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"


def only(path: Path | str) -> str:
    """Return a path as a DuckDB scan takes it: the characters of a pattern mean themselves."""
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path)))


def identifier(name: str) -> str:
    """Return a heading as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
