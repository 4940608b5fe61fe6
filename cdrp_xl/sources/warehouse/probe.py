"""A few rows whose count is known: an engine that merges, loses or moves any of them is not believed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Protocol

from cdrp_xl.errors import CannotBeComputedError, quoted
from cdrp_xl.sources.sql import identifier, literal
from cdrp_xl.sources.warehouse import query
from cdrp_xl.sources.warehouse.query import Counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cdrp_xl.sources.warehouse import WarehouseColumns

Row = tuple[str | None, str | None, dt.date | None]

_NEW_YEAR = dt.date(2025, 1, 1)
ROWS: tuple[Row, ...] = (
    ("South Cambridgeshire", "28E", dt.date(2024, 12, 31)),
    ("South Cambridgeshire", "28E", dt.date(2024, 12, 31)),
    ("South Cambridgeshire", "28E", _NEW_YEAR),
    ("south cambridgeshire", "28E", _NEW_YEAR),
    ("SOUTH CAMBRIDGESHIRE", "28e", _NEW_YEAR),
    ("Ynys M\u00f4n", "49", dt.date(2025, 3, 30)),  # clocks go forward in the night
    ("Ynys Mon", "49", dt.date(2025, 3, 31)),
    ("Ynys Mo\u0302n", "49", dt.date(2025, 10, 26)),  # clocks go back
    ("Cambridge", "46", dt.date(2024, 2, 29)),
    ("Cambridge  ", "46", dt.date(2024, 2, 29)),
    ("  Cambridge", "46", dt.date(2024, 2, 29)),
    ("Stra\u00dfe", "19C", dt.date(2024, 6, 30)),
    ("Strasse", "19C", dt.date(2024, 6, 30)),
    ("I\u0307", "1", dt.date(2024, 7, 1)),
    ("\u0131", "1", dt.date(2024, 7, 1)),
    ("", "46", _NEW_YEAR),
    (None, "46", _NEW_YEAR),
    ("Cambridge", None, _NEW_YEAR),
    ("Cambridge", "46", None),
    ("King's Lynn & \u2018West\u2019 Norfolk", "46", dt.date(1955, 6, 1)),
)
"""Letters' case, accents in two forms, blanks around words, nothing and nulls, the year's end, and daylight saving."""


class Engine(Protocol):
    """What counts: its name for messages, and the query's answer."""

    name: str

    def rows(self, sql: str) -> Iterable[Sequence[object]]:
        """Return the answer to a query, which is written in DuckDB's form."""


def check(engine: Engine, columns: WarehouseColumns) -> None:
    """Refuse an engine that does not count the probe's rows as they are.

    Raises
    ------
    CannotBeComputedError
        If a row was merged with another, lost, or counted in another month; the first difference is named.
    """
    sql = query.counting(columns, f"({relation(columns)}) AS probe")
    found = alike(query.read(columns, row)[1] for row in engine.rows(sql))
    wanted = alike(_known(columns))
    if wrong := sorted(found.keys() | wanted.keys(), key=repr):
        differing = [key for key in wrong if found.get(key, 0) != wanted.get(key, 0)]
        if differing:
            raise _refused(engine, differing[0], found.get(differing[0], 0), wanted.get(differing[0], 0))


def relation(columns: WarehouseColumns) -> str:
    """Return the probe's rows as a query, with every type declared."""
    return " UNION ALL ".join(f"SELECT {', '.join(_values(columns, row))}" for row in ROWS)


def alike(counted: Iterable[Counted]) -> Mapping[tuple[object, ...], int]:
    """Return rows by what they are, with blanks around texts taken off and nothing for a null, as we read texts."""
    found = Counter[tuple[object, ...]]()
    for each in counted:
        texts = tuple((text or "").strip(" ") for text in each.texts)
        found[(*texts, each.year, each.month)] += each.rows
    return found


def _known(columns: WarehouseColumns) -> Iterable[Counted]:
    for area, offence, date in ROWS:
        words = offence if columns.offence_words else ""
        force = area if columns.force else ""
        year, month = (date.year, date.month) if date else (None, None)
        yield Counted((area, offence, words, force), year, month, 1, 0)


def _values(columns: WarehouseColumns, row: Row) -> list[str]:
    area, offence, date = row
    texts = {columns.area: area, columns.offence: offence}
    texts |= {columns.offence_words: offence} if columns.offence_words else {}
    texts |= {columns.force: area} if columns.force else {}
    texts |= {columns.reference: "1"} if columns.reference else {}
    as_text = [f"CAST({_literal(text)} AS VARCHAR) AS {identifier(name)}" for name, text in texts.items()]
    day = "NULL" if date is None else literal(date.isoformat())
    return [*as_text, f"CAST({day} AS DATE) AS {identifier(columns.date)}"]


def _literal(text: str | None) -> str:
    return "NULL" if text is None else literal(text)


def _refused(engine: Engine, key: tuple[object, ...], found: int, wanted: int) -> CannotBeComputedError:
    *texts, year, month = key
    what = ", ".join(quoted(str(text)) for text in texts if text) or "rows without words"
    when = f"{year}-{month:02d}" if isinstance(year, int) and isinstance(month, int) else "no date"
    return CannotBeComputedError(
        f"It counts {found} of the {wanted} rows of {what}, {when}, that it was given as a trial.",
        where=engine.name,
        remedy="It compares texts or dates in a way of its own, so its counts would be wrong. Ask for a table whose "
        "texts are compared exactly (a binary collation) and whose dates are of the type DATE.",
    )
