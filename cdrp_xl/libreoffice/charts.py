"""Charts: their data, kind, titles, axes and series."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.libreoffice.axes import ChartAxis, ChartLegend
from cdrp_xl.libreoffice.export import shape_to_pdf, shape_to_png
from cdrp_xl.libreoffice.interface import UnsupportedInLibreOfficeError, engine_class
from cdrp_xl.libreoffice.office import bridge, enum, from_uno, struct
from cdrp_xl.libreoffice.series import ChartSeriesCollection, kinds_in
from cdrp_xl.libreoffice.shapes import Placed, shapes_on
from cdrp_xl.libreoffice.sizes import hundredths_of_mm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cdrp_xl.addresses import Rectangle
    from cdrp_xl.libreoffice.range import Range
    from cdrp_xl.libreoffice.sheet import Sheet

_SYMBOLS_NONE, _SYMBOLS_AUTOMATIC = -3, -1  # com.sun.star.chart.ChartSymbolType
_ROWS, _COLUMNS = "ROWS", "COLUMNS"
_TIMES_ASKED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A kind of chart as LibreOffice puts it together."""

    diagram: str
    stacked: bool = False
    percent: bool = False
    bars: bool = False  # bars across instead of columns
    three_d: bool = False
    symbols: bool | None = None  # None where the kind knows no symbols
    lines: bool = True
    smooth: bool = False


_STACKS: dict[str, dict[str, bool]] = {"": {}, "_stacked": {"stacked": True}, "_stacked_100": {"percent": True}}
KINDS: dict[str, _Kind] = {
    "column_clustered": _Kind(diagram="Bar"),
    "column_stacked": _Kind(diagram="Bar", stacked=True),
    "column_stacked_100": _Kind(diagram="Bar", percent=True),
    "bar_clustered": _Kind(diagram="Bar", bars=True),
    "bar_stacked": _Kind(diagram="Bar", bars=True, stacked=True),
    "bar_stacked_100": _Kind(diagram="Bar", bars=True, percent=True),
    "3d_column_clustered": _Kind(diagram="Bar", three_d=True),
    "3d_column_stacked": _Kind(diagram="Bar", three_d=True, stacked=True),
    "3d_column_stacked_100": _Kind(diagram="Bar", three_d=True, percent=True),
    "3d_bar_clustered": _Kind(diagram="Bar", three_d=True, bars=True),
    "3d_bar_stacked": _Kind(diagram="Bar", three_d=True, bars=True, stacked=True),
    "3d_bar_stacked_100": _Kind(diagram="Bar", three_d=True, bars=True, percent=True),
    **{f"line{name}": _Kind(diagram="Line", symbols=False, **stack) for name, stack in _STACKS.items()},
    **{f"line_markers{name}": _Kind(diagram="Line", symbols=True, **stack) for name, stack in _STACKS.items()},
    **{f"area{name}": _Kind(diagram="Area", **stack) for name, stack in _STACKS.items()},
    **{f"3d_area{name}": _Kind(diagram="Area", three_d=True, **stack) for name, stack in _STACKS.items()},
    "pie": _Kind(diagram="Pie"),
    "3d_pie": _Kind(diagram="Pie", three_d=True),
    "doughnut": _Kind(diagram="Donut"),
    "radar": _Kind(diagram="Net", symbols=False),
    "radar_markers": _Kind(diagram="Net", symbols=True),
    "radar_filled": _Kind(diagram="FilledNet"),
    "xy_scatter": _Kind(diagram="XY", symbols=True, lines=False),
    "xy_scatter_lines": _Kind(diagram="XY", symbols=True),
    "xy_scatter_lines_no_markers": _Kind(diagram="XY", symbols=False),
    "xy_scatter_smooth": _Kind(diagram="XY", symbols=True, smooth=True),
    "xy_scatter_smooth_no_markers": _Kind(diagram="XY", symbols=False, smooth=True),
    "bubble": _Kind(diagram="Bubble"),
}


