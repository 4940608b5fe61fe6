"""data.police.uk: small files made here for every rule, and the real ones against an independent count."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import shutil
import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdrp_xl import geography, offences
from cdrp_xl import settings as partnership_settings
from cdrp_xl.errors import CannotBeComputedError, CdrpError, FileError, ValueFoundError
from cdrp_xl.periods import Month, Period, quarter
from cdrp_xl.sources import police_uk, recorded_crime
from cdrp_xl.sources.known_files import KnownFiles
from cdrp_xl.sources.police_uk import PoliceUkSettings
from cdrp_xl.sources.publisher import Asked
from cdrp_xl.sources.recorded_crime import RecordedCrimeHeadings, RecordedCrimeSettings

AREA = "South Cambridgeshire"
HEADINGS = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
)
ROW = {
    "Crime ID": "a1",
    "Month": "2024-04",
    "Reported by": "Cambridgeshire Constabulary",
    "Falls within": "Cambridgeshire Constabulary",
    "Longitude": "0.1",
    "Latitude": "52.2",
    "Location": "On or near Barnes Close",
    "LSOA code": "E01018225",
    "LSOA name": "South Cambridgeshire 001A",
    "Crime type": "Burglary",
    "Last outcome category": "Under investigation",
    "Context": "",
}
NO_ID = {"Crime ID": ""}


def _text(rows, headings=HEADINGS, between=","):
    text = io.StringIO()
    writer = csv.DictWriter(text, headings, delimiter=between)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _rows(*rows, month="2024-04"):
    """Rows as a street-level file has them; each has an ID of its own, and what is given differs."""
    return [{**ROW, "Crime ID": f"{month}-{number}", "Month": month, **row} for number, row in enumerate(rows)]


def _put(folder, *rows, month="2024-04", force="cambridgeshire", under=None, **more):
    file = folder / (under or month) / f"{month}-{force}-street.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_text(_rows(*rows, month=month), **more).encode())
    return file


def _read(folder, areas=(AREA,), path=".", **more):
    return police_uk.read(PoliceUkSettings(path=path, **more), folder=folder, areas=areas)


def _count(counts, row_id, *, area=AREA, month="2024-04"):
    month = Month.parse(month)
    return counts.offences(area=area, row_id=row_id, period=Period(month, month))


def _zipped(folder, archive):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(folder.rglob("*.csv")):
            packed.write(file, file.relative_to(folder))
    return archive


def _refused(folder, **more):
    with pytest.raises(CdrpError, match=r"^.+\nWhere: .+\nWhat to do: .+$") as refused:
        _read(folder, **more)
    return str(refused.value)


def test_rows_are_counted_by_category_and_month(tmp_path):
    _put(tmp_path, {}, {"Crime type": "Robbery"}, {"Crime type": "Anti-social behaviour", **NO_ID})
    _put(tmp_path, {}, {}, month="2024-05")
    counts = _read(tmp_path)
    assert (_count(counts, "burglary"), _count(counts, "robbery"), _count(counts, "drugs")) == (1, 1, 0)
    assert _count(counts, "anti-social-behaviour") == 1
    assert _count(counts, "all-crime") == 2
    assert _count(counts, "burglary", month="2024-05") == 2
    assert counts.coverage == "Apr-24 to May-24"


def test_where_the_figures_come_from_is_reported(tmp_path):
    _put(tmp_path, {})
    origin = _read(tmp_path).origin
    assert origin.source == "data.police.uk street-level crime"
    assert origin.publisher.endswith("(Open Government Licence v3.0)")
    assert (origin.files, origin.rows_read) == (("2024-04-cambridgeshire-street.csv",), 1)
    assert (dict(origin.left_out), origin.remarks) == ({}, ())


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("South Cambridgeshire 001A", "South Cambridgeshire"),
        ("Bath and North East Somerset 024B", "Bath and North East Somerset"),
        ("Stoke-on-Trent 031F", "Stoke-on-Trent"),
        ("King's Lynn and West Norfolk 003B", "King's Lynn and West Norfolk"),
        ("Bristol, City of 054D", "Bristol, City of"),
        (" Fenland 002C ", "Fenland"),
    ],
)
def test_an_area_is_the_name_of_the_lsoa_less_its_last_word(tmp_path, name, area):
    _put(tmp_path, {"LSOA name": name}, force=geography.force_of(area).force_id)
    assert _count(_read(tmp_path, areas=(area,)), "burglary", area=area) == 1
    assert _read(tmp_path, areas=None).areas == (area,)


def test_rows_are_placed_by_lsoa_and_not_by_force(tmp_path):
    _put(tmp_path, {}, {"LSOA name": "Bedford 001A"})
    _put(tmp_path, {}, {"LSOA name": "Bedford 001A"}, {"LSOA name": "Bedford 001A"}, force="bedfordshire")
    counts = _read(tmp_path)
    assert _count(counts, "burglary") == 2
    assert dict(counts.origin.left_out) == {"in other areas": 3}


def test_rows_without_an_lsoa_are_left_out_and_counted(tmp_path):
    _put(tmp_path, {}, {"LSOA code": "", "LSOA name": ""}, {"LSOA code": "", "LSOA name": ""})
    counts = _read(tmp_path)
    assert _count(counts, "burglary") == 1
    assert dict(counts.origin.left_out) == {"no LSOA, so no area": 2}


def test_areas_may_be_taken_from_a_list_of_lsoas(tmp_path):
    (tmp_path / "lsoas.csv").write_text("Area,LSOA code\nThe North, E01018225 \nThe South,E2\n,E3\n", encoding="utf-8")
    _put(tmp_path, {}, {"LSOA code": "E2"}, {"LSOA code": "E3"}, {"LSOA code": "E9"}, {"LSOA code": ""})
    counts = _read(tmp_path, areas=None, areas_file="lsoas.csv")
    assert counts.areas == ("The North", "The South")
    assert _count(counts, "burglary", area="The North") == 1
    assert dict(counts.origin.left_out) == {"no LSOA, so no area": 1, "in other areas": 2}


def test_a_list_in_which_an_lsoa_lies_in_two_areas_is_refused(tmp_path):
    text = "LSOA code,Area\nE01018225,North\nE01018225,North\nE01018225,South\n"
    (tmp_path / "lsoas.csv").write_text(text, encoding="utf-8")
    _put(tmp_path, {})
    assert _refused(tmp_path, areas_file="lsoas.csv") == (
        '"E01018225" lies in two areas.\nWhere: lsoas.csv, heading "LSOA code"\nWhat to do: Keep one row for each LSOA.'
    )


def test_a_list_of_lsoas_without_its_headings_is_refused(tmp_path):
    (tmp_path / "lsoas.csv").write_text("LSOA,Area\nE1,North\n", encoding="utf-8")
    _put(tmp_path, {})
    assert _refused(tmp_path, areas_file="lsoas.csv") == (
        'There is no heading "LSOA code" (for the LSOA code).\n'
        "Where: lsoas.csv, row 1\n"
        'What to do: The headings are "LSOA", "Area": the list of LSOAs needs "LSOA code" and "Area".'
    )


def test_rows_without_an_id_are_never_taken_for_repeats(tmp_path):
    _put(tmp_path, *[{**NO_ID, "Crime type": "Anti-social behaviour"}] * 3, *[NO_ID] * 2)
    counts = _read(tmp_path)
    assert (_count(counts, "anti-social-behaviour"), _count(counts, "burglary")) == (3, 2)
    assert dict(counts.origin.left_out) == {}


def test_rows_without_an_id_are_not_taken_for_repeats_beside_some_that_are(tmp_path):
    _put(tmp_path, *[NO_ID] * 3, {"Crime ID": "same"}, {"Crime ID": "same"})
    assert _count(_read(tmp_path), "burglary") == 4


def test_rows_with_an_id_and_alike_in_every_column_are_counted_once(tmp_path):
    same = {"Crime ID": "same"}
    _put(tmp_path, same, same, same, {})
    counts = _read(tmp_path)
    assert _count(counts, "burglary") == _count(counts, "all-crime") == 2
    assert dict(counts.origin.left_out) == {"alike in every column, counted once": 2}
    assert counts.origin.rows_read == 4


@pytest.mark.parametrize("heading", [name for name in HEADINGS if name not in {"Crime ID", "Month", "LSOA name"}])
def test_rows_with_one_id_that_differ_in_any_column_are_counted_each(tmp_path, heading):
    other = "Robbery" if heading == "Crime type" else "other"
    _put(tmp_path, {"Crime ID": "same"}, {"Crime ID": "same", heading: other})
    assert _count(_read(tmp_path), "all-crime") == 2


def test_rows_alike_in_two_forces_files_are_counted_each(tmp_path):
    _put(tmp_path, {"Crime ID": "same"})
    _put(tmp_path, {"Crime ID": "same"}, force="bedfordshire")
    assert _count(_read(tmp_path), "burglary") == 2


def test_repeats_in_other_areas_are_no_matter(tmp_path):
    elsewhere = {"Crime ID": "same", "LSOA name": "Bedford 001A"}
    _put(tmp_path, {}, elsewhere, elsewhere)
    assert dict(_read(tmp_path).origin.left_out) == {"in other areas": 2}


def test_a_month_missing_inside_a_period_is_named_in_the_error_and_in_a_remark(tmp_path):
    _put(tmp_path, {}, month="2024-04")
    _put(tmp_path, {}, month="2024-06")
    counts = _read(tmp_path)
    assert counts.origin.remarks == ("There is no file of cambridgeshire for May-24.",)
    with pytest.raises(CannotBeComputedError, match="May-24") as refused:
        counts.offences(area=AREA, row_id="burglary", period=quarter(2024, 1))
    assert str(refused.value) == (
        "Apr-24 to Jun-24 can't be counted: South Cambridgeshire has no complete figures for May-24.\n"
        "Where: data.police.uk street-level crime, which covers Apr-24, Jun-24 (May-24 is missing)\n"
        "What to do: Add the files for these months, or choose a period that the data cover."
    )


def test_a_month_that_only_a_lesser_force_lacks_is_covered_and_remarked_on(tmp_path):
    for month in ("2024-04", "2024-05", "2024-06", "2024-07"):
        _put(tmp_path, {}, {}, month=month)
    _put(tmp_path, {}, month="2024-04", force="btp")
    _put(tmp_path, {}, month="2024-07", force="btp")
    counts = _read(tmp_path)
    assert counts.covers(quarter(2024, 1), area=AREA)
    assert counts.origin.remarks == ("There is no file of btp for May-24 to Jun-24.",)


def test_a_month_that_the_main_force_lacks_is_not_covered_by_another_that_has_it(tmp_path):
    _put(tmp_path, {}, {}, {}, month="2024-04")
    _put(tmp_path, {}, month="2024-04", force="btp")
    _put(tmp_path, {}, month="2024-05", force="btp")
    counts = _read(tmp_path)
    assert [str(month) for month in counts.months(AREA)] == ["Apr-24"]
    assert counts.origin.remarks == ("There is no file of cambridgeshire for May-24.",)


def test_of_several_areas_each_must_have_its_own_main_force(tmp_path):
    for month in ("2024-04", "2024-05"):
        _put(tmp_path, {}, {}, {}, month=month)
    _put(tmp_path, {"LSOA name": "Bedford 001A"}, month="2024-04", force="bedfordshire")
    counts = _read(tmp_path, areas=(AREA, "Bedford"))
    assert [sorted(map(str, counts.months(area))) for area in (AREA, "Bedford")] == [["Apr-24", "May-24"], ["Apr-24"]]
    assert counts.origin.remarks == ("There is no file of bedfordshire for May-24.",)


def in_area(area, number=1):
    return {
        "LSOA name": f"{area} 001A",
        "LSOA code": f"E0{abs(hash(area)) % 10**7}",
        "Location": f"On or near {number}",
    }


def test_an_area_with_rows_of_other_forces_alone_is_refused(tmp_path):
    for month in ("2024-04", "2024-05", "2024-06"):
        _put(tmp_path, *[in_area("Manchester", number) for number in range(4)], month=month, force="btp")
        _put(tmp_path, in_area("Manchester"), in_area("High Peak"), month=month, force="derbyshire")
    asked = Asked(folder=tmp_path, area="Manchester", today=dt.date(2024, 9, 1))
    with pytest.raises(CannotBeComputedError, match=r"Greater Manchester Police, .* 15 rows there are of other forces"):
        PoliceUkSettings(path=".").count(asked)
    counts = _read(tmp_path, areas=("Manchester", "High Peak"))
    assert (counts.covered["Manchester"], len(counts.covered["High Peak"])) == (frozenset(), 3)
    assert counts.origin.left_out == {"in months that are incomplete there": 15}
    assert sum(counts.origin.left_out.values()) + 3 == counts.origin.rows_read
    with pytest.raises(CannotBeComputedError, match="Manchester has no complete figures"):
        _count(counts, "burglary", area="Manchester")


def test_rows_of_other_forces_count_in_the_months_of_the_areas_own(tmp_path):
    _put(tmp_path, {}, {}, month="2024-04")
    for month in ("2024-04", "2024-05"):
        _put(tmp_path, {}, month=month, force="btp")
    counts = _read(tmp_path)
    assert (_count(counts, "burglary"), len(counts.covered[AREA])) == (3, 1)
    assert counts.origin.left_out == {"in months that are incomplete there": 1}


def test_a_month_without_rows_of_the_area_is_not_covered_though_its_force_has_a_file(tmp_path):
    _put(tmp_path, {}, month="2024-04")
    _put(tmp_path, in_area("Cambridge"), month="2024-05")
    assert {str(month) for month in _read(tmp_path).months(AREA)} == {"Apr-24"}


def test_a_force_that_is_not_known_is_taken_for_the_areas_own_and_named(tmp_path):
    _put(tmp_path, {}, force="x")
    counts = _read(tmp_path)
    assert _count(counts, "burglary") == 1
    assert counts.origin.to_look_at == (
        (
            '"x" is not a known force, and is treated as Cambridgeshire Constabulary, which polices '
            "South Cambridgeshire."
        ),
    )


def test_an_area_that_is_not_known_has_the_force_with_most_rows_there_and_that_is_said(tmp_path):
    _put(tmp_path, in_area("Midshire"), in_area("Midshire", 2), month="2024-04")
    _put(tmp_path, in_area("Midshire"), month="2024-05", force="btp")
    counts = _read(tmp_path, areas=("Midshire",))
    assert {str(month) for month in counts.months("Midshire")} == {"Apr-24"}
    assert counts.origin.to_look_at == (
        (
            "It is not known which force polices Midshire. Cambridgeshire Constabulary, with most rows there, is taken "
            "to be that force."
        ),
    )


FORMER = ("Daventry", "Northampton", "South Northamptonshire")


def _northamptonshire(folder, *, own=("2025-04",), former=("2024-04",), of=FORMER):
    for month in own:
        _put(folder, *[in_area("West Northamptonshire", number) for number in range(5)], month=month, force=NORTHANTS)
    for month in former:
        _put(folder, *map(in_area, of), in_area("Kettering"), month=month, force=NORTHANTS)


NORTHANTS = "northamptonshire"
REPLACED = (
    'Rows named "Daventry", "Northampton" and "South Northamptonshire" are counted: these districts became West '
    "Northamptonshire on 1 April 2021."
)


def test_an_area_that_replaced_others_is_counted_over_their_names_and_says_so(tmp_path):
    _northamptonshire(tmp_path)
    counts = _read(tmp_path, areas=("West Northamptonshire",))
    by_month = [_count(counts, "burglary", area="West Northamptonshire", month=m) for m in ("2024-04", "2025-04")]
    assert (by_month, counts.origin.notes) == ([3, 5], (REPLACED,))
    assert counts.origin.left_out == {"in other areas": 1}


@pytest.mark.parametrize("asked", FORMER)
def test_an_area_asked_for_by_a_former_name_is_counted_and_named_as_it_is_today(tmp_path, asked):
    _northamptonshire(tmp_path)
    counts = _read(tmp_path, areas=(asked,))
    assert counts.areas == ("West Northamptonshire",)
    assert _count(counts, "burglary", area="West Northamptonshire") == 3
    since = f"{asked} has been part of West Northamptonshire since 1 April 2021, which is counted."
    assert counts.origin.notes == (since, REPLACED)


def test_a_former_area_is_itself_where_all_data_are_from_before_its_end(tmp_path):
    _put(tmp_path, in_area("Daventry"), in_area("Kettering"), month="2021-03", force=NORTHANTS)
    counts = _read(tmp_path, areas=("Daventry",))
    assert (counts.areas, counts.origin.notes) == (("Daventry",), ())
    assert _count(counts, "burglary", area="Daventry", month="2021-03") == 1


def test_a_month_with_rows_of_a_part_of_the_former_areas_is_said(tmp_path):
    _northamptonshire(tmp_path, of=FORMER[:2])
    counts = _read(tmp_path, areas=("West Northamptonshire",))
    assert _count(counts, "burglary", area="West Northamptonshire") == 2
    assert counts.origin.to_look_at == (
        'Apr-24 has rows of a part of West Northamptonshire alone: none is named "South Northamptonshire".',
    )


def test_two_former_areas_that_are_one_today_are_refused(tmp_path):
    _northamptonshire(tmp_path)
    assert _refused(tmp_path, areas=FORMER[:2]) == (
        '"Daventry" and "Northampton" are counted over the same rows.\n'
        "Where: partnership.toml\n"
        'What to do: Name "West Northamptonshire" alone.'
    )


def test_a_month_with_less_than_half_of_its_usual_rows_is_looked_at_by_file_and_by_area(tmp_path):
    for month, rows in (("2024-04", 100), ("2024-05", 10), ("2024-06", 120)):
        _put(tmp_path, *[{"Location": f"On or near {number}"} for number in range(rows)], month=month)
    assert _read(tmp_path).origin.to_look_at == (
        "May-24 has 10 rows of South Cambridgeshire, 10% of the usual 100. It may be a part.",
        "May-24 has 10 rows of Cambridgeshire Constabulary, 10% of the usual 100. It may be a part.",
    )


def test_a_list_of_lsoas_that_lacks_codes_of_the_area_is_said_with_the_rows_that_it_loses(tmp_path):
    (tmp_path / "lsoas.csv").write_text(f"Area,LSOA code\n{AREA},E01018225\nFenland,E2\n", encoding="utf-8")
    new = {"LSOA code": "E01035555", "LSOA name": f"{AREA} 001F"}
    _put(tmp_path, {}, {}, {}, new, {"LSOA code": "E9", "LSOA name": "Fenland 001A"})
    assert _read(tmp_path, areas_file="lsoas.csv").origin.to_look_at == (
        (
            "The list of LSOAs lacks 1 of South Cambridgeshire (E01035555): 1 of 4 rows there, 25.0%, are not counted. "
            "Some LSOAs have other codes since 2021."
        ),
    )


@pytest.mark.parametrize(
    "name",
    [
        "2024-05-cambridgeshire-street (1).csv",
        "2024-05-cambridgeshire-street(2).csv",
        "2024-05-cambridgeshire-street - Copy.csv",
        "2024-05-cambridgeshire-street - Copy (2).csv",
        "Copy of 2024-05-cambridgeshire-street.csv",
        "2024-05-cambridgeshire-street copy.csv",
        "2024-05-cambridgeshire-street 2.csv",
        "2024-05-cambridgeshire-street.CSV",
        "2024-05-Cambridgeshire-Street.csv",
    ],
)
def test_a_month_under_the_name_of_a_copy_is_read_and_one_that_is_there_twice_is_refused(tmp_path, name):
    file = _put(tmp_path, {}, month="2024-05")
    copy = file.rename(file.with_name(name))
    assert _count(_read(tmp_path), "burglary", month="2024-05") == 1
    assert PoliceUkSettings(path=".").files_read(tmp_path) == [copy]
    _put(tmp_path, {}, month="2024-05")
    assert f"2024-05/{name}" in _refused(tmp_path).splitlines()[1]


def test_a_file_that_is_called_otherwise_is_named(tmp_path):
    file = _put(tmp_path, {})
    shutil.copy(file, file.with_name("street May.csv"))
    assert _read(tmp_path).origin.to_look_at == (
        '2024-04/street May.csv is not read: it is not named like "2025-04-cambridgeshire-street.csv".',
    )


def test_archives_in_a_folder_and_in_an_archive_are_read(tmp_path):
    _put(tmp_path / "all", {}, month="2024-04")
    for month in ("2024-05", "2024-06"):
        _put(tmp_path / month, {}, month=month)
        _zipped(tmp_path / month, tmp_path / f"{month}.ZIP")
    with zipfile.ZipFile(tmp_path / "all" / "outer.zip", "w") as packed:
        packed.write(tmp_path / "2024-05.ZIP", "inner.zip")
    shutil.move(tmp_path / "2024-06.ZIP", tmp_path / "all")
    counts = _read(tmp_path, path="all")
    assert counts.coverage == "Apr-24 to Jun-24"
    _put(tmp_path / "all", {}, month="2024-05", under="extracted")
    places = "all/extracted/2024-05-cambridgeshire-street.csv and outer.zip, inner.zip, 2024-05/2024-05-cambridgeshire"
    assert places.removeprefix("all/") in _refused(tmp_path, path="all")


def test_outcomes_and_stop_and_search_are_left_alone(tmp_path):
    file = _put(tmp_path, {})
    for kind in ("outcomes", "stop-and-search"):
        file.with_name(f"2024-04-cambridgeshire-{kind}.csv").write_text("x\n1\n", encoding="utf-8")
    assert _read(tmp_path).origin.files == (file.name,)


def test_a_file_that_stands_in_two_folders_is_named_in_both(tmp_path):
    _put(tmp_path, {}, under="new/2024-04")
    _put(tmp_path, {}, under="old/2024-04")
    assert _refused(tmp_path) == (
        "April 2024 of cambridgeshire appears twice.\n"
        "Where: new/2024-04/2024-04-cambridgeshire-street.csv and old/2024-04/2024-04-cambridgeshire-street.csv\n"
        "What to do: Keep the newer of the two files, and move the other out of the folder."
    )


def test_a_file_that_stands_twice_in_an_archive_is_named_as_the_archive_names_it(tmp_path):
    _put(tmp_path / "all", {}, under="new")
    _put(tmp_path / "all", {}, under="old")
    _zipped(tmp_path / "all", tmp_path / "all.zip")
    assert _refused(tmp_path, path="all.zip") == (
        "April 2024 of cambridgeshire appears twice.\n"
        "Where: new/2024-04-cambridgeshire-street.csv and old/2024-04-cambridgeshire-street.csv\n"
        "What to do: Keep the newer of the two files, and move the other out of the folder."
    )


def test_a_folder_and_an_archive_of_it_agree(tmp_path):
    for month in ("2024-04", "2024-05"):
        _put(tmp_path / "all", {}, NO_ID, {"Crime ID": "same"}, {"Crime ID": "same"}, month=month)
    _zipped(tmp_path / "all", tmp_path / "all.zip")
    assert _read(tmp_path, path="all") == _read(tmp_path, path="all.zip")


def test_a_folder_without_street_files_is_said(tmp_path):
    (tmp_path / "2024-04-cambridgeshire-outcomes.csv").write_text("x\n1\n", encoding="utf-8")
    assert _refused(tmp_path, path=".") == (
        "There is no street-level file of data.police.uk.\n"
        f"Where: {tmp_path}\n"
        "What to do: Name the folder or .zip as downloaded; its files have names like "
        '"2025-04-cambridgeshire-street.csv".'
    )


def test_an_archive_without_street_files_is_said(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("readme.txt", "x")
    assert _refused(tmp_path, path="a.zip").startswith("There is no street-level file of data.police.uk.\nWhere: ")


@pytest.mark.parametrize("damage", ["cut off", "no archive", "bytes turned", "directory elsewhere", "encrypted"])
def test_an_archive_that_is_not_whole_is_said(tmp_path, damage):
    _put(tmp_path / "all", *[{"Location": f"On or near {number} Street"} for number in range(300)])
    archive = _zipped(tmp_path / "all", tmp_path / "a.zip")
    content = bytearray(archive.read_bytes())
    if damage == "bytes turned":
        content[200:400] = bytes(255 - byte for byte in content[200:400])
    if damage == "directory elsewhere":
        content[-6:-2] = (int.from_bytes(content[-6:-2], "little") + 1).to_bytes(4, "little")
    if damage == "encrypted":
        content[content.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes({"cut off": content[:-100], "no archive": b"x" * 100}.get(damage, content))
    assert _refused(tmp_path, path="a.zip") == (
        "a.zip is not a complete .zip archive.\n"
        f"Where: {archive}\n"
        "What to do: Download it again, or unpack it yourself and name the folder."
    )


def test_an_archive_that_unpacks_to_far_more_than_it_holds_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("2024-04/2024-04-cambridgeshire-street.csv", b"0" * 5_000_000)
    assert _refused(tmp_path, path="a.zip") == (
        "2024-04/2024-04-cambridgeshire-street.csv unpacks to 5,000,000 bytes, more than such a file can hold.\n"
        f"Where: {tmp_path / 'a.zip'}\n"
        "What to do: Download the archive again from data.police.uk."
    )


def test_an_archive_writes_nothing_outside_where_it_is_unpacked(tmp_path):
    _put(tmp_path / "all", {})
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("../../2024-04-cambridgeshire-street.csv", _text(_rows({})))
    assert _count(_read(tmp_path, path="a.zip"), "burglary") == 1
    assert not (tmp_path.parent / "2024-04-cambridgeshire-street.csv").exists()


def test_a_missing_folder_is_said(tmp_path):
    assert _refused(tmp_path, path="data/police-uk") == (
        'There is no file "police-uk".\n'
        f"Where: {tmp_path / 'data' / 'police-uk'}\n"
        "What to do: Put it there, or correct its name."
    )


def test_an_empty_file_is_said(tmp_path):
    file = _put(tmp_path, {})
    file.write_bytes(b"")
    with pytest.raises(FileError, match=r"^2024-04-cambridgeshire-street\.csv is empty\.\nWhere: "):
        _read(tmp_path)


def test_a_file_of_only_a_heading_row_is_said_to_have_no_rows(tmp_path):
    _put(tmp_path, {})
    _put(tmp_path, month="2024-05")
    assert _refused(tmp_path) == (
        "2024-05-cambridgeshire-street.csv has a heading row but no rows below it.\n"
        "Where: 2024-05-cambridgeshire-street.csv\n"
        "What to do: Ask for the extract again, or take the file out of the folder."
    )


def test_a_missing_heading_is_named(tmp_path):
    _put(tmp_path, {}).write_text(_text(_rows({})).replace("LSOA name", "District"), encoding="utf-8")
    assert _refused(tmp_path) == (
        'There is no heading "LSOA name" (for the LSOA name).\n'
        "Where: 2024-04-cambridgeshire-street.csv, row 1\n"
        'What to do: The headings are "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", '
        '"Location", "LSOA code", "District", "Crime type", "Last outcome category", "Context": '
        "download the file again from data.police.uk, and leave it as it is."
    )


@pytest.mark.parametrize("more", [{"headings": HEADINGS[::-1]}, {"headings": ["More", *HEADINGS]}, {"between": ";"}])
def test_columns_are_found_by_their_headings_and_not_by_their_place(tmp_path, more):
    _put(tmp_path, {}, {"Crime type": "Robbery"})
    _put(tmp_path, {}, {"Crime ID": "same"}, {"Crime ID": "same"}, month="2024-05", **more)
    counts = _read(tmp_path)
    assert (_count(counts, "burglary"), _count(counts, "robbery")) == (1, 1)
    assert _count(counts, "burglary", month="2024-05") == 2


def test_a_file_in_windows_1252_is_counted_beside_others(tmp_path):
    file = _put(tmp_path, {"Location": "On or near Caf\u00e9"}, {"Crime ID": "same"}, {"Crime ID": "same"})
    file.write_bytes(file.read_text(encoding="utf-8").encode("cp1252"))
    _put(tmp_path, {}, month="2024-05")
    counts = _read(tmp_path)
    assert _count(counts, "burglary") == 2
    assert counts.origin.files == tuple(f"2024-0{n}-cambridgeshire-street.csv" for n in (4, 5))


def test_an_unknown_category_is_named(tmp_path):
    _put(tmp_path, {}, {"Crime type": "Burglry"}, {"Crime type": "Burglry", "LSOA name": "Bedford 001A"})
    assert _refused(tmp_path) == (
        '"Burglry" is not a category of data.police.uk (2 rows are like this).\n'
        'Where: 2024-04-cambridgeshire-street.csv, heading "Crime type"\n'
        'What to do: Did you mean "Burglary"?'
    )


def test_a_row_of_another_month_than_its_file_is_named(tmp_path):
    _put(tmp_path, {}, {"Month": "2024-05"})
    assert _refused(tmp_path) == (
        '1 row is for the month "2024-05", in the file for April 2024.\n'
        'Where: 2024-04-cambridgeshire-street.csv, heading "Month"\n'
        "What to do: Download the file again; its name and its rows must be of one month."
    )


def test_rows_of_another_month_are_counted_in_every_area(tmp_path):
    _put(tmp_path, *[{"Month": "", "LSOA name": name} for name in ("A 1", "B 1", "South Cambridgeshire 1")])
    assert _refused(tmp_path).startswith('3 rows are for the month "", in the file for April 2024.\n')


def test_a_file_name_that_holds_no_month_is_named(tmp_path):
    _put(tmp_path, {}).rename(tmp_path / "2024-13-cambridgeshire-street.csv")
    assert _refused(tmp_path) == (
        '"2024-13" is not a month.\n'
        "Where: 2024-13-cambridgeshire-street.csv\n"
        "What to do: Give the file the name that it was downloaded with."
    )


def test_an_area_that_no_row_is_of_is_named_with_the_nearest(tmp_path):
    _put(tmp_path, {}, {"LSOA name": "Fenland 001A"})
    assert _refused(tmp_path, areas=("South Cambs",)) == (
        'There is no row for the area "South Cambs".\n'
        'Where: data.police.uk street-level crime, heading "LSOA name"\n'
        'What to do: Did you mean "South Cambridgeshire"?'
    )


def test_text_in_a_location_is_never_looked_into(tmp_path):
    texts = ("=1+1", "+1", "-1", "@x", "\U0001f33e Farm", 'a "quoted" farm', "x" * 40_000, "a\x00b\x07", "two\nlines")
    _put(tmp_path, *[{"Location": text} for text in texts])
    assert _count(_read(tmp_path), "burglary") == len(texts)


def test_a_broken_row_is_named(tmp_path):
    file = _put(tmp_path, {}, {})
    file.write_text(file.read_text(encoding="utf-8") + "x,2024-04\n", encoding="utf-8")
    with pytest.raises(ValueFoundError, match="A row has 2 of the 12 values") as refused:
        _read(tmp_path)
    assert refused.value.where == "2024-04-cambridgeshire-street.csv, row 4"


CATEGORIES = tuple(offences.load("police-uk").descriptions.values())


@settings(max_examples=settings.default.max_examples // 4)
@given(st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=20))
def test_the_order_of_rows_does_not_matter_and_crimes_add_up(tmp_path_factory, categories):
    folder = tmp_path_factory.mktemp("law")
    rows = [{"Crime type": category} for category in categories]
    _put(folder, *rows)
    forwards = _read(folder)
    _put(folder, *reversed(rows))
    assert _read(folder).cells == forwards.cells
    crimes = [category for category in categories if category != "Anti-social behaviour"]
    assert _count(forwards, "all-crime") == len(crimes)
    assert _count(forwards, "anti-social-behaviour") == len(categories) - len(crimes)


def _independently(*files):
    """Count by area, category and month in pandas, rows with an ID and alike in every column once."""
    frames = []
    for file in files:
        rows = pd.read_csv(file, dtype=str, keep_default_na=False)
        frames.append(rows[~(rows.duplicated() & (rows["Crime ID"] != ""))])
    rows = pd.concat(frames)
    rows = rows[rows["LSOA name"] != ""]
    rows["Area"] = rows["LSOA name"].str.rsplit(n=1).str[0]
    return rows.groupby(["Area", "Crime type", "Month"]).size().to_dict()


def _as_counted(counts):
    """Return the same from our counts, the total row left out, noughts left out."""
    return {
        (area, counts.classification.row(row_id).name, f"{period.first.year}-{period.first.month:02}"): count
        for (area, row_id, period), count in counts.cells.items()
        if row_id != "all-crime" and count
    }


@pytest.fixture(scope="module")
def real(shared_data):
    return shared_data / "police_uk"


@pytest.fixture(scope="module")
def south_cambridgeshire(real):
    return _read(real, path="cambridgeshire")


@pytest.mark.parametrize(
    ("row_id", "earlier", "later"),
    [
        ("burglary", 173, 126),
        ("robbery", 8, 16),
        ("theft-from-the-person", 11, 9),
        ("anti-social-behaviour", 436, 524),
    ],
)
def test_published_quarters_of_south_cambridgeshire_are_met(south_cambridgeshire, row_id, earlier, later):
    quarters = [
        south_cambridgeshire.offences(area=AREA, row_id=row_id, period=quarter(year, 1)) for year in (2024, 2025)
    ]
    assert quarters == [earlier, later]


def test_every_row_of_the_real_files_is_read_once(south_cambridgeshire):
    origin = south_cambridgeshire.origin
    assert origin.rows_read == 167_962
    assert len(origin.files) == len(south_cambridgeshire.months(AREA)) == 24
    assert origin.remarks == ()
    counted = sum(south_cambridgeshire.cells.values()) - sum(
        count for (_, row_id, _), count in south_cambridgeshire.cells.items() if row_id == "all-crime"
    )
    assert counted + sum(origin.left_out.values()) == origin.rows_read


@pytest.mark.whole
def test_every_month_and_category_of_the_real_files_is_as_counted_independently(south_cambridgeshire, real):
    counted = _independently(*(real / "cambridgeshire").glob("*.csv"))
    counted = {cell: count for cell, count in counted.items() if cell[0] == AREA}
    ours = {
        (AREA, row.name, month): _count(south_cambridgeshire, row.row_id, month=month)
        for row in south_cambridgeshire.classification.rows
        for month in (f"{each.year}-{each.month:02}" for each in south_cambridgeshire.months(AREA))
    }
    assert len(ours) == 24 * 15
    crimes = [name for name in CATEGORIES if name != "Anti-social behaviour"]
    for (area, name, month), count in ours.items():
        parts = crimes if name == "All crime" else [name]
        assert count == sum(counted.get((area, part, month), 0) for part in parts), (name, month)


ROWS_OF_TODAY = {
    "Total recorded crime": [name for name in CATEGORIES if name != "Anti-social behaviour"],
    "Violence and sexual offences": ["Violence and sexual offences"],
    "Robbery": ["Robbery"],
    "Theft offences": [
        *("Burglary", "Vehicle crime", "Theft from the person", "Bicycle theft", "Shoplifting", "Other theft"),
    ],
    "Burglary": ["Burglary"],
    "Vehicle offences": ["Vehicle crime"],
    "Theft from the person": ["Theft from the person"],
    "Bicycle theft": ["Bicycle theft"],
    "Shoplifting": ["Shoplifting"],
    "Other theft": ["Other theft"],
    "Criminal damage and arson": ["Criminal damage and arson"],
    "Drug offences": ["Drugs"],
    "Possession of weapons": ["Possession of weapons"],
    "Public order offences": ["Public order"],
    "Miscellaneous crimes and any fraud": ["Other crime"],
    "Anti-social behaviour": ["Anti-social behaviour"],
}
"""The categories that each row of today's groups has, in their order."""


