"""Publish: the partners' copy holds what the master shows, what the analyst wrote, and nothing that is not for them."""

from __future__ import annotations

import datetime as dt
import os
import re
import zipfile

import openpyxl
import pytest

from cdrp_xl.errors import CannotBeComputedError, CannotBeWrittenError, FileError, RefusedByGateError
from cdrp_xl.measures.attack import Interval, best_bounds
from cdrp_xl.measures.suppression import declared_sums
from cdrp_xl.periods import Period
from cdrp_xl.publication import Finding, Severity, gate
from cdrp_xl.workbooks import certificate, printed_before, publishing, refreshing
from cdrp_xl.workbooks.verifying import Outcome, verify

TODAY = dt.date(2011, 7, 29)
COPY = "South-Cambridgeshire-2011-12-Q1.xlsx"
CERTIFICATE = "South-Cambridgeshire-2011-12-Q1.certificate.json"
PRIVATE = {"Crime Reference", "Victim Reference", "Premises Reference", "Location"}


def refresh(folder):
    return refreshing.refresh(folder, quarter=None, today=TODAY, progress=str)


def publish(folder, progress=str):
    return publishing.publish(folder, today=TODAY, progress=progress)


def settings_changed(folder, old, new):
    file = folder / "partnership.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def export_changed(export, old, new):
    text = export.read_text(encoding="utf-8")
    assert old in text
    export.write_text(text.replace(old, new), encoding="utf-8")


def write_summary(master, text):
    book = openpyxl.load_workbook(master)
    cell = next(row[2] for row in book["Inputs"].iter_rows() if row[0].value == "summary")
    cell.value, cell.data_type = text, "s"
    book.save(master)


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_copy_holds_what_the_analyst_wrote_since_the_refresh(example):
    write_summary(example / "master.xlsm", "=1+1 lambs")
    sheet = openpyxl.load_workbook(publish(example).copy)["Summary"]
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells["=1+1 lambs"] == "s"


def test_publishing_the_same_again_keeps_no_former_copy(example):
    before = (example / "published" / COPY).read_bytes()
    done = publish(example)
    assert (done.copy.name, done.former) == (COPY, None)
    assert done.copy.read_bytes() == before
    assert names_in(example / "published") == [CERTIFICATE, COPY]


def test_publishing_other_words_keeps_the_former_copy_byte_for_byte(example):
    before = (example / "published" / COPY).read_bytes()
    for number in (1, 2):
        write_summary(example / "master.xlsm", f"Version {number}")
        former = publish(example).former
        assert former.name == f"South-Cambridgeshire-2011-12-Q1 (superseded {number}).xlsx"
    first = example / "published" / "South-Cambridgeshire-2011-12-Q1 (superseded 1).xlsx"
    assert first.read_bytes() == before
    assert len(names_in(example / "published")) == 6
    for copy in (example / "published").glob("*.xlsx"):
        assert verify(copy, password=str).outcome is Outcome.CERTIFIED


def stands_as_before(folder, before):
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("is_first", [True, False])
def test_a_copy_whose_certificate_can_not_be_written_is_not_left(example, is_first):
    published = example / "published"
    (published / CERTIFICATE).unlink()
    if is_first:
        (published / COPY).unlink()
    before = {path.name: path.read_bytes() for path in published.iterdir()}
    (published / CERTIFICATE).mkdir()
    write_summary(example / "master.xlsm", "Other words")
    with pytest.raises(CannotBeWrittenError, match=rf"^{CERTIFICATE} could not be written"):
        publish(example)
    (published / CERTIFICATE).rmdir()
    stands_as_before(published, before)


def test_what_the_gate_refuses_is_not_written(example, monkeypatch):
    def grave(what, cell):
        return Finding(
            rule_id="x",
            severity=Severity.BLOCKS,
            part="",
            sheet="Summary",
            cell=cell,
            what=what,
            why="",
            remedy="Show it.",
        )

    found = [grave("A row is hidden.", "A7"), grave("A column is hidden.", "B1")]
    monkeypatch.setattr(gate, "findings_in", lambda _: found)
    published = example / "published"
    before = {path.name: path.read_bytes() for path in published.iterdir()}
    write_summary(example / "master.xlsm", "Other words")
    with pytest.raises(RefusedByGateError) as refused:
        publish(example)
    assert str(refused.value) == (
        f'A row is hidden. 1 more finding blocks.\nWhere: {COPY}, worksheet "Summary", cell A7\nWhat to do: Show it.'
    )
    stands_as_before(published, before)


def test_publishing_never_touches_the_master(example):
    write_summary(example / "master.xlsm", "Mine")
    before = (example / "master.xlsm").read_bytes()
    publish(example)
    assert (example / "master.xlsm").read_bytes() == before


