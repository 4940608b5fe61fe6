"""Filling the blocks of a layout where they are, each step with the step that puts it back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cdrp_xl.addresses import Rectangle, quoted_sheet
from cdrp_xl.sheets import Chart
from cdrp_xl.styles import Style
from cdrp_xl.terms import Marking
from cdrp_xl.writers import existing_workbook
from cdrp_xl.writers.existing_workbook import in_the_analysts_order, plain, texts_of
from cdrp_xl.writers.open_workbook import cells as values
from cdrp_xl.writers.open_workbook.finding import empty_rows, new_inputs
from cdrp_xl.writers.open_workbook.programs import is_libreoffice, mark_pages, put_words_for, stretch, words_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xlwings as xw

    from cdrp_xl.sheets import Sheet, Table, Value
    from cdrp_xl.writers.open_workbook.cells import Rows
    from cdrp_xl.writers.open_workbook.finding import Found
    from cdrp_xl.writers.open_workbook.steps import Steps

_FIGURES = frozenset(
    {Style.COUNT, Style.CHANGE, Style.APPARENT_CHANGE, Style.MEAN, Style.RATE, Style.RATIO, Style.SHARE, Style.DATE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """One filling of a workbook in which every block has its room.

    `former_rows` says how many rows the tables had that were given more, by name.
    """

    found: Found
    steps: Steps
    former_rows: Mapping[str, int] = field(default_factory=dict)

    def fill(self, sheet: Sheet, *, last: str = "") -> None:
        """Fill a worksheet's texts, but one that is to come last, its tables and charts, where they differ."""
        self._mark_pages(sheet)
        self.put_texts({text.name: text.value for text in texts_of(sheet) if text.name != last})
        for table in sheet.tables:
            if table.keys:
                self._inputs(table)
            elif table.inputs and not table.is_all_typed:
                self._new_inputs(table)
            elif not table.inputs:
                self._table(table)
        if charts := [block for block in sheet.blocks if isinstance(block, Chart)]:
            live = self.found.walk.sheets[self.found.area(charts[0].table).sheet]
            drawn = {each.name: each for each in live.charts}
            for number, chart in enumerate(charts, 1):
                # One that the analyst deleted stays away.
                if own := drawn.get(chart.name) or drawn.get(f"Chart {number}"):
                    self._chart(chart, own)

    def put_texts(self, texts: Mapping[str, Value]) -> None:
        """Write the named cells that hold something else, those under one another in one call."""
        named = self.found.walk.named
        changed = [name for name in texts if self.found.walk.shown(named[name]) != [[plain(texts[name])]]]
        for run in _under_one_another(changed, named):
            self._put(named[run[0]].of_height(len(run)), [[texts[name]] for name in run])

    def _mark_pages(self, sheet: Sheet) -> None:
        """Let a worksheet's pages have its marking where its cell is about to say another.

        They go before the cell, so that they are gone over again where a killed refresh left the cell as it was.
        """
        text = next((text for text in texts_of(sheet) if text.style is Style.MARKING), None)
        if text is None or not sheet.marking:
            return
        place = self.found.walk.named[text.name]
        former, live = self.found.walk.shown(place)[0][0], self.found.walk.sheets[place.sheet]
        if former != sheet.marking:
            if former in set(Marking):
                self.steps.before(place.sheet, lambda: mark_pages(live, former))
            mark_pages(live, sheet.marking)

    def _put(self, place: Rectangle, rows: Rows) -> None:
        walked = self.found.walk
        former = walked.shown(place)
        self.steps.before(place.sheet, lambda: values.put(walked.range(place), former))
        values.put(walked.range(place), rows)
        walked.note(place, rows)

    def _new_inputs(self, table: Table) -> None:
        """Say in empty rows what they are for from now on; no cell in which the analyst types is touched."""
        area = self.found.area(table)
        for at, row in zip(empty_rows(self.found, table), new_inputs(self.found, table), strict=False):
            for across, column in enumerate(table.columns):
                if column.heading not in table.inputs:
                    cell = Rectangle(sheet=area.sheet, row=area.row + at, column=area.column + across)
                    self._put(cell, [[row[across]]])

    def _inputs(self, table: Table) -> None:
        """Say beside all rows of a table of inputs what they are for; no cell in which the analyst types is touched."""
        area = self.found.area(table)
        former = self.found.walk.shown(area)
        rows = values.all_plain(existing_workbook.beside_inputs(former, table))
        for across, column in enumerate(table.columns):
            if column.heading not in table.inputs:
                differing = [at for at, row in enumerate(rows) if former[at][across] != row[across]]
                for run in _runs(differing):
                    cells = Rectangle(
                        sheet=area.sheet, row=area.row + run[0], column=area.column + across, rows=len(run)
                    )
                    self._put(cells, [[rows[at][across]] for at in run])
        for at, row in enumerate(rows):
            if former[at] != row and (points := table.points(row)):
                self._make_high_enough(replace(area, row=area.row + at, rows=1, columns=1), points)

    def _table(self, table: Table) -> None:
        """Write what differs in a table, and let it cover as many rows as it has."""
        area, walked = self.found.area(table), self.found.walk
        former = walked.shown(area)
        rows = in_the_analysts_order(former, table)
        tall = [*rows, *[[None] * area.columns] * (area.rows - len(rows))]
        block = _difference(area, former, values.all_plain(tall))
        if block is not None:
            needed = {
                replace(area, row=area.row + at, rows=1, columns=1): points
                for at, row in enumerate(rows)
                if (points := table.points(row)) and former[at] != values.all_plain([row])[0]
            }
            for cell in needed:
                self._remember_height(cell)
            self._write(table, block, tall)
            for cell, points in needed.items():
                self._make_high_enough(cell, points)
        if len(rows) < area.rows:
            live = walked.tables[table.name.casefold()]
            self.steps.before(area.sheet, lambda: live.resize(walked.range(area)))
            live.resize(walked.range(area.of_height(len(rows))))

    def _write(self, table: Table, block: Rectangle, rows: Rows) -> None:
        """Write one block of a table's cells, taken from its rows."""
        area = self.found.area(table)
        top, left = block.row - area.row, block.column - area.column
        for across, column in enumerate(table.columns[left : left + block.columns], block.column):
            if column.style in _FIGURES:
                body = replace(area.of_height(1).below(area.rows - 1), column=across, columns=1)
                values.take_figures(self.found.walk.range(body))
        if table.links and not left:
            self.steps.before(block.sheet, lambda: self._link(block))
        self._put(block, [row[left : left + block.columns] for row in rows[top : top + block.rows]])
        if table.links and not left:
            self._link(block)

    def _remember_height(self, cell: Rectangle) -> None:
        """Let a write that fails end with the row as high as it is; LibreOffice makes some higher as words are put."""
        live = self.found.walk.range(cell)
        former = live.row_height
        self.steps.before(cell.sheet, lambda: setattr(live, "row_height", former) if live.height else None)

    def _make_high_enough(self, cell: Rectangle, points: float) -> None:
        """Make a row as high as its text needs; one that is high enough stays as it is, and so does a hidden one."""
        live = self.found.walk.range(cell)
        if 0 < live.height < points:
            former = live.row_height
            self.steps.before(cell.sheet, lambda: setattr(live, "row_height", former))
            live.row_height = points

    def _link(self, block: Rectangle) -> None:
        """Let each name of a worksheet in a block's first column lead to it, under the name that it now has."""
        walked = self.found.walk
        mark = "." if is_libreoffice(walked.book) else "!"
        first = replace(block, columns=1)
        for row, (name,) in enumerate(values.read(walked.range(first)), block.row):
            if actual := self.found.worksheets.get(str(name)):
                cell = walked.range(replace(first, row=row, rows=1))
                cell.add_hyperlink(f"#{quoted_sheet(actual)}{mark}A1", str(name))

    def _chart(self, chart: Chart, drawn: xw.Chart) -> None:
        """Let a chart follow its table."""
        area = self.found.area(chart.table)
        former = drawn.title
        if former != chart.title:
            self.steps.before(area.sheet, lambda: setattr(drawn, "title", former))
            drawn.title = chart.title
        words = words_for(drawn)
        if words != chart.alt_text:
            self.steps.before(area.sheet, lambda: put_words_for(drawn, words))
            put_words_for(drawn, chart.alt_text)
        self._redraw(chart, drawn)

    def _redraw(self, chart: Chart, drawn: xw.Chart) -> None:
        """Let a chart have as many points as its tables have rows."""
        tables = {each.name: each for each in (chart.table, *(series.table or chart.table for series in chart.series))}
        areas = {name: self.found.area(table) for name, table in tables.items()}
        before = {name: self.former_rows.get(name, area.rows) for name, area in areas.items()}
        after = {name: table.height for name, table in tables.items()}
        if after == before or chart.along:
            return
        area, width = areas[chart.table.name], _width(chart)

        def draw(rows: Mapping[str, int]) -> None:
            if width:
                cells = self.found.walk.range(area.of_height(rows[chart.table.name]))
                drawn.set_source_data(cells[:, :width], plot_by="columns")
            else:  # columns that are not side by side, or not in one table
                stretch(drawn, {each.row + 2: each.row + rows[name] for name, each in areas.items()})

        self.steps.before(area.sheet, lambda: draw(before))
        draw(after)


