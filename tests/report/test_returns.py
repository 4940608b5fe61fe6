"""What partners returned, as the report shows it; the figures are those of the report published in 2011."""

import datetime as dt

import openpyxl
import pytest

from cdrp_xl import settings
from cdrp_xl.periods import Period
from cdrp_xl.report import returns
from cdrp_xl.report.returned import ReturnedTable
from cdrp_xl.sources import returns as collecting
from cdrp_xl.terms import Marking

QUARTER = Period.parse("2011-12 Q1")
TODAY = dt.date(2011, 7, 29)
SHARES = ["27.0%", "18.0%", "13.2%", "22.2%", "19.6%"]


def collect(folder):
    return collecting.collect(settings.read(folder).returns, folder, quarter=QUARTER, today=TODAY)


def build(folder, **acceptances):
    return returns.build(collect(folder), acceptances=acceptances)


def part(returned, form, key):
    (section,) = [each for each in returned.sections if each.key == form]
    (found,) = [each for each in section.parts if each.key == key]
    return found


def change(folder, form, sheet, cells):
    path = folder / "returns" / "2011-12-Q1" / f"{form}.xlsx"
    book = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(path)


def test_the_analyst_reads_why_a_return_could_not_be_used(partners):
    folder = partners / "returns" / "2011-12-Q1"
    (folder / "again.xlsx").write_bytes((folder / "reducing-reoffending.xlsx").read_bytes())
    (folder / "minutes.docx").write_bytes(b"no workbook")
    collected = collect(partners)
    (refused,) = (each.refused for each in collected.returns if each.refused)
    (stray,) = collected.strays
    checks = returns.checks(returns.build(collected, acceptances={}), collected)
    why, other = (f"{fault.what} Where: {fault.where}. {fault.remedy}" for fault in (refused, stray))
    assert [each.detail for each in checks if not each.holds] == [
        f"What came could not be used, and has been asked for again. {why}",
        other,
    ]


def column(table, heading):
    at = [each.heading for each in table.columns].index(heading)
    return [row[at] for row in table.rows]


def test_clients_are_shown_month_by_month_with_the_day_they_are_as_at(partners):
    clients = part(build(partners), "reducing-reoffending", "clients")
    assert clients.rows == (
        ("PPO: deter", "[x]", "[x]", 2, dt.date(2011, 6, 30)),
        ("PPO: C+C and R+R", "[x]", "[x]", 4, dt.date(2011, 6, 30)),
        ("DIP", 4, 5, 5, dt.date(2011, 6, 30)),
    )
    assert [column.heading for column in clients.columns[1:4]] == ["April 2011", "May 2011", "June 2011"]
    assert (clients.is_monthly, clients.drawn) == (True, (2,))
    moved = part(build(partners), "reducing-reoffending", "movements")
    assert moved.rows[2:] == (
        ("PPO: all strands", 0, 1, dt.date(2011, 6, 30)),
        ("DIP", 2, 1, dt.date(2011, 6, 30)),
    )
    assert moved.rows[0] == ("PPO: deter", "[x]", "[x]", "[z]")


def test_102_young_people_are_18_per_cent_of_the_county(partners):
    table = part(build(partners), "drug-and-alcohol", "young_people")
    assert column(table, "All services") == [153, 102, 75, 126, 111]
    assert [f"{share:.1%}" for share in column(table, "Share of the county")] == SHARES
    assert table.drawn == (0, 1, 2, 3, 4)


def test_64_and_9_and_5_adults_are_4_and_2_and_3_per_cent(partners):
    table = part(build(partners), "drug-and-alcohol", "adults")
    assert column(table, "In this area") == [64, 9, 5]
    assert [f"{share:.1%}" for share in column(table, "Share of the county")] == ["4.0%", "2.0%", "3.0%"]


def test_a_survey_fell_by_7_points_which_is_unlikely_to_be_chance(partners):
    table = part(build(partners), "drug-and-alcohol", "survey")
    assert len(table.rows) == 1
    assert column(table, "Earlier share (%)") == [0.1]
    assert column(table, "Later standard error (%)") == [pytest.approx(0.006)]
    assert column(table, "Change (percentage points)") == [-7]
    assert column(table, "What the change says") == [
        "7.0 points lower (likely between 4.5 and 9.5): unlikely to be chance."
    ]
    assert column(table, "Earlier survey") == ["2008"]


