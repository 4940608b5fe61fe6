"""Tables: LibreOffice's database ranges with a heading row, which an .xlsx file holds as tables."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice.autofilter import AutoFilter
from cdrp_xl.libreoffice.interface import engine_class
from cdrp_xl.libreoffice.left_out import TableStyle
from cdrp_xl.libreoffice.office import from_uno

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.addresses import Rectangle
    from cdrp_xl.libreoffice.range import Range
    from cdrp_xl.libreoffice.sheet import Sheet


@engine_class
class Tables(base_classes.Collection, base_classes.Tables):
    """The tables of a worksheet.

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
        """The workbook's database ranges."""
        return self.parent.book.xl.DatabaseRanges

    @property
    def api(self) -> Any:
        return self.xl

    def _all(self) -> list[Table]:
        ranges = self.xl
        index = self.parent.index - 1
        found = [ranges.getByName(name) for name in ranges.ElementNames]
        return [Table(self.parent, xl) for xl in found if xl.DataArea.Sheet == index]

    def __call__(self, key: int | str) -> Table:
        tables = self._all()
        if isinstance(key, str):
            for table in tables:
                if table.name.casefold() == key.casefold():
                    return table
        elif 1 <= key <= len(tables):
            return tables[key - 1]
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Table]:
        return iter(self._all())

    def __contains__(self, key: int | str) -> bool:
        try:
            return self(key) is not None
        except KeyError:
            return False

    def add(
        self,
        source_type: Any = None,  # noqa: ARG002 - always a range
        source: Any = None,
        link_source: Any = None,  # noqa: ARG002 - always a range
        has_headers: bool | None = None,  # noqa: FBT001
        destination: Any = None,  # noqa: ARG002 - a range lies where it lies
        table_style_name: str | None = None,
        name: str | None = None,
    ) -> Table:
        """Make a table of a range; without headings of its own it gets Column1, Column2 and so on above it."""
        block: Range = source.impl
        for table in self._all():
            if table.range.area.overlaps(block.area):
                raise CannotBeWrittenError(
                    f'The cells overlap the table "{table.name}".',
                    where=block.where,
                    remedy="Choose cells that are in no table, or resize that one.",
                )
        taken = {taken.casefold() for taken in self.xl.ElementNames}
        if name is None:
            name = next(name for i in itertools.count(1) if (name := f"Table{i}").casefold() not in taken)
        elif name.casefold() in taken:
            raise CannotBeWrittenError(
                f'There is already a table "{name}".', where=self.parent.book.name, remedy="Choose another name."
            )
        area = block.area if has_headers is not False else _with_headings(block)
        self.xl.addNewByName(name, self.parent.cover(area).cells.RangeAddress)
        xl = self.xl.getByName(name)
        xl.ContainsHeader = True
        xl.AutoFilter = True
        table = Table(self.parent, xl)
        table.table_style = table_style_name or ""
        return table


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What a table was before a worksheet was deleted: LibreOffice 7 takes a neighbour's away with it."""

    table: Table
    name: str
    area: Rectangle
    has_filter: bool
    has_totals: bool

    def put_back(self) -> None:
        """Make the table again if it has gone."""
        ranges = self.table.parent.book.xl.DatabaseRanges
        if ranges.hasByName(self.name):
            return
        ranges.addNewByName(self.name, self.table.parent.cover(self.area).cells.RangeAddress)
        xl = ranges.getByName(self.name)
        xl.ContainsHeader, xl.AutoFilter, xl.TotalsRow = True, self.has_filter, self.has_totals


def remembered(table: Table) -> Remembered:
    """Return what is needed to make a table again."""
    return Remembered(
        table=table,
        name=table.name,
        area=table.range.area,
        has_filter=table.show_autofilter,
        has_totals=table.show_totals,
    )


def _with_headings(block: Range) -> Rectangle:
    area = block.area
    block.sheet.cover(area.of_height(1)).insert("down")
    headings = block.sheet.cover(area.of_height(1))
    headings.raw_value = [f"Column{number}" for number in range(1, area.columns + 1)]
    return area.of_height(area.rows + 1)