@pytest.mark.whole
def test_every_month_and_group_of_today_is_as_counted_independently(south_cambridgeshire, real):
    counted = _independently(*(real / "cambridgeshire").glob("*.csv"))
    today = _read(real, path="cambridgeshire", classification="police-uk-2026")
    assert [row.name for row in today.classification.rows] == list(ROWS_OF_TODAY)
    months = [f"{each.year}-{each.month:02}" for each in today.months(AREA)]
    assert len(months) == 24
    for row in today.classification.rows:
        for month in months:
            parts = (counted.get((AREA, part, month), 0) for part in ROWS_OF_TODAY[row.name])
            assert _count(today, row.row_id, month=month) == sum(parts), (row.name, month)
    assert today.origin.ledger == south_cambridgeshire.origin.ledger


def test_categories_that_are_rows_of_today_agree_with_an_extract_by_offence_codes(tmp_path):
    codes = {"Burglary": "28I", "Vehicle crime": "45", "Drugs": "92E", "Public order": "9A", "Shoplifting": "46"}
    kinds = [kind for number, kind in enumerate(codes, 1) for _ in range(number)]
    kinds += ["Violence and sexual offences", "Other crime"]
    codes |= {"Violence and sexual offences": "19C", "Other crime": "54"}
    _put(tmp_path, *({"Crime type": kind} for kind in (*kinds, "Anti-social behaviour")))
    written = [f"r{number},01/04/2024,{codes[kind]}" for number, kind in enumerate(kinds)]
    (tmp_path / "extract.csv").write_text("\n".join(["Ref,Recorded,Code", *written]), encoding="utf-8")
    headings = {"offence_reference": "Ref", "date_recorded": "Recorded", "offence": "Code"}
    own = RecordedCrimeSettings(
        files=("extract.csv",),
        headings=RecordedCrimeHeadings(**headings),
        classification="home-office-2026",
    )
    by_code = recorded_crime.read(own, folder=tmp_path, area=AREA, today=dt.date(2024, 5, 1))
    by_category = _read(tmp_path, classification="police-uk-2026")
    assert by_code.classification.counts_alike(by_category.classification)
    shared = {row.row_id for row in by_code.classification.rows} & {
        row.row_id for row in by_category.classification.rows
    }
    assert len(shared) == 13
    found = {row_id: (_count(by_code, row_id), _count(by_category, row_id)) for row_id in shared}
    assert [row_id for row_id, (count, other) in found.items() if count != other] == []
    assert found["total-recorded-crime"] == (len(kinds), len(kinds))
    assert found["vehicle-offences"] == (2, 2)
    assert found["theft-offences"] == (1 + 2 + 5, 1 + 2 + 5)


