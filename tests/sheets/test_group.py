"""The worksheets of the most similar group: the partnership marked, the average as a line, the funnel by size."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdrp_xl.sheets import Audience, Chart, SeriesKind, group, lay_out


@pytest.fixture
def own(built):
    return built.priorities[0].group


@pytest.fixture
def rates(built, own):
    return group.rates(built, "Dwelling burglary", own, sheet="Group", number=1)


@pytest.fixture
def funnel(built, own):
    return group.funnel(built, "Dwelling burglary", own, sheet="Funnel", number=1)


def chart_on(page):
    (chart,) = (block for block in page.blocks if isinstance(block, Chart))
    return chart


def test_positions_stand_above_the_rates_with_what_was_imported(rates):
    positions, _ = rates.tables
    assert positions.rows[-1][0] == "2010-11"
    assert positions.rows[-1][5:] == ("9th of 15", "In line", "9th of 15")


def test_members_are_in_rank_order(rates):
    _, members = rates.tables
    assert members.rows[4][0] == "South Cambridgeshire"
    assert [row[4] for row in members.rows] == list(range(1, 16))
    assert members.is_ranked


def test_the_partnerships_bar_lies_over_its_own_among_the_others(rates):
    chart = chart_on(rates)
    every, own = chart.series
    assert (every.kind, own.kind) == (SeriesKind.BARS, SeriesKind.OWN_BAR)
    assert (every.heading, own.heading) == ("Offences per 1,000 households", "South Cambridgeshire")
    assert every.colour != own.colour
    of_own = [row[2] for row in chart.table.rows]
    assert of_own == [row[1] if row[0] == "South Cambridgeshire" else "[z]" for row in chart.table.rows]
    drawn = [chart.categories, *(each.heading for each in chart.series)]
    assert drawn == [column.heading for column in chart.table.columns][: len(drawn)]


def test_the_funnel_goes_by_size_with_limits_that_narrow(funnel):
    _, members = funnel.tables
    sizes = [row[0] for row in members.rows]
    widths = [row[4] - row[3] for row in members.rows]
    assert sizes == sorted(sizes)
    assert widths == sorted(widths, reverse=True)
    assert all(row[5] < row[3] < row[2] < row[4] < row[6] for row in members.rows)


def test_the_funnel_marks_the_partnership_by_a_table_of_its_own(funnel):
    own_table, members = funnel.tables
    chart = chart_on(funnel)
    assert own_table.rows == ((60_000, 1.6),)
    assert chart.is_over_numbers
    assert (chart.table, chart.series[-1].table, chart.series[-1].kind) == (members, own_table, SeriesKind.OWN_POINT)


def test_a_rate_per_people_says_so(built, own):
    page = group.rates(built, "Crime", replace(own, residents="people"), sheet="Group", number=1)
    assert chart_on(page).series[0].heading == "Offences per 1,000 people"
    assert page.tables[1].columns[-1].heading == "People"


def test_a_priority_without_a_group_has_no_worksheet_for_it(built):
    names = [sheet.name for sheet in lay_out(built, Audience.PARTNERS)]
    assert [name for name in names if name.startswith("Farm crime")][:2] == ["Farm crime", "Farm crime by month"]
    assert "Farm crime group" not in names
