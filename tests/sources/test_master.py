"""What the analyst typed is read from the master as it stands, and what can't be used is told by its row."""

from __future__ import annotations

import re

import pytest
import xlsxwriter

from cdrp_xl.errors import FileError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.sources import master
from cdrp_xl.sources.master import (
    ACCEPTANCES,
    CONTACTS,
    DECISIONS,
    EXPLAINED,
    MARKINGS,
    OVERRIDES,
    QUESTIONS,
    Accepted,
    Contact,
    Decided,
    Inputs,
    Override,
    Question,
    Written,
)
from cdrp_xl.terms import Decision, Flag, Marking, Status

HEADINGS = ("Section id", "Section", "Commentary", "Quarter", master.LAST_WORDS)
FORMER_HEADINGS = HEADINGS[:3]
Q1, Q4 = Period.parse("2011-12 Q1"), Period.parse("2010-11 Q4")
LOG_HEADINGS = ("When", "Quarter", "Rows read", "Result")


def workbook(folder, *tables, sheet="Inputs"):
    """Write tables (name, headings, rows) under one another from row 3, with a free row between them."""
    path, top = folder / "master.xlsm", 2
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Summary").write_string(0, 0, "not this one")
        page = book.add_worksheet(sheet)
        for name, headings, rows in tables:
            for down, row in enumerate((headings, *rows), top):
                for across, value in enumerate(row):
                    write = page.write_string if isinstance(value, str) else page.write
                    write(down, across, value)
            columns = [{"header": heading} for heading in headings]
            last = top + max(len(rows), 1)
            page.add_table(top, 0, last, len(headings) - 1, {"name": name, "columns": columns})
            top = last + 2
    return path


def written(folder, *rows, headings=HEADINGS):
    return workbook(folder, ("tblCommentary", headings, rows))


def typed(folder, form, *rows):
    """Write a master with no commentary and one more table."""
    return workbook(folder, ("tblCommentary", HEADINGS, ()), (form.name, form.headings, rows))


def commentary(path, quarter=Q1):
    return master.read_inputs(path).words_for(quarter).commentary


def row(section, text, quarter="2011-12 Q1"):
    return (section, section, text, quarter, "Words for the quarter before")


def test_commentary_is_read_by_section(tmp_path):
    path = written(tmp_path, row("summary", "All is well."), row("farm-crime", "Less of it.", "Q1 2011/12"))
    assert commentary(path) == {"summary": "All is well.", "farm-crime": "Less of it."}


def test_before_there_is_a_master_nothing_has_been_typed(tmp_path):
    assert master.read_inputs(tmp_path / "master.xlsm") == Inputs()


def test_the_columns_may_stand_in_another_order_and_the_worksheet_under_another_name(tmp_path):
    headings = ("Commentary", "Quarter", "Section id")
    path = workbook(tmp_path, ("tblCommentary", headings, [("x", "2011-12 Q1", "summary")]), sheet="My words")
    assert commentary(path) == {"summary": "x"}


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1 offence", "@home", "two\nlines", "\U0001f33e \u2013 caf\u00e9", "x" * 32_000, '"quoted"', "  x"],
)
def test_commentary_stays_as_it_was_typed(tmp_path, text):
    assert commentary(written(tmp_path, row("summary", text))) == {"summary": text}


def test_a_number_typed_as_commentary_is_read_as_text(tmp_path):
    assert commentary(written(tmp_path, row("summary", 12))) == {"summary": "12"}


def test_a_section_without_commentary_and_rows_without_a_section_are_no_fault(tmp_path):
    path = written(tmp_path, row("summary", None), row("summary", " "), row(None, "a stray note"), row("farm", "x"))
    assert commentary(path) == {"farm": "x"}


def test_a_section_that_stands_twice_is_refused_and_neither_text_is_lost(tmp_path):
    path = written(tmp_path, row("summary", "one"), row("farm", "x"), row(" Summary", "two", "Q1 2011/12"))
    with pytest.raises(ValueFoundError, match="Summary") as refused:
        master.read_inputs(path)
    assert str(refused.value) == (
        '"Summary" for 2011-12 Q1 appears twice.\n'
        'Where: master.xlsm, worksheet "Inputs", table tblCommentary, row 4 and 6, heading "Section id"\n'
        "What to do: Put what both rows say into one of them, and empty the other."
    )


