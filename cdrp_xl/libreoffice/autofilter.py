"""Filters over the headings of a table or a range."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.libreoffice.interface import engine_class
from cdrp_xl.libreoffice.office import bridge, constant, enum, from_uno, struct
from cdrp_xl.libreoffice.values import prepared, serial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.libreoffice.range import Range
    from cdrp_xl.libreoffice.tables import Table

_OPERATORS = {
    "equal_to": "EQUAL",
    "not_equal_to": "NOT_EQUAL",
    "greater_than": "GREATER",
    "less_than": "LESS",
    "greater_than_or_equal": "GREATER_EQUAL",
    "less_than_or_equal": "LESS_EQUAL",
}
_TOPS = {
    "top_items": "TOP_VALUES",
    "bottom_items": "BOTTOM_VALUES",
    "top_percent": "TOP_PERCENT",
    "bottom_percent": "BOTTOM_PERCENT",
}
_FIELDS = "[]com.sun.star.sheet.TableFilterField3"


@engine_class
class AutoFilter(base_classes.AutoFilter):
    """The filter of one database range.

    Parameters
    ----------
    block
        The cells, headings included.
    xl
        UNO's database range, or None where the block has none yet.
    """

    def __init__(self, block: Range, xl: Any) -> None:
        self._block = block
        self._xl = xl

    @classmethod
    def of_table(cls, table: Table) -> AutoFilter:
        """Return a table's filter."""
        return cls(table.range, table.xl)

    @classmethod
    def of_range(cls, block: Range) -> AutoFilter:
        """Return the filter of a range that is no table: LibreOffice keeps one such range a sheet."""
        unnamed = _unnamed(block)
        index = block.sheet.index - 1
        if unnamed.hasByTable(index):
            xl = unnamed.getByTable(index)
            if from_uno(xl.DataArea) == block.area:
                return cls(block, xl)
        return cls(block, None)

    def _range(self) -> Any:
        if self._xl is None:
            unnamed = _unnamed(self._block)
            index = self._block.sheet.index - 1
            if unnamed.hasByTable(index) and unnamed.getByTable(index).AutoFilter:
                raise ValueError("This worksheet already has an AutoFilter on a different range")
            unnamed.setByTable(self._block.cells.RangeAddress)
            self._xl = unnamed.getByTable(index)
            self._xl.ContainsHeader = True
            self._xl.AutoFilter = True
        return self._xl

    def _fields(self) -> list[Any]:
        return list(self._xl.getFilterDescriptor().getFilterFields3()) if self._xl is not None else []

    @property
    def criteria(self) -> list[dict[str, Any]]:
        fields = self._fields()
        every = range(1, self._block.area.columns + 1)
        return [_snapshot(number, [field for field in fields if field.Field == number - 1]) for number in every]

    def _apply(self, number: int, fields: Sequence[Any]) -> None:
        xl = self._range()
        kept = [field for field in self._fields() if field.Field != number - 1]
        descriptor = xl.getFilterDescriptor()
        descriptor.ContainsHeader = True
        bridge().invoke(descriptor, "setFilterFields3", (bridge().Any(_FIELDS, (*kept, *fields)),))
        xl.refresh()
        if not kept and not fields:
            # LibreOffice keeps hidden what the last filter hid.
            self._block.cells.Rows.IsFiltered = False
            self._block.cells.Rows.IsVisible = True

    def apply_values(self, field: int, values: Sequence[str]) -> None:
        self._apply(field, [_field(field, "EQUAL", [_value(value) for value in values])])

    def apply_comparison(self, field: int, operator: str, value1: Any, value2: Any) -> None:
        if value1 is None:
            self._apply(field, [_field(field, "EMPTY" if operator == "equal_to" else "NOT_EMPTY", [_value("")])])
        elif operator == "between":
            low = _field(field, "GREATER_EQUAL", [_value(value1)])
            self._apply(field, [low, _field(field, "LESS_EQUAL", [_value(value2)])])
        elif operator == "not_between":
            low = _field(field, "LESS", [_value(value1)])
            self._apply(field, [low, _field(field, "GREATER", [_value(value2)], connection="OR")])
        else:
            self._apply(field, [_field(field, _OPERATORS[operator], [_value(value1)])])

    def apply_top_items(self, field: int, count: int) -> None:
        self._apply(field, [_field(field, "TOP_VALUES", [_value(str(count))])])

    def apply_bottom_items(self, field: int, count: int) -> None:
        self._apply(field, [_field(field, "BOTTOM_VALUES", [_value(str(count))])])

    def apply_top_percent(self, field: int, percent: float) -> None:
        self._apply(field, [_field(field, "TOP_PERCENT", [_value(str(percent))])])

    def apply_bottom_percent(self, field: int, percent: float) -> None:
        self._apply(field, [_field(field, "BOTTOM_PERCENT", [_value(str(percent))])])

    def clear(self, field: int | None) -> None:
        if self._xl is None:
            return
        if field is not None:
            self._apply(field, [])
            return
        for number in range(1, self._block.area.columns + 1):
            self._apply(number, [])


