"""One priority: counted in one definition, compared with a baseline that came before, followed over quarters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdrp_xl import offences
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import Period, quarters_of
from cdrp_xl.report import priorities
from cdrp_xl.selected import PriorityOffences
from cdrp_xl.settings.priorities import Baseline, Measure, Priority, RagRule
from cdrp_xl.sources.master import Override
from cdrp_xl.tables import Counts, Origin
from cdrp_xl.terms import Direction, Status

AREA = "South Cambridgeshire"
QUARTER = Period.parse("2011-12 Q1")


def counts(first, last, *, classification="cadet-2011", row_id="burglary-dwelling", offences_a_month=10, selections=()):
    """Counts of one row, the same in each month from the first to the last."""
    months = [Period(month, month) for month in Period.parse(f"{first} to {last}").months]
    return Counts(
        classification=offences.load(classification),
        areas=(AREA,),
        covered={AREA: frozenset(months)},
        cells={(AREA, row_id, month): offences_a_month for month in months},
        origin=Origin(source=classification),
        selections=selections,
    )


def priority(*, rows=("burglary-dwelling",), baseline="2009-10", deadline="2011-12", **other):
    measure = other.pop("measure", Measure(rows=rows))
    year = Baseline(year=Period.parse(baseline), **other.pop("given", {}))
    return Priority(
        id="burglary",
        title="Burglary in Melbourn",
        objective="Fewer",
        measure=measure,
        baseline=year,
        deadline=Period.parse(deadline),
        **other,
    )


def result(wanted, *sources, period=QUARTER, override=None):
    return priorities.result(wanted, sources=sources, area=AREA, period=period, override=override)


def test_the_year_to_date_is_compared_with_the_same_months_of_the_baseline():
    found = result(priority(), counts("Apr-09", "Sep-11"), period=Period.parse("2011-12 Q2"))
    assert (found.period.heading, found.baseline_period.heading) == ("Apr-11 to Sep-11", "Apr-09 to Sep-09")
    assert (found.later, found.baseline, found.change) == (60, 60, 0)
    assert found.sentence == "60 offences in April to September 2011, the same as in April to September 2009."
    assert found.assessment.status is Status.CONCERN


def test_rows_named_together_are_added_up():
    found = result(priority(rows=("burglary-dwelling", "arson")), counts("Apr-09", "Jun-11"))
    assert found.later == 30
    both = counts("Apr-09", "Jun-11")
    both.cells.update(counts("Apr-09", "Jun-11", row_id="arson", offences_a_month=4).cells)
    assert result(priority(rows=("burglary-dwelling", "arson")), both).later == 42


@pytest.mark.parametrize("rows", [("vehicle-crime", "theft-from-vehicle"), ("arson", "Arson"), ("all-crime", "arson")])
def test_rows_that_share_offences_are_not_added_up(rows):
    with pytest.raises(ValueFoundError, match="share offences, which would be counted twice") as refused:
        result(priority(rows=rows), counts("Apr-09", "Jun-11"))
    assert refused.value.where == "partnership.toml, the priority burglary"


def test_a_row_that_no_source_has_is_refused_with_the_nearest_and_one_that_another_has_is_not():
    with pytest.raises(ValueFoundError, match='no offence row "burglary-dweling"') as refused:
        result(priority(rows=("burglary-dweling",)), counts("Apr-09", "Jun-11"))
    assert refused.value.where == "partnership.toml, the priority burglary"
    assert '"burglary-dwelling"' in refused.value.remedy
    police_uk = counts("Apr-09", "Jun-11", classification="police-uk", row_id="bicycle-theft")
    assert result(priority(rows=("bicycle-theft",)), counts("Apr-09", "Jun-11"), police_uk).later == 30


def test_one_offence_is_reported_in_the_singular():
    own = counts("Apr-11", "Jun-11", row_id="homicides", offences_a_month=0)
    own.cells[AREA, "homicides", Period.parse("Jun-11")] = 1
    found = result(priority(rows=("homicides",), given={"quarters": (0, 0, 1, 1), "source": "A report"}), own)
    assert found.sentence == "1 offence in April to June 2011, against 0 in April to June 2009."


def test_a_row_may_be_named_as_it_is_printed():
    assert result(priority(rows=("Burglary Dwelling",)), counts("Apr-09", "Jun-11")).later == 30


def test_a_given_baseline_that_is_not_the_datas_is_said_with_both_figures():
    given = {"quarters": (30, 31, 30, 30), "source": "Force report"}
    found = result(priority(given=given), counts("Apr-09", "Jun-11"))
    said = "The baseline given for 2009-10 Q2 is 31 (Force report); the data have 30."
    assert found.disagreements == (said,)
    assert said in found.findings
    assert result(priority(given=given), counts("Apr-10", "Jun-11")).disagreements == ()


def test_given_quarters_are_the_baseline_even_where_the_year_could_be_counted():
    given = {"quarters": (100, 110, 120, 130), "source": "Force performance report"}
    found = result(priority(given=given), counts("Apr-09", "Sep-11"), period=Period.parse("2011-12 Q2"))
    assert found.baseline == 210
    assert found.printed == "- 71.4%"
    assert [point.baseline for point in found.trend] == [100, 110, 120, 130, 100, 110, 120, 130, 100, 110]


def test_a_baseline_that_no_source_covers_is_not_assessed_and_says_why():
    found = result(priority(baseline="2008-09"), counts("Apr-09", "Jun-11"))
    assert (found.later, found.baseline, found.change, found.apparent_change) == (30, None, None, None)
    assert found.printed == "[x]"
    assert found.assessment.reason == "The baseline 2008-09 can't be counted."
    assert found.sentence == (
        "30 offences in April to June 2011. There is no baseline to compare with: Apr-08 to Jun-08 "
        "can't be counted: South Cambridgeshire has no complete figures for Apr-08 to Jun-08."
    )


@pytest.mark.parametrize("baseline", ["2011-12", "2012-13"])
@pytest.mark.parametrize("given", [{}, {"quarters": (9, 9, 9, 9), "source": "Typed"}], ids=["counted", "given"])
def test_a_baseline_within_or_after_the_period_is_not_compared_with(baseline, given):
    found = result(priority(baseline=baseline, deadline="2013-14", given=given), counts("Apr-09", "Jun-11"))
    assert (found.later, found.baseline, found.printed) == (30, None, "[x]")
    assert found.assessment.status is Status.NOT_ASSESSED
    assert found.assessment.reason == f"The baseline {baseline} is not before April to June 2011."
    assert found.sentence == (
        "30 offences in April to June 2011. There is no baseline to compare with: "
        f"{baseline} is not before April to June 2011."
    )
    assert {point.baseline for point in found.trend} == {None}


@pytest.mark.parametrize("quarter", ["2009-10 Q1", "2009-10 Q4", "2010-11 Q1", "2011-12 Q1"])
def test_a_deadline_of_the_baselines_own_year_is_never_assessed(quarter):
    found = result(priority(deadline="2009-10"), counts("Apr-09", "Jun-11"), period=Period.parse(quarter))
    assert found.assessment.status is Status.NOT_ASSESSED


def test_a_period_that_no_source_covers_is_not_assessed_and_says_why():
    found = result(priority(), counts("Apr-09", "May-11"))
    assert (found.later, found.baseline, found.printed) == (None, None, "[x]")
    assert found.assessment.reason == "April to June 2011 can't be counted."
    assert found.sentence == (
        "April to June 2011 can't be counted: Apr-11 to Jun-11 can't be counted: "
        "South Cambridgeshire has no complete figures for Jun-11."
    )
    assert (found.trend, found.chart_alt_text) == ((), "")


def test_a_locus_without_a_row_level_extract_is_not_counted():
    measure = Measure(locus_types=("Agricultural",), locus_subtypes=("Farm",))
    found = result(priority(measure=measure), counts("Apr-09", "Jun-11"))
    assert found.sentence == (
        "April to June 2011 can't be counted: no row-level extract with a locus is named in partnership.toml."
    )


def test_a_locus_is_counted_in_the_source_that_selects_it():
    measure = Measure(locus_types=("Agricultural",), locus_subtypes=("Farm",))
    other = counts("Apr-09", "Jun-11")
    selected = PriorityOffences("burglary")
    own = counts("Apr-09", "Jun-11", row_id=selected, selections=(selected,), offences_a_month=4)
    assert result(priority(measure=measure), other, own).later == 12


def test_the_first_source_that_covers_the_period_counts():
    short, long = counts("Apr-11", "May-11", offences_a_month=1), counts("Apr-09", "Jun-11", offences_a_month=2)
    assert result(priority(), short, long).later == 6
    assert result(priority(), long, counts("Apr-09", "Jun-11", offences_a_month=9)).later == 6


def test_sources_of_one_definition_stand_in_for_each_other():
    now, before = counts("Apr-11", "Jun-11", offences_a_month=1), counts("Apr-09", "Mar-11", offences_a_month=2)
    found = result(priority(), now, before)
    assert (found.later, found.baseline, len(found.trend)) == (3, 6, 9)


def test_figures_of_two_definitions_are_never_compared():
    now = counts("Apr-11", "Jun-11", row_id="shoplifting")
    before = counts("Apr-09", "Mar-11", row_id="shoplifting", classification="home-office-2013")
    found = result(priority(rows=("shoplifting",)), now, before)
    assert (found.later, found.baseline, len(found.trend)) == (30, None, 1)
    assert found.assessment.status is Status.NOT_ASSESSED


def test_the_trend_goes_back_three_years_and_begins_where_it_can_be_counted():
    whole = result(priority(), counts("Apr-05", "Jun-11")).trend
    assert (len(whole), whole[0].quarter.name, whole[-1].quarter.name) == (13, "2008-09 Q1", "2011-12 Q1")
    short = result(priority(), counts("May-10", "Jun-11")).trend
    assert [point.quarter.name for point in short] == ["2010-11 Q2", "2010-11 Q3", "2010-11 Q4", "2011-12 Q1"]


def test_a_quarter_between_that_can_not_be_counted_is_a_gap_in_the_trend():
    found = counts("May-10", "Jun-11")
    months = frozenset(month for month in found.covered[AREA] if month != Period.parse("Dec-10"))
    trend = result(priority(), replace(found, covered={AREA: months})).trend
    assert [point.offences for point in trend] == [30, None, 30, 30]
    assert result(priority(), replace(found, covered={AREA: months - {Period.parse("May-11")}})).trend == ()


def test_the_trend_pairs_each_quarter_with_the_same_quarter_of_the_baseline():
    given = dict(zip(quarters_of(Period.parse("2009-10")), (1, 2, 3, 4), strict=True))
    found = result(priority(given={"quarters": tuple(given.values()), "source": "Typed"}), counts("Apr-09", "Jun-11"))
    assert len(found.trend) == 9
    for point in found.trend:
        assert point.baseline == given[point.quarter.same_months_of(Period.parse("2009-10"))]


def test_a_baseline_that_lacks_a_quarter_is_no_line_in_the_chart():
    found = result(priority(), counts("Jul-09", "Jun-11"))
    assert [point.baseline for point in found.trend] == [30, 30, 30, None, 30, 30, 30, None]
    assert not found.has_whole_baseline
    assert found.chart_alt_text == (
        "Burglary in Melbourn, columns by quarter from 2009-10 Q2 (30 offences) to 2011-12 Q1 (30). "
        "The figures are in the table of this section."
    )


def test_the_text_beside_the_chart_says_what_it_draws_and_keeps_proper_names():
    found = result(priority(), counts("Apr-09", "Jun-11"))
    assert found.has_whole_baseline
    assert found.chart_title == "Offences by quarter"
    assert found.chart_alt_text == (
        "Burglary in Melbourn, columns by quarter from 2009-10 Q1 (30 offences) to 2011-12 Q1 (30), with a line for "
        "the same quarters of 2009-10. The figures are in the table of this section."
    )


def test_direction_and_rule_of_the_priority_are_those_that_judge_it():
    sources = (counts("Apr-10", "Jun-11", offences_a_month=10), counts("Apr-09", "Mar-10", offences_a_month=9))
    for rule, direction, status in (
        ("any fall", Direction.REDUCE, Status.WORSE),
        ("any fall", Direction.INCREASE, Status.BETTER),
        ("exact test", Direction.REDUCE, Status.CONCERN),
    ):
        found = result(priority(rag=RagRule(rule=rule), direction=direction), *sources)
        assert (found.later, found.baseline, found.assessment.status) == (30, 27, status)


def test_the_rule_goes_by_the_priorities_own_history_where_there_are_three_years_of_it():
    given = {"quarters": (90, 30, 30, 30), "source": "Typed"}
    long = result(priority(given=given), counts("Apr-08", "Jun-11"))
    assert long.assessment.status is Status.BETTER
    assert long.assessment.reason == "The fall is larger than usual."
    short = result(priority(given=given), counts("Apr-09", "Jun-11"))
    assert "changes in other areas are the guide" in short.assessment.reason
    alone = result(priority(given=given, rag=RagRule(rule="exact test")), counts("Apr-08", "Jun-11"))
    assert alone.assessment.reason == "The fall is more than chance."


def judgement(reason):
    return Override(priority_id="burglary", quarter=QUARTER, status=Status.WORSE, reason=reason)


@pytest.mark.parametrize(("typed", "said"), [("Two gangs", "Two gangs."), ("Why?", "Why?"), ("So.", "So.")])
def test_the_analysts_judgement_stands_beside_what_the_rule_gave(typed, said):
    found = result(priority(), counts("Apr-09", "Sep-11"), override=judgement(reason=typed))
    assert found.assessment.status is Status.WORSE
    assert found.assessment.reason == (
        f"The analyst's judgement: {said} The rule gives: No change or still some concern. The two counts are the same."
    )
