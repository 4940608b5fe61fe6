"""A quarter's figures as pandas DataFrames, for notebooks and for `xlwings.view`.

There are two ways in, for two readers. `load` gives the analyst a report with every count as it is, whatever the copy
hides: what is made of it is not for others. `published` gives the tables of the partners' copy, as that shows them.

Where a symbol may take the place of a figure, it is in a column beside it whose name ends in "_symbol", and the figure
is missing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import msgspec

from cdrp_xl import settings as settings_file
from cdrp_xl import sheets
from cdrp_xl.errors import FileError
from cdrp_xl.prose.catalogue import catalogue as catalogue_of
from cdrp_xl.report.returned import ReturnedTable
from cdrp_xl.sheets import Audience
from cdrp_xl.styles import NUMBERS, Style
from cdrp_xl.terms import SYMBOLS
from cdrp_xl.workbooks import publishing, refreshing

try:
    import pandas as pd
except ModuleNotFoundError as missing:
    raise FileError(
        "pandas is not installed, which makes data frames.",
        where="from cdrp_xl import frames",
        remedy='Install it: pip install "cdrp-xl[notebooks]".',
    ) from missing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.periods import Period
    from cdrp_xl.report import Report
    from cdrp_xl.sheets import Column, Table

__all__ = [
    "catalogue",
    "farm_crime",
    "group",
    "group_positions",
    "highlights",
    "load",
    "months",
    "published",
    "returns",
    "series",
]

_Kind = Literal["Int64", "Float64", "string", "boolean", "date"]

_SYMBOLS = frozenset(SYMBOLS)
_WHOLE_NUMBERS = frozenset({Style.COUNT, Style.CHANGE})
_SYMBOL = "_symbol"
_DTYPES = {"date": "datetime64[s]"}


def load(folder: Path, *, today: dt.date | None = None) -> Report:
    """Return the report of the quarter that was last refreshed, with every count as it is: for the analyst alone.

    Parameters
    ----------
    folder
        The partnership's folder.
    today
        The day on which this is done; None takes today's.

    Raises
    ------
    CdrpError
        If nothing was refreshed yet, a source or the settings moved since, or anything read is at fault.
    """
    return _built(folder, today, hides=False)


def published(folder: Path, *, today: dt.date | None = None) -> dict[str, pd.DataFrame]:
    """Return every table of the partners' copy, as a publish now would write it, by the table's name.

    Parameters
    ----------
    folder
        The partnership's folder.
    today
        The day on which this is done; None takes today's.

    Raises
    ------
    CdrpError
        As `load` has it, or as a publish is refused for the words that are in the copy.
    """
    built = publishing.with_checked_words(_built(folder, today, hides=True))
    return {
        table.name: _of_table(table)
        for sheet in sheets.lay_out(built, Audience.PARTNERS)
        for table in sheet.tables
        if not table.links  # the contents
    }


def _built(folder: Path, today: dt.date | None, *, hides: bool) -> Report:
    settings = settings_file.read(folder)
    quarter = publishing.last_refresh(settings, folder).period
    day = today or dt.datetime.now().astimezone().date()
    gathered = refreshing.read(settings, folder, today=day, progress=_unseen)
    if not hides:
        off = msgspec.structs.replace(settings.suppression, highlights="off", localities="off", farm="off")
        gathered = replace(gathered, settings=msgspec.structs.replace(settings, suppression=off))
    return refreshing.build(gathered, folder, quarter=quarter, today=day, progress=_unseen)


def _unseen(_: str) -> None:
    """Show no progress: a notebook has its own."""


def highlights(report: Report) -> pd.DataFrame:
    """Return every offence row in both periods. Units: offences; the apparent change is a fraction (0.1 is 10%)."""
    columns: dict[str, _Kind] = {"row_id": "string", "offence": "string"}
    columns |= {"earlier": "Int64", "later": "Int64", "change": "Int64", "apparent_change": "Float64"}
    rows = (
        (each.row.row_id, each.row.name, each.earlier, each.later, each.change, each.apparent_change)
        for each in report.comparison.rows
    )
    return _frame(columns, rows, symbols={"earlier", "later", "change", "apparent_change"})


def months(report: Report) -> pd.DataFrame:
    """Return the main offence rows month by month. Unit: offences; without the season where enough months are known."""
    columns: dict[str, _Kind] = {"row_id": "string", "offence": "string", "month": "date"}
    columns |= {"offences": "Int64", "without_season": "Float64"}
    found = report.trends
    rows = (
        (trend.row.row_id, trend.row.name, _day(month), trend.offences[at], (trend.without_season or {at: None})[at])
        for trend in (found.rows if found else ())
        for at, month in enumerate(found.months if found else ())
    )
    return _frame(columns, rows)


def series(report: Report) -> pd.DataFrame:
    """Return each priority month by month with its usual level and its limits. Unit: offences a month."""
    columns: dict[str, _Kind] = {"priority_id": "string", "priority": "string", "month": "date", "offences": "Int64"}
    columns |= {"usual": "Float64", "lower": "Float64", "upper": "Float64", "compared_with_usual": "string"}
    rows = (
        (
            result.priority_id,
            result.title,
            _day(each.month),
            each.offences,
            each.usual,
            each.lower,
            each.upper,
            each.signal,
        )
        for result in report.priorities
        for each in (result.series.points if result.series else ())
    )
    return _frame(columns, rows)


def group(report: Report) -> pd.DataFrame:
    """Return every member of each priority's most similar group. Units: offences; residents; offences per 1,000."""
    columns: dict[str, _Kind] = {"priority_id": "string", "priority": "string", "period": "string", "area": "string"}
    columns |= {"is_own": "boolean", "offences": "Int64", "residents": "Int64", "rate": "Float64", "position": "Int64"}
    columns |= dict.fromkeys(("lower_95", "upper_95", "lower_998", "upper_998"), "Float64")
    rows = (
        (
            *(result.priority_id, result.title, result.group.shown.name, each.area, each.is_own),
            *(each.offences, each.residents, each.rate, each.position, *each.limits, *each.wide_limits),
        )
        for result in report.priorities
        if result.group
        for each in result.group.members
    )
    return _frame(columns, rows)


