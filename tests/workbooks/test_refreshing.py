"""Refresh: the master is filled, the analyst's words kept, and nothing written where anything fails."""

from __future__ import annotations

import datetime as dt
import os

import openpyxl
import pytest

from cdrp_xl import beside, output
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import CannotBeComputedError, CannotBeWrittenError, FileError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.report.farm_counts import FarmCounts
from cdrp_xl.selected import FarmOffences
from cdrp_xl.sources import master as master_file
from cdrp_xl.workbooks import gathering, master, publishing, refreshing

TODAY = dt.date(2011, 7, 29)
KEPT = "master (before refresh 1).xlsm"
COMMENTARY = {
    "summary": "=SUM(A1) is text\n+44, -1 and @ too",
    "dwelling-burglary": "تقرير \U0001f693 <&> _x0041_",
    "farm-crime": "  kept as typed  ",
}


def refresh(folder, quarter=None, *, today=TODAY, progress=str, rewrites_master=False):
    return refreshing.refresh(folder, quarter=quarter, today=today, progress=progress, rewrites_master=rewrites_master)


def settings_changed(folder, old, new):
    file = folder / "partnership.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def without_returns(folder):
    """Let nothing be expected of partners any more, which takes worksheets away."""
    file = folder / "partnership.toml"
    file.write_text(file.read_text(encoding="utf-8").partition("[[returns]]")[0], encoding="utf-8")


def rows_of(book, table):
    sheet = book["Inputs"]
    return sheet[sheet.tables[table].ref][1:]


def write_commentary(master, texts, quarter="2011-12 Q1"):
    """Type into the worksheet Inputs as an analyst would, beside a quarter."""
    book = openpyxl.load_workbook(master)
    for row in rows_of(book, "tblCommentary"):
        if row[0].value in texts and row[3].value == quarter:
            row[2].value = texts[row[0].value].replace("_x", "_x005F_x")  # as Excel writes it
            row[2].data_type = "s"
    book.save(master)


def typed_on_control(master, **settings):
    """Type into the worksheet Control as an analyst would; settings by their name with _ for a space."""
    book = openpyxl.load_workbook(master, keep_vba=True)
    for row in book["Control"].iter_rows(max_col=2):
        name = str(row[0].value).replace(" ", "_")
        if name in settings:
            row[1].value = settings[name]
    book.save(master)


def log_in(master):
    rows = list(openpyxl.load_workbook(master)["Control"].iter_rows(values_only=True))
    return rows[[row[0] for row in rows].index("When") + 1 :]


def value_of(master, setting):
    rows = openpyxl.load_workbook(master)["Control"].iter_rows(max_col=2, values_only=True)
    return {name: value for name, value in rows if name}[setting]


def commentary_in(master):
    rows = rows_of(openpyxl.load_workbook(master), "tblCommentary")
    return {row[0].value: row[2].value for row in rows if row[2].value}


def type_in(master, table, *rows):
    """Type rows into a table of the worksheet Inputs, in its column order, from its first row on."""
    book = openpyxl.load_workbook(master, keep_vba=True)
    for cells, values in zip(rows_of(book, table), rows, strict=False):
        for cell, value in zip(cells, values, strict=True):
            cell.value = value
    book.save(master)


