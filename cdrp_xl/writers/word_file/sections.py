"""One worksheet as a section of a Word document: a heading, paragraphs, tables and charts, in the worksheet's order."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.sheets import Chart, Picture, Sparkline, Table, Text
from cdrp_xl.styles import Style
from cdrp_xl.writers import shown
from cdrp_xl.writers.word_file import charts, small_charts, tables, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cdrp_xl.sheets import Sheet

_STYLES = {
    Style.FINDING: "Report finding",
    Style.SMALL: "Report note",
    Style.MARKING: "Report marking",
    Style.SUBHEADING: "heading 2",
}
_AFTER_TABLE = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>'
"""A low line, without which two tables would be one."""

_EMUS_PER_PIXEL = 9525
_PICTURE = (
    '<w:p><w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="right"/></w:pPr><w:r><w:drawing>'
    '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
    '<wp:docPr id="{number}" name="Picture {number}" descr={said}/><wp:cNvGraphicFramePr/><a:graphic>'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
    '<pic:cNvPr id="{number}" name="Picture {number}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
    '<a:blip r:embed="{part}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
)
_DRAWING = (
    '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
    '<wp:docPr id="{number}" name="Chart {number}" descr={said}/><wp:cNvGraphicFramePr/><a:graphic>'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="{part}"/>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a section has to know of the document that it is in.

    `ids` are the ids of its styles by their names, `places` the names by which links find its sections, `notes` the
    notes that are listed, `wider` how much wider than Arial's its letters may be. `drawn` puts a chart of some width
    into the document, and gives its id and its number there; `small` does so with a small chart, and `pictured` with a
    picture, which gives nothing where the document is to have none.
    """

    ids: Mapping[str, str]
    places: Mapping[str, str]
    notes: frozenset[str]
    wider: float
    drawn: Callable[[Chart, int], tuple[str, int]]
    small: Callable[[Sparkline], tuple[str, int]]
    pictured: Callable[[Picture], tuple[str, int] | None]


def is_wide(sheet: Sheet, document: Document, *, room: int) -> bool:
    """Return whether a worksheet has a table that is too wide for a page upright, with that much room."""
    drawn = [(block.row, block.column) for block in sheet.blocks if isinstance(block, Sparkline)]
    return any(tables.least_width(table, document.wider, drawn) > room for table in sheet.tables)


def xml(sheet: Sheet, document: Document, *, width: int, is_first: bool, begins_page: bool) -> str:
    """Return a worksheet as a section.

    Parameters
    ----------
    sheet
        The worksheet.
    document
        What it is in.
    width
        The room across, in pixels.
    is_first
        Whether it is the cover.
    begins_page
        Whether it has to begin a page; the section after a turned page does so anyway.
    """
    blocks: list[Text | Table | Chart] = [
        *shown.texts(sheet.blocks),
        *sheet.tables,
        *(each for each in sheet.blocks if isinstance(each, Chart)),
    ]
    blocks.sort(key=lambda block: (block.row, isinstance(block, Table), block.column))
    parts = [_picture(block, document) for block in sheet.blocks if isinstance(block, Picture)]
    small = _small(sheet, document)
    heading = ""
    for row, group in itertools.groupby(blocks, key=_row_of_charts):
        if row is not None:
            parts += _charts([each for each in group if isinstance(each, Chart)], document, width)
            continue
        for block in group:
            match block:
                case Text(style=Style.TITLE):
                    heading = str(block.value)
                    parts += _title(sheet, heading, document, is_first=is_first, begins_page=begins_page)
                case Text():
                    heading = str(block.value) if block.style is Style.SUBHEADING else heading
                    style = document.ids[_STYLES.get(block.style, "Normal")]
                    parts.append(texts.paragraph(str(block.value), style, notes=document.notes))
                case Table():
                    parts += _table(block, heading, document, width, small)
                case Chart():
                    parts += _charts([block], document, width)
    return "".join(parts)


def _title(sheet: Sheet, title: str, document: Document, *, is_first: bool, begins_page: bool) -> Iterator[str]:
    """Yield a worksheet's title as a heading, below its name in the contents where that is another."""
    named = document.places[sheet.name]
    is_named = is_first or title == sheet.name
    if not is_named:
        yield texts.paragraph(sheet.name, document.ids["Report page"], begins_page=begins_page)
    style = document.ids["Title" if is_first else "heading 1"]
    yield texts.paragraph(title, style, begins_page=begins_page and is_named and not is_first, named=named)


def _table(
    table: Table, heading: str, document: Document, width: int, small: Mapping[tuple[int, int], Callable[[int], str]]
) -> Iterator[str]:
    """Yield a table below its caption, and an end after which another may follow; a list of sections as links."""
    if table.links:
        yield texts.paragraph(table.columns[0].heading, document.ids["heading 2"])
        for row, link in zip(table.rows, table.links, strict=True):
            to = texts.link(str(row[0]), document.places[link], style=document.ids["Hyperlink"])
            text = texts.run(f": {row[1]}")
            yield f'<w:p><w:pPr><w:pStyle w:val="{document.ids["Normal"]}"/></w:pPr>{to}{text}</w:p>'
        return
    if table.caption not in {"", heading}:
        yield texts.paragraph(table.caption, document.ids["caption"])
    called = table.caption or heading
    yield tables.xml(table, document.ids, document.notes, width=width, wider=document.wider, called=called, drawn=small)
    yield _AFTER_TABLE


def _picture(picture: Picture, document: Document) -> str:
    """Return a picture as a paragraph of its own at the right, as large as on the worksheet."""
    pictured = document.pictured(picture)
    if pictured is None:
        return ""
    part, number = pictured
    return _PICTURE.format(
        style=document.ids["Normal"],
        wide=picture.width * _EMUS_PER_PIXEL,
        high=picture.height * _EMUS_PER_PIXEL,
        number=number,
        said=texts.attribute(picture.alt_text),
        part=part,
    )


def _charts(beside: Sequence[Chart], document: Document, width: int) -> Iterator[str]:
    """Yield charts in one paragraph, as many side by side as on the worksheet."""
    inside = ""
    for chart in beside:
        wide, high = charts.size(chart, width)
        inside += _drawing(document.drawn(chart, wide), wide, high, said=chart.alt_text)
    yield f'<w:p><w:pPr><w:pStyle w:val="{document.ids["Report chart"]}"/></w:pPr>{inside}</w:p>'


def _small(sheet: Sheet, document: Document) -> Mapping[tuple[int, int], Callable[[int], str]]:
    """Return what draws a worksheet's small charts at some width, by the row and column of each."""

    def draw(line: Sparkline, wide: int) -> str:
        return _drawing(document.small(line), wide, small_charts.HEIGHT, said=shown.ends(line))

    lines = (block for block in sheet.blocks if isinstance(block, Sparkline))
    return {(line.row, line.column): functools.partial(draw, line) for line in lines}


def _drawing(placed: tuple[str, int], wide: int, high: int, *, said: str) -> str:
    """Return the run of a chart, of which the document has the part and the number. Unit: pixels."""
    part, number = placed
    return _DRAWING.format(
        wide=wide * _EMUS_PER_PIXEL, high=high * _EMUS_PER_PIXEL, number=number, said=texts.attribute(said), part=part
    )


def _row_of_charts(block: Text | Table | Chart) -> int | None:
    """Return the row of charts side by side that a block is one of, None if it is no such chart."""
    return block.row if isinstance(block, Chart) and block.beside[1] > 1 else None