def test_a_master_without_the_table_of_commentary_is_reported(tmp_path):
    with pytest.raises(ValueFoundError, match="tblCommentary is gone") as refused:
        master.read_inputs(workbook(tmp_path))
    assert refused.value.where == "master.xlsm"


def test_a_master_that_is_no_workbook_is_reported(tmp_path):
    path = tmp_path / "master.xlsm"
    path.write_text("not a workbook", encoding="utf-8")
    with pytest.raises(FileError, match=r"^master\.xlsm is not a workbook, or it is damaged"):
        master.read_inputs(path)


def test_each_row_is_for_its_own_quarter_or_for_none_and_one_section_may_have_several(tmp_path):
    path = written(tmp_path, row("summary", "new"), row("summary", "old", "2010-11 Q4"), row("summary", "when", None))
    assert master.read_inputs(path).commentary == (
        Written(section_id="summary", quarter=Q1, text="new"),
        Written(section_id="summary", quarter=Q4, text="old"),
        Written(section_id="summary", quarter=None, text="when"),
    )


def former(folder, *log, commentary=(("summary", "Summary", "x"),), headings=FORMER_HEADINGS):
    """Write a master as earlier versions laid it out: no table of inputs has a quarter beside its words."""
    return workbook(
        folder,
        ("tblCommentary", headings, commentary),
        ("tblAcceptances", ("Finding", "Reason"), [("abc", "Agreed."), ("", "")]),
        ("tblRefreshLog", LOG_HEADINGS, log),
    )


@pytest.mark.parametrize(
    ("log", "folders", "quarter"),
    [
        ([("30 June 2011", "2010-11 Q4", 5, "Refreshed"), ("1 April 2011", "2010-11 Q3", 5, "Refreshed")], None, Q4),
        ([("30 June 2011", "2010-11 Q4", 5, "Refreshed")], Q1, Q4),
        ([], Q1, Q1),
        ([("30 June 2011", "the last one", 5, "Refreshed")], Q1, Q1),
        ([], None, None),
    ],
)
def test_words_of_an_earlier_version_are_for_the_quarter_that_was_refreshed_last(tmp_path, log, folders, quarter):
    found = master.read_inputs(former(tmp_path, *log), last_refreshed=folders)
    assert found == Inputs(
        commentary=(Written(section_id="summary", quarter=quarter, text="x"),),
        acceptances=(Accepted(finding="abc", quarter=quarter, reason="Agreed."),),
    )


def test_a_column_of_quarters_that_was_deleted_is_reported_and_no_words_are_given_another_quarter(tmp_path):
    headings = ("Section id", "Section", "Commentary", master.LAST_WORDS)
    path = former(tmp_path, ("x", "2010-11 Q4", 5, "x"), commentary=[("summary", "S", "x", "y")], headings=headings)
    with pytest.raises(ValueFoundError, match='The table tblCommentary has no heading "Quarter"'):
        master.read_inputs(path)


