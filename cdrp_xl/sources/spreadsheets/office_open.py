"""The cells of an .xlsx workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdrp_xl.addresses import Rectangle, cell_at, parse
from cdrp_xl.packages import Walk, sheets_in, unescaped
from cdrp_xl.sources.spreadsheets.cells import (
    DATE_FORMATS,
    MOST_CELLS,
    MOST_SHEETS,
    PERCENT_FORMATS,
    Cell,
    Reading,
    SheetCells,
    Spreadsheet,
    day,
    is_date_format,
    refusal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cdrp_xl.packages import Package

_YES = {"1", "true"}
_NOTES = {"xl/comments": "{*}comment", "xl/drawings/": "{*}txBody"}
"""Where notes on cells and text boxes are, by the beginning of the part's name; a thread is there as a note too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """What the cells of every worksheet need: the texts they share, and which cell formats are dates or per cent."""

    texts: tuple[str, ...]
    dates: frozenset[int]
    percents: frozenset[int]
    is_1904: bool


def read(package: Package, path: Path) -> Spreadsheet:
    """Return the worksheets of a workbook.

    Parameters
    ----------
    package
        The open package.
    path
        Its file, for messages.

    Raises
    ------
    FileError
        If a part is missing or damaged, or the workbook holds more than any form.
    """
    part = package.workbook()
    workbook = package.parse(part)
    sheets = list(sheets_in(workbook, package.relations(part)))
    if len(sheets) > MOST_SHEETS:
        raise refusal(path, f"it has {len(sheets):,} worksheets")
    properties = workbook.find("{*}workbookPr")
    dates, percents = _formats(package, package.related(part, "styles"))
    reading = Reading(path=path)
    book = _Book(
        texts=_shared_texts(package, package.related(part, "sharedStrings"), reading),
        dates=dates,
        percents=percents,
        is_1904=properties is not None and properties.get("date1904") in _YES,
    )
    read = [
        _sheet(package, relation.target if relation else "", sheet.get("name", ""), book, reading)
        for sheet, relation in sheets
    ]
    pictures = sum(name.casefold().startswith("xl/media/") for name in package.parts)
    return Spreadsheet(sheets=tuple(read), pictures=pictures, notes=sum(_notes(package)))


def _sheet(package: Package, part: str, name: str, book: _Book, reading: Reading) -> SheetCells:
    merged: list[Rectangle] = []
    row = -1
    for _, element in Walk(package, part, tags=("{*}row", "{*}mergeCell")):
        if element.tag.endswith("}mergeCell"):
            block = parse(element.get("ref", ""))
            merged += [block] if block else []
            continue
        reading.saw()
        row = _number(element.get("r"), row + 2) - 1
        _row(element, row, book, reading)
    return reading.sheet(name, tuple(merged[:MOST_CELLS]))


def _row(element: Any, row: int, book: _Book, reading: Reading) -> None:
    column = -1
    for cell in element.iterfind("{*}c"):
        reading.saw()
        at = cell_at(cell.get("r", ""))
        column = at[1] if at else column + 1
        held = _cell(cell, book)
        if held is not None:
            reading.put(row, column, held)


def _cell(cell: Any, book: _Book) -> Cell | None:
    kind, shape = cell.get("t", "n"), _number(cell.get("s"), 0)
    is_formula = cell.find("{*}f") is not None
    text = _text(cell.find("{*}is")) if kind == "inlineStr" else cell.findtext("{*}v", "")
    if kind == "s":
        number = _number(text, -1)
        text = book.texts[number] if 0 <= number < len(book.texts) else ""
    if text == "" and not is_formula:
        return None
    if kind in {"s", "str", "inlineStr", "d"}:
        return Cell(value=unescaped(text) if kind == "str" else text, is_formula=is_formula)
    if kind == "b":
        return Cell(value=text in _YES, is_formula=is_formula)
    if kind == "e":
        return Cell(value=text, is_formula=is_formula, is_error=True)
    value = _float(text)
    if isinstance(value, float) and shape in book.dates:
        return Cell(value=day(value, is_1904=book.is_1904), is_formula=is_formula)
    return Cell(value=value, is_formula=is_formula, is_percent=shape in book.percents)


def _notes(package: Package) -> Iterator[int]:
    """Yield for each part how many notes on cells or text boxes with words it holds."""
    for part in package.parts:
        tag = next((tag for start, tag in _NOTES.items() if part.casefold().startswith(start)), "")
        if tag and part.casefold().endswith(".xml"):
            yield sum("".join(note.itertext()).strip() != "" for _, note in Walk(package, part, tags=(tag,)))


def _shared_texts(package: Package, parts: Sequence[str], reading: Reading) -> tuple[str, ...]:
    texts: list[str] = []
    for _, element in (found for part in parts[:1] for found in Walk(package, part, tags=("{*}si",))):
        texts.append(_text(element))
        reading.spelled(len(texts[-1]))
        if len(texts) > MOST_CELLS:
            raise refusal(reading.path, f"it holds more than {MOST_CELLS:,} texts")
    return tuple(texts)


def _text(element: Any) -> str:
    """Return the text of a cell or of its differently formatted parts, without the hints of how it is spoken."""
    if element is None:
        return ""
    runs = [*element.iterfind("{*}t"), *element.iterfind("{*}r/{*}t")]
    return unescaped("".join(run.text or "" for run in runs))


def _formats(package: Package, parts: Sequence[str]) -> tuple[frozenset[int], frozenset[int]]:
    """Return which cell formats show dates, and which per cent."""
    if not parts:
        return frozenset(), frozenset()
    styles = package.parse(parts[0])
    own = {
        _number(each.get("numFmtId"), -1): each.get("formatCode", "")
        for each in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    dates = DATE_FORMATS | {number for number, code in own.items() if is_date_format(code)}
    percents = PERCENT_FORMATS | {number for number, code in own.items() if "%" in code}
    numbers = [_number(each.get("numFmtId"), 0) for each in styles.iterfind("{*}cellXfs/{*}xf")]
    return (
        frozenset(shape for shape, number in enumerate(numbers) if number in dates - percents),
        frozenset(shape for shape, number in enumerate(numbers) if number in percents),
    )


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < len("1234567890") else otherwise


def _float(text: str) -> float | str:
    """Return the number of a cell, or its text where it is not one."""
    try:
        return float(text)
    except ValueError:
        return text
