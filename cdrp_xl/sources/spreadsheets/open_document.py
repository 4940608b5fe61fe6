"""The cells of an .ods spreadsheet."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from cdrp_xl.addresses import Rectangle
from cdrp_xl.packages import Walk
from cdrp_xl.sources.spreadsheets.cells import MOST_SHEETS, Cell, Reading, SheetCells, Spreadsheet, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from cdrp_xl.packages import Package

_CONTENT = "content.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_NOTES = (f"{_OFFICE}annotation", f"{_DRAW}text-box", f"{_DRAW}custom-shape")
_LINKS = ("table-source", "dde-source", "dde-link", "database-source-table", "object", "object-ole", "applet", "plugin")
_MOST_REPEATED = 1_000
"""How often one cell that holds something is taken as repeated; programs write blank ones so, over whole rows."""


def read(package: Package, path: Path) -> Spreadsheet:
    """Return the worksheets of a spreadsheet.

    Parameters
    ----------
    package
        The open package.
    path
        Its file, for messages.

    Raises
    ------
    FileError
        If the content is damaged, links to elsewhere, or holds more than any form.
    """
    reading, sheets, rows, notes = Reading(path=path), list[SheetCells](), _Rows(), 0
    tags = (f"{_TABLE}table-row", f"{_TABLE}shapes", f"{_TABLE}table", *(f"{{*}}{link}" for link in _LINKS))
    for _, element in Walk(package, _CONTENT, tags=tags):
        if element.tag == f"{_TABLE}table-row":
            notes += _notes(element)
            rows.add(element, reading)
        elif element.tag == f"{_TABLE}shapes":
            notes += _notes(element)
        elif element.tag == f"{_TABLE}table":
            sheets.append(reading.sheet(element.get(f"{_TABLE}name", ""), tuple(rows.merged)))
            rows = _Rows()
        else:
            raise refusal(path, "it contains embedded files or links to elsewhere, which no form has")
        if len(sheets) > MOST_SHEETS:
            raise refusal(path, f"it has more than {MOST_SHEETS} worksheets")
    pictures = sum(name.casefold().startswith("pictures/") for name in package.parts)
    return Spreadsheet(sheets=tuple(sheets), pictures=pictures, notes=notes)


class _Rows:
    """The rows of one worksheet as they come."""

    def __init__(self) -> None:
        self.merged: list[Rectangle] = []
        self._row = 0

    def add(self, element: Any, reading: Reading) -> None:
        """Read one row, which may represent several."""
        reading.saw()
        cells = list(self._cells(element, reading))
        repeated = _repeated(element, "rows")
        for row in range(self._row, self._row + min(repeated, _MOST_REPEATED)) if cells else ():
            for column, cell in cells:
                reading.put(row, column, cell)
        self._row += repeated

    def _cells(self, element: Any, reading: Reading) -> list[tuple[int, Cell]]:
        column, held = 0, []
        for each in element:
            if each.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
                continue
            reading.saw()
            repeated = _repeated(each, "columns")
            reading.spelled(sum(_spaces(run) for run in each.iter(f"{_TEXT}s")))
            if (cell := _cell(each)) is not None:
                held += [(at, cell) for at in range(column, column + min(repeated, _MOST_REPEATED))]
            down, across = (_whole(each.get(f"{_TABLE}number-{way}-spanned")) for way in ("rows", "columns"))
            if down > 1 or across > 1:
                self.merged.append(Rectangle(row=self._row, column=column, rows=down, columns=across))
            column += repeated
        return held


def _cell(element: Any) -> Cell | None:
    kind = element.get(f"{_OFFICE}value-type", "")
    formula = element.get(f"{_TABLE}formula")
    text = "\n".join(_shown(paragraph) for paragraph in element.iterfind(f"{_TEXT}p"))
    if kind == "string":
        text = element.get(f"{_OFFICE}string-value", text)
    is_formula = formula is not None
    is_error = element.get(f"{_CALC}value-type") == "error"
    if kind in {"float", "percentage", "currency"}:
        value = _float(element.get(f"{_OFFICE}value", ""))
        return Cell(value=value, is_formula=is_formula, is_percent=kind == "percentage")
    if kind == "boolean":
        return Cell(value=element.get(f"{_OFFICE}boolean-value") == "true", is_formula=is_formula)
    if kind == "date":
        return Cell(value=_day(element.get(f"{_OFFICE}date-value", "")), is_formula=is_formula)
    return Cell(value=text, is_formula=is_formula, is_error=is_error) if text or is_formula else None


def _shown(element: Any) -> str:
    """Return the text of a paragraph, its spaces, tabs and line breaks as they were typed."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * _spaces(child))
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif isinstance(child.tag, str):
            parts.append(_shown(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _spaces(element: Any) -> int:
    return min(_whole(element.get(f"{_TEXT}c")), _MOST_REPEATED)


def _notes(element: Any) -> int:
    """Return how many notes on cells and text boxes with words an element holds."""
    return sum("".join(note.itertext()).strip() != "" for note in element.iter(*_NOTES))


def _repeated(element: Any, way: str) -> int:
    return _whole(element.get(f"{_TABLE}number-{way}-repeated"))


def _whole(text: str | None) -> int:
    """Return a count of 1 or more, no larger than any worksheet."""
    is_whole = text is not None and text.isdecimal() and text.isascii() and len(text) < len("12345678")
    return max(1, int(text or 1)) if is_whole else 1


def _float(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _day(text: str) -> dt.date | str:
    try:
        return dt.date.fromisoformat(text[: len("2011-04-01")])
    except ValueError:
        return text
