from __future__ import annotations

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
