"""What may tell who a person is: found where it stands, and not where it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl.measures import identifying
from cdrp_xl.measures.identifying import Sign

STORY = "This client has come far. Since having her children she has put everything into her recovery."


def signs(text):
    return [(found.sign, found.excerpt) for found in identifying.find(text)]


@pytest.mark.parametrize(
    ("text", "sign", "excerpt"),
    [
        ("The client (born 12/03/1994) began.", Sign.BIRTH, "born 12/03/1994"),
        ("DOB: 12 March 1994", Sign.BIRTH, "DOB: 12 March 1994"),
        ("date of birth in 1994", Sign.BIRTH, "date of birth in 1994"),
        ("Lives at CB23 6EA now.", Sign.POSTCODE, "CB23 6EA"),
        ("Lives at CB236EA now.", Sign.POSTCODE, "CB236EA"),
        ("Call 01632 960001.", Sign.TELEPHONE, "01632 960001"),
        ("Call +44 7700 900123.", Sign.TELEPHONE, "+44 7700 900123"),
        ("Write to name@example.org today.", Sign.EMAIL, "name@example.org"),
        ("See CC-24041011 about it.", Sign.REFERENCE, "CC-24041011"),
        ("PNC 11/123456A was used.", Sign.REFERENCE, "11/123456A"),
        ("NHS 943 476 5919 was used.", Sign.REFERENCE, "943 476 5919"),
        ("QQ 12 34 56 C was used.", Sign.REFERENCE, "QQ 12 34 56 C"),
        ("Support for Mr Example continues.", Sign.NAME, "Mr Example"),
        ("PC Example led it.", Sign.NAME, "PC Example"),
        ("Jane Example leads the team.", Sign.NAME, "Jane Example"),
        ("J. Example leads the team.", Sign.NAME, "J. Example"),
    ],
)
def test_each_sign_is_found_with_the_words_that_hold_it(text, sign, excerpt):
    assert (sign, excerpt) in signs(text)


def test_one_persons_story_is_found_in_a_quotation_and_in_a_paragraph():
    assert [found.sign for found in identifying.find(STORY)] == [Sign.STORY]
    quotation = "They said: \u201cI have been well for a year and I am thankful for it.\u201d"
    assert [found.sign for found in identifying.find(quotation)] == [Sign.STORY]
    assert signs("The event \u201cCelebrating recovery\u201d was held.") == []


@pytest.mark.parametrize(
    "text",
    [
        "As of March 2011, 64 residents were engaged; 1,600 in the county.",
        "South Cambridgeshire Community Safety Partnership met on 15 June 2011.",
        "The Drug Intervention Programme moved in 2010-11 Q4.",
        "Officers visit other schemes to compare what works.",
        "Two clients were removed and three joined.",
        "Year 10 girls who drank excessively: 10% to 3%.",
        "HMP Peterborough, YOT, CASUS and the NTA took part on the 15th.",
    ],
)
def test_figures_places_and_services_are_not_people(text):
    assert signs(text) == []


def test_a_telephone_number_is_no_reference_number_too():
    assert [sign for sign, _ in signs("Call 01632960001.")] == [Sign.TELEPHONE]


def test_a_finding_keeps_its_mark_while_its_words_stay():
    one, two = identifying.find("Mr Example and Ms Example")
    assert one.mark("form Q3") == identifying.find("Again Mr Example.")[0].mark("form Q3")
    assert len({one.mark("form Q3"), one.mark("form Q4"), two.mark("form Q3")}) == 3
    assert one.mark("form Q3").startswith("form Q3 ")


def test_a_long_excerpt_is_cut_and_what_stands_twice_is_found_once():
    (found,) = identifying.find(f"{STORY} {'And so on. ' * 20}")
    assert len(found.excerpt) <= 61
    assert signs("Mr Example. Mr Example.") == [(Sign.NAME, "Mr Example")]


def test_caseloads_below_5_are_small_and_none_is_not():
    assert identifying.small_beside([0, 1, 4, 5, 64]) == (1, 4)


@given(st.text())
def test_no_text_raises(text):
    assert all(found.excerpt for found in identifying.find(text))
