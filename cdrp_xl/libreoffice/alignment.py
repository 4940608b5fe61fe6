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
_DISTRIBUTED = "distributed"  # to LibreOffice justified by another method
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
        found = next((name for name, uno in _HORIZONTAL.items() if value is not None and uno == value.value), None)
        return self._distributed_or(found, "HoriJustifyMethod")

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        justified = "justify" if value == _DISTRIBUTED else value
        if justified not in _HORIZONTAL:
            raise UnsupportedInLibreOfficeError(f'Range.horizontal_alignment = "{value}"')
        self.check_writable(is_format=True)
        self.cells.HoriJustify = enum("table.CellHoriJustify", _HORIZONTAL[justified])
        self.cells.HoriJustifyMethod = int(value == _DISTRIBUTED)

    @property
    def vertical_alignment(self) -> str | None:
        return self._distributed_or(_STANDARD_VERTICAL.get(shared(self.cells, "VertJustify")), "VertJustifyMethod")

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        justified = "justify" if value == _DISTRIBUTED else value
        if justified not in _VERTICAL:
            raise UnsupportedInLibreOfficeError(f'Range.vertical_alignment = "{value}"')
        self.check_writable(is_format=True)
        self.cells.VertJustify = _VERTICAL[justified]
        self.cells.VertJustifyMethod = int(value == _DISTRIBUTED)

    def _distributed_or(self, found: str | None, method: str) -> str | None:
        if found != "justify":
            return found
        return {0: "justify", 1: _DISTRIBUTED}.get(shared(self.cells, method))

    def adjust_indent(self, amount: int) -> None:
        self.check_writable(is_format=True)
        self.cells.ParaIndent = max(0, int(self.cells.ParaIndent) + amount * _INDENT)
