"""Any figure is led back to its rows, and these, counted again by pandas, give the figure."""

from __future__ import annotations

import datetime as dt
import json
import random
import re

import openpyxl
import pandas as pd
import pytest

from cdrp_xl import offences
from cdrp_xl.errors import FileError, ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.report import meant
from cdrp_xl.selected import FarmOffences, PriorityOffences
from cdrp_xl.workbooks import explaining, explaining_copy, refreshing
from cdrp_xl.workbooks.refreshing import prepare

DRAWN = 12
"""Cells of each report that are explained; 100 of each were, once (docs/explain.md)."""

EXAMPLE_DAY, STREET_DAY = dt.date(2011, 7, 29), dt.date(2026, 2, 1)
NO_LOCUS = ((), ())


def explainer_of(folder, today, quarter):
    prepared = prepare(folder, quarter=Period.parse(quarter), today=today, progress=str)
    return explaining.Explainer(
        folder=folder, own=prepared.settings, data=prepared.data, report=prepared.report, today=today
    )


def cells_of(master, report):
    """Return the address of every cell of a master that holds a count of rows, by worksheet."""
    book = openpyxl.load_workbook(master, data_only=True)
    found = []
    for sheet in book:
        for table in sheet.tables.values():
            lines = meant.lines(report, table.name)
            left, top, right, bottom = openpyxl.utils.range_boundaries(table.ref)
            headings = [sheet.cell(top, column).value for column in range(left, right + 1)]
            for row, (label, figures) in zip(range(top + 1, bottom + 1), lines, strict=False):
                assert re.sub(r" \[note \d+\]", "", str(sheet.cell(row, left).value)) == str(label)
                found += [
                    (f"{sheet.title}!{sheet.cell(row, left + at).coordinate}", figures[heading])
                    for at, heading in enumerate(headings)
                    if heading in figures and isinstance(sheet.cell(row, left + at).value, int | float)
                ]
    return found


def drawn(folder, explainer, seed):
    cells = cells_of(folder / "master.xlsm", explainer.report)
    assert len(cells) > DRAWN
    return random.Random(seed).sample(cells, min(DRAWN, len(cells)))  # noqa: S311 - a draw of cells, each time the same


def values_of(explained, what):
    """Return what a figure of its kind is, of the counts of its rows."""
    counts = [each.offences for each in explained.counted]
    if what == meant.COUNT:
        return counts[0]
    return counts[0] - counts[1] if what == meant.CHANGE else (counts[0] - counts[1]) / counts[1]


def check(explainer, cells, recounted):
    """Explain each cell; the rows that are named, counted again by pandas, are all that there are, and give it."""
    for address, figure in cells:
        (found,) = explainer.explain(address)
        for count, period in zip(found.counted, figure.periods, strict=True):
            named = {(rows.file, number) for rows in count.rows for number in rows.rows}
            assert named == recounted(figure.row, period), address
            assert len(named) == count.offences == sum(rows.offences for rows in count.rows)
            references = [each for rows in count.rows for each in rows.references]
            assert len(references) <= 10 * len(count.rows)
        if figure.what in {meant.COUNT, meant.CHANGE, meant.APPARENT_CHANGE}:
            assert float(found.shown) == pytest.approx(values_of(found, figure.what))


