"""What the buttons call: outcomes are told in words, and nothing heavy is loaded before it is needed."""

from __future__ import annotations

import ast
import datetime as dt
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

import cdrp_xl
from cdrp_xl import addin
from cdrp_xl.errors import CannotBeWrittenError, CdrpError, FileError, ValueFoundError
from cdrp_xl.sources import own_ranges
from cdrp_xl.sources.master import inputs_in
from cdrp_xl.sources.own_ranges import Kind
from cdrp_xl.workbooks import record
from cdrp_xl.writers import open_workbook, xlsx_file

TODAY = dt.date(2011, 7, 29)


class App:
    """An Excel that remembers what was shown; `refused` names what it will not have set."""

    def __init__(self, engine="excel", refused=""):
        self.engine = type("Engine", (), {"name": engine})
        self.alerts, self.bars, self.refused = [], [], refused
        self.screen_updating, self.calculation = True, "semiautomatic"

    def alert(self, text, title):
        self.alerts.append((text, title))

    @property
    def status_bar(self):
        return self.bars[-1]

    @status_bar.setter
    def status_bar(self, text):
        if self.refused == "status_bar":
            raise OSError("busy")
        self.bars.append(text)


class Book:
    """A workbook as far as a button needs it."""

    name = "master.xlsm"
    sheets, names = (), ()

    def __init__(self, app, fullname="master.xlsm"):
        self.app, self.fullname = app, fullname


def click(monkeypatch, app, act):
    monkeypatch.setattr(xw.Book, "caller", lambda: Book(app))
    addin._clicked(act)


def refused(_book):
    raise CdrpError("The table tblSummary is gone.", where="master.xlsm", remedy="Put it back.")


def test_what_was_done_stands_in_the_status_bar(monkeypatch):
    app = App()
    click(monkeypatch, app, lambda _book: "2011-12 Q1 is refreshed.")
    assert (app.bars, app.alerts) == (["2011-12 Q1 is refreshed."], [])


@pytest.mark.parametrize("engine", ["excel", "libreoffice"])
@pytest.mark.parametrize("length", [255, 256])
def test_what_the_status_bar_has_no_room_for_is_an_alert_in_excel(engine, length, monkeypatch):
    app, said = App(engine=engine), "x" * length
    click(monkeypatch, app, lambda _book: said)
    is_cut = engine == "excel" and length > 255
    assert app.bars == [f"{'x' * 254}…" if is_cut else said]
    assert app.alerts == ([(said, "cdrp-xl")] if is_cut else [])


def test_a_long_refusal_is_cut_in_the_status_bar_of_excel_and_whole_in_the_alert(monkeypatch):
    app, wrong = App(), CdrpError("x" * 300, where="y", remedy="z")

    def refuse(_book):
        raise wrong

    click(monkeypatch, app, refuse)
    assert (app.bars, app.alerts) == ([f"{'x' * 254}…"], [(str(wrong), "cdrp-xl")])


def test_a_refusal_is_an_alert_in_three_lines_in_excel(monkeypatch):
    app = App()
    click(monkeypatch, app, refused)
    text = "The table tblSummary is gone.\nWhere: master.xlsm\nWhat to do: Put it back."
    assert app.alerts == [(text, "cdrp-xl")]


def test_a_refusal_stands_in_the_status_bar_of_libreoffice_which_has_no_alert(monkeypatch):
    app = App(engine="libreoffice")
    click(monkeypatch, app, refused)
    assert (app.bars, app.alerts) == (["The table tblSummary is gone. Put it back."], [])


def test_a_fault_of_ours_is_reported_in_words_too_and_its_traceback_goes_to_the_log(monkeypatch, capsys):
    app = App()
    click(monkeypatch, app, lambda _book: 1 / 0)
    assert app.alerts[0][0].startswith("Something went wrong that should not: division by zero\nWhere: master.xlsm")
    assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["refresh", "publish", "check"])
def test_each_button_does_its_own_to_the_workbook_that_called(verb, monkeypatch):
    app, calls = App(), []
    book = Book(app)
    monkeypatch.setattr(xw.Book, "caller", lambda: book)
    monkeypatch.setattr(addin, verb, lambda book: calls.append(book) or "Done.")
    getattr(addin, f"{verb}_clicked")()
    assert (calls, app.bars) == ([book], ["Done."])


