"""What goes wrong at a desk: a stopped command, a full disk, a shut folder, a closed terminal, hostile names.

Each is reported in three lines with the code that docs/commands.md names; the former master and copy stay as they were.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from cdrp_xl import beside
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import CdrpError

COMMAND = (sys.executable, "-m", "cdrp_xl")
NOBODY = 65534
HOSTILE = "\x1b[31m\x9b2J\r\u202e"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals, modes and limits are those of Linux")


@pytest.fixture
def aside(tmp_path):
    """Return an empty folder for temporary files."""
    folder = tmp_path / "aside"
    folder.mkdir(mode=0o777)
    return folder


def run(*words, aside, **how):
    environment = {**os.environ, "TMPDIR": str(aside), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | how,
        encoding="utf-8",
        env=environment,
        check=False,
        timeout=300,
    )


def is_in_three_lines(said):
    what, where, remedy = said.splitlines()
    return bool(what) and where.startswith("Where: ") and remedy.startswith("What to do: ")


def hashes(folder):
    """Return what the files of a folder hold that a refresh or publish writes, but the lock and the record of runs."""
    every = (path for path in folder.rglob("*") if path.is_file() and path.parent.name != "log")
    files = [path for path in every if path.name != "refresh.lock"]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


# Stopped


def wait_until_it_can_be_stopped(process):
    """Wait until a command is past Python's own start, however busy the machine is."""
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
        if int(caught, 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.01)


@pytest.fixture(scope="module")
def refreshed(demo, tmp_path_factory):
    """Return the master that a refresh of the worked example writes when nobody stops it."""
    folder = shutil.copytree(demo.folder, tmp_path_factory.mktemp("refreshed") / "example")
    subprocess.run([*COMMAND, "refresh", str(folder)], check=True, capture_output=True)
    return (folder / "master.xlsm").read_bytes()


@pytest.mark.parametrize(
    ("number", "seconds"),
    [(signal.SIGINT, 0.1), (signal.SIGTERM, 0.6), (signal.SIGHUP, 1.1), (signal.SIGINT, 1.6)],
)
def test_a_stopped_refresh_says_so_and_leaves_nothing(example, refreshed, aside, number, seconds):
    """At whatever moment it is stopped, the master is the former one or the new one, whole."""
    former = (example / "master.xlsm").read_bytes()
    environment = {**os.environ, "TMPDIR": str(aside)}
    command = [*COMMAND, "refresh", str(example)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        wait_until_it_can_be_stopped(process)
        time.sleep(seconds)
        process.send_signal(number)
        out, said = process.communicate()
    if process.returncode == 0:  # a quick machine was done
        assert b"Quarter: " in out
    else:
        assert process.returncode == 128 + number
        assert said.startswith(b"Stopped before it was done.\nWhere: cdrp-xl refresh\nWhat to do: Run it again")
    assert (example / "master.xlsm").read_bytes() in {former, refreshed}
    assert list(aside.iterdir()) == []
    assert not [name for name in hashes(example) if name.endswith(".tmp")]


def test_what_a_killed_process_left_aside_is_swept_at_the_next_start(aside):
    left = aside / "cdrp-xl-rows-abcd1234"
    left.mkdir()
    (left / "in-use.lock").touch()
    (left / "0-recorded-crime.csv").write_text("a person's row", encoding="utf-8")
    assert run("--version", aside=aside).returncode == 0
    assert list(aside.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["refresh"], ""),
        (["refresh"], "counts"),
        (["publish"], "published"),
        (["publish"], "returns"),
        (["returns", "send"], "returns/2011-12-Q1/sent"),
        (["returns", "collect"], "returns/2011-12-Q1"),
    ],
)
def test_what_a_killed_write_left_is_swept_and_a_running_ones_is_not(example, aside, words, part):
    (example / part).mkdir(exist_ok=True)
    left, held = (example / part / f".cdrp-xl-{name}.tmp" for name in ("leftover", "heldfile"))
    left.write_bytes(b"half of a master")
    held.write_bytes(b"half of another")
    mine = example / part / ".notes-abcdefgh.tmp"
    mine.write_bytes(b"the analyst's own")
    handle = os.open(held, os.O_RDWR)
    beside.locks.take(handle)
    done = run(*words, example, aside=aside)
    os.close(handle)
    assert done.returncode == 0, done.stderr
    assert (left.exists(), held.exists(), mine.exists()) == (False, True, True)


# No room, no permission, gone


