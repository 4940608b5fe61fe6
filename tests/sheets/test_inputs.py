"""The worksheet Inputs: what was typed stands where it was typed, and the reader of the master reads it back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs, Section
from cdrp_xl.sheets import inputs
from cdrp_xl.sources import master
from cdrp_xl.sources.master import Contact, Decided, Override, Question
from cdrp_xl.terms import Decision, Flag, Marking, Status
from cdrp_xl.writers import xlsx_file

PROPERTIES = xlsx_file.Properties(
    title="x", subject="", author="x", date=dt.date(2011, 7, 29), marking="OFFICIAL", is_final=False
)
TYPED = Inputs(
    commentary={
        "summary": "  as typed \n",
        **dict.fromkeys(["dwelling-burglary", "farm-crime", "farm/offences", "highlights", "emerging/issues"], ""),
    },
    overrides={
        "farm-crime": Override(quarter=Period.parse("2011-12 Q1"), status=Status.WORSE, reason="=1+1 is text\nso."),
    },
    decisions={"Shoplifting, 2011-12 Q1": Decided(decision=Decision.DISMISSED, reason="One store.")},
    questions=(
        Question(
            area="Cambourne",
            offence_row="violence-against-the-person",
            flag=Flag.DOMESTIC,
            period=Period.parse("2011-12 Q1"),
        ),
        Question(area="Melbourn", offence_row="arson", flag=None, period=Period.parse("Apr-11 to May-11")),
    ),
    markings={"Farm crime": Marking.OFFICIAL_SENSITIVE},
    contacts=(Contact(name="", email="a@example.org"), Contact(name="The office", email="b@example.org")),
    acceptances={"finding": "Agreed."},
)


@pytest.fixture
def page(built):
    sections = tuple(
        Section(section_id=each.section_id, title=each.title, commentary=TYPED.commentary[each.section_id])
        for each in built.sections
    )
    return inputs.page(replace(built, sections=sections, inputs=TYPED), worksheets=("Cover", "Farm crime"))


def table(page, name):
    return next(table for table in page.tables if table.name == name)


def test_every_section_stands_there_and_only_the_commentary_is_typed(page):
    written = table(page, "tblCommentary")
    assert [row[0] for row in written.rows] == list(TYPED.commentary)
    assert written.rows[0][2] == "  as typed \n"
    assert written.inputs == {"Commentary"}


def test_every_priority_and_worksheet_has_its_row_whether_anything_was_typed_beside_it_or_not(page):
    assert [row[0] for row in table(page, "tblOverrides").rows] == ["dwelling-burglary", "farm-crime"]
    assert {type(cell) for each in page.tables for row in each.rows for cell in row} == {str, type(None)}
    assert table(page, "tblMarkings").rows == (("Cover", None), ("Farm crime", "OFFICIAL-SENSITIVE"))


@pytest.mark.parametrize("name", ["tblDecisions", "tblQuestions", "tblContacts", "tblAcceptances"])
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
        "Marking": tuple(Marking),
    }


def test_every_table_is_told_what_it_is_for_and_has_a_free_row_under_it(page):
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
