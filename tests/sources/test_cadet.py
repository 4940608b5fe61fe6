"""The two-period form of CADET is that of Appendix 1 of the South Cambridgeshire report for 2011-12 Q1, all 45 rows."""

import csv
import datetime as dt
import re
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cdrp_xl import offences
from cdrp_xl.errors import CannotBeComputedError, FileError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.sources import cadet, cadet_forms
from cdrp_xl.sources.cadet import CadetSettings

AREA = "South Cambridgeshire"
EARLIER, LATER = Period.parse("2010-11 Q1"), Period.parse("2011-12 Q1")
CLASSIFICATION = offences.load("cadet-2011")
IDS = [row.row_id for row in CLASSIFICATION.rows]
CASE = Path(__file__).parents[1] / "cases" / "cadet_2011_q1.csv"
with CASE.open(newline="", encoding="utf-8") as case:
    PRINTED = tuple(
        (
            row["row"],
            f"{int(row['earlier']):,}",
            f"{int(row['later']):,}",
            row["numeric_change"],
            row["apparent_change"],
        )
        for row in csv.DictReader(case)
    )
HEADINGS = (
    ("", "Earlier Period", "", "Later Period", "", "Numeric Change", "Apparent Change"),
    ("", "From", "To", "From", "To", "", ""),
    ("", "Apr-10", "Jun-10", "Apr-11", "Jun-11", "", ""),
)
LONG = ("Area", "Offence row", "Period", "Offences")


def printed(rows=PRINTED, headings=HEADINGS):
    """The rows of the printed form, with the blank columns that it has."""
    return [*headings, *((name, earlier, "", later, "", *changes) for name, earlier, later, *changes in rows)]


def as_csv(folder, rows, *, name="cadet.csv", delimiter=",", encoding="utf-8"):
    with (folder / name).open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def as_xlsx(folder, rows, *, name="cadet.xlsx", first_row=0, first_column=0, sheet="Sheet1"):
    with xlsxwriter.Workbook(folder / name) as book:
        book.add_worksheet("Cover").write(0, 0, "CADET") if sheet != "Sheet1" else None
        page = book.add_worksheet(sheet)
        month, change = book.add_format({"num_format": "mmm-yy"}), book.add_format({"num_format": "0.0%"})
        for at, row in enumerate(rows, first_row):
            for column, cell in enumerate(row, first_column):
                if isinstance(cell, dt.date):
                    page.write_datetime(at, column, dt.datetime.combine(cell, dt.time()), month)
                elif isinstance(cell, float):
                    page.write_number(at, column, cell, change)
                elif isinstance(cell, int):
                    page.write_number(at, column, cell)
                elif cell:
                    page.write_string(at, column, cell)


def read(folder, *areas, files=("cadet.*",), **more):
    return cadet.read(CadetSettings(files=files, **more), folder=folder, areas=areas or (AREA,))


def figures(counts, area=AREA):
    """Every row's counts in both periods, in the order of the form."""
    return [[counts.offences(area=area, row_id=row, period=period) for period in (EARLIER, LATER)] for row in IDS]


def as_numbers(rows=PRINTED):
    return [[int(earlier.replace(",", "")), int(later.replace(",", ""))] for _, earlier, later, *_ in rows]


def changed(name, **cells):
    """The two-period form with one row's cells changed."""
    places = {"earlier": 1, "later": 2, "change": 3, "apparent": 4}
    rows = [list(row) for row in PRINTED]
    row = next(row for row in rows if row[0] == name)
    for place, value in cells.items():
        row[places[place]] = value
    return printed(rows)


def long_rows(*rows):
    return [LONG, *rows]


def one(name="Homicides", *, area=AREA, period="Apr-11", count="2"):
    return (area, name, period, count)


def test_printed_form_gives_all_45_rows_of_the_south_cambridgeshire_report(tmp_path):
    as_csv(tmp_path, printed())
    counts = read(tmp_path)
    assert figures(counts) == as_numbers()
    assert counts.covered == {AREA: {EARLIER, LATER}}
    assert (counts.origin.rows_read, counts.origin.left_out, counts.origin.remarks) == (45, {}, ())
    assert not counts.rows_missing


def test_identities_of_the_classification_hold_in_the_printed_form(tmp_path):
    as_csv(tmp_path, printed())
    counts = read(tmp_path)
    for period in (EARLIER, LATER):
        of = {row: counts.offences(area=AREA, row_id=row, period=period) for row in IDS}
        assert all(of[one.whole] == sum(of[part] for part in one.parts) for one in CLASSIFICATION.identities)


