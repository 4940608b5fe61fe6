"""One worksheet as a section of a page: its texts as headings and paragraphs, its tables, and its charts as figures."""

from __future__ import annotations

import base64
import datetime as dt
import itertools
import re
from html import escape
from typing import TYPE_CHECKING

from cdrp_xl.sheets import Chart, Picture, Sparkline, Table, Text
from cdrp_xl.styles import FILLS_BY_BEGINNING, NUMBER_FORMATS, NUMBERS, STATUS_FILLS, Style
from cdrp_xl.writers import shown
from cdrp_xl.writers.html_file import charts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cdrp_xl.sheets import Block, Column, Sheet, Value

CLASSES = {fill: status.name.lower().replace("_", "-") for status, fill in STATUS_FILLS.items()}
"""What a fill is called in the page's style."""

NOTE = re.compile(r"\[note \d{1,4}\]")

_PARAGRAPHS = {Style.FINDING: "finding", Style.SMALL: "small", Style.MARKING: "marking"}
_WORDS = frozenset({Style.TEXT, Style.VERDICT, Style.SIGNAL, Style.STATUS})
_CONTENTS = "contents"
_LONG = 24
"""Characters from which on a column of words is given more room."""

_WITHOUT_BREAK = re.compile(r"[+-] \d[\d,.]*%?|\b[A-Z][a-z]{2}-\d\d\b")
"""A sign with its figure, and a month such as Jun-11, within which no line ends."""


class Section:
    """A worksheet of a page, with what it needs to know of the others: their ids, and the notes that are listed.

    `turned` is the attribute of one that is printed across among others upright.
    """

    def __init__(self, sheet: Sheet, ids: Mapping[str, str], notes: frozenset[str], *, is_across: bool) -> None:
        self.id = ids[sheet.name]
        self.turned = ' class="across"' if is_across else ""
        self._sheet = sheet
        self._ids = ids
        self._notes = notes
        self._small = {(each.row, each.column): each for each in sheet.blocks if isinstance(each, Sparkline)}

    def contents(self) -> str:
        """Return the worksheet's list of the others as the page's navigation, empty where it has none."""
        for table in _lists(self._sheet.blocks):
            items = "\n".join(
                f'<li><a href="#{self._ids[link]}">{_text(row[0])}</a> <span>{_text(row[1])}</span></li>'
                for row, link in zip(table.rows, table.links, strict=True)
            )
            title = f'<h2 id="{_CONTENTS}-title">{_text(table.columns[0].heading)}</h2>'
            return (
                f'\n<nav id="{_CONTENTS}" aria-labelledby="{_CONTENTS}-title">\n{title}\n<ul>\n{items}\n</ul>\n</nav>'
            )
        return ""

    def as_section(self, *, has_way_back: bool) -> str:
        """Return the worksheet as a section, with a way back to the contents where there are any."""
        way = f'\n<p class="back"><a href="#{_CONTENTS}">Back to contents</a></p>' if has_way_back else ""
        return f'<section id="{self.id}"{self.turned}>\n{self.inside(level=2)}{way}\n</section>'

    def inside(self, *, level: int) -> str:
        """Return what the worksheet holds, under a title of this level; charts beside one another are kept together."""
        blocks: list[Text | Table | Chart | Picture] = [*shown.texts(self._sheet.blocks), *_drawn(self._sheet.blocks)]
        blocks.sort(
            key=lambda block: (not isinstance(block, Picture), block.row, isinstance(block, Table), block.column)
        )
        parts: list[str] = []
        heading = ""
        for is_row, group in itertools.groupby(blocks, key=_is_beside):
            parts += ['<div class="row">'] if is_row else []
            for block in group:
                parts.append(self._block(block, heading, level=level))
                if isinstance(block, Text) and block.style in {Style.TITLE, Style.SUBHEADING}:
                    heading = str(block.value)
            parts += ["</div>"] if is_row else []
        return "\n".join(parts)

    def _block(self, block: Text | Table | Chart | Picture, heading: str, *, level: int) -> str:
        match block:
            case Text():
                return self._text_block(block, level=level)
            case Table():
                return self._table(block, heading)
            case Chart():
                return charts.figure(block)
            case Picture():
                return picture(block)

    def _text_block(self, text: Text, *, level: int) -> str:
        markup = self._cited(_in_whole(_text(text.value)))
        if text.style is Style.TITLE:
            is_named = level == 1 or text.value == self._sheet.name
            named = "" if is_named else f'<p class="name">{_text(self._sheet.name)}</p>\n'
            return f'{named}<h{level} id="{self.id}-title">{markup}</h{level}>'
        if text.style is Style.SUBHEADING:
            return f"<h{level + 1}>{markup}</h{level + 1}>"
        kind = _PARAGRAPHS.get(text.style, "")
        return f'<p class="{kind}">{markup}</p>' if kind else f"<p>{markup}</p>"

    def _table(self, table: Table, heading: str) -> str:
        """Return a table; its caption is only said aloud where it is above it as a heading."""
        at, caption = escape(table.name), _text(table.caption or heading)
        if table.caption in {"", heading}:
            caption = f'<span class="said">{caption}</span>'
        heads = (
            f'<th scope="col"{_room(column, table)}>{_in_whole(_text(column.heading))}</th>' for column in table.columns
        )
        rows = (self._row(row, table, down) for down, row in enumerate(table.rows, table.row + 1))
        return "\n".join(
            [
                f'<div class="table" role="group" aria-labelledby="{at}-caption" tabindex="0">',
                f'<table id="{at}">',
                f'<caption id="{at}-caption">{caption}</caption>',
                f"<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>",
                *rows,
                "</tbody></table>\n</div>",
            ]
        )

    def _row(self, row: Sequence[Value], table: Table, down: int) -> str:
        """Return a row of a table, of which the first cell is the heading."""
        cells = []
        for across, (value, column) in enumerate(zip(row, table.columns, strict=True), table.column):
            small = self._small.get((down, across))
            inside = charts.small(small) if small else self._cited(_value(value, column.style))
            if across > table.column:
                cells.append(f"<td{_look(value, column.style)}>{inside}</td>")
            else:
                at = f' id="{_note_id(str(value))}"' if value in self._notes else ""
                cells.append(f'<th scope="row"{at}{_look(value, column.style)}>{inside}</th>')
        return f"<tr>{''.join(cells)}</tr>"

    def _cited(self, markup: str) -> str:
        """Return a text with links from its citations to the notes that are listed, but for the listed one itself."""

        def linked(found: re.Match[str]) -> str:
            is_citation = found[0] in self._notes and markup != found[0]
            return f'<a href="#{_note_id(found[0])}">{found[0]}</a>' if is_citation else found[0]

        return NOTE.sub(linked, markup)


