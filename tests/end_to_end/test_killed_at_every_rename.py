"""Commands that are killed just before and just after every file that they rename or remove, and at other moments.

Whatever is killed, every file is as it was or as it is after the command, and the same command then ends as if nothing
had happened. A few are killed with the other tests; with CDRP_XL_KILLS=200, as ``make kill`` sets it, 200 of each
command: at every step of every case of it, then at moments from a fixed seed.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from partnerships_made_up import AREAS, NATIONAL, made_of, rows_of, write_rows

from cdrp_xl.workbooks import certificate, history

KILLS = int(os.environ.get("CDRP_XL_KILLS", "0"))

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork to start commands quickly")


class Desk:
    """A folder in which commands are run, killed, and run again."""

    def __init__(self, process, place):
        self._process = process
        self.folder = place / "desk"
        self._steps = place / "steps"
        self._said = place / "said"

    def run(self, command, *, last=0, seconds=None):
        """Run a command, killed at a step or after some seconds if asked; return its code, steps and seconds."""
        self._steps.unlink(missing_ok=True)
        watched = [str(self.folder), str(self._steps), last]
        self._process.stdin.write(json.dumps([command, watched, str(self._said), seconds]) + "\n")
        self._process.stdin.flush()
        code, taken = json.loads(self._process.stdout.readline())
        steps = self._steps.read_text(encoding="utf-8").splitlines() if self._steps.exists() else []
        return code, [step.strip() for step in steps], taken

    @property
    def said(self):
        """What the last command said."""
        return self._said.read_text(encoding="utf-8")

    def do(self, *command):
        """Run a command that has to succeed."""
        code, _, _ = self.run([*command])
        assert code == 0, self.said

    def contents(self):
        """Return every file by its way from the folder, locks aside: the system gives those up."""
        found = (path for path in sorted(self.folder.rglob("*")) if path.is_file() and path.suffix != ".lock")
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}

    def put(self, folder):
        """Put another folder in this one's place."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(folder, self.folder)


@pytest.fixture(scope="module")
def process():
    """Return the process that runs and kills commands."""
    script = Path(__file__).with_name("killer.py")
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as it:
        yield it
        it.stdin.close()
        assert it.wait(timeout=300) == 0


def amend(desk):
    """Change what the settings say of a priority, and refresh."""
    settings = desk.folder / "partnership.toml"
    text = settings.read_text(encoding="utf-8")
    assert 'objective = "' in text
    settings.write_text(text.replace('objective = "', 'objective = "As agreed: ', 1), encoding="utf-8")
    desk.do("refresh", str(desk.folder))


def spoil(file):
    """Answer a form so that it is queried."""
    book = openpyxl.load_workbook(file)
    book["Figures"]["D7"] = "about 5"
    book.save(file)


def another_quarter(desk, example):
    desk.put(example)
    return ["refresh", str(desk.folder), "--quarter", "2010-11-Q4"]


def a_master_written_anew(desk, example):
    desk.put(example)
    (desk.folder / "counts" / "refreshed.json").unlink()
    return ["refresh", str(desk.folder), "--anew"]


def the_first_of_a_folder(desk, example):
    desk.put(example)
    for part in ("counts", "log", "published"):
        shutil.rmtree(desk.folder / part)
    (desk.folder / "master.xlsm").unlink()
    return ["refresh", str(desk.folder)]


def the_first_copy(desk, example):
    desk.put(example)
    shutil.rmtree(desk.folder / "published")
    return ["publish", str(desk.folder), "--html"]


def a_copy_in_place_of_another(desk, example):
    desk.put(example)
    desk.do("publish", str(desk.folder), "--html", "--data")
    amend(desk)
    return ["publish", str(desk.folder), "--html", "--data"]


def a_numbered_reissue(desk, example):
    desk.put(example)
    amend(desk)
    return ["publish", str(desk.folder), "--again", "--html"]


def forms_in_place_of_others(desk, example):
    desk.put(example)
    command = ["returns", "send", str(desk.folder), "--email"]
    desk.do(*command)
    for form in desk.folder.glob("returns/*/sent/*"):
        form.write_bytes(b"answers")
    return command


def queries_in_place_of_others(desk, example):
    desk.put(example)
    for form in desk.folder.glob("returns/*/*.xlsx"):
        spoil(form)
    command = ["returns", "collect", str(desk.folder), "--reply"]
    desk.run(command)
    for reply in desk.folder.glob("returns/*/replies/*"):
        reply.write_bytes(b"answers")
    return command


def the_first_packs(desk, _):
    shutil.rmtree(desk.folder, ignore_errors=True)
    made_of(desk.folder, AREAS[:2], 'forms = ["html"]\n' + NATIONAL)
    return ["national", str(desk.folder / "national.toml"), "--workers", "1"]


def packs_in_place_of_others(desk, _):
    command = the_first_packs(desk, _)
    desk.do(*command)
    write_rows(desk.folder, rows_of(AREAS[:2], seed=2))
    return command


