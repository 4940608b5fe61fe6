"""The layout of a report: which worksheets, in which order, under names that Excel allows."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl.colours import lighter
from cdrp_xl.settings import sections
from cdrp_xl.sheets import (
    LONGEST_NAME,
    Audience,
    Button,
    Chart,
    Control,
    LogRow,
    Sparkline,
    Table,
    Text,
    lay_out,
    lay_out_unfilled,
    pages,
    sheet_names,
)
from cdrp_xl.styles import BLUE, LIGHT_BLUE
from cdrp_xl.terms import Marking

FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def utf16_units(text):
    return len(text.encode("utf-16-le")) // 2


@pytest.fixture(scope="module")
def partners(built):
    return lay_out(built, Audience.PARTNERS)


def in_words(block):
    """One block in our short text form: place, name and words."""
    place = f"{chr(65 + block.column)}{block.row + 1}"
    if isinstance(block, Text):
        return f"{place} {block.style}: {block.value}"
    if isinstance(block, Button):
        return f"{place} button {block.caption}: runs {block.macro}"
    if isinstance(block, Sparkline):
        return f"{place} small chart of {block.heading} in {block.table.name}"
    if isinstance(block, Chart):
        drawn = ", ".join(f"{series.heading} as {series.kind} {series.colour}" for series in block.series)
        return f"{place} chart {block.name} of {block.table.name}: {block.title}; {drawn}; {block.alt_text}"
    headings = " | ".join(column.heading for column in block.columns)
    rows = [" | ".join(shown(value) for value in row) for row in block.rows]
    return "\n".join([f"{place} table {block.name}: {headings}", *(f"   {row}" for row in rows)])


def shown(value):
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def as_text(sheets):
    parts = [f"== {sheet.name}\n" + "\n".join(map(in_words, sheet.blocks)) for sheet in sheets]
    return "\n\n".join(parts)


def test_the_published_copy_of_the_worked_example_reads_as_it_did(partners, snapshot):
    assert as_text(partners) == snapshot


def test_partners_get_neither_the_analysts_words_sheet_nor_the_checks(built, partners):
    names = [sheet.name for sheet in partners]
    assert names == [
        "Cover",
        "Headlines",
        "Month by month",
        "Summary",
        "Dwelling burglary",
        "Dwelling burglary by month",
        "Dwelling burglary group",
        "Dwelling burglary by size",
        "Farm crime",
        "Farm crime by month",
        "Farm crime by group",
        "Farm crime by quarter",
        "CADET highlights",
        "Partner returns",
        "Reducing re-offending",
        "Drug and alcohol",
        "How up to date the figures are",
        "Notes",
    ]
    pivots = ["Farm crime pivots", "Farm crime data"]
    assert [sheet.name for sheet in lay_out(built, Audience.ANALYST)] == [
        "Control",
        *names[: names.index("Partner returns")],
        "Emerging issues",
        *names[names.index("Partner returns") :],
        *pivots,
        "Warnings",
        "Inputs",
        "Local analysis",
        "How each offence was counted",
        "Calibration",
        "Checks",
    ]


def test_both_audiences_see_the_same_figures(built, partners):
    in_the_master = {sheet.name: sheet for sheet in lay_out(built, Audience.ANALYST)}
    differ = {"Headlines"}  # which has small charts for partners alone
    differ |= {"Cover", "Farm crime by group"}  # what the master has in pivot tables, partners have in a plain one
    differ |= {"Reducing re-offending", "Drug and alcohol"}  # which have in the master what is gathered elsewhere too
    shown = {sheet.name: in_words_alone(sheet) for sheet in partners if sheet.name not in differ}
    assert shown == {name: in_words_alone(in_the_master[name]) for name in shown}


def in_words_alone(sheet):
    """A worksheet without the widths of its columns and charts, which are set for paper in the partners' copy alone."""
    return as_text([sheet])


def test_control_reads_as_it_did(snapshot):
    log = (LogRow(when="29 July 2011", quarter="2011-12 Q1", rows_read=14_093, result="Refreshed"),)
    shown = Control(status="Refreshed: figures of 2011-12 Q1", last_refresh="29 July 2011", quarter="Q1", log=log)
    assert as_text([pages.control(shown, marking="OFFICIAL")]) == snapshot


