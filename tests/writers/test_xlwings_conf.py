"""The add-in's own VBA is the authority on which settings it reads."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from cdrp_xl.writers import xlwings_conf

ADDIN = Path(importlib.util.find_spec("xlwings").origin).parent / "addin"
WINDOWS, MAC = r"C:\Programs\cdrp-xl\python.exe", "/opt/cdrp-xl/bin/python"


@pytest.fixture(scope="module")
def keys_read():
    text = "".join(path.read_text(encoding="cp1252") for path in (ADDIN / "Main.bas", ADDIN / "Config.bas"))
    return set(re.findall(r'GetConfig\("([^"]+)"', text))


def test_every_key_is_one_that_the_addin_reads(keys_read):
    rows = xlwings_conf.rows(interpreter_windows=WINDOWS, interpreter_mac=MAC)
    assert {key for key, _ in rows} <= keys_read


def test_the_addin_looks_for_the_worksheet_by_this_name():
    assert 'PROJECT_NAME As String = "xlwings"' in (ADDIN / "Main.bas").read_text(encoding="cp1252")
    assert 'SheetExists(ActiveWorkbook, PROJECT_NAME & ".conf")' in (ADDIN / "Config.bas").read_text(encoding="cp1252")
    assert xlwings_conf.SHEET_NAME == "xlwings.conf"


def test_interpreters_are_named_for_each_system():
    assert xlwings_conf.rows(interpreter_windows=WINDOWS, interpreter_mac=MAC) == (
        ("INTERPRETER_WIN", WINDOWS),
        ("INTERPRETER_MAC", MAC),
        ("ADD_WORKBOOK_TO_PYTHONPATH", "False"),
    )


def test_an_unknown_interpreter_leaves_the_users_own_setting_in_force():
    assert xlwings_conf.rows() == (("ADD_WORKBOOK_TO_PYTHONPATH", "False"),)


def test_no_cell_is_empty_since_the_addin_stops_reading_there():
    assert all(key and value for key, value in xlwings_conf.rows(interpreter_mac=MAC))
