"""The record of the last refresh: what was read, so that a publish can tell what moved."""

from __future__ import annotations

import os

import pytest

from cdrp_xl import settings
from cdrp_xl.errors import FileError
from cdrp_xl.periods import Period
from cdrp_xl.workbooks import record

SETTINGS = """
[partnership]
name = "A"
area = "A"
[sources.police_uk]
path = "street"
areas_file = "lsoa.csv"
[sources.cadet]
files = ["one/export.csv", "two/export.csv"]
"""
FILES = ["lsoa.csv", "one/export.csv", "street/2011-04-a-street.csv", "street/2011-05/2011-05-a-street.csv"]
FILES += ["two/export.csv"]


@pytest.fixture
def folder(tmp_path):
    for name in FILES:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, encoding="utf-8")
    (tmp_path / "partnership.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def taken(folder):
    states = record.states(settings.read(folder), folder)
    return record.Record(quarter="2011-12 Q1", read=states, master="0" * 64)


def moved(folder, before):
    return before.moved(settings.read(folder), folder)


def test_every_file_that_is_read_is_watched_by_its_way_from_the_folder(folder):
    assert sorted(taken(folder).read) == sorted([*FILES, "partnership.toml"])
    assert moved(folder, taken(folder)) == ()


@pytest.mark.parametrize("name", [*FILES, "partnership.toml"])
def test_a_file_of_another_size_or_time_has_moved(folder, name):
    before = taken(folder)
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert moved(folder, before) == (name,)
    before = taken(folder)
    os.utime(folder / name, (1, 1))
    assert moved(folder, before) == (name,)


def test_a_file_that_is_added_or_taken_away_has_moved(folder):
    before = taken(folder)
    (folder / "street/2011-04-a-street.csv").rename(folder / "street/2011-06-a-street.csv")
    assert moved(folder, before) == ("street/2011-04-a-street.csv", "street/2011-06-a-street.csv")


def test_a_download_that_is_gone_has_moved(folder):
    before = taken(folder)
    (folder / "street").rename(folder / "elsewhere")
    assert "street" in moved(folder, before)


def test_a_folder_that_is_moved_whole_has_not_changed(folder, tmp_path):
    before = taken(folder)
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    folder.rename(elsewhere)
    assert moved(elsewhere, before) == ()


def test_a_record_is_read_as_it_was_saved(folder):
    before = taken(folder)
    record.save(folder, before)
    assert record.load(folder) == before
    assert record.load(folder).period == Period.parse("2011-12 Q1")


def test_a_folder_that_was_never_refreshed_has_no_record(tmp_path):
    assert record.load(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"quarter": "2011-12 Q1"}', b"\xff", b'{"quarter": 1}'])
def test_a_damaged_record_is_refused(tmp_path, content):
    (tmp_path / "counts").mkdir()
    (tmp_path / "counts" / "refreshed.json").write_bytes(content)
    with pytest.raises(FileError) as refused:
        record.load(tmp_path)
    assert str(refused.value) == (
        "refreshed.json, the record of the last refresh, can't be read.\n"
        f"Where: {tmp_path / 'counts' / 'refreshed.json'}\n"
        "What to do: Refresh again."
    )


def test_masters_that_we_wrote_are_known_after_a_refresh_that_was_killed(folder):
    record.save(folder, taken(folder))
    with record.set_aside(folder, masters=("a", "b")):
        assert record.load(folder) is None
        assert record.masters(folder) == ("a", "b")
    assert record.masters(folder) == ("a", "b")
    record.save(folder, taken(folder))
    assert record.masters(folder) == ("0" * 64,)
    assert [file.name for file in (folder / "counts").iterdir()] == ["refreshed.json"]


def test_a_refresh_that_fails_puts_the_record_back(folder):
    record.save(folder, taken(folder))
    with pytest.raises(OSError, match="full"), record.set_aside(folder, masters=("a",)):
        raise OSError("The disk is full")
    assert record.load(folder) == taken(folder)
    assert [file.name for file in (folder / "counts").iterdir()] == ["refreshed.json"]


def test_a_fingerprint_is_that_of_the_content():
    assert record.fingerprint(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert record.fingerprint(b"a") != record.fingerprint(b"b")
