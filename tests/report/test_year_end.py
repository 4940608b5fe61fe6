"""The projection to the year's end in words: when it is made, from what, and how its chance is said."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cdrp_xl.measures import year_end as measures
from cdrp_xl.measures.movement import of_kind
from cdrp_xl.periods import Period, financial_year_of, quarters_of, year_to_date
from cdrp_xl.report import year_end
from cdrp_xl.terms import Direction, Kind

CASE = Path(__file__).parents[1] / "cases" / "year_end_2011_q1.csv"
BASELINE = Period.parse("2009-10")
BURGLARY = of_kind(Kind.BURGLARY)


def projected(to_date="Sep-11", *, monthly=30, first="Apr-08", target=400, direction=Direction.REDUCE, by=1):
    """The projection of a series that is the same every month from a first one on, given by so many months."""
    begins, over = Period.parse(first).first, Period.parse(to_date).last

    def offences(period):
        is_known = period.first >= begins and period.last <= over and period.months_count >= by
        return sum(monthly for _ in period.months) if is_known else None

    return year_end.projected(
        offences,
        to_date=year_to_date(over),
        movement=BURGLARY,
        baseline=BASELINE,
        target=target,
        direction=direction,
    )


def test_it_is_that_of_the_measure_with_the_years_that_there_are_and_said_in_one_sentence():
    end = projected()
    wanted = measures.project(
        years=[[30] * 12] * 3, to_date=[30] * 6, movement=BURGLARY, target=400, direction=Direction.REDUCE
    )
    assert (end.lower, end.middle, end.upper) == (wanted.lower, wanted.middle, wanted.upper)
    assert (end.based_on, end.chance) == ("From the last 3 years", f"{100 * wanted.chance:.0f}%")
    assert end.sentence == (
        f"If the rest of the year follows the usual pattern, 2011-12 will end with {wanted.lower} to {wanted.upper} "
        f"offences. The chance of ending below the 400 of 2009-10 is {end.chance}."
    )


def test_with_fewer_years_it_is_wider_and_says_so_and_without_one_there_is_none():
    three, one = projected(), projected(first="Apr-10")
    assert one.based_on == "From the last year alone"
    assert one.upper - one.lower >= three.upper - three.lower
    assert projected(first="May-10") is None


def test_where_only_quarters_are_known_they_are_taken():
    by_quarter = projected(by=3)
    wanted = measures.project(
        years=[[90] * 4] * 3, to_date=[90] * 2, movement=BURGLARY, target=400, direction=Direction.REDUCE
    )
    assert (by_quarter.lower, by_quarter.upper) == (wanted.lower, wanted.upper)
    assert len(quarters_of(financial_year_of(Period.parse("Sep-11").last))) == 4


@pytest.mark.parametrize(
    ("target", "direction", "chance", "ends"),
    [
        (4000, Direction.REDUCE, "over 99%", "The chance of ending below the 4,000 of 2009-10 is over 99%."),
        (181, Direction.REDUCE, "under 1%", "The chance of ending below the 181 of 2009-10 is under 1%."),
        (180, Direction.REDUCE, "Can no longer be met", "It can no longer end below the 180 of 2009-10."),
        (0, Direction.REDUCE, "Can no longer be met", "No year can end below the 0 of 2009-10."),
        (179, Direction.INCREASE, "Met already", "It is already above the 179 of 2009-10."),
        (180, Direction.INCREASE, "over 99%", "The chance of ending above the 180 of 2009-10 is over 99%."),
        (0, Direction.INCREASE, "Met already", "It is already above the 0 of 2009-10."),
    ],
)
def test_a_chance_is_certain_only_where_the_target_is_decided(target, direction, chance, ends):
    end = projected(target=target, direction=direction)
    assert end.chance == chance
    assert end.sentence.endswith(f". {ends}")


def test_the_worked_examples_years_end_as_in_the_case(built):
    with CASE.open(encoding="utf-8") as file:
        worked = list(csv.DictReader(file))
    assert [row["priority"] for row in worked] == [result.priority_id for result in built.priorities]
    for row, result in zip(worked, built.priorities, strict=True):
        end = result.year_end
        found = (result.later, end.lower, end.middle, end.upper, end.chance)
        assert found == (*(int(row[key]) for key in ("to_date", "lower", "middle", "upper")), row["chance"])
        assert f"the {row['target']} of 2009-10" in end.sentence


@pytest.mark.parametrize(
    ("setting", "month", "is_made"),
    [
        ("from quarter 2", "Jun-11", False),
        ("from quarter 2", "Sep-11", True),
        ("from quarter 1", "Jun-11", True),
        ("from quarter 1", "Mar-12", False),
        ("never", "Dec-11", False),
    ],
)
def test_the_year_is_projected_from_quarter_2_on_unless_the_settings_ask_otherwise(setting, month, is_made):
    assert year_end.is_asked_for(setting, year_to_date(Period.parse(month).last)) is is_made
