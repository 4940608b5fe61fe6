"""The worksheet Local analysis: the answers stand in the master, and partners get none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdrp_xl.periods import Period
from cdrp_xl.report.local import Answer
from cdrp_xl.sheets import Audience, lay_out
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


def test_partners_get_no_answers(asked):
    texts = [str(block) for sheet in lay_out(asked, Audience.PARTNERS) for block in sheet.blocks]
    assert not [text for text in texts if "Cambourne" in text]
