"""Every public member of xlwings' interface is tried, and the outcome is the table in CONFORMANCE.md.

To write the table anew: ``python -m pytest tests/libreoffice/test_conformance.py --rootdir . -q`` fails and shows the
difference; ``CDRP_XL_WRITE_CONFORMANCE=1`` in the environment writes it.
"""

from __future__ import annotations

import inspect
import os
from collections import Counter
from pathlib import Path

import pytest
import xlwings as xw
from xlwings import main

import cdrp_xl.libreoffice
from cdrp_xl.libreoffice import charts

pytestmark = pytest.mark.libreoffice

TABLE = Path(cdrp_xl.libreoffice.__file__).parent / "CONFORMANCE.md"
PICTURE = Path(xw.__file__).parent / "html"

# Members of xlwings' that need its paid part, or that are no part of the interface.
LEFT_OUT = {"create_report", "render_template", "impl", "json"}

DIFFERENCES = {
    "App.calculation": '"automatic" and "manual"; "semiautomatic" is refused',
    "App.hwnd": "always None",
    "App.macro": "a macro that fails shows its message in LibreOffice and returns nothing",
    "App.version": "\"16.0\", which scripts compare with Excel's; LibreOffice's own is app.impl.libreoffice_version",
    "App.visible": "kept, but nothing shows in a LibreOffice without a screen",
    "App.kill": "only of a LibreOffice that xlwings started",
    "Book.macro": "a macro that fails shows its message in LibreOffice and returns nothing",
    "Book.save": ".xlsx, .xlsm, .xls, .ods, .csv; without newer functions; .xls, .ods and files with a password "
    "also lose table styles and frozen panes",
    "Books.open": "update_links, read_only, password and delimiter; other arguments are refused",
    "Book.comments": "always empty: LibreOffice has no threaded comments",
    "Sheet.comments": "always empty: LibreOffice has no threaded comments",
    "Range.comment": "always None: LibreOffice has no threaded comments",
    "Chart.chart_type": f"{len(charts.KINDS)} of Excel's 73 kinds; the others are refused",
    "Charts.add": "the style is left out: LibreOffice has no gallery of styles",
    "ChartLegend.position": '"corner" is refused',
    "ChartSeries.chart_type": "flat columns, lines and areas are combined; others are the chart's own kind",
    "ChartSeries.marker_style": '"dot" is refused',
    "ConditionalFormat.icon_set": "None for 3_stars and 3_triangles, which UNO does not tell apart",
    "ConditionalFormat.stop_if_true": "always True: the first rule that holds is the last to count",
    "Pictures.add": "link_to_file is refused",
    "PivotTable.layout": '"tabular" only',
    "PivotValueFields.add": "without name and number_format",
    "Range.add_hyperlink": "without a screen tip",
    "Range.autofill": "flash_fill is refused",
    "Range.column_width": "in characters of Excel's standard font; a new sheet's columns are wider than Excel's",
    "Range.copy": "without a destination, for paste() in the same LibreOffice only",
    "Range.formula2": "a formula in one cell spills, as an array formula of the size that its result has then",
    "Range.horizontal_alignment": '"center_across_selection" is refused',
    "Range.paste": "operation and skip_blanks are of values alone",
    "Range.value": "a currency is a float, not a Decimal",
    "Sheet.show_gridlines": "of all worksheets at once in a LibreOffice that shows its windows",
    "Table.table_style": "kept and saved; LibreOffice 7 draws none",
}


def picture(folder):
    path = folder / "dot.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', encoding="utf-8")
    return path


