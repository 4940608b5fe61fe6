"""Figures of many areas: an iQuanta export under its own headings, and counts of every district by month."""

from __future__ import annotations

import csv
import re

import msgspec
import pandas as pd
import pytest
import xlsxwriter

from cdrp_xl.errors import CannotBeComputedError, FileError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.sources import area_figures
from cdrp_xl.sources.area_figures import AreaCountsSettings, AreaFiguresHeadings, IquantaSettings

AREAS = ("South Cambridgeshire", "Area A", "Area B")
HEADINGS = ("CSP", "Period", "Crime type", "Crimes", "Households", "Rate", "Rank")
ROWS = [
    ("South Cambridgeshire", "2010-11 Q4", "Domestic Burglary", "80", "60,000", "1.33", "2"),
    ("Area A", "2010-11 Q4", "Domestic Burglary", "40", "40000", "1.00", "1"),
    ("AREA  b", "2010-11 Q4", "Domestic Burglary", "100", "50000", "2.00", "3"),
    ("Area C", "2010-11 Q4", "Domestic Burglary", "1", "10", "", ""),
]
OWN = AreaFiguresHeadings(
    area="CSP",
    period="Period",
    offence="Crime type",
    offences="Crimes",
    households="Households",
    rate="Rate",
    position="Rank",
)
Q4 = Period.parse("2010-11 Q4")
BURGLARY = "burglary-dwelling"


def as_csv(folder, *rows, headings=HEADINGS, name="group.csv"):
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])


def read(folder, areas=AREAS, **more):
    chosen = {"files": ("group.*",), "headings": OWN, "offence_rows": {"Domestic Burglary": BURGLARY}, **more}
    return area_figures.read(IquantaSettings(**chosen), folder=folder, areas=areas)


def changed(row, **columns):
    fields = dict(zip(HEADINGS, ROWS[row], strict=True)) | columns
    return [tuple(fields.values()) if number == row else other for number, other in enumerate(ROWS)]


def check_figures(found):
    counts = {area: found.counts.offences(area=area, row_id=BURGLARY, period=Q4) for area in AREAS}
    assert counts == {"South Cambridgeshire": 80, "Area A": 40, "Area B": 100}
    assert found.residents == {
        ("South Cambridgeshire", "households"): 60_000,
        ("Area A", "households"): 40_000,
        ("Area B", "households"): 50_000,
    }
    assert found.positions == {
        ("South Cambridgeshire", BURGLARY, Q4): 2,
        ("Area A", BURGLARY, Q4): 1,
        ("Area B", BURGLARY, Q4): 3,
    }


def test_an_iquanta_export_gives_offences_households_and_positions(tmp_path):
    as_csv(tmp_path, *ROWS)
    found = read(tmp_path)
    check_figures(found)
    assert found.areas_in_file == ("AREA  b", "Area A", "Area C", "South Cambridgeshire")
    assert (found.counts.origin.source, found.counts.origin.remarks) == ("iQuanta", ())


