"""Refresh and publish of a master open in LibreOffice: figures as in a fresh build, the rest as the analyst left it."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil

import openpyxl
import pytest
import xlwings as xw

from cdrp_xl import addin
from cdrp_xl.errors import CannotBeWrittenError, CdrpError, FileError
from cdrp_xl.periods import Period
from cdrp_xl.prose import commentary
from cdrp_xl.report import Inputs
from cdrp_xl.sheets import Audience, Chart, Table, Text, lay_out, lay_out_unfilled
from cdrp_xl.sources.master import Written, inputs_in, read_inputs
from cdrp_xl.workbooks import publishing, refreshing
from cdrp_xl.workbooks.alone import alone
from cdrp_xl.writers import open_workbook
from cdrp_xl.writers.open_workbook import cells, filling

TODAY = dt.date(2011, 7, 29)
WORDS = {"summary": "=SUM(A1) is text\n+44, -1 and @ too", "farm-crime": "  kept as typed  "}


@pytest.fixture
def master(app, example):
    """Return the worked example's master, open in LibreOffice."""
    book = app.books.open(str(example / "master.xlsm"))
    yield book
    book.close()


def written(words, quarter="2011-12 Q1"):
    return tuple(Written(section_id=key, quarter=Period.parse(quarter), text=text) for key, text in words.items())


def layout(folder, words=None, today=TODAY):
    prepared = refreshing.prepare(
        folder, quarter=None, today=today, progress=str, inputs=Inputs(commentary=written(words or {}))
    )
    return lay_out(prepared.report, Audience.ANALYST, checked=commentary.check(prepared.report))[
        1:
    ]  # Control changes with every refresh


def table_in(book, name):
    return next(table for sheet in book.sheets for table in sheet.tables if table.name == name)


def shown(book):
    """Return every block of the workbook by its name, tables in the order of their rows."""
    tables = {table.name: cells.all_plain(cells.read(table.range)) for sheet in book.sheets for table in sheet.tables}
    found = tables | {name.name: name.refers_to_range.value for name in book.names if "!" not in name.name}
    return {
        name: value for name, value in found.items() if not name.startswith(("control_", "tblControl", "tblRefresh"))
    }


def expected(sheets):
    blocks = [block for sheet in sheets for block in sheet.blocks]
    texts = {block.name: block.value for block in blocks if isinstance(block, Text)}
    return texts | {block.name: rows_of(block) for block in blocks if isinstance(block, Table)}


def rows_of(table):
    rows = table.rows or ((None,) * len(table.columns),)
    return cells.all_plain([[column.heading for column in table.columns], *rows])


TYPED_IN = {table.name for table in lay_out_unfilled()[1].tables} | {"tblOverrides", "tblMarkings", "tblControl"}


def spoil(book):
    """Blank or alter what a refresh writes, as an analyst may by mistake; the inputs are left."""
    for sheet in book.sheets:
        for table in sheet.tables:
            if table.name in {"tblContents", "tblCadet", "tblCurrency"}:
                table.data_body_range.value = [[None] * len(table.columns)] * len(table.rows)
            elif table.name not in TYPED_IN:
                table.data_body_range[0, -1].value = 99
    for name in book.names:
        if name.name in {"cover_marking", "summary_intro_0", "notes_title", "priority_1_sentence_0"}:
            name.refers_to_range.value = "wrong"


def settings_changed(folder, old, new):
    file = folder / "partnership.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_spoilt_master_shows_a_fresh_build_cell_by_cell(master, example):
    spoil(master)
    assert addin.refresh(master, today=TODAY) == "2011-12 Q1 is refreshed."
    assert shown(master) == expected(layout(example))
    cells_of_contents = table_in(master, "tblContents").data_body_range.columns[0]
    assert [cell.hyperlink for cell in cells_of_contents] == [f"#'{cell.value}'.A1" for cell in cells_of_contents]
    assert "#'Dwelling burglary'.A1" in [cell.hyperlink for cell in cells_of_contents]
    assert (master.app.screen_updating, master.app.calculation, master.app.status_bar) == (True, "automatic", False)
    log = table_in(master, "tblRefreshLog").data_body_range.rows
    assert [row[1].value for row in log] == ["2011-12 Q1", "2011-12 Q1"]


