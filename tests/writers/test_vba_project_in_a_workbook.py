"""A workbook with the project: valid for the Open XML SDK, read by openpyxl, its buttons pressed in LibreOffice."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from pyopenvba import ExcelFile
from pyopenvba.integrity import check_file

from cdrp_xl.writers import vba_project, xlwings_conf

ROOT = Path(__file__).parents[2]
BUTTONS = ("Refresh", "Publish", "Check", "Comparison")
RUN_PYTHON = """Function RunPython(command As String, workbook As Object)
    workbook.Sheets.getByIndex(0).getCellRangeByName("A1").String = command
End Function
"""
FAILING = """Function RunPython(command As String, workbook As Object)
    workbook.getCurrentController().noSuchMethod()
End Function
"""
ADDIN = """Attribute VB_Name = "Main"
Public Function RunPython(PythonCommand As String)
    ThisWorkbook.Worksheets(1).Range("A1").Value = "add-in: " & PythonCommand
End Function
"""


def write(path: Path, *, sheets: int = 3, macros: list[str] | None = None, code_names: list[str] | None = None) -> Path:
    """Write a workbook with the project for ``sheets`` worksheets, the last of them xlwings.conf."""
    names = [f"Sheet{number}" for number in range(1, sheets + 1)]
    project = vba_project.compile_project(names, macros=macros)
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2024, 1, 1)})  # noqa: DTZ001
        book.set_vba_name(vba_project.WORKBOOK_CODE_NAME)
        book.add_vba_project(io.BytesIO(project), is_stream=True)
        titles = ["Control", *[f"Priority {number}" for number in range(1, sheets - 1)], xlwings_conf.SHEET_NAME]
        for title, code_name in zip(titles, code_names or names, strict=True):
            book.add_worksheet(title).set_vba_name(code_name)
        control, *_, conf = book.worksheets()
        for row, caption in enumerate(BUTTONS):
            options = {"macro": caption, "caption": caption, "description": f"Run {caption}", "width": 120}
            control.insert_button(2 * row, 3, options)
        for row, (key, value) in enumerate(xlwings_conf.rows(interpreter_mac="/opt/bin/python")):
            conf.write_string(row, 0, key)
            conf.write_string(row, 1, value)
    return path


def sheets_without_module(path: Path) -> set[str]:
    """Return the code names in the workbook's parts that no document module of its project has."""
    with ExcelFile(path) as excel:
        modules = set(excel.module_names())
    book = openpyxl.load_workbook(path, keep_vba=True)
    named = {book.code_name, *(sheet.sheet_properties.codeName for sheet in book.worksheets)}
    book.close()
    return named - modules


def validator() -> str:
    found = shutil.which("ooxml-validator") or shutil.which(str(ROOT / "node_modules" / ".bin" / "ooxml-validator"))
    return found or pytest.skip("the Open XML SDK validator is not installed (make test installs it)")


