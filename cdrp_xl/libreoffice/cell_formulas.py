"""The formulas of a block of cells: one a cell, one over all of them, and one whose result spills."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice.formulas import to_excel, to_uno
from cdrp_xl.libreoffice.number_formats import by_format
from cdrp_xl.libreoffice.office import enum, from_uno

if TYPE_CHECKING:
    from cdrp_xl.addresses import Rectangle
    from cdrp_xl.libreoffice.sheet import Sheet


class Formulas:
    """The part of a range that has to do with its formulas."""

    sheet: Sheet
    area: Rectangle
    cells: Any
    raw_value: Any

    @abstractmethod
    def check_writable(self, *, is_format: bool = False) -> None:
        """Refuse a change where none may be made."""

    @property
    def formula(self) -> Any:
        if not self.area.size:
            return None
        rows = [[_shown_formula(text) for text in row] for row in self.cells.getFormulaArray()]
        formats = self.sheet.book.formats
        for place in (place for key, place in by_format(self.cells) if formats.is_logical(key)):
            for row in rows[place.row - self.area.row : place.last_row - self.area.row + 1]:
                for column in range(place.column - self.area.column, place.last_column - self.area.column + 1):
                    row[column] = {"1": "TRUE", "0": "FALSE"}.get(row[column], row[column])
        return rows[0][0] if self.area.size == 1 else tuple(map(tuple, rows))

    @formula.setter
    def formula(self, value: Any) -> None:
        self.raw_value = value

    @property
    def formula2(self) -> Any:
        return self.formula

    @formula2.setter
    def formula2(self, value: Any) -> None:
        given = value[0] if isinstance(value, list | tuple) and len(value) == 1 else value
        given = given[0] if isinstance(given, list | tuple) and len(given) == 1 else given
        if self.area.size == 1 and isinstance(given, str) and given[:1] == "=":
            self._spill(given)
        else:
            self.raw_value = value

    def _spill(self, formula: str) -> None:
        """Write a formula over as many cells as its result has now."""
        self.check_writable()
        self._clear_array()
        rows, columns = (self._result_of(f"={count}({to_uno(formula)[1:]})") for count in ("ROWS", "COLUMNS"))
        block = self.sheet.cover(replace(self.area, rows=rows, columns=columns))
        others = sum(text != "" for line in block.cells.getFormulaArray() for text in line)
        if others:
            raise CannotBeWrittenError(
                f"The formula's result needs {len(block)} cells, and {others} of them are not empty.",
                where=block.where,
                remedy="Empty the cells first, or write the formula elsewhere.",
            )
        if len(block) == 1:
            self.raw_value = formula
        else:
            block.cells.setArrayFormula(to_uno(formula))

    def _result_of(self, counting: str) -> int:
        """Return what a formula that counts rows or columns gives in the cell; 1 for a single value, which has none."""
        self.cells.setArrayFormula(counting)
        cell = self.cells.getCellByPosition(0, 0)
        found = 1 if cell.getError() else max(1, int(cell.getValue()))  # 0 where nothing is reckoned until asked for
        self.cells.setArrayFormula("")
        return found

    def _clear_array(self) -> None:
        """Empty the cell, and with it those that its former formula's result is in."""
        cursor = self.sheet.xl.createCursorByRange(self.cells)
        cursor.collapseToCurrentArray()
        self.sheet.cover(from_uno(cursor.RangeAddress)).clear_contents()

    def _fill_formula(self, formula: str) -> None:
        """Fill one formula over the block, its relative references moving along as in Excel."""
        self.cells.getCellRangeByPosition(0, 0, 0, 0).setFormulaArray(((to_uno(formula),),))
        top = self.sheet.cover(self.area.of_height(1))
        if self.area.columns > 1:
            top.cells.fillAuto(enum("sheet.FillDirection", "TO_RIGHT"), 1)
        if self.area.rows > 1:
            self.cells.fillAuto(enum("sheet.FillDirection", "TO_BOTTOM"), 1)

    @property
    def formula_array(self) -> Any:
        text = self.cells.getArrayFormula()
        if text:
            return to_excel(text)
        return self.formula if self.area.size == 1 else None

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        self.check_writable()
        self.cells.setArrayFormula(to_uno(value))

    @property
    def has_array(self) -> bool:
        return bool(self.area.size and self.cells.getArrayFormula())


def _shown_formula(text: Any) -> str:
    if isinstance(text, float):
        return f"{text:.15g}"
    # LibreOffice puts an apostrophe before a text that reads as a number; Excel's Formula does not.
    return to_excel(text.removeprefix("'"))
