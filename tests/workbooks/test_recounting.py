"""What moved between two refreshes is split by what changed, and the parts add up in every cell."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import Counter
from dataclasses import replace

import pytest
from sums import unexplained

from cdrp_xl import settings
from cdrp_xl.measures.revision import Cause, value
from cdrp_xl.periods import Period
from cdrp_xl.workbooks import certificate, kept, recounting
from cdrp_xl.workbooks.gathering import gather

TODAY = dt.date(2024, 8, 1)
QUARTER = Period.parse("2024-25 Q1")
SETTINGS = """
[partnership]
name = "A partnership"
area = "{area}"
[report]
classification = "{classification}"
[sources.recorded_crime]
files = ["extract*.csv"]
{more}
[sources.recorded_crime.headings]
offence_reference = "Reference"
date_recorded = "{recorded}"
offence = "Code"
area = "District"
locus_type = "Locus"
[sources.recorded_crime.offence_codes]
{codes}
[[priorities]]
id = "farms"
title = "Farms"
objective = "Fewer"
deadline = "2025-26"
measure = {{ locus_types = ["{locus}"] }}
baseline = {{ year = "2022-23" }}
"""
AS_BEFORE = {
    "area": "Northtown",
    "classification": "home-office-2013",
    "more": "",
    "recorded": "Recorded",
    "codes": '"X1" = "28A"',
    "locus": "Farm",
}
ROW = "total-recorded-crime"


def rows(first, last, *, area="Northtown", seed=0, count=40):
    """Return that many rows, spread over some months of 2024."""
    draw = random.Random(f"{seed} {area} {first}")  # noqa: S311 - rows are made up, and the same each time
    return [
        (
            f"R{seed}-{area}-{first}-{number}",
            dt.date(2024, draw.randint(first, last), draw.randint(1, 28)),
            dt.date(2024, draw.randint(first, last), draw.randint(1, 28)),
            draw.choice(["28A", "28A", "30A", "8N", "45", "46", "X1"]),
            area,
            draw.choice(["Farm", "Street", "Shop"]),
        )
        for number in range(count)
    ]


def put(folder, extract, **changed):
    """Write the settings and the extract of a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "partnership.toml").write_text(SETTINGS.format(**AS_BEFORE | changed), encoding="utf-8")
    lines = ["Reference,Committed,Recorded,Code,District,Locus"]
    lines += [
        f"{ref},{one:%d/%m/%Y},{two:%d/%m/%Y},{code},{area},{locus}" for ref, one, two, code, area, locus in extract
    ]
    (folder / "extract.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def counted(folder):
    own = settings.read(folder)
    return own, gather(own, folder, today=TODAY, progress=str)


def keep(folder):
    own, data = counted(folder)
    kept.keep(folder, data.counts, kept.state_of(folder, own, data, today=TODAY), quarter=QUARTER)
    return data


def moved(folder):
    """Return what moved since what was kept last, of the one source."""
    own, data = counted(folder)
    former = kept.before(folder, data.counts)
    (found,) = recounting.since(former, own, data, folder=folder, today=TODAY)
    check_every_cell(found, former, data)
    return found


def check_every_cell(found, former, data):
    """Hold what moved against the two counts themselves: every difference is there, and its parts add up."""
    was, now = former.counts["recorded_crime"], data.counts["recorded_crime"]
    by_cell = {(each.row, each.period): each for each in found.moved}
    keys = {(row, period) for counts in (was, now) for _, row, period in counts.cells}
    assert keys
    for row, period in keys:
        earlier, later = value(was, row, period), value(now, row, period)
        each = by_cell.get((row, period))
        assert (earlier or 0) == (later or 0) or each is not None
        if each:
            assert (each.was, each.now, unexplained(each)) == (earlier, later, 0)


def parts_of(found, row=ROW):
    total = Counter()
    for each in found.moved:
        if each.row == row:
            total.update(each.parts)
    return {cause: part for cause, part in total.items() if part}


BASE = [*rows(1, 3), *rows(1, 3, area="Elsewhere")]


def test_nothing_moved_where_nothing_changed(tmp_path):
    put(tmp_path, BASE)
    keep(tmp_path)
    _, data = counted(tmp_path)
    assert kept.before(tmp_path, data.counts) is None
    assert kept.numbers(tmp_path) == [1]


def test_months_that_were_not_there_before_are_new_data(tmp_path):
    put(tmp_path, BASE)
    keep(tmp_path)
    put(tmp_path, [*BASE, *rows(4, 6, count=30)])
    assert parts_of(moved(tmp_path)) == {Cause.NEW_DATA: 30}


def test_rows_that_came_late_or_were_taken_back_are_revised_figures(tmp_path):
    put(tmp_path, BASE)
    keep(tmp_path)
    put(tmp_path, [*BASE[5:], *rows(1, 3, seed=2, count=7)])
    assert parts_of(moved(tmp_path)) == {Cause.REVISED: 2}


def test_months_that_are_gone_are_revised_figures(tmp_path):
    put(tmp_path, [*BASE, *rows(4, 4, count=9)])
    keep(tmp_path)
    put(tmp_path, BASE)
    assert parts_of(moved(tmp_path)) == {Cause.REVISED: -9}


def test_another_classification_is_a_changed_definition(tmp_path):
    put(tmp_path, BASE)
    keep(tmp_path)
    put(tmp_path, BASE, classification="home-office-2026")
    found = moved(tmp_path)
    assert {cause for each in found.moved for cause in each.parts} == {Cause.DEFINITION}


def test_another_spelling_of_the_area_is_a_changed_boundary(tmp_path):
    put(tmp_path, [*BASE, *rows(1, 3, area="North Town", count=11)])
    keep(tmp_path)
    put(tmp_path, [*BASE, *rows(1, 3, area="North Town", count=11)], more='area_spellings = ["North Town"]')
    assert parts_of(moved(tmp_path)) == {Cause.BOUNDARY: 11}


MERGED = [row for area in ("Allerdale", "Carlisle", "Copeland") for row in rows(1, 3, area=area, count=20)]


def test_a_district_that_became_part_of_a_larger_one_is_a_changed_boundary(tmp_path):
    put(tmp_path, MERGED, area="Allerdale")
    keep(tmp_path)
    late = rows(2, 2, area="Allerdale", seed=5, count=3)
    put(tmp_path, [*MERGED, *late, *rows(4, 6, area="Cumberland", count=15)], area="Cumberland")
    assert parts_of(moved(tmp_path)) == {Cause.BOUNDARY: 40, Cause.REVISED: 3, Cause.NEW_DATA: 15}


def test_a_former_district_that_no_file_names_any_longer_is_said_to_be_one(tmp_path):
    put(tmp_path, MERGED, area="Allerdale")
    keep(tmp_path)
    put(tmp_path, [(*row[:4], "Cumberland", row[5]) for row in MERGED], area="Cumberland")
    found = moved(tmp_path)
    assert parts_of(found) == {Cause.BOUNDARY: 40}
    (said,) = found.remarks
    assert said.startswith("No file has separate rows for Allerdale any more. If its earlier figures were revised too")


def test_a_district_under_its_successors_settings_is_counted_with_its_neighbours_all_along(tmp_path):
    put(tmp_path, MERGED, area="Cumberland")
    keep(tmp_path)
    put(tmp_path, [(*row[:4], "Cumberland", row[5]) for row in MERGED[3:]], area="Cumberland")
    assert parts_of(moved(tmp_path)) == {Cause.REVISED: -3}


@pytest.mark.parametrize(
    "changed",
    [
        {"codes": '"X1" = "45"'},
        {"more": 'not_counted = ["8N"]'},
        {"recorded": "Committed"},
        {"locus": "Street"},
    ],
)
def test_settings_that_were_corrected_are_said_to_be(tmp_path, changed):
    put(tmp_path, BASE)
    keep(tmp_path)
    put(tmp_path, BASE, **changed)
    found = moved(tmp_path)
    assert {cause for each in found.moved for cause in each.parts} == {Cause.SETTINGS}


def test_a_line_for_an_offence_that_the_earlier_extract_did_not_have_goes_with_the_data(tmp_path):
    put(tmp_path, BASE)
    keep(tmp_path)
    late = [("L1", dt.date(2024, 2, 1), dt.date(2024, 2, 2), "Y9", "Northtown", "Shop")]
    put(tmp_path, [*BASE, *late], codes='"X1" = "28A"\n"Y9" = "45"')
    assert parts_of(moved(tmp_path)) == {Cause.REVISED: 1}


def test_headings_that_the_new_files_have_go_with_the_data(tmp_path):
    put(tmp_path, BASE)
    keep(tmp_path)
    put(tmp_path, BASE[1:], recorded="Entered")
    file = tmp_path / "extract.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Recorded", "Entered", 1), encoding="utf-8")
    assert parts_of(moved(tmp_path)) == {Cause.REVISED: -1}