def test_printed_form_in_a_workbook_keeps_months_as_dates_and_changes_as_fractions(tmp_path):
    months = ("", dt.date(2010, 4, 1), dt.date(2010, 6, 1), dt.date(2011, 4, 1), dt.date(2011, 6, 30), "", "")
    rows = []
    for (name, *_, apparent), (earlier, later) in zip(PRINTED, as_numbers(), strict=True):
        share = (later - earlier) / earlier if apparent != "No Calc" else apparent
        rows.append((name, earlier, later, later - earlier, share))
    as_xlsx(tmp_path, [("CADET Highlights",), (), *printed(rows, [*HEADINGS[:2], months])], first_row=3, first_column=2)
    assert figures(read(tmp_path)) == as_numbers()


def test_printed_form_is_read_from_the_worksheet_that_is_named(tmp_path):
    as_xlsx(tmp_path, printed(), sheet="Highlights")
    assert figures(read(tmp_path, worksheet="Highlights")) == as_numbers()
    with pytest.raises(ValueFoundError, match=r'There is no worksheet "Highlight"'):
        read(tmp_path, worksheet="Highlight")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_printed_form_may_be_saved_with_any_separator_and_encoding(tmp_path, encoding, delimiter):
    as_csv(tmp_path, [*printed(), ("Source \u2013 \u00a9 Crown",)], encoding=encoding, delimiter=delimiter)
    assert figures(read(tmp_path)) == as_numbers()


def test_printed_form_may_do_without_changes_and_blank_columns(tmp_path):
    rows = [("Offence", "Earlier Period", "Later Period"), ("", "Apr-10 to Jun-10", "Apr-11 to Jun-11")]
    as_csv(tmp_path, [*rows, *((name, earlier, later) for name, earlier, later, *_ in PRINTED)])
    assert figures(read(tmp_path)) == as_numbers()


def test_printed_form_may_compare_financial_years(tmp_path):
    rows = [("", "Earlier Period", "Later Period"), ("", "2009-10", "2010-11"), ("Homicides", "2", "0")]
    as_csv(tmp_path, rows)
    assert read(tmp_path).covered[AREA] == {Period.parse("2009/10"), Period.parse("2010/11")}


def test_printed_form_may_number_its_rows_in_a_column_of_their_own(tmp_path):
    rows = [[number or "", *row] for number, row in enumerate(printed(), -2)]
    as_csv(tmp_path, [["", *row[1:]] if at < 3 else row for at, row in enumerate(rows)])
    assert figures(read(tmp_path)) == as_numbers()


def test_words_around_the_printed_form_are_left_out_and_counted(tmp_path):
    as_csv(tmp_path, [("Performance for year to date",), (), *printed(), (), ("Source: CADET, provisional",)])
    counts = read(tmp_path)
    assert figures(counts) == as_numbers()
    assert counts.origin.left_out == {"words without figures": 1}


def test_two_rows_named_all_robbery_are_told_apart_by_their_order(tmp_path):
    rows = [("All Robbery", "7", "8", "", ""), ("Rapes", "1", "1", "", ""), ("All Robbery", "5", "6", "", "")]
    as_csv(tmp_path, printed(rows))
    counts = read(tmp_path)
    assert counts.offences(area=AREA, row_id="all-robbery", period=LATER) == 8
    assert counts.offences(area=AREA, row_id="all-robbery-violent-crime", period=LATER) == 6


def test_third_copy_of_all_robbery_is_refused_with_the_places_of_all_three(tmp_path):
    as_csv(tmp_path, [*printed(), ("All Robbery", "7", "", "7", "", "", "")])
    message = r'Three rows are "All Robbery" for South Cambridgeshire, Apr-10 to Jun-10, of which the table has 2\.'
    with pytest.raises(
        ValueFoundError, match=message + r"\nWhere: cadet.csv, row 8; cadet.csv, row 27; cadet.csv, row 49"
    ):
        read(tmp_path)


def test_of_four_copies_of_a_row_three_are_named_and_one_is_counted(tmp_path):
    as_csv(tmp_path, printed([("Arson", "7", "7", "", "")] * 4))
    with pytest.raises(
        ValueFoundError, match=r"Where: cadet.csv, row 4; cadet.csv, row 5; cadet.csv, row 6; and 1 more\n"
    ):
        read(tmp_path)


