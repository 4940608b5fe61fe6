"""What installs without a network: a bundle of this system is made, installed where there is no network, and used."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import cdrp_xl

ROOT = Path(__file__).parents[2]
OWN_PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
WITHOUT_NETWORK = ("unshare", "--map-root-user", "--net")


def script(name):
    found = importlib.util.spec_from_file_location(f"bundle_{name}", ROOT / "bundle" / f"{name}.py")
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module


build, install = script("build"), script("install")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """Return the unpacked bundle for Linux and this Python, and the zip that it came in."""
    folder = tmp_path_factory.mktemp("bundle")
    made = build.build("linux", folder / "dist", pythons=(OWN_PYTHON,))
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(made), str(folder)], check=True)
    return folder / made.stem, made


def without_network(home, *command):
    return subprocess.run(
        [*WITHOUT_NETWORK, *map(str, command)],
        cwd=home,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.whole
def test_a_bundle_installs_without_a_network_and_makes_publishes_and_verifies(bundle, tmp_path):
    folder, _ = bundle
    home = tmp_path / "home"
    (home / "Desktop").mkdir(parents=True)
    alone = without_network(home, "python3", "-c", "import socket; print(socket.if_nameindex())")
    assert alone.stdout == "[(1, 'lo')]\n"
    installed = without_network(home, "sh", folder / build.SYSTEMS["linux"].start)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    assert re.search(rf"^Right +cdrp-xl: {re.escape(cdrp_xl.__version__)}$", installed.stdout, re.MULTILINE)
    assert "Wrong" not in installed.stdout
    start = home / ".local/share/cdrp-xl/cdrp-xl"
    copy = "demo/published/South-Cambridgeshire-2011-12-Q1.xlsx"
    for words in (("demo", "demo"), ("publish", "demo"), ("verify", copy)):
        done = without_network(home, start, *words)
        assert done.returncode == 0, done.stderr
    assert "is the copy of South Cambridgeshire, 2011-12 Q1" in done.stdout
    refresh = (home / "Desktop/Refresh.desktop").read_text(encoding="utf-8")
    (line,) = re.findall(r"^Exec=(.*)$", refresh, re.MULTILINE)
    dropped = without_network(home, "sh", "-c", line.replace("%f", "demo"))
    assert "Master: demo/master.xlsm" in dropped.stdout


@pytest.mark.whole
def test_a_bundle_says_what_is_in_it(bundle):
    folder, made = bundle
    with zipfile.ZipFile(made) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {build.FIRST_DAY}
        assert [entry.filename for entry in archive.infolist()] == sorted(archive.namelist())
    sums = dict(reversed(line.split("  ")) for line in (folder / build.SUMS).read_text(encoding="utf-8").splitlines())
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    del files[build.SUMS]
    assert {"documents/README.html", "documents/docs/ten-minutes.html"} <= files.keys()
    assert sums == {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}
    bill = json.loads((folder / "bill-of-materials.cdx.json").read_text(encoding="utf-8"))
    wheels = {
        re.sub(r"[-_.]+", "-", name.split("/")[1].split("-")[0]).lower() for name in files if name.endswith("whl")
    }
    assert (bill["bomFormat"], {each["name"] for each in bill["components"]}) == ("CycloneDX", wheels)
    assert {"cdrp-xl", "duckdb", "pip", "scipy"} <= wheels
    assert not {"hatchling", "pywin32", "appscript", "pytest"} & wheels


def test_the_lock_of_each_system_is_known_by_its_markers():
    text = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    entries = build.locked(text)
    assert len(entries) == len(re.findall(r"^[a-z]", text, re.MULTILINE))
    assert sum(hashes.count("--hash=sha256:") for hashes in entries.values()) == text.count("--hash=sha256:")
    assert any(entry.startswith("pywin32==") and entry.endswith("; sys_platform == 'win32'") for entry in entries)


@pytest.fixture
def small(tmp_path):
    """Return a bundle with everything but what it installs."""
    folder = tmp_path / "small"
    (folder / "wheels").mkdir(parents=True)
    (folder / "wheels" / "cdrp_xl-1.2.3-py3-none-any.whl").write_bytes(b"")
    (folder / f"requirements-{OWN_PYTHON}.txt").write_text("", encoding="utf-8")
    (folder / build.SUMS).write_text(build._sums(folder), encoding="utf-8")
    return folder


def refused(folder, home):
    with pytest.raises(install.InstallationError) as fault:
        install.install(folder, home)
    what, where, remedy = str(fault.value).splitlines()
    assert (where[:7], remedy[:12]) == ("Where: ", "What to do: ")
    assert not list(home.rglob("*"))
    return what


def test_files_that_are_damaged_or_were_taken_away_are_named_together(small, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (small / f"requirements-{OWN_PYTHON}.txt").write_text("other", encoding="utf-8")
    (small / "wheels" / "cdrp_xl-1.2.3-py3-none-any.whl").unlink()
    assert refused(small, home) == (
        f"2 of the 2 files are not as they were packed: requirements-{OWN_PYTHON}.txt differs, "
        "wheels/cdrp_xl-1.2.3-py3-none-any.whl is missing."
    )
    (small / build.SUMS).unlink()
    assert refused(small, home) == "SHA256SUMS can't be read."


def test_a_python_that_the_bundle_is_not_for_is_said(small, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert refused(small, home) == "This is Python 3.9; cdrp-xl needs one of 3.11, 3.12, 3.13."


def test_a_folder_that_can_not_be_written_is_said(small, tmp_path):
    home = tmp_path / "home"
    (home / ".local").mkdir(parents=True)
    (home / ".local" / "share").write_bytes(b"a file in the way")
    with pytest.raises(install.InstallationError, match="The system refused to write a file"):
        install.install(small, home)


@pytest.mark.parametrize(
    ("system", "name", "words"),
    [
        ("win32", "Refresh.cmd", '"{python}" -m cdrp_xl refresh "%~1"'),
        ("darwin", "Refresh.command", '"{python}" -m cdrp_xl refresh "$folder"'),
        ("linux", "Refresh.desktop", 'Exec="{python}" -m cdrp_xl refresh %f'),
    ],
)
def test_each_system_has_files_that_do_without_macros(monkeypatch, system, name, words):
    monkeypatch.setattr(sys, "platform", system)
    python = Path("a folder", "python")
    file, text = install.shortcut("Refresh", python)
    assert file == name
    assert words.format(python=python) in text


def test_a_persons_own_file_of_the_same_name_is_left(tmp_path, capsys):
    own = tmp_path / "Refresh.desktop"
    own.write_text("my own", encoding="utf-8")
    install._leave(own, f"# {install.OURS}")
    assert own.read_text(encoding="utf-8") == "my own"
    assert "is somebody's own, and was left as it is" in capsys.readouterr().out
    install._leave(tmp_path / "Publish.desktop", f"# {install.OURS}, once")
    install._leave(tmp_path / "Publish.desktop", f"# {install.OURS}, twice")
    assert (tmp_path / "Publish.desktop").read_text(encoding="utf-8") == f"# {install.OURS}, twice"


@pytest.mark.whole
def test_an_embeddable_python_without_environments_is_copied_and_finds_what_is_installed(tmp_path, monkeypatch):
    embeddable = tmp_path / "python"
    embeddable.mkdir()
    (embeddable / "python.exe").write_bytes(b"")
    (embeddable / "python312._pth").write_text("python312.zip\n.\n", encoding="utf-8")
    commands = []
    monkeypatch.setattr(sys, "executable", str(embeddable / "python.exe"))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(install.util, "find_spec", lambda _: None)
    monkeypatch.setattr(install, "_run", lambda *command: commands.append([str(part) for part in command]))
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "pip-26.3-py3-none-any.whl").write_bytes(b"")
    place = tmp_path / "place"
    install._fill(place, tmp_path, tmp_path / "requirements-3.12.txt")
    paths = (place / "python" / "python312._pth").read_text(encoding="utf-8").splitlines()
    assert paths[-2:] == ["..\\lib", "import site"]
    (command,) = commands
    assert command[0] == str(place / "python" / "python.exe")
    assert command[command.index("--target") + 1] == str(place / "lib")
    assert {"--no-index", "--require-hashes", "--isolated"} <= set(command)
