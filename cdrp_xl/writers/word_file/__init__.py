"""A Word document (.docx) of a layout: every worksheet a section under a heading, with the same figures and words.

The logo is left out where a template has its own. The same layout, workbook and template give the same bytes.
"""

from __future__ import annotations

import copy
import io
import itertools
from typing import TYPE_CHECKING

from cdrp_xl.writers import cell_texts
from cdrp_xl.writers.word_file import charts, looks, sections, small_charts
from cdrp_xl.writers.word_file.looks import Template
from cdrp_xl.writers.word_file.texts import NOTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docx.document import Document
    from lxml.etree import _Element

    from cdrp_xl.sheets import Chart, Picture, Properties, Sheet, Sparkline

__all__ = ["Template", "without_sections", "write"]

_W = f"{{{looks.W}}}"
_SPACES = (
    f'xmlns:w="{looks.W}" xmlns:r="{looks.RELATIONS}"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
_SHORT, _LONG = 11906, 16838
"""The sides of A4, in twips."""

_OTHER_FONTS = 1.15
"""How much wider the letters of a template's font may be than Arial's, by whose widths is measured."""

_TWIPS_PER_PIXEL = 15
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"


def write(
    sheets: Sequence[Sheet],
    properties: Properties,
    *,
    workbook: bytes,
    template: Template | None = None,
) -> bytes:
    """Return a document of the placed worksheets, the first of which is its cover.

    Parameters
    ----------
    sheets
        The worksheets, as the partners' copy has them: the cover with the contents, and the others.
    properties
        What the document says about itself.
    workbook
        The copy, whose charts the document has too.
    template
        The document or template of which it has the looks; without one it is plain.

    Raises
    ------
    CannotBeWrittenError
        If a text holds a character that no document may; the worksheet and cell are named.
    FileError
        If the template can't be read.
    """
    cell_texts.check(sheets)
    document = looks.opened(template, properties)
    drawn = charts.in_workbook(workbook, "the workbook", sheets)
    placed = _Placing(document, drawn)
    known = sections.Document(
        ids=looks.style_ids(document),
        places={sheet.name: f"page_{number}" for number, sheet in enumerate(sheets)},
        notes=frozenset(_noted(sheets)),
        wider=_OTHER_FONTS if template else 1.0,
        drawn=placed.chart,
        small=placed.small_chart,
        pictured=lambda picture: None if template else placed.picture(picture),
    )
    _fill(document, sheets, known)
    return looks.saved(document)


def without_sections(properties: Properties, template: Template) -> bytes:
    """Return a document of a template that has nothing in it yet: what every document takes of the template."""
    return looks.saved(looks.opened(template, properties))


def _fill(document: Document, sheets: Sequence[Sheet], known: sections.Document) -> None:
    """Put the worksheets into a document, upright or turned as each of them needs."""
    from docx.oxml import parse_xml

    body = document.element.body
    last = body.sectPr
    upright, turned = _room(last, _SHORT), _room(last, _LONG)
    inside: list[str | bool] = []
    was_wide: bool | None = None
    for number, sheet in enumerate(sheets):
        is_wide = sections.is_wide(sheet, known, room=upright)
        if was_wide is not None and is_wide != was_wide:
            inside.append(was_wide)
        begins_page = number > 0 and is_wide == was_wide
        width = turned if is_wide else upright
        inside.append(sections.xml(sheet, known, width=width, is_first=number == 0, begins_page=begins_page))
        was_wide = is_wide
    _lay(last, is_wide=bool(was_wide))
    is_first = True
    for each in inside:
        if isinstance(each, str):
            for child in list(parse_xml(f"<w:body {_SPACES}>{each}</w:body>")):
                last.addprevious(child)
            continue
        section = copy.deepcopy(last)
        _lay(section, is_wide=each)
        _only_first_differs(section, is_first=is_first)
        last.getprevious().find(f"{_W}pPr").append(section)
        is_first = False
    _only_first_differs(last, is_first=is_first)


def _only_first_differs(section: _Element, *, is_first: bool) -> None:
    """Let the document's first page alone have a header of its own, where the template wants that."""
    for each in () if is_first else section.findall(f"{_W}titlePg"):
        section.remove(each)


def _room(section: _Element, across: int) -> int:
    """Return how much room a page of some width has between its margins, in pixels."""
    margins = section.find(f"{_W}pgMar")
    taken = (
        sum(int(margins.get(f"{_W}{side}", "0")) for side in ("left", "right", "gutter")) if margins is not None else 0
    )
    return (across - taken) // _TWIPS_PER_PIXEL


def _lay(section: _Element, *, is_wide: bool) -> None:
    """Make a section's pages A4, upright or turned."""
    size = section.find(f"{_W}pgSz")
    wide, high = (_LONG, _SHORT) if is_wide else (_SHORT, _LONG)
    size.attrib.clear()
    size.set(f"{_W}w", str(wide))
    size.set(f"{_W}h", str(high))
    if is_wide:
        size.set(f"{_W}orient", "landscape")


class _Placing:
    """What puts charts and pictures into a document, and gives each its id and its number there."""

    def __init__(self, document: Document, drawn: Mapping[str, _Element]) -> None:
        self._part = document.part
        self._drawn = drawn
        self._numbers = itertools.count(1)

    def chart(self, chart: Chart, width: int) -> tuple[str, int]:
        """Put a chart of the workbook into the document, so wide in pixels."""
        return self._put(charts.with_own_figures(self._drawn[chart.name], chart, width=width))

    def small_chart(self, line: Sparkline) -> tuple[str, int]:
        """Put the small chart of a cell into the document."""
        return self._put(small_charts.part(line))

    def picture(self, picture: Picture) -> tuple[str, int]:
        """Put a picture into the document."""
        related, _ = self._part.get_or_add_image(io.BytesIO(picture.content))
        return str(related), next(self._numbers)

    def _put(self, content: bytes) -> tuple[str, int]:
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        number = next(self._numbers)
        part = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART, content, self._part.package)
        return self._part.relate_to(part, f"{looks.RELATIONS}/chart"), number


def _noted(sheets: Sequence[Sheet]) -> Iterator[str]:
    """Yield the notes that are listed, by their citations: each begins a row of a table."""
    for sheet in sheets:
        for table in sheet.tables:
            yield from (str(row[0]) for row in table.rows if NOTE.fullmatch(str(row[0])))
