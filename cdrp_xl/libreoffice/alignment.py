"""Where a cell's text is placed, and whether it wraps."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from cdrp_xl.libreoffice.fonts import shared
from cdrp_xl.libreoffice.interface import UnsupportedInLibreOfficeError
from cdrp_xl.libreoffice.office import enum

_HORIZONTAL = {
    "general": "STANDARD",
    "left": "LEFT",
    "center": "CENTER",
    "right": "RIGHT",
    "fill": "REPEAT",
    "justify": "BLOCK",
}
_VERTICAL = {"top": 1, "center": 2, "bottom": 3, "justify": 4}
_STANDARD_VERTICAL = {0: "bottom"} | {number: name for name, number in _VERTICAL.items()}
_INDENT = 353  # hundredths of a millimetre: one step of Excel's, nearly


class Alignment:
    """The part of a range that has to do with its text's place in the cells."""

    cells: Any

    @abstractmethod
    def check_writable(self, *, is_format: bool = False) -> None:
        """Refuse a change where none may be made."""

    @property
    def wrap_text(self) -> bool | None:
        value = shared(self.cells, "IsTextWrapped")
        return None if value is None else bool(value)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.check_writable(is_format=True)
        self.cells.IsTextWrapped = bool(value)

    @property
    def horizontal_alignment(self) -> str | None:
        value = shared(self.cells, "HoriJustify")
        return next((name for name, uno in _HORIZONTAL.items() if value is not None and uno == value.value), None)

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        if value not in _HORIZONTAL:
            raise UnsupportedInLibreOfficeError(f'Range.horizontal_alignment = "{value}"')
        self.check_writable(is_format=True)
        self.cells.HoriJustify = enum("table.CellHoriJustify", _HORIZONTAL[value])

    @property
    def vertical_alignment(self) -> str | None:
        return _STANDARD_VERTICAL.get(shared(self.cells, "VertJustify"))

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        if value not in _VERTICAL:
            raise UnsupportedInLibreOfficeError(f'Range.vertical_alignment = "{value}"')
        self.check_writable(is_format=True)
        self.cells.VertJustify = _VERTICAL[value]

    def adjust_indent(self, amount: int) -> None:
        self.check_writable(is_format=True)
        self.cells.ParaIndent = max(0, int(self.cells.ParaIndent) + amount * _INDENT)
