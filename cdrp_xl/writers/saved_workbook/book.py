"""A workbook's file as its worksheets, names and tables, and what moves in it when rows are inserted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from cdrp_xl.errors import FileError
from cdrp_xl.packages import MAIN, sheets_in
from cdrp_xl.writers.saved_workbook import pointers
from cdrp_xl.writers.saved_workbook.references import Inserted, Resized, absolute, area_of, cells_at, mentioned
from cdrp_xl.writers.saved_workbook.worksheet import Worksheet, expand_shared_formulas, text_of

if TYPE_CHECKING:
    from cdrp_xl.addresses import Rectangle
    from cdrp_xl.packages import Parts
    from cdrp_xl.sheets import Properties
    from cdrp_xl.writers.saved_workbook.pointers import Pointer
    from cdrp_xl.writers.saved_workbook.references import Change

_AFTER_CALCULATION = ("oleSize", "customWorkbookViews", "pivotCaches", "fileRecoveryPr", "webPublishObjects", "extLst")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedTable:
    """A table of the workbook: the part that describes it and the worksheet that it is on."""

    name: str
    part: str
    root: etree._Element
    sheet: str

    @property
    def area(self) -> Rectangle:
        """Its cells, with the row of headings."""
        return cells_at(self.root.get("ref", "A1"), self.sheet)

    @property
    def is_filtered(self) -> bool:
        """Whether a filter hides rows of it."""
        columns = self.root.iterfind(f"{{{MAIN}}}autoFilter/{{{MAIN}}}filterColumn")
        return any(len(column) for column in columns)

    @property
    def has_headings_alone(self) -> bool:
        """Whether it has its row of headings and no row of totals."""
        return bool(self.root.get("headerRowCount", "1") == "1" and self.root.get("totalsRowCount", "0") == "0")

    @property
    def columns(self) -> list[etree._Element]:
        """The description of each column."""
        return list(self.root.iterfind(f"{{{MAIN}}}tableColumns/{{{MAIN}}}tableColumn"))


class Book:
    """One saved workbook. Areas of names and tables are read from the file again each time, since they move."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.name = parts.name
        self.part = _workbook_part(parts)
        self._root = parts.tree(self.part)
        self._is_1904 = self._is_on("workbookPr", "date1904")
        self._sheets: dict[str, str] = {}
        self._all_sheets: list[str] = []
        for sheet, relation in sheets_in(self._root, parts.relations(self.part)):
            name = sheet.get("name", "")
            self._all_sheets.append(name)
            if relation is not None and relation.kind == "worksheet":
                self._sheets[name] = relation.target
        self._worksheets: dict[str, Worksheet] = {}
        self._strings: list[str] | None = None
        self._pointers: tuple[list[Pointer], dict[str, list[Pointer]]] | None = None
        self.tables = {table.name.casefold(): table for table in self._read_tables()}
        self._areas: dict[str, Rectangle] | None = None
        self._expanded: set[str] = set()
        self._shared: dict[str, list[etree._Element]] = {}

    @property
    def sheets(self) -> list[str]:
        """The names of the worksheets, in order."""
        return list(self._sheets)

    def worksheet(self, name: str) -> Worksheet:
        """Return a worksheet by its name."""
        if name not in self._worksheets:
            part = self._sheets[name]
            self._worksheets[name] = Worksheet(
                name,
                self.parts.tree(part),
                strings=self._shared_strings(),
                is_1904=self._is_1904,
                altered=lambda: self.parts.altered(part),
            )
        return self._worksheets[name]

    def part_of(self, sheet: str) -> str:
        """Return the part that holds a worksheet."""
        return self._sheets[sheet]

    def names(self) -> dict[str, str]:
        """Return the formula of each name that holds in the whole workbook."""
        return {each.get("name", ""): each.text or "" for each in self._names() if each.get("localSheetId") is None}

    def named_areas(self) -> dict[str, Rectangle]:
        """Return the area of each name that means cells of one worksheet."""
        if self._areas is None:
            areas = {name: area_of(formula) for name, formula in self.names().items()}
            self._areas = {name: area for name, area in areas.items() if area and area.sheet in self._sheets}
        return self._areas

    def add_name(self, name: str, area: Rectangle) -> None:
        """Give cells a name, in the place that it has by the alphabet."""
        made = etree.Element(f"{{{MAIN}}}definedName", name=name)
        made.text = absolute(area)
        names = self._names()
        behind = [each for each in names if _by_the_alphabet(each) > name.casefold()]
        if behind:
            behind[0].addprevious(made)
        else:
            names[-1].addnext(made)
        self.parts.altered(self.part)
        self._areas = None
        self._every_pointer()[0].append(pointers.Pointer(part=self.part, element=made, own=""))

    def merged(self, sheet: str) -> list[Rectangle]:
        """Return the merged cells of a worksheet."""
        cells = self.parts.tree(self._sheets[sheet]).iterfind(f"{{{MAIN}}}mergeCells/{{{MAIN}}}mergeCell")
        return [cells_at(each.get("ref", ""), sheet) for each in cells]

    def insert_rows(self, sheet: str, at: int, count: int, *, under: Rectangle | None = None) -> None:
        """Put rows in, and move with the rows under them all that is on them and all that points at them.

        `under` is the table that has them on top of its rows.
        """
        change = Inserted(sheet=sheet, at=at, count=count, under=under)
        self._follow(change)
        self.worksheet(sheet).insert_rows(at, count)
        pointers.move_what_floats(self.parts, self._sheets[sheet], change)

    def resize(self, table: SavedTable, rows: int) -> None:
        """Let a table cover that many rows with its headings, and with it what covers its columns whole."""
        self._follow(Resized(former=table.area, rows=rows))

    def rename_heading(self, table: SavedTable, number: int, heading: str) -> None:
        """Give a table's column another heading, there and in the formulas that name it."""
        column = table.columns[number]
        former = column.get("name", "")
        if former == heading:
            return
        column.set("name", heading)
        self.parts.altered(table.part)
        for pointer in self._every_pointer()[0]:
            if pointers.rename_heading(pointer, table.name, former, heading):
                self.parts.altered(pointer.part)

    def calculate_on_opening(self) -> None:
        """Ask whatever program opens the workbook to work every formula out."""
        asked = self._root.find(f"{{{MAIN}}}calcPr")
        if asked is None:
            asked = etree.Element(f"{{{MAIN}}}calcPr")
            before = [each for each in self._root if pointers.local(each) not in _AFTER_CALCULATION]
            before[-1].addnext(asked)
        if asked.get("fullCalcOnLoad") not in {"1", "true"}:
            asked.set("fullCalcOnLoad", "1")
            self.parts.altered(self.part)

    def say_of_itself(self, properties: Properties) -> None:
        """Give the file the title, subject and marking that a program shows of it unopened, where it has them."""
        said = {"title": properties.title, "subject": properties.subject, "contentStatus": properties.marking}
        for part in self.parts.related("", "core-properties"):
            for element in self.parts.tree(part):
                wanted = said.get(pointers.local(element))
                if wanted is not None and element.text != wanted:
                    element.text = wanted
                    self.parts.altered(part)

    def finish(self) -> None:
        """Say again what follows from the cells: how far each worksheet reaches, and where its formulas are."""
        for worksheet in self._worksheets.values():
            if self.parts.is_altered(self._sheets[worksheet.name]):
                worksheet.update_used_range()
        if any(worksheet.lost_formulas for worksheet in self._worksheets.values()):
            # The list of cells with formulas no longer fits, and Excel makes it again where there is none.
            for part in self.parts.related(self.part, "calcChain"):
                self.parts.remove(part, of=self.part)

    def has_formulas(self, sheet: str) -> bool:
        """Return whether any cell of a worksheet has a formula."""
        return next(self.parts.tree(self._sheets[sheet]).iter(f"{{{MAIN}}}f"), None) is not None

    def _follow(self, change: Change) -> None:
        for sheet in self._sheets:
            self._expand_what_follows(sheet, change)
        formulas, lists = self._every_pointer()
        for pointer in (*formulas, *lists.get(change.sheet.casefold(), ())):
            text = pointer.text
            if (now := pointer.after(change)) != text:
                pointer.put(now)
                self.parts.altered(pointer.part)
        self._areas = None

    def _expand_what_follows(self, sheet: str, change: Change) -> None:
        """Write out a worksheet's shared formulas before they would have to follow each in its own way."""
        if sheet in self._expanded:
            return
        part = self._sheets[sheet]
        shared = self._shared_formulas(sheet)
        areas = [area for each in shared for area in mentioned(each.text or "", own=sheet).areas]
        if sheet == change.sheet or any(area.sheet == change.sheet for area in areas):
            self._expanded.add(sheet)
            if expand_shared_formulas(self.parts.tree(part)):
                self.parts.altered(part)

    def _shared_formulas(self, sheet: str) -> list[etree._Element]:
        if sheet not in self._shared:
            formulas = self.parts.tree(self._sheets[sheet]).iter(f"{{{MAIN}}}f")
            self._shared[sheet] = [each for each in formulas if each.get("t") == "shared"]
        return self._shared[sheet]

    def _every_pointer(self) -> tuple[list[Pointer], dict[str, list[Pointer]]]:
        """Return every formula, which may name any worksheet, and the other pointers by their own worksheet."""
        if self._pointers is None:
            found = [*pointers.of_names(self.parts, self.part, self._all_sheets)]
            for sheet, part in self._sheets.items():
                found += pointers.of_worksheet(self.parts, part, sheet)
            for kind in ("chart", "chartEx", "drawing", "chartUserShapes"):
                found += pointers.of_drawings(self.parts, kind)
            found += pointers.of_pivot_sources(self.parts)
            lists: dict[str, list[Pointer]] = {}
            for each in found:
                if not each.is_formula:
                    lists.setdefault(each.own.casefold(), []).append(each)
            self._pointers = [each for each in found if each.is_formula], lists
        return self._pointers

    def _read_tables(self) -> list[SavedTable]:
        tables = []
        for sheet, part in self._sheets.items():
            for each in self.parts.related(part, "table"):
                root = self.parts.tree(each)
                name = root.get("displayName") or root.get("name", "")
                tables.append(SavedTable(name=name, part=each, root=root, sheet=sheet))
        return tables

    def _shared_strings(self) -> list[str]:
        if self._strings is None:
            parts = self.parts.related(self.part, "sharedStrings")
            self._strings = [
                text_of(each) for part in parts for each in self.parts.tree(part).iterfind(f"{{{MAIN}}}si")
            ]
        return self._strings

    def _names(self) -> list[etree._Element]:
        return list(self._root.iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName"))

    def _is_on(self, element: str, attribute: str) -> bool:
        found = self._root.find(f"{{{MAIN}}}{element}")
        return found is not None and found.get(attribute) in {"1", "true"}


def _by_the_alphabet(name: etree._Element) -> str:
    return str(name.get("name", "")).removeprefix("_xlnm.").casefold()


def _workbook_part(parts: Parts) -> str:
    found = [part for part in parts.related("", "officeDocument") if parts.has(part)]
    if found and parts.tree(found[0]).tag == f"{{{MAIN}}}workbook":
        return found[0]
    raise FileError(
        f"{parts.name} is not saved as a macro-enabled Excel workbook.",
        where=parts.name,
        remedy='Open it in Excel or LibreOffice and save it as "Excel Macro-Enabled Workbook".',
    )
