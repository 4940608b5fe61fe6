"""One form that came back, filled in by openpyxl: found wherever it was moved, and every answer accepted or queried."""

import datetime as dt

import openpyxl
import pytest
from openpyxl.comments import Comment

from cdrp_xl import returns
from cdrp_xl.errors import FileError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.sources import filled_form, spreadsheets
from cdrp_xl.sources.answers import Missing

TODAY = dt.date(2011, 7, 29)
FORM = returns.load("reducing-reoffending", None)


@pytest.fixture
def path(partners):
    return partners / "returns" / "2011-12-Q1" / "reducing-reoffending.xlsx"


def read(path, *, form="reducing-reoffending", areas=()):
    book = spreadsheets.read(path)
    identity = filled_form.identify(book, path)
    return filled_form.read(book, path, returns.load(form, None), identity, areas=areas, today=TODAY)


def changed(path, change, **options):
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return read(path, **options)


def at(sheet, reference, heading):
    """Return the cell in a row under a heading, as a person finds it."""
    (row,) = [cell.row for line in sheet for cell in line if cell.value == reference]
    places = [cell for line in sheet for cell in line if cell.value == heading and cell.row < row]
    return sheet.cell(row, places[-1].column)


def setting(reference, heading, value, sheet="Figures"):
    def change(book):
        at(book[sheet], reference, heading).value = value

    return change


def test_a_form_filled_in_as_it_was_sent_is_accepted_whole(path):
    form = read(path)
    assert (form.queries, form.remarks) == ((), ())
    assert form.identity == ("reducing-reoffending", 1, Period.parse("2011-12 Q1"), "Integrated offender management")
    assert (form.lead, form.returned_on) == ("Integrated offender management lead", dt.date(2011, 7, 14))
    assert [form.answers["Q1-3", f"clients {month}"] for month in ("Apr-11", "May-11", "Jun-11")] == [4, 5, 5]
    assert form.answers["Q1-1", "clients Apr-11"] is Missing.NOT_AVAILABLE
    assert form.answers["Q1-3", "as_at"] == dt.date(2011, 6, 30)
    assert (form.answers["Q2-4", "new"], form.answers["Q2-4", "removals"]) == (2, 1)
    assert form.answers["Q5", "answer"] is Missing.NOTHING
    assert form.answers["Q7-2", "concern"] is Missing.BLANK


def test_a_query_says_where_what_was_found_and_what_is_expected(path):
    form = changed(path, setting("Q1-3", "Clients, May 2011", "about 5"))
    (query,) = form.queries
    assert str(query) == (
        'worksheet "Figures", cell D7, Q1-3 (Clients on scheme, DIP, Clients, May 2011): found "about 5"; expected '
        "a whole number from 0 to 10,000; 0 if there were none, n/a if it is not known"
    )
    assert form.answers["Q1-3", "clients May-11"] is Missing.QUERIED
    assert form.answers["Q1-3", "clients Jun-11"] == 5


def test_what_was_left_blank_is_queried_where_it_is_required_only(path):
    form = changed(path, setting("Q3", "Answer", None, sheet="Words"))
    assert [(query.reference, query.found) for query in form.queries] == [("Q3", "nothing")]
    assert changed(path, setting("Q4", "Answer", None, sheet="Words")).answers["Q4", "answer"] is Missing.BLANK


def test_a_row_with_a_figure_needs_its_day_and_one_without_does_not(path):
    form = changed(path, setting("Q1-3", "As at", None))
    assert [query.label for query in form.queries] == ["Clients on scheme, DIP, As at"]
    assert form.answers["Q2-1", "as_at"] is Missing.BLANK


def test_rows_and_columns_that_were_moved_are_found(path):
    before = read(path)

    def move(book):
        book["Figures"].insert_rows(1, 4)
        book["Figures"].insert_rows(10, 2)
        book["Figures"].insert_cols(1)
        book["Words"].title = "Our words"
        book.move_sheet("Our words", -2)

    after = changed(path, move)
    assert (after.answers, after.queries, after.remarks) == (before.answers, (), ())