class Ground:
    """A fresh worksheet with something of everything on it, and the objects of xlwings that stand for it."""

    def __init__(self, book, folder):
        self.book, self.app, self.folder = book, book.app, folder
        self.sheet = book.sheets.add()
        self.sheet["A1"].value = [["k", "n"], ["a", 1], ["b", 2], ["c", 3]]
        self.range = self.sheet["A1:B4"]

    def table(self):
        return self.sheet.tables.add(self.range)

    def chart(self):
        return self.sheet.charts.add(source=self.range, chart_type="line_markers")

    def pivoted(self):
        return self.sheet.pivot_tables.add(self.range, self.sheet["F1"], rows="k", values={"n": "sum"})

    def name(self):
        return self.book.names.add(f"name_{self.sheet.name}", f"={self.sheet.name}!$A$1")

    def picture(self):
        return self.sheet.pictures.add(picture(self.folder))

    def shape(self):
        xl = self.book.api.createInstance("com.sun.star.drawing.RectangleShape")
        self.sheet.api.DrawPage.add(xl)
        xl.setString("text")
        return self.sheet.shapes[0]

    def condition(self):
        return self.range.conditional_formats.add_cell_value("greater_than", 1, fill_color="#ff0000")

    def secondary(self):
        chart = self.chart()
        chart.series[0].axis_group = "secondary"
        return chart

    def validation(self):
        self.sheet["D1"].data_validation.set_list(["a"])
        return self.sheet["D1"].data_validation


OBJECTS = {
    "App": lambda g: g.app,
    "Book": lambda g: g.book,
    "Books": lambda g: g.app.books,
    "Sheet": lambda g: g.sheet,
    "Sheets": lambda g: g.book.sheets,
    "Range": lambda g: g.range,
    "RangeRows": lambda g: g.range.rows,
    "RangeColumns": lambda g: g.range.columns,
    "Font": lambda g: g.range.font,
    "Characters": lambda g: g.sheet["A1"].characters,
    "Borders": lambda g: g.range.borders,
    "Border": lambda g: g.range.borders["edge_top"],
    "DataValidation": Ground.validation,
    "ConditionalFormats": lambda g: g.range.conditional_formats,
    "ConditionalFormat": Ground.condition,
    "AutoFilter": lambda g: g.range.autofilter,
    "Note": lambda g: g.sheet["D9"].add_note("note"),
    "Notes": lambda g: g.sheet.notes,
    "Names": lambda g: g.book.names,
    "Name": Ground.name,
    "Tables": lambda g: g.sheet.tables,
    "Table": Ground.table,
    "TableRows": lambda g: g.table().rows,
    "TableRow": lambda g: g.table().rows[0],
    "TableColumns": lambda g: g.table().columns,
    "TableColumn": lambda g: g.table().columns[0],
    "Charts": lambda g: g.sheet.charts,
    "Chart": Ground.secondary,
    "ChartAxis": lambda g: g.chart().value_axis,
    "ChartLegend": lambda g: g.chart().legend,
    "ChartSeriesCollection": lambda g: g.chart().series,
    "ChartSeries": lambda g: g.chart().series[0],
    "Shapes": lambda g: g.sheet.shapes,
    "Shape": Ground.shape,
    "Pictures": lambda g: g.sheet.pictures,
    "Picture": Ground.picture,
    "PivotTables": lambda g: g.sheet.pivot_tables,
    "PivotTable": Ground.pivoted,
    "PivotFields": lambda g: g.pivoted().rows,
    "PivotField": lambda g: g.pivoted().rows[0],
    "PivotValueFields": lambda g: g.pivoted().values,  # noqa: PD011 - of xlwings, not pandas
    "PivotValueField": lambda g: g.pivoted().values[0],  # noqa: PD011 - of xlwings, not pandas
    "PageSetup": lambda g: g.sheet.page_setup,
    "FreezePanes": lambda g: g.sheet.freeze_panes,
}