def test_what_control_shows_changes_nothing_else_and_never_reaches_partners(built, partners):
    control = Control(status="Refreshed", quarter="2011-12 Q1")
    assert lay_out(built, Audience.PARTNERS, control=control) == partners
    assert lay_out(built, Audience.ANALYST, control=control)[1:] == lay_out(built, Audience.ANALYST)[1:]
    assert not [block for sheet in partners for block in sheet.blocks if isinstance(block, Button)]


def test_a_master_before_its_first_refresh_has_what_a_refresh_reads():
    assert [sheet.name for sheet in lay_out_unfilled()] == ["Control", "Inputs"]


@pytest.mark.parametrize("audience", Audience)
def test_the_cover_lists_every_other_worksheet_in_order_and_links_to_it(built, audience):
    cover, first, *others = (sheet for sheet in lay_out(built, audience) if sheet.name != "Control")
    assert (first.name, cover.name) == ("Headlines", "Cover")
    (table,) = cover.tables
    assert [row[0] for row in table.rows] == [sheet.name for sheet in (first, *others)] == list(table.links)
    assert all(row[1] for row in table.rows)


def test_tables_charts_and_texts_have_names_of_their_own(built):
    names = [block.name.casefold() for sheet in lay_out(built, Audience.ANALYST) for block in sheet.blocks]
    assert len(names) == len(set(names))


def test_every_worksheet_begins_with_its_title_and_the_marking(partners):
    for sheet in partners:
        title, marking = sheet.blocks[:2]
        assert (title.row, title.column, title.style) == (0, 0, "title")
        assert (marking.row, marking.value, marking.style) == (1, "OFFICIAL", "marking")


def marked(built, audience=Audience.PARTNERS):
    marking, inputs = (
        Marking.OFFICIAL_SENSITIVE,
        replace(built.inputs, markings={"Farm crime": Marking.OFFICIAL_SENSITIVE}),
    )
    return {sheet.name: sheet for sheet in lay_out(replace(built, marking=marking, inputs=inputs), audience)}


def test_one_worksheet_may_be_marked_higher_and_the_cover_bears_the_highest(built):
    shown = {name: (sheet.marking, sheet.blocks[1].value) for name, sheet in marked(built).items()}
    assert {shown["Cover"], shown["Farm crime"]} == {("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE")}
    assert {shown[name] for name in shown.keys() - {"Cover", "Farm crime"}} == {("OFFICIAL", "OFFICIAL")}


def test_what_only_the_analyst_sees_bears_the_highest_marking(built):
    sheets = marked(built, Audience.ANALYST)
    assert {sheets[name].marking for name in ("Control", "Inputs", "Checks")} == {"OFFICIAL-SENSITIVE"}


TITLES = {
    "headlines": "In short",
    "months": "The last 36 months",
    "summary": "Our priorities",
    "farm/offences": "Rural crime",
    "highlights": "All offences",
    "emerging/issues": "What to watch",
    "returns": "What partners say",
    "sources": "Where the figures come from",
    "notes": "Endnotes",
}


def test_sections_come_in_the_order_of_the_settings_and_the_others_follow(built, partners):
    order = ("notes", "farm-crime", "months", "revisions")
    names = [sheet.name for sheet in lay_out(replace(built, order=order), Audience.PARTNERS)]
    assert names[2:6] == ["Notes", "Farm crime", "Farm crime by month", "Month by month"]
    first = names.index("Month by month")
    usual = [sheet.name for sheet in partners]
    assert names[first + 1 :] == [name for name in usual if name not in names[: first + 1]]
    (contents,) = lay_out(replace(built, order=order), Audience.PARTNERS)[0].tables
    assert names[1:] == list(contents.links)


