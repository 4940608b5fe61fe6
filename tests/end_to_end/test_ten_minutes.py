"""The walk in docs/ten-minutes.md: every command is run as it is typed there, with its answers, on made-up files."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import random
import re
import shlex
import sys
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from cdrp_xl import commands, returns
from cdrp_xl.periods import Period
from cdrp_xl.sheets import forms
from cdrp_xl.workbooks import returning

WALK = Path(__file__).parent.parent.parent / "docs" / "ten-minutes.md"
QUARTER = Period.parse("2025-26 Q1")
GROUP = ("Fenland", "Breckland", "Boston", "South Holland", "King's Lynn and West Norfolk")
KINDS = [("028/03", "DWELLING", "HOUSE"), ("105/01", "PUBLIC PLACE", "STREET"), ("046/00", "RETAIL", "SHOP")]
KINDS += [("005/01", "PUBLIC PLACE", "STREET"), ("049/10", "Agricultural", "Farm"), ("037/02", "Agricultural", "Barn")]


class Step(NamedTuple):
    """A command of the walk, what is typed when it asks, and the lines that it prints; or settings to add."""

    command: str
    answers: tuple[str, ...]
    printed: tuple[str, ...]
    settings: str = ""


def steps():
    found = []
    fenced = re.compile(r"^```(console|toml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
    for kind, block in fenced.findall(WALK.read_text(encoding="utf-8")):
        if kind == "toml":
            found.append(Step("", (), (), block))
            continue
        for part in block.split("$ ")[1:]:
            command, *lines = part.splitlines()
            asked = [re.fullmatch(r"(.+\)): (.+)", line) for line in lines]
            answers = tuple(each[2] for each in asked if each)
            printed = tuple(each[1] if each else line for each, line in zip(asked, lines, strict=True))
            found.append(Step(command, answers, printed))
    return found


def made_up_files(folder):
    """Write the three files that the walk begins with."""
    draw = random.Random(11)  # noqa: S311 - made-up rows
    headings = ["Occurrence No", "Date Reported", "HO Code", "District", "Ward", "Location Type", "Location Sub Type"]
    days = [dt.date(2022, 4, 1) + dt.timedelta(days=number) for number in range(1187)]
    rows = [
        [day, code, draw.choice(["Fenland", "Fenland", "Breckland"]), *place]
        for day in days
        for code, *place in draw.choices(KINDS, [5, 9, 9, 2, 2, 1], k=4)
    ]
    for number, (code, area) in enumerate([("Concern for safety", "Fenland")] * 5 + [("046/00", "Fenland DC")] * 3):
        rows[40 * number][1:3] = code, area
    for number in (3, 5):
        rows[number][1:3] = "Burgalry at a house", "Fenland"
    with (folder / "extract.csv").open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for number, (day, code, area, kind, subtype) in enumerate(rows):
            writer.writerow(
                [f"36/{number:06}/22", f"{day:%d/%m/%Y} 09:30", code, area, f"Ward {number % 5}", kind, subtype]
            )
    with (folder / "group.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["District", "Quarter", "Offence", "Offences"])
        for area, offence in itertools.product(GROUP, ("Residential burglary", "Serious violence")):
            writer.writerow([area, "2025-26 Q1", offence, draw.randint(60, 110)])
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["Area", "People", "Households"], *([area, 100_000 + n, 42_000 + n] for n, area in enumerate(GROUP))]
        )


def fill_the_form(folder):
    form = returns.load("anti-social-behaviour-case-reviews", folder)
    answers = {("D-1", "lead"): "Community safety manager", ("D-1", "returned_on"): dt.date(2025, 7, 10)}
    answers |= {(f"Q1-{row}", "number"): number for row, number in enumerate((6, 1, 5, 4), 1)}
    answers |= {("Q2", "answer"): "Most applications were about noise at night."}
    filled = forms.Filled(answers=answers)
    place = folder / "returns" / "2025-26-Q1" / "from the council.xlsx"
    place.write_bytes(returning.form_file(form, QUARTER, "Council community safety team", (), filled))


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Return a function that runs a command as it is typed, in the folder of the walk, and gives what it printed."""
    made_up_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def typed(step):
        program, *arguments = shlex.split(step.command)
        assert program == "cdrp-xl"
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{answer}\n" for answer in step.answers)))
        commands.app(arguments, standalone_mode=False)
        assert sys.stdin.read() == "", "every answer was asked for"
        return " ".join(capsys.readouterr().out.split())

    return typed


def test_the_walk_ends_with_a_published_quarter(run, tmp_path):
    folder = tmp_path / "fenland"
    walked = steps()
    assert [step.command.split()[1] for step in walked if step.command] == [
        *("new", "connect", "returns", "returns", "refresh", "publish")
    ]
    for step in walked:
        if step.settings:
            with (folder / "partnership.toml").open("a", encoding="utf-8") as file:
                file.write(f"\n{step.settings}")
            continue
        said = run(step)
        for line in step.printed:
            assert " ".join(line.split()) in said, step.command
        if "send" in step.command:
            fill_the_form(folder)
    book = openpyxl.load_workbook(folder / "published" / "Fenland-2025-26-Q1.xlsx")
    text = " ".join(str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None)
    for said in ("Residential burglary", "Serious violence", "farm", "of 5", "Reviews carried out"):
        assert said in text