def test_what_the_analyst_did_stays(master, example):
    spoil(master)
    inputs = table_in(master, "tblCommentary")
    for row in inputs.data_body_range.rows:
        row[2].value = WORDS.get(row[0].value)
    inputs.sort(1, ascending=False)
    inputs_typed = cells.read(inputs.range)
    symbols = table_in(master, "tblSymbols")
    symbols.sort(1, ascending=False)
    sorted_symbols = [row[0] for row in cells.read(symbols.range)]
    own, other = master.sheets.add("My sums", before=master.sheets[0]), master.sheets.add("Scratch")
    own["A1:B2"].value = [["=1+1", "mine"], [3, None]]
    farm = master.sheets["Farm crime"]
    farm.name = "Farms & barns"
    farm.range("2:2").insert("down")
    farm["A2"].value = "A line of my own"
    farm["B1"].column_width = 33
    master.names.add("summary_total", "=Summary!$A$40")
    master.sheets["Summary"]["A40"].value = "my total"
    own["B2:C3"].select()
    addin.refresh(master, today=TODAY)
    assert (master.selection.sheet.name, master.selection.address) == ("My sums", "$B$2:$C$3")
    found, wanted = shown(master), expected(layout(example, WORDS))
    assert found.pop("summary_total") == "my total"
    assert cells.read(table_in(master, "tblCommentary").range) == inputs_typed
    assert [row[0] for row in found["tblSymbols"]] == sorted_symbols
    for name in ("tblCommentary", "tblSymbols"):
        assert sorted(map(str, found.pop(name))) == sorted(map(str, wanted.pop(name)))
    assert found == wanted
    assert (own["A1"].value, own["B1"].value, farm["A2"].value, other.name) == (
        2,
        "mine",
        "A line of my own",
        "Scratch",
    )
    assert farm["B1"].column_width == pytest.approx(33, abs=0.5)
    assert table_in(master, "tblTrend2").range.sheet.name == "Farms & barns"


def test_the_live_path_leaves_the_masters_file_and_a_publish_gives_the_command_lines_bytes(master, example):
    before = (example / "master.xlsm").read_bytes()
    record = json.loads((example / "counts" / "refreshed.json").read_text())
    addin.refresh(master, today=TODAY)
    assert (example / "master.xlsm").read_bytes() == before
    assert json.loads((example / "counts" / "refreshed.json").read_text()) == record
    copy = next((example / "published").glob("*.xlsx"))
    copy.unlink()
    assert addin.publish(master, today=TODAY) == f"2011-12 Q1 is published: published/{copy.name}"
    live = copy.read_bytes()
    publishing.publish(example, today=TODAY, progress=str)
    assert copy.read_bytes() == live


def test_the_button_in_libreoffice_and_the_command_line_publish_the_same_bytes(app, example, cdrp_xl, monkeypatch):
    book = openpyxl.load_workbook(example / "master.xlsm")
    cell = next(row[2] for row in book["Inputs"].iter_rows() if row[0].value == "summary")
    cell.value, cell.data_type = "=Farm crime: still a concern", "s"
    book.save(example / "master.xlsm")
    before = {path.name for path in (example / "published").iterdir()}
    master = app.books.open(str(example / "master.xlsm"))
    monkeypatch.setattr(xw.Book, "caller", lambda: master)
    addin.publish_clicked()
    master.close()
    by_button = {path.name: path.read_bytes() for path in (example / "published").iterdir()}
    assert by_button.keys() > before, "the former copy is kept"
    for name in before:
        (example / "published" / name).unlink()
    assert cdrp_xl("publish", example).returncode == 0
    assert {path.name: path.read_bytes() for path in (example / "published").iterdir()} == by_button


def test_words_that_are_not_saved_yet_go_into_the_partners_copy(master, example):
    rows = table_in(master, "tblCommentary").data_body_range.rows
    next(row for row in rows if row[0].value == "farm-crime")[2].value = "Fewer lambs."
    addin.publish(master, today=TODAY)
    book = openpyxl.load_workbook(next((example / "published").glob("*Q1.xlsx")))
    assert "Fewer lambs." in [cell.value for (cell,) in book["Farm crime"].iter_rows(max_col=1)]


def test_all_that_was_typed_is_read_as_from_a_saved_master_and_stays(master, example):
    typed = {
        "tblOverrides": ("farm-crime", "Worse position", "=1+1 lambs", "2011-12 Q1"),
        "tblDecisions": ("Shoplifting, 2010-11 Q4", "Dismissed", "One store."),
        "tblQuestions": ("Cambourne", "arson", "2011-12 Q1", "domestic", "Yes"),
        "tblMarkings": ("Farm crime", "OFFICIAL-SENSITIVE"),
        "tblContacts": ("The office", "b@example.org"),
        "tblAcceptances": ("007", "Agreed.", "2011-12 Q1"),
    }
    for name, row in typed.items():
        body = table_in(master, name).data_body_range
        cells.put(next(each for each in body.rows if each[0].value in {row[0], None}), [row])
    before = {name: cells.read(table_in(master, name).range) for name in typed}
    assert [row in map(tuple, rows) for row, rows in zip(typed.values(), before.values(), strict=True)] == [True] * 6
    inputs = inputs_in(addin.tables_in(master))
    addin.refresh(master, today=TODAY)
    assert {name: cells.read(table_in(master, name).range) for name in typed} == before
    master.save(str(example / "saved.xlsm"))
    assert read_inputs(example / "saved.xlsm") == inputs
    choice = table_in(master, "tblOverrides").data_body_range[0, 1].data_validation
    assert (choice.type, choice.alert_style) == ("list", "stop")
    assert choice.source.split(",")[0] == "Better position"
    assert inputs.overrides[0].reason == "=1+1 lambs"


