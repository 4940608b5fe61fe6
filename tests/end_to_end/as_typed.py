"""Pages whose commands are run as they are typed there, and the made-up files that they begin with."""

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

from cdrp_xl import commands, returns
from cdrp_xl.errors import CdrpError
from cdrp_xl.periods import Period
from cdrp_xl.sheets import forms
from cdrp_xl.workbooks import returning

DOCS = Path(__file__).parent.parent.parent / "docs"
QUARTER = Period.parse("2025-26 Q1")
GROUP = ("Fenland", "Breckland", "Boston", "South Holland", "King's Lynn and West Norfolk")
KINDS = [("028/03", "DWELLING", "HOUSE"), ("105/01", "PUBLIC PLACE", "STREET"), ("046/00", "RETAIL", "SHOP")]
KINDS += [("005/01", "PUBLIC PLACE", "STREET"), ("049/10", "Agricultural", "Farm"), ("037/02", "Agricultural", "Barn")]
HEADINGS = ["Occurrence No", "Date Reported", "HO Code", "District", "Ward", "Location Type", "Location Sub Type"]


class Step(NamedTuple):
    """A command of a page, what is typed when it asks, the lines that it prints, and the code that it ends with.

    Or text for a file: added to it, or put in place of a line. The file is the settings where the text names no other.
    """

    command: str = ""
    answers: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()
    code: int = 0
    text: str = ""
    file: str = "fenland/partnership.toml"
    in_place_of: str = ""


def steps(page):
    """Return the steps of a page, from its blocks: console (ends with 0, or as it says), and toml."""
    found = []
    fenced = re.compile(r"^( *)```(console|toml)(?: ends with (\d))?\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
    for margin, kind, code, indented in fenced.findall(page.read_text(encoding="utf-8")):
        block = re.sub(f"^{margin}", "", indented, flags=re.MULTILINE)
        if kind == "toml":
            found.append(_written(block))
            continue
        for part in block.split("$ ")[1:]:
            command, *lines = part.splitlines()
            asked = [re.fullmatch(r"(.+\)): (.+)", line) for line in lines]
            answers = tuple(each[2] for each in asked if each)
            printed = tuple(each[1] if each else line for each, line in zip(asked, lines, strict=True))
            found.append(Step(command, answers, printed, int(code or 0)))
    return found


def _written(block):
    named = re.match(r"# (?:Save as|In) ([\w./-]+)(?:, in place of: (.+))?\n", block)
    return Step(text=block, file=named[1], in_place_of=named[2] or "") if named else Step(text=block)


class Desk:
    """A folder in which a page is followed."""

    def __init__(self, folder, monkeypatch, capsys):
        self.folder = folder
        self._patched = monkeypatch
        self._capsys = capsys
        monkeypatch.chdir(folder)
        monkeypatch.setenv("COLUMNS", "200")

    def take(self, step):
        """Take a step, and look at what it prints."""
        if not step.command:
            file = self.folder / step.file
            before = file.read_text(encoding="utf-8") if file.exists() else ""
            assert not step.in_place_of or f"\n{step.in_place_of}\n" in before
            after = before.replace(step.in_place_of, step.text) if step.in_place_of else f"{before}\n{step.text}"
            file.write_text(after, encoding="utf-8")
            return
        said, code = self._run(step)
        for line in step.printed:
            assert " ".join(line.split()) in said, (step.command, said)
        assert code == step.code, said

    def type(self, command):
        """Run a command that asks nothing and ends well."""
        self.take(Step(f"cdrp-xl {command}"))

    def _run(self, step):
        program, *arguments = shlex.split(step.command)
        assert program == "cdrp-xl"
        self._patched.setattr(sys, "stdin", io.StringIO("".join(f"{answer}\n" for answer in step.answers)))
        try:
            code = commands.app(arguments, standalone_mode=False) or 0
        except CdrpError as fault:
            code = 1
            sys.stdout.write(f"{fault}\n")
        assert sys.stdin.read() == "", "every answer was asked for"
        return " ".join(self._capsys.readouterr().out.split()), code


def write_extract(file, rows):
    """Write rows as the force's system does."""
    with file.open("w", encoding="cp1252", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADINGS)
        for number, (day, code, area, kind, subtype) in enumerate(rows):
            ward = f"Ward {number % 5}"
            writer.writerow([f"36/{number:06}/{day:%y}", f"{day:%d/%m/%Y} 09:30", code, area, ward, kind, subtype])


def drawn_rows(seed, first, days):
    """Return rows of some days, most of them in the partnership's area."""
    draw = random.Random(seed)  # noqa: S311 - made-up rows
    return [
        [first + dt.timedelta(days=number), code, draw.choice(["Fenland", "Fenland", "Breckland"]), *place]
        for number in range(days)
        for code, *place in draw.choices(KINDS, [5, 9, 9, 2, 2, 1], k=4)
    ]


def made_up_files(folder):
    """Write the three files that the walk of ten minutes begins with."""
    rows = drawn_rows(11, dt.date(2022, 4, 1), 1187)
    for number, (code, area) in enumerate([("Concern for safety", "Fenland")] * 5 + [("046/00", "Fenland DC")] * 3):
        rows[40 * number][1:3] = code, area
    for number in (3, 5):
        rows[number][1:3] = "Burgalry at a house", "Fenland"
    write_extract(folder / "extract.csv", rows)
    draw = random.Random(11)  # noqa: S311 - made-up counts
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
    """Fill in the form that the walk of ten minutes sends, as it comes back."""
    form = returns.load("anti-social-behaviour-case-reviews", folder)
    answers = {("D-1", "lead"): "Community safety manager", ("D-1", "returned_on"): dt.date(2025, 7, 10)}
    answers |= {(f"Q1-{row}", "number"): number for row, number in enumerate((6, 1, 5, 4), 1)}
    answers |= {("Q2", "answer"): "Most applications were about noise at night."}
    filled = forms.Filled(answers=answers)
    place = folder / "returns" / "2025-26-Q1" / "from the council.xlsx"
    place.write_bytes(returning.form_file(form, QUARTER, "Council community safety team", (), filled))


def take_the_walk(desk):
    """Take the walk of docs/ten-minutes.md, and return its commands' names."""
    walked = steps(DOCS / "ten-minutes.md")
    for step in walked:
        desk.take(step)
        if "send" in step.command:
            fill_the_form(desk.folder / "fenland")
    return [step.command.split()[1] for step in walked if step.command]
