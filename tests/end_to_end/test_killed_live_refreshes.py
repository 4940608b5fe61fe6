"""Refreshes of an open master, killed at moments from a fixed seed: Python in one half, LibreOffice in the other.

A few by default; ``make kill`` does as many as CDRP_XL_KILLS says.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import subprocess
import sys
import threading
import time

import pytest
import xlwings as xw

from cdrp_xl import addin
from cdrp_xl.libreoffice import ACCEPT_VARIABLE, OfficeStoppedError
from cdrp_xl.writers.open_workbook import MAY_BE_MIXED, cells, walk

TODAY = dt.date(2011, 7, 29)
LONGEST = 120
KILLS = int(os.environ.get("CDRP_XL_KILLS", "4"))
QUARTERS = ("2011-12 Q1", "2010-11 Q3")
CHILD = """
import datetime as dt, sys
import xlwings as xw
import cdrp_xl.libreoffice
from cdrp_xl import addin
from cdrp_xl.workbooks import master, refreshing
from cdrp_xl.writers import open_workbook, xlsx_file
cdrp_xl.libreoffice.activate()
book = next(book for book in xw.books if book.fullname == sys.argv[1])
print("ready", flush=True)
addin.refresh(book, today=dt.date(2011, 7, 29))
"""


def moments(seconds, count):
    """Return when to kill, spread over the time that a refresh takes."""
    chance = random.Random(2011)  # noqa: S311 - a seed of its own, nothing secret
    return [chance.uniform(0, seconds) for _ in range(count)]


def ask_for(folder, quarter):
    file = folder / "partnership.toml"
    text = file.read_text(encoding="utf-8")
    for each in QUARTERS:
        text = text.replace(f'quarter = "{each}"', f'quarter = "{quarter}"')
    file.write_text(text, encoding="utf-8")


def figures(book):
    """Return what every block shows, but Control's, which changes with each refresh."""
    walked = walk(book)
    places = walked.areas | walked.named
    walked.look_at(places.values())
    return {name: walked.shown(at) for name, at in places.items() if "ontrol" not in name and "log" not in name}


def status(book):
    return book.names["control_status"].refers_to_range.value


def started(book):
    """Start a Python that refreshes the open workbook, and return it when it begins."""
    environment = {**os.environ, ACCEPT_VARIABLE: book.app.impl.office.accept}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, book.fullname],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "ready\n", child.stderr.read()
    return child


def done(child):
    """Wait for a refresh that nobody kills, which has to succeed."""
    _, said = child.communicate(timeout=LONGEST)
    assert child.returncode == 0, said


def test_python_killed_at_any_moment_leaves_a_master_that_says_whether_its_figures_are_mixed(app, example):
    book = app.books.open(str(example / "master.xlsm"))
    whole = {}
    for quarter in reversed(QUARTERS):
        ask_for(example, quarter)
        addin.refresh(book, today=TODAY)
        whole[quarter] = figures(book)
    before, later, former = (example / "master.xlsm").read_bytes(), QUARTERS[1], QUARTERS[0]
    ask_for(example, later)
    with started(book) as child:
        begun = time.monotonic()
        done(child)
    takes = time.monotonic() - begun
    found = []
    try:
        for moment in moments(takes, KILLS // 2):
            ask_for(example, former)
            addin.refresh(book, today=TODAY)  # repairs whatever the one before left
            assert figures(book) == whole[former]
            ask_for(example, later)
            with started(book) as child:
                time.sleep(moment)
                child.kill()
            said, shown = status(book), figures(book)
            found.append(said)
            assert said == MAY_BE_MIXED or shown in (whole[former], whole[later])
            assert said == MAY_BE_MIXED or (shown == whole[later]) == said.endswith(later)
            assert (book.app.screen_updating, book.api.hasControllersLocked()) == (True, False)
            assert (example / "master.xlsm").read_bytes() == before
    finally:
        book.close()
    sys.stdout.write(f"{len(found)} killed; {found.count(MAY_BE_MIXED)} of them in the midst of writing\n")


def refreshed_until_killed(folder, moment):
    """Refresh a master to another quarter in a LibreOffice that is killed after some seconds, and say what was told.

    A refresh that fails before it is killed raises what it failed of.
    """
    ask_for(folder, QUARTERS[1])
    app = xw.App(visible=False, add_book=False)
    book = app.books.open(str(folder / "master.xlsm"))
    killed = threading.Event()
    killer = threading.Timer(moment, lambda: (killed.set(), app.impl.office.kill()))
    killer.start()
    begun, shown = time.monotonic(), ""
    try:
        addin.refresh(book, today=TODAY)
    except Exception as stopped:
        if not killed.is_set():
            raise
        # An object of a LibreOffice that is gone can't even be printed.
        shown = stopped.what if isinstance(stopped, OfficeStoppedError) else type(stopped).__name__
    finally:
        seconds = time.monotonic() - begun
        killer.cancel()
        killer.join()
        app.impl.office.kill()
        app.impl.engine.apps.forget(app.impl)
    return shown, seconds


@pytest.mark.usefixtures("engine")
def test_libreoffice_killed_at_any_moment_leaves_the_saved_master_whole_and_is_reported(example, tmp_path, monkeypatch):
    before = (example / "master.xlsm").read_bytes()
    written, put = [], cells.put
    monkeypatch.setattr(cells, "put", lambda *given: (written.append(1), put(*given)))
    never_killed, takes = refreshed_until_killed(shutil.copytree(example, tmp_path / "whole"), LONGEST)
    assert (never_killed, (tmp_path / "whole" / "master.xlsm").read_bytes()) == ("", before)
    shown, amid = [], 0
    for number, moment in enumerate(moments(takes, KILLS - KILLS // 2)):
        folder = shutil.copytree(example, tmp_path / str(number))
        written.clear()
        said, _ = refreshed_until_killed(folder, moment)
        shown.append(said)
        amid += bool(said and written)
        assert (folder / "master.xlsm").read_bytes() == before
    assert set(shown) <= {"LibreOffice has stopped.", ""}
    before_the_end = len(shown) - shown.count("")
    sys.stdout.write(
        f"{len(shown)} killed; {before_the_end} of them before the refresh was done, {amid} amid writing\n"
    )