@engine_class
class Table(base_classes.Table):
    """One table.

    Parameters
    ----------
    parent
        Its worksheet.
    xl
        UNO's database range.
    """

    parent: Sheet

    def __init__(self, parent: Sheet, xl: Any) -> None:
        self.parent = parent
        self.xl = xl

    @property
    def api(self) -> Any:
        """LibreOffice's database range, ``com.sun.star.sheet.DatabaseRange``."""
        return self.xl

    @property
    def name(self) -> str:
        return str(self.xl.Name)

    @name.setter
    def name(self, value: str) -> None:
        styles, before = self.parent.book.kept.styles, self.name.casefold()
        self.xl.setName(value)
        styles[value.casefold()] = styles.pop(before, TableStyle())

    display_name = name

    @property
    def _style(self) -> TableStyle:
        return self.parent.book.kept.styles.get(self.name.casefold(), TableStyle())

    def _restyle(self, **changes: Any) -> None:
        self.parent.book.kept.styles[self.name.casefold()] = replace(self._style, **changes)

    @property
    def table_style(self) -> str:
        # LibreOffice 7 draws no table styles: they are kept for the file that is saved.
        return self._style.name

    @table_style.setter
    def table_style(self, value: str) -> None:
        self._restyle(name=value)

    @property
    def show_table_style_first_column(self) -> bool:
        return self._style.first_column

    @show_table_style_first_column.setter
    def show_table_style_first_column(self, value: bool) -> None:
        self._restyle(first_column=value)

    @property
    def show_table_style_last_column(self) -> bool:
        return self._style.last_column

    @show_table_style_last_column.setter
    def show_table_style_last_column(self, value: bool) -> None:
        self._restyle(last_column=value)

    @property
    def show_table_style_row_stripes(self) -> bool:
        return self._style.row_stripes

    @show_table_style_row_stripes.setter
    def show_table_style_row_stripes(self, value: bool) -> None:
        self._restyle(row_stripes=value)

    @property
    def show_table_style_column_stripes(self) -> bool:
        return self._style.column_stripes

    @show_table_style_column_stripes.setter
    def show_table_style_column_stripes(self, value: bool) -> None:
        self._restyle(column_stripes=value)

    @property
    def range(self) -> Range:
        return self.parent.cover(from_uno(self.xl.DataArea))

    def _part(self, first: int, rows: int) -> Range | None:
        area = self.range.area
        if rows < 1:
            return None
        return self.parent.cover(area.of_height(first).below(rows))

    @property
    def header_row_range(self) -> Range | None:
        return self._part(0, 1) if self.show_headers else None

    @property
    def data_body_range(self) -> Range | None:
        above, below = int(self.show_headers), int(self.show_totals)
        return self._part(above, self.range.area.rows - above - below)

    @property
    def totals_row_range(self) -> Range | None:
        return self._part(self.range.area.rows - 1, 1) if self.show_totals else None

    @property
    def insert_row_range(self) -> Range | None:
        """The empty row in which a new table waits for its first values, or None."""
        body = self.data_body_range
        if body is None or body.area.rows > 1:
            return None
        return None if any(text != "" for text in body.cells.getFormulaArray()[0]) else body

    @property
    def show_headers(self) -> bool:
        return bool(self.xl.ContainsHeader)

    @show_headers.setter
    def show_headers(self, value: bool) -> None:
        area = self.range.area
        if value == self.show_headers:
            return
        self.xl.ContainsHeader = bool(value)
        by = -1 if value else 1
        if value and area.row == 0:
            raise CannotBeWrittenError(
                "There is no row above the table for its headings.",
                where=self.range.where,
                remedy="Insert a row above the table first.",
            )
        now = replace(area, row=area.row + by, rows=area.rows - by)
        self._cover(now)
        if not value:
            self.parent.cover(area.of_height(1)).clear_contents()
        else:
            heads = self.parent.cover(now.of_height(1))
            heads.raw_value = [f"Column{number}" for number in range(1, area.columns + 1)]

    @property
    def show_totals(self) -> bool:
        return bool(self.xl.TotalsRow)

    @show_totals.setter
    def show_totals(self, value: bool) -> None:
        if value == self.show_totals:
            return
        area = self.range.area
        below = self.parent.cover(area.of_height(area.rows if value else area.rows - 1).below(1))
        if value:
            below.insert("down")
            below(1, 1).raw_value = "Total"
        else:
            below.delete("up")
        self._cover(area.of_height(area.rows + (1 if value else -1)))
        self.xl.TotalsRow = bool(value)

    @property
    def show_autofilter(self) -> bool:
        return bool(self.xl.AutoFilter)

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        self.xl.AutoFilter = bool(value)

    @property
    def autofilter(self) -> AutoFilter:
        return AutoFilter.of_table(self)

    def resize(self, range: Any) -> None:  # noqa: A002 - xlwings' own argument
        """Let the table cover other cells; it keeps its heading row, as Excel demands."""
        area = getattr(range, "impl", range).area
        if area.row != self.range.area.row:
            raise CannotBeWrittenError(
                "A table keeps its heading row when it is resized.",
                where=self.range.where,
                remedy=f"Give a range that begins in row {self.range.row}.",
            )
        self._cover(area)

    def _cover(self, area: Rectangle) -> None:
        self.xl.DataArea = self.parent.cover(area).cells.RangeAddress

    def sort(self, keys: Sequence[int], ascending: Sequence[bool]) -> None:
        body = self.data_body_range
        if body is not None:
            body.sort(keys, ascending, has_headers=False)

    @property
    def rows(self) -> TableRows:
        return TableRows(self)

    @property
    def columns(self) -> TableColumns:
        return TableColumns(self)