def extract_by_pandas(folder, settings, classification):
    """Return a function that counts a folder's extract again: the places of the rows of a figure in a period."""
    own = settings.sources.recorded_crime
    named = own.headings
    frames = []
    for file in sorted(folder.glob(own.files[0])):
        frame = pd.read_csv(file, dtype=str, keep_default_na=False)
        frame["place"] = [(file.name, number) for number in range(2, len(frame) + 2)]
        frames.append(frame)
    every = pd.concat(frames, ignore_index=True)
    every["day"] = pd.to_datetime(every[named.date_recorded], format="%d/%m/%Y")
    inside = every[every[named.area] == settings.partnership.area]

    def locus_of(row):
        priority = next((each for each in settings.priorities if row == PriorityOffences(each.id)), None)
        if priority:
            rows = [classification.row(name) for name in priority.measure.rows]
            codes = {code for each in rows for code in each.codes} or None
            return codes, (priority.measure.locus_types, priority.measure.locus_subtypes)
        if row == FarmOffences():
            return None, (settings.farm.locus_types, settings.farm.locus_subtypes)
        return classification.row(row).codes, NO_LOCUS

    def recounted(row, period):
        codes, (types, subtypes) = locus_of(row)
        found = inside[inside["day"].between(str(period.first.first_day), str(period.last_day))]
        found = found if codes is None else found[found[named.offence].isin(codes)]
        found = found[found[named.locus_type].isin(types)] if types else found
        found = found[found[named.locus_subtype].isin(subtypes)] if subtypes else found
        return set(found["place"])

    return recounted


def countable(cells):
    """Leave out the groups of farm crime, which the settings put together from codes, and repeats."""
    return [
        (at, each) for at, each in cells if isinstance(each.row, str | PriorityOffences) or each.row == FarmOffences()
    ]


@pytest.fixture(scope="module")
def example_explainer(demo):
    return explainer_of(demo.folder, EXAMPLE_DAY, "2011-12 Q1")


def test_the_rows_of_random_cells_of_the_worked_example_give_their_figures(demo, example_explainer):
    settings = example_explainer.settings
    recounted = extract_by_pandas(demo.folder, settings, offences.load("cadet-2011"))
    check(example_explainer, countable(drawn(demo.folder, example_explainer, 1)), recounted)


MADE = """
[partnership]
name = "A"
area = "Northtown"
[report]
classification = "home-office-2026"
[sources.recorded_crime]
files = ["extract*.csv"]
[sources.recorded_crime.headings]
offence_reference = "Reference"
date_recorded = "Recorded"
offence = "Code"
area = "District"
locus_type = "Locus"
locus_subtype = "Subtype"
[[priorities]]
id = "theft"
title = "Theft at shops"
objective = "Fewer"
deadline = "2025-26"
measure = { locus_types = ["Shop"] }
baseline = { year = "2023-24" }
"""


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made-up")
    (folder / "partnership.toml").write_text(MADE, encoding="utf-8")
    draw = random.Random(5)  # noqa: S311 - rows are made up, and the same each time
    for year in (2023, 2024):
        lines = ["Reference,Recorded,Code,District,Locus,Subtype"]
        for number in range(1500):
            day = dt.date(year, 4, 1) + dt.timedelta(days=draw.randrange(365 if year == 2023 else 91))
            code = draw.choice(["30A", "45", "46", "8N", "49", "34B", "1"])
            where = draw.choice(["Northtown", "Northtown", "Southtown", ""])
            lines.append(f"{year}/{number},{day:%d/%m/%Y},{code},{where},{draw.choice(['Shop', 'Street'])},Any")
        (folder / f"extract-{year}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    refreshing.refresh(folder, quarter=Period.parse("2024-25 Q1"), today=dt.date(2024, 8, 1), progress=str)
    return folder


def test_the_rows_of_random_cells_of_a_made_up_extract_give_their_figures(made_up):
    explainer = explainer_of(made_up, dt.date(2024, 8, 1), "2024-25 Q1")
    recounted = extract_by_pandas(made_up, explainer.settings, offences.load("home-office-2026"))
    check(explainer, countable(drawn(made_up, explainer, 2)), recounted)


def street_by_pandas(files, area):
    classification = offences.load("police-uk-2026")
    by_month = {}
    for file in sorted(files.glob("**/*-street.csv")):
        frame = pd.read_csv(file, dtype=str)
        frame["place"] = [(file.name, number) for number in range(2, len(frame) + 2)]
        columns = [name for name in frame.columns if name != "place"]
        frame = frame[frame["Crime ID"].isna() | ~frame.duplicated(columns)]
        by_month[file.name[:7]] = frame[frame["LSOA name"].str.rpartition(" ")[0] == area]

    def recounted(row, period):
        codes = classification.row(row).codes
        months = [by_month[f"{month.year}-{month.month:02d}"] for month in period.months]
        found = pd.concat(months)
        return set(found[found["Crime type"].str.upper().isin(codes)]["place"])

    return recounted


def test_the_rows_of_random_cells_of_street_level_files_give_their_figures(street_level, shared_data):
    explainer = explainer_of(street_level.folder, STREET_DAY, "2025-26 Q1")
    files = shared_data / "police_uk" / "cambridgeshire"
    check(
        explainer,
        drawn(street_level.folder, explainer, 3),
        street_by_pandas(files, "South Cambridgeshire"),
    )


def test_a_figure_of_the_cadet_export_is_led_back_to_its_row_and_heading(example):
    file = example / "partnership.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[report]\n", '[report]\ntable_source = "cadet"\n'), encoding="utf-8")
    refreshing.refresh(example, quarter=None, today=EXAMPLE_DAY, progress=str)
    (found,) = explainer_of(example, EXAMPLE_DAY, "2011-12 Q1").explain("burglary-dwelling.change")
    grid = pd.read_csv(example / "data" / "cadet-2011-12-q1.csv", header=None, dtype=str)
    for count, heading in zip(found.counted, ("Later Period", "Earlier Period"), strict=True):
        (rows,) = count.rows
        (row,) = rows.rows
        assert rows.heading == heading
        column = list(grid.iloc[0]).index(heading)
        cells = [each for each in grid.iloc[row - 1, column : column + 2] if isinstance(each, str)]
        assert grid.iloc[row - 1, 0] == "Burglary Dwelling"
        assert int(cells[0].replace(",", "")) == count.offences == rows.offences


