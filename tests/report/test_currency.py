"""How current each source is: dated neither in the future nor before the period ended, and told with its lag."""

from __future__ import annotations

import datetime as dt

import pytest

from cdrp_xl import offences
from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.periods import Period
from cdrp_xl.report import currency
from cdrp_xl.tables import Counts, Origin

QUARTER = Period.parse("2011-12 Q1")
TODAY = dt.date(2011, 7, 29)


def counted(**origin):
    return Counts(
        classification=offences.load("cadet-2011"),
        areas=("South Cambridgeshire",),
        covered={"South Cambridgeshire": frozenset(Period(month, month) for month in QUARTER.months)},
        cells={},
        origin=Origin(source="CADET", **origin),
    )


@pytest.mark.parametrize("is_counted", [True, False])
def test_a_source_dated_in_the_future_is_refused(is_counted):
    source = counted(as_at=dt.date(2011, 7, 30))
    with pytest.raises(CannotBeComputedError, match="as_at") as refused:
        currency.check(*(([source], []) if is_counted else ([], [source.origin])), period=QUARTER, today=TODAY)
    assert str(refused.value) == (
        "CADET is dated 30/07/2011, which is in the future.\n"
        "Where: partnership.toml, as_at\n"
        "What to do: Write the day on which the extract was taken."
    )


@pytest.mark.parametrize("day", [dt.date(2011, 6, 30), dt.date(2010, 1, 1)])
def test_counts_taken_before_the_period_had_ended_are_refused(day):
    with pytest.raises(CannotBeComputedError, match="as_at") as refused:
        currency.check([counted(as_at=day)], [], period=QUARTER, today=TODAY)
    assert str(refused.value) == (
        f"CADET was taken on {day:%d/%m/%Y}, before April to June 2011 had ended.\n"
        "Where: partnership.toml, as_at\n"
        "What to do: Ask for a newer extract, or report an earlier quarter."
    )


def test_what_bears_periods_of_its_own_may_be_older_than_the_quarter():
    currency.check([], [Origin(source="iQuanta", as_at=dt.date(2011, 5, 24))], period=QUARTER, today=TODAY)


@pytest.mark.parametrize(
    ("day", "lag"),
    [
        (None, ""),
        (dt.date(2011, 5, 24), "37 days before April to June 2011 ended"),
        (dt.date(2011, 7, 1), "1 day after April to June 2011 ended"),
        (dt.date(2011, 7, 11), "11 days after April to June 2011 ended"),
    ],
)
def test_the_lag_of_a_source_is_counted_from_the_periods_last_day(day, lag):
    source = counted(as_at=day)
    lines = currency.lines([source], [source.origin], table=source, period=QUARTER)
    assert [line.lag for line in lines] == [lag, lag]


def test_each_source_is_reported_with_what_it_is_used_for():
    table, other = counted(), counted()
    lines = currency.lines([table, other], [table.origin], table=table, period=QUARTER)
    assert [line.used_for.partition(";")[0] for line in lines] == [
        "Highlights and priorities",
        "Check of the highlights",
        "Position in the most similar group",
    ]