def test_columns_in_another_order_are_told_apart_by_their_headings(path):
    def swap(book):
        sheet = book["Figures"]
        for row in range(sheet.max_row, 0, -1):
            one, two = sheet.cell(row, 3), sheet.cell(row, 4)
            one.value, two.value = two.value, one.value

    assert changed(path, swap).answers == read(path).answers


def test_what_stands_where_nothing_is_asked_is_reported(path):
    def write(book):
        book["Figures"]["K30"] = "See our website"
        book["Figures"]["K31"] = 5
        book.create_sheet("Notes")["B2"] = "Call us"

    form = changed(path, write)
    assert form.queries == ()
    assert form.remarks == (
        'Not read, since nothing is asked there: worksheet "Figures", K30 "See our website", K31 5.',
        'Not read, since nothing is asked there: worksheet "Notes", B2 "Call us".',
    )


@pytest.mark.whole
def test_a_row_or_a_heading_that_is_gone_or_stands_twice_is_queried(path):
    form = changed(path, lambda book: book["Words"].delete_rows(at(book["Words"], "Q3", "Answer").row))
    assert [(query.reference, query.found, query.cell) for query in form.queries] == [
        ("Q3", "no row has this reference", "")
    ]

    def copy(book):
        book["Words"]["A90"] = "Q4"  # under the references; elsewhere it would be an answer

    assert "2 rows have this reference" in [query.found for query in changed(path, copy).queries]

    def rename(book):
        at(book["Figures"], "Q2-1", "Removals").offset(-1).value = "Left"

    form = changed(path, rename)
    assert [query.found for query in form.queries if query.reference == "Q2-4"] == [
        'no column has the heading "Removals"'
    ]
    assert form.answers["Q2-4", "new"] == 2


@pytest.mark.parametrize("text", ["Q1-1", "D-1", "Ref", "As at"])
def test_an_answer_may_say_what_a_reference_or_a_heading_says(path, text):
    form = changed(path, setting("Q3", "Answer", text, sheet="Words"))
    assert (form.answers["Q3", "answer"], form.queries) == (text, ())


def test_a_formula_is_never_an_answer(path):
    form = changed(path, setting("Q1-3", "Clients, May 2011", '=WEBSERVICE("https://example.org")'))
    assert [query.found for query in form.queries] == ["a formula"]
    form = changed(path, setting("Q3", "Answer", "=cmd|'/c calc'!A1", sheet="Words"))
    assert {query.found for query in form.queries} == {"a formula"}


def test_text_that_begins_with_an_equals_sign_is_text(path):
    def write(book):
        cell = at(book["Words"], "Q3", "Answer")
        cell.value = "=1+1"
        cell.data_type = "s"

    assert changed(path, write).answers["Q3", "answer"] == "=1+1"


def test_a_merged_cell_is_no_answer_of_its_own(path):
    def merge(book):
        sheet = book["Figures"]
        row = at(sheet, "Q1-3", "As at").row
        sheet.merge_cells(start_row=row, end_row=row, start_column=3, end_column=4)

    form = changed(path, merge)
    assert [(query.found, query.cell) for query in form.queries] == [("the cell is merged with C7 to D7", "D7")]
    assert form.answers["Q1-3", "clients Apr-11"] == 4


def test_a_row_with_the_label_of_another_is_queried_whole(path):
    def sort(book):
        sheet = book["Figures"]
        first = at(sheet, "Q1-2", "Scheme and strand")
        for column in range(first.column, first.column + 5):
            one, two = sheet.cell(first.row, column), sheet.cell(first.row + 1, column)
            one.value, two.value = two.value, one.value

    form = changed(path, sort)
    assert [(query.reference, query.cell, query.found) for query in form.queries] == [
        ("Q1-2", "B6", 'the label "DIP"'),
        ("Q1-3", "B7", 'the label "PPO: C+C and R+R"'),
    ]
    assert form.queries[0].expected == 'the row as it was sent, with the label "PPO: C+C and R+R"'
    assert {form.answers["Q1-3", column.key] for column in form.asked[1].columns} == {Missing.QUERIED}
    assert form.remarks == ()