@pytest.mark.parametrize("audience", Audience)
def test_a_title_of_the_settings_is_the_sections_name_wherever_it_is_named(built, audience):
    named = lay_out(replace(built, titles=TITLES), audience)
    usual = lay_out(built, audience)
    expected = {
        "Headlines": "In short",
        "Month by month": "The last 36 months",
        "Summary": "Our priorities",
        "Farm crime by group": "Rural crime by group",
        "Farm crime by quarter": "Rural crime by quarter",
        "CADET highlights": "All offences",
        "Emerging issues": "What to watch",
        "Partner returns": "What partners say",
        "Notes": "Endnotes",
        "How up to date the figures are": "Where the figures come from",
    }
    names = [sheet.name for sheet in named]
    assert names == [expected.get(sheet.name, sheet.name) for sheet in usual]
    contents = next(sheet for sheet in named if sheet.name == "Cover").tables[0]
    assert set(contents.links) <= set(names)
    assert [row[0] for row in contents.rows] == list(contents.links)
    for sheet in named:
        if sheet.name in expected.values() and sheet.name != "In short":
            assert sheet.blocks[0].value.startswith(sheet.name.removesuffix(" by group"))
    lines = [block for sheet in named for block in sheet.blocks if isinstance(block, Sparkline)]
    assert {line.sheet for line in lines} <= set(names)
    texts = [block.name for sheet in named for block in sheet.blocks if isinstance(block, Text)]
    assert texts == [block.name for sheet in usual for block in sheet.blocks if isinstance(block, Text)]


def test_who_leads_and_the_agenda_are_under_a_sections_title_in_the_copy_alone(built):
    led = {"farm-crime": "Lead officer: Rural crime lead. Agenda: item 9.", "notes": "Agenda: item 2."}
    copy = {sheet.name: sheet for sheet in lay_out(replace(built, led=led), Audience.PARTNERS)}
    for name, said in (("Farm crime", led["farm-crime"]), ("Notes", led["notes"])):
        assert [block.value for block in copy[name].blocks[1:3]] == ["OFFICIAL", said]
    master = lay_out(replace(built, led=led), Audience.ANALYST)
    assert "Rural crime lead" not in str(master)


def test_no_worksheet_has_a_name_that_a_title_may_take(built):
    ours = {*sections.TAKEN, built.comparison.classification.table}
    of_priorities = tuple(result.title for result in built.priorities)
    of_returns = tuple(section.title for section in built.returned.sections)
    names = [sheet.name for sheet in lay_out(built, Audience.ANALYST)]
    assert [name for name in names if name not in ours and not name.startswith((*of_priorities, *of_returns))] == []


def test_a_section_and_a_priority_of_one_title_have_two_names(built):
    names = [sheet.name for sheet in lay_out(replace(built, titles={"notes": "Dwelling burglary"}), Audience.PARTNERS)]
    assert len(names) == len({name.casefold() for name in names})
    assert {"Dwelling burglary", "Dwelling burglary 2"} <= set(names)


def test_every_note_is_cited_on_another_worksheet_and_listed_once(partners):
    texts = [
        block.value
        for sheet in partners
        if sheet.name != "Notes"
        for block in sheet.blocks
        if isinstance(block, Text) and isinstance(block.value, str)
    ]
    cited = set(re.findall(r"\[note \d+\]", " ".join(texts)))
    (listed,) = (table for table in partners[-1].tables if table.name == "tblNotes")
    assert [row[0] for row in listed.rows] == sorted(cited, key=lambda note: int(note.strip("[note ]")))
    assert len(listed.rows) == 10


def test_no_table_has_a_blank_heading_or_an_unexplained_blank(partners):
    small_charts = [block for sheet in partners for block in sheet.blocks if isinstance(block, Sparkline)]
    for table in (block for sheet in partners for block in sheet.blocks if isinstance(block, Table)):
        headings = [column.heading for column in table.columns]
        assert all(headings)
        assert len(set(headings)) == len(headings)
        drawn = {each.column - table.column for each in small_charts if table.name == "tblHeadlines"}
        written = [value for row in table.rows for at, value in enumerate(row) if at not in drawn]
        assert all(value not in {None, ""} for value in written), table.name