def test_rows_below_a_note_are_counted(tmp_path):
    before, *after = printed(PRINTED)[3:]
    as_csv(tmp_path, [*HEADINGS, before, ("Provisional figures", "", "", "", "", "", ""), *after])
    counts = read(tmp_path)
    assert figures(counts) == as_numbers()


def test_one_row_named_all_robbery_stands_for_both(tmp_path):
    as_csv(tmp_path, printed([("All Robbery", "7", "9", "2", "+ 28.6%")]))
    counts = read(tmp_path)
    assert counts.offences(area=AREA, row_id="all-robbery-violent-crime", period=LATER) == 9


def test_bare_name_takes_the_row_that_no_id_has_taken(tmp_path):
    as_csv(tmp_path, long_rows(one("All Robbery", count="7"), one("all-robbery", count="6")))
    counts = read(tmp_path)
    april = Period.parse("Apr-11")
    assert counts.offences(area=AREA, row_id="all-robbery", period=april) == 6
    assert counts.offences(area=AREA, row_id="all-robbery-violent-crime", period=april) == 7


def test_row_that_the_file_lacks_is_refused_when_asked_for_and_not_taken_for_0(tmp_path):
    as_csv(tmp_path, printed([row for row in PRINTED if row[0] != "Arson"]))
    counts = read(tmp_path)
    assert counts.rows_missing == {"arson"}
    with pytest.raises(CannotBeComputedError, match=r'"Arson" can\'t be counted.*\nWhere: CADET, cadet.csv'):
        counts.offences(area=AREA, row_id="arson", period=LATER)


def test_a_change_in_per_cent_by_its_heading_is_compared_too(tmp_path):
    headings = ((*HEADINGS[0][:-1], "Apparent Change (%)"), *HEADINGS[1:])
    as_csv(tmp_path, printed(PRINTED, headings))
    assert figures(read(tmp_path)) == as_numbers()
    as_csv(tmp_path, printed([(*PRINTED[0][:-1], "- 10.5%"), *PRINTED[1:]], headings))
    with pytest.raises(ValueFoundError, match=r'is "- 10.6%"\.\nWhere: cadet.csv, row 4, heading "Apparent Change'):
        read(tmp_path)


@pytest.mark.parametrize("areas", [(), (AREA, "Fenland")])
def test_printed_form_is_for_exactly_one_area(tmp_path, areas):
    as_csv(tmp_path, printed())
    with pytest.raises(
        ValueFoundError, match=rf'{len(areas)} areas are asked for.\nWhere: cadet.csv, row 1, heading "Earlier'
    ):
        cadet.read(CadetSettings(files=("cadet.csv",)), folder=tmp_path, areas=areas)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            {"change": "-155"},
            r'given as "-155", but 1,321 less 1,477 is -156\.\nWhere: cadet.csv, row 4, heading "Num',
        ),
        (
            {"change": "many"},
            r'numeric change of "All Crime" is "many", not a number\.\nWhere: cadet.csv, row 4, heading',
        ),
        (
            {"apparent": "- 10.5%"},
            r'given as "- 10.5%", but from 1,477 to 1,321 it is "- 10.6%"\.\nWhere: .*row 4, head',
        ),
        (
            {"apparent": "+ 10.6%"},
            r'given as "\+ 10.6%", but .* it is "- 10.6%"\.\nWhere: .*row 4, heading "Apparent',
        ),
        (
            {"apparent": "No Calc"},
            r'given as "No Calc", but .* it is "- 10.6%"\.\nWhere: cadet.csv, row 4, heading "Ap',
        ),
        (
            {"apparent": "less"},
            r'apparent change of "All Crime" is "less", not a percentage\.\nWhere: cadet.csv, row 4, h',
        ),
        ({"later": "1477", "change": "0", "apparent": "+ 0.0%"}, r'given as "\+ 0.0%", but .* it is "No Calc"\.\nWh'),
        (
            {"earlier": "0", "change": "1,321", "apparent": "+ 1%"},
            r'from 0 to 1,321 it is "No Calc"\.\nWhere: cadet.csv',
        ),
        (
            {"later": ""},
            r'offences of "All Crime" in the later period is blank\.\nWhere: cadet.csv, row 4, heading "Later',
        ),
        (
            {"earlier": "n/a"},
            r'in the earlier period is "n/a", not a number\.\nWhere: cadet.csv, row 4, heading "Earlier',
        ),
    ],
)
def test_printed_row_that_disagrees_with_itself_is_named(tmp_path, cells, message):
    as_csv(tmp_path, changed("All Crime", **cells))
    with pytest.raises(ValueFoundError, match=message):
        read(tmp_path)