def assert_every_chart_has_the_rows_of_its_tables(book, sheets):
    walked = open_workbook.walk(book)
    for sheet in sheets:
        charts = [block for block in sheet.blocks if isinstance(block, Chart)]
        live = {} if not charts else {each.name: each for each in walked.sheets[sheet.name].charts}
        for number, block in enumerate(charts, 1):
            areas = [walked.areas[(series.table or block.table).name.casefold()] for series in block.series]
            drawn = live.get(block.name) or live[f"Chart {number}"]
            texts = [
                labelled.getValues().getSourceRangeRepresentation()
                for series in drawn.series
                for labelled in series.api.getDataSequences()
            ]
            if not block.along:
                rows = {(area.row + 2, area.last_row + 1) for area in areas}
                numbers = [[int(row) for row in re.findall(r"\$(\d+)", text)] for text in texts]
                assert {(first, last) for first, *_, last in ([each[0], *each] for each in numbers)} == rows, block.name


NOT_COME = (
    " Return: Reducing re-offending, Integrated offender management: It has not come."
    " Return: Drug and alcohol, Drug and alcohol action team: It has not come."
)


def test_another_quarter_makes_tables_longer_and_shorter_and_charts_follow(master, example):
    rows, former = set(), "2011-12 Q1"
    for quarter in ("2010-11 Q3", "2011-12 Q1"):
        settings_changed(example, f'quarter = "{former}"', f'quarter = "{quarter}"')
        former = quarter
        missing = NOT_COME if quarter == "2010-11 Q3" else ""
        assert addin.refresh(master, today=TODAY) == f"{quarter} is refreshed.{missing}"
        wanted = expected(layout(example))
        assert {name: value for name, value in shown(master).items() if name in wanted} == wanted
        others = {name: value for name, value in shown(master).items() if name not in wanted}
        assert dict.fromkeys(others) == others
        trend = table_in(master, "tblTrend1").range
        rows.add(trend.rows.count)
        assert [each.reference() for each in trend.sheet.charts[0].impl._ranges()] == [trend.address]
        assert_every_chart_has_the_rows_of_its_tables(master, layout(example))
    assert len(rows) == 2


def test_a_new_quarter_has_its_rows_on_top_and_words_are_published_for_their_own_quarter_alone(master, example):
    def refreshed(quarter):
        settings = (example / "partnership.toml").read_text(encoding="utf-8")
        (former,) = re.findall(r'^quarter = "(.*)"', settings, re.MULTILINE)
        settings_changed(example, f'quarter = "{former}"', f'quarter = "{quarter}"')
        return addin.refresh(master, today=TODAY)

    def in_the_copy(words):
        said = addin.publish(master, today=TODAY)
        copy = openpyxl.load_workbook(example / said.partition(": ")[2].partition(". ")[0])
        return words in {cell.value for sheet in copy for row in sheet.iter_rows() for cell in row}

    assert refreshed("2010-11 Q4") == f"2010-11 Q4 is refreshed.{NOT_COME}"
    table = table_in(master, "tblCommentary")
    table.data_body_range[0, 2].value, table.data_body_range[2, 2].value = "'=Words of Q4", "More of them"
    table.data_body_range[0, 2].font.bold = True
    former = cells.read(table.data_body_range)
    assert in_the_copy("=Words of Q4")
    assert refreshed("2011-12 Q1") == (
        '2011-12 Q1 is refreshed. 2 sections have no commentary for 2011-12 Q1 yet: "Headlines", "Dwelling burglary". '
        "Commentary for another quarter is not published."
    )
    table = table_in(master, "tblCommentary")
    rows = cells.read(table.data_body_range)
    sections = [row[0] for row in former]
    assert [(row[0], row[2], row[3]) for row in rows[: len(former)]] == [
        (each, None, "2011-12 Q1") for each in sections
    ]
    assert [row[4] for row in rows[: len(former)]] == ["=Words of Q4", None, "More of them", *[None] * 5]
    assert rows[len(former) :] == former
    assert table.data_body_range[len(former), 2].font.bold
    assert table.data_body_range[0, 2].color == table.data_body_range[len(former), 2].color
    assert not in_the_copy("=Words of Q4")
    refreshed("2010-11 Q4")
    assert in_the_copy("=Words of Q4")


