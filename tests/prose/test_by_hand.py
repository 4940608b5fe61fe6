"""Sentences in the manner of the 2011 report, written from its figures by someone who had not read the checker.

Each was also changed in one place, so that it is false: `by_hand.tsv` says where.
"""

import csv
import datetime as dt
import time
from pathlib import Path

import pytest

from cdrp_xl.prose.checking import Checker
from cdrp_xl.workbooks import refreshing

MADE = Path(__file__).parent / "by_hand.tsv"
COUNT = 80


@pytest.fixture(scope="module")
def rows():
    with MADE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_each_is_there_once_and_is_changed(rows):
    assert len(rows) == len({row["sentence"] for row in rows}) == COUNT
    assert [row for row in rows if row["sentence"] == row["mutated"] or not row["what was mutated"]] == []


def test_at_least_9_of_10_changed_ones_are_found(rows, found):
    missed = [row["mutated"] for row in rows if not found(row["mutated"], row["page"])]
    assert len(missed) <= COUNT // 10, missed


def test_at_most_1_of_20_true_ones_raises_a_finding(rows, found):
    raised = [row["sentence"] for row in rows if found(row["sentence"], row["page"])]
    assert len(raised) <= COUNT // 20, raised


@pytest.mark.whole
def test_checking_a_page_takes_at_most_a_tenth_of_building_the_report(rows, demo):
    page = "\n\n".join(row["sentence"] for row in rows[:20])
    began = time.process_time()
    built = refreshing.prepare(demo.folder, quarter=None, today=dt.date(2011, 7, 29), progress=lambda _: None).report
    building = time.process_time() - began
    began = time.process_time()
    Checker.of(built).check(page)
    assert time.process_time() - began <= building / 10
