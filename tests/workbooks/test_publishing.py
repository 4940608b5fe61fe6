"""Publish: the partners' copy holds what the master shows, what the analyst wrote, and nothing that is not for them."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import re
import zipfile

import openpyxl
import pytest
from sums import declared_sums

from cdrp_xl.errors import CannotBeComputedError, CannotBeWrittenError, FileError, RefusedByGateError
from cdrp_xl.measures.attack import Interval, Sum, best_bounds
from cdrp_xl.periods import Period
from cdrp_xl.publication import Finding, Severity, gate
from cdrp_xl.selected import FarmOffences, FarmRepeats
from cdrp_xl.workbooks import certificate, published_before, publishing, refreshing
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


def test_a_draft_of_an_email_goes_with_the_former_copy_whether_or_not_there_is_a_new_one(example):
    (example / "published" / COPY).with_suffix(".eml").write_bytes(b"draft")
    write_summary(example / "master.xlsm", "Other words")
    former = publish(example).former
    assert former.with_suffix(".eml").read_bytes() == b"draft"
    assert not (example / "published" / COPY).with_suffix(".eml").exists()


def test_a_copy_does_not_take_over_what_was_made_of_another(example):
    """As where a publish was killed with the new copy in place, and the certificate of the former one."""
    published = example / "published"
    place, former = published / CERTIFICATE, certificate.read(published / CERTIFICATE)
    of_former = certificate.with_files(former, [certificate.hashed("page.html", b"the former copy")])
    write_summary(example / "master.xlsm", "Other words")
    publish(example)
    place.write_bytes(certificate.as_bytes(of_former))
    publish(example)
    assert certificate.read(place).made_of_it == ()
    assert verify(published / COPY, password=str).outcome is Outcome.CERTIFIED


def test_the_copy_of_a_killed_publish_is_not_kept_under_the_certificate_of_the_one_before(example):
    published = example / "published"
    of_first = (published / CERTIFICATE).read_bytes()
    write_summary(example / "master.xlsm", "Other words")
    publish(example)
    (published / CERTIFICATE).write_bytes(of_first)
    write_summary(example / "master.xlsm", "Yet others")
    former = publish(example).former
    assert former.name == "South-Cambridgeshire-2011-12-Q1 (superseded 2).xlsx"
    assert not certificate.path_of(former).exists()
    first = published / "South-Cambridgeshire-2011-12-Q1 (superseded 1).xlsx"
    assert verify(first, password=str).outcome is Outcome.CERTIFIED


def test_a_copy_changed_by_hand_is_kept_with_the_certificate_of_the_copy_that_it_was(example):
    published = example / "published"
    certified = (published / CERTIFICATE).read_bytes()
    (published / COPY).write_bytes(b"changed by hand")
    former = publish(example).former
    assert certificate.path_of(former).read_bytes() == certified


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
    steps = []
    publish(example, steps.append)
    assert steps[-2:] == ["Writing the partners' copy", "Checking the partners' copy"]


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
    with pytest.raises(CannotBeWrittenError, match=rf"^{COPY} could not be written; what was there is unchanged\."):
        publish(example)
    assert names_in(example / "published") == [COPY]


def test_the_attackers_best_bounds_on_a_copy_with_hidden_counts_are_as_wide_as_the_policy_wants(example):
    """Everything that the copy prints of the offence rows is read back from its file and put together."""
    settings_changed(example, "[report]", '[suppression]\nhighlights = "hide"\n[report]')
    refresh(example)
    done = publish(example)
    rows = openpyxl.load_workbook(done.copy)["CADET highlights"].iter_rows(min_col=1, max_col=5, values_only=True)
    below = itertools.dropwhile(lambda row: row[0] != "Offence group", rows)
    printed = list(itertools.islice(below, 1, 46))
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
    (suppressed,) = certificate.read(done.certificate).small_counts
    assert (suppressed.sheet, suppressed.hidden) == ("CADET highlights", 16)


def test_what_a_copy_printed_is_kept_for_the_next_copies_and_publishing_again_gives_the_same_bytes(example):
    settings_changed(example, "[report]", '[suppression]\nhighlights = "hide"\n[report]')
    (example / "counts" / "printed.json").unlink()
    refresh(example)
    first = publish(example)
    content = first.copy.read_bytes()
    kept = published_before.load(example, classification="cadet-2011")
    assert {shown.offences for shown in kept if shown.how == "hidden"} >= {1, 2}
    of_rows = [
        shown
        for shown in kept
        if shown.how == "printed"
        and isinstance(shown.cell[1], str)
        and shown.cell[0] == "South Cambridgeshire"
        and shown.cell[2] in {first.report.comparison.earlier, first.report.comparison.later}
    ]
    assert len(of_rows) == 90 - 16
    assert (("South Cambridgeshire", "arson", Period.parse("2010-11 Q1")), 10, "printed") in kept
    assert not [shown for shown in of_rows if shown.offences in {1, 2}]
    again = publish(example)
    assert (again.copy.read_bytes(), again.former) == (content, None)
    (example / "counts" / "printed.json").write_text("[1]")
    with pytest.raises(FileError, match=r"printed\.json, the record of what earlier copies published, can't be read"):
        publish(example)


def test_a_farm_policy_that_is_off_changes_no_byte_of_the_copy(example):
    content = publish(example).copy.read_bytes()
    settings_changed(example, "[report]", '[suppression]\nfarm = "off"\n[report]')
    refresh(example)
    assert publish(example).copy.read_bytes() == content


def farm_policy(example, policy):
    for kept in ("printed.json", "copies.json"):
        (example / "counts" / kept).unlink()
    settings_changed(example, "[report]", f"[suppression]\n{policy}\n[report]")
    refresh(example)
    return publish(example)


def rows_under(sheet, heading):
    """The rows of a table, by the first cell of its heading row: each as its cells by heading."""
    lines = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    start = next(number for number, line in enumerate(lines) if line[:1] == [heading] and len(line) > 1)
    body = itertools.takewhile(lambda line: len(line) == len(lines[start]), lines[start + 1 :])
    return [dict(zip(lines[start], line, strict=True)) for line in body]


def farm_as_read(copy):
    """What a reader of a copy knows of each farm count by group and period, and what adds up; "" is all farm crime."""
    book = openpyxl.load_workbook(copy)
    seen, every = {}, "All farm crime"
    for row in rows_under(book["Farm crime by group"], "Offence group"):
        group = row["Offence group"].replace(every, "")
        hidden = {year for year in YEARS if row[year] == "[c]"}
        seen |= {(group, year): row[year] for year in YEARS}
        assert {year for year in YEARS if row[f"{year} share"] == "[c]"} == hidden
        assert (row["Numeric change"] == "[c]") == (row["Apparent change"] == "[c]") == bool(hidden)
    for row in rows_under(book["Farm crime by group"], "Quarter"):
        seen |= {(name.replace(every, ""), row["Quarter"]): row[name] for name in row if name != "Quarter"}
    for row in rows_under(book["Farm crime by quarter"], "Quarter"):
        assert seen["", row["Quarter"]] == row["Offences"]
        seen["", f"2009-10 {row['Quarter'][-2:]}"] = row["Same quarter of 2009-10"]
        seen["repeats", row["Quarter"]], seen["victims", row["Quarter"]] = [*row.values()][3:5]
    seen = {cell: count for cell, count in seen.items() if count != "[x]"}
    totals = {row["Quarter"]: row["Offences"] for row in rows_under(book["Farm crime"], "Quarter")}
    seen |= {("", quarter): total for quarter, total in totals.items()}
    groups = sorted({group for group, _ in seen} - {"", "repeats", "victims"})
    periods = {period for _, period in seen}
    sums = [Sum(whole=("", period), parts=tuple((group, period) for group in groups)) for period in periods]
    sums += [
        Sum(whole=(group, year), parts=tuple((group, f"{year} Q{number}") for number in range(1, 5)))
        for group in ("", *groups)
        for year in YEARS
    ]
    for what, part in (("", "repeats"), ("repeats", "victims")):
        sums += [
            Sum(whole=(what, period), parts=((part, period),), is_bound=True)
            for period in periods
            if (part, period) in seen
        ]
    return seen, sums


YEARS = ("2009-10", "2010-11")


@pytest.mark.parametrize(("unsafe_up_to", "small"), [(2, 20), (4, 27)])
def test_the_attackers_best_bounds_on_a_copy_with_hidden_farm_crime_are_as_wide_as_the_policy_wants(
    example, built, unsafe_up_to, small
):
    """The farm worksheets and those of the priority of the same locus are read back from the file and put together."""
    done = farm_policy(example, f'farm = "hide"\nunsafe_up_to = {unsafe_up_to}')
    printed, sums = farm_as_read(done.copy)
    seen = {cell: Interval(1, None) if count == "[c]" else Interval(count, count) for cell, count in printed.items()}
    best = best_bounds(seen, sums)
    print(*(f"{cell}: {least} to {most}" for cell, (least, most) in best.items()), sep="\n")  # noqa: T201  "printed by a test"
    assert min(interval.width for interval in best.values()) >= unsafe_up_to
    (counts_hidden,) = certificate.read(done.certificate).small_counts
    unsaid = 1  # the offence of the quarter that names no victim stands in a sentence alone, and is left out of it
    assert (counts_hidden.sheet, counts_hidden.hidden) == (
        "Farm crime by group, Farm crime by quarter",
        len(best) + unsaid,
    )
    assert (done.report.suppressed[0].unsafe, done.report.suppressed[0].exposed) == (small, 0)
    truth = farm_truth(built)
    assert all(truth[cell] == count for cell, count in printed.items() if count != "[c]" and cell in truth)
    small_alone = {
        cell: Interval(1, None) if 0 < count <= unsafe_up_to else Interval(count, count)
        for cell, count in truth.items()
    }
    unprotected = best_bounds(small_alone, [each for each in sums if small_alone.keys() >= {*each.cells}])
    assert min(interval.width for interval in unprotected.values()) == 0


def test_no_small_count_of_rounded_farm_crime_can_be_bounded_by_the_totals_that_a_priority_prints(example, built):
    done = farm_policy(example, 'farm = "round"')
    printed, sums = farm_as_read(done.copy)
    exact = {("", row["Quarter"]) for row in rows_under(openpyxl.load_workbook(done.copy)["Farm crime"], "Quarter")}
    seen = {
        cell: Interval(count, count) if cell in exact else Interval(max(0, count - 2), count + 2)
        for cell, count in printed.items()
    }
    assert {count % 5 for cell, count in printed.items() if cell not in exact} == {0}
    best = best_bounds(seen, sums)
    small = [best[cell] for cell, count in farm_truth(built).items() if 0 < count <= 2]
    assert len(small) == 13
    assert min(interval.width for interval in small) >= 2


def farm_truth(built):
    """Every count of groups and of all farm crime, as the report without a policy has them."""
    crime, counts = built.farm, {}
    names = [*crime.groups, ""]
    for name, line in zip(names, crime.lines, strict=True):
        counts |= {(name, year.name): count for year, count in zip(crime.years, line.offences, strict=True)}
    for each in crime.quarters:
        of_quarter = zip(names, (*each.by_group, each.offences), strict=True)
        counts |= {(name, each.quarter.name): count for name, count in of_quarter}
    return counts


@pytest.mark.parametrize(("loci", "unsafe_up_to"), [('["Barn", "Farm"]', 2), ('["Barn", "Farm"]', 4), ('["Barn"]', 10)])
def test_no_hidden_farm_count_stands_in_a_sentence_or_a_chart_of_the_copy(example, loci, unsafe_up_to):
    """Every whole number in words and every point kept by the chart is one that a cell of the worksheets prints."""
    settings_changed(
        example,
        'locus_types = ["Agricultural"]\nlocus_subtypes = ["Barn", "Farm"]',
        f'locus_types = ["Agricultural"]\nlocus_subtypes = {loci}',
    )
    done = farm_policy(example, f'farm = "hide"\nunsafe_up_to = {unsafe_up_to}')
    book = openpyxl.load_workbook(done.copy)
    cells = [
        cell for name in FARM for row in book[name].iter_rows(values_only=True) for cell in row if cell is not None
    ]
    numbers = {abs(cell) for cell in cells if isinstance(cell, int)}
    all_crime = {1321, 5595, 6287}
    crime = done.report.farm
    words = " ".join([*(cell for cell in cells if isinstance(cell, str)), crime.chart_alt_text])
    assert crime.by_year_text[:20] in words
    with zipfile.ZipFile(done.copy) as archive:
        drawn = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
        assert crime.chart_alt_text in "".join(
            archive.read(name).decode() for name in archive.namelist() if "drawings/drawing" in name
        )
    plain = re.sub(r"\d{4}-\d\d( Q\d)?|(April|June) \d{4}|\[note \d+\]|12 months|[\d.]+%", "", words)
    said = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", plain)}
    assert said <= numbers | all_crime, said - numbers - all_crime
    (chart,) = [each for each in drawn if f"{FARM[1]}'!" in each]
    points = re.findall(r"<c:numCache>.*?</c:numCache>", chart)
    kept = [int(value) for each in points for value in re.findall(r"<c:v>(\d+)</c:v>", each)]
    printed = [
        row[name]
        for name in ("Offences", "Same quarter of 2009-10")[: len(points)]
        for row in rows_under(book[FARM[1]], "Quarter")
    ]
    assert kept == [count for count in printed if count != "[c]"]
    assert ("[c]" in printed) == (loci != '["Barn", "Farm"]')


FARM = ("Farm crime by group", "Farm crime by quarter")


def test_partners_and_the_analyst_see_the_same_farm_figures_and_the_pivot_tables_stay(example, built):
    done = farm_policy(example, 'farm = "hide"')
    copy, master = (openpyxl.load_workbook(file) for file in (done.copy, example / "master.xlsm"))
    assert rows_under(master[FARM[0]], "Offence group") == rows_under(copy[FARM[0]], "Offence group")
    assert rows_under(master[FARM[1]], "Quarter") == rows_under(copy[FARM[1]], "Quarter")
    assert done.report.farm.by_quarter == built.farm.by_quarter


def test_what_a_copy_printed_of_farm_crime_is_kept_for_the_next_copies(example):
    done = farm_policy(example, 'farm = "hide"')
    kept = published_before.load(example, classification=published_before.FARM)
    kept = {shown for shown in kept if shown.how == "printed"}
    assert kept == {each for each in done.report.disclosed if isinstance(each.cell[1], FarmOffences | FarmRepeats)}
    assert len(kept) > 30
    assert not [shown for shown in kept if shown.offences in {1, 2}]
    content = done.copy.read_bytes()
    assert publish(example).copy.read_bytes() == content


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
    relationships = {name: content for name, content in parts.items() if name.endswith(".rels")}
    assert len(relationships) > 2
    assert [name for name, content in relationships.items() if b'TargetMode="External"' in content] == []