def test_a_workbook_gives_the_same_as_text_or_as_numbers(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "group.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        for number, row in enumerate(ROWS[:3], 1):
            area, period, offence, *figures = row
            page.write_row(number, 0, [area, period, offence, *(float(each.replace(",", "")) for each in figures)])
    check_figures(read(tmp_path))


def test_months_add_up_to_a_quarter_and_dates_of_a_workbook_are_months(tmp_path):
    rows = [(area, month, "Domestic Burglary", "5", "9", "", "") for area in AREAS for month in MONTHS]
    as_csv(tmp_path, *rows)
    assert read(tmp_path).counts.offences(area="Area A", row_id=BURGLARY, period=Q4) == 15


MONTHS = ("Jan-11", "2011-02", "2011-03-01 00:00:00")


def test_a_month_in_digits_beside_financial_years_may_be_one_that_is_mistyped(tmp_path):
    as_csv(tmp_path, *changed(1, Period="2012-11"))
    message = (
        '"2012-11" is read as November 2012, but "2010-11 Q4" as a year.\n'
        'Where: group.csv, row 3, heading "Period"\n'
        'What to do: Correct the one that is mistyped; if neither is, write the month as "Nov-12".'
    )
    with pytest.raises(ValueFoundError, match=re.escape(message)):
        read(tmp_path)


def test_months_in_digits_are_months_unless_one_of_them_would_be_a_financial_year(tmp_path):
    rows = [(area, f"2010-{month}", "Domestic Burglary", "5", "9", "", "") for area in AREAS for month in (10, 11, 12)]
    as_csv(tmp_path, *rows)
    with pytest.raises(ValueFoundError, match='"2010-10" is read as October 2010, but "2010-11" as a year'):
        read(tmp_path)
    as_csv(tmp_path, *rows, headings=("CSP", "Month", *HEADINGS[2:]))
    counts = read(tmp_path, headings=msgspec.structs.replace(OWN, period="Month")).counts
    assert counts.offences(area="Area A", row_id=BURGLARY, period=Period.parse("2010-11 Q3")) == 15


def test_a_file_about_one_offence_needs_no_column_for_it(tmp_path):
    rows = [(area, "2010-11 Q4", "5") for area in AREAS]
    as_csv(tmp_path, *rows, headings=("Area", "Period", "Offences"))
    found = read(tmp_path, headings=AreaFiguresHeadings(), offence_row=BURGLARY, offence_rows={})
    assert found.counts.offences(area="Area A", row_id=BURGLARY, period=Q4) == 5
    assert (found.residents, found.positions) == ({}, {})


def test_an_offence_that_is_no_row_is_left_out_by_name(tmp_path):
    as_csv(tmp_path, *ROWS, *(("Area A", "2010-11 Q4", "Fishing", "3", "9", "", "") for _ in range(2)))
    left_out = read(tmp_path).counts.origin.left_out
    reason = '"Fishing" is not a row of CADET highlights (2008 to 2011 definitions)'
    assert left_out == {reason: 2, "in other areas": 1}


def test_a_row_that_no_file_has_is_not_0(tmp_path):
    as_csv(tmp_path, *ROWS)
    with pytest.raises(CannotBeComputedError, match='"Arson" can\'t be counted'):
        read(tmp_path).counts.offences(area="Area A", row_id="arson", period=Q4)


BY_FORCE = ("Force", "Area", "Period", "Crime type", "Crimes")


def _tally(folder, *rows, headings=BY_FORCE, **more):
    as_csv(folder, *rows, headings=headings)
    own = AreaFiguresHeadings(area="Area", period="Period", offence="Crime type", offences="Crimes")
    chosen = {"files": ("group.*",), "classification": "police-uk", "headings": own, "is_tally": True} | more
    return area_figures.read(AreaCountsSettings(**chosen), folder=folder, areas=("Cambridge", "Bedford")).counts


def _both(month, cambridge="Cambridgeshire Constabulary", bedford="Bedfordshire"):
    rows = ((cambridge, "Cambridge", month, 7), (bedford, "Bedford", month, 5))
    return [(force, area, each, "Burglary", str(count)) for force, area, each, count in rows]


def test_a_tally_that_names_forces_is_complete_where_the_areas_own_force_has_rows(tmp_path):
    counts = _tally(
        tmp_path,
        *_both("Jan-25"),
        *_both("Feb-25", bedford="British Transport Police"),
        *_both("Jan-25", cambridge="British Transport Police", bedford="Essex")[:2],
    )
    assert {area: len(periods) for area, periods in counts.covered.items()} == {"Cambridge": 2, "Bedford": 1}
    january = {
        area: counts.offences(area=area, row_id="burglary", period=Period.parse("Jan-25")) for area in counts.areas
    }
    assert january == {"Cambridge": 14, "Bedford": 10}
    with pytest.raises(CannotBeComputedError, match="Bedford has no complete figures for Feb-25"):
        counts.offences(area="Bedford", row_id="burglary", period=Period.parse("Feb-25"))
    assert counts.origin.to_look_at == ("Bedford has no figures for Feb-25.",)
    assert '"Force" names forces' in counts.origin.remarks[0]
    assert counts.origin.left_out == {"in periods that are incomplete there": 1}
    assert (counts.origin.rows_read, counts.origin.rows_counted) == (6, 5)


def test_a_column_that_names_other_things_too_is_not_taken_for_one_of_forces(tmp_path):
    counts = _tally(tmp_path, *_both("Jan-25", bedford="The council"))
    assert len(counts.covered["Bedford"]) == 1
    assert counts.origin.remarks == ()


def test_a_figure_of_former_areas_is_added_up_unless_their_successor_has_one(tmp_path):
    own = AreaFiguresHeadings(
        **{name: getattr(OWN, name) for name in ("area", "period", "offence", "offences", "households")}
    )
    parts = [
        (name, "2010-11 Q4", "4", "100") for name in ("Corby", "Kettering", "Wellingborough", "East Northamptonshire")
    ]
    whole = ("North Northamptonshire", "2011-12 Q1", "50", "999")
    rows = [*parts, whole, *((name, "2011-12 Q1", *more) for name, _, *more in parts)]
    as_csv(
        tmp_path, *((area, period, "Domestic Burglary", *more) for area, period, *more in rows), headings=HEADINGS[:5]
    )
    found = read(tmp_path, areas=("North Northamptonshire",), headings=own)
    area = "North Northamptonshire"
    by_quarter = [found.counts.offences(area=area, row_id=BURGLARY, period=p) for p in (Q4, Period.parse("2011-12 Q1"))]
    assert by_quarter == [16, 50]
    assert found.residents == {(area, "households"): 999}
    assert found.counts.origin.left_out == {"in periods that are incomplete there": 4}


CATEGORIES = "Residential burglary"


@pytest.mark.parametrize("name", [None, "cadet-2011"])
def test_a_source_of_which_no_row_is_counted_stops_with_the_classification_that_would_count_it(tmp_path, name):
    as_csv(tmp_path, *((area, "2023-24 Q1", CATEGORIES, "3", "9", "", "") for area in AREAS))
    with pytest.raises(ValueFoundError, match=r"^No row of these areas is counted: .*Residential burglary") as refused:
        read(tmp_path, offence_rows={}, classification=name)
    assert 'Write classification = "home-office-2026", which has them.' in refused.value.remedy
    assert refused.value.where == 'group.csv, heading "Crime type"'


def test_a_classification_that_is_not_named_is_said_or_refused_where_another_has_more_of_the_offences(tmp_path):
    rows = [(area, "2010-11 Q4", "Arson", "3", "9", "", "") for area in AREAS]
    as_csv(tmp_path, *rows)
    assert (
        read(tmp_path).counts.origin.to_look_at[-1].startswith("No classification is named: offences are taken to be")
    )
    assert read(tmp_path, classification="cadet-2011").counts.origin.to_look_at == ()
    others = [(area, "2010-11 Q4", kind, "3", "9", "", "") for area in AREAS for kind in ("Drugs", "Bicycle theft")]
    as_csv(tmp_path, *rows, *others)
    with pytest.raises(ValueFoundError, match=r'3 of 3 offences are rows of "home-office-2026", 1 of CADET'):
        read(tmp_path)


def test_a_period_that_a_member_lacks_is_not_covered_there_and_said(tmp_path):
    as_csv(tmp_path, *ROWS, ("Area A", "2010-11 Q3", "Domestic Burglary", "4", "40000", "", ""))
    counts = read(tmp_path).counts
    assert {area: len(periods) for area, periods in counts.covered.items()} == {
        "South Cambridgeshire": 1,
        "Area A": 2,
        "Area B": 1,
    }
    assert counts.origin.to_look_at == (
        "South Cambridgeshire has no figures for Oct-10 to Dec-10.",
        "Area B has no figures for Oct-10 to Dec-10.",
    )


def test_a_printed_rate_that_is_not_of_its_row_is_said(tmp_path):
    as_csv(tmp_path, *changed(0, Rate="1.43"))
    (remark,) = read(tmp_path).counts.origin.remarks
    assert remark == (
        "1 rate is not per 1,000 of the row's own people or households; the first, 1.43, is that of "
        "South Cambridgeshire in Jan-11 to Mar-11. Rates are worked out again."
    )


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"Crimes": ""}, r'number of offences is blank\.\nWhere: group.csv, row 2, heading "Crimes"'),
        ({"Crimes": "-3"}, r'number of offences is -3, below 0\.\nWhere: group.csv, row 2, heading "Crimes"'),
        ({"Households": "0"}, r'households of "South Cambridgeshire" is 0\.\nWhere: group.csv, row 2, heading "Hou'),
        ({"Households": ""}, r'households of "South Cambridgeshire" is blank\.\nWhere: group.csv, row 2, heading "Ho'),
        ({"Rate": "high"}, r'The rate is "high", not a number\.\nWhere: group.csv, row 2, heading "Rate"'),
        ({"Rank": "0"}, r'The position is 0\.\nWhere: group.csv, row 2, heading "Rank"'),
        ({"Rank": "2nd"}, r'The position is "2nd", not a number\.\nWhere: group.csv, row 2, heading "Rank"'),
        ({"Period": "quarter 4"}, r'"quarter 4" is not a period\.\nWhere: group.csv, row 2, heading "Period"'),
        ({"Period": ""}, r'The period is blank\.\nWhere: group.csv, row 2, heading "Period"'),
        ({"Crime type": ""}, r'The offence is blank\.\nWhere: group.csv, row 2, heading "Crime type"'),
    ],
)
def test_a_value_that_can_not_be_used_is_named(tmp_path, columns, message):
    as_csv(tmp_path, *changed(0, **columns))
    with pytest.raises(ValueFoundError, match=message):
        read(tmp_path)


