"""A press release, minutes and an e-mail with numbers of every sort raise nothing; a wrong figure in each is found."""

from pathlib import Path

import pytest

TEXTS = Path(__file__).parent / "texts"


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("press_release.txt", "House burglary saw one of the sharpest falls, with 61", "with 67"),
        ("minutes.txt", "vehicle crime was down 78", "down 87"),
        ("e_mail.txt", "Violent crime: 222", "Violent crime: 232"),
    ],
)
def test_only_the_partnership_s_own_figures_are_held_against_the_report(checker, name, right, wrong):
    text = (TEXTS / name).read_text(encoding="utf-8")
    assert checker.check(text).findings == ()
    assert right in text
    changed = text.replace(right, f"{right[: right.rindex(wrong.split()[0])]}{wrong}")
    assert [each.words for each in checker.check(changed).findings] == [wrong.split()[-1]]


@pytest.mark.parametrize("number", ["01632 960001", "999", "101", "£25,000", "CB23 6EA", "9am", "60 or over"])
def test_numbers_that_no_report_knows_are_listed_and_not_found(checker, number):
    checked = checker.check((TEXTS / "press_release.txt").read_text(encoding="utf-8"))
    is_place = number == "CB23 6EA"
    assert any(number in each.text for each in checked.own) is not is_place
    assert [each for each in checked.findings if number in each.words] == []