def test_whoever_looks_on_is_told_what_is_being_done(example):
    told = []
    publish(example, told.append)
    assert told[-2:] == ["Writing the partners' copy", "Checking the partners' copy"]


def test_publishing_before_a_refresh_is_refused(example):
    (example / "counts" / "refreshed.json").unlink()
    with pytest.raises(CannotBeComputedError) as refused:
        publish(example)
    assert str(refused.value) == (
        f'Nothing was refreshed yet.\nWhere: {example}\nWhat to do: Run "cdrp-xl refresh example" first.'
    )


def moved(example, name):
    return (
        f"{name} changed since the last refresh, so the master may show other figures.\n"
        f"Where: {example}\n"
        "What to do: Refresh, read the master again, then publish."
    )


def test_settings_that_changed_since_the_refresh_are_refused(example):
    settings_changed(example, "Less farm crime", "Much less farm crime")
    with pytest.raises(CannotBeComputedError) as refused:
        publish(example)
    assert str(refused.value) == moved(example, "partnership.toml")
    refresh(example)
    assert publish(example).former.exists()


def test_an_extract_that_changed_since_the_refresh_is_refused(example):
    extract = example / "data" / "recorded-crime-2009-10.csv"
    extract.write_bytes(extract.read_bytes().replace(b"HO Code", b"HO Code"))
    os.utime(extract, (1, 1))
    with pytest.raises(CannotBeComputedError) as refused:
        publish(example)
    assert str(refused.value) == moved(example, "data/recorded-crime-2009-10.csv")


def test_an_extract_that_was_added_since_the_refresh_is_refused(example):
    (example / "data" / "recorded-crime-2012.csv").write_text("x", encoding="utf-8")
    with pytest.raises(CannotBeComputedError, match=r"^data/recorded-crime-2012\.csv changed since the last refresh"):
        publish(example)


def test_rows_that_do_not_add_up_are_refused_and_no_copy_is_written(example):
    settings_changed(example, "[report]", '[report]\ntable_source = "cadet"')
    export = example / "data" / "cadet-2011-12-q1.csv"
    export_changed(export, "Rapes,2,,2,,0,No Calc", "Rapes,3,,4,,1,+ 33.3%")
    before = (example / "published" / COPY).read_bytes()
    refresh(example)
    with pytest.raises(RefusedByGateError) as refused:
        publish(example)
    assert str(refused.value) == (
        "Rows do not add up: Serious Sexual Offences is not Rapes + Sexual Assaults + Other Serious Sexual Offences: "
        "13 against 14 in Apr-10 to Jun-10 (a difference of 1); "
        "14 against 16 in Apr-11 to Jun-11 (a difference of 2).\n"
        "Where: CADET highlights, South Cambridgeshire\n"
        "What to do: Find which count is wrong in the source, or map its rows in partnership.toml, then refresh."
    )
    assert (example / "published" / COPY).read_bytes() == before


def test_of_many_sums_that_do_not_hold_the_first_is_named_and_the_rest_counted(example):
    settings_changed(example, "[report]", '[report]\ntable_source = "cadet"')
    export = example / "data" / "cadet-2011-12-q1.csv"
    export_changed(
        export, "Aggravated vehicle taking,0,,4,,4,No Calc", "Aggravated vehicle taking,9000,,9004,,4,+ 0.0%"
    )
    refresh(example)
    with pytest.raises(
        RefusedByGateError, match=r"^Rows do not add up: Vehicle Crime is not .*\); 1 more does not, all"
    ):
        publish(example)


def test_a_folder_in_the_copys_place_is_refused_and_left(example):
    (example / "published" / CERTIFICATE).unlink()
    (example / "published" / COPY).unlink()
    (example / "published" / COPY).mkdir()
    with pytest.raises(CannotBeWrittenError, match=rf"^{COPY} could not be written; what stood there is as it was\."):
        publish(example)
    assert names_in(example / "published") == [COPY]


def test_the_attackers_best_bounds_on_a_copy_with_hidden_counts_are_as_wide_as_the_policy_wants(example):
    """Everything that the copy prints of the offence rows is read back from its file and put together."""
    settings_changed(example, "[report]", '[suppression]\nhighlights = "hide"\n[report]')
    refresh(example)
    done = publish(example)
    rows = openpyxl.load_workbook(done.copy)["CADET highlights"].iter_rows(min_col=1, max_col=5, values_only=True)
    printed = list(rows)[-45:]
    classification = done.report.comparison.classification
    seen = {}
    for row, (name, *counts, change, apparent) in zip(classification.rows, printed, strict=True):
        assert name == row.name
        assert ("[c]" in counts) == (change == "[c]") == (apparent == "[c]")
        for period, count in zip(("earlier", "later"), counts, strict=True):
            seen["", row.row_id, period] = Interval(1, None) if count == "[c]" else Interval(count, count)
    best = best_bounds(seen, declared_sums(classification, areas=[""], periods=["earlier", "later"]))
    print(*(f"{row}, {period}: {least} to {most}" for (_, row, period), (least, most) in best.items()), sep="\n")  # noqa: T201  "printed by a test"
    assert len(best) == 16
    assert min(interval.width for interval in best.values()) >= 2
    (told,) = certificate.read(done.certificate).small_counts
    assert (told.sheet, told.hidden) == ("CADET highlights", 16)