def test_a_sentence_is_led_back_to_the_figures_that_it_has(example_explainer):
    found = example_explainer.explain("Burglary Dwelling fell from 104 to 61 offences.")
    assert {each.shown for each in found} >= {"104", "61"}


def test_a_cell_of_words_is_explained_by_its_figures(demo, example_explainer):
    sheet = openpyxl.load_workbook(demo.master)["Headlines"]
    cell = next(each for (each,) in sheet.iter_rows(max_col=1) if "were recorded in" in str(each.value))
    found = example_explainer.explain(f"Headlines!{cell.coordinate}")
    assert "All Crime" in {each.figure.partition(",")[0] for each in found} | {
        each.figure.partition(":")[0] for each in found
    }


def test_a_worksheet_function_is_led_back_to_its_rows(example_explainer):
    (found,) = example_explainer.explain('=CDRP_COUNT("Burglary Dwelling", "South Cambridgeshire", "2011-12 Q1")')
    assert (found.shown, found.counted[0].offences) == ("61", 61)
    assert sum(len(rows.rows) for rows in found.counted[0].rows) == 61


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ("=CDRP_NOTHING(1)", "is not a function of cdrp-xl"),
        ("=CDRP_RATE(61, 60000)", "is explained only for an offence row or a priority"),
        ("=CDRP_COMPARE()", "answers with several cells"),
        ("No Such Sheet!A1", 'There is no worksheet "No Such Sheet"'),
        ("CADET highlights!Z900", "Z900 is empty"),
        ("Nothing here has a figure", "holds no figure that is counted here"),
    ],
)
def test_what_is_no_figure_is_refused_with_what_to_do(example_explainer, asked, what):
    with pytest.raises(ValueFoundError, match=re.escape(what)):
        example_explainer.explain(asked)


