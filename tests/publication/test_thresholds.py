"""Where a rule begins to find: with one less, or what is just allowed, nothing; with one more, what it is for."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from corpus_ordinary import LABEL, labelled
from corpus_packages import packed, unpacked
from corpus_programs import changed

from cdrp_xl.publication import inspect

NARROW, TURNED = 12, 8
"""Letters that a column of the usual width holds, and a row of the usual height where the text is turned."""

GIVEN = ("Margaret", "Susan", "Brian")
VICTIM = "Names of victims"
TELEPHONES = ("01632 960101", "01632 960202", "01632 960303")
"""Of those that Ofcom keeps for drama."""


def made(write):
    """Return a workbook of one worksheet."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        write(book, book.add_worksheet("Figures"))
    return held.getvalue()


def found(write):
    """Return the rules that find something in a workbook of one worksheet."""
    return {finding.rule_id for finding in inspect(made(write), "made.xlsx")}


def figures(number):
    return lambda _, sheet: sheet.write_row(0, 0, range(number))


def rows(number, *, repeats=False):
    def write(_, sheet):
        for row in range(number):
            sheet.write_row(row, 0, ("Burglary", "Fenland"))
        if repeats:
            sheet.repeat_rows(0)

    return write


def cells(*places):
    return lambda _, sheet: [sheet.write(*place, "Burglary") for place in places]


def width(characters, *, is_landscape):
    def write(_, sheet):
        sheet.set_column(0, 0, characters)
        sheet.write(0, 0, "Burglary")
        if is_landscape:
            sheet.set_landscape()

    return write


def formatted(text, *beside, **look):
    """Write a text of some look into B1, and another one into cells beside it, by how far to the right they are."""

    def write(book, sheet):
        sheet.write(0, 1, text, book.add_format(look))
        for by in beside:
            sheet.write(0, 1 + by, "Arson")

    return write


def column(*texts):
    return lambda _, sheet: sheet.write_column(0, 0, texts)


def wrapped(text, height=16):
    def write(book, sheet):
        sheet.set_row(0, height)
        sheet.write(0, 0, text, book.add_format({"text_wrap": True}))

    return write


def listed(*targets):
    """Write a cover that leads to some places, before three worksheets more."""

    def write(book, sheet):
        for row, target in enumerate(targets):
            sheet.write_url(row, 0, f"internal:'{target}'!A1", string=target)
        for name in ("Crime", "Farm", "Notes"):
            book.add_worksheet(name).write(0, 0, name)

    return write


def named(refers_to):
    return lambda book, sheet: [sheet.write(0, 0, "Burglary"), book.define_name("Fenland", refers_to)]


def written_by(author):
    return lambda book, sheet: [book.set_properties({"author": author}), sheet.write(0, 0, "Burglary")]


def linked(url):
    return lambda _, sheet: sheet.insert_textbox(0, 0, "Fenland", {"url": url, "description": "A link"})


