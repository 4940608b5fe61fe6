"""Figures of one sentence beside each other: above, below, better, worse, quarter after quarter, parts and whole."""

import pytest


@pytest.mark.parametrize(
    ("sentence", "true", "false"),
    [
        ("The rate in quarter four was 1.60 per 1,000 households, {} the group average of 1.78.", "below", "above"),
        (
            "Huntingdonshire had 126 young people in treatment, {} South Cambridgeshire's 102.",
            "more than",
            "fewer than",
        ),
        ("There were {} vehicle crimes (138) than dwelling burglaries (61).", "more", "fewer"),
        ("There were {} vehicle crimes than dwelling burglaries.", "more", "fewer"),
        ("The position {} from 12th in October to December 2010 to 5th in January to March 2011.", "improved", "fell"),
        ("In quarters 2 and {} of 2010-11 the district was in 12th position.", "3", "4"),
        ("Dwelling burglary fell in each of the last {} quarters.", "two", "eight"),
        ("Dwelling burglary was below the 2009-10 level {} quarters in a row.", "five", "six"),
        ("{} clients were on the scheme: two on Deter and four on the other strands.", "Six", "Seven"),
        ("Burglary was {} in April (18) than in June (24).", "lower", "higher"),
        ("Theft of a vehicle rose from 31 to {} between Q1 2010/11 and Q1 2011/12.", "38", "31"),
    ],
)
def test_a_comparison_is_held_against_its_own_figures(found, sentence, true, false):
    assert found(sentence.format(true)) == []
    assert found(sentence.format(false)) != []


def test_almost_the_same_is_no_claim_that_nothing_changed(found):
    assert found("Farm crime was almost the same as in the baseline quarter.") == []
    assert found("Farm crime was the same as in the baseline quarter.") == ["the same as"]
