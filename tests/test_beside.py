"""Files put in place whole or not at all, whatever stands there and whatever fails."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from cdrp_xl import beside
from cdrp_xl.errors import CannotBeWrittenError

NOBODY = 65534
REMEDY = (
    "What to do: Close it if it is open in Excel or LibreOffice, check that its folder can be written to and that its "
    "disk has room, then try again."
)


def refusal(path):
    return f"{path.name} could not be written; what was there is unchanged.\nWhere: {path}\n{REMEDY}"


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def master(tmp_path):
    path = tmp_path / "master.xlsm"
    path.write_bytes(b"former")
    return path


def fails(*_, **__):
    raise PermissionError(13, "The file is in use")


def test_a_file_is_written_where_none_stood_and_its_folder_is_made(tmp_path):
    path = tmp_path / "published" / "2011" / "copy.xlsx"
    assert beside.replace(path, b"new", keep="superseded") is None
    assert path.read_bytes() == b"new"
    assert names_in(path.parent) == ["copy.xlsx"]


def test_a_former_file_is_replaced(master):
    assert beside.replace(master, b"new") is None
    assert master.read_bytes() == b"new"
    assert names_in(master.parent) == ["master.xlsm"]


def test_a_former_file_is_kept_under_the_next_free_name(master):
    first = beside.replace(master, b"second", keep="before refresh")
    second = beside.replace(master, b"third", keep="before refresh")
    assert [first.name, second.name] == ["master (before refresh 1).xlsm", "master (before refresh 2).xlsm"]
    assert [first.read_bytes(), second.read_bytes(), master.read_bytes()] == [b"former", b"second", b"third"]


def test_a_file_that_a_killed_write_kept_already_is_not_kept_again(master):
    for name, content in (("before refresh 1", b"another"), ("before refresh 2", b"former")):
        master.with_name(f"master ({name}).xlsm").write_bytes(content)
    assert beside.replace(master, b"new", keep="before refresh").name == "master (before refresh 2).xlsm"
    assert len(names_in(master.parent)) == 3


def test_a_file_is_kept_whole_or_not_at_all(master, monkeypatch):
    def half(_, place):
        place.write_bytes(b"for")
        assert names_in(master.parent) == [*sorted(unfinished), "master.xlsm"]
        raise KeyboardInterrupt

    unfinished = []
    mkstemp = beside.tempfile.mkstemp
    monkeypatch.setattr(beside.tempfile, "mkstemp", lambda **how: noted(mkstemp(**how), unfinished))
    monkeypatch.setattr(beside.shutil, "copy2", half)
    with pytest.raises(KeyboardInterrupt):
        beside.replace(master, b"new", keep="superseded")
    assert names_in(master.parent) == ["master.xlsm"]
    assert master.read_bytes() == b"former"


def noted(made, names):
    names.append(Path(made[1]).name)
    return made


def test_a_kept_file_has_the_time_at_which_it_was_written(master):
    os.utime(master, (1_300_000_000, 1_300_000_000))
    assert beside.replace(master, b"new", keep="superseded").stat().st_mtime == 1_300_000_000


@pytest.mark.parametrize("keep", ["", "superseded"])
def test_a_file_that_is_in_use_stays_whole(master, monkeypatch, keep):
    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(CannotBeWrittenError) as refused:
        beside.replace(master, b"new", keep=keep)
    assert str(refused.value) == refusal(master)
    assert master.read_bytes() == b"former"
    assert names_in(master.parent) == ["master.xlsm"]


def test_a_former_file_that_can_not_be_kept_is_not_replaced(master, monkeypatch):
    monkeypatch.setattr(beside.shutil, "copy2", fails)
    with pytest.raises(CannotBeWrittenError, match=r"^master\.xlsm could not be written; what was there is unch"):
        beside.replace(master, b"new", keep="superseded")
    assert master.read_bytes() == b"former"
    assert names_in(master.parent) == ["master.xlsm"]


def test_a_full_disk_leaves_the_former_file_whole(master, monkeypatch):
    def on_a_full_disk(**_):
        spare = master.with_name(".master.tmp")
        spare.symlink_to("/dev/full")
        return os.open("/dev/null", os.O_WRONLY), str(spare)

    monkeypatch.setattr(beside.tempfile, "mkstemp", on_a_full_disk)
    with pytest.raises(CannotBeWrittenError) as refused:
        beside.replace(master, b"new" * 100_000)
    assert str(refused.value) == refusal(master)
    assert isinstance(refused.value.__cause__, OSError)
    assert refused.value.__cause__.strerror == "No space left on device"
    assert master.read_bytes() == b"former"
    assert names_in(master.parent) == ["master.xlsm"]


def test_a_folder_that_nobody_can_write_to_is_refused():
    path = Path("/proc/self/master.xlsm")  # the kernel refuses a new file here even to root
    with pytest.raises(CannotBeWrittenError) as refused:
        beside.replace(path, b"new")
    assert str(refused.value) == refusal(path)


@pytest.fixture
def as_a_plain_user(tmp_path):
    """Where root runs the tests, act as nobody, to whom the test's own folder is shut."""
    if os.geteuid() != 0:
        yield
        return
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH | stat.S_IRGRP | stat.S_IROTH)
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)