# How a method is called, where it takes arguments or would end what the other probes need.
CALLS = {
    "App.alert": lambda o, _g: o.alert("?"),
    "App.kill": lambda _o, _g: _own_app().kill(),
    "App.macro": lambda o, _g: o.macro("Nothing"),
    "App.properties": lambda o, _g: o.properties(status_bar="x").__enter__(),
    "App.quit": lambda _o, _g: _own_app().quit(),
    "App.range": lambda o, _g: o.range("A1"),
    "Book.caller": lambda o, _g: _called(o),
    "Book.close": lambda _o, g: g.app.books.add().close(),
    "Book.macro": lambda o, _g: o.macro("Nothing"),
    "Book.save": lambda _o, g: _saved(g),
    "Book.set_mock_caller": lambda o, _g: _called(o),
    "Book.to_pdf": lambda o, g: o.to_pdf(g.folder / "book.pdf"),
    "Books.open": lambda o, g: o.open(_saved(g)).close(),
    "Sheet.range": lambda o, _g: o.range("A1"),
    "Sheet.move": lambda o, g: o.move(after=g.book.sheets[-1]) if g.book.sheets[-1] != o else None,
    "Sheet.to_html": lambda o, g: o.to_html(g.folder / "sheet.html"),
    "Sheet.to_pdf": lambda o, g: o.to_pdf(g.folder / "sheet.pdf"),
    "Range.add_comment": lambda _o, g: g.sheet["A1"].add_comment("x"),
    "Range.add_hyperlink": lambda _o, g: g.sheet["A1"].add_hyperlink("https://example.org"),
    "Range.add_note": lambda _o, g: g.sheet["A1"].add_note("x"),
    "Range.adjust_indent": lambda o, _g: o.adjust_indent(1),
    "Range.autofill": lambda _o, g: g.sheet["A1"].autofill(g.sheet["A1:A9"]),
    "Range.copy_from": lambda o, g: o.copy_from(g.sheet["A1"]),
    "Range.end": lambda o, _g: o.end("down"),
    "Range.find": lambda o, _g: o.find("a"),
    "Range.get_special_cells": lambda o, _g: o.get_special_cells("constants"),
    "Range.group": lambda _o, g: g.sheet["2:3"].group(),
    "Range.comment": lambda _o, g: g.sheet["A1"].comment,
    "Range.hyperlink": lambda _o, g: (g.sheet["A1"].add_hyperlink("https://example.org"), g.sheet["A1"].hyperlink),
    "Range.insert": lambda o, _g: o.insert("down"),
    "Range.move": lambda o, g: o.move(g.sheet["F9"]),
    "Range.paste": lambda o, g: (o.copy(), g.sheet["F9"].paste()),
    "Range.remove_duplicates": lambda o, _g: o.remove_duplicates(1),
    "Range.replace_all": lambda o, _g: o.replace_all("a", "b"),
    "Range.set_colors": lambda o, _g: o.set_colors([[(1, 2, 3)] * 2] * 4),
    "Range.sort": lambda o, _g: o.sort(1),
    "Range.to_pdf": lambda o, g: o.to_pdf(g.folder / "range.pdf"),
    "Range.to_png": lambda o, g: o.impl.to_png(str(g.folder / "range.png")),
    "Range.ungroup": lambda _o, g: (g.sheet["2:3"].group(), g.sheet["2:3"].ungroup()),
    "Borders.set": lambda o, _g: o.set("all", line_style="dash"),
    "Font.set": lambda o, _g: o.set(bold=True),
    "DataValidation.set_custom": lambda o, _g: o.set_custom("=TRUE"),
    "DataValidation.set_date": lambda o, _g: o.set_date("equal_to", 40000),
    "DataValidation.set_decimal": lambda o, _g: o.set_decimal("equal_to", 1),
    "DataValidation.set_list": lambda o, _g: o.set_list(["a"]),
    "DataValidation.set_text_length": lambda o, _g: o.set_text_length("equal_to", 1),
    "DataValidation.set_time": lambda o, _g: o.set_time("equal_to", 0.5),
    "DataValidation.set_whole_number": lambda o, _g: o.set_whole_number("equal_to", 1),
    "ConditionalFormats.add_cell_value": lambda o, _g: o.add_cell_value("equal_to", 1),
    "ConditionalFormats.add_color_scale": lambda o, _g: o.add_color_scale(["#ff0000", "#00ff00"]),
    "ConditionalFormats.add_custom": lambda o, _g: o.add_custom("=TRUE"),
    "ConditionalFormats.add_data_bar": lambda o, _g: o.add_data_bar("#ff0000"),
    "ConditionalFormats.add_icon_set": lambda o, _g: o.add_icon_set("3_arrows"),
    "ConditionalFormat.set": lambda o, _g: o.set(formula1=2),
    "AutoFilter.apply_bottom_items": lambda o, _g: o.apply_bottom_items(2, 1),
    "AutoFilter.apply_bottom_percent": lambda o, _g: o.apply_bottom_percent(2, 50),
    "AutoFilter.apply_comparison": lambda o, _g: o.apply_comparison(2, "equal_to", 1),
    "AutoFilter.apply_top_items": lambda o, _g: o.apply_top_items(2, 1),
    "AutoFilter.apply_top_percent": lambda o, _g: o.apply_top_percent(2, 50),
    "AutoFilter.apply_values": lambda o, _g: o.apply_values(1, ["a"]),
    "Names.add": lambda o, _g: o.add("added", "=1").delete(),
    "Names.contains": lambda o, _g: o.contains("x"),
    "Tables.add": lambda _o, g: g.table(),
    "Table.resize": lambda o, g: o.resize(g.sheet["A1:B3"]),
    "Table.sort": lambda o, _g: o.sort(1),
    "Table.update": lambda o, _g: o.update(_frame(), index=False),
    "TableColumns.add": lambda o, _g: o.add("new"),
    "ChartAxis.set": lambda o, _g: o.set(title="x"),
    "ChartSeries.set": lambda o, _g: o.set(fill_color="#ff0000"),
    "Chart.set_source_data": lambda o, g: o.set_source_data(g.range),
    "Chart.set_x_axis_values": lambda o, g: o.set_x_axis_values(g.sheet["A2:A4"]),
    "Chart.to_pdf": lambda o, g: o.to_pdf(g.folder / "chart.pdf"),
    "Chart.to_png": lambda o, g: o.to_png(g.folder / "chart.png"),
    "Shape.scale_height": lambda o, _g: o.scale_height(2),
    "Shape.scale_width": lambda o, _g: o.scale_width(2),
    "Pictures.add": lambda _o, g: g.picture(),
    "Picture.update": lambda o, g: o.update(picture(g.folder)),
    "PivotTables.add": lambda _o, g: g.pivoted(),
    "PivotFields.add": lambda o, _g: o.add("k"),
    "PivotValueFields.add": lambda o, _g: o.add("n"),
    "FreezePanes.freeze_at": lambda o, _g: o.freeze_at("A1"),
}

