"""What xlwings has no word for: LibreOffice, and Excel on Windows and on a Mac, are each asked in their own.

What LibreOffice's own objects raise is reported as the engine reports it: one that has stopped says so.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from cdrp_xl.libreoffice.interface import plainly
from cdrp_xl.writers.existing_workbook import marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import xlwings as xw

_Given = ParamSpec("_Given")
_Returned = TypeVar("_Returned")

_LINES_IN_EXCEL = ("LeftHeader", "CenterHeader", "RightHeader", "LeftFooter", "CenterFooter", "RightFooter")
_LINES_ON_A_MAC = ("left_header", "center_header", "right_header", "left_footer", "center_footer", "right_footer")
_LINES_IN_LIBREOFFICE = tuple(f"{side}Page{end}Content" for side in ("Left", "Right") for end in ("Header", "Footer"))
_PARTS_OF_A_LINE = ("LeftText", "CenterText", "RightText")
_DOWN = re.compile(r"\$(?P<column>[A-Z]+)\$(?P<first>\d+)(?::\$(?P=column)\$\d+)?")
_IS_ON_A_MAC = sys.platform == "darwin"


def _with_plain_errors(function: Callable[_Given, _Returned]) -> Callable[_Given, _Returned]:
    return plainly(function, function.__name__.replace("_", " "))


def is_libreoffice(book: xw.Book) -> bool:
    """Return whether a workbook is open in LibreOffice, which is asked for many things at once in words of its own."""
    return str(book.app.engine.name) == "libreoffice"


@_with_plain_errors
def is_protected(sheet: xw.Sheet) -> bool:
    """Return whether a worksheet is protected."""
    if is_libreoffice(sheet.book):
        return bool(sheet.api.isProtected())
    return bool(sheet.api.protect_contents.get() if _IS_ON_A_MAC else sheet.api.ProtectContents)


@_with_plain_errors
def is_read_only(book: xw.Book) -> bool:
    """Return whether a workbook was opened to be read alone."""
    if is_libreoffice(book):
        return bool(book.api.isReadonly())
    return bool(book.api.read_only.get() if _IS_ON_A_MAC else book.api.ReadOnly)


@_with_plain_errors
def words_for(chart: xw.Chart) -> str:
    """Return a chart's text for those who can't see it."""
    if is_libreoffice(chart.parent.book):
        return str(chart.impl.xl.Description)
    shape = chart.parent.shapes[chart.name].api
    return str((shape.alternative_text.get() if _IS_ON_A_MAC else shape.AlternativeText) or "")


@_with_plain_errors
def put_words_for(chart: xw.Chart, words: str) -> None:
    """Give a chart such a text."""
    if is_libreoffice(chart.parent.book):
        chart.impl.xl.Description = words
    elif _IS_ON_A_MAC:
        chart.parent.shapes[chart.name].api.alternative_text.set(words)
    else:
        chart.parent.shapes[chart.name].api.AlternativeText = words


@_with_plain_errors
def stretch(chart: xw.Chart, rows: Mapping[int, int]) -> None:
    """Let a chart's columns of cells that begin in some rows end in others, both counted from 1."""
    if is_libreoffice(chart.parent.book):
        _stretch_in_libreoffice(chart, rows)
        return
    for series in chart.series:
        former = str(series.api.formula.get() if _IS_ON_A_MAC else series.api.Formula)
        if (text := stretched(former, rows)) == former:
            continue
        if _IS_ON_A_MAC:
            series.api.formula.set(text)
        else:
            series.api.Formula = text


def stretched(formula: str, rows: Mapping[int, int]) -> str:
    """Return a series' formula, or LibreOffice's word for its cells, with other last rows.

    Examples
    --------
    >>> stretched("=SERIES(Trend!$B$5,Trend!$A$6:$A$9,Trend!$B$6:$B$9,1)", {6: 12})
    '=SERIES(Trend!$B$5,Trend!$A$6:$A$12,Trend!$B$6:$B$12,1)'
    """

    def over(found: re.Match[str]) -> str:
        last = rows.get(int(found["first"]))
        return f"${found['column']}${found['first']}:${found['column']}${last}" if last else found[0]

    return _DOWN.sub(over, formula)


def _stretch_in_libreoffice(chart: xw.Chart, rows: Mapping[int, int]) -> None:
    document = chart.impl.document
    provider = document.getDataProvider()

    def stretch_values(labelled: Any) -> None:
        values = labelled.getValues()
        former = values.getSourceRangeRepresentation()
        if (text := stretched(former, rows)) != former:
            made = provider.createDataSequenceByRangeRepresentation(text)
            made.Role = values.Role
            labelled.setValues(made)

    for series in chart.series:
        for labelled in series.api.getDataSequences():
            stretch_values(labelled)
    for system in document.FirstDiagram.CoordinateSystems:
        if (categories := system.getAxisByDimension(0, 0).getScaleData().Categories) is not None:
            stretch_values(categories)


@_with_plain_errors
def mark_pages(sheet: xw.Sheet, marking: str) -> None:
    """Let what is printed over and under every page of a worksheet have a marking where it has one."""
    if is_libreoffice(sheet.book):
        _mark_pages_in_libreoffice(sheet, marking)
        return
    setup = sheet.page_setup.api
    for line in _LINES_ON_A_MAC if _IS_ON_A_MAC else _LINES_IN_EXCEL:
        former = str((getattr(setup, line).get() if _IS_ON_A_MAC else getattr(setup, line)) or "")
        if (text := marked(former, marking)) == former:
            continue
        if _IS_ON_A_MAC:
            getattr(setup, line).set(text)
        else:
            setattr(setup, line, text)


def _mark_pages_in_libreoffice(sheet: xw.Sheet, marking: str) -> None:
    style = sheet.book.api.StyleFamilies.getByName("PageStyles").getByName(sheet.api.PageStyle)
    for line in _LINES_IN_LIBREOFFICE:
        content = getattr(style, line)
        texts = [portion for part in _PARTS_OF_A_LINE for portion in _portions(getattr(content, part))]
        changed = [text for text in texts if marked(text.String, marking) != text.String]
        for text in changed:
            text.String = marked(text.String, marking)
        if changed:
            setattr(style, line, content)  # what was asked for is a copy


def _portions(text: Any) -> Iterator[Any]:
    """Yield the runs of words in a text of LibreOffice's; a page number is none, and would become words itself."""
    paragraphs = text.createEnumeration()
    while paragraphs.hasMoreElements():
        portions = paragraphs.nextElement().createEnumeration()
        while portions.hasMoreElements():
            portion = portions.nextElement()
            if portion.TextPortionType == "Text":
                yield portion