@engine_class
class Charts(base_classes.Collection, base_classes.Charts):
    """The charts on a worksheet.

    Parameters
    ----------
    parent
        The worksheet.
    """

    parent: Sheet

    def __init__(self, parent: Sheet) -> None:
        self.parent = parent

    @property
    def xl(self) -> Any:
        """UNO's collection."""
        return self.parent.xl.Charts

    @property
    def api(self) -> Any:
        return self.xl

    def _all(self) -> list[Chart]:
        return [Chart(self.parent, name) for name in self.xl.ElementNames]

    def __call__(self, key: int | str) -> Chart:
        charts = self._all()
        if isinstance(key, str):
            for chart in charts:
                if key.casefold() in (chart.name.casefold(), chart.key.casefold()):
                    return chart
        elif 1 <= key <= len(charts):
            return charts[key - 1]
        raise KeyError(key)

    def __len__(self) -> int:
        return int(self.xl.Count)

    def __iter__(self) -> Iterator[Chart]:
        return iter(self._all())

    def __contains__(self, key: int | str) -> bool:
        try:
            return self(key) is not None
        except KeyError:
            return False

    def add(  # noqa: PLR0913, PLR0917 - xlwings' own list
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        chart_type: str | None = None,
        source: Range | None = None,
        plot_by: str | None = None,
        name: str | None = None,
        anchor: Any = None,
        style: int | None = 227,  # noqa: ARG002 - Excel's gallery of looks; LibreOffice has none
    ) -> Chart:
        """Put a chart on the worksheet."""
        if anchor:
            left, top = anchor.left, anchor.top
        measures = (hundredths_of_mm(measure) for measure in (left, top, width, height))
        frame = struct("awt.Rectangle", **dict(zip(("X", "Y", "Width", "Height"), measures, strict=True)))
        shown = {chart.name for chart in self}
        name = name or next(free for i in itertools.count(1) if (free := f"Chart {i}") not in shown)
        # A name that a deleted chart had is not given out again, so the key is another than the name.
        key = f"chart-{uuid.uuid4().hex[:12]}"
        cells = () if source is None else (source.cells.RangeAddress,)
        self.xl.addNewByName(key, frame, cells, *(_headings(source) if source else (True, True)))
        chart = Chart(self.parent, key)
        chart.xl.Name = name
        chart.legend.visible = True
        chart.chart_type = chart_type or "column_clustered"
        if source is not None:
            chart.set_source_data(source, plot_by)
        return chart


@engine_class
class Chart(Placed, base_classes.Chart):
    """One chart.

    Parameters
    ----------
    parent
        The worksheet.
    key
        The name under which LibreOffice keeps it.
    """

    parent: Sheet

    def __init__(self, parent: Sheet, key: str) -> None:
        self.parent = parent
        self.key = key
        self._shape: Any = None

    @property
    def table_chart(self) -> Any:
        """UNO's chart of the worksheet, which knows the cells."""
        return self.parent.xl.Charts.getByName(self.key)

    @property
    def document(self) -> Any:
        """UNO's chart document."""
        return self.table_chart.EmbeddedObject

    @property
    def api(self) -> tuple[Any, Any]:
        """LibreOffice's chart on the sheet, and the chart document in it."""
        return self.table_chart, self.document

    @property
    def xl(self) -> Any:
        """UNO's shape that the chart lies in, kept once it is found.

        UNO makes a shape's object anew when it is asked for. While the one before is still being given up across the
        bridge, the new one now and then has no properties, or forgets what is set (2 of 2,000 times).
        """
        for _ in range(_TIMES_ASKED):
            if self._shape is None:
                named = (shape for shape in shapes_on(self.parent) if getattr(shape, "PersistName", "") == self.key)
                self._shape = next(named, None)
        if self._shape is None:
            raise CannotBeComputedError(
                f'The chart "{self.key}" is no longer on the worksheet.',
                where=f'worksheet "{self.parent.name}"',
                remedy="Take the chart from the worksheet's charts again.",
            )
        return self._shape

    @property
    def name(self) -> str:
        return str(self.xl.Name or self.key)

    @name.setter
    def name(self, value: str) -> None:
        self.xl.Name = value

    def _ranges(self) -> list[Rectangle]:
        return [from_uno(address) for address in self.table_chart.Ranges]

    def set_source_data(self, rng: Range, plot_by: str | None = None) -> None:
        """Draw a block: its first row names the series and its first column the categories, as Excel takes it."""
        area = rng.area
        by_rows = plot_by == "rows" if plot_by else area.columns > area.rows
        has_names, has_categories = _headings(rng)
        if not self.table_chart.Ranges:
            self._begin_again(rng, has_names, has_categories)
        chart = self.table_chart
        chart.Ranges = (rng.cells.RangeAddress,)
        chart.HasColumnHeaders = has_names
        chart.HasRowHeaders = has_categories
        self._plot_by(is_by_rows=by_rows)

    def _begin_again(self, rng: Range, *headings: bool) -> None:
        # A chart that was made without cells takes none later.
        kind, title, shape = self.chart_type, self.title, self.xl
        place, size, name = shape.Position, shape.Size, self.name
        frame = struct("awt.Rectangle", X=place.X, Y=place.Y, Width=size.Width, Height=size.Height)
        charts = self.parent.xl.Charts
        charts.removeByName(self.key)
        self.key = f"chart-{uuid.uuid4().hex[:12]}"
        charts.addNewByName(self.key, frame, (rng.cells.RangeAddress,), *headings)
        self.name, self.title, self.chart_type = name, title, kind
        self.legend.visible = True

    def _plot_by(self, *, is_by_rows: bool) -> None:
        self.document.Diagram.DataRowSource = enum("chart.ChartDataRowSource", _ROWS if is_by_rows else _COLUMNS)

    @property
    def plot_by(self) -> str:
        return "rows" if self.document.Diagram.DataRowSource.value == _ROWS else "columns"

    @plot_by.setter
    def plot_by(self, value: str) -> None:
        self._plot_by(is_by_rows=value == "rows")

    def set_x_axis_values(self, rng: Range) -> None:
        document = self.document
        provider = document.getDataProvider()
        text = f"${rng.sheet.name}.{rng.address}"
        sequence = provider.createDataSequenceByRangeRepresentation(text)
        sequence.Role = "categories"
        labelled = (
            bridge().getComponentContext().ServiceManager.createInstance("com.sun.star.chart2.data.LabeledDataSequence")
        )
        labelled.setValues(sequence)
        for system in document.FirstDiagram.CoordinateSystems:
            axis = system.getAxisByDimension(0, 0)
            data = axis.ScaleData
            data.Categories = labelled
            axis.setScaleData(data)

    @property
    def chart_type(self) -> str:
        if len(kinds_in(self)) > 1:
            return "combination"
        found = _read_kind(self.document)
        return next((name for name, kind in KINDS.items() if kind == found), "combination")

    @chart_type.setter
    def chart_type(self, value: str) -> None:
        kind = KINDS.get(value)
        if kind is None:
            raise UnsupportedInLibreOfficeError(f'Chart.chart_type = "{value}"')
        document = self.document
        document.setDiagram(document.createInstance(f"com.sun.star.chart.{kind.diagram}Diagram"))
        _write_kind(document, kind)

    @property
    def takes_several_kinds(self) -> bool:
        """True for flat upright columns, lines and areas, which share their axes with series of another kind."""
        found = _read_kind(self.document)
        return found.diagram in ("Bar", "Line", "Area") and not (found.bars or found.three_d)

    @property
    def title(self) -> str | None:
        return str(self.document.Title.String) if self.document.HasMainTitle else None

    @title.setter
    def title(self, value: str | None) -> None:
        self.document.HasMainTitle = value is not None
        if value is not None:
            self.document.Title.String = value

    @property
    def legend(self) -> ChartLegend:
        return ChartLegend(self)

    @property
    def category_axis(self) -> ChartAxis:
        return ChartAxis(self, "X")

    @property
    def value_axis(self) -> ChartAxis:
        return ChartAxis(self, "Y")

    @property
    def secondary_category_axis(self) -> ChartAxis:
        return ChartAxis(self, "X", is_secondary=True)

    @property
    def secondary_value_axis(self) -> ChartAxis:
        return ChartAxis(self, "Y", is_secondary=True)

    @property
    def series(self) -> ChartSeriesCollection:
        return ChartSeriesCollection(self)

    def delete(self) -> None:
        self.parent.xl.Charts.removeByName(self.key)

    def to_png(self, path: str | Path) -> None:
        shape_to_png(self.parent.book, self.xl, path)

    def to_pdf(self, path: str | Path, quality: str = "standard") -> None:  # noqa: ARG002 - a drawing
        shape_to_pdf(self.parent.book, self.xl, path)


