"""National: every pack as it is made alone, none made twice, and a fault of one partnership stops that one alone."""

import csv
import datetime as dt
import hashlib
import html
import html.parser
import importlib.resources
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import duckdb
import openpyxl
import pytest
from partnerships_made_up import AREAS, MONTHS, NATIONAL, TEMPLATE, made_of, rows_of, write_rows

from cdrp_xl import geography, output
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import CannotBeWrittenError, CdrpError, FileError, ValueFoundError
from cdrp_xl.libreoffice import office
from cdrp_xl.sources import street_scan
from cdrp_xl.workbooks import alone, certificate, forms, history, publishing, refreshing, verifying, ways_out
from cdrp_xl.workbooks.national import plan, running

TODAY = dt.date(2025, 5, 1)
KILLS = int(os.environ.get("CDRP_XL_NATIONAL_KILLS", "4"))
CHECKED = [form for form in forms.FORMS if form.is_checked]


class Watched:
    """Who looks on, and remembers."""

    def __init__(self):
        self.steps = []

    def doing(self, what):
        """Take no notice."""

    def made(self, done, of, area):
        """Remember."""
        self.steps.append((done, of, area))


def run(folder, watched=None, workers=2):
    return running.run(folder / "national.toml", today=TODAY, progress=watched or Watched(), workers=workers)