def test_files_are_counted_under_the_groups_of_today_where_the_partnership_is(tmp_path):
    text = f'[partnership]\nname = "One"\narea = "{AREA}"\n{{report}}[sources.police_uk]\npath = "files"\n{{own}}'
    today = '[report]\nclassification = "home-office-2026"\n'
    former = '[report]\nclassification = "home-office-2013"\n'
    own = 'classification = "police-uk"\n'
    taken = [
        partnership_settings.parse(text.format(report=report, own=said)).sources.police_uk.classification
        for report, said in ((today, ""), (former, ""), ("", ""), (today, own))
    ]
    assert taken == ["police-uk-2026", "police-uk", "police-uk", "police-uk"]


CAMBRIDGESHIRE = {"Cambridge", "East Cambridgeshire", "Fenland", "Huntingdonshire", "Peterborough", AREA}
HUMBERSIDE = {"East Riding of Yorkshire", "Kingston upon Hull", "North East Lincolnshire", "North Lincolnshire"}


@pytest.mark.whole
@pytest.mark.parametrize(
    ("folder", "policed"), [("cambridgeshire_vintage_2024Q1", CAMBRIDGESHIRE), ("quirks", HUMBERSIDE)]
)
def test_awkward_real_files_are_as_counted_independently_in_every_area_that_their_force_polices(real, folder, policed):
    counts = _read(real, path=folder, areas=None)
    counted = _independently(*(real / folder).glob("*.csv"))
    assert _as_counted(counts) == {cell: rows for cell, rows in counted.items() if cell[0] in policed}
    elsewhere = sum(rows for (area, *_), rows in counted.items() if area not in policed)
    assert counts.origin.left_out["in months that are incomplete there"] == elsewhere > 0