def test_what_a_copy_printed_is_kept_for_the_next_copies_and_publishing_again_gives_the_same_bytes(example):
    settings_changed(example, "[report]", '[suppression]\nhighlights = "hide"\n[report]')
    (example / "counts" / "printed.json").unlink()
    refresh(example)
    first = publish(example)
    content = first.copy.read_bytes()
    kept = printed_before.load(example, classification="cadet-2011")
    assert len(kept) == 90 - 16
    assert (("South Cambridgeshire", "arson", Period.parse("2010-11 Q1")), 10) in kept
    assert not [cell for cell, count in kept if count in {1, 2}]
    again = publish(example)
    assert (again.copy.read_bytes(), again.former) == (content, None)
    (example / "counts" / "printed.json").write_text("[1]")
    with pytest.raises(FileError, match=r"printed\.json, the record of what earlier copies printed, can't be read"):
        publish(example)


@pytest.mark.parametrize(
    ("area", "name"),
    [
        ("South Cambridgeshire", "South-Cambridgeshire-2011-12-Q1"),
        ("Ynys Môn", "Ynys-Mon-2011-12-Q1"),
        ("../../etc/passwd", "etc-passwd-2011-12-Q1"),
        ('A "B": C/D\\E*?', "A-B-C-D-E-2011-12-Q1"),
        ("\U0001f693", "2011-12-Q1"),
    ],
)
def test_the_copys_name_is_one_that_every_system_allows(built, area, name):
    from dataclasses import replace

    assert publishing.file_name(replace(built, area=area)) == name


@pytest.fixture(scope="module")
def book(demo):
    return openpyxl.load_workbook(demo.copy)


@pytest.fixture(scope="module")
def parts(demo):
    with zipfile.ZipFile(demo.copy) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_copy_has_no_worksheet_of_the_analysts(book):
    assert not {"Inputs", "Checks"} & set(book.sheetnames)
    assert {sheet.sheet_state for sheet in book} == {"visible"}


def test_no_row_or_column_of_the_copy_is_hidden(book):
    for sheet in book:
        assert not [row for row, dimension in sheet.row_dimensions.items() if dimension.hidden]
        assert not [column for column, dimension in sheet.column_dimensions.items() if dimension.hidden]


def test_the_copy_has_no_formula_comment_filter_or_merged_cell(book):
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert not [table for table in sheet.tables.values() if table.autoFilter]
        for row in sheet.iter_rows():
            assert not [cell for cell in row if cell.data_type == "f" or cell.comment]


def test_every_worksheet_of_the_copy_is_protected_and_opens_at_its_beginning(book):
    for sheet in book:
        assert sheet.protection.sheet
        assert {selection.sqref for selection in sheet.sheet_view.selection} <= {"A1"}


def test_the_only_defined_names_of_the_copy_are_print_titles(parts):
    names = re.findall(rb'<definedName name="([^"]+)"', parts["xl/workbook.xml"])
    assert set(names) <= {b"_xlnm.Print_Titles", b"_xlnm.Print_Area"}
    assert b'readOnlyRecommended="1"' in parts["xl/workbook.xml"]


def test_the_copy_says_its_title_and_its_producer_and_no_person(book):
    properties = book.properties
    assert properties.title == "South Cambridgeshire Community Safety Partnership: Performance report, 2011-12 Q1"
    assert (properties.creator, properties.lastModifiedBy) == ("Research Group (worked example)",) * 2
    assert properties.description is None


def test_the_copy_has_no_part_but_those_that_a_report_needs(parts):
    allowed = re.compile(
        r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|xl/(workbook|styles|sharedStrings)\.xml|"
        r"xl/_rels/workbook\.xml\.rels|xl/theme/theme1\.xml|xl/worksheets/(_rels/)?sheet\d+\.xml(\.rels)?|"
        r"xl/tables/table\d+\.xml|xl/charts/chart\d+\.xml|xl/drawings/(_rels/)?drawing\d+\.xml(\.rels)?"
    )
    assert [name for name in parts if not allowed.fullmatch(name)] == []


def test_no_relationship_of_the_copy_leads_out_of_it(parts):
    for name, content in parts.items():
        if name.endswith(".rels"):
            assert b'TargetMode="External"' not in content, name
