"""The force's own extract: what is counted, and the exact words for what can't be."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tomllib
from dataclasses import replace

import duckdb
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cdrp_xl.errors import CannotBeComputedError, CdrpError, FileError, ValueFoundError
from cdrp_xl.periods import Month, Period, quarter
from cdrp_xl.selected import FarmOffences, PriorityOffences, RowOffences
from cdrp_xl.sources import recorded_crime
from cdrp_xl.sources.recorded_crime import RecordedCrimeHeadings, RecordedCrimeSettings
from cdrp_xl.sources.selection import Selection
from cdrp_xl.tables import Repeats

AREA = "South Cambridgeshire"
TODAY = dt.date(2011, 7, 20)
HEADINGS = {
    "offence_reference": "Crime Reference",
    "date_recorded": "Recorded",
    "offence": "HO Code",
    "area": "District",
}
MORE = {
    "date_committed": "Committed",
    "locality": "Parish",
    "locus_type": "Locus Type",
    "locus_subtype": "Locus Subtype",
    "domestic": "Domestic",
    "victim": "Victim",
}
ROW = {
    "Crime Reference": "",
    "Recorded": "30/04/2011",
    "HO Code": "28A",
    "District": AREA,
    "Committed": "",
    "Parish": "Girton",
    "Locus Type": "Dwelling",
    "Locus Subtype": "House",
    "Domestic": "N",
    "Address": "1 High Street",
}
WRITE_DATES = "Write dates as dd/mm/yyyy, as 2011-04-30 or as Excel dates."
NOT_KNOWN = "the area is not known (blank, or an error such as #N/A)"
LOCI = ("locus_type", "locus_subtype")
GROUPS = {"burglary": ("28A", "30A"), "arson": ("56A",), "drugs": ("92E",)}
FARM_CRIME = PriorityOffences("farm")
FARM = Selection(counted_as=FARM_CRIME, locus_types=("Agricultural",), locus_subtypes=("Farm",))
ELSEWHERE = {"District": "Fenland", "Locus Type": "Agricultural", "Locus Subtype": "Farm"}


def _rows(*rows):
    """Rows as an extract has them; each is told by what differs, and has a reference of its own."""
    return [{**ROW, "Crime Reference": f"CB{number}", **row} for number, row in enumerate(rows, 1)]


def _csv(rows, headings=tuple(ROW)):
    text = io.StringIO()
    writer = csv.DictWriter(text, headings)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _read(folder, *, selections=(), area=AREA, today=TODAY, headings=(), names=("*.csv",), **more):
    wanted = RecordedCrimeHeadings(**HEADINGS, **{use: MORE[use] for use in headings})
    source = RecordedCrimeSettings(files=names, headings=wanted, **more)
    return recorded_crime.read(source, folder=folder, area=area, selections=selections, today=today)


def _of(folder, *rows, **more):
    headings = tuple(dict.fromkeys([*ROW, *(heading for row in rows for heading in row)]))
    (folder / "a.csv").write_text(_csv(_rows(*rows), headings), encoding="utf-8")
    return _read(folder, **more)


def _count(counts, row_id="all-crime", month=4, year=2011):
    period = Period(Month(year, month), Month(year, month))
    return counts.offences(area=AREA, row_id=row_id, period=period)


def _refused(folder, *rows, **more):
    with pytest.raises(CdrpError, match=r"^.+\nWhere: .+\nWhat to do: .+") as refused:
        _of(folder, *rows, **more)
    return str(refused.value)


def test_offences_are_counted_by_row_and_month_recorded(tmp_path):
    counts = _of(tmp_path, {}, {"HO Code": "45"}, {"HO Code": "45", "Recorded": "01/05/2011"})
    assert _count(counts) == 2
    assert _count(counts, "burglary-dwelling") == 1
    assert _count(counts, "theft-from-vehicle") == 1
    assert _count(counts, "serious-acquisitive-crime") == 2
    assert _count(counts, "shoplifting") == 0
    assert _count(counts, month=5) == 1
    assert counts.coverage == "Apr-11 to May-11"


def test_where_the_figures_come_from_is_reported(tmp_path):
    counts = _of(tmp_path, {}, publisher="Force", as_at=dt.date(2011, 7, 11), next_release=dt.date(2011, 10, 10))
    origin = counts.origin
    assert (origin.source, origin.publisher, origin.files) == ("Police recorded crime extract", "Force", ("a.csv",))
    assert (origin.as_at, origin.next_release) == (dt.date(2011, 7, 11), dt.date(2011, 10, 10))
    assert (origin.rows_read, dict(origin.left_out), origin.remarks) == (1, {}, ())


def test_rows_of_other_areas_are_left_out_and_counted(tmp_path):
    counts = _of(tmp_path, {}, {"District": "Cambridge"}, {"District": "Fenland"}, {"District": ""})
    assert _count(counts) == 1
    assert counts.origin.rows_read == 4
    assert dict(counts.origin.left_out) == {"in other areas": 2, NOT_KNOWN: 1}


def test_capitals_and_spaces_do_not_matter_in_an_area(tmp_path):
    counts = _of(tmp_path, {"District": " SOUTH  cambridgeshire "}, {"District": "South Cambridgeshire"})
    assert _count(counts) == 2


def test_without_an_area_heading_every_row_is_of_the_area(tmp_path):
    (tmp_path / "a.csv").write_text(_csv(_rows({}, {"District": "Cambridge"})), encoding="utf-8")
    wanted = RecordedCrimeHeadings(**{use: text for use, text in HEADINGS.items() if use != "area"})
    source = RecordedCrimeSettings(files=("a.csv",), headings=wanted)
    assert _count(recorded_crime.read(source, folder=tmp_path, area=AREA, today=TODAY)) == 2


def test_faults_in_rows_of_other_areas_are_no_fault_of_the_report(tmp_path):
    elsewhere = {"District": "Cambridge", "HO Code": "?", "Recorded": "soon", "Crime Reference": ""}
    assert _count(_of(tmp_path, {}, elsewhere, elsewhere)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "30/04/2011",
        "30/4/2011",
        "2011-04-30",
        "30/04/2011 23:59",
        "30/04/2011 23:59:59",
        "2011-04-30 23:59:59",
        "2011-04-30T23:59:59",
        "2011-04-30 23:59:59.999",
        " 30/04/2011 ",
        "40663",
        "40663.99",
    ],
)
def test_a_date_is_read_in_every_form_that_extracts_have(tmp_path, text):
    counts = _of(tmp_path, {"Recorded": text})
    assert counts.months(AREA) == {Month(2011, 4)}


@pytest.mark.parametrize(
    "text",
    ["31/02/2011", "30/02/2012", "soon", "", "2011", "40663x", "4066", "31/12/1899", "N/A"],
)
def test_an_impossible_date_is_named(tmp_path, text):
    assert _refused(tmp_path, {}, {"Recorded": text}) == (
        f'"{text}" is not a date that can be used.\nWhere: a.csv, row 3, heading "Recorded"\nWhat to do: {WRITE_DATES}'
    )


@pytest.mark.whole
def test_text_where_dates_belong_is_named_three_times_and_counted(tmp_path):
    assert _refused(tmp_path, {}, *[{"Recorded": "in April"}] * 1200) == (
        '"in April" is not a date that can be used (1,200 rows are like this).\n'
        'Where: a.csv, row 3, 4, 5, heading "Recorded"\n'
        f"What to do: {WRITE_DATES}"
    )


def test_a_future_date_is_named_and_only_future_rows_are_counted(tmp_path):
    assert _refused(tmp_path, *[{"Recorded": "20/07/2011"}] * 5, {"Recorded": "21/07/2011"}) == (
        '"21/07/2011" is not a date that can be used.\n'
        'Where: a.csv, row 7, heading "Recorded"\n'
        "What to do: Correct the date, or `as_at` in partnership.toml: nothing is known after 20 July 2011."
    )


def test_a_date_after_the_extracts_own_is_in_its_future(tmp_path):
    assert _refused(tmp_path, {"Recorded": "12/07/2011"}, as_at=dt.date(2011, 7, 11)) == (
        '"12/07/2011" is not a date that can be used.\n'
        'Where: a.csv, row 2, heading "Recorded"\n'
        "What to do: Correct the date, or `as_at` in partnership.toml: nothing is known after 11 July 2011."
    )


def test_an_excel_day_number_in_the_future_is_refused(tmp_path):
    assert _refused(tmp_path, {"Recorded": "99999"}).startswith('"99999" is not a date that can be used.\n')


def test_the_day_of_the_refresh_is_not_in_the_future(tmp_path):
    assert _count(_of(tmp_path, {"Recorded": "20/07/2011"}), month=7) == 1


def test_the_date_committed_is_not_counted_by(tmp_path):
    counts = _of(tmp_path, {"Committed": "31/12/1980"}, {"Committed": "unknown"}, headings=("date_committed",))
    assert counts.months(AREA) == {Month(2011, 4)}
    assert _count(counts) == 2


@pytest.mark.parametrize(
    ("text", "row_id"),
    [
        ("28A", "burglary-dwelling"),
        ("028A", "burglary-dwelling"),
        (" 28a ", "burglary-dwelling"),
        ("37/2", "aggravated-vehicle-taking"),
        ("037/02", "aggravated-vehicle-taking"),
        ("Burglary in a dwelling", "burglary-dwelling"),
        ("  BURGLARY in a  dwelling", "burglary-dwelling"),
        ("DWELLING BURG", "burglary-dwelling"),
        ("dwelling  burg", "burglary-dwelling"),
        ("Drugs - SP", "drugs-simple-possession"),
    ],
)
def test_an_offence_is_known_by_code_description_or_the_forces_own_words(tmp_path, text, row_id):
    counts = _of(tmp_path, {"HO Code": text}, offence_codes={"Dwelling Burg": "28A", "Drugs - SP": "092D"})
    assert _count(counts, row_id) == 1


def test_the_forces_own_words_come_before_the_home_offices(tmp_path):
    counts = _of(tmp_path, {"HO Code": "28A"}, offence_codes={"28A": "46"})
    assert (_count(counts, "shoplifting"), _count(counts, "burglary-dwelling")) == (1, 0)


@pytest.mark.whole
def test_every_unknown_offence_is_named_at_once_as_lines_to_paste(tmp_path):
    unknown = [{"HO Code": "Dwelling brglary"}, {"HO Code": "Zebra"}, {"HO Code": "Dwelling brglary"}]
    refused = _refused(tmp_path, {}, *unknown)
    assert refused.startswith(
        '2 offences are unknown: "Dwelling brglary", "Zebra" (3 rows are like this).\n'
        'Where: a.csv, row 3, 4, 5, heading "HO Code"\n'
        "What to do: Check these lines, and paste them into partnership.toml under "
        "[sources.recorded_crime.offence_codes]:\n"
    )
    lines = tomllib.loads(refused.split("offence_codes]:\n")[1])
    assert lines == {"Dwelling brglary": "Burglary Dwelling", "Zebra": "not counted"}
    assert "# 2 rows; a suggestion." in refused
    assert _count(_of(tmp_path, {}, *unknown, offence_codes=lines), "burglary-dwelling") == 3


def test_offences_that_the_settings_do_not_count_are_left_out_and_numbered(tmp_path):
    rows = [{}, {"HO Code": "Concern for safety"}, {"HO Code": "ASB - nuisance"}, {"HO Code": "concern  for SAFETY"}]
    counts = _of(tmp_path, *rows, not_counted=("Concern for safety",), offence_codes={"ASB - nuisance": "not counted"})
    assert _count(counts) == 1
    (left_out,) = counts.origin.ledger[0].left_out
    assert (left_out.rows, left_out.first, left_out.is_usual) == (3, ("row 3", "row 4", "row 5"), True)


ASB = {"ASB - NUIS": "Anti-social behaviour - nuisance", "ASB": "anti-social-behaviour", "INC": "Other incidents"}


def test_incidents_are_counted_in_rows_of_their_own_and_never_in_recorded_crime(tmp_path):
    texts = ("28A", "28A", "56A", "ASB - NUIS", "ASB - NUIS", "asb", "INC", "Lost dog")
    counts = _of(tmp_path, *({"HO Code": text} for text in texts), offence_codes=ASB, not_counted=("Lost dog",))
    assert (_count(counts), _count(counts, "burglary-dwelling")) == (3, 2)
    rows = {row.row_id for row in counts.classification.rows if not row.parent} - {"all-crime"}
    assert {"anti-social-behaviour", "other-incidents"} <= rows
    ids = ("anti-social-behaviour", "anti-social-behaviour-nuisance", "anti-social-behaviour-not-divided")
    assert [_count(counts, row) for row in (*ids, "other-incidents")] == [3, 2, 1, 1]
    assert "anti-social-behaviour-personal" not in {row.row_id for row in counts.classification.rows}
    (ledger,) = counts.origin.ledger
    assert (ledger.read, ledger.counted, [each.rows for each in ledger.left_out]) == (8, 7, [1])
    assert counts.origin.notes[0].startswith("Anti-social behaviour and other incidents are counted beside")
    assert "incidents" not in " ".join(_of(tmp_path, {}).origin.notes)


def test_incidents_are_in_no_selection_of_all_offences_unless_their_row_is_named(tmp_path):
    farm = {"Locus Type": "Agricultural", "Locus Subtype": "Farm"}
    rows = [{**farm, "HO Code": text} for text in ("28A", "ASB", "ASB - NUIS", "INC")]
    own = replace(FARM, counted_as=PriorityOffences("asb"), rows=("Anti-social behaviour",))
    apart = replace(FARM, counted_as=RowOffences(locus="farm"))
    counts = _of(tmp_path, *rows, offence_codes=ASB, selections=(FARM, own, apart), headings=LOCI)
    assert (_count(counts, FARM_CRIME), _count(counts, PriorityOffences("asb"))) == (1, 2)
    assert _count(counts, RowOffences("anti-social-behaviour", locus="farm")) == 2
    assert _count(counts, RowOffences("all-crime", locus="farm")) == 1


@pytest.mark.parametrize("said", [{"offence_codes": ASB}, {"not_counted": tuple(ASB)}])
def test_what_is_no_crime_is_no_repeat_offence(tmp_path, said):
    farm = {"Locus Type": "Agricultural", "Locus Subtype": "Farm", "Victim": "V1"}
    days = (("28A", "01/04/2011"), ("ASB", "05/04/2011"), ("28A", "09/04/2011"), ("INC", "10/04/2011"))
    rows = [{**farm, "HO Code": text, "Recorded": day} for text, day in days]
    selection = replace(FARM, repeats_by="victim")
    counts = _of(tmp_path, *rows, **said, selections=[selection], headings=(*LOCI, "victim"))
    assert counts.repeats[FARM_CRIME, Period.parse("2011-12 Q1")] == Repeats(offences=1, victims=1, unnamed=0)


def test_a_row_without_an_offence_is_named(tmp_path):
    assert _refused(tmp_path, {"HO Code": ""}).startswith(
        '"" is not a known offence (1 row is like this).\nWhere: a.csv, row 2, heading "HO Code"\n'
    )


@pytest.mark.whole
def test_a_wrong_code_in_the_settings_is_said_to_be_there(tmp_path):
    refused = _refused(tmp_path, {"HO Code": "DWELLING BURG"}, offence_codes={"Dwelling Burg": "28Z"})
    assert refused.startswith('"DWELLING BURG" is not a known offence (1 row is like this).\n')
    assert '"28Z", which the settings say for it, is not an offence, code or row of CADET highlights' in refused


def test_an_extract_of_which_no_row_is_counted_stops(tmp_path):
    rows = [{"HO Code": "Concern for safety"}, {"District": "Fenland"}, {"District": "#N/A"}]
    assert _refused(tmp_path, *rows, not_counted=("Concern for safety",)) == (
        "None of the 3 rows is counted: 1 in other areas; 1 not counted, as partnership.toml says about their offence; "
        "1 the area is not known (blank, or an error such as #N/A).\n"
        "Where: a.csv\n"
        "What to do: See what partnership.toml says about the area and about offences that are not counted."
    )


def test_words_beside_a_code_decide_what_it_is_counted_under(tmp_path):
    headings = RecordedCrimeHeadings(**HEADINGS, offence_words="Offence")
    (tmp_path / "a.csv").write_text(
        _csv(_rows({"HO Code": "28", "Offence": "Burglary in a dwelling"}), (*ROW, "Offence")), encoding="utf-8"
    )
    source = RecordedCrimeSettings(files=("a.csv",), headings=headings)
    counts = recorded_crime.read(source, folder=tmp_path, area=AREA, today=TODAY)
    assert [(each.written.beside, each.row.row_id) for each in counts.readings] == [
        ("Burglary in a dwelling", "burglary-dwelling")
    ]


def test_an_offence_that_looks_like_a_formula_is_text_that_is_not_known(tmp_path):
    assert _refused(tmp_path, {"HO Code": "=1+1"}).startswith('"=1+1" is not a known offence (1 row')


@pytest.mark.parametrize("text", ["=1+1", "+44", "-7", "@SUM(A1)", "\U0001f33e Farm", "a\x00b\x07", "x" * 40_000])
def test_odd_text_in_a_column_does_no_harm(tmp_path, text):
    counts = _of(
        tmp_path,
        {"Parish": text, "Locus Type": text, "Address": text, "Crime Reference": text},
        {"Crime Reference": "2"},
        headings=("locality", "locus_type"),
    )
    assert _count(counts) == 2


def test_duplicate_references_are_named_with_their_rows(tmp_path):
    assert _refused(tmp_path, {}, {"Crime Reference": "CB1"}, {"Crime Reference": "CB1"}) == (
        'The offence reference "CB1" is on 3 rows.\n'
        'Where: a.csv, row 2, 3, 4, heading "Crime Reference"\n'
        "What to do: Take the copies out; if one reference covers several offences, set references_repeat = true."
    )


def test_a_reference_that_stands_in_two_files_is_named_in_both(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(_csv(_rows({}, {"Crime Reference": f"{name}-2"})), encoding="utf-8")
    with pytest.raises(ValueFoundError, match="CB1") as refused:
        _read(tmp_path)
    assert str(refused.value) == (
        'The offence reference "CB1" is on 2 rows.\n'
        'Where: a.csv, row 2; b.csv, row 2, heading "Crime Reference"\n'
        "What to do: Take the copies out; if one reference covers several offences, set references_repeat = true."
    )


@pytest.mark.parametrize(("rows", "what"), [(1, "A row has"), (4, "4 rows have")])
def test_rows_without_a_reference_are_named(tmp_path, rows, what):
    places = ", ".join(str(number) for number in range(3, 3 + min(rows, 3)))
    assert _refused(tmp_path, {}, *[{"Crime Reference": " "}] * rows) == (
        f"{what} no offence reference.\n"
        f'Where: a.csv, row {places}, heading "Crime Reference"\n'
        "What to do: Ask for the extract with its references."
    )


def test_references_may_repeat_where_the_settings_say_so(tmp_path):
    counts = _of(tmp_path, {}, {"Crime Reference": "CB1"}, {"Crime Reference": ""}, references_repeat=True)
    assert _count(counts) == 3


def test_an_area_that_no_row_is_of_is_named_with_the_nearest(tmp_path):
    assert _refused(tmp_path, {"District": "South Cambs"}, {"District": "Fenland"}) == (
        'There is no row for the area "South Cambridgeshire".\n'
        'Where: a.csv, heading "District"\n'
        'What to do: Did you mean "South Cambs"?'
    )


@pytest.mark.parametrize("flag", ["maybe", "Not known", "2"])
def test_a_domestic_flag_that_is_neither_yes_nor_no_is_named(tmp_path, flag):
    assert _refused(tmp_path, {}, {"Domestic": flag}, headings=("domestic",)) == (
        f'"{flag}" is neither yes nor no.\n'
        'Where: a.csv, row 3, heading "Domestic"\n'
        "What to do: Say in partnership.toml what it means, under domestic_yes or domestic_no."
    )


@pytest.mark.parametrize("flag", ["Y", "yes ", "TRUE", "1", "n", "No", "false", "0", ""])
def test_a_domestic_flag_is_read_in_any_capitals(tmp_path, flag):
    assert _count(_of(tmp_path, {"Domestic": flag}, headings=("domestic",))) == 1


def test_the_forces_own_flags_are_taken_and_others_are_not(tmp_path):
    assert _count(_of(tmp_path, {"Domestic": "DV"}, headings=("domestic",), domestic_yes=("dv",))) == 1
    assert _refused(tmp_path, {"Domestic": ""}, headings=("domestic",), domestic_no=("N",)).startswith('"" is neither')


def test_without_a_domestic_heading_no_flag_is_looked_for(tmp_path):
    assert _count(_of(tmp_path, {"Domestic": "maybe"}, domestic_no=("N",))) == 1


def test_offences_are_selected_by_locus_whatever_the_capitals_and_spaces(tmp_path):
    farm = {"Locus Type": " AGRICULTURAL ", "Locus Subtype": "farm"}
    barn = {"Locus Type": "agricultural", "Locus Subtype": " BARN"}
    shop = {"Locus Type": "Agricultural", "Locus Subtype": "Farm shop"}
    house = {"Locus Type": "Dwelling", "Locus Subtype": "Farm"}
    selection = replace(FARM, locus_subtypes=("Barn", "Farm"))
    counts = _of(tmp_path, farm, barn, shop, house, selections=(selection,), headings=LOCI)
    assert _count(counts, FARM_CRIME) == 2
    assert counts.selections == (FARM_CRIME,)


def test_offences_are_never_selected_by_the_text_of_an_address(tmp_path):
    row = {"Address": "Barnes Close, Farm Lane", "Parish": "Barn Farm"}
    counts = _of(tmp_path, row, ELSEWHERE, selections=(FARM,), headings=(*LOCI, "locality"))
    assert _count(counts, FARM_CRIME) == 0


@pytest.mark.parametrize(("rows", "count"), [((), 3), (("burglary-dwelling",), 1), (("Burglary Dwelling", "arson"), 2)])
def test_a_selection_may_be_of_some_offence_rows_only(tmp_path, rows, count):
    farm = {"Locus Type": "Agricultural", "Locus Subtype": "Farm"}
    selection = Selection(counted_as=FARM_CRIME, locus_types=("Agricultural",), rows=rows)
    counts = _of(
        tmp_path,
        farm,
        {**farm, "HO Code": "56A"},
        {**farm, "HO Code": "46"},
        selections=(selection,),
        headings=("locus_type",),
    )
    assert _count(counts, FARM_CRIME) == count


def test_a_selection_may_count_every_offence_row_apart(tmp_path):
    farm, shop = ({"HO Code": "30A", "Locus Type": kind} for kind in ("Agricultural", "Shop"))
    selection = Selection(counted_as=RowOffences(locus="a"), locus_types=("Agricultural",))
    counts = _of(tmp_path, farm, farm, shop, selections=(selection,), headings=("locus_type",))
    ids = [RowOffences(row.row_id, locus="a") for row in counts.classification.rows]
    assert list(counts.selections) == ids
    found = {cell[1]: count for cell, count in counts.cells.items() if cell[1] in ids}
    assert found[RowOffences("all-crime", locus="a")] == 2
    assert set(found) == {
        RowOffences(row.row_id, locus="a") for row in counts.classification.rows if "30A" in row.codes
    }


def test_a_selection_of_an_unknown_offence_row_is_refused_and_never_nought(tmp_path):
    selection = Selection(counted_as=FARM_CRIME, locus_types=("Agricultural",), rows=("burglry-dwelling",))
    assert _refused(tmp_path, {}, selections=(selection,), headings=("locus_type",)) == (
        'There is no offence row "burglry-dwelling" in CADET highlights (2008 to 2011 definitions).\n'
        "Where: classification cadet-2011\n"
        'What to do: Did you mean "burglary-dwelling" or "damage-to-dwellings" or "theft-in-a-dwelling"?'
    )


@pytest.mark.parametrize("headings", [(), ("locus_type",), ("locus_subtype",)])
def test_a_selection_by_a_column_that_the_extract_lacks_is_left_uncounted_and_never_nought(tmp_path, headings):
    counts = _of(tmp_path, {}, selections=(FARM,), headings=headings)
    assert counts.selections == ()
    with pytest.raises(CannotBeComputedError, match="These offences were not counted separately"):
        _count(counts, FARM_CRIME)


def test_a_selection_may_be_of_some_offence_codes_only(tmp_path):
    farm = {"Locus Type": "Agricultural", "Locus Subtype": "Farm"}
    selections = [
        replace(FARM, counted_as=FarmOffences(name), codes=frozenset(codes)) for name, codes in GROUPS.items()
    ]
    rows = [{**farm, "HO Code": code} for code in ("28A", "30A", "30A", "56A")]
    counts = _of(tmp_path, *rows, {"HO Code": "30A"}, selections=selections, headings=LOCI)
    assert {name: _count(counts, FarmOffences(name)) for name in GROUPS} == {"burglary": 3, "arson": 1, "drugs": 0}


def _repeats(folder, *rows, quarter_name="2011-12 Q1", **more):
    """Repeats among farm offences, each told by its day and its victim."""
    farm = {"Locus Type": "Agricultural", "Locus Subtype": "Farm"}
    found = [{**farm, "Recorded": day, "Victim": victim} for day, victim in rows]
    selection = replace(FARM, repeats_by="victim", **more)
    counts = _of(folder, *found, selections=[selection], headings=(*LOCI, "victim"))
    return counts.repeats.get((FARM_CRIME, Period.parse(quarter_name)), Repeats())


@pytest.mark.parametrize(
    ("before", "is_repeat"),
    [
        ("30/04/2010", True),  # to the day 12 months before
        ("29/04/2010", False),
        ("29/04/2011", True),
        ("30/04/2011", False),  # on one day, neither is before the other
        ("01/05/2011", True),  # then the later of the two is the repeat
    ],
)
def test_a_repeat_has_an_earlier_offence_in_the_12_months_before(tmp_path, before, is_repeat):
    assert _repeats(tmp_path, (before, "V1"), ("30/04/2011", "V1")) == Repeats(offences=is_repeat, victims=is_repeat)


def test_repeat_offences_and_repeat_victims_are_told_apart_and_the_unnamed_are_neither(tmp_path):
    rows = [
        ("01/04/2011", "V1"),
        ("02/04/2011", "V1"),
        ("03/04/2011", "V1"),
        ("01/03/2011", "V2"),
        ("01/06/2011", "V2"),
    ]
    assert _repeats(tmp_path, *rows, ("01/05/2011", ""), ("02/05/2011", " ")) == Repeats(
        offences=3, victims=2, unnamed=2
    )


@pytest.mark.whole
def test_how_far_is_looked_back_is_a_setting(tmp_path):
    rows = [("01/01/2011", "V1"), ("01/04/2011", "V1")]
    assert _repeats(tmp_path, *rows, repeat_months=3).offences == 1
    assert _repeats(tmp_path, *rows, repeat_months=2).offences == 0


@pytest.mark.parametrize(("day", "quarter_name"), [("31/03/2011", "2010-11 Q4"), ("01/04/2011", "2011-12 Q1")])
def test_repeats_are_of_the_quarter_of_the_financial_year_in_which_they_were_recorded(tmp_path, day, quarter_name):
    rows = [("01/02/2011", "V1"), (day, "V1")]
    assert _repeats(tmp_path, *rows, quarter_name=quarter_name).offences == 1


def test_an_offence_elsewhere_makes_no_repeat(tmp_path):
    farm = {"Locus Type": "Agricultural", "Locus Subtype": "Farm", "Victim": "V1"}
    home = {"Victim": "V1", "Recorded": "29/04/2011"}
    away = {**farm, "District": "Fenland", "Recorded": "29/04/2011"}
    selection = replace(FARM, repeats_by="victim")
    counts = _of(tmp_path, farm, home, away, selections=[selection], headings=(*LOCI, "victim"))
    assert counts.repeats == {(FARM_CRIME, quarter(2011, 1)): Repeats()}


def test_repeats_that_the_extract_can_not_show_are_left_uncounted(tmp_path):
    selection = replace(FARM, repeats_by="victim")
    farm = {"Locus Type": "Agricultural", "Locus Subtype": "Farm"}
    assert _of(tmp_path, farm, selections=[selection], headings=LOCI).repeats == {}


def test_a_month_missing_inside_a_period_is_named(tmp_path):
    counts = _of(tmp_path, {}, {"Recorded": "01/06/2011"})
    with pytest.raises(CannotBeComputedError, match="May-11") as refused:
        counts.offences(area=AREA, row_id="all-crime", period=quarter(2011, 1))
    assert str(refused.value) == (
        "Apr-11 to Jun-11 can't be counted: South Cambridgeshire has no complete figures for May-11.\n"
        "Where: Police recorded crime extract, which covers Apr-11, Jun-11 (May-11 is missing)\n"
        "What to do: Add the files for these months, or choose a period that the data cover."
    )


def test_a_month_in_which_only_other_areas_have_rows_is_covered(tmp_path):
    counts = _of(tmp_path, {}, {"Recorded": "01/05/2011", "District": "Fenland"})
    assert _count(counts, month=5) == 0


def test_a_missing_heading_is_named_with_those_there_are(tmp_path):
    text = _csv(_rows({}), tuple(ROW)).replace("HO Code", "Offence Code")
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueFoundError, match="HO Code") as refused:
        _read(tmp_path)
    assert str(refused.value) == (
        'There is no heading "HO Code" (for the offence).\n'
        "Where: a.csv, row 1\n"
        'What to do: The headings are "Crime Reference", "Recorded", "Offence Code", "District", "Committed", '
        '"Parish", "Locus Type", "Locus Subtype", "Domestic", "Address": '
        "write the right one in partnership.toml, or ask for the column."
    )


@pytest.mark.parametrize("heading", ["inside", "recorded", "month", "cdrp"])
def test_a_heading_of_the_extract_may_be_any_word(tmp_path, heading):
    (tmp_path / "a.csv").write_text(_csv(_rows({})).replace("Address", heading), encoding="utf-8")
    if heading == "recorded":
        with pytest.raises(ValueFoundError, match='The heading "Recorded" appears 2 times, in different capitals'):
            _read(tmp_path)
    else:
        assert _count(_read(tmp_path)) == 1


def test_a_quotation_mark_in_a_heading_or_an_area_does_no_harm(tmp_path):
    rows = [{**row, "District": "King's Lynn"} for row in _rows({})]
    text = _csv(rows).replace("District", "O'Area")
    (tmp_path / "O'Brien.csv").write_text(text, encoding="utf-8")
    wanted = RecordedCrimeHeadings(**{**HEADINGS, "area": "O'Area"})
    source = RecordedCrimeSettings(files=("O'Brien.csv",), headings=wanted)
    counts = recorded_crime.read(source, folder=tmp_path, area="King's Lynn", today=TODAY)
    assert sum(count for (_, row_id, _), count in counts.cells.items() if row_id == "all-crime") == 1


def test_an_extract_of_only_a_heading_row_is_said_to_have_no_rows(tmp_path):
    assert _refused(tmp_path) == (
        "a.csv has a heading row but no rows below it.\n"
        "Where: a.csv\n"
        "What to do: Ask for the extract again, or take the file out of the folder."
    )


def test_one_file_without_rows_among_others_is_reported_in_a_remark(tmp_path):
    (tmp_path / "b.csv").write_text(_csv([]), encoding="utf-8")
    counts = _of(tmp_path, {})
    assert counts.origin.files == ("a.csv", "b.csv")
    assert counts.origin.remarks == ("b.csv has a heading row but no rows below it.",)


def test_files_with_headings_in_another_order_are_counted_together(tmp_path):
    (tmp_path / "a.csv").write_text(_csv(_rows({})), encoding="utf-8")
    other = [{**row, "Crime Reference": "B1"} for row in _rows({"HO Code": "45"})]
    (tmp_path / "b.csv").write_text(_csv(other, tuple(reversed(ROW))), encoding="utf-8")
    counts = _read(tmp_path)
    assert (_count(counts, "burglary-dwelling"), _count(counts, "theft-from-vehicle")) == (1, 1)


@pytest.mark.whole
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_an_extract_is_counted_in_every_encoding_and_its_rows_are_named(tmp_path, encoding):
    rows = _rows({"Locus Type": "Caf\u00e9"}, {"Recorded": "soon"})
    cafes = Selection(counted_as=PriorityOffences("cafes"), locus_types=("CAF\u00c9",))
    more = {"headings": ("locus_type",), "selections": (cafes,)}
    (tmp_path / "a.csv").write_bytes(_csv(rows).encode(encoding))
    with pytest.raises(ValueFoundError, match=r"Where: a\.csv, row 3, heading \"Recorded\""):
        _read(tmp_path, **more)
    (tmp_path / "a.csv").write_bytes(_csv(rows[:1]).encode(encoding))
    counts = _read(tmp_path, **more)
    assert _count(counts, PriorityOffences("cafes")) == 1
    assert counts.origin.remarks == ()


def test_a_file_in_no_known_encoding_is_named(tmp_path):
    (tmp_path / "a.csv").write_bytes(_csv(_rows({})).encode() + b"\x81\x8d,,,,,,,,,\n")
    with pytest.raises(FileError, match=r"^a\.csv is neither UTF-8 nor Windows-1252 text\.\nWhere: "):
        _read(tmp_path)


def test_a_workbook_is_counted_with_real_dates_dates_as_text_and_day_numbers(tmp_path):
    days = [dt.datetime(2011, 4, 30, 22, 15), "30/04/2011", 40663, 40663.75]  # noqa: DTZ001
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page = book.add_worksheet("Extract")
        shown = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        page.write_row(0, 0, tuple(HEADINGS.values()))
        for number, day in enumerate(days, 1):
            page.write_row(number, 0, (number, None, 39, AREA))
            page.write(number, 1, day, shown if isinstance(day, dt.datetime) else None)
    counts = _read(tmp_path, names=("a.xlsx",), worksheet="Extract")
    assert counts.months(AREA) == {Month(2011, 4)}
    assert _count(counts, "theft-from-the-person") == 4


def test_a_fault_in_a_workbook_is_named_with_its_worksheet(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page = book.add_worksheet("Extract")
        page.write_row(2, 0, tuple(HEADINGS.values()))
        page.write_row(3, 0, (1, "soon", 39, AREA))
    with pytest.raises(ValueFoundError, match="soon") as refused:
        _read(tmp_path, names=("a.xlsx",))
    assert str(refused.value) == (
        '"soon" is not a date that can be used.\n'
        'Where: a.xlsx, worksheet "Extract", row 4, heading "Recorded"\n'
        f"What to do: {WRITE_DATES}"
    )


@pytest.mark.parametrize("kind", ["DATE", "TIMESTAMP", "VARCHAR"])
def test_a_parquet_file_is_counted(tmp_path, kind):
    sql = f"""
        SELECT 7 AS "Crime Reference", CAST('2011-04-30' AS {kind}) AS Recorded,
            39 AS "HO Code", '{AREA}' AS District"""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"COPY ({sql}) TO '{tmp_path / 'a.parquet'}' (FORMAT parquet)")
    assert _count(_read(tmp_path, names=("*.parquet",)), "theft-from-the-person") == 1


def test_figures_of_other_classifications_are_counted_by_their_own_rows(tmp_path):
    counts = _of(tmp_path, {"HO Code": "54"}, classification="home-office-2013")
    assert _count(counts, "miscellaneous-crimes") == 1
    assert counts.classification.classification_id == "home-office-2013"


@pytest.mark.whole
@settings(max_examples=settings.default.max_examples // 4)
@given(
    st.lists(st.tuples(st.sampled_from(["28A", "45", "46", "8H", "58E"]), st.integers(1, 6)), min_size=1, max_size=25)
)
def test_the_order_of_rows_does_not_matter_and_rows_add_up(tmp_path_factory, offences):
    folder = tmp_path_factory.mktemp("law")
    rows = [{"HO Code": code, "Recorded": f"01/{month:02}/2011"} for code, month in offences]
    forwards, backwards = _of(folder, *rows), _of(folder, *reversed(rows))
    assert forwards.cells == backwards.cells
    assert sum(count for (_, row_id, _), count in forwards.cells.items() if row_id == "all-crime") == len(offences)
    assert forwards.months(AREA) == {Month(2011, month) for _, month in offences}