@pytest.mark.parametrize(
    ("rule", "allowed", "too_much"),
    [
        pytest.param("unmarked-table", figures(3), figures(4), id="figures outside a table"),
        pytest.param("heading-not-repeated", rows(40), rows(41), id="rows of a page"),
        pytest.param("heading-not-repeated", rows(41, repeats=True), rows(41), id="headings repeated"),
        pytest.param("far-cell", cells((0, 0), (40, 0)), cells((0, 0), (41, 0)), id="rows between"),
        pytest.param("far-cell", cells((0, 0), (0, 12)), cells((0, 0), (0, 13)), id="columns between"),
        pytest.param("far-cell", cells((0, 0), (40, 0), (80, 0)), cells((0, 0), (39, 0), (80, 0)), id="rows in turn"),
        *(
            pytest.param(
                "far-cell",
                formatted(f"Fen{blank * allowed}land"),
                formatted(f"Fen{blank * (allowed + 1)}land"),
                id=name,
            )
            for blank, allowed, name in (
                (" ", 59, "spaces"),
                ("\t", 14, "tabs"),
                ("\u2003", 29, "em spaces"),
                ("\u2001", 29, "em quads"),
                ("\u3000", 29, "ideographic spaces"),
            )
        ),
        pytest.param("far-cell", formatted("Fen", indent=30), formatted("Fen", indent=31), id="indent"),
        pytest.param("tiny-text", formatted("Fen", font_size=6), formatted("Fen", font_size=5.5), id="points"),
        pytest.param("too-wide", width(137, is_landscape=True), width(144, is_landscape=True), id="page across"),
        pytest.param("too-wide", width(90, is_landscape=False), width(97, is_landscape=False), id="page upright"),
        pytest.param(
            "low-contrast",
            formatted("Fen", font_color="#767676", bg_color="#FFFFFF"),
            formatted("Fen", font_color="#777777", bg_color="#FFFFFF"),
            id="contrast",
        ),
        pytest.param("cut-text", formatted("x" * NARROW, 1), formatted("x" * (NARROW + 1), 1), id="letters"),
        pytest.param("cut-text", formatted("x" * 20), formatted("x" * 20, 1), id="room to the right"),
        pytest.param(
            "cut-text", formatted("x" * 20, 1, align="right"), formatted("x" * 20, -1, align="right"), id="left"
        ),
        pytest.param(
            "cut-text", formatted("x" * 20, align="center"), formatted("x" * 20, -1, align="center"), id="both sides"
        ),
        pytest.param("cut-text", wrapped("x" * NARROW), wrapped("x" * (NARROW + 1)), id="lines"),
        pytest.param("cut-text", wrapped("x" * 20, 25.5), wrapped("x" * 20, 24.5), id="height of lines"),
        pytest.param("cut-text", formatted(10**11), formatted(10**13), id="digits"),
        pytest.param(
            "cut-text", formatted("x" * TURNED, rotation=90), formatted("x" * (TURNED + 1), rotation=90), id="turned"
        ),
        pytest.param("personal-data", column(*GIVEN[:2], "Histon"), column(*GIVEN, "Histon"), id="given names"),
        pytest.param(
            "personal-data",
            column(*GIVEN, "Histon", "Girton", "Milton"),
            column(*GIVEN, "Histon", "Girton"),
            id="share",
        ),
        pytest.param(
            "personal-data", column(f"{VICTIM:<61}.", "Histon"), column(f"{VICTIM:<59}.", "Histon"), id="heading"
        ),
        pytest.param("defined-name", named("=Figures!$A$1"), named("=Figures!$A$1*2"), id="cells alone"),
        pytest.param("personal-data", column(*TELEPHONES[:2]), column(*TELEPHONES), id="telephone numbers"),
        pytest.param(
            "no-contents", listed("Crime", "Farm", "One", "Two", "Three"), listed("Crime"), id="places led to"
        ),
        pytest.param("other-author", written_by("Fenland District Council"), written_by("Fenland"), id="an area alone"),
        pytest.param(
            "person-as-author",
            written_by(f"Margaret {'Susan'.ljust(72, 'n')}"),
            written_by(f"Margaret {'Susan'.ljust(71, 'n')}"),
            id="letters of a name",
        ),
        pytest.param("person-as-author", written_by("Dyfed-Powys Police"), written_by("Margaret Powys"), id="a force"),
        pytest.param("hyperlink-to-file", linked("https://example.org/x"), linked("external:c:/x.xlsx"), id="link"),
    ],
)
def test_a_rule_begins_where_it_says(rule, allowed, too_much):
    assert (rule in found(allowed), rule in found(too_much)) == (False, True)


def test_a_font_without_a_size_is_not_too_small():
    content = changed(made(formatted("Fenland")), (r"xl/styles\.xml", r'<sz val="11"/>', ""))
    assert "tiny-text" not in {finding.rule_id for finding in inspect(content, "made.xlsx")}


def test_unknown_parts_are_one_finding_for_each_folder():
    more = dict.fromkeys(("one/a.bin", "one/b.bin", "two/a.bin"), b"\x00\x01")
    content = packed(unpacked(made(figures(3))) | more)
    places = [finding.where for finding in inspect(content, "made.xlsx") if finding.rule_id == "unknown-part"]
    assert len(places) == 2, places


