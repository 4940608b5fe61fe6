import datetime as dt
from dataclasses import replace

import pytest

from cdrp_xl.report.returned import ReturnedText, ReturnLine, Warned
from cdrp_xl.sheets import Chart, Table, Text, returns
from cdrp_xl.sheets.blocks import PIXELS_PER_ROW
from cdrp_xl.styles import Style


@pytest.fixture
def returned(built):
    return built.returned


def section(built, number, *, is_for_analyst=False, **changes):
    of = replace(built.returned.sections[number], **changes)
    return returns.section(built, of, sheet="Return", number=number + 1, is_for_analyst=is_for_analyst)


def headings(sheet):
    return [block.value for block in sheet.blocks if isinstance(block, Text) and block.style is Style.SUBHEADING]


def test_every_return_is_listed_with_its_dates_and_a_symbol_where_there_is_none(built, returned):
    missing = ReturnLine(
        title="T", agency="A", state="Missing", due=dt.date(2011, 7, 21), returned_on=None, detail="It has not come."
    )
    table, *_ = returns.overview(built, replace(returned, lines=(missing,)), sees_all=False).tables
    assert table.rows == (("T", "A", "It has not come.", "Missing", dt.date(2011, 7, 21), "[x]"),)


def test_partners_see_what_was_returned_and_not_what_is_gathered_elsewhere(built):
    assert headings(section(built, 0)) == [
        "Clients on scheme",
        "New engagements and removals",
        "Key achievements",
        "Services and partners",
        "Interventions fund",
        "Integrated offender management",
    ]
    assert headings(section(built, 0, is_for_analyst=True))[-2:] == [
        "Areas of concern and recommendations (partners see it under For the meeting)",
        "Items for publicity (partners see it under For the meeting)",
    ]


def test_what_is_not_for_publication_stays_in_the_master(built):
    secret = ReturnedText(key="x", title="Notes", text="Words", aside="not in the partners' copy")
    assert headings(section(built, 0, parts=(secret,))) == []
    assert headings(section(built, 0, parts=(secret,), is_for_analyst=True)) == ["Notes (not in the partners' copy)"]


def test_of_a_return_that_did_not_come_partners_see_that_alone_and_the_master_keeps_its_tables(built):
    page = section(built, 1, has_come=False)
    assert all(isinstance(block, Text) for block in page.blocks)
    assert len(section(built, 1, has_come=False, is_for_analyst=True).tables) == 5


def test_blocks_stand_under_one_another_and_a_chart_has_rows_of_its_own(built):
    for number in (0, 1):
        page = section(built, number, is_for_analyst=True)
        (chart,) = [block for block in page.blocks if isinstance(block, Chart)]
        assert chart.row == chart.table.row + chart.table.height + 1
        starts = [block.row for block in page.blocks]
        assert starts == sorted(starts)
        after = page.blocks[page.blocks.index(chart) + 1]
        assert (after.row - chart.row) * PIXELS_PER_ROW >= chart.height
        ends = [block.row + block.height for block in page.blocks if isinstance(block, Table)]
        nexts = [page.blocks[page.blocks.index(block) + 1].row for block in page.tables[:-1]]
        assert all(end <= begin for end, begin in zip(ends, nexts, strict=False))


def test_the_chart_draws_the_counts_that_were_given(built):
    (chart,) = [block for block in section(built, 1).blocks if isinstance(block, Chart)]
    assert chart.categories == "District"
    assert [series.heading for series in chart.series] == ["Specialist service", "Youth offending service"]
    assert len({series.colour for series in chart.series}) == 2


def test_a_month_by_month_chart_has_a_series_for_each_row_that_is_whole(built):
    (chart,) = [block for block in section(built, 0).blocks if isinstance(block, Chart)]
    assert chart.along == ("April 2011", "May 2011", "June 2011")
    assert [(series.heading, series.row) for series in chart.series] == [("DIP", 2)]


def test_a_symbol_in_place_of_a_figure_is_never_drawn_as_0(built):
    part = built.returned.sections[1].parts[0]
    gap = replace(part, rows=((part.rows[0][0], "[x]", *part.rows[0][2:]), *part.rows[1:]))
    page = section(built, 1, parts=(gap,))
    assert not [block for block in page.blocks if isinstance(block, Chart)]


def test_names_of_tables_and_texts_are_given_once(built):
    pages = [section(built, number, is_for_analyst=True) for number in (0, 1)]
    names = [block.name for page in pages for block in page.blocks]
    assert len(set(names)) == len(names)


def test_the_meeting_has_concerns_and_publicity(built, returned):
    _, concerns, publicity = returns.overview(built, returned, sees_all=False).tables
    assert concerns.rows[0][0] == "Reducing re-offending"
    assert publicity.rows[0][0] == "Drug and alcohol"


def test_partners_get_no_table_that_says_that_there_is_nothing(built, returned):
    nothing = replace(returned, concerns=(), publicity=())
    page = returns.overview(built, nothing, sees_all=False)
    assert [table.name for table in page.tables] == ["tblReturns"]
    assert headings(page) == []
    assert len(returns.overview(built, nothing, sees_all=True).tables) == 3


def test_warnings_show_what_was_found_and_why_it_may_stand(built, returned):
    warned = Warned(mark="form Q3 1a2b3c", what="a person's name", where="Form, Q", excerpt="Mr Example", accepted="")
    (table,) = returns.warnings(built, replace(returned, warnings=(warned,))).tables
    assert table.rows == (("form Q3 1a2b3c", "a person's name", "Form, Q", "Mr Example", ""),)
