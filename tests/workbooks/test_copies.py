"""A copy says where it differs from earlier ones, with both values and why; a reissue says it on its first page."""

from __future__ import annotations

import datetime as dt
import json

import openpyxl
import pytest
from sums import declared_sums

from cdrp_xl.errors import CannotBeComputedError, FileError
from cdrp_xl.measures.attack import Interval, best_bounds
from cdrp_xl.periods import Period
from cdrp_xl.workbooks import copies, publishing, refreshing
from cdrp_xl.workbooks.verifying import Outcome, verify

TODAY = dt.date(2011, 7, 29)
NAME = "South-Cambridgeshire-2011-12-Q1"
QUARTER = Period.parse("2011-12 Q1")


def refresh(folder):
    return refreshing.refresh(folder, quarter=None, today=TODAY, progress=str)


def publish(folder, *, is_again=False):
    return publishing.publish(folder, today=TODAY, progress=str, is_again=is_again)


def settings_changed(folder, old, new):
    file = folder / "partnership.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def without(folder, *references):
    """Take rows out of the extract of the quarter, as a force does that finds no crime in them."""
    file = folder / "data" / "recorded-crime-2011-12-q1.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    left = [line for line in lines if not line.startswith(references)]
    assert len(left) == len(lines) - len(references)
    file.write_text("".join(left), encoding="utf-8")


def texts(copy, sheet):
    return [[cell.value for cell in row if cell.value is not None] for row in openpyxl.load_workbook(copy)[sheet]]


def references(folder, code, count):
    lines = (folder / "data" / "recorded-crime-2011-12-q1.csv").read_text(encoding="utf-8").splitlines()
    found = [line.split(",")[0] + "," for line in lines if line.split(",")[3] == code]
    return found[:count]


def test_a_first_copy_has_no_worksheet_of_revisions_and_has_the_policy(demo):
    book = openpyxl.load_workbook(demo.copy)
    assert "Revisions" not in book.sheetnames
    notes = [str(cell.value) for row in book["Notes"] for cell in row]
    assert any(note.startswith("Revisions policy: every copy is counted again") for note in notes)


def test_the_master_says_that_nothing_is_known_of_an_earlier_refresh(demo):
    said = texts(demo.master, "Revisions")
    assert said[2][0].startswith("No earlier refresh is kept to compare with")


def test_a_figure_that_was_revised_is_noted_with_both_values_and_why(example):
    without(example, *references(example, "58C", 2))
    refresh(example)
    done = publish(example)
    rows = texts(done.copy, "Revisions")
    the_copy = "the copy for 2011-12 Q1 of 29 July 2011"
    assert ["All Crime", "April to June 2011", the_copy, 1321, 1319, "The source revised it."] in rows
    head = " ".join(" ".join(map(str, row)) for row in texts(done.copy, "CADET highlights")[:12])
    assert "Revised since an earlier copy [note 10]: All Crime, April to June 2011: 1,319, was 1,321 in" in head
    assert "Revised since an earlier copy" in str(texts(done.copy, "Headlines"))
    master = texts(example / "master.xlsm", "Revisions")
    line = next(row for row in master if row[:2] == ["All Crime", "Police recorded crime extract"])
    was, now, change, *parts = line[3:]
    assert (now - was, change, sum(parts)) == (change, change, change)
    assert parts[1] == change < 0


def test_the_same_report_published_twice_is_the_same_bytes_with_its_notes(example):
    without(example, *references(example, "58C", 1))
    refresh(example)
    first = publish(example).copy.read_bytes()
    done = publish(example)
    assert (done.copy.read_bytes(), len(copies.load(example))) == (first, 2)


def test_a_reissue_is_numbered_and_says_first_what_changed(example):
    before = (example / "published" / f"{NAME}.xlsx").read_bytes()
    without(example, *references(example, "58C", 3))
    refresh(example)
    done = publish(example, is_again=True)
    assert done.copy.name == f"{NAME}-r2.xlsx"
    assert (example / "published" / f"{NAME}.xlsx").read_bytes() == before
    cover = [row[0] for row in texts(done.copy, "Cover") if row]
    at = cover.index("Reissue 2: what changed")
    assert cover[at + 1].startswith("All Crime, April to June 2011: 1,318, was 1,321 in the copy for 2011-12 Q1")
    assert any(line.startswith("What differs from the issue before: Headlines") for line in cover[at:])
    assert verify(done.copy, password=str).outcome is Outcome.CERTIFIED
    again = publish(example)
    assert (again.copy, again.copy.read_bytes()) == (done.copy, done.copy.read_bytes())
    assert copies.issue_of(copies.load(example), QUARTER) == 2