def test_every_table_is_read(tmp_path):
    path = workbook(
        tmp_path,
        ("tblCommentary", HEADINGS, [row("summary", "x")]),
        (
            OVERRIDES.name,
            OVERRIDES.headings,
            [("a", "Q1 2011/12", "worse position", " Two\nlines. "), ("a", "2010-11 Q4", "", ""), ("b", "", "", "")],
        ),
        (DECISIONS.name, DECISIONS.headings, [("Shoplifting,  2011-12 Q1", "accepted", "So."), ("", "", "")]),
        (QUESTIONS.name, QUESTIONS.headings, [("Cambourne", "violence", "Domestic", "Apr-11 to Jun-11")]),
        (MARKINGS.name, MARKINGS.headings, [("Cover", ""), ("Farm crime", "official-sensitive")]),
        (CONTACTS.name, CONTACTS.headings, [("", "a@example.org"), ("The  office", "o'b+c@mail.example.org")]),
        (EXPLAINED.name, EXPLAINED.headings, [("all-crime.later",), ("",)]),
        (ACCEPTANCES.name, ACCEPTANCES.headings, [("small-counts/Farm crime", "Agreed.", "2011-12 Q1")]),
    )
    assert master.read_inputs(path) == Inputs(
        commentary=(Written(section_id="summary", quarter=Q1, text="x"),),
        overrides=(Override(priority_id="a", quarter=Q1, status=Status.WORSE, reason="Two\nlines."),),
        decisions={"Shoplifting, 2011-12 Q1": Decided(decision=Decision.ACCEPTED, reason="So.")},
        questions=(
            Question(
                area="Cambourne",
                offence_row="violence",
                flag=Flag.DOMESTIC,
                period=Q1,
            ),
        ),
        markings={"Farm crime": Marking.OFFICIAL_SENSITIVE},
        contacts=(Contact(name="", email="a@example.org"), Contact(name="The office", email="o'b+c@mail.example.org")),
        explained=("all-crime.later",),
        acceptances=(Accepted(finding="small-counts/Farm crime", quarter=Q1, reason="Agreed."),),
    )


MISTAKES = {
    (OVERRIDES, ("a", "2011-12 Q1", "Worse position", " ")): (
        "A row of the table tblOverrides has no reason.",
        "Reason",
    ),
    (OVERRIDES, ("a", "", "Worse position", "So.")): ("A row of the table tblOverrides has no quarter.", "Quarter"),
    (OVERRIDES, ("a", "2011-12", "Worse position", "So.")): (
        '"2011-12" is not a quarter of a financial year.',
        "Quarter",
    ),
    (OVERRIDES, ("a", "2011-12 Q1", "Red", "So.")): ('"Red" is not a known position.', "Position"),
    (OVERRIDES, ("", "2011-12 Q1", "Worse position", "So.")): (
        "A row of the table tblOverrides has no priority id.",
        "Priority id",
    ),
    (DECISIONS, ("a", "Maybe", "So.")): ('"Maybe" is not a known decision.', "Decision"),
    (DECISIONS, ("a", "Accepted", "")): ("A row of the table tblDecisions has no reason.", "Reason"),
    (DECISIONS, ("", "Accepted", "So.")): ("A row of the table tblDecisions has no issue.", "Issue"),
    (QUESTIONS, ("Cambourne", "arson", "", "soon")): ('"soon" is not a period.', "Period"),
    (QUESTIONS, ("Cambourne", "", "", "2011-12 Q1")): (
        "A row of the table tblQuestions has no offence row.",
        "Offence row",
    ),
    (QUESTIONS, ("", "arson", "", "2011-12 Q1")): (
        "A row of the table tblQuestions has no area or locality.",
        "Area or locality",
    ),
    (MARKINGS, ("Cover", "SECRET")): ('"SECRET" is not a known marking.', "Marking"),
    (CONTACTS, ("The office", "")): ("A row of the table tblContacts has no e-mail.", "E-mail"),
    (CONTACTS, ("", "a at example.org")): ('"a at example.org" is not an e-mail address.', "E-mail"),
    (CONTACTS, ("", "a@example.org, b@example.org")): (
        '"a@example.org, b@example.org" is not an e-mail address.',
        "E-mail",
    ),
    (CONTACTS, ("", "a@localhost")): ('"a@localhost" is not an e-mail address.', "E-mail"),
    (ACCEPTANCES, ("a", "", "")): ("A row of the table tblAcceptances has no reason.", "Reason"),
    (ACCEPTANCES, ("a", "So.", "soon")): ('"soon" is not a quarter of a financial year.', "Quarter"),
}


