"""The command line: what it prints, on which stream, and with which code it ends."""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import cdrp_xl as package
from cdrp_xl.__main__ import main
from cdrp_xl.commands import options

CASE = Path(__file__).parent / "cases" / "cadet_2011_q1.csv"
with CASE.open(encoding="utf-8", newline="") as case_file:
    PRINTED = list(csv.DictReader(case_file))


@pytest.fixture
def stoppable():
    """Let the tests' own process be stopped as before; the command's would end, and ignores whoever stops it then."""
    known = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in known]
    yield
    for number, handler in zip(known, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture
def command(capsys, monkeypatch, stoppable):
    """Return a function that runs the command line in this process, as a person's terminal would."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["cdrp-xl", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setenv("TERM", "dumb")
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return subprocess.CompletedProcess(sys.argv, ended.value.code or 0, *capsys.readouterr())

    return run


def lines_of(run):
    assert run.stderr == ""
    assert run.returncode == 0
    return run.stdout.splitlines()


def fault_of(run, code=1):
    assert run.returncode == code
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    return run.stderr


def test_the_demo_ends_with_what_to_open(demo):
    *_, master, copy = demo.printed[0].splitlines()
    assert master == f"Master: {demo.master}"
    assert copy == f"Published copy: {demo.copy}"
    assert demo.master.is_file()
    assert demo.copy.is_file()


def test_the_demo_says_which_quarter_and_how_many_rows(demo):
    shown = demo.printed[0].splitlines()
    assert shown[0] == "Quarter: 2011-12 Q1"
    assert re.fullmatch(r"Rows read: 1\d,\d{3}", shown[1])
    assert shown[2] == "Rows not counted: Police recorded crime extract: in other areas 845"


def test_a_quarter_left_out_is_the_last_complete_one_and_said(street_level):
    assert street_level.printed[1].splitlines()[:2] == [
        "Quarter: 2025-26 Q3",
        "Quarter is the last that the data complete.",
    ]
    assert street_level.printed[2].splitlines()[0] == "Quarter: 2025-26 Q1"


def test_new_says_what_to_do_next(street_level):
    assert street_level.printed[0].splitlines() == [
        f"Settings: {street_level.folder / 'partnership.toml'}",
        "Offences counted by: Home Office offence groups and subgroups (April 2026), home-office-2026",
        f"Next: cdrp-xl refresh {street_level.folder}",
    ]


def test_a_kept_master_and_a_kept_copy_are_said(command, example):
    (example / "counts" / "refreshed.json").unlink()
    printed = lines_of(command("refresh", example, "--anew"))
    assert "Master written anew because: a new one was asked for" in printed
    assert f"Former master kept: {example / 'master (before refresh 1).xlsm'}" in printed
    (copy,) = (example / "published").glob("*.xlsx")
    copy.write_bytes(b"another")
    printed = lines_of(command("publish", example))
    assert f"Former copy kept: {copy.with_name(f'{copy.stem} (superseded 1).xlsx')}" in printed


def test_what_to_look_at_is_said(command, example):
    settings = example / "partnership.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[report]", '[report]\ntable_source = "cadet"'), encoding="utf-8")
    export = example / "data" / "cadet-2011-12-q1.csv"
    text = export.read_text(encoding="utf-8")
    export.write_text(text.replace("Rapes,2,,2,,0,No Calc", "Rapes,3,,4,,1,+ 33.3%"), encoding="utf-8")
    (look,) = [line for line in lines_of(command("refresh", example)) if line.startswith("Look at: ")]
    assert "Rows add up: Serious Sexual Offences is not Rapes + " in look
    assert "1 row differs: Rapes: 3 and 4, against 2 and 2." in look
    assert fault_of(command("publish", example)).startswith("Rows do not add up: Serious Sexual Offences is not Rapes")


@pytest.mark.parametrize(
    "asked", [("cadet",), ("local", "--area", "South Cambridgeshire", "--row", "Arson", "--later", "2011-12 Q1")]
)
def test_rows_that_were_not_counted_are_said_with_every_answer(command, example, asked):
    (extract, *_) = sorted((example / "data").glob("recorded-crime-*.csv"))
    rows = extract.read_text(encoding="utf-8").splitlines()
    extract.write_text("\n".join([*rows, rows[1].replace("South Cambridgeshire", "")]) + "\n", encoding="utf-8")
    said = "1 row was not counted: the area is not known (blank, or an error such as #N/A)"
    assert said in lines_of(command("query", example, *asked))[-1]
    assert said in json.loads(command("query", example, *asked, "--json").stdout)["notes"][-1]


def test_a_person_is_told_of_none_as_of_any_number(capsys):
    summary = {"values_looked_for": 0, "packs_made": 3, "kept": None, "look_at": [], "left_out": {}, "is_last": False}
    options.show(summary, as_json=False, quiet=False)
    assert capsys.readouterr().out == "Values looked for: 0\nPacks made: 3\n"


def test_a_query_prints_the_table_as_cadet_does(command, demo):
    printed = lines_of(command("query", demo.folder, "cadet"))
    assert printed[0] == "South Cambridgeshire"
    assert printed[1].split("  ")[-1] == "Apparent"
    cells = [re.split(r"\s{2,}", line) for line in printed[2:]]
    assert cells == [
        [
            line["row"],
            f"{int(line['earlier']):,}",
            f"{int(line['later']):,}",
            f"{int(line['numeric_change']):,}",
            line["apparent_change"],
        ]
        for line in PRINTED
    ]
    assert len({len(line) for line in printed[1:]}) == 1


def test_a_query_as_json_has_ids_both_counts_the_change_and_how_it_prints(command, demo):
    run = command("query", demo.folder, "cadet", "--json")
    found = json.loads("\n".join(lines_of(run)))
    assert {name: value for name, value in found.items() if name != "rows"} == {
        "area": "South Cambridgeshire",
        "earlier": "Apr-10 to Jun-10",
        "later": "Apr-11 to Jun-11",
        "notes": [],
    }
    assert len({row["row_id"] for row in found["rows"]}) == 45
    for row, line in zip(found["rows"], PRINTED, strict=True):
        earlier, later = int(line["earlier"]), int(line["later"])
        assert [row[name] for name in ("number", "name", "earlier", "later", "change", "printed")] == [
            int(line["number"]),
            line["row"],
            earlier,
            later,
            int(line["numeric_change"]),
            line["apparent_change"],
        ]
        if line["apparent_change"] == "No Calc":
            assert row["apparent_change"] is None
        else:
            assert row["apparent_change"] == pytest.approx((later - earlier) / earlier, rel=1e-12)


def test_a_query_of_the_mapping_says_what_each_offence_is_counted_under(command, demo):
    run = command("query", demo.folder, "mapping", "--json")
    offences = {each["written"]: each for each in json.loads(run.stdout)["offences"]}
    assert offences["28A"]["counted_under"] == "Burglary Dwelling"
    assert offences["28A"]["rule"] == "Its code"
    printed = lines_of(command("query", demo.folder, "mapping"))
    assert printed[1].split()[:4] == ["Offence", "in", "the", "extract"]
    assert len(printed) == 2 + len(offences)


def test_the_ledger_of_a_refresh_accounts_for_every_row_of_every_file(command, example):
    run = command("refresh", example, "--json")
    ledger = json.loads(run.stdout)["ledger"]
    assert {each["file"] for each in ledger} >= {path.name for path in (example / "data").glob("recorded*.csv")}
    for each in ledger:
        assert each["read"] == each["counted"] + sum(line["rows"] for line in each["left_out"])
    elsewhere = [line for each in ledger for line in each["left_out"] if line["reason"] == "in other areas"]
    assert sum(line["rows"] for line in elsewhere) == 845
    assert all(len(line["first"]) == 3 for line in elsewhere)


def test_a_query_of_other_periods_is_answered(command, demo):
    periods = ("--earlier", "2009-10 Q1", "--later", "Apr-11 to Jun-11")
    found = json.loads("\n".join(lines_of(command("query", demo.folder, "cadet", *periods, "--json"))))
    assert (found["earlier"], found["later"]) == ("Apr-09 to Jun-09", "Apr-11 to Jun-11")


VIOLENCE = ("--row", "violence-against-the-person")
CAMBOURNE = ("--area", "Cambourne", *VIOLENCE, "--flag", "domestic", "--later", "2011-12 Q1")


def test_a_local_question_is_answered_at_the_prompt(command, demo):
    printed = lines_of(command("query", demo.folder, "local", *CAMBOURNE))
    assert {"Offences        20", "With the flag   8", "Share           40.0%"} <= set(printed)
    found = json.loads("\n".join(lines_of(command("query", demo.folder, "local", *CAMBOURNE, "--json"))))
    assert (found["offences"], found["with_the_flag"], found["share"]) == (20, 8, 0.4)


@pytest.mark.parametrize("left_out", [0, 2, 6])
def test_a_local_question_needs_area_row_and_period(command, demo, left_out):
    asked = (*CAMBOURNE[:left_out], *CAMBOURNE[left_out + 2 :])
    assert "a question needs --area, --row and --later" in fault_of(
        command("query", demo.folder, "local", *asked), code=2
    )


def test_a_flag_that_is_none_is_named(command, demo):
    asked = [word.replace("domestic", "odd") for word in CAMBOURNE]
    said = fault_of(command("query", demo.folder, "local", *asked))
    assert '"odd" is not a known flag.' in said
    assert 'What to do: Use one of "domestic"' in said


def test_refresh_and_publish_as_json_name_what_was_written(command, example):
    refreshed = json.loads("\n".join(lines_of(command("refresh", example, "--json"))))
    assert refreshed["master"] == str(example / "master.xlsm")
    assert refreshed["rows_not_counted"] == {"Police recorded crime extract: in other areas": 845}
    published = json.loads("\n".join(lines_of(command("publish", example, "--json"))))
    assert Path(published["published_copy"]).is_file()
    assert json.loads("\n".join(lines_of(command("demo", example, "--json"))))["master"] == refreshed["master"]


def test_a_refresh_says_from_which_older_master_it_took_the_commentary(command, example):
    older = (example / "master.xlsm").rename(example / "master.xlsx")
    assert f"Commentary taken over from: {older}" in lines_of(command("refresh", example))
    assert not [line for line in lines_of(command("refresh", example)) if "taken over" in line]


@pytest.mark.parametrize("word", ["refresh", "publish", "demo"])
def test_quiet_prints_nothing(command, example, word):
    assert lines_of(command(word, example, "--quiet")) == []


def test_quiet_prints_nothing_for_a_new_folder(command, tmp_path):
    assert lines_of(command("new", tmp_path / "csp", "--quiet")) == []
    assert (tmp_path / "csp" / "partnership.toml").is_file()


def test_quiet_still_prints_errors(command, tmp_path):
    assert fault_of(command("refresh", tmp_path, "--quiet")).count("\n") == 3


@pytest.mark.parametrize("words", [("refresh",), ("publish",), ("query", "cadet")])
def test_a_folder_without_settings_is_reported_in_three_lines(command, tmp_path, words):
    name, *rest = words
    assert fault_of(command(name, tmp_path, *rest)) == (
        f'"{tmp_path.name}" is not a partnership\'s folder: it holds no partnership.toml.\n'
        f"Where: {tmp_path}\n"
        'What to do: Name the folder that "cdrp-xl new" made, or make one with it.\n'
    )


@pytest.mark.parametrize(
    ("option", "text", "where"),
    [("--quarter", "2011-13-Q1", "--quarter"), ("--earlier", "spring", "--earlier"), ("--later", "spring", "--later")],
)
def test_a_period_that_can_not_be_read_is_reported_with_its_option(command, demo, option, text, where):
    printed = fault_of(command("query", demo.folder, "cadet", option, text)).splitlines()
    assert printed[:2] == [f'"{text}" is not a period.', f"Where: {where}"]
    assert printed[2].startswith('What to do: Write it as "2011-12 Q1"')
    assert len(printed) == 3


def test_a_year_is_no_quarter(command, demo):
    assert fault_of(command("refresh", demo.folder, "--quarter", "2011-12")) == (
        '2011-12 is not a quarter of a financial year.\nWhere: --quarter\nWhat to do: Write it as "2011-12-Q1".\n'
    )


def test_a_file_in_a_folders_place_is_reported_in_three_lines(command, tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("mine", encoding="utf-8")
    for word in ("demo", "new", "refresh", "publish"):
        assert fault_of(command(word, file)).count("\n") == 3


@pytest.mark.parametrize(
    "arguments",
    [("query", "DEMO", "rag"), ("nothing",), ("refresh",), ("refresh", "DEMO", "--quarters", "2011-12-Q1"), ("query",)],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(command, demo, arguments):
    printed = fault_of(command(*(demo.folder if word == "DEMO" else word for word in arguments)), code=2)
    assert "Usage:" in printed


def test_an_unknown_table_is_named_with_those_that_there_are(command, demo):
    printed = fault_of(command("query", demo.folder, "iquanta"), code=2)
    assert 'there is no "iquanta"; the choices are: cadet' in printed


def test_a_fault_of_our_own_shows_its_traceback(demo):
    code = (
        "import sys, cdrp_xl.workbooks.asking as asking, cdrp_xl.__main__ as main\n"
        "def broken(*_, **__): raise ZeroDivisionError('ours')\n"
        "asking.compared = broken\n"
        f"sys.argv = ['cdrp-xl', 'query', {str(demo.folder)!r}, 'cadet']\n"
        "main.main()\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.startswith("Traceback")
    assert run.stderr.endswith("ZeroDivisionError: ours\n")


def test_the_version_is_that_of_the_package(command):
    assert lines_of(command("--version")) == [f"cdrp-xl {package.__version__}"]


def test_help_names_every_command(command):
    printed = "\n".join(lines_of(command("--help")))
    for word in ("demo", "new", "refresh", "publish", "query"):
        assert re.search(rf"\b{word}\b", printed)


def test_help_lists_every_exit_code(command):
    printed = "\n".join(lines_of(command("--help")))
    for codes, meaning in (
        ("0", "done"),
        ("1", "the data"),
        ("2", "the command was used wrongly"),
        ("129, 130, 143", "stopped"),
    ):
        assert re.search(rf"^ +{codes} +{meaning}", printed, re.MULTILINE)


def test_every_step_is_printed_with_its_time_for_who_asks(command, example):
    run = command("--verbose", "refresh", example)
    assert run.returncode == 0
    steps = run.stderr.splitlines()
    assert len(steps) > 3
    assert all(re.fullmatch(r"\d\d:\d\d:\d\d  [A-Z].+", step) for step in steps)
    assert run.stdout.startswith("Quarter: 2011-12 Q1")
    assert command("refresh", example).stderr == ""


def test_a_shell_can_complete_commands_and_options(cdrp_xl):
    run = cdrp_xl(_CDRP_XL_COMPLETE="complete_bash", COMP_WORDS="cdrp-xl ref", COMP_CWORD="1")
    assert (run.stdout.split(), run.stderr) == (["refresh"], "")
    run = cdrp_xl(_CDRP_XL_COMPLETE="complete_bash", COMP_WORDS="cdrp-xl settings check --j", COMP_CWORD="3")
    assert run.stdout.split() == ["--json"]


def test_names_that_the_terminals_letters_lack_do_not_stop_the_work(cdrp_xl, example):
    settings = example / "partnership.toml"
    folder = example.rename(example.with_name("Ynys M\u00f4n \U0001f693"))
    assert settings.name in {path.name for path in folder.iterdir()}
    run = cdrp_xl("refresh", folder, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (run.returncode, run.stderr) == (0, "")
    assert "Master: " in run.stdout


def test_settings_are_checked_line_by_line(command, tmp_path):
    (tmp_path / "data").mkdir()
    file = tmp_path / "partnership.toml"
    file.write_text('[partnership]\nnam = "A"\narea = 5\n[sources.police_uk]\npath = "data"\n', encoding="utf-8")
    run = command("settings", "check", tmp_path)
    assert (run.returncode, run.stderr) == (1, "")
    assert [line.partition(":")[0] for line in run.stdout.splitlines()] == [
        *("line 2, partnership.nam", "line 1, partnership.name", "line 3, partnership.area"),
    ]
    assert json.loads(command("settings", "check", tmp_path, "--json").stdout)["mistakes"] == run.stdout.splitlines()


def test_settings_without_a_mistake_are_said_to_have_none(command, example):
    assert lines_of(command("settings", "check", example)) == ["partnership.toml has no mistakes."]


@pytest.fixture
def profile(tmp_path, monkeypatch):
    """Return the one LibreOffice profile of a user."""
    folder = tmp_path / "libreoffice" / "4"
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    return folder


def examined(monkeypatch, *findings):
    from cdrp_xl.installation import doctor

    monkeypatch.setattr(doctor, "examine", lambda _machine, _folder: findings)


def test_doctor_says_what_is_wrong_and_how_to_mend_it(command, monkeypatch):
    from cdrp_xl.installation.findings import Finding, Verdict

    wrong = Finding(what="duckdb", found="not installed", where="here", verdict=Verdict.WRONG, remedy="install it.")
    examined(monkeypatch, Finding(what="Python", found="3.11"), wrong)
    run = command("doctor")
    assert run.returncode == 1
    assert run.stderr == ""
    assert run.stdout.splitlines() == [
        "Right  Python: 3.11",
        "Wrong  duckdb: not installed",
        "       Where: here",
        "       What to do: install it.",
    ]


def test_doctor_ends_well_where_there_are_only_notes(command, monkeypatch):
    from cdrp_xl.installation.findings import Finding, Verdict

    examined(monkeypatch, Finding(what="Excel", found="none", verdict=Verdict.NOTE))
    printed = json.loads("\n".join(lines_of(command("doctor", "--json"))))
    note = {"what": "Excel", "found": "none", "where": None, "verdict": "note", "remedy": None}
    assert printed == {"findings": [note]}


def test_doctor_looks_at_the_folder_that_is_named(command, example):
    run = command("doctor", example, "--json")
    findings = {finding["what"]: finding for finding in json.loads(run.stdout)["findings"]}
    assert findings["cdrp-xl"]["found"] == package.__version__
    assert findings["Partnership's folder"]["verdict"] == "right"
    assert run.returncode == any(finding["verdict"] == "wrong" for finding in findings.values())


def test_the_libreoffice_macro_is_installed_and_removed(command, profile):
    assert lines_of(command("libreoffice", "install")) == [f"Installed: {profile}", f"Changed: {profile}"]
    assert lines_of(command("libreoffice", "install", "--profile", profile)) == [f"Installed: {profile}"]
    assert json.loads("\n".join(lines_of(command("libreoffice", "uninstall", "--json"))))["removed"] == [str(profile)]
    assert lines_of(command("libreoffice", "uninstall")) == ["Nothing to remove."]


def test_a_user_without_libreoffice_is_told_so(command, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("CDRP_XL_LIBREOFFICE_PROGRAM", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert "LibreOffice is not installed" in fault_of(command("libreoffice", "install"))


@pytest.mark.libreoffice
@pytest.mark.skipif(sys.platform != "linux", reason="the profile's place is another")
def test_a_libreoffice_that_was_never_started_is_started_for_its_macro(command, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    profile = tmp_path / "libreoffice" / "4"
    assert lines_of(command("libreoffice", "install")) == [f"Installed: {profile}", f"Changed: {profile}"]
    assert (profile / "user" / "basic" / "Standard" / "cdrp_xl.xba").is_file()


def test_a_running_libreoffice_is_left_alone(command, profile):
    (profile / ".lock").touch()
    assert "Close LibreOffice" in fault_of(command("libreoffice", "install"))


def test_forms_are_sent_and_what_came_back_is_collected(command, partners):
    sent = json.loads(command("returns", "send", partners, "--email", "--json").stdout)
    assert [Path(form).suffix for form in sent["forms"] + sent["drafts"]] == [".xlsx", ".xlsx", ".eml", ".eml"]
    assert lines_of(command("returns", "collect", partners))[0] == (
        "Reducing re-offending, Integrated offender management: Accepted (due 21 July 2011, returned 14 July 2011)"
    )
    collected = json.loads(command("returns", "collect", partners, "--json").stdout)
    assert [(each["form"], each["state"], each["queries"]) for each in collected["returns"]] == [
        ("reducing-reoffending", "Accepted", []),
        ("drug-and-alcohol", "Accepted", []),
    ]


def test_a_return_that_is_refused_ends_with_1(command, partners):
    (partners / "returns" / "2011-12-Q1" / "drug-and-alcohol.xlsx").write_bytes(b"x")
    run = command("returns", "collect", partners)
    assert run.returncode == 1
    assert "drug-and-alcohol.xlsx is not read: it is not a workbook." in run.stdout
    assert command("returns", "collect", partners, "--quiet").stdout == ""


def test_a_check_prints_what_it_found_and_ends_with_1_where_it_blocks(command, demo):
    run = command("check", demo.master)
    assert run.returncode == 1
    assert run.stdout.startswith("master.xlsm: ")
    assert 'A worksheet is hidden: 2 cells. Where: worksheet "xlwings.conf"' in run.stdout
    printed = json.loads(command("check", demo.master, "--json").stdout)
    assert printed["blocks"] is True
    assert {"macros", "hidden-sheet"} <= {finding["rule"] for finding in printed["findings"]}


def test_a_check_of_the_published_copy_ends_with_0(command, demo):
    run = command("check", demo.copy)
    assert (run.returncode, run.stderr) == (0, "")
    assert "block" not in run.stdout


def test_a_check_of_a_file_that_is_not_there_says_so(command, tmp_path):
    assert fault_of(command("check", tmp_path / "none.xlsx")).startswith('There is no file "none.xlsx".')


def test_a_query_of_a_worksheet_function_is_answered_as_the_report_says(command, demo):
    assert lines_of(command("query", demo.folder, "count", "Arson", "", "2010-11 Q1")) == ["10"]
    assert lines_of(command("query", demo.folder, "CDRP_PCTCHANGE", "32", "59")) == ["0.84375"]
    assert lines_of(command("query", demo.folder, "period", "2011-12 Q1")) == ["01/04/2011\t30/06/2011"]
    assert lines_of(command("query", demo.folder, "compare", "Arson"))[1] == "Arson\t10\t12\t2\t0.2"
    found = json.loads("\n".join(lines_of(command("query", demo.folder, "period", "2011-12 Q1", "--json"))))
    assert found == {"answer": [["2011-04-01", "2011-06-30"]]}


def test_a_query_that_no_function_answers_says_why(command, demo):
    assert 'no offence row "Arsony"' in fault_of(command("query", demo.folder, "count", "Arsony"), code=1)
    assert "takes (earlier, later)" in fault_of(command("query", demo.folder, "change", "3"), code=2)
    assert "cadet, local, mapping, places, revisions, count, series" in fault_of(
        command("query", demo.folder, "sums"), code=2
    )


def test_backtest_prints_tables_for_a_person_and_the_same_figures_for_a_program(command, demo):
    shown = command("backtest", demo.folder)
    assert shown.returncode == 0
    heading, quarters = shown.stdout.splitlines()[:2]
    assert heading.split("  ")[0] == "Nothing changed on average"
    printed = json.loads(command("backtest", demo.folder, "--json").stdout)
    assert list(printed) == ["placebo", "projection", "target", "months", "emerging"]
    assert [set(row) for row in printed["placebo"]] == [{"months", "n", "different", "exact"}] * 4
    assert [row["months"] for row in printed["placebo"]] == [3, 6, 9, 12]
    assert [set(row) for row in printed["projection"]] == [{"months", "n", "covered", "width"}] * 3
    assert [row["months"] for row in printed["projection"]] == [3, 6, 9]
    assert (set(printed["months"]), set(printed["emerging"])) == ({"n", "flagged"}, {"reports", "with_a_rise"})
    assert quarters.split()[-1] == f"{printed['placebo'][0]['n']}"
