"""The master as a file: macros under the right code names, buttons bound to them, and what Control says next."""

from __future__ import annotations

import datetime as dt
import json
import runpy
import shutil
import subprocess
import sys
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from pyopenvba import ExcelFile
from pyopenvba.integrity import check_file

from cdrp_xl.sources.master import Typed
from cdrp_xl.workbooks import master
from cdrp_xl.writers import vba_project, xlwings_conf

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # olevba still calls pyparsing by its old names
    from oletools.olevba import VBA_Parser

ROOT = Path(__file__).parents[2]
WORKBOOK = ROOT / "workbook"
BUTTONS = ("Refresh", "Publish", "Check", "Comparison")
PRESS = ROOT / "tests" / "writers" / "press_buttons.py"
TODAY = dt.date(2011, 7, 29)
RUN_PYTHON = """Function RunPython(command As String, workbook As Object)
    workbook.Sheets.getByIndex(0).getCellRangeByName("A1").String = command
End Function
"""


def control_after(built, typed=None, **changed):
    return master.control_after(typed or Typed(), replace(built, **changed), today=TODAY, rows_read=14_093)


def test_the_built_files_equal_a_rebuild(tmp_path):
    """To rebuild: make workbook."""
    runpy.run_path(str(WORKBOOK / "build.py"))["build"](tmp_path)
    for name in ("master.xlsm", "vbaProject.bin"):
        assert (tmp_path / name).read_bytes() == (WORKBOOK / name).read_bytes(), f"{name} is out of date: make workbook"


def test_the_built_project_is_compiled_for_the_masters_worksheets():
    count = len(openpyxl.load_workbook(WORKBOOK / "master.xlsm").sheetnames)
    project = vba_project.compile_project(master.code_names(count))
    assert (WORKBOOK / "vbaProject.bin").read_bytes() == project


def test_the_worked_examples_master_is_the_one_in_the_repository(demo):
    assert demo.master.read_bytes() == (WORKBOOK / "master.xlsm").read_bytes()


def test_the_file_says_that_it_holds_macros(demo):
    with zipfile.ZipFile(demo.master) as archive:
        types = archive.read("[Content_Types].xml").decode()
    assert "application/vnd.ms-excel.sheet.macroEnabled.main+xml" in types
    assert "application/vnd.ms-office.vbaProject" in types


def test_every_worksheet_has_a_code_name_of_its_own_and_every_code_name_is_a_module(demo):
    book = openpyxl.load_workbook(demo.master, keep_vba=True)
    named = [sheet.sheet_properties.codeName for sheet in book.worksheets]
    with ExcelFile(demo.master) as excel:
        assert excel.validate() == []
        modules = excel.module_names()
    assert book.code_name == "ThisWorkbook"
    assert named == [f"Sheet{number}" for number in range(1, len(book.sheetnames) + 1)]
    assert modules == ["ThisWorkbook", *named, "cdrp", "cdrp_libreoffice", "cdrp_python"]
    report = check_file(demo.master)
    assert (report.ok, report.warnings) == (True, ()), report


def test_olevba_returns_the_macros(demo):
    parser = VBA_Parser(str(demo.master))
    found = {name.removesuffix(".bas"): text.splitlines() for *_, name, text in parser.extract_macros()}
    parser.close()
    for text in vba_project.master_macros():
        assert found[text.split('"')[1]] == text.splitlines()


def test_the_worksheet_for_the_addin_is_last_hidden_and_without_names(demo):
    book = openpyxl.load_workbook(demo.master)
    sheet = book.worksheets[-1]
    assert (sheet.title, sheet.sheet_state) == (xlwings_conf.SHEET_NAME, "hidden")
    assert tuple(sheet.iter_rows(values_only=True)) == xlwings_conf.rows()
    assert not [name for name, defined in book.defined_names.items() if xlwings_conf.SHEET_NAME in defined.value]
    assert {each.sheet_state for each in book.worksheets[:-1]} == {"visible"}


