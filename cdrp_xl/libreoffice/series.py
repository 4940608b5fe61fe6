"""The series of a chart: their names, markers and colours."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.libreoffice.fonts import as_rgb, uno_colour
from cdrp_xl.libreoffice.interface import UnsupportedInLibreOfficeError, engine_class
from cdrp_xl.libreoffice.office import enum, struct
from cdrp_xl.libreoffice.sizes import hundredths_of_mm, points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.libreoffice.charts import Chart

_UNSET = base_classes._UNSET  # noqa: SLF001 - xlwings' mark for an argument left out
_MARKERS = {
    "square": 0,
    "diamond": 1,
    "triangle": 3,
    "circle": 8,
    "star": 9,
    "x": 10,
    "plus": 11,
    "dash": 13,
}
_NAMES = {number: name for name, number in _MARKERS.items()}
_ORDER = (
    "chart_type",
    "axis_group",
    "name",
    "line_color",
    "fill_color",
    "marker_style",
    "marker_size",
    "marker_foreground_color",
    "marker_background_color",
)


@engine_class
class ChartSeriesCollection(base_classes.ChartSeriesCollection):
    """The series of a chart.

    Parameters
    ----------
    parent
        The chart.
    """

    parent: Chart

    def __init__(self, parent: Chart) -> None:
        self.parent = parent

    @property
    def api(self) -> Any:
        return self.parent.document.FirstDiagram

    def _all(self) -> list[Any]:
        types = [kind for system in self.api.CoordinateSystems for kind in system.ChartTypes]
        return [series for kind in types for series in kind.DataSeries]

    def __call__(self, key: int) -> ChartSeries:
        found = self._all()
        if isinstance(key, bool) or not isinstance(key, int) or not 1 <= key <= len(found):
            raise KeyError(key)
        return ChartSeries(self.parent, found[key - 1])

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[ChartSeries]:
        return iter([ChartSeries(self.parent, xl) for xl in self._all()])

    def __contains__(self, key: int) -> bool:
        return isinstance(key, int) and 1 <= key <= len(self)


@engine_class
class ChartSeries(base_classes.ChartSeries):
    """One series.

    Parameters
    ----------
    chart
        The chart.
    xl
        UNO's data series.
    """

    def __init__(self, chart: Chart, xl: Any) -> None:
        self._chart = chart
        self.xl = xl

    @property
    def api(self) -> Any:
        """LibreOffice's series, ``com.sun.star.chart2.DataSeries``."""
        return self.xl

    @property
    def name(self) -> str:
        label = self.xl.DataSequences[0].Label
        return "".join(str(part) for part in label.getTextualData()) if label is not None else ""

    @name.setter
    def name(self, value: str) -> None:  # noqa: ARG002 - refused whatever it is
        raise UnsupportedInLibreOfficeError("ChartSeries.name (setting it)", remedy="Write the name into its cell.")

    @property
    def chart_type(self) -> str:
        return self._chart.chart_type

    @chart_type.setter
    def chart_type(self, value: str) -> None:
        if value != self._chart.chart_type:
            raise UnsupportedInLibreOfficeError("ChartSeries.chart_type, another than the chart's")

    @property
    def axis_group(self) -> str:
        return "secondary" if self.xl.AttachedAxisIndex else "primary"

    @axis_group.setter
    def axis_group(self, value: str) -> None:
        self.xl.AttachedAxisIndex = int(value == "secondary")
        if value == "secondary":
            self._chart.document.Diagram.HasSecondaryYAxis = True

    @property
    def line_color(self) -> tuple[int, int, int] | None:
        return as_rgb(self.xl.Color if self._is_line else self.xl.BorderColor)

    @line_color.setter
    def line_color(self, value: Any) -> None:
        if self._is_line:
            self.xl.Color = uno_colour(value)
        else:
            self.xl.BorderStyle = enum("drawing.LineStyle", "SOLID")
            self.xl.BorderColor = uno_colour(value)

    @property
    def _is_line(self) -> bool:
        return "line" in self._chart.chart_type or "scatter" in self._chart.chart_type

    @property
    def fill_color(self) -> tuple[int, int, int] | None:
        return as_rgb(self.xl.Color)

    @fill_color.setter
    def fill_color(self, value: Any) -> None:
        self.xl.Color = uno_colour(value)

    @property
    def _symbol(self) -> Any:
        return self.xl.Symbol or struct("chart2.Symbol")

    def _change_symbol(self, **members: Any) -> None:
        symbol = self._symbol
        for name, value in members.items():
            setattr(symbol, name, value)
        self.xl.Symbol = symbol

    @property
    def marker_style(self) -> str:
        symbol = self._symbol
        if symbol.Style.value == "STANDARD":
            return _NAMES.get(symbol.StandardSymbol, "automatic")
        return "none" if symbol.Style.value == "NONE" else "automatic"

    @marker_style.setter
    def marker_style(self, value: str) -> None:
        if value in ("none", "automatic"):
            self._change_symbol(Style=enum("chart2.SymbolStyle", "NONE" if value == "none" else "AUTO"))
        elif value in _MARKERS:
            self._change_symbol(Style=enum("chart2.SymbolStyle", "STANDARD"), StandardSymbol=_MARKERS[value])
        else:
            raise UnsupportedInLibreOfficeError(f'ChartSeries.marker_style = "{value}"')

    @property
    def marker_size(self) -> int:
        return round(points(self._symbol.Size.Width))

    @marker_size.setter
    def marker_size(self, value: int) -> None:
        size = hundredths_of_mm(value)
        self._change_symbol(Size=struct("awt.Size", Width=size, Height=size))

    @property
    def marker_foreground_color(self) -> tuple[int, int, int] | None:
        return as_rgb(self._symbol.BorderColor)

    @marker_foreground_color.setter
    def marker_foreground_color(self, value: Any) -> None:
        self._change_symbol(BorderColor=uno_colour(value))

    @property
    def marker_background_color(self) -> tuple[int, int, int] | None:
        return as_rgb(self._symbol.FillColor)

    @marker_background_color.setter
    def marker_background_color(self, value: Any) -> None:
        self._change_symbol(FillColor=uno_colour(value))

    def set(self, **changes: Any) -> None:
        """Change what is given, the kind before what depends on it."""
        for name in _ORDER:
            if changes.get(name, _UNSET) is not _UNSET:
                setattr(self, name, changes[name])
