"""The worksheet of emerging issues: the analyst sees all, partners all but what was dismissed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdrp_xl.report import ChanceRow
from cdrp_xl.sheets import emerging, pages
from cdrp_xl.terms import Decision


def decided(built, *decisions):
    """The worked example's report, with a decision about each of its rises."""
    rises = tuple(
        replace(issue, decision=decision, reason="So." if decision else "")
        for issue, decision in zip(built.emerging.rises, decisions, strict=True)
    )
    return replace(built, emerging=replace(built.emerging, rises=rises))


def rows(page, name):
    return next((table.rows for table in page.tables if table.name == name), None)


def test_what_is_not_decided_is_shown_to_both(built_by_counts):
    for sees_all in (True, False):
        page = emerging.page(built_by_counts, sees_all=sees_all)
        assert [row[-2:] for row in rows(page, "tblEmergingIssues")] == [("Not decided yet", "[z]")] * 2


def test_what_found_an_issue_stands_beside_it(built_by_counts):
    for sees_all in (True, False):
        for row in rows(emerging.page(built_by_counts, sees_all=sees_all), "tblEmergingIssues"):
            assert row[5] == "Test of the two counts"


def test_partners_are_not_told_of_what_was_dismissed_and_the_analyst_is(built_by_counts):
    report = decided(built_by_counts, Decision.DISMISSED, Decision.ACCEPTED)
    everything = rows(emerging.page(report, sees_all=True), "tblEmergingIssues")
    assert [row[-2:] for row in everything] == [("Dismissed", "So."), ("Accepted", "So.")]
    assert {type(row[-2]) for row in everything} == {str}  # as a cell of an open workbook takes it
    assert rows(emerging.page(report, sees_all=False), "tblEmergingIssues") == everything[1:]


def test_the_master_keeps_both_tables_where_they_are_empty_and_the_copy_does_not(built):
    nothing = replace(built, emerging=replace(built.emerging, rises=(), falls=(), found="There are none."))
    assert rows(emerging.page(nothing, sees_all=True), "tblEmergingIssues") == ()
    assert rows(emerging.page(nothing, sees_all=True), "tblFalls") == ()
    copy = emerging.page(nothing, sees_all=False)
    assert copy.tables == ()
    assert "There are none." in [block.value for block in copy.blocks]


@pytest.mark.parametrize("chances", [True, False])
def test_the_legacy_columns_of_the_highlights_stay_whether_or_not_others_stand_beside_them(built, chances):
    beside = ChanceRow(ratio=1.5, lower=0.5, upper="[x]", sentence="In words.")
    report = replace(built, chances=(beside,) * len(built.comparison.rows) if chances else ())
    (table,), (legacy,) = pages.highlights(report).tables, pages.highlights(built).tables
    assert table.columns[:5] == legacy.columns[:5]
    assert [row[:5] for row in table.rows] == [row[:5] for row in legacy.rows]
    assert {row[5:] for row in table.rows} == ({(1.5, 0.5, "[x]", "In words.")} if chances else {()})
