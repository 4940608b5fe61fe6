"""How wide and high cells are, in Excel's units: characters for a column's width, points for the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cdrp_xl.addresses import Rectangle

if TYPE_CHECKING:
    from cdrp_xl.libreoffice.sheet import Sheet

_HUNDREDTHS_OF_MM_A_POINT = 2540 / 72
_HUNDREDTHS_OF_MM_A_PIXEL = 2540 / 96
_DIGIT_PIXELS = 7  # a digit of Excel's standard font, Calibri 11
_PADDING_PIXELS = 5


def points(hundredths_of_mm: float) -> float:
    """Return a length of LibreOffice's in points."""
    return round(hundredths_of_mm / _HUNDREDTHS_OF_MM_A_POINT, 2)


def hundredths_of_mm(length_points: float) -> int:
    """Return a length in points as LibreOffice measures it."""
    return round(length_points * _HUNDREDTHS_OF_MM_A_POINT)


def _characters(width: float) -> float:
    pixels = width / _HUNDREDTHS_OF_MM_A_PIXEL
    one_character = _DIGIT_PIXELS + _PADDING_PIXELS
    return round((pixels - _PADDING_PIXELS) / _DIGIT_PIXELS if pixels >= one_character else pixels / one_character, 2)


def _column_width(characters: float) -> int:
    one_character = _DIGIT_PIXELS + _PADDING_PIXELS
    pixels = characters * _DIGIT_PIXELS + _PADDING_PIXELS if characters >= 1 else characters * one_character
    return round(pixels * _HUNDREDTHS_OF_MM_A_PIXEL)


class Sizes:
    """The part of a range that has to do with its rows' and columns' sizes."""

    sheet: Sheet
    area: Rectangle
    cells: Any

    @property
    def column_width(self) -> float | None:
        """The columns' width in characters, or None where they differ."""
        return self._shared("Columns", "Width", _characters)

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.cells.Columns.Width = _column_width(value)

    @property
    def row_height(self) -> float | None:
        """The rows' height in points, or None where they differ."""
        return self._shared("Rows", "Height", points)

    @row_height.setter
    def row_height(self, value: float) -> None:
        self.cells.Rows.Height = hundredths_of_mm(value)

    def _shared(self, lines: str, measure: str, convert: Any) -> float | None:
        # Beyond what is used all lines are alike, and there are a million of them.
        used = self.sheet.used_range.area.joined(replace(self.area, rows=1, columns=1))
        inner = self.area.clipped(Rectangle(row=0, column=0, rows=used.last_row + 2, columns=used.last_column + 2))
        within = self.sheet.cover(inner or self.area)
        every = getattr(within.cells, lines)
        sizes = {getattr(every.getByIndex(index), measure) for index in range(every.Count)}
        return convert(sizes.pop()) if len(sizes) == 1 else None

    @property
    def width(self) -> float:
        """The block's width in points."""
        return points(self.cells.Size.Width)

    @property
    def height(self) -> float:
        """The block's height in points."""
        return points(self.cells.Size.Height)

    @property
    def left(self) -> float:
        """The points from column A's left edge to the block."""
        return points(self.cells.Position.X)

    @property
    def top(self) -> float:
        """The points from row 1's upper edge to the block."""
        return points(self.cells.Position.Y)

    def autofit(self, axis: str | None = None) -> None:
        """Fit the rows' heights, the columns' widths, or both, to what they hold."""
        if axis in (None, "columns", "c"):
            self.cells.Columns.OptimalWidth = True
        if axis in (None, "rows", "r"):
            self.cells.Rows.OptimalHeight = True

    @property
    def row_hidden(self) -> bool | None:
        """True where all rows are hidden, None where some are."""
        return self._hidden(replace(self.area, columns=1), "Rows")

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self.cells.Rows.IsVisible = not value

    @property
    def column_hidden(self) -> bool | None:
        """True where all columns are hidden, None where some are."""
        return self._hidden(replace(self.area, rows=1), "Columns")

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self.cells.Columns.IsVisible = not value

    def _hidden(self, line: Rectangle, lines: str) -> bool | None:
        inner = line.clipped(self.sheet.used_range.area) or replace(line, rows=1, columns=1)
        every = getattr(self.sheet.cover(inner).cells, lines)
        shown = {bool(every.getByIndex(index).IsVisible) for index in range(every.Count)}
        return None if len(shown) > 1 else not shown.pop()

    def group(self, by: str) -> None:
        """Group the rows or columns under an outline symbol."""
        self.sheet.xl.group(self.cells.RangeAddress, _orientation(by))

    def ungroup(self, by: str) -> None:
        """Take the rows or columns out of their outline group."""
        self.sheet.xl.ungroup(self.cells.RangeAddress, _orientation(by))


def _orientation(by: str) -> Any:
    from cdrp_xl.libreoffice.office import enum

    return enum("table.TableOrientation", "COLUMNS" if by.startswith("column") else "ROWS")
