"""Commands run in forks of a process that has imported everything, and killed at a step or after some seconds.

A step is a file of the folder about to be renamed, linked or removed, or the same just done. Whatever the command has
started is killed with it. This is a script, since a process that `national` starts runs the script of the one that it
comes from, and so counts its own steps too.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import importlib
import json
import os
import signal
import sys
import time
from pathlib import Path

EVENTS = {"os.rename": ("rename", "replace"), "os.remove": ("remove", "unlink"), "os.link": ("link",)}
RECORD_BYTES = 400
IMPORTED = (
    *("duckdb", "fastexcel", "lxml.etree", "cdrp_xl.commands", "cdrp_xl.workbooks.refreshing"),
    *("cdrp_xl.workbooks.publishing", "cdrp_xl.workbooks.ways_out", "cdrp_xl.workbooks.returning"),
    *("cdrp_xl.sources.recorded_crime", "cdrp_xl.sources.cadet", "cdrp_xl.writers.saved_workbook"),
    *("cdrp_xl.writers.html_file", "cdrp_xl.writers.data_files", "cdrp_xl.writers.word_file"),
)


class Watched:
    """The steps of a command and of the processes that it starts, noted one after another; at one of them all end."""

    def __init__(self, folder: str, steps: str, last: int) -> None:
        self._folder = f"{folder}{os.sep}"
        self._steps = os.open(steps, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._last = last

    def watch(self) -> None:
        """Begin: the hook sees what is about to be done, whoever asks for it, and the functions what was done."""
        sys.addaudithook(self._seen)
        for event, names in EVENTS.items():
            for name in names:
                setattr(os, name, self._said(event, getattr(os, name)))

    def _seen(self, event: str, given: tuple[object, ...]) -> None:
        if event in EVENTS:
            self._step("before", event, given)
        elif event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR):
            self._step("written in place", event, given)

    def _said(self, event, function):
        @functools.wraps(function)
        def done(*given, **named):
            returned = function(*given, **named)
            self._step("after", event, given)
            return returned

        return done

    def _step(self, when: str, event: str, given: tuple[object, ...]) -> None:
        names = [os.fsdecode(each) for each in given if isinstance(each, str | bytes | os.PathLike)]
        names = [name.removeprefix(self._folder) for name in names if name.startswith(self._folder)]
        if not names or (event == "open" and names[0].endswith((".tmp", ".lock"))):
            return
        record = f"{when} {event}: {' to '.join(names)}".encode()[: RECORD_BYTES - 1].ljust(RECORD_BYTES - 1)
        os.write(self._steps, record + b"\n")  # at the end, whichever process writes: its own number is where that is
        if os.lseek(self._steps, 0, os.SEEK_CUR) == self._last * RECORD_BYTES:
            os.killpg(os.getpgid(0), signal.SIGKILL)
            time.sleep(60)


def watch() -> None:
    """Watch what the environment says, if it says so."""
    if said := os.environ.get("KILLED_AT"):
        Watched(*json.loads(said)).watch()


def run(arguments: list[str]) -> int:
    """Run a command as it is typed, on a day that stays the same."""
    from cdrp_xl import __main__, commands

    commands.today = lambda: dt.date(2011, 7, 29)
    sys.argv = ["cdrp-xl", *arguments]
    try:
        __main__.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def forked(arguments: list[str], watched: list[object], said: str) -> int:
    """Start a command in a process and a group of its own."""
    child = os.fork()
    if child:
        with contextlib.suppress(OSError):  # it did so itself, or has ended
            os.setpgid(child, child)
        return child
    code = 70
    try:
        os.setpgid(0, 0)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.environ["KILLED_AT"] = json.dumps(watched)
        watch()
        code = run(arguments)
    finally:
        os._exit(code)


def wait_for_group(group: int) -> None:
    """Wait until whatever a command had started is gone too; what nobody has reaped is as good as gone."""
    until = time.monotonic() + 2
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.005)


def main() -> None:
    """Run the commands of the lines that come in, and say how each has ended, and after how many seconds."""
    for name in IMPORTED:
        importlib.import_module(name)
    tasks = Path("/proc/self/task")
    assert not tasks.is_dir() or len(list(tasks.iterdir())) == 1, "only what has no threads is safely forked"
    for line in sys.stdin:
        arguments, watched, said, seconds = json.loads(line)
        begun = time.perf_counter()
        child = forked(arguments, watched, said)
        if seconds is not None:
            time.sleep(seconds)
            os.killpg(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        taken = time.perf_counter() - begun
        wait_for_group(child)
        sys.stdout.write(json.dumps([os.waitstatus_to_exitcode(status), taken]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
else:
    watch()
