"""Names of people, told from names of places, organisations and roles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl import geography
from cdrp_xl.measures import people


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Support for Mr Example continues.", "Mr Example"),
        ("Support for mr example continues.", "mr example"),
        ("Mr. O'Example was there.", "Mr. O'Example"),
        ("Mrs D\u2019Example-Sample came.", "Mrs D\u2019Example-Sample"),
        ("Ms Exampl\u0119 Samp\u0142e came.", "Ms Exampl\u0119 Samp\u0142e"),
        ("Mr de Example came.", "Mr de Example"),
        ("J. Example leads.", "J. Example"),
        ("J. R. Example leads.", "J. R. Example"),
        ("Jane Example leads.", "Jane Example"),
        ("JANE EXAMPLE leads.", "JANE EXAMPLE"),
        ("John McExample left.", "John McExample"),
        ("Anne-Marie O'Example left.", "Anne-Marie O'Example"),
        ("Example, Jane was released.", "Example, Jane"),
        ("Priya Example and others", "Priya Example"),
        ("Oluwaseun Example and others", "Oluwaseun Example"),
        ("Agnieszka Example and others", "Agnieszka Example"),
    ],
)
def test_a_name_is_found_whole(text, name):
    assert list(people.names(text)) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Possession of Class A. Officers made four arrests.",
        "See Strand C. The team met.",
        "U.K. Government and U.S. Embassy, i.e. The others",
        "PC patrols and PCSO Support; the DI Programme; PC World; Miss England; the Rev Fund.",
        "Owen Road, Charlotte Street, Grace House, Martin Way and George Court.",
        "The Henry Example Charity, the Howard League and St John Ambulance gave money.",
        "Sessions in Linton, Cottenham and Willingham.",
    ],
)
def test_places_organisations_and_roles_are_no_people(text):
    assert list(people.names(text)) == []


@given(st.text())
def test_no_text_raises(text):
    assert all(people.names(text))


def test_no_area_of_today_is_taken_for_a_person():
    wholes = [area.name for area in geography.areas()]
    assert len(wholes) > 300
    titled = [f"{name} Community Safety Partnership: Performance report, 2024-25 Q4" for name in wholes]
    assert [text for text in (*wholes, *titled) if list(people.names(text))] == []


def test_a_person_is_found_beside_an_area_that_ends_in_a_given_name():
    assert list(people.names("In the Forest of Dean Community, Dean Example")) == ["Dean Example"]