def contents(folder):
    """Return every file of a run but for locks and the record of runs, without the day that kept counts name."""
    return {
        str(path.relative_to(folder)): re.sub(rb'(day\\":\\")[\d-]{10}', rb"\1", path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock") and path.parent.name != history.FOLDER
    }


@pytest.fixture(scope="module")
def nation(tmp_path_factory):
    """Return the folder of a run of 20 partnerships, what it did, and the steps that were seen."""
    folder = made_of(tmp_path_factory.mktemp("nation"), AREAS)
    watched = Watched()
    return folder, run(folder, watched), watched.steps


@pytest.fixture
def few(tmp_path):
    """Return the folder of a run of three partnerships that was not started yet."""
    return made_of(tmp_path / "few", AREAS[:3])


def test_every_partnership_has_a_pack_and_the_steps_are_counted(nation):
    folder, ran, steps = nation
    assert [each.area for each in ran.outcomes] == sorted(AREAS)
    assert (ran.made, ran.kept, ran.failed) == (20, 0, ())
    assert all((folder / "packs" / each.copy).is_file() for each in ran.outcomes)
    assert [done for done, _, _ in steps] == list(range(1, 21))
    assert {of for _, of, _ in steps} == {20}
    assert sum(each.blocking for each in ran.outcomes) == 0


@pytest.mark.parametrize("area", ["Forest of Dean", AREAS[0], AREAS[9]])
def test_a_pack_is_the_one_that_is_made_alone(nation, tmp_path, area):
    folder, _, _ = nation
    shutil.copytree(folder / "template", tmp_path / "template")
    own = tmp_path / "alone" / plan.folder_name(area)
    own.mkdir(parents=True)
    shutil.copy(folder / "packs" / own.name / "partnership.toml", own)
    refreshing.refresh(own, quarter=None, today=TODAY, progress=str)
    copy = publishing.publish(own, today=TODAY, progress=str).copy
    national = folder / "packs" / own.name / "published" / copy.name
    assert copy.read_bytes() == national.read_bytes()
    assert publishing.certificate.path_of(copy).read_bytes() == publishing.certificate.path_of(national).read_bytes()


def test_a_row_level_extract_with_farms_a_group_and_returns_gives_the_pack_that_is_made_alone(example, tmp_path):
    form = (importlib.resources.files("cdrp_xl") / "returns" / "deliberate-fires.toml").read_text(encoding="utf-8")
    (example / "own.toml").write_text(form.replace('id = "deliberate-fires"', 'id = "own"', 1), encoding="utf-8")
    settings = example / "partnership.toml"
    own = '\n[[returns]]\nform = "own.toml"\nagency = "Fire service"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + own, encoding="utf-8")
    text = 'template = "example"\nareas = ["South Cambridgeshire"]\nquarter = "2011-12 Q1"\nout = "packs"\n'
    (tmp_path / "national.toml").write_text(text, encoding="utf-8")
    assert run(tmp_path).failed == ()
    made = tmp_path / "packs" / "South-Cambridgeshire"
    folder = tmp_path / "alone" / made.name
    folder.mkdir(parents=True)
    shutil.copy(made / "partnership.toml", folder)
    refreshing.refresh(folder, quarter=None, today=TODAY, progress=str)
    copy = publishing.publish(folder, today=TODAY, progress=str).copy
    assert copy.read_bytes() == (made / "published" / copy.name).read_bytes()


def test_the_summary_totals_equal_the_sources(nation):
    folder, ran, _ = nation
    counted = Counter()
    for _, area, month, category, count in rows_of(AREAS):
        if category != "Anti-social behaviour":
            counted[area, month[:4]] += count
    assert {
        (each.area, year): count
        for each in ran.outcomes
        for year, count in (("2024", each.earlier), ("2025", each.later))
    } == counted
    rows = list(openpyxl.load_workbook(ran.summary)["Partnerships"].iter_rows(min_row=5, values_only=True))
    assert [(row[0], row[3], row[4]) for row in rows] == [
        (a, counted[a, "2024"], counted[a, "2025"]) for a in sorted(AREAS)
    ]
    hashes = {row[16]: row[17] for row in rows}
    assert len(hashes) == 20
    assert all(
        hashlib.sha256((folder / "packs" / copy).read_bytes()).hexdigest() == sha256 for copy, sha256 in hashes.items()
    )


def test_the_summary_is_valid_and_nothing_in_it_blocks(nation, ooxml_validate, cdrp_xl):
    _, ran, _ = nation
    ooxml_validate(ran.summary)
    assert cdrp_xl("check", ran.summary).returncode == 0


def test_a_second_run_makes_nothing_and_changes_no_byte(nation):
    folder, _, _ = nation
    before = contents(folder / "packs")
    again = run(folder)
    assert (again.made, again.kept) == (0, 20)
    assert contents(folder / "packs") == before


class Links(html.parser.HTMLParser):
    """The links of a page, and its rows by their kind."""

    def __init__(self):
        super().__init__()
        self.links, self.kinds = [], []

    def handle_starttag(self, tag, attrs):
        """Note a link, or a row."""
        found = dict(attrs)
        self.links += [found["href"]] if tag == "a" else []
        self.kinds += [found["data-kind"]] if "data-kind" in found else []


def test_the_index_links_every_pack_and_needs_no_other_file(nation):
    folder, ran, _ = nation
    text = ran.index.read_text(encoding="utf-8")
    page = Links()
    page.feed(text)
    assert len(page.kinds) == 20
    assert all((folder / "packs" / link).is_file() for link in page.links)
    assert sorted(page.links) == sorted(["summary.xlsx", *(each.copy for each in ran.outcomes)])
    assert "://" not in text
    assert "src=" not in text


def in_chromium(page, script, folder):
    """Return what a script finds in a page that Chromium shows."""
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("Chromium is not installed (make test installs it)")
    text = page.read_text(encoding="utf-8")
    asked = f"<script>document.title = JSON.stringify((() => {{ {script} }})());</script></body>"
    tried = page.with_name("tried.html")
    tried.write_text(text.replace("</body>", asked), encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}", "--dump-dom"]
    shown = subprocess.run([*command, tried.as_uri()], capture_output=True, text=True, check=True, timeout=120).stdout
    tried.unlink()
    return json.loads(html.unescape(re.search("<title>(.*?)</title>", shown, re.DOTALL)[1]))


AREAS_SHOWN = """
const shown = () => [...document.querySelectorAll('tbody tr')].filter(r => !r.hidden).map(r => r.cells[0].innerText);
"""


def test_the_index_is_searched_sorted_and_filtered_in_chromium(nation, tmp_path):
    _, ran, _ = nation
    script = f"""{AREAS_SHOWN}
        const buttons = [...document.querySelectorAll('thead button')], find = document.getElementById('find');
        const found = {{ all: shown() }};
        buttons[3].click(); found.up = shown(); found.sorted = buttons[3].parentElement.getAttribute('aria-sort');
        buttons[3].click(); found.down = shown(); found.again = buttons[3].parentElement.getAttribute('aria-sort');
        find.value = 'FOREST dean'; find.dispatchEvent(new Event('input')); found.searched = shown();
        found.said = document.getElementById('shown').textContent;
        find.value = ''; find.dispatchEvent(new Event('input'));
        document.querySelectorAll('input[type=checkbox]').forEach(box => box.click()); found.none = shown();
        found.reached = [...document.querySelectorAll('a[href], button, input')].every(each => each.tabIndex === 0);
        return found;"""
    found = in_chromium(ran.index, script, tmp_path)
    assert found["all"] == sorted(AREAS)
    later = sorted((each.later, each.area) for each in ran.outcomes)
    assert [area for _, area in later] == found["up"]
    assert found["down"] == found["up"][::-1]
    assert (found["sorted"], found["again"]) == ("ascending", "descending")
    assert found["searched"] == ["Forest of Dean"]
    assert found["said"] == "1 of 20 shown"
    assert found["none"] == []
    assert found["reached"]


def test_what_to_look_at_names_the_folder_whose_refresh_shows_it(nation):
    """A run fills no master, so that there is no worksheet of checks yet."""
    folder, ran, _ = nation
    first = ran.outcomes[0]
    assert not list((folder / "packs" / first.folder).glob("master.*"))
    (covers,) = [each for each in first.needed if each.what.startswith("Covers ")]
    assert covers.where == (
        f"{first.area}, worksheet Checks of the master that cdrp-xl refresh fills in the folder {first.folder}"
    )


def test_bad_data_of_one_area_stops_that_area_alone_and_is_named(few):
    rows = rows_of(AREAS[:3])
    rows[0][4] = "lots"
    write_rows(few, rows)
    ran = run(few)
    assert [each.area for each in ran.failed] == [AREAS[0]]
    assert '"lots"' in ran.failed[0].needed[0].what
    assert "counts.csv, row 2" in ran.failed[0].needed[0].where
    assert ran.made == 2
    sheet = openpyxl.load_workbook(ran.summary)["For a person"]
    assert [cell.value for cell in sheet[5]][:2] == [AREAS[0], "not made"]
    again = run(few)
    assert (again.made, again.kept, again.failed) == (0, 2, ran.failed)
    write_rows(few, rows_of(AREAS[:3]))
    assert run(few).failed == ()


def test_an_area_whose_force_sent_no_rows_has_no_pack(few):
    rows = [row for row in rows_of(AREAS[:3]) if row[1] != AREAS[0] or row[2] != "2024-02"]
    rows += [["British Transport Police", AREAS[0], "2024-02", "Burglary", 2]]
    write_rows(few, rows)
    ran = run(few)
    assert [each.area for each in ran.failed] == [AREAS[0]]
    assert "no complete figures for Feb-24" in ran.failed[0].needed[0].what


def test_a_name_that_is_no_area_is_named_for_a_person(few):
    write_rows(few, [*rows_of(AREAS[:3]), ["Norfolk Constabulary", "Atlantis", "2025-01", "Burglary", 2]])
    ran = run(few)
    assert [each.area for each in ran.failed] == ["Atlantis"]
    assert ran.made == 3


def test_what_differs_for_an_area_is_its_own(few):
    area = AREAS[1]
    own = f"""
[area."{area}"]
name = "Another name"
recipients = ["partner@example.org"]
words = {{ summary = "Patrols were doubled." }}
[[area."{area}".priorities]]
id = "drugs"
title = "Drugs"
objective = "More found"
deadline = "2026-27"
measure = {{ rows = ["drugs"] }}
baseline = {{ year = "2023-24" }}
"""
    (few / "national.toml").write_text(NATIONAL + own, encoding="utf-8")
    ran = run(few)
    texts = {
        each.area: " ".join(
            str(cell)
            for sheet in openpyxl.load_workbook(few / "packs" / each.copy)
            for row in sheet.iter_rows(values_only=True)
            for cell in row
            if cell is not None
        )
        for each in ran.outcomes
    }
    found = {name for name, text in texts.items() if "Patrols were doubled." in text and "More found" in text}
    assert found == {area}
    assert "Another name" in texts[area]
    assert "Fewer burglaries" not in texts[area]
    (few / "national.toml").write_text(NATIONAL, encoding="utf-8")
    assert (run(few).made, run(few).kept) == (1, 3)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (NATIONAL.replace("areas", "aeras"), "there is no such key"),
        (NATIONAL.replace('quarter = "2024-25 Q4"\n', ""), "No quarter is named"),
        (NATIONAL.replace('"2024-25 Q4"', '"2024-25"'), "is not a quarter"),
        (NATIONAL.replace('"all"', '"Ruritania Police"'), "is not a known police force"),
        (NATIONAL + '[area."Norwich"]\ncolour = "red"\n', "there is no such key; the keys that may differ are name"),
        (NATIONAL + '[area."Leeds"]\nname = "Leeds"\n', 'differs is written for "Leeds"'),
        (NATIONAL + f'[area."{AREAS[0]}"]\npriorities = [{{ id = "X" }}]\n', r"partnership.toml has \d+ mistakes"),
    ],
)
def test_settings_at_fault_are_refused_before_anything_is_made(few, settings, message):
    (few / "national.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(ValueFoundError, match=message):
        run(few)
    assert not list(few.rglob("*.xlsx"))


def test_a_missing_template_or_source_is_named(few):
    shutil.move(few / "template" / "data" / "people.csv", few / "away.csv")
    with pytest.raises(FileError, match=r"people\.csv"):
        run(few)
    shutil.rmtree(few / "template")
    with pytest.raises(FileError, match=r"holds no partnership\.toml"):
        run(few)


def test_a_force_and_a_list_name_the_areas(few):
    (few / "national.toml").write_text(NATIONAL.replace('"all"', f'["{AREAS[2]}", "{AREAS[0]}"]'), encoding="utf-8")
    assert [each.area for each in run(few).outcomes] == [AREAS[2], AREAS[0]]
    asked = plan.read(few / "national.toml")
    force = NATIONAL.replace('"all"', '"Norfolk Constabulary"')
    (few / "national.toml").write_text(force, encoding="utf-8")
    listed, unknown = plan.listed(plan.read(few / "national.toml"), None)
    assert (listed, unknown) == ([area.name for area in geography.areas_of("Norfolk Constabulary")], [])
    assert asked.quarter.name == "2024-25 Q4"


def test_a_warehouse_counts_its_rows_first_and_the_packs_are_of_its_counts(few):
    rows = rows_of(AREAS[:3])
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE rows (district VARCHAR, force VARCHAR, offence VARCHAR, recorded DATE)")
        counts = (
            "SELECT unnest(?) AS force, unnest(?) AS district, unnest(?) AS m, unnest(?) AS offence, unnest(?) AS n"
        )
        engine.execute(
            "INSERT INTO rows SELECT district, force, offence, CAST(m || '-15' AS DATE) "
            f"FROM ({counts}) AS c, range(500) AS r(i) WHERE i < n",
            [list(column) for column in zip(*rows, strict=True)],
        )
        engine.execute(f"COPY rows TO '{few / 'rows.parquet'}' (FORMAT parquet)")
    write_rows(few, [])
    template = few / "template" / "partnership.toml"
    headings = (
        'headings = { area = "Area", offence = "Offence", period = "Month", offences = "Offences", force = "Force" }'
    )
    template.write_text(
        "\n".join(headings if line.startswith("headings") else line for line in TEMPLATE.splitlines()), encoding="utf-8"
    )
    own = """
[warehouse]
files = ["rows.parquet"]
counts = "template/data/counts.csv"
columns = { area = "district", offence = "offence", date = "recorded", force = "force" }
"""
    (few / "national.toml").write_text(NATIONAL + own, encoding="utf-8")
    ran = run(few)
    counted = Counter()
    for _, area, month, category, count in rows:
        counted[area, month[:4]] += count * (category != "Anti-social behaviour")
    assert {each.area: (each.earlier, each.later) for each in ran.outcomes} == {
        area: (counted[area, "2024"], counted[area, "2025"]) for area in AREAS[:3]
    }
    assert run(few).kept == 3


def test_a_folder_that_somebody_else_made_is_left_alone(few):
    own = few / "packs" / plan.folder_name(AREAS[0]) / "partnership.toml"
    own.parent.mkdir(parents=True)
    own.write_text("mine", encoding="utf-8")
    ran = run(few)
    assert [each.area for each in ran.failed] == [AREAS[0]]
    assert own.read_text(encoding="utf-8") == "mine"


def test_a_second_run_at_the_same_time_is_reported(few):
    (few / "packs").mkdir()
    with (
        alone.held(few / "packs" / running.LOCK, busy="", where=""),
        pytest.raises(
            CannotBeWrittenError, match=rf"Another national run into packs is running \(process {os.getpid()}"
        ),
    ):
        run(few)
    assert not list(few.rglob("*.xlsx"))


def test_the_command_says_what_was_made_and_ends_with_1_where_one_is_missing(few, cdrp_xl):
    write_rows(few, [*rows_of(AREAS[:3]), ["Norfolk Constabulary", "Atlantis", "2025-01", "Burglary", 2]])
    done = cdrp_xl("national", few / "national.toml")
    assert done.returncode == 1
    assert "Packs made: 3" in done.stdout
    assert "Atlantis" in done.stdout
    assert done.stderr == ""


def begun(folder):
    """Start the command in a group of its own, wait until it has made a pack, and return its process."""
    starts = [sys.executable, "-m", "cdrp_xl", "national", str(folder / "national.toml")]
    process = subprocess.Popen(
        starts, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 300
    while not list(folder.rglob("*.xlsx")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, "no pack was made in five minutes"
        time.sleep(0.05)
    return process


def stopped(folder, stop):
    """Return the code and what was said about a run that was stopped once it had made a pack.

    Twenty packs are made in a second or two: a run that was done before it was stopped is begun again.
    """
    for _ in range(10):
        process = begun(folder)
        stop(process)
        _, said = process.communicate(timeout=120)
        if process.returncode:
            return process.returncode, said.splitlines()
        shutil.rmtree(folder / "packs")
    raise AssertionError("no run was stopped before it was done")


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no groups of processes")
def test_a_run_that_is_stopped_at_the_terminal_says_so_in_three_lines_and_goes_on_later(nation, tmp_path):
    folder, _, _ = nation
    own = shutil.copytree(folder, tmp_path / "stopped", ignore=shutil.ignore_patterns("packs"))
    code, said = stopped(own, lambda process: os.killpg(process.pid, signal.SIGINT))
    assert said[0] == "Stopped before it was done."
    assert (code, len(said)) == (130, 3)
    assert run(own).failed == ()
    assert contents(own / "packs") == contents(folder / "packs")


def end_a_maker(process):
    """End one of the processes that make packs, as the system does where memory runs out."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8").split()
    makers = [child for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    if makers:
        os.kill(int(makers[0]), signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="this system does not list a process's children")
def test_a_process_that_the_system_ends_is_reported(nation, tmp_path):
    folder, _, _ = nation
    own = shutil.copytree(folder, tmp_path / "ended", ignore=shutil.ignore_patterns("packs"))
    code, said = stopped(own, end_a_maker)
    assert said[0] == "A process that makes packs was ended by the system, as happens when memory runs out."
    assert (code, len(said)) == (1, 3)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system can't kill a process")
def test_a_run_that_is_killed_goes_on_where_it_was(nation, tmp_path):
    folder, _, _ = nation
    own = tmp_path / "killed"
    shutil.copytree(folder, own, ignore=shutil.ignore_patterns("packs"))
    moments = random.Random(18)  # noqa: S311 - moments to kill at, nothing secret
    starts = [sys.executable, "-m", "cdrp_xl", "national", str(own / "national.toml"), "--quiet"]
    begins = time.monotonic()
    subprocess.run(starts, check=True)
    undisturbed, killed = time.monotonic() - begins, 0
    shutil.rmtree(own / "packs")
    while killed < KILLS:
        with subprocess.Popen(starts) as process:
            time.sleep(moments.uniform(0.2, 1) * undisturbed)
            killed += process.poll() is None
            process.kill()
        for copy in own.glob("packs/*/published/*.xlsx"):
            assert openpyxl.load_workbook(copy).sheetnames
        if len(list(own.glob("packs/*/counts/pack.json"))) == len(AREAS):
            shutil.rmtree(own / "packs")  # all are made: begin again
    for _ in range(60):
        if not run(own).failed:  # whoever made packs for a run that was killed ends by itself
            break
        time.sleep(1)
    assert run(own).failed == ()
    assert contents(own / "packs") == contents(folder / "packs")


def test_each_pack_and_the_run_itself_are_recorded_for_an_auditor(tmp_path):
    folder = made_of(tmp_path, AREAS[:2], NATIONAL)
    rows = rows_of(AREAS[:3])
    write_rows(folder, [row for row in rows if row[1] != AREAS[2] or row[2] != "2025-02"])
    ran = run(folder)
    assert [each.area for each in ran.failed] == [AREAS[2]]
    (whole,) = history.runs(folder / "packs")
    assert (whole.what, whole.is_done, whole.quarter) == ("national", True, "2024-25 Q4")
    assert whole.settings == hashlib.sha256((folder / "national.toml").read_bytes()).hexdigest()
    assert (whole.packs.made, whole.packs.kept, set(whole.packs.failed)) == (2, 0, {AREAS[2]})
    counts = folder / "template" / "data" / "counts.csv"
    assert hashlib.sha256(counts.read_bytes()).hexdigest() in {each.sha256 for each in whole.files}
    for each in ran.outcomes:
        (of_pack,) = history.runs(folder / "packs" / each.folder)
        assert (of_pack.what, of_pack.is_done) == ("publish", each.is_made)
        assert not each.is_made or of_pack.issued.sha256 == each.sha256
    printed = output.history_text(history.runs(folder / "packs"))
    assert "Packs: 2 made, 0 already up to date, 1 not made" in printed
    assert f"Not made: {AREAS[2]}: " in printed


def test_a_pack_that_is_right_already_gets_no_second_record(tmp_path):
    folder = made_of(tmp_path, AREAS[:2])
    run(folder)
    run(folder)
    assert [(each.packs.made, each.packs.kept) for each in history.runs(folder / "packs")] == [(2, 0), (0, 2)]
    for area in AREAS[:2]:
        (place,) = {each.folder for each in run(folder).outcomes if each.area == area}
        assert len(history.runs(folder / "packs" / place)) == 1


def test_a_run_that_is_refused_is_recorded_with_the_reason(tmp_path):
    folder = made_of(tmp_path, AREAS[:1])
    (folder / "template" / "data" / "people.csv").write_text("Area,Somebody\n", encoding="utf-8")
    with pytest.raises(CdrpError, match="people"):
        run(folder)
    (refused,) = history.runs(folder / "packs")
    assert refused.outcome.startswith("refused: ")


def with_forms(*names):
    return f"{NATIONAL}forms = {json.dumps(names)}\n"


def test_every_form_that_is_asked_for_is_made_certified_and_named_and_is_the_one_that_is_made_alone(few, tmp_path):
    names = [form.name for form in CHECKED]
    (few / "national.toml").write_text(with_forms(*names), encoding="utf-8")
    ran = run(few)
    assert (ran.made, ran.failed) == (3, ())
    rows = list(openpyxl.load_workbook(ran.summary)["Partnerships"].iter_rows(min_row=4, values_only=True))
    page = Links()
    page.feed(ran.index.read_text(encoding="utf-8"))
    for each, row in zip(ran.outcomes, rows[1:], strict=True):
        assert [form.name for form in each.forms] == names
        shown = dict(zip(rows[0], row, strict=True))
        for form in each.forms:
            file = few / "packs" / form.place
            assert verifying.verify(file, password=str).outcome is verifying.Outcome.CERTIFIED
            assert (shown[f"File, {form.name}"], shown[f"SHA-256, {form.name}"]) == (form.place, form.sha256)
            assert hashlib.sha256(file.read_bytes()).hexdigest() == form.sha256
            assert form.place in page.links
    first = ran.outcomes[0]
    own = tmp_path / "alone" / first.folder
    own.mkdir(parents=True)
    shutil.copytree(few / "template", tmp_path / "template")
    shutil.copy(few / "packs" / first.folder / "partnership.toml", own)
    refreshing.refresh(own, quarter=None, today=TODAY, progress=str)
    done = publishing.publish(own, today=TODAY, progress=str)
    ways_out.in_forms(done, CHECKED, settings_file.read(own), progress=str)
    national = few / "packs" / first.folder / "published"
    assert {path.name: path.read_bytes() for path in done.copy.parent.iterdir()} == {
        path.name: path.read_bytes() for path in national.iterdir()
    }


def test_forms_are_made_again_only_where_one_is_missing_or_others_are_asked_for(few):
    (few / "national.toml").write_text(with_forms("html"), encoding="utf-8")
    ran = run(few)
    before = contents(few / "packs")
    assert (run(few).made, contents(few / "packs")) == (0, before)
    (few / "packs" / ran.outcomes[1].forms[0].place).unlink()
    assert (run(few).made, contents(few / "packs")) == (1, before)
    (few / "packs" / ran.outcomes[2].forms[0].place).write_text("changed", encoding="utf-8")
    assert (run(few).made, contents(few / "packs")) == (1, before)
    (few / "national.toml").write_text(with_forms("html", "data"), encoding="utf-8")
    both = run(few)
    assert both.made == 3
    for each in both.outcomes:
        copy = few / "packs" / each.copy
        known = [file.name for file in certificate.read(certificate.path_of(copy)).made_of_it]
        assert known == [copy.with_suffix(ending).name for ending in (".html", ".zip")]


def test_a_form_that_is_none_is_refused_with_those_that_there_are(few):
    (few / "national.toml").write_text(with_forms("html", "docs"), encoding="utf-8")
    known = ", ".join(form.name for form in forms.FORMS)
    with pytest.raises(ValueFoundError, match=f'"docs" is not a form of a copy; the forms are {known}'):
        run(few)


@pytest.mark.libreoffice
def test_a_pdf_is_made_of_every_pack(few):
    (few / "national.toml").write_text(with_forms("pdf"), encoding="utf-8")
    ran = run(few)
    assert ran.made == 3
    assert all((few / "packs" / each.forms[0].place).read_bytes().startswith(b"%PDF") for each in ran.outcomes)
    assert run(few).kept == 3


def test_a_form_that_this_machine_cannot_make_is_refused_before_any_pack_is_made(few, monkeypatch):
    (few / "national.toml").write_text(with_forms("pdf"), encoding="utf-8")
    monkeypatch.setenv(office.PROGRAM_VARIABLE, str(few / "nowhere"))
    with pytest.raises(CdrpError, match="LibreOffice"):
        run(few)
    assert not list(few.rglob("*.xlsx"))


STREET = TEMPLATE[: TEMPLATE.index("[sources.published]")] + '[sources.police_uk]\npath = "data/street"\n'
STREET += TEMPLATE[TEMPLATE.index("[[priorities]]") :]


def write_month(folder, month, areas, usual):
    """Write one month of a force's street-level file, with so many burglaries in each of its areas."""
    file = folder / "template" / "data" / "street" / f"{month}-gloucestershire-street.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(street_scan.HEADINGS)
        for at, area in enumerate(areas):
            for number in range(usual + at):
                place = ("E0101", f"{area} 001A", "Burglary", "", "")
                writer.writerow([f"{month}-{at}-{number}", month, "Force", "Force", "", "", "On or near", *place])
    os.utime(file, (1_700_000_000 + usual, 1_700_000_000 + usual))  # kept counts name the time


def street_run(folder):
    areas = AREAS[-4:-2]
    (folder / "template").mkdir(parents=True)
    (folder / "template" / "partnership.toml").write_text(STREET, encoding="utf-8")
    (folder / "national.toml").write_text(NATIONAL, encoding="utf-8")
    for number, month in enumerate(MONTHS):
        write_month(folder, month, areas, 30 + number)
    return folder, areas


def test_packs_of_months_that_are_known_are_those_of_a_run_that_reads_them_all(tmp_path):
    once, areas = street_run(tmp_path / "once")
    twice, _ = street_run(tmp_path / "twice")
    write_month(twice, "2025-02", areas, 5)
    assert run(twice).made == 2
    for area in areas:
        shutil.rmtree(twice / "packs" / plan.folder_name(area))
    write_month(twice, "2025-02", areas, 34)
    assert (run(once).made, run(twice).made) == (2, 2)
    assert contents(once / "packs") == contents(twice / "packs")
    assert (run(twice).made, run(twice).kept) == (0, 2)
    assert [path.name for path in (twice / "packs" / "counts").iterdir()] == ["police-uk.json"]
