"""Local questions that are marked on Inputs: answered in the copy of their quarter, with small counts hidden."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from desk import VIOLENCE, ask

from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.sources import master
from cdrp_xl.workbooks import publishing, refreshing

pytestmark = pytest.mark.whole

TODAY = dt.date(2011, 7, 29)


def refresh(folder, quarter=None):
    return refreshing.refresh(folder, quarter=quarter and Period.parse(quarter), today=TODAY, progress=str)


def page_of(folder):
    """Publish, and return the rows of the worksheet of other issues, as texts; None where the copy has none."""
    copy = publishing.publish(folder, today=TODAY, progress=str).copy
    book = openpyxl.load_workbook(copy)
    if "Other issues" not in book.sheetnames:
        return None
    return [[cell.value for cell in row if cell.value is not None] for row in book["Other issues"].iter_rows()]


def test_a_marked_question_is_answered_in_the_copy_and_one_that_is_not_stays_in_the_master(example):
    ask(example, VIOLENCE, ("Melbourn", "All Crime", "2011-12 Q1", None, None))
    refresh(example)
    rows = page_of(example)
    texts = [str(value) for row in rows for value in row]
    assert any(text.startswith("All Violence Against the Person: 20 offences in Cambourne") for text in texts)
    (line,) = (row for row in rows if row[:1] == ["Cambourne"])
    assert line[3] == 20
    assert line[8:10] == ["domestic", 8]
    assert not [text for text in texts if "Melbourn" in text]
    assert refreshing.typed_in(example).questions[0].is_published


def test_a_small_count_of_a_marked_question_is_hidden_in_words_and_table(example):
    ask(example, VIOLENCE, ("Cambourne", "Arson", "2011-12 Q1", None, "Yes"))
    report = refresh(example).report
    shown = {answer.offences for answer in report.answers}
    texts = [str(value) for row in page_of(example) for value in row]
    assert "[c]" in shown
    assert any("can't be given [c]" in text for text in texts)
    assert any("Small counts" in text and "are hidden [note" in text for text in texts)


def test_a_question_about_another_quarter_is_in_no_copy_but_that_quarters(example):
    ask(example, ("Cambourne", "All Violence Against the Person", "2010-11 Q4", None, "Yes"))
    refresh(example)
    assert page_of(example) is None


def test_a_mark_that_is_no_yes_is_refused_with_its_row(example):
    ask(example, (*VIOLENCE[:4], "perhaps"))
    with pytest.raises(ValueFoundError, match='"perhaps" does not say whether') as refused:
        master.read_inputs(example / "master.xlsm")
    assert 'heading "In the copy"' in str(refused.value)


def test_the_questions_of_an_earlier_versions_master_are_marked_for_nobody(example):
    book = openpyxl.load_workbook(example / "master.xlsm", keep_vba=True)
    sheet = book["Inputs"]
    table = sheet.tables["tblQuestions"]
    for row in sheet[table.ref]:
        row[-1].value = None
    first, last = table.ref.split(":")
    column = chr(ord(last[0]) - 1)
    table.ref = table.autoFilter.ref = f"{first}:{column}{last[1:]}"
    table.tableColumns.pop()
    for cell, value in zip(sheet[table.ref][1], VIOLENCE[:4], strict=True):
        cell.value = value
    book.save(example / "master.xlsm")
    (question,) = master.read_inputs(example / "master.xlsm").questions
    assert not question.is_published
    refresh(example)
    assert master.read_inputs(example / "master.xlsm").questions == (question,)
