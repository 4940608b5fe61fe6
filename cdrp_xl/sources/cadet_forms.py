"""The two forms of a CADET file: the comparison of two periods, and the long form of one count a row.

The two-period form has its headings in two or three rows, and blank columns between; each heading is over its own
column and the blank ones to its right.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from cdrp_xl import terms
from cdrp_xl.errors import CdrpError, ValueFoundError, name_some, quoted
from cdrp_xl.periods import Period
from cdrp_xl.sources import grids
from cdrp_xl.sources.grids import plain
from cdrp_xl.sources.period_cells import Periods, period_in_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cdrp_xl.offences import Classification, Row
    from cdrp_xl.sources.grids import Grid

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "area": ("area", "area name", "csp", "csp name", "community safety partnership", "cdrp", "district"),
    "offence row": ("offence row", "offence group", "offence", "offence name", "offence type", "row"),
    "period": ("month", "period", "quarter", "financial year"),
    "offences": ("offences", "count", "number of offences", "recorded offences", "number"),
}
"""What each column of the long form is for, and the headings that say so."""

EARLIER, LATER = "Earlier Period", "Later Period"
NUMERIC_CHANGE = ("numeric change", "change")
APPARENT_CHANGE = ("apparent change", "% change", "percentage change")

_ROWS_LOOKED_AT = 20
_HEADINGS_ENOUGH = 2
_MONTH = "month"
_ENDS_NAMED = ("from", "to")
_ENDS = re.compile(r"^(?:from|to)\b:?\s*", re.IGNORECASE)
_NUMBERED = re.compile(r"(\d+)[.):]?\s+(.+)")
_SIGNED = re.compile(r"([+-]?)\s*([0-9][0-9,]*(?:\.[0-9]+)?)\s*(%?)")
_MINUSES = str.maketrans({"\u2212": "-", "\u2013": "-"})
_SAME = Fraction(1, 1_000_000)
_TENTHS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One count as it was read: `rows` are the offence rows that its name may mean; `where` is its place.

    `row` is the number of its row, as a spreadsheet numbers it, `heading` what is over it.
    """

    area: str
    rows: tuple[Row, ...]
    period: Period
    count: int
    where: str
    row: int
    heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one file gave: its figures, how many rows of it held them, and how many were only words."""

    figures: tuple[Figure, ...]
    rows_read: int
    words_only: int = 0


def read(grid: Grid, classification: Classification, areas: Sequence[str]) -> Reading:
    """Return the figures of one file, whichever form it has.

    Parameters
    ----------
    grid
        The file's cells.
    classification
        The rows that the file may name.
    areas
        The areas that are asked for; the two-period form names none, and takes the one that is given.

    Raises
    ------
    ValueFoundError
        If a heading is missing, a value is not what its heading says, or a change as given is not that of its counts.
    """
    heading_row = _two_period_heading_row(grid)
    if heading_row is None:
        return _long(grid, classification)
    if len(areas) != 1:
        raise ValueFoundError(
            f"The two-period form of CADET names no area, and {len(areas)} areas are asked for.",
            where=grid.place(heading_row, EARLIER),
            remedy='Use it for one area only, or write the figures in long form, with a heading "Area".',
        )
    return _TwoPeriods(grid, heading_row, classification, areas[0]).reading()


def _long(grid: Grid, classification: Classification) -> Reading:
    """Return the figures of a file that has one row for each count."""
    heading_row, columns = _long_headings(grid)
    figures, periods = [], Periods()
    for row in grid.rows(after=heading_row):
        heads = {use: grid.text(heading_row, column) for use, column in columns.items()}
        texts = {use: grid.text(row, column, heading=heads[use]) for use, column in columns.items()}
        places = {use: grid.place(row, heads[use]) for use in columns}
        if not texts["area"]:
            raise ValueFoundError("A row names no area.", where=places["area"], remedy="Write the area's name.")
        rows = _offence_rows(texts["offence row"], classification, places["offence row"])
        what = f"number of offences of {quoted(rows[0].name)}"
        figures.append(
            Figure(
                area=texts["area"],
                rows=rows,
                period=periods.read(texts["period"], heads["period"], places["period"]),
                count=grids.whole(texts["offences"], what=what, where=places["offences"]),
                where=places["offence row"],
                row=row,
                heading=heads["offences"],
            )
        )
    if not figures:
        raise ValueFoundError(
            f"{grid.path.name} has headings but no rows below them.",
            where=grid.place(heading_row),
            remedy="Ask for the extract again.",
        )
    return Reading(figures=tuple(figures), rows_read=len(figures))


def _long_headings(grid: Grid) -> tuple[int, dict[str, int]]:
    """Return the row of the headings, and the column of each use."""
    for row in grid.rows():
        if row > _ROWS_LOOKED_AT:
            break
        uses = _uses(grid, row)
        if sum(bool(columns) for columns in uses.values()) >= _HEADINGS_ENOUGH:
            return row, {use: _one(use, columns, grid, row) for use, columns in uses.items()}
    first = next(grid.rows())
    return first, {use: _one(use, columns, grid, first) for use, columns in _uses(grid, first).items()}


def _uses(grid: Grid, row: int) -> dict[str, list[int]]:
    names = [_heading(cell) for cell in grid.cells[row - 1]]
    return {use: [at for at, name in enumerate(names) if name in known] for use, known in HEADINGS.items()}


def _one(use: str, columns: Sequence[int], grid: Grid, row: int) -> int:
    if len(columns) == 1:
        return columns[0]
    if columns:
        names = [quoted(grid.text(row, column)) for column in columns]
        raise ValueFoundError(
            f"{len(columns)} headings could give the {use}: {' and '.join(names)}.",
            where=grid.place(row),
            remedy="Keep the one that is meant, and rename or take out the other.",
        )
    there = [quoted(" ".join(cell[:40].split())) for cell in grid.cells[row - 1] if cell.strip()]
    raise ValueFoundError(
        f"There is no heading for the {use}, such as {quoted(HEADINGS[use][0].capitalize())}.",
        where=grid.place(row),
        remedy=f"The headings are {name_some(there, named=12)}: write one of "
        f"{', '.join(quoted(name.capitalize()) for name in HEADINGS[use])} over its column.",
    )


class _TwoPeriods:
    """The two-period form of one area: two periods side by side, and their changes."""

    def __init__(self, grid: Grid, heading_row: int, classification: Classification, area: str) -> None:
        self._grid = grid
        self._classification = classification
        self._area = area
        self._months_row = self._find_months(heading_row)
        self._blocks = self._find_blocks(heading_row)
        self._periods = {heading: self._find_period(heading) for heading in (EARLIER, LATER)}
        if self._periods[EARLIER].last >= self._periods[LATER].first:
            raise ValueFoundError(
                f"The earlier period ({self._periods[EARLIER].heading}) is not before "
                f"the later ({self._periods[LATER].heading}).",
                where=grid.place(self._months_row),
                remedy="Write two periods that do not overlap, the earlier one first.",
            )

    def reading(self) -> Reading:
        """Return the figures of both periods, after their changes are checked."""
        figures: list[Figure] = []
        rows_read = words_only = 0
        for row in self._grid.rows(after=self._months_row):
            name = self._name(row)
            if self._is_words_only(row, name):
                words_only += 1
                continue
            rows_read += 1
            figures += self._figures(row, name)
        if not figures:
            raise ValueFoundError(
                f"{self._grid.path.name} has headings but no rows below them.",
                where=self._grid.place(self._months_row),
                remedy="Ask for the export again.",
            )
        return Reading(figures=tuple(figures), rows_read=rows_read, words_only=words_only)

    def _figures(self, row: int, name: str) -> list[Figure]:
        rows = _offence_rows(name, self._classification, self._grid.place(row))
        counts = {}
        for heading in (EARLIER, LATER):
            what = f"number of offences of {quoted(rows[0].name)} in the {heading.lower()}"
            where = self._grid.place(row, heading)
            counts[heading] = grids.whole(self._value(row, heading), what=what, where=where)
        self._check_changes(row, rows[0].name, counts[EARLIER], counts[LATER])
        return [
            Figure(
                area=self._area,
                rows=rows,
                period=period,
                count=counts[heading],
                where=self._grid.place(row),
                row=row,
                heading=heading,
            )
            for heading, period in self._periods.items()
        ]

    def _check_changes(self, row: int, name: str, earlier: int, later: int) -> None:
        for heading in self._blocks:
            given = self._value(row, heading)
            if not given:
                continue
            where = self._grid.place(row, heading)
            if _heading(heading) in NUMERIC_CHANGE:
                _check_numeric(given, name, earlier, later, where)
            elif _heading(heading) in APPARENT_CHANGE:
                _check_apparent(given, name, earlier, later, where)

    def _find_months(self, heading_row: int) -> int:
        """Return the row of the months: the first under the headings with more over the counts than "From" and "To"."""
        columns = range(self._column_of(EARLIER, heading_row), self._grid.width())
        for row in self._grid.rows(after=heading_row):
            texts = [_ENDS.sub("", self._grid.text(row, column)) for column in columns]
            if any(text and _heading(text) not in NUMERIC_CHANGE + APPARENT_CHANGE for text in texts):
                return row
        raise ValueFoundError(
            f"The months of the {EARLIER.lower()} are missing.",
            where=self._grid.place(heading_row, EARLIER),
            remedy='Write them below, as "Apr-10" and "Jun-10".',
        )

    def _find_blocks(self, heading_row: int) -> dict[str, range]:
        """Return the columns that each heading covers: its own, and the blank ones up to the next heading."""
        starts: dict[str, int] = {}
        for row in range(heading_row, self._months_row):
            for column in range(self._grid.width()):
                text = self._grid.text(row, column)
                if text and _ENDS.sub("", text):
                    starts.setdefault(_known_as(text), column)
        if missing := [heading for heading in (EARLIER, LATER) if heading not in starts]:
            raise ValueFoundError(
                f"There is no heading {quoted(missing[0])}.",
                where=self._grid.place(heading_row),
                remedy=f"Write it over the counts of the {missing[0].lower()}.",
            )
        if starts[LATER] < starts[EARLIER]:
            raise ValueFoundError(
                f"{quoted(LATER)} is to the left of {quoted(EARLIER)}.",
                where=self._grid.place(heading_row, LATER),
                remedy="Put the columns as CADET writes them, the earlier period first.",
            )
        ends = [*sorted(starts.values()), self._grid.width()]
        blocks = {heading: range(start, min(end for end in ends if end > start)) for heading, start in starts.items()}
        return {heading: block for heading, block in blocks.items() if block.start >= blocks[EARLIER].start}

    def _find_period(self, heading: str) -> Period:
        texts = [_ENDS.sub("", self._grid.text(self._months_row, column)) for column in self._blocks[heading]]
        given = [text for text in texts if text]
        where = self._grid.place(self._months_row, heading)
        # One cell may hold the whole period, as "Apr-10 to Jun-10"; beside a "From" it would be half of one.
        one_cell = len(given) == 1 and not self._has_ends(heading)
        ends = [period_in_cell(text, "" if one_cell else _MONTH, where) for text in given]
        if len(ends) != len(_ENDS_NAMED) and not one_cell:
            raise ValueFoundError(
                f"The {heading.lower()} has {len(ends)} month{'s' * (len(ends) != 1)} over it, not two.",
                where=where,
                remedy='Write its first and last month, as "Apr-10" and "Jun-10".',
            )
        try:
            return Period(ends[0].first, ends[-1].last)
        except CdrpError as wrong:
            raise ValueFoundError(wrong.what, where=where, remedy=wrong.remedy) from wrong

    def _has_ends(self, heading: str) -> bool:
        """Return whether "From" or "To" is under a heading."""
        above = self._grid.cells[: self._months_row]
        return any(_heading(row[column]) in _ENDS_NAMED for row in above for column in self._blocks[heading])

    def _column_of(self, heading: str, row: int) -> int:
        names = [_heading(cell) for cell in self._grid.cells[row - 1]]
        return names.index(heading.lower()) if heading.lower() in names else 1

    def _name(self, row: int) -> str:
        before = range(self._blocks[EARLIER].start)
        return " ".join(text for column in before if (text := self._grid.text(row, column)))

    def _value(self, row: int, heading: str) -> str:
        texts = [self._grid.text(row, column, heading=heading) for column in self._blocks[heading]]
        given = [text for text in texts if text]
        if len(given) > 1:
            raise ValueFoundError(
                f"{quoted(heading)} has {len(given)} values under it: {name_some([quoted(text) for text in given])}.",
                where=self._grid.place(row, heading),
                remedy="Keep the one that belongs there.",
            )
        return given[0] if given else ""

    def _is_words_only(self, row: int, name: str) -> bool:
        """Return whether a row is a note: words that are not an offence row, without a figure."""
        return not any(self._value(row, heading) for heading in self._blocks) and not _rows_called(
            name, self._classification
        )


def _two_period_heading_row(grid: Grid) -> int | None:
    """Return the row with "Earlier Period" or "Later Period", None in a file of long form."""
    for row in grid.rows():
        if row > _ROWS_LOOKED_AT:
            return None
        if {EARLIER.lower(), LATER.lower()} & {_heading(cell) for cell in grid.cells[row - 1]}:
            return row
    return None


def _heading(cell: str) -> str:
    return plain(cell).removesuffix(":").removesuffix(" (%)")


def _known_as(text: str) -> str:
    """Return a heading as it is written here, whatever its capitals."""
    return next((heading for heading in (EARLIER, LATER) if heading.lower() == _heading(text)), text)


def _offence_rows(text: str, classification: Classification, where: str) -> tuple[Row, ...]:
    """Return the rows that an id, a name, or a number and name mean."""
    rows = _rows_called(text, classification)
    if rows:
        return rows
    if not text:
        raise ValueFoundError("A row has figures but no offence.", where=where, remedy="Write the offence row's name.")
    names = {plain(name): name for row in classification.rows for name in (row.row_id, row.name)}
    near = [quoted(names[name]) for name in difflib.get_close_matches(plain(text), names, n=3, cutoff=0.5)]
    known = name_some([quoted(row.name) for row in classification.rows])
    raise ValueFoundError(
        f"There is no offence row {quoted(text)} in {classification.title}.",
        where=where,
        remedy=f"Did you mean {' or '.join(near)}?" if near else f"Known are {known}.",
    )


def _rows_called(text: str, classification: Classification) -> tuple[Row, ...]:
    wanted = plain(text)
    called = tuple(row for row in classification.rows if wanted in {row.row_id, plain(row.name)})
    if not called and (numbered := _NUMBERED.fullmatch(text)):
        number, name = int(numbered[1]), plain(numbered[2])
        called = tuple(row for row in classification.rows if row.number == number and plain(row.name) == name)
    return called


def _check_numeric(given: str, name: str, earlier: int, later: int, where: str) -> None:
    signed = _SIGNED.fullmatch(given.translate(_MINUSES))
    if signed is None or signed[3]:
        raise ValueFoundError(
            f"The numeric change of {quoted(name)} is {quoted(given)}, not a number.",
            where=where,
            remedy="Write the later count less the earlier, or leave the cell blank.",
        )
    if _value_of(signed) != later - earlier:
        raise ValueFoundError(
            f"The numeric change of {quoted(name)} is given as {quoted(given)}, "
            f"but {later:,} less {earlier:,} is {later - earlier:,}.",
            where=where,
            remedy="Ask which of the three figures is wrong; the export itself never disagrees.",
        )


def _check_apparent(given: str, name: str, earlier: int, later: int, where: str) -> None:
    """Refuse an apparent change that is not that of the counts; a cell may hold it in words or as a fraction."""
    signed = _SIGNED.fullmatch(given.translate(_MINUSES))
    no_calc = plain(given) == terms.NO_CALC.lower()
    if signed is None and not no_calc:
        raise ValueFoundError(
            f"The apparent change of {quoted(name)} is {quoted(given)}, not a percentage.",
            where=where,
            remedy=f'Write it as "- 10.6%" or {quoted(terms.NO_CALC)}, or leave the cell blank.',
        )
    right = _apparent_change(earlier, later)
    if (right is None) != no_calc or (signed and right is not None and not _agrees(signed, right)):
        raise ValueFoundError(
            f"The apparent change of {quoted(name)} is given as {quoted(given)}, "
            f"but from {earlier:,} to {later:,} it is {quoted(_in_percent(right))}.",
            where=where,
            remedy="Ask which of the figures is wrong; the export itself never disagrees.",
        )


def _apparent_change(earlier: int, later: int) -> Fraction | None:
    """Return the change in per cent, None where CADET prints "No Calc" (docs/methods.md, "Comparing two periods")."""
    return None if earlier in {0, later} else Fraction(100 * (later - earlier), earlier)


def _agrees(signed: re.Match[str], right: Fraction) -> bool:
    """Return whether a change as given is the right one, to one decimal or, in a workbook, in full."""
    number = _value_of(signed)
    return any(
        value == _to_tenths(right) or abs(value - right) < _SAME
        for value in ([number] if signed[3] else [number, 100 * number])
    )


def _value_of(signed: re.Match[str]) -> Fraction:
    return Fraction(signed[2].replace(",", "")) * (-1 if signed[1] == "-" else 1)


def _to_tenths(value: Fraction) -> Fraction:
    """Return a figure to one decimal, halves away from 0, as Excel shows them."""
    tenths = (abs(value) * _TENTHS + Fraction(1, 2)).__floor__()
    return Fraction(tenths if value > 0 else -tenths, _TENTHS)


def _in_percent(right: Fraction | None) -> str:
    if right is None:
        return terms.NO_CALC
    return f"{'+' if right > 0 else '-'} {float(abs(_to_tenths(right))):,.1f}%"
