"""The worksheets of farm crime: plain tables for partners, pivot tables and countable rows for the analyst."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdrp_xl.sheets import Audience, Chart, Table, Text, lay_out


def page(report, name, audience=Audience.ANALYST):
    return next(sheet for sheet in lay_out(report, audience) if sheet.name == name)


def table(sheet, name):
    return next(table for table in sheet.tables if table.name == name)


def with_crime(built, **changed):
    return replace(built, farm=replace(built.farm, **changed))


def test_the_years_stand_beside_their_shares_and_the_change(built):
    years = table(page(built, "Farm crime by group"), "tblFarm")
    assert [column.heading for column in years.columns] == [
        *("Offence group", "2009-10", "2010-11", "2009-10 share", "2010-11 share"),
        *("Numeric change", "Apparent change"),
    ]
    assert years.rows[0] == ("Burglary", 41, 35, 41 / 121, 35 / 115, -6, -6 / 41)
    assert years.rows[-1] == ("All farm crime", 121, 115, 1.0, 1.0, -6, -6 / 121)


def test_what_can_not_be_counted_is_a_symbol(built):
    line = replace(built.farm.lines[0], offences=(None, 0), shares=(None, None), change=None, apparent_change=None)
    same = replace(built.farm.lines[1], change=0, apparent_change=None)
    last = replace(built.farm.quarters[-1], baseline=None, repeats=None)
    report = with_crime(built, lines=(line, same), quarters=(last,))
    years = table(page(report, "Farm crime by group"), "tblFarm")
    assert years.rows[0] == ("Burglary", "[x]", 0, "[x]", "[z]", "[x]", "[x]")
    assert years.rows[1][-2:] == (0, "No Calc")
    assert table(page(report, "Farm crime by quarter"), "tblFarmQuarters").rows == (
        ("2011-12 Q1", 30, "[x]", "[x]", "[x]"),
    )


def test_the_quarters_stand_beside_those_of_the_baseline_year_and_are_drawn(built):
    sheet = page(built, "Farm crime by quarter")
    quarters = table(sheet, "tblFarmQuarters")
    assert quarters.rows[-1] == ("2011-12 Q1", 30, 29, 5, 4)
    assert [column.heading for column in quarters.columns][2:] == [
        *("Same quarter of 2009-10", "Repeat offences", "Repeat victims"),
    ]
    (chart,) = (block for block in sheet.blocks if isinstance(block, Chart))
    assert chart.table == quarters
    assert [series.heading for series in chart.series] == ["Offences", "Same quarter of 2009-10"]
    assert chart.across == "Quarter of the financial year"
    assert chart.row == quarters.row


def test_a_baseline_with_a_gap_is_not_drawn_and_no_quarters_are_no_chart(built):
    gap = (replace(built.farm.quarters[0], baseline=None), *built.farm.quarters[1:])
    sheet = page(with_crime(built, quarters=gap), "Farm crime by quarter")
    (chart,) = (block for block in sheet.blocks if isinstance(block, Chart))
    assert [series.heading for series in chart.series] == ["Offences"]
    none = page(with_crime(built, quarters=()), "Farm crime by quarter")
    assert not [block for block in none.blocks if isinstance(block, Chart)]


def test_partners_get_in_a_plain_table_what_the_pivot_tables_show(built):
    groups = table(page(built, "Farm crime by group", Audience.PARTNERS), "tblFarmGroups")
    by_quarter = built.farm.by_quarter
    for row in groups.rows:
        place = by_quarter.across.index(tuple(row[0].split()))
        assert row[1:] == tuple(counts[place] for counts in by_quarter.counts)
    assert [column.heading for column in groups.columns] == ["Quarter", *by_quarter.down, "All farm crime"]


def test_no_row_and_no_pivot_table_is_laid_out_for_partners(built):
    partners = lay_out(built, Audience.PARTNERS)
    assert not [pivot for sheet in partners for pivot in sheet.pivots]
    assert "tblFarmOffences" not in [table.name for sheet in partners for table in sheet.tables]


def test_a_row_of_the_data_shows_nothing_but_what_is_counted_by(built):
    data = table(page(built, "Farm crime data"), "tblFarmOffences")
    assert [column.heading for column in data.columns] == [
        *("Offence", "Offence group", "Financial year", "Quarter", "Locus subtype"),
    ]
    assert len(data.rows) == 266
    assert data.rows[0] == (1, "Burglary", "2009-10", "Q1", "Barn")
    assert [row[0] for row in data.rows] == list(range(1, 267))


def test_the_pivot_tables_count_the_data_and_never_stand_in_one_anothers_way(built):
    sheet = page(built, "Farm crime pivots")
    by_year, by_quarter = sheet.pivots
    data = table(page(built, "Farm crime data"), "tblFarmOffences")
    assert by_year.table == by_quarter.table == data
    assert (by_year.down, by_year.across, by_year.filtered_by) == (
        "Offence group",
        ("Financial year",),
        "Locus subtype",
    )
    assert by_quarter.across == ("Financial year", "Quarter")
    assert by_year.cells[-1] == ("Grand Total", 121, 115, 30, 266)
    assert by_quarter.row - (by_year.row + by_year.height) == 12
    texts = [block for block in sheet.blocks if isinstance(block, Text)]
    assert max(text.row for text in texts) + 1 < by_year.row
    assert len(sheet.widths) == len(by_quarter.cells[0])


def test_without_farm_offences_there_is_nothing_to_pivot(built):
    empty = replace(built.farm.by_year, down=(), across=((),), counts=((0,),))
    report = with_crime(built, farm_offences=(), by_year=empty, by_quarter=empty, pivots_intro="None at all.")
    assert page(report, "Farm crime pivots").pivots == ()
    assert "None at all." in [block.value for block in page(report, "Farm crime pivots").blocks]
    assert table(page(report, "Farm crime data"), "tblFarmOffences").rows == ()


@pytest.mark.parametrize("audience", Audience)
def test_a_report_without_the_section_has_none_of_its_worksheets(built, audience):
    names = [sheet.name for sheet in lay_out(replace(built, farm=None), audience)]
    assert [name for name in names if name.startswith("Farm crime ")] == ["Farm crime by month"]  # the priority's own


def test_what_the_analyst_wrote_about_farm_crime_stands_on_its_first_worksheet(built):
    sections = tuple(
        replace(section, commentary="Ploughs again" if section.section_id == "farm/offences" else "")
        for section in built.sections
    )
    sheet = page(replace(built, sections=sections), "Farm crime by group", Audience.PARTNERS)
    assert "Ploughs again" in [block.value for block in sheet.blocks if isinstance(block, Text)]
    assert isinstance(sheet.blocks[-1], Table)
