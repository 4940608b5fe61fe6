"""The native pivot tables of the open master: counted again with their table, and made on worksheets just added."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cdrp_xl.addresses import Rectangle, cell_name
from cdrp_xl.writers.open_workbook.programs import is_libreoffice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import xlwings as xw

    from cdrp_xl.sheets import Pivot, Sheet
    from cdrp_xl.writers.open_workbook.finding import Found


def make(found: Found, sheets: Sequence[Sheet]) -> None:
    """Make the pivot tables of worksheets that were just added: their copies count the file that they came from.

    On macOS only the first of a worksheet can be made, and the place of another stays empty: cells that nothing counts
    again would show former figures one day.
    """
    for sheet in sheets:
        live = found.walk.sheets[found.worksheets[sheet.name]]
        for pivot in sheet.pivots:
            _make_room(live, pivot)
        for pivot in sheet.pivots:
            _make(found, live, pivot)


def count_again(sheets: Iterable[xw.Sheet]) -> None:
    """Let every pivot table on some worksheets count its table as it is now; one that was deleted stays away."""
    for sheet in sheets:
        for pivot in sheet.pivot_tables:
            pivot.refresh()


def _make_room(sheet: xw.Sheet, pivot: Pivot) -> None:
    for copied in [each for each in sheet.pivot_tables if each.name == pivot.name]:
        copied.delete()
    room = Rectangle(row=pivot.row, column=pivot.column, rows=pivot.height, columns=len(pivot.cells[0]))
    sheet.range(room.reference()).clear()


def _make(found: Found, sheet: xw.Sheet, pivot: Pivot) -> None:
    in_libreoffice = is_libreoffice(found.walk.book)
    if sys.platform == "darwin" and len(sheet.pivot_tables) and not in_libreoffice:
        return
    # Excel is given where the captions begin and puts the filter above them; LibreOffice begins with the filter.
    top = pivot.row if in_libreoffice else pivot.body_row
    made = sheet.pivot_tables.add(
        found.walk.tables[pivot.table.name.casefold()],
        sheet.range(cell_name(top, pivot.column)),
        name=pivot.name,
        rows=pivot.down,
        columns=list(pivot.across),
        filters=pivot.filtered_by,
        values={pivot.counted: "count"},
        layout="tabular",
    )
    if not in_libreoffice:
        made.values[0].name = pivot.caption
