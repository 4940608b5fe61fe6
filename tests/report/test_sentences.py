"""Sentences are true for every input: what each claims is worked out again from its figures, above all odd ones."""

from __future__ import annotations

import itertools
import math
import re

import pytest
from scipy import stats

from cdrp_xl import offences, styles
from cdrp_xl.measures import rag
from cdrp_xl.measures.comparison import printed_change
from cdrp_xl.measures.movement import Basis, Movement, of_kind
from cdrp_xl.measures.verdict import by_test
from cdrp_xl.periods import Period, year_to_date
from cdrp_xl.report import chance, priorities, series, year_end
from cdrp_xl.settings.priorities import Baseline, Measure, Priority, RagRule
from cdrp_xl.tables import Counts, Origin
from cdrp_xl.terms import Direction, Kind, Status

AREA = "Fen"
JUNE = Period.parse("2011-12 Q1")
ODD = [0, 1, 2, 3, 5, 6, 12, 29, 59, 100, 141, 999, 1_000, 9_400, 1_000_000]
PAIRS = [*itertools.product(ODD, ODD), (9_000, 9_400), (17, 31), (1_000, 1_090), (1_000, 1_091), (4, 12), (32, 59)]
"""225 pairs of odd counts, and some at the edge of what is called larger."""

MOVEMENTS = {
    "unknown": None,
    "none": Movement(alpha=0.0, degrees=16.0, basis=Basis.HISTORY),
    "own": Movement(alpha=0.02, degrees=16.0, basis=Basis.HISTORY),
    "of its kind": of_kind(Kind.BICYCLE_THEFT),
}
CHANGE = re.compile(
    r"(?P<later>[\d,]+) offences? against (?P<earlier>[\d,]+)"
    r"(?:: (?P<ratio>[\d,.]+) times as many \(95% interval (?P<lower>[\d,.]+) to (?P<upper>[\d,.]+)\))?"
    r"; (?P<verdict>.*)\."
)


def number(text):
    return float(text.replace(",", ""))


def is_rounded_from(text, value):
    """Whether a number as printed is the value rounded to the decimals that it shows."""
    decimals = len(text.partition(".")[2])
    return abs(number(text) - value) <= 0.5 * 10**-decimals * (1 + 1e-9)


def p_by_scipy(earlier, later, movement):
    exact = min(1.0, 2 * stats.binom.cdf(min(earlier, later), earlier + later, 0.5)) if earlier + later else 1.0
    if movement is None:
        return exact
    a, b = earlier + 0.5, later + 0.5
    z = math.log(b / a) / math.sqrt(1 / a + 1 / b + 2 * movement.alpha)
    return max(exact, 2 * stats.t.sf(abs(z), movement.degrees))


@pytest.mark.parametrize("known", MOVEMENTS)
def test_a_change_in_words_claims_what_its_figures_say(known):
    movement = MOVEMENTS[known]
    assert len(PAIRS) > 200
    for earlier, later in PAIRS:
        said = chance.in_words(earlier, later, judged=by_test(earlier, later, test="usual movement", movement=movement))
        if earlier == later:
            assert said == (f"Unchanged at {later:,}." if later else "No offences in either period.")
            continue
        found = CHANGE.fullmatch(said)
        assert found, said
        assert (number(found["later"]), number(found["earlier"])) == (later, earlier)
        assert said.startswith("1 offence ") == (later == 1)
        is_larger = p_by_scipy(earlier, later, movement) < 0.05
        is_called_larger = not re.search("no larger|not clearly", found["verdict"])
        assert is_called_larger == is_larger, said
        assert ("usual" in found["verdict"]) == (movement is not None)
        assert (found["ratio"] is None) == (earlier == 0 or later / earlier < 0.095), said
        if found["ratio"]:
            lower, upper = number(found["lower"]), number(found["upper"])
            assert is_rounded_from(found["ratio"], later / earlier), said
            assert 0 < lower < upper
            assert (lower > 1 or upper < 1) == is_larger, said
            assert not found["ratio"].startswith("0.0"), said


@pytest.mark.parametrize("known", MOVEMENTS)
@pytest.mark.parametrize("rule", ["usual movement", "exact test"])
def test_a_position_and_its_reason_agree(known, rule):
    movement = MOVEMENTS[known]
    for baseline, later in PAIRS:
        found = rag.position(
            later=later,
            baseline=baseline,
            direction=Direction.REDUCE,
            rule=RagRule(rule=rule),
            movement=movement,
        )
        p = p_by_scipy(baseline, later, movement if rule == "usual movement" else None)
        if baseline == later:
            assert found.reason == "The two counts are the same."
            continue
        assert (found.status is Status.CONCERN) == (p >= 0.05)
        is_larger = "no larger" not in found.reason and "may be" not in found.reason
        assert is_larger == (p < 0.05), found.reason
        assert ("usual" in found.reason) == (rule == "usual movement" and movement is not None)
        assert found.reason.startswith("The fall" if later < baseline else "The rise")


def counted(later, baseline):
    """Three years of burglary with so many offences in April 2011, and in April 2009."""
    months = [Period(Period.parse("Apr-08").first + each, Period.parse("Apr-08").first + each) for each in range(39)]
    cells = {
        (AREA, "burglary-dwelling", Period.parse(month)): n
        for month, n in {"Apr-11": later, "Apr-09": baseline}.items()
    }
    return Counts(
        classification=offences.load("cadet-2011"),
        areas=(AREA,),
        covered={AREA: frozenset(months)},
        cells=cells,
        origin=Origin(source="Extract"),
    )


