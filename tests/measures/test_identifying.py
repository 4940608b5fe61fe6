"""What may identify a person: found where it is, and nowhere else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl.measures import identifying
from cdrp_xl.measures.identifying import Sign

STORY = "This client has come far. Since having her children she has put everything into her recovery."


def signs(text):
    return [(found.sign, found.excerpt) for found in identifying.find(text, year=2011)]


@pytest.mark.parametrize(
    ("text", "sign", "excerpt"),
    [
        ("The client (born 12/03/1994) began.", Sign.BIRTH, "born 12/03/1994"),
        ("DOB: 12 March 1994", Sign.BIRTH, "DOB: 12 March 1994"),
        ("date of birth in 1994", Sign.BIRTH, "date of birth in 1994"),
        ("d.o.b. 12-Mar-1994", Sign.BIRTH, "d.o.b. 12-Mar-1994"),
        ("DOB - 1994-03-12", Sign.BIRTH, "DOB - 1994-03-12"),
        ("born on the 12th of March 1994", Sign.BIRTH, "born on the 12th of March 1994"),
        ("The client (12/03/94) began.", Sign.BIRTH, "12/03/94"),
        ("The client, 12 March 1994, began.", Sign.BIRTH, "12 March 1994"),
        ("Lives at cb23 6ea now.", Sign.POSTCODE, "cb23 6ea"),
        ("Lives at CB23\u00a06EA now.", Sign.POSTCODE, "CB23 6EA"),
        ("Lives at CB1  1ST now.", Sign.POSTCODE, "CB1 1ST"),
        ("Lives at SW1A 1AA now.", Sign.POSTCODE, "SW1A 1AA"),
        ("Lives at CB23 6EA now.", Sign.POSTCODE, "CB23 6EA"),
        ("Lives at CB236EA now.", Sign.POSTCODE, "CB236EA"),
        ("Call 01632 960001.", Sign.TELEPHONE, "01632 960001"),
        ("Call (01632) 960001.", Sign.TELEPHONE, "(01632) 960001"),
        ("Call 01632.960.001.", Sign.TELEPHONE, "01632.960.001"),
        ("Call 01632/960001.", Sign.TELEPHONE, "01632/960001"),
        ("Call 01632\u00a0960\u00a0001.", Sign.TELEPHONE, "01632 960 001"),
        ("Call 0044 1632 960001.", Sign.TELEPHONE, "0044 1632 960001"),
        ("Call +44 (0)1632 960001.", Sign.TELEPHONE, "+44 (0)1632 960001"),
        ("Call 020 7946 0000.", Sign.TELEPHONE, "020 7946 0000"),
        ("Call +44 7700 900123.", Sign.TELEPHONE, "+44 7700 900123"),
        ("Write to name@example.org today.", Sign.EMAIL, "name@example.org"),
        ("See CC-24041011 about it.", Sign.REFERENCE, "CC-24041011"),
        ("PNC 11/123456A was used.", Sign.REFERENCE, "11/123456A"),
        ("PNC 2011/0123456A was used.", Sign.REFERENCE, "2011/0123456A"),
        ("Crime 01CD/1234/11 was used.", Sign.REFERENCE, "01CD/1234/11"),
        ("See CC/12345/11 about it.", Sign.REFERENCE, "CC/12345"),
        ("case ref: 2011-00345", Sign.REFERENCE, "case ref: 2011-00345"),
        ("URN 35AA123456", Sign.REFERENCE, "35AA123456"),
        ("Number A1234BC was used.", Sign.REFERENCE, "A1234BC"),
        ("qq123456c was used.", Sign.REFERENCE, "qq123456c"),
        ("NHS 943-476-5919 was used.", Sign.REFERENCE, "943-476-5919"),
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
    assert [found.sign for found in identifying.find(STORY, year=2011)] == [Sign.STORY]
    quotation = "They said: \u201cI have been well for a year and I am thankful for it.\u201d"
    assert [found.sign for found in identifying.find(quotation, year=2011)] == [Sign.STORY]
    assert signs("The event \u201cCelebrating recovery\u201d was held.") == []
    seen = signs("\u201cThis client has come far, and she is very much in control.\u201d")
    assert seen == [(Sign.STORY, "This client has come far, and she is very much in control.")]


@pytest.mark.parametrize(
    "text",
    [
        "As of March 2011, 64 residents were engaged; 1,600 in the county.",
        "South Cambridgeshire Community Safety Partnership met on 15 June 2011.",
        "The Drug Intervention Programme moved in 2010-11 Q4.",
        "Officers visit other schemes to compare what works.",
        "Two clients were removed and three joined.",
        "Year 10 girls who drank excessively: 10% to 3%.",
        "On 30/06/2011 and in 06/2011; from 01.04.2011-30.06.2011 and 2011-04-01 to 2011-06-30.",
        "2010/11 to 2011/2012: 10/100 clients, 25/1000 visits, 24/7 support.",
        "\u00a31500000 was spent, 10000000 minutes and up to 150000 a year.",
        "The scores were 02 03 04 05 06 07, and 0 1 2 3 4 5 6 7 8 9.",
        "In Q1 2nd and Q4 1st; the A14, the M11 and ISO 27001.",
        "The worker post is vacant and his line manager covers it.",
        "I met partners about the young person offer; the resident survey went to her team.",
        "Agencies met a client group from the south and gave them their views.",
        "HMP Peterborough, YOT, CASUS and the NTA took part on the 15th.",
    ],
)
def test_figures_places_and_services_are_not_people(text):
    assert signs(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "A PPO released on licence had a curfew. Their licence has ended, but support continues.",
        "A 17-year-old was recalled.",
        "One young male client moved away; he is in another county.",
    ],
)
def test_a_story_is_told_without_she_and_he_too(text):
    assert signs(text) == [(Sign.STORY, text if len(text) <= 60 else f"{text[:60].rstrip()}\u2026")]


def test_only_a_full_date_long_ago_may_be_a_date_of_birth():
    assert signs("On 1 April 2001 and 01/04/01") == [(Sign.BIRTH, "1 April 2001"), (Sign.BIRTH, "01/04/01")]
    assert signs("On 1 April 2002, 01/04/11 and in April 1998") == []


@pytest.mark.whole
@pytest.mark.parametrize(
    "piece", ["a", "0", "A1", "a-", "de-", "a.b.", "1/", "a client ", "ref ", "x@", "born ", '"a ']
)
def test_no_text_that_fits_a_cell_takes_long(piece):
    text = (piece * 32_767)[:32_767]
    began = time.process_time()
    identifying.find(text, year=2011)
    assert time.process_time() - began < 2


def test_a_telephone_number_is_no_reference_number_too():
    assert [sign for sign, _ in signs("Call 01632960001.")] == [Sign.TELEPHONE]


def test_a_finding_keeps_its_mark_while_its_words_stay():
    one, two = identifying.find("Mr Example and Ms Example", year=2011)
    assert one.mark("form Q3") == identifying.find("Again Mr Example.", year=2011)[0].mark("form Q3")
    assert len({one.mark("form Q3"), one.mark("form Q4"), two.mark("form Q3")}) == 3
    assert one.mark("form Q3").startswith("form Q3 ")


def test_a_long_excerpt_is_cut_and_what_stands_twice_is_found_once():
    (found,) = identifying.find(f"{STORY} {'And so on. ' * 20}", year=2011)
    assert len(found.excerpt) <= 61
    assert signs("Mr Example. Mr Example.") == [(Sign.NAME, "Mr Example")]


def test_caseloads_below_5_are_small_and_none_is_not():
    assert identifying.small_beside([0, 1, 4, 5, 64]) == (1, 4)


@given(st.text())
def test_no_text_raises(text):
    assert all(found.excerpt for found in identifying.find(text, year=2011))
