import textwrap
from pathlib import Path

import pytest

from cdrp_xl import returns
from cdrp_xl.errors import FileError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.returns import Kind

QUARTER = Period.parse("2011-12 Q1")
HOUSING = """
id = "housing"
version = 2
title = "Housing"

[[questions]]
id = "moves"
title = "Moves"
rows = ["Tenants", "Owners"]
columns = [{ id = "moved", title = "Moved", kind = "whole number", each_month = true }]
as_at = true

[[questions]]
id = "news"
title = "News"
guidance = "What happened."
"""


FORMS = (
    *("anti-social-behaviour-case-reviews", "deliberate-fires", "domestic-abuse", "drug-and-alcohol"),
    *("drugs-partnership", "reducing-reoffending", "serious-violence-duty", "youth-justice"),
)


@pytest.mark.whole
def test_eight_forms_ship_and_every_id_names_its_file():
    assert [form.id for form in returns.shipped()] == list(FORMS)
    assert all(returns.load(form.id, None) == form for form in returns.shipped())


def test_a_new_form_is_a_file_and_nothing_else(tmp_path):
    (tmp_path / "housing.toml").write_text(HOUSING, encoding="utf-8")
    form = returns.load("housing.toml", tmp_path)
    assert (form.id, form.version, [question.id for question in form.questions]) == ("housing", 2, ["moves", "news"])


def test_every_row_has_a_reference_and_a_month_by_month_column_one_for_each_month():
    about, moves, news = returns.asked(returns.parse(HOUSING, file_name="x"), quarter=QUARTER, areas=())
    assert [row.reference for row in about.rows] == ["D-1"]
    assert [(row.reference, row.label) for row in moves.rows] == [("Q1-1", "Tenants"), ("Q1-2", "Owners")]
    headings = ["Moved, April 2011", "Moved, May 2011", "Moved, June 2011", "As at"]
    assert [column.heading for column in moves.columns] == headings
    assert [column.key for column in moves.columns] == ["moved Apr-11", "moved May-11", "moved Jun-11", "as_at"]
    assert [row.reference for row in news.rows] == ["Q2"]
    assert news.columns[0].kind is Kind.TEXT


def test_a_table_by_area_has_a_row_for_each_of_the_partnerships_areas():
    form = returns.parse(HOUSING.replace('rows = ["Tenants", "Owners"]', "areas = true"), file_name="x")
    _, moves, _ = returns.asked(form, quarter=QUARTER, areas=("North", "South", "East"))
    assert [row.label for row in moves.rows] == ["North", "South", "East"]


@pytest.mark.parametrize(
    ("found", "instead", "said"),
    [
        ('id = "housing"', 'id = "Housing form"', "the id .* must be lower-case letters, digits and hyphens"),
        ("version = 2", "version = 0", r"line 3, version: 0 can't be used: it must be a whole number, 1 or more"),
        ('kind = "whole number"', 'kind = "number"', 'use one of "text", "whole number"'),
        ('rows = ["Tenants", "Owners"]', "", r"line 6, questions\[1\]: a table has either rows, areas or blank_rows"),
        ('guidance = "What happened."', "as_at = true", r"line 13, questions\[2\]: a question without columns asks"),
        ('id = "news"', 'id = "moves"', r'line 14, questions\[2\]\.id: two questions have the id "moves"'),
        ("as_at = true", "colour = 1", r"questions\[1\]\.colour: there is no such key"),
        ("as_at = true", 'share = { title = "Share", part = ["moves"] }', 'there is no column "moves"'),
        ('title = "Moved"', f'title = "{"m" * 81}"', "text of at most 80 characters"),
        ('kind = "whole number"', 'kind = "choice"', 'give `choices` where the kind is "choice"'),
        ('id = "moves"', 'id = "details"', 'the id "details" is that of the question that every form asks first'),
        ('title = "Moved"', 'title = "as  at"', 'two columns, or one of the form\'s own, have the heading "as at"'),
        ('title = "Moved"', 'title = "Query"', 'have the heading "query"'),
        ('title = "Moved"', 'title = "Question"', 'have the heading "question"'),
        ("as_at = true", 'total = "Moved"', 'have the heading "moved"'),
        (
            'kind = "whole number", each_month = true',
            'kind = "text" }, { id = "b", title = "moved", kind = "text"',
            "moved",
        ),
        (
            '"whole number", each_month = true }]',
            '"share" }]\ntotal = "All"',
            "a total, a share and a chart are made of whole",
        ),
        (
            '"whole number", each_month = true }]',
            '"share" }]\nchart = true',
            "a total, a share and a chart are made of whole",
        ),
        (
            '"whole number", each_month = true }]',
            '"share" }]\nshare = { title = "S", part = ["moved"] }',
            "a total, a share and a chart are made of whole",
        ),
        (
            "as_at = true",
            'change = { earlier = "moved", earlier_error = "moved", later = "moved", later_error = "moved" }',
            "a change is one between shares",
        ),
        ("as_at = true", 'gathers = "concerns"', "concerns are a text, or a table with one or two columns of text"),
        ("as_at = true", 'gathers = "publicity"', 'publicity needs two columns: a text, and a choice that has "No"'),
        ('guidance = "What happened."', 'gathers = "publicity"', "publicity needs two columns"),
    ],
)
def test_a_mistake_in_a_form_is_named_with_its_line_and_key(found, instead, said):
    assert found in HOUSING
    with pytest.raises(ValueFoundError, match=rf"housing\.toml has a mistake: .*{said}"):
        returns.parse(HOUSING.replace(found, instead, 1), file_name="housing.toml")


def test_rows_of_areas_are_headed_area_unless_the_form_says_otherwise():
    by_area = HOUSING.replace('rows = ["Tenants", "Owners"]', "areas = true")
    named = by_area.replace("areas = true", 'areas = true\nrow_heading = "District"')
    headings = [
        returns.asked(returns.parse(text, file_name="x"), quarter=QUARTER, areas=("North",))[1].label_heading
        for text in (HOUSING, by_area, named)
    ]
    assert headings == ["Question", "Area", "District"]


def test_what_is_not_toml_is_reported(tmp_path):
    (tmp_path / "housing.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(FileError, match=r"housing\.toml can't be read"):
        returns.load("housing.toml", tmp_path)


def test_a_form_that_there_is_not_is_named(tmp_path):
    with pytest.raises(ValueFoundError, match='There is no form "housing"') as wrong:
        returns.load("housing", tmp_path)
    assert f"Name one of {', '.join(FORMS)}, or a file of your own" in wrong.value.remedy
    with pytest.raises(FileError, match=r'There is no form "housing\.toml"'):
        returns.load("housing.toml", tmp_path)


@pytest.mark.parametrize("form", returns.shipped(), ids=lambda form: form.id)
def test_a_shipped_form_says_nothing_that_does_not_fit(form):
    asked = returns.asked(form, quarter=QUARTER, areas=("North",))
    for each in asked:
        assert all(len(line) <= returns.LINE_CHARACTERS for line in each.guidance_lines)
        assert len({column.heading for column in each.columns}) == len(each.columns)
    assert returns.form_line(form, quarter=QUARTER, agency="A, B") == textwrap.dedent(
        f"Form {form.id}, version 1, 2011-12 Q1, A, B"
    )


def test_the_line_of_a_form_says_whose_it_is_again():
    line = returns.form_line(
        returns.load("drug-and-alcohol", Path()), quarter=QUARTER, agency="Health, and social care"
    )
    assert returns.FORM_LINE.fullmatch(line).groups() == (
        "drug-and-alcohol",
        "1",
        "2011-12 Q1",
        "Health, and social care",
    )
