"""A saved master is filled part by part: our blocks show the layout, and nothing else is touched."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from cdrp_xl.errors import CannotBeWrittenError, FileError
from cdrp_xl.sheets import Chart, Properties, Table, Text
from cdrp_xl.writers import saved_workbook
from cdrp_xl.writers.existing_workbook import OtherWorksheetsError, new_lines

pytestmark = pytest.mark.whole

DAY_0 = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no time zone


PROPERTIES = Properties(
    title="South Cambridgeshire Community Safety Partnership: Performance report, 2011-12 Q1",
    subject="South Cambridgeshire, April to June 2011",
    author="",
    date=dt.date(2011, 7, 29),
    marking="OFFICIAL",
    is_final=False,
)


def fill(content, layout, properties=PROPERTIES):
    return saved_workbook.fill(content, layout, properties, name="master.xlsm")


def changed(layout, change):
    """Return the layout with every block given to a function, which returns the blocks that stand in its place."""
    return tuple(
        dataclasses.replace(sheet, blocks=tuple(new for block in sheet.blocks for new in change(block)))
        for sheet in layout
    )


def shown(content):
    """Return what the texts and tables of a workbook hold, as another library reads them."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = {}
    for name, defined in book.defined_names.items():
        for sheet, address in defined.destinations:
            found[name] = book[sheet][address.replace("$", "")].value
    for sheet in book:
        for table in sheet.tables.values():
            assert table.column_names == [cell.value for cell in sheet[table.ref][0]]
            assert table.autoFilter.ref == table.ref
            found[table.name] = [[plain(cell.value) for cell in row] for row in sheet[table.ref]]
    return found


def plain(value):
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return float(f"{value:.12g}") if isinstance(value, int | float) else value or None


def expected(layout):
    blocks = [block for sheet in layout for block in sheet.blocks]
    texts = {block.name: block.value or None for block in blocks if isinstance(block, Text) and block.name}
    tables = {
        block.name: [
            [column.heading for column in block.columns],
            *([plain(value) for value in row] for row in block.rows or [[None] * len(block.columns)]),
        ]
        for block in blocks
        if isinstance(block, Table) and not block.inputs
    }
    return texts | tables


def assert_shows(content, layout):
    found, wanted = shown(content), expected(layout)
    assert {name: found.get(name) for name in wanted} == wanted


def test_a_master_that_shows_the_layout_already_is_given_back_part_for_part(saved, layout, parts_of):
    filled = fill(saved, layout)
    assert parts_of(filled) == parts_of(fill(filled, layout))
    differ = [name for name, part in parts_of(saved).items() if parts_of(filled)[name] != part]
    assert differ == [
        parts_of(saved).real("worksheet Control")
    ]  # Control: the layout's is that of before the first refresh


def test_another_quarter_is_shown_and_the_former_again(saved, layout, earlier_layout, parts_of):
    earlier = fill(saved, earlier_layout)
    assert_shows(earlier, earlier_layout)
    assert list(parts_of(earlier)) == list(parts_of(saved))
    again = fill(earlier, layout)
    assert_shows(again, layout)
    assert fill(saved, earlier_layout) == earlier


def test_a_title_takes_a_second_line_and_gives_it_up_again(saved, layout):
    def longer(block):
        if isinstance(block, Text) and block.name == "notes_title":
            second = dataclasses.replace(block, name="notes_title_1", value="and more")
            return (block, second)
        return (block,)

    two = changed(layout, longer)
    filled = fill(saved, two)
    assert_shows(filled, two)
    sheet = openpyxl.load_workbook(io.BytesIO(filled))["Notes"]
    assert [sheet[f"A{row}"].value for row in (1, 2, 3)] == ["Notes and symbols", "and more", "OFFICIAL"]
    assert (sheet["A2"].font.sz, sheet["A2"].font.b) == (sheet["A1"].font.sz, sheet["A1"].font.b)
    again = fill(filled, layout)
    assert_shows(again, layout)
    assert openpyxl.load_workbook(io.BytesIO(again))["Notes"]["A2"].value is None


def blocks_of(layout, kind):
    return {block.name for sheet in layout for block in sheet.blocks if isinstance(block, kind)}


def test_a_master_of_the_first_months_is_filled_with_a_later_quarter(layout, earlier_layout):
    """In 2010-11 Q3 no month is judged and there is no season yet; the lines and tables for both are there."""
    earlier, later = blocks_of(earlier_layout, Text), blocks_of(layout, Text)
    assert new_lines(later, earlier) == later - earlier
    assert blocks_of(earlier_layout, Table) == blocks_of(layout, Table)


