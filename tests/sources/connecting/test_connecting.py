"""What an extract that nobody has described would be read by: its columns, areas, months and offences."""

from __future__ import annotations

import csv
import datetime as dt

import duckdb
import pytest

from cdrp_xl.errors import CdrpError, ValueFoundError
from cdrp_xl.periods import Month
from cdrp_xl.sources import connecting
from cdrp_xl.sources.connecting import Chosen, counted_under

TODAY = dt.date(2025, 7, 20)
NOTHING = Chosen(headings={}, offence_codes={})
HEADINGS = ("Crime Reference", "Date Recorded", "HO Code", "District")
DAYS = [dt.date(2025, 4, 1) + dt.timedelta(days=2 * day) for day in range(40)]


def rows(area="Fenland", code="046/00", **changed):
    """Forty rows, one each second day from 1 April to 18 June 2025."""
    found = [[f"C{number}", f"{day:%d/%m/%Y}", code, area] for number, day in enumerate(DAYS)]
    for at, cells in changed.items():
        found[int(at.removeprefix("row"))] = list(cells)
    return found


def written(folder, lines, headings=HEADINGS, name="extract.csv", above=()):
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([*above, headings, *lines])
    return folder / name


def proposed(*paths, area="Fenland", chosen=NOTHING, worksheet=""):
    return connecting.propose(
        paths, area=area, chosen=chosen, classification="home-office-2026", today=TODAY, worksheet=worksheet
    )


def headings_of(*paths, **more):
    return proposed(*paths, **more).settings.headings.named


@pytest.mark.whole
def test_columns_are_known_by_their_names(tmp_path):
    assert headings_of(written(tmp_path, rows())) == {
        "offence_reference": "Crime Reference",
        "date_recorded": "Date Recorded",
        "offence": "HO Code",
        "area": "District",
    }


@pytest.mark.whole
def test_columns_are_known_by_what_they_hold_where_their_names_say_nothing(tmp_path):
    path = written(tmp_path, rows(), headings=("A", "B", "C", "D"))
    assert headings_of(path) == {"offence_reference": "A", "date_recorded": "B", "offence": "C", "area": "D"}


@pytest.mark.whole
def test_of_two_dates_with_names_that_say_nothing_the_later_is_the_day_recorded(tmp_path):
    days = [dt.datetime.strptime(row[1], "%d/%m/%Y").date() for row in rows()]  # noqa: DTZ007
    earlier = [f"{day - dt.timedelta(days=number % 4):%d/%m/%Y}" for number, day in enumerate(days)]
    lines = [[row[0], before, *row[1:]] for row, before in zip(rows(), earlier, strict=True)]
    found = proposed(written(tmp_path, lines, headings=("Ref", "First Day", "Second Day", "HO Code", "District")))
    assert found.settings.headings.date_recorded == "Second Day"
    assert found.notes == ('Offences are dated by "Second Day": check that it is the day on which each was recorded.',)


@pytest.mark.whole
def test_a_name_does_not_make_a_column_what_its_values_are_not(tmp_path):
    lines = [[*row, "not yet", "see file"] for row in rows()]
    path = written(tmp_path, lines, headings=("Ref", "Logged", "HO Code", "District", "Recorded Date", "Offence"))
    found = headings_of(path)
    assert (found["date_recorded"], found["offence"]) == ("Logged", "HO Code")


@pytest.mark.whole
def test_codes_of_five_figures_are_no_days(tmp_path):
    path = written(tmp_path, rows(code="04600"), headings=("Ref", "Recorded", "Code", "District"))
    assert headings_of(path)["offence"] == "Code"


@pytest.mark.whole
@pytest.mark.parametrize("above", [(), (("Recorded crime, 2025",), ()), (("a", "b", "c", "d", "e", "f"),)])
def test_headings_are_found_below_titles(tmp_path, above):
    assert headings_of(written(tmp_path, rows(), above=above))["offence"] == "HO Code"


@pytest.mark.whole
def test_a_parquet_file_is_looked_into(tmp_path):
    path = written(tmp_path, rows())
    duckdb.sql(f"COPY (FROM read_csv('{path}', all_varchar=true)) TO '{tmp_path / 'a.parquet'}'")
    assert headings_of(tmp_path / "a.parquet")["area"] == "District"


@pytest.mark.whole
def test_a_second_column_is_taken_where_it_decides_and_not_where_it_contradicts(tmp_path):
    words = [[*row, "Residential burglary of a home"] for row in rows(code="028/03")]
    path = written(tmp_path, words, headings=(*HEADINGS, "Offence Description"))
    assert headings_of(path)["offence_words"] == "Offence Description"
    against = [[*row, "Arson endangering life"] for row in rows(code="028/03")]
    path = written(tmp_path, against, headings=(*HEADINGS, "Offence Description"))
    assert "offence_words" not in headings_of(path)


