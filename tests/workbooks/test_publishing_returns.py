"""What partners returned is refreshed and published with the rest, and what may tell who someone is stops it."""

import datetime as dt

import openpyxl
import pytest

from cdrp_xl.errors import CannotBeComputedError, RefusedByGateError
from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs
from cdrp_xl.sources.master import Accepted
from cdrp_xl.workbooks import publishing, refreshing, returning

TODAY = dt.date(2011, 7, 29)


def refresh(folder):
    return refreshing.refresh(folder, quarter=None, today=TODAY, progress=str)


def publish(folder, **inputs):
    given = {"inputs": Inputs(**inputs)} if inputs else {}
    return publishing.publish_held(folder, today=TODAY, progress=str, **given)


def accepted(*marks, quarter="2011-12 Q1"):
    return tuple(Accepted(finding=mark, quarter=Period.parse(quarter), reason="They agreed.") for mark in marks)


def form(folder):
    return folder / "returns" / "2011-12-Q1" / "reducing-reoffending.xlsx"


def write(folder, text, **cells):
    book = openpyxl.load_workbook(form(folder))
    (row,) = [cell.row for line in book["Words"] for cell in line if cell.value == "Q3"]
    book["Words"][f"C{row}"] = text
    for cell, value in cells.items():
        book["Figures"][cell] = value
    book.save(form(folder))


def rows(path, sheet):
    return [tuple(cell.value for cell in row) for row in openpyxl.load_workbook(path)[sheet]]


def test_the_published_figures_of_2011_travel_from_the_forms_to_the_sheets(demo):
    shown = {row[0]: row[1:] for row in rows(demo.copy, "Reducing re-offending")}
    assert shown["DIP"][:2] == (2, 1)
    assert ("DIP", 4, 5, 5) in [row[:4] for row in rows(demo.copy, "Reducing re-offending")]
    returned = {row[0]: row[1:] for row in rows(demo.copy, "Drug and alcohol")}
    assert (returned["South Cambridgeshire"][2], round(returned["South Cambridgeshire"][3], 2)) == (102, 0.18)
    assert (returned["Drug treatment"][0], returned["Drug treatment"][2]) == (64, 0.04)
    assert (returned["Alcohol treatment"][0], returned["Alcohol treatment"][2]) == (9, 0.02)
    survey = returned["Year 10 girls who drank excessively"]
    assert survey[:6] == ("2008", 0.1, pytest.approx(0.011), "2010", 0.03, pytest.approx(0.006))
    assert survey[6:8] == (-7, "7.0 points lower (likely between 4.5 and 9.5): unlikely to be chance.")


def test_the_master_and_the_copy_show_the_same_returns(demo):
    for sheet in ("Partner returns",):
        assert rows(demo.master, sheet) == rows(demo.copy, sheet)


def test_a_return_that_changed_or_came_since_the_refresh_is_refused(example):
    write(example, "Other words.")
    with pytest.raises(CannotBeComputedError, match=r"returns/2011-12-Q1/reducing-reoffending\.xlsx changed since"):
        publish(example)
    refresh(example)
    assert publish(example).copy.exists()


def test_a_form_of_ones_own_that_changed_is_refused(example):
    settings = example / "partnership.toml"
    own = '[[returns]]\nform = "returns/housing.toml"\nagency = "Housing"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + own, encoding="utf-8")
    housing = 'id = "housing"\nversion = 1\ntitle = "Housing"\n[[questions]]\nid = "news"\ntitle = "News"\n'
    file = example / "returns" / "housing.toml"
    file.write_text(housing, encoding="utf-8")
    refresh(example)
    assert "Housing" in openpyxl.load_workbook(publish(example).copy).sheetnames
    file.write_text(housing.replace("News", "New homes"), encoding="utf-8")
    with pytest.raises(CannotBeComputedError, match=r"returns/housing\.toml changed since"):
        publish(example)