@pytest.mark.parametrize(
    ("name", "is_found"),
    [('name="Good" ', False), ('name="Good Lane" ', True)],
)
def test_a_style_of_the_program_with_words_of_its_own_is_a_style_of_somebodys(name, is_found):
    content = changed(made(figures(3)), (r"xl/styles\.xml", 'name="Normal" ', name))
    assert ("named-style" in {finding.rule_id for finding in inspect(content, "made.xlsx")}) is is_found


def test_a_name_in_the_letters_of_old_archives_is_the_same_in_both_places():
    content = packed(unpacked(made(figures(3))) | {"xl/cafe.xml": b"<a/>"}).replace(b"xl/cafe.xml", b"xl/caf\x82.xml")
    assert "named-otherwise" not in {finding.rule_id for finding in inspect(content, "made.xlsx")}


def test_instructions_of_one_part_are_one_finding():
    content = changed(made(figures(3)), (r"xl/workbook\.xml", "<workbook ", "<?one a?><?other b?><workbook "))
    (found,) = (finding for finding in inspect(content, "made.xlsx") if finding.rule_id == "xml-instruction")
    assert found.what.endswith("one.")


@pytest.mark.parametrize(
    ("name", "is_odd"),
    [("xl/a.xml", False), ("xl\\a.xml", True), ("c:a.xml", True), ("xl/../a.xml", True), ("/a.xml", True)],
)
def test_a_name_that_leads_out_of_the_package_is_odd(name, is_odd):
    content = packed(unpacked(made(figures(3))) | {name: b"<a/>"})
    assert ("odd-path" in {finding.rule_id for finding in inspect(content, "made.xlsx")}) is is_odd


def test_a_label_in_custom_properties_is_one_finding_that_names_it():
    """So older versions of Office keep it; other custom properties are another rule's."""
    owner, which = f"MSIP_Label_{'1234abcd-' * 4}", ("Enabled", "Name")

    def labelled(book, sheet):
        figures(3)(book, sheet)
        for each, value in zip(which, ("true", "Public"), strict=True):
            book.set_custom_property(f"{owner}_{each}", value, "text")

    assert "sensitivity-label" not in found(figures(3))
    findings = inspect(made(labelled), "made.xlsx")
    (finding,) = [finding for finding in findings if finding.rule_id == "sensitivity-label"]
    assert "Public" in finding.what
    assert "custom-property" not in {finding.rule_id for finding in findings}
    more = changed(made(labelled), (r"docProps/custom\.xml", "<Properties ", '<Properties lane="Chapel" '))
    assert "custom-property" in {finding.rule_id for finding in inspect(more, "made.xlsx")}


def test_an_element_that_no_label_has_is_found_in_its_part():
    content = labelled(LABEL.replace("</clbl:labelList>", "<clbl:lane/></clbl:labelList>"))
    assert "words-in-label" not in {finding.rule_id for finding in inspect(labelled(), "made.xlsx")}
    assert "words-in-label" in {finding.rule_id for finding in inspect(content, "made.xlsx")}


def drawn(book, sheet):
    """Draw two figures in a column."""
    sheet.write_column(0, 0, (3, 5))
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": ["Figures", 0, 0, 1, 0], "values_data": [3, 5]})
    sheet.insert_chart(3, 0, chart, {"description": "Two figures"})


CHART = r"xl/charts/chart1\.xml"


@pytest.mark.parametrize(
    ("old", "new", "is_found"),
    [
        ('<c:pt idx="1">', '<c:pt idx="1">', False),
        ('<c:pt idx="1">', '<c:pt idx="2">', True),
        (r"<c:numRef>.*</c:numRef>", '<c:numLit><c:ptCount val="0"/></c:numLit>', False),
        (r"<c:numRef>.*</c:numRef>", '<c:numLit><c:ptCount val="1"/></c:numLit>', True),
    ],
    ids=["its cells", "one beyond them", "nothing", "one without cells"],
)
def test_a_chart_keeps_no_more_points_than_it_has_cells(old, new, is_found):
    content = changed(made(drawn), (CHART, old, new))
    assert ("chart-keeps-more" in {finding.rule_id for finding in inspect(content, "made.xlsx")}) is is_found