@pytest.mark.whole
def test_a_column_that_is_blank_for_incidents_is_not_taken_before_one_that_has_them(tmp_path):
    lines = [[*row, "Shoplifting"] for row in rows(code="46")]
    lines += [[f"I{number}", "05/05/2025", "", "Fenland", "ASB - nuisance"] for number in range(9)]
    found = proposed(written(tmp_path, lines, headings=(*HEADINGS, "Offence Title")))
    assert found.settings.headings.offence == "Offence Title"
    assert {each.written.text: each.suggested for each in found.unknown} == {
        "ASB - nuisance": "Anti-social behaviour - nuisance"
    }


@pytest.mark.whole
def test_a_second_column_that_contradicts_is_named_with_its_rows(tmp_path):
    lines = [[*row, "RES BURGLARY OF A HOME" if number % 4 else "Shoplifting"] for number, row in enumerate(rows())]
    found = proposed(written(tmp_path, lines, headings=(*HEADINGS, "Offence Description")))
    assert found.settings.headings.offence_words == ""
    assert found.notes[0] == (
        '"Offence Description" means a different offence from "HO Code" in 30 rows, and is not read: '
        "see which of the two is right."
    )
    alike = [[*row, "Shoplifting"] for row in rows()]
    assert proposed(written(tmp_path, alike, headings=(*HEADINGS, "Offence Description"))).notes == ()


@pytest.mark.whole
def test_a_class_and_a_sub_class_in_two_columns_are_one_code(tmp_path):
    """028/03 is of a home or of its shed; 028 alone was a burglary in a dwelling once, and decides nothing."""
    codes = (("028", "03"), ("105", "01"))
    lines = [[*row[:2], *codes[number % 2], row[3]] for number, row in enumerate(rows())]
    found = proposed(
        written(tmp_path, lines, headings=("Crime Reference", "Date Recorded", "HO Class", "HO Sub Class", "District"))
    )
    assert (found.settings.headings.offence, found.settings.headings.offence_words) == ("HO Class", "HO Sub Class")
    assert {each.text: (counted_under(each), len(each.could_be)) for each in found.offences} == {
        "028 03": ("Residential burglary", 8),
        "105 01": ("Violence without injury", 1),
    }


@pytest.mark.whole
def test_flags_in_the_force_s_own_words_are_read(tmp_path):
    lines = [[*row, ("DA", "Non-domestic")[number % 2]] for number, row in enumerate(rows())]
    found = proposed(written(tmp_path, lines, headings=(*HEADINGS, "DA Marker"))).settings
    assert found.headings.domestic == "DA Marker"
    assert "DA" in found.domestic_yes
    assert "Non-domestic" in found.domestic_no


@pytest.mark.whole
def test_a_flag_with_other_words_is_not_read_and_that_is_said(tmp_path):
    lines = [[*row, ("Yes", "Perhaps")[number % 2]] for number, row in enumerate(rows())]
    found = proposed(written(tmp_path, lines, headings=(*HEADINGS, "Domestic Abuse")))
    assert found.settings.headings.domestic == ""
    assert '"Domestic Abuse" holds more than a yes or a no, and is not read as the flag' in found.notes[0]


@pytest.mark.whole
def test_the_names_of_the_area_are_listed_and_near_ones_proposed(tmp_path):
    lines = rows(row3=("C3", "07/04/2025", "046/00", "Fenland DC"), row4=("C4", "09/04/2025", "046/00", "Cambridge"))
    found = proposed(written(tmp_path, lines))
    assert found.settings.area_spellings == ("Fenland DC",)
    assert {each.written: each.is_ours for each in found.areas} == {
        "Fenland": True,
        "Fenland DC": True,
        "Cambridge": False,
    }


@pytest.mark.whole
@pytest.mark.parametrize("suffix", ["", " District Council", " DC"])
@pytest.mark.parametrize("heading", ["Where", "District Council", "Team patch"])
def test_a_column_of_areas_is_known_by_what_it_holds_whatever_it_is_called(tmp_path, suffix, heading):
    others = ("Fenland", "Huntingdonshire", "South Cambridgeshire", "Cambridge")
    lines = [[*row[:3], f"{others[number % 4]}{suffix}"] for number, row in enumerate(rows())]
    found = proposed(written(tmp_path, lines, headings=(*HEADINGS[:3], heading)))
    assert found.settings.headings.area == heading
    assert sum(month.rows for month in found.months) == 10


@pytest.mark.parametrize("suffix", ["", " District Council"])
def test_a_column_of_other_areas_alone_is_refused_whatever_it_is_called(tmp_path, suffix):
    lines = [[*row[:3], f"{('Huntingdonshire', 'Cambridge')[number % 2]}{suffix}"] for number, row in enumerate(rows())]
    with pytest.raises(ValueFoundError, match='There is no row for the area "Fenland"'):
        proposed(written(tmp_path, lines, headings=(*HEADINGS[:3], "Where")))