def _unnamed(block: Range) -> Any:
    return block.sheet.book.xl.getPropertyValue("UnnamedDatabaseRanges")


def _field(number: int, operator: str, values: Sequence[Any], connection: str = "AND") -> Any:
    return struct(
        "sheet.TableFilterField3",
        Field=number - 1,
        Operator=constant(f"sheet.FilterOperator2.{operator}"),
        Connection=enum("sheet.FilterConnection", connection),
        Values=tuple(values),
    )


def _value(value: Any) -> Any:
    """Return a value to compare with, by its number where it is one, as the cells hold it."""
    import datetime as dt

    if isinstance(value, dict):
        moment = dt.datetime.fromisoformat(value["value"])
        number: float | None = serial(moment)
        text = f"{number:.15g}"
    else:
        text = str(prepared(value))
        try:
            number = float(text)
        except ValueError:
            number = None
    kind = "STRING" if number is None else "NUMERIC"
    return struct(
        "sheet.FilterFieldValue",
        IsNumeric=number is not None,
        NumericValue=number or 0.0,
        StringValue=text,
        FilterType=constant(f"sheet.FilterFieldType.{kind}"),
    )


def _snapshot(number: int, fields: Sequence[Any]) -> dict[str, Any]:
    if not fields:
        return base_classes.empty_autofilter_criteria(number)
    first = fields[0]
    name = _name_of(first.Operator)
    for kind, uno in _TOPS.items():
        if name == uno:
            return base_classes.autofilter_criteria_snapshot(number, kind, first.Values[0].StringValue)
    if name in ("EMPTY", "NOT_EMPTY"):
        return base_classes.autofilter_criteria_snapshot(number, "comparison", "=" if name == "EMPTY" else "<>")
    if name == "EQUAL" and len(fields) == 1 and len(first.Values) > 0:
        texts = [value.StringValue for value in first.Values]
        return base_classes.autofilter_criteria_snapshot(number, "values", texts)
    signs = [_SIGNS[_name_of(field.Operator)] + field.Values[0].StringValue for field in fields]
    joined = fields[1].Connection.value.casefold() if len(fields) > 1 else None
    return base_classes.autofilter_criteria_snapshot(
        number, "comparison", signs[0], signs[1] if len(signs) > 1 else None, joined
    )


_SIGNS = {"EQUAL": "=", "NOT_EQUAL": "<>", "GREATER": ">", "LESS": "<", "GREATER_EQUAL": ">=", "LESS_EQUAL": "<="}


def _name_of(operator: int) -> str:
    names = (*_SIGNS, *_TOPS.values(), "EMPTY", "NOT_EMPTY")
    return next((name for name in names if constant(f"sheet.FilterOperator2.{name}") == operator), "EQUAL")