def test_parts_that_hold_none_of_our_blocks_stay_byte_for_byte(saved, earlier_layout, parts_of):
    before, after = parts_of(saved), parts_of(fill(saved, earlier_layout))
    stay = [name for name in before if before[name] == after[name]]
    assert {"xl/vbaProject.bin", "xl/styles.xml", "xl/theme/theme1.xml", "xl/sharedStrings.xml"} <= set(stay)
    assert before.real("worksheet xlwings.conf") in stay
    assert "xl/drawings/vmlDrawing1.vml" in stay


def test_no_former_figure_is_left_in_the_points_that_charts_keep(saved, earlier_layout, parts_of):
    filled = fill(saved, earlier_layout)
    book = openpyxl.load_workbook(io.BytesIO(filled))
    charts = [(sheet.name, block) for sheet in earlier_layout for block in sheet.blocks if isinstance(block, Chart)]
    parts = {
        name: part.decode() for name, part in parts_of(filled).items() if re.match(r"xl/(charts|drawings)/\w", name)
    }
    for name, chart in charts:
        begun = f"<a:t>{chart.title}</a:t>"
        (text,) = [part for part in parts.values() if begun in part and re.search(f"<c:f>'?{name}'?!", part)]
        assert [at for at, part in parts.items() if f'descr="{chart.alt_text}"' in part], chart.name
        references = re.findall(
            r"<c:f>'?([^'!]+)'?!([$A-Z0-9:]+)</c:f><c:(str|num)Cache>(.+?)</c:(?:str|num)Cache>", text
        )
        assert len(references) == 3 * len(chart.series)
        for sheet, address, kind, cache in references:
            left, top, right, bottom = range_boundaries(address)
            cells = [row[0].value for row in book[sheet].iter_rows(top, bottom, left, right)]
            points = re.findall(r"<c:v>(.*?)</c:v>", cache)
            if kind == "num":  # a symbol is not a point, nor is an empty cell
                counts = [cell for cell in cells if isinstance(cell, int | float)]
                assert list(map(float, points)) == pytest.approx(counts, rel=1e-14)  # a cell keeps 16 digits
            else:
                assert points == list(map(str, cells))
            assert f'<c:ptCount val="{len(cells)}"/>' in cache


def with_more_rows(layout, name):
    """Return the layout with three more rows in a table."""

    def longer(block):
        if isinstance(block, Table) and block.name == name:
            new = tuple((f"New {i}", *block.rows[0][1:]) for i in range(3))
            return (dataclasses.replace(block, rows=(*block.rows, *new)),)
        return (block,)

    return changed(layout, longer)


def test_a_table_that_grows_takes_its_looks_along_and_moves_our_lines_under_it(saved, layout):
    grown = with_more_rows(layout, "tblSummary")
    before = openpyxl.load_workbook(io.BytesIO(saved))["Summary"]
    filled = fill(saved, grown)
    assert_shows(filled, grown)
    book = openpyxl.load_workbook(io.BytesIO(filled))
    sheet = book["Summary"]
    assert dict(sheet.tables.items()) == {"tblSummary": "A6:J11"}
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["I7:I11"]
    assert book.defined_names["summary_small_0"].attr_text == "Summary!$A$13"
    looks = [(cell.font.b, cell.number_format, cell.alignment.wrap_text) for cell in sheet[11]]
    assert looks == [(cell.font.b, cell.number_format, cell.alignment.wrap_text) for cell in before[8]]
    assert_shows(fill(filled, layout), layout)


def test_a_table_that_grows_moves_our_table_under_it_with_its_heights_and_conditions(saved, layout):
    grown = with_more_rows(layout, "tblYearEnd1")
    before = openpyxl.load_workbook(io.BytesIO(saved))["Dwelling burglary by month"]
    assert dict(before.tables.items()) == {"tblYearEnd1": "A26:E27", "tblMonths1": "A29:F56"}
    filled = fill(saved, grown)
    assert_shows(filled, grown)
    sheet = openpyxl.load_workbook(io.BytesIO(filled))["Dwelling burglary by month"]
    assert dict(sheet.tables.items()) == {"tblYearEnd1": "A26:E30", "tblMonths1": "A32:F59"}
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["F33:F59"]
    heights = [sheet.row_dimensions[row].height for row in range(32, 60)]
    assert heights == [before.row_dimensions[row].height for row in range(29, 57)]
    assert_shows(fill(filled, layout), layout)


