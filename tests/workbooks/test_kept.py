"""What refreshes and copies counted is kept: each different state once, a bounded number, and only counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import duckdb
import pytest

from cdrp_xl import settings
from cdrp_xl.periods import Period
from cdrp_xl.workbooks import kept
from cdrp_xl.workbooks.gathering import gather

TODAY = dt.date(2011, 7, 29)
QUARTER = Period.parse("2011-12 Q1")
PRIVATE = ("SYN/", "Specimen Street", "V012388", "P012388")


@pytest.fixture
def gathered(example):
    own = settings.read(example)
    data = gather(own, example, today=TODAY, progress=str)
    return example, data.to_keep, kept.state_of(example, own, data, today=TODAY)


def with_one_more(counts, number):
    own = counts["cadet"]
    cell = next(iter(own.cells))
    return dict(counts) | {"cadet": replace(own, cells=dict(own.cells) | {cell: own.cells[cell] + number})}


def test_a_refresh_and_a_publish_of_the_same_counts_keep_them_once(gathered):
    folder, counts, state = gathered
    assert kept.numbers(folder) == [1]
    assert kept.keep(folder, counts, state, quarter=QUARTER) == 1
    assert kept.before(folder, counts) is None


def test_what_is_kept_is_read_back_with_its_settings(gathered):
    folder, counts, state = gathered
    found = kept.load(folder, 1)
    assert (found.quarter, found.settings) == (QUARTER, settings.read(folder))
    assert found.state == state
    assert kept.is_same(found.counts, counts)


def test_counts_that_moved_are_kept_beside_those_before(gathered):
    folder, counts, state = gathered
    other = with_one_more(counts, 1)
    assert kept.keep(folder, other, state, quarter=QUARTER) == 2
    assert kept.before(folder, other).number == 1
    assert kept.before(folder, counts).number == 2


def test_the_same_figures_by_other_settings_take_the_place_of_the_last(gathered):
    folder, counts, state = gathered
    assert kept.keep(folder, counts, kept.State(**{**_fields(state), "day": "2011-08-01"}), quarter=QUARTER) == 1
    assert kept.load(folder, 1).state.day == "2011-08-01"


def _fields(state):
    return {name: getattr(state, name) for name in state.__struct_fields__}


def test_only_the_last_are_kept_and_those_of_copies(gathered):
    folder, counts, state = gathered
    for number in range(1, kept.KEPT + 6):
        kept.keep(folder, with_one_more(counts, number), state, quarter=QUARTER, needed={1, 3})
    there = kept.numbers(folder)
    assert there[:2] == [1, 3]
    assert len(there) <= kept.KEPT + 3
    assert there[-1] == kept.KEPT + 6


def test_a_damaged_file_is_passed_over(gathered):
    folder, counts, state = gathered
    kept.keep(folder, with_one_more(counts, 1), state, quarter=QUARTER)
    (folder / "counts" / "history" / "000001.parquet").write_bytes(b"PAR1")
    assert kept.load(folder, 1) is None
    assert kept.before(folder, with_one_more(counts, 1)) is None


def test_only_counts_are_in_it(gathered):
    folder, _, _ = gathered
    file = folder / "counts" / "history" / "000001.parquet"
    with duckdb.connect() as engine:
        columns = [row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM read_parquet('{file}')").fetchall()]
        texts = engine.execute(f"SELECT DISTINCT area || row_id FROM read_parquet('{file}')").fetchall()
    assert columns == ["source", "area", "row_id", "first_month", "last_month", "offences"]
    assert texts
    assert not [text for text in texts if any(each in text[0] for each in PRIVATE)]
