import datetime as dt

import pytest

from cdrp_xl import returns
from cdrp_xl.periods import Period
from cdrp_xl.sheets import FigureKind, Table, Text, forms

QUARTER = Period.parse("2011-12 Q1")
AREAS = ("North", "South")


def lay_out(form_id="reducing-reoffending", **filled):
    return forms.lay_out(
        returns.load(form_id, None),
        quarter=QUARTER,
        agency="Probation",
        areas=AREAS,
        filled=forms.Filled(**filled) if filled else None,
    )


def tables(pages):
    return {table.name: table for page in pages for table in page.tables}


def test_a_form_is_one_sheet_about_it_one_of_figures_and_one_of_words():
    pages = lay_out()
    assert [page.name for page in pages] == ["Return", "Figures", "Words"]
    assert [[table.name for table in page.tables] for page in pages] == [
        ["tblD"],
        ["tblQ1", "tblQ2"],
        ["tblQ3", "tblQ4", "tblQ5", "tblQ6", "tblQ7", "tblQ8"],
    ]


def test_the_first_sheet_says_which_form_it_is_and_how_it_is_filled_in():
    lines = [block.value for block in lay_out()[0].blocks if isinstance(block, Text)]
    assert lines[0] == "Reducing re-offending: return for April to June 2011"
    assert "Form reducing-reoffending, version 1, 2011-12 Q1, Probation" in lines
    assert set(returns.HOW_TO) <= set(lines)


def test_a_question_of_figures_has_a_cell_for_each_month_and_for_the_day():
    table = tables(lay_out())["tblQ1"]
    assert [column.heading for column in table.columns] == [
        "Ref",
        "Scheme and strand",
        "Clients, April 2011",
        "Clients, May 2011",
        "Clients, June 2011",
        "As at",
        "Last quarter",
    ]
    assert table.rows[2] == ("Q1-3", "DIP", None, None, None, None, "")
    assert table.inputs == {"Clients, April 2011", "Clients, May 2011", "Clients, June 2011", "As at"}


@pytest.mark.parametrize("form_id", ["reducing-reoffending", "drug-and-alcohol"])
def test_every_cell_to_be_filled_in_says_what_may_be_typed(form_id):
    for table in tables(lay_out(form_id)).values():
        for column in table.columns:
            assert bool(column.hint) == (column.heading in table.inputs)
            assert len(column.hint) <= 255


def test_what_may_be_typed_follows_the_kind_of_answer():
    survey = tables(lay_out("drug-and-alcohol"))["tblQ3"]
    allowed = {column.heading: column.figure and column.figure.kind for column in survey.columns}
    assert allowed["What was measured"] is None
    assert allowed["Earlier survey"] is FigureKind.WHOLE
    assert allowed["Earlier share (%)"] is FigureKind.DECIMAL
    publicity = tables(lay_out())["tblQ8"]
    assert publicity.columns[2].choices == ("Yes", "No")


def test_last_quarters_answers_stand_beside_and_can_not_be_filled_in():
    table = tables(lay_out(last_quarter={"Q1-3": "4; 4; 3; 31 March 2011"}))["tblQ1"]
    assert table.rows[2][-1] == "4; 4; 3; 31 March 2011"
    assert "Last quarter" not in table.inputs


def test_a_marked_copy_has_what_was_answered_and_what_is_queried():
    table = tables(
        lay_out(
            answers={("Q1-3", "clients Apr-11"): 4, ("Q1-3", "as_at"): dt.date(2011, 6, 30)},
            queries={"Q1-3": "found nothing"},
        )
    )["tblQ1"]
    assert table.rows[2] == ("Q1-3", "DIP", 4, None, None, dt.date(2011, 6, 30), "", "found nothing")
    assert table.columns[-1].heading == "Query"
    assert table.rows[0][-1] == ""


@pytest.mark.parametrize("form_id", ["reducing-reoffending", "drug-and-alcohol"])
def test_a_reader_of_the_form_knows_every_word_that_stands_on_it(form_id):
    form = returns.load(form_id, None)
    known = returns.words(form, returns.asked(form, quarter=QUARTER, areas=AREAS), QUARTER)
    known |= {returns.form_line(form, quarter=QUARTER, agency="Probation"), "", None}
    for page in lay_out(form_id):
        for block in page.blocks:
            if isinstance(block, Table):
                assert {column.heading for column in block.columns} <= known
                assert {value for row in block.rows for value in row} <= known
            else:
                assert block.value in known
