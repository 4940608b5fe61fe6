"""Paths as a person gives them: in other accents' spelling, or as addresses of the web."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from cdrp_xl import paths
from cdrp_xl.errors import FileError

NAMES = ["Ynys Môn", "Café [1] *?", "Łódź Ångström"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("on_disk", "typed"), [("NFC", "NFD"), ("NFD", "NFC"), ("NFC", "NFC"), ("NFD", "NFD")])
def test_a_folder_is_found_however_its_accents_are_written(tmp_path, name, on_disk, typed):
    folder = tmp_path / unicodedata.normalize(on_disk, name) / unicodedata.normalize(on_disk, "données")
    folder.mkdir(parents=True)
    given = tmp_path / unicodedata.normalize(typed, name) / unicodedata.normalize(typed, "données")
    assert paths.as_spelt(given).samefile(folder)


def test_of_two_that_read_the_same_the_one_that_was_typed_is_meant(tmp_path):
    both = [tmp_path / unicodedata.normalize(form, "Môn") for form in ("NFC", "NFD")]
    for folder in both:
        folder.mkdir()
    assert [paths.as_spelt(folder) for folder in both] == both


@pytest.mark.parametrize("given", ["new", "data/new", "Môn/new"])
def test_a_folder_that_is_not_there_is_named_as_it_was_typed(given):
    assert paths.as_spelt(Path(given)) == Path(given)


def test_a_path_that_was_not_given_is_none():
    assert paths.as_spelt(None) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://contoso.sharepoint.com/sites/csp/Shared Documents",
        "https://contoso-my.sharepoint.com/personal/x/Documents/csp",
        "https://d.docs.live.net/0123456789/csp",
        "http://intranet/csp",
        "HTTPS://example.org/a",
    ],
)
def test_an_address_is_refused_with_what_to_do(address):
    with pytest.raises(FileError, match=r"(?s)is an address, not a file or folder.*OneDrive or SharePoint.*Sync"):
        paths.as_spelt(Path(address))


def test_a_browsers_address_of_a_file_is_refused_too():
    with pytest.raises(FileError, match=r"What to do: Write it without file://"):
        paths.as_spelt(Path("file:///srv/csp"))


@pytest.mark.parametrize("path", ["C:/csp", "data/https", "https", "a:b/c"])
def test_a_path_is_no_address(path):
    assert not paths.is_address(path)
