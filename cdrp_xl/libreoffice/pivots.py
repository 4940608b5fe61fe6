"""Pivot tables: LibreOffice's data pilots."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice.interface import UnsupportedInLibreOfficeError, engine_class
from cdrp_xl.libreoffice.office import enum, from_uno

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.libreoffice.range import Range
    from cdrp_xl.libreoffice.sheet import Sheet

_ORIENTATIONS = {"rows": "ROW", "columns": "COLUMN", "filters": "PAGE", "values": "DATA"}
_FUNCTIONS = {
    "sum": "SUM",
    "count": "COUNT",
    "average": "AVERAGE",
    "max": "MAX",
    "min": "MIN",
    "product": "PRODUCT",
    "count_numbers": "COUNTNUMS",
    "stdev": "STDEV",
    "stdevp": "STDEVP",
    "var": "VAR",
    "varp": "VARP",
}
_TOP = ("Sheet", "StartRow", "StartColumn", "EndColumn")
_RESULT_AREA = 2  # com.sun.star.sheet.DataPilotOutputRangeType.RESULT


class _Found:
    """A collection that looks its members up by number or name."""

    def _all(self) -> list[Any]:
        raise NotImplementedError

    def __call__(self, key: int | str) -> Any:
        for number, member in enumerate(self._all(), start=1):
            if key == number or (isinstance(key, str) and member.name.casefold() == key.casefold()):
                return member
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all())

    def __contains__(self, key: int | str) -> bool:
        try:
            return self(key) is not None
        except KeyError:
            return False


@engine_class
class PivotTables(_Found, base_classes.PivotTables):
    """The pivot tables on a worksheet.

    Parameters
    ----------
    parent
        The worksheet.
    """

    parent: Sheet

    def __init__(self, parent: Sheet) -> None:
        self.parent = parent

    @property
    def api(self) -> Any:
        return self.parent.xl.DataPilotTables

    def _all(self) -> list[PivotTable]:
        return [PivotTable(self.parent, name) for name in self.api.ElementNames]

    def add(self, source: Any, destination: Range, name: str | None = None) -> PivotTable:
        """Make an empty pivot table of a range or table."""
        block: Range = source.range if isinstance(source, base_classes.Table) else source
        descriptor = self.api.createDataPilotDescriptor()
        descriptor.setSourceRange(block.cells.RangeAddress)
        descriptor.ShowFilterButton = False
        taken = {name for sheet in self.parent.book.sheets for name in sheet.xl.DataPilotTables.ElementNames}
        if name in taken:
            raise CannotBeWrittenError(
                f'There is already a pivot table "{name}".', where=self.parent.book.name, remedy="Choose another name."
            )
        key = name or next(name for i in itertools.count(1) if (name := f"PivotTable{i}") not in taken)
        self.api.insertNewByName(key, destination.corner, descriptor)
        return PivotTable(self.parent, key)


@engine_class
class PivotTable(base_classes.PivotTable):
    """One pivot table."""

    parent: Sheet

    def __init__(self, parent: Sheet, key: str) -> None:
        self.parent = parent
        self._key = key

    @property
    def api(self) -> Any:
        """LibreOffice's pivot table, ``com.sun.star.sheet.DataPilotTable``."""
        return self.parent.xl.DataPilotTables.getByName(self._key)

    @property
    def name(self) -> str:
        return self._key

    @name.setter
    def name(self, value: str) -> None:
        self.api.setName(value)
        self._key = value

    def fields(self) -> list[Any]:
        """Return UNO's fields; the last is LibreOffice's own, which lays out several values."""
        every = self.api.DataPilotFields
        return [every.getByIndex(index) for index in range(every.Count - 1)]

    @property
    def field_names(self) -> list[str]:
        names = [str(field.Name) for field in self.fields()]
        return list(dict.fromkeys(names))

    @property
    def rows(self) -> PivotFields:
        return PivotFields(self, "rows")

    @property
    def columns(self) -> PivotFields:
        return PivotFields(self, "columns")

    @property
    def filters(self) -> PivotFields:
        return PivotFields(self, "filters")

    @property
    def values(self) -> PivotValueFields:
        return PivotValueFields(self)

    @property
    def layout(self) -> str:
        return "tabular"

    @layout.setter
    def layout(self, value: str) -> None:
        if value != "tabular":
            raise UnsupportedInLibreOfficeError(f'PivotTable.layout = "{value}"', remedy='Use "tabular".')

    @property
    def show_row_grand_totals(self) -> bool:
        return bool(self.api.RowGrand)

    @show_row_grand_totals.setter
    def show_row_grand_totals(self, value: bool) -> None:
        self.api.RowGrand = value

    @property
    def show_column_grand_totals(self) -> bool:
        return bool(self.api.ColumnGrand)

    @show_column_grand_totals.setter
    def show_column_grand_totals(self, value: bool) -> None:
        self.api.ColumnGrand = value

    def _cover(self, address: Any) -> Range:
        return self.parent.cover(from_uno(address))

    @property
    def range(self) -> Range:
        return self._cover(self.api.OutputRange)

    @property
    def data_body_range(self) -> Range | None:
        return self._cover(self.api.getOutputRangeByType(_RESULT_AREA)) if len(self.values) else None

    def refresh(self) -> None:
        """Count the source anew; as in Excel, a table as it is now, where LibreOffice keeps its first size."""
        source = self.api.SourceRange
        table = self._table_at(source)
        if table is not None and table.EndRow != source.EndRow:
            self.api.SourceRange = table
        self.api.refresh()

    def _table_at(self, source: Any) -> Any:
        """Return the cells of the table whose headings are the source's first row, None where there is none."""
        ranges = self.parent.book.xl.DatabaseRanges
        for area in (ranges.getByName(name).DataArea for name in ranges.ElementNames):
            if all(getattr(area, edge) == getattr(source, edge) for edge in _TOP):
                return area
        return None

    def delete(self) -> None:
        self.parent.xl.DataPilotTables.removeByName(self._key)