CASES = {
    "refresh": (a_master_written_anew, another_quarter, the_first_of_a_folder),
    "publish": (a_copy_in_place_of_another, the_first_copy, a_numbered_reissue),
    "returns": (forms_in_place_of_others, queries_in_place_of_others),
    "national": (packs_in_place_of_others, the_first_packs),
}
MEANWHILE = {"counts/refreshed.json", "counts/refreshed.json.aside", "counts/refreshing.json"}
"""The record of the last refresh is away while the master is replaced, so that nothing is published then."""


class Case:
    """A command in a folder: what is there before, after it, and after it was done twice."""

    def __init__(self, desk, begin, example, kept):
        self._desk = desk
        self._command = begin(desk, example)
        self._kept = Path(shutil.copytree(desk.folder, kept))
        self._before = desk.contents()
        code, self.steps, self.seconds = desk.run(self._command)
        self._after = desk.contents()
        self._codes = {code, desk.run(self._command)[0]}
        self._twice = desk.contents()
        assert self._before != self._after, desk.said
        assert not [step for step in self.steps if step.startswith("written in place")]

    def kill(self, *, last=0, seconds=None):
        """Kill the command, look at every file, do it again and look; return if it was killed, and what is wrong."""
        self._desk.put(self._kept)
        code, steps, taken = self._desk.run(self._command, last=last, seconds=seconds)
        if code != -signal.SIGKILL:  # the machine was busier when the time was taken
            self.seconds = min(self.seconds, taken)
        at = f"{self._command[0]} killed {steps[-1] if steps else 'before any step'}"
        wrong = [f"{at}: {name} is lost or not whole" for name in self._amiss_meanwhile()]
        again, _, _ = self._desk.run(self._command)
        if "without --again the same copy is written" in self._desk.said:  # it was issued; so it is done as that says
            again, _, _ = self._desk.run([word for word in self._command if word != "--again"])
        wrong += [f"{at}: done again, it ends with {again}: {self._desk.said}"] if again not in self._codes else []
        wrong += [f"{at}: done again, {name} differs" for name in self._amiss_afterwards()]
        return code == -signal.SIGKILL, wrong

    def _amiss_meanwhile(self):
        """Give the files that are neither as before nor as after the command, nor kept under another name."""
        found = self._desk.contents()
        kept = set(found.values())
        for name in sorted(found.keys() | self._before.keys()):
            now, before = found.get(name), self._before.get(name)
            is_right = now in (before, self._after.get(name)) or self._is_whole_by_itself(name)
            if not is_right and not (now is None and before in kept):
                yield name

    def _is_whole_by_itself(self, name):
        """Return whether a file may differ meanwhile: it is not for users, or is the right certificate of the copy."""
        file = self._desk.folder / name
        if name in MEANWHILE or re.fullmatch(r"\.cdrp-xl-.*\.tmp", file.name) or self._is_of_a_run(name):
            return True
        if not file.is_file() or not name.endswith(certificate.ENDING):
            return False
        copy = file.with_name(file.name.replace(certificate.ENDING, ".xlsx"))
        return certificate.read(file).copy == certificate.hashed_file(copy)

    def _amiss_afterwards(self):
        """Give the files that are neither as after the command nor as after it was done twice."""
        found = self._desk.contents()
        for name in sorted(found.keys() | self._after.keys()):
            if found.get(name) not in (self._after.get(name), self._twice.get(name)) and not self._is_of_a_run(name):
                yield name

    def _is_of_a_run(self, name):
        """Return whether a file is a new record of a run, whole: each has its own, with the times of what it read."""
        file = self._desk.folder / name
        is_new = name not in self._before and file.parent.name == history.FOLDER and file.is_file()
        return is_new and bool(json.loads(file.read_bytes()))


@pytest.mark.timeout(1200 + 120 * KILLS)
@pytest.mark.parametrize("command", CASES)
def test_a_command_that_is_killed_loses_nothing_and_can_be_done_again(command, process, demo, tmp_path):
    desk = Desk(process, tmp_path)
    chance = random.Random(20110729)  # noqa: S311 - what to kill at, nothing secret
    begins = CASES[command] if KILLS else CASES[command][:1]
    cases = [Case(desk, begin, demo.folder, tmp_path / begin.__name__) for begin in begins]
    steps = [(case, last) for case in cases for last in range(1, len(case.steps) + 1)]
    at_steps = steps if KILLS else chance.sample(steps, 2)
    ended = [case.kill(last=last) for case, last in at_steps]
    assert all(was_killed for was_killed, _ in ended)
    each = itertools.cycle(cases)
    while (killed := sum(was_killed for was_killed, _ in ended)) < max(KILLS, len(at_steps) + 1):
        case = next(each)
        ended.append(case.kill(seconds=chance.uniform(0, case.seconds)))
    sys.stdout.write(f"{command}: {killed} killed, at {len(at_steps)} of {len(steps)} steps and at other moments\n")
    assert [fault for _, wrong in ended for fault in wrong] == []
