"""The gate at the door: what it stops is never written, and what single rows say is looked for in every copy."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cdrp_xl import output
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import RefusedByGateError
from cdrp_xl.publication import Severity, canaries, inspect
from cdrp_xl.publication.canaries import END
from cdrp_xl.sources import row_values
from cdrp_xl.sources.recorded_crime import RecordedCrimeHeadings, RecordedCrimeSettings
from cdrp_xl.workbooks import gating, publishing, refreshing

TODAY = dt.date(2011, 7, 29)
COPY = "South-Cambridgeshire-2011-12-Q1.xlsx"


def first_row(folder):
    (extract, *_) = sorted((folder / "data").glob("recorded-crime-*.csv"))
    with extract.open(encoding="utf-8", newline="") as lines:
        return next(csv.DictReader(lines))


def write_summary(master, text):
    book = openpyxl.load_workbook(master)
    cell = next(row[2] for row in book["Inputs"].iter_rows() if row[0].value == "summary")
    cell.value, cell.data_type = text, "s"
    book.save(master)


def publish(folder):
    return publishing.publish(folder, today=TODAY, progress=str)


def test_nothing_in_the_worked_examples_copy_is_found_at_all(demo):
    assert inspect(demo.copy.read_bytes(), demo.copy.name) == ()


def test_every_row_level_value_of_the_extracts_was_looked_for_in_the_copy(demo, built):
    own = settings_file.read(demo.folder)
    passed = gating.check(demo.copy.read_bytes(), COPY, settings=own, folder=demo.folder, built=built)
    assert passed.findings == ()
    assert passed.row_values.headings == ("Crime Reference", "Victim Reference", "Premises Reference", "Location")
    assert passed.row_values.looked_for > 50_000
    assert passed.row_values.too_short == {}


@pytest.mark.parametrize("heading", ["Crime Reference", "Victim Reference"])
def test_a_value_of_a_row_in_the_commentary_stops_the_copy_and_leaves_the_former_one(example, heading):
    value = first_row(example)[heading]
    published = example / "published"
    before = {path.name: path.read_bytes() for path in published.iterdir()}
    write_summary(example / "master.xlsm", f"One of them ({value}) stands for many.")
    with pytest.raises(RefusedByGateError) as refused:
        publish(example)
    assert str(refused.value) == (
        f'A value from a single row is in the workbook, from under "{heading}": "{value[:3]}…" ({len(value)} '
        f'characters).\nWhere: {COPY}, worksheet "Summary", cell A6, part "xl/sharedStrings.xml"\n'
        "What to do: Take it out of the commentary, or of whatever else holds it, and publish again."
    )
    assert {path.name: path.read_bytes() for path in published.iterdir()} == before


def test_an_address_in_the_commentary_is_to_be_looked_at(example):
    write_summary(example / "master.xlsm", f"Not far from {first_row(example)['Location']}.")
    findings = publish(example).passed.findings
    assert {finding.rule_id for finding in findings} == {"row-level-value", "personal-mention"}
    assert {(finding.severity, finding.sheet) for finding in findings} == {(Severity.LOOK, "Summary")}


def test_what_the_gate_found_is_said_to_whoever_publishes(example):
    location = first_row(example)["Location"]
    write_summary(example / "master.xlsm", f"Not far from {location}.")
    said = output.published(publish(example))
    assert said["values_of_single_rows_looked_for"] > 50_000
    (look,) = (each for each in said["look_at"] if "row" in each)
    assert look == (
        f'A value from a single row is in the workbook, from under "Location": "{location[:3]}…" '
        f'({len(location)} characters). Look at worksheet "Summary", cell A6.'
    )


def test_values_too_short_to_be_looked_for_are_said(example):
    (extract, *_) = sorted((example / "data").glob("recorded-crime-*.csv"))
    with extract.open(encoding="utf-8", newline="") as lines:
        headings, first, *rows = csv.reader(lines)
    first[headings.index("Victim Reference")] = "V12"
    with extract.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, first, *rows])
    refreshing.refresh(example, quarter=None, today=TODAY, progress=str)
    (look,) = publish(example).to_look_at
    assert look == (
        "Values from single rows are too short to be looked for in the workbook (fewer than 6 characters, or than 8 "
        'digits): 1 under "Victim Reference".'
    )


def test_what_to_look_at_in_the_figures_is_said_to_whoever_publishes_too(example):
    export = example / "data" / "cadet-2011-12-q1.csv"
    text = export.read_text(encoding="utf-8")
    export.write_text(text.replace("Rapes,2,,2,,0,No Calc", "Rapes,3,,4,,1,+ 33.3%"), encoding="utf-8")
    refreshing.refresh(example, quarter=None, today=TODAY, progress=str)
    done = publish(example)
    (look,) = output.published(done)["look_at"]
    assert look.startswith("Police recorded crime extract and CADET agree: 1 row differs: Rapes: ")
    assert done.to_look_at == (look,)


def test_of_several_findings_the_first_is_reported_and_the_others_counted(example):
    row = first_row(example)
    write_summary(example / "master.xlsm", f"{row['Crime Reference']} and {row['Victim Reference']}")
    with pytest.raises(RefusedByGateError, match=r"characters\)\. 1 more finding blocks\.\nWhere: "):
        publish(example)


def test_the_name_of_a_parish_is_no_value_of_a_row(example):
    write_summary(example / "master.xlsm", f"Most were in {first_row(example)['Parish']}, South Cambridgeshire.")
    assert publish(example).passed.findings == ()


LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp"))


@given(value=st.text(LETTERS, min_size=END + 1, max_size=20).filter(lambda drawn: len(drawn.strip()) > END))
@example(value="O\u2019Brien, Bourn")
@example(value="\u0130stanbul Road")
@example(value="14  Chapel  Lane")
@example(value="\u00a014\u00a0Chapel Lane")
def test_any_value_of_a_row_is_looked_for_and_found_in_a_copy_that_holds_it(value, tmp_path):
    assume(not re.fullmatch(r"[\d.,\s]+", value))  # numbers of few digits are not looked for
    with (tmp_path / "extract.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("Ref", "Recorded", "Offence"), (value, "01/04/2011", "Arson")])
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>See {html.escape(value)}</t>")
    texts = canaries.texts_in(copy.getvalue(), COPY)
    headings = RecordedCrimeHeadings(offence_reference="Ref", date_recorded="Recorded", offence="Offence")
    own = RecordedCrimeSettings(files=("extract.csv",), headings=headings)
    (found,) = row_values.with_ends(own, folder=tmp_path, runs=texts.runs(), letters=END).found
    assert texts.parts_with([found.value])[0] == "xl/sharedStrings.xml"
