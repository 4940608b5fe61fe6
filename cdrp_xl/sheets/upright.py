"""A worksheet laid out again for A4 upright: its lines wrapped for the narrower paper, its charts over their tables.

A worksheet with a table whose words need more width stays across: nothing is cut, and nothing is made smaller.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.sheets import paper
from cdrp_xl.sheets.blocks import Chart, Table, Text, of_placed
from cdrp_xl.sheets.over_cells import Picture
from cdrp_xl.sheets.pages import BESIDE_LOGO, lines_of
from cdrp_xl.sheets.paper import PORTRAIT
from cdrp_xl.styles import Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.sheets.blocks import Block, Sheet

LINE_PIXELS = 637
"""How long a line of text may be."""

_SHARE_OF_LOGO = 3


def turned(sheet: Sheet) -> Sheet:
    """Return a worksheet upright, or as it is where one of its tables needs the paper across."""
    if not paper.holds(sheet.tables, PORTRAIT):
        return sheet
    pictures = [_smaller(block) for block in sheet.blocks if isinstance(block, Picture)]
    beside = sum(picture.width + BESIDE_LOGO for picture in pictures)
    over = [block for block in sheet.blocks if isinstance(block, Chart) and block.column]
    put_in = [(chart.row, chart.rows_high + 1) for chart in over]
    blocks: list[Block] = []
    for lines in _texts(sheet.blocks):
        wrapped = _wrapped(lines, LINE_PIXELS - beside * (lines[0].style is Style.TITLE))
        blocks += (replace(line, row=line.row + _rows_before(lines[0].row, put_in)) for line in wrapped)
        put_in.append((lines[-1].row + 1, len(wrapped) - len(lines)))
    for block in sheet.blocks:
        if isinstance(block, Chart) and block.column:
            # Over its table, not over itself: what is put in before its own row is only what other blocks take.
            others = [each for each in put_in if each != (block.row, block.rows_high + 1)]
            blocks.append(replace(block, row=block.row + _rows_before(block.row, others), column=0))
        elif not isinstance(block, Text | Picture):
            blocks.append(replace(block, row=block.row + _rows_before(block.row, put_in)))
    tables = {block.name: block for block in blocks if isinstance(block, Table)}
    placed = [of_placed(block, tables) if isinstance(block, Chart) else block for block in blocks]
    return replace(sheet, blocks=(*sorted(placed, key=lambda block: block.row), *pictures), is_wide=False)


def _rows_before(row: int, put_in: Sequence[tuple[int, int]]) -> int:
    """Return how many rows are put in before a row, of which that many are before some."""
    return sum(rows for before, rows in put_in if before <= row)


def _texts(blocks: Sequence[Block]) -> Iterator[list[Text]]:
    """Yield the lines of each text, from the top."""
    lines: list[Text] = []
    for block in blocks:
        if not isinstance(block, Text):
            continue
        if lines and not block.goes_on:
            yield lines
            lines = []
        lines.append(block)
    if lines:
        yield lines


def _wrapped(lines: Sequence[Text], pixels: int) -> list[Text]:
    """Return a text in as many lines as it takes within a width."""
    first, text = lines[0], " ".join(str(line.value) for line in lines)
    return [
        replace(
            first,
            name=f"{first.name}_{at}" if at else first.name,
            value=line,
            row=first.row + at,
            goes_on=first.goes_on or at > 0,
        )
        for at, line in enumerate(lines_of(text, style=first.style, pixels=pixels))
    ]


def _smaller(picture: Picture) -> Picture:
    """Return a picture that takes no more than its share of the paper's width."""
    scale = min(PORTRAIT.width / _SHARE_OF_LOGO / picture.width, 1)
    return replace(picture, width=max(1, round(picture.width * scale)), height=max(1, round(picture.height * scale)))
