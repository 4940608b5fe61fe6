"""The axes and the legend of a chart."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import XlwingsError, base_classes

from cdrp_xl.libreoffice.interface import UnsupportedInLibreOfficeError, engine_class
from cdrp_xl.libreoffice.office import enum

if TYPE_CHECKING:
    from cdrp_xl.libreoffice.charts import Chart

_UNSET = base_classes._UNSET  # noqa: SLF001 - xlwings' mark for an argument left out
_LEGEND = {"top": "TOP", "bottom": "BOTTOM", "left": "LEFT", "right": "RIGHT"}


@engine_class
class ChartLegend(base_classes.ChartLegend):
    """The legend of a chart."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart

    @property
    def api(self) -> Any:
        return self._chart.document.Legend if self.visible else None

    @property
    def visible(self) -> bool:
        return bool(self._chart.document.HasLegend)

    @visible.setter
    def visible(self, value: bool) -> None:
        self._chart.document.HasLegend = bool(value)

    @property
    def position(self) -> str | None:
        if not self.visible:
            return None
        alignment = self._chart.document.Legend.Alignment.value
        return next((name for name, uno in _LEGEND.items() if uno == alignment), None)

    @position.setter
    def position(self, value: str) -> None:
        if value not in _LEGEND:
            raise UnsupportedInLibreOfficeError(f'ChartLegend.position = "{value}"')
        self.visible = True
        self._chart.document.Legend.Alignment = enum("chart.ChartLegendPosition", _LEGEND[value])


@engine_class
class ChartAxis(base_classes.ChartAxis):
    """One axis of a chart.

    Parameters
    ----------
    chart
        The chart.
    letter
        ``X`` for the categories, ``Y`` for the values.
    is_secondary
        True for the second axis of the letter.
    """

    def __init__(self, chart: Chart, letter: str, *, is_secondary: bool = False) -> None:
        self._chart = chart
        self._letter = f"Secondary{letter}" if is_secondary else letter

    @property
    def _diagram(self) -> Any:
        return self._chart.document.Diagram

    @property
    def api(self) -> Any:
        return getattr(self._diagram, f"{self._letter}Axis") if self.visible else None

    def _axis(self) -> Any:
        axis = self.api
        if axis is None:
            raise XlwingsError(f"The chart has no visible {self._letter} axis.")
        return axis

    @property
    def visible(self) -> bool:
        return bool(getattr(self._diagram, f"Has{self._letter}Axis", False))

    @visible.setter
    def visible(self, value: bool) -> None:
        setattr(self._diagram, f"Has{self._letter}Axis", bool(value))

    @property
    def title(self) -> str | None:
        diagram = self._diagram
        if not getattr(diagram, f"Has{self._letter}AxisTitle", False):
            return None
        return str(self._title(diagram).String)

    @title.setter
    def title(self, value: str | None) -> None:
        diagram = self._diagram
        setattr(diagram, f"Has{self._letter}AxisTitle", value is not None)
        if value is not None:
            self._title(diagram).String = value

    def _title(self, diagram: Any) -> Any:
        prefix = self._letter.replace("Secondary", "Second")
        return getattr(diagram, f"{prefix}AxisTitle" if prefix != self._letter else f"{self._letter}AxisTitle")

    @property
    def minimum_scale(self) -> float:
        return float(self._axis().Min)

    @minimum_scale.setter
    def minimum_scale(self, value: float | None) -> None:
        self._scale("Min", "AutoMin", value)

    @property
    def maximum_scale(self) -> float:
        return float(self._axis().Max)

    @maximum_scale.setter
    def maximum_scale(self, value: float | None) -> None:
        self._scale("Max", "AutoMax", value)

    @property
    def major_unit(self) -> float:
        return float(self._axis().StepMain)

    @major_unit.setter
    def major_unit(self, value: float | None) -> None:
        self._scale("StepMain", "AutoStepMain", value)

    def _scale(self, name: str, automatic: str, value: float | None) -> None:
        if value is None:
            setattr(self._axis(), automatic, True)
        else:
            setattr(self._axis(), name, value)

    @property
    def number_format(self) -> str:
        return self._chart.parent.book.formats.code(self._axis().NumberFormat)

    @number_format.setter
    def number_format(self, value: str) -> None:
        axis = self._axis()
        axis.LinkNumberFormatToSource = False
        axis.NumberFormat = self._chart.parent.book.formats.key(value)

    @property
    def reverse_order(self) -> bool:
        return bool(self._axis().ReverseDirection)

    @reverse_order.setter
    def reverse_order(self, value: bool) -> None:
        self._axis().ReverseDirection = bool(value)

    @property
    def crosses(self) -> str:
        position = self._other().CrossoverPosition.value
        return {"START": "minimum", "END": "maximum", "ZERO": "automatic"}.get(position, "custom")

    @crosses.setter
    def crosses(self, value: str) -> None:
        position = {"minimum": "START", "maximum": "END", "automatic": "ZERO"}[value]
        self._other().CrossoverPosition = enum("chart.ChartAxisPosition", position)

    def _other(self) -> Any:
        # What Excel says of the axis that is crossed, LibreOffice says of the one that crosses it.
        return getattr(self._diagram, "YAxis" if self._letter.endswith("X") else "XAxis")

    def set(self, **changes: Any) -> None:
        """Change what is given; ``visible`` first where it shows the axis, last where it hides it."""
        wanted = {name: value for name, value in changes.items() if value is not _UNSET}
        is_shown = wanted.pop("visible", _UNSET)
        if is_shown is True:
            self.visible = True
        for name, value in wanted.items():
            setattr(self, name, value)
        if is_shown is False:
            self.visible = False
