"""Rules on what calculates, runs, or leads out of the workbook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdrp_xl.addresses import CELL, QUOTED_SHEET, WHOLE_COLUMNS, WHOLE_ROWS
from cdrp_xl.errors import quoted
from cdrp_xl.publication.book import Form, block, sheet_in
from cdrp_xl.publication.findings import Severity, rule
from cdrp_xl.publication.kinds import ALLOWED, DANGEROUS_TYPES
from cdrp_xl.publication.places import Places, Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.publication.book import Book, Name

_PRINTING = frozenset({"_xlnm.print_area", "_xlnm.print_titles", "_xlnm._filterdatabase"})
"""The third is where a filter is, which its worksheet says too."""

_SHEET = rf"\$?({QUOTED_SHEET}|[^'!,.:\"]+)[!.]"
_CELLS = rf"\.?{CELL}(:{CELL})?|{WHOLE_ROWS}|{WHOLE_COLUMNS}"
_PRINTED = re.compile(rf"(({_SHEET})?({_CELLS})(,|$))+|#REF!", re.IGNORECASE)
"""What names of print titles, print areas and filters may refer to: blocks of cells, rows or columns."""

_PERSONAL = (
    r"-my\.sharepoint\.com|onedrive\.live\.com|d\.docs\.live\.net|1drv\.ms|(drive|docs)\.google\.com|dropbox\.com|"
    r"icloud\.com|box\.com|mega\.nz|wetransfer\.com"
)
_ON_THE_WEB = re.compile(
    rf"mailto:|https?://(?![^/?#]*({_PERSONAL})([:/?#]|$))(?![^/?#]*sharepoint\.com/(:\w:/\w/)?personal/)"
    r"(?!localhost|10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)"
    r"(?![^/?#]*\.(local|lan|internal|intranet|corp|home)([:/?#]|$))[^/?#]*\.[^/?#]",
    re.IGNORECASE,
)
"""A host on the web has a dot in its name; one without, those of private networks, and folders that people keep on the
web under their accounts are not for readers."""
_ELSEWHERE = re.compile(r"\[[^\]]+\]|\bfile:|\\\\", re.IGNORECASE)
_LONGEST_SHOWN = 80


@rule(
    "formula",
    Severity.BLOCKS,
    what="There are formulas",
    why="They can show what they were counted from, and another figure on another computer.",
    remedy="Copy the cells and paste them as values.",
)
def formula(book: Book) -> Iterator[Spot]:
    """Find cells with formulas."""
    for sheet in book.sheets:
        if sheet.formulas:
            yield Spot(part=sheet.part, sheet=sheet.name, cell=sheet.formulas.first[0], detail=str(sheet.formulas))


@rule(
    "table-formula",
    Severity.BLOCKS,
    what="A table keeps formulas for its columns",
    why="They can show what the figures were counted from, and fill the next row that is typed.",
    remedy="Turn the table into a range and mark it as a table again.",
)
def table_formula(book: Book) -> Iterator[Spot]:
    """Find formulas that a table keeps for its columns."""
    for sheet in book.sheets:
        for table in sheet.tables:
            if table.formulas:
                yield Spot(part=table.part, sheet=sheet.name, detail=f"table {table.name}")


@rule(
    "defined-name",
    Severity.BLOCKS,
    what="There are defined names",
    why="Names can point to other files, people and worksheets, and can hold values that no cell shows.",
    remedy="In Excel: Formulas, Name Manager, delete every name. Names that are not listed go with a new workbook.",
)
def defined_name(book: Book) -> Iterator[Spot]:
    """Find names other than those of print titles, print areas and filters."""
    of_sheet: dict[str, Places] = {}
    for name in book.names:
        if not _is_for_printing(name) and not _is_plain_range(book, name):
            hidden = ", which programs don't list" if name.is_hidden else ""
            of_sheet.setdefault(name.sheet, Places()).add(f"{quoted(name.name[:_LONGEST_SHOWN])}{hidden}")
    for sheet, names in of_sheet.items():
        yield Spot(part=book.workbook_part, sheet=sheet, detail=str(names))


@rule(
    "named-range",
    Severity.LOOK,
    what="Cells have names",
    why="Readers find the names in the list beside the cells' formulas, and go to what each refers to.",
    remedy="Read them; in Excel: Formulas, Name Manager; delete those that are not for the readers.",
)
def named_range(book: Book) -> Iterator[Spot]:
    """Find names of blocks of cells that everyone sees."""
    names = Places()
    for name in book.names:
        if _is_plain_range(book, name):
            names.add(quoted(name.name[:_LONGEST_SHOWN]))
    if names:
        yield Spot(part=book.workbook_part, detail=str(names))


def _is_plain_range(book: Book, name: Name) -> bool:
    """Return whether a name, which programs list, refers to a block of cells of a worksheet that everyone sees."""
    sheet = book.sheet_named(sheet_in(name.refers_to.replace("$'", "'").lstrip("$")))
    is_block = block(name.refers_to) is not None and not _ELSEWHERE.search(name.refers_to)
    is_seen = sheet is not None and sheet.state == "visible"
    return is_seen and is_block and not name.is_hidden and not name.name.startswith("_")


def _is_for_printing(name: Name) -> bool:
    refers_to = name.refers_to.replace(":.", ":")  # OpenDocument has a dot before both ends
    is_plain = _PRINTED.fullmatch(refers_to) is not None and not _ELSEWHERE.search(refers_to)
    return name.name.casefold() in _PRINTING and (is_plain or not refers_to)


@rule(
    "assigned-macro",
    Severity.BLOCKS,
    what="A shape runs a macro when it is clicked",
    why="The macro may be in another workbook that the reader trusts.",
    remedy="Delete the shape, or take the macro away from it.",
)
def assigned_macro(book: Book) -> Iterator[Spot]:
    """Find shapes that run a macro when they are clicked."""
    for sheet in book.sheets:
        for each in sheet.drawn:
            if each.macro:
                yield Spot(part=each.part, sheet=sheet.name, cell=each.cell, detail=f'"{each.macro[:_LONGEST_SHOWN]}"')


@rule(
    "macro-type",
    Severity.BLOCKS,
    what="The workbook is stored as one for macros, as a template or as an add-in",
    why="Readers' mail systems stop such files, and rightly.",
    remedy="Save it as an .xlsx workbook, and check that file.",
)
def made_for_macros(book: Book) -> Iterator[Spot]:
    """Find a workbook that is stored as one for macros, as a template or as an add-in."""
    part = book.parts.get(book.workbook_part)
    if part and book.form in {Form.OPEN_XML, Form.WORD} and DANGEROUS_TYPES.search(part.content_type):
        yield Spot(part=part.name, detail=part.content_type)


@rule(
    "leads-out",
    Severity.BLOCKS,
    what="A part leads to something outside the workbook",
    why="A program may fetch it when the workbook is opened, and it says where things are kept.",
    remedy="Put a copy of the picture or the values into the workbook in its place.",
)
def leads_out(book: Book) -> Iterator[Spot]:
    """Find relationships out of the package that are no hyperlinks, and not of parts that are found themselves."""
    for line in book.relationships:
        is_found = line.source in book.parts and book.parts[line.source].kind not in ALLOWED
        if line.is_external and line.kind != "hyperlink" and not is_found:
            sheet = book.sheet_of(line.source)
            yield Spot(part=line.source, sheet=sheet, detail=f'"{line.target[:_LONGEST_SHOWN]}"')
    yield from (spot for kind, spot in book.also if kind == "outside")


@rule(
    "hyperlink-to-file",
    Severity.BLOCKS,
    what="A hyperlink leads to a file, or into an organisation's own network",
    why="Readers can't open it, and it says where things are kept and under whose account.",
    remedy="Remove the hyperlink.",
)
def hyperlink_to_file(book: Book) -> Iterator[Spot]:
    """Find hyperlinks to anything but a place in the workbook, a page of the web or an address of e-mail."""
    for line in book.relationships:
        is_link = line.is_external and line.kind == "hyperlink"
        is_of_drawing = line.source in book.parts and book.parts[line.source].kind in {"drawing", "chart"}
        if is_link and is_of_drawing and not _ON_THE_WEB.match(line.target):
            detail = f'"{line.target[:_LONGEST_SHOWN]}"'
            yield Spot(part=line.source, sheet=book.sheet_of(line.source), detail=detail)
    for sheet in book.sheets:
        for link in sheet.links:
            if link.is_external and not _ON_THE_WEB.match(link.target):
                yield Spot(
                    part=sheet.part, sheet=sheet.name, cell=link.cell, detail=f'"{link.target[:_LONGEST_SHOWN]}"'
                )


@rule(
    "refers-elsewhere",
    Severity.BLOCKS,
    what="A chart or a rule of a cell refers to another file",
    why="It says where things are kept, and what it shows can't be checked here.",
    remedy="Make it refer to cells of this workbook.",
)
def refers_elsewhere(book: Book) -> Iterator[Spot]:
    """Find references to other files in validations, conditional formats and charts."""
    for sheet in book.sheets:
        if sheet.root is not None:
            tags = ("{*}formula", "{*}formula1", "{*}formula2", "{*}f")
            texts = [element.text or "" for element in sheet.root.iter(*tags)]
            for text in texts:
                if _ELSEWHERE.search(text):
                    yield Spot(part=sheet.part, sheet=sheet.name, detail=f'"{text[:_LONGEST_SHOWN]}"')
        for chart in sheet.charts:
            outside = [cached.refers_to for cached in chart.caches if _ELSEWHERE.search(cached.refers_to)]
            if outside:
                yield Spot(part=chart.part, sheet=sheet.name, detail=f'"{outside[0][:_LONGEST_SHOWN]}"')


RULES = (
    formula,
    table_formula,
    defined_name,
    named_range,
    assigned_macro,
    made_for_macros,
    leads_out,
    hyperlink_to_file,
    refers_elsewhere,
)
