"""What headings are called: the same column has many names."""

from __future__ import annotations

import pytest

from cdrp_xl.sources.connecting import names


@pytest.mark.parametrize(
    ("use", "heading"),
    [
        ("offence_reference", "Crime Ref. No."),
        ("offence_reference", "CrimeNumber"),
        ("offence_reference", "OCCURRENCE_NO"),
        ("date_recorded", "Date/Time Recorded"),
        ("date_recorded", "Recorded\nDate"),
        ("date_recorded", "CreatedDate"),
        ("date_committed", "Committed From Date"),
        ("offence", "HO Code"),
        ("offence", "HO Class / Sub-class"),
        ("offence", "Offence Desc"),
        ("area", "CSP"),
        ("area", "LA District"),
        ("locus_subtype", "Location Subtype"),
        ("domestic", "DA_FLAG"),
        ("victim", "Victim URN"),
    ],
)
def test_a_known_name_is_found_whatever_its_capitals_signs_and_short_forms(use, heading):
    assert names.likeness(use, heading) > 0


@pytest.mark.parametrize(
    ("use", "heading"),
    [
        ("offence_reference", "Victim Reference"),
        ("date_recorded", "Date Recorded By"),
        ("date_committed", "Committed To Date"),
        ("offence", "Offence Number"),
        ("victim", "Victim Name"),
        ("area", "Patrol Area of Officer"),
        ("locality", "Notes"),
        ("area", ""),
    ],
)
def test_a_name_that_says_something_else_is_not(use, heading):
    assert names.likeness(use, heading) == 0


def test_the_likelier_of_two_names_is_more():
    assert names.likeness("date_recorded", "Date Recorded") > names.likeness("date_recorded", "Date Reported")
    assert names.likeness("offence", "HO Code") > names.likeness("offence", "Offence Group")
    assert names.likeness("area", "CSP") > names.likeness("area", "Division")