HOUSING = """
id = "housing"
version = 1
title = "Housing: homelessness & lettings"

[[questions]]
id = "homeless"
title = "Homeless households"
row_heading = "Where"
rows = ["In the area", "Elsewhere"]
columns = [{ id = "homes", title = "Households", kind = "whole number", each_month = true }]
as_at = true
chart = true

[[questions]]
id = "lettings"
title = "Lettings"
areas = true
columns = [
    { id = "council", title = "Council", kind = "whole number" },
    { id = "other", title = "Others", kind = "whole number" },
    { id = "satisfied", title = "Satisfied", kind = "share", required = false },
    { id = "last", title = "Last survey", kind = "date", required = false },
]
total = "All lettings"
share = { title = "Share of the council", part = ["council"], whole = ["council", "other"] }

[[questions]]
id = "news"
title = "News"
gathers = "concerns"

[[questions]]
id = "private"
title = "For the analyst"
publish = false
"""
HOUSING_ANSWERS = {
    ("D-1", "Lead officer"): "Housing lead",
    ("D-1", "Date of this return"): dt.date(2011, 7, 12),
    ("Q1-1", "Households, April 2011"): 11,
    ("Q1-1", "Households, May 2011"): "12",
    ("Q1-1", "Households, June 2011"): 13,
    ("Q1-1", "As at"): "30.6.2011",
    ("Q1-2", "Households, April 2011"): "nil",
    ("Q1-2", "Households, May 2011"): "n/a",
    ("Q1-2", "Households, June 2011"): 21,
    ("Q1-2", "As at"): dt.date(2011, 6, 30),
    ("Q2-1", "Council"): 30,
    ("Q2-1", "Others"): 10,
    ("Q2-1", "Satisfied"): "87,5 %",
    ("Q2-2", "Council"): 1,
    ("Q2-2", "Others"): 7,
    ("Q3", "Answer"): "Rents rose.",
    ("Q4", "Answer"): "Between us.",
}


def fill(blank, filled, given):
    book = openpyxl.load_workbook(blank)
    for (reference, heading), value in given.items():
        (cell,) = [cell for sheet in book for line in sheet for cell in line if cell.value == reference]
        above = [each for line in cell.parent.iter_rows(max_row=cell.row) for each in line if each.value == heading]
        cell.parent.cell(cell.row, above[-1].column).value = value
    book.save(filled)


def test_a_third_form_goes_the_whole_way_by_its_file_alone(example):
    settings = example / "partnership.toml"
    own = '[[returns]]\nform = "returns/housing.toml"\nagency = "Housing"\nareas = ["North", "South"]\n'
    settings.write_text(settings.read_text(encoding="utf-8") + own, encoding="utf-8")
    (example / "returns" / "housing.toml").write_text(HOUSING, encoding="utf-8")
    blank = returning.send(example, quarter=None, today=TODAY, email=True).forms[2]
    fill(blank, example / "returns" / "2011-12-Q1" / "from housing.xlsx", HOUSING_ANSWERS)
    came = returning.collect(example, quarter=None, today=TODAY, reply=False).collected.returns[2]
    assert (came.state, came.filled.queries, came.filled.remarks) == ("Accepted", (), ())
    refresh(example)
    copy = publish(example).copy
    shown = rows(copy, "Housing homelessness & lettings")
    day = dt.datetime(2011, 6, 30)  # noqa: DTZ001
    assert ("In the area", 11, 12, 13, day) in [row[:5] for row in shown]
    assert ("Elsewhere", 0, "[x]", 21, day) in [row[:5] for row in shown]
    assert ("North", 30, 10, 0.875, "[z]", 40, 0.75) in [row[:7] for row in shown]
    assert ("South", 1, 7, "[z]", "[z]", 8, 0.125) in [row[:7] for row in shown]
    meeting = [row[:3] for row in rows(copy, "Partner returns")]
    assert ("Housing: homelessness & lettings", "Rents rose.", "None was given.") in meeting
    assert "Between us." not in {
        value for sheet in openpyxl.load_workbook(copy).sheetnames for row in rows(copy, sheet) for value in row
    }
    mine = rows(example / "master.xlsm", "Housing homelessness & lettings")
    assert "Between us." in {value for row in mine for value in row}


