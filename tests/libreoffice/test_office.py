from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import xlwings as xw

import cdrp_xl
from cdrp_xl.errors import CdrpError
from cdrp_xl.libreoffice import ACCEPT_VARIABLE, PROGRAM_VARIABLE, OfficeStoppedError, OfficeUnavailableError
from cdrp_xl.libreoffice.office import Office, bridge, open_door, program_folder

ROOT = Path(cdrp_xl.__file__).parents[1]


def python(program, **environment):
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_a_missing_libreoffice_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv(PROGRAM_VARIABLE, str(tmp_path))
    with pytest.raises(OfficeUnavailableError, match=r"(?s)LibreOffice is not installed.*apt install") as found:
        program_folder()
    assert found.value.where == str(tmp_path)


@pytest.mark.libreoffice
def test_a_missing_bridge_says_how_to_get_it(engine):
    ran = python(
        "from cdrp_xl.libreoffice import office\n"
        "office._BridgeFinder.find_spec = staticmethod(lambda *_: None)\n"
        "try: office.bridge()\n"
        "except office.OfficeUnavailableError as error: print(error)"
    )
    assert "LibreOffice's Python bridge (python3-uno) is not installed." in ran.stdout
    assert "Install python3-uno" in ran.stdout


@pytest.mark.libreoffice
def test_the_bridge_puts_no_folder_on_the_path(engine):
    ran = python(
        "import sys; before = list(sys.path)\n"
        "from cdrp_xl.libreoffice.office import bridge; bridge()\n"
        "print(before == sys.path)"
    )
    assert ran.stdout.strip() == "True", ran.stderr


@pytest.mark.libreoffice
def test_the_engine_needs_neither_pandas_nor_a_paid_part_of_xlwings(engine):
    ran = python(
        "import sys; sys.modules['pandas'] = None; sys.modules['numpy'] = None; sys.modules['polars'] = None\n"
        "import xlwings as xw, cdrp_xl.libreoffice\n"
        "cdrp_xl.libreoffice.activate()\n"
        "print(xw.__pro__, [name for name in sys.modules if name == 'pandas' and sys.modules[name]])"
    )
    assert ran.stdout.strip() == "False []", ran.stderr


@pytest.mark.libreoffice
def test_an_app_of_our_own_leaves_nothing_behind(engine):
    office = Office()
    profile = office._profile.path
    assert profile.is_dir()
    assert office.is_running
    office.stop()
    assert not profile.exists()
    assert not office.is_running


@pytest.mark.libreoffice
def test_a_process_that_ends_takes_its_libreoffice_along(engine):
    ran = python(
        "import xlwings as xw, cdrp_xl.libreoffice\n"
        "cdrp_xl.libreoffice.activate(); app = xw.App(visible=False); print(app.pid, app.impl.office._profile.path)"
    )
    pid, profile = ran.stdout.split()
    assert not Path(profile).exists()
    assert not Path(f"/proc/{pid}").exists() or sys.platform != "linux"


@pytest.mark.libreoffice
def test_a_libreoffice_that_dies_says_so(engine):
    app = xw.App(visible=False)
    book = app.books[0]
    app.kill()
    with pytest.raises(OfficeStoppedError, match=r"(?s)LibreOffice has stopped.*xw\.App\(\)"):
        book.sheets[0]["A1"].value = 1
    assert app.pid not in list(xw.apps.keys())


@pytest.mark.libreoffice
def test_a_running_libreoffice_is_attached_to_and_not_killed(app, book, monkeypatch):
    book.sheets[0]["A1"].value = "seen from both"
    other = xw.App(spec=app.impl.office.accept, add_book=False)
    assert other.books[book.name].sheets[0]["A1"].value == "seen from both"
    with pytest.raises(CdrpError, match="was not started by xlwings"):
        other.kill()
    other.impl.engine.apps.forget(other.impl)
    monkeypatch.setenv(ACCEPT_VARIABLE, app.impl.office.accept)
    third = xw.App(add_book=False)
    assert book.name in [open_book.name for open_book in third.books]
    third.impl.engine.apps.forget(third.impl)


@pytest.mark.libreoffice
def test_an_open_libreoffice_lets_in_who_knocks(app, book):
    book.sheets[0]["A1"].value = "already open"
    accept = open_door("--headless", f"-env:UserInstallation={app.impl.office._profile.path.as_uri()}")
    office = Office(accept, patience=10)
    titles = [document.Title for document in office.desktop.Components]
    assert book.name in titles
    assert office.accept != app.impl.office.accept


@pytest.mark.libreoffice
def test_a_libreoffice_that_does_not_answer_is_named(engine):
    with pytest.raises(OfficeUnavailableError, match=r"(?s)No LibreOffice answers.*cdrp-nobody"):
        xw.App(spec="pipe,name=cdrp-nobody")


@pytest.fixture
def door_that_breaks_once(app):
    """Give a port of this machine behind which the running LibreOffice is, but for the first who comes."""
    inner = Path(tempfile.gettempdir(), f"OSL_PIPE_{os.getuid()}_{app.impl.office.accept.partition('name=')[2]}")
    door = socket.create_server(("127.0.0.1", 0))
    door.settimeout(300)
    ends = []

    def pass_on(one, other):
        with contextlib.suppress(OSError):  # both ends are shut when the test is over
            while piece := one.recv(65536):
                other.sendall(piece)

    def serve():
        door.accept()[0].close()
        ends.extend([door.accept()[0], socket.socket(socket.AF_UNIX)])
        ends[1].connect(str(inner))
        with ThreadPoolExecutor() as both_ways:
            both_ways.map(pass_on, ends, reversed(ends))

    with ThreadPoolExecutor() as server:
        server.submit(serve)
        yield door.getsockname()[1]
        for end in ends:
            end.shutdown(socket.SHUT_RDWR)
    for end in (door, *ends):
        end.close()


@pytest.mark.libreoffice
@pytest.mark.skipif(sys.platform == "win32", reason="LibreOffice's pipe is no file on Windows")
def test_a_connection_that_breaks_while_it_is_made_is_made_again(app, book, door_that_breaks_once):
    office = Office(f"socket,host=127.0.0.1,port={door_that_breaks_once}")
    assert book.name in [document.Title for document in office.desktop.Components]


@pytest.mark.libreoffice
def test_the_bridge_is_found(engine):
    assert bridge().__name__ == "uno"