def test_repeated_ids_are_taken_for_repeats_only_where_rows_are_alike(real):
    rows = pd.read_csv(real / "quirks" / "2024-03-humberside-street.csv", dtype=str, keep_default_na=False)
    rows = rows[rows["Crime ID"] != ""]
    assert (rows["Crime ID"].value_counts() > 1).sum() == 353
    times, different = rows["Crime ID"].value_counts(), rows.drop_duplicates()["Crime ID"].value_counts()
    assert ((times > 1) & (different.reindex(times.index) == 1)).sum() == 16
    assert (times > different.reindex(times.index)).sum() == 21
    counts = _read(real, path="quirks", areas=None)
    assert counts.origin.left_out["alike in every column, counted once"] == rows.duplicated().sum() == 21


def test_the_earlier_vintage_differs_only_in_outcomes(real, south_cambridgeshire):
    vintage = _read(real, path="cambridgeshire_vintage_2024Q1")
    assert len(vintage.months(AREA)) == 4
    assert vintage.origin.rows_read == 26_521
    for area, row_id, period in vintage.cells:
        later = south_cambridgeshire.offences(area=area, row_id=row_id, period=period)
        assert vintage.offences(area=area, row_id=row_id, period=period) == later


@pytest.mark.whole
def test_the_real_quirks_agree_in_a_folder_and_in_an_archive(real, tmp_path):
    shutil.copytree(real / "quirks", tmp_path / "quirks")
    _zipped(tmp_path / "quirks", tmp_path / "quirks.zip")
    folder, archive = (_read(tmp_path, path=path, areas=None) for path in ("quirks", "quirks.zip"))
    assert folder == archive
    assert len(folder.areas) > 200