@engine_class
class TableRow(base_classes.TableRow):
    """One row of a table's body; ``index`` counts from 1."""

    index: int

    def __init__(self, table: Table, index: int) -> None:
        self._table = table
        self.index = index

    @property
    def range(self) -> Range:
        area = self._table.range.area
        above = int(self._table.show_headers) + self.index - 1
        return self._table.parent.cover(area.of_height(above).below(1))

    def delete(self) -> None:
        self.range.delete("up")


@engine_class
class TableRows(base_classes.TableRows):
    """The rows of a table's body."""

    parent: Table

    def __init__(self, parent: Table) -> None:
        self.parent = parent

    @property
    def api(self) -> Any:
        return self.parent.xl

    @property
    def column_count(self) -> int:
        """How many values a row takes."""
        return self.parent.range.area.columns

    def __len__(self) -> int:
        body = self.parent.data_body_range
        return body.area.rows if body is not None else 0

    def __call__(self, key: int) -> TableRow:
        if not 1 <= key <= len(self):
            raise KeyError(key)
        return TableRow(self.parent, key)

    def __iter__(self) -> Iterator[TableRow]:
        return iter([TableRow(self.parent, index) for index in range(1, len(self) + 1)])

    def __contains__(self, key: int) -> bool:
        return 1 <= key <= len(self)

    def add(self, values: Sequence[Any] | None, index: int | None) -> TableRow:
        """Add a row before another, or at the end; what lies below the table moves down."""
        place = index if index is not None else len(self) + 1
        area = self.parent.range.area
        row = TableRow(self.parent, place)
        row.range.insert("down")
        # A row inserted within the block has widened it already.
        if self.parent.range.area.rows == area.rows:
            self.parent._cover(area.of_height(area.rows + 1))  # noqa: SLF001
        if values is not None:
            row.range.raw_value = [list(values)]
        return row


@engine_class
class TableColumn(base_classes.TableColumn):
    """One column of a table; ``index`` counts from 1."""

    index: int

    def __init__(self, columns: TableColumns, index: int) -> None:
        self._columns = columns
        self.index = index

    @property
    def name(self) -> str:
        head = self._columns.parent.header_row_range
        return str(head(1, self.index).cells.getCellByPosition(0, 0).String) if head else f"Column{self.index}"

    @property
    def range(self) -> Range:
        return self._slice(self._columns.parent.range)

    @property
    def data_body_range(self) -> Range | None:
        body = self._columns.parent.data_body_range
        return self._slice(body) if body is not None else None

    def _slice(self, block: Range) -> Range:
        column = block.area.column + self.index - 1
        return block.sheet.cover(replace(block.area, column=column, columns=1))

    def delete(self) -> None:
        if len(self._columns) == 1:
            raise ValueError("Cannot delete the last table column")
        self.range.delete("left")


@engine_class
class TableColumns(base_classes.Collection, base_classes.TableColumns):
    """The columns of a table."""

    parent: Table

    def __init__(self, parent: Table) -> None:
        self.parent = parent

    @property
    def api(self) -> Any:
        return self.parent.xl

    def __len__(self) -> int:
        return self.parent.range.area.columns

    def __iter__(self) -> Iterator[TableColumn]:
        return iter([TableColumn(self, index) for index in range(1, len(self) + 1)])

    def __call__(self, key: int | str) -> TableColumn:
        for column in self:
            if key == column.index or (isinstance(key, str) and column.name.casefold() == key.casefold()):
                return column
        raise KeyError(key)

    def __contains__(self, key: int | str) -> bool:
        try:
            return self(key) is not None
        except KeyError:
            return False

    def add(self, name: str, index: int | None) -> TableColumn:
        """Add a column before another, or at the end; what lies beside the table moves right."""
        place = index if index is not None else len(self) + 1
        area = self.parent.range.area
        column = TableColumn(self, place)
        column.range.insert("right")
        if self.parent.range.area.columns == area.columns:
            self.parent._cover(replace(area, columns=area.columns + 1))  # noqa: SLF001
        head = self.parent.header_row_range
        if head is not None:
            head(1, place).cells.getCellByPosition(0, 0).setString(name)
        return column