def test_a_refresh_finds_what_control_says_by_name(demo):
    book = openpyxl.load_workbook(demo.master)
    where = {name: book.defined_names[name].attr_text for name in ("control_status", "control_last_refresh")}
    assert where == {"control_status": "Control!$B$9", "control_last_refresh": "Control!$B$10"}
    assert (book["Control"]["B9"].value, book["Control"]["B10"].value) == (
        "Refreshed: figures of 2011-12 Q1",
        "29 July 2011",
    )
    assert {"tblControl", "tblRefreshLog"} == set(book["Control"].tables)


def test_what_was_typed_is_kept_and_the_log_begins_with_the_newest_refresh(built):
    former = ("1 May 2011", "2010-11 Q4", "9005", "Refreshed"), ("earlier", "", "about 9", ""), ("", "", "9" * 5000, "")
    control = control_after(built, Typed(folder="D:/csp", quarter="Q1 2011/12", log=former))
    assert (control.folder, control.quarter) == ("D:/csp", "Q1 2011/12")
    assert (control.status, control.last_refresh) == ("Refreshed: figures of 2011-12 Q1", "29 July 2011")
    assert [(row.when, row.quarter, row.rows_read, row.result) for row in control.log] == [
        ("29 July 2011", "2011-12 Q1", 14_093, "Refreshed; every check holds"),
        ("1 May 2011", "2010-11 Q4", 9_005, "Refreshed"),
        ("earlier", "", "about 9", ""),
        ("", "", "9" * 5000, ""),
    ]


def test_the_log_keeps_fifty_refreshes(built):
    former = tuple((f"day {number}", "2011-12 Q1", "1", "Refreshed") for number in range(50))
    log = control_after(built, Typed(log=former)).log
    assert (len(log), log[0].when, log[-1].when) == (50, "29 July 2011", "day 48")


@pytest.mark.parametrize(("failed", "words"), [(1, "look at 1 line on"), (2, "look at 2 lines on")])
def test_checks_that_do_not_hold_are_counted_in_the_log(built, failed, words):
    checks = tuple(replace(check, holds=i >= failed) for i, check in enumerate(built.checks))
    assert control_after(built, checks=checks).log[0].result == f"Refreshed; {words} the worksheet Checks"


def test_the_master_of_a_new_folder_is_always_the_same_valid_workbook(tmp_path, ooxml_validate):
    path = tmp_path / "master.xlsm"
    path.write_bytes(master.unfilled())
    assert path.read_bytes() == master.unfilled()
    assert openpyxl.load_workbook(path).sheetnames == ["Control", "Inputs", "xlwings.conf"]
    ooxml_validate(path)


def test_an_older_master_is_read_only_where_there_is_no_other(tmp_path):
    assert master.existing(tmp_path).name == "master.xlsm"
    (tmp_path / "master.xlsx").touch()
    assert master.existing(tmp_path).name == "master.xlsx"
    (tmp_path / "master.xlsm").touch()
    assert master.existing(tmp_path).name == "master.xlsm"


@pytest.mark.libreoffice
def test_each_button_runs_its_macro_in_libreoffice(demo, tmp_path):
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed (make test installs it)")
    python = next(
        (each for each in (sys.executable, "/usr/bin/python3") if not subprocess.call([each, "-c", "import uno"])), None
    )
    if python is None:
        pytest.skip("no Python with python3-uno is installed (make test installs it)")
    macros = {"cdrp_xl": RUN_PYTHON}
    case = {"file": str(demo.master), "macros": macros, "also_open": [], "is_run": True}
    cases = {name: case | {"button": name} for name in BUTTONS}
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"folder": str(tmp_path / "profile"), "cases": cases}), encoding="utf-8")
    ran = subprocess.run([python, PRESS, plan], capture_output=True, text=True, check=False, timeout=900)
    assert ran.returncode == 0, ran.stderr
    shown = {name: cells["A1"] for name, cells in json.loads(ran.stdout).items()}
    assert shown == {name: f"import cdrp_xl.addin; cdrp_xl.addin.{name.lower()}_clicked()" for name in BUTTONS}
