"""The worksheet of a priority's months: what stands on it when there is more or less to show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdrp_xl.sheets import Audience, Chart, SeriesKind, Table, lay_out, series


def sheets_named(report, ending):
    laid_out = lay_out(report, Audience.PARTNERS)
    return [sheet for sheet in laid_out if sheet.name.endswith(ending) and sheet.name != "Month by month"]


def chart_on(page):
    (chart,) = (block for block in page.blocks if isinstance(block, Chart))
    return chart


def test_the_chart_of_the_months_stands_above_the_projection_and_the_months(built):
    page = series.months(built, built.priorities[0], sheet="Months", number=1, sees_all=False)
    ends, months = page.tables
    chart = chart_on(page)
    assert (ends.name, months.name, chart.table) == ("tblYearEnd1", "tblMonths1", months)
    assert chart.row + chart.rows_high < ends.row < months.row
    assert [each.kind for each in chart.series] == [SeriesKind.COURSE, *[SeriesKind.LEVEL] * 3]
    assert [each.is_dashed for each in chart.series] == [False, False, True, True]


def test_what_is_drawn_stands_in_the_first_columns_so_that_the_chart_can_follow_its_table(built):
    page = series.months(built, built.priorities[0], sheet="Months", number=1, sees_all=False)
    chart = chart_on(page)
    drawn = [chart.categories, *(each.heading for each in chart.series)]
    assert drawn == [column.heading for column in chart.table.columns][: len(drawn)]


@pytest.mark.parametrize(("left_out", "tables"), [("series", ["tblYearEnd1"]), ("year_end", ["tblMonths1"])])
def test_what_there_is_not_is_left_out(built, left_out, tables):
    result = replace(built.priorities[0], **{left_out: None})
    page = series.months(built, result, sheet="Months", number=1, sees_all=False)
    assert [table.name for table in page.tables] == tables
    assert len([block for block in page.blocks if isinstance(block, Chart)]) == (left_out == "year_end")


def test_the_analysts_table_of_projections_is_there_in_quarters_without_one(built):
    result = replace(built.priorities[0], year_end=None)
    page = series.months(built, result, sheet="Months", number=1, sees_all=True)
    assert [table.name for table in page.tables] == ["tblYearEnd1", "tblMonths1"]
    assert page.tables[0].rows == (("No projection for this quarter", None, None, None, None),)


@pytest.mark.parametrize(
    ("has_one", "held"), [(False, "Month by month with its usual level"), (True, "and the likely total for the year")]
)
def test_the_contents_promise_no_projection_where_there_is_none(built, has_one, held):
    shown = tuple(replace(each, year_end=each.year_end if has_one else None) for each in built.priorities)
    contents = sheets_named(replace(built, priorities=shown), "Cover")[0]
    (line,) = (row[1] for row in contents.tables[0].rows if row[0] == "Dwelling burglary by month")
    assert line.endswith(held)


def test_without_months_and_projection_there_is_no_worksheet(built):
    bare = tuple(replace(each, series=None, year_end=None) for each in built.priorities)
    assert sheets_named(replace(built, priorities=bare), " by month") == []
    assert len(sheets_named(built, " by month")) == 2


def test_long_titles_keep_the_ending_of_their_worksheets_apart(built):
    long = tuple(replace(each, title="Violence against the person in Cambourne") for each in built.priorities)
    names = [sheet.name for sheet in lay_out(replace(built, priorities=long), Audience.PARTNERS)]
    assert "Violence against the pe by month" not in names  # 32 characters
    assert {"Violence against the p by month", "Violence against the 2 by month"} <= set(names)
    assert max(map(len, names)) <= 31


def test_every_table_of_a_priority_is_on_one_worksheet_only(built):
    names = [
        block.name for sheet in lay_out(built, Audience.PARTNERS) for block in sheet.blocks if isinstance(block, Table)
    ]
    assert len(names) == len(set(names))
