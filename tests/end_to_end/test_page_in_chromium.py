"""The page of a copy in a browser: readable by everybody, on a phone and a wide screen, by keyboard alone, on paper."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from pathlib import Path

import chromium
import lxml.html
import pytest

from cdrp_xl import settings
from cdrp_xl.workbooks import publishing, refreshing, ways_out
from cdrp_xl.workbooks.forms import FORMS

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (360, 1400)
TODAY = dt.date(2011, 7, 29)


def as_html(folder):
    done = publishing.publish(folder, today=TODAY, progress=str)
    html = [form for form in FORMS if form.name == "html"]
    return ways_out.in_forms(done, html, settings.read(folder), progress=str).files["html"]


@pytest.fixture(scope="module")
def page(demo, tmp_path_factory):
    return as_html(Path(shutil.copytree(demo.folder, tmp_path_factory.mktemp("page") / "example")))


@pytest.fixture(scope="module")
def upright(demo, tmp_path_factory):
    """Return the page of a partnership whose settings want its copy upright."""
    folder = Path(shutil.copytree(demo.folder, tmp_path_factory.mktemp("upright") / "example"))
    file = folder / "partnership.toml"
    wanted = '[report]\norientation = "portrait"\n'
    file.write_text(file.read_text(encoding="utf-8").replace("[report]\n", wanted), encoding="utf-8")
    refreshing.refresh(folder, quarter=None, today=TODAY, progress=str)
    return as_html(folder)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if shutil.which("chromium") is None or not AXE.is_file():
        pytest.skip("Chromium or axe-core is not installed (make test installs both)")
    with chromium.started(tmp_path_factory.mktemp("chromium")) as one:
        yield one


def violations(browser):
    browser.run(AXE.read_text(encoding="utf-8"))
    asked = f"axe.run(document, {{runOnly: {json.dumps(RULES)}}})"
    found = browser.run(f"const found = await {asked}; return [found.passes.length, found.violations];")
    assert found[0] > 20
    return [(each["id"], node["html"]) for each in found[1] for node in each["nodes"]]


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_that_shuts_anybody_out(page, browser, width):
    browser.show(page, width=width)
    assert violations(browser) == []


def test_axe_finds_what_is_planted(page, browser):
    browser.show(page, width=1400)
    browser.run("document.querySelector('h1').remove(); document.documentElement.removeAttribute('lang');")
    assert {"html-has-lang", "page-has-heading-one"} <= {rule for rule, _ in violations(browser)}


@pytest.mark.parametrize("width", [320, *WIDTHS])
def test_only_tables_go_on_to_the_side(page, browser, width):
    browser.show(page, width=width)
    found = browser.run("""
        const wide = [...document.querySelectorAll("h1, h2, h3, p, li, figure, figcaption, svg, .table")]
            .filter(each => !each.closest("table") && !each.matches(".skip"))
            .filter(each => each.getBoundingClientRect().right > innerWidth + 1);
        return [document.documentElement.scrollWidth, wide.map(each => each.outerHTML.slice(0, 90))];""")
    assert found == [width, []]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_words_of_a_chart_touch(page, browser, width):
    browser.show(page, width=width)
    found = browser.run("""
        const touching = [], boxes = svg => [...svg.querySelectorAll("text")]
            .filter(each => getComputedStyle(each).display !== "none")
            .map(each => [each.textContent, each.getBoundingClientRect()]);
        let looked = 0;
        for (const svg of document.querySelectorAll("figure > svg")) {
          const all = boxes(svg);
          all.forEach(([word, one], at) => all.slice(at + 1).forEach(([other, box]) => {
            looked += 1;
            if (one.left < box.right && box.left < one.right && one.top + 2 < box.bottom && box.top + 2 < one.bottom)
              touching.push([svg.parentElement.id, word, other]);
          }));
        }
        return [looked, touching];""")
    assert found[0] > 500
    assert found[1] == []


def test_the_first_key_leads_past_the_contents(page, browser):
    browser.show(page, width=1400)
    browser.press("Tab")
    assert browser.run("return document.activeElement.textContent") == "Skip to the figures"
    box = browser.run("const box = document.activeElement.getBoundingClientRect(); return [box.left, box.top]")
    assert min(box) >= 0
    browser.press("Enter")
    browser.press("Tab")
    assert browser.run("return document.activeElement.closest('section').id") == "page-1"


def test_a_table_is_sorted_by_keyboard_alone(page, browser):
    browser.show(page, width=1400)
    before = column(browser, 1)
    for key in ("Tab", "Enter", "Tab", "Tab"):
        browser.press(key)
    assert browser.run("return document.activeElement.textContent") == "Apr-11 to Jun-11"
    assert browser.run("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    shown = []
    for key in ("Enter", " ", "Enter"):
        browser.press(key)
        shown.append((browser.run("return document.activeElement.parentElement.ariaSort"), column(browser, 1)))
    assert shown == [("ascending", sorted(before)), ("descending", sorted(before)[::-1]), ("none", before)]
    browser.press("Tab", with_shift=True)
    assert browser.run("return document.activeElement.textContent") == "Offence"


@pytest.mark.parametrize(("width", "is_reached"), [(360, True), (1400, False)])
def test_a_key_stops_at_a_table_where_more_of_it_is_at_the_side(page, browser, width, is_reached):
    browser.show(page, width=width)
    for key in ("Tab", "Enter", "Tab"):
        browser.press(key)
    assert browser.run("return document.activeElement.matches('.table')") == is_reached
    browser.press("ArrowRight")
    asked = "document.querySelector('.table').scrollLeft > 0"
    moved = browser.run(f"return new Promise(tell => setTimeout(() => tell({asked}), 500))")
    assert moved == is_reached


def column(browser, at):
    rows = "document.getElementById('tblHeadlines').tBodies[0].rows"
    return browser.run(f"return [...{rows}].map(row => Number(row.cells[{at}].querySelector('data').value))")


def test_symbols_come_last_whichever_way_a_column_is_sorted(page, browser):
    browser.show(page, width=1400)
    found = browser.run("""
        const table = document.getElementById("tblCadet"), at = table.tHead.rows[0].cells.length - 1;
        const button = table.tHead.rows[0].cells[at].querySelector("button"), told = [];
        for (const way of [1, 2]) {
          button.click();
          told.push([...table.tBodies[0].rows].map(row => row.cells[at].querySelector("data") ? "figure" : "symbol"));
        }
        return told;""")
    assert {"figure", "symbol"} == set(found[0])
    assert found == [sorted(each) for each in found]


def test_the_page_fetches_nothing_and_may_run_nothing_else(page, browser):
    browser.show(page, width=1400)
    assert browser.run("return performance.getEntriesByType('resource').length") == 0
    browser.run("""
        const script = document.createElement("script");
        script.textContent = "document.title = 'run'";
        document.body.append(script);
        document.body.setAttribute("onclick", "document.title = 'run'");
        document.body.click();""")
    assert browser.run("return document.title") != "run"
    assert "://" not in page.read_text(encoding="utf-8")


def test_on_paper_it_has_every_section_and_no_contents(page, browser, tmp_path):
    browser.show(page, width=1400)
    paper = tmp_path / "page.pdf"
    paper.write_bytes(browser.printed())
    output = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    sections = browser.run("return [...document.querySelectorAll('section h2')].map(each => each.textContent)")
    in_one_line = " ".join(output.split())
    assert len(sections) > 10
    assert [each for each in sections if each not in in_one_line] == []
    assert "Back to contents" not in output
    assert "The quarter on one page" not in output


def papers(printed, folder):
    """Return the sheets of a PDF: whether each is A4 across, and its words in one line."""
    file = folder / "page.pdf"
    file.write_bytes(printed)
    output = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, check=True).stdout
    found = []
    for paper in lxml.html.fromstring(output).iter("page"):
        sides = [round(float(paper.get(side))) for side in ("width", "height")]
        assert sorted(sides) == [595, 842]
        found.append((sides[0] > sides[1], " ".join(word.text for word in paper.iter("word"))))
    return found


def test_on_paper_it_is_across_unless_the_settings_want_it_upright(page, browser, tmp_path):
    browser.show(page, width=1400)
    found = papers(browser.printed(), tmp_path)
    assert len(found) > 10
    assert all(is_across for is_across, _ in found)


def test_on_paper_upright_only_what_the_workbook_has_across_is_across(upright, browser, tmp_path):
    browser.show(upright, width=1400)
    found = papers(browser.printed(), tmp_path)
    turned = browser.run("""
        return [...document.querySelectorAll("section")]
            .map(each => [each.matches(".across"), each.querySelector("h2").textContent]);""")
    assert {is_across for is_across, _ in turned} == {True, False}
    assert ("Performance report" in found[0][1], found[0][0]) == (True, False)
    lost = [each for each in turned if not any(each[0] == paper[0] and each[1] in paper[1] for paper in found)]
    assert lost == []


@pytest.mark.parametrize(("width", "which"), [(703, "section:not(.across)"), (1032, ".across")])
def test_on_paper_upright_no_table_is_wider_than_its_paper(upright, browser, width, which):
    """Within margins of 12 mm, A4 is 186 mm wide upright and 273 across. Unit: pixels."""
    browser.show(upright, width=width, media="print")
    found = browser.run(f"""
        const tables = [...document.querySelectorAll("{which}")].flatMap(each => [...each.querySelectorAll("table")]);
        const wide = tables.filter(each => each.getBoundingClientRect().right > innerWidth + 1);
        return [innerWidth, tables.length, wide.map(each => each.id)];""")
    assert (found[0], found[1] > 2, found[2]) == (width, True, [])
