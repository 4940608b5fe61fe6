"""The walks of docs/architecture.md: the worked example calls their functions in this order."""

from __future__ import annotations

import datetime as dt
import re
import sys
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest

from cdrp_xl import function_server
from cdrp_xl.workbooks.national import running
from cdrp_xl.worked_example import demo

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"
COUNTS = 'template = "template/"\nareas = ["Cambridge"]\nquarter = "2024-25 Q4"\nout = "packs/"\n'
SETTINGS = """
[partnership]
name = "Example Community Safety Partnership"
area = "Example"
producer = "Research group"

[report]
date = 2025-05-01

[sources.published]
files = ["data/counts.csv"]
classification = "police-uk"
is_tally = true
headings = { area = "District", offence = "Crime type", period = "Month", offences = "Count" }
"""


def walks():
    """Return the steps of each walk by its title."""
    text = PAGE.read_text(encoding="utf-8").partition("\n## Walks\n")[2]
    parts = re.split(r"^### (.+)$", text, flags=re.MULTILINE)[1:]
    return {
        title: re.findall(r"^\d+\. `([\w.]+)`", steps, re.MULTILINE)
        for title, steps in zip(parts[::2], parts[1::2], strict=True)
    }


WALKS = walks()
ELSEWHERE = [title for title in WALKS if title.startswith(("A worksheet function", "A national pack"))]
IN_THE_EXAMPLE = [title for title in WALKS if title not in ELSEWHERE]


@contextmanager
def followed():
    """Yield the calls of functions that any walk names, as they are made."""
    steps = {f"cdrp_xl.{step}" for walk in WALKS.values() for step in walk}
    calls = []

    def look(frame, event, _):
        if event == "call":
            name = f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}"
            if name in steps:
                calls.append(name.removeprefix("cdrp_xl."))

    before = sys.getprofile()
    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield calls
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


def met(walk, calls):
    """Return how many steps of a walk are called one after the other."""
    coming = iter(calls)
    return next((place for place, step in enumerate(walk) if step not in coming), len(walk))


class Here:
    """Makes packs in this process, where they can be followed."""

    def __init__(self, *_, **__):
        """Need nothing."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Leave nothing."""

    def submit(self, make, task):
        """Return what was made."""
        done = Future()
        done.set_result(make(task))
        return done


class Unseen:
    """Takes no notice of a run."""

    def doing(self, what):
        """Take no notice."""

    def made(self, done, of, area):
        """Take no notice."""


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """Return the calls of the worked example, written, refreshed and published."""
    with followed() as made:
        demo.demo(tmp_path_factory.mktemp("walks") / "demo", today=dt.date(2011, 7, 29), progress=str)
    return made


def test_every_room_of_the_package_is_in_the_table_of_rooms():
    rooms = PAGE.read_text(encoding="utf-8").partition("\n## The rooms\n")[2].partition("\n## ")[0]
    named = {
        name
        for line in rooms.splitlines()
        for name in re.findall(r"`(\w+)`", line.split("|")[1] if "|" in line else "")
    }
    package = PAGE.parents[1] / "cdrp_xl"
    there = {path.stem for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    data = {"classifications", "wording"}
    assert named == (there - {"__init__", "__main__"}) | data


@pytest.mark.parametrize("title", IN_THE_EXAMPLE)
def test_the_worked_example_takes_the_walk(title, calls):
    walk = WALKS[title]
    assert met(walk, calls) == len(walk), f"{walk[met(walk, calls)]} is not called after {walk[met(walk, calls) - 1]}"


def test_a_walk_that_nobody_takes_is_seen(calls):
    walk = WALKS[IN_THE_EXAMPLE[0]]
    assert met([*walk[1:], walk[0]], calls) < len(walk)


def test_a_worksheet_function_is_answered_on_its_walk(example):
    (walk,) = (WALKS[title] for title in ELSEWHERE if title.startswith("A worksheet function"))
    with followed() as made:
        asked = ("Burglary Dwelling", "", "2011-12 Q1", "", "")
        assert function_server.answer("CDRP_COUNT", [("", str(example / "book.xlsx"))], asked) == 61
    assert met(walk, made) == len(walk), made


def test_a_national_pack_is_made_on_its_walk(tmp_path, monkeypatch):
    (walk,) = (WALKS[title] for title in ELSEWHERE if title.startswith("A national pack"))
    (tmp_path / "template" / "data").mkdir(parents=True)
    (tmp_path / "template" / "partnership.toml").write_text(SETTINGS, encoding="utf-8")
    rows = (f"Cambridge,Burglary,{year}-{month:02},{40 + month}\n" for year in (2024, 2025) for month in (1, 2, 3))
    (tmp_path / "template" / "data" / "counts.csv").write_text(f"District,Crime type,Month,Count\n{''.join(rows)}")
    (tmp_path / "national.toml").write_text(COUNTS, encoding="utf-8")
    monkeypatch.setattr(running, "ProcessPoolExecutor", Here)
    with followed() as made:
        ran = running.run(tmp_path / "national.toml", today=dt.date(2025, 5, 1), progress=Unseen(), workers=1)
    assert [each.is_made for each in ran.outcomes] == [True]
    assert met(walk, made) == len(walk), made