@pytest.mark.parametrize(
    ("earlier", "later", "apparent"),
    [
        ("2,000", "2,001", "+ 0.1%"),  # 0.05 rounds up
        ("2,000", "1,999", "- 0.1%"),
        ("8,000", "8,001", "+ 0.0%"),
        ("80", "89", "+ 11.3%"),  # 11.25 rounds up, not to even
        ("80", "89", "11.25%"),
        ("80", "89", "0.1125"),
        ("80", "89", "0.113"),
        ("80", "71", "\u2212 11.3%"),
        ("1", "0", "- 100.0%"),
        ("0", "5", "no calc"),
    ],
)
def test_apparent_change_is_rounded_half_up_to_one_decimal(tmp_path, earlier, later, apparent):
    as_csv(tmp_path, printed([("Arson", earlier, later, "", apparent)]))
    assert read(tmp_path).offences(area=AREA, row_id="arson", period=LATER) == int(later.replace(",", ""))


@pytest.mark.parametrize(
    ("months", "message"),
    [
        (
            ("", "April", "Jun-10", "Apr-11", "Jun-11"),
            r'"April" is not a period\.\nWhere: cadet.csv, row 3, heading "Earl',
        ),
        (
            ("", "Apr-10", "", "Apr-11", "Jun-11"),
            r"earlier period has 1 month over it, not two\.\nWhere: cadet.csv, row 3",
        ),
        (("", "", "", "Apr-11", "Jun-11"), r"earlier period has 0 months over it, not two\.\nWhere: cadet.csv, row 3"),
        (
            ("", "Jun-10", "Apr-10", "Apr-11", "Jun-11"),
            r"ends \(Apr-10\) before it begins \(Jun-10\)\.\nWhere: .*row 3",
        ),
        (
            ("", "Apr-10", "Jun-10", "Jun-10", "Aug-10"),
            r"earlier period \(Apr-10 to Jun-10\) is not before .*\nWhere: .*3",
        ),
        (
            ("", "Apr-11", "Jun-11", "Apr-10", "Jun-10"),
            r"earlier period \(Apr-11 to Jun-11\) is not before .*\nWhere: .*3",
        ),
        (
            ("", "Apr-10", "Jun-10", "2011-04-15", "Jun-11"),
            r'"2011-04-15" is not a month: .*\nWhere: .*row 3, heading "La',
        ),
        (
            ("", "Apr-10", "Jun-10", "2011-02-30", "Jun-11"),
            r'"2011-02-30" is not a month: .*\nWhere: .*row 3, heading "La',
        ),
    ],
)
def test_printed_period_that_is_not_one_is_named(tmp_path, months, message):
    as_csv(tmp_path, printed(headings=[*HEADINGS[:2], (*months, "", "")]))
    with pytest.raises(ValueFoundError, match=message):
        read(tmp_path)


def test_printed_form_without_its_months_is_refused(tmp_path):
    as_csv(tmp_path, printed(headings=HEADINGS[:2]))
    with pytest.raises(
        ValueFoundError, match=r'"1,477" is not a period\.\nWhere: cadet.csv, row 3, heading "Earlier Period"'
    ):
        read(tmp_path)
    as_csv(tmp_path, HEADINGS[:2])
    with pytest.raises(ValueFoundError, match=r"months of the earlier period are missing\.\nWhere: cadet.csv, row 1"):
        read(tmp_path)


def test_printed_form_with_headings_only_is_refused(tmp_path):
    as_csv(tmp_path, HEADINGS)
    with pytest.raises(ValueFoundError, match=r"has headings but no rows below them\.\nWhere: cadet.csv, row 3"):
        read(tmp_path)


def test_printed_form_without_one_of_its_periods_is_refused(tmp_path):
    as_csv(tmp_path, printed(headings=[("", "Earlier Period", "", "", "", "", ""), *HEADINGS[1:]]))
    with pytest.raises(ValueFoundError, match=r'There is no heading "Later Period"\.\nWhere: cadet.csv, row 1'):
        read(tmp_path)


