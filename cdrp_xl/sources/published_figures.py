"""The figures of a published table, whichever way it is laid out: each with its area, offence, period and place."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl.errors import ValueFoundError, place, quoted
from cdrp_xl.sources import published_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdrp_xl.periods import Period
    from cdrp_xl.sources.published_rows import Scanned

_JOINED = re.compile(r"\w+(?:\.\w+)?(?:/\w+(?:\.\w+)?){2,}")
_WHOLE_NUMBER = re.compile(r"-?\d{1,3}(?:[, ]?\d{3})*(?:\.0+)?")
_ZEROS = frozenset({"-", "-00"})
_NOT_GIVEN = frozenset({"", "[x]", "x", "[z]", "z", "..", ":", "[c]", "c", "[u]", "[low]", "n/a"})
_FEWER_THAN = re.compile(r"<\s*\d+|[*]+")
_IN_WORDS = (
    'Write a whole number. The symbols [x], [c], [z], ".." and "<5" are read as not given, as the Government Analysis '
    'Function says, and "-" as none.'
)


class Offence(NamedTuple):
    """An offence as the table writes it, in one or two columns."""

    text: str
    beside: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: `row` is its file or worksheet and row, `offences` is None where it is not given."""

    row: tuple[str, int]
    area: str
    offence: Offence
    period: Period
    offences: int | None
    force: str
    where: str


def figures(table: Scanned, names: Iterable[str]) -> Iterator[Figure]:
    """Yield every figure of some areas, in the order of files and rows.

    Parameters
    ----------
    table
        The table as it is written.
    names
        The names of areas in it whose figures are wanted.

    Yields
    ------
    Figure
        Unit: offences.

    Raises
    ------
    ValueFoundError
        If a value is not a number and no symbol for one, or a period is not one.
    """
    rows = sorted((number, row, area, texts) for area in names for number, row, texts in table.rows.get(area, ()))
    for file_number, row, area, (offence, beside, force, when, quarter, *numbers) in rows:
        file = table.files[file_number]
        for column, number in zip(table.columns[file_number], numbers, strict=True):
            where = place(file.path, sheet=file.sheet, row=row, heading=column.heading)
            yield Figure(
                row=(file.key, row),
                area=area,
                offence=Offence(" ".join((column.offence or offence).split()), " ".join(beside.split())),
                period=column.period or published_rows.period_of_row(when, quarter, table.headings, where),
                offences=_number(number, where),
                force=published_rows.force_of(force),
                where=where,
            )


def _number(text: str, where: str) -> int | None:
    """Return a figure, None where a symbol says that it is not given."""
    plain = _plain(text)
    if plain in _ZEROS:
        return 0
    if _is_not_given(plain):
        return None
    if _WHOLE_NUMBER.fullmatch(plain):
        return int(re.sub(r"[, ]|\..*", "", plain))
    raise ValueFoundError(f"The number of offences is {quoted(text)}.", where=where, remedy=_IN_WORDS)


def is_figure(text: str) -> bool:
    """Return whether a cell holds a whole number, or a symbol that says why it has none."""
    plain = _plain(text)
    return plain in _ZEROS or _is_not_given(plain) or bool(_WHOLE_NUMBER.fullmatch(plain))


def _plain(text: str) -> str:
    return text.strip().replace("\u2212", "-").lower()


def _is_not_given(plain: str) -> bool:
    return plain in _NOT_GIVEN or bool(_FEWER_THAN.fullmatch(plain))


def check_none_twice(given: Iterable[Figure]) -> None:
    """Refuse figures that are there twice; a code that joins several may have a row to each on its worksheet."""
    there: dict[tuple[str, Offence, Period], list[Figure]] = defaultdict(list)
    for figure in given:
        before = there[figure.area, figure.offence, figure.period]
        is_apart = any(figure.row[0] != other.row[0] for other in before)
        if before and (is_apart or len(before) >= _parts(figure.offence.text)):
            raise ValueFoundError(
                f"Two figures are for {figure.area}, {figure.offence.text}, {figure.period.heading}.",
                where=f"{before[0].where}; {figure.where}",
                remedy="Take one of the two out; or, if each row is a part to be added up, write is_tally = true.",
            )
        before.append(figure)


def _parts(code: str) -> int:
    """Return how many codes are joined in one: three at least, since "28/3" is a single one."""
    return code.count("/") + 1 if _JOINED.fullmatch(code) else 1
