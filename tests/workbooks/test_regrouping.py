"""What moved of the most similar group's figures, and of totals of twelve months, is split, and the parts add up."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sums import unexplained

from cdrp_xl import settings
from cdrp_xl.measures.revision import Cause, value
from cdrp_xl.periods import Period
from cdrp_xl.report import revisions
from cdrp_xl.report.data import GROUP
from cdrp_xl.workbooks import kept, recounting, regrouping
from cdrp_xl.workbooks.gathering import gather

TODAY = dt.date(2024, 8, 1)
QUARTER = Period.parse("2023-24 Q4")
ROW = "burglary-dwelling"
SETTINGS = """
[partnership]
name = "A partnership"
area = "Northtown"
[report]
classification = "cadet-2011"
[sources.recorded_crime]
files = ["extract.csv"]
[sources.recorded_crime.headings]
offence_reference = "Reference"
date_recorded = "Recorded"
offence = "Code"
area = "District"
[sources.iquanta]
files = ["group*.csv"]
[sources.iquanta.headings]
area = "{area}"
period = "Period"
offence = "Offence"
offences = "Offences"
households = "Households"
[group]
source = "iquanta"
effective = 2024-04-01
members = [{members}]
"""
MEMBERS = ("Northtown", "Area A", "Area B", "Area C")
QUARTERS = ("2023-24 Q3", "2023-24 Q4")
BEFORE = {(area, quarter): 20 + len(area) + at for at, quarter in enumerate(QUARTERS) for area in MEMBERS}


def put(folder, figures, *, members=MEMBERS, area="Area", burglaries=3):
    """Write the settings, the group's figures and the extract of a folder: so many burglaries in each of 24 months."""
    names = ", ".join(f'"{each}"' for each in members)
    (folder / "partnership.toml").write_text(SETTINGS.format(members=names, area=area), encoding="utf-8")
    lines = [f"{area},Period,Offence,Offences,Households"]
    lines += [f"{of},{quarter},Burglary Dwelling,{count},20000" for (of, quarter), count in figures.items()]
    (folder / "group.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    months = [(year, month) for year in (2022, 2023, 2024) for month in range(1, 13)][3:27]
    rows = [
        f"R{year}{month}{number},01/{month:02d}/{year},28A,Northtown"
        for year, month in months
        for number in range(burglaries + (month == 2 and burglaries > 3))
    ]
    (folder / "extract.csv").write_text("\n".join(["Reference,Recorded,Code,District", *rows]) + "\n", encoding="utf-8")


def counted(folder):
    own = settings.read(folder)
    return own, gather(own, folder, today=TODAY, progress=str)


def keep(folder):
    own, data = counted(folder)
    kept.keep(folder, data.to_keep, kept.state_of(folder, own, data, today=TODAY), quarter=QUARTER)


def moved(folder):
    """Return what moved of the group since what was kept last, each cell compared with the two counts themselves."""
    own, data = counted(folder)
    former = kept.before(folder, data.to_keep)
    (found,) = regrouping.since(former, own, data, folder=folder)
    was, now = former.counts[GROUP], data.group.counts
    by_cell = {(each.area, each.row, each.period): each for each in found.moved}
    keys = {*was.cells, *now.cells}
    assert len(keys) > 1
    for area, row, period in keys:
        before, after = (cell(counts, area, row, period) for counts in (was, now))
        is_same = (before or 0) == (after or 0)
        assert is_same == ((area, row, period) not in by_cell)
        assert is_same or (by_cell[area, row, period].was, by_cell[area, row, period].now) == (before, after)
    assert [unexplained(each) for each in found.moved] == [0] * len(found.moved)
    return found


def cell(counts, area, row, period):
    alone = replace(counts, areas=(area,), covered={area: counts.covered.get(area, frozenset())})
    return value(alone, row, period)


def parts(found):
    return {(each.area, each.period.name): dict(each.parts) for each in found.moved}


def test_a_figure_that_the_new_file_has_otherwise_is_revised(tmp_path):
    put(tmp_path, BEFORE)
    keep(tmp_path)
    put(tmp_path, BEFORE | {("Area A", "2023-24 Q3"): 31})
    assert parts(moved(tmp_path)) == {("Area A", "2023-24 Q3"): {Cause.REVISED: 31 - BEFORE["Area A", "2023-24 Q3"]}}


def test_a_quarter_that_was_not_there_is_new_data(tmp_path):
    put(tmp_path, BEFORE)
    keep(tmp_path)
    put(tmp_path, BEFORE | {(area, "2024-25 Q1"): 5 for area in MEMBERS})
    assert parts(moved(tmp_path)) == {(area, "2024-25 Q1"): {Cause.NEW_DATA: 5} for area in MEMBERS}


def test_a_member_that_joins_or_leaves_is_a_corrected_setting(tmp_path):
    put(tmp_path, BEFORE, members=MEMBERS[:3])
    keep(tmp_path)
    put(tmp_path, BEFORE, members=(*MEMBERS[:2], MEMBERS[3]))
    found = moved(tmp_path)
    assert {(area, *each) for (area, _), each in parts(found).items()} == {
        ("Area B", Cause.SETTINGS),
        ("Area C", Cause.SETTINGS),
    }
    assert {(each.area, each.was is None, each.now is None) for each in found.moved} == {
        ("Area B", False, True),
        ("Area C", True, False),
    }


def test_causes_that_come_together_are_told_apart(tmp_path):
    put(tmp_path, BEFORE, members=MEMBERS[:3])
    keep(tmp_path)
    figures = BEFORE | {("Area A", "2023-24 Q4"): 12} | {(area, "2024-25 Q1"): 6 for area in MEMBERS}
    put(tmp_path, figures, members=MEMBERS)
    assert parts(moved(tmp_path)) == {
        ("Area A", "2023-24 Q4"): {Cause.REVISED: 12 - BEFORE["Area A", "2023-24 Q4"]},
        **{(area, "2024-25 Q1"): {Cause.NEW_DATA: 6} for area in MEMBERS[:3]},
        **{("Area C", quarter): {Cause.SETTINGS: figures["Area C", quarter]} for quarter in (*QUARTERS, "2024-25 Q1")},
    }


def test_files_that_the_settings_of_then_can_not_read_are_not_separated_and_it_is_said(tmp_path):
    put(tmp_path, BEFORE)
    keep(tmp_path)
    put(tmp_path, BEFORE | {("Area B", "2023-24 Q4"): 77}, area="District")
    found = moved(tmp_path)
    assert parts(found) == {("Area B", "2023-24 Q4"): {Cause.NOT_SEPARATED: 77 - BEFORE["Area B", "2023-24 Q4"]}}
    assert [remark for remark in found.remarks if "can't be counted as it was then" in remark] != []


def test_counts_without_the_group_s_are_said_to_lack_them(tmp_path):
    put(tmp_path, BEFORE)
    own, data = counted(tmp_path)
    kept.keep(tmp_path, data.counts, kept.state_of(tmp_path, own, data, today=TODAY), quarter=QUARTER)
    (found,) = regrouping.since(kept.load(tmp_path, 1), own, data, folder=tmp_path)
    assert found.moved == ()
    assert "did not keep the figures of the most similar group" in found.remarks[0]


@pytest.fixture
def built(tmp_path):
    put(tmp_path, BEFORE)
    keep(tmp_path)
    put(tmp_path, BEFORE | {("Area A", "2023-24 Q3"): 31}, burglaries=4)
    own, data = counted(tmp_path)
    former = kept.before(tmp_path, data.to_keep)
    found = recounting.since(former, own, data, folder=tmp_path, today=TODAY)
    of_group = regrouping.since(former, own, data, folder=tmp_path)
    return revisions.build((*found, *of_group), own, day=former.state.day, quarter=former.quarter)


def test_a_total_of_twelve_months_has_the_parts_of_its_months_together(built):
    totals = [each for each in built.lines if each.row == "Burglary Dwelling" and each.period.endswith("Mar-24")]
    year = next(each for each in totals if each.period.startswith("Apr-23"))
    months = [each for each in built.lines if each.row == "Burglary Dwelling" and each.period.endswith(("-23", "-24"))]
    of_year = [each for each in months if " to " not in each.period][-12:]
    assert len(of_year) == 12
    assert (year.was, year.now, year.change) == (36, 49, 13)
    assert year.parts == tuple(map(sum, zip(*(each.parts for each in of_year), strict=True)))


def test_members_are_named_beside_their_row(built):
    assert [(each.row, each.was, each.now) for each in built.lines if "Area A" in each.row] == [
        ("Burglary Dwelling, Area A", BEFORE["Area A", "2023-24 Q3"], 31)
    ]
    assert "iQuanta: figures of the group's members that were counted before and moved: 1." in built.intro
