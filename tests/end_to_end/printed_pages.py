"""What is wrong with the pages of a workbook as they are printed: what is cut, covered, small, empty or left alone."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import openpyxl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOTS = 150
LEAST_POINTS = 9.0
LEAST_SHARE = 0.25

_HTML = "{http://www.w3.org/1999/xhtml}"
_POINTS_OF_A_WORD = 1.298
"""How many times its type's size a word's box is high."""

_MARGIN_ABOVE = _MARGIN_BELOW = 53
_EDGE = 34
_X_HEIGHT = 0.42
"""The least share of a type's size that the ink of a letter or figure takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of a page; lengths are in points from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def is_level(self):
        return self.bottom - self.top < max(24, 2 * (self.right - self.left))

    @property
    def points(self):
        return min(self.bottom - self.top, self.right - self.left if not self.is_level else 1e9) / _POINTS_OF_A_WORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One printed page: its words, and its points as shades of grey."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    shades: np.ndarray

    @property
    def body(self):
        return [w for w in self.words if w.top > _MARGIN_ABOVE - 10 and w.bottom < self.height - _MARGIN_BELOW + 10]

    @property
    def sheet(self):
        """The name of its worksheet, as its foot has it."""
        foot = [w for w in self.words if w.bottom >= self.height - _MARGIN_BELOW + 10]
        return re.sub(r" Page \d+ of \d+$", "", " ".join(w.text for w in sorted(foot, key=lambda w: w.left)))

    @property
    def lines(self):
        """The words of its body, line by line from the top."""
        lines: list[list[Word]] = []
        for word in sorted(self.body, key=lambda w: (round(w.bottom), w.left)):
            if lines and abs(lines[-1][0].bottom - word.bottom) < 2:
                lines[-1].append(word)
            else:
                lines.append([word])
        return [" ".join(w.text for w in sorted(line, key=lambda w: w.left)) for line in lines]


def pages_of(pdf: Path) -> list[Page]:
    """Return the pages of a PDF."""
    printed = subprocess.run(["pdftotext", "-bbox-layout", pdf, "-"], capture_output=True, check=True).stdout
    drawn = subprocess.run(["pdftoppm", "-gray", "-r", str(DOTS), pdf], capture_output=True, check=True).stdout
    found = list(ET.fromstring(printed).iter(f"{_HTML}page"))
    return [
        Page(
            number=number,
            width=float(page.get("width")),
            height=float(page.get("height")),
            words=tuple(map(_word, page.iter(f"{_HTML}word"))),
            shades=shades,
        )
        for number, (page, shades) in enumerate(zip(found, pictures(drawn), strict=True), 1)
    ]


def _word(of) -> Word:
    left, top, right, bottom = (float(of.get(side)) for side in ("xMin", "yMin", "xMax", "yMax"))
    return Word(text=of.text or "", left=left, top=top, right=right, bottom=bottom)


def pictures(drawn: bytes) -> Iterator[np.ndarray]:
    """Give the dots of each page that `pdftoppm` has drawn, in grey or in colours."""
    at = 0
    while at < len(drawn):
        head = re.compile(rb"P([56])\s+(\d+)\s+(\d+)\s+255\s").match(drawn, at)
        width, height, colours = int(head[2]), int(head[3]), 3 if head[1] == b"6" else 1
        dots = np.frombuffer(drawn, np.uint8, width * height * colours, head.end())
        yield dots.reshape((height, width, 3) if colours > 1 else (height, width))
        at = head.end() + dots.size


def faults(pdf: Path, workbook: Path) -> list[str]:
    """Return what is wrong with the printed pages of a workbook, one line for each fault."""
    headings = _headings(workbook)
    return [
        f"page {page.number} ({page.sheet}): {fault}"
        for page in pages_of(pdf)
        for fault in (*_of_words(page), *_covered(page), *_empty(page), *_alone(page, headings.get(page.sheet, set())))
    ]


def _of_words(page: Page) -> Iterator[str]:
    for word in page.words:
        if word.points < LEAST_POINTS - 0.1:
            yield f'"{word.text}" is {word.points:.1f} points high'
        if not word.is_level:
            yield f'"{word.text}" is not level'
        if set(word.text) == {"#"} and len(word.text) > 2:
            yield "a figure does not fit its cell"
        if word.left < _EDGE or word.right > page.width - _EDGE + 1:
            yield f'"{word.text}" runs over the edge'
        elif word.is_level and _is_cut(page, word):
            yield f'"{word.text}" is cut'


def _is_cut(page: Page, word: Word) -> bool:
    """Return whether ink is missing where a word stands: a program that cuts it still says all of it."""
    if not re.search(r"[A-Za-z0-9]", word.text):
        return False
    scale = DOTS / 72
    box = page.shades[
        int(word.top * scale) : int(word.bottom * scale) + 1, int(word.left * scale) : int(word.right * scale) + 1
    ].astype(int)
    ink = np.abs(box - np.median(box)) > 60
    size = word.points * scale
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size or (
        len(word.text) > 1 and columns[-1] - columns[0] + 1 < 0.8 * (word.right - word.left) * scale - 3
    ):
        return True
    least = 0.62 if re.search(r"[A-Z0-9bdfhklt]", word.text) else _X_HEIGHT
    return rows[-1] - rows[0] + 1 < least * size


def _covered(page: Page) -> Iterator[str]:
    """Find words of which one lies over the other."""
    words = sorted(page.words, key=lambda w: w.top)
    for at, one in enumerate(words):
        for other in words[at + 1 :]:
            if other.top > one.bottom:
                break
            across = min(one.right, other.right) - max(one.left, other.left)
            down = min(one.bottom, other.bottom) - max(one.top, other.top)
            if across > 1 and down > 0.3 * min(one.bottom - one.top, other.bottom - other.top):
                yield f'"{one.text}" and "{other.text}" overlap'


def _empty(page: Page) -> Iterator[str]:
    scale = DOTS / 72
    top, bottom = int(_MARGIN_ABOVE * scale), int((page.height - _MARGIN_BELOW) * scale)
    inked = np.flatnonzero((page.shades[top:bottom] < 200).any(axis=1))
    share = (inked[-1] + 1) / (bottom - top) if inked.size else 0
    if share < LEAST_SHARE:
        yield f"only {share:.0%} of it is used"


def _alone(page: Page, headings: set[str]) -> Iterator[str]:
    if page.lines and page.lines[-1] in headings:
        yield f'the heading "{page.lines[-1]}" is alone at its foot'


def _headings(workbook: Path) -> dict[str, set[str]]:
    """Return the headings of each worksheet: of its sections, and the rows of its tables' headings."""
    book = openpyxl.load_workbook(workbook)
    found = {}
    for sheet in book:
        bold = {str(c.value) for row in sheet.iter_rows() for c in row if c.value and c.font.b and c.font.sz >= 12}
        for table in sheet.tables.values():
            bold.add(" ".join(str(c.value) for c in sheet[table.ref][0]))
        found[sheet.title] = bold
    return found
