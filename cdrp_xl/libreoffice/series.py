"""The series of a chart: their names, markers and colours."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.addresses import parse
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


# What one chart may combine, those drawn first before those drawn over them.
_SERVICES = {
    name: f"com.sun.star.chart2.{kind}ChartType"
    for name, kind in {"area": "Area", "column_clustered": "Column", "line": "Line", "line_markers": "Line"}.items()
}


def kinds_in(chart: Chart) -> list[Any]:
    """Return UNO's kinds of chart that a chart combines, each of which has series of its own."""
    return [kind for system in chart.document.FirstDiagram.CoordinateSystems for kind in system.ChartTypes]


def _place_of_values(series: Any) -> tuple[int, int]:
    place = parse(series.DataSequences[0].Values.SourceRangeRepresentation.rsplit(".", 1)[-1])
    return (place.column, place.row) if place else (0, 0)


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
        """Return UNO's series in the order of their cells, which LibreOffice groups by kind."""
        kinds = kinds_in(self.parent)
        found = [series for kind in kinds for series in kind.DataSeries]
        return sorted(found, key=_place_of_values) if len(kinds) > 1 else found

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
    def name(self, value: str) -> None:
        quoted = value.replace('"', '""')
        label = self._chart.document.getDataProvider().createDataSequenceByRangeRepresentation(f'"{quoted}"')
        label.Role = "label"
        self.xl.DataSequences[0].setLabel(label)

    @property
    def _kind(self) -> Any:
        """UNO's kind of chart that the series is drawn as."""
        return next(kind for kind in kinds_in(self._chart) if self.xl in kind.DataSeries)

    @property
    def chart_type(self) -> str:
        if len(kinds_in(self._chart)) == 1:
            return self._chart.chart_type
        service = self._kind.ChartType
        if service == _SERVICES["column_clustered"]:
            return "column_stacked" if self.xl.StackingDirection.value == "Y_STACKING" else "column_clustered"
        if service == _SERVICES["line"]:
            return "line" if self.marker_style == "none" else "line_markers"
        return next((name for name, known in _SERVICES.items() if known == service), "combination")

    @chart_type.setter
    def chart_type(self, value: str) -> None:
        if value == self.chart_type:
            return
        if value not in _SERVICES or not self._chart.takes_several_kinds:
            raise UnsupportedInLibreOfficeError(
                f'ChartSeries.chart_type = "{value}" in a chart of kind "{self._chart.chart_type}"',
                remedy=f"Combine flat columns, lines and areas: {', '.join(_SERVICES)}.",
            )
        if self._kind.ChartType != _SERVICES[value]:
            self._move_to(_SERVICES[value])
        if value in ("line", "line_markers"):
            self.marker_style = "none" if value == "line" else "automatic"

    def _move_to(self, service: str) -> None:
        system = self._chart.document.FirstDiagram.CoordinateSystems[0]
        kinds = {kind.ChartType: kind for kind in system.ChartTypes}
        if service not in kinds:
            kinds[service] = self._chart.parent.book.app.office.service(service.removeprefix("com.sun.star."))
        self._kind.removeDataSeries(self.xl)
        self.xl.StackingDirection = enum("chart2.StackingDirection", "NO_STACKING")
        kinds[service].addDataSeries(self.xl)
        order = list(_SERVICES.values())
        used = sorted(
            (kind for kind in kinds.values() if kind.DataSeries), key=lambda kind: order.index(kind.ChartType)
        )
        system.setChartTypes(tuple(used))

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
        kind = self.chart_type
        return "line" in kind or "scatter" in kind

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
