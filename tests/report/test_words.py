"""The analyst is told which words the quarter lacks and which are not published; those of other quarters never are."""

from __future__ import annotations

import pytest

from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs, Section, words
from cdrp_xl.sources.master import Accepted, Override, Written
from cdrp_xl.terms import Status

Q2, Q1, Q4, Q3 = (Period.parse(name) for name in ("2025-26 Q2", "2025-26 Q1", "2024-25 Q4", "2024-25 Q3"))
SECTIONS = {"summary": "Summary", "farm-crime": "Farm crime", "highlights": "CADET highlights"}
NOT_PUBLISHED = "Commentary for another quarter is not published."


def written(quarter, *sections):
    return tuple(Written(section_id=section, quarter=quarter, text=f"{section} {quarter}") for section in sections)


def judged(quarter, priority="farm-crime"):
    return Override(priority_id=priority, quarter=quarter, status=Status.WORSE, reason="So.")


def accepted(quarter):
    return Accepted(finding="abc", quarter=quarter, reason="Agreed.")


def remarks(period=Q2, **inputs):
    typed = Inputs(**inputs)
    commentary = typed.words_for(period).commentary
    sections = [
        Section(section_id=key, title=title, commentary=commentary.get(key, "")) for key, title in SECTIONS.items()
    ]
    priorities = {"farm-crime": "Farm crime"}
    checks = list(words.checks(typed, sections=sections, priorities=priorities, period=period))
    assert not any(check.holds for check in checks)
    return [check.detail for check in checks]


def test_the_words_for_a_quarter_are_those_whose_row_names_it():
    typed = Inputs(
        commentary=(*written(Q1, "summary"), *written(Q2, "summary", "farm-crime"), *written(None, "highlights")),
        overrides=(judged(Q1), judged(Q2, "burglary")),
        acceptances=(accepted(Q1), accepted(None)),
    )
    assert typed.words_for(Q1).commentary == {"summary": "summary 2025-26 Q1"}
    assert typed.words_for(Q2).commentary == {
        "summary": "summary 2025-26 Q2",
        "farm-crime": "farm-crime 2025-26 Q2",
    }
    assert [[*typed.words_for(each).overrides] for each in (Q1, Q2, Q4)] == [["farm-crime"], ["burglary"], []]
    assert [[*typed.words_for(each).acceptances] for each in (Q1, Q2, Q4)] == [["abc"], [], []]


def test_nothing_is_said_where_nothing_is_missing():
    assert remarks() == []
    assert remarks(commentary=written(Q2, "summary")) == []
    assert remarks(commentary=written(Q1, "summary") + written(Q2, "summary"), overrides=(judged(Q1), judged(Q2))) == []


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (
            {"commentary": written(Q1, *SECTIONS)},
            (
                '3 sections have no commentary for 2025-26 Q2 yet: "Summary", "Farm crime", "CADET highlights". '
                f"{NOT_PUBLISHED}"
            ),
        ),
        (
            {"commentary": written(Q1, "summary", "farm-crime") + written(Q2, "summary")},
            f'1 section has no commentary for 2025-26 Q2 yet: "Farm crime". {NOT_PUBLISHED}',
        ),
        (
            {"overrides": (judged(Q1),)},
            (
                "1 priority that you judged for another quarter has no judgement of yours for 2025-26 Q2: "
                '"Farm crime". Its rule decides.'
            ),
        ),
        (
            {"commentary": written(Q2, "gone"), "overrides": (judged(Q2, "dropped"), judged(Q2, "gone"))},
            (
                "There are commentaries or judgements for 2025-26 Q2 on 2 things that the report does not have: "
                '"gone", "dropped". They '
                "are kept, but not published."
            ),
        ),
        (
            {"acceptances": (accepted(None),)},
            (
                '1 accepted warning names no quarter: "abc". It is not accepted until you write its quarter beside it '
                "on the worksheet Inputs."
            ),
        ),
    ],
)
def test_what_needs_a_look_is_said(inputs, said):
    assert remarks(**inputs) == [said]


def test_words_that_name_no_quarter_are_asked_about():
    said = remarks(commentary=written(None, "summary", "gone"))
    assert said == [
        f'1 section has no commentary for 2025-26 Q2 yet: "Summary". {NOT_PUBLISHED}',
        (
            '2 commentaries name no quarter: "Summary", "gone". They are kept, but not published: write their quarter '
            "beside them on the worksheet Inputs."
        ),
    ]


def test_a_judgement_of_long_ago_is_history_and_one_for_a_later_quarter_is_not():
    assert remarks(overrides=(judged(Q3), judged(Q4))) == []
    assert len(remarks(Q4, overrides=(judged(Q2),))) == 1
