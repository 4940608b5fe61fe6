"""Every mistake in partnership.toml is named with its line and key."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import msgspec
import pytest

from cdrp_xl import settings
from cdrp_xl.errors import FileError, ValueFoundError
from cdrp_xl.periods import financial_year, quarter
from cdrp_xl.terms import Direction, Marking
from cdrp_xl.workbooks import beginning

PLAIN = """\
[partnership]
name = "South Cambridgeshire CDRP"
area = "South Cambridgeshire"

[report]
quarter = "2011-12 Q1"

[sources.police_uk]
path = "data/police-uk"

[[priorities]]
id = "farm-crime"
title = "Farm crime"
objective = "Less farm crime"
deadline = "2011-12"
measure = { rows = ["burglary"] }
baseline = { year = "2009-10" }
"""

EXTRACT = """\
[sources.recorded_crime]
files = ["data/*.csv"]
[sources.recorded_crime.headings]
offence_reference = "Crime Reference"
date_recorded = "Date Recorded"
offence = "HO Code"
"""

LOCI = """\
locus_type = "Locus Type"
locus_subtype = "Locus Subtype"
"""

SECOND = """
[[priorities]]
id = "robbery"
title = "Robbery"
objective = "Less robbery"
deadline = "2012-13"

[priorities.measure]
rows = ["robbery"]

