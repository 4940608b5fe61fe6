"""Twelve situations of the worked example: every sentence that partners read, and how hard they are to read."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import re
import shutil
from itertools import groupby, islice

import pyphen
import pytest

from cdrp_xl import report, settings
from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs
from cdrp_xl.sheets import Audience, Chart, Table, Text, lay_out
from cdrp_xl.sources.master import Override
from cdrp_xl.terms import Status
from cdrp_xl.workbooks.gathering import gather, returned

TODAY = dt.date(2011, 7, 29)
QUARTER = Period.parse("2011-12 Q1")
NOW, BASELINE = "recorded-crime-2011-12-q1.csv", "recorded-crime-2009-10.csv"
MOST_WORDS = 25
HARDEST = 9.0
"""The Flesch-Kincaid grade of a page, at most."""

OFFICES = r"\[(?:note \d+|[cxz])\]|South Cambridgeshire|Community Safety Partnership"
SYLLABLES = pyphen.Pyphen(lang="en_GB")


def is_dwelling(row):
    return row["District"] == "South Cambridgeshire" and row["HO Code"] in {"28", "28A", "28B", "28C", "28D", "29"}


def with_dwellings(data, offences):
    """Keep so many dwelling burglaries in the quarter, or add some of the baseline's, two years later."""
    rows = list(rows_of(data / NOW))
    there = [row for row in rows if is_dwelling(row)]
    former = (row for row in rows_of(data / BASELINE) if is_dwelling(row))
    added = islice(former, max(offences - len(there), 0))
    recorded = {"Date Committed": "01/06/2011", "Date Recorded": "01/06/2011"}
    of_others = [row for row in rows if not is_dwelling(row)]
    of_baseline = ({**row, **recorded, "Crime Reference": f"ADDED/{n}"} for n, row in enumerate(added))
    write(data / NOW, [*of_others, *there[:offences], *of_baseline])


def without_august(data):
    write(data / BASELINE, [row for row in rows_of(data / BASELINE) if "/08/2009" not in row["Date Recorded"]])


def rows_of(file):
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def write(file, rows):
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def cut(text, *tables):
    """Leave tables out of settings."""
    for name in tables:
        text = re.sub(rf"^\[{re.escape(name)}\]\n(?:(?!^\[).*\n)*", "", text, flags=re.MULTILINE)
    return text


def adding(added):
    return lambda text: f"{text}\n{added}\n"


def baseline(year):
    return lambda text: text.replace('baseline = { year = "2009-10" }', f'baseline = {{ year = "{year}" }}')


DECIDED = Override(priority_id="dwelling-burglary", quarter=QUARTER, status=Status.WORSE, reason="Two series go on.")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Situation:
    """What differs from the worked example as it is counted from its rows alone."""

    settings: object = str
    data: object = None
    inputs: Inputs = dataclasses.field(default_factory=Inputs)


SITUATIONS = {
    "as it is": Situation(),
    "nought": Situation(data=lambda data: with_dwellings(data, 0)),
    "one": Situation(data=lambda data: with_dwellings(data, 1)),
    "equal": Situation(data=lambda data: with_dwellings(data, 126)),
    "hidden": Situation(settings=adding('[suppression]\nhighlights = "hide"\nfarm = "hide"')),
    "rounded": Situation(settings=adding('[suppression]\nhighlights = "round"\nfarm = "round"')),
    "no group": Situation(settings=lambda text: cut(text, "sources.iquanta", "sources.iquanta.headings", "group")),
    "gap": Situation(data=without_august),
    "override": Situation(inputs=Inputs(overrides=(DECIDED,))),
    "baseline year": Situation(settings=baseline("2011-12")),
    "no history": Situation(settings=baseline("2010-11"), data=lambda data: (data / BASELINE).unlink()),
    "a return is missing": Situation(
        data=lambda data: (data.parent / "returns" / "2011-12-Q1" / "drug-and-alcohol.xlsx").unlink()
    ),
}


