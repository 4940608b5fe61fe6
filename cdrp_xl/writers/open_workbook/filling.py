"""Filling the blocks of a layout, each step with the step that puts it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cdrp_xl.sheets import Chart, Table, Text
from cdrp_xl.styles import Style
from cdrp_xl.writers.open_workbook import cells as values
from cdrp_xl.writers.open_workbook.finding import blocks_of, is_free, line_before, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import xlwings as xw

    from cdrp_xl.sheets import Sheet, Value
    from cdrp_xl.writers.open_workbook.cells import Rows
    from cdrp_xl.writers.open_workbook.finding import Found


@dataclass(slots=True, kw_only=True)
class Filling:
    """One filling of a workbook, and how each of its steps is put back."""

    found: Found
    _back: list[tuple[str, Callable[[], object]]] = field(default_factory=list)
    _resized: dict[str, int] = field(default_factory=dict)
    _sheet: str = ""

    def fill(self, sheet: Sheet) -> None:
        """Fill the texts, tables and charts of a worksheet."""
        self._sheet = self.found.worksheets[sheet.name]
        charts = 0
        kept = self._kept(sheet)
        for block in sheet.blocks:
            match block:
                case Text() if block.name not in kept:
                    self._text(block)
                case Table() if not block.inputs:
                    self._table(block)
                case Chart():
                    charts += 1
                    self._chart(block, charts)

    def blank_what_is_left(self) -> None:
        """Empty the lines that the layout has no more; their cells and names stay for the next time."""
        for name in self.found.left:
            cell = self.found.names[name].refers_to_range
            self._sheet = cell.sheet.name
            self._put_text(name, None)

    def put_back(self) -> list[str]:
        """Undo every step, the last first; return the worksheets on which that failed."""
        mixed: dict[str, None] = {}
        while self._back:
            sheet, undo = self._back.pop()
            try:
                undo()
            except Exception:  # noqa: BLE001 - whatever it is, the rest is put back, and the worksheet is named
                mixed[sheet] = None
        return list(mixed)

    def _before(self, undo: Callable[[], object]) -> None:
        self._back.append((self._sheet, undo))

    def _kept(self, sheet: Sheet) -> set[str]:
        """Return the names of the texts that hold already, read in one call for all."""
        cells = {text.name: self.found.cells[text.name] for text in texts_of(sheet) if text.name in self.found.cells}
        shown = {
            (block.column, row): values.plain(value)
            for block in blocks_of(list(cells.values()))
            for row, (value,) in enumerate(values.read(block), block.row)
        }
        wanted = {text.name: values.plain(text.value) for text in texts_of(sheet)}
        return {name for name, cell in cells.items() if shown.get((cell.column, cell.row)) == wanted[name]}

    def _text(self, text: Text) -> None:
        if text.name in self.found.lines:
            self._insert_line(text)
        self._put_text(text.name, text.value)

    def _insert_line(self, text: Text) -> None:
        """Make a row under the line before, and give its cell the name."""
        above = self.found.names[line_before(text.name)].refers_to_range
        sheet, at = above.sheet, above.row + 1
        _whole_rows(sheet, at, 1).insert("down")
        self._before(_whole_rows(sheet, at, 1).delete)
        cell = sheet.range((at, above.column))
        above.copy(cell)
        where = f"='{sheet.name.replace(chr(39), chr(39) * 2)}'!{cell.address}"
        name = self.found.book.names.add(text.name, where)
        self._before(name.delete)
        self.found.names[text.name] = name

    def _put_text(self, name: str, value: Value) -> None:
        cell = self.found.names[name].refers_to_range
        former = cell.value
        if values.plain(former) == values.plain(value):
            return
        self._before(lambda: values.put(self.found.names[name].refers_to_range, [[former]], [Style.LINE]))
        values.put(cell, [[value]], [Style.LINE])

    def _table(self, table: Table) -> None:
        """Write a table's headings and rows in one call, and let it cover as many rows as it has."""
        live = self.found.tables[table.name]
        former = values.read(live.range)
        rows = _in_the_analysts_order(former, table)
        if values.all_plain(rows) == values.all_plain(former):
            return
        before, now = len(former), len(rows)
        if now > before:
            self._grow(live, before, now - before)
        styles = [column.style for column in table.columns]
        tall = [*rows, *[[None] * len(styles)] * (before - now)]

        def put(rows: Rows) -> None:
            values.put(_tall(live, len(rows)), rows, styles, has_headings=True)
            if table.links:
                self._link(_tall(live, len(rows)))

        self._before(lambda: put(former))
        put(tall)
        if now < before:
            self._before(lambda: live.resize(_tall(live, before)))
            live.resize(_tall(live, now))
        if now != before:
            self._resized[table.name] = before

    def _grow(self, live: xw.main.Table, before: int, extra: int) -> None:
        """Give a table more rows of the looks that its last one has; what is ours under it moves down."""
        cells = live.range
        if not is_free(cells, extra):
            sheet, at = cells.sheet, cells.row + before
            _whole_rows(sheet, at, extra).insert("down")
            self._before(_whole_rows(sheet, at, extra).delete)

        def shrink() -> None:
            live.resize(_tall(live, before))
            live.range.offset(before).resize(extra).clear()

        self._before(shrink)
        cells = live.range
        cells[before - 1, :].copy(cells.offset(before).resize(extra))
        live.resize(_tall(live, before + extra))

    def _link(self, cells: xw.Range) -> None:
        """Let each name of a worksheet in the first column lead to it, under the name that it now has."""
        is_libreoffice = cells.sheet.book.app.engine.name == "libreoffice"
        for number, (name, *_) in enumerate(values.read(cells)):
            actual = self.found.worksheets.get(str(name))
            if number and actual and not _leads_to(cells[number, 0], actual):
                sheet = actual.replace("'", "''")
                cells[number, 0].add_hyperlink(f"#'{sheet}'{'.' if is_libreoffice else '!'}A1", str(name))

    def _chart(self, chart: Chart, number: int) -> None:
        """Let a chart follow its table; one that the analyst deleted stays away."""
        live = self.found.tables[chart.table.name]
        charts = {each.name: each for each in live.range.sheet.charts}
        drawn = charts.get(chart.name) or charts.get(f"Chart {number}")
        if drawn is None:
            return
        former = drawn.title
        if former != chart.title:
            self._before(lambda: setattr(drawn, "title", former))
            drawn.title = chart.title
        if chart.table.name in self._resized and not chart.along:
            before = self._resized[chart.table.name]
            width = 1 + max(chart.table.column_of(each.heading) for each in chart.series) - chart.table.column

            def draw(rows: int) -> None:
                drawn.set_source_data(_tall(live, rows).resize(column_size=width), plot_by="columns")

            self._before(lambda: draw(before))
            draw(live.range.rows.count)


def _in_the_analysts_order(former: Rows, table: Table) -> Rows:
    """Return a table's headings and rows; rows that the analyst sorted stay so while they are the same rows."""
    headings = [column.heading for column in table.columns]
    rows = [list(row) for row in table.rows] or [[None] * len(headings)]
    keys = {values.plain(row[0]): row for row in rows}
    order = [values.plain(row[0]) for row in former[1:]]
    is_same = len(keys) == len(rows) == len(order) and set(order) == keys.keys()
    return [headings, *([keys[key] for key in order] if is_same else rows)]


def _leads_to(cell: xw.Range, sheet: str) -> bool:
    try:
        return sheet.replace("'", "''") in cell.hyperlink
    except Exception:  # noqa: BLE001 - each program has an error of its own for a cell without a link
        return False


def _tall(live: xw.main.Table, rows: int) -> xw.Range:
    return live.range.resize(rows)


def _whole_rows(sheet: xw.Sheet, first: int, count: int) -> xw.Range:
    return sheet.range(f"{first}:{first + count - 1}")