def test_a_read_only_folder_leaves_the_former_file_whole(master, request):
    master.parent.chmod(0o555)
    request.getfixturevalue("as_a_plain_user")
    with pytest.raises(CannotBeWrittenError) as refused:
        beside.replace(master, b"new", keep="before refresh")
    assert str(refused.value) == refusal(master)
    assert master.read_bytes() == b"former"
    assert names_in(master.parent) == ["master.xlsm"]


@pytest.mark.parametrize("keep", ["", "superseded"])
def test_a_folder_that_stands_where_the_file_should_go_is_left_alone(tmp_path, keep):
    path = tmp_path / "copy.xlsx"
    path.mkdir()
    (path / "precious.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(CannotBeWrittenError) as refused:
        beside.replace(path, b"new", keep=keep)
    assert str(refused.value) == refusal(path)
    assert (path / "precious.txt").read_text(encoding="utf-8") == "kept"
    assert names_in(tmp_path) == ["copy.xlsx"]


def test_a_file_that_stands_where_the_folder_should_go_is_left_alone(master):
    with pytest.raises(CannotBeWrittenError, match=r"^copy\.xlsx could not be written"):
        beside.replace(master / "copy.xlsx", b"new")
    with pytest.raises(CannotBeWrittenError, match=r"^The folder master\.xlsm could not be made\.\nWhere: /"):
        beside.make_folder(master)
    assert master.read_bytes() == b"former"


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_a_file_may_be_read_by_whom_the_users_mask_allows(tmp_path, mask, mode):
    before = os.umask(mask)
    try:
        beside.replace(tmp_path / "master.xlsm", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "master.xlsm").stat().st_mode) == mode


def test_the_users_mask_is_as_it_was_afterwards(tmp_path):
    before = os.umask(0o027)
    try:
        beside.replace(tmp_path / "master.xlsm", b"new")
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)


@pytest.mark.parametrize("name", ["Übersicht 🚓.xlsx", "a (before refresh 1).xlsx", "no ending"])
def test_names_of_every_kind_are_kept(tmp_path, name):
    path = tmp_path / name
    beside.replace(path, b"former")
    former = beside.replace(path, b"new", keep="superseded")
    assert former.name == f"{path.stem} (superseded 1){path.suffix}"
    assert (path.read_bytes(), former.read_bytes()) == (b"new", b"former")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o660])
def test_a_file_that_is_replaced_hands_on_who_may_read_it(master, mode):
    master.chmod(mode)
    former = beside.replace(master, b"new", keep="before refresh")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (master, former)] == [mode, mode]


def test_a_file_that_another_user_replaces_stays_its_owners(master, monkeypatch):
    given = []
    monkeypatch.setattr(os, "chown", lambda _path, user, group: given.append((user, group)))
    former = master.stat()
    beside.replace(master, b"new")
    assert given == [(former.st_uid, former.st_gid)]


def test_a_link_stays_one_and_what_it_leads_to_is_replaced_beside_itself(master, tmp_path):
    target = tmp_path / "shared drive" / "kept.xlsm"
    target.parent.mkdir()
    master.rename(target)
    target.chmod(0o600)
    master.symlink_to(Path("shared drive") / "kept.xlsm")
    former = beside.replace(master, b"new", keep="before refresh")
    assert (master.is_symlink(), target.is_symlink(), target.read_bytes()) == (True, False, b"new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert (former.is_symlink(), former.read_bytes()) == (False, b"former")
    assert names_in(target.parent) == ["kept.xlsm"]


@pytest.mark.parametrize("target", ["not connected/kept.xlsm", "master.xlsm"])
def test_a_link_to_a_drive_that_is_gone_or_to_itself_is_refused_and_stays(tmp_path, target):
    path = tmp_path / "master.xlsm"
    path.symlink_to(target)
    with pytest.raises(CannotBeWrittenError) as refused:
        beside.replace(path, b"new")
    assert str(refused.value) == refusal(path)
    assert path.readlink() == Path(target)
    assert names_in(tmp_path) == ["master.xlsm"]


def test_a_read_only_file_is_refused_and_stays(master):
    master.chmod(0o444)
    with pytest.raises(CannotBeWrittenError, match=r"^master\.xlsm is read-only\.\nWhere: .*master\.xlsm\n"):
        beside.replace(master, b"new", keep="superseded")
    assert master.read_bytes() == b"former"
    assert names_in(master.parent) == ["master.xlsm"]


def test_what_is_half_written_when_it_is_stopped_is_taken_away(master):
    def stopped():
        with beside.written(master) as place:
            place.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert master.read_bytes() == b"former"
    assert names_in(master.parent) == ["master.xlsm"]


def test_a_name_as_long_as_the_system_allows_is_written(tmp_path):
    path = tmp_path / f"{'x' * 250}.xlsx"
    beside.replace(path, b"new")
    assert path.read_bytes() == b"new"
