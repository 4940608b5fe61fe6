"""The answers to local questions: all of them in the master, and for partners those that are marked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdrp_xl.periods import Period
from cdrp_xl.report.local import Answer
from cdrp_xl.sheets import Audience, Text, lay_out
from cdrp_xl.terms import Flag


@pytest.fixture
def asked(built):
    answer = Answer(
        area="Cambourne",
        row_id="violence-against-the-person",
        offences_of="All Violence Against the Person",
        period=Period.parse("2011-12 Q1"),
        earlier_period=Period.parse("2010-11 Q1"),
        offences=20,
        earlier=14,
        change=6,
        apparent_change=6 / 14,
        flag=Flag.DOMESTIC,
        flagged=8,
        share=0.4,
        remark="[z]",
    )
    return replace(built, answers=(answer,))


def test_every_part_of_an_answer_stands_under_its_heading(asked):
    page = next(sheet for sheet in lay_out(asked, Audience.ANALYST) if sheet.name == "Local analysis")
    (table,) = page.tables
    row = dict(zip((column.heading for column in table.columns), table.rows[0], strict=True))
    assert (row["Area or locality"], row["Period"], row["Earlier period"]) == (
        "Cambourne",
        "Apr-11 to Jun-11",
        "Apr-10 to Jun-10",
    )
    assert (row["Offences"], row["Earlier offences"], row["With the flag"], row["Share"]) == (20, 14, 8, 0.4)
    assert (row["Flag"], type(row["Flag"])) == ("domestic", str)  # as a cell of an open workbook takes it


def texts_of(report):
    return [str(block) for sheet in lay_out(report, Audience.PARTNERS) for block in sheet.blocks]


def test_partners_get_no_answer_that_is_not_marked(asked):
    assert not [text for text in texts_of(asked) if "Cambourne" in text]
    assert "Other issues" not in [sheet.name for sheet in lay_out(asked, Audience.PARTNERS)]


def test_partners_get_the_answers_that_are_marked_in_sentences_and_a_table(asked):
    (answer,) = asked.answers
    other = replace(answer, area="Melbourn")
    marked = replace(asked, answers=(replace(answer, is_published=True), other))
    page = next(sheet for sheet in lay_out(marked, Audience.PARTNERS) if sheet.name == "Other issues")
    (table,) = page.tables
    row = dict(zip((column.heading for column in table.columns), table.rows[0], strict=True))
    assert (row["Offences"], row["Earlier offences"], row["With the flag"], row["Share"]) == (20, 14, 8, 0.4)
    said = " ".join(str(block.value) for block in page.blocks if isinstance(block, Text))
    assert "All Violence Against the Person: 20 offences in Cambourne in April to June 2011, 6 more than" in said
    assert "Of these, 8 (40.0%) had the flag domestic." in said
    assert not [text for text in texts_of(marked) if "Melbourn" in text]
    assert "Other issues" not in [sheet.name for sheet in lay_out(marked, Audience.ANALYST)]


def test_what_is_written_of_other_issues_is_published_without_an_answer_too(built):
    sections = tuple(
        replace(each, commentary="Concerns were raised.") if each.section_id == "other/issues" else each
        for each in built.sections
    )
    page = next(
        sheet for sheet in lay_out(replace(built, sections=sections), Audience.PARTNERS) if sheet.name == "Other issues"
    )
    assert page.tables == ()
    assert [block.value for block in page.blocks][-1] == "Concerns were raised."