@pytest.mark.parametrize("act", [addin.refresh, addin.publish, addin.check])
@pytest.mark.parametrize("saved", [True, False])
def test_a_workbook_outside_a_partnerships_folder_is_refused(act, saved, tmp_path):
    path = str(tmp_path / "master.xlsm") if saved else "Book1"
    app = App()
    with pytest.raises(FileError) as refused:
        act(Book(app, path), today=TODAY)
    assert str(refused.value) == (
        "master.xlsm is not in a partnership's folder: there is no partnership.toml beside it.\n"
        f"Where: {path}\n"
        "What to do: Open the master in the folder that holds partnership.toml, or save this workbook there."
    )
    assert app.bars == [refused.value.what]


@pytest.mark.parametrize("act", [addin.refresh, addin.publish, addin.check])
@pytest.mark.parametrize("version", ["0.36.2", "0.38.0", "1.0"])
def test_another_xlwings_than_this_program_was_made_for_is_refused(act, version, monkeypatch):
    monkeypatch.setattr(xw, "__version__", version)
    app = App()
    with pytest.raises(CannotBeWrittenError) as refused:
        act(Book(app), today=TODAY)
    assert str(refused.value) == (
        f"xlwings {version} is installed; cdrp-xl {cdrp_xl.__version__} needs xlwings {cdrp_xl.XLWINGS}.\n"
        f"Where: {sys.executable}\n"
        "What to do: Run  python -m pip install --upgrade cdrp-xl  with that Python, then  xlwings addin install  "
        "with Excel closed."
    )
    assert app.bars == [refused.value.what]