[priorities.baseline]
year = "2009-10"
"""

FORMS = (
    'write it as "2011-12 Q1", "Q1 2011-12", "2011-12", "2011/12", "Apr-11", "April 2011", "Apr-11 to Jun-11", '
    '"year ending June 2011" or "year to date June 2011"'
)
A_TABLE = "this must be a table of keys"
NO_TEXT = "can't be used: it must be text in quotation marks"
NO_DATE = "can't be used: it must be a date without quotation marks, such as 2011-07-29"
NO_LIST = "can't be used: it must be a list in square brackets"
POLICE_UK = '[sources.police_uk]\npath = "data/police-uk"\n'


def _changed(old, new, text=PLAIN):
    assert text.count(old) == 1
    return text.replace(old, new)


def test_a_plain_file_is_read_as_it_says():
    read = settings.parse(PLAIN + SECOND)
    assert read.partnership.area == "South Cambridgeshire"
    assert read.partnership.marking is Marking.OFFICIAL
    assert read.report.quarter == quarter(2011, 1)
    assert read.sources.police_uk.path == "data/police-uk"
    assert [priority.id for priority in read.priorities] == ["farm-crime", "robbery"]
    assert read.priorities[0].deadline == read.priorities[0].baseline.year.earlier(-2) == financial_year(2011)
    assert read.priorities[0].direction is Direction.REDUCE
    assert read.priorities[1].measure.rows == ("robbery",)


def test_a_recorded_crime_source_has_its_defaults():
    read = settings.parse(PLAIN + EXTRACT).sources.recorded_crime
    assert read.classification is None
    assert read.headings.area == ""
    assert "" in read.domestic_no
    assert not read.references_repeat


def test_dates_are_dates():
    text = _changed(POLICE_UK, POLICE_UK + "as_at = 2011-07-11\nnext_release = 2011-10-10\n")
    read = settings.parse(text).sources.police_uk
    assert (read.as_at, read.next_release) == (dt.date(2011, 7, 11), dt.date(2011, 10, 10))


def test_a_priority_by_locus_has_an_id_that_no_offence_row_can_have():
    text = _changed('{ rows = ["burglary"] }', '{ locus_types = ["Agricultural"] }')
    priority = settings.parse(text).priorities[0]
    assert priority.measure.is_by_locus


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('area = "South Cambridgeshire"\n', "", "line 1, partnership.area: this key is missing"),
        ("[report]", "[reports]", 'line 5, reports: there is no such key (the nearest is "report")'),
        ("area =", 'aera = "x"\narea =', 'line 3, partnership.aera: there is no such key (the nearest is "area")'),
        (
            "area =",
            '"the area" = "x"\narea =',
            'line 3, partnership.the area: there is no such key (the nearest is "area")',
        ),
        ("area =", 'colour = "x"\narea =', "line 3, partnership.colour: there is no such key"),
        (
            'name = "South Cambridgeshire CDRP"',
            "name = 5",
            f"line 2, partnership.name: 5 {NO_TEXT}",
        ),
        (
            'name = "South Cambridgeshire CDRP"',
            "name = true",
            f"line 2, partnership.name: true {NO_TEXT}",
        ),
        (
            'name = "South Cambridgeshire CDRP"',
            'name = ["a", "b"]',
            f'line 2, partnership.name: ["a", "b"] {NO_TEXT}',
        ),
        (
            'name = "South Cambridgeshire CDRP"',
            'name = ""',
            'line 2, partnership.name: "" can\'t be used: it must be text, not empty',
        ),
        (
            "[report]",
            'marking = "SECRET"\n[report]',
            'line 5, partnership.marking: "SECRET" can\'t be used: use one of "OFFICIAL", "OFFICIAL-SENSITIVE"',
        ),
        ('"2011-12 Q1"', '"2011-12 Q5"', f'line 6, report.quarter: "2011-12 Q5" can\'t be used: {FORMS}'),
        (
            '"2011-12 Q1"',
            '"April 2011"',
            'line 5, report: Apr-11 is not a quarter such as "2011-12 Q1"',
        ),
        (
            "[report]",
            '[report]\naccent = "violet"',
            'line 5, report: the accent "violet" is not a colour such as "#12436D"',
        ),
        (
            "[report]",
            '[report]\naccent = "#FFB81C"',
            'line 5, report: the accent "#FFB81C" is too light: its contrast with white is 1.7, and words need 4.5',
        ),
        (
            '"2011-12 Q1"',
            "2011",
            f"line 6, report.quarter: 2011 can't be used: {FORMS}",
        ),
        (
            "[report]",
            '[report]\ndate = "soon"',
            f'line 6, report.date: "soon" {NO_DATE}',
        ),
        (
            "[report]",
            "[report]\ndate = 2011-07-29T10:00:00",
            f"line 6, report.date: 2011-07-29 10:00:00 {NO_DATE}",
        ),
        (
            "[report]",
            '[report]\ncompare = "month"',
            'line 6, report.compare: "month" can\'t be used: use one of "quarter", "year to date"',
        ),
        (POLICE_UK, "[[sources]]\n", f"line 8, sources: {A_TABLE}"),
        (POLICE_UK, "", "sources: this key is missing"),
        (
            POLICE_UK,
            "[sources]\n",
            (
                "line 8, sources: name at least one of sources.recorded_crime, sources.police_uk, sources.cadet and "
                "sources.published"
            ),
        ),
        (
            POLICE_UK,
            '[sources.cadet]\nfiles = ["a.csv"]\nclassification = "cadet-2012"\n',
            (
                'line 10, sources.cadet.classification: "cadet-2012" can\'t be used: '
                'use one of "cadet-2011", "home-office-2013", "home-office-2026", "police-uk", "police-uk-2026"'
            ),
        ),
        (
            POLICE_UK,
            "[sources.cadet]\nfiles = []\n",
            f"line 9, sources.cadet.files: [] {NO_LIST}, not empty",
        ),
        (
            POLICE_UK,
            EXTRACT.replace('offence = "HO Code"\n', ""),
            "line 10, sources.recorded_crime.headings.offence: this key is missing",
        ),
        (
            POLICE_UK,
            EXTRACT + '[sources.recorded_crime.offence_codes]\n"DW BURG" = 28\n',
            f'line 14, sources.recorded_crime.offence_codes: {{"DW BURG": 28}} {NO_TEXT}',
        ),
        (
            POLICE_UK,
            EXTRACT.replace("[sources.recorded_crime.h", 'references_repeat = "perhaps"\n[sources.recorded_crime.h'),
            'line 10, sources.recorded_crime.references_repeat: "perhaps" can\'t be used: it must be true or false',
        ),
        (
            "[[priorities]]",
            "[priorities]",
            (
                'line 11, priorities: {"id": "farm-crime", "title": "Farm crime", "objective": "Le\u2026" '
                f"(164 characters) {NO_LIST}"
            ),
        ),
        (
            '"farm-crime"',
            '"Farm crime"',
            'line 11, priorities[1]: the id "Farm crime" must be lower-case letters, digits and hyphens, at most 41',
        ),
        (
            '"Farm crime"',
            f'"{"long " * 40}"',
            (
                'line 13, priorities[1].title: "long long long long long long long long long long long long\u2026" '
                "(200 characters) can't be used: "
                "it must be text of at most 60 characters"
            ),
        ),
        (
            'deadline = "2011-12"',
            'deadline = "soon"',
            f'line 15, priorities[1].deadline: "soon" can\'t be used: {FORMS}',
        ),
        (
            'deadline = "2011-12"',
            'deadline = "Jun-11 to Apr-11"',
            'line 15, priorities[1].deadline: "Jun-11 to Apr-11" can\'t be used: write the earlier month first',
        ),
        (
            '{ rows = ["burglary"] }',
            "{ }",
            "line 16, priorities[1].measure: name rows to count, or locus_types and locus_subtypes, or a flag",
        ),
        (
            '["burglary"]',
            '"burglary"',
            f'line 16, priorities[1].measure.rows: "burglary" {NO_LIST}',
        ),
        (
            '{ rows = ["burglary"] }',
            '"burglary"',
            f"line 16, priorities[1].measure: {A_TABLE}",
        ),
        (
            '"2009-10"',
            '"2009-10 Q1"',
            ('line 17, priorities[1].baseline: 2009-10 Q1 is not a financial year such as "2009-10"'),
        ),
        (
            '{ year = "2009-10" }',
            '{ year = "2009-10", quarters = [120, 131, 118], source = "iQuanta" }',
            (
                "line 17, priorities[1].baseline: "
                "give four quarters, first to fourth, and say in `source` where they are from"
            ),
        ),
        (
            '{ year = "2009-10" }',
            '{ year = "2009-10", quarters = [120, 131, 118, 126] }',
            (
                "line 17, priorities[1].baseline: "
                "give four quarters, first to fourth, and say in `source` where they are from"
            ),
        ),
        (
            '{ year = "2009-10" }',
            '{ year = "2009-10", quarters = [9, 9, -1], source = "iQuanta" }',
            "line 17, priorities[1].baseline.quarters: [9, 9, -1] can't be used: it must be a whole number, 0 or more",
        ),
        (
            "baseline =",
            'direction = "down"\nbaseline =',
            'line 17, priorities[1].direction: "down" can\'t be used: use one of "reduce", "increase"',
        ),
        (
            "baseline =",
            'rag = { rule = "feeling" }\nbaseline =',
            (
                'line 17, priorities[1].rag.rule: "feeling" can\'t be used: '
                'use one of "usual movement", "exact test", "tolerance", "any fall"'
            ),
        ),
        (
            "baseline =",
            'rag = { rule = "tolerance", tolerance_per_cent = 101 }\nbaseline =',
            "line 17, priorities[1].rag.tolerance_per_cent: 101 can't be used: it must be a number, 100.0 or less",
        ),
        (
            "baseline =",
            'rag = { rule = "tolerance", tolerance_per_cent = "five" }\nbaseline =',
            'line 17, priorities[1].rag.tolerance_per_cent: "five" can\'t be used: it must be a number',
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_key(old, new, said):
    with pytest.raises(ValueFoundError, match=r"^partnership\.toml has a mistake: ") as refused:
        settings.parse(_changed(old, new))
    assert str(refused.value) == (
        f"partnership.toml has a mistake: {said}.\n"
        f"Where: partnership.toml, {said.split(':')[0]}\n"
        "What to do: Correct the file as the message says; the folder's template explains each key."
    )


def test_a_mistake_in_a_second_priority_is_placed_there():
    with pytest.raises(ValueFoundError, match=r"line 29, priorities\[2\]\.baseline\.year: \"soon\" can't be used"):
        settings.parse(PLAIN + SECOND.replace('year = "2009-10"', 'year = "soon"'))


def test_two_priorities_with_one_id_are_named_at_the_second():
    with pytest.raises(ValueFoundError, match="farm-crime") as refused:
        settings.parse(PLAIN + SECOND.replace('"robbery"', '"farm-crime"', 1))
    assert str(refused.value) == (
        'partnership.toml has a mistake: line 20, priorities[2].id: two priorities have the id "farm-crime".\n'
        "Where: partnership.toml, line 20, priorities[2].id\n"
        "What to do: Correct the file as the message says; the folder's template explains each key."
    )


def test_a_dotted_key_is_placed_at_its_line():
    text = 'report.quarter = "soon"\n' + _changed('[report]\nquarter = "2011-12 Q1"\n', "")
    with pytest.raises(ValueFoundError, match=r"a mistake: line 1, report\.quarter: \"soon\" can't be used"):
        settings.parse(text)


def test_every_mistake_is_named_at_once():
    text = _changed('name = "South Cambridgeshire CDRP"\narea = "South Cambridgeshire"', 'name = 5\nqarea = "x"')
    with pytest.raises(ValueFoundError, match=r"^partnership\.toml has 3 mistakes: ") as refused:
        settings.parse(text)
    assert refused.value.what == (
        'partnership.toml has 3 mistakes: line 3, partnership.qarea: there is no such key (the nearest is "area"); '
        "line 1, partnership.area: this key is missing; "
        f"line 2, partnership.name: 5 {NO_TEXT}."
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"South Cambridgeshire"', "South Cambridgeshire", "Invalid value (at line 3, column 8)"),
        (
            '[report]\nquarter = "2011-12 Q1"',
            "[report",
            "Expected ']' at the end of a table declaration (at line 5, column 8)",
        ),
        ("[report]", '[partnership]\nname = "x"', "Cannot declare ('partnership',) twice (at line 5, column 13)"),
    ],
)
def test_what_is_not_toml_is_named_with_its_line(old, new, said):
    with pytest.raises(FileError, match=r"^partnership\.toml can't be read: ") as refused:
        settings.parse(_changed(old, new))
    assert str(refused.value) == (
        f"partnership.toml can't be read: {said}.\nWhere: partnership.toml\nWhat to do: Correct that line."
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_is_read_with_and_without_the_mark_that_notepad_writes(tmp_path, encoding):
    (tmp_path / settings.FILE_NAME).write_text(PLAIN.replace("CDRP", "\u2013 Caf\u00e9"), encoding=encoding)
    assert settings.read(tmp_path).partnership.name == "South Cambridgeshire \u2013 Caf\u00e9"


def test_a_file_that_is_not_utf8_is_named_with_the_line(tmp_path):
    file = tmp_path / settings.FILE_NAME
    file.write_text(PLAIN.replace("Less farm crime", "Less than \u00a35"), encoding="cp1252")
    with pytest.raises(FileError, match="not UTF-8") as refused:
        settings.read(tmp_path)
    assert str(refused.value) == (
        "partnership.toml is not UTF-8 text: line 14 holds a character of another encoding.\n"
        f"Where: {file}, line 14\n"
        "What to do: Save it as UTF-8."
    )


def test_a_folder_without_settings_is_not_a_partnerships_folder(tmp_path):
    folder = tmp_path / "east"
    with pytest.raises(FileError, match="east") as refused:
        settings.read(folder)
    assert str(refused.value) == (
        '"east" is not a partnership\'s folder: it holds no partnership.toml.\n'
        f"Where: {folder}\n"
        'What to do: Name the folder that "cdrp-xl new" made, or make one with it.'
    )


def test_a_file_in_place_of_the_partnerships_folder_is_said(tmp_path):
    file = tmp_path / "east.toml"
    file.write_text(PLAIN, encoding="utf-8")
    with pytest.raises(
        FileError, match=r"^\"east\.toml\" is not a partnership's folder: it holds no partnership\.toml\."
    ):
        settings.read(file)


def test_a_folder_in_place_of_the_file_is_said(tmp_path):
    (tmp_path / settings.FILE_NAME).mkdir()
    with pytest.raises(FileError, match="is a folder") as refused:
        settings.read(tmp_path)
    assert str(refused.value) == (
        "partnership.toml is a folder, not a file.\n"
        f"Where: {tmp_path / settings.FILE_NAME}\n"
        "What to do: Give the folder another name."
    )


def test_a_file_that_is_locked_is_said(tmp_path, monkeypatch):
    file = tmp_path / settings.FILE_NAME
    file.write_text(PLAIN, encoding="utf-8")

    def locked(path, *_, **__):
        raise PermissionError(13, "Permission denied", os.fspath(path))

    monkeypatch.setattr(Path, "open", locked)
    monkeypatch.setattr(Path, "read_bytes", locked)
    with pytest.raises(FileError, match="can't be opened") as refused:
        settings.read(tmp_path)
    assert str(refused.value) == (
        f"partnership.toml can't be opened.\nWhere: {file}\n"
        "What to do: Close it if it is open in Excel, check that you can read and write there, then try again."
    )


def test_settings_can_not_be_changed_once_read():
    read = settings.parse(PLAIN)
    with pytest.raises(AttributeError, match="immutable type"):
        read.partnership.area = "Cambridge"


def test_the_farm_section_has_its_defaults():
    farm = settings.parse(PLAIN + EXTRACT + LOCI + '[farm]\nbaseline = "2009-10"\n').farm
    assert (farm.years, farm.locus_types, farm.locus_subtypes) == ((), ("Agricultural",), ("Barn", "Farm"))
    assert (farm.repeats_by, farm.repeat_months, farm.groups, farm.loci) == ("victim", 12, {}, ("Barn", "Farm"))


def test_the_farm_section_takes_years_groups_and_loci_of_its_own():
    text = '[farm]\nbaseline = "2009-10"\nyears = ["2009-10", "2010/11"]\nlocus_subtypes = []\n'
    farm = settings.parse(PLAIN + EXTRACT + LOCI + text + '[farm.groups]\n"Metal" = ["49", "54"]\n').farm
    assert farm.years == (financial_year(2009), financial_year(2010))
    assert (farm.loci, farm.groups) == (("Agricultural",), {"Metal": ("49", "54")})


def test_the_farm_section_needs_no_heading_of_a_kind_of_locus_that_it_does_not_name():
    source = EXTRACT + 'locus_subtype = "Subtype"\n'
    farm = settings.parse(f'{PLAIN}{source}[farm]\nbaseline = "2009-10"\nlocus_types = []\n').farm
    assert (farm.locus_types, farm.loci) == ((), ("Barn", "Farm"))


@pytest.mark.parametrize(
    ("source", "keys", "said"),
    [
        ("", "", "line 18, farm: it is counted from a row-level extract: name one under sources.recorded_crime"),
        (
            EXTRACT,
            "",
            "line 24, farm: it needs the extract's heading: name it as locus_type in sources.recorded_crime.headings",
        ),
        (
            EXTRACT + LOCI,
            'years = ["2011-12 Q1"]',
            'line 26, farm: 2011-12 Q1 is not a financial year such as "2009-10"',
        ),
        (EXTRACT + LOCI, "years = [2009]", "line 28, farm.years: [2009] can't be used"),
        (EXTRACT + LOCI, 'years = "soon"', 'line 28, farm.years: "soon" can\'t be used: ' + FORMS),
        (EXTRACT + LOCI, "locus_types = []\nlocus_subtypes = []", "line 26, farm: name locus_types or locus_subtypes"),
        (EXTRACT + LOCI, 'locus_subtypes = ["Barn", " barn"]', 'line 26, farm: " barn" appears twice'),
        (EXTRACT + LOCI, 'groups = { "A" = ["49"], "a" = ["46"] }', 'line 26, farm: "a" appears twice'),
        (
            EXTRACT + LOCI,
            'repeats_by = "address"',
            'line 28, farm.repeats_by: "address" can\'t be used: use one of "victim", "premises"',
        ),
        (
            EXTRACT + LOCI,
            "repeat_months = 0",
            "line 28, farm.repeat_months: 0 can't be used: it must be a whole number, 1 or more",
        ),
    ],
)
def test_a_mistake_in_the_farm_section_is_named_with_its_line(source, keys, said):
    text = f'{PLAIN}{source}[farm]\nbaseline = "2009-10"\n{keys}\n'
    with pytest.raises(ValueFoundError, match=r"^partnership\.toml has ") as wrong:
        settings.parse(text)
    assert said in wrong.value.what


def test_the_template_that_new_fills_in_is_valid(tmp_path):
    filled = beginning.Beginning(
        area="King's Lynn",
        name='The "West" CSP \u2013 \u00e9',
        police_uk=tmp_path / "data" / "police-uk.zip",
        quarter=quarter(2024, 1),
    )
    read = settings.parse(beginning.template(filled, tmp_path))
    assert read.partnership.area == "King's Lynn"
    assert read.partnership.name == 'The "West" CSP \u2013 \u00e9'
    assert read.report.quarter == quarter(2024, 1)
    assert read.sources.police_uk.path == "data/police-uk.zip"


def test_the_template_alone_says_that_a_source_is_wanted(tmp_path):
    with pytest.raises(ValueFoundError, match=r"^partnership\.toml has a mistake: sources: this key is missing\."):
        settings.parse(beginning.template(beginning.Beginning(), tmp_path))


def test_the_examples_in_the_template_are_valid_when_they_are_used(tmp_path):
    lines = beginning.template(beginning.Beginning(), tmp_path).splitlines()
    used = [_uncommented(line) for line in lines]
    read = settings.parse("\n".join(used))
    assert all(msgspec.structs.asdict(read.sources).values())
    assert [priority.id for priority in read.priorities] == ["residential-burglary", "farm-crime"]
    assert read.report.classification == "home-office-2026"
    assert (read.farm.baseline, read.farm.groups) == (financial_year(2024), {"Metal and fuel": ("49", "54")})
    assert read.report.date == dt.date(2011, 7, 29)
    assert read.partnership.contact == "research@example.org"
    assert all(msgspec.structs.asdict(read.sources.recorded_crime.headings).values())


def _uncommented(line):
    """An example of a key or a table without its mark; explanations stay as they are."""
    example = line.removeprefix("# ")
    is_example = example.startswith(("[", '"')) or (" = " in example and example.split(" = ")[0].isidentifier())
    return example if is_example else line


RETURN = '[[returns]]\nform = "drug-and-alcohol"\nagency = "Health"\n'


def test_a_return_is_due_some_days_after_its_quarter():
    (made,) = settings.parse(PLAIN + RETURN + "due_days = 14\n").returns
    assert (made.form, made.agency, made.areas) == ("drug-and-alcohol", "Health", ())
    assert made.due(quarter(2011, 1)) == dt.date(2011, 7, 14)


def test_an_agency_makes_a_return_once():
    with pytest.raises(ValueFoundError, match=r'returns\[2\]\.agency: "Health" makes "drug-and-alcohol" twice'):
        settings.parse(PLAIN + RETURN + RETURN)