# What is assigned, where the value read cannot be.
VALUES = {
    "Book.name": "x",
    "Borders.color": (1, 2, 3),
    "Borders.line_style": "dash",
    "Borders.weight": "thin",
    "Border.color": (1, 2, 3),
    "Border.weight": "thin",
    "ChartAxis.minimum_scale": 0,
    "ChartAxis.maximum_scale": 9,
    "ChartAxis.major_unit": 1,
    "ChartAxis.crosses": "minimum",
    "ChartLegend.position": "top",
    "ChartSeries.line_color": (1, 2, 3),
    "ChartSeries.fill_color": (1, 2, 3),
    "ChartSeries.marker_background_color": (1, 2, 3),
    "ChartSeries.marker_foreground_color": (1, 2, 3),
    "ChartSeries.marker_size": 5,
    "ChartSeries.marker_style": "square",
    "ChartSeries.name": "x",
    "Chart.style": 201,
    "Font.color": (1, 2, 3),
    "PageSetup.print_area": "A1:B2",
    "PivotTable.name": "pivot",
    "PivotValueField.name": "x",
    "PivotValueField.number_format": "0.0",
    "Range.color": (1, 2, 3),
    "Range.formula_array": "=1",
    "Range.column_width": 9,
    "Range.horizontal_alignment": "left",
    "Range.name": "a_name",
    "Range.number_format": "0.0",
    "Range.row_height": 15,
    "Range.vertical_alignment": "top",
    "RangeColumns.hidden": False,
    "RangeRows.hidden": False,
    "Table.table_style": "TableStyleMedium2",
}


def _own_app():
    return xw.App(visible=False, add_book=False)


def _called(book):
    book.set_mock_caller()
    try:
        return xw.Book.caller()
    finally:
        del xw.Book._mock_caller


def _saved(ground):
    book = ground.app.books.add()
    path = ground.folder / f"{ground.sheet.name}.xlsx"
    book.save(path)
    book.close()
    return path


