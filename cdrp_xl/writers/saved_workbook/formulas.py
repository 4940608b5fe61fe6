"""Formulas of the analyst that what was changed reaches: their former results must not stay in the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl.writers.saved_workbook.references import mentioned, whole_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.addresses import Rectangle
    from cdrp_xl.writers.saved_workbook.book import Book

_UNSEEN = ("indirect", "offset", "getpivotdata", "cdrp_", "cube")
"""Functions that reach cells, or data, which their formula does not name."""


class Reach:
    """What was changed in a workbook, and which formulas that reaches, directly or through others."""

    def __init__(self, book: Book, changed: Sequence[Rectangle]) -> None:
        self._book = book
        self._changed: dict[str, list[Rectangle]] = {}
        for area in changed:
            self._changed.setdefault(area.sheet, []).append(area)
        self._forgotten: dict[str, Rectangle] = {}
        self._sheets = {sheet.casefold(): sheet for sheet in book.sheets}
        self._names = {name.casefold(): formula for name, formula in book.names().items()}

    def reaches(self, formula: str, *, own: str = "") -> bool:
        """Return whether a formula may have another result now; where that can't be seen, it may."""
        return self._reaches(formula, own, frozenset())

    def forget_results(self) -> bool:
        """Take away the results of all formulas that are reached; return whether there were any.

        A program that only shows the file, as Excel does in Protected View, then shows nothing there, where it would
        have shown figures of another quarter. One that may calculate works them out as it opens the file.
        """
        left = [each for sheet in self._book.sheets for each in self._formulas_of(sheet)]
        count = len(left)
        while True:
            reached = [each for each in left if self._is_reached(each)]
            if not reached:
                return len(left) < count
            left = [each for each in left if not self._is_reached(each)]
            for each in reached:
                self._forget(each.area)

    def _is_reached(self, formula: _Formula) -> bool:
        return not formula.is_seen or self.reaches(formula.text, own=formula.area.sheet)

    def _formulas_of(self, sheet: str) -> Iterator[_Formula]:
        """Yield the formulas of a worksheet; one that is shared is seen as its first, which mentions cells nearby."""
        if not self._book.has_formulas(sheet):
            return
        shared: dict[str, str] = {}
        for area, formula in self._book.worksheet(sheet).formulas():
            group, text = formula.get("si", ""), formula.text or ""
            if formula.get("t") == "shared":
                text = shared.setdefault(group, whole_columns(text, own=sheet))
            yield _Formula(area=area, text=text, is_seen=formula.get("t") != "dataTable")

    def _forget(self, area: Rectangle) -> None:
        """Take a result away. What was forgotten of a worksheet is kept as the one rectangle around it."""
        former = self._forgotten.get(area.sheet)
        self._forgotten[area.sheet] = area if former is None else former.joined(area)
        self._book.worksheet(area.sheet).forget_results(area)

    def _reaches(self, formula: str, own: str, passed: frozenset[str]) -> bool:
        found = mentioned(formula, own=own)
        if not found.is_whole or any(self._is_changed(area) for area in found.areas):
            return True
        for word in found.words - passed:
            table = self._book.tables.get(word)
            if word.startswith(_UNSEEN) or (table is not None and self._is_changed(table.area)):
                return True
            if word in self._names and self._reaches(self._names[word], "", passed | {word}):
                return True
        return False

    def _is_changed(self, area: Rectangle) -> bool:
        area = replace(area, sheet=self._sheets.get(area.sheet.casefold(), area.sheet))
        forgotten = self._forgotten.get(area.sheet)
        if forgotten is not None and area.overlaps(forgotten):
            return True
        return any(area.overlaps(changed) for changed in self._changed.get(area.sheet, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Formula:
    """A formula, the cells that hold its results, and whether it says which cells it is worked out from."""

    area: Rectangle
    text: str
    is_seen: bool
