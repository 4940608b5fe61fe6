"""The partners' copy on A4 upright: nothing is lost or wider than the paper, and what needs the paper across has it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdrp_xl.report.model import Logo
from cdrp_xl.sheets import Audience, Chart, Picture, Table, Text, lay_out, measured, upright
from cdrp_xl.sheets.pages import BESIDE_LOGO
from cdrp_xl.sheets.paper import PORTRAIT
from cdrp_xl.styles import POINTS, Style
from cdrp_xl.writers import shown

BOLD = {Style.TITLE, Style.FINDING, Style.SUBHEADING, Style.MARKING}


@pytest.fixture(scope="module")
def across(built):
    return {sheet.name: sheet for sheet in lay_out(built, Audience.PARTNERS)}


@pytest.fixture(scope="module")
def turned(built):
    return {sheet.name: sheet for sheet in lay_out(replace(built, is_upright=True), Audience.PARTNERS)}


def wide(text):
    return measured.width(text.value, points=POINTS.get(text.style, 10), is_bold=text.style in BOLD)


def texts(sheet):
    return [block for block in sheet.blocks if isinstance(block, Text)]


def test_only_pages_with_tables_of_many_words_stay_across(across, turned):
    assert {name for name, sheet in across.items() if not sheet.is_wide} == set()
    assert {name for name, sheet in turned.items() if sheet.is_wide} == {
        "Summary",
        "Dwelling burglary group",
        "Partner returns",
        "Drug and alcohol",
        "How up to date the figures are",
    }
    for name in ("Summary", "Partner returns"):
        assert texts(turned[name]) == texts(across[name])


def test_every_word_is_there_in_lines_that_fit(across, turned):
    for name, sheet in turned.items():
        said = [(text.style, text.value) for text in shown.texts(sheet.blocks)]
        assert said == [(text.style, text.value) for text in shown.texts(across[name].blocks)]
        if not sheet.is_wide:
            assert max(map(wide, texts(sheet))) <= upright.LINE_PIXELS
    assert len(texts(turned["Farm crime by group"])) > len(texts(across["Farm crime by group"]))


def test_every_table_has_its_rows_within_the_paper(across, turned):
    for name in turned.keys() - {"Headlines"}:
        rows = {table.name: table.rows for table in turned[name].tables}
        assert rows == {table.name: table.rows for table in across[name].tables}
    for sheet in turned.values():
        if not sheet.is_wide:
            assert sum(map(measured.pixels_of, sheet.widths)) <= PORTRAIT.width


def test_the_headlines_leave_out_the_year_before_and_nothing_else(across, turned):
    (table,), (whole,) = turned["Headlines"].tables, across["Headlines"].tables
    left_out = [column.heading for column in whole.columns].index("12 months to Jun-10")
    headings = [column.heading for at, column in enumerate(whole.columns) if at != left_out]
    assert [column.heading for column in table.columns] == headings
    assert table.rows == tuple(row[:left_out] + row[left_out + 1 :] for row in whole.rows)


def test_charts_are_as_wide_as_the_paper_and_over_their_tables(turned):
    charts = [
        (sheet, block)
        for sheet in turned.values()
        for block in sheet.blocks
        if isinstance(block, Chart) and not sheet.is_wide
    ]
    assert {sheet.name for sheet, _ in charts} >= {"Month by month", "Dwelling burglary", "Farm crime by quarter"}
    for sheet, chart in charts:
        assert chart.column == 0
        assert chart.width == PORTRAIT.width // chart.beside[1]
        assert chart.table in sheet.tables
        assert all(series.table in {None, *sheet.tables} for series in chart.series)
        covered = range(chart.row, chart.row + chart.rows_high)
        assert not [block for block in sheet.blocks if not isinstance(block, Chart | Picture) and block.row in covered]


def test_nothing_is_on_anothers_rows(turned):
    for sheet in turned.values():
        rows = [row for text in texts(sheet) for row in range(text.row, text.row + 1)]
        rows += [
            row
            for block in sheet.blocks
            if isinstance(block, Table)
            for row in range(block.row, block.row + block.height)
        ]
        assert len(rows) == len(set(rows)), sheet.name


def test_a_logo_takes_a_third_of_the_width_and_the_title_keeps_away_from_it(built):
    own = Logo(content=b"\x89PNG", width=1200, height=200)
    cover = lay_out(replace(built, logo=own, is_upright=True), Audience.PARTNERS)[0]
    (picture,) = (block for block in cover.blocks if isinstance(block, Picture))
    assert (picture.width, picture.height) == (round(PORTRAIT.width / 3), 37)
    assert picture.left + picture.width == PORTRAIT.width
    titles = [text for text in texts(cover) if text.style is Style.TITLE]
    assert len(titles) > 2
    assert max(map(wide, titles)) + BESIDE_LOGO <= picture.left


def test_no_link_of_the_contents_is_wider_than_its_column(built):
    long = replace(built.priorities[0], title="Robbery of personal and business property in the three towns")
    report = replace(built, priorities=(long, *built.priorities[1:]), is_upright=True)
    (table,) = lay_out(report, Audience.PARTNERS)[0].tables
    assert max(measured.width(row[0]) for row in table.rows) <= table.columns[0].room
    assert max(table.points(row) for row in table.rows) > 0  # what it shows goes on in a second line


def test_the_master_is_as_it_was(built):
    assert lay_out(replace(built, is_upright=True), Audience.ANALYST) == lay_out(built, Audience.ANALYST)
