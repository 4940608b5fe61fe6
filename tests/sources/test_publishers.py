"""The list of publishers: a new one is a module and a line, and what is there knows of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import cdrp_xl
from cdrp_xl import settings
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.sources import publishers
from cdrp_xl.sources.publisher import FiguresSource, MembersSource, Publisher, TableSource

pytestmark = pytest.mark.whole

MODULE = '''
"""What parish wardens note down: a line to each count, of area, month, offence code and offences."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cdrp_xl import offences, tables
from cdrp_xl.periods import Period
from cdrp_xl.sources.publisher import Asked, MembersSource, TableSource
from cdrp_xl.toml_tables import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class WardensSettings(TableSource, MembersSource, frozen=True, kw_only=True):
    """``[sources.wardens]``: the wardens' log."""

    log: Text

    progress: ClassVar[str] = "Reading the wardens' log"
    how_counted: ClassVar[str] = "Offences are as the wardens noted them down."

    def files_read(self, folder: Path) -> list[Path]:
        """Return the log."""
        return [folder / self.log]

    def count(self, asked: Asked) -> tables.Counts:
        """Return what was noted of the area."""
        return self.count_members((asked.area,), folder=asked.folder)

    def count_members(self, members: Sequence[str], *, folder: Path) -> tables.Counts:
        """Return what was noted of each member."""
        lines = [line.split(",") for line in (folder / self.log).read_text("utf-8").splitlines()]
        classification = offences.load("cadet-2011")
        ledger = (tables.FileLedger.of(self.log, counted=len(lines)),)
        return tables.Counts(
            classification=classification,
            areas=tuple(members),
            covered=dict.fromkeys(members, frozenset(Period.parse(month) for _, month, _, _ in lines)),
            cells={
                (area, row.row_id, Period.parse(month)): int(noted)
                for area, month, code, noted in lines
                for row in classification.rows
                if code in row.codes and area in members
            },
            origin=tables.Origin(source="Wardens' log", as_at=self.as_at, files=(self.log,), ledger=ledger),
        )
