from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from cdrp_xl import settings
from cdrp_xl.errors import CannotBeWrittenError, CdrpError, FileError
from cdrp_xl.periods import Period
from cdrp_xl.sources import stored_counts
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


def told(offences, **asked):
    """Return a count, or why there is none."""
    try:
        return offences(**asked)
    except CdrpError as refused:
        return refused.what


def test_every_figure_and_every_refusal_is_as_before(counts, folder):
    stored = stored_counts.load(folder)
    assert stored.quarter == QUARTER
    assert list(stored.cubes) == list(counts)
    periods = [
        Period.parse(text) for text in ("2011-12 Q1", "2010-11 Q1", "2009-10", "Apr-11", "Jan-31", "May-10 to Jun-11")
    ]
    for name, before in counts.items():
        (area,) = before.areas
        row_ids = [row.row_id for row in before.classification.rows] + ["priority/farm-crime", "no-such-row"]
        for row_id in row_ids:
            for period in periods:
                asked = {"area": area, "row_id": row_id, "period": period}
                assert told(stored.cubes[name].offences, **asked) == told(before.offences, **asked), (name, asked)


def test_the_counts_of_one_area_are_those_that_were_kept(counts, folder):
    for name, cube in stored_counts.load(folder).cubes.items():
        before = counts[name]
        again = cube.of_area(before.areas[0])
        assert {cell: n for cell, n in again.cells.items() if n} == {cell: n for cell, n in before.cells.items() if n}
        assert (again.covered, again.selections, again.rows_missing) == (
            before.covered,
            before.selections,
            before.rows_missing,
        )
        assert (again.origin.source, again.origin.as_at) == (before.origin.source, before.origin.as_at)


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


def test_a_damaged_file_is_told(folder):
    path = stored_counts.place(folder)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(FileError, match=r"(?s)damaged.*counts\.parquet.*Refresh the master again"):
        stored_counts.load(folder)


@pytest.mark.parametrize("metadata", ['{"version": 0}', ""])
def test_a_file_of_another_version_is_told(folder, metadata):
    option = f", KV_METADATA {{cdrp_xl: '{metadata}'}}" if metadata else ""
    duckdb.execute(f"COPY (SELECT 1 AS x) TO '{stored_counts.place(folder)}' (FORMAT parquet{option})")
    with pytest.raises(FileError, match=r"(?s)another version.*counts\.parquet.*Refresh the master again"):
        stored_counts.load(folder)


def test_a_file_that_can_not_be_written_leaves_the_former_one(counts, folder):
    path = stored_counts.place(folder)
    before = path.read_bytes()
    path.with_name(f"{path.name}.tmp").mkdir()
    with pytest.raises(CannotBeWrittenError, match=r"(?s)could not be written.*counts\.parquet"):
        stored_counts.save(folder, counts, quarter=QUARTER)
    assert path.read_bytes() == before


def test_a_folder_without_counts_of_any_source_is_empty_and_loads(tmp_path):
    stored_counts.save(tmp_path, {}, quarter=QUARTER)
    assert stored_counts.load(tmp_path).cubes == {}