def _asked(folder, area):
    return Asked(folder=folder, area=area, today=dt.date(2026, 1, 1))


def test_files_that_are_scanned_once_give_each_area_as_its_own_scan_does(tmp_path):
    _put(tmp_path, {}, {}, {"LSOA name": "Fenland 001A"}, {"LSOA code": "", "LSOA name": ""}, {"Crime type": "Robbery"})
    alike = {"Crime ID": "one", "Crime type": "Drugs"}
    fen = {"LSOA name": "Fenland 001A"}
    _put(tmp_path, alike, alike, fen, {**fen, **NO_ID}, month="2024-05")
    _put(tmp_path, fen, month="2024-05", force="norfolk")
    _put(tmp_path, {"LSOA name": "Breckland 001A"}, {}, month="2024-04", force="norfolk")
    (tmp_path / "read me.txt").write_text("about", encoding="utf-8")
    settings = PoliceUkSettings(path=".")
    held = settings.held(tmp_path)
    assert held.areas == ("Breckland", "Fenland", AREA)
    for area in held.areas:
        assert held.count(_asked(tmp_path, area)) == settings.count(_asked(tmp_path, area))
    pair = ("Fenland", AREA)
    assert held.count_members(pair, folder=tmp_path) == settings.count_members(pair, folder=tmp_path)


