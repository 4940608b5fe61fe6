import datetime as dt
import shutil

import openpyxl
import pytest

from cdrp_xl import settings
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.sources import returns
from cdrp_xl.sources.returns import State
from cdrp_xl.workbooks import returning

QUARTER = Period.parse("2011-12 Q1")
TODAY = dt.date(2011, 7, 29)


def collect(folder, *, quarter=QUARTER, today=TODAY):
    return returns.collect(settings.read(folder).returns, folder, quarter=quarter, today=today)


@pytest.fixture
def place(partners):
    return partners / "returns" / "2011-12-Q1"


def states(folder, **when):
    return [each.state for each in collect(folder, **when).returns]


def test_returns_come_in_the_order_of_the_settings(partners):
    collected = collect(partners)
    assert [each.form.id for each in collected.returns] == ["reducing-reoffending", "drug-and-alcohol"]
    assert states(partners) == [State.ACCEPTED, State.ACCEPTED]
    assert collected.strays == ()
    assert collected.is_clean


def test_a_form_is_known_whatever_its_files_name(partners, place):
    (place / "drug-and-alcohol.xlsx").rename(place / "Copy of final FINAL.xlsx")
    assert states(partners) == [State.ACCEPTED, State.ACCEPTED]


@pytest.mark.whole
def test_a_return_is_missing_once_its_day_has_passed(partners, place):
    (place / "drug-and-alcohol.xlsx").unlink()
    assert states(partners, today=dt.date(2011, 7, 21))[1] is State.NOT_YET_DUE
    assert states(partners, today=dt.date(2011, 7, 22))[1] is State.MISSING
    assert collect(partners).is_clean


def test_a_return_after_its_day_is_late(partners):
    text = (partners / "partnership.toml").read_text(encoding="utf-8")
    (partners / "partnership.toml").write_text(text.replace("due_days = 21", "due_days = 16"), encoding="utf-8")
    on_time, late = collect(partners).returns
    assert (on_time.due, on_time.is_late, late.is_late) == (dt.date(2011, 7, 16), False, True)


def test_the_form_of_another_quarter_is_refused_and_says_where_it_belongs(partners, place):
    later = partners / "returns" / "2011-12-Q2"
    place.rename(later)
    collected = collect(partners, quarter=Period.parse("2011-12 Q2"))
    assert [each.state for each in collected.returns] == [State.REFUSED, State.REFUSED]
    assert str(collected.returns[1].refused).startswith(
        "drug-and-alcohol.xlsx is the form for 2011-12 Q1, not for 2011-12 Q2."
    )
    assert "put this one into returns/2011-12-Q1" in collected.returns[0].refused.remedy
    assert not collected.is_clean


def test_two_files_for_one_return_are_both_refused(partners, place):
    shutil.copy(place / "drug-and-alcohol.xlsx", place / "again.xlsx")
    refused = collect(partners).returns[1].refused
    assert "2 files are the return of Drug and alcohol action team on Drug and alcohol" in refused.what
    assert '"again.xlsx", "drug-and-alcohol.xlsx"' in refused.what


def test_a_file_that_is_nobodys_return_is_reported_and_stops_no_other(partners, place):
    (place / "minutes.docx").write_bytes(b"PK\x03\x04")
    (place / "list.csv").write_text("a,b\n", encoding="utf-8")
    collected = collect(partners)
    assert [fault.what.split()[0] for fault in collected.strays] == ["list.csv", "minutes.docx"]
    assert states(partners) == [State.ACCEPTED, State.ACCEPTED]


def test_files_that_programs_keep_beside_an_open_workbook_are_passed_over(partners, place):
    (place / "~$drug-and-alcohol.xlsx").write_bytes(b"x")
    (place / ".~lock.drug-and-alcohol.xlsx#").write_bytes(b"x")
    (place / "sent").mkdir()
    (place / "sent" / "form.xlsx").write_bytes(b"x")
    assert collect(partners).strays == ()
    assert [path.name for path in returns.files(partners)] == ["drug-and-alcohol.xlsx", "reducing-reoffending.xlsx"]


def test_a_return_of_an_agency_that_is_not_expected_is_reported(partners):
    text = (partners / "partnership.toml").read_text(encoding="utf-8")
    (partners / "partnership.toml").write_text(
        text.replace("Drug and alcohol action team", "Another team"), encoding="utf-8"
    )
    collected = collect(partners)
    assert collected.returns[1].state is State.MISSING
    assert 'the form "drug-and-alcohol" of "Drug and alcohol action team", which is not expected' in str(
        collected.strays[0]
    )


def test_a_form_that_the_settings_name_and_there_is_not_is_refused(partners):
    text = (partners / "partnership.toml").read_text(encoding="utf-8")
    (partners / "partnership.toml").write_text(text.replace('form = "drug', 'form = "drink'), encoding="utf-8")
    with pytest.raises(ValueFoundError, match='There is no form "drink-and-alcohol"'):
        collect(partners)


def test_a_form_by_area_needs_areas(partners):
    settings_file = partners / "partnership.toml"
    lines = settings_file.read_text(encoding="utf-8").splitlines(keepends=True)
    settings_file.write_text("".join(line for line in lines if not line.startswith("areas = [")), encoding="utf-8")
    with pytest.raises(
        ValueFoundError, match=r'"Drug and alcohol" asks by area, .*\nWhere: partnership\.toml, returns'
    ):
        collect(partners)


def test_spaces_in_what_a_form_says_do_not_matter(partners, place):
    own = 'id = "homes"\nversion = 1\ntitle = "New  homes"\n[[questions]]\nid = "built"\ntitle = "Homes  built"\n'
    table = 'areas = true\ncolumns = [{ id = "n", title = "Homes  built", kind = "whole number" }]\n'
    (partners / "homes.toml").write_text(own + table, encoding="utf-8")
    settings_file = partners / "partnership.toml"
    asked = '[[returns]]\nform = "homes.toml"\nagency = " Housing  team"\nareas = ["North  East"]\n'
    others = settings_file.read_text(encoding="utf-8").partition("[[returns]]")[0]
    settings_file.write_text(others + asked, encoding="utf-8")
    book = openpyxl.load_workbook(returning.send(partners, quarter=QUARTER, today=TODAY, email=False).forms[0])
    (row,) = [cell.row for line in book["Return"] for cell in line if cell.value == "D-1"]
    book["Return"].cell(row, 3).value, book["Return"].cell(row, 4).value = "Lead", dt.date(2011, 7, 14)
    (row,) = [cell.row for line in book["Figures"] for cell in line if cell.value == "Q1-1"]
    book["Figures"].cell(row, 3).value = 7
    book.save(place / "homes.xlsx")
    (came,) = collect(partners).returns
    assert (came.state, came.filled.answers["Q1-1", "n"], came.filled.remarks) == (State.ACCEPTED, 7, ())
