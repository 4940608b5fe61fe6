"""Query: the table as the report gives it, in its periods or in those that are named."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from cdrp_xl import offences
from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.sources.master import Inputs, Question
from cdrp_xl.terms import SUPPRESSED
from cdrp_xl.workbooks import asking
from cdrp_xl.workbooks.asking import answered, compared


def ask(folder, *, quarter="", earlier="", later=""):
    periods = {"quarter": quarter, "earlier": earlier, "later": later}
    given = {name: Period.parse(text) if text else None for name, text in periods.items()}
    found, notes = compared(folder, **given, today=dt.date(2011, 7, 29), progress=str)
    assert notes == ()
    return found


def test_the_table_is_that_of_the_report(demo, built):
    asked, printed = ask(demo.folder), built.comparison
    assert (asked.area, asked.earlier, asked.later) == (printed.area, printed.earlier, printed.later)
    assert [(row.row, row.earlier, row.later, row.change) for row in asked.rows] == [
        (row.row, row.earlier, row.later, row.change) for row in printed.rows
    ]


@pytest.mark.parametrize(
    ("asked", "earlier", "later"),
    [
        ({"quarter": "2010-11 Q3"}, "Oct-09 to Dec-09", "Oct-10 to Dec-10"),
        ({"later": "2010-11"}, "Apr-09 to Mar-10", "Apr-10 to Mar-11"),
        ({"later": "May 2011"}, "May-10", "May-11"),
        ({"earlier": "2009-10 Q1", "later": "2011-12 Q1"}, "Apr-09 to Jun-09", "Apr-11 to Jun-11"),
        ({"later": "year ending March 2011"}, "Apr-09 to Mar-10", "Apr-10 to Mar-11"),
    ],
)
def test_the_periods_are_those_that_are_named(demo, asked, earlier, later):
    found = ask(demo.folder, **asked)
    assert (found.earlier.heading, found.later.heading) == (earlier, later)
    assert len(found.rows) == 45


def test_four_quarters_add_up_to_their_year(demo):
    year = ask(demo.folder, later="2010-11")
    quarters = [ask(demo.folder, later=f"2010-11 Q{number}") for number in range(1, 5)]
    for row in year.rows:
        assert row.later == sum(quarter[row.row.row_id].later for quarter in quarters)


def test_periods_of_unequal_length_are_refused(demo):
    with pytest.raises(
        CannotBeComputedError, match=r"^Apr-11 to Jun-11 \(3 months\) can't be compared with Apr-10 \(1"
    ):
        ask(demo.folder, earlier="Apr-10", later="2011-12 Q1")


def test_an_earlier_period_alone_is_refused(demo):
    with pytest.raises(ValueFoundError) as refused:
        ask(demo.folder, earlier="2010-11 Q1")
    assert str(refused.value) == (
        "An earlier period is named without a later one.\nWhere: --earlier\nWhat to do: Name both, or the later alone."
    )


def test_a_period_that_the_data_do_not_cover_is_refused(demo):
    with pytest.raises(
        CannotBeComputedError, match=r"^Apr-08 to Jun-08 can't be counted: .* figures for Apr-08 to Jun-08"
    ):
        ask(demo.folder, later="2009-10 Q1")


def with_small_counts(example):
    """Make two offences of Cambourne's quarter arson, and no others there."""
    extract = example / "data" / "recorded-crime-2011-12-q1.csv"
    rows = pd.read_csv(extract, dtype=str, keep_default_na=False)
    there = rows.index[(rows["District"] == "South Cambridgeshire") & (rows["Parish"] == "Cambourne")]
    arson = offences.load("cadet-2011").row("Arson").codes
    rows.loc[there, "HO Code"] = rows.loc[there, "HO Code"].replace(dict.fromkeys(arson, "46"))
    rows.loc[there[:2], "HO Code"] = min(arson)
    rows.to_csv(extract, index=False)
    return Question(area="Cambourne", offence_row="Arson", flag=None, period=Period.parse("2011-12 Q1"))


def test_a_small_count_of_a_locality_is_hidden_at_the_prompt_too(example):
    asked = with_small_counts(example)
    settings = example / "partnership.toml"
    today = dt.date(2011, 7, 29)
    assert answered(example, asked, today=today, progress=str)[0].offences == SUPPRESSED
    with settings.open("a", encoding="utf-8") as file:
        file.write('\n[suppression]\nlocalities = "off"\n')
    assert answered(example, asked, today=today, progress=str)[0].offences == 2


def test_a_whole_that_gives_away_what_local_analysis_hides_is_hidden_at_the_prompt(example, monkeypatch):
    """Of 2 and 1, both hidden, and 5: a whole of 8 would leave 1 and 2."""
    extract = example / "data" / "recorded-crime-2011-12-q1.csv"
    rows = pd.read_csv(extract, dtype=str, keep_default_na=False)
    there = rows.index[(rows["District"] == "South Cambridgeshire") & (rows["Parish"] == "Cambourne")]
    cadet = offences.load("cadet-2011")
    drugs = [cadet.row(name) for name in ("drugs-trafficking", "drugs-simple-possession", "drugs-other-offences")]
    rows.loc[there, "HO Code"] = rows.loc[there, "HO Code"].replace(
        dict.fromkeys(cadet.row("all-drugs-offences").codes, "46")
    )
    for row, few in zip(drugs, (there[:2], there[2:3], there[3:8]), strict=True):
        rows.loc[few, "HO Code"] = min(row.codes)
    rows.to_csv(extract, index=False)
    asked = [
        Question(area="Cambourne", offence_row=row_id, flag=None, period=Period.parse("2011-12 Q1"))
        for row_id in (*(row.row_id for row in drugs), "all-drugs-offences")
    ]
    monkeypatch.setattr(asking, "typed_in", lambda _: Inputs(questions=tuple(asked[:3])))
    shown = [answered(example, each, today=dt.date(2011, 7, 29), progress=str)[0].offences for each in asked]
    assert shown == [SUPPRESSED, SUPPRESSED, 5, SUPPRESSED]
