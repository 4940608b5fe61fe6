"""The analyst's words are read from the master as they stand."""

from __future__ import annotations

import pytest
import xlsxwriter

from cdrp_xl.errors import FileError, ValueFoundError
from cdrp_xl.sources import master

HEADINGS = ("Section id", "Section", "Commentary")
ABOVE = (("The analyst's words",), ("Write under Commentary.",), ())


def _master(folder, *rows, above=ABOVE, headings=HEADINGS, sheet="Inputs"):
    path = folder / "master.xlsm"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Summary").write_string(0, 0, "not this one")
        page = book.add_worksheet(sheet)
        for number, row in enumerate((*above, headings, *rows)):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, column, value)
                else:
                    page.write(number, column, value)
    return path


def test_commentary_is_read_by_section(tmp_path):
    path = _master(tmp_path, ("summary", "Summary", "All is well."), ("farm-crime", "Farm crime", "Less of it."))
    assert master.read_commentary(path) == {"summary": "All is well.", "farm-crime": "Less of it."}


def test_before_there_is_a_master_nothing_has_been_written(tmp_path):
    assert master.read_commentary(tmp_path / "master.xlsm") == {}


@pytest.mark.parametrize("above", [(), ABOVE, (*ABOVE, (), ("", "Section id"))])
def test_the_table_is_found_wherever_its_heading_row_stands(tmp_path, above):
    path = _master(tmp_path, ("summary", "Summary", "x"), above=above)
    assert master.read_commentary(path) == {"summary": "x"}


def test_the_columns_may_stand_in_another_order(tmp_path):
    path = _master(tmp_path, ("x", "summary"), headings=("Commentary", "Section id"))
    assert master.read_commentary(path) == {"summary": "x"}


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1 offence", "@home", "two\nlines", "\U0001f33e \u2013 caf\u00e9", "x" * 32_000, '"quoted"', "  x"],
)
def test_commentary_stays_as_it_was_typed(tmp_path, text):
    assert master.read_commentary(_master(tmp_path, ("summary", "Summary", text))) == {"summary": text}


def test_a_number_typed_as_commentary_is_read_as_text(tmp_path):
    assert master.read_commentary(_master(tmp_path, ("summary", "Summary", 12))) == {"summary": "12"}


def test_a_section_without_commentary_and_rows_without_a_section_are_no_fault(tmp_path):
    path = _master(tmp_path, ("summary", "Summary", None), (None, None, "a stray note"), ("farm", "Farm", "x"))
    assert master.read_commentary(path) == {"summary": "", "farm": "x"}


def test_a_section_that_stands_twice_is_refused_and_neither_text_is_lost(tmp_path):
    path = _master(tmp_path, ("summary", "Summary", "one"), ("farm", "Farm", "x"), (" summary", "Summary", "two"))
    with pytest.raises(ValueFoundError, match="summary") as refused:
        master.read_commentary(path)
    assert str(refused.value) == (
        'The section "summary" stands twice.\n'
        'Where: master.xlsm, worksheet "Inputs", row 5 and 7, heading "Section id"\n'
        "What to do: Put what both rows say into one of them, and delete the other."
    )


@pytest.mark.parametrize("headings", [("Section id", "Section", "Comment"), ("Id", "Section", "Commentary")])
def test_a_table_that_has_lost_a_heading_is_said(tmp_path, headings):
    with pytest.raises(ValueFoundError, match="table of commentary") as refused:
        master.read_commentary(_master(tmp_path, ("summary", "Summary", "x"), headings=headings))
    assert str(refused.value) == (
        'The table of commentary is gone: no row holds "Section id" and "Commentary".\n'
        'Where: master.xlsm, worksheet "Inputs"\n'
        "What to do: Put the table's heading row back as it was; the texts under it are read from there."
    )


def test_a_master_without_its_worksheet_is_said(tmp_path):
    with pytest.raises(ValueFoundError, match="no worksheet") as refused:
        master.read_commentary(_master(tmp_path, sheet="Words"))
    assert str(refused.value) == (
        'There is no worksheet "Inputs".\n'
        "Where: master.xlsm\n"
        "What to do: Give the worksheet its name back: the analyst's words are read from it."
    )


def test_a_master_that_is_no_workbook_is_said(tmp_path):
    path = tmp_path / "master.xlsm"
    path.write_text("not a workbook", encoding="utf-8")
    with pytest.raises(
        FileError, match=r"^master\.xlsm can't be read as a spreadsheet: it is none, or it is damaged\.\n"
    ):
        master.read_commentary(path)


SETTINGS = (("Setting", "Value"), ("Partnership folder", " D:/csp "), ("Quarter", "Q1 2011/12"))
LOG = (("When", "Quarter", "Rows read", "Result"), ("29 July 2011", "2011-12 Q1", 14093, "Refreshed"))


def _control(folder, *rows, sheet="Control"):
    return _master(folder, *rows, above=(("Control",), ()), headings=(), sheet=sheet)


def test_what_was_typed_on_control_and_the_log_are_read(tmp_path):
    typed = master.read_control(_control(tmp_path, *SETTINGS, (), *LOG, ("x", "y", "about 9", None), (), ("a note",)))
    assert (typed.folder, typed.quarter) == ("D:/csp", "Q1 2011/12")
    assert typed.period().name == "2011-12 Q1"
    assert typed.log == (("29 July 2011", "2011-12 Q1", "14093", "Refreshed"), ("x", "y", "about 9", ""))


def test_what_was_not_typed_is_empty(tmp_path):
    rows = (("Setting", "Value"), ("Partnership folder", None), ("Quarter", None))
    typed = master.read_control(_control(tmp_path, *rows))
    assert (typed.folder, typed.quarter, typed.period(), typed.log) == ("", "", None, ())


def test_without_a_master_or_its_worksheet_nothing_was_typed(tmp_path):
    assert master.read_control(tmp_path / "none.xlsm") == master.Typed()
    assert master.read_control(_control(tmp_path, *SETTINGS, sheet="Mine")) == master.Typed()


@pytest.mark.parametrize("word", ["soon", "2011-12", "Apr-11", "=1+1"])
def test_a_typed_quarter_that_is_none_is_refused_by_its_cell(tmp_path, word):
    typed = master.read_control(_control(tmp_path, *SETTINGS[:2], ("Quarter", word)))
    with pytest.raises(ValueFoundError, match="quarter") as refused:
        typed.period()
    assert str(refused.value) == (
        f'"{word}" is not a quarter of a financial year.\n'
        'Where: master.xlsm, worksheet "Control", row 6, heading "Value"\n'
        'What to do: Write it as "2011-12 Q1", or empty the cell: then partnership.toml says which quarter.'
    )


def test_settings_that_have_lost_their_headings_are_said(tmp_path):
    with pytest.raises(ValueFoundError, match="table of settings") as refused:
        master.read_control(_control(tmp_path, *SETTINGS[1:]))
    assert str(refused.value) == (
        'The table of settings is gone: no row holds "Setting" and "Value".\n'
        'Where: master.xlsm, worksheet "Control"\n'
        "What to do: Put the table's heading row back as it was; the folder and the quarter are read from under it."
    )
