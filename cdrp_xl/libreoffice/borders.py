"""Borders of cells, in Excel's eight sides, styles and weights."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.libreoffice.fonts import as_rgb, uno_colour
from cdrp_xl.libreoffice.interface import engine_class
from cdrp_xl.libreoffice.office import constant, struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.libreoffice.range import Range

_UNSET = base_classes._UNSET  # noqa: SLF001 - xlwings' mark for an argument left out
_WIDTHS = {"hairline": 2, "thin": 26, "medium": 53, "thick": 88}  # hundredths of a millimetre
_STYLES = {
    "continuous": "SOLID",
    "dash": "DASHED",
    "dash_dot": "DASH_DOT",
    "dash_dot_dot": "DASH_DOT_DOT",
    "dot": "DOTTED",
    "double": "DOUBLE_THIN",
    "slant_dash_dot": "DASH_DOT",
}
# A range's TableBorder2 changes the sides marked valid and leaves the others; setting TopBorder2 and its like on a
# range makes all four sides of all its cells alike.
_SIDES = {
    "edge_top": "Top",
    "edge_bottom": "Bottom",
    "edge_left": "Left",
    "edge_right": "Right",
    "inside_vertical": "Vertical",
    "inside_horizontal": "Horizontal",
}
_DIAGONALS = {"diagonal_down": "DiagonalTLBR2", "diagonal_up": "DiagonalBLTR2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line as Excel describes it; without a style there is none."""

    style: str | None = None
    weight: str = "thin"
    colour: int = 0


@engine_class
class Borders(base_classes.Borders):
    """The borders of a range.

    Parameters
    ----------
    parent
        The range.
    """

    parent: Range

    def __init__(self, parent: Range) -> None:
        self.parent = parent

    @property
    def api(self) -> Any:
        return self.parent.cells.TableBorder2

    def __getitem__(self, key: str) -> Border:
        return Border(self.parent, key)

    def _common(self, attribute: str) -> Any:
        rows, columns = self.parent.shape
        sides = ["edge_top", "edge_bottom", "edge_left", "edge_right"]
        sides += ["inside_vertical"] * (columns > 1) + ["inside_horizontal"] * (rows > 1)
        found = {getattr(self[side], attribute) for side in sides}
        return found.pop() if len(found) == 1 else None

    @property
    def line_style(self) -> str | None:
        value: str | None = self._common("line_style")
        return value

    @line_style.setter
    def line_style(self, value: str | None) -> None:
        self.set(base_classes.BORDER_GRID_SIDES, line_style=value)

    @property
    def weight(self) -> str | None:
        value: str | None = self._common("weight")
        return value

    @weight.setter
    def weight(self, value: str) -> None:
        self.set(base_classes.BORDER_GRID_SIDES, weight=value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        value: tuple[int, int, int] | None = self._common("color")
        return value

    @color.setter
    def color(self, value: Any) -> None:
        self.set(base_classes.BORDER_GRID_SIDES, color=value)

    def set(
        self, which: Sequence[str] = ("all",), *, line_style: Any = _UNSET, weight: Any = _UNSET, color: Any = _UNSET
    ) -> None:
        for side in which:
            self[side].change(line_style=line_style, weight=weight, color=color)

    def clear(self, which: Sequence[str] = ("everything",)) -> None:
        self.set(which, line_style=None)


@engine_class
class Border(base_classes.Border):
    """One side of a range's borders.

    Parameters
    ----------
    parent
        The range.
    side
        xlwings' name of the side, for example ``"edge_top"``.
    """

    def __init__(self, parent: Range, side: str) -> None:
        self._parent = parent
        self._side = side

    @property
    def api(self) -> Any:
        """UNO's BorderLine2 along the side, or None where the range has no such side."""
        if not self._exists:
            return None
        cells = self._parent.cells
        if self._side in _DIAGONALS:
            return getattr(cells, _DIAGONALS[self._side])
        return getattr(cells.TableBorder2, f"{_SIDES[self._side]}Line")

    @property
    def _exists(self) -> bool:
        rows, columns = self._parent.shape
        return (self._side != "inside_vertical" or columns > 1) and (self._side != "inside_horizontal" or rows > 1)

    def _read(self) -> _Line:
        line = self.api
        if line is None or not line.OuterLineWidth:
            return _Line()
        codes = {int(constant(f"table.BorderLineStyle.{uno}")): name for name, uno in reversed(_STYLES.items())}
        weight = min(_WIDTHS, key=lambda name: abs(_WIDTHS[name] - line.LineWidth))
        return _Line(style=codes.get(line.LineStyle, "continuous"), weight=weight, colour=line.Color)

    @property
    def line_style(self) -> str | None:
        return self._read().style

    @line_style.setter
    def line_style(self, value: str | None) -> None:
        self.change(line_style=value)

    @property
    def weight(self) -> str | None:
        line = self._read()
        return line.weight if line.style else None

    @weight.setter
    def weight(self, value: str) -> None:
        self.change(weight=value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        line = self._read()
        return as_rgb(line.colour) if line.style else None

    @color.setter
    def color(self, value: Any) -> None:
        self.change(color=value)

    def change(self, *, line_style: Any = _UNSET, weight: Any = _UNSET, color: Any = _UNSET) -> None:
        """Change what is given and keep the rest; a colour or weight alone makes a line where there was none."""
        if not self._exists:
            return
        self._parent.check_writable(is_format=True)
        old = self._read()
        line = _Line(
            style=(old.style or "continuous") if line_style is _UNSET else line_style,
            weight=old.weight if weight is _UNSET else weight,
            colour=old.colour if color is _UNSET else uno_colour(color),
        )
        if self._side in _DIAGONALS:
            setattr(self._parent.cells, _DIAGONALS[self._side], _uno_line(line))
            return
        side = _SIDES[self._side]
        self._parent.cells.TableBorder2 = struct(
            "table.TableBorder2", **{f"{side}Line": _uno_line(line), f"Is{side}LineValid": True}
        )


def _uno_line(line: _Line) -> Any:
    if line.style is None:
        return struct("table.BorderLine2")
    width = _WIDTHS[line.weight]
    return struct(
        "table.BorderLine2",
        Color=line.colour,
        LineStyle=constant(f"table.BorderLineStyle.{_STYLES[line.style]}"),
        LineWidth=width,
        OuterLineWidth=width,
    )
