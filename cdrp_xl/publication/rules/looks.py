"""Rules on cells and other texts whose colour, size, font or format keeps them from being read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.addresses import Rectangle, cell_name
from cdrp_xl.colours import contrast
from cdrp_xl.publication.book import Condition, Look, Sheet, block
from cdrp_xl.publication.findings import Severity, rule
from cdrp_xl.publication.number_formats import applied, hides, hides_every_figure
from cdrp_xl.publication.places import Places, Spot
from cdrp_xl.publication.strings import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdrp_xl.publication.book import Book, Cell

_SMALLEST_POINTS, _SMALLEST_SHRUNK = 6, 5
_SEEN = 1.25
"""The contrast below which a text can't be seen against its background."""

_MOST_STEPS = 20_000_000
_USUAL_WIDTH = 8.43
_LONGEST_SHOWN = 60
_OF_SYMBOLS = re.compile(
    r"(wing|web)dings ?\d?|symbol|marlett|(itc )?zapf ?dingbats|opensymbol|bookshelf symbol \d|ms outlook|adobe blank.*"
    r"|segoe (mdl2 assets|fluent icons)|material (icons|symbols).*|font ?awesome.*"
    r"|.*(code ?128|code ?39|3 of 9|barcode|redacted|blokk|flow block).*",
    re.IGNORECASE,
)
"""Fonts that draw a sign, a bar or nothing for each letter."""

_THERE = "Whoever receives the file can show it with a click: this is how 9,483 people were exposed in August 2023."
_SEE = "Give the cell a colour and a size that can be read, or delete what it holds."


@rule(
    "same-colour",
    Severity.BLOCKS,
    what="A text has the colour of its background",
    why="It can't be seen, but anyone can read it in the file.",
    remedy=_SEE,
)
def same_colour(book: Book) -> Iterator[Spot]:
    """Find cells whose text has the colour of its background."""
    for sheet in book.sheets:
        heads = [block.of_height(1) for block in _styled_blocks(sheet)]
        for style, first in _styled(book, sheet, heads):
            if _is_unseen(book.looks.get(style, Look())):
                yield Spot(part=sheet.part, sheet=sheet.name, cell=first)
        yield from (spot for look, spot in _other_texts(book, sheet) if _is_unseen(look))


def _other_texts(book: Book, sheet: Sheet) -> Iterator[tuple[Look, Spot]]:
    """Give the look and the place of every text that a cell's own style does not give."""
    for cell, style, run in sheet.runs:
        look = replace(run, fill=book.looks.get(style, Look()).fill)
        yield look, Spot(part=sheet.part, sheet=sheet.name, cell=cell, detail="a part of its text")
    for each in sheet.drawn:
        for look in each.looks:
            yield look, Spot(part=each.part, sheet=sheet.name, cell=each.cell, detail=f'{each.kind} "{each.name}"')
    for chart in sheet.charts:
        for look in dict.fromkeys(chart.looks):
            yield look, Spot(part=chart.part, sheet=sheet.name, detail="a text of the chart")
    for text, look in sheet.page_texts:
        yield look, Spot(part=sheet.part, sheet=sheet.name, detail=f'header or footer, "{text[:_LONGEST_SHOWN]}"')


def _styled_blocks(sheet: Sheet) -> list[Rectangle]:
    return [table.block for table in sheet.tables if table.is_styled]


def _styled(book: Book, sheet: Sheet, left_out: list[Rectangle]) -> Iterator[tuple[str, str]]:
    """Give each style with the first cell that has it; an unseen one begins after the headings of styled tables."""
    for style, first in sheet.first_of_style.items():
        if not left_out or not _is_unseen(book.looks.get(style, Look())):
            yield style, first
            continue
        styled = (cell for cell, held in sheet.cells.items() if held.style == style)
        cells = (cell for cell in styled if not any(head.holds(*cell) for head in left_out))
        if (other := next(cells, None)) is not None:
            yield style, cell_name(*other)


def _is_unseen(look: Look) -> bool:
    return look.ink is not None and look.fill is not None and contrast(look.ink, look.fill) < _SEEN


@rule(
    "hiding-format",
    Severity.BLOCKS,
    what="A number format shows nothing of what a cell holds, or nothing that can be seen",
    why="It can't be seen, but anyone can read it in the file.",
    remedy="Give the cell a number format that shows it, or delete what it holds.",
)
def hiding_format(book: Book) -> Iterator[Spot]:
    """Find cells whose number format shows nothing, or in the colour of their ground."""
    for sheet in book.sheets:
        looks = {style: book.looks.get(style, Look()) for style in sheet.first_of_style}
        doubtful = {style for style, look in looks.items() if _HIDES_SOME.search(look.number_format)}
        found = {style: at for style, at in sheet.first_of_style.items() if _hides_all(looks[style])}
        for cell, held in sheet.cells.items() if doubtful else ():
            if held.style in doubtful and held.style not in found and _is_left_out(held, looks[held.style]):
                found[held.style] = cell_name(*cell)
        for at in found.values():
            yield Spot(part=sheet.part, sheet=sheet.name, cell=at)


