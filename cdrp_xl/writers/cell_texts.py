"""What a cell can hold of a text: no workbook, new or existing, is given one that no file may carry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdrp_xl.addresses import cell_name
from cdrp_xl.errors import CannotBeWrittenError, place
from cdrp_xl.sheets import Pivot, Table, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.sheets import Block, Sheet, Value

LONGEST_TEXT = 32_767
"""Characters that a cell holds, in code units of UTF-16: an emoji counts as two."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


def check(sheets: Sequence[Sheet]) -> None:
    """Refuse a layout whose texts do not all fit into cells.

    Raises
    ------
    CannotBeWrittenError
        If a text is too long for a cell or holds a character that no workbook may; the worksheet and cell are named.
    """
    for sheet in sheets:
        for block in sheet.blocks:
            for row, column, value in _cells(block):
                if isinstance(value, str) and (fault := fault_of(value)):
                    raise refused(sheet.name, row, column, fault)


def fault_of(text: str) -> str:
    """Return why a cell can't hold a text, nothing where it can."""
    if odd := _CONTROL.search(text):
        return f"A text holds a control character (code {ord(odd[0])})"
    if len(text) > LONGEST_TEXT // 2 and (length := len(text.encode("utf-16-le")) // 2) > LONGEST_TEXT:
        return f"A text has {length:,} characters; a cell holds {LONGEST_TEXT:,}"
    return ""


def refused(sheet: str, row: int, column: int, what: str) -> CannotBeWrittenError:
    """Return the refusal to write one cell."""
    return CannotBeWrittenError(
        f"{what}.",
        where=f"{place(sheet=sheet)}, cell {cell_name(row, column)}",
        remedy="Correct the text where it comes from: the extract, partnership.toml or the worksheet Inputs.",
    )


def _cells(block: Block) -> Iterator[tuple[int, int, Value]]:
    if isinstance(block, Text):
        yield block.row, block.column, block.value
    elif isinstance(block, Table):
        for down, row in enumerate(block.rows, block.row + 1):
            for across, value in enumerate(row, block.column):
                yield down, across, value
    elif isinstance(block, Pivot):
        for down, row in ((block.row, block.filter_cells), *enumerate(block.cells, block.body_row)):
            for across, value in enumerate(row, block.column):
                yield down, across, value