def test_a_partnership_of_several_areas_is_counted_again_as_the_sum_of_its_areas(tmp_path):
    put(tmp_path, MERGED, area="Allerdale")
    file = tmp_path / "partnership.toml"
    joined = file.read_text(encoding="utf-8").replace('area = "Allerdale"', 'area = ["Allerdale", "Carlisle"]', 1)
    file.write_text(joined, encoding="utf-8")
    keep(tmp_path)
    put(tmp_path, MERGED[2:], area="Allerdale")
    wider = joined.replace('"Carlisle"]', '"Carlisle", "Copeland"]').replace('"X1" = "28A"', '"X1" = "45"')
    file.write_text(wider, encoding="utf-8")
    assert parts_of(moved(tmp_path)) == {Cause.REVISED: -2, Cause.BOUNDARY: 20}


def test_a_row_of_the_partnerships_own_is_counted_again_as_it_was_put_together(tmp_path):
    own = '\n[[composites]]\nid = "own"\nname = "Our row"\nrows = ["{}"]\n'
    put(tmp_path, BASE)
    file = tmp_path / "partnership.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + own.format('arson", "robbery'), encoding="utf-8")
    keep(tmp_path)
    put(tmp_path, BASE[3:])
    file.write_text(text + own.format('shoplifting", "robbery'), encoding="utf-8")
    found = moved(tmp_path)
    assert set(parts_of(found, "own")) <= {Cause.REVISED, Cause.SETTINGS}
    assert Cause.SETTINGS in parts_of(found, "own")