@pytest.mark.whole
def test_a_priority_is_compared_in_words_that_fit_its_counts():
    priority = Priority(
        id="burglary",
        title="Burglary",
        objective="Less",
        measure=Measure(rows=("burglary-dwelling",)),
        baseline=Baseline(year=Period.parse("2009-10")),
        deadline=Period.parse("2011-12"),
    )
    for baseline, later in itertools.product([0, 1, 2, 29, 1_000], repeat=2):
        found = priorities.result(
            priority, sources=[counted(later, baseline)], area=AREA, period=JUNE, projection="from quarter 1"
        )
        assert "No Calc" not in " ".join((found.sentence, *found.findings))
        assert not re.search(r"\b1 offences", " ".join((found.sentence, *found.findings)))
        noun = "1 offence" if later == 1 else f"{later:,} offences"
        if later == baseline:
            assert found.sentence == f"{noun} in April to June 2011, the same as in April to June 2009."
            continue
        change = f" ({printed_change(baseline, later)})" if baseline else ""
        assert found.sentence == f"{noun} in April to June 2011, against {baseline:,} in April to June 2009{change}."
        if baseline <= later:
            end = "No year can end below the 0" if baseline == 0 else f"It can no longer end below the {baseline:,}"
            assert f"{end} of 2009-10" in found.year_end.sentence


@pytest.mark.parametrize("monthly", [0, 1, 2, 29, 1_000])
@pytest.mark.parametrize("to_date", ["Jun-11", "Sep-11", "Feb-12"])
@pytest.mark.parametrize("direction", Direction)
def test_the_years_end_in_words_is_possible_and_its_chance_certain_only_where_it_is(monthly, to_date, direction):
    over = Period.parse(to_date).last
    so_far = monthly * year_to_date(over).months_count
    for target in (0, 1, so_far, so_far + 1, 12 * monthly, 10**6):
        end = year_end.projected(
            lambda period: monthly * period.months_count if period.last <= over else None,
            to_date=year_to_date(over),
            movement=of_kind(Kind.BURGLARY),
            baseline=Period.parse("2009-10"),
            target=target,
            direction=direction,
        )
        assert so_far <= end.lower <= end.middle <= end.upper
        is_open = target > so_far if direction is Direction.REDUCE else target >= so_far
        assert ("The chance of" in end.sentence) == is_open, end.sentence
        assert ("already" in end.sentence) == (not is_open and direction is Direction.INCREASE)
        assert not re.search(r"\b1 offences|(\b[\d,]+) to \1 ", end.sentence), end.sentence


SERIES = {
    "nothing": [0] * 36,
    "always five": [5] * 36,
    "always fifty": [50] * 36,
    "one at the end": [0] * 35 + [1],
    "one each month": [1] * 36,
    "fifties": [50, 51, 50, 49] * 9,
    "a spike": [10, 12, 11] * 11 + [10, 12, 300],
    "nothing any more": [10, 12, 11] * 11 + [0, 0, 0],
    "few": [0, 0, 1] * 12,
    "few and then many": [0, 0, 1] * 11 + [4, 5, 6],
    "a season": [20, 40, 60, 40] * 9,
    "a step": [40, 42, 41] * 6 + [20, 21, 22] * 6,
    "short": [3, 4],
}


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("direction", Direction)
def test_what_is_said_of_months_is_so(name, direction):
    counts = SERIES[name]
    by_month = {Period(JUNE.last + -back, JUNE.last + -back): count for back, count in enumerate(reversed(counts))}
    found = series.monthly("Burglary", offences=by_month.get, direction=direction, period=JUNE, target=10.0)
    words = " ".join((*found.about, *found.findings))
    assert not re.search(r"\b1 offences|between ([\d.,]+) and \1\b", words), words
    points = {point.month.words: point for point in found.points}
    for sentence in found.findings:
        if not (said := re.match(r"(.+?) had ([\d,]+) offences?: (.+) \((concern|improvement)\)\.$", sentence)):
            assert sentence == "No month in April to June 2011 was unusual."
            assert {point.signal for point in found.points[-3:]} <= {"As usual"}
            continue
        when, count, why = said[1], number(said[2]), said[3]
        if when.endswith(" together"):
            assert count == sum(counts[-3:])
            usual = sum(point.usual for point in found.points[-3:])
            assert ("more" in why) == (count > usual)
        else:
            point = points[when]
            assert count == point.offences
            assert "above the upper limit" not in why or point.offences > point.upper
            assert "below the lower limit" not in why or point.offences < point.lower
            assert "above the usual level" not in why or point.offences > point.usual
            assert "below the usual level" not in why or point.offences < point.usual
        is_up = any(word in why for word in ("above", "upper", "rising", "more", "soon"))
        assert (said[4] == "concern") == (is_up == (direction is Direction.REDUCE)), sentence


def test_the_columns_beside_the_highlights_never_round_away_on_which_side_of_1_a_limit_lies():
    assert styles.RATIO_FORMAT == "[>=1.005]#,##0.00;0.0000"
    edges = [pair for pair in PAIRS if 0 not in pair and pair[0] != pair[1]]
    assert len(edges) > 150
    for earlier, later in edges:
        judged = by_test(earlier, later, test="exact", movement=None)
        limits = [
            float(f"{value:.2f}" if value >= 1.005 else f"{value:.4f}")
            for value in (judged.times.interval.lower, judged.times.interval.upper)
        ]
        assert (limits[0] > 1 or limits[1] < 1) == judged.is_larger_than_usual, (earlier, later)
