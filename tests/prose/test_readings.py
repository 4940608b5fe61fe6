"""Numbers that mean something else than the words right beside them say: each kind once true, and once false."""

import pytest


@pytest.mark.parametrize(
    ("true", "false", "page"),
    [
        ("On average there were around 20 burglaries a month in April to June 2011.", "around 20", "Dwelling burglary"),
        ("In 2010-11 there were 385 offences, a monthly average of 32.", "average of 32", "Dwelling burglary"),
        ("Farm crime stood at 10, 9 and 11 in the three months of the quarter.", "9 and 11", ""),
        ("Six clients were on the PPO scheme in June 2011.", "Six", ""),
        ("There were two new DIP engagements and one removal this quarter.", "two", ""),
        ("Criminal damage on farms halved from 26 to 13.", "to 13", ""),
        ("Two-thirds of serious acquisitive crime was vehicle crime.", "Two-thirds", ""),
        ("Theft from vehicles accounted for more than half of the fall in all crime.", "half", ""),
        ("Around one in six crimes was a violent crime.", "one in six", ""),
        ("For every dwelling burglary this quarter there were about two vehicle crimes.", "two", ""),
        ("The chance of ending 2011-12 below the 494 burglaries of 2009-10 is 98%.", "98%", ""),
        ("The 61 burglaries were fewer than half of the 126 of April to June 2009.", "half", ""),
        ("Crime fell from 6,169 offences to June 2010 to 5,439 to June 2011.", "5,439", ""),
        ("Drugs offences are up 44.5% over twelve months, from 173 to 250.", "44.5%", ""),
        ("Farm crime rose by one on the baseline and by four on last year.", "four", ""),
        ("Of the 26 offence rows tested none rose by more than usual.", "26", ""),
    ],
)
def test_a_number_agrees_with_what_its_operation_gives_and_with_nothing_else(found, true, false, page):
    assert found(true, page) == []
    assert found(true.replace(false, _other(false)), page) != []


def _other(words):
    """Return the words with another number in place of theirs."""
    return {
        "around 20": "around 30", "average of 32": "average of 38", "9 and 11": "9 and 13", "Six": "Seven",
        "two": "five", "to 13": "to 15", "Two-thirds": "Three-quarters", "half": "a third", "one in six": "one in nine",
        "98%": "89%", "5,439": "5,349", "44.5%": "45.4%", "four": "six", "26": "36",
    }[words]  # fmt: skip


def test_a_change_needs_its_operation_and_a_share_both_of_its_figures(found):
    assert found("There were 43 dwelling burglaries.") == ["43"]
    assert found("Dwelling burglary made up 11% of all recorded crime in 2010-11.") == ["11%"]


def test_a_number_with_a_time_right_beside_it_is_of_that_time(found):
    assert found("All crime fell from 1,477 in April to June 2010 to 1,321 in April to June 2010.") != []
    assert found("There were 37 dwelling burglaries in April 2009, more than in May 2009 (35).") == []
    assert found("There were 37 dwelling burglaries in April 2009, more than in May 2009 (54).") != []


def test_a_plain_sentence_of_the_report_bears_out_what_no_table_has(found):
    assert found("The usual level is 28.5 offences a month.", "Dwelling burglary") == []
    assert found("The usual level is 25.8 offences a month.", "Dwelling burglary") != []
