"""What partners read of a local question: only what is printed, in a sentence for each situation."""

from __future__ import annotations

import pytest

from cdrp_xl.periods import Period
from cdrp_xl.report.local import Answer
from cdrp_xl.report.other_issues import said


def answer(offences=20, earlier=14, *, flag="[z]", flagged="[z]", share="[z]", remark="[z]"):
    return Answer(
        area="Cambourne",
        row_id="arson",
        offences_of="Arson",
        period=Period.parse("2011-12 Q1"),
        earlier_period=Period.parse("2010-11 Q1"),
        offences=offences,
        earlier=earlier,
        change="[z]",
        apparent_change="[z]",
        flag=flag,
        flagged=flagged,
        share=share,
        remark=remark,
    )


IN_Q1 = "in Cambourne in April to June 2011"
BEFORE = "in April to June 2010"
FLAG_UNTOLD = "How many of these had the flag domestic can't be given [c]."


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        (answer(), f"Arson: 20 offences {IN_Q1}, 6 more than {BEFORE} (+ 42.9%)."),
        (answer(14, 20), f"Arson: 14 offences {IN_Q1}, 6 fewer than {BEFORE} (- 30.0%)."),
        (answer(1, 0), f"Arson: 1 offence {IN_Q1}, 1 more than {BEFORE}."),
        (answer(0, 0), f"Arson: 0 offences {IN_Q1}, as many as {BEFORE}."),
        (answer("[c]", 14), f"Arson: the number {IN_Q1} can't be given [c]."),
        (
            answer("[x]", "[x]", remark="Not recorded then."),
            f"Arson: the number {IN_Q1} can't be given [x]. Not recorded then.",
        ),
        (answer(20, "[c]"), f"Arson: 20 offences {IN_Q1}. The number {BEFORE} can't be given [c]."),
        (
            answer(flag="domestic", flagged=8, share=0.4),
            f"Arson: 20 offences {IN_Q1}, 6 more than {BEFORE} (+ 42.9%). Of these, 8 (40.0%) had the flag domestic.",
        ),
        (
            answer(flag="domestic", flagged="[c]", share="[c]"),
            f"Arson: 20 offences {IN_Q1}, 6 more than {BEFORE} (+ 42.9%). {FLAG_UNTOLD}",
        ),
        (
            answer("[c]", 14, flag="domestic", flagged=8, share="[c]"),
            f"Arson: the number {IN_Q1} can't be given [c]. Of these, 8 had the flag domestic.",
        ),
        (answer(0, 14, flag="knife", flagged=0), f"Arson: 0 offences {IN_Q1}, 14 fewer than {BEFORE} (- 100.0%)."),
    ],
)
def test_an_answer_is_said_in_a_sentence(answered, expected):
    assert said(answered) == expected
