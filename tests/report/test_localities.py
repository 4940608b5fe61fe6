"""Emerging issues of localities: against pandas and SciPy, what is told of small counts, and what is refused."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from scipy import stats

from cdrp_xl import offences, report
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.measures.comparison import Comparison
from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs, localities
from cdrp_xl.selected import RemainingOffences, RowOffences
from cdrp_xl.sources.master import Decided
from cdrp_xl.tables import Counts, Origin
from cdrp_xl.terms import Decision
from cdrp_xl.workbooks.gathering import gather

Q1 = Period.parse("2011-12 Q1")
TODAY = dt.date(2011, 7, 29)
NAMED = ("Cambourne", "Sawston", "Melbourn")
SHOPLIFTING = "46"
ISSUE = "Shoplifting in Cambourne, 2011-12 Q1"


@pytest.fixture
def moved(example):
    """The worked example with all shoplifting of the quarter in one locality, and localities to look at."""
    extract = example / "data" / "recorded-crime-2011-12-q1.csv"
    rows = pd.read_csv(extract, dtype=str, keep_default_na=False)
    rows.loc[(rows["HO Code"] == SHOPLIFTING) & (rows["District"] == "South Cambridgeshire"), "Parish"] = "Cambourne"
    rows.to_csv(extract, index=False)
    named = ", ".join(f'"{name}"' for name in NAMED)
    settings = example / "partnership.toml"
    with settings.open("a", encoding="utf-8") as file:
        file.write(f'\n[significance]\nlocalities = [{named}]\ntest = "exact"\n')
    return example


def built_of(folder, **inputs):
    own = settings_file.read(folder)
    data = gather(own, folder, today=TODAY, progress=str)
    return report.build(own, period=Q1, data=data, inputs=Inputs(**inputs), today=TODAY)


def by_pandas(folder):
    """Return every leaf in every locality that has 10 offences in both periods, neither 1 or 2, with its q-value."""
    rows = pd.concat(pd.read_csv(file, dtype=str) for file in sorted((folder / "data").glob("recorded-crime-*.csv")))
    rows = rows[(rows["District"] == "South Cambridgeshire") & rows["Parish"].isin(NAMED)]
    month = pd.to_datetime(rows["Date Recorded"], dayfirst=True, format="mixed").dt.to_period("M").astype(str)
    later, earlier = month.isin(["2011-04", "2011-05", "2011-06"]), month.isin(["2010-04", "2010-05", "2010-06"])
    cadet = offences.load("cadet-2011")
    code = rows["HO Code"].map(cadet.code)
    found = [
        {
            "row": f"{leaf.name} in {place}",
            "earlier": (earlier & (rows["Parish"] == place) & code.isin(leaf.codes)).sum(),
            "later": (later & (rows["Parish"] == place) & code.isin(leaf.codes)).sum(),
        }
        for place in NAMED
        for leaf in cadet.leaves
    ]
    table = pd.DataFrame(found)
    small = table[["earlier", "later"]].isin((1, 2)).any(axis=1)
    table = table[(table["earlier"] + table["later"] >= 10) & ~small]
    both = table["earlier"] + table["later"]
    tail = stats.binom.cdf(table[["earlier", "later"]].min(axis=1), both, 0.5)
    return table.assign(q=stats.false_discovery_control((2 * tail).clip(max=1)))


@pytest.mark.whole
def test_what_rises_in_a_locality_is_what_pandas_and_scipy_find(moved):
    built, table = built_of(moved), by_pandas(moved)
    wanted = table[(table["q"] <= 0.05) & (table["later"] > table["earlier"]) & (table["later"] >= 10)]
    local = [issue for issue in built.emerging.rises if " in Cambourne" in issue.name]
    assert [issue.name for issue in local] == [f"{name}, 2011-12 Q1" for name in wanted["row"]] == [ISSUE]
    assert f"{len(table)} offence groups with at least" in built.emerging.how
    assert local[0].found_by == "Test of the two counts in the locality"
    assert local[0].later == 59


@pytest.mark.parametrize(("least", "issues"), [(59, [ISSUE]), (60, [])])
def test_a_rise_to_the_least_number_of_offences_is_listed_and_to_one_fewer_is_not(moved, least, issues):
    settings = moved / "partnership.toml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}least_offences = {least}\n", encoding="utf-8")
    assert [issue.name for issue in built_of(moved).emerging.rises if " in " in issue.name] == issues


@pytest.mark.whole
def test_by_default_a_rise_in_a_locality_is_held_against_how_much_its_kind_usually_moves(moved):
    settings = moved / "partnership.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('test = "exact"\n', ""), encoding="utf-8")
    table = by_pandas(moved)
    row = table[table["row"] == "Shoplifting in Cambourne"].iloc[0]
    rises = built_of(moved).emerging.rises
    assert row["earlier"] < 10
    assert [issue.name for issue in rises] == [ISSUE]
    assert rises[0].sentence.endswith("larger than usual.")


@pytest.mark.whole
def test_its_counts_stand_in_a_sentence_and_the_analyst_decides_about_it(moved):
    issue = built_of(moved).emerging.undecided[-1]
    assert (issue.name, issue.meaning) == (ISSUE, "More offences than before")
    assert issue.sentence.startswith(f"59 offences against {issue.earlier}: ")
    dismissed = built_of(moved, decisions={ISSUE: Decided(decision=Decision.DISMISSED, reason="Moved.")}).emerging
    assert [each.name for each in dismissed.reported] == [each.name for each in dismissed.rises[:-1]]
    assert "Found and dismissed by the analyst: 1." in dismissed.found


@pytest.mark.whole
@pytest.mark.parametrize("policy", ["unsafe_up_to = 10", 'localities = "round"', 'highlights = "round"'])
def test_a_rise_with_a_count_that_may_point_to_a_person_is_told_to_the_analyst_alone(moved, policy):
    """Whoever knows the test knows from which counts on the later one would be too much for chance."""
    with (moved / "partnership.toml").open("a", encoding="utf-8") as file:
        file.write(f"[suppression]\n{policy}\n")
    report = built_of(moved)
    assert not [issue for issue in report.emerging.rises if " in Cambourne" in issue.name]
    assert report.emerging.how.endswith(
        "Groups with a hidden count, or whose count could be worked out, are not listed."
    )
    (check,) = [check for check in report.checks if check.what == "Emerging issues among rows with hidden counts"]
    assert (check.holds, ISSUE.removesuffix(", 2011-12 Q1") in check.detail) == (False, True)


def test_a_row_whose_count_is_hidden_in_one_locality_or_the_whole_area_is_reported_in_none(built):
    cadet = offences.load("cadet-2011")
    settings = settings_file.parse(SETTINGS)
    pairs = {"Cambourne": (2, 30), "Sawston": (20, 60)}
    counts = counts_of(
        {
            (place, row, period): count
            for place, two in pairs.items()
            for row in ("shoplifting", "arson")
            for period, count in zip((built.comparison.earlier, Q1), two, strict=True)
        },
        cadet,
    )

    def found(settings, hidden=()):
        def protect(risen):
            return {cell for cell in risen if cell[1] in hidden}

        return localities.rises(settings, counts=counts, table=as_counted(built), protect=protect)

    def rows(rises):
        return {(rise.locality, rise.compared.row.row_id) for rise in rises}

    everything = {(place, row) for place in pairs for row in ("shoplifting", "arson")}
    assert (rows(found(settings).rises), rows(found(settings).withheld)) == (set(), everything)
    open_settings = settings_file.parse(SETTINGS + '[suppression]\nlocalities = "off"\n')
    rises = found(open_settings).rises
    assert {(rise.compared.earlier, rise.compared.later) for rise in rises} == set(pairs.values())
    partly = found(open_settings, hidden=["arson"])
    assert rows(partly.rises) == {(place, "shoplifting") for place in pairs}
    assert rows(partly.withheld) == {(place, "arson") for place in pairs}


@pytest.mark.parametrize(
    ("worked_out", "is_listed"), [((), True), (("arson",), False), ((RemainingOffences(("arson", "rape")),), False)]
)
def test_a_row_that_readers_can_work_out_is_not_listed_whatever_its_count(built, worked_out, is_listed):
    """Were 3 to 30 listed, whoever had worked out a count of 1 to 3 would know from the list that it is 1 or 2."""
    cells = {("Cambourne", "arson", built.comparison.earlier): 3, ("Cambourne", "arson", Q1): 30}
    found = localities.rises(
        settings_file.parse(SETTINGS),
        counts=counts_of(cells, offences.load("cadet-2011")),
        table=as_counted(built),
        protect=lambda _: (),
        worked_out=[("cambourne", row, Q1) for row in worked_out],
    )
    assert [rise.compared.later for rise in found.rises] == [30] * is_listed
    assert len(found.rises) + len(found.withheld) == 1


def as_counted(built):
    """Return the periods of the highlights; their rows are not looked at."""
    table = built.comparison
    return Comparison(
        area=table.area, classification=table.classification, earlier=table.earlier, later=table.later, rows=()
    )


SETTINGS = """
[partnership]
name = "South Cambridgeshire CSP"
area = "South Cambridgeshire"
[sources.recorded_crime]
files = ["data/*.csv"]
[sources.recorded_crime.headings]
offence_reference = "Reference"
date_recorded = "Recorded"
offence = "Code"
locality = "Parish"
[significance]
localities = ["Cambourne", "Sawston"]
"""


def counts_of(cells, classification, *, covered=None):
    return Counts(
        classification=classification,
        areas=("South Cambridgeshire",),
        covered={"South Cambridgeshire": frozenset(covered or (Q1.earlier(), Q1))},
        cells={
            ("South Cambridgeshire", RowOffences(row, locality=place), period): count
            for (place, row, period), count in cells.items()
        },
        selections=tuple(
            RowOffences(row.row_id, locality=place)
            for place in ("Cambourne", "Sawston")
            for row in classification.leaves
        ),
        origin=Origin(source="Drawn"),
    )


def test_a_period_that_the_extract_does_not_cover_is_said(built):
    counts = counts_of({}, offences.load("cadet-2011"), covered=(Q1,))
    settings = settings_file.parse(SETTINGS)
    found = localities.rises(settings, counts=counts, table=as_counted(built), protect=lambda _: ())
    assert found.rises == ()
    assert found.how.startswith("No locality was tested: Apr-10 to Jun-10 can't be counted")


def test_without_localities_named_nothing_is_looked_for_and_nothing_said(built):
    settings = settings_file.parse(SETTINGS.replace('["Cambourne", "Sawston"]', "[]"))
    assert localities.selections(settings) == ()
    assert " localities " not in built.emerging.how
    assert localities.rises(settings, counts=None, table=as_counted(built), protect=lambda _: ()).how == ""


@pytest.mark.whole
def test_a_locality_that_no_row_is_in_is_refused_with_the_nearest_names(moved):
    settings = moved / "partnership.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('["Cambourne"', '["Camborne"'), encoding="utf-8")
    with pytest.raises(ValueFoundError, match='"Camborne"') as refused:
        built_of(moved)
    assert refused.value.where == "partnership.toml, significance.localities"
    assert '"Cambourne"' in refused.value.remedy


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ('"Sawston"', '"cambourne "', r'localities: "cambourne " is named twice'),
        ('locality = "Parish"\n', "", r"name it as locality in sources\.recorded_crime\.headings"),
    ],
)
def test_localities_that_can_not_be_told_apart_or_counted_are_refused(old, new, mistake):
    with pytest.raises(ValueFoundError, match=mistake):
        settings_file.parse(SETTINGS.replace(old, new))
