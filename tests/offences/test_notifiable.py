"""The list of notifiable offences, and that it is the Home Office's own."""

from __future__ import annotations

import csv
import importlib.util
import io
from pathlib import Path

import pytest

from cdrp_xl import offences
from cdrp_xl.offences import notifiable

BUILD = Path(__file__).parents[2] / "classifications" / "build.py"


@pytest.fixture
def build(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("build_offences", BUILD)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    return module


def test_every_listed_offence_is_counted_as_a_code_of_the_classification():
    classification = offences.load("home-office-2026")
    listed = notifiable.read(classification.listed_in)
    assert {offence.counted_as for offence in listed} <= set(classification.descriptions)
    assert all(offence.code and offence.words for offence in listed)


def test_the_newest_list_is_that_of_the_newest_classification():
    assert offences.load("home-office-2026").listed_in == notifiable.NEWEST


@pytest.mark.whole
@pytest.mark.shared_data
def test_the_list_is_as_a_build_from_the_published_one_makes_it(build, shared_data, tmp_path):
    published = shared_data / "home_office_reference" / "notifiable-offences-2026-04.csv"
    assert build.main(published) == 0
    kept = BUILD.parent.parent / "cdrp_xl" / "classifications" / notifiable.NEWEST
    assert (tmp_path / notifiable.NEWEST).read_bytes() == kept.read_bytes()


def test_a_list_with_a_category_that_the_classification_lacks_is_named_and_not_written(build, tmp_path, capsys):
    headings = ["Class", "Sub class", "Offence category", "Offence", "Act", "Section", "Home Office code"]
    out = io.StringIO()
    csv.writer(out).writerows(
        [
            headings,
            ["Robbery", "", "34B Robbery of Personal Property", "Robbery", "Theft Act 1968", "Sec 8", "034/01"],
            ["Piracy", "", "200A Piracy", "Piracy", "Piracy Act 1837", "Sec 2", "200/01"],
        ]
    )
    published = tmp_path / "published.csv"
    published.write_text(out.getvalue(), encoding="utf-8-sig")
    assert build.main(published) == 1
    assert capsys.readouterr().err == "200/01: Piracy, , 200A Piracy\n"
    assert not (tmp_path / notifiable.NEWEST).exists()


def test_a_sub_class_goes_before_the_category_where_the_two_differ():
    """The list has 092/63 under trafficking, with the category of possession."""
    trafficking = offences.load("home-office-2026").row("trafficking-of-drugs").codes
    assert {each.counted_as for each in notifiable.read(notifiable.NEWEST) if each.code == "092/63"} <= trafficking