def with_largest_file(size):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("word", ["refresh", "publish"])
@pytest.mark.parametrize("size", [0, 2_000, 20_000])
def test_no_room_leaves_every_file_as_it_was(example, aside, word, size):
    shutil.rmtree(example / "published")  # so that a publish has something to write
    before = hashes(example)
    done = run(
        word,
        example,
        "--quiet",
        *(["--anew"] if word == "refresh" else []),
        aside=aside,
        preexec_fn=with_largest_file(size),
    )
    assert done.returncode == 1
    assert is_in_three_lines(done.stderr), done.stderr
    after = hashes(example)
    assert after["master.xlsm"] == before["master.xlsm"]
    assert set(after) <= set(before) | {"counts/refreshed.json.aside"}
    assert list(aside.iterdir()) == []


COUNTS_TOO_MUCH = """
import resource
from pathlib import Path
from cdrp_xl.errors import CdrpError
from cdrp_xl.sources import counting_engine, files
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
with files.put_aside() as scratch, counting_engine.connected() as connection:
    connection.execute("SET threads = 1; SET memory_limit = '30MB'")
    rows = "SELECT DISTINCT hash(i)::varchar || repeat('x', 50) AS a FROM range(1000000) t(i) ORDER BY a"
    try:
        files.RowFiles(connection, scratch).fetch(rows)
    except CdrpError as wrong:
        print(wrong)
"""


def test_no_room_for_what_is_counted_is_reported(aside):
    environment = {**os.environ, "TMPDIR": str(aside)}
    command = [sys.executable, "-c", COUNTS_TOO_MUCH]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)
    assert done.stderr == ""
    assert done.stdout.startswith("Counting needs more room than there is in memory and for temporary files.\n")
    assert f"the folder {aside}" in done.stdout
    assert list(aside.iterdir()) == []


