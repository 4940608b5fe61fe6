"""What the forms of a published copy hold, each read by a library that did not write it."""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING

import frictionless
import lxml.etree
import lxml.html
import openpyxl
import pandas as pd
from docx2python import docx2python
from docx2python.iterators import is_tbl
from openpyxl.utils import range_boundaries

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Tables = dict[str, list[list[object]]]
"""The rows of each table, its headings first, by the table's name."""


def of_copy(copy: Path) -> Tables:
    """Return the tables of the workbook, as openpyxl reads them."""
    found: Tables = {}
    for sheet in openpyxl.load_workbook(copy).worksheets:
        for table in sheet.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            rows = sheet.iter_rows(top, bottom, left, right, values_only=True)
            found[table.displayName] = [list(map(_plain, row)) for row in rows]
    return found


def shown_in_copy(copy: Path, shown: dict[str, list[list[str]]]) -> Tables:
    """Return the tables of the workbook as a program shows them, of whose worksheets `shown` has every cell."""
    found: Tables = {}
    for sheet in openpyxl.load_workbook(copy).worksheets:
        for table in sheet.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            found[table.displayName] = [row[left - 1 : right] for row in shown[sheet.title][top - 1 : bottom]]
    return found


def texts_of_copy(copy: Path) -> dict[str, str]:
    """Return what each worksheet says beside its tables, in one line."""
    found = {}
    for sheet in openpyxl.load_workbook(copy).worksheets:
        areas = [range_boundaries(table.ref) for table in sheet.tables.values()]
        texts = (
            str(cell.value)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None and not any(a <= cell.column <= c and b <= cell.row <= d for a, b, c, d in areas)
        )
        found[sheet.title] = _in_one_line(" ".join(texts))
    return found


def of_page(page: Path) -> Tables:
    """Return the tables of the page, as lxml's HTML parser reads them."""
    found: Tables = {}
    for table in lxml.html.parse(str(page)).iter("table"):
        rows = [[_held(cell) for cell in row] for row in table.iter("tr")]
        found[table.get("id")] = rows
    return found


def texts_of_page(page: Path) -> dict[str, str]:
    """Return what each section says beside its tables and charts, in one line."""
    found = {}
    for section in lxml.html.parse(str(page)).iter("header", "nav", "section"):
        named = section.find("p[@class='name']")
        title = section.find("h1") if section.tag == "header" else section.find("h2")
        name = "Cover" if section.tag == "header" else (title if named is None else named).text_content()
        texts = (each for each in section if each.tag in {"h1", "h2", "h3", "p"})
        shown = (each.text_content() for each in texts if each.get("class") not in {"name", "back"})
        found[name] = _in_one_line(" ".join(shown))
    return found


def of_data(archive: Path, folder: Path) -> Tables:
    """Return the tables of the data package, typed by Frictionless; a symbol in the place of a figure as it is written.

    The archive is unpacked into the folder.
    """
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    found: Tables = {}
    for resource in frictionless.Package(folder / "datapackage.json").resources:
        with (folder / resource.path).open(encoding="utf-8", newline="") as file:
            written = list(csv.reader(file))
        with resource:
            typed = [row.to_list() for row in resource.row_stream]
        rows = zip(typed, written[1:], strict=True)
        found[resource.name] = [written[0], *([*map(_typed, *row)] for row in rows)]
    return found


def of_document(document: Path) -> list[list[list[str]]]:
    """Return the rows of each table of the Word document, as docx2python reads them, of a chart no words."""
    with docx2python(document) as read:
        tables = [table for table, shown in zip(read.body, read.body_pars, strict=True) if is_tbl(shown)]
    return [[[_DRAWN.sub("", "\n".join(cell)) for cell in row] for row in table] for table in tables]


def texts_of_document(document: Path) -> list[str]:
    """Return what each section of the Word document says beside its tables, in one line, but for their captions."""
    found: list[list[str]] = [[]]
    for paragraph in _document(document).iterfind(f"{_W}body/{_W}p"):
        style = next((str(each.get(f"{_W}val")) for each in paragraph.iter(f"{_W}pStyle")), "")
        leads = [str(each.get(f"{_W}anchor")) for each in paragraph.iter(f"{_W}hyperlink")]
        if style == "Heading1":
            found.append([])
        if style not in {"ReportPage", "Caption"} and not any(each.startswith("page_") for each in leads):
            found[-1].append("".join(paragraph.itertext(f"{_W}t")))
    return [_in_one_line(" ".join(texts)) for texts in found]


def charts_of_document(document: Path) -> tuple[dict[str, list[str]], list[tuple[str, list[str]]]]:
    """Return what each chart of the Word document holds: those by alternative text, and the small ones in order."""
    found, small = {}, []
    with zipfile.ZipFile(document) as package:
        led = lxml.etree.fromstring(package.read("word/_rels/document.xml.rels"))
        targets = {each.get("Id"): f"word/{each.get('Target')}" for each in led}
        for drawn in _document(document).iter(f"{{{_DRAWING}}}inline"):
            (said,) = (each.get("descr") for each in drawn.iter(f"{{{_DRAWING}}}docPr"))
            (part,) = (targets[next(iter(each.attrib.values()))] for each in drawn.iter(f"{_C}chart"))
            held = [each.text for each in lxml.etree.fromstring(package.read(part)).iter(f"{_C}v")]
            if next(drawn.iterancestors(f"{_W}tbl"), None) is None:
                found[said] = held
            else:
                small.append((said, held))
    return found, small