def test_lines_are_made_under_the_line_before_and_emptied_when_they_are_no_more(saved, layout):
    def more_lines(block):
        if isinstance(block, Text) and block.name == "notes_intro_0":
            return (block, *(dataclasses.replace(block, name=f"notes_intro_{i}", value=f"=Line {i}") for i in (1, 2)))
        return (block,)

    filled = fill(saved, changed(layout, more_lines))
    book = openpyxl.load_workbook(io.BytesIO(filled))
    assert [book["Notes"][f"A{row}"].value for row in (3, 4, 5)][1:] == ["=Line 1", "=Line 2"]
    assert book["Notes"]["A4"].data_type == "s"
    notes = next(block for sheet in layout for block in sheet.blocks if getattr(block, "name", "") == "tblNotes")
    assert book["Notes"].tables["tblNotes"].ref == f"A7:B{7 + len(notes.rows)}"
    again = openpyxl.load_workbook(io.BytesIO(fill(filled, layout)))
    assert again["Notes"]["A4"].value is None
    assert again.defined_names["notes_intro_1"].attr_text == "'Notes'!$A$4"


def test_a_title_has_more_lines_in_one_quarter_and_fewer_in_another(saved, layout):
    def two_lines(block):
        if isinstance(block, Text) and block.name == "notes_title":
            return (block, dataclasses.replace(block, name="notes_title_1", value="and what goes with it"))
        return (block,)

    filled = fill(saved, changed(layout, two_lines))
    assert shown(filled)["notes_title_1"] == "and what goes with it"
    assert shown(fill(filled, layout))["notes_title_1"] is None


def test_what_the_analyst_sorted_stays_sorted(saved, layout):
    book = openpyxl.load_workbook(io.BytesIO(saved), keep_vba=True)
    sheet = book["Notes"]
    rows = [[cell.value for cell in row] for row in sheet["A18:B21"]]
    for row, values in zip(sheet["A18:B21"], reversed(rows), strict=True):
        for cell, value in zip(row, values, strict=True):
            cell.value = value
    sheet["B19"].value = "spoilt"
    content = io.BytesIO()
    book.save(content)
    assert shown(fill(content.getvalue(), layout))["tblSymbols"][1:] == list(reversed(rows))


def test_a_link_leads_to_a_worksheet_under_the_name_that_it_has_now(saved, layout, with_parts, parts_of):
    parts = parts_of(saved)
    (chart,) = (name for name in parts if name.startswith("xl/charts/") and b"'Farm crime'!" in parts[name])
    renamed = with_parts(
        saved,
        {
            "xl/workbook.xml": [
                ('name="Farm crime"', 'name="Farms &amp; barns"'),
                ("'Farm crime'!", "'Farms &amp; barns'!", "everywhere"),
            ],
            chart: [("'Farm crime'!", "'Farms &amp; barns'!", "everywhere")],
        },
    )
    filled = fill(renamed, layout)
    assert_shows(filled, layout)
    assert "location=\"'Farms &amp; barns'!A1\"" in parts_of(filled)["worksheet Cover"].decode()


def test_files_that_name_parts_from_the_root_and_leave_out_what_goes_without_saying_are_filled(saved, layout):
    """openpyxl writes targets such as /xl/worksheets/sheet1.xml, and no styles of tables."""
    book = openpyxl.load_workbook(io.BytesIO(saved), keep_vba=True)
    content = io.BytesIO()
    book.save(content)
    assert_shows(fill(content.getvalue(), layout), layout)


def test_rows_and_cells_that_do_not_say_where_they_stand_are_counted(saved, layout, parts_of, with_parts):
    sheet = parts_of(saved)["worksheet xlwings.conf"].decode()
    plain_cells = re.sub(r'<(row|c) r="[A-Z]*[0-9]+"', r"<\1", sheet)
    assert plain_cells != sheet
    notes = parts_of(saved)["worksheet Checks"].decode()
    without = re.sub(r'<c r="[A-Z]+[0-9]+"', "<c", notes)
    content = with_parts(saved, {}, new={"worksheet xlwings.conf": plain_cells, "worksheet Checks": without})
    assert_shows(fill(content, layout), layout)