@pytest.mark.validator
@pytest.mark.parametrize("sheets", [3, 30])
def test_the_open_xml_sdk_finds_no_error(tmp_path, sheets):
    path = write(tmp_path / "master.xlsm", sheets=sheets)
    ran = subprocess.run(
        [validator(), path, "--officeVersion", "Office2016"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("sheets", [3, 30])
def test_every_code_name_is_a_module(tmp_path, sheets):
    path = write(tmp_path / "master.xlsm", sheets=sheets)
    assert sheets_without_module(path) == set()
    with ExcelFile(path) as excel:
        assert excel.validate() == []
        assert len(excel.module_names()) == 1 + sheets + len(vba_project.master_macros())
    report = check_file(path)
    assert (report.ok, report.warnings) == (True, ()), report


def test_a_wrong_code_name_is_found(tmp_path):
    path = write(tmp_path / "master.xlsm", code_names=["Sheet1", "Sheet9", "Sheet3"])
    assert sheets_without_module(path) == {"Sheet9"}


def test_the_project_is_kept_as_compiled(tmp_path):
    path = write(tmp_path / "master.xlsm")
    with ExcelFile(path) as excel:
        assert excel.vba_project_bytes() == vba_project.compile_project(["Sheet1", "Sheet2", "Sheet3"])


@pytest.mark.whole
def test_two_builds_on_other_machines_are_equal(tmp_path):
    code = f"import sys, pathlib; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
    code += "import test_vba_project_in_a_workbook as t; t.write(pathlib.Path(sys.argv[1]))"
    found = set()
    for zone, seed in (("Pacific/Auckland", "1"), ("America/St_Johns", "4242")):
        path = tmp_path / f"{seed}.xlsm"
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", code, path], env=environment, check=True)
        found.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(found) == 1


def with_uno() -> str:
    """Return a Python that has LibreOffice's bridge."""
    for python in (sys.executable, "/usr/bin/python3", shutil.which("python3")):
        if python and subprocess.run([python, "-c", "import uno"], capture_output=True, check=False).returncode == 0:
            return python
    return pytest.skip("no Python with python3-uno is installed (make test installs it)")


def showing_messages(text: str) -> str:
    """Return a macro module that writes into A2 what it would say in a box."""
    return text.replace("MsgBox message, ", 'ThisWorkbook.Worksheets(1).Range("A2").Value = message \'')


def as_in_excel(text: str) -> str:
    """Return a macro module that takes LibreOffice for Excel."""
    return showing_messages(text).replace("IsObject(ThisComponent)", "False")


@pytest.fixture(scope="module")
def pressed(tmp_path_factory):
    """What is in the workbook after each press, all in one LibreOffice."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed (make test installs it)")
    python = with_uno()
    folder = tmp_path_factory.mktemp("libreoffice")
    texts = vba_project.master_macros()
    plain = write(folder / "master.xlsm")
    large = write(folder / "large.xlsm", sheets=30)
    telling = write(folder / "telling.xlsm", macros=[showing_messages(text) for text in texts])
    excel = write(folder / "excel.xlsm", macros=[as_in_excel(text) for text in texts])
    addin = write(folder / "xlwings.xlam.xlsm", macros=[ADDIN]).rename(folder / "xlwings.xlam")
    # LibreOffice runs a macro of another workbook by no name, so the add-in's has to stand in the workbook itself.
    here = [as_in_excel(text).replace("xlwings.xlam!RunPython", "RunPython") for text in texts]
    joined = write(folder / "joined.xlsm", macros=[*here, ADDIN])
    broken = write(folder / "broken.xlsm", macros=[texts[0].replace("End Sub", "End Sbu", 1), *texts[1:]])
    user = {"cdrp_xl": RUN_PYTHON}
    cases = {button: {"file": plain, "button": button, "macros": user} for button in BUTTONS}
    cases["thirty sheets"] = {"file": large, "button": "Refresh", "macros": user}
    cases["no macro"] = {"file": telling, "button": "Publish", "macros": {}}
    cases["a failing macro"] = {"file": telling, "button": "Check", "macros": {"cdrp_xl": FAILING}}
    cases["excel without add-in"] = {"file": excel, "button": "Refresh", "macros": user}
    cases["excel with a failing add-in"] = {"file": excel, "button": "Publish", "macros": user, "also_open": [addin]}
    cases["excel with add-in"] = {"file": joined, "button": "Check", "macros": user}
    cases["broken text"] = {"file": broken, "button": "Refresh", "macros": user, "is_run": False}
    plan = {
        "folder": str(folder / "profile"),
        "cases": {n: {"also_open": [], "is_run": True} | c for n, c in cases.items()},
    }
    written = folder / "plan.json"
    written.write_text(json.dumps(plan, default=str), encoding="utf-8")
    script = Path(__file__).with_name("press_buttons.py")
    ran = subprocess.run([python, script, written], capture_output=True, text=True, check=False, timeout=900)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.libreoffice
@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_runs_the_users_macro_in_libreoffice(pressed, button):
    assert pressed[button]["A1"] == f"import cdrp_xl.addin; cdrp_xl.addin.{button.lower()}_clicked()"


@pytest.mark.libreoffice
def test_a_button_runs_in_a_workbook_of_thirty_sheets(pressed):
    assert pressed["thirty sheets"]["A1"].endswith("refresh_clicked()")


@pytest.mark.libreoffice
def test_a_missing_macro_is_reported_plainly(pressed):
    what, where, remedy = pressed["no macro"]["A2"].split("\n\n")
    assert what == "LibreOffice has no macro that starts Python, so Publish did not run."
    assert where == "Where: My Macros, Standard, cdrp_xl, RunPython"
    assert remedy.startswith("What to do: close LibreOffice, open a terminal, run  cdrp-xl libreoffice install  and")


@pytest.mark.libreoffice
def test_a_failing_macro_is_reported_plainly(pressed):
    what, where, remedy = pressed["a failing macro"]["A2"].split("\n\n")
    assert what == "LibreOffice could not start Python, so Check did not run."
    assert where.startswith("Where: My Macros, Standard, cdrp_xl, RunPython, which says: ")
    assert remedy.startswith("What to do: open a terminal and run  cdrp-xl doctor  to see")


@pytest.mark.libreoffice
def test_a_missing_addin_is_reported_plainly(pressed):
    what, where, remedy = pressed["excel without add-in"]["A2"].split("\n\n")
    assert what == "The xlwings add-in is not loaded, so Refresh did not run."
    assert where == "Where: Excel's add-ins, xlwings.xlam"
    assert remedy.startswith("What to do: close Excel, open a command prompt, run  xlwings addin install  and open")


@pytest.mark.libreoffice
def test_an_addin_that_cannot_start_python_is_reported_plainly(pressed):
    what, where, remedy = pressed["excel with a failing add-in"]["A2"].split("\n\n")
    assert what == "The xlwings add-in could not start Python, so Publish did not run."
    assert where.startswith("Where: the xlwings add-in, which says: ")
    assert remedy.startswith("What to do: open a command prompt and run  cdrp-xl doctor  to see")


@pytest.mark.libreoffice
def test_the_addins_macro_is_given_the_command(pressed):
    assert pressed["excel with add-in"]["A1"] == "add-in: import cdrp_xl.addin; cdrp_xl.addin.check_clicked()"


@pytest.mark.libreoffice
def test_text_that_does_not_compile_runs_nothing(pressed):
    assert set(pressed["broken text"].values()) == {""}