def test_printed_form_with_its_periods_the_other_way_round_is_refused(tmp_path):
    first = ("", "Later Period", "", "Earlier Period", "", "", "")
    as_csv(tmp_path, printed(headings=[first, *HEADINGS[1:]]))
    said = r'"Later Period" is to the left of "Earlier Period"\.\nWhere: cadet.csv, row 1, heading "Later Period"'
    with pytest.raises(ValueFoundError, match=said):
        read(tmp_path)


def test_two_values_under_one_printed_heading_are_refused(tmp_path):
    as_csv(tmp_path, [*HEADINGS, ("Arson", "10", "12", "9", "", "", "")])
    with pytest.raises(
        ValueFoundError, match=r'"Earlier Period" has 2 values under it: "10", "12"\.\nWhere: cadet.csv, row 4'
    ):
        read(tmp_path)


def test_figures_without_an_offence_are_refused(tmp_path):
    as_csv(tmp_path, printed([("", "10", "12", "", "")]))
    with pytest.raises(ValueFoundError, match=r"figures but no offence\.\nWhere: cadet.csv, row 4"):
        read(tmp_path)


def test_long_form_gives_every_area_row_and_month(tmp_path):
    as_csv(
        tmp_path,
        long_rows(one(), one(area="Fenland", count="1"), one(period="May-11", count="1,477"), one("1 All Crime")),
    )
    counts = read(tmp_path)
    assert counts.cells[AREA, "homicides", Period.parse("May-11")] == 1477
    assert counts.cells[AREA, "all-crime", Period.parse("Apr-11")] == 2
    assert counts.covered[AREA] == {Period.parse("Apr-11"), Period.parse("May-11")}
    assert counts.origin.left_out == {"in other areas": 1}
    assert counts.origin.remarks == ("1 count has no row in the files, and is counted as 0.",)
    assert counts.offences(area=AREA, row_id="homicides", period=Period.parse("Apr-11 to May-11")) == 1479


def test_long_form_in_a_workbook_keeps_months_as_dates_and_counts_as_numbers(tmp_path):
    rows = long_rows((AREA, "Homicides", dt.date(2011, 4, 1), 2), (AREA, "Arson", dt.date(2011, 4, 30), 1477))
    as_xlsx(tmp_path, rows)
    counts = read(tmp_path)
    assert counts.offences(area=AREA, row_id="arson", period=Period.parse("Apr-11")) == 1477


@pytest.mark.parametrize(
    "headings",
    [
        ("Area", "Offence row", "Month", "Offences"),
        ("CSP", "Offence group", "Period", "Count"),
        ("district", "OFFENCE", "  month ", "Number of\noffences"),
    ],
)
def test_headings_of_the_long_form_have_synonyms(tmp_path, headings):
    as_csv(tmp_path, [("CADET extract",), headings, one()])
    assert read(tmp_path).offences(area=AREA, row_id="homicides", period=Period.parse("Apr-11")) == 2


@pytest.mark.parametrize(
    ("heading", "text", "period"),
    [
        ("Period", "2011-04", "Apr-11"),
        ("Period", "2011-12", "Apr-11 to Mar-12"),
        ("Month", "2011-12", "Dec-11"),
        ("Month", "2010-11", "Nov-10"),
        ("Month", "2011-12 Q1", "Apr-11 to Jun-11"),
        ("Quarter", "Q1 2011/12", "Apr-11 to Jun-11"),
        ("Period", "year ending June 2011", "Jul-10 to Jun-11"),
        ("Period", "2011-04-01", "Apr-11"),
        ("Financial year", "2010-11", "Apr-10 to Mar-11"),
    ],
)
def test_period_is_read_as_its_heading_says(tmp_path, heading, text, period):
    as_csv(tmp_path, [("Area", "Offence", heading, "Offences"), one(period=text)])
    assert {found.heading for found in read(tmp_path).covered[AREA]} == {period}


@pytest.mark.parametrize("name", ["other-classified-thefts-and-handling", "36. Other classified thefts and handling"])
def test_offence_row_may_be_given_by_id_or_number_and_name(tmp_path, name):
    as_csv(tmp_path, long_rows(one(name)))
    assert read(tmp_path).cells == {(AREA, "other-classified-thefts-and-handling", Period.parse("Apr-11")): 2}


