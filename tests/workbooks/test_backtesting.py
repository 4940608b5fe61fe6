"""Trying the rules on past counts: of any source, and of counts by area with nothing else in the settings."""

from __future__ import annotations

import csv
import datetime as dt

import numpy as np
import pytest

from cdrp_xl import offences, settings
from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.measures.backtest import History, back_test
from cdrp_xl.periods import Month
from cdrp_xl.workbooks.backtesting import tried

TODAY = dt.date(2026, 1, 5)
FIRST = Month(2010, 4)
MONTHS = 84
ALONE = """
[sources.area_counts]
files = ["counts.csv"]
headings = { area = "Borough", period = "Month", offence = "Kind", offences = "Count" }
"""


def drawn(seed=1, rows=("Burglary", "Shoplifting", "Robbery"), areas=("Fen", "Hill")):
    source = np.random.default_rng(seed)
    return {area: {row: source.poisson(20 + 10 * n, MONTHS).tolist() for n, row in enumerate(rows)} for area in areas}


def written(folder, counts, *, more="", leave_out=()):
    with (folder / "counts.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Borough", "Month", "Kind", "Count"])
        for area, by_row in counts.items():
            for row, series in by_row.items():
                for place, count in enumerate(series):
                    month = FIRST + place
                    if (area, row, place) not in leave_out:
                        table.writerow([area, f"{month.year}-{month.month:02}", row, count])
    (folder / "partnership.toml").write_text(ALONE + more, encoding="utf-8")
    return folder


def of(counts, kinds=None, left_out=()):
    return [
        History(
            area=area,
            first=FIRST,
            counts={
                row: [None if (area, row, place) in left_out else count for place, count in enumerate(series)]
                for row, series in sorted(by_row.items())
            },
            kinds=kinds or {},
        )
        for area, by_row in counts.items()
    ]


def run(folder):
    return tried(folder, today=TODAY, progress=str)


def test_counts_by_area_alone_are_tried_and_each_offence_is_a_row(tmp_path):
    counts = drawn()
    found = run(written(tmp_path, counts))
    assert found == back_test(of(counts))
    assert {each.months for each in found.placebo} == {3, 6, 9, 12}
    assert found.placebo[0].n > 50


def test_a_figure_that_is_missing_is_left_out_and_of_a_tally_it_is_0(tmp_path):
    counts, missing = drawn(), [("Fen", "Robbery", 50)]
    assert run(written(tmp_path, counts, leave_out=missing)) == back_test(of(counts, left_out=missing))
    counts["Fen"]["Robbery"][50] = 0
    assert run(written(tmp_path, counts, leave_out=missing, more="is_tally = true\n")) == back_test(of(counts))


def test_with_a_classification_its_leaves_are_the_rows_and_their_kinds_are_known(tmp_path):
    counts = drawn(rows=("Burglary", "Shoplifting", "Robbery", "Not a row"))
    found = run(written(tmp_path, counts, more='classification = "police-uk"\n'))
    leaves = {row.name: row for row in offences.load("police-uk").leaves}
    own = {
        area: {leaves[name].row_id: series for name, series in by_row.items() if name in leaves}
        for area, by_row in counts.items()
    }
    assert found == back_test(of(own, kinds={row.row_id: row.kind for row in leaves.values()}))
    assert found.placebo[0].n > run(written(tmp_path, counts)).placebo[0].n * 3 / 4  # early years, by the kinds


def test_rows_of_which_nothing_is_known_are_not_compared(tmp_path):
    counts = {area: {row: series[:30] for row, series in rows.items()} for area, rows in drawn().items()}
    assert run(written(tmp_path, counts)).placebo == ()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["Fen", "2011-12 Q1", "Arson", "3"]], "is not a month"),
        ([["Fen", "2011-04", "Arson", "3"], ["Fen", "2011-04", "Arson", "4"]], 'Two rows are for "Arson" in Fen'),
        ([["Fen", "2011-04", "Arson", "many"]], "many"),
    ],
)
def test_what_can_not_be_tried_is_refused_with_its_place(tmp_path, rows, message):
    with (tmp_path / "counts.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Borough", "Month", "Kind", "Count"], *rows])
    (tmp_path / "partnership.toml").write_text(ALONE, encoding="utf-8")
    with pytest.raises(ValueFoundError, match=message) as refused:
        run(tmp_path)
    assert "counts.csv" in refused.value.where


def test_mistakes_in_the_one_source_are_named_and_other_settings_are_read_as_ever(tmp_path):
    written(tmp_path, drawn(), more="is_taly = true\n")
    with pytest.raises(ValueFoundError, match=r"is_taly: there is no such key"):
        run(tmp_path)
    (tmp_path / "partnership.toml").write_text(ALONE + '[sources.cadet]\nfiles = ["x.csv"]\n', encoding="utf-8")
    assert settings.area_counts_alone(tmp_path) is None
    with pytest.raises(ValueFoundError, match="partnership: this key is missing"):
        run(tmp_path)


def test_the_worked_example_is_tried_on_its_own_months(example):
    found = run(example)
    assert (found.placebo[0].months, found.placebo[0].n) == (3, 26)
    assert found.projection == ()


def test_a_source_without_months_is_refused(example):
    path = example / "partnership.toml"
    text = path.read_text(encoding="utf-8")
    begins, ends = text.index("[sources.recorded_crime]"), text.index("[sources.cadet]")
    kept = text[:begins] + text[ends : text.index("[sources.iquanta]")]
    path.write_text(kept, encoding="utf-8")
    with pytest.raises(CannotBeComputedError, match="No source has counts by month"):
        run(example)