CHANGES = {
    Cause.NEW_DATA: {"rows": rows(4, 6, count=12)},
    Cause.REVISED: {"rows": rows(1, 3, seed=8, count=6)},
    Cause.DEFINITION: {"classification": "home-office-2026"},
    Cause.BOUNDARY: {"more": 'area_spellings = ["Elsewhere"]'},
    Cause.SETTINGS: {"codes": '"X1" = "45"', "locus": "Shop"},
}


@pytest.mark.parametrize("mixed", [each for n in (2, 3, 5) for each in itertools.combinations(CHANGES, n)])
def test_every_mixture_of_causes_leaves_no_residual(tmp_path, mixed):
    put(tmp_path, BASE)
    keep(tmp_path)
    extract, changed = [*BASE], {}
    for cause in mixed:
        extract += CHANGES[cause].get("rows", [])
        changed |= {key: each for key, each in CHANGES[cause].items() if key != "rows"}
    put(tmp_path, extract, **changed)
    found = moved(tmp_path)
    seen = {cause for each in found.moved for cause in each.parts}
    assert seen == set(mixed)
    if Cause.REVISED in mixed:
        assert parts_of(found)[Cause.REVISED] == 6


def test_another_version_of_the_definitions_is_said_where_it_can_not_be_counted_by(tmp_path, monkeypatch):
    put(tmp_path, BASE)
    keep(tmp_path)
    monkeypatch.setattr(certificate, "definition", lambda _: "0" * 64)
    put(tmp_path, BASE[4:])
    found = moved(tmp_path)
    assert parts_of(found) == {Cause.NOT_SEPARATED: -4}
    assert "can't be separated" in found.remarks[0]