def small_charts_of_copy(copy: Path) -> list[list[str]]:
    """Return what the cells of each small chart of the workbook hold: heading, months and figures, from the top."""
    book = openpyxl.load_workbook(copy)
    found = []
    with zipfile.ZipFile(copy) as package:
        for number in range(len(book.worksheets)):
            drawn = lxml.etree.fromstring(package.read(f"xl/worksheets/sheet{number + 1}.xml")).iter("{*}sparkline")
            refers = {int(re.sub(r"\D", "", each.findtext("{*}sqref"))): each.findtext("{*}f") for each in drawn}
            for _, reference in sorted(refers.items()):
                name, _, cells = reference.rpartition("!")
                sheet = book[name.strip("'")]
                column, top, _, bottom = range_boundaries(cells)
                (table,) = (each for each in sheet.tables.values() if _heads(each.ref, column, top))
                rows = [
                    (sheet.cell(row, range_boundaries(table.ref)[0]), sheet.cell(row, column))
                    for row in range(top, bottom + 1)
                ]
                figures = [str(cell.value) for _, cell in rows if not isinstance(cell.value, str)]
                found.append([sheet.cell(top - 1, column).value, *(month.value for month, _ in rows), *figures])
    return found


def _heads(area: str, column: int, top: int) -> bool:
    left, heading, right, _ = range_boundaries(area)
    return bool(left <= column <= right and heading == top - 1)


def charts_of_copy(copy: Path) -> dict[str, list[str]]:
    """Return what each chart of the workbook keeps of its cells, by its alternative text."""
    found = {}
    with zipfile.ZipFile(copy) as package:
        for name in (each for each in package.namelist() if each.startswith("xl/drawings/drawing")):
            folder, _, file = name.rpartition("/")
            led = lxml.etree.fromstring(package.read(f"{folder}/_rels/{file}.rels"))
            targets = {each.get("Id"): each.get("Target").replace("../", "xl/") for each in led}
            for frame in lxml.etree.fromstring(package.read(name)).iter("{*}graphicFrame"):
                said = next(frame.iter("{*}cNvPr")).get("descr")
                part = targets[next(iter(next(frame.iter(f"{_C}chart")).attrib.values()))]
                found[said] = [each.text for each in lxml.etree.fromstring(package.read(part)).iter(f"{_C}v")]
    return found


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWN = re.compile(r"----Image alt text---->[^<]*<")
"""What docx2python writes in the place of a chart."""

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"


def _document(document: Path) -> lxml.etree._Element:
    with zipfile.ZipFile(document) as package:
        return lxml.etree.fromstring(package.read("word/document.xml"))


def _typed(value: object, written: str) -> object:
    return float(value) if isinstance(value, Decimal) else (written or None) if value is None else value


def without_empty_columns(tables: Tables) -> Tables:
    """Return tables without the columns in which nothing but small charts is drawn, or said that there is none."""
    found: Tables = {}
    for name, rows in tables.items():
        columns = [[row[at] for row in rows[1:]] for at in range(len(rows[0]))]
        kept = [at for at, held in enumerate(columns) if None not in held or set(held) - {None, "[z]"}]
        found[name] = [[row[at] for at in kept] for row in rows]
    return found


def of_frames(frames: Mapping[str, pd.DataFrame]) -> Tables:
    """Return the tables of frames, a symbol in the place of the figure that is missing."""
    found: Tables = {}
    for name, frame in frames.items():
        headings = [each for each in frame.columns if not str(each).endswith("_symbol")]
        columns = [_in_frame(frame, heading) for heading in headings]
        found[name] = [headings, *(list(row) for row in zip(*columns, strict=True))]
    return found


def _in_frame(frame: pd.DataFrame, heading: str) -> list[object]:
    symbols = frame.get(f"{heading}_symbol", frame[heading])
    together = [symbol if pd.isna(value) else value for value, symbol in zip(frame[heading], symbols, strict=True)]
    plain = [value.date() if isinstance(value, pd.Timestamp) else value for value in together]
    return [None if pd.isna(value) or value == "" else value for value in plain]


def shown_in_page(page: Path) -> Tables:
    """Return the tables of the page as a reader sees them."""
    tables = lxml.html.parse(str(page)).iter("table")
    return {each.get("id"): [[cell.text_content() for cell in row] for row in each.iter("tr")] for each in tables}


def differing(one: Tables, other: Tables) -> list[tuple[object, ...]]:
    """Return what differs between two forms, each cell with its place; both have the same tables."""
    assert one
    assert list(one) == list(other)
    found: list[tuple[object, ...]] = []
    for name, rows in one.items():
        others = other[name]
        if (len(rows), {len(row) for row in rows}) != (len(others), {len(row) for row in others}):
            found.append((name, len(rows), len(others)))
        found += [
            (name, down, across, value, beside)
            for down, (row, row_beside) in enumerate(zip(rows, others, strict=False))
            for across, (value, beside) in enumerate(zip(row, row_beside, strict=False))
            if not is_same(value, beside)
        ]
    return found


def is_same(one: object, other: object) -> bool:
    """Return whether two forms hold the same; a workbook holds 16 digits of a figure."""
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-14)
    return one == other


def _held(cell: lxml.html.HtmlElement) -> object:
    """Return what a cell of the page holds: a figure, a date, a text, or nothing where only a chart is."""
    figure, day, drawn = (cell.find(tag) for tag in ("data", "time", "svg"))
    if figure is not None:
        return float(figure.get("value"))
    if day is not None:
        return dt.date.fromisoformat(day.get("datetime"))
    return None if drawn is not None else cell.text_content() or None


def _plain(value: object) -> object:
    return value.date() if isinstance(value, dt.datetime) else value


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
