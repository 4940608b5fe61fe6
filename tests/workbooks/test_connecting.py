"""Connect: what is written into the settings, every comment kept; and a plain list of offences."""

from __future__ import annotations

import datetime as dt

import pytest

from cdrp_xl import settings
from cdrp_xl.errors import CdrpError, FileError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.sources.publisher import Asked
from cdrp_xl.workbooks import connecting
from cdrp_xl.workbooks.beginning import Beginning, new

TODAY = dt.date(2025, 7, 20)
LINES = "".join(f"C{n},{n % 28 + 1:02}/0{n % 3 + 4}/2025,046/00,Fenland\n" for n in range(90))


@pytest.fixture
def folder(tmp_path):
    new(tmp_path / "csp", Beginning(area="Fenland"))
    (tmp_path / "csp" / "data" / "extract.csv").write_text(f"Ref,Recorded,HO Code,District\n{LINES}", encoding="utf-8")
    return tmp_path / "csp"


def connected(folder, *names, accept=True):
    own = connecting.existing_settings(folder)
    files = [folder / "data" / name for name in names]
    proposal = connecting.look(own, files, chosen=own.chosen, today=TODAY)
    if accept:
        chosen = connecting.accepted(own.chosen, proposal)
        proposal = connecting.look(own, files, chosen=chosen, today=TODAY)
    return connecting.write(own, proposal)


def text_of(folder):
    return (folder / "partnership.toml").read_text(encoding="utf-8")


def test_what_is_proposed_is_added_and_every_line_that_was_there_is_kept(folder):
    before = text_of(folder)
    kept = connected(folder, "extract.csv")
    after = text_of(folder)
    assert after.startswith(before)
    assert kept.read_text(encoding="utf-8") == before
    own = settings.read(folder).sources.recorded_crime
    assert own.files == ("data/extract.csv",)
    assert own.headings.named == {
        "offence_reference": "Ref",
        "date_recorded": "Recorded",
        "offence": "HO Code",
        "area": "District",
    }


def test_to_connect_again_changes_nothing(folder):
    connected(folder, "extract.csv")
    after = text_of(folder)
    assert connected(folder, "extract.csv") is None
    assert text_of(folder) == after


def test_a_further_file_is_added_and_what_the_analyst_decided_stays(folder):
    connected(folder, "extract.csv")
    own = text_of(folder).replace(
        "\n[sources.recorded_crime.headings]\n",
        'not_counted = ["Lost dog"] # ours\n[sources.recorded_crime.headings]\n# the force calls it so\n',
    )
    (folder / "partnership.toml").write_text(own, encoding="utf-8")
    more = "Ref,Recorded,HO Code,District\nX1,01/07/2025,046/00,Fenland\nX2,02/07/2025,Lost dog,Fenland\n"
    (folder / "data" / "july.csv").write_text(more, encoding="utf-8")
    connected(folder, "july.csv")
    after = text_of(folder)
    assert 'not_counted = ["Lost dog"] # ours' in after
    assert "# the force calls it so" in after
    assert settings.read(folder).sources.recorded_crime.files == ("data/extract.csv", "data/july.csv")


def test_incidents_are_accepted_and_what_is_only_suggested_stays_open(folder):
    with (folder / "data" / "extract.csv").open("a", encoding="utf-8") as file:
        file.write("Y1,01/06/2025,Concern for safety,Fenland\nY2,01/06/2025,burgalry dwelling,Fenland\n")
    connected(folder, "extract.csv")
    own = settings.read(folder).sources.recorded_crime
    assert own.not_counted == ("Concern for safety",)
    assert own.offence_codes == {}
    assert '# "burgalry dwelling" = "Residential burglary"  # 1 row; a suggestion.' in text_of(folder)