def test_pages_and_properties_bear_the_marking_and_the_quarter_of_now(saved, layout, with_parts, parts_of):
    own = with_parts(saved, {"worksheet Summary": [("&amp;L&amp;A&amp;R", "&amp;LOFFICIAL-ISH&amp;R")]})
    marked = tuple(dataclasses.replace(sheet, marking="OFFICIAL-SENSITIVE") for sheet in layout)
    properties = dataclasses.replace(PROPERTIES, title="Of now", subject="This one", marking="OFFICIAL-SENSITIVE")
    parts = parts_of(fill(own, marked, properties))
    for name in ("Control", "Summary", "CADET highlights"):
        assert b'Bold"OFFICIAL-SENSITIVE</oddHeader>' in parts[f"worksheet {name}"]
    assert b"<oddFooter>&amp;LOFFICIAL-ISH&amp;RPage" in parts["worksheet Summary"]
    core = parts["docProps/core.xml"].decode()
    for said in ("<dc:title>Of now<", "<dc:subject>This one<", "<cp:contentStatus>OFFICIAL-SENSITIVE<"):
        assert said in core
    again = parts_of(fill(fill(own, marked, properties), layout))
    assert b'Bold"OFFICIAL</oddHeader>' in again["worksheet Summary"]


def test_text_stays_text_and_keeps_its_spaces_lines_and_what_looks_like_an_escape(saved, layout):
    words = "  =1+1\n_x0041_ <&> \U0001f693 "

    def other(block):
        if isinstance(block, Text) and block.name == "summary_intro_0":
            return (dataclasses.replace(block, value=words),)
        return (block,)

    filled = fill(saved, changed(layout, other))
    cell = openpyxl.load_workbook(io.BytesIO(filled))["Summary"]["A4"]
    assert (cell.value, cell.data_type) == (words.replace("_x", "_x005F_x"), "s")  # openpyxl reads escapes as they are
    assert fill(filled, changed(layout, other)) == filled


def test_days_are_counted_as_the_workbook_counts_them(saved, layout, with_parts):
    content = with_parts(saved, {"xl/workbook.xml": [("<workbookPr ", '<workbookPr date1904="1" ')]})
    assert_shows(fill(content, layout), layout)


def spoilt(with_parts, saved, *changes):
    return with_parts(saved, {part: [(former, now)] for part, former, now in changes})