def texts_in(path):
    """Return every text of a workbook."""
    book = openpyxl.load_workbook(path)
    return {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_master_holds_the_analysts_worksheets_and_says_what_was_read(example):
    done = refresh(example)
    assert done.master == example / "master.xlsm"
    assert openpyxl.load_workbook(done.master).sheetnames == [
        "Control",
        *("Cover", "Headlines", "Month by month", "Summary", "Dwelling burglary"),
        *("Dwelling burglary by month", "Dwelling burglary group", "Dwelling burglary by size", "Farm crime"),
        *("Farm crime by month", "Farm crime by group", "Farm crime by quarter", "CADET highlights"),
        *("Emerging issues", "Partner returns", "Reducing re-offending", "Drug and alcohol"),
        *("How up to date the figures are", "Notes", "Farm crime pivots", "Farm crime data", "Warnings", "Inputs"),
        *("Words checked", "Names of figures", "Explain", "Local analysis", "Revisions"),
        *("How each offence was counted", "Calibration", "Checks", "xlwings.conf"),
    ]
    assert done.report.period.name == "2011-12 Q1"
    assert not done.quarter_was_chosen
    assert done.rows_read > 10_000
    assert done.left_out == {"Police recorded crime extract: in other areas": 845}
    assert sum(file.read for source, file in done.ledger if source == "Police recorded crime extract") > 10_000
    assert all(file.read == file.counted + sum(each.rows for each in file.left_out) for _, file in done.ledger)
    assert set(done.seconds) == {"read and count", "compare and build", "write"}


GROUP = "Reading the figures of the most similar group"


def test_whoever_looks_on_is_told_what_is_being_done(example):
    steps = []
    refresh(example, progress=steps.append)
    read = ["Counting the recorded-crime extract", "Reading the CADET export", GROUP, "Reading the partners' returns"]
    assert steps == [*read, "Writing the master"]


def test_the_same_inputs_give_the_same_bytes(example):
    before = (example / "master.xlsm").read_bytes()
    (example / "master.xlsm").unlink()
    assert refresh(example).master.read_bytes() == before


def test_a_master_that_nobody_edited_is_replaced(example):
    assert refresh(example).former is None
    assert KEPT not in names_in(example)


def test_an_edited_master_is_filled_where_it_stands_and_its_words_stay(example):
    write_commentary(example / "master.xlsm", COMMENTARY)
    done = refresh(example, Period.parse("2010-11 Q4"))
    assert (done.former, done.reason) == (None, "")
    assert names_in(example) == ["counts", "data", "log", "master.xlsm", "partnership.toml", "published", "returns"]
    as_excel_writes_them = {name: text.replace("_x", "_x005F_x") for name, text in COMMENTARY.items()}
    assert commentary_in(done.master) == as_excel_writes_them
    assert value_of(done.master, "Status") == "Refreshed: figures of 2010-11 Q4"


def test_an_edited_master_is_written_anew_if_that_is_asked_for_and_kept_byte_for_byte(example):
    for number in (1, 2):
        write_commentary(example / "master.xlsm", {"summary": f"Version {number}"})
        edited = (example / "master.xlsm").read_bytes()
        done = refresh(example, rewrites_master=True)
        assert (done.former.name, done.reason) == (
            f"master (before refresh {number}).xlsm",
            "a new one was asked for",
        )
        assert done.former.read_bytes() == edited
        assert commentary_in(done.master) == {"summary": f"Version {number}"}


def test_a_report_of_another_shape_makes_a_new_master_and_keeps_the_edited_one(example):
    write_commentary(example / "master.xlsm", {"summary": "Long thought over"})
    without_returns(example)
    done = refresh(example)
    assert commentary_in(done.former) == commentary_in(done.master) == {"summary": "Long thought over"}
    assert done.reason.startswith("The report needs different worksheets from those in this workbook: it has ")


def test_what_was_written_about_a_priority_that_was_dropped_stays_and_is_not_published(example):
    write_commentary(example / "master.xlsm", {"farm-crime": "Long thought over"})
    type_in(example / "master.xlsm", "tblOverrides", ("dwelling-burglary", "Worse position", "So.", "2011-12 Q1"))
    settings_changed(example, 'id = "farm-crime"', 'id = "rural-crime"')
    settings_changed(example, 'id = "dwelling-burglary"', 'id = "burglary"')
    done = refresh(example)
    assert (done.former, done.reason) == (None, "")
    assert commentary_in(done.master) == {"farm-crime": "Long thought over"}
    assert [each.priority_id for each in master_file.read_inputs(done.master).overrides] == ["dwelling-burglary"]
    assert done.report.words_to_look_at == (
        (
            "There are commentaries or judgements for 2011-12 Q1 on 2 things that the report does not have: "
            '"farm-crime", "dwelling-burglary". They are kept, but not published.'
        ),
    )
    copy = publishing.publish(example, today=TODAY, progress=str).copy
    assert "Long thought over" not in texts_in(copy)


def test_a_master_that_nobody_edited_makes_way_for_a_report_of_another_shape(example):
    without_returns(example)
    done = refresh(example)
    assert (done.former, done.reason) == (None, "")


def test_a_master_in_which_the_analyst_worked_is_never_thrown_away_later(example):
    book = openpyxl.load_workbook(example / "master.xlsm", keep_vba=True)
    book.create_sheet("My sums")["A1"] = "=1+1"
    book.save(example / "master.xlsm")
    assert refresh(example).former is None
    assert refresh(example).former is None
    without_returns(example)
    done = refresh(example)
    assert "My sums" in openpyxl.load_workbook(done.former).sheetnames


def test_a_master_that_was_changed_so_that_it_can_not_be_filled_is_refused_and_stays(example):
    book = openpyxl.load_workbook(example / "master.xlsm", keep_vba=True)
    del book["Notes"].tables["tblSymbols"]
    book.save(example / "master.xlsm")
    before = (example / "master.xlsm").read_bytes()
    with pytest.raises(CannotBeWrittenError) as refused:
        refresh(example)
    assert str(refused.value) == (
        "The table tblSymbols is gone.\n"
        'Where: master.xlsm, worksheet "Notes"\n'
        'What to do: If you renamed it, name it "tblSymbols" again (Table Design, Table Name); if you deleted it, undo '
        'that. If neither helps, save and close the workbook and run "cdrp-xl refresh" with --anew: it is then '
        "rewritten, your words are taken over, and the former workbook is kept beside it."
    )
    assert (example / "master.xlsm").read_bytes() == before
    assert refresh(example, rewrites_master=True).former == example / KEPT


@pytest.mark.parametrize("record", [b"", b"{}", b"[]", b'{"quarter": 5, "read": {}, "master": ""}', b"\xff\xfe"])
def test_a_damaged_record_is_no_dead_end_and_the_master_is_kept_where_it_is_not_filled(example, record):
    (example / "counts" / "refreshed.json").write_bytes(record)
    before = (example / "master.xlsm").read_bytes()
    done = refresh(example, rewrites_master=True)
    assert done.former.read_bytes() == before
    assert refresh(example, rewrites_master=True).former is None


def test_words_stay_where_they_were_typed(example):
    write_commentary(example / "master.xlsm", {"summary": "=1+1", "farm-crime": "Fewer lambs."})
    book = openpyxl.load_workbook(refresh(example).master)
    words = {cell.value: cell.data_type for (cell,) in book["Inputs"].iter_rows(min_col=3, max_col=3)}
    assert (words["=1+1"], words["Fewer lambs."]) == ("s", "s")
    assert "Commentary" not in [cell.value for (cell,) in book["Summary"].iter_rows(max_col=1)]


def test_rows_that_do_not_add_up_are_shown_on_checks_and_the_refresh_completes(example):
    settings_changed(example, "[report]", '[report]\ntable_source = "cadet"')
    export = example / "data" / "cadet-2011-12-q1.csv"
    text = export.read_text(encoding="utf-8")
    assert "Arson,10,,12,,2,+ 20.0%" in text
    export.write_text(text.replace("Arson,10,,12,,2,+ 20.0%", "Arson,10,,15,,5,+ 50.0%"), encoding="utf-8")
    rows = list(openpyxl.load_workbook(refresh(example).master)["Checks"].iter_rows(values_only=True))
    found = {row[0]: row[1:3] for row in rows}
    assert found["Rows add up"][0] == "Look at this"
    assert found["Rows add up"][1] == (
        "Criminal Damage is not All Damage to Dwellings + All Damage to Other Buildings + All Damage to Vehicles + "
        "All Other Damage + Arson: 264 against 264 in Apr-10 to Jun-10 (holds); "
        "245 against 248 in Apr-11 to Jun-11 (a difference of 3)."
    )
    assert found["CADET and Police recorded crime extract agree"] == (
        "Look at this",
        "1 row differs: Arson: 10 and 15, against 10 and 12.",
    )


def test_an_area_that_no_row_is_of_is_refused_with_the_nearest(example):
    before = (example / "master.xlsm").read_bytes()
    settings_changed(example, 'area = "South Cambridgeshire"', 'area = "South Cambridgshire"')
    settings_changed(example, '    "South Cambridgeshire",', '    "South Cambridgshire",')
    with pytest.raises(ValueFoundError) as refused:
        refresh(example)
    assert str(refused.value) == (
        'There is no row for the area "South Cambridgshire".\n'
        'Where: recorded-crime-2009-10.csv, heading "District"\n'
        'What to do: Did you mean "South Cambridgeshire", "East Cambridgeshire", "Cambridge City"?'
    )
    assert (example / "master.xlsm").read_bytes() == before


def test_a_quarter_that_the_data_do_not_cover_is_refused(example):
    before = (example / "master.xlsm").read_bytes()
    for line in ("as_at = 2011-07-11", "next_release = 2011-10-10"):
        settings_changed(example, line, "")
    with pytest.raises(CannotBeComputedError) as refused:
        refresh(example, Period.parse("2011-12 Q2"))
    assert str(refused.value) == (
        "Jul-11 to Sep-11 can't be counted: South Cambridgeshire has no complete figures for Jul-11 to Sep-11.\n"
        "Where: Police recorded crime extract, which covers Apr-09 to Jun-11\n"
        "What to do: Add the files for these months, or report the last quarter that can be compared, 2011-12 Q1: type "
        "it on the worksheet Control, or refresh with --quarter 2011-12-Q1."
    )
    assert (example / "master.xlsm").read_bytes() == before


def test_without_a_quarter_the_last_that_the_data_complete_is_taken(example):
    settings_changed(example, 'quarter = "2011-12 Q1"', "")
    done = refresh(example)
    assert (done.report.period.name, done.quarter_was_chosen) == ("2011-12 Q1", True)


def test_the_quarter_that_is_asked_for_goes_before_that_of_the_settings(example):
    done = refresh(example, Period.parse("2010-11 Q4"))
    assert (done.report.period.name, done.quarter_was_chosen) == ("2010-11 Q4", False)


def test_a_folder_without_settings_is_refused(tmp_path):
    with pytest.raises(FileError) as refused:
        refresh(tmp_path)
    assert str(refused.value) == (
        f'"{tmp_path.name}" is not a partnership\'s folder: it holds no partnership.toml.\n'
        f"Where: {tmp_path}\n"
        'What to do: Name the folder that "cdrp-xl new" made, or make one with it.'
    )


def test_a_source_that_is_missing_is_refused_by_its_name(example):
    settings_changed(example, "[sources.cadet]", '[sources.police_uk]\npath = "data/street"\n\n[sources.cadet]')
    with pytest.raises(FileError, match=r"street"):
        refresh(example)


def test_a_master_that_can_not_be_replaced_stays_and_is_not_taken_for_refreshed(example, monkeypatch):
    before, record = (example / name for name in ("master.xlsm", "counts/refreshed.json"))
    former = before.read_bytes(), record.read_bytes()
    os.utime(example / "data" / "cadet-2011-12-q1.csv")
    replace = beside.Path.replace

    def in_use(path, target):
        if target.name == "master.xlsm":
            raise PermissionError(13, "in use")
        return replace(path, target)

    monkeypatch.setattr(beside.Path, "replace", in_use)
    with pytest.raises(CannotBeWrittenError, match=r"^master\.xlsm could not be written; what was there is unchanged"):
        refresh(example, Period.parse("2010-11 Q4"))
    assert (before.read_bytes(), record.read_bytes()) == former


def test_a_folder_in_the_masters_place_is_refused_and_left(example):
    (example / "master.xlsm").unlink()
    (example / "master.xlsm").mkdir()
    with pytest.raises(FileError, match=r"^master\.xlsm is a folder, not a file\."):
        refresh(example)


def test_a_text_too_long_for_a_cell_is_refused_by_its_place(example):
    before = (example / "master.xlsm").read_bytes()
    settings_changed(example, "Less farm crime than in 2009-10", "x" * 40_000)
    with pytest.raises(CannotBeWrittenError) as refused:
        refresh(example)
    assert refused.value.what == "A text has 40,000 characters; a cell holds 32,767."
    assert refused.value.where == 'worksheet "Summary", cell B8'
    assert (example / "master.xlsm").read_bytes() == before


def test_a_title_of_200_characters_is_refused_by_its_line(example):
    settings_changed(example, 'title = "Farm crime"', f'title = "{"Farm crime " * 20}"')
    with pytest.raises(ValueFoundError, match=r"title: \"Farm crime .*it must be text of at most 60 characters\."):
        refresh(example)


def test_a_control_character_in_the_settings_is_refused_by_the_cell_that_would_hold_it(example):
    settings_changed(example, 'producer = "Research Group', 'producer = "Research\\u0007Group')
    with pytest.raises(CannotBeWrittenError) as refused:
        refresh(example)
    assert str(refused.value) == (
        "A text holds a control character (code 7).\n"
        'Where: worksheet "Cover", cell A4\n'
        "What to do: Correct the text where it comes from: the extract, partnership.toml or the worksheet Inputs."
    )


@pytest.mark.parametrize("word", ["2011-12", "Apr-11"])
def test_only_a_quarter_can_be_refreshed(word):
    with pytest.raises(ValueFoundError) as refused:
        refreshing.check_quarter(Period.parse(word))
    assert str(refused.value) == (
        f'{word} is not a quarter of a financial year.\nWhere: --quarter\nWhat to do: Write it as "2011-12-Q1".'
    )


def test_each_refresh_is_logged_above_the_earlier_ones(example):
    refresh(example, today=dt.date(2011, 8, 1))
    done = refresh(example, Period.parse("2010-11 Q4"), today=dt.date(2011, 8, 2))
    held = "Refreshed; every check holds"
    assert log_in(done.master) == [
        ("2 August 2011", "2010-11 Q4", done.rows_read, log_in(done.master)[0][3]),
        ("1 August 2011", "2011-12 Q1", done.rows_read, held),
        ("29 July 2011", "2011-12 Q1", done.rows_read, held),
    ]
    assert value_of(done.master, "Status") == "Refreshed: figures of 2010-11 Q4"
    assert value_of(done.master, "Last refresh") == "2 August 2011"


def test_a_typed_quarter_goes_before_that_of_the_settings_and_is_kept_with_the_folder(example):
    typed_on_control(example / "master.xlsm", Quarter="Q4 2010/11", Partnership_folder="D:/csp")
    done = refresh(example)
    assert (done.report.period.name, done.quarter_was_chosen) == ("2010-11 Q4", False)
    assert value_of(done.master, "Quarter") == "Q4 2010/11"
    assert value_of(done.master, "Partnership folder") == "D:/csp"
    assert refresh(example).report.period.name == "2010-11 Q4"


def test_the_quarter_of_the_command_line_goes_before_the_typed_one(example):
    typed_on_control(example / "master.xlsm", Quarter="soon")
    done = refresh(example, Period.parse("2010-11 Q3"))
    assert done.report.period.name == "2010-11 Q3"
    assert value_of(done.master, "Quarter") == "soon"


def test_a_typed_quarter_that_is_none_is_refused_and_the_master_stays(example):
    typed_on_control(example / "master.xlsm", Quarter="2011-12")
    before = (example / "master.xlsm").read_bytes()
    with pytest.raises(ValueFoundError) as refused:
        refresh(example)
    assert str(refused.value) == (
        '"2011-12" is not a quarter of a financial year.\n'
        'Where: master.xlsm, worksheet "Control", table tblControl, row 14, heading "Value"\n'
        'What to do: Write it as "2011-12 Q1", or empty the cell: then partnership.toml says which quarter.'
    )
    assert (example / "master.xlsm").read_bytes() == before


def test_the_words_of_an_older_master_are_taken_over_once_and_its_file_is_left(example):
    older = (example / "master.xlsm").rename(example / "master.xlsx")
    write_commentary(older, {"summary": "From before"})
    before = older.read_bytes()
    done = refresh(example)
    assert (done.older, done.former) == (older, None)
    assert commentary_in(done.master) == {"summary": "From before"}
    write_commentary(done.master, {"summary": "Since then"})
    again = refresh(example)
    assert again.older is None
    assert commentary_in(again.master) == {"summary": "Since then"}
    assert older.read_bytes() == before


def test_an_older_master_is_published_from_until_the_next_refresh(example):
    older = (example / "master.xlsm").rename(example / "master.xlsx")
    write_commentary(older, {"summary": "From before"})
    copy = publishing.publish(example, today=TODAY, progress=str).copy
    assert "From before" in [cell.value for (cell,) in openpyxl.load_workbook(copy)["Summary"].iter_rows(max_col=1)]


def test_the_master_of_a_new_folder_is_filled_and_not_kept(example):
    (example / "counts" / "refreshed.json").unlink()
    (example / "master.xlsm").write_bytes(master.unfilled())
    done = refresh(example)
    assert (done.former, commentary_in(done.master)) == (None, {})


def test_the_master_of_a_new_folder_in_which_someone_typed_is_kept(example):
    (example / "counts" / "refreshed.json").unlink()
    (example / "master.xlsm").write_bytes(master.unfilled())
    typed_on_control(example / "master.xlsm", Quarter="2010-11 Q4")
    done = refresh(example)
    assert done.former == example / KEPT
    assert done.report.period.name == "2010-11 Q4"


TYPED = {
    "tblOverrides": [("dwelling-burglary", "Worse position", "Two gangs.", "2011-12 Q1")],
    "tblDecisions": [("Shoplifting, 2010-11 Q4", "Dismissed", "One store.")],
    "tblQuestions": [
        ("Cambourne", "arson", "2011-12 Q1", "domestic", "Yes"),
        ("Melbourn", "arson", "2011-12 Q1", None, None),
    ],
    "tblMarkings": [("Cover", "OFFICIAL")],
    "tblContacts": [(None, "a@example.org"), ("The office", "b@example.org")],
    "tblAcceptances": [("finding", "Agreed.", "2011-12 Q1")],
}


def test_all_that_was_typed_is_read_and_carried_over_by_a_refresh(example):
    for table, rows in TYPED.items():
        type_in(example / "master.xlsm", table, *rows)
    typed = master_file.read_inputs(example / "master.xlsm")
    assert len(typed.questions) == len(typed.contacts) == 2
    done = refresh(example)
    assert done.report.inputs == typed
    assert master_file.read_inputs(done.master) == typed
    book = openpyxl.load_workbook(done.master)
    for table, rows in TYPED.items():
        cells = [tuple(cell.value for cell in row) for row in rows_of(book, table)]
        assert cells[: len(rows)] == rows
        assert all(cell in {None, "2011-12 Q1"} for row in cells[len(rows) :] for cell in row[1:])


def test_a_mistake_in_what_was_typed_stops_the_refresh_and_the_master_stays(example):
    type_in(example / "master.xlsm", "tblOverrides", ("dwelling-burglary", "Worse position", None, "2011-12 Q1"))
    before = (example / "master.xlsm").read_bytes()
    with pytest.raises(ValueFoundError, match="has no reason") as refused:
        refresh(example)
    row = rows_of(openpyxl.load_workbook(example / "master.xlsm"), "tblOverrides")[0][0].row
    assert refused.value.where == f'master.xlsm, worksheet "Inputs", table tblOverrides, row {row}, heading "Reason"'
    assert (example / "master.xlsm").read_bytes() == before


def test_a_local_question_is_answered_at_the_next_refresh(example):
    asked = ("Cambourne", "violence-against-the-person", "2011-12 Q1", "domestic", None)
    type_in(example / "master.xlsm", "tblQuestions", asked)
    done = refresh(example)
    sheet = openpyxl.load_workbook(done.master)["Local analysis"]
    headings, answer = ([cell.value for cell in row] for row in sheet[sheet.tables["tblLocalAnswers"].ref])
    found = dict(zip(headings, answer, strict=True))
    assert (found["Offences"], found["With the flag"], found["Share"]) == (20, 8, 0.4)
    publishing.publish(example, today=TODAY, progress=str)


def test_files_beside_an_extract_that_no_source_reads_are_named(example):
    for name in ("May.zip", "recorded-crime-2009.xlsx", "notes.docx", "~$recorded.xlsx"):
        (example / "data" / name).write_bytes(b"PK")
    listed = {check.what: check.detail for check in refresh(example).report.checks}
    assert listed["Files beside those that are read"] == "No source reads May.zip, recorded-crime-2009.xlsx."


def test_the_master_shows_what_each_offence_was_counted_under(example):
    done = refresh(example)
    sheet = openpyxl.load_workbook(done.master)["How each offence was counted"]
    rows = list(sheet.iter_rows(values_only=True))
    headings = next(row for row in rows if row[0] == "Offence in the extract")
    table = [dict(zip(headings, row, strict=True)) for row in rows[rows.index(headings) + 1 :]]
    (burglary,) = [row for row in table if row["Offence in the extract"] == "28A"]
    assert (burglary["Counted under"], burglary["By"]) == ("Burglary Dwelling", "Its code")
    (extract,) = {source for source, _ in done.ledger if source == "Police recorded crime extract"}
    counted = sum(file.counted for source, file in done.ledger if source == extract)
    assert sum(row["Rows"] for row in table) == counted


EXTRACT = """[partnership]
name = "Fenland CSP"
area = "Fenland"

[sources.recorded_crime]
files = ["extract.csv"]
[sources.recorded_crime.headings]
offence_reference = "Ref"
date_recorded = "Recorded"
offence = "Code"
"""


@pytest.mark.parametrize(
    ("added", "counted_by"),
    [
        ("", "cadet-2011, since partnership.toml names no classification"),
        ('[report]\nclassification = "home-office-2026"\n', "home-office-2026"),
    ],
)
def test_definitions_of_a_folder_that_names_none_stay_what_they_were(tmp_path, added, counted_by):
    days = [f"{month:02}/2024" for month in range(1, 13)] + [f"{month:02}/2025" for month in range(1, 7)]
    rows = "".join(f"C{number},15/{day},28A\n" for number, day in enumerate(days))
    (tmp_path / "extract.csv").write_text(f"Ref,Recorded,Code\n{rows}", encoding="utf-8")
    (tmp_path / "partnership.toml").write_text(EXTRACT + added, encoding="utf-8")
    done = refreshing.refresh(tmp_path, quarter=None, today=dt.date(2025, 7, 20), progress=lambda _: None)
    assert output.refreshed(done, with_ledger=False)["offences_counted_by"].endswith(f", {counted_by}")


def test_a_source_may_be_counted_by_other_definitions_than_the_partnership_s(tmp_path):
    own = EXTRACT.replace('"]\n', '"]\nclassification = "cadet-2011"\n', 1)
    (tmp_path / "partnership.toml").write_text(
        f'{own}[report]\nclassification = "home-office-2026"\n', encoding="utf-8"
    )
    (tmp_path / "extract.csv").write_text("Ref,Recorded,Code\n1,15/04/2025,28A\n", encoding="utf-8")
    data = gathering.gather(settings_file.read(tmp_path), tmp_path, today=dt.date(2025, 7, 20), progress=lambda _: None)
    assert data.counts["recorded_crime"].classification.classification_id == "cadet-2011"


def test_farm_crime_is_grouped_by_the_partnership_s_definitions(tmp_path):
    """Its groups were once looked up by those of 2008 to 2011, whatever the rows were counted by."""
    loci = 'locus_type = "Type"\nlocus_subtype = "Subtype"\n'
    own = f'{EXTRACT}{loci}[report]\nclassification = "home-office-2026"\n[farm]\nbaseline = "2024-25"\n'
    (tmp_path / "partnership.toml").write_text(own, encoding="utf-8")
    row = "15/04/2025,30D,Agricultural"
    (tmp_path / "extract.csv").write_text(
        f"Ref,Recorded,Code,Type,Subtype\n1,{row},Farm\n2,{row},Barn\n", encoding="utf-8"
    )
    settings = settings_file.read(tmp_path)
    data = gathering.gather(settings, tmp_path, today=dt.date(2025, 7, 20), progress=lambda _: None)
    found = FarmCounts(settings, settings.farm, data.counts["recorded_crime"], Period.parse("2025-26 Q1"))
    month = Period.parse("April 2025")
    assert found.codes.keys() >= {"Theft offences"}
    assert found.count(month, FarmOffences("Theft offences")) == 2