@pytest.mark.parametrize("households", ["", "0"])
def test_nobody_is_asked_to_write_that_0_live_in_an_area(tmp_path, households):
    as_csv(tmp_path, *changed(0, Households=households))
    with pytest.raises(ValueFoundError, match=r'row 2, heading "Households"') as refused:
        read(tmp_path)
    assert refused.value.remedy == "Write the number, or take out the row."


def test_two_rows_for_one_figure_are_refused_unless_they_are_tallies(tmp_path):
    as_csv(tmp_path, *ROWS, ROWS[1])
    with pytest.raises(ValueFoundError, match=r"Two rows are for Area A in Jan-11 to Mar-11\.\nWhere: .*row 3.*row 6"):
        read(tmp_path)
    assert read(tmp_path, is_tally=True).counts.offences(area="Area A", row_id=BURGLARY, period=Q4) == 80


def test_a_figure_that_is_missing_is_refused_unless_rows_are_tallies(tmp_path):
    as_csv(tmp_path, *ROWS, ("Area A", "2010-11 Q4", "Arson", "4", "40000", "", ""))
    with pytest.raises(ValueFoundError, match='2 figures are missing: South Cambridgeshire, Jan-11 to Mar-11, "Arson"'):
        read(tmp_path)
    assert read(tmp_path, is_tally=True).counts.offences(area="Area B", row_id="arson", period=Q4) == 0


