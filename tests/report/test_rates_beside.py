"""Rates of twelve months, beside the force's and the most similar group's, by hand."""

from __future__ import annotations

import dataclasses

import pytest

from cdrp_xl.offences import load
from cdrp_xl.periods import Period
from cdrp_xl.report.group import GroupData
from cdrp_xl.report.rates_beside import NO_RATES, Beside, Force, Rates
from cdrp_xl.tables import Counts, Origin

YEAR = Period.parse("Jul-24 to Jun-25")
QUARTERS = tuple(Period(YEAR.first + 3 * at, YEAR.first + (3 * at + 2)) for at in range(4))
ROWS = ("burglary", "robbery")


def counts(offences, *, classification="police-uk", missing=(), periods=QUARTERS):
    """Counts with as many burglaries, and half as many robberies, in each quarter of an area."""
    cells = {(area, "burglary", each): number for area, number in offences.items() for each in periods}
    cells |= {(area, "robbery", each): number // 2 for area, number in offences.items() for each in periods}
    return Counts(
        classification=load(classification),
        areas=tuple(offences),
        covered={area: frozenset() if area in missing else frozenset(periods) for area in offences},
        cells=cells,
        origin=Origin(source="data.police.uk street-level crime", publisher="", files=()),
    )


def beside(**changes):
    own = counts({"Fenland": 10})
    group = GroupData(
        counts=counts({"Fenland": 10, "Boston": 20, "Swale": 30}),
        residents={("Fenland", "people"): 100_000, ("Boston", "people"): 50_000, ("Swale", "people"): 150_000},
        positions={},
        positions_source="",
        unjoined=(),
    )
    force = Force(name="Cambridgeshire", counts=counts({"Fenland": 10, "Cambridge": 50}), people=240_000)
    made = Beside(people=100_000, force=force, group=group, counts=own, area="Fenland", year=YEAR)
    return dataclasses.replace(made, **changes)


def test_rates_are_those_of_twelve_months_of_the_area_of_all_the_force_and_the_mean_of_the_members():
    made = beside().rates(40, ["burglary"])
    assert made.own == pytest.approx(0.4)
    assert made.force == pytest.approx((40 + 200) / 240)
    assert made.group == pytest.approx((0.4 + 1.6 + 0.8) / 3)
    both = beside().rates(60, ROWS)
    assert both.force == pytest.approx((60 + 300) / 240)


def test_without_people_or_a_year_there_are_no_rates():
    assert beside(people=None).rates(40, ["burglary"]) == NO_RATES
    assert beside().rates(None, ["burglary"]) == NO_RATES


@pytest.mark.parametrize("rows", [(), ("no-such-row",)])
def test_what_others_are_not_counted_by_has_the_areas_rate_alone(rows):
    assert beside().rates(40, rows) == Rates(own=0.4)


def test_a_force_or_group_that_is_not_whole_or_counted_otherwise_is_left_out():
    lacking = Force(
        name="Cambridgeshire", counts=counts({"Fenland": 10, "Cambridge": 50}, missing={"Cambridge"}), people=240_000
    )
    assert beside(force=lacking).rates(40, ["burglary"]).force == "[x]"
    group = beside().group
    otherwise = dataclasses.replace(group, counts=counts({"Fenland": 10, "Boston": 20}, classification="cadet-2011"))
    assert beside(group=otherwise).rates(40, ["burglary"]).group == "[x]"
    without = dataclasses.replace(group, counts=counts({"Fenland": 10, "Boston": 20, "Swale": 30}, missing={"Swale"}))
    assert beside(group=without).rates(40, ["burglary"]).group == pytest.approx((0.4 + 1.6) / 2)
    alone = dataclasses.replace(group, residents={("Boston", "people"): 50_000, ("Swale", "people"): 150_000})
    assert beside(group=alone).rates(40, ["burglary"]).group == "[x]"


def test_a_year_is_added_up_of_months_too():
    months = tuple(Period(month, month) for month in YEAR.months)
    by_month = counts({"Fenland": 10, "Cambridge": 50}, periods=months)
    force = Force(name="Cambridgeshire", counts=by_month, people=240_000)
    assert beside(force=force).rates(40, ["burglary"]).force == pytest.approx(12 * 60 / 240)
