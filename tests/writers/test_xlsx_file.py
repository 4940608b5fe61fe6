"""The file writer: text stays text, ties round as printed, and the same layout gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import math
import os
import random
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.measures import comparison
from cdrp_xl.sheets import Button, Chart, Column, Series, SeriesKind, Sheet, Table, Text
from cdrp_xl.styles import BLUE, GREY, INK, LIGHT_GREY, MID_GREY, ORANGE, STATUS_FILLS, WHITE, Style
from cdrp_xl.terms import STATUS_ICONS, Status, as_shown
from cdrp_xl.writers import vba_project, xlsx_file

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PROPERTIES = xlsx_file.Properties(
    title="A title",
    subject="A subject",
    author="Research Group",
    date=dt.date(2011, 7, 29),
    marking="OFFICIAL",
    is_final=True,
)
ODD_TEXTS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("https://example.org")',
    "https://example.org",
    "mailto:a@example.org",
    "internal:'S'!A1",
    "1477",
    "2011-04-01",
    "TRUE",
    "'quoted",
    "_x0041_ and _x000D_",
    '<b>&amp;</b> "quotes"',
    "  spaces around  ",
    "two\nlines",
    "a\ttab",
    "\U0001f693 patrol \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "تقرير الجريمة",
    "\u05d3\u05d5\u05f4\u05d7 \u200f(1)",
    "e\u0301 and é",
    "#N/A",
    "0123",
    "x" * 32_767,
]


def table(rows, *styles, name="tblT", **other):
    columns = tuple(Column(heading=f"H{i}", style=style, width=12) for i, style in enumerate(styles))
    return Table(name=name, columns=columns, rows=tuple(map(tuple, rows)), **other)


def written(*blocks, name="S", path=None, **properties):
    sheet = Sheet(name=name, blocks=blocks, widths=(20.0,) * 6)
    content = xlsx_file.write([sheet], replace(PROPERTIES, **properties))
    if path is not None:
        path.write_bytes(content)
    return content


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode("utf-8")


def test_text_stays_text_for_every_reader(tmp_path, values_in_libreoffice, ooxml_validate):
    path = tmp_path / "odd.xlsx"
    written(*(Text(name=f"t{row}", value=text, row=row) for row, text in enumerate(ODD_TEXTS)), path=path)
    cells = [row[0] for row in openpyxl.load_workbook(path)["S"].iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells] == ODD_TEXTS
    assert [row[0] for row in values_in_libreoffice(path)["S"]] == ODD_TEXTS
    assert "<f>" not in part(path.read_bytes(), "xl/worksheets/sheet1.xml")
    assert "hyperlink" not in part(path.read_bytes(), "xl/worksheets/sheet1.xml")
    ooxml_validate(path)


def test_a_table_of_texts_stays_text_too(tmp_path, values_in_libreoffice):
    path = tmp_path / "odd.xlsx"
    written(table([[text, text] for text in ODD_TEXTS], Style.NAME, Style.INPUT), path=path)
    assert [row[:2] for row in values_in_libreoffice(path)["S"][1:]] == [[text, text] for text in ODD_TEXTS]


def test_a_text_too_long_for_a_cell_is_refused_by_its_place():
    with pytest.raises(CannotBeWrittenError) as refused:
        written(Text(name="t", value="x" * 40_000, row=4, column=1), name="Summary")
    assert str(refused.value) == (
        "A text has 40,000 characters; a cell holds 32,767.\n"
        'Where: worksheet "Summary", cell B5\n'
        "What to do: Correct the text where it comes from: the extract, partnership.toml or the worksheet Inputs."
    )


def test_an_emoji_takes_the_room_of_two_characters():
    assert written(Text(name="t", value="\U0001f693" * 16_383))
    with pytest.raises(CannotBeWrittenError, match=r"^A text has 32,768 characters; a cell holds 32,767\."):
        written(Text(name="t", value="\U0001f693" * 16_384))


@pytest.mark.parametrize("odd", ["\x00", "\x07", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_a_control_character_is_refused_by_its_place(odd):
    with pytest.raises(CannotBeWrittenError) as refused:
        written(table([["a", "fine"], ["b", f"bad{odd}"]], Style.NAME, Style.TEXT), name="Notes")
    assert str(refused.value) == (
        f"A text holds a control character (code {ord(odd)}).\n"
        'Where: worksheet "Notes", cell B3\n'
        "What to do: Correct the text where it comes from: the extract, partnership.toml or the worksheet Inputs."
    )


def test_the_apparent_change_is_shown_as_it_is_printed_on_every_tie_and_thousands_of_pairs(
    tmp_path, as_libreoffice_shows
):
    draw = random.Random(20110729)  # noqa: S311  the same pairs everywhere
    pairs = [(earlier, later) for earlier in (16, 80, 400, 2000) for later in range(earlier + 200) if later != earlier]
    pairs += [(10**6 * 4, 10**6 * 4 + step) for step in range(-9000, 9000, 500) if step]
    pairs += [(100_000, 100_001), (100_000, 99_999), (1, 0), (3, 10), (1, 1001)]
    while len(pairs) < 6000:
        earlier, later = draw.randint(1, 3000), draw.randint(0, 3000)
        pairs += [(earlier, later)] if earlier != later else []
    path = tmp_path / "changes.xlsx"
    rows = [(comparison.apparent_change(*pair),) for pair in pairs]
    written(table(rows, Style.APPARENT_CHANGE), path=path)
    shown = [row[0] for row in as_libreoffice_shows(path)["S"][1:]]
    printed = [comparison.printed_change(*pair) for pair in pairs]
    assert [(pair, a, b) for pair, a, b in zip(pairs, shown, printed, strict=True) if a != b] == []
    ties = [pair for pair in pairs if abs(pair[1] - pair[0]) * 2000 % pair[0] == 0]
    assert len(ties) > 300
    assert {"+ 6.3%", "- 6.3%", "+ 0.4%", "+ 0.0%", "- 0.0%", "- 100.0%"} <= set(printed)


def test_counts_changes_and_dates_are_shown_as_readers_expect(tmp_path, as_libreoffice_shows):
    path = tmp_path / "numbers.xlsx"
    rows = [[1477, -1560, dt.date(2011, 7, 1)], [0, 0, dt.date(2012, 2, 29)], [7, 1234, "[x]"]]
    written(table(rows, Style.COUNT, Style.CHANGE, Style.DATE), path=path)
    assert as_libreoffice_shows(path)["S"][1:] == [
        ["1,477", "-1,560", "1 July 2011"],
        ["0", "0", "29 February 2012"],
        ["7", "1,234", "[x]"],
    ]


@pytest.mark.parametrize("name", ["S", 'It\'s #1 & "more" <x>', "=1+1", "A1", "العنف \U0001f693", "2011-12 (Q1)%20"])
def test_a_link_leads_to_the_worksheet_that_it_names(name):
    contents = table([[name]], Style.LINK, links=(name,))
    sheets = [Sheet(name="Contents", blocks=(contents,), widths=(9.0,)), Sheet(name=name, blocks=(), widths=(9.0,))]
    book = opened(xlsx_file.write(sheets, PROPERTIES))
    cell = book["Contents"]["A2"]
    assert cell.value == name
    assert cell.hyperlink.location == "'{}'!A1".format(name.replace("'", "''"))
    assert cell.hyperlink.target is None
    assert book.sheetnames[1] == name


def charted(title="Burglary", sheet="S", values=((2, 3), (4, 5))):
    trend = Table(
        name="tblTrend1",
        columns=(
            Column(heading="Quarter", style=Style.NAME, width=12),
            Column(heading="Offences", style=Style.COUNT, width=12),
            Column(heading="Same quarter of 2009-10", style=Style.COUNT, width=12),
        ),
        rows=tuple((f"2011-12 Q{i}", *pair) for i, pair in enumerate(values, 1)),
        row=3,
    )
    series = (
        Series(heading="Offences", kind=SeriesKind.COLUMNS, colour=BLUE),
        Series(heading="Same quarter of 2009-10", kind=SeriesKind.LINE, colour=ORANGE),
    )
    chart = Chart(
        name="c",
        table=trend,
        categories="Quarter",
        series=series,
        title=title,
        across="Quarter",
        alt_text="Alt & <text>",
        row=3,
        column=4,
    )
    return written(trend, chart, name=sheet)


@pytest.mark.parametrize("title", ["Burglary", "Summary!A1", "=Summary!$A$1", "Stop crime!M11 corridor", "=1+1", "<&>"])
def test_a_charts_title_stays_text(title):
    chart = ET.fromstring(part(charted(title=title), "xl/charts/chart1.xml"))
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    namespace = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    shown = chart.find(f"{namespace}chart/{namespace}title")
    assert "".join(text.text for text in shown.iter(f"{drawing}t")) == title
    assert not list(shown.iter(f"{namespace}f"))


def test_a_workbook_with_a_chart_is_valid(tmp_path, ooxml_validate):
    path = tmp_path / "chart.xlsx"
    path.write_bytes(charted())
    ooxml_validate(path)


def test_the_alternative_text_is_that_of_the_chart():
    drawing = ET.fromstring(part(charted(), "xl/drawings/drawing1.xml"))
    descriptions = [each.get("descr") for each in drawing.iter() if each.tag.endswith("cNvPr")]
    assert "Alt & <text>" in descriptions


@pytest.mark.parametrize("none", ["[c]", None])
def test_a_chart_keeps_no_point_of_a_cell_that_holds_a_symbol_or_nothing(none):
    content = charted(values=((2, 3), (none, 5), (7, 8)))
    namespace = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    kept, _ = ET.fromstring(part(content, "xl/charts/chart1.xml")).iter(f"{namespace}numCache")
    points = {point.get("idx"): point.findtext(f"{namespace}v") for point in kept.iter(f"{namespace}pt")}
    assert points == {"0": "2", "2": "7"}


def test_a_table_without_rows_is_still_a_table(tmp_path, ooxml_validate, values_in_libreoffice):
    path = tmp_path / "empty.xlsx"
    written(table([], Style.NAME, Style.COUNT), path=path)
    assert opened(path.read_bytes())["S"].tables["tblT"].ref == "A1:B2"
    assert values_in_libreoffice(path)["S"][0] == ["H0", "H1"]
    ooxml_validate(path)


@pytest.mark.parametrize("status", Status)
def test_a_position_is_filled_by_its_icon_and_reads_without_the_fill(status):
    content = written(table([[as_shown(status)]], Style.STATUS), is_final=False)
    sheet = opened(content)["S"]
    assert sheet["A2"].value == f"{STATUS_ICONS[status]} {status.value}"
    rules = [rule for block in sheet.conditional_formatting for rule in block.rules]
    assert {rule.text for rule in rules} == set(STATUS_ICONS.values())
    assert {rule.operator for rule in rules} == {"beginsWith"}
    fills = [rule.dxf.fill.bgColor.rgb for rule in rules]
    assert len(set(fills)) == len(Status)


def test_a_month_that_stands_out_is_filled_by_whether_it_is_an_improvement():
    content = written(table([["Improvement: below the lower limit"], ["None"]], Style.SIGNAL), is_final=False)
    rules = [rule for block in opened(content)["S"].conditional_formatting for rule in block.rules]
    fills = {rule.text: f"#{rule.dxf.fill.bgColor.rgb[2:]}" for rule in rules}
    assert fills == {
        "Improvement": STATUS_FILLS[Status.BETTER],
        "Concern": STATUS_FILLS[Status.WORSE],
    }


def test_a_copy_that_nobody_types_into_keeps_no_word_that_none_of_its_cells_has():
    content = written(table([["Improvement: below the lower limit"], ["None"]], Style.SIGNAL), is_final=True)
    rules = [rule for block in opened(content)["S"].conditional_formatting for rule in block.rules]
    assert [rule.text for rule in rules] == ["Improvement"]


@pytest.mark.parametrize("is_final", [True, False])
def test_only_the_partners_copy_is_protected_and_recommended_read_only(is_final):
    content = written(table([["a"]], Style.INPUT), is_final=is_final)
    book = opened(content)
    assert book["S"].protection.sheet is is_final
    assert ('readOnlyRecommended="1"' in part(content, "xl/workbook.xml")) is is_final
    assert (book["S"].tables["tblT"].autoFilter is None) is is_final
    assert book["S"]["A2"].protection.locked is False


def test_the_workbook_says_who_made_it_and_nothing_of_the_machine():
    content = written(Text(name="t", value="a"))
    properties = opened(content).properties
    assert (properties.title, properties.subject, properties.creator) == ("A title", "A subject", "Research Group")
    assert properties.lastModifiedBy == "Research Group"
    assert properties.created == properties.modified == dt.datetime(2011, 7, 29, 0, 0)  # noqa: DTZ001  as the file says it
    assert properties.contentStatus == "OFFICIAL"


def test_figures_keep_away_from_what_is_drawn_beside_them():
    plain = table([[0.445, 1234.5, "[c]"]], Style.APPARENT_CHANGE, Style.MEAN, Style.MEAN)
    gapped = replace(plain, columns=tuple(replace(each, has_gap=True) for each in plain.columns), name="tblU", row=5)
    cells = opened(written(plain, gapped))["S"]
    assert [cells[f"{column}2"].number_format for column in "AB"] == ["+ 0.0%;- 0.0%;+ 0.0%", "#,##0.0"]
    assert [cells[f"{column}7"].number_format for column in "ABC"] == [
        "+ 0.0%_W;- 0.0%_W;+ 0.0%_W;@_W",
        *["#,##0.0_W;-#,##0.0_W;#,##0.0_W;@_W"] * 2,
    ]
    assert [cells[f"A{row}"].alignment.indent for row in (1, 6)] == [0, 1]


def test_a_page_is_a4_landscape_one_page_wide_with_the_marking_and_the_heading_repeated():
    long = table([[str(i)] for i in range(45)], Style.NAME, row=4)
    sheet = opened(written(long))["S"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddHeader.center.text == "OFFICIAL"
    assert sheet.oddFooter.right.text == "Page &P of &N"
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.freeze_panes == "A6"


def test_a_worksheet_with_breaks_is_not_made_to_fit_which_would_leave_them_out_in_excel():
    long = Sheet(name="S", blocks=(table([[str(i)] for i in range(45)], Style.NAME),), widths=(10.0,), breaks=(20,))
    sheet = opened(xlsx_file.write([long], PROPERTIES))["S"]
    assert [each.id for each in sheet.row_breaks.brk] == [20]
    assert not (sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage)


def test_a_worksheet_of_its_own_marking_prints_it_on_every_page():
    sheet = Sheet(name="S", blocks=(), widths=(10.0,), marking="OFFICIAL-SENSITIVE")
    content = xlsx_file.write([sheet], PROPERTIES)
    assert opened(content)["S"].oddHeader.center.text == "OFFICIAL-SENSITIVE"


def test_the_heading_of_a_short_table_is_not_repeated():
    assert opened(written(table([["a"]], Style.NAME)))["S"].print_title_rows is None


def test_rows_are_as_high_as_their_longest_text_needs():
    sheet = opened(written(table([["one"], ["word " * 20], ["a\nb\nc"]], Style.TEXT)))["S"]
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [None, 12.0 * 10 + 3, 12.0 * 3 + 3]


AGAIN = """
import sys, datetime as dt
sys.path.insert(0, {tests!r})
from test_xlsx_file import charted
sys.stdout.buffer.write(charted())
"""


@pytest.mark.whole
@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Anchorage", "PYTHONHASHSEED": "2", "LC_ALL": "C"},
    ],
    ids=["east", "west"],
)
def test_the_same_layout_gives_the_same_bytes_in_another_process_zone_and_locale(environment, request):
    code = AGAIN.format(tests=str(request.path.parent))
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, **environment}
    )
    assert run.stdout == charted()


def test_calamine_and_openpyxl_read_the_same(tmp_path):
    path = tmp_path / "same.xlsx"
    texts = [text for text in ODD_TEXTS if "_x0" not in text]
    written(table([[text, i, i / 7] for i, text in enumerate(texts)], Style.NAME, Style.COUNT, Style.TEXT), path=path)
    by_calamine = CalamineWorkbook.from_path(path).get_sheet_by_name("S").to_python()
    by_openpyxl = [[cell.value for cell in row] for row in openpyxl.load_workbook(path)["S"].iter_rows()]
    assert by_calamine == by_openpyxl


def test_every_style_has_a_look_and_text_on_it_can_be_read():
    assert set(xlsx_file._FORMATS) == set(Style)
    from cdrp_xl import styles

    inks = [(styles.INK, fill) for fill in (*styles.STATUS_FILLS.values(), styles.INPUT_FILL, styles.WHITE)]
    for ink, fill in [*inks, *((each, styles.WHITE) for each in (styles.GREY, styles.BLUE, styles.LINK_BLUE))]:
        assert contrast(ink, fill) >= 4.5, (ink, fill)


def contrast(one, other):
    """The contrast of two colours, as the Web Content Accessibility Guidelines reckon it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    return sum(share * value for share, value in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def linear(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in parts]


# Machado, Oliveira and Fernandes 2009, severity 1.0.
SEEN_WITHOUT = {
    "red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


BESIDE = [(BLUE, ORANGE), (BLUE, MID_GREY), (BLUE, LIGHT_GREY), (GREY, ORANGE), (INK, MID_GREY), (INK, ORANGE)]
"""Colours of series of one shape, or that lie over one another, in one chart."""


@pytest.mark.parametrize("lacking", SEEN_WITHOUT)
@pytest.mark.parametrize(("one", "other"), BESIDE)
def test_the_colours_of_a_charts_series_differ_without_one_kind_of_cone_and_in_grey(lacking, one, other):
    first, second = (
        lab(
            [
                sum(share * value for share, value in zip(row, linear(colour), strict=True))
                for row in SEEN_WITHOUT[lacking]
            ]
        )
        for colour in (one, other)
    )
    assert math.dist(first, second) > 20  # 2 can just be told apart, side by side
    assert contrast(one, other) >= 3


@pytest.mark.parametrize("colour", [BLUE, GREY, INK, MID_GREY])
def test_what_is_drawn_stands_out_from_the_page(colour):
    assert contrast(colour, WHITE) >= 3


def lab(parts):
    """A linear colour as CIE 1976 L*a*b*, in which distance is difference as seen."""
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    x, y, z = (
        (sum(share * max(part, 0.0) for share, part in zip(row, parts, strict=True)) / full) ** (1 / 3)
        for row, full in zip(to_xyz, white, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_no_style_hides_what_it_holds():
    for look in xlsx_file._FORMATS.values():
        assert ";;;" not in look.get("num_format", "")
        assert look.get("font_color", "#0B0C0C") != look.get("bg_color", "#FFFFFF")
        assert not re.search("hidden", str(look))


PROJECT = vba_project.compile_project(["Sheet1", "Sheet2"])
MACROS = xlsx_file.Macros(project=PROJECT, workbook_code_name="ThisWorkbook", sheet_code_names=("Sheet1", "Sheet2"))


def with_macros(**changed):
    button = Button(caption="Refresh & <fill>", macro="Refresh", row=2, left=40)
    sheets = [
        Sheet(name="Control", blocks=(button,), widths=(30.0,)),
        Sheet(name="xlwings.conf", blocks=(Text(name="", value="KEY"),), widths=(9.0,), is_hidden=True),
    ]
    return xlsx_file.write(sheets, replace(PROPERTIES, is_final=False), macros=replace(MACROS, **changed))


def test_a_workbook_with_macros_holds_the_project_as_compiled_and_is_valid(tmp_path, ooxml_validate):
    path = tmp_path / "master.xlsm"
    path.write_bytes(with_macros())
    with zipfile.ZipFile(path) as archive:
        assert archive.read("xl/vbaProject.bin") == PROJECT
    assert "sheet.macroEnabled.main+xml" in part(path.read_bytes(), "[Content_Types].xml")
    assert path.read_bytes() == with_macros()
    ooxml_validate(path)


def test_the_workbook_and_each_worksheet_have_their_modules_code_names():
    book = openpyxl.load_workbook(io.BytesIO(with_macros()), keep_vba=True)
    assert (book.code_name, [sheet.sheet_properties.codeName for sheet in book]) == (
        "ThisWorkbook",
        ["Sheet1", "Sheet2"],
    )
    book.vba_archive.close()  # not whenever it is collected, which another test may be blamed for


def test_worksheets_without_a_code_name_each_are_refused():
    with pytest.raises(ValueError, match=r"zip\(\) argument 2 is shorter"):
        with_macros(sheet_code_names=("Sheet1",))


def test_a_button_says_its_caption_and_names_its_macro():
    drawing = part(with_macros(), "xl/drawings/vmlDrawing1.vml")
    assert "Refresh &amp; &lt;fill&gt;" in drawing
    assert "<x:FmlaMacro>[0]!Refresh</x:FmlaMacro>" in drawing


def test_a_hidden_worksheet_is_not_shown_and_a_text_without_a_name_gets_none():
    book = opened(with_macros())
    assert [sheet.sheet_state for sheet in book] == ["visible", "hidden"]
    assert not book.defined_names


def test_without_macros_a_workbook_has_no_project_and_no_code_names():
    content = written(Text(name="t", value="a"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "vba" in name]
    assert "codeName" not in part(content, "xl/workbook.xml") + part(content, "xl/worksheets/sheet1.xml")


def test_what_is_a_choice_is_chosen_from_a_list_and_a_hint_is_reported(tmp_path, ooxml_validate):
    columns = (
        Column(heading="Marking", style=Style.INPUT, width=12, choices=("OFFICIAL", "OFFICIAL-SENSITIVE"), hint="One."),
        Column(heading="Free", style=Style.INPUT, width=12, hint="Anything."),
        Column(heading="Plain", style=Style.TEXT, width=12),
    )
    path = tmp_path / "book.xlsx"
    written(Table(name="tblT", columns=columns, rows=((None,) * 3,) * 4, row=2), path=path)
    rules = {str(rule.sqref): rule for rule in openpyxl.load_workbook(path)["S"].data_validations.dataValidation}
    assert {where: (rule.type, rule.formula1, rule.prompt) for where, rule in rules.items()} == {
        "A4:A7": ("list", '"OFFICIAL,OFFICIAL-SENSITIVE"', "One."),
        "B4:B7": (None, None, "Anything."),
    }
    assert rules["A4:A7"].error == "Choose one of the list, or leave the cell empty."
    assert (rules["A4:A7"].allowBlank, rules["A4:A7"].showErrorMessage, rules["A4:A7"].errorStyle) == (True, True, None)
    ooxml_validate(path)


def test_choices_may_stand_in_another_table_with_a_free_row_under_it_so_that_they_grow(tmp_path, ooxml_validate):
    issues = table([["Arson"], ["Rapes"]], Style.NAME, name="tblIssues", row=3, column=1)
    column = Column(heading="Issue", style=Style.INPUT, width=12, choices_of="tblIssues")
    other = replace(column, choices_of="tblNone")
    chosen = Table(name="tblChosen", columns=(column, replace(other, heading="Any")), rows=((None, None),), row=9)
    path = tmp_path / "book.xlsx"
    written(issues, chosen, name="Here & there", path=path)
    (rule,) = openpyxl.load_workbook(path)["Here & there"].data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("A11", "'Here & there'!$B$5:$B$7")
    ooxml_validate(path)


def test_choices_that_no_list_holds_are_refused():
    choices = tuple("x" * 40 for _ in range(7))
    column = Column(heading="Long", style=Style.INPUT, width=12, choices=choices)
    with pytest.raises(CannotBeWrittenError, match="What may be typed could not be set"), pytest.warns(match="255"):
        written(Table(name="tblT", columns=(column,), rows=((None,),)))


def test_a_chart_whose_series_run_along_rows_draws_those_rows_over_the_headings():
    one = replace(table([("a", 1, 2), ("b", 3, 4)], Style.NAME, Style.COUNT, Style.COUNT), row=4)
    series = (Series(heading="b", kind=SeriesKind.COLUMNS, colour="#000000", row=1),)
    chart = Chart(
        name="c",
        table=one,
        categories="H0",
        series=series,
        title="C",
        across="x",
        alt_text="alt",
        along=("H1", "H2"),
    )
    drawn = part(written(one, chart), "xl/charts/chart1.xml")
    assert re.findall("<c:f>([^<]*)</c:f>", drawn) == ["S!$A$7", "S!$B$5:$C$5", "S!$B$7:$C$7"]
    assert re.findall("<c:v>([^<]*)</c:v>", drawn) == ["b", "H1", "H2", "3", "4"]


def test_titles_and_the_rule_under_headings_are_in_the_accent():
    title = Text(name="t", value="A title", style=Style.TITLE)
    table = Table(name="tblT", columns=(Column(heading="H", style=Style.NAME, width=9),), rows=(("a",),), row=2)
    sheet = Sheet(name="S", blocks=(title, table), widths=(20.0,))
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file.write([sheet], replace(PROPERTIES, accent="#5B2A86"))))
    assert book["S"]["A1"].font.color.rgb == "FF5B2A86"
    assert book["S"]["A3"].border.bottom.color.rgb == "FF5B2A86"


@pytest.mark.parametrize(
    ("width", "every", "has_room"), [(1200, 1, True), (964, 2, True), (656, 2, False), (400, 3, False)]
)
def test_months_are_named_as_far_as_there_is_room(width, every, has_room):
    months = [
        f"{name}-{year}" for year in ("09", "10") for name in ("Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep")
    ] * 2
    columns = (
        Column(heading="Month", style=Style.NAME, width=10),
        Column(heading="Offences", style=Style.COUNT, width=10),
    )
    table = Table(name="tblM", columns=columns, rows=tuple((month, 1) for month in months))
    drawn = Series(heading="Offences", kind=SeriesKind.COURSE, colour="#12436D")
    chart = Chart(
        name="chtM",
        table=table,
        categories="Month",
        series=(drawn,),
        title="Months",
        across="Month",
        alt_text="Months.",
        width=width,
    )
    assert (chart.label_every, chart.has_room_for_parts) == (every, has_room)
    content = xlsx_file.write([Sheet(name="S", blocks=(chart, table), widths=(10.0, 10.0))], PROPERTIES)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        axis = package.read("xl/charts/chart1.xml").decode().partition("<c:catAx>")[2].partition("</c:catAx>")[0]
    assert ('rot="1"' in axis, "tickLblSkip" in axis) == (not has_room, every > 1)
