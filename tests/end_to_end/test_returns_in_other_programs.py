"""Forms filled in by other programs: LibreOffice, openpyxl and pandas; all are collected alike."""

from __future__ import annotations

import datetime as dt
import importlib.resources
import tomllib

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from cdrp_xl import returns, settings
from cdrp_xl.periods import Period
from cdrp_xl.returns import Kind
from cdrp_xl.sheets import forms
from cdrp_xl.sources import answers, filled_form, spreadsheets
from cdrp_xl.sources import returns as collecting
from cdrp_xl.sources.answers import Missing
from cdrp_xl.sources.spreadsheets import Cell
from cdrp_xl.workbooks import returning

QUARTER = Period.parse("2011-12 Q1")
TODAY = dt.date(2011, 7, 29)
AGENCY = "Agency"
SUFFIXES = (".xlsx", ".ods", ".xls")
AREAS = ("Cambridge City", "South Cambridgeshire", "East Cambridgeshire", "Huntingdonshire", "Fenland")
FORMS = ("reducing-reoffending", "drug-and-alcohol")
FILE = importlib.resources.files("cdrp_xl").joinpath("worked_example", "returns.toml")
GIVEN = {
    form: {(row, key): value for row, cells in rows.items() for key, value in cells.items()}
    for form, rows in tomllib.loads(FILE.read_text(encoding="utf-8")).items()
}


def places(form):
    """Return where each answer of a form is typed: worksheet, row and column from 0."""
    asked = {each.rows[0].reference.partition("-")[0]: each for each in every_question(form)}
    return {
        (row.reference, column.key): (page.name, table.row + 1 + down, table.column_of(column.heading))
        for page in forms.lay_out(form, quarter=QUARTER, agency=AGENCY, areas=AREAS)
        for table in page.tables
        for down, row in enumerate(asked[table.name.removeprefix("tbl")].rows)
        for column in asked[table.name.removeprefix("tbl")].columns
    }


def every_question(form):
    return returns.asked(form, quarter=QUARTER, areas=AREAS)


def typed(form):
    """Return what is typed into which cell."""
    where = places(form)
    return [(*where[place], value) for place, value in GIVEN[form.id].items()]


def by_openpyxl(form, blank, folder, app):
    book = openpyxl.load_workbook(blank)
    for sheet, row, column, value in typed(form):
        book[sheet].cell(row + 1, column + 1).value = value
    path = folder / "openpyxl.xlsx"
    book.save(path)
    return [path]


def by_pandas(form, blank, folder, app):
    sheets = pd.read_excel(blank, sheet_name=None, header=None, engine="openpyxl")
    frames = {name: frame.astype(object) for name, frame in sheets.items()}
    for sheet, row, column, value in typed(form):
        frames[sheet].iloc[row, column] = value
    path = folder / "pandas.xlsx"
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        for name, frame in frames.items():
            frame.to_excel(writer, sheet_name=name, header=False, index=False)
    return [path]


def by_libreoffice(form, blank, folder, app):
    """Type into the real cells and save in every form that is read."""
    book = app.books.open(blank)
    for sheet, row, column, value in typed(form):
        given = dt.datetime(value.year, value.month, value.day) if isinstance(value, dt.date) else value  # noqa: DTZ001
        book.sheets[sheet].range((row + 1, column + 1)).value = given
    paths = [folder / f"libreoffice{suffix}" for suffix in SUFFIXES]
    for path in paths:
        book.save(path)
    book.close()
    return paths


def read(path, form):
    book = spreadsheets.read(path)
    identity = filled_form.identify(book, path)
    return filled_form.read(book, path, form, identity, areas=AREAS, today=TODAY)


@pytest.mark.parametrize("form_id", FORMS)
@pytest.mark.parametrize("fill", [by_openpyxl, by_pandas, by_libreoffice])
def test_a_form_filled_in_by_another_program_is_collected_as_it_was_meant(fill, form_id, app, tmp_path):
    form = returns.load(form_id, tmp_path)
    blank = tmp_path / "blank.xlsx"
    blank.write_bytes(returning.form_file(form, QUARTER, AGENCY, AREAS))
    for path in fill(form, blank, tmp_path, app):
        filled = read(path, form)
        assert (filled.queries, filled.remarks) == ((), ()), path.name
        assert filled.answers == meant(form), path.name