def test_no_page_is_printed_at_less_than_seven_tenths_of_its_size(partners):
    """A4 landscape between its margins is 1,026 pixels wide; a character of a column takes 7, and its edges 5."""

    def edge(sheet, block):
        columns = [*sheet.widths, *[8.43] * 20]
        left = sum(7 * width + 5 for width in columns[: block.column])
        if isinstance(block, Chart):
            return left + block.width
        return left + sum(7 * width + 5 for width in columns[block.column :][: len(getattr(block, "columns", "1"))])

    printed = {sheet.name: 1026 / max(edge(sheet, block) for block in sheet.blocks) for sheet in partners}
    assert {name: round(scale, 2) for name, scale in printed.items() if scale < 0.7} == {}


def test_long_contents_begin_on_the_first_page_and_go_on_on_the_next(built):
    cover = lay_out(replace(built, about=("Of the meeting of 4 August.",) * 9), Audience.PARTNERS)[0]
    (table,) = cover.tables
    (at,) = cover.breaks
    assert table.row + 2 < at < table.row + len(table.rows)


def test_the_contents_say_a_title_in_full_where_its_worksheets_name_is_cut_short(built):
    first = replace(built.priorities[0], title="Burglary of dwellings, sheds and outbuildings")
    rows = lay_out(replace(built, priorities=(first, *built.priorities[1:])), Audience.PARTNERS)[0].tables[0].rows
    held = "the quarter, its baseline year and the trend"
    assert (f"{first.title[:31].strip()}", f"{first.title}: {held}") in rows
    assert ("Farm crime", f"T{held[1:]}") in rows


def test_titles_that_excel_would_take_for_one_name_are_told_apart():
    titles = ["Summary", "notes", "History", "Farm crime", "FARM CRIME", "Farm  crime"]
    assert sheet_names(titles, taken=("Summary", "Notes", "History")) == (
        "Summary 2",
        "notes 2",
        "History 2",
        "Farm crime",
        "FARM CRIME 2",
        "Farm crime 3",
    )


def test_titles_with_the_same_first_31_characters_are_told_apart():
    long = "Violence against the person in Cambourne"
    assert sheet_names([long + " by day", long + " by night"]) == (
        "Violence against the person in",
        "Violence against the person i 2",
    )


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("[Theft]: a/b\\c *all*?", "Theft a b c all"),
        ("'Quoted'", "Quoted"),
        ("[]:*?/\\", "Priority"),
        ("''", "Priority"),
        ("Burglary of farms and parishes' barns", "Burglary of farms and parishes"),  # the 31st is an apostrophe
        ("=1+1", "=1+1"),
        ("\U0001f693" * 20, "\U0001f693" * 15),  # each counts as two characters in Excel
        ("العنف", "العنف"),
        ("Line\nbreak\tand tab", "Line break and tab"),
        ("A _x0041_ b", "A x0041_ b"),  # programs would read "A A b"
    ],
)
def test_a_title_becomes_a_name_that_spreadsheets_allow(title, name):
    assert sheet_names([title]) == (name,)


@given(st.lists(st.text(alphabet=st.sampled_from("aA' []:*?/\\\U0001f693é0"), max_size=40), max_size=12))
def test_names_are_always_allowed_and_unlike(titles):
    names = sheet_names(titles, taken=("Cover", "aa"))
    folded = [name.casefold() for name in names]
    assert len(names) == len(titles)
    assert len(set(folded)) == len(folded)
    assert {"cover", "aa"}.isdisjoint(folded)
    for name in names:
        assert 1 <= utf16_units(name) <= LONGEST_NAME
        assert not FORBIDDEN.search(name)
        assert name == name.strip("' ")


def test_what_is_drawn_is_in_the_accent_in_place_of_ours(built):
    ours = {BLUE, LIGHT_BLUE}
    plain = lay_out(built, Audience.PARTNERS)
    own = lay_out(replace(built, accent="#5B2A86"), Audience.PARTNERS)
    assert ours <= colours(plain)
    assert colours(own) == colours(plain) - ours | {"#5B2A86", lighter("#5B2A86")}


def colours(sheets):
    blocks = [block for sheet in sheets for block in sheet.blocks]
    drawn = {series.colour for block in blocks if isinstance(block, Chart) for series in block.series}
    return drawn | {colour for block in blocks if isinstance(block, Sparkline) for colour in block.colours}