def test_numbers_before_all_robbery_tell_the_two_rows_apart(tmp_path):
    as_csv(tmp_path, long_rows(one("24 All Robbery", count="9"), one("5 All Robbery", count="7")))
    cells = read(tmp_path).cells
    assert {row: count for (_, row, _), count in cells.items()} == {"all-robbery": 7, "all-robbery-violent-crime": 9}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            one("Homicide"),
            r'no offence row "Homicide" .*\nWhere: cadet.csv, row 2, heading "Offence row"\n.*"Homicides"',
        ),
        (
            one("Witchcraft"),
            r'no offence row "Witchcraft" .*\nWhere: cadet.csv, row 2, heading "Offence row"\n.*Known are',
        ),
        (one("6 All Robbery"), r'no offence row "6 All Robbery" .*\nWhere: cadet.csv, row 2, heading "Offence row"'),
        (one(""), r'figures but no offence\.\nWhere: cadet.csv, row 2, heading "Offence row"'),
        (one(area=""), r'A row names no area\.\nWhere: cadet.csv, row 2, heading "Area"'),
        (one(area="Cambridgeshire South"), r'There is no row for the area "South Cambridgeshire"\.\nWhere: cadet.csv'),
        (one(period="Spring"), r'"Spring" is not a period\.\nWhere: cadet.csv, row 2, heading "Period"'),
        (one(period=""), r'The period is blank\.\nWhere: cadet.csv, row 2, heading "Period"'),
        (one(count=""), r'offences of "Homicides" is blank\.\nWhere: cadet.csv, row 2, heading "Offences"'),
        (one(count="few"), r'is "few", not a number\.\nWhere: cadet.csv, row 2, heading "Offences"'),
        (one(count="-2"), r'is -2, below 0\.\nWhere: cadet.csv, row 2, heading "Offences"'),
        (one(count="2.5"), r'is 2.5, not a whole number\.\nWhere: cadet.csv, row 2, heading "Offences"'),
        (one(count="1,47"), r'is "1,47", with its separators out of place\.\nWhere: cadet.csv, row 2, heading "Off'),
        (one(count="=1+1"), r'is "=1\+1", which a spreadsheet would take for a formula\.\nWhere: cadet.csv, row 2'),
        (one(count="+2"), r'is "\+2", which a spreadsheet would take for a formula\.\nWhere: cadet.csv, row 2'),
        (one(count="@SUM(A1)"), r'is "@SUM\(A1\)", which a spreadsheet would take .*\nWhere: cadet.csv, row 2'),
        (one(count="-A1"), r'is "-A1", which a spreadsheet would take for a formula\.\nWhere: cadet.csv, row 2'),
        (
            one("x" * 5000),
            r'A cell holds 5,000 characters, beginning "x{40}"\.\nWhere: cadet.csv, row 2, heading "Offe',
        ),
        (one(area="South\x07 Cambridgeshire"), r'be seen \(U\+0007\)\.\nWhere: cadet.csv, row 2, heading "Area"'),
        (one("Homicides\u200b"), r'be seen \(U\+200B\)\.\nWhere: cadet.csv, row 2, heading "Offence row"'),
    ],
)
def test_value_of_the_long_form_that_is_not_one_is_named_with_its_place(tmp_path, row, message):
    as_csv(tmp_path, long_rows(row))
    with pytest.raises(ValueFoundError, match=message):
        read(tmp_path)


def test_worksheet_is_part_of_the_place(tmp_path):
    as_xlsx(tmp_path, long_rows(one(count="few")))
    with pytest.raises(ValueFoundError, match=r'Where: cadet.xlsx, worksheet "Sheet1", row 2, heading "Offences"'):
        read(tmp_path)


def test_rows_are_numbered_as_a_spreadsheet_does_past_blank_lines_and_lines_within_quotation_marks(tmp_path):
    as_csv(tmp_path, [("CADET\nextract",), (), LONG, one(), (), one("Arson", count="few")])
    with pytest.raises(ValueFoundError, match=r"Where: cadet.csv, row 6, heading"):
        read(tmp_path)


@pytest.mark.parametrize(("at", "use"), [(0, "area"), (1, "offence row"), (2, "period"), (3, "offences")])
def test_missing_heading_is_named_with_those_that_are_there(tmp_path, at, use):
    headings = ["Notes" if column == at else heading for column, heading in enumerate(LONG)]
    as_csv(tmp_path, [headings, one()])
    such = re.escape(f'such as "{cadet_forms.HEADINGS[use][0].capitalize()}".')
    with pytest.raises(
        ValueFoundError, match=rf'There is no heading for the {use}, {such}\nWhere: cadet.csv, row 1\n.*"Notes"'
    ):
        read(tmp_path)