def test_the_xlwings_that_is_asked_for_is_the_one_that_is_installed_with_the_package():
    project = tomllib.loads((Path(cdrp_xl.__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = next(each for each in project["project"]["dependencies"] if each.startswith("xlwings"))
    major, minor = map(int, cdrp_xl.XLWINGS.split("."))
    assert pinned.startswith(f"xlwings>={major}.{minor}.")
    assert pinned.endswith(f",<{major}.{minor + 1}")


def test_a_status_bar_that_can_not_be_written_stops_nothing():
    app = App(refused="status_bar")
    with addin._progress_shown(Book(app)) as progress:
        progress("Counting")
    assert app.bars == []


@pytest.mark.whole
def test_nothing_that_reads_or_writes_files_is_loaded_before_it_is_needed():
    heavy = ("duckdb", "xlsxwriter", "openpyxl", "fastexcel", "xlwings.pro")
    code = f"import sys, cdrp_xl.addin; print([name for name in {heavy} if name in sys.modules])"
    root = Path(cdrp_xl.__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert run.stdout.strip() == "[]"


def test_the_macros_call_functions_that_are_there():
    basic = (Path(cdrp_xl.__file__).parent / "writers" / "macros" / "cdrp.bas").read_text()
    tree = ast.parse(Path(addin.__file__).read_text(encoding="utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    called = {name for name in functions if f"cdrp_xl.addin.{name}()" in basic}
    assert called == {"refresh_clicked", "publish_clicked", "check_clicked", "comparison_clicked"}
    assert basic.count("cdrp_xl.addin.") == len(called)


@pytest.fixture
def master(app, example):
    book = app.books.open(str(example / "master.xlsm"))
    yield book
    book.close()


def inputs(book):
    return next(table for table in book.sheets["Inputs"].tables if table.name == "tblCommentary")


def test_words_are_read_as_they_were_typed(master):
    body = inputs(master).data_body_range
    body[0, 2].value, body[1, 2].value = "=SUM(A1)\n+44", "  5  "
    words = inputs_in(addin.tables_in(master)).commentary
    assert [each.text for each in words] == ["=SUM(A1)\n+44", "  5  "]


def test_a_section_that_stands_twice_is_refused(master):
    body = inputs(master).data_body_range
    body[1, 0].value = body[0, 0].value
    body[0, 2].value = body[1, 2].value = "Written"
    with pytest.raises(ValueFoundError, match='"headlines" for 2011-12 Q1 appears twice'):
        addin.refresh(master, today=TODAY)


def test_a_table_of_words_that_is_gone_is_refused(master):
    inputs(master).name = "tblWords"
    with pytest.raises(ValueFoundError, match="The table tblCommentary is gone"):
        addin.publish(master, today=TODAY)


def test_a_check_writes_nothing_and_says_what_can_be_done(master, example):
    master.names["cover_title"].refers_to_range.value = "Altered"
    before = sorted((path, path.read_bytes()) for path in example.rglob("*.*") if "lock" not in path.name)
    assert addin.check(master, today=TODAY) == "2011-12 Q1 can be refreshed and published."
    assert master.names["cover_title"].refers_to_range.value == "Altered"
    assert sorted((path, path.read_bytes()) for path in example.rglob("*.*") if "lock" not in path.name) == before


@pytest.mark.parametrize("act", [addin.check, addin.refresh])
def test_sources_that_disagree_are_said(act, master, example):
    export = example / "data" / "cadet-2011-12-q1.csv"
    text = export.read_text(encoding="utf-8")
    export.write_text(text.replace("Rapes,2,,2,,0,No Calc", "Rapes,3,,4,,1,+ 33.3%"), encoding="utf-8")
    assert act(master, today=TODAY).endswith(
        ". Police recorded crime extract and CADET agree: 1 row differs: Rapes: 2 and 2, against 3 and 4."
    )


def test_compare_answers_on_a_worksheet_of_its_own_what_is_typed_there(master, built):
    """For Excel on a Mac, which has no worksheet functions."""
    assert addin.compare(master).startswith("The comparison is on the worksheet Comparison")
    sheet = master.sheets[-1]
    assert sheet["F1:J1"].value == ["Offence row", "Apr-10 to Jun-10", "Apr-11 to Jun-11", "Change", "Apparent change"]
    assert sheet["F2:J46"].value == [
        [row.row.name, row.earlier, row.later, row.change, row.apparent_change or "No Calc"]
        for row in built.comparison.rows
    ]
    sheet["A2:A3"].value = [["Shoplifting"], ["Farm crime"]]
    sheet["C2:D2"].value = ["2009-10", "2010-11"]
    addin.compare(master)
    assert sheet["F1"].expand().value[1:] == [
        ["Shoplifting", 154, 160, 6, pytest.approx(6 / 154)],
        ["Farm crime", 121, 115, -6, pytest.approx(-6 / 121)],
    ]
    sheet["D2"].value = "some day"
    with pytest.raises(ValueFoundError, match='"some day" is not a period'):
        addin.compare(master)
    assert sheet["F3"].value == "Farm crime"
    sheet["A1"].value = "My rows"
    with pytest.raises(CannotBeWrittenError, match=r"(?s)Comparison is your own.*Rename it"):
        addin.compare(master)


def test_a_publish_after_an_extract_moved_asks_for_a_refresh_and_then_goes_through(master, example):
    extract = next((example / "data").glob("cadet*.csv"))
    extract.write_bytes(extract.read_bytes() + b"\n")
    with pytest.raises(CdrpError, match="changed since the last refresh"):
        addin.publish(master, today=TODAY)
    addin.refresh(master, today=TODAY)
    assert addin.publish(master, today=TODAY).startswith("2011-12 Q1 is published")


def test_a_text_that_no_cell_holds_is_refused_as_the_file_path_refuses_it(master, example):
    settings = example / "partnership.toml"
    text, words = settings.read_text(encoding="utf-8"), "Less farm crime than in 2009-10"
    settings.write_text(text.replace(words, "x" * 40_000), encoding="utf-8")
    summary = openpyxl.load_workbook(example / "master.xlsm")["Summary"]
    (cell,) = {cell.coordinate for row in summary for cell in row if cell.value == words}
    with pytest.raises(CdrpError, match=r"A text has 40,000 characters; a cell holds 32,767\.") as refused:
        addin.refresh(master, today=TODAY)
    assert refused.value.where == f'worksheet "Summary", cell {cell}'


def test_a_click_writes_no_file_to_look_at_its_texts_and_no_record_stands_while_cells_are_written(
    master, example, monkeypatch
):
    monkeypatch.setattr(xlsx_file, "write", lambda *_args, **_more: pytest.fail("a workbook was written"))
    before, seen = record.load(example), []

    def stopped(*_args, **_more):
        seen.append(record.load(example))
        raise CannotBeWrittenError("Stopped.", where="here", remedy="None.")

    with monkeypatch.context() as patched:
        patched.setattr(open_workbook, "fill", stopped)
        with pytest.raises(CannotBeWrittenError, match=r"^Stopped\."):
            addin.refresh(master, today=TODAY)
    assert (seen, record.load(example)) == ([None], before)
    addin.refresh(master, today=TODAY)
    assert addin.check(master, today=TODAY) == "2011-12 Q1 can be refreshed and published."
    assert record.load(example) == before


def test_a_damaged_record_is_written_anew_and_knows_no_master(master, example):
    file = example / "counts" / "refreshed.json"
    file.write_text("{}")
    addin.refresh(master, today=TODAY)
    assert json.loads(file.read_text())["master"] == ""


def status(book):
    return book.names["control_status"].refers_to_range.value


def test_an_extract_that_is_locked_is_said_by_its_name_and_nothing_is_written(master, example, monkeypatch):
    extract = next((example / "data").glob("cadet*.csv"))
    extract.write_bytes(extract.read_bytes() + b"\n")  # another than was read last, so that it is opened
    master.names["cover_title"].refers_to_range.value = "Altered"
    opened = Path.open

    def locked(self, *how, **more):
        if self == extract:
            raise PermissionError(13, "Permission denied", os.fspath(self))
        return opened(self, *how, **more)

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(FileError) as refused:
        addin.refresh(master, today=TODAY)
    assert str(refused.value) == (
        f"{extract.name} can't be opened.\n"
        f"Where: {extract}\n"
        "What to do: Close it if it is open in Excel, check that you can read and write there, then try again."
    )
    assert status(master) == f"Not refreshed: {extract.name} can't be opened."
    assert master.names["cover_title"].refers_to_range.value == "Altered"


@pytest.mark.parametrize("act", [addin.refresh, addin.check])
def test_a_master_that_is_open_read_only_is_refused_before_anything_is_written(act, app, example):
    book = app.books.open(str(example / "master.xlsm"), read_only=True)
    try:
        with pytest.raises(CannotBeWrittenError) as refused:
            act(book, today=TODAY)
    finally:
        book.close()
    assert str(refused.value) == (
        "master.xlsm is open read-only, so changes could not be saved.\n"
        f"Where: {example / 'master.xlsm'}\n"
        "What to do: Close it, clear its read-only mark or wait until nobody else has it open, and open it again."
    )


NOT_COVERED = {
    "2019-20 Q2": (
        "Police recorded crime extract was taken on 11/07/2011, before July to September 2019 had ended.",
        "Where: partnership.toml, as_at",
        "What to do: Ask for a newer extract, or report an earlier quarter.",
    ),
    "2005-06 Q1": (
        "Apr-05 to Jun-05 can't be counted: South Cambridgeshire has no complete figures for Apr-05 to Jun-05.",
        "Where: Police recorded crime extract, which covers Apr-09 to Jun-11",
        (
            "What to do: Add the files for these months, or report the last quarter that can be compared, 2011-12 Q1: "
            "type it on the worksheet Control, or refresh with --quarter 2011-12-Q1."
        ),
    ),
}


@pytest.mark.parametrize("quarter", NOT_COVERED)
def test_a_quarter_typed_on_control_that_the_data_do_not_cover_is_refused(master, quarter):
    control = next(table for table in master.sheets["Control"].tables if table.name == "tblControl")
    control.data_body_range[1, 1].value = quarter
    with pytest.raises(CdrpError) as refused:
        addin.refresh(master, today=TODAY)
    assert tuple(str(refused.value).splitlines()) == NOT_COVERED[quarter]
    assert status(master) == f"Not refreshed: {refused.value.what}"
    assert control.data_body_range[1, 1].value == quarter


def test_a_range_of_the_open_workbook_is_read_by_its_name_with_formats_and_what_is_hidden(app):
    book = app.books.add()
    try:
        sheet = book.sheets[0]
        sheet["B3:D5"].value = [["Premises", "Reviews", "Share"], ["Public houses", 12, 0.75], ["Clubs", 4, 0.25]]
        sheet["C4"].formula = "=6+6"
        sheet["D4:D5"].number_format = "0.0%"
        book.names.add("licensing_table", f"='{sheet.name}'!$B$3:$D$5")
        ranges = addin.ranges_in(book)
        found = own_ranges.table(ranges("Licensing_Table"))
        assert found.headings == ("Premises", "Reviews", "Share")
        assert found.kinds == (Kind.WORDS, Kind.WHOLE, Kind.SHARE)
        assert found.rows == (("Public houses", 12, 0.75), ("Clubs", 4, 0.25))
        assert ranges("nobody") is None
        sheet["A5"].rows.hidden = True
        with pytest.raises(ValueFoundError, match="has hidden cells: B5, C5, D5"):
            own_ranges.table(ranges("licensing_table"))
    finally:
        book.close()
