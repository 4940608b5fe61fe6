"""Settings looked over: all mistakes at once, the files that are missing, and the schema beside."""

from __future__ import annotations

import pytest

from cdrp_xl.errors import FileError
from cdrp_xl.settings import schema
from cdrp_xl.settings.checking import check

SOUND = '[partnership]\nname = "A"\narea = "Fenland"\n[sources.police_uk]\npath = "data"\n'
STREET = "2024-01/2024-01-kent-street.csv"


@pytest.fixture
def folder(tmp_path):
    """Return a folder with sound settings and the one file that they name."""
    (tmp_path / "data" / STREET).parent.mkdir(parents=True)
    (tmp_path / "data" / STREET).touch()
    (tmp_path / "partnership.toml").write_text(SOUND, encoding="utf-8")
    return tmp_path


def written(folder, text):
    (folder / "partnership.toml").write_text(text, encoding="utf-8")
    return folder


def test_sound_settings_have_no_mistakes(folder):
    assert check(folder) == ()


def test_every_mistake_is_a_line(folder):
    text = SOUND.replace("name =", "nam =").replace('"data"', "5") + "colour = 1\n"
    assert check(written(folder, text)) == (
        'line 2, partnership.nam: there is no such key (the nearest is "name")',
        "line 1, partnership.name: this key is missing",
        "line 6, sources.police_uk.colour: there is no such key",
        "line 5, sources.police_uk.path: 5 can't be used: it must be text in quotation marks",
    )


def test_missing_files_are_mistakes(folder):
    text = f'{SOUND}[sources.population]\nfile = "data/people.xlsx"\n[sources.cadet]\nfiles = ["data/cadet*.csv"]\n'
    people, cadet = sorted(check(written(folder, text)))
    assert people.startswith('line 6, sources.population: there is no file "people.xlsx" in ')
    assert cadet.startswith("line 8, sources.cadet: ")


def test_a_folder_without_settings_is_reported(tmp_path):
    with pytest.raises(FileError, match=r"holds no partnership\.toml"):
        check(tmp_path)


def test_the_schema_is_written_where_the_first_line_names_it_and_brought_up_to_date(folder):
    check(folder)
    place = folder / schema.FILE_NAME
    assert not place.exists()
    check(written(folder, f"{schema.DIRECTIVE}\n{SOUND}"))
    assert place.read_text(encoding="utf-8") == schema.text()
    place.write_text("{}", encoding="utf-8")
    check(written(folder, f"{schema.DIRECTIVE}\n{SOUND.replace('area', 'aera')}"))
    assert place.read_text(encoding="utf-8") == schema.text()