def _drawn(blocks: Sequence[Block]) -> Iterator[Table | Chart | Picture]:
    listed = {table.name for table in _lists(blocks)}
    return (block for block in blocks if isinstance(block, Table | Chart | Picture) and block.name not in listed)


def _lists(blocks: Sequence[Block]) -> Iterator[Table]:
    """Yield the tables that list other worksheets."""
    return (block for block in blocks if isinstance(block, Table) and block.links)


def picture(shown: Picture) -> str:
    """Return a picture that is in the page itself."""
    source = f"data:image/{shown.kind};base64,{base64.b64encode(shown.content).decode()}"
    size = f'width="{shown.width}" height="{shown.height}"'
    return f'<img class="logo" alt="{escape(shown.alt_text)}" {size} src="{source}"/>'


def _is_beside(block: Text | Table | Chart | Picture) -> bool:
    """Return whether a block is one of charts side by side."""
    return isinstance(block, Chart) and block.beside[1] > 1


def _room(column: Column, table: Table) -> str:
    """Return the class of a heading: figures are at the right, and long words have more room."""
    if column.style in NUMBERS:
        return ' class="n"'
    at = table.columns.index(column)
    is_long = column.style in _WORDS and any(len(str(row[at])) > _LONG for row in table.rows)
    return ' class="words"' if is_long else ""


def _look(value: Value, style: Style) -> str:
    """Return the classes of a cell: figures at the right, and the fill that goes with what a text begins with."""
    beginnings = FILLS_BY_BEGINNING.get(style, {})
    classes = ["n"] if style in NUMBERS else []
    classes += [CLASSES[fill] for beginning, fill in beginnings.items() if str(value).startswith(beginning)][:1]
    classes += ["strong"] if style is Style.STATUS else []
    return f' class="{" ".join(classes)}"' if classes else ""


def _value(value: Value, style: Style) -> str:
    """Return a cell's value as it is shown, with the value itself for programs that read it."""
    if value is None or isinstance(value, str):
        return _in_whole(_text(value or ""))
    if isinstance(value, dt.date):
        return f'<time datetime="{value.isoformat()}">{shown.date(value)}</time>'
    number_format = NUMBER_FORMATS.get(style)
    markup = shown.figure(value, number_format) if number_format else str(value)
    return f'<data value="{value!r}">{markup}</data>'


def _text(value: Value) -> str:
    return escape(str(value))


def _in_whole(markup: str) -> str:
    """Return an escaped text with what may not be broken at the end of a line kept together."""
    return _WITHOUT_BREAK.sub(r'<span class="whole">\g<0></span>', markup)


def _note_id(citation: str) -> str:
    return citation.strip("[]").replace(" ", "-")
