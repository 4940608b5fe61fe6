"""The record of runs: what was read, decided, overridden, refused and published can be followed a year later."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import msgspec
import pytest

from cdrp_xl import output
from cdrp_xl.errors import CannotBeComputedError, FileError
from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs
from cdrp_xl.sources.master import Override
from cdrp_xl.terms import Status
from cdrp_xl.workbooks import history, publishing, refreshing

TODAY = dt.date(2011, 7, 29)
PRIVATE = ("SYN/", "Specimen Street", "V012388")


def sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_the_demo_leaves_a_refresh_and_a_publish(demo):
    first, second = history.runs(demo.folder)
    assert [(run.number, run.what, run.outcome) for run in (first, second)] == [
        (1, "refresh", "done"),
        (2, "publish", "done"),
    ]
    assert first.settings == sha256(demo.folder / "partnership.toml")
    assert {each.name: each.sha256 for each in first.files}["data/cadet-2011-12-q1.csv"] == sha256(
        demo.folder / "data" / "cadet-2011-12-q1.csv"
    )
    assert first.files == second.files
    assert second.issued.sha256 == sha256(demo.copy)
    assert (second.quarter, second.issued.issue) == ("2011-12 Q1", 1)
    extract = next(each for each in first.rows if each.source == "Police recorded crime extract")
    assert extract.read == extract.counted + sum(extract.left_out.values()) > 0


def test_no_value_of_a_row_is_in_it(demo):
    written = "".join(file.read_text(encoding="utf-8") for file in (demo.folder / "log").iterdir())
    assert written
    assert not [each for each in PRIVATE if each in written]


def test_what_was_overridden_is_recorded_with_the_rule_and_the_reason(example):
    own = Override(
        priority_id="dwelling-burglary", quarter=Period.parse("2011-12 Q1"), status=Status.CONCERN, reason="Two series."
    )
    publishing.publish_held(example, today=TODAY, progress=str, inputs=Inputs(overrides=(own,)))
    (decided,) = history.runs(example)[-1].decided
    assert (decided.what, decided.decision, decided.reason) == (
        "Dwelling burglary",
        Status.CONCERN.value,
        "Two series.",
    )
    assert "The rule gives: Better position." in decided.by_rule


def test_a_run_that_is_refused_is_recorded_with_the_reason(example):
    file = example / "data" / "cadet-2011-12-q1.csv"
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(CannotBeComputedError, match="changed since the last refresh"):
        publishing.publish(example, today=TODAY, progress=str)
    last = history.runs(example)[-1]
    assert (last.what, last.is_done) == ("publish", False)
    assert last.outcome.startswith("refused: data/cadet-2011-12-q1.csv changed since the last refresh")


def test_a_file_that_did_not_change_is_not_hashed_again(example, monkeypatch):
    hashed = []
    monkeypatch.setattr(history, "_hash", lambda path: hashed.append(path.name) or "0" * 64)
    file = example / "data" / "cadet-2011-12-q1.csv"
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    refreshing.refresh(example, quarter=None, today=TODAY, progress=str)
    assert "cadet-2011-12-q1.csv" in hashed
    hashed.clear()
    refreshing.refresh(example, quarter=None, today=TODAY, progress=str)
    assert hashed == []


def test_the_history_is_printed_run_by_run(cdrp_xl, demo):
    shown = cdrp_xl("history", demo.folder).stdout
    assert shown.startswith("Run 2, ")
    assert "publish 2011-12 Q1" in shown.splitlines()[0]
    assert f"  Published: {demo.copy.name} (" in shown
    printed = json.loads(cdrp_xl("history", demo.folder, "--json").stdout)
    assert [run["what"] for run in printed] == ["refresh", "publish"]


def test_what_the_gate_found_in_a_copy_is_in_the_printed_history(demo):
    (*_, run) = history.runs(demo.folder)
    found = msgspec.structs.replace(run.issued, findings=("look: A value from a single row is in the workbook.",))
    printed = output.history_text([msgspec.structs.replace(run, issued=found)]).splitlines()
    assert printed[-1] == "  Found in it: look: A value from a single row is in the workbook."


def test_a_folder_without_runs_says_so(cdrp_xl, tmp_path):
    assert cdrp_xl("history", tmp_path).stdout == "Nothing was refreshed or published yet.\n"


def test_a_damaged_record_is_named(example):
    (example / "log" / "000001-refresh.json").write_text("{", encoding="utf-8")
    with pytest.raises(FileError, match=r"000001-refresh\.json, the record of a run, can't be read"):
        history.runs(example)