def _width(chart: Chart) -> int:
    """Return over how many columns a chart's names and series are side by side from its table's first, otherwise 0."""
    drawn = [chart.categories, *(series.heading for series in chart.series)]
    headings = [column.heading for column in chart.table.columns][: len(drawn)]
    own = all(series.table in {None, chart.table} for series in chart.series)
    return len(drawn) if own and sorted(drawn) == sorted(headings) else 0


def _under_one_another(names: Sequence[str], named: Mapping[str, Rectangle]) -> list[list[str]]:
    """Return the names whose cells are under one another together, from the top."""
    runs: list[list[str]] = []
    last = ("", 0, 0)
    for name in sorted(names, key=lambda name: (named[name].sheet, named[name].column, named[name].row)):
        cell = named[name]
        if last == (cell.sheet, cell.column, cell.row - 1):
            runs[-1].append(name)
        else:
            runs.append([name])
        last = (cell.sheet, cell.column, cell.row)
    return runs


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Return rising numbers in runs that follow one another."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _difference(area: Rectangle, one: Rows, other: Rows) -> Rectangle | None:
    """Return the smallest block that holds every cell of an area in which two sets of rows differ."""
    rows = [i for i, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    if not rows:
        return None
    columns = [
        i
        for i, (left, right) in enumerate(zip(zip(*one, strict=True), zip(*other, strict=True), strict=True))
        if left != right
    ]
    return Rectangle(
        sheet=area.sheet,
        row=area.row + rows[0],
        column=area.column + columns[0],
        rows=rows[-1] - rows[0] + 1,
        columns=columns[-1] - columns[0] + 1,
    )