def test_anti_social_behaviour_is_accepted_as_rows_of_its_own_and_a_refresh_counts_it_beside_recorded_crime(folder):
    asb = [("ASB - NUISANCE", 5), ("Anti-social behaviour - personal", 3), ("ASB", 2), ("Incident", 4)]
    with (folder / "data" / "extract.csv").open("a", encoding="utf-8") as file:
        for text, rows in asb:
            file.writelines(f"{text} {n},{n + 1:02}/05/2025,{text},Fenland\n" for n in range(rows))
    connected(folder, "extract.csv")
    own = settings.read(folder).sources.recorded_crime
    assert own.offence_codes == {
        "ASB - NUISANCE": "Anti-social behaviour - nuisance",
        "Anti-social behaviour - personal": "Anti-social behaviour - personal",
        "ASB": "Anti-social behaviour",
    }
    assert own.not_counted == ("Incident",)
    after = text_of(folder)
    assert connected(folder, "extract.csv") is None
    assert text_of(folder) == after
    counts = own.count(Asked(folder=folder, area="Fenland", today=TODAY, classification="home-office-2026"))
    may = Period.parse("May-25")
    rows = ("anti-social-behaviour", "anti-social-behaviour-nuisance", "anti-social-behaviour-personal")
    assert [counts.offences(area="Fenland", row_id=row, period=may) for row in rows] == [10, 5, 3]
    quarter = Period.parse("2025-26 Q1")
    assert counts.offences(area="Fenland", row_id="total-recorded-crime", period=quarter) == 90


def test_an_extract_of_which_most_is_anti_social_behaviour_is_recognised(folder):
    with (folder / "data" / "extract.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"A{n},{n % 28 + 1:02}/05/2025,ASB - NUISANCE,Fenland\n" for n in range(400))
    connected(folder, "extract.csv")
    own = settings.read(folder).sources.recorded_crime
    assert (own.headings.offence, len(own.offence_codes)) == ("HO Code", 1)


def test_settings_with_a_mistake_are_left_as_they_are(folder):
    broken = text_of(folder).replace("[report]", "[report]\ncolour = 1")
    (folder / "partnership.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(ValueFoundError, match=r"report\.colour: there is no such key"):
        connected(folder, "extract.csv")
    assert text_of(folder) == broken


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("no toml", "can't be read"),
        ("partnership = 1\n", "this must be a table of keys"),
        ('[partnership]\nname = "x"\n', "this key is missing"),
        ('[partnership]\nname = "x"\narea = "y"\n[report]\nclassification = "new"\n', "use one of"),
        ('[partnership]\nname = "x"\narea = "y"\n[sources.recorded_crime]\nfiles = 1\n', "can't be used"),
    ],
)
def test_settings_that_can_not_be_read_are_refused(folder, text, fault):
    (folder / "partnership.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CdrpError, match=fault):
        connecting.existing_settings(folder)


def test_an_area_that_is_named_takes_the_place_of_the_settings(folder):
    (folder / "partnership.toml").write_text(text_of(folder).replace('"Fenland"', '"Elsewhere"'), encoding="utf-8")
    own = connecting.existing_settings(folder, area="Fenland")
    proposal = connecting.look(own, [folder / "data" / "extract.csv"], chosen=own.chosen, today=TODAY)
    connecting.write(own, proposal)
    assert settings.read(folder).partnership.area == "Fenland"


def test_the_words_of_a_plain_list_are_counted_as_in_an_extract(tmp_path):
    (tmp_path / "words.txt").write_bytes(
        "046/00\r\n\r\n28E Residential burglary\r\n046/00\r\nqwerty\r\n".encode("utf-16")
    )
    found = connecting.words(tmp_path / "words.txt", None)
    assert [(each.written.text, each.written.rows, each.row and each.row.name) for each in found] == [
        ("046/00", 2, "Shoplifting"),
        ("28E Residential burglary", 1, "Residential burglary"),
        ("qwerty", 1, None),
    ]


def test_a_list_is_read_by_a_partnership_s_own_words(folder):
    connected(folder, "extract.csv")
    with (folder / "partnership.toml").open("a", encoding="utf-8") as file:
        file.write('\n[sources.recorded_crime.offence_codes]\n"qwerty" = "Shoplifting"\n')
    (folder / "words.txt").write_text("qwerty\n", encoding="utf-8")
    (found,) = connecting.words(folder / "words.txt", folder)
    assert found.row.name == "Shoplifting"


@pytest.mark.parametrize("data", [b"", b"\n \n", b"PK\x03\x04"])
def test_a_list_that_is_none_is_refused(tmp_path, data):
    (tmp_path / "words.txt").write_bytes(data)
    with pytest.raises(FileError):
        connecting.words(tmp_path / "words.txt", None)


def test_the_quarter_to_refresh_is_the_last_of_whole_months(folder):
    own = connecting.existing_settings(folder)
    months = connecting.look(own, [folder / "data" / "extract.csv"], chosen=own.chosen, today=TODAY).months
    whole, taken = connecting.quarters(months)
    assert (whole, taken.name) == (taken, "2025-26 Q1")
