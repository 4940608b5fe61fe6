"""How wide words are in the type of our worksheets, in pixels at 96 to the inch."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT_POINTS = 10.0
BOLD = 1.09
"""How much wider bold type is, at most."""

PIXELS_PER_CHARACTER, PIXELS_AROUND, _BESIDE_WORDS = 7, 5, 6
_PIXELS_PER_POINT = 96 / 72
_BY_WIDTH = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckrsvxyz",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
_WIDTHS = {letter: width for width, letters in _BY_WIDTH.items() for letter in letters}
"""Of Arial's letters, in thousandths of the type's size."""

_OTHER = 778
_PLAINLY = 0.01


@functools.lru_cache(maxsize=8192)
def width(text: str, *, points: float = TEXT_POINTS, is_bold: bool = False) -> float:
    """Return how wide a line of text is. Unit: pixels."""
    thousandths = sum(_WIDTHS.get(letter, _OTHER) for letter in text)
    return thousandths / 1000 * points * _PIXELS_PER_POINT * (BOLD if is_bold else 1)


def longest_word(text: str, *, points: float = TEXT_POINTS, is_bold: bool = False) -> float:
    """Return how wide the widest word of a text is. Unit: pixels."""
    return max((width(word, points=points, is_bold=is_bold) for word in text.split()), default=0.0)


@functools.lru_cache(maxsize=8192)
def lines(text: str, pixels: float, *, is_bold: bool = False) -> int:
    """Return how many lines a text takes within a width; one that is plainly narrower is not wrapped to find out."""
    if "\n" not in text and width(text, is_bold=is_bold) < pixels - _PLAINLY:
        return 1
    return sum(1 for _ in wrapped(text, pixels, is_bold=is_bold))


def wrapped(text: str, pixels: float, *, points: float = TEXT_POINTS, is_bold: bool = False) -> Iterator[str]:
    """Yield the lines that a text takes within a width; a word that is wider has a line of its own."""
    space = width(" ", points=points, is_bold=is_bold)
    for paragraph in text.split("\n"):
        line: list[str] = []
        taken = 0.0
        for word in paragraph.split():
            wide = width(word, points=points, is_bold=is_bold)
            if line and taken + space + wide > pixels:
                yield " ".join(line)
                line, taken = [word], wide
            else:
                taken += wide + space * bool(line)
                line.append(word)
        yield " ".join(line)


def pixels_of(width: float) -> int:
    """Return how wide a column is that is that many characters wide. Unit: pixels."""
    return int(width * PIXELS_PER_CHARACTER + 0.5) + PIXELS_AROUND


def width_of(pixels: float) -> float:
    """Return how wide a column is whose words take that many pixels. Unit: characters."""
    return math.ceil(pixels + _BESIDE_WORDS) / PIXELS_PER_CHARACTER
