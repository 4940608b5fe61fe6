"""Values between Python and cells, whole blocks at a time.

UNO takes and gives a block as rows of floats and texts, and nothing else: None arrives as #N/A, and a bool or a long
int can end soffice. What is more than that (dates, booleans, formulas) is written beside the block, by runs of cells.
"""

from __future__ import annotations

import datetime as dt
import functools
import gc
import sys
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from cdrp_xl.addresses import Rectangle
from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice.formulas import to_uno
from cdrp_xl.libreoffice.number_formats import BOOLEAN, DATE, DATE_AND_TIME, GENERAL, TIME, NumberFormats, by_format
from cdrp_xl.libreoffice.office import bounds, from_uno
from cdrp_xl.libreoffice.typed import FIRST_CHARACTERS, Entry, entered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_Given = ParamSpec("_Given")
_Returned = TypeVar("_Returned")

_SECONDS_A_DAY = 86_400.0
_MILLISECONDS_A_DAY = 86_400_000.0
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no time zone
_FORMULA_ERRORS = 4  # com.sun.star.sheet.FormulaResult.ERROR
_ERROR_TEXTS = {
    32767: "#N/A",
    532: "#DIV/0!",
    519: "#VALUE!",
    524: "#REF!",
    525: "#NAME?",
    502: "#NUM!",
    503: "#NUM!",
    521: "#NULL!",
}

Rows = list[list[Any]]


