"""The command connect: what it prints for programs, what it asks, and what it writes then."""

from __future__ import annotations

import io
import json
import sys

import pytest

from cdrp_xl import commands, settings
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.workbooks.beginning import Beginning, new

pytestmark = pytest.mark.whole

LINES = "".join(f"C{n},{n % 28 + 1:02}/0{n % 3 + 4}/2025,046/00,Fenland,Girton\n" for n in range(90))
HEADINGS = "Ref,Recorded,HO Code,District,Parish\n"


@pytest.fixture
def folder(tmp_path):
    new(tmp_path / "csp", Beginning(area="Fenland"))
    odd = "Y1,01/06/2025,burgalry dwelling,Fenland,Girton\nY2,01/06/2025,046/00,Fenland DC,Girton\n"
    (tmp_path / "csp" / "data" / "extract.csv").write_text(f"{HEADINGS}{LINES}{odd}", encoding="utf-8")
    return tmp_path / "csp"


@pytest.fixture
def connect(folder, capsys, monkeypatch):
    """Return a function that runs the command with answers typed one after another."""

    def run(*options, answers=()):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
        monkeypatch.setenv("COLUMNS", "200")
        commands.app(["connect", str(folder), "data/extract.csv", *options], standalone_mode=False)
        return capsys.readouterr().out

    return run


def test_for_a_program_all_of_it_is_reported_and_nothing_is_written(connect, folder):
    before = (folder / "partnership.toml").read_bytes()
    printed = json.loads(connect("--json"))
    assert printed["headings"] == {
        "offence_reference": "Ref",
        "date_recorded": "Recorded",
        "offence": "HO Code",
        "area": "District",
    }
    assert printed["other_headings"] == ["Parish"]
    assert {"written": "Fenland DC", "rows": 1, "ours": True} in printed["areas"]
    assert [each["month"] for each in printed["months"]] == ["2025-04", "2025-05", "2025-06"]
    known, unknown = printed["codes"]
    assert (known["written"], known["rows"], known["counted_under"], known["suggested"]) == (
        *("046/00", 91, "Shoplifting", None),
    )
    assert (unknown["counted_under"], unknown["suggested"]) == (None, "Residential burglary")
    assert len(printed["rows"]) == 10
    assert printed["next"] == f"cdrp-xl refresh {folder}"
    assert (folder / "partnership.toml").read_bytes() == before


def test_accepted_it_is_written_and_reported(connect, folder):
    printed = json.loads(connect("--accept", "--json"))
    assert printed["settings"] == str(folder / "partnership.toml")
    assert settings.read(folder).sources.recorded_crime.area_spellings == ("Fenland DC",)


def test_a_person_is_asked_and_shown_ten_rows(connect, folder):
    said = connect(answers=["y", "n", "", "y"])
    assert "Are these headings right?" in said
    assert '1 row has "Fenland DC": count as Fenland?' in said
    assert "burgalry dwelling (1 row)" in said
    assert said.count("Shoplifting") >= 9
    assert f"Next: cdrp-xl refresh {folder}" in said
    own = settings.read(folder).sources.recorded_crime
    assert own.area_spellings == ()
    assert own.offence_codes == {"burgalry dwelling": "Residential burglary"}


def test_headings_can_be_put_right_and_an_offence_left_open(connect, folder):
    named = ["Ref", "Recorded", "HO Code", "-", "District", "-", "Village", "Parish", *["-"] * 7]
    said = connect(answers=["n", *named, "y", "-", "y"])
    assert 'There is no heading "Village".' in said
    own = settings.read(folder).sources.recorded_crime
    assert own.headings.locality == "Parish"
    assert own.offence_codes == {}


def test_an_answer_that_means_nothing_is_asked_again(connect, folder):
    said = connect(answers=["y", "y", "no such row", "Burglary", "y"])
    assert '"no such row", which the settings say for it, is not an offence, code or row' in said
    assert settings.read(folder).sources.recorded_crime.offence_codes == {"burgalry dwelling": "Burglary"}


@pytest.mark.parametrize("answers", [(), ("y",), ("y", "y", "-")])
def test_where_nobody_answers_nothing_is_written(connect, folder, answers):
    before = (folder / "partnership.toml").read_bytes()
    with pytest.raises(ValueFoundError, match="A question was asked, and nobody answered it; nothing was written"):
        connect(answers=answers)
    assert (folder / "partnership.toml").read_bytes() == before


def test_declined_nothing_is_written(connect, folder):
    before = (folder / "partnership.toml").read_bytes()
    assert "Nothing was written." in connect(answers=["y", "y", "-", "n"])
    assert (folder / "partnership.toml").read_bytes() == before


def test_without_a_file_the_extract_that_is_connected_is_looked_into(folder, capsys):
    with pytest.raises(ValueFoundError, match="No file is named, and nothing is connected yet"):
        commands.app(["connect", str(folder), "--json"], standalone_mode=False)
    commands.app(["connect", str(folder), "data/extract.csv", "--accept", "--quiet"], standalone_mode=False)
    commands.app(["connect", str(folder), "--json"], standalone_mode=False)
    assert json.loads(capsys.readouterr().out)["files"] == ["extract.csv"]


def test_a_plain_list_needs_no_folder(tmp_path, capsys):
    (tmp_path / "words.txt").write_text("046/00\nqwerty\n", encoding="utf-8")
    commands.app(["connect", "--words", str(tmp_path / "words.txt"), "--json"], standalone_mode=False)
    codes = json.loads(capsys.readouterr().out)["codes"]
    assert [(each["written"], each["rows"], each["counted_under"]) for each in codes] == [
        ("046/00", 1, "Shoplifting"),
        ("qwerty", 1, None),
    ]


def test_what_is_open_about_an_offence_of_a_plain_list_is_printed(folder, capsys):
    with (folder / "partnership.toml").open("a", encoding="utf-8") as file:
        file.write('\n[sources.recorded_crime]\nfiles = ["data/extract.csv"]\nnot_counted = ["Lost dog"]\n')
        file.write("[sources.recorded_crime.headings]\n")
        file.write('offence_reference = "Ref"\ndate_recorded = "Recorded"\noffence = "Code"\n')
    (folder / "words.txt").write_text("Lost dog\nqwerty\nBurglary\n046/00\n", encoding="utf-8")
    commands.app(["connect", "--words", str(folder / "words.txt"), str(folder)], standalone_mode=False)
    left_out, unknown, wide, plain = capsys.readouterr().out.splitlines()
    assert left_out == "Lost dog  not counted"
    assert unknown == "qwerty    unknown"
    assert wide.startswith("Burglary  Burglary. It can stand for 28I, 28J, 28K and 30 more, so it is in none of ")
    assert plain == "046/00    Shoplifting"
