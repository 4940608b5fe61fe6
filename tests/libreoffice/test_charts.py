from __future__ import annotations

import zipfile
from xml.etree import ElementTree as ET

import pytest
import xlwings as xw

from cdrp_xl.libreoffice import UnsupportedInLibreOfficeError
from cdrp_xl.libreoffice.charts import KINDS

pytestmark = pytest.mark.libreoffice


@pytest.fixture
def chart(sheet):
    sheet["A1"].value = [["month", "burglary", "robbery"], ["Apr", 3, 1], ["May", 5, 2], ["Jun", 4, 2]]
    return sheet.charts.add(10, 20, 300, 200, source=sheet["A1:C4"], name="crime")


def test_a_chart_draws_its_cells(sheet, chart):
    assert [series.name for series in chart.series] == ["burglary", "robbery"]
    assert chart.plot_by == "columns"
    assert (chart.left, chart.top, chart.width, chart.height) == pytest.approx((10, 20, 300, 200), abs=0.1)
    assert sheet.charts["crime"].parent == sheet
    assert "crime" in sheet.charts
    assert len(sheet.charts) == 1
    chart.plot_by = "rows"
    assert [series.name for series in chart.series] == ["Apr", "May", "Jun"]


def test_a_chart_made_empty_takes_cells_later(sheet):
    sheet["A1"].value = [["n"], [1], [2]]
    chart = sheet.charts.add()
    chart.set_source_data(sheet["A1:A3"])
    assert [series.name for series in chart.series] == ["n"]


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_chart_is_of_the_kind_it_is_told(chart, kind):
    chart.chart_type = kind
    assert chart.chart_type == kind
    assert len(chart.series) >= 1


def test_a_kind_that_libreoffice_lacks_is_named(chart):
    with pytest.raises(UnsupportedInLibreOfficeError, match="surface"):
        chart.chart_type = "surface"


def test_titles_legend_and_axes(chart):
    chart.title = "Recorded crime"
    assert chart.title == "Recorded crime"
    chart.title = None
    assert chart.title is None
    chart.legend.position = "bottom"
    assert (chart.legend.visible, chart.legend.position) == (True, "bottom")
    chart.legend.visible = False
    assert chart.legend.position is None
    axis = chart.value_axis
    axis.set(title="Offences", minimum_scale=0, maximum_scale=10, major_unit=2, number_format="0.0", reverse_order=True)
    assert (axis.title, axis.minimum_scale, axis.maximum_scale, axis.major_unit) == ("Offences", 0, 10, 2)
    assert (axis.number_format, axis.reverse_order, axis.crosses) == ("0.0", True, "automatic")
    axis.visible = False
    with pytest.raises(xw.XlwingsError, match="no visible Y axis"):
        _ = axis.minimum_scale


def test_series_have_markers_colours_and_a_second_axis(chart):
    chart.chart_type = "line_markers"
    series = chart.series[0]
    series.set(marker_style="diamond", marker_size=9, line_color="#010203", marker_background_color=(4, 5, 6))
    assert (series.marker_style, series.marker_size, series.line_color) == ("diamond", 9, (1, 2, 3))
    assert series.marker_background_color == (4, 5, 6)
    chart.series[1].axis_group = "secondary"
    assert [one.axis_group for one in chart.series] == ["primary", "secondary"]
    chart.secondary_value_axis.title = "Robbery"
    assert chart.secondary_value_axis.title == "Robbery"


def saved_series(book, tmp_path):
    """Return the kind, the cells and the name of each series of a workbook's one chart, as the file has them."""
    book.save(tmp_path / "chart.xlsx")
    with zipfile.ZipFile(tmp_path / "chart.xlsx") as file:
        (part,) = (name for name in file.namelist() if name.startswith("xl/charts/chart"))
        root = ET.fromstring(file.read(part))
    space = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
    for kind in root.find("c:chart/c:plotArea", space):
        for series in kind.findall("c:ser", space):
            name = series.find("c:tx", space)
            yield kind.tag.split("}")[1], series.findtext("c:val//c:f", "", space), "".join(name.itertext())