def test_files_that_are_scanned_once_know_former_areas_and_the_list_of_lsoas(tmp_path):
    _northamptonshire(tmp_path, own=("2025-04",), former=("2024-04",))
    settings = PoliceUkSettings(path=".")
    held = settings.held(tmp_path)
    for area in ("West Northamptonshire", FORMER[0]):
        assert held.count(_asked(tmp_path, area)) == settings.count(_asked(tmp_path, area))
    rows = [f"{code},{area}\n" for code, area in (("E01000001", "A"), ("E01000002", "B"))]
    listed = tmp_path / "list"
    _put(listed, {"LSOA code": "E01000001"}, {"LSOA code": "E01000002"}, {"LSOA code": "E01000003"})
    (listed / "lsoas.csv").write_text("LSOA code,Area\n" + "".join(rows), encoding="utf-8")
    by_list = PoliceUkSettings(path=".", areas_file="lsoas.csv")
    assert by_list.held(listed).count(_asked(listed, "A")) == by_list.count(_asked(listed, "A"))


def test_files_that_are_scanned_once_refuse_an_area_that_they_do_not_hold(tmp_path):
    _put(tmp_path, {})
    held = PoliceUkSettings(path=".").held(tmp_path)
    with pytest.raises(ValueFoundError, match="Atlantis"):
        held.count(_asked(tmp_path, "Atlantis"))