def test_what_may_identify_someone_stops_publishing_until_it_is_accepted_with_a_reason(example):
    write(example, "Mr Example was released. Call 01632 960001.")
    built = refresh(example).report
    marks = [warned.mark for warned in built.returned.warnings]
    assert len(marks) == 2
    shown = rows(example / "master.xlsm", "Warnings")
    assert [row[0] for row in shown if row[0] in marks] == marks
    with pytest.raises(RefusedByGateError) as refused:
        publish(example)
    assert str(refused.value) == (
        'A return may identify a person: a person\'s name, "Mr Example"; 1 more on the worksheet Warnings.\n'
        f"Where: Reducing re-offending, Key achievements (finding {marks[0]})\n"
        "What to do: Ask for other words; or write the finding, your reason and the quarter 2011-12 Q1 on the "
        "worksheet Inputs, under Warnings accepted."
    )
    with pytest.raises(RefusedByGateError, match="a telephone number"):
        publish(example, acceptances=accepted(marks[0]))
    with pytest.raises(RefusedByGateError, match="a person's name"):
        publish(example, acceptances=accepted(*marks, quarter="2010-11 Q4"))
    assert publish(example, acceptances=accepted(*marks)).copy.exists()


def test_what_a_partner_says_against_our_figures_stops_publishing_and_what_they_say_of_their_own_does_not(example):
    write(example, "Officers made 25 visits to 40 farms. Dwelling burglary rose in the quarter.")
    refresh(example)
    with pytest.raises(RefusedByGateError, match='"rose" in what a partner returned does not agree') as refused:
        publish(example)
    assert refused.value.where.startswith("Reducing re-offending (finding W-")
    assert refused.value.remedy.startswith("Ask for other words")
    mark = refused.value.where.partition("finding ")[2].rstrip(")")
    assert publish(example, acceptances=accepted(mark)).copy.exists()


def test_an_acceptance_typed_in_the_master_is_read_and_kept(example):
    write(example, "Mr Example was released.")
    (warned,) = refresh(example).report.returned.warnings
    book = openpyxl.load_workbook(example / "master.xlsm", keep_vba=True)
    first = book["Inputs"].tables["tblAcceptances"].ref.partition(":")[0]
    row = book["Inputs"][first].row + 1
    for column, value in enumerate((warned.mark, "He agreed.", "Q1 2011/12"), 1):
        book["Inputs"].cell(row, column).value = value
    book.save(example / "master.xlsm")
    assert publish(example).report.returned.warnings[0].accepted == "He agreed."
    assert refresh(example).report.returned.warnings[0].accepted == "He agreed."


def test_a_missing_and_a_queried_return_are_reported_in_the_copy(example):
    (example / "returns" / "2011-12-Q1" / "drug-and-alcohol.xlsx").unlink()
    write(example, "Words.", D7="about 5")
    refresh(example)
    copy = publish(example).copy
    listed = {row[0]: row for row in reversed(rows(copy, "Partner returns"))}  # above what the meeting considers
    assert listed["Drug and alcohol"][2:4] == ("It has not come.", "Missing")
    assert listed["Reducing re-offending"][2] == "1 answer is queried and shown as not available."
    assert ("DIP", 4, "[x]", 5) in [row[:4] for row in rows(copy, "Reducing re-offending")]
    assert len(rows(copy, "Drug and alcohol")) == 3
    checks = [row for row in rows(example / "master.xlsm", "Checks") if row[1] == "Look at this"]
    assert any('found "about 5"' in row[2] for row in checks)


def test_the_copy_with_returns_passes_the_gate(demo, cdrp_xl):
    run = cdrp_xl("check", demo.copy, "--json")
    assert (run.returncode, run.stderr) == (0, ""), run.stdout


def test_a_return_that_was_missing_is_in_the_next_refresh_of_the_saved_master(example):
    late = example / "returns" / "2011-12-Q1" / "drug-and-alcohol.xlsx"
    content = late.read_bytes()
    late.unlink()
    refresh(example)
    before = {value for row in rows(example / "master.xlsm", "Drug and alcohol") for value in row}
    assert (102 in before, "[x]" in before) == (False, True)
    late.write_bytes(content)
    refresh(example)
    after = {value for row in rows(example / "master.xlsm", "Drug and alcohol") for value in row}
    assert {102, 64, 9} <= after