@pytest.mark.parametrize("kind", ["windows-1252", "zip"])
def test_no_room_for_a_copy_names_the_copy_and_not_the_extract(tmp_path, aside, kind):
    folder = tmp_path / "csp"
    assert run("new", folder, "--area", "Môn", aside=aside).returncode == 0
    rows = "Crime Reference,Date Recorded,HO Code,District\n" + "A1,01/04/2011,28A,Môn\n" * 20_000
    source = {"windows-1252": "recorded_crime", "zip": "police_uk"}[kind]
    if kind == "zip":
        (folder / "data").mkdir(exist_ok=True)
        with zipfile.ZipFile(folder / "data" / "police.zip", "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("2025-04/2025-04-north-wales-street.csv", rows)
        keys = 'path = "data/police.zip"'
    else:
        (folder / "data" / "rows.csv").write_bytes(rows.encode("cp1252"))
        keys = 'files = ["data/rows.csv"]\nheadings.offence_reference = "Crime Reference"'
        keys += '\nheadings.date_recorded = "Date Recorded"\nheadings.offence = "HO Code"\nheadings.area = "District"'
    settings = f'[partnership]\nname = "M"\narea = "Môn"\n[sources.{source}]\n{keys}\n'
    (folder / "partnership.toml").write_text(settings, encoding="utf-8")
    done = run("refresh", folder, aside=aside, preexec_fn=with_largest_file(100_000))
    assert done.returncode == 1
    assert is_in_three_lines(done.stderr), done.stderr
    assert f"Where: {aside}" in done.stderr
    assert list(aside.iterdir()) == []


@pytest.fixture
def shut(example):
    """Return a function that takes rights away, and gives what runs a command as a user who then lacks them."""
    if os.geteuid() == 0:
        for folder in (example, *list(example.parents)[:3]):
            folder.chmod(folder.stat().st_mode | 0o055)
        for path in [example, *example.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)
    how = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    probe = subprocess.run([sys.executable, "-c", "import cdrp_xl"], check=False, capture_output=True, **how)
    if probe.returncode:
        pytest.skip("another user may not run this Python")
    taken = []

    def take(part, mode):
        taken.append((example / part, (example / part).stat().st_mode))
        (example / part).chmod(mode)
        return how

    yield take
    for path, mode in taken:
        path.chmod(mode)


@pytest.mark.parametrize(
    ("part", "mode"),
    [
        (".", 0o000),
        (".", 0o400),
        (".", 0o500),
        ("counts", 0o000),
        ("counts", 0o500),
        ("data", 0o000),
        ("data", 0o200),
        ("partnership.toml", 0o000),
        ("master.xlsm", 0o000),
        ("master.xlsm", 0o444),
    ],
)
def test_a_refresh_without_rights_says_where(example, aside, shut, part, mode):
    aside.chmod(0o777)
    before = hashes(example)
    how = shut(part, mode)
    done = run("refresh", example, "--quiet", aside=aside, **how)
    assert done.returncode == 1
    assert is_in_three_lines(done.stderr), done.stderr
    for path in (example, example / part):
        path.chmod(0o700)
    assert hashes(example)["master.xlsm"] == before["master.xlsm"]


def test_a_publish_without_rights_leaves_the_former_copy(example, aside, shut):
    aside.chmod(0o777)
    (copy,) = (example / "published").glob("*.xlsx")
    former = copy.read_bytes()
    copy.write_bytes(b"another")
    done = run("publish", example, aside=aside, **shut("published", 0o500))
    assert done.returncode == 1
    assert is_in_three_lines(done.stderr), done.stderr
    assert copy.read_bytes() == b"another"
    assert former != b"another"


@pytest.mark.parametrize("word", ["refresh", "publish"])
def test_a_path_that_is_too_long_is_named(aside, word):
    done = run(word, "x" * 300, aside=aside)
    assert done.returncode == 1
    assert "too long" in done.stderr
    assert is_in_three_lines(done.stderr)


def test_a_temporary_folder_that_is_gone_is_named(example, tmp_path):
    done = run("refresh", example, aside=tmp_path / "gone", cwd="/proc")
    if done.returncode:  # where no other place is found either
        assert is_in_three_lines(done.stderr), done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_vanishes_meanwhile_is_reported(example, aside):
    command = [*COMMAND, "refresh", str(example)]
    environment = {**os.environ, "TMPDIR": str(aside)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, encoding="utf-8"
    ) as process:
        deadline = time.monotonic() + 120
        lock = example / "counts" / "refresh.lock"
        lock.write_text("", encoding="utf-8")
        while not lock.read_text(encoding="utf-8") and time.monotonic() < deadline:
            time.sleep(0.01)
        example.rename(example.with_name("moved"))
        _, said = process.communicate()
    assert process.returncode == 1
    assert is_in_three_lines(said), said
    assert list(aside.iterdir()) == []


# What stands in the master's place


def test_a_master_that_has_another_name_is_refreshed_and_that_is_said(example, aside):
    master = example / "master.xlsm"
    other = example.parent / "backup.xlsm"
    os.link(master, other)
    former = other.read_bytes()
    done = run("refresh", example, aside=aside)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Other names that keep the former master: 1\n" in done.stdout
    assert other.read_bytes() == former != master.read_bytes()


def test_a_master_that_is_a_link_stays_one_and_private(example, aside):
    master, target = example / "master.xlsm", example.parent / "drive" / "master.xlsm"
    target.parent.mkdir()
    master.rename(target)
    target.chmod(0o600)
    master.symlink_to(target)
    former = target.read_bytes()
    assert run("refresh", example, aside=aside).returncode == 0
    assert (master.is_symlink(), target.stat().st_mode & 0o777) == (True, 0o600)
    assert target.read_bytes() != former
    assert [path.name for path in target.parent.iterdir()] == ["master.xlsm"]


@pytest.mark.parametrize("name", ["Café [1] *?", "{a,b} year=2024 100% #~", "it's “x” & <y>", "-x", "a\\b"])
def test_a_partnerships_folder_may_have_any_name(demo, tmp_path, aside, name):
    folder = shutil.copytree(demo.folder, tmp_path / name)
    assert run("refresh", folder, "--quiet", aside=aside).stderr == ""
    assert run("publish", folder, "--quiet", aside=aside).stderr == ""
    answered = run("query", folder, "cadet", "--json", aside=aside)
    assert json.loads(answered.stdout) == json.loads(run("query", demo.folder, "cadet", "--json", aside=aside).stdout)


# Who reads what is printed


@pytest.fixture(scope="module")
def wanted(demo, tmp_path_factory):
    """Return the master as a refresh of the worked example leaves it today."""
    folder = shutil.copytree(demo.folder, tmp_path_factory.mktemp("wanted") / "example")
    assert run("refresh", folder, aside=folder.parent).returncode == 0
    return (folder / "master.xlsm").read_bytes()


@pytest.mark.parametrize(
    ("closed", "code"),
    [(">&-", 0), ("2>&-", 0), (">&- 2>&-", 0), ("<&- >&- 2>&-", 0), ("> /dev/full", 1), ("2> /dev/full", 0)],
)
def test_a_closed_or_full_terminal_changes_no_figure(example, aside, wanted, closed, code):
    shell = f'exec "$@" {closed}'
    done = subprocess.run(
        ["/bin/sh", "-c", shell, "sh", *COMMAND, "refresh", str(example)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "TMPDIR": str(aside)},
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert is_in_three_lines(done.stderr) if code else done.stderr == "", done.stderr
    assert (example / "master.xlsm").read_bytes() == wanted


def test_who_stops_reading_ends_nothing_and_hears_nothing(demo, aside):
    command = [*COMMAND, "query", str(demo.folder), "cadet"]
    environment = {**os.environ, "TMPDIR": str(aside)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


def test_an_error_that_nobody_can_read_is_still_in_the_code(aside):
    assert run("refresh", "/nowhere", aside=aside, stderr=subprocess.DEVNULL).returncode == 1


# Names that a terminal would obey


@pytest.mark.parametrize(
    "words", [("refresh", HOSTILE), (HOSTILE,), ("query", ".", HOSTILE), ("refresh", ".", "--quarter", HOSTILE)]
)
def test_what_was_typed_is_printed_without_its_escapes(aside, words):
    done = run(*words, aside=aside)
    assert done.returncode in {1, 2}
    assert all(character.isprintable() or character in "\n\t" for character in done.stdout + done.stderr)


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_files_and_settings_say_is_printed_without_its_escapes(demo, tmp_path, aside, options):
    folder = shutil.copytree(demo.folder, tmp_path / f"x{HOSTILE}\nWhere: nowhere")
    done = run("refresh", folder, *options, aside=aside)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(character.isprintable() or character == "\n" for character in done.stdout)
    if options:
        assert json.loads(done.stdout)["master"] == str(folder / "master.xlsm")
    else:
        assert not [line for line in done.stdout.splitlines() if line.startswith("Where: ")]


def test_an_area_in_the_settings_is_named_without_its_escapes(example, aside):
    settings = example / "partnership.toml"
    text = settings.read_text(encoding="utf-8")
    escaped = json.dumps(f"South{HOSTILE}Cambridgeshire")
    settings.write_text(text.replace('area = "South Cambridgeshire"', f"area = {escaped}"), encoding="utf-8")
    done = run("refresh", example, aside=aside)
    assert done.returncode == 1
    assert is_in_three_lines(done.stderr), done.stderr
    assert all(character.isprintable() or character == "\n" for character in done.stderr)


# Addresses


@pytest.mark.parametrize("word", ["refresh", "publish", "new", "demo", "check", "verify", "use"])
def test_an_address_is_refused_and_no_folder_is_made_of_it(tmp_path, aside, word):
    done = run(word, "https://contoso.sharepoint.com/sites/csp", aside=aside, cwd=tmp_path)
    assert done.returncode == 1
    assert "Sync" in done.stderr
    assert is_in_three_lines(done.stderr)
    assert not (tmp_path / "https:").exists()


@pytest.mark.parametrize(
    ("source", "key"),
    [("police_uk", "path"), ("home_office", "file"), ("cadet", "files"), ("recorded_crime", "files")],
)
def test_an_address_is_refused_in_whichever_source_it_is(source, key):
    address = "https://contoso.sharepoint.com/sites/csp/data"
    value = f'["{address}"]' if key == "files" else f'"{address}"'
    more = {
        "recorded_crime": 'headings.date_recorded = "D"\nheadings.offence = "O"\nheadings.area = "A"\n'
        'headings.offence_reference = "R"',
    }.get(source, "")
    other = '[sources.police_uk]\npath = "data"' if source != "police_uk" else ""
    text = f'[partnership]\nname = "M"\narea = "Môn"\n[sources.{source}]\n{key} = {value}\n{more}\n{other}\n'
    with pytest.raises(CdrpError, match=rf'sources\.{source}\.{key}: "{address}" is an address'):
        settings_file.parse(text)


def test_an_address_in_the_settings_is_named_with_its_line(example, aside):
    settings = example / "partnership.toml"
    text = settings.read_text(encoding="utf-8")
    address = "https://contoso.sharepoint.com/sites/csp/cadet.csv"
    settings.write_text(text.replace('"data/cadet-2011-12-q1.csv"', f'"{address}"'), encoding="utf-8")
    assert address in settings.read_text(encoding="utf-8")
    done = run("refresh", example, aside=aside)
    assert done.returncode == 1
    assert f'sources.cadet.files: "{address}" is an address, not a file on this computer' in done.stderr
    assert is_in_three_lines(done.stderr)