STATES = {
    "filtered": (
        [
            (
                "table tblCadet",
                '<autoFilter ref="A6:E51"/>',
                '<autoFilter ref="A6:E51"><filterColumn colId="0"><top10 val="3"/></filterColumn></autoFilter>',
            )
        ],
        "The table tblCadet is filtered.",
        'worksheet "CADET highlights", cells A6:E51',
        "Clear the filter",
    ),
    "merged": (
        [
            (
                "worksheet Summary",
                "</sheetData>",
                '</sheetData><mergeCells count="1"><mergeCell ref="B7:C7"/></mergeCells>',
            )
        ],
        "The table tblSummary holds merged cells.",
        'worksheet "Summary", cells A6:J8',
        "Unmerge them",
    ),
    "merged text": (
        [
            (
                "worksheet Cover",
                "</sheetData>",
                '</sheetData><mergeCells count="1"><mergeCell ref="A3:B3"/></mergeCells>',
            )
        ],
        "A cell of a text is merged with others.",
        'worksheet "Cover", cell A3',
        "Unmerge it",
    ),
    "renamed table": (
        [("table tblSummary", 'displayName="tblSummary"', 'displayName="tblMine"')],
        "The table tblSummary is gone.",
        'worksheet "Summary"',
        'name it "tblSummary" again',
    ),
    "name deleted": (
        [
            (
                "xl/workbook.xml",
                '<definedName name="summary_intro_0">Summary!$A$4</definedName>',
                "",
            )
        ],
        'The named cell "summary_intro_0" is gone.',
        'worksheet "Summary"',
        "undo that",
    ),
    "row deleted": (
        [
            (
                "xl/workbook.xml",
                "<definedName name=\"priority_2_objective_0\">'Farm crime'!$A$8",
                '<definedName name="priority_2_objective_0">#REF!',
            )
        ],
        'The named cell "priority_2_objective_0" is gone.',
        'worksheet "Farm crime"',
        "undo that",
    ),
    "column added": (
        [("table tblSymbols", 'ref="A17:B21"', 'ref="A17:C21"')],
        "The table tblSymbols has 3 columns; the report has 2.",
        'worksheet "Notes", cells A17:C21',
        "--anew",
    ),
    "text moved into a table": (
        [("xl/workbook.xml", 'summary_intro_0">Summary!$A$4', 'summary_intro_0">Summary!$B$7')],
        'The same cells hold the named cell "summary_intro_0" and the table tblSummary.',
        'worksheet "Summary", cells B7 and A6:J8',
        "undo that",
    ),
    "two texts in one cell": (
        [("xl/workbook.xml", 'summary_intro_0">Summary!$A$4', 'summary_intro_0">Summary!$A$1')],
        'The same cells hold the named cell "summary_title" and the named cell "summary_intro_0".',
        'worksheet "Summary", cells A1 and A1',
        "--anew",
    ),
    "table moved into another": (
        [("table tblSymbols", 'ref="A17:B21"', 'ref="A13:B17"')],
        "The same cells hold the table tblNotes and the table tblSymbols.",
        'worksheet "Notes", cells A5:B15 and A13:B17',
        "If you moved one of them",
    ),
    "totals": (
        [("table tblCurrency", 'totalsRowShown="0"', 'totalsRowCount="1"')],
        "The table tblCurrency has no heading row, or a row of totals.",
        'worksheet "How up to date the figures are", cells A5:G10',
        "the total row off",
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_a_state_that_can_not_be_filled_is_reported(saved, layout, with_parts, state):
    changes, what, where, remedy = STATES[state]
    with pytest.raises(CannotBeWrittenError) as refused:
        fill(spoilt(with_parts, saved, *changes), layout)
    assert refused.value.what == what
    assert refused.value.where == f"master.xlsm, {where}"
    assert remedy in refused.value.remedy


def test_worksheets_whose_names_were_swapped_are_refused(saved, layout, with_parts):
    swapped = with_parts(
        saved,
        {
            "xl/workbook.xml": [
                ('<sheet name="Farm crime"', '<sheet name="_"'),
                ('<sheet name="Dwelling burglary"', '<sheet name="Farm crime"'),
                ('<sheet name="_"', '<sheet name="Dwelling burglary"'),
                ("'Farm crime'!", "'_'!", "everywhere"),
                ("'Dwelling burglary'!", "'Farm crime'!", "everywhere"),
                ("'_'!", "'Dwelling burglary'!", "everywhere"),
            ]
        },
    )
    with pytest.raises(
        CannotBeWrittenError, match=r'"Dwelling burglary" would go onto the worksheet "Farm crime"'
    ) as refused:
        fill(swapped, layout)
    assert not isinstance(refused.value, OtherWorksheetsError)


def test_a_report_with_other_worksheets_is_told_apart(saved, layout):
    with pytest.raises(OtherWorksheetsError, match='it has "Farm crime", which the report no longer has'):
        fill(saved, tuple(sheet for sheet in layout if sheet.name != "Farm crime"))
    more = dataclasses.replace(layout[2], name="More", blocks=(Text(name="more_title", value="More"),))
    with pytest.raises(OtherWorksheetsError, match='it has no "More"'):
        fill(saved, (*layout, more))


def test_a_table_that_would_grow_over_the_analysts_cells_is_refused(saved, layout, with_parts):
    def longer(block):
        return (dataclasses.replace(block, rows=(*block.rows, block.rows[-1])) if block.name == "tblChecks" else block,)

    checks = next(block for sheet in layout for block in sheet.blocks if block.name == "tblChecks")
    below = checks.row + checks.height + 1
    typed = f'<row r="{below}"><c r="B{below}"><v>1</v></c></row></sheetData>'
    content = with_parts(saved, {"worksheet Checks": [("</sheetData>", typed)]})
    with pytest.raises(CannotBeWrittenError) as refused:
        fill(content, changed(layout, longer))
    assert refused.value.what == "The table tblChecks needs 1 more row, and the cells under it are not empty."
    assert refused.value.where == f'master.xlsm, worksheet "Checks", cells A{below}:C{below}'
    assert_shows(fill(content, layout), layout)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"<xml/>"])
def test_a_file_that_is_no_workbook_is_refused(content, layout):
    with pytest.raises(FileError, match=r"^master\.xlsm is not a workbook, or it is damaged\.") as refused:
        fill(content, layout)
    assert "save it again" in refused.value.remedy


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("worksheet Checks", ' t="s"><v>', ' t="s"><v>9999'),
        ("table tblChecks", '<tableColumn id="1"', '<other id="1"'),
        ("table tblChecks", ' ref="', ' ref="here" former="'),
    ],
    ids=["texts", "columns", "place"],
)
def test_a_workbook_whose_parts_disagree_is_refused_in_words(saved, layout, with_parts, part, before, after):
    damaged = with_parts(saved, {part: [(before, after)]})
    with pytest.raises((FileError, CannotBeWrittenError), match=r"^[^\n]+\nWhere: master\.xlsm.*\nWhat to do: "):
        fill(damaged, layout)


def test_a_workbook_of_another_vocabulary_is_refused(saved, layout, parts_of, with_parts):
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = with_parts(saved, {"xl/workbook.xml": [(main, "http://purl.oclc.org/ooxml/spreadsheetml/main")]})
    with pytest.raises(FileError, match=r"^master\.xlsm is not saved as a macro-enabled Excel workbook\."):
        fill(strict, layout)
