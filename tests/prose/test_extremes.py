"""Lowest and highest: since when, of which months and quarters, of which rows, areas and changes."""

import datetime as dt

import pytest

from cdrp_xl.periods import Period
from cdrp_xl.prose.checking import Checker
from cdrp_xl.workbooks import refreshing


@pytest.mark.parametrize(
    ("sentence", "true", "false", "page"),
    [
        ("{} was the lowest month of the quarter for dwelling burglary.", "April", "May", ""),
        ("April was the lowest month of the quarter and {} the highest.", "June", "May", "Dwelling burglary"),
        ("The worst month since April 2009 was {} 2009, with 54 offences.", "June", "July", "Dwelling burglary"),
        ("The quietest quarter for farm crime was the last of {}.", "2009/10", "2010/11", ""),
        ("The {} burglary figure since April 2009 was in June 2009.", "highest", "lowest", ""),
        ("Damage to vehicles is the {} part of criminal damage.", "largest", "smallest", ""),
        ("{} was the largest category of farm crime in 2010-11.", "Theft", "Burglary", "Farm crime"),
        ("{} had the largest number of young people in treatment.", "Cambridge City", "Fenland", ""),
        ("East Cambridgeshire had the {} young people in treatment.", "fewest", "most", ""),
        ("The largest fall was in {}.", "all crime", "criminal damage", ""),
        ("Dwelling burglary is at its {} in two years.", "lowest", "highest", ""),
    ],
)
def test_a_lowest_or_highest_is_looked_for_among_the_report_s_own_figures(found, sentence, true, false, page):
    assert found(sentence.format(true), page) == []
    assert found(sentence.format(false), page) != []


def test_a_lowest_since_a_time_without_figures_is_found(found):
    assert found("The worst month for dwelling burglary since April 2008 was June 2009.") != []


@pytest.mark.whole
def test_a_place_is_right_among_totals_and_among_rows_without_parts(street_level):
    report = refreshing.prepare(
        street_level.folder, quarter=Period.parse("2025-26 Q1"), today=dt.date(2025, 8, 14), progress=lambda _: None
    ).report
    found = {
        place: Checker.of(report).check(f"Shoplifting remains the {place} highest category.").findings != ()
        for place in ("fourth", "fifth", "seventh")
    }
    assert found == {"fourth": False, "fifth": True, "seventh": False}  # of the thefts, of nothing, of all