def test_two_headings_for_one_use_are_refused(tmp_path):
    as_csv(tmp_path, [(*LONG, "CSP"), (*one(), AREA)])
    with pytest.raises(
        ValueFoundError, match=r'2 headings could give the area: "Area" and "CSP".\nWhere: cadet.csv, row 1'
    ):
        read(tmp_path)


def test_file_that_is_no_table_at_all_is_refused_for_its_headings(tmp_path):
    (tmp_path / "cadet.csv").write_text("Dear colleague,\nplease find attached\n")
    with pytest.raises(ValueFoundError, match=r"There is no heading for the area.*\nWhere: cadet.csv, row 1"):
        read(tmp_path)


def test_same_figure_twice_names_both_rows(tmp_path):
    as_csv(tmp_path, long_rows(one(), one("Arson"), one("homicides", area=AREA.upper())))
    message = r'Two rows are "Homicides" for South Cambridgeshire, Apr-11.\nWhere: .* row 2, .*; cadet.csv, row 4'
    with pytest.raises(ValueFoundError, match=message):
        read(tmp_path)


def test_same_figure_in_two_files_names_both_files(tmp_path):
    as_csv(tmp_path, long_rows(one()), name="cadet.csv")
    as_csv(tmp_path, long_rows(one()), name="cadet-2.csv")
    with pytest.raises(ValueFoundError, match=r"Where: cadet-2.csv, row 2, .*; cadet.csv, row 2"):
        read(tmp_path, files=("cadet*.csv",))


def test_files_are_put_together(tmp_path):
    as_csv(tmp_path, long_rows(one()), name="april.csv")
    as_csv(tmp_path, long_rows(one(period="May-11")), name="may.csv")
    counts = read(tmp_path, files=("*.csv",))
    assert (counts.coverage, counts.origin.files) == ("Apr-11 to May-11", ("april.csv", "may.csv"))


def test_periods_that_overlap_are_refused(tmp_path):
    as_csv(tmp_path, long_rows(one(period="Jun-11"), one("Arson"), one(period="2011-12 Q1")))
    message = r"The periods Apr-11 and Apr-11 to Jun-11 overlap.\nWhere: cadet.csv, row 3, .*; cadet.csv, row 4"
    with pytest.raises(ValueFoundError, match=message):
        read(tmp_path)


def test_period_that_one_area_lacks_is_not_covered_there_and_said(tmp_path):
    as_csv(tmp_path, long_rows(one(), one(period="May-11"), one(area="Fenland")))
    counts = read(tmp_path, AREA, "Fenland")
    assert counts.covered["Fenland"] == {Period.parse("Apr-11")}
    assert counts.origin.to_look_at == ("Fenland has no figures for May-11.",)
    assert counts.offences(area=AREA, row_id="homicides", period=Period.parse("May-11")) == 2
    with pytest.raises(CannotBeComputedError, match=r"Fenland has no complete figures for May-11.\nWhere: CADET"):
        counts.offences(area="Fenland", row_id="homicides", period=Period.parse("May-11"))


def test_nearest_areas_are_offered(tmp_path):
    as_csv(tmp_path, long_rows(one()))
    with pytest.raises(ValueFoundError, match=r'Where: cadet.csv\nWhat to do: Did you mean "South Cambridgeshire"'):
        read(tmp_path, "South Cambridgshire")


def test_area_is_matched_whatever_its_capitals_and_kept_as_asked(tmp_path):
    as_csv(tmp_path, long_rows(one(area=" SOUTH  CAMBRIDGESHIRE")))
    assert read(tmp_path).areas == (AREA,)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("cadet.csv", b"", "cadet.csv is empty.\nWhere: .*cadet.csv"),
        ("cadet.csv", b" \n,,\n", "cadet.csv is empty.\nWhere: .*cadet.csv"),
        ("cadet.csv", b"PK\x03\x04....", "cadet.csv is a workbook or an archive, not text.\nWhere: .*cadet.csv"),
        ("cadet.csv", b"Area\x81\xff\x8d\n", "cadet.csv is neither UTF-8 nor Windows-1252 text.\nWhere: .*cadet.csv"),
        ("cadet.xlsx", b"Area,Offence", "cadet.xlsx is not a workbook, .*\nWhere: .*cadet.xlsx"),
    ],
)
def test_file_that_is_not_what_its_name_says_is_refused(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match=message):
        read(tmp_path)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_workbook_that_was_cut_off_is_refused(tmp_path, share):
    as_xlsx(tmp_path, printed())
    whole = (tmp_path / "cadet.xlsx").read_bytes()
    (tmp_path / "cadet.xlsx").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(FileError, match=r"is not a workbook, .*\nWhere: .*cadet.xlsx"):
        read(tmp_path)


