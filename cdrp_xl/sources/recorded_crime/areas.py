"""Areas as rows name them: which are not the partnership's, and yet look as if they were meant to be."""

from __future__ import annotations

import difflib
import re

from cdrp_xl import geography
from cdrp_xl.errors import quoted

UNKNOWN = (
    *("", "0", "-", "--", "?", "n/a", "na", "n/k", "nk", "null", "none", "nan", "nil", "(blank)", "blank", "tbc"),
    *("unknown", "not known", "not recorded", "not stated", "unspecified", "no area", "no match", "not found"),
)
"""What is written, in lower-case letters, where no area or place is known."""

ERROR_OR_FORMULA = "^(#|=|err:)"

_LEAST_LIKENESS = 0.85
_SHORTEST_PART = 4
_WORDS_OF_ANY_AREA = re.compile(
    r"\b(the|of|district|borough|city|county|unitary|metropolitan|royal|council|authority|dc|bc|cc|mbc|csp|lpa|lpu|"
    r"community safety partnership)\b"
)
_POINTS = frozenset({"north", "south", "east", "west", "mid", "central", "upper", "lower", "inner", "outer"})
"""Words by which neighbours are distinguished."""


def is_known(written: str) -> bool:
    """Return whether a cell names any area or place: it is neither blank nor a word or an error in place of one."""
    return written.casefold() not in UNKNOWN and not re.match(ERROR_OR_FORMULA, written, re.IGNORECASE)


def is_an_area(written: str) -> bool:
    """Return whether a cell names an area that is known, with or without such words as "District Council"."""
    names = written, _without_words_of_any(geography.fold(written))
    return any(geography.find(name) is not None for name in names)


def nearly(area: str, written: str) -> str:
    """Return in words that a written name is nearly that of the partnership's area; empty if it isn't.

    The name of an area that is known is that area's, however alike the two are.

    Parameters
    ----------
    area
        The partnership's area.
    written
        What a row has for its area, which is not it.
    """
    known = geography.find(written)
    if known is not None and known.code not in geography.codes_of(area):
        return ""
    wanted, found = geography.fold(area), geography.fold(written)
    is_alike = wanted.replace(" ", "") == found.replace(" ", "") or _without_words_of_any(
        wanted
    ) == _without_words_of_any(found)
    is_alike = is_alike or _is_short_for(found.split(), wanted.split()) or _is_misspelt(wanted, found)
    return f"nearly {quoted(area)}" if is_alike else ""


def _without_words_of_any(name: str) -> str:
    return " ".join(_WORDS_OF_ANY_AREA.sub(" ", name).split()) or name


def _is_short_for(short: list[str], full: list[str]) -> bool:
    """Return whether each word shortens its counterpart: "s cambs"."""
    return len(short) == len(full) and all(
        one[0] == other[0] and _is_within(one, other) for one, other in zip(short, full, strict=True)
    )


def _is_within(short: str, full: str) -> bool:
    """Return whether letters of one word are in another, in the same order."""
    letters = iter(full)
    return all(letter in letters for letter in short)


def _is_misspelt(wanted: str, found: str) -> bool:
    """Return whether a name is spelt almost alike, and differs in no word by which neighbours are distinguished."""
    one, other = wanted.split(), found.split()
    if set(one) & _POINTS != set(other) & _POINTS or _numbers(one) != _numbers(other):
        return False
    return len(found) >= _SHORTEST_PART and difflib.SequenceMatcher(None, wanted, found).ratio() >= _LEAST_LIKENESS


def _numbers(words: list[str]) -> list[str]:
    """Return numbers and single letters, which distinguish beats and areas."""
    return [word for word in words if len(word) == 1 or any(letter.isdigit() for letter in word)]