@pytest.mark.whole
def test_a_rise_within_its_errors_may_be_chance_and_without_errors_is_not_judged(partners):
    change(partners, "drug-and-alcohol", "Figures", {"D15": 3, "E15": 1.1, "G15": 4, "H15": 1.1})
    table = part(build(partners), "drug-and-alcohol", "survey")
    assert column(table, "What the change says") == ["1.0 points higher (likely between -2.0 and 4.0): may be chance."]
    change(partners, "drug-and-alcohol", "Figures", {"E15": 0, "H15": 0})
    table = part(build(partners), "drug-and-alcohol", "survey")
    assert column(table, "What the change says") == ["No standard errors were given, and this may be chance."]


def test_a_share_is_worked_out_from_whole_answers_only(partners):
    change(partners, "drug-and-alcohol", "Figures", {"C8": "about 90"})
    table = part(build(partners), "drug-and-alcohol", "young_people")
    assert column(table, "Specialist service")[3] == "[x]"
    assert column(table, "All services") == [153, 102, 75, "[x]", 111]
    assert column(table, "Share of the county") == ["[x]"] * 5


def test_a_share_is_the_whole_at_most(partners):
    change(partners, "drug-and-alcohol", "Figures", {"D25": 64, "D26": 8})
    shares = column(part(build(partners), "drug-and-alcohol", "adults"), "Share of the county")
    assert shares[:2] == [1.0, "[x]"]


def test_words_are_shown_and_nothing_to_report_is_said(partners):
    returned = build(partners)
    assert part(returned, "reducing-reoffending", "fund").text == "Nothing to report."
    assert part(returned, "drug-and-alcohol", "programme").text.startswith("Housing support for the programme")


def test_each_return_is_listed_with_its_dates(partners):
    lines = build(partners).lines
    assert [(line.agency, line.state, line.due, line.returned_on) for line in lines] == [
        ("Integrated offender management", "Accepted", dt.date(2011, 7, 21), dt.date(2011, 7, 14)),
        ("Drug and alcohol action team", "Accepted", dt.date(2011, 7, 21), dt.date(2011, 7, 19)),
    ]


@pytest.mark.whole
def test_who_answers_for_a_return_is_printed_where_the_form_says_it(partners):
    agency = "Integrated offender management"
    said = f"{agency} (lead officer: {agency} lead) returned this on 14 July 2011."
    assert build(partners).sections[0].status.startswith(said)
    path = partners / "returns" / "2011-12-Q1" / "reducing-reoffending.xlsx"
    filled = [
        (sheet.title, cell.coordinate)
        for sheet in openpyxl.load_workbook(path)
        for row in sheet
        for cell in row
        if cell.value == "Integrated offender management lead"
    ]
    ((sheet, cell),) = filled
    change(partners, "reducing-reoffending", sheet, {cell: None})
    assert build(partners).sections[0].status.startswith(f"{agency} returned this on 14 July 2011.")


@pytest.mark.whole
def test_a_late_a_queried_and_a_missing_return_say_so(partners):
    change(partners, "reducing-reoffending", "Figures", {"D7": "about 5"})
    change(partners, "reducing-reoffending", "Return", {"D12": dt.date(2011, 7, 25)})
    (partners / "returns" / "2011-12-Q1" / "drug-and-alcohol.xlsx").unlink()
    late, missing = build(partners).lines
    assert (late.state, late.detail) == ("Queried, late", "1 answer is queried and shown as not available.")
    assert (missing.state, missing.returned_on, missing.detail) == ("Missing", None, "It has not come.")
    clients = part(build(partners), "reducing-reoffending", "clients")
    assert clients.rows[2][1:4] == (4, "[x]", 5)


def test_a_return_that_did_not_come_keeps_its_tables_with_symbols_in_them(partners):
    whole = build(partners).sections[1]
    (partners / "returns" / "2011-12-Q1" / "drug-and-alcohol.xlsx").unlink()
    section = build(partners).sections[1]
    assert not section.has_come
    assert section.status == "This is due from Drug and alcohol action team on 21 July 2011. It has not come."
    assert [(each.key, type(each)) for each in section.parts] == [(each.key, type(each)) for each in whole.parts]
    tables = [each for each in section.parts if isinstance(each, ReturnedTable)]
    assert {cell for each in tables for row in each.rows for cell in row[1:]} == {"[x]"}
    assert not any(each.drawn for each in tables)


@pytest.mark.whole
def test_concerns_are_gathered_from_every_return(partners):
    (concern,) = build(partners).concerns
    assert (concern.title, concern.concern, concern.recommendation) == (
        "Reducing re-offending",
        "The resettlement service had no worker for part of the quarter.",
        "Ask the service how a vacancy will be covered next time.",
    )
    change(partners, "reducing-reoffending", "Words", {"B34": None, "C34": None})
    assert "None was returned" not in build(partners).concerns[0].concern