_HIDES_SOME = re.compile(r'[;"\\[]|^[^0#?@a-zA-Z]+$')
"""A format of several sections, with words or a colour of its own, or without any place for a figure."""


def _hides_all(look: Look) -> bool:
    return hides_every_figure(look.number_format)


def _is_left_out(held: Cell, look: Look) -> bool:
    section = applied(look.number_format, held.text, is_number=held.is_number)
    if section is not None and section.ink and look.fill and contrast(section.ink, look.fill) < _SEEN:
        return True
    return hides(look.number_format, held.text, is_number=held.is_number)


@rule(
    "tiny-text",
    Severity.BLOCKS,
    what="A text is too small to be seen",
    why="It can't be seen, but anyone can read it in the file.",
    remedy=_SEE,
)
def tiny_text(book: Book) -> Iterator[Spot]:
    """Find cells whose text is too small to be seen."""
    for sheet in book.sheets:
        for style, first in sheet.first_of_style.items():
            if 0 < (points := book.looks.get(style, Look()).points) < _SMALLEST_POINTS:
                yield Spot(part=sheet.part, sheet=sheet.name, cell=first, detail=f"{points:g} points")
        for look, spot in _other_texts(book, sheet):
            if 0 < look.points < _SMALLEST_POINTS:
                yield replace(spot, detail=f"{look.points:g} points, {spot.detail}")
        yield from _shrunk(book, sheet)


def _shrunk(book: Book, sheet: Sheet) -> Iterator[Spot]:
    """Find texts that are made so small that they fit their cell."""
    shrinking = {style for style in sheet.first_of_style if book.looks.get(style, Look()).shrinks}
    for (row, column), held in sheet.cells.items() if shrinking else ():
        look = book.looks.get(held.style, Look())
        if held.style in shrinking and not look.wraps and held.text:
            points = look.points * min(1, (sheet.widths.get(column, _USUAL_WIDTH) + 1) / len(held.text))
            if points < _SMALLEST_SHRUNK:
                detail = f"about {points:.0f} points, to fit its cell"
                yield Spot(part=sheet.part, sheet=sheet.name, cell=cell_name(row, column), detail=detail)


@rule(
    "hiding-condition",
    Severity.BLOCKS,
    what="A conditional format hides what it applies to",
    why="It can't be seen, but anyone can read it in the file.",
    remedy="Delete the conditional format, and what it hid.",
)
def hiding_condition(book: Book) -> Iterator[Spot]:
    """Find conditional formats that make what they apply to unseen."""
    steps = 0
    for sheet in book.sheets:
        for each in sheet.conditions:
            areas = [area for area in map(block, each.cells.split()) if area]
            steps += sum(min(area.size, len(sheet.cells)) for area in areas)
            styles = {sheet.cells[cell].style for area in areas for cell in sheet.held_in(area)} if _few(steps) else ()
            looks = [book.looks.get(style, Look()) for style in styles] or [Look()]
            if each.hides_values or hides_every_figure(each.look.number_format) or _hides(each, looks):
                yield Spot(part=sheet.part, sheet=sheet.name, cell=each.cells)


def _few(steps: int) -> bool:
    return steps < _MOST_STEPS


def _hides(condition: Condition, looks: Iterable[Look]) -> bool:
    """Return whether a condition gives any of the looks that its cells have one ink and ground that are alike."""
    own = condition.look
    if own.ink is None and own.fill is None:
        return False
    return any(_is_unseen(replace(look, ink=own.ink or look.ink, fill=own.fill or look.fill)) for look in looks)


@rule(
    "symbol-font",
    Severity.BLOCKS,
    what="Words are written in a font of symbols",
    why=_THERE,
    remedy="Give the cell an ordinary font, or delete what it holds.",
)
def symbol_font(book: Book) -> Iterator[Spot]:
    """Find words that a font of symbols draws as signs."""
    for sheet in book.sheets:
        odd = {style for style in sheet.first_of_style if _is_of_symbols(book.looks.get(style, Look()))}
        places = Places()
        for cell, held in sheet.cells.items() if odd else ():
            if held.style in odd and words(held.text):
                places.add(cell_name(*cell))
        if places:
            yield Spot(part=sheet.part, sheet=sheet.name, cell=places.first[0], detail=str(places))
        yield from (spot for look, spot in _other_texts(book, sheet) if _is_of_symbols(look))


def _is_of_symbols(look: Look) -> bool:
    return _OF_SYMBOLS.fullmatch(look.font.strip()) is not None


RULES = (same_colour, hiding_format, tiny_text, hiding_condition, symbol_font)
