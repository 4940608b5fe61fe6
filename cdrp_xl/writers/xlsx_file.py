"""A new .xlsx file, written by XlsxWriter from a layout. The same layout gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.image import Image
from xlsxwriter.utility import quote_sheetname

from cdrp_xl import styles
from cdrp_xl.addresses import Rectangle, cell_name, quoted_sheet
from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.sheets import Button, Chart, Picture, Pivot, Properties, SeriesKind, Sparkline, Table, Text, paper
from cdrp_xl.styles import FILLS_BY_BEGINNING, STATUS_FILLS, Style
from cdrp_xl.writers import cell_texts, series_looks, typing_rules
from cdrp_xl.writers.series_looks import LABEL_POINTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.chart import Chart as FileChart
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from cdrp_xl.sheets import Block, Column, Series, Sheet, Value

__all__ = ["Macros", "Properties", "write"]

_A4 = 9
_WORDS = frozenset(
    {
        *(Style.TITLE, Style.FINDING, Style.SUBHEADING, Style.MARKING, Style.TEXT, Style.LINE, Style.SMALL, Style.NAME),
        *(Style.STATUS, Style.SIGNAL, Style.VERDICT),
    }
)

_BASE = {"font_name": styles.FONT, "font_size": 10, "font_color": styles.INK, "valign": "top"}
_INDENTED = {"align": "left", "indent": 1}
"""So that text does not touch the figures that are right-aligned before it."""

_TYPED = {"bg_color": styles.INPUT_FILL, "locked": False, "border": 1, "border_color": styles.RULE}
_HEADING = {
    "bold": True,
    "font_color": styles.GREY,
    "text_wrap": True,
    "valign": "bottom",
    "bottom": 1,
    "bottom_color": styles.BLUE,
}
_RULED = {"bottom": 1, "bottom_color": styles.FAINT}
_FIGURE = {**_RULED, "align": "right"}
_CELL = {**_RULED, "text_wrap": True, **_INDENTED}
_FORMATS: dict[Style, dict[str, Any]] = {
    Style.TITLE: {"bold": True, "font_color": styles.BLUE},
    Style.FINDING: {"bold": True},
    Style.SUBHEADING: {"bold": True, "valign": "bottom"},
    Style.HEADING: {**_HEADING, **_INDENTED},
    Style.NUMBER_HEADING: {**_HEADING, "align": "right"},
    Style.SMALL_HEADING: {**_HEADING, "bold": False, "align": "right"},
    Style.MARKING: {"bold": True},
    Style.TEXT: _CELL,
    Style.LINE: {},
    Style.SMALL: {"font_color": styles.GREY},
    Style.NAME: _CELL,
    **{style: {"num_format": shown, **_FIGURE} for style, shown in styles.NUMBER_FORMATS.items()},
    Style.DATE: {"num_format": styles.DATE_FORMAT, **_RULED, **_INDENTED},
    Style.STATUS: {**_CELL, "bold": True},
    Style.SIGNAL: _CELL,
    Style.VERDICT: _CELL,
    Style.LINK: {"font_color": styles.LINK_BLUE, "underline": 1, **_RULED, **_INDENTED},
    Style.INPUT: {**_TYPED, "text_wrap": True, "num_format": "@"},
    Style.INPUT_NUMBER: {**_TYPED, "align": "right"},
    Style.INPUT_DATE: {**_TYPED, "num_format": styles.DATE_FORMAT, "align": "right"},
    Style.QUERY: {"text_wrap": True, "bg_color": styles.QUERY_FILL, **_INDENTED},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Macros:
    """A compiled VBA project, and the code names that its modules have: the workbook's, and one for each worksheet."""

    project: bytes
    workbook_code_name: str
    sheet_code_names: tuple[str, ...]


def write(sheets: Sequence[Sheet], properties: Properties, *, macros: Macros | None = None) -> bytes:
    """Return a workbook of the placed sheets: values only, formats, tables, charts, print set-up; with macros an .xlsm.

    Raises
    ------
    CannotBeWrittenError
        If a text is too long for a cell or holds a character that no workbook may; the worksheet and cell are named.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_urls": False})
    writer = _Writer(book, properties, {table.name: (sheet.name, table) for sheet in sheets for table in sheet.tables})
    for sheet in sheets:
        writer.add(sheet)
    if macros is not None:
        _add_macros(book, macros)
    book.close()
    return content.getvalue()


def _add_macros(book: Workbook, macros: Macros) -> None:
    """Add the project; a worksheet under a different code name from its module's would be given a second module."""
    book.set_vba_name(macros.workbook_code_name)
    for sheet, code_name in zip(book.worksheets(), macros.sheet_code_names, strict=True):
        sheet.set_vba_name(code_name)
    if book.add_vba_project(io.BytesIO(macros.project), is_stream=True) not in {0, None}:
        raise CannotBeWrittenError(
            "The macros could not be put into the workbook.",
            where="its VBA project",
            remedy="Install cdrp-xl again: its own files are damaged.",
        )