def test_empty_worksheet_is_refused(tmp_path):
    as_xlsx(tmp_path, [])
    with pytest.raises(FileError, match=r"cadet.xlsx is empty.\nWhere: .*cadet.xlsx"):
        read(tmp_path)


def test_quotation_mark_that_never_closes_is_named_with_its_row(tmp_path):
    (tmp_path / "cadet.csv").write_text('Area,Offence,Month,Count\nFenland,Arson,Apr-11,1\n"Fenland,Arson,May-11,1\n')
    with pytest.raises(ValueFoundError, match=r"Row 3 of cadet.csv can't be read.*\nWhere: cadet.csv, row 3"):
        read(tmp_path)


def test_long_form_with_headings_only_is_refused(tmp_path):
    as_csv(tmp_path, [LONG])
    with pytest.raises(
        ValueFoundError, match=r"cadet.csv has headings but no rows below them.\nWhere: cadet.csv, row 1"
    ):
        read(tmp_path)


def apparent(earlier, later):
    """The printed apparent change, worked out apart from the source: whole tenths of a per cent, halves up."""
    if earlier in {0, later}:
        return "No Calc"
    tenths = int(abs(Fraction(later - earlier, earlier)) * 1000 + Fraction(1, 2))
    return f"{'+' if later > earlier else '-'} {tenths // 10:,}.{tenths % 10}%"


COUNTS = st.integers(0, 3_000_000)
PAIRS = st.lists(st.tuples(COUNTS | st.integers(0, 9), COUNTS | st.integers(0, 9)), min_size=45, max_size=45)
FEWER = settings(max_examples=settings.default.max_examples // 3)


@pytest.mark.whole
@FEWER
@given(pairs=PAIRS, workbook=st.booleans())
def test_any_counts_written_in_the_printed_form_come_back_the_same(tmp_path, pairs, workbook):
    rows = [
        (row.name, f"{earlier:,}", f"{later:,}", f"{later - earlier:,}", apparent(earlier, later))
        for row, (earlier, later) in zip(CLASSIFICATION.rows, pairs, strict=True)
    ]
    name = "form.xlsx" if workbook else "form.csv"
    (as_xlsx if workbook else as_csv)(tmp_path, printed(rows), name=name)
    assert figures(read(tmp_path, files=(name,))) == [list(pair) for pair in pairs]


@FEWER
@given(order=st.permutations(range(90)), pairs=PAIRS)
def test_order_of_rows_does_not_matter_in_the_long_form(tmp_path, order, pairs):
    rows = [
        (AREA, row, period, f"{count:,}")
        for row, pair in zip(IDS, pairs, strict=True)
        for period, count in zip(("2010-11 Q1", "2011-12 Q1"), pair, strict=True)
    ]
    as_csv(tmp_path, long_rows(*(rows[at] for at in order)))
    assert figures(read(tmp_path)) == [list(pair) for pair in pairs]


@FEWER
@given(pair=st.tuples(st.integers(0, 5000), st.integers(0, 5000)), wrong=st.sampled_from([-1, 1]))
def test_printed_change_that_is_one_tenth_out_is_always_found(tmp_path, pair, wrong):
    right = apparent(*pair)
    tenths = (0 if right == "No Calc" else int(right[2:-1].replace(",", "").replace(".", ""))) + wrong
    shown = f"{right[0] if right != 'No Calc' else '+'} {abs(tenths) // 10}.{abs(tenths) % 10}%"
    as_csv(tmp_path, printed([("Arson", str(pair[0]), str(pair[1]), "", shown)]))
    with pytest.raises(ValueFoundError, match=r'apparent change of "Arson" is given as .*\nWhere: cadet.csv, row 4'):
        read(tmp_path)
