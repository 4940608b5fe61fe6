"""Conditional formats: rules on values, formulas, colour scales, data bars and icon sets."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.libreoffice import scales
from cdrp_xl.libreoffice.fonts import as_rgb, uno_colour
from cdrp_xl.libreoffice.formulas import to_excel, to_uno
from cdrp_xl.libreoffice.interface import engine_class
from cdrp_xl.libreoffice.office import constant, enum, from_uno, properties

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cdrp_xl.libreoffice.range import Range

_KINDS = {"cell_value": 0, "custom": 0, "color_scale": 1, "data_bar": 2, "icon_set": 3}
_OPERATORS = {
    "equal_to": "EQUAL",
    "less_than": "LESS",
    "greater_than": "GREATER",
    "less_than_or_equal": "LESS_EQUAL",
    "greater_than_or_equal": "GREATER_EQUAL",
    "not_equal_to": "NOT_EQUAL",
    "between": "BETWEEN",
    "not_between": "NOT_BETWEEN",
}
_FORMULA = "EXPRESSION"
# By the numbers of com.sun.star.sheet.ColorScaleEntryType, DataBarEntryType and IconSetFormatEntry. LibreOffice gives
# an automatic end of a data bar the number of the lowest value.
_THRESHOLDS = {
    "color_scale": ("lowest_value", "highest_value", "percentile", "number", "percent"),
    "data_bar": ("automatic", "automatic", "highest_value", "percentile", "number", "percent"),
    "icon_set": ("lowest_value", "percentile", "number", "percent"),
}
_WITHOUT_A_VALUE = ("lowest_value", "highest_value", "automatic")
_FIVE = 5
_STYLE_PREFIX = "cdrp-xl condition "


@engine_class
class ConditionalFormats(base_classes.ConditionalFormats):
    """The conditional formats of a range, the first to count first.

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
        """LibreOffice's conditional formats of the whole worksheet."""
        return self.parent.sheet.xl.ConditionalFormats

    def _all(self) -> list[ConditionalFormat]:
        found = []
        for xl in self.api.getConditionalFormats():
            areas = [from_uno(address) for address in xl.Range.RangeAddresses]
            if any(area.overlaps(self.parent.area) for area in areas):
                found += [ConditionalFormat(self.parent, xl, index) for index in range(xl.Count)]
        return found

    def __call__(self, key: int) -> ConditionalFormat:
        found = self._all()
        if not isinstance(key, int) or not 1 <= key <= len(found):
            raise KeyError(key)
        return found[key - 1]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[ConditionalFormat]:
        return iter(self._all())

    def __contains__(self, key: int) -> bool:
        return 1 <= key <= len(self)

    def _ranges(self, cells: Any) -> Any:
        ranges = self.parent.sheet.book.xl.createInstance("com.sun.star.sheet.SheetCellRanges")
        ranges.addRangeAddress(cells.RangeAddress, False)
        return ranges

    def _numbered(self, number: int) -> Any:
        return next(xl for xl in self.api.getConditionalFormats() if number == xl.ID)

    def _new(self) -> int:
        """Make a format of the range, with no rule yet or one to be changed, and return its number.

        Made through the cells it shows at once, and takes the range out of all others; made by the list of formats it
        takes nothing away, and shows when the file is opened again.
        """
        self.parent.check_writable(is_format=True)
        if len(self):
            return int(self.api.createByRange(self._ranges(self.parent.cells)))
        first = self.parent.cells.ConditionalFormat
        first.addNew(properties(Operator=enum("sheet.ConditionOperator", "EQUAL"), Formula1="0", StyleName=""))
        self.parent.cells.ConditionalFormat = first
        return int(self._all()[0].xl.ID)

    def _add_rule(self, spec: Mapping[str, Any]) -> ConditionalFormat:
        xl = self._numbered(self._new())
        if not xl.Count:
            xl.createEntry(_KINDS["cell_value"], 0)
        rule = ConditionalFormat(self.parent, xl, 0)
        rule.set({name: value for name, value in spec.items() if value is not None})
        return rule

    add_cell_value = add_custom = _add_rule

    def _add_scale(self, scale: str) -> ConditionalFormat:
        """Add a colour scale, data bar or icon set under a number that the cells know already."""
        number = self._new()
        aside = scales.last_cell(self.parent.sheet)
        self._numbered(number).Range = self._ranges(aside)
        aside.clearContents(constant("sheet.CellFlags.HARDATTR"))
        xl = scales.bring(scale, self.parent.sheet)
        xl.Range = self._ranges(self.parent.cells)
        aside.clearContents(constant("sheet.CellFlags.HARDATTR"))
        return ConditionalFormat(self.parent, xl, 0)

    def add_color_scale(self, spec: Mapping[str, Any]) -> ConditionalFormat:
        return self._add_scale(scales.colour_scale(spec))

    def add_data_bar(self, spec: Mapping[str, Any]) -> ConditionalFormat:
        rule = self._add_scale(scales.data_bar(spec))
        rule.entry.ShowValue = spec["show_value"]
        return rule

    def add_icon_set(self, spec: Mapping[str, Any]) -> ConditionalFormat:
        rule = self._add_scale(scales.icon_set(spec))
        rule.entry.ShowValue, rule.entry.Reverse = spec["show_value"], spec["reverse_order"]
        return rule

    def clear(self) -> None:
        for xl in {rule.xl.ID: rule.xl for rule in self._all()}.values():
            self.api.removeByID(xl.ID)


