"""The page writer: text stays text, figures are shown as in cells, charts are to scale, same input, same bytes."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cdrp_xl import styles
from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.sheets import Chart, Column, Properties, Series, SeriesKind, Sheet, Sparkline, Table, Text
from cdrp_xl.styles import BLUE, LIGHT_GREY, ORANGE, Style
from cdrp_xl.writers import html_file, shown

PROPERTIES = Properties(
    title="A <title>",
    subject="A subject",
    author="Research Group",
    date=dt.date(2011, 7, 29),
    marking="OFFICIAL",
    is_final=True,
)
ODD_TEXTS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "&lt;b&gt; &amp;amp; <b>",
    "' onclick='alert(1)",
    "</td></tr></table><h1>",
    "]]> <!-- --> <?php ?>",
    "javascript:alert(1)",
    "=1+1",
    "\U0001f693 patrol",
    "تقرير الجريمة",
    "two\nlines",
]


def sheet(name, *blocks):
    title = Text(name=f"{name}_title", value=name, style=Style.TITLE)
    return Sheet(name=name, blocks=(title, *blocks), widths=(20.0,) * 6)


def table(*rows, of=(Style.NAME, Style.COUNT), name="tblT", **other):
    columns = tuple(Column(heading=f"H{i}", style=style, width=12) for i, style in enumerate(of))
    return Table(name=name, columns=columns, rows=tuple(map(tuple, rows)), **({"row": 4} | other))


def written(*blocks):
    return html_file.write([sheet("Cover"), sheet("Page", *blocks)], PROPERTIES)


def parsed(*blocks):
    return lxml.html.fromstring(written(*blocks).decode())


def chart(of, *series, **other):
    given = {"title": "T", "across": "Month", "alt_text": "In words.", "row": 9}
    return Chart(name="chtT", table=of, categories="H0", series=series, **(given | other))


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_a_text_is_text_wherever_it_is(text):
    of = table((text, text), of=(Style.NAME, Style.TEXT))
    line = Text(name="line", value=text, row=2)
    page = parsed(
        line, of, chart(of, Series(heading="H1", kind=SeriesKind.COLUMNS, colour=BLUE), title=text, alt_text=text)
    )
    at = [*page.iterfind(".//tbody//th"), *page.iterfind(".//tbody//td"), *page.iterfind(".//figcaption")]
    assert [each.text_content() for each in (*at, page.find(".//section/p"))] == [text] * 4
    assert [len(page.findall(f".//{tag}")) for tag in ("script", "img", "h1", "table")] == [1, 0, 1, 1]
    assert not [name for each in page.iter() for name in each.attrib if name.startswith("on")]


def test_a_page_is_well_formed_and_names_nothing_outside_it():
    content = written(table(("a & b", 1)))
    root = etree.fromstring(content.removeprefix(b"<!DOCTYPE html>\n"))
    assert root.findtext("head/title") == "A <title>"
    assert b"://" not in content
    assert b"src=" not in content
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids)) > 3
    links = [each.get("href").removeprefix("#") for each in root.iter("a")]
    assert links
    assert set(links) <= set(ids)


def test_a_text_that_no_page_may_hold_is_refused_with_its_cell():
    with pytest.raises(CannotBeWrittenError, match="A text holds a control character"):
        written(table(("a\x00", 1)))


@pytest.mark.parametrize(
    ("value", "number_format", "said"),
    [
        (1477, styles.COUNT_FORMAT, "1,477"),
        (-156, styles.CHANGE_FORMAT, "-156"),
        (0, styles.CHANGE_FORMAT, "0"),
        (-0.10562, styles.APPARENT_CHANGE_FORMAT, "- 10.6%"),
        (1.2, styles.APPARENT_CHANGE_FORMAT, "+ 120.0%"),
        (0.0, styles.APPARENT_CHANGE_FORMAT, "+ 0.0%"),
        (0.0625, "0.00%", "6.25%"),
        (0.00125, styles.SHARE_FORMAT, "0.1%"),
        (2.25, styles.MEAN_FORMAT, "2.3"),
        (2.675, styles.RATE_FORMAT, "2.68"),
        (1.004, styles.RATIO_FORMAT, "1.0040"),
        (1.005, styles.RATIO_FORMAT, "1.01"),
        (1234.5, styles.DECIMAL_FORMAT, "1234.5"),
    ],
)
def test_a_figure_is_shown_as_its_number_format_says(value, number_format, said):
    assert shown.figure(value, number_format) == said


def test_every_style_of_figures_has_a_format_that_can_be_shown():
    assert styles.NUMBER_FORMATS
    for number_format in styles.NUMBER_FORMATS.values():
        assert re.search(r"\d", shown.figure(12.5, number_format))


@given(
    st.floats(min_value=-1e9, max_value=1e9, allow_nan=False), st.sampled_from(sorted(styles.NUMBER_FORMATS.values()))
)
def test_a_shown_figure_is_never_further_off_than_half_its_last_digit(value, number_format):
    said = shown.figure(value, number_format)
    digits = said.removesuffix("%").replace(",", "").replace(" ", "")
    places = len(digits.partition(".")[2]) + 2 * said.endswith("%")
    seen = float(digits) / (100 if said.endswith("%") else 1)
    assert abs(seen - value) <= 0.5 * 10.0**-places * (1 + 1e-6) + abs(value) * 1e-12


def test_a_date_is_held_and_shown():
    time = parsed(table(("a", dt.date(2011, 7, 4)), of=(Style.NAME, Style.DATE))).find(".//time")
    assert (time.get("datetime"), time.text) == ("2011-07-04", "4 July 2011")


def test_lines_of_one_text_are_joined_and_texts_are_not():
    lines = [
        Text(name="l_0", value="One goes", row=1),
        Text(name="l_1", value="on.", row=2, goes_on=True),
        Text(name="l_2", value="Two.", row=3),
    ]
    assert [each.text for each in parsed(*lines).iterfind(".//section/p")] == ["One goes on.", "Two."]


def test_a_sign_is_not_parted_from_its_figure_nor_a_month_from_its_year():
    said = Text(name="l", value="7 fewer (- 0.4%), to Jun-11.", row=1)
    page = parsed(said, table(("Apr-11 to Jun-11", 1)))
    found = page.iterfind(".//section/p/span")
    assert [(each.get("class"), each.text) for each in found] == [("whole", "- 0.4%"), ("whole", "Jun-11")]
    assert [each.text for each in page.iterfind(".//tbody//span")] == ["Apr-11", "Jun-11"]


def test_a_citation_leads_to_its_note_where_it_is_listed():
    notes = table(("[note 1]", "See it."), of=(Style.NAME, Style.TEXT), name="tblNotes")
    page = parsed(Text(name="l", value="So it is [note 1], not [note 2].", row=1), notes)
    (link,) = page.iterfind(".//section/p/a")
    assert page.get_element_by_id(link.get("href").removeprefix("#")).text_content() == "[note 1]"
    assert page.find(".//section/p").text_content() == "So it is [note 1], not [note 2]."


def test_a_verdict_is_filled_as_in_the_workbook_and_says_it_in_words():
    of = table(("a", "▲ Better position"), ("b", "Not tested"), of=(Style.NAME, Style.STATUS))
    one, other = parsed(of).iterfind(".//tbody//td")
    assert (one.get("class"), one.text) == ("better strong", "▲ Better position")
    assert other.get("class") == "strong"
    assert "--better:#CDE8D0" in html_file.style()


def test_a_table_says_what_it_is_once():
    alone = parsed(table(("a", 1))).find(".//caption")
    assert (alone.text_content(), alone.find("span").get("class")) == ("Page", "said")
    named = parsed(table(("a", 1), caption="By month")).find(".//caption")
    assert (named.text, named.find("span")) == ("By month", None)


FIGURES = (("a", 50), ("b", "[c]"), ("c", 100), ("d", 0))


def test_columns_are_as_high_as_their_figures_and_a_symbol_is_not_drawn():
    svg = parsed(chart(table(*FIGURES), Series(heading="H1", kind=SeriesKind.COLUMNS, colour=BLUE))).find(
        ".//figure/svg"
    )
    one, other, nought = (float(each.get("height")) for each in svg.iterfind("rect"))
    assert other == pytest.approx(2 * one, abs=0.02)
    assert nought == 0


def test_a_line_is_parted_where_a_figure_is_missing():
    rows = (("a", 1), ("b", 2), ("c", "[c]"), ("d", 4), ("e", 5))
    course = Series(heading="H1", kind=SeriesKind.COURSE, colour=ORANGE)
    svg = parsed(chart(table(*rows), course)).find(".//figure/svg")
    assert len(svg.findall("circle")) == 4
    assert len([each for each in svg.iterfind("line") if each.get("stroke") == ORANGE]) == 2


def test_bars_are_as_long_as_their_figures_and_the_own_one_is_marked():
    of = table(("a", 1.0, "[z]"), ("b", 2.0, 2.0), of=(Style.NAME, Style.RATE, Style.RATE))
    bars = Series(heading="H1", kind=SeriesKind.BARS, colour=LIGHT_GREY)
    own = Series(heading="H2", kind=SeriesKind.OWN_BAR, colour=BLUE)
    svg = parsed(chart(of, bars, own, up_format=styles.RATE_FORMAT)).find(".//figure/svg")
    drawn = [(each.get("fill"), float(each.get("width").removesuffix("%"))) for each in svg.iterfind("rect")]
    assert [colour for colour, _ in drawn] == [LIGHT_GREY, BLUE]
    assert drawn[1][1] == 2 * drawn[0][1]
    assert [each.text for each in svg.iterfind("text")] == ["a", "1.00", "b", "2.00"]


def test_a_small_chart_says_its_ends_in_words():
    months = table(("Apr", 557), ("May", 522), name="tblMonths")
    line = Sparkline(sheet="Page", table=months, heading="H1", row=5, column=1)
    of = table(("All", None), of=(Style.NAME, Style.TEXT))
    drawn = parsed(of, line).find(".//tbody//td/svg")
    assert drawn.get("aria-label") == "H1: Apr 557 to May 522"
    assert len(drawn.findall("rect")) == 2


@given(st.lists(st.floats(min_value=0, max_value=1e7), min_size=1, max_size=12))
def test_whatever_its_figures_are_a_chart_stays_within_its_drawing(figures):
    of = table(*((str(at), value) for at, value in enumerate(figures)), of=(Style.NAME, Style.RATE))
    svg = parsed(chart(of, Series(heading="H1", kind=SeriesKind.COURSE, colour=BLUE))).find(".//figure/svg")
    downs = [float(each.get("cy")) for each in svg.iterfind("circle")]
    assert len(downs) == len(figures)
    assert all(0 <= down <= float(svg.get("height")) for down in downs)


def test_the_same_layout_gives_the_same_bytes():
    blocks = table(("a", 1.5)), Text(name="l", value="x", row=1)
    assert written(*blocks) == written(*blocks)
    assert written(*blocks) != written(blocks[0], replace(blocks[1], value="y"))


def test_a_page_is_printed_across_or_where_its_worksheets_are_so_upright():
    across = (sheet("Cover"), sheet("Page"))
    content = html_file.write(across, PROPERTIES).decode()
    assert "@page{size:A4 landscape;" in content
    assert ("portrait" in content, lxml.html.fromstring(content).find_class("across")) == (False, [])
    upright = [replace(each, is_wide=False) for each in across]
    content = html_file.write([*upright, sheet("Wide")], PROPERTIES).decode()
    assert "@page{size:A4 portrait;" in content
    assert html_file.policy(is_upright=True) in content
    assert [each.find("h2").text for each in lxml.html.fromstring(content).find_class("across")] == ["Wide"]


def test_titles_and_rules_are_in_the_accent_and_the_browser_lets_the_page_have_that_style():
    content = html_file.write([sheet("Cover"), sheet("Page")], replace(PROPERTIES, accent="#5B2A86")).decode()
    assert html_file.style("#5B2A86") in content
    assert html_file.policy("#5B2A86") in content
    assert styles.BLUE not in content
