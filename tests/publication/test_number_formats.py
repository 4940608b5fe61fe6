"""Number formats: what they show of a value and what they leave out."""

from __future__ import annotations

import pytest

from cdrp_xl.publication.number_formats import applied, hides, hides_every_figure


@pytest.mark.parametrize(
    ("number_format", "value", "is_hidden"),
    [
        ("General", 35, False),
        ("0", -35, False),
        ("0;0", 0, False),
        (";;;", 35, True),
        ('"[c]"', 2, True),
        ('[<5]"[c]";0', 2, True),
        ('[<5]"[c]";0', 5, False),
        ('[>=5]0;"[c]"', 2, True),
        (";-0;0", 35, True),
        (";-0;0", -35, False),
        ('0.0%;-0.0%;"No Calc"', 0, False),
        ("0;;", -1, True),
        ("_-;_-", 35, True),
        ("\\x", 35, True),
        ("* ", 35, True),
        ("[h]:mm", 0.5, False),
        ("d mmm yyyy", 40000, False),
        ("[$\u00a3-809]#,##0", 35, False),
    ],
)
def test_a_figure_is_hidden_where_its_section_has_no_place_for_one(number_format, value, is_hidden):
    assert hides(number_format, str(value), is_number=True) is is_hidden


@pytest.mark.parametrize(
    ("number_format", "is_hidden"), [("0;-0;0;", True), ("0;-0;0;@", False), (";;;", True), ("0", False), (";;", False)]
)
def test_a_text_is_hidden_by_a_fourth_section_without_a_place_for_it(number_format, is_hidden):
    assert hides(number_format, "words", is_number=False) is is_hidden


def test_a_nought_may_stand_as_words():
    assert not hides('"none"', "0", is_number=True)
    assert hides_every_figure('"none"')
    assert not hides_every_figure("0;;")


@pytest.mark.parametrize(("number_format", "ink"), [("[White]0", "FFFFFF"), ("[Color 2]0", "FFFFFF"), ("0", None)])
def test_a_section_may_set_its_ink(number_format, ink):
    assert applied(number_format, "35", is_number=True).ink == ink