def meant(form):
    """Return the answers of the worked example as they are read."""
    special = {"n/a": Missing.NOT_AVAILABLE, "nil": Missing.NOTHING, "None": Missing.NOTHING}
    given = {place: special.get(value, value) for place, value in GIVEN[form.id].items()}
    return {place: given.get(place, Missing.BLANK) for place in places(form)}


def test_the_worked_examples_own_forms_hold_the_same(partners):
    collected = collecting.collect(settings.read(partners).returns, partners, quarter=QUARTER, today=TODAY)
    assert [each.filled.answers for each in collected.returns] == [
        meant(returns.load(form, partners)) for form in FORMS
    ]


def test_a_note_on_a_cell_is_reported_in_whatever_form_it_is_saved(app, partners, tmp_path):
    form = returns.load(FORMS[0], tmp_path)
    book = openpyxl.load_workbook(partners / "returns" / "2011-12-Q1" / f"{form.id}.xlsx")
    book["Figures"]["D7"].comment = Comment("One of them lives elsewhere", "Partner")
    book.save(tmp_path / "noted.xlsx")
    opened = app.books.open(tmp_path / "noted.xlsx")
    paths = [tmp_path / f"saved{suffix}" for suffix in SUFFIXES]
    for path in paths:
        opened.save(path)
    opened.close()
    shown = "Notes on cells and text boxes are not read; the workbook holds 1."
    assert [read(path, form).remarks for path in paths] == [(shown,)] * len(SUFFIXES)


def is_an_answer(text):
    column = returns.AskedColumn(column_id="x", heading="X", kind=Kind.TEXT)
    return answers.read(Cell(value=text), column, today=TODAY) == text and not returns.FORM_LINE.fullmatch(text)


LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")) | st.sampled_from("\n=+-@'\"<&_x000D_%,.5 \t")
TEXTS = st.text(LETTERS, min_size=1, max_size=60).map(str.strip).filter(is_an_answer)


def answer_to(column):
    """Return what may be answered in a column."""
    match column.kind:
        case Kind.WHOLE:
            return st.integers(min_value=0, max_value=column.most) | st.just("n/a")
        case Kind.SHARE:
            return st.integers(min_value=0, max_value=10_000).map(lambda hundredths: hundredths / 100)
        case Kind.YEAR:
            return st.integers(min_value=answers.EARLIEST, max_value=TODAY.year)
        case Kind.DATE:
            return st.dates(min_value=column.earliest or dt.date(1990, 1, 1), max_value=TODAY)
        case Kind.CHOICE:
            return st.sampled_from(column.choices)
        case _:
            return TEXTS


def filled_in(form_id):
    form = returns.load(form_id, None)
    asked = every_question(form)
    cells = {
        (row.reference, column.key): answer_to(column) for each in asked for row in each.rows for column in each.columns
    }
    return st.tuples(st.just(form), st.fixed_dictionaries(cells).map(with_parts_below_their_wholes))


def with_parts_below_their_wholes(answered):
    """Return answers in which the residents of the area are no more than all clients of the county."""
    changed = dict(answered)
    for row, key in answered:
        if key == "county" and all(isinstance(answered[row, name], int) for name in ("area", "county")):
            changed[row, "area"], changed[row, "county"] = sorted((answered[row, "area"], answered[row, "county"]))
    return changed


@hypothesis_settings(
    max_examples=hypothesis_settings.default.max_examples // 10,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[*hypothesis_settings.default.suppress_health_check, HealthCheck.data_too_large],
)
@given(several=st.lists(st.sampled_from(FORMS).flatmap(filled_in), min_size=3, max_size=3))
def test_any_answers_come_back_the_same_through_libreoffice(several, app, tmp_path):
    for number, (form, answered) in enumerate(several):
        sent = tmp_path / "sent.xlsx"
        sent.write_bytes(returning.form_file(form, QUARTER, AGENCY, AREAS, forms.Filled(answers=answered)))
        book = app.books.open(sent)
        back = tmp_path / f"back{SUFFIXES[number]}"
        back.unlink(missing_ok=True)
        book.save(back)
        book.close()
        wanted = {place: Missing.NOT_AVAILABLE if value == "n/a" else value for place, value in answered.items()}
        came = read(back, form)
        assert (came.queries, came.remarks) == ((), ())
        assert came.answers == wanted