@pytest.mark.whole
def test_the_district_of_a_victim_is_no_area_of_the_offence(tmp_path):
    lines = [[*row[:3], ("Fenland", "Cambridge")[number % 2], row[3]] for number, row in enumerate(rows("Fenland"))]
    found = headings_of(written(tmp_path, lines, headings=(*HEADINGS[:3], "Victim District", "Patch")))
    assert found["area"] == "Patch"


def test_an_area_column_without_the_area_is_refused_and_never_passed_over(tmp_path):
    with pytest.raises(ValueFoundError, match='There is no row for the area "Fenland"') as refused:
        proposed(written(tmp_path, rows(area="Ashford")))
    assert refused.value.where == 'extract.csv, heading "District"'


def test_without_a_column_of_areas_every_row_is_taken_and_that_is_said(tmp_path):
    path = written(tmp_path, [row[:3] for row in rows()], headings=HEADINGS[:3])
    found = proposed(path)
    assert found.notes == ("No column names areas: every row is taken to be in Fenland.",)


@pytest.mark.whole
def test_months_are_whole_where_rows_reach_their_ends(tmp_path):
    found = proposed(written(tmp_path, rows()))
    assert [(each.month, each.is_whole) for each in found.months] == [
        (Month(2025, 4), True),
        (Month(2025, 5), True),
        (Month(2025, 6), False),
    ]
    assert sum(each.rows for each in found.months) == 40


@pytest.mark.whole
def test_offences_are_reported_with_their_rows_and_a_suggestion_is_no_count(tmp_path):
    lines = rows(
        row0=("C0", "01/04/2025", "burgalry dwelling", "Fenland"), row1=("C1", "01/04/2025", "Concern", "Fenland")
    )
    found = proposed(written(tmp_path, lines))
    by_text = {each.written.text: each for each in found.offences}
    assert (by_text["046/00"].written.rows, counted_under(by_text["046/00"])) == (38, "Shoplifting")
    assert counted_under(by_text["burgalry dwelling"]) is None
    assert by_text["burgalry dwelling"].suggested == "Residential burglary"
    assert {each.written.text for each in found.unknown} == {"burgalry dwelling", "Concern"}


@pytest.mark.whole
def test_ten_rows_are_shown_as_they_would_be_counted(tmp_path):
    found = proposed(written(tmp_path, rows()))
    assert len(found.rows) == 10
    first = found.rows[0]
    assert (first.row, first.reference, first.recorded, first.counted_under) == (2, "C0", DAYS[0], "Shoplifting")
    assert [each.row for each in found.rows] == sorted({each.row for each in found.rows})


@pytest.mark.whole
def test_references_of_several_offences_may_repeat_and_copies_are_reported(tmp_path):
    several = [
        [f"C{number // 2}", *row[1:2], ("046/00", "045/10")[number % 2], row[3]] for number, row in enumerate(rows())
    ]
    assert not proposed(written(tmp_path, rows())).settings.references_repeat
    assert proposed(written(tmp_path, several)).settings.references_repeat
    copied = proposed(written(tmp_path, [*rows(), rows()[0]]))
    assert not copied.settings.references_repeat
    assert 'The offence reference "C0" is on 2 rows.' in copied.notes[0]


@pytest.mark.whole
def test_what_was_chosen_is_not_looked_for(tmp_path):
    lines = [[*row, f"{number}"] for number, row in enumerate(rows())]
    path = written(tmp_path, lines, headings=(*HEADINGS, "Record Id"))
    chosen = Chosen(headings={"offence_reference": "record id", "area": ""}, offence_codes={})
    found = headings_of(path, chosen=chosen)
    assert (found["offence_reference"], "area" in found) == ("Record Id", False)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "is empty"),
        ("only one line of words\n", "has no heading row"),
        ("a,b,c\n", "has a heading row but no rows|No column of"),
        ("Name,Age,Town\nA,1,B\nC,2,D\n", "No column of x.csv is recognised as"),
    ],
)
def test_what_is_no_extract_is_refused_in_three_lines(tmp_path, content, what):
    (tmp_path / "x.csv").write_text(content, encoding="utf-8")
    with pytest.raises(CdrpError, match=what) as refused:
        proposed(tmp_path / "x.csv")
    assert len(str(refused.value).splitlines()) == 3


def test_files_of_two_extracts_are_not_connected_as_one(tmp_path):
    one = written(tmp_path, rows())
    other = written(tmp_path, [["x", "y", "1"]], headings=("Area", "Sex", "People"), name="people.csv")
    with pytest.raises(ValueFoundError, match=r"people\.csv has different headings from extract\.csv"):
        proposed(one, other)


@pytest.mark.whole
def test_a_column_that_one_file_lacks_and_nobody_needs_is_no_matter(tmp_path):
    one = written(tmp_path, [[*row, "x"] for row in rows()], headings=(*HEADINGS, "Notes"))
    later = [[f"D{number}", *row[1:]] for number, row in enumerate(rows())]
    found = proposed(one, written(tmp_path, later, name="later.csv"))
    assert sum(each.rows for each in found.months) == 80