def test_columns_and_a_line_share_a_chart(book, tmp_path):
    sheet = book.sheets[0]
    sheet["A1"].value = [["month", "burglary", "robbery", "rate"], ["Apr", 3, 1, 9], ["May", 5, 2, 8], ["Jun", 4, 2, 7]]
    chart = sheet.charts.add(source=sheet["A1:D4"])
    chart.series[0].chart_type = "line_markers"
    chart.series[2].chart_type = "area"
    assert chart.chart_type == "combination"
    assert [series.name for series in chart.series] == ["burglary", "robbery", "rate"]
    assert [series.chart_type for series in chart.series] == ["line_markers", "column_clustered", "area"]
    chart.series[0].set(chart_type="line", line_color="#010203", axis_group="secondary")
    assert (chart.series[0].chart_type, chart.series[0].line_color) == ("line", (1, 2, 3))
    assert set(saved_series(book, tmp_path)) == {
        ("lineChart", "Sheet1!$B$2:$B$4", "Sheet1!$B$1burglary"),
        ("barChart", "Sheet1!$C$2:$C$4", "Sheet1!$C$1robbery"),
        ("areaChart", "Sheet1!$D$2:$D$4", "Sheet1!$D$1rate"),
    }
    chart.series[0].chart_type = chart.series[2].chart_type = "column_clustered"
    assert (chart.chart_type, len(chart.series)) == ("column_clustered", 3)
    chart.series[1].chart_type = "line"
    chart.chart_type = "line_markers"
    assert [series.chart_type for series in chart.series] == ["line_markers"] * 3


@pytest.mark.parametrize(("kind", "other"), [("pie", "line"), ("bar_clustered", "line"), ("line", "pie")])
def test_kinds_that_share_no_axes_are_not_combined(chart, kind, other):
    chart.chart_type = kind
    with pytest.raises(UnsupportedInLibreOfficeError, match=f"(?s){other}.*{kind}.*columns, lines and areas"):
        chart.series[0].chart_type = other


def test_a_series_takes_a_name_of_its_own(app, book, tmp_path, ooxml_validate):
    sheet = book.sheets[0]
    sheet["A1"].value = [["k", "n", "m"], ["a", 1, 2], ["b", 2, 3]]
    chart = sheet.charts.add(source=sheet["A1:C3"])
    chart.series[0].name = "Offences & <all>"
    assert [series.name for series in chart.series] == ["Offences & <all>", "m"]
    assert sheet["B1"].value == "n"
    assert [name for _kind, _cells, name in saved_series(book, tmp_path)] == ["Offences & <all>", "Sheet1!$C$1m"]
    ooxml_validate(tmp_path / "chart.xlsx")
    book.close()
    again = app.books.open(tmp_path / "chart.xlsx")
    assert again.sheets[0].charts[0].series[0].name == "Offences & <all>"
    again.close()


def test_a_chart_becomes_a_picture_and_a_pdf(chart, tmp_path):
    chart.to_png(tmp_path / "chart.png")
    chart.to_pdf(tmp_path / "chart.pdf")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "chart.pdf").read_bytes().startswith(b"%PDF")


def test_a_chart_moves_is_renamed_and_goes(sheet, chart):
    chart.left, chart.width = 50, 400
    assert (chart.left, chart.width) == pytest.approx((50, 400), abs=0.1)
    chart.name = "renamed"
    assert [shape.name for shape in sheet.shapes] == ["renamed"]
    sheet.charts["renamed"].delete()
    assert len(sheet.charts) == 0


def test_a_chart_survives_an_xlsx_file(app, book, tmp_path):
    sheet = book.sheets[0]
    sheet["A1"].value = [["k", "n"], ["a", 1], ["b", 2]]
    sheet.charts.add(source=sheet["A1:B3"], chart_type="bar_clustered").title = "Kept"
    book.save(tmp_path / "chart.xlsx")
    book.close()
    again = app.books.open(tmp_path / "chart.xlsx")
    chart = again.sheets[0].charts[0]
    assert (chart.title, chart.chart_type, [series.name for series in chart.series]) == ("Kept", "bar_clustered", ["n"])
    again.close()


def test_a_charts_place_can_be_asked_for_any_number_of_times(sheet):
    # LibreOffice 7.4 now and then hands out a shape without properties while the one before is being given up.
    sheet["A1"].value = [["k", "n"], ["a", 1], ["b", 2]]
    chart = sheet.charts.add()
    chart.set_source_data(sheet["A1:B3"])
    for top in range(10, 310):
        chart.top = top
        assert chart.top == pytest.approx(top, abs=0.1)
