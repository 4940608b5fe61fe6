from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from cdrp_xl import offences, settings
from cdrp_xl.errors import CannotBeWrittenError, CdrpError, FileError
from cdrp_xl.offences import Composite
from cdrp_xl.periods import Month, Period
from cdrp_xl.selected import FarmOffences, FarmRepeats, PriorityOffences, QuestionOffences, RowOffences
from cdrp_xl.sources import stored_counts
from cdrp_xl.tables import Counts, Origin
from cdrp_xl.terms import Flag
from cdrp_xl.workbooks.gathering import gather

QUARTER = Period.parse("2011-12 Q1")


@pytest.fixture(scope="module")
def counts(demo):
    own = settings.read(demo.folder)
    return gather(own, demo.folder, today=dt.date(2011, 7, 29), progress=str).counts


@pytest.fixture
def folder(counts, tmp_path):
    stored_counts.save(tmp_path, counts, quarter=QUARTER)
    return tmp_path


def answers(offences, **asked):
    """Return a count, or why there is none."""
    try:
        return offences(**asked)
    except CdrpError as refused:
        return refused.what


@pytest.mark.whole
def test_every_figure_and_every_refusal_is_as_before(counts, folder):
    stored = stored_counts.load(folder)
    assert stored.quarter == QUARTER
    assert list(stored.cubes) == list(counts)
    periods = [
        Period.parse(text) for text in ("2011-12 Q1", "2010-11 Q1", "2009-10", "Apr-11", "Jan-31", "May-10 to Jun-11")
    ]
    for name, before in counts.items():
        (area,) = before.areas
        row_ids = [row.row_id for row in before.classification.rows] + [PriorityOffences("farm-crime"), "no-such-row"]
        row_ids += [*before.selections[::7], QuestionOffences(1), RowOffences("all-crime", locus="Shed")]
        for row_id in row_ids:
            for period in periods:
                asked = {"area": area, "row_id": row_id, "period": period}
                assert answers(stored.cubes[name].offences, **asked) == answers(before.offences, **asked), (name, asked)


def test_the_counts_of_one_area_are_those_that_were_kept(counts, folder):
    cubes = stored_counts.load(folder).cubes
    assert set(cubes) == set(counts)
    for name, cube in cubes.items():
        before = counts[name]
        again = cube.of_area(before.areas[0])
        assert {cell: n for cell, n in again.cells.items() if n} == {cell: n for cell, n in before.cells.items() if n}
        assert (again.covered, again.selections, again.rows_missing) == (
            before.covered,
            before.selections,
            before.rows_missing,
        )
        assert (again.origin.source, again.origin.as_at) == (before.origin.source, before.origin.as_at)


TEXT = st.text(max_size=12)
FLAGS = st.none() | st.sampled_from(Flag)
ROW_KEYS = st.one_of(
    TEXT,
    st.sampled_from(['["row"]', '{"type": "farm"}', "farm", "farm//victims", "part/Barn/", "question/1"]),
    st.builds(PriorityOffences, TEXT),
    st.builds(FarmOffences, TEXT, TEXT),
    st.builds(FarmRepeats, st.sampled_from(("offences", "victims", "unnamed"))),
    st.builds(RowOffences, TEXT, locality=TEXT, locus=TEXT, flag=FLAGS),
    st.builds(QuestionOffences, st.integers(1, 10**6), FLAGS),
)


