"""Areas as rows name them: what is nearly the partnership's, and what is another's."""

from __future__ import annotations

import pytest

from cdrp_xl.sources.recorded_crime.areas import nearly

AREA = "South Cambridgeshire"


@pytest.mark.parametrize(
    "written",
    [
        *("South Cambridgshire", "South Cambridgeshire.", "South-Cambridgeshire", "SouthCambridgeshire", "S Cambs"),
        *("South Cambs", "South Cambridgeshire District", "South Cambridgeshire DC", "South Cambridgeshire CSP"),
        *("Soth Cambridgeshire", "South Cambridgeshire (District Council)", "The District of South Cambridgeshire"),
    ],
)
def test_a_misspelling_is_nearly_the_area(written):
    assert nearly(AREA, written) == 'nearly "South Cambridgeshire"'


@pytest.mark.parametrize(
    "written",
    ["East Cambridgeshire", "North Cambridgeshire", "Cambridge", "Cambridge City", "Fenland", "Norfolk", "", "Other"],
)
def test_another_area_is_not(written):
    assert nearly(AREA, written) == ""


@pytest.mark.parametrize(
    ("area", "written"), [("West Marsh", "East Marsh"), ("Area A", "Area B"), ("Beat 12", "Beat 13")]
)
def test_points_of_the_compass_numbers_and_letters_tell_neighbours_apart(area, written):
    assert nearly(area, written) == ""


def test_an_area_that_is_known_is_that_area_however_alike_the_names():
    assert nearly("North Northamptonshire", "West Northamptonshire") == ""
    assert nearly("Wyre", "Wyre Forest") == ""