@pytest.mark.parametrize("at", [1, 3, 6, 8])
def test_a_write_that_fails_half_way_puts_the_former_values_back(master, at, monkeypatch):
    spoil(master)
    before, calls, put = shown(master), [], cells.put

    def failing(*arguments, **options):
        calls.append(arguments)
        if len(calls) == at:
            raise OSError("the program went away for a moment")
        put(*arguments, **options)

    monkeypatch.setattr(filling.values, "put", failing)
    with pytest.raises(CannotBeWrittenError, match="the former figures are back"):
        addin.refresh(master, today=TODAY)
    assert len(calls) >= at
    assert shown(master) == before
    assert (master.app.screen_updating, master.app.calculation) == (True, "automatic")
    assert master.app.status_bar == "The workbook could not be filled; the former figures are back."


def test_where_even_that_fails_the_worksheets_are_named(master, monkeypatch):
    spoil(master)
    calls, put = [], cells.put

    def failing(*arguments, **options):
        calls.append(arguments)
        if len(calls) > 4:
            raise OSError("gone for good")
        put(*arguments, **options)

    monkeypatch.setattr(filling.values, "put", failing)
    with pytest.raises(CannotBeWrittenError) as refused:
        addin.refresh(master, today=TODAY)
    assert refused.value.what == 'Figures are mixed, new beside former, on "Headlines", "Cover", "Control".'
    assert master.app.status_bar == refused.value.what


def test_the_folder_of_police_uk_files_is_refreshed_live(app, street_level, tmp_path):
    folder = shutil.copytree(street_level.folder, tmp_path / "csp")
    book = app.books.open(str(folder / "master.xlsm"))
    try:
        today = dt.date(2026, 1, 5)
        sheets = layout(folder, today=today)
        spoil(book)
        addin.refresh(book, today=today)
        found, wanted = shown(book), expected(sheets)
        assert {name: value for name, value in found.items() if name in wanted} == wanted
    finally:
        book.close()


def test_a_fill_that_finds_all_in_place_writes_only_its_status(master, example, monkeypatch):
    prepared = refreshing.prepare(example, quarter=None, today=TODAY, progress=str, inputs=Inputs())
    sheets = lay_out(prepared.report, Audience.ANALYST, checked=commentary.check(prepared.report))
    open_workbook.fill(master, sheets, as_file=bytes, progress=str)
    written, put = [], cells.put

    def noted(block, rows):
        written.append(rows)
        put(block, rows)

    monkeypatch.setattr(filling.values, "put", noted)
    open_workbook.fill(master, sheets, as_file=bytes, progress=str)
    assert written == [[[open_workbook.MAY_BE_MIXED]], [["Not refreshed yet"]]]


def status(book):
    return book.names["control_status"].refers_to_range.value


def test_the_status_says_what_was_done_and_what_was_not_and_why(master, example):
    addin.refresh(master, today=TODAY)
    assert status(master) == "Refreshed: figures of 2011-12 Q1"
    extract = next((example / "data").glob("cadet*.csv"))
    content = extract.read_bytes()
    extract.write_bytes(content + b"\n")
    with pytest.raises(CdrpError):
        addin.publish(master, today=TODAY)
    assert status(master).startswith("Not published: data/cadet")
    extract.unlink()
    with pytest.raises(CdrpError) as refused:
        addin.refresh(master, today=TODAY)
    assert status(master) == f"Not refreshed: {refused.value.what}"
    extract.write_bytes(content)
    addin.refresh(master, today=TODAY)
    assert status(master) == "Refreshed: figures of 2011-12 Q1"


def test_a_folder_typed_on_control_is_refreshed_and_published(app, example, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    file = shutil.move(example / "master.xlsm", tmp_path / "elsewhere" / "master.xlsm")
    book = app.books.open(str(file))
    try:
        value = table_in(book, "tblControl").data_body_range[0, 1]
        value.value = "../gone"
        with pytest.raises(FileError) as refused:
            addin.refresh(book, today=TODAY)
        assert refused.value.what == "There is no partnership's folder ../gone: it holds no partnership.toml."
        assert status(book) == f"Not refreshed: {refused.value.what}"
        value.value = "../example"
        assert addin.refresh(book, today=TODAY) == "2011-12 Q1 is refreshed."
        assert addin.publish(book, today=TODAY).startswith("2011-12 Q1 is published")
    finally:
        book.close()


def test_of_two_refreshes_at_once_the_second_is_refused_and_leaves_the_firsts_status(master, example):
    open_workbook.say(master, open_workbook.MAY_BE_MIXED)
    with alone(example), pytest.raises(CannotBeWrittenError, match="Another refresh or publish of example is running"):
        addin.refresh(master, today=TODAY)
    assert status(master) == open_workbook.MAY_BE_MIXED