class _Writer:
    """One workbook in the making, with its formats."""

    def __init__(self, book: Workbook, properties: Properties, tables: Mapping[str, tuple[str, Table]]) -> None:
        self._book = book
        self._tables = tables
        self._properties = properties
        # What a refresh writes into the analyst's open workbook must stay text there: "Apr-11" is not a date.
        words = {} if properties.is_final else {"num_format": "@"}
        sizes = {style: {"font_size": points} for style, points in styles.POINTS.items()}
        self._looks = {
            style: {**_BASE, **sizes.get(style, {}), **(words if style in _WORDS else {}), **self._in_accent(style)}
            for style in Style
        }
        self._formats: dict[Style, Format] = {style: book.add_format(look) for style, look in self._looks.items()}
        self._with_gap: dict[Style, Format] = {}
        self._fills = {fill: book.add_format({"bg_color": fill}) for fill in STATUS_FILLS.values()}
        book.formats[0].set_font_name(styles.FONT)
        book.formats[0].set_font_size(10)
        book.set_calc_mode("auto")
        book.set_properties(
            {
                "title": properties.title,
                "subject": properties.subject,
                "author": properties.author,
                "company": properties.author,
                "created": dt.datetime.combine(properties.date, dt.time(), tzinfo=dt.UTC),
                "comments": "",
                "status": properties.marking,
            }
        )
        if properties.is_final:
            book.read_only_recommended()

    def _in_accent(self, style: Style) -> dict[str, Any]:
        """Return a style's looks with the partnership's own colour in place of ours."""
        accent = self._properties.accent
        return {name: accent if value == styles.BLUE else value for name, value in _FORMATS[style].items()}

    def add(self, sheet: Sheet) -> None:
        """Add one worksheet with all its blocks."""
        file_sheet = self._book.add_worksheet(sheet.name)
        for column, width in enumerate(sheet.widths):
            file_sheet.set_column(column, column, width)
        for row, points in paper.heights(sheet).items():
            file_sheet.set_row(row, points)
        for block in sheet.blocks:
            self._block(file_sheet, block)
        self._page(file_sheet, sheet)
        if sheet.is_hidden:
            file_sheet.hide()

    def _block(self, sheet: Worksheet, block: Block) -> None:
        match block:
            case Text():
                self._text(sheet, block)
            case Table():
                self._table(sheet, block)
            case Chart():
                self._chart(sheet, block)
            case Pivot():
                self._pivot(sheet, block)
            case Button():
                self._button(sheet, block)
            case Sparkline():
                self._sparkline(sheet, block)
            case Picture():
                self._picture(sheet, block)

    def _text(self, sheet: Worksheet, text: Text) -> None:
        self._cell(sheet, text.row, text.column, text.value, text.style, link=text.link)
        if text.name and not self._properties.is_protected:
            self._name(sheet, text)

    def _name(self, sheet: Worksheet, text: Text) -> None:
        """Name a text's cell, so that a refresh of the analyst's workbook finds it wherever it was moved."""
        where = f"={quote_sheetname(sheet.get_name())}!{Rectangle(row=text.row, column=text.column).reference()}"
        if self._book.define_name(text.name, where) not in {0, None}:
            raise self._refused(sheet, text.row, text.column, f'The name "{text.name}" could not be given')

    def _table(self, sheet: Worksheet, table: Table) -> None:
        """Write a table's cells, then mark them as an Excel table."""
        first, left = table.row, table.column
        for down, row in enumerate(table.rows, first + 1):
            link = table.links[down - first - 1] if table.links else ""
            for across, (value, column) in enumerate(zip(row, table.columns, strict=True), left):
                self._cell(sheet, down, across, value, column.style, link=link * (across == left), gap=column.has_gap)
        last = first + max(len(table.rows), 1)
        headings = [
            {"header": column.heading, "header_format": self._shape(_heading(column, table), gap=column.has_gap)}
            for column in table.columns
        ]
        options: dict[str, Any] = {"name": table.name, "columns": headings, "style": None}
        options["autofilter"] = not self._properties.is_protected
        if sheet.add_table(first, left, last, left + len(table.columns) - 1, options) != 0:
            raise self._refused(sheet, first, left, f"The table {table.name} could not be placed")
        self._validations(sheet, table)
        for across, column in enumerate(table.columns, left):
            texts = [str(row[across - left]) for row in table.rows]
            for beginning, fill in FILLS_BY_BEGINNING.get(column.style, {}).items():
                # A copy that nobody types into keeps no word that none of its cells has.
                if not self._properties.is_final or any(text.startswith(beginning) for text in texts):
                    self._fill_where(sheet, (first + 1, across, last, across), beginning, fill)

    def _validations(self, sheet: Worksheet, table: Table) -> None:
        """Say what may be typed, and show what a cell is for while it is typed into."""
        first, last = table.row + 1, table.row + table.height - 1
        for across, column in enumerate(table.columns, table.column):
            source = list(column.choices) or self._choices_of(column.choices_of)
            rule = typing_rules.rule(column, cell_name(first, across), source=source)
            if rule and sheet.data_validation(first, across, last, across, rule) not in {0, None}:
                raise self._refused(sheet, first, across, "What may be typed could not be set")

    def _choices_of(self, name: str) -> str:
        """Return where a table's first column is; the free row under it too, so that it grows with the table."""
        if name not in self._tables:
            return ""
        sheet, table = self._tables[name]
        cells = Rectangle(row=table.row + 1, column=table.column, rows=table.height)
        return f"={quote_sheetname(sheet)}!{cells.reference()}"

    def _fill_where(self, sheet: Worksheet, cells: tuple[int, int, int, int], beginning: str, fill: str) -> None:
        rule = {"type": "text", "criteria": "begins with", "value": beginning, "format": self._fills[fill]}
        if sheet.conditional_format(*cells, rule) != 0:
            raise self._refused(sheet, *cells[:2], f"The fill of what begins with {beginning} could not be set")

    def _shape(self, style: Style, *, gap: bool) -> Format:
        """Return a style's format, where there is a gap with one at the right of its figures."""
        if not gap:
            return self._formats[style]
        if style not in self._with_gap:
            look = self._looks[style]
            # LibreOffice indents words at the right of a cell, but not every figure: its format keeps the gap.
            gapped = {"num_format": _gapped(look["num_format"])} if style in styles.NUMBER_FORMATS else {"indent": 1}
            self._with_gap[style] = self._book.add_format({**look, **gapped})
        return self._with_gap[style]

    def _cell(
        self, sheet: Worksheet, row: int, column: int, value: Value, style: Style, *, link: str = "", gap: bool = False
    ) -> None:
        """Write one cell; text is text, whatever it begins with."""
        shape = self._shape(style, gap=gap)
        if value is None or value == "":
            done = sheet.write_blank(row, column, None, shape)
        elif isinstance(value, str):
            self._check_text(sheet, row, column, value)
            done = (
                _write_link(sheet, row, column, value, link, shape)
                if link
                else sheet.write_string(row, column, value, shape)
            )
        elif isinstance(value, dt.date):
            done = sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), shape)
        else:
            done = sheet.write_number(row, column, value, shape)
        if done != 0:
            raise self._refused(sheet, row, column, "A value could not be written")

    def _check_text(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        if fault := cell_texts.fault_of(text):
            raise self._refused(sheet, row, column, fault)

    def _refused(self, sheet: Worksheet, row: int, column: int, what: str) -> CannotBeWrittenError:
        return cell_texts.refused(sheet.get_name(), row, column, what)

    def _chart(self, sheet: Worksheet, chart: Chart) -> None:
        """Add a chart of a table's columns; its points are kept in the file, so that Protected View draws it."""
        drawn = self._drawn(sheet, chart)
        if drawn is None:
            return
        font = {"name": styles.FONT, "size": LABEL_POINTS, "color": styles.GREY}
        title = {**font, "bold": True, "color": styles.INK}
        drawn.set_title({"name": "-", "name_font": title, "overlay": False, "layout": {"x": 0.01, "y": 0.02}})
        drawn.title.name = chart.title  # set_title takes a text such as "Crime!A1" for a reference to a cell
        self._axes(drawn, chart, font)
        drawn.set_legend({"position": "top", "font": font} if _has_legend(chart) else {"none": True})
        drawn.set_chartarea({"border": {"none": True}})
        drawn.set_size({"width": chart.width, "height": chart.height})
        options = {"description": chart.alt_text, "object_position": 2}
        options |= {"x_offset": chart.left, "y_offset": _BELOW_A_BREAK}
        if sheet.insert_chart(chart.row, chart.column, drawn, options) not in {0, None}:
            raise self._refused(sheet, chart.row, chart.column, f"The chart {chart.title} could not be placed")

    @staticmethod
    def _axes(drawn: FileChart, chart: Chart, font: dict[str, Any]) -> None:
        """Set the axes: labels level, as many as there is room for, and lines for the figures alone."""
        figures = {"num_font": font, "min": 0, "num_format": chart.up_format, "line": {"none": True}}
        lines = {"visible": True, "line": {"color": styles.FAINT}}
        if chart.is_across:
            drawn.set_x_axis({**figures, "visible": False, "major_gridlines": {"visible": False}})
            drawn.set_y_axis(
                {"num_font": font, "reverse": True, "line": {"color": styles.RULE}, "major_tick_mark": "none"}
            )
            return
        labels: dict[str, Any] = {"num_font": {**font, "rotation": _LEVEL}, "line": {"color": styles.RULE}}
        if chart.is_over_numbers:
            labels |= {"name": chart.across, "name_font": font, "num_format": styles.COUNT_FORMAT}
            labels["major_gridlines"] = {"visible": False}
        elif chart.beside[1] > 1:
            labels["label_position"] = "none"  # there is no room for level ones; the text above says which months
        elif chart.label_every > 1:
            labels |= {"interval_unit": chart.label_every, "interval_tick": chart.label_every}
        drawn.set_x_axis(labels)
        if chart.label_every > 1 and not chart.has_room_for_parts:
            drawn.x_axis["num_font"]["rotation"] = _ALL_BUT_LEVEL
        drawn.set_y_axis({**figures, "major_gridlines": lines})

    def _drawn(self, sheet: Worksheet, chart: Chart) -> FileChart | None:
        """Return a chart's series as drawn: columns first, then what lies over them."""
        drawn: FileChart | None = None
        for kind in dict.fromkeys(_CHART_TYPES.values()):
            series = [each for each in chart.series if _CHART_TYPES[each.kind] == kind]
            if not series:
                continue
            part = self._book.add_chart({"type": kind})
            for each in series:
                part.add_series(_series(sheet.get_name(), chart, each))
            if drawn is None:
                drawn = part
            else:
                drawn.combine(part)
        return drawn

    def _pivot(self, sheet: Worksheet, pivot: Pivot) -> None:
        """Write the cells that a pivot table shows until it is first refreshed; `pivot_parts` makes it one."""
        lines = [(pivot.row, pivot.filter_cells), *enumerate(pivot.cells, pivot.body_row)]
        for row, values in lines:
            for column, value in enumerate(values, pivot.column):
                if value is not None:
                    self._cell(sheet, row, column, value, Style.LINE if isinstance(value, str) else Style.COUNT)

    def _button(self, sheet: Worksheet, button: Button) -> None:
        options = {
            "caption": button.caption,
            "macro": button.macro,
            "description": f"{button.caption}: runs the macro of this name",
            "x_offset": button.left,
            "width": button.width,
            "height": button.height,
        }
        if sheet.insert_button(button.row, button.column, options) not in {0, None}:
            raise self._refused(sheet, button.row, button.column, f"The button {button.caption} could not be placed")

    def _picture(self, sheet: Worksheet, picture: Picture) -> None:
        """Add a picture at its size, whatever its file says about points per inch."""
        image = Image(io.BytesIO(picture.content))
        options = {
            "description": picture.alt_text,
            "x_offset": picture.left,
            "x_scale": picture.width / (image.width * _DOTS / image.x_dpi),
            "y_scale": picture.height / (image.height * _DOTS / image.y_dpi),
            "object_position": 2,
        }
        if sheet.insert_image(picture.row, picture.column, image, options) not in {0, None}:
            raise self._refused(sheet, picture.row, picture.column, "The picture could not be placed")

    def _sparkline(self, sheet: Worksheet, line: Sparkline) -> None:
        cells = Rectangle(row=line.table.row + 1, column=line.table.column_of(line.heading), rows=len(line.table.rows))
        options = {
            "range": f"{quoted_sheet(line.sheet)}!{cells.reference()}",
            "type": "column",
            "series_color": line.colours[0],
            "last_point": True,
            "last_color": line.colours[1],
            "min": 0,
        }
        if sheet.add_sparkline(line.row, line.column, options) not in {0, None}:
            raise self._refused(sheet, line.row, line.column, "A sparkline could not be placed")

    def _page(self, sheet: Worksheet, described: Sheet) -> None:
        """Set the page up: A4 landscape, one page wide, the marking and page numbers on every page.

        A worksheet with page breaks of its own is not made to fit, since Excel would then leave the breaks out. It was
        laid out for the paper's width.
        """
        sheet.set_paper(_A4)
        if described.is_wide:
            sheet.set_landscape()
        if not described.breaks:
            sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.75)
        sheet.set_header(f'&C&"{styles.FONT},Bold"{described.marking or self._properties.marking}')
        sheet.set_footer("&L&A&RPage &P of &N")
        sheet.hide_gridlines(2)
        tables = described.tables
        is_long = len(tables) == 1 and tables[0].row + len(tables[0].rows) > _ROWS_PER_PAGE
        if is_long or paper.repeats_headings(described, *described.breaks):
            sheet.repeat_rows(tables[0].row)
        has_chart = any(isinstance(block, Chart) for block in described.blocks)
        if len(tables) == 1 and not has_chart and not tables[0].links:
            sheet.freeze_panes(tables[0].row + 1, 0)
        if self._properties.is_final and described.last_row:
            sheet.print_area(0, 0, described.last_row, len(described.widths) - 1)
        if described.breaks:
            sheet.set_h_pagebreaks(list(described.breaks))
        if self._properties.is_protected:
            may_widen = self._properties.is_form
            sheet.protect("", {"format_columns": may_widen, "format_rows": may_widen})


