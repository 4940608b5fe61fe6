"""Frames for notebooks: the analyst's have every count as it is, a row to each, and columns that are always there."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from cdrp_xl import frames
from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.workbooks import refreshing

TODAY = dt.date(2011, 7, 29)
CASE = Path(__file__).parent / "cases" / "cadet_2011_q1.csv"
OF_A_REPORT = [each for each in frames.__all__ if each not in {"load", "published"}]


@pytest.fixture(scope="module")
def report(demo):
    return frames.load(demo.folder, today=TODAY)


@pytest.mark.whole
def test_where_pandas_is_not_installed_what_to_install_is_named():
    asked = "import sys; sys.modules['pandas'] = None; from cdrp_xl import frames"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
    assert "pandas is not installed, which makes data frames." in run.stderr
    assert 'pip install "cdrp-xl[notebooks]"' in run.stderr


def test_the_highlights_are_those_of_the_published_report(report):
    with CASE.open(encoding="utf-8", newline="") as file:
        printed = list(csv.DictReader(file))
    found = frames.highlights(report)
    assert len(printed) == 45
    assert list(found["earlier"]) == [int(row["earlier"]) for row in printed]
    assert list(found["later"]) == [int(row["later"]) for row in printed]
    assert (found["later"] - found["earlier"]).equals(found["change"])
    symbols = found["apparent_change_symbol"].dropna()
    assert set(symbols) == {"No Calc"}
    assert found["apparent_change"].isna().sum() == len(symbols)


@pytest.mark.parametrize("name", OF_A_REPORT)
def test_a_frame_has_rows_and_columns_of_one_kind_each(report, name):
    found = getattr(frames, name)(report)
    assert len(found) > 1
    assert [str(kind) for kind in found.dtypes if str(kind) == "object"] == []


@pytest.mark.whole
@pytest.mark.parametrize("name", OF_A_REPORT)
def test_a_frame_of_what_a_report_does_not_have_is_empty_with_the_same_columns(report, street_level, name):
    without = frames.load(street_level.folder, today=TODAY)
    assert (without.priorities, without.farm, without.returned) == ((), None, None)
    found, whole = getattr(frames, name)(without), getattr(frames, name)(report)
    assert dict(found.dtypes) == dict(whole.dtypes)
    assert len(found) > 0 or name in {"series", "group", "group_positions", "farm_crime", "returns"}


def test_months_add_up_to_the_quarter(report):
    months, rows = frames.months(report), frames.highlights(report).set_index("row_id")
    in_quarter = months[months["month"].between("2011-04-01", "2011-06-30")]
    sums = in_quarter.groupby("row_id")["offences"].sum()
    assert len(sums) > 3
    assert sums.to_dict() == rows.loc[sums.index, "later"].to_dict()


def test_farm_crime_of_quarters_adds_up_to_their_total(report):
    found = frames.farm_crime(report)
    quarters = found[found["by"] == "quarter"]
    is_total = quarters["group"] == report.farm.lines[-1].group
    parts = quarters[~is_total].groupby("period")["offences"].sum()
    assert len(parts) == 9
    assert parts.to_dict() == quarters[is_total].set_index("period")["offences"].to_dict()


def test_the_catalogue_has_every_figure_under_its_name(report):
    found = frames.catalogue(report).set_index("name")
    assert found.index.is_unique
    assert found.loc["all-crime.later", "value"] == 1321
    assert found.loc["all-crime.later", "shown"] == "1,321"


def test_what_is_not_for_partners_says_so_among_the_returns(report):
    found = frames.returns(report)
    asides = {part.title for section in report.returned.sections for part in section.parts if part.aside}
    assert asides
    assert set(found.loc[~found["is_for_partners"], "question"]) == asides


@pytest.mark.whole
def test_counts_that_the_copy_hides_are_there_for_the_analyst_alone(report, demo, tmp_path):
    folder = Path(shutil.copytree(demo.folder, tmp_path / "hiding"))
    file = folder / "partnership.toml"
    hiding = '[suppression]\nhighlights = "hide"\nfarm = "hide"\n[report]'
    file.write_text(file.read_text(encoding="utf-8").replace("[report]", hiding), encoding="utf-8")
    (folder / "counts" / "printed.json").unlink()
    with pytest.raises(CannotBeComputedError, match="changed since the last refresh"):
        frames.load(folder, today=TODAY)
    refreshing.refresh(folder, quarter=None, today=TODAY, progress=str)
    own = frames.load(folder, today=TODAY)
    for name in ("highlights", "farm_crime", "months"):
        pd.testing.assert_frame_equal(getattr(frames, name)(own), getattr(frames, name)(report))
    tables = frames.published(folder, today=TODAY)
    hidden = (tables["tblCadet"].filter(like="_symbol") == "[c]").sum().sum()
    assert hidden > 16
    assert (tables["tblFarm"].filter(like="_symbol") == "[c]").sum().sum() > 0