def test_the_same_files_counted_otherwise_by_another_version_are_a_changed_definition(tmp_path, monkeypatch):
    put(tmp_path, BASE)
    own, data = counted(tmp_path)
    state = kept.state_of(tmp_path, own, data, today=TODAY)
    counts = data.counts["recorded_crime"]
    cell = next(each for each in counts.cells if each[1] == ROW)
    other = replace(counts, cells=dict(counts.cells) | {cell: counts.cells[cell] + 2})
    kept.keep(tmp_path, {"recorded_crime": other}, state, quarter=QUARTER)
    monkeypatch.setattr(certificate, "software", lambda: "cdrp-xl 9")
    found = moved(tmp_path)
    assert parts_of(found) == {Cause.DEFINITION: -2}
    assert found.remarks[-1].endswith("this one by cdrp-xl 9.")


def test_a_source_that_is_new_or_gone_is_reported(tmp_path):
    put(tmp_path, BASE)
    keep(tmp_path)
    own, data = counted(tmp_path)
    former = kept.load(tmp_path, 1)
    (new,) = recounting.since(replace(former, counts={}), own, data, folder=tmp_path, today=TODAY)
    assert {cause for each in new.moved for cause in each.parts} == {Cause.NEW_DATA}
    (gone,) = recounting.since(former, own, replace(data, counts={}), folder=tmp_path, today=TODAY)
    assert parts_of(gone) == {Cause.SETTINGS: -40}
    assert not any(unexplained(each) for each in (*new.moved, *gone.moved))


STREET = """
[partnership]
name = "A"
area = "{area}"
[sources.police_uk]
path = "street"
"""
HEADINGS = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type"
HEADINGS += ",Last outcome category,Context"


def street(folder, area, months):
    """Write street-level files: by month, offences by the district of their LSOA."""
    (folder / "street").mkdir(exist_ok=True)
    (folder / "partnership.toml").write_text(STREET.format(area=area), encoding="utf-8")
    for month, districts in months.items():
        lines = [HEADINGS]
        for district, count in districts.items():
            lines += [
                f"{month}{district}{number},{month},Cumbria Constabulary,Cumbria Constabulary,,,On or near,E01,"
                f"{district} 001A,Burglary,,"
                for number in range(count)
            ]
        (folder / "street" / f"{month}-cumbria-street.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_street_level_rows_of_a_district_that_was_merged_are_a_changed_boundary(tmp_path):
    before = {"Allerdale": 5, "Carlisle": 7, "Copeland": 9}
    street(tmp_path, "Allerdale", {"2023-02": before, "2023-03": before})
    keep(tmp_path)
    street(tmp_path, "Allerdale", {"2023-03": before | {"Allerdale": 6}, "2023-04": {"Cumberland": 20}})
    own, data = counted(tmp_path)
    assert data.counted_as == {"Allerdale": "Cumberland"}
    (found,) = recounting.since(kept.load(tmp_path, 1), own, data, folder=tmp_path, today=TODAY)
    assert not any(unexplained(each) for each in found.moved)
    assert parts_of(found, "all-crime") == {Cause.BOUNDARY: 32, Cause.REVISED: 1, Cause.NEW_DATA: 20}


@pytest.mark.whole
def test_the_two_vintages_of_a_force_leave_no_residual(tmp_path, shared_data):
    files = shared_data / "police_uk"
    for vintage in ("cambridgeshire_vintage_2024Q1", "cambridgeshire"):
        (tmp_path / "partnership.toml").write_text(
            STREET.format(area="South Cambridgeshire").replace('"street"', f'"{(files / vintage).as_posix()}"'),
            encoding="utf-8",
        )
        own, data = counted(tmp_path)
        if vintage != "cambridgeshire":
            keep(tmp_path)
    (found,) = recounting.since(kept.load(tmp_path, 1), own, data, folder=tmp_path, today=TODAY)
    assert found.moved
    assert not any(unexplained(each) for each in found.moved)
    assert {cause for each in found.moved for cause in each.parts} == {Cause.NEW_DATA}
    assert parts_of(found, "burglary")[Cause.NEW_DATA] > 0