def test_every_area_that_is_not_in_the_file_is_named_and_the_nearest_offered(tmp_path):
    as_csv(tmp_path, *ROWS)
    with pytest.raises(ValueFoundError, match=r'There are no rows for 2 of the areas: "Aria A", "Fenland".') as refused:
        read(tmp_path, areas=(*AREAS, "Aria A", "Fenland"))
    assert '"Area A"' in refused.value.remedy
    with pytest.raises(ValueFoundError, match=r'There is no row for the area "Fenland".'):
        read(tmp_path, areas=(*AREAS, "Fenland"))


def test_a_heading_that_is_not_there_is_named(tmp_path):
    as_csv(tmp_path, *(row[:-1] for row in ROWS), headings=HEADINGS[:-1])
    with pytest.raises(ValueFoundError, match=r'no heading "Rank" \(for the position\)\.\nWhere: group.csv, row 1'):
        read(tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileError, match="There is no file"):
        read(tmp_path)


def test_a_whole_that_no_file_gives_is_the_sum_of_its_parts(tmp_path):
    rows = [(area, "2010-11 Q4", "Drugs", str(number), "9", "", "") for number, area in enumerate(AREAS)]
    as_csv(tmp_path, *rows)
    assert "all-crime" in read(tmp_path, classification="police-uk", offence_rows={}).counts.rows_missing
    more = [(area, "2010-11 Q4", name, "10", "9", "", "") for area in AREAS for name in POLICE_UK if name != "Drugs"]
    as_csv(tmp_path, *rows, *more)
    counts = read(tmp_path, classification="police-uk", offence_rows={}).counts
    assert counts.offences(area="Area B", row_id="all-crime", period=Q4) == 2 + 10 * 12


POLICE_UK = (
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
    "Anti-social behaviour",
)

COUNTS = AreaCountsSettings(
    files=("csp_counts/csp_month_crimetype_*.csv",),
    headings=AreaFiguresHeadings(
        area="District (from LSOA name)", period="Month", offence="Crime type", offences="Count"
    ),
    classification="police-uk",
    is_tally=True,
)


@pytest.mark.whole
def test_counts_of_every_district_are_those_of_pandas(shared_data):
    areas = ("South Cambridgeshire", "Cotswold", "Wychavon", "Test Valley")
    found = area_figures.read(COUNTS, folder=shared_data, areas=areas)
    rows = pd.concat(pd.read_csv(path) for path in sorted((shared_data / "csp_counts").glob("*.csv")))
    rows = rows[rows["District (from LSOA name)"].isin(areas) & (rows["Crime type"] != "Anti-social behaviour")]
    for quarter, months in {
        "2023-24 Q4": ["2024-01", "2024-02", "2024-03"],
        "2025-26 Q1": ["2025-04", "2025-05", "2025-06"],
    }.items():
        by_area = rows[rows["Month"].isin(months)].groupby("District (from LSOA name)")["Count"].sum()
        for area in areas:
            counted = found.counts.offences(area=area, row_id="all-crime", period=Period.parse(quarter))
            assert counted == by_area[area] > 0
    assert len(found.areas_in_file) > 300
