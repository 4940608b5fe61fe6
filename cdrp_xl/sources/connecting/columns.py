"""What the columns of an extract hold: how many different values, the commonest of them, and how many are dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.folding import fold, spaced_sql
from cdrp_xl.sources.heading_rows import UNNAMED
from cdrp_xl.sources.recorded_crime import date_forms
from cdrp_xl.sources.recorded_crime.date_forms import DateForms
from cdrp_xl.sources.sql import identifier, literal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cdrp_xl.sources.files import RowFiles

VALUES_KEPT = 3_000
"""So many different values of a column are looked at, the commonest first."""

_EARLIEST = dt.date(1995, 1, 1)
"""A number of five figures that would be a day before is a code ("02803"), not a day as Excel counts them."""

_NEARLY_ALL = 0.9
_OFFENCES_TO_ONE = 3
"""One reference may be of several offences, but not of as many as this on average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What one column holds.

    Attributes
    ----------
    heading
        Its heading, with single spaces.
    rows, filled, different
        All rows, those with a value, and the different values. Unit: rows; values.
    values
        The commonest values, and in how many rows each is.
    dates
        Rows among those of `values` that hold a date.
    """

    heading: str
    rows: int
    filled: int
    different: int
    values: Mapping[str, int]
    dates: int

    @property
    def are_dates(self) -> bool:
        """Whether nearly every value is a date."""
        return bool(self.values) and self.dates >= _NEARLY_ALL * sum(self.values.values())

    @property
    def are_references(self) -> bool:
        """Whether nearly every row has a value, and few share one."""
        has_figures = any(letter.isdigit() for value in self.values for letter in value)
        is_distinct = self.filled >= _NEARLY_ALL * self.rows and _OFFENCES_TO_ONE * self.different > self.filled
        return is_distinct and has_figures and not self.are_dates

    def holding(self, words: frozenset[str]) -> int:
        """Return the rows that have one of some words, compared as `fold` does."""
        return sum(rows for value, rows in self.values.items() if fold(value) in words)


def looked_at(rows: RowFiles, *, latest: dt.date, among: Collection[str] | None = None) -> dict[str, Column]:
    """Return what each column of the opened files holds, or each of some, by heading, in their order."""
    named = [heading for heading in rows.files[0].headings if not heading.startswith(UNNAMED)]
    shared = [heading for heading in named if among is None or heading in among]
    return {heading: _column(rows, heading, latest=latest) for heading in shared}


def _column(rows: RowFiles, heading: str, *, latest: dt.date) -> Column:
    texts = f"(SELECT coalesce({spaced_sql(identifier(heading))}, '') AS t FROM ({rows.relation()}))"
    ((total, filled, different),) = rows.fetch(
        f"SELECT count(*), count(*) FILTER (t != ''), count(DISTINCT t) FILTER (t != '') FROM {texts}"
    )
    day = DateForms().sql("t")
    within = f"BETWEEN DATE {literal(_EARLIEST.isoformat())} AND {date_forms.day_sql(latest)}"
    is_date = f"coalesce({day} {within}, false) OR {date_forms.is_short('t')} OR {date_forms.is_month_first('t')}"
    kept = f"(SELECT t, count(*) AS n FROM {texts} WHERE t != '' GROUP BY t ORDER BY n DESC, t LIMIT {VALUES_KEPT})"
    found = rows.fetch(f"SELECT t, n, {is_date} FROM {kept} ORDER BY n DESC, t")
    return Column(
        heading=heading,
        rows=total,
        filled=filled,
        different=different,
        values={text: number for text, number, _ in found},
        dates=sum(number for _, number, is_one in found if is_one),
    )