def test_a_position_has_its_rule_and_its_inputs(demo, example_explainer):
    sheet = openpyxl.load_workbook(demo.master)["Summary"]
    cell = next(row[8] for row in sheet.iter_rows() if row[0].value == "Dwelling burglary")
    (found,) = example_explainer.explain(f"Summary!{cell.coordinate}")
    assert found.judged[0].startswith("Rule: usual movement. Offences: 61; baseline: ")
    assert any("It usually moves by" in said for said in found.judged)


def test_a_baseline_that_can_not_be_counted_is_not_available(cdrp_xl, example):
    settings = example / "partnership.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('{ year = "2009-10" }', '{ year = "2007-08" }'), encoding="utf-8")
    printed = cdrp_xl("explain", example, "dwelling-burglary.later")
    assert "Judged: Rule: usual movement. Offences: 61; baseline: [x].\n" in printed.stdout


def test_partners_are_told_no_row_and_no_reference(cdrp_xl, demo):
    printed = json.loads(cdrp_xl("explain", demo.folder, "burglary-dwelling.later", "--for-partners", "--json").stdout)
    (rows,) = printed[0]["counted"][0]["rows"]
    assert (rows["rows"], rows["references"], rows["offences"]) == ([], [], 61)
    shown = cdrp_xl("explain", demo.folder, "burglary-dwelling.later").stdout
    assert "First references: SYN/11/" in shown
    assert "Burglary Dwelling (codes 28" in shown


def test_a_published_copy_is_explained_from_its_certificate_alone(demo, tmp_path):
    copy = tmp_path / demo.copy.name
    copy.write_bytes(demo.copy.read_bytes())
    certificate = demo.copy.with_suffix(".certificate.json")
    (tmp_path / certificate.name).write_bytes(certificate.read_bytes())
    sheet = openpyxl.load_workbook(copy)["CADET highlights"]
    cell = next(row[2] for row in sheet.iter_rows() if row[0].value == "Burglary Dwelling")
    said = explaining_copy.explain(copy, f"CADET highlights!{cell.coordinate}").said
    shown = dict(said)
    assert shown["Cell"].endswith("Burglary Dwelling, Apr-11 to Jun-11")
    assert (shown["Shown"], shown["Note 1"][:25]) == ("61", "Offences are counted from")
    files = [text for what, text in said if what == "Made of"]
    assert any(text.startswith("recorded-crime-2011-12-q1.csv, ") for text in files)
    assert "SYN/" not in str(said)


def test_a_copy_that_was_changed_is_not_explained(demo, tmp_path):
    copy = tmp_path / demo.copy.name
    copy.write_bytes(demo.copy.read_bytes() + b" ")
    certificate = demo.copy.with_suffix(".certificate.json")
    (tmp_path / certificate.name).write_bytes(certificate.read_bytes())
    with pytest.raises(FileError, match="is not the copy that was certified"):
        explaining_copy.explain(copy, "Summary!A1")


def test_a_name_typed_on_inputs_is_explained_in_the_master(example):
    master = example / "master.xlsm"
    book = openpyxl.load_workbook(master, keep_vba=True)
    table = book["Inputs"].tables["tblExplain"]
    row = openpyxl.utils.range_boundaries(table.ref)[1] + 1
    book["Inputs"].cell(row, 1).value = "burglary-dwelling.later"
    book["Inputs"].cell(row + 1, 1).value = "no-such.figure"
    book.save(master)
    refreshing.refresh(example, quarter=None, today=EXAMPLE_DAY, progress=str)
    rows = [tuple(cell.value for cell in row[:3]) for row in openpyxl.load_workbook(master)["Explain"].iter_rows()]
    said = {(name, what): text for name, what, text in rows}
    assert said["burglary-dwelling.later", "Rows"].startswith("recorded-crime-2011-12-q1.csv: 61, rows 22, ")
    assert said["burglary-dwelling.later", "First references"].startswith("SYN/11/")
    refused = next(text for name, _, text in rows if name == "no-such.figure")
    assert "holds no figure that is counted here" in refused