'''

SETTINGS = """
[partnership]
name = "Vale Partnership"
area = "Vale"
producer = "Vale Council"
[report]
quarter = "2011-12 Q1"
table_source = "wardens"
[sources.wardens]
log = "data/log.txt"
as_at = 2011-07-05
next_release = 2011-10-05
[sources.population]
file = "data/people.csv"
[group]
members = ["Vale", "Hill", "Dale"]
source = "wardens"
[[priorities]]
id = "arson"
title = "Arson"
objective = "Fewer fires"
deadline = "2011-12"
[priorities.measure]
rows = ["arson"]
[priorities.baseline]
year = "2010-11"
"""

MONTHS = ("Apr-10", "May-10", "Jun-10", "Apr-11", "May-11", "Jun-11")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """Return a folder with a copy of the package, to which a publisher is added: its module, and its line."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(Path(cdrp_xl.__file__).parent, folder / "cdrp_xl", ignore=shutil.ignore_patterns("__pycache__"))
    sources = folder / "cdrp_xl" / "sources"
    (sources / "wardens.py").write_text(MODULE, encoding="utf-8")
    before = (sources / "publishers.py").read_text(encoding="utf-8")
    line = "    home_office: HomeOfficeSettings | None = None\n"
    added = before.replace(line, f"{line}    wardens: WardensSettings | None = None\n")
    added = added.replace("\nKind =", "\nfrom cdrp_xl.sources.wardens import WardensSettings\n\nKind =", 1)
    assert added.count("Wardens") == before.count("Wardens") + 2
    (sources / "publishers.py").write_text(added, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def refreshed(package, tmp_path_factory):
    """Return a partnership's folder that was refreshed and published from the wardens' log alone."""
    folder = tmp_path_factory.mktemp("vale")
    (folder / "data").mkdir()
    (folder / "partnership.toml").write_text(SETTINGS, encoding="utf-8")
    log = [
        f"{area},{month},56,{number + at}"
        for number, area in enumerate(("Vale", "Hill", "Dale"), 2)
        for at, month in enumerate(MONTHS)
    ]
    (folder / "data" / "log.txt").write_text("\n".join(log), encoding="utf-8")
    people = "Area,Population\nVale,9000\nHill,8000\nDale,7000\n"
    (folder / "data" / "people.csv").write_text(people, encoding="utf-8")
    for verb in ("refresh", "publish"):
        command(package, verb, str(folder))
    return folder


def command(package, *words):
    """Return what the copy's command line prints, for programs where it can."""
    run = subprocess.run(
        [sys.executable, "-m", "cdrp_xl", *words],
        cwd=package,
        env={**os.environ, "PYTHONPATH": str(package), "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def texts_of(workbook, sheet):
    """Return every text of a worksheet."""
    rows = openpyxl.load_workbook(workbook)[sheet].iter_rows(values_only=True)
    return [cell for row in rows for cell in row if cell is not None]


def test_an_added_publisher_makes_the_table(package, refreshed):
    found = json.loads(command(package, "query", str(refreshed), "cadet", "--json"))
    arson = next(row for row in found["rows"] if row["row_id"] == "arson")
    assert (arson["earlier"], arson["later"]) == (2 + 3 + 4, 5 + 6 + 7)


def test_an_added_publisher_answers_worksheet_functions(package, refreshed):
    assert command(package, "query", str(refreshed), "count", "Arson").strip() == "18"
    assert command(package, "query", str(refreshed), "position", "Arson").strip() == "1st of 3"
    assert command(package, "query", str(refreshed), "asat", "wardens").strip() == "05/07/2011"


@pytest.mark.parametrize("copy", ["master.xlsm", "published/Vale-2011-12-Q1.xlsx"])
def test_an_added_publisher_is_among_the_dates_of_sources(refreshed, copy):
    shown = texts_of(refreshed / copy, "How up to date the figures are")
    assert shown.count("Wardens' log") == 1
    assert "Highlights and priorities" in shown
    assert "5 days after April to June 2011 ended" in shown


def test_an_added_publisher_says_how_it_counts(refreshed):
    notes = texts_of(refreshed / "published" / "Vale-2011-12-Q1.xlsx", "Notes")
    assert "Offences are as the wardens noted them down." in notes


def test_an_added_publisher_is_certified(refreshed):
    certificate = refreshed / "published" / "Vale-2011-12-Q1.certificate.json"
    read = [each["name"] for each in json.loads(certificate.read_text(encoding="utf-8"))["read"]]
    assert read == ["log.txt", "people.csv", "partnership.toml"]


def test_a_file_of_an_added_publisher_that_moved_is_known(package, refreshed, tmp_path):
    folder = tmp_path / "vale"
    shutil.copytree(refreshed, folder)
    with (folder / "data" / "log.txt").open("a", encoding="utf-8") as log:
        log.write("\nVale,Jun-11,57,1")
    with pytest.raises(AssertionError, match=r"data/log\.txt changed since the last refresh"):
        command(package, "publish", str(folder))


def test_every_publisher_reads_in_one_way_at_least():
    every = publishers.kinds(Publisher)
    for kind in (TableSource, MembersSource, FiguresSource):
        assert publishers.kinds(kind).items() <= every.items()
    assert list(publishers.kinds(TableSource)) == ["recorded_crime", "police_uk", "cadet", "published"]
    assert list(publishers.kinds(MembersSource)) == ["police_uk", "published", "home_office"]
    assert list(publishers.kinds(FiguresSource)) == ["iquanta", "area_counts"]
    assert [name for name, kind in every.items() if "files_read" not in vars(kind).keys() | vars(kind.__base__)] == []


def test_the_table_is_made_of_the_source_that_is_named_else_of_the_first():
    text = '[partnership]\nname = "A"\narea = "A"\n[sources.police_uk]\npath = "p"\n'
    assert settings.parse(text).table_source(["police_uk", "cadet"]) == "police_uk"
    named = settings.parse(f'{text}[report]\ntable_source = "cadet"\n')
    assert named.table_source(["police_uk", "cadet"]) == "cadet"
    with pytest.raises(ValueFoundError, match=r"(?s)from \"cadet\".*report\.table_source.*Name one of police_uk"):
        named.table_source(["police_uk"])


def test_settings_are_read_without_what_reads_rows():
    heavy = ("duckdb", "fastexcel", "lxml", "openpyxl", "scipy")
    code = f"import sys, cdrp_xl.settings; print([each for each in {heavy} if each in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
