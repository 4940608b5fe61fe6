from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cdrp_xl.errors import CannotBeComputedError, CannotBeWrittenError, FileError
from cdrp_xl.functions import partnership


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


def test_a_workbook_that_names_its_partnership_is_answered_from_there(demo, tmp_path):
    assert partnership.folder_for((str(demo.folder), str(tmp_path / "a.xlsx"))) == demo.folder


def test_a_name_may_be_the_way_from_the_workbook(example):
    assert partnership.folder_for(("example", str(example.parent / "a.xlsx"))) == example


def test_a_workbook_beside_the_settings_is_answered_from_there(demo):
    assert partnership.folder_for(("", str(demo.folder / "ad hoc.xlsx"))) == demo.folder


def test_any_other_workbook_is_answered_from_the_folder_in_use(demo, tmp_path):
    partnership.use(demo.folder)
    assert partnership.folder_for(("", str(tmp_path / "a.xlsx"))) == demo.folder
    assert partnership.folder_for(("", "")) == demo.folder


def test_without_any_the_cell_says_how_to_name_one():
    assert partnership.default() is None
    with pytest.raises(
        FileError, match=r"(?s)No partnership is named.*never saved.*cdrp-xl use FOLDER.*CDRP_Partnership"
    ):
        partnership.folder_for(("", ""))


@pytest.mark.parametrize("named", ["gone", ""])
def test_a_folder_that_is_no_partnerships_is_reported_with_who_named_it(tmp_path, home, named):
    (home / "cdrp-xl").mkdir(parents=True)
    (home / "cdrp-xl" / "partnership").write_text(str(tmp_path / "gone"), encoding="utf-8")
    said_by = "CDRP_Partnership" if named else "cdrp-xl use"
    with pytest.raises(FileError, match=rf"(?s)gone is not a partnership's folder.*{said_by}"):
        partnership.folder_for((named, str(tmp_path / "a.xlsx")))


def test_where_any_of_several_workbooks_may_ask_they_must_be_of_one_partnership(demo, example, tmp_path):
    ours, theirs = ("", str(demo.folder / "ad hoc.ods")), ("", str(example / "master.xlsm"))
    anybodys, wrong = ("", str(tmp_path / "letter.ods")), ("gone", str(tmp_path / "a.ods"))
    assert partnership.folder_for(ours, anybodys, wrong, (str(demo.folder), "")) == demo.folder
    with pytest.raises(
        CannotBeComputedError, match=rf"(?s){demo.folder} and {example}.*the open workbooks.*Close those of one"
    ):
        partnership.folder_for(ours, anybodys, theirs)
    partnership.use(demo.folder)
    assert partnership.folder_for(anybodys, ours) == demo.folder
    with pytest.raises(CannotBeComputedError, match=r"(?s)two partnerships are open.*Close those of one"):
        partnership.folder_for(anybodys, theirs)
    assert partnership.folder_for() == demo.folder


def test_only_a_partnerships_folder_can_be_put_in_use(tmp_path):
    with pytest.raises(FileError, match=r"(?s)not a partnership's folder"):
        partnership.use(tmp_path)
    assert partnership.default() is None


def test_a_choice_that_can_not_be_kept_is_reported(demo, home):
    home.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(CannotBeWrittenError, match=r"(?s)could not be kept.*cdrp-xl"):
        partnership.use(demo.folder)


@pytest.mark.parametrize(
    ("platform", "place"),
    [("linux", ".config"), ("win32", "AppData/Roaming"), ("darwin", "Library/Application Support")],
)
def test_the_choice_is_kept_where_each_system_keeps_such(demo, tmp_path, monkeypatch, platform, place):
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.delenv("APPDATA", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    partnership.use(demo.folder)
    assert (tmp_path / place / "cdrp-xl" / "partnership").read_text(encoding="utf-8").strip() == str(demo.folder)


@pytest.mark.whole
def test_the_command_line_puts_a_folder_in_use(demo, cdrp_xl, home):
    run = cdrp_xl("use", demo.folder, XDG_CONFIG_HOME=str(home))
    assert (run.returncode, run.stderr) == (0, "")
    assert str(demo.folder) in run.stdout
    assert partnership.default() == demo.folder