def group_positions(report: Report) -> pd.DataFrame:
    """Return the partnership's position in each priority's group, period by period. Unit: offences per 1,000."""
    columns: dict[str, _Kind] = {"priority_id": "string", "priority": "string", "period": "string"}
    columns |= dict.fromkeys(("rate", "average", "lower", "upper"), "Float64")
    columns |= {"position": "string", "against_the_average": "string"}
    rows = (
        (
            *(result.priority_id, result.title, each.period.name, each.rate, each.average, each.lower, each.upper),
            *(each.position, each.standing.value if each.standing else None),
        )
        for result in report.priorities
        if result.group
        for each in result.group.periods
    )
    return _frame(columns, rows)


def farm_crime(report: Report) -> pd.DataFrame:
    """Return farm crime by group in each year and quarter, the total last. Units: offences; the share is a fraction.

    The share is that of all farm crime of the year; quarters have none.
    """
    columns: dict[str, _Kind] = {"by": "string", "period": "string", "group": "string"}
    columns |= {"offences": "Int64", "share": "Float64"}
    return _frame(columns, _farm_rows(report), symbols={"offences", "share"})


def _farm_rows(report: Report) -> Iterator[tuple[object, ...]]:
    crime = report.farm
    if crime is None:
        return
    for line in crime.lines:
        for year, offences, share in zip(crime.years, line.offences, line.shares, strict=True):
            yield "year", year.name, line.group, offences, share
    for each in crime.quarters:
        for name, offences in zip((*crime.groups, crime.lines[-1].group), (*each.by_group, each.offences), strict=True):
            yield "quarter", each.quarter.name, name, offences, None


def returns(report: Report) -> pd.DataFrame:
    """Return every figure and word that partners returned, a row each. Units are in the column "unit".

    What is not for partners, such as an answer that may show who a person is, says so in "is_for_partners".
    """
    columns: dict[str, _Kind] = dict.fromkeys(("return", "agency", "question", "row", "heading", "unit"), "string")
    columns |= {"value": "Float64", "date": "date", "words": "string", "is_for_partners": "boolean"}
    return _frame(columns, _returned_rows(report), symbols={"value"})


def _returned_rows(report: Report) -> Iterator[tuple[object, ...]]:
    for section in report.returned.sections if report.returned else ():
        for part in section.parts:
            begun, is_open = (section.title, section.agency, part.title), section.has_come and not part.aside
            if not isinstance(part, ReturnedTable):
                yield *begun, None, None, "words", None, None, part.text, is_open
                continue
            for row in part.rows:
                for column, value in zip(part.columns[1:], row[1:], strict=True):
                    yield *begun, str(row[0]), column.heading, column.unit.value, *_by_type(value), is_open


def _by_type(value: object) -> tuple[object, object, object]:
    """Return a value as figure (or the symbol in its place), as date and as words."""
    if isinstance(value, dt.date):
        return None, value, None
    is_figure = isinstance(value, int | float) or (isinstance(value, str) and value in _SYMBOLS)
    return (value, None, None) if is_figure else (None, None, value)


def catalogue(report: Report) -> pd.DataFrame:
    """Return every figure that the report prints, by the name under which commentary cites it.

    Units go by the measure: offences, fractions (0.1 is 10%), offences per 1,000.
    """
    columns: dict[str, _Kind] = {"name": "string", "subject": "string", "measure": "string", "value": "Float64"}
    columns |= dict.fromkeys(("shown", "area", "period", "against"), "string")
    rows = (
        (
            *(each.name, each.subject, each.measure.value, each.value, each.shown, each.area),
            *(each.period and each.period.name, each.against and each.against.name),
        )
        for each in catalogue_of(report).figures
    )
    return _frame(columns, rows)


def _of_table(table: Table) -> pd.DataFrame:
    kinds = {column.heading: _kind(column) for column in table.columns}
    return _frame(kinds, table.rows, symbols={heading for heading, kind in kinds.items() if kind != "string"})


def _kind(column: Column) -> _Kind:
    if column.style in NUMBERS:
        return "Int64" if column.style in _WHOLE_NUMBERS else "Float64"
    return "date" if column.style is Style.DATE else "string"


def _frame(
    columns: Mapping[str, _Kind], rows: Iterable[Sequence[object]], *, symbols: Collection[str] = ()
) -> pd.DataFrame:
    """Return rows as a frame, with the symbols of some columns in columns of their own beside them."""
    held = list(zip(*rows, strict=True)) or [()] * len(columns)
    made: dict[str, object] = {}
    for (name, kind), values in zip(columns.items(), held, strict=True):
        is_symbol = [name in symbols and isinstance(value, str) for value in values]
        known = [None if gone else value for value, gone in zip(values, is_symbol, strict=True)]
        made[name] = pd.Series(known, dtype=_DTYPES.get(kind, kind))
        if name in symbols:
            beside = [value if gone else None for value, gone in zip(values, is_symbol, strict=True)]
            made[f"{name}{_SYMBOL}"] = pd.Series(beside, dtype="string")
    return pd.DataFrame(made)


def _day(month: Period) -> dt.date:
    """Return the first day of a month."""
    return dt.date(month.first.year, month.first.month, 1)