def _headings(rng: Range) -> tuple[bool, bool]:
    """Say whether the first row names series and the first column categories: by text, or by an empty corner."""
    data = rng.cells.getDataArray()
    corner_is_empty = data[0][0] == ""
    row = data[0][1:] if len(data[0]) > 1 else data[0]
    column = [line[0] for line in data[1:]] or [data[0][0]]
    names = any(isinstance(value, str) and value for value in row) or corner_is_empty
    categories = len(data[0]) > 1 and (any(isinstance(value, str) and value for value in column) or corner_is_empty)
    return names, categories


def _all_series(document: Any) -> list[Any]:
    systems = document.FirstDiagram.CoordinateSystems if document.FirstDiagram is not None else ()
    return [series for system in systems for kind in system.ChartTypes for series in kind.DataSeries]


def _has_lines(document: Any) -> bool:
    return all(series.LineStyle.value != "NONE" for series in _all_series(document))


def _read_kind(document: Any) -> _Kind:
    diagram = document.Diagram
    name = diagram.DiagramType.rsplit(".", 1)[-1].removesuffix("Diagram")
    knows_symbols = name in ("Line", "Net", "XY")
    return _Kind(
        diagram=name,
        stacked=bool(getattr(diagram, "Stacked", False)) and not getattr(diagram, "Percent", False),
        percent=bool(getattr(diagram, "Percent", False)),
        bars=bool(getattr(diagram, "Vertical", False)),
        three_d=bool(getattr(diagram, "Dim3D", False)),
        symbols=diagram.SymbolType != _SYMBOLS_NONE if knows_symbols else None,
        lines=_has_lines(document) if name == "XY" else True,
        smooth=bool(getattr(diagram, "SplineType", 0)) if name == "XY" else False,
    )


def _write_kind(document: Any, kind: _Kind) -> None:
    diagram = document.Diagram
    wanted = {"Dim3D": kind.three_d, "Vertical": kind.bars, "Stacked": kind.stacked, "Percent": kind.percent}
    for name, value in wanted.items():
        if hasattr(diagram, name):
            setattr(diagram, name, value)
    if kind.symbols is not None:
        diagram.SymbolType = _SYMBOLS_AUTOMATIC if kind.symbols else _SYMBOLS_NONE
    if kind.diagram == "XY":
        diagram.SplineType = int(kind.smooth)
        for series in _all_series(document):
            series.LineStyle = enum("drawing.LineStyle", "SOLID" if kind.lines else "NONE")