def built(situation, demo, folder):
    """Build the report of a situation, from the worked example's rows without its CADET export."""
    shutil.copytree(demo.folder, folder, ignore=shutil.ignore_patterns("counts", "published", "log", "*.xlsm"))
    if situation.data:
        situation.data(folder / "data")
    file = folder / "partnership.toml"
    file.write_text(situation.settings(cut(file.read_text("utf-8"), "sources.cadet")), "utf-8")
    own = settings.read(folder)
    data = gather(own, folder, today=TODAY, progress=str)
    collected = returned(own, folder, quarter=QUARTER, today=TODAY, progress=str)
    return report.build(own, period=QUARTER, data=data, inputs=situation.inputs, today=TODAY, collected=collected)


def sentences(sheet):
    """Every sentence of a page: its texts, alternative texts, and what its tables say in words."""
    texts = [block for block in sheet.blocks if isinstance(block, Text)]
    for _, together in groupby(texts, key=lambda text: text.style):
        for text in paragraphs(each.value for each in together):
            yield from split(text)
    for block in sheet.blocks:
        if isinstance(block, Chart):
            yield from split(block.alt_text)
        elif isinstance(block, Table):
            for text in (value for row in block.rows for value in row if isinstance(value, str)):
                yield from split(text)


def paragraphs(lines):
    """Put lines together again that the page parts: one that ends no sentence goes on where the next begins small."""
    whole = ""
    for line in lines:
        if whole and (whole.endswith((".", "?", "!", "]")) or line.endswith(":") or line[:1] in "▲▼●"):
            yield whole
            whole = line
        else:
            whole = f"{whole} {line}".strip()
    yield whole


def split(text):
    return [each for each in re.split(r"(?<=[.?!])\s+", text) if each.endswith((".", "?", "!"))]


@pytest.fixture(scope="module")
def pages(demo, tmp_path_factory):
    """Return the sentences of each page of each situation."""
    place = tmp_path_factory.mktemp("situations")
    laid_out = {name: lay_out(built(each, demo, place / name), Audience.PARTNERS) for name, each in SITUATIONS.items()}
    return {name: {page.name: list(sentences(page)) for page in found} for name, found in laid_out.items()}


@pytest.mark.whole
def test_every_sentence_of_the_worked_example(pages, snapshot):
    assert pages["as it is"] == snapshot


@pytest.mark.whole
@pytest.mark.parametrize("name", [name for name in SITUATIONS if name != "as it is"])
def test_what_is_said_otherwise_in_a_situation(pages, name, snapshot):
    plain = {(page, each) for page, said in pages["as it is"].items() for each in said}
    otherwise = {page: [each for each in said if (page, each) not in plain] for page, said in pages[name].items()}
    assert any(otherwise.values())
    assert {page: said for page, said in otherwise.items() if said} == snapshot


@pytest.mark.whole
@pytest.mark.parametrize("name", SITUATIONS)
def test_no_sentence_is_long(pages, name):
    assert [each for said in pages[name].values() for each in said if len(each.split()) > MOST_WORDS] == []


@pytest.mark.whole
@pytest.mark.parametrize("name", SITUATIONS)
def test_no_page_is_harder_to_read_than_it_should_be(pages, name):
    hard = {page: grade(said) for page, said in pages[name].items() if grade(said) > HARDEST}
    assert hard == {}


def test_the_grade_is_that_of_flesch_and_kincaid():
    assert grade(["The cat sat on the mat."]) == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)
    assert grade(["Notwithstanding considerable organisational transformation, responsibilities proliferated."]) > 20


def grade(said):
    """Return the Flesch-Kincaid grade of sentences, names of areas and offices left out."""
    words = [re.findall(r"[A-Za-z][A-Za-z']*", re.sub(OFFICES, "", each)) for each in said]
    words = [each for each in words if each]
    if not words:
        return 0.0
    number = sum(map(len, words))
    spoken = sum(SYLLABLES.inserted(word).count("-") + 1 for each in words for word in each)
    return 0.39 * number / len(words) + 11.8 * spoken / number - 15.59