_ROWS_PER_PAGE = 30
_DOTS = 96
"""Of a pixel, to the inch."""

_BELOW_A_BREAK = 4
"""How far a chart begins below its row's top, so that nothing of it is on the page before. Unit: pixels."""

_LEVEL = 360
"""What XlsxWriter takes for no turn at all, where 0 leaves it to the program."""

_ALL_BUT_LEVEL = 1
"""A turn that nobody sees, in 60,000ths of a degree: LibreOffice then leaves out labels without room and turns none."""

_CHART_TYPES = {
    SeriesKind.COLUMNS: "column",
    SeriesKind.BARS: "bar",
    SeriesKind.OWN_BAR: "bar",
    SeriesKind.LINE: "line",
    SeriesKind.COURSE: "line",
    SeriesKind.LEVEL: "line",
    SeriesKind.POINTS: "scatter",
    SeriesKind.OWN_POINT: "scatter",
    SeriesKind.CURVE: "scatter",
}


def _gapped(number_format: str) -> str:
    """Return a number format with a gap as wide as a letter at the right of figures and of symbols."""
    figures = number_format.split(";")
    figures = figures if len(figures) > 1 else [figures[0], f"-{figures[0]}", figures[0]]
    return ";".join(f"{each}_W" for each in (*figures, "@"))