@engine_class
class ConditionalFormat(base_classes.ConditionalFormat):
    """One conditional format.

    Parameters
    ----------
    parent
        The range through which it was found.
    xl
        UNO's conditional format, which may hold several rules.
    index
        The rule's number in it, from 0.
    """

    def __init__(self, parent: Range, xl: Any, index: int) -> None:
        self._parent = parent
        self.xl = xl
        self._index = index

    @property
    def entry(self) -> Any:
        """UNO's rule."""
        return self.xl.getByIndex(self._index)

    @property
    def api(self) -> Any:
        return self.entry

    @property
    def type(self) -> str:
        number = self.entry.getType()
        if number == 0:
            return "custom" if self._operator == _FORMULA else "cell_value"
        return next((name for name, kind in _KINDS.items() if kind == number), "unknown")

    @property
    def _operator(self) -> str:
        number = self.entry.Operator
        names = (*_OPERATORS.values(), _FORMULA)
        return next((n for n in names if constant(f"sheet.ConditionFormatOperator.{n}") == number), "")

    @property
    def _is_rule(self) -> bool:
        return self.type in ("cell_value", "custom")

    @property
    def stop_if_true(self) -> bool | None:
        # LibreOffice applies the first rule of a format that holds, and no further one.
        return True if self._is_rule else None

    @property
    def operator(self) -> str | None:
        if self.type != "cell_value":
            return None
        return next((name for name, uno in _OPERATORS.items() if uno == self._operator), None)

    @property
    def formula1(self) -> str | None:
        return to_excel(f"={self.entry.Formula1}") if self.type == "cell_value" else None

    @property
    def formula2(self) -> str | None:
        needs_two = self.operator in ("between", "not_between")
        return to_excel(f"={self.entry.Formula2}") if needs_two else None

    @property
    def formula(self) -> str | None:
        return to_excel(f"={self.entry.Formula1}") if self.type == "custom" else None

    def _style(self) -> Any:
        styles = self._parent.sheet.book.xl.StyleFamilies.getByName("CellStyles")
        name = self.entry.StyleName if self._is_rule else ""
        return styles.getByName(name) if name and styles.hasByName(name) else None

    @property
    def fill_color(self) -> tuple[int, int, int] | None:
        style = self._style()
        return as_rgb(style.CellBackColor) if style is not None else None

    @property
    def font_color(self) -> tuple[int, int, int] | None:
        style = self._style()
        return as_rgb(style.CharColor) if style is not None else None

    @property
    def font_bold(self) -> bool | None:
        style = self._style()
        return style.CharWeight > 100 if style is not None else None  # noqa: PLR2004 - above normal weight

    @property
    def font_italic(self) -> bool | None:
        style = self._style()
        return style.CharPosture.value == "ITALIC" if style is not None else None

    @property
    def colors(self) -> tuple[tuple[int, int, int] | None, ...] | None:
        if self.type != "color_scale":
            return None
        return tuple(as_rgb(entry.Color) for entry in self.entry.ColorScaleEntries)

    @property
    def bar_color(self) -> tuple[int, int, int] | None:
        return as_rgb(self.entry.Color) if self.type == "data_bar" else None

    @property
    def gradient(self) -> bool | None:
        return bool(self.entry.UseGradient) if self.type == "data_bar" else None

    @property
    def show_value(self) -> bool | None:
        return bool(self.entry.ShowValue) if self.type in ("data_bar", "icon_set") else None

    @property
    def reverse_order(self) -> bool | None:
        return bool(self.entry.Reverse) if self.type == "icon_set" else None

    @property
    def icon_set(self) -> str | None:
        if self.type != "icon_set":
            return None
        icons, number = len(self._criteria()) + 1, self.entry.Icons
        if number is None:  # UNO has no number for Excel's stars, triangles and boxes
            return "5_boxes" if icons == _FIVE else None
        # It gives five grey arrows the number of four.
        return f"{icons}{scales.ICON_SETS[number][1:]}"

    def _criteria(self) -> list[tuple[str, str]]:
        """Return what parts the colours, ends the bar or parts the icons: each with its kind and its value."""
        kind = self.type
        if kind not in _THRESHOLDS:
            return []
        held = {"color_scale": "ColorScaleEntries", "data_bar": "DataBarEntries", "icon_set": "IconSetEntries"}
        entries = getattr(self.entry, held[kind])[int(kind == "icon_set") :]  # below the first icon there is nothing
        names = dict(enumerate(_THRESHOLDS[kind]))
        return [(names.get(entry.Type, "unknown"), str(entry.Formula)) for entry in entries]

    @property
    def threshold_types(self) -> tuple[str, ...] | None:
        return tuple(kind for kind, _value in self._criteria()) or None

    @property
    def thresholds(self) -> tuple[float | str | None, ...] | None:
        return tuple(_number(kind, value) for kind, value in self._criteria()) or None

    def set(self, changes: Mapping[str, Any]) -> None:
        """Change a rule's condition and looks."""
        entry = self.entry
        operator = _FORMULA if "formula" in changes else _OPERATORS.get(changes.get("operator", ""))
        if operator:
            entry.Operator = constant(f"sheet.ConditionFormatOperator.{operator}")
        for name, member in (("formula", "Formula1"), ("formula1", "Formula1"), ("formula2", "Formula2")):
            if changes.get(name) is not None:
                setattr(entry, member, to_uno(f"={str(changes[name]).removeprefix('=')}").removeprefix("="))
        looks = {
            name: changes[name] for name in ("fill_color", "font_color", "font_bold", "font_italic") if name in changes
        }
        if looks:
            self._look(looks)

    def _look(self, looks: Mapping[str, Any]) -> None:
        style = self._style() or self._new_style()
        if "fill_color" in looks:
            style.CellBackColor = uno_colour(looks["fill_color"])
        if "font_color" in looks:
            style.CharColor = uno_colour(looks["font_color"])
        if "font_bold" in looks:
            style.CharWeight = 150.0 if looks["font_bold"] else 100.0
        if "font_italic" in looks:
            style.CharPosture = enum("awt.FontSlant", "ITALIC" if looks["font_italic"] else "NONE")

    def _new_style(self) -> Any:
        document = self._parent.sheet.book.xl
        styles = document.StyleFamilies.getByName("CellStyles")
        name = next(name for i in itertools.count(1) if not styles.hasByName(name := f"{_STYLE_PREFIX}{i}"))
        styles.insertByName(name, document.createInstance("com.sun.star.style.CellStyle"))
        self.entry.StyleName = name
        return styles.getByName(name)

    def delete(self) -> None:
        if self.xl.Count == 1:
            self._parent.sheet.xl.ConditionalFormats.removeByID(self.xl.ID)
        else:
            self.xl.removeByIndex(self._index)


def _number(kind: str, value: str) -> float | str | None:
    if kind in _WITHOUT_A_VALUE:
        return None
    try:
        return float(value)
    except ValueError:  # a formula
        return to_excel(f"={value}")
