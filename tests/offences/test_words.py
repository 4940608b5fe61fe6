"""Words of offences in one form."""

from __future__ import annotations

import pytest

from cdrp_xl.offences import words


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Theft, from  the PERSON", "theft from the person"),
        ("Other criminal damage - under £5,000", "other criminal damage under 5000"),
        ("Person's / persons\u2019 goods", "persons persons goods"),
        ("Food & drink", "food and drink"),
        ("burglary\u00a0residential", "burglary residential"),
        ("", ""),
    ],
)
def test_capitals_points_and_blanks_make_no_difference(written, plain):
    assert words.plain(written) == plain


@pytest.mark.parametrize(
    ("short", "full"),
    [("assault abh", "assault actual bodily harm"), ("theft m v", "theft motor vehicle"), ("mvs", "mvs")],
)
def test_short_forms_are_written_out_as_whole_words(short, full):
    assert words.in_full(short) == full


@pytest.mark.parametrize(
    ("short", "full", "does"),
    [
        (("theft", "veh"), ("theft", "vehicle"), True),
        (("theft", "ve"), ("theft", "vehicle"), False),
        (("theft",), ("theft", "vehicle"), False),
        (("theft", "from", "veh"), ("theft", "from", "vehicle"), True),
        (("theft", "veh"), ("vehicle", "theft"), False),
    ],
)
def test_a_word_is_shortened_by_its_first_three_letters_at_least(short, full, does):
    assert words.shortens(short, full) is does


def test_what_is_meant_has_no_numbers_and_is_said_as_the_law_says_it():
    assert words.meant("BIKE stolen 24/7") == "pedal cycle theft"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Concern for safety", "not counted"),
        ("Hate incident", "not counted"),
        ("ASB - NUISANCE", "Anti-social behaviour - nuisance"),
        ("Anti-social behaviour (personal)", "Anti-social behaviour - personal"),
        ("Antisocial behaviour", "Anti-social behaviour"),
        ("Breach of an anti-social behaviour order", ""),
        ("Rasberry", ""),
    ],
)
def test_incidents_are_known_by_whole_words(said, meant):
    assert words.meant_by_incident(said) == meant
