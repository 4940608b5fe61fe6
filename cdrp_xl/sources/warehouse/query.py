"""The one query that counts rows, written by hand so that every engine understands it; this is its form for DuckDB.

Columns have declared types, months come from EXTRACT, and every group is named: no engine's own idioms, no inference.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl.sources.sql import identifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.sources.warehouse import WarehouseColumns

TEXTS = ("area", "offence", "offence_words", "force")
"""What rows are grouped by beside their month, in this order."""

COUNTS = "cdrp_xl_counts"
"""The table that counts are put into, whichever engine gave them."""

_PART = re.compile(r'"((?:[^"]|"")+)"|([^."]+)')


class Counted(NamedTuple):
    """Rows that are alike: None where a value is missing, empty where no column is named. Unit of `rows`: rows."""

    texts: tuple[str | None, ...]
    year: int | None
    month: int | None
    rows: int
    without_reference: int


def counting(columns: WarehouseColumns, relation: str, *, by: Sequence[str] = ()) -> str:
    """Return the query that counts the rows of a relation.

    Parameters
    ----------
    columns
        The relation's own columns.
    relation
        The table, or a query in brackets with its name.
    by
        Further columns of text to group by, before the others.
    """
    groups = [(identifier(name), f"by_{number}") for number, name in enumerate(by)]
    groups += [(identifier(getattr(columns, use)), use) for use in TEXTS if getattr(columns, use)]
    date = identifier(columns.date)
    groups += [(f"EXTRACT({part} FROM {date})", part.lower()) for part in ("YEAR", "MONTH")]
    selected = [f"{group} AS {counted(name)}" for group, name in groups]
    selected.append(f"COUNT(*) AS {counted('rows')}")
    missing = f"CASE WHEN {identifier(columns.reference)} IS NULL THEN 1 ELSE 0 END" if columns.reference else "0"
    selected.append(f"SUM({missing}) AS {counted('without_reference')}")
    return f"SELECT {', '.join(selected)} FROM {relation} GROUP BY {', '.join(group for group, _ in groups)}"


def counted(name: str) -> str:
    """Return what the query calls one of its columns; no column of the relation's own is meant by it."""
    return f"counted_{name}"


def table(name: str) -> str:
    """Return a table's name, with its schema if it has one, as the query writes it: ``crime.recorded``."""
    return ".".join(identifier(part.replace('""', '"') or bare) for part, bare in _PART.findall(name))


def read(columns: WarehouseColumns, row: Sequence[object], *, by: int = 0) -> tuple[tuple[object, ...], Counted]:
    """Return a row of the query's answer: what was grouped by first, and the counts."""
    first, rest = tuple(row[:by]), list(row[by:])
    texts = tuple(_text(rest.pop(0)) if getattr(columns, use) else "" for use in TEXTS)
    year, month, rows, without = (None if value is None else int(str(value)) for value in rest)
    return first, Counted(texts, year, month, rows or 0, without or 0)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