class CellError(str):
    """An error value as read from a cell, for example ``#DIV/0!``."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _Special:
    """A value that needs more than a float or a text in its cell."""

    plain: float | str
    number_format: str = ""
    formula: str = ""
    is_logical: bool = False
    typed: str | None = None


_Specials = dict[tuple[int, int], _Special]
"""What is written beside a block, by row and column from 0."""


def _not_looking_for_cycles(function: Callable[_Given, _Returned]) -> Callable[_Given, _Returned]:
    """Let Python make a block's rows without searching them for cycles, which they never have.

    The search comes again every few hundred rows, and in large blocks takes as long as the rows themselves. This is no
    context manager of contextlib's, which sets the traceback of what passes through it: UNO's exceptions refuse that.
    """

    @functools.wraps(function)
    def not_looking(*arguments: _Given.args, **named: _Given.kwargs) -> _Returned:
        is_on = gc.isenabled()
        gc.disable()
        try:
            return function(*arguments, **named)
        finally:
            if is_on:
                gc.enable()

    return not_looking


def prepared(value: Any) -> Any:
    """Return a value as the cells take it: what is missing empty, numpy's and pandas' scalars as Python's own.

    The libraries are looked up among the loaded modules: who has not loaded them has no values of theirs.
    """
    kind = type(value)
    if kind is float or kind is str:
        return value
    if value is None:
        return ""
    if kind is int or kind is bool or isinstance(value, dt.date):
        return "" if value != value else value  # noqa: PLR0124 - NaT is a date that differs from itself
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and isinstance(value, numpy.generic):
        return _from_numpy(value, numpy)
    if pandas is not None and value is pandas.NA:
        return ""
    return value


def _from_numpy(value: Any, numpy: Any) -> Any:
    if isinstance(value, numpy.datetime64):
        return "" if numpy.isnat(value) else value.astype("datetime64[us]").item()
    if isinstance(value, numpy.timedelta64):
        return "" if numpy.isnat(value) else value.astype("timedelta64[us]").item()
    return value.item()


@_not_looking_for_cycles
def cleaned(
    rows: Sequence[Sequence[Any]],
    build_date: Callable[..., Any],
    empty_as: Any,
    build_number: Callable[[float], Any] | None,
    *,
    errors_as_text: bool,
) -> Rows:
    """Return values as read in the form that a script asked for (xlwings' ``dates``, ``empty``, ``numbers``)."""

    def clean(value: Any) -> Any:
        kind = type(value)
        if kind is float:
            return build_number(value) if build_number is not None else value
        if value == "" or value is None:
            return empty_as
        if kind is CellError:
            return str(value) if errors_as_text else None
        if kind is dt.datetime and build_date is not dt.datetime:
            return _built(value, build_date)
        return value

    untouched = {float, str, bool} if build_number is None else {str, bool}
    if build_date is dt.datetime:
        untouched.add(dt.datetime)
    if untouched.issuperset(map(type, chain.from_iterable(rows))):
        return [list(row) if "" not in row else [empty_as if cell == "" else cell for cell in row] for row in rows]
    return [[clean(value) for value in row] for row in rows]


def _built(value: dt.datetime, build_date: Callable[..., Any]) -> Any:
    return build_date(
        year=value.year,
        month=value.month,
        day=value.day,
        hour=value.hour,
        minute=value.minute,
        second=value.second,
        microsecond=value.microsecond,
        tzinfo=None,
    )


@_not_looking_for_cycles
def read(cells: Any, area: Rectangle, formats: NumberFormats) -> Sequence[Sequence[Any]]:
    """Return a block's values: floats, texts, bools, datetimes and errors, "" where a cell is empty."""
    data: Sequence[Sequence[Any]] = cells.getDataArray()
    special = [
        (key, place)
        for key, place in _formats_of_numbers(cells, area, data)
        if formats.is_date(key) or formats.is_logical(key)
    ]
    has_errors = any(None in row for row in data)
    if not special and not has_errors:
        return data
    rows = [list(row) for row in data]
    for key, place in special:
        _convert(rows, area, place, _moment if formats.is_date(key) else bool)
    if has_errors:
        _name_errors(rows, area, cells)
    return rows


def _formats_of_numbers(cells: Any, area: Rectangle, data: Sequence[Sequence[Any]]) -> Iterator[tuple[int, Rectangle]]:
    """Yield the formats of cells with numbers, with their places on the sheet: each costs some calls of UNO."""
    held = _box_of_numbers(data)
    if held is not None:
        part = cells if (held.rows, held.columns) == (area.rows, area.columns) else _part(cells, held)
        yield from by_format(part)


def _box_of_numbers(data: Sequence[Sequence[Any]]) -> Rectangle | None:
    """Return the smallest block that holds every number, as a place within the values; None without numbers."""
    first = next((row for row, values in enumerate(data) if float in map(type, values)), None)
    if first is None:
        return None
    last = next(row for row in range(len(data) - 1, -1, -1) if float in map(type, data[row]))
    rows = data[first : last + 1]
    columns = [column for column in range(len(data[0])) if any(type(row[column]) is float for row in rows)]
    return Rectangle(row=first, column=columns[0], rows=len(rows), columns=columns[-1] - columns[0] + 1)


def _part(cells: Any, block: Rectangle) -> Any:
    return cells.getCellRangeByPosition(*bounds(block))


def _convert(rows: Rows, area: Rectangle, place: Rectangle, convert: Callable[[float], Any]) -> None:
    seen: dict[float, Any] = {}  # a column of dates holds few different ones
    first, last = place.column - area.column, place.last_column - area.column + 1
    for row in rows[place.row - area.row : place.last_row - area.row + 1]:
        for column in range(first, last):
            value = row[column]
            if type(value) is float:
                if value not in seen:
                    seen[value] = convert(value)
                row[column] = seen[value]


def _moment(days: float) -> Any:
    try:
        # A float holds a day of this century to less than a millisecond, and Excel shows no more.
        return _EPOCH + dt.timedelta(milliseconds=round(days * _MILLISECONDS_A_DAY))
    except OverflowError:
        return days


def _name_errors(rows: Rows, area: Rectangle, cells: Any) -> None:
    addresses = cells.queryFormulaCells(_FORMULA_ERRORS).RangeAddresses
    for place in (from_uno(address) for address in addresses):
        for row in range(place.row - area.row, place.last_row - area.row + 1):
            for column in range(place.column - area.column, place.last_column - area.column + 1):
                code = cells.getCellByPosition(column, row).getError()
                rows[row][column] = CellError(_ERROR_TEXTS.get(code, "#VALUE!"))


@_not_looking_for_cycles
def write(cells: Any, area: Rectangle, formats: NumberFormats, rows: Sequence[Sequence[Any]], *, where: str) -> None:
    """Write a block of values as Excel would take them.

    Parameters
    ----------
    cells
        UNO's range of the block's size.
    area
        Its place.
    formats
        The workbook's number formats.
    rows
        The values, every row of the same length as the block.
    where
        The block's place as a person reads it, for a message.

    Raises
    ------
    CannotBeWrittenError
        If a value is of a kind that no cell holds.
    """
    data, specials = _sorted_out(rows, where)
    groups = [(key, _within(place, area)) for key, place in _formats_that_matter(cells, area, data, specials)]
    if any(formats.is_text(key) for key, _place in groups):
        data = _keep_text(data, specials, [place for key, place in groups if formats.is_text(key)])
    _reset_logical(cells, formats, groups)
    cells.setDataArray(data)
    _write_formulas(cells, specials)
    _bring_formats(cells, formats, specials, groups)


def _formats_that_matter(
    cells: Any, area: Rectangle, data: Sequence[Sequence[Any]], specials: _Specials
) -> Iterator[tuple[int, Rectangle]]:
    """Yield the formats with their places; words are words in any, unless they are a formula in all but one."""
    if any(special.formula for special in specials.values()):
        return by_format(cells)
    return _formats_of_numbers(cells, area, data)


def _sorted_out(rows: Sequence[Sequence[Any]], where: str) -> tuple[tuple[Any, ...], _Specials]:
    """Return the block as UNO takes it, and beside it what a float or a text cannot say.

    Column by column, since a column mostly holds values of one kind and can be passed on as it is.
    """
    specials: _Specials = {}
    if set(map(type, chain.from_iterable(rows))) == {float} and _is_finite(sum(map(sum, rows))):
        return tuple(map(tuple, rows)), specials
    columns = list(zip(*rows, strict=True))
    for number, column in enumerate(columns):
        if not _is_plain(column):
            columns[number] = _converted(column, number, specials, where)
    return tuple(zip(*columns, strict=True)), specials


def _is_plain(column: Sequence[Any]) -> bool:
    kinds = set(map(type, column))
    if not kinds <= {float, str}:
        return False
    texts = {value for value in column if type(value) is str} if str in kinds else ()
    if any(text[:1] in FIRST_CHARACTERS and entered(text) is not None for text in texts):
        return False
    return _is_finite(sum(column) if str not in kinds else sum(value for value in column if type(value) is float))


def _is_finite(total: float) -> bool:
    # One NaN or infinity makes a sum of its own kind, which taken from itself is no longer 0.
    return total - total == 0


def _converted(column: Sequence[Any], number: int, specials: _Specials, where: str) -> tuple[float | str, ...]:
    seen: dict[Any, float | str | _Special] = {}
    out: list[float | str] = []
    for index, value in enumerate(column):
        if isinstance(value, str | dt.date):
            cell = seen.get(value)
            if cell is None:
                cell = seen[value] = _cell(value, where)
        else:
            cell = _cell(value, where)
        if isinstance(cell, _Special):
            specials[index, number] = cell
            cell = cell.plain
        out.append(cell)
    return tuple(out)


def _cell(value: Any, where: str) -> float | str | _Special:
    value = prepared(value)
    kind = type(value)
    if kind is float:
        return _finite(value)
    if kind is str:
        return _from_text(value) if value[:1] in FIRST_CHARACTERS else value
    if kind is bool:
        return _Special(float(value), BOOLEAN, is_logical=True)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return _time_cell(value)
    try:
        return _finite(float(value))
    except (TypeError, ValueError) as error:
        raise CannotBeWrittenError(
            f"A cell can't hold this value: {str(value)[:80]}",
            where=where,
            remedy="Write numbers, texts, dates, True and False, or None to empty a cell.",
        ) from error


def _time_cell(value: dt.date | dt.time | dt.timedelta) -> _Special:
    if isinstance(value, dt.date):
        return _Special(serial(value), DATE_AND_TIME if _has_time(value) else DATE)
    if isinstance(value, dt.time):
        return _Special(_seconds(value) / _SECONDS_A_DAY, TIME)
    return _Special(value.total_seconds() / _SECONDS_A_DAY, "[h]:mm:ss")


def _finite(value: float) -> float | str:
    if value != value:  # noqa: PLR0124 - NaN: missing
        return ""
    if value - value != 0:
        return "inf" if value > 0 else "-inf"
    return value


def _from_text(text: str) -> float | str | _Special:
    entry = entered(text)
    if entry is None:
        return text
    return _from_entry(entry, text)


def _from_entry(entry: Entry, text: str) -> _Special:
    if entry.formula:
        return _Special("", formula=entry.formula, typed=text)
    if isinstance(entry.value, bool):
        return _Special(float(entry.value), BOOLEAN, is_logical=True, typed=text)
    if isinstance(entry.value, dt.datetime):
        return _Special(serial(entry.value), entry.number_format, typed=text)
    # A text behind an apostrophe is no number in a text cell either.
    typed = text if isinstance(entry.value, float) else entry.value
    return _Special(entry.value, entry.number_format, typed=typed)


def serial(moment: dt.date) -> float:
    """Return a date as the number of days under which a cell holds it."""
    if isinstance(moment, dt.datetime):
        passed = moment.replace(tzinfo=None) - _EPOCH
        return passed.days + (passed.seconds + passed.microseconds / 1e6) / _SECONDS_A_DAY
    return float((dt.datetime(moment.year, moment.month, moment.day) - _EPOCH).days)  # noqa: DTZ001 - as above


def _has_time(moment: dt.date) -> bool:
    return isinstance(moment, dt.datetime) and moment.time() != dt.time()


def _seconds(time: dt.time) -> float:
    return time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6


def _within(place: Rectangle, area: Rectangle) -> Rectangle:
    """Return a place on the sheet as one within the block that is written."""
    return replace(place, row=place.row - area.row, column=place.column - area.column)


def _keep_text(
    data: Sequence[Sequence[Any]], specials: _Specials, places: Sequence[Rectangle]
) -> tuple[tuple[Any, ...], ...]:
    """Return the block with the cells of Text format holding the text that was entered, digits and all."""
    rows = [list(row) for row in data]
    for place in places:
        for row in range(place.row, place.last_row + 1):
            for column in range(place.column, place.last_column + 1):
                special = specials.get((row, column))
                if special is None:
                    rows[row][column] = _digits(rows[row][column])
                elif special.typed is not None:
                    rows[row][column] = special.typed
                    del specials[row, column]
    return tuple(map(tuple, rows))


def _digits(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.15g}"


def _reset_logical(cells: Any, formats: NumberFormats, groups: Iterable[tuple[int, Rectangle]]) -> None:
    # LibreOffice knows TRUE by its format alone: a number written over it would be read as TRUE again.
    for key, place in groups:
        if formats.is_logical(key):
            _part(cells, place).NumberFormat = formats.key(GENERAL)


def _write_formulas(cells: Any, specials: _Specials) -> None:
    formulas = {place: special.formula for place, special in specials.items() if special.formula}
    for place in _runs(formulas):
        block = tuple(
            tuple(to_uno(formulas[row, column]) for column in range(place.column, place.last_column + 1))
            for row in range(place.row, place.last_row + 1)
        )
        _part(cells, place).setFormulaArray(block)


def _bring_formats(
    cells: Any,
    formats: NumberFormats,
    specials: _Specials,
    groups: Sequence[tuple[int, Rectangle]],
) -> None:
    """Format dates, booleans and shares, where the cell has no format of its own."""
    wanted: dict[str, list[tuple[int, int]]] = {}
    for place, special in specials.items():
        if special.number_format:
            wanted.setdefault(special.number_format, []).append(place)
    general = [place for key, place in groups if formats.is_general(key) or formats.is_logical(key)]
    for code, places in wanted.items():
        for run in _runs(places):
            # TRUE is TRUE in whatever format Excel's cell has; here the format is what makes it so.
            for free in [run] if code == BOOLEAN else filter(None, (run.clipped(place) for place in general)):
                _part(cells, free).NumberFormat = formats.key(code)


def _runs(places: Iterable[tuple[int, int]]) -> Iterator[Rectangle]:
    """Yield the cells in a few blocks: down each column first, then equal columns side by side."""
    open_blocks: list[Rectangle] = []
    for run in _down_columns(places):
        last = open_blocks[-1] if open_blocks else None
        if last and last.last_column + 1 == run.column and (last.row, last.rows) == (run.row, run.rows):
            open_blocks[-1] = last.joined(run)
        else:
            open_blocks.append(run)
    yield from open_blocks


def _down_columns(places: Iterable[tuple[int, int]]) -> Iterator[Rectangle]:
    start: tuple[int, int] | None = None
    end = -1
    for column, row in sorted((column, row) for row, column in places):
        if start is not None and start[0] == column and end + 1 == row:
            end = row
            continue
        if start is not None:
            yield Rectangle(row=start[1], column=start[0], rows=end - start[1] + 1)
        start, end = (column, row), row
    if start is not None:
        yield Rectangle(row=start[1], column=start[0], rows=end - start[1] + 1)
