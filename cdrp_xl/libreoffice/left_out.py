"""What LibreOffice leaves out of an Excel file that it saves, and is put back into it.

A LibreOffice without a window writes no frozen panes, gridlines, zoom and active worksheet; LibreOffice 7 knows no
table styles at all, and writes a chart's names that are in no cell as Excel does not.
"""

from __future__ import annotations

import re
import shutil
import uuid
import zipfile
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lxml import etree

from cdrp_xl.addresses import Rectangle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

EXCEL = (".xlsx", ".xlsm")
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_TABLE = re.compile(r"xl/tables/[^/]+\.xml")
_CHART = re.compile(r"xl/charts/chart\d+\.xml")
# Excel has a name of a series that is in no cell as plain text, LibreOffice as a formula.
_LITERAL_NAME = re.compile(
    rb"<c:tx><c:strRef><c:f>&quot;[^<]*</c:f><c:strCache><c:ptCount[^>]*/>"
    rb'<c:pt idx="0"><c:v>([^<]*)</c:v></c:pt></c:strCache></c:strRef></c:tx>'
)
_NAMED = re.compile(rb'\bdisplayName="([^"]*)"')
_VIEW = re.compile(r"<(?:\w+:)?sheetView\b[^>]*")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_VIEWS = re.compile(rb"<sheetViews>(.*?)</sheetViews>", re.DOTALL)
_STYLED = re.compile(rb"<tableStyleInfo\b[^>]*>(?:</tableStyleInfo>)?")
_FLAGS = ("showFirstColumn", "showLastColumn", "showRowStripes", "showColumnStripes")
_BEFORE_THE_CELLS = 8192  # bytes of a worksheet's part that its view is among
_ALL = 100  # per cent
_FROZEN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a worksheet shows: its gridlines, its zoom in per cent, and how many rows and columns are frozen."""

    has_gridlines: bool = True
    zoom: int = _ALL
    rows: int = 0
    columns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TableStyle:
    """A table's style by Excel's name, "" for none, and what of it shows."""

    name: str = ""
    first_column: bool = False
    last_column: bool = False
    row_stripes: bool = True
    column_stripes: bool = False


@dataclass(slots=True, kw_only=True)
class Kept:
    """What is kept of an open workbook beside LibreOffice: views and table styles, by names in small letters."""

    views: dict[str, View] = field(default_factory=dict)
    styles: dict[str, TableStyle] = field(default_factory=dict)


def of_file(path: Path) -> Kept:
    """Return what an Excel file has of it; nothing where there is no such file, or one with a password."""
    if path.suffix.lower() not in EXCEL or not zipfile.is_zipfile(path):
        return Kept()
    with zipfile.ZipFile(path) as file:
        return Kept(views=dict(_views(file)), styles=dict(_styles(file)))


def _views(file: zipfile.ZipFile) -> Iterator[tuple[str, View]]:
    parts = set(file.namelist())
    if not {_BOOK, _LINKS} <= parts:
        return
    targets = {link.get("Id"): link.get("Target") for link in _parsed(file, _LINKS)}
    for sheet in _parsed(file, _BOOK).iterfind("{*}sheets/{*}sheet"):
        target = targets.get(next((value for name, value in sheet.items() if name.endswith("}id")), None)) or ""
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in parts:
            with file.open(part) as content:
                start = content.read(_BEFORE_THE_CELLS).decode(errors="replace")
            view = dict(_ATTRIBUTE.findall("".join(_VIEW.findall(start)[:1])))
            has_gridlines = view.get("showGridLines", "1") in ("1", "true")
            yield sheet.get("name").casefold(), View(has_gridlines=has_gridlines, zoom=int(view.get("zoomScale", _ALL)))


def _styles(file: zipfile.ZipFile) -> Iterator[tuple[str, TableStyle]]:
    for name in filter(_TABLE.fullmatch, file.namelist()):
        table = _parsed(file, name)
        info = table.find("{*}tableStyleInfo")
        if info is not None:
            first, last, rows, columns = (info.get(flag, "0") in ("1", "true") for flag in _FLAGS)
            yield (
                table.get("displayName", "").casefold(),
                TableStyle(
                    name=info.get("name", ""),
                    first_column=first,
                    last_column=last,
                    row_stripes=rows,
                    column_stripes=columns,
                ),
            )


def _parsed(file: zipfile.ZipFile, part: str) -> Any:
    return etree.fromstring(file.read(part), etree.XMLParser(resolve_entities=False))


def views(document: Any, kept: Kept) -> list[View]:
    """Return how each worksheet shows, the frozen ones as LibreOffice knows them."""
    panes = _panes(document.CurrentController.getViewData())
    found = []
    for number, name in enumerate(document.Sheets.ElementNames):
        columns, rows = panes[number] if number < len(panes) else (0, 0)
        found.append(replace(kept.views.get(name.casefold(), View()), rows=rows, columns=columns))
    return found


def _panes(data: str) -> list[tuple[int, int]]:
    """Return the frozen columns and rows of each worksheet from what LibreOffice says of its view.

    That is the zoom, the worksheet's number and the width of the tabs; then for each worksheet the cursor's column and
    row, how it is split across and down (2 for frozen) and where, and more. UNO's getSplitRow counts a row too many.
    """
    found = []
    for sheet in (part for part in data.split(";")[2:] if not part.startswith("tw:")):
        _column, _row, across, down, columns, rows, *_more = map(int, re.split("[/+]", sheet))
        found.append((columns if across == _FROZEN else 0, rows if down == _FROZEN else 0))
    return found


def put_back(path: Path, shown: Sequence[View], active: int, styles: Mapping[str, TableStyle]) -> None:
    """Put views and table styles into an Excel file as LibreOffice saved it, which is written beside and renamed."""
    with zipfile.ZipFile(path) as saved:
        completed = dict(_completed(saved, shown, active, styles))
    if not completed:
        return
    beside = path.with_name(f".{uuid.uuid4().hex[:12]}-{path.name}")
    try:
        with zipfile.ZipFile(path) as saved, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as made:
            for part in saved.infolist():
                content = completed.get(part.filename)
                made.writestr(part, saved.read(part) if content is None else content)
        shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _completed(
    file: zipfile.ZipFile, shown: Sequence[View], active: int, styles: Mapping[str, TableStyle]
) -> Iterator[tuple[str, bytes]]:
    """Yield the parts that are not as they should be, as they should."""
    for number, view in enumerate(shown):
        if active or view != View():
            # LibreOffice numbers the parts in the order of the worksheets.
            name = f"xl/worksheets/sheet{number + 1}.xml"
            written = _with_view(view, is_active=number == active)
            yield name, _VIEWS.sub(written, file.read(name), 1)
    if active:
        book = file.read(_BOOK)
        yield _BOOK, re.sub(rb'\bactiveTab="\d+"', b'activeTab="%d"' % active, book, count=1)
    for name in filter(_TABLE.fullmatch, file.namelist()):
        table = file.read(name)
        named = _NAMED.search(table)
        style = styles.get(named[1].decode().casefold()) if named else None
        if style is not None:
            yield name, _with_style(table, style)
    for name in filter(_CHART.fullmatch, file.namelist()):
        chart, literal_names = _LITERAL_NAME.subn(rb"<c:tx><c:v>\1</c:v></c:tx>", file.read(name))
        if literal_names:
            yield name, chart


def _with_view(view: View, *, is_active: bool) -> Callable[[re.Match[bytes]], bytes]:
    """Return a function that completes the view of one worksheet where it is found."""
    return lambda found: _view_element(found[1], view, is_active=is_active)


def _view_element(written: bytes, view: View, *, is_active: bool) -> bytes:
    element = etree.fromstring(written)
    element.set("showGridLines", str(int(view.has_gridlines)))
    element.set("tabSelected", str(int(is_active)))
    element.set("zoomScale", str(view.zoom))
    element.set("zoomScaleNormal", str(view.zoom))
    if view.rows or view.columns:
        for selection in list(element):
            element.remove(selection)
        place = {"xSplit": view.columns, "ySplit": view.rows}
        pane = etree.SubElement(element, "pane", {key: str(value) for key, value in place.items() if value})
        across, down = ("Right" if view.columns else "Left"), ("bottom" if view.rows else "top")
        pane.set("topLeftCell", Rectangle(row=view.rows, column=view.columns).address)
        pane.set("activePane", f"{down}{across}")
        pane.set("state", "frozen")
    return b"<sheetViews>%s</sheetViews>" % etree.tostring(element)


def _with_style(table: bytes, style: TableStyle) -> bytes:
    info = etree.Element("tableStyleInfo", {"name": style.name} if style.name else {})
    flags = (style.first_column, style.last_column, style.row_stripes, style.column_stripes)
    for flag, value in zip(_FLAGS, flags, strict=True):
        info.set(flag, str(int(value)))
    return _STYLED.sub(b"", table).replace(b"</table>", etree.tostring(info) + b"</table>")