@pytest.mark.whole
def test_a_concern_that_is_queried_is_listed_and_not_said_to_be_none(partners):
    change(partners, "reducing-reoffending", "Words", {"B30": "No worker", "C30": "=1+1"})
    assert [(each.concern, each.recommendation) for each in build(partners).concerns][1:] == [("No worker", "[x]")]
    change(partners, "reducing-reoffending", "Words", {"B30": "long " * 201, "C30": "Ask for one."})
    assert [(each.concern, each.recommendation) for each in build(partners).concerns][1:] == [("[x]", "Ask for one.")]


@pytest.mark.whole
def test_only_items_that_are_said_not_to_be_sensitive_are_for_publicity(partners):
    assert build(partners).publicity == (
        ("Drug and alcohol", "Recovery month: nominations from clients and professionals across the county."),
    )
    path = partners / "returns" / "2011-12-Q1" / "drug-and-alcohol.xlsx"
    book = openpyxl.load_workbook(path)
    (cell,) = [cell for row in book["Words"] for cell in row if cell.value == "No"]
    for answer in ("Yes", None, "Perhaps"):
        change(partners, "drug-and-alcohol", "Words", {cell.coordinate: answer})
        assert build(partners).publicity == ()


def write(folder, text):
    path = folder / "returns" / "2011-12-Q1" / "reducing-reoffending.xlsx"
    book = openpyxl.load_workbook(path)
    (row,) = [cell.row for line in book["Words"] for cell in line if cell.value == "Q3"]
    change(folder, "reducing-reoffending", "Words", {f"C{row}": text})


@pytest.mark.whole
def test_what_may_identify_a_person_is_warned_of_until_it_is_accepted(partners):
    assert build(partners).warnings == ()
    write(partners, "Mr Example was released.")
    (warned,) = build(partners).warnings
    assert (warned.what, warned.where, warned.excerpt) == (
        "a person's name",
        "Reducing re-offending, Key achievements",
        "Mr Example",
    )
    assert warned.mark.startswith("reducing-reoffending Q3 ")
    assert warned.accepted == ""
    (accepted,) = returns.build(collect(partners), acceptances={warned.mark: "He agreed."}).warnings
    assert accepted.accepted == "He agreed."


@pytest.mark.whole
def test_a_story_is_warned_of_beside_a_small_caseload_only(partners):
    write(partners, "One client was recalled, and she returned to her family.")
    (warned,) = build(partners).warnings
    assert warned.what == "one person's story or words, in a return with caseloads of 2, 4, 1"
    change(partners, "reducing-reoffending", "Figures", {f"{c}{r}": 60 for c in "CDE" for r in (5, 6, 7)})
    change(partners, "reducing-reoffending", "Figures", {f"{c}{r}": 60 for c in "CD" for r in (14, 15, 16, 17)})
    assert build(partners).warnings == ()


@pytest.mark.whole
def test_the_analyst_is_told_of_queries_remarks_strays_and_warnings(partners):
    change(partners, "reducing-reoffending", "Figures", {"D7": "about 5", "K40": "see below"})
    write(partners, "Mr Example was released.")
    (partners / "returns" / "2011-12-Q1" / "minutes.txt").write_text("x", encoding="utf-8")
    collected = collect(partners)
    listed = [
        (check.what, check.holds) for check in returns.checks(returns.build(collected, acceptances={}), collected)
    ]
    mark = build(partners).warnings[0].mark
    first = "Return: Reducing re-offending, Integrated offender management"
    assert listed == [
        (first, False),
        (first, True),
        (first, False),
        ("Return: Drug and alcohol, Drug and alcohol action team", True),
        ("A file among the returns", False),
        (f"Warning {mark}", False),
    ]


def test_how_current_each_return_is_stands_among_the_sources(partners):
    lines = list(returns.source_lines(collect(partners)))
    assert [(line.source, line.as_at, line.lag) for line in lines] == [
        ("Return: Reducing re-offending", dt.date(2011, 7, 14), "14 days after April to June 2011 ended"),
        ("Return: Drug and alcohol", dt.date(2011, 7, 19), "19 days after April to June 2011 ended"),
    ]


def test_a_returns_marking_is_that_of_its_form(partners):
    assert {section.marking for section in build(partners).sections} == {Marking.OFFICIAL}
