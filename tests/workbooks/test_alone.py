"""One refresh at a time, and none of a master that someone has open or that may not be written to."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.workbooks.alone import alone, check_closed
from cdrp_xl.workbooks.publishing import publish

HOLDER = """
import sys
from pathlib import Path
from cdrp_xl.workbooks.alone import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Return another process that holds the folder."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_refresh_is_refused_while_the_first_runs(tmp_path, other):
    with pytest.raises(CannotBeWrittenError) as refused, alone(tmp_path):
        pass
    assert str(refused.value) == (
        f"Another refresh or publish of {tmp_path.name} is running (process {other.pid}).\n"
        f"Where: {tmp_path}\n"
        "What to do: Wait until it has ended, then try again."
    )


def test_nothing_is_published_while_another_process_works_in_the_folder(tmp_path, other):
    settings = (
        '[partnership]\nname = "Safer South"\narea = "South Cambridgeshire"\n[sources.police_uk]\npath = "data"\n'
    )
    (tmp_path / "partnership.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(CannotBeWrittenError, match=rf"is running \(process {other.pid}\)"):
        publish(tmp_path, today=dt.date(2011, 7, 29), progress=str)


def test_what_a_killed_refresh_held_is_free(tmp_path, other):
    other.kill()
    other.wait()
    with alone(tmp_path):
        assert (tmp_path / "counts" / "refresh.lock").read_text()
    with alone(tmp_path):
        pass


def test_a_folder_is_free_again_after_a_refresh_that_failed(tmp_path):
    with pytest.raises(ZeroDivisionError, match="zero"), alone(tmp_path):
        _ = 1 / 0
    with alone(tmp_path):
        assert (tmp_path / "counts" / "refresh.lock").read_text()


@pytest.mark.parametrize(
    ("sign", "content", "what"),
    [
        (
            "~$master.xlsm",
            bytes([9]) + b"The owner" + b" " * 45 + "The owner".encode("utf-16-le"),
            "master.xlsm is open in Excel (The owner).",
        ),
        ("~$master.xlsm", b"", "master.xlsm is open in Excel."),
        (
            ".~lock.master.xlsm#",
            b",The owner,desk,22.11.2026 20:00,file:///profile;",
            "master.xlsm is open in LibreOffice (The owner).",
        ),
        (".~lock.master.xlsm#", b"\xff", "master.xlsm is open in LibreOffice (\ufffd)."),
    ],
)
def test_a_master_that_someone_has_open_is_refused_with_who_has_it(tmp_path, sign, content, what):
    (tmp_path / sign).write_bytes(content)
    with pytest.raises(CannotBeWrittenError) as refused:
        check_closed(tmp_path / "master.xlsm")
    assert refused.value.what == what
    assert f'delete "{sign}"' in refused.value.remedy


def test_a_read_only_master_is_refused_even_where_its_folder_could_be_written_to(tmp_path):
    master = tmp_path / "master.xlsm"
    master.write_bytes(b"mine")
    master.chmod(0o444)
    with pytest.raises(CannotBeWrittenError, match=r"^master\.xlsm is read-only\."):
        check_closed(master)
    master.chmod(0o644)
    check_closed(master)
    assert master.read_bytes() == b"mine"


def test_a_master_that_is_not_there_yet_is_not_open(tmp_path):
    check_closed(tmp_path / "master.xlsm")
    assert list(tmp_path.iterdir()) == []
