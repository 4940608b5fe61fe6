"""Temporary folders: the user's alone, gone at the end, and swept where a process was killed; nobody else's is."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cdrp_xl import temporary
from cdrp_xl.errors import CannotBeWrittenError

OTHER = """
import sys
from cdrp_xl import temporary
made = temporary.make("rows")
(made.path / "extract.csv").write_text("a person's row")
print(made.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def own_place(tmp_path, monkeypatch):
    """Keep this test's temporary folders apart from those of other tests."""
    monkeypatch.setattr(temporary.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


@pytest.fixture
def other():
    """Return another process that has a temporary folder, and that folder."""
    process = subprocess.Popen([sys.executable, "-c", OTHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process, Path(process.stdout.readline().strip())
    process.kill()
    process.communicate()


def test_a_folder_is_open_to_its_user_alone_and_gone_at_the_end(tmp_path):
    before = os.umask(0)
    try:
        with temporary.folder("rows") as folder:
            (folder / "extract.csv").touch()
            assert folder.parent == tmp_path
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        os.umask(before)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_removed_twice_closes_no_file_that_came_after(tmp_path):
    made = temporary.make("rows")
    number = made.sign
    made.remove()
    other = (tmp_path / "another's").open("wb", buffering=0)
    assert other.fileno() == number  # the system gives the lowest that is free
    made.remove()
    assert other.write(b"still open") > 0
    other.close()
    assert made.inherited == ()


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_has_is_not(other):
    process, folder = other
    temporary.sweep()
    assert (folder / "extract.csv").exists()
    process.kill()
    process.wait()
    with temporary.folder("rows") as new:
        assert not folder.exists()
        assert new.exists()


def test_a_program_that_works_in_a_folder_keeps_it_when_its_parent_is_gone():
    made = temporary.make("libreoffice")
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=made.inherited) as program:
        os.close(made.sign)
        temporary.sweep()
        assert made.path.exists()
        program.stdin.close()
    temporary.sweep()
    assert not made.path.exists()


def left(place):
    """Return a folder as a killed process leaves it."""
    place.mkdir(parents=True)
    (place / "in-use.lock").touch()
    (place / "extract.csv").touch()
    return place


def test_a_left_folder_is_swept(tmp_path):
    folder = left(tmp_path / "cdrp-xl-rows-abcd1234")
    temporary.sweep()
    assert not folder.exists()


@pytest.mark.parametrize(
    "name", ["cdrp-xl-rows", "cdrp-xl-abcd1234", "my-cdrp-xl-rows-abcd1234", "cdrp-xl-rows-abcd1234.bak"]
)
def test_folders_of_other_names_stay(tmp_path, name):
    folder = left(tmp_path / name)
    temporary.sweep()
    assert (folder / "extract.csv").exists()


def test_a_folder_without_our_sign_stays(tmp_path):
    folder = left(tmp_path / "cdrp-xl-rows-abcd1234")
    (folder / "in-use.lock").unlink()
    temporary.sweep()
    assert folder.exists()


def test_what_a_link_leads_to_stays(tmp_path):
    folder = left(tmp_path / "elsewhere" / "mine")
    (tmp_path / "cdrp-xl-rows-abcd1234").symlink_to(folder)
    temporary.sweep()
    assert (folder / "extract.csv").exists()


def test_a_sign_that_is_a_link_is_not_followed(tmp_path):
    folder = left(tmp_path / "cdrp-xl-rows-abcd1234")
    (folder / "in-use.lock").unlink()
    (folder / "in-use.lock").symlink_to(folder / "extract.csv")
    temporary.sweep()
    assert folder.exists()


def test_another_users_folder_stays(tmp_path, monkeypatch):
    folder = left(tmp_path / "cdrp-xl-rows-abcd1234")
    own = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: own + 1)
    temporary.sweep()
    assert folder.exists()


def test_a_place_that_is_gone_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(temporary.tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(CannotBeWrittenError, match=r"^No temporary folder can be made: No such file.*\nWhere: .*gone"):
        temporary.make("rows")