def test_a_label_that_was_written_over_is_queried_and_a_blank_one_is_not(path):
    form = changed(path, setting("Q1-3", "Scheme and strand", "DIP and others"))
    assert [query.found for query in form.queries] == ['the label "DIP and others"']
    for spelt in (" dip ", None):
        form = changed(path, setting("Q1-3", "Scheme and strand", spelt))
        assert (form.queries, form.remarks) == ((), ())


def test_a_part_that_is_more_than_its_whole_is_queried(partners):
    path = partners / "returns" / "2011-12-Q1" / "drug-and-alcohol.xlsx"
    areas = ("Cambridge City", "South Cambridgeshire", "East Cambridgeshire", "Huntingdonshire", "Fenland")
    form = changed(path, setting("Q4-2", "In this area", 451), form="drug-and-alcohol", areas=areas)
    (query,) = form.queries
    assert (query.cell, query.said) == ("C26", "found 451; expected no more than the 450 of which it is a part")
    assert form.answers["Q4-2", "area"] is form.answers["Q4-2", "county"] is Missing.QUERIED
    assert form.answers["Q4-1", "area"] == 64
    form = changed(path, setting("Q4-2", "In this area", 450), form="drug-and-alcohol", areas=areas)
    assert form.queries == ()


def test_a_return_of_a_quarter_that_is_not_over_is_queried(path):
    form = changed(path, setting("D-1", "Date of this return", dt.date(2011, 6, 29), sheet="Return"))
    (query,) = form.queries
    assert query.said == (
        "found the date 29 June 2011; expected a day such as 30/06/2011, not before 30 June 2011 and not after "
        "29 July 2011"
    )


def test_a_return_may_be_of_the_last_day_of_its_quarter(path):
    form = changed(path, setting("D-1", "Date of this return", dt.date(2011, 6, 30), sheet="Return"))
    assert form.queries == ()


def test_what_stands_in_the_columns_beside_the_answers_is_reported_unless_we_wrote_it(path):
    def write(book):
        at(book["Figures"], "Q1-3", "Last quarter").value = 5
        heading = at(book["Words"], "Q3", "Last quarter")
        heading.offset(-1, 1).value = "Query"
        heading.offset(0, 1).value = "We meant the other clinic"

    shown = changed(path, write).remarks
    assert [remark.partition("worksheet ")[2] for remark in shown] == [
        '"Figures", G7 5.',
        '"Words", E5 "We meant the other clinic".',
    ]


@pytest.mark.whole
def test_a_blank_table_is_filled_as_far_as_there_is_something_to_say(path):
    form = changed(path, setting("Q7-2", "Area of concern", "Vacancies", sheet="Words"))
    assert [(query.reference, query.label) for query in form.queries] == [
        ("Q7-2", "Areas of concern and recommendations, Recommendation")
    ]
    for word in ("none", "n/a"):
        form = changed(path, setting("Q7-2", "Area of concern", word, sheet="Words"))
        assert form.queries == ()


def test_pictures_are_reported(path, tmp_path):
    import zipfile

    other = tmp_path / "with picture.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/media/image1.png", b"\x89PNG")
    assert read(other).remarks == ("Pictures are not read; the workbook holds 1.",)


def test_notes_on_cells_are_reported(path):
    def write(book):
        at(book["Figures"], "Q1-3", "Clients, May 2011").comment = Comment("With one from elsewhere", "Partner")

    form = changed(path, write)
    assert form.remarks == ("Notes on cells and text boxes are not read; the workbook holds 1.",)
    assert form.queries == ()


def test_a_workbook_that_is_no_form_or_two_is_refused(path):
    with pytest.raises(ValueFoundError, match=r"reducing-reoffending\.xlsx is not one of our forms"):
        changed(path, lambda book: setattr(book["Return"]["A3"], "value", "Form"))


def test_two_forms_in_one_workbook_are_refused(path):
    with pytest.raises(ValueFoundError, match=r'holds 2 forms, on the worksheets "Return", "Return Copy"'):
        changed(path, lambda book: book.copy_worksheet(book["Return"]))


def test_another_version_is_refused(path):
    identity = filled_form.Identity("reducing-reoffending", 7, Period.parse("2011-12 Q1"), "A")
    with pytest.raises(FileError, match='is version 7 of "Reducing re-offending"; version 1 is asked for'):
        filled_form.check_version(identity, FORM, path)
