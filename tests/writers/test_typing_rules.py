import pytest

from cdrp_xl.sheets import Column, Figure, FigureKind
from cdrp_xl.styles import Style
from cdrp_xl.writers import typing_rules


def rule(*, source="", **changes):
    column = Column(**{"heading": "Clients", "style": Style.INPUT, "width": 9} | changes)
    return typing_rules.rule(column, "C5", source=source)


@pytest.mark.parametrize(
    ("figure", "formula"),
    [
        (
            Figure(kind=FigureKind.WHOLE, most=9, instead=("n/a", "nil")),
            '=IF(ISNUMBER(C5),AND(C5>=0,C5<=9,C5=INT(C5)),OR(LOWER(C5)="n/a",LOWER(C5)="nil"))',
        ),
        (Figure(kind=FigureKind.DECIMAL, most=100), "=IF(ISNUMBER(C5),AND(C5>=0,C5<=100),FALSE)"),
        (
            Figure(kind=FigureKind.DATE, instead=("n/a",)),
            '=IF(ISNUMBER(C5),AND(C5>=32874),OR(LOWER(C5)="n/a"))',
        ),
    ],
)
def test_a_figure_or_the_words_instead_of_it_may_be_typed(figure, formula):
    said = rule(figure=figure, hint="A figure.")
    assert (said["validate"], said["value"], said["error_message"]) == ("custom", formula, "A figure.")


def test_a_choice_is_made_from_a_list():
    assert rule(source=["Yes", "No"])["source"] == ["Yes", "No"]
    assert rule(source="=Summary!$A$2:$A$4")["validate"] == "list"


def test_a_hint_is_shown_where_anything_may_be_typed():
    assert rule(hint="Write.") == {"validate": "any", "input_title": "Clients", "input_message": "Write."}


def test_without_anything_to_say_there_is_no_rule():
    assert rule() == {}


def test_what_is_said_fits_a_spreadsheet_programs_message():
    said = rule(hint="p" * 300, heading="h" * 80)
    assert (len(said["input_title"]), len(said["input_message"])) == (32, 255)
