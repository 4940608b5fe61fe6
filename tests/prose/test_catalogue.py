"""Every figure has a name that stays, and its value is the one that the report prints."""

import dataclasses

import pytest

from cdrp_xl.periods import Period
from cdrp_xl.prose.catalogue import Measure, as_printed, catalogue, rounded


def test_each_printed_row_has_its_four_figures(built, figures):
    printed = built.comparison.rows
    assert len(printed) == 45
    for line in printed:
        assert figures.by_name[f"{line.row.row_id}.later"].value == line.later
        assert figures.by_name[f"{line.row.row_id}.earlier"].value == line.earlier
        assert figures.by_name[f"{line.row.row_id}.change"].value == line.change


@pytest.mark.parametrize(
    ("name", "shown", "period"),
    [
        ("burglary-dwelling.later", "61", "2011-12 Q1"),
        ("burglary-dwelling.apparent-change", "- 41.3%", "2011-12 Q1"),
        ("dwelling-burglary.baseline", "126", "2009-10 Q1"),
        ("dwelling-burglary.position-2010-11", "9th", "2010-11"),
        ("dwelling-burglary.group-size-2010-11-q4", "15", "2010-11 Q4"),
        ("farm-crime.share", "2.3%", "2011-12 Q1"),
        ("farm-crime.share-2010-11", "2.1%", "2010-11"),
        ("farm/theft-and-handling.2010-11", "64", "2010-11"),
        ("farm/repeats.offences-2011-12-q1", "5", "2011-12 Q1"),
        ("emerging-issues.reported", "0", "2011-12 Q1"),
        ("dwelling-burglary.year-end-lower", "185", "2011-12"),
        ("residents-engaged-with-adult-services-drug-treatment.in-this-area", "64", "Mar-11"),
    ],
)
def test_a_name_leads_to_the_figure_as_printed_and_its_period(figures, name, shown, period):
    found = figures.by_name[name]
    assert (found.shown, found.period) == (shown, Period.parse(period))


def test_figures_of_other_areas_name_their_area(figures):
    found = figures.by_name["young-people-in-treatment.fenland-all-services"]
    assert (found.area, found.value) == ("Fenland", 111)
    city = figures.by_name["young-people-in-treatment.cambridge-city-all-services"]
    assert city.area == "Cambridge City"


def test_a_hidden_figure_has_no_name(built):
    lines = tuple(dataclasses.replace(line, later="[c]") for line in built.comparison.rows)
    hidden = dataclasses.replace(built, comparison=dataclasses.replace(built.comparison, rows=lines))
    names = catalogue(hidden).by_name
    assert "all-crime.later" not in names
    assert "all-crime.earlier" in names


def test_half_is_rounded_away_from_zero_as_the_report_does():
    assert [rounded(value, 1) for value in (0.25, 12.35, -0.25)] == [0.3, 12.4, -0.3]
    assert as_printed(0.0345, Measure.APPARENT_CHANGE) == "+ 3.5%"
