"""The worksheet Inputs: what was typed stands where it was typed, and the reader of the master reads it back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs
from cdrp_xl.sheets import inputs
from cdrp_xl.sources import master
from cdrp_xl.sources.master import Accepted, Contact, Decided, Override, Question, Written
from cdrp_xl.terms import Decision, Flag, Marking, Status
from cdrp_xl.writers import xlsx_file

PROPERTIES = xlsx_file.Properties(
    title="x", subject="", author="x", date=dt.date(2011, 7, 29), marking="OFFICIAL", is_final=False
)
Q1, Q4, Q3 = (Period.parse(name) for name in ("2011-12 Q1", "2010-11 Q4", "2010-11 Q3"))
SECTIONS = ["headlines", "summary", "dwelling-burglary", "farm-crime", "farm/offences", "highlights", "emerging/issues"]
SECTIONS += ["other/issues"]
TYPED = Inputs(
    commentary=(
        Written(section_id="summary", quarter=Q1, text="  as typed \n"),
        Written(section_id="summary", quarter=None, text="whenever"),
        Written(section_id="summary", quarter=Q4, text="before"),
        Written(section_id="dropped", quarter=Q4, text="a section that is no more"),
        Written(section_id="summary", quarter=Q3, text="long before"),
    ),
    overrides=(
        Override(priority_id="farm-crime", quarter=Q1, status=Status.WORSE, reason="=1+1 is text\nso."),
        Override(priority_id="farm-crime", quarter=Q4, status=Status.BETTER, reason="So."),
    ),
    decisions={"Shoplifting, 2011-12 Q1": Decided(decision=Decision.DISMISSED, reason="One store.")},
    questions=(
        Question(
            area="Cambourne",
            offence_row="violence-against-the-person",
            flag=Flag.DOMESTIC,
            period=Period.parse("2011-12 Q1"),
            is_published=True,
        ),
        Question(area="Melbourn", offence_row="arson", flag=None, period=Period.parse("Apr-11 to May-11")),
    ),
    markings={"Farm crime": Marking.OFFICIAL_SENSITIVE},
    contacts=(Contact(name="", email="a@example.org"), Contact(name="The office", email="b@example.org")),
    explained=("all-crime.later",),
    acceptances=(Accepted(finding="finding", quarter=Q1, reason="Agreed."),),
)


@pytest.fixture
def page(built):
    return inputs.page(replace(built, inputs=TYPED), worksheets=("Cover", "Farm crime"))


def table(page, name):
    return next(table for table in page.tables if table.name == name)


def test_every_section_has_its_row_for_the_quarter_with_last_quarters_words_beside_it(page):
    written = table(page, "tblCommentary")
    now = written.rows[: len(SECTIONS)]
    assert [row[0] for row in now] == SECTIONS
    assert {row[3] for row in now} == {"2011-12 Q1"}
    assert [row[2] for row in now] == [None, "  as typed \n", *[None] * 6]
    assert [row[4] for row in now] == [None, "before", *[None] * 6]
    assert written.inputs == {"Commentary"}


def test_words_of_other_quarters_follow_and_none_is_lost(page):
    assert table(page, "tblCommentary").rows[len(SECTIONS) :] == (
        ("summary", "Summary", "whenever", None, None),
        ("summary", "Summary", "before", "2010-11 Q4", "long before"),
        ("dropped", "dropped", "a section that is no more", "2010-11 Q4", None),
        ("summary", "Summary", "long before", "2010-11 Q3", None),
    )


def test_every_priority_and_worksheet_has_its_row_whether_anything_was_typed_beside_it_or_not(page):
    assert table(page, "tblOverrides").rows == (
        ("dwelling-burglary", None, None, "2011-12 Q1"),
        ("farm-crime", "Worse position", "=1+1 is text\nso.", "2011-12 Q1"),
        ("farm-crime", "Better position", "So.", "2010-11 Q4"),
    )
    assert {type(cell) for each in page.tables for row in each.rows for cell in row} == {str, type(None)}
    assert table(page, "tblMarkings").rows == (("Cover", None), ("Farm crime", "OFFICIAL-SENSITIVE"))


@pytest.mark.parametrize("name", ["tblDecisions", "tblQuestions", "tblContacts", "tblExplain", "tblAcceptances"])
def test_tables_that_grow_have_empty_rows_to_type_in(page, name):
    added = table(page, name)
    assert added.is_all_typed
    assert added.rows[-inputs.SPARE_ROWS :] == ((None,) * len(added.columns),) * inputs.SPARE_ROWS
    assert any(added.rows[-inputs.SPARE_ROWS - 1])


def test_choices_are_the_words_that_the_reader_knows(page):
    choices = {column.heading: column.choices for each in page.tables for column in each.columns if column.choices}
    assert choices == {
        "Position": tuple(Status),
        "Decision": tuple(Decision),
        "Flag": tuple(Flag),
        "In the copy": ("Yes",),
        "Marking": tuple(Marking),
    }


def test_every_table_says_what_it_is_for_and_has_a_free_row_under_it(page):
    taken = {row for block in page.blocks for row in range(block.row, block.row + block.height)}
    for each in page.tables:
        assert {each.row - 2, each.row - 3} <= taken
        assert each.row - 1 not in taken
        assert each.row + each.height not in taken


def test_what_is_laid_out_is_read_back_by_the_reader_of_the_master(page, tmp_path):
    path = tmp_path / "master.xlsm"
    path.write_bytes(xlsx_file.write([page], PROPERTIES))
    found = master.read_inputs(path)
    row = table(page, "tblQuestions").row + 2
    assert [each.where.rsplit(", ", 1)[1] for each in found.questions] == [f"row {row}", f"row {row + 1}"]
    assert found == TYPED


def test_a_table_of_inputs_that_holds_nothing_is_read_as_nothing(tmp_path):
    path = tmp_path / "master.xlsm"
    path.write_bytes(xlsx_file.write([inputs.unfilled_page()], PROPERTIES))
    assert master.read_inputs(path) == Inputs()