@pytest.mark.whole
def test_real_months_that_are_scanned_once_give_every_district_as_its_own_scan_does(shared_data):
    settings = PoliceUkSettings(path="police_uk/quirks")
    held = settings.held(shared_data)
    chosen = held.areas[:: len(held.areas) // 6]
    assert len(chosen) >= 6
    for area in chosen:
        assert held.count_members((area,), folder=shared_data) == settings.count_members((area,), folder=shared_data)


def _known(folder):
    """Return where counts are kept, with hashes as the files are now."""
    return KnownFiles(folder=folder / "counts", hash_of=lambda file: hashlib.sha256(file.read_bytes()).hexdigest())


def _of_every_area(held, folder):
    return {area: held.count_members([area], folder=folder) for area in held.areas}


def test_months_that_are_known_give_what_all_of_them_read_again_give(tmp_path):
    data = tmp_path / "data"
    alike = {"Crime ID": "one", "Crime type": "Drugs"}
    fen = {"LSOA name": "Fenland 001A"}
    elsewhere = {"LSOA code": "E01000009", "LSOA name": "Fenland 002A"}
    _put(data, {}, fen, alike, alike, elsewhere, {"LSOA code": "", "LSOA name": ""})
    _put(data / "archived", {}, fen, month="2024-05")
    _put(data / "archived", alike, alike, month="2024-06")
    _zipped(data / "archived", data / "archive.zip")
    shutil.rmtree(data / "archived")
    listed = tmp_path / "lsoas.csv"
    listed.write_text(f"LSOA code,Area\n{ROW['LSOA code']},{AREA}\n", encoding="utf-8")

    def new_month():
        _put(data, fen, {}, month="2024-07")

    def changed_month():
        _put(data, fen, fen, alike, month="2024-07")

    def month_away():
        shutil.rmtree(data / "2024-04")

    def other_list():
        listed.write_text(f"LSOA code,Area\nE01000009,{AREA}\n{ROW['LSOA code']},{AREA}\n", encoding="utf-8")

    def same_month_under_another_name():
        month = data / "2024-07" / "2024-07-cambridgeshire-street.csv"
        month.rename(month.with_stem(f"{month.stem} (1)"))

    by_name = PoliceUkSettings(path="data")
    by_list = PoliceUkSettings(path="data", areas_file="lsoas.csv")
    known = {by_name: _known(tmp_path / "by name"), by_list: _known(tmp_path / "by list")}
    for step in (str, str, new_month, changed_month, same_month_under_another_name, other_list, month_away):
        step()
        for own in (by_name, by_list):
            held = own.held(tmp_path, known[own])
            assert _of_every_area(held, tmp_path) == _of_every_area(own.held(tmp_path), tmp_path)


def test_a_month_that_is_known_is_not_read_again_until_it_changes(tmp_path):
    data = tmp_path / "data"
    _put(data, {}, {})
    _put(data, {}, month="2024-05")
    settings, known = PoliceUkSettings(path="data"), _known(tmp_path)

    def rows():
        counts = settings.held(tmp_path, known).count_members([AREA], folder=tmp_path)
        return [_count(counts, "burglary", month=month) for month in ("2024-04", "2024-05", "2024-06")]

    _put(data, {}, month="2024-06")
    assert rows() == [2, 1, 1]
    kept = known.load("police-uk.json", list)
    for _, (groups, *_) in kept.values():
        groups[0][4] += 100
    known.save("police-uk.json", kept)
    assert rows() == [102, 101, 101]
    _put(data, {}, {}, {}, month="2024-05")
    assert rows() == [102, 3, 101]
    damaged = tmp_path / "counts" / "police-uk.json"
    damaged.write_bytes(damaged.read_bytes().replace(b",102,", b",103,"))
    assert rows() == [2, 3, 1]


def test_a_month_that_changed_while_it_was_read_is_not_kept(tmp_path):
    _put(tmp_path / "data", {})
    asked = iter(["before", "after", "after", "after"])
    known = KnownFiles(folder=tmp_path / "counts", hash_of=lambda _: next(asked))
    settings = PoliceUkSettings(path="data")
    settings.held(tmp_path, known)
    assert known.load("police-uk.json", list) == {}
    settings.held(tmp_path, known)
    assert len(known.load("police-uk.json", list)) == 1