def test_a_reissue_in_which_nothing_changed_is_refused(example):
    with pytest.raises(CannotBeComputedError, match=r"^Nothing changed since the copy for 2011-12 Q1 was last issued"):
        publish(example, is_again=True)
    assert sorted(path.name for path in (example / "published").iterdir()) == [
        f"{NAME}.certificate.json",
        f"{NAME}.xlsx",
    ]


def test_a_reissue_of_what_was_never_issued_is_refused(example):
    (example / "counts" / "copies.json").unlink()
    with pytest.raises(CannotBeComputedError, match="There is no copy for 2011-12 Q1 yet"):
        publish(example, is_again=True)


def test_a_changed_definition_is_named_as_the_reason(example):
    settings_changed(example, "[sources.recorded_crime]\n", '[sources.recorded_crime]\nnot_counted = ["58C"]\n')
    refresh(example)
    rows = texts(publish(example).copy, "Revisions")
    found = next(row for row in rows if row[:2] == ["Criminal Damage", "April to June 2011"])
    assert found[-1] == "How it is counted was corrected."


def test_a_damaged_record_of_copies_is_refused(example):
    (example / "counts" / "copies.json").write_text("[", encoding="utf-8")
    with pytest.raises(FileError, match=r"copies\.json, the record of the copies"):
        refresh(example)


def test_the_record_of_a_copy_keeps_the_key_that_folders_have(tmp_path):
    """Folders of earlier versions name what a copy disclosed "told"."""
    counts = [["cadet-2011", "South Cambridgeshire", "arson", "2011-12 Q1", 3, "rounded"]]
    sheets = {"Notes": "0" * 64}
    record = {"quarter": QUARTER.name, "issue": 1, "date": "2011-07-29", "area": "South Cambridgeshire"}
    record |= {"classification": "cadet-2011", "number": 1, "told": counts, "sheets": sheets}
    file = tmp_path / "counts" / "copies.json"
    file.parent.mkdir()
    file.write_text(json.dumps([record]), encoding="utf-8")
    (copied,) = copies.load(tmp_path)
    assert [each.how for each in copied.disclosed] == ["rounded"]
    copies.add(tmp_path, copied)
    assert json.loads(file.read_bytes()) == [record]


def test_no_earlier_count_is_given_that_would_give_a_small_one_away(example):
    """A first copy hid nothing. The second hides small counts, and a reader puts its notes beside its figures."""
    file = example / "data" / "recorded-crime-2011-12-q1.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    added = [",".join([f"SYN/11/9{number:05d}", *_with_code(lines[1], "19C")]) for number in range(4)]
    file.write_text("\n".join([*lines, *added, ""]), encoding="utf-8")
    settings_changed(example, "[report]\n", '[suppression]\nhighlights = "hide"\n\n[report]\n')
    refresh(example)
    built = publish(example).report
    table, later = built.comparison, built.comparison.later
    assert table["rapes"].later == 6
    noted = {each.row: each for each in built.changed.figures if each.period == later.words}
    assert noted["rapes"].was is None
    assert noted["all-crime"].was == 1321

    def earlier(row):
        if row.row.row_id in noted:
            was = noted[row.row.row_id].was
            return Interval(0, None) if was is None else Interval(was, was)
        return Interval(row.later, row.later) if isinstance(row.later, int) else Interval(0, None)

    seen = {("", row.row.row_id, later): earlier(row) for row in table.rows}
    best = best_bounds(seen, declared_sums(table.classification, areas=[""], periods=[later]))
    assert best["", "rapes", later].width >= 2


def _with_code(line, code):
    _, committed, recorded, _, *rest = line.split(",")
    return [committed, recorded, code, *rest]


def test_hidden_and_rounded_counts_are_not_compared(example):
    settings_changed(example, "[report]\n", '[suppression]\nhighlights = "round"\n\n[report]\n')
    refresh(example)
    publish(example)
    without(example, *references(example, "58C", 6))
    refresh(example)
    built = publish(example).report
    assert not [each for each in built.changed.figures if isinstance(each.row, str)]