@pytest.mark.parametrize(("mistake", "shown"), MISTAKES.items())
def test_a_mistake_is_named_by_table_row_and_heading(tmp_path, mistake, shown):
    (form, row), (what, heading) = mistake, shown
    with pytest.raises(ValueFoundError, match=re.escape(what)) as refused:
        master.read_inputs(typed(tmp_path, form, row))
    where = f'master.xlsm, worksheet "Inputs", table {form.name}, row 7, heading "{heading}"'
    assert (refused.value.what, refused.value.where) == (what, where)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("form", "row"),
    [
        (OVERRIDES, ("a", "2011-12 Q1", "Worse position", "So.")),
        (DECISIONS, ("a", "Accepted", "So.")),
        (MARKINGS, ("Cover", "OFFICIAL")),
        (CONTACTS, ("", "a@example.org")),
        (EXPLAINED, ("all-crime.later",)),
        (ACCEPTANCES, ("a", "So.", "")),
    ],
)
def test_a_key_that_stands_twice_is_refused(tmp_path, form, row):
    with pytest.raises(ValueFoundError, match="appears twice") as refused:
        master.read_inputs(typed(tmp_path, form, row, row))
    assert "row 7 and 8" in refused.value.where


@pytest.mark.parametrize("form", [DECISIONS, QUESTIONS, CONTACTS, EXPLAINED, ACCEPTANCES])
def test_what_stands_right_under_a_table_is_not_lost_in_silence(tmp_path, form):
    path = workbook(
        tmp_path, ("tblCommentary", HEADINGS, ()), (form.name, form.headings, ()), ("tblNext", ("a@example.org",), ())
    )
    assert master.read_inputs(path) == Inputs()
    import openpyxl

    book = openpyxl.load_workbook(path)
    book["Inputs"]["A8"] = "typed one row too low"
    book.save(path)
    with pytest.raises(ValueFoundError, match=f"directly under the table {form.name} is not part of it") as refused:
        master.read_inputs(path)
    assert refused.value.where == f'master.xlsm, worksheet "Inputs", table {form.name}, row 8'


SETTINGS = (("Partnership folder", " D:/csp "), ("Quarter", "Q1 2011/12"))
LOG = (("29 July 2011", "2011-12 Q1", 14093, "Refreshed"), ("x", "y", "about 9", None))


def control(folder, *rows, headings=("Setting", "Value"), log=LOG, sheet="Control"):
    return workbook(folder, ("tblControl", headings, rows), ("tblRefreshLog", LOG_HEADINGS, log), sheet=sheet)


def test_what_was_typed_on_control_and_the_log_are_read(tmp_path):
    found = master.read_control(control(tmp_path, *SETTINGS))
    assert (found.folder, found.quarter) == ("D:/csp", "Q1 2011/12")
    assert found.period() == Q1
    assert found.log == (("29 July 2011", "2011-12 Q1", "14093", "Refreshed"), ("x", "y", "about 9", ""))


def test_what_was_not_typed_is_empty(tmp_path):
    found = master.read_control(control(tmp_path, ("Partnership folder", None), ("Quarter", None), log=()))
    assert (found.folder, found.quarter, found.period(), found.log) == ("", "", None, ())


def test_without_a_master_or_its_table_nothing_was_typed_on_control(tmp_path):
    assert master.read_control(tmp_path / "none.xlsm") == master.Typed()
    assert master.read_control(written(tmp_path)) == master.Typed()


@pytest.mark.parametrize("word", ["soon", "2011-12", "Apr-11", "=1+1"])
def test_a_typed_quarter_that_is_none_is_refused_by_its_cell(tmp_path, word):
    found = master.read_control(control(tmp_path, SETTINGS[0], ("Quarter", word)))
    with pytest.raises(ValueFoundError, match="quarter") as refused:
        found.period()
    assert str(refused.value) == (
        f'"{word}" is not a quarter of a financial year.\n'
        'Where: master.xlsm, worksheet "Control", table tblControl, row 5, heading "Value"\n'
        'What to do: Write it as "2011-12 Q1", or empty the cell: then partnership.toml says which quarter.'
    )


def test_settings_that_have_lost_a_heading_are_reported(tmp_path):
    with pytest.raises(ValueFoundError, match='The table tblControl has no heading "Value"'):
        master.read_control(control(tmp_path, *SETTINGS, headings=("Setting", "Val")))
