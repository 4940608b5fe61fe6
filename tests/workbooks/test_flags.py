"""Flags by the force's own columns: any number of them, with the words that mean yes and no."""

from __future__ import annotations

import csv
import datetime as dt
import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from cdrp_xl import functions
from cdrp_xl import settings as settings_file
from cdrp_xl.commands import app
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import quarter
from cdrp_xl.sources.master import Question
from cdrp_xl.workbooks import asking, refreshing

TODAY = dt.date(2026, 8, 1)
Q1, BEFORE = quarter(2026, 1), quarter(2025, 1)
HEADINGS = ("Ref", "Recorded", "Code", "District", "DA", "Hate Type", "Keywords", "Knife")
SETTINGS = """
[partnership]
name = "A partnership"
area = "Fenland"
[report]
classification = "home-office-2026"
[suppression]
localities = "off"
[sources.recorded_crime]
files = ["extract.csv"]
[sources.recorded_crime.headings]
offence_reference = "Ref"
date_recorded = "Recorded"
offence = "Code"
area = "District"
domestic = "DA"
[sources.recorded_crime.flags."hate crime"]
heading = "Hate Type"
yes = ["Race", "Religion", "Disability"]
no = ["", "None"]
[sources.recorded_crime.flags.alcohol]
heading = "Keywords"
yes = ["ALC", "Alcohol"]
is_list = true
[sources.recorded_crime.flags.knife]
heading = "Knife"
[[priorities]]
id = "knife-crime"
title = "Knife crime"
objective = "Less"
deadline = "2026-27"
measure = { rows = ["Violence against the person"], flag = "knife" }
baseline = { year = "2025-26" }
"""
HATE = ("", "RACE", "religion", "None", "")
KEYWORDS = ("", "DA; ALC", "Rural/Alcohol", "ALCOVE", "knife, alc")


