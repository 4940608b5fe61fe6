"""The worksheet Calibration: in the master alone, with a chart of its first table."""

from __future__ import annotations

from cdrp_xl.sheets import Audience, Chart, calibration, lay_out


def test_it_is_in_the_master_and_not_in_the_copy(built):
    names = {audience: [sheet.name for sheet in lay_out(built, audience)] for audience in Audience}
    assert calibration.SHEET in names[Audience.ANALYST]
    assert calibration.SHEET not in names[Audience.PARTNERS]


def test_what_is_drawn_is_in_the_first_columns_of_its_table(built):
    page = calibration.page(built, built.calibration)
    (chart,) = [block for block in page.blocks if isinstance(block, Chart)]
    drawn = [chart.categories, *(each.heading for each in chart.series)]
    assert drawn == [column.heading for column in chart.table.columns][: len(drawn)]
    assert [table.name for table in page.tables] == ["tblPlacebo", "tblProjected", "tblTargets", "tblFlagged"]
    assert page.tables[0].rows == built.calibration.placebo
