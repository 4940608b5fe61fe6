"""Damage: what libraries and the system raise over a file is told in three lines, at one door."""

from __future__ import annotations

import errno
import os
import struct
import subprocess
import sys
import zipfile
import zlib

import pytest

from cdrp_xl import damage
from cdrp_xl.errors import FileError, ValueFoundError


class PanicException(BaseException):
    """What a library in Rust raises where it meets what it never expected."""


@pytest.mark.parametrize(
    "raised",
    [
        zipfile.BadZipFile("no"),
        zlib.error("no"),
        struct.error("no"),
        KeyError("no"),
        EOFError(),
        NotImplementedError(),
        OSError("no number: a library said it"),
        OSError(errno.EINVAL, "a place that no file has"),
        PanicException("no"),
    ],
    ids=lambda raised: type(raised).__name__,
)
def test_what_a_library_raises_is_damage_of_the_file(tmp_path, raised):
    path = tmp_path / "rows.xlsx"
    with (
        pytest.raises(FileError, match=r"^rows\.xlsx is damaged\.\nWhere: .*rows\.xlsx\nWhat to do: "),
        damage.reported(path),
    ):
        raise raised


def test_a_fault_that_is_reported_already_and_a_stop_by_the_analyst_are_let_through(tmp_path):
    with pytest.raises(ValueFoundError, match=r"^x\.\nWhere: here"), damage.reported(tmp_path):
        raise ValueFoundError("x.", where="here", remedy="y.")
    with pytest.raises(KeyboardInterrupt), damage.reported(tmp_path):
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (errno.EACCES, "rows.csv can't be opened."),
        (errno.ENOENT, 'There is no file "rows.csv".'),
        (errno.EISDIR, "rows.csv is a folder, not a file."),
        (errno.ENAMETOOLONG, "rows.csv has a name, or is in folders with names, that are too long."),
        (errno.ENOTDIR, "rows.csv is not in a folder: a file has the folder's name."),
        (errno.ENOSPC, "rows.csv can't be written: its disk is full."),
        (errno.EFBIG, "rows.csv can't be written: it would be larger than files may be there."),
        (errno.EIO, "rows.csv can't be read or written: its disk or the network failed."),
        (errno.ENXIO, f"rows.csv can't be opened: {os.strerror(errno.ENXIO)}."),
    ],
)
def test_what_the_system_refuses_is_named_by_its_reason(number, what):
    refused = OSError(number, os.strerror(number), "data/rows.csv")
    error = damage.refused_by_system(refused)
    assert (error.what, error.where) == (what, "data/rows.csv")
    assert error.remedy


def test_a_file_is_read_or_it_is_reported_why_not(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    assert damage.read_file(tmp_path / "a.xlsx") == b"PK"
    (tmp_path / "empty.xlsx").touch()
    for name, what in (("none.xlsx", 'no file "none.xlsx"'), (".", "is a folder"), ("empty.xlsx", "is empty")):
        for look in (damage.read_file, damage.check_is_file):
            with pytest.raises(FileError, match=rf"{what}.*\nWhere: "):
                look(tmp_path / name)


def test_a_folder_that_cant_be_listed_is_not_passed_over(tmp_path, monkeypatch):
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("z.csv", "a/y.csv", "a/b/x.csv"):
        (tmp_path / name).touch()
    assert [path.name for path in damage.files_in(tmp_path)] == ["x.csv", "y.csv", "z.csv"]
    listed = os.scandir

    def scandir(place):
        if str(place).endswith("b"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))
        return listed(place)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(FileError, match=r"^b can't be opened\.\nWhere: .*b\nWhat to do: "):
        damage.files_in(tmp_path)


@pytest.mark.whole
@pytest.mark.parametrize("command", ["refresh", "publish", "check", "verify", "new"])
@pytest.mark.parametrize("name", ["x" * 300, "file/under", "y" * 5000], ids=["long", "under a file", "longer"])
def test_a_place_that_the_system_refuses_is_reported_in_three_lines(tmp_path, command, name):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "cdrp_xl", command, name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    said = run.stderr.splitlines()
    assert (run.returncode, len(said)) == (1, 3), run.stderr
    assert said[1].startswith("Where: ")
    assert said[2].startswith("What to do: ")
