"""Which files of a folder the settings mean, by name or by pattern."""

from __future__ import annotations

import unicodedata

import pytest

from cdrp_xl.errors import FileError
from cdrp_xl.sources.file_names import found


def _names(folder, *patterns):
    return [path.relative_to(folder).as_posix() for path in found(folder, patterns)]


def _put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Ref\n1\n", encoding="utf-8")


@pytest.mark.parametrize("pattern", ["*.csv", "*.CSV", "a*", "?.csv", "**/*.csv", "[ab].csv", "A.CSV"])
def test_capitals_make_no_difference_to_a_pattern(tmp_path, pattern):
    _put(tmp_path, "A.CSV")
    assert _names(tmp_path, pattern) == ["A.CSV"]


@pytest.mark.parametrize("pattern", ["folder [[]final]/*.csv", "folder [final]/*.csv", "folder */*.csv", "**/x*.csv"])
def test_brackets_may_be_in_the_name_of_a_folder(tmp_path, pattern):
    _put(tmp_path, "folder [final]/x [1].csv")
    assert _names(tmp_path, pattern) == ["folder [final]/x [1].csv"]


def test_a_pattern_may_be_seen_from_a_folder_with_the_name_of_a_pattern(tmp_path):
    folder = tmp_path / "a [1] *?"
    _put(folder, "data/x.csv", "data/y.csv")
    assert _names(folder, "data/*.csv") == ["data/x.csv", "data/y.csv"]


@pytest.mark.parametrize(("kept", "typed"), [("NFC", "NFD"), ("NFD", "NFC")])
@pytest.mark.parametrize("pattern", ["d\u00e9c/r\u00e9sum\u00e9.csv", "d\u00e9c/r\u00e9*.csv", "*/*\u00e9.csv"])
def test_an_accent_is_the_same_however_it_is_kept(tmp_path, kept, typed, pattern):
    name = unicodedata.normalize(kept, "d\u00e9c/r\u00e9sum\u00e9.csv")
    _put(tmp_path, name)
    assert _names(tmp_path, unicodedata.normalize(typed, pattern)) == [name]


def test_what_programs_keep_beside_a_file_fits_no_pattern(tmp_path):
    _put(tmp_path, "a.csv", "._a.csv", "~$a.csv", ".~lock.a.csv")
    assert _names(tmp_path, "*.csv") == ["a.csv"]
    assert _names(tmp_path, "._a.csv") == ["._a.csv"]


def test_a_folder_above_may_be_named(tmp_path):
    _put(tmp_path, "share/a.csv", "own/b.csv")
    assert [path.name for path in found(tmp_path / "own", ["../share/*.csv"])] == ["a.csv"]


@pytest.mark.parametrize("pattern", ["*.xlsx", "none/*.csv", "a.csv/*.csv", "**/*.parquet"])
def test_a_pattern_that_fits_nothing_is_named(tmp_path, pattern):
    _put(tmp_path, "a.csv")
    with pytest.raises(FileError, match=r"^There is no file ") as refused:
        found(tmp_path, [pattern])
    assert f'"{pattern}"' in str(refused.value)
