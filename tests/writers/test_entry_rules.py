import pytest

from cdrp_xl.sheets import Allows, Column, Entry
from cdrp_xl.styles import Style
from cdrp_xl.writers import entry_rules


def rule(entry, heading="Clients"):
    return entry_rules.rule(Column(heading=heading, style=Style.INPUT, width=9, entry=entry), "C5")


@pytest.mark.parametrize(
    ("entry", "formula"),
    [
        (
            Entry(allows=Allows.WHOLE, prompt="", most=9, instead=("n/a", "nil")),
            '=IF(ISNUMBER(C5),AND(C5>=0,C5<=9,C5=INT(C5)),OR(LOWER(C5)="n/a",LOWER(C5)="nil"))',
        ),
        (Entry(allows=Allows.DECIMAL, prompt="", most=100), "=IF(ISNUMBER(C5),AND(C5>=0,C5<=100),FALSE)"),
        (
            Entry(allows=Allows.DATE, prompt="", instead=("n/a",)),
            '=IF(ISNUMBER(C5),AND(C5>=32874),OR(LOWER(C5)="n/a"))',
        ),
    ],
)
def test_a_figure_or_the_words_instead_of_it_may_be_typed(entry, formula):
    assert rule(entry)["value"] == formula


def test_a_choice_is_made_from_a_list():
    assert rule(Entry(allows=Allows.CHOICE, prompt="", choices=("Yes", "No")))["source"] == ["Yes", "No"]


def test_anything_may_be_typed_where_words_are_asked_for_and_the_prompt_is_shown():
    said = rule(Entry(allows=Allows.TEXT, prompt="Write."))
    assert (said["validate"], said["input_title"], said["input_message"]) == ("any", "Clients", "Write.")


def test_what_is_said_fits_a_spreadsheet_programs_message():
    said = rule(Entry(allows=Allows.TEXT, prompt="p" * 300), heading="h" * 80)
    assert (len(said["input_title"]), len(said["input_message"])) == (32, 255)