def _write_link(sheet: Worksheet, row: int, column: int, text: str, target: str, shape: Format) -> int:
    written: int = sheet.write_url(row, column, f"internal:{quoted_sheet(target)}!A1", shape, string=text)
    return written


def _series(sheet: str, chart: Chart, series: Series) -> dict[str, Any]:
    table = series.table or chart.table
    first, last = table.row + 1, table.row + len(table.rows)
    if chart.along:
        left, right = table.column_of(chart.along[0]), table.column_of(chart.along[-1])
        row = first + series.row
        name, labels, cells = (row, table.column), (table.row, left, table.row, right), (row, left, row, right)
        values = table.rows[series.row][left - table.column : right - table.column + 1]
    else:
        across, down = table.column_of(series.heading), table.column_of(chart.categories)
        name, labels, cells = (table.row, across), (first, down, last, down), (first, across, last, across)
        values = tuple(row[across - table.column] for row in table.rows)
    ranges = {"name": [sheet, *name], "categories": [sheet, *labels], "values": [sheet, *cells]}
    return {**ranges, **_kept(values), **series_looks.look(series, columns=len(chart.along or table.rows))}


def _kept(values: Sequence[Value]) -> dict[str, Any]:
    """Return the points that a chart keeps where XlsxWriter would keep 0 for what is none: a symbol, an empty cell."""
    if all(value is not None and not isinstance(value, str) for value in values):
        return {}
    return {
        "values_data": [
            None if isinstance(value, str) else f"{value:.16g}" if isinstance(value, float) else value
            for value in values
        ]
    }


def _has_legend(chart: Chart) -> bool:
    """Return whether a chart needs one: a single series has the chart's title, and bars have their names."""
    return len(chart.series) > 1 and not chart.is_across and chart.beside[1] == 1


def _heading(column: Column, table: Table) -> Style:
    if column.style not in styles.NUMBERS:
        return Style.HEADING
    return Style.SMALL_HEADING if table.is_dense else Style.NUMBER_HEADING