@pytest.fixture
def frame(tmp_path):
    """Two years and a quarter of rows, of which some bear each flag in some spelling."""
    rows = []
    for month in pd.period_range("2024-04", "2026-06", freq="M"):
        for number in range(30 + month.month % 5):
            code = ("8N", "105A", "28E", "56A")[number % 4]
            knife = "yes" if number % 7 == 0 else "No"
            flags = ("Y" if number % 6 == 0 else "", HATE[number % 5], KEYWORDS[(number // 2) % 5], knife)
            rows.append((f"{month}/{number}", f"{month}-{1 + number % 28:02d}", code, "Fenland", *flags))
    with (tmp_path / "extract.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADINGS, *rows])
    (tmp_path / "partnership.toml").write_text(SETTINGS, encoding="utf-8")
    return pd.DataFrame(rows, columns=HEADINGS)


def bearing(frame, flag):
    words = frame.Keywords.str.lower().str.split(r"\s*[;,|/]\s*", regex=True)
    return {
        "hate crime": frame["Hate Type"].str.lower().isin(["race", "religion", "disability"]),
        "alcohol": words.map(lambda each: bool({"alc", "alcohol"} & set(each))),
        "knife": frame.Knife.str.lower() == "yes",
        "domestic": frame.DA == "Y",
    }[flag]


def within(frame, period):
    return frame[frame.Recorded.between(str(period.first_day), str(period.last_day))]


@pytest.mark.parametrize("flag", ["hate crime", "Alcohol", "knife", "domestic"])
def test_a_question_counts_a_flag_under_its_own_column_and_words(tmp_path, frame, flag):
    asked = Question(area="Fenland", offence_row="Violence against the person", flag=flag, period=Q1, where="a test")
    answer, _ = asking.answered(tmp_path, asked, today=TODAY, progress=str)
    own = within(frame[frame.Code.isin(["8N", "105A"])], Q1)
    flagged = int(bearing(own, flag.lower()).sum())
    assert flagged
    assert (answer.offences, answer.flagged) == (len(own), flagged)


def test_a_priority_is_counted_by_rows_and_a_flag(tmp_path, frame):
    done = refreshing.refresh(tmp_path, quarter=Q1, today=TODAY, progress=str)
    own = frame[frame.Code.isin(["8N", "105A"])]
    own = own[bearing(own, "knife")]
    (result,) = done.report.priorities
    assert (result.later, result.baseline) == (len(within(own, Q1)), len(within(own, BEFORE)))


def test_a_formula_asks_for_any_flag_of_the_settings(tmp_path, frame):
    refreshing.refresh(tmp_path, quarter=Q1, today=TODAY, progress=str)
    figures = functions.load(tmp_path)
    own = within(frame[frame.Code == "56A"], Q1)
    expected = int(bearing(own, "hate crime").sum())
    assert functions.count(figures, "Arson", "", "2026-27 Q1", "", "Hate crime") == expected
    with pytest.raises(ValueFoundError, match='There is no flag "rural"'):
        functions.count(figures, "Arson", "", "2026-27 Q1", "", "rural")


def test_a_flag_that_nobody_named_is_refused_with_those_that_there_are(tmp_path, frame):
    asked = Question(area="Fenland", offence_row="Arson", flag="rural", period=Q1, where="tblQuestions, row 3")
    with pytest.raises(ValueFoundError, match=r'"rural" is not a known flag\.\nWhere: tblQuestions, row 3') as it:
        asking.answered(tmp_path, asked, today=TODAY, progress=str)
    assert '"domestic", "hate crime", "alcohol", "knife"' in it.value.remedy
    assert len(frame)


def test_values_that_mean_neither_yes_nor_no_are_named_by_their_column(tmp_path, frame):
    text = (tmp_path / "extract.csv").read_text(encoding="utf-8").replace("religion", "Faith")
    (tmp_path / "extract.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueFoundError, match=r'"Faith" is neither yes nor no [^"]*"Hate Type"') as wrong:
        refreshing.refresh(tmp_path, quarter=Q1, today=TODAY, progress=str)
    assert wrong.value.remedy == 'Say in partnership.toml what it means, under yes or no of the flag "hate crime".'
    assert len(frame)


def test_a_flag_that_no_row_bears_is_to_be_looked_at(tmp_path, frame):
    text = (tmp_path / "extract.csv").read_text(encoding="utf-8").replace(",yes", ",No")
    (tmp_path / "extract.csv").write_text(text, encoding="utf-8")
    done = refreshing.refresh(tmp_path, quarter=Q1, today=TODAY, progress=str)
    assert any('No row has the flag "knife"' in each for each in done.report.to_look_at)
    assert len(frame)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[sources.recorded_crime.flags.domestic]\nheading = "DA"\n',
            "the flag for domestic abuse is headings.domestic",
        ),
        ('[sources.recorded_crime.flags.rural]\nyes = ["Y"]\n', "flags.rural.heading: this key is missing"),
    ],
)
def test_mistakes_in_flags_are_named(tmp_path, text, said):
    (tmp_path / "partnership.toml").write_text(SETTINGS + text, encoding="utf-8")
    with pytest.raises(ValueFoundError, match=said):
        settings_file.read(tmp_path)


def test_connect_proposes_flags_by_their_headings_and_writes_what_they_mean(tmp_path):
    headings = (
        "Crime Ref",
        "Date Recorded",
        "HO Code",
        "District",
        "Hate Crime Flag",
        "Knife Enabled",
        "ASB?",
        "Rural",
    )
    rows = [
        (
            f"C{n}",
            f"2026-0{4 + n % 3}-{1 + n % 28:02d}",
            "28E",
            "Fenland",
            "Y" if n % 4 else "N",
            n % 3 == 0,
            "",
            "Farm",
        )
        for n in range(90)
    ]
    with (tmp_path / "force.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])
    run, folder = CliRunner(), tmp_path / "csp"
    assert run.invoke(app, ["new", str(folder), "--area", "Fenland"]).exit_code == 0
    asked = run.invoke(app, ["connect", str(folder), str(tmp_path / "force.csv"), "--accept", "--json"])
    assert asked.exit_code == 0
    assert json.loads(asked.stdout)["flags"] == {"hate crime": "Hate Crime Flag", "knife": "Knife Enabled"}
    own = settings_file.read(folder).sources.recorded_crime.flags
    assert {name: (flag.heading, flag.yes, flag.no) for name, flag in own.items()} == {
        "hate crime": ("Hate Crime Flag", ("Y",), ("N", "")),
        "knife": ("Knife Enabled", ("True",), ("False", "")),
    }
    question = Question(area="Fenland", offence_row="Burglary", flag="hate crime", period=Q1, where="a test")
    (folder / "partnership.toml").write_text(
        (folder / "partnership.toml").read_text(encoding="utf-8") + '\n[suppression]\nlocalities = "off"\n', "utf-8"
    )
    answer, _ = asking.answered(folder, question, today=TODAY, progress=str)
    assert (answer.offences, answer.flagged) == (90, sum(row[4] == "Y" for row in rows))
    again = run.invoke(app, ["connect", str(folder), "--accept", "--json"])
    assert json.loads(again.stdout)["flags"] == {"hate crime": "Hate Crime Flag", "knife": "Knife Enabled"}
