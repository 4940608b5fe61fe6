"""The computer that the tests run on, looked at for real."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from cdrp_xl.errors import CdrpError
from cdrp_xl.installation.machine import this_machine


def test_this_machine_is_looked_at_for_real():
    here = this_machine()
    assert here.version_of("xlwings").startswith("0.")
    assert here.version_of("no-such-package") is None
    assert here.addin_of_package.is_file()


@pytest.mark.libreoffice
def test_the_libreoffice_of_this_machine_is_found():
    here = this_machine()
    try:
        folder, version = here.libreoffice()
    except CdrpError as missing_here:
        pytest.skip(missing_here.what)
    assert Path(folder).is_dir()
    assert re.fullmatch(r"\d+\.\d+(\.\d+)*", version)


def test_a_folder_that_can_be_written_to_is_left_as_it_was(tmp_path):
    assert this_machine().refusal(tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_written_to_is_reported(tmp_path):
    assert this_machine().refusal(tmp_path / "missing") == "No such file or directory"


@pytest.mark.skipif(sys.platform == "win32", reason="it has a registry and drives of the network")
def test_without_windows_there_is_no_registry_and_no_drive_of_the_network(tmp_path):
    here = this_machine()
    assert here.registry.values(r"HKLM\\SOFTWARE\\Microsoft") == {}
    assert here.registry.keys(r"HKLM\\SOFTWARE") == []
    assert not here.is_on_network(tmp_path)