@pytest.mark.whole
@settings_of(max_examples=settings_of.default.max_examples // 2)
@given(kept=st.dictionaries(ROW_KEYS, st.integers(1, 10**6), min_size=1, max_size=20))
def test_what_a_count_is_of_is_read_as_it_was_kept(tmp_path, kept):
    month = Period(Month(2011, 4), Month(2011, 4))
    selections = tuple(key for key in kept if not isinstance(key, str))
    before = Counts(
        classification=offences.load("cadet-2011"),
        areas=("A",),
        covered={"A": frozenset({month, QUARTER})},
        cells={("A", key, period): count for key, count in kept.items() for period in (month, QUARTER)},
        selections=selections,
        origin=Origin(source="Drawn"),
    )
    stored_counts.save(tmp_path, {"drawn": before}, quarter=QUARTER)
    after = stored_counts.load(tmp_path).cubes["drawn"].of_area("A")
    assert (after.cells, after.selections) == (before.cells, selections)
    assert {type(key) for _, key, _ in after.cells} == {type(key) for key in kept}


def test_rows_of_incidents_and_of_the_partnership_are_kept_with_their_counts(tmp_path):
    own = Composite(row_id="both", name="Both", parts=("robbery", "arson"))
    beside = offences.with_incidents(offences.load("home-office-2026"), ["ASB", "Other incidents"])
    cells = {("A", row, QUARTER): 7 for row in ("anti-social-behaviour", "other-incidents", "robbery")}
    before = Counts(
        classification=beside,
        areas=("A",),
        covered={"A": frozenset({QUARTER})},
        cells=cells,
        origin=Origin(source="Made up"),
    ).with_composites([own], where="here")
    stored_counts.save(tmp_path, {"made up": before}, quarter=QUARTER)
    after = stored_counts.load(tmp_path).cubes["made up"].of_area("A")
    assert (after.classification, after.cells) == (before.classification, before.cells)


def test_no_two_kinds_of_what_is_selected_are_one_key():
    alike = [
        PriorityOffences("a"),
        FarmOffences("a"),
        RowOffences("a"),
        RowOffences(locality="a"),
        RowOffences(locus="a"),
        QuestionOffences(1),
        "a",
        "1",
    ]
    alike += [
        FarmOffences(locus="a"),
        QuestionOffences(1, Flag.DOMESTIC),
        RowOffences("a", flag=Flag.DOMESTIC),
        FarmRepeats("victims"),
    ]
    assert len({*alike}) == len(alike)


def test_no_row_of_an_extract_is_in_the_file(demo):
    content = stored_counts.place(demo.folder).read_bytes()
    extract = next((demo.folder / "data").glob("recorded-crime*.csv")).read_text(encoding="utf-8").splitlines()
    reference = extract[1].split(",")[0]
    assert len(reference) > 3
    assert reference.encode() not in content


def test_the_same_counts_give_the_same_bytes(counts, folder, tmp_path):
    first = stored_counts.place(folder).read_bytes()
    stored_counts.save(tmp_path / "again", counts, quarter=QUARTER)
    assert stored_counts.place(tmp_path / "again").read_bytes() == first


def test_nothing_stored_yet_says_what_to_do(tmp_path):
    with pytest.raises(FileError, match=r"(?s)No counts are stored yet.*counts\.parquet.*Refresh"):
        stored_counts.load(tmp_path)


def test_a_damaged_file_is_reported(folder):
    path = stored_counts.place(folder)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(FileError, match=r"(?s)damaged.*counts\.parquet.*Refresh the master again"):
        stored_counts.load(folder)


@pytest.mark.parametrize("metadata", ['{"version": 0}', '{"version": 3, "sources": [{"selections": ["farm"]}]}', ""])
def test_a_file_of_another_version_is_reported(folder, metadata):
    option = f", KV_METADATA {{cdrp_xl: '{metadata}'}}" if metadata else ""
    duckdb.execute(f"COPY (SELECT 1 AS x) TO '{stored_counts.place(folder)}' (FORMAT parquet{option})")
    with pytest.raises(FileError, match=r"(?s)another version.*counts\.parquet.*Refresh the master again"):
        stored_counts.load(folder)


def test_a_file_that_can_not_be_written_leaves_the_former_one(counts, folder, monkeypatch):
    def is_in_use(*_):
        raise PermissionError(13, "The file is in use")

    path = stored_counts.place(folder)
    before = path.read_bytes()
    there = sorted(path.parent.iterdir())
    monkeypatch.setattr(Path, "replace", is_in_use)
    with pytest.raises(CannotBeWrittenError, match=r"(?s)could not be written.*counts\.parquet"):
        stored_counts.save(folder, counts, quarter=QUARTER)
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == there


def test_a_folder_without_counts_of_any_source_is_empty_and_loads(tmp_path):
    stored_counts.save(tmp_path, {}, quarter=QUARTER)
    assert stored_counts.load(tmp_path).cubes == {}
