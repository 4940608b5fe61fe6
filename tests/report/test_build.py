"""The report of one quarter: notes numbered as cited, sources dated, sums proved, sources set against each other."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from cdrp_xl import offences, report
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs, headlines, trends
from cdrp_xl.report.group import GroupData
from cdrp_xl.sheets import pages
from cdrp_xl.sources.master import Written
from cdrp_xl.tables import Counts, FileLedger, LeftOut, Origin
from cdrp_xl.terms import Direction, Marking, Status

AREA = "South Cambridgeshire"
QUARTER = Period.parse("2011-12 Q1")
TODAY = dt.date(2011, 7, 29)
CADET = offences.load("cadet-2011")

SETTINGS = """
[partnership]
name = "South Cambridgeshire CSP"
area = "South Cambridgeshire"
{partnership}
[report]
{report}
[sources.cadet]
files = ["x.csv"]
{priorities}
"""

PRIORITY = """
[[priorities]]
id = "{id}"
title = "{id}"
objective = "Fewer"
deadline = "2011-12"
measure = {{ rows = ["homicides"] }}
baseline = {{ year = "2009-10" }}
direction = "{direction}"
rag = {{ rule = "{rule}" }}
"""


def settings(*priorities, report="", partnership=""):
    texts = [
        PRIORITY.format(id=f"p{number}", rule=rule, direction=direction)
        for number, (rule, direction) in enumerate(priorities)
    ]
    return settings_file.parse(SETTINGS.format(report=report, partnership=partnership, priorities="".join(texts)))


def counts(source="CADET", *, homicides=0, first="Apr-09", **origin):
    """Counts of murders alone, so many a month, with every whole that they are a part of."""
    months = [Period(month, month) for month in Period.parse(f"{first} to Jun-11").months]
    rows = [row.row_id for row in CADET.rows if {"1"} <= row.codes]
    cells = {(AREA, row, month): homicides for row in rows for month in months}
    return Counts(
        classification=CADET,
        areas=(AREA,),
        covered={AREA: frozenset(months)},
        cells=cells,
        origin=Origin(source=source, **origin),
    )


def written(quarter=QUARTER, **texts):
    return tuple(Written(section_id=section, quarter=quarter, text=text) for section, text in texts.items())


def build(own, *, period=QUARTER, inputs=None, today=TODAY, **sources):
    data = report.Data(counts=sources or {"cadet": counts()})
    return report.build(own, period=period, data=data, inputs=inputs or Inputs(), today=today)


def test_the_notes_are_numbered_in_order_and_every_one_is_cited():
    built = build(settings(("exact test", "reduce")))
    assert [note.citation for note in built.notes] == [f"[note {number}]" for number in range(1, 9)]
    cited = built.intros.highlights + built.intros.summary + built.intros.series + built.intros.currency
    assert [cited.count(note.citation) for note in built.notes] == [1] * 8


def test_without_priorities_there_is_no_note_on_positions():
    built = build(settings())
    assert len(built.notes) == 6
    assert built.intros.summary == "No priorities have been set for this report."


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("recorded_crime", "Offences are counted from the force's extract by the date on which they were recorded"),
        ("police_uk", "Counts are rows of data.police.uk street-level files by month."),
        ("cadet", "Offences are as counted in the CADET export for the two periods."),
    ],
)
def test_the_first_note_says_how_the_tables_own_source_counts(name, begins):
    assert build(settings(), **{name: counts()}).notes[0].text.startswith(begins)


def test_the_definitions_are_those_of_the_tables_classification():
    assert build(settings()).notes[1].text == (
        "Offence groups follow CADET highlights (2008 to 2011 definitions). Figures under other "
        "definitions are not comparable with these."
    )


def test_the_note_on_positions_says_every_rule_in_use_once():
    rules = [("exact test", "reduce"), ("any fall", "reduce"), ("any fall", "increase"), ("exact test", "increase")]
    assert build(settings(*rules)).notes[5].text == (
        "A priority is better or worse where the two counts differ by more than chance (exact "
        "Poisson test, 95% level). This rule does not allow for usual changes from year to year. "
        "Any fall below the baseline is better, and any rise above it is worse. Where a rise is "
        "wanted, any rise above the baseline is better, and any fall below it is worse. A position "
        "is not assessed where the baseline can't be counted or the deadline has passed."
    )


@pytest.mark.parametrize(
    ("priorities", "better", "concern", "worse"),
    [
        (
            [("usual movement", "reduce")],
            "Fewer offences than the baseline, by more than usual.",
            "The count is the same, or differs by no more than usual.",
            "More offences than the baseline, by more than usual.",
        ),
        (
            [("exact test", "reduce")],
            "Fewer offences than the baseline, by more than chance.",
            "The count is the same, or differs by no more than chance.",
            "More offences than the baseline, by more than chance.",
        ),
        (
            [("any fall", "increase")],
            "More offences than the baseline, by more than its rule allows.",
            "The count is the same, or differs by no more than its rule allows.",
            "Fewer offences than the baseline, by more than its rule allows.",
        ),
        (
            [("exact test", "reduce"), ("tolerance", "increase")],
            "The count changed as the objective wants, by more than its rule allows.",
            "The count is the same, or differs by no more than its rule allows.",
            "The count changed against the objective, by more than its rule allows.",
        ),
    ],
)
def test_the_key_means_what_the_priorities_rules_and_directions_make_of_it(priorities, better, concern, worse):
    key = dict(build(settings(*priorities)).key)
    assert list(key) == [Status.BETTER, Status.CONCERN, Status.WORSE, Status.NOT_ASSESSED]
    assert [key[Status.BETTER], key[Status.CONCERN], key[Status.WORSE]] == [better, concern, worse]


def test_the_table_compares_the_quarter_or_the_year_to_date_as_the_settings_say():
    second = Period.parse("2010-11 Q2")
    quarter = build(settings(), period=second).comparison
    assert (quarter.earlier.heading, quarter.later.heading) == ("Jul-09 to Sep-09", "Jul-10 to Sep-10")
    year = build(settings(report='compare = "year to date"'), period=second).comparison
    assert (year.earlier.heading, year.later.heading) == ("Apr-09 to Sep-09", "Apr-10 to Sep-10")


def test_the_table_comes_from_the_first_source_unless_the_settings_name_another():
    sources = {"recorded_crime": counts(homicides=1), "cadet": counts(homicides=2)}
    assert build(settings(), **sources).comparison["homicides"].later == 3
    named = settings(report='table_source = "cadet"')
    assert build(named, **sources).comparison["homicides"].later == 6


def test_a_table_source_that_is_not_among_the_sources_is_refused():
    with pytest.raises(ValueFoundError) as refused:
        build(settings(report='table_source = "police_uk"'))
    assert str(refused.value) == (
        'The table should come from "police_uk", which is not among the sources.\n'
        "Where: partnership.toml, report.table_source\n"
        "What to do: Name one of cadet, or add [sources.police_uk]."
    )


def test_rows_that_do_not_add_up_are_a_check_that_does_not_hold():
    wrong = counts(homicides=1)
    cells = {**wrong.cells, (AREA, "most-serious-violence", Period.parse("May-11")): 2}
    (check,) = build(settings(), cadet=replace(wrong, cells=cells)).checks
    assert (check.what, check.holds) == ("Rows add up", False)
    assert check.detail == (
        "Most Serious Violence is not Homicides + Wounding Endangering Life + Grievous Bodily Harm without Intent: "
        "3 against 3 in Apr-10 to Jun-10 (holds); 4 against 3 in Apr-11 to Jun-11 (a difference of 1). "
        "All Recorded Violence with Injury is not Most Serious Violence + Assaults With Less Serious Injury: "
        "3 against 3 in Apr-10 to Jun-10 (holds); 3 against 4 in Apr-11 to Jun-11 (a difference of 1). "
        "All Crime is less than Most Serious Violence: "
        "3 against 3 in Apr-10 to Jun-10 (holds); 3 against 4 in Apr-11 to Jun-11 (a difference of 1)."
    )


def test_sums_that_hold_are_a_check_that_counts_them():
    (check,) = build(settings(), cadet=counts(homicides=3)).checks
    declared = len(CADET.identities) + len(CADET.bounds)
    assert check.holds
    assert check.detail == f"All {declared} declared sums and bounds hold in both periods."


def test_sources_that_agree_are_a_check_that_holds():
    checks = build(settings(), recorded_crime=counts("Extract", homicides=1), cadet=counts(homicides=1)).checks
    assert [(check.what, check.holds, check.detail) for check in checks[1:]] == [
        ("Extract and CADET agree", True, "All 45 rows are the same in both periods.")
    ]


def test_sources_that_disagree_are_a_check_that_names_every_row():
    one = counts("Extract", homicides=1)
    other = replace(one, cells={**one.cells, (AREA, "homicides", Period.parse("Jun-11")): 5}, origin=Origin(source="X"))
    (check,) = build(settings(), recorded_crime=one, cadet=other).checks[1:]
    assert (check.what, check.holds) == ("Extract and X agree", False)
    assert check.detail == "1 row differs: Homicides: 3 and 3, against 3 and 7."


def test_a_source_that_does_not_cover_both_periods_is_not_set_against_the_table():
    assert len(build(settings(), recorded_crime=counts(), cadet=counts(first="May-10")).checks) == 1


def test_a_source_of_other_definitions_is_not_set_against_the_table():
    other = replace(counts(), classification=offences.load("police-uk"))
    assert len(build(settings(), recorded_crime=counts(), police_uk=other).checks) == 1


def test_what_is_to_be_looked_at_in_a_source_and_the_months_that_it_lacks_are_said():
    whole = counts("Extract", to_look_at=("May-11 has 3 rows.",), notes=("Rows named X are counted.",))
    months = whole.covered[AREA] - {Period.parse("Jan-11")}
    built = build(settings(), recorded_crime=replace(whole, covered={AREA: months}))
    assert [(check.holds, check.detail) for check in built.checks[1:]] == [
        (False, "Covers Apr-09 to Dec-10, Feb-11 to Jun-11 (Jan-11 is missing)."),
        (False, "May-11 has 3 rows."),
        (True, "Rows named X are counted."),
    ]
    assert built.notes[-1].text == "Rows named X are counted."
    assert built.sources[0].covers == "Apr-09 to Dec-10, Feb-11 to Jun-11 (Jan-11 is missing)"


def test_what_the_file_of_people_says_is_said_without_a_group_too():
    people = Origin(
        source="Population estimates", remarks=("People are those under x.",), to_look_at=("No number is given.",)
    )
    data = report.Data(counts={"cadet": counts()}, others=(people,))
    built = report.build(settings(), period=QUARTER, data=data, inputs=Inputs(), today=TODAY)
    assert [(check.what, check.holds, check.detail) for check in built.checks[1:]] == [
        ("Population estimates", False, "No number is given."),
        ("Population estimates", True, "People are those under x."),
    ]
    assert built.to_look_at == built.lines_to_look_at == ("Population estimates: No number is given.",)


def test_where_figures_come_from_is_listed_once_where_the_groups_source_is_among_the_others():
    of_group = counts("Group", to_look_at=("A has no figures for May-11.",))
    others = (replace(of_group.origin, covers=of_group.coverage), Origin(source="Population estimates"))
    group = GroupData(counts=of_group, residents={}, positions={}, positions_source="", unjoined=())
    data = report.Data(counts={"cadet": counts()}, group=group, others=others)
    assert [each.source for each in data.origins] == ["CADET", "Group", "Population estimates"]
    built = report.build(settings(), period=QUARTER, data=data, inputs=Inputs(), today=TODAY)
    assert built.to_look_at == ("Group: A has no figures for May-11.",)


@pytest.mark.parametrize(("area", "holds"), [("Elsewhere", True), (AREA.upper(), False)])
def test_an_area_without_people_is_to_be_looked_at_where_it_is_a_member_of_the_group(area, holds):
    group = GroupData(counts=counts("Group"), residents={}, positions={}, positions_source="", unjoined=(area,))
    data = report.Data(counts={"cadet": counts()}, group=group)
    built = report.build(settings(), period=QUARTER, data=data, inputs=Inputs(), today=TODAY)
    (check,) = [check for check in built.checks if check.what.startswith("Areas of the group's source")]
    assert (check.holds, check.detail) == (holds, f"1 can't be members of a group: {area}.")


def test_the_first_lines_to_look_at_are_said_in_words_and_the_others_counted():
    sentences = tuple(f"Month {number} has few rows." for number in range(1, 7))
    for number, rest in ((3, ()), (4, ("1 more line is on",)), (6, ("3 more lines are on",))):
        built = build(settings(), cadet=counts(to_look_at=sentences[:number]))
        assert built.to_look_at == (
            *(f"CADET: {said}" for said in sentences[:3]),
            *(f"{said} the worksheet Checks." for said in rest),
        )
        assert built.lines_to_look_at == tuple(f"CADET: {said}" for said in sentences[:number])


def test_a_quarter_that_can_not_be_compared_is_refused_with_the_last_that_can():
    whole = counts()
    months = whole.covered[AREA] - {Period.parse("May-11"), Period.parse("Dec-10")}
    with pytest.raises(CannotBeComputedError, match=r"^Apr-11 to Jun-11 can't be counted: .* May-11\.\n") as refused:
        build(settings(), cadet=replace(whole, covered={AREA: months}))
    assert refused.value.remedy == (
        "Add the files for these months, or report the last quarter that can be compared, 2010-11 Q4: type it on the "
        "worksheet Control, or refresh with --quarter 2010-11-Q4."
    )


def test_without_any_quarter_that_can_be_compared_none_is_named():
    with pytest.raises(CannotBeComputedError, match="can't be counted") as refused:
        build(settings(), cadet=counts(first="Apr-11"))
    assert refused.value.remedy == "Add the files for these months, or choose a period that the data cover."


def test_sources_that_disagree_are_said_on_the_page_of_the_highlights_with_both_figures():
    cadet = counts("CADET")
    cadet.cells[AREA, "homicides", Period.parse("Jun-11")] = 4
    shown = "CADET has other figures for 1 row: Homicides: 0 and 0, against 0 and 4."
    own = settings()
    assert shown in build(own, recorded_crime=counts("Extract"), cadet=cadet).intros.highlights
    hidden = settings_file.parse(SETTINGS.format(report="", partnership="", priorities="") + HIDDEN)
    intro = build(hidden, recorded_crime=counts("Extract"), cadet=cadet).intros.highlights
    assert "CADET has other figures for 1 row." in intro


HIDDEN = '[suppression]\nhighlights = "hide"\n'


def test_an_area_that_has_ended_is_called_what_it_is_today_throughout():
    own = settings()
    now = replace(counts(), areas=("Cambria",), covered={"Cambria": counts().covered[AREA]}, cells={})
    data = report.Data(counts={"cadet": now}, counted_as={AREA: "Cambria"})
    built = report.build(own, period=QUARTER, data=data, inputs=Inputs(), today=TODAY)
    assert (built.area, built.comparison.area) == ("Cambria", "Cambria")


def test_rows_left_out_and_remarks_are_shown_to_the_analyst():
    first = FileLedger.of("a.csv", counted=2_000, left_out={"in other areas": 1, "no LSOA": 1_000})
    blank = LeftOut(reason="no LSOA", rows=200, first=("row 7", "row 9"), is_usual=False)
    second = FileLedger(file="b.csv", read=200, counted=0, left_out=(blank,))
    source = counts("Extract", ledger=(first, second), remarks=("May-09 is left out.",))
    assert [(check.holds, check.detail) for check in build(settings(), recorded_crime=source).checks[1:]] == [
        (True, "May-09 is left out."),
        (True, "1 row was not counted: in other areas."),
        (False, "1,200 rows were not counted: no LSOA (b.csv, row 7; b.csv, row 9 and 1,198 more)."),
        (True, "3,201 rows were read: 2,000 counted and 1,201 not counted."),
    ]


def test_what_the_analyst_wrote_is_kept_by_section():
    built = build(settings(("exact test", "reduce")), inputs=Inputs(commentary=written(summary="S", p0="P", gone="G")))
    assert [(each.section_id, each.commentary) for each in built.sections] == [
        ("headlines", ""),
        ("summary", "S"),
        ("p0", "P"),
        ("highlights", ""),
        ("emerging/issues", ""),
        ("other/issues", ""),
    ]
    assert built.commentary("p0") == "P"
    assert built.commentary("nothing") == ""


def test_the_date_is_that_of_the_settings_else_today():
    assert build(settings()).date == TODAY
    assert build(settings(report="date = 2011-08-01")).date == dt.date(2011, 8, 1)


def test_the_marking_and_the_direction_are_those_of_the_settings():
    own = settings(("any fall", "increase"), partnership='marking = "OFFICIAL-SENSITIVE"')
    assert own.priorities[0].direction is Direction.INCREASE
    assert build(own).marking is Marking.OFFICIAL_SENSITIVE


def test_the_whole_bears_the_highest_marking_of_its_worksheets():
    inputs = Inputs(markings={"Summary": Marking.OFFICIAL_SENSITIVE, "Notes": Marking.OFFICIAL})
    built = build(settings(), inputs=inputs)
    assert built.marking is Marking.OFFICIAL_SENSITIVE
    assert built.usual_marking is built.marking_of("Notes") is built.marking_of("Cover") is Marking.OFFICIAL
    assert built.marking_of("Summary") is Marking.OFFICIAL_SENSITIVE


def test_the_report_can_not_be_changed_once_it_is_built():
    built = build(settings())
    with pytest.raises(AttributeError, match="cannot assign to field 'area'"):
        built.area = "Fenland"


def current(first="Apr-21", last="Jun-23"):
    months = [Period(month, month) for month in Period.parse(f"{first} to {last}").months]
    rows = offences.load("home-office-2026")
    return Counts(
        classification=rows,
        areas=(AREA,),
        covered={AREA: frozenset(months)},
        cells={(AREA, row.row_id, month): 4 for row in rows.rows if "8L" in row.codes for month in months},
        origin=Origin(source="Extract"),
    )


def noted(built, row_id):
    return [note.text for note in built.notes if row_id in note.rows]


def test_a_row_whose_definition_changed_between_the_periods_says_so_with_its_source():
    built = build(settings(), period=Period.parse("2023-24 Q1"), cadet=current(), today=dt.date(2023, 8, 1))
    (note,) = noted(built, "stalking-and-harassment")
    assert note == (
        "From 1 May 2023: Where there is a course of conduct, only the principal offence is recorded, so fewer are "
        "recorded. Source: Home Office Crime Recording Rules for frontline officers and staff, 2023-24, review of the "
        "counting rules."
    )
    (number,) = [note.number for note in built.notes if "stalking-and-harassment" in note.rows]
    names = [row[0] for row in pages.highlights(built).tables[0].rows]
    assert f"Stalking and harassment [note {number}]" in names
    assert "Shoplifting" in names
    later = current("Apr-23", "Jun-25")
    built = build(settings(), period=Period.parse("2025-26 Q1"), cadet=later, today=dt.date(2025, 8, 1))
    assert not noted(built, "stalking-and-harassment")


def test_a_composite_row_says_what_it_consists_of():
    built = build(settings(), period=Period.parse("2023-24 Q1"), cadet=current(), today=dt.date(2023, 8, 1))
    (note,) = noted(built, "serious-violence")
    assert note.startswith("Serious violence: Homicide, attempted murder, threats to kill, ")
    assert "Source: Office for National Statistics, Focus on violent crime" in note


def test_a_source_that_lacks_rows_is_held_against_the_others_in_those_that_both_have():
    """A published table has not every row of an extract's, and a partnership's own rows are in both."""
    extract = current("Apr-22", "Jun-23")
    cells = {cell: count + (cell[1] == "stalking-and-harassment") for cell, count in extract.cells.items()}
    fewer = extract.classification.without({"serious-violence", "fraud-offences"})
    other = replace(extract, classification=fewer, cells=cells, origin=Origin(source="Table"))
    built = build(
        settings(), period=Period.parse("2023-24 Q1"), cadet=extract, published=other, today=dt.date(2023, 8, 1)
    )
    (check,) = [each for each in built.checks if "Table" in each.what]
    assert not check.holds
    assert "Stalking and harassment" in check.detail


def test_of_more_rows_than_stand_on_a_page_by_month_those_are_left_out_whose_parts_are_there():
    months = [Period(each, each) for each in Period.parse("Apr-24 to Apr-25").months]
    for name, left_out in (("police-uk-2026", {"theft-offences"}), ("police-uk", set())):
        classification = offences.load(name)
        source = replace(counts(), classification=classification, covered={AREA: frozenset(months)}, cells={})
        rows = headlines.main_rows(classification)
        found = trends.counted(source, rows, area=AREA, last=months[-1])
        assert {row.row_id for row in rows} - {row_id for _, row_id, _ in found} == left_out
        assert len(found) == (len(rows) - len(left_out)) * len(months)
