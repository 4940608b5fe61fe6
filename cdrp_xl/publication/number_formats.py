"""What a number format shows of a cell's value, section by section (ECMA-376 part 1, 18.8.31)."""

from __future__ import annotations

import functools
import operator
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PIECE = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]|.', re.DOTALL)
_SHOWING = re.compile(r"[0#?@dmyhse]|\[[hms]+\]|general", re.IGNORECASE)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_COLOUR = re.compile(r"\[(?:(?P<name>[a-z]+)|colou?r ?(?P<number>\d+))\]", re.IGNORECASE)
_COLOURS_BY_NAME = {
    "black": "000000",
    "white": "FFFFFF",
    "red": "FF0000",
    "green": "00FF00",
    "blue": "0000FF",
    "yellow": "FFFF00",
    "magenta": "FF00FF",
    "cyan": "00FFFF",
}
_BY_NUMBER = tuple(_COLOURS_BY_NAME)
"""[Color 1] to [Color 8] are these; a cell of the others is as dark as any."""
_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_NUMBERS, _WITH_TEXT = 3, 4


class Section(NamedTuple):
    """One section: whether it shows anything of the value, its ink if it sets one, and for which values it is."""

    shows: bool
    is_for_text: bool
    ink: str | None
    holds: Callable[[float], bool] | None


@functools.lru_cache(maxsize=1_000)
def sections(number_format: str) -> tuple[Section, ...]:
    """Return the sections of a number format."""
    apart: list[list[str]] = [[]]
    for piece in _PIECE.findall(number_format):
        if piece == ";":
            apart.append([])
        else:
            apart[-1].append(piece)
    return tuple(_section(pieces) for pieces in apart)


def applied(number_format: str, text: str, *, is_number: bool) -> Section | None:
    """Return the section by which a value is shown, None where it is shown as it is."""
    found = sections(number_format)
    if not is_number:
        last = found[-1]
        return last if len(found) >= _WITH_TEXT or last.is_for_text else None
    try:
        value = float(text)
    except ValueError:
        return None
    if any(each.holds for each in found[:2]):
        return _first_that_holds(found, value)
    if len(found) == 1 or value > 0 or (value == 0 and len(found) < _NUMBERS):
        return found[0]
    return found[1] if value < 0 else found[2]


def hides(number_format: str, text: str, *, is_number: bool) -> bool:
    """Return whether a number format shows nothing of a value; a 0 may be shown as "No Calc" or as a dash."""
    section = applied(number_format, text, is_number=is_number) if number_format else None
    is_zero = is_number and text.strip("-0.") == ""
    return section is not None and not section.shows and not is_zero


def hides_every_figure(number_format: str) -> bool:
    """Return whether a number format shows nothing of any figure but 0, as ";;;" does."""
    return bool(number_format) and all(hides(number_format, text, is_number=True) for text in ("1", "-1"))


def _section(pieces: Sequence[str]) -> Section:
    plain = [piece for piece in pieces if not piece.startswith(('"', "\\", "_", "*"))]
    brackets = [piece for piece in plain if piece.startswith("[")]
    bare = "".join(piece for piece in plain if piece not in brackets)
    conditions = [match for piece in brackets if (match := _CONDITION.fullmatch(piece))]
    inks = [_ink(match) for piece in brackets if (match := _COLOUR.fullmatch(piece))]
    shows = bool(_SHOWING.search(bare)) or any(_SHOWING.fullmatch(piece) for piece in brackets)
    return Section(
        shows=shows,
        is_for_text="@" in bare,
        ink=next((ink for ink in inks if ink), None),
        holds=_condition(conditions[0]) if conditions else None,
    )


def _condition(match: re.Match[str]) -> Callable[[float], bool]:
    compare, limit = _HOLDS[match[1]], float(match[2])
    return lambda value: compare(value, limit)


def _ink(match: re.Match[str]) -> str | None:
    if match["name"]:
        return _COLOURS_BY_NAME.get(match["name"].lower())
    number = int(match["number"])
    return _COLOURS_BY_NAME[_BY_NUMBER[number - 1]] if 1 <= number <= len(_BY_NUMBER) else None


def _first_that_holds(found: Sequence[Section], value: float) -> Section:
    """Return the first section whose condition holds; one without a condition is for all that is left."""
    return next((each for each in found[:_NUMBERS] if each.holds is None or each.holds(value)), found[-1])
