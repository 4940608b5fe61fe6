"""The words and symbols are told apart without colour."""

from __future__ import annotations

import pytest

from cdrp_xl import terms
from cdrp_xl.terms import Direction, Marking, Polarity, Status


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (Status.BETTER, "\u25b2 Better position"),
        (Status.CONCERN, "\u25cf No change or still some concern"),
        (Status.WORSE, "\u25bc Worse position"),
        (Status.NOT_ASSESSED, "\u25cb Not assessed"),
    ],
)
def test_a_status_is_shown_with_its_icon_and_its_words(status, shown):
    assert terms.as_shown(status) == shown


def test_every_status_has_an_icon_of_its_own():
    assert set(terms.STATUS_ICONS) == set(Status)
    assert len(set(terms.STATUS_ICONS.values())) == len(Status)


def test_every_symbol_is_explained_and_none_twice():
    assert set(terms.SYMBOLS) == {"No Calc", "[c]", "[x]", "[z]"}
    assert len(set(terms.SYMBOLS.values())) == len(terms.SYMBOLS)


def test_markings_are_those_of_the_government_lowest_first():
    assert [str(marking) for marking in Marking] == ["OFFICIAL", "OFFICIAL-SENSITIVE"]


def test_directions_and_polarities_are_written_as_settings_and_classifications_write_them():
    assert [str(direction) for direction in Direction] == ["reduce", "increase"]
    assert [str(polarity) for polarity in Polarity] == ["lower is better", "police activity"]


def test_the_highest_marking_is_that_of_the_whole():
    assert terms.highest([Marking.OFFICIAL, Marking.OFFICIAL_SENSITIVE, Marking.OFFICIAL]) is Marking.OFFICIAL_SENSITIVE
    assert terms.highest([Marking.OFFICIAL]) is Marking.OFFICIAL
