"""The worksheets of a report: what stands where, and how long a line of words is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from cdrp_xl.periods import Period
from cdrp_xl.report import Section, SourceLine, TrendPoint
from cdrp_xl.sheets import Button, Control, LogRow, Text, measured, pages
from cdrp_xl.styles import POINTS, Style
from cdrp_xl.terms import Marking

LONG = "Recorded offences rose by + 84.4% [note 3] while damage fell by - 7.2% and arson did not. " * 12


def lines(sheet):
    return [block.value for block in sheet.blocks if isinstance(block, Text)]


def table(sheet, name):
    return next(table for table in sheet.tables if table.name == name)


def widest(sheet):
    """The width of the longest line of a worksheet's words, but for its title's. Unit: pixels."""
    texts = [block for block in sheet.blocks if isinstance(block, Text) and block.style is not Style.TITLE]
    return max(
        measured.width(text.value, points=POINTS.get(text.style, 10), is_bold=text.style is Style.FINDING)
        for text in texts
    )


def with_commentary(built, section_id, text):
    sections = [
        Section(section_id=each.section_id, title=each.title, commentary=text if each.section_id == section_id else "")
        for each in built.sections
    ]
    return replace(built, sections=tuple(sections))


def priority_page(built, **changed):
    return pages.priority(built, replace(built.priorities[0], **changed), sheet="Dwelling burglary", number=1)


def cover_of(built):
    return pages.cover(built, [("Headlines", "The quarter on one page")])


def test_the_cover_leaves_out_what_is_not_known(built):
    cover = lines(cover_of(replace(built, producer="", contact="")))
    assert cover[2:4] == [
        "South Cambridgeshire, April to June 2011 (2011-12 Q1)",
        "Produced for the partners of the Community Safety Partnership on 29 July 2011.",
    ]
    assert not [line for line in cover if line.startswith("Contact")]
    known = lines(cover_of(replace(built, producer="Research", contact="a@example.org")))
    assert known[3:5] == [
        "Produced by Research for the partners of the Community Safety Partnership on 29 July 2011.",
        "Contact: a@example.org",
    ]


@pytest.mark.parametrize("marking", Marking)
def test_the_marking_stands_on_every_page(built, marking):
    marked = replace(built, marking=marking)
    for page in (cover_of, pages.summary, pages.highlights, pages.currency, pages.notes, pages.checks):
        assert lines(page(marked))[1] == marking.value
    assert lines(pages.control(Control(), marking=marking.value))[1] == marking.value


def test_the_highlights_print_no_calc_as_words_and_changes_as_numbers(built):
    rows = table(pages.highlights(built), "tblCadet").rows
    assert rows[0] == ("All Crime", 1477, 1321, -156, (1321 - 1477) / 1477)
    assert rows[4] == ("All Robbery", 7, 7, 0, "No Calc")
    assert len(rows) == 45


def test_the_summary_says_for_each_priority_what_was_counted_and_why_it_stands_so(built):
    burglary, farm = table(pages.summary(built), "tblSummary").rows
    assert burglary[:2] == ("Dwelling burglary", "Fewer dwelling burglaries than in 2009-10")
    assert (burglary[2], burglary[4]) == ("Apr-11 to Jun-11", "Apr-09 to Jun-09")
    assert burglary[8] == "▲ Better position"
    assert (farm[3], *farm[5:8]) == (30, 29, 1, (30 - 29) / 29)
    assert farm[8] == "● No change or still some concern"


def test_what_can_not_be_counted_is_a_symbol_in_the_summary(built):
    unknown = replace(built.priorities[0], later=None, baseline=None, apparent_change=None, printed="[x]")
    (row,) = table(pages.summary(replace(built, priorities=(unknown,))), "tblSummary").rows
    assert (row[3], row[5], row[6], row[7]) == ("[x]", "[x]", "[x]", "[x]")


def test_a_priority_whose_count_did_not_move_is_no_calc_in_the_summary(built):
    same = replace(built.priorities[0], later=5, baseline=5, apparent_change=None, printed="No Calc")
    (row,) = table(pages.summary(replace(built, priorities=(same,))), "tblSummary").rows
    assert row[3:8:2] == (5, 5, "No Calc")


def test_without_priorities_the_summary_has_no_table(built):
    said = replace(built.intros, positions="", summary="No priorities have been set for this report.")
    empty = replace(built, priorities=(), intros=said)
    page = pages.summary(empty)
    assert page.tables == ()
    assert lines(page)[2] == "No priorities have been set for this report."


def test_long_words_go_on_in_the_next_row_with_citations_and_signed_numbers_whole(built):
    page = pages.summary(with_commentary(built, "summary", LONG))
    written = lines(page)
    at = written.index("Commentary")
    commentary = [line for line in written[at + 1 :] if line.split() and not line.startswith(tuple("▲●▼○"))]
    assert max(map(measured.width, commentary)) <= pages.LINE_PIXELS
    assert " ".join(commentary) == LONG.strip()
    assert not [line for line in commentary if line.endswith(("[note", "+", "-"))]


def test_every_line_of_a_priority_fits_the_page(built):
    page = priority_page(built, objective=LONG, sentence=LONG)
    assert widest(page) <= pages.LINE_PIXELS
    rows = [block.row for block in page.blocks if isinstance(block, Text)]
    assert rows == list(range(len(rows)))


@pytest.mark.parametrize("page", [cover_of, pages.summary, pages.highlights, pages.currency, pages.notes])
def test_every_line_of_introduction_fits_the_page(built, page):
    assert widest(page(built)) <= pages.LINE_PIXELS


def test_paragraphs_of_the_commentary_begin_a_row_of_their_own(built):
    written = lines(pages.highlights(with_commentary(built, "highlights", "One.\r\n\r\n\r\nTwo.\n=1+1")))
    at = written.index("Commentary")
    assert written[at : at + 4] == ["Commentary", "One.", "Two.", "=1+1"]


def test_without_commentary_there_is_no_heading_for_it(built):
    assert "Commentary" not in lines(pages.highlights(with_commentary(built, "highlights", " \n ")))


def test_the_chart_draws_the_whole_table_beside_it(built):
    page = priority_page(built)
    chart, trend = page.blocks[-1], table(page, "tblTrend1")
    assert chart.table == trend
    assert chart.categories == trend.columns[0].heading
    assert [series.heading for series in chart.series] == [column.heading for column in trend.columns[1:]]
    assert (chart.row, chart.column) == (trend.row, len(trend.columns))


@pytest.mark.parametrize("objective", ["Less farm crime", "Less farm crime."])
def test_an_objective_ends_with_one_full_stop(built, objective):
    page = pages.priority(built, replace(built.priorities[0], objective=objective), sheet="P", number=1)
    assert "Objective: Less farm crime." in [getattr(block, "value", None) for block in page.blocks]


def test_a_baseline_with_a_gap_is_reported_in_the_table_and_not_drawn_as_0(built):
    gap = (TrendPoint(quarter=Period.parse("2011-12 Q1"), offences=61, baseline=None), *built.priorities[0].trend)
    page = priority_page(built, trend=gap)
    assert table(page, "tblTrend1").rows[0] == ("2011-12 Q1", 61, "[x]")
    assert [series.heading for series in page.blocks[-1].series] == ["Offences"]


def test_without_any_baseline_the_table_has_no_column_for_it(built):
    page = priority_page(built, trend=(TrendPoint(quarter=Period.parse("2011-12 Q1"), offences=61, baseline=None),))
    assert table(page, "tblTrend1").rows == (("2011-12 Q1", 61),)


def test_a_priority_that_was_never_counted_has_neither_table_nor_chart(built):
    page = priority_page(built, trend=())
    assert all(isinstance(block, Text) for block in page.blocks)


def test_what_a_source_does_not_say_of_itself_is_a_symbol(built):
    bare = SourceLine(
        source="CADET", publisher="", used_for="x", covers="Apr-11", as_at=None, next_release=None, lag=""
    )
    dated = replace(bare, as_at=dt.date(2011, 7, 11))
    rows = table(pages.currency(replace(built, sources=(bare, dated))), "tblCurrency").rows
    assert rows[0] == ("CADET", "[x]", "x", "Apr-11", "[x]", "[x]", "[x]")
    assert rows[1][4] == dt.date(2011, 7, 11)


def test_a_check_that_does_not_hold_is_to_be_looked_at(built, built_by_counts):
    rows = table(pages.checks(built_by_counts), "tblChecks").rows
    assert {row[0] for row in rows if row[1] != "Holds"} == {"Emerging issues"}
    failed = replace(built, checks=(replace(built.checks[0], holds=False),))
    assert table(pages.checks(failed), "tblChecks").rows[0][1] == "Look at this"


def test_a_title_stands_on_the_cover_as_it_is_typed(built):
    assert lines(cover_of(replace(built, title="Crime in Melbourn")))[0] == (
        "South Cambridgeshire Community Safety Partnership: Crime in Melbourn"
    )


CONTROL = Control(
    status="Refreshed: figures of 2011-12 Q1",
    last_refresh="29 July 2011",
    folder="D:/csp",
    quarter="2011-12 Q1",
    log=(
        LogRow(when="29 July 2011", quarter="2011-12 Q1", rows_read=14_093, result="Refreshed"),
        LogRow(when="1 May 2011", quarter="2010-11 Q4", rows_read="about 9", result="Refreshed"),
    ),
)


def named(sheet, name):
    return next(block for block in sheet.blocks if block.name == name)


def test_control_shows_what_it_is_given_and_works_nothing_out():
    page = pages.control(CONTROL, marking="OFFICIAL")
    assert named(page, "control_status").value == "Refreshed: figures of 2011-12 Q1"
    assert named(page, "control_last_refresh").value == "29 July 2011"
    assert table(page, "tblRefreshLog").rows == (
        ("29 July 2011", "2011-12 Q1", 14_093, "Refreshed"),
        ("1 May 2011", "2010-11 Q4", "about 9", "Refreshed"),
    )


def test_only_the_values_of_the_settings_are_typed_on_control():
    settings = table(pages.control(CONTROL, marking="OFFICIAL"), "tblControl")
    assert [column.heading for column in settings.columns] == ["Setting", "Value"]
    assert settings.rows == (("Partnership folder", "D:/csp"), ("Quarter", "2011-12 Q1"))
    assert settings.inputs == {"Value"}


def test_before_the_first_refresh_control_says_so():
    page = pages.control(Control(), marking="")
    assert named(page, "control_status").value == named(page, "control_last_refresh").value == "Not refreshed yet"
    assert table(page, "tblRefreshLog").rows == ()


def test_the_buttons_stand_side_by_side_in_rows_of_their_own():
    page = pages.control(CONTROL, marking="OFFICIAL")
    buttons = [block for block in page.blocks if isinstance(block, Button)]
    assert [(button.caption, button.macro) for button in buttons] == [
        ("Refresh", "Refresh"),
        ("Publish", "Publish"),
        ("Check", "Check"),
        ("Comparison", "Comparison"),
    ]
    ends = [button.left + button.width for button in buttons]
    assert all(end < button.left for end, button in zip(ends, buttons[1:], strict=False))
    assert {button.row for button in buttons} == {5}
    assert min(block.row for block in page.blocks if block.row > 5) > 5 + 1


def test_an_unlisted_worksheet_holds_nameless_texts_from_the_first_cell_and_is_hidden():
    page = pages.unlisted("xlwings.conf", (("A", "1"), ("B", "2")))
    assert page.is_hidden
    assert [(text.row, text.column, text.value, text.name) for text in page.blocks] == [
        (0, 0, "A", ""),
        (0, 1, "1", ""),
        (1, 0, "B", ""),
        (1, 1, "2", ""),
    ]