def _frame():
    import pandas as pd

    return pd.DataFrame({"k": ["a"], "n": [1.0]})


def members():
    for name in OBJECTS:
        cls = getattr(main, name)
        for member, value in inspect.getmembers_static(cls):
            is_async = inspect.iscoroutinefunction(getattr(value, "__func__", value))
            if not member.startswith("_") and member not in LEFT_OUT and not is_async:
                yield f"{name}.{member}", value


def tried(label, value, ground):
    """Use one member, and say whether LibreOffice has it for reading, for setting, or at all."""
    target = OBJECTS[label.split(".")[0]](ground)
    member = label.split(".")[1]
    if label in CALLS or not isinstance(value, property):
        call = CALLS.get(label, lambda target, _ground: getattr(target, member)())
        return outcome(lambda: call(target, ground))
    read = outcome(lambda: getattr(target, member))
    if value.fset is None:
        return read
    assigned = VALUES[label] if label in VALUES else getattr(target, member) if read == "works" else None
    written = outcome(lambda: setattr(target, member, assigned))
    if read == written:
        return read
    return "read only" if read == "works" else "write only"


def outcome(use):
    try:
        use()
    except NotImplementedError:
        return "missing"
    return "works"


@pytest.fixture(scope="module")
def outcomes(app, tmp_path_factory):
    folder = tmp_path_factory.mktemp("conformance")
    book = app.books.add()
    found = {}
    broken = []
    for label, value in members():
        ground = Ground(book, folder)
        try:
            found[label] = tried(label, value, ground)
        except Exception as error:  # noqa: BLE001 - all of them are wanted, not the first
            broken.append(f"{label}: {type(error).__name__}: {error}")
        if len(book.sheets) > 12:
            for name in book.sheet_names[6:]:
                book.sheets[name].delete()
    book.close()
    assert not broken, "\n".join(broken)
    return found


def rows(outcomes):
    for label, status in outcomes.items():
        remark = DIFFERENCES.get(label, "")
        yield label, "differs" if remark and status == "works" else status, remark


def table(outcomes):
    counted = Counter(status for _label, status, _remark in rows(outcomes))
    lines = [
        "# xlwings' interface in LibreOffice",
        "",
        f"Made by `tests/libreoffice/test_conformance.py`, which uses every public member of xlwings {xw.__version__}",
        "on a live LibreOffice. A missing member raises `UnsupportedInLibreOfficeError`, which names it. Left out:",
        "members of xlwings' paid part, and the `get_…` coroutines of xlwings Lite.",
        "",
        ", ".join(f"{number} {status}" for status, number in sorted(counted.items(), key=lambda pair: -pair[1])) + ".",
    ]
    for name in OBJECTS:
        lines += ["", f"## {name}", "", "| member | in LibreOffice | remark |", "|---|---|---|"]
        chosen = [row for row in rows(outcomes) if row[0].split(".")[0] == name]
        lines += [f"| {label.split('.')[1]} | {status} | {remark} |" for label, status, remark in chosen]
    return "\n".join(lines) + "\n"


def test_the_table_says_what_works(outcomes):
    text = table(outcomes)
    if os.environ.get("CDRP_XL_WRITE_CONFORMANCE"):
        TABLE.write_text(text, encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == text


def test_every_remark_is_about_a_member_that_works(outcomes):
    assert {label for label in DIFFERENCES if outcomes.get(label) not in ("works", "read only")} == set()


def test_every_class_of_the_interface_is_tried():
    public = {
        name
        for name, cls in vars(main).items()
        if inspect.isclass(cls) and cls.__module__ == main.__name__ and not name.startswith("_")
    }
    wrappers = {"ActiveAppBooks", "ActiveBookSheets", "ActiveEngineApps", "Apps", "BookAsync", "Collection", "Engine"}
    threads = {"Comment", "CommentReply", "Comments"}  # no workbook of LibreOffice's holds one
    plain = {"AutoFilterCriteria", "Engines", "Macro", "Ranges"}
    assert public - wrappers - threads - plain == set(OBJECTS)