@engine_class
class PivotFields(_Found, base_classes.PivotFields):
    """The fields in the rows, columns or filters of a pivot table."""

    parent: PivotTable
    area: str

    def __init__(self, parent: PivotTable, area: str) -> None:
        self.parent = parent
        self.area = area

    @property
    def api(self) -> Any:
        return self.parent.api.DataPilotFields

    def _all(self) -> list[PivotField]:
        wanted = _ORIENTATIONS[self.area]
        return [PivotField(self.parent, xl) for xl in self.parent.fields() if xl.Orientation.value == wanted]

    def add(self, name: str) -> PivotField:
        for xl in self.parent.fields():
            if xl.Name == name:
                xl.Orientation = enum("sheet.DataPilotFieldOrientation", _ORIENTATIONS[self.area])
                if self.area != "filters":  # Excel gives subtotals to a field that others are nested in
                    xl.Subtotals = (enum("sheet.GeneralFunction", "AUTO"),)
                return PivotField(self.parent, xl)
        raise KeyError(name)


@engine_class
class PivotField(base_classes.PivotField):
    """One field of a pivot table."""

    parent: PivotTable

    def __init__(self, parent: PivotTable, xl: Any) -> None:
        self.parent = parent
        self.xl = xl

    @property
    def api(self) -> Any:
        return self.xl

    @property
    def name(self) -> str:
        return str(self.xl.Name)

    def remove(self) -> None:
        self.xl.Orientation = enum("sheet.DataPilotFieldOrientation", "HIDDEN")


@engine_class
class PivotValueFields(_Found, base_classes.PivotValueFields):
    """The values of a pivot table."""

    parent: PivotTable

    def __init__(self, parent: PivotTable) -> None:
        self.parent = parent

    @property
    def api(self) -> Any:
        return self.parent.api.DataPilotFields

    def _all(self) -> list[PivotValueField]:
        return [PivotValueField(self.parent, xl) for xl in self.parent.fields() if xl.Orientation.value == "DATA"]

    def add(
        self, field: str, function: str | None = None, name: str | None = None, number_format: str | None = None
    ) -> PivotValueField:
        for argument, value in (("name", name), ("number_format", number_format)):
            if value is not None:
                raise UnsupportedInLibreOfficeError(f"PivotValueFields.add(…, {argument}=…)")
        for xl in self.parent.fields():
            if xl.Name == field:
                xl.Orientation = enum("sheet.DataPilotFieldOrientation", "DATA")
                xl.Function = enum("sheet.GeneralFunction", _FUNCTIONS[function or "sum"])
                return PivotValueField(self.parent, xl)
        raise KeyError(field)


@engine_class
class PivotValueField(base_classes.PivotValueField):
    """One value of a pivot table."""

    parent: PivotTable

    def __init__(self, parent: PivotTable, xl: Any) -> None:
        self.parent = parent
        self.xl = xl

    @property
    def api(self) -> Any:
        return self.xl

    @property
    def name(self) -> str:
        return f"{self.function.capitalize()} - {self.source_field}"

    @name.setter
    def name(self, value: str) -> None:  # noqa: ARG002 - refused whatever it is
        raise UnsupportedInLibreOfficeError("PivotValueField.name (setting it)")

    @property
    def source_field(self) -> str:
        return str(self.xl.Name)

    @property
    def function(self) -> str:
        value = self.xl.Function.value
        return next((name for name, uno in _FUNCTIONS.items() if uno == value), "sum")

    @function.setter
    def function(self, value: str) -> None:
        self.xl.Function = enum("sheet.GeneralFunction", _FUNCTIONS[value])

    def remove(self) -> None:
        self.xl.Orientation = enum("sheet.DataPilotFieldOrientation", "HIDDEN")
