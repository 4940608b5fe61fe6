"""The headlines as they are laid out: one page, whatever the report has, and no column without a figure."""

from __future__ import annotations

from dataclasses import replace

from cdrp_xl.report.rates_beside import Rates
from cdrp_xl.sheets import headlines, paper

LONG = "Vehicle crime, with theft from vans at the roadside of {}"


def with_rates(built, **changes):
    found = built.headlines
    lines = tuple(replace(line, rates=Rates(own=12.5, force=10.0, group=11.0)) for line in found.lines)
    said = {"own": "Rates are per 1,000 people.", "force": "The force is Essex.", "group": "A mean."}
    return replace(built, headlines=replace(found, of_rates=said, **({"lines": lines} | changes)))


def many(built, number):
    """A report with so many priorities of long names as lines, and as many others."""
    found = with_rates(built).headlines
    line = found.lines[1]
    long = [
        replace(
            line, name=LONG.format(each), rank=each, is_extra=each > number, verdict="▼ Worse position; larger rise"
        )
        for each in range(1, 2 * number + 1)
    ]
    return with_rates(built, lines=(found.lines[0], *long))


def headings(sheet):
    (table,) = sheet.tables
    return [column.heading for column in table.columns]


def said(sheet):
    return " ".join(str(block.value) for block in sheet.blocks if block not in sheet.tables)


def test_a_column_of_rates_is_there_where_lines_have_them(built):
    assert "Per 1,000 people" not in headings(headlines.page(built, has_lines=True))
    sheet = headlines.page(with_rates(built), has_lines=True)
    assert headings(sheet)[7:10] == ["Per 1,000 people", "Force", "Group"]
    assert {row[7:10] for row in sheet.tables[0].rows} == {(12.5, 10.0, 11.0)}
    assert "The force is Essex." in said(sheet)


def test_lines_that_do_not_fit_on_the_page_give_way_and_then_rates_do(built):
    few = headlines.page(many(built, 5), has_lines=True)
    assert [each.has_gap for each in few.tables[0].columns[-3:]] == [True, False, False]  # a small chart is next to it
    assert paper.fitted(few, is_final=True).breaks == ()
    assert 6 <= len(few.tables[0].rows) < 11
    assert "has all" in said(few)
    eight = headlines.page(many(built, 8), has_lines=True)
    assert paper.fitted(eight, is_final=True).breaks == ()
    assert len(eight.tables[0].rows) >= 9
    assert "Force" not in headings(eight)
    assert "Essex" not in said(eight)


def test_the_master_keeps_every_line(built):
    assert len(headlines.page(many(built, 8), has_lines=False).tables[0].rows) == 17
