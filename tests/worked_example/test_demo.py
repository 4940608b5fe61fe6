"""Demo: the worked example, refreshed and published, never over anything else."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.worked_example import demo as module

pytestmark = pytest.mark.whole

TODAY = dt.date(2011, 7, 29)


def run(folder):
    return module.demo(folder, today=TODAY, progress=str)


def test_the_demo_is_refreshed_and_published(tmp_path):
    refreshed, published = run(tmp_path / "demo")
    assert refreshed.master.exists()
    assert published.copy.exists()
    assert refreshed.report.comparison == published.report.comparison


def test_every_day_and_every_folder_give_the_same_workbooks(tmp_path, demo):
    refreshed, published = module.demo(tmp_path / "elsewhere", today=dt.date(2030, 1, 1), progress=str)
    assert refreshed.master.read_bytes() == demo.master.read_bytes()
    assert published.copy.read_bytes() == demo.copy.read_bytes()


def test_a_demo_that_stands_there_is_refreshed_again_and_what_was_written_in_it_kept(example):
    book = openpyxl.load_workbook(example / "master.xlsm")
    book["Inputs"]["C8"].value = "Mine"
    book.save(example / "master.xlsm")
    refreshed, published = run(example)
    assert refreshed.former is None
    assert published.former.name == "South-Cambridgeshire-2011-12-Q1 (superseded 1).xlsx"
    assert "Mine" in [
        cell.value for row in openpyxl.load_workbook(published.copy)["Headlines"].iter_rows() for cell in row
    ]


def test_an_empty_folder_is_filled(tmp_path):
    assert run(tmp_path)[0].master == tmp_path / "master.xlsm"


@pytest.mark.parametrize("name", ["partnership.toml", "notes.txt"])
def test_a_folder_that_holds_something_else_is_left_as_it_is(tmp_path, name):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / name).write_text("mine", encoding="utf-8")
    with pytest.raises(CannotBeWrittenError) as refused:
        run(folder)
    place = folder / name if name == "partnership.toml" else folder
    assert str(refused.value) == (
        f"mine holds something other than the worked example.\nWhere: {place}\nWhat to do: Name another folder."
    )
    assert [path.name for path in folder.iterdir()] == [name]


def test_an_example_whose_extract_was_changed_is_left_as_it_is(example):
    extract = example / "data" / "recorded-crime-2009-10.csv"
    extract.write_bytes(extract.read_bytes() + b"one more")
    before = (example / "master.xlsm").read_bytes()
    with pytest.raises(CannotBeWrittenError, match=r"^example holds something other than the worked example\."):
        run(example)
    assert (example / "master.xlsm").read_bytes() == before


def test_a_file_in_the_folders_place_is_refused_and_left(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(CannotBeWrittenError, match=r"^The folder notes\.txt could not be made\.\nWhere: .*notes\.txt"):
        run(file)
    assert file.read_text(encoding="utf-8") == "mine"
