"""New: a partnership's folder whose settings can be read as they are and explain themselves."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cdrp_xl import settings
from cdrp_xl.errors import CannotBeWrittenError, FileError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.workbooks import master
from cdrp_xl.workbooks.beginning import Beginning, new


def made(folder, **given):
    return new(folder, Beginning(**given)).read_text(encoding="utf-8")


@pytest.fixture
def street(tmp_path):
    folder = tmp_path / "downloaded files"
    folder.mkdir()
    return folder


def test_a_folder_is_made_with_a_place_for_everything(tmp_path):
    folder = tmp_path / "a" / "csp"
    assert new(folder, Beginning()) == folder / "partnership.toml"
    assert sorted(path.name for path in folder.iterdir()) == [
        *("data", "master.xlsm", "partnership.schema.json", "partnership.toml", "published", "returns")
    ]


def test_the_folder_begins_with_a_master_to_be_filled(tmp_path):
    made(tmp_path / "csp")
    assert (tmp_path / "csp" / "master.xlsm").read_bytes() == master.unfilled()


@pytest.mark.parametrize("name", ["master.xlsm", "master.xlsx"])
def test_a_master_that_is_there_is_left_as_it_is(tmp_path, name):
    folder = tmp_path / "csp"
    folder.mkdir()
    (folder / name).write_text("mine", encoding="utf-8")
    made(folder)
    assert (folder / name).read_text(encoding="utf-8") == "mine"
    assert [path.name for path in folder.glob("master.*")] == [name]


def test_the_settings_are_complete_once_a_source_is_named(tmp_path, street):
    folder = tmp_path / "csp"
    made(folder, area="Fenland", name="Fenland CSP", police_uk=street, quarter=Period.parse("2025-26 Q1"))
    own = settings.read(folder)
    assert (own.partnership.area, own.partnership.name) == ("Fenland", "Fenland CSP")
    assert own.report.quarter == Period.parse("2025-26 Q1")
    assert own.sources.police_uk.path == "../downloaded files"
    assert (folder / own.sources.police_uk.path).resolve() == street


def test_without_a_source_the_settings_say_what_is_missing(tmp_path):
    made(tmp_path / "csp")
    with pytest.raises(ValueFoundError, match=r"sources: this key is missing"):
        settings.read(tmp_path / "csp")


def test_a_partnership_is_named_after_its_area_unless_it_has_a_name(tmp_path):
    text = made(tmp_path / "csp", area="Fenland")
    assert tomllib.loads(text)["partnership"] == {
        "name": "Fenland Community Safety Partnership",
        "area": "Fenland",
    }


@pytest.mark.parametrize("name", ['=1+1 "quoted" \\ {area}', "تقرير \U0001f693", "two\nlines\tand a tab"])
def test_names_of_every_kind_are_kept_as_they_are(tmp_path, name):
    text = made(tmp_path / "csp", area=name, name=name)
    assert tomllib.loads(text)["partnership"] == {"name": name, "area": name}


def test_every_line_that_is_an_example_is_toml_once_its_mark_is_taken_away(tmp_path):
    lines = made(tmp_path / "csp").splitlines()
    examples = [
        line.removeprefix("# ") for line in lines if line.startswith(("# [", "# ")) and ("=" in line or "[" in line)
    ]
    text = "\n".join(line for line in examples if not line[0].isupper() and "…" not in line)
    text = text.replace("# the day", "#").replace("{{", "{").replace("}}", "}")
    found = tomllib.loads(text)
    sources = {
        "police_uk",
        "recorded_crime",
        "cadet",
        "published",
        "population",
        "iquanta",
        "area_counts",
        "home_office",
    }
    assert set(found["sources"]) == sources
    assert [priority["id"] for priority in found["priorities"]] == ["residential-burglary", "farm-crime"]


def test_settings_that_are_there_are_left_as_they_are(tmp_path):
    folder = tmp_path / "csp"
    folder.mkdir()
    (folder / "partnership.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(CannotBeWrittenError) as refused:
        new(folder, Beginning())
    assert str(refused.value) == (
        "csp is already a partnership's folder.\n"
        f"Where: {folder / 'partnership.toml'}\n"
        "What to do: Name another folder, or change the settings in this one."
    )
    assert (folder / "partnership.toml").read_text(encoding="utf-8") == "mine"


def test_a_download_that_is_not_there_is_refused_before_anything_is_made(tmp_path):
    with pytest.raises(FileError) as refused:
        new(tmp_path / "csp", Beginning(police_uk=tmp_path / "none.zip"))
    assert str(refused.value) == (
        "There is no folder or archive none.zip.\n"
        f"Where: {tmp_path / 'none.zip'}\n"
        "What to do: Name the folder or .zip of data.police.uk as downloaded."
    )
    assert not (tmp_path / "csp").exists()


@pytest.mark.parametrize("inside", ["", "csp"])
def test_a_file_in_the_folders_place_is_refused_and_left(tmp_path, inside):
    file = tmp_path / "notes.txt"
    file.write_text("mine", encoding="utf-8")
    folder = Path(file, inside)
    with pytest.raises(CannotBeWrittenError) as refused:
        new(folder, Beginning())
    assert str(refused.value) == (
        f"The folder {folder.name} could not be made.\n"
        f"Where: {folder}\n"
        "What to do: Name a folder where you may write, and where no file has its name."
    )
    assert file.read_text(encoding="utf-8") == "mine"
